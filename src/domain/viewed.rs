//! That an operator had a ticket on the screen: an entry of the ledger beside the ticket's own, whose version it leaves alone.
//!
//! Who may read may also pass on; these entries say who could have. `[QUALITY: views and reveals are events]`

use super::instant::Instant;
use super::operator::Role;
use serde::{Deserialize, Serialize};

/// Who may ask who viewed what: those who answer for the desk, and those who look into it.
pub const MAY_ASK: &[Role] = &[
    Role::ShiftLead,
    Role::Supervisor,
    Role::Auditor,
    Role::Administrator,
];

/// How a ticket came before the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Opened over the whole screen.
    Opened,
    /// Left in the pane below the queue for longer than a glance takes.
    Rested,
    /// Copied out of the console.
    Copied,
}

impl Way {
    /// The code used in JSON.
    ///
    /// ```
    /// use fenbo::domain::viewed::Way;
    /// assert_eq!(Way::Opened.code(), "opened");
    /// ```
    pub fn code(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Rested => "rested",
            Self::Copied => "copied",
        }
    }
}

/// What was viewed, as the ledger holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewing {
    /// The ticket's number.
    pub no: String,
    /// How.
    pub way: Way,
}

/// A viewing that stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewed {
    /// Its place in the ledger.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// The operator's code.
    pub by: String,
    /// What was viewed.
    pub viewing: Viewing,
}

/// The viewings found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Newest first.
    pub viewed: Vec<Viewed>,
    /// Places in the ledger of those that cannot be read.
    pub unread: Vec<i64>,
}

/// Which viewings are asked for; all of them where nothing is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Of this ticket, by its full number.
    pub no: Option<String>,
    /// By this operator's code.
    pub by: Option<String>,
    /// From this moment on.
    pub since: Option<Instant>,
    /// At most so many, the newest; all when absent.
    pub limit: Option<usize>,
}
