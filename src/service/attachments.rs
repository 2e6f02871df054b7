//! Files that come with a request: kept under their hash as soon as they are read, within the centre's limits.
//!
//! A file is durable before the ticket that names it is; one that no ticket names in the end costs room and nothing else.

use super::{Centre, NotDone};
use crate::domain::supplement::AttachedFile;
use crate::intake::Draft;
use crate::intake::mail::Attachment;
use crate::store::{Failure, FailureKind, Tx, file_hash};
use std::path::PathBuf;

const MEGABYTE: u64 = 1024 * 1024;

/// How much is kept, in bytes. What is beyond is named in the ledger with its size and hash, and not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of one file.
    pub file: u64,
    /// Of all files of one mail.
    pub mail: u64,
    /// Of the whole folder.
    pub folder: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self::of_megabytes(10, 25, 20 * 1024)
    }
}

impl Limits {
    /// Limits in megabytes: of a file, of a mail's files, of the folder.
    pub fn of_megabytes(file: u64, mail: u64, folder: u64) -> Self {
        Self {
            file: file * MEGABYTE,
            mail: mail * MEGABYTE,
            folder: folder * MEGABYTE,
        }
    }
}

impl Centre {
    /// Sets how much of attached files is kept.
    pub fn limit_attachments(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Where the file of a hash is kept.
    pub fn attachment(&self, sha256: &str) -> Option<PathBuf> {
        self.store.attachment(sha256)
    }

    /// Keeps what is attached to a draft, within the limits, and lets go of the bytes; how many the folder grew by.
    ///
    /// # Errors
    /// [`NotDone::Failed`] when the folder cannot be written.
    pub(super) fn keep_files(&self, draft: &mut Draft, grown: u64) -> Result<u64, NotDone> {
        let Some(mail) = &mut draft.mail else {
            return Ok(0);
        };
        if mail.attachments.is_empty() {
            return Ok(0);
        }
        let (mut of_mail, mut more) = (0_u64, 0_u64);
        let coming: u64 = mail.attachments.iter().map(|a| a.bytes.len() as u64).sum();
        let in_folder = self.room_taken(coming, grown)?;
        for attachment in &mut mail.attachments {
            let bytes = std::mem::take(&mut attachment.bytes);
            // What reads foreign files runs in a process of its own: its word is not taken for a hash.
            attachment.sha256 = file_hash(&bytes);
            let size = bytes.len() as u64;
            attachment.size = size;
            // One that is kept already takes no more room.
            let room = if self.store.has_attachment(&attachment.sha256, size) {
                0
            } else {
                size
            };
            attachment.kept = size <= self.limits.file
                && of_mail + room <= self.limits.mail
                && in_folder + more + room <= self.limits.folder;
            if attachment.kept {
                more += self.store.keep_attachment(&attachment.sha256, &bytes)?;
                of_mail += room;
            }
        }
        Ok(more)
    }

    /// Bytes in the folder, `grown` by this import so far. Where the count leaves no room for what is coming, the files
    /// themselves are counted: it strays when the program is killed between a file and its count.
    fn room_taken(&self, coming: u64, grown: u64) -> Result<u64, Failure> {
        let counted = self.store.attachment_bytes()?.saturating_add(grown);
        if counted.saturating_add(coming) <= self.limits.folder {
            return Ok(counted);
        }
        let there = self.store.measure_attachments()?;
        if there != counted {
            self.store
                .write(|tx| tx.set_attachment_bytes(there.saturating_sub(grown)))?;
        }
        Ok(there)
    }

    /// Lets go of what is attached to a draft that is only looked at.
    pub(super) fn drop_files(draft: &mut Draft) {
        for attachment in draft.mail.iter_mut().flat_map(|mail| &mut mail.attachments) {
            attachment.bytes = Vec::new();
        }
    }
}

/// Makes sure that the files of a letter are still kept, where no file can go: one that was there already may have gone since,
/// with the ticket it had come to.
pub(super) fn are_kept(tx: &Tx<'_>, letter: &Draft) -> Result<(), Failure> {
    let files = letter.mail.iter().flat_map(|mail| &mail.attachments);
    for file in files.filter(|file| file.kept) {
        if !tx.has_attachment(&file.sha256, file.size) {
            return Err(Failure::new(FailureKind::FileGone, file.sha256.clone()));
        }
    }
    Ok(())
}

/// Attached files as the ledger knows them.
pub(super) fn files(attachments: &[Attachment]) -> Vec<AttachedFile> {
    attachments
        .iter()
        .map(|a| AttachedFile {
            sha256: a.sha256.clone(),
            size: a.size,
            media_type: a.media_type.clone(),
            kept: a.kept,
        })
        .collect()
}

/// The column under which a file's name stands among a ticket's raw values.
pub(super) const NAME: &str = "attachment";

/// The names of a ticket's files, in the ledger's order.
pub(super) fn names(raw: &[(String, String)]) -> Vec<String> {
    raw.iter()
        .filter(|(column, _)| column == NAME)
        .map(|(_, name)| name.clone())
        .collect()
}
