//! Exact counts, kept as tickets are written: by view, and by the hour and day in which a light turns.
//!
//! A transaction gathers its changes in a [`Tally`] and writes them once, at its end; `verify` counts again.

use super::failure::Failure;
use super::page::belongs;
use super::row::{NEVER, place};
use super::{Store, natural};
use crate::domain::instant::{DAY, Instant};
use crate::domain::queue::{Counts, View};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};
use std::cmp::Ordering;
use std::collections::HashMap;

/// Seconds in an hour.
const HOUR: i64 = 3600;

/// The first two ranks of the urgency key are urgent.
pub(super) const URGENT_BELOW: &str = "(2 << 56)";

/// The scope of everybody.
pub(super) const EVERYBODY: &str = "";

/// What is counted of all tickets together.
const PLAIN: [&str; 8] = [
    "all",
    "open",
    "desk",
    "decision",
    "review",
    "supervised",
    "running",
    "paused",
];

/// What is counted by the time at which a light turns: the column, and the seconds of a bucket.
const TURNS: [(&str, usize, i64); 4] = [
    ("warn_hour", place::WARN_KEY, HOUR),
    ("warn_day", place::WARN_KEY, DAY),
    ("due_hour", place::DUE_KEY, HOUR),
    ("due_day", place::DUE_KEY, DAY),
];

/// Changes of counts by scope.
#[derive(Debug, Default)]
pub(super) struct Tally {
    changes: HashMap<String, Changes>,
}

/// Changes of counts in one scope.
#[derive(Debug, Default)]
struct Changes {
    /// By place in [`PLAIN`].
    plain: [i64; PLAIN.len()],
    /// By place in [`TURNS`] and bucket.
    turns: HashMap<(usize, i64), i64>,
}

impl Changes {
    /// What is counted, the bucket and the change.
    fn all(&self) -> impl Iterator<Item = (&'static str, i64, i64)> {
        let plain = PLAIN
            .iter()
            .zip(self.plain)
            .map(|(what, by)| (*what, 0, by));
        let turns = self.turns.iter().map(|((turn, bucket), by)| {
            let (what, _, _) = TURNS[*turn];
            (what, *bucket, *by)
        });
        plain.chain(turns)
    }
}

impl Tally {
    /// Counts a row (`by` 1) or takes it back (`by` -1), for everybody and for each of its departments.
    pub(super) fn count(&mut self, columns: &[ValueRef<'_>], departments: &[&str], by: i64) {
        let holds = |at: usize| columns[at] == ValueRef::Integer(1);
        let is_running = holds(place::IS_RUNNING);
        let plain: [bool; PLAIN.len()] = [
            true,
            holds(place::IS_OPEN),
            holds(place::IS_DESK),
            holds(place::IS_DECISION),
            holds(place::IS_REVIEW),
            holds(place::IS_SUPERVISED),
            is_running,
            columns[place::STATE] == ValueRef::Text(b"suspended"),
        ];
        let bucket = |(_, at, seconds): (&str, usize, i64)| match columns[at] {
            ValueRef::Integer(key) if is_running && key != NEVER => Some(key.div_euclid(seconds)),
            _ => None,
        };
        let turns = TURNS.map(bucket);
        for scope in std::iter::once(&EVERYBODY).chain(departments) {
            if !self.changes.contains_key(*scope) {
                self.changes.insert((*scope).to_owned(), Changes::default());
            }
            let Some(changes) = self.changes.get_mut(*scope) else {
                continue;
            };
            for (n, counts) in changes.plain.iter_mut().zip(plain) {
                *n += if counts { by } else { 0 };
            }
            for (turn, bucket) in turns.into_iter().enumerate() {
                if let Some(bucket) = bucket {
                    *changes.turns.entry((turn, bucket)).or_default() += by;
                }
            }
        }
    }

    /// Writes the changes.
    pub(super) fn flush(&mut self, conn: &Connection) -> Result<(), Failure> {
        for (scope, changes) in self.changes.drain() {
            for (what, bucket, by) in changes.all() {
                match by.cmp(&0) {
                    Ordering::Less => lessen(conn, &scope, what, bucket, by)?,
                    Ordering::Equal => {}
                    Ordering::Greater => raise(conn, &scope, what, bucket, by)?,
                }
            }
        }
        Ok(())
    }

    /// The counts as rows of the table, for comparing.
    pub(super) fn rows(&self) -> HashMap<(String, String, i64), i64> {
        let of = |(scope, changes): (&String, &Changes)| {
            let scope = scope.clone();
            let rows = changes.all().collect::<Vec<_>>().into_iter();
            rows.map(move |(what, bucket, n)| ((scope.clone(), what.to_owned(), bucket), n))
        };
        let rows = self.changes.iter().flat_map(of);
        rows.filter(|(_, n)| *n != 0).collect()
    }
}

fn raise(conn: &Connection, scope: &str, what: &str, bucket: i64, by: i64) -> Result<(), Failure> {
    conn.prepare_cached(
        "INSERT INTO tally (scope, what, bucket, n) VALUES (?, ?, ?, ?) \
         ON CONFLICT DO UPDATE SET n = n + excluded.n",
    )?
    .execute(params![scope, what, bucket, by])?;
    Ok(())
}

/// A count that comes to nothing goes; `by` is negative.
fn lessen(conn: &Connection, scope: &str, what: &str, bucket: i64, by: i64) -> Result<(), Failure> {
    let gone = conn
        .prepare_cached("DELETE FROM tally WHERE scope = ? AND what = ? AND bucket = ? AND n = ?")?
        .execute(params![scope, what, bucket, -by])?;
    if gone == 1 {
        return Ok(());
    }
    // An upsert would be held against the check before it finds the row.
    let less = conn
        .prepare_cached(
            "UPDATE tally SET n = n + ?4 WHERE scope = ?1 AND what = ?2 AND bucket = ?3",
        )?
        .execute(params![scope, what, bucket, by])?;
    if less == 1 {
        return Ok(());
    }
    Err(Failure::damaged(format!(
        "there is no count of {what} to lessen"
    )))
}

impl Store {
    /// Lights and views at a moment, for everybody or for one department. Reads a few hundred small rows, never tickets.
    pub fn counts(&self, now: Instant, department: Option<&str>) -> Result<Counts, Failure> {
        let scope = department.unwrap_or(EVERYBODY);
        let plain = |what: &str| -> Result<u64, Failure> {
            Ok(self
                .conn
                .prepare_cached(
                    "SELECT coalesce(sum(n), 0) FROM tally WHERE scope = ? AND what = ? AND bucket = 0",
                )?
                .query_row(params![scope, what], |row| natural(row, 0))?)
        };
        let warned = self.turned("warn", now, department)?;
        let red = self.turned("due", now, department)?;
        let running = plain("running")?;
        let views = View::ALL
            .iter()
            .map(|view| {
                Ok(Some(match view {
                    View::Desk => plain("desk")?,
                    View::Open => plain("open")?,
                    View::RedYellow => warned,
                    View::Decisions => plain("decision")?,
                    View::Review => plain("review")?,
                    View::Supervision => plain("supervised")?,
                    View::All => plain("all")?,
                    View::Statistics | View::Shift => return Ok(None),
                }))
            })
            .collect::<Result<Vec<_>, Failure>>()?;
        Ok(Counts {
            red,
            yellow: warned.saturating_sub(red),
            green: running.saturating_sub(warned),
            paused: plain("paused")?,
            urgent: self.urgent(department)?,
            reddened_at: self.reddened_at(now, department)?,
            views,
        })
    }

