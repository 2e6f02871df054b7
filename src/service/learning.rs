//! The desk's memory: the suggestion model, kept up with the ledger and stored beside it.
//!
//! The model learns in the ledger's order, whoever wrote it, so every desk comes to the same suggestions.
//! A snapshot in the store spares a start from learning everything again; the one before it is kept too, so that a dispatch
//! that is recalled after it went into the snapshot can still be left out as if it had never been.

use super::Centre;
use crate::domain::department::Directory;
use crate::domain::instant::Instant;
use crate::domain::rules::Rules;
use crate::insight::suggest::NEWEST_TEXTS;
use crate::insight::{Case, Ending, Model, Params};
use crate::store::{Failure, Lesson, Lessons, Past, Store, Teaching};

use std::io;
use std::sync::Arc;

/// The name of the model's snapshot in the store.
const SNAPSHOT: &str = "suggest";
/// The snapshot before it.
const BEFORE: &str = "suggest_before";
/// Where there is none before it, so many lessons are learned again from nothing; of more the recalled one is unlearned.
const LEARNED_AGAIN: u64 = 5_000;
/// The snapshot is written again after so many lessons, learned or recalled.
const SNAPSHOT_EVERY: u64 = 500;
/// The snapshot is written again after so many entries of the ledger, whether they taught or not: a process that starts
/// reads what came after it.
const SNAPSHOT_EVERY_ENTRIES: i64 = 10_000;
/// Who begins to learn begins with the newest so many lessons: what older ones taught has faded, however many there are.
const MOST: usize = 1_000_000;
/// Lessons from long ago that are read at a time; the newest ones are read together.
const FROM_LONG_AGO: usize = 2_000;
/// From so many waiting lessons on, texts are gone through several times, and a [`Learner`] is asked.
const WHOLE_HISTORY: usize = 1_000;

/// Has another process learn what the store teaches and keep it there; comes back when that is done, with whether it was.
///
/// What learning takes of memory a process does not give back: a console that is open all day would hold it all day.
pub type Learner = Arc<dyn Fn() -> bool + Send + Sync>;

/// What this process has learned so far.
#[derive(Default)]
pub(super) struct Memory {
    model: Option<Model>,
    learned_to: i64,
    since_snapshot: Unkept,
}

/// What the snapshot in the store does not hold yet.
#[derive(Clone, Copy, Default)]
struct Unkept {
    lessons: u64,
    entries: i64,
}

impl Unkept {
    fn is_much(self) -> bool {
        self.lessons >= SNAPSHOT_EVERY || self.entries >= SNAPSHOT_EVERY_ENTRIES
    }
}

impl Centre {
    /// The model, up to the ledger's last entry.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub(super) fn model(&mut self, now: Instant) -> Result<&Model, Failure> {
        let Memory {
            model,
            mut learned_to,
            mut since_snapshot,
        } = std::mem::take(&mut self.memory);
        let (mut known, mut base) = match model {
            Some(model) => (model, Base::Memory),
            None => (self.snapshot(None, &mut learned_to, now)?, Base::Snapshot),
        };
        if self.has_learned_beside(learned_to)? {
            known = self.snapshot(Some(known), &mut learned_to, now)?;
            since_snapshot = Unkept::default();
            base = Base::Snapshot;
        }
        if learned_to == 0 {
            learned_to = self.store.before_newest_lessons(MOST)?;
        }
        let newest = if self.store.has_lessons(learned_to, NEWEST_TEXTS)? {
            self.store.before_newest_lessons(NEWEST_TEXTS)?
        } else {
            0
        };
        loop {
            let long_ago = learned_to < newest;
            let (upto, most) = if long_ago {
                (newest, FROM_LONG_AGO)
            } else {
                (i64::MAX, NEWEST_TEXTS + 1)
            };
            let Lessons {
                list: lessons,
                read,
                read_to,
                all,
            } = self.store.lessons(learned_to, upto, most)?;
            // What a slip of the hand taught is forgotten whole: from a snapshot on that does not hold it, without it.
            if base == Base::Memory && has_recalled(&lessons) {
                known = self.snapshot(Some(known), &mut learned_to, now)?;
                since_snapshot = Unkept::default();
                base = Base::Snapshot;
                continue;
            }
            if base == Base::Snapshot && has_recalled(&lessons) {
                (known, base) = self.older(known, &mut learned_to, now)?;
                since_snapshot = Unkept::default();
                continue;
            }
            // With what was left out: it would be read again with the next recall.
            since_snapshot.lessons += read;
            since_snapshot.entries += read_to - learned_to;
            learned_to = read_to;
            learn(&mut known, lessons, long_ago);
            if all {
                break;
            }
        }
        if (since_snapshot.is_much() || base == Base::Older) && !self.is_read_only() {
            self.keep(&known, learned_to, base)?;
            since_snapshot = Unkept::default();
        }
        self.memory = Memory {
            model: None,
            learned_to,
            since_snapshot,
        };
        Ok(self.memory.model.insert(known))
    }

    /// Learns all that the ledger teaches and keeps it in the store. How many tickets were learned from.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read or written.
    pub fn learn(&mut self, now: Instant) -> Result<u64, Failure> {
        // Who may not write is told before the work, not after it.
        self.store.write(|_| Ok::<_, Failure>(()))?;
        let learned = self.model(now)?.learned();
        if let Some(model) = &self.memory.model
            && self.memory.since_snapshot.entries > 0
        {
            self.keep(model, self.memory.learned_to, Base::Memory)?;
            self.memory.since_snapshot = Unkept::default();
        }
        Ok(learned)
    }

    /// From now on this learner is asked where much is to be learned.
    pub fn learns_beside(&mut self, learner: Learner) {
        self.learner = Some(learner);
    }

    /// Has what comes after `learned_to` learned by another process, where it is much; whether that was done.
    fn has_learned_beside(&self, learned_to: i64) -> Result<bool, Failure> {
        let Some(learner) = &self.learner else {
            return Ok(false);
        };
        if self.is_read_only() || !self.store.has_lessons(learned_to, WHOLE_HISTORY)? {
            return Ok(false);
        }
        Ok(learner())
    }
}

