//! `fenbo outbox`: the letters that wait to go out, and why; hands over those whose time has come, or has the failed ones tried again.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::output::Table;
use super::session::Session;
use super::{failing, handing, wording};
use crate::domain::instant::Zone;
use crate::domain::letter::Recipient;
use crate::domain::rules::Rules;
use crate::i18n::{Lang, letters as words};
use crate::service::{Access, Failure, Letter};
use serde_json::{Value, json};

/// Options of `fenbo outbox`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 做什么（不写则列出） | what to do (else list)
    #[command(subcommand)]
    what: Option<What>,
    /// 输出格式 | output format
    #[arg(long, default_value = "text", global = true)]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::Subcommand)]
enum What {
    /// 列出待送的信件 | lists the letters that wait
    List,
    /// 投递到了时间的信件 | hands over the letters whose time has come
    Send,
    /// 让未送达的信件立即重试 | has the failed letters tried again at once
    Retry,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    match args.what.unwrap_or(What::List) {
        What::List => list(args, session),
        What::Send => send(args, session, false),
        What::Retry => send(args, session, true),
    }
}

fn list(args: &Args, session: &Session) -> Outcome {
    let (centre, now) = session.open(Access::ReadOnly)?;
    let letters = centre
        .waiting_letters()
        .map_err(|why| failed(&why, session))?;
    let (rules, zone) = (centre.shared_rules(), centre.zone(now));
    let mut out = session.out();
    match args.format {
        Format::Json => {
            let all: Vec<Value> = letters.iter().map(|one| value(one, zone)).collect();
            out.json(&all)?;
        }
        Format::Text if letters.is_empty() => out.line(words::NONE_WAITING.of(session.lang))?,
        Format::Text => {
            let header = [
                words::COLUMN_KEY,
                words::COLUMN_TO,
                words::COLUMN_MADE,
                words::COLUMN_ATTEMPTS,
                words::COLUMN_NEXT,
                words::COLUMN_FAILURE,
            ];
            let mut table = Table::new(&header.map(|text| text.of(session.lang)));
            for letter in &letters {
                table.row([
                    letter.key.clone(),
                    to(&letter.recipient, &rules, session.lang),
                    zone.minute(letter.made_at),
                    letter.attempts.to_string(),
                    zone.minute(letter.next_try),
                    letter.failure.clone().unwrap_or_default(),
                ]);
            }
            out.table(&table)?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn send(args: &Args, session: &Session, again: bool) -> Outcome {
    let (mut centre, now) = session.open(session.access())?;
    let retried = if again {
        let retried = centre.retry_letters(now);
        retried.map_err(|why| failed(&why, session))?
    } else {
        0
    };
    let delivered = handing::deliver(&mut centre, session, now)?;
    let mailbox = centre.mailbox().map_err(|why| failed(&why, session))?;
    let mut out = session.out();
    match args.format {
        Format::Json => out.json(&json!({
            "retried": retried,
            "sent": delivered.sent,
            "failed": delivered.failed.len(),
            "waiting": mailbox.waiting,
        }))?,
        Format::Text => {
            if again {
                let n = retried.to_string();
                out.line(&words::RETRIED.with(session.lang, &[("n", &n)]))?;
            }
            handing::summary(&delivered, mailbox, session, &mut out)?;
        }
    }
    out.finish()?;
    Ok(handing::told(&delivered, session.lang))
}

fn failed(failure: &Failure, session: &Session) -> Stop {
    Stop::failed(failing::store(failure, session))
}

/// Whom a letter is for; no person's address is shown.
fn to(recipient: &Recipient, rules: &Rules, lang: Lang) -> String {
    match recipient {
        Recipient::Desk => words::DESK.of(lang).to_owned(),
        Recipient::Department(code) => wording::department(code, &rules.directory, lang),
        Recipient::Mail(_) | Recipient::Phone(_) | Recipient::Wechat(_) => {
            words::PERSON.of(lang).to_owned()
        }
        Recipient::Foreign(code) => code.clone(),
    }
}

fn value(letter: &Letter, zone: Zone) -> Value {
    let (to, department) = match &letter.recipient {
        Recipient::Desk => ("desk", None),
        Recipient::Department(code) => ("department", Some(code)),
        Recipient::Mail(_) => ("mail", None),
        Recipient::Phone(_) => ("phone", None),
        Recipient::Wechat(_) => ("wechat", None),
        Recipient::Foreign(_) => ("foreign", None),
    };
    json!({
        "key": letter.key,
        "kind": letter.kind,
        "to": to,
        "department": department,
        "made_at": zone.rfc3339(letter.made_at),
        "attempts": letter.attempts,
        "next_try": zone.rfc3339(letter.next_try),
        "failure": letter.failure,
    })
}
