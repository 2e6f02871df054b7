//! The queue: a window of rows, the selection that follows its ticket, order and filter. `marking` marks its rows.
//!
//! Holds only the rows that are visible and a margin; asks for more by key ([`Anchor`]), never by place. New rows never move
//! the selection. Start at [`Queue::moved`] and [`Queue::loaded`].

use super::action::Motion;
use super::msg::Effect;
use super::text::Text;
use crate::domain::filter::{Filter, FilterError, Reading};
use crate::domain::instant::Instant;
use crate::domain::queue::{Anchor, From, Page, Place, Query, Row, Sort, View};
use crate::domain::ticket::Urgency;
use std::collections::{BTreeMap, HashSet};

/// Pages kept in the window.
const KEPT: usize = 6;

/// Where the selection goes when the rows asked for have come.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Land {
    /// It stays on its ticket.
    Same,
    First,
    Last,
    Ticket(String),
    /// The rows begin where its ticket stood.
    There,
}

/// What is being waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Waiting {
    Whole(u64, Land),
    Below(u64),
    Above(u64),
}

impl Waiting {
    fn token(&self) -> u64 {
        match self {
            Self::Whole(token, _) | Self::Below(token) | Self::Above(token) => *token,
        }
    }
}

/// Where a list was opened that shows what stands behind a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The screen with the figure; leaving the list leads back there.
    pub view: View,
    /// Exactly the figure's tickets; what is typed narrows them further.
    pub filter: Filter,
    /// It is one ticket, shown in full.
    pub only: bool,
}

/// The state of the queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Which saved view.
    pub view: View,
    /// The order.
    pub sort: Sort,
    /// The figure it was opened from.
    pub origin: Option<Origin>,
    /// What narrows it.
    pub filter: Filter,
    /// The filter as typed.
    pub line: Text,
    /// The filter is being typed.
    pub editing: bool,
    /// The last filter that was cleared; taken up again with the up key.
    pub cleared: String,
    /// What is not understood of the filter.
    pub problem: Option<FilterError>,
    /// The loaded rows.
    pub rows: Vec<(Anchor, Row)>,
    /// There are rows above them.
    pub before: bool,
    /// There are rows below them.
    pub after: bool,
    /// The selected row's place among the loaded ones.
    pub at: usize,
    /// The first visible row's place.
    pub top: usize,
    /// Marked tickets, as they were when marked.
    pub marks: BTreeMap<String, Row>,
    /// The ticket a range of marks begins at.
    pub range: Option<String>,
    /// All rows were asked for, to be marked.
    pub(super) marking: Option<u64>,
    /// How many there are in all, where it is known.
    pub total: Option<u64>,
    /// The place of the first loaded row in the whole list, where it is known.
    pub first: Option<u64>,
    /// Rows have come at least once.
    pub ready: bool,
    waiting: Option<Waiting>,
    /// The first row of a page whose place is not known yet.
    unplaced: Option<Anchor>,
    /// The place that is being counted.
    counting: Option<(u64, Anchor)>,
    department: Option<String>,
}

