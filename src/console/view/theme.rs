//! Colours, as data: what each part of the screen looks like under each theme.
//!
//! A light is a filled badge with a word and a mark in it; text is never told by colour alone, and no part puts a second ground
//! under coloured text. A test holds every pair against 4.5:1.

use crate::console::app::ThemeId;
use crate::domain::light::Light;
use ratatui::style::{Color, Modifier, Style};

/// The looks of a theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Ordinary text.
    pub text: Style,
    /// What matters less.
    pub dim: Style,
    /// What matters more.
    pub strong: Style,
    /// Headings inside the screen.
    pub heading: Style,
    /// The top line.
    pub header: Style,
    /// The view that is shown.
    pub tab: Style,
    /// A key in the footer.
    pub key: Style,
    /// Dialogs' frames and rules.
    pub border: Style,
    /// The selected row.
    pub selected: Style,
    /// It was done.
    pub good: Style,
    /// It was not.
    pub bad: Style,
    /// A field that is typed into.
    pub field: Style,
    /// Lights: red, yellow, green, paused, done, late.
    pub lights: [Style; 6],
    /// What the terminal's own ground and text are taken to be: for the test of contrasts.
    pub ground: ((u8, u8, u8), (u8, u8, u8)),
}

const fn on(fg: Color, bg: Color) -> Style {
    Style::new().fg(fg).bg(bg)
}

const fn rgb(r: u8, g: u8, b: u8) -> Color {
    Color::Rgb(r, g, b)
}

const PLAIN: Style = Style::new();
const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);
const REVERSED: Style = Style::new().add_modifier(Modifier::REVERSED);
const BLACK: Color = rgb(0, 0, 0);
const WHITE: Color = rgb(255, 255, 255);
const DARK_GROUND: ((u8, u8, u8), (u8, u8, u8)) = ((0, 0, 0), (229, 229, 229));
const LIGHT_GROUND: ((u8, u8, u8), (u8, u8, u8)) = ((255, 255, 255), (0, 0, 0));

const DARK: Theme = Theme {
    text: PLAIN,
    dim: PLAIN.fg(rgb(150, 150, 150)),
    strong: BOLD,
    heading: BOLD.fg(rgb(120, 190, 255)),
    header: on(rgb(235, 235, 235), rgb(45, 55, 72)),
    tab: REVERSED,
    key: BOLD.fg(rgb(120, 190, 255)),
    border: PLAIN.fg(rgb(120, 145, 175)),
    selected: REVERSED,
    good: PLAIN.fg(rgb(110, 220, 140)),
    bad: PLAIN.fg(rgb(255, 140, 120)),
    field: PLAIN.add_modifier(Modifier::UNDERLINED),
    lights: [
        on(WHITE, rgb(185, 20, 30)).add_modifier(Modifier::BOLD),
        on(BLACK, rgb(240, 200, 0)),
        on(WHITE, rgb(0, 110, 60)),
        on(WHITE, rgb(85, 85, 95)),
        PLAIN.fg(rgb(150, 150, 150)),
        on(WHITE, rgb(125, 70, 20)),
    ],
    ground: DARK_GROUND,
};

const LIGHT: Theme = Theme {
    dim: PLAIN.fg(rgb(95, 95, 95)),
    heading: BOLD.fg(rgb(0, 70, 150)),
    header: on(rgb(20, 20, 20), rgb(215, 225, 240)),
    key: BOLD.fg(rgb(0, 70, 150)),
    border: PLAIN.fg(rgb(80, 100, 130)),
    good: PLAIN.fg(rgb(0, 105, 50)),
    bad: PLAIN.fg(rgb(175, 20, 20)),
    lights: [
        on(WHITE, rgb(185, 20, 30)).add_modifier(Modifier::BOLD),
        on(BLACK, rgb(240, 200, 0)),
        on(WHITE, rgb(0, 110, 60)),
        on(WHITE, rgb(95, 95, 105)),
        PLAIN.fg(rgb(95, 95, 95)),
        on(WHITE, rgb(125, 70, 20)),
    ],
    ground: LIGHT_GROUND,
    ..DARK
};

