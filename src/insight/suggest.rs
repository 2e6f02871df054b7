//! Which department should lead: a model that learns from each dispatch as it happens, and says why.
//!
//! Start at [`Model::suggest`] and [`Model::learn`]. Every ticket is predicted before it is learned; that record is what
//! the probability shown, and the threshold for pre-filling, rest on. Nothing is dispatched here.

use std::collections::HashMap;
use std::io;

use super::calibration::Calibrations;
use super::case::{Case, Ending};
use super::confidence::{Confidence, RECORDS, Signs};
use super::contexts::{self, Circumstances};
use super::evidence::Archive;
use super::known::{Known, Part};
use super::linear::{self, Linear};
use super::memory::{ContextTable, Entry, HashedMap};
use super::mixer::{Mixer, Opinions, softmax};
use super::role::role_of;
use super::snapshot::{Reader, Writer};
use super::text;

const MAGIC: &[u8; 8] = b"fenbo-sg";
const VERSION: u16 = 2;
/// Departments beyond this many are not told apart by the model.
const MOST_DEPARTMENTS: usize = 4_000;
/// Evidence tickets shown with one suggestion.
const EVIDENCE_EACH: usize = 3;
/// Below this many learned tickets the basis is called little.
const LITTLE: u64 = 200;
/// Nothing is called sure with fewer past tickets of its kind at the department than this, whatever the precision was. `[ours]`
pub const SURE_FROM: f32 = 5.0;
/// How many times as often as the policy allows of all sure ones together the least sure of them may be wrong. `[ours: measured]`
const LEEWAY: f64 = 3.0;
/// Past tickets are asked about a second time, with a part of them unknown: the first so many each, later every eighth.
const ASKED_AGAIN: u64 = 20_000;
/// Before anything is counted every department is as likely, as if so many tickets had said so. `[ours: measured]`
const EVEN: f32 = 12.0;
/// The newest texts, which [`Model::learn_all`] reads and goes through again.
pub const NEWEST_TEXTS: usize = 20_000;
/// Texts gone through in all, at most: many texts need fewer passes.
const REHEARSED: usize = 60_000;

/// What may be set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Params {
    /// The precision from which a suggestion is pre-filled; named by the policy.
    pub prefill_precision: f64,
    /// Seconds to add to UTC for the hour of the day.
    pub utc_offset: i64,
    /// How many contexts are remembered at most; bounds the memory.
    pub contexts: usize,
    /// How often `learn_all` goes through the texts.
    pub rehearsals: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            prefill_precision: 0.99,
            utc_offset: 8 * 3600,
            contexts: 60_000,
            rehearsals: 15,
        }
    }
}

/// What the suggestions rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Nothing was learned yet: there is nothing to suggest.
    NoHistory,
    /// The ticket says nothing the model could use; what is suggested are the departments that get most.
    NothingKnown,
    /// Few tickets were learned; take it with care.
    Little {
        /// How many.
        learned: u64,
    },
    /// A history was learned.
    History {
        /// How many tickets.
        learned: u64,
    },
}

/// Why a past ticket is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The centre ruled on this category.
    Ruling,
    /// Its text is alike.
    AlikeText {
        /// How alike, in percent.
        percent: u8,
    },
    /// The same requester, about the same category or community.
    SameRequester,
    /// The same category in the same community.
    SameCategorySameCommunity,
    /// The same category in the same street.
    SameCategorySameStreet,
    /// The same category.
    SameCategory,
    /// The same coarsest level of the category.
    SameClass,
    /// The same community.
    SameCommunity,
    /// The same street.
    SameStreet,
    /// Nothing in common: the last ticket that ended there.
    Latest,
}

/// A past ticket that speaks for a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its number.
    pub no: String,
    /// Why it is shown.
    pub why: Why,
    /// How it ended at that department.
    pub ending: Ending,
    /// When it was registered, Unix seconds; 0 when unknown.
    pub created_at: i64,
}

/// How many of the latest tickets of this category in this community went to the department.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Support {
    /// Those that went there.
    pub n: u32,
    /// All.
    pub of: u32,
    /// Over how many days.
    pub days: u32,
}

/// One department suggested.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The department's code.
    pub department: String,
    /// How often such a suggestion came true on past tickets, 0 to 1.
    pub probability: f64,
    /// Past tickets that ended there.
    pub evidence: Vec<Evidence>,
    /// The count behind it, when category and community are known.
    pub support: Option<Support>,
    /// Past tickets left out of the evidence because whoever asks may not see them; the model itself leaves out none.
    pub unseen: usize,
}

impl Suggestion {
    /// The probability as it is shown, in percent: never 100, as nothing that has not happened is certain.
    pub fn percent(&self) -> u8 {
        ((self.probability * 100.0).round() as u8).min(99)
    }

    /// Whether it is shown as more than nothing.
    pub fn is_worth_showing(&self) -> bool {
        self.percent() > 0
    }
}

