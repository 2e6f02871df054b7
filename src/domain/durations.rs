//! Mean and median of many durations, exactly, in room that does not grow with their number.
//!
//! Few are kept as they are. Of many only how many fall into each band is known after the first look; a second look counts
//! those in the bands where the middle lies. Start at [`Durations`].

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// So many are kept as they are: 16 KB.
const FEW: usize = 4096;
/// Bands from one power of two to the next: a band is at most this part of its durations wide.
const BANDS: u32 = 256;

/// Durations in seconds, from −68 to 68 years; longer ones count as that.
///
/// ```
/// use fenbo::domain::durations::Durations;
/// let mut durations = Durations::default();
/// for seconds in [60, 7200, 120] {
///     durations.take(seconds);
/// }
/// assert!(!durations.look_again());
/// assert_eq!((durations.mean(), durations.median()), (Some(2460), Some(120)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Durations {
    n: u64,
    sum: i128,
    kept: Kept,
}

/// What is kept of the durations.
#[derive(Clone, Debug)]
enum Kept {
    /// Each of them, in the order they came.
    All(Vec<i32>),
    /// How many fall into each band.
    Bands(BTreeMap<i32, u64>),
    /// Those in the bands where the middle lies: how many are below, and how often each duration occurs.
    Middle {
        bands: RangeInclusive<i32>,
        below: u64,
        seconds: BTreeMap<i32, u64>,
    },
}

impl Default for Kept {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl Durations {
    /// Takes a duration, in seconds.
    pub fn take(&mut self, seconds: i64) {
        let seconds = saturated(seconds);
        self.n += 1;
        self.sum += i128::from(seconds);
        match &mut self.kept {
            Kept::All(all) if all.len() < FEW => all.push(seconds),
            Kept::All(all) => {
                let mut bands = BTreeMap::new();
                for each in all.iter().copied().chain([seconds]) {
                    *bands.entry(band(each)).or_default() += 1;
                }
                self.kept = Kept::Bands(bands);
            }
            Kept::Bands(bands) => *bands.entry(band(seconds)).or_default() += 1,
            Kept::Middle { .. } => {}
        }
    }

    /// Whether every duration must be shown once more, to [`Self::take_again`], before the median is known.
    pub fn look_again(&mut self) -> bool {
        let Kept::Bands(counts) = &self.kept else {
            return matches!(self.kept, Kept::Middle { .. });
        };
        let [low, high] = self.middle().map(|rank| at_rank(counts, rank).unwrap_or(0));
        self.kept = Kept::Middle {
            bands: low..=high,
            below: counts.range(..low).map(|(_, n)| n).sum(),
            seconds: BTreeMap::new(),
        };
        true
    }

    /// Looks at a duration once more.
    pub fn take_again(&mut self, seconds: i64) {
        let one = saturated(seconds);
        if let Kept::Middle { bands, seconds, .. } = &mut self.kept
            && bands.contains(&band(one))
        {
            *seconds.entry(one).or_default() += 1;
        }
    }

    /// The mean, in whole seconds; nothing of none.
    pub fn mean(&self) -> Option<i64> {
        let n = i128::from(self.n);
        (n > 0)
            .then(|| self.sum / n)
            .and_then(|mean| mean.try_into().ok())
    }

    /// The median, in whole seconds; nothing of none, and of many not before they were all looked at again.
    pub fn median(&self) -> Option<i64> {
        let [low, high] = match &self.kept {
            Kept::All(all) => {
                let mut all = all.clone();
                all.sort_unstable();
                self.middle().map(|rank| all.get(rank as usize).copied())
            }
            Kept::Bands(_) => [None; 2],
            Kept::Middle { below, seconds, .. } => self
                .middle()
                .map(|rank| at_rank(seconds, rank.checked_sub(*below)?)),
        };
        Some(i64::midpoint(low?.into(), high?.into()))
    }

