//! The statistics: a period, its panels, one bar a line with its numbers; nothing is told by colour or by length alone.
//!
//! ```text
//! period    month 2018-10-01 to 2018-10-31, still running          as of 11-01 18:00
//! panels    totals [trend] sources channels ...
//! heads       when       # closed  . open        received   closed     open
//! lines     > 10-01 Mon  ########........             123       98       25
//! told      10-01 Mon: received 123, closed 98, open 25
//! ```

use super::board::change;
use super::paint::{self, Line as Pieces, fit, piece, right};
use super::{Scene, words};
use crate::console::app::statistics::{Line, Name, Panel, Total};
use crate::console::app::{Action, Model};
use crate::domain::figures::{Figures, Grain, Point, UNKNOWN, grain};
use crate::i18n::boards as say;
use crate::i18n::{Lang, Text, words as terms};
use ratatui::buffer::Buffer;

/// Columns of a count, with its distance from what stands before.
const COUNT: usize = 10;
/// The least columns of a bar, with its distance.
const BAR: usize = 12;

/// A panel's name, the heads of its lines' names, counts and note, and what the two parts of its bars are.
struct Look {
    name: Text,
    head: Text,
    counts: &'static [Text],
    note: Option<Text>,
    legend: Option<Text>,
}

fn look(panel: Panel) -> Look {
    let plain = |name, note| Look {
        name,
        head: say::NAME,
        counts: &[say::TICKETS],
        note,
        legend: None,
    };
    match panel {
        Panel::Totals => plain(say::TOTALS, Some(say::GROWTH)),
        Panel::Trend => Look {
            name: say::TREND,
            head: say::WHEN,
            counts: &[say::RECEIVED, say::CLOSED, say::OPEN],
            note: None,
            legend: Some(say::LEGEND_TREND),
        },
        Panel::Sources => plain(say::SOURCES, Some(say::SHARE)),
        Panel::Channels => plain(say::CHANNELS, Some(say::SHARE)),
        Panel::Categories => Look {
            name: say::CATEGORIES,
            head: say::NAME,
            counts: &[say::TICKETS, say::BEFORE],
            note: Some(say::GROWTH),
            legend: None,
        },
        Panel::Streets => plain(say::STREETS, Some(say::SHARE)),
        Panel::Communities => plain(say::COMMUNITIES, Some(say::SHARE)),
        Panel::Departments => Look {
            name: say::DEPARTMENTS,
            head: say::DEPARTMENT,
            counts: &[say::DUE, say::ON_TIME, say::LATE],
            note: Some(say::RATE),
            legend: Some(say::LEGEND_RATE),
        },
    }
}

pub(super) fn draw(scene: Scene<'_>, buffer: &mut Buffer) {
    let (model, theme, lang, area) = (scene.model, scene.theme, scene.lang, scene.area);
    let width = usize::from(area.width);
    heading(scene, buffer);
    panels(scene, buffer);
    let Some(figures) = model.statistics.figures() else {
        let text = say::COMPUTING.of(lang);
        paint::put(buffer, area.x + 2, area.y + 6, width, text, theme.strong);
        return;
    };
    let lines = model.statistics.lines();
    let look = look(model.statistics.panel);
    let names: Vec<String> = lines.iter().map(|l| name(model, figures, l)).collect();
    let counts = look.counts.len() + usize::from(look.note.is_some());
    let room = width.saturating_sub(2 + counts * COUNT);
    let longest = names.iter().map(|n| paint::width(n)).max().unwrap_or(0);
    let least = paint::width(say::NAME.of(lang));
    let name_width = longest.max(least).min(room.saturating_sub(BAR));
    let bar_width = (room - name_width).saturating_sub(2);
    let heads = heads(&look, name_width, bar_width, lang);
    paint::put(buffer, area.x, area.y + 4, width, &heads, theme.dim);
    let firsts = lines.iter().filter_map(|l| l.counts.first());
    let most = firsts.map(|count| count.n).max().unwrap_or(0);
    let (top, height) = (model.statistics.top, model.statistics_height());
    let shown = lines.iter().zip(&names).enumerate().skip(top);
    for (at, (line, name)) in shown.take(height) {
        let selected = at == model.statistics.at;
        let mark = if selected { scene.glyphs.selected } else { " " };
        let mut pieces: Pieces = vec![
            piece(format!("{mark} "), theme.strong),
            piece(fit(name, name_width), theme.text),
            piece("  ", theme.text),
            piece(bar(scene, line, most, bar_width), theme.text),
        ];
        pieces.extend(counts_of(scene, line, selected));
        if look.note.is_some() {
            pieces.push(piece(right(&note(figures, line, lang), COUNT), theme.text));
        }
        let y = area.y + 5 + (at - top) as u16;
        paint::put_line(buffer, area.x, y, width, &pieces);
    }
    let at = model.statistics.at;
    if let (Some(line), Some(name)) = (lines.get(at), names.get(at)) {
        let told = told(figures, line, name, &look, lang);
        let told = paint::wrap(&told, width.saturating_sub(4));
        for (at, text) in told.iter().take(2).enumerate() {
            let y = area.bottom().saturating_sub(4) + at as u16;
            paint::put(buffer, area.x + 2, y, width, text, theme.text);
        }
    }
}

