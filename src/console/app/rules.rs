//! What the application asks the rules with: who acts, under which editions, calendars and directory.
//!
//! Must not decide by itself: [`Rules::may`] asks `domain::workflow::may`, as everything else does.

use crate::domain::act::ActKind;
use crate::domain::event::{Entry, Event, Registered};
use crate::domain::instant::{Instant, Zone};
use crate::domain::operator::Operator;
use crate::domain::policy::Policy;
use crate::domain::queue::{Detail, Row};
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules as Book;
use crate::domain::ticket::{Marks, Ticket};
use crate::domain::workflow::{self, Context, History};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The operator and everything the rules need besides the ticket.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Who sits here.
    pub operator: Operator,
    /// Calendars, editions and directory.
    pub book: Arc<Book>,
    /// Names of operators by code, for ledgers and claims.
    pub people: BTreeMap<String, String>,
}

impl Rules {
    /// The edition in force now.
    pub fn policy(&self, now: Instant) -> &Policy {
        self.book.editions.at(now)
    }

    /// The zone days are counted in.
    pub fn zone(&self, now: Instant) -> Zone {
        self.policy(now).zone
    }

    /// An operator's name, or the code where the name is not known.
    pub fn person<'a>(&'a self, code: &'a str) -> &'a str {
        self.people.get(code).map_or(code, String::as_str)
    }

    /// The department whose tickets alone the operator sees, if it is so.
    pub fn only_department(&self) -> Option<String> {
        if self.operator.roles.sees_all() {
            None
        } else {
            self.operator.department.clone()
        }
    }

    /// Whether the operator may do an act to a ticket of which the whole is known.
    ///
    /// # Errors
    /// The rule that says no.
    pub fn may(&self, detail: &Detail, act: ActKind, now: Instant) -> Result<(), Refusal> {
        let past = Past::of(&detail.ledger);
        self.ask(&detail.ticket, detail.marks, past.history(), act, now)
    }

    /// The same for a row of the queue: what the row does not say is taken to be in favour.
    ///
    /// # Errors
    /// The rule that says no.
    pub fn may_row(&self, row: &Row, act: ActKind, now: Instant) -> Result<(), Refusal> {
        let Some(ticket) = lite(row) else {
            return Ok(());
        };
        let history = History {
            dispatched_by: Some(&self.operator.code),
            ..History::default()
        };
        let unseen = matches!(
            act,
            ActKind::ResolveSupervision
                | ActKind::DismissSupervision
                | ActKind::Refer
                | ActKind::Archive
        );
        match self.ask(&ticket, row.marks, history, act, now) {
            Err(Refusal::NoSupervision | Refusal::LadderStep { .. } | Refusal::TooEarly { .. })
                if unseen =>
            {
                Ok(())
            }
            // A row does not say whether it stands in the library.
            Err(Refusal::NoChange) if act == ActKind::DropCase => Ok(()),
            Err(Refusal::NotExemplary) => Ok(()),
            answer => answer,
        }
    }

    fn ask(
        &self,
        ticket: &Ticket,
        marks: Marks,
        history: History<'_>,
        act: ActKind,
        now: Instant,
    ) -> Result<(), Refusal> {
        let context = Context {
            now,
            operator: &self.operator,
            policy: self.book.editions.of(&ticket.edition, ticket.created_at),
            calendar: &self.book.calendar,
            directory: &self.book.directory,
            marks,
            master: None,
            history,
        };
        workflow::may(ticket, act, &context).map(|_| ())
    }
}

/// What the guards ask of a ledger.
#[derive(Debug, Default)]
struct Past<'a> {
    dispatched_by: Option<&'a str>,
    supervision: Option<&'a str>,
    failed: u32,
    referred: bool,
    last_paper: Option<&'a str>,
}

impl<'a> Past<'a> {
    fn of(ledger: &'a [Entry]) -> Self {
        let mut past = Self::default();
        for entry in ledger {
            match &entry.event {
                Event::Dispatched { .. } | Event::Ruled(_) => {
                    past.dispatched_by = Some(&entry.by);
                }
                Event::Escalated { level, paper, .. } => {
                    // A circular or a referral leaves the supervision under way as it is.
                    if *level == 1 {
                        past.supervision = Some(paper);
                    }
                    past.referred |= *level == 3;
                    past.last_paper = Some(paper);
                }
                Event::SupervisionResulted { effective, .. } => {
                    past.supervision = None;
                    past.referred &= *effective;
                    past.failed = if *effective { 0 } else { past.failed + 1 };
                }
                _ => {}
            }
        }
        past
    }

    fn history(&self) -> History<'a> {
        History {
            dispatched_by: self.dispatched_by,
            supervision: self.supervision,
            failed_supervisions: self.failed,
            referred: self.referred,
            last_paper: self.last_paper,
            next_paper: "",
        }
    }
}

/// A ticket as far as a row tells it.
fn lite(row: &Row) -> Option<Ticket> {
    let first = Event::Registered(Registered {
        created_at: row.created_at,
        edition: String::new(),
        source: row.source.clone(),
        channel: String::new(),
        external_no: None,
        nature: row.nature,
        limit_class: row.limit_class,
        limit: None,
        urgency: row.urgency,
        confidential: row.confidential,
        category: row.category.clone(),
        street: row.street.clone(),
        community: row.community.clone(),
    });
    let mut ticket = Ticket::begin(&row.no, &first, row.created_at)?;
    ticket.version = row.version;
    ticket.state = row.state.clone();
    ticket.lead.clone_from(&row.lead);
    ticket.claim.clone_from(&row.claim);
    ticket.on_time = row.on_time;
    ticket.returns = row.returns;
    ticket.supervision_level = row.supervision_level;
    ticket.merged = vec![String::new(); row.merged as usize];
    Some(ticket)
}
