//! The guards of the transition table: each asks one rule and names it when it refuses.

use super::act::{Act, ActKind, CallOutcome, Filing};
use super::application::{Application, ApplicationKind};
use super::calendar::{Calendar, UnknownYear};
use super::callback;
use super::clock::span_due;
use super::department::Directory;
use super::instant::Instant;
use super::operator::Role;
use super::policy::{Ground, Policy};
use super::refusal::{LadderNeeds, Refusal};
use super::ticket::{LimitClass, Nature, State, Ticket};
use super::workflow::{Context, transition};
use chrono::Days;

/// A rule that stands between an act and its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The operator's department is the lead.
    OwnDepartment,
    /// The same, for those who have only the role department.
    OwnDepartmentOrDesk,
    /// The operator sees the ticket.
    Sees,
    /// Nature, class, category; place or an explicit "address unknown".
    Filing,
    /// Only enquiries.
    Enquiry,
    /// The act carries words.
    Text,
    /// A coded ground of refusal.
    RefusalGround,
    /// Lead and assisting departments exist, are active, are named once.
    Departments,
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
    /// Ground, detailed text, suggestion, window.
    ReturnForm,
    /// Before the deadline, not too often, not too long.
    Extension,
    /// Once, end date within bounds.
    Suspension,
    /// Overdue, once, within the window.
    Appeal,
    /// Exactly one application is meant.
    OnePending,
    /// The decider may decide this kind.
    MayDecide,
    /// What was asked for can still be done from the present state.
    StillPossible,
    /// No ticket is merged into it: their requesters would be forgotten.
    NoneMerged,
    /// About a requester of this ticket; a rating when reached.
    Call,
    /// The master is open, other, and of the same confidentiality.
    Master,
    /// The archive's waiting time is over.
    ArchiveTime,
    /// The act changes something.
    Changes,
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

impl Guard {
    /// Whether the guard can be asked before the act has its words: such guards decide whether a key is live.
    pub fn needs_no_words(self) -> bool {
        match self {
            Self::OwnDepartment
            | Self::OwnDepartmentOrDesk
            | Self::Sees
            | Self::Enquiry
            | Self::NotForced
            | Self::NoOtherClaim
            | Self::NotMyClaim
            | Self::MyClaim
            | Self::OwnDispatch
            | Self::NotRuled
            | Self::NothingPending
            | Self::NotAsked
            | Self::NoReturnPending
            | Self::NoneMerged
            | Self::ArchiveTime
            | Self::MayReveal
            | Self::HasLead
            | Self::NoSupervision
            | Self::Supervision
            | Self::Proposal
            | Self::Supervised
            | Self::FailedSupervisions
            | Self::Exemplary
            | Self::IsCase => true,
            Self::Filing
            | Self::Text
            | Self::RefusalGround
            | Self::Departments
            | Self::ReturnForm
            | Self::Extension
            | Self::Suspension
            | Self::Appeal
            | Self::OnePending
            | Self::MayDecide
            | Self::StillPossible
            | Self::Call
            | Self::Master
            | Self::Changes => false,
        }
    }
}

type Answer = Result<(), Refusal>;

fn unless(refused: bool, refusal: impl FnOnce() -> Refusal) -> Answer {
    if refused { Err(refusal()) } else { Ok(()) }
}

fn unknown(UnknownYear(year): UnknownYear) -> Refusal {
    Refusal::CalendarUnknown { year }
}

/// The kind of application an act asks for, if it asks for one.
fn asks_for(act: ActKind) -> Option<ApplicationKind> {
    ApplicationKind::ALL
        .into_iter()
        .find(|kind| asked_with(*kind) == act)
}

/// The act that asks for a kind of application.
pub fn asked_with(kind: ApplicationKind) -> ActKind {
    match kind {
        ApplicationKind::Return => ActKind::RequestReturn,
        ApplicationKind::Extension => ActKind::Extend,
        ApplicationKind::Suspension => ActKind::Suspend,
        ApplicationKind::Void => ActKind::Void,
        ApplicationKind::NoCallback => ActKind::WaiveCallback,
        ApplicationKind::Appeal => ActKind::Appeal,
    }
}

