//! Why a ticket is red: whose hands its time passed through, and who had it when the deadline came.

use super::dwell::Stay;
use super::instant::Instant;

/// What the time of a ticket was spent on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lateness {
    /// The deadline.
    pub due_at: Instant,
    /// Who held it when the deadline came; absent while it has not come, and when nobody held it any more.
    pub at_deadline: Option<String>,
    /// Seconds by holder, in the order in which each first had it.
    pub spent: Vec<(String, i64)>,
}

impl Lateness {
    /// Seconds in all.
    pub fn total(&self) -> i64 {
        self.spent.iter().map(|(_, seconds)| seconds).sum()
    }
}

/// What the time was spent on, from the stays of a ticket, until `now` or the end of its last stay.
///
/// Two hours at the desk, then a department that let the deadline pass:
/// ```
/// use fenbo::domain::{dwell::Stay, instant::Instant, lateness};
/// let stay = |holder: &str, from, to: Option<i64>| Stay { holder: holder.into(), from: Instant(from), to: to.map(Instant) };
/// let stays = [stay("desk", 0, Some(7_200)), stay("cgj", 7_200, None)];
/// let why = lateness::of(&stays, Instant(86_400), Instant(90_000));
/// assert_eq!(why.at_deadline.as_deref(), Some("cgj"));
/// assert_eq!(why.spent, [("desk".to_owned(), 7_200), ("cgj".to_owned(), 82_800)]);
/// assert_eq!(why.total(), 90_000);
/// ```
pub fn of(stays: &[Stay], due_at: Instant, now: Instant) -> Lateness {
    let mut spent: Vec<(String, i64)> = Vec::new();
    for stay in stays {
        let seconds = stay.seconds(now);
        match spent.iter_mut().find(|(holder, _)| *holder == stay.holder) {
            Some((_, sum)) => *sum += seconds,
            None => spent.push((stay.holder.clone(), seconds)),
        }
    }
    let held = |stay: &&Stay| stay.from <= due_at && stay.to.is_none_or(|to| due_at < to);
    Lateness {
        due_at,
        at_deadline: (due_at <= now)
            .then(|| stays.iter().find(held).map(|s| s.holder.clone()))
            .flatten(),
        spent,
    }
}
