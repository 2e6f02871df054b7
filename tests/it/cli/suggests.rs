//! `fenbo suggest` through the binary: whatever is known or not, what an answer rests on, and files of many questions.

use super::Desk;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::process::Stdio;

const NOW: [&str; 2] = ["--at", "2026-11-26 14:00"];

fn sample() -> Desk {
    let desk = Desk::new();
    desk.run(&[&NOW[..], &["demo", "--no-console"]].concat())
        .ended(0);
    desk
}

fn asked(desk: &Desk, words: &[&str]) -> Value {
    desk.run(&[&NOW[..], &["suggest"], words, &["--format", "json"]].concat())
        .ended(0)
        .json()
}

#[test]
fn with_fields_with_text_with_both_and_with_neither_it_answers_and_says_what_it_knew() {
    let desk = sample();
    let ticket = desk
        .run(
            &[
                &NOW[..],
                &["list", "--view", "all", "--limit", "1", "--format", "json"],
            ]
            .concat(),
        )
        .json()["tickets"][0]
        .clone();
    let street = ticket["street"].as_str().expect("a street");
    let category: Vec<&str> = ticket["category"]
        .as_array()
        .expect("levels")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let category = category.join("/");
    let known = |words: &[&str]| asked(&desk, words)["basis"]["known"].clone();
    assert_eq!(
        known(&[]),
        json!({"category": "none", "place": "none", "origin": false, "text": false})
    );
    assert_eq!(known(&["--category", &category])["category"], "whole");
    assert_eq!(known(&["--street", street])["place"], "part");
    assert_eq!(known(&["--text", "夜间施工噪音"])["text"], true);
    assert_eq!(known(&["--category", "从未/见过"])["category"], "none");
    for words in [&[][..], &["--category", &category], &["--street", street]] {
        let answer = asked(&desk, words);
        let list = answer["suggestions"].as_array().expect("suggestions");
        assert_eq!(list.len(), 5, "{words:?}");
        let learned = answer["basis"]["learned"].as_u64().expect("a count");
        assert!(learned > 50);
        assert_eq!(answer["basis"]["cold_start"], learned < 200);
        assert_eq!(answer["sure"], false);
        let first = list[0]["probability"].as_f64().expect("a number");
        assert!((0.0..0.9).contains(&first), "{words:?}: {first}");
        assert!(
            !list[0]["evidence"].as_array().expect("evidence").is_empty(),
            "{words:?}: {list:?}"
        );
    }
    let told = desk
        .run(&[&NOW[..], &["suggest", "--category", &category]].concat())
        .ended(0);
    assert!(told.out.contains("所知：类别"), "{}", told.out);
    let english = desk
        .run(&[&NOW[..], &["--lang", "en", "suggest", "--street", street]].concat())
        .ended(0);
    assert!(
        english.out.contains("known: street or community"),
        "{}",
        english.out
    );
    // A ticket has its own facts: others beside it are no question.
    let no = ticket["no"].as_str().expect("a number");
    desk.run(&["suggest", no, "--street", street]).ended(2);
}

#[test]
fn what_the_store_teaches_is_learned_and_kept_on_demand() {
    let desk = Desk::with_requests();
    let numbers = desk.numbers(&["--view", "desk"]);
    for no in &numbers[..2] {
        desk.at(&["act", "dispatch", no, "--to", "cgj"]).ended(0);
    }
    let learn = ["suggest", "--learn", "--format", "json"];
    desk.at(&[&["--read-only"], &learn[..]].concat()).ended(3);
    for _ in 0..2 {
        let told = desk.at(&learn).ended(0).json();
        assert_eq!(told, json!({"learned": 2}));
    }
    let told = desk
        .at(&["--lang", "en", "suggest", "--learn"])
        .ended(0)
        .out;
    assert_eq!(told.trim(), "learned and kept: from 2 past tickets");
    // Kept: who may only read is answered from it.
    let told = desk
        .at(&["--read-only", "suggest", &numbers[2], "--format", "json"])
        .ended(0)
        .json();
    assert_eq!(told["basis"]["learned"], 2);
    for other in [&numbers[2][..], "--text=路灯不亮", "--batch=-"] {
        desk.at(&["suggest", "--learn", other]).ended(2);
    }
}

