//! The supervisors' board: departments by lights with bars, worst first; the sum below.

use super::paint::{self, Line, piece};
use super::{Scene, words};
use crate::console::app::board::Cell;
use crate::console::app::{Action, Model};
use crate::domain::board::BoardRow;
use crate::domain::light::Light;
use crate::domain::queue::View;
use crate::i18n::console as say;
use crate::i18n::words as terms;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// The lights in their columns, each with the ASCII unit of its bar, so that bars differ without colour.
const LIGHTS: [(Light, &str); 4] = [
    (Light::Red, "#"),
    (Light::Yellow, "+"),
    (Light::Green, "."),
    (Light::Paused, "~"),
];
/// Columns of a count, in Chinese and in English.
const COUNT: [usize; 2] = [6, 7];
/// Columns of what is counted besides the lights.
const WIDE: usize = 9;
/// Columns of the oldest red, with its distance from the bar.
const OLDEST: usize = 11;
/// The least columns of a bar.
const BAR: usize = 5;
/// Below this many columns names need the room of the oldest red and of the bar.
const NARROW: usize = 76;

/// How wide names, the oldest red and bars are.
#[derive(Clone, Copy)]
struct Widths {
    name: usize,
    oldest: usize,
    bar: usize,
}

pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer) {
    let Scene {
        model, theme, area, ..
    } = scene;
    let lang = words::lang(model);
    let width = usize::from(area.width);
    let Some(board) = &model.board.board else {
        return;
    };
    if board.rows.is_empty() {
        let text = say::BOARD_EMPTY.of(lang);
        paint::put(buffer, area.x + 2, area.y + 3, width, text, theme.dim);
        return;
    }
    let widths = widths(model, width);
    heads(scene, buffer, widths);
    let height = model.board_height();
    let most = board.rows.iter().map(BoardRow::lit).max().unwrap_or(0);
    let top = model.board.top;
    for (at, row) in board.rows.iter().enumerate().skip(top).take(height) {
        let y = area.y + 3 + (at - top) as u16;
        let name = name(model, row);
        line(scene, buffer, y, (row, &name), widths, at);
        bar(scene, buffer, y, row, widths, most);
    }
    let y = area.bottom().saturating_sub(4);
    let total = say::BOARD_TOTAL.with(lang, &[("n", &board.rows.len().to_string())]);
    let sum = board.total();
    line(scene, buffer, y, (&sum, &total), widths, board.rows.len());
    let keys = say::BOARD_KEYS.with(
        lang,
        &[
            ("freeze", &key_of(model, Action::Freeze)),
            ("turn", &key_of(model, Action::View(View::Supervision))),
        ],
    );
    let mut foot: Line = Vec::new();
    // A name that its column cuts is read in full here.
    if let Some(row) = board.rows.get(model.board.at) {
        let whole = name(model, row);
        if paint::width(&whole) > widths.name {
            foot.push(piece(format!("{whole}  "), theme.text));
        }
    }
    if model.board.frozen {
        foot.push(piece(
            say::BOARD_FROZEN.of(lang),
            theme.strong.add_modifier(Modifier::REVERSED),
        ));
        foot.push(piece(" ", theme.text));
    }
    foot.push(piece(keys, theme.dim));
    paint::put_line(buffer, area.x + 2, y + 1, width.saturating_sub(2), &foot);
}

fn key_of(model: &Model, action: Action) -> String {
    model
        .commands
        .key_of(action)
        .map(words::key)
        .unwrap_or_default()
}

fn name(model: &Model, row: &BoardRow) -> String {
    match &row.department {
        Some(code) => words::department(model, code),
        None => say::BOARD_NOBODY.of(words::lang(model)).to_owned(),
    }
}

fn widths(model: &Model, width: usize) -> Widths {
    let taken = 2 + LIGHTS.len() * COUNT[words::lang(model) as usize] + 2 * WIDE;
    let rows = model.board.board.iter().flat_map(|b| &b.rows);
    let longest = rows
        .map(|r| paint::width(&name(model, r)))
        .max()
        .unwrap_or(0);
    let room = width.saturating_sub(taken);
    if width < NARROW {
        return Widths {
            name: room,
            oldest: 0,
            bar: 0,
        };
    }
    let room = room - OLDEST;
    let name = longest.max(12).min(room - BAR - 1);
    let spare = room - name;
    Widths {
        name,
        oldest: OLDEST,
        bar: spare - 1,
    }
}

