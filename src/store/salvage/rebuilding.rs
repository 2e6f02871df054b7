//! Tickets and operators as the ledger makes them, where their rows are gone or not what it says.
//!
//! A ticket's number stands in its row alone; but every entry carries the hash of the row it made, number included: of the
//! numbers that nobody bears, the right one is the one that gives this hash. Start at [`Tx::rebuild_tickets`].

use super::super::failure::Failure;
use super::super::ledger::kind;
use super::super::marks;
use super::super::row::{self, Made, NAMES};
use super::super::write::Tx;
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use crate::domain::ticket::{Marks, Ticket};
use chrono::{DateTime, Days, NaiveDate};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{OptionalExtension, params_from_iter};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An entry about a ticket, as far as a replay needs it.
struct Step {
    at: Instant,
    by: String,
    /// Nothing: its event does not concern the row, or cannot be read.
    event: Option<Event>,
    marks: Marks,
    state_hash: Option<Vec<u8>>,
}

impl Step {
    /// Whether the entry says that this is the ticket's row after it.
    fn proves(&self, ticket: &Ticket) -> Result<bool, Failure> {
        let facts = row::facts(ticket)?;
        let made = row::state_hash(ticket, facts.as_bytes(), self.marks);
        Ok(self.state_hash.as_deref() == Some(made.as_slice()))
    }
}

/// A ticket's row as it is stored.
struct Stored {
    no: String,
    facts: String,
    columns: Vec<Value>,
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

/// Numbers that no ticket bears.
struct Unborne {
    /// How many tickets have lost theirs.
    missing: u64,
    /// The ordinals of each day that was asked for.
    days: HashMap<NaiveDate, BTreeSet<u64>>,
}

impl Unborne {
    /// The ordinals of a day: up to the last one given, and some more where that is not known.
    fn of(&mut self, tx: &Tx<'_>, day: NaiveDate) -> Result<&mut BTreeSet<u64>, Failure> {
        match self.days.entry(day) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => Ok(new.insert(unborne_of(tx, day, self.missing)?)),
        }
    }

    /// A number that its ticket turned out not to bear.
    fn release(&mut self, no: &str) {
        let parsed = no.split_once('-').and_then(|(day, ordinal)| {
            let day = NaiveDate::parse_from_str(day, "%Y%m%d").ok()?;
            Some((day, ordinal.parse().ok()?))
        });
        if let Some((day, ordinal)) = parsed
            && let Some(ordinals) = self.days.get_mut(&day)
        {
            ordinals.insert(ordinal);
        }
    }
}

/// The ordinals of a day that no ticket bears, up to the last one given, and `missing` more where that is not known.
fn unborne_of(tx: &Tx<'_>, day: NaiveDate, missing: u64) -> Result<BTreeSet<u64>, Failure> {
    let begins = day.format("%Y%m%d").to_string();
    let given: Option<u64> = tx
        .conn
        .prepare_cached("SELECT last FROM number_sequence WHERE day = ?")?
        .query_row([&begins], |row| super::super::natural(row, 0))
        .optional()?;
    let borne: BTreeSet<u64> = tx
        .conn
        .prepare_cached("SELECT no FROM ticket WHERE no > ?1 || '-' AND no < ?1 || '.'")?
        .query_map([&begins], |row| row.get::<_, String>(0))?
        .filter_map(|no| no.ok()?.rsplit('-').next()?.parse().ok())
        .collect();
    let last = borne.last().copied().unwrap_or(0);
    let last = last.saturating_add(missing).max(given.unwrap_or(0));
    // A damaged sequence must not lead to numbers without end.
    let last = last.min(borne.len() as u64 + missing + TRIED as u64);
    Ok((1..=last).filter(|n| !borne.contains(n)).collect())
}

/// So many numbers of a day are tried for one ticket: numbers rise with the keys, and the first is nearly always right.
const TRIED: usize = 20_000;

