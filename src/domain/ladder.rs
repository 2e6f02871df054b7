//! Reminders and the escalation ladder: what has become due on a ticket, found from its ledger alone. `[DOMAIN §5]`
//!
//! A due-moment is a function of the ledger, the edition and the calendar, never of when anybody looked: a sweep each
//! hour and one a week late find the same. While a proposal waits, or a supervision runs, no other is made; a person who
//! dismisses the proposal, or says how the supervision ended, starts the count anew for every ground whose moment passed
//! meanwhile, so that the ladder is never silent for good. Decides nothing a person decides; it reminds and proposes. Start at [`outlook`].

use super::act::Act;
use super::calendar::{Calendar, UnknownYear};
use super::clock::{Change, Clock, Counting, span_due};
use super::event::{Entry, Event};
use super::instant::{Instant, Zone, next_day};
use super::light::Light;
use super::operator::Operator;
use super::policy::{Policy, Span, SpanUnit};
use super::ticket::{Marks, State, Ticket};
use std::collections::{HashMap, HashSet};

/// Why a supervision is proposed, by its code in the ledger.
pub mod ground {
    /// Unsigned for as long again as the limit of signing.
    pub const UNSIGNED: &str = "unsigned";
    /// Assigned by a leader, and it does not move.
    pub const LEADER: &str = "leader-assigned";
    /// Still open after as many overdue reminders as the edition says.
    pub const OVERDUE: &str = "overdue-repeatedly";
    /// The requester was dissatisfied again after the redo.
    pub const REDO: &str = "redo-twice";
    /// A supervision passed its due date without result.
    pub const FAILED: &str = "supervision-failed";
    /// With it, one matter in one place was complained of so often in a month that it is a hot spot.
    pub const HOT_SPOT: &str = "hot-spot";
    /// As many supervisions in a row without result as call for the referral.
    pub const REFER: &str = "refer";
}

/// The text of a supervision's end that nobody wrote: its due date has passed.
pub const PASSED_UNANSWERED: &str = "due-date-passed";

/// What has become due on a ticket, and when to look again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Due and not yet in the ledger, oldest first, each with its moment.
    pub due: Vec<(Instant, Event)>,
    /// The next moment at which something becomes due if nothing happens before.
    pub next: Option<Instant>,
}

/// The rules a ticket's moments are counted by.
#[derive(Clone, Copy)]
pub struct Book<'a> {
    /// The edition the ticket lives under.
    pub policy: &'a Policy,
    /// The calendars known.
    pub calendar: &'a Calendar,
}

/// The moment so long after a moment that is itself the end of a span: days end at 24:00, so three steps of one
/// working day are three working days.
///
/// # Errors
/// [`UnknownYear`] when working days of an unknown year would have to be counted.
///
/// ```
/// use fenbo::domain::{calendar::Calendar, instant::Zone, ladder::after};
/// use fenbo::domain::policy::{Span, SpanUnit};
/// let zone = Zone::shanghai();
/// let each = Span { amount: 1, unit: SpanUnit::CalendarDay, source: "[ours]".into() };
/// let due = zone.parse("2017-10-13").unwrap();
/// let next = after(due, &each, &Calendar::default(), zone).unwrap();
/// assert_eq!(zone.minute(next), "2017-10-14 00:00");
/// ```
pub fn after(
    from: Instant,
    span: &Span,
    calendar: &Calendar,
    zone: Zone,
) -> Result<Instant, UnknownYear> {
    let amount = span.amount.max(1);
    match span.unit {
        SpanUnit::Minute => Ok(from.plus(i64::from(amount) * 60)),
        SpanUnit::Hour => Ok(from.plus(i64::from(amount) * 3600)),
        SpanUnit::WorkingDay | SpanUnit::CalendarDay => {
            let mut day = zone.date(from.plus(-1));
            let mut left = amount;
            while left > 0 {
                day = next_day(day);
                let counts = span.unit == SpanUnit::CalendarDay || calendar.kind(day)?.is_working();
                left -= u32::from(counts);
            }
            Ok(zone.end_of(day))
        }
    }
}

