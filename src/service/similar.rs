//! Tickets like another: candidates from the store's indices, put in order by the scorer. Nothing is merged here.

use super::learning::words;
use super::suggesting::case;
use super::{Centre, NotDone};
use crate::domain::filter::{Clause, Filter, Term};
use crate::domain::instant::Instant;
use crate::domain::queue::{From, Query, Sort, View};
use crate::domain::ticket::{State, Ticket};
use crate::insight::Case;
use crate::insight::duplicates::{Likeness, Print, Reason, rank};
use crate::store::{Failure, Loaded, Newest};

/// The most candidates shown.
pub const MOST: usize = 10;
/// Levels of a category: who gives fewer has not said which matter.
const LEVELS: usize = 3;
/// Candidates looked at.
const LOOKED_AT: usize = 80;
/// Candidates of the same matter in the same place looked at, before and after the moment.
const NEAREST: usize = 20;

/// A ticket like the one asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    /// Its number.
    pub no: String,
    /// Its title.
    pub title: String,
    /// Its state.
    pub state: State,
    /// When it was created.
    pub created_at: Instant,
    /// How alike it is, and why.
    pub likeness: Likeness,
}

/// What has been heard of a request that is no ticket yet; what is empty is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// The caller's phone.
    pub phone: String,
    /// The community.
    pub community: String,
    /// The address.
    pub address: String,
    /// The category, coarsest first.
    pub category: Vec<String>,
    /// The title.
    pub title: String,
    /// The words.
    pub content: String,
    /// Now.
    pub at: Instant,
}

