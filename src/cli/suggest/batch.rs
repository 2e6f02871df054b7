//! `fenbo suggest --batch`: one answer for each line of a file, in its order.
//!
//! A line that is no case is answered with what is wrong with it, under its own id, and the rest goes on; blank lines are
//! skipped and counted. Must not stop but for the file, the store or the reader of the answers.

use super::super::exit::Stop;
use super::super::failing;
use super::super::output::{self, Out};
use super::super::session::Session;
use super::{answer, ask};
use crate::domain::instant::{Instant, Zone};
use crate::i18n::failures::Told;
use crate::i18n::{Lang, cli, suggestions};
use crate::insight::Case;
use crate::service::Centre;
use serde_json::{Deserializer, Map, Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A line as it should be.
const EXAMPLE: &str = r#"{"id":1,"street":"坑梓街道","content":"路灯不亮"}"#;

/// Answers every line.
pub(super) fn run(
    file: &Path,
    centre: &mut Centre,
    now: Instant,
    session: &Session,
    out: &mut Out,
) -> Result<(), Stop> {
    let lang = session.lang;
    let unreadable = |error: std::io::Error| failing::file(cli::NOT_READ, file, &error, lang);
    let mut source: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(file).map_err(unreadable)?))
    };
    let (mut at, mut bad, mut blank, mut ignored) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if source.read_until(b'\n', &mut bytes).map_err(unreadable)? == 0 {
            break;
        }
        at += 1;
        match read(&bytes, centre.zone(now)) {
            Read::Blank => blank += 1,
            Read::Asked(asked) => {
                let suggestions = ask(centre, &asked.case, now, session)?;
                let mut told = Map::new();
                told.insert("id".to_owned(), asked.id);
                told.append(&mut answer(&suggestions, centre.rules()));
                if !asked.ignored.is_empty() {
                    ignored += 1;
                    told.insert("ignored".to_owned(), json!(asked.ignored));
                }
                out.json(&told)?;
            }
            Read::Wrong { id, fault } => {
                bad += 1;
                let Told { what, why, next } = fault.told(at, lang);
                out.json(&json!({
                    "id": id, "suggestions": [], "line": at,
                    "error": {"what": what, "why": why, "next": next},
                }))?;
            }
        }
    }
    if blank > 0 {
        output::note(&suggestions::BLANK_LINES_SKIPPED.with(lang, &[("n", &blank.to_string())]));
    }
    if ignored > 0 {
        output::note(&suggestions::FIELDS_IGNORED.with(lang, &[("n", &ignored.to_string())]));
    }
    if bad == 0 {
        return Ok(());
    }
    Err(Stop::refused(Told::new(
        lang,
        (suggestions::LINES_NOT_ANSWERED, &[("n", &bad.to_string())]),
        (suggestions::LINES_NOT_JSON, &[]),
        (suggestions::CORRECT_LINES, &[]),
    )))
}

/// What a line is.
#[derive(Debug)]
enum Read {
    Blank,
    Asked(Box<Asked>),
    Wrong { id: Value, fault: Fault },
}

/// A question; what is absent is not known.
#[derive(Debug)]
struct Asked {
    id: Value,
    case: Case,
    /// Fields that were not understood: the question is answered without them.
    ignored: Vec<&'static str>,
}

/// What is wrong with a line.
#[derive(Debug, PartialEq, Eq)]
enum Fault {
    NotUtf8,
    /// From this character on, counted from 1.
    NotJson(usize),
    NotAnObject,
    NotText(&'static str),
    NotLevels,
}

impl Fault {
    fn told(&self, line: u64, lang: Lang) -> Told {
        let n = line.to_string();
        let what = (suggestions::LINE_NOT_ANSWERED, &[("n", n.as_str())][..]);
        let object = (suggestions::ONE_OBJECT_A_LINE, &[("example", EXAMPLE)][..]);
        let text = (suggestions::WRITE_FIELD_AS_TEXT, &[][..]);
        match self {
            Self::NotUtf8 => Told::new(
                lang,
                what,
                (suggestions::LINE_NOT_UTF8, &[]),
                (cli::SAVE_AS_UTF8, &[]),
            ),
            Self::NotJson(at) => {
                let at = at.to_string();
                Told::new(
                    lang,
                    what,
                    (suggestions::LINE_NOT_JSON, &[("at", &at)]),
                    object,
                )
            }
            Self::NotAnObject => {
                Told::new(lang, what, (suggestions::LINE_NOT_AN_OBJECT, &[]), object)
            }
            Self::NotText(field) => Told::new(
                lang,
                what,
                (suggestions::FIELD_NOT_TEXT, &[("field", field)]),
                text,
            ),
            Self::NotLevels => {
                let field = [("field", "category")];
                Told::new(lang, what, (suggestions::FIELD_NOT_LEVELS, &field), text)
            }
        }
    }
}

/// Reads a line: the ticket's field names, and an `id` that comes back whatever is wrong with the rest.
fn read(bytes: &[u8], zone: Zone) -> Read {
    let wrong = |id: Value, fault: Fault| Read::Wrong { id, fault };
    let Ok(text) = std::str::from_utf8(bytes) else {
        let id = lone_id(&String::from_utf8_lossy(bytes));
        return wrong(id, Fault::NotUtf8);
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Read::Blank;
    }
    let fields = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return wrong(Value::Null, Fault::NotAnObject),
        Err(error) => {
            let before = text.as_bytes().get(..error.column().saturating_sub(1));
            let at = String::from_utf8_lossy(before.unwrap_or_default())
                .chars()
                .count()
                + 1;
            return wrong(lone_id(text), Fault::NotJson(at));
        }
    };
    let id = fields.get("id").cloned().unwrap_or_default();
    match case(&fields, zone) {
        Ok((case, ignored)) => Read::Asked(Box::new(Asked { id, case, ignored })),
        Err(fault) => wrong(id, fault),
    }
}

