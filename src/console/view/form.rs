//! A form: one field a row, texts of several lines with room of their own, buttons below.

use super::dialogs::{button, centred, frame};
use super::evidence;
use super::history::{self, Place};
use super::paint::{self, piece};
use super::{Cursor, Scene, labels, notices, words};
use crate::console::app::filled;
use crate::console::app::form::{Choice, Field, FieldId, Form, Purpose, Search};
use crate::console::app::text::Text;
use crate::domain::act::ActKind;
use crate::domain::privacy::phone_in;
use crate::domain::ticket::{LimitClass, Nature};
use crate::i18n::Lang;
use crate::i18n::console as say;
use crate::i18n::words as terms;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

/// Columns of the fields' names.
const NAMES: u16 = 16;
/// Columns of a form.
const WIDE: u16 = 92;
/// Rows of a text of several lines.
const AREA: u16 = 4;
/// Rows of a list of found values.
const FOUND: u16 = 5;

fn rows(field: &Field, focused: bool) -> u16 {
    match field {
        Field::Text(text) if text.is_area() => AREA,
        Field::Search(search) if focused && !search.found.is_empty() => {
            1 + FOUND.min(search.found.len() as u16)
        }
        Field::Text(_)
        | Field::Date(_)
        | Field::Number(_)
        | Field::Choice { .. }
        | Field::Search(_)
        | Field::Toggle(_) => 1,
    }
}

/// Draws the form; the rows scroll so that the field with the focus is seen.
pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer, form: &Form) -> Cursor {
    let area = scene.area;
    let heights: Vec<u16> = form
        .fields
        .iter()
        .enumerate()
        .map(|(at, (_, _, f))| rows(f, at == form.focus))
        .collect();
    let cited = citable(scene, form);
    let wanted = heights.iter().sum::<u16>() + 5 + cited.len() as u16;
    // The fields keep what they need; the evidence of a decision has the rest.
    let asked = evidence::beside(
        scene,
        form,
        usize::from(area.width.min(WIDE)).saturating_sub(6),
    );
    let above = (asked.len() as u16).min(area.height.saturating_sub(wanted));
    let wanted = wanted + above;
    let known = (form.purpose == Purpose::Intake).then(|| history::place(area));
    let (width, wanted) = match known {
        None => (WIDE, wanted),
        Some(Place::Beside) => (area.width, wanted.max(history::HIGH + 2)),
        Some(Place::Below) => (area.width, area.height),
    };
    let place = centred(area, width, wanted);
    let whole = frame(scene, buffer, place, &title(scene, form));
    let inside = match known {
        Some(place) => history::draw(scene, buffer, whole, place),
        None => whole,
    };
    for (at, line) in asked.iter().take(usize::from(above)).enumerate() {
        let y = inside.y + at as u16;
        paint::put_line(buffer, inside.x, y, usize::from(inside.width), line);
    }
    let inside = Rect {
        y: inside.y + above,
        height: inside.height.saturating_sub(above),
        ..inside
    };
    let body = inside.height.saturating_sub(3 + cited.len() as u16);
    let cursor = fields(
        scene,
        buffer,
        Rect {
            height: body,
            ..inside
        },
        form,
        &heights,
    );
    let below = inside.bottom().saturating_sub(2);
    let width = usize::from(inside.width);
    for (at, line) in cited.iter().enumerate() {
        let y = below.saturating_sub((cited.len() - at) as u16);
        paint::put_cut(buffer, inside.x, y, width, line, scene.theme.dim);
    }
    if let Some(text) = warning(scene, form) {
        // The history does not reach down to this row, so the line may.
        let width = usize::from(whole.width);
        paint::put_cut(buffer, inside.x, below, width, &text, scene.theme.heading);
    }
    buttons(scene, buffer, (inside.x, below + 1), width, form);
    cursor
}

