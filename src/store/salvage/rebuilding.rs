//! Tickets as the ledger makes them, where their rows are gone or not what it says.
//!
//! A ticket's number stands in its row alone; but every entry carries the hash of the row it made, number included: of the
//! numbers that nobody bears, the right one is the one that gives this hash. Start at [`Tx::rebuild_tickets`].

use super::super::failure::Failure;
use super::super::marks;
use super::super::natural;
use super::super::row::{self, Made, NAMES, place};
use super::super::write::Tx;
use super::numbers::Unborne;
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::ticket::{Marks, Ticket};
use chrono::{DateTime, Days, NaiveDate};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{ErrorCode, OptionalExtension, params_from_iter};
use std::collections::BTreeSet;

/// An entry about a ticket, as far as a replay needs it.
struct Step {
    at: Instant,
    by: String,
    /// Nothing: its event does not concern the row, or cannot be read.
    event: Option<Event>,
    marks: Marks,
    state_hash: Option<Vec<u8>>,
    /// Whether the entry is as it was hashed.
    is_sound: bool,
}

impl Step {
    /// Whether the entry says that this is the ticket's row after it.
    fn proves(&self, ticket: &Ticket) -> Result<bool, Failure> {
        let facts = row::facts(ticket)?;
        let made = row::state_hash(ticket, facts.as_bytes(), self.marks);
        Ok(self.state_hash.as_deref() == Some(made.as_slice()))
    }

    /// The ticket that the entry begins, where it proves that this is its number.
    fn begins(&self, no: &str) -> Result<Option<Ticket>, Failure> {
        let event = self.event.as_ref();
        match event.and_then(|event| Ticket::begin(no, event, self.at)) {
            Some(ticket) if self.proves(&ticket)? => Ok(Some(ticket)),
            _ => Ok(None),
        }
    }
}

/// So many rows are looked at whose keys are none of the ledger's.
const STRAYS: i64 = 100;

/// A ticket's row as it is stored.
struct Stored {
    no: String,
    facts: String,
    columns: Vec<Value>,
}

impl Stored {
    fn ticket(&self) -> Option<Ticket> {
        serde_json::from_str(&self.facts).ok()
    }

    /// Its number, as its facts have it.
    fn facts_no(&self) -> Option<String> {
        self.ticket().map(|ticket| ticket.no)
    }

    /// Its version, where the row says the same of it in both places.
    fn version(&self) -> Option<u32> {
        let facts = self.ticket()?;
        let column = &self.columns[place::VERSION];
        (*column == Value::Integer(i64::from(facts.version))).then_some(facts.version)
    }
}

/// What came of making a ticket's row.
enum Rebuild {
    /// It is what the ledger proves now.
    Made,
    /// It was so already, or the ledger proves nothing.
    Kept,
    /// The number that the ledger proves is not found yet.
    Unproven,
}

