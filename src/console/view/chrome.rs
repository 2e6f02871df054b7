//! What frames every screen: header, views, status line, keys.

use super::paint::{self, Line, piece};
use super::{Cursor, Scene, board, notices, origins, shift, statistics, words};
use crate::console::app::action::Action;
use crate::console::app::commands::Entry;
use crate::console::app::{Dialog, Model, Notice, Scope, Screen};
use crate::domain::light::Light;
use crate::domain::operator::Role;
use crate::domain::queue::View;
use crate::i18n::console as say;
use crate::i18n::words as terms;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::fmt::Write;

/// `fenbo 分拨 | red 12 yellow 31 green 204 ... 张三 分拨员 | 11-26 周一 14:32 | live`
pub(super) fn header(scene: Scene<'_>, buffer: &mut Buffer) {
    let (model, theme, lang, area) = (scene.model, scene.theme, scene.lang, scene.area);
    paint::fill(
        buffer,
        Rect::new(area.x, area.y, area.width, 1),
        theme.header,
    );
    let width = usize::from(area.width);
    let mut left: Line = vec![piece(
        " fenbo 分拨 ",
        theme.header.add_modifier(Modifier::BOLD),
    )];
    if let Some(counts) = &model.counts {
        for (light, n) in [
            (Light::Red, counts.red),
            (Light::Yellow, counts.yellow),
            (Light::Green, counts.green),
            (Light::Paused, counts.paused),
        ] {
            if n > 0 || light != Light::Paused {
                left.push(piece(" ", theme.header));
                let word = terms::light(light).of(lang);
                left.push(piece(format!(" {word} {n} "), theme.light(light)));
            }
        }
    }
    let used = paint::line_width(&left);
    paint::put_line(buffer, area.x, area.y, width, &left);
    let operator = &model.rules.operator;
    let role = Role::ALL
        .into_iter()
        .find(|r| operator.roles.has(*r))
        .map(|r| terms::role(r).of(lang))
        .unwrap_or_default();
    // In the order in which they are told, each with its rank: the least gives way first.
    let mut parts = vec![
        (2, format!("{} {role}", operator.name)),
        (4, words::clock(model)),
    ];
    if model.pinned {
        parts.push((5, say::PINNED.of(lang).to_owned()));
    }
    if model.read_only {
        parts.push((5, say::READ_ONLY_MARK.of(lang).to_owned()));
    }
    if model.mask {
        parts.push((3, say::MASK_MARK.of(lang).to_owned()));
    }
    parts.push((1, words::freshness(model)));
    let size =
        |parts: &[(u8, String)]| -> usize { parts.iter().map(|(_, p)| paint::width(p) + 3).sum() };
    while size(&parts) > width.saturating_sub(used + 2) + 2 {
        let Some(at) = (0..parts.len()).min_by_key(|at| parts[*at].0) else {
            break;
        };
        parts.remove(at);
    }
    let parts: Vec<String> = parts.into_iter().map(|(_, part)| part).collect();
    paint::put_right(buffer, area, area.y, &parts.join(" | "), theme.header);
}

/// ` 1 待分拨 38  2 在办 247 ...`; where there is little room only the shown view has its name.
pub(super) fn views(scene: Scene<'_>, buffer: &mut Buffer) {
    let area = scene.area;
    // So many views have their names; the others only their digit and count.
    let line = |named: usize| -> Line {
        View::ALL
            .iter()
            .enumerate()
            .flat_map(|(at, view)| {
                let on = *view == scene.model.shown_view();
                let mut text = format!(" {}", at + 1);
                let named = at < named || on;
                if named {
                    text.push(' ');
                    text.push_str(terms::view(*view).of(scene.lang));
                }
                if let Some(n) = view_count(scene.model, *view) {
                    _ = write!(text, "{}{n}", if named { " " } else { ":" });
                }
                text.push(' ');
                let style = if on {
                    scene.theme.tab
                } else {
                    scene.theme.text
                };
                [piece(text, style)]
            })
            .collect()
    };
    let fits = |line: &Line| paint::line_width(line) <= usize::from(area.width);
    let line = (0..=View::ALL.len())
        .rev()
        .map(line)
        .find(fits)
        .unwrap_or_default();
    paint::put_line(buffer, area.x, area.y + 1, usize::from(area.width), &line);
}

