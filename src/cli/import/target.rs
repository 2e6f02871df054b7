//! The store an import goes into; a dry run without a store works on a passing one of its own.
//!
//! Start at [`Target::open`].

use super::super::exit::Stop;
use super::super::failing;
use super::super::session::Session;
use crate::i18n::cli;
use crate::service::Centre;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

/// The store that takes the file in; a dry run without one works on a passing store of its own.
pub(super) struct Target {
    pub(super) centre: Centre,
    /// A folder that goes again when the run ends.
    passing: Option<PathBuf>,
}

impl Target {
    pub(super) fn open(dry_run: bool, session: &Session) -> Result<Self, Stop> {
        if session.store.exists() {
            let (centre, _) = session.open(session.access())?;
            return Ok(Self {
                centre,
                passing: None,
            });
        }
        if !dry_run {
            return Ok(Self {
                centre: session.create()?,
                passing: None,
            });
        }
        let folder = std::env::temp_dir().join(format!("fenbo-dry-run-{}", std::process::id()));
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .map_err(|error| failing::file(cli::NOT_WRITTEN_TO, &folder, &error, session.lang))?;
        let made = session.create_at(&folder.join("fenbo.db"));
        if made.is_err() {
            drop(std::fs::remove_dir_all(&folder));
        }
        Ok(Self {
            centre: made?,
            passing: Some(folder),
        })
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some(folder) = &self.passing {
            drop(std::fs::remove_dir_all(folder));
        }
    }
}