impl Tx<'_> {
    /// Makes the rows that the ledger proves to be gone or false; how many. What it does not prove stays as it is.
    pub(super) fn rebuild_tickets(&self) -> Result<u64, Failure> {
        let ids = self
            .conn
            .prepare("SELECT id FROM ticket UNION SELECT ticket_id FROM event WHERE ticket_id IS NOT NULL")?
            .query_map([], |row| row.get::<_, i64>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        let missing = self.conn.query_row(
            "SELECT count(DISTINCT ticket_id) FROM event WHERE ticket_id NOT IN (SELECT id FROM ticket)",
            [],
            |row| super::super::natural(row, 0),
        )?;
        let mut unborne = Unborne {
            missing,
            days: HashMap::new(),
        };
        let mut rebuilt = 0;
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
            self.insert_row(id, &facts, &columns)?;
            return Ok(Rebuild::Made);
        };
        let is_so = stored.facts == facts
            && (stored.columns.iter().map(ValueRef::from)).eq(columns.iter().map(row::as_ref));
        if is_so || !last.proves(&ticket)? {
            return Ok(Rebuild::Kept);
        }
        if stored.no != ticket.no {
            unborne.release(&stored.no);
        }
        self.overwrite_row(id, &facts, &columns)?;
        Ok(Rebuild::Made)
    }

    /// The ticket that an entry begins, under the number the entry proves: the stored one, or one that nobody bears.
    fn begun(
        &self,
        first: &Step,
        stored: Option<&Stored>,
        unborne: &mut Unborne,
    ) -> Result<Option<Ticket>, Failure> {
        let begin = |no: &str| -> Result<Option<Ticket>, Failure> {
            let ticket =
                (first.event.as_ref()).and_then(|event| Ticket::begin(no, event, first.at));
            match ticket {
                Some(ticket) if first.proves(&ticket)? => Ok(Some(ticket)),
                _ => Ok(None),
            }
        };
        if let Some(stored) = stored
            && let Some(ticket) = begin(&stored.no)?
        {
            return Ok(Some(ticket));
        }
        let Some(Event::Registered(facts)) = &first.event else {
            return Ok(None);
        };
        for day in days_around(facts.created_at) {
            let ordinals = unborne.of(self, day)?;
            for ordinal in ordinals.iter().take(TRIED) {
                if let Some(ticket) = begin(&format!("{}-{ordinal:04}", day.format("%Y%m%d")))? {
                    let ordinal = *ordinal;
                    ordinals.remove(&ordinal);
                    return Ok(Some(ticket));
                }
            }
        }
        Ok(None)
    }

    /// A ticket's entries, in their order.
    fn steps(&self, id: i64) -> Result<Vec<Step>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT at, by, kind, data, warn_at, due_at, stage_due_at, state_hash FROM event \
             WHERE ticket_id = ? ORDER BY seq",
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

    fn insert_row(&self, id: i64, facts: &str, columns: &[ToSqlOutput<'_>]) -> Result<(), Failure> {
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
    ) -> Result<(), Failure> {
        self.conn
            .prepare_cached(&format!(
                "UPDATE ticket SET {} = ?, facts = ? WHERE id = ?",
                NAMES.join(" = ?, ")
            ))?
            .execute(params_from_iter(bound(id, facts, columns)))?;
        Ok(())
    }

    /// Brings back the operators whose rows are gone, as the ledger last says of each.
    pub(super) fn restore_operators(&self) -> Result<(), Failure> {
        let mut said = BTreeMap::new();
        let mut statement = self.conn.prepare(
            "SELECT data FROM event WHERE ticket_id IS NULL AND kind IN (?, ?) ORDER BY seq",
        )?;
        let mut rows = statement.query([kind::STORE_CREATED, kind::OPERATOR_CHANGED])?;
        while let Some(row) = rows.next()? {
            if let Ok(operator) = serde_json::from_str::<Operator>(&row.get::<_, String>(0)?) {
                said.insert(operator.code.clone(), operator);
            }
        }
        for operator in said.into_values() {
            self.conn
                .prepare_cached(
                    "INSERT OR IGNORE INTO operator (code, name, roles, department, active) VALUES (?, ?, ?, ?, ?)",
                )?
                .execute(rusqlite::params![
                    operator.code,
                    operator.name,
                    serde_json::to_string(&operator.roles)?,
                    operator.department,
                    operator.active
                ])?;
        }
        Ok(())
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
