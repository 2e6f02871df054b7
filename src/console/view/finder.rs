//! Palette, list of acts, and help: commands with their keys.

use super::dialogs::{centred, frame, prompt, top};
use super::{Cursor, Scene, notices, paint};
use crate::console::app::commands::Entry;
use crate::console::app::finder::{Finder, Kind};
use crate::i18n::console as say;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Commands with their keys, and why one cannot be run now.
pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer, finder: &Finder) -> Cursor {
    let (model, theme) = (scene.model, scene.theme);
    let title = match finder.kind {
        Kind::Palette => say::PALETTE,
        Kind::Acts => say::ACTS,
        Kind::Help(_) => say::HELP,
    };
    let place = centred(scene.area, 100, scene.area.height.saturating_sub(4));
    let inside = frame(scene, buffer, place, title.of(scene.lang));
    let cursor = Some(prompt(scene, buffer, inside, &finder.query, ""));
    let width = usize::from(inside.width);
    if finder.found.is_empty() {
        let text = say::NO_COMMAND.of(scene.lang);
        paint::put(buffer, inside.x, inside.y + 2, width, text, theme.dim);
        return cursor;
    }
    let height = usize::from(inside.height.saturating_sub(1));
    let first = top(finder.cursor, height);
    let entries = model.commands.entries();
    let shown = finder.found.iter().enumerate().skip(first).take(height);
    for ((at, place), y) in shown.zip(inside.y + 1..) {
        if let Some(entry) = entries.get(*place) {
            let on = finder.cursor == Some(at);
            row(scene, buffer, (inside, y), finder.kind, entry, on);
        }
    }
    cursor
}

/// A command's keys, its name, and its sentence; or why it cannot be run now, which in the help is only dimmed.
fn row(
    scene: Scene<'_>,
    buffer: &mut Buffer,
    (inside, y): (Rect, u16),
    kind: Kind,
    entry: &Entry,
    on: bool,
) {
    let (model, theme) = (scene.model, scene.theme);
    let blocked = model.available(entry).err();
    let keys: Vec<String> = entry.chords.iter().map(ToString::to_string).collect();
    let mark = if on { scene.glyphs.selected } else { " " };
    paint::put(buffer, inside.x, y, 1, mark, theme.strong);
    paint::put_cut(buffer, inside.x + 2, y, 12, &keys.join(" "), theme.key);
    let name = if on {
        theme.selected
    } else if blocked.is_some() {
        theme.dim
    } else {
        theme.strong
    };
    let label = entry.label(model.language);
    paint::put_cut(buffer, inside.x + 15, y, 19, label, name);
    let (text, style) = match blocked {
        Some(_) if matches!(kind, Kind::Help(_)) => {
            (entry.help(model.language).to_owned(), theme.dim)
        }
        Some(blocked) => (notices::blocked(model, &blocked), theme.dim),
        None => (entry.help(model.language).to_owned(), theme.text),
    };
    let room = usize::from(inside.width).saturating_sub(36);
    paint::put_cut(buffer, inside.x + 36, y, room, &text, style);
}
