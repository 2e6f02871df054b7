//! The file's own fate: checked, copied, made again from a copy, and whether it has lived under a pinned clock.

use super::{Centre, NotDone};
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use crate::store::{self, Failure, Report, Salvage, Store};
use std::path::Path;

/// What the store remembers a pinned run by.
const PINNED: &str = "pinned";

/// Makes a store from a backup, which is verified first.
///
/// # Errors
/// [`Failure`] when the backup is not good, or there is a file already where the store is to be.
pub fn restore(backup: &Path, to: &Path) -> Result<Report, Failure> {
    Store::restore(backup, to)
}

/// Makes a store of what can still be read of a damaged one; where nobody is left who administers it, the login does.
///
/// # Errors
/// [`Failure`] when the file is no store or cannot be read at all, or there is a file already where the store is to be.
pub fn salvage(
    from: &Path,
    to: &Path,
    login: &str,
    now: Instant,
    pinned: bool,
) -> Result<Salvage, Failure> {
    store::salvage(from, to, &Operator::founder(login), now, pinned)
}

impl Centre {
    /// Checks the ledger, the rows it makes and the file.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read at all.
    pub fn verify(&self, progress: impl FnMut(u64, u64)) -> Result<Report, Failure> {
        self.store.verify(progress)
    }

    /// Copies the store to a new file while it is in use, and checks the copy.
    ///
    /// # Errors
    /// [`NotDone::Refused`] for others than administrators: a copy holds every name and phone in clear;
    /// [`NotDone::Failed`] when there is a file already, or it cannot be written.
    pub fn backup(&self, to: &Path) -> Result<Report, NotDone> {
        self.administrator()?;
        Ok(self.store.backup(to)?)
    }

    /// Remembers that a run took another moment than the clock's for now.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub fn remember_pinned(&mut self) -> Result<(), Failure> {
        if self.was_pinned()? {
            return Ok(());
        }
        self.store.write(|tx| tx.set_setting(PINNED, "1"))
    }

    /// Whether a run has ever taken another moment than the clock's for now.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn was_pinned(&self) -> Result<bool, Failure> {
        Ok(self.store.setting(PINNED)?.is_some())
    }
}
