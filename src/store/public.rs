//! Which requests the world may know of: a span of the newest, narrowed; confidential ones, reports and what was merged into
//! such are left out.

use super::Store;
use super::failure::Failure;
use crate::domain::instant::Instant;
use rusqlite::params_from_iter;
use rusqlite::types::Value;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Created at or after this moment…
    pub from: Instant,
    /// …and at or before this one.
    pub to: Instant,
    /// Open ones only, or ended ones only.
    pub is_open: Option<bool>,
    /// In exactly one of these categories, where any is named; one without levels means those in none.
    pub categories: Vec<Vec<String>>,
    /// So many are left out first.
    pub skip: usize,
    /// At most so many.
    pub most: usize,
}

/// Where the requests of other systems come from; a key's own bear its name as their channel beside it.
pub const OPEN311: &str = "Open311";

/// Categories of one question.
const CATEGORIES: usize = 100;

impl Store {
    /// The numbers of the requests that match, newest first; those handed in under `key` also when the world may not know
    /// of them.
    pub fn public_numbers(
        &self,
        wanted: &Wanted,
        key: Option<&str>,
    ) -> Result<Vec<String>, Failure> {
        let mut sql = String::from(
            "SELECT t.no FROM ticket t INDEXED BY ticket_by_created \
             WHERE t.created_at >= ? AND t.created_at <= ? \
             AND ((t.confidential = 0 AND t.nature IS NOT 'report' AND (t.state <> 'merged' OR NOT EXISTS (SELECT 1 FROM ticket m \
             WHERE m.no = t.facts ->> '$.merged_into' AND (m.confidential = 1 OR m.nature = 'report')))) \
             OR (t.source = ? AND t.channel = ?))",
        );
        let mut values: Vec<Value> = vec![
            wanted.from.0.into(),
            wanted.to.0.into(),
            OPEN311.to_owned().into(),
            key.map(str::to_owned).into(),
        ];
        if let Some(is_open) = wanted.is_open {
            // A merged request stands where the one it was merged into stands.
            sql.push_str(
                " AND CASE WHEN t.state = 'merged' THEN coalesce((SELECT m.is_open FROM ticket m \
                 WHERE m.no = t.facts ->> '$.merged_into'), 0) ELSE t.is_open END = ?",
            );
            values.push(i64::from(is_open).into());
        }
        if !wanted.categories.is_empty() {
            sql.push_str(" AND (0");
            for path in wanted.categories.iter().take(CATEGORIES) {
                sql.push_str(" OR (t.category1 IS ? AND t.category2 IS ? AND t.category3 IS ?)");
                for level in 0..3 {
                    values.push(path.get(level).cloned().into());
                }
            }
            sql.push(')');
        }
        sql.push_str(" ORDER BY t.created_at DESC, t.id DESC LIMIT ? OFFSET ?");
        values.push((wanted.most as i64).into());
        values.push((wanted.skip as i64).into());
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_map(params_from_iter(values), |row| row.get(0))?
            .collect::<Result<_, _>>()?)
    }
}
