//! Clocks as lists of intervals, and the deadline as a function of the list.
//!
//! The creation day is not counted `[law: 民法典 201]`; a deadline is 24:00 of its last day, that is
//! 00:00 of the next `[law: 民法典 203]`. Working days are the calendar's, make-up days included.
//! A day is spent on the clock when the clock runs at its end, so a suspension from Monday to
//! Wednesday costs two days whatever the hours. Every deadline explains itself day by day.

use super::calendar::{Calendar, DayKind, UnknownYear};
use super::instant::{DAY, Instant, Zone, next_day};
use super::policy::{Policy, Span, SpanUnit};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The unit days are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayUnit {
    /// Working days of the calendar, make-up days included.
    WorkingDay,
    /// Every day.
    CalendarDay,
}

/// A limit in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limit {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: DayUnit,
}

impl Limit {
    /// A span as a limit in days; spans in minutes or hours count as the calendar day they end in.
    pub fn of(span: &Span) -> Self {
        match span.unit {
            SpanUnit::WorkingDay => Self {
                amount: span.amount,
                unit: DayUnit::WorkingDay,
            },
            SpanUnit::CalendarDay => Self {
                amount: span.amount,
                unit: DayUnit::CalendarDay,
            },
            SpanUnit::Hour => Self {
                amount: span.amount.div_ceil(24),
                unit: DayUnit::CalendarDay,
            },
            SpanUnit::Minute => Self {
                amount: span.amount.div_ceil(24 * 60),
                unit: DayUnit::CalendarDay,
            },
        }
    }
}

/// What happened to a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Change {
    /// The clock stands still from here until it is resumed, at the latest until the end it was given.
    Suspended {
        /// 24:00 of the last suspended day.
        until: Instant,
    },
    /// It runs again from here.
    Resumed,
    /// This many units more.
    Extended {
        /// In the unit of the limit.
        units: u32,
    },
    /// Another limit, counted from the same start.
    LimitChanged {
        /// The new limit.
        limit: Limit,
    },
}

/// A change and when it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at: Instant,
    /// What.
    #[serde(flatten)]
    pub change: Change,
}

/// A clock: its start, its limit, and all that happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// The origin; its day is not counted.
    pub started: Instant,
    /// The limit it started with.
    pub limit: Limit,
    /// In order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// Why a day counts or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayReason {
    /// The day the clock started. `[law: 民法典 201]`
    StartDay,
    /// A working day.
    Working,
    /// A make-up day for the named holiday.
    MakeUp(String),
    /// A calendar-day limit counts every day.
    CalendarDay,
    /// Saturday or Sunday.
    Weekend,
    /// The named holiday.
    Holiday(String),
    /// The clock stood still at the end of this day.
    Suspended,
    /// The limit is spent, but the last day may not be a day off (policy switch). `[law: 民法典 203]`
    Rolled,
}

/// A day on the way to a deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedDay {
    /// The civil day.
    pub date: NaiveDate,
    /// The units spent by its end, when this day spent one.
    pub spent: Option<u32>,
    /// Why it counts or not.
    pub why: DayReason,
}

/// A deadline with its arithmetic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The last day of the limit.
    pub last_day: NaiveDate,
    /// 24:00 of the last day.
    pub due_at: Instant,
    /// When the light turns yellow.
    pub warn_at: Instant,
    /// The limit in force, extensions included.
    pub limit: Limit,
    /// Every day from the start to the last.
    pub days: Vec<CountedDay>,
    /// Whether the last days may still change by a notice not known yet.
    pub provisional: bool,
}

/// How the policy wants days counted and lights turned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counting {
    /// The zone of the days.
    pub zone: Zone,
    /// Whether calendar-day deadlines roll off days off.
    pub roll: bool,
    /// Yellow when at most this many units are left…
    pub warn_units: u32,
    /// …or this share of the limit, whichever is more.
    pub warn_share: f64,
}

impl Counting {
    /// As an edition says.
    pub fn of(policy: &Policy) -> Self {
        Self {
            zone: policy.zone,
            roll: policy.roll_calendar_deadline.value,
            warn_units: policy.light.min_units.value,
            warn_share: policy.light.share.value,
        }
    }
}

