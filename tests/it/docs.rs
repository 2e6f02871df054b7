//! The documents say what is true: what is generated is current, what is quoted runs, what is named exists.
//!
//! `FENBO_BLESS=1 cargo test --test it docs::` writes the pictures, the key tables and the command reference anew.

mod etc;
mod sample;
mod svg;

use fenbo::console::app::{Action, Language, Scope, ThemeId};
use fenbo::console::command::{Command, TABLE};
use fenbo::console::view::Theme;
use fenbo::i18n::Lang;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

const KEYS: &str = "assets/docs/keys.md";
const COMMANDS: &str = "assets/docs/commands.md";
/// Written by hand.
const PROSE: [&str; 3] = [
    "README.md",
    "assets/docs/architecture.md",
    "assets/docs/proof.md",
];

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(project().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// What is generated equals what is kept; or takes its place, when that is asked for.
fn current(path: &str, now: &str) {
    if std::env::var_os("FENBO_BLESS").is_some() {
        fs::write(project().join(path), now).unwrap();
    }
    let kept = fs::read_to_string(project().join(path)).unwrap_or_default();
    let differs = kept.lines().zip(now.lines()).find(|(a, b)| a != b);
    assert!(
        kept == now,
        "{path} is not current; look at what changed, then FENBO_BLESS=1 cargo test --test it docs::\n{differs:?}"
    );
}

/// The program in folders of its own, with nothing of the login that runs the tests.
fn fenbo(home: &Path, words: &[&str]) -> Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_fenbo"))
        .args(words)
        .env_clear()
        .env("HOME", home)
        .current_dir(home)
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap()
}

// ---- pictures

#[test]
fn the_pictures_are_current() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = sample::store(folder.path());
    for (name, language, keys, title) in [
        ("queue-zh", Language::Zh, "j j Space", "待分拨的工单"),
        (
            "queue-en",
            Language::En,
            "j j Space",
            "the queue of the desk",
        ),
        ("lights-en", Language::En, "3 G", "red and yellow tickets"),
        ("lights-zh", Language::Zh, "3 G", "红黄灯"),
        ("picker-zh", Language::Zh, "j j a", "选承办单位"),
        ("board-zh", Language::Zh, "6", "督办看板"),
        ("board-en", Language::En, "6", "the supervisors' board"),
        (
            "figures-zh",
            Language::Zh,
            "8 Tab Tab Tab Tab Tab Tab Tab",
            "一个月各单位按时办结",
        ),
        (
            "figures-en",
            Language::En,
            "8 Tab Tab Tab Tab Tab Tab Tab",
            "a month's replies on time, by department",
        ),
        ("shift-zh", Language::Zh, "9", "交接班单"),
    ] {
        let (screen, cursor) = sample::screen(&mut centre, language, keys);
        let title = format!("fenbo 分拨: {title}");
        let picture = svg::svg(&screen, cursor, Theme::of(ThemeId::Dark), &title);
        current(&format!("assets/docs/{name}.svg"), &picture);
    }
}

// ---- keys

fn keys(command: &Command) -> String {
    let shown = |key: &&str| format!("`{}`", key.replace('|', "\\|"));
    command.keys.iter().map(shown).collect::<Vec<_>>().join(" ")
}

fn row(command: &Command, lang: Lang) -> String {
    let (label, help) = (command.label.of(lang), command.help.of(lang));
    format!("| {} | {label} | {help} |\n", keys(command))
}

/// What a day at the desk needs: the footer's keys, the views, and what works everywhere.
fn is_daily(command: &Command) -> bool {
    match command.scope {
        Scope::Everywhere => true,
        Scope::Queue => command.footer > 0 || matches!(command.action, Action::View(_)),
        Scope::Picker => command.footer > 0,
        Scope::Filter | Scope::Form | Scope::Summary | Scope::Finder => false,
    }
}

fn daily_table(lang: Lang) -> String {
    let head = match lang {
        Lang::Zh => "| 按键 | 命令 | 作用 |\n|---|---|---|\n",
        Lang::En => "| keys | command | what it does |\n|---|---|---|\n",
    };
    let rows = TABLE.iter().filter(|c| is_daily(c));
    rows.fold(head.to_owned(), |out, c| out + &row(c, lang))
}

