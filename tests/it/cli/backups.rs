//! Backups through the binary: whole, private, never over a file, and nothing half made is left.

use super::Desk;
use rustix::process::{Pid, Signal, kill_process};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

#[test]
fn verify_backup_and_restore_agree() {
    let desk = Desk::with_requests();
    let report = desk.run(&["verify", "--format", "json"]).ended(0).json();
    let fields: Vec<&String> = report.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["ok", "events", "tickets", "head", "problems"]);
    assert_eq!(report["ok"], true);
    assert_eq!(report["tickets"], 3);
    let copy = desk.path("copy.db").display().to_string();
    desk.run(&["backup", &copy]).ended(0);
    desk.run(&["backup", &copy]).ended(3);
    let mode = std::fs::metadata(&copy)
        .expect("a copy")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    desk.run(&["restore", &copy]).ended(3);
    let other = desk.path("other/fenbo.db").display().to_string();
    desk.run(&["--db", &other, "restore", &copy]).ended(0);
    let again = desk
        .run(&["--db", &other, "verify", "--format", "json"])
        .ended(0)
        .json();
    assert_eq!(again["head"], report["head"]);
}

#[test]
fn a_backup_takes_the_attached_files_along_and_brings_them_back() {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let mail = desk.file(
        "lamp.eml",
        "From: a@example.org\nSubject: lamp\nMessage-ID: <1@example.org>\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nthe lamp is broken\n\
         --b\nContent-Type: image/png\nContent-Disposition: attachment; filename=a.png\n\
         Content-Transfer-Encoding: base64\n\naGVsbG8=\n--b--\n",
    );
    desk.at(&["import", &mail]).ended(0);
    let path = |name: &str| desk.path(name).to_str().expect("a path").to_owned();
    let kept = |folder: &str| {
        let found = std::fs::read_dir(desk.path(folder)).expect("a folder");
        found.count()
    };
    assert_eq!(kept("fenbo.attachments"), 1);
    for backup in ["kept.2026-11-22", "kept.2026-11-23"] {
        desk.at(&["backup", &path(backup)]).ended(0);
        assert_eq!(kept("kept.attachments"), 1);
    }
    let back = path("back.db");
    desk.at(&["--db", &back, "restore", &path("kept.2026-11-23")])
        .ended(0);
    std::fs::remove_dir_all(desk.path("kept.attachments")).expect("removed");
    desk.at(&["--db", &back, "verify"]).ended(0);
    // A backup that has lost its files is no backup.
    let lost = path("lost.db");
    let ran = desk.at(&["--db", &lost, "restore", &path("kept.2026-11-22")]);
    assert_eq!(ran.ended(3).out, "");
}

/// What is being made beside the stores.
fn unfinished(desk: &Desk) -> Vec<PathBuf> {
    let all = std::fs::read_dir(desk.folder.path()).unwrap();
    all.map(|entry| entry.unwrap().path())
        .filter(|path| path.to_str().unwrap().contains(".new-"))
        .collect()
}

/// Starts a command, and sends it a signal as soon as there is what is waited for; how it ended.
fn interrupted(command: &mut Command, number: Signal, is_there: impl Fn() -> bool) -> ExitStatus {
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let since = Instant::now();
    while !is_there() {
        assert!(since.elapsed() < Duration::from_secs(30), "nothing begins");
        std::thread::sleep(Duration::from_millis(1));
    }
    let id = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(id, number).unwrap();
    child.wait().unwrap()
}

/// Those signals that whoever runs the tests does not have ignored, as a shell does for what it runs in the background: the
/// program then ignores them too.
fn heard<const N: usize>(signals: [Signal; N]) -> Vec<Signal> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let told = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = told.map_or(0, |mask| u64::from_str_radix(mask.trim(), 16).unwrap());
    let is_heard = |signal: &Signal| ignored & (1 << (signal.as_raw() - 1)) == 0;
    let heard: Vec<Signal> = signals.into_iter().filter(is_heard).collect();
    if heard.len() < N {
        println!("only {heard:?}: the others are ignored here");
    }
    heard
}

#[test]
fn an_interrupted_backup_leaves_nothing_half_made() {
    let desk = Desk::new();
    let some = ["demo", "--tickets", "1500", "--no-console"];
    desk.at(&some).ended(0);
    let copy = desk.path("copy.db");
    for number in heard([Signal::INT, Signal::TERM, Signal::HUP, Signal::KILL]) {
        let mut command = desk.command(&["backup"]);
        let status = interrupted(command.arg(&copy), number, || !unfinished(&desk).is_empty());
        assert_eq!(status.signal(), Some(number.as_raw()));
        assert!(!copy.exists());
        assert_eq!(unfinished(&desk).is_empty(), number != Signal::KILL);
    }
    // What the killed one left goes with the next, which whoever leaves does not end where it is to outlive him.
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "trap '' HUP; exec \"$0\" backup \"$1\""])
        .arg(env!("CARGO_BIN_EXE_fenbo"))
        .arg(&copy)
        .env_clear()
        .env("HOME", desk.folder.path())
        .env("FENBO_DB", desk.path("fenbo.db"))
        .stdout(Stdio::null());
    let left = unfinished(&desk);
    let own = || unfinished(&desk).iter().any(|path| !left.contains(path));
    let status = interrupted(&mut command, Signal::HUP, own);
    assert_eq!(status.code(), Some(0));
    assert!(copy.exists());
    assert_eq!(unfinished(&desk), [] as [PathBuf; 0]);
}

