//! Files to values: the built-in policy, calendars and directory, and what a centre puts beside or over them.
//!
//! Reads files and checks them; decides nothing about tickets, writes nothing, asks no clock. Every problem is a
//! [`ConfigError`] with its file, its line and its remedy. Start at [`rules`]; where the files are is [`paths`].
//!
//! In the configuration folder, all optional: `config.toml` ([`settings`]), `keymap.toml` ([`keymap`]),
//! `calendars/*.toml` ([`calendars`]), `policies/*.toml` ([`policies`]), `directory/*.toml` ([`directory`]).

pub mod calendars;
pub mod directory;
pub mod error;
pub mod keymap;
pub mod paths;
pub mod policies;
pub mod settings;
mod source;

pub use error::{ConfigError, Problem, Remedy};

use std::path::Path;

pub use crate::domain::rules::Rules;

/// The built-in rules with what the configuration folder adds or replaces.
///
/// # Errors
/// The first problem met; nothing is half taken.
pub fn rules(folder: Option<&Path>) -> Result<Rules, ConfigError> {
    Ok(Rules {
        calendar: calendars::load(folder)?,
        editions: policies::load(folder)?,
        directory: directory::load(folder)?,
    })
}
