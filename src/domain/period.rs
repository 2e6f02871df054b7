//! Reporting periods: a day, a week, a month, a quarter, a year.

use super::codes::codes;
use super::policy::WeekStart;
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

codes! {
    /// The kind of a period.
    PeriodKind {
        /// 日报.
        Day = "day",
        /// 周报.
        Week = "week",
        /// 月报.
        Month = "month",
        /// 季报.
        Quarter = "quarter",
        /// 年报.
        Year = "year",
    }
}

/// A reporting period, both days included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its kind.
    pub kind: PeriodKind,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
}

impl Period {
    /// The period of a kind that contains a day.
    ///
    /// ```
    /// use fenbo::domain::{period::{Period, PeriodKind}, policy::WeekStart};
    /// let day = "2018-10-17".parse().unwrap();
    /// let week = Period::of(PeriodKind::Week, day, WeekStart::Monday);
    /// assert_eq!((week.from.to_string(), week.to.to_string()), ("2018-10-15".into(), "2018-10-21".into()));
    /// let quarter = Period::of(PeriodKind::Quarter, day, WeekStart::Monday);
    /// assert_eq!((quarter.from.to_string(), quarter.to.to_string()), ("2018-10-01".into(), "2018-12-31".into()));
    /// ```
    pub fn of(kind: PeriodKind, day: NaiveDate, week: WeekStart) -> Self {
        let from = match kind {
            PeriodKind::Day => day,
            PeriodKind::Week => {
                let first = match week {
                    WeekStart::Monday => 0,
                    WeekStart::Friday => 4,
                    WeekStart::Sunday => 6,
                };
                let since = (7 + day.weekday().num_days_from_monday() - first) % 7;
                days_before(day, since.into())
            }
            PeriodKind::Month => month(day.year(), day.month()),
            PeriodKind::Quarter => month(day.year(), (day.month0() / 3) * 3 + 1),
            PeriodKind::Year => month(day.year(), 1),
        };
        Self::starting(kind, from)
    }

    fn starting(kind: PeriodKind, from: NaiveDate) -> Self {
        let next = match kind {
            PeriodKind::Day => from.checked_add_days(Days::new(1)),
            PeriodKind::Week => from.checked_add_days(Days::new(7)),
            PeriodKind::Month => from.checked_add_months(Months::new(1)),
            PeriodKind::Quarter => from.checked_add_months(Months::new(3)),
            PeriodKind::Year => from.checked_add_months(Months::new(12)),
        };
        Self {
            kind,
            from,
            to: days_before(next.unwrap_or(from), 1),
        }
    }

    /// The period before this one: 环比 compares with it.
    #[must_use]
    pub fn previous(self) -> Self {
        let from = match self.kind {
            PeriodKind::Day => days_before(self.from, 1),
            PeriodKind::Week => days_before(self.from, 7),
            PeriodKind::Month => months_before(self.from, 1),
            PeriodKind::Quarter => months_before(self.from, 3),
            PeriodKind::Year => months_before(self.from, 12),
        };
        Self::starting(self.kind, from)
    }

    /// The period after this one.
    #[must_use]
    pub fn next(self) -> Self {
        let from = self.to.checked_add_days(Days::new(1));
        Self::starting(self.kind, from.unwrap_or(self.to))
    }

    /// The same period a year before: 同比 compares with it. Weeks and days are 364 days earlier, the same weekday.
    #[must_use]
    pub fn year_before(self) -> Self {
        let from = match self.kind {
            PeriodKind::Day | PeriodKind::Week => days_before(self.from, 364),
            PeriodKind::Month | PeriodKind::Quarter | PeriodKind::Year => {
                months_before(self.from, 12)
            }
        };
        Self::starting(self.kind, from)
    }

    /// Days in it.
    pub fn days(self) -> i64 {
        self.to.signed_duration_since(self.from).num_days() + 1
    }
}

fn days_before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

fn months_before(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(day)
}

fn month(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(kind: PeriodKind, day: &str) -> (String, String) {
        let period = Period::of(kind, day.parse().unwrap(), WeekStart::Monday);
        (period.from.to_string(), period.to.to_string())
    }

    #[test]
    fn a_period_contains_its_day_and_ends_before_the_next() {
        assert_eq!(
            period(PeriodKind::Month, "2016-02-29"),
            ("2016-02-01".into(), "2016-02-29".into())
        );
        assert_eq!(
            period(PeriodKind::Week, "2018-01-01"),
            ("2018-01-01".into(), "2018-01-07".into())
        );
        assert_eq!(
            period(PeriodKind::Year, "2018-12-31"),
            ("2018-01-01".into(), "2018-12-31".into())
        );
    }

    #[test]
    fn weeks_may_begin_on_friday_or_sunday() {
        let day = "2018-10-17".parse().unwrap();
        let from = |w| Period::of(PeriodKind::Week, day, w).from.to_string();
        assert_eq!(from(WeekStart::Friday), "2018-10-12");
        assert_eq!(from(WeekStart::Sunday), "2018-10-14");
    }

    #[test]
    fn the_previous_quarter_and_the_year_before() {
        let q = Period::of(
            PeriodKind::Quarter,
            "2018-02-03".parse().unwrap(),
            WeekStart::Monday,
        );
        assert_eq!(q.previous().from.to_string(), "2017-10-01");
        assert_eq!(q.previous().to.to_string(), "2017-12-31");
        assert_eq!(q.year_before().from.to_string(), "2017-01-01");
        for kind in PeriodKind::ALL {
            let day = "2018-02-28".parse().unwrap();
            let one = Period::of(*kind, day, WeekStart::Monday);
            assert_eq!(one.next().previous(), one);
        }
    }
}
