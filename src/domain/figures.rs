//! Everything a report says, as values: what was counted, for which period, under which edition, at which place in the ledger.
//!
//! Must not count (see [`super::counting`]) nor word or draw anything (see the report room). Start at [`Figures`].
//!
//! What the figures mean, once and for all documents `[DOMAIN §6, §7]`:
//! - **received**: tickets created in the period, whatever became of them. Everything below is counted over these.
//! - **closed**: those that have ended at the report's moment (closed, archived, answered, refused, merged, voided);
//!   **open**: the others. closed + open = received.
//! - **due replies**: those whose reply was judged, or whose deadline has passed while the citizen's clock still runs.
//!   **on time**: the due replies judged on time. A ticket exempted by a granted appeal is in neither, and counted apart;
//!   every other figure of a department has it, as the totals do.
//! - A report of a past period made later sees later replies: it says what is known at its moment of the tickets of its period.

use super::assessment::{DepartmentFigures, DispatcherFigures, Rate};
use super::codes::codes;
use super::instant::{Instant, Zone};
use super::period::{Period, PeriodKind};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The key under which what is not known is counted, so that the parts add up to the whole.
pub const UNKNOWN: &str = "-";

/// Fewer due replies than this rank a department but put it on no list. `[ours: one reply is not a record]`
pub const LISTED_FROM: u64 = 5;

/// How many departments a list names. `[practice: SV-11, top 5 and bottom 5]`
pub const LISTED: usize = 5;

/// Counts by name, most first, then by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares(Vec<(String, u64)>);

impl Shares {
    /// The counts in their order.
    pub fn new(counts: impl IntoIterator<Item = (String, u64)>) -> Self {
        let mut all: Vec<_> = counts.into_iter().collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Self(all)
    }

    /// Each name with its count, most first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(name, n)| (name.as_str(), *n))
    }

    /// The count of a name; 0 when it does not occur.
    pub fn get(&self, name: &str) -> u64 {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map_or(0, |(_, n)| *n)
    }

    /// The sum of all.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|(_, n)| n).sum()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// Where a report stands: a place in the ledger and the moment it speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AsOf {
    /// The moment.
    pub at: Instant,
    /// The zone its days are counted in.
    pub zone: Zone,
    /// The last entry of the ledger that counts.
    pub seq: i64,
    /// That entry's hash, in hexadecimal digits.
    pub head: String,
}

/// A period to compare with. A running period is compared with as much of the earlier one as has passed of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The period.
    pub period: Period,
    /// Received in it, or in its first part.
    pub received: u64,
}

/// The finest category of tickets, against the period before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CategoryCount {
    /// From the top.
    pub path: Vec<String>,
    /// Received in the period.
    pub count: u64,
    /// Received in the period before.
    pub before: u64,
}

/// A point of the trend: an hour of a day, a day, or a month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Its day, or the first of its month.
    pub day: NaiveDate,
    /// Its hour, for a day's report.
    pub hour: Option<u32>,
    /// Received.
    pub received: u64,
    /// Those of them that have ended.
    pub closed: u64,
}

/// A department with its place among the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its figures.
    pub figures: DepartmentFigures,
    /// Chinese name.
    pub name: String,
    /// English name; may be empty.
    pub name_en: String,
    /// Hundredths of a point.
    pub score: Option<u64>,
    /// 1 for the best; the same score is the same rank.
    pub rank: Option<u32>,
}

/// A dispatcher with the score.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DispatcherStanding {
    /// The figures.
    pub figures: DispatcherFigures,
    /// The operator's name.
    pub name: String,
    /// Hundredths of a point.
    pub score: Option<u64>,
}

/// What requesters said of the results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Satisfaction {
    /// Satisfied / rated.
    pub satisfied: Rate,
    /// Tickets by rating code, unrated ones too.
    pub by_rating: Shares,
}

/// Many tickets about one matter in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hot {
    /// The street, when known.
    pub street: Option<String>,
    /// The community, when known.
    pub community: Option<String>,
    /// The category, from the top; empty when alike texts bind the tickets.
    pub category: Vec<String>,
    /// The title most like the others'.
    pub title: Option<String>,
    /// Received in the period.
    pub count: u64,
    /// Received in as many days before it.
    pub before: u64,
    /// Numbers of the newest.
    pub examples: Vec<String>,
}

