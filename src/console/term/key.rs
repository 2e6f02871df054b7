//! A key as the rest of the console sees it, its name in the key map, and the folding of full-width characters.
//!
//! Must not know which key does what. Start at [`Key`]; names are parsed by `"ctrl-d".parse::<Key>()` and shown by `Display`.

use std::fmt;
use std::str::FromStr;

/// One key press.
///
/// ```
/// use fenbo::console::term::Key;
/// for name in ["a", "?", "space", "ctrl-d", "F2", "shift-down", "alt-x", "ctrl-space", "minus", "pagedown"] {
///     assert_eq!(name.parse::<Key>().unwrap().to_string(), name);
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// What was held with it; never `shift` on a character, whose case says it already.
    pub mods: Mods,
}

/// The key itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the keys' own")]
pub enum KeyCode {
    /// A character as typed; the space bar is `Char(' ')`.
    Char(char),
    Enter,
    Esc,
    Tab,
    /// Shift and Tab.
    BackTab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    /// A function key, from 1.
    F(u8),
}

/// The keys held with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Mods {
    /// Control.
    pub ctrl: bool,
    /// Alt, or Esc sent just before.
    pub alt: bool,
    /// Shift.
    pub shift: bool,
}

impl Mods {
    /// Nothing held.
    pub const NONE: Mods = Mods {
        ctrl: false,
        alt: false,
        shift: false,
    };
}

/// Why a name is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No key has this name.
    #[error("no key is called {0:?}")]
    Unknown(String),
    /// A terminal sends the same byte for another key, so the two cannot be told apart.
    #[error("a terminal cannot tell {name:?} from {same_as}")]
    SameAs {
        /// The name that was read.
        name: String,
        /// The key that arrives instead.
        same_as: Key,
    },
}

