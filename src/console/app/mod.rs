//! State and update: model, messages, effects, screens. No clock, no I/O, no drawing.
//!
//! Start at [`update`]: it takes a [`Msg`] and gives [`Effect`]s. Keys become [`Action`]s by the table in the model, which
//! `command` makes. This file holds the [`Model`]; every dialog and every screen owns its part of it, in a file of its own.

pub mod action;
mod allowed;
pub mod board;
pub mod commands;
mod cursor;
pub mod fields;
pub mod filled;
pub mod finder;
pub mod form;
pub mod haste;
mod intake;
pub mod marking;
mod moving;
pub mod msg;
pub mod outcomes;
mod perform;
pub mod picker;
mod picking;
mod precedents;
mod press;
pub mod queue;
pub mod regions;
pub mod rules;
pub mod search;
pub mod sending;
pub mod shift;
pub mod statistics;
pub mod summary;
pub mod sure;
pub mod text;
mod update;

pub use crate::console::key::Chord;
pub use action::{Action, Motion, Scope, Step};
pub use commands::{Commands, Entry};
pub use msg::{Blocked, Effect, Failure, Msg, Notice, Outcome, Problem, Suggested, Suggestion};
pub use rules::Rules;
pub use update::update;

use crate::domain::act::ActKind;
use crate::domain::instant::Instant;
use crate::domain::precedent::Precedent;
use crate::domain::queue::{Counts, Detail, View};
use crate::domain::ticket::Ticket;
use chrono::NaiveDate;
use finder::Finder;
use form::Form;
use outcomes::Revealed;
use picker::Picker;
use queue::Queue;
use regions::Regions;
use sending::{Lasting, Sent, Undo};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use summary::Summary;

/// The language of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }
}

/// Which colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ThemeId {
    /// On a dark ground.
    #[default]
    Dark,
    /// On a light ground.
    Light,
    /// The terminal's own sixteen.
    Sixteen,
    /// None.
    Mono,
    /// Told apart without red against green.
    ColourBlind,
}

impl ThemeId {
    /// Every theme.
    pub const ALL: [Self; 5] = [
        Self::Dark,
        Self::Light,
        Self::Sixteen,
        Self::Mono,
        Self::ColourBlind,
    ];

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|t| *t == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}

/// What stands before the screen and takes the keys.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// Where to dispatch to.
    Picker(Box<Picker>),
    /// What an act asks for.
    Form(Box<Form>),
    /// What is about to be done.
    Summary(Box<Summary>),
    /// Commands by name.
    Finder(Box<Finder>),
}

impl Dialog {
    /// Where its keys are looked up.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Picker(_) => Scope::Picker,
            Self::Form(_) => Scope::Form,
            Self::Summary(_) => Scope::Summary,
            Self::Finder(_) => Scope::Finder,
        }
    }
}

/// What the screen shows below the dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Tickets.
    List,
    /// The supervisors' board.
    Board,
    /// The figures of a period.
    Statistics,
    /// The shift sheet.
    Shift,
}

/// Which pane has the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The queue.
    #[default]
    List,
    /// The ticket.
    Detail,
}

/// How a console starts.
#[derive(Clone, Debug)]
pub struct Start {
    /// The moment.
    pub now: Instant,
    /// The moment was pinned from outside.
    pub pinned: bool,
    /// The language.
    pub language: Language,
    /// The colours.
    pub theme: ThemeId,
    /// Columns and rows.
    pub size: (u16, u16),
    /// Nothing may be written.
    pub read_only: bool,
    /// Personal data starts masked.
    pub mask: bool,
    /// The bell may ring.
    pub bell: bool,
}

