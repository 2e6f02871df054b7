//! Requests from and for other systems: handed in once, given back with what may be known of them.
//!
//! Confidential requests and reports are nobody's but their sender's. The words, the place and the requester go back only
//! to the channel that handed the request in.

use super::registering::register_in;
use super::tracking::progress;
use super::{Centre, NotDone};
use crate::domain::act::Registration;
use crate::domain::code::Code;
use crate::domain::instant::Instant;
use crate::domain::privacy::{Requester, Texts};
use crate::domain::progress::Progress;
use crate::domain::ticket::{Nature, Ticket};
use crate::store::{Failure, Loaded};

pub use crate::store::Wanted;

/// What became of a request handed in.
#[derive(Clone, Debug)]
pub struct HandedIn {
    /// Its number.
    pub no: String,
    /// Its requester's code; nothing when it has been erased since.
    pub code: Option<Code>,
    /// It was handed in before: nothing was written.
    pub already: bool,
}

/// A request as the world may know it.
#[derive(Clone, Debug)]
pub struct Published {
    /// The ticket.
    pub ticket: Ticket,
    /// What its requester sees.
    pub progress: Progress,
    /// Its words, without the requester, for the channel that handed it in.
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
            let no = match known {
                Some(no) => no,
                None => register_in(tx, &rules, &by, form, texts, now)?.ticket.no,
            };
            Ok(HandedIn {
                code: tx.code(&no)?,
                no,
                already,
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

    /// A page of requests, newest first; `mine` is the channel that asks.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn publish(&self, wanted: &Wanted, mine: Option<&str>) -> Result<Vec<Published>, Failure> {
        let numbers = self.store.public_numbers(wanted, mine)?;
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        self.published(&numbers, mine)
    }

    /// The requests of these whole numbers that may be known to this channel; the others are left out.
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
            let own = mine.is_some_and(|channel| loaded.ticket.channel == channel);
            if own || !is_hidden(&loaded) {
                all.push(self.publish_one(loaded, own)?);
            }
        }
        Ok(all)
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

fn is_hidden(loaded: &Loaded) -> bool {
    loaded.ticket.confidential || loaded.ticket.nature == Some(Nature::Report)
}