/// The next act that the rules call for without a person, and the moment it becomes due.
pub fn by_rule(ticket: &Ticket, marks: Marks, book: Book<'_>) -> Option<(Instant, Act)> {
    let Book { policy, calendar } = book;
    let due = |from, span| span_due(from, span, calendar, policy.zone).ok();
    let stage = match &ticket.state {
        State::Dispatched => marks.stage_due_at.map(|at| (at, Act::Sign)),
        State::Suspended => marks.stage_due_at.map(|at| (at, Act::Resume)),
        State::Closed | State::Answered | State::Refused => {
            let ended = ticket.closed_at.unwrap_or(ticket.state_since);
            due(ended, &policy.archive_after).map(|at| (at, Act::Archive))
        }
        State::Registered
        | State::Filed
        | State::Handling
        | State::Replied
        | State::Callback
        | State::Archived
        | State::Merged
        | State::Coordinating
        | State::Voided
        | State::Foreign(_) => None,
    };
    let stale = ticket
        .claim
        .as_ref()
        .filter(|_| ticket.state.is_open())
        .and_then(|claim| due(claim.at, &policy.claim_stale))
        .map(|at| (at, Act::Release));
    [stage, stale]
        .into_iter()
        .flatten()
        .min_by_key(|(at, _)| *at)
}

/// What has become due on a ticket by `now`, from its whole ledger, oldest entry first; `hot` when the ticket is the one
/// that made its place and matter a hot spot, as the other tickets tell.
pub fn outlook(entries: &[Entry], book: Book<'_>, hot: bool, now: Instant) -> Outlook {
    let Some((first, later)) = entries.split_first() else {
        return Outlook::default();
    };
    let Some(mut ticket) = Ticket::begin(&first.no, &first.event, first.at) else {
        return Outlook::default();
    };
    let mut walk = Walk::of(entries, book);
    walk.hot_since = hot.then_some(first.at);
    let mut from = first.at;
    for entry in later {
        // Reminders change nothing that moments depend on.
        if !matches!(entry.event, Event::Reminded { .. }) {
            walk.segment(&ticket, from, entry.at);
            from = from.max(entry.at);
        }
        let at_desk = ticket.lead.is_none();
        ticket.apply(&entry.event, entry.at, &entry.by);
        walk.take(entry);
        if at_desk && ticket.lead.is_some() {
            walk.handed.get_or_insert(entry.at);
            walk.anew = Some(entry.at);
        }
    }
    let end = now.plus(1);
    walk.segment(&ticket, from, end);
    let next = walk
        .candidates(&ticket, end)
        .into_iter()
        .map(|c| c.at)
        .filter(|at| *at >= end)
        .min();
    Outlook {
        due: walk.found,
        next,
    }
}

/// When the last suspension ended, or ends: at its date, or before it by a person's word.
fn suspension_end(clock: &Clock) -> Option<Instant> {
    clock
        .marks
        .iter()
        .fold(None, |end, mark| match mark.change {
            Change::Suspended { until } => Some(until),
            Change::Resumed => end.map(|end: Instant| end.min(mark.at)),
            Change::Extended { .. } | Change::LimitChanged { .. } => end,
        })
}