/// A ticket that a report names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// 工单编号.
    pub no: String,
    /// Its title; empty when the ticket is confidential.
    pub title: String,
    /// From the top.
    pub category: Vec<String>,
    /// The street.
    pub street: Option<String>,
    /// The community.
    pub community: Option<String>,
    /// Code of the lead department.
    pub department: Option<String>,
    /// Its Chinese and its English name; empty where the directory has none.
    pub department_name: (String, String),
    /// When it was created.
    pub created_at: Instant,
    /// Its deadline.
    pub due_at: Option<Instant>,
    /// When it ended.
    pub closed_at: Option<Instant>,
    /// The rating's code.
    pub rating: Option<String>,
    /// Times urged.
    pub urges: u32,
    /// 0 none, 1 supervision, 2 circular, 3 referral.
    pub supervision_level: u8,
}

/// The first of many tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// How many there are.
    pub total: u64,
    /// The first of them.
    pub rows: Vec<Named>,
}

codes! {
    /// What kind of advice a figure calls for.
    AdviceKind {
        /// A category grew much.
        Rising = "rising",
        /// One matter in one place boils up.
        HotSpot = "hot_spot",
        /// A department answers late far more often than the others.
        LowOnTime = "low_on_time",
        /// Too few are satisfied.
        LowSatisfaction = "low_satisfaction",
        /// Too much is returned.
        Returned = "returned",
        /// Tickets are overdue and not answered.
        Overdue = "overdue",
        /// Tickets are not signed for.
        Unsigned = "unsigned",
        /// Nothing stands out.
        Steady = "steady",
    }
}

/// A line of advice: what it is about and the figures it was drawn from. Worded elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Its kind.
    pub kind: AdviceKind,
    /// The category, place or department's code; from the coarse to the fine.
    pub about: Vec<String>,
    /// The figure.
    pub n: u64,
    /// What it is measured against: the period before, or the denominator.
    pub of: u64,
}

/// What a period's report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The period.
    pub period: Period,
    /// Whether the period is over at the report's moment.
    pub is_over: bool,
    /// The edition in force at the period's end: id and title.
    pub edition: (String, String),
    /// Where in the ledger the report stands.
    pub as_of: AsOf,
    /// Tickets created in the period.
    pub received: u64,
    /// Those that have ended.
    pub closed: u64,
    /// Those that have not.
    pub open: u64,
    /// Those answered at the desk 直接答复.
    pub answered: u64,
    /// Those exempted by appeal.
    pub exempt: u64,
    /// Alarms of false closures 假闭环 raised in the period.
    pub false_closures: u64,
    /// On-time replies / due replies.
    pub on_time: Rate,
    /// By source.
    pub by_source: Shares,
    /// By channel.
    pub by_channel: Shares,
    /// By nature's code.
    pub by_nature: Shares,
    /// By limit class's code.
    pub by_limit_class: Shares,
    /// By the top level of the category.
    pub by_category: Shares,
    /// By street.
    pub by_street: Shares,
    /// By community.
    pub by_community: Shares,
    /// The ten most frequent finest categories.
    pub top_categories: Vec<CategoryCount>,
    /// 环比.
    pub previous: Earlier,
    /// 同比.
    pub year_before: Earlier,
    /// Received over time.
    pub trend: Vec<Point>,
    /// Points of a department's score: on time, closing, no rework.
    pub points: (u64, u64, u64),
    /// Points of a dispatcher's score: in time, accurate, volume.
    pub dispatch_points: (u64, u64, u64),
    /// Departments, best first.
    pub departments: Vec<Standing>,
    /// Codes of the best five 红榜.
    pub red_list: Vec<String>,
    /// Codes of the worst five 黑榜, worst first.
    pub black_list: Vec<String>,
    /// Dispatchers, best first.
    pub dispatchers: Vec<DispatcherStanding>,
    /// Satisfaction.
    pub satisfaction: Satisfaction,
    /// Hot and hard issues 热点难点, hottest first.
    pub hotspots: Vec<Hot>,
    /// Typical cases: closed and rated, the most urged and longest first.
    pub cases: Vec<Named>,
    /// Open past the deadline at the report's moment, whenever created until the period's end; the oldest deadline first.
    pub overdue: Listed,
    /// Open and on the ladder at the report's moment.
    pub supervised: Listed,
    /// Advice drawn from the figures.
    pub advice: Vec<Advice>,
    /// English names of the sources, categories and places that occur.
    pub english: BTreeMap<String, String>,
}

