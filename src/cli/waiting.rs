//! What waits for somebody on a ticket, as `fenbo show` tells it: applications with their evidence, call-backs, why it is red.

use super::exit::Stop;
use super::output::Out;
use super::ticket_json::zone;
use super::wording;
use crate::domain::act::Rating;
use crate::domain::application::Application;
use crate::domain::callback;
use crate::domain::evidence::{self, Evidence};
use crate::domain::instant::{Instant, Zone};
use crate::domain::light::Light;
use crate::domain::policy::Policy;
use crate::domain::queue::Detail;
use crate::domain::shown::clean_line;
use crate::domain::{dwell, lateness};
use crate::i18n::{Lang, cli, words};
use crate::service::Centre;
use serde_json::{Value, json};

fn policy<'a>(detail: &Detail, centre: &'a Centre) -> &'a Policy {
    let ticket = &detail.ticket;
    centre
        .rules()
        .editions
        .of(&ticket.edition, ticket.created_at)
}

/// Every application, decided or not, with what a decision on it turns on.
pub fn applications(detail: &Detail, centre: &Centre, now: Instant) -> Value {
    let zone = zone(&detail.ticket, centre.rules());
    let one = |asked: &Application| {
        let decision = asked.decision.as_ref();
        json!({
            "number": asked.number,
            "kind": asked.kind.code(),
            "ground": asked.ground,
            "text": asked.text,
            "suggested_department": asked.suggested,
            "asked_at": zone.rfc3339(asked.asked_at),
            "asked_by": asked.asked_by,
            "department": asked.department,
            "seconded_by": asked.seconded_by,
            "granted": decision.map(|d| d.granted),
            "decided_at": decision.map(|d| zone.rfc3339(d.at)),
            "decided_by": decision.map(|d| &d.by),
            "reason": decision.map(|d| &d.reason),
            "evidence": decision.is_none().then(|| found(detail, asked, centre, now, zone)),
        })
    };
    Value::Array(detail.ticket.applications.iter().map(one).collect())
}

fn found(detail: &Detail, asked: &Application, centre: &Centre, now: Instant, zone: Zone) -> Value {
    let time = |at: Option<Instant>| at.map(|at| zone.rfc3339(at));
    let calendar = &centre.rules().calendar;
    let policy = policy(detail, centre);
    match evidence::of(asked, &detail.ticket, detail.marks, policy, calendar, now) {
        Evidence::Return {
            received_at,
            window_end,
            in_time,
            granted,
            forces_coordination,
        } => json!({
            "received_at": zone.rfc3339(received_at), "window_end": time(window_end), "in_time": in_time,
            "granted_before": granted, "forces_coordination": forces_coordination,
        }),
        Evidence::Extension {
            due_at,
            then,
            granted,
        } => json!({
            "units": asked.units, "due_at": time(due_at), "due_then": time(then),
            "granted_before": granted.0, "at_most": granted.1,
        }),
        Evidence::Suspension {
            until,
            due_at,
            then,
            granted,
        } => json!({
            "until": time(until), "due_at": time(due_at), "due_then": time(then),
            "granted_before": granted.0, "at_most": granted.1,
        }),
        Evidence::Appeal {
            replied_at,
            due_at,
            seconded_by,
        } => json!({
            "replied_at": time(replied_at), "due_at": time(due_at), "seconded_by": seconded_by,
        }),
        Evidence::Words => json!({}),
    }
}

/// Everyone to be called back, with attempts.
pub fn callees(detail: &Detail, centre: &Centre) -> Value {
    let attempts = policy(detail, centre).callbacks.attempts.value as usize;
    let zone = zone(&detail.ticket, centre.rules());
    let all: Vec<Value> = callback::callees(&detail.ticket, attempts)
        .iter()
        .map(|callee| {
            json!({
                "no": callee.no,
                "attempts": callee.attempts,
                "settled": callee.settled,
                "last_at": callee.last.map(|c| zone.rfc3339(c.at)),
                "outcome": callee.last.map(|c| c.outcome.code()),
                "rating": callee.last.and_then(|c| c.rating).map(Rating::code),
            })
        })
        .collect();
    json!(all)
}

/// Who had it when the deadline came, and seconds by holder; nothing before it is yellow.
pub fn why_red(detail: &Detail, centre: &Centre, now: Instant) -> Value {
    let Some(why) = lateness(detail, now) else {
        return Value::Null;
    };
    let zone = zone(&detail.ticket, centre.rules());
    let spent: Vec<Value> = why
        .spent
        .iter()
        .map(|(holder, seconds)| json!({"holder": holder, "seconds": seconds}))
        .collect();
    json!({
        "due_at": zone.rfc3339(why.due_at), "held_at_deadline": why.at_deadline, "spent": spent,
        "hops": dwell::hops(&dwell::stays(&detail.ledger)), "returns": detail.ticket.returns,
    })
}

fn lateness(detail: &Detail, now: Instant) -> Option<lateness::Lateness> {
    match detail.ticket.light(detail.marks, now) {
        Light::Red | Light::Yellow | Light::Late => {
            let stays = dwell::stays(&detail.ledger);
            Some(lateness::of(&stays, detail.marks.due_at?, now))
        }
        Light::Green | Light::Paused | Light::Done => None,
    }
}

/// The same in words: what is asked for, whom to call, why it is red.
pub fn tell(
    detail: &Detail,
    centre: &Centre,
    now: Instant,
    lang: Lang,
    out: &mut Out,
) -> Result<(), Stop> {
    let zone = zone(&detail.ticket, centre.rules());
    let name = |holder: &str| wording::holder(holder, &centre.rules().directory, lang);
    for asked in detail.ticket.pending() {
        let line = cli::ASKED.with(
            lang,
            &[
                ("what", words::application(asked.kind).of(lang)),
                ("at", &zone.minute(asked.asked_at)),
                ("by", &asked.asked_by),
                ("text", &asked.text),
            ],
        );
        out.line(&clean_line(&line))?;
    }
    if detail.ticket.state == crate::domain::ticket::State::Callback {
        let attempts = policy(detail, centre).callbacks.attempts.value as usize;
        for callee in callback::callees(&detail.ticket, attempts) {
            let text = if callee.settled {
                cli::CALLED
            } else {
                cli::TO_CALL
            };
            let tries = callee.attempts.to_string();
            out.line(&text.with(lang, &[("no", callee.no), ("n", &tries)]))?;
        }
    }
    let Some(why) = lateness(detail, now) else {
        return Ok(());
    };
    let total = why.total().max(1);
    let mut said: Vec<String> = why
        .at_deadline
        .iter()
        .map(|holder| cli::HELD_AT_DEADLINE.with(lang, &[("holder", &name(holder))]))
        .collect();
    said.extend(why.spent.iter().map(|(holder, seconds)| {
        let share = (seconds * 100 + total / 2) / total;
        format!(
            "{} {} {share}%",
            name(holder),
            wording::duration(*seconds, lang)
        )
    }));
    // What ended elsewhere was held by nobody here.
    if said.is_empty() {
        return Ok(());
    }
    out.line(&clean_line(
        &cli::WHY_RED.with(lang, &[("why", &said.join("; "))]),
    ))
}
