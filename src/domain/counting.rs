//! Counting tickets into the figures of a period, one ticket at a time, in any order.
//!
//! Must not know where the tickets come from. Start at [`Counting`]; what each figure means is said in [`super::figures`].

use super::act::Rating;
use super::assessment::{DepartmentFigures, Rate};
use super::durations::Durations;
use super::figures::{
    CategoryCount, Earlier, Figures, Grain, Point, Satisfaction, Shares, Standing, UNKNOWN, grain,
};
use super::instant::{DAY, Instant, Zone};
use super::period::Period;
use super::policy::{Policy, Scores};
use super::spans::{Span, Spans};
use super::ticket::State;
use chrono::{Datelike, Days, NaiveDate};
use std::collections::HashMap;

/// How many of the finest categories are told.
const TOP: usize = 10;
/// How many typical cases are told.
const CASES: usize = 3;

/// What is counted of one ticket.
#[derive(Clone, Debug)]
pub struct Counted<'a> {
    /// 工单编号.
    pub no: &'a str,
    /// When it was created.
    pub created_at: Instant,
    /// Where it stands.
    pub state: State,
    /// The requester must not be known: not told as a case.
    pub confidential: bool,
    /// Nature's code.
    pub nature: Option<&'a str>,
    /// Limit class's code.
    pub limit_class: Option<&'a str>,
    /// 诉求来源.
    pub source: &'a str,
    /// 受理渠道.
    pub channel: &'a str,
    /// 大类/中类/小类.
    pub category: [Option<&'a str>; 3],
    /// 街道.
    pub street: Option<&'a str>,
    /// 社区.
    pub community: Option<&'a str>,
    /// 主办.
    pub lead: Option<&'a str>,
    /// The deadline.
    pub due_at: Option<Instant>,
    /// Whether every reply so far was on time.
    pub on_time: Option<bool>,
    /// Left out of the on-time rate by a granted appeal.
    pub exempt: bool,
    /// The last dispatch.
    pub dispatched_at: Option<Instant>,
    /// The last reply.
    pub replied_at: Option<Instant>,
    /// When it ended.
    pub closed_at: Option<Instant>,
    /// Reworked or redone, how often.
    pub reworks: u32,
    /// Redone, how often: each began with a rating of 不满意.
    pub redos: u32,
    /// Times urged.
    pub urges: u32,
    /// The final rating.
    pub rating: Option<Rating>,
    /// The department spoke with the requester.
    pub contacted: Option<bool>,
    /// The department says it is solved.
    pub solved: Option<bool>,
    /// Departments whose return was granted.
    pub returned_by: Vec<String>,
}

impl Counted<'_> {
    /// Whether a reply is due by `now`, and if so whether it was on time; whether it is exempted is another matter.
    pub fn due_reply(&self, now: Instant) -> Option<bool> {
        let running = self.state.clock_runs() && self.state != State::Suspended;
        let missed = running && self.due_at.is_some_and(|due| due <= now);
        if missed { Some(false) } else { self.on_time }
    }

    /// Seconds from the last dispatch to the last reply.
    fn handling(&self) -> Option<i64> {
        let (to, from) = self.replied_at.zip(self.dispatched_at)?;
        Some(to.since(from))
    }

    fn levels(&self) -> impl Iterator<Item = &str> {
        self.category.iter().flatten().copied()
    }
}

type Counts = HashMap<String, u64>;

fn add(counts: &mut Counts, name: &str) {
    if let Some(n) = counts.get_mut(name) {
        *n += 1;
    } else {
        counts.insert(name.to_owned(), 1);
    }
}

/// A department's figures while they are counted.
#[derive(Debug, Default)]
struct Tally {
    figures: DepartmentFigures,
    /// From dispatch to reply.
    handling: Durations,
}

/// A closed and rated ticket that may be told as a case; the greatest is told first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Case {
    urges: u32,
    seconds: i64,
    no: String,
}