/// Everything the console knows.
#[derive(Clone, Debug)]
pub struct Model {
    /// The moment.
    pub now: Instant,
    /// The moment was pinned from outside.
    pub pinned: bool,
    /// The language.
    pub language: Language,
    /// The colours.
    pub theme: ThemeId,
    /// Columns and rows.
    pub size: (u16, u16),
    /// Nothing may be written.
    pub read_only: bool,
    /// All personal data on this screen is masked, whatever the role may see.
    pub mask: bool,
    /// The bell may ring.
    pub bell: bool,
    /// Who sits here, and the rules.
    pub rules: Arc<Rules>,
    /// The command table.
    pub commands: Arc<Commands>,
    /// The queue.
    pub queue: Queue,
    /// The queues of the other views, as they were left.
    pub kept: HashMap<View, Queue>,
    /// The ticket last loaded.
    pub detail: Option<Box<Detail>>,
    /// Since when that ticket has been before the operator: it stands with the operator's name above it.
    pub detail_since: Instant,
    /// What the pane shows while the keys do not rest.
    pub held: Option<haste::Held>,
    /// Tickets like it.
    pub similar: Option<(String, Vec<msg::Similar>)>,
    /// Requesters shown in full for a moment.
    pub revealed: Vec<Revealed>,
    /// Cases and rulings like it.
    pub precedents: Option<(String, Vec<Precedent>)>,
    /// What is known of the caller and the place of the intake form.
    pub history: Option<msg::History>,
    /// The ticket takes the whole screen.
    pub full: bool,
    /// Which pane has the keys.
    pub pane: Pane,
    /// The first line of the detail that is shown.
    pub scroll: usize,
    /// How many lines the detail has; see [`Msg::Measured`].
    pub detail_lines: usize,
    /// The dialogs, the one with the keys last.
    pub dialogs: Vec<Dialog>,
    /// The supervisors' board.
    pub board: board::BoardState,
    /// The figures of periods.
    pub statistics: statistics::Statistics,
    /// The shift sheet.
    pub shift: shift::ShiftState,
    /// What the status line says.
    pub notice: Option<Notice>,
    /// The counts.
    pub counts: Option<Counts>,
    /// When the store was last looked at.
    pub checked_at: Instant,
    /// Another desk changed the store while a dialog was open.
    pub stale: bool,
    /// Suggestions by ticket.
    pub suggestions: HashMap<String, Suggested>,
    /// The search for the sure that is under way.
    pub hunt: Option<sure::Hunt>,
    /// Drafts by form.
    pub drafts: BTreeMap<String, String>,
    /// What was done in this session.
    pub session: BTreeMap<ActKind, usize>,
    /// When this session began.
    pub since: Instant,
    history_asked: msg::HistoryAsked,
    undo: Vec<Undo>,
    lasting: Option<Lasting>,
    sent: Vec<Sent>,
    select_next: Option<String>,
    asked: HashSet<String>,
    tokens: u64,
    rang_at: Option<Instant>,
    alarmed: bool,
}

impl Model {
    /// A console that has just started, and its first orders.
    pub fn new(start: &Start, rules: Arc<Rules>, commands: Arc<Commands>) -> (Self, Vec<Effect>) {
        let department = rules.only_department();
        // A department's desk begins with its own open tickets.
        let view = if department.is_some() {
            View::Open
        } else {
            View::Desk
        };
        let mut model = Self {
            now: start.now,
            pinned: start.pinned,
            language: start.language,
            theme: start.theme,
            size: start.size,
            read_only: start.read_only,
            mask: start.mask,
            bell: start.bell,
            queue: Queue::new(view, department),
            kept: HashMap::new(),
            rules,
            commands,
            detail: None,
            detail_since: start.now,
            held: None,
            similar: None,
            revealed: Vec::new(),
            precedents: None,
            history: None,
            history_asked: msg::HistoryAsked::default(),
            full: false,
            pane: Pane::List,
            scroll: 0,
            detail_lines: 0,
            dialogs: Vec::new(),
            board: board::BoardState::default(),
            statistics: statistics::Statistics::default(),
            shift: shift::ShiftState::default(),
            notice: None,
            counts: None,
            checked_at: start.now,
            stale: false,
            suggestions: HashMap::new(),
            hunt: None,
            drafts: BTreeMap::new(),
            session: BTreeMap::new(),
            since: start.now,
            undo: Vec::new(),
            lasting: None,
            sent: Vec::new(),
            select_next: None,
            asked: HashSet::new(),
            tokens: 0,
            rang_at: None,
            alarmed: false,
        };
        let token = model.token();
        let page = model.queue.load(model.list_height(), model.now, token);
        (model, vec![page, Effect::LoadCounts, Effect::LoadDrafts])
    }

