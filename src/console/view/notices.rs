//! What the status line says, and why a command would do nothing.
//!
//! Must not decide anything: a notice is what `app` says, put in words. Start at [`notice`].

use super::{labels, words};
use crate::console::app::Model;
use crate::console::app::marking::MOST_MARKS;
use crate::console::app::msg::{Blocked, Both, Done, Failure, Moved, Notice, Problem};
use crate::console::app::sending::Lasting;
use crate::console::app::sure::{Hunt, HuntEnd};
use crate::domain::filter::FilterProblem;
use crate::domain::instant::Instant;
use crate::domain::queue::View;
use crate::domain::refusal::Refusal;
use crate::domain::shift::ShiftRefusal;
use crate::i18n::console as say;
use crate::i18n::refusals::{Sentence, refusal};
use crate::i18n::{Lang, Text, handover, words as terms};

/// A refusal in words, with people's names.
fn worded(model: &Model, refused: &Refusal) -> Sentence {
    let mut refused = refused.clone();
    if let Refusal::Stale { by, .. }
    | Refusal::NotYourDispatch { by }
    | Refusal::ClaimedBy { by, .. } = &mut refused
    {
        *by = words::person(model, by).to_owned();
    }
    refusal(&refused, words::lang(model), words::zone(model), &|code| {
        words::department(model, code)
    })
}

/// A refusal, without what was not done: for a line that says it already.
pub fn why_not(model: &Model, refused: &Refusal) -> String {
    let said = worded(model, refused);
    [said.why, said.next].join(words::semicolon(words::lang(model)))
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
    let lang = words::lang(model);
    match problem {
        Problem::Refused(refused) => worded(model, refused).why,
        Problem::NotFound => say::N_NOT_FOUND.with(lang, &[("no", "")]),
        Problem::Failed(failed) => failed.why[lang as usize].clone(),
    }
}

/// How far the search for the sure has come, or what it came to.
fn marked_sure(model: &Model, hunt: Hunt, end: HuntEnd, marks: usize) -> String {
    // What the selected ticket's suggestions rest on is what all rest on.
    let suggested = model.queue.selected().map(|row| &row.no);
    let suggested = suggested.and_then(|no| model.suggestions.get(no));
    let little = suggested.and_then(|suggested| suggested.little);
    let text = match end {
        HuntEnd::UnderWay => say::N_LOOKING_FOR_SURE,
        HuntEnd::Whole if hunt.sure == 0 && little.is_some() => say::N_NONE_SURE_YET,
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
        ("n", little.unwrap_or_default().to_string()),
    ];
    let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
    text.with(words::lang(model), &values)
}

/// Whether a notice is good, bad, or neither.
pub fn mood(notice: &Notice) -> Option<bool> {
    match notice {
        Notice::Done(done) => Some(done.not.is_none()),
        Notice::Both(both) => Some(both.not.is_none()),
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
        | Notice::MarkedMost(_)
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
        | Notice::Lasting { .. }
        | Notice::NotYetUndone
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
    let lang = words::lang(model);
    let plain = |text: Text| text.of(lang).to_owned();
    match notice {
        Notice::Refused { no, refusal: r } => {
            let said = worded(model, r).line(lang);
            match no {
                Some(no) => format!("{no} {said}"),
                None => said,
            }
        }
        Notice::Done(told) => done(model, told),
        Notice::Both(told) => both(model, told),
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
        Notice::Lasting { last, older } => lasting(*last, older.as_ref(), lang),
        Notice::NotYetUndone => plain(say::N_NOT_YET_UNDONE),
        Notice::ImeOn => plain(say::N_IME),
        Notice::PasteIgnored => plain(say::N_PASTE),
        Notice::NotUtf8 => plain(say::N_NOT_UTF8),
        Notice::Sorted(sort) => say::N_SORTED.with(lang, &[("sort", terms::sort(*sort).of(lang))]),
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
            text.with(lang, &[("field", labels::field(fault.field).of(lang))])
        }
        Notice::NoSuchKey(chord) => say::N_NO_KEY.with(lang, &[("key", &chord.to_string())]),
        Notice::NoSuggestion => plain(say::N_NO_SUGGESTION),
        Notice::Marked(n) => say::MARKED.with(lang, &[("n", &n.to_string())]),
        Notice::MarkedMost(n) => say::N_MARKED_MOST.with(lang, &[("n", &n.to_string())]),
        Notice::MarkedSure { hunt, end, marks } => marked_sure(model, *hunt, *end, *marks),
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
            text.with(lang, &[("field", labels::field(*field).of(lang))])
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
                ("from", words::person(model, from)),
                ("to", words::person(model, to)),
            ];
            text.with(lang, &values)
        }
        Notice::Shift(refusal) => shift_refusal(model, refusal).join(words::semicolon(lang)),
    }
}

