//! The requester's side: number and code open what `domain::progress` lets through, and the rating.
//!
//! A wrong code and an unknown number look the same and cost the same. Start at [`Centre::track`].

use super::asking::{Asked, Past, ask};
use super::performing::{Order, perform_in, write_events};
use super::{Centre, NotDone};
use crate::domain::act::{Act, CallForm, CallOutcome, Rating};
use crate::domain::code::{BYTES, Code};
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use crate::domain::progress::{Known, Progress};
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::store::{Failure, Found, Loaded, Store, Tx};

/// Wrong codes for one number, and the seconds they are counted over, before even the right one is not looked at.
const TRIES: (u64, i64) = (20, 3600);

/// The longest number looked up; longer ones are nobody's.
const LONGEST: usize = 24;

/// What number and code lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tracked<T> {
    /// They belong together.
    Open(T),
    /// They do not, or there is no such number: which, is not told.
    Unknown,
    /// Too many wrong codes for this number: not looked at.
    TooMany,
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
        Ok(Self {
            store: Store::open(self.store.path(), self.store.access())?,
            rules: self.rules.clone(),
            operator: Operator::requester(),
            memory: super::learning::Memory::default(),
            casebook: super::casebook::Casebook::default(),
            limits: self.limits,
        })
    }

    /// The progress of the ticket that number and code belong to.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read, or a wrong code cannot be counted.
    pub fn track(
        &self,
        number: &str,
        code: &str,
        now: Instant,
    ) -> Result<Tracked<Progress>, Failure> {
        Ok(match self.opened(number, code, now)? {
            Tracked::Open(own) => Tracked::Open(progress(&self.store, &self.rules, &own)?),
            Tracked::Unknown => Tracked::Unknown,
            Tracked::TooMany => Tracked::TooMany,
        })
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
        let own = match self.opened(number, code, now)? {
            Tracked::Open(own) => own.ticket.no,
            Tracked::Unknown => return Ok(Tracked::Unknown),
            Tracked::TooMany => return Ok(Tracked::TooMany),
        };
        let rules = self.rules.clone();
        self.store
            .write(|tx| rate_in(tx, &rules, &own, rating, text, now))
            .map(Tracked::Open)
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

    /// The ticket that number and code belong to; anything else is counted.
    fn opened(&self, number: &str, code: &str, now: Instant) -> Result<Tracked<Loaded>, Failure> {
        let asked = number.trim();
        let found = match self.store.find(asked) {
            _ if asked.len() > LONGEST => None,
            Ok(Found::One(no)) => Some(no),
            Ok(Found::None | Found::Many(_)) => None,
            Err(failure) => return Err(failure),
        };
        let counted: String = found
            .clone()
            .unwrap_or_else(|| asked.chars().take(LONGEST).collect());
        let (most, within) = TRIES;
        if self.store.attempts(&counted, now.plus(-within))? >= most {
            return Ok(Tracked::TooMany);
        }
        // Compared in every case, so that a number that is not there takes as long.
        let wanted = self.store.code(&counted)?;
        let shown = Code::typed(code);
        let nobody = Code::of([0; BYTES]);
        let same = wanted
            .as_ref()
            .unwrap_or(&nobody)
            .is(shown.as_ref().unwrap_or(&nobody));
        if same && wanted.is_some() && shown.is_some() {
            return Ok(self
                .store
                .load(&counted)?
                .map_or(Tracked::Unknown, Tracked::Open));
        }
        self.store
            .write(|tx| tx.note_attempt(&counted, now, now.plus(-within)))?;
        Ok(Tracked::Unknown)
    }
}

/// What the requester of a ticket sees.
pub(super) fn progress(store: &Store, rules: &Rules, own: &Loaded) -> Result<Progress, Failure> {
    let ticket = &own.ticket;
    let ledger = store.ledger(&ticket.no)?;
    let zone = rules.editions.of(&ticket.edition, ticket.created_at).zone;
    let master = match &ticket.merged_into {
        Some(master) => store
            .load(master)?
            .map(|m| store.ledger(master).map(|ledger| (m, ledger)))
            .transpose()?,
        None => None,
    };
    Ok(Progress::of(
        Known {
            ticket,
            marks: own.marks,
            ledger: &ledger,
        },
        master.as_ref().map(|(m, ledger)| Known {
            ticket: &m.ticket,
            marks: m.marks,
            ledger,
        }),
        zone,
    ))
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
