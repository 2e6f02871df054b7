//! Cursors in lists: where a motion takes one, and which row is shown first so that it is seen.

use super::action::Motion;

impl Motion {
    /// Where a cursor of a list goes.
    pub fn apply(self, at: usize, len: usize, page: usize) -> usize {
        let last = len.saturating_sub(1);
        let page = page.max(1);
        match self {
            Self::Up => at.saturating_sub(1),
            Self::Down => (at + 1).min(last),
            Self::Left | Self::Right => at.min(last),
            Self::First => 0,
            Self::Last => last,
            Self::PageUp => at.saturating_sub(page),
            Self::PageDown => (at + page).min(last),
            Self::HalfUp => at.saturating_sub((page / 2).max(1)),
            Self::HalfDown => (at + (page / 2).max(1)).min(last),
        }
    }

    /// The same for a cursor that stands nowhere at first: it comes in at the end it is moved from.
    pub(super) fn enter(self, at: Option<usize>, len: usize, page: usize) -> Option<usize> {
        let last = len.checked_sub(1)?;
        Some(match (at, self) {
            (None, Self::Up | Self::Last) => last,
            (None, _) => 0,
            (Some(at), motion) => motion.apply(at, len, page),
        })
    }
}

/// The first row shown, so that the one under the cursor is among so many.
pub(super) fn follow(top: usize, at: usize, height: usize) -> usize {
    top.clamp((at + 1).saturating_sub(height.max(1)), at)
}
