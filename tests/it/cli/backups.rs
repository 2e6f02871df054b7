//! Backups through the binary: whole, private, never over a file, and nothing half made is left.

use super::Desk;
use rustix::process::{Pid, Signal, kill_process};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
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

#[test]
fn an_interrupted_backup_leaves_nothing_half_made() {
    let desk = Desk::new();
    let some = ["demo", "--tickets", "1500", "--no-console"];
    desk.at(&some).ended(0);
    let copy = desk.path("copy.db");
    for number in [Signal::INT, Signal::TERM, Signal::KILL] {
        let mut command = desk.command(&["backup"]);
        let mut child = command.arg(&copy).spawn().unwrap();
        let since = Instant::now();
        while unfinished(&desk).is_empty() {
            assert!(since.elapsed() < Duration::from_secs(30), "nothing begins");
            std::thread::sleep(Duration::from_millis(1));
        }
        let id = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        kill_process(id, number).unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.signal(), Some(number.as_raw()));
        assert!(!copy.exists());
        assert_eq!(unfinished(&desk).is_empty(), number != Signal::KILL);
    }
    // What the killed one left goes with the next.
    desk.run(&["backup", copy.to_str().unwrap()]).ended(0);
    assert_eq!(unfinished(&desk), [] as [PathBuf; 0]);
}
