//! Weighs many opinions into one: each context's counts, the learned weights, the roles, the text. The weights of the
//! opinions are themselves learned online, from the error of each prediction made before its answer was known.

use std::ops::Range;

use super::memory::Entry;
use super::snapshot::{Reader, Writer};

/// How well filled a context is decides how far it is trusted: one weight per step.
const STEPS: usize = 8;
/// Opinions a context has of a class: its long count, its short count, "the last one went there", "it has been there".
const VOICES: usize = 4;
/// Opinions about every class: learned weights, roles, text.
pub(crate) const EXPERTS: usize = 3;
const RATE: f32 = 0.02;
const SHRINK: f32 = 0.001;
const EXPERT_RATE: f32 = 0.002;
/// A count below this is as good as forgotten.
const FAINT: f32 = 0.02;
/// Start values: of the voices, of the experts.
const VOICE_START: [f32; VOICES] = [0.025, 0.01, 0.0, 0.0];
const EXPERT_START: [f32; EXPERTS] = [0.5, 0.5, 8.0];

/// What one context says: its cells stand together in [`Opinions::cells`].
struct Opinion {
    slot: usize,
    last: Option<u16>,
    cells: Range<usize>,
}

/// Everything said about one ticket.
pub(crate) struct Opinions {
    contexts: Vec<Opinion>,
    /// Class, long count and short count as logarithms of how far they stand above the overall share.
    cells: Vec<(u16, f32, f32)>,
    /// The logarithm of each class's overall share.
    share_logs: Vec<f32>,
    /// Each expert's score for each class; empty when the expert is silent.
    experts: [Vec<f32>; EXPERTS],
}

impl Opinions {
    /// Nothing said but the overall shares and what the experts say.
    pub(crate) fn new(shares: &[f32], experts: [Vec<f32>; EXPERTS]) -> Self {
        let share_logs = shares.iter().map(|share| share.ln()).collect();
        Self {
            contexts: Vec::with_capacity(32),
            cells: Vec::with_capacity(256),
            share_logs,
            experts,
        }
    }

    /// Hears a context's entry; `at` is its place in the list of contexts, `odds` is one by the overall share of each class.
    pub(crate) fn hear(&mut self, at: usize, entry: Entry<'_>, odds: &[f32]) {
        let step = match entry.seen {
            0..=1 => 0,
            2 => 1,
            3..=4 => 2,
            5..=9 => 3,
            10..=29 => 4,
            30..=99 => 5,
            100..=299 => 6,
            _ => 7,
        };
        let from = self.cells.len();
        for cell in entry.cells {
            if cell.slow > FAINT
                && let Some(odds) = odds.get(usize::from(cell.class))
            {
                self.cells.push((
                    cell.class,
                    quick_ln(1.0 + cell.slow * odds),
                    quick_ln(1.0 + cell.fast * odds),
                ));
            }
        }
        self.contexts.push(Opinion {
            slot: at * STEPS + step,
            last: entry.last(),
            cells: from..self.cells.len(),
        });
    }

    /// What the text's judges said; empty when there was no text.
    pub(crate) fn text(&self) -> &[f32] {
        let [_, _, text] = &self.experts;
        text
    }

    fn said_by(&self, opinion: &Opinion) -> &[(u16, f32, f32)] {
        self.cells.get(opinion.cells.clone()).unwrap_or_default()
    }
}

/// The learned trust in each opinion.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mixer {
    voices: Vec<f32>,
    energy: Vec<f32>,
    experts: [f32; EXPERTS],
}

impl Mixer {
    pub(crate) fn new(contexts: usize) -> Self {
        let voices: Vec<f32> = (0..contexts * STEPS).flat_map(|_| VOICE_START).collect();
        Self {
            energy: vec![1e-3; voices.len()],
            voices,
            experts: EXPERT_START,
        }
    }

    /// One score per class; only differences between classes mean something.
    pub(crate) fn scores(&self, opinions: &Opinions) -> Vec<f32> {
        let mut scores = vec![0.0; opinions.share_logs.len()];
        let mut share_weight = 0.0;
        for opinion in &opinions.contexts {
            let Some([long, short, last, been]) = self.voice(opinion.slot) else {
                continue;
            };
            share_weight += long + short;
            for &(class, slow, fast) in opinions.said_by(opinion) {
                if let Some(score) = scores.get_mut(usize::from(class)) {
                    *score += long * slow + short * fast + been;
                }
            }
            if let Some(score) = opinion
                .last
                .and_then(|class| scores.get_mut(usize::from(class)))
            {
                *score += last;
            }
        }
        for (score, log) in scores.iter_mut().zip(&opinions.share_logs) {
            *score += share_weight * log;
        }
        for (weight, expert) in self.experts.iter().zip(&opinions.experts) {
            for (score, said) in scores.iter_mut().zip(expert) {
                *score += weight * said;
            }
        }
        scores
    }

