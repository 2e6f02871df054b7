//! False closure 假闭环: the same matter at the same place again, soon after its ticket was closed. `[DOMAIN §8]`
//!
//! Looked for when a ticket comes in and when its facts are filed; the alarm is an event beside the registration or the
//! filing. It changes nothing else: a person looks at both tickets.

use super::learning::words;
use super::suggesting::case;
use crate::domain::act::Registration;
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

/// Where a matter comes back: the community, else the street.
pub(super) fn place<'a>(community: Option<&'a str>, street: Option<&'a str>) -> &'a str {
    community.or(street).unwrap_or_default()
}

/// Whether of closings between these two moments any could make a request an alarm.
pub(super) fn is_possible((first, last): (Instant, Instant), form: &Registration) -> bool {
    first <= form.created_at && last > form.created_at.plus(-LOOKED_BACK)
}

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
    let place = place(ticket.community.as_deref(), ticket.street.as_deref());
    let closed = store.closed_at_place(place, created.plus(-LOOKED_BACK), created)?;
    if closed.is_empty() {
        return Ok(None);
    }
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