/// The heads above names, bars and figures.
fn heads(look: &Look, name_width: usize, bar_width: usize, lang: Lang) -> String {
    let legend = look.legend.map_or("", |legend| legend.of(lang));
    let name = fit(look.head.of(lang), name_width);
    let mut heads = format!("  {name}  {}", fit(legend, bar_width));
    for text in look.counts.iter().chain(&look.note) {
        heads.push_str(&right(text.of(lang), COUNT));
    }
    heads
}

/// A line's counts in their columns; the one under the cursor stands out.
fn counts_of(scene: Scene<'_>, line: &Line, selected: bool) -> Pieces {
    let (theme, column) = (scene.theme, scene.model.statistics.column);
    let counts = line.counts.iter().enumerate();
    counts
        .flat_map(|(at, count)| {
            let style = match (selected && at == column, count.n) {
                (true, _) => theme.selected,
                (false, 0) => theme.dim,
                (false, _) => theme.text,
            };
            let text = right(&count.n.to_string(), COUNT - 1);
            [piece(" ", theme.text), piece(text, style)]
        })
        .collect()
}

/// Which period, whether it is over, and when it was counted.
fn heading(scene: Scene<'_>, buffer: &mut Buffer) {
    let (model, lang, area) = (scene.model, scene.lang, scene.area);
    let width = usize::from(area.width);
    let Some(period) = model.statistics.period else {
        return;
    };
    let figures = model.statistics.figures();
    let kind = say::period(period.kind).of(lang);
    let mut text = format!(" {kind} {}", period.from);
    if period.to != period.from {
        text.push_str(match lang {
            Lang::Zh => " 至 ",
            Lang::En => " to ",
        });
        text.push_str(&period.to.to_string());
    }
    if figures.is_some_and(|f| !f.is_over) {
        text.push_str(words::comma(lang));
        text.push_str(say::RUNNING.of(lang));
    }
    paint::put(
        buffer,
        area.x,
        area.y + 2,
        width,
        &text,
        scene.theme.heading,
    );
    let state = match figures {
        _ if model.statistics.waiting.is_some() => say::COMPUTING.of(lang).to_owned(),
        Some(f) => say::AS_OF.with(lang, &[("at", &words::moment(model, f.as_of.at))]),
        None => String::new(),
    };
    paint::put_right(buffer, area, area.y + 2, &state, scene.theme.strong);
}

/// The panels' names; the one that is shown stands in brackets.
fn panels(scene: Scene<'_>, buffer: &mut Buffer) {
    let area = scene.area;
    let pieces: Pieces = Panel::ALL
        .into_iter()
        .map(|panel| {
            let name = look(panel).name.of(scene.lang);
            if panel == scene.model.statistics.panel {
                piece(format!("[{name}]"), scene.theme.tab)
            } else {
                piece(format!(" {name} "), scene.theme.text)
            }
        })
        .collect();
    let width = usize::from(area.width);
    paint::put_line(buffer, area.x, area.y + 3, width, &pieces);
}

/// The first count against the greatest; of three counts the second is the first part, the third the rest.
fn bar(scene: Scene<'_>, line: &Line, most: u64, width: usize) -> String {
    let cells = |n: u64| (n * width as u64).div_ceil(most.max(1)) as usize;
    let bar = match line.counts.as_slice() {
        [whole, part, _] => {
            let (whole, part) = (cells(whole.n), cells(part.n));
            format!("{}{}", "#".repeat(part), ".".repeat(whole - part))
        }
        [whole, ..] => scene.glyphs.bar.repeat(cells(whole.n)),
        [] => String::new(),
    };
    fit(&bar, width)
}

fn name(model: &Model, figures: &Figures, line: &Line) -> String {
    let lang = words::lang(model);
    let translated = |name: &str| match lang {
        Lang::En => figures
            .english
            .get(name)
            .map_or(name, String::as_str)
            .to_owned(),
        Lang::Zh => name.to_owned(),
    };
    match &line.name {
        Name::Total(total) => total_name(*total).of(lang).to_owned(),
        Name::Point(point) => point_name(point, figures, lang),
        Name::Named(name) | Name::Channel(name) if name == UNKNOWN => {
            say::UNKNOWN.of(lang).to_owned()
        }
        Name::Named(name) => translated(name),
        Name::Channel(code) => terms::channel(code, lang).to_owned(),
        Name::Category(path) => {
            let levels: Vec<String> = path.iter().map(|level| translated(level)).collect();
            levels.join("/")
        }
        Name::Department(code) => words::department(model, code),
    }
}

