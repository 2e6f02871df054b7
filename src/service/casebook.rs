//! The case library 案例库: typical tickets, taken in by a person, and every ruling; found by likeness, cited in replies.
//!
//! The ledger is the library: what was kept, dropped and ruled is read from it once and then kept up.

use super::suggesting::case;
use super::{Centre, NotDone};
use crate::domain::event::{Entry, Event};
use crate::domain::precedent::{Precedent, PrecedentKind};
use crate::insight::Case;
use crate::insight::precedents::{Sketch, likeness};
use crate::store::{Failure, Loaded};
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
    no: String,
    precedent: Precedent,
    sketch: Sketch,
}

impl Centre {
    /// Every precedent, the newest first; with a tag, those that bear it.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn precedents(&mut self, tag: Option<&str>) -> Result<Vec<Precedent>, Failure> {
        self.read_casebook()?;
        let mut all: Vec<&Kept> = self
            .casebook
            .kept
            .values()
            .filter(|kept| tag.is_none_or(|tag| kept.precedent.tags.iter().any(|t| t == tag)))
            .collect();
        all.sort_by(|a, b| {
            let newest = b.precedent.at.cmp(&a.precedent.at);
            newest.then_with(|| b.no.cmp(&a.no))
        });
        self.shown(all.into_iter().map(|kept| (None, kept)), usize::MAX)
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
            .filter(|kept| kept.no != asked.no)
            .filter_map(|kept| Some((likeness(&sketch, &kept.sketch, &kept.precedent.tags)?, kept)))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| b.1.no.cmp(&a.1.no)));
        let best = ranked.into_iter().map(|(score, kept)| (Some(score), kept));
        self.shown(best, MOST)
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
        let kept = self.casebook.kept.values().filter(|kept| kept.no == no);
        self.shown(kept.map(|kept| (None, kept)), usize::MAX)
    }

    /// The first `most` precedents as the operator may see them: what one teaches is everybody's; which ticket it was, and
    /// the citizen's words, are for those who may see the ticket, and a confidential one is theirs altogether.
    fn shown<'a>(
        &self,
        list: impl Iterator<Item = (Option<f64>, &'a Kept)>,
        most: usize,
    ) -> Result<Vec<Precedent>, Failure> {
        let mut shown = Vec::new();
        for (score, kept) in list {
            if shown.len() == most {
                break;
            }
            let mut precedent = kept.precedent.clone();
            precedent.percent = score.map(|score| (score * 100.0).round() as u8);
            if !self.operator.roles.sees_all() {
                // As the ticket is now: it may have gone to another department, or become confidential.
                let Some(Loaded { ticket, .. }) = self.store.load(&kept.no)? else {
                    continue;
                };
                if !self.operator.sees_ticket(&ticket) {
                    if ticket.confidential {
                        continue;
                    }
                    precedent.no = None;
                    precedent.title = None;
                }
            }
            shown.push(precedent);
        }
        Ok(shown)
    }

    fn read_casebook(&mut self) -> Result<(), Failure> {
        let entries = self.store.precedents_after(self.casebook.read_to)?;
        self.omitted.extend(entries.unread);
        for entry in entries.readable {
            self.casebook.read_to = entry.seq;
            let no = entry.no.clone();
            let taken = self.take_up(entry);
            self.omitted.or_omitted(&no, taken)?;
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
            no: Some(entry.no.clone()),
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
            no: entry.no.clone(),
            precedent,
            sketch,
        };
        self.casebook.kept.insert((entry.no, kind), kept);
        Ok(())
    }
}