/// Counts tickets into figures.
#[derive(Debug)]
pub struct Counting {
    period: Period,
    zone: Zone,
    now: Instant,
    spans: Spans,
    received: u64,
    closed: u64,
    answered: u64,
    exempt: u64,
    on_time: Rate,
    previous: u64,
    sources: Counts,
    channels: Counts,
    natures: Counts,
    classes: Counts,
    categories: Counts,
    streets: Counts,
    communities: Counts,
    finest: Counts,
    finest_before: Counts,
    /// Received, and those of them that have ended.
    trend: Vec<(u64, u64)>,
    satisfied: Rate,
    ratings: Counts,
    departments: HashMap<String, Tally>,
    cases: Vec<Case>,
    key: String,
}

impl Counting {
    /// Nothing counted yet.
    pub fn new(period: Period, zone: Zone, now: Instant) -> Self {
        let points = match grain(period.kind) {
            Grain::Hour => 24,
            Grain::Day => period.days().unsigned_abs() as usize,
            Grain::Month => 12,
        };
        Self {
            period,
            zone,
            now,
            spans: Spans::of(period, zone, now),
            received: 0,
            closed: 0,
            answered: 0,
            exempt: 0,
            on_time: Rate::default(),
            previous: 0,
            sources: Counts::new(),
            channels: Counts::new(),
            natures: Counts::new(),
            classes: Counts::new(),
            categories: Counts::new(),
            streets: Counts::new(),
            communities: Counts::new(),
            finest: Counts::new(),
            finest_before: Counts::new(),
            trend: vec![(0, 0); points],
            satisfied: Rate::default(),
            ratings: Counts::new(),
            departments: HashMap::new(),
            cases: Vec::new(),
            key: String::new(),
        }
    }

    /// The spans counted over: tickets created in the period and in the one before are to be counted.
    pub fn spans(&self) -> Spans {
        self.spans
    }

    /// Counts a ticket, if it was created in the period or in the one before.
    pub fn count(&mut self, ticket: &Counted<'_>) {
        if self.spans.period.has(ticket.created_at) {
            self.count_received(ticket);
        } else if self.spans.previous.has(ticket.created_at) {
            self.previous += 1;
            self.set_key(ticket);
            add(&mut self.finest_before, &self.key);
        }
    }

    fn set_key(&mut self, ticket: &Counted<'_>) {
        self.key.clear();
        for level in ticket.levels() {
            if !self.key.is_empty() {
                self.key.push(LEVELS_APART);
            }
            self.key.push_str(level);
        }
    }

    fn count_received(&mut self, ticket: &Counted<'_>) {
        self.received += 1;
        self.closed += u64::from(!ticket.state.is_open());
        self.answered += u64::from(ticket.state == State::Answered);
        for (counts, name) in [
            (&mut self.sources, Some(ticket.source)),
            (&mut self.channels, Some(ticket.channel)),
            (&mut self.natures, ticket.nature),
            (&mut self.classes, ticket.limit_class),
            (&mut self.categories, ticket.category[0]),
            (&mut self.streets, ticket.street),
            (&mut self.communities, ticket.community),
        ] {
            add(
                counts,
                name.filter(|name| !name.is_empty()).unwrap_or(UNKNOWN),
            );
        }
        self.set_key(ticket);
        if !self.key.is_empty() {
            add(&mut self.finest, &self.key);
        }
        let at = self.point(ticket.created_at);
        if let Some((received, closed)) = self.trend.get_mut(at) {
            *received += 1;
            *closed += u64::from(!ticket.state.is_open());
        }
        // A redo began with a dissatisfied requester: that rating was given too, whatever came after.
        for _ in 0..ticket.redos {
            add(&mut self.ratings, Rating::Dissatisfied.code());
            self.satisfied.count(false);
        }
        if let Some(rating) = ticket.rating {
            add(&mut self.ratings, rating.code());
            if let Some(satisfied) = Policy::is_satisfied(rating) {
                self.satisfied.count(satisfied);
                self.consider(ticket);
            }
        }
        if ticket.exempt {
            self.exempt += 1;
        } else if let Some(on_time) = ticket.due_reply(self.now) {
            self.on_time.count(on_time);
        }
        self.count_department(ticket);
    }