/// What a model was learned further from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Base {
    /// The model this process has.
    Memory,
    /// The snapshot.
    Snapshot,
    /// The snapshot before it, or nothing: the snapshot holds what was recalled.
    Older,
    /// The snapshot, with none before it: what was recalled is unlearned.
    Newest,
}

impl Centre {
    /// The model that is stored, or one that knows nothing yet, and in `learned_to` how far it had learned.
    ///
    /// It takes the place of `instead_of`: a model of a large store is most of the memory a console has.
    fn snapshot(
        &self,
        instead_of: Option<Model>,
        learned_to: &mut i64,
        now: Instant,
    ) -> Result<Model, Failure> {
        let params = params(&self.rules, now);
        let (model, to) = stored(&self.store, SNAPSHOT, params, instead_of)?
            .unwrap_or_else(|| (fresh(&self.rules.directory, params), 0));
        *learned_to = to;
        Ok(model)
    }

    /// The model before the snapshot `known`, in whose place it is read, and in `learned_to` how far it had learned.
    ///
    /// Where there is none that is not too far back it is the snapshot once more.
    fn older(
        &self,
        known: Model,
        learned_to: &mut i64,
        now: Instant,
    ) -> Result<(Model, Base), Failure> {
        let params = params(&self.rules, now);
        let little = known.learned() <= LEARNED_AGAIN;
        if let Some((older, to)) = stored(&self.store, BEFORE, params, Some(known))? {
            *learned_to = to;
            return Ok((older, Base::Older));
        }
        if little {
            *learned_to = 0;
            return Ok((fresh(&self.rules.directory, params), Base::Older));
        }
        Ok((self.snapshot(None, learned_to, now)?, Base::Newest))
    }

    /// Writes the snapshot. The one there becomes the one before, unless it holds what was recalled, or another desk has
    /// just written it.
    fn keep(&self, known: &Model, learned_to: i64, base: Base) -> Result<(), Failure> {
        // Written twice, the first time only to know its length: the store wants that before.
        let mut length = Counted::default();
        known.write_to(&mut length).map_err(Failure::from)?;
        self.store.write(|tx| {
            let there = tx.read_blob(SNAPSHOT, |source, _| learned_by(source))?;
            let is_old = there
                .flatten()
                .is_some_and(|to| to <= learned_to - SNAPSHOT_EVERY as i64);
            if base != Base::Older && is_old {
                tx.copy_blob(SNAPSHOT, BEFORE)?;
            }
            tx.put_blob(SNAPSHOT, 8 + length.0, |sink| {
                sink.write_all(&learned_to.to_be_bytes())?;
                known.write_to(sink)
            })
        })
    }
}

