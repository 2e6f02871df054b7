//! The shift sheet: who signed it over to whom, what cannot wait, what turned, what is promised, notes; every line opens.

use super::paint::{self, Line as Pieces, fit, piece, right};
use super::{Scene, words};
use crate::console::app::shift::{Line, lines};
use crate::console::app::{Action, Model};
use crate::domain::event::Event;
use crate::domain::light::Light;
use crate::domain::queue::Row;
use crate::domain::shift::{Part, Sheet};
use crate::domain::ticket::Urgency;
use crate::i18n::boards as say;
use crate::i18n::console::{FLAG_CRITICAL, FLAG_URGENT};
use crate::i18n::handover;
use crate::i18n::words as terms;
use ratatui::buffer::Buffer;

pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer) {
    let (model, theme, area) = (scene.model, scene.theme, scene.area);
    let width = usize::from(area.width);
    let Some(sheet) = &model.shift.sheet else {
        let text = say::COMPUTING.of(scene.lang);
        paint::put(buffer, area.x + 2, area.y + 3, width, text, theme.dim);
        return;
    };
    heading(scene, buffer, sheet);
    let (top, height) = (model.shift.top, model.shift_height());
    for (at, line) in lines(sheet).into_iter().enumerate().skip(top).take(height) {
        let y = area.y + 5 + (at - top) as u16;
        let selected = at == model.shift.at;
        let mark = if selected { scene.glyphs.selected } else { " " };
        paint::put(buffer, area.x, y, 1, mark, theme.strong);
        let mut pieces = pieces(scene, sheet, line, width.saturating_sub(2));
        if selected && let Some(first) = pieces.iter_mut().find(|p| !p.text.trim().is_empty()) {
            first.style = theme.selected;
        }
        paint::put_line(buffer, area.x + 2, y, width.saturating_sub(2), &pieces);
    }
}

/// From when to when, the handover before and what it left, when the offices open.
fn heading(scene: Scene<'_>, buffer: &mut Buffer, sheet: &Sheet) {
    let (model, theme, lang, area) = (scene.model, scene.theme, scene.lang, scene.area);
    let width = usize::from(area.width).saturating_sub(2);
    let at = |at| words::moment(model, at);
    let span = [("since", &*at(sheet.since)), ("until", &at(sheet.until))];
    let mut first = handover::SHEET.with(lang, &span);
    first.push_str("  ");
    first.push_str(&match sheet.opens {
        Some(opens) => handover::OPENS.with(lang, &[("at", &at(opens))]),
        None => handover::OPENS_UNKNOWN.of(lang).to_owned(),
    });
    let first = paint::cut(&first, width);
    paint::put(buffer, area.x + 1, area.y + 2, width, &first, theme.heading);
    let (second, style) = match &sheet.last {
        None => {
            let key = words::key_of(model, Action::HandOver);
            (say::NO_HANDOVER.with(lang, &[("key", &key)]), theme.dim)
        }
        Some(signed) if signed.may_confirm(&model.rules.operator.code).is_ok() => {
            let (from, key) = (
                words::person(model, &signed.from),
                words::key_of(model, Action::TakeOver),
            );
            let values = [("from", from), ("key", &key)];
            (say::TAKE.with(lang, &values), theme.good)
        }
        Some(signed) => {
            let (from, to) = (
                words::person(model, &signed.from),
                words::person(model, &signed.to),
            );
            let values = [("at", &*at(signed.at)), ("from", from), ("to", to)];
            let mut text = handover::LAST.with(lang, &values);
            if let Some(holder) = &signed.instead_of {
                let values = [("holder", words::person(model, holder))];
                text.push_str(&handover::INSTEAD.with(lang, &values));
            }
            text.push_str(&match signed.confirmed_at {
                Some(when) => handover::CONFIRMED.with(lang, &[("at", &at(when))]),
                None => handover::UNCONFIRMED.with(lang, &values),
            });
            (text, theme.text)
        }
    };
    paint::put(buffer, area.x + 1, area.y + 3, width, &second, style);
    if let Some(signed) = sheet.last.as_ref().filter(|s| !s.note.is_empty()) {
        let text = handover::LEFT.with(lang, &[("note", &signed.note)]);
        let text = paint::cut(&text, width);
        paint::put(buffer, area.x + 1, area.y + 4, width, &text, theme.strong);
    }
}

