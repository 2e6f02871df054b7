//! Keys: what the terminal sends and the application is told. Their names in the key map, and the folding of full-width characters.
//!
//! Must not know which key does what: `command` says so. Start at [`Chord`].

use std::fmt;
use std::str::FromStr;

/// A key without what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the keys' own")]
pub enum Code {
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

/// What is held with a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mods {
    /// Control.
    pub ctrl: bool,
    /// Alt.
    pub alt: bool,
    /// Shift; never on a character, whose case says it already.
    pub shift: bool,
}

/// One key press.
///
/// ```
/// use fenbo::console::key::Chord;
/// for name in ["a", "?", "Space", "Ctrl-d", "F2", "Shift-Down", "Alt-x", "PgDn", "Ctrl--"] {
///     assert_eq!(name.parse::<Chord>().unwrap().to_string(), name);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord {
    /// Which key.
    pub code: Code,
    /// What was held with it.
    pub mods: Mods,
}

/// Why a name is no key that a terminal sends.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoChord {
    /// No key has this name.
    #[error("no key is called {0:?}")]
    Unknown(String),
    /// A terminal sends the same byte for another key.
    #[error("a terminal cannot tell {name:?} from {same_as}")]
    SameAs {
        /// The name that was read.
        name: String,
        /// The key that arrives instead.
        same_as: Chord,
    },
}

/// Names of the keys that are no character; the first name of a code is the one shown.
const NAMES: &[(&str, Code)] = &[
    ("Enter", Code::Enter),
    ("Return", Code::Enter),
    ("Esc", Code::Esc),
    ("Escape", Code::Esc),
    ("Tab", Code::Tab),
    ("BackTab", Code::BackTab),
    ("Backspace", Code::Backspace),
    ("Delete", Code::Delete),
    ("Insert", Code::Insert),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Left", Code::Left),
    ("Right", Code::Right),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PgUp", Code::PageUp),
    ("PageUp", Code::PageUp),
    ("PgDn", Code::PageDown),
    ("PageDown", Code::PageDown),
    ("Space", Code::Char(' ')),
];

impl Chord {
    /// A key with nothing held.
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            mods: Mods {
                ctrl: false,
                alt: false,
                shift: false,
            },
        }
    }

    /// A character with nothing held.
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// A character with control held.
    pub const fn ctrl(c: char) -> Self {
        Self {
            code: Code::Char(c),
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
            Code::Char(c) if !self.mods.ctrl && !self.mods.alt => Some(c),
            _ => None,
        }
    }

    /// The key with a full-width character folded to ASCII, for places where keys are commands.
    #[must_use]
    pub fn folded(self) -> Self {
        match self.code {
            Code::Char(c) => Self {
                code: Code::Char(fold(c)),
                ..self
            },
            _ => self,
        }
    }

    /// Whether it wrote a Han character: the input method is on where keys are commands.
    pub fn is_han(self) -> bool {
        matches!(
            self.text(),
            Some('\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
        )
    }
}

/// A full-width letter, digit or Chinese punctuation mark as the ASCII key it sits on; any other character unchanged.
///
/// A Chinese input method left on sends `？` for `?` and `、` for `/`. In a text field the character stays as typed.
///
/// ```
/// use fenbo::console::key::fold;
/// assert_eq!("？：、／ｊ！路".chars().map(fold).collect::<String>(), "?://j!路");
/// ```
pub fn fold(c: char) -> char {
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

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [
            (self.mods.ctrl, "Ctrl-"),
            (self.mods.alt, "Alt-"),
            (self.mods.shift, "Shift-"),
        ] {
            if held {
                f.write_str(name)?;
            }
        }
        match self.code {
            Code::F(n) => write!(f, "F{n}"),
            Code::Char(c) if c != ' ' => write!(f, "{c}"),
            code => match NAMES.iter().find(|(_, named)| *named == code) {
                Some((name, _)) => f.write_str(name),
                None => write!(f, "{code:?}"),
            },
        }
    }
}

impl FromStr for Chord {
    type Err = NoChord;

