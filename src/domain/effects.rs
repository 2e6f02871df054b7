//! What an allowed act means: its events, and the event it leaves on a merge's master.

use super::act::{Act, CallOutcome, Filing, Rating, Registration};
use super::application::{Application, ApplicationKind};
use super::callback;
use super::checks;
use super::clock::{Limit, span_due};
use super::event::{Called, Event, FiledFacts, Lapsed, Registered, Reply};
use super::instant::Instant;
use super::policy::Policy;
use super::refusal::Refusal;
use super::ticket::{State, Ticket};
use super::workflow::Context;

/// The first event of a new ticket, under the edition in force at its creation.
pub fn register(form: &Registration, policy: &Policy) -> Event {
    let limit_class = form.limit_class.or_else(|| {
        form.nature
            .map(|nature| policy.class_of(nature, &form.category))
    });
    Event::Registered(Registered {
        created_at: form.created_at,
        edition: policy.id.clone(),
        source: form.source.clone(),
        channel: form.channel.clone(),
        external_no: form.external_no.clone(),
        nature: form.nature,
        limit_class,
        limit: limit_class.map(|class| Limit::of(policy.limit(class, &form.category))),
        urgency: form.urgency,
        confidential: form.confidential,
        category: form.category.clone(),
        street: form.street.clone(),
        community: form.community.clone(),
    })
}

/// What a filing or reclassifying form settles, with the ticket's own facts where the form is silent.
pub fn filed_facts(ticket: &Ticket, form: &Filing, policy: &Policy) -> Option<FiledFacts> {
    let nature = form.nature.or(ticket.nature)?;
    let category = if form.category.is_empty() {
        ticket.category.clone()
    } else {
        form.category.clone()
    };
    let said_otherwise = form.nature.is_some() || !form.category.is_empty();
    let limit_class = form
        .limit_class
        .or(ticket.limit_class.filter(|_| !said_otherwise))
        .unwrap_or_else(|| policy.class_of(nature, &category));
    Some(FiledFacts {
        nature,
        limit_class,
        limit: Limit::of(policy.limit(limit_class, &category)),
        category,
        street: form.street.clone().or_else(|| ticket.street.clone()),
        community: form.community.clone().or_else(|| ticket.community.clone()),
    })
}

/// The moment at which the rule calls for what the program does by itself.
fn due_by_rule(context: &Context<'_>) -> Option<Instant> {
    context
        .marks
        .stage_due_at
        .filter(|_| context.operator.is_system())
}

/// The moment at which a claim goes stale by itself.
fn lapsed(ticket: &Ticket, context: &Context<'_>) -> Option<Lapsed> {
    let claim = ticket
        .claim
        .as_ref()
        .filter(|_| context.operator.is_system())?;
    let policy = context.policy;
    let due = span_due(claim.at, &policy.claim_stale, context.calendar, policy.zone);
    due.ok().map(|due| Lapsed { due })
}

fn on_time(context: &Context<'_>) -> Option<bool> {
    context.marks.due_at.map(|due| context.now < due)
}

