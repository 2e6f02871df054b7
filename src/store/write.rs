//! Writing: one immediate transaction around every act, with the ledger, the row, the counts and the search in it.

use super::counts::Tally;
use super::failure::{Conflict, Failure, FailureKind};
use super::fresh::Fresh;
use super::ledger::{self, Digest, Draft};
use super::row::{self, Made, NAMES, place};
use super::{Access, Store, open, schema, search};
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::ticket::{Marks, Ticket};
use chrono::NaiveDate;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params, params_from_iter};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Deref;
use std::sync::LazyLock;

/// A transaction under way. It reads like the [`Store`] it belongs to; counts and search see what it wrote only after the commit.
pub struct Tx<'a> {
    pub(super) store: &'a Store,
    /// The ledger's end, once known.
    pub(super) head: Cell<Option<(i64, Digest)>>,
    /// Counts to change at the commit.
    pub(super) tally: RefCell<Tally>,
    /// Words to index at the commit.
    pub(super) words: RefCell<search::Pending>,
    /// The days of numbers given in this transaction, as the numbers begin, and the last ordinals.
    numbers: RefCell<HashMap<NaiveDate, (String, i64)>>,
    /// How much is written.
    pub(super) pace: Pace,
    /// The greatest key of a ticket, once known.
    pub(super) last_id: Cell<Option<i64>>,
    /// New tickets that wait to be written, with their keys.
    pub(super) fresh: RefCell<Vec<(i64, Fresh)>>,
    /// Statements that insert so many rows into a table, kept at hand: they are long.
    pub(super) inserts: RefCell<Vec<(&'static str, usize, CachedStatement<'a>)>>,
}

/// How much a transaction writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// An act, or some.
    Single,
    /// Thousands of new tickets, which nobody else waits for.
    Many,
}

impl Pace {
    /// Values that one statement may bind.
    pub(super) fn bound(self) -> usize {
        match self {
            Self::Single => 500,
            Self::Many => 2_000,
        }
    }
}

impl Deref for Tx<'_> {
    type Target = Store;
    fn deref(&self) -> &Store {
        self.store
    }
}

/// The setting that says how often [`Store::make_durable`] was asked.
const MADE_DURABLE: &str = "made_durable";

