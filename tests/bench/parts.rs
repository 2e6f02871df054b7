//! What the parts cost that a key waits for, one by one, without a terminal around them.
//!
//! `cargo bench --bench parts` on stores of 10,000 and 100,000 tickets and, where `cargo bench --bench speed -- 1000000` has
//! made it, of 1,000,000; a name behind `--` picks some. A part that costs more on a larger store shows here first.
#![allow(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on ends here"
)]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use fenbo::console::app::{Chord, Effect, Language, Model, Msg, Rules, Start, ThemeId, update};
use fenbo::console::command::commands;
use fenbo::console::term::{Presenter, PresenterOptions};
use fenbo::console::view::{self, Glyphs, Theme};
use fenbo::domain::filter::{Filter, Reading};
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::queue::{From, Query, Sort, View};
use fenbo::domain::rules::Rules as Book;
use fenbo::domain::ticket::LimitClass;
use fenbo::service::Centre;
use fenbo::store::{Access, Store};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// The moment every store is made and looked at.
const NOW: &str = "2026-11-23 09:00";
/// Columns and rows. `[QUALITY: console at 160×48]`
const SIZE: (u16, u16) = (160, 48);
/// Rows the console asks for at once.
const PAGE: usize = 50;

fn now() -> Instant {
    Zone::shanghai().parse(NOW).unwrap()
}

fn book() -> Arc<Book> {
    Arc::new(fenbo::config::rules(None).unwrap())
}

/// The store of a size; a small one is made where it is not there.
fn store(size: usize) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{size}.db"));
    if !path.exists() && size <= 100_000 {
        let made = Command::new(env!("CARGO_BIN_EXE_fenbo"))
            .args(["--at", NOW, "demo", "--no-console", "--tickets"])
            .args([
                size.to_string(),
                "--db".to_owned(),
                path.display().to_string(),
            ])
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
    }
    path.exists().then_some(path)
}

/// The stores there are, each opened for reading as its first operator.
fn centres() -> Vec<(usize, Centre)> {
    let sizes = [10_000, 100_000, 1_000_000];
    let opened = sizes.into_iter().filter_map(|size| {
        let store = Store::open(&store(size)?, Access::ReadOnly).unwrap();
        let login = store.operators().unwrap().remove(0).code;
        Some((size, Centre::over(store, book(), &login, None).unwrap()))
    });
    opened.collect()
}

fn query(centre: &Centre, view: View, typed: &str) -> Query {
    let rules = centre.shared_rules();
    let reading = Reading {
        directory: &rules.directory,
        zone: Zone::shanghai(),
        now: now(),
    };
    Query {
        view,
        filter: Filter::parse(typed, reading).unwrap(),
        sort: match view {
            View::All => Sort::Newest,
            _ => Sort::Due,
        },
        department: None,
        now: now(),
    }
}

/// Parts that know no store.
fn rules(c: &mut Criterion) {
    let book = book();
    let created = Zone::shanghai().parse("2017-09-29 17:10").unwrap();
    c.bench_function("a deadline over Golden Week", |b| {
        b.iter(|| {
            let found = book.deadline(black_box(LimitClass::Complaint), &[], created);
            found.unwrap().0
        });
    });
    let reading = Reading {
        directory: &book.directory,
        zone: Zone::shanghai(),
        now: now(),
    };
    c.bench_function("a filter line", |b| {
        b.iter(|| Filter::parse(black_box("灯:红 -来源:12345 路灯"), reading).unwrap());
    });
    c.bench_function("all the rules from their files", |b| b.iter(self::book));
}

