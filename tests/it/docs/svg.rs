//! A screen as a picture: the cells of a buffer on a grid, wide characters over two, in the theme's own colours.
//!
//! Every character has its own place, so that the columns stand whatever font the reader has. Start at [`svg`].

use fenbo::console::view::{Cursor, Theme};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// A cell's width and height, the text's size, and the room round the screen.
const CELL: (u32, u32) = (9, 19);
const SIZE: u32 = 15;
const MARGIN: u32 = 12;

type Rgb = (u8, u8, u8);

/// How a cell looks, with reversal carried out.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    ink: Rgb,
    ground: Rgb,
    bold: bool,
    underlined: bool,
}

fn look(cell: &Cell, theme: &Theme) -> Look {
    let (ground, ink) = theme.ground;
    let colour = |colour: Color, otherwise: Rgb| match colour {
        Color::Reset => otherwise,
        Color::Rgb(r, g, b) => (r, g, b),
        other => panic!("{other} is no colour of this theme"),
    };
    let pair = (colour(cell.fg, ink), colour(cell.bg, ground));
    let (ink, ground) = if cell.modifier.contains(Modifier::REVERSED) {
        (pair.1, pair.0)
    } else {
        pair
    };
    Look {
        ink,
        ground,
        bold: cell.modifier.contains(Modifier::BOLD),
        underlined: cell.modifier.contains(Modifier::UNDERLINED),
    }
}

fn hex((r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The picture of a screen; `title` is what it shows, for those who cannot see it.
pub fn svg(buffer: &Buffer, cursor: Cursor, theme: &Theme, title: &str) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let width = u32::from(columns) * CELL.0 + 2 * MARGIN;
    let height = u32::from(rows) * CELL.1 + 2 * MARGIN;
    let ground = hex(theme.ground.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>{title}</title>\n\
         <style>text{{font:{SIZE}px 'DejaVu Sans Mono','Noto Sans Mono CJK SC','Sarasa Mono SC',Menlo,Consolas,monospace;white-space:pre}}.b{{font-weight:bold}}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{ground}\"/>\n"
    );
    for y in 0..rows {
        let mut x = 0;
        while x < columns {
            let look = look(&buffer[(x, y)], theme);
            let end = (x..columns)
                .find(|at| self::look(&buffer[(*at, y)], theme) != look)
                .unwrap_or(columns);
            run(&mut out, buffer, (x, end, y), look, theme);
            x = end;
        }
    }
    if let Some((x, y)) = cursor {
        let (x, y) = place(x, y);
        let ink = hex(theme.ground.1);
        _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"2\" height=\"{}\" fill=\"{ink}\"/>",
            CELL.1
        );
    }
    out.push_str("</svg>\n");
    out
}

fn place(x: u16, y: u16) -> (u32, u32) {
    (
        MARGIN + u32::from(x) * CELL.0,
        MARGIN + u32::from(y) * CELL.1,
    )
}

/// Cells of one look: their ground, then their characters, each at its own place.
fn run(out: &mut String, buffer: &Buffer, cells: (u16, u16, u16), look: Look, theme: &Theme) {
    let (from, to, line) = cells;
    let (left, top) = place(from, line);
    let long = u32::from(to - from) * CELL.0;
    if look.ground != theme.ground.0 {
        let fill = hex(look.ground);
        _ = writeln!(
            out,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{long}\" height=\"{}\" fill=\"{fill}\"/>",
            CELL.1
        );
    }
    let ink = hex(look.ink);
    if look.underlined {
        let y = top + CELL.1 - 2;
        _ = writeln!(
            out,
            "<rect x=\"{left}\" y=\"{y}\" width=\"{long}\" height=\"1\" fill=\"{ink}\"/>"
        );
    }
    let (mut places, mut text) = (Vec::new(), String::new());
    let mut x = from;
    while x < to {
        let symbol = buffer[(x, line)].symbol();
        let wide = symbol.width().max(1) as u16;
        if !symbol.trim().is_empty() {
            // A wide character is drawn in the middle of its two cells.
            let shift = if wide == 2 {
                (2 * CELL.0 - SIZE) / 2
            } else {
                0
            };
            let at = place(x, line).0 + shift;
            // What combines with a character stands where it stands.
            places.extend(symbol.chars().map(|_| at.to_string()));
            text.push_str(&symbol.replace('&', "&amp;").replace('<', "&lt;"));
        }
        x += wide;
    }
    if !text.is_empty() {
        let class = if look.bold { " class=\"b\"" } else { "" };
        let y = top + CELL.1 - 5;
        _ = writeln!(
            out,
            "<text{class} x=\"{}\" y=\"{y}\" fill=\"{ink}\">{text}</text>",
            places.join(" ")
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fenbo::console::app::ThemeId;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn a_wide_character_takes_two_cells_and_markup_is_escaped() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        buffer.set_string(0, 0, "灯<a", Style::new());
        let picture = svg(&buffer, None, Theme::of(ThemeId::Dark), "t");
        assert!(
            picture.contains("x=\"13 30 39\"") && picture.contains(">灯&lt;a<"),
            "{picture}"
        );
    }

    #[test]
    fn a_reversed_cell_is_drawn_reversed() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
        buffer.set_string(0, 0, "a", Style::new().add_modifier(Modifier::REVERSED));
        let picture = svg(&buffer, None, Theme::of(ThemeId::Dark), "t");
        assert!(picture.contains("width=\"9\" height=\"19\" fill=\"#e5e5e5\""));
        assert!(picture.contains("fill=\"#000000\">a<"));
    }
}
