//! A question for rows becomes SQL: constants and bound values only, nothing a person typed is ever SQL.
//!
//! Pages go by key, never by offset: each order is an index, and a page begins at a row's place in it. Start at
//! [`Store::page`].

mod clauses;
mod orders;
mod sql;
#[cfg(test)]
mod tests;

use super::failure::Failure;
use super::grams;
use super::hits::Hits;
use super::row::{self, SHOWN, SHOWN_WIDTH};
use super::{Store, natural};
use crate::domain::filter::{Clause, Term};
use crate::domain::queue::{Anchor, From, Page, Query, Row, View};
use clauses::{candidates, clause, numbered};
use orders::{Base, Way, department_key, is_open_only, is_walked, key, view};
use rusqlite::params_from_iter;
use sql::Sql;

pub(super) use clauses::{CAN_WAIT, DISPUTED, belongs};

/// Fewer hits than this are looked up one by one and sorted; more are met while walking the list's index.
const FEW_TO_SORT: usize = 2_000;
/// Fewer hits than this are looked up one by one and counted.
const FEW_TO_COUNT: usize = 20_000;

impl Store {
    /// A page of at most `n` rows; empty for a view that is not a list.
    pub fn page(&self, query: &Query, from: From, n: usize) -> Result<Page, Failure> {
        let (way, anchor, inclusive) = match from {
            From::Start => (Way::Forward, None, false),
            From::End => (Way::Backward, None, false),
            From::After(anchor) => (Way::Forward, Some(anchor), false),
            From::Before(anchor) => (Way::Backward, Some(anchor), false),
            From::At(anchor) => (Way::Forward, Some(anchor), true),
        };
        let Some(base) = self.base(query, FEW_TO_SORT)? else {
            return Ok(Page::default());
        };
        let mut rows = self.rows(&base, way, anchor, inclusive, n + 1)?;
        let more = rows.len() > n;
        rows.truncate(n);
        let back = match way {
            Way::Forward => Way::Backward,
            Way::Backward => Way::Forward,
        };
        let behind = match (rows.first(), anchor) {
            (Some((first, _)), Some(_)) => self.any(&base, back, *first, false)?,
            (None, Some(anchor)) => self.any(&base, back, anchor, !inclusive)?,
            (_, None) => false,
        };
        if way == Way::Backward {
            rows.reverse();
        }
        let (before, after) = match way {
            Way::Forward => (behind, more),
            Way::Backward => (more, behind),
        };
        Ok(Page {
            rows,
            before,
            after,
        })
    }

    /// How many rows a question has. Views without a filter come from the kept counts.
    pub fn total(&self, query: &Query) -> Result<u64, Failure> {
        if query.filter.is_empty() {
            let counts = self.counts(query.now, query.department.as_deref())?;
            let at = View::ALL.iter().position(|view| *view == query.view);
            return Ok(at
                .and_then(|at| counts.views.get(at).copied().flatten())
                .unwrap_or(0));
        }
        if let Some(hits) = self.every_hit(query)? {
            return Ok(hits.len() as u64);
        }
        let Some(base) = self.base(query, FEW_TO_COUNT)? else {
            return Ok(0);
        };
        self.count(base.select("count(*)"))
    }

    /// How many rows come before a place: `row 37,120 of 50,341` is this and one.
    pub fn position(&self, query: &Query, anchor: Anchor) -> Result<u64, Failure> {
        let Some(base) = self.base(query, FEW_TO_COUNT)? else {
            return Ok(0);
        };
        let mut sql = base.select("count(*)");
        base.bound(&mut sql, Way::Backward, anchor, false);
        self.count(sql)
    }

    fn count(&self, sql: Sql) -> Result<u64, Failure> {
        Ok(self
            .conn
            .prepare_cached(&sql.text)?
            .query_row(params_from_iter(sql.values), |row| natural(row, 0))?)
    }