    /// The ranks, from 0, of the two in the middle; the same one twice when their number is odd.
    fn middle(&self) -> [u64; 2] {
        [self.n.saturating_sub(1) / 2, self.n / 2]
    }
}

/// The key whose counts, summed from the least, hold a rank.
fn at_rank(counts: &BTreeMap<i32, u64>, rank: u64) -> Option<i32> {
    let mut before = 0;
    counts.iter().find_map(|(&key, &n)| {
        before += n;
        (rank < before).then_some(key)
    })
}

/// The band of a duration: rises with it, and each holds a 256th of the durations up to the next power of two.
fn band(seconds: i32) -> i32 {
    if seconds < 0 {
        return -1 - band(-1 - seconds);
    }
    let value = seconds.unsigned_abs();
    // Up to 512 each duration is a band of its own.
    let width = (value / BANDS).checked_ilog2().unwrap_or(0);
    ((width * BANDS) + (value >> width)).cast_signed()
}

/// So many seconds, or as many as there is room for.
fn saturated(seconds: i64) -> i32 {
    seconds.clamp(i32::MIN.into(), i32::MAX.into()) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As it is said in a textbook.
    fn by_sorting(all: &[i64]) -> (Option<i64>, Option<i64>) {
        let mut all: Vec<i128> = all.iter().map(|s| i128::from(saturated(*s))).collect();
        all.sort_unstable();
        let n = all.len();
        if n == 0 {
            return (None, None);
        }
        let mean = all.iter().sum::<i128>() / n as i128;
        let median = (all[(n - 1) / 2] + all[n / 2]).div_euclid(2);
        (i64::try_from(mean).ok(), i64::try_from(median).ok())
    }

    fn looked_at(all: &[i64]) -> Durations {
        let mut durations = Durations::default();
        for &seconds in all {
            durations.take(seconds);
        }
        if durations.look_again() {
            for &seconds in all {
                durations.take_again(seconds);
            }
        }
        durations
    }

    fn any_duration() -> impl Strategy<Value = i64> {
        prop_oneof![
            -10_i64..10,
            0_i64..2_000_000,
            250_000_i64..250_100,
            any::<i64>()
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn many_have_the_mean_and_the_median_of_the_sorted(
            all in prop::collection::vec(any_duration(), 0..3 * FEW),
        ) {
            let durations = looked_at(&all);
            let (mean, median) = by_sorting(&all);
            prop_assert_eq!(durations.mean(), mean);
            // A half is rounded towards zero, as `i64::midpoint` does.
            let found = durations.median();
            prop_assert!(
                found == median || found.zip(median).is_some_and(|(found, floor)| floor < 0 && found == floor + 1),
                "{:?} for {:?}", found, median
            );
        }

        #[test]
        fn bands_rise_with_the_durations(a in any::<i32>(), b in any::<i32>()) {
            prop_assert_eq!(band(a.min(b)).cmp(&band(a.max(b))).is_gt(), false);
        }
    }

    #[test]
    fn bands_meet_without_a_gap() {
        for edge in [0, 255, 256, 511, 512, 513, 1023, 1024, 1 << 20, i32::MAX] {
            let step = band(edge) - band(edge - 1);
            assert!((0..=1).contains(&step), "{edge}: {step}");
        }
        assert_eq!(band(3 * 86_400) - band(3 * 86_400 - 512), 1);
    }

    #[test]
    fn of_many_only_the_middle_is_kept() {
        let all: Vec<i64> = (0..100_000).map(|at| at * 7 % 1_000_003).collect();
        let durations = looked_at(&all);
        let Kept::Middle { seconds, .. } = &durations.kept else {
            panic!("all are kept");
        };
        assert!(seconds.len() < 500, "{}", seconds.len());
        assert_eq!(durations.median(), by_sorting(&all).1);
    }

    #[test]
    fn the_median_of_many_is_not_guessed_after_one_look() {
        let mut durations = Durations::default();
        for seconds in 0..=FEW as i64 {
            durations.take(seconds);
        }
        assert_eq!(durations.median(), None);
        assert_eq!(durations.mean(), Some(FEW as i64 / 2));
    }
}
