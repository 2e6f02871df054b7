//! What intake hands on: a `Draft` (one request as its file told it) or a `RowError` (one record that could not be taken).
//!
//! Plain data with the raw strings kept; nothing here is matched to departments, categories or operators of ours.
//! Start at [`Draft`].

use serde::{Deserialize, Serialize};

use crate::domain::supplement::size;

/// One request as a foreign file told it; absent is `None` or empty, never a guess.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The number the request has where it comes from; with the source it makes import idempotent.
    pub external_no: Option<String>,
    /// Who passed it on (诉求来源).
    pub source: Named,
    /// Which system it came through (受理渠道).
    pub channel: Option<String>,
    /// When it was registered, in Unix seconds (UTC).
    pub created_at: Option<i64>,
    /// 诉求性质, raw.
    pub nature: Option<String>,
    /// 限时类别 by its code, where whoever hands the request over names one; else the policy finds it.
    pub limit_class: Option<String>,
    /// Category levels, widest first, raw; a level the file leaves open between two known ones is empty.
    pub category: Vec<String>,
    /// Street, raw.
    pub street: Named,
    /// Community, raw.
    pub community: Named,
    /// Where it is about, in words.
    pub address: Option<String>,
    /// One line.
    pub title: Option<String>,
    /// The request's own words.
    pub content: Option<String>,
    /// Who asks.
    pub requester: Requester,
    /// The department that had it, raw.
    pub department: Named,
    /// How it ended there; `None` when the file does not say.
    pub outcome: Option<Outcome>,
    /// When it was finished there, in Unix seconds (UTC).
    pub closed_at: Option<i64>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Every non-empty column the mapping neither takes nor ignores, and the raw value of those it translates.
    pub extra: Vec<(String, String)>,
    /// What only a mail has.
    pub mail: Option<Box<super::mail::MailFacts>>,
    /// The record's place in its file, counted from 1.
    pub row: u64,
    /// The line where the record begins, counted from 1; 0 where lines mean nothing.
    pub line: u64,
    /// The sheet it stands on, with its file's name, where its file has several.
    pub sheet: Option<String>,
    /// The record as read, where it was asked for: in the file's column order, as in a [`RowError`].
    pub raw: Vec<String>,
}

/// A thing known by an id, a name, or both, exactly as the file spells them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Named {
    /// The file's id.
    pub id: Option<String>,
    /// The file's name.
    pub name: Option<String>,
}

impl Named {
    /// True when neither id nor name is known.
    pub fn is_unknown(&self) -> bool {
        self.id.is_none() && self.name.is_none()
    }
}

/// 诉求人: personal data, so it stays apart from the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Requester {
    /// Name, or the pseudonym the file gives.
    pub name: Option<String>,
    /// Telephone number as written.
    pub phone: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
}

/// How a request ended where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Still open.
    Running,
    /// Finished within its limit.
    ClosedOnTime,
    /// Finished after its limit.
    ClosedLate,
    /// Finished; on time or late is to be judged by its dates.
    Closed,
}

impl Outcome {
    /// The word a mapping file uses for it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::ClosedOnTime => "on_time",
            Self::ClosedLate => "late",
            Self::Closed => "closed",
        }
    }

    /// The outcome a mapping file's word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::Running,
            Self::ClosedOnTime,
            Self::ClosedLate,
            Self::Closed,
        ]
        .into_iter()
        .find(|outcome| outcome.code() == code)
    }
}

/// One record that could not be taken in; the others go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{file}, line {line}, record {row}{}: {reason}", .column.as_deref().map(|c| format!(", column {c}")).unwrap_or_default())]
pub struct RowError {
    /// The file's name.
    pub file: String,
    /// The record's place in its file, counted from 1 (the header is not counted).
    pub row: u64,
    /// The line where the record begins, counted from 1; 0 where lines mean nothing.
    pub line: u64,
    /// The file's column at fault, where one is.
    pub column: Option<String>,
    /// What is wrong.
    pub reason: Reason,
    /// The record as read, field by field in the file's column order.
    pub raw: Vec<String>,
}