    /// What a question reads, one by one where there are few hits; nothing for a view that is not a list.
    fn base(&self, query: &Query, few: usize) -> Result<Option<Base>, Failure> {
        let Some((condition, index)) = view(query.view, query.sort) else {
            return Ok(None);
        };
        let mut sql = Sql::default();
        let (mut key, rises) = key(query.sort);
        let mut id = "t.id";
        let hits = self.hits(query)?;
        let wanted = query.filter.terms.iter().zip(&hits);
        let rarest = wanted
            .filter_map(|(term, hits)| hits.as_ref().filter(|_| !term.not))
            .min_by_key(|hits| hits.len())
            .filter(|hits| hits.len() < few);
        let by_hits = rarest.is_some();
        let is_walked = !by_hits && query.department.is_none() && is_walked(query.view, query.sort);
        if let Some(rarest) = rarest {
            let ids: Vec<i64> = rarest.ids().collect();
            sql.push("FROM ticket t NOT INDEXED WHERE t.id IN (SELECT value FROM json_each(");
            sql.bind("?)) AND ", serde_json::to_string(&ids)?);
            sql.push(condition);
        } else if let Some(department) = &query.department {
            if let Some(own) = department_key(query.view, query.sort) {
                key = own;
                id = "d.ticket_id";
            }
            sql.push("FROM ticket_department d");
            if is_open_only(query.view) {
                sql.push(" INDEXED BY department_open_by_due");
            }
            sql.bind(
                " CROSS JOIN ticket t ON t.id = d.ticket_id WHERE d.department = ? AND ",
                department.clone(),
            );
            if is_open_only(query.view) {
                sql.push("d.is_open = 1 AND ");
            }
            sql.push(condition);
        } else {
            sql.push("FROM ticket t INDEXED BY ");
            sql.push(index);
            sql.push(" WHERE ");
            sql.push(condition);
        }
        if query.view == View::RedYellow {
            sql.bind(" AND t.warn_key <= ?", query.now.0);
        }
        // A department's few hits are still its own only.
        if let (Some(department), true) = (&query.department, by_hits) {
            sql.push(" AND ");
            sql.bind(&belongs("?"), department.clone());
        }
        let mut loans = Vec::new();
        for (term, hits) in query.filter.terms.iter().zip(hits) {
            let mut one = Sql::default();
            let hits = hits.map(|hits| self.lent.lend(hits));
            clause(&mut one, &term.clause, hits.as_ref(), query);
            loans.extend(hits);
            sql.push(if term.not {
                // What is unknown does not match; its negation does.
                " AND NOT coalesce("
            } else {
                " AND ("
            });
            sql.push(&one.text);
            sql.push(if term.not { ", 0)" } else { ")" });
            sql.values.extend(one.values);
        }
        Ok(Some(Base {
            sql,
            key,
            id,
            rises,
            is_walked,
            _hits: loans,
        }))
    }

    /// What the indices name for each term of a filter, where they can.
    fn hits(&self, query: &Query) -> Result<Vec<Option<Hits>>, Failure> {
        let terms = query.filter.terms.iter();
        let sql = terms.map(|term| match &term.clause {
            Clause::Text(typed) => candidates(self, typed, query),
            Clause::Number(ending) => numbered(self, ending).map(Some),
            Clause::FalseClosure => Ok(Some(Sql {
                text: "SELECT id FROM ticket WHERE false_closure = 1".to_owned(),
                values: Vec::new(),
            })),
            _ => Ok(None),
        });
        sql.map(|sql| sql?.map(|sql| self.named(sql)).transpose())
            .collect()
    }

    /// What is listed, where that is just what the index names: one text that it knows exactly, among all tickets or all open
    /// ones.
    fn every_hit(&self, query: &Query) -> Result<Option<Hits>, Failure> {
        let [
            Term {
                not: false,
                clause: Clause::Text(typed),
            },
        ] = query.filter.terms.as_slice()
        else {
            return Ok(None);
        };
        // The ending of a number is looked for among all tickets.
        let is_whole = match query.view {
            View::All => true,
            View::Open => !grams::is_ending(typed.trim()),
            _ => false,
        };
        if !is_whole || query.department.is_some() || !grams::is_exact(typed.trim()) {
            return Ok(None);
        }
        candidates(self, typed, query)?
            .map(|sql| self.named(sql))
            .transpose()
    }

    fn named(&self, sql: Sql) -> Result<Hits, Failure> {
        let mut statement = self.conn.prepare_cached(&sql.text)?;
        let ids = statement.query_map(params_from_iter(sql.values), |row| row.get(0))?;
        Ok(ids.collect::<Result<Hits, _>>()?)
    }

    fn rows(
        &self,
        base: &Base,
        way: Way,
        anchor: Option<Anchor>,
        inclusive: bool,
        n: usize,
    ) -> Result<Vec<(Anchor, Row)>, Failure> {
        let shown = format!("{SHOWN}, {}", base.key);
        let mut rows = Vec::with_capacity(n.min(256));
        for mut sql in base.stretches(&shown, way, anchor, inclusive) {
            sql.bind(" LIMIT ?", (n - rows.len()) as i64);
            let mut statement = self.conn.prepare_cached(&sql.text)?;
            let mut found = statement.query(params_from_iter(sql.values))?;
            while let Some(one) = found.next()? {
                let shown = row::shown(one);
                let anchor = Anchor {
                    key: one.get(SHOWN_WIDTH)?,
                    id: shown.id,
                };
                rows.push((anchor, shown));
            }
            if rows.len() >= n {
                break;
            }
        }
        Ok(rows)
    }

    fn any(&self, base: &Base, way: Way, anchor: Anchor, inclusive: bool) -> Result<bool, Failure> {
        for mut sql in base.stretches("1", way, Some(anchor), inclusive) {
            sql.push(" LIMIT 1");
            let mut statement = self.conn.prepare_cached(&sql.text)?;
            if statement.exists(params_from_iter(sql.values))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
