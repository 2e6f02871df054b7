//! What a shift leaves to the next one: rows by the moment they came or turned, and the signing off.

use super::failure::Failure;
use super::ledger::{Draft, kind};
use super::row::{SHOWN, shown};
use super::write::Tx;
use super::{Store, natural};
use crate::domain::event::{Entry, Event};
use crate::domain::instant::Instant;
use crate::domain::queue::Row;
use crate::domain::ticket::Marks;
use rusqlite::params;

/// Which rows of a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Created in it.
    Received,
    /// Running, and turned yellow in it (and are yellow still, or red by now).
    Yellow,
    /// Running, and turned red in it.
    Red,
    /// Urgent and not signed for.
    Unsigned,
    /// Waiting for a call-back.
    CallBacks,
}

impl Part {
    /// The rows, by the index that has them in order.
    fn condition(self) -> &'static str {
        match self {
            Self::Received => {
                "ticket t INDEXED BY ticket_by_created WHERE t.created_at > ?1 AND t.created_at <= ?2 {scope} ORDER BY t.created_at, t.id"
            }
            Self::Yellow => {
                "ticket t INDEXED BY running_by_warn WHERE t.is_running = 1 AND t.warn_key > ?1 AND t.warn_key <= ?2 {scope} ORDER BY t.warn_key, t.due_key"
            }
            Self::Red => {
                "ticket t INDEXED BY open_by_due WHERE t.is_open = 1 AND t.is_running = 1 AND t.due_key > ?1 AND t.due_key <= ?2 {scope} ORDER BY t.due_key, t.id"
            }
            // The first two ranks of the urgency key are urgent.
            Self::Unsigned => {
                "ticket t INDEXED BY open_by_urgency WHERE t.is_open = 1 AND t.urgency_key < (2 << 56) AND t.state = 'dispatched' AND ?1 <= ?2 {scope} ORDER BY t.urgency_key, t.id"
            }
            Self::CallBacks => {
                "ticket t INDEXED BY review_by_due WHERE t.is_review = 1 AND t.state = 'callback' AND ?1 <= ?2 {scope} ORDER BY t.due_key, t.id"
            }
        }
    }
}

impl Store {
    /// How many rows a part of the shift has, and the first `n` of them; of one lead department where it is named.
    pub fn shift_rows(
        &self,
        part: Part,
        since: Instant,
        until: Instant,
        lead: Option<&str>,
        n: usize,
    ) -> Result<(u64, Vec<Row>), Failure> {
        let from = part
            .condition()
            .replace("{scope}", "AND (?3 IS NULL OR t.lead = ?3)");
        let total = self
            .conn
            .prepare_cached(&format!("SELECT count(*) FROM {from}"))?
            .query_row(params![since.0, until.0, lead], |row| natural(row, 0))?;
        let rows = self
            .conn
            .prepare_cached(&format!("SELECT {SHOWN} FROM {from} LIMIT ?4"))?
            .query_map(params![since.0, until.0, lead, n as i64], shown)?
            .collect::<Result<_, _>>()?;
        Ok((total, rows))
    }

    /// Notes written in a span, oldest first, at most `n`; of one lead department where it is named.
    pub fn notes(
        &self,
        since: Instant,
        until: Instant,
        lead: Option<&str>,
        n: usize,
    ) -> Result<Vec<Entry>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT e.seq, t.no, e.at, e.by, e.data FROM event e INDEXED BY event_noted \
             JOIN ticket t ON t.id = e.ticket_id \
             WHERE e.kind = 'noted' AND e.at > ?1 AND e.at <= ?2 AND (?3 IS NULL OR t.lead = ?3) \
             ORDER BY e.at, e.seq LIMIT ?4",
        )?;
        let mut rows = statement.query(params![since.0, until.0, lead, n as i64])?;
        let mut notes = Vec::new();
        while let Some(row) = rows.next()? {
            let event: Event =
                serde_json::from_str(row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?)?;
            notes.push(Entry {
                seq: row.get(0)?,
                no: row.get(1)?,
                at: Instant(row.get(2)?),
                by: row.get(3)?,
                event,
            });
        }
        Ok(notes)
    }
}

impl Tx<'_> {
    /// Writes a handover into the ledger: who gave, who took, and what they signed, as JSON.
    pub fn hand_over(&self, data: &str, at: Instant, by: &str) -> Result<(), Failure> {
        self.chain(&Draft {
            ticket_id: None,
            at,
            by,
            kind: kind::HANDED_OVER,
            data,
            marks: Marks::default(),
            commitment: None,
            state_hash: None,
        })?;
        Ok(())
    }
}
