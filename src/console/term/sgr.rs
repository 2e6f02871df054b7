//! The shortest escape that turns one look into another.
//!
//! Must not decide what is drawn. Start at [`change`].

use super::colour::{Colour, Ink, ink};
use ratatui::buffer::Cell;
use ratatui::style::Modifier;

/// The look of a cell as the terminal will have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    pub(super) fg: Ink,
    pub(super) bg: Ink,
    pub(super) modifier: Modifier,
}

impl Look {
    /// The look of a cell where the terminal has so many colours.
    pub(super) fn of(cell: &Cell, level: Colour) -> Look {
        Look {
            fg: ink(cell.fg, level),
            bg: ink(cell.bg, level),
            modifier: cell.modifier,
        }
    }

    /// Whether a blank cell of this look cannot be told from an erased one.
    pub(super) fn blank_shows_nothing(self) -> bool {
        let marks = Modifier::REVERSED | Modifier::UNDERLINED | Modifier::CROSSED_OUT;
        self.bg == Ink::Default && !self.modifier.intersects(marks)
    }
}

/// Modifier, the parameter that sets it, the parameter that ends it.
const MODIFIERS: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// Writes what turns `from` into `to`; nothing when they are the same.
pub(super) fn change(out: &mut Vec<u8>, from: Look, to: Look) {
    if from == to {
        return;
    }
    let mut changed = Parameters::default();
    let mut ended = Modifier::empty();
    for (modifier, _, end) in MODIFIERS {
        if (from.modifier - to.modifier).contains(modifier) && !ended.contains(modifier) {
            changed.push(end);
            // One parameter ends bold and dim together, another both blinks.
            ended |= MODIFIERS
                .iter()
                .filter(|m| m.2 == end)
                .fold(Modifier::empty(), |all, m| all | m.0);
        }
    }
    changed.set(from.modifier - ended, from.fg, from.bg, to);
    let mut anew = Parameters::default();
    anew.push(0);
    anew.set(Modifier::empty(), Ink::Default, Ink::Default, to);
    let best = if to == Look::default() {
        ""
    } else {
        shorter(&changed.0, &anew.0)
    };
    out.extend_from_slice(b"\x1b[");
    out.extend_from_slice(best.as_bytes());
    out.push(b'm');
}

fn shorter<'a>(a: &'a str, b: &'a str) -> &'a str {
    if a.len() <= b.len() { a } else { b }
}

/// Parameters of one SGR escape, parted by semicolons.
#[derive(Default)]
struct Parameters(String);

impl Parameters {
    fn push(&mut self, n: u8) {
        if !self.0.is_empty() {
            self.0.push(';');
        }
        for divisor in [100, 10, 1] {
            if n >= divisor || divisor == 1 {
                self.0.push(char::from(b'0' + n / divisor % 10));
            }
        }
    }

    /// What is still missing after the modifiers and inks that stand already.
    fn set(&mut self, modifier: Modifier, fg: Ink, bg: Ink, to: Look) {
        for (wanted, set, _) in MODIFIERS {
            if (to.modifier - modifier).contains(wanted) {
                self.push(set);
            }
        }
        if to.fg != fg {
            self.ink(to.fg, 30);
        }
        if to.bg != bg {
            self.ink(to.bg, 40);
        }
    }

    fn ink(&mut self, ink: Ink, ground: u8) {
        match ink {
            Ink::Default => self.push(ground + 9),
            Ink::Base(n @ 0..=7) => self.push(ground + n),
            Ink::Base(n) => self.push(ground + 52 + n),
            Ink::Indexed(n) => [ground + 8, 5, n].into_iter().for_each(|p| self.push(p)),
            Ink::Rgb(r, g, b) => [ground + 8, 2, r, g, b]
                .into_iter()
                .for_each(|p| self.push(p)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::{Color, Style};

    fn look(style: Style, level: Colour) -> Look {
        let mut cell = Cell::default();
        cell.set_style(style);
        Look::of(&cell, level)
    }

    fn written(from: Style, to: Style, level: Colour) -> String {
        let mut out = Vec::new();
        change(&mut out, look(from, level), look(to, level));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_what_differs_is_written() {
        let (plain, red) = (Style::new(), Style::new().fg(Color::Red));
        assert_eq!(written(plain, plain, Colour::Ansi16), "");
        assert_eq!(written(plain, red, Colour::Ansi16), "\x1b[31m");
        assert_eq!(written(red, red.bold(), Colour::Ansi16), "\x1b[1m");
        assert_eq!(written(red.bold(), red, Colour::Ansi16), "\x1b[22m");
        assert_eq!(written(red.bold(), plain, Colour::Ansi16), "\x1b[m");
        assert_eq!(
            written(
                red,
                Style::new().fg(Color::LightBlue).bg(Color::White),
                Colour::Ansi16
            ),
            "\x1b[94;107m"
        );
        assert_eq!(
            written(plain.bold(), plain.dim(), Colour::Ansi16),
            "\x1b[0;2m"
        );
    }

    #[test]
    fn sixteen_colours_are_never_written_as_indexed() {
        for n in 0..=255 {
            let text = written(
                Style::new(),
                Style::new().fg(Color::Indexed(n)).bg(Color::Rgb(n, 9, 200)),
                Colour::Ansi16,
            );
            assert!(!text.contains("38;") && !text.contains("48;"), "{text:?}");
        }
        assert_eq!(
            written(
                Style::new(),
                Style::new().fg(Color::Rgb(1, 20, 200)),
                Colour::Rgb
            ),
            "\x1b[38;2;1;20;200m"
        );
    }

    #[test]
    fn no_colour_keeps_reverse() {
        let bar = Style::new().fg(Color::Black).bg(Color::Yellow).reversed();
        assert_eq!(written(Style::new(), bar, Colour::None), "\x1b[7m");
    }
}
