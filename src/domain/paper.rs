//! A paper of the escalation ladder with the evidence behind it: what was issued, and what the ledger says before it.
//!
//! Facts only; the words are a template's. Personal data never stands in a paper. Start at [`Paper::of`].

use super::event::{Entry, Event};
use super::instant::Instant;
use super::ladder::PASSED_UNANSWERED;
use super::light::Light;
use super::ticket::{Marks, Ticket};

/// How an earlier rung ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When: at its due date when nobody answered, however late that was seen.
    pub at: Instant,
    /// Whether it led to a result.
    pub effective: bool,
    /// What came of it.
    pub text: String,
}

/// An earlier paper about the same ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The rung: 1 supervision, 2 circular, 3 referral.
    pub level: u8,
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub at: Instant,
    /// The supervision's own due date.
    pub due: Option<Instant>,
    /// How it ended, for a supervision that has ended.
    pub ended: Option<Ended>,
}

/// An issued paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The rung: 1 supervision, 2 circular, 3 referral.
    pub level: u8,
    /// Its number.
    pub number: String,
    /// The place of its entry in the ledger.
    pub seq: i64,
    /// When it was issued.
    pub at: Instant,
    /// By whom (operator code).
    pub by: String,
    /// Why.
    pub text: String,
    /// The supervision's own due date.
    pub due: Option<Instant>,
    /// The ticket as it stood when the paper was issued.
    pub ticket: Ticket,
    /// The ticket's deadline as it is now, not as it was then.
    pub due_at: Option<Instant>,
    /// The moments of its overdue reminders until then, oldest first.
    pub overdue: Vec<Instant>,
    /// Supervisions in a row that had ended without result.
    pub failed: u32,
    /// The papers before it, oldest first.
    pub earlier: Vec<Earlier>,
}

impl Paper {
    /// The ticket's paper with this number, or its last one; nothing when there is none.
    pub fn of(entries: &[Entry], marks: Marks, wanted: Option<&str>) -> Option<Self> {
        let (first, later) = entries.split_first()?;
        let mut ticket = Ticket::begin(&first.no, &first.event, first.at)?;
        let mut overdue = Vec::new();
        let mut failed = 0;
        let mut papers: Vec<Earlier> = Vec::new();
        let mut found = None;
        for entry in later {
            ticket.apply(&entry.event, entry.at, &entry.by);
            match &entry.event {
                Event::Reminded {
                    light: Light::Red,
                    due,
                } => overdue.push(*due),
                Event::SupervisionResulted {
                    paper,
                    effective,
                    text,
                } => {
                    failed = if *effective { 0 } else { failed + 1 };
                    if let Some(one) = papers.iter_mut().find(|p| p.number == *paper) {
                        let passed = one.due.filter(|_| text == PASSED_UNANSWERED);
                        one.ended = Some(Ended {
                            at: passed.unwrap_or(entry.at),
                            effective: *effective,
                            text: text.clone(),
                        });
                    }
                }
                Event::Escalated {
                    level,
                    paper,
                    text,
                    due,
                } => {
                    if wanted.is_none_or(|wanted| wanted == paper) {
                        found = Some(Self {
                            level: *level,
                            number: paper.clone(),
                            seq: entry.seq,
                            at: entry.at,
                            by: entry.by.clone(),
                            text: text.clone(),
                            due: *due,
                            ticket: ticket.clone(),
                            due_at: marks.due_at,
                            overdue: overdue.clone(),
                            failed,
                            earlier: papers.clone(),
                        });
                    }
                    papers.push(Earlier {
                        level: *level,
                        number: paper.clone(),
                        at: entry.at,
                        due: *due,
                        ended: None,
                    });
                }
                _ => {}
            }
        }
        found
    }
}