    fn point(&self, at: Instant) -> usize {
        let since = at.since(self.spans.period.from);
        match grain(self.period.kind) {
            Grain::Hour => (since / 3600) as usize,
            Grain::Day => (since / DAY) as usize,
            Grain::Month => self.zone.date(at).month0() as usize,
        }
    }

    fn tally(&mut self, code: &str) -> &mut Tally {
        self.departments.entry(code.to_owned()).or_default()
    }

    fn count_department(&mut self, ticket: &Counted<'_>) {
        for code in &ticket.returned_by {
            let figures = &mut self.tally(code).figures;
            figures.dispatched += 1;
            figures.returned.n += 1;
        }
        let due_reply = ticket.due_reply(self.now);
        let Some(code) = ticket.lead else { return };
        let tally = self.tally(code);
        let figures = &mut tally.figures;
        figures.dispatched += 1;
        figures.unsigned += u64::from(ticket.state == State::Dispatched);
        // An appeal takes a ticket out of what is on time or overdue, and of nothing else.
        figures.exempt += u64::from(ticket.exempt);
        if let Some(on_time) = due_reply {
            figures.closing.count(!ticket.state.is_open());
            if !ticket.exempt {
                figures.on_time.count(on_time);
                figures.overdue += u64::from(!on_time);
            }
        }
        // A file may tell that a reply was on time and not when it was made.
        if ticket.replied_at.is_some() || ticket.on_time.is_some() {
            figures.reworked.count(ticket.reworks > 0);
        }
        if let Some(seconds) = ticket.handling() {
            tally.handling.take(seconds);
        }
        for _ in 0..ticket.redos {
            figures.satisfied.count(false);
        }
        if let Some(satisfied) = ticket.rating.and_then(Policy::is_satisfied) {
            figures.satisfied.count(satisfied);
        }
        if let Some(contacted) = ticket.contacted {
            figures.contacted.count(contacted);
        }
        if let Some(solved) = ticket.solved {
            figures.solved.count(solved);
        }
    }

    /// Keeps a closed and rated ticket when it is among the most urged, then the longest.
    fn consider(&mut self, ticket: &Counted<'_>) {
        let Some(closed_at) = ticket.closed_at.filter(|_| !ticket.confidential) else {
            return;
        };
        let seconds = closed_at.since(ticket.created_at);
        let is_less = |least: &Case| {
            (ticket.urges, seconds, ticket.no) < (least.urges, least.seconds, least.no.as_str())
        };
        if self.cases.len() == CASES && self.cases.last().is_some_and(is_less) {
            return;
        }
        self.cases.push(Case {
            urges: ticket.urges,
            seconds,
            no: ticket.no.to_owned(),
        });
        self.cases.sort_unstable_by(|a, b| b.cmp(a));
        self.cases.truncate(CASES);
    }

    /// The numbers of the tickets to be told as typical cases, in their order.
    pub fn cases(&self) -> Vec<String> {
        self.cases.iter().map(|case| case.no.clone()).collect()
    }

