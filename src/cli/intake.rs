//! `fenbo intake`: one request from standard input, as a mail gateway's pipe or a form hands it over; prints its number.
//!
//! Handing the same request over twice gives the same number, so that a gateway may try again. A letter about a ticket
//! joins it, and its number is printed.

use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::note;
use super::session::Session;
use crate::domain::rules::Rules;
use crate::i18n::cli;
use crate::i18n::failures::Told;
use crate::intake::{self, Draft, Format as Foreign, Input, Mappings, Named, Options, Requester};
use crate::service::importing::Taken;
use clap::ValueEnum;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::io::Read;

/// The most bytes taken: no mail that is taken is larger.
const MOST: u64 = 40 * 1024 * 1024;

/// Options of `fenbo intake`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 受理渠道 | the channel
    #[arg(long, value_name = "NAME")]
    channel: String,
    /// 输入格式 | the input's format
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
        .map_err(|error| Stop::failed(unfit(&error.to_string(), session)))?;
    if bytes.len() as u64 > MOST {
        return Err(Stop::refused(unfit(&format!("> {MOST} B"), session)));
    }
    let rules = session.rules()?;
    let draft = match args.format {
        IntakeFormat::Eml => mail(bytes, session)?,
        IntakeFormat::Json => form(&bytes, &rules).map_err(|detail| {
            let told = unfit(&detail, session);
            Stop::refused(told)
        })?,
    };
    let (mut centre, now) = session.open(session.access())?;
    let taken = centre
        .take(draft, &args.channel, now)
        .map_err(|why| failing::not_done(&why, session))?;
    let no = match taken {
        Taken::Added(no) | Taken::Already(no) => no,
        Taken::Joined(no) => {
            note(&cli::JOINED.with(session.lang, &[("no", &no)]));
            no
        }
        Taken::Rejected(reason) => {
            return Err(Stop::refused(unfit(
                &failing::reason(&reason, session.lang),
                session,
            )));
        }
    };
    let mut out = session.out();
    out.line(&no)?;
    out.finish()?;
    Ok(Exit::Done)
}

fn unfit(detail: &str, session: &Session) -> Told {
    Told::new(
        session.lang,
        (cli::NOT_TAKEN, &[]),
        (cli::SYSTEM_SAYS, &[("detail", detail)]),
        (cli::HAND_OVER_AGAIN, &[]),
    )
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
        name: "standard input".to_owned(),
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
        Some(Err(error)) => Err(Stop::refused(unfit(
            &failing::record(&error, lang),
            session,
        ))),
        None => Err(Stop::refused(unfit("0 B", session))),
    }
}

/// A request by the ticket's field names; what else stands there is kept as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    external_no: Option<String>,
    source: Option<String>,
    nature: Option<String>,
    category: Vec<String>,
    street: Option<String>,
    community: Option<String>,
    address: Option<String>,
    title: Option<String>,
    content: Option<String>,
    created_at: Option<String>,
    requester: Requester,
    #[serde(flatten)]
    more: Map<String, Value>,
}

fn form(bytes: &[u8], rules: &Rules) -> Result<Draft, String> {
    let form: Form = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let says = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    if !says(&form.title) && !says(&form.content) {
        return Err("title, content: -".to_owned());
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
                .map_err(|_| format!("created_at: {text}"))
        })
        .transpose()?;
    let named = |name: Option<String>| Named { id: None, name };
    let extra = form
        .more
        .into_iter()
        .map(|(key, value)| match value {
            Value::String(text) => (key, text),
            other => (key, other.to_string()),
        })
        .collect();
    Ok(Draft {
        external_no: form.external_no,
        source: named(form.source),
        nature: form.nature,
        category: form.category,
        street: named(form.street),
        community: named(form.community),
        address: form.address,
        title: form.title,
        content: form.content,
        created_at,
        requester: form.requester,
        extra,
        ..Draft::default()
    })
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
}
