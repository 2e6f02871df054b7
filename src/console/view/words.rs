//! What the screen says of values: time left, ages, holders, what speaks for a suggestion, keys. What the status line says
//! is in `notices`, the words of forms are in `labels`.

use crate::console::app::action::Action;
use crate::console::app::msg::{Doubt, Evidence, EvidenceWhy, SimilarWhy, Suggestion};
use crate::console::app::{Language, Model};
use crate::domain::clock::{DayUnit, Limit};
use crate::domain::instant::{DAY, Instant, Zone};
use crate::domain::light::Light;
use crate::domain::operator::Operator;
use crate::domain::precedent::Precedent;
use crate::domain::queue::Row;
use crate::domain::ticket::State;
use crate::i18n::console as say;
use crate::i18n::{Lang, Text, suggestions, words as terms};
use chrono::{Datelike, Days, NaiveDate};

/// The model's language.
pub fn lang(model: &Model) -> Lang {
    model.language.into()
}

/// The zone of the moment.
pub fn zone(model: &Model) -> Zone {
    model.rules.zone(model.now)
}

/// A department's name in the screen's language.
pub fn department(model: &Model, code: &str) -> String {
    let directory = &model.rules.book.directory;
    match (model.language, directory.department(code)) {
        (Language::En, Some(d)) if !d.name_en.is_empty() => d.name_en.clone(),
        (_, Some(d)) => d.name.clone(),
        (_, None) => code.to_owned(),
    }
}

/// Who did something: an operator's name, or the code where the name is not known; or the program itself.
pub fn person<'a>(model: &'a Model, code: &'a str) -> &'a str {
    if code == Operator::SYSTEM {
        return terms::SYSTEM.of(lang(model));
    }
    model.rules.person(code)
}

/// The badge of a row's light: word and mark.
pub fn badge(model: &Model, row: &Row) -> String {
    let light = row.light(model.now);
    let mark = match light {
        Light::Red => "!!",
        Light::Yellow => "! ",
        Light::Green => ". ",
        Light::Paused => "= ",
        Light::Done | Light::Late => "",
    };
    let word = terms::light_of(light, row.on_time);
    format!("{}{mark}", word.of(lang(model)))
}

/// The time left of a row's limit, in its unit, or how long it is overdue.
pub fn left(model: &Model, row: &Row) -> String {
    let lang = lang(model);
    if row.state == State::Suspended {
        return say::LEFT_PAUSED.of(lang).to_owned();
    }
    if !row.state.clock_runs() {
        return terms::light_of(row.light(model.now), row.on_time)
            .of(lang)
            .to_owned();
    }
    let Some(due) = row.marks.due_at else {
        let text = if row.marks.warn_at.is_some() {
            say::LEFT_UNKNOWN
        } else {
            say::LEFT_UNSET
        };
        return text.of(lang).to_owned();
    };
    let policy = model.rules.book.editions.at(row.created_at);
    let working = row.limit_class.is_some_and(|class| {
        Limit::of(policy.limit(class, &row.category)).unit == DayUnit::WorkingDay
    });
    until(model, due, working)
}

/// The time from now to an instant, or since it.
pub fn until(model: &Model, due: Instant, working: bool) -> String {
    let lang = lang(model);
    let left = due.since(model.now);
    let (amount, texts) = if left >= 0 {
        (
            left,
            [
                say::LEFT_MINUTES,
                say::LEFT_HOURS,
                say::LEFT_DAYS,
                say::LEFT_WORKING,
            ],
        )
    } else {
        (
            -left,
            [
                say::OVER_MINUTES,
                say::OVER_HOURS,
                say::OVER_DAYS,
                say::OVER_WORKING,
            ],
        )
    };
    let with = |text: Text, n: i64| text.with(lang, &[("n", &n.to_string())]);
    if amount < 3600 {
        return with(texts[0], (amount / 60).max(1));
    }
    let days = working.then(|| working_days(model, due)).flatten();
    match days {
        _ if amount < DAY => with(texts[1], amount / 3600),
        Some(n) if n > 0 => with(texts[3], n),
        Some(_) => with(texts[1], amount / 3600),
        None => with(texts[2], amount / DAY),
    }
}

/// Working days between now and an instant: those after today that still count, or those begun since.
fn working_days(model: &Model, due: Instant) -> Option<i64> {
    let zone = zone(model);
    let (today, due_day) = (zone.date(model.now), zone.date(due));
    let (first, last) = if due > model.now {
        // A deadline is 24:00 of its last day, that is 00:00 of the due day.
        (next(today), due_day.pred_opt()?)
    } else {
        (due_day, today)
    };
    model.rules.book.calendar.working_days(first, last).ok()
}

fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}

