//! Erasing personal data: a ticket's words, place and requester, its letters and its files. The ledger stays whole, since it
//! holds salted commitments to them and hashes of them only.
//!
//! The words go with the entry that says so ([`Tx::append`]); files and what the WAL still holds after it
//! ([`Store::leave_nothing`]), so that nothing is gone that the ledger promises. A WAL that could not be cut is cut by a later
//! sweep ([`Store::cut_what_was_erased`]); a file that could not be removed goes when the ticket is erased again.

use super::failure::{Failure, FailureKind};
use super::write::Tx;
use super::{Store, attachments, open, text};
use crate::domain::event::Event;
use rusqlite::params;
use std::fs;
use std::time::Duration;

/// Whatever a ticket's rows hold of a person. Its code goes too: what it opens is nobody's any more. A notice that waits to be
/// sent holds an address.
const ROWS: [&str; 5] = [
    "UPDATE ticket SET title = '' WHERE id = ?",
    "UPDATE ticket_text SET salt = NULL, content = '', address = '', name = '', phone = '', reversed_phone = NULL, \
     email = '', home_address = '', raw = NULL WHERE ticket_id = ?",
    "UPDATE supplement SET salt = NULL, words = NULL WHERE ticket_id = ?",
    "DELETE FROM ticket_code WHERE ticket_id = ?",
    "DELETE FROM outbox WHERE sent_at IS NULL AND key IN (SELECT key FROM notice WHERE ticket_id = ?)",
];

/// Whether an entry after a place in the ledger names a file and stands: nothing of its ticket was erased after it.
const NAMED: &str = "SELECT EXISTS (SELECT 1 FROM event e WHERE e.seq > ?1 AND e.kind IN ('attached', 'supplemented') \
     AND instr(e.data, ?2) \
     AND NOT EXISTS (SELECT 1 FROM event x WHERE x.ticket_id = e.ticket_id AND x.kind = 'erased' AND x.seq > e.seq))";

/// How often readers are waited for until the WAL can be cut, and how far apart.
const CUTS: u32 = 10;
const APART: Duration = Duration::from_millis(100);

/// The setting that says whether the WAL may still hold what was erased: the ledger's length at the last such act; empty when
/// the WAL was cut since.
const ERASED_IN_WAL: &str = "erasing/wal";

impl Tx<'_> {
    /// Empties a ticket's rows and takes its words out of the search.
    pub(super) fn erase_texts(&self, id: i64) -> Result<(), Failure> {
        self.reindexed(id, || {
            for row in ROWS {
                self.conn.prepare_cached(row)?.execute([id])?;
            }
            Ok(())
        })?;
        self.words.borrow_mut().without_trace = true;
        let (length, _) = self.head()?;
        self.set_setting(ERASED_IN_WAL, &length.to_string())
    }
}

impl Store {
    /// After a ticket was erased: the pages of the WAL go, and its files, unless an entry that stands names them too.
    ///
    /// Where another desk reads for longer than a second, the WAL is left for the next sweep.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read, or a file not be removed.
    pub fn leave_nothing(&mut self, no: &str) -> Result<(), Failure> {
        self.forget_ended()?;
        self.cut_wal(CUTS)?;
        self.remove_files(no)
    }

    /// Cuts a WAL that could not be cut when something was erased, where nobody reads now.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read or written.
    pub fn cut_what_was_erased(&mut self) -> Result<(), Failure> {
        let may_hold = self.setting(ERASED_IN_WAL)?.is_some_and(|v| !v.is_empty());
        if may_hold { self.cut_wal(1) } else { Ok(()) }
    }