/// The fields with their names, from the first that leaves room for the one with the focus.
fn fields(
    scene: Scene<'_>,
    buffer: &mut Buffer,
    place: Rect,
    form: &Form,
    heights: &[u16],
) -> Cursor {
    let theme = scene.theme;
    // Leave out fields from the top until the one with the focus fits.
    let mut first = 0;
    let last = form.focus.min(heights.len().saturating_sub(1));
    while first < last && heights[first..=last].iter().sum::<u16>() > place.height {
        first += 1;
    }
    let mut cursor = None;
    let mut y = place.y;
    for (at, (id, required, field)) in form.fields.iter().enumerate().skip(first) {
        let height = heights[at].min(place.bottom().saturating_sub(y));
        if height == 0 {
            break;
        }
        let focused = at == form.focus;
        let name = labels::field(*id).of(scene.lang);
        let star = if *required { "*" } else { " " };
        let faulty = form.fault.is_some_and(|f| f.field == *id);
        let style = if faulty {
            theme.bad
        } else if focused {
            theme.heading
        } else {
            theme.text
        };
        let mark = if focused { scene.glyphs.selected } else { " " };
        paint::put(
            buffer,
            place.x,
            y,
            usize::from(NAMES),
            &format!("{mark}{star}{name}"),
            style,
        );
        let beside = Rect::new(
            place.x + NAMES,
            y,
            place.width.saturating_sub(NAMES),
            height,
        );
        let caret = value(scene, buffer, beside, *id, field, focused);
        if focused {
            cursor = caret;
        }
        y += height;
    }
    cursor
}

/// Handing in and leaving, with their keys.
fn buttons(scene: Scene<'_>, buffer: &mut Buffer, (x, y): (u16, u16), width: usize, form: &Form) {
    let theme = scene.theme;
    let submit = say::SUBMIT.of(scene.lang);
    let leave = say::LEAVE.of(scene.lang);
    let line = [
        button(scene, submit, form.focus == form.submit_place()),
        piece(" Ctrl-s   ", theme.key),
        button(scene, leave, form.focus == form.leave_place()),
        piece(" Esc", theme.key),
    ];
    paint::put_line(buffer, x, y, width, &line);
}

/// The most precedents shown in a form.
const CITED: usize = 3;

/// The precedents that the key cites, the next one first.
fn citable(scene: Scene<'_>, form: &Form) -> Vec<String> {
    let model = scene.model;
    let list = model.citable(form);
    let next = model.next_citation(form).map_or(0, |citation| citation.at);
    list.iter()
        .cycle()
        .skip(next)
        .take(list.len().min(CITED))
        .enumerate()
        .map(|(at, found)| {
            let key = say::CITE.of(scene.lang);
            let lead = if at == 0 {
                key.to_owned()
            } else {
                " ".repeat(paint::width(key))
            };
            format!("{lead} {}", words::precedent(model, found))
        })
        .collect()
}

fn title(scene: Scene<'_>, form: &Form) -> String {
    let lang = scene.lang;
    let act = match form.purpose {
        Purpose::Intake => return say::INTAKE.of(lang).to_owned(),
        Purpose::HandOver => return say::HAND_OVER.of(lang).to_owned(),
        Purpose::Decide => say::DECIDE.of(lang),
        Purpose::Act(kind) => terms::act(kind).of(lang),
    };
    match form.targets.as_slice() {
        [one] => format!(
            "{} {}",
            say::FORM_ONE.with(lang, &[("act", act), ("no", &one.no)]),
            one.title
        ),
        many => say::FORM_MANY.with(lang, &[("act", act), ("n", &many.len().to_string())]),
    }
}

/// What the form should say before it is handed in: the deadline it will have, or a phone number in a public answer.
fn warning(scene: Scene<'_>, form: &Form) -> Option<String> {
    let (model, lang) = (scene.model, scene.lang);
    if let Some(phone) = phone_in(&form.text(FieldId::Answer)) {
        return Some(say::PHONE_IN_ANSWER.with(lang, &[("phone", phone)]));
    }
    if form.purpose == Purpose::Act(ActKind::Erase) {
        return Some(say::NO_WAY_BACK.of(lang).to_owned());
    }
    if let Some(door) = door(scene, form) {
        return Some(say::DOOR.with(lang, &[("door", &door)]));
    }
    form.field(FieldId::Nature)?;
    let (nature, assumed) = match filled::nature(form) {
        Some(nature) => (nature, ""),
        None if form.purpose == Purpose::Intake => (Nature::Complaint, say::IF_COMPLAINT.of(lang)),
        None => return None,
    };
    let category = filled::category(form);
    let created_at = match form.targets.as_slice() {
        [one] => model.ticket(&one.no).map_or(model.now, |t| t.created_at),
        _ => model.now,
    };
    let book = &model.rules.book;
    let class = form
        .one(FieldId::Class)
        .and_then(|c| LimitClass::from_code(&c))
        .unwrap_or_else(|| book.editions.at(created_at).class_of(nature, &category));
    let name = terms::limit_class(class).of(lang);
    match book.deadline(class, &category, created_at) {
        Ok((deadline, _)) => {
            let due = say::WILL_BE_DUE.with(
                lang,
                &[
                    (
                        "class",
                        &format!("{name} {}", words::limit(deadline.limit, lang)),
                    ),
                    ("date", &deadline.last_day.to_string()),
                ],
            );
            if form.purpose != Purpose::Intake {
                return Some(due);
            }
            let yellow = words::zone(model).date(deadline.warn_at).to_string();
            let yellow = say::YELLOW_FROM.with(lang, &[("date", &yellow)]);
            Some(format!("{assumed}{due}  {yellow}"))
        }
        Err(refused) => Some(notices::why_not(model, &refused)),
    }
}