#[test]
fn a_store_without_history_says_so_and_claims_nothing() {
    let desk = Desk::with_requests();
    let answer = desk
        .at(&["suggest", "--text", "路灯不亮", "--format", "json"])
        .ended(0)
        .json();
    assert_eq!(
        answer,
        json!({
            "suggestions": [], "sure": false,
            "basis": {"learned": 0, "cold_start": true, "known":
                {"category": "none", "place": "none", "origin": false, "text": false}},
        })
    );
    let numbers = desk.numbers(&["--view", "desk"]);
    for no in &numbers[..2] {
        desk.at(&["act", "dispatch", no, "--to", "cgj"]).ended(0);
        let answer = desk
            .at(&["suggest", &numbers[2], "--format", "json"])
            .ended(0)
            .json();
        let first = &answer["suggestions"][0];
        assert!(first["probability"].as_f64() <= Some(0.75), "{answer}");
        assert_eq!(answer["sure"], false);
    }
    let told = desk.at(&["suggest", &numbers[2]]).ended(0).out;
    // The others share what is left: each of them rounds to nothing, and is not shown.
    assert!(told.contains("75%") && !told.contains(" 0%"), "{told}");
}

#[test]
fn a_bad_line_of_a_batch_keeps_its_id_is_told_in_three_parts_and_stops_nothing() {
    let desk = sample();
    let mut lines = Vec::new();
    for line in [
        "{\"id\":1,\"content\":\"路灯不亮\"}",
        "",
        "{\"id\":\"two\",\"content\":\"路灯",
        "{\"id\":3,\"street\":{\"name\":\"坑梓\"}}",
        "   ",
        "[]",
    ] {
        lines.extend_from_slice(line.as_bytes());
        lines.push(b'\n');
    }
    lines.extend_from_slice(b"{\"id\":5,\"content\":\"\xc2\xb7\xb5\xc6\"}\n");
    lines.extend_from_slice(b"{\"id\":6,\"created_at\":\"someday\"}");
    let file = desk.path("batch.jsonl");
    std::fs::write(&file, &lines).expect("a file");
    let ran = desk.run(&[
        "suggest",
        "--batch",
        file.to_str().expect("a path"),
        "--format",
        "jsonl",
    ]);
    let answers: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(
        ids,
        [
            &json!(1),
            &json!("two"),
            &json!(3),
            &Value::Null,
            &json!(5),
            &json!(6)
        ]
    );
    for (at, line) in [(1, 3), (2, 4), (3, 6), (4, 7)] {
        let error = &answers[at]["error"];
        assert_eq!(answers[at]["line"], line);
        assert_eq!(answers[at]["suggestions"], json!([]));
        for part in ["what", "why", "next"] {
            let words = error[part].as_str().expect("words");
            assert!(!words.is_empty() && !words.contains("expected"), "{words}");
        }
    }
    for at in [0, 5] {
        assert!(answers[at]["basis"]["learned"].as_u64() > Some(50));
        assert!(answers[at]["error"].is_null());
    }
    assert_eq!(answers[5]["ignored"], json!(["created_at"]));
    assert!(ran.err.contains("跳过 2 个空行"), "{}", ran.err);
    let ran = ran.ended(1);
    assert!(ran.err.contains("4 行没有得到建议"), "{}", ran.err);
}

