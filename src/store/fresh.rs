//! New tickets on their way into the store.
//!
//! Everything a ticket's rows hold is made without the store first ([`Fresh`]), so that another thread can do it; then the rows
//! of several tickets go into one statement, which opens each of the many indices once. Must not decide anything.
//! Start at [`Fresh::of`] and [`Tx::put`].

use super::failure::Failure;
use super::ledger::{self, Digest, Draft, commitment, event_hash};
use super::row::{self, Made, NAMES, maybe, number, text};
use super::search::{fresh_salt, raw_json, words};
use super::tickets::Known;
use super::write::{Pace, Tx, departments};
use super::{Store, grams};
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::privacy::Texts;
use crate::domain::ticket::{Marks, Ticket};
use rusqlite::params_from_iter;
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::sync::LazyLock;

/// How many tickets of an import wait for one another: their rows are the most that one statement may bind.
const TOGETHER: usize = 8;

/// Values that one statement may bind.
const BOUND: usize = 490;

/// A new ticket with all its first events, ready to be stored.
#[derive(Debug)]
pub struct Fresh {
    ticket: Ticket,
    marks: Marks,
    texts: Texts,
    at: Instant,
    by: String,
    entries: Vec<FreshEntry>,
    facts: String,
    made: Made,
    /// What the file it came from said beside, as JSON.
    raw: Option<String>,
    reversed_phone: Option<String>,
    /// What is findable of it.
    grams: String,
    salt: [u8; 16],
    /// What the ledger holds of the texts.
    commitment: Digest,
}

/// An event of a new ticket, and the hash of the row it makes.
#[derive(Debug)]
struct FreshEntry {
    kind: &'static str,
    data: String,
    state_hash: Digest,
}

