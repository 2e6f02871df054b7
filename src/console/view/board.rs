//! The supervisors' board: departments by lights with bars, worst first; the sum, what is told of a row, hot spots.

use super::paint::{self, Line, fit, piece, right};
use super::{Scene, words};
use crate::console::app::board::{BoardPart, BoardPlaces, Cell};
use crate::console::app::{Action, Model};
use crate::domain::board::{Board, BoardRow};
use crate::domain::figures::{Hot, growth};
use crate::domain::instant::Instant;
use crate::domain::light::Light;
use crate::domain::queue::View;
use crate::i18n::boards as say;
use crate::i18n::words as terms;
use crate::i18n::{Lang, Text};
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
/// Columns of the oldest red, with its distance from the count before.
const OLDEST: usize = 11;
/// The least columns of a bar, with its distance.
const BAR: usize = 10;
/// Columns of the bar beside a name that has a line of its own, with its distance.
const NARROW_BAR: usize = 16;
/// Columns that the name keeps at least, so that the sum is called so.
const NAME: usize = 6;
/// How many counts a row has.
const COUNTS: usize = Cell::ALL.len() - 1;
/// Columns of a hot spot's counts.
const HOT: usize = 9;

/// How wide names, counts, the oldest red and bars are; what has no room has no columns.
#[derive(Clone, Copy)]
struct Widths {
    name: usize,
    counts: [usize; COUNTS],
    oldest: usize,
    bar: usize,
}

/// A cell's column: its head, and how wide it is in Chinese and in English; wider where its figures are.
fn column(cell: Cell) -> (Text, [usize; 2]) {
    match cell {
        Cell::Whole => (say::DEPARTMENT, [0, 0]),
        Cell::Lit(light) => (terms::light(light), [5, 7]),
        Cell::Unsigned => (say::UNSIGNED, [7, 9]),
        Cell::Disputed => (say::DISPUTED, [5, 8]),
        Cell::Hopped => (say::HOPPED, [5, 5]),
        Cell::Ruling => (say::RULING, [7, 8]),
        Cell::Supervised => (say::SUPERVISED, [5, 7]),
    }
}

fn counts() -> impl Iterator<Item = Cell> {
    Cell::ALL.into_iter().filter(|cell| *cell != Cell::Whole)
}

pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer) {
    let (model, theme, lang, area) = (scene.model, scene.theme, scene.lang, scene.area);
    let width = usize::from(area.width);
    let Some(board) = &model.board.board else {
        let text = say::COMPUTING.of(lang);
        paint::put(buffer, area.x + 2, area.y + 3, width, text, theme.dim);
        return;
    };
    let places = model.board_places();
    if places.rows.1 > 0 && board.rows.is_empty() {
        let text = say::EMPTY.of(lang);
        paint::put(buffer, area.x + 2, area.y + 3, width, text, theme.dim);
    } else if places.rows.1 > 0 {
        departments(scene, buffer, board, &places);
    }
    if places.hot.1 > 0 {
        hot_spots(scene, buffer);
    }
    let told = paint::wrap(&told(scene), width.saturating_sub(4));
    for (at, text) in told.iter().take(2).enumerate() {
        let y = area.y + places.told + at as u16;
        paint::put(buffer, area.x + 2, y, width, text, theme.text);
    }
}

/// Heads, departments in one line or two, and their sum.
fn departments(scene: Scene<'_>, buffer: &mut Buffer, board: &Board, places: &BoardPlaces) {
    let (model, lang, area) = (scene.model, scene.lang, scene.area);
    let width = usize::from(area.width);
    let counts = counts_widths(board, lang, width);
    let room = width.saturating_sub(2 + counts.iter().sum::<usize>());
    let widths = if places.each == 1 {
        widths(model, counts, room)
    } else {
        // The oldest red and the bar stand beside the name.
        Widths {
            name: room,
            counts,
            oldest: 0,
            bar: 0,
        }
    };
    heads(scene, buffer, widths);
    let most = board.rows.iter().map(BoardRow::lit).max().unwrap_or(0);
    let top = model.board.top;
    let shown = board.rows.iter().enumerate().skip(top);
    for (at, row) in shown.take(places.departments()) {
        let y = area.y + places.rows.0 + (at - top) as u16 * places.each;
        let name = name(model, row);
        if places.each == 1 {
            line(scene, buffer, y, (row, &name), widths, at);
            bar(scene, buffer, y, row, widths.bar, most);
        } else {
            named(scene, buffer, y, (row, &name), at);
            bar(scene, buffer, y, row, NARROW_BAR, most);
            line(scene, buffer, y + 1, (row, ""), widths, at);
        }
    }
    let total = say::TOTAL.with(lang, &[("n", &board.rows.len().to_string())]);
    let (sum, y) = (board.total(), area.y + places.total);
    line(scene, buffer, y, (&sum, &total), widths, board.rows.len());
}