#[test]
fn a_batch_may_come_through_a_pipe() {
    let desk = sample();
    let mut child = desk
        .command(&["suggest", "--batch", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process");
    std::io::Write::write_all(
        &mut child.stdin.take().expect("a pipe"),
        "{\"id\":1}\n\n{\"id\":2}\n".as_bytes(),
    )
    .expect("written");
    let out = child.wait_with_output().expect("an end");
    assert!(out.status.success());
    assert_eq!(String::from_utf8_lossy(&out.stdout).lines().count(), 2);
}

#[test]
fn words_and_places_without_a_ticket_find_what_is_like_them_by_title_too() {
    let desk = Desk::with_requests();
    let alike = |words: &[&str]| {
        let asked = [&["similar"], words, &["--format", "json"]].concat();
        let found = desk.at(&asked).ended(0).json()["similar"].clone();
        found.as_array().expect("a list").clone()
    };
    for by in ["--text", "--title"] {
        let found = alike(&[by, "创业补贴怎么申请"]);
        assert_eq!(found[0]["why"][0], "same_title", "{by}: {found:?}");
        assert!(found[0]["score"].as_f64() > Some(0.6), "{found:?}");
    }
    // A title is looked for in the texts as well.
    let found = alike(&["--title", "工地夜里十一点还在打桩"]);
    assert_eq!(found[0]["title"], "夜里施工太吵", "{found:?}");
    let found = alike(&["--category", "环境保护", "--street", "龙田街道"]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0]["why"][0], "same_street");
    assert_eq!(alike(&["--community", "没有的社区"]), Vec::<Value>::new());
    // A few words are found again in a longer title; words that nothing is like find no less than the place alone.
    let found = alike(&["--text", "太吵"]);
    assert_eq!(found, Vec::<Value>::new(), "two characters say little");
    let found = alike(&["--text", "施工太吵"]);
    assert_eq!(found[0]["title"], "夜里施工太吵", "{found:?}");
    let found = alike(&["--street", "龙田街道", "--text", "井盖被偷"]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0]["why"][0], "same_street");
    desk.at(&["similar"]).ended(2);
    desk.at(&["similar", "1123-0004", "--title", "路灯"])
        .ended(2);
}

#[test]
fn a_ticket_without_words_is_like_those_of_its_matter_and_place_that_lie_nearest() {
    let desk = Desk::new();
    desk.file(
        ".config/fenbo/mappings/spots.toml",
        "name = \"spots\"\n[match]\nheader = [\"编号\", \"时间\", \"小类\"]\n[fields]\nexternal_no = \"编号\"\n\
         created_at = { column = \"时间\", formats = [\"%Y-%m-%d %H:%M\"] }\nsource = { default = \"@坪山\" }\n\
         category = [\"大类\", \"小类\"]\ncommunity = \"社区\"\ntitle = \"小类\"\n",
    );
    // A hundred tickets of one spot, half a day apart, and some of other places and matters at the same time.
    let mut rows = String::new();
    for at in 0..100 {
        let (day, hour) = (at / 2 % 28 + 1, at % 2 * 12);
        let time = format!("2017-{:02}-{day:02} {hour:02}:00", 6 + at / 56);
        for (kind, what) in [
            ('S', "占道经营,六联社区"),
            ('O', "路灯,六联社区"),
            ('P', "占道经营,金沙社区"),
        ] {
            _ = writeln!(rows, "{kind}{at},{time},城管,{what}");
        }
    }
    let file = desk.file("spots.csv", format!("编号,时间,大类,小类,社区\n{rows}"));
    desk.at(&["import", &file]).ended(0);
    let all = desk.list(&["--limit", "0"]);
    let all = all["tickets"].as_array().expect("tickets");
    let no_of = |external: &str| {
        let found = all.iter().find(|t| t["external_no"] == external);
        found.expect("it was imported")["no"]
            .as_str()
            .expect("a number")
            .to_owned()
    };
    let found = desk
        .at(&["similar", &no_of("S50"), "--format", "json"])
        .ended(0)
        .json();
    let found = found["similar"].as_array().expect("a list");
    let nos: Vec<&str> = found.iter().filter_map(|one| one["no"].as_str()).collect();
    for near in ["S48", "S49", "S51", "S52"] {
        assert!(nos[..4].contains(&&*no_of(near)), "{near}: {found:#?}");
    }
    assert!(
        found[0]["why"].as_array().expect("reasons").len() >= 3,
        "{found:#?}"
    );

    // Of equal ones the latest stand first, and a class is no category.
    let asked = ["similar", "--title", "占道经营", "--format", "json"];
    let found = desk.at(&asked).ended(0).json()["similar"].clone();
    let latest = [no_of("S99"), no_of("P99")];
    for at in 0..2 {
        assert!(
            latest.iter().any(|no| found[at]["no"] == **no),
            "{found:#?}"
        );
    }
    let asked = ["similar", "--category", "城管", "--format", "json"];
    let found = desk.at(&asked).ended(0).json()["similar"].clone();
    assert_eq!(found[0]["why"][0], "same_class", "{found:#?}");
}

