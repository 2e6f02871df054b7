//! What a person waits for, measured from outside on stores of several sizes, with the limit beside each figure.
//!
//! `cargo bench --bench speed` measures 10,000 and 100,000 tickets; `cargo bench --bench speed -- 10000 1000000` the sizes
//! named. The stores are made once and kept in the target folder. Other programs are measured on the same rows where they are
//! installed. Times of a busy machine are too long: look at the bytes, and at one size beside the other.
//!
//! Start at [`measure`]; the rows are those of the table in the README.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement that cannot go on ends here"
)]

mod others;
mod screen;

use fenbo::domain::instant::Zone;
use fenbo::service::Centre;
use fenbo::store::{Access, Store};
use portable_pty::CommandBuilder;
use screen::{Answer, Screen};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The moment every run is pinned to.
const NOW: &str = "2026-11-23 09:00";
const FENBO: &str = env!("CARGO_BIN_EXE_fenbo");
/// The greatest ratio between sizes of a row that is said to be flat. `[QUALITY: How cost grows]`
const FLAT: f64 = 1.5;

/// A row of the table: what was measured for each size.
struct Row {
    what: &'static str,
    limit: &'static str,
    /// The figure that must not grow with the store.
    flat: bool,
    /// For each size: what is printed, the figure compared, whether the limit is kept.
    cells: Vec<(String, f64, bool)>,
}

/// All rows so far.
#[derive(Default)]
struct Table(Vec<Row>);

impl Table {
    fn put(
        &mut self,
        what: &'static str,
        limit: &'static str,
        flat: bool,
        cell: (String, f64, bool),
    ) {
        match self.0.iter_mut().find(|row| row.what == what) {
            Some(row) => row.cells.push(cell),
            None => self.0.push(Row {
                what,
                limit,
                flat,
                cells: vec![cell],
            }),
        }
    }

