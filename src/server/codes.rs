//! Number and code, looked at for somebody, or rated with: what they open, or how long there is to wait.
//!
//! A try is counted as wrong before it is looked at, against its address and against its number, so that a burst gets no
//! further than as many tries in a row; what was right is given back. No reader waits for the store's lock. Start at
//! [`look`] and [`rate`].

use super::Door;
use super::limits::Who;
use crate::domain::act::Rating;
use crate::domain::progress::Progress;
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::i18n::{Text, server};
use crate::service::NotDone;
use crate::service::tracking::Tracked;
use std::sync::Arc;
use std::time::Duration;

/// How long an answer waits for its wrong code to be stored; it counts in memory in any case.
const STORED: Duration = Duration::from_secs(1);

/// What came of a try.
#[derive(Debug)]
pub(super) enum Tried<T> {
    /// They belong together.
    Open(T),
    /// They do not, or there is no such number.
    Unknown,
    /// Not looked at: so many seconds to wait.
    TooMany(u64),
    /// Not looked at: too many wait, or the store failed.
    Busy,
}

/// What came of a rating.
#[derive(Debug)]
pub(super) enum Rated<T> {
    /// It was taken.
    Taken(T),
    /// It was not, and these words say why.
    Not(Text),
}

/// Takes a rating from somebody, once number and code were looked at; `shown` makes of the progress what is wanted.
pub(super) async fn rate<T: Send + 'static>(
    door: &Door,
    who: impl Into<Who>,
    (no, code): (&str, &str),
    (rating, words): (Rating, String),
    shown: impl FnOnce(&Progress, &Rules) -> T + Send + 'static,
) -> Tried<Rated<T>> {
    let whole = match look(door, who, no, code, |found, _| found.no.clone()).await {
        Tried::Open(whole) => whole,
        Tried::Unknown => return Tried::Unknown,
        Tried::TooMany(wait) => return Tried::TooMany(wait),
        Tried::Busy => return Tried::Busy,
    };
    let (now, code) = (door.now(), code.to_owned());
    let done = door
        .desk
        .write(move |centre| {
            let rated = centre.rate_opened(&whole, &code, rating, &words, now);
            rated.map(|rated| rated.map(|found| shown(&found, centre.rules())))
        })
        .await;
    match done {
        Ok(Ok(Tracked::Open(shown))) => Tried::Open(Rated::Taken(shown)),
        Ok(Err(NotDone::Refused(Refusal::AlreadyHeard { .. }))) => {
            Tried::Open(Rated::Not(server::ALREADY_RATED))
        }
        Ok(
            Ok(Tracked::Unknown | Tracked::TooMany(_))
            | Err(NotDone::Refused(_) | NotDone::NotFound { .. } | NotDone::Ambiguous { .. }),
        ) => Tried::Open(Rated::Not(server::NOT_RATED)),
        Ok(Err(NotDone::Failed(failure))) => {
            // What the store says is for the log, not for the world.
            tracing::error!(kind = ?failure.kind, cause = failure.cause, "the store failed");
            Tried::Busy
        }
        Err(super::desk::Busy) => Tried::Busy,
    }
}

/// Looks at number and code for somebody; `shown` makes of the progress what is wanted, on the thread that reads.
pub(super) async fn look<T: Send + 'static>(
    door: &Door,
    who: impl Into<Who>,
    no: &str,
    code: &str,
    shown: impl FnOnce(&Progress, &Rules) -> T + Send + 'static,
) -> Tried<T> {
    let who = who.into();
    if let Err(wait) = door.limits.try_code(who) {
        return Tried::TooMany(wait.seconds());
    }
    let now = door.now();
    let (no, code) = (no.to_owned(), code.to_owned());
    let (tries, limits) = (Arc::clone(&door.tries), Arc::clone(&door.limits));
    let looked = door
        .desk
        .read(move |centre| {
            let looked = centre.look(&no, &code, &tries, now);
            // Here, so that it is given back even when nobody waits for the answer any more.
            if !matches!(looked, Ok(Tracked::Unknown)) {
                limits.was_right(who);
            }
            looked.map(|looked| looked.map(|found| shown(&found, centre.rules())))
        })
        .await;
    match looked {
        Ok(Ok(Tracked::Open(shown))) => Tried::Open(shown),
        Ok(Ok(Tracked::Unknown)) => {
            // Whether it was stored in time changes nothing.
            let _ = tokio::time::timeout(STORED, door.desk.store_tries()).await;
            Tried::Unknown
        }
        Ok(Ok(Tracked::TooMany(until))) => Tried::TooMany(until.since(now).max(1).unsigned_abs()),
        Ok(Err(failure)) => {
            // What the store says is for the log, not for the world.
            tracing::error!(kind = ?failure.kind, cause = failure.cause, "the store failed");
            Tried::Busy
        }
        Err(super::desk::Busy) => {
            door.limits.was_right(who);
            Tried::Busy
        }
    }
}