/// Whether an event shows that somebody works on the ticket, as against speaking about it.
pub fn is_movement(event: &Event) -> bool {
    match event {
        Event::Registered(_)
        | Event::Imported(_)
        | Event::Filed(_)
        | Event::Answered { .. }
        | Event::Refused { .. }
        | Event::Dispatched { .. }
        | Event::Recalled
        | Event::Signed { .. }
        | Event::Applied(_)
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
        | Event::Reopened { .. }
        | Event::Merged { .. }
        | Event::Unmerged
        | Event::Voided { .. } => true,
        Event::Seconded { .. }
        | Event::Archived
        | Event::Absorbed { .. }
        | Event::Detached { .. }
        | Event::Urged { .. }
        | Event::Noted { .. }
        | Event::Claimed
        | Event::Released(_)
        | Event::ConfidentialitySet { .. }
        | Event::UrgencySet { .. }
        | Event::Reclassified(_)
        | Event::Revealed { .. }
        | Event::Erased { .. }
        | Event::Reminded { .. }
        | Event::SupervisionProposed { .. }
        | Event::SupervisionDismissed { .. }
        | Event::Escalated { .. }
        | Event::PaperServed { .. }
        | Event::SupervisionResulted { .. }
        | Event::Attached { .. }
        | Event::Supplemented(_)
        | Event::FalseClosureAlarmed { .. }
        | Event::CaseKept { .. }
        | Event::CaseDropped
        | Event::Recalculated => false,
    }
}

/// Something that becomes due at a moment if the ticket stays as it is.
struct Candidate {
    at: Instant,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Remind(Light),
    Fail,
    Propose(&'static str),
}

/// The ledger walked entry by entry, as if somebody had looked at every moment.
struct Walk<'a> {
    book: Book<'a>,
    reminded: HashSet<(Light, Instant)>,
    proposed: HashSet<(&'a str, Instant)>,
    /// Papers whose supervision has ended in the ledger, and whether a person said so.
    ended: HashMap<&'a str, bool>,
    /// Papers counted as failed before their entry was met.
    counted: HashSet<String>,
    proposal_waits: bool,
    /// When a person last answered the ladder, or the ticket first had a department: grounds that had come by then
    /// are counted from here.
    anew: Option<Instant>,
    /// When a proposal was last dismissed or followed.
    answered: Option<Instant>,
    /// When it first had a department.
    handed: Option<Instant>,
    /// When it was proposed as a hot spot, as the ledger has it: that is once.
    hot_proposed: Option<Instant>,
    under_way: Option<(String, Option<Instant>)>,
    failed: u32,
    moved_at: Option<Instant>,
    hot_since: Option<Instant>,
    found: Vec<(Instant, Event)>,
}

impl<'a> Walk<'a> {
    fn of(entries: &'a [Entry], book: Book<'a>) -> Self {
        let mut walk = Self {
            book,
            reminded: HashSet::new(),
            proposed: HashSet::new(),
            ended: HashMap::new(),
            counted: HashSet::new(),
            proposal_waits: false,
            anew: None,
            answered: None,
            handed: None,
            hot_proposed: None,
            under_way: None,
            failed: 0,
            moved_at: entries.first().map(|e| e.at),
            hot_since: None,
            found: Vec::new(),
        };
        for entry in entries {
            match &entry.event {
                Event::Reminded { light, due } => {
                    walk.reminded.insert((*light, *due));
                }
                Event::SupervisionProposed { ground, due } => {
                    walk.proposed.insert((ground, *due));
                    if ground == ground::HOT_SPOT {
                        walk.hot_proposed = Some(*due);
                    }
                }
                Event::SupervisionResulted { paper, .. } => {
                    walk.ended.insert(paper, entry.by != Operator::SYSTEM);
                }
                _ => {}
            }
        }
        walk
    }

    /// Takes an entry's effect on the ladder.
    fn take(&mut self, entry: &Entry) {
        match &entry.event {
            // Written by a late sweep, it may be of before an answer that already covers it.
            Event::SupervisionProposed { due, .. } => {
                self.proposal_waits |= self.answered.is_none_or(|answered| *due > answered);
            }
            Event::SupervisionDismissed { .. } => {
                self.proposal_waits = false;
                self.answered = Some(entry.at);
                self.anew = Some(entry.at);
            }
            Event::Escalated {
                level, paper, due, ..
            } => {
                self.proposal_waits = false;
                self.answered = Some(entry.at);
                // A circular or a referral leaves the supervision under way as it is.
                if *level == 1 {
                    self.under_way = Some((paper.clone(), *due));
                }
            }
            Event::SupervisionResulted {
                paper, effective, ..
            } => {
                if entry.by != Operator::SYSTEM {
                    self.anew = Some(entry.at);
                }
                if !self.counted.contains(paper) {
                    self.ends(*effective);
                }
            }
            other => {
                if entry.by != Operator::SYSTEM && is_movement(other) {
                    self.moved_at = Some(entry.at);
                }
            }
        }
    }

