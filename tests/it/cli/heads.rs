//! Heads published outside the store: what the chain alone cannot show, they do.

use super::{Desk, Ran};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

const HEADS: &str = ".local/state/fenbo/heads.jsonl";

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Three tickets and one head published.
fn published() -> (Desk, PathBuf) {
    let desk = Desk::with_requests();
    desk.at(&["sweep"]).ended(0);
    let file = desk.path(HEADS);
    assert_eq!(lines(&file).len(), 1);
    (desk, file)
}

fn note(desk: &Desk, no: &str, text: &str) {
    desk.at(&["act", "note", no, "--text", text]).ended(0);
}

/// What a verification finds of published heads: their entries.
fn contradicted(desk: &Desk, more: &[&str]) -> Vec<i64> {
    let words = [&["verify", "--format", "json"], more].concat();
    let ran = desk.run(&words);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let problems = report["problems"].as_array().unwrap();
    let of_heads = problems.iter().filter(|p| p["kind"] == "published");
    of_heads.map(|p| p["seq"].as_i64().unwrap()).collect()
}

#[test]
fn a_sweep_publishes_once_an_hour_and_only_what_is_new() {
    let (desk, file) = published();
    let no = desk.numbers(&["--view", "all"])[0].clone();
    let first = &lines(&file)[0];
    let report = desk.run(&["verify", "--format", "json"]).ended(0).json();
    assert_eq!(first["head"], report["head"]);
    assert_eq!(first["seq"], report["events"]);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    note(&desk, &no, "一");
    desk.at(&["sweep"]).ended(0);
    assert_eq!(lines(&file).len(), 1, "an hour has not gone by");
    let later = |hour: &str| desk.run(&["--at", &format!("2017-09-29 {hour}"), "sweep"]);
    later("18:20").ended(0);
    assert_eq!(lines(&file).len(), 2);
    later("22:00").ended(0);
    assert_eq!(lines(&file).len(), 2, "nothing was written");
    let told = desk.run(&["verify"]).ended(0).out;
    assert!(told.contains("2 个校验值一致"), "{told}");
}

#[test]
fn a_store_put_back_from_an_older_copy_is_found_whatever_was_written_since() {
    let (desk, file) = published();
    let no = desk.numbers(&["--view", "all"])[0].clone();
    let (store, copy) = (desk.path("fenbo.db"), desk.path("copy.db"));
    desk.run(&["backup", copy.to_str().unwrap()]).ended(0);
    note(&desk, &no, "一");
    desk.run(&["--at", "2017-09-29 19:00", "sweep"]).ended(0);
    let last = lines(&file).pop().unwrap()["seq"].as_i64().unwrap();
    std::fs::copy(&copy, &store).unwrap();
    for beside in ["fenbo.db-wal", "fenbo.db-shm"] {
        drop(std::fs::remove_file(desk.path(beside)));
    }
    assert_eq!(contradicted(&desk, &[]), [last], "shorter than it was");
    for text in ["甲", "乙", "丙"] {
        note(&desk, &no, text);
    }
    assert_eq!(contradicted(&desk, &[]), [last], "as long, and another");
    let told = desk.run(&["verify"]).ended(3);
    assert!(told.out.contains("换回了旧的副本"), "{}", told.out);
    assert!(told.err.contains("verify --accept"), "{}", told.err);
    // Whoever brought it back knowingly says so once.
    desk.at(&["verify", "--accept"]).ended(0);
    desk.run(&["verify"]).ended(0);
    assert_eq!(contradicted(&desk, &[]), [] as [i64; 0]);
}

#[test]
fn a_cut_tail_and_a_chain_written_anew_are_found() {
    let (desk, file) = published();
    let no = desk.numbers(&["--view", "all"])[0].clone();
    let last = lines(&file).pop().unwrap()["seq"].as_i64().unwrap();
    desk.spoiled();
    let by_hand = rusqlite::Connection::open(desk.path("fenbo.db")).unwrap();
    by_hand
        .execute_batch("DROP TRIGGER event_never_changes; DROP TRIGGER event_never_goes;")
        .unwrap();
    let hash = "UPDATE event SET hash = randomblob(32) WHERE seq = ?";
    by_hand.execute(hash, [last]).unwrap();
    assert_eq!(contradicted(&desk, &[]), [last]);
    by_hand
        .execute("DELETE FROM event WHERE seq >= ?", [last])
        .unwrap();
    assert_eq!(contradicted(&desk, &[]), [last]);
    drop(no);
}

#[test]
fn a_head_on_paper_is_held_against_the_ledger() {
    let (desk, file) = published();
    let as_of = desk.at(&["report", "day", "--format", "json"]).ended(0);
    let as_of = as_of.json()["as_of"].clone();
    let (seq, head) = (
        as_of["seq"].as_i64().unwrap(),
        as_of["head"].as_str().unwrap(),
    );
    let whole = format!("{seq}:{head}");
    let short = format!("{seq}：{}", head[..16].to_uppercase());
    let other = format!("{}:{head}", seq - 1);
    assert_eq!(
        contradicted(&desk, &["--head", &whole, "--head", &short]),
        [] as [i64; 0]
    );
    assert_eq!(contradicted(&desk, &["--head", &other]), [seq - 1]);
    desk.at(&["verify", "--accept", "--head", &other]).ended(3);
    assert!(lines(&file).iter().all(|line| line["accepted"].is_null()));
    for wrong in ["12", "x:0123456789abcdef", "1:0123", "1:0123456789abcdeg"] {
        let ran = desk.run(&["verify", "--head", wrong]).ended(2);
        assert!(ran.err.contains("下一步"), "{}", ran.err);
    }
}

