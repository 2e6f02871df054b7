//! What the requester may see of a ticket: its steps with their times, the promised day, the public answer, the rating.
//!
//! Nothing personal and nothing internal passes: notes, returns, disputes, reminders, supervision and operators stay
//! behind; so does an answer until its review has passed. Decided here once for the page, the command line, Open311 and the messages. Start at [`Progress::of`].

use super::act::{CallOutcome, Rating};
use super::application::{Application, ApplicationKind};
use super::codes::codes;
use super::event::{Entry, Event};
use super::instant::{Instant, Zone};
use super::ticket::{Marks, State, Ticket};
use super::workflow::suspended_until;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

codes! {
    /// Where a request stands, in the requester's words.
    Standing {
        /// It has come in.
        Received = "received",
        /// It is accepted, and a department is being found.
        Accepted = "accepted",
        /// A department has it.
        Assigned = "assigned",
        /// The department works on it.
        InProgress = "in_progress",
        /// Work stands still until a date.
        OnHold = "on_hold",
        /// The department has answered, and the answer has passed its review.
        Replied = "replied",
        /// It has ended.
        Closed = "closed",
        /// Answered at once.
        Answered = "answered",
        /// Not a matter for this desk.
        NotAccepted = "not_accepted",
        /// Taken back as void.
        Voided = "voided",
    }
}

impl Standing {
    fn of(state: &State) -> Self {
        match state {
            State::Registered => Self::Received,
            // Who is to have it is the desk's affair.
            State::Filed | State::Coordinating | State::Merged | State::Foreign(_) => {
                Self::Accepted
            }
            State::Dispatched => Self::Assigned,
            // An answer is one when its review has passed.
            State::Handling | State::Replied => Self::InProgress,
            State::Suspended => Self::OnHold,
            State::Callback => Self::Replied,
            State::Closed | State::Archived => Self::Closed,
            State::Answered => Self::Answered,
            State::Refused => Self::NotAccepted,
            State::Voided => Self::Voided,
        }
    }

    /// Whether an answer is or was promised: to what is void or was not accepted, none is owed.
    pub fn is_promised(self) -> bool {
        !matches!(self, Self::NotAccepted | Self::Voided)
    }

    /// Whether something is still to be done.
    pub fn is_open(self) -> bool {
        match self {
            Self::Received
            | Self::Accepted
            | Self::Assigned
            | Self::InProgress
            | Self::OnHold
            | Self::Replied => true,
            Self::Closed | Self::Answered | Self::NotAccepted | Self::Voided => false,
        }
    }
}

/// A step that the requester sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It came in.
    Received,
    /// Accepted.
    Accepted,
    /// Answered at once.
    Answered,
    /// Not accepted, for a coded ground.
    NotAccepted(String),
    /// Given to a department, by its code.
    Assigned(String),
    /// The department has taken it on.
    TakenOn,
    /// The promised day was moved.
    Extended,
    /// Work stands still until the end of this day.
    OnHold(Option<NaiveDate>),
    /// Work goes on.
    Resumed,
    /// The department has answered.
    Replied,
    /// The answer was not enough: it is worked on further.
    WorkedOn,
    /// The requester was called and not reached.
    CallMissed,
    /// The requester was heard.
    Heard(Option<Rating>),
    /// It ended.
    Closed,
    /// It was taken up again.
    Reopened,
    /// It is handled together with others like it.
    Joined,
    /// It was void.
    Voided,
}

impl Step {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Answered => "answered",
            Self::NotAccepted(_) => "not_accepted",
            Self::Assigned(_) => "assigned",
            Self::TakenOn => "taken_on",
            Self::Extended => "extended",
            Self::OnHold(_) => "on_hold",
            Self::Resumed => "resumed",
            Self::Replied => "replied",
            Self::WorkedOn => "worked_on",
            Self::CallMissed => "call_missed",
            Self::Heard(_) => "heard",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Joined => "joined",
            Self::Voided => "voided",
        }
    }
}

