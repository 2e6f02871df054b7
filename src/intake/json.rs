//! JSON records: a document with an array of them, or one on each line.
//!
//! Numbers keep the digits they are written with, or are marked where they cannot. Start at [`records`] and [`Lines`].

use std::io::{self, BufRead, BufReader, Read};

use serde_json::{Map, Value};

use super::draft::{Draft, Reason, RowError};
use super::objects::{DEEPEST, Objects, Values};
use super::receipt::ERROR_COLUMN;

/// Bytes of one line taken at most.
const LONGEST_LINE: usize = 1024 * 1024;
/// Elements of an array that get names of their own.
const LONGEST_ARRAY: usize = 16;
/// The name under which a receipt gives back a line that is no object.
const LINE: &str = "fenbo_line";

/// Every record of a document: of its array, or of the one array of objects its object holds, or the object itself.
///
/// An element that is no object is `None`.
pub fn records(text: &str) -> Result<Vec<Option<Values>>, Reason> {
    let document: Value = serde_json::from_str(text).map_err(|error| malformed(&error))?;
    let elements = match document {
        Value::Array(elements) => elements,
        Value::Object(object) => held(object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(Reason::NotAnObject);
        }
    };
    let is_service = |element: &Value| {
        element.get("service_code").is_some()
            && element.get("service_request_id").is_none()
            && element.get("requested_datetime").is_none()
    };
    if !elements.is_empty() && elements.iter().all(is_service) {
        return Err(Reason::ServiceList);
    }
    elements
        .into_iter()
        .map(|element| match element {
            Value::Object(object) => values(&object).map(Some),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => Ok(None),
        })
        .collect()
}

/// The only array of objects an object holds (`{"requests": [...]}`), or the object alone.
fn held(object: Map<String, Value>) -> Vec<Value> {
    let is_records =
        |value: &Value| matches!(value, Value::Array(list) if list.iter().any(Value::is_object));
    let mut lists = object.iter().filter(|(_, value)| is_records(value));
    let only = match (lists.next(), lists.next()) {
        (Some((name, _)), None) if !object.contains_key("service_request_id") => Some(name.clone()),
        _ => None,
    };
    match only.and_then(|name| object.get(&name).cloned()) {
        Some(Value::Array(list)) => list,
        _ => vec![Value::Object(object)],
    }
}

fn malformed(error: &serde_json::Error) -> Reason {
    let said = error.to_string();
    let detail = if said.starts_with("invalid number") {
        format!(
            "{said}: a number has no leading zero in JSON; identifiers such as 001 stand in quotation marks"
        )
    } else {
        said
    };
    Reason::Malformed { detail }
}

/// The values of an object, nested ones under dotted names.
fn values(object: &Map<String, Value>) -> Result<Values, Reason> {
    let mut values = Values::default();
    for (name, value) in object {
        flatten(name, value, 1, &mut values)?;
    }
    Ok(values)
}

fn flatten(name: &str, value: &Value, depth: usize, out: &mut Values) -> Result<(), Reason> {
    if depth > DEEPEST {
        return Err(Reason::TooDeep { limit: DEEPEST });
    }
    match value {
        Value::Null => {}
        Value::Bool(truth) => out.named.push((name.to_owned(), truth.to_string())),
        Value::String(text) => out.named.push((name.to_owned(), text.clone())),
        Value::Number(number) => {
            // A float beyond 2^53 may have been an identifier with more digits.
            if number
                .as_f64()
                .is_some_and(|float| number.is_f64() && float.abs() >= 9_007_199_254_740_992.0)
            {
                out.inexact.push(name.to_owned());
            }
            out.named.push((name.to_owned(), number.to_string()));
        }
        Value::Array(list) if list.len() <= LONGEST_ARRAY => {
            for (place, element) in list.iter().enumerate() {
                flatten(&format!("{name}.{place}"), element, depth + 1, out)?;
            }
        }
        Value::Array(_) => out.named.push((name.to_owned(), value.to_string())),
        Value::Object(object) => {
            for (inner, value) in object {
                flatten(&format!("{name}.{inner}"), value, depth + 1, out)?;
            }
        }
    }
    Ok(())
}

/// Records of JSON Lines, one at a time.
pub struct Lines<R> {
    source: BufReader<R>,
    line: u64,
    row: u64,
}

