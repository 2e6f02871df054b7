//! New tickets on their way into the store.
//!
//! Everything a ticket's rows hold is made without the store, so that another thread can do it, and lies in one piece of memory
//! ([`Values`]), so that the thread that writes has little to bind and nothing to clear away. Must not decide anything.
//! Start at [`Fresh::of`]; `settling` writes them.

use super::failure::Failure;
use super::grams;
use super::ledger::{Digest, SHA_256, commitment};
use super::row::{self, Made, NAMES};
use super::search::words;
use super::values::{Blanks, Values};
use crate::domain::code::{self, Code};
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::privacy::Texts;
use crate::domain::ticket::{Marks, Ticket};
use rusqlite::types::ValueRef;
use std::ops::Range;

/// A new ticket with all its first events, ready to be stored.
#[derive(Debug)]
pub struct Fresh {
    /// What its rows hold: [`TICKET`], [`TEXTS`], [`CODE`], then [`ENTRY`] values for each event, then its departments.
    values: Values,
    entries: usize,
    /// What is findable of it.
    pub(super) grams: String,
}

/// The columns of its row: the derived ones, title and facts.
const TICKET: Range<usize> = 0..NAMES.len() + 2;
/// The columns of its texts, without its key.
const TEXTS: Range<usize> = TICKET.end..TICKET.end + 9;
/// The requester's code; nothing for a ticket that has ended.
const CODE: usize = TEXTS.end;
/// How many columns of an event are made here: from `at` to `alg`.
const ENTRY: usize = 10;

/// How wide its rows are, as they are made here.
pub(super) mod width {
    pub(in crate::store) const TICKET: usize = super::TICKET.end;
    pub(in crate::store) const TEXTS: usize = super::TEXTS.end - super::TEXTS.start;
}

impl Fresh {
    /// `events` begin with the registration; `ticket` is what they all make; `marks` are those after the last.
    ///
    /// # Errors
    /// [`Failure`] when the events do not make the ticket.
    pub fn of(
        events: &[Event],
        ticket: &Ticket,
        texts: &Texts,
        marks: Marks,
        at: Instant,
        by: &str,
    ) -> Result<Self, Failure> {
        let blanks = Blanks::default();
        Self::on(&blanks, events, ticket, texts, marks, (at, by))
    }

    /// The same, in memory that goes back to `blanks` when the ticket is stored.
    ///
    /// # Errors
    /// As for [`Fresh::of`].
    pub fn on(
        blanks: &Blanks,
        events: &[Event],
        ticket: &Ticket,
        texts: &Texts,
        marks: Marks,
        (at, by): (Instant, &str),
    ) -> Result<Self, Failure> {
        let [first, ..] = events else {
            return Err(Failure::bug("a ticket without an event"));
        };
        let mut fold = Ticket::begin(&ticket.no, first, at)
            .ok_or_else(|| Failure::bug("the first event begins no ticket"))?;
        let mut random = [0; 16 + code::BYTES];
        rustix::rand::getrandom(&mut random, rustix::rand::GetRandomFlags::empty())
            .map_err(std::io::Error::from)?;
        let (salt, secret) = random.split_at(16);

        let mut values = blanks.take();
        let made = Made::of(ticket)?;
        for column in &row::columns(ticket, marks, &made) {
            values.push(row::as_ref(column));
        }
        values.push_text(&texts.title);
        values.push_json(ticket)?;
        push_texts(&mut values, salt, texts)?;
        match secret.try_into() {
            Ok(secret) if ticket.state.is_open() => {
                values.push_text(&Code::of(secret).shown());
            }
            Ok(_) | Err(_) => values.push(ValueRef::Null),
        }
        for (number, event) in events.iter().enumerate() {
            if number > 0 {
                fold.apply(event, at, by);
            }
            let state_hash = if number + 1 < events.len() {
                values.passing(&fold, |facts| row::state_hash(&fold, facts, marks))?
            } else {
                let facts = values.get(TICKET.end - 1).as_bytes();
                row::state_hash(ticket, facts.map_err(rusqlite::Error::from)?, marks)
            };
            let commitment = (number == 0).then(|| commitment(salt, texts));
            push_entry(&mut values, event, (at, by, marks), commitment, state_hash)?;
        }
        if fold != *ticket {
            return Err(Failure::bug("the ticket is not what its events make"));
        }
        for department in super::write::departments(ticket) {
            values.push_text(department);
        }
        Ok(Self {
            values,
            entries: events.len(),
            grams: words(&ticket.no, ticket.external_no.as_deref(), texts, &[]),
        })
    }

    /// A column of its row, by its place among the derived ones.
    pub(super) fn column(&self, place: usize) -> ValueRef<'_> {
        self.values.get(place)
    }

    /// Whether it is still worked on.
    pub(super) fn is_open(&self) -> bool {
        self.column(row::place::IS_OPEN) == ValueRef::Integer(1)
    }

    /// Its row.
    pub(super) fn ticket(&self) -> impl Iterator<Item = ValueRef<'_>> {
        self.values.some(TICKET)
    }

    /// Its texts, from the salt on.
    pub(super) fn texts(&self) -> impl Iterator<Item = ValueRef<'_>> {
        self.values.some(TEXTS)
    }

    /// The requester's code, where it has one.
    pub(super) fn code(&self) -> ValueRef<'_> {
        self.values.get(CODE)
    }

    /// How many events it begins with.
    pub(super) fn entries(&self) -> usize {
        self.entries
    }

    /// One of them, from `at` to `alg`.
    pub(super) fn entry(&self, number: usize) -> impl Iterator<Item = ValueRef<'_>> {
        let from = CODE + 1 + number * ENTRY;
        self.values.some(from..from + ENTRY)
    }

    /// Its departments' codes, lead first.
    pub(super) fn departments(&self) -> impl Iterator<Item = &str> {
        let from = CODE + 1 + self.entries * ENTRY;
        let codes = self.values.some(from..self.values.len());
        codes.filter_map(|code| code.as_str().ok())
    }
}

fn push_texts(values: &mut Values, salt: &[u8], texts: &Texts) -> Result<(), Failure> {
    let requester = &texts.requester;
    let reversed = grams::reversed_digits(&requester.phone);
    values.push(ValueRef::Blob(salt));
    for text in [
        &texts.content,
        &texts.address,
        &requester.name,
        &requester.phone,
    ] {
        values.push_text(text);
    }
    values.push(if reversed.is_empty() {
        ValueRef::Null
    } else {
        ValueRef::Text(reversed.as_bytes())
    });
    values.push_text(&requester.email);
    values.push_text(&requester.address);
    if texts.raw.is_empty() {
        values.push(ValueRef::Null);
        return Ok(());
    }
    values.push_json(&texts.raw)
}

fn push_entry(
    values: &mut Values,
    event: &Event,
    (at, by, marks): (Instant, &str, Marks),
    commitment: Option<Digest>,
    state_hash: Digest,
) -> Result<(), Failure> {
    values.push(ValueRef::Integer(at.0));
    values.push_text(by);
    values.push_text(event.code());
    values.push_json(event)?;
    for mark in [marks.warn_at, marks.due_at, marks.stage_due_at] {
        values.push(mark.map_or(ValueRef::Null, |at| ValueRef::Integer(at.0)));
    }
    values.push(
        commitment
            .as_ref()
            .map_or(ValueRef::Null, |hash| ValueRef::Blob(hash)),
    );
    values.push(ValueRef::Blob(&state_hash));
    values.push(ValueRef::Integer(SHA_256));
    Ok(())
}
