//! A ticket as JSON and CSV have it: the fields of the contract, in its order. Scripts rely on every name here.
//!
//! Times are RFC 3339 with the offset of the ticket's edition; absent is `null`. Start at [`TicketJson::of`].

use crate::domain::instant::{Instant, Zone};
use crate::domain::privacy::Texts;
use crate::domain::rules::Rules;
use crate::domain::ticket::{Marks, Ticket};
use serde::Serialize;
use serde_json::Value;

/// The fields of a ticket that `list` and `show` share.
#[derive(Debug, Serialize)]
pub struct TicketJson {
    pub no: String,
    pub version: u32,
    pub state: String,
    pub light: &'static str,
    pub nature: Option<&'static str>,
    pub limit_class: Option<&'static str>,
    pub urgency: &'static str,
    pub source: String,
    pub channel: String,
    pub external_no: Option<String>,
    pub category: Vec<String>,
    pub street: Option<String>,
    pub community: Option<String>,
    pub address: Option<String>,
    pub title: Option<String>,
    pub content: Option<String>,
    pub lead_department: Option<String>,
    pub lead_department_name: Option<String>,
    pub assisting_departments: Vec<String>,
    pub holder: Option<String>,
    pub created_at: String,
    pub filed_at: Option<String>,
    pub dispatched_at: Option<String>,
    pub signed_at: Option<String>,
    pub replied_at: Option<String>,
    pub closed_at: Option<String>,
    pub warn_at: Option<String>,
    pub due_at: Option<String>,
    pub returns: u32,
    pub redispatches: u32,
    pub reworks: u32,
    pub urges: u32,
    pub merged_into: Option<String>,
    pub supervision_level: u8,
    pub exempt: bool,
    pub claimed_by: Option<String>,
}

impl TicketJson {
    /// A ticket with its deadlines and its words, at a moment.
    pub fn of(ticket: &Ticket, marks: Marks, texts: &Texts, rules: &Rules, now: Instant) -> Self {
        let zone = zone(ticket, rules);
        let time = |at: Option<Instant>| at.map(|at| zone.rfc3339(at));
        Self {
            no: ticket.no.clone(),
            version: ticket.version,
            state: ticket.state.code().to_owned(),
            light: ticket.light(marks, now).code(),
            nature: ticket.nature.map(crate::domain::ticket::Nature::code),
            limit_class: ticket
                .limit_class
                .map(crate::domain::ticket::LimitClass::code),
            urgency: ticket.urgency.code(),
            source: ticket.source.clone(),
            channel: ticket.channel.clone(),
            external_no: ticket.external_no.clone(),
            category: ticket.category.clone(),
            street: ticket.street.clone(),
            community: ticket.community.clone(),
            address: present(&texts.address),
            title: present(&texts.title),
            content: present(&texts.content),
            lead_department: ticket.lead.clone(),
            lead_department_name: ticket
                .lead
                .as_deref()
                .map(|code| rules.directory.department_name(code).to_owned()),
            assisting_departments: ticket.assisting.clone(),
            holder: ticket.holder().code().map(str::to_owned),
            created_at: zone.rfc3339(ticket.created_at),
            filed_at: time(ticket.filed_at),
            dispatched_at: time(ticket.dispatched_at),
            signed_at: time(ticket.signed_at),
            replied_at: time(ticket.replied_at),
            closed_at: time(ticket.closed_at),
            warn_at: time(marks.warn_at),
            due_at: time(marks.due_at),
            returns: ticket.returns,
            redispatches: ticket.redispatches,
            reworks: ticket.reworks,
            urges: ticket.urges,
            merged_into: ticket.merged_into.clone(),
            supervision_level: ticket.supervision_level,
            exempt: ticket.exempt,
            claimed_by: ticket.claim.as_ref().map(|claim| claim.by.clone()),
        }
    }

    /// The fields as flat texts with their names, for CSV.
    pub fn cells(&self) -> Vec<(String, String)> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields
                .iter()
                .map(|(name, value)| (name.clone(), flat(value)))
                .collect(),
            // A struct always becomes an object.
            Ok(_) | Err(_) => Vec::new(),
        }
    }
}

/// The zone of the edition a ticket lives under.
pub fn zone(ticket: &Ticket, rules: &Rules) -> Zone {
    rules.editions.of(&ticket.edition, ticket.created_at).zone
}

/// A text that says something.
pub fn present(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|t| !t.is_empty())
}

fn flat(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(flat).collect::<Vec<_>>().join("/"),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// Keys whose whole numbers are instants wherever they stand in an event.
const TIMES: [&str; 6] = ["created_at", "closed_at", "asked_at", "until", "due", "at"];

/// An event's data with its instants written as times.
pub fn with_times(value: Value, zone: Zone) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(key, value)| {
                    let value = match value.as_i64() {
                        Some(at) if TIMES.contains(&key.as_str()) => {
                            Value::String(zone.rfc3339(Instant(at)))
                        }
                        _ => with_times(value, zone),
                    };
                    (key, value)
                })
                .collect(),
        ),
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|v| with_times(v, zone)).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_inside_an_event_become_times() {
        let event = serde_json::json!({"asked_at": 0, "units": 3, "decision": {"at": 60}});
        let zone = Zone::shanghai();
        assert_eq!(
            with_times(event, zone),
            serde_json::json!({
                "asked_at": "1970-01-01T08:00:00+08:00", "units": 3,
                "decision": {"at": "1970-01-01T08:01:00+08:00"}
            })
        );
    }
}
