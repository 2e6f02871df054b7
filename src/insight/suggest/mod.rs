//! Which department should lead: a model that learns from each dispatch as it happens, and says why.
//!
//! Start at [`Model::suggest`] and [`Model::learn`]. Every ticket is predicted before it is learned; that record is what
//! the probability shown, and the threshold for pre-filling, rest on. Nothing is dispatched here.
//! [`answer`] is what is said, [`trust`] how far it is trusted, `learn` how the model learns, `bytes` how it is kept.

use std::collections::HashMap;

use super::calibration::Calibrations;
use super::case::Case;
use super::confidence::Confidence;
use super::contexts::{self, Circumstances};
use super::evidence::Archive;
use super::known::{Known, Part};
use super::linear::{self, Linear};
use super::memory::{ContextTable, Entry, HashedMap};
use super::mixer::{Mixer, Opinions, softmax};
use super::role::role_of;
use super::text;
use answer::LITTLE;

mod answer;
mod bytes;
mod learn;
mod trust;

pub use answer::{Basis, Doubt, Evidence, Ranking, Suggestion, Suggestions, Support, Why};
pub use learn::NEWEST_TEXTS;
pub use trust::SURE_FROM;

/// Departments beyond this many are not told apart by the model.
const MOST_DEPARTMENTS: usize = 4_000;
/// Evidence tickets shown with one suggestion.
const EVIDENCE_EACH: usize = 3;

/// What may be set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Params {
    /// The precision from which a suggestion is pre-filled; named by the policy.
    pub prefill_precision: f64,
    /// Seconds to add to UTC for the hour of the day.
    pub utc_offset: i64,
    /// How many contexts are remembered at most; bounds the memory. A hash table doubles when it is seven eighths full.
    pub contexts: usize,
    /// How often `learn_all` goes through the texts.
    pub rehearsals: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            prefill_precision: 0.99,
            utc_offset: 8 * 3600,
            // A little below seven eighths of 2^15, and half as many below those of 2^14; a year of a district fills a third.
            contexts: 28_500,
            rehearsals: 15,
        }
    }
}

/// The model. Cheap to ask, cheap to teach, deterministic.
#[derive(Debug, Clone)]
pub struct Model {
    params: Params,
    codes: Vec<String>,
    numbers: HashMap<String, u16>,
    roles: Vec<u16>,
    role_numbers: HashMap<String, u16>,
    inactive: Vec<bool>,
    departments: ContextTable,
    role_weights: ContextTable,
    homes: HashedMap<Vec<(u16, f32)>>,
    texts: Linear,
    mixer: Mixer,
    confidence: Confidence,
    calibration: Calibrations,
    archive: Archive,
    learned: u64,
    /// How many tickets each department got.
    kept: Vec<u32>,
}

/// A ticket's street and community, under which is counted who works there.
fn home(circumstances: &Circumstances) -> [u64; 2] {
    [
        text::mix(1, circumstances.street()),
        text::mix(2, circumstances.community()),
    ]
}

