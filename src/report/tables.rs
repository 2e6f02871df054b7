//! The tables of a report: which columns each has, and a row for each figure.

use super::content::Writer;
use super::document::{Cell, Column, ColumnKind, Table};
use crate::domain::act::Rating;
use crate::domain::assessment::Rate;
use crate::domain::figures::{Earlier, Grain, Hot, Listed, Named, Shares, grain, growth};
use crate::domain::instant::Instant;
use crate::domain::ticket::{LimitClass, Nature};
use crate::i18n::{Lang, Text, report as words, words as codes};

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// A row of names: the name, the count, its share of all received.
fn share(name: &str, n: u64, of: u64) -> Vec<Cell> {
    vec![text(name), Cell::Number(n), Cell::Share(Rate { n, of })]
}

pub(super) fn totals(w: &Writer<'_>) -> Table {
    let f = w.figures;
    let of = f.received;
    let count = |name: Text, n| vec![text(w.say(name)), Cell::Number(n)];
    let rate = |name: Text, n| vec![text(w.say(name)), Cell::Rate(Rate { n, of })];
    let days = f.days();
    let mut rows = vec![count(words::RECEIVED, f.received)];
    if days > 1 {
        // Rounded to whole tickets: a mean of days is no exact count.
        rows.push(count(words::PER_DAY, (f.received * 2 + days) / (days * 2)));
    }
    rows.extend([
        rate(words::CLOSED, f.closed),
        rate(words::OPEN, f.open),
        rate(words::ANSWERED, f.answered),
        vec![text(w.say(words::ON_TIME)), Cell::Rate(f.on_time)],
        vec![
            text(w.say(words::SATISFIED)),
            Cell::Rate(f.satisfaction.satisfied),
        ],
        count(words::EXEMPTED, f.exempt),
        count(words::FALSE_CLOSURES, f.false_closures),
    ]);
    Table {
        name: w.say(words::TOTALS).to_owned(),
        columns: vec![
            Column::text(w.say(words::ITEM)),
            Column::rate(w.say(words::VALUE)),
        ],
        rows,
    }
}

pub(super) fn comparison(w: &Writer<'_>) -> Table {
    let row = |name: Text, earlier: &Earlier| {
        vec![
            text(w.say(name)),
            text(format!("{} – {}", earlier.period.from, earlier.period.to)),
            Cell::Maybe((earlier.received > 0).then_some(earlier.received)),
            Cell::Change(growth(w.figures.received, earlier.received)),
        ]
    };
    Table {
        name: w.say(words::COMPARISON).to_owned(),
        columns: vec![
            Column::text(w.say(words::COMPARED)),
            Column::text(w.say(words::SPAN)),
            Column::number(w.say(words::COUNT)),
            Column::new(w.say(words::CHANGE), ColumnKind::Change),
        ],
        rows: vec![
            row(words::PREVIOUS, &w.figures.previous),
            row(words::YEAR_BEFORE, &w.figures.year_before),
        ],
    }
}

pub(super) fn trend(w: &Writer<'_>) -> Table {
    let head = match grain(w.figures.period.kind) {
        Grain::Hour => words::HOUR,
        Grain::Day => words::DAY,
        Grain::Month => words::MONTH,
    };
    Table {
        name: w.say(words::TREND).to_owned(),
        columns: vec![
            Column::text(w.say(head)),
            Column::number(w.say(words::COUNT)),
        ],
        rows: w
            .figures
            .trend
            .iter()
            .map(|point| {
                // The whole date: a spreadsheet would take "10-01" for a day of its own year.
                let when = match grain(w.figures.period.kind) {
                    Grain::Day => point.day.to_string(),
                    Grain::Hour | Grain::Month => w.point(point),
                };
                vec![text(when), Cell::Number(point.received)]
            })
            .collect(),
    }
}

fn named_shares<'a>(
    w: &Writer<'_>,
    head: Text,
    named: impl Iterator<Item = (&'a str, u64)>,
) -> Table {
    let received = w.figures.received;
    Table {
        name: w.say(head).to_owned(),
        columns: vec![
            Column::text(w.say(head)),
            Column::number(w.say(words::COUNT)),
            Column::new(w.say(words::SHARE), ColumnKind::Share),
        ],
        rows: named.map(|(name, n)| share(name, n, received)).collect(),
    }
}

pub(super) fn shares<'a>(w: &Writer<'a>, head: Text, shares: &'a Shares) -> Table {
    named_shares(w, head, shares.iter().map(|(name, n)| (w.name(name), n)))
}

pub(super) fn channels(w: &Writer<'_>) -> Table {
    let named = w
        .figures
        .by_channel
        .iter()
        .map(|(code, n)| (codes::channel(w.name(code), w.lang), n));
    named_shares(w, words::CHANNEL, named)
}

