//! Dwell time per holder: who held a ticket, from when, for how long. Always computable from the ledger.

use super::event::{Entry, Event};
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
/// An hour at the desk, then with a department, which has it still:
/// ```
/// # use fenbo::domain::{event::*, instant::Instant};
/// use fenbo::domain::dwell::{hops, stays};
/// # let entry = |seq, at, event| Entry { seq, no: "1".into(), at: Instant(at), by: "zhang".into(), event };
/// # let dispatched = Event::Dispatched { lead: "hbsw".into(), assisting: vec![], suggestion: None };
/// let ledger = [entry(1, 0, Event::Registered(Registered::default())), entry(2, 3_600, dispatched)];
/// let stays = stays(&ledger);
/// let told: Vec<_> = stays.iter().map(|s| (s.holder.as_str(), s.seconds(Instant(5_000)))).collect();
/// assert_eq!(told, [("desk", 3_600), ("hbsw", 1_400)]);
/// assert_eq!((stays[1].to, hops(&stays)), (None, 0));
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
        // Who held it in the system it came from is not known here.
        if matches!(entry.event, Event::Imported(_)) {
            stays.clear();
            continue;
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::act::{Rating, RulingOrder};
    use crate::domain::event::{Event, Registered, Reply};

    fn ledger(events: Vec<(i64, Event)>) -> Vec<Entry> {
        let first = Event::Registered(Registered::default());
        std::iter::once((60, first))
            .chain(events)
            .enumerate()
            .map(|(seq, (at, event))| Entry {
                seq: seq as i64 + 1,
                no: "1".into(),
                at: Instant(at),
                by: "x".into(),
                event,
            })
            .collect()
    }

    fn dispatched(lead: &str) -> Event {
        Event::Dispatched {
            lead: lead.into(),
            assisting: Vec::new(),
            suggestion: None,
        }
    }

    fn replied() -> Event {
        Event::Replied(Reply {
            contacted: true,
            solved: true,
            note: String::new(),
            answer: "好".into(),
            on_time: Some(true),
        })
    }

    #[test]
    fn the_stays_tell_who_held_it_from_its_creation_without_gaps() {
        let ledger = ledger(vec![
            (100, dispatched("hbsw")),
            (
                150,
                Event::Signed {
                    automatic: false,
                    due: None,
                    since: None,
                },
            ),
            (
                200,
                Event::Coordinated {
                    text: String::new(),
                },
            ),
            (
                300,
                Event::Ruled(RulingOrder {
                    measures: String::new(),
                    lead: "cgj".into(),
                    ..RulingOrder::default()
                }),
            ),
            (
                350,
                Event::Signed {
                    automatic: false,
                    due: None,
                    since: None,
                },
            ),
            (400, replied()),
            (500, Event::Passed { callback: true }),
            (
                600,
                Event::Closed {
                    rating: Rating::Unrated,
                },
            ),
        ]);
        let stays = stays(&ledger);
        let told: Vec<_> = stays
            .iter()
            .map(|s| (s.holder.as_str(), s.from.0, s.to.map(|t| t.0)))
            .collect();
        assert_eq!(
            told,
            [
                ("desk", 0, Some(100)),
                ("hbsw", 100, Some(200)),
                ("desk", 200, Some(300)),
                ("cgj", 300, Some(400)),
                ("review", 400, Some(500)),
                ("callback", 500, Some(600)),
            ]
        );
        assert_eq!(hops(&stays), 1);
        let total: i64 = stays.iter().map(|s| s.seconds(Instant(9_999))).sum();
        assert_eq!(total, 600, "a closed ticket is held by nobody");
    }

    #[test]
    fn what_lasts_is_counted_until_now_and_a_merged_ticket_is_held_by_nobody() {
        let ledger = ledger(vec![
            (100, dispatched("hbsw")),
            (200, Event::Merged { into: "2".into() }),
            (900, Event::Unmerged),
        ]);
        let stays = stays(&ledger);
        assert_eq!(stays.len(), 3);
        assert_eq!(
            (stays[1].to, stays[2].from),
            (Some(Instant(200)), Instant(900))
        );
        assert_eq!(stays[2].seconds(Instant(1_000)), 100);
        assert_eq!(stays[2].seconds(Instant(0)), 0, "never less than nothing");
        assert_eq!(hops(&stays), 0, "the same department twice is no hop");
    }

    #[test]
    fn a_ledger_that_does_not_begin_with_registration_has_no_stays() {
        let mut entries = ledger(vec![(100, dispatched("hbsw"))]);
        entries.remove(0);
        assert!(stays(&entries).is_empty());
    }
}
