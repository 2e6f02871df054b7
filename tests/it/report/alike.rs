//! Every figure of a report, format against format: the workbook's sheets read back, the CSV, the Markdown and the page taken
//! apart, the terminal's lines, and the JSON that programs read.

use super::{invented, json, written};
use calamine::{Data, Reader, Xlsx};
use fenbo::i18n::Lang;
use fenbo::report::{Format, render};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Cursor;

/// A table's figures as a person reads them; words are left out, for each format escapes them in its own way.
type Rows = Vec<Vec<String>>;

/// `85.00% (17/20)`, or `—`.
fn rate(n: u64, of: u64) -> String {
    if of == 0 {
        return "—".to_owned();
    }
    format!("{} ({n}/{of})", share(n, of))
}

/// A share in percent with two digits, rounded half up, in whole numbers.
fn share(n: u64, of: u64) -> String {
    if of == 0 {
        return "—".to_owned();
    }
    let hundredths = (n * 20_000 + of) / (of * 2);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

fn percent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

/// A spreadsheet's row as a person reads it: three columns of a rate are one figure.
fn read(heads: &[String], row: &[Option<f64>], words: &[bool]) -> Vec<String> {
    let mut said = Vec::new();
    let mut at = 0;
    while at < heads.len() {
        let head = heads[at].as_str();
        let whole = |at: usize| row[at].map(|n| n as u64);
        if heads.get(at + 1).is_some_and(|next| next.ends_with("分母")) {
            said.push(match (whole(at), whole(at + 1)) {
                (Some(n), Some(of)) => {
                    let said = rate(n, of);
                    if of > 0 {
                        let told = percent(row[at + 2].expect("the share"));
                        assert!(said.starts_with(&told), "{head}: {told} is not {said}");
                    }
                    said
                }
                (Some(n), None) => n.to_string(),
                (None, _) => "—".to_owned(),
            });
            at += 3;
            continue;
        }
        if !words[at] {
            let figure = row[at].map(|n| match head {
                "变化" if n > 0.0 => format!("+{}", percent(n)),
                "占比" | "变化" => percent(n),
                "得分" => format!("{n:.2}"),
                "平均小时" | "中位小时" => format!("{n:.1}"),
                _ => n.to_string(),
            });
            said.push(figure.unwrap_or_else(|| "—".to_owned()));
        }
        at += 1;
    }
    said
}

/// The sheets of the workbook with their heads, in their order; the first one holds sentences.
fn sheets() -> Vec<(String, Vec<String>, Vec<Vec<Data>>)> {
    let bytes = render(&invented(), Format::Xlsx, Lang::Zh).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = book.sheet_names().into_iter().skip(1).collect();
    let mut all = Vec::new();
    for name in names {
        let range = book.worksheet_range(&name).unwrap();
        let mut rows = range.rows().map(<[Data]>::to_vec);
        let heads = rows
            .next()
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        all.push((name, heads, rows.collect()));
    }
    all
}

/// Which columns of a sheet hold words: those with a text in any row. An empty column of figures holds dashes elsewhere.
fn worded(heads: &[String], rows: &[Vec<Data>]) -> Vec<bool> {
    const WORDS: [&str; 3] = ["督办层级", "评价", "标题"];
    (0..heads.len())
        .map(|at| {
            WORDS.contains(&heads[at].as_str())
                || rows.iter().any(|row| matches!(row[at], Data::String(_)))
        })
        .collect()
}

fn workbook() -> BTreeMap<String, Rows> {
    let of = |cell: &Data| match cell {
        Data::Float(n) => Some(*n),
        Data::Empty | Data::String(_) => None,
        other => panic!("{other:?} is neither number nor text"),
    };
    sheets()
        .into_iter()
        .map(|(name, heads, rows)| {
            let words = worded(&heads, &rows);
            let rows = rows
                .iter()
                .map(|row| read(&heads, &row.iter().map(of).collect::<Vec<_>>(), &words))
                .collect();
            (name, rows)
        })
        .collect()
}

fn comma_separated() -> BTreeMap<String, Rows> {
    let text = written(Format::Csv, Lang::Zh);
    let records: Vec<Vec<String>> = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes())
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect();
    let mut all = BTreeMap::new();
    for (name, heads, rows) in sheets() {
        let words = worded(&heads, &rows);
        let at = records
            .windows(2)
            .position(|pair| pair[0] == [name.clone()] && pair[1] == heads)
            .unwrap_or_else(|| panic!("{name} is not in the CSV"));
        let rows = records[at + 2..at + 2 + rows.len()]
            .iter()
            .map(|row| {
                let row: Vec<Option<f64>> = row.iter().map(|cell| cell.parse().ok()).collect();
                read(&heads, &row, &words)
            })
            .collect();
        all.insert(name, rows);
    }
    all
}

