//! Dispatch without a person, where the policy says so (off by default): the sure ones go to their first suggestion.
//!
//! Done by the sweep, by the program itself, with the suggestion recorded beside it. What was returned before, is claimed
//! or is anything but filed and sure waits for a person; a shift lead can take every such dispatch back.

use super::performing::{Order, perform_in};
use super::sweeping::{Did, Swept};
use super::{Centre, FailureKind, NotDone};
use crate::domain::act::{Act, SuggestionShown};
use crate::domain::filter::Filter;
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use crate::domain::queue::{From, Query, Row, Sort, View};
use crate::domain::ticket::State;

/// Rows of the desk read at a time.
const ROWS: usize = 200;

impl Centre {
    /// Dispatches the sure ones, if the policy of the moment says so.
    ///
    /// # Errors
    /// [`NotDone::Failed`] when the store cannot be read or written; what was dispatched before stands.
    pub(super) fn dispatch_by_rule(&mut self, now: Instant) -> Result<Swept, NotDone> {
        let mut swept = Swept::default();
        if !self.rules.editions.at(now).dispatch_by_rule.value {
            return Ok(swept);
        }
        let query = Query {
            view: View::Desk,
            filter: Filter::default(),
            sort: Sort::Due,
            department: None,
            now,
        };
        let mut from = From::Start;
        loop {
            let page = self.store.page(&query, from, ROWS)?;
            let Some((last, _)) = page.rows.last() else {
                return Ok(swept);
            };
            from = From::After(*last);
            for (_, row) in page.rows.into_iter().filter(|(_, row)| waits(row)) {
                match self.dispatch_sure(&row, now) {
                    Err(NotDone::Failed(failure)) if failure.kind == FailureKind::Damaged => {
                        swept.unread.push(row.no);
                    }
                    done => swept.done.extend(done?),
                }
            }
        }
    }

    fn dispatch_sure(&mut self, row: &Row, now: Instant) -> Result<Option<Did>, NotDone> {
        let found = self.suggest_for(&row.no, now)?;
        let Some(first) = found.list.first().filter(|_| found.prefill) else {
            return Ok(None);
        };
        let order = Order {
            no: row.no.clone(),
            version: Some(row.version),
            act: Act::Dispatch {
                lead: first.department.clone(),
                assisting: Vec::new(),
                suggestion: Some(SuggestionShown {
                    offered: found.list.iter().map(|s| s.department.clone()).collect(),
                    first_permille: (first.probability.clamp(0.0, 1.0) * 1000.0).round() as u16,
                }),
            },
        };
        let rules = self.rules.clone();
        let system = Operator::system();
        let sent = self
            .store
            .write(|tx| perform_in(tx, &rules, &system, &order, now));
        match sent {
            Ok(done) => Ok(done.events.into_iter().next().map(|event| Did {
                no: row.no.clone(),
                event,
                due: None,
            })),
            // A rule, or another desk, says no: it waits for a person.
            Err(NotDone::Refused(_) | NotDone::NotFound { .. } | NotDone::Ambiguous { .. }) => {
                Ok(None)
            }
            Err(failed @ NotDone::Failed(_)) => Err(failed),
        }
    }
}

/// Whether nobody has had a doubt about it yet.
fn waits(row: &Row) -> bool {
    row.state == State::Filed
        && row.returns == 0
        && row.pending == 0
        && row.claim.is_none()
        && !row.false_closure
}
