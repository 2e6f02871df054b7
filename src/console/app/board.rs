//! The supervisors' board in view 6: its cursor, its freezing, and which list a cell opens.
//!
//! Pressing the view's key again lists the supervised tickets and the proposals. Start at [`BoardState`].

use super::action::Motion;
use super::cursor::follow;
use super::msg::{Effect, Notice};
use super::{Model, Screen};
use crate::domain::board::{Board, BoardRow};
use crate::domain::figures::{Hot, UNKNOWN};
use crate::domain::filter::{Clause, Filter};
use crate::domain::instant::Instant;
use crate::domain::light::Light;
use crate::domain::queue::View;
use crate::domain::ticket::State;
use chrono::{Days, NaiveDate};

/// Hot spots of so many days, today among them, against as many before. `[ours]`
pub const HOT_DAYS: u64 = 7;
/// They are looked for again after so many seconds.
const HOT_FRESH: i64 = 600;
/// Below this width, in Chinese and in English, a department takes two lines: its whole name with the bar, then its
/// counts. English names and heads are longer.
const ONE_LINE_FROM: [u16; 2] = [110, 154];
/// From this height on the hot spots stand below the departments; else they take their place.
const BOTH_FROM: u16 = 30;

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
    /// A return in dispute.
    Disputed,
    /// Dispatched more than once.
    Hopped,
    /// A decision waits.
    Ruling,
    /// On the ladder, or proposed for it.
    Supervised,
}

impl Cell {
    /// From left to right.
    pub const ALL: [Self; 10] = [
        Self::Whole,
        Self::Lit(Light::Red),
        Self::Lit(Light::Yellow),
        Self::Lit(Light::Green),
        Self::Lit(Light::Paused),
        Self::Unsigned,
        Self::Disputed,
        Self::Hopped,
        Self::Ruling,
        Self::Supervised,
    ];

    /// How many tickets stand behind it.
    pub fn of(self, row: &BoardRow) -> u64 {
        match self {
            Self::Whole | Self::Lit(Light::Done | Light::Late) => row.lit(),
            Self::Lit(Light::Red) => row.red,
            Self::Lit(Light::Yellow) => row.yellow,
            Self::Lit(Light::Green) => row.green,
            Self::Lit(Light::Paused) => row.paused,
            Self::Unsigned => row.unsigned,
            Self::Disputed => row.disputed,
            Self::Hopped => row.hopped,
            Self::Ruling => row.ruling,
            Self::Supervised => row.supervised + row.proposed,
        }
    }

    /// The view and the condition of its tickets.
    pub fn list(self) -> (View, Filter) {
        let all = Filter::default();
        match self {
            Self::Whole => (View::Open, all),
            Self::Lit(light) => (View::Open, all.and(Clause::Light(light))),
            Self::Unsigned => (View::Open, all.and(Clause::States(vec![State::Dispatched]))),
            Self::Disputed => (View::Decisions, all.and(Clause::Disputed)),
            Self::Hopped => (View::Open, all.and(Clause::Hopped)),
            Self::Ruling => (View::Decisions, all),
            Self::Supervised => (View::Supervision, all),
        }
    }
}

/// Which part of the board has the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BoardPart {
    /// The departments.
    #[default]
    Departments,
    /// The hot spots.
    HotSpots,
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
    /// Which part has the keys.
    pub part: BoardPart,
    /// Hot spots of the days from the first to the last, once they have come.
    pub hot: Option<(NaiveDate, NaiveDate, Vec<Hot>)>,
    /// When they were asked for.
    pub hot_asked_at: Option<Instant>,
    /// The hot spot under the cursor.
    pub hot_at: usize,
    /// The first hot spot shown.
    pub hot_top: usize,
}

/// Where the board's parts stand: first row and how many; a part without rows is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoardPlaces {
    /// Lines of a department.
    pub each: u16,
    /// The departments.
    pub rows: (u16, u16),
    /// The sum.
    pub total: u16,
    /// What is told of the row under the cursor: two rows.
    pub told: u16,
    /// The hot spots; their heading stands above them.
    pub hot: (u16, u16),
}

impl BoardPlaces {
    /// How many departments are seen.
    pub fn departments(&self) -> usize {
        usize::from(self.rows.1 / self.each.max(1)).max(1)
    }
}

impl Model {
    /// Whether the board is on the screen.
    pub fn is_board(&self) -> bool {
        self.screen() == Screen::Board
    }

