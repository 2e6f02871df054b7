//! What goes wrong with a file, as kinds a caller can act on. Wording for people is made elsewhere, from the kind.

use crate::domain::instant::Instant;
use rusqlite::ffi;
use std::path::Path;

/// Somebody changed the ticket since it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The ticket.
    pub no: String,
    /// Who changed it (operator code).
    pub by: String,
    /// When.
    pub at: Instant,
    /// What was done: the event's code.
    pub what: String,
}

/// What kind of failure it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// There is no such file.
    Missing,
    /// A file is already there; nothing is ever written over.
    AlreadyThere,
    /// The file is not a store of this program (another format, empty, another program's database).
    NotAStore,
    /// A newer program wrote the file.
    Newer {
        /// The file's schema.
        found: i64,
        /// The newest schema this program knows.
        known: i64,
    },
    /// An earlier program wrote it, and it may not be brought up because it is opened read-only.
    Older {
        /// Its schema.
        found: i64,
        /// The one known here.
        known: i64,
    },
    /// The path is a directory.
    Directory,
    /// The path is a symbolic link.
    Link,
    /// The path is a pipe, socket or device.
    Special,
    /// The file lies on a network file system, where locks are not to be trusted.
    NetworkFileSystem,
    /// The operating system does not allow it.
    Permission,
    /// The store is open for reading only.
    ReadOnly,
    /// Another process has held the write lock for ten seconds.
    Busy {
        /// Its process id, where it can be found out.
        holder: Option<u32>,
    },
    /// The disk, the quota or the file-size limit is full.
    Full,
    /// The file is damaged.
    Damaged,
    /// Reading or writing failed.
    Io,
    /// What was to be erased is so in the ledger and in the rows, and is not all gone from the disk.
    Left,
    /// An attached file was removed meanwhile, with the ticket that it had come to.
    FileGone,
    /// The ledger's head was not published outside the file.
    Unpublished,
    /// The ticket was changed by somebody else meanwhile.
    Stale(Box<Conflict>),
    /// This program is wrong.
    Bug,
}

impl FailureKind {
    /// The stable code of the kind, by which it is worded.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::AlreadyThere => "already-there",
            Self::NotAStore => "not-a-store",
            Self::Newer { .. } => "newer",
            Self::Older { .. } => "older",
            Self::Directory => "directory",
            Self::Link => "link",
            Self::Special => "special",
            Self::NetworkFileSystem => "network-file-system",
            Self::Permission => "permission",
            Self::ReadOnly => "read-only",
            Self::Busy { .. } => "busy",
            Self::Full => "full",
            Self::Damaged => "damaged",
            Self::Io => "io",
            Self::Left => "left",
            Self::FileGone => "file-gone",
            Self::Unpublished => "unpublished",
            Self::Stale(_) => "stale",
            Self::Bug => "bug",
        }
    }
}

/// Something the store could not do: its kind, and the cause in technical words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// The cause; lower case, fits after "could not …:".
    pub cause: String,
}

impl Failure {
    /// A failure of a kind.
    pub fn new(kind: FailureKind, cause: impl Into<String>) -> Self {
        Self {
            kind,
            cause: cause.into(),
        }
    }

