//! The case library through the binary: kept with gist and tags, found by likeness, rulings among them, dropped again.

use super::{Desk, Ran};
use serde_json::Value;

fn cases(desk: &Desk, words: &[&str]) -> Vec<Value> {
    let ran: Ran = desk.at(&[&["case"], words, &["--format", "json"]].concat());
    ran.ended(0).json()["cases"]
        .as_array()
        .expect("a list")
        .clone()
}

/// An enquiry answered, a complaint ruled on, a complaint still to dispatch.
fn with_precedents() -> (Desk, Vec<String>) {
    let desk = Desk::with_requests();
    let numbers: Vec<String> = ["创业补贴", "施工太吵", "还在施工"]
        .iter()
        .map(|words| desk.numbers(&["--query", words, "--view", "all"])[0].clone())
        .collect();
    let act = |words: &[&str]| desk.at(&[&["act"], words].concat()).ended(0);
    act(&["coordinate", &numbers[1], "--text", "夜间施工归谁管"]);
    act(&[
        "rule",
        &numbers[1],
        "--to",
        "hbsw",
        "--text",
        "夜间施工噪音由环水牵头，住建配合",
        "--held-on",
        "2017-09-29",
    ]);
    (desk, numbers)
}

#[test]
fn a_ruling_is_a_precedent_of_later_tickets_like_it() {
    let (desk, numbers) = with_precedents();
    let found = cases(&desk, &["search", &numbers[2]]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["no"], numbers[1].as_str());
    assert_eq!(found[0]["kind"], "ruling");
    assert_eq!(found[0]["gist"], "夜间施工噪音由环水牵头，住建配合");
    // A ticket is no precedent of its own.
    assert!(cases(&desk, &["search", &numbers[1]]).is_empty());
    let by_words = cases(&desk, &["search", "--text", "工地夜里打桩施工噪音"]);
    assert_eq!(by_words[0]["no"], numbers[1].as_str());
    assert!(cases(&desk, &["search", "--text", "居住证到期了"]).is_empty());
}

#[test]
fn a_search_takes_a_ticket_or_words_and_never_leaves_words_out_in_silence() {
    let (desk, numbers) = with_precedents();
    let by_title = cases(&desk, &["search", "--title", "工地夜里打桩施工噪音"]);
    assert_eq!(by_title[0]["no"], numbers[1].as_str());
    desk.at(&["case", "search", &numbers[2], "--text", "噪音"])
        .ended(2);
    desk.at(&["case", "search"]).ended(2);
}

#[test]
fn a_case_is_kept_with_tags_found_shown_and_dropped() {
    let (desk, numbers) = with_precedents();
    let ruled = &numbers[1];
    // What is open and not ruled on teaches nothing yet.
    desk.at(&["case", "add", &numbers[2], "--text", "早"])
        .ended(1);
    desk.at(&[
        "case",
        "add",
        ruled,
        "--text",
        "先查夜间施工许可",
        "--tag",
        "夜施",
        "--tag",
        "噪音",
    ])
    .ended(0);
    let tagged = cases(&desk, &["list", "--tag", "夜施"]);
    assert_eq!(tagged.len(), 1);
    assert_eq!(tagged[0]["tags"], serde_json::json!(["夜施", "噪音"]));
    assert_eq!(cases(&desk, &["list"]).len(), 2, "the ruling and the case");
    let shown = desk.at(&["case", "show", ruled]).ended(0).out;
    assert!(shown.contains("要旨: 先查夜间施工许可"), "{shown}");
    // A tag that is named in the question finds it without any other word.
    assert!(!cases(&desk, &["search", "--text", "夜施"]).is_empty());
    desk.at(&["case", "remove", ruled]).ended(0);
    desk.at(&["case", "remove", ruled]).ended(1);
    assert!(cases(&desk, &["list", "--tag", "夜施"]).is_empty());
    let ledger = desk.at(&["show", ruled, "--format", "json"]).json()["ledger"].clone();
    let kinds: Vec<_> = ledger
        .as_array()
        .expect("entries")
        .iter()
        .map(|e| e["event"].clone())
        .collect();
    assert!(kinds.contains(&"case_kept".into()) && kinds.contains(&"case_dropped".into()));
    desk.at(&["verify"]).ended(0);
}

#[test]
fn a_tag_that_is_empty_is_not_kept() {
    let (desk, numbers) = with_precedents();
    let words = ["case", "add", &numbers[1], "--text", "x", "--tag", ""];
    desk.at(&[&words[..], &["--tag", " 灯 "]].concat()).ended(0);
    assert_eq!(
        cases(&desk, &["list"])[0]["tags"],
        serde_json::json!(["灯"])
    );
}
