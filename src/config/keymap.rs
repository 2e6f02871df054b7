//! `keymap.toml`: which keys start which command, where they differ from the defaults.
//!
//! Knows how a key is written, not which commands exist: the ids that are known, and where each is live, are handed in.
//!
//! ```toml
//! dispatch = ["a", "F2"]     # a command's keys, all of them; an empty list takes them away
//! palette = "Ctrl-p"         # one key may stand alone
//! ```

use super::error::{ConfigError, Problem};
use super::source::{Source, nearest};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file's name in the configuration folder.
pub const FILE: &str = "keymap.toml";

/// A key with what is held, in its one spelling: `a`, `G`, `Ctrl-p`, `Alt-Enter`, `F2`, `Space`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord(String);

const NAMED: [&str; 28] = [
    "Enter",
    "Esc",
    "Tab",
    "BackTab",
    "Space",
    "Up",
    "Down",
    "Left",
    "Right",
    "Home",
    "End",
    "PgUp",
    "PgDn",
    "Insert",
    "Delete",
    "Backspace",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F7",
    "F8",
    "F9",
    "F10",
    "F11",
    "F12",
];
const HELD: [&str; 3] = ["Ctrl", "Alt", "Shift"];

impl Chord {
    /// The chord's spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a key")]
pub struct NotAKey;

impl FromStr for Chord {
    type Err = NotAKey;

    /// Reads a key; capitals of a named key and the order of what is held do not matter.
    ///
    /// ```
    /// use fenbo::config::keymap::Chord;
    /// let chord = |text: &str| text.parse::<Chord>().map(|c| c.to_string());
    /// assert_eq!(chord("ctrl-P").as_deref(), Ok("Ctrl-p"));
    /// assert_eq!(chord("Shift+alt+pgdn").as_deref(), Ok("Alt-Shift-PgDn"));
    /// assert_eq!(chord("-").as_deref(), Ok("-"));
    /// assert_ne!(chord("g"), chord("G"));
    /// assert!(chord("Hyper-x").is_err());
    /// ```
    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let mut rest = text.trim();
        let mut held = [false; 3];
        while let Some((word, after)) = rest
            .split_once(['-', '+'])
            .filter(|(_, after)| !after.is_empty())
        {
            let which = HELD
                .iter()
                .position(|name| name.eq_ignore_ascii_case(word))
                .ok_or(NotAKey)?;
            if let Some(slot) = held.get_mut(which) {
                *slot = true;
            }
            rest = after;
        }
        let mut letters = rest.chars();
        let key = match (letters.next(), letters.next()) {
            (Some(' '), None) | (None, _) => return Err(NotAKey),
            // A terminal sends Ctrl with either case of a letter as the same byte.
            (Some(c), None) if held.first() == Some(&true) => c.to_ascii_lowercase().to_string(),
            (Some(c), None) if !c.is_control() => c.to_string(),
            _ => NAMED
                .iter()
                .find(|name| name.eq_ignore_ascii_case(rest))
                .map(|name| (*name).to_owned())
                .ok_or(NotAKey)?,
        };
        let mut spelt = String::new();
        for (name, _) in HELD.iter().zip(held).filter(|(_, is_held)| *is_held) {
            spelt.push_str(name);
            spelt.push('-');
        }
        Ok(Self(spelt + &key))
    }
}

/// A command that keys can be given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// Its id.
    pub id: &'a str,
    /// Where it is live; `""` is everywhere. Two commands of one place cannot share a key.
    pub scope: &'a str,
}

/// The keys that a person has chosen, by command id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    keys: BTreeMap<String, Vec<Chord>>,
}

impl Keymap {
    /// Reads the folder's `keymap.toml`, if it is there, against the commands there are.
    ///
    /// A line that cannot be taken is left out and told in the second value; the command keeps its default keys.
    ///
    /// # Errors
    /// When the file is there but cannot be read, or is no TOML.
    pub fn load(
        folder: &Path,
        known: &[Known<'_>],
    ) -> Result<(Self, Vec<ConfigError>), ConfigError> {
        match Source::read(&folder.join(FILE))? {
            Some(source) => read(&source, known),
            None => Ok((Self::default(), Vec::new())),
        }
    }

    /// The keys chosen for a command; `None` leaves it its defaults, an empty list takes them away.
    pub fn keys(&self, id: &str) -> Option<&[Chord]> {
        self.keys.get(id).map(Vec::as_slice)
    }

    /// Every command that keys were chosen for.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Chord])> {
        self.keys
            .iter()
            .map(|(id, keys)| (id.as_str(), keys.as_slice()))
    }
}

