//! Use cases: each act is one transaction that asks `domain::workflow` and writes through `store`.
//!
//! Start at [`Centre`]: an opened store with its rules and the operator who works on it. Console, command
//! line and server all come through here, so none can do what another may not. No clock: `now` is an argument.

mod ahead;
mod asking;
mod attachments;
mod by_rule;
mod centre;
mod digest;
mod dry_run;
mod joining;
mod keeping;
mod learning;
mod matching;
mod repeating;
mod taking;

pub mod boards;
pub mod browsing;
pub mod casebook;
pub mod custody;
pub mod delivering;
pub mod demo;
pub mod handover;
pub mod heads;
pub mod history;
pub mod hotspots;
pub mod importing;
pub mod keys;
pub mod noticing;
pub mod papers;
pub mod performing;
pub mod publishing;
pub mod registering;
pub mod reporting;
pub mod revealing;
pub mod similar;
pub mod suggesting;
pub mod sweeping;
pub mod tracking;
pub mod unread;
pub mod viewing;

pub use crate::insight::duplicates::Reason;
pub use crate::insight::{Doubt, Ending, Suggestions, Why};
pub use crate::store::heads::Head;
pub use crate::store::{
    Access, Begun, Failure, FailureKind, Letter, Mailbox, Problem, Report, Salvage, Written,
};
pub use attachments::Limits;
pub use centre::{Centre, Opening};
pub use learning::Learner;

use crate::domain::refusal::Refusal;

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// A rule says no.
    Refused(Refusal),
    /// No ticket has this number or ending; one that may not be seen looks the same.
    NotFound {
        /// What was asked for.
        asked: String,
    },
    /// Several tickets end like this.
    Ambiguous {
        /// What was asked for.
        asked: String,
        /// Some of them.
        numbers: Vec<String>,
    },
    /// The store could not do it.
    Failed(Failure),
}

impl From<Failure> for NotDone {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Refusal> for NotDone {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
