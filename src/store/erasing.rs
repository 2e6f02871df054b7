//! Erasing personal data: a ticket's words, place and requester, its letters and its files. The ledger stays whole, since it
//! holds salted commitments to them and hashes of them only.
//!
//! The words go with the entry that says so ([`Tx::append`]); files, and what old pages still hold, after it
//! ([`Store::leave_nothing`]), so that nothing is gone that the ledger promises. What is still to go is written down with the
//! entry: where the program is killed, a reader keeps the WAL or a file cannot be removed, a later sweep goes on
//! ([`Store::finish_erasing`]).

use super::failure::{Failure, FailureKind};
use super::write::Tx;
use super::{Store, attachments, open, text};
use crate::domain::event::Event;
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};
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

/// The setting that says whether pieces of the search or the WAL may still hold what was erased: the ledger's length at the
/// last such act; empty when they were cleared since.
const ERASED_IN_PAGES: &str = "erasing/wal";

/// The setting that names the tickets whose files are still to go, each with the ledger's length when that was written.
const FILES_TO_GO: &str = "erasing/files";

impl Tx<'_> {
    /// Empties a ticket's rows and takes its words out of the search; what is to follow is written down.
    pub(super) fn erase_texts(&self, id: i64, no: &str) -> Result<(), Failure> {
        self.reindexed(id, || {
            for row in ROWS {
                self.conn.prepare_cached(row)?.execute([id])?;
            }
            Ok(())
        })?;
        self.words.borrow_mut().without_trace = true;
        let (length, _) = self.head()?;
        self.set_setting(ERASED_IN_PAGES, &length.to_string())?;
        if self.has_files(id)? {
            self.files_to_go(no)?;
        }
        Ok(())
    }

    fn has_files(&self, id: i64) -> Result<bool, Failure> {
        let sql = "SELECT EXISTS (SELECT 1 FROM event WHERE ticket_id = ? AND kind IN ('attached', 'supplemented'))";
        let mut asked = self.conn.prepare_cached(sql)?;
        Ok(asked.query_row([id], |row| row.get(0))?)
    }

    /// Writes down that the files that came to a ticket before it was erased are still to go.
    pub fn files_to_go(&self, no: &str) -> Result<(), Failure> {
        let mut waiting = self.waiting_files()?;
        let (length, _) = self.head()?;
        waiting.insert(no.to_owned(), length);
        self.set_setting(FILES_TO_GO, &serde_json::to_string(&waiting)?)
    }

    /// Writes down that they are gone, unless more were to go meanwhile.
    fn files_are_gone(&self, no: &str, since: i64) -> Result<(), Failure> {
        let mut waiting = self.waiting_files()?;
        if waiting.get(no) != Some(&since) {
            return Ok(());
        }
        waiting.remove(no);
        self.set_setting(FILES_TO_GO, &serde_json::to_string(&waiting)?)
    }
}

impl Store {
    /// After a ticket was erased: its words go from old pieces of the search and the pages of the WAL, and its files, unless an
    /// entry that stands names them too.
    ///
    /// Where another desk reads for longer than a second, the WAL is left for a later sweep.
    ///
    /// # Errors
    /// [`FailureKind::Left`] when not all of it is gone; the entry stands, and [`Store::finish_erasing`] tries again.
    pub fn leave_nothing(&mut self, no: &str) -> Result<(), Failure> {
        let cleared = self.clear_pages(CUTS);
        let removed = self.remove_files(no);
        cleared.and(removed).map_err(left)
    }

    /// Goes on with what was erased and is not all gone.
    ///
    /// # Errors
    /// [`FailureKind::Left`] for the first that still cannot go; the others are gone.
    pub fn finish_erasing(&mut self) -> Result<(), Failure> {
        let may_hold = self
            .setting(ERASED_IN_PAGES)?
            .is_some_and(|length| !length.is_empty());
        let mut done = if may_hold {
            self.clear_pages(1)
        } else {
            Ok(())
        };
        for no in self.waiting_files()?.keys() {
            done = done.and(self.remove_files(no));
        }
        done.map_err(left)
    }