impl Clock {
    /// A clock that has just started.
    pub fn new(started: Instant, limit: Limit) -> Self {
        Self {
            started,
            limit,
            marks: Vec::new(),
        }
    }

    /// Adds what happened at `at`.
    pub fn mark(&mut self, at: Instant, change: Change) {
        self.marks.push(Mark { at, change });
    }

    /// The last limit set, extensions apart.
    pub fn base_limit(&self) -> Limit {
        self.marks
            .iter()
            .rev()
            .find_map(|m| match m.change {
                Change::LimitChanged { limit } => Some(limit),
                Change::Extended { .. } | Change::Suspended { .. } | Change::Resumed => None,
            })
            .unwrap_or(self.limit)
    }

    /// The limit in force: the last one set, with every extension granted.
    pub fn current_limit(&self) -> Limit {
        let base = self.base_limit();
        Limit {
            amount: base.amount.saturating_add(self.extended()),
            unit: base.unit,
        }
    }

    fn extended(&self) -> u32 {
        self.marks
            .iter()
            .map(|m| match m.change {
                Change::Extended { units } => units,
                Change::Suspended { .. } | Change::Resumed | Change::LimitChanged { .. } => 0,
            })
            .sum()
    }

    /// Whether the clock stands still at a moment.
    pub fn is_suspended_at(&self, at: Instant) -> bool {
        self.marks
            .iter()
            .filter(|m| m.at <= at)
            .fold(None, |end, m| match m.change {
                Change::Suspended { until } => Some(until),
                Change::Resumed => None,
                Change::Extended { .. } | Change::LimitChanged { .. } => end,
            })
            .is_some_and(|end| at < end)
    }

    /// The deadline, explained.
    ///
    /// While a clock is suspended this is the deadline if it resumes by itself at the end date given.
    ///
    /// # Errors
    /// [`UnknownYear`] when counting needs a year whose notice is not known. It is never guessed.
    ///
    /// Registered Friday 2017-09-29, five working days, Golden Week between: `[law: 民法典 201, 203]`
    /// ```
    /// use fenbo::domain::calendar::{Calendar, NamedDay, YearNotice};
    /// use fenbo::domain::clock::{Clock, Counting, DayUnit, Limit};
    /// use fenbo::domain::instant::Zone;
    /// let day = |d: &str| NamedDay { date: d.parse().unwrap(), name: "国庆节".into() };
    /// let calendar = Calendar::new([YearNotice {
    ///     year: 2017, notice_year: 2017, source: "2017".into(),
    ///     off: (2..=6).map(|d| day(&format!("2017-10-{d:02}"))).collect(),
    ///     work: vec![day("2017-09-30")],
    /// }]);
    /// let zone = Zone::shanghai();
    /// let counting = Counting { zone, roll: false, warn_units: 1, warn_share: 0.2 };
    /// let clock = Clock::new(
    ///     zone.parse("2017-09-29 17:10").unwrap(),
    ///     Limit { amount: 5, unit: DayUnit::WorkingDay },
    /// );
    /// let deadline = clock.deadline(&calendar, counting).unwrap();
    /// assert_eq!(deadline.last_day.to_string(), "2017-10-12");
    /// assert_eq!(zone.rfc3339(deadline.due_at), "2017-10-13T00:00:00+08:00");
    /// assert_eq!(zone.rfc3339(deadline.warn_at), "2017-10-12T00:00:00+08:00");
    /// ```
    pub fn deadline(&self, calendar: &Calendar, how: Counting) -> Result<Deadline, UnknownYear> {
        let limit = self.current_limit();
        let start_day = how.zone.date(self.started);
        let mut days = vec![CountedDay {
            date: start_day,
            spent: None,
            why: DayReason::StartDay,
        }];
        let mut day = start_day;
        let mut spent = 0;
        while spent < limit.amount {
            day = next_day(day);
            let why = self.reason(day, limit.unit, calendar, how.zone)?;
            let counts = counts(&why);
            spent += u32::from(counts);
            days.push(CountedDay {
                date: day,
                spent: counts.then_some(spent),
                why,
            });
        }
        let warn_at = self.warn_at(&days, limit.amount, how);
        if how.roll && limit.unit == DayUnit::CalendarDay {
            while !calendar.kind(day)?.is_working() {
                day = next_day(day);
                days.push(CountedDay {
                    date: day,
                    spent: None,
                    why: DayReason::Rolled,
                });
            }
        }
        Ok(Deadline {
            last_day: day,
            due_at: how.zone.end_of(day),
            warn_at,
            limit,
            provisional: limit.unit == DayUnit::WorkingDay && calendar.is_provisional(day),
            days,
        })
    }