impl Store {
    /// Runs `work` in one immediate transaction: all of it is stored durably, or, when it fails, nothing.
    pub fn write<T, E: From<Failure>>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write_at(Pace::Single, work)
    }

    /// Like [`Store::write`], for thousands of new tickets at once while nobody else has the store open; but the disk is not
    /// waited for: when the power fails, whole transactions may be missing, the last ones, until [`Store::make_durable`].
    ///
    /// Two triggers are lifted until the commit. One would hash every entry a second time; all of them are chained here. For
    /// the sake of the other SQLite would copy each page before it changes it; what it does is done by [`Tx::settle`].
    pub fn write_many<T, E: From<Failure>>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let paced = self.set_pace(Pace::Many).map_err(E::from);
        let done = paced.and_then(|()| {
            self.write_at(Pace::Many, |tx| {
                let guards = lift(&tx.conn, &["event_follows", "sweep_looks_at_new"])?;
                let done = work(tx)?;
                tx.settle()?;
                put_back(&tx.conn, &guards)?;
                Ok(done)
            })
        });
        self.set_pace(Pace::Single)?;
        done
    }

    /// Waits until all that [`Store::write_many`] stored is on the disk: a commit waits for those before it.
    pub fn make_durable(&self) -> Result<(), Failure> {
        // A commit that changes nothing would wait for nothing.
        self.write(|tx| {
            let times = tx.setting(MADE_DURABLE)?;
            let times = times.and_then(|times| times.parse().ok()).unwrap_or(0_u64);
            tx.set_setting(MADE_DURABLE, &times.wrapping_add(1).to_string())
        })
    }

    fn set_pace(&self, pace: Pace) -> Result<(), Failure> {
        let waits = match pace {
            Pace::Single => "FULL",
            Pace::Many => "NORMAL",
        };
        self.conn.pragma_update(None, "synchronous", waits)?;
        // What many new rows refer to is written in the same go, under keys given here.
        let refers = pace == Pace::Single;
        self.conn
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, refers)?;
        self.conn
            .set_limit(Limit::SQLITE_LIMIT_VARIABLE_NUMBER, pace.bound() as i32)?;
        Ok(())
    }

    fn write_at<T, E: From<Failure>>(
        &self,
        pace: Pace,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.begin()?;
        self.carry_through(pace, work)
    }

    /// Like [`Store::write`], but only where nobody else writes just now: what it did, or nothing.
    pub fn write_if_free<T>(
        &mut self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        open::wait_never(&mut self.conn)?;
        let begun = self.begin();
        // Only the beginning can meet another writer.
        let waits = open::wait_fairly(&mut self.conn);
        match begun {
            Ok(()) => {
                let done = waits.and_then(|()| self.carry_through(Pace::Single, work));
                if done.is_err() {
                    self.take_back();
                }
                done.map(Some)
            }
            Err(failure) if matches!(failure.kind, FailureKind::Busy { .. }) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Does the work of a transaction that has begun, and ends it.
    fn carry_through<T, E: From<Failure>>(
        &self,
        pace: Pace,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let tx = Tx::of(self, pace);
        let done = self
            .still_there()
            .and_then(|()| self.same_schema())
            .map_err(E::from)
            .and_then(|()| work(&tx))
            .and_then(|value| {
                tx.finish().map_err(|failure| self.unwritten(failure))?;
                Ok(value)
            });
        if done.is_err() {
            self.take_back();
        }
        done
    }

    /// Does `work` and takes it back, whatever came of it: what it touches is then at hand when it is done in earnest.
    ///
    /// While somebody else writes nothing is done: nobody waits for this, and what goes wrong is for the work itself to tell.
    pub fn rehearse<T, E: From<Failure>>(&mut self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) {
        if open::wait_never(&mut self.conn).is_err() {
            return;
        }
        let begun = self.begin();
        // Only the beginning can meet another writer.
        let waits = open::wait_fairly(&mut self.conn);
        if begun.is_ok() {
            let tx = Tx::of(self, Pace::Single);
            if waits.is_ok() && work(&tx).is_ok() {
                drop(tx.flush());
            }
        }
        self.take_back();
    }

    /// Without a commit nothing is stored in any case: that this fails is nothing to tell.
    fn take_back(&self) {
        if !self.conn.is_autocommit() {
            drop(self.conn.execute_batch("ROLLBACK"));
        }
    }

    /// SQLite says the same of a full disk and of one that the system has made read-only.
    fn unwritten(&self, failure: Failure) -> Failure {
        if failure.kind == FailureKind::Full && open::is_on_read_only_disk(&self.path) {
            return Failure::new(FailureKind::ReadOnly, failure.cause);
        }
        failure
    }

    fn begin(&self) -> Result<(), Failure> {
        if self.access == Access::ReadOnly {
            return Err(Failure::new(
                FailureKind::ReadOnly,
                "the store is open for reading only",
            ));
        }
        if !self.conn.is_autocommit() {
            return Err(Failure::bug("a transaction inside a transaction"));
        }
        match self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([]) {
            Ok(_) => Ok(()),
            Err(error) => Err(match Failure::from(error) {
                Failure {
                    kind: FailureKind::Busy { .. },
                    cause,
                } => Failure::new(
                    FailureKind::Busy {
                        holder: self.lock_holder(),
                    },
                    cause,
                ),
                other => other,
            }),
        }
    }

    /// Somebody may have removed the file: what is written to one without a name is lost with the process.
    fn still_there(&self) -> Result<(), Failure> {
        if self.path.exists() {
            return Ok(());
        }
        Err(Failure::new(
            FailureKind::Missing,
            format!("{} was removed while it was open", self.path.display()),
        ))
    }

    /// A newer program may have migrated the file while this one had it open.
    fn same_schema(&self) -> Result<(), Failure> {
        let found = schema::version(&self.conn)?;
        if found == schema::KNOWN {
            return Ok(());
        }
        Err(Failure::new(
            FailureKind::Newer {
                found,
                known: schema::KNOWN,
            },
            format!("the file has now schema {found}"),
        ))
    }
}

static BEFORE: LazyLock<String> =
    LazyLock::new(|| format!("SELECT id, {} FROM ticket WHERE no = ?", NAMES.join(", ")));

impl<'a> Tx<'a> {
    fn of(store: &'a Store, pace: Pace) -> Self {
        Self {
            store,
            head: Cell::new(None),
            tally: RefCell::default(),
            words: RefCell::default(),
            numbers: RefCell::default(),
            pace,
            last_id: Cell::new(None),
            fresh: RefCell::default(),
            inserts: RefCell::default(),
        }
    }
}

impl Tx<'_> {
    /// Writes what was gathered.
    fn flush(&self) -> Result<(), Failure> {
        self.settle()?;
        self.tally.borrow_mut().flush(&self.conn)?;
        self.keep_numbers()?;
        self.words.borrow_mut().flush(&self.conn, self.pace)
    }

    fn finish(&self) -> Result<(), Failure> {
        self.flush()?;
        self.conn.prepare_cached("COMMIT")?.execute([])?;
        self.has_committed(self.pace);
        Ok(())
    }

    /// The next number of a day: `20261101-0031`. Numbers are never used again; a rolled-back one was never used.
    pub fn next_number(&self, day: NaiveDate) -> Result<String, Failure> {
        let mut numbers = self.numbers.borrow_mut();
        let (begins, last) = match numbers.entry(day) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let begins = day.format("%Y%m%d").to_string();
                let last = self
                    .conn
                    .prepare_cached("SELECT last FROM number_sequence WHERE day = ?")?
                    .query_row([&begins], |row| row.get(0))
                    .optional()?
                    .unwrap_or(0);
                new.insert((begins, last))
            }
        };
        *last = last
            .checked_add(1)
            .ok_or_else(|| Failure::damaged(format!("the numbers of {begins} are used up")))?;
        Ok(format!("{begins}-{last:04}"))
    }

    /// Writes the last numbers given.
    fn keep_numbers(&self) -> Result<(), Failure> {
        for (day, last) in self.numbers.borrow_mut().drain().map(|(_, given)| given) {
            self.conn
                .prepare_cached(
                    "INSERT INTO number_sequence (day, last) VALUES (?, ?) \
                     ON CONFLICT DO UPDATE SET last = excluded.last",
                )?
                .execute(params![day, last])?;
        }
        Ok(())
    }

    /// Stores one more event; `after` is what it makes of the ticket, whose version must be the stored one plus one. Its place in the ledger.
    ///
    /// A ticket that somebody changed meanwhile is [`FailureKind::Stale`], with who, when and what.
    pub fn append(
        &self,
        after: &Ticket,
        marks: Marks,
        event: &Event,
        at: Instant,
        by: &str,
    ) -> Result<i64, Failure> {
        self.settle()?;
        let Some((id, before)) = self.before(&after.no)? else {
            // It was read before: its row has another number than the index.
            return Err(Failure::damaged(format!("no ticket {}", after.no)));
        };
        let read = i64::from(after.version).saturating_sub(1);
        if before[place::VERSION] != Value::Integer(read) {
            return Err(self.stale(&after.no)?);
        }
        let facts = row::facts(after)?;
        self.update_row(id, &before, after, marks, &facts)?;
        if let Event::Erased { .. } = event {
            self.erase_texts(id, &after.no)?;
        }
        self.chain(&Draft {
            ticket_id: Some(id),
            at,
            by,
            kind: event.code(),
            data: &ledger::data(event)?,
            marks,
            commitment: None,
            state_hash: Some(&row::state_hash(after, facts.as_bytes(), marks)),
        })
    }

    fn stale(&self, no: &str) -> Result<Failure, Failure> {
        let conflict = match self.last_entry(no)? {
            Some(last) => Conflict {
                no: no.to_owned(),
                by: last.by,
                at: last.at,
                what: last.event.code().to_owned(),
            },
            None => return Err(Failure::damaged(format!("ticket {no} has no ledger"))),
        };
        let cause = format!("{} changed {no} meanwhile ({})", conflict.by, conflict.what);
        Ok(Failure::new(FailureKind::Stale(Box::new(conflict)), cause))
    }

    /// A stored row's key and derived columns.
    pub(super) fn before(&self, no: &str) -> Result<Option<(i64, Vec<Value>)>, Failure> {
        Ok(self
            .conn
            .prepare_cached(&BEFORE)?
            .query_row([no], |row| {
                let columns = (1..=NAMES.len())
                    .map(|at| row.get::<_, Value>(at))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok((row.get(0)?, columns))
            })
            .optional()?)
    }

    /// Writes the columns that differ, so that only their indices are touched.
    fn update_row(
        &self,
        id: i64,
        before: &[Value],
        after: &Ticket,
        marks: Marks,
        facts: &str,
    ) -> Result<(), Failure> {
        let made = Made::of(after)?;
        let columns = row::columns(after, marks, &made);
        let mut sql = String::from("UPDATE ticket SET facts = ?");
        let mut values = vec![ToSqlOutput::Borrowed(ValueRef::Text(facts.as_bytes()))];
        let mut changed = [false; NAMES.len()];
        for (at, column) in columns.iter().enumerate() {
            if row::as_ref(column) != ValueRef::from(&before[at]) {
                changed[at] = true;
                sql.extend([", ", NAMES[at], " = ?"]);
                values.push(ToSqlOutput::Borrowed(row::as_ref(column)));
            }
        }
        sql.push_str(" WHERE id = ?");
        values.push(ToSqlOutput::Borrowed(ValueRef::Integer(id)));
        self.conn
            .prepare_cached(&sql)?
            .execute(params_from_iter(values))?;
        let counted = [
            place::STATE,
            place::IS_OPEN,
            place::IS_DECISION,
            place::IS_SUPERVISED,
            place::WARN_KEY,
            place::DUE_KEY,
            place::LEAD,
            place::ASSISTING,
            place::CREATED_AT,
        ];
        if counted.iter().any(|at| changed[*at]) {
            let old: Vec<ValueRef<'_>> = before.iter().map(ValueRef::from).collect();
            let new: Vec<ValueRef<'_>> = columns.iter().map(row::as_ref).collect();
            let were = row::departments(old[place::LEAD], old[place::ASSISTING])?;
            let are = departments(after);
            let were: Vec<&str> = were.iter().map(String::as_str).collect();
            let mut tally = self.tally.borrow_mut();
            tally.count(&old, &were, -1);
            tally.count(&new, &are, 1);
            let moved = changed[place::CREATED_AT];
            for department in were.iter().filter(|code| moved || !are.contains(code)) {
                self.conn
                    .prepare_cached(
                        "DELETE FROM ticket_department WHERE department = ? AND created_at = ? AND ticket_id = ?",
                    )?
                    .execute(params![department, before[place::CREATED_AT], id])?;
            }
            self.put_departments(id, &new, &are)?;
        }
        let opened = i64::from(after.state.is_open());
        if before[place::IS_OPEN] != Value::Integer(opened) {
            self.reindex_open(id, opened == 1)?;
        }
        Ok(())
    }

    pub(super) fn put_departments(
        &self,
        id: i64,
        columns: &[ValueRef<'_>],
        departments: &[&str],
    ) -> Result<(), Failure> {
        for department in departments {
            self.conn
                .prepare_cached(
                    "INSERT INTO ticket_department (department, ticket_id, is_open, created_at, due_key) \
                     VALUES (?, ?, ?, ?, ?) \
                     ON CONFLICT DO UPDATE SET is_open = excluded.is_open, due_key = excluded.due_key",
                )?
                .execute(params_from_iter([
                    ToSqlOutput::Borrowed(ValueRef::Text(department.as_bytes())),
                    ToSqlOutput::Borrowed(ValueRef::Integer(id)),
                    ToSqlOutput::Borrowed(columns[place::IS_OPEN]),
                    ToSqlOutput::Borrowed(columns[place::CREATED_AT]),
                    ToSqlOutput::Borrowed(columns[place::DUE_KEY]),
                ]))?;
        }
        Ok(())
    }
}

/// Drops triggers for the rest of a transaction; what makes them again.
pub(super) fn lift(conn: &Connection, triggers: &[&str]) -> Result<Vec<String>, Failure> {
    triggers
        .iter()
        .map(|name| {
            let text = conn
                .prepare_cached(
                    "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?",
                )?
                .query_row([name], |row| row.get(0))?;
            conn.execute_batch(&format!("DROP TRIGGER {name}"))?;
            Ok(text)
        })
        .collect()
}

/// Makes dropped triggers again.
pub(super) fn put_back(conn: &Connection, triggers: &[String]) -> Result<(), Failure> {
    for text in triggers {
        conn.execute_batch(text)?;
    }
    Ok(())
}

/// The department codes of a ticket, lead first, each once.
pub(super) fn departments(ticket: &Ticket) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::with_capacity(1 + ticket.assisting.len());
    for code in ticket.lead.iter().chain(&ticket.assisting) {
        if !all.contains(&code.as_str()) {
            all.push(code);
        }
    }
    all
}
