//! The queue's rows, in columns that give way by priority when there is little room; a row is never wrapped.

use super::paint::{self, Piece, piece};
use super::{Scene, words};
use crate::console::app::Pane;
use crate::domain::light::Light;
use crate::domain::queue::Row;
use crate::domain::ticket::{State, Urgency};
use crate::i18n::console as say;
use crate::i18n::{Lang, Text, words as terms};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::borrow::Cow;

/// What a column shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Light,
    Left,
    No,
    Flags,
    Class,
    State,
    Street,
    Source,
    Title,
    Lead,
}

/// A column of the table.
struct Column {
    what: What,
    head: Text,
    /// Columns in Chinese and in English.
    width: [usize; 2],
    /// What is greater gives way first; 0 stays.
    yields: u8,
}

const fn column(what: What, head: Text, zh: usize, en: usize, yields: u8) -> Column {
    Column {
        what,
        head,
        width: [zh, en],
        yields,
    }
}

/// From left to right.
const COLUMNS: [Column; 10] = [
    column(What::Light, say::COL_LIGHT, 4, 8, 0),
    column(What::Left, say::COL_LEFT, 12, 11, 0),
    column(What::No, say::COL_NO, 9, 9, 0),
    column(What::Flags, say::COL_FLAGS, 9, 10, 2),
    column(What::Class, say::COL_CLASS, 4, 6, 3),
    column(What::State, say::COL_STATE, 8, 12, 5),
    column(What::Street, say::COL_STREET, 8, 10, 4),
    column(What::Source, say::COL_SOURCE, 10, 10, 6),
    column(What::Title, say::COL_TITLE, 16, 16, 0),
    column(What::Lead, say::COL_LEAD, 18, 18, 0),
];
/// Before the first column: the selection's mark, and the mark.
const MARGIN: usize = 4;
/// The most that the last column takes.
const LEAD_MOST: usize = 28;

/// The columns that have room, each with its width.
fn layout(width: usize, lang: Lang) -> Vec<(&'static Column, usize)> {
    let mut shown: Vec<(&Column, usize)> = COLUMNS
        .iter()
        .map(|c| (c, c.width[lang as usize]))
        .collect();
    let total = |shown: &[(&Column, usize)]| -> usize {
        MARGIN + shown.iter().map(|(_, w)| w + 1).sum::<usize>()
    };
    // On a wide screen a title should be read, not guessed.
    let wish = if width >= 100 { 10 } else { 0 };
    while total(&shown) + wish > width {
        let Some(at) = (0..shown.len())
            .filter(|at| shown[*at].0.yields > 0)
            .max_by_key(|at| shown[*at].0.yields)
        else {
            break;
        };
        shown.remove(at);
    }
    let mut spare = width.saturating_sub(total(&shown));
    let mut short = total(&shown).saturating_sub(width);
    for (column, columns) in &mut shown {
        match column.what {
            What::Lead => {
                let cut = short.min(6);
                *columns -= cut;
                short -= cut;
                let more = (spare / 3).min(LEAD_MOST - column.width[lang as usize]);
                *columns += more;
                spare -= more;
            }
            What::Title => {
                let cut = short.saturating_sub(6);
                *columns = columns.saturating_sub(cut);
                short -= cut;
            }
            _ => {}
        }
    }
    for (column, columns) in &mut shown {
        if column.what == What::Title {
            *columns += spare;
        }
    }
    shown
}

/// Gives the numbers so many columns, from those of the title; a title that is short already keeps them.
fn widen_numbers(columns: &mut [(&Column, usize)], wanted: usize) {
    let at = |what| columns.iter().position(|(c, _)| c.what == what);
    let (Some(no), Some(title)) = (at(What::No), at(What::Title)) else {
        return;
    };
    let more = wanted.saturating_sub(columns[no].1);
    if columns[title].1 > 2 * more {
        columns[no].1 += more;
        columns[title].1 -= more;
    }
}

