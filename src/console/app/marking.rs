//! Marks of the queue: one row, a range, all that is listed.
//!
//! Not all that is listed is loaded: what is not is asked for. Start at [`Queue::toggle_all`] and [`Model::mark_listed`].

use super::Model;
use super::msg::{Effect, Notice};
use super::queue::Queue;
use crate::domain::instant::Instant;
use crate::domain::queue::{From, Page, Row};
use std::ops::RangeInclusive;

/// Marks taken at most: more than one person would confirm in one summary.
pub const MOST_MARKS: usize = 2_000;

impl Model {
    /// Marks the rows that were asked for to be marked. Under an open dialog what it is about stands still: they stay as they are.
    pub(super) fn mark_listed(&mut self, page: Page) {
        self.queue.marking = None;
        if !self.dialogs.is_empty() {
            return;
        }
        let more = page.after;
        let all = self.queue.mark(page.rows.into_iter().map(|(_, row)| row));
        let marks = self.queue.marks.len();
        self.notice = Some(if all && !more {
            Notice::Marked(marks)
        } else {
            Notice::MarkedMost(marks)
        });
    }
}

impl Queue {
    /// Marks or unmarks the selected row.
    pub(super) fn toggle_mark(&mut self) {
        let Some(row) = self.selected().cloned() else {
            return;
        };
        if self.marks.remove(&row.no).is_none() {
            self.marks.insert(row.no.clone(), row);
        }
    }

    /// Begins a range at the selected row, or marks the range that was begun.
    pub(super) fn toggle_range(&mut self) {
        match self.range_places() {
            Some(places) => {
                for (_, row) in &self.rows[places] {
                    self.marks.insert(row.no.clone(), row.clone());
                }
                self.range = None;
            }
            None => self.range = self.selected().map(|r| r.no.clone()),
        }
    }

    /// The places of the rows in the range being marked.
    pub fn range_places(&self) -> Option<RangeInclusive<usize>> {
        let start = self.range.as_ref()?;
        let from = self.rows.iter().position(|(_, r)| r.no == *start)?;
        Some(from.min(self.at)..=from.max(self.at))
    }

    /// Marks the loaded rows at once and asks for the rest of what is listed; or takes all marks away when every loaded row is
    /// marked.
    pub(super) fn toggle_all(&mut self, now: Instant, token: u64) -> Option<Effect> {
        let is_marked = |(_, row): &(_, Row)| self.marks.contains_key(&row.no);
        if self.rows.iter().all(is_marked) {
            self.unmark();
            return None;
        }
        let loaded: Vec<Row> = self.rows.iter().map(|(_, row)| row.clone()).collect();
        self.mark(loaded);
        if !self.before && !self.after {
            return None;
        }
        self.marking = Some(token);
        Some(Effect::LoadPage {
            token,
            query: self.query(now),
            from: From::Start,
            n: MOST_MARKS,
        })
    }

    /// Takes all marks away.
    pub(super) fn unmark(&mut self) {
        self.marks.clear();
        self.marking = None;
    }

    /// Marks rows, as many as may be; whether all of them are.
    fn mark(&mut self, rows: impl IntoIterator<Item = Row>) -> bool {
        for row in rows {
            if self.marks.len() >= MOST_MARKS && !self.marks.contains_key(&row.no) {
                return false;
            }
            self.marks.insert(row.no.clone(), row);
        }
        true
    }

    /// Marked tickets are as they are loaded.
    pub(super) fn renew_marks(&mut self) {
        for (_, row) in &self.rows {
            if let Some(mark) = self.marks.get_mut(&row.no) {
                mark.clone_from(row);
            }
        }
    }
}
