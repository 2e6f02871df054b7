//! Whether the file tells the truth: the ledger is replayed and compared with everything kept beside it.
//!
//! Start at [`Store::verify`]: `ledger` replays, `rows` compares the tickets with what that made, `kept` all that is kept for
//! the sake of quick answers.

mod kept;
mod ledger;
mod problem;
mod rows;

pub use problem::Problem;

use super::Store;
use super::failure::{Failure, FailureKind};
use super::ledger::{Digest, GENESIS, hex};
use crate::domain::operator::Operator;
use crate::domain::ticket::{Marks, Ticket};
use std::collections::{BTreeMap, BTreeSet};

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whether everything agrees.
    pub ok: bool,
    /// Entries read.
    pub events: u64,
    /// Tickets compared.
    pub tickets: u64,
    /// The last entry's hash.
    pub head: String,
    /// What does not agree; at most [`MOST`].
    pub problems: Vec<Problem>,
}

/// More problems than this are not listed.
pub const MOST: usize = 1_000;

/// A ticket as the ledger makes it.
struct Replayed {
    ticket: Ticket,
    marks: Marks,
    commitment: Option<Vec<u8>>,
    /// What the ledger holds of each letter's words, in order.
    letters: Vec<String>,
    /// The files it says are kept.
    files: Vec<String>,
}

struct Check<'a> {
    store: &'a Store,
    problems: Vec<Problem>,
    events: u64,
    head: Digest,
    tickets: BTreeMap<i64, Replayed>,
    operators: BTreeMap<String, Operator>,
    gateways: BTreeSet<String>,
}

impl Store {
    /// Replays the ledger and compares: chain, rows, texts, operators, counts, departments, search, and the file itself.
    ///
    /// `progress` is told entries done and entries in all.
    pub fn verify(&self, mut progress: impl FnMut(u64, u64)) -> Result<Report, Failure> {
        // One snapshot for all of it, whatever other desks write meanwhile.
        self.set_bulk(true)?;
        self.conn.execute_batch("BEGIN")?;
        let done = self.verify_now(&mut progress);
        self.conn.execute_batch("COMMIT")?;
        self.set_bulk(false)?;
        let mut report = done?;
        self.forgive_erased(&mut report);
        Ok(report)
    }

    /// A file that a ticket had when the verification began, and that went with an erasing since, is not missing.
    fn forgive_erased(&self, report: &mut Report) {
        let is_file = |problem: &Problem| matches!(problem, Problem::Attachment { .. });
        if !report.problems.iter().any(is_file) {
            return;
        }
        // Where the ledger cannot be read, that is among the problems already.
        if let Ok(stand) = self.files_that_stand() {
            report.problems.retain(|problem| match problem {
                Problem::Attachment { sha256, .. } => stand.contains(sha256),
                _ => true,
            });
        }
        report.ok = report.problems.is_empty();
    }

    fn verify_now(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Report, Failure> {
        let mut check = Check {
            store: self,
            problems: Vec::new(),
            events: 0,
            head: GENESIS,
            tickets: BTreeMap::new(),
            operators: BTreeMap::new(),
            gateways: BTreeSet::new(),
        };
        check.file()?;
        for done in [
            check.ledger(progress),
            check.rows(),
            check.numbers(),
            check.operators(),
            check.search(),
        ] {
            match done {
                Err(Failure {
                    kind: FailureKind::Damaged,
                    cause,
                }) => check.found(Problem::File { what: cause }),
                other => other?,
            }
        }
        Ok(Report {
            ok: check.problems.is_empty(),
            events: check.events,
            tickets: check.tickets.len() as u64,
            head: hex(&check.head),
            problems: check.problems,
        })
    }
}

impl Check<'_> {
    fn found(&mut self, problem: Problem) {
        if self.problems.len() < MOST {
            self.problems.push(problem);
        }
    }
}
