//! What is known of a requester and a place while the caller still talks. Read only; what may not be seen is not there.

use super::Centre;
use crate::domain::filter::{Clause, Filter};
use crate::domain::instant::{DAY, Instant};
use crate::domain::queue::{From, Query, Sort, View};
use crate::domain::ticket::State;
use crate::store::Failure;

/// How many tickets are told of each.
pub const EACH: usize = 5;

/// How far back the tickets of a place are looked for: a place without any must not cost a look at every ticket stored.
const PLACE_DAYS: i64 = 180;

/// A ticket of before.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Its number.
    pub no: String,
    /// When it was created.
    pub created_at: Instant,
    /// Its state.
    pub state: State,
    /// Its title.
    pub title: String,
}

/// The tickets of before, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Of the same requester.
    pub requester: Vec<Known>,
    /// Of the same place: those of the same category come first.
    pub place: Vec<Known>,
}

impl Centre {
    /// The tickets of a requester's phone (four digits and more) and of a community; an empty one is not asked for.
    ///
    /// Only who sees every ticket is told of a phone: a department could else find out who complained.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn history(
        &self,
        phone: &str,
        community: &str,
        category: &[String],
        now: Instant,
    ) -> Result<History, Failure> {
        let mut history = History::default();
        if self.operator.roles.sees_all() {
            for no in self.store.by_phone(phone, EACH)? {
                history.requester.extend(self.known(&no)?);
            }
        }
        if community.is_empty() {
            return Ok(history);
        }
        if let Some(finest) = category.last() {
            let mut numbers = self.store.newest_of_each(finest, community)?;
            numbers.sort_unstable_by(|a, b| b.cmp(a));
            for no in numbers {
                if history.place.len() < EACH {
                    history.place.extend(self.known(&no)?);
                }
            }
        }
        let query = Query {
            view: View::All,
            filter: Filter::default()
                .and(Clause::Community(community.to_owned()))
                .and(Clause::Created(Some(now.plus(-PLACE_DAYS * DAY)), None)),
            sort: Sort::Newest,
            department: None,
            now,
        };
        for (_, row) in self.page(&query, From::Start, EACH)?.rows {
            if history.place.len() < EACH && history.place.iter().all(|k| k.no != row.no) {
                history.place.push(Known {
                    no: row.no,
                    created_at: row.created_at,
                    state: row.state,
                    title: row.title,
                });
            }
        }
        Ok(history)
    }

    fn known(&self, no: &str) -> Result<Option<Known>, Failure> {
        let Some(loaded) = self.store.load(no)? else {
            return Ok(None);
        };
        let ticket = loaded.ticket;
        if !self.operator.sees_ticket(&ticket) {
            return Ok(None);
        }
        Ok(Some(Known {
            title: self.store.texts(no)?.unwrap_or_default().title,
            no: ticket.no,
            created_at: ticket.created_at,
            state: ticket.state,
        }))
    }
}
