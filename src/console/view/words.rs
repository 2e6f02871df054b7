//! What the screen says of values: time left, ages, holders, notices, fields.

use crate::console::app::form::{Choice, FieldId};
use crate::console::app::msg::{
    Doubt, Evidence, EvidenceWhy, Failure, Moved, Notice, Problem, SimilarWhy, Suggestion,
};
use crate::console::app::sure::{Hunt, HuntEnd, MOST_MARKS};
use crate::console::app::{Language, Model};
use crate::console::key::Chord;
use crate::domain::act::{ActKind, CallOutcome, Rating};
use crate::domain::application::ApplicationKind;
use crate::domain::clock::{DayUnit, Limit};
use crate::domain::filter::FilterProblem;
use crate::domain::instant::{DAY, Instant, Zone};
use crate::domain::light::Light;
use crate::domain::precedent::Precedent;
use crate::domain::queue::{Row, View};
use crate::domain::refusal::Refusal;
use crate::domain::shift::ShiftRefusal;
use crate::domain::ticket::{LimitClass, Nature, State, Urgency};
use crate::i18n::console::{self as say, field};
use crate::i18n::refusals::{Sentence, refusal};
use crate::i18n::{Lang, Text, handover, suggestions, words};
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

/// The badge of a light: word and mark.
pub fn badge(light: Light, lang: Lang) -> String {
    let mark = match light {
        Light::Red => "!!",
        Light::Yellow => "! ",
        Light::Green => ". ",
        Light::Paused => "= ",
        Light::Done | Light::Late => "",
    };
    format!("{}{mark}", words::light(light).of(lang))
}

