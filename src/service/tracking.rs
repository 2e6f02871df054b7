//! The requester's side: number and code open what `domain::progress` lets through, and the rating.
//!
//! A wrong code and an unknown number look the same, cost the same and are counted the same. The door looks without writing
//! ([`Centre::look`]) and stores what was wrong afterwards ([`Centre::store_tries`]), so that no reader waits for the
//! store's lock. Start at [`Centre::track`].

use super::asking::{Asked, Past, ask};
use super::performing::{Order, perform_in, write_events};
use super::{Centre, NotDone};
use crate::domain::act::{Act, CallForm, CallOutcome, Rating};
use crate::domain::code::{BYTES, Code};
use crate::domain::event::Entry;
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use crate::domain::privacy::narrow;
use crate::domain::progress::{Known, Progress};
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::store::{Failure, Found, Loaded, Store, Tx};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Wrong codes for one number, and the seconds they are counted over, before even the right one is not looked at.
const TRIES: (u64, i64) = (20, 3600);

/// The longest number looked up; longer ones are nobody's.
const LONGEST: usize = 24;
/// The fewest digits of a whole number: a day and four more.
const DIGITS: usize = 12;
/// Digits of the day in a number.
const DAY: usize = 8;
/// Numbers whose wrong codes wait in memory to be stored; when there are more, no code is looked at.
const WAITING: usize = 10_000;

/// What number and code lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tracked<T> {
    /// They belong together.
    Open(T),
    /// They do not, or there is no such number: which, is not told.
    Unknown,
    /// Too many wrong codes for this number: not looked at until that moment.
    TooMany(Instant),
}

impl<T> Tracked<T> {
    /// What an open one is made into.
    pub fn map<U>(self, into: impl FnOnce(T) -> U) -> Tracked<U> {
        match self {
            Self::Open(own) => Tracked::Open(into(own)),
            Self::Unknown => Tracked::Unknown,
            Self::TooMany(until) => Tracked::TooMany(until),
        }
    }
}

/// Codes that are being looked at, and wrong ones that are not stored yet, by number: shared by all who look at once, so
/// that a burst gets no further than as many tries in a row.
#[derive(Debug, Default)]
pub struct Tries(Mutex<HashMap<String, Tried>>);

#[derive(Clone, Copy, Debug, Default)]
struct Tried {
    looking: u64,
    wrong: u64,
}

impl Tries {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Tried>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a try before it is looked at; how many there are besides. Nothing when too many numbers wait.
    fn begin(&self, no: &str) -> Option<u64> {
        let mut all = self.all();
        if all.len() >= WAITING && !all.contains_key(no) {
            return None;
        }
        let tried = all.entry(no.to_owned()).or_default();
        let before = tried.looking + tried.wrong;
        tried.looking += 1;
        Some(before)
    }

    /// A try has been looked at.
    fn end(&self, no: &str, wrong: bool) {
        let mut all = self.all();
        if let Some(tried) = all.get_mut(no) {
            tried.looking = tried.looking.saturating_sub(1);
            tried.wrong += u64::from(wrong);
            if tried.looking + tried.wrong == 0 {
                all.remove(no);
            }
        }
    }

    fn to_be_stored(&self) -> Vec<(String, u64)> {
        let all = self.all();
        let wrong = all.iter().filter(|(_, tried)| tried.wrong > 0);
        wrong.map(|(no, tried)| (no.clone(), tried.wrong)).collect()
    }

    fn stored(&self, these: &[(String, u64)]) {
        let mut all = self.all();
        for (no, n) in these {
            if let Some(tried) = all.get_mut(no) {
                tried.wrong = tried.wrong.saturating_sub(*n);
                if tried.looking + tried.wrong == 0 {
                    all.remove(no);
                }
            }
        }
    }
}

impl Centre {
    /// The same store for those who come through the citizen's door, on a connection of its own.
    ///
    /// # Errors
    /// [`NotDone::Refused`] when this operator may not act any more; [`NotDone::Failed`] when it cannot be opened.
    pub fn for_requesters(&self) -> Result<Self, NotDone> {
        if !self.operator.active {
            return Err(Refusal::OperatorInactive.into());
        }
        let store = Store::open(self.store.path(), self.store.access())?;
        Ok(Self {
            limits: self.limits,
            ..Self::new(store, self.shared_rules(), Operator::requester())
        })
    }

    /// The progress of the ticket that number and code belong to, for whoever has the store itself: the number may be
    /// shortened to an ending that is unique.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read, or a wrong code cannot be counted.
    pub fn track(
        &self,
        number: &str,
        code: &str,
        now: Instant,
    ) -> Result<Tracked<Progress>, Failure> {
        let asked = number.trim();
        let whole = match self.store.find(asked)? {
            _ if asked.len() > LONGEST => None,
            Found::One(no) => Some(no),
            Found::None | Found::Many(_) => None,
        };
        let tries = Tries::default();
        let found = self.look(whole.as_deref().unwrap_or(asked), code, &tries, now)?;
        self.store_tries(&tries, now)?;
        Ok(found)
    }