const SIXTEEN: Theme = Theme {
    dim: PLAIN,
    heading: BOLD,
    header: REVERSED,
    key: BOLD,
    border: PLAIN,
    good: BOLD,
    bad: BOLD,
    lights: [
        on(Color::White, Color::Red).add_modifier(Modifier::BOLD),
        on(Color::Black, Color::Yellow),
        on(Color::Black, Color::Green),
        on(Color::Black, Color::Gray),
        PLAIN,
        on(Color::White, Color::Magenta),
    ],
    ..DARK
};

const MONO: Theme = Theme {
    lights: [
        REVERSED.add_modifier(Modifier::BOLD),
        BOLD.add_modifier(Modifier::UNDERLINED),
        PLAIN,
        PLAIN,
        PLAIN,
        PLAIN.add_modifier(Modifier::UNDERLINED),
    ],
    ..SIXTEEN
};

/// Okabe and Ito's colours: vermilion, yellow and blue differ for every kind of colour sight.
const COLOUR_BLIND: Theme = Theme {
    good: PLAIN.fg(rgb(86, 180, 233)),
    bad: PLAIN.fg(rgb(230, 159, 0)),
    lights: [
        on(BLACK, rgb(213, 94, 0)).add_modifier(Modifier::BOLD),
        on(BLACK, rgb(240, 228, 66)),
        on(WHITE, rgb(0, 114, 178)),
        on(WHITE, rgb(85, 85, 95)),
        PLAIN.fg(rgb(150, 150, 150)),
        on(BLACK, rgb(204, 121, 167)),
    ],
    ..DARK
};

impl Theme {
    /// The theme of an id.
    pub fn of(id: ThemeId) -> &'static Self {
        match id {
            ThemeId::Dark => &DARK,
            ThemeId::Light => &LIGHT,
            ThemeId::Sixteen => &SIXTEEN,
            ThemeId::Mono => &MONO,
            ThemeId::ColourBlind => &COLOUR_BLIND,
        }
    }

    /// A light's badge.
    pub fn light(&self, light: Light) -> Style {
        self.lights[light as usize]
    }
}

/// The marks a screen is drawn with; none of ambiguous width in either set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Before the selected row.
    pub selected: &'static str,
    /// Before a marked row.
    pub marked: &'static str,
    /// A level line.
    pub level: &'static str,
    /// An upright line.
    pub upright: &'static str,
    /// A corner.
    pub corner: &'static str,
    /// Before what stands above the first row shown.
    pub above: &'static str,
    /// A bar's unit.
    pub bar: &'static str,
}