/// Why a first suggestion that is likely enough is yet not sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Little was learned in all.
    LittleLearned,
    /// Nothing is known of the ticket.
    NothingKnown,
    /// The department has had too few tickets of this kind.
    FewOfItsKind,
    /// Predictions of this kind and confidence were too few, or failed too often, for one to be trusted unseen.
    Unproven,
    /// A department that would be suggested gave this very ticket back.
    GivenBack,
}

/// The answer for one ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestions {
    /// What it rests on.
    pub basis: Basis,
    /// How many past tickets were learned.
    pub learned: u64,
    /// How much the ticket says that the model can use.
    pub known: Known,
    /// Best first.
    pub list: Vec<Suggestion>,
    /// True when the first one is sure enough to be filled in for confirmation.
    pub prefill: bool,
    /// Why it is not, where it is as likely as the policy asks.
    pub doubt: Option<Doubt>,
    /// The model's own confidence in the first, before calibration; orders tickets by sureness.
    pub confidence: f64,
    /// What was learned holds this very ticket; the model itself is not told.
    pub learned_itself: bool,
}

impl Suggestions {
    /// Whether so little was learned that nothing is trusted yet.
    pub fn is_cold(&self) -> bool {
        self.learned < LITTLE
    }
}

/// A ranking without evidence.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ranking<'a> {
    /// Department codes, best first.
    pub departments: Vec<&'a str>,
    /// The model's own confidence in the first; orders tickets by sureness.
    pub confidence: f64,
    trusted: Option<Trusted>,
}

/// What the trust in a first suggestion rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Trusted {
    known: Known,
    confidence: f32,
    /// Past tickets of this kind at the department.
    supporting: f32,
    /// How often such a suggestion came true.
    probability: f32,
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

/// A ticket's street and community, under which is counted who works there.
fn home(circumstances: &Circumstances) -> [u64; 2] {
    [
        text::mix(1, circumstances.street()),
        text::mix(2, circumstances.community()),
    ]
}

