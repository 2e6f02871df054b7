//! Attached files: kept under their hash in a folder beside the store, each once, readable by whoever may read the store.
//!
//! A name that came with a file is never a path here: folders and names are made of the hash alone.

use super::Store;
use super::failure::{Failure, FailureKind};
use super::ledger::hex;
use super::unfinished::Begun;
use super::write::Tx;
use rustix::fs::{Timespec, Timestamps, UTIME_NOW, futimens};
use sha2::{Digest as _, Sha256};
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Digits of the hash that name the folder within the folder.
const FOLDER_DIGITS: usize = 2;

/// The setting that counts the bytes kept.
const KEPT: &str = "attachment_bytes";

/// The hash a file is kept under.
pub fn file_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

impl Store {
    /// The folder beside the store: `fenbo.db` has `fenbo.attachments`.
    pub fn attachments(&self) -> PathBuf {
        folder_beside(&self.path)
    }

    /// Where the file of a hash is kept; nothing when it is no hash.
    pub fn attachment(&self, sha256: &str) -> Option<PathBuf> {
        is_hash(sha256).then(|| {
            self.attachments()
                .join(&sha256[..FOLDER_DIGITS])
                .join(sha256)
        })
    }

    /// Whether a file of this hash and size is kept already.
    pub fn has_attachment(&self, sha256: &str, size: u64) -> bool {
        self.attachment(sha256)
            .is_some_and(|path| is_kept(&path, size))
    }

    /// Keeps a file durably under its hash; how many bytes the folder grew by: none when it was there already.
    ///
    /// # Errors
    /// [`Failure`] when the folder cannot be written, or something that is no folder of ours stands in its place.
    pub fn keep_attachment(&self, sha256: &str, bytes: &[u8]) -> Result<u64, Failure> {
        let Some(path) = self.attachment(sha256) else {
            return Err(Failure::bug("a file is kept under a hash only"));
        };
        if is_kept(&path, bytes.len() as u64) {
            return Ok(0);
        }
        let folder = path.parent().unwrap_or(&path);
        let shared = self.is_shared()?;
        for place in [self.attachments().as_path(), folder] {
            make_folder(place, shared)?;
        }
        let making = folder.join(format!("{}{}", begun(sha256), std::process::id()));
        // What a killed process of this number began is no use to anybody.
        drop(fs::remove_file(&making));
        let begun = Begun::along(&making);
        write_file(&making, bytes, shared)?;
        fs::rename(&making, &path)?;
        begun.done();
        File::open(folder)?.sync_all()?;
        Ok(bytes.len() as u64)
    }

    /// Whether the store was given to a group: then its files are the group's as well, whoever writes them.
    fn is_shared(&self) -> Result<bool, Failure> {
        Ok(fs::metadata(&self.path)?.permissions().mode() & 0o060 == 0o060)
    }

    /// Whether a kept file is there and still what its hash says.
    ///
    /// # Errors
    /// [`Failure`] when it is there and cannot be read.
    pub fn attachment_is_whole(&self, sha256: &str) -> Result<bool, Failure> {
        let Some(path) = self.attachment(sha256) else {
            return Ok(false);
        };
        // Neither a folder nor what waits for another program is a file of ours.
        if !fs::metadata(&path).is_ok_and(|found| found.is_file()) {
            return Ok(false);
        }
        let mut file = File::open(&path)?;
        let mut hash = Sha256::new();
        let mut piece = vec![0; 64 * 1024];
        loop {
            let read = file.read(&mut piece)?;
            if read == 0 {
                break;
            }
            hash.update(&piece[..read]);
        }
        Ok(hex(&hash.finalize()) == sha256)
    }

    /// Keeps the files that a copy of this store names beside the copy as well: never those of what was erased. One that is
    /// there already is marked as of now, so that whoever clears the folder of old backups sees what no backup names any more.
    ///
    /// # Errors
    /// [`Failure`] when a file cannot be read, or the other folder not written.
    pub fn copy_attachments_to(&self, other: &Self) -> Result<(), Failure> {
        for sha256 in other.files_that_stand()? {
            let (Some(here), Some(there)) = (self.attachment(&sha256), other.attachment(&sha256))
            else {
                continue;
            };
            match fs::read(&here) {
                Ok(bytes) => {
                    if other.keep_attachment(&sha256, &bytes)? == 0 {
                        mark_as_used(&there)?;
                    }
                }
                // Whether it should be there is for the verification of the copy to tell.
                Err(error) if is_nowhere(&error) => {}
                Err(error) => return Err(Failure::from(error).at(&here)),
            }
        }
        Ok(())
    }

    /// Bytes kept in the folder, looked at file by file.
    ///
    /// # Errors
    /// [`Failure`] when the folder cannot be read.
    pub fn measure_attachments(&self) -> Result<u64, Failure> {
        let kept = kept_in(&self.attachments())?;
        // One that went meanwhile takes no room.
        let sizes = kept
            .iter()
            .filter_map(|(_, path)| fs::symlink_metadata(path).ok());
        Ok(sizes.map(|found| found.len()).sum())
    }

