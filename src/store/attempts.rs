//! Wrong codes, counted by the number asked for: the same for numbers there are and numbers there are not.

use super::failure::Failure;
use super::write::Tx;
use super::{Store, natural};
use crate::domain::instant::Instant;
use rusqlite::{OptionalExtension, params};

/// Wrong codes for one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// When the first of them was shown.
    pub since: Instant,
    /// How many were.
    pub failed: u64,
}

impl Store {
    /// The wrong codes shown for this number, if the first of them was shown after a moment.
    pub fn attempts(&self, no: &str, after: Instant) -> Result<Option<Attempts>, Failure> {
        Ok(self
            .conn
            .prepare_cached("SELECT since, failed FROM attempt WHERE no = ? AND since > ?")?
            .query_row(params![no, after.0], |row| {
                Ok(Attempts {
                    since: Instant(row.get(0)?),
                    failed: natural(row, 1)?,
                })
            })
            .optional()?)
    }
}

impl Tx<'_> {
    /// Counts so many wrong codes for a number; what was counted before `forget` is forgotten.
    pub fn note_attempts(
        &self,
        no: &str,
        failed: u64,
        now: Instant,
        forget: Instant,
    ) -> Result<(), Failure> {
        self.conn
            .prepare_cached("DELETE FROM attempt WHERE since <= ?")?
            .execute([forget.0])?;
        self.conn
            .prepare_cached(
                "INSERT INTO attempt (no, since, failed) VALUES (?1, ?2, ?3) \
                 ON CONFLICT DO UPDATE SET failed = failed + excluded.failed",
            )?
            .execute(params![no, now.0, failed as i64])?;
        Ok(())
    }
}