fn pieces(scene: Scene<'_>, sheet: &Sheet, line: Line, width: usize) -> Pieces {
    let (theme, lang) = (scene.theme, scene.lang);
    let headed = |what: &str, n: u64| {
        let style = if n == 0 { theme.dim } else { theme.heading };
        let values = [("what", what), ("n", &*n.to_string())];
        vec![piece(say::HEADING.with(lang, &values), style)]
    };
    match line {
        Line::Heading(part) => headed(handover::part(part).of(lang), sheet.part(part).total),
        Line::Notes => headed(handover::NOTES.of(lang), sheet.notes.len() as u64),
        Line::More(_, n) => {
            let text = say::MORE.with(lang, &[("n", &n.to_string())]);
            vec![piece("  ", theme.text), piece(text, theme.dim)]
        }
        Line::Ticket(part, at) => match sheet.part(part).rows.get(at) {
            Some(row) => ticket(scene, sheet, (part, row), width),
            None => Pieces::new(),
        },
        Line::Note(at) => {
            let Some(note) = sheet.notes.get(at) else {
                return Pieces::new();
            };
            let words = match &note.event {
                Event::Noted { text } => text.as_str(),
                _ => "",
            };
            let who = words::person(scene.model, &note.by);
            let text = format!("{} {who}  {words}", words::moment(scene.model, note.at));
            let nos = sheet.notes.iter().map(|note| &*note.no);
            let number = words::number_columns(scene.model, nos);
            let room = width.saturating_sub(2 + number + 2);
            vec![
                piece("  ", theme.text),
                piece(paint::tail(&note.no, number), theme.text),
                piece(format!("  {}", paint::cut(&text, room)), theme.text),
            ]
        }
    }
}

/// Light, number, time left, state, title; who has claimed it, or who leads.
fn ticket(scene: Scene<'_>, sheet: &Sheet, (part, row): (Part, &Row), width: usize) -> Pieces {
    let (model, theme, lang) = (scene.model, scene.theme, scene.lang);
    let light = row.light(model.now);
    let urgent = match row.urgency {
        Urgency::Normal => "",
        Urgency::Urgent => FLAG_URGENT.of(lang),
        Urgency::Critical => FLAG_CRITICAL.of(lang),
    };
    let claimed = row.claim.as_ref().filter(|_| part == Part::Claims);
    let who = match (claimed, &row.lead) {
        (Some(claim), _) => {
            let name = words::person(model, &claim.by);
            say::CLAIMED_BY.with(lang, &[("name", name)])
        }
        (None, Some(lead)) => words::department(model, lead),
        (None, None) => String::new(),
    };
    let [badge, left, state] = [[4, 13, 7], [8, 12, 13]][lang as usize];
    let lead = 18;
    let nos = sheet.part(part).rows.iter().map(|row| &*row.no);
    let number = words::number_columns(model, nos);
    let taken = 2 + number + 1 + badge + 1 + left + 3 + state + 1 + lead;
    // Where nobody is named the title has the room.
    let spare = if who.is_empty() { lead } else { 0 };
    let title = width.saturating_sub(taken + 1) + spare;
    let badged = if light < Light::Done {
        theme.light(light)
    } else {
        theme.text
    };
    vec![
        piece("  ", theme.text),
        piece(fit(paint::tail(&row.no, number), number), theme.text),
        piece(" ", theme.text),
        piece(fit(&words::badge(model, row), badge), badged),
        piece(right(&words::left(model, row), left), theme.text),
        piece(format!(" {} ", fit(urgent, 2)), theme.strong),
        piece(fit(&terms::state(&row.state, lang), state), theme.text),
        piece(format!(" {} ", fit(&row.title, title)), theme.text),
        piece(paint::cut(&who, lead), theme.text),
    ]
}

/// What Enter does, and the line's place.
pub(super) fn hint(model: &Model) -> (String, String) {
    let lang = words::lang(model);
    let Some(sheet) = &model.shift.sheet else {
        return Default::default();
    };
    let pane = words::key_of(model, Action::NextPane);
    let (at, of) = (
        (model.shift.at + 1).to_string(),
        lines(sheet).len().to_string(),
    );
    (
        say::SHIFT_HINT.with(lang, &[("pane", &pane)]),
        say::STAT_PLACE.with(lang, &[("at", &at), ("of", &of)]),
    )
}
