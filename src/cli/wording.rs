//! Values of the rules in words, as text output has them: limits, days, durations, holders.
//!
//! Sentences live in `i18n`; nothing here decides or prints.

use crate::domain::clock::{CountedDay, DayReason, DayUnit, Limit};
use crate::domain::department::Directory;
use crate::i18n::{Lang, Text, cli, words};
use chrono::{Datelike, NaiveDate};

/// `5 个工作日`.
pub fn limit(limit: Limit, lang: Lang) -> String {
    let text = match limit.unit {
        DayUnit::WorkingDay => cli::WORKING_DAYS,
        DayUnit::CalendarDay => cli::CALENDAR_DAYS,
    };
    text.with(lang, &[("n", &limit.amount.to_string())])
}

/// `2017-10-12 周四  第 5 个工作日`.
pub fn day(day: &CountedDay, limit: Limit, lang: Lang) -> String {
    let n = day.spent.map(|n| n.to_string()).unwrap_or_default();
    let total = limit.amount.to_string();
    let values = |name: &str| -> String {
        let text = match &day.why {
            DayReason::StartDay => cli::DAY_START,
            DayReason::Working => cli::DAY_WORKING,
            DayReason::MakeUp(_) => cli::DAY_MAKE_UP,
            DayReason::CalendarDay => cli::DAY_CALENDAR,
            DayReason::Weekend => cli::DAY_WEEKEND,
            DayReason::Holiday(_) => cli::DAY_HOLIDAY,
            DayReason::Suspended => cli::DAY_SUSPENDED,
            DayReason::Rolled => cli::DAY_ROLLED,
        };
        text.with(lang, &[("n", &n), ("of", &total), ("name", name)])
    };
    let why = match &day.why {
        DayReason::MakeUp(name) | DayReason::Holiday(name) => values(name),
        DayReason::StartDay
        | DayReason::Working
        | DayReason::CalendarDay
        | DayReason::Weekend
        | DayReason::Suspended
        | DayReason::Rolled => values(""),
    };
    format!("{} {}  {why}", day.date, weekday(day.date, lang))
}

/// `周四`.
pub fn weekday(date: NaiveDate, lang: Lang) -> &'static str {
    let names: [Text; 7] = [
        cli::MONDAY,
        cli::TUESDAY,
        cli::WEDNESDAY,
        cli::THURSDAY,
        cli::FRIDAY,
        cli::SATURDAY,
        cli::SUNDAY,
    ];
    names
        .get(date.weekday().num_days_from_monday() as usize)
        .map_or("", |name| name.of(lang))
}

/// `3 天 4 小时`, `12 分`: the two largest units.
pub fn duration(seconds: i64, lang: Lang) -> String {
    let seconds = seconds.max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let n = |n: i64| n.to_string();
    if days > 0 {
        cli::DAYS_HOURS.with(lang, &[("d", &n(days)), ("h", &n(hours))])
    } else if hours > 0 {
        cli::HOURS_MINUTES.with(lang, &[("h", &n(hours)), ("m", &n(minutes))])
    } else {
        cli::MINUTES.with(lang, &[("m", &n(minutes))])
    }
}

/// A holder: a department by its name, or the part of the desk.
pub fn holder(code: &str, directory: &Directory, lang: Lang) -> String {
    match code {
        "desk" => cli::HOLDER_DESK.of(lang).to_owned(),
        "review" => cli::HOLDER_REVIEW.of(lang).to_owned(),
        "callback" => cli::HOLDER_CALLBACK.of(lang).to_owned(),
        code => department(code, directory, lang),
    }
}

/// A department's name in a language; its code where the directory does not know it.
pub fn department(code: &str, directory: &Directory, lang: Lang) -> String {
    words::department(code, directory, lang).to_owned()
}