/// Asks a guard that needs no words of the act.
pub fn ask_without_words(
    guard: Guard,
    act: ActKind,
    ticket: &Ticket,
    context: &Context<'_>,
) -> Answer {
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
        Guard::Sees => unless(
            !operator.sees(ticket.lead.as_deref(), &ticket.assisting),
            || Refusal::NotYourDepartment {
                lead: ticket.lead.clone(),
            },
        ),
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
            let only_department = !operator.roles.sees_all();
            let hidden = ticket.confidential || ticket.nature == Some(Nature::Report);
            unless(only_department && hidden, || Refusal::WrongRole {
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
        // Asked by `ask`, with the act's words.
        Guard::Filing
        | Guard::Text
        | Guard::RefusalGround
        | Guard::Departments
        | Guard::ReturnForm
        | Guard::Extension
        | Guard::Suspension
        | Guard::Appeal
        | Guard::OnePending
        | Guard::MayDecide
        | Guard::StillPossible
        | Guard::Call
        | Guard::Master
        | Guard::Changes => Ok(()),
    }
}

/// Asks a guard with the act's words before it.
pub fn ask(guard: Guard, ticket: &Ticket, act: &Act, context: &Context<'_>) -> Answer {
    match guard {
        Guard::Filing => filing(ticket, act),
        Guard::Text => text(act),
        Guard::RefusalGround => match act {
            Act::Refuse { ground, .. } => known_ground(ground, &context.policy.refusals.grounds),
            _ => Ok(()),
        },
        Guard::Departments => departments(act, context),
        Guard::ReturnForm => return_form(ticket, act, context),
        Guard::Extension => extension(ticket, act, context),
        Guard::Suspension => suspension(ticket, act, context),
        Guard::Appeal => appeal(ticket, context),
        Guard::OnePending => meant(ticket, act).map(|_| ()),
        Guard::MayDecide => may_decide(ticket, act, context),
        Guard::StillPossible => still_possible(ticket, act),
        Guard::Call => call(ticket, act, context),
        Guard::Master => master(ticket, act, context),
        Guard::Changes => changes(ticket, act, context),
        other => ask_without_words(other, act.kind(), ticket, context),
    }
}

/// Whether a claim has gone stale.
pub fn is_stale(claimed_at: Instant, context: &Context<'_>) -> bool {
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

fn filing(ticket: &Ticket, act: &Act) -> Answer {
    let (Act::File(form) | Act::Reclassify(form)) = act else {
        return Ok(());
    };
    let Filing {
        nature,
        category,
        street,
        community,
        address_unknown,
        limit_class: _,
    } = form;
    unless(nature.or(ticket.nature).is_none(), || {
        Refusal::NatureMissing
    })?;
    unless(category.is_empty() && ticket.category.is_empty(), || {
        Refusal::CategoryMissing
    })?;
    let place = street.is_some()
        || community.is_some()
        || ticket.street.is_some()
        || ticket.community.is_some();
    unless(!place && !address_unknown, || Refusal::PlaceMissing)
}

/// The words an act carries, where it must carry some.
fn words(act: &Act) -> Option<&str> {
    match act {
        Act::Answer { text }
        | Act::LateReturn { text }
        | Act::Extend { text, .. }
        | Act::Suspend { text, .. }
        | Act::Void { text }
        | Act::WaiveCallback { text }
        | Act::Appeal { text }
        | Act::Decline { text, .. }
        | Act::Coordinate { text }
        | Act::Rework { text }
        | Act::Redo { text }
        | Act::Reopen { text }
        | Act::Note { text }
        | Act::Reveal { text }
        | Act::Supervise { text }
        | Act::ResolveSupervision { text, .. }
        | Act::DismissSupervision { text }
        | Act::Circulate { text }
        | Act::Refer { text }
        | Act::Serve { text }
        | Act::KeepCase { text, .. } => Some(text),
        Act::Rule(order) => Some(&order.text),
        Act::Reply(form) => Some(&form.answer),
        Act::File(_)
        | Act::Refuse { .. }
        | Act::Dispatch { .. }
        | Act::Recall
        | Act::Sign
        | Act::RequestReturn { .. }
        | Act::Resume
        | Act::Grant { .. }
        | Act::Pass
        | Act::CallBack(_)
        | Act::Merge { .. }
        | Act::Unmerge
        | Act::Urge { .. }
        | Act::Archive
        | Act::DropCase
        | Act::Claim
        | Act::Release
        | Act::SetConfidential { .. }
        | Act::SetUrgency { .. }
        | Act::Reclassify(_) => None,
    }
}

fn text(act: &Act) -> Answer {
    unless(words(act).is_some_and(|t| t.trim().is_empty()), || {
        Refusal::TextMissing
    })
}

fn known_ground(given: &str, grounds: &[Ground]) -> Answer {
    unless(!grounds.iter().any(|g| g.code == given), || {
        Refusal::UnknownGround {
            given: given.to_owned(),
            known: grounds.iter().map(|g| g.code.clone()).collect(),
        }
    })
}

fn departments(act: &Act, context: &Context<'_>) -> Answer {
    let (lead, assisting, fallback) = match act {
        Act::Dispatch {
            lead, assisting, ..
        } => (lead, assisting, None),
        Act::Rule(order) => (&order.lead, &order.assisting, order.fallback.as_ref()),
        _ => return Ok(()),
    };
    for code in std::iter::once(lead).chain(assisting).chain(fallback) {
        let department =
            context
                .directory
                .department(code)
                .ok_or_else(|| Refusal::UnknownDepartment {
                    given: code.clone(),
                })?;
        unless(!department.active, || Refusal::DepartmentInactive {
            code: code.clone(),
        })?;
    }
    let mut seen = vec![lead];
    for code in assisting {
        unless(seen.contains(&code), || Refusal::DepartmentTwice {
            code: code.clone(),
        })?;
        seen.push(code);
    }
    Ok(())
}

/// Whether a department is made lead for a class that is not on its list: a warning, not a refusal. `[DOMAIN §8]`
pub fn leads_off_list(code: &str, class: Option<LimitClass>, directory: &Directory) -> bool {
    directory.department(code).is_some_and(|d| {
        !d.leads_only.is_empty() && class.is_some_and(|c| !d.leads_only.contains(&c))
    })
}

/// The last day on which a department may ask to return. `[seed: within 3 working days of receipt]`
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

fn return_form(ticket: &Ticket, act: &Act, context: &Context<'_>) -> Answer {
    let Act::RequestReturn {
        ground,
        text,
        suggested,
    } = act
    else {
        return Ok(());
    };
    let rules = &context.policy.returns;
    known_ground(ground, &rules.grounds)?;
    let names_another = rules
        .grounds
        .iter()
        .any(|g| g.code == *ground && g.suggests);
    unless(names_another && suggested.is_none(), || {
        Refusal::SuggestionMissing
    })?;
    let has = text.trim().chars().count();
    unless(has < rules.min_text.value as usize, || {
        Refusal::TextTooShort {
            has,
            needs: rules.min_text.value,
        }
    })?;
    if let Some(code) = suggested {
        unless(context.directory.department(code).is_none(), || {
            Refusal::UnknownDepartment {
                given: code.clone(),
            }
        })?;
    }
    let end = return_window_end(ticket, context.policy, context.calendar).map_err(unknown)?;
    unless(context.now >= end, || Refusal::ReturnWindowClosed {
        closed_on: context.policy.zone.date(end.plus(-1)),
    })
}

fn extension(ticket: &Ticket, act: &Act, context: &Context<'_>) -> Answer {
    let Act::Extend { units, .. } = act else {
        return Ok(());
    };
    let rules = &context.policy.extensions;
    if let Some(due_at) = context.marks.due_at {
        unless(context.now >= due_at, || Refusal::DeadlinePassed { due_at })?;
    }
    let max = rules.max_granted.value;
    unless(ticket.extensions >= max, || Refusal::ExtensionsUsedUp {
        max,
    })?;
    let limit = ticket
        .running_clock()
        .map_or(u32::MAX, |c| c.base_limit().amount);
    let max = rules.max_units.value.min(limit);
    unless(*units == 0 || *units > max, || Refusal::ExtensionTooLong {
        asked: *units,
        max,
    })
}

fn suspension(ticket: &Ticket, act: &Act, context: &Context<'_>) -> Answer {
    let Act::Suspend { until, .. } = act else {
        return Ok(());
    };
    let rules = &context.policy.suspensions;
    let max = rules.max_granted.value;
    unless(ticket.suspensions >= max, || Refusal::SuspensionsUsedUp {
        max,
    })?;
    let today = context.policy.zone.date(context.now);
    let latest = today
        .checked_add_days(Days::new(u64::from(rules.max_days.value)))
        .unwrap_or(today);
    unless(*until <= today || *until > latest, || {
        Refusal::SuspensionEnd { latest }
    })
}

fn appeal(ticket: &Ticket, context: &Context<'_>) -> Answer {
    unless(ticket.on_time != Some(false), || Refusal::NotOverdue)?;
    let before = ticket
        .applications
        .iter()
        .any(|a| a.kind == ApplicationKind::Appeal);
    unless(before, || Refusal::AppealedBefore)?;
    let policy = context.policy;
    let closed = ticket.closed_at.unwrap_or(ticket.state_since);
    let end = span_due(
        closed,
        &policy.appeals.window,
        context.calendar,
        policy.zone,
    )
    .map_err(unknown)?;
    unless(context.now >= end, || Refusal::AppealWindowClosed {
        closed_on: policy.zone.date(end.plus(-1)),
    })
}

/// The application that a decision is about.
///
/// # Errors
/// Nothing waits, or it is not clear which is meant.
pub fn meant<'a>(ticket: &'a Ticket, act: &Act) -> Result<&'a Application, Refusal> {
    let kind = match act {
        Act::Grant { kind, .. } | Act::Decline { kind, .. } => *kind,
        _ => None,
    };
    let pending: Vec<&Application> = ticket
        .pending()
        .filter(|a| kind.is_none_or(|k| a.kind == k))
        .collect();
    match pending.as_slice() {
        [] => Err(Refusal::NothingPending),
        [one] => Ok(one),
        several => Err(Refusal::WhichApplication {
            pending: several.iter().map(|a| a.kind).collect(),
        }),
    }
}

