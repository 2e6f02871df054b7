//! The columns of a ticket's row: derived from the ticket and its marks here and nowhere else, so that writing,
//! counting and verifying agree.

use super::failure::Failure;
use super::grams;
use super::ledger::{Digest, digest};
use super::levels;
use crate::domain::act::Rating;
use crate::domain::instant::Instant;
use crate::domain::queue::Row;
use crate::domain::ticket::{Claim, LimitClass, Marks, Nature, State, Ticket, Urgency};
use rusqlite::types::{FromSql, ToSqlOutput, ValueRef};
use std::borrow::Cow;
use std::cell::Cell;

/// The key of what has no such instant: it sorts last.
pub(super) const NEVER: i64 = i64::MAX;

/// How many columns are derived.
pub(super) const WIDTH: usize = 52;

/// The derived columns, in the order of [`columns`]. `title` and `id` are not derived.
pub(super) const NAMES: [&str; WIDTH] = [
    "no",
    "reversed_no",
    "version",
    "state",
    "is_open",
    "is_running",
    "is_desk",
    "is_decision",
    "is_review",
    "is_supervised",
    "warn_key",
    "due_key",
    "urgency_key",
    "stage_key",
    "nature",
    "limit_class",
    "urgency",
    "confidential",
    "source",
    "channel",
    "external_no",
    "category1",
    "category2",
    "category3",
    "street",
    "community",
    "lead",
    "assisting",
    "created_at",
    "warn_at",
    "due_at",
    "stage_due_at",
    "closed_at",
    "on_time",
    "claimed_by",
    "claimed_at",
    "returns",
    "urges",
    "merged",
    "pending",
    "supervision_level",
    "redos",
    "dispatches",
    "dispatched_at",
    "replied_at",
    "reworks",
    "rating",
    "contacted",
    "solved",
    "exempt",
    "supplements",
    "false_closure",
];

/// Places of the columns that counting needs; a test holds them against [`NAMES`].
pub(super) mod place {
    pub(in crate::store) const VERSION: usize = 2;
    pub(in crate::store) const STATE: usize = 3;
    pub(in crate::store) const IS_OPEN: usize = 4;
    pub(in crate::store) const IS_RUNNING: usize = 5;
    pub(in crate::store) const IS_DESK: usize = 6;
    pub(in crate::store) const IS_DECISION: usize = 7;
    pub(in crate::store) const IS_REVIEW: usize = 8;
    pub(in crate::store) const IS_SUPERVISED: usize = 9;
    pub(in crate::store) const WARN_KEY: usize = 10;
    pub(in crate::store) const DUE_KEY: usize = 11;
    pub(in crate::store) const SOURCE: usize = 18;
    pub(in crate::store) const EXTERNAL_NO: usize = 20;
    pub(in crate::store) const LEAD: usize = 26;
    pub(in crate::store) const ASSISTING: usize = 27;
    pub(in crate::store) const CREATED_AT: usize = 28;
}

/// Texts that must outlive the columns borrowed from them.
#[derive(Debug)]
pub(super) struct Made {
    reversed_no: String,
    assisting: Option<String>,
}

impl Made {
    /// What is computed as text for a ticket's row.
    pub(super) fn of(ticket: &Ticket) -> Result<Self, Failure> {
        Ok(Self {
            reversed_no: grams::reversed_no(&ticket.no),
            assisting: if ticket.assisting.is_empty() {
                None
            } else {
                Some(serde_json::to_string(&ticket.assisting)?)
            },
        })
    }
}

/// The ticket itself as it is stored.
pub(super) fn facts(ticket: &Ticket) -> Result<String, Failure> {
    Ok(serde_json::to_string(ticket)?)
}

/// The hash of a row: everything the fold makes, and the marks.
pub(super) fn state_hash(ticket: &Ticket, facts: &[u8], marks: Marks) -> Digest {
    let mark = |at: Option<Instant>| at.map_or(ValueRef::Null, |at| ValueRef::Integer(at.0));
    digest(
        b"fenbo-row-v1\0",
        &[],
        [
            ValueRef::Text(ticket.no.as_bytes()),
            mark(marks.warn_at),
            mark(marks.due_at),
            mark(marks.stage_due_at),
            ValueRef::Text(facts),
        ],
    )
}

/// The instant from which a running ticket is yellow or red.
pub(super) fn warn_key(marks: Marks) -> i64 {
    let or_never = |at: Option<Instant>| at.map_or(NEVER, |at| at.0);
    or_never(marks.warn_at).min(or_never(marks.due_at))
}

/// The deadline.
pub(super) fn due_key(marks: Marks) -> i64 {
    marks.due_at.map_or(NEVER, |at| at.0)
}

