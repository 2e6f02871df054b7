//! The guards of the transition table: each asks one rule about the ticket and whoever acts, and names it when it refuses.
//!
//! What the act itself says is asked by [`super::checks`]. Start at [`ask`].

use super::act::ActKind;
use super::application::ApplicationKind;
use super::calendar::{Calendar, UnknownYear};
use super::clock::span_due;
use super::department::Directory;
use super::instant::Instant;
use super::operator::Role;
use super::policy::Policy;
use super::privacy::{Sight, sight};
use super::refusal::{LadderNeeds, Refusal};
use super::ticket::{LimitClass, Ticket};
use super::workflow::Context;

/// A rule about the ticket and whoever acts, asked before the act has its words: such rules decide whether a key is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The operator's department is the lead.
    OwnDepartment,
    /// The same, for those who have only the role department.
    OwnDepartmentOrDesk,
    /// The operator sees the ticket.
    Sees,
    /// Only enquiries.
    Enquiry,
    /// Not so often returned that coordination is forced.
    NotForced,
    /// Nobody else has claimed it.
    NoOtherClaim,
    /// The operator has not claimed it already.
    NotMyClaim,
    /// The operator has claimed it, or it is stale, or the shift lead frees it.
    MyClaim,
    /// The dispatcher who sent it, or the shift lead.
    OwnDispatch,
    /// No ruling has been made.
    NotRuled,
    /// Nothing waits for a decision.
    NothingPending,
    /// The same is not already asked.
    NotAsked,
    /// No return waits for a decision.
    NoReturnPending,
    /// No ticket is merged into it: their requesters would be forgotten.
    NoneMerged,
    /// The archive's waiting time is over.
    ArchiveTime,
    /// The role may see personal data of this ticket.
    MayReveal,
    /// A department has it: nobody else is supervised.
    HasLead,
    /// No supervision is under way.
    NoSupervision,
    /// A supervision is under way.
    Supervision,
    /// A supervision has been proposed.
    Proposal,
    /// At least one supervision was issued.
    Supervised,
    /// Two consecutive supervisions without result.
    FailedSupervisions,
    /// It has ended, or been ruled on: what is open teaches nothing yet.
    Exemplary,
    /// It stands in the case library.
    IsCase,
}

/// Whether a rule lets an act through.
pub(super) type Answer = Result<(), Refusal>;

/// Refuses where `refused` holds.
pub(super) fn unless(refused: bool, refusal: impl FnOnce() -> Refusal) -> Answer {
    if refused { Err(refusal()) } else { Ok(()) }
}

/// A year that is not known, as the rule that says no.
pub(super) fn unknown(UnknownYear(year): UnknownYear) -> Refusal {
    Refusal::CalendarUnknown { year }
}

/// The kind of application an act asks for, if it asks for one.
fn asks_for(act: ActKind) -> Option<ApplicationKind> {
    ApplicationKind::ALL
        .into_iter()
        .find(|kind| asked_with(*kind) == act)
}

/// The act that asks for a kind of application.
pub(super) fn asked_with(kind: ApplicationKind) -> ActKind {
    match kind {
        ApplicationKind::Return => ActKind::RequestReturn,
        ApplicationKind::Extension => ActKind::Extend,
        ApplicationKind::Suspension => ActKind::Suspend,
        ApplicationKind::Void => ActKind::Void,
        ApplicationKind::NoCallback => ActKind::WaiveCallback,
        ApplicationKind::Appeal => ActKind::Appeal,
    }
}

