//! What was before the operator stands in the ledger, beside the tickets.

use super::desk::{Console, Desk, NOW};
use rusqlite::Connection;
use rustix::process::Signal;
use serde_json::Value;
use std::time::Duration;

/// How the tickets were viewed, newest first: number and way.
fn viewed(desk: &Desk, more: &[&str]) -> Vec<(String, String)> {
    let words = [&["viewed", "--format", "json"], more].concat();
    let told = desk.json(&words);
    let word = |v: &Value, name: &str| v[name].as_str().unwrap().to_owned();
    let list = told.as_array().unwrap().iter();
    list.map(|v| (word(v, "no"), word(v, "way"))).collect()
}

fn version(desk: &Desk, no: &str) -> Value {
    desk.json(&["show", no, "--format", "json"])["version"].clone()
}

/// The selected ticket.
fn selected(console: &mut Console) -> String {
    console.wait_until("the ticket in the pane", |c| c.suggestion().is_some());
    console.pane_no().unwrap()
}

#[test]
fn a_ticket_that_is_opened_or_copied_is_told_once_and_its_version_stays() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    let no = selected(&mut console);
    let before = version(&desk, &no);
    console.press("\r");
    console.wait_for("流转记录");
    console.press("\x1b");
    console.wait_for("建议 / 承办");
    console.press("\r");
    console.wait_for("流转记录");
    console.press("Y");
    console.wait_for("已送往");
    console.press("q");
    console.wait_for("建议 / 承办");
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
    let told = [(no.clone(), "copied".into()), (no.clone(), "opened".into())];
    assert_eq!(viewed(&desk, &[]), told);
    assert_eq!(version(&desk, &no), before);
    let ledger = &desk.json(&["show", &no, "--format", "json"])["ledger"];
    assert_eq!(
        ledger.as_array().unwrap().len() as u64,
        before.as_u64().unwrap()
    );
    let whole = desk.json(&["viewed", &no, "--format", "json"]);
    assert_eq!(whole[1]["at"], "2026-11-23T09:00:00+08:00");
    assert_eq!(whole[1]["operator"], crate::login().as_str());
}

#[test]
fn a_ticket_that_stands_in_the_pane_is_told_after_a_while_and_one_passed_by_is_not() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    let first = selected(&mut console);
    console.press("j");
    console.wait_until("the next ticket", |c| {
        c.pane_no().is_some_and(|n| n != first)
    });
    let second = console.pane_no().unwrap();
    let pane = console.screen();
    let rule = pane.lines().find(|l| l.starts_with("---")).unwrap();
    let who = format!(" {} 11-23 09:00 起查看 ", crate::login());
    assert!(rule.contains(&who), "{rule}");
    console.settle(Duration::from_secs(6));
    assert_eq!(
        viewed(&desk, &[]),
        [],
        "nothing is written while nobody does anything"
    );
    console.press("j");
    crate::until("the ticket told", || {
        console.take(Duration::from_millis(50));
        !viewed(&desk, &[]).is_empty()
    });
    assert_eq!(viewed(&desk, &[]), [(second.clone(), "rested".into())]);
    assert_eq!(viewed(&desk, &[&first]), []);
    assert_eq!(viewed(&desk, &[&second]).len(), 1);
    // What a dialog covers cannot be read, however long it stands there.
    console.wait_until("the third", |c| c.pane_no().is_some_and(|n| n != second));
    console.press("?");
    console.wait_for("F1");
    console.settle(Duration::from_secs(6));
    console.press("\x1b");
    console.wait_until("the third again", |c| c.suggestion().is_some());
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
    assert_eq!(viewed(&desk, &[]).len(), 1);
    // What stands there to the end is told in the end, however it comes.
    let mut console = desk.open(&[]);
    console.settle(Duration::from_secs(6));
    console.hang_up();
    console.gone();
    assert_eq!(viewed(&desk, &[])[0], (first, "rested".into()));
}

#[test]
fn however_long_the_name_code_and_moment_stand_above_the_ticket_and_above_nothing_they_do_not() {
    let desk = Desk::demo();
    let long = "龙田街道值班应急与智慧管理指挥分中心".repeat(6);
    let words = [
        "--at",
        NOW,
        "operator",
        "add",
        "ltz-01",
        "--name",
        &long,
        "--role",
        "dispatcher",
    ];
    assert!(desk.run(&words).status.success());
    for lang in ["zh", "en"] {
        let mut console = desk.open(&["--as", "ltz-01"]);
        if lang == "en" {
            console.press("L");
        }
        for (width, height) in [(160, 48), (120, 40), (80, 24), (60, 16)] {
            console.resize(width, height);
            console.press("\r");
            console.wait_until("code and moment", |c| {
                let screen = c.screen();
                let mut lines = screen.lines().filter(|l| l.contains("(ltz-01)"));
                lines.any(|l| l.contains("11-23 09:00"))
            });
            console.press("\x1b");
            console.wait_until("the queue", |c| c.selected().is_some());
        }
        console.resize(120, 40);
        console.press("/");
        console.type_into("", "nosuchthing");
        console.press("\r");
        console.wait_until("nothing", |c| {
            !c.screen().contains("(ltz-01)") && c.rows().is_empty()
        });
        console.hang_up();
        console.gone();
    }
}