/// Heads, rows, and what is said where there are none.
pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer) {
    let (lang, area) = (scene.lang, scene.area);
    let mut columns = layout(usize::from(area.width), lang);
    let (top, height) = scene.model.regions().list;
    let seen = scene.model.queue.visible(usize::from(height));
    let hidden = hidden_above(scene);
    let seen = seen.get(hidden..).unwrap_or_default();
    let nos = seen.iter().map(|(_, row)| &*row.no);
    widen_numbers(&mut columns, words::number_columns(scene.model, nos));
    let mut x = area.x + MARGIN as u16;
    for (column, width) in &columns {
        paint::put(
            buffer,
            x,
            area.y + top - 1,
            *width,
            column.head.of(lang),
            scene.theme.dim,
        );
        x += *width as u16 + 1;
    }
    let queue = &scene.model.queue;
    if queue.rows.is_empty() {
        let text = if !queue.ready {
            say::LOADING
        } else if queue.is_whole() {
            say::ALL_DONE
        } else {
            say::NOTHING
        };
        paint::put(
            buffer,
            area.x + MARGIN as u16,
            area.y + top + 1,
            60,
            text.of(lang),
            scene.theme.dim,
        );
        return;
    }
    urgent_above(scene, buffer, area.y + top - 1);
    let range = queue.range_places();
    for (line, (_, row)) in seen.iter().enumerate() {
        let place = queue.top + hidden + line;
        let y = area.y + top + line as u16;
        let in_range = range.as_ref().is_some_and(|range| range.contains(&place));
        if in_range || queue.marks.contains_key(&row.no) {
            let style = scene.theme.strong;
            paint::put(buffer, area.x + 2, y, 1, scene.glyphs.marked, style);
        }
        cells(scene, buffer, &columns, row, y);
        if place == queue.at {
            select(scene, buffer, &columns, y);
        }
    }
}

/// Rows that give way at the top, so that the selected one is not among those over which the status line has risen.
fn hidden_above(scene: Scene<'_>) -> usize {
    let regions = scene.model.regions();
    let (top, height) = regions.list;
    let rises = super::status_lines(scene.model) - 1;
    let free = usize::from(regions.status.saturating_sub(top)).saturating_sub(rises);
    let queue = &scene.model.queue;
    let selected = queue.at.saturating_sub(queue.top);
    (selected + 1).saturating_sub(free.min(usize::from(height)))
}

/// At the right end of the heads: how many urgent tickets stand above the first row shown.
fn urgent_above(scene: Scene<'_>, buffer: &mut Buffer, y: u16) {
    let (critical, urgent) = scene.model.queue.urgent_above();
    let told: Vec<String> = [(critical, say::ABOVE_CRITICAL), (urgent, say::ABOVE_URGENT)]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, text)| text.with(scene.lang, &[("n", &n.to_string())]))
        .collect();
    if told.is_empty() {
        return;
    }
    let apart = words::comma(scene.lang);
    let text = format!(" {} {} ", scene.glyphs.above, told.join(apart));
    let wide = paint::width(&text);
    let x = scene.area.right().saturating_sub(wide as u16);
    paint::put(buffer, x, y, wide, &text, scene.theme.light(Light::Red));
}

/// What a row says, column by column.
fn cells(scene: Scene<'_>, buffer: &mut Buffer, columns: &[(&Column, usize)], row: &Row, y: u16) {
    let (model, theme, lang) = (scene.model, scene.theme, scene.lang);
    let light = row.light(model.now);
    let mut x = scene.area.x + MARGIN as u16;
    for (column, width) in columns {
        let (text, style) = match column.what {
            What::Light => (words::badge(model, row).into(), theme.light(light)),
            What::Left => (words::left(model, row).into(), theme.text),
            What::No => (paint::tail(&row.no, *width).into(), theme.text),
            What::Flags => (flags(row, lang).into(), theme.strong),
            What::Class => {
                let class = row.limit_class.map(terms::limit_class_short);
                (class.map_or("", |c| c.of(lang)).into(), theme.text)
            }
            What::State => (terms::state(&row.state, lang).into(), theme.text),
            What::Street => (Cow::from(row.street.as_deref().unwrap_or("")), theme.text),
            What::Source => (Cow::from(&row.source), theme.text),
            What::Title if row.urgency == Urgency::Normal => (Cow::from(&row.title), theme.text),
            What::Title => (Cow::from(&row.title), theme.strong),
            What::Lead => {
                put_lead(scene, buffer, row, x, y, *width);
                x += *width as u16 + 1;
                continue;
            }
        };
        if column.what == What::Light && light < Light::Done {
            paint::fill(buffer, Rect::new(x, y, *width as u16, 1), style);
        }
        paint::put_cut(buffer, x, y, *width, &text, style);
        x += *width as u16 + 1;
    }
}

