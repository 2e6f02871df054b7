//! What an earlier ticket teaches: a typical case taken into the library 案例库, or a ruling 裁决.

use super::codes::codes;
use super::instant::Instant;
use serde::{Deserialize, Serialize};

codes! {
    /// What makes a ticket a precedent.
    PrecedentKind {
        /// A person took it into the library.
        Case = "case",
        /// The command centre ruled on it.
        Ruling = "ruling",
    }
}

/// A precedent as it is shown and cited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precedent {
    /// The ticket's number, where the reader may see the ticket.
    pub no: Option<String>,
    /// What makes it one.
    pub kind: PrecedentKind,
    /// When it was taken in, or ruled.
    pub at: Instant,
    /// What it teaches: the gist, or the ruling's words.
    pub gist: String,
    /// By which it is found.
    pub tags: Vec<String>,
    /// The ticket's category.
    pub category: Vec<String>,
    /// The department that had it.
    pub lead: Option<String>,
    /// The ticket's title, where the reader may see it.
    pub title: Option<String>,
    /// How like it is to what was asked, in percent.
    pub percent: Option<u8>,
}
