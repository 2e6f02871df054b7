//! `fenbo calendar`: which years' working days are known, and which days their notices change.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::Table;
use super::session::Session;
use super::wording;
use crate::domain::calendar::DayKind;
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::i18n::cli;
use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

/// Options of `fenbo calendar`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 列出放假安排已知的年份与所据通知 | lists the years known, with the notices behind them
    List {
        /// 输出格式 | output format
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 查看一年的放假与调休 | shows the holidays and make-up days of a year
    Show {
        /// 年份，如 2026 | the year, such as 2026
        #[arg(value_name = "YEAR")]
        year: i32,
        /// 输出格式 | output format
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 检查日历文件，并看今年、明年是否已知 | checks the calendar files, and whether this year and the next are known
    Check,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let rules = session.rules()?;
    let lang = session.lang;
    let mut out = session.out();
    match &args.what {
        What::List {
            format: Format::Json,
        } => {
            let years: Vec<Value> = rules
                .calendar
                .years()
                .map(|(year, source)| json!({"year": year, "source": source}))
                .collect();
            out.json(&years)?;
        }
        What::List {
            format: Format::Text,
        } => {
            for (year, source) in rules.calendar.years() {
                out.line(&format!("{year}  {source}"))?;
            }
        }
        What::Show { year, format } => {
            if !rules.calendar.knows(*year) {
                let refusal = Refusal::CalendarUnknown { year: *year };
                return Err(Stop::refused(failing::refused(&refusal, session)));
            }
            let days = special(*year, &rules);
            match format {
                Format::Json => {
                    let days: Vec<Value> = days
                        .iter()
                        .map(|(date, works, name)| json!({"date": date, "works": works, "name": name}))
                        .collect();
                    out.json(&json!({"year": year, "days": days}))?;
                }
                Format::Text => {
                    let mut table = Table::bare();
                    for (date, works, name) in days {
                        let kind = if works {
                            cli::MAKE_UP_DAY
                        } else {
                            cli::DAY_OFF
                        };
                        table.row([
                            date.to_string(),
                            wording::weekday(date, lang).to_owned(),
                            kind.of(lang).to_owned(),
                            name,
                        ]);
                    }
                    out.table(&table)?;
                }
            }
        }
        What::Check => {
            let now = session.now(&rules)?;
            let this = rules.zone(now).date(now).year();
            for year in [this, this + 1] {
                let text = if rules.calendar.knows(year) {
                    cli::YEAR_KNOWN
                } else {
                    cli::YEAR_NOT_KNOWN
                };
                out.line(&text.with(lang, &[("year", &year.to_string())]))?;
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// The days of a year that are not what Monday to Friday would make them: day, whether worked, name.
fn special(year: i32, rules: &Rules) -> Vec<(NaiveDate, bool, String)> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1);
    first
        .into_iter()
        .flat_map(|first| first.iter_days().take_while(|day| day.year() == year))
        .filter_map(|day| match rules.calendar.kind(day) {
            Ok(DayKind::Holiday(name)) => Some((day, false, name.to_owned())),
            Ok(DayKind::MakeUp(name)) => Some((day, true, name.to_owned())),
            Ok(DayKind::Working | DayKind::Weekend) | Err(_) => None,
        })
        .collect()
}
