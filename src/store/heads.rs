//! Heads of the ledger published outside the file, and whether the ledger still passes through them.
//!
//! A chain in one file proves nothing against who can write all of it: cut at its end, or put back from an older copy, it is whole
//! again. A head that stands elsewhere tells. `[reliability §3.5]` Start at [`Store::contradicted`].

use super::Store;
use super::failure::{Failure, FailureKind};
use super::ledger::hex;
use super::verify::{MOST, Problem};
use super::write::Tx;
use crate::domain::instant::{Instant, Zone};
use chrono::DateTime;
use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::Path;

/// The setting that tells this ledger from every other one, and its copies from none.
const NAME: &str = "ledger/name";

/// So much of a file's end is looked at for the last head of a ledger.
const END: u64 = 64 * 1024;

/// A head of a ledger: its length and the hash of its last entry, when it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// When; unknown where it was read on paper.
    pub at: Option<Instant>,
    /// The last entry's place.
    pub seq: i64,
    /// Its hash in hexadecimal digits, or how that begins.
    pub hash: String,
}

/// A line of the file of heads.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    at: String,
    ledger: String,
    /// The store's path: a copy elsewhere goes its own way.
    store: String,
    seq: i64,
    head: String,
    /// What was published before does not count any more: the ledger was brought back from a backup.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    accepted: bool,
}

impl Line {
    fn is_of(&self, (ledger, store): (&str, &Path)) -> bool {
        self.ledger == ledger && self.store == store.display().to_string()
    }

    /// A line of JSON that has a whole hash.
    fn read(line: &[u8]) -> Option<Self> {
        let line: Self = serde_json::from_slice(line).ok()?;
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (line.head.len() == 64 && line.head.bytes().all(is_digit)).then_some(line)
    }

    fn head(self) -> Head {
        let at = DateTime::parse_from_rfc3339(&self.at).ok();
        Head {
            at: at.map(|at| Instant(at.timestamp())),
            seq: self.seq,
            hash: self.head,
        }
    }
}

impl Store {
    /// What this ledger is called where its heads are published; nothing before the first was.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn ledger_name(&self) -> Result<Option<String>, Failure> {
        self.setting(NAME)
    }

    /// The hash of an entry in hexadecimal digits; nothing where there is no such entry.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn hash_of(&self, seq: i64) -> Result<Option<String>, Failure> {
        let mut asked = self
            .conn
            .prepare_cached("SELECT hash FROM event WHERE seq = ?")?;
        let hash = asked.query_row([seq], |row| row.get(0)).optional()?;
        Ok(hash.map(|hash: Vec<u8>| hex(&hash)))
    }

    /// The published heads that the ledger does not pass through.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn contradicted(&self, heads: &[Head]) -> Result<Vec<Problem>, Failure> {
        let mut problems = Vec::new();
        for head in heads {
            let hash = self.hash_of(head.seq)?;
            let stands = hash.is_some_and(|hash| hash.starts_with(&head.hash));
            if !stands && problems.len() < MOST {
                problems.push(Problem::Published(head.clone()));
            }
        }
        Ok(problems)
    }
}

impl Tx<'_> {
    /// Gives the ledger a name where it has none.
    pub fn name_ledger(&self) -> Result<(), Failure> {
        if self.ledger_name()?.is_none() {
            let name: String =
                self.conn
                    .query_row("SELECT lower(hex(randomblob(8)))", [], |row| row.get(0))?;
            self.set_setting(NAME, &name)?;
        }
        Ok(())
    }
}

/// Adds a head to the file at a moment, written as in `zone`; an `accepted` one takes the place of all before it.
///
/// # Errors
/// [`Failure`] when it cannot be written, or is no regular file.
pub fn publish(
    path: &Path,
    (ledger, store): (&str, &Path),
    (seq, hash): (i64, &str),
    (at, zone): (Instant, Zone),
    accepted: bool,
) -> Result<(), Failure> {
    let line = Line {
        at: zone.rfc3339(at),
        ledger: ledger.to_owned(),
        store: store.display().to_string(),
        seq,
        head: hash.to_owned(),
        accepted,
    };
    let text = serde_json::to_string(&line)?;
    add(path, text).map_err(|failure| failure.at(path))
}

fn add(path: &Path, mut line: String) -> Result<(), Failure> {
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    if let Some(folder) = folder {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    is_ours(path)?;
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    // Half a line that a power cut left stays a line of its own.
    if is_broken_off(&file)? {
        line.insert(0, '\n');
    }
    line.push('\n');
    file.write_all(line.as_bytes())?;
    Ok(file.sync_data()?)
}

/// The heads of a ledger in a store that count, the oldest first, and how many lines cannot be read; none where there is no file.
///
/// # Errors
/// [`Failure`] when it cannot be read, or is no regular file.
pub fn published(path: &Path, ledger: (&str, &Path)) -> Result<(Vec<Head>, usize), Failure> {
    let bytes = end_of(path, u64::MAX)?;
    let (mut heads, mut unread) = (Vec::new(), 0);
    for line in lines(&bytes) {
        match Line::read(line) {
            Some(line) if line.is_of(ledger) => {
                if line.accepted {
                    heads.clear();
                }
                heads.push(line.head());
            }
            Some(_) => {}
            None => unread += 1,
        }
    }
    Ok((heads, unread))
}

/// The last head of a ledger in a store, where it is among the last of the file.
///
/// # Errors
/// As for [`published`].
pub fn last_published(path: &Path, ledger: (&str, &Path)) -> Result<Option<Head>, Failure> {
    let bytes = end_of(path, END)?;
    Ok(lines(&bytes)
        .filter_map(Line::read)
        .filter(|line| line.is_of(ledger))
        .map(Line::head)
        .last())
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
}

/// The last bytes of a file, at most so many; none where there is no file.
fn end_of(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let read = || -> Result<Vec<u8>, Failure> {
        is_ours(path)?;
        let mut file = File::open(path)?;
        let from = file.metadata()?.len().saturating_sub(most);
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Err(failure) if failure.kind == FailureKind::Missing => Ok(Vec::new()),
        read => read.map_err(|failure: Failure| failure.at(path)),
    }
}

/// A link is not followed, and neither a folder nor what waits for another program is a file of heads.
fn is_ours(path: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => {
            Err(Failure::new(FailureKind::Io, "it is no regular file"))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

fn is_broken_off(file: &File) -> Result<bool, Failure> {
    let Some(last) = file.metadata()?.len().checked_sub(1) else {
        return Ok(false);
    };
    let mut byte = [0];
    file.read_exact_at(&mut byte, last)?;
    Ok(byte != *b"\n")
}
