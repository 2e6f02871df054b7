//! Viewings: entries of the ledger about the store, so that no ticket's version moves because somebody looked at it.

use super::Store;
use super::failure::Failure;
use super::ledger::{Draft, kind};
use super::text;
use super::write::Tx;
use crate::domain::instant::Instant;
use crate::domain::viewed::{Asked, Found, Viewed, Viewing};
use rusqlite::params;

/// A viewing's ticket, as the index has it.
const NO: &str = "CASE WHEN json_valid(data) THEN json_extract(data, '$.no') END";

impl Store {
    /// The viewings asked for, newest first; one that cannot be read costs itself.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn viewed(&self, asked: &Asked) -> Result<Found, Failure> {
        let (index, of) = match asked.no {
            Some(_) => ("event_viewed_ticket", format!("{NO} = ?1")),
            None => ("event_viewed", "?1 IS NULL".to_owned()),
        };
        let limit = asked.limit.map_or(-1, |n| n as i64);
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT seq, at, by, data FROM event INDEXED BY {index} WHERE kind = 'viewed' AND {of} \
             AND (?2 IS NULL OR by = ?2) AND (?3 IS NULL OR at >= ?3) ORDER BY seq DESC LIMIT ?4"
        ))?;
        let since = asked.since.map(|at| at.0);
        let mut rows = statement.query(params![asked.no, asked.by, since, limit])?;
        let mut found = Found::default();
        while let Some(row) = rows.next()? {
            let seq = row.get(0)?;
            let data = text(row, 3).ok();
            match data.and_then(|data| serde_json::from_str(data).ok()) {
                Some(viewing) => found.viewed.push(Viewed {
                    seq,
                    at: Instant(row.get(1)?),
                    by: row.get(2)?,
                    viewing,
                }),
                None => found.unread.push(seq),
            }
        }
        Ok(found)
    }
}

impl Tx<'_> {
    /// Writes that an operator viewed a ticket.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub fn put_viewing(&self, viewing: &Viewing, at: Instant, by: &str) -> Result<(), Failure> {
        let data = serde_json::to_string(viewing)?;
        self.chain(&Draft::about_store(kind::VIEWED, &data, by, at))?;
        Ok(())
    }
}