    fn from_str(name: &str) -> Result<Self, NoChord> {
        let unknown = || NoChord::Unknown(name.to_owned());
        let mut rest = name.trim();
        let mut mods = Mods::default();
        while let Some((word, after)) = rest.split_once(['-', '+']).filter(|(_, a)| !a.is_empty()) {
            match word.to_ascii_lowercase().as_str() {
                "ctrl" if !mods.ctrl => mods.ctrl = true,
                "alt" if !mods.alt => mods.alt = true,
                "shift" if !mods.shift => mods.shift = true,
                _ => return Err(unknown()),
            }
            rest = after;
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (None, _) => return Err(unknown()),
            (Some(c), None) if !c.is_control() && !c.is_whitespace() => Code::Char(c),
            _ => named(rest).ok_or_else(unknown)?,
        };
        settle(name, Self { code, mods })
    }
}

fn named(rest: &str) -> Option<Code> {
    if let Some((_, code)) = NAMES.iter().find(|(n, _)| n.eq_ignore_ascii_case(rest)) {
        return Some(*code);
    }
    let number: u8 = rest.strip_prefix(['F', 'f'])?.parse().ok()?;
    (1..=24).contains(&number).then_some(Code::F(number))
}

/// The one form of a key that a terminal can send, or the key it arrives as instead.
fn settle(name: &str, mut chord: Chord) -> Result<Chord, NoChord> {
    if let Code::Char(c) = chord.code {
        if chord.mods.shift {
            chord.mods.shift = false;
            chord.code = Code::Char(c.to_ascii_uppercase());
        }
        if chord.mods.ctrl {
            let lower = c.to_ascii_lowercase();
            chord.code = Code::Char(lower);
            let same = match lower {
                'i' => Some(Code::Tab),
                'm' | 'j' => Some(Code::Enter),
                'h' => Some(Code::Backspace),
                '[' => Some(Code::Esc),
                _ => None,
            };
            if let Some(code) = same {
                return Err(NoChord::SameAs {
                    name: name.to_owned(),
                    same_as: Chord::plain(code),
                });
            }
        }
    }
    if chord.mods.shift && matches!(chord.code, Code::Tab | Code::BackTab) {
        chord.mods.shift = false;
        chord.code = Code::BackTab;
    }
    Ok(chord)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_a_terminal_cannot_tell_apart_are_refused() {
        for (name, same) in [
            ("Ctrl-i", "Tab"),
            ("ctrl-M", "Enter"),
            ("Ctrl-j", "Enter"),
            ("Ctrl-h", "Backspace"),
            ("Ctrl-[", "Esc"),
        ] {
            match name.parse::<Chord>() {
                Err(NoChord::SameAs { same_as, .. }) => assert_eq!(same_as.to_string(), same),
                other => panic!("{name}: {other:?}"),
            }
        }
    }

    #[test]
    fn names_are_read_in_any_case_and_shown_in_one() {
        for (read, shown) in [
            ("ctrl-P", "Ctrl-p"),
            ("shift-a", "A"),
            ("Shift+Tab", "BackTab"),
            ("pagedown", "PgDn"),
            ("f12", "F12"),
            ("-", "-"),
        ] {
            assert_eq!(
                read.parse::<Chord>().map(|c| c.to_string()),
                Ok(shown.to_owned())
            );
        }
        for wrong in ["", "ctrl-", "hyper-x", "F0", "F25", "ab", " "] {
            assert!(wrong.parse::<Chord>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn all_of_full_width_ascii_folds_onto_ascii() {
        for c in '\u{FF01}'..='\u{FF5E}' {
            assert!(fold(c).is_ascii_graphic(), "{c}");
        }
        let folded: String = "！；，。、（）《》＋－￥…".chars().map(fold).collect();
        assert_eq!(folded, "!;,./()<>+-$^");
    }

    proptest! {
        #[test]
        fn every_key_reads_back_from_its_name(c in any::<char>(), ctrl: bool, alt: bool) {
            let key = Chord { code: Code::Char(c), mods: Mods { ctrl, alt, shift: false } };
            if let Ok(read) = key.to_string().parse::<Chord>() {
                prop_assert_eq!(read.to_string().parse::<Chord>(), Ok(read));
            }
        }
    }
}