    /// Learns from `truth`, which had been given `believed`.
    pub(crate) fn learn(&mut self, opinions: &Opinions, believed: &[f32], truth: u16) {
        let share_slope = slope(&opinions.share_logs, believed, truth);
        for opinion in &opinions.contexts {
            let mut slopes = [share_slope, share_slope, 0.0, 0.0];
            for &(class, slow, fast) in opinions.said_by(opinion) {
                let error = f32::from(u8::from(class == truth))
                    - believed.get(usize::from(class)).copied().unwrap_or(0.0);
                slopes[0] += error * slow;
                slopes[1] += error * fast;
                slopes[3] += error;
            }
            if let Some(class) = opinion.last {
                slopes[2] = f32::from(u8::from(class == truth))
                    - believed.get(usize::from(class)).copied().unwrap_or(0.0);
            }
            let from = opinion.slot * VOICES;
            let Some(weights) = self.voices.get_mut(from..from + VOICES) else {
                continue;
            };
            let Some(energies) = self.energy.get_mut(from..from + VOICES) else {
                continue;
            };
            for ((weight, energy), slope) in weights.iter_mut().zip(energies).zip(slopes) {
                *energy += slope * slope;
                *weight += RATE * slope / energy.sqrt() - SHRINK * *weight;
            }
        }
        for (weight, expert) in self.experts.iter_mut().zip(&opinions.experts) {
            if !expert.is_empty() {
                *weight =
                    (*weight + EXPERT_RATE * slope(expert, believed, truth)).clamp(0.05, 12.0);
            }
        }
    }

    fn voice(&self, slot: usize) -> Option<[f32; VOICES]> {
        self.voices
            .get(slot * VOICES..(slot + 1) * VOICES)?
            .try_into()
            .ok()
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.floats(&self.voices);
        out.floats(&self.energy);
        out.floats(&self.experts);
    }

    pub(crate) fn read(from: &mut Reader<'_>, contexts: usize) -> Option<Self> {
        let (voices, energy) = (from.floats()?, from.floats()?);
        let experts = from.floats()?.try_into().ok()?;
        let fits = voices.len() == contexts * STEPS * VOICES && energy.len() == voices.len();
        fits.then_some(Self {
            voices,
            energy,
            experts,
        })
    }
}

fn slope(said: &[f32], believed: &[f32], truth: u16) -> f32 {
    let expected: f32 = said.iter().zip(believed).map(|(x, p)| x * p).sum();
    said.get(usize::from(truth)).copied().unwrap_or(0.0) - expected
}

/// The natural logarithm of a number ≥ 1, right to about 0.0001: the inner loop needs speed and the same result on every machine.
pub(crate) fn quick_ln(x: f32) -> f32 {
    let bits = x.to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let part = f32::from_bits((bits & 0x007F_FFFF) | 0x3F80_0000) - 1.0;
    let log2 = part
        * (1.442_5
            + part
                * (-0.717_9
                    + part * (0.454_8 + part * (-0.273_5 + part * (0.117_9 - part * 0.023_8)))));
    (exponent as f32 + log2) * std::f32::consts::LN_2
}

/// Turns scores into probabilities.
pub(crate) fn softmax(scores: &[f32]) -> Vec<f32> {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut shares: Vec<f32> = scores.iter().map(|score| (score - top).exp()).collect();
    let all: f32 = shares.iter().sum();
    for share in &mut shares {
        *share /= all;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_sums_to_one_and_survives_large_scores() {
        let shares = softmax(&[1000.0, 999.0, -1000.0]);
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(shares[0] > shares[1] && shares[2] == 0.0);
        assert!(softmax(&[]).is_empty());
    }

    #[test]
    fn the_quick_logarithm_is_near() {
        for at in 0..2000 {
            let x = 1.0 + at as f32 * at as f32 * 0.37;
            assert!(
                (quick_ln(x) - x.ln()).abs() < 5e-4,
                "{x}: {} and {}",
                quick_ln(x),
                x.ln()
            );
        }
    }

    #[test]
    fn the_expert_that_is_right_gains_trust() {
        let mut mixer = Mixer::new(1);
        let opinions = |truth: usize| {
            let mut right = vec![0.0; 3];
            right[truth] = 1.0;
            let mut wrong = vec![0.0; 3];
            wrong[(truth + 1) % 3] = 1.0;
            Opinions::new(&[1.0; 3], [right, wrong, vec![]])
        };
        for at in 0..300_usize {
            let said = opinions(at % 3);
            let believed = softmax(&mixer.scores(&said));
            mixer.learn(&said, &believed, (at % 3) as u16);
        }
        assert!(mixer.experts[0] > EXPERT_START[0] && mixer.experts[1] < EXPERT_START[1]);
        assert!(
            (mixer.experts[2] - EXPERT_START[2]).abs() < f32::EPSILON,
            "a silent expert keeps its trust"
        );
    }
}
