//! The fold of a ticket's events: how each of them changes the ticket. Decides nothing; see [`super::workflow`].
//!
//! Start at [`Ticket::begin`] and [`Ticket::apply`].

use super::act::Rating;
use super::application::{Application, ApplicationKind, Decision};
use super::clock::{Change, Clock};
use super::event::{Event, FiledFacts};
use super::instant::Instant;
use super::ticket::{Call, Claim, State, Ticket};

/// Applications of whoever handles the ticket; they end when it leaves those hands.
const OF_THE_HANDLER: &[ApplicationKind] = &[
    ApplicationKind::Return,
    ApplicationKind::Extension,
    ApplicationKind::Suspension,
    ApplicationKind::NoCallback,
];

fn decision(granted: bool, reason: &str, at: Instant, by: &str) -> Decision {
    Decision {
        granted,
        at,
        by: by.to_owned(),
        reason: reason.to_owned(),
    }
}

impl Ticket {
    /// A ticket as its first event makes it; nothing when the event does not begin a ticket.
    ///
    /// Filed, dispatched and signed for by the rule a day later:
    /// ```
    /// # use fenbo::domain::{clock::*, event::*, instant::*, ticket::*};
    /// # let limit = Limit { amount: 15, unit: DayUnit::WorkingDay };
    /// # let first = Event::Registered(Registered::default());
    /// # let facts = FiledFacts { nature: Nature::Complaint, limit_class: LimitClass::Complaint, limit, category: vec![],
    /// #     street: None, community: None };
    /// let mut ticket = Ticket::begin("20170929-0001", &first, Instant(60)).unwrap();
    /// ticket.apply(&Event::Filed(facts), Instant(120), "zhang");
    /// ticket.apply(&Event::Dispatched { lead: "cgj".into(), assisting: vec![], suggestion: None }, Instant(180), "zhang");
    /// // The sweep came late: it counts as signed for since it became due.
    /// let due = Some(Instant(86_400));
    /// ticket.apply(&Event::Signed { automatic: true, due, since: due }, Instant(90_000), "system");
    /// assert_eq!((ticket.state.clone(), ticket.signed_at, ticket.version), (State::Handling, due, 4));
    /// assert_eq!(ticket.holder(), Holder::Department("cgj"));
    /// // The citizen's clock runs from the creation, whenever it was filed.
    /// assert_eq!(ticket.clock, Some(Clock::new(Instant(0), limit)));
    /// assert!(Ticket::begin("20170929-0002", &Event::Recalled, Instant(60)).is_none());
    /// ```
    pub fn begin(no: &str, event: &Event, at: Instant) -> Option<Self> {
        let Event::Registered(facts) = event else {
            return None;
        };
        let created_at = facts.created_at;
        Some(Self {
            no: no.to_owned(),
            version: 1,
            state: State::Registered,
            nature: facts.nature,
            limit_class: facts.limit_class,
            urgency: facts.urgency,
            confidential: facts.confidential,
            source: facts.source.clone(),
            channel: facts.channel.clone(),
            external_no: facts.external_no.clone(),
            category: facts.category.clone(),
            street: facts.street.clone(),
            community: facts.community.clone(),
            lead: None,
            assisting: Vec::new(),
            fallback: None,
            edition: facts.edition.clone(),
            created_at,
            filed_at: None,
            dispatched_at: None,
            signed_at: None,
            auto_signed: false,
            replied_at: None,
            closed_at: None,
            state_since: at,
            clock: facts.limit.map(|limit| Clock::new(created_at, limit)),
            redo_clock: None,
            on_time: None,
            exempt: false,
            no_return: false,
            returns: 0,
            redispatches: 0,
            dispatches: 0,
            reworks: 0,
            redos: 0,
            urges: 0,
            extensions: 0,
            suspensions: 0,
            calls: Vec::new(),
            rating: None,
            solved: None,
            contacted: None,
            merged_into: None,
            merged: Vec::new(),
            before_merge: None,
            supervision_level: 0,
            supervision_proposed: false,
            claim: None,
            applications: Vec::new(),
            supplements: 0,
            false_closure_of: None,
            is_case: false,
        })
    }

    fn enter(&mut self, state: State, at: Instant) {
        self.state = state;
        self.state_since = at;
    }

    fn close(&mut self, state: State, at: Instant, by: &str) {
        self.enter(state, at);
        self.closed_at = Some(at);
        self.claim = None;
        self.lapse(&ApplicationKind::ALL, "closed", at, by);
    }

    /// Ends a ticket whose answer stands.
    fn conclude(&mut self, rating: Rating, at: Instant, by: &str) {
        self.rating = Some(rating);
        self.redo_clock = None;
        self.close(State::Closed, at, by);
    }