/// The right door of the ground chosen for a refusal.
fn door(scene: Scene<'_>, form: &Form) -> Option<String> {
    let code = form.one(FieldId::Ground)?;
    if !matches!(
        form.purpose,
        Purpose::Intake | Purpose::Act(ActKind::Refuse)
    ) {
        return None;
    }
    let grounds = &scene.model.rules.policy(scene.model.now).refusals.grounds;
    let ground = grounds.iter().find(|g| g.code == code)?;
    match scene.lang {
        Lang::Zh => ground.door_zh.clone(),
        Lang::En => ground.door_en.clone(),
    }
}

fn value(
    scene: Scene<'_>,
    buffer: &mut Buffer,
    place: Rect,
    id: FieldId,
    field: &Field,
    focused: bool,
) -> Cursor {
    match field {
        Field::Text(text) if text.is_area() => Some(area(scene, buffer, place, text)),
        Field::Text(text) | Field::Date(text) | Field::Number(text) => {
            Some(line(scene, buffer, place, text))
        }
        Field::Toggle(on) => {
            let word = if *on { say::YES } else { say::NO };
            let style = if focused {
                scene.theme.selected
            } else {
                scene.theme.strong
            };
            let text = format!(" {} ", word.of(scene.lang));
            let width = usize::from(place.width);
            paint::put(buffer, place.x, place.y, width, &text, style);
            None
        }
        Field::Choice { choices, at } => {
            offered(scene, buffer, place, id, (choices, *at), focused);
            None
        }
        Field::Search(search) => found(scene, buffer, place, id, search, focused),
    }
}

/// The values to choose from, numbered in a row; a long row begins where the chosen one can be seen.
fn offered(
    scene: Scene<'_>,
    buffer: &mut Buffer,
    place: Rect,
    id: FieldId,
    (choices, at): (&[Choice], Option<usize>),
    focused: bool,
) {
    let theme = scene.theme;
    let mut x = place.x;
    let from = at.map_or(0, |at| at.saturating_sub(3));
    for (n, choice) in choices.iter().enumerate().skip(from) {
        let text = format!("{} {}", n + 1, labels::choice(id, choice, scene.lang));
        let columns = paint::width(&text) as u16 + 2;
        if x + columns > place.right() {
            // In the gap behind the last one, where there is no more room.
            let x = x.min(place.right().saturating_sub(2));
            paint::put(buffer, x, place.y, 2, "..", theme.dim);
            break;
        }
        let style = match (at == Some(n), focused) {
            (true, true) => theme.selected,
            (true, false) => theme.strong,
            (false, _) => theme.dim,
        };
        let width = usize::from(place.width);
        x = paint::put(buffer, x, place.y, width, &text, style) + 2;
    }
}

/// A text of one line from `x` to the right edge of its place, shown from where its caret can be seen; the caret's place.
fn typed(scene: Scene<'_>, buffer: &mut Buffer, x: u16, place: Rect, text: &Text) -> (u16, u16) {
    let field = scene.theme.field;
    let (y, end) = (place.y, place.right());
    let room = usize::from(end.saturating_sub(x));
    let shown = paint::tail(text.before_caret(), room.saturating_sub(1));
    let caret = paint::put(buffer, x, y, room, shown, field);
    let room = usize::from(end.saturating_sub(caret));
    paint::put(buffer, caret, y, room, text.after_caret(), field);
    (caret.min(end.saturating_sub(1)), y)
}

