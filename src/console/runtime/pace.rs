//! Whether the selection moves with keys in quick succession.
//!
//! Time is an argument. Start at [`Pace::pressed`].

use std::time::{Duration, Instant};

/// How long the keys must rest. A held key repeats ten to thirty times a second; who looks at each ticket is slower.
const REST: Duration = Duration::from_millis(150);

/// How long pane and keys wait for what a dispatch leads to: a commit takes less, and the eye is on the rows.
const BREATH: Duration = Duration::from_millis(100);

/// What has changed about the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// They have begun to follow one another quickly.
    Hurried,
    /// They do so no more.
    Rested,
}

/// How the keys follow one another.
#[derive(Default)]
pub(super) struct Pace {
    /// When the last key moved the selection.
    moved: Option<Instant>,
    /// While they are quick: when they will have rested.
    rests: Option<Instant>,
}

impl Pace {
    /// A key was pressed, and moved the selection or did something else; what has changed with it.
    pub(super) fn pressed(&mut self, moves: bool, now: Instant) -> Option<Turn> {
        if !moves {
            self.moved = None;
            return self.rests.take().map(|_| Turn::Rested);
        }
        let before = self.moved.replace(now);
        let quick = before.is_some_and(|at| now.saturating_duration_since(at) < REST);
        let begins = quick && self.rests.is_none();
        if quick || self.rests.is_some() {
            self.rests = Some(now + REST);
        }
        begins.then_some(Turn::Hurried)
    }

    /// A key sent an act, and the pane waits for a moment.
    pub(super) fn acted(&mut self, now: Instant) {
        self.moved = None;
        self.rests = Some(now + BREATH);
    }

    /// When the keys will have rested, if they do not rest now.
    pub(super) fn rests_at(&self) -> Option<Instant> {
        self.rests
    }

    /// Whether the keys have come to rest.
    pub(super) fn rested(&mut self, now: Instant) -> Option<Turn> {
        self.rests.filter(|at| *at <= now)?;
        self.rests = None;
        Some(Turn::Rested)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_is_not_quick_the_next_ones_are_until_they_rest() {
        let begun = Instant::now();
        let at = |ms| begun + Duration::from_millis(ms);
        let mut pace = Pace::default();
        assert_eq!(pace.pressed(true, at(0)), None);
        assert_eq!((pace.rests_at(), pace.rested(at(900))), (None, None));
        assert_eq!(pace.pressed(true, at(1000)), None);
        assert_eq!(pace.pressed(true, at(1033)), Some(Turn::Hurried));
        assert_eq!(pace.pressed(true, at(1066)), None);
        assert_eq!(pace.rested(at(1215)), None);
        assert_eq!(pace.rests_at(), Some(at(1216)));
        assert_eq!(pace.rested(at(1216)), Some(Turn::Rested));
        assert_eq!((pace.rests_at(), pace.rested(at(1217))), (None, None));
        assert_eq!(pace.pressed(true, at(1400)), None);
    }

    #[test]
    fn a_key_that_does_something_else_ends_the_hurry_at_once() {
        let begun = Instant::now();
        let mut pace = Pace::default();
        assert_eq!(pace.pressed(true, begun), None);
        assert_eq!(pace.pressed(true, begun), Some(Turn::Hurried));
        assert_eq!(pace.pressed(false, begun), Some(Turn::Rested));
        assert_eq!(pace.pressed(false, begun), None);
        assert_eq!(pace.pressed(true, begun), None);
    }

    #[test]
    fn after_an_act_the_pane_waits_for_a_breath() {
        let begun = Instant::now();
        let mut pace = Pace::default();
        pace.acted(begun);
        assert_eq!(pace.rested(begun), None);
        assert_eq!(pace.rested(begun + BREATH), Some(Turn::Rested));
        pace.acted(begun);
        assert_eq!(pace.pressed(false, begun), Some(Turn::Rested));
        assert_eq!(pace.rests_at(), None);
    }
}
