//! The transition table, and the one place that decides acts.
//!
//! [`TABLE`] is data: act, from, who, guards, checks. [`decide`] looks an act up, asks its guards and then its checks in
//! order and returns the events; the same table answers [`may`], so keys, command line and server cannot disagree.

use super::act::{Act, ActKind};
use super::calendar::{Calendar, UnknownYear};
use super::checks::{self, Check};
use super::clock::{Counting, span_due};
use super::department::Directory;
use super::effects;
use super::event::Event;
use super::guards::{self, Guard};
use super::instant::Instant;
use super::operator::{Operator, Role};
use super::policy::Policy;
use super::refusal::Refusal;
use super::ticket::{Marks, State, Ticket};

/// What an act is decided with. Time is an argument.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The moment of the act.
    pub now: Instant,
    /// Who acts.
    pub operator: &'a Operator,
    /// The edition the ticket lives under.
    pub policy: &'a Policy,
    /// The calendars known.
    pub calendar: &'a Calendar,
    /// The centre's directory.
    pub directory: &'a Directory,
    /// The ticket's deadlines as stored.
    pub marks: Marks,
    /// For a merge: the master.
    pub master: Option<&'a Ticket>,
    /// Facts of the ticket's ledger that guards ask for.
    pub history: History<'a>,
}

/// What guards need of the ledger.
#[derive(Clone, Copy, Debug, Default)]
pub struct History<'a> {
    /// Who dispatched last.
    pub dispatched_by: Option<&'a str>,
    /// The paper of the supervision under way.
    pub supervision: Option<&'a str>,
    /// Consecutive supervisions that ended without result.
    pub failed_supervisions: u32,
    /// A referral was issued and no supervision has ended without result since.
    pub referred: bool,
    /// The number of the last paper issued.
    pub last_paper: Option<&'a str>,
    /// The number the next paper will have.
    pub next_paper: &'a str,
}

/// From which states an act is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// These.
    States(&'static [State]),
    /// Every open state.
    AnyOpen,
    /// Every state in which nothing is left to be done.
    AnyEnded,
    /// Every state.
    Any,
}

impl From {
    /// Whether it includes a state.
    pub fn includes(self, state: &State) -> bool {
        match self {
            Self::States(states) => states.contains(state),
            Self::AnyOpen => state.is_open() && !matches!(state, State::Foreign(_)),
            Self::AnyEnded => !state.is_open(),
            Self::Any => !matches!(state, State::Foreign(_)),
        }
    }
}

/// A row of the transition table.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// The act.
    pub act: ActKind,
    /// From where.
    pub from: From,
    /// Who may; the program itself may do what [`Transition::by_rule`] says.
    pub who: &'static [Role],
    /// Whether the sweep may do it without a person.
    pub by_rule: bool,
    /// Whether a requester may do it to the own ticket.
    pub by_requester: bool,
    /// Rules about the ticket and whoever acts, asked first, in this order.
    pub guards: &'static [Guard],
    /// Rules about what the act says, asked after them, in this order.
    pub checks: &'static [Check],
}

const DESK: &[Role] = &[Role::Dispatcher, Role::ShiftLead];
const SHIFT_LEAD: &[Role] = &[Role::ShiftLead];
const DEPARTMENT: &[Role] = &[Role::Department];
const CALLBACK: &[Role] = &[Role::Callback, Role::ShiftLead];
const SUPERVISOR: &[Role] = &[Role::Supervisor];
const ADMINISTRATOR: &[Role] = &[Role::Administrator];
const CASES: &[Role] = &[Role::Dispatcher, Role::ShiftLead, Role::Supervisor];
/// Everyone who acts at all; the auditor only reads.
const ANYONE: &[Role] = &[
    Role::Dispatcher,
    Role::ShiftLead,
    Role::Supervisor,
    Role::Department,
    Role::Callback,
    Role::Administrator,
];

use Check as C;
use Guard as G;
use State as S;

const fn row(
    act: ActKind,
    from: From,
    who: &'static [Role],
    guards: &'static [Guard],
    checks: &'static [Check],
) -> Transition {
    Transition {
        act,
        from,
        who,
        by_rule: false,
        by_requester: false,
        guards,
        checks,
    }
}

const fn also_by_rule(mut row: Transition) -> Transition {
    row.by_rule = true;
    row
}

const fn also_by_requester(mut row: Transition) -> Transition {
    row.by_requester = true;
    row
}