/// A length of time, in its largest unit.
pub fn span(seconds: i64, lang: Lang) -> String {
    let (text, n) = if seconds >= 2 * DAY {
        (say::SPAN_DAYS, seconds / DAY)
    } else if seconds >= 3600 {
        (say::SPAN_HOURS, seconds / 3600)
    } else {
        (say::SPAN_MINUTES, seconds / 60)
    };
    text.with(lang, &[("n", &n.to_string())])
}

/// How old what is shown is, in steps that do not tick every second.
pub fn freshness(model: &Model) -> String {
    let lang = lang(model);
    let age = model.now.since(model.checked_at);
    let (text, n) = match age {
        ..=9 => return say::LIVE.of(lang).to_owned(),
        10..60 => (say::AGE_SECONDS, age / 10 * 10),
        _ => (say::AGE_MINUTES, age / 60),
    };
    text.with(lang, &[("n", &n.to_string())])
}

/// `11-26 周一 14:32`.
pub fn clock(model: &Model) -> String {
    let lang = lang(model);
    let civil = zone(model).civil(model.now);
    let name = weekday(civil.date_naive(), lang);
    format!(
        "{} {}{name} {}",
        civil.format("%m-%d"),
        say::WEEK.of(lang),
        civil.format("%H:%M")
    )
}

/// A day's name in the week, short.
pub fn weekday(day: NaiveDate, lang: Lang) -> String {
    let at = day.weekday().num_days_from_monday() as usize;
    let letters = match lang {
        Lang::Zh => 1,
        Lang::En => 3,
    };
    let names = say::WEEKDAYS.of(lang).chars();
    names.skip(at * letters).take(letters).collect()
}

/// `11-26 14:32`, with the year where it is another one.
pub fn moment(model: &Model, at: Instant) -> String {
    let zone = zone(model);
    let civil = zone.civil(at);
    if civil.year() == zone.civil(model.now).year() {
        civil.format("%m-%d %H:%M").to_string()
    } else {
        civil.format("%Y-%m-%d %H:%M").to_string()
    }
}

/// Columns in which numbers of now's year are told apart, and those with the year's last two digits before: what is shown
/// is also an ending that finds the ticket.
const SHORT_NUMBER: [usize; 2] = ["1127-0031".len(), "171127-0031".len()];

/// Columns of the numbers that stand below one another; wider only where one of them is of another year than now.
pub fn number_columns<'a>(model: &Model, mut nos: impl Iterator<Item = &'a str>) -> usize {
    let year = zone(model).civil(model.now).format("%Y").to_string();
    SHORT_NUMBER[usize::from(nos.any(|no| !no.starts_with(&year)))]
}

/// A deadline; the year only where it is another one than now's.
pub fn deadline(model: &Model, at: Instant) -> String {
    let zone = zone(model);
    let year = zone.date(model.now).format("%Y-").to_string();
    let told = zone.deadline(at);
    told.strip_prefix(&year).unwrap_or(&told).to_owned()
}

/// The last day of what ends at an instant: 24:00 of it is the instant.
pub fn last_day(model: &Model, end: Instant) -> String {
    zone(model).date(end.plus(-1)).to_string()
}

/// `11-26`, with the year where it is another one.
pub fn day(model: &Model, at: Instant) -> String {
    let mut moment = moment(model, at);
    moment.truncate(moment.find(' ').unwrap_or(moment.len()));
    moment
}

/// A limit in words.
pub fn limit(limit: Limit, lang: Lang) -> String {
    let text = match limit.unit {
        DayUnit::WorkingDay => say::UNIT_WORKING,
        DayUnit::CalendarDay => say::UNIT_CALENDAR,
    };
    text.with(lang, &[("n", &limit.amount.to_string())])
}

/// A holder in words.
pub fn holder(model: &Model, code: &str) -> String {
    let lang = lang(model);
    match code {
        "desk" => say::HOLDER_DESK.of(lang).to_owned(),
        "review" => say::HOLDER_REVIEW.of(lang).to_owned(),
        "callback" => say::HOLDER_CALLBACK.of(lang).to_owned(),
        code => department(model, code),
    }
}

/// Why a past ticket is shown, and whether the department gave it back.
pub fn evidence(evidence: &Evidence, lang: Lang) -> String {
    let why = match evidence.why {
        EvidenceWhy::Ruling => say::WHY_RULING.of(lang).to_owned(),
        EvidenceWhy::Alike(n) => say::WHY_ALIKE.with(lang, &[("n", &n.to_string())]),
        EvidenceWhy::Requester => say::WHY_REQUESTER.of(lang).to_owned(),
        EvidenceWhy::Community => say::WHY_COMMUNITY.of(lang).to_owned(),
        EvidenceWhy::Street => say::WHY_STREET.of(lang).to_owned(),
        EvidenceWhy::Category => say::WHY_CATEGORY.of(lang).to_owned(),
        EvidenceWhy::Class => suggestions::WHY_CLASS.of(lang).to_owned(),
        EvidenceWhy::CommunityOnly => suggestions::WHY_COMMUNITY_ONLY.of(lang).to_owned(),
        EvidenceWhy::StreetOnly => suggestions::WHY_STREET_ONLY.of(lang).to_owned(),
        EvidenceWhy::Latest => suggestions::WHY_LATEST.of(lang).to_owned(),
    };
    if evidence.returned {
        say::WHY_RETURNED.with(lang, &[("why", &why)])
    } else {
        why
    }
}