pub(super) fn natures(w: &Writer<'_>) -> Table {
    let named = w.figures.by_nature.iter().map(|(code, n)| {
        let name = Nature::from_code(code).map_or(words::UNKNOWN, codes::nature);
        (w.say(name), n)
    });
    named_shares(w, words::NATURE, named)
}

pub(super) fn limit_classes(w: &Writer<'_>) -> Table {
    let named = w.figures.by_limit_class.iter().map(|(code, n)| {
        let name = LimitClass::from_code(code).map_or(words::UNKNOWN, codes::limit_class);
        (w.say(name), n)
    });
    named_shares(w, words::LIMIT_CLASS, named)
}

pub(super) fn top_categories(w: &Writer<'_>) -> Table {
    Table {
        name: w.say(words::FINEST).to_owned(),
        columns: vec![
            Column::text(w.say(words::FINEST)),
            Column::number(w.say(words::COUNT)),
            Column::new(w.say(words::SHARE), ColumnKind::Share),
            Column::number(w.say(words::BEFORE)),
            Column::new(w.say(words::CHANGE), ColumnKind::Change),
        ],
        rows: w
            .figures
            .top_categories
            .iter()
            .map(|category| {
                let mut row = share(&path(w, &category.path), category.count, w.figures.received);
                row.push(Cell::Number(category.before));
                row.push(Cell::Change(growth(category.count, category.before)));
                row
            })
            .collect(),
    }
}

/// The levels of a category, each once when a name repeats the one above it.
fn path<'a>(w: &Writer<'a>, levels: &'a [String]) -> String {
    let mut names: Vec<&str> = levels.iter().map(|level| w.name(level)).collect();
    names.dedup();
    names.join(" / ")
}

pub(super) fn assessment(w: &Writer<'_>) -> Table {
    Table {
        name: w.say(words::ASSESSMENT).to_owned(),
        columns: vec![
            Column::number(w.say(words::RANK)),
            Column::text(w.say(words::DEPARTMENT)),
            Column::number(w.say(words::DISPATCHED)),
            Column::rate(w.say(words::ON_TIME)),
            Column::number(w.say(words::LATE)),
            Column::rate(w.say(words::CLOSING)),
            Column::rate(w.say(words::REWORKED)),
            Column::new(w.say(words::SCORE), ColumnKind::Points),
        ],
        rows: w
            .figures
            .departments
            .iter()
            .map(|standing| {
                let f = &standing.figures;
                vec![
                    Cell::Maybe(standing.rank.map(u64::from)),
                    text(w.department(&f.department)),
                    Cell::Number(f.dispatched),
                    Cell::Rate(f.on_time),
                    Cell::Number(f.overdue),
                    Cell::Rate(f.closing),
                    Cell::Rate(f.reworked),
                    Cell::Points(standing.score),
                ]
            })
            .collect(),
    }
}

pub(super) fn handling(w: &Writer<'_>) -> Table {
    Table {
        name: w.say(words::HANDLING).to_owned(),
        columns: vec![
            Column::text(w.say(words::DEPARTMENT)),
            Column::rate(w.say(words::RETURNED)),
            Column::rate(w.say(words::SATISFIED)),
            Column::rate(w.say(words::CONTACTED)),
            Column::rate(w.say(words::SOLVED)),
            Column::number(w.say(words::UNSIGNED)),
            Column::number(w.say(words::EXEMPT)),
            Column::new(w.say(words::MEAN), ColumnKind::Hours),
            Column::new(w.say(words::MEDIAN), ColumnKind::Hours),
        ],
        rows: w
            .figures
            .departments
            .iter()
            .map(|standing| {
                let f = &standing.figures;
                vec![
                    text(w.department(&f.department)),
                    Cell::Rate(f.returned),
                    Cell::Rate(f.satisfied),
                    Cell::Rate(f.contacted),
                    Cell::Rate(f.solved),
                    Cell::Number(f.unsigned),
                    Cell::Number(f.exempt),
                    Cell::Hours(f.mean_handling),
                    Cell::Hours(f.median_handling),
                ]
            })
            .collect(),
    }
}

pub(super) fn dispatchers(w: &Writer<'_>) -> Table {
    Table {
        name: w.say(words::DISPATCHERS).to_owned(),
        columns: vec![
            Column::text(w.say(words::DISPATCHER)),
            Column::number(w.say(words::DISPATCHED)),
            Column::rate(w.say(words::IN_TIME)),
            Column::rate(w.say(words::ACCURATE)),
            Column::new(w.say(words::SCORE), ColumnKind::Points),
        ],
        rows: w
            .figures
            .dispatchers
            .iter()
            .map(|standing| {
                let f = &standing.figures;
                vec![
                    text(&standing.name),
                    Cell::Number(f.dispatched),
                    Cell::Rate(f.in_time),
                    Cell::Rate(f.accurate),
                    Cell::Points(standing.score),
                ]
            })
            .collect(),
    }
}