    fn print(&self, sizes: &[usize], others: &[(&'static str, String)]) {
        let names: Vec<String> = sizes.iter().map(|n| format!("{n} tickets")).collect();
        println!(
            "\n| what | limit | {} | growth | other programs |",
            names.join(" | ")
        );
        println!("|---|---|{}---|---|", "---|".repeat(sizes.len()));
        for row in &self.0 {
            let cells: Vec<String> = row
                .cells
                .iter()
                .map(|(text, _, kept)| format!("{text}{}", if *kept { "" } else { " ✗" }))
                .collect();
            let figures: Vec<f64> = row.cells.iter().map(|(_, figure, _)| *figure).collect();
            let growth = match (figures.first(), figures.last()) {
                (Some(first), Some(last)) if row.flat && figures.len() > 1 => {
                    let ratio = last / first;
                    format!("×{ratio:.2}{}", if ratio > FLAT { " ✗" } else { "" })
                }
                _ => String::new(),
            };
            let beside: Vec<&str> = others
                .iter()
                .filter(|(what, _)| *what == row.what)
                .map(|(_, said)| said.as_str())
                .collect();
            println!(
                "| {} | {} | {} | {growth} | {} |",
                row.what,
                row.limit,
                cells.join(" | "),
                beside.join("; ")
            );
        }
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The median and the 99th percentile.
fn spread(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort();
    let at = |permille: usize| ms(times[(times.len() - 1) * permille / 1000]);
    (at(500), at(990))
}

/// Median / p99 against their limits.
fn times(taken: Vec<Duration>, median: f64, p99: f64) -> (String, f64, bool) {
    let (m, p) = spread(taken);
    (format!("{m:.2} / {p:.2} ms"), m, m <= median && p <= p99)
}

/// Median / p99 and the most bytes of presses, against their limits.
fn presses(answers: &[Answer], median: f64, p99: f64, bytes: usize) -> (String, f64, bool) {
    // A press that led to nothing took no time, and is no answer.
    let answers: Vec<&Answer> = answers.iter().filter(|a| a.bytes > 0).collect();
    assert!(!answers.is_empty(), "no key led to anything");
    let (text, m, kept) = times(answers.iter().map(|a| a.first).collect(), median, p99);
    let mut sizes: Vec<usize> = answers.iter().map(|a| a.first_bytes).collect();
    sizes.sort_unstable();
    let most = sizes[(sizes.len() - 1) * 95 / 100];
    let (_, last) = spread(answers.iter().map(|a| a.last).collect());
    let whole = answers.iter().map(|a| a.bytes).sum::<usize>() / answers.len();
    (
        format!("{text}, {most} B (all: {last:.1} ms, {whole} B)"),
        m,
        kept && most <= bytes,
    )
}

/// A store and the program on it.
struct Bench {
    store: PathBuf,
}

impl Bench {
    /// The store of a size, made when it is not there yet.
    fn of(size: usize) -> Self {
        let store = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{size}.db"));
        let bench = Self { store };
        if !bench.store.exists() {
            let since = Instant::now();
            let n = size.to_string();
            let made = bench.run(&["demo", "--tickets", &n, "--no-console"]);
            assert!(made.status.success(), "{made:?}");
            eprintln!(
                "a store of {size} tickets was made in {:?}",
                since.elapsed()
            );
        }
        // What came due up to now is written, so that the console finds nothing to sweep.
        assert!(bench.run(&["sweep"]).status.success());
        // What is stored is learned from, so that the console does not begin with it.
        let first = bench.on_desk(1).remove(0);
        assert!(bench.run(&["suggest", &first]).status.success());
        bench
    }

    /// The numbers of the first tickets on the desk.
    fn on_desk(&self, most: usize) -> Vec<String> {
        let most = most.to_string();
        let asked = [
            "list", "--view", "desk", "--limit", &most, "--format", "jsonl",
        ];
        let listed = String::from_utf8(self.run(&asked).stdout).unwrap();
        let number = |line: &str| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            row["no"].as_str().unwrap().to_owned()
        };
        listed.lines().map(number).collect()
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(FENBO)
            .args(["--at", NOW, "--db"])
            .arg(&self.store)
            .args(words)
            .env_clear()
            .env("HOME", env!("CARGO_TARGET_TMPDIR"))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// How long whole runs take.
    fn runs(&self, words: &[&str], times: usize) -> Vec<Duration> {
        (0..times)
            .map(|_| {
                let since = Instant::now();
                let ran = self.run(words);
                let took = since.elapsed();
                assert!(ran.status.success(), "{words:?}: {ran:?}");
                took
            })
            .collect()
    }

    fn console(&self) -> Screen {
        let mut command = CommandBuilder::new(FENBO);
        command.args(["--at", NOW, "--lang", "zh", "--db"]);
        command.arg(&self.store);
        command.env_clear();
        command.env("HOME", env!("CARGO_TARGET_TMPDIR"));
        command.env("TERM", "xterm-256color");
        command.env("LANG", "zh_CN.UTF-8");
        Screen::start(command)
    }
}

/// The line of the selected row.
fn place(text: &str) -> Option<usize> {
    text.lines()
        .position(|line| line.trim_start().starts_with('▸'))
}

/// Whether the queue is painted: a row is selected.
fn painted(text: &str) -> bool {
    place(text).is_some()
}

/// Everything about one store.
fn measure(size: usize, table: &mut Table) {
    let bench = Bench::of(size);
    start(&bench, table);
    let mut console = bench.console();
    console.wait(painted).unwrap();
    console.settle(Duration::from_millis(800));
    // Each key comes to rest, so that what the pane costs is counted too.
    console.quiet = Duration::from_millis(200);
    // Before anything is written that the next sweep has to look at.
    quiet(&mut console, table);
    leisure(&mut console, table);
    keys(&mut console, table);
    search(size, &mut console, table);
    dispatch(&bench, &mut console, table);
    neighbour(&bench, &mut console, table);
    lines(&mut console, table);
    views(&mut console);
    let (own, most) = console.memory();
    let (own, most) = (own as f64 / 1024.0, most as f64 / 1024.0);
    let cell = (
        format!("{most:.0} MB, {own:.0} of it its own"),
        most,
        most <= 30.0,
    );
    table.put("memory of the console", "30 MB, flat", true, cell);
    drop(console);
    // What it wrote comes to the disk.
    std::thread::sleep(Duration::from_secs(2));
    processes(size, &bench, table);
    suggestion(&bench, table);
}

fn start(bench: &Bench, table: &mut Table) {
    let (mut taken, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..30 {
        let mut console = bench.console();
        taken.push(console.wait(painted).unwrap());
        // Now and then the pane's frame is read together with that of the queue.
        sizes.push(console.total);
        console.settle(Duration::from_millis(60));
    }
    sizes.sort_unstable();
    let bytes = sizes[sizes.len() / 2];
    let (text, m, kept) = times(taken, 15.0, 30.0);
    let cell = (format!("{text}, {bytes} B"), m, kept && bytes <= 6_000);
    table.put(
        "start of the console to the painted queue",
        "15 / 30 ms, 6 KB, flat",
        true,
        cell,
    );
}

/// A key for which somebody waits, with all that follows from it.
fn leisure(console: &mut Screen, table: &mut Table) {
    let answers = console.presses(&["j", "k"], 40);
    let cell = times(
        answers.iter().map(|a| a.last).collect(),
        f64::INFINITY,
        f64::INFINITY,
    );
    table.put(
        "move one row at leisure, key to the pane with all that is like it",
        "",
        false,
        cell,
    );
}

/// Keys one after another, as other programs are measured: the row follows each, the pane when they rest.
fn keys(console: &mut Screen, table: &mut Table) {
    let patience = std::mem::replace(&mut console.quiet, screen::QUIET);
    console.presses(&["j"], 5);
    let cell = presses(&console.presses(&["j", "k"], 200), 0.9, 2.0, 320);
    table.put("move one row", "0.9 / 2 ms, 320 B, flat", true, cell);
    // The longest queue; its end is not reached.
    console.press("2");
    console.presses(&["g"], 1);
    console.presses(&["j"], 40);
    let cell = presses(&console.presses(&["j"], 100), 1.2, 2.0, 400);
    table.put(
        "scroll one line at the edge",
        "1.2 / 2 ms, 400 B",
        true,
        cell,
    );
    let cell = presses(
        &console.presses(&["\x1b[6~", "\x1b[6~", "\x1b[5~", "G", "g"], 300),
        1.5,
        3.0,
        5_500,
    );
    table.put("page, end, home", "1.5 / 3 ms, 5.5 KB, flat", true, cell);
    console.press("1");
    console.quiet = patience;
}

/// Shows every view once, and the figures of a day, a week, a month, a quarter and a year.
fn views(console: &mut Screen) {
    for key in ["3", "4", "5", "6", "8", "+", "+", "+", "+", "9", "1"] {
        console.press(key);
        console.settle(Duration::from_millis(2_500));
    }
}

/// Types a word a character at a time, some times over.
fn typed(console: &mut Screen) -> Vec<Answer> {
    let mut answers = Vec::new();
    for word in [
        "夜间施工噪音",
        "路灯不亮",
        "垃圾",
        "公交站",
        "物业收费",
        "井盖破损",
    ] {
        console.press("/");
        for letter in word.chars() {
            answers.push(console.press(&letter.to_string()));
        }
        console.press("\x1b");
        console.settle(Duration::from_millis(150));
    }
    answers
}

/// From so many stored tickets on, a search in all of them may take as long as in 20 million.
const MILLIONS: usize = 20_000_000;

fn search(size: usize, console: &mut Screen, table: &mut Table) {
    console.press("2");
    let cell = presses(&typed(console), 3.0, 8.0, 5_500);
    table.put(
        "type a search in what is open, a key",
        "3 / 8 ms, 5.5 KB",
        false,
        cell,
    );
    console.press("7");
    console.settle(Duration::from_millis(300));
    let answers = typed(console);
    let (median, p99) = if size < MILLIONS {
        (20.0, 60.0)
    } else {
        (60.0, 200.0)
    };
    let (text, m, kept) = times(answers.iter().map(|a| a.rows).collect(), median, p99);
    let (_, last) = spread(answers.iter().map(|a| a.last).collect());
    table.put(
        "type a search in all that is stored, a key to its first page",
        "20 / 60 ms; of 20 million 60 / 200",
        false,
        (format!("{text} (all, counted: {last:.0} ms)"), m, kept),
    );
    console.press("1");
    console.settle(Duration::from_millis(300));
}

fn dispatch(bench: &Bench, console: &mut Screen, table: &mut Table) {
    let disk = Disk::of(bench);
    let (mut taken, mut commits, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..40 {
        console.settle(REST);
        commits.push(disk.commit());
        console.settle(REST);
        console.press("a");
        let answer = console.press_until("1", |text| text.contains("已分拨"));
        if answer.first_bytes == 0 {
            eprintln!("not dispatched:\n{}", console.text());
            break;
        }
        taken.push(answer.first);
        bytes.push(answer.first_bytes);
        console.press("u");
        // Each ticket once: what is done to it again and again, run after run, has a long ledger.
        console.press("j");
    }
    bytes.sort_unstable();
    let most = bytes.get(bytes.len() * 95 / 100).copied().unwrap_or(0);
    let (commit, _) = spread(commits);
    let (text, m, kept) = times(taken, commit + 1.5, f64::INFINITY);
    let cell = (
        format!("{text}, {most} B (a commit in between: {commit:.2} ms)"),
        m,
        kept && most <= 400,
    );
    table.put(
        "dispatch: the confirming key to painted and durable",
        "a commit + 1.5 ms, 400 B",
        true,
        cell,
    );
}

/// How long the desk rests before each dispatch, and the disk before each commit it is compared with.
///
/// A disk that has rested takes many times as long, and a desk dispatches after a rest.
const REST: Duration = Duration::from_millis(150);

/// The disk of the store: durable commits of one row.
struct Disk(rusqlite::Connection);

impl Disk {
    fn of(bench: &Bench) -> Self {
        let path = bench.store.with_extension("commits");
        let raw = rusqlite::Connection::open(&path).unwrap();
        raw.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS t (n)",
        )
        .unwrap();
        let disk = Self(raw);
        disk.commit();
        disk
    }

    fn commit(&self) -> Duration {
        let since = Instant::now();
        self.0.execute("INSERT INTO t VALUES (1)", []).unwrap();
        since.elapsed()
    }
}

fn neighbour(bench: &Bench, console: &mut Screen, table: &mut Table) {
    let mut taken = Vec::new();
    // The change is to be on the screen.
    console.press("g");
    let no = number(bench);
    for n in 0..5 {
        console.settle(Duration::from_millis(1_200));
        let text = format!("第{n}次");
        assert!(
            bench
                .run(&["act", "urge", &no, "--text", &text])
                .status
                .success()
        );
        let since = Instant::now();
        let answer = console.press("");
        taken.push(if answer.bytes > 0 {
            since.elapsed().min(answer.last)
        } else {
            Duration::from_secs(9)
        });
    }
    let (m, p) = spread(taken);
    let cell = (format!("{m:.0} / {p:.0} ms"), m, p <= 1_000.0);
    table.put("another desk's change is seen", "1 s", false, cell);
}

/// The number of the ticket among the first in the queue to which the least was done: earlier runs have left long ledgers.
fn number(bench: &Bench) -> String {
    let listed = bench.run(&[
        "list", "--view", "desk", "--limit", "20", "--format", "jsonl",
    ]);
    let text = String::from_utf8(listed.stdout).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let least = rows.min_by_key(|row: &serde_json::Value| row["version"].as_u64());
    least.unwrap()["no"].as_str().unwrap().to_owned()
}

fn quiet(console: &mut Screen, table: &mut Table) {
    console.settle(Duration::from_millis(1_500));
    let (before, total, seconds) = (console.used(), console.total, 10);
    let since = Instant::now();
    console.settle(Duration::from_secs(seconds));
    assert!(since.elapsed() >= Duration::from_secs(seconds));
    let (time, sleeps) = console.used();
    let share = (time - before.0) as f64 / 1e9 / seconds as f64 * 100.0;
    let wakes = (sleeps - before.1) as f64 / seconds as f64;
    let bytes = console.total - total;
    let cell = (
        format!("{bytes} B, {wakes:.1} wake-ups a second, {share:.3} % CPU"),
        share,
        bytes == 0 && wakes <= 1.05 && share <= 0.1,
    );
    table.put("idle", "0 B, 1 wake-up a second, 0.1 % CPU", false, cell);
}

fn lines(console: &mut Screen, table: &mut Table) {
    let burst = console.burst(&["j", "k"], 150, Duration::from_micros(33_333), place);
    let cell = (
        format!(
            "{:.1} ms, the pane {:.0} ms, {} B a key",
            ms(burst.row),
            ms(burst.last),
            burst.bytes
        ),
        ms(burst.row),
        ms(burst.row) <= 2.0 && burst.bytes <= 320,
    );
    table.put(
        "150 keys at 30 Hz, the last one",
        "2 ms, 320 B a key",
        false,
        cell,
    );
    // 64 kbit a second carry eight kilobytes.
    console.set_line(8_000);
    let burst = console.burst(&["j", "k"], 60, Duration::from_millis(100), place);
    console.set_line(0);
    console.settle(Duration::from_millis(300));
    let own = burst.bytes as f64 / 8.0;
    let cell = (
        format!(
            "{:.0} ms behind after 60 keys at 10 Hz, the pane {:.0} ms, {} B a key ({own:.0} ms of line)",
            ms(burst.row),
            ms(burst.last),
            burst.bytes
        ),
        ms(burst.row),
        ms(burst.row) <= own + 50.0,
    );
    table.put("a line of 64 kbit/s", "nothing queues", false, cell);
}

/// Whole runs of the command line.
fn processes(size: usize, bench: &Bench, table: &mut Table) {
    let no = number(bench);
    for (what, limit, words, most) in [
        (
            "`fenbo list`, whole process",
            "4 / 8 ms, flat",
            &["list"][..],
            4.0,
        ),
        (
            "`fenbo show`, whole process",
            "4 / 8 ms, flat",
            &["show", &no],
            4.0,
        ),
    ] {
        let cell = times(bench.runs(words, 40), most, 2.0 * most);
        table.put(what, limit, true, cell);
    }
    for (what, limit, words, n, most) in [
        (
            "sweep when nothing is due, whole process",
            "5 ms and the start",
            &["sweep"][..],
            10,
            15.0,
        ),
        (
            "month report, whole process",
            "1 s on 1 million",
            &["report", "month", "--format", "json"],
            3,
            if size <= 1_000_000 {
                1_000.0
            } else {
                f64::INFINITY
            },
        ),
        (
            "one suggestion, whole process: the model is loaded first",
            "",
            &["suggest", &no],
            5,
            f64::INFINITY,
        ),
        (
            "one look for duplicates, whole process",
            "20 ms and the start",
            &["similar", &no],
            5,
            30.0,
        ),
    ] {
        let cell = times(bench.runs(words, n), most, f64::INFINITY);
        table.put(what, limit, false, cell);
    }
}

/// A suggestion as the console asks for it: the model stands in memory.
fn suggestion(bench: &Bench, table: &mut Table) {
    let rules = Arc::new(fenbo::config::rules(None).unwrap());
    // Whoever made the store is its first operator.
    let store = Store::open(&bench.store, Access::ReadOnly).unwrap();
    let login = store.operators().unwrap().remove(0).code;
    let mut centre = Centre::over(store, rules, &login, None).unwrap();
    let now = Zone::shanghai().parse(NOW).unwrap();
    let mut taken = Vec::new();
    for no in bench.on_desk(200) {
        let since = Instant::now();
        centre.suggest_for(&no, now).unwrap();
        taken.push(since.elapsed());
    }
    // The first loaded the model.
    taken.remove(0);
    let cell = times(taken, 5.0, 5.0);
    // Up to 20,000 past tickets are kept to point to and gone through each time, and no more however many are stored.
    table.put("one suggestion in the console", "5 ms", false, cell);
}

/// Imports a made-up file of requests into an empty store, all of it written, and tells the rows a second.
fn import(rows: usize) -> (String, f64, bool) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = folder.path().join("requests.csv");
    let words = [
        "夜间施工噪音扰民",
        "路灯不亮",
        "井盖破损",
        "占道经营",
        "垃圾堆放无人清理",
        "公交站台破损",
    ];
    let mut text = String::from("留言编号,留言主题,留言时间,留言详情\n");
    for n in 0..rows {
        let (a, b) = (words[n % 6], words[n / 6 % 6]);
        let day = 1 + n % 28;
        writeln!(
            text,
            "B{n},{a},2026-10-{day:02} 08:{:02},市民反映{b}第{n}次 已多日无人处理 请尽快解决",
            n % 60
        )
        .unwrap();
    }
    std::fs::write(&file, text).unwrap();
    let bench = Bench {
        store: folder.path().join("fenbo.db"),
    };
    assert!(bench.run(&["init"]).status.success());
    let since = Instant::now();
    let ran = bench.run(&["import", file.to_str().unwrap(), "--format", "json"]);
    let took = since.elapsed().as_secs_f64();
    assert!(ran.status.success(), "{ran:?}");
    let rate = rows as f64 / took;
    let text = format!("{rows} in {took:.1} s: {rate:.0} rows a second");
    (text, rate, rate >= 40_000.0)
}

fn main() {
    let named: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|word| word.parse().ok())
        .collect();
    let sizes = if named.is_empty() {
        vec![10_000, 100_000]
    } else {
        named
    };
    machine();
    let mut table = Table::default();
    for size in &sizes {
        measure(*size, &mut table);
    }
    for _ in &sizes {
        let bytes = std::fs::metadata(FENBO).unwrap().len() as f64 / 1e6;
        let cell = (format!("{bytes:.1} MB"), bytes, bytes <= 25.0);
        table.put("release binary", "25 MB", false, cell);
    }
    for size in &sizes {
        table.put(
            "import of CSV, everything written",
            "40,000 rows a second",
            false,
            import((*size).min(1_000_000)),
        );
    }
    let others = others::measure(&Bench::of(sizes.iter().copied().min().unwrap()));
    table.print(&sizes, &others);
}

/// What the figures were measured on.
fn machine() {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpu
        .lines()
        .find(|l| l.starts_with("model name"))
        .and_then(|l| l.split(": ").nth(1));
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (median, p99) = bare();
    println!(
        "{} × {cores}, load before {}; a key to `cat` and back: {median:.2} / {p99:.2} ms",
        name.unwrap_or("unknown processor"),
        load.split(' ').next().unwrap_or("unknown")
    );
}

/// What the machine and the pseudo-terminal take of each answer, and how far they stray: a program that only echoes.
fn bare() -> (f64, f64) {
    let mut command = CommandBuilder::new("/bin/sh");
    command.args(["-c", "stty raw -echo && echo ready && exec cat"]);
    let mut screen = Screen::start(command);
    screen.wait(|text| text.contains("ready")).unwrap();
    screen.settle(Duration::from_millis(300));
    let answers = screen.presses(&["x"], 300);
    spread(answers.iter().map(|a| a.first).collect())
}
