//! `fenbo intake`: one request from standard input, as a mail gateway's pipe or a form hands it over; prints its number.
//!
//! Handing the same request over twice gives the same number, so that a gateway may try again. A letter about a ticket
//! joins it, and its number is printed.

use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::note;
use super::session::Session;
use crate::domain::rules::Rules;
use crate::domain::supplement::size;
use crate::domain::ticket::LimitClass;
use crate::i18n::failures::Told;
use crate::i18n::{Text, cli, imports};
use crate::intake::{
    self, Draft, Format as Foreign, Input, Mappings, Named, Options, Reason, Requester, encoding,
};
use crate::service::importing::Taken;
use clap::ValueEnum;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::io::Read;

/// The most bytes taken: no mail that is taken is larger.
const MOST: u64 = intake::mail::LARGEST as u64;

/// Options of `fenbo intake`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 受理渠道，如 mailbox；记在工单上 | the channel that took the request, such as mailbox; the ticket keeps it
    #[arg(long, value_name = "NAME")]
    channel: String,
    /// 输入格式：一封邮件，或一个字段名同工单的 JSON 对象 | what stands on standard input: a mail, or a JSON object with a ticket's field names
    #[arg(long, default_value = "eml")]
    format: IntakeFormat,
}

/// What stands on standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IntakeFormat {
    /// 一封邮件 | a mail
    Eml,
    /// 一个用工单字段名的 JSON 对象 | a JSON object with the ticket's field names
    Json,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(MOST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            let detail = error.to_string();
            let why = cli::SYSTEM_SAYS.with(session.lang, &[("detail", &detail)]);
            Stop::failed(not_taken(why, imports::HAND_OVER_AGAIN, session))
        })?;
    if bytes.len() as u64 > MOST {
        return Err(Stop::refused(Told::new(
            session.lang,
            (imports::NOT_TAKEN, &[]),
            (imports::PIPE_TOO_LARGE, &[("limit", &size(MOST))]),
            (imports::SEND_LESS, &[]),
        )));
    }
    let rules = session.rules()?;
    let draft = match args.format {
        IntakeFormat::Eml => mail(bytes, session)?,
        IntakeFormat::Json => {
            let draft = form(&bytes, &rules).map_err(|fault| Stop::refused(fault.told(session)))?;
            say_unknown(&draft, session);
            draft
        }
    };
    let (mut centre, now) = session.open(session.access())?;
    let untitled = imports::UNTITLED_MAIL.of(session.lang);
    let taken = centre
        .take(draft, (&args.channel, untitled), now)
        .map_err(|why| failing::not_done(&why, session))?;
    let no = match taken {
        Taken::Added(no) | Taken::Already(no) => no,
        Taken::Joined(no) => {
            note(&cli::JOINED.with(session.lang, &[("no", &no)]));
            no
        }
        Taken::Rejected(reason) => {
            let next = if matches!(reason, Reason::OtherWords { .. }) {
                imports::USE_ANOTHER_NUMBER
            } else {
                imports::HAND_OVER_AGAIN
            };
            let why = failing::reason(&reason, session.lang);
            return Err(Stop::refused(not_taken(why, next, session)));
        }
    };
    let mut out = session.out();
    out.line(&no)?;
    out.finish()?;
    Ok(Exit::Done)
}

/// The request was not taken: why, and what to do next.
fn not_taken(why: String, next: Text, session: &Session) -> Told {
    Told {
        what: imports::NOT_TAKEN.of(session.lang).to_owned(),
        why,
        next: next.of(session.lang).to_owned(),
    }
}

