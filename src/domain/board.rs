//! The board of the supervisors: what every department has open, by light, and what waits with it.
//!
//! Values only: `store` fills them, the console shows them. Start at [`Board`].

use super::instant::Instant;
use std::cmp::Reverse;

/// What one department has open at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardRow {
    /// Code of the lead department; nothing for tickets that no department has yet.
    pub department: Option<String>,
    /// Overdue.
    pub red: u64,
    /// Nearly so.
    pub yellow: u64,
    /// In time.
    pub green: u64,
    /// Suspended.
    pub paused: u64,
    /// Dispatched and not signed for.
    pub unsigned: u64,
    /// An application or a ruling waits.
    pub ruling: u64,
    /// A return is in dispute: asked for, or coordinated.
    pub disputed: u64,
    /// Dispatched more than once.
    pub hopped: u64,
    /// On the escalation ladder.
    pub supervised: u64,
    /// Proposed for it.
    pub proposed: u64,
    /// The most dispatches of one ticket; 0 where none was dispatched more than once.
    pub most_dispatches: u64,
    /// The earliest deadline among the red ones.
    pub oldest_red: Option<Instant>,
    /// The earliest dispatch among those not signed for.
    pub oldest_unsigned: Option<Instant>,
}

impl BoardRow {
    /// How many have a light.
    pub fn lit(&self) -> u64 {
        self.red + self.yellow + self.green + self.paused
    }
}

/// All departments that have something open, worst first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// The rows.
    pub rows: Vec<BoardRow>,
}

impl Board {
    /// Puts the worst first: most red, oldest red, most yellow, most unsigned, then by code.
    ///
    /// ```
    /// use fenbo::domain::board::{Board, BoardRow};
    /// let row = |code: &str, red, yellow| BoardRow {
    ///     department: Some(code.into()), red, yellow, ..BoardRow::default()
    /// };
    /// let board = Board::new(vec![row("cgj", 0, 9), row("hbsw", 1, 0)]);
    /// assert_eq!(board.rows[0].department.as_deref(), Some("hbsw"));
    /// assert_eq!((board.total().red, board.total().yellow), (1, 9));
    /// ```
    pub fn new(mut rows: Vec<BoardRow>) -> Self {
        rows.sort_by(|a, b| order(a).cmp(&order(b)));
        Self { rows }
    }

    /// The same rows in the order of an earlier board; departments that are new to it come last.
    #[must_use]
    pub fn ordered_as(mut self, earlier: &Self) -> Self {
        self.rows.sort_by_key(|row| {
            earlier
                .rows
                .iter()
                .position(|e| e.department == row.department)
                .unwrap_or(usize::MAX)
        });
        self
    }

    /// The sum of all rows.
    pub fn total(&self) -> BoardRow {
        self.rows
            .iter()
            .fold(BoardRow::default(), |sum, row| BoardRow {
                department: None,
                red: sum.red + row.red,
                yellow: sum.yellow + row.yellow,
                green: sum.green + row.green,
                paused: sum.paused + row.paused,
                unsigned: sum.unsigned + row.unsigned,
                ruling: sum.ruling + row.ruling,
                disputed: sum.disputed + row.disputed,
                hopped: sum.hopped + row.hopped,
                supervised: sum.supervised + row.supervised,
                proposed: sum.proposed + row.proposed,
                most_dispatches: sum.most_dispatches.max(row.most_dispatches),
                oldest_red: earlier(sum.oldest_red, row.oldest_red),
                oldest_unsigned: earlier(sum.oldest_unsigned, row.oldest_unsigned),
            })
    }
}

fn earlier(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    a.into_iter().chain(b).min()
}

type Order<'a> = (
    Reverse<u64>,
    i64,
    Reverse<u64>,
    Reverse<u64>,
    &'a Option<String>,
);

fn order(row: &BoardRow) -> Order<'_> {
    (
        Reverse(row.red),
        row.oldest_red.map_or(i64::MAX, |at| at.0),
        Reverse(row.yellow),
        Reverse(row.unsigned),
        &row.department,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(code: &str, red: u64, yellow: u64, oldest: Option<i64>) -> BoardRow {
        BoardRow {
            department: Some(code.to_owned()),
            red,
            yellow,
            oldest_red: oldest.map(Instant),
            ..BoardRow::default()
        }
    }

    fn codes(board: &Board) -> Vec<&str> {
        board
            .rows
            .iter()
            .filter_map(|r| r.department.as_deref())
            .collect()
    }

    #[test]
    fn the_worst_stands_first_and_a_frozen_order_stays() {
        let first = Board::new(vec![
            row("a", 0, 9, None),
            row("b", 2, 0, Some(50)),
            row("c", 2, 0, Some(40)),
        ]);
        assert_eq!(codes(&first), ["c", "b", "a"]);
        let later = Board::new(vec![
            row("a", 7, 0, Some(1)),
            row("d", 9, 0, Some(2)),
            row("c", 1, 0, Some(40)),
        ]);
        assert_eq!(codes(&later), ["d", "a", "c"]);
        let frozen = later.ordered_as(&first);
        assert_eq!(codes(&frozen), ["c", "a", "d"]);
        assert_eq!(frozen.total().red, 17);
        assert_eq!(frozen.total().oldest_red, Some(Instant(1)));
    }
}
