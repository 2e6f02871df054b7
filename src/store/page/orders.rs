//! Which index serves a list in an order, and how its rows are asked for from a place on.

use super::sql::Sql;
use crate::domain::queue::{Anchor, Sort, View};
use crate::store::hits::Loan;

/// Which way a page is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Forward,
    Backward,
}

/// `FROM … WHERE …` of a question, and the columns its order goes by.
pub(super) struct Base {
    pub(super) sql: Sql,
    pub(super) key: &'static str,
    pub(super) id: &'static str,
    pub(super) rises: bool,
    /// An index of tickets gives the order: nothing is sorted.
    pub(super) is_walked: bool,
    /// The hits that the conditions look at.
    pub(super) _hits: Vec<Loan>,
}

impl Base {
    /// `ASC` or `DESC`, as the order and the way ask.
    fn direction(&self, way: Way) -> &'static str {
        if self.rises == (way == Way::Forward) {
            "ASC"
        } else {
            "DESC"
        }
    }

    /// ` ORDER BY key, id`.
    fn order(&self, way: Way) -> String {
        let direction = self.direction(way);
        format!(
            " ORDER BY {} {direction}, {} {direction}",
            self.key, self.id
        )
    }

    /// `what FROM … WHERE …`.
    pub(super) fn select(&self, what: &str) -> Sql {
        Sql {
            text: format!("SELECT {what} {}", self.sql.text),
            values: self.sql.values.clone(),
        }
    }

    /// The sign of what comes after a place, as the order and the way ask.
    fn sign(&self, way: Way, inclusive: bool) -> &'static str {
        match (self.rises == (way == Way::Forward), inclusive) {
            (true, false) => ">",
            (true, true) => ">=",
            (false, false) => "<",
            (false, true) => "<=",
        }
    }

    /// ` AND (key, id) > (?, ?)`, as the order and the way ask.
    pub(super) fn bound(&self, sql: &mut Sql, way: Way, anchor: Anchor, inclusive: bool) {
        let sign = self.sign(way, inclusive);
        sql.push(&format!(" AND ({}, {}) {sign} ", self.key, self.id));
        sql.bind("(?, ", anchor.key);
        sql.bind("?)", anchor.id);
    }

    /// The rows from a place on: questions to ask one after the other, each without its `LIMIT`.
    ///
    /// An index is sought by key and id only where the key is given: in one question, all tickets with the key of the place
    /// (nearly all, where they have no deadline) would be passed over one by one.
    pub(super) fn stretches(
        &self,
        what: &str,
        way: Way,
        anchor: Option<Anchor>,
        inclusive: bool,
    ) -> Vec<Sql> {
        let mut first = self.select(what);
        let mut all = match anchor {
            None => vec![first],
            Some(anchor) if self.is_walked => {
                let (own, others) = (self.sign(way, inclusive), self.sign(way, false));
                let mut beyond = self.select(what);
                first.bind(&format!(" AND {} = ?", self.key), anchor.key);
                first.bind(&format!(" AND {} {own} ?", self.id), anchor.id);
                beyond.bind(&format!(" AND {} {others} ?", self.key), anchor.key);
                vec![first, beyond]
            }
            Some(anchor) => {
                self.bound(&mut first, way, anchor, inclusive);
                vec![first]
            }
        };
        for sql in &mut all {
            sql.push(&self.order(way));
        }
        all
    }
}

/// The key column of an order, and whether it rises.
pub(super) fn key(sort: Sort) -> (&'static str, bool) {
    match sort {
        Sort::Due => ("t.due_key", true),
        Sort::Newest => ("t.created_at", false),
        Sort::Oldest => ("t.created_at", true),
        Sort::Urgency => ("t.urgency_key", true),
        Sort::Stage => ("t.stage_key", true),
    }
}

/// Where a department's own table serves an order, the key there.
pub(super) fn department_key(view: View, sort: Sort) -> Option<&'static str> {
    match (is_open_only(view), sort) {
        (true, Sort::Due) => Some("d.due_key"),
        (false, Sort::Newest | Sort::Oldest) => Some("d.created_at"),
        (true, _) | (false, Sort::Due | Sort::Urgency | Sort::Stage) => None,
    }
}

/// The condition of a view and the index that serves it in an order; nothing where the view is not a list.
pub(super) fn view(view: View, sort: Sort) -> Option<(&'static str, &'static str)> {
    let open = match sort {
        Sort::Due => "open_by_due",
        Sort::Newest | Sort::Oldest => "open_by_created",
        Sort::Urgency => "open_by_urgency",
        Sort::Stage => "open_by_stage",
    };
    Some(match view {
        View::Desk => (
            "t.is_desk = 1",
            match sort {
                Sort::Urgency => "desk_by_urgency",
                Sort::Due | Sort::Newest | Sort::Oldest | Sort::Stage => "desk_by_due",
            },
        ),
        View::Open => ("t.is_open = 1", open),
        View::RedYellow => ("t.is_open = 1 AND t.is_running = 1", open),
        View::Decisions => (
            "t.is_decision = 1",
            match sort {
                Sort::Stage => "decision_by_stage",
                Sort::Due | Sort::Newest | Sort::Oldest | Sort::Urgency => "decision_by_due",
            },
        ),
        View::Review => (
            "t.is_review = 1",
            match sort {
                Sort::Stage => "review_by_stage",
                Sort::Due | Sort::Newest | Sort::Oldest | Sort::Urgency => "review_by_due",
            },
        ),
        View::Supervision => ("t.is_supervised = 1", "supervised_by_due"),
        View::All => (
            "1",
            match sort {
                Sort::Due => "ticket_by_due",
                Sort::Newest | Sort::Oldest => "ticket_by_created",
                Sort::Urgency => "ticket_by_urgency",
                Sort::Stage => "ticket_by_stage",
            },
        ),
        View::Statistics | View::Shift => return None,
    })
}

/// Whether the index that serves a view gives an order too.
pub(super) fn is_walked(view: View, sort: Sort) -> bool {
    match view {
        View::Open | View::RedYellow | View::All => true,
        View::Desk => matches!(sort, Sort::Due | Sort::Urgency),
        View::Decisions | View::Review => matches!(sort, Sort::Due | Sort::Stage),
        View::Supervision => sort == Sort::Due,
        View::Statistics | View::Shift => false,
    }
}

/// Whether a view shows open tickets only.
pub(super) fn is_open_only(view: View) -> bool {
    match view {
        View::Desk | View::Open | View::RedYellow | View::Review | View::Supervision => true,
        View::Decisions | View::All | View::Statistics | View::Shift => false,
    }
}
