//! The statistics in view 8: which period, which panel, and exactly which tickets stand behind each figure.
//!
//! Must not count: the figures are those of the reports (see `domain::figures`). Start at [`Statistics`]; [`lines`] makes a
//! panel's lines, each count with the filter that lists its tickets.

use super::action::{Motion, Step};
use super::cursor::follow;
use super::msg::{Effect, Notice};
use super::{Model, Screen};
use crate::domain::figures::{Figures, Grain, Point, Shares, grain};
use crate::domain::filter::{Clause, Filter};
use crate::domain::period::{Period, PeriodKind};
use crate::domain::queue::View;
use crate::domain::spans::{Span, Spans};
use crate::domain::ticket::State;
use chrono::{Datelike, Months, NaiveDate};

/// Figures of so many periods are kept to come back to.
const KEPT: usize = 12;
/// Figures older than this are computed again when they are looked at and something has changed.
const FRESH: i64 = 60;

/// What a panel is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panel {
    /// The totals.
    #[default]
    Totals,
    /// Received and closed over time.
    Trend,
    /// By source.
    Sources,
    /// By channel.
    Channels,
    /// The most frequent categories, against the period before.
    Categories,
    /// By street.
    Streets,
    /// By community.
    Communities,
    /// On time, by department.
    Departments,
}

impl Panel {
    /// Every panel, in the order of the Tab key.
    pub const ALL: [Self; 8] = [
        Self::Totals,
        Self::Trend,
        Self::Sources,
        Self::Channels,
        Self::Categories,
        Self::Streets,
        Self::Communities,
        Self::Departments,
    ];
}

/// A total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Created in the period.
    Received,
    /// In as much of the period before.
    Previous,
    /// In as much of the same period a year before.
    YearBefore,
    /// Ended.
    Closed,
    /// Not ended.
    Open,
    /// Answered at the desk.
    Answered,
    /// A reply was due.
    Due,
    /// And came on time.
    OnTime,
    /// And did not.
    Late,
}

/// What a line is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A total.
    Total(Total),
    /// An hour, a day or a month.
    Point(Point),
    /// A source, street or community; `-` where it is not known.
    Named(String),
    /// A channel's code or name; `-` where it is not known.
    Channel(String),
    /// A category from the top.
    Category(Vec<String>),
    /// A department's code.
    Department(String),
}

/// A figure and what lists its tickets.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// How many.
    pub n: u64,
    /// Exactly those.
    pub filter: Filter,
}

/// A line of a panel: its counts stand in the panel's columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is called.
    pub name: Name,
    /// Its counts.
    pub counts: Vec<Count>,
}

/// What the statistics remember.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// The period that is shown, once the view was opened.
    pub period: Option<Period>,
    /// The panel that is shown.
    pub panel: Panel,
    /// The line under the cursor.
    pub at: usize,
    /// The first line shown.
    pub top: usize,
    /// The column under the cursor.
    pub column: usize,
    /// The period whose figures are being computed.
    pub waiting: Option<Period>,
    /// The store has changed since the figures were computed.
    pub stale: bool,
    kept: Vec<(Period, Box<Figures>)>,
}

impl Statistics {
    /// The figures of the period that is shown, once they have come.
    pub fn figures(&self) -> Option<&Figures> {
        let period = self.period?;
        let kept = self.kept.iter().find(|(of, _)| *of == period);
        kept.map(|(_, figures)| figures.as_ref())
    }

    /// The lines of the panel that is shown.
    pub fn lines(&self) -> Vec<Line> {
        self.figures()
            .map(|figures| lines(figures, self.panel))
            .unwrap_or_default()
    }

    pub(super) fn loaded(&mut self, asked: Period, figures: Box<Figures>) {
        self.waiting.take_if(|waiting| *waiting == asked);
        self.kept.retain(|(period, _)| *period != asked);
        self.kept.insert(0, (asked, figures));
        self.kept.truncate(KEPT);
        self.stay();
    }

    pub(super) fn failed(&mut self, asked: Period) {
        self.waiting.take_if(|waiting| *waiting == asked);
    }

    pub(super) fn next_panel(&mut self, back: bool) {
        let all = Panel::ALL.len();
        let step = if back { all - 1 } else { 1 };
        self.panel = Panel::ALL[(self.panel as usize + step) % all];
        (self.at, self.top, self.column) = (0, 0, 0);
    }