impl Tx<'_> {
    /// Makes the rows that the ledger proves to be gone or false; how many. What it does not prove stays as it is.
    pub(super) fn rebuild_tickets(&self) -> Result<u64, Failure> {
        let moved = self.bring_strays_home()?;
        let ids = self
            .conn
            .prepare("SELECT id FROM ticket UNION SELECT ticket_id FROM event WHERE ticket_id IS NOT NULL")?
            .query_map([], |row| row.get::<_, i64>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        let missing = self.conn.query_row(
            "SELECT count(DISTINCT ticket_id) FROM event WHERE ticket_id NOT IN (SELECT id FROM ticket)",
            [],
            |row| natural(row, 0),
        )?;
        let mut unborne = Unborne::new(missing);
        let mut rebuilt = moved;
        let mut left = ids;
        // A number that one ticket bears by mistake is another's, which is found once it is free.
        loop {
            let before = rebuilt;
            let mut unproven = Vec::new();
            for id in left {
                match self.rebuild(id, &mut unborne)? {
                    Rebuild::Made => rebuilt += 1,
                    Rebuild::Kept => {}
                    Rebuild::Unproven => unproven.push(id),
                }
            }
            if rebuilt == before || unproven.is_empty() {
                return Ok(rebuilt);
            }
            left = unproven;
        }
    }

    /// Rows whose keys are none of the ledger's get the key of the ticket whose first entry proves their number; how many.
    fn bring_strays_home(&self) -> Result<u64, Failure> {
        let strays = self
            .conn
            .prepare(
                "SELECT id, no FROM ticket \
                 WHERE id NOT IN (SELECT ticket_id FROM event WHERE ticket_id IS NOT NULL) LIMIT ?",
            )?
            .query_map([STRAYS], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<Vec<(i64, String)>, _>>()?;
        if strays.is_empty() {
            return Ok(0);
        }
        let mut missing = self
            .conn
            .prepare(
                "SELECT DISTINCT ticket_id FROM event \
                 WHERE ticket_id IS NOT NULL AND ticket_id NOT IN (SELECT id FROM ticket)",
            )?
            .query_map([], |row| row.get(0))?
            .collect::<Result<BTreeSet<i64>, _>>()?;
        let mut moved = 0;
        for (stray, no) in strays {
            for id in missing.clone() {
                let steps = self.steps(id)?;
                let Some(first) = steps.first() else { continue };
                if first.is_sound && first.begins(&no)?.is_some() {
                    self.conn
                        .execute("UPDATE ticket SET id = ? WHERE id = ?", [id, stray])?;
                    missing.remove(&id);
                    moved += 1;
                    break;
                }
            }
        }
        Ok(moved)
    }

    /// Makes one ticket's row, where the ledger proves another than the stored one.
    fn rebuild(&self, id: i64, unborne: &mut Unborne) -> Result<Rebuild, Failure> {
        let steps = self.steps(id)?;
        let stored = self.stored(id)?;
        let Some(first) = steps.first() else {
            return Ok(Rebuild::Kept);
        };
        let Some(mut ticket) = self.begun(first, stored.as_ref(), unborne)? else {
            return Ok(Rebuild::Unproven);
        };
        let mut last = first;
        for step in &steps[1..] {
            if let Some(event) = &step.event {
                ticket.apply(event, step.at, &step.by);
            }
            last = step;
        }
        let facts = row::facts(&ticket)?;
        let made = Made::of(&ticket)?;
        let columns = row::columns(&ticket, last.marks, &made);
        let Some(stored) = stored else {
            let made = self.insert_row(id, &facts, &columns);
            return Ok(unless_borne(made)?);
        };
        let is_so = stored.facts == facts
            && (stored.columns.iter().map(ValueRef::from)).eq(columns.iter().map(row::as_ref));
        // A row that is further than its entries knows of some that are gone, if it is this ticket's.
        let is_own = stored.facts_no().as_deref() == Some(ticket.no.as_str());
        let is_further = is_own && stored.version() > Some(ticket.version);
        if is_so || is_further || !last.is_sound || !last.proves(&ticket)? {
            return Ok(Rebuild::Kept);
        }
        let made = unless_borne(self.overwrite_row(id, &facts, &columns))?;
        if matches!(made, Rebuild::Made) && stored.no != ticket.no {
            unborne.release(&stored.no);
            if !is_own {
                // The row was another ticket's, and so is its title.
                self.conn
                    .prepare_cached("UPDATE ticket SET title = '' WHERE id = ?")?
                    .execute([id])?;
            }
        }
        Ok(made)
    }

    /// The ticket that an entry begins, under the number the entry proves: the stored one, or one that nobody bears.
    fn begun(
        &self,
        first: &Step,
        stored: Option<&Stored>,
        unborne: &mut Unborne,
    ) -> Result<Option<Ticket>, Failure> {
        if let Some(stored) = stored
            && let Some(ticket) = first.begins(&stored.no)?
        {
            return Ok(Some(ticket));
        }
        let Some(Event::Registered(facts)) = &first.event else {
            return Ok(None);
        };
        for day in days_around(facts.created_at) {
            if let Some(ticket) = unborne.find(self, day, |no| first.begins(no))? {
                return Ok(Some(ticket));
            }
        }
        Ok(None)
    }

    /// A ticket's entries, in their order.
    fn steps(&self, id: i64) -> Result<Vec<Step>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT at, by, kind, data, warn_at, due_at, stage_due_at, state_hash, \
             hash = fenbo_event_hash(prev, seq, ticket_id, at, by, kind, data, warn_at, due_at, stage_due_at, \
             commitment, state_hash, alg) FROM event WHERE ticket_id = ? ORDER BY seq",
        )?;
        let mut rows = statement.query([id])?;
        let mut steps = Vec::new();
        while let Some(row) = rows.next()? {
            let (code, data): (String, String) = (row.get(2)?, row.get(3)?);
            let event = serde_json::from_str::<Event>(&data).ok();
            steps.push(Step {
                at: Instant(row.get(0)?),
                by: row.get(1)?,
                event: event.filter(|event| event.code() == code),
                marks: marks(row, 4)?,
                state_hash: row.get(7)?,
                is_sound: row.get(8)?,
            });
        }
        Ok(steps)
    }

    fn stored(&self, id: i64) -> Result<Option<Stored>, Failure> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT facts, {} FROM ticket WHERE id = ?",
            NAMES.join(", ")
        ))?;
        let found = statement.query_row([id], |row| {
            let columns = (1..=NAMES.len()).map(|at| row.get::<_, Value>(at));
            Ok(Stored {
                no: row.get(1)?,
                facts: row.get(0)?,
                columns: columns.collect::<Result<_, _>>()?,
            })
        });
        Ok(found.optional()?)
    }

    fn insert_row(
        &self,
        id: i64,
        facts: &str,
        columns: &[ToSqlOutput<'_>],
    ) -> Result<(), rusqlite::Error> {
        let marks = "?, ".repeat(NAMES.len());
        self.conn
            .prepare_cached(&format!(
                "INSERT INTO ticket ({}, title, facts, id) VALUES ({marks}'', ?, ?)",
                NAMES.join(", ")
            ))?
            .execute(params_from_iter(bound(id, facts, columns)))?;
        Ok(())
    }

    fn overwrite_row(
        &self,
        id: i64,
        facts: &str,
        columns: &[ToSqlOutput<'_>],
    ) -> Result<(), rusqlite::Error> {
        self.conn
            .prepare_cached(&format!(
                "UPDATE ticket SET {} = ?, facts = ? WHERE id = ?",
                NAMES.join(" = ?, ")
            ))?
            .execute(params_from_iter(bound(id, facts, columns)))?;
        Ok(())
    }
}

/// What came of writing a row: a number that another ticket bears may be free later.
fn unless_borne(written: Result<(), rusqlite::Error>) -> Result<Rebuild, rusqlite::Error> {
    match written {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Ok(Rebuild::Unproven)
        }
        written => written.map(|()| Rebuild::Made),
    }
}

/// What a row is written with: its columns, its facts, its key.
fn bound<'a>(
    id: i64,
    facts: &'a str,
    columns: &'a [ToSqlOutput<'_>],
) -> impl Iterator<Item = ToSqlOutput<'a>> {
    let rest = [ValueRef::Text(facts.as_bytes()), ValueRef::Integer(id)];
    (columns.iter().map(row::as_ref))
        .chain(rest)
        .map(ToSqlOutput::Borrowed)
}

/// The days on which it may have been at a moment, wherever on earth the centre lies; China's first.
fn days_around(at: Instant) -> Vec<NaiveDate> {
    const CHINA: i64 = 8 * 3_600;
    let Some(moment) = DateTime::from_timestamp(at.0.saturating_add(CHINA), 0) else {
        return Vec::new();
    };
    let day = moment.date_naive();
    let beside = [
        day.checked_sub_days(Days::new(1)),
        day.checked_add_days(Days::new(1)),
    ];
    std::iter::once(day)
        .chain(beside.into_iter().flatten())
        .collect()
}
