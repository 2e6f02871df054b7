//! Integration tests: report. What the documents say of invented figures, and that they all say the same.

mod alike;
mod real;

use calamine::{Data, Reader, Xlsx};
use fenbo::domain::assessment::{DepartmentFigures, DispatcherFigures, Rate};
use fenbo::domain::figures::{
    Advice, AdviceKind, AsOf, CategoryCount, DispatcherStanding, Earlier, Figures, Hot, Listed,
    Named, Point, Satisfaction, Shares, Standing,
};
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::period::{Period, PeriodKind};
use fenbo::domain::policy::WeekStart;
use fenbo::i18n::Lang;
use fenbo::report::{Format, render};
use std::io::Cursor;

/// Text that every format must keep from acting: markup, formula, escape, direction.
const NASTY: &str = "=HYPERLINK(\"http://x\",\"<script>alert(1)</script>\")\u{1b}[31m\u{202e}|*_";

fn shares(counts: &[(&str, u64)]) -> Shares {
    Shares::new(counts.iter().map(|(name, n)| ((*name).to_owned(), *n)))
}

fn department(code: &str, name: &str, on_time: Rate, score: u64) -> Standing {
    Standing {
        figures: DepartmentFigures {
            department: code.into(),
            dispatched: on_time.of + 2,
            on_time,
            closing: Rate {
                n: on_time.n,
                of: on_time.of,
            },
            overdue: on_time.of - on_time.n,
            returned: Rate {
                n: 1,
                of: on_time.of + 2,
            },
            reworked: Rate {
                n: 0,
                of: on_time.of,
            },
            satisfied: Rate { n: 3, of: 4 },
            unsigned: 1,
            mean_handling: Some(5400),
            median_handling: Some(3600),
            ..DepartmentFigures::default()
        },
        name: name.into(),
        name_en: String::new(),
        score: Some(score),
        rank: None,
    }
}

/// A week of invented figures.
fn invented() -> Figures {
    let zone = Zone::shanghai();
    let day = "2018-10-17".parse().unwrap();
    let period = Period::of(PeriodKind::Week, day, WeekStart::Monday);
    let as_of = AsOf {
        at: zone.parse("2018-10-22 08:30").unwrap(),
        zone,
        seq: 4711,
        head: "ab".repeat(32),
    };
    let named = |no: &str, title: &str| Named {
        no: no.into(),
        title: title.into(),
        category: vec!["市容环卫".into(), "占道经营".into()],
        street: Some("柳林街道".into()),
        community: Some("白桦社区".into()),
        department: Some("llzf".into()),
        created_at: zone.parse("2018-10-15 09:00").unwrap(),
        due_at: Some(zone.parse("2018-10-19").unwrap()),
        urges: 2,
        ..Named::default()
    };
    let mut figures = Figures {
        edition: ("sample-2018".into(), "示例办法".into()),
        received: 30,
        closed: 21,
        open: 9,
        answered: 4,
        exempt: 1,
        on_time: Rate { n: 17, of: 20 },
        by_source: shares(&[("12345", 18), ("@坪山", 10), ("-", 2)]),
        by_channel: shares(&[("电话", 30)]),
        by_nature: shares(&[("complaint", 25), ("enquiry", 5)]),
        by_limit_class: shares(&[("urban", 20), ("complaint", 5), ("enquiry", 5)]),
        by_category: shares(&[("市容环卫", 20), ("环保水务", 10)]),
        by_street: shares(&[("柳林街道", 29), ("-", 1)]),
        by_community: shares(&[("白桦社区", 30)]),
        top_categories: vec![CategoryCount {
            path: vec!["市容环卫".into(), "市容环卫".into(), "占道经营".into()],
            count: 20,
            before: 8,
        }],
        previous: Earlier {
            period: period.previous(),
            received: 24,
        },
        trend: (0..7)
            .map(|at| Point {
                day: period.from + chrono::Days::new(at),
                hour: None,
                received: at,
                closed: 0,
            })
            .collect(),
        points: (60, 30, 10),
        dispatch_points: (40, 40, 20),
        departments: vec![
            department("llzf", "柳林执法队", Rate { n: 7, of: 10 }, 8000),
            department("hbj", "环保局", Rate { n: 10, of: 10 }, 10_000),
        ],
        dispatchers: vec![DispatcherStanding {
            figures: DispatcherFigures {
                operator: "wang".into(),
                dispatched: 26,
                in_time: Rate { n: 25, of: 26 },
                accurate: Rate { n: 24, of: 26 },
            },
            name: "王五".into(),
            score: Some(9540),
        }],
        satisfaction: Satisfaction {
            satisfied: Rate { n: 6, of: 8 },
            by_rating: shares(&[("satisfied", 6), ("dissatisfied", 2), ("unrated", 13)]),
        },
        hotspots: vec![Hot {
            street: Some("柳林街道".into()),
            community: Some("白桦社区".into()),
            category: vec!["市容环卫".into(), "占道经营".into()],
            title: None,
            count: 12,
            before: 3,
            examples: vec!["20181018-0003".into()],
        }],
        cases: vec![Named {
            closed_at: Some(zone.parse("2018-10-18 17:00").unwrap()),
            rating: Some("satisfied".into()),
            ..named("20181015-0001", NASTY)
        }],
        overdue: Listed {
            total: 3,
            rows: vec![named("20181015-0002", "夜市占道")],
        },
        advice: vec![
            Advice {
                kind: AdviceKind::Rising,
                about: vec!["市容环卫".into(), "占道经营".into()],
                n: 20,
                of: 8,
            },
            Advice {
                kind: AdviceKind::LowOnTime,
                about: vec!["llzf".into()],
                n: 7,
                of: 10,
            },
        ],
        english: [("柳林街道", "Liulin"), ("市容环卫", "City appearance")]
            .map(|(zh, en)| (zh.to_owned(), en.to_owned()))
            .into(),
        ..Figures::empty(period, as_of)
    };
    figures.rank();
    figures
}