/// Urgent first, then by deadline; 56 bits hold the deadline.
fn urgency_key(urgency: Urgency, due: Option<Instant>) -> i64 {
    const LAST: i64 = (1 << 56) - 1;
    let rank = match urgency {
        Urgency::Critical => 0,
        Urgency::Urgent => 1,
        Urgency::Normal => 2,
    };
    rank << 56 | due.map_or(LAST, |due| due.0.clamp(0, LAST))
}

fn text(text: &str) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))
}

fn maybe(value: Option<&str>) -> ToSqlOutput<'_> {
    value.map_or(ToSqlOutput::Borrowed(ValueRef::Null), text)
}

fn number(value: i64) -> ToSqlOutput<'static> {
    ToSqlOutput::Borrowed(ValueRef::Integer(value))
}

fn flag(value: bool) -> ToSqlOutput<'static> {
    number(i64::from(value))
}

fn maybe_flag(value: Option<bool>) -> ToSqlOutput<'static> {
    value.map_or(ToSqlOutput::Borrowed(ValueRef::Null), flag)
}

fn instant(at: Option<Instant>) -> ToSqlOutput<'static> {
    at.map_or(ToSqlOutput::Borrowed(ValueRef::Null), |at| number(at.0))
}

/// The derived columns of a ticket, in the order of [`NAMES`].
pub(super) fn columns<'a>(
    ticket: &'a Ticket,
    marks: Marks,
    made: &'a Made,
) -> [ToSqlOutput<'a>; WIDTH] {
    let state = &ticket.state;
    let open = state.is_open();
    let running = state.clock_runs() && *state != State::Suspended;
    let pending = ticket.pending().count();
    let category = |at: usize| maybe(ticket.category.get(at).map(String::as_str));
    [
        text(&ticket.no),
        text(&made.reversed_no),
        number(i64::from(ticket.version)),
        text(state.code()),
        flag(open),
        flag(running),
        flag(matches!(state, State::Registered | State::Filed)),
        flag((pending > 0 && *state != State::Merged) || *state == State::Coordinating),
        flag(matches!(state, State::Replied | State::Callback)),
        flag(open && (ticket.supervision_level > 0 || ticket.supervision_proposed)),
        number(warn_key(marks)),
        number(due_key(marks)),
        number(urgency_key(ticket.urgency, marks.due_at)),
        number(marks.stage_due_at.map_or(NEVER, |at| at.0)),
        maybe(ticket.nature.map(Nature::code)),
        maybe(ticket.limit_class.map(LimitClass::code)),
        text(ticket.urgency.code()),
        flag(ticket.confidential),
        text(&ticket.source),
        text(&ticket.channel),
        maybe(ticket.external_no.as_deref()),
        category(0),
        category(1),
        category(2),
        maybe(ticket.street.as_deref()),
        maybe(ticket.community.as_deref()),
        maybe(ticket.lead.as_deref()),
        maybe(made.assisting.as_deref()),
        number(ticket.created_at.0),
        instant(marks.warn_at),
        instant(marks.due_at),
        instant(marks.stage_due_at),
        instant(ticket.closed_at),
        maybe_flag(ticket.on_time),
        maybe(ticket.claim.as_ref().map(|c| c.by.as_str())),
        instant(ticket.claim.as_ref().map(|c| c.at)),
        number(i64::from(ticket.returns)),
        number(i64::from(ticket.urges)),
        number(ticket.merged.len() as i64),
        number(pending as i64),
        number(i64::from(ticket.supervision_level)),
        number(i64::from(ticket.redos)),
        number(i64::from(ticket.dispatches)),
        instant(ticket.dispatched_at),
        instant(ticket.replied_at),
        number(i64::from(ticket.reworks)),
        maybe(ticket.rating.map(Rating::code)),
        maybe_flag(ticket.contacted),
        maybe_flag(ticket.solved),
        flag(ticket.exempt),
        number(i64::from(ticket.supplements)),
        flag(ticket.false_closure_of.is_some()),
    ]
}

/// A bound value as a reference, whichever way it is held.
pub(super) fn as_ref<'a>(value: &'a ToSqlOutput<'a>) -> ValueRef<'a> {
    match value {
        ToSqlOutput::Borrowed(value) => *value,
        ToSqlOutput::Owned(value) => ValueRef::from(value),
        _ => ValueRef::Null,
    }
}

/// The department codes of a row, lead first, each once.
pub(super) fn departments(
    lead: ValueRef<'_>,
    assisting: ValueRef<'_>,
) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    if let ValueRef::Text(_) = lead {
        all.push(lead.as_str().map_err(rusqlite::Error::from)?.to_owned());
    }
    if let ValueRef::Text(json) = assisting {
        for code in serde_json::from_slice::<Vec<String>>(json)? {
            if !all.contains(&code) {
                all.push(code);
            }
        }
    }
    Ok(all)
}