    fn reason(
        &self,
        day: NaiveDate,
        unit: DayUnit,
        calendar: &Calendar,
        zone: Zone,
    ) -> Result<DayReason, UnknownYear> {
        // A clock that nothing was done to needs no moment for each of its days.
        if !self.marks.is_empty() && self.is_suspended_at(zone.end_of(day).plus(-1)) {
            return Ok(DayReason::Suspended);
        }
        Ok(match unit {
            DayUnit::CalendarDay => DayReason::CalendarDay,
            DayUnit::WorkingDay => match calendar.kind(day)? {
                DayKind::Working => DayReason::Working,
                DayKind::MakeUp(name) => DayReason::MakeUp(name.to_owned()),
                DayKind::Weekend => DayReason::Weekend,
                DayKind::Holiday(name) => DayReason::Holiday(name.to_owned()),
            },
        })
    }

    /// The instant from which the time left is at most `max(warn_units, share × limit)` units. `[DOMAIN §4]`
    ///
    /// Days that do not count leave the time left as it is, so a warning whose last unit lies behind a
    /// holiday begins before the holiday.
    fn warn_at(&self, days: &[CountedDay], amount: u32, how: Counting) -> Instant {
        // In thousandths of a unit, so that the arithmetic is whole.
        let share = (f64::from(amount) * how.warn_share * 1000.0).round() as u64;
        let left = share.max(u64::from(how.warn_units) * 1000);
        let total = u64::from(amount) * 1000;
        if left >= total {
            return self.started;
        }
        let used = total - left;
        let (whole, rest) = ((used / 1000) as u32, (used % 1000) as i64);
        let day_of = |n: u32| days.iter().find(|d| d.spent == Some(n)).map(|d| d.date);
        if rest == 0 {
            day_of(whole).map_or(self.started, |d| how.zone.end_of(d))
        } else {
            day_of(whole + 1).map_or(self.started, |d| {
                how.zone.midnight(d).plus(DAY * rest / 1000)
            })
        }
    }
}

fn counts(why: &DayReason) -> bool {
    match why {
        DayReason::Working | DayReason::MakeUp(_) | DayReason::CalendarDay => true,
        DayReason::StartDay
        | DayReason::Weekend
        | DayReason::Holiday(_)
        | DayReason::Suspended
        | DayReason::Rolled => false,
    }
}

/// When a stage that began at `started` is due: minutes and hours run on, days end at 24:00.
///
/// # Errors
/// [`UnknownYear`] when working days of an unknown year would have to be counted.
///
/// ```
/// use fenbo::domain::{calendar::Calendar, clock::span_due, instant::{Instant, Zone}};
/// use fenbo::domain::policy::{Span, SpanUnit};
/// let filing = Span { amount: 15, unit: SpanUnit::Minute, source: "[practice]".into() };
/// let due = span_due(Instant(0), &filing, &Calendar::default(), Zone::shanghai());
/// assert_eq!(due, Ok(Instant(900)));
/// ```
pub fn span_due(
    started: Instant,
    span: &Span,
    calendar: &Calendar,
    zone: Zone,
) -> Result<Instant, UnknownYear> {
    match span.unit {
        SpanUnit::Minute => Ok(started.plus(i64::from(span.amount) * 60)),
        SpanUnit::Hour => Ok(started.plus(i64::from(span.amount) * 3600)),
        SpanUnit::WorkingDay | SpanUnit::CalendarDay => {
            let how = Counting {
                zone,
                roll: false,
                warn_units: 1,
                warn_share: 0.0,
            };
            Clock::new(started, Limit::of(span))
                .deadline(calendar, how)
                .map(|d| d.due_at)
        }
    }
}
