//! The outbox: letters that wait to be handed over to the outside.
//!
//! A sweep keeps lines and makes letters of them at its end. A letter waits, is taken for an attempt and either sent or due again.
//! While it is taken nobody else takes it; a program that dies with it leaves it due again when its time has run out.

use super::failure::Failure;
use super::write::Tx;
use super::{Store, natural};
use crate::domain::instant::Instant;
use crate::domain::letter::{Posting, Recipient};
use rusqlite::{OptionalExtension, Row, params};
use std::collections::BTreeMap;

/// A letter, as it is taken for an attempt or listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The store's key.
    pub id: i64,
    /// What it is, such as `digest`.
    pub kind: String,
    /// Its name, the same at every attempt.
    pub key: String,
    /// Whom it is for.
    pub recipient: Recipient,
    /// One line; empty when it is worded as it goes out.
    pub subject: String,
    /// A JSON object.
    pub body: String,
    /// When it was begun.
    pub made_at: Instant,
    /// Attempts, a running one included.
    pub attempts: u32,
    /// When it is tried again, or until when a running attempt is nobody else's.
    pub next_try: Instant,
    /// Why the last attempt failed; nothing while one is running or after one that was cut short.
    pub failure: Option<String>,
}

const LETTER: &str =
    "id, kind, key, recipient, subject, body, made_at, attempts, next_try, failure";

