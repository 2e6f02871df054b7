//! What waits for the sweep, and what waits to be handed over to the outside.
//!
//! A letter is open while a sweep adds to it, then waits, then is taken for an attempt and either sent or due again.

use super::failure::Failure;
use super::write::Tx;
use super::{Store, natural};
use crate::domain::instant::Instant;
use rusqlite::{OptionalExtension, params};

/// The `next_try` of a letter that is still added to.
const OPEN: i64 = i64::MAX;

/// A letter taken for an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The store's key.
    pub id: i64,
    /// What it is, such as `digest`.
    pub kind: String,
    /// Its name, the same at every attempt.
    pub key: String,
    /// The department it is for.
    pub department: String,
    /// JSON.
    pub payload: String,
    /// When it was begun.
    pub made_at: Instant,
    /// Attempts, this one included.
    pub attempts: u32,
}

/// How many letters stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// Not yet sent.
    pub waiting: u64,
    /// Of these, how many an attempt has failed for.
    pub failing: u64,
}

impl Store {
    /// Whether a sweep has anything to do: a ticket to look at, or letters left open.
    pub fn has_sweep(&self, now: Instant) -> Result<bool, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM sweep_due WHERE at <= ?1) \
                 OR EXISTS (SELECT 1 FROM outbox WHERE sent_at IS NULL AND next_try = ?2)",
            )?
            .query_row([now.0, OPEN], |row| row.get(0))?)
    }

    /// The tickets to look at, longest due first, at most `n`: key and number.
    pub fn sweep_batch(&self, now: Instant, n: usize) -> Result<Vec<(i64, String)>, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT d.ticket_id, t.no FROM sweep_due d JOIN ticket t ON t.id = d.ticket_id \
                 WHERE d.at <= ? ORDER BY d.at, d.ticket_id LIMIT ?",
            )?
            .query_map(params![now.0, n as i64], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<Result<_, _>>()?)
    }

    /// How many letters wait.
    pub fn mailbox(&self) -> Result<Mailbox, Failure> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*), count(failure) FROM outbox WHERE sent_at IS NULL")?
            .query_row([], |row| {
                Ok(Mailbox {
                    waiting: natural(row, 0)?,
                    failing: natural(row, 1)?,
                })
            })?)
    }
}

impl Tx<'_> {
    /// When a ticket is to be looked at again; never, when nothing can become due by itself.
    pub fn look_again(&self, ticket_id: i64, at: Option<Instant>) -> Result<(), Failure> {
        match at {
            Some(at) => self
                .conn
                .prepare_cached("UPDATE sweep_due SET at = ? WHERE ticket_id = ?")?
                .execute([at.0, ticket_id])?,
            None => self
                .conn
                .prepare_cached("DELETE FROM sweep_due WHERE ticket_id = ?")?
                .execute([ticket_id])?,
        };
        Ok(())
    }

    /// Has every ticket of the sweep looked at: the rules or calendars are not those of the last one.
    pub fn look_at_all(&self) -> Result<(), Failure> {
        self.conn
            .prepare_cached("UPDATE sweep_due SET at = 0 WHERE at <> 0")?
            .execute([])?;
        Ok(())
    }

    /// The payload of the letter a department's sweep adds to, when there is one.
    pub fn open_letter(&self, kind: &str, department: &str) -> Result<Option<String>, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT payload FROM outbox \
                 WHERE kind = ? AND department = ? AND sent_at IS NULL AND next_try = ?",
            )?
            .query_row(params![kind, department, OPEN], |row| row.get(0))
            .optional()?)
    }

    /// Begins a department's letter, or replaces what stands in the open one.
    pub fn put_letter(
        &self,
        kind: &str,
        department: &str,
        payload: &str,
        now: Instant,
    ) -> Result<(), Failure> {
        let changed = self
            .conn
            .prepare_cached(
                "UPDATE outbox SET payload = ? \
                 WHERE kind = ? AND department = ? AND sent_at IS NULL AND next_try = ?",
            )?
            .execute(params![payload, kind, department, OPEN])?;
        if changed == 0 {
            // A place in the ledger is never used twice, so neither is the name.
            let (seq, _) = self.head_in()?;
            let key = format!("{kind}-{department}-{seq}");
            self.conn
                .prepare_cached(
                    "INSERT INTO outbox (kind, key, department, payload, made_at, attempts, next_try) \
                     VALUES (?, ?, ?, ?, ?, 0, ?)",
                )?
                .execute(params![kind, key, department, payload, now.0, OPEN])?;
        }
        Ok(())
    }

    /// Closes the open letters: they may go out. How many.
    pub fn close_letters(&self, now: Instant) -> Result<u64, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "UPDATE outbox SET next_try = ? WHERE sent_at IS NULL AND next_try = ?",
            )?
            .execute([now.0, OPEN])? as u64)
    }

    /// Takes the longest-waiting letter for an attempt; until `again` nobody else does.
    pub fn take_letter(
        &self,
        now: Instant,
        again: impl FnOnce(u32) -> Instant,
    ) -> Result<Option<Letter>, Failure> {
        let letter = self
            .conn
            .prepare_cached(
                "SELECT id, kind, key, department, payload, made_at, attempts FROM outbox \
                 WHERE sent_at IS NULL AND next_try <= ? ORDER BY next_try, id LIMIT 1",
            )?
            .query_row([now.0], |row| {
                Ok(Letter {
                    id: row.get(0)?,
                    kind: row.get(1)?,
                    key: row.get(2)?,
                    department: row.get(3)?,
                    payload: row.get(4)?,
                    made_at: Instant(row.get(5)?),
                    attempts: row.get::<_, u32>(6)?.saturating_add(1),
                })
            })
            .optional()?;
        if let Some(letter) = &letter {
            self.conn
                .prepare_cached("UPDATE outbox SET attempts = ?, next_try = ? WHERE id = ?")?
                .execute(params![
                    letter.attempts,
                    again(letter.attempts).0,
                    letter.id
                ])?;
        }
        Ok(letter)
    }

    /// What came of an attempt: sent, or why not.
    pub fn end_attempt(&self, letter: i64, done: Result<Instant, &str>) -> Result<(), Failure> {
        let (sent_at, failure) = match done {
            Ok(at) => (Some(at.0), None),
            Err(why) => (None, Some(why)),
        };
        self.conn
            .prepare_cached("UPDATE outbox SET sent_at = ?, failure = ? WHERE id = ?")?
            .execute(params![sent_at, failure, letter])?;
        Ok(())
    }

    /// Forgets letters sent before a moment.
    pub fn forget_letters(&self, before: Instant) -> Result<(), Failure> {
        self.conn
            .prepare_cached("DELETE FROM outbox WHERE sent_at < ?")?
            .execute([before.0])?;
        Ok(())
    }
}
