//! The checks of the transition table: each asks one rule about what an act says, and names it when it refuses.
//!
//! What needs no words is asked before by [`super::guards`]. Start at [`ask`].

use super::act::{Act, ActKind, CallOutcome, Filing};
use super::application::{Application, ApplicationKind};
use super::callback;
use super::clock::span_due;
use super::guards::{Answer, asked_with, none_merged, return_window_end, unknown, unless};
use super::operator::Role;
use super::policy::Ground;
use super::refusal::Refusal;
use super::ticket::{State, Ticket};
use super::workflow::{Context, transition};
use chrono::Days;

/// A rule about what an act says, asked once it has its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Nature, class, category; place or an explicit "address unknown".
    Filing,
    /// The act carries words.
    Text,
    /// A coded ground of refusal.
    RefusalGround,
    /// Lead and assisting departments exist, are active, are named once.
    Departments,
    /// Ground, detailed text, suggestion, window.
    Return,
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
    /// About a requester of this ticket; a rating when reached.
    Call,
    /// The master is open, other, and of the same confidentiality.
    Master,
    /// The act changes something.
    Changes,
}

/// Asks a rule about what an act says.
///
/// # Errors
/// The [`Refusal`] of the rule that says no.
pub fn ask(check: Check, ticket: &Ticket, act: &Act, context: &Context<'_>) -> Answer {
    match check {
        Check::Filing => filing(ticket, act),
        Check::Text => text(act),
        Check::RefusalGround => match act {
            Act::Refuse { ground, .. } => known_ground(ground, &context.policy.refusals.grounds),
            _ => Ok(()),
        },
        Check::Departments => departments(act, context),
        Check::Return => return_form(ticket, act, context),
        Check::Extension => extension(ticket, act, context),
        Check::Suspension => suspension(ticket, act, context),
        Check::Appeal => appeal(ticket, context),
        Check::OnePending => meant(ticket, act).map(|_| ()),
        Check::MayDecide => may_decide(ticket, act, context),
        Check::StillPossible => still_possible(ticket, act),
        Check::Call => call(ticket, act, context),
        Check::Master => master(ticket, act, context),
        Check::Changes => changes(ticket, act, context),
    }
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
        | Act::Erase { text }
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