/// What a list reads, in the order [`shown`] takes it.
pub(super) const SHOWN: &str = "t.id, t.no, t.version, t.state, t.nature, t.limit_class, t.urgency, t.confidential, t.source, \
     t.category1, t.category2, t.category3, t.street, t.community, t.title, t.lead, t.created_at, t.warn_at, t.due_at, \
     t.stage_due_at, t.on_time, t.claimed_by, t.claimed_at, t.returns, t.urges, t.merged, t.pending, t.supervision_level, t.redos, t.supplements, t.false_closure";

/// How many columns [`SHOWN`] names.
pub(super) const SHOWN_WIDTH: usize = 31;

/// A row of the queue from the columns of [`SHOWN`].
///
/// What of it cannot be read costs neither the row nor the others: the title then begins with a `\u{fffd}`, and an act on the
/// ticket, a sweep and `verify` say what is wrong.
pub(super) fn shown(row: &rusqlite::Row<'_>) -> Row {
    let row = Lenient::of(row);
    let code = |at: usize| row.text(at);
    let category = row.value(levels(row.row, 9));
    let title = row.text(14).unwrap_or_default();
    let title = if title.is_empty() {
        category.last().cloned().unwrap_or_default()
    } else {
        title
    };
    let claimed_at = row.value(super::instant(row.row, 22));
    let mut shown = Row {
        id: row.get(0),
        no: row.text(1).unwrap_or_default(),
        version: row.get(2),
        state: State::from(row.text(3).unwrap_or_default()),
        nature: code(4).as_deref().and_then(Nature::from_code),
        limit_class: code(5).as_deref().and_then(LimitClass::from_code),
        urgency: code(6)
            .as_deref()
            .and_then(Urgency::from_code)
            .unwrap_or(Urgency::Normal),
        confidential: row.get(7),
        source: row.text(8).unwrap_or_default(),
        category,
        street: row.text(12),
        community: row.text(13),
        title,
        lead: row.text(15),
        created_at: Instant(row.get(16)),
        marks: row.value(super::marks(row.row, 17)),
        on_time: row.get(20),
        claim: row
            .text(21)
            .zip(claimed_at)
            .map(|(by, at)| Claim { by, at }),
        returns: row.get(23),
        urges: row.get(24),
        merged: row.get(25),
        pending: row.get(26),
        supervision_level: row.get(27),
        redos: row.get(28),
        supplements: row.get(29),
        false_closure: row.get(30),
    };
    if row.hurt.get() {
        shown.title.insert(0, char::REPLACEMENT_CHARACTER);
    }
    shown
}

/// A row of which is taken what can be read.
struct Lenient<'a, 's> {
    row: &'a rusqlite::Row<'s>,
    /// Whether something could not be.
    hurt: Cell<bool>,
}

impl<'a, 's> Lenient<'a, 's> {
    fn of(row: &'a rusqlite::Row<'s>) -> Self {
        let hurt = Cell::new(false);
        Self { row, hurt }
    }

    fn value<T: Default>(&self, read: rusqlite::Result<T>) -> T {
        read.unwrap_or_else(|_| {
            self.hurt.set(true);
            T::default()
        })
    }

    fn get<T: Default + FromSql>(&self, at: usize) -> T {
        self.value(self.row.get(at))
    }

    /// A text; in place of bytes that are none stand `\u{fffd}`.
    fn text(&self, at: usize) -> Option<String> {
        match self.value(self.row.get_ref(at).map(Some))? {
            ValueRef::Text(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                self.hurt
                    .set(self.hurt.get() || matches!(text, Cow::Owned(_)));
                Some(text.into_owned())
            }
            ValueRef::Null => None,
            ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
                self.hurt.set(true);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_names() {
        for (at, name) in [
            (place::VERSION, "version"),
            (place::STATE, "state"),
            (place::IS_OPEN, "is_open"),
            (place::IS_RUNNING, "is_running"),
            (place::IS_DESK, "is_desk"),
            (place::IS_DECISION, "is_decision"),
            (place::IS_REVIEW, "is_review"),
            (place::IS_SUPERVISED, "is_supervised"),
            (place::WARN_KEY, "warn_key"),
            (place::DUE_KEY, "due_key"),
            (place::SOURCE, "source"),
            (place::EXTERNAL_NO, "external_no"),
            (place::LEAD, "lead"),
            (place::ASSISTING, "assisting"),
            (place::CREATED_AT, "created_at"),
        ] {
            assert_eq!(NAMES[at], name);
        }
        assert_eq!(SHOWN.split(',').count(), SHOWN_WIDTH);
    }

    #[test]
    fn urgency_comes_before_the_deadline() {
        let soon = Some(Instant(10));
        assert!(urgency_key(Urgency::Critical, None) < urgency_key(Urgency::Urgent, soon));
        assert!(urgency_key(Urgency::Normal, soon) < urgency_key(Urgency::Normal, None));
    }
}
