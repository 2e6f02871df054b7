//! Screens without tickets: the greeting of an empty store, and the notice of a window too small.

use super::Scene;
use super::paint;
use crate::i18n::console as say;
use ratatui::buffer::Buffer;

/// An empty store: what to press.
pub(super) fn greeting(scene: Scene<'_>, buffer: &mut Buffer) {
    let (theme, area) = (scene.theme, scene.area);
    let lines = [
        (say::GREETING_1, theme.heading),
        (say::GREETING_2, theme.text),
        (say::GREETING_3, theme.strong),
        (say::GREETING_4, theme.strong),
        (say::GREETING_5, theme.text),
    ];
    for (at, (text, style)) in lines.into_iter().enumerate() {
        let y = area.y + 4 + at as u16 + u16::from(at > 0) + u16::from(at > 3);
        paint::put(
            buffer,
            area.x + 4,
            y,
            usize::from(area.width) - 4,
            text.of(scene.lang),
            style,
        );
    }
}

/// Both languages: nobody can be asked here which one it is.
pub(super) fn too_small(scene: Scene<'_>, buffer: &mut Buffer) {
    let area = scene.area;
    let width = usize::from(area.width);
    for (at, text) in [say::TOO_SMALL.zh, say::TOO_SMALL.en]
        .into_iter()
        .enumerate()
    {
        for (line, text) in paint::wrap(text, width.max(2)).iter().enumerate() {
            let y = area.y + (at * 3 + line) as u16;
            if y < area.bottom() {
                paint::put(buffer, area.x, y, width, text, scene.theme.strong);
            }
        }
    }
}