/// What the store answers.
fn reading(c: &mut Criterion) {
    for (size, mut centre) in centres() {
        let mut group = c.benchmark_group("read");
        let open = query(&centre, View::Open, "");
        let first = centre.page(&open, From::Start, PAGE).unwrap();
        let last = first.rows.last().unwrap().0;
        let no = first.rows[0].1.no.clone();
        let mut ask = |what: &str, work: &mut dyn FnMut(&mut Centre)| {
            group.bench_function(BenchmarkId::new(what, size), |b| {
                b.iter(|| work(&mut centre));
            });
        };
        ask("first page", &mut |centre| {
            black_box(centre.page(&open, From::Start, PAGE).unwrap());
        });
        ask("next page by key", &mut |centre| {
            black_box(centre.page(&open, From::After(last), PAGE).unwrap());
        });
        ask("last page", &mut |centre| {
            black_box(centre.page(&open, From::End, PAGE).unwrap());
        });
        ask("lights and views counted", &mut |centre| {
            black_box(centre.counts(now()).unwrap());
        });
        ask("one ticket with its ledger", &mut |centre| {
            black_box(centre.detail(&no).unwrap());
        });
        ask("one suggestion", &mut |centre| {
            black_box(centre.suggest_for(&no, now()).unwrap());
        });
        ask("one look for duplicates", &mut |centre| {
            black_box(centre.similar(&no).unwrap());
        });
        for (what, view) in [("in what is open", View::Open), ("in all", View::All)] {
            for word in ["井", "路灯", "公交站", "夜间施工噪音"] {
                let asked = query(&centre, view, word);
                let name = format!("first page of {word} {what}");
                group.bench_function(BenchmarkId::new(name, size), |b| {
                    b.iter(|| centre.page(&asked, From::Start, PAGE).unwrap());
                });
            }
        }
        group.finish();
    }
}

/// A console whose orders are answered at once.
struct Desk {
    model: Model,
    frame: Buffer,
    presenter: Presenter,
}

impl Desk {
    fn at(centre: &Centre) -> Self {
        let start = Start {
            now: now(),
            pinned: true,
            language: Language::Zh,
            theme: ThemeId::Dark,
            size: SIZE,
            read_only: true,
            mask: false,
            bell: false,
        };
        let rules = Rules {
            operator: centre.operator().clone(),
            book: centre.shared_rules(),
            people: std::collections::BTreeMap::new(),
        };
        let (table, _) = commands(std::iter::empty());
        let (model, orders) = Model::new(&start, Arc::new(rules), Arc::new(table));
        let area = Rect::new(0, 0, SIZE.0, SIZE.1);
        let mut desk = Self {
            model,
            frame: Buffer::empty(area),
            presenter: Presenter::new(SIZE.0, SIZE.1, PresenterOptions::default()),
        };
        desk.answer(centre, orders);
        desk
    }

    fn answer(&mut self, centre: &Centre, orders: Vec<Effect>) {
        for order in orders {
            let answer = match order {
                Effect::LoadPage {
                    token,
                    query,
                    from,
                    n,
                } => {
                    let page = centre.page(&query, from, n).unwrap();
                    let place = centre.place(&query, &page).unwrap();
                    Msg::PageLoaded { token, page, place }
                }
                Effect::LoadCounts => Msg::CountsLoaded(centre.counts(now()).unwrap()),
                Effect::LoadDetail(no) => Msg::DetailLoaded(Box::new(centre.detail(&no).unwrap())),
                _ => continue,
            };
            let more = update(&mut self.model, answer);
            self.answer(centre, more);
        }
    }

    /// Presses a key and paints; the bytes.
    fn press(&mut self, key: &str) -> usize {
        drop(update(
            &mut self.model,
            Msg::Key(key.parse::<Chord>().unwrap()),
        ));
        let area = self.frame.area;
        let theme = Theme::of(self.model.theme);
        let drawn = view::draw(&self.model, theme, Glyphs::UNICODE, &mut self.frame, area);
        self.presenter.present(&self.frame, drawn.cursor).len()
    }
}

/// A key through the model and the view to bytes.
fn painting(c: &mut Criterion) {
    let (_, centre) = centres().remove(0);
    let mut group = c.benchmark_group("paint");
    for (what, keys) in [
        ("a row, the keys at rest", ["j", "k"]),
        ("a page", ["PageDown", "PageUp"]),
        ("a dialog and away", ["?", "Esc"]),
    ] {
        let mut desk = Desk::at(&centre);
        desk.press("j");
        let mut turn = 0;
        group.bench_function(what, |b| {
            b.iter(|| {
                turn += 1;
                desk.press(keys[turn % 2])
            });
        });
    }
    let mut desk = Desk::at(&centre);
    desk.press("j");
    drop(update(&mut desk.model, Msg::Hurried));
    let mut turn = 0;
    group.bench_function("a row, the keys in a hurry", |b| {
        b.iter(|| {
            turn += 1;
            desk.press(["j", "k"][turn % 2])
        });
    });
    group.finish();
}

criterion_group!(parts, rules, reading, painting);
criterion_main!(parts);
