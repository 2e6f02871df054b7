//! Weighs many opinions into one: each context's counts, the learned weights, the roles, the text. The weights of the
//! opinions are themselves learned online, from the error of each prediction made before its answer was known.

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
/// How strongly an unseen class is believed possible: the weight of the overall shares, in tickets.
const DOUBT: f32 = 1.0;
/// Start values: of the voices, of the experts.
const VOICE_START: [f32; VOICES] = [0.025, 0.01, 0.0, 0.0];
const EXPERT_START: [f32; EXPERTS] = [0.5, 0.5, 3.0];

/// What one context says.
pub(crate) struct Opinion {
    slot: usize,
    last: Option<u16>,
    cells: Vec<(u16, f32, f32)>,
}

impl Opinion {
    /// Reads a context's entry; `at` is its place in the list of contexts, `shares` the overall share of each class.
    pub(crate) fn of(at: usize, entry: &super::memory::Entry, shares: &[f32]) -> Self {
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
        let cells = entry
            .cells
            .iter()
            .filter(|cell| cell.slow > 1e-3)
            .filter_map(|cell| {
                let base = DOUBT * shares.get(usize::from(cell.class))?;
                Some((
                    cell.class,
                    (cell.slow / base).ln_1p(),
                    (cell.fast / base).ln_1p(),
                ))
            })
            .collect();
        Self {
            slot: at * STEPS + step,
            last: entry.last(),
            cells,
        }
    }
}

/// Everything said about one ticket.
pub(crate) struct Opinions {
    pub(crate) contexts: Vec<Opinion>,
    /// The logarithm of each class's overall share.
    pub(crate) share_logs: Vec<f32>,
    /// Each expert's score for each class; empty when the expert is silent.
    pub(crate) experts: [Vec<f32>; EXPERTS],
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
            for &(class, slow, fast) in &opinion.cells {
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
            for &(class, slow, fast) in &opinion.cells {
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
                *weight = (*weight + EXPERT_RATE * slope(expert, believed, truth)).clamp(0.05, 8.0);
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
    fn the_expert_that_is_right_gains_trust() {
        let mut mixer = Mixer::new(1);
        let opinions = |truth: usize| {
            let mut right = vec![0.0; 3];
            right[truth] = 1.0;
            let mut wrong = vec![0.0; 3];
            wrong[(truth + 1) % 3] = 1.0;
            Opinions {
                contexts: vec![],
                share_logs: vec![0.0; 3],
                experts: [right, wrong, vec![]],
            }
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
