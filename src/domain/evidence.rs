//! What stands beside an application when somebody decides it: the rule's dates and counts, computed, never typed.
//!
//! Must not decide: [`super::guards`] does. Start at [`of`].

use super::application::{Application, ApplicationKind};
use super::calendar::Calendar;
use super::clock::{Change, Counting};
use super::guards;
use super::instant::Instant;
use super::policy::Policy;
use super::ticket::{Marks, Ticket};

/// What a decision on an application turns on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// 退件.
    Return {
        /// When the department got the ticket.
        received_at: Instant,
        /// 24:00 of the last day of its window; absent when the year's notice is not known.
        window_end: Option<Instant>,
        /// Whether it was asked for within the window.
        in_time: Option<bool>,
        /// Returns granted before.
        granted: u32,
        /// Whether granting this one forces coordination. `[ours: after 2 returns]`
        forces_coordination: bool,
    },
    /// 延期.
    Extension {
        /// The deadline now.
        due_at: Option<Instant>,
        /// The deadline when granted.
        then: Option<Instant>,
        /// Extensions granted before, and how many may be.
        granted: (u32, u32),
    },
    /// 挂起.
    Suspension {
        /// 24:00 of its last day.
        until: Option<Instant>,
        /// The deadline now.
        due_at: Option<Instant>,
        /// The deadline when granted now and resumed at the end.
        then: Option<Instant>,
        /// Suspensions granted before, and how many may be.
        granted: (u32, u32),
    },
    /// 申诉.
    Appeal {
        /// The reply that was judged.
        replied_at: Option<Instant>,
        /// The deadline it was judged by.
        due_at: Option<Instant>,
        /// Who has agreed already: an appeal is decided by two people.
        seconded_by: Option<String>,
    },
    /// 作废 and 免回访: the words alone.
    Words,
}

/// What a decision on `application` turns on, at `now`.
///
/// A return asked for on Monday of a ticket dispatched the Friday before:
/// ```
/// # use fenbo::domain::{application::*, calendar::*, evidence::{self, Evidence}, event::*, instant::*, policy::Policy, ticket::*};
/// # let zone = Zone::shanghai();
/// # let policy: Policy = fenbo::config::policies::load(None).unwrap().at(Instant(1_500_000_000)).clone();
/// # let calendar = fenbo::config::calendars::load(None).unwrap();
/// let at = |text| zone.parse(text).unwrap();
/// # let first = Event::Registered(Registered { created_at: at("2017-11-24 09:00"), ..Registered::default() });
/// # let mut ticket = Ticket::begin("1", &first, at("2017-11-24 09:00")).unwrap();
/// # ticket.apply(&Event::Dispatched { lead: "cgj".into(), assisting: vec![], suggestion: None }, at("2017-11-24 10:00"), "zhang");
/// # let asked = Application { number: 1, kind: ApplicationKind::Return, ground: None, text: String::new(), suggested: None, units: None,
/// #     until: None, asked_at: at("2017-11-27 10:00"), asked_by: "lin".into(), department: None, seconded_by: None, decision: None };
/// let found = evidence::of(&asked, &ticket, Marks::default(), &policy, &calendar, at("2017-11-27 11:00"));
/// let Evidence::Return { window_end, in_time, granted, .. } = found else { unreachable!() };
/// // Three working days from the day after: Monday, Tuesday, Wednesday. [seed]
/// assert_eq!(window_end, Some(at("2017-11-30 00:00")));
/// assert_eq!((in_time, granted), (Some(true), 0));
/// ```
pub fn of(
    application: &Application,
    ticket: &Ticket,
    marks: Marks,
    policy: &Policy,
    calendar: &Calendar,
    now: Instant,
) -> Evidence {
    let then = |change| {
        let mut clock = ticket.running_clock()?.clone();
        clock.mark(now, change);
        let deadline = clock.deadline(calendar, Counting::of(policy)).ok()?;
        Some(deadline.due_at)
    };
    match application.kind {
        ApplicationKind::Return => {
            let received_at = ticket.dispatched_at.unwrap_or(ticket.created_at);
            let window_end = guards::return_window_end(ticket, policy, calendar).ok();
            Evidence::Return {
                received_at,
                window_end,
                in_time: window_end.map(|end| application.asked_at < end),
                granted: ticket.returns,
                forces_coordination: ticket.returns + 1 >= policy.returns.before_coordination.value,
            }
        }
        ApplicationKind::Extension => Evidence::Extension {
            due_at: marks.due_at,
            then: application
                .units
                .and_then(|units| then(Change::Extended { units })),
            granted: (ticket.extensions, policy.extensions.max_granted.value),
        },
        ApplicationKind::Suspension => Evidence::Suspension {
            until: application.until,
            due_at: marks.due_at,
            then: application
                .until
                .and_then(|until| then(Change::Suspended { until })),
            granted: (ticket.suspensions, policy.suspensions.max_granted.value),
        },
        ApplicationKind::Appeal => Evidence::Appeal {
            replied_at: ticket.replied_at,
            due_at: marks.due_at,
            seconded_by: application.seconded_by.clone(),
        },
        ApplicationKind::Void | ApplicationKind::NoCallback => Evidence::Words,
    }
}
