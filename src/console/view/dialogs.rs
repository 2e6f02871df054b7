//! Picker, summary, palette and help.

use super::paint::{self, piece};
use super::{Cursor, Scene, notices, words};
use crate::console::app::finder::{Finder, Kind};
use crate::console::app::picker::{Line, Picker};
use crate::console::app::summary::Summary;
use crate::console::app::text::Text;
use crate::domain::act::Act;
use crate::i18n::console as say;
use crate::i18n::words as terms;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

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

/// The frame's looks.
pub(super) fn looks(scene: Scene<'_>) -> (Style, Style, Style) {
    (scene.theme.text, scene.theme.border, scene.theme.heading)
}

/// The line that is typed into, with its caret.
fn prompt(
    scene: Scene<'_>,
    buffer: &mut Buffer,
    inside: Rect,
    text: &Text,
    hint: &str,
) -> (u16, u16) {
    let theme = scene.theme;
    let width = usize::from(inside.width);
    let x = paint::put(buffer, inside.x, inside.y, width, "> ", theme.heading);
    if text.is_empty() {
        paint::put(
            buffer,
            x + 1,
            inside.y,
            width.saturating_sub(3),
            hint,
            theme.dim,
        );
    }
    let shown = paint::tail(text.before_caret(), width.saturating_sub(4));
    let caret = paint::put(buffer, x, inside.y, width, shown, theme.strong);
    let room = usize::from(inside.right().saturating_sub(caret));
    paint::put(
        buffer,
        caret,
        inside.y,
        room,
        text.after_caret(),
        theme.strong,
    );
    (caret, inside.y)
}

/// The first line of a list so that the cursor is seen.
fn top(cursor: Option<usize>, height: usize) -> usize {
    cursor.map_or(0, |at| (at + 1).saturating_sub(height.max(1)))
}

/// Where to dispatch to: suggestions with what speaks for them, then every department.
pub(super) fn picker(scene: Scene<'_>, buffer: &mut Buffer, picker: &Picker) -> Cursor {
    let (model, theme, lang, area) = (scene.model, scene.theme, scene.lang, scene.area);
    let title = match picker.targets.as_slice() {
        [one] => format!(
            "{} {}",
            say::PICKER_ONE.with(lang, &[("no", &one.no)]),
            one.title
        ),
        many => say::PICKER_MANY.with(lang, &[("n", &many.len().to_string())]),
    };
    let beside = model.regions().beside(area.width);
    let place = match beside.filter(|_| model.beside_picker().is_some()) {
        Some(beside) => Rect::new(beside.x, beside.y, beside.width, beside.height),
        None => centred(area, 90, area.height.saturating_sub(4).min(26)),
    };
    let inside = paint::frame(buffer, place, &title, looks(scene), scene.glyphs);
    let cursor = Some(prompt(
        scene,
        buffer,
        inside,
        &picker.query,
        say::PICKER_HINT.of(lang),
    ));
    let width = usize::from(inside.width);
    let mut y = inside.y + 1;
    if !picker.assisting.is_empty() {
        let names: Vec<String> = picker
            .assisting
            .iter()
            .map(|c| words::department(model, c))
            .collect();
        let text = format!("{}: {}", say::ASSISTING.of(lang), names.join(", "));
        paint::put_cut(buffer, inside.x, y, width, &text, theme.heading);
        y += 1;
    }
    if picker.lines.is_empty() {
        paint::put(
            buffer,
            inside.x,
            y + 1,
            width,
            say::NO_DEPARTMENT.of(lang),
            theme.dim,
        );
        return cursor;
    }
    // What speaks for a suggestion stands on a line of its own below the list.
    let height = usize::from(inside.bottom().saturating_sub(y + 2));
    let first = top(picker.cursor, height);
    for (at, line) in picker.lines.iter().enumerate().skip(first).take(height) {
        let on = picker.cursor == Some(at);
        let mark = if on { scene.glyphs.selected } else { " " };
        let style = if on { theme.selected } else { theme.text };
        let text = match line {
            Line::OwnFirst { sure, of } => {
                let text = say::OWN_FIRST.with(
                    lang,
                    &[("sure", &sure.to_string()), ("of", &of.to_string())],
                );
                format!("1 {text}")
            }
            Line::Department { code, suggestion } => {
                department_line(scene, picker, code, *suggestion)
            }
        };
        let x = paint::put(buffer, inside.x, y, 2, mark, theme.strong);
        paint::put_cut(buffer, x + 1, y, width - 2, &text, style);
        y += 1;
    }
    let why = evidence(scene, picker);
    paint::put_cut(
        buffer,
        inside.x,
        inside.bottom() - 1,
        width,
        &why,
        theme.dim,
    );
    cursor
}