pub(super) fn satisfaction(w: &Writer<'_>) -> Table {
    let all = &w.figures.satisfaction.by_rating;
    Table {
        name: w.say(words::SATISFACTION).to_owned(),
        columns: vec![
            Column::text(w.say(words::RATING)),
            Column::number(w.say(words::COUNT)),
            Column::new(w.say(words::SHARE), ColumnKind::Share),
        ],
        rows: Rating::ALL
            .iter()
            .filter(|_| !all.is_empty())
            .map(|rating| {
                let name = w.say(codes::rating(*rating));
                share(name, all.get(rating.code()), all.total())
            })
            .collect(),
    }
}

pub(super) fn hotspots(w: &Writer<'_>) -> Table {
    Table {
        name: w.say(words::HOTSPOTS).to_owned(),
        columns: vec![
            Column::text(w.say(words::PLACE)),
            Column::text(w.say(words::MATTER)),
            Column::number(w.say(words::COUNT)),
            Column::number(w.say(words::BEFORE)),
            Column::new(w.say(words::CHANGE), ColumnKind::Change),
            Column::text(w.say(words::EXAMPLES)),
        ],
        rows: w.figures.hotspots.iter().map(|hot| spot(w, hot)).collect(),
    }
}

fn spot<'a>(w: &Writer<'a>, hot: &'a Hot) -> Vec<Cell> {
    let matter = if hot.category.is_empty() {
        hot.title.clone().unwrap_or_default()
    } else {
        path(w, &hot.category)
    };
    vec![
        text(place(w, hot.street.as_deref(), hot.community.as_deref())),
        text(matter),
        Cell::Number(hot.count),
        Cell::Number(hot.before),
        Cell::Change(growth(hot.count, hot.before)),
        text(hot.examples.join(" ")),
    ]
}

fn place<'a>(w: &Writer<'a>, street: Option<&'a str>, community: Option<&'a str>) -> String {
    let names: Vec<&str> = street
        .into_iter()
        .chain(community)
        .map(|name| w.name(name))
        .collect();
    names.join(" ")
}

fn day(w: &Writer<'_>, at: Option<Instant>) -> Cell {
    text(at.map_or_else(
        || super::document::NOTHING.to_owned(),
        |at| w.figures.as_of.zone.minute(at),
    ))
}

fn department<'a>(w: &Writer<'a>, named: &'a Named) -> Cell {
    let (zh, en) = &named.department_name;
    let name = if w.lang == Lang::En && !en.is_empty() {
        en
    } else {
        zh
    };
    let code = named.department.as_deref().unwrap_or_default();
    text(if name.is_empty() {
        w.department(code)
    } else {
        name
    })
}

/// What a ticket is about: its title, or else its category.
fn subject<'a>(w: &Writer<'a>, named: &'a Named) -> Cell {
    text(if named.title.is_empty() {
        path(w, &named.category)
    } else {
        named.title.clone()
    })
}

pub(super) fn cases(w: &Writer<'_>) -> Table {
    Table {
        name: w.say(words::CASES).to_owned(),
        columns: vec![
            Column::text(w.say(words::NO)),
            Column::text(w.say(words::SUBJECT)),
            Column::text(w.say(words::PLACE)),
            Column::text(w.say(words::DEPARTMENT)),
            Column::text(w.say(words::CREATED)),
            Column::text(w.say(words::CLOSED_ON)),
            Column::number(w.say(words::URGES)),
            Column::text(w.say(words::RATING)),
        ],
        rows: w
            .figures
            .cases
            .iter()
            .map(|case| {
                let rating = case.rating.as_deref().and_then(Rating::from_code);
                vec![
                    text(&case.no),
                    subject(w, case),
                    text(place(w, case.street.as_deref(), case.community.as_deref())),
                    department(w, case),
                    day(w, Some(case.created_at)),
                    day(w, case.closed_at),
                    Cell::Number(case.urges.into()),
                    text(rating.map_or("", |rating| w.say(codes::rating(rating)))),
                ]
            })
            .collect(),
    }
}

pub(super) fn listed<'a>(w: &Writer<'a>, name: Text, listed: &'a Listed) -> Table {
    Table {
        name: w.say(name).to_owned(),
        columns: vec![
            Column::text(w.say(words::NO)),
            Column::text(w.say(words::SUBJECT)),
            Column::text(w.say(words::DEPARTMENT)),
            Column::text(w.say(words::CREATED)),
            Column::text(w.say(words::DUE)),
            Column::number(w.say(words::URGES)),
            Column::text(w.say(words::RUNG)),
        ],
        rows: listed
            .rows
            .iter()
            .map(|named| {
                let rung = words::rung(named.supervision_level);
                vec![
                    text(&named.no),
                    subject(w, named),
                    department(w, named),
                    day(w, Some(named.created_at)),
                    day(w, named.due_at),
                    Cell::Number(named.urges.into()),
                    text(rung.map_or("", |rung| w.say(rung))),
                ]
            })
            .collect(),
    }
}