/// The events of an act whose guards have agreed.
///
/// # Errors
/// Only where the effect itself cannot be computed, such as a calendar year that is not known.
pub fn of(ticket: &Ticket, act: &Act, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let one = |event| Ok(vec![event]);
    let applied = |kind, text: &str| one(Event::Applied(asked(ticket, kind, text, context)));
    match act {
        Act::File(form) => one(Event::Filed(
            filed_facts(ticket, form, context.policy).ok_or(Refusal::NatureMissing)?,
        )),
        Act::Reclassify(form) => one(Event::Reclassified(
            filed_facts(ticket, form, context.policy).ok_or(Refusal::NatureMissing)?,
        )),
        Act::Answer { text } => one(Event::Answered {
            text: text.clone(),
            on_time: on_time(context),
        }),
        Act::Refuse { ground, text } => one(Event::Refused {
            ground: ground.clone(),
            text: text.clone(),
        }),
        Act::Dispatch {
            lead,
            assisting,
            suggestion,
        } => one(Event::Dispatched {
            lead: lead.clone(),
            assisting: assisting.clone(),
            suggestion: suggestion.clone(),
        }),
        Act::Recall => one(Event::Recalled),
        Act::Sign => {
            let due = due_by_rule(context);
            one(Event::Signed {
                automatic: context.operator.is_system(),
                due,
                since: due,
            })
        }
        Act::RequestReturn {
            ground,
            text,
            suggested,
        } => one(Event::Applied(Application {
            ground: Some(ground.clone()),
            suggested: suggested.clone(),
            ..asked(ticket, ApplicationKind::Return, text, context)
        })),
        Act::Extend { units, text } => one(Event::Applied(Application {
            units: Some(*units),
            ..asked(ticket, ApplicationKind::Extension, text, context)
        })),
        Act::Suspend { until, text } => one(Event::Applied(Application {
            until: Some(context.policy.zone.end_of(*until)),
            ..asked(ticket, ApplicationKind::Suspension, text, context)
        })),
        Act::Void { text } => applied(ApplicationKind::Void, text),
        Act::WaiveCallback { text } => applied(ApplicationKind::NoCallback, text),
        Act::Appeal { text } => applied(ApplicationKind::Appeal, text),
        Act::LateReturn { text } => Ok(late_return(ticket, text, context)),
        Act::Grant { text, .. } => grant(ticket, act, text),
        Act::Decline { text, .. } => decline(ticket, act, text),
        Act::Coordinate { text } => one(Event::Coordinated { text: text.clone() }),
        Act::Rule(order) => one(Event::Ruled(order.clone())),
        Act::Resume => one(Event::Resumed {
            automatic: context.operator.is_system(),
            due: due_by_rule(context),
        }),
        Act::Reply(form) => one(Event::Replied(Reply {
            contacted: form.contacted,
            solved: form.solved,
            note: form.note.clone(),
            answer: form.answer.clone(),
            on_time: on_time(context),
        })),
        Act::Pass => one(Event::Passed {
            callback: !ticket.callback_waived(),
        }),
        Act::Rework { text } => one(Event::Reworked { text: text.clone() }),
        Act::CallBack(form) => {
            let called = Called {
                about: form.about.clone().unwrap_or_else(|| ticket.no.clone()),
                outcome: form.outcome,
                rating: form.rating,
                text: form.text.clone(),
            };
            Ok(called_back(ticket, called, context))
        }
        Act::Redo { text } => {
            let called = Called {
                about: ticket.no.clone(),
                outcome: CallOutcome::Reached,
                rating: Some(Rating::Dissatisfied),
                text: text.clone(),
            };
            Ok(called_back(ticket, called, context))
        }
        Act::Merge { into } => one(Event::Merged { into: into.clone() }),
        Act::Unmerge => one(Event::Unmerged),
        Act::Urge { text } => one(Event::Urged { text: text.clone() }),
        Act::Archive => one(Event::Archived),
        Act::Reopen { text } => one(Event::Reopened {
            text: text.clone(),
            limit: Limit::of(&context.policy.stages.redo),
        }),
        Act::Note { text } => one(Event::Noted { text: text.clone() }),
        Act::Claim => one(Event::Claimed),
        Act::Release => one(Event::Released(lapsed(ticket, context))),
        Act::SetConfidential { confidential } => one(Event::ConfidentialitySet {
            confidential: *confidential,
        }),
        Act::SetUrgency { urgency } => one(Event::UrgencySet { urgency: *urgency }),
        Act::Reveal { text } => one(Event::Revealed { text: text.clone() }),
        Act::Erase { text } => one(Event::Erased { text: text.clone() }),
        Act::Supervise { text } => one(escalated(1, text, Some(answer_by(context)?), context)),
        Act::Circulate { text } => one(escalated(2, text, None, context)),
        Act::Refer { text } => one(escalated(3, text, None, context)),
        Act::Serve { text } => one(Event::PaperServed {
            paper: context.history.last_paper.unwrap_or_default().to_owned(),
            text: text.clone(),
        }),
        Act::ResolveSupervision { effective, text } => one(Event::SupervisionResulted {
            paper: context.history.supervision.unwrap_or_default().to_owned(),
            effective: *effective,
            text: text.clone(),
        }),
        Act::KeepCase { text, tags } => one(Event::CaseKept {
            text: text.clone(),
            tags: tags
                .iter()
                .map(|tag| tag.trim().to_owned())
                .filter(|tag| !tag.is_empty())
                .collect(),
        }),
        Act::DropCase => one(Event::CaseDropped),
        Act::DismissSupervision { text } => one(Event::SupervisionDismissed { text: text.clone() }),
    }
}

/// The event a merge or unmerge leaves on the master.
pub fn echo(ticket: &Ticket, act: &Act) -> Option<(String, Event)> {
    let no = ticket.no.clone();
    match act {
        Act::Merge { into } => Some((into.clone(), Event::Absorbed { no })),
        Act::Unmerge => ticket
            .merged_into
            .clone()
            .map(|master| (master, Event::Detached { no })),
        _ => None,
    }
}

