//! Who is to be called back about a ticket, and how far that has come: its own requester and everyone merged into it.

use super::ticket::{Call, Ticket};

/// One of those to be called back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Callee<'a> {
    /// Whose request: the ticket itself or one merged into it.
    pub no: &'a str,
    /// Attempts so far. A redo takes the calls of whoever was dissatisfied back.
    pub attempts: usize,
    /// The last attempt.
    pub last: Option<&'a Call>,
    /// Heard in this call-back.
    pub heard: bool,
    /// Heard, or tried as often as the policy asks.
    pub settled: bool,
}

/// Everyone to be called back, the ticket's own requester first; `attempts` is what the policy asks of the desk.
///
/// ```
/// # use fenbo::domain::{callback, event::*, instant::*, ticket::*};
/// # let first = Event::Registered(Registered::default());
/// # let mut ticket = Ticket::begin("A", &first, Instant(0)).unwrap();
/// // A ticket with one merged into it: both are to be called, and neither has been.
/// ticket.apply(&Event::Absorbed { no: "B".into() }, Instant(1), "zhang");
/// let callees = callback::callees(&ticket, 3);
/// assert_eq!(callees.iter().map(|c| c.no).collect::<Vec<_>>(), ["A", "B"]);
/// assert!(callees.iter().all(|c| !c.settled && c.attempts == 0));
/// ```
pub fn callees(ticket: &Ticket, attempts: usize) -> Vec<Callee<'_>> {
    ticket
        .requesters()
        .map(|no| {
            let calls = || ticket.calls.iter().filter(|c| c.about == no);
            let heard = calls().any(|c| c.outcome.is_heard());
            let tried = calls().count();
            Callee {
                no,
                attempts: tried,
                last: calls().next_back(),
                heard,
                settled: heard || tried >= attempts,
            }
        })
        .collect()
}
