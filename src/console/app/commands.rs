//! The command table as the model holds it: resolved keys, both languages' words. `command` makes it.

use super::Language;
use super::action::{Action, Scope};
use crate::console::key::Chord;
use crate::domain::act::ActKind;

/// A command with its keys of today.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its stable name.
    pub id: &'static str,
    /// Where it is live.
    pub scope: Scope,
    /// What it does.
    pub action: Action,
    /// The act behind it, whose rules say whether it is live.
    pub act: Option<ActKind>,
    /// Its keys; the first is shown.
    pub chords: Vec<Chord>,
    /// Its name, in Chinese and English.
    pub label: [&'static str; 2],
    /// What it does in a sentence, in Chinese and English.
    pub help: [&'static str; 2],
    /// Its place in the footer; 0 is none.
    pub footer: u8,
}

impl Entry {
    /// Its name in a language.
    pub fn label(&self, language: Language) -> &'static str {
        self.label[language as usize]
    }

    /// Its sentence in a language.
    pub fn help(&self, language: Language) -> &'static str {
        self.help[language as usize]
    }
}

/// All commands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Commands {
    entries: Vec<Entry>,
}

impl Commands {
    /// These commands, in the table's order.
    pub fn new(entries: Vec<Entry>) -> Self {
        Self { entries }
    }

    /// Every command.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The command a key starts in a place.
    pub fn find(&self, scope: Scope, chord: Chord) -> Option<&Entry> {
        let text = scope.takes_text() && chord.text().is_some();
        let of = |wanted: Scope| {
            self.entries
                .iter()
                .find(|e| e.scope == wanted && e.chords.contains(&chord))
        };
        of(scope).or_else(|| if text { None } else { of(Scope::Everywhere) })
    }

    /// The first key of a command, to be shown.
    pub fn key_of(&self, action: Action) -> Option<Chord> {
        self.entries
            .iter()
            .find(|e| e.action == action)
            .and_then(|e| e.chords.first().copied())
    }
}