fn read(source: &Source, known: &[Known<'_>]) -> Result<(Keymap, Vec<ConfigError>), ConfigError> {
    let table = DeTable::parse(&source.text).map_err(|error| source.shape(&error))?;
    let mut lines: Vec<_> = table.get_ref().iter().collect();
    lines.sort_by_key(|(id, _)| id.span().start);
    let mut keymap = Keymap::default();
    let mut warnings = Vec::new();
    let mut taken: Vec<(Chord, Known<'_>)> = Vec::new();
    for (id, value) in lines {
        let name: &str = id.get_ref();
        let Some(command) = known.iter().find(|k| k.id == name) else {
            warnings.push(source.at(
                &id.span(),
                Problem::UnknownKey {
                    key: name.to_owned(),
                    nearest: nearest(name, known.iter().map(|k| k.id)),
                },
            ));
            continue;
        };
        let mut keys = Vec::new();
        let mut faults = Vec::new();
        for item in items(value) {
            match chord(source, name, item).and_then(|c| free(source, item, c, *command, &taken)) {
                Ok(chord) => {
                    taken.push((chord.clone(), *command));
                    keys.push(chord);
                }
                Err(fault) => faults.push(fault),
            }
        }
        // A command none of whose keys can be taken keeps its defaults rather than losing them all.
        if !keys.is_empty() || faults.is_empty() {
            keymap.keys.insert(name.to_owned(), keys);
        }
        warnings.append(&mut faults);
    }
    Ok((keymap, warnings))
}

fn items<'a>(value: &'a Spanned<DeValue<'a>>) -> Vec<&'a Spanned<DeValue<'a>>> {
    match value.get_ref() {
        DeValue::Array(list) => list.iter().collect(),
        _ => vec![value],
    }
}

fn chord(source: &Source, id: &str, item: &Spanned<DeValue<'_>>) -> Result<Chord, ConfigError> {
    item.get_ref()
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| {
            source.at(
                &item.span(),
                Problem::BadValue {
                    key: id.to_owned(),
                    value: source.text.get(item.span()).unwrap_or_default().to_owned(),
                    expected: "\"a\" | \"Ctrl-p\" | \"Alt-Enter\" | \"F2\" | \"Space\"".to_owned(),
                },
            )
        })
}

/// The chord, unless a command live in the same place has it by an earlier line.
fn free(
    source: &Source,
    item: &Spanned<DeValue<'_>>,
    chord: Chord,
    command: Known<'_>,
    taken: &[(Chord, Known<'_>)],
) -> Result<Chord, ConfigError> {
    let meets = |other: &Known<'_>| {
        other.scope == command.scope || other.scope.is_empty() || command.scope.is_empty()
    };
    match taken
        .iter()
        .find(|(held, other)| *held == chord && meets(other))
    {
        Some((_, other)) => Err(source.at(
            &item.span(),
            Problem::Duplicate {
                what: chord.to_string(),
                first: other.id.to_owned(),
            },
        )),
        None => Ok(chord),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [Known<'_>; 4] = [
        Known {
            id: "dispatch",
            scope: "queue",
        },
        Known {
            id: "sign",
            scope: "queue",
        },
        Known {
            id: "confirm",
            scope: "picker",
        },
        Known {
            id: "palette",
            scope: "",
        },
    ];

    fn of(text: &str) -> (Keymap, Vec<String>) {
        let (keymap, warnings) = read(&Source::built_in(FILE, text), &KNOWN).expect("TOML");
        (keymap, warnings.iter().map(ToString::to_string).collect())
    }

    fn spelt(keymap: &Keymap, id: &str) -> Option<Vec<String>> {
        keymap
            .keys(id)
            .map(|keys| keys.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn keys_are_taken_in_their_one_spelling() {
        let (keymap, warnings) =
            of("dispatch = [\"A\", \"f2\"]\npalette = \"ctrl+P\"\nsign = []\n");
        assert_eq!(warnings, Vec::<String>::new());
        assert_eq!(
            spelt(&keymap, "dispatch"),
            Some(vec!["A".into(), "F2".into()])
        );
        assert_eq!(spelt(&keymap, "palette"), Some(vec!["Ctrl-p".into()]));
        assert_eq!(spelt(&keymap, "sign"), Some(vec![]));
        assert_eq!(spelt(&keymap, "confirm"), None);
        assert_eq!(keymap.iter().count(), 3);
    }

    #[test]
    fn an_unknown_command_is_named_with_its_line() {
        let (keymap, warnings) = of("# keys\ndispach = \"x\"\n");
        assert_eq!(keymap, Keymap::default());
        assert_eq!(
            warnings,
            ["keymap.toml, line 2: dispach means nothing here; write dispatch"]
        );
    }

    #[test]
    fn one_key_for_two_commands_of_one_place_is_named_with_its_line() {
        let (keymap, warnings) =
            of("dispatch = \"x\"\nsign = [\"x\", \"S\"]\nconfirm = \"x\"\npalette = \"x\"\n");
        assert_eq!(
            warnings,
            [
                "keymap.toml, line 2: x belongs to dispatch already; keep one of the two",
                "keymap.toml, line 4: x belongs to dispatch already; keep one of the two",
            ]
        );
        assert_eq!(spelt(&keymap, "sign"), Some(vec!["S".into()]));
        assert_eq!(
            spelt(&keymap, "confirm"),
            Some(vec!["x".into()]),
            "another place"
        );
        assert_eq!(spelt(&keymap, "palette"), None, "keeps its defaults");
    }

    #[test]
    fn what_is_no_key_is_named_with_its_line() {
        let (_, warnings) = of("dispatch = [\n  \"a\",\n  \"Hyper-x\",\n  7,\n]\n");
        assert_eq!(warnings.len(), 2);
        assert!(
            warnings
                .iter()
                .any(|w| w.contains("line 3") && w.contains("Hyper-x")),
            "{warnings:?}"
        );
        assert!(
            warnings.iter().any(|w| w.contains("line 4")),
            "{warnings:?}"
        );
    }

    #[test]
    fn keys_that_need_care() {
        let chord = |text: &str| text.parse::<Chord>().map(|c| c.to_string());
        assert_eq!(chord("Ctrl--").as_deref(), Ok("Ctrl--"));
        assert_eq!(chord("+").as_deref(), Ok("+"));
        assert_eq!(chord("。").as_deref(), Ok("。"));
        for wrong in ["", " ", "Ctrl-", "ab", "F13", "Ctrl-Ctrl", "\t", "\u{1b}"] {
            assert!(chord(wrong).is_err(), "{wrong:?}");
        }
    }
}
