//! Moments and the zone that turns them into days.
//!
//! The store and the rules know only [`Instant`], whole Unix seconds in UTC; [`Zone`] is the policy's
//! offset and the one place that makes dates of them. Nothing here reads a clock.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// Seconds in a civil day; the policy's zone has no daylight saving after 1991.
pub const DAY: i64 = 86_400;

/// A moment: whole seconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// This moment moved by `seconds` (negative: earlier).
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this moment; negative when `earlier` is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A text that is not a time this program reads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time: {0}")]
pub struct BadTime(pub String);

/// The fixed offset in which a centre counts its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(FixedOffset);

/// The day after; the last day there is stays where it is.
pub(super) fn next_day(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(NaiveDate::MAX)
}

impl Default for Zone {
    fn default() -> Self {
        Self::shanghai()
    }
}

impl TryFrom<String> for Zone {
    type Error = BadTime;
    fn try_from(text: String) -> Result<Self, BadTime> {
        text.parse::<FixedOffset>()
            .map(Self)
            .map_err(|_| BadTime(text))
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0.to_string()
    }
}

impl Zone {
    /// Asia/Shanghai since 1991: UTC+8 without daylight saving.
    pub fn shanghai() -> Self {
        // 8 h is within the range that chrono allows, so the fallback is never taken.
        Self(FixedOffset::east_opt(8 * 3600).unwrap_or_else(|| chrono::Offset::fix(&Utc)))
    }

    /// The moment as a civil time in this zone; what lies beyond chrono's range, or within a year of its ends, is taken for the
    /// moment a year from them, so that neither the zone nor a day after leads out of it.
    ///
    /// ```
    /// use fenbo::domain::instant::{Instant, Zone};
    /// assert!(Zone::shanghai().minute(Instant(i64::MAX)).starts_with("+262141-"));
    /// ```
    pub fn civil(self, at: Instant) -> DateTime<FixedOffset> {
        const YEAR: i64 = 366 * DAY;
        let first = DateTime::<Utc>::MIN_UTC.timestamp() + YEAR;
        let last = DateTime::<Utc>::MAX_UTC.timestamp() - YEAR;
        let utc = DateTime::<Utc>::from_timestamp(at.0.clamp(first, last), 0);
        utc.unwrap_or_default().with_timezone(&self.0)
    }

    /// The civil day of a moment.
    ///
    /// ```
    /// use fenbo::domain::instant::{Instant, Zone};
    /// // 2017-09-29T16:30:00Z is half past midnight of the 30th in Shenzhen.
    /// assert_eq!(Zone::shanghai().date(Instant(1_506_702_600)).to_string(), "2017-09-30");
    /// ```
    pub fn date(self, at: Instant) -> NaiveDate {
        self.civil(at).date_naive()
    }

    /// 00:00 of a day, which is also 24:00 of the day before.
    pub fn midnight(self, day: NaiveDate) -> Instant {
        self.moment(day.and_time(NaiveTime::MIN))
    }

    /// 24:00 of a day: when its last second has passed. `[law: 民法典 203]`
    ///
    /// ```
    /// use fenbo::domain::instant::Zone;
    /// let zone = Zone::shanghai();
    /// let day = "2017-10-12".parse().unwrap();
    /// assert_eq!(zone.rfc3339(zone.end_of(day)), "2017-10-13T00:00:00+08:00");
    /// ```
    pub fn end_of(self, day: NaiveDate) -> Instant {
        self.midnight(next_day(day))
    }

    /// A civil time of this zone as a moment.
    pub fn moment(self, civil: NaiveDateTime) -> Instant {
        match self.0.from_local_datetime(&civil) {
            chrono::LocalResult::Single(t) | chrono::LocalResult::Ambiguous(t, _) => {
                Instant(t.timestamp())
            }
            chrono::LocalResult::None => Instant(civil.and_utc().timestamp()),
        }
    }

    /// RFC 3339 with this zone's offset, as the JSON contract asks.
    pub fn rfc3339(self, at: Instant) -> String {
        self.civil(at).format("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// `2017-09-29 17:10`, for people.
    pub fn minute(self, at: Instant) -> String {
        self.civil(at).format("%Y-%m-%d %H:%M").to_string()
    }

    /// A deadline as the law says it, for people: the end of a day is its 24:00, not the next one's 00:00. `[law: 民法典 203]`
    ///
    /// ```
    /// use fenbo::domain::instant::Zone;
    /// let zone = Zone::shanghai();
    /// let end = zone.end_of("2017-10-12".parse().unwrap());
    /// assert_eq!(zone.deadline(end), "2017-10-12 24:00");
    /// assert_eq!(zone.deadline(end.plus(60)), "2017-10-13 00:01");
    /// ```
    pub fn deadline(self, at: Instant) -> String {
        let day = self.date(at.plus(-1));
        if self.end_of(day) == at {
            format!("{day} 24:00")
        } else {
            self.minute(at)
        }
    }

    /// Reads `2017-09-29`, `2017-09-29 17:10`, `2017-09-29T17:10:05` or RFC 3339 with an offset.
    ///
    /// # Errors
    /// [`BadTime`] names the text when it is none of these.
    ///
    /// ```
    /// use fenbo::domain::instant::Zone;
    /// let zone = Zone::shanghai();
    /// let at = zone.parse("2017-09-29 17:10").unwrap();
    /// assert_eq!(zone.rfc3339(at), "2017-09-29T17:10:00+08:00");
    /// assert!(zone.parse("yesterday").is_err());
    /// ```
    pub fn parse(self, text: &str) -> Result<Instant, BadTime> {
        let text = text.trim();
        if let Ok(t) = DateTime::parse_from_rfc3339(text) {
            return Ok(Instant(t.timestamp()));
        }
        for format in [
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%d %H:%M",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%dT%H:%M",
        ] {
            if let Ok(t) = NaiveDateTime::parse_from_str(text, format) {
                return Ok(self.moment(t));
            }
        }
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(|d| self.midnight(d))
            .map_err(|_| BadTime(text.to_owned()))
    }
}
