//! Chance that repeats itself: the same seed gives the same store. Not for secrets.

/// A small generator (SplitMix64, public domain algorithm by Sebastiano Vigna).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = (high - low).max(0) as u64 + 1;
        low + (self.next() % span) as i64
    }

    /// True `percent` times in a hundred.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// One of them; nothing when there is none.
    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let at = (self.next() % of.len().max(1) as u64) as usize;
        of.get(at)
    }

    /// An index, the earlier ones more often than the later.
    pub(super) fn early(&mut self, len: usize) -> usize {
        let a = self.next() % len.max(1) as u64;
        let b = self.next() % len.max(1) as u64;
        a.min(b) as usize
    }
}