    /// What filing or reclassifying settled.
    fn settle(&mut self, facts: &FiledFacts, at: Instant) {
        self.nature = Some(facts.nature);
        self.limit_class = Some(facts.limit_class);
        self.category.clone_from(&facts.category);
        self.street.clone_from(&facts.street);
        self.community.clone_from(&facts.community);
        match &mut self.clock {
            None => self.clock = Some(Clock::new(self.created_at, facts.limit)),
            Some(clock) if clock.base_limit() == facts.limit => {}
            Some(clock) => {
                let limit = facts.limit;
                clock.mark(at, Change::LimitChanged { limit });
            }
        }
    }

    /// A dispatch, by a dispatcher or by a ruling.
    fn hand_to(&mut self, lead: &str, assisting: &[String], at: Instant) {
        self.redispatches += u32::from(self.dispatches > 0);
        self.dispatches += 1;
        self.lead = Some(lead.to_owned());
        self.assisting = assisting.to_vec();
        self.dispatched_at = Some(at);
        self.signed_at = None;
        self.auto_signed = false;
        self.claim = None;
        self.enter(State::Dispatched, at);
    }

    /// What was asked for and has no object any more counts as declined, so that no decision waits for ever.
    fn lapse(&mut self, kinds: &[ApplicationKind], why: &str, at: Instant, by: &str) {
        for application in &mut self.applications {
            if application.decision.is_none() && kinds.contains(&application.kind) {
                application.decision = Some(decision(false, why, at, by));
            }
        }
    }

    fn application(&mut self, number: u32) -> Option<&mut Application> {
        self.applications.iter_mut().find(|a| a.number == number)
    }

    /// Folds one event, which happened at `at` by operator `by`, into the ticket.
    pub fn apply(&mut self, event: &Event, at: Instant, by: &str) {
        self.version = self.version.saturating_add(1);
        match event {
            Event::Imported(end) => {
                self.filed_at = Some(self.created_at);
                self.lead.clone_from(&end.lead);
                if end.lead.is_some() {
                    self.dispatches = 1;
                    self.dispatched_at = Some(self.created_at);
                }
                self.on_time = end.on_time;
                self.replied_at = end.closed_at;
                self.close(State::Closed, at, by);
                self.closed_at = end.closed_at;
            }
            Event::Filed(facts) => {
                self.settle(facts, at);
                self.filed_at = Some(at);
                self.enter(State::Filed, at);
            }
            Event::Answered { on_time, .. } => {
                self.replied_at = Some(at);
                self.judge(*on_time);
                self.close(State::Answered, at, by);
            }
            Event::Refused { .. } => self.close(State::Refused, at, by),
            Event::Dispatched {
                lead, assisting, ..
            } => self.hand_to(lead, assisting, at),
            Event::Recalled => {
                self.lead = None;
                self.assisting.clear();
                if self.dispatches > 1 {
                    self.redispatches = self.redispatches.saturating_sub(1);
                }
                self.dispatches = self.dispatches.saturating_sub(1);
                self.dispatched_at = None;
                self.enter(State::Filed, at);
            }
            Event::Signed {
                automatic, since, ..
            } => {
                let since = since.unwrap_or(at);
                self.signed_at = Some(since);
                self.auto_signed = *automatic;
                self.enter(State::Handling, since);
            }
            Event::Applied(application) => self.applications.push(application.clone()),
            Event::Seconded { number } => {
                if let Some(asked) = self.application(*number) {
                    asked.seconded_by = Some(by.to_owned());
                }
            }
            Event::Granted { number, reason } => self.grant(*number, reason, at, by),
            Event::Declined { number, reason } => {
                if let Some(asked) = self.application(*number) {
                    asked.decision = Some(decision(false, reason, at, by));
                }
            }
            Event::Coordinated { .. } => {
                // The ruling answers every return asked for, and names who handles from now on.
                self.lapse(OF_THE_HANDLER, "coordination", at, by);
                if self.state == State::Suspended {
                    self.mark_clocks(at, Change::Resumed);
                }
                self.enter(State::Coordinating, at);
            }
            Event::Ruled(ruling) => {
                self.fallback.clone_from(&ruling.fallback);
                self.no_return = true;
                self.hand_to(&ruling.lead, &ruling.assisting, at);
            }
            Event::Resumed { .. } => {
                self.mark_clocks(at, Change::Resumed);
                self.enter(State::Handling, at);
            }
            Event::Replied(reply) => {
                self.replied_at = Some(at);
                self.contacted = Some(reply.contacted);
                self.solved = Some(reply.solved);
                self.judge(reply.on_time);
                let of_time = [ApplicationKind::Extension, ApplicationKind::Suspension];
                self.lapse(&of_time, "replied", at, by);
                self.enter(State::Replied, at);
            }
            Event::Passed { callback: true } => self.enter(State::Callback, at),
            Event::Passed { callback: false } => self.conclude(Rating::Unrated, at, by),
            Event::Reworked { .. } => {
                self.reworks += 1;
                self.enter(State::Handling, at);
            }
            Event::Called(call) => self.calls.push(Call {
                about: call.about.clone(),
                outcome: call.outcome,
                rating: call.rating,
                at,
            }),
            Event::Redone { limit, .. } => {
                self.redos += 1;
                self.redo_clock = Some(Clock::new(at, *limit));
                // Whoever was dissatisfied is to be heard again about the new result.
                let again = self.calls.last().map(|c| c.about.clone());
                self.calls.retain(|c| Some(&c.about) != again.as_ref());
                self.lapse(&[ApplicationKind::NoCallback], "redo", at, by);
                self.enter(State::Handling, at);
            }
            Event::Closed { rating } => self.conclude(*rating, at, by),
            Event::Archived => self.enter(State::Archived, at),
            Event::Reopened { limit, .. } => {
                self.closed_at = None;
                self.rating = None;
                // Everyone is heard again about the second handling; the ledger keeps the first calls.
                self.calls.clear();
                self.redo_clock = Some(Clock::new(at, *limit));
                self.enter(
                    if self.lead.is_some() {
                        State::Handling
                    } else {
                        State::Filed
                    },
                    at,
                );
            }
            Event::Merged { into } => {
                self.before_merge = Some((self.state.clone(), self.state_since));
                self.merged_into = Some(into.clone());
                self.claim = None;
                self.enter(State::Merged, at);
            }
            Event::Unmerged => {
                if let Some((state, since)) = self.before_merge.take() {
                    self.enter(state, since);
                }
                self.merged_into = None;
            }
            Event::Absorbed { no } => self.merged.push(no.clone()),
            Event::Detached { no } => self.merged.retain(|m| m != no),
            Event::Voided { .. } => self.close(State::Voided, at, by),
            Event::Urged { .. } => self.urges += 1,
            Event::Claimed => {
                self.claim = Some(Claim {
                    by: by.to_owned(),
                    at,
                });
            }
            Event::Released(_) => self.claim = None,
            Event::ConfidentialitySet { confidential } => self.confidential = *confidential,
            Event::UrgencySet { urgency } => self.urgency = *urgency,
            Event::Reclassified(facts) => self.settle(facts, at),
            Event::SupervisionProposed { .. } => self.supervision_proposed = true,
            Event::SupervisionDismissed { .. } => self.supervision_proposed = false,
            Event::Escalated { level, .. } => {
                self.supervision_level = self.supervision_level.max(*level);
                self.supervision_proposed = false;
            }
            Event::Supplemented(_) => self.supplements += 1,
            Event::CaseKept { .. } => self.is_case = true,
            Event::CaseDropped => self.is_case = false,
            Event::FalseClosureAlarmed { of } => self.false_closure_of = Some(of.clone()),
            // `Registered` is only ever the first event (see `begin`); the others leave the row as it is.
            Event::Registered(_)
            | Event::Attached { .. }
            | Event::Noted { .. }
            | Event::Revealed { .. }
            | Event::Erased { .. }
            | Event::Reminded { .. }
            | Event::PaperServed { .. }
            | Event::SupervisionResulted { .. }
            | Event::Recalculated => {}
        }
    }