    /// How many open tickets are urgent: the beginning of their index.
    fn urgent(&self, department: Option<&str>) -> Result<u64, Failure> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT count(*) FROM ticket t INDEXED BY open_by_urgency \
                 WHERE t.is_open = 1 AND t.urgency_key < {URGENT_BELOW} AND (?1 IS NULL OR {})",
                belongs("?1")
            ))?
            .query_row(params![department], |row| natural(row, 0))?)
    }

    /// When the latest of the red lights turned: the first running one from now on backwards.
    fn reddened_at(
        &self,
        now: Instant,
        department: Option<&str>,
    ) -> Result<Option<Instant>, Failure> {
        let sql = match department {
            None => {
                "SELECT t.due_key FROM ticket t INDEXED BY open_by_due \
                 WHERE t.is_open = 1 AND t.is_running = 1 AND t.due_key <= ?2 AND ?1 IS NULL \
                 ORDER BY t.due_key DESC LIMIT 1"
            }
            Some(_) => {
                "SELECT d.due_key FROM ticket_department d INDEXED BY department_open_by_due \
                 CROSS JOIN ticket t ON t.id = d.ticket_id \
                 WHERE d.department = ?1 AND d.is_open = 1 AND d.due_key <= ?2 AND t.is_running = 1 \
                 ORDER BY d.due_key DESC LIMIT 1"
            }
        };
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row(params![department, now.0], |row| row.get(0).map(Instant))
            .optional()?)
    }

    /// How many running tickets' `warn` or `due` key is not after `now`: whole days, whole hours, and the hour
    /// under way from the tickets themselves.
    fn turned(&self, mark: &str, now: Instant, department: Option<&str>) -> Result<u64, Failure> {
        let scope = department.unwrap_or(EVERYBODY);
        let (day, hour) = (now.0.div_euclid(DAY), now.0.div_euclid(HOUR));
        let sum = |what: String, from: i64, to: i64| -> Result<u64, Failure> {
            Ok(self
                .conn
                .prepare_cached(
                    "SELECT coalesce(sum(n), 0) FROM tally WHERE scope = ? AND what = ? AND bucket >= ? AND bucket < ?",
                )?
                .query_row(params![scope, what, from, to], |row| natural(row, 0))?)
        };
        let days = sum(format!("{mark}_day"), i64::MIN, day)?;
        let hours = sum(format!("{mark}_hour"), day * (DAY / HOUR), hour)?;
        let own = match department {
            Some(_) => belongs("?3"),
            None => "?3 IS NULL".to_owned(),
        };
        let index = if mark == "due" {
            "open_by_due"
        } else {
            "running_by_warn"
        };
        let rest: u64 = self
            .conn
            .prepare_cached(&format!(
                "SELECT count(*) FROM ticket t INDEXED BY {index} WHERE t.is_open = 1 AND t.is_running = 1 \
                 AND t.{mark}_key BETWEEN ?1 AND ?2 AND {own}"
            ))?
            .query_row(params![hour * HOUR, now.0, department], |row| natural(row, 0))?;
        Ok(days + hours + rest)
    }
}
