//! Screens that are no list: the figures of this moment, the shift, the greeting, and the notice of a window too small.

use super::paint::{self, piece};
use super::{Scene, words};
use crate::domain::light::Light;
use crate::domain::queue::View;
use crate::i18n::console as say;
use crate::i18n::words as terms;
use ratatui::buffer::Buffer;

/// The screen of a view that is no list.
pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer) {
    match scene.model.queue.view {
        View::Statistics => statistics(scene, buffer),
        View::Shift => shift(scene, buffer),
        View::Desk
        | View::Open
        | View::RedYellow
        | View::Decisions
        | View::Review
        | View::Supervision
        | View::All => {}
    }
}

/// Bars of what is open by light, and of what waits in each view.
fn statistics(scene: Scene<'_>, buffer: &mut Buffer) {
    let Scene {
        model,
        theme,
        glyphs,
        area,
    } = scene;
    let lang = words::lang(model);
    let Some(counts) = &model.counts else {
        return;
    };
    let lights = [
        (Light::Red, counts.red),
        (Light::Yellow, counts.yellow),
        (Light::Green, counts.green),
        (Light::Paused, counts.paused),
    ];
    let views: Vec<(View, u64)> = View::ALL
        .iter()
        .zip(&counts.views)
        .filter_map(|(v, n)| Some((*v, (*n)?)))
        .collect();
    let most = lights
        .iter()
        .map(|(_, n)| *n)
        .chain(views.iter().map(|(_, n)| *n))
        .max()
        .unwrap_or(0)
        .max(1);
    let room = u64::from(area.width.saturating_sub(40));
    let bar = |n: u64| glyphs.bar.repeat((n * room).div_ceil(most) as usize);
    let width = usize::from(area.width);
    let mut y = area.y + 3;
    paint::put(
        buffer,
        area.x + 2,
        y,
        width,
        say::STAT_NOW.of(lang),
        theme.heading,
    );
    y += 1;
    for (light, n) in lights {
        let line = [
            piece(format!("{:<10}", ""), theme.text),
            piece(format!("{n:>8}  "), theme.strong),
            piece(bar(n), theme.text),
        ];
        let word = words::badge(light, lang);
        paint::put_line(buffer, area.x + 4, y, width, &line);
        paint::put(buffer, area.x + 4, y, 10, &word, theme.light(light));
        y += 1;
    }
    y += 1;
    paint::put(
        buffer,
        area.x + 2,
        y,
        width,
        say::STAT_VIEWS.of(lang),
        theme.heading,
    );
    for (view, n) in views {
        y += 1;
        if y + 2 >= area.bottom() {
            break;
        }
        paint::put(
            buffer,
            area.x + 4,
            y,
            12,
            terms::view(view).of(lang),
            theme.text,
        );
        let line = [
            piece(format!("{n:>8}  "), theme.strong),
            piece(bar(n), theme.text),
        ];
        paint::put_line(buffer, area.x + 14, y, width.saturating_sub(16), &line);
    }
}

/// What was done in this session, and what is left for the next shift.
fn shift(scene: Scene<'_>, buffer: &mut Buffer) {
    let Scene {
        model, theme, area, ..
    } = scene;
    let lang = words::lang(model);
    let width = usize::from(area.width);
    let from = words::moment(model, model.since);
    let mut y = area.y + 3;
    let heading = say::SHIFT_DONE.with(lang, &[("from", &from)]);
    paint::put(buffer, area.x + 2, y, width, &heading, theme.heading);
    if model.session.is_empty() {
        y += 1;
        paint::put(
            buffer,
            area.x + 4,
            y,
            width,
            say::SHIFT_NONE.of(lang),
            theme.dim,
        );
    }
    for (act, n) in &model.session {
        y += 1;
        if y + 8 >= area.bottom() {
            break;
        }
        paint::put(
            buffer,
            area.x + 4,
            y,
            24,
            words::act(*act, lang),
            theme.text,
        );
        paint::put(
            buffer,
            area.x + 28,
            y,
            width,
            &format!("{n:>6}"),
            theme.strong,
        );
    }
    y += 2;
    paint::put(
        buffer,
        area.x + 2,
        y,
        width,
        say::SHIFT_LEFT.of(lang),
        theme.heading,
    );
    let Some(counts) = &model.counts else {
        return;
    };
    let number = |n: u64| n.to_string();
    let (red, yellow, green, paused) = (
        number(counts.red),
        number(counts.yellow),
        number(counts.green),
        number(counts.paused),
    );
    let line = say::OPEN_BY_LIGHT.with(
        lang,
        &[
            ("red", &red),
            ("yellow", &yellow),
            ("green", &green),
            ("paused", &paused),
        ],
    );
    paint::put(buffer, area.x + 4, y + 1, width, &line, theme.text);
    for (at, view) in [View::Desk, View::Decisions, View::Review, View::Supervision]
        .into_iter()
        .enumerate()
    {
        let place = View::ALL.iter().position(|v| *v == view);
        let n = place
            .and_then(|p| counts.views.get(p).copied().flatten())
            .unwrap_or(0);
        let row = y + 2 + at as u16;
        if row + 2 >= area.bottom() {
            break;
        }
        paint::put(
            buffer,
            area.x + 4,
            row,
            24,
            terms::view(view).of(lang),
            theme.text,
        );
        paint::put(
            buffer,
            area.x + 28,
            row,
            width,
            &format!("{n:>6}"),
            theme.strong,
        );
    }
}

/// An empty store: what to press.
pub(super) fn greeting(scene: Scene<'_>, buffer: &mut Buffer) {
    let Scene {
        model, theme, area, ..
    } = scene;
    let lang = words::lang(model);
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
            text.of(lang),
            style,
        );
    }
}

/// Both languages: nobody can be asked here which one it is.
pub(super) fn too_small(scene: Scene<'_>, buffer: &mut Buffer) {
    let Scene { theme, area, .. } = scene;
    let width = usize::from(area.width);
    for (at, text) in [say::TOO_SMALL.zh, say::TOO_SMALL.en]
        .into_iter()
        .enumerate()
    {
        for (line, text) in paint::wrap(text, width.max(2)).iter().enumerate() {
            let y = area.y + (at * 3 + line) as u16;
            if y < area.bottom() {
                paint::put(buffer, area.x, y, width, text, theme.strong);
            }
        }
    }
}
