//! One digest per department and sweep: its lines are kept in the transaction of the reminders they tell of.
//!
//! No personal data stands here: a digest leaves the store by whatever way the centre has configured.

use crate::domain::event::Event;
use crate::domain::instant::{Instant, Zone};
use crate::domain::letter::Recipient;
use crate::domain::ticket::{Holder, Marks, Ticket};
use crate::store::{Failure, Tx};
use serde_json::json;

/// The kind of letter.
pub const DIGEST: &str = "digest";

/// Keeps what a ticket's holder is to be told; of several reminders the last one counts.
pub(super) fn note(
    tx: &Tx<'_>,
    ticket: &Ticket,
    marks: Marks,
    found: &[(Instant, Event)],
    zone: Zone,
) -> Result<(), Failure> {
    let told = found.iter().rev().find_map(|(_, event)| match event {
        Event::Reminded { light, due } => Some((*light, *due)),
        _ => None,
    });
    let Some((light, due)) = told else {
        return Ok(());
    };
    let to = match ticket.holder() {
        Holder::Department(code) => Recipient::Department(code.to_owned()),
        Holder::Desk => Recipient::Desk,
        // It has left the hands that the reminder was for.
        Holder::Review | Holder::CallBack | Holder::Nobody => return Ok(()),
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
    tx.put_line(&to, &ticket.no, &line.to_string())
}

/// Makes letters of the lines kept. How many.
pub(super) fn write(tx: &Tx<'_>, now: Instant) -> Result<u64, Failure> {
    let kept = tx.take_lines()?;
    let letters = kept.len() as u64;
    for (recipient, lines) in kept {
        let body = format!(r#"{{"tickets":[{}]}}"#, lines.join(","));
        tx.put_letter(DIGEST, &recipient, &body, now)?;
    }
    Ok(letters)
}
