//! What a shift leaves to the next one: rows by the moment they came or turned, and the signing off.

use super::counts::URGENT_BELOW;
use super::failure::Failure;
use super::ledger::{Draft, ENTRY, Entries, kind, readable};
use super::page::CAN_WAIT;
use super::row::{SHOWN, shown};
use super::write::Tx;
use super::{Store, natural};
use crate::domain::instant::Instant;
use crate::domain::shift::{Part, Rows};
use rusqlite::params;

/// The rows of a part, by the index that has them in order: `?1` and `?2` are the shift's ends, `?5` when the offices open.
fn condition(part: Part) -> String {
    let of = match part {
        Part::Pressing => {
            "ticket t INDEXED BY desk_by_urgency WHERE t.is_desk = 1 AND NOT ({wait}) {scope} ORDER BY t.urgency_key, t.id"
        }
        Part::CanWait => {
            "ticket t INDEXED BY desk_by_urgency WHERE t.is_desk = 1 AND {wait} {scope} ORDER BY t.urgency_key, t.id"
        }
        Part::Received => {
            "ticket t INDEXED BY ticket_by_created WHERE t.created_at > ?1 AND t.created_at <= ?2 {scope} ORDER BY t.created_at, t.id"
        }
        Part::Yellow => {
            "ticket t INDEXED BY running_by_warn WHERE t.is_running = 1 AND t.warn_key > ?1 AND t.warn_key <= ?2 {scope} ORDER BY t.warn_key, t.due_key"
        }
        Part::Red => {
            "ticket t INDEXED BY open_by_due WHERE t.is_open = 1 AND t.is_running = 1 AND t.due_key > ?1 AND t.due_key <= ?2 {scope} ORDER BY t.due_key, t.id"
        }
        Part::Unsigned => {
            "ticket t INDEXED BY open_by_urgency WHERE t.is_open = 1 AND t.urgency_key < {urgent} AND t.state = 'dispatched' {scope} ORDER BY t.urgency_key, t.id"
        }
        Part::CallBacks => {
            "ticket t INDEXED BY review_by_due WHERE t.is_review = 1 AND t.state = 'callback' {scope} ORDER BY t.due_key, t.id"
        }
        Part::Claims => {
            "ticket t INDEXED BY claimed_by_time WHERE t.is_open = 1 AND t.claimed_by IS NOT NULL {scope} ORDER BY t.claimed_at, t.id"
        }
    };
    of.replace("{wait}", &CAN_WAIT.replace('?', "?5"))
        .replace("{urgent}", URGENT_BELOW)
        .replace(
            "{scope}",
            "AND (?3 IS NULL OR t.lead = ?3) AND ?1 <= ?2 AND ?4 >= 0 AND ?5 IS NOT NULL",
        )
}

impl Store {
    /// How many rows a part of the shift has, and the first `n` of them; of one lead department where it is named.
    /// The offices open at `opens`.
    pub fn shift_rows(
        &self,
        part: Part,
        since: Instant,
        until: Instant,
        lead: Option<&str>,
        opens: Instant,
        n: usize,
    ) -> Result<Rows, Failure> {
        let from = condition(part);
        let values = params![since.0, until.0, lead, n as i64, opens.0];
        let total = self
            .conn
            .prepare_cached(&format!("SELECT count(*) FROM {from}"))?
            .query_row(values, |row| natural(row, 0))?;
        let rows = self
            .conn
            .prepare_cached(&format!("SELECT {SHOWN} FROM {from} LIMIT ?4"))?
            .query_map(values, |row| Ok(shown(row)))?
            .collect::<Result<_, _>>()?;
        Ok(Rows { total, rows })
    }

    /// Notes written in a span, oldest first, at most `n`; of one lead department where it is named.
    pub fn notes(
        &self,
        since: Instant,
        until: Instant,
        lead: Option<&str>,
        n: usize,
    ) -> Result<Entries, Failure> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {ENTRY} FROM event e INDEXED BY event_noted JOIN ticket t ON t.id = e.ticket_id \
             WHERE e.kind = 'noted' AND e.at > ?1 AND e.at <= ?2 AND (?3 IS NULL OR t.lead = ?3) \
             ORDER BY e.at, e.seq LIMIT ?4"
        ))?;
        readable(statement.query(params![since.0, until.0, lead, n as i64])?)
    }
}

impl Tx<'_> {
    /// Writes a handover into the ledger, or its confirmation: who gave, who takes, and what they signed, as JSON.
    pub fn hand_over(
        &self,
        data: &str,
        confirmed: bool,
        at: Instant,
        by: &str,
    ) -> Result<(), Failure> {
        let kind = if confirmed {
            kind::TAKEN_OVER
        } else {
            kind::HANDED_OVER
        };
        self.chain(&Draft::about_store(kind, data, by, at))?;
        Ok(())
    }
}