/// What is wrong with a form.
#[derive(Debug, PartialEq, Eq)]
enum Fault {
    /// Not text of the encoding it looks like.
    NotDecoded(&'static str),
    /// Not an object with the names and values of a form.
    NotAForm(String),
    /// Neither title nor content.
    NoWords,
    NotATime(String),
    NoSuchClass(String),
}

impl Fault {
    fn told(&self, session: &Session) -> Told {
        let lang = session.lang;
        let (why, next) = match self {
            Self::NotDecoded(encoding) => (
                imports::FORM_NOT_DECODED.with(lang, &[("encoding", encoding)]),
                cli::SAVE_AS_UTF8,
            ),
            Self::NotAForm(detail) => (
                imports::FORM_IS_NONE.with(lang, &[("detail", detail)]),
                imports::HAND_OVER_AGAIN,
            ),
            Self::NoWords => (
                imports::FORM_SAYS_NOTHING.of(lang).to_owned(),
                imports::WRITE_WORDS,
            ),
            Self::NotATime(value) => (
                imports::FORM_NOT_A_TIME.with(lang, &[("value", value)]),
                cli::TIMES_LOOK_LIKE,
            ),
            Self::NoSuchClass(value) => (
                imports::FORM_NO_SUCH_CLASS.with(lang, &[("value", value)]),
                cli::CLASSES,
            ),
        };
        not_taken(why, next, session)
    }
}

/// Says which names of the object were not known; nothing of it is lost.
fn say_unknown(draft: &Draft, session: &Session) {
    let names: Vec<&str> = draft.extra.iter().map(|(name, _)| name.as_str()).collect();
    if names.is_empty() {
        return;
    }
    let told = Told::new(
        session.lang,
        (imports::NAMES_NOT_KNOWN, &[("names", &names.join(", "))]),
        (imports::NAMES_ARE, &[]),
        (imports::NAME_THEM_SO, &[]),
    );
    super::output::tell(&told, session.lang);
}

fn mail(bytes: Vec<u8>, session: &Session) -> Result<Draft, Stop> {
    let lang = session.lang;
    let options = Options {
        format: Some(Foreign::Eml),
        worker: std::env::current_exe().ok(),
        mappings: Mappings::default(),
        ..Options::default()
    };
    let input = Input::Bytes {
        name: imports::STANDARD_INPUT.of(lang).to_owned(),
        bytes,
    };
    let opened = intake::open(&input, &options)
        .map_err(|error| Stop::refused(failing::intake(&error, lang)))?;
    let mut drafts = opened.drafts;
    match drafts.next() {
        // The channel is the one the gateway names.
        Some(Ok(draft)) => Ok(Draft {
            channel: None,
            ..draft
        }),
        Some(Err(error)) => {
            let why = failing::record(&error, lang);
            Err(Stop::refused(not_taken(
                why,
                imports::HAND_OVER_AGAIN,
                session,
            )))
        }
        None => {
            let why = imports::FILE_EMPTY.of(lang).to_owned();
            Err(Stop::refused(not_taken(
                why,
                imports::HAND_OVER_AGAIN,
                session,
            )))
        }
    }
}

/// A request by the ticket's field names; what else stands there is kept as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    external_no: Option<String>,
    source: Option<String>,
    nature: Option<String>,
    limit_class: Option<String>,
    category: Vec<String>,
    street: Option<String>,
    community: Option<String>,
    address: Option<String>,
    title: Option<String>,
    content: Option<String>,
    created_at: Option<String>,
    requester: Map<String, Value>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

fn form(bytes: &[u8], rules: &Rules) -> Result<Draft, Fault> {
    // A form may come as it was saved: with a mark in front, or in the encoding of its program.
    let encoding = encoding::detect_bytes(bytes);
    let (text, _, lost) = encoding.decode(bytes);
    if lost {
        return Err(Fault::NotDecoded(encoding.name()));
    }
    let form: Form =
        serde_json::from_str(&text).map_err(|error| Fault::NotAForm(error.to_string()))?;
    let says = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    if !says(&form.title) && !says(&form.content) {
        return Err(Fault::NoWords);
    }
    let created_at = form
        .created_at
        .map(|text| {
            rules
                .editions
                .iter()
                .last()
                .map(|policy| policy.zone)
                .unwrap_or_default()
                .parse(&text)
                .map(|at| at.0)
                .map_err(|_| Fault::NotATime(text))
        })
        .transpose()?;
    let limit_class = form
        .limit_class
        .map(|text| {
            LimitClass::from_code(text.trim())
                .map(|class| class.code().to_owned())
                .ok_or(Fault::NoSuchClass(text))
        })
        .transpose()?;
    let named = |name: Option<String>| Named { id: None, name };
    let mut extra: Vec<(String, String)> = form
        .more
        .into_iter()
        .map(|(key, value)| (key, words(value)))
        .collect();
    let mut requester = Requester::default();
    for (key, value) in form.requester {
        if value.is_null() {
            continue;
        }
        let field = match key.as_str() {
            "name" => &mut requester.name,
            "phone" => &mut requester.phone,
            "email" => &mut requester.email,
            "address" => &mut requester.address,
            _ => {
                extra.push((format!("requester.{key}"), words(value)));
                continue;
            }
        };
        *field = Some(words(value));
    }
    Ok(Draft {
        external_no: form.external_no,
        source: named(form.source),
        nature: form.nature,
        limit_class,
        category: form.category,
        street: named(form.street),
        community: named(form.community),
        address: form.address,
        title: form.title,
        content: form.content,
        created_at,
        requester,
        extra,
        ..Draft::default()
    })
}

/// A value as text; a number keeps its digits.
fn words(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_without_words_is_no_request() {
        let rules = crate::config::rules(None).expect("rules");
        assert!(form(b"{\"street\":\"x\"}", &rules).is_err());
        let draft =
            form("{\"title\":\"路灯不亮\",\"灯杆\":12}".as_bytes(), &rules).expect("a draft");
        assert_eq!(draft.extra, [("灯杆".to_owned(), "12".to_owned())]);
    }

    #[test]
    fn a_form_is_read_in_the_encoding_it_is_in() {
        let rules = crate::config::rules(None).expect("rules");
        let text = "{\"title\":\"南布社区夜间施工噪音扰民\"}";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            format!("\u{FEFF}{text}").into_bytes(),
            encoding_rs::GB18030.encode(text).0.into_owned(),
            utf16,
        ] {
            let draft = form(&bytes, &rules).expect("a draft");
            assert_eq!(draft.title.as_deref(), Some("南布社区夜间施工噪音扰民"));
        }
        assert!(form(b"{\"title\":\"\xFF\xFF\"}", &rules).is_err());
    }

    #[test]
    fn a_requester_loses_nothing_and_an_unknown_limit_class_is_refused() {
        let rules = crate::config::rules(None).expect("rules");
        let asked = r#"{"title":"x","limit_class":"urban","phone":"1","requester":{"phone":13800138000,"tel":"2"}}"#;
        let draft = form(asked.as_bytes(), &rules).expect("a draft");
        assert_eq!(draft.requester.phone.as_deref(), Some("13800138000"));
        assert_eq!(draft.limit_class.as_deref(), Some("urban"));
        let kept = [("phone", "1"), ("requester.tel", "2")];
        assert_eq!(draft.extra, kept.map(|(a, b)| (a.to_owned(), b.to_owned())));
        let fault = form(br#"{"title":"x","limit_class":"urgent"}"#, &rules).expect_err("unknown");
        assert_eq!(fault, Fault::NoSuchClass("urgent".to_owned()));
    }
}
