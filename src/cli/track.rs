//! `fenbo track NO --code CODE`: what the requester may see, and nothing else.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::Table;
use super::session::Session;
use super::wording;
use crate::domain::instant::Instant;
use crate::domain::progress::{Progress, Step};
use crate::domain::rules::Rules;
use crate::domain::shown;
use crate::i18n::failures::Told;
use crate::i18n::{Lang, progress, words};
use crate::service::tracking::Tracked;
use serde_json::{Value, json};

/// Options of `fenbo track`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 工单编号，或编号中唯一的结尾 | the ticket's number, or an ending of it that is unique
    #[arg(value_name = "NO")]
    no: String,
    /// 受理时给诉求人的查询码 | the code its requester was given
    #[arg(long, value_name = "CODE")]
    code: String,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let (centre, now) = session.open(session.access())?;
    let tracked = centre
        .track(&args.no, &args.code, now)
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    let found = match tracked {
        Tracked::Open(found) => found,
        Tracked::Unknown => {
            let next = progress::LOOK_AGAIN.of(session.lang);
            return Err(unshown(session, progress::NO_PAIR, next));
        }
        Tracked::TooMany(until) => {
            let wait = until.since(now).max(1).unsigned_abs();
            let hotline = session.settings.server.hotline.as_deref();
            let next = progress::try_later(wait, hotline, session.lang);
            return Err(unshown(session, progress::TOO_MANY, &next));
        }
    };
    let mut out = session.out();
    match args.format {
        Format::Json => out.json(&value(&found, centre.rules(), now, session.lang))?,
        Format::Text => {
            for line in lines(&found, centre.rules(), now, session.lang) {
                out.line(&shown::clean(&line))?;
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn unshown(session: &Session, why: crate::i18n::Text, next: &str) -> Stop {
    Stop::refused(Told::new(
        session.lang,
        (progress::NOT_TRACKED, &[]),
        (why, &[]),
        (progress::NEXT, &[("next", next)]),
    ))
}

/// A step in words.
fn say(step: &Step, found: &Progress, rules: &Rules, lang: Lang) -> String {
    progress::step(step, found.created_at, rules, lang)
}

fn value(found: &Progress, rules: &Rules, now: Instant, lang: Lang) -> Value {
    let zone = rules.zone(found.created_at);
    let steps: Vec<Value> = found
        .steps
        .iter()
        .map(|(at, step)| {
            json!({
                "at": zone.rfc3339(*at),
                "step": step.code(),
                "text": say(step, found, rules, lang),
            })
        })
        .collect();
    json!({
        "no": found.no,
        "state": found.standing.code(),
        "state_name": progress::standing(found.standing).of(lang),
        "created_at": zone.rfc3339(found.created_at),
        "updated_at": zone.rfc3339(found.updated_at),
        "promised": found.promised,
        "due_at": found.due_at.map(|at| zone.rfc3339(at)),
        "late": found.is_late(now),
        "on_hold": found.hold.map(|hold| json!({ "since": zone.rfc3339(hold.since), "until": hold.until })),
        "department": found.department.as_ref().map(|code| wording::department(code, &rules.directory, lang)),
        "steps": steps,
        "answer": found.answer,
        "rating": found.rating.map(crate::domain::act::Rating::code),
        "may_rate": found.may_rate,
    })
}

fn lines(found: &Progress, rules: &Rules, now: Instant, lang: Lang) -> Vec<String> {
    let zone = rules.zone(found.created_at);
    let day = |day| format!("{day} {}", wording::weekday(day, lang));
    let facts = [
        (progress::NUMBER, Some(found.no.clone())),
        (
            progress::STATE,
            Some(progress::standing(found.standing).of(lang).to_owned()),
        ),
        (progress::CREATED, Some(zone.minute(found.created_at))),
        (
            progress::PROMISED,
            progress::promised(found, now, zone, day, lang),
        ),
        (
            progress::DEPARTMENT,
            found
                .department
                .as_ref()
                .map(|code| wording::department(code, &rules.directory, lang)),
        ),
        (
            progress::RATING,
            found.rating.map(|r| words::rating(r).of(lang).to_owned()),
        ),
    ];
    let mut lines: Vec<String> = facts
        .into_iter()
        .filter_map(|(label, value)| value.map(|value| format!("{}: {value}", label.of(lang))))
        .collect();
    lines.push(String::new());
    lines.push(progress::STEPS.of(lang).to_owned());
    let mut table = Table::bare();
    for (at, step) in &found.steps {
        table.row([zone.minute(*at), say(step, found, rules, lang)]);
    }
    lines.extend(table.lines(None).iter().map(|l| format!("  {l}")));
    if let Some(answer) = &found.answer {
        lines.push(String::new());
        lines.push(progress::ANSWER.of(lang).to_owned());
        if lang == Lang::En {
            lines.push(format!("  {}", progress::ANSWER_AS_WRITTEN.of(lang)));
        }
        lines.extend(answer.lines().map(|line| format!("  {line}")));
    }
    lines
}