/// What the model knows of a ticket: what it has met before.
fn known(entries: &[(usize, Entry<'_>)], text: bool) -> Known {
    let met = |places: &[usize]| entries.iter().filter(|(at, _)| places.contains(at)).count();
    let [fine, ..] = contexts::OF_MATTER;
    Known {
        matter: match (met(&[fine]), met(&contexts::OF_MATTER)) {
            (0, 0) => Part::Nothing,
            (0, _) => Part::Half,
            _ => Part::Whole,
        },
        place: match met(&contexts::OF_PLACE) {
            0 => Part::Nothing,
            1 => Part::Half,
            _ => Part::Whole,
        },
        origin: met(&contexts::OF_ORIGIN) > 0,
        text,
    }
}

/// Everything computed about one ticket before its answer is known.
struct Judgement {
    known: Known,
    circumstances: Circumstances,
    contexts: Vec<u64>,
    role_contexts: Vec<u64>,
    home: [u64; 2],
    by_weights: Vec<f32>,
    by_role: Vec<f32>,
    terms: Vec<(u64, f32)>,
    features: Vec<linear::Feature>,
    opinions: Opinions,
    shares: Vec<f32>,
    /// The contexts by which hits are recorded: the matter, the matter at its place, the source.
    records: [u64; 3],
}

impl Model {
    /// A model that knows nothing.
    pub fn new(params: Params) -> Self {
        Self {
            params,
            codes: Vec::new(),
            numbers: HashMap::new(),
            roles: Vec::new(),
            role_numbers: HashMap::new(),
            inactive: Vec::new(),
            departments: ContextTable::with_limit(params.contexts),
            role_weights: ContextTable::with_limit(params.contexts / 2),
            homes: HashedMap::default(),
            texts: Linear::default(),
            mixer: Mixer::new(contexts::COUNT),
            confidence: Confidence::default(),
            calibration: Calibrations::default(),
            archive: Archive::default(),
            learned: 0,
            kept: Vec::new(),
        }
    }

    /// Tells a department's name: offices of the same kind in different streets then help each other. Best before learning.
    pub fn name_department(&mut self, code: &str, name: &str) {
        let Some(number) = self.number(code) else {
            return;
        };
        let role = self.role_number(&role_of(name));
        self.roles[usize::from(number)] = role;
    }

    /// Says whether a department may be suggested; all may be until told otherwise.
    pub fn set_active(&mut self, code: &str, active: bool) {
        if let Some(number) = self.number(code) {
            self.inactive[usize::from(number)] = !active;
        }
    }

    /// How many tickets were learned.
    pub fn learned(&self) -> u64 {
        self.learned
    }

    /// How many contexts and weights are held: what the memory grows with.
    pub fn size(&self) -> (usize, usize) {
        (
            self.departments.len() + self.role_weights.len(),
            self.departments.cells() + self.role_weights.cells(),
        )
    }

    /// The departments most likely to be right at `now` (Unix seconds), best first, at most `most` of them.
    pub fn suggest(&self, case: &Case, now: i64, most: usize) -> Suggestions {
        if self.learned == 0 {
            return Suggestions {
                basis: Basis::NoHistory,
                learned: 0,
                known: Known::default(),
                list: Vec::new(),
                prefill: false,
                doubt: None,
                confidence: 0.0,
                learned_itself: false,
            };
        }
        let judgement = self.judge(case, true);
        let counted = self.counted(&judgement);
        let ranked = self.ranked(&judgement, most);
        let trusted = self.trusted(&judgement, &counted);
        let confidence = trusted.map_or(0.0, |trusted| trusted.confidence);
        let likely = trusted.map_or(0.0, |trusted| trusted.probability);
        let probabilities = self.probabilities(&judgement, &counted, &ranked, likely);
        let numbers: Vec<u16> = ranked.iter().map(|&(number, _)| number).collect();
        let mut findings = self.archive.find(case, now, &numbers, EVIDENCE_EACH);
        let list = numbers
            .iter()
            .zip(probabilities)
            .enumerate()
            .map(|(at, (&number, probability))| Suggestion {
                department: self.codes[usize::from(number)].clone(),
                probability: f64::from(probability),
                evidence: std::mem::take(&mut findings.evidence[at]),
                support: findings.support[at],
                unseen: 0,
            })
            .collect();
        let basis = match (judgement.known.is_nothing(), self.learned) {
            (true, _) => Basis::NothingKnown,
            (false, learned) if learned < LITTLE => Basis::Little { learned },
            (false, learned) => Basis::History { learned },
        };
        let precision = self.params.prefill_precision;
        let doubt = trusted.and_then(|trusted| self.doubt(trusted, precision));
        Suggestions {
            basis,
            learned: self.learned,
            known: judgement.known,
            list,
            prefill: trusted.is_some_and(|trusted| self.is_trusted(trusted, precision)),
            doubt: doubt.filter(|_| f64::from(likely) >= precision),
            confidence: f64::from(confidence),
            learned_itself: false,
        }
    }

    /// The ranking alone, without evidence: what a replay needs.
    pub fn rank(&self, case: &Case, most: usize) -> Ranking<'_> {
        if self.learned == 0 {
            return Ranking::default();
        }
        let judgement = self.judge(case, true);
        let departments = self
            .ranked(&judgement, most)
            .into_iter()
            .map(|(number, _)| self.codes[usize::from(number)].as_str())
            .collect();
        let counted = self.counted(&judgement);
        let trusted = self.trusted(&judgement, &counted);
        Ranking {
            departments,
            confidence: trusted.map_or(0.0, |trusted| f64::from(trusted.confidence)),
            trusted,
        }
    }

    /// Whether a department may be suggested: it is there, and it has had a ticket, or the place speaks for it.
    fn is_offered(&self, at: usize, known: Known) -> bool {
        let has_had_one = self.kept.get(at).is_some_and(|&kept| kept > 0);
        let is_tried = has_had_one || known.place != Part::Nothing || self.learned < LITTLE;
        is_tried && !self.inactive.get(at).copied().unwrap_or(false)
    }

    /// The best classes by share; ties in the order they were first met.
    fn ranked(&self, judgement: &Judgement, most: usize) -> Vec<(u16, f32)> {
        let mut ranked: Vec<(u16, f32)> = judgement
            .shares
            .iter()
            .enumerate()
            .filter(|&(at, _)| self.is_offered(at, judgement.known))
            .map(|(at, &share)| (at as u16, share))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(most);
        ranked
    }

    fn judge(&self, case: &Case, read: bool) -> Judgement {
        let circumstances = Circumstances::of(case, self.params.utc_offset);
        let terms = if read && case.has_text() {
            linear::terms(case)
        } else {
            Vec::new()
        };
        let features = self.texts.features(&terms);
        self.judge_by(circumstances, terms, features)
    }

    fn judge_by(
        &self,
        circumstances: Circumstances,
        terms: Vec<(u64, f32)>,
        features: Vec<linear::Feature>,
    ) -> Judgement {
        let count = self.codes.len();
        let contexts = self.contexts_of(&circumstances);
        let shares = self.overall_shares();
        let entries: Vec<(usize, Entry<'_>)> = contexts
            .iter()
            .enumerate()
            .filter_map(|(at, &context)| Some((at, self.departments.get(context)?)))
            .collect();
        let known = known(&entries, !features.is_empty());
        let mut weights = vec![0.0; count];
        for (_, entry) in &entries {
            entry.add_weights(&mut weights);
        }
        let by_weights = softmax(&weights);
        let role_contexts = circumstances.role_contexts();
        let mut role_scores = vec![0.0; self.role_numbers.len()];
        self.role_weights
            .add_weights(&role_contexts, &mut role_scores);
        let by_role = softmax(&role_scores);
        let home = home(&circumstances);
        let roles = self.role_logs(&by_role, home, &shares);
        let margins = if features.is_empty() {
            Vec::new()
        } else {
            self.texts.margins(&features, count)
        };
        let mut opinions = Opinions::new(&shares, [weights, roles, margins]);
        let odds: Vec<f32> = shares.iter().map(|share| 1.0 / share).collect();
        for (at, entry) in entries {
            opinions.hear(at, entry, &odds);
        }
        let shares = softmax(&self.mixer.scores(&opinions));
        let [matter, ..] = contexts::OF_MATTER;
        let [matter_at_place, _] = contexts::FOLLOWED;
        let [source, _] = contexts::OF_ORIGIN;
        let records = [matter, matter_at_place, source].map(|at| contexts[at]);
        Judgement {
            known,
            circumstances,
            contexts,
            role_contexts,
            home,
            by_weights,
            by_role,
            terms,
            features,
            opinions,
            shares,
            records,
        }
    }

    fn contexts_of(&self, circumstances: &Circumstances) -> Vec<u64> {
        let plain = circumstances.contexts();
        let mut contexts = plain.to_vec();
        for (which, &followed) in contexts::FOLLOWED.iter().enumerate() {
            let last = self.departments.get(plain[followed]).and_then(Entry::last);
            contexts.push(circumstances.following(which, last));
        }
        contexts
    }

    /// Each department's share of everything lately; none is impossible.
    fn overall_shares(&self) -> Vec<f32> {
        let count = self.codes.len();
        let everything = self.departments.get(Circumstances::everything());
        let all = everything.map_or(0.0, |entry| entry.slow) + 0.5 * count as f32;
        let mut shares = vec![0.5 / all.max(0.5); count];
        for cell in everything.iter().flat_map(|entry| entry.cells.iter()) {
            if let Some(share) = shares.get_mut(usize::from(cell.class)) {
                *share = (cell.slow + 0.5) / all;
            }
        }
        shares
    }

    /// The logarithm of: how likely the role, times how usual the department is for that role at this place.
    fn role_logs(&self, by_role: &[f32], home: [u64; 2], shares: &[f32]) -> Vec<f32> {
        let mut usual: Vec<f32> = shares.iter().map(|share| 0.02 + 0.2 * share).collect();
        for (place, weight) in home.into_iter().zip([1.0, 5.0]) {
            for &(department, count) in self.homes.get(&place).into_iter().flatten() {
                if let Some(usual) = usual.get_mut(usize::from(department)) {
                    *usual += weight * count;
                }
            }
        }
        let mut total = vec![0.0_f32; by_role.len()];
        for (usual, &role) in usual.iter().zip(&self.roles) {
            total[usize::from(role)] += usual;
        }
        usual
            .iter()
            .zip(&self.roles)
            .map(|(usual, &role)| {
                (by_role[usize::from(role)] * usual / total[usize::from(role)])
                    .max(1e-6)
                    .ln()
            })
            .collect()
    }

    fn number(&mut self, code: &str) -> Option<u16> {
        if let Some(&number) = self.numbers.get(code) {
            return Some(number);
        }
        if code.is_empty() || self.codes.len() >= MOST_DEPARTMENTS {
            return None;
        }
        let number = self.codes.len() as u16;
        let role = self.role_number(&format!("\u{0}{code}"));
        self.codes.push(code.to_owned());
        self.numbers.insert(code.to_owned(), number);
        self.roles.push(role);
        self.inactive.push(false);
        self.kept.push(0);
        Some(number)
    }

    fn role_number(&mut self, role: &str) -> u16 {
        let next = self.role_numbers.len() as u16;
        *self.role_numbers.entry(role.to_owned()).or_insert(next)
    }
}