/// Work that stands still, and with it the time for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Since when.
    pub since: Instant,
    /// Until the end of this day at the latest.
    pub until: Option<NaiveDate>,
}

/// A ticket as its requester sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// 工单编号.
    pub no: String,
    /// Where it stands.
    pub standing: Standing,
    /// When it came in.
    pub created_at: Instant,
    /// When something last happened that the requester sees.
    pub updated_at: Instant,
    /// What happened, oldest first.
    pub steps: Vec<(Instant, Step)>,
    /// The last day by which an answer is promised; nothing while the limit is not known.
    pub promised: Option<NaiveDate>,
    /// The deadline itself: 24:00 of that day.
    pub due_at: Option<Instant>,
    /// Why there is no promised day: work stands still.
    pub hold: Option<Hold>,
    /// The department that has it, by its code.
    pub department: Option<String>,
    /// The public answer that stands.
    pub answer: Option<String>,
    /// The requester's rating.
    pub rating: Option<Rating>,
    /// Whether the requester may rate now.
    pub may_rate: bool,
}

/// A ticket with its deadlines and its ledger.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The ticket.
    pub ticket: &'a Ticket,
    /// Its deadlines.
    pub marks: Marks,
    /// Its ledger, oldest first.
    pub ledger: &'a [Entry],
}

/// What is gathered while the ledger is read.
#[derive(Default)]
struct Told {
    steps: Vec<(Instant, Step)>,
    answer: Option<String>,
    /// The answer before its review, which nobody outside sees.
    unseen: Option<String>,
    /// The answer has passed its review, and a call-back is to follow.
    in_callback: bool,
    applications: Vec<Application>,
}

impl Progress {
    /// What the requester of `own` sees; a merged ticket follows its `master` from the merge on.
    pub fn of(own: Known<'_>, master: Option<Known<'_>>, zone: Zone) -> Self {
        let no = own.ticket.no.as_str();
        let mut told = Told::default();
        for entry in own.ledger {
            told.hear(entry, no, zone);
        }
        let shown = master.unwrap_or(own);
        if let Some(master) = master {
            let merged_at = told.steps.last().map_or(own.ticket.created_at, |s| s.0);
            let mut theirs = Told::default();
            for entry in master.ledger {
                theirs.hear(entry, no, zone);
            }
            told.answer = theirs.answer;
            // Of the other request only what has been done since; not when and how it came in.
            let since = theirs
                .steps
                .into_iter()
                .filter(|(at, step)| *at >= merged_at && *step != Step::Received);
            // Accepted once: by itself, or with the other.
            let accepted = told.steps.iter().any(|(_, step)| *step == Step::Accepted);
            let since = since.filter(|(_, step)| !(accepted && *step == Step::Accepted));
            let since: Vec<_> = since.collect();
            told.steps.extend(since);
        }
        let calls = &shown.ticket.calls;
        let rating = calls
            .iter()
            .rev()
            .find_map(|c| c.rating.filter(|_| c.about == no));
        let heard = calls.iter().any(|c| c.about == no && c.outcome.is_heard());
        let standing = Standing::of(&shown.ticket.state);
        let due_at = shown.marks.due_at.filter(|_| standing.is_promised());
        Self {
            no: no.to_owned(),
            standing,
            created_at: own.ticket.created_at,
            updated_at: told
                .steps
                .last()
                .map_or(own.ticket.created_at, |step| step.0),
            promised: due_at.map(|due| zone.date(due.plus(-1))),
            due_at,
            hold: (shown.ticket.state == State::Suspended).then(|| Hold {
                since: shown.ticket.state_since,
                until: suspended_until(shown.ticket).map(|end| zone.date(end.plus(-1))),
            }),
            department: shown.ticket.lead.clone(),
            answer: told.answer.filter(|answer| !answer.trim().is_empty()),
            rating,
            may_rate: shown.ticket.state == State::Callback && !heard,
            steps: told.steps,
        }
    }

