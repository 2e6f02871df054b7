//! Puts a question to the workflow: the one place that builds its context.

use crate::domain::act::{Act, ActKind};
use crate::domain::event::{Entry, Event};
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::domain::workflow::{self, Context, History};
use crate::store::{Failure, Loaded, Store};

/// An act and everything it is decided with.
pub(super) struct Asked<'a> {
    pub loaded: &'a Loaded,
    pub past: &'a Past,
    pub master: Option<&'a Loaded>,
    pub act: &'a Act,
    pub rules: &'a Rules,
    pub operator: &'a Operator,
    pub now: Instant,
}

/// The events an act means, or the rule that refuses it.
pub(super) fn ask(asked: &Asked<'_>) -> Result<Vec<Event>, Refusal> {
    let ticket = &asked.loaded.ticket;
    let context = Context {
        now: asked.now,
        operator: asked.operator,
        policy: asked.rules.editions.of(&ticket.edition, ticket.created_at),
        calendar: &asked.rules.calendar,
        directory: &asked.rules.directory,
        marks: asked.loaded.marks,
        master: asked.master.map(|m| &m.ticket),
        history: History {
            dispatched_by: asked.past.dispatched_by.as_deref(),
            supervision: asked.past.supervision.as_deref(),
            failed_supervisions: asked.past.failed_supervisions,
            referred: asked.past.referred,
            last_paper: asked.past.last_paper.as_deref(),
            next_paper: &asked.past.next_paper,
        },
    };
    workflow::decide(ticket, asked.act, &context)
}

/// What guards ask of a ticket's ledger.
#[derive(Debug, Default)]
pub(super) struct Past {
    dispatched_by: Option<String>,
    supervision: Option<String>,
    failed_supervisions: u32,
    referred: bool,
    last_paper: Option<String>,
    next_paper: String,
}

impl Past {
    /// Read from the store for the acts that need it; for the others nothing is read.
    pub(super) fn for_act(
        store: &Store,
        no: &str,
        act: &Act,
        rules: &Rules,
        now: Instant,
    ) -> Result<Self, Failure> {
        let issues_paper = match act.kind() {
            ActKind::Recall
            | ActKind::ResolveSupervision
            | ActKind::DismissSupervision
            | ActKind::Serve => false,
            ActKind::Supervise | ActKind::Circulate | ActKind::Refer => true,
            _ => return Ok(Self::default()),
        };
        let mut past = Self::of(&store.ledger(no)?);
        if issues_paper {
            let year = rules.zone(now).civil(now).format("%Y").to_string();
            past.next_paper = next_paper(store, &year)?;
        }
        Ok(past)
    }

    fn of(ledger: &[Entry]) -> Self {
        let mut past = Self::default();
        for entry in ledger {
            match &entry.event {
                Event::Dispatched { .. } | Event::Ruled(_) => {
                    past.dispatched_by = Some(entry.by.clone());
                }
                Event::Escalated { level, paper, .. } => {
                    // A circular or a referral leaves the supervision under way as it is.
                    if *level == 1 {
                        past.supervision = Some(paper.clone());
                    }
                    past.referred |= *level == 3;
                    past.last_paper = Some(paper.clone());
                }
                Event::SupervisionResulted { effective, .. } => {
                    past.supervision = None;
                    past.referred &= *effective;
                    // A result in between resets "consecutive", never the history. `[seed]`
                    past.failed_supervisions = if *effective {
                        0
                    } else {
                        past.failed_supervisions + 1
                    };
                }
                _ => {}
            }
        }
        past
    }
}

/// 督〔2026〕7号: papers are numbered through the year, whatever their rung.
fn next_paper(store: &Store, year: &str) -> Result<String, Failure> {
    let issued = store.papers_issued(year)?;
    Ok(format!("督〔{year}〕{}号", issued + 1))
}
