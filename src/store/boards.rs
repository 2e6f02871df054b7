//! What every department has open by light, from the indexes over open tickets; rows are not read.

use super::failure::Failure;
use super::{Store, natural};
use crate::domain::board::{Board, BoardRow};
use crate::domain::instant::Instant;
use rusqlite::params;
use std::collections::BTreeMap;

impl Store {
    /// The board at a moment, of all departments or of the one that leads.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn board(&self, now: Instant, department: Option<&str>) -> Result<Board, Failure> {
        let mut rows: BTreeMap<Option<String>, BoardRow> = BTreeMap::new();
        let mut statement = self.conn.prepare_cached(
            "SELECT lead, sum(is_running AND due_key <= ?1), sum(is_running AND due_key > ?1 AND warn_key <= ?1), \
             sum(is_running AND due_key > ?1 AND warn_key > ?1), sum(state = 'suspended'), sum(state = 'dispatched'), \
             min(CASE WHEN is_running AND due_key <= ?1 THEN due_key END) \
             FROM ticket INDEXED BY open_by_due WHERE is_open = 1 AND (?2 IS NULL OR lead = ?2) GROUP BY lead",
        )?;
        let mut found = statement.query(params![now.0, department])?;
        while let Some(row) = found.next()? {
            let lead: Option<String> = row.get(0)?;
            let counted = BoardRow {
                department: lead.clone(),
                red: natural(row, 1)?,
                yellow: natural(row, 2)?,
                green: natural(row, 3)?,
                paused: natural(row, 4)?,
                unsigned: natural(row, 5)?,
                ruling: 0,
                oldest_red: row.get::<_, Option<i64>>(6)?.map(Instant),
            };
            rows.insert(lead, counted);
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT lead, count(*) FROM ticket INDEXED BY decision_by_due \
             WHERE is_decision = 1 AND (?1 IS NULL OR lead = ?1) GROUP BY lead",
        )?;
        let mut found = statement.query(params![department])?;
        while let Some(row) = found.next()? {
            let lead: Option<String> = row.get(0)?;
            let counted = rows.entry(lead.clone()).or_insert_with(|| BoardRow {
                department: lead,
                ..BoardRow::default()
            });
            counted.ruling = natural(row, 1)?;
        }
        Ok(Board::new(rows.into_values().collect()))
    }
}
