//! What past tickets tell: rows to learn from, the newest of a matter at a place, and candidates for duplicates.

use super::failure::Failure;
use super::grams;
use super::{Store, levels, text};
use crate::domain::instant::Instant;
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A dispatched ticket as learning reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The store's key.
    pub id: i64,
    /// 工单编号.
    pub no: String,
    /// 大类/中类/小类.
    pub category: Vec<String>,
    /// 街道.
    pub street: Option<String>,
    /// 社区.
    pub community: Option<String>,
    /// 诉求来源.
    pub source: String,
    /// The nature's code.
    pub nature: Option<String>,
    /// When it was created.
    pub created_at: Instant,
    /// Title.
    pub title: String,
    /// Content.
    pub content: String,
    /// 主办.
    pub lead: String,
}

/// How many tickets of each department are named.
const NAMED: usize = 3;

/// A gram found in more of the newest tickets than this says little.
const COMMON: usize = 200;

/// Grams of a text that are asked for: those of the title and of the beginning.
const ASKED: usize = 96;

impl Store {
    /// At most `n` tickets with a lead department, by key, after `after_id`.
    pub fn cases(&self, after_id: i64, n: usize) -> Result<Vec<Past>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT t.id, t.no, t.category1, t.category2, t.category3, t.street, t.community, t.source, t.nature, \
             t.created_at, t.title, x.content, t.lead FROM ticket t JOIN ticket_text x ON x.ticket_id = t.id \
             WHERE t.id > ? AND +t.lead IS NOT NULL ORDER BY t.id LIMIT ?",
        )?;
        Ok(statement
            .query_map(params![after_id, n as i64], |row| {
                Ok(Past {
                    id: row.get(0)?,
                    no: row.get(1)?,
                    category: levels(row, 2)?,
                    street: row.get(5)?,
                    community: row.get(6)?,
                    source: row.get(7)?,
                    nature: row.get(8)?,
                    created_at: Instant(row.get(9)?),
                    title: row.get(10)?,
                    content: row.get(11)?,
                    lead: row.get(12)?,
                })
            })?
            .collect::<Result<_, _>>()?)
    }

    /// The newest tickets of this finest category in this community, of each department that had such: their numbers.
    pub fn newest_of_each(&self, category: &str, community: &str) -> Result<Vec<String>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT lead, id FROM ticket INDEXED BY ticket_by_spot WHERE community = ?2 AND category1 IS NOT NULL \
             AND coalesce(category3, category2, category1) = ?1 AND lead IS NOT NULL",
        )?;
        let mut rows = statement.query([category, community])?;
        let mut found: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let lead = text(row, 0)?;
            let id: i64 = row.get(1)?;
            if !found.contains_key(lead) {
                found.insert(lead.to_owned(), Vec::new());
            }
            if let Some(newest) = found.get_mut(lead) {
                let at = newest.partition_point(|other| *other > id);
                newest.insert(at, id);
                newest.truncate(NAMED);
            }
        }
        self.numbers(found.into_values().flatten())
    }

    /// The tickets of this finest category in this community that lie nearest to a moment, at most `n` on each side.
    pub fn at_spot(
        &self,
        category: &str,
        community: &str,
        at: Instant,
        n: usize,
    ) -> Result<Vec<String>, Failure> {
        let mut numbers = Vec::new();
        for side in [
            "created_at <= ?3 ORDER BY created_at DESC",
            "created_at > ?3 ORDER BY created_at",
        ] {
            let mut statement = self.conn.prepare_cached(&format!(
                "SELECT no FROM ticket INDEXED BY ticket_by_spot WHERE community = ?2 AND category1 IS NOT NULL \
                 AND coalesce(category3, category2, category1) = ?1 AND {side} LIMIT ?4"
            ))?;
            let found = statement
                .query_map(params![category, community, at.0, n as i64], |row| {
                    row.get(0)
                })?;
            for no in found {
                numbers.push(no?);
            }
        }
        Ok(numbers)
    }

    /// Tickets that share rare pairs of characters or words with a text, the most alike first: candidates for duplicates.
    pub fn candidates(&self, told: &str, limit: usize) -> Result<Vec<String>, Failure> {
        let mut cut = String::new();
        grams::cut(told, &mut cut);
        let mut seen = BTreeSet::new();
        let asked = cut
            .split_ascii_whitespace()
            .filter(|gram| gram.chars().count() > 1 && seen.insert(*gram));
        let mut statement = self.conn.prepare_cached(
            "SELECT rowid FROM search_all WHERE search_all MATCH ? ORDER BY rowid DESC LIMIT ?",
        )?;
        let mut scores: HashMap<i64, f64> = HashMap::new();
        for gram in asked.take(ASKED) {
            let ids = statement
                .query_map(params![format!("\"{gram}\""), COMMON as i64], |row| {
                    row.get(0)
                })?
                .collect::<Result<Vec<i64>, _>>()?;
            let weight = 1.0 / (1.0 + ids.len() as f64).sqrt();
            for id in ids {
                *scores.entry(id).or_default() += weight;
            }
        }
        let mut best: Vec<(i64, f64)> = scores.into_iter().collect();
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
        best.truncate(limit);
        self.numbers(best.into_iter().map(|(id, _)| id))
    }

    fn numbers(&self, ids: impl Iterator<Item = i64>) -> Result<Vec<String>, Failure> {
        let mut number = self
            .conn
            .prepare_cached("SELECT no FROM ticket WHERE id = ?")?;
        ids.map(|id| Ok(number.query_row([id], |row| row.get(0))?))
            .collect()
    }
}
