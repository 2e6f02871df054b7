//! Text that somebody made to harm whoever reads it, and what may be seen of it.

use crate::faults::ground::Dice;

/// What drives a terminal, hides, turns the reading direction, piles up, or begins a formula.
const PIECES: [&str; 46] = [
    "\u{1b}[2J",
    "\u{1b}[31m",
    "\u{1b}]0;own\u{7}",
    "\u{1b}]52;c;cm0gLXJm\u{7}",
    "\u{1b}]8;;http://x\u{1b}\\",
    "\u{1b}P+q544e\u{1b}\\",
    "\u{1b}c",
    "\u{1b}[6n",
    "\u{1b}[?1049l",
    "\u{1b}_G\u{1b}\\",
    "\u{1b}",
    "\u{9b}2J",
    "\u{9d}0;x\u{9c}",
    "\u{90}x\u{9c}",
    "\u{85}",
    "\u{7}",
    "\u{8}\u{8}",
    "\r",
    "\n",
    "\t",
    "\0",
    "\u{7f}",
    "\u{e}",
    "\u{202e}",
    "\u{2066}",
    "\u{2069}",
    "\u{200b}",
    "\u{200d}",
    "\u{feff}",
    "\u{e0041}",
    "\u{fe0f}",
    "\u{ad}",
    "\u{2028}",
    "\u{3164}",
    "z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}",
    "=1+1",
    "+cmd|'/C calc'!A0",
    "@SUM(A1)",
    "-2+3",
    "＝1",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=x>",
    "'; DROP TABLE ticket; --",
    "%s%n{0}",
    "路灯不亮",
    "Straße é",
];

/// A text made of such pieces, ordinary ones and any characters at all.
pub fn hostile(dice: &mut Dice) -> String {
    let mut text = String::new();
    for _ in 0..=dice.below(8) {
        match dice.below(4) {
            0 => text.extend(char::from_u32(dice.below(0x11_0000) as u32)),
            1 => text.extend(char::from_u32(dice.below(0xa0) as u32)),
            _ => text.push_str(PIECES[dice.below(PIECES.len())]),
        }
    }
    text
}

/// The first character that does more than print, if there is one.
pub fn driving(text: &str) -> Option<char> {
    text.chars().find(|c| {
        c.is_control()
            || matches!(u32::from(*c), 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xad | 0x3164 | 0xfe00..=0xfe0f | 0xe0000..=0xe0fff)
    })
}

/// What a terminal does with bytes beside printing.
#[derive(Default)]
pub struct Driven {
    /// The first thing, in words.
    pub first: Option<String>,
}

impl Driven {
    /// What a terminal does when it is sent these bytes.
    pub fn by(bytes: &[u8]) -> Self {
        let mut driven = Self::default();
        vte::Parser::new().advance(&mut driven, bytes);
        driven
    }

    fn met(&mut self, what: String) {
        self.first.get_or_insert(what);
    }
}

impl vte::Perform for Driven {
    fn print(&mut self, c: char) {
        if c.is_control() {
            self.met(format!("printed {c:?}"));
        }
    }
    fn execute(&mut self, byte: u8) {
        if byte != b'\n' {
            self.met(format!("executed {byte:#x}"));
        }
    }
    fn hook(&mut self, _: &vte::Params, _: &[u8], _: bool, action: char) {
        self.met(format!("control string {action:?}"));
    }
    fn osc_dispatch(&mut self, params: &[&[u8]], _: bool) {
        self.met(format!("system command {params:?}"));
    }
    fn csi_dispatch(&mut self, _: &vte::Params, _: &[u8], _: bool, action: char) {
        self.met(format!("control sequence {action:?}"));
    }
    fn esc_dispatch(&mut self, _: &[u8], _: bool, byte: u8) {
        self.met(format!("escape {byte:#x}"));
    }
}