/// The past tickets that speak for a suggestion, `most` of them, or that there is none to point to.
pub fn evidence_list(found: &Suggestion, most: usize, lang: Lang) -> String {
    if found.evidence.is_empty() {
        let none = if found.unseen {
            suggestions::EVIDENCE_UNSEEN
        } else {
            suggestions::NO_EVIDENCE
        };
        return none.of(lang).to_owned();
    }
    let told: Vec<String> = found
        .evidence
        .iter()
        .take(most)
        .map(|e| format!("{} {}", e.no, evidence(e, lang)))
        .collect();
    told.join("; ")
}

/// Why a likely first suggestion is not sure.
pub fn doubt(doubt: Doubt, lang: Lang) -> &'static str {
    let text = match doubt {
        Doubt::Few => suggestions::DOUBT_FEW,
        Doubt::Unproven => suggestions::DOUBT_UNPROVEN,
        Doubt::GivenBack => suggestions::DOUBT_GIVEN_BACK,
    };
    text.of(lang)
}

/// A probability; never 100 %, as nothing that has not happened is certain.
pub fn percent(permille: u16) -> String {
    format!("{}%", ((u32::from(permille) + 5) / 10).min(99))
}

/// Why an application was decided; the codes of those that lapsed are put in words.
pub fn lapse(reason: &str, lang: Lang) -> String {
    let text = match reason {
        "closed" => say::LAPSED_CLOSED,
        "coordination" => say::LAPSED_COORDINATION,
        "replied" => say::LAPSED_REPLIED,
        "returned" => say::LAPSED_RETURNED,
        "redo" => say::LAPSED_REDO,
        words => return words.to_owned(),
    };
    text.of(lang).to_owned()
}

/// A precedent in a line: what it is, how like, its number, where it went, what it teaches.
pub fn precedent(model: &Model, found: &Precedent) -> String {
    let lang = lang(model);
    let like = found.percent.map(|p| format!(" {p}%")).unwrap_or_default();
    let lead = found.lead.as_deref().map(|code| department(model, code));
    format!(
        "{}{like} {} {}  {}",
        terms::precedent(found.kind).of(lang),
        found.no.as_deref().unwrap_or("-"),
        lead.unwrap_or_default(),
        found.gist
    )
}

/// Why a ticket may be the same matter, in a few words.
pub fn alike(why: &[SimilarWhy], lang: Lang) -> String {
    let word = |why: &SimilarWhy| match why {
        SimilarWhy::Title => say::ALIKE_TITLE.of(lang).to_owned(),
        SimilarWhy::Alike(percent) => {
            say::ALIKE_TEXT.with(lang, &[("percent", &percent.to_string())])
        }
        SimilarWhy::Requester => say::ALIKE_REQUESTER.of(lang).to_owned(),
        SimilarWhy::Address => say::ALIKE_ADDRESS.of(lang).to_owned(),
        SimilarWhy::Community => say::ALIKE_COMMUNITY.of(lang).to_owned(),
        SimilarWhy::Street => suggestions::WHY_STREET_ONLY.of(lang).to_owned(),
        SimilarWhy::Category => say::ALIKE_CATEGORY.of(lang).to_owned(),
        SimilarWhy::Class => suggestions::WHY_CLASS.of(lang).to_owned(),
        SimilarWhy::Hours(hours) => suggestions::apart(*hours, lang),
    };
    let all: Vec<String> = why.iter().map(word).collect();
    all.join(listed(lang))
}

/// The first key of a command, where it has one.
pub fn key_of(model: &Model, action: Action) -> String {
    let key = model.commands.key_of(action);
    key.map_or_else(String::new, |key| key.to_string())
}

/// What parts the parts of a sentence.
pub fn comma(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "，",
        Lang::En => ", ",
    }
}

/// What parts the members of a list.
pub fn listed(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    }
}

/// A name and what belongs to it, in one line.
pub fn named(lang: Lang, name: &str, value: &str) -> String {
    match lang {
        Lang::Zh => format!("{name}：{value}"),
        Lang::En => format!("{name}: {value}"),
    }
}

/// What parts sentences that belong together.
pub fn semicolon(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "；",
        Lang::En => "; ",
    }
}

/// Of the latest tickets of this category in this community: how many went to a department, of how many, in how many days.
pub fn support((n, of, days): (u32, u32, u32), lang: Lang) -> String {
    let (n, of, days) = (n.to_string(), of.to_string(), days.to_string());
    say::SUPPORT.with(lang, &[("n", &n), ("of", &of), ("days", &days)])
}