/// The cells of a table that are no words, by what the sheet of its name says of its columns.
fn figures_only(tables: &BTreeMap<String, Vec<Vec<String>>>) -> BTreeMap<String, Rows> {
    let mut all = BTreeMap::new();
    for (name, heads, rows) in sheets() {
        let words = worded(&heads, &rows);
        let mut keep = Vec::new();
        let mut at = 0;
        while at < heads.len() {
            let is_rate = heads.get(at + 1).is_some_and(|next| next.ends_with("分母"));
            keep.push(is_rate || !words[at]);
            at += if is_rate { 3 } else { 1 };
        }
        let said = &tables[&name];
        let rows = said
            .iter()
            .map(|row| {
                assert_eq!(row.len(), keep.len(), "{name}: {row:?}");
                let kept = row.iter().zip(&keep).filter(|(_, keep)| **keep);
                kept.map(|(cell, _)| cell.clone()).collect()
            })
            .collect();
        all.insert(name, rows);
    }
    all
}

fn markdown() -> BTreeMap<String, Rows> {
    let text = written(Format::Markdown, Lang::Zh);
    let mut tables: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    let mut name = String::new();
    let mut line_of_table = 0;
    for line in text.lines() {
        if let Some(head) = line
            .trim_start_matches('#')
            .strip_prefix(' ')
            .filter(|_| line.starts_with('#'))
        {
            head.clone_into(&mut name);
        }
        if !line.starts_with('|') {
            line_of_table = 0;
            continue;
        }
        line_of_table += 1;
        if line_of_table > 2 {
            let line = line.replace("\\|", "\u{1}");
            let cells = line.trim_matches('|').split('|');
            let row = cells.map(|cell| cell.trim().to_owned()).collect();
            tables.entry(name.clone()).or_default().push(row);
        }
    }
    figures_only(&tables)
}

fn page() -> BTreeMap<String, Rows> {
    let html = written(Format::Html, Lang::Zh);
    let between = |text: &str, from: &str, to: &str| {
        let (_, rest) = text.split_once(from)?;
        Some(rest.split_once(to)?.0.to_owned())
    };
    let mut tables: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for section in html.split("<section>").skip(1) {
        let title = between(section, "<h2>", "</h2>").unwrap();
        for table in section.split("<table>").skip(1) {
            let name = between(table, "<caption>", "</caption>").unwrap_or_else(|| title.clone());
            let body = between(table, "<tbody>", "</tbody>").unwrap();
            for row in body.split("<tr>").skip(1) {
                let cells = row.split("<td").skip(1).map(|cell| {
                    let (_, cell) = cell.split_once('>').unwrap();
                    cell.split_once("</td>").unwrap().0.to_owned()
                });
                tables
                    .entry(name.clone())
                    .or_default()
                    .push(cells.collect());
            }
        }
    }
    figures_only(&tables)
}

#[test]
fn workbook_csv_markdown_and_page_say_the_same_figures() {
    let workbook = workbook();
    assert!(workbook.len() > 15, "{} tables", workbook.len());
    assert!(workbook.values().flatten().flatten().count() > 60);
    assert_eq!(comma_separated(), workbook);
    assert_eq!(markdown(), workbook);
    assert_eq!(page(), workbook);
}

#[test]
fn the_terminal_says_every_figure_in_its_row() {
    let text = written(Format::Text, Lang::Zh);
    for (name, rows) in workbook() {
        let from = text.find(&name).unwrap_or(0);
        for row in rows {
            let has = |line: &str| {
                let mut rest = line;
                row.iter()
                    .all(|figure| match rest.split_once(figure.as_str()) {
                        Some((_, after)) => {
                            rest = after;
                            true
                        }
                        None => false,
                    })
            };
            let found = text[from..].lines().any(has) || text.lines().any(has);
            assert!(found, "{name}: {row:?}");
        }
    }
}

fn number(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| panic!("{value} is no count"))
}

fn rate_of(value: &Value) -> String {
    rate(number(&value["n"]), number(&value["of"]))
}

fn change(now: u64, before: u64) -> String {
    if before == 0 {
        return "—".to_owned();
    }
    let change = (now as f64 / before as f64 - 1.0) * 100.0;
    let sign = if change > 0.0 { "+" } else { "" };
    format!("{sign}{change:.2}%")
}

fn score(value: &Value) -> String {
    value
        .as_f64()
        .map_or_else(|| "—".to_owned(), |n| format!("{n:.2}"))
}

