//! The supervisors' board in view 6: its cursor, its freezing, and which list a cell opens.
//!
//! Pressing the view's key again shows the supervised tickets as a list. Start at [`BoardState`].

use super::action::Motion;
use super::msg::{Effect, Notice};
use super::queue::Queue;
use super::{Language, Model};
use crate::domain::board::Board;
use crate::domain::light::Light;
use crate::domain::queue::View;

/// A column that the cursor can stand on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// The department's name: everything it has open.
    #[default]
    Whole,
    /// Tickets of a light.
    Lit(Light),
    /// Not signed for.
    Unsigned,
    /// A decision waits.
    Ruling,
}

impl Cell {
    /// From left to right.
    pub const ALL: [Self; 7] = [
        Self::Whole,
        Self::Lit(Light::Red),
        Self::Lit(Light::Yellow),
        Self::Lit(Light::Green),
        Self::Lit(Light::Paused),
        Self::Unsigned,
        Self::Ruling,
    ];
}

/// What the board remembers.
#[derive(Clone, Debug, Default)]
pub struct BoardState {
    /// What was counted, once it has come.
    pub board: Option<Board>,
    /// The row under the cursor; the one after the last is the total.
    pub at: usize,
    /// The first row shown.
    pub top: usize,
    /// The column under the cursor.
    pub cell: Cell,
    /// The order does not change while this stands.
    pub frozen: bool,
    /// The supervised tickets are shown instead.
    pub as_list: bool,
    /// A cell was entered: leaving its list leads back here.
    pub entered: bool,
}

impl Model {
    /// Whether the board is on the screen.
    pub fn is_board(&self) -> bool {
        self.queue.view == View::Supervision && !self.board.as_list
    }

    /// Rows of the board that fit: header, views and heads stand above; total, explanation, status and keys below.
    pub fn board_height(&self) -> usize {
        usize::from(self.size.1.saturating_sub(7)).max(1)
    }

    pub(super) fn board_loaded(&mut self, board: Board) {
        let state = &mut self.board;
        let under = state
            .board
            .as_ref()
            .and_then(|b| b.rows.get(state.at))
            .map(|r| r.department.clone());
        let board = match &state.board {
            Some(old) if state.frozen => board.ordered_as(old),
            _ => board,
        };
        // The cursor stays on its department.
        let kept = under.and_then(|d| board.rows.iter().position(|r| r.department == d));
        state.at = kept.unwrap_or(state.at.min(board.rows.len()));
        state.board = Some(board);
        self.follow_board();
    }

    fn follow_board(&mut self) {
        let height = self.board_height();
        let len = self.board.board.as_ref().map_or(0, |b| b.rows.len());
        let state = &mut self.board;
        // The total stands below the rows, always in sight.
        let at = state.at.min(len.saturating_sub(1));
        state.top = state.top.clamp((at + 1).saturating_sub(height), at);
    }

    pub(super) fn motion_on_board(&mut self, motion: Motion) {
        let page = self.board_height();
        let state = &mut self.board;
        let column = Cell::ALL.iter().position(|c| *c == state.cell).unwrap_or(0);
        match motion {
            Motion::Left => state.cell = Cell::ALL[column.saturating_sub(1)],
            Motion::Right => state.cell = Cell::ALL[(column + 1).min(Cell::ALL.len() - 1)],
            _ => {
                let len = state.board.as_ref().map_or(0, |b| b.rows.len()) + 1;
                state.at = motion.apply(state.at, len, page);
                self.follow_board();
            }
        }
    }

    pub(super) fn freeze(&mut self) -> Vec<Effect> {
        if !self.is_board() {
            return self.say(Notice::NoTicket);
        }
        self.board.frozen = !self.board.frozen;
        if self.board.frozen {
            Vec::new()
        } else {
            vec![Effect::LoadBoard]
        }
    }

    /// The board, or the list of supervised tickets.
    pub(super) fn turn_board(&mut self) -> Vec<Effect> {
        self.board.as_list = !self.board.as_list;
        // Nothing may be done to a ticket that is not on the screen.
        self.queue = Queue::new(View::Supervision, self.rules.only_department());
        self.refresh()
    }

    /// Opens the tickets under the cursor as a list.
    pub(super) fn enter_board(&mut self) -> Vec<Effect> {
        let Some(board) = &self.board.board else {
            return self.say(Notice::NoTicket);
        };
        let row = board.rows.get(self.board.at);
        let nobody = row.is_some_and(|r| r.department.is_none());
        let cell = self.board.cell;
        let view = match cell {
            Cell::Ruling => View::Decisions,
            _ if nobody => View::Desk,
            Cell::Whole | Cell::Lit(_) | Cell::Unsigned => View::Open,
        };
        let zh = self.language == Language::Zh;
        let mut words = Vec::new();
        if let Some(code) = row.and_then(|r| r.department.as_deref()) {
            words.push(format!("{}:{code}", if zh { "单位" } else { "dept" }));
        }
        match cell {
            Cell::Lit(light) => {
                let field = if zh { "灯" } else { "light" };
                words.push(format!("{field}:{}", light.code()));
            }
            Cell::Unsigned if zh => words.push("状态:待签收".to_owned()),
            Cell::Unsigned => words.push("state:dispatched".to_owned()),
            Cell::Whole | Cell::Ruling => {}
        }
        self.show(view);
        self.board.entered = true;
        self.queue.line.set(&words.join(" "));
        self.filter_typed()
    }

    /// Back from a cell's list.
    pub(super) fn leave_cell(&mut self) -> Vec<Effect> {
        self.board.entered = false;
        self.clear_filter();
        self.queue.cleared.clear();
        let effects = self.show(View::Supervision);
        self.board.as_list = false;
        effects
    }
}
