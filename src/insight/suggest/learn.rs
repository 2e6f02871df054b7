//! Learning: one ticket as it is dispatched, a whole history, and taking a dispatch back.
//!
//! Every ticket is predicted before it is learned; that record is what the probabilities rest on.

use std::borrow::Borrow;

use super::{Judgement, Model, home};
use crate::insight::case::{Case, Ending};
use crate::insight::contexts::Circumstances;
use crate::insight::linear;
use crate::insight::text;

/// Past tickets are asked about a second time, with a part of them unknown: the first so many each, later every eighth.
const ASKED_AGAIN: u64 = 20_000;
/// The newest texts, which [`Model::learn_all`] reads and goes through again.
pub const NEWEST_TEXTS: usize = 20_000;
/// Texts gone through in all, at most: many texts need fewer passes.
const REHEARSED: usize = 60_000;

/// What is done with a ticket's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Read it, and count its words.
    New,
    /// Read it; its words are counted already.
    Counted,
    /// Leave it.
    FieldsOnly,
}

impl Model {
    /// Learns where a ticket ended. A return is kept as evidence only: the department that kept the ticket teaches.
    pub fn learn(&mut self, case: &Case, department: &str, ending: Ending) {
        self.learn_reading(case, department, ending, Reading::New);
    }

    /// Learns the fields of a ticket from long ago; its text stays as evidence and is not gone through.
    pub fn learn_fields(&mut self, case: &Case, department: &str, ending: Ending) {
        self.learn_reading(case, department, ending, Reading::FieldsOnly);
    }

    /// Learns a history, oldest first, and goes through its newest [`NEWEST_TEXTS`] texts several times.
    ///
    /// Of older tickets only the fields are learned. A long history need not stand in memory: [`Model::learn_fields`] its
    /// older tickets one by one, then give the newest ones here.
    pub fn learn_all<C: Borrow<Case>, D: AsRef<str>>(
        &mut self,
        history: impl IntoIterator<Item = (C, D, Ending)>,
    ) {
        let mut history: Vec<(C, D, Ending)> = history.into_iter().collect();
        let readable = |(case, _, ending): &(C, D, Ending)| {
            *ending != Ending::Returned && case.borrow().has_text()
        };
        let texts: Vec<usize> = (0..history.len())
            .filter(|&at| readable(&history[at]))
            .collect();
        let newest = &texts[texts.len().saturating_sub(NEWEST_TEXTS)..];
        let afresh = self.texts.is_empty();
        for &at in newest {
            self.texts.count(&linear::terms(history[at].0.borrow()));
        }
        let read_from = newest.first().copied().unwrap_or(history.len());
        for (at, (case, department, ending)) in history.iter().enumerate() {
            self.learn_reading(
                case.borrow(),
                department.as_ref(),
                *ending,
                if at >= read_from {
                    Reading::Counted
                } else {
                    Reading::FieldsOnly
                },
            );
        }
        if afresh {
            self.texts.clear_weights();
        }
        // A ticket is let go as soon as its words are weighed: both at once would be much.
        self.rehearse(history.drain(read_from..).filter(readable));
    }

    /// Takes back a dispatch that was recalled.
    ///
    /// Gone are its evidence, its share in the support, its place among the departments of its street and community, and,
    /// where it was the newest ticket of its kind, its counts. What stays is one step of learning: of the weights of its
    /// fields, roles and text, of the trust in the opinions, of the record of hits. In a young model that one step can still
    /// put the department first for the same words, until the next tickets of its kind correct it. Whoever can learn again
    /// without the dispatch does so instead: see `service::learning`.
    pub fn unlearn(&mut self, case: &Case, department: &str) {
        let Some(&number) = self.numbers.get(department) else {
            return;
        };
        let circumstances = Circumstances::of(case, self.params.utc_offset);
        // Not the contexts that follow the last department: that is another one by now.
        self.departments.unlearn(&circumstances.contexts(), number);
        for place in home(&circumstances) {
            if let Some(list) = self.homes.get_mut(&place) {
                for (_, count) in list.iter_mut().filter(|(known, _)| *known == number) {
                    *count -= 1.0;
                }
                list.retain(|&(_, count)| count > 0.0);
            }
        }
        self.archive.forget(&case.no, number);
        if let Some(kept) = self.kept.get_mut(usize::from(number)) {
            *kept = kept.saturating_sub(1);
        }
        self.learned = self.learned.saturating_sub(1);
    }