fn place(scope: Scope) -> &'static str {
    match scope {
        Scope::Everywhere => "Everywhere 随处",
        Scope::Queue => "Queue and ticket 队列与工单",
        Scope::Filter => "Filter line 筛选",
        Scope::Picker => "Dispatch picker 选承办单位",
        Scope::Form => "Form 表单",
        Scope::Summary => "Summary before acts 执行前的汇总",
        Scope::Finder => "Palette and help 命令与帮助",
    }
}

#[test]
fn the_key_reference_is_current() {
    let mut out = "# Keys 按键\n\nGenerated from the command table by the tests. The id is the command's name in `keymap.toml`; a command without keys \
         is reached through `:` or `.`.\n\n由测试从命令表生成。id 是 `keymap.toml` 里的名字；没有按键的命令用 `:` 或 `.` 找到。\n"
        .to_owned();
    for scope in Scope::ALL {
        _ = write!(
            out,
            "\n## {}\n\n| id | keys 按键 | 命令 | command | 作用 | what it does |\n|---|---|---|---|---|---|\n",
            place(scope)
        );
        for c in TABLE.iter().filter(|c| c.scope == scope) {
            _ = writeln!(
                out,
                "| `{}` | {} | {} | {} | {} | {} |",
                c.id,
                keys(c),
                c.label.zh,
                c.label.en,
                c.help.zh,
                c.help.en
            );
        }
    }
    current(KEYS, &out);
}

#[test]
fn the_readme_has_the_keys_of_today() {
    let mut readme = read("README.md");
    for lang in Lang::ALL {
        let (from, to) = (
            format!("<!-- keys {} -->\n", lang.code()),
            "<!-- end of keys -->",
        );
        let begin = readme.find(&from).expect("a marker") + from.len();
        let end = begin + readme[begin..].find(to).expect("an end");
        readme.replace_range(begin..end, &daily_table(lang));
    }
    current("README.md", &readme);
}

// ---- the command line

/// Names of the commands below one, from its own help.
pub fn below(home: &Path, path: &[&str]) -> Vec<String> {
    let help = help(home, path, Lang::En);
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn help(home: &Path, path: &[&str], lang: Lang) -> String {
    let ran = fenbo(home, &[path, &["--help", "--lang", lang.code()]].concat());
    assert!(ran.status.success(), "{path:?}");
    String::from_utf8(ran.stdout).unwrap()
}

fn describe(out: &mut String, home: &Path, path: &[&str]) {
    let name = [&["fenbo"], path].concat().join(" ");
    _ = write!(out, "\n## {name}\n");
    for lang in Lang::ALL {
        let text = help(home, path, lang);
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        _ = write!(out, "\n```text\n{}\n```\n", lines.join("\n").trim_end());
    }
    for name in below(home, path) {
        describe(out, home, &[path, &[name.as_str()]].concat());
    }
}

#[test]
fn the_command_reference_is_current() {
    let home = tempfile::tempdir().unwrap();
    let mut out = "# Commands 命令\n\nGenerated by the tests from the program's own help.\n\n由测试从程序自己的帮助生成。\n".to_owned();
    describe(&mut out, home.path(), &[]);
    current(COMMANDS, &out);
}

/// The lines of the ```sh blocks of a document.
fn quoted(text: &str) -> Vec<&str> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside && !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            lines.push(line.trim());
        }
    }
    lines
}

/// A shell line's words: quotes taken off, a comment, a redirection or what follows a pipe left out.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (c, quote) {
            (q, Some(open)) if q == open => quote = None,
            ('"' | '\'', None) => quote = Some(c),
            ('#' | '|' | '>' | '<' | ';' | '&', None) => break,
            (' ', None) => words.push(String::new()),
            (c, _) => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

#[test]
fn every_command_line_quoted_is_understood() {
    let home = tempfile::tempdir().unwrap();
    let mut tried = 0;
    for document in PROSE {
        let text = read(document);
        for line in quoted(&text) {
            let mut words = words(line);
            words.retain(|w| !w.contains('=') || w.starts_with('-'));
            let Some(at) = words.iter().position(|w| w == "fenbo") else {
                continue;
            };
            // The help is shown only when all that stands before it was understood.
            let mut rest: Vec<&str> = words[at + 1..].iter().map(String::as_str).collect();
            rest.push("--help");
            let ran = fenbo(home.path(), &rest);
            let said = String::from_utf8_lossy(&ran.stderr);
            assert!(ran.status.success(), "{document}: {line}\n{said}");
            tried += 1;
        }
    }
    assert!(tried >= 20, "{tried}");
}

