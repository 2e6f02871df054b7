//! The thread that suggests departments, on a connection of its own: learning what the desk remembers may take seconds on a
//! large store, and neither a key nor a figure waits for it.
//!
//! What was asked last is on the screen, so it is answered first; everything asked is answered: the first ticket of a question
//! at once, the others some together, so that they are painted together. A search for the sure goes on in between, a slice at
//! a time.

use super::answers;
use super::clock::Clock;
use crate::console::app::Suggested;
use crate::console::app::msg::{Effect, Msg};
use crate::domain::queue::{From, Query, Row};
use crate::domain::ticket::State;
use crate::service::{Centre, Failure, NotDone};
use std::collections::VecDeque;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// So long answers wait for others: a frame of a screen.
const TOGETHER: Duration = Duration::from_millis(10);
/// Rows read at a time in a search.
const ROWS: usize = 500;
/// A slice of a search: so long a question about the screen may wait for it.
const SLICE: Duration = Duration::from_millis(20);
/// How often a search tells how far it has come.
const TELL_EVERY: Duration = Duration::from_millis(250);

/// What this thread is asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wanted {
    /// Suggestions for these tickets.
    Suggestions(Vec<String>),
    /// Every ticket with a sure one.
    Sure { token: u64, query: Query },
    /// The search is not wanted any more.
    NoMore(u64),
}

impl Wanted {
    /// What an order asks of this thread, if it does.
    pub(super) fn of(effect: &Effect) -> Option<Self> {
        match effect {
            Effect::Suggest(numbers) => Some(Self::Suggestions(numbers.clone())),
            Effect::FindSure { token, query } => Some(Self::Sure {
                token: *token,
                query: query.clone(),
            }),
            Effect::LeaveSure(token) => Some(Self::NoMore(*token)),
            _ => None,
        }
    }
}

/// Answers until the questions end; the store is opened at the first one.
pub(super) fn advise(
    open: impl FnOnce() -> Result<Centre, Failure>,
    clock: Clock,
    questions: &Receiver<Wanted>,
    answer: &dyn Fn(Msg),
) {
    let Ok(first) = questions.recv() else {
        return;
    };
    let mut centre = open();
    let mut waiting = Waiting::default();
    let mut replies = Replies::default();
    waiting.take(first);
    loop {
        for asked in questions.try_iter() {
            waiting.take(asked);
            replies.go_at_once();
        }
        if let Some(no) = waiting.numbers.pop() {
            replies.put(reply(centre.as_mut(), clock, no));
            if waiting.numbers.is_empty() || replies.are_due() {
                replies.take().for_each(answer);
            }
        } else if let Some(search) = &mut waiting.search {
            let open = centre.as_mut().map_err(|failure| failure.clone());
            match open.and_then(|centre| search.go_on(centre, clock)) {
                Ok(told) => told.into_iter().for_each(answer),
                Err(failure) => {
                    search.ended = true;
                    answer(Msg::SureFailed {
                        token: search.token,
                        failure: answers::failure(&failure),
                    });
                }
            }
            if search.ended {
                waiting.search = None;
            }
        } else if let Ok(next) = questions.recv() {
            waiting.take(next);
        } else {
            return;
        }
    }
}

/// What is still to be done.
#[derive(Default)]
struct Waiting {
    numbers: Vec<String>,
    search: Option<Search>,
}

impl Waiting {
    fn take(&mut self, asked: Wanted) {
        match asked {
            Wanted::Suggestions(numbers) => put(&mut self.numbers, numbers),
            Wanted::Sure { token, query } => self.search = Some(Search::new(token, query)),
            Wanted::NoMore(token) => {
                self.search.take_if(|search| search.token == token);
            }
        }
    }
}

/// Answers that wait for others.
#[derive(Default)]
struct Replies {
    all: Vec<Msg>,
    /// When they are given; nothing: at once.
    due: Option<Instant>,
}

impl Replies {
    fn go_at_once(&mut self) {
        self.due = None;
    }