    fn learn_reading(&mut self, case: &Case, department: &str, ending: Ending, reading: Reading) {
        let Some(number) = self.number(department) else {
            return;
        };
        if ending == Ending::Returned {
            self.archive.keep(case, number, ending);
            return;
        }
        let judgement = self.judge(case, reading != Reading::FieldsOnly);
        if self.learned > 0 && !case.is_blank() {
            if let Some((first, signs)) = self.signs(&judgement) {
                let right = first == number;
                let confidence = self.confidence.of(&signs);
                self.calibration.note(judgement.known, confidence, right);
                self.ask_again(&judgement, number);
                self.confidence.learn(&signs, right);
            }
            self.mixer
                .learn(&judgement.opinions, &judgement.shares, number);
        }
        let role = self.roles[usize::from(number)];
        self.departments
            .learn(&judgement.contexts, number, &judgement.by_weights);
        self.role_weights
            .learn(&judgement.role_contexts, role, &judgement.by_role);
        for place in judgement.home {
            let list = self.homes.entry(place).or_default();
            match list.iter_mut().find(|(known, _)| *known == number) {
                Some((_, count)) => *count += 1.0,
                None => list.push((number, 1.0)),
            }
        }
        if !judgement.terms.is_empty() {
            let mut held = vec![0.0; self.codes.len()];
            self.texts.step(
                &judgement.features,
                number,
                judgement.opinions.text(),
                &mut held,
            );
            if reading == Reading::New {
                self.texts.count(&judgement.terms);
            }
        }
        self.archive.keep(case, number, ending);
        if let Some(kept) = self.kept.get_mut(usize::from(number)) {
            *kept = kept.saturating_add(1);
        }
        self.learned += 1;
    }

    /// Asks about the ticket as if less of it were known: what is said from little is trusted by how that has fared.
    fn ask_again(&mut self, judgement: &Judgement, truth: u16) {
        if self.learned > ASKED_AGAIN && !self.learned.is_multiple_of(8) {
            return;
        }
        let Some(less) = judgement.known.less(self.learned) else {
            return;
        };
        let features = if less.text {
            judgement.features.clone()
        } else {
            Vec::new()
        };
        let asked = self.judge_by(
            judgement.circumstances.with_only(less),
            Vec::new(),
            features,
        );
        if let Some((first, signs)) = self.signs(&asked) {
            let confidence = self.confidence.of(&signs);
            self.calibration
                .note(asked.known, confidence, first == truth);
        }
    }

    /// Goes through the texts again and again; each text keeps its multipliers between passes.
    fn rehearse<C: Borrow<Case>, D: AsRef<str>>(
        &mut self,
        texts: impl Iterator<Item = (C, D, Ending)>,
    ) {
        let classes = self.codes.len();
        let mut lessons: Vec<(Vec<linear::Feature>, u16, Vec<f32>)> = texts
            .filter_map(|(case, department, _)| {
                let number = *self.numbers.get(department.as_ref())?;
                Some((
                    self.texts.features(&linear::terms(case.borrow())),
                    number,
                    vec![0.0; classes],
                ))
            })
            .collect();
        if lessons.is_empty() {
            return;
        }
        let mut order: Vec<usize> = (0..lessons.len()).collect();
        let passes = self.params.rehearsals.min(REHEARSED / lessons.len()).max(1);
        for pass in 0..passes as u64 {
            // A different but fixed order in each pass: sorted input must not bias the judges.
            order.sort_unstable_by_key(|&at| text::mix(pass + 1, at as u64));
            for &at in &order {
                let (features, number, held) = &mut lessons[at];
                let margins = self.texts.margins(features, classes);
                self.texts.step(features, *number, &margins, held);
            }
        }
    }
}
