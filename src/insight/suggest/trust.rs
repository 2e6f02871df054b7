//! How far a suggestion is trusted: what such predictions were worth on past tickets, and what was counted.

use super::answer::LITTLE;
use super::{Doubt, Judgement, Model, Ranking};
use crate::insight::confidence::{RECORDS, Signs};
use crate::insight::contexts;
use crate::insight::known::Known;
use crate::insight::text;

/// Nothing is called sure with fewer past tickets of its kind at the department than this, whatever the precision was. `[ours]`
pub const SURE_FROM: f32 = 5.0;
/// How many times as often as the policy allows of all sure ones together the least sure of them may be wrong. `[ours: measured]`
const LEEWAY: f64 = 3.0;
/// Before anything is counted every department is as likely, as if so many tickets had said so. `[ours: measured]`
const EVEN: f32 = 12.0;

/// What the trust in a first suggestion rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trusted {
    pub(super) known: Known,
    pub(super) confidence: f32,
    /// Past tickets of this kind at the department.
    pub(super) supporting: f32,
    /// How often such a suggestion came true.
    pub(super) probability: f32,
}

impl Model {
    /// Each department's share by counting alone, from all tickets to those of the same matter at the same place; each narrower
    /// count is drawn to the broader one, so that one ticket alone makes nothing certain.
    pub(super) fn counted(&self, judgement: &Judgement) -> Vec<f32> {
        let mut shares = vec![1.0 / self.codes.len().max(1) as f32; self.codes.len()];
        let stated = usize::from(judgement.circumstances.detail() != 0);
        let everything = (0, [EVEN, EVEN]);
        for (at, outweighed) in [everything].into_iter().chain(contexts::NARROWING) {
            let context = judgement.contexts.get(at).copied().unwrap_or(0);
            let Some(entry) = self.departments.get(context) else {
                continue;
            };
            let broader = outweighed[stated];
            let all = entry.slow + broader;
            for share in &mut shares {
                *share *= broader / all;
            }
            for cell in entry.cells {
                if let Some(share) = shares.get_mut(usize::from(cell.class)) {
                    *share += cell.slow / all;
                }
            }
        }
        shares
    }

    /// Whatever all past tickets agree on, the next one may differ: Laplace's rule of succession.
    fn at_most(&self) -> f32 {
        let learned = self.learned as f32;
        (learned + 1.0) / (learned + 2.0)
    }

    /// How likely each of the ranked departments is.
    ///
    /// The first is as likely as such a prediction came true before. What is left is shared by all the others: by the model's
    /// opinion as far as that was tried, else by what was counted.
    pub(super) fn probabilities(
        &self,
        judgement: &Judgement,
        counted: &[f32],
        ranked: &[(u16, f32)],
        sure: f32,
    ) -> Vec<f32> {
        let Some(&(first, share)) = ranked.first() else {
            return Vec::new();
        };
        let of = |number: u16| counted.get(usize::from(number)).copied().unwrap_or(0.0);
        let trust = self.calibration.trust(judgement.known);
        let left = |most: f32| (1.0 - most).max(1e-6);
        let mut ceiling = 1.0_f32;
        ranked
            .iter()
            .enumerate()
            .map(|(at, &(number, own))| {
                let likely = if at == 0 {
                    sure
                } else {
                    let by_opinion = own / left(share);
                    let by_count = of(number) / left(of(first));
                    (1.0 - sure) * (trust * by_opinion + (1.0 - trust) * by_count)
                };
                ceiling = likely.min(ceiling);
                ceiling
            })
            .collect()
    }

    /// What the trust in the first suggestion rests on.
    pub(super) fn trusted(&self, judgement: &Judgement, counted: &[f32]) -> Option<Trusted> {
        let (first, signs) = self.signs(judgement)?;
        let of_matter = contexts::OF_MATTER
            .iter()
            .find_map(|&at| self.departments.get(judgement.contexts[at]));
        let supporting = match of_matter {
            Some(entry) => entry.count_of(first),
            None => self.kept.get(usize::from(first)).copied().unwrap_or(0) as f32,
        };
        let confidence = self.confidence.of(&signs);
        let by_count = counted.get(usize::from(first)).copied().unwrap_or(0.0);
        let probability = self
            .calibration
            .probability(judgement.known, confidence, by_count)
            .min(self.at_most());
        Some(Trusted {
            known: judgement.known,
            confidence,
            supporting,
            probability,
        })
    }

    /// Whether such predictions came true often enough, and often enough at all.
    ///
    /// Both are asked: that all predictions of at least this confidence together came true as often as the policy says, and
    /// that those of about this confidence, whose share is the figure shown, were wrong at most [`LEEWAY`] times as often.
    pub(super) fn is_trusted(&self, trusted: Trusted, precision: f64) -> bool {
        let least = 1.0 - LEEWAY * (1.0 - precision);
        f64::from(trusted.probability) >= least && self.doubt(trusted, precision).is_none()
    }

    /// What keeps a first suggestion from being sure, its probability aside.
    pub(super) fn doubt(&self, trusted: Trusted, precision: f64) -> Option<Doubt> {
        let threshold = self.calibration.threshold(trusted.known, precision as f32);
        if self.learned < LITTLE {
            Some(Doubt::LittleLearned)
        } else if trusted.known.is_nothing() {
            Some(Doubt::NothingKnown)
        } else if trusted.supporting < SURE_FROM {
            Some(Doubt::FewOfItsKind)
        } else if threshold.is_none_or(|threshold| trusted.confidence < threshold) {
            Some(Doubt::Unproven)
        } else {
            None
        }
    }

    /// Whether the first of a ranking is sure enough to be filled in at this precision.
    pub fn is_sure(&self, ranking: &Ranking<'_>, precision: f64) -> bool {
        ranking
            .trusted
            .is_some_and(|trusted| self.is_trusted(trusted, precision))
    }

    /// The first suggestion, and what the trust in it rests on.
    pub(super) fn signs(&self, judgement: &Judgement) -> Option<(u16, Signs)> {
        let (mut first, mut second) = (None, 0.0_f32);
        for (at, &share) in judgement.shares.iter().enumerate() {
            match first {
                _ if !self.is_offered(at, judgement.known) => {}
                Some((_, most)) if share <= most => second = second.max(share),
                _ => {
                    second = first.map_or(0.0, |(_, most)| most);
                    first = Some((at as u16, share));
                }
            }
        }
        let (first, share) = first?;
        let of =
            |shares: &[f32], class: u16| shares.get(usize::from(class)).copied().unwrap_or(0.0);
        let role = self.roles[usize::from(first)];
        let [matter, place, source] = judgement.records;
        let seen = self.departments.get(place).map_or(0.0, |entry| entry.slow);
        let keys: [u64; RECORDS] = [
            text::mix(1, matter),
            text::mix(2, u64::from(first)),
            text::mix(text::mix(3, matter), u64::from(first)),
            text::mix(text::mix(4, source), u64::from(first)),
        ];
        let alone = [
            of(&judgement.by_weights, first),
            of(&judgement.by_role, role),
        ];
        Some((
            first,
            self.confidence.signs([share, second], alone, seen, keys),
        ))
    }
}
