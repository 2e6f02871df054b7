//! How many colours a terminal has, and the nearest colour it can show.
//!
//! Must not write bytes: `sgr` does. Start at [`Colour`].

use ratatui::style::Color;

/// How many colours may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Colour {
    /// No colour at all; reverse, bold and underline stay.
    None,
    /// The sixteen colours of the terminal's own palette.
    #[default]
    Ansi16,
    /// The xterm palette of 256.
    Ansi256,
    /// 24 bits.
    Rgb,
}

/// A colour ready to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ink {
    /// The terminal's own.
    #[default]
    Default,
    /// One of the sixteen.
    Base(u8),
    /// One of the 240 above them.
    Indexed(u8),
    /// 24 bits.
    Rgb(u8, u8, u8),
}

/// xterm's values of the sixteen colours; a terminal's own palette differs, but not in kind.
const BASE: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

/// The six steps of the colour cube.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest ink that the level allows.
pub(super) fn ink(colour: Color, level: Colour) -> Ink {
    if level == Colour::None {
        return Ink::Default;
    }
    let base = |n| Ink::Base(n);
    match colour {
        Color::Reset => Ink::Default,
        Color::Black => base(0),
        Color::Red => base(1),
        Color::Green => base(2),
        Color::Yellow => base(3),
        Color::Blue => base(4),
        Color::Magenta => base(5),
        Color::Cyan => base(6),
        Color::Gray => base(7),
        Color::DarkGray => base(8),
        Color::LightRed => base(9),
        Color::LightGreen => base(10),
        Color::LightYellow => base(11),
        Color::LightBlue => base(12),
        Color::LightMagenta => base(13),
        Color::LightCyan => base(14),
        Color::White => base(15),
        Color::Indexed(n @ 0..=15) => base(n),
        Color::Indexed(n) if level >= Colour::Ansi256 => Ink::Indexed(n),
        Color::Indexed(n) => base(nearest_base(rgb_of(n))),
        Color::Rgb(r, g, b) => match level {
            Colour::Rgb => Ink::Rgb(r, g, b),
            Colour::Ansi256 => Ink::Indexed(nearest_indexed((r, g, b))),
            Colour::Ansi16 | Colour::None => base(nearest_base((r, g, b))),
        },
    }
}

/// The value of a colour of the xterm palette.
fn rgb_of(index: u8) -> (u8, u8, u8) {
    match index {
        0..=15 => BASE[usize::from(index)],
        16..=231 => {
            let n = usize::from(index - 16);
            (STEPS[n / 36], STEPS[n / 6 % 6], STEPS[n % 6])
        }
        232..=255 => {
            let grey = 8 + (index - 232) * 10;
            (grey, grey, grey)
        }
    }
}

/// How different two colours look; red and blue are weighted by how red they are (the "redmean").
fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> i32 {
    let (r, g, bl) = (
        i32::from(a.0) - i32::from(b.0),
        i32::from(a.1) - i32::from(b.1),
        i32::from(a.2) - i32::from(b.2),
    );
    let mean = i32::midpoint(i32::from(a.0), i32::from(b.0));
    (((512 + mean) * r * r) >> 8) + 4 * g * g + (((767 - mean) * bl * bl) >> 8)
}

fn nearest_base(rgb: (u8, u8, u8)) -> u8 {
    (0..16)
        .min_by_key(|&n| distance(rgb, BASE[usize::from(n)]))
        .unwrap_or(0)
}

/// Among the 240 fixed colours only: the first sixteen are the user's own and may be anything.
fn nearest_indexed(rgb: (u8, u8, u8)) -> u8 {
    (16..=255)
        .min_by_key(|&n| distance(rgb, rgb_of(n)))
        .unwrap_or(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_never_writes_above_itself() {
        for colour in [
            Color::Rgb(200, 20, 30),
            Color::Indexed(196),
            Color::Red,
            Color::Reset,
        ] {
            assert_eq!(ink(colour, Colour::None), Ink::Default);
            assert!(matches!(
                ink(colour, Colour::Ansi16),
                Ink::Base(_) | Ink::Default
            ));
            assert!(!matches!(ink(colour, Colour::Ansi256), Ink::Rgb(..)));
        }
    }

    #[test]
    fn downsampling_keeps_the_colour_of_a_light() {
        assert_eq!(ink(Color::Rgb(250, 10, 10), Colour::Ansi16), Ink::Base(9));
        assert_eq!(ink(Color::Rgb(250, 240, 20), Colour::Ansi16), Ink::Base(11));
        assert_eq!(ink(Color::Rgb(10, 200, 10), Colour::Ansi16), Ink::Base(2));
        assert_eq!(ink(Color::Rgb(0, 0, 0), Colour::Ansi16), Ink::Base(0));
        assert_eq!(
            ink(Color::Rgb(255, 0, 0), Colour::Ansi256),
            Ink::Indexed(196)
        );
        assert_eq!(
            ink(Color::Rgb(128, 128, 128), Colour::Ansi256),
            Ink::Indexed(244)
        );
    }

    #[test]
    fn the_palette_maps_onto_itself() {
        for n in 16..=255u8 {
            let (r, g, b) = rgb_of(n);
            assert_eq!(rgb_of(nearest_indexed((r, g, b))), (r, g, b), "{n}");
        }
    }
}