fn point_name(point: &Point, figures: &Figures, lang: Lang) -> String {
    match grain(figures.period.kind) {
        Grain::Hour => format!("{:02}:00", point.hour.unwrap_or(0)),
        Grain::Month => point.day.format("%Y-%m").to_string(),
        Grain::Day => {
            let day = point.day;
            format!("{} {}", day.format("%m-%d"), words::weekday(day, lang))
        }
    }
}

fn total_name(total: Total) -> Text {
    match total {
        Total::Received => say::T_RECEIVED,
        Total::Previous => say::T_PREVIOUS,
        Total::YearBefore => say::T_YEAR_BEFORE,
        Total::Closed => say::T_CLOSED,
        Total::Open => say::T_OPEN,
        Total::Answered => say::T_ANSWERED,
        Total::Due => say::T_DUE,
        Total::OnTime => say::T_ON_TIME,
        Total::Late => say::T_LATE,
    }
}

/// What stands beside the counts: a share, a rate, a growth.
fn note(figures: &Figures, line: &Line, lang: Lang) -> String {
    let n = line.counts.first().map_or(0, |count| count.n);
    let second = line.counts.get(1).map_or(0, |count| count.n);
    match &line.name {
        // Of a period in which nothing was stored it cannot be said that this one is new.
        Name::Total(Total::Previous | Total::YearBefore) if n == 0 => "--".to_owned(),
        Name::Total(Total::Previous | Total::YearBefore) => change(figures.received, n, lang),
        Name::Total(Total::OnTime | Total::Late) => share(n, figures.on_time.of),
        Name::Total(Total::Closed | Total::Open | Total::Answered)
        | Name::Named(_)
        | Name::Channel(_) => share(n, figures.received),
        Name::Total(Total::Received | Total::Due) | Name::Point(_) => String::new(),
        Name::Category(_) => change(n, second, lang),
        Name::Department(_) => share(second, n),
    }
}

/// A share in tenths of a percent; a dash where there is nothing to share.
fn share(n: u64, of: u64) -> String {
    if of == 0 {
        return "--".to_owned();
    }
    let permille = (n * 2000 + of) / (of * 2);
    format!("{}.{}%", permille / 10, permille % 10)
}

/// A line in words: its whole name and every figure with its head.
fn told(figures: &Figures, line: &Line, name: &str, look: &Look, lang: Lang) -> String {
    let counts = look.counts.iter().zip(&line.counts);
    let mut parts: Vec<String> = counts
        .map(|(head, count)| format!("{} {}", head.of(lang), count.n))
        .collect();
    if let Some(head) = look.note {
        let note = note(figures, line, lang);
        if !note.is_empty() {
            parts.push(format!("{} {note}", head.of(lang)));
        }
    }
    let parts = parts.join(words::comma(lang));
    match lang {
        Lang::Zh => format!("{name}：{parts}"),
        Lang::En => format!("{name}: {parts}"),
    }
}

/// What Enter opens, and the line's place.
pub(super) fn hint(model: &Model) -> (String, String) {
    let lang = words::lang(model);
    let state = &model.statistics;
    let (Some(figures), lines) = (state.figures(), state.lines()) else {
        return Default::default();
    };
    let Some(line) = lines.get(state.at) else {
        return Default::default();
    };
    let head = look(state.panel)
        .counts
        .get(state.column)
        .map_or("", |h| h.of(lang));
    let n = line.counts.get(state.column).map_or(0, |c| c.n).to_string();
    let name = name(model, figures, line);
    let values = [("name", name.as_str()), ("column", head), ("n", &n)];
    let what = say::FIGURE.with(lang, &values);
    let (at, of) = ((state.at + 1).to_string(), lines.len().to_string());
    let pane = words::key_of(model, Action::NextPane);
    let turn = say::STAT_PANE.with(lang, &[("pane", &pane)]);
    let place = say::STAT_PLACE.with(lang, &[("at", &at), ("of", &of)]);
    (
        say::ENTER.with(lang, &[("what", &what)]),
        format!("{turn}  {place}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_and_of_nothing_there_is_none() {
        assert_eq!(share(2, 3), "66.7%");
        assert_eq!(share(1, 2000), "0.1%");
        assert_eq!(share(0, 0), "--");
        assert_eq!(share(5, 5), "100.0%");
    }

    #[test]
    fn the_panels_fit_a_screen_of_eighty_columns() {
        for lang in Lang::ALL {
            let names = Panel::ALL.map(|p| paint::width(look(p).name.of(lang)) + 2);
            assert!(names.iter().sum::<usize>() <= 80, "{names:?}");
        }
    }
}
