//! What a verification can find.

use crate::store::heads::Head;

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// SQLite's own check found the file damaged.
    File {
        /// In SQLite's words.
        what: String,
    },
    /// An entry of the ledger is missing before this one.
    Gap {
        /// The entry found.
        seq: i64,
    },
    /// An entry does not follow the one before.
    Chain {
        /// The entry.
        seq: i64,
    },
    /// An entry's content is not what was hashed.
    Content {
        /// The entry.
        seq: i64,
    },
    /// An entry's event cannot be read, or does not begin or follow a ticket.
    Event {
        /// The entry.
        seq: i64,
    },
    /// The ticket after an entry is not the one whose hash the entry carries.
    State {
        /// The entry.
        seq: i64,
    },
    /// A column of a ticket's row is not what the ledger makes.
    Row {
        /// The ticket.
        no: String,
        /// The column.
        column: &'static str,
    },
    /// A ticket's texts are not those the ledger holds a commitment to.
    Texts {
        /// The ticket.
        no: String,
    },
    /// A file that a ticket's ledger says is kept beside the store is gone, or is another.
    Attachment {
        /// The ticket.
        no: String,
        /// The file's hash.
        sha256: String,
    },
    /// A ticket has no ledger.
    Unknown {
        /// The ticket.
        no: String,
    },
    /// An operator is not as the ledger says.
    Operator {
        /// The operator.
        code: String,
    },
    /// The logins that may act for others are not those of the ledger.
    Gateways,
    /// A kept count is not the recount.
    Count {
        /// The department, or nothing for everybody.
        scope: String,
        /// What is counted.
        what: String,
        /// Hours or days since 1970, or 0.
        bucket: i64,
    },
    /// Who sees a ticket is not what its lead and assisting departments say.
    Departments {
        /// The ticket.
        no: String,
    },
    /// A ticket's number is beyond the last one given on its day.
    Number {
        /// The ticket.
        no: String,
    },
    /// A ticket's words are not found by the search.
    Search {
        /// The ticket.
        no: String,
    },
    /// The ledger does not pass through a head that was published: it was cut, written anew, or put back from an older copy.
    Published(Head),
}
