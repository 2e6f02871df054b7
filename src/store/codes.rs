//! Requesters' codes: made of SQLite's own random bytes, which the system seeds; kept apart from the ledger.

use super::Store;
use super::failure::Failure;
use super::write::Tx;
use crate::domain::code::{BYTES, Code};
use rusqlite::{OptionalExtension, params};

impl Store {
    /// The code of a ticket, if it has one.
    pub fn code(&self, no: &str) -> Result<Option<Code>, Failure> {
        let text: Option<String> = self
            .conn
            .prepare_cached(
                "SELECT c.code FROM ticket t JOIN ticket_code c ON c.ticket_id = t.id WHERE t.no = ?",
            )?
            .query_row([no], |row| row.get(0))
            .optional()?;
        Ok(text.as_deref().and_then(Code::typed))
    }
}

impl Tx<'_> {
    /// Gives a ticket a fresh code; an older one is worth nothing from then on.
    pub fn new_code(&self, ticket_id: i64) -> Result<Code, Failure> {
        let random: [u8; BYTES] = self
            .conn
            .prepare_cached("SELECT randomblob(?)")?
            .query_row([BYTES as i64], |row| row.get(0))?;
        let code = Code::of(random);
        self.conn
            .prepare_cached(
                "INSERT INTO ticket_code (ticket_id, code) VALUES (?, ?) \
                 ON CONFLICT DO UPDATE SET code = excluded.code",
            )?
            .execute(params![ticket_id, code.shown()])?;
        Ok(code)
    }
}