    /// The same with the path it is about in front of its cause.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        Self {
            cause: format!("{}: {}", path.display(), self.cause),
            ..self
        }
    }

    /// This program is wrong.
    pub(super) fn bug(cause: impl Into<String>) -> Self {
        Self::new(FailureKind::Bug, cause)
    }

    /// The stored data is not what this program writes.
    pub(super) fn damaged(cause: impl Into<String>) -> Self {
        Self::new(FailureKind::Damaged, cause)
    }

    /// Who changed the ticket, when that is what went wrong.
    pub fn conflict(&self) -> Option<&Conflict> {
        match &self.kind {
            FailureKind::Stale(conflict) => Some(conflict),
            FailureKind::Missing
            | FailureKind::AlreadyThere
            | FailureKind::NotAStore
            | FailureKind::Newer { .. }
            | FailureKind::Older { .. }
            | FailureKind::Directory
            | FailureKind::Link
            | FailureKind::Special
            | FailureKind::NetworkFileSystem
            | FailureKind::Permission
            | FailureKind::ReadOnly
            | FailureKind::Busy { .. }
            | FailureKind::Full
            | FailureKind::Damaged
            | FailureKind::Io
            | FailureKind::Left
            | FailureKind::FileGone
            | FailureKind::Unpublished
            | FailureKind::Bug => None,
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        let said = match &error {
            rusqlite::Error::SqlInputError { error, .. } => Some(error),
            other => other.sqlite_error(),
        };
        let kind = match said {
            Some(code) => kind_of(code.extended_code),
            None => match &error {
                // A stored value of another type than the schema promises, or a row that others speak of and that is gone.
                rusqlite::Error::QueryReturnedNoRows
                | rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::Utf8Error(..) => FailureKind::Damaged,
                _ => FailureKind::Bug,
            },
        };
        Self::new(kind, error.to_string())
    }
}

/// The kind of an (extended) SQLite result code.
fn kind_of(code: i32) -> FailureKind {
    match code {
        ffi::SQLITE_IOERR_WRITE => FailureKind::Full,
        ffi::SQLITE_CANTOPEN_ISDIR => FailureKind::Directory,
        ffi::SQLITE_CANTOPEN_SYMLINK => FailureKind::Link,
        ffi::SQLITE_IOERR_CORRUPTFS => FailureKind::Damaged,
        code => match code & 0xff {
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => FailureKind::Busy { holder: None },
            ffi::SQLITE_READONLY => FailureKind::ReadOnly,
            ffi::SQLITE_FULL => FailureKind::Full,
            ffi::SQLITE_IOERR | ffi::SQLITE_NOMEM => FailureKind::Io,
            // Every statement of ours is tried on the schema of ours, and writes nothing that a sound file forbids or that
            // is longer than a value may be: what is not understood, refused or too long is what flipped bits made of it.
            ffi::SQLITE_CORRUPT
            | ffi::SQLITE_ERROR
            | ffi::SQLITE_CONSTRAINT
            | ffi::SQLITE_MISMATCH
            | ffi::SQLITE_TOOBIG => FailureKind::Damaged,
            ffi::SQLITE_NOTADB => FailureKind::NotAStore,
            ffi::SQLITE_CANTOPEN | ffi::SQLITE_PERM | ffi::SQLITE_AUTH => FailureKind::Permission,
            _ => FailureKind::Bug,
        },
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        let kind = match error.kind() {
            ErrorKind::NotFound => FailureKind::Missing,
            ErrorKind::AlreadyExists => FailureKind::AlreadyThere,
            ErrorKind::PermissionDenied => FailureKind::Permission,
            ErrorKind::ReadOnlyFilesystem => FailureKind::ReadOnly,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                FailureKind::Full
            }
            ErrorKind::IsADirectory => FailureKind::Directory,
            _ => FailureKind::Io,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::damaged(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_sqlite_become_kinds() {
        for (code, kind) in [
            (5, FailureKind::Busy { holder: None }),
            (261, FailureKind::Busy { holder: None }),
            (517, FailureKind::Busy { holder: None }),
            (8, FailureKind::ReadOnly),
            (13, FailureKind::Full),
            (778, FailureKind::Full),
            (7, FailureKind::Io),
            (266, FailureKind::Io),
            (1034, FailureKind::Io),
            (11, FailureKind::Damaged),
            (1, FailureKind::Damaged),
            (26, FailureKind::NotAStore),
            (14, FailureKind::Permission),
            (18, FailureKind::Damaged),
            (20, FailureKind::Damaged),
            (1811, FailureKind::Damaged),
            (21, FailureKind::Bug),
        ] {
            assert_eq!(kind_of(code), kind, "code {code}");
        }
    }
}