    /// Bytes kept in the folder, as counted.
    pub fn attachment_bytes(&self) -> Result<u64, Failure> {
        // What is no number is more than there can be room for: the files are counted then.
        let counted = self.setting(KEPT)?;
        Ok(counted.map_or(0, |text| text.parse().unwrap_or(u64::MAX)))
    }
}

impl Tx<'_> {
    /// Counts bytes that were kept.
    pub fn count_attachment_bytes(&self, more: u64) -> Result<(), Failure> {
        if more == 0 {
            return Ok(());
        }
        self.set_attachment_bytes(self.attachment_bytes()?.saturating_add(more))
    }

    /// Puts the count right.
    pub fn set_attachment_bytes(&self, all: u64) -> Result<(), Failure> {
        self.set_setting(KEPT, &all.to_string())
    }

    /// Counts bytes that are not kept any more.
    pub(super) fn discount_attachment_bytes(&self, fewer: u64) -> Result<(), Failure> {
        if fewer == 0 {
            return Ok(());
        }
        self.set_attachment_bytes(self.attachment_bytes()?.saturating_sub(fewer))
    }
}

/// The folder of attached files beside a store.
pub(super) fn folder_beside(store: &Path) -> PathBuf {
    store.with_extension("attachments")
}

/// How the name of a file begins that is being written under a hash.
fn begun(sha256: &str) -> String {
    format!(".{sha256}.")
}

/// Removes a kept file, and what killed processes began to write of it; whether it was there.
///
/// # Errors
/// [`Failure`] for the first that cannot be removed; the file itself is tried first.
pub(super) fn remove(path: &Path, sha256: &str) -> Result<bool, Failure> {
    let there = removed(path);
    let folder = path.parent().unwrap_or(path);
    remove_unfinished(folder, &begun(sha256))?;
    let there = there?;
    // What is gone stays gone, whatever becomes of the machine.
    match File::open(folder) {
        Ok(folder) => folder.sync_all()?,
        Err(error) if is_nowhere(&error) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(there)
}

fn remove_unfinished(folder: &Path, begun: &str) -> Result<(), Failure> {
    for file in entries(folder)? {
        let name = file.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| name.starts_with(begun)) {
            removed(&file)?;
        }
    }
    Ok(())
}

/// Removes a file; whether it was there.
fn removed(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if is_nowhere(&error) => Ok(false),
        Err(error) => Err(io::Error::new(
            error.kind(),
            format!("{}: {error}", path.display()),
        )),
    }
}

fn mark_as_used(path: &Path) -> Result<(), Failure> {
    let now = Timespec {
        tv_sec: 0,
        tv_nsec: UTIME_NOW,
    };
    let times = Timestamps {
        last_access: now,
        last_modification: now,
    };
    let file = File::open(path)?;
    Ok(futimens(&file, &times).map_err(io::Error::from)?)
}

/// Whether a name is a hash that a file may be kept under.
fn is_hash(name: &str) -> bool {
    name.len() == 64
        && name
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The files kept in a folder of attached files, with their hashes. Whatever else lies there, such as a file that is being
/// written, is none of ours.
pub(super) fn kept_in(folder: &Path) -> Result<Vec<(String, PathBuf)>, Failure> {
    let mut kept = Vec::new();
    for folder in entries(folder)? {
        for file in entries(&folder)? {
            let name = file.file_name().and_then(|name| name.to_str());
            let is_file = fs::symlink_metadata(&file).is_ok_and(|found| found.is_file());
            if let Some(sha256) = name.filter(|name| is_file && is_hash(name)) {
                kept.push((sha256.to_owned(), file.clone()));
            }
        }
    }
    Ok(kept)
}

/// Whether there is no such file or folder.
pub(super) fn is_nowhere(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// What a folder holds; nothing when there is no such folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    match fs::read_dir(folder) {
        Ok(found) => Ok(found
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<_>>()?),
        Err(error) if is_nowhere(&error) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// A regular file of this size is the file: what is written under a hash was whole when it got its name.
fn is_kept(path: &Path, size: u64) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() == size)
}

fn make_folder(folder: &Path, shared: bool) -> Result<(), Failure> {
    match DirBuilder::new().mode(0o700).create(folder) {
        // The login's umask may take more than it should; the group is passed on to what is made below.
        Ok(()) if shared => Ok(fs::set_permissions(folder, Permissions::from_mode(0o2770))?),
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            if fs::symlink_metadata(folder)?.is_dir() {
                Ok(())
            } else {
                Err(Failure::new(
                    FailureKind::Link,
                    format!("{} is no folder", folder.display()),
                ))
            }
        }
        Err(error) => Err(error.into()),
    }
}

fn write_file(path: &Path, bytes: &[u8], shared: bool) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    if shared {
        file.set_permissions(Permissions::from_mode(0o660))?;
    }
    file.sync_all()
}