    fn ends(&mut self, effective: bool) {
        self.under_way = None;
        self.failed = if effective { 0 } else { self.failed + 1 };
    }

    /// What becomes due from `from` until before `to`, while the ticket stays as it is.
    fn segment(&mut self, ticket: &Ticket, from: Instant, to: Instant) {
        if from >= to || !ticket.state.clock_runs() {
            return;
        }
        let mut candidates = self.candidates(ticket, to);
        candidates.retain(|c| c.at >= from && c.at < to);
        candidates.sort_by_key(|c| (c.at, c.what));
        for Candidate { at, what } in candidates {
            match what {
                What::Remind(light) => {
                    if !self.reminded.contains(&(light, at)) {
                        self.found.push((at, Event::Reminded { light, due: at }));
                    }
                }
                What::Fail => self.fail(at, ticket),
                What::Propose(ground) => self.propose(ground, at, ticket),
            }
        }
    }

    /// A supervision that passes its due date without result has failed; the next rung is proposed.
    fn fail(&mut self, at: Instant, ticket: &Ticket) {
        let Some((paper, _)) = self.under_way.clone() else {
            return;
        };
        match self.ended.get(paper.as_str()) {
            // A person said how it ended before any sweep looked: their word stands.
            Some(true) => return,
            Some(false) => {}
            None => self.found.push((
                at,
                Event::SupervisionResulted {
                    paper: paper.clone(),
                    effective: false,
                    text: PASSED_UNANSWERED.to_owned(),
                },
            )),
        }
        self.counted.insert(paper);
        self.ends(false);
        let refer = self.failed >= self.book.policy.supervisions.refer_after.value;
        let ground = if refer { ground::REFER } else { ground::FAILED };
        self.propose(ground, at, ticket);
    }

    /// Proposed once: not while a proposal waits or a supervision runs, nor after the referral, nor while there is no
    /// department to be supervised.
    fn propose(&mut self, ground: &'static str, at: Instant, ticket: &Ticket) {
        if ticket.lead.is_none()
            || self.proposal_waits
            || self.under_way.is_some()
            || ticket.supervision_level >= 3
        {
            return;
        }
        let known = self.proposed.contains(&(ground, at));
        if !known {
            self.found.push((
                at,
                Event::SupervisionProposed {
                    ground: ground.to_owned(),
                    due: at,
                },
            ));
        }
        self.proposal_waits = true;
    }

    /// Everything that becomes due before `until`, and of each series the first that comes after.
    fn candidates(&self, ticket: &Ticket, until: Instant) -> Vec<Candidate> {
        let mut all = Vec::new();
        if !ticket.state.clock_runs() {
            return all;
        }
        self.reminders(ticket, until, &mut all);
        if let Some((_, Some(due))) = &self.under_way {
            all.push(Candidate {
                at: *due,
                what: What::Fail,
            });
        }
        self.proposals(ticket, &mut all);
        if let Some(clock) = ticket.running_clock() {
            all.retain(|c| c.at >= until || c.what == What::Fail || !clock.is_suspended_at(c.at));
        }
        all
    }