    /// When it was answered, the last time.
    pub fn answered_at(&self) -> Option<Instant> {
        let answers = |step: &Step| matches!(step, Step::Replied | Step::Answered);
        let mut steps = self.steps.iter().rev();
        steps.find(|(_, step)| answers(step)).map(|(at, _)| *at)
    }

    /// Whether the promised day has passed without an answer that the requester has seen.
    pub fn is_late(&self, now: Instant) -> bool {
        let is_unanswered = match self.standing {
            Standing::Received | Standing::Accepted | Standing::Assigned | Standing::InProgress => {
                true
            }
            Standing::OnHold
            | Standing::Replied
            | Standing::Closed
            | Standing::Answered
            | Standing::NotAccepted
            | Standing::Voided => false,
        };
        is_unanswered && self.due_at.is_some_and(|due| due <= now)
    }
}

impl Told {
    fn step(&mut self, at: Instant, step: Step) {
        self.steps.push((at, step));
    }

    /// Takes back the last step of a kind: what was undone is not told.
    fn unsay(&mut self, is_it: impl Fn(&Step) -> bool) {
        if let Some(at) = self.steps.iter().rposition(|(_, step)| is_it(step)) {
            self.steps.remove(at);
        }
    }

    /// Notes what an entry means to the requester of `no`.
    fn hear(&mut self, entry: &Entry, no: &str, zone: Zone) {
        let at = entry.at;
        match &entry.event {
            Event::Registered(facts) => self.step(facts.created_at, Step::Received),
            Event::Imported(end) => self.step(end.closed_at.unwrap_or(at), Step::Closed),
            Event::Filed(_) => self.step(at, Step::Accepted),
            Event::Answered { text, .. } => {
                self.answer = Some(text.clone());
                self.step(at, Step::Answered);
            }
            Event::Refused { ground, .. } => self.step(at, Step::NotAccepted(ground.clone())),
            Event::Dispatched { lead, .. } => self.step(at, Step::Assigned(lead.clone())),
            Event::Ruled(ruling) => self.step(at, Step::Assigned(ruling.lead.clone())),
            Event::Recalled => self.unsay(|step| matches!(step, Step::Assigned(_))),
            Event::Signed { .. } => self.step(at, Step::TakenOn),
            Event::Applied(application) => self.applications.push(application.clone()),
            Event::Granted { number, .. } => self.granted(*number, at, zone),
            Event::Resumed { .. } => self.step(at, Step::Resumed),
            Event::Replied(reply) => {
                self.unseen = Some(reply.answer.clone());
            }
            Event::Passed { callback } => {
                self.answer = self.unseen.take();
                self.step(at, Step::Replied);
                self.in_callback = *callback;
                if !callback {
                    self.step(at, Step::Closed);
                }
            }
            // The requester has not seen what was not good enough.
            Event::Reworked { .. } => self.unseen = None,
            Event::Redone { .. } => {
                self.answer = None;
                self.in_callback = false;
                self.step(at, Step::WorkedOn);
            }
            Event::Called(call) if call.about == no => match call.outcome {
                CallOutcome::Reached | CallOutcome::SelfRated | CallOutcome::Declined => {
                    // Asked again about the same answer, the last word counts.
                    if let Some((_, Step::Heard(_))) = self.steps.last() {
                        self.steps.pop();
                    }
                    self.step(at, Step::Heard(call.rating));
                }
                CallOutcome::NoAnswer | CallOutcome::WrongNumber => {
                    self.step(at, Step::CallMissed);
                }
            },
            Event::Coordinated { .. } => self.in_callback = false,
            Event::Closed { .. } => self.closed(at),
            Event::Reopened { .. } => {
                self.answer = None;
                self.step(at, Step::Reopened);
            }
            Event::Merged { .. } => self.step(at, Step::Joined),
            Event::Unmerged => self.unsay(|step| matches!(step, Step::Joined)),
            Event::Voided { .. } => self.step(at, Step::Voided),
            // The desk's own affairs.
            Event::Called(_)
            | Event::Seconded { .. }
            | Event::Declined { .. }
            | Event::Archived
            | Event::Absorbed { .. }
            | Event::Detached { .. }
            | Event::Urged { .. }
            | Event::Noted { .. }
            | Event::FalseClosureAlarmed { .. }
            | Event::CaseKept { .. }
            | Event::CaseDropped
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
            | Event::Recalculated => {}
        }
    }