    /// The day of the moment.
    fn today(&self) -> NaiveDate {
        self.rules.zone(self.now).date(self.now)
    }

    /// Where the keys are looked up now.
    pub fn scope(&self) -> Scope {
        match self.dialogs.last() {
            Some(dialog) => dialog.scope(),
            None if self.queue.editing => Scope::Filter,
            None => Scope::Queue,
        }
    }

    /// Where things stand on the screen.
    pub fn regions(&self) -> Regions {
        Regions::of(self.size.1, self.full)
    }

    /// Rows of the list.
    pub fn list_height(&self) -> usize {
        usize::from(Regions::of(self.size.1, false).list.1).max(1)
    }

    /// Rows of the detail.
    pub fn detail_height(&self) -> usize {
        usize::from(self.regions().detail.1)
    }

    /// Rows that a dialog's list can have.
    pub fn dialog_height(&self) -> usize {
        usize::from(self.size.1.saturating_sub(10)).max(1)
    }

    /// The whole ticket, if it is the one loaded.
    pub fn detail_of(&self, no: &str) -> Option<&Detail> {
        self.detail.as_deref().filter(|d| d.ticket.no == no)
    }

    /// The whole of the selected ticket, if it has come.
    pub fn selected_detail(&self) -> Option<&Detail> {
        self.detail_of(&self.queue.selected()?.no)
    }

    /// The ticket that the screen shows beyond its row, with nothing over it, and whether over the whole screen.
    pub fn in_sight(&self) -> Option<(&str, bool)> {
        let (width, height) = self.size;
        let has_room = self.full || self.is_list() && self.regions().detail.1 > 0;
        let is_free = self.dialogs.is_empty() || self.beside_picker().is_some();
        let is_big = !Regions::is_too_small(width, height);
        let shown = has_room && is_free && is_big && self.standing().is_none();
        let detail = self.selected_detail().filter(|_| shown)?;
        Some((&detail.ticket.no, self.full))
    }

    /// The facts of a ticket, if it is the one loaded.
    pub fn ticket(&self, no: &str) -> Option<&Ticket> {
        self.detail_of(no).map(|d| &d.ticket)
    }

    /// What the screen shows below the dialogs.
    pub fn screen(&self) -> Screen {
        match self.queue.view {
            View::Statistics => Screen::Statistics,
            View::Shift => Screen::Shift,
            View::Supervision if self.queue.origin.is_none() => Screen::Board,
            View::Desk
            | View::Open
            | View::RedYellow
            | View::Decisions
            | View::Review
            | View::Supervision
            | View::All => Screen::List,
        }
    }

    /// Whether the selected view is a list.
    pub fn is_list(&self) -> bool {
        self.screen() == Screen::List
    }

    /// The view on the screen, or the one from which a figure's list was opened.
    pub fn shown_view(&self) -> View {
        let origin = self.queue.origin.as_ref();
        origin.map_or(self.queue.view, |origin| origin.view)
    }

    /// Whether the store holds nothing at all yet.
    pub fn is_new_store(&self) -> bool {
        self.queue.ready
            && self.queue.rows.is_empty()
            && self.queue.filter.is_empty()
            && self.counts.as_ref().is_some_and(|c| {
                c.red + c.yellow + c.green + c.paused == 0
                    && c.views.iter().flatten().all(|n| *n == 0)
            })
    }

    fn token(&mut self) -> u64 {
        self.tokens += 1;
        self.tokens
    }

    fn say(&mut self, notice: Notice) -> Vec<Effect> {
        self.notice = Some(notice);
        Vec::new()
    }
}