#[test]
fn an_interrupted_restore_leaves_no_files_without_a_store() {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let part = |n: usize| {
        let bytes = format!("{n}").repeat(2_000_000);
        format!(
            "--b\nContent-Type: text/x-log\nContent-Disposition: attachment; filename={n}.log\n\n{bytes}\n"
        )
    };
    let parts: String = (1..=5).map(part).collect();
    let mail = desk.file(
        "logs.eml",
        format!(
            "From: a@example.org\nSubject: logs\nMessage-ID: <1@example.org>\nMIME-Version: 1.0\n\
             Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee below\n{parts}--b--\n"
        ),
    );
    desk.at(&["import", &mail]).ended(0);
    let backup = desk.path("kept.2026-11-23");
    desk.run(&["backup", backup.to_str().unwrap()]).ended(0);
    let back = desk.path("back.db");
    let attached = desk.path("back.attachments");
    for number in heard([Signal::TERM, Signal::INT, Signal::HUP]) {
        let mut command = desk.command(&["restore", backup.to_str().unwrap()]);
        command.env("FENBO_DB", &back);
        let status = interrupted(&mut command, number, || attached.exists());
        assert_eq!(status.signal(), Some(number.as_raw()));
        assert!(!back.exists() && !attached.exists());
        assert_eq!(unfinished(&desk), [] as [PathBuf; 0]);
    }
    let back = back.to_str().unwrap();
    desk.run(&["--db", back, "restore", backup.to_str().unwrap()])
        .ended(0);
    desk.run(&["--db", back, "verify"]).ended(0);
}

#[test]
fn an_interrupted_import_leaves_no_receipt_in_the_way_of_the_next() {
    let desk = Desk::with_requests();
    let header = "编号,时间,性质,大类,小类,街道,主题,内容,姓名,电话";
    let row = |n: usize| {
        let day = if n.is_multiple_of(50) {
            "不知道"
        } else {
            "2017-09-29 08:00"
        };
        format!("B{n},{day},投诉,环境保护,噪音,龙田街道,夜里施工{n},打桩,王某,\n")
    };
    let rows: String = (0..20_000).map(row).collect();
    let file = desk.file("many.csv", format!("{header}\n{rows}"));
    let receipt = desk.path("back.csv");
    let words = ["--at", super::NOW, "import", &file, "--receipt"];
    let mut command = desk.command(&words);
    let command = command.arg(&receipt).stdout(Stdio::null());
    let status = interrupted(command, Signal::TERM, || receipt.exists());
    assert_eq!(status.signal(), Some(Signal::TERM.as_raw()));
    assert!(!receipt.exists());
    desk.run(&[&words[..], &[receipt.to_str().unwrap()]].concat())
        .ended(4);
    let given_back = std::fs::read_to_string(&receipt).unwrap();
    assert_eq!(given_back.lines().count(), 1 + 400);
}

#[test]
fn an_interrupted_import_of_letters_leaves_no_half_of_those_it_gives_back() {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let mails = desk.path("mails");
    std::fs::create_dir(&mails).unwrap();
    for n in 0..1_500 {
        let good = format!(
            "From: a@example.org\nSubject: lamp {n}\nMessage-ID: <{n}@example.org>\n\nbroken\n"
        );
        let text = if n < 20 { good } else { String::new() };
        std::fs::write(mails.join(format!("{n}.eml")), text).unwrap();
    }
    let back = desk.path("back");
    let given_back = || std::fs::read_dir(&back).map_or(0, Iterator::count);
    for number in heard([Signal::INT, Signal::TERM, Signal::HUP]) {
        let mut command = desk.command(&["import"]);
        command.arg(&mails).arg("--receipt").arg(&back);
        let command = command.stdout(Stdio::null());
        let status = interrupted(command, number, || given_back() > 20);
        assert_eq!(status.signal(), Some(number.as_raw()));
        let left = std::fs::read_dir(desk.folder.path()).unwrap();
        let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let left: Vec<String> = left.filter(|name| name.starts_with("back")).collect();
        assert_eq!(left, [] as [String; 0]);
    }
    let words = [
        "import",
        mails.to_str().unwrap(),
        "--receipt",
        back.to_str().unwrap(),
    ];
    desk.run(&words).ended(4);
    assert_eq!(given_back(), 1_480 + 1);
}

#[test]
fn a_salvage_that_is_interrupted_at_once_leaves_nothing() {
    let desk = Desk::with_requests();
    let damaged = desk.path("damaged.db");
    std::fs::copy(desk.path("fenbo.db"), &damaged).unwrap();
    let saved = desk.path("saved.db");
    for number in heard([Signal::INT, Signal::TERM, Signal::HUP]) {
        let mut command = desk.command(&["restore", "--salvage"]);
        command.arg(&damaged).env("FENBO_DB", &saved);
        let command = command.stdout(Stdio::null());
        let status = interrupted(command, number, || !unfinished(&desk).is_empty());
        assert!(status.signal() == Some(number.as_raw()) || saved.exists());
        assert_eq!(unfinished(&desk), [] as [PathBuf; 0]);
        drop(std::fs::remove_file(&saved));
    }
}
