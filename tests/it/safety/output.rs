//! Whatever comes in: no command's output or message drives a terminal, no cell of a table is a formula.

use super::text::{Driven, driving, hostile};
use crate::faults::ground::{Dice, times};
use crate::pty::desk::{Desk, NOW};
use serde_json::json;
use std::io::Write;
use std::process::{Output, Stdio};

/// A store whose requests were made by somebody who means harm; the number of one of them.
fn harmed(seed: u64) -> (Desk, String) {
    let desk = Desk::new();
    let mut dice = Dice(seed);
    let mut text = || hostile(&mut dice);
    let lines: Vec<String> = (0..25)
        .map(|n| {
            json!({
                "留言编号": format!("X{n}"), "留言主题": format!("灯{}", text()), "留言详情": text(),
                "留言时间": "2026-11-20 09:00", "留言用户": text(), "另一栏": text(),
            })
            .to_string()
        })
        .collect();
    std::fs::write(desk.path("in.jsonl"), lines.join("\n")).unwrap();
    let file = desk.path("in.jsonl").display().to_string();
    let ran = desk.run(&["--at", NOW, "import", &file]);
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(matches!(ran.status.code(), Some(0 | 4)), "{said}");
    only_prints(&ran, &format!("seed {seed}, import"));
    let mut taken = 0;
    for _ in 0..12 {
        let form = json!({
            "title": text(), "content": text(), "address": text(), "street": text(), "community": text(),
            "source": text(), "category": [text(), text()], "nature": "投诉",
            "requester": {"name": text(), "phone": text(), "address": text()},
        });
        let words = [
            "--at",
            NOW,
            "intake",
            "--channel",
            "wechat",
            "--format",
            "json",
        ];
        let mut child = desk
            .command(&words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        write!(child.stdin.take().unwrap(), "{form}").unwrap();
        let ran = child.wait_with_output().unwrap();
        only_prints(&ran, &format!("seed {seed}, intake"));
        taken += usize::from(ran.status.success());
    }
    assert!(taken > 3, "{taken}");
    let listed = desk.json(&["--at", NOW, "list", "--view", "all", "--format", "json"]);
    let no = listed["tickets"][0]["no"].as_str().unwrap().to_owned();
    (desk, no)
}

/// Nothing that a run wrote drives a terminal.
fn only_prints(ran: &Output, what: &str) {
    for (stream, bytes) in [("out", &ran.stdout), ("err", &ran.stderr)] {
        assert_eq!(Driven::by(bytes).first, None, "{what}, {stream}");
        let text = String::from_utf8_lossy(bytes).replace(['\n', '\r'], "");
        assert_eq!(driving(&text), None, "{what}, {stream}");
    }
}

#[test]
fn no_command_s_output_drives_a_terminal() {
    for seed in 0..times(1, 40) as u64 {
        let (desk, no) = harmed(seed);
        let mut dice = Dice(seed + 1_000);
        // What cannot stand in an argument at all is left out.
        let typed = hostile(&mut dice).replace('\0', "");
        let note = format!("看{typed}");
        let odd = desk.path(&format!("{}.csv", typed.replace('/', "")));
        drop(std::fs::write(&odd, format!("编号,标题\n1,{typed}\n")));
        let odd = odd.display().to_string();
        let commands: [&[&str]; 23] = [
            &["list", "--view", "all"],
            &["list", "--view", "all", "--format", "json"],
            &["list", "--view", "all", "--format", "jsonl"],
            &["list", "--view", "all", "--format", "csv"],
            &["list", "--query", &note],
            &["act", "note", &no, "--text", &note],
            &["show", &no],
            &["show", &no, "--format", "json"],
            &["show", &note],
            &["suggest", &no],
            &["suggest", "--text", &note],
            &["similar", &no],
            &["similar", "--text", &note],
            &["hotspots", "--from", "2026-11-01", "--to", "2026-11-23"],
            &["report", "week", "--of", "2026-11-20", "--format", "text"],
            &["report", "week", "--of", "2026-11-20", "--format", "md"],
            &["report", "week", "--of", "2026-11-20", "--format", "json"],
            &["handover"],
            &["import", &odd],
            &["paper", &no],
            &["case", "search", &note],
            &["verify"],
            &["sweep"],
        ];
        for words in commands {
            let ran = desk.run(&[&["--at", NOW], words].concat());
            only_prints(&ran, &format!("seed {seed}, {words:?}"));
            assert_ne!(ran.stdout.len() + ran.stderr.len(), 0, "{words:?}");
        }
        let log = std::fs::read_dir(desk.path(".local/state/fenbo")).unwrap();
        let mut read = 0;
        for file in log {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            assert_eq!(driving(&text.replace('\n', "")), None, "the log");
            read += usize::from(!text.is_empty());
        }
        assert!(read > 0);
    }
}

#[test]
fn no_cell_of_a_listed_table_is_a_formula() {
    let (desk, _) = harmed(7);
    let ran = desk.run(&[
        "--at", NOW, "list", "--view", "all", "--limit", "0", "--format", "csv",
    ]);
    let text = String::from_utf8(ran.stdout).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut cells = 0;
    for record in reader.records() {
        for cell in &record.unwrap() {
            cells += 1;
            let first = cell.trim_start().chars().next();
            let begins = first.is_some_and(|c| "=+-@|%＝＋－＠".contains(c));
            assert!(
                !begins || cell == "-" || cell.parse::<f64>().is_ok(),
                "{cell:?}"
            );
        }
    }
    assert!(cells > 200);
}