/// The commands that only look, or whose quoted lines only add: these are carried out on a sample store.
const CARRIED_OUT: [&str; 15] = [
    "list",
    "show",
    "act",
    "suggest",
    "similar",
    "evaluate",
    "deadline",
    "report",
    "operator",
    "department",
    "calendar",
    "policy",
    "doctor",
    "sweep",
    "handover",
];

#[test]
fn the_readme_s_commands_do_what_they_are_quoted_for() {
    let home = tempfile::tempdir().unwrap();
    let pinned = ["--at", "2026-11-23 08:40", "--db", "sample.db"];
    let made = fenbo(
        home.path(),
        &[&pinned[..], &["demo", "--no-console"]].concat(),
    );
    assert!(made.status.success());
    let readme = read("README.md");
    let mut done = Vec::new();
    for line in quoted(&readme) {
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["fenbo", command, ..]
                if CARRIED_OUT.contains(command) && !done.contains(&words[1..].join(" ")) =>
            {
                let ran = fenbo(home.path(), &[&pinned[..], &words[1..]].concat());
                let said = String::from_utf8_lossy(&ran.stderr);
                assert!(ran.status.success(), "{line}\n{said}");
                done.push(words[1..].join(" "));
            }
            _ => {}
        }
    }
    assert!(done.len() >= 20, "{done:?}");
}

#[test]
fn a_command_line_that_is_wrong_would_be_found() {
    let home = tempfile::tempdir().unwrap();
    for line in [
        "fenbo lits",
        "fenbo list --veiw desk",
        "fenbo list --format nothing",
    ] {
        let mut words = words(line);
        words.push("--help".to_owned());
        let words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        assert!(!fenbo(home.path(), &words).status.success(), "{line}");
    }
}

#[test]
fn the_test_command_is_the_gate_s_own() {
    let readme = read("README.md");
    let gate = read(".ci/run");
    assert!(gate.lines().any(|line| line == "cargo test"));
    let lines = quoted(&readme);
    for command in ["cargo run --release -- demo", "cargo test"] {
        assert!(lines.contains(&command), "{command}");
    }
}

// ---- what is named

/// Paths of the project named in a document: link targets, and code that begins with a folder of ours.
fn named(text: &str) -> Vec<String> {
    let links = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.starts_with('#') && !target.contains("://"))
        .map(|target| target.split('#').next().unwrap_or(target).to_owned());
    let folders = ["src/", "tests/", "assets/", ".ci/"];
    let code = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| folders.iter().any(|f| code.starts_with(f)))
        .filter(|code| !code.contains(['<', '*', ' ']))
        .map(|code| code.split("::").next().unwrap_or(code).to_owned());
    links.chain(code).collect()
}

#[test]
fn every_path_named_exists() {
    for document in PROSE {
        let folder = project().join(document).parent().unwrap().to_owned();
        let text = read(document);
        let paths = named(&text);
        assert!(paths.len() > 5, "{document}: {paths:?}");
        for path in paths {
            let places: [PathBuf; 2] = [folder.join(&path), project().join(&path)];
            assert!(places.iter().any(|p| p.exists()), "{document}: {path}");
        }
    }
}

/// `file::test` names of what holds and what is promised: each is a test that is there.
#[test]
fn every_test_named_exists() {
    for document in ["assets/docs/architecture.md", "assets/docs/proof.md"] {
        let text = read(document);
        let mut found = 0;
        for code in text.split('`').skip(1).step_by(2) {
            let Some((file, name)) = code.split_once("::") else {
                continue;
            };
            if Path::new(file).extension().is_none_or(|e| e != "rs") {
                continue;
            }
            let source = read(file);
            assert!(
                source.contains(&format!("fn {name}(")),
                "{document}: {code}"
            );
            found += 1;
        }
        assert!(found >= 8, "{document}: {found}");
    }
}