    /// Where the board's parts stand.
    pub fn board_places(&self) -> BoardPlaces {
        let each = if self.size.0 < ONE_LINE_FROM[self.language as usize] {
            2
        } else {
            1
        };
        let status = self.size.1.saturating_sub(2);
        let told = status.saturating_sub(2);
        // Header, views and heads stand above.
        let body = told.saturating_sub(3);
        if self.size.1 >= BOTH_FROM {
            // What the hot spots leave is the departments'.
            let spots = self
                .board
                .hot
                .as_ref()
                .map_or(1, |(_, _, spots)| spots.len());
            let hot = (body / 4).min(u16::try_from(spots.max(1)).unwrap_or(u16::MAX));
            let rows = body.saturating_sub(hot + 3);
            return BoardPlaces {
                each,
                rows: (3, rows),
                total: 3 + rows,
                told,
                hot: (3 + rows + 3, hot),
            };
        }
        match self.board.part {
            BoardPart::Departments => BoardPlaces {
                each,
                rows: (3, body.saturating_sub(1)),
                total: told.saturating_sub(1),
                told,
                hot: (3, 0),
            },
            BoardPart::HotSpots => BoardPlaces {
                each,
                rows: (3, 0),
                total: told.saturating_sub(1),
                told,
                hot: (3, body),
            },
        }
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

    /// Asks for the hot spots of the last days, unless they were asked for of late.
    pub(super) fn load_hot_spots(&mut self) -> Option<Effect> {
        let asked = self.board.hot_asked_at;
        if asked.is_some_and(|at| self.now.since(at) < HOT_FRESH) {
            return None;
        }
        self.board.hot_asked_at = Some(self.now);
        let to = self.today();
        let from = to.checked_sub_days(Days::new(HOT_DAYS - 1)).unwrap_or(to);
        Some(Effect::LoadHotSpots(from, to))
    }

    pub(super) fn hot_spots_loaded(&mut self, days: (NaiveDate, NaiveDate), spots: Vec<Hot>) {
        self.board.hot_at = self.board.hot_at.min(spots.len().saturating_sub(1));
        self.board.hot = Some((days.0, days.1, spots));
        self.follow_board();
    }

    fn follow_board(&mut self) {
        let places = self.board_places();
        let len = self.board.board.as_ref().map_or(0, |b| b.rows.len());
        let state = &mut self.board;
        // The total stands below the rows, always in sight.
        let at = state.at.min(len.saturating_sub(1));
        state.top = follow(state.top, at, places.departments());
        state.hot_top = follow(state.hot_top, state.hot_at, usize::from(places.hot.1));
    }

    pub(super) fn motion_on_board(&mut self, motion: Motion) {
        let places = self.board_places();
        let state = &mut self.board;
        if state.part == BoardPart::HotSpots {
            let len = state.hot.as_ref().map_or(0, |(_, _, spots)| spots.len());
            state.hot_at = motion.apply(state.hot_at, len, usize::from(places.hot.1));
            return self.follow_board();
        }
        let column = Cell::ALL.iter().position(|c| *c == state.cell).unwrap_or(0);
        match motion {
            Motion::Left => state.cell = Cell::ALL[column.saturating_sub(1)],
            Motion::Right => state.cell = Cell::ALL[(column + 1).min(Cell::ALL.len() - 1)],
            Motion::Up
            | Motion::Down
            | Motion::First
            | Motion::Last
            | Motion::PageUp
            | Motion::PageDown
            | Motion::HalfUp
            | Motion::HalfDown => {
                let len = state.board.as_ref().map_or(0, |b| b.rows.len()) + 1;
                state.at = motion.apply(state.at, len, places.departments());
                self.follow_board();
            }
        }
    }

    /// From the departments to the hot spots, or back.
    pub(super) fn next_part(&mut self) {
        self.board.part = match self.board.part {
            BoardPart::Departments => BoardPart::HotSpots,
            BoardPart::HotSpots => BoardPart::Departments,
        };
        self.follow_board();
    }

    pub(super) fn freeze(&mut self) -> Vec<Effect> {
        if !self.is_board() {
            return self.say(Notice::NotHere(View::Supervision));
        }
        self.board.frozen = !self.board.frozen;
        if self.board.frozen {
            Vec::new()
        } else {
            vec![Effect::LoadBoard]
        }
    }

    /// Opens the tickets under the cursor as a list.
    pub(super) fn enter_board(&mut self) -> Vec<Effect> {
        if self.board.part == BoardPart::HotSpots {
            return self.enter_hot_spot();
        }
        let Some(board) = &self.board.board else {
            return self.say(Notice::StillComputing);
        };
        let (cell, total) = (self.board.cell, board.total());
        let row = board.rows.get(self.board.at);
        if cell != Cell::Whole && cell.of(row.unwrap_or(&total)) == 0 {
            return self.say(Notice::NothingBehind);
        }
        let (view, mut filter) = cell.list();
        if let Some(row) = row {
            filter = filter.and(match &row.department {
                Some(code) => Clause::Lead(vec![code.clone()]),
                None => Clause::NoLead,
            });
        }
        self.open_figure(view, filter)
    }

    fn enter_hot_spot(&mut self) -> Vec<Effect> {
        let Some((from, to, spots)) = &self.board.hot else {
            return self.say(Notice::StillComputing);
        };
        let Some(hot) = spots.get(self.board.hot_at) else {
            return self.say(Notice::NothingBehind);
        };
        let zone = self.rules.zone(self.now);
        let next = to.checked_add_days(Days::new(1)).unwrap_or(*to);
        let (from, to) = (zone.midnight(*from), zone.midnight(next));
        let filter = hot_spot(hot).and(Clause::Created(Some(from), Some(to)));
        self.open_figure(View::All, filter)
    }
}

/// The tickets of a hot spot's place and matter; where alike texts bind them, those without a category.
fn hot_spot(hot: &Hot) -> Filter {
    let named = |name: &Option<String>| name.clone().unwrap_or_else(|| UNKNOWN.to_owned());
    let place = Filter::default()
        .and(Clause::Street(named(&hot.street)))
        .and(Clause::Community(named(&hot.community)));
    if hot.category.is_empty() {
        place.and(Clause::NoCategory)
    } else {
        place.and(Clause::Path {
            path: hot.category.clone(),
            below: true,
        })
    }
}