impl Figures {
    /// Figures of an empty period: every count is 0.
    pub fn empty(period: Period, as_of: AsOf) -> Self {
        let earlier = |period| Earlier {
            period,
            received: 0,
        };
        Self {
            period,
            is_over: true,
            edition: (String::new(), String::new()),
            as_of,
            received: 0,
            closed: 0,
            open: 0,
            answered: 0,
            exempt: 0,
            false_closures: 0,
            on_time: Rate::default(),
            by_source: Shares::default(),
            by_channel: Shares::default(),
            by_nature: Shares::default(),
            by_limit_class: Shares::default(),
            by_category: Shares::default(),
            by_street: Shares::default(),
            by_community: Shares::default(),
            top_categories: Vec::new(),
            previous: earlier(period.previous()),
            year_before: earlier(period.year_before()),
            trend: Vec::new(),
            points: (0, 0, 0),
            dispatch_points: (0, 0, 0),
            departments: Vec::new(),
            red_list: Vec::new(),
            black_list: Vec::new(),
            dispatchers: Vec::new(),
            satisfaction: Satisfaction::default(),
            hotspots: Vec::new(),
            cases: Vec::new(),
            overdue: Listed::default(),
            supervised: Listed::default(),
            advice: Vec::new(),
            english: BTreeMap::new(),
        }
    }

    /// Days of the period up to the report's moment, the moment's own day among them.
    pub fn days(&self) -> u64 {
        let today = self.as_of.zone.date(self.as_of.at);
        let last = today.clamp(self.period.from, self.period.to);
        last.signed_duration_since(self.period.from)
            .num_days()
            .unsigned_abs()
            + 1
    }

    /// A department of the report.
    pub fn department(&self, code: &str) -> Option<&Standing> {
        self.departments
            .iter()
            .find(|standing| standing.figures.department == code)
    }

    /// Puts the departments in order of their scores, ranks them and fills the red and black lists.
    pub fn rank(&mut self) {
        self.departments.sort_by(|a, b| {
            b.score
                .cmp(&a.score)
                .then_with(|| b.figures.on_time.of.cmp(&a.figures.on_time.of))
                .then_with(|| a.figures.department.cmp(&b.figures.department))
        });
        let mut last = (None, 0);
        for (at, standing) in (1..).zip(&mut self.departments) {
            if standing.score.is_some() && standing.score != last.0 {
                last = (standing.score, at);
            }
            standing.rank = standing.score.map(|_| last.1);
        }
        let listed: Vec<(u64, &str)> = self
            .departments
            .iter()
            .filter(|s| s.figures.on_time.of >= LISTED_FROM)
            .filter_map(|s| Some((s.score?, s.figures.department.as_str())))
            .collect();
        let codes =
            |part: &[(u64, &str)]| part.iter().map(|(_, code)| (*code).to_owned()).collect();
        let score = |at: usize| listed.get(at).map(|(score, _)| *score);
        // Of few, the better half: nobody stands on both lists, and the worst is never praised. Whoever has the same score
        // is treated alike, so that a tie at a list's end is left out of it.
        let mut best = listed.len().div_ceil(2).min(LISTED);
        while best > 0 && (score(best - 1) == score(best) || best == listed.len()) {
            best -= 1;
        }
        let half = listed.len().div_ceil(2);
        let mut worst = listed.len().saturating_sub(LISTED).max(half);
        while worst > 0 && worst < listed.len() && score(worst - 1) == score(worst) {
            worst += 1;
        }
        self.red_list = codes(listed.get(..best).unwrap_or_default());
        self.black_list = codes(listed.get(worst..).unwrap_or_default());
        self.black_list.reverse();
    }
}

/// Growth against an earlier count in hundredths of a percent, rounded half away from nought; nothing when there was none before.
///
/// ```
/// use fenbo::domain::figures::growth;
/// assert_eq!(growth(150, 120), Some(2500));
/// assert_eq!(growth(2, 3), Some(-3333));
/// assert_eq!(growth(7, 0), None);
/// ```
pub fn growth(now: u64, before: u64) -> Option<i64> {
    if before == 0 {
        return None;
    }
    let twice = (i128::from(now) - i128::from(before)) * 20_000;
    let before = i128::from(before);
    let rounded = (twice.abs() + before) / (before * 2) * twice.signum();
    i64::try_from(rounded).ok()
}