/// Names and codes of the keys that are no character; the first name of a code is the one shown.
const NAMES: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("return", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("escape", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("shift-tab", KeyCode::BackTab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("del", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("ins", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pgup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("pgdn", KeyCode::PageDown),
    ("space", KeyCode::Char(' ')),
    ("minus", KeyCode::Char('-')),
];

impl Key {
    /// The key with nothing held.
    pub const fn plain(code: KeyCode) -> Key {
        Key {
            code,
            mods: Mods::NONE,
        }
    }

    /// A character typed with nothing held.
    pub const fn char(c: char) -> Key {
        Key::plain(KeyCode::Char(c))
    }

    /// A character typed with control held.
    pub const fn ctrl(c: char) -> Key {
        Key {
            code: KeyCode::Char(c),
            mods: Mods {
                ctrl: true,
                alt: false,
                shift: false,
            },
        }
    }

    /// The character this key writes into a text, if it writes one.
    pub fn text(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.mods.ctrl && !self.mods.alt => Some(c),
            _ => None,
        }
    }

    /// The key with a full-width character folded to ASCII, for places where keys are commands.
    #[must_use]
    pub fn folded(self) -> Key {
        match self.code {
            KeyCode::Char(c) => Key {
                code: KeyCode::Char(fold_fullwidth(c)),
                ..self
            },
            _ => self,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [
            (self.mods.ctrl, "ctrl-"),
            (self.mods.alt, "alt-"),
            (self.mods.shift, "shift-"),
        ] {
            if held {
                f.write_str(name)?;
            }
        }
        if let Some((name, _)) = NAMES.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "F{n}"),
            // Every other code stands in NAMES; the compiler cannot know it.
            other => write!(f, "{other:?}"),
        }
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(name: &str) -> Result<Key, KeyError> {
        let unknown = || KeyError::Unknown(name.to_owned());
        let mut mods = Mods::NONE;
        let mut rest = name;
        loop {
            // `shift-tab` is a key of its own, and a lone `-` after a prefix is the key itself.
            if let Some(code) = named(rest) {
                return finish(name, Key { code, mods });
            }
            let Some((prefix, after)) = rest
                .split_once('-')
                .filter(|(p, a)| !p.is_empty() && !a.is_empty())
            else {
                break;
            };
            match prefix.to_ascii_lowercase().as_str() {
                "ctrl" | "control" | "c" if !mods.ctrl => mods.ctrl = true,
                "alt" | "meta" | "m" if !mods.alt => mods.alt = true,
                "shift" | "s" if !mods.shift => mods.shift = true,
                _ => return Err(unknown()),
            }
            rest = after;
        }
        let mut chars = rest.chars();
        let (Some(c), None) = (chars.next(), chars.next()) else {
            return Err(unknown());
        };
        if c.is_control() || c.is_whitespace() {
            return Err(unknown());
        }
        finish(
            name,
            Key {
                code: KeyCode::Char(c),
                mods,
            },
        )
    }
}

/// The code of a name that is not a single character.
fn named(name: &str) -> Option<KeyCode> {
    if let Some((_, code)) = NAMES.iter().find(|(n, _)| name.eq_ignore_ascii_case(n)) {
        return Some(*code);
    }
    let digits = name
        .strip_prefix(['F', 'f'])
        .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    let number: u8 = digits.parse().ok()?;
    (1..=24).contains(&number).then_some(KeyCode::F(number))
}

/// The one form of a key that a terminal can send, or why there is none.
fn finish(name: &str, mut key: Key) -> Result<Key, KeyError> {
    if let KeyCode::Char(c) = key.code {
        if key.mods.shift {
            key.mods.shift = false;
            key.code = KeyCode::Char(c.to_ascii_uppercase());
        }
        if key.mods.ctrl {
            let lower = c.to_ascii_lowercase();
            key.code = KeyCode::Char(lower);
            let same = match lower {
                'i' => Some(KeyCode::Tab),
                'm' | 'j' => Some(KeyCode::Enter),
                'h' => Some(KeyCode::Backspace),
                '[' => Some(KeyCode::Esc),
                _ => None,
            };
            if let Some(code) = same {
                return Err(KeyError::SameAs {
                    name: name.to_owned(),
                    same_as: Key::plain(code),
                });
            }
        }
    }
    if key.code == KeyCode::Tab && key.mods.shift {
        key.code = KeyCode::BackTab;
    }
    if key.code == KeyCode::BackTab {
        key.mods.shift = false;
    }
    Ok(key)
}

/// A full-width letter, digit or Chinese punctuation mark as the ASCII key it sits on; any other character unchanged.
///
/// A Chinese input method left on sends `？` for `?` and `、` for `/`. In a text field the character stays as typed.
///
/// ```
/// use fenbo::console::term::fold_fullwidth;
/// assert_eq!("？：、／ｊ".chars().map(fold_fullwidth).collect::<String>(), "?://j");
/// assert_eq!(fold_fullwidth('路'), '路');
/// ```
pub fn fold_fullwidth(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '、' => '/',
        '。' => '.',
        '《' | '〈' => '<',
        '》' | '〉' => '>',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '【' | '「' | '『' => '[',
        '】' | '」' | '』' => ']',
        '·' => '`',
        '¥' | '￥' => '$',
        '—' => '_',
        '…' => '^',
        '×' => '*',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_read_in_any_case_and_shown_in_one() {
        for (read, shown) in [
            ("Ctrl-D", "ctrl-d"),
            ("C-d", "ctrl-d"),
            ("f12", "F12"),
            ("PgDn", "pagedown"),
            ("shift-tab", "backtab"),
            ("ctrl-alt-delete", "ctrl-alt-delete"),
            ("-", "minus"),
            ("ctrl--", "ctrl-minus"),
            ("shift-a", "A"),
            ("ctrl-pgup", "ctrl-pageup"),
            ("派", "派"),
        ] {
            assert_eq!(
                read.parse::<Key>().map(|k| k.to_string()),
                Ok(shown.to_owned()),
                "{read}"
            );
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for name in [
            "",
            "ctrl-",
            "hyper-x",
            "F0",
            "F25",
            "ab",
            "ctrl-ctrl-x",
            " ",
            "\u{1b}",
            "f+2",
        ] {
            assert_eq!(
                name.parse::<Key>(),
                Err(KeyError::Unknown(name.to_owned())),
                "{name:?}"
            );
        }
    }

    #[test]
    fn keys_a_terminal_cannot_tell_apart_are_refused() {
        for (name, same) in [
            ("ctrl-i", "tab"),
            ("ctrl-m", "enter"),
            ("ctrl-j", "enter"),
            ("ctrl-h", "backspace"),
            ("ctrl-[", "esc"),
        ] {
            let Err(KeyError::SameAs { same_as, .. }) = name.parse::<Key>() else {
                panic!("{name} was taken")
            };
            assert_eq!(same_as.to_string(), same);
        }
    }

    #[test]
    fn all_of_full_width_ascii_folds_onto_ascii() {
        for c in '\u{FF01}'..='\u{FF5E}' {
            assert!(fold_fullwidth(c).is_ascii_graphic(), "{c}");
        }
        assert_eq!(
            "！；，。、（）《》＋－￥…"
                .chars()
                .map(fold_fullwidth)
                .collect::<String>(),
            "!;,./()<>+-$^"
        );
    }

    proptest! {
        #[test]
        fn every_key_reads_back_from_its_name(c in any::<char>(), ctrl: bool, alt: bool) {
            let key = Key { code: KeyCode::Char(c), mods: Mods { ctrl, alt, shift: false } };
            if let Ok(read) = key.to_string().parse::<Key>() {
                prop_assert_eq!(read.to_string().parse::<Key>(), Ok(read));
            }
        }
    }
}
