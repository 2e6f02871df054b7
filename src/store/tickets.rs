//! One ticket: loading it, and finding it by what a person knows of it.

use super::failure::Failure;
use super::grams;
use super::{Store, marks, text, ticket_id};
use crate::domain::instant::Instant;
use crate::domain::ticket::{Marks, Ticket};
use rusqlite::{OptionalExtension, params};

/// How many numbers an ambiguous ending names.
const NAMED: usize = 9;

/// The most closed tickets of a place that are looked at.
const CLOSED_LOOKED_AT: i64 = 500;

/// A ticket as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The store's key.
    pub id: i64,
    /// The facts.
    pub ticket: Ticket,
    /// When its light and stage turn.
    pub marks: Marks,
}

/// What an ending of a number leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Exactly one ticket.
    One(String),
    /// None.
    None,
    /// Several; the newest of them.
    Many(Vec<String>),
}

fn strings(
    mut statement: rusqlite::CachedStatement<'_>,
    params: impl rusqlite::Params,
) -> Result<Vec<String>, Failure> {
    Ok(statement
        .query_map(params, |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

const LOADED: &str = "t.id, t.facts, t.warn_at, t.due_at, t.stage_due_at";

/// A ticket of a row [`LOADED`].
fn loaded(row: &rusqlite::Row<'_>) -> Result<Loaded, Failure> {
    Ok(Loaded {
        id: row.get(0)?,
        ticket: serde_json::from_str(text(row, 1)?)?,
        marks: marks(row, 2)?,
    })
}

/// A ticket that a record with its number may be compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub no: String,
    /// Whether it is still worked on.
    pub is_open: bool,
    /// Its title; empty once erased.
    pub title: String,
    /// Its words; empty once erased.
    pub content: String,
}

impl Store {
    /// A ticket by its whole number.
    pub fn load(&self, no: &str) -> Result<Option<Loaded>, Failure> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("SELECT {LOADED} FROM ticket t WHERE t.no = ?"))?;
        let mut rows = statement.query([no])?;
        rows.next()?.map(loaded).transpose()
    }

    /// The tickets of these whole numbers, in their order, by one question; numbers that are nobody's are left out.
    pub fn load_all(&self, numbers: &[&str]) -> Result<Vec<Loaded>, Failure> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {LOADED} FROM json_each(?) j CROSS JOIN ticket t ON t.no = j.value ORDER BY j.key"
        ))?;
        let mut rows = statement.query([serde_json::to_string(numbers)?])?;
        let mut all = Vec::with_capacity(numbers.len());
        while let Some(row) = rows.next()? {
            all.push(loaded(row)?);
        }
        Ok(all)
    }

    /// The ticket whose number ends so, with or without its hyphen.
    pub fn find(&self, ending: &str) -> Result<Found, Failure> {
        if ticket_id(self, ending)?.is_some() {
            return Ok(Found::One(ending.to_owned()));
        }
        if grams::reversed_no(ending).is_empty() {
            return Ok(Found::None);
        }
        let (from, value) = self.sure_ending(ending)?;
        let mut found = strings(
            self.conn
                .prepare_cached(&format!("SELECT t.no {from} LIMIT {NAMED}"))?,
            [value],
        )?;
        Ok(match (found.pop(), found.is_empty()) {
            (None, _) => Found::None,
            (Some(only), true) => Found::One(only),
            (Some(last), false) => {
                found.push(last);
                Found::Many(found)
            }
        })
    }

    /// The ticket that came from a source under a number of its own.
    pub fn by_external(&self, source: &str, external_no: &str) -> Result<Option<String>, Failure> {
        Ok(self
            .conn
            .prepare_cached("SELECT no FROM ticket WHERE external_no = ? AND source = ? LIMIT 1")?
            .query_row([external_no, source], |row| row.get(0))
            .optional()?)
    }

    /// What is known of the ticket that came from a source under a number of its own.
    pub(super) fn known(&self, source: &str, external_no: &str) -> Result<Option<Known>, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT t.no, t.is_open, t.title, x.content FROM ticket t JOIN ticket_text x ON x.ticket_id = t.id \
                 WHERE t.external_no = ? AND t.source = ? LIMIT 1",
            )?
            .query_row([external_no, source], |row| {
                Ok(Known {
                    no: row.get(0)?,
                    is_open: row.get(1)?,
                    title: row.get(2)?,
                    content: row.get(3)?,
                })
            })
            .optional()?)
    }

    /// The tickets whose requester's phone ends with these digits (four and more), newest first.
    pub fn by_phone(&self, ending: &str, limit: usize) -> Result<Vec<String>, Failure> {
        let prefix = grams::reversed_digits(ending);
        if prefix.len() < 4 {
            return Ok(Vec::new());
        }
        strings(
            self.conn.prepare_cached(
                "SELECT t.no FROM ticket_text x JOIN ticket t ON t.id = x.ticket_id \
                 WHERE x.reversed_phone >= ?1 AND x.reversed_phone < ?1 || ':' ORDER BY t.created_at DESC, t.id DESC LIMIT ?2",
            )?,
            params![prefix, limit as i64],
        )
    }

    /// Tickets closed at a place (its community, else its street) within a span of time, the last closed first.
    pub fn closed_at_place(
        &self,
        place: &str,
        from: Instant,
        to: Instant,
    ) -> Result<Vec<(String, Instant)>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT no, closed_at FROM ticket INDEXED BY closed_by_place WHERE state = 'closed' \
             AND closed_at IS NOT NULL AND coalesce(community, street, '') = ?1 \
             AND closed_at > ?2 AND closed_at <= ?3 ORDER BY closed_at DESC LIMIT ?4",
        )?;
        Ok(statement
            .query_map(params![place, from.0, to.0, CLOSED_LOOKED_AT], |row| {
                Ok((row.get(0)?, Instant(row.get(1)?)))
            })?
            .collect::<Result<_, _>>()?)
    }

    /// When the first and the last ticket of a place were closed; nothing where none was.
    pub fn closings_at(&self, place: &str) -> Result<Option<(Instant, Instant)>, Failure> {
        let one = |order: &str| -> Result<Option<i64>, Failure> {
            Ok(self
                .conn
                .prepare_cached(&format!(
                    "SELECT closed_at FROM ticket INDEXED BY closed_by_place WHERE state = 'closed' \
                     AND closed_at IS NOT NULL AND coalesce(community, street, '') = ? ORDER BY closed_at {order} LIMIT 1"
                ))?
                .query_row([place], |row| row.get(0))
                .optional()?)
        };
        let ends = one("ASC")?.zip(one("DESC")?);
        Ok(ends.map(|(first, last)| (Instant(first), Instant(last))))
    }
}