fn written(format: Format, lang: Lang) -> String {
    String::from_utf8(render(&invented(), format, lang).unwrap()).unwrap()
}

fn json() -> serde_json::Value {
    serde_json::from_str(&written(Format::Json, Lang::Zh)).unwrap()
}

#[test]
fn markdown_in_chinese() {
    insta::assert_snapshot!(written(Format::Markdown, Lang::Zh));
}

#[test]
fn text_in_english() {
    insta::assert_snapshot!(written(Format::Text, Lang::En));
}

#[test]
fn html_in_english() {
    let html = written(Format::Html, Lang::En);
    let body = html.split_once("<body>").unwrap().1;
    insta::assert_snapshot!(body);
}

#[test]
fn html_has_nothing_remote_no_script_and_a_policy_that_says_so() {
    for lang in Lang::ALL {
        let html = written(Format::Html, lang);
        assert!(html.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
        let head = html.find("<meta charset=\"utf-8\">").unwrap();
        assert!(head < html.find("<title>").unwrap());
        let lower = html.to_lowercase();
        for banned in [
            "<script",
            "src=\"",
            "href=",
            "url(",
            "@import",
            "<link",
            " onload=\"",
            "<iframe",
            "<object",
        ] {
            assert!(!lower.contains(banned), "{banned} in the page");
        }
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    }
}

#[test]
fn every_element_of_the_page_is_one_of_ours_and_closed() {
    const OURS: [&str; 26] = [
        "html", "head", "meta", "title", "style", "body", "header", "section", "h1", "h2", "p",
        "ul", "li", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "text",
        "rect", "line", "!DOCTYPE",
    ];
    const EMPTY: [&str; 4] = ["meta", "rect", "line", "!DOCTYPE"];
    let html = written(Format::Html, Lang::Zh);
    let mut open = Vec::new();
    let mut rest = html.as_str();
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').unwrap() + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "</{name}> closes nothing");
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap();
        assert!(OURS.contains(&name), "<{tag}> is not ours");
        if !EMPTY.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} stay open");
}

#[test]
fn json_has_the_names_of_the_contract() {
    let json = json();
    for name in [
        "period",
        "received",
        "closed",
        "open",
        "on_time",
        "by_source",
        "by_nature",
        "by_limit_class",
        "by_category",
        "by_street",
        "by_community",
        "departments",
        "hotspots",
    ] {
        assert!(!json[name].is_null(), "{name} is missing");
    }
    assert_eq!(
        json["period"],
        serde_json::json!({"kind": "week", "from": "2018-10-15", "to": "2018-10-21"})
    );
    assert_eq!(json["on_time"], serde_json::json!({"n": 17, "of": 20}));
    assert_eq!(json["by_source"]["12345"], 18);
    let best = &json["departments"][0];
    for (name, value) in [
        ("department", serde_json::json!("hbj")),
        ("name", serde_json::json!("环保局")),
        ("dispatched", serde_json::json!(12)),
        ("on_time", serde_json::json!({"n": 10, "of": 10})),
        ("overdue", serde_json::json!(0)),
        ("returned", serde_json::json!(1)),
        ("reworked", serde_json::json!(0)),
        ("satisfied", serde_json::json!({"n": 3, "of": 4})),
        ("score", serde_json::json!(100.0)),
    ] {
        assert_eq!(best[name], value, "{name}");
    }
    assert!(
        json["year_before"]["received"].is_null(),
        "nothing to compare with is not nought"
    );
}

