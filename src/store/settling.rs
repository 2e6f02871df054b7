//! Writing new tickets: the rows of several go into one statement, which opens each of the many indices once.
//!
//! Must not decide anything. Start at [`Tx::put`] and [`Tx::settle`].

use super::Store;
use super::failure::Failure;
use super::fresh::{Fresh, width};
use super::ledger::{self, event_hash};
use super::row::{self, NAMES, place};
use super::tickets::Known;
use super::write::{Pace, Tx};
use rusqlite::params_from_iter;
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::sync::LazyLock;

/// How many tickets of an import wait for one another, to be written by one statement for each table: as many as have their
/// values in the memory that SQLite keeps at hand for a connection.
const TOGETHER: usize = 12;

impl Tx<'_> {
    /// Stores a new ticket. Its key.
    ///
    /// In [`Store::write_many`] it may wait for others until [`Tx::settle`]; what the transaction reads does not see it before.
    pub fn put(&self, fresh: Fresh) -> Result<i64, Failure> {
        let last = match self.last_id.get() {
            Some(last) => last,
            None => self
                .conn
                .prepare_cached("SELECT coalesce(max(id), 0) FROM ticket")?
                .query_row([], |row| row.get(0))?,
        };
        let id = last + 1;
        self.last_id.set(Some(id));
        self.fresh.borrow_mut().push((id, fresh));
        let is_full = self.fresh.borrow().len() >= TOGETHER;
        if is_full || self.pace == Pace::Single {
            self.settle()?;
        }
        Ok(id)
    }

    /// The ticket that came from a source under a number of its own, waiting ones among them.
    pub fn by_external(&self, source: &str, external_no: &str) -> Result<Option<String>, Failure> {
        self.settle_own(source, external_no)?;
        Store::by_external(self, source, external_no)
    }

    /// What is known of the ticket that came from a source under a number of its own, waiting ones among them.
    pub fn known(&self, source: &str, external_no: &str) -> Result<Option<Known>, Failure> {
        self.settle_own(source, external_no)?;
        Store::known(self, source, external_no)
    }

    /// Writes the new tickets that wait, if one of them came from this source under this number.
    fn settle_own(&self, source: &str, external_no: &str) -> Result<(), Failure> {
        let is_own = |(_, fresh): &(i64, Fresh)| {
            fresh.column(place::EXTERNAL_NO) == ValueRef::Text(external_no.as_bytes())
                && fresh.column(place::SOURCE) == ValueRef::Text(source.as_bytes())
        };
        let waits = self.fresh.borrow().iter().any(is_own);
        if waits { self.settle() } else { Ok(()) }
    }

    /// The same, if one of them has ended: to who looks for what was closed the others are of no account.
    pub fn settle_ended(&self) -> Result<(), Failure> {
        let waits = self.fresh.borrow().iter().any(|(_, f)| !f.is_open());
        if waits { self.settle() } else { Ok(()) }
    }

    /// Writes the new tickets that wait.
    pub fn settle(&self) -> Result<(), Failure> {
        let fresh = self.fresh.take();
        if fresh.is_empty() {
            return Ok(());
        }
        self.insert_tickets(&fresh)?;
        self.insert_texts(&fresh)?;
        self.insert_entries(&fresh)?;
        self.insert_open(&fresh)?;
        for (id, fresh) in fresh {
            let open = fresh.is_open();
            self.index_words(id, fresh.grams, open)?;
        }
        Ok(())
    }

    fn insert_tickets(&self, fresh: &[(i64, Fresh)]) -> Result<(), Failure> {
        static HEAD: LazyLock<String> =
            LazyLock::new(|| format!("ticket ({}, title, facts)", NAMES.join(", ")));
        let mut of_departments = Vec::with_capacity(fresh.len() * 5);
        for (id, fresh) in fresh {
            let seen: [ValueRef<'_>; row::WIDTH] = std::array::from_fn(|at| fresh.column(at));
            let codes: Vec<&str> = fresh.departments().collect();
            self.tally.borrow_mut().count(&seen, &codes, 1);
            for code in codes {
                of_departments.extend([
                    ValueRef::Text(code.as_bytes()),
                    ValueRef::Integer(*id),
                    seen[place::IS_OPEN],
                    seen[place::CREATED_AT],
                    seen[place::DUE_KEY],
                ]);
            }
        }
        // The keys are those SQLite gives: to be told them, it would copy each page before it changes it.
        let rows = fresh.iter().flat_map(|(_, fresh)| fresh.ticket());
        self.insert(&HEAD, width::TICKET, fresh.len(), rows)?;
        if fresh.last().map(|(id, _)| *id) != Some(self.conn.last_insert_rowid()) {
            return Err(Failure::damaged(
                "a new ticket has another key than it was to have",
            ));
        }
        self.insert(
            "ticket_department (department, ticket_id, is_open, created_at, due_key)",
            5,
            of_departments.len() / 5,
            of_departments.into_iter(),
        )
    }

    fn insert_texts(&self, fresh: &[(i64, Fresh)]) -> Result<(), Failure> {
        let rows = fresh
            .iter()
            .flat_map(|(id, fresh)| std::iter::once(ValueRef::Integer(*id)).chain(fresh.texts()));
        self.insert(
            "ticket_text (ticket_id, salt, content, address, name, phone, reversed_phone, email, home_address, raw)",
            1 + width::TEXTS,
            fresh.len(),
            rows,
        )
    }

    /// Chains and writes the events.
    fn insert_entries(&self, fresh: &[(i64, Fresh)]) -> Result<(), Failure> {
        let (mut seq, mut prev) = self.head_in()?;
        let mut links = Vec::with_capacity(fresh.len() * 2);
        for (id, fresh) in fresh {
            for number in 0..fresh.entries() {
                seq += 1;
                let begins = [ValueRef::Integer(seq), ValueRef::Integer(*id)];
                let fields = begins.into_iter().chain(fresh.entry(number));
                let hash = event_hash(&prev, fields);
                links.push((begins, fresh, number, prev, hash));
                prev = hash;
            }
        }
        let rows = links
            .iter()
            .flat_map(|(begins, fresh, number, prev, hash)| {
                begins
                    .iter()
                    .copied()
                    .chain(fresh.entry(*number))
                    .chain([ValueRef::Blob(prev), ValueRef::Blob(hash)])
            });
        self.insert(ledger::COLUMNS, ledger::WIDTH, links.len(), rows)?;
        self.head.set(Some((seq, prev)));
        Ok(())
    }

    /// What only open tickets have: the requester's code, and what a trigger does of every other new ticket.
    fn insert_open(&self, fresh: &[(i64, Fresh)]) -> Result<(), Failure> {
        let open = || fresh.iter().filter(|(_, fresh)| fresh.is_open());
        let rows = open().flat_map(|(id, fresh)| [ValueRef::Integer(*id), fresh.code()]);
        self.insert("ticket_code (ticket_id, code)", 2, open().count(), rows)?;
        if self.pace == Pace::Many {
            let rows = open().flat_map(|(id, _)| [ValueRef::Integer(*id), ValueRef::Integer(0)]);
            self.insert("sweep_due (ticket_id, at)", 2, open().count(), rows)?;
        }
        Ok(())
    }

    /// Inserts so many rows of `width` values, as many to a statement as may be bound.
    ///
    /// A row that breaks a rule ends the whole transaction, which every failure does here. Without the `OR ROLLBACK` SQLite
    /// would copy each page of each index before it changes it, so as to take back this one statement.
    fn insert<'v>(
        &self,
        into: &'static str,
        width: usize,
        rows: usize,
        mut values: impl Iterator<Item = ValueRef<'v>>,
    ) -> Result<(), Failure> {
        let mut inserts = self.inserts.borrow_mut();
        let mut left = rows;
        while left > 0 {
            let rows = left.min(self.pace.bound() / width);
            left -= rows;
            let kept = inserts
                .iter()
                .position(|(table, many, _)| *table == into && *many == rows);
            let at = if let Some(at) = kept {
                at
            } else {
                let row = format!("({}?)", "?, ".repeat(width - 1));
                let all = vec![row; rows].join(", ");
                let sql = format!("INSERT OR ROLLBACK INTO {into} VALUES {all}");
                inserts.push((into, rows, self.store.conn.prepare_cached(&sql)?));
                inserts.len() - 1
            };
            if let Some((_, _, statement)) = inserts.get_mut(at) {
                let some = values.by_ref().take(rows * width);
                statement.execute(params_from_iter(some.map(ToSqlOutput::Borrowed)))?;
                // What stays bound would take that memory from the next statement.
                statement.clear_bindings();
            }
        }
        Ok(())
    }
}
