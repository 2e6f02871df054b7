//! The traffic light of a ticket, derived from `now`; what is stored are the instants it turns.

use super::instant::Instant;
use super::ticket::State;
use serde::{Deserialize, Serialize};

/// 绿灯 处置中, 黄灯 即将超期, 红灯 已超期 `[seed]`; paused while suspended; done or late for ever after the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// Overdue and open.
    Red,
    /// Little time left, or the deadline cannot be computed.
    Yellow,
    /// In time.
    Green,
    /// Suspended: the clock stands still.
    Paused,
    /// Answered on time, or ended without a limit to keep.
    Done,
    /// Answered late; stays so.
    Late,
}

impl Light {
    /// Every light, worst first.
    pub const ALL: [Self; 6] = [
        Self::Red,
        Self::Yellow,
        Self::Green,
        Self::Paused,
        Self::Done,
        Self::Late,
    ];

    /// The code used in JSON and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Yellow => "yellow",
            Self::Green => "green",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Late => "late",
        }
    }

    /// The light of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.code() == code)
    }
}

/// The light of a ticket at a moment. `[seed; DOMAIN §4]`
///
/// `warn_at` without `due_at` means that the deadline is not known (a year without its notice): yellow.
///
/// ```
/// use fenbo::domain::{instant::Instant, light::{light, Light}, ticket::State};
/// let (warn, due) = (Some(Instant(100)), Some(Instant(200)));
/// assert_eq!(light(&State::Handling, warn, due, None, Instant(99)), Light::Green);
/// assert_eq!(light(&State::Handling, warn, due, None, Instant(100)), Light::Yellow);
/// assert_eq!(light(&State::Handling, warn, due, None, Instant(200)), Light::Red);
/// assert_eq!(light(&State::Replied, warn, due, Some(false), Instant(0)), Light::Late);
/// ```
pub fn light(
    state: &State,
    warn_at: Option<Instant>,
    due_at: Option<Instant>,
    on_time: Option<bool>,
    now: Instant,
) -> Light {
    if *state == State::Suspended {
        return Light::Paused;
    }
    if !state.clock_runs() {
        return if on_time == Some(false) {
            Light::Late
        } else {
            Light::Done
        };
    }
    if due_at.is_some_and(|due| now >= due) {
        Light::Red
    } else if warn_at.is_some_and(|warn| now >= warn) {
        Light::Yellow
    } else {
        Light::Green
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WARN: Option<Instant> = Some(Instant(100));
    const DUE: Option<Instant> = Some(Instant(200));

    #[test]
    fn every_state_has_its_lights_at_every_moment() {
        for state in State::ALL {
            for (now, running) in [
                (0, Light::Green),
                (99, Light::Green),
                (100, Light::Yellow),
                (199, Light::Yellow),
                (200, Light::Red),
                (i64::MAX, Light::Red),
            ] {
                for on_time in [None, Some(true), Some(false)] {
                    let wanted = match state {
                        State::Suspended => Light::Paused,
                        open if open.clock_runs() => running,
                        _ if on_time == Some(false) => Light::Late,
                        _ => Light::Done,
                    };
                    let found = light(state, WARN, DUE, on_time, Instant(now));
                    assert_eq!(found, wanted, "{state:?} at {now}");
                }
            }
        }
    }

    #[test]
    fn an_unknown_deadline_is_yellow_and_no_limit_is_green() {
        assert_eq!(
            light(&State::Handling, WARN, None, None, Instant(i64::MAX)),
            Light::Yellow
        );
        assert_eq!(
            light(&State::Registered, None, None, None, Instant(i64::MAX)),
            Light::Green
        );
    }

    #[test]
    fn a_state_of_a_newer_program_claims_nothing() {
        let foreign = State::from("teleported".to_owned());
        assert_eq!(light(&foreign, WARN, DUE, None, Instant(300)), Light::Done);
        assert_eq!(String::from(foreign), "teleported");
    }

    #[test]
    fn codes_are_read_back() {
        for light in Light::ALL {
            assert_eq!(Light::from_code(light.code()), Some(light));
        }
        assert_eq!(Light::from_code("blue"), None);
    }
}
