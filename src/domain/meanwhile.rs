//! What was written on a ticket between the screen and the key, and whether an act still rests on what was read.
//!
//! The program's own entries come every minute. Those that leave state, lead and deadline as they were take no key away from
//! a person; everything a person or a requester did does. Start at [`stale`].

use super::act::ActKind;
use super::event::{Entry, Event};
use super::operator::Operator;

/// The newest entry after the version read that an act cannot overlook; `ledger` is the ticket's own, oldest first.
///
/// A reminder went out while the dispatcher was typing; then another dispatcher was faster:
/// ```
/// # use fenbo::domain::{event::*, instant::Instant, light::Light, operator::Operator};
/// use fenbo::domain::{act::ActKind, meanwhile::stale};
/// # let entry = |seq, by: &str, event| Entry { seq, no: "1".into(), at: Instant(seq), by: by.into(), event };
/// let registered = entry(1, "zhang", Event::Registered(Registered::default()));
/// let reminded = entry(2, Operator::SYSTEM, Event::Reminded { light: Light::Yellow, due: Instant(2) });
/// let noted = entry(3, "li", Event::Noted { text: "已电话核实".into() });
/// let ledger = [registered, reminded, noted];
/// assert_eq!(stale(&ledger[..2], 2, 1, ActKind::Dispatch), None);
/// assert_eq!(stale(&ledger, 3, 1, ActKind::Dispatch), Some(&ledger[2]));
/// ```
pub fn stale(ledger: &[Entry], version: u32, read: u32, act: ActKind) -> Option<&Entry> {
    let since = version.saturating_sub(read) as usize;
    ledger
        .iter()
        .rev()
        .take(since)
        .find(|entry| rests_on(act, entry))
}

/// Whether an act rests on what an entry changed.
fn rests_on(act: ActKind, entry: &Entry) -> bool {
    if entry.by != Operator::SYSTEM {
        return true;
    }
    match &entry.event {
        Event::Reminded { .. } | Event::FalseClosureAlarmed { .. } => false,
        // A claim that went stale is asked about by the rules themselves.
        Event::Released(lapsed) => lapsed.is_none(),
        Event::SupervisionProposed { .. } => matches!(
            act,
            ActKind::Supervise | ActKind::DismissSupervision | ActKind::Circulate | ActKind::Refer
        ),
        Event::Recalculated => matches!(
            act,
            ActKind::Extend | ActKind::Suspend | ActKind::Reclassify | ActKind::Appeal
        ),
        // New words of the requester: read first, but they keep no dispatch from being taken back.
        Event::Attached { .. } | Event::Supplemented(_) => act != ActKind::Recall,
        Event::Registered(_)
        | Event::Imported(_)
        | Event::Filed(_)
        | Event::Answered { .. }
        | Event::Refused { .. }
        | Event::Dispatched { .. }
        | Event::Recalled
        | Event::Signed { .. }
        | Event::Applied(_)
        | Event::Seconded { .. }
        | Event::Granted { .. }
        | Event::Declined { .. }
        | Event::Coordinated { .. }
        | Event::Ruled(_)
        | Event::Resumed { .. }
        | Event::Replied(_)
        | Event::Passed { .. }
        | Event::Reworked { .. }
        | Event::Called(_)
        | Event::Redone { .. }
        | Event::Closed { .. }
        | Event::Archived
        | Event::Reopened { .. }
        | Event::Merged { .. }
        | Event::Unmerged
        | Event::Absorbed { .. }
        | Event::Detached { .. }
        | Event::Voided { .. }
        | Event::Urged { .. }
        | Event::Noted { .. }
        | Event::Claimed
        | Event::ConfidentialitySet { .. }
        | Event::UrgencySet { .. }
        | Event::Reclassified(_)
        | Event::Revealed { .. }
        | Event::Erased { .. }
        | Event::SupervisionDismissed { .. }
        | Event::Escalated { .. }
        | Event::PaperServed { .. }
        | Event::SupervisionResulted { .. }
        | Event::CaseKept { .. }
        | Event::CaseDropped => true,
    }
}