    /// Keeps the cursor on a figure.
    fn stay(&mut self) {
        let lines = self.lines();
        self.at = self.at.min(lines.len().saturating_sub(1));
        let columns = lines.get(self.at).map_or(0, |line| line.counts.len());
        self.column = self.column.min(columns.saturating_sub(1));
    }
}

impl Model {
    /// Whether the statistics are on the screen.
    pub fn is_statistics(&self) -> bool {
        self.screen() == Screen::Statistics
    }

    /// Lines that fit: header, views, period, panels and heads stand above; the line in words, status and keys below.
    pub fn statistics_height(&self) -> usize {
        usize::from(self.size.1.saturating_sub(9)).max(1)
    }

    /// Asks for the figures of the period that is shown, unless they are fresh or on their way.
    pub(super) fn load_figures(&mut self) -> Option<Effect> {
        let period = match self.statistics.period {
            Some(period) => period,
            None => self.period_of(PeriodKind::Month, self.today()),
        };
        self.statistics.period = Some(period);
        let age = self
            .statistics
            .figures()
            .map(|figures| self.now.since(figures.as_of.at));
        let fresh = age.is_some_and(|age| age < FRESH && !self.statistics.stale);
        if fresh || self.statistics.waiting == Some(period) {
            return None;
        }
        self.statistics.stale = false;
        self.statistics.waiting = Some(period);
        Some(Effect::LoadFigures(period))
    }

    /// Once a minute: what is on the screen follows the store.
    pub(super) fn follow_figures(&mut self) -> Option<Effect> {
        if self.is_statistics() && self.statistics.stale {
            self.load_figures()
        } else {
            None
        }
    }

    /// The period of a kind that contains a day, its week beginning as the edition then in force has it.
    fn period_of(&self, kind: PeriodKind, day: NaiveDate) -> Period {
        let midnight = self.rules.zone(self.now).midnight(day);
        let week = self.rules.book.editions.at(midnight).week_start;
        Period::of(kind, day, week)
    }

    pub(super) fn turn_period(&mut self, step: Step) -> Vec<Effect> {
        let Some(period) = self.statistics.period.filter(|_| self.is_statistics()) else {
            return self.say(Notice::NotHere(View::Statistics));
        };
        let today = self.today();
        let kinds = PeriodKind::ALL;
        let at = kinds.iter().position(|k| *k == period.kind).unwrap_or(0);
        // A period that runs is left for the one of today; one that is over, for its last.
        let day = period.to.min(today);
        let next = match step {
            Step::Earlier => period.previous(),
            Step::Later if period.to >= today => return self.say(Notice::NoLaterPeriod),
            Step::Later => period.next(),
            Step::Shorter => self.period_of(kinds[at.saturating_sub(1)], day),
            Step::Longer => self.period_of(kinds[(at + 1).min(kinds.len() - 1)], day),
        };
        self.statistics.period = Some(next);
        let figures = &mut self.statistics;
        if next.kind != period.kind {
            (figures.at, figures.top) = (0, 0);
        }
        figures.stay();
        self.load_figures().into_iter().collect()
    }

    pub(super) fn motion_in_statistics(&mut self, motion: Motion) {
        let height = self.statistics_height();
        let state = &mut self.statistics;
        let lines = state.lines();
        match motion {
            Motion::Left => state.column = state.column.saturating_sub(1),
            Motion::Right => state.column += 1,
            Motion::Up
            | Motion::Down
            | Motion::First
            | Motion::Last
            | Motion::PageUp
            | Motion::PageDown
            | Motion::HalfUp
            | Motion::HalfDown => state.at = motion.apply(state.at, lines.len(), height),
        }
        state.stay();
        state.top = follow(state.top, state.at, height);
    }

    /// Lists the tickets behind the figure under the cursor.
    pub(super) fn enter_figure(&mut self) -> Vec<Effect> {
        let state = &self.statistics;
        if state.figures().is_none() {
            return self.say(Notice::StillComputing);
        }
        let lines = state.lines();
        let count = lines
            .get(state.at)
            .and_then(|line| line.counts.get(state.column))
            .filter(|count| count.n > 0);
        match count {
            Some(count) => {
                let (n, filter) = (count.n, count.filter.clone());
                let effects = self.open_figure(View::All, filter);
                if self.rules.only_department().is_some() {
                    self.notice = Some(Notice::YoursOnly(n));
                }
                effects
            }
            None => self.say(Notice::NothingBehind),
        }
    }
}