fn case(fields: &Map<String, Value>, zone: Zone) -> Result<(Case, Vec<&'static str>), Fault> {
    let text = |name: &'static str| match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => Err(Fault::NotText(name)),
    };
    let category = match fields.get("category") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(text)) => super::super::levels(Some(text)),
        Some(Value::Array(levels)) => levels
            .iter()
            .map(|level| match level {
                Value::Null => Ok(String::new()),
                Value::String(text) => Ok(text.clone()),
                Value::Number(number) => Ok(number.to_string()),
                Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(Fault::NotLevels),
            })
            .collect::<Result<_, _>>()?,
        Some(Value::Bool(_) | Value::Number(_) | Value::Object(_)) => return Err(Fault::NotLevels),
    };
    let stated = text("created_at")?;
    let created_at = stated.as_ref().and_then(|text| zone.parse(text).ok());
    let nature = text("nature")?.map(|word| super::nature(&word));
    let unread = [
        ("created_at", stated.is_some() && created_at.is_none()),
        (
            "nature",
            matches!(&nature, Some((word, false)) if !word.trim().is_empty()),
        ),
    ];
    let ignored = unread
        .into_iter()
        .filter(|(_, is)| *is)
        .map(|(name, _)| name)
        .collect();
    let case = Case {
        category,
        street: text("street")?,
        community: text("community")?,
        address: text("address")?,
        source: text("source")?,
        nature: nature.map(|(code, _)| code),
        created_at: created_at.map(|at| at.0),
        title: text("title")?,
        content: text("content")?,
        ..Case::default()
    };
    Ok((case, ignored))
}

/// The id of a line that is no JSON as a whole, where it can still be told.
fn lone_id(text: &str) -> Value {
    let value = text
        .split_once("\"id\"")
        .and_then(|(_, rest)| rest.trim_start().strip_prefix(':'))
        .and_then(|rest| Deserializer::from_str(rest).into_iter::<Value>().next());
    match value {
        Some(Ok(id @ (Value::String(_) | Value::Number(_)))) => id,
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: &str) -> (Value, Fault) {
        match read(line.as_bytes(), Zone::shanghai()) {
            Read::Wrong { id, fault } => (id, fault),
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn what_is_wrong_is_named_and_the_id_stays() {
        let cases = [
            (r#"{"id":7,"content":"路灯"#, 7.into(), Fault::NotJson(22)),
            (
                r#"{"id":"b" "content":"x"}"#,
                "b".into(),
                Fault::NotJson(11),
            ),
            (
                r#"{"id":9,"street":["a"]}"#,
                9.into(),
                Fault::NotText("street"),
            ),
            (r#"{"id":9,"category":[["a"]]}"#, 9.into(), Fault::NotLevels),
            ("[1]", Value::Null, Fault::NotAnObject),
            ("路灯不亮", Value::Null, Fault::NotJson(1)),
        ];
        for (line, id, expected) in cases {
            assert_eq!(fault(line), (id, expected), "{line}");
        }
        let gbk = b"{\"id\":3,\"content\":\"\xc2\xb7\xb5\xc6\"}";
        let Read::Wrong { id, fault } = read(gbk, Zone::shanghai()) else {
            unreachable!("GBK is not UTF-8")
        };
        assert_eq!((id, fault), (3.into(), Fault::NotUtf8));
    }

    #[test]
    fn a_blank_line_is_blank_and_an_odd_moment_does_not_matter() {
        assert!(matches!(read(b"  \r\n", Zone::shanghai()), Read::Blank));
        assert!(matches!(
            read(b"\xef\xbb\xbf\n", Zone::shanghai()),
            Read::Blank
        ));
        let line =
            r#"{"id":null,"category":"市政/路灯","created_at":"昨天","nature":"foo","no":5}"#;
        let Read::Asked(asked) = read(line.as_bytes(), Zone::shanghai()) else {
            unreachable!("a case")
        };
        assert!(
            asked.ignored == ["created_at", "nature"] && asked.case.category == ["市政", "路灯"]
        );
    }
}