    /// The room of what was erased is zeroed in the pages; the WAL holds the pages as they were.
    fn cut_wal(&mut self, times: u32) -> Result<(), Failure> {
        let erased = self.setting(ERASED_IN_WAL)?;
        // Nobody is kept from writing while readers are waited for.
        open::wait_never(&mut self.conn)?;
        let cut = self.try_to_cut(times);
        open::wait_fairly(&mut self.conn)?;
        if !cut? {
            return Ok(());
        }
        self.write(|tx| {
            // What another desk erased meanwhile is another one's to cut.
            if tx.setting(ERASED_IN_WAL)? == erased {
                tx.set_setting(ERASED_IN_WAL, "")?;
            }
            Ok(())
        })
    }

    /// Whether it was cut.
    fn try_to_cut(&self, times: u32) -> Result<bool, Failure> {
        for left in (0..times).rev() {
            let cut = "PRAGMA wal_checkpoint(TRUNCATE)";
            let is_busy: bool = self.conn.query_row(cut, [], |row| row.get(0))?;
            if !is_busy {
                return Ok(true);
            }
            if left > 0 {
                std::thread::sleep(APART);
            }
        }
        Ok(false)
    }

    /// Removes the files that came to a ticket before it was erased, unless an entry that stands names them too.
    ///
    /// # Errors
    /// As for [`Store::leave_nothing`].
    pub fn remove_files(&self, no: &str) -> Result<(), Failure> {
        let own = self.files_of(no)?;
        if own.is_empty() {
            return Ok(());
        }
        // The long look goes first and holds nobody up; what came meanwhile is looked at where nobody can add to it.
        let (seen_to, _) = self.head()?;
        let mut alone = Vec::new();
        for (sha256, size) in own {
            if !self.is_named(&sha256, 0)? {
                alone.push((sha256, size));
            }
        }
        self.write(|tx| {
            let mut fewer = 0_u64;
            for (sha256, size) in alone {
                if !tx.is_named(&sha256, seen_to)? && remove(tx, &sha256)? {
                    fewer = fewer.saturating_add(size);
                }
            }
            tx.discount_attachment_bytes(fewer)
        })
    }

    /// Whether personal data of a ticket was ever erased.
    pub fn is_erased(&self, no: &str) -> Result<bool, Failure> {
        let sql = "SELECT EXISTS (SELECT 1 FROM ticket t JOIN event e ON e.ticket_id = t.id WHERE t.no = ? AND e.kind = 'erased')";
        let mut asked = self.conn.prepare_cached(sql)?;
        Ok(asked.query_row([no], |row| row.get(0))?)
    }

    /// The files that came to a ticket before it was erased, each with its size.
    fn files_of(&self, no: &str) -> Result<Vec<(String, u64)>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT e.data FROM ticket t JOIN event e ON e.ticket_id = t.id \
             WHERE t.no = ? AND e.kind IN ('attached', 'supplemented') \
             AND EXISTS (SELECT 1 FROM event x WHERE x.ticket_id = t.id AND x.kind = 'erased' AND x.seq > e.seq)",
        )?;
        let mut rows = statement.query([no])?;
        let mut files = Vec::new();
        while let Some(row) = rows.next()? {
            let event: Event = serde_json::from_str(text(row, 0)?)?;
            let kept = event.files().iter().filter(|file| file.kept);
            files.extend(kept.map(|file| (file.sha256.clone(), file.size)));
        }
        files.sort_unstable();
        files.dedup();
        Ok(files)
    }

    fn is_named(&self, sha256: &str, after: i64) -> Result<bool, Failure> {
        let mut asked = self.conn.prepare_cached(NAMED)?;
        Ok(asked.query_row(params![after, sha256], |row| row.get(0))?)
    }
}

/// Removes a kept file; whether it was there.
fn remove(store: &Store, sha256: &str) -> Result<bool, Failure> {
    let Some(path) = store.attachment(sha256) else {
        return Ok(false);
    };
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if attachments::is_nowhere(&error) => Ok(false),
        Err(error) => Err(Failure::new(
            FailureKind::Io,
            format!(
                "erased, but for this file, which is left: {}: {error}",
                path.display()
            ),
        )),
    }
}
