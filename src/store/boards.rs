//! What every department has open by light and what waits with it, from indexes over open tickets; few rows are read.

use super::failure::Failure;
use super::page::DISPUTED;
use super::{Store, instant, natural};
use crate::domain::board::{Board, BoardRow};
use crate::domain::instant::Instant;
use rusqlite::{Row, params};
use std::collections::BTreeMap;

/// What is counted by lead department besides the lights, and into which row; `{lead}` narrows it to one.
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
        "SELECT lead, count(*), sum({disputed}) FROM ticket t INDEXED BY decision_by_due \
         WHERE is_decision = 1 AND {lead} GROUP BY lead",
        |counted, row| {
            counted.ruling = natural(row, 1)?;
            counted.disputed = natural(row, 2)?;
            Ok(())
        },
    ),
    (
        "SELECT lead, sum(supervision_level > 0), sum(supervision_level = 0) FROM ticket t \
         INDEXED BY supervised_by_due WHERE is_supervised = 1 AND {lead} GROUP BY lead",
        |counted, row| {
            counted.supervised = natural(row, 1)?;
            counted.proposed = natural(row, 2)?;
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
        let mut rows: BTreeMap<Option<String>, BoardRow> = BTreeMap::new();
        let mut statement = self.conn.prepare_cached(
            "SELECT lead, sum(is_running AND due_key <= ?1), sum(is_running AND due_key > ?1 AND warn_key <= ?1), \
             sum(is_running AND due_key > ?1 AND warn_key > ?1), sum(state = 'suspended'), \
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
                oldest_red: instant(row, 5)?,
                ..BoardRow::default()
            };
            rows.insert(lead, counted);
        }
        for (question, take) in COUNTS {
            let question = question
                .replace("{lead}", "(?1 IS NULL OR lead = ?1)")
                .replace("{disputed}", DISPUTED);
            let mut statement = self.conn.prepare_cached(&question)?;
            let mut found = statement.query(params![department])?;
            while let Some(row) = found.next()? {
                let lead: Option<String> = row.get(0)?;
                let counted = rows.entry(lead.clone()).or_insert_with(|| BoardRow {
                    department: lead,
                    ..BoardRow::default()
                });
                take(counted, row)?;
            }
        }
        Ok(Board::new(rows.into_values().collect()))
    }
}
