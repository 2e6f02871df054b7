//! `fenbo deadline`: the last day of a limit, and the day-by-day arithmetic behind it. Needs no store.
//!
//! A year whose notice is not known ends with a refusal, never with a guess.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::Out;
use super::session::Session;
use super::wording;
use crate::domain::clock::{CountedDay, DayReason, Deadline};
use crate::domain::filter::{Clause, Filter, Reading};
use crate::domain::instant::{Instant, Zone};
use crate::domain::rules::Rules;
use crate::domain::ticket::LimitClass;
use crate::i18n::{Lang, cli, words};
use chrono::NaiveDate;
use serde::Serialize;

/// Options of `fenbo deadline`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 时限类别：enquiry 咨询建议、complaint 非数字城管投诉、urban 数字城管投诉 | limit class: enquiry, complaint, urban
    #[arg(long, value_name = "CLASS")]
    class: String,
    /// 建单时间，如 "2017-09-29 17:10" | when it was created, such as "2017-09-29 17:10"
    #[arg(long, value_name = "TIME")]
    created: String,
    /// 类别：大类/中类/小类；这一类另有时限的，按它计算 | category: its levels with / between them; one with a limit of its own counts by that
    #[arg(long, value_name = "A/B/C")]
    category: Option<String>,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let rules = session.rules()?;
    let created_at = session.time(&args.created, &rules, "--created")?;
    let class = class(&args.class, &rules, session)?;
    let category = super::levels(args.category.as_deref());
    let (deadline, policy) = rules
        .deadline(class, &category, created_at)
        .map_err(|refusal| Stop::refused(failing::refused(&refusal, session)))?;
    let mut out = session.out();
    match args.format {
        Format::Json => {
            out.json(&Explained::of(
                class,
                created_at,
                &deadline,
                &policy.id,
                policy.zone,
            ))?;
        }
        Format::Text => {
            let heading = cli::DEADLINE.with(
                session.lang,
                &[
                    ("class", words::limit_class(class).of(session.lang)),
                    ("created", &policy.zone.minute(created_at)),
                    ("last", &deadline.last_day.to_string()),
                    ("limit", &wording::limit(deadline.limit, session.lang)),
                    ("edition", &policy.id),
                ],
            );
            out.line(&heading)?;
            arithmetic(&deadline, policy.zone, session.lang, &mut out)?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// A limit class by its code or its Chinese name.
pub fn class(text: &str, rules: &Rules, session: &Session) -> Result<LimitClass, Stop> {
    let reading = Reading {
        directory: &rules.directory,
        zone: Zone::default(),
        now: Instant(0),
    };
    let term = format!("class:\"{}\"", text.trim());
    let parsed = Filter::parse(&term, reading).ok().and_then(|f| {
        f.terms.into_iter().find_map(|t| match t.clause {
            Clause::Class(class) => Some(class),
            _ => None,
        })
    });
    parsed.ok_or_else(|| {
        session.usage(
            (cli::BAD_OPTION, &[("option", "--class"), ("value", text)]),
            (cli::NO_SUCH_CLASS, &[]),
            (cli::CLASSES, &[]),
        )
    })
}

/// Prints the day-by-day arithmetic and when the light turns.
pub fn arithmetic(deadline: &Deadline, zone: Zone, lang: Lang, out: &mut Out) -> Result<(), Stop> {
    for day in &deadline.days {
        out.line(&format!("  {}", wording::day(day, deadline.limit, lang)))?;
    }
    let turns = cli::LIGHT_TURNS.with(
        lang,
        &[
            ("warn", &zone.minute(deadline.warn_at)),
            ("due", &format!("{} 24:00", deadline.last_day)),
        ],
    );
    out.line(&turns)?;
    if deadline.provisional {
        out.line(cli::PROVISIONAL.of(lang))?;
    }
    Ok(())
}

/// A deadline as JSON has it.
#[derive(Serialize)]
struct Explained<'a> {
    class: &'static str,
    created_at: String,
    last_day: NaiveDate,
    due_at: String,
    warn_at: String,
    edition: &'a str,
    days: Vec<Day>,
}

/// A day of the arithmetic as JSON has it.
#[derive(Serialize)]
pub struct Day {
    date: NaiveDate,
    counts: bool,
    why: String,
}

impl Day {
    /// A counted day; the reason is a code, with the holiday's name where there is one.
    pub fn of(day: &CountedDay) -> Self {
        let why = match &day.why {
            DayReason::StartDay => "created".to_owned(),
            DayReason::Working => "working_day".to_owned(),
            DayReason::MakeUp(name) => format!("make_up_day {name}"),
            DayReason::CalendarDay => "calendar_day".to_owned(),
            DayReason::Weekend => "weekend".to_owned(),
            DayReason::Holiday(name) => format!("holiday {name}"),
            DayReason::Suspended => "suspended".to_owned(),
            DayReason::Rolled => "rolled".to_owned(),
        };
        Self {
            date: day.date,
            counts: day.spent.is_some(),
            why,
        }
    }
}

impl<'a> Explained<'a> {
    fn of(
        class: LimitClass,
        created_at: Instant,
        deadline: &Deadline,
        edition: &'a str,
        zone: Zone,
    ) -> Self {
        Self {
            class: class.code(),
            created_at: zone.rfc3339(created_at),
            last_day: deadline.last_day,
            due_at: zone.rfc3339(deadline.due_at),
            warn_at: zone.rfc3339(deadline.warn_at),
            edition,
            days: deadline.days.iter().map(Day::of).collect(),
        }
    }
}
