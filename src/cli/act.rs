//! `fenbo act VERB NO…`: every act of the rule book by its code name, on one ticket or many, with a verdict for each.
//!
//! Decides nothing: the rules refuse what may not be. How options become an act is in [`super::act_form`].

use super::act_form::{self, Form};
use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::{Out, note, tell};
use super::session::Session;
use super::ticket_json::{present, zone};
use crate::domain::act::{Act, ActKind};
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::privacy::{Requester, phone_in};
use crate::domain::shown;
use crate::i18n::{Text, cli, words};
use crate::service::performing::{Done, Order};
use crate::service::{Access, Centre, NotDone};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Options of `fenbo act`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 动作的代码或中文，见下 | the act by its code, see below
    #[arg(value_name = "VERB", value_parser = act_form::verbs())]
    verb: String,
    /// 工单编号，或编号中唯一的结尾；可写多件 | tickets by number, or by an ending of it that is unique
    #[arg(value_name = "NO", required = true)]
    numbers: Vec<String>,
    #[command(flatten)]
    form: Form,
    /// 只在工单仍是这一版本时办理；版本见 fenbo show --format json | acts only if the ticket is still at this version, which fenbo show --format json tells
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// 只说明可不可以办，不办理 | tells whether it could be done, and does nothing
    #[arg(long)]
    dry_run: bool,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// What came of one ticket.
type Verdict = (String, Result<Option<Done>, NotDone>);

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let kind = act_form::kind(&args.verb).ok_or_else(|| {
        // The parser let only known verbs through.
        session.usage(
            (
                cli::BAD_OPTION,
                &[("option", "VERB"), ("value", &args.verb)],
            ),
            (cli::NO_SUCH_VALUE, &[]),
            (cli::SEE_HELP, &[("command", "act")]),
        )
    })?;
    let unread = args.form.unread(kind);
    if !unread.is_empty() {
        let act = words::act(kind).of(session.lang);
        let values = [("act", act), ("options", &unread.join(" "))];
        note(&cli::OPTIONS_NOT_READ.with(session.lang, &values));
    }
    let access = if args.dry_run {
        Access::ReadOnly
    } else {
        session.access()
    };
    let (mut centre, now) = session.open(access)?;
    let (mut numbers, into) = aims(kind, args, session)?;
    let into = into
        .map(|asked| centre.find(&asked))
        .transpose()
        .map_err(|why| failing::not_done(&why, session))?;
    leave_out_master(&mut numbers, into.as_deref(), &centre);
    let act = args.form.act(kind, into.as_deref(), &centre, session)?;
    if let Some(phone) = public_answer(&act).and_then(phone_in) {
        note(&cli::PHONE_IN_ANSWER.with(session.lang, &[("phone", phone)]));
    }
    let verdicts: Vec<Verdict> = numbers
        .iter()
        .map(|asked| one(asked, &act, args, &mut centre, now))
        .collect();
    let mut out = session.out();
    match args.format {
        Format::Json => {
            let results: Vec<Value> = verdicts.iter().map(|v| told(v, &centre, session)).collect();
            out.json(&json!({"act": kind.code(), "dry_run": args.dry_run, "results": results}))?;
        }
        Format::Text => {
            for verdict in &verdicts {
                say(verdict, kind, &centre, session, &mut out)?;
            }
        }
    }
    out.finish()?;
    exit(verdicts, args.format, session)
}

/// What the requester, and perhaps the public, will read.
fn public_answer(act: &Act) -> Option<&str> {
    match act {
        Act::Reply(form) => Some(&form.answer),
        Act::Answer { text } => Some(text),
        _ => None,
    }
}

/// The tickets to act on, and for a merge the master: `--into`, else `--to`, else the first number.
fn aims(
    kind: ActKind,
    args: &Args,
    session: &Session,
) -> Result<(Vec<String>, Option<String>), Stop> {
    let mut named = HashSet::new();
    let mut numbers = args.numbers.clone();
    numbers.retain(|no| named.insert(no.clone()));
    if kind != ActKind::Merge {
        return Ok((numbers, None));
    }
    if let Some(master) = args.form.master() {
        return Ok((numbers, Some(master)));
    }
    if numbers.len() < 2 {
        return Err(session.usage(
            (cli::NOT_MERGED, &[]),
            (cli::MASTER_NOT_NAMED, &[]),
            (cli::NAME_MASTER, &[]),
        ));
    }
    let master = numbers.remove(0);
    Ok((numbers, Some(master)))
}

/// All marked ones are merged into one of them: that one is no mistake among the others.
fn leave_out_master(numbers: &mut Vec<String>, master: Option<&str>, centre: &Centre) {
    let is_other = |asked: &String| centre.find(asked).ok().as_deref() != master;
    if master.is_some() && numbers.iter().any(is_other) {
        numbers.retain(is_other);
    }
}