/// Whether a kind's trend is told by the hour, by the day, or by the month.
pub fn grain(kind: PeriodKind) -> Grain {
    match kind {
        PeriodKind::Day => Grain::Hour,
        PeriodKind::Week | PeriodKind::Month | PeriodKind::Quarter => Grain::Day,
        PeriodKind::Year => Grain::Month,
    }
}

/// The length of time one point of a trend stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A month.
    Month,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::WeekStart;

    fn figures(scores: &[(&str, Option<u64>, u64)]) -> Figures {
        let period = Period::of(
            PeriodKind::Month,
            "2018-10-01".parse().unwrap(),
            WeekStart::Monday,
        );
        let mut figures = Figures::empty(period, AsOf::default());
        figures.departments = scores
            .iter()
            .map(|(code, score, due)| Standing {
                figures: DepartmentFigures {
                    department: (*code).into(),
                    on_time: Rate { n: 0, of: *due },
                    ..DepartmentFigures::default()
                },
                score: *score,
                ..Standing::default()
            })
            .collect();
        figures.rank();
        figures
    }

    #[test]
    fn the_same_score_is_the_same_rank_and_none_is_unranked() {
        let figures = figures(&[
            ("a", Some(90), 9),
            ("b", None, 0),
            ("c", Some(95), 9),
            ("d", Some(90), 20),
            ("e", Some(10), 9),
        ]);
        let ranks: Vec<_> = figures
            .departments
            .iter()
            .map(|s| (s.figures.department.as_str(), s.rank))
            .collect();
        assert_eq!(
            ranks,
            [
                ("c", Some(1)),
                ("d", Some(2)),
                ("a", Some(2)),
                ("e", Some(4)),
                ("b", None)
            ]
        );
    }

    #[test]
    fn nobody_stands_on_both_lists_nor_with_too_few_replies() {
        let figures = figures(&[
            ("a", Some(99), 9),
            ("b", Some(98), 9),
            ("c", Some(97), 4),
            ("d", Some(96), 9),
            ("e", Some(95), 9),
            ("f", Some(94), 9),
            ("g", Some(93), 9),
            ("h", Some(1), 4),
            ("i", Some(2), 9),
        ]);
        assert_eq!(figures.red_list, ["a", "b", "d", "e"]);
        assert_eq!(figures.black_list, ["i", "g", "f"]);
    }

    #[test]
    fn departments_of_one_score_are_treated_alike_and_the_lowest_is_never_praised() {
        let lists = |scores: &[u64]| {
            let codes = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
            let all = codes.into_iter().zip(scores);
            let all: Vec<_> = all.map(|(code, score)| (code, Some(*score), 9)).collect();
            let figures = figures(&all);
            (figures.red_list.concat(), figures.black_list.concat())
        };
        let is = |red: &str, black: &str| (red.to_owned(), black.to_owned());
        assert_eq!(lists(&[90]), is("", ""));
        assert_eq!(lists(&[90, 90]), is("", ""));
        assert_eq!(lists(&[90, 80]), is("a", "b"));
        assert_eq!(lists(&[90, 90, 10]), is("ab", "c"));
        assert_eq!(lists(&[90, 90, 90, 10]), is("", "d"));
        assert_eq!(lists(&[90, 10, 10, 10]), is("a", ""));
        let six = [99, 98, 97, 96, 95, 95, 94, 50, 40, 30, 20, 20];
        assert_eq!(lists(&six), is("abcd", "lkjih"));
        let ties = [99, 98, 97, 96, 95, 94, 50, 50, 40, 30, 20, 10];
        assert_eq!(lists(&ties), is("abcde", "lkji"));
    }

    #[test]
    fn shares_are_ordered_by_count_then_name() {
        let shares = Shares::new([("b".into(), 1), ("c".into(), 7), ("a".into(), 1)]);
        let names: Vec<_> = shares.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["c", "a", "b"]);
        assert_eq!(
            (shares.total(), shares.get("a"), shares.get("x")),
            (9, 1, 0)
        );
    }
}
