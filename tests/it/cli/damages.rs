//! One thing that cannot be read costs itself: the others are listed, and it is named.

use super::Desk;
use rusqlite::Connection;

/// A store with requests, a note on the first and a case made of the second, in which something was then spoiled by hand.
fn spoiled(sql: &str) -> (Desk, Vec<String>) {
    let desk = Desk::with_requests();
    let numbers = desk.numbers(&["--view", "all"]);
    let act = |words: &[&str]| desk.at(words).ended(0);
    act(&["act", "note", &numbers[0], "--text", "电话已核"]);
    act(&["act", "note", &numbers[1], "--text", "再问一次"]);
    act(&["act", "coordinate", &numbers[2], "--text", "谁管"]);
    let ruling = [
        "--to",
        "hbsw",
        "--text",
        "环水牵头",
        "--held-on",
        "2017-09-29",
    ];
    act(&[&["act", "rule", &numbers[2]][..], &ruling].concat());
    let hand = Connection::open(desk.path("fenbo.db")).expect("a store");
    hand.execute_batch("DROP TRIGGER event_never_changes; DROP TRIGGER ticket_keeps_its_number; PRAGMA ignore_check_constraints = ON;")
        .expect("by hand");
    let changed = hand.execute(sql, [&numbers[0]]).expect("spoiled");
    assert_eq!(changed, 1, "{sql}");
    desk.spoiled();
    (desk, numbers)
}

const THE_FIRST: &str = "(SELECT id FROM ticket WHERE no = ?)";

#[test]
fn a_list_goes_on_past_a_ticket_that_cannot_be_read_and_names_it() {
    let (desk, numbers) = spoiled("UPDATE ticket SET facts = '{' WHERE no = ?");
    let all = ["list", "--view", "all", "--format"];
    for format in ["json", "jsonl", "csv"] {
        let ran = desk.at(&[&all[..], &[format]].concat()).ended(3);
        assert!(
            ran.err
                .contains(&format!("有 1 件读不出来，未列出：{}", numbers[0])),
            "{}",
            ran.err
        );
        assert!(ran.err.contains("--salvage"), "{}", ran.err);
        for no in &numbers[1..] {
            assert!(ran.out.contains(no.as_str()), "{format}: {}", ran.out);
        }
        if format == "json" {
            let tickets = ran.json()["tickets"].as_array().map(Vec::len);
            assert_eq!(tickets, Some(numbers.len() - 1));
        }
    }
    // The table needs no more than the row.
    let ran = desk.at(&["list", "--view", "all"]).ended(0);
    assert!(ran.out.contains(&numbers[0]), "{}", ran.out);
    desk.at(&["similar", &numbers[1]]).ended(0);
}

#[test]
fn a_row_with_bytes_that_are_no_text_is_shown_with_what_can_be_read() {
    let (desk, numbers) = spoiled("UPDATE ticket SET title = cast(x'e5ff' AS TEXT) WHERE no = ?");
    let ran = desk.at(&["list", "--view", "all"]).ended(0);
    for no in &numbers {
        assert!(ran.out.contains(no.as_str()), "{}", ran.out);
    }
    assert!(ran.out.contains('\u{fffd}'), "{}", ran.out);
    desk.at(&["handover"]).ended(0);
    let ran = desk
        .at(&["list", "--view", "all", "--format", "jsonl"])
        .ended(3);
    assert!(ran.err.contains(&numbers[0]), "{}", ran.err);
    assert_eq!(ran.out.lines().count(), numbers.len() - 1);
    let (desk, numbers) = spoiled("UPDATE ticket SET version = -7 WHERE no = ?");
    let ran = desk.at(&["list", "--view", "all"]).ended(0);
    let line = ran.out.lines().find(|line| line.contains(&numbers[0]));
    assert!(
        line.is_some_and(|line| line.contains('\u{fffd}')),
        "{}",
        ran.out
    );
}

#[test]
fn what_is_left_out_is_named_and_the_exit_says_so() {
    let of = |kind: &str| {
        format!("UPDATE event SET data = '{{' WHERE kind = '{kind}' AND ticket_id = {THE_FIRST}")
    };
    let named = |desk: &Desk, words: &[&str], no: &str| {
        let ran = desk.at(words).ended(3);
        let told = format!("有 1 件读不出来，未列出：{no}");
        assert!(ran.err.contains(&told), "{words:?}: {}", ran.err);
        assert!(ran.err.contains("--salvage"), "{words:?}: {}", ran.err);
        ran.out
    };
    let (desk, numbers) = spoiled(&of("noted"));
    let out = named(&desk, &["handover"], &numbers[0]);
    assert!(out.contains("再问一次"), "{out}");

    let (desk, numbers) = spoiled("UPDATE event SET data = '{' WHERE kind = 'ruled' AND ?1 <> ''");
    named(&desk, &["case", "list"], &numbers[2]);
    named(&desk, &["case", "search", "--text", "施工"], &numbers[2]);
    let out = named(&desk, &["case", "show", &numbers[2]], &numbers[2]);
    assert!(out.is_empty(), "nothing untrue is said: {out}");

    // Whose ticket it was cannot be read: who does not see all is not told which it is.
    let wang = ["--role", "department", "--department", "jyj"];
    desk.at(&[&["operator", "add", "wang"][..], &wang].concat())
        .ended(0);
    let ran = desk.at(&["--as", "wang", "case", "list"]).ended(3);
    assert!(ran.err.contains("未列出：?") && !ran.err.contains(&numbers[2]));

    let (desk, numbers) = spoiled("UPDATE ticket SET facts = '{' WHERE no = ?");
    let words = ["施工", "补贴", "路灯"].map(|word| desk.at(&["similar", "--text", word]));
    let told = words.iter().any(|ran| ran.err.contains(&numbers[0]));
    assert!(told, "{:?}", words.map(|ran| ran.err));
}

#[test]
fn a_ticket_that_is_not_found_by_its_number_keeps_no_list_from_its_end() {
    let (desk, numbers) = spoiled("UPDATE ticket SET no = cast(x'e5ff31' AS TEXT) WHERE no = ?");
    for format in ["json", "jsonl", "csv"] {
        let ran = desk
            .at(&["list", "--view", "all", "--format", format])
            .ended(3);
        assert!(ran.err.contains("有 1 件读不出来"), "{}", ran.err);
        assert!(numbers[1..].iter().all(|no| ran.out.contains(no.as_str())));
        if format == "json" {
            let tickets = ran.json()["tickets"].as_array().map(Vec::len);
            assert_eq!(tickets, Some(numbers.len() - 1));
        }
    }
}

#[test]
fn a_moment_beyond_all_calendars_stops_neither_lists_nor_the_sweep() {
    let (desk, numbers) = spoiled(
        "UPDATE ticket SET due_at = 9223372036854775807, due_key = 9223372036854775806, \
         stage_due_at = 9223372036854775807, warn_at = -9223372036854775807 WHERE no = ?",
    );
    for words in [&["list", "--view", "all"][..], &["handover"]] {
        desk.at(words).ended(0);
    }
    // Its counts are those of another moment, which only the commit of all that was swept tells.
    let ran = desk.at(&["sweep"]).ended(0);
    assert!(ran.err.contains(&numbers[0]), "{}", ran.err);
    let ran = desk.at(&["show", &numbers[0]]);
    assert!(!ran.err.contains("NaiveDateTime"), "{}", ran.err);
}
