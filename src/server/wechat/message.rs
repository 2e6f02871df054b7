//! Messages of the account as XML: one flat element, nothing that grows when it is read.

use super::super::answer;
use crate::domain::instant::Instant;
use quick_xml::Reader;
use quick_xml::events::Event;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The most elements of a message.
const ELEMENTS: usize = 64;
/// The longest identifier of a person, an account, a message.
const NAME: usize = 128;

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Words.
    Text(String),
    /// A picture.
    Image {
        /// Where it lies.
        url: String,
        /// Its name at WeChat.
        media: String,
    },
    /// A place.
    Location {
        /// Degrees north, as sent.
        lat: String,
        /// Degrees east, as sent.
        long: String,
        /// Its name.
        label: String,
    },
    /// Somebody follows the account.
    Subscribed,
    /// Another event, which wants no answer.
    Silent,
    /// A kind that is not taken.
    Other,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// Who sent it.
    pub(super) from: String,
    /// The account it was sent to.
    pub(super) to: String,
    /// The same at every try.
    pub(super) id: String,
    /// What it says.
    pub(super) what: What,
}

impl Message {
    /// The message in an XML text; nothing when it is none.
    pub(super) fn read(xml: &str) -> Option<Self> {
        let mut fields = fields(xml)?;
        let mut take = |name: &str| fields.remove(name).unwrap_or_default();
        let (from, to) = (take("FromUserName"), take("ToUserName"));
        let (created, kind, id) = (take("CreateTime"), take("MsgType"), take("MsgId"));
        if from.is_empty() || [&from, &to, &created, &id].iter().any(|n| n.len() > NAME) {
            return None;
        }
        let what = match kind.as_str() {
            "text" => What::Text(take("Content")),
            "image" => What::Image {
                url: take("PicUrl"),
                media: take("MediaId"),
            },
            "location" => What::Location {
                lat: take("Location_X"),
                long: take("Location_Y"),
                label: take("Label"),
            },
            "event" if take("Event") == "subscribe" => What::Subscribed,
            "event" => What::Silent,
            _ => What::Other,
        };
        // WeChat's numbers are told apart by sender; a hash of the sender names nobody.
        let own = if id.is_empty() { created } else { id };
        let id = format!("{own}-{}", mark(&from));
        Some(Self { from, to, id, what })
    }
}

/// What tells a sender from others without naming them.
fn mark(from: &str) -> String {
    let digest = Sha256::digest(from.as_bytes());
    let bits = digest
        .iter()
        .take(6)
        .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    format!("{bits:012x}")
}

/// What is sealed in an XML text.
pub(super) fn sealed(xml: &str) -> Option<String> {
    fields(xml)?.remove("Encrypt")
}

/// The texts of the elements below the root. A document type, an entity of its own, or depth: nothing.
fn fields(xml: &str) -> Option<HashMap<String, String>> {
    let mut reader = Reader::from_str(xml);
    let mut fields = HashMap::new();
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if path.len() >= 3 || fields.len() >= ELEMENTS {
                    return None;
                }
                path.push(start.name().as_ref().to_owned());
                text.clear();
            }
            Event::End(_) => {
                let name = path.pop()?;
                if path.len() == 1 {
                    fields.entry(name).or_insert_with(|| text.trim().to_owned());
                }
                text.clear();
            }
            Event::Text(part) => text.push_str(&part),
            Event::CData(part) => text.push_str(&part),
            Event::GeneralRef(reference) => {
                let known = match reference.resolve_char_ref().ok()? {
                    Some(c) => c,
                    None => match &*reference {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => return None,
                    },
                };
                text.push(known);
            }
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) => {}
            Event::DocType(_) | Event::PI(_) => return None,
            Event::Eof => return path.is_empty().then_some(fields),
        }
    }
}

/// Text that stands for itself in XML.
pub(super) fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

/// The words as an answer to somebody.
pub(super) fn reply(to: &str, from: &str, words: &str, now: Instant) -> String {
    format!(
        "<xml><ToUserName>{}</ToUserName><FromUserName>{}</FromUserName><CreateTime>{}</CreateTime>\
         <MsgType>{}</MsgType><Content>{}</Content></xml>",
        cdata(to),
        cdata(from),
        now.0,
        cdata("text"),
        cdata(&answer::printable(words))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_that_become_requests_are_read() {
        let of = |inner: &str| {
            let xml = format!(
                "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>\
                 <CreateTime>1506675600</CreateTime>{inner}<MsgId>42</MsgId></xml>"
            );
            Message::read(&xml).map(|m| (m.id, m.what))
        };
        let text =
            of("<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[路灯<不>亮]]></Content>");
        assert_eq!(
            text,
            Some(("42-2352da7280f1".into(), What::Text("路灯<不>亮".into())))
        );
        let escaped = of("<MsgType>text</MsgType><Content>a &amp; b &#x8def;</Content>");
        assert_eq!(
            escaped,
            Some(("42-2352da7280f1".into(), What::Text("a & b 路".into())))
        );
        let image = of("<MsgType>image</MsgType><PicUrl>http://p</PicUrl><MediaId>m</MediaId>");
        let wanted = What::Image {
            url: "http://p".into(),
            media: "m".into(),
        };
        assert_eq!(image, Some(("42-2352da7280f1".into(), wanted)));
        let place = of(
            "<MsgType>location</MsgType><Location_X>22.6</Location_X><Location_Y>114.3</Location_Y><Scale>20</Scale><Label>坪山</Label>",
        );
        let wanted = What::Location {
            lat: "22.6".into(),
            long: "114.3".into(),
            label: "坪山".into(),
        };
        assert_eq!(place, Some(("42-2352da7280f1".into(), wanted)));
        assert_eq!(
            of("<MsgType>event</MsgType><Event>subscribe</Event>")
                .unwrap()
                .1,
            What::Subscribed
        );
        assert_eq!(of("<MsgType>voice</MsgType>").unwrap().1, What::Other);
    }

    #[test]
    fn bombs_and_broken_texts_are_no_messages() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><xml><FromUserName>&b;</FromUserName></xml>";
        let outside = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><xml><FromUserName>&a;</FromUserName></xml>";
        let deep = "<a>".repeat(10_000);
        let many: Vec<String> = (0..1_000).map(|n| format!("<a{n}>x</a{n}>")).collect();
        let wide = format!("<xml>{}</xml>", many.concat());
        let unknown = "<xml><FromUserName>&nothing;</FromUserName></xml>";
        for text in [
            bomb,
            outside,
            &deep,
            &wide,
            unknown,
            "",
            "<xml>",
            "<xml></yml>",
            "{}",
            "<xml><FromUserName>o</FromUserName>",
        ] {
            assert_eq!(
                Message::read(text),
                None,
                "{}",
                text.get(..60).unwrap_or(text)
            );
        }
    }

    #[test]
    fn an_answer_cannot_end_its_own_quotation() {
        let xml = reply("o1", "gh_1", "a]]><b>", Instant(1));
        assert_eq!(fields(&xml).unwrap()["Content"], "a]]><b>");
    }
}