fn letter(row: &Row<'_>) -> rusqlite::Result<Letter> {
    Ok(Letter {
        id: row.get(0)?,
        kind: row.get(1)?,
        key: row.get(2)?,
        recipient: Recipient::from_code(&row.get::<_, String>(3)?),
        subject: row.get(4)?,
        body: row.get(5)?,
        made_at: Instant(row.get(6)?),
        attempts: row.get(7)?,
        next_try: Instant(row.get(8)?),
        failure: row.get(9)?,
    })
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
    /// The letters not yet sent, the next one to be tried first.
    pub fn waiting_letters(&self) -> Result<Vec<Letter>, Failure> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT {LETTER} FROM outbox WHERE sent_at IS NULL ORDER BY next_try, id"
            ))?
            .query_map([], letter)?
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
    /// Writes a letter that may go out at once; not again when one of its name is there. Whether it was written.
    pub fn post(&self, posting: &Posting, now: Instant) -> Result<bool, Failure> {
        let body = serde_json::json!({ "text": posting.text }).to_string();
        let written = self
            .conn
            .prepare_cached(
                "INSERT INTO outbox (kind, key, recipient, subject, body, made_at, attempts, next_try) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?6) ON CONFLICT (key) DO NOTHING",
            )?
            .execute(params![
                posting.kind,
                posting.key,
                posting.recipient.code(),
                posting.subject,
                body,
                now.0
            ])?;
        Ok(written > 0)
    }

    /// Keeps what a digest is to say of a ticket until the sweep ends; what was kept of it before is out of date.
    pub fn put_line(&self, recipient: &Recipient, no: &str, line: &str) -> Result<(), Failure> {
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO digest_line (recipient, no, line) VALUES (?, ?, ?)",
            )?
            .execute([&recipient.code(), no, line])?;
        Ok(())
    }

    /// Takes the lines kept, in the order in which they were, by whom they are for.
    pub fn take_lines(&self) -> Result<BTreeMap<Recipient, Vec<String>>, Failure> {
        let mut kept: BTreeMap<Recipient, Vec<String>> = BTreeMap::new();
        let mut statement = self
            .conn
            .prepare_cached("SELECT recipient, line FROM digest_line ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let recipient = Recipient::from_code(&row.get::<_, String>(0)?);
            kept.entry(recipient).or_default().push(row.get(1)?);
        }
        self.conn
            .prepare_cached("DELETE FROM digest_line")?
            .execute([])?;
        Ok(kept)
    }

    /// Writes a letter that is worded as it goes out.
    pub fn put_letter(
        &self,
        kind: &str,
        recipient: &Recipient,
        body: &str,
        now: Instant,
    ) -> Result<(), Failure> {
        // A place in the ledger is never used twice, so neither is the name.
        let (seq, _) = self.head_in()?;
        let whom = match recipient {
            Recipient::Department(department) => department,
            Recipient::Desk
            | Recipient::Mail(_)
            | Recipient::Phone(_)
            | Recipient::Wechat(_)
            | Recipient::Foreign(_) => "desk",
        };
        self.conn
            .prepare_cached(
                "INSERT INTO outbox (kind, key, recipient, subject, body, made_at, attempts, next_try) \
                 VALUES (?1, ?2, ?3, '', ?4, ?5, 0, ?5)",
            )?
            .execute(params![
                kind,
                format!("{kind}-{whom}-{seq}"),
                recipient.code(),
                body,
                now.0
            ])?;
        Ok(())
    }

    /// Takes the longest-waiting letter for an attempt, or the one that was `picked` if it is due; until that moment nobody
    /// else does.
    pub fn take_letter(
        &self,
        picked: Option<i64>,
        now: Instant,
        until: Instant,
    ) -> Result<Option<Letter>, Failure> {
        let due = "sent_at IS NULL AND next_try <= ?1";
        let taken = match picked {
            Some(id) => self
                .conn
                .prepare_cached(&format!(
                    "SELECT {LETTER} FROM outbox WHERE {due} AND id = ?2"
                ))?
                .query_row([now.0, id], letter),
            None => self
                .conn
                .prepare_cached(&format!(
                    "SELECT {LETTER} FROM outbox WHERE {due} ORDER BY next_try, id LIMIT 1"
                ))?
                .query_row([now.0], letter),
        };
        let taken = taken.optional()?;
        let Some(mut letter) = taken else {
            return Ok(None);
        };
        letter.attempts = letter.attempts.saturating_add(1);
        letter.next_try = until;
        letter.failure = None;
        self.conn
            .prepare_cached(
                "UPDATE outbox SET attempts = ?, next_try = ?, failure = NULL WHERE id = ?",
            )?
            .execute(params![letter.attempts, until.0, letter.id])?;
        Ok(Some(letter))
    }

    /// The letter was taken by its receiver. Of what went to a person, only that it went is kept.
    pub fn letter_sent(&self, letter: &Letter, now: Instant) -> Result<(), Failure> {
        let wiped = letter.recipient.is_person();
        self.conn
            .prepare_cached(
                "UPDATE outbox SET sent_at = ?1, failure = NULL, recipient = CASE WHEN ?2 THEN '' ELSE recipient END, \
                 subject = CASE WHEN ?2 THEN '' ELSE subject END, body = CASE WHEN ?2 THEN '{}' ELSE body END \
                 WHERE id = ?3 AND sent_at IS NULL",
            )?
            .execute(params![now.0, wiped, letter.id])?;
        Ok(())
    }

    /// The attempt failed: why, and when the next one is; nothing when another program has begun one since.
    pub fn letter_failed(&self, letter: &Letter, why: &str, next: Instant) -> Result<(), Failure> {
        self.conn
            .prepare_cached(
                "UPDATE outbox SET failure = ?, next_try = ? \
                 WHERE id = ? AND attempts = ? AND sent_at IS NULL",
            )?
            .execute(params![why, next.0, letter.id, letter.attempts])?;
        Ok(())
    }

    /// Has every letter that failed tried again at the next occasion; not one whose attempt is running. How many.
    pub fn retry_letters(&self, now: Instant) -> Result<u64, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "UPDATE outbox SET next_try = ?1 \
                 WHERE sent_at IS NULL AND failure IS NOT NULL AND next_try > ?1",
            )?
            .execute([now.0])? as u64)
    }

    /// Forgets letters sent before a moment.
    pub fn forget_letters(&self, before: Instant) -> Result<(), Failure> {
        self.conn
            .prepare_cached("DELETE FROM outbox WHERE sent_at < ?")?
            .execute([before.0])?;
        Ok(())
    }
}