/// The filter while it is typed; else what was done or why not; else marks, filter and place.
pub(super) fn status(scene: Scene<'_>, buffer: &mut Buffer) -> Cursor {
    let model = scene.model;
    let y = scene.area.y + model.regions().status;
    if model.queue.editing {
        return Some(filter(scene, buffer, y));
    }
    match &model.notice {
        Some(notice) => said(scene, buffer, y, notice),
        None if model.is_list() => place(scene, buffer, y),
        None => hint(scene, buffer, y),
    }
    None
}

/// The filter that is typed, with how many it finds or what is wrong with it; the place of its caret.
fn filter(scene: Scene<'_>, buffer: &mut Buffer, y: u16) -> (u16, u16) {
    let (model, theme, lang, area) = (scene.model, scene.theme, scene.lang, scene.area);
    let width = usize::from(area.width);
    let queue = &model.queue;
    let prompt = format!(" {} / ", say::FILTER.of(lang));
    let x = paint::put(buffer, area.x, y, width, &prompt, theme.heading);
    let room = width.saturating_sub(usize::from(x - area.x) + 2);
    // A long line is shown from where its caret can be seen.
    let shown = paint::tail(queue.line.before_caret(), room.saturating_sub(1));
    let caret = paint::put(buffer, x, y, room, shown, theme.field);
    let end = paint::put(
        buffer,
        caret,
        y,
        room,
        queue.line.after_caret(),
        theme.field,
    );
    let (right, style) = match (&queue.problem, queue.total) {
        (Some(problem), _) => (
            notices::notice(model, &Notice::Filter(problem.clone())),
            theme.bad,
        ),
        (None, Some(n)) => (say::MATCHES.with(lang, &[("n", &n.to_string())]), theme.dim),
        (None, None) => (String::new(), theme.dim),
    };
    let left = usize::from(area.right().saturating_sub(end + 2));
    paint::put_right(buffer, area, y, &paint::cut(&right, left), style);
    (caret.min(area.right().saturating_sub(1)), y)
}

/// What was done, or why not, and what to do next. It is told whole: it rises over the lines above where it is long.
fn said(scene: Scene<'_>, buffer: &mut Buffer, y: u16, notice: &Notice) {
    let (theme, area) = (scene.theme, scene.area);
    let style = match notices::mood(notice) {
        Some(true) => theme.good,
        Some(false) => theme.bad,
        None => theme.strong,
    };
    let lines = lines_said(scene.model, notice, area.width);
    let width = usize::from(area.width).saturating_sub(2);
    let rises = u16::try_from(lines.len() - 1).unwrap_or_default();
    let top = y.saturating_sub(rises).max(area.y);
    paint::fill(
        buffer,
        Rect::new(area.x, top, area.width, y - top),
        theme.text,
    );
    for (y, line) in (top..=y).zip(&lines) {
        paint::put_cut(buffer, area.x + 1, y, width, line, style);
    }
}

/// A notice as it is told: in one line where it fits or would need very many, else in several.
fn lines_said(model: &Model, notice: &Notice, columns: u16) -> Vec<String> {
    let text = notices::notice(model, notice);
    let width = usize::from(columns).saturating_sub(2);
    if paint::width(&text) <= width {
        return vec![text];
    }
    let lines = paint::wrap(&text, width);
    if lines.len() > MOST_SAID {
        return vec![text];
    }
    lines
}

/// Lines that the status line rises to.
const MOST_SAID: usize = 4;

/// How many lines are told on the status line at the present width.
pub(super) fn status_lines(model: &Model) -> usize {
    let said = model.notice.as_ref().filter(|_| !model.queue.editing);
    said.map_or(1, |notice| lines_said(model, notice, model.size.0).len())
}

/// Marks, where the list came from and its filter; on the right the order and the place in it.
fn place(scene: Scene<'_>, buffer: &mut Buffer, y: u16) {
    let (model, theme, lang, area) = (scene.model, scene.theme, scene.lang, scene.area);
    let queue = &model.queue;
    let mut left = Vec::new();
    if !queue.marks.is_empty() {
        left.push(say::MARKED.with(lang, &[("n", &queue.marks.len().to_string())]));
    }
    if queue.range.is_some() {
        left.push(say::RANGE_ON.of(lang).to_owned());
    }
    if let Some(origin) = &queue.origin {
        left.push(origins::origin(model, origin));
    }
    if !queue.line.is_empty() {
        left.push(format!(
            "{} / {}",
            say::FILTER.of(lang),
            queue.line.as_str()
        ));
    }
    let place = queue.first.map(|f| f + queue.at as u64 + 1);
    let whole = || view_count(model, queue.view).filter(|_| queue.is_whole());
    let mut right = vec![terms::sort(queue.sort).of(lang).to_owned()];
    match (place, queue.total.or_else(whole)) {
        (Some(at), Some(of)) if !queue.rows.is_empty() => {
            right.push(say::PLACE.with(lang, &[("at", &at.to_string()), ("of", &of.to_string())]));
        }
        (_, Some(of)) => right.push(say::MATCHES.with(lang, &[("n", &of.to_string())])),
        (_, None) => {}
    }
    let x = paint::put_right(buffer, area, y, &right.join(" | "), theme.dim);
    let room = usize::from(x.saturating_sub(area.x + 2));
    paint::put_cut(buffer, area.x + 1, y, room, &left.join(" | "), theme.strong);
}