#[test]
fn what_a_question_asks_with_and_is_not_known_is_told() {
    let desk = sample();
    let told = |words: &[&str]| desk.run(&[&NOW[..], &["suggest"], words].concat()).ended(0);
    let ran = told(&["--category", "从未/见过"]);
    assert!(ran.err.contains("从未/见过"), "{}", ran.err);
    let ran = told(&["--text", "路灯不亮", "--nature", "foo"]);
    assert!(ran.err.contains("foo"), "{}", ran.err);
    let ran = told(&["--text", "路灯不亮", "--nature", "投诉"]);
    assert_eq!(ran.err, "");
    assert!(ran.out.contains("来源或性质"), "{}", ran.out);
    let file = desk.file(
        "odd.jsonl",
        "{\"id\":1,\"nature\":\"foo\",\"created_at\":\"nope\"}\n",
    );
    let ran = desk.run(&["suggest", "--batch", &file]).ended(0);
    assert_eq!(ran.json()["ignored"], json!(["created_at", "nature"]));
    assert!(ran.err.contains("1 行"), "{}", ran.err);
}

#[test]
fn a_role_that_may_not_see_the_past_tickets_is_not_told_that_there_are_none() {
    let desk = Desk::with_requests();
    let numbers = desk.numbers(&["--view", "desk"]);
    for no in &numbers[..2] {
        desk.at(&["act", "dispatch", no, "--to", "cgj"]).ended(0);
    }
    desk.at(&["act", "dispatch", &numbers[2], "--to", "hbsw"])
        .ended(0);
    desk.run(&[
        "operator",
        "add",
        "shui",
        "--role",
        "department",
        "--department",
        "hbsw",
    ])
    .ended(0);
    let seen = |words: &[&str]| {
        desk.at(&[&["--as", "shui", "suggest", &numbers[2]], words].concat())
            .ended(0)
    };
    assert!(seen(&[]).out.contains("本岗位看不到"), "{}", seen(&[]).out);
    // It was dispatched: what was learned holds its own dispatch.
    assert!(seen(&[]).out.contains("含它自己"), "{}", seen(&[]).out);
    let answer = seen(&["--format", "json"]).json();
    assert_eq!(answer["basis"]["learned_itself"], true, "{answer}");
    let list = answer["suggestions"].as_array().expect("a list").clone();
    assert!(
        list.iter().any(|s| s["evidence_unseen"].as_u64() > Some(0)),
        "{answer}"
    );
}

#[test]
fn a_replay_of_nothing_has_no_shares() {
    let desk = Desk::new();
    desk.run(&["init"]);
    let found = desk.run(&["evaluate", "--format", "json"]).ended(0).json();
    assert_eq!(found["tickets"], 0);
    assert_eq!(found["top1"], Value::Null);
    let told = desk.run(&["evaluate"]).ended(0).out;
    assert!(told.contains("—") && !told.contains("0.0%"), "{told}");
}

#[test]
fn a_history_imported_after_the_present_hides_no_newer_request() {
    let desk = Desk::with_requests();
    let header = super::REQUESTS.lines().next().expect("a header");
    let mut history = format!("{header}\n");
    for n in 0..400 {
        let (day, minute) = (1 + n / 60, n % 60);
        writeln!(
            history,
            "H{n},2016-03-{day:02} 08:{minute:02},投诉,,,龙田街道,夜里施工太吵,工地夜里十一点还在打桩,,"
        )
        .expect("memory");
    }
    let file = desk.file("history.csv", history);
    desk.at(&["import", &file]).ended(0);
    let wanted = desk.numbers(&["--query", "夜里施工太吵", "--sort", "newest"]);
    let asked = ["similar", "--title", "夜里施工太吵", "--street", "龙田街道"];
    let found = desk.at(&[&asked[..], &["--format", "json"]].concat());
    let found = found.ended(0).json()["similar"].clone();
    assert_eq!(found[0]["no"], wanted[0], "{found}");
    assert!(
        found[0]["created_at"].as_str().unwrap().starts_with("2017"),
        "{found}"
    );
}
