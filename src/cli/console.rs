//! `fenbo console`, and `fenbo` alone: the full-screen program on the store, which is made on the first run.

use super::exit::{Exit, Outcome};
use super::session::Session;

/// Options of `fenbo console`.
#[derive(Debug, Default, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: &Args, session: &Session) -> Outcome {
    if !session.store.exists() && !session.globals.read_only {
        drop(session.create()?);
    }
    session.open(session.access())?;
    Ok(Exit::Done)
}