impl Fresh {
    /// `events` begin with the registration; `ticket` is what they all make; `marks` are those after the last.
    ///
    /// # Errors
    /// [`Failure`] when the events do not make the ticket.
    pub fn of(
        events: &[Event],
        ticket: Ticket,
        texts: Texts,
        marks: Marks,
        at: Instant,
        by: &str,
    ) -> Result<Self, Failure> {
        let [first, more @ ..] = events else {
            return Err(Failure::bug("a ticket without an event"));
        };
        let mut fold = Ticket::begin(&ticket.no, first, at)
            .ok_or_else(|| Failure::bug("the first event begins no ticket"))?;
        let facts = row::facts(&ticket)?;
        let mut entries = Vec::with_capacity(events.len());
        for (at_event, event) in events.iter().enumerate() {
            if at_event > 0 {
                fold.apply(event, at, by);
            }
            let state_hash = if at_event < more.len() {
                row::state_hash(&fold, &row::facts(&fold)?, marks)
            } else {
                row::state_hash(&ticket, &facts, marks)
            };
            entries.push(FreshEntry {
                kind: event.code(),
                data: ledger::data(event)?,
                state_hash,
            });
        }
        if fold != ticket {
            return Err(Failure::bug("the ticket is not what its events make"));
        }
        let salt = fresh_salt()?;
        let reversed_phone = grams::reversed_digits(&texts.requester.phone);
        Ok(Self {
            made: Made::of(&ticket)?,
            raw: raw_json(&texts)?,
            reversed_phone: (!reversed_phone.is_empty()).then_some(reversed_phone),
            grams: words(&ticket.no, ticket.external_no.as_deref(), &texts),
            commitment: commitment(&salt, &texts),
            salt,
            by: by.to_owned(),
            ticket,
            marks,
            texts,
            at,
            entries,
            facts,
        })
    }
}

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
        let waiting = self.fresh.borrow().iter().find_map(|(_, fresh)| {
            let ticket = &fresh.ticket;
            (ticket.external_no.as_deref() == Some(external_no) && ticket.source == source)
                .then(|| ticket.no.clone())
        });
        match waiting {
            Some(no) => Ok(Some(no)),
            None => Store::by_external(self, source, external_no),
        }
    }

    /// What is known of the ticket that came from a source under a number of its own, waiting ones among them.
    pub fn known(&self, source: &str, external_no: &str) -> Result<Option<Known>, Failure> {
        let waiting = self.fresh.borrow().iter().find_map(|(_, fresh)| {
            let ticket = &fresh.ticket;
            (ticket.external_no.as_deref() == Some(external_no) && ticket.source == source).then(
                || Known {
                    no: ticket.no.clone(),
                    is_open: ticket.state.is_open(),
                    title: fresh.texts.title.clone(),
                    content: fresh.texts.content.clone(),
                },
            )
        });
        match waiting {
            Some(known) => Ok(Some(known)),
            None => Store::known(self, source, external_no),
        }
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
        for (id, fresh) in fresh {
            let open = fresh.ticket.state.is_open();
            if open {
                self.new_code(id)?;
                if self.pace == Pace::Many {
                    self.look_at_next_sweep(id)?;
                }
            }
            self.index_words(id, fresh.grams, open)?;
        }
        Ok(())
    }

    /// The same, if one of them has ended: to who looks for what was closed the others are of no account.
    pub fn settle_ended(&self) -> Result<(), Failure> {
        let has_ended = |(_, fresh): &(i64, Fresh)| !fresh.ticket.state.is_open();
        let waits = self.fresh.borrow().iter().any(has_ended);
        if waits { self.settle() } else { Ok(()) }
    }

    /// What a trigger does of every other new ticket.
    fn look_at_next_sweep(&self, id: i64) -> Result<(), Failure> {
        self.conn
            .prepare_cached("INSERT INTO sweep_due (ticket_id, at) VALUES (?, 0)")?
            .execute([id])?;
        Ok(())
    }

    fn insert_tickets(&self, fresh: &[(i64, Fresh)]) -> Result<(), Failure> {
        static HEAD: LazyLock<String> =
            LazyLock::new(|| format!("ticket ({}, title, facts)", NAMES.join(", ")));
        let mut values = Vec::with_capacity(fresh.len() * (NAMES.len() + 2));
        let mut of_departments = Vec::new();
        for (id, fresh) in fresh {
            let columns = row::columns(&fresh.ticket, fresh.marks, &fresh.made);
            let seen: [ValueRef<'_>; row::WIDTH] =
                std::array::from_fn(|at| row::as_ref(&columns[at]));
            let codes = departments(&fresh.ticket);
            self.tally.borrow_mut().count(&seen, &codes, 1);
            for code in codes {
                of_departments.extend([
                    text(code),
                    number(*id),
                    number(i64::from(fresh.ticket.state.is_open())),
                    number(fresh.ticket.created_at.0),
                    number(row::due_key(fresh.marks)),
                ]);
            }
            values.extend(columns);
            values.extend([text(&fresh.texts.title), text(&fresh.facts)]);
        }
        // The keys are those SQLite gives: to be told them, it would copy each page before it changes it.
        self.insert(&HEAD, NAMES.len() + 2, &values)?;
        if fresh.last().map(|(id, _)| *id) != Some(self.conn.last_insert_rowid()) {
            return Err(Failure::bug(
                "a new ticket has another key than it was to have",
            ));
        }
        self.insert(
            "ticket_department (department, ticket_id, is_open, created_at, due_key)",
            5,
            &of_departments,
        )
    }

    fn insert_texts(&self, fresh: &[(i64, Fresh)]) -> Result<(), Failure> {
        let mut values = Vec::with_capacity(fresh.len() * 10);
        for (id, fresh) in fresh {
            let texts = &fresh.texts;
            values.extend([
                number(*id),
                ToSqlOutput::Borrowed(ValueRef::Blob(&fresh.salt)),
                text(&texts.content),
                text(&texts.address),
                text(&texts.requester.name),
                text(&texts.requester.phone),
                maybe(fresh.reversed_phone.as_deref()),
                text(&texts.requester.email),
                text(&texts.requester.address),
                maybe(fresh.raw.as_deref()),
            ]);
        }
        self.insert(
            "ticket_text (ticket_id, salt, content, address, name, phone, reversed_phone, email, home_address, raw)",
            10,
            &values,
        )
    }

    /// Chains and writes the events.
    fn insert_entries(&self, fresh: &[(i64, Fresh)]) -> Result<(), Failure> {
        let mut drafts = Vec::with_capacity(fresh.len() * 2);
        for (id, fresh) in fresh {
            for (at, entry) in fresh.entries.iter().enumerate() {
                drafts.push(Draft {
                    ticket_id: Some(*id),
                    at: fresh.at,
                    by: &fresh.by,
                    kind: entry.kind,
                    data: &entry.data,
                    marks: fresh.marks,
                    commitment: (at == 0).then_some(&fresh.commitment),
                    state_hash: Some(&entry.state_hash),
                });
            }
        }
        let (mut seq, mut prev) = self.head_in()?;
        let mut links = Vec::with_capacity(drafts.len());
        for draft in &drafts {
            seq += 1;
            let hash = event_hash(&prev, ledger::fields(seq, draft));
            links.push((seq, prev, hash));
            prev = hash;
        }
        let mut values = Vec::with_capacity(drafts.len() * ledger::WIDTH);
        for (draft, (seq, prev, hash)) in drafts.iter().zip(&links) {
            values.extend(
                ledger::fields(*seq, draft)
                    .into_iter()
                    .chain([ValueRef::Blob(prev), ValueRef::Blob(hash)])
                    .map(ToSqlOutput::Borrowed),
            );
        }
        self.insert(ledger::COLUMNS, ledger::WIDTH, &values)?;
        self.head.set(Some((seq, prev)));
        Ok(())
    }

    /// Inserts rows of `width` values, as many to a statement as may be bound.
    ///
    /// A row that breaks a rule ends the whole transaction, which every failure does here. Without the `OR ROLLBACK` SQLite
    /// would copy each page of each index before it changes it, so as to take back this one statement.
    fn insert(
        &self,
        into: &'static str,
        width: usize,
        values: &[ToSqlOutput<'_>],
    ) -> Result<(), Failure> {
        let mut inserts = self.inserts.borrow_mut();
        for some in values.chunks(BOUND / width * width) {
            let rows = some.len() / width;
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
                statement.execute(params_from_iter(some))?;
            }
        }
        Ok(())
    }
}
