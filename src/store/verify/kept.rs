//! What is kept beside the tickets so that answers are quick: counts, numbers given, the search; and the file itself.

use super::{Check, MOST, Problem};
use crate::store::counts::Tally;
use crate::store::failure::Failure;
use crate::store::search::Index;
use rusqlite::OptionalExtension;
use std::collections::HashMap;

/// How many tickets the search is asked for: each question reads whole lists of hits.
const SEARCHED: usize = 40;

/// How many grams are asked for at once.
const TOGETHER: usize = 64;

impl Check<'_> {
    pub(super) fn file(&mut self) -> Result<(), Failure> {
        let conn = &self.store.conn;
        let mut said = Vec::new();
        {
            let mut statement = conn.prepare("PRAGMA integrity_check(20)")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                said.push(row.get::<_, String>(0)?);
            }
            let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let table: String = row.get(0)?;
                said.push(format!("a row of {table} refers to nothing"));
            }
        }
        for what in said.into_iter().filter(|what| what != "ok") {
            self.found(Problem::File { what });
        }
        Ok(())
    }

    /// An ending finds the numbers up to the last one given on their day, and the next number is beyond it.
    pub(super) fn numbers(&mut self) -> Result<(), Failure> {
        for no in self.store.beyond_given(MOST)? {
            self.found(Problem::Number { no });
        }
        Ok(())
    }

    pub(super) fn counts(&mut self, tally: &Tally) -> Result<(), Failure> {
        let mut recounted = tally.rows();
        // Each department of a ticket has one row, so as many rows as the recount has in "all" leave none over.
        let rows: i64 =
            self.store
                .conn
                .query_row("SELECT count(*) FROM ticket_department", [], |row| {
                    row.get(0)
                })?;
        let expected: i64 = recounted
            .iter()
            .filter(|((scope, what, _), _)| !scope.is_empty() && what == "all")
            .map(|(_, n)| n)
            .sum();
        if rows != expected {
            self.found(Problem::Departments { no: String::new() });
        }
        let mut statement = self
            .store
            .conn
            .prepare("SELECT scope, what, bucket, n FROM tally")?;
        let kept: HashMap<(String, String, i64), i64> = statement
            .query_map([], |row| {
                Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?))
            })?
            .collect::<Result<_, _>>()?;
        let mut wrong = Vec::new();
        for (key, n) in kept {
            if recounted.remove(&key) != Some(n) {
                wrong.push(key);
            }
        }
        wrong.extend(recounted.into_keys());
        wrong.sort();
        for (scope, what, bucket) in wrong {
            self.found(Problem::Count {
                scope,
                what,
                bucket,
            });
        }
        Ok(())
    }

    /// Some tickets, spread over all, must be found by every one of their grams in their own index, and not in the other.
    pub(super) fn search(&mut self) -> Result<(), Failure> {
        for index in Index::ALL {
            let table = index.table();
            // A damaged index fails here.
            self.store
                .conn
                .prepare_cached(&format!(
                    "SELECT count(*) FROM {table} WHERE {table} MATCH 'x'"
                ))?
                .query_row([], |_| Ok(()))?;
        }
        let step = (self.tickets.len() / SEARCHED).max(1);
        let sample: Vec<(i64, String, bool)> = self
            .tickets
            .iter()
            .step_by(step)
            .map(|(id, made)| (*id, made.ticket.no.clone(), made.ticket.state.is_open()))
            .collect();
        for (id, no, open) in sample {
            let words = self.store.stored_words(id)?;
            let grams: Vec<String> = words
                .split_ascii_whitespace()
                .map(|gram| format!("\"{gram}\""))
                .collect();
            let mut missing = false;
            for asked in grams.chunks(TOGETHER) {
                for index in Index::ALL {
                    let (table, expected) = (index.table(), index == Index::of(open));
                    let there = self
                        .store
                        .conn
                        .prepare_cached(&format!(
                            "SELECT 1 FROM {table} WHERE {table} MATCH ? AND rowid = ?"
                        ))?
                        .query_row(rusqlite::params![asked.join(" AND "), id], |_| Ok(()))
                        .optional()?
                        .is_some();
                    missing |= there != expected;
                }
            }
            if missing {
                self.found(Problem::Search { no });
            }
        }
        Ok(())
    }
}