    /// The progress of the ticket that a whole number and a code belong to. Nothing is written: a wrong code is counted
    /// in `tries` until [`Centre::store_tries`].
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn look(
        &self,
        number: &str,
        code: &str,
        tries: &Tries,
        now: Instant,
    ) -> Result<Tracked<Progress>, Failure> {
        match self.opened(number, code, tries, now)? {
            Tracked::Open(own) => Ok(Tracked::Open(progress(&self.store, &self.rules, &own)?)),
            Tracked::Unknown => Ok(Tracked::Unknown),
            Tracked::TooMany(until) => Ok(Tracked::TooMany(until)),
        }
    }

    /// Stores the wrong codes that wait in memory, all in one transaction; when that fails, they go on waiting.
    ///
    /// # Errors
    /// [`Failure`] when they cannot be written.
    pub fn store_tries(&self, tries: &Tries, now: Instant) -> Result<(), Failure> {
        let these = tries.to_be_stored();
        if these.is_empty() {
            return Ok(());
        }
        self.store.write(|tx| {
            these
                .iter()
                .try_for_each(|(no, n)| tx.note_attempts(no, *n, now, now.plus(-TRIES.1)))
        })?;
        tries.stored(&these);
        Ok(())
    }

    /// Takes the requester's rating as the result of the call-back; a dissatisfied one means a redo.
    ///
    /// # Errors
    /// [`NotDone::Refused`] with the rule when there is nothing to rate; [`NotDone::Failed`] when it cannot be written.
    pub fn rate(
        &mut self,
        number: &str,
        code: &str,
        rating: Rating,
        text: &str,
        now: Instant,
    ) -> Result<Tracked<Progress>, NotDone> {
        match self.track(number, code, now)? {
            Tracked::Open(own) => self.rate_opened(&own.no, code, rating, text, now),
            shut => Ok(shut),
        }
    }

    /// Takes a rating of the ticket whose number and code have been looked at just before.
    ///
    /// # Errors
    /// As [`Centre::rate`].
    pub fn rate_opened(
        &mut self,
        no: &str,
        code: &str,
        rating: Rating,
        text: &str,
        now: Instant,
    ) -> Result<Tracked<Progress>, NotDone> {
        let rules = self.rules.clone();
        self.store.write(|tx| {
            // A fresh code may have ended this one meanwhile.
            let still = tx.code(no)?.zip(Code::typed(code));
            if !still.is_some_and(|(wanted, shown)| wanted.is(&shown)) {
                return Ok(Tracked::Unknown);
            }
            rate_in(tx, &rules, no, rating, text, now).map(Tracked::Open)
        })
    }

    /// The code of a ticket for somebody who asks at the desk: a look at personal data, for a reason that stands in the
    /// ledger. A ticket without a code gets one; `fresh` replaces the one it has.
    ///
    /// # Errors
    /// As [`Centre::perform`] of a reveal.
    pub fn code_of(
        &mut self,
        no: &str,
        reason: &str,
        fresh: bool,
        now: Instant,
    ) -> Result<Code, NotDone> {
        let (rules, operator) = (self.rules.clone(), self.operator.clone());
        let order = Order {
            no: no.to_owned(),
            version: None,
            act: Act::Reveal {
                text: reason.to_owned(),
            },
        };
        self.store.write(|tx| {
            perform_in(tx, &rules, &operator, &order, now)?;
            if !fresh && let Some(code) = tx.code(no)? {
                return Ok(code);
            }
            let loaded = tx.load(no)?.ok_or_else(|| NotDone::NotFound {
                asked: no.to_owned(),
            })?;
            Ok(tx.new_code(loaded.id)?)
        })
    }

    /// The ticket that number and code belong to. A number that is not there is looked at and counted like one that is.
    fn opened(
        &self,
        number: &str,
        code: &str,
        tries: &Tries,
        now: Instant,
    ) -> Result<Tracked<Loaded>, Failure> {
        let counted = whole(number);
        let Some(pending) = tries.begin(&counted) else {
            return Ok(Tracked::TooMany(now.plus(1)));
        };
        let looked = self.compared(&counted, code, pending, now);
        let is_wrong = matches!(looked, Ok(Tracked::Unknown));
        tries.end(&counted, is_wrong);
        looked
    }