fn department_line(
    scene: Scene<'_>,
    picker: &Picker,
    code: &str,
    suggestion: Option<usize>,
) -> String {
    let lang = scene.lang;
    let name = words::department(scene.model, code);
    let assists = if picker.assisting.iter().any(|a| a == code) {
        format!("  [{}]", say::ASSISTING.of(lang))
    } else {
        String::new()
    };
    let offered = suggestion.and_then(|at| {
        let found = picker.suggested.as_ref()?.list.get(at)?;
        Some((at, found))
    });
    match offered {
        Some((at, found)) if picker.query.is_empty() => {
            // The first digit of a batch may be "each to its own".
            let digit =
                at + 1 + usize::from(matches!(picker.lines.first(), Some(Line::OwnFirst { .. })));
            let mut text = format!("{digit} {name} {}", words::percent(found.permille));
            if let Some(support) = found.support {
                text.push_str("  ");
                text.push_str(&words::support(support, lang));
            }
            text + &assists
        }
        _ => {
            let restricted = scene
                .model
                .rules
                .book
                .directory
                .department(code)
                .is_some_and(|d| !d.leads_only.is_empty() && !leads(scene, picker, &d.leads_only));
            let warning = if restricted {
                format!("  ! {}", say::NOT_ON_LIST.of(lang))
            } else {
                String::new()
            };
            format!("  {name}  {code}{assists}{warning}")
        }
    }
}

/// Whether the ticket's class is on a department's list.
fn leads(scene: Scene<'_>, picker: &Picker, on_list: &[crate::domain::ticket::LimitClass]) -> bool {
    let row = picker
        .targets
        .first()
        .and_then(|t| scene.model.queue.row(&t.no));
    let class = row.and_then(|row| row.limit_class);
    class.is_none_or(|c| on_list.contains(&c))
}

/// The past tickets that speak for the suggestion under the cursor, or for the first.
fn evidence(scene: Scene<'_>, picker: &Picker) -> String {
    let Some(suggested) = &picker.suggested else {
        let waits = picker.targets.len() == 1;
        return if waits {
            say::SUGGESTING.of(scene.lang).to_owned()
        } else {
            String::new()
        };
    };
    let at = match picker.under_cursor() {
        Some(Line::Department { suggestion, .. }) => *suggestion,
        Some(Line::OwnFirst { .. }) => None,
        None => Some(0),
    };
    let Some(found) = at.and_then(|at| suggested.list.get(at)) else {
        return String::new();
    };
    words::evidence_list(found, usize::MAX, scene.lang)
}

/// What is about to be done, one verdict a line; "leave" is marked at first.
pub(super) fn summary(scene: Scene<'_>, buffer: &mut Buffer, summary: &Summary) -> Cursor {
    let (theme, lang) = (scene.theme, scene.lang);
    let kind = summary.items.first().map(|i| i.act.kind());
    let n = summary.items.len().to_string();
    let act = kind.map_or("", |k| terms::act(k).of(lang));
    let title = say::SUMMARY.with(lang, &[("act", act), ("n", &n)]);
    let place = centred(scene.area, 100, (summary.items.len() + 6) as u16);
    let inside = paint::frame(buffer, place, &title, looks(scene), scene.glyphs);
    let width = usize::from(inside.width);
    let height = usize::from(inside.height.saturating_sub(3));
    for (line, item) in summary
        .items
        .iter()
        .skip(summary.top)
        .take(height)
        .enumerate()
    {
        let y = inside.y + line as u16;
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
        let room = width.saturating_sub(15);
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
    let button = |on: bool| if on { theme.selected } else { theme.text };
    let line = [
        piece(
            format!("[ {} ]", say::CANCEL.of(lang)),
            button(!summary.confirm),
        ),
        piece("   ", theme.text),
        piece(
            format!(
                "[ {} ]",
                say::CONFIRM.with(lang, &[("n", &allowed.to_string())])
            ),
            button(summary.confirm),
        ),
        piece("  y", theme.key),
    ];
    paint::put_line(buffer, inside.x, y + 1, width, &line);
    None
}

/// Commands with their keys, and why one cannot be run now.
pub(super) fn finder(scene: Scene<'_>, buffer: &mut Buffer, finder: &Finder) -> Cursor {
    let (model, theme) = (scene.model, scene.theme);
    let title = match finder.kind {
        Kind::Palette => say::PALETTE,
        Kind::Acts => say::ACTS,
        Kind::Help(_) => say::HELP,
    };
    let place = centred(scene.area, 100, scene.area.height.saturating_sub(4));
    let inside = paint::frame(
        buffer,
        place,
        title.of(scene.lang),
        looks(scene),
        scene.glyphs,
    );
    let cursor = Some(prompt(scene, buffer, inside, &finder.query, ""));
    let width = usize::from(inside.width);
    if finder.found.is_empty() {
        paint::put(
            buffer,
            inside.x,
            inside.y + 2,
            width,
            say::NO_COMMAND.of(scene.lang),
            theme.dim,
        );
        return cursor;
    }
    let height = usize::from(inside.height.saturating_sub(1));
    let first = top(finder.cursor, height);
    let entries = model.commands.entries();
    for (line, (at, place)) in finder
        .found
        .iter()
        .enumerate()
        .skip(first)
        .take(height)
        .enumerate()
    {
        let Some(entry) = entries.get(*place) else {
            continue;
        };
        let y = inside.y + 1 + line as u16;
        let on = finder.cursor == Some(at);
        let blocked = model.available(entry).err();
        let keys: Vec<String> = entry.chords.iter().map(|c| c.to_string()).collect();
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
            Some(_) if matches!(finder.kind, Kind::Help(_)) => {
                (entry.help(model.language).to_owned(), theme.dim)
            }
            Some(blocked) => (notices::blocked(model, &blocked), theme.dim),
            None => (entry.help(model.language).to_owned(), theme.text),
        };
        let room = width.saturating_sub(36);
        paint::put_cut(buffer, inside.x + 36, y, room, &text, style);
    }
    cursor
}
