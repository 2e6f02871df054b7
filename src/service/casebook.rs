//! The case library 案例库: typical tickets, taken in by a person, and every ruling; found by likeness, cited in replies.
//!
//! The ledger is the library: what was kept, dropped and ruled is read from it once and then kept up.

use super::suggesting::case;
use super::{Centre, NotDone};
use crate::domain::event::{Entry, Event};
use crate::domain::precedent::{Precedent, PrecedentKind};
use crate::insight::Case;
use crate::insight::precedents::{Sketch, likeness};
use crate::store::Failure;
use std::collections::BTreeMap;

/// The most precedents shown with a ticket.
pub const MOST: usize = 5;

/// The library as far as the ledger was read.
#[derive(Default)]
pub(super) struct Casebook {
    read_to: i64,
    kept: BTreeMap<(String, PrecedentKind), Kept>,
}

/// A precedent with what is compared of it.
struct Kept {
    precedent: Precedent,
    assisting: Vec<String>,
    sketch: Sketch,
}

impl Centre {
    /// Every precedent, the newest first; with a tag, those that bear it.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn precedents(&mut self, tag: Option<&str>) -> Result<Vec<Precedent>, Failure> {
        self.read_casebook()?;
        let mut all: Vec<Precedent> = self
            .casebook
            .kept
            .values()
            .filter(|kept| tag.is_none_or(|tag| kept.precedent.tags.iter().any(|t| t == tag)))
            .map(|kept| self.shown(kept, None))
            .collect();
        all.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| b.no.cmp(&a.no)));
        Ok(all)
    }

    /// The precedents most like a case that need not be a ticket yet, best first.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn precedents_like(&mut self, asked: &Case) -> Result<Vec<Precedent>, Failure> {
        self.read_casebook()?;
        let sketch = Sketch::of(asked, "");
        let mut ranked: Vec<(f64, &Kept)> = self
            .casebook
            .kept
            .values()
            .filter(|kept| kept.precedent.no != asked.no)
            .filter_map(|kept| Some((likeness(&sketch, &kept.sketch, &kept.precedent.tags)?, kept)))
            .collect();
        ranked.sort_by(|a, b| {
            b.0.total_cmp(&a.0)
                .then_with(|| b.1.precedent.no.cmp(&a.1.precedent.no))
        });
        ranked.truncate(MOST);
        Ok(ranked
            .into_iter()
            .map(|(score, kept)| self.shown(kept, Some(score)))
            .collect())
    }

    /// The precedents most like a ticket, best first.
    ///
    /// # Errors
    /// Not found, or the store cannot be read.
    pub fn precedents_for(&mut self, no: &str) -> Result<Vec<Precedent>, NotDone> {
        let asked = self.case_of(no)?;
        Ok(self.precedents_like(&asked)?)
    }

    /// What a ticket stands for in the library, if it does.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn precedents_of(&mut self, no: &str) -> Result<Vec<Precedent>, Failure> {
        self.read_casebook()?;
        Ok(self
            .casebook
            .kept
            .values()
            .filter(|kept| kept.precedent.no == no)
            .map(|kept| self.shown(kept, None))
            .collect())
    }

    /// A precedent as the operator may see it: the gist is everybody's, the citizen's words are not.
    fn shown(&self, kept: &Kept, score: Option<f64>) -> Precedent {
        let sees = self
            .operator
            .sees(kept.precedent.lead.as_deref(), &kept.assisting);
        Precedent {
            title: kept.precedent.title.clone().filter(|_| sees),
            percent: score.map(|score| (score * 100.0).round() as u8),
            ..kept.precedent.clone()
        }
    }

    fn read_casebook(&mut self) -> Result<(), Failure> {
        for entry in self.store.precedents_after(self.casebook.read_to)? {
            self.casebook.read_to = entry.seq;
            self.take_up(entry)?;
        }
        Ok(())
    }

    fn take_up(&mut self, entry: Entry) -> Result<(), Failure> {
        let (kind, gist, tags) = match entry.event {
            Event::CaseKept { text, tags } => (PrecedentKind::Case, text, tags),
            Event::Ruled(order) => (PrecedentKind::Ruling, order.text, Vec::new()),
            Event::CaseDropped => {
                self.casebook.kept.remove(&(entry.no, PrecedentKind::Case));
                return Ok(());
            }
            _ => return Ok(()),
        };
        let Some(loaded) = self.store.load(&entry.no)? else {
            return Ok(());
        };
        let texts = self.store.texts(&entry.no)?.unwrap_or_default();
        let sketch = Sketch::of(&case(&loaded.ticket, &texts), &gist);
        let ticket = loaded.ticket;
        let precedent = Precedent {
            no: entry.no.clone(),
            kind,
            at: entry.at,
            gist,
            tags,
            category: ticket.category,
            lead: ticket.lead,
            title: Some(texts.title).filter(|title| !title.is_empty()),
            percent: None,
        };
        let kept = Kept {
            precedent,
            assisting: ticket.assisting,
            sketch,
        };
        self.casebook.kept.insert((entry.no, kind), kept);
        Ok(())
    }
}