impl Glyphs {
    /// For every terminal and every font.
    pub const ASCII: Self = Self {
        selected: ">",
        marked: "*",
        level: "-",
        upright: "|",
        corner: "+",
        above: "^",
        bar: "#",
    };
    /// For terminals that say so: all of one column everywhere.
    pub const UNICODE: Self = Self {
        selected: "\u{25b8}",
        marked: "\u{2713}",
        above: "\u{25b4}",
        bar: "\u{28ff}",
        ..Self::ASCII
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    fn luminance((r, g, b): (u8, u8, u8)) -> f64 {
        let part = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.03928 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }

    fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// xterm's palette for the base colours.
    fn value(colour: Option<Color>, else_: (u8, u8, u8)) -> (u8, u8, u8) {
        match colour {
            None | Some(Color::Reset) => else_,
            Some(Color::Rgb(r, g, b)) => (r, g, b),
            Some(Color::Black) => (0, 0, 0),
            Some(Color::Red) => (205, 0, 0),
            Some(Color::Green) => (0, 205, 0),
            Some(Color::Yellow) => (205, 205, 0),
            Some(Color::Magenta) => (205, 0, 205),
            Some(Color::Gray) => (229, 229, 229),
            Some(Color::White) => (255, 255, 255),
            Some(other) => panic!("{other:?} is not measured"),
        }
    }

    #[test]
    fn every_pair_of_every_theme_is_readable() {
        for id in ThemeId::ALL {
            let t = Theme::of(id);
            let (ground, text) = t.ground;
            let parts = [
                ("text", t.text),
                ("dim", t.dim),
                ("strong", t.strong),
                ("heading", t.heading),
                ("header", t.header),
                ("key", t.key),
                ("border", t.border),
                ("good", t.good),
                ("bad", t.bad),
                ("field", t.field),
                ("red", t.lights[0]),
                ("yellow", t.lights[1]),
                ("green", t.lights[2]),
                ("paused", t.lights[3]),
                ("done", t.lights[4]),
                ("late", t.lights[5]),
            ];
            for (name, style) in parts {
                let ratio = contrast(value(style.fg, text), value(style.bg, ground));
                assert!(ratio >= 4.5, "{id:?} {name}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn a_selection_is_reversed_in_every_theme() {
        for id in ThemeId::ALL {
            assert!(
                Theme::of(id)
                    .selected
                    .add_modifier
                    .contains(Modifier::REVERSED)
            );
        }
    }

    #[test]
    fn no_mark_is_of_ambiguous_width() {
        for set in [Glyphs::ASCII, Glyphs::UNICODE] {
            for mark in [
                set.selected,
                set.marked,
                set.level,
                set.upright,
                set.above,
                set.corner,
                set.bar,
            ] {
                assert_eq!((mark.width(), mark.width_cjk()), (1, 1), "{mark}");
            }
        }
    }

    /// What is seen without one kind of cone, in linear light. `[Machado, Oliveira, Fernandes 2009, severity 1.0]`
    const WITHOUT: [(&str, [[f64; 3]; 3]); 2] = [
        (
            "red",
            [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
        ),
        (
            "green",
            [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
        ),
    ];

    /// A colour in CIE Lab, from linear light.
    fn lab(light: [f64; 3]) -> [f64; 3] {
        let bent = |part: f64| {
            if part > 0.008_856 {
                part.cbrt()
            } else {
                7.787 * part + 16.0 / 116.0
            }
        };
        let [x, y, z] = [
            [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505],
            [0.2126, 0.7152, 0.0722],
            [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089],
        ]
        .map(|row| bent(row.iter().zip(light).map(|(m, part)| m * part).sum()));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn red_yellow_and_green_stay_apart_without_red_green_sight() {
        let lights = Theme::of(ThemeId::ColourBlind).lights;
        let linear = |style: &Style| {
            let (r, g, b) = value(style.bg, (0, 0, 0));
            [(r, 0, 0), (0, g, 0), (0, 0, b)]
                .map(luminance)
                .iter()
                .zip([0.2126, 0.7152, 0.0722])
                .map(|(part, weight)| part / weight)
                .collect::<Vec<f64>>()
        };
        for (cone, matrix) in WITHOUT {
            let seen: Vec<[f64; 3]> = lights[..3]
                .iter()
                .map(linear)
                .map(|rgb| {
                    let row = |row: [f64; 3]| row.iter().zip(&rgb).map(|(m, v)| m * v).sum();
                    lab(matrix.map(row).map(|v: f64| v.clamp(0.0, 1.0)))
                })
                .collect();
            for (a, b) in [(0, 1), (1, 2), (0, 2)] {
                let apart = seen[a].iter().zip(&seen[b]).map(|(a, b)| (a - b).powi(2));
                let apart = apart.sum::<f64>().sqrt();
                // Two colours are just told apart at 2.3.
                assert!(apart > 25.0, "without {cone}: {a} {b}: {apart:.1}");
            }
        }
    }
}