fn may_decide(ticket: &Ticket, act: &Act, context: &Context<'_>) -> Answer {
    unless(ticket.state == State::Merged, || Refusal::WrongState {
        act: act.kind(),
        state: ticket.state.clone(),
    })?;
    let asked = meant(ticket, act)?;
    let grants = act.kind() == ActKind::Grant;
    let lead = context.operator.roles.has(Role::ShiftLead);
    match asked.kind {
        ApplicationKind::Return => Ok(()),
        ApplicationKind::Extension
        | ApplicationKind::Suspension
        | ApplicationKind::Void
        | ApplicationKind::NoCallback => {
            unless(!lead, || Refusal::NeedsShiftLead { kind: asked.kind })
        }
        ApplicationKind::Appeal => {
            let same = asked.seconded_by.as_deref() == Some(context.operator.code.as_str());
            unless(grants && same, || Refusal::SecondPersonNeeded)
        }
    }
}

/// A grant does what was asked for, so it is possible where asking is; an appeal outlives the archive.
fn still_possible(ticket: &Ticket, act: &Act) -> Answer {
    let kind = meant(ticket, act)?.kind;
    let possible = transition(asked_with(kind)).is_some_and(|t| t.from.includes(&ticket.state))
        || (kind == ApplicationKind::Appeal && ticket.state == State::Archived);
    unless(!possible, || Refusal::WrongState {
        act: act.kind(),
        state: ticket.state.clone(),
    })?;
    match kind {
        ApplicationKind::Void | ApplicationKind::NoCallback => none_merged(ticket),
        ApplicationKind::Return
        | ApplicationKind::Extension
        | ApplicationKind::Suspension
        | ApplicationKind::Appeal => Ok(()),
    }
}

