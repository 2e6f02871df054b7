//! How sure is sure: what share of the predictions made with this much confidence turned out right, before the answer was known.
//!
//! Counted apart for each kind of knowledge ([`Known`]): from a street alone as much confidence is worth less than from a
//! whole ticket. A kind that was seldom met is drawn to all kinds together, and where those are few too, to what plain
//! counting supports. Start at [`Calibrations::probability`].

use super::known::Known;
use super::snapshot::{Reader, Writer};

const BINS: usize = 56;
/// Bins are steps of the logarithm of the doubt (1 − p): fine where it matters, near certainty.
const PER_UNIT: f32 = 7.0;
/// Older predictions count half after this many newer ones: the city changes.
const HALF_LIFE: f32 = 1_000.0;
/// A threshold is believed only with this many predictions above it.
const ENOUGH: f32 = 60.0;
/// And with so many that this many of them may have failed: of fewer, all may come true by chance.
const FAILED: f32 = 1.5;
/// What is known from elsewhere weighs as much as so many predictions.
const DRAWN: f32 = 20.0;
/// After so many predictions the model's own confidence is believed as much as plain counting is.
const HALFWAY: f32 = 40.0;

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

    /// The share that came true at this confidence, smoothed with its neighbours and drawn to `elsewhere` where little is known.
    fn drawn_to(&self, elsewhere: f32, confidence: f32) -> f32 {
        let bin = bin_of(confidence);
        let (from, to) = (bin.saturating_sub(3), (bin + 4).min(BINS));
        let made: f32 = self.made[from..to].iter().sum();
        let right: f32 = self.right[from..to].iter().sum();
        ((right + DRAWN * elsewhere) / (made + DRAWN)).clamp(0.0, 1.0)
    }

    /// How many predictions it rests on.
    fn made(&self) -> f32 {
        self.made.iter().sum()
    }

    /// The lowest confidence from which on past predictions were right at least this often; `None` when that was never so.
    pub(crate) fn threshold(&self, precision: f32) -> Option<f32> {
        let enough = ENOUGH.max(FAILED / (1.0 - precision).max(1e-6));
        let (mut made, mut right, mut found) = (0.0, 0.0, None);
        for bin in (0..BINS).rev() {
            made += self.made[bin];
            right += self.right[bin];
            // An empty bin proves nothing: it must not lower the bar.
            if self.made[bin] > 0.0 && made >= enough && right >= precision * made {
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

/// The counts of every kind of knowledge, and of all together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Calibrations {
    kinds: Vec<Calibration>,
    all: Calibration,
}

impl Default for Calibrations {
    fn default() -> Self {
        Self {
            kinds: vec![Calibration::default(); Known::KINDS],
            all: Calibration::default(),
        }
    }
}

impl Calibrations {
    /// Notes a prediction made from this much knowledge with `confidence`, and whether it was right.
    pub(crate) fn note(&mut self, known: Known, confidence: f32, right: bool) {
        self.kinds[known.kind()].note(confidence, right);
        self.all.note(confidence, right);
    }

    /// How often such a prediction comes true; `counted` is what plain counting of past tickets supports.
    pub(crate) fn probability(&self, known: Known, confidence: f32, counted: f32) -> f32 {
        let trust = self.trust(known);
        let believed = trust * confidence + (1.0 - trust) * counted;
        let kind = &self.kinds[known.kind()];
        kind.drawn_to(self.all.drawn_to(believed, confidence), confidence)
    }

    /// How far the model's own confidence is believed, 0 to 1: not at all before it was tried on this kind of knowledge.
    pub(crate) fn trust(&self, known: Known) -> f32 {
        let made = self.kinds[known.kind()].made();
        made / (made + HALFWAY)
    }

    /// See [`Calibration::threshold`]; of predictions from this much knowledge.
    pub(crate) fn threshold(&self, known: Known, precision: f32) -> Option<f32> {
        self.kinds[known.kind()].threshold(precision)
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        for one in self.kinds.iter().chain([&self.all]) {
            one.write(out);
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Option<Self> {
        let kinds = (0..Known::KINDS)
            .map(|_| Calibration::read(from))
            .collect::<Option<_>>()?;
        let all = Calibration::read(from)?;
        Some(Self { kinds, all })
    }
}

#[cfg(test)]
mod tests {
    use super::super::known::Part;
    use super::*;

    const STREET: Known = Known {
        matter: Part::Nothing,
        place: Part::Half,
        origin: false,
        text: false,
    };

    #[test]
    fn boasting_is_corrected() {
        let mut calibration = Calibration::default();
        for at in 0..1000 {
            calibration.note(0.97, at % 2 == 0);
        }
        assert!((calibration.drawn_to(0.97, 0.97) - 0.5).abs() < 0.05);
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
    fn before_anything_was_predicted_only_what_was_counted_is_believed() {
        let calibrations = Calibrations::default();
        assert_eq!(calibrations.threshold(STREET, 0.5), None);
        assert!((calibrations.probability(STREET, 0.999, 0.3) - 0.3).abs() < 1e-6);
    }

    #[test]
    fn the_same_confidence_from_less_knowledge_is_worth_what_that_kind_was_worth() {
        let whole = Known {
            matter: Part::Whole,
            ..STREET
        };
        let mut calibrations = Calibrations::default();
        for at in 0..600 {
            calibrations.note(whole, 0.97, at % 50 != 0);
            calibrations.note(STREET, 0.97, at % 5 == 0);
        }
        let of = |known| calibrations.probability(known, 0.97, 0.5);
        assert!(of(whole) > 0.95 && of(STREET) < 0.25);
        assert!(calibrations.threshold(whole, 0.95).is_some());
        assert_eq!(calibrations.threshold(STREET, 0.95), None);
    }

    #[test]
    fn a_bin_starts_at_its_floor() {
        for bin in 0..BINS - 1 {
            assert_eq!(bin_of(floor_of(bin) + 1e-5), bin);
        }
    }
}
