//! Notices 告知: what a requester is told without asking.
//!
//! Decides only which event means which notice; how it is worded and sent is not known here. Start at [`Notice::all_of`].

use super::act::CallOutcome;
use super::application::ApplicationKind;
use super::codes::codes;
use super::event::Event;
use super::ticket::{State, Ticket};
use serde::{Deserialize, Serialize};

codes! {
    /// What a requester is told.
    Notice {
        /// The request is accepted. 受理告知
        Accepted = "accepted",
        /// A department has it.
        Dispatched = "dispatched",
        /// The promised day was moved.
        Extended = "extended",
        /// It was answered. 办理告知
        Replied = "replied",
        /// A call did not reach the requester.
        CallMissed = "call_missed",
    }
}

impl Notice {
    /// The notices that an event means; `after` is the ticket with the event in it. Who joins a ticket that is accepted
    /// already, or answered, is told what the others were told before.
    ///
    /// ```
    /// # use fenbo::domain::{event::*, instant::Instant, ticket::*};
    /// use fenbo::domain::notice::Notice;
    /// # let mut ticket = Ticket::begin("1", &Event::Registered(Registered::default()), Instant(0)).unwrap();
    /// let sent = |lead: &str| Event::Dispatched { lead: lead.into(), assisting: vec![], suggestion: None };
    /// ticket.apply(&sent("cgj"), Instant(60), "zhang");
    /// assert_eq!(Notice::all_of(&ticket, &sent("cgj")), [Notice::Dispatched]);
    /// // A second department is no news.
    /// ticket.apply(&sent("hbsw"), Instant(120), "zhang");
    /// assert_eq!(Notice::all_of(&ticket, &sent("hbsw")), []);
    /// ```
    pub fn all_of(after: &Ticket, event: &Event) -> Vec<Self> {
        match event {
            Event::Absorbed { .. } => {
                let accepted = after.filed_at.map(|_| Self::Accepted);
                let replied = (after.state == State::Callback).then_some(Self::Replied);
                accepted.into_iter().chain(replied).collect()
            }
            _ => Self::of(after, event).into_iter().collect(),
        }
    }

    /// The notice that everyone of a ticket gets. A second department is no news.
    fn of(after: &Ticket, event: &Event) -> Option<Self> {
        match event {
            Event::Filed(_) => Some(Self::Accepted),
            Event::Dispatched { .. } | Event::Ruled(_) if after.dispatches == 1 => {
                Some(Self::Dispatched)
            }
            Event::Granted { number, .. } => after
                .applications
                .iter()
                .any(|a| a.number == *number && a.kind == ApplicationKind::Extension)
                .then_some(Self::Extended),
            // What a review may still send back is told to nobody.
            Event::Passed { .. } | Event::Answered { .. } => Some(Self::Replied),
            Event::Called(call) => match call.outcome {
                CallOutcome::NoAnswer | CallOutcome::WrongNumber => Some(Self::CallMissed),
                CallOutcome::Reached | CallOutcome::Declined | CallOutcome::SelfRated => None,
            },
            _ => None,
        }
    }
}