    fn grant(&mut self, number: u32, reason: &str, at: Instant, by: &str) {
        let Some(asked) = self.application(number) else {
            return;
        };
        asked.decision = Some(decision(true, reason, at, by));
        let (kind, units, until) = (asked.kind, asked.units, asked.until);
        match kind {
            ApplicationKind::Return => {
                self.returns += 1;
                self.lead = None;
                self.assisting.clear();
                self.signed_at = None;
                self.auto_signed = false;
                self.lapse(OF_THE_HANDLER, "returned", at, by);
                self.enter(State::Filed, at);
            }
            ApplicationKind::Extension => {
                self.extensions += 1;
                let units = units.unwrap_or(0);
                if let Some(clock) = self.redo_clock.as_mut().or(self.clock.as_mut()) {
                    clock.mark(at, Change::Extended { units });
                }
            }
            ApplicationKind::Suspension => {
                self.suspensions += 1;
                let until = until.unwrap_or(at);
                self.mark_clocks(at, Change::Suspended { until });
                self.enter(State::Suspended, at);
            }
            ApplicationKind::Void => self.close(State::Voided, at, by),
            ApplicationKind::NoCallback => {
                // Granted before the review has passed, it takes effect there: nothing skips reply and review.
                if self.state == State::Callback {
                    self.conclude(Rating::Unrated, at, by);
                }
            }
            ApplicationKind::Appeal => self.exempt = true,
        }
    }

    /// The overdue fact is sticky: one late reply makes the ticket late for ever. `[DOMAIN §4]`
    fn judge(&mut self, on_time: Option<bool>) {
        if let Some(on_time) = on_time {
            self.on_time = Some(self.on_time.unwrap_or(true) && on_time);
        }
    }

    fn mark_clocks(&mut self, at: Instant, change: Change) {
        for clock in [&mut self.clock, &mut self.redo_clock]
            .into_iter()
            .flatten()
        {
            clock.mark(at, change);
        }
    }
}