/// A deadline that an act has moved: the last days before and now.
fn deadline_moved(model: &Model, moved: Moved) -> String {
    let day =
        |at: Option<Instant>| at.map_or_else(|| "—".to_owned(), |at| words::last_day(model, at));
    let (from, to) = (day(moved.from), day(moved.to));
    say::N_MOVED.with(words::lang(model), &[("from", &from), ("to", &to)])
}

/// A key that belongs to the screen of another view.
fn not_here(view: View, lang: Lang) -> String {
    let at = View::ALL.iter().position(|v| *v == view).unwrap_or(0) + 1;
    let values = [
        ("key", &*at.to_string()),
        ("view", terms::view(view).of(lang)),
    ];
    say::N_NOT_HERE.with(lang, &values)
}

/// Why a shift was not signed over or taken: what was not done, why, what to do next.
fn shift_refusal(model: &Model, refusal: &ShiftRefusal) -> [String; 3] {
    let operator = refusal.operator().map(|code| words::person(model, code));
    let values = [("operator", operator.unwrap_or_default())];
    let (what, why, next) = handover::refused(refusal);
    [what, why, next].map(|text| text.with(words::lang(model), &values))
}

/// What was done to how many, and what was not.
fn done(model: &Model, told: &Done) -> String {
    let lang = words::lang(model);
    let text = match (&told.only, told.undone) {
        (Some(_), true) => say::N_UNDONE_ONE,
        (None, true) => say::N_UNDONE_MANY,
        (Some(_), false) => say::N_DONE_ONE,
        (None, false) => say::N_DONE_MANY,
    };
    let values = [
        ("act", terms::act(told.act).of(lang)),
        ("no", told.only.as_deref().unwrap_or_default()),
        ("n", &told.done.to_string()),
    ];
    let mut said = text.with(lang, &values);
    if let Some(code) = &told.department {
        said.push_str(&goes_to(model, code));
    }
    if let Some(moved) = told.moved {
        said.push_str(&deadline_moved(model, moved));
    }
    if told.filed > 0 {
        said.push_str(&say::N_STAYS_FILED.with(lang, &[("n", &told.filed.to_string())]));
    }
    if let Some((n, no, why)) = &told.not {
        let why = problem(model, why);
        let values = [("n", &*n.to_string()), ("no", no), ("why", &why)];
        said.push_str(&say::N_NOT.with(lang, &values));
    }
    if told.undo {
        let again = if told.undone {
            say::N_UNDO_REST
        } else {
            say::N_UNDO
        };
        said.push_str(again.of(lang));
    }
    said
}

/// That the last thing done stays, and what the key takes back next.
fn lasting(last: Lasting, older: Option<&(String, usize)>, lang: Lang) -> String {
    let act = match last {
        Lasting::Registered => say::REGISTRATION.of(lang),
        Lasting::Act(act) => terms::act(act).of(lang),
    };
    let Some((no, n)) = older else {
        return say::N_LASTING.with(lang, &[("act", act)]);
    };
    let values = [("act", act), ("no", no), ("n", &*n.to_string())];
    let text = if *n == 1 {
        say::N_LASTING_BUT
    } else {
        say::N_LASTING_BUT_MORE
    };
    text.with(lang, &values)
}

/// Two acts in a row in one line: the first was done, the second perhaps not.
fn both(model: &Model, told: &Both) -> String {
    let lang = words::lang(model);
    let no = ("no", &*told.no);
    let mut said = match told.first {
        None => say::N_REGISTERED.with(lang, &[no]),
        Some(first) => say::N_DONE_ONE.with(lang, &[("act", terms::act(first).of(lang)), no]),
    };
    let act = ("act", terms::act(told.act).of(lang));
    if let Some(why) = &told.not {
        let why = problem(model, why);
        said.push_str(&say::N_BUT_NOT.with(lang, &[act, ("why", &why)]));
    } else {
        said.push_str(&say::N_AND.with(lang, &[act]));
        if let Some(code) = &told.department {
            said.push_str(&goes_to(model, code));
        }
    }
    if told.undo {
        said.push_str(say::N_UNDO.of(lang));
    }
    said
}

fn goes_to(model: &Model, code: &str) -> String {
    let name = words::department(model, code);
    say::N_TO.with(words::lang(model), &[("department", &name)])
}

/// Why a command would do nothing now, in short.
pub fn blocked(model: &Model, blocked: &Blocked) -> String {
    let lang = words::lang(model);
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
