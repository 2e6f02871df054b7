//! Palette, list of acts, and help: one list of commands, found by a few letters, run by Enter.

use super::action::{Motion, Scope};
use super::commands::{Commands, Entry};
use super::search::{self, Needle};
use super::text::Text;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Every command.
    Palette,
    /// Acts on tickets only.
    Acts,
    /// The keys of a place.
    Help(Scope),
}

/// The list.
#[derive(Clone, Debug)]
pub struct Finder {
    /// Which list.
    pub kind: Kind,
    /// What was typed.
    pub query: Text,
    /// Which line; none at first, so that Enter at once does nothing.
    pub cursor: Option<usize>,
    /// Places in the command table, best first.
    pub found: Vec<usize>,
    places: Vec<usize>,
    needles: Vec<Needle>,
}

impl Finder {
    /// The list of a kind.
    pub fn new(kind: Kind, commands: &Commands) -> Self {
        let places: Vec<usize> = (0..commands.entries().len())
            .filter(|at| belongs(kind, &commands.entries()[*at]))
            .collect();
        let needles = places
            .iter()
            .map(|at| {
                let entry = &commands.entries()[*at];
                let keys: Vec<String> = entry.chords.iter().map(ToString::to_string).collect();
                let texts = [entry.label[0], entry.label[1], entry.id, entry.help[0]];
                Needle::of(texts.into_iter().chain(keys.iter().map(String::as_str)))
            })
            .collect();
        Self {
            kind,
            query: Text::line(),
            cursor: None,
            found: places.clone(),
            places,
            needles,
        }
    }

    /// The query was changed.
    pub fn typed(&mut self) {
        self.found = search::rank(self.query.as_str(), &self.needles)
            .into_iter()
            .map(|at| self.places[at])
            .collect();
        self.cursor = (!self.query.is_empty() && !self.found.is_empty()).then_some(0);
    }

    /// Moves the cursor.
    pub fn moved(&mut self, motion: Motion, page: usize) {
        self.cursor = motion.enter(self.cursor, self.found.len(), page);
    }

    /// The command under the cursor.
    pub fn chosen<'a>(&self, commands: &'a Commands) -> Option<&'a Entry> {
        commands.entries().get(*self.found.get(self.cursor?)?)
    }
}

fn belongs(kind: Kind, entry: &Entry) -> bool {
    match kind {
        Kind::Palette => matches!(entry.scope, Scope::Everywhere | Scope::Queue),
        Kind::Acts => entry.act.is_some() && entry.scope == Scope::Queue,
        Kind::Help(scope) => entry.scope == scope || entry.scope == Scope::Everywhere,
    }
}
