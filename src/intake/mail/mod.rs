//! One mail to one draft: any structure, any charset; HTML-only bodies as text; attachments with limits; what is no request is marked.
//!
//! Decides nothing: whether a bounce is answered or a reply joins its ticket is the service's matter. Start at [`read`].

mod attachment;
mod charset;
mod html;
mod mbox;
mod numbers;
mod sender;
mod undelivered;

use std::fmt::Write as _;

use mail_parser::{
    Address, HeaderName, HeaderValue, Message, MessageParser, MessagePart, PartType,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use attachment::Attachment;
pub use mbox::{Letter, Letters};
pub use undelivered::Undelivered;

use super::draft::{Draft, Named, Reason, Requester};

/// Bytes of one mail taken at most.
pub const LARGEST: usize = 35 * 1024 * 1024;
const MOST_HEADER_LINES: usize = 2_000;
const LONGEST_HEADERS: usize = 256 * 1024;
const MOST_PARTS: usize = 500;
/// Stations a mail may have passed: more is a loop. `[rfc 5321 §6.3]`
const MOST_STATIONS: usize = 100;
const DEEPEST: usize = 20;
/// Characters of text taken from one mail.
const LONGEST_TEXT: usize = 256 * 1024;

/// What only a mail has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailFacts {
    /// Whether a person wrote it.
    pub kind: MailKind,
    /// Its own Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// The Message-IDs it answers, nearest first (In-Reply-To, then References from the end).
    pub answers: Vec<String>,
    /// The ticket number in its subject, such as `20261101-0031` of `[20261101-0031]`.
    pub joins: Option<String>,
    /// The ending of a ticket number that its subject names by a word, such as `1101-0031` of `工单 1101-0031`.
    #[serde(default)]
    pub ending: Option<String>,
    /// The ticket numbers in its own words, quoted letters left out.
    #[serde(default)]
    pub named: Vec<String>,
    /// Of a report of non-delivery, the letter that did not arrive.
    #[serde(default)]
    pub undelivered: Option<Undelivered>,
    /// The addresses it went to.
    pub to: Vec<String>,
    /// What was attached.
    pub attachments: Vec<Attachment>,
    /// The file it stood in, for messages.
    #[serde(default)]
    pub file: String,
}

/// What sort of mail it is; only a letter may be answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// Written by a person, as far as its headers tell.
    #[default]
    Letter,
    /// Sent by a program, in answer to something as a rule.
    AutoReply,
    /// Passed on by a list, or sent to many: a person may well have written it.
    Bulk,
    /// A report that something could not be, or was, delivered.
    Bounce,
}

/// How far into a file a NUL tells that it is no mail.
const HEADER_LOOKED_AT: usize = 512;

/// Reads one mail.
pub fn read(bytes: &[u8]) -> Result<Draft, Reason> {
    check_limits(bytes)?;
    // A header is text; a database or a picture that lies in a folder of mails is no request.
    if bytes.iter().take(HEADER_LOOKED_AT).any(|b| *b == 0) {
        return Err(Reason::NotAMail);
    }
    let message = MessageParser::default().parse(bytes).ok_or(Reason::Empty)?;
    check_structure(&message)?;
    if message
        .parts
        .first()
        .is_none_or(|root| root.headers.is_empty())
    {
        return Err(Reason::NoHeader);
    }
    if message.received_all().count() > MOST_STATIONS {
        return Err(Reason::TooMany {
            what: "stations".to_owned(),
            limit: MOST_STATIONS,
        });
    }
    let title = charset::header(&message, &HeaderName::Subject).map(|subject| one_line(&subject));
    let content = text(&message);
    let attachments = attachment::all(&message);
    if title.is_none() && content.is_none() && attachments.is_empty() {
        return Err(Reason::Empty);
    }
    let message_id = message
        .message_id()
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .map(str::to_owned);
    let kind = sender::kind(&message, title.as_deref());
    let facts = MailFacts {
        kind,
        undelivered: (kind == MailKind::Bounce).then(|| undelivered::of(&message)),
        answers: answers(&message),
        joins: title
            .as_deref()
            .and_then(|t| numbers::whole(t).into_iter().next()),
        ending: title.as_deref().and_then(numbers::ending),
        named: content
            .as_deref()
            .map(|text| numbers::whole(&numbers::own_words(text)))
            .unwrap_or_default(),
        to: message.to().map(addresses).unwrap_or_default(),
        message_id: message_id.clone(),
        attachments,
        file: String::new(),
    };
    Ok(Draft {
        external_no: Some(message_id.unwrap_or_else(|| fingerprint(bytes))),
        source: Named {
            id: None,
            name: Some("email".to_owned()),
        },
        channel: Some("email".to_owned()),
        created_at: sent_at(&message),
        title: title.filter(|title| !title.is_empty()),
        content,
        requester: requester(&message),
        mail: Some(Box::new(facts)),
        ..Draft::default()
    })
}

/// Sizes that can be judged before anything is parsed.
fn check_limits(bytes: &[u8]) -> Result<(), Reason> {
    if bytes.trim_ascii().is_empty() {
        return Err(Reason::Empty);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(Reason::OutlookFile);
    }
    if bytes.len() > LARGEST {
        return Err(Reason::TooLarge {
            limit: LARGEST as u64,
            found: bytes.len() as u64,
        });
    }
    let mut length = 0;
    for (count, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() && count > 0 {
            break;
        }
        length += line.len();
        if count >= MOST_HEADER_LINES || length > LONGEST_HEADERS {
            return Err(Reason::TooMany {
                what: "header lines".to_owned(),
                limit: MOST_HEADER_LINES,
            });
        }
    }
    // Letters inside letters are parsed by recursion, which only their number bounds.
    let nested = bytes
        .windows(14)
        .filter(|w| w.eq_ignore_ascii_case(b"message/rfc822"))
        .count();
    if nested > MOST_PARTS {
        return Err(Reason::TooMany {
            what: "parts".to_owned(),
            limit: MOST_PARTS,
        });
    }
    Ok(())
}

