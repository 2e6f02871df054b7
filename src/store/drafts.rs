//! Forms not yet sent: they survive whatever happens to the terminal.

use super::Store;
use super::failure::Failure;
use super::write::Tx;
use crate::domain::instant::Instant;
use rusqlite::{OptionalExtension, params};

impl Store {
    /// An operator's unsent forms, newest first: kind and JSON.
    pub fn drafts(&self, operator: &str) -> Result<Vec<(String, String)>, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT kind, json FROM draft WHERE operator = ? ORDER BY at DESC, kind",
            )?
            .query_map([operator], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?)
    }

    /// An operator's unsent form of a kind, and when it was kept.
    pub fn draft(&self, operator: &str, kind: &str) -> Result<Option<(String, Instant)>, Failure> {
        Ok(self
            .conn
            .prepare_cached("SELECT json, at FROM draft WHERE operator = ? AND kind = ?")?
            .query_row([operator, kind], |row| {
                Ok((row.get(0)?, Instant(row.get(1)?)))
            })
            .optional()?)
    }

    /// Keeps an operator's form of a kind.
    pub fn put_draft(
        &self,
        operator: &str,
        kind: &str,
        json: &str,
        at: Instant,
    ) -> Result<(), Failure> {
        self.write(|tx: &Tx<'_>| {
            tx.conn
                .prepare_cached(
                    "INSERT INTO draft (operator, kind, json, at) VALUES (?, ?, ?, ?) \
                     ON CONFLICT DO UPDATE SET json = excluded.json, at = excluded.at",
                )?
                .execute(params![operator, kind, json, at.0])?;
            Ok(())
        })
    }

    /// Forgets an operator's form of a kind.
    pub fn drop_draft(&self, operator: &str, kind: &str) -> Result<(), Failure> {
        self.write(|tx: &Tx<'_>| {
            tx.conn
                .prepare_cached("DELETE FROM draft WHERE operator = ? AND kind = ?")?
                .execute([operator, kind])?;
            Ok(())
        })
    }
}