impl Centre {
    /// Tickets that may be the matter a caller is telling, best first; without words there are none.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn alike_to(&self, heard: &Heard) -> Result<Vec<Alike>, Failure> {
        if heard.title.is_empty() && heard.content.is_empty() {
            return Ok(Vec::new());
        }
        // Who complained before is not for those who see only a department's tickets.
        let phone = heard.phone.as_str();
        let asked = Case {
            requester: words(phone).filter(|_| self.operator.roles.sees_all()),
            community: words(heard.community.as_str()),
            address: words(heard.address.as_str()),
            category: heard.category.clone(),
            title: words(heard.title.as_str()),
            content: words(heard.content.as_str()),
            created_at: Some(heard.at.0),
            ..Case::default()
        };
        self.alike_in_words(&asked)
    }

    /// Tickets like a ticket, best first.
    ///
    /// # Errors
    /// Not found, or the store cannot be read.
    pub fn similar(&self, no: &str) -> Result<Vec<Alike>, NotDone> {
        let asked = self.case_of(no)?;
        Ok(self.similar_to(&asked)?)
    }

    /// Tickets like a case that need not be a ticket yet, best first. Words are compared with titles and with texts, whichever
    /// they were given as; what follows, and all without words, agrees in everything that is given of place and category.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn similar_to(&self, asked: &Case) -> Result<Vec<Alike>, Failure> {
        // A ticket without words of its own is still one of somebody, somewhere, at some time.
        if !asked.no.is_empty() {
            return self.alike(asked);
        }
        let mut found = if asked.has_text() {
            self.alike_in_words(asked)?
        } else {
            Vec::new()
        };
        // Words that nothing is like find no less than the place and the matter alone.
        if found.len() < MOST {
            let listed: Vec<String> = found.iter().map(|one| one.no.clone()).collect();
            let others = self.circumstanced(asked)?.into_iter();
            found.extend(others.filter(|one| !listed.contains(&one.no)));
            found.truncate(MOST);
        }
        Ok(found)
    }

    /// Tickets like what is asked in words: these are compared with titles and with texts, whichever they were given as.
    fn alike_in_words(&self, asked: &Case) -> Result<Vec<Alike>, Failure> {
        let (title, content) = (asked.title.as_ref(), asked.content.as_ref());
        self.alike(&Case {
            title: title.or(content).cloned(),
            content: content.or(title).cloned(),
            ..asked.clone()
        })
    }

    /// Tickets of the same place and category, as far as these are given, latest first.
    fn circumstanced(&self, asked: &Case) -> Result<Vec<Alike>, Failure> {
        let address = asked.address.as_deref().map(str::trim);
        let mut filter = Filter::default();
        let mut why = Vec::new();
        let mut agree = |reason, clause| {
            why.push(reason);
            filter.terms.push(Term { not: false, clause });
        };
        if let Some(address) = address {
            agree(Reason::SameAddress, Clause::Text(address.to_owned()));
        }
        if let Some(community) = &asked.community {
            agree(Reason::SameCommunity, Clause::Community(community.clone()));
        }
        if let Some(street) = &asked.street {
            agree(Reason::SameStreet, Clause::Street(street.clone()));
        }
        if !asked.category.is_empty() {
            let (path, below) = (asked.category.clone(), true);
            let reason = if path.len() < LEVELS {
                Reason::SameClass
            } else {
                Reason::SameCategory
            };
            agree(reason, Clause::Path { path, below });
        }
        if why.is_empty() {
            return Ok(Vec::new());
        }
        let query = Query {
            view: View::All,
            filter,
            sort: Sort::Newest,
            department: None,
            now: asked.created_at.map(Instant).unwrap_or_default(),
        };
        let mut found = Vec::new();
        for (_, row) in self.page(&query, From::Start, LOOKED_AT)?.rows {
            if found.len() == MOST {
                break;
            }
            let loaded = self.omitted.or_omitted(&row.no, self.store.load(&row.no))?;
            let seen = |loaded: &Loaded| self.operator.sees_ticket(&loaded.ticket);
            let Some(loaded) = loaded.flatten().filter(seen) else {
                continue;
            };
            let texts = self
                .omitted
                .or_omitted(&row.no, self.store.texts(&row.no))?;
            let Some(texts) = texts.map(Option::unwrap_or_default) else {
                continue;
            };
            if row.no == asked.no || address.is_some_and(|asked| !texts.address.contains(asked)) {
                continue;
            }
            let apart = asked
                .created_at
                .map(|at| loaded.ticket.created_at.0.abs_diff(at));
            found.push(Alike {
                no: row.no,
                title: texts.title,
                state: loaded.ticket.state,
                created_at: loaded.ticket.created_at,
                likeness: Likeness::of_circumstances(&why, apart),
            });
        }
        Ok(found)
    }

    /// Tickets with like words, of the same requester, or of the same matter in the same place, the most alike first.
    fn alike(&self, asked: &Case) -> Result<Vec<Alike>, Failure> {
        let told = [asked.title.as_deref(), asked.content.as_deref()]
            .map(Option::unwrap_or_default)
            .join("\n");
        let newest = if asked.no.is_empty() {
            Newest::ByTime
        } else {
            Newest::ByEntry
        };
        let mut numbers = self.store.candidates(&told, newest, LOOKED_AT)?;
        if let Some(phone) = &asked.requester {
            numbers.extend(self.store.by_phone(phone, LOOKED_AT)?);
        }
        if let (Some(category), Some(community)) = (asked.category.last(), &asked.community) {
            let at = asked.created_at.map_or(Instant(i64::MAX), Instant);
            numbers.extend(self.store.at_spot(category, community, at, NEAREST)?);
        }
        numbers.sort_unstable();
        numbers.dedup();
        let mut found = Vec::with_capacity(numbers.len());
        for no in numbers {
            let loaded = self.omitted.or_omitted(&no, self.store.load(&no))?;
            let seen = |ticket: &Ticket| self.operator.sees_ticket(ticket);
            let ticket = loaded.flatten().map(|loaded| loaded.ticket).filter(seen);
            let Some(ticket) = ticket else {
                continue;
            };
            let Some(texts) = self.omitted.or_omitted(&no, self.store.texts(&no))? else {
                continue;
            };
            let texts = texts.unwrap_or_default();
            let mut known = case(&ticket, &texts);
            if asked.no.is_empty() {
                // Words may ask for a title that is the category's name too.
                known.title = words(texts.title.as_str());
            }
            found.push((Print::of(&known), ticket, texts.title));
        }
        let ranked = rank(
            &Print::of(asked),
            found.iter().map(|(print, ..)| print),
            |_| 1.0,
            MOST,
        );
        Ok(ranked
            .into_iter()
            .filter_map(|candidate| {
                let (_, ticket, title) = found.iter().find(|(p, ..)| p.no() == candidate.no)?;
                Some(Alike {
                    no: candidate.no,
                    title: title.clone(),
                    state: ticket.state.clone(),
                    created_at: ticket.created_at,
                    likeness: candidate.likeness,
                })
            })
            .collect())
    }
}