/// The lines of a panel.
pub fn lines(figures: &Figures, panel: Panel) -> Vec<Line> {
    let spans = Spans::of(figures.period, figures.as_of.zone, figures.as_of.at);
    let created =
        |span: Span| Filter::default().and(Clause::Created(Some(span.from), Some(span.to)));
    let received = created(spans.period);
    let line = |name, counts: Vec<(u64, Filter)>| Line {
        name,
        counts: counts
            .into_iter()
            .map(|(n, filter)| Count { n, filter })
            .collect(),
    };
    let with = |clause| received.clone().and(clause);
    let shares = |shares: &Shares, called: fn(String) -> Name, clause: fn(String) -> Clause| {
        shares
            .iter()
            .map(|(name, n)| {
                let filter = with(clause(name.to_owned()));
                line(called(name.to_owned()), vec![(n, filter)])
            })
            .collect()
    };
    match panel {
        Panel::Totals => {
            let on_time = figures.on_time;
            [
                (Total::Received, figures.received, received.clone()),
                (
                    Total::Previous,
                    figures.previous.received,
                    created(spans.previous),
                ),
                (
                    Total::YearBefore,
                    figures.year_before.received,
                    created(spans.year_before),
                ),
                (Total::Closed, figures.closed, with(Clause::Open(false))),
                (Total::Open, figures.open, with(Clause::Open(true))),
                (
                    Total::Answered,
                    figures.answered,
                    with(Clause::States(vec![State::Answered])),
                ),
                (Total::Due, on_time.of, with(Clause::DueReply(None))),
                (Total::OnTime, on_time.n, with(Clause::DueReply(Some(true)))),
                (
                    Total::Late,
                    on_time.of.saturating_sub(on_time.n),
                    with(Clause::DueReply(Some(false))),
                ),
            ]
            .into_iter()
            .map(|(total, n, filter)| line(Name::Total(total), vec![(n, filter)]))
            .collect()
        }
        Panel::Trend => figures
            .trend
            .iter()
            .map(|point| {
                let within = moments(figures, point);
                let open = point.received.saturating_sub(point.closed);
                line(
                    Name::Point(*point),
                    vec![
                        (point.received, within.clone()),
                        (point.closed, within.clone().and(Clause::Open(false))),
                        (open, within.and(Clause::Open(true))),
                    ],
                )
            })
            .collect(),
        Panel::Sources => shares(&figures.by_source, Name::Named, Clause::Source),
        Panel::Channels => shares(&figures.by_channel, Name::Channel, Clause::Channel),
        Panel::Streets => shares(&figures.by_street, Name::Named, Clause::Street),
        Panel::Communities => shares(&figures.by_community, Name::Named, Clause::Community),
        Panel::Categories => figures
            .top_categories
            .iter()
            .map(|top| {
                let path = Clause::Path {
                    path: top.path.clone(),
                    below: false,
                };
                let before = created(spans.previous).and(path.clone());
                line(
                    Name::Category(top.path.clone()),
                    vec![(top.count, with(path)), (top.before, before)],
                )
            })
            .collect(),
        Panel::Departments => figures
            .departments
            .iter()
            .map(|standing| {
                let code = standing.figures.department.clone();
                let on_time = standing.figures.on_time;
                let led = with(Clause::Lead(vec![code.clone()]));
                let judged = |judged| led.clone().and(Clause::DueReply(judged));
                line(
                    Name::Department(code),
                    vec![
                        (on_time.of, judged(None)),
                        (on_time.n, judged(Some(true))),
                        (on_time.of.saturating_sub(on_time.n), judged(Some(false))),
                    ],
                )
            })
            .collect(),
    }
}

/// The tickets created in a point of the trend, as far as the figures know them.
fn moments(figures: &Figures, point: &Point) -> Filter {
    let (zone, now) = (figures.as_of.zone, figures.as_of.at);
    let midnight = zone.midnight(point.day);
    let (from, to) = match grain(figures.period.kind) {
        Grain::Hour => {
            let from = midnight.plus(i64::from(point.hour.unwrap_or(0)) * 3600);
            (from, from.plus(3600))
        }
        Grain::Day => (
            midnight,
            zone.midnight(point.day.succ_opt().unwrap_or(point.day)),
        ),
        Grain::Month => {
            let first = point.day.with_day(1).unwrap_or(point.day);
            let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
            (zone.midnight(first), zone.midnight(next))
        }
    };
    Filter::default().and(Clause::Created(Some(from), Some(to.min(now.plus(1)))))
}