fn one(asked: &str, act: &Act, args: &Args, centre: &mut Centre, now: Instant) -> Verdict {
    let no = match centre.find(asked) {
        Ok(no) => no,
        Err(why) => return (asked.to_owned(), Err(why)),
    };
    let order = Order {
        no: no.clone(),
        version: args.version,
        act: act.clone(),
    };
    let done = if args.dry_run {
        centre.verdict(&order, now).map(|()| None)
    } else {
        centre.perform(&order, now).map(Some)
    };
    (no, done)
}

fn told((no, verdict): &Verdict, centre: &Centre, session: &Session) -> Value {
    match verdict {
        Ok(None) => json!({"no": no, "ok": true}),
        Ok(Some(done)) => {
            let zone = zone(&done.ticket, centre.rules());
            let events: Vec<&str> = done.events.iter().map(Event::code).collect();
            json!({
                "no": no,
                "ok": true,
                "state": done.ticket.state.code(),
                "version": done.ticket.version,
                "due_at": done.marks.due_at.map(|at| zone.rfc3339(at)),
                "due_before": done.before.due_at.map(|at| zone.rfc3339(at)),
                "events": events,
                "left": done.left.as_ref().map(|left| &left.cause),
                "requester": revealed(done, centre).map(|r| json!({
                    "name": present(&r.name), "phone": present(&r.phone),
                    "email": present(&r.email), "address": present(&r.address),
                })),
            })
        }
        Err(why) => {
            let rule = match why {
                NotDone::Refused(refusal) => Some(refusal.rule()),
                NotDone::NotFound { .. } => Some("not-found"),
                NotDone::Ambiguous { .. } => Some("ambiguous"),
                NotDone::Failed(_) => None,
            };
            let message = match failing::not_done(why, session) {
                Stop::Told(_, told) => Some(json!({
                    "what": told.what, "why": told.why, "next": told.next,
                })),
                Stop::Closed => None,
            };
            json!({"no": no, "ok": false, "rule": rule, "message": message})
        }
    }
}

fn say(
    (no, verdict): &Verdict,
    kind: ActKind,
    centre: &Centre,
    session: &Session,
    out: &mut Out,
) -> Result<(), Stop> {
    let lang = session.lang;
    let act = words::act(kind).of(lang);
    let no = shown::clean_line(no);
    match verdict {
        Ok(None) => out.line(&cli::WOULD_DO.with(lang, &[("no", &no), ("act", act)])),
        Ok(Some(done)) => {
            let state = words::state(&done.ticket.state, lang);
            out.line(&cli::DID.with(lang, &[("no", &no), ("act", act), ("state", &state)]))?;
            if done
                .events
                .iter()
                .any(|e| matches!(e, Event::Seconded { .. }))
            {
                out.line(cli::NEEDS_A_SECOND.of(lang))?;
            }
            if let Some(left) = &done.left {
                tell(&failing::store(left, session), lang);
            }
            if let Some(r) = revealed(done, centre) {
                let who = [&r.name, &r.phone, &r.email, &r.address].map(String::as_str);
                out.line(&format!("    {}", shown::clean_line(&who.join(" "))))?;
            }
            if done.before.due_at == done.marks.due_at {
                return Ok(());
            }
            let zone = zone(&done.ticket, centre.rules());
            let day = |at: Option<Instant>| {
                at.map_or_else(|| "—".to_owned(), |at| zone.date(at.plus(-1)).to_string())
            };
            let (before, after) = (day(done.before.due_at), day(done.marks.due_at));
            let moved: Text = cli::DUE_MOVED;
            out.line(&moved.with(lang, &[("before", &before), ("after", &after)]))
        }
        Err(_) => Ok(()),
    }
}

/// The requester, when that is what was asked for with a reason; a store that cannot be read now shows none.
fn revealed(done: &Done, centre: &Centre) -> Option<Requester> {
    centre.revealed(done).ok().flatten()
}

/// Says what was not done, and the worst of it is the exit.
fn exit(verdicts: Vec<Verdict>, format: Format, session: &Session) -> Outcome {
    let lang = session.lang;
    let mut worst = Exit::Done;
    for (no, verdict) in verdicts {
        let Err(why) = verdict else { continue };
        match failing::not_done(&why, session) {
            Stop::Closed => return Err(Stop::Closed),
            Stop::Told(exit, told) => {
                let what = cli::ABOUT_TICKET.with(lang, &[("no", &no), ("what", &told.what)]);
                // JSON carries the message already.
                if format == Format::Text {
                    tell(&told.about(what), lang);
                }
                if worst != Exit::Failed {
                    worst = exit;
                }
            }
        }
    }
    Ok(worst)
}