fn line(scene: Scene<'_>, buffer: &mut Buffer, place: Rect, text: &Text) -> (u16, u16) {
    paint::fill(buffer, Rect { height: 1, ..place }, scene.theme.field);
    typed(scene, buffer, place.x, place, text)
}

fn area(scene: Scene<'_>, buffer: &mut Buffer, place: Rect, text: &Text) -> (u16, u16) {
    let field = scene.theme.field;
    let width = usize::from(place.width);
    paint::fill(buffer, place, field);
    let lines = paint::wrap(text.as_str(), width.saturating_sub(1));
    let (row, column) = caret(text, width.saturating_sub(1));
    let height = usize::from(place.height);
    let first = (row + 1).saturating_sub(height);
    for (at, line) in lines.iter().skip(first).take(height).enumerate() {
        paint::put(buffer, place.x, place.y + at as u16, width, line, field);
    }
    (
        (place.x + column as u16).min(place.right().saturating_sub(1)),
        place.y + (row - first) as u16,
    )
}

/// Row and column of the caret in a text wrapped to so many columns. It stands behind the last line of what is before it,
/// so that a full line is not broken by it; but within a word it goes where the word goes.
fn caret(text: &Text, most: usize) -> (usize, usize) {
    let place = |before: &str| {
        let lines = paint::wrap(before, most);
        let column = lines.last().map_or(0, |line| paint::width(line));
        (lines.len().saturating_sub(1), column)
    };
    let (all, at) = (text.as_str(), text.before_caret().len());
    let within = all
        .split_word_bound_indices()
        .find(|(from, word)| *from < at && at < from + word.len())
        .filter(|(_, word)| !word.trim().is_empty());
    let Some((from, word)) = within else {
        return place(text.before_caret());
    };
    let end = from + word.len();
    let (row, column) = place(&all[..end]);
    match column.checked_sub(paint::width(&all[at..end])) {
        Some(column) => (row, column),
        // The word itself goes over several lines.
        None => place(text.before_caret()),
    }
}

fn found(
    scene: Scene<'_>,
    buffer: &mut Buffer,
    place: Rect,
    id: FieldId,
    search: &Search,
    focused: bool,
) -> Cursor {
    let (theme, lang) = (scene.theme, scene.lang);
    let width = usize::from(place.width);
    let chosen: Vec<String> = search
        .chosen
        .iter()
        .filter_map(|at| search.choices.get(*at))
        .map(|c| labels::choice(id, c, lang))
        .collect();
    let (text, style) = if chosen.is_empty() {
        (say::UNSET.of(lang).to_owned(), theme.dim)
    } else {
        (chosen.join(", "), theme.strong)
    };
    let text = paint::cut(&text, width / 2);
    let mut x = paint::put(buffer, place.x, place.y, width, &text, style) + 1;
    if !focused {
        return None;
    }
    x = paint::put(buffer, x, place.y, 2, "/ ", theme.heading);
    let caret = typed(scene, buffer, x, place, &search.query);
    let height = usize::from(place.height.saturating_sub(1));
    let first = (search.cursor + 1).saturating_sub(height);
    let shown = search.found.iter().enumerate().skip(first).take(height);
    for ((at, found), y) in shown.zip(place.y + 1..) {
        let Some(choice) = search.choices.get(*found) else {
            continue;
        };
        let on = at == search.cursor;
        let style = if on { theme.selected } else { theme.text };
        let mark = if on { scene.glyphs.selected } else { " " };
        paint::put(buffer, place.x, y, 1, mark, theme.strong);
        let name = labels::choice(id, choice, lang);
        let room = width.saturating_sub(2);
        paint::put_cut(buffer, place.x + 2, y, room, &name, style);
    }
    Some(caret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_within_a_word_goes_with_it_to_the_next_line() {
        let left = "Left".parse().unwrap();
        let mut text = Text::area().with("street lamps");
        assert_eq!(caret(&text, 8), (1, 5));
        for at in (0..5).rev() {
            text.key(left);
            let wanted = if at > 0 { (1, at) } else { (0, 7) };
            assert_eq!(caret(&text, 8), wanted);
        }
        let mut text = Text::area().with("路灯不亮");
        text.key(left);
        assert_eq!(caret(&text, 4), (1, 2));
    }
}