    /// Fills in what was counted; departments have their codes and scores, not yet their names. When there are many tickets,
    /// `again` is asked to show those of the period once more: the median needs a second look.
    ///
    /// # Errors
    /// That of `again`.
    pub fn finish<E>(
        mut self,
        scores: &Scores,
        figures: &mut Figures,
        again: impl FnOnce(Span, &mut dyn FnMut(&Counted<'_>)) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.look_again() {
            again(self.spans.period, &mut |ticket| self.count_again(ticket))?;
        }
        self.fill(scores, figures);
        Ok(())
    }

    fn look_again(&mut self) -> bool {
        let mut many = false;
        for tally in self.departments.values_mut() {
            many |= tally.handling.look_again();
        }
        many
    }

    fn count_again(&mut self, ticket: &Counted<'_>) {
        if self.spans.period.has(ticket.created_at)
            && let Some(seconds) = ticket.handling()
            && let Some(tally) = ticket.lead.and_then(|lead| self.departments.get_mut(lead))
        {
            tally.handling.take_again(seconds);
        }
    }

    fn fill(self, scores: &Scores, figures: &mut Figures) {
        figures.received = self.received;
        figures.closed = self.closed;
        figures.open = self.received - self.closed;
        figures.answered = self.answered;
        figures.exempt = self.exempt;
        figures.on_time = self.on_time;
        let previous = self.period.previous();
        figures.previous = Earlier {
            period: self.spans.previous.as_far(previous, self.zone),
            received: self.previous,
        };
        figures.trend = trend(self.period, &self.trend);
        figures.top_categories = top(self.finest, &self.finest_before);
        figures.by_source = Shares::new(self.sources);
        figures.by_channel = Shares::new(self.channels);
        figures.by_nature = Shares::new(self.natures);
        figures.by_limit_class = Shares::new(self.classes);
        figures.by_category = Shares::new(self.categories);
        figures.by_street = Shares::new(self.streets);
        figures.by_community = Shares::new(self.communities);
        figures.satisfaction = Satisfaction {
            satisfied: self.satisfied,
            by_rating: Shares::new(self.ratings),
        };
        figures.points = (
            scores.on_time.value.into(),
            scores.closing.value.into(),
            scores.no_rework.value.into(),
        );
        figures.dispatch_points = (
            scores.dispatch_in_time.value.into(),
            scores.dispatch_accuracy.value.into(),
            scores.dispatch_volume.value.into(),
        );
        figures.departments = self
            .departments
            .into_iter()
            .map(|(code, tally)| standing(code, tally, scores))
            .collect();
        figures.rank();
    }
}

/// Stands between the levels of a category's key; in no name.
const LEVELS_APART: char = '\u{1f}';

fn standing(code: String, tally: Tally, scores: &Scores) -> Standing {
    let mut figures = tally.figures;
    figures.department = code;
    figures.returned.of = figures.dispatched;
    figures.mean_handling = tally.handling.mean();
    figures.median_handling = tally.handling.median();
    Standing {
        score: figures.score(scores),
        figures,
        ..Standing::default()
    }
}

fn trend(period: Period, counts: &[(u64, u64)]) -> Vec<Point> {
    counts
        .iter()
        .enumerate()
        .map(|(at, &(received, closed))| {
            let (day, hour) = match grain(period.kind) {
                Grain::Hour => (Some(period.from), Some(at as u32)),
                Grain::Day => (period.from.checked_add_days(Days::new(at as u64)), None),
                Grain::Month => (
                    NaiveDate::from_ymd_opt(period.from.year(), at as u32 + 1, 1),
                    None,
                ),
            };
            Point {
                day: day.unwrap_or(period.from),
                hour,
                received,
                closed,
            }
        })
        .collect()
}

fn top(counts: Counts, before: &Counts) -> Vec<CategoryCount> {
    Shares::new(counts)
        .iter()
        .take(TOP)
        .map(|(key, count)| CategoryCount {
            path: key.split(LEVELS_APART).map(str::to_owned).collect(),
            count,
            before: before.get(key).copied().unwrap_or(0),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::figures::AsOf;
    use crate::domain::period::PeriodKind;
    use crate::domain::policy::{Number, WeekStart};

    const ZONE: fn() -> Zone = Zone::shanghai;

    fn at(text: &str) -> Instant {
        ZONE().parse(text).unwrap()
    }

    fn ticket(created_at: &str) -> Counted<'static> {
        Counted {
            no: "20181001-0001",
            created_at: at(created_at),
            state: State::Closed,
            confidential: false,
            nature: Some("complaint"),
            limit_class: Some("urban"),
            source: "12345",
            channel: "电话",
            category: [Some("市容"), Some("占道"), None],
            street: Some("坪山"),
            community: None,
            lead: Some("cgj"),
            due_at: Some(at("2018-10-10")),
            on_time: Some(true),
            exempt: false,
            dispatched_at: Some(at("2018-10-01 10:00")),
            replied_at: Some(at("2018-10-01 12:00")),
            closed_at: Some(at("2018-10-02")),
            reworks: 0,
            redos: 0,
            urges: 0,
            rating: None,
            contacted: None,
            solved: None,
            returned_by: Vec::new(),
        }
    }

    fn scores() -> Scores {
        let number = |value| Number {
            value,
            source: String::new(),
        };
        Scores {
            on_time: number(60),
            closing: number(30),
            no_rework: number(10),
            dispatch_in_time: number(40),
            dispatch_accuracy: number(40),
            dispatch_volume: number(20),
        }
    }

    fn october(now: &str, tickets: &[Counted<'_>]) -> Figures {
        let period = Period::of(
            PeriodKind::Month,
            "2018-10-09".parse().unwrap(),
            WeekStart::Monday,
        );
        let mut counting = Counting::new(period, ZONE(), at(now));
        for ticket in tickets {
            counting.count(ticket);
        }
        let mut figures = Figures::empty(period, AsOf::default());
        counting
            .finish(&scores(), &mut figures, |_, show| {
                tickets.iter().for_each(show);
                Ok::<(), std::convert::Infallible>(())
            })
            .unwrap();
        figures
    }

    #[test]
    fn a_period_takes_its_first_moment_and_not_the_first_after_it() {
        let tickets = [
            "2018-09-30 23:59:59",
            "2018-10-01",
            "2018-10-31 23:59:59",
            "2018-11-01",
        ]
        .map(ticket);
        let figures = october("2018-12-01", &tickets);
        assert_eq!((figures.received, figures.previous.received), (2, 1));
        assert_eq!(
            (figures.trend[0].received, figures.trend[30].received),
            (1, 1)
        );
        assert_eq!(figures.by_community.get(UNKNOWN), 2);
    }

    #[test]
    fn what_is_not_yet_due_is_in_no_rate_and_what_is_missed_is_late() {
        let handling = Counted {
            state: State::Handling,
            on_time: None,
            replied_at: None,
            closed_at: None,
            ..ticket("2018-10-02")
        };
        let before = october("2018-10-09 23:59:59", std::slice::from_ref(&handling));
        assert_eq!(before.on_time, Rate { n: 0, of: 0 });
        let after = october("2018-10-10", &[handling]);
        assert_eq!(after.on_time, Rate { n: 0, of: 1 });
        let department = &after.departments[0].figures;
        assert_eq!(
            (department.overdue, department.closing),
            (1, Rate { n: 0, of: 1 })
        );
    }

    #[test]
    fn a_ticket_on_time_at_first_and_missed_in_rework_is_late() {
        let reworked = Counted {
            state: State::Handling,
            reworks: 1,
            ..ticket("2018-10-02")
        };
        assert_eq!(reworked.due_reply(at("2018-10-09")), Some(true));
        assert_eq!(reworked.due_reply(at("2018-10-10")), Some(false));
    }

    #[test]
    fn an_exempted_ticket_is_out_of_the_on_time_rate_and_of_nothing_else() {
        let exempt = Counted {
            exempt: true,
            on_time: Some(false),
            replied_at: Some(at("2018-10-04")),
            dispatched_at: Some(at("2018-10-02")),
            reworks: 1,
            redos: 1,
            rating: Some(Rating::Satisfied),
            contacted: Some(true),
            solved: Some(false),
            state: State::Closed,
            ..ticket("2018-10-02")
        };
        let figures = october("2018-12-01", &[exempt, ticket("2018-10-03")]);
        assert_eq!((figures.received, figures.exempt), (2, 1));
        assert_eq!(figures.on_time, Rate { n: 1, of: 1 });
        let department = &figures.departments[0].figures;
        assert_eq!(
            (
                department.exempt,
                department.dispatched,
                department.on_time.of
            ),
            (1, 2, 1)
        );
        assert_eq!((department.overdue, department.closing.of), (0, 2));
        // The department's column is the total's where it has every ticket.
        assert_eq!(department.satisfied, figures.satisfaction.satisfied);
        assert_eq!(department.satisfied.of, 2);
        assert_eq!(department.reworked.n, 1);
        assert_eq!((department.contacted.of, department.solved.of), (1, 1));
        assert!(department.mean_handling.is_some_and(|mean| mean > 3600));
    }

    #[test]
    fn a_return_is_counted_to_whoever_returned() {
        let returned = Counted {
            returned_by: vec!["jtj".into(), "cgj".into()],
            ..ticket("2018-10-02")
        };
        let figures = october("2018-12-01", &[returned]);
        let of = |code| figures.department(code).unwrap().figures.returned;
        assert_eq!(
            (of("jtj"), of("cgj")),
            (Rate { n: 1, of: 1 }, Rate { n: 1, of: 2 })
        );
    }

    #[test]
    fn a_running_period_is_compared_with_as_much_of_the_one_before() {
        let tickets = ["2018-09-01 09:00", "2018-09-03 09:00", "2018-10-01 09:00"].map(ticket);
        let figures = october("2018-10-02 12:00", &tickets);
        assert_eq!((figures.received, figures.previous.received), (1, 1));
    }

    #[test]
    fn the_mean_and_the_median_are_from_dispatch_to_reply() {
        let slow = Counted {
            replied_at: Some(at("2018-10-01 20:00")),
            ..ticket("2018-10-01")
        };
        let figures = october(
            "2018-12-01",
            &[ticket("2018-10-01"), ticket("2018-10-01"), slow],
        );
        let department = &figures.departments[0].figures;
        assert_eq!(
            (department.mean_handling, department.median_handling),
            (Some(4 * 3600 + 2400), Some(2 * 3600))
        );
    }

    #[test]
    fn the_median_of_many_is_that_of_the_middle_one() {
        let replied = |seconds| Counted {
            replied_at: Some(at("2018-10-01").plus(seconds)),
            dispatched_at: Some(at("2018-10-01")),
            ..ticket("2018-10-01")
        };
        let tickets: Vec<Counted<'_>> = (0..10_001).rev().map(|n| replied(n * 60)).collect();
        let figures = october("2018-12-01", &tickets);
        let department = &figures.departments[0].figures;
        assert_eq!(
            (department.mean_handling, department.median_handling),
            (Some(5_000 * 60), Some(5_000 * 60))
        );
    }

    #[test]
    fn the_most_urged_then_the_longest_cases_are_told_but_no_confidential_one() {
        let rated = |no, urges, closed: &str, confidential| Counted {
            no,
            urges,
            confidential,
            closed_at: Some(at(closed)),
            rating: Some(Rating::Satisfied),
            ..ticket("2018-10-01")
        };
        let period = Period::of(
            PeriodKind::Month,
            "2018-10-09".parse().unwrap(),
            WeekStart::Monday,
        );
        let mut counting = Counting::new(period, ZONE(), at("2018-12-01"));
        for ticket in [
            rated("a", 0, "2018-10-09", false),
            rated("b", 2, "2018-10-02", false),
            rated("c", 9, "2018-10-02", true),
            rated("d", 0, "2018-10-11", false),
            rated("e", 0, "2018-10-03", false),
        ] {
            counting.count(&ticket);
        }
        assert_eq!(counting.cases(), ["b", "d", "a"]);
    }
}
