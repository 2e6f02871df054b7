//! How sure is sure: what share of the predictions made with this much confidence turned out right, before the answer was known.

use super::snapshot::{Reader, Writer};

const BINS: usize = 56;
/// Bins are steps of the logarithm of the doubt (1 − p): fine where it matters, near certainty.
const PER_UNIT: f32 = 7.0;
/// Older predictions count half after this many newer ones: the city changes.
const HALF_LIFE: f32 = 1_000.0;
/// A threshold is believed only with this many predictions above it.
const ENOUGH: f32 = 60.0;

/// Counts of predictions by confidence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Calibration {
    made: Vec<f32>,
    right: Vec<f32>,
    since: f32,
}

impl Default for Calibration {
    fn default() -> Self {
        Self {
            made: vec![0.0; BINS],
            right: vec![0.0; BINS],
            since: 0.0,
        }
    }
}

fn bin_of(confidence: f32) -> usize {
    let doubt = (1.0 - confidence).clamp(1e-6, 1.0);
    ((-doubt.ln() * PER_UNIT) as usize).min(BINS - 1)
}

fn floor_of(bin: usize) -> f32 {
    1.0 - (-(bin as f32) / PER_UNIT).exp()
}

impl Calibration {
    /// Notes a prediction made with `confidence`, and whether it was right.
    pub(crate) fn note(&mut self, confidence: f32, right: bool) {
        let bin = bin_of(confidence);
        self.made[bin] += 1.0;
        self.right[bin] += f32::from(u8::from(right));
        self.since += 1.0;
        if self.since >= HALF_LIFE {
            self.since = 0.0;
            for count in self.made.iter_mut().chain(&mut self.right) {
                *count *= 0.5;
            }
        }
    }

    /// The share that came true at this confidence, smoothed with its neighbours and drawn to the model's own belief where little is known.
    pub(crate) fn probability(&self, confidence: f32) -> f32 {
        let bin = bin_of(confidence);
        let (from, to) = (bin.saturating_sub(3), (bin + 4).min(BINS));
        let made: f32 = self.made[from..to].iter().sum();
        let right: f32 = self.right[from..to].iter().sum();
        let own = 20.0;
        ((right + own * confidence) / (made + own)).clamp(0.0, 1.0)
    }

    /// The lowest confidence from which on past predictions were right at least this often; `None` when that was never so.
    pub(crate) fn threshold(&self, precision: f32) -> Option<f32> {
        let (mut made, mut right, mut found) = (0.0, 0.0, None);
        for bin in (0..BINS).rev() {
            made += self.made[bin];
            right += self.right[bin];
            // An empty bin proves nothing: it must not lower the bar.
            if self.made[bin] > 0.0 && made >= ENOUGH && right >= precision * made {
                found = Some(floor_of(bin));
            }
        }
        found
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.floats(&self.made);
        out.floats(&self.right);
        out.f32(self.since);
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Option<Self> {
        let read = Self {
            made: from.floats()?,
            right: from.floats()?,
            since: from.f32()?,
        };
        (read.made.len() == BINS && read.right.len() == BINS).then_some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boasting_is_corrected() {
        let mut calibration = Calibration::default();
        for at in 0..1000 {
            calibration.note(0.97, at % 2 == 0);
        }
        assert!((calibration.probability(0.97) - 0.5).abs() < 0.05);
        assert_eq!(calibration.threshold(0.9), None);
    }

    #[test]
    fn the_threshold_is_the_lowest_that_held() {
        let mut calibration = Calibration::default();
        for at in 0..400 {
            calibration.note(0.995, true);
            calibration.note(0.9, at % 100 != 0);
            calibration.note(0.5, at % 2 == 0);
        }
        let at_99 = calibration.threshold(0.99).unwrap();
        assert!((0.6..=0.9).contains(&at_99), "{at_99}");
        assert!(calibration.threshold(0.75).unwrap() <= 0.5);
    }

    #[test]
    fn nothing_known_means_no_threshold_and_the_models_own_belief() {
        let calibration = Calibration::default();
        assert_eq!(calibration.threshold(0.5), None);
        assert!((calibration.probability(0.7) - 0.7).abs() < 1e-6);
    }

    #[test]
    fn a_bin_starts_at_its_floor() {
        for bin in 0..BINS - 1 {
            assert_eq!(bin_of(floor_of(bin) + 1e-5), bin);
        }
    }
}
