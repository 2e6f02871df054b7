//! Requests from and for other systems: handed in once, given back with what may be known of them.
//!
//! Confidential requests and reports are nobody's but their sender's, and so is what was merged into one. The words, the
//! place and the requester go back only to the key that handed the request in.

use super::registering::register_in;
use super::tracking::progress;
use super::{Centre, NotDone};
use crate::domain::act::Registration;
use crate::domain::code::Code;
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::privacy::{Requester, Texts};
use crate::domain::progress::Progress;
use crate::domain::ticket::{Nature, Ticket};
use crate::store::{Failure, Loaded, Tx};

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

    /// A page of requests, newest first; `mine` is the name of the key that asks.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn publish(&self, wanted: &Wanted, mine: Option<&str>) -> Result<Vec<Published>, Failure> {
        let numbers = self.store.public_numbers(wanted, mine)?;
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        self.published(&numbers, mine)
    }

    /// The requests of these whole numbers that may be known to this key; the others are left out.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn published(
        &self,
        numbers: &[&str],
        mine: Option<&str>,
    ) -> Result<Vec<Published>, Failure> {
        let mut all = Vec::new();
        for no in numbers {
            let Some(loaded) = self.store.load(no)? else {
                continue;
            };
            let own = mine.is_some_and(|key| is_of(&loaded.ticket, key));
            if own || !self.is_hidden(&loaded.ticket)? {
                all.push(self.publish_one(loaded, own)?);
            }
        }
        Ok(all)
    }

    /// Whether the world may not know of it: what it shows since it was merged is the other's.
    fn is_hidden(&self, ticket: &Ticket) -> Result<bool, Failure> {
        let master = match &ticket.merged_into {
            Some(master) => self.store.load(master)?,
            None => None,
        };
        Ok(is_secret(ticket) || master.is_some_and(|master| is_secret(&master.ticket)))
    }

    fn publish_one(&self, loaded: Loaded, own: bool) -> Result<Published, Failure> {
        let texts = if own {
            self.store.texts(&loaded.ticket.no)?.map(|texts| Texts {
                requester: Requester::default(),
                ..texts
            })
        } else {
            None
        };
        Ok(Published {
            progress: progress(&self.store, &self.rules, &loaded)?,
            ticket: loaded.ticket,
            texts,
        })
    }
}

fn is_secret(ticket: &Ticket) -> bool {
    ticket.confidential || ticket.nature == Some(Nature::Report)
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
