//! The stretches of time that a report counts over: its period as far as it has passed, and as much of those before.
//!
//! Start at [`Spans::of`].

use super::instant::{Instant, Zone};
use super::period::Period;

/// Moments from the first up to, not including, the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first moment.
    pub from: Instant,
    /// The first moment after it.
    pub to: Instant,
}

impl Span {
    /// Whether a moment lies in it.
    pub fn has(self, at: Instant) -> bool {
        self.from <= at && at < self.to
    }

    /// All of a period.
    pub fn of(period: Period, zone: Zone) -> Self {
        Self {
            from: zone.midnight(period.from),
            to: zone.end_of(period.to),
        }
    }

    /// As much of it as had passed when so many seconds of it had.
    #[must_use]
    pub fn first(self, seconds: i64) -> Self {
        let cut = self.from.plus(seconds.max(0));
        Self {
            from: self.from,
            to: self.to.min(cut),
        }
    }

    /// Its length in seconds.
    pub fn seconds(self) -> i64 {
        self.to.since(self.from)
    }

    /// A period as far as this span of it goes: while the present one runs, only as much of an earlier one is compared.
    pub fn as_far(self, period: Period, zone: Zone) -> Period {
        let last = zone.date(self.to.plus(-1));
        Period {
            to: last.clamp(period.from, period.to),
            ..period
        }
    }
}

/// The spans a report counts over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spans {
    /// The period as far as it has passed.
    pub period: Span,
    /// As much of the period before.
    pub previous: Span,
    /// As much of the same period a year before.
    pub year_before: Span,
}

impl Spans {
    /// The spans of a period at a moment: what lies after `now` is not counted.
    pub fn of(period: Period, zone: Zone, now: Instant) -> Self {
        let whole = Span::of(period, zone);
        let passed = now.plus(1).since(whole.from);
        // A period that is over is compared with the whole of the others, however long they are.
        let passed = if passed >= whole.seconds() {
            i64::MAX
        } else {
            passed
        };
        Self {
            period: whole.first(passed),
            previous: Span::of(period.previous(), zone).first(passed),
            year_before: Span::of(period.year_before(), zone).first(passed),
        }
    }
}
