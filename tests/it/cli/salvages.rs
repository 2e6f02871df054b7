//! `fenbo restore --salvage`: a damaged store, its attached files and its search come back through the command.

use super::Desk;

/// The mail that attaches a picture.
const MAIL: &str = "From: a@example.org\nSubject: lamp\nMessage-ID: <1@example.org>\nMIME-Version: 1.0\n\
Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nthe lamp is broken\n\
--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=a.png\n\
Content-Transfer-Encoding: base64\n\naGVsbG8=\n--b--\n";

/// Empties the page of the store that holds both.
fn empty_page(desk: &Desk, both: [&str; 2]) {
    let path = desk.path("fenbo.db");
    let mut file = std::fs::read(&path).expect("a store");
    let has = |page: &[u8], what: &str| page.windows(what.len()).any(|w| w == what.as_bytes());
    let page = file
        .chunks(4096)
        .position(|page| both.iter().all(|what| has(page, what)))
        .expect("the page");
    file[page * 4096..][..4096].fill(0);
    std::fs::write(&path, file).expect("written");
}

#[test]
fn a_damaged_store_comes_back_with_numbers_words_files_and_acts() {
    let desk = Desk::with_requests();
    desk.spoiled();
    let mail = desk.file("lamp.eml", MAIL);
    desk.at(&["import", &mail]).ended(0);
    let numbers = desk.numbers(&[]);
    let damaged = desk.path("fenbo.db").display().to_string();
    let saved = desk.path("saved.db").display().to_string();
    // What is sound comes back whole.
    let ran = desk.at(&["--db", &saved, "restore", &damaged, "--salvage"]);
    let out = ran.ended(0).out;
    assert!(out.contains("工单 4 件") && !out.contains("重建"), "{out}");
    desk.at(&["--db", &saved, "restore", &damaged, "--salvage"])
        .ended(3);
    std::fs::remove_file(&saved).expect("removed");

    empty_page(&desk, [&numbers[0], "\"version\""]);
    let ran = desk.at(&["show", &numbers[0]]).ended(3);
    assert!(ran.err.contains("--salvage"), "{}", ran.err);
    let ran = desk.at(&["--db", &saved, "restore", &damaged, "--salvage"]);
    let ran = ran.ended(4);
    assert!(ran.out.contains("4 件的状态按流转记录重建"), "{}", ran.out);
    assert!(ran.err.contains("没有全部抢救出来"), "{}", ran.err);
    let told = |words: &[&str]| desk.at(&[&["--db", saved.as_str()], words].concat());
    let listed = told(&["list", "--format", "json"]).ended(0).json();
    let again: Vec<&str> = listed["tickets"]
        .as_array()
        .expect("tickets")
        .iter()
        .map(|ticket| ticket["no"].as_str().expect("a number"))
        .collect();
    assert_eq!(again, numbers);
    // Words of the content are found, the picture is there, and the work goes on.
    let found = told(&["list", "--query", "lamp", "--format", "json"]);
    assert_eq!(
        found.ended(0).json()["tickets"].as_array().map(Vec::len),
        Some(1)
    );
    let report = told(&["verify", "--format", "json"]).ended(3).json();
    let kinds: Vec<&str> = report["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .map(|problem| problem["kind"].as_str().expect("a kind"))
        .collect();
    assert_eq!(kinds, ["texts"; 4]);
    told(&["act", "claim", &numbers[0]]).ended(0);
}

#[test]
fn a_run_that_may_only_read_restores_nothing() {
    let desk = Desk::with_requests();
    let damaged = desk.path("fenbo.db").display().to_string();
    let saved = desk.path("saved.db").display().to_string();
    for words in [
        &["restore", &damaged][..],
        &["restore", &damaged, "--salvage"],
    ] {
        let ran = desk.at(&[&["--read-only", "--db", &saved], words].concat());
        ran.ended(3);
        assert!(!desk.path("saved.db").exists());
    }
}

#[test]
fn where_nothing_can_be_read_a_backup_is_named_and_nothing_is_made() {
    let desk = Desk::with_requests();
    desk.spoiled();
    let raw = rusqlite::Connection::open(desk.path("fenbo.db")).expect("opened");
    raw.execute_batch(
        "PRAGMA foreign_keys = OFF; DROP TRIGGER event_never_goes; DROP TRIGGER ticket_never_goes;
         DELETE FROM event; DELETE FROM ticket;",
    )
    .expect("emptied");
    drop(raw);
    let damaged = desk.path("fenbo.db").display().to_string();
    let saved = desk.path("saved.db").display().to_string();
    let ran = desk.at(&["--db", &saved, "restore", &damaged, "--salvage"]);
    let err = ran.ended(3).err;
    assert!(err.contains("只能从备份恢复"), "{err}");
    assert!(!desk.path("saved.db").exists());
}
