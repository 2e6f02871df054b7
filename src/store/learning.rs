//! What past tickets tell: rows to learn from, the newest of a matter at a place, and candidates for duplicates.

use super::failure::Failure;
use super::grams;
use super::{Store, levels, text};
use crate::domain::instant::Instant;
use rusqlite::params;
use std::cmp::Reverse;
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

/// So many of the latest requests are asked for a common gram in the order of their time; further ones in the order of entry.
const LATEST: usize = 2_000;

/// Which tickets with a common gram are looked at, there being too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newest {
    /// Those entered last: a ticket's own neighbours, and the quicker to find.
    ByEntry,
    /// The latest requests, wherever a history that was imported after the present stands.
    ByTime,
}

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
    pub fn candidates(
        &self,
        told: &str,
        newest: Newest,
        limit: usize,
    ) -> Result<Vec<String>, Failure> {
        let mut cut = String::new();
        grams::cut(told, &mut cut);
        let mut seen = BTreeSet::new();
        let asked = cut
            .split_ascii_whitespace()
            .filter(|gram| gram.chars().count() > 1 && seen.insert(*gram));
        let mut scores: HashMap<i64, f64> = HashMap::new();
        let mut latest = None;
        for gram in asked.take(ASKED) {
            let mut ids = self.keys_with(gram, (0, i64::MAX), COMMON)?;
            if newest == Newest::ByTime && ids.len() == COMMON {
                let latest = match &mut latest {
                    Some(latest) => latest,
                    none => none.insert(Latest::of(self)?),
                };
                ids = latest.with(gram, &ids, self)?;
            }
            let weight = 1.0 / (1.0 + ids.len() as f64).sqrt();
            for id in ids {
                *scores.entry(id).or_default() += weight;
            }
        }
        let mut best: Vec<(i64, f64)> = scores.into_iter().collect();
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
        self.latest_of_the_last(&mut best, limit)?;
        best.truncate(limit);
        self.numbers(best.into_iter().map(|(id, _)| id))
    }

    /// Puts the latest first among those that score as the last one within the limit does.
    fn latest_of_the_last(&self, best: &mut [(i64, f64)], limit: usize) -> Result<(), Failure> {
        let Some((_, least)) = limit
            .checked_sub(1)
            .and_then(|last| best.get(last).copied())
        else {
            return Ok(());
        };
        let from = best.partition_point(|(_, score)| *score > least);
        let to = best.partition_point(|(_, score)| *score >= least);
        let mut created = self
            .conn
            .prepare_cached("SELECT created_at FROM ticket WHERE id = ?")?;
        let mut times = HashMap::new();
        for (id, _) in &best[from..to] {
            let at: i64 = created.query_row([id], |row| row.get(0))?;
            times.insert(*id, at);
        }
        best[from..to].sort_by_key(|(id, _)| Reverse((times.get(id).copied(), *id)));
        Ok(())
    }

    fn numbers(&self, ids: impl Iterator<Item = i64>) -> Result<Vec<String>, Failure> {
        let mut number = self
            .conn
            .prepare_cached("SELECT no FROM ticket WHERE id = ?")?;
        ids.map(|id| Ok(number.query_row([id], |row| row.get(0))?))
            .collect()
    }
}

/// The latest requests.
struct Latest {
    /// The place of each by its key, 0 for the last one.
    places: HashMap<i64, usize>,
    /// First and last of keys that stand together: those entered one after another, and those entered before a history was.
    runs: Vec<(i64, i64)>,
}

impl Latest {
    fn of(store: &Store) -> Result<Self, Failure> {
        let mut statement = store.conn.prepare_cached(
            "SELECT id FROM ticket INDEXED BY ticket_by_created ORDER BY created_at DESC, id DESC LIMIT ?",
        )?;
        let ids = statement.query_map([LATEST as i64], |row| row.get(0))?;
        let mut ids = ids.collect::<Result<Vec<i64>, _>>()?;
        let places = ids.iter().copied().zip(0..).collect();
        ids.sort_unstable();
        let runs = ids.chunk_by(|one, next| next - one <= LATEST as i64);
        let ends = |run: &[i64]| Some((*run.first()?, *run.last()?));
        Ok(Self {
            places,
            runs: runs.filter_map(ends).collect(),
        })
    }

    /// The latest with a gram, as many as are asked for; where these are not enough, those of `entered`, which were entered last.
    fn with(&self, gram: &str, entered: &[i64], store: &Store) -> Result<Vec<i64>, Failure> {
        // Where latest and older ones were entered in turns, not all of the older ones are passed over.
        let mut found = Vec::new();
        for run in &self.runs {
            for id in store.keys_with(gram, *run, 4 * LATEST)? {
                found.extend(self.places.get(&id).map(|place| (*place, id)));
            }
        }
        found.sort_unstable();
        let further = entered.iter().filter(|id| !self.places.contains_key(id));
        let ids = found.into_iter().map(|(_, id)| id).chain(further.copied());
        Ok(ids.take(COMMON).collect())
    }
}
