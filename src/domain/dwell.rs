//! Dwell time per holder: who held a ticket, from when, for how long. Always computable from the ledger.

use super::event::Entry;
use super::instant::Instant;
use super::ticket::{Holder, Ticket};

/// A stretch of time with one holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// `desk`, `review`, `callback` or a department's code.
    pub holder: String,
    /// From when.
    pub from: Instant,
    /// Until when; absent while it lasts.
    pub to: Option<Instant>,
}

impl Stay {
    /// Seconds held, until `now` while it lasts.
    pub fn seconds(&self, now: Instant) -> i64 {
        self.to.unwrap_or(now).since(self.from).max(0)
    }
}

/// The stays of a ticket, from its ledger in order.
///
/// ```
/// use fenbo::domain::{dwell, event::Entry};
/// assert!(dwell::stays(&[] as &[Entry]).is_empty());
/// ```
pub fn stays(ledger: &[Entry]) -> Vec<Stay> {
    let mut entries = ledger.iter();
    let Some(first) = entries.next() else {
        return Vec::new();
    };
    let Some(mut ticket) = Ticket::begin(&first.no, &first.event, first.at) else {
        return Vec::new();
    };
    let mut stays = vec![Stay {
        holder: Holder::Desk.code().unwrap_or_default().to_owned(),
        from: ticket.created_at,
        to: None,
    }];
    for entry in entries {
        ticket.apply(&entry.event, entry.at, &entry.by);
        let holder = ticket.holder().code();
        let same = stays
            .last()
            .is_some_and(|s| s.to.is_none() && Some(s.holder.as_str()) == holder);
        if same {
            continue;
        }
        if let Some(open) = stays.last_mut().filter(|s| s.to.is_none()) {
            open.to = Some(entry.at);
        }
        if let Some(holder) = holder {
            stays.push(Stay {
                holder: holder.to_owned(),
                from: entry.at,
                to: None,
            });
        }
    }
    stays
}

/// How often a ticket changed hands between departments.
pub fn hops(stays: &[Stay]) -> usize {
    let departments: Vec<&str> = stays
        .iter()
        .map(|s| s.holder.as_str())
        .filter(|h| !matches!(*h, "desk" | "review" | "callback"))
        .collect();
    departments.windows(2).filter(|w| w[0] != w[1]).count()
}