    /// Compares a code, unless too many wrong ones were shown.
    fn compared(
        &self,
        no: &str,
        code: &str,
        pending: u64,
        now: Instant,
    ) -> Result<Tracked<Loaded>, Failure> {
        let (most, within) = TRIES;
        let stored = self.store.attempts(no, now.plus(-within))?;
        let failed = stored.map_or(0, |stored| stored.failed);
        if failed.saturating_add(pending) >= most {
            let since = stored.map_or(now, |stored| stored.since);
            return Ok(Tracked::TooMany(since.plus(within)));
        }
        // Compared in every case, so that a number that is not there takes as long.
        let wanted = self.store.code(no)?;
        let shown = Code::typed(code);
        let nobody = Code::of([0; BYTES]);
        let same = wanted
            .as_ref()
            .unwrap_or(&nobody)
            .is(shown.as_ref().unwrap_or(&nobody));
        if same && wanted.is_some() && shown.is_some() {
            let found = self.store.load(no)?;
            return Ok(found.map_or(Tracked::Unknown, Tracked::Open));
        }
        Ok(Tracked::Unknown)
    }
}

/// The number that is meant, however it is written: `２０１７０９２９ 0001` is `20170929-0001`. What is no whole number
/// stands for itself, cut to a length: it is nobody's, and counted like one.
fn whole(number: &str) -> String {
    let narrow = narrow(number);
    let text: String = narrow
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    let is_number =
        text.bytes().all(|byte| byte.is_ascii_digit()) && (DIGITS..LONGEST).contains(&text.len());
    if is_number && let Some((day, ordinal)) = text.split_at_checked(DAY) {
        return format!("{day}-{ordinal}");
    }
    narrow.trim().chars().take(LONGEST).collect()
}

/// What the requester of a ticket sees.
pub(super) fn progress(store: &Store, rules: &Rules, own: &Loaded) -> Result<Progress, Failure> {
    let ledger = store.ledger(&own.ticket.no)?;
    let master = match &own.ticket.merged_into {
        Some(master) => store
            .load(master)?
            .map(|m| store.ledger(master).map(|ledger| (m, ledger)))
            .transpose()?,
        None => None,
    };
    let theirs = master.as_ref().map(|(m, ledger)| (m, ledger.as_slice()));
    Ok(told(rules, own, &ledger, theirs))
}

/// The same, of what has been read already: the ticket's ledger, and the one it was merged into with its own.
pub(super) fn told(
    rules: &Rules,
    own: &Loaded,
    ledger: &[Entry],
    master: Option<(&Loaded, &[Entry])>,
) -> Progress {
    let ticket = &own.ticket;
    let zone = rules.editions.of(&ticket.edition, ticket.created_at).zone;
    Progress::of(
        Known {
            ticket,
            marks: own.marks,
            ledger,
        },
        master.map(|(m, ledger)| Known {
            ticket: &m.ticket,
            marks: m.marks,
            ledger,
        }),
        zone,
    )
}

/// Rates inside a transaction: on the ticket itself, or on the one it was merged into.
fn rate_in(
    tx: &Tx<'_>,
    rules: &Rules,
    own: &str,
    rating: Rating,
    text: &str,
    now: Instant,
) -> Result<Progress, NotDone> {
    let not_found = || NotDone::NotFound {
        asked: own.to_owned(),
    };
    let mine = tx.load(own)?.ok_or_else(not_found)?;
    let target = match &mine.ticket.merged_into {
        Some(master) => tx.load(master)?.ok_or_else(not_found)?,
        None => mine,
    };
    let act = Act::CallBack(CallForm {
        about: Some(own.to_owned()),
        outcome: CallOutcome::SelfRated,
        rating: Some(rating),
        text: text.to_owned(),
    });
    let requester = Operator::requester();
    let events = ask(&Asked {
        loaded: &target,
        past: &Past::default(),
        master: None,
        act: &act,
        rules,
        operator: &requester,
        now,
    })?;
    write_events(tx, rules, &requester.code, target, &events, now)?;
    let after = tx.load(own)?.ok_or_else(not_found)?;
    Ok(progress(tx, rules, &after)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_counted_as_one_however_it_is_written() {
        for text in [
            "20170929-0001",
            " 201709290001 ",
            "2017-0929-0001",
            "２０１７０９２９－０００１",
            "20170929 0001",
        ] {
            assert_eq!(whole(text), "20170929-0001", "{text}");
        }
        for text in ["0001", "", "nonsense", "2017092900", "20170929-000١"] {
            assert_eq!(whole(text), text);
        }
        assert_eq!(whole(&"7".repeat(100)).len(), LONGEST);
    }

    #[test]
    fn what_is_looked_at_and_what_waits_to_be_stored_both_count() {
        let tries = Tries::default();
        assert_eq!([tries.begin("1"), tries.begin("1")], [Some(0), Some(1)]);
        tries.end("1", true);
        assert_eq!(tries.begin("1"), Some(2));
        tries.end("1", false);
        tries.end("1", false);
        assert_eq!(tries.begin("1"), Some(1));
        tries.end("1", true);
        let these = tries.to_be_stored();
        assert_eq!(these, [("1".to_owned(), 2)]);
        tries.begin("1");
        tries.end("1", true);
        tries.stored(&these);
        assert_eq!(tries.to_be_stored(), [("1".to_owned(), 1)]);
        tries.stored(&[("1".to_owned(), 1)]);
        assert!(tries.all().is_empty());
    }
}
