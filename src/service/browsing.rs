//! Looking: pages, counts, one ticket. What an operator may not see is not found.

use super::attachments;
use super::{Centre, NotDone};
use crate::domain::event::{Entry, Event};
use crate::domain::instant::Instant;
use crate::domain::privacy::{Requester, Sight, Texts, sight};
use crate::domain::queue::{Anchor, Counts, Detail, From, MergedRequest, Page, Place, Query};
use crate::domain::supplement::{AttachedFile, Attachment, LetterText, Supplement, Supplemented};
use crate::domain::ticket::{Marks, Ticket};
use crate::store::{Failure, Found, Loaded};
use std::collections::BTreeMap;

impl Centre {
    /// The department a query is narrowed to: an operator of a department sees only its tickets.
    pub fn scope(&self) -> Option<String> {
        if self.operator.roles.sees_all() {
            None
        } else {
            // An operator with only the role department and no department sees nothing.
            Some(self.operator.department.clone().unwrap_or_default())
        }
    }

    /// A page of the queue.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn page(&self, query: &Query, from: From, most: usize) -> Result<Page, Failure> {
        self.store.page(&self.narrowed(query), from, most)
    }

    /// How many tickets a query matches.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn total(&self, query: &Query) -> Result<u64, Failure> {
        self.store.total(&self.narrowed(query))
    }

    /// Where a page stands in its list, as far as nothing has to be counted for it; [`Centre::counted`] knows all of it.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn place(&self, query: &Query, page: &Page) -> Result<Place, Failure> {
        let shown = page.rows.len() as u64;
        let matched = match (page.before || page.after, query.filter.is_empty()) {
            (false, _) => Some(shown),
            (true, true) => Some(self.total(query)?),
            (true, false) => None,
        };
        let first = match (page.before, page.after) {
            (false, _) => Some(0),
            (true, false) => matched.map(|matched| matched.saturating_sub(shown)),
            (true, true) => None,
        };
        Ok(Place { matched, first })
    }

    /// How many rows a list has and how many of them stand before an anchor, counted: on many tickets that takes a while.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn counted(&self, query: &Query, anchor: Anchor) -> Result<Place, Failure> {
        let query = self.narrowed(query);
        Ok(Place {
            matched: Some(self.store.total(&query)?),
            first: Some(self.store.position(&query, anchor)?),
        })
    }

    /// Exact counts of lights and views.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn counts(&self, now: Instant) -> Result<Counts, Failure> {
        self.store.counts(now, self.scope().as_deref())
    }

    /// The full number of the one ticket that ends like this.
    ///
    /// # Errors
    /// Not found, or ambiguous.
    pub fn find(&self, ending: &str) -> Result<String, NotDone> {
        let asked = ending.trim().to_owned();
        let mut numbers = match self.store.find(&asked)? {
            Found::One(no) => vec![no],
            Found::None => Vec::new(),
            Found::Many(numbers) => numbers,
        };
        // One that may not be seen is not even named; one that cannot be read is not told as if there were none.
        let mut unread = None;
        numbers.retain(|no| match self.seen(no) {
            Err(NotDone::Failed(failure)) => {
                unread = Some(failure);
                false
            }
            seen => seen.is_ok(),
        });
        if let Some(failure) = unread.filter(|_| numbers.is_empty()) {
            return Err(failure.into());
        }
        match (numbers.pop(), numbers.is_empty()) {
            (None, _) => Err(NotDone::NotFound { asked }),
            (Some(only), true) => Ok(only),
            (Some(last), false) => {
                numbers.push(last);
                Err(NotDone::Ambiguous { asked, numbers })
            }
        }
    }

    /// Everything of one ticket, as the operator may see it.
    ///
    /// # Errors
    /// Not found (or not allowed: the same), or the store cannot be read.
    pub fn detail(&self, no: &str) -> Result<Detail, NotDone> {
        let loaded = self.seen(no)?;
        let texts = self.store.texts(no)?.unwrap_or_default();
        let sight = sight(&self.operator, &loaded.ticket);
        let ledger = self.store.ledger(no)?;
        let mut names = attachments::names(&texts.raw).into_iter();
        let own = |entry: &&Entry| matches!(entry.event, Event::Attached { .. });
        let erased = erased_at(&ledger);
        let files = ledger.iter().filter(own);
        let attachments = files
            .flat_map(|entry| files_of(entry, erased))
            .map(|file| Attachment {
                name: names.next().unwrap_or_default(),
                file,
            })
            .collect();
        let supplements = self.supplements(&loaded, &ledger, sight)?;
        Ok(Detail {
            id: loaded.id,
            merged: self.merged(&loaded.ticket)?,
            marks: loaded.marks,
            texts: seen_texts(texts, sight),
            masked: sight != Sight::Full,
            ledger,
            ticket: loaded.ticket,
            attachments,
            supplements,
        })
    }

    /// The letters that joined a ticket; the sender is the requester, and as visible.
    fn supplements(
        &self,
        loaded: &Loaded,
        ledger: &[Entry],
        sight: Sight,
    ) -> Result<Vec<Supplement>, Failure> {
        if loaded.ticket.supplements == 0 {
            return Ok(Vec::new());
        }
        let mut words: BTreeMap<u32, LetterText> =
            self.store.letters(loaded.id)?.into_iter().collect();
        let erased = erased_at(ledger);
        Ok(ledger
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Supplemented(facts) => {
                    let text = words.remove(&facts.number).unwrap_or_default();
                    let sender = Requester {
                        email: text.sender,
                        ..Requester::default()
                    };
                    Some(Supplement {
                        at: entry.at,
                        facts: Supplemented {
                            files: files_of(entry, erased),
                            ..facts.clone()
                        },
                        text: LetterText {
                            sender: sender.seen(sight).email,
                            ..text
                        },
                    })
                }
                _ => None,
            })
            .collect())
    }

    /// Those merged into a ticket, each as the operator may see it.
    fn merged(&self, master: &Ticket) -> Result<Vec<MergedRequest>, Failure> {
        let mut merged = Vec::new();
        for no in &master.merged {
            let Some(loaded) = self.store.load(no)? else {
                continue;
            };
            let sight = sight(&self.operator, &loaded.ticket);
            let texts = self.store.texts(no)?.unwrap_or_default();
            merged.push(MergedRequest {
                no: no.clone(),
                title: texts.title,
                requester: texts.requester.seen(sight),
            });
        }
        Ok(merged)
    }

    /// A ticket's facts and words without its ledger: what lists carry. The requester is left out.
    ///
    /// # Errors
    /// Not found (or not allowed: the same), or the store cannot be read.
    pub fn facts(&self, no: &str) -> Result<(Ticket, Marks, Texts), NotDone> {
        let loaded = self.seen(no)?;
        let texts = self.store.texts(no)?.unwrap_or_default();
        let texts = Texts {
            requester: Requester::default(),
            raw: Vec::new(),
            ..texts
        };
        Ok((loaded.ticket, loaded.marks, texts))
    }

    /// One ticket with its deadlines, if the operator may see it.
    ///
    /// # Errors
    /// Not found (or not allowed: the same), or the store cannot be read.
    pub fn ticket(&self, no: &str) -> Result<(Ticket, Marks), NotDone> {
        self.seen(no).map(|l| (l.ticket, l.marks))
    }

    /// A ticket as stored, if the operator may see it.
    pub(super) fn seen(&self, no: &str) -> Result<Loaded, NotDone> {
        self.store
            .load(no)?
            .filter(|loaded| self.operator.sees_ticket(&loaded.ticket))
            .ok_or_else(|| NotDone::NotFound {
                asked: no.to_owned(),
            })
    }

    fn narrowed(&self, query: &Query) -> Query {
        Query {
            department: self.scope().or_else(|| query.department.clone()),
            ..query.clone()
        }
    }
}

fn seen_texts(texts: Texts, sight: Sight) -> Texts {
    Texts {
        requester: texts.requester.seen(sight),
        ..texts
    }
}

/// The place of the last entry that erased what a ticket holds of people; 0 where none did.
fn erased_at(ledger: &[Entry]) -> i64 {
    let erasing = ledger
        .iter()
        .rfind(|entry| matches!(entry.event, Event::Erased { .. }));
    erasing.map_or(0, |entry| entry.seq)
}

/// The files an entry brought; those from before their ticket was erased are kept no more.
fn files_of(entry: &Entry, erased: i64) -> Vec<AttachedFile> {
    let files = entry.event.files().iter();
    files
        .map(|file| AttachedFile {
            kept: file.kept && entry.seq > erased,
            ..file.clone()
        })
        .collect()
}
