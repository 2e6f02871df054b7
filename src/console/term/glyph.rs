//! What a row of cells looks like on the glass: which column holds a character, which the right half of one.
//!
//! Must not write bytes. Start at [`row`].

use super::colour::{Colour, Ink};
use super::sgr::Look;
use ratatui::buffer::Cell;
use ratatui::style::Modifier;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// One column of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glyph<'a> {
    /// The character and its marks; empty in the right half of a wide one.
    pub(super) symbol: &'a str,
    /// Its look; of a blank only what can be seen.
    pub(super) look: Look,
    /// Columns it takes; 0 for the right half of a wide one.
    pub(super) width: u8,
}

impl Glyph<'_> {
    /// Whether it shows nothing but its ground.
    pub(super) fn is_blank(&self) -> bool {
        self.symbol == " "
    }

    /// Whether an erased column cannot be told from it.
    pub(super) fn is_erased(&self) -> bool {
        self.is_blank() && self.look == Look::default()
    }

    /// Whether it may be written while the pen has another look: true for a blank whose ground is the same.
    pub(super) fn fits(&self, pen: Look) -> bool {
        self.look == pen || (self.is_blank() && seen_of_blank(pen) == self.look)
    }
}

/// Fills `out` with one glyph per column of the row.
pub(super) fn row<'a>(cells: &'a [Cell], level: Colour, out: &mut Vec<Glyph<'a>>) {
    out.clear();
    // Neighbours mostly look the same, and the nearest of 256 colours takes long to find.
    let mut last: Option<(&Cell, Look)> = None;
    while out.len() < cells.len() {
        let cell = &cells[out.len()];
        let look = match last {
            Some((before, look)) if before.style() == cell.style() => look,
            _ => Look::of(cell, level),
        };
        last = Some((cell, look));
        let symbol = cell.symbol();
        let width = width(symbol);
        // What cannot be shown whole is shown as nothing: no width, a control character, or a wide character in the last column.
        if width == 0
            || out.len() + usize::from(width) > cells.len()
            || symbol.chars().any(char::is_control)
            || symbol == " "
        {
            out.push(Glyph {
                symbol: " ",
                look: seen_of_blank(look),
                width: 1,
            });
            continue;
        }
        out.push(Glyph {
            symbol,
            look,
            width,
        });
        out.extend((1..width).map(|_| Glyph {
            symbol: "",
            look,
            width: 0,
        }));
    }
}

/// Whether two rows of cells show the same. Asked of every cell of every frame: nearly every symbol is so short that a call
/// to compare it would cost more than the comparison.
pub(super) fn are_same(a: &[Cell], b: &[Cell]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
}

fn is_same(a: &Cell, b: &Cell) -> bool {
    let look = |cell: &Cell| (cell.fg, cell.bg, cell.underline_color, cell.modifier);
    let (one, other) = (a.symbol().as_bytes(), b.symbol().as_bytes());
    one.len() == other.len() && look(a) == look(b) && one.iter().zip(other).all(|(a, b)| a == b)
}

/// The part of a look that shows in a blank.
fn seen_of_blank(look: Look) -> Look {
    let modifier =
        look.modifier & (Modifier::REVERSED | Modifier::UNDERLINED | Modifier::CROSSED_OUT);
    let fg = if modifier.is_empty() {
        Ink::Default
    } else {
        look.fg
    };
    Look {
        fg,
        bg: look.bg,
        modifier,
    }
}

/// The columns a symbol takes by the table that ratatui lays out with.
pub(super) fn width(symbol: &str) -> u8 {
    match symbol.as_bytes() {
        [b' '..=b'~'] => 1,
        _ => u8::try_from(symbol.width()).unwrap_or(2).min(2),
    }
}

/// Whether every terminal moves its cursor by [`width`] after this symbol.
///
/// Characters of ambiguous width are so only where the terminal is known to draw them narrow. Emoji and
/// clusters of several characters never are: terminals disagree on them.
pub(super) fn is_sure(symbol: &str, ambiguous_is_narrow: bool) -> bool {
    let mut chars = symbol.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else {
        return false;
    };
    match u32::from(c) {
        // ASCII; CJK radicals and punctuation, kana, ideographs, Hangul syllables; compatibility and full-width forms; the higher planes.
        0x20..=0x7E
        | 0x2E80..=0x303E
        | 0x3041..=0x3096
        | 0x309B..=0x33FF
        | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F
        | 0xFF01..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x2_0000..=0x3_FFFD => true,
        0x1_F000.. => false,
        _ => c.width() == Some(1) && (ambiguous_is_narrow || c.width_cjk() == Some(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    fn shown(lines: &str) -> Vec<(String, u8)> {
        let buffer = Buffer::with_lines([lines]);
        let mut out = Vec::new();
        row(&buffer.content, Colour::Rgb, &mut out);
        out.iter().map(|g| (g.symbol.to_owned(), g.width)).collect()
    }

    #[test]
    fn a_wide_character_has_a_right_half() {
        let expected: Vec<(String, u8)> = [("a", 1), ("路", 2), ("", 0), ("b", 1)]
            .map(|(s, w)| (s.to_owned(), w))
            .to_vec();
        assert_eq!(shown("a路b"), expected);
    }

    #[test]
    fn what_cannot_be_shown_whole_is_blank() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 1));
        buffer[(0, 0)].set_symbol("\u{1b}");
        buffer[(1, 0)].set_symbol("\u{301}");
        buffer[(2, 0)].set_symbol("路");
        let mut out = Vec::new();
        row(&buffer.content, Colour::Rgb, &mut out);
        assert!(out.len() == 3 && out.iter().all(Glyph::is_erased));
    }

    #[test]
    fn a_blank_takes_any_pen_of_its_ground() {
        let mut cell = Cell::default();
        cell.set_style(Style::new().fg(Color::Red).bold());
        let pen = Look::of(&cell, Colour::Rgb);
        let blank = Glyph {
            symbol: " ",
            look: Look::default(),
            width: 1,
        };
        assert!(blank.fits(pen));
        assert!(!blank.fits(Look {
            modifier: Modifier::REVERSED,
            ..pen
        }));
        assert!(!blank.fits(Look {
            bg: Ink::Base(1),
            ..pen
        }));
    }

    #[test]
    fn only_characters_all_terminals_agree_on_are_sure() {
        for sure in ["a", "路", "，", "（", "⣿", "。"] {
            assert!(is_sure(sure, false), "{sure}");
        }
        for doubtful in ["─", "●", "…", "“", "①"] {
            assert!(
                !is_sure(doubtful, false) && is_sure(doubtful, true),
                "{doubtful}"
            );
        }
        for never in ["🔴", "e\u{301}", "👨\u{200d}👩", ""] {
            assert!(!is_sure(never, true), "{never}");
        }
    }
}