/// Why a record, or a whole file's rest, could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The record has another number of fields than the header.
    #[error("{found} fields where the header has {expected}")]
    FieldCount {
        /// Fields in the header.
        expected: usize,
        /// Fields in the record.
        found: usize,
    },
    /// A quotation mark opens a field and never closes it.
    #[error("a quotation mark is never closed")]
    OpenQuote,
    /// A field is longer than is taken.
    #[error("a field is longer than {limit}")]
    FieldTooLong {
        /// The length allowed. How long it is is not said: what is cut off was not measured.
        limit: usize,
    },
    /// A zero byte, which no text has.
    #[error("a zero byte (NUL) in the text")]
    ZeroByte,
    /// The record has more columns than are taken.
    #[error("more than {limit} columns")]
    TooManyColumns {
        /// Columns allowed.
        limit: usize,
    },
    /// The file holds more records than are taken at once.
    #[error("more than {limit} records")]
    TooManyRows {
        /// Records allowed.
        limit: u64,
    },
    /// No format of the mapping reads this as a time.
    #[error("{value:?} is not a time in any format of the mapping")]
    BadTime {
        /// The text found.
        value: String,
    },
    /// A request cannot have been registered after it is handed over.
    #[error("{value} is later than now")]
    TimeAhead {
        /// The time found.
        value: String,
    },
    /// Nothing of that age is still a request: a wrong clock, or a zero for "unknown".
    #[error("{value} is before 1990")]
    TimeLongAgo {
        /// The time found.
        value: String,
    },
    /// Day and month cannot be told apart.
    #[error("{value:?}: day and month cannot be told apart; name the format in the mapping")]
    AmbiguousTime {
        /// The text found.
        value: String,
    },
    /// Latitude or longitude that is no number of degrees.
    #[error("{value:?} is not a number of degrees")]
    BadDegrees {
        /// The text found.
        value: String,
    },
    /// A field the mapping requires is empty.
    #[error("a required field is empty")]
    Missing,
    /// A value the mapping's table does not know.
    #[error("{value:?} is not in the mapping's table of values")]
    UnknownValue {
        /// The text found.
        value: String,
    },
    /// The flag columns of an outcome contradict each other.
    #[error("the outcome's flags contradict each other: {value}")]
    ContradictoryFlags {
        /// The flags found.
        value: String,
    },
    /// A long number kept as a floating-point cell: digits may be lost.
    #[error("{value} is a number cell in a column of identifiers; its digits may be lost")]
    NumericIdentifier {
        /// The number found.
        value: String,
    },
    /// A spreadsheet cell holds an error such as `#REF!`.
    #[error("the cell holds the error {value}")]
    CellError {
        /// The error found.
        value: String,
    },
    /// The text does not follow its format's grammar.
    #[error("not well formed: {detail}")]
    Malformed {
        /// What the reader met.
        detail: String,
    },
    /// The record is not an object.
    #[error("the record is not an object of named values")]
    NotAnObject,
    /// Values nest deeper than is taken.
    #[error("nested deeper than {limit}")]
    TooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// An XML document type, which may define entities without end.
    #[error("the document declares a document type, which is refused")]
    DocumentType,
    /// A list of services, not of requests.
    #[error("a list of services holds no requests")]
    ServiceList,
    /// The message or part is larger than is taken.
    #[error("{found} bytes; at most {limit} are taken")]
    TooLarge {
        /// Bytes allowed.
        limit: u64,
        /// Bytes found.
        found: u64,
    },
    /// More parts or header lines in a message than are taken.
    #[error("more than {limit} {what}")]
    TooMany {
        /// What there is too much of (`parts`, `header lines`).
        what: String,
        /// How many are allowed.
        limit: usize,
    },
    /// A picture, a database or another binary file among mails.
    #[error("a binary file, not a mail")]
    NotAMail,
    /// Outlook's own format among mails.
    #[error("Outlook's own format; save the message as .eml")]
    OutlookFile,
    /// Text without a header in front of it.
    #[error("no header in front of the text")]
    NoHeader,
    /// A link in a folder of mails.
    #[error("a symbolic link, which is not followed")]
    Link,
    /// A pipe, a socket or a device in a folder of mails.
    #[error("a pipe, a socket or a device")]
    Special,
    /// Nothing in it that could be a request.
    #[error("nothing in it that could be a request")]
    Empty,
    /// The number it comes with is that of a ticket with other words.
    #[error("its number belongs to ticket {no}, whose words are others")]
    OtherWords {
        /// The ticket.
        no: String,
    },
    /// Sent by a program, and about no ticket: to answer it would begin a loop.
    #[error("sent by a program in answer to something, about no ticket")]
    Automatic,
    /// The parsing process was stopped by its limits or died.
    #[error("the reader of this file was stopped: {detail}")]
    ReaderStopped {
        /// What ended it.
        detail: String,
    },
    /// The file could not be read further.
    #[error("the file could not be read: {detail}")]
    Unreadable {
        /// What the system said.
        detail: String,
    },
}