/// Asks a guard about an act of this kind.
///
/// # Errors
/// The [`Refusal`] of the rule that says no.
pub fn ask(guard: Guard, act: ActKind, ticket: &Ticket, context: &Context<'_>) -> Answer {
    let operator = context.operator;
    let claimed_by_other = || {
        ticket
            .claim
            .as_ref()
            .filter(|c| c.by != operator.code && !is_stale(c.at, context))
    };
    match guard {
        Guard::OwnDepartment => own_department(ticket, context),
        Guard::OwnDepartmentOrDesk => {
            let desk = operator
                .roles
                .has_any(&[Role::Dispatcher, Role::ShiftLead, Role::Callback]);
            if desk {
                Ok(())
            } else {
                own_department(ticket, context)
            }
        }
        Guard::Sees => unless(!operator.sees_ticket(ticket), || {
            Refusal::NotYourDepartment {
                lead: ticket.lead.clone(),
            }
        }),
        Guard::Enquiry => unless(
            !ticket
                .nature
                .is_some_and(|n| context.policy.classing.enquiry_natures.contains(&n))
                && ticket.limit_class != Some(LimitClass::Enquiry),
            || Refusal::NotAnEnquiry,
        ),
        Guard::NotForced => {
            let forced = ticket.returns >= context.policy.returns.before_coordination.value;
            unless(forced && !ticket.no_return, || {
                Refusal::CoordinationForced {
                    returns: ticket.returns,
                }
            })
        }
        Guard::NoOtherClaim => match claimed_by_other() {
            Some(claim) => Err(Refusal::ClaimedBy {
                by: claim.by.clone(),
                at: claim.at,
            }),
            None => Ok(()),
        },
        Guard::NotMyClaim => unless(
            ticket
                .claim
                .as_ref()
                .is_some_and(|c| c.by == operator.code && !is_stale(c.at, context)),
            || Refusal::NoChange,
        ),
        Guard::MyClaim => {
            let free = ticket.claim.is_none() || claimed_by_other().is_some();
            unless(
                free && !(ticket.claim.is_some() && operator.roles.has(Role::ShiftLead)),
                || Refusal::NotYourClaim,
            )
        }
        Guard::OwnDispatch => {
            let by = context.history.dispatched_by.unwrap_or_default();
            unless(
                by != operator.code && !operator.roles.has(Role::ShiftLead),
                || Refusal::NotYourDispatch { by: by.to_owned() },
            )
        }
        Guard::NotRuled => unless(ticket.no_return, || Refusal::NoReturnAfterRuling),
        Guard::NothingPending => match ticket.pending().next() {
            Some(application) => Err(Refusal::DecideFirst {
                kind: application.kind,
            }),
            None => Ok(()),
        },
        Guard::NotAsked => match asks_for(act).and_then(|kind| ticket.pending_of(kind)) {
            Some(application) => Err(Refusal::AlreadyAsked {
                kind: application.kind,
            }),
            None => Ok(()),
        },
        Guard::NoReturnPending => {
            unless(ticket.pending_of(ApplicationKind::Return).is_some(), || {
                Refusal::DecideFirst {
                    kind: ApplicationKind::Return,
                }
            })
        }
        Guard::NoneMerged => none_merged(ticket),
        Guard::ArchiveTime => archive_time(ticket, context),
        Guard::MayReveal => {
            let hidden = sight(operator, ticket) == Sight::Hidden;
            unless(hidden, || Refusal::WrongRole {
                act,
                needs: &[Role::Dispatcher, Role::ShiftLead, Role::Callback],
            })
        }
        Guard::HasLead => unless(ticket.lead.is_none(), || Refusal::LadderStep {
            needs: LadderNeeds::Department,
        }),
        Guard::NoSupervision => unless(context.history.supervision.is_some(), || {
            Refusal::SupervisionUnderWay
        }),
        Guard::Supervision => unless(context.history.supervision.is_none(), || {
            Refusal::NoSupervision
        }),
        Guard::Proposal => unless(!ticket.supervision_proposed, || Refusal::LadderStep {
            needs: LadderNeeds::Proposal,
        }),
        Guard::Supervised => unless(ticket.supervision_level == 0, || Refusal::LadderStep {
            needs: LadderNeeds::Supervision,
        }),
        Guard::FailedSupervisions => {
            let needs = context.policy.supervisions.refer_after.value;
            unless(context.history.failed_supervisions < needs, || {
                Refusal::LadderStep {
                    needs: LadderNeeds::ConsecutiveFailures(needs),
                }
            })?;
            unless(context.history.referred, || Refusal::LadderStep {
                needs: LadderNeeds::AnotherFailure,
            })
        }
        Guard::Exemplary => unless(ticket.state.is_open() && !ticket.no_return, || {
            Refusal::NotExemplary
        }),
        Guard::IsCase => unless(!ticket.is_case, || Refusal::NoChange),
    }
}

/// Whether a claim has gone stale.
fn is_stale(claimed_at: Instant, context: &Context<'_>) -> bool {
    span_due(
        claimed_at,
        &context.policy.claim_stale,
        context.calendar,
        context.policy.zone,
    )
    .is_ok_and(|due| context.now >= due)
}

fn own_department(ticket: &Ticket, context: &Context<'_>) -> Answer {
    let operator = context.operator;
    // The login that founded the store holds every role and no department: it acts for any.
    let for_any = operator.department.is_none() && operator.roles.has(Role::Administrator);
    let own = operator.department.is_some() && operator.department == ticket.lead;
    unless(!(own || for_any || operator.is_system()), || {
        Refusal::NotYourDepartment {
            lead: ticket.lead.clone(),
        }
    })
}

fn archive_time(ticket: &Ticket, context: &Context<'_>) -> Answer {
    let from = ticket.closed_at.unwrap_or(ticket.state_since);
    let policy = context.policy;
    let until =
        span_due(from, &policy.archive_after, context.calendar, policy.zone).map_err(unknown)?;
    unless(context.now < until, || Refusal::TooEarly { until })
}

/// Whether a department is made lead for a class that is not on its list: a warning, not a refusal. `[DOMAIN §8]`
pub fn leads_off_list(code: &str, class: Option<LimitClass>, directory: &Directory) -> bool {
    directory.department(code).is_some_and(|d| {
        !d.leads_only.is_empty() && class.is_some_and(|c| !d.leads_only.contains(&c))
    })
}

/// 24:00 of the last day on which a department may ask to return. `[seed: within 3 working days of receipt]`
///
/// # Errors
/// [`UnknownYear`] when the days cannot be counted.
pub fn return_window_end(
    ticket: &Ticket,
    policy: &Policy,
    calendar: &Calendar,
) -> Result<Instant, UnknownYear> {
    let received = ticket.dispatched_at.unwrap_or(ticket.created_at);
    span_due(
        received,
        &policy.stages.return_window,
        calendar,
        policy.zone,
    )
}

/// No ticket may be merged into it.
pub(super) fn none_merged(ticket: &Ticket) -> Answer {
    unless(!ticket.merged.is_empty(), || Refusal::HasMerged {
        count: ticket.merged.len(),
    })
}
