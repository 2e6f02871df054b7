//! Programs people could pick instead, on the same rows, where they are installed: a measure of what can be expected.

use super::screen::{Answer, Screen};
use super::{Bench, ms};
use portable_pty::CommandBuilder;
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

/// A program: its command, and its keys for a row, for a page, and those after which a word is searched for.
struct Other {
    name: &'static str,
    command: &'static str,
    row: [&'static str; 2],
    page: [&'static str; 2],
}

/// How long another program may take to show its first rows.
const PATIENCE: Duration = Duration::from_secs(20);

const PAGES: [&str; 2] = ["\x1b[6~", "\x1b[5~"];
const ARROWS: [&str; 2] = ["\x1b[B", "\x1b[A"];

const OTHERS: [Other; 6] = [
    Other {
        name: "fzf",
        command: "exec fzf --exact < \"$ROWS\"",
        row: ["\x1b[A", "\x1b[B"],
        page: ["\x1b[5~", "\x1b[6~"],
    },
    Other {
        name: "csvlens",
        command: "exec csvlens \"$ROWS\"",
        row: ARROWS,
        page: PAGES,
    },
    Other {
        name: "lnav",
        command: "exec lnav -q \"$ROWS\"",
        row: ARROWS,
        page: PAGES,
    },
    Other {
        name: "visidata",
        command: "exec vd \"$ROWS\"",
        row: ARROWS,
        page: PAGES,
    },
    Other {
        name: "neomutt",
        command: "exec neomutt -n -F /dev/null -e 'set folder=/' -R -f \"$LETTERS\"",
        row: ARROWS,
        page: PAGES,
    },
    Other {
        name: "less",
        command: "exec less -S \"$ROWS\"",
        row: ARROWS,
        page: PAGES,
    },
];

/// Figures for rows of the table: (row, what is said).
pub fn measure(bench: &Bench) -> Vec<(&'static str, String)> {
    let rows = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rows.csv");
    let listed = bench.run(&["list", "--view", "all", "--limit", "0", "--format", "csv"]);
    std::fs::write(&rows, listed.stdout).unwrap();
    let letters = rows.with_extension("mbox");
    std::fs::write(&letters, mailbox(bench)).unwrap();
    let mut said = Vec::new();
    for other in &OTHERS {
        let program = other.command.split(' ').nth(1).unwrap();
        if !installed(program) {
            eprintln!("{} is not installed and not measured", other.name);
            continue;
        }
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", other.command]);
        command.env("ROWS", &rows);
        command.env("LETTERS", &letters);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        let mut screen = Screen::start(command);
        // Every number of a ticket has a day and a hyphen.
        if screen
            .wait_for(PATIENCE, |text| text.contains("-00"))
            .is_none()
        {
            eprintln!("{} showed no rows:\n{}", other.name, screen.text());
            continue;
        }
        screen.settle(Duration::from_secs(1));
        let row = screen.presses(&other.row, 60);
        let page = screen.presses(&other.page, 40);
        said.push(("move one row", figure(other.name, &row)));
        said.push(("page, end, home", figure(other.name, &page)));
        let (own, most) = screen.memory();
        said.push((
            "memory of the console",
            format!("{} {} MB", other.name, most.max(own) / 1024),
        ));
    }
    said
}

/// The same rows as letters.
fn mailbox(bench: &Bench) -> String {
    let listed = bench.run(&["list", "--view", "all", "--limit", "0", "--format", "jsonl"]);
    let text = String::from_utf8(listed.stdout).unwrap();
    let mut letters = String::new();
    for line in text.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let (no, title) = (row["no"].as_str().unwrap(), &row["title"]);
        let words = title.as_str().unwrap_or_default();
        write!(
            letters,
            "From desk Mon Nov 23 09:00:00 2026\nFrom: desk@example.org\nDate: Mon, 23 Nov 2026 09:00:00 +0800\n\
             Subject: {no} {words}\nContent-Type: text/plain; charset=utf-8\n\n{words}\n\n"
        )
        .unwrap();
    }
    letters
}

fn figure(name: &str, answers: &[Answer]) -> String {
    let mut taken: Vec<Duration> = answers.iter().map(|a| a.last).collect();
    taken.sort();
    let bytes = answers.iter().map(|a| a.bytes).sum::<usize>() / answers.len();
    format!("{name} {:.1} ms {bytes} B", ms(taken[taken.len() / 2]))
}

fn installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}
