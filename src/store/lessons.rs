//! Where tickets were sent, in the ledger's order: what the suggestion model learns from.

use super::failure::Failure;
use super::learning::Past;
use super::{Store, levels, natural};
use crate::domain::application::ApplicationKind;
use crate::domain::instant::Instant;
use crate::domain::ticket::Ticket;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::{BTreeMap, HashMap};

/// What an entry of the ledger teaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Teaching {
    /// It was sent to the department, or had been where it came from.
    Dispatched,
    /// The centre ruled that it is the department's.
    Ruled,
    /// The dispatch was taken back.
    Recalled,
    /// The department gave it back, and that was granted.
    Returned,
}

/// An entry of the ledger that teaches, with the ticket it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The entry.
    pub seq: i64,
    /// What it teaches.
    pub teaching: Teaching,
    /// The ticket; its `lead` is the department the entry is about.
    pub past: Past,
    /// The requester's phone.
    pub phone: String,
    /// Where it is about, in words.
    pub address: String,
}

/// A stretch of the ledger, read for what it teaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lessons {
    /// The entries that teach, in their order, but for what taught nothing in the end: dispatches that were recalled within
    /// the stretch, and their recalls.
    pub list: Vec<Lesson>,
    /// How many entries were read, with those left out.
    pub read: u64,
    /// Up to which entry the ledger was read: what comes before needs no second look, whether it taught or not.
    pub read_to: i64,
    /// Whether the ledger was read to its end.
    pub all: bool,
}

/// The entries that teach.
const TEACHES: &str = "kind IN ('dispatched', 'imported', 'ruled', 'recalled', 'granted')";

impl Store {
    /// At most `n` entries that teach, after an entry and up to another; one that names no department counts among them.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn lessons(&self, after: i64, upto: i64, n: usize) -> Result<Lessons, Failure> {
        // Asked for first: what another desk writes meanwhile is then read again, never skipped.
        let end: i64 = self
            .conn
            .prepare_cached("SELECT coalesce(max(seq), 0) FROM event")?
            .query_row([], |row| row.get(0))?;
        if end <= after {
            return Ok(Lessons {
                read_to: after,
                all: true,
                ..Lessons::default()
            });
        }
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT e.seq, e.kind, t.id, t.no, t.category1, t.category2, t.category3, t.street, t.community, \
             t.source, t.nature, t.created_at, t.title, x.content, x.phone, x.address, \
             json_extract(e.data, '$.data.lead'), json_extract(e.data, '$.data.number'), \
             CASE e.kind WHEN 'granted' THEN t.facts END \
             FROM event e JOIN ticket t ON t.id = e.ticket_id JOIN ticket_text x ON x.ticket_id = t.id \
             WHERE e.seq > ? AND e.seq <= ? \
             AND e.{TEACHES} ORDER BY e.seq LIMIT ?",
        ))?;
        let mut rows = statement.query(params![after, upto, n as i64])?;
        let (mut list, mut sent) = (BTreeMap::new(), HashMap::new());
        let (mut read, mut last) = (0, after);
        while let Some(row) = rows.next()? {
            read += 1;
            last = row.get(0)?;
            let Some(lesson) = self.lesson(row)? else {
                continue;
            };
            match lesson.teaching {
                Teaching::Dispatched => {
                    sent.insert(lesson.past.id, last);
                }
                // Let go at once: a day of second thoughts is not held in memory with all its texts.
                Teaching::Recalled => {
                    if let Some(dispatch) = sent.remove(&lesson.past.id) {
                        list.remove(&dispatch);
                        continue;
                    }
                }
                Teaching::Ruled | Teaching::Returned => {}
            }
            list.insert(last, lesson);
        }
        let no_more = read < n as u64;
        let end = end.max(last);
        Ok(Lessons {
            list: list.into_values().collect(),
            read,
            read_to: if no_more { upto.min(end) } else { last },
            all: no_more && upto >= end,
        })
    }

    /// The entry that the newest `n` entries that teach come after; 0 where there are not so many.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn before_newest_lessons(&self, n: usize) -> Result<i64, Failure> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT seq FROM event WHERE {TEACHES} ORDER BY seq DESC LIMIT 1 OFFSET ?"
            ))?
            .query_row([n as i64], |row| row.get(0))
            .optional()?
            .unwrap_or(0))
    }

    /// Whether at least `n` entries that teach come after an entry.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn has_lessons(&self, after: i64, n: usize) -> Result<bool, Failure> {
        let found = self
            .conn
            .prepare_cached(&format!(
                "SELECT count(*) FROM (SELECT 1 FROM event WHERE seq > ? AND {TEACHES} LIMIT ?)"
            ))?
            .query_row(params![after, n as i64], |row| natural(row, 0))?;
        Ok(found >= n as u64)
    }

    fn lesson(&self, row: &Row<'_>) -> Result<Option<Lesson>, Failure> {
        let (seq, kind, id): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (teaching, lead) = match kind.as_str() {
            "ruled" => (Teaching::Ruled, row.get(16)?),
            "recalled" => (Teaching::Recalled, self.sent_to(id, seq)?),
            "granted" => {
                let facts: String = row.get(18)?;
                if !is_return(&facts, natural(row, 17)? as u32)? {
                    return Ok(None);
                }
                (Teaching::Returned, self.sent_to(id, seq)?)
            }
            _ => (Teaching::Dispatched, row.get::<_, Option<String>>(16)?),
        };
        let Some(lead) = lead else { return Ok(None) };
        Ok(Some(Lesson {
            seq,
            teaching,
            past: Past {
                id,
                no: row.get(3)?,
                category: levels(row, 4)?,
                street: row.get(7)?,
                community: row.get(8)?,
                source: row.get(9)?,
                nature: row.get(10)?,
                created_at: Instant(row.get(11)?),
                title: row.get(12)?,
                content: row.get(13)?,
                lead,
            },
            phone: row.get(14)?,
            address: row.get(15)?,
        }))
    }

    /// The department a ticket had been sent to when an entry was written.
    fn sent_to(&self, ticket: i64, before: i64) -> Result<Option<String>, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT json_extract(data, '$.data.lead') FROM event \
                 WHERE ticket_id = ? AND seq < ? AND kind IN ('dispatched', 'ruled', 'imported') \
                 ORDER BY seq DESC LIMIT 1",
            )?
            .query_row(params![ticket, before], |row| row.get(0))
            .optional()?
            .flatten())
    }
}

fn is_return(facts: &str, number: u32) -> Result<bool, Failure> {
    let ticket: Ticket = serde_json::from_str(facts)?;
    Ok(ticket
        .applications
        .iter()
        .any(|a| a.number == number && a.kind == ApplicationKind::Return))
}