fn none_merged(ticket: &Ticket) -> Answer {
    unless(!ticket.merged.is_empty(), || Refusal::HasMerged {
        count: ticket.merged.len(),
    })
}

fn call(ticket: &Ticket, act: &Act, context: &Context<'_>) -> Answer {
    let Act::CallBack(form) = act else {
        return Ok(());
    };
    // A requester speaks for nobody but the requester.
    let of_others = context.operator.is_requester() && form.outcome != CallOutcome::SelfRated;
    unless(of_others, || Refusal::WrongRole {
        act: ActKind::CallBack,
        needs: transition(ActKind::CallBack).map_or(&[], |row| row.who),
    })?;
    let about = form.about.as_deref().unwrap_or(&ticket.no);
    unless(!ticket.requesters().any(|no| no == about), || {
        Refusal::NotARequester {
            no: about.to_owned(),
        }
    })?;
    // A requester rates once; the desk may ask again.
    let attempts = context.policy.callbacks.attempts.value as usize;
    let again = form.outcome == CallOutcome::SelfRated
        && callback::callees(ticket, attempts)
            .iter()
            .any(|callee| callee.no == about && callee.heard);
    unless(again, || Refusal::AlreadyHeard {
        no: about.to_owned(),
    })?;
    let spoke = matches!(form.outcome, CallOutcome::Reached | CallOutcome::SelfRated);
    unless(spoke && form.rating.is_none(), || Refusal::RatingMissing)?;
    unless(!spoke && form.rating.is_some(), || {
        Refusal::RatingWithoutVoice
    })
}

fn master(ticket: &Ticket, act: &Act, context: &Context<'_>) -> Answer {
    let Act::Merge { into } = act else {
        return Ok(());
    };
    unless(*into == ticket.no, || Refusal::MergeIntoItself)?;
    let master = context
        .master
        .ok_or_else(|| Refusal::MasterMissing { no: into.clone() })?;
    unless(!master.state.is_open(), || Refusal::MasterNotOpen {
        no: into.clone(),
        state: master.state.clone(),
    })?;
    unless(master.confidential != ticket.confidential, || {
        Refusal::MergeAcrossConfidential
    })?;
    none_merged(ticket)
}

fn changes(ticket: &Ticket, act: &Act, context: &Context<'_>) -> Answer {
    let same = match act {
        Act::SetConfidential { confidential } => ticket.confidential == *confidential,
        Act::SetUrgency { urgency } => ticket.urgency == *urgency,
        Act::Reclassify(form) => {
            let facts = super::effects::filed_facts(ticket, form, context.policy);
            facts.is_some_and(|f| {
                Some(f.nature) == ticket.nature
                    && Some(f.limit_class) == ticket.limit_class
                    && f.category == ticket.category
                    && f.street == ticket.street
                    && f.community == ticket.community
            })
        }
        _ => false,
    };
    unless(same, || Refusal::NoChange)
}