/// The time left of a row's limit, in its unit, or how long it is overdue.
pub fn left(model: &Model, row: &Row) -> String {
    let lang = lang(model);
    if row.state == State::Suspended {
        return say::LEFT_PAUSED.of(lang).to_owned();
    }
    if !row.state.clock_runs() {
        return words::light(row.light(model.now)).of(lang).to_owned();
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
    let at = civil.weekday().num_days_from_monday() as usize;
    let per = match lang {
        Lang::Zh => 1,
        Lang::En => 3,
    };
    let name: String = say::WEEKDAYS
        .of(lang)
        .chars()
        .skip(at * per)
        .take(per)
        .collect();
    format!(
        "{} {}{name} {}",
        civil.format("%m-%d"),
        say::WEEK.of(lang),
        civil.format("%H:%M")
    )
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

/// A refusal in words, with people's names.
fn worded(model: &Model, refused: &Refusal) -> Sentence {
    let mut refused = refused.clone();
    if let Refusal::Stale { by, .. }
    | Refusal::NotYourDispatch { by }
    | Refusal::ClaimedBy { by, .. } = &mut refused
    {
        *by = model.rules.person(by).to_owned();
    }
    refusal(&refused, lang(model), zone(model), &|code| {
        department(model, code)
    })
}

/// A refusal, without what was not done: for a line that says it already.
pub fn why_not(model: &Model, refused: &Refusal) -> String {
    let lang = lang(model);
    let said = worded(model, refused);
    match lang {
        Lang::Zh => format!("{}；{}", said.why, said.next),
        Lang::En => format!("{}; {}", said.why, said.next),
    }
}

fn failure(failure: &Failure, lang: Lang) -> String {
    let at = lang as usize;
    match lang {
        Lang::Zh => format!(
            "{}：{}；{}",
            failure.what[at], failure.why[at], failure.next[at]
        ),
        Lang::En => format!(
            "{}: {}; {}",
            failure.what[at], failure.why[at], failure.next[at]
        ),
    }
}

fn problem(model: &Model, problem: &Problem) -> String {
    let lang = lang(model);
    match problem {
        Problem::Refused(refused) => worded(model, refused).why,
        Problem::NotFound => say::N_NOT_FOUND.with(lang, &[("no", "")]),
        Problem::Failed(failed) => failed.why[lang as usize].clone(),
    }
}

/// How far the search for the sure has come, or what it came to.
fn marked_sure(hunt: Hunt, end: HuntEnd, marks: usize, lang: Lang) -> String {
    let text = match end {
        HuntEnd::UnderWay => say::N_LOOKING_FOR_SURE,
        HuntEnd::Whole if hunt.sure == 0 => say::N_NONE_SURE,
        HuntEnd::Whole => say::N_MARKED_SURE,
        HuntEnd::Left => say::N_SURE_LEFT,
        HuntEnd::Full => say::N_SURE_FULL,
    };
    let of = hunt.of.map_or_else(|| "?".to_owned(), |of| of.to_string());
    let values = [
        ("sure", hunt.sure.to_string()),
        ("looked", hunt.looked.to_string()),
        ("of", of),
        ("marks", marks.to_string()),
        ("most", MOST_MARKS.to_string()),
    ];
    let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
    text.with(lang, &values)
}

/// Whether a notice is good, bad, or neither.
pub fn mood(notice: &Notice) -> Option<bool> {
    match notice {
        Notice::Done { not, .. } => Some(not.is_none()),
        Notice::Both { not, .. } => Some(not.is_none()),
        Notice::Registered(_)
        | Notice::Copied
        | Notice::Revealed { .. }
        | Notice::HandedOver(_) => Some(true),
        Notice::Sorted(_)
        | Notice::Masked(_)
        | Notice::DraftKept
        | Notice::DraftRestored
        | Notice::DraftsFound(_)
        | Notice::Marked(_)
        | Notice::MarkedSure { .. }
        | Notice::UnderWay { .. }
        | Notice::OnlySure { .. }
        | Notice::FileFirst
        | Notice::YoursOnly(_)
        | Notice::Cited { .. }
        | Notice::ChangedElsewhere => None,
        Notice::Refused { .. }
        | Notice::NoPrecedent
        | Notice::AllCited
        | Notice::NotFound(_)
        | Notice::Failed(_)
        | Notice::ReadOnly
        | Notice::NoTicket
        | Notice::NothingToUndo
        | Notice::ImeOn
        | Notice::PasteIgnored
        | Notice::NotUtf8
        | Notice::Filter(_)
        | Notice::TooLongToCopy
        | Notice::NoShell
        | Notice::ChooseFirst
        | Notice::StillChecking
        | Notice::NoneAllowed
        | Notice::Field(_)
        | Notice::NoSuchKey(_)
        | Notice::NotHere(_)
        | Notice::NoLaterPeriod
        | Notice::StillComputing
        | Notice::NothingBehind
        | Notice::Shift(_)
        | Notice::NoSuggestion => Some(false),
    }
}

/// What the status line says.
pub fn notice(model: &Model, notice: &Notice) -> String {
    let lang = lang(model);
    let plain = |text: Text| text.of(lang).to_owned();
    match notice {
        Notice::Refused { no, refusal: r } => {
            let said = worded(model, r).line(lang);
            match no {
                Some(no) => format!("{no} {said}"),
                None => said,
            }
        }
        Notice::Done {
            act,
            only,
            done,
            not,
            department: to,
            moved,
            undo,
            undone,
            filed,
        } => {
            let act = words::act(*act).of(lang);
            let values = [
                ("act", act),
                ("no", only.as_deref().unwrap_or_default()),
                ("n", &done.to_string()),
            ];
            let text = match (only, undone) {
                (Some(_), true) => say::N_UNDONE_ONE,
                (None, true) => say::N_UNDONE_MANY,
                (Some(_), false) => say::N_DONE_ONE,
                (None, false) => say::N_DONE_MANY,
            };
            let mut said = text.with(lang, &values);
            if let Some(to) = to {
                let name = department(model, to);
                said.push_str(&say::N_TO.with(lang, &[("department", &name)]));
            }
            if let Some(moved) = moved {
                said.push_str(&deadline_moved(model, *moved));
            }
            if *filed > 0 {
                said.push_str(&say::N_STAYS_FILED.with(lang, &[("n", &filed.to_string())]));
            }
            if let Some((n, no, why)) = not {
                let why = problem(model, why);
                let values = [("n", n.to_string()), ("no", no.clone()), ("why", why)];
                let values: Vec<(&str, &str)> =
                    values.iter().map(|(k, v)| (*k, v.as_str())).collect();
                said.push_str(&say::N_NOT.with(lang, &values));
            }
            if *undo {
                let again = if *undone {
                    say::N_UNDO_REST
                } else {
                    say::N_UNDO
                };
                said.push_str(again.of(lang));
            }
            said
        }
        Notice::Both { .. } => both(model, notice),
        Notice::Revealed { no, seconds } => {
            say::N_REVEALED.with(lang, &[("no", no), ("n", &seconds.to_string())])
        }
        Notice::FileFirst => plain(say::N_FILE_FIRST),
        Notice::Registered(no) => say::N_REGISTERED.with(lang, &[("no", no)]),
        Notice::NotFound(no) => say::N_NOT_FOUND.with(lang, &[("no", no)]),
        Notice::Failed(failed) => failure(failed, lang),
        Notice::ReadOnly => plain(say::N_READ_ONLY),
        Notice::NoTicket => plain(say::N_NO_TICKET),
        Notice::NothingToUndo => plain(say::N_NOTHING_TO_UNDO),
        Notice::ImeOn => plain(say::N_IME),
        Notice::PasteIgnored => plain(say::N_PASTE),
        Notice::NotUtf8 => plain(say::N_NOT_UTF8),
        Notice::Sorted(sort) => say::N_SORTED.with(lang, &[("sort", words::sort(*sort).of(lang))]),
        Notice::Masked(true) => plain(say::N_MASKED),
        Notice::Masked(false) => plain(say::N_UNMASKED),
        Notice::Filter(error) => {
            let text = match error.problem {
                FilterProblem::UnknownField => say::N_FILTER_FIELD,
                FilterProblem::UnknownValue => say::N_FILTER_VALUE,
                FilterProblem::NoValue => say::N_FILTER_EMPTY,
            };
            text.with(lang, &[("term", &error.term)])
        }
        Notice::Copied => plain(say::N_COPIED),
        Notice::TooLongToCopy => plain(say::N_TOO_LONG),
        Notice::NoShell => plain(say::N_NO_SHELL),
        Notice::ChooseFirst => plain(say::N_CHOOSE),
        Notice::StillChecking => plain(say::N_CHECKING),
        Notice::NoneAllowed => plain(say::N_NONE_ALLOWED),
        Notice::DraftKept => plain(say::N_DRAFT_KEPT),
        Notice::DraftRestored => plain(say::N_DRAFT_RESTORED),
        Notice::DraftsFound(n) => say::N_DRAFTS_FOUND.with(lang, &[("n", &n.to_string())]),
        Notice::Field(fault) => {
            let text = if fault.missing {
                say::N_FIELD_MISSING
            } else {
                say::N_FIELD_WRONG
            };
            text.with(lang, &[("field", field_name(fault.field).of(lang))])
        }
        Notice::NoSuchKey(chord) => say::N_NO_KEY.with(lang, &[("key", &key(*chord))]),
        Notice::NoSuggestion => plain(say::N_NO_SUGGESTION),
        Notice::Marked(n) => say::MARKED.with(lang, &[("n", &n.to_string())]),
        Notice::MarkedSure { hunt, end, marks } => marked_sure(*hunt, *end, *marks, lang),
        Notice::UnderWay { done, of } => {
            let (done, of) = (done.to_string(), of.to_string());
            say::N_UNDER_WAY.with(lang, &[("done", &done), ("of", &of)])
        }
        Notice::NoPrecedent => plain(say::NO_PRECEDENT),
        Notice::AllCited => plain(say::N_ALL_CITED),
        Notice::Cited { field, public } => {
            let text = if *public {
                say::N_CITED_PUBLIC
            } else {
                say::N_CITED
            };
            text.with(lang, &[("field", field_name(*field).of(lang))])
        }
        Notice::OnlySure { sure, left } => say::N_ONLY_SURE.with(
            lang,
            &[("sure", &sure.to_string()), ("left", &left.to_string())],
        ),
        Notice::ChangedElsewhere => plain(say::N_CHANGED),
        Notice::NotHere(view) => not_here(*view, lang),
        Notice::NoLaterPeriod => plain(say::N_NO_LATER),
        Notice::StillComputing => plain(say::N_COMPUTING),
        Notice::NothingBehind => plain(say::N_NOTHING_BEHIND),
        Notice::YoursOnly(n) => say::N_YOURS_ONLY.with(lang, &[("n", &n.to_string())]),
        Notice::HandedOver(signed) => {
            let text = match signed.confirmed_at {
                Some(_) => say::N_TAKEN_OVER,
                None => say::N_HANDED_OVER,
            };
            let (from, to) = (&signed.from, &signed.to);
            let values = [
                ("from", model.rules.person(from)),
                ("to", model.rules.person(to)),
            ];
            text.with(lang, &values)
        }
        Notice::Shift(refusal) => shift_refusal(model, refusal).join(match lang {
            Lang::Zh => "；",
            Lang::En => "; ",
        }),
    }
}

/// A deadline that an act has moved: the last days before and now.
fn deadline_moved(model: &Model, moved: Moved) -> String {
    let day = |at: Option<Instant>| at.map_or_else(|| "—".to_owned(), |at| last_day(model, at));
    let (from, to) = (day(moved.from), day(moved.to));
    say::N_MOVED.with(lang(model), &[("from", &from), ("to", &to)])
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

/// A key that belongs to the screen of another view.
fn not_here(view: View, lang: Lang) -> String {
    let at = View::ALL.iter().position(|v| *v == view).unwrap_or(0) + 1;
    let values = [
        ("key", &*at.to_string()),
        ("view", words::view(view).of(lang)),
    ];
    say::N_NOT_HERE.with(lang, &values)
}

/// Why a shift was not signed over or taken: what was not done, why, what to do next.
fn shift_refusal(model: &Model, refusal: &ShiftRefusal) -> [String; 3] {
    let operator = refusal.operator().map(|code| model.rules.person(code));
    let values = [("operator", operator.unwrap_or_default())];
    let (what, why, next) = handover::refused(refusal);
    [what, why, next].map(|text| text.with(lang(model), &values))
}

/// Two acts in a row in one line.
fn both(model: &Model, notice: &Notice) -> String {
    let lang = lang(model);
    let Notice::Both {
        no,
        first,
        act,
        department: to,
        not,
        undo,
    } = notice
    else {
        return String::new();
    };
    let mut said = match first {
        None => say::N_REGISTERED.with(lang, &[("no", no)]),
        Some(first) => {
            say::N_DONE_ONE.with(lang, &[("act", words::act(*first).of(lang)), ("no", no)])
        }
    };
    let act = words::act(*act).of(lang);
    if let Some(why) = not {
        let why = problem(model, why);
        said.push_str(&say::N_BUT_NOT.with(lang, &[("act", act), ("why", &why)]));
    } else {
        said.push_str(&say::N_AND.with(lang, &[("act", act)]));
        if let Some(to) = to {
            let name = department(model, to);
            said.push_str(&say::N_TO.with(lang, &[("department", &name)]));
        }
    }
    if *undo {
        said.push_str(say::N_UNDO.of(lang));
    }
    said
}

/// A key as it is shown.
pub fn key(chord: Chord) -> String {
    chord.to_string()
}

/// The name of a field.
pub fn field_name(id: FieldId) -> Text {
    match id {
        FieldId::Decision => field::DECISION,
        FieldId::Kind => field::KIND,
        FieldId::Lead => field::LEAD,
        FieldId::Assisting => field::ASSISTING,
        FieldId::Fallback => field::FALLBACK,
        FieldId::Ground => field::GROUND,
        FieldId::Suggested => field::SUGGESTED,
        FieldId::Units => field::UNITS,
        FieldId::Until => field::UNTIL,
        FieldId::HeldOn => field::HELD_ON,
        FieldId::Measures => field::MEASURES,
        FieldId::Text => field::TEXT,
        FieldId::Contacted => field::CONTACTED,
        FieldId::Solved => field::SOLVED,
        FieldId::Note => field::NOTE,
        FieldId::Answer => field::ANSWER,
        FieldId::About => field::ABOUT,
        FieldId::Outcome => field::OUTCOME,
        FieldId::Rating => field::RATING,
        FieldId::Master => field::MASTER,
        FieldId::Confidential => field::CONFIDENTIAL,
        FieldId::Urgency => field::URGENCY,
        FieldId::Nature => field::NATURE,
        FieldId::Class => field::CLASS,
        FieldId::Category => field::CATEGORY,
        FieldId::Street => field::STREET,
        FieldId::Community => field::COMMUNITY,
        FieldId::AddressUnknown => field::ADDRESS_UNKNOWN,
        FieldId::Effective => field::EFFECTIVE,
        FieldId::Source => field::SOURCE,
        FieldId::Title => field::TITLE,
        FieldId::Content => field::CONTENT,
        FieldId::Address => field::ADDRESS,
        FieldId::Name => field::NAME,
        FieldId::Phone => field::PHONE,
        FieldId::Next => field::NEXT,
        FieldId::Taker => field::TAKER,
        FieldId::Leaving => field::LEAVING,
        FieldId::Tags => field::TAGS,
    }
}

/// A precedent in a line: what it is, how like, its number, where it went, what it teaches.
pub fn precedent(model: &Model, found: &Precedent) -> String {
    let lang = lang(model);
    let like = found.percent.map(|p| format!(" {p}%")).unwrap_or_default();
    let lead = found.lead.as_deref().map(|code| department(model, code));
    format!(
        "{}{like} {} {}  {}",
        words::precedent(found.kind).of(lang),
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
        SimilarWhy::Hours(hours) => say::ALIKE_HOURS.with(lang, &[("hours", &hours.to_string())]),
    };
    let all: Vec<String> = why.iter().map(word).collect();
    all.join(match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    })
}

/// The name of a value to choose.
pub fn choice(id: FieldId, choice: &Choice, lang: Lang) -> String {
    if let Some(names) = &choice.name {
        return names[lang as usize].clone();
    }
    let code = choice.value.as_str();
    let word = match id {
        FieldId::Next => Some(match code {
            "answer" => field::NEXT_ANSWER,
            "refuse" => field::NEXT_REFUSE,
            _ => field::NEXT_REGISTER,
        }),
        FieldId::Decision if code == "grant" => Some(field::GRANT),
        FieldId::Decision => Some(field::DECLINE),
        FieldId::Kind => ApplicationKind::ALL
            .into_iter()
            .find(|k| k.code() == code)
            .map(words::application),
        FieldId::Outcome => CallOutcome::from_code(code).map(words::outcome),
        FieldId::Rating => Rating::from_code(code).map(words::rating),
        FieldId::Urgency => Urgency::from_code(code).map(words::urgency),
        FieldId::Nature => Nature::from_code(code).map(words::nature),
        FieldId::Class => LimitClass::from_code(code).map(words::limit_class),
        _ => None,
    };
    word.map_or_else(|| code.to_owned(), |w| w.of(lang).to_owned())
}

/// An act in words.
pub fn act(kind: ActKind, lang: Lang) -> &'static str {
    words::act(kind).of(lang)
}

/// Why a command would do nothing now, in short.
pub fn blocked(model: &Model, blocked: &crate::console::app::Blocked) -> String {
    use crate::console::app::Blocked;
    let lang = lang(model);
    match blocked {
        Blocked::Refused(refused) => worded(model, refused).why,
        Blocked::ReadOnly => say::READ_ONLY_MARK.of(lang).to_owned(),
        Blocked::NoTicket => say::ALL_DONE.of(lang).to_owned(),
        Blocked::NotHere(view) => not_here(*view, lang),
        Blocked::Shift(refusal) => {
            let [_, why, _] = shift_refusal(model, refusal);
            why
        }
    }
}
