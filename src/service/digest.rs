//! One digest per department and sweep: written beside the reminders it tells of, in their transaction.
//!
//! No personal data stands here: a digest leaves the store by whatever way the centre has configured.

use crate::domain::event::Event;
use crate::domain::instant::{Instant, Zone};
use crate::domain::letter::Recipient;
use crate::domain::ticket::{Holder, Marks, Ticket};
use crate::store::{Failure, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The kind of letter.
pub const DIGEST: &str = "digest";

/// What a digest says.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Body {
    /// A line for each ticket.
    tickets: Vec<Value>,
}

/// Lines for departments, gathered through one transaction; nobody's are the desk's.
#[derive(Debug, Default)]
pub(super) struct Digests(BTreeMap<Option<String>, Vec<Value>>);

impl Digests {
    /// Notes what a ticket's holder is to be told; of several reminders the last one counts.
    pub(super) fn note(
        &mut self,
        ticket: &Ticket,
        marks: Marks,
        found: &[(Instant, Event)],
        zone: Zone,
    ) {
        let told = found.iter().rev().find_map(|(_, event)| match event {
            Event::Reminded { light, due } => Some((*light, *due)),
            _ => None,
        });
        let Some((light, due)) = told else { return };
        let department = match ticket.holder() {
            Holder::Department(code) => Some(code.to_owned()),
            Holder::Desk => None,
            // It has left the hands that the reminder was for.
            Holder::Review | Holder::CallBack | Holder::Nobody => return,
        };
        let line = json!({
            "no": ticket.no,
            "light": light.code(),
            "due": zone.rfc3339(due),
            "due_at": marks.due_at.map(|at| zone.rfc3339(at)),
            "state": ticket.state.code(),
            "urgency": ticket.urgency.code(),
            "category": ticket.category,
        });
        self.0.entry(department).or_default().push(line);
    }

    /// Adds the lines to the departments' open letters.
    pub(super) fn write(self, tx: &Tx<'_>, now: Instant) -> Result<(), Failure> {
        for (department, lines) in self.0 {
            let to = department.map_or(Recipient::Desk, Recipient::Department);
            let mut body: Body = match tx.open_letter(DIGEST, &to)? {
                Some(body) => serde_json::from_str(&body)?,
                None => Body::default(),
            };
            // A ticket stands in a digest once: what a sweep that was cut short said of it is out of date.
            body.tickets
                .retain(|old| !lines.iter().any(|new| new["no"] == old["no"]));
            body.tickets.extend(lines);
            tx.put_letter(DIGEST, &to, &serde_json::to_string(&body)?, now)?;
        }
        Ok(())
    }
}
