//! The one SQLite file. The only room that knows SQL; it must not know rules: it stores what `domain` decided.
//!
//! Start at [`Store::open`] and [`Store::write`]; [`row`] derives a ticket's columns, [`ledger`] chains what
//! happened, [`page`] turns a filter into SQL, [`verify`] checks that all of it agrees.

mod aggregates;
mod attachments;
mod attempts;
mod backup;
mod blobs;
mod boards;
mod codes;
mod counts;
mod drafts;
mod due;
mod endings;
mod erasing;
mod failure;
mod fresh;
mod gateways;
mod grams;
pub mod heads;
mod hits;
mod homing;
mod keys;
mod learning;
mod ledger;
mod lessons;
mod notices;
mod open;
mod operators;
mod outbox;
mod page;
mod patience;
mod public;
mod row;
mod salvage;
mod schema;
mod search;
mod settling;
mod shift;
mod supplements;
mod tickets;
mod unfinished;
mod values;
mod verify;
mod viewed;
mod write;

pub use aggregates::{Dispatch, Later};
pub use attachments::file_hash;
pub use attempts::Attempts;
pub use failure::{Conflict, Failure, FailureKind};
pub use fresh::Fresh;
pub use keys::ApiKey;
pub use learning::{Newest, Past};
pub use ledger::Entries;
pub use lessons::{Lesson, Lessons, Teaching};
pub use notices::NoticeRates;
pub use open::{Access, Trust};
pub use outbox::{Letter, Mailbox};
pub use public::{OPEN311, Wanted};
pub use salvage::{Salvage, salvage};
pub use tickets::{Found, Known, Loaded};
pub use unfinished::Begun;
pub use values::Blanks;
pub use verify::{Problem, Report};
pub use write::Tx;

use crate::domain::instant::Instant;
use crate::domain::ticket::Marks;
use rusqlite::{Connection, OptionalExtension, Row};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A sign of the last writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// When, by the file system's clock.
    pub at: SystemTime,
    /// Bytes in the WAL.
    pub length: u64,
}

/// An open store. One thread uses it at a time; every thread opens its own.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    access: Access,
    /// Who brings the WAL home, during a long work.
    homing: RefCell<Option<homing::Homing>>,
    /// The hits that its statements under way look at.
    lent: hits::Lent,
}

impl Store {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether this store can be written: a read-only file or folder opens for reading, whatever was asked.
    pub fn access(&self) -> Access {
        self.access
    }

    /// A number that changes when another connection has committed.
    pub fn data_version(&self) -> Result<i64, Failure> {
        Ok(self
            .conn
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?)
    }

    /// When the WAL was last written and how long it is, without opening it: SQLite's locks hang on no handle of this.
    pub fn last_written(&self) -> Option<Written> {
        let found = std::fs::metadata(open::wal_of(&self.path)).ok()?;
        Some(Written {
            at: found.modified().ok()?,
            length: found.len(),
        })
    }

    /// A remembered value.
    pub fn setting(&self, name: &str) -> Result<Option<String>, Failure> {
        Ok(self
            .conn
            .prepare_cached("SELECT value FROM setting WHERE name = ?")?
            .query_row([name], |row| row.get(0))
            .optional()?)
    }
}

impl Tx<'_> {
    /// Remembers a value.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), Failure> {
        self.conn
            .prepare_cached("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value")?
            .execute([name, value])?;
        Ok(())
    }
}

/// A number that is never negative.
fn natural(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(at)?.unsigned_abs())
}

/// A moment, where there is one.
fn instant(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Instant>> {
    Ok(row.get::<_, Option<i64>>(at)?.map(Instant))
}

/// The deadlines in the three columns from one on: when the light turns yellow, when red, when the stage is due.
fn marks(row: &Row<'_>, from: usize) -> rusqlite::Result<Marks> {
    Ok(Marks {
        warn_at: instant(row, from)?,
        due_at: instant(row, from + 1)?,
        stage_due_at: instant(row, from + 2)?,
    })
}

/// The levels of a category in the three columns from one on, as far as it has them.
fn levels(row: &Row<'_>, from: usize) -> rusqlite::Result<Vec<String>> {
    let mut levels = Vec::with_capacity(3);
    for at in from..from + 3 {
        levels.extend(row.get::<_, Option<String>>(at)?);
    }
    Ok(levels)
}

/// A text, borrowed from the row.
fn text<'a>(row: &'a Row<'_>, at: usize) -> rusqlite::Result<&'a str> {
    Ok(row.get_ref(at)?.as_str()?)
}

/// A ticket's key.
fn ticket_id(store: &Store, no: &str) -> Result<Option<i64>, Failure> {
    Ok(store
        .conn
        .prepare_cached("SELECT id FROM ticket WHERE no = ?")?
        .query_row([no], |row| row.get(0))
        .optional()?)
}
