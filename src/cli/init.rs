//! `fenbo init`: an empty store from the built-in rules.

use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::session::Session;
use crate::i18n::cli;
use std::os::unix::fs::DirBuilderExt;

/// Runs the command.
pub fn run(session: &Session) -> Outcome {
    let centre = session.create()?;
    let mut out = session.out();
    let (path, login) = (centre.path().display().to_string(), &session.login);
    out.line(&cli::STORE_MADE.with(session.lang, &[("path", &path), ("login", login)]))?;
    out.finish()?;
    Ok(Exit::Done)
}

/// The folder of a store that is to be made.
pub fn folder_of(session: &Session) -> Result<(), Stop> {
    let Some(folder) = session.store.parent().filter(|f| !f.as_os_str().is_empty()) else {
        return Ok(());
    };
    if folder.exists() {
        return Ok(());
    }
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| failing::file(cli::STORE_NOT_MADE, folder, &error, session.lang))
}