/// Makes a row the selected one: a mark before it, and a bar from the time left to the number, which is seen at once and
/// takes few bytes to move.
fn select(scene: Scene<'_>, buffer: &mut Buffer, columns: &[(&Column, usize)], y: u16) {
    let (theme, area) = (scene.theme, scene.area);
    let (mark, bar) = match scene.model.pane {
        Pane::List => (theme.strong, theme.selected),
        Pane::Detail => (theme.dim, theme.selected.add_modifier(Modifier::DIM)),
    };
    paint::put(buffer, area.x + 1, y, 1, scene.glyphs.selected, mark);
    let mut widths = columns.iter().map(|(_, width)| *width as u16 + 1);
    let from = area.x + MARGIN as u16 + widths.next().unwrap_or(0);
    let wide = widths.take(2).sum::<u16>().saturating_sub(1);
    paint::restyle(buffer, Rect::new(from, y, wide, 1), bar);
}

/// Whether a ticket still has to be sent somewhere: its suggestions are told.
pub(super) fn waits_for_dispatch(state: &State) -> bool {
    matches!(
        state,
        State::Registered | State::Filed | State::Coordinating
    )
}

/// Who has it; or, while it waits for its dispatch, who should.
fn put_lead(scene: Scene<'_>, buffer: &mut Buffer, row: &Row, x: u16, y: u16, width: usize) {
    let (model, theme) = (scene.model, scene.theme);
    let waits = waits_for_dispatch(&row.state);
    let claim = row.claim.as_ref().map(|c| {
        let who = words::person(model, &c.by);
        piece(format!("@{who} "), theme.heading)
    });
    let mut line: Vec<_> = claim.into_iter().collect();
    let whole = |lead: &str, before: &[Piece]| {
        let room = width.saturating_sub(paint::line_width(before));
        paint::cut(&words::department(model, lead), room).into_owned()
    };
    match (&row.lead, model.suggestions.get(&row.no)) {
        (Some(lead), _) if !waits => line.push(piece(whole(lead, &line), theme.text)),
        (_, Some(suggested)) if waits => {
            if let Some(first) = suggested.list.first() {
                let style = if suggested.sure {
                    theme.strong
                } else {
                    theme.dim
                };
                let share = format!(" {}", words::percent(first.permille));
                let taken = paint::line_width(&line);
                let room = width.saturating_sub(taken + 2 + share.len());
                let name = words::department(model, &first.code);
                let name = paint::cut(&name, room);
                line.push(piece(format!("1 {name}{share}"), style));
            }
        }
        (Some(lead), _) => line.push(piece(whole(lead, &line), theme.dim)),
        (None, _) => {}
    }
    paint::put_line(buffer, x, y, width, &line);
}

/// Urgency, secrecy, what waits, what happened: one short mark each.
fn flags(row: &Row, lang: Lang) -> String {
    let urgency = match row.urgency {
        Urgency::Normal => None,
        Urgency::Urgent => Some(say::FLAG_URGENT),
        Urgency::Critical => Some(say::FLAG_CRITICAL),
    };
    let mut marks: Vec<String> = urgency.map(|t| t.of(lang).to_owned()).into_iter().collect();
    if row.confidential {
        marks.push(say::FLAG_SECRET.of(lang).to_owned());
    }
    if row.false_closure {
        marks.push(say::FLAG_FALSE_CLOSURE.of(lang).to_owned());
    }
    for (n, text) in [
        (row.pending, say::FLAG_PENDING),
        (u32::from(row.supervision_level), say::FLAG_SUPERVISED),
        (row.returns, say::FLAG_RETURNS),
        (row.merged, say::FLAG_MERGED),
        (row.urges, say::FLAG_URGES),
        (row.supplements, say::FLAG_LETTERS),
    ] {
        if n > 0 {
            marks.push(format!("{}{n}", text.of(lang)));
        }
    }
    marks.join(match lang {
        Lang::Zh => "",
        Lang::En => " ",
    })
}