    /// The tickets whose files are still to go. Where the list cannot be read, all that were ever erased.
    fn waiting_files(&self) -> Result<BTreeMap<String, i64>, Failure> {
        let Some(list) = self.setting(FILES_TO_GO)? else {
            return Ok(BTreeMap::new());
        };
        serde_json::from_str(&list).or_else(|_| self.erased_with_files())
    }

    fn erased_with_files(&self) -> Result<BTreeMap<String, i64>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT t.no, max(e.seq) FROM event e JOIN ticket t ON t.id = e.ticket_id WHERE e.kind = 'erased' \
             AND EXISTS (SELECT 1 FROM event f WHERE f.ticket_id = t.id AND f.kind IN ('attached', 'supplemented')) \
             GROUP BY t.no",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The hashes of all kept files that an entry names which stands.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub(super) fn files_that_stand(&self) -> Result<BTreeSet<String>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT e.data FROM event e WHERE e.kind IN ('attached', 'supplemented') \
             AND NOT EXISTS (SELECT 1 FROM event x WHERE x.ticket_id = e.ticket_id AND x.kind = 'erased' AND x.seq > e.seq)",
        )?;
        let mut rows = statement.query([])?;
        let mut stand = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let event: Event = serde_json::from_str(text(row, 0)?)?;
            let kept = event.files().iter().filter(|file| file.kept);
            stand.extend(kept.map(|file| file.sha256.clone()));
        }
        Ok(stand)
    }

    /// Whether an entry that stands names a kept file.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub(super) fn is_file_named(&self, sha256: &str) -> Result<bool, Failure> {
        self.is_named(sha256, 0)
    }

    /// The room of what was erased is zeroed in the pages; pieces of the search that were merged since, and the WAL, hold it as
    /// it was.
    fn clear_pages(&mut self, times: u32) -> Result<(), Failure> {
        let erased = self.setting(ERASED_IN_PAGES)?;
        self.forget_ended()?;
        // Nobody is kept from writing while readers are waited for.
        open::wait_never(&mut self.conn)?;
        let cut = self.try_to_cut(times);
        open::wait_fairly(&mut self.conn)?;
        if !cut? {
            let cause = format!("another process still reads {}", self.path.display());
            return Err(Failure::new(FailureKind::Left, cause));
        }
        self.write(|tx| {
            // What another desk erased meanwhile is another one's to clear.
            if tx.setting(ERASED_IN_PAGES)? == erased {
                tx.set_setting(ERASED_IN_PAGES, "")?;
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
    /// [`Failure`] when the store cannot be read or written, or for the first file that cannot be removed; the others are gone.
    pub fn remove_files(&self, no: &str) -> Result<(), Failure> {
        let Some(since) = self.waiting_files()?.remove(no) else {
            return Ok(());
        };
        let own = self.files_of(no)?;
        // The long look goes first and holds nobody up; what came meanwhile is looked at where nobody can add to it.
        let (seen_to, _) = self.head()?;
        let mut alone = Vec::new();
        for (sha256, size) in own {
            if let Some(path) = self.attachment(&sha256)
                && !self.is_named(&sha256, 0)?
            {
                alone.push((sha256, size, path));
            }
        }
        self.write(|tx| {
            let (mut fewer, mut done) = (0_u64, Ok(()));
            for (sha256, size, path) in alone {
                if tx.is_named(&sha256, seen_to)? {
                    continue;
                }
                match attachments::remove(&path, &sha256) {
                    Ok(true) => fewer = fewer.saturating_add(size),
                    Ok(false) => {}
                    Err(failure) => done = done.and(Err(failure)),
                }
            }
            tx.discount_attachment_bytes(fewer)?;
            if done.is_ok() {
                tx.files_are_gone(no, since)?;
            }
            Ok::<_, Failure>(done)
        })?
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

/// The entry stands: what failed is only the rest.
fn left(failure: Failure) -> Failure {
    Failure::new(FailureKind::Left, failure.cause)
}
