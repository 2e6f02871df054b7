//! The dispatch picker: suggestions with what speaks for them, then every department.
//!
//! ```text
//! > typed
//! assisting: ...
//!   1 department 93%  14 of 15 in 30 days
//! > 2 department 5%
//!     department  code
//! what speaks for the one under the cursor
//! ```

use super::dialogs::{centred, frame, prompt, top};
use super::{Cursor, Scene, paint, words};
use crate::console::app::picker::{Line, Picker};
use crate::domain::ticket::LimitClass;
use crate::i18n::console as say;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The keys `1` to `5` take a suggestion at once.
const DIGITS: usize = 5;

/// Where to dispatch to.
pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer, picker: &Picker) -> Cursor {
    let (theme, lang) = (scene.theme, scene.lang);
    let inside = frame(scene, buffer, place(scene), &title(scene, picker));
    let hint = say::PICKER_HINT.of(lang);
    let cursor = Some(prompt(scene, buffer, inside, &picker.query, hint));
    let width = usize::from(inside.width);
    let mut y = inside.y + 1;
    if !picker.assisting.is_empty() {
        let codes = picker.assisting.iter();
        let names: Vec<String> = codes.map(|c| words::department(scene.model, c)).collect();
        let names = names.join(words::listed(lang));
        let text = words::named(lang, say::ASSISTING.of(lang), &names);
        paint::put_cut(buffer, inside.x, y, width, &text, theme.heading);
        y += 1;
    }
    if picker.lines.is_empty() {
        let text = say::NO_DEPARTMENT.of(lang);
        paint::put(buffer, inside.x, y + 1, width, text, theme.dim);
        return cursor;
    }
    // What speaks for a suggestion stands on a line of its own below the list.
    let height = usize::from(inside.bottom().saturating_sub(y + 2));
    let first = top(picker.cursor, height);
    for (at, line) in picker.lines.iter().enumerate().skip(first).take(height) {
        let on = picker.cursor == Some(at);
        let mark = if on { scene.glyphs.selected } else { " " };
        let style = if on { theme.selected } else { theme.text };
        let x = paint::put(buffer, inside.x, y, 2, mark, theme.strong);
        let text = told(scene, picker, line);
        paint::put_cut(buffer, x + 1, y, width.saturating_sub(2), &text, style);
        y += 1;
    }
    let why = evidence(scene, picker);
    let bottom = inside.bottom().saturating_sub(1);
    paint::put_cut(buffer, inside.x, bottom, width, &why, theme.dim);
    cursor
}

/// Beside the request where there is room, else in the middle.
fn place(scene: Scene<'_>) -> Rect {
    let (model, area) = (scene.model, scene.area);
    let beside = model.regions().beside(area.width);
    match beside.filter(|_| model.beside_picker().is_some()) {
        Some(beside) => Rect::new(beside.x, beside.y, beside.width, beside.height),
        None => centred(area, 90, area.height.saturating_sub(4).min(26)),
    }
}

fn title(scene: Scene<'_>, picker: &Picker) -> String {
    match picker.targets.as_slice() {
        [one] => {
            let what = say::PICKER_ONE.with(scene.lang, &[("no", &one.no)]);
            format!("{what} {}", one.title)
        }
        many => say::PICKER_MANY.with(scene.lang, &[("n", &many.len().to_string())]),
    }
}

fn told(scene: Scene<'_>, picker: &Picker, line: &Line) -> String {
    match line {
        Line::OwnFirst { sure, of } => {
            let values = [("sure", &*sure.to_string()), ("of", &of.to_string())];
            format!("1 {}", say::OWN_FIRST.with(scene.lang, &values))
        }
        Line::Department { code, suggestion } => department(scene, picker, code, *suggestion),
    }
}

fn department(scene: Scene<'_>, picker: &Picker, code: &str, suggestion: Option<usize>) -> String {
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
            let own = usize::from(matches!(picker.lines.first(), Some(Line::OwnFirst { .. })));
            let digit = at + 1 + own;
            // Only so many have a key.
            let key = if digit <= DIGITS {
                digit.to_string()
            } else {
                " ".to_owned()
            };
            let mut text = format!("{key} {name} {}", words::percent(found.permille));
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
fn leads(scene: Scene<'_>, picker: &Picker, on_list: &[LimitClass]) -> bool {
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