/// The life of a ticket, DOMAIN §3, one row an act. A flat list: read it beside the rule book.
pub static TABLE: &[Transition] = &[
    row(
        ActKind::File,
        From::States(&[S::Registered]),
        DESK,
        &[],
        &[C::Filing],
    ),
    row(
        ActKind::Answer,
        From::States(&[S::Registered]),
        DESK,
        &[G::NoneMerged, G::Enquiry],
        &[C::Text],
    ),
    row(
        ActKind::Refuse,
        From::States(&[S::Registered]),
        SHIFT_LEAD,
        &[G::NoneMerged],
        &[C::RefusalGround],
    ),
    also_by_rule(row(
        ActKind::Dispatch,
        From::States(&[S::Filed]),
        DESK,
        &[G::NoOtherClaim, G::NotForced],
        &[C::Departments],
    )),
    row(
        ActKind::Recall,
        From::States(&[S::Dispatched]),
        DESK,
        &[G::OwnDispatch, G::NotRuled, G::NothingPending],
        &[],
    ),
    also_by_rule(row(
        ActKind::Sign,
        From::States(&[S::Dispatched]),
        DEPARTMENT,
        &[G::OwnDepartment],
        &[],
    )),
    row(
        ActKind::RequestReturn,
        From::States(&[S::Dispatched, S::Handling]),
        DEPARTMENT,
        &[G::OwnDepartment, G::NotRuled, G::NotAsked],
        &[C::Return],
    ),
    row(
        ActKind::LateReturn,
        From::States(&[S::Dispatched, S::Handling]),
        SHIFT_LEAD,
        &[G::NotRuled, G::NoReturnPending],
        &[C::Text],
    ),
    row(
        ActKind::Extend,
        From::States(&[S::Handling]),
        DEPARTMENT,
        &[G::OwnDepartment, G::NotAsked],
        &[C::Text, C::Extension],
    ),
    row(
        ActKind::Suspend,
        From::States(&[S::Handling]),
        DEPARTMENT,
        &[G::OwnDepartment, G::NotAsked],
        &[C::Text, C::Suspension],
    ),
    also_by_rule(row(
        ActKind::Resume,
        From::States(&[S::Suspended]),
        &[Role::Department, Role::ShiftLead],
        &[G::OwnDepartmentOrDesk],
        &[],
    )),
    row(
        ActKind::Void,
        From::AnyOpen,
        &[Role::Dispatcher, Role::ShiftLead, Role::Department],
        &[G::OwnDepartmentOrDesk, G::NoneMerged, G::NotAsked],
        &[C::Text],
    ),
    row(
        ActKind::WaiveCallback,
        From::States(&[S::Handling, S::Replied, S::Callback]),
        &[Role::Department, Role::Callback, Role::ShiftLead],
        &[G::OwnDepartmentOrDesk, G::NoneMerged, G::NotAsked],
        &[C::Text],
    ),
    row(
        ActKind::Appeal,
        From::States(&[S::Closed]),
        DEPARTMENT,
        &[G::OwnDepartment, G::NotAsked],
        &[C::Text, C::Appeal],
    ),
    row(
        ActKind::Grant,
        From::Any,
        DESK,
        &[],
        &[C::OnePending, C::MayDecide, C::StillPossible],
    ),
    row(
        ActKind::Decline,
        From::Any,
        DESK,
        &[],
        &[C::OnePending, C::MayDecide, C::Text],
    ),
    row(
        ActKind::Coordinate,
        From::States(&[
            S::Registered,
            S::Filed,
            S::Dispatched,
            S::Handling,
            S::Replied,
            S::Callback,
            S::Suspended,
        ]),
        DESK,
        &[],
        &[C::Text],
    ),
    row(
        ActKind::Rule,
        From::States(&[S::Coordinating]),
        SHIFT_LEAD,
        &[],
        &[C::Departments, C::Text],
    ),
    row(
        ActKind::Reply,
        From::States(&[S::Handling]),
        DEPARTMENT,
        &[G::OwnDepartment, G::NoReturnPending],
        &[C::Text],
    ),
    row(ActKind::Pass, From::States(&[S::Replied]), DESK, &[], &[]),
    row(
        ActKind::Rework,
        From::States(&[S::Replied]),
        DESK,
        &[],
        &[C::Text],
    ),
    also_by_requester(row(
        ActKind::CallBack,
        From::States(&[S::Callback]),
        CALLBACK,
        &[],
        &[C::Call],
    )),
    row(
        ActKind::Redo,
        From::States(&[S::Callback]),
        CALLBACK,
        &[],
        &[C::Text],
    ),
    row(
        ActKind::Merge,
        From::States(&[
            S::Registered,
            S::Filed,
            S::Dispatched,
            S::Handling,
            S::Replied,
            S::Callback,
            S::Coordinating,
            S::Suspended,
        ]),
        DESK,
        &[],
        &[C::Master],
    ),
    row(ActKind::Unmerge, From::States(&[S::Merged]), DESK, &[], &[]),
    row(ActKind::Urge, From::AnyOpen, ANYONE, &[G::Sees], &[]),
    also_by_rule(row(
        ActKind::Archive,
        From::States(&[S::Closed, S::Answered, S::Refused]),
        &[Role::ShiftLead, Role::Administrator],
        &[G::ArchiveTime],
        &[],
    )),
    row(
        ActKind::Reopen,
        From::States(&[S::Closed, S::Archived]),
        SHIFT_LEAD,
        &[],
        &[C::Text],
    ),
    row(ActKind::Note, From::Any, ANYONE, &[G::Sees], &[C::Text]),
    row(
        ActKind::Claim,
        From::AnyOpen,
        ANYONE,
        &[G::Sees, G::NoOtherClaim, G::NotMyClaim],
        &[],
    ),
    also_by_rule(row(
        ActKind::Release,
        From::AnyOpen,
        ANYONE,
        &[G::MyClaim],
        &[],
    )),
    row(
        ActKind::SetConfidential,
        From::Any,
        DESK,
        &[],
        &[C::Changes],
    ),
    row(ActKind::SetUrgency, From::AnyOpen, DESK, &[], &[C::Changes]),
    row(
        ActKind::Reclassify,
        From::States(&[
            S::Filed,
            S::Dispatched,
            S::Handling,
            S::Coordinating,
            S::Suspended,
        ]),
        DESK,
        &[],
        &[C::Filing, C::Changes],
    ),
    row(
        ActKind::Reveal,
        From::Any,
        ANYONE,
        &[G::Sees, G::MayReveal],
        &[C::Text],
    ),
    row(
        ActKind::Erase,
        From::AnyEnded,
        ADMINISTRATOR,
        &[],
        &[C::Text],
    ),
    row(
        ActKind::Supervise,
        From::AnyOpen,
        SUPERVISOR,
        &[G::HasLead, G::NoSupervision],
        &[C::Text],
    ),
    row(
        ActKind::ResolveSupervision,
        From::Any,
        SUPERVISOR,
        &[G::Supervision],
        &[C::Text],
    ),
    row(
        ActKind::DismissSupervision,
        From::Any,
        SUPERVISOR,
        &[G::Proposal],
        &[C::Text],
    ),
    row(
        ActKind::Circulate,
        From::AnyOpen,
        SUPERVISOR,
        &[G::Supervised, G::HasLead],
        &[C::Text],
    ),
    row(
        ActKind::Refer,
        From::AnyOpen,
        SUPERVISOR,
        &[G::FailedSupervisions, G::HasLead],
        &[C::Text],
    ),
    row(
        ActKind::Serve,
        From::Any,
        SUPERVISOR,
        &[G::Supervised],
        &[C::Text],
    ),
    row(
        ActKind::KeepCase,
        From::Any,
        CASES,
        &[G::Exemplary],
        &[C::Text],
    ),
    row(ActKind::DropCase, From::Any, CASES, &[G::IsCase], &[]),
];

