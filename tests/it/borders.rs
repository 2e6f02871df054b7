//! Borders between roles as the real binary keeps them: what a department may not learn, what who only reads may not do,
//! and citizens who must not be passed over.

use crate::cli::Desk;
use std::io::Write;
use std::process::Stdio;

/// A store with three requests, an operator of each kind, and the two noise complaints with one department.
fn desk() -> (Desk, String, String) {
    let desk = Desk::with_requests();
    for (code, role, department) in [
        ("chen", "dispatcher", None),
        ("lead", "shift-lead", None),
        ("zhou", "department", Some("cgj")),
        ("aud", "auditor", None),
        ("sun", "supervisor", None),
    ] {
        let mut words = vec!["operator", "add", code, "--role", role];
        words.extend(department.iter().flat_map(|d| ["--department", d]));
        desk.run(&words).ended(0);
    }
    let noise = desk.numbers(&["--query", "打桩"])[0].clone();
    let other = desk.numbers(&["--query", "还在施工"])[0].clone();
    for no in [&noise, &other] {
        desk.at(&["act", "dispatch", no, "--to", "cgj"]).ended(0);
    }
    (desk, noise, other)
}

fn intake(desk: &Desk, words: &[&str], json: &str) -> (i32, String) {
    let mut child = desk
        .command(
            &[
                &["--at", "2017-09-29 18:00"],
                words,
                &["intake", "--channel", "web", "--format", "json"],
            ]
            .concat(),
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(json.as_bytes())
        .unwrap();
    let ran = child.wait_with_output().unwrap();
    let said = String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap();
    (ran.status.code().unwrap(), said.trim().to_owned())
}

#[test]
fn a_department_finds_no_ticket_by_a_phone_and_sees_no_requester_in_a_likeness() {
    let (desk, noise, _) = desk();
    assert_eq!(desk.numbers(&["--query", "9000"]), [noise.as_str()]);
    let seen = desk.at(&[
        "--as",
        "zhou",
        "list",
        "--query",
        "13900139000",
        "--format",
        "json",
    ]);
    assert_eq!(seen.json()["total"], 0, "{}", seen.out);
    let again =
        r#"{"title":"吵","content":"又在吵","requester":{"name":"王大力","phone":"13900139000"}}"#;
    let (code, second) = intake(&desk, &[], again);
    assert_eq!(code, 0, "{second}");
    desk.run(&[
        "act",
        "file",
        &second,
        "--nature",
        "complaint",
        "--category",
        "环境保护/噪音",
        "--street",
        "龙田街道",
    ])
    .ended(0);
    desk.run(&["act", "dispatch", &second, "--to", "cgj"])
        .ended(0);
    let to_desk = desk.run(&["similar", &noise, "--format", "json"]).ended(0);
    assert!(to_desk.out.contains("same_requester"), "{}", to_desk.out);
    let to_department = desk
        .run(&["--as", "zhou", "similar", &noise, "--format", "json"])
        .ended(0);
    assert!(
        !to_department.out.contains("same_requester"),
        "{}",
        to_department.out
    );
}

#[test]
fn who_only_reads_registers_signs_and_copies_nothing() {
    let (desk, ..) = desk();
    let request = r#"{"title":"路灯","content":"不亮"}"#;
    for who in ["aud", "zhou", "sun"] {
        let (code, said) = intake(&desk, &["--as", who], request);
        assert_eq!(code, 1, "{who}: {said}");
        desk.at(&["--as", who, "handover", "--sign", "--to", "lead"])
            .ended(1);
        let copy = desk.path("copy.db").display().to_string();
        desk.at(&["--as", who, "backup", &copy]).ended(1);
        assert!(!desk.path("copy.db").exists());
    }
}

#[test]
fn a_handover_that_waits_is_not_signed_over_by_another() {
    let (desk, ..) = desk();
    desk.at(&["--as", "chen", "handover", "--sign", "--to", "lead"])
        .ended(0);
    desk.run(&["operator", "add", "ma", "--role", "dispatcher"])
        .ended(0);
    let refused = desk
        .at(&["--as", "ma", "handover", "--sign", "--to", "chen"])
        .ended(1);
    assert!(refused.err.contains("确认"), "{}", refused.err);
    desk.at(&["--as", "lead", "handover", "--confirm"]).ended(0);
}

#[test]
fn the_same_words_handed_in_again_are_a_new_request() {
    let desk = Desk::with_requests();
    let request =
        r#"{"title":"臭味","content":"早上有养殖场的臭味","requester":{"phone":"13800000001"}}"#;
    let (_, first) = intake(&desk, &[], request);
    let mut later = desk.command(&[
        "--at",
        "2017-10-20 09:00",
        "intake",
        "--channel",
        "web",
        "--format",
        "json",
    ]);
    let mut child = later
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(request.as_bytes())
        .unwrap();
    let second = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert_ne!(first, second.trim());
    assert!(!second.trim().is_empty());
    // With a number of its own a request is itself however often it comes.
    let numbered = r#"{"external_no":"W-7","title":"臭味","content":"早上有养殖场的臭味"}"#;
    assert_eq!(
        intake(&desk, &[], numbered).1,
        intake(&desk, &[], numbered).1
    );
}

#[test]
fn a_circular_leaves_the_supervision_under_way() {
    let (desk, noise, _) = desk();
    let sun = |words: &[&str]| {
        desk.at(&[&["--as", "sun", "act", words[0], &noise], &words[1..]].concat())
    };
    sun(&["supervise", "--text", "一周未动"]).ended(0);
    sun(&["circulate", "--text", "督办无明显成效"]).ended(0);
    sun(&["supervise", "--text", "再督"]).ended(1);
    sun(&["resolve-supervision", "--text", "无果"]).ended(0);
}

#[test]
fn nobody_merged_is_passed_over_by_an_answer_or_a_waived_call() {
    let (desk, noise, other) = desk();
    desk.at(&["act", "merge", &other, "--into", &noise])
        .ended(0);
    desk.at(&["--as", "zhou", "act", "sign", &noise]).ended(0);
    let refused = desk.at(&[
        "--as",
        "zhou",
        "act",
        "waive-callback",
        &noise,
        "--text",
        "已当面说明",
    ]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    let (_, asked) = intake(
        &desk,
        &[],
        r#"{"title":"问补贴","content":"怎么申请","nature":"咨询"}"#,
    );
    let (_, same) = intake(
        &desk,
        &[],
        r#"{"title":"补贴","content":"材料有哪些","nature":"咨询"}"#,
    );
    desk.run(&["act", "merge", &same, "--into", &asked])
        .ended(0);
    let refused = desk.run(&["act", "answer", &asked, "--text", "见官网"]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    desk.run(&["act", "unmerge", &same]).ended(0);
    desk.run(&["act", "answer", &asked, "--text", "见官网"])
        .ended(0);
    desk.run(&["verify"]).ended(0);
}

#[test]
fn an_application_of_a_merged_ticket_rests_until_it_is_unmerged() {
    let (desk, noise, other) = desk();
    let text = "经现场核实，该处道路由另一家单位管养，附养护合同编号备查。";
    desk.at(&[
        "--as",
        "zhou",
        "act",
        "request-return",
        &other,
        "--ground",
        "competence",
        "--text",
        text,
        "--to",
        "jyj",
    ])
    .ended(0);
    assert_eq!(desk.numbers(&["--view", "decisions"]), [other.as_str()]);
    desk.at(&["act", "merge", &other, "--into", &noise])
        .ended(0);
    assert!(desk.numbers(&["--view", "decisions"]).is_empty());
    desk.at(&["--as", "lead", "act", "decline", &other, "--text", "不同意"])
        .ended(1);
    desk.at(&["act", "unmerge", &other]).ended(0);
    assert_eq!(desk.numbers(&["--view", "decisions"]), [other.as_str()]);
    desk.run(&["verify"]).ended(0);
}

#[test]
fn a_department_learns_of_no_other_departments_tickets_by_hot_spots() {
    let (desk, ..) = desk();
    let request = |n: usize| {
        let json = format!(r#"{{"title":"第{n}处路灯不亮","content":"报修"}}"#);
        let (_, no) = intake(&desk, &[], &json);
        desk.run(&[
            "act",
            "file",
            &no,
            "--nature",
            "complaint",
            "--category",
            "市政设施/路灯",
            "--street",
            "坑梓街道",
        ])
        .ended(0);
        no
    };
    for n in 0..8 {
        let no = request(n);
        let to = if n < 6 { "jyj" } else { "cgj" };
        desk.run(&[
            "--at",
            "2017-09-29 18:30",
            "act",
            "dispatch",
            &no,
            "--to",
            to,
        ])
        .ended(0);
    }
    let spots = |who: &[&str]| {
        let words = [
            "--at",
            "2017-09-29 19:00",
            "hotspots",
            "--from",
            "2017-09-29",
            "--to",
            "2017-09-29",
            "--format",
            "json",
        ];
        desk.run(&[who, &words].concat()).ended(0).json()["hotspots"].clone()
    };
    let all = spots(&["--as", "chen"]);
    let lamps = |list: &serde_json::Value| {
        let list = list.as_array().unwrap().clone();
        let is_lamp = |spot: &&serde_json::Value| spot["category"][1] == "路灯";
        list.iter().find(is_lamp).map(|spot| spot["count"].clone())
    };
    assert_eq!(lamps(&all), Some(8.into()), "{all}");
    desk.run(&[
        "operator",
        "add",
        "xu",
        "--role",
        "department",
        "--department",
        "jyj",
    ])
    .ended(0);
    let theirs = spots(&["--as", "xu"]);
    assert_eq!(lamps(&theirs), Some(6.into()), "{theirs}");
    let few = spots(&["--as", "zhou"]);
    assert_eq!(lamps(&few), None, "two of its own are no hot spot: {few}");
    for (who, list) in [("xu", &theirs), ("zhou", &few)] {
        let own = desk.numbers(&["--as", who, "--view", "all"]);
        for spot in list.as_array().unwrap() {
            for example in spot["examples"].as_array().unwrap() {
                assert!(own.contains(&example.as_str().unwrap().to_owned()));
            }
        }
    }
}

#[test]
fn a_department_reads_what_a_case_teaches_and_not_which_ticket_it_was() {
    let (desk, noise, _) = desk();
    let asked = desk.numbers(&["--query", "创业补贴"])[0].clone();
    for words in [
        &["coordinate", &asked, "--text", "归谁答复"][..],
        &[
            "rule",
            &asked,
            "--to",
            "jyj",
            "--text",
            "创业补贴由教育口先行答复",
            "--held-on",
            "2017-09-29",
        ],
    ] {
        desk.at(&[&["act"], words].concat()).ended(0);
    }
    desk.at(&[
        "case",
        "add",
        &asked,
        "--text",
        "补贴先问窗口",
        "--tag",
        "补贴",
    ])
    .ended(0);
    let read = |who: &str, words: &[&str]| {
        desk.at(&[&["--as", who, "case"], words, &["--format", "json"]].concat())
            .ended(0)
            .json()["cases"]
            .as_array()
            .unwrap()
            .clone()
    };
    for words in [&["list"][..], &["search", "--text", "创业补贴怎么申请"]] {
        for one in read("chen", words) {
            assert_eq!(one["no"], asked.as_str());
            assert!(one["title"].is_string());
        }
        let seen = read("zhou", words);
        assert_eq!(seen.len(), 2, "{words:?}");
        for one in &seen {
            assert!(one["no"].is_null() && one["title"].is_null(), "{one}");
            assert!(one["gist"].as_str().unwrap().contains("补贴"));
        }
    }
    let told = desk.at(&["--as", "zhou", "case", "list"]).ended(0).out;
    assert!(
        !told.contains(&asked) && told.contains("补贴先问窗口"),
        "{told}"
    );
    // Of a ticket of its own a department reads the whole.
    desk.at(&["act", "coordinate", &noise, "--text", "归谁管"])
        .ended(0);
    desk.at(&[
        "act",
        "rule",
        &noise,
        "--to",
        "cgj",
        "--text",
        "夜间打桩由城管先行处置",
        "--held-on",
        "2017-09-29",
    ])
    .ended(0);
    let own = read("zhou", &["list"]);
    assert!(own.iter().any(|one| one["no"] == noise.as_str()));
    // A confidential one is nobody else's at all.
    desk.at(&["act", "confidential", &asked]).ended(0);
    let own = read("zhou", &["list"]);
    assert!(own.iter().all(|one| one["no"] == noise.as_str()), "{own:?}");
    assert_eq!(read("chen", &["list"]).len(), 3);
}