    fn reminders(&self, ticket: &Ticket, until: Instant, all: &mut Vec<Candidate>) {
        let Book { policy, calendar } = self.book;
        let Some(clock) = ticket.running_clock() else {
            return;
        };
        // Without a deadline nobody can be told that it is near; it is counted again when the year is known.
        let Ok(deadline) = clock.deadline(calendar, Counting::of(policy)) else {
            return;
        };
        let (warn, due) = (deadline.warn_at.min(deadline.due_at), deadline.due_at);
        let spans = &policy.reminders;
        // Those of a series' moments that come before its end and before `until`, and the first after that.
        let series =
            |first: Option<Instant>, end: Option<Instant>, each: &dyn Fn(u32) -> &'a Span| {
                let mut nth = 0;
                let next = |at: &Instant| {
                    nth += 1;
                    let next = (*at < until).then(|| after(*at, each(nth), calendar, policy.zone));
                    next?.ok()
                };
                std::iter::successors(first, next)
                    .take_while(|at| end.is_none_or(|end| *at < end))
                    .collect::<Vec<_>>()
            };
        let routine = span_due(clock.started, &spans.routine, calendar, policy.zone).ok();
        let slower_after = spans.slower_after.value;
        let red = series(Some(due), None, &|nth| {
            if nth < slower_after {
                &spans.red
            } else {
                &spans.routine
            }
        });
        all.extend(self.overdue_repeatedly(&red).map(|at| Candidate {
            at,
            what: What::Propose(ground::OVERDUE),
        }));
        for (light, moments) in [
            (
                Light::Green,
                series(routine, Some(warn), &|_| &spans.routine),
            ),
            (
                Light::Yellow,
                series(Some(warn), Some(due), &|_| &spans.yellow),
            ),
            (Light::Red, red),
        ] {
            all.extend(moments.into_iter().map(|at| Candidate {
                at,
                what: What::Remind(light),
            }));
        }
    }

    /// The overdue reminder that comes after as many others as the edition says; counted anew, where that had come by the
    /// time a person last answered the ladder.
    fn overdue_repeatedly(&self, reminders: &[Instant]) -> Option<Instant> {
        let wanted = self.book.policy.supervisions.overdue_before.value as usize;
        let is_past = |at: &&Instant| self.anew.is_some_and(|anew| **at <= anew);
        let past = reminders.iter().take_while(is_past).count();
        let nth = if wanted < past { past + wanted } else { wanted };
        reminders.get(nth).copied()
    }

    fn proposals(&self, ticket: &Ticket, all: &mut Vec<Candidate>) {
        let Book { policy, calendar } = self.book;
        let zone = policy.zone;
        let mut propose = |at: Option<Instant>, ground| {
            all.extend(at.map(|at| Candidate {
                at,
                what: What::Propose(ground),
            }));
        };
        let hot = self
            .hot_proposed
            .or_else(|| Some(self.hot_since?.max(self.handed?)));
        propose(hot, ground::HOT_SPOT);
        // A ground whose moment had come by the person's answer comes again after as long again.
        let anew = |from: Option<Instant>, after: &dyn Fn(Instant) -> Option<Instant>| {
            let at = after(from?);
            match self.anew {
                Some(anew) if at.is_some_and(|at| at <= anew) => after(anew),
                _ => at,
            }
        };
        let with_department = matches!(ticket.state, State::Dispatched | State::Handling);
        if with_department
            && ticket
                .dispatched_at
                .is_some_and(|at| Some(at) == self.moved_at)
        {
            let again = anew(ticket.dispatched_at, &|at| {
                let limit = span_due(at, &policy.stages.sign, calendar, zone).ok()?;
                after(limit, &policy.stages.sign, calendar, zone).ok()
            });
            propose(again, ground::UNSIGNED);
        }
        if policy.supervisions.leader_sources.contains(&ticket.source) {
            // Standing still because the clock did is no fault.
            let ended = ticket.running_clock().and_then(suspension_end);
            let still = anew(self.moved_at.max(ended), &|at| {
                span_due(at, &policy.supervisions.due, calendar, zone).ok()
            });
            propose(still, ground::LEADER);
        }
    }
}