/// One line: where it stands, as it was read, and what record it is, or what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The record's place, counted from 1.
    pub row: u64,
    /// The line's number, counted from 1.
    pub number: u64,
    /// The text; of one that is too long none.
    pub text: String,
    /// What it is.
    pub record: Result<Values, Reason>,
}

impl<R: Read> Lines<R> {
    /// Reads UTF-8 text.
    pub fn new(source: R) -> Self {
        Self {
            source: BufReader::with_capacity(64 * 1024, source),
            line: 0,
            row: 0,
        }
    }

    /// The next record that is not blank, with its row and line.
    pub fn read(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let limit = LONGEST_LINE as u64 + 1;
            if (&mut self.source)
                .take(limit)
                .read_until(b'\n', &mut bytes)?
                == 0
            {
                return Ok(None);
            }
            self.line += 1;
            if !bytes.ends_with(b"\n") && bytes.len() > LONGEST_LINE {
                self.row += 1;
                self.skip_line()?;
                let reason = Reason::FieldTooLong {
                    limit: LONGEST_LINE,
                };
                return Ok(Some(self.told(String::new(), Err(reason))));
            }
            let text = String::from_utf8_lossy(&bytes);
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            self.row += 1;
            let record = match serde_json::from_str(text) {
                Ok(Value::Object(object)) => values(&object),
                Ok(_) => Err(Reason::NotAnObject),
                Err(error) => Err(malformed(&error)),
            };
            return Ok(Some(self.told(text.to_owned(), record)));
        }
    }

    fn told(&self, text: String, record: Result<Values, Reason>) -> Line {
        Line {
            row: self.row,
            number: self.line,
            text,
            record,
        }
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.source.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let length = end.map_or(buffer.len(), |end| end + 1);
            self.source.consume(length);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

/// A line of a receipt: the object as it was with the reason in front, or, of what is no object, the reason and the text.
pub(super) fn returned(text: &str, why: &str) -> String {
    let why = Value::from(why).to_string();
    let head = format!("{{\"{ERROR_COLUMN}\":{why}");
    let is_object = matches!(serde_json::from_str(text), Ok(Value::Object(_)));
    let Some(inner) = text.trim().strip_prefix('{').filter(|_| is_object) else {
        return format!("{head},\"{LINE}\":{}}}", Value::from(text));
    };
    let rest = without_reason(inner);
    let comma = if rest.trim() == "}" { "" } else { "," };
    format!("{head}{comma}{rest}")
}

/// What stands behind the reason of an earlier receipt.
fn without_reason(inner: &str) -> &str {
    let Some(value) = inner.strip_prefix(&format!("\"{ERROR_COLUMN}\":")) else {
        return inner;
    };
    let mut values = serde_json::Deserializer::from_str(value).into_iter::<String>();
    match values.next() {
        Some(Ok(_)) => {
            let rest = &value[values.byte_offset()..];
            rest.strip_prefix(',').unwrap_or(rest)
        }
        Some(Err(_)) | None => inner,
    }
}

/// Drafts of JSON Lines, in order.
pub struct Drafts<R> {
    lines: Lines<R>,
    objects: Objects,
    /// The first lines, read already to learn the columns.
    first: std::vec::IntoIter<Line>,
    ended: bool,
    keep_raw: bool,
}

impl<R: Read> Drafts<R> {
    /// Continues behind `first`, the lines up to the record that the columns were learnt from.
    pub fn new(lines: Lines<R>, objects: Objects, first: Vec<Line>) -> Self {
        Self {
            lines,
            objects,
            first: first.into_iter(),
            ended: false,
            keep_raw: false,
        }
    }

    /// Whether each draft keeps its line.
    pub fn keeping(self, keep_raw: bool) -> Self {
        Self { keep_raw, ..self }
    }
}

impl<R: Read> Iterator for Drafts<R> {
    type Item = Result<Draft, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = match self.first.next() {
            Some(first) => Ok(Some(first)),
            None => self.lines.read(),
        };
        let Line {
            row,
            number,
            text,
            record,
        } = match next {
            Ok(Some(next)) => next,
            Ok(None) => {
                self.ended = true;
                return None;
            }
            Err(error) => {
                self.ended = true;
                let detail = error.to_string();
                self.lines
                    .told(String::new(), Err(Reason::Unreadable { detail }))
            }
        };
        let draft = match record {
            Ok(values) => self.objects.draft(&values, row, number),
            Err(reason) => Err(self.objects.error(&Values::default(), row, number, reason)),
        };
        // A receipt gives back the line, not its values.
        Some(match draft {
            Ok(draft) if self.keep_raw => Ok(Draft {
                raw: vec![text],
                ..draft
            }),
            Ok(draft) => Ok(draft),
            Err(error) => Err(RowError {
                raw: vec![text],
                ..error
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn nested_values_get_dotted_names() {
        let text = r#"{"requests":[{"id":"007","lat":39.5,"who":{"name":"张三"},"category":["a","b"],"none":null,"ok":true}]}"#;
        let records = records(text).expect("records");
        assert_eq!(
            records[0].as_ref().map(|values| values.named.clone()),
            Some(named(&[
                ("id", "007"),
                ("lat", "39.5"),
                ("who.name", "张三"),
                ("category.0", "a"),
                ("category.1", "b"),
                ("ok", "true")
            ]))
        );
    }

    #[test]
    fn long_numbers_are_marked() {
        let values =
            records(r#"[{"a":440307199001011234,"b":4403071990010112345678,"c":1.10105E+17}]"#)
                .expect("records");
        let values = values[0].as_ref().expect("an object");
        assert_eq!(values.named[0].1, "440307199001011234");
        assert_eq!(values.inexact, ["b", "c"]);
    }

    #[test]
    fn a_leading_zero_is_explained() {
        let error = records(r#"[{"service_request_id":001}]"#)
            .expect_err("invalid")
            .to_string();
        assert!(
            error.contains("leading zero") && error.contains("line 1"),
            "{error}"
        );
    }

    #[test]
    fn services_are_no_requests() {
        assert_eq!(
            records(r#"[{"service_code":"1"}]"#),
            Err(Reason::ServiceList)
        );
        assert!(records(r#"[{"service_code":"1","service_request_id":"2"}]"#).is_ok());
    }

    #[test]
    fn depth_is_limited() {
        let deep = format!("[{{\"a\":{}1{}}}]", "[".repeat(70), "]".repeat(70));
        assert_eq!(records(&deep), Err(Reason::TooDeep { limit: DEEPEST }));
        let deeper = "[".repeat(100_000);
        assert_eq!(records(&deeper).expect_err("deep").code(), "malformed");
    }

    #[test]
    fn each_bad_line_costs_itself() {
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(LONGEST_LINE));
        let text = format!("{{\"a\":1}}\n\n[1]\n{{\"a\":\n{long}\n{{\"a\":2}}");
        let mut lines = Lines::new(text.as_bytes());
        let mut told = Vec::new();
        while let Some(line) = lines.read().expect("memory") {
            told.push((
                line.row,
                line.number,
                line.record.map_err(|reason| reason.code()).map(|v| v.named),
            ));
        }
        assert_eq!(
            told,
            [
                (1, 1, Ok(named(&[("a", "1")]))),
                (2, 3, Err("not-an-object")),
                (3, 4, Err("malformed")),
                (4, 5, Err("field-too-long")),
                (5, 6, Ok(named(&[("a", "2")]))),
            ]
        );
    }

    #[test]
    fn a_line_comes_back_with_its_reason_once() {
        let once = returned(r#"{"a":001.0,"b":"x"}"#, "why");
        assert_eq!(
            once,
            r#"{"fenbo_error":"why","fenbo_line":"{\"a\":001.0,\"b\":\"x\"}"}"#
        );
        let object = returned(r#"{"a":1.50}"#, "w\"y");
        assert_eq!(object, r#"{"fenbo_error":"w\"y","a":1.50}"#);
        assert_eq!(returned(&object, "z"), r#"{"fenbo_error":"z","a":1.50}"#);
        assert_eq!(returned("{}", "z"), r#"{"fenbo_error":"z"}"#);
        assert_eq!(
            returned(&returned("{}", "y"), "z"),
            r#"{"fenbo_error":"z"}"#
        );
    }

    proptest! {
        #[test]
        fn never_panics(text in "([\\[\\]{}:,\"0-9ae.+-]|service_code|路|null){0,40}") {
            let _ = (records(&text), returned(&text, "x"));
            let mut lines = Lines::new(text.as_bytes());
            while let Ok(Some(_)) = lines.read() {}
        }
    }
}
