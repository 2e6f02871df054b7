//! The thread that computes for long: figures of periods, hot spots, the length of long filtered lists, on a connection of
//! its own, only for reading.
//!
//! The worker is never held up by it, so a dispatch confirmed meanwhile is written at once. Of what waits only the last
//! question of each kind is answered: whoever turns from period to period waits for one computation at most.

use super::answers;
use super::clock::Clock;
use super::faults;
use crate::console::app::msg::{Effect, Msg};
use crate::domain::period::Period;
use crate::domain::queue::{Anchor, Query};
use crate::service::{Centre, Failure};
use chrono::NaiveDate;
use std::mem::discriminant;
use std::sync::mpsc::Receiver;

/// What this thread does, and not the worker.
#[derive(Clone)]
pub(super) enum Question {
    /// The figures of a period.
    Figures(Period),
    /// What boiled up from the first day to the last.
    HotSpots(NaiveDate, NaiveDate),
    /// How many rows a list has, and how many stand before one of them.
    Rows {
        token: u64,
        query: Query,
        anchor: Anchor,
    },
}

impl Question {
    /// The question in an order, if it is one for this thread.
    pub(super) fn of(effect: &Effect) -> Option<Self> {
        match effect {
            Effect::LoadFigures(period) => Some(Self::Figures(*period)),
            Effect::LoadHotSpots(from, to) => Some(Self::HotSpots(*from, *to)),
            Effect::CountRows {
                token,
                query,
                anchor,
            } => Some(Self::Rows {
                token: *token,
                query: query.clone(),
                anchor: *anchor,
            }),
            _ => None,
        }
    }
}

/// Answers until the questions end; the store is opened at the first one.
pub(super) fn compute(
    open: impl FnOnce() -> Result<Centre, Failure>,
    clock: Clock,
    questions: &Receiver<Question>,
    answer: &dyn Fn(Msg),
) {
    let Ok(first) = questions.recv() else {
        return;
    };
    faults::strike("computer");
    let centre = open();
    let mut waiting = vec![first];
    loop {
        waiting.extend(questions.try_iter());
        if let Some(last) = waiting.pop() {
            waiting.retain(|earlier| discriminant(earlier) != discriminant(&last));
            answer(reply(centre.as_ref(), clock, last));
        } else if let Ok(next) = questions.recv() {
            waiting.push(next);
        } else {
            return;
        }
    }
}

fn reply(centre: Result<&Centre, &Failure>, clock: Clock, question: Question) -> Msg {
    let now = clock.now();
    let centre = centre.map_err(Clone::clone);
    match question {
        Question::Figures(asked) => {
            match centre.and_then(|centre| centre.figures(asked.kind, asked.from, now)) {
                Ok(figures) => Msg::FiguresLoaded {
                    asked,
                    figures: Box::new(figures),
                },
                Err(failure) => Msg::FiguresFailed {
                    asked,
                    failure: answers::failure(&failure),
                },
            }
        }
        Question::HotSpots(from, to) => answers::or_failed(
            centre.and_then(|centre| Ok(centre.hotspots(from, to, now)?.spots)),
            |spots| Msg::HotSpotsLoaded { from, to, spots },
        ),
        Question::Rows {
            token,
            query,
            anchor,
        } => answers::or_failed(
            centre.and_then(|centre| centre.counted(&query, anchor)),
            |place| Msg::RowsCounted {
                token,
                anchor,
                place,
            },
        ),
    }
}
