//! Whether the selection moves with keys in quick succession.
//!
//! Time is an argument. Start at [`Pace::pressed`].

use std::time::{Duration, Instant};

/// How long the keys must rest. A held key repeats ten to thirty times a second; who looks at each ticket is slower.
const REST: Duration = Duration::from_millis(150);

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
    is_quick: bool,
}

impl Pace {
    /// A key was pressed, and moved the selection or did something else; what has changed with it.
    pub(super) fn pressed(&mut self, moves: bool, now: Instant) -> Option<Turn> {
        if !moves {
            self.moved = None;
            return std::mem::take(&mut self.is_quick).then_some(Turn::Rested);
        }
        let before = self.moved.replace(now);
        let quick = before.is_some_and(|at| now.saturating_duration_since(at) < REST);
        let begins = quick && !self.is_quick;
        self.is_quick |= quick;
        begins.then_some(Turn::Hurried)
    }

    /// When the keys will have rested, if they do not rest now.
    pub(super) fn rests_at(&self) -> Option<Instant> {
        self.moved.filter(|_| self.is_quick).map(|at| at + REST)
    }

    /// Whether the keys have come to rest.
    pub(super) fn rested(&mut self, now: Instant) -> Option<Turn> {
        self.rests_at().filter(|at| *at <= now)?;
        self.is_quick = false;
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
}
