//! Assessment: rates with numerator and denominator, and the scores made of them. `[DOMAIN §6]`
//!
//! Whole numbers until the last step; "—" is for a denominator of 0, never 0 %.

use super::policy::Scores;
use serde::{Deserialize, Serialize};

/// A rate that keeps its numerator and denominator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Numerator.
    pub n: u64,
    /// Denominator.
    pub of: u64,
}

impl Rate {
    /// The share in hundredths of a percent, rounded half up; nothing when there is nothing to divide by.
    ///
    /// ```
    /// use fenbo::domain::assessment::Rate;
    /// assert_eq!(Rate { n: 6279, of: 6998 }.basis_points(), Some(8973));
    /// assert_eq!(Rate { n: 0, of: 0 }.basis_points(), None);
    /// ```
    pub fn basis_points(self) -> Option<u64> {
        (self.of > 0).then(|| (self.n * 20_000 + self.of) / (self.of * 2))
    }

    /// `89.73%`, or `—`.
    pub fn percent(self) -> String {
        self.basis_points().map_or_else(
            || "—".to_owned(),
            |bp| format!("{}.{:02}%", bp / 100, bp % 100),
        )
    }

    /// Counts one more, in the numerator too when `hit`.
    pub fn count(&mut self, hit: bool) {
        self.n += u64::from(hit);
        self.of += 1;
    }
}

/// A department's figures of a period; exempted tickets are counted apart and are neither on time nor overdue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentFigures {
    /// Its code.
    pub department: String,
    /// Dispatched to it.
    pub dispatched: u64,
    /// 按时办结率: on-time replies / due replies.
    pub on_time: Rate,
    /// 结案率: closed / due.
    pub closing: Rate,
    /// Overdue, answered late or not at all.
    pub overdue: u64,
    /// 退件率: granted returns / dispatched.
    pub returned: Rate,
    /// 返工率: reworked / replied.
    pub reworked: Rate,
    /// 满意率: satisfied / rated.
    pub satisfied: Rate,
    /// 响应率: contacted / replied.
    pub contacted: Rate,
    /// 解决率: solved / replied.
    pub solved: Rate,
    /// Not signed for.
    pub unsigned: u64,
    /// Left out by granted appeals.
    pub exempt: u64,
    /// Mean seconds from dispatch to reply.
    pub mean_handling: Option<i64>,
    /// Median seconds from dispatch to reply.
    pub median_handling: Option<i64>,
}

impl DepartmentFigures {
    /// The score under an edition's points: see [`score`].
    pub fn score(&self, scores: &Scores) -> Option<u64> {
        let points = (
            scores.on_time.value.into(),
            scores.closing.value.into(),
            scores.no_rework.value.into(),
        );
        score(points, self.on_time, self.closing, self.reworked)
    }
}

/// A department's score in hundredths of a point: `points` for on time, closing, no rework; nothing when nothing was due.
/// `[practice: AS-07]`
///
/// A part with nothing to divide by counts as full: a department is not blamed for what it never had.
///
/// ```
/// use fenbo::domain::assessment::{score, Rate};
/// // 60 × 0.9 + 30 × 1 + 10 × (1 − 0.1) = 93
/// let (on_time, closing, rework) = (Rate { n: 9, of: 10 }, Rate { n: 10, of: 10 }, Rate { n: 1, of: 10 });
/// assert_eq!(score((60, 30, 10), on_time, closing, rework), Some(9300));
/// ```
pub fn score(points: (u64, u64, u64), on_time: Rate, closing: Rate, rework: Rate) -> Option<u64> {
    let good = Rate {
        n: rework.of - rework.n.min(rework.of),
        of: rework.of,
    };
    let full = |rate: Rate| {
        if rate.of > 0 {
            rate
        } else {
            Rate { n: 1, of: 1 }
        }
    };
    let parts = [
        (points.0, on_time),
        (points.1, full(closing)),
        (points.2, full(good)),
    ];
    weighted(parts)
}

/// Points by rates, summed exactly and rounded once, half up, to hundredths; nothing when a rate has nothing to divide by.
fn weighted(parts: [(u64, Rate); 3]) -> Option<u64> {
    let of = |rate: Rate| u128::from(rate.of);
    let [a, b, c] = parts.map(|(_, rate)| of(rate));
    // Each part over the product of all denominators: counts of tickets, so it stays far below what 128 bits hold.
    let whole = a.checked_mul(b)?.checked_mul(c)?;
    let mut sum: u128 = 0;
    for (points, rate) in parts {
        let rest = whole.checked_div(of(rate))?;
        let part = u128::from(points)
            .checked_mul(u128::from(rate.n))?
            .checked_mul(rest)?;
        sum = sum.checked_add(part)?;
    }
    let twice = sum.checked_mul(200)?.checked_add(whole)?;
    u64::try_from(twice.checked_div(whole.checked_mul(2)?)?).ok()
}

/// A dispatcher's figures of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DispatcherFigures {
    /// Operator code.
    pub operator: String,
    /// Dispatched by this operator.
    pub dispatched: u64,
    /// Dispatched within the stage's limit.
    pub in_time: Rate,
    /// 准确分拨率: dispatched once only / dispatched.
    pub accurate: Rate,
}

impl DispatcherFigures {
    /// The score in hundredths of a point; volume is measured against the busiest dispatcher.
    pub fn score(&self, scores: &Scores, busiest: u64) -> Option<u64> {
        let volume = Rate {
            n: self.dispatched,
            of: busiest,
        };
        weighted([
            (scores.dispatch_in_time.value.into(), self.in_time),
            (scores.dispatch_accuracy.value.into(), self.accurate),
            (scores.dispatch_volume.value.into(), volume),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_divide_by_is_a_dash_and_no_score() {
        assert_eq!(Rate::default().percent(), "—");
        assert_eq!(
            score(
                (60, 30, 10),
                Rate::default(),
                Rate::default(),
                Rate::default()
            ),
            None
        );
    }

    #[test]
    fn a_score_is_rounded_once() {
        let (late, all, none) = (
            Rate { n: 20, of: 36 },
            Rate { n: 36, of: 36 },
            Rate { n: 0, of: 36 },
        );
        assert_eq!(score((60, 30, 10), late, all, none), Some(7333));
        let many = Rate {
            n: 1,
            of: 9_999_999,
        };
        assert_eq!(score((60, 30, 10), many, many, many), Some(1000));
    }

    #[test]
    fn percent_is_rounded_half_up() {
        assert_eq!(Rate { n: 1, of: 3 }.percent(), "33.33%");
        assert_eq!(Rate { n: 2, of: 3 }.percent(), "66.67%");
        assert_eq!(Rate { n: 1, of: 1 }.percent(), "100.00%");
    }
}