    fn closed(&mut self, at: Instant) {
        self.in_callback = false;
        self.step(at, Step::Closed);
    }

    fn granted(&mut self, number: u32, at: Instant, zone: Zone) {
        let asked = self.applications.iter().find(|a| a.number == number);
        let Some((kind, until)) = asked.map(|a| (a.kind, a.until)) else {
            return;
        };
        match kind {
            ApplicationKind::Extension => self.step(at, Step::Extended),
            ApplicationKind::Suspension => {
                let last = until.map(|end| zone.date(end.plus(-1)));
                self.step(at, Step::OnHold(last));
            }
            ApplicationKind::Void => self.step(at, Step::Voided),
            // Waived while it was under way, the call-back is over, and the ticket with it.
            ApplicationKind::NoCallback if self.in_callback => self.closed(at),
            ApplicationKind::Return | ApplicationKind::NoCallback | ApplicationKind::Appeal => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{Registered, Reply};

    fn applied(number: u32, kind: ApplicationKind) -> Event {
        Event::Applied(Application {
            number,
            kind,
            ground: None,
            text: String::new(),
            suggested: None,
            units: None,
            until: None,
            asked_at: Instant(0),
            asked_by: "lin".into(),
            department: None,
            seconded_by: None,
            decision: None,
        })
    }

    /// The steps told of a ticket to which these events happened, one a second, and where it then stands.
    fn told(events: Vec<Event>) -> (Vec<&'static str>, Standing) {
        let first = Event::Registered(Registered::default());
        let mut ticket = Ticket::begin("1", &first, Instant(0)).unwrap();
        let ledger: Vec<Entry> = std::iter::once(first)
            .chain(events)
            .zip(0..)
            .map(|(event, at)| {
                if at > 0 {
                    ticket.apply(&event, Instant(at), "lin");
                }
                Entry {
                    seq: at + 1,
                    no: "1".into(),
                    at: Instant(at),
                    by: "lin".into(),
                    event,
                }
            })
            .collect();
        let known = Known {
            ticket: &ticket,
            marks: Marks::default(),
            ledger: &ledger,
        };
        let progress = Progress::of(known, None, Zone::shanghai());
        let steps = progress.steps.iter().map(|(_, step)| step.code()).collect();
        (steps, progress.standing)
    }

    fn replied() -> Vec<Event> {
        vec![
            Event::Dispatched {
                lead: "cgj".into(),
                assisting: Vec::new(),
                suggestion: None,
            },
            Event::Replied(Reply {
                contacted: true,
                solved: true,
                note: String::new(),
                answer: "已修好".into(),
                on_time: None,
            }),
        ]
    }

    #[test]
    fn a_call_back_waived_while_it_is_under_way_closes_the_ticket_for_its_requester_too() {
        let granted = Event::Granted {
            number: 1,
            reason: String::new(),
        };
        let waived = [applied(1, ApplicationKind::NoCallback), granted];
        let called = Event::Passed { callback: true };
        let after = replied().into_iter().chain([called]).chain(waived.clone());
        let (steps, standing) = told(after.collect());
        assert_eq!(steps, ["received", "assigned", "replied", "closed"]);
        assert_eq!(standing, Standing::Closed);
        // Waived before the review, it takes effect with the review, once.
        let passed = Event::Passed { callback: false };
        let before = replied().into_iter().chain(waived).chain([passed]);
        let (steps, standing) = told(before.collect());
        assert_eq!(steps, ["received", "assigned", "replied", "closed"]);
        assert_eq!(standing, Standing::Closed);
    }
}