/// The table's row for an act.
pub fn transition(act: ActKind) -> Option<&'static Transition> {
    TABLE.iter().find(|t| t.act == act)
}

/// Whether an act is possible at all for this operator on this ticket: role, state, sight.
///
/// What the act will say is not asked; a live key can still be refused by it.
///
/// # Errors
/// The [`Refusal`] that `decide` would give.
pub fn may(
    ticket: &Ticket,
    act: ActKind,
    context: &Context<'_>,
) -> Result<&'static Transition, Refusal> {
    let wrong_state = || Refusal::WrongState {
        act,
        state: ticket.state.clone(),
    };
    let row = transition(act).ok_or_else(wrong_state)?;
    let operator = context.operator;
    if !operator.active {
        return Err(Refusal::OperatorInactive);
    }
    let by_rule = operator.is_system() && row.by_rule;
    let by_requester = operator.is_requester() && row.by_requester;
    if !by_rule && !by_requester && !operator.roles.has_any(row.who) {
        return Err(Refusal::WrongRole {
            act,
            needs: row.who,
        });
    }
    if !row.from.includes(&ticket.state) {
        return Err(wrong_state());
    }
    for guard in row.guards {
        guards::ask(*guard, act, ticket, context)?;
    }
    Ok(row)
}

/// Decides an act: the events it means, or the rule that refuses it.
///
/// # Errors
/// A typed [`Refusal`] that names its rule; nothing has happened then.
///
/// The first dispatcher sends a ticket to a department; the second comes too late:
/// ```
/// # use fenbo::domain::{event::*, instant::*, operator::*, ticket::*, workflow::History};
/// use fenbo::domain::{act::{Act, ActKind}, refusal::Refusal, workflow::{Context, decide}};
/// # let rules = fenbo::config::rules(None).unwrap();
/// # let mut ticket = Ticket::begin("1", &Event::Registered(Registered::default()), Instant(0)).unwrap();
/// # ticket.state = State::Filed;
/// # let operator = Operator { roles: Roles::default().with(Role::Dispatcher), ..Operator::requester() };
/// # let operator = Operator { code: "zhang".into(), ..operator };
/// let context = Context {
///     now: Instant(60),
///     operator: &operator,
///     policy: rules.editions.at(Instant(0)),
///     calendar: &rules.calendar,
///     directory: &rules.directory,
///     marks: Marks::default(),
///     master: None,
///     history: History::default(),
/// };
/// let act = Act::Dispatch { lead: "cgj".into(), assisting: vec![], suggestion: None };
/// let events = decide(&ticket, &act, &context).unwrap();
/// assert_eq!(events, [Event::Dispatched { lead: "cgj".into(), assisting: vec![], suggestion: None }]);
/// ticket.apply(&events[0], context.now, "zhang");
/// let late = decide(&ticket, &act, &context);
/// assert_eq!(late, Err(Refusal::WrongState { act: ActKind::Dispatch, state: State::Dispatched }));
/// ```
pub fn decide(ticket: &Ticket, act: &Act, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let row = may(ticket, act.kind(), context)?;
    for check in row.checks {
        checks::ask(*check, ticket, act, context)?;
    }
    effects::of(ticket, act, context)
}

