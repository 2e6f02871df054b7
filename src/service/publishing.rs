//! Requests from and for other systems: handed in once, given back with what may be known of them.
//!
//! Confidential requests and reports are nobody's but their sender's, and so is what was merged into one. The words, the
//! place and the requester go back only to the key that handed the request in.

use super::registering::register_in;
use super::tracking::told;
use super::{Centre, NotDone};
use crate::domain::act::Registration;
use crate::domain::code::Code;
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::privacy::{Requester, Texts};
use crate::domain::progress::Progress;
use crate::domain::ticket::Ticket;
use crate::store::{Failure, Loaded, Tx};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

pub use crate::store::{OPEN311, Wanted};

/// What became of a request handed in.
#[derive(Clone, Debug)]
pub struct HandedIn {
    /// Its number.
    pub no: String,
    /// Its requester's code; nothing when it has been erased since.
    pub code: Option<Code>,
    /// It was handed in before: nothing was written.
    pub already: bool,
    /// What was handed in before under the same number said something else.
    pub differs: bool,
}

/// A request as the world may know it.
#[derive(Clone, Debug)]
pub struct Published {
    /// The ticket.
    pub ticket: Ticket,
    /// What its requester sees.
    pub progress: Progress,
    /// Its words, without the requester, for the key that handed it in.
    pub texts: Option<Texts>,
}

impl Centre {
    /// Registers a request; one with the same source and number of its own is the same request.
    ///
    /// # Errors
    /// [`NotDone::Failed`] when it cannot be written; nothing is half written.
    pub fn hand_in(
        &mut self,
        form: &Registration,
        texts: &Texts,
        now: Instant,
    ) -> Result<HandedIn, NotDone> {
        let (rules, by) = (self.rules.clone(), self.operator.code.clone());
        self.store.write(|tx| {
            let known = match &form.external_no {
                Some(own) => tx.by_external(&form.source, own)?,
                None => None,
            };
            let already = known.is_some();
            let (no, differs) = match known {
                Some(no) => {
                    let differs = differs(tx, &no, form, texts)?;
                    (no, differs)
                }
                None => (
                    register_in(tx, &rules, &by, form, texts, now)?.ticket.no,
                    false,
                ),
            };
            Ok(HandedIn {
                code: tx.code(&no)?,
                no,
                already,
                differs,
            })
        })
    }

    /// The number of a request by its source and the number it was handed in under.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn handed_in(&self, source: &str, external_no: &str) -> Result<Option<String>, Failure> {
        self.store.by_external(source, external_no)
    }

    /// Asks something that only looks and breaks it off when it has taken so long; it fails then.
    ///
    /// # Errors
    /// What the question fails with; [`Failure`] when it took too long.
    pub fn within<T, E: From<Failure>>(
        &mut self,
        limit: Duration,
        question: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.set_patience(Some(limit))?;
        let answer = question(self);
        self.store.set_patience(None)?;
        answer
    }

    /// A page of requests, newest first; `mine` is the name of the key that asks.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn publish(&self, wanted: &Wanted, mine: Option<&str>) -> Result<Vec<Published>, Failure> {
        let numbers = self.store.public_numbers(wanted, mine)?;
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        self.published(&numbers, mine)
    }

    /// The requests of these whole numbers that may be known to this key; the others are left out. As many questions
    /// are asked however many they are.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn published(
        &self,
        numbers: &[&str],
        mine: Option<&str>,
    ) -> Result<Vec<Published>, Failure> {
        // A number that is asked for twice is one request.
        let mut seen = HashSet::new();
        let numbers: Vec<&str> = numbers
            .iter()
            .copied()
            .filter(|no| seen.insert(*no))
            .collect();
        let found = self.store.load_all(&numbers)?;
        let masters: Vec<&str> = found
            .iter()
            .filter_map(|one| one.ticket.merged_into.as_deref())
            .collect();
        // What it shows since it was merged is the other's.
        let masters: HashMap<String, Loaded> = if masters.is_empty() {
            HashMap::new()
        } else {
            let all = self.store.load_all(&masters)?.into_iter();
            all.map(|one| (one.ticket.no.clone(), one)).collect()
        };
        let master = |ticket: &Ticket| masters.get(ticket.merged_into.as_ref()?);
        let is_own = |ticket: &Ticket| mine.is_some_and(|key| is_of(ticket, key));
        let is_shown = |ticket: &Ticket| {
            let theirs = master(ticket).is_some_and(|one| one.ticket.hides_requester());
            is_own(ticket) || !ticket.hides_requester() && !theirs
        };
        let shown: Vec<Loaded> = found
            .into_iter()
            .filter(|one| is_shown(&one.ticket))
            .collect();
        let mut ids: Vec<i64> = shown.iter().map(|one| one.id).collect();
        ids.extend(shown.iter().filter_map(|one| Some(master(&one.ticket)?.id)));
        ids.sort_unstable();
        ids.dedup();
        let ledgers = self.store.ledgers(&ids)?;
        let ledger = |one: &Loaded| ledgers.get(&one.id).map_or(&[][..], Vec::as_slice);
        shown
            .into_iter()
            .map(|one| {
                let theirs = master(&one.ticket).map(|master| (master, ledger(master)));
                Ok(Published {
                    progress: told(&self.rules, &one, ledger(&one), theirs),
                    texts: if is_own(&one.ticket) {
                        self.own_texts(&one.ticket.no)?
                    } else {
                        None
                    },
                    ticket: one.ticket,
                })
            })
            .collect()
    }

    /// The words of a request without its requester.
    fn own_texts(&self, no: &str) -> Result<Option<Texts>, Failure> {
        Ok(self.store.texts(no)?.map(|texts| Texts {
            requester: Requester::default(),
            ..texts
        }))
    }
}

/// Whether a key of this name handed it in: what came in by any other way is no key's, whatever its channel is called.
fn is_of(ticket: &Ticket, key: &str) -> bool {
    ticket.source == OPEN311 && ticket.channel == key
}

/// Whether a request that is there was handed in as something else. What was erased since cannot be compared.
fn differs(tx: &Tx<'_>, no: &str, form: &Registration, texts: &Texts) -> Result<bool, Failure> {
    let ledger = tx.ledger(no)?;
    let first = ledger.iter().find_map(|entry| match &entry.event {
        Event::Registered(first) => Some(first),
        _ => None,
    });
    let facts = first.is_some_and(|first| {
        first.nature != form.nature
            || first.category != form.category
            || first.street != form.street
            || first.community != form.community
            || first.confidential != form.confidential
    });
    // A title may have been made up in the language of the asking.
    let words = tx.texts(no)?.is_some_and(|known| {
        known.content != texts.content
            || known.address != texts.address
            || known.requester != texts.requester
            || known.raw != texts.raw
    });
    Ok(facts || words)
}