impl Queue {
    /// An empty queue of a view.
    pub fn new(view: View, department: Option<String>) -> Self {
        Self {
            view,
            sort: default_sort(view),
            origin: None,
            filter: Filter::default(),
            line: Text::line(),
            editing: false,
            cleared: String::new(),
            problem: None,
            rows: Vec::new(),
            before: false,
            after: false,
            at: 0,
            top: 0,
            marks: BTreeMap::new(),
            range: None,
            marking: None,
            total: None,
            first: None,
            ready: false,
            waiting: None,
            unplaced: None,
            counting: None,
            department,
        }
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&Row> {
        self.rows.get(self.at).map(|(_, row)| row)
    }

    /// A ticket's row, where it is loaded.
    pub fn row(&self, no: &str) -> Option<&Row> {
        self.rows
            .iter()
            .map(|(_, row)| row)
            .find(|row| row.no == no)
    }

    /// The rows on the screen.
    pub fn visible(&self, height: usize) -> &[(Anchor, Row)] {
        let top = self.top.min(self.rows.len());
        let end = (top + height).min(self.rows.len());
        &self.rows[top..end]
    }

    /// Critical and urgent tickets among the rows above the first one shown: the selection stays on its ticket when one
    /// of them comes, so that it would else be out of sight.
    pub fn urgent_above(&self) -> (usize, usize) {
        let above = self.rows.get(..self.top).unwrap_or_default();
        let of = |urgency| above.iter().filter(|(_, r)| r.urgency == urgency).count();
        (of(Urgency::Critical), of(Urgency::Urgent))
    }

    /// Whether every ticket of the view is listed.
    pub fn is_whole(&self) -> bool {
        self.filter.is_empty() && self.origin.is_none()
    }

    /// What is listed, as a question.
    pub(super) fn query(&self, now: Instant) -> Query {
        let mut filter = self
            .origin
            .as_ref()
            .map_or_else(Filter::default, |o| o.filter.clone());
        filter.terms.extend(self.filter.terms.iter().cloned());
        Query {
            view: self.view,
            filter,
            sort: self.sort,
            department: self.department.clone(),
            now,
        }
    }

    /// Asks for the rows from the start; the selection goes to the first.
    pub fn load(&mut self, height: usize, now: Instant, token: u64) -> Effect {
        self.marking = None;
        self.ask(From::Start, Land::First, height, now, token)
    }

    /// Asks for the same rows again; the selection stays on its ticket.
    pub fn reload(&mut self, height: usize, now: Instant, token: u64) -> Effect {
        let from = self.held_from();
        self.ask(from, Land::Same, height, now, token)
    }

    /// Where the held rows begin.
    fn held_from(&self) -> From {
        match self.rows.first() {
            Some((anchor, _)) if self.before => From::At(*anchor),
            _ => From::Start,
        }
    }

    /// Asks for the same rows again; the selection goes to a ticket, if it is among them.
    pub fn reload_to(&mut self, no: &str, height: usize, now: Instant, token: u64) -> Effect {
        let from = self.held_from();
        self.ask(from, Land::Ticket(no.to_owned()), height, now, token)
    }

    fn ask(&mut self, from: From, land: Land, height: usize, now: Instant, token: u64) -> Effect {
        // The row of the selection, a few that may have come above it, and those below it that are soon needed; never all
        // that are held and more: a desk among busy ones asks again all day.
        let as_far_as = |at: usize| page(height).max(at + height * 2 + 9);
        let n = match &land {
            Land::Same => as_far_as(self.at),
            Land::Ticket(no) => {
                let held = self.rows.iter().position(|(_, row)| row.no == *no);
                as_far_as(held.unwrap_or(0).max(self.at))
            }
            Land::First | Land::Last | Land::There => page(height),
        };
        // Other rows: what is being counted is not theirs.
        if matches!(land, Land::First | Land::Last | Land::There) {
            self.counting = None;
        }
        self.waiting = Some(Waiting::Whole(token, land));
        Effect::LoadPage {
            token,
            query: self.query(now),
            from,
            n,
        }
    }

    /// Moves the selection; asks for rows where the window ends.
    pub fn moved(
        &mut self,
        motion: Motion,
        height: usize,
        now: Instant,
        token: u64,
    ) -> Option<Effect> {
        match motion {
            Motion::First if self.before => {
                return Some(self.ask(From::Start, Land::First, height, now, token));
            }
            Motion::Last if self.after => {
                return Some(self.ask(From::End, Land::Last, height, now, token));
            }
            _ => {}
        }
        self.at = motion.apply(self.at, self.rows.len(), height);
        self.follow(height);
        self.margin(height, now, token)
    }

    fn margin(&mut self, height: usize, now: Instant, token: u64) -> Option<Effect> {
        if self.waiting.is_some() {
            return None;
        }
        let below = self.after && self.rows.len() - self.at <= height * 2;
        let above = self.before && self.at < height * 2;
        let (from, waiting) = if below {
            (From::After(self.rows.last()?.0), Waiting::Below(token))
        } else if above {
            (From::Before(self.rows.first()?.0), Waiting::Above(token))
        } else {
            return None;
        };
        self.waiting = Some(waiting);
        Some(Effect::LoadPage {
            token,
            query: self.query(now),
            from,
            n: page(height),
        })
    }

    /// Asks for the rows above, where the selection is the first row held and not the first of the list.
    pub fn top_up(&mut self, height: usize, now: Instant, token: u64) -> Option<Effect> {
        let is_first = self.at == 0 && self.before;
        is_first.then(|| self.margin(height, now, token)).flatten()
    }

    /// What other rows were asked by that have not come: a jump to an end of the list, or another list.
    pub fn jump(&self) -> Option<u64> {
        let waiting = self.waiting.as_ref();
        waiting.and_then(|w| matches!(w, Waiting::Whole(..)).then(|| w.token()))
    }

    /// Whether rows were asked for that have not come.
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// Keeps the selection on the screen.
    pub fn follow(&mut self, height: usize) {
        let height = height.max(1);
        self.at = self.at.min(self.rows.len().saturating_sub(1));
        let lowest = (self.at + 1).saturating_sub(height);
        self.top = self
            .top
            .clamp(lowest, self.at)
            .min(self.rows.len().saturating_sub(height).max(lowest));
    }

    /// Asks again, from where the selection's ticket stands, when so many came above it that neither it nor any row below it
    /// is among those asked for: the selection would fall on another ticket.
    pub fn overrun(
        &mut self,
        asked: u64,
        page: &Page,
        height: usize,
        now: Instant,
        token: u64,
    ) -> Option<Effect> {
        let again = Waiting::Whole(asked, Land::Same);
        if !page.after || self.waiting.as_ref() != Some(&again) {
            return None;
        }
        let came: HashSet<&str> = page.rows.iter().map(|(_, row)| row.no.as_str()).collect();
        let held = self.rows.get(self.at..)?;
        if held.iter().any(|(_, row)| came.contains(row.no.as_str())) {
            return None;
        }
        let from = From::At(held.first()?.0);
        Some(self.ask(from, Land::There, height, now, token))
    }

    /// Takes rows that were asked for; an answer nobody waits for changes nothing and is `false`.
    pub fn loaded(&mut self, token: u64, page: Page, place: Place, height: usize) -> bool {
        let Some(waiting) = self.waiting.take_if(|w| w.token() == token) else {
            return false;
        };
        self.ready = true;
        match waiting {
            Waiting::Whole(_, land) => self.replace(page, place, &land),
            Waiting::Below(_) => {
                self.rows.extend(page.rows);
                self.after = page.after;
                let most = KEPT * self::page(height);
                let surplus = self.rows.len().saturating_sub(most).min(self.top);
                self.rows.drain(..surplus);
                self.before |= surplus > 0;
                self.first = self.first.map(|f| f + surplus as u64);
                self.at = self.at.saturating_sub(surplus);
                self.top = self.top.saturating_sub(surplus);
            }
            Waiting::Above(_) => {
                let came = page.rows.len();
                self.rows.splice(0..0, page.rows);
                self.before = page.before;
                self.first = self.first.map(|f| f.saturating_sub(came as u64));
                self.at += came;
                self.top += came;
                let most = (KEPT * self::page(height)).max(self.at + height);
                if self.rows.len() > most {
                    self.rows.truncate(most);
                    self.after = true;
                }
            }
        }
        self.follow(height);
        true
    }

    /// Asks where the rows stand that have just come, where that was not known at once; the earlier answer is not waited
    /// for any more.
    pub fn count(&mut self, now: Instant, token: u64) -> Option<Effect> {
        let anchor = self.unplaced.take()?;
        self.counting = Some((token, anchor));
        Some(Effect::CountRows {
            token,
            query: self.query(now),
            anchor,
        })
    }

    /// Takes what was counted; an answer nobody waits for changes nothing.
    pub fn counted(&mut self, token: u64, anchor: Anchor, place: Place) {
        let asked = self.counting.take_if(|asked| *asked == (token, anchor));
        if asked.is_none() {
            return;
        }
        self.total = place.matched;
        // More rows may have come above it; where it has gone from the window, what was known holds.
        let above = self.rows.iter().position(|(one, _)| *one == anchor);
        if let (Some(above), Some(first)) = (above, place.first) {
            self.first = Some(first.saturating_sub(above as u64));
        }
    }

    fn replace(&mut self, page: Page, place: Place, land: &Land) {
        let screen = self.at.saturating_sub(self.top);
        let among = |rows: &[(Anchor, Row)], no: &str| rows.iter().position(|(_, r)| r.no == no);
        let at = match land {
            Land::First | Land::There => 0,
            Land::Last => page.rows.len().saturating_sub(1),
            Land::Ticket(no) => among(&page.rows, no).unwrap_or(self.at),
            Land::Same => self.follow_ticket(&page.rows),
        };
        self.rows = page.rows;
        self.before = page.before;
        self.after = page.after;
        // The same rows again: what was known of their place holds until it has been counted again.
        if *land != Land::Same || place.matched.is_some() {
            self.total = place.matched;
        }
        if *land != Land::Same || place.first.is_some() {
            self.first = place.first;
        }
        let known = place.matched.is_some() && place.first.is_some();
        self.unplaced = self.rows.first().map(|(a, _)| *a).filter(|_| !known);
        self.at = at.min(self.rows.len().saturating_sub(1));
        self.top = self.at.saturating_sub(screen);
        self.renew_marks();
    }

    /// The selected ticket's place among new rows; if it has left, that of the next one that is still there.
    fn follow_ticket(&self, rows: &[(Anchor, Row)]) -> usize {
        let below = self.rows.get(self.at..).unwrap_or_default().iter();
        let above = self.rows.get(..self.at).unwrap_or_default().iter().rev();
        below
            .chain(above)
            .find_map(|(_, old)| rows.iter().position(|(_, new)| new.no == old.no))
            .unwrap_or(self.at)
    }

    /// Reads the filter line; `true` when the rows must be asked for again.
    pub fn read_filter(&mut self, reading: Reading<'_>) -> bool {
        match Filter::parse(self.line.as_str(), reading) {
            Ok(filter) => {
                self.problem = None;
                let changed = filter != self.filter;
                self.filter = filter;
                changed
            }
            Err(problem) => {
                self.problem = Some(problem);
                false
            }
        }
    }
}

fn page(height: usize) -> usize {
    (height * 3).max(60)
}

fn default_sort(view: View) -> Sort {
    match view {
        // What cannot wait stands first, by night as by day.
        View::Desk => Sort::Urgency,
        View::Open | View::RedYellow | View::Supervision | View::Statistics | View::Shift => {
            Sort::Due
        }
        View::Decisions | View::Review => Sort::Stage,
        View::All => Sort::Newest,
    }
}