impl Reason {
    /// A stable word for receipts and message tables.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FieldCount { .. } => "field-count",
            Self::OpenQuote => "open-quote",
            Self::FieldTooLong { .. } => "field-too-long",
            Self::ZeroByte => "zero-byte",
            Self::TooManyColumns { .. } => "too-many-columns",
            Self::TooManyRows { .. } => "too-many-rows",
            Self::BadTime { .. } => "bad-time",
            Self::TimeAhead { .. } => "time-ahead",
            Self::TimeLongAgo { .. } => "time-long-ago",
            Self::AmbiguousTime { .. } => "ambiguous-time",
            Self::BadDegrees { .. } => "bad-degrees",
            Self::Missing => "missing",
            Self::UnknownValue { .. } => "unknown-value",
            Self::ContradictoryFlags { .. } => "contradictory-flags",
            Self::NumericIdentifier { .. } => "numeric-identifier",
            Self::CellError { .. } => "cell-error",
            Self::Malformed { .. } => "malformed",
            Self::NotAnObject => "not-an-object",
            Self::TooDeep { .. } => "too-deep",
            Self::DocumentType => "document-type",
            Self::ServiceList => "service-list",
            Self::TooLarge { .. } => "too-large",
            Self::TooMany { .. } => "too-many",
            Self::NotAMail => "not-a-mail",
            Self::OutlookFile => "outlook-file",
            Self::NoHeader => "no-header",
            Self::Link => "link",
            Self::Special => "special",
            Self::Empty => "empty",
            Self::OtherWords { .. } => "known-number-other-words",
            Self::Automatic => "automatic",
            Self::ReaderStopped { .. } => "reader-stopped",
            Self::Unreadable { .. } => "unreadable",
        }
    }

    /// What fills in its words, by name; sizes as people read them.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::FieldCount { expected, found } => vec![
                ("expected", expected.to_string()),
                ("found", found.to_string()),
            ],
            Self::TooLarge { limit, found } => {
                vec![("limit", size(*limit)), ("found", size(*found))]
            }
            Self::FieldTooLong { limit }
            | Self::TooManyColumns { limit }
            | Self::TooDeep { limit } => vec![("limit", limit.to_string())],
            Self::TooManyRows { limit } => vec![("limit", limit.to_string())],
            Self::TooMany { what, limit } => {
                vec![("what", what.clone()), ("limit", limit.to_string())]
            }
            Self::BadTime { value }
            | Self::TimeAhead { value }
            | Self::TimeLongAgo { value }
            | Self::AmbiguousTime { value }
            | Self::BadDegrees { value }
            | Self::UnknownValue { value }
            | Self::ContradictoryFlags { value }
            | Self::NumericIdentifier { value }
            | Self::CellError { value } => vec![("value", value.clone())],
            Self::OtherWords { no } => vec![("no", no.clone())],
            Self::Malformed { detail }
            | Self::ReaderStopped { detail }
            | Self::Unreadable { detail } => vec![("detail", detail.clone())],
            Self::OpenQuote
            | Self::ZeroByte
            | Self::Missing
            | Self::NotAnObject
            | Self::DocumentType
            | Self::ServiceList
            | Self::NotAMail
            | Self::OutlookFile
            | Self::NoHeader
            | Self::Link
            | Self::Special
            | Self::Empty
            | Self::Automatic => Vec::new(),
        }
    }
}
