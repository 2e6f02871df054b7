//! What is known of the caller and the place, beside the intake form or, on a narrow screen, below it.

use super::{Scene, paint, words};
use crate::console::app::msg::{History, Known};
use crate::domain::instant::Instant;
use crate::domain::ticket::State;
use crate::i18n::console as say;
use crate::i18n::{Text, words as terms};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Columns that the history takes beside the fields.
const WIDE: u16 = 50;
/// Columns from which it stands beside them.
const BESIDE_FROM: u16 = 112;
/// Rows of the form with it: three headings, four tickets each, a row between, the line and the buttons.
pub(super) const HIGH: u16 = 19;
/// Rows that it takes below them: a heading and a ticket each, and one more.
const LOW: u16 = 7;
/// The most tickets of a part.
const EACH: usize = 4;

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// To the right of the fields.
    Beside,
    /// Below them.
    Below,
}

/// Where there is room for it.
pub(super) fn place(area: Rect) -> Place {
    if area.width >= BESIDE_FROM {
        Place::Beside
    } else {
        Place::Below
    }
}

/// Draws it and says what is left for the fields.
pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer, whole: Rect, place: Place) -> Rect {
    let model = scene.model;
    let (left, own, gap) = rooms(whole, place);
    let none = History::default();
    let history = model.history.as_ref().unwrap_or(&none);
    let asked = model.history_asked();
    let ready = model.history.is_some();
    let hint = |asked: bool, typed: Text| match (asked, ready) {
        (false, _) => typed,
        (true, false) => say::LOADING,
        (true, true) => say::NONE_BEFORE,
    };
    let known = |list: &[Known]| -> Vec<String> {
        list.iter()
            .map(|k| told(scene, (&k.no, k.created_at, &k.state, &k.title), ""))
            .collect()
    };
    let alike: Vec<String> = history
        .alike
        .iter()
        .flat_map(|found| {
            let ticket = (&*found.no, found.created_at, &found.state, &*found.title);
            let why = words::alike(&found.why, scene.lang);
            match place {
                // Beside the fields there is no room for both in a line.
                Place::Beside => vec![told(scene, ticket, ""), format!("    {why}")],
                Place::Below => vec![told(scene, ticket, &format!("({why}) "))],
            }
        })
        .collect();
    let mut parts = [
        (
            say::SAME_MATTER,
            hint(asked.words.is_some(), say::TYPE_WORDS),
            alike,
        ),
        (
            say::SAME_REQUESTER,
            hint(!asked.phone.is_empty(), say::TYPE_PHONE),
            known(&history.requester),
        ),
        (
            say::SAME_PLACE,
            hint(!asked.community.is_empty(), say::CHOOSE_PLACE),
            known(&history.place),
        ),
    ];
    let room = own.height.saturating_sub(3 + 2 * gap);
    let wanted = parts.each_ref().map(|(_, _, tickets)| tickets.len());
    for ((_, _, tickets), rows) in parts.iter_mut().zip(shares(wanted, room.into())) {
        tickets.truncate(rows);
    }
    let mut y = own.y;
    for (heading, hint, tickets) in &parts {
        y = part(scene, buffer, own, y, *heading, *hint, tickets) + gap;
    }
    left
}

/// The rows that each part gets of those there are, one after another in turn: what one does not need another has. One row
/// at least, so that no part with tickets says it has none.
fn shares(wanted: [usize; 3], room: usize) -> [usize; 3] {
    let mut given = wanted.map(|wanted| wanted.min(1));
    let mut left = room.saturating_sub(given.iter().sum());
    for _ in 1..EACH {
        for (given, wanted) in given.iter_mut().zip(wanted) {
            if left > 0 && *given < wanted {
                *given += 1;
                left -= 1;
            }
        }
    }
    given
}

/// The room of the fields, its own, and the rows between its parts.
fn rooms(whole: Rect, place: Place) -> (Rect, Rect, u16) {
    match place {
        Place::Beside => {
            let x = whole.right().saturating_sub(WIDE);
            let left = Rect {
                width: whole.width.saturating_sub(WIDE + 1),
                ..whole
            };
            (
                left,
                Rect::new(x, whole.y, WIDE, whole.height.saturating_sub(2)),
                1,
            )
        }
        Place::Below => {
            let height = LOW.min(whole.height / 3);
            let y = whole.bottom().saturating_sub(height);
            let left = Rect {
                height: whole.height - height,
                ..whole
            };
            (left, Rect::new(whole.x, y, whole.width, height), 0)
        }
    }
}

/// A ticket in a line: number, day, state, `why`, title.
fn told(
    scene: Scene<'_>,
    (no, created_at, state, title): (&str, Instant, &State, &str),
    why: &str,
) -> String {
    let day = words::zone(scene.model).date(created_at);
    let state = terms::state(state, scene.lang);
    format!("{no} {} {state} {why}{title}", day.format("%Y-%m-%d"))
}

/// A heading and its tickets; returns the row below.
fn part(
    scene: Scene<'_>,
    buffer: &mut Buffer,
    area: Rect,
    mut y: u16,
    heading: Text,
    hint: Text,
    known: &[String],
) -> u16 {
    let theme = scene.theme;
    let width = usize::from(area.width);
    let mut line = |y: &mut u16, text: &str, style| {
        if *y < area.bottom() {
            paint::put_cut(buffer, area.x, *y, width, text, style);
            *y += 1;
        }
    };
    let heading = heading.of(scene.lang);
    if known.is_empty() {
        line(
            &mut y,
            &words::named(scene.lang, heading, hint.of(scene.lang)),
            theme.dim,
        );
        return y;
    }
    line(&mut y, heading, theme.heading);
    for ticket in known {
        line(&mut y, ticket, theme.text);
    }
    y
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn a_part_has_the_rows_that_the_others_leave_free() {
        assert_eq!(shares([3, 0, 0], 4), [3, 0, 0]);
        assert_eq!(shares([5, 5, 5], 4), [2, 1, 1]);
        assert_eq!(shares([5, 1, 2], 12), [4, 1, 2]);
        assert_eq!(shares([1, 1, 1], 0), [1, 1, 1]);
    }
}
