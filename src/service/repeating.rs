//! False closure 假闭环: the same matter at the same place again, soon after its ticket was closed. `[DOMAIN §8]`
//!
//! Looked for when a ticket comes in and when its facts are filed; the alarm is an event beside the registration or the
//! filing. It changes nothing else: a person looks at both tickets.

use super::learning::words;
use super::suggesting::case;
use crate::domain::clock::span_due;
use crate::domain::event::Event;
use crate::domain::instant::{DAY, Instant};
use crate::domain::privacy::Texts;
use crate::domain::rules::Rules;
use crate::domain::ticket::Ticket;
use crate::insight::Case;
use crate::insight::duplicates::{Print, is_same_matter};
use crate::store::{Failure, Store};

/// Days before a creation in which closings are looked at, however long the policy's span: working days included.
const LOOKED_BACK: i64 = 60 * DAY;

/// The alarm for a ticket, when it is one; nothing when it has been raised already.
pub(super) fn alarm(
    store: &Store,
    rules: &Rules,
    ticket: &Ticket,
    texts: &Texts,
) -> Result<Option<Event>, Failure> {
    if ticket.false_closure_of.is_some() || !ticket.state.is_open() {
        return Ok(None);
    }
    let created = ticket.created_at;
    let policy = rules.editions.of(&ticket.edition, created);
    let span = &policy.false_closure;
    let soon = |closed: Instant| {
        span_due(closed, span, &rules.calendar, policy.zone).is_ok_and(|end| created < end)
    };
    let place = ticket
        .community
        .as_deref()
        .or(ticket.street.as_deref())
        .unwrap_or_default();
    let closed = store.closed_at_place(place, created.plus(-LOOKED_BACK), created)?;
    let own = Print::of(&sought(ticket, texts));
    for (no, at) in closed {
        if no == ticket.no || !soon(at) {
            continue;
        }
        let Some(before) = store.load(&no)? else {
            continue;
        };
        let said = store.texts(&no)?.unwrap_or_default();
        if is_same_matter(&own, &Print::of(&sought(&before.ticket, &said))) {
            return Ok(Some(Event::FalseClosureAlarmed { of: no }));
        }
    }
    Ok(None)
}

/// A ticket as it is compared: who asks is known by phone, or else by mail.
fn sought(ticket: &Ticket, texts: &Texts) -> Case {
    let case = case(ticket, texts);
    Case {
        requester: case
            .requester
            .clone()
            .or_else(|| words(texts.requester.email.as_str())),
        ..case
    }
}