/// Whether the keys are at this row; the sum stands after the last.
fn is_under_cursor(model: &Model, at: usize) -> bool {
    model.board.at == at && model.board.part == BoardPart::Departments
}

/// How long the oldest red ticket has been so.
fn oldest(scene: Scene<'_>, row: &BoardRow) -> String {
    let since = row.oldest_red.map(|due| scene.model.now.since(due));
    since.map_or_else(String::new, |seconds| words::span(seconds, scene.lang))
}

fn name(model: &Model, row: &BoardRow) -> String {
    match &row.department {
        Some(code) => words::department(model, code),
        None => say::NOBODY.of(words::lang(model)).to_owned(),
    }
}

/// The row under the cursor and its name; the sum stands after the last.
fn under_cursor(model: &Model) -> Option<(BoardRow, String)> {
    let board = model.board.board.as_ref()?;
    if let Some(row) = board.rows.get(model.board.at) {
        return Some((row.clone(), name(model, row)));
    }
    let n = board.rows.len().to_string();
    let total = say::TOTAL.with(words::lang(model), &[("n", &n)]);
    Some((board.total(), total))
}

/// What is told of the row under the cursor: its whole name, and what its columns have no room for.
fn told(scene: Scene<'_>) -> String {
    let (model, lang) = (scene.model, scene.lang);
    let apart = words::comma(lang);
    if model.board.part == BoardPart::HotSpots {
        let hot = model.board.hot.as_ref();
        let hot = hot.and_then(|(_, _, spots)| spots.get(model.board.hot_at));
        return hot.map_or_else(String::new, |hot| {
            let title = hot.title.clone().unwrap_or_default();
            let parts = [place(hot), matter(hot), title];
            let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
            parts.join("  ")
        });
    }
    let Some((row, name)) = under_cursor(model) else {
        return String::new();
    };
    let since = |text: Text, at: Option<Instant>| {
        at.map(|at| text.with(lang, &[("span", &words::span(model.now.since(at), lang))]))
    };
    let (n, on, proposed) = (
        row.most_dispatches.to_string(),
        row.supervised.to_string(),
        row.proposed.to_string(),
    );
    let parts = [
        since(say::TOLD_RED, row.oldest_red),
        since(say::TOLD_UNSIGNED, row.oldest_unsigned),
        (row.hopped > 0).then(|| say::TOLD_HOPS.with(lang, &[("n", &n)])),
        (row.supervised + row.proposed > 0).then(|| {
            let values = [("on", on.as_str()), ("proposed", &proposed)];
            say::TOLD_LADDER.with(lang, &values)
        }),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{name}  {}", parts.join(apart))
}

/// That the order is frozen, what Enter opens, and where else the keys lead.
pub(super) fn hint(model: &Model) -> (Option<&'static str>, (String, String)) {
    let lang = words::lang(model);
    let pane = words::key_of(model, Action::NextPane);
    let frozen = model.board.frozen.then(|| say::FROZEN.of(lang));
    let enter = |what: &str| say::ENTER.with(lang, &[("what", what)]);
    if model.board.part == BoardPart::HotSpots {
        let elsewhere = say::HOT_HINT.with(lang, &[("pane", &pane)]);
        return (frozen, (enter(say::HOT_TICKETS.of(lang)), elsewhere));
    }
    let turn = words::key_of(model, Action::View(View::Supervision));
    let values = [("turn", turn.as_str()), ("pane", &pane)];
    let elsewhere = say::BOARD_HINT.with(lang, &values);
    let what = under_cursor(model).map(|(row, _)| match model.board.cell {
        Cell::Whole => say::ALL_OPEN.of(lang).to_owned(),
        cell => format!("{} {}", column(cell).0.of(lang), cell.of(&row)),
    });
    let what = what.map_or_else(String::new, |what| enter(&what));
    (frozen, (what, elsewhere))
}

/// Columns of the counts: heads and figures have room; where the screen is too narrow for both, heads are cut, never figures.
fn counts_widths(board: &Board, lang: Lang, width: usize) -> [usize; COUNTS] {
    let sum = board.total();
    let mut least = [0; COUNTS];
    let mut widths = [0; COUNTS];
    for (at, cell) in counts().enumerate() {
        // No figure is greater than the sum.
        least[at] = 1 + cell.of(&sum).to_string().len();
        widths[at] = least[at].max(column(cell).1[lang as usize]);
    }
    let room = width.saturating_sub(2 + NAME);
    while widths.iter().sum::<usize>() > room {
        let spare = (0..COUNTS).max_by_key(|at| widths[*at] - least[*at]);
        let Some(at) = spare.filter(|at| widths[*at] > least[*at]) else {
            break;
        };
        widths[at] -= 1;
    }
    widths
}

/// How wide things are in one line, in the room that the counts leave.
fn widths(model: &Model, counts: [usize; COUNTS], room: usize) -> Widths {
    let rows = model.board.board.iter().flat_map(|b| &b.rows);
    let longest = rows.map(|r| paint::width(&name(model, r))).max();
    let name = longest.unwrap_or(0).max(12).min(room);
    let spare = room - name;
    let oldest = if spare >= OLDEST { OLDEST } else { 0 };
    let bar = spare - oldest;
    if bar >= BAR {
        Widths {
            name,
            counts,
            oldest,
            bar,
        }
    } else {
        // What is left over keeps the counts at the right edge.
        Widths {
            name: name + bar,
            counts,
            oldest,
            bar: 0,
        }
    }
}

fn heads(scene: Scene<'_>, buffer: &mut Buffer, widths: Widths) {
    let (lang, area) = (scene.lang, scene.area);
    let mut text = format!("  {}", fit(say::DEPARTMENT.of(lang), widths.name));
    for (cell, width) in counts().zip(widths.counts) {
        text.push(' ');
        text.push_str(&right(column(cell).0.of(lang), width - 1));
    }
    text.push_str(&right(say::OLDEST.of(lang), widths.oldest));
    let width = usize::from(area.width);
    paint::put(buffer, area.x, area.y + 2, width, &text, scene.theme.dim);
}

/// A department's whole name and its oldest red, above the line of its counts.
fn named(scene: Scene<'_>, buffer: &mut Buffer, y: u16, (row, name): (&BoardRow, &str), at: usize) {
    let (theme, area) = (scene.theme, scene.area);
    let selected = is_under_cursor(scene.model, at);
    let mark = if selected { scene.glyphs.selected } else { " " };
    let style = if selected && scene.model.board.cell == Cell::Whole {
        theme.strong.add_modifier(Modifier::REVERSED)
    } else {
        theme.strong
    };
    let room = usize::from(area.width).saturating_sub(2 + OLDEST + NARROW_BAR);
    let line = [
        piece(format!("{mark} "), theme.strong),
        piece(paint::cut(name, room), style),
    ];
    paint::put_line(buffer, area.x, y, usize::from(area.width), &line);
    let x = area.right().saturating_sub((OLDEST + NARROW_BAR) as u16);
    let oldest = right(&oldest(scene, row), OLDEST);
    paint::put(buffer, x, y, OLDEST, &oldest, theme.text);
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
    let (model, theme) = (scene.model, scene.theme);
    let selected = is_under_cursor(model, at);
    let is_total = at == model.board.board.as_ref().map_or(0, |b| b.rows.len());
    let ground = if is_total { theme.strong } else { theme.text };
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
    // A name that has a line of its own bears the mark there.
    let mark = if selected && !name.is_empty() {
        scene.glyphs.selected
    } else {
        " "
    };
    let whole = if name.is_empty() {
        theme.text
    } else {
        look(Cell::Whole, row.lit())
    };
    let mut line: Line = vec![
        piece(format!("{mark} "), theme.strong),
        piece(fit(name, widths.name), whole),
    ];
    for (cell, width) in counts().zip(widths.counts) {
        let n = cell.of(row);
        line.push(piece(" ", theme.text));
        line.push(piece(right(&n.to_string(), width - 1), look(cell, n)));
    }
    let oldest = right(&oldest(scene, row), widths.oldest);
    line.push(piece(oldest, ground));
    let width = usize::from(scene.area.width);
    paint::put_line(buffer, scene.area.x, y, width, &line);
}

/// The lights side by side; the longest bar fills its room.
fn bar(scene: Scene<'_>, buffer: &mut Buffer, y: u16, row: &BoardRow, columns: usize, most: u64) {
    if columns == 0 || most == 0 {
        return;
    }
    let (area, wide) = (scene.area, (columns as u16).saturating_sub(2));
    let rect = Rect::new(area.right().saturating_sub(wide), y, wide, 1).intersection(area);
    let (mut sum, mut from) = (0, 0);
    let mut pieces: Line = Vec::new();
    for (light, unit) in LIGHTS {
        sum += Cell::Lit(light).of(row);
        let to = (sum * u64::from(rect.width)).div_ceil(most) as usize;
        pieces.push(piece(unit.repeat(to - from), scene.theme.light(light)));
        from = to;
    }
    paint::put_line(buffer, rect.x, y, usize::from(rect.width), &pieces);
}

/// What boils up, hottest first.
fn hot_spots(scene: Scene<'_>, buffer: &mut Buffer) {
    let (model, theme, lang, area) = (scene.model, scene.theme, scene.lang, scene.area);
    let width = usize::from(area.width);
    let (first, height) = model.board_places().hot;
    let head = area.y + first - 1;
    let Some((from, to, spots)) = &model.board.hot else {
        let text = say::COMPUTING.of(lang);
        paint::put(buffer, area.x + 2, head, width, text, theme.dim);
        return;
    };
    let days = (*to - *from).num_days() + 1;
    let (from, to, days) = (
        from.format("%m-%d").to_string(),
        to.format("%m-%d").to_string(),
        days.to_string(),
    );
    let values = [("from", from.as_str()), ("to", &to), ("n", &days)];
    let places = spots.iter().map(|hot| paint::width(&place(hot))).max();
    let place_width = places.unwrap_or(0).clamp(8, width / 3);
    let matter_width = width.saturating_sub(2 + place_width + 2 + 3 * HOT);
    let title = say::HOT.with(lang, &values);
    let heads: String = [say::HOT_COUNT, say::HOT_BEFORE, say::GROWTH]
        .iter()
        .map(|head| right(head.of(lang), HOT))
        .collect();
    let line = [
        piece("  ", theme.dim),
        piece(fit(&title, place_width + 2 + matter_width), theme.heading),
        piece(heads, theme.dim),
    ];
    paint::put_line(buffer, area.x, head, width, &line);
    if spots.is_empty() {
        let text = say::HOT_NONE.of(lang);
        paint::put(buffer, area.x + 2, head + 1, width, text, theme.dim);
    }
    let shown = spots.iter().enumerate().skip(model.board.hot_top);
    for (at, hot) in shown.take(usize::from(height)) {
        let y = area.y + first + (at - model.board.hot_top) as u16;
        let selected = model.board.part == BoardPart::HotSpots && model.board.hot_at == at;
        let mark = if selected { scene.glyphs.selected } else { " " };
        let style = if selected { theme.selected } else { theme.text };
        let matter = if hot.category.is_empty() {
            hot.title.clone().unwrap_or_default()
        } else {
            matter(hot)
        };
        let line = [
            piece(format!("{mark} "), theme.strong),
            piece(fit(&place(hot), place_width), style),
            piece("  ", theme.text),
            piece(fit(&matter, matter_width), theme.text),
            piece(right(&hot.count.to_string(), HOT), theme.strong),
            piece(right(&hot.before.to_string(), HOT), theme.text),
            piece(right(&change(hot.count, hot.before, lang), HOT), theme.text),
        ];
        paint::put_line(buffer, area.x, y, width, &line);
    }
}

fn place(hot: &Hot) -> String {
    let parts = [&hot.street, &hot.community];
    let parts: Vec<&str> = parts.into_iter().filter_map(|p| p.as_deref()).collect();
    parts.join(" ")
}

fn matter(hot: &Hot) -> String {
    hot.category.join("/")
}

/// Growth in whole percents.
pub(super) fn change(now: u64, before: u64, lang: Lang) -> String {
    match growth(now, before) {
        Some(hundredths) => format!("{:+}%", (hundredths as f64 / 100.0).round()),
        None if now > 0 => say::NEW.of(lang).to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_head_has_room_in_its_column() {
        for cell in counts() {
            let (head, width) = column(cell);
            for lang in Lang::ALL {
                let head = head.of(lang);
                assert!(paint::width(head) < width[lang as usize], "{head}");
            }
        }
    }

    #[test]
    fn growth_is_told_in_whole_percents() {
        assert_eq!(change(3, 2, Lang::Zh), "+50%");
        assert_eq!(change(1, 3, Lang::Zh), "-67%");
        assert_eq!(change(5, 0, Lang::Zh), "新增");
        assert_eq!(change(0, 0, Lang::En), "");
    }
}