/// How many tickets a view has, where it is known.
fn view_count(model: &Model, view: View) -> Option<u64> {
    let at = View::ALL.iter().position(|v| *v == view)?;
    model.counts.as_ref()?.views.get(at).copied().flatten()
}

/// On a screen that is no list: what Enter opens, and the place.
fn hint(scene: Scene<'_>, buffer: &mut Buffer, y: u16) {
    let (model, theme, area) = (scene.model, scene.theme, scene.area);
    let (mark, (left, right)) = match model.screen() {
        Screen::Board => board::hint(model),
        Screen::Statistics => (None, statistics::hint(model)),
        Screen::Shift => (None, shift::hint(model)),
        Screen::List => return,
    };
    let width = usize::from(area.width);
    let mut x = area.x + 1;
    if let Some(mark) = mark {
        let style = theme.strong.add_modifier(Modifier::REVERSED);
        x = paint::put(buffer, x, y, width, mark, style) + 1;
    }
    let at = paint::put_right(buffer, area, y, &right, theme.dim);
    let room = usize::from(at.saturating_sub(x + 1));
    paint::put_cut(buffer, x, y, room, &left, theme.dim);
}

/// The keys that do something here and now, the most needed first.
pub(super) fn footer(scene: Scene<'_>, buffer: &mut Buffer) {
    let (model, area) = (scene.model, scene.area);
    let scope = model.scope();
    let is_ticket = scope == Scope::Queue
        && model.queue.selected().is_some()
        && (model.full || model.screen() == Screen::List);
    let mut entries: Vec<_> = model
        .commands
        .entries()
        .iter()
        .filter(|e| e.footer > 0 && !e.chords.is_empty())
        .filter(|e| e.scope == scope || (e.scope == Scope::Everywhere && !scope.takes_text()))
        .filter(|e| model.available(e).is_ok())
        .collect();
    entries.sort_by_key(|e| e.footer);
    // What can be done to the ticket has a room of its own, so that the other keys stay where they are from row to row.
    let (acts, others): (Vec<_>, Vec<_>) = entries
        .into_iter()
        .partition(|e| is_ticket && (e.act.is_some() || e.action == Action::Decide));
    let room = match area.width {
        _ if !is_ticket => 0,
        110.. => 30,
        _ => 24,
    };
    let mut x = area.x + 1;
    if model.is_list() && model.queue.origin.is_some() {
        // A list that was entered says first how it is left.
        let back = model.commands.entries().iter().find(|e| e.id == "back");
        x = keys(scene, buffer, (x, area.right()), back.as_slice());
    }
    keys(scene, buffer, (x, x + room), &acts);
    keys(scene, buffer, (x + room, area.right()), &others);
}

/// Keys with their labels from one column up to another, as many as fit; the column after them.
fn keys(
    scene: Scene<'_>,
    buffer: &mut Buffer,
    (mut x, end): (u16, u16),
    entries: &[&Entry],
) -> u16 {
    let model = scene.model;
    let y = scene.area.y + model.regions().footer;
    let picker_digits = matches!(model.dialogs.last(), Some(Dialog::Picker(_)));
    for entry in entries {
        let Some(chord) = entry.chords.first() else {
            continue;
        };
        let (key, label) = if picker_digits && entry.id == "take-1" {
            ("1-5".to_owned(), say::TAKE_SUGGESTED.of(scene.lang))
        } else {
            (chord.to_string(), entry.label(model.language))
        };
        let columns = (paint::width(&key) + paint::width(label) + 1) as u16;
        if x + columns >= end {
            break;
        }
        x = paint::put(buffer, x, y, 99, &key, scene.theme.key);
        x = paint::put(buffer, x + 1, y, 99, label, scene.theme.text) + 2;
    }
    x
}
