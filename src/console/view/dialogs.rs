//! What dialogs have in common: place and frame, the line that is typed into, buttons.

use super::Scene;
use super::paint::{self, Piece, piece};
use crate::console::app::text::Text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A dialog's place: in the middle, within the screen.
pub(super) fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width.saturating_sub(2));
    let height = height.min(area.height.saturating_sub(2));
    Rect::new(
        area.x + (area.width - width) / 2,
        area.y + (area.height - height) / 2,
        width,
        height,
    )
}

/// A dialog's frame on cleared ground; gives the area inside.
pub(super) fn frame(scene: Scene<'_>, buffer: &mut Buffer, place: Rect, title: &str) -> Rect {
    let looks = (scene.theme.text, scene.theme.border, scene.theme.heading);
    paint::frame(buffer, place, title, looks, scene.glyphs)
}

/// The line that is typed into, with its caret.
pub(super) fn prompt(
    scene: Scene<'_>,
    buffer: &mut Buffer,
    inside: Rect,
    text: &Text,
    hint: &str,
) -> (u16, u16) {
    let (theme, y) = (scene.theme, inside.y);
    let width = usize::from(inside.width);
    let x = paint::put(buffer, inside.x, y, width, "> ", theme.heading);
    if text.is_empty() {
        paint::put(buffer, x + 1, y, width.saturating_sub(3), hint, theme.dim);
    }
    let shown = paint::tail(text.before_caret(), width.saturating_sub(4));
    let caret = paint::put(buffer, x, y, width, shown, theme.strong);
    let room = usize::from(inside.right().saturating_sub(caret));
    paint::put(buffer, caret, y, room, text.after_caret(), theme.strong);
    (caret, y)
}

/// The first line of a list so that the cursor is seen.
pub(super) fn top(cursor: Option<usize>, height: usize) -> usize {
    cursor.map_or(0, |at| (at + 1).saturating_sub(height.max(1)))
}

/// A button; the one that Enter presses stands out.
pub(super) fn button(scene: Scene<'_>, label: &str, on: bool) -> Piece {
    let style = if on {
        scene.theme.selected
    } else {
        scene.theme.text
    };
    piece(format!("[ {label} ]"), style)
}