fn check_structure(message: &Message<'_>) -> Result<(), Reason> {
    let mut parts = 0;
    count(message, 1, &mut parts)
}

fn count(message: &Message<'_>, depth: usize, parts: &mut usize) -> Result<(), Reason> {
    if depth + levels(message) > DEEPEST {
        return Err(Reason::TooDeep { limit: DEEPEST });
    }
    *parts += message.parts.len();
    if *parts > MOST_PARTS {
        return Err(Reason::TooMany {
            what: "parts".to_owned(),
            limit: MOST_PARTS,
        });
    }
    for part in &message.parts {
        if let PartType::Message(inner) = &part.body {
            count(inner, depth + 1, parts)?;
        }
    }
    Ok(())
}

/// How deep multiparts stand in one another; a part's children always come after it.
fn levels(message: &Message<'_>) -> usize {
    let mut depth = vec![0_usize; message.parts.len()];
    for (place, part) in message.parts.iter().enumerate() {
        for child in part.sub_parts().unwrap_or_default() {
            let inner = depth[place] + 1;
            if let Some(known) = depth.get_mut(*child as usize) {
                *known = inner;
            }
        }
    }
    depth.into_iter().max().unwrap_or(0)
}

/// The words of the mail: its plain text, else its HTML as text, else those of the letter it carries.
fn text(message: &Message<'_>) -> Option<String> {
    let of = |ids: &[u32]| -> String {
        let texts = ids
            .iter()
            .filter_map(|id| message.part(*id))
            .filter_map(|part| part_text(message, part))
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty());
        texts.collect::<Vec<_>>().join("\n\n")
    };
    let mut found = of(&message.text_body);
    if found.is_empty() {
        found = of(&message.html_body);
    }
    if found.is_empty() {
        found = message
            .parts
            .iter()
            .filter_map(MessagePart::message)
            .find_map(text)
            .unwrap_or_default();
    }
    if let Some((end, _)) = found.char_indices().nth(LONGEST_TEXT) {
        found.truncate(end);
    }
    (!found.is_empty()).then_some(found)
}

fn part_text(message: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    match &part.body {
        PartType::Text(text) => Some(tidy_lines(&charset::part(message, part, text))),
        PartType::Html(text) => Some(html::to_text(&charset::part(message, part, text))),
        PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Message(_)
        | PartType::Multipart(_) => None,
    }
}

fn tidy_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn requester(message: &Message<'_>) -> Requester {
    let writer = [message.reply_to(), message.from(), message.sender()]
        .into_iter()
        .flatten()
        .find_map(|address| address.first().filter(|a| a.address().is_some()))
        .or_else(|| message.from().and_then(Address::first));
    let Some(writer) = writer else {
        return Requester::default();
    };
    let name = message
        .from()
        .and_then(Address::first)
        .and_then(|from| from.name().or(writer.name()))
        .or(writer.name())
        .map(|name| charset::name(message, name));
    Requester {
        name: name
            .map(|name| one_line(&name))
            .filter(|name| !name.is_empty()),
        email: writer.address().map(one_line).filter(|a| !a.is_empty()),
        ..Requester::default()
    }
}

fn addresses(list: &Address<'_>) -> Vec<String> {
    list.iter()
        .filter_map(|address| address.address())
        .take(MOST_PARTS)
        .map(str::to_owned)
        .collect()
}

/// When it was sent, or else first received.
fn sent_at(message: &Message<'_>) -> Option<i64> {
    let received = || {
        message
            .received_all()
            .last()
            .and_then(mail_parser::Received::date)
    };
    [message.date().copied(), received()]
        .into_iter()
        .flatten()
        .filter(mail_parser::DateTime::is_valid)
        .map(|date| date.to_timestamp())
        // Mail is younger than 1971; what claims the future is for the store to judge.
        .find(|instant| (31_536_000..4_102_444_800).contains(instant))
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    let all: Vec<&str> = match value {
        HeaderValue::Text(id) => vec![id.as_ref()],
        HeaderValue::TextList(ids) => ids.iter().map(AsRef::as_ref).collect(),
        HeaderValue::Address(_)
        | HeaderValue::DateTime(_)
        | HeaderValue::ContentType(_)
        | HeaderValue::Received(_)
        | HeaderValue::Empty => Vec::new(),
    };
    all.into_iter()
        .map(|id| id.trim_matches(['<', '>', ' ']).to_owned())
        .filter(|id| !id.is_empty())
        .take(100)
        .collect()
}

fn answers(message: &Message<'_>) -> Vec<String> {
    let mut answers = ids(message.in_reply_to());
    for id in ids(message.references()).into_iter().rev() {
        if !answers.contains(&id) {
            answers.push(id);
        }
    }
    answers
}

/// Stands in for a Message-ID where there is none, so that the same mail is the same mail.
fn fingerprint(bytes: &[u8]) -> String {
    format!("sha256:{}", sha256(bytes))
}

fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests;
