//! Which days are working days, by the State Council's yearly notices.
//!
//! A year without its notice is *unknown*: asking about it is an error, never a guess of Monday to
//! Friday. A notice can touch the December before it, so days belong to notices, not to years.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One day that a notice makes different from Monday to Friday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedDay {
    /// The civil day.
    pub date: NaiveDate,
    /// The holiday it belongs to, such as 国庆节.
    pub name: String,
}

/// A year's notice, as written in `assets/calendars/<year>.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearNotice {
    /// The civil year whose working days it settles.
    pub year: i32,
    /// The year that the State Council's notice is about; names the notice.
    pub notice_year: i32,
    /// The notice's title, and its document number where we know it.
    pub source: String,
    /// Days off.
    #[serde(default)]
    pub off: Vec<NamedDay>,
    /// Make-up days 调休上班: weekend days that are worked.
    #[serde(default)]
    pub work: Vec<NamedDay>,
}

/// What a day is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// Monday to Friday, not off.
    Working,
    /// A weekend day worked by a notice, with the holiday it makes up for.
    MakeUp(&'a str),
    /// Saturday or Sunday.
    Weekend,
    /// Off by a notice, with its name.
    Holiday(&'a str),
}

impl DayKind<'_> {
    /// Whether working-day limits count it. `[law: 行政许可法 82; DOMAIN §4]`
    pub fn is_working(&self) -> bool {
        match self {
            DayKind::Working | DayKind::MakeUp(_) => true,
            DayKind::Weekend | DayKind::Holiday(_) => false,
        }
    }
}

/// No notice is known for this year, so its working days are not known either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the State Council's notice for {0} is not known")]
pub struct UnknownYear(pub i32);

/// All notices known to the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    notices: BTreeMap<i32, String>,
    off: BTreeMap<NaiveDate, String>,
    work: BTreeMap<NaiveDate, String>,
}

impl Calendar {
    /// A calendar of these notices; a later one wins where two speak of one day.
    pub fn new(notices: impl IntoIterator<Item = YearNotice>) -> Self {
        let mut calendar = Self::default();
        for notice in notices {
            calendar.add(notice);
        }
        calendar
    }

    /// Adds a notice, or replaces what an earlier one said of the same days.
    pub fn add(&mut self, notice: YearNotice) {
        self.notices.insert(notice.year, notice.source);
        for day in notice.off {
            self.work.remove(&day.date);
            self.off.insert(day.date, day.name);
        }
        for day in notice.work {
            self.off.remove(&day.date);
            self.work.insert(day.date, day.name);
        }
    }

    /// The years whose notice is known, with the notice's name.
    pub fn years(&self) -> impl Iterator<Item = (i32, &str)> {
        self.notices.iter().map(|(y, s)| (*y, s.as_str()))
    }

    /// Whether the notice of this year is known.
    pub fn knows(&self, year: i32) -> bool {
        self.notices.contains_key(&year)
    }

    /// Whether days of `day`'s year may still change because the *next* year's notice is not known yet.
    ///
    /// A notice can turn the last days of December into days off or make-up days.
    ///
    /// ```
    /// let calendar = fenbo::domain::calendar::Calendar::new([fenbo::domain::calendar::YearNotice {
    ///     year: 2017, notice_year: 2017, source: "2017".into(), off: vec![], work: vec![],
    /// }]);
    /// let day = |d: &str| d.parse::<chrono::NaiveDate>().unwrap();
    /// assert!(calendar.is_provisional(day("2017-12-30")));
    /// assert!(!calendar.is_provisional(day("2017-12-23")));
    /// ```
    pub fn is_provisional(&self, day: NaiveDate) -> bool {
        day.month() == 12 && day.day() >= 24 && !self.knows(day.year() + 1)
    }

    /// Working days from `first` to `last`, both included; 0 when `last` is before `first`.
    ///
    /// Counts whole weeks at once, so that a ticket overdue for years costs no more than one overdue for days.
    ///
    /// # Errors
    /// [`UnknownYear`] when a year between has no notice.
    ///
    /// ```
    /// let calendar = fenbo::config::calendars::load(None).unwrap();
    /// let day = |d: &str| d.parse::<chrono::NaiveDate>().unwrap();
    /// // Golden Week 2017 with its make-up Saturday: 30 September is worked, 1 to 8 October are not.
    /// assert_eq!(calendar.working_days(day("2017-09-29"), day("2017-10-09")), Ok(3));
    /// assert_eq!(calendar.working_days(day("2017-10-09"), day("2017-09-29")), Ok(0));
    /// ```
    pub fn working_days(&self, first: NaiveDate, last: NaiveDate) -> Result<i64, UnknownYear> {
        if last < first {
            return Ok(0);
        }
        if let Some(year) = (first.year()..=last.year()).find(|year| !self.knows(*year)) {
            return Err(UnknownYear(year));
        }
        let days = last.signed_duration_since(first).num_days() + 1;
        let weekdays = |n: i64| {
            let from = i64::from(first.weekday().num_days_from_monday());
            (0..n).filter(|at| (from + at) % 7 < 5).count() as i64
        };
        let is_weekday = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let off = self.off.range(first..=last).filter(|(d, _)| is_weekday(d));
        let work = self
            .work
            .range(first..=last)
            .filter(|(d, _)| !is_weekday(d));
        Ok(days / 7 * 5 + weekdays(days % 7) - off.count() as i64 + work.count() as i64)
    }

    /// What a day is.
    ///
    /// # Errors
    /// [`UnknownYear`] when no notice for the day's year is known.
    ///
    /// ```
    /// use fenbo::domain::calendar::{Calendar, DayKind, NamedDay, YearNotice};
    /// let day = |d: &str| d.parse::<chrono::NaiveDate>().unwrap();
    /// let calendar = Calendar::new([YearNotice {
    ///     year: 2017, notice_year: 2017, source: "国办发明电〔2016〕17号".into(),
    ///     off: vec![NamedDay { date: day("2017-10-02"), name: "国庆节".into() }],
    ///     work: vec![NamedDay { date: day("2017-09-30"), name: "国庆节".into() }],
    /// }]);
    /// assert_eq!(calendar.kind(day("2017-09-30")), Ok(DayKind::MakeUp("国庆节")));
    /// assert!(!calendar.kind(day("2017-10-02")).unwrap().is_working());
    /// assert!(calendar.kind(day("2018-01-02")).is_err());
    /// ```
    pub fn kind(&self, day: NaiveDate) -> Result<DayKind<'_>, UnknownYear> {
        if !self.knows(day.year()) {
            return Err(UnknownYear(day.year()));
        }
        if let Some(name) = self.off.get(&day) {
            return Ok(DayKind::Holiday(name));
        }
        if let Some(name) = self.work.get(&day) {
            return Ok(DayKind::MakeUp(name));
        }
        Ok(match day.weekday() {
            Weekday::Sat | Weekday::Sun => DayKind::Weekend,
            _ => DayKind::Working,
        })
    }
}