fn heads(scene: Scene<'_>, buffer: &mut Buffer, widths: Widths) {
    let Scene {
        model, theme, area, ..
    } = scene;
    let lang = words::lang(model);
    let mut text = format!("  {}", fit(say::BOARD_DEPARTMENT.of(lang), widths.name));
    for (light, _) in LIGHTS {
        text.push_str(&right(terms::light(light).of(lang), COUNT[lang as usize]));
    }
    for word in [say::BOARD_UNSIGNED, say::BOARD_RULING] {
        text.push_str(&right(word.of(lang), WIDE));
    }
    text.push_str(&right(say::BOARD_OLDEST.of(lang), widths.oldest));
    paint::put(
        buffer,
        area.x,
        area.y + 2,
        usize::from(area.width),
        &text,
        theme.dim,
    );
}

/// A name and its counts; the cell under the cursor stands out.
fn line(
    scene: Scene<'_>,
    buffer: &mut Buffer,
    y: u16,
    (row, name): (&BoardRow, &str),
    widths: Widths,
    at: usize,
) {
    let Scene {
        model,
        theme,
        glyphs,
        area,
    } = scene;
    let lang = words::lang(model);
    let selected = model.board.at == at;
    let ground = if at == model.board.board.as_ref().map_or(0, |b| b.rows.len()) {
        theme.strong
    } else {
        theme.text
    };
    let look = |cell: Cell, n: u64| -> Style {
        let style = if n == 0 && cell != Cell::Whole {
            theme.dim
        } else {
            ground
        };
        if selected && model.board.cell == cell {
            style.add_modifier(Modifier::REVERSED)
        } else {
            style
        }
    };
    let mark = if selected { glyphs.selected } else { " " };
    let mut line: Line = vec![
        piece(format!("{mark} "), theme.strong),
        piece(fit(name, widths.name), look(Cell::Whole, row.lit())),
    ];
    for cell in Cell::ALL {
        let (n, width) = match cell {
            Cell::Whole => continue,
            Cell::Lit(light) => (of_light(row, light), COUNT[lang as usize]),
            Cell::Unsigned => (row.unsigned, WIDE),
            Cell::Ruling => (row.ruling, WIDE),
        };
        line.push(piece(" ", theme.text));
        line.push(piece(right(&n.to_string(), width - 1), look(cell, n)));
    }
    let oldest = row
        .oldest_red
        .map(|due| words::span(model.now.since(due), lang))
        .unwrap_or_default();
    line.push(piece(right(&oldest, widths.oldest), ground));
    paint::put_line(buffer, area.x, y, usize::from(area.width), &line);
}

fn of_light(row: &BoardRow, light: Light) -> u64 {
    match light {
        Light::Red => row.red,
        Light::Yellow => row.yellow,
        Light::Green => row.green,
        Light::Paused => row.paused,
        Light::Done | Light::Late => 0,
    }
}

/// The lights side by side; the longest bar fills its room.
fn bar(scene: Scene<'_>, buffer: &mut Buffer, y: u16, row: &BoardRow, widths: Widths, most: u64) {
    let Scene { theme, area, .. } = scene;
    if widths.bar == 0 || most == 0 {
        return;
    }
    let x = area.right().saturating_sub(widths.bar as u16);
    let rect = Rect::new(x, y, widths.bar as u16, 1).intersection(area);
    let (mut sum, mut from) = (0, 0);
    let mut pieces: Line = Vec::new();
    for (light, unit) in LIGHTS {
        sum += of_light(row, light);
        let to = (sum * u64::from(rect.width)).div_ceil(most) as usize;
        pieces.push(piece(unit.repeat(to - from), theme.light(light)));
        from = to;
    }
    paint::put_line(buffer, rect.x, y, usize::from(rect.width), &pieces);
}

/// A text in exactly so many columns.
fn fit(text: &str, columns: usize) -> String {
    let mut out = paint::cut(text, columns);
    out.push_str(&" ".repeat(columns.saturating_sub(paint::width(&out))));
    out
}

/// A text at the right of so many columns.
fn right(text: &str, columns: usize) -> String {
    let text = paint::cut(text, columns);
    let blank = columns.saturating_sub(paint::width(&text));
    format!("{}{text}", " ".repeat(blank))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn texts_fill_their_columns() {
        assert_eq!(fit("城管", 6), "城管  ");
        assert_eq!(right("12", 4), "  12");
        assert_eq!(
            Lang::ALL.map(|l| paint::width(&right(say::BOARD_RULING.of(l), WIDE))),
            [WIDE; 2]
        );
    }
}
