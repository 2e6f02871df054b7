//! The summary before acts: what is about to be done, one verdict a line, and the buttons.

use super::dialogs::{button, centred, frame};
use super::paint::{self, piece};
use super::{Cursor, Scene, notices, words};
use crate::console::app::summary::{Item, Summary};
use crate::domain::act::Act;
use crate::i18n::console as say;
use crate::i18n::words as terms;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What is about to be done, one verdict a line; "leave" is marked at first.
pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer, summary: &Summary) -> Cursor {
    let (theme, lang) = (scene.theme, scene.lang);
    let kind = summary.items.first().map(|i| i.act.kind());
    let n = summary.items.len().to_string();
    let act = kind.map_or("", |k| terms::act(k).of(lang));
    let title = say::SUMMARY.with(lang, &[("act", act), ("n", &n)]);
    let place = centred(scene.area, 100, (summary.items.len() + 6) as u16);
    let inside = frame(scene, buffer, place, &title);
    let width = usize::from(inside.width);
    let height = usize::from(inside.height.saturating_sub(3));
    let shown = summary.items.iter().skip(summary.top).take(height);
    for (item, y) in shown.zip(inside.y..) {
        row(scene, buffer, (inside, y), item);
    }
    let y = inside.bottom().saturating_sub(2);
    let allowed = summary.allowed();
    if summary.is_ready() {
        let (yes, no) = (
            allowed.to_string(),
            (summary.items.len() - allowed).to_string(),
        );
        let text = say::SUMMARY_COUNTS.with(lang, &[("yes", &yes), ("no", &no)]);
        paint::put(buffer, inside.x, y, width, &text, theme.strong);
    }
    let confirm = say::CONFIRM.with(lang, &[("n", &allowed.to_string())]);
    let line = [
        button(scene, say::CANCEL.of(lang), !summary.confirm),
        piece("   ", theme.text),
        button(scene, &confirm, summary.confirm),
        piece("  y", theme.key),
    ];
    paint::put_line(buffer, inside.x, y + 1, width, &line);
    None
}

/// A ticket, what is to be done to it, and its verdict.
fn row(scene: Scene<'_>, buffer: &mut Buffer, (inside, y): (Rect, u16), item: &Item) {
    let (theme, lang) = (scene.theme, scene.lang);
    let to = match &item.act {
        Act::Dispatch { lead, .. } => format!("-> {}", words::department(scene.model, lead)),
        Act::Merge { into } => format!("-> {into}"),
        _ => String::new(),
    };
    let to = match &item.first {
        Some(first) => format!("+ {} {to}", terms::act(first.kind()).of(lang)),
        None => to,
    };
    let (verdict, style) = match &item.verdict {
        None => (say::CHECKING.of(lang).to_owned(), theme.dim),
        Some(Ok(())) => (format!("+ {}", say::ALLOWED.of(lang)), theme.good),
        Some(Err(refused)) => (
            format!("x {}", notices::why_not(scene.model, refused)),
            theme.bad,
        ),
    };
    let no = paint::tail(&item.target.no, 13);
    let mut x = paint::put(buffer, inside.x, y, 13, no, theme.text).max(inside.x + 13) + 1;
    let room = usize::from(inside.width).saturating_sub(15);
    // A refusal needs the room; an allowed one shows what and where to.
    let words_room = match item.verdict {
        Some(Err(_)) => room / 4,
        _ => room.saturating_sub(paint::width(&verdict) + 2),
    };
    let middle = format!("{} {to}", item.target.title);
    paint::put_cut(buffer, x, y, words_room, &middle, theme.text);
    x += words_room as u16 + 1;
    let rest = usize::from(inside.right().saturating_sub(x));
    paint::put_cut(buffer, x, y, rest, &verdict, style);
}
