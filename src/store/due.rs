//! What waits for the sweep: each open ticket with the moment at which it is to be looked at again.

use super::Store;
use super::failure::{Failure, FailureKind};
use super::write::Tx;
use crate::domain::instant::Instant;
use crate::domain::ticket::Ticket;
use rusqlite::params;

impl Store {
    /// Whether a sweep has anything to do: a ticket to look at, or lines that no letter says yet.
    pub fn has_sweep(&self, now: Instant) -> Result<bool, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM sweep_due WHERE at <= ?1) \
                 OR EXISTS (SELECT 1 FROM digest_line)",
            )?
            .query_row([now.0], |row| row.get(0))?)
    }

    /// The tickets to look at, longest due first, at most `n`: key and number; of one whose row cannot be read, `#` and
    /// the key.
    pub fn sweep_batch(&self, now: Instant, n: usize) -> Result<Vec<(i64, String)>, Failure> {
        let due = self
            .conn
            .prepare_cached(
                "SELECT ticket_id FROM sweep_due WHERE at <= ? ORDER BY at, ticket_id LIMIT ?",
            )?
            .query_map(params![now.0, n as i64], |row| row.get(0))?
            .collect::<Result<Vec<i64>, _>>()?;
        let mut number = self
            .conn
            .prepare_cached("SELECT no FROM ticket WHERE id = ?")?;
        let mut named = |id: i64| {
            let no = number.query_row([id], |row| row.get(0));
            match no.map_err(Failure::from) {
                Err(failure) if failure.kind != FailureKind::Damaged => Err(failure),
                no => Ok((id, no.unwrap_or_else(|_| format!("#{id}")))),
            }
        };
        due.into_iter().map(&mut named).collect()
    }

    /// How many complaints about a ticket's matter were made in its place from a moment on until this one, itself among
    /// them; counted to `most`. A ticket whose place or matter is not known is alone.
    pub fn complaints_with(
        &self,
        ticket: &Ticket,
        from: Instant,
        most: u32,
    ) -> Result<u32, Failure> {
        let (Some(community), Some(matter)) = (&ticket.community, ticket.category.last()) else {
            return Ok(0);
        };
        Ok(self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM (SELECT 1 FROM ticket INDEXED BY ticket_by_spot \
                 WHERE community = ?1 AND category1 IS NOT NULL AND coalesce(category3, category2, category1) = ?2 \
                 AND created_at >= ?3 AND (created_at < ?4 OR created_at = ?4 AND id <= (SELECT id FROM ticket WHERE no = ?5)) \
                 AND nature IN ('complaint', 'help', 'report') LIMIT ?6)",
            )?
            .query_row(
                params![community, matter, from.0, ticket.created_at.0, ticket.no, most],
                |row| row.get(0),
            )?)
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
}
