//! Wrong codes, counted by the number asked for: the same for numbers there are and numbers there are not.

use super::failure::Failure;
use super::write::Tx;
use super::{Store, natural};
use crate::domain::instant::Instant;
use rusqlite::{OptionalExtension, params};

impl Store {
    /// How often a wrong code was shown for this number since a moment.
    pub fn attempts(&self, no: &str, since: Instant) -> Result<u64, Failure> {
        Ok(self
            .conn
            .prepare_cached("SELECT failed FROM attempt WHERE no = ? AND since > ?")?
            .query_row(params![no, since.0], |row| natural(row, 0))
            .optional()?
            .unwrap_or(0))
    }
}

impl Tx<'_> {
    /// Counts a wrong code; what was counted before `forget` is forgotten.
    pub fn note_attempt(&self, no: &str, now: Instant, forget: Instant) -> Result<(), Failure> {
        self.conn
            .prepare_cached("DELETE FROM attempt WHERE since <= ?")?
            .execute([forget.0])?;
        self.conn
            .prepare_cached(
                "INSERT INTO attempt (no, since, failed) VALUES (?, ?, 1) \
                 ON CONFLICT DO UPDATE SET failed = failed + 1",
            )?
            .execute(params![no, now.0])?;
        Ok(())
    }
}