/// The instants at which a ticket's light and stage turn, after its events so far.
///
/// While a redo is under way its clock rules the light; the citizen's clock keeps its fact. A year
/// whose notice is unknown gives `warn_at` without `due_at`: shown as yellow with the reason, never guessed.
pub fn marks(ticket: &Ticket, policy: &Policy, calendar: &Calendar) -> Marks {
    let (warn_at, due_at) = match ticket
        .running_clock()
        .map(|c| c.deadline(calendar, Counting::of(policy)))
    {
        None => (None, None),
        Some(Ok(deadline)) => (Some(deadline.warn_at), Some(deadline.due_at)),
        Some(Err(UnknownYear(_))) => (Some(ticket.created_at), None),
    };
    Marks {
        warn_at,
        due_at,
        stage_due_at: stage_due(ticket, policy, calendar),
    }
}

fn stage_due(ticket: &Ticket, policy: &Policy, calendar: &Calendar) -> Option<Instant> {
    let stages = &policy.stages;
    let span = match &ticket.state {
        State::Registered => &stages.filing,
        State::Filed => policy.dispatch_span(ticket.urgency),
        State::Dispatched => &stages.sign,
        State::Coordinating => &stages.ruling,
        State::Replied => &stages.review,
        State::Callback => &stages.callback,
        State::Suspended => return suspended_until(ticket),
        State::Handling
        | State::Closed
        | State::Archived
        | State::Answered
        | State::Refused
        | State::Merged
        | State::Voided
        | State::Foreign(_) => return None,
    };
    span_due(ticket.state_since, span, calendar, policy.zone).ok()
}

/// 24:00 of the last day of the last suspension that was granted; nothing when none was.
pub fn suspended_until(ticket: &Ticket) -> Option<Instant> {
    ticket
        .applications
        .iter()
        .rev()
        .find(|a| a.decision.as_ref().is_some_and(|d| d.granted) && a.until.is_some())
        .and_then(|a| a.until)
}