    fn put(&mut self, reply: Msg) {
        self.all.push(reply);
    }

    fn are_due(&self) -> bool {
        self.due.is_none_or(|due| due <= Instant::now())
    }

    fn take(&mut self) -> impl Iterator<Item = Msg> {
        self.due = Some(Instant::now() + TOGETHER);
        std::mem::take(&mut self.all).into_iter()
    }
}

/// Puts tickets where they are taken from next, each of them once, in their order.
fn put(waiting: &mut Vec<String>, asked: Vec<String>) {
    waiting.retain(|no| !asked.contains(no));
    waiting.extend(asked.into_iter().rev());
}

fn reply(centre: Result<&mut Centre, &mut Failure>, clock: Clock, no: String) -> Msg {
    match centre {
        Ok(centre) => match centre.suggest_for(&no, clock.now()) {
            Ok(found) => Msg::Suggested(answers::suggested(no, found)),
            Err(why) => answers::missing(no, &why),
        },
        Err(failure) => answers::failed(failure),
    }
}

/// A search for the sure: the rows are read by key, page by page, and each is asked about.
struct Search {
    token: u64,
    query: Query,
    next: Option<From>,
    rows: VecDeque<Row>,
    found: Vec<(Row, Suggested)>,
    looked: u64,
    of: Option<u64>,
    told_at: Instant,
    ended: bool,
}

impl Search {
    fn new(token: u64, query: Query) -> Self {
        Self {
            token,
            query,
            next: Some(From::Start),
            rows: VecDeque::new(),
            found: Vec::new(),
            looked: 0,
            of: None,
            told_at: Instant::now(),
            ended: false,
        }
    }

    /// Looks on for a slice; tells when there is something to tell.
    fn go_on(&mut self, centre: &mut Centre, clock: Clock) -> Result<Option<Msg>, Failure> {
        let of = match self.of {
            Some(of) => of,
            None => *self.of.insert(centre.total(&self.query)?),
        };
        let begun = Instant::now();
        while begun.elapsed() < SLICE {
            let Some(row) = self.rows.pop_front() else {
                let Some(from) = self.next.take() else {
                    self.ended = true;
                    break;
                };
                let page = centre.page(&self.query, from, ROWS)?;
                let last = page.rows.last().map(|(anchor, _)| From::After(*anchor));
                self.next = last.filter(|_| page.after);
                self.rows.extend(page.rows.into_iter().map(|(_, row)| row));
                continue;
            };
            self.looked += 1;
            // What is not filed yet is filed before it is dispatched, one by one.
            if row.state != State::Filed {
                continue;
            }
            match centre.suggest_for(&row.no, clock.now()) {
                Ok(found) if found.prefill => {
                    let suggested = answers::suggested(row.no.clone(), found);
                    self.found.push((row, suggested));
                }
                // Not sure, or gone since the page was read.
                Ok(_)
                | Err(NotDone::Refused(_) | NotDone::NotFound { .. } | NotDone::Ambiguous { .. }) =>
                    {}
                Err(NotDone::Failed(failure)) => return Err(failure),
            }
        }
        if !self.ended && self.told_at.elapsed() < TELL_EVERY {
            return Ok(None);
        }
        self.told_at = Instant::now();
        Ok(Some(Msg::SureFound {
            token: self.token,
            found: std::mem::take(&mut self.found),
            // New ones may have come behind the count.
            looked: (self.looked, of.max(self.looked)),
            done: self.ended,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::put;

    #[test]
    fn what_is_asked_last_is_answered_first_and_nothing_twice() {
        let mut waiting = Vec::new();
        put(&mut waiting, ["a", "b", "c"].map(str::to_owned).to_vec());
        put(&mut waiting, ["b", "d"].map(str::to_owned).to_vec());
        let order: Vec<String> = std::iter::from_fn(|| waiting.pop()).collect();
        assert_eq!(order, ["b", "d", "a", "c"]);
    }
}