/// The cells of the sheet with this name.
fn sheet(name: &str) -> Vec<Vec<Data>> {
    let bytes = render(&invented(), Format::Xlsx, Lang::Zh).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range(name).unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn the_workbook_says_what_the_json_says() {
    let json = json();
    let rows = sheet("承办单位考核");
    let head: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
    let column = |name: &str| head.iter().position(|h| h == name).unwrap();
    let departments = json["departments"].as_array().unwrap();
    assert_eq!(rows.len(), departments.len() + 1);
    for (row, department) in rows[1..].iter().zip(departments) {
        let number = |name: &str| match row[column(name)] {
            Data::Float(n) => n,
            ref other => panic!("{name} is {other:?}, not a number"),
        };
        assert_eq!(
            row[column("承办单位")].to_string(),
            department["name"].as_str().unwrap()
        );
        for (name, value) in [
            ("分拨", &department["dispatched"]),
            ("按时办结数", &department["on_time"]["n"]),
            ("按时办结分母", &department["on_time"]["of"]),
            ("超期", &department["overdue"]),
            ("得分", &department["score"]),
            ("名次", &department["rank"]),
        ] {
            assert!(
                (number(name) - value.as_f64().unwrap()).abs() < 1e-9,
                "{name}"
            );
        }
    }
    for (name, key) in [
        ("诉求来源", "by_source"),
        ("街道", "by_street"),
        ("大类", "by_category"),
    ] {
        let counts: Vec<f64> = sheet(name)[1..]
            .iter()
            .map(|row| match row[1] {
                Data::Float(n) => n,
                ref other => panic!("{other:?}"),
            })
            .collect();
        let wanted: Vec<f64> = json[key]
            .as_object()
            .unwrap()
            .values()
            .map(|v| v.as_f64().unwrap())
            .collect();
        assert_eq!(counts, wanted, "{name}");
    }
}

#[test]
fn no_cell_of_the_workbook_is_a_formula_or_a_link() {
    let bytes = render(&invented(), Format::Xlsx, Lang::Zh).unwrap();
    let mut zip = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
    for name in zip.sheet_names() {
        assert!(
            zip.worksheet_formula(&name).unwrap().is_empty(),
            "a formula in {name}"
        );
    }
    let title = sheet("典型案例")[1][1].to_string();
    assert!(
        title.starts_with("=HYPERLINK("),
        "the text stays as it is, as text: {title}"
    );
    // A link of a cell stands in the relations of its sheet; names of parts are not packed.
    let names = String::from_utf8_lossy(&bytes);
    assert!(names.contains("xl/worksheets/sheet1.xml"));
    assert!(!names.contains("xl/worksheets/_rels/") && !names.contains("externalLink"));
}

#[test]
fn csv_opens_in_excel_and_no_text_acts() {
    let csv = written(Format::Csv, Lang::Zh);
    assert!(csv.starts_with('\u{feff}'));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let mut cells = 0;
    for record in reader.records() {
        for cell in &record.unwrap() {
            cells += 1;
            let number = cell.parse::<f64>().is_ok();
            assert!(
                number
                    || !cell
                        .trim_start()
                        .starts_with(['=', '+', '-', '@', '|', '%', '\t']),
                "{cell:?} acts"
            );
        }
    }
    assert!(cells > 200);
    assert!(
        csv.contains("\"环保局\",12,10,10,1.0000,0,"),
        "numbers stay numbers: {csv}"
    );
}

#[test]
fn terminal_text_has_no_control_character() {
    for (lang, format) in Lang::ALL
        .into_iter()
        .flat_map(|l| [(l, Format::Text), (l, Format::Markdown), (l, Format::Csv)])
    {
        let text = written(format, lang);
        let bad = text
            .chars()
            .find(|c| c.is_control() && !matches!(c, '\n' | '\r'));
        assert_eq!(bad, None);
        assert!(!text.contains('\u{202e}'));
    }
}

#[test]
fn the_same_figures_are_the_same_bytes_in_every_format() {
    for format in Format::ALL {
        for lang in Lang::ALL {
            assert_eq!(
                render(&invented(), format, lang).unwrap(),
                render(&invented(), format, lang).unwrap(),
                "{format:?}"
            );
        }
    }
}

#[test]
fn an_empty_period_is_reported_with_dashes() {
    let day = "2018-10-17".parse().unwrap();
    for kind in PeriodKind::ALL {
        let period = Period::of(*kind, day, WeekStart::Monday);
        let mut figures = Figures::empty(
            period,
            AsOf {
                at: Instant(1_600_000_000),
                ..AsOf::default()
            },
        );
        figures.rank();
        for format in Format::ALL {
            assert!(!render(&figures, format, Lang::Zh).unwrap().is_empty());
        }
        let text = String::from_utf8(render(&figures, Format::Text, Lang::En).unwrap()).unwrap();
        assert!(text.contains("—") && !text.contains("NaN"));
    }
}