/// Counts bytes and keeps none.
#[derive(Default)]
struct Counted(usize);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How far a snapshot had learned: its first eight bytes.
fn learned_by(source: &mut dyn io::Read) -> Option<i64> {
    let mut start = [0; 8];
    source.read_exact(&mut start).ok()?;
    Some(i64::from_be_bytes(start))
}

fn has_recalled(lessons: &[Lesson]) -> bool {
    lessons.iter().any(|l| l.teaching == Teaching::Recalled)
}

fn params(rules: &Rules, now: Instant) -> Params {
    let policy = rules.editions.at(now);
    Params {
        prefill_precision: policy.prefill_precision.value,
        utc_offset: i64::from(policy.zone.civil(now).offset().local_minus_utc()),
        ..Params::default()
    }
}

/// A snapshot and how far it had learned; nothing where there is none, or one of another version.
fn stored(
    store: &Store,
    name: &str,
    params: Params,
    instead_of: Option<Model>,
) -> Result<Option<(Model, i64)>, Failure> {
    let found = store.read_blob(name, |source, length| {
        let to = learned_by(source)?;
        Some((
            Model::read_from(source, length.checked_sub(8)?, params, instead_of)?,
            to,
        ))
    })?;
    Ok(found.flatten())
}

/// A model that knows the directory and no ticket.
pub(super) fn fresh(directory: &Directory, params: Params) -> Model {
    let mut model = Model::new(params);
    for department in directory.departments() {
        model.name_department(&department.code, &department.name);
        model.set_active(&department.code, department.active);
    }
    model
}

/// A model to judge the store's own history with.
pub(super) fn blank(rules: &Rules, now: Instant) -> Model {
    fresh(&rules.directory, params(rules, now))
}

/// Learns lessons in their order; of those from long ago, which enough others follow, only the fields.
fn learn(model: &mut Model, lessons: Vec<Lesson>, from_long_ago: bool) {
    let all_kept = lessons.iter().all(|l| match l.teaching {
        Teaching::Dispatched | Teaching::Ruled => true,
        Teaching::Recalled | Teaching::Returned => false,
    });
    let cases = lessons.into_iter().map(taught);
    if all_kept && from_long_ago {
        for (case, lead, teaching) in cases {
            model.learn_fields(&case, &lead, ending(teaching));
        }
    } else if all_kept && cases.len() >= WHOLE_HISTORY {
        model.learn_all(cases.map(|(case, lead, teaching)| (case, lead, ending(teaching))));
    } else {
        for (case, lead, teaching) in cases {
            match teaching {
                Teaching::Dispatched | Teaching::Ruled => {
                    model.learn(&case, &lead, ending(teaching));
                }
                Teaching::Recalled => model.unlearn(&case, &lead),
                Teaching::Returned => {
                    model.unlearn(&case, &lead);
                    model.learn(&case, &lead, Ending::Returned);
                }
            }
        }
    }
}

fn ending(teaching: Teaching) -> Ending {
    match teaching {
        Teaching::Dispatched | Teaching::Recalled => Ending::Kept,
        Teaching::Returned => Ending::Returned,
        Teaching::Ruled => Ending::Ruled,
    }
}

/// An entry of the ledger as the model sees it, the department it is about, and what it teaches.
fn taught(lesson: Lesson) -> (Case, String, Teaching) {
    let (known, lead) = past_case(lesson.past);
    let case = Case {
        requester: words(lesson.phone),
        address: words(lesson.address),
        ..known
    };
    (case, lead, lesson.teaching)
}

/// A dispatched ticket as the model sees it, and its department.
pub(super) fn past_case(past: Past) -> (Case, String) {
    let case = Case {
        title: own_title(past.title, &past.category),
        content: words(past.content),
        source: words(past.source),
        no: past.no,
        category: past.category,
        street: past.street,
        community: past.community,
        nature: past.nature,
        created_at: Some(past.created_at.0),
        requester: None,
        address: None,
    };
    (case, past.lead)
}

/// A title that says more than the category: a file without words gives its tickets their category's name.
pub(super) fn own_title(title: impl Into<String>, category: &[String]) -> Option<String> {
    words(title).filter(|t| !category.contains(t))
}

/// A text that says something.
pub(super) fn words(text: impl Into<String>) -> Option<String> {
    Some(text.into()).filter(|t| !t.trim().is_empty())
}