fn is_untold(ran: &Ran) {
    let told = "没有把流转记录的校验值公布到库外";
    assert!(ran.err.contains(told), "{}", ran.err);
}

#[test]
fn the_system_s_log_is_told_and_where_it_is_not_there_that_is_said() {
    let desk = Desk::with_requests();
    let socket = desk.path("log");
    let log = UnixDatagram::bind(&socket).unwrap();
    let config = format!(
        "[heads]\nfile = \"{}\"\nsyslog = \"{}\"\n",
        desk.path("h/heads").display(),
        socket.display()
    );
    desk.file(".config/fenbo/config.toml", config);
    desk.at(&["sweep"]).ended(0);
    let mut bytes = [0; 512];
    let n = log.recv(&mut bytes).unwrap();
    let line = String::from_utf8_lossy(&bytes[..n]).into_owned();
    let head = lines(&desk.path("h/heads")).pop().unwrap();
    assert!(line.starts_with("<109>fenbo: ledger "), "{line}");
    assert!(line.contains(head["head"].as_str().unwrap()), "{line}");
    // One that stands still holds up nobody.
    let stuck = UnixDatagram::unbound().unwrap();
    stuck.set_nonblocking(true).unwrap();
    while stuck.send_to(b"x", &socket).is_ok() {}
    let no = desk.numbers(&["--view", "all"])[0].clone();
    note(&desk, &no, "零");
    let ran = desk.run(&["--at", "2017-09-29 18:20", "sweep"]).ended(0);
    is_untold(&ran);
    drop(log);
    std::fs::remove_file(&socket).unwrap();
    note(&desk, &no, "一");
    let ran = desk.run(&["--at", "2017-09-29 20:00", "sweep"]).ended(0);
    is_untold(&ran);
    assert_eq!(lines(&desk.path("h/heads")).len(), 3, "the file has all");
}

#[test]
fn half_a_line_and_a_link_in_the_place_of_the_file_are_told() {
    let (desk, file) = published();
    let no = desk.numbers(&["--view", "all"])[0].clone();
    let mut text = std::fs::read_to_string(&file).unwrap();
    text.push_str("{\"at\":\"2017-");
    std::fs::write(&file, &text).unwrap();
    note(&desk, &no, "一");
    desk.run(&["--at", "2017-09-29 19:00", "sweep"]).ended(0);
    let ran = desk.run(&["verify"]).ended(0);
    assert!(ran.err.contains("有 1 行读不懂"), "{}", ran.err);
    assert!(ran.out.contains("2 个校验值一致"), "{}", ran.out);
    std::fs::rename(&file, desk.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(desk.path("elsewhere"), &file).unwrap();
    let ran = desk.run(&["verify"]).ended(3);
    assert!(ran.err.contains("没有与公布过的校验值核对"), "{}", ran.err);
    assert!(ran.out.contains("无误"), "{}", ran.out);
}

#[test]
fn a_copy_elsewhere_goes_its_own_way() {
    let (desk, _) = published();
    let no = desk.numbers(&["--view", "all"])[0].clone();
    let (backup, copy) = (desk.path("backup.db"), desk.path("copy.db"));
    let [backup, copy] = [backup, copy].map(|path| path.display().to_string());
    desk.run(&["backup", &backup]).ended(0);
    desk.run(&["--db", &copy, "restore", &backup]).ended(0);
    let text = ["act", "note", &no, "--text", "演练"];
    desk.at(&[&["--db", &copy], &text[..]].concat()).ended(0);
    let late = ["--at", "2017-09-29 20:00", "--db", &copy];
    desk.run(&[&late[..], &["sweep"]].concat()).ended(0);
    desk.run(&[&late[..], &["verify", "--accept"]].concat())
        .ended(0);
    let told = desk.run(&["verify"]).ended(0).out;
    assert!(told.contains("1 个校验值一致"), "{told}");
}

#[test]
fn a_ledger_that_contradicts_itself_is_not_accepted() {
    let (desk, file) = published();
    desk.spoiled();
    let by_hand = rusqlite::Connection::open(desk.path("fenbo.db")).unwrap();
    by_hand
        .execute_batch("DROP TRIGGER event_never_goes; DELETE FROM event WHERE seq = 3;")
        .unwrap();
    desk.at(&["verify", "--accept"]).ended(3);
    assert!(lines(&file).iter().all(|line| line["accepted"].is_null()));
}

#[test]
fn other_ledgers_heads_are_not_this_one_s() {
    let (desk, file) = published();
    let other = desk.path("other.db").display().to_string();
    let on_other = |words: &[&str]| desk.at(&[&["--db", &other], words].concat());
    on_other(&["init"]).ended(0);
    on_other(&["sweep"]).ended(0);
    assert_eq!(lines(&file).len(), 2);
    let told = on_other(&["verify"]).ended(0).out;
    assert!(told.contains("1 个校验值一致"), "{told}");
    desk.run(&["verify"]).ended(0);
}
