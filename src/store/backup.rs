//! Copies of the store: an online backup, verified before it bears its name.

use super::failure::{Failure, FailureKind};
use super::open::reach;
use super::unfinished::Unfinished;
use super::verify::{Problem, Report};
use super::{Access, Store};
use rusqlite::limits::Limit;
use std::fs;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// A copy is made again so often when something is erased meanwhile.
const TRIES: u32 = 3;

/// Whose attached files lie beside a store that is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// Those of other backups too.
    Backups,
    /// Nobody's else.
    Nothing,
}

impl Store {
    /// Writes a compact copy to `to`, which must not exist, and beside it the attached files that are not there yet; all of
    /// it is verified before it bears that name. Mode 0600.
    pub fn backup(&self, to: &Path) -> Result<Report, Failure> {
        self.copy(to, Beside::Backups)
    }

    fn copy(&self, to: &Path, beside: Beside) -> Result<Report, Failure> {
        for _ in 1..TRIES {
            let made = self.try_to_copy(to, beside);
            let is_over = |failure: &Failure| failure.kind == FailureKind::FileGone;
            if !made.as_ref().is_err_and(is_over) {
                return made;
            }
        }
        self.try_to_copy(to, beside)
    }

    fn try_to_copy(&self, to: &Path, beside: Beside) -> Result<Report, Failure> {
        under_its_name(to, beside, |making| {
            // VACUUM INTO writes into an empty file that is there: so it has the right mode from the start.
            fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(making)?;
            self.copy_to(making)
        })
    }

    fn copy_to(&self, making: &Path) -> Result<Report, Failure> {
        let (conn, _) = reach(&self.path, Access::ReadOnly)?;
        conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
        let name = making.to_str().ok_or_else(|| {
            Failure::new(
                FailureKind::Io,
                format!("{} is not UTF-8", making.display()),
            )
        })?;
        conn.execute("VACUUM INTO ?", [name])?;
        drop(conn);
        fs::set_permissions(making, fs::Permissions::from_mode(0o600))?;
        fs::File::open(making)?.sync_all()?;
        let copy = Self::open(making, Access::ReadOnly)?;
        // After the rows: every file they name was there before them.
        self.copy_attachments_to(&copy)?;
        let report = copy.verify(|_, _| ())?;
        let Some(first) = report.problems.first() else {
            return Ok(report);
        };
        // What was erased since the rows were copied: the copy is to be without it.
        if let Problem::Attachment { sha256, .. } = first
            && !self.is_file_named(sha256)?
        {
            return Err(Failure::new(FailureKind::FileGone, sha256.clone()));
        }
        Err(Failure::damaged(format!(
            "the copy does not verify: {first:?}"
        )))
    }

    /// Makes `to` from a backup, after verifying the backup; `to` must not exist.
    pub fn restore(backup: &Path, to: &Path) -> Result<Report, Failure> {
        Self::open(backup, Access::ReadOnly)?.copy(to, Beside::Nothing)
    }
}

/// A new store at `to`, where nothing may be: `make` makes it under another name, and complete it bears its own.
pub(super) fn under_its_name<T>(
    to: &Path,
    beside: Beside,
    make: impl FnOnce(&Path) -> Result<T, Failure>,
) -> Result<T, Failure> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(Failure::new(
            FailureKind::AlreadyThere,
            format!("{} is already there", to.display()),
        ));
    }
    let mut unfinished = Unfinished::begin(to)?;
    if beside == Beside::Nothing {
        unfinished.own_attachments(to);
    }
    let done = make(unfinished.path()).and_then(|made| {
        // Before it has its name: an interrupt in between may leave files without a store, never a store without its files.
        unfinished.keep_beside();
        fs::hard_link(unfinished.path(), to)?;
        Ok(made)
    });
    drop(unfinished);
    let made = done?;
    if let Some(folder) = to.parent().filter(|f| !f.as_os_str().is_empty()) {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(made)
}
