//! What comes to a ticket after its registration from outside: files beside it, and letters that join it.
//!
//! The ledger holds hashes, sizes and commitments; names and words are personal text and stand beside it, so that they
//! can be erased.

use super::codes::codes;
use super::instant::Instant;
use serde::{Deserialize, Serialize};

codes! {
    /// What sort of letter joined a ticket.
    LetterKind {
        /// Written by a person.
        Letter = "letter",
        /// Sent by a program in answer to something.
        AutoReply = "auto_reply",
        /// A report that something was not delivered.
        Bounce = "bounce",
    }
}

/// A file that came with a request, as the ledger knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    /// SHA-256 of its bytes, in hexadecimal: the name it is kept under.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// Its media type, as the sender says.
    pub media_type: String,
    /// Whether the bytes are kept; what is larger than the limits is named only.
    pub kept: bool,
}

/// A letter that joined a ticket, as the ledger knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplemented {
    /// Which letter of the ticket, from 1.
    pub number: u32,
    /// What sort.
    pub sort: LetterKind,
    /// Whether it came from the address of one of the ticket's requesters, merged ones among them.
    pub known_sender: bool,
    /// SHA-256 of salt and words, in hexadecimal.
    pub commitment: String,
    /// What was attached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<AttachedFile>,
}

/// A letter's words: personal text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterText {
    /// The sender's address.
    pub sender: String,
    /// The subject.
    pub title: String,
    /// The words.
    pub content: String,
    /// The files' names, in the order of the ledger.
    #[serde(default)]
    pub names: Vec<String>,
}

/// An attached file with its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Its name; only ever shown, never a path.
    pub name: String,
    /// The file.
    pub file: AttachedFile,
}

/// A letter that joined a ticket, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplement {
    /// When it joined.
    pub at: Instant,
    /// What the ledger says of it.
    pub facts: Supplemented,
    /// Its words; empty once erased.
    pub text: LetterText,
}

impl Supplement {
    /// Its files with their names.
    pub fn attachments(&self) -> impl Iterator<Item = Attachment> + '_ {
        named(&self.facts.files, &self.text.names)
    }
}

/// Files and their names side by side; a name that is erased is empty.
pub fn named<'a>(
    files: &'a [AttachedFile],
    names: &'a [String],
) -> impl Iterator<Item = Attachment> + 'a {
    files.iter().enumerate().map(|(at, file)| Attachment {
        name: names.get(at).cloned().unwrap_or_default(),
        file: file.clone(),
    })
}

/// A size as people read it.
///
/// ```
/// use fenbo::domain::supplement::size;
/// assert_eq!((size(900), size(20_480), size(3_145_728)), ("900 B".into(), "20 KB".into(), "3.0 MB".into()));
/// ```
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}