#[test]
fn what_cannot_be_written_at_once_is_written_later_and_read_only_never() {
    let desk = Desk::demo();
    let mut console = desk.open(&["--read-only"]);
    console.press("\r");
    console.wait_for("流转记录");
    console.settle(Duration::from_secs(2));
    let status = console.screen().lines().nth_back(1).unwrap().to_owned();
    console.press("q");
    console.wait_for("建议 / 承办");
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
    assert_eq!(viewed(&desk, &[]), []);
    assert!(
        status.trim().starts_with("紧急在前"),
        "nothing is refused: {status}"
    );

    let mut console = desk.open(&[]);
    let no = selected(&mut console);
    let other = Connection::open(desk.store()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    console.press("\r");
    console.wait_for("流转记录");
    // While another holds the store the keys are answered all the same, and nothing is told of it.
    for _ in 0..3 {
        console.settle(Duration::from_millis(700));
        console.press("\x1b");
        console.wait_for("建议 / 承办");
        console.press("\r");
        console.wait_for("流转记录");
    }
    assert!(!console.screen().contains("占用"), "{}", console.screen());
    assert_eq!(viewed(&desk, &[]), []);
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    console.press("q");
    console.wait_for("建议 / 承办");
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
    assert_eq!(viewed(&desk, &[]), [(no, "opened".into())]);
}

#[test]
fn who_viewed_what_is_asked_by_those_who_answer_for_it() {
    let desk = Desk::demo();
    for (code, role) in [("wang", "dispatcher"), ("shen", "auditor")] {
        let words = [
            "--at", NOW, "operator", "add", code, "--name", code, "--role", role,
        ];
        assert!(desk.run(&words).status.success());
    }
    let mut console = desk.open(&["--as", "wang"]);
    let no = selected(&mut console);
    console.press("\r");
    console.wait_for("流转记录");
    console.hang_up();
    console.gone();
    let asked = |words: &[&str]| desk.run(&[&["--as"], words].concat());
    let refused = asked(&["wang", "viewed", &no]);
    assert_eq!(refused.status.code(), Some(1));
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(
        told.contains("查看记录只有值班长、督查室、审计、管理员可以查阅"),
        "{told}"
    );
    let allowed = String::from_utf8(asked(&["shen", "viewed", &no]).stdout).unwrap();
    assert!(
        allowed.contains("wang") && allowed.contains("打开"),
        "{allowed}"
    );
    assert_eq!(viewed(&desk, &["--as", "shen", "--by", "wang"]).len(), 1);
    assert_eq!(viewed(&desk, &["--as", "shen", "--by", "shen"]), []);
    assert_eq!(viewed(&desk, &["--since", "2026-11-23 09:01"]), []);
    assert_eq!(
        asked(&["shen", "viewed", "--by", "nobody"]).status.code(),
        Some(2)
    );
}

#[test]
fn a_viewing_that_cannot_be_read_hides_no_other_and_is_named() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    let first = selected(&mut console);
    for _ in 0..2 {
        console.press("\r");
        console.wait_for("流转记录");
        console.press("\x1b");
        console.wait_for("建议 / 承办");
        console.press("j");
        console.wait_until("the next ticket", |c| {
            c.suggestion().is_some() && c.pane_no().is_some_and(|n| n != first)
        });
    }
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
    let [second, _] = &viewed(&desk, &[])[..] else {
        panic!("two were opened")
    };
    let hand = Connection::open(desk.store()).unwrap();
    hand.execute_batch("DROP TRIGGER event_never_changes")
        .unwrap();
    let spoil = "UPDATE event SET data = '{' WHERE kind = 'viewed' AND data LIKE '%' || ? || '%'";
    assert_eq!(hand.execute(spoil, [&first]).unwrap(), 1);
    desk.spoiled();
    let ran = desk.run(&["viewed"]);
    assert_eq!(ran.status.code(), Some(3));
    let out = String::from_utf8(ran.stdout).unwrap();
    assert!(out.contains(&second.0) && !out.contains(&first), "{out}");
    let told = String::from_utf8(ran.stderr).unwrap();
    assert!(told.contains("条读不出来"), "{told}");
    let found = desk.run(&["verify"]);
    assert_ne!(found.status.code(), Some(0));
}

#[test]
fn a_stop_ends_a_stay_and_what_another_writer_holds_up_stands_in_the_log() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    let no = selected(&mut console);
    console.settle(Duration::from_secs(1));
    // Stopped after a second, looked at for another: no stay, however long it was stopped.
    let stop_for = |console: &mut Console, time: Duration| {
        console.press("\x1a");
        console.wait_state('T');
        std::thread::sleep(time);
        console.signal(Signal::CONT);
        console.wait_for_queue();
    };
    stop_for(&mut console, Duration::from_secs(6));
    console.press("j");
    console.wait_until("the next ticket", |c| c.pane_no().is_some_and(|n| n != no));
    let next = console.pane_no().unwrap();
    console.settle(Duration::from_secs(6));
    assert_eq!(viewed(&desk, &[]), []);
    stop_for(&mut console, Duration::from_millis(100));
    crate::until("the stay before the stop is told", || {
        console.take(Duration::from_millis(50));
        !viewed(&desk, &[]).is_empty()
    });
    assert_eq!(viewed(&desk, &[]), [(next, "rested".into())]);

    let other = Connection::open(desk.store()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    console.press("k");
    console.wait_until("the first ticket", |c| c.pane_no().as_ref() == Some(&no));
    console.press("\r");
    console.wait_for("流转记录");
    console.signal(Signal::TERM);
    console.gone();
    let logs = std::fs::read_dir(desk.path(".local/state/fenbo")).unwrap();
    let logs: String = logs
        .filter_map(|entry| std::fs::read_to_string(entry.unwrap().path()).ok())
        .collect();
    assert!(
        logs.contains("a viewing waits for another writer"),
        "{logs}"
    );
    assert!(logs.contains(&no), "{logs}");
}