fn hours(value: &Value) -> String {
    value.as_f64().map_or_else(
        || "—".to_owned(),
        |seconds| format!("{:.1}", seconds / 3600.0),
    )
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

#[test]
fn programs_read_the_same_figures() {
    let (json, workbook) = (json(), workbook());
    let received = number(&json["received"]);
    let of_all = |name: &str| rate(number(&json[name]), received);
    let mut wanted: BTreeMap<&str, Rows> = BTreeMap::new();
    wanted.insert(
        "总体情况",
        [
            received.to_string(),
            ((received * 2 + 7) / 14).to_string(),
            of_all("closed"),
            of_all("open"),
            of_all("answered"),
            rate_of(&json["on_time"]),
            rate_of(&json["satisfied"]),
            json["exempt"].to_string(),
            json["false_closures"].to_string(),
        ]
        .map(|figure| vec![figure])
        .to_vec(),
    );
    let earlier = |value: &Value| {
        let before = value["received"].as_u64().unwrap_or(0);
        let count = if before == 0 {
            "—".to_owned()
        } else {
            before.to_string()
        };
        vec![count, change(received, before)]
    };
    wanted.insert(
        "同比与环比",
        vec![earlier(&json["previous"]), earlier(&json["year_before"])],
    );
    let trend = list(&json["trend"])
        .iter()
        .map(|point| vec![point["received"].to_string()]);
    wanted.insert("受理趋势", trend.collect());
    for (name, key) in [
        ("诉求来源", "by_source"),
        ("受理渠道", "by_channel"),
        ("诉求性质", "by_nature"),
        ("时限类别", "by_limit_class"),
        ("大类", "by_category"),
        ("街道", "by_street"),
        ("社区", "by_community"),
    ] {
        let counts = json[key].as_object().unwrap().values().map(number);
        wanted.insert(
            name,
            counts
                .map(|n| vec![n.to_string(), share(n, received)])
                .collect(),
        );
    }
    let top = list(&json["top_categories"]).iter().map(|category| {
        let (n, before) = (number(&category["received"]), number(&category["before"]));
        vec![
            n.to_string(),
            share(n, received),
            before.to_string(),
            change(n, before),
        ]
    });
    wanted.insert("小类（前十）", top.collect());
    let departments = list(&json["departments"]);
    let assessed = departments.iter().map(|d| {
        vec![
            d["rank"].to_string(),
            d["dispatched"].to_string(),
            rate_of(&d["on_time"]),
            d["overdue"].to_string(),
            rate_of(&d["closing_rate"]),
            rate_of(&d["rework_rate"]),
            score(&d["score"]),
        ]
    });
    wanted.insert("承办单位考核", assessed.collect());
    let handled = departments.iter().map(|d| {
        vec![
            rate_of(&d["return_rate"]),
            rate_of(&d["satisfied"]),
            rate_of(&d["contacted"]),
            rate_of(&d["solved"]),
            d["unsigned"].to_string(),
            d["exempt"].to_string(),
            hours(&d["mean_handling_seconds"]),
            hours(&d["median_handling_seconds"]),
        ]
    });
    wanted.insert("承办过程", handled.collect());
    let dispatchers = list(&json["dispatchers"]).iter().map(|d| {
        vec![
            d["dispatched"].to_string(),
            rate_of(&d["in_time"]),
            rate_of(&d["accurate"]),
            score(&d["score"]),
        ]
    });
    wanted.insert("分拨员", dispatchers.collect());
    let ratings = json["by_rating"].as_object().unwrap();
    let all: u64 = ratings.values().map(number).sum();
    let rated = [
        "very_satisfied",
        "satisfied",
        "fairly_satisfied",
        "dissatisfied",
        "unrated",
    ]
    .map(|code| ratings.get(code).map_or(0, number));
    wanted.insert(
        "满意度",
        rated.map(|n| vec![n.to_string(), share(n, all)]).to_vec(),
    );
    let hot = list(&json["hotspots"]).iter().map(|spot| {
        let (n, before) = (number(&spot["count"]), number(&spot["before"]));
        vec![n.to_string(), before.to_string(), change(n, before)]
    });
    wanted.insert("热点难点", hot.collect());
    let urged = |tickets: &Value| -> Rows {
        list(tickets)
            .iter()
            .map(|ticket| vec![ticket["urges"].to_string()])
            .collect()
    };
    wanted.insert("典型案例", urged(&json["cases"]));
    wanted.insert("超期未办结", urged(&json["overdue"]["tickets"]));
    for (name, rows) in &wanted {
        assert_eq!(&workbook[*name], rows, "{name}");
    }
    let named: Vec<&str> = wanted.keys().copied().collect();
    let all: Vec<&str> = workbook.keys().map(String::as_str).collect();
    assert_eq!(named, all, "a table that no program can read");
}