/// An application of a kind, as whoever acts makes it now; what only some kinds have is not in it yet.
fn asked(ticket: &Ticket, kind: ApplicationKind, text: &str, context: &Context<'_>) -> Application {
    let own = context.operator.department.as_ref();
    Application {
        number: ticket.applications.len() as u32 + 1,
        kind,
        ground: None,
        text: text.to_owned(),
        suggested: None,
        units: None,
        until: None,
        asked_at: context.now,
        asked_by: context.operator.code.clone(),
        department: own.or(ticket.lead.as_ref()).cloned(),
        seconded_by: None,
        decision: None,
    }
}

/// A return after the window: asked and granted by the shift lead in one breath, in writing. `[DOMAIN §3]`
fn late_return(ticket: &Ticket, text: &str, context: &Context<'_>) -> Vec<Event> {
    let asked = Application {
        department: ticket.lead.clone(),
        ..asked(ticket, ApplicationKind::Return, text, context)
    };
    let granted = Event::Granted {
        number: asked.number,
        reason: text.to_owned(),
    };
    vec![Event::Applied(asked), granted]
}

fn grant(ticket: &Ticket, act: &Act, text: &str) -> Result<Vec<Event>, Refusal> {
    let asked = checks::meant(ticket, act)?;
    let number = asked.number;
    // An appeal is decided by two people: the first agreement only seconds it. `[practice: AP-02]`
    if asked.kind == ApplicationKind::Appeal && asked.seconded_by.is_none() {
        return Ok(vec![Event::Seconded { number }]);
    }
    Ok(vec![Event::Granted {
        number,
        reason: text.to_owned(),
    }])
}

/// Declining a return on a ticket nobody has signed for signs it: the department has it now. `[DOMAIN §3, refuse_return]`
fn decline(ticket: &Ticket, act: &Act, text: &str) -> Result<Vec<Event>, Refusal> {
    let asked = checks::meant(ticket, act)?;
    let mut events = vec![Event::Declined {
        number: asked.number,
        reason: text.to_owned(),
    }];
    if asked.kind == ApplicationKind::Return && ticket.state == State::Dispatched {
        events.push(Event::Signed {
            automatic: true,
            due: None,
            since: None,
        });
    }
    Ok(events)
}

/// A call-back attempt and what follows from it: a redo, the end, or another attempt.
fn called_back(ticket: &Ticket, called: Called, context: &Context<'_>) -> Vec<Event> {
    let dissatisfied = called.rating == Some(Rating::Dissatisfied);
    let text = called.text.clone();
    let mut after = ticket.clone();
    let event = Event::Called(called);
    after.apply(&event, context.now, &context.operator.code);
    let mut events = vec![event];
    if dissatisfied {
        events.push(Event::Redone {
            text,
            limit: Limit::of(&context.policy.stages.redo),
        });
        if ticket.redos + 1 >= context.policy.callbacks.redos_before_supervision.value {
            events.push(Event::SupervisionProposed {
                ground: "redo-twice".to_owned(),
                due: context.now,
            });
        }
    } else if let Some(rating) = final_rating(&after, context.policy) {
        events.push(Event::Closed { rating });
    }
    events
}

/// The ticket's rating once every requester has been heard or tried often enough; nothing before.
fn final_rating(ticket: &Ticket, policy: &Policy) -> Option<Rating> {
    let attempts = policy.callbacks.attempts.value as usize;
    if !callback::callees(ticket, attempts)
        .iter()
        .all(|c| c.settled)
    {
        return None;
    }
    // The ticket's own requester speaks for it; a missing rating is 未评价, never satisfied.
    let own = ticket
        .calls
        .iter()
        .rev()
        .find_map(|c| c.rating.filter(|_| c.about == ticket.no));
    Some(own.unwrap_or(Rating::Unrated))
}

/// When a supervision that is issued now is to have led to a result.
fn answer_by(context: &Context<'_>) -> Result<Instant, Refusal> {
    let policy = context.policy;
    let span = &policy.supervisions.due;
    span_due(context.now, span, context.calendar, policy.zone)
        .map_err(|year| Refusal::CalendarUnknown { year: year.0 })
}

/// The paper of a rung: 1 supervision, 2 circular, 3 referral.
fn escalated(level: u8, text: &str, due: Option<Instant>, context: &Context<'_>) -> Event {
    Event::Escalated {
        level,
        paper: context.history.next_paper.to_owned(),
        text: text.to_owned(),
        due,
    }
}
