//! The table with its keys resolved: the defaults, and what a person has chosen.

use super::table::TABLE;
use crate::console::app::commands::{Commands, Entry};
use crate::console::key::{Chord, NoChord};
use std::fmt;

/// Why a line of the key map was not taken; the command keeps the keys it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeymapFault {
    /// No command has this id.
    UnknownCommand {
        /// What was given.
        id: String,
    },
    /// A text that is no key, or a key that terminals cannot tell from another.
    NotAKey {
        /// The command.
        id: String,
        /// Why.
        why: NoChord,
    },
    /// Two commands of one place were given the same key.
    Taken {
        /// The command that does not get it.
        id: String,
        /// The key.
        chord: Chord,
        /// The command that has it.
        by: &'static str,
    },
}

impl fmt::Display for KeymapFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCommand { id } => write!(f, "no command is called {id}"),
            Self::NotAKey { id, why } => write!(f, "{id}: {why}"),
            Self::Taken { id, chord, by } => write!(f, "{id}: {chord} belongs to {by} already"),
        }
    }
}

/// The commands, with these keys instead of their defaults: an id and all its keys; an empty list takes them away.
///
/// A chosen key is taken away from a default of another command of the same place; two choices of one key are a fault.
///
/// ```
/// use fenbo::console::command::{commands, KeymapFault};
/// let (table, faults) = commands([("dispatch", vec!["x".to_owned()]), ("sign", vec!["Ctrl-i".to_owned()])]);
/// assert!(matches!(&faults[..], [KeymapFault::NotAKey { id, .. }] if id == "sign"));
/// let dispatch = table.entries().iter().find(|e| e.id == "dispatch").unwrap();
/// assert_eq!(dispatch.chords[0].to_string(), "x");
/// ```
pub fn commands<'a>(
    chosen: impl IntoIterator<Item = (&'a str, Vec<String>)>,
) -> (Commands, Vec<KeymapFault>) {
    let mut entries: Vec<Entry> = TABLE
        .iter()
        .map(|c| Entry {
            id: c.id,
            scope: c.scope,
            action: c.action,
            act: c.act,
            // The defaults are keys; a test reads every one.
            chords: c.keys.iter().filter_map(|k| k.parse().ok()).collect(),
            label: [c.label.zh, c.label.en],
            help: [c.help.zh, c.help.en],
            footer: c.footer,
        })
        .collect();
    let mut faults = Vec::new();
    let mut settled: Vec<usize> = Vec::new();
    for (id, names) in chosen {
        let Some(at) = entries.iter().position(|e| e.id == id) else {
            faults.push(KeymapFault::UnknownCommand { id: id.to_owned() });
            continue;
        };
        let mut chords = Vec::new();
        let before = faults.len();
        for name in names {
            match key_for(&entries, &settled, at, &name) {
                Ok(chord) => chords.push(chord),
                Err(fault) => faults.push(fault),
            }
        }
        // A command none of whose keys can be taken keeps what it has.
        if chords.is_empty() && faults.len() > before {
            continue;
        }
        let scope = entries[at].scope;
        for (other, entry) in entries.iter_mut().enumerate() {
            if other != at && !settled.contains(&other) && entry.scope == scope {
                entry.chords.retain(|c| !chords.contains(c));
            }
        }
        entries[at].chords = chords;
        settled.push(at);
    }
    (Commands::new(entries), faults)
}

/// The key of a name, where the command may have it.
fn key_for(
    entries: &[Entry],
    settled: &[usize],
    at: usize,
    name: &str,
) -> Result<Chord, KeymapFault> {
    let id = || entries[at].id.to_owned();
    let chord: Chord = name
        .parse()
        .map_err(|why| KeymapFault::NotAKey { id: id(), why })?;
    match holder(entries, settled, at, chord) {
        Some(by) => Err(KeymapFault::Taken {
            id: id(),
            chord,
            by,
        }),
        None => Ok(chord),
    }
}

/// The command of the same place that was given a key before.
fn holder(entries: &[Entry], settled: &[usize], at: usize, chord: Chord) -> Option<&'static str> {
    settled
        .iter()
        .filter(|other| **other != at)
        .map(|other| &entries[*other])
        .find(|e| e.scope == entries[at].scope && e.chords.contains(&chord))
        .map(|e| e.id)
}
