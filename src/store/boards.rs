//! What every department has open by light and what waits with it, from indexes over open tickets; few rows are read.

use super::failure::Failure;
use super::page::DISPUTED;
use super::{Store, instant, natural};
use crate::domain::board::{Board, BoardRow};
use crate::domain::instant::Instant;
use rusqlite::{Row, params};
use std::collections::BTreeMap;

/// What is counted by lead department besides the lights, and into which row; `{lead}` narrows it to one.
///
/// Only what an index has by department is grouped there: to group anything else SQLite would sort a copy of it in memory.
type Count = (
    &'static str,
    fn(&mut BoardRow, &Row<'_>) -> Result<(), Failure>,
);

const COUNTS: [Count; 4] = [
    (
        "SELECT lead, count(*), min(dispatched_at) FROM ticket t INDEXED BY unsigned_by_lead \
         WHERE state = 'dispatched' AND {lead} GROUP BY lead",
        |counted, row| {
            counted.unsigned = natural(row, 1)?;
            counted.oldest_unsigned = instant(row, 2)?;
            Ok(())
        },
    ),
    (
        "SELECT lead, count(*), max(dispatches) FROM ticket t INDEXED BY hopped_by_lead \
         WHERE is_open = 1 AND dispatches > 1 AND {lead} GROUP BY lead",
        |counted, row| {
            counted.hopped = natural(row, 1)?;
            counted.most_dispatches = natural(row, 2)?;
            Ok(())
        },
    ),
    (
        "SELECT lead, {disputed} FROM ticket t INDEXED BY decision_by_due WHERE is_decision = 1 AND {lead}",
        |counted, row| {
            counted.ruling += 1;
            counted.disputed += natural(row, 1)?;
            Ok(())
        },
    ),
    (
        "SELECT lead, supervision_level > 0, supervision_level = 0 FROM ticket t \
         INDEXED BY supervised_by_due WHERE is_supervised = 1 AND {lead}",
        |counted, row| {
            counted.supervised += natural(row, 1)?;
            counted.proposed += natural(row, 2)?;
            Ok(())
        },
    ),
];

impl Store {
    /// The board at a moment, of all departments or of the one that leads.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn board(&self, now: Instant, department: Option<&str>) -> Result<Board, Failure> {
        let mut rows = BTreeMap::new();
        let mut statement = self.conn.prepare_cached(
            "SELECT lead, is_running, due_key, warn_key, state = 'suspended' \
             FROM ticket INDEXED BY open_by_due WHERE is_open = 1 AND (?1 IS NULL OR lead = ?1)",
        )?;
        let mut found = statement.query(params![department])?;
        while let Some(row) = found.next()? {
            let counted = counted(&mut rows, row)?;
            let is_running: bool = row.get(1)?;
            let (due, warn) = (Instant(row.get(2)?), Instant(row.get(3)?));
            if !is_running {
                counted.paused += natural(row, 4)?;
            } else if due <= now {
                counted.red += 1;
                counted.oldest_red = Some(counted.oldest_red.map_or(due, |at| at.min(due)));
            } else if warn <= now {
                counted.yellow += 1;
            } else {
                counted.green += 1;
            }
        }
        for (question, take) in COUNTS {
            let question = question
                .replace("{lead}", "(?1 IS NULL OR lead = ?1)")
                .replace("{disputed}", DISPUTED);
            let mut statement = self.conn.prepare_cached(&question)?;
            let mut found = statement.query(params![department])?;
            while let Some(row) = found.next()? {
                take(counted(&mut rows, row)?, row)?;
            }
        }
        Ok(Board::new(rows.into_values().collect()))
    }
}

/// The row of the department in the first column.
fn counted<'a>(
    rows: &'a mut BTreeMap<Option<String>, BoardRow>,
    row: &Row<'_>,
) -> Result<&'a mut BoardRow, Failure> {
    let counted = rows.entry(row.get(0)?);
    Ok(counted.or_insert_with_key(|department| BoardRow {
        department: department.clone(),
        ..BoardRow::default()
    }))
}
