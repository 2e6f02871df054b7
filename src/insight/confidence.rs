//! How far to trust the first suggestion: a small model of its own, which learns from hits and misses where the ranking errs.
//!
//! It sees how far ahead the first is, whether the opinions agree, and how predictions about this matter, this department
//! and this source have fared lately. It orders tickets by sureness; [`super::calibration`] turns that into a frequency.

use super::memory::HashedMap;
use super::snapshot::{Reader, Writer};

/// How many things it looks at.
const SIGNS: usize = 10;
/// Records kept per matter, department, source.
pub(crate) const RECORDS: usize = 4;
const RATE: f32 = 0.05;
/// The start: believe the ranking's own share.
const START: [f32; SIGNS] = [0.0, 0.7, 0.15, 0.0, 0.0, 0.0, 0.1, 0.1, 0.1, 0.1];
/// How much of a record is left after one more prediction.
const FADE: f32 = 0.97;
/// A record is drawn to this, as if seen twice.
const USUAL: f32 = 0.7;
/// Records held at most.
const MOST: usize = 20_000;

/// What is looked at for one ticket.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signs {
    values: [f32; SIGNS],
    keys: [u64; RECORDS],
}

/// Hits and predictions, fading.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Record {
    hits: f32,
    made: f32,
}

/// The learned trust.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Confidence {
    weights: [f32; SIGNS],
    energy: [f32; SIGNS],
    records: HashedMap<Record>,
}

impl Default for Confidence {
    fn default() -> Self {
        Self {
            weights: START,
            energy: [0.1; SIGNS],
            records: HashedMap::default(),
        }
    }
}

fn log_odds(share: f32) -> f32 {
    let share = share.clamp(1e-5, 1.0 - 1e-5);
    (share / (1.0 - share)).ln()
}

impl Confidence {
    /// Reads the signs. The two best shares; what the learned weights and the roles alone give the first;
    /// how often this matter was met at this place; by which keys hits are recorded.
    pub(crate) fn signs(
        &self,
        [first, second]: [f32; 2],
        [by_weights, by_role]: [f32; 2],
        seen: f32,
        keys: [u64; RECORDS],
    ) -> Signs {
        let mut values = [
            1.0,
            log_odds(first),
            (first / second.max(1e-6)).ln().min(10.0),
            log_odds(by_weights),
            log_odds(by_role),
            seen.ln_1p(),
            0.0,
            0.0,
            0.0,
            0.0,
        ];
        for (value, key) in values[SIGNS - RECORDS..].iter_mut().zip(keys) {
            let record = self.records.get(&key).copied().unwrap_or_default();
            *value = log_odds((record.hits + 2.0 * USUAL) / (record.made + 2.0)) - log_odds(USUAL);
        }
        Signs { values, keys }
    }

    /// How sure, 0 to 1.
    pub(crate) fn of(&self, signs: &Signs) -> f32 {
        let sum: f32 = self
            .weights
            .iter()
            .zip(signs.values)
            .map(|(weight, value)| weight * value)
            .sum();
        1.0 / (1.0 + (-sum).exp())
    }

    /// Learns whether the first suggestion was right.
    pub(crate) fn learn(&mut self, signs: &Signs, right: bool) {
        let right = f32::from(u8::from(right));
        let error = right - self.of(signs);
        for ((weight, energy), value) in self
            .weights
            .iter_mut()
            .zip(&mut self.energy)
            .zip(signs.values)
        {
            let slope = error * value;
            *energy += slope * slope;
            *weight += RATE * slope / energy.sqrt();
        }
        if self.records.len() > MOST {
            self.forget_the_rare();
        }
        for key in signs.keys {
            let record = self.records.entry(key).or_default();
            record.hits = record.hits * FADE + right;
            record.made = record.made * FADE + 1.0;
        }
    }

    /// Forgets the records of the fewest predictions, at least a quarter of all, so that it is not asked again soon.
    fn forget_the_rare(&mut self) {
        let mut bar = 2.0;
        while self.records.len() > MOST / 4 * 3 {
            self.records.retain(|_, record| record.made > bar);
            bar *= 1.5;
        }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.floats(&self.weights);
        out.floats(&self.energy);
        let mut records: Vec<(&u64, &Record)> = self.records.iter().collect();
        records.sort_unstable_by_key(|(key, _)| **key);
        out.len(records.len());
        for (key, record) in records {
            out.u64(*key);
            out.f32(record.hits);
            out.f32(record.made);
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Option<Self> {
        let weights = from.floats()?.try_into().ok()?;
        let energy = from.floats()?.try_into().ok()?;
        let mut records = HashedMap::default();
        for _ in 0..from.len(16)? {
            records.insert(
                from.u64()?,
                Record {
                    hits: from.f32()?,
                    made: from.f32()?,
                },
            );
        }
        Some(Self {
            weights,
            energy,
            records,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matter_that_keeps_failing_loses_trust() {
        let mut confidence = Confidence::default();
        let ask = |confidence: &Confidence, matter: u64| {
            confidence.signs([0.9, 0.05], [0.9, 0.9], 5.0, [matter, 2, 3, 4])
        };
        let before = confidence.of(&ask(&confidence, 1));
        for at in 0..200_u64 {
            let signs = ask(&confidence, at % 2);
            confidence.learn(&signs, at % 2 == 0);
        }
        let (good, bad) = (
            confidence.of(&ask(&confidence, 0)),
            confidence.of(&ask(&confidence, 1)),
        );
        assert!(
            bad < before && bad < 0.4 && good > 0.6,
            "{before} {good} {bad}"
        );
    }

    #[test]
    fn the_records_never_pass_their_limit_however_often_each_is_met() {
        let mut confidence = Confidence::default();
        let signs = |confidence: &Confidence, matter: u64| {
            confidence.signs([0.9, 0.05], [0.9, 0.9], 5.0, [matter; RECORDS])
        };
        for matter in 0..2 * MOST as u64 {
            let signs = signs(&confidence, matter);
            confidence.learn(&signs, true);
            assert!(confidence.records.len() <= MOST + RECORDS);
        }
        let often = signs(&confidence, 7);
        for _ in 0..30 {
            confidence.learn(&often, false);
        }
        for matter in 0..2 * MOST as u64 {
            let signs = signs(&confidence, matter + 1_000_000);
            confidence.learn(&signs, true);
        }
        let now = confidence.of(&signs(&confidence, 7));
        let stranger = confidence.of(&signs(&confidence, 5_000_000));
        assert!(now < stranger, "what was met most is remembered longest");
    }

    #[test]
    fn without_experience_the_order_is_that_of_the_shares() {
        let confidence = Confidence::default();
        let of = |first: f32| {
            confidence.of(&confidence.signs([first, 0.01], [first, first], 1.0, [0; RECORDS]))
        };
        assert!(of(0.5) < of(0.7) && of(0.7) < of(0.99));
    }
}
