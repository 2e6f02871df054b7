//! Open311 GeoReport v2 in XML: the values of each `request` by name. A document type is refused, so no entity can grow.
//!
//! Start at [`records`].

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use super::draft::Reason;
use super::objects::{DEEPEST, Values};

/// The values of every `request` of the document.
pub fn records(text: &str) -> Result<Vec<Values>, Reason> {
    let mut reader = Reader::from_str(text);
    let mut walk = Walk::default();
    loop {
        let event = reader.read_event().map_err(|error| Reason::Malformed {
            detail: format!("{error}, at byte {}", reader.error_position()),
        })?;
        match event {
            Event::Start(start) => walk.open(local(start.name().as_ref()))?,
            Event::Empty(start) => {
                walk.open(local(start.name().as_ref()))?;
                walk.close();
            }
            Event::End(_) => walk.close(),
            Event::Text(text) => walk.text.push_str(&text),
            Event::CData(text) => walk.text.push_str(&text),
            Event::GeneralRef(reference) => walk.text.push(character(&reference)?),
            Event::DocType(_) => return Err(Reason::DocumentType),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    walk.finish()
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The character of a reference; only the five of XML itself and numbers are known.
fn character(reference: &BytesRef<'_>) -> Result<char, Reason> {
    let known = match reference.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().ok().flatten(),
    };
    known.ok_or_else(|| Reason::Malformed {
        detail: "a reference to an entity that is not defined".to_owned(),
    })
}

/// Where in the document the reader is.
#[derive(Default)]
struct Walk {
    root: Option<String>,
    path: Vec<String>,
    /// How deep the current request stands; values are named from there.
    request: Option<usize>,
    text: String,
    current: Values,
    records: Vec<Values>,
}

impl Walk {
    fn open(&mut self, name: &str) -> Result<(), Reason> {
        if self.path.len() == DEEPEST {
            return Err(Reason::TooDeep { limit: DEEPEST });
        }
        if self.root.is_none() {
            self.root = Some(name.to_owned());
        }
        self.path.push(name.to_owned());
        if name == "request" && self.request.is_none() {
            self.request = Some(self.path.len());
        }
        self.text.clear();
        Ok(())
    }

    fn close(&mut self) {
        if let Some(depth) = self.request {
            if self.path.len() == depth {
                self.records.push(std::mem::take(&mut self.current));
                self.request = None;
            } else if !self.text.trim().is_empty() {
                let name = self.path[depth..].join(".");
                self.current.named.push((name, self.text.trim().to_owned()));
            }
        }
        self.text.clear();
        self.path.pop();
    }

    fn finish(self) -> Result<Vec<Values>, Reason> {
        if !self.path.is_empty() {
            return Err(Reason::Malformed {
                detail: format!("<{}> is never closed", self.path.join("><")),
            });
        }
        match self.root.as_deref() {
            Some("services") => Err(Reason::ServiceList),
            Some("service_requests" | "requests" | "request") => Ok(self.records),
            Some(other) => Err(Reason::Malformed {
                detail: format!("<{other}> is not a list of service requests"),
            }),
            None => Err(Reason::Empty),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn requests_give_their_values() {
        let text = "<?xml version=\"1.0\"?><service_requests><request><service_request_id>007</service_request_id>\
            <description>A &amp; B &#36335;<![CDATA[<灯>]]></description><address/><extra><k>v</k></extra></request><request/></service_requests>";
        let records = records(text).expect("records");
        assert_eq!(records.len(), 2);
        let values: Vec<(&str, &str)> = records[0]
            .named
            .iter()
            .map(|(n, t)| (n.as_str(), t.as_str()))
            .collect();
        assert_eq!(
            values,
            [
                ("service_request_id", "007"),
                ("description", "A & B 路<灯>"),
                ("extra.k", "v")
            ]
        );
    }

    #[test]
    fn what_is_no_list_of_requests_is_refused() {
        let code = |text: &str| records(text).map(|_| ()).map_err(|reason| reason.code());
        assert_eq!(
            code("<!DOCTYPE x [<!ENTITY a \"b\">]><service_requests/>"),
            Err("document-type")
        );
        assert_eq!(code("<services><service/></services>"), Err("service-list"));
        assert_eq!(code("<rss/>"), Err("malformed"));
        assert_eq!(code("<service_requests><request>"), Err("malformed"));
        assert_eq!(
            code("<service_requests><request><a>&b;</a></request></service_requests>"),
            Err("malformed")
        );
        assert_eq!(code(""), Err("empty"));
        let deep = format!("<service_requests>{}", "<a>".repeat(1_000));
        assert_eq!(code(&deep), Err("too-deep"));
    }

    proptest! {
        #[test]
        fn never_panics(text in "(<|>|/|&|;|#|!|\\[|CDATA|service_requests|request|a|路|\"|=| ){0,60}") {
            let _ = records(&text);
        }
    }
}