/// What the model knows of a ticket: what it has met before.
fn known(entries: &[(usize, &Entry)], text: bool) -> Known {
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

    /// Changes the precision from which a suggestion is pre-filled.
    pub fn set_prefill_precision(&mut self, precision: f64) {
        self.params.prefill_precision = precision;
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
    pub fn learn_all<'a>(
        &mut self,
        history: impl IntoIterator<Item = (&'a Case, &'a str, Ending)>,
    ) {
        let history: Vec<(&Case, &str, Ending)> = history.into_iter().collect();
        let readable = |&(_, &(case, _, ending)): &(usize, &(&Case, &str, Ending))| {
            ending != Ending::Returned && case.has_text()
        };
        let texts: Vec<usize> = history
            .iter()
            .enumerate()
            .filter(readable)
            .map(|(at, _)| at)
            .collect();
        let newest = &texts[texts.len().saturating_sub(NEWEST_TEXTS)..];
        let afresh = self.texts.is_empty();
        for &at in newest {
            self.texts.count(&linear::terms(history[at].0));
        }
        let read_from = newest.first().copied().unwrap_or(usize::MAX);
        for (at, (case, department, ending)) in history.iter().enumerate() {
            self.learn_reading(
                case,
                department,
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
        self.rehearse(
            newest
                .iter()
                .filter_map(|&at| history.get(at))
                .map(|&(case, department, _)| (case, department)),
        );
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
        let ranked = self.ranked(&judgement.shares, most);
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

    /// How likely each of the ranked departments is.
    ///
    /// The first is as likely as such a prediction came true before. What is left is shared by all the others: by the model's
    /// opinion as far as that was tried, else by what was counted.
    fn probabilities(
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

    /// Whatever all past tickets agree on, the next one may differ: Laplace's rule of succession.
    fn at_most(&self) -> f32 {
        let learned = self.learned as f32;
        (learned + 1.0) / (learned + 2.0)
    }

    /// Each department's share by counting alone, from all tickets to those of the same matter at the same place; each narrower
    /// count is drawn to the broader one, so that one ticket alone makes nothing certain.
    fn counted(&self, judgement: &Judgement) -> Vec<f32> {
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
            for cell in &entry.cells {
                if let Some(share) = shares.get_mut(usize::from(cell.class)) {
                    *share += cell.slow / all;
                }
            }
        }
        shares
    }

    /// What the trust in the first suggestion rests on.
    fn trusted(&self, judgement: &Judgement, counted: &[f32]) -> Option<Trusted> {
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
    fn is_trusted(&self, trusted: Trusted, precision: f64) -> bool {
        let least = 1.0 - LEEWAY * (1.0 - precision);
        f64::from(trusted.probability) >= least && self.doubt(trusted, precision).is_none()
    }

    /// What keeps a first suggestion from being sure, its probability aside.
    fn doubt(&self, trusted: Trusted, precision: f64) -> Option<Doubt> {
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

    /// The ranking alone, without evidence: what a replay needs.
    pub fn rank(&self, case: &Case, most: usize) -> Ranking<'_> {
        if self.learned == 0 {
            return Ranking::default();
        }
        let judgement = self.judge(case, true);
        let departments = self
            .ranked(&judgement.shares, most)
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

    /// The model as bytes, to be stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        self.put(&mut out);
        out.into_bytes()
    }

    /// Writes the model's bytes, piece by piece.
    ///
    /// # Errors
    /// What `sink` says.
    pub fn write_to(&self, sink: &mut dyn io::Write) -> io::Result<()> {
        let mut out = Writer::into(sink);
        self.put(&mut out);
        out.finish()
    }

    fn put(&self, out: &mut Writer<'_>) {
        out.raw(MAGIC);
        out.u16(VERSION);
        out.u64(self.learned);
        out.len(self.codes.len());
        for (code, role) in self.codes.iter().zip(&self.roles) {
            out.text(code);
            out.u16(*role);
        }
        for (&inactive, &kept) in self.inactive.iter().zip(&self.kept) {
            out.u8(u8::from(inactive));
            out.u32(kept);
        }
        let mut roles: Vec<(&String, &u16)> = self.role_numbers.iter().collect();
        roles.sort_unstable_by_key(|(_, number)| **number);
        out.len(roles.len());
        for (role, _) in roles {
            out.text(role);
        }
        self.departments.write(out);
        self.role_weights.write(out);
        let mut homes: Vec<(&u64, &Vec<(u16, f32)>)> = self.homes.iter().collect();
        homes.sort_unstable_by_key(|(key, _)| **key);
        out.len(homes.len());
        for (key, list) in homes {
            out.u64(*key);
            out.len(list.len());
            for &(department, count) in list {
                out.u16(department);
                out.f32(count);
            }
        }
        self.texts.write(out);
        self.mixer.write(out);
        self.confidence.write(out);
        self.calibration.write(out);
        self.archive.write(out);
    }

    /// The model from bytes; `None` when they are not a model of this version: learn again from the store.
    pub fn from_bytes(bytes: &[u8], params: Params) -> Option<Self> {
        Self::read_from(&mut &*bytes, bytes.len(), params)
    }

    /// The model from the next `length` bytes of `source`, read piece by piece; `None` as [`Model::from_bytes`] says.
    pub fn read_from(source: &mut dyn io::Read, length: usize, params: Params) -> Option<Self> {
        let mut from = Reader::new(source, length);
        if from.array()? != *MAGIC || from.u16()? != VERSION {
            return None;
        }
        let mut model = Self::new(params);
        model.learned = from.u64()?;
        for _ in 0..from.len(10)? {
            let code = from.text()?;
            model.numbers.insert(code.clone(), model.codes.len() as u16);
            model.codes.push(code);
            model.roles.push(from.u16()?);
        }
        for _ in 0..model.codes.len() {
            model.inactive.push(from.u8()? != 0);
            model.kept.push(from.u32()?);
        }
        for number in 0..from.len(8)? {
            model.role_numbers.insert(from.text()?, number as u16);
        }
        if model
            .roles
            .iter()
            .any(|&role| usize::from(role) >= model.role_numbers.len())
        {
            return None;
        }
        model.departments = ContextTable::read(&mut from)?;
        model.role_weights = ContextTable::read(&mut from)?;
        for _ in 0..from.len(16)? {
            let key = from.u64()?;
            let list = (0..from.len(6)?)
                .map(|_| Some((from.u16()?, from.f32()?)))
                .collect::<Option<Vec<_>>>()?;
            model.homes.insert(key, list);
        }
        model.texts = Linear::read(&mut from)?;
        model.mixer = Mixer::read(&mut from, contexts::COUNT)?;
        model.confidence = Confidence::read(&mut from)?;
        model.calibration = Calibrations::read(&mut from)?;
        model.archive = Archive::read(&mut from)?;
        from.is_empty().then_some(model)
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
    fn rehearse<'a>(&mut self, texts: impl Iterator<Item = (&'a Case, &'a str)>) {
        let classes = self.codes.len();
        let mut lessons: Vec<(Vec<linear::Feature>, u16, Vec<f32>)> = texts
            .filter_map(|(case, department)| {
                let number = *self.numbers.get(department)?;
                Some((
                    self.texts.features(&linear::terms(case)),
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
        let entries: Vec<(usize, &Entry)> = contexts
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
        let records = [contexts[1], contexts[8], contexts[6]];
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
        for cell in everything.iter().flat_map(|entry| &entry.cells) {
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

    /// The first suggestion, and what the trust in it rests on.
    fn signs(&self, judgement: &Judgement) -> Option<(u16, Signs)> {
        let (mut first, mut second) = (None, 0.0_f32);
        for (at, (&share, &inactive)) in judgement.shares.iter().zip(&self.inactive).enumerate() {
            match first {
                _ if inactive => {}
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

    /// The best classes by share; ties in the order they were first met.
    fn ranked(&self, shares: &[f32], most: usize) -> Vec<(u16, f32)> {
        let mut ranked: Vec<(u16, f32)> = shares
            .iter()
            .enumerate()
            .filter(|&(at, _)| !self.inactive.get(at).copied().unwrap_or(false))
            .map(|(at, &share)| (at as u16, share))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(most);
        ranked
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
