//! Erasing personal data: a ticket's words, place and requester, its letters and its files. The ledger stays whole, since it
//! holds salted commitments to them and hashes of them only.
//!
//! The words go with the entry that says so ([`Tx::append`]); files and what the WAL still holds after it
//! ([`Store::leave_nothing`]), so that nothing is gone that the ledger promises. What was not reached goes when the ticket is
//! erased again.

use super::failure::Failure;
use super::write::Tx;
use super::{Store, attachments, text};
use crate::domain::event::Event;
use rusqlite::{OptionalExtension, params};
use std::fs;
use std::io;

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

/// Whether another ticket names a file, in an entry after a place in the ledger; one whose own files are erased names none.
const NAMED_ELSEWHERE: &str = "SELECT EXISTS (SELECT 1 FROM event e WHERE e.seq > ?1 AND e.kind IN ('attached', 'supplemented') \
     AND e.ticket_id <> ?2 AND instr(e.data, ?3) \
     AND NOT EXISTS (SELECT 1 FROM event x WHERE x.ticket_id = e.ticket_id AND x.kind = 'erased'))";

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
        Ok(())
    }
}

impl Store {
    /// After a ticket was erased: its files go, unless another ticket has them too, and so do the pages of the WAL.
    ///
    /// Pages that another desk is reading at this moment stay in the WAL until it begins again.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read, or a file not be removed.
    pub fn leave_nothing(&self, no: &str) -> Result<(), Failure> {
        let id: Option<i64> = self
            .conn
            .prepare_cached("SELECT id FROM ticket WHERE no = ?")?
            .query_row([no], |row| row.get(0))
            .optional()?;
        if let Some(id) = id {
            self.remove_files(id)?;
        }
        self.forget_ended()?;
        // The room of what was erased is zeroed in the pages; the WAL holds the pages as they were.
        Ok(self
            .conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    fn remove_files(&self, id: i64) -> Result<(), Failure> {
        let own = self.files_of(id)?;
        if own.is_empty() {
            return Ok(());
        }
        // The long look goes first and holds nobody up; what came meanwhile is looked at where nobody can add to it.
        let (seen_to, _) = self.head()?;
        let mut alone = Vec::new();
        for (sha256, size) in own {
            if !self.is_named_elsewhere(&sha256, id, 0)? {
                alone.push((sha256, size));
            }
        }
        self.write(|tx| {
            let mut fewer = 0_u64;
            for (sha256, size) in alone {
                if !tx.is_named_elsewhere(&sha256, id, seen_to)? && remove(tx, &sha256)? {
                    fewer = fewer.saturating_add(size);
                }
            }
            tx.discount_attachment_bytes(fewer)
        })
    }

    /// The files a ticket's entries say are kept, each with its size.
    fn files_of(&self, id: i64) -> Result<Vec<(String, u64)>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT data FROM event WHERE ticket_id = ? AND kind IN ('attached', 'supplemented')",
        )?;
        let mut rows = statement.query([id])?;
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

    fn is_named_elsewhere(&self, sha256: &str, id: i64, after: i64) -> Result<bool, Failure> {
        Ok(self
            .conn
            .prepare_cached(NAMED_ELSEWHERE)?
            .query_row(params![after, id, sha256], |row| row.get(0))?)
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
        Err(error) => {
            Err(io::Error::new(error.kind(), format!("{}: {error}", path.display())).into())
        }
    }
}
