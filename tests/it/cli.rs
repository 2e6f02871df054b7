//! The command line as scripts and people meet it: the real binary, its output, its exit codes.
//!
//! Every run has folders of its own; nothing of the login that runs the tests is read. Start at [`Desk`].

use serde_json::Value;
use std::cell::Cell;
use std::ffi::OsStr;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

mod acts;
mod backups;
mod cases;
mod damages;
mod erasing;
mod heads;
mod hotspots;
mod imports;
mod letters;
mod salvages;
mod suggests;

/// The moment most runs take for now.
const NOW: &str = "2017-09-29 17:10";

/// A folder with a store in it, and the program run on it. In the end its ledger is replayed: it gives the stored rows, unless the
/// test has spoiled them.
pub struct Desk {
    folder: tempfile::TempDir,
    spoiled: Cell<bool>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        if !self.spoiled.get() {
            crate::verified(&self.path("fenbo.db"));
        }
    }
}

/// What a run came to.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|e| panic!("{e}: {}\n{}", self.out, self.err))
    }

    /// The run ended like this, and said so in three parts where it was not done.
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        if (1..=3).contains(&code) {
            assert!(self.err.contains("\n  原因："), "{}", self.err);
            assert!(self.err.contains("\n  下一步："), "{}", self.err);
        }
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("an exit code"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            folder,
            spoiled: Cell::new(false),
        }
    }

    /// The store is not to be whole in the end.
    pub fn spoiled(&self) {
        self.spoiled.set(true);
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fenbo"));
        command
            .args(words)
            .env_clear()
            .env("HOME", self.folder.path())
            .env("FENBO_DB", self.path("fenbo.db"))
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, words: &[&str]) -> Ran {
        self.command(words).output().expect("started").into()
    }

    /// At [`NOW`].
    pub fn at(&self, words: &[&str]) -> Ran {
        self.run(&[&["--at", NOW], words].concat())
    }

    /// A store with the requests of [`REQUESTS`], still to dispatch.
    pub fn with_requests() -> Self {
        let desk = Self::new();
        desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
        let file = desk.file("requests.csv", REQUESTS);
        desk.at(&["import", &file]).ended(0);
        desk
    }

    fn list(&self, words: &[&str]) -> Value {
        self.at(&[&["list", "--format", "json"], words].concat())
            .ended(0)
            .json()
    }

    pub fn numbers(&self, words: &[&str]) -> Vec<String> {
        self.list(words)["tickets"]
            .as_array()
            .expect("tickets")
            .iter()
            .map(|t| t["no"].as_str().expect("a number").to_owned())
            .collect()
    }
}

const MAPPING: &str = r#"
name = "ours"
[match]
header = ["编号", "时间", "主题"]
[fields]
external_no = "编号"
created_at = { column = "时间", formats = ["%Y-%m-%d %H:%M"] }
source = { default = "@坪山" }
nature = "性质"
category = ["大类", "小类"]
street = "街道"
title = "主题"
content = "内容"
requester_name = "姓名"
requester_phone = "电话"
"#;

const REQUESTS: &str = "\
编号,时间,性质,大类,小类,街道,主题,内容,姓名,电话
A1,2017-09-29 08:00,咨询,社会保障,补贴,坪山街道,创业补贴怎么申请,想问创业补贴要哪些材料,李小明,13800138000
A2,2017-09-29 09:00,投诉,环境保护,噪音,龙田街道,夜里施工太吵,工地夜里十一点还在打桩,王大力,13900139000
A3,2017-09-29 10:00,投诉,环境保护,噪音,龙田街道,=1+1 夜里还在施工,,赵一,
";

/// DOMAIN §4: created, last day of 5 and 15 working days and of 3 calendar days.
const TABLE: [(&str, &str, &str, &str); 8] = [
    ("2017-06-01", "2017-06-08", "2017-06-22", "2017-06-04"),
    ("2017-06-03", "2017-06-09", "2017-06-23", "2017-06-06"),
    ("2017-09-29", "2017-10-12", "2017-10-26", "2017-10-02"),
    ("2017-09-30", "2017-10-13", "2017-10-27", "2017-10-03"),
    ("2017-10-04", "2017-10-13", "2017-10-27", "2017-10-07"),
    ("2017-12-29", "2018-01-08", "2018-01-22", "2018-01-01"),
    ("2018-02-13", "2018-02-26", "2018-03-12", "2018-02-16"),
    ("2018-04-04", "2018-04-12", "2018-04-26", "2018-04-07"),
];

#[test]
fn deadline_gives_the_table_of_the_rule_book() {
    let desk = Desk::new();
    for (created, enquiry, complaint, urban) in TABLE {
        for (class, last) in [
            ("enquiry", enquiry),
            ("complaint", complaint),
            ("数字城管投诉", urban),
        ] {
            let words = [
                "deadline",
                "--class",
                class,
                "--created",
                created,
                "--format",
                "json",
            ];
            let told = desk.run(&words).ended(0).json();
            assert_eq!(told["last_day"], last, "{class} {created}");
        }
    }
}

#[test]
fn deadline_json_has_the_fields_of_the_contract() {
    let desk = Desk::new();
    let words = [
        "deadline",
        "--class",
        "enquiry",
        "--created",
        NOW,
        "--format",
        "json",
    ];
    let told = desk.run(&words).ended(0).json();
    let fields: Vec<&String> = told.as_object().expect("an object").keys().collect();
    assert_eq!(
        fields,
        [
            "class",
            "created_at",
            "last_day",
            "due_at",
            "warn_at",
            "edition",
            "days"
        ]
    );
    assert_eq!(told["class"], "enquiry");
    assert_eq!(told["created_at"], "2017-09-29T17:10:00+08:00");
    assert_eq!(told["due_at"], "2017-10-13T00:00:00+08:00");
    assert_eq!(told["warn_at"], "2017-10-12T00:00:00+08:00");
    let days = told["days"].as_array().expect("days");
    assert_eq!(days.iter().filter(|day| day["counts"] == true).count(), 5);
    assert_eq!(days[0]["counts"], false);
    let fields: Vec<&String> = days[1].as_object().expect("a day").keys().collect();
    assert_eq!(fields, ["date", "counts", "why"]);
    assert_eq!(days[1]["date"], "2017-09-30");
    assert_eq!(days[1]["counts"], true, "a make-up day counts");
}

#[test]
fn deadline_tells_each_day_in_words_in_both_languages() {
    let desk = Desk::new();
    let words = ["deadline", "--class", "咨询建议", "--created", "2017-09-29"];
    let zh = desk.run(&words).ended(0).out;
    assert!(
        zh.contains("2017-09-30 周六  中秋节、国庆节调休上班，第 1/5 天"),
        "{zh}"
    );
    assert!(
        zh.contains("2017-10-08 周日  中秋节、国庆节放假，不计"),
        "{zh}"
    );
    let en = desk
        .run(&[&words[..], &["--lang", "en"]].concat())
        .ended(0)
        .out;
    assert!(
        en.contains("2017-09-29 Fri  day of creation, not counted"),
        "{en}"
    );
    assert!(en.contains("2017-10-12 Thu  working day 5 of 5"), "{en}");
}

#[test]
fn an_unknown_calendar_year_is_refused_and_not_guessed() {
    let ran = Desk::new()
        .run(&[
            "deadline",
            "--class",
            "complaint",
            "--created",
            "2026-12-20",
        ])
        .ended(1);
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("2027"), "{}", ran.err);
}

#[test]
fn the_login_s_zone_and_locale_change_no_byte() {
    let desk = Desk::with_requests();
    let commands: [&[&str]; 4] = [
        &["--at", NOW, "list", "--format", "json"],
        &["--at", NOW, "list"],
        &["deadline", "--class", "enquiry", "--created", NOW],
        &[
            "deadline",
            "--class",
            "urban",
            "--created",
            NOW,
            "--format",
            "json",
        ],
    ];
    let zones = [
        "UTC",
        "Asia/Shanghai",
        "America/New_York",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "Asia/Kathmandu",
        "Europe/London",
        "Australia/Lord_Howe",
    ];
    for words in commands {
        let plain = desk.run(words).ended(0).out;
        for zone in zones {
            for locale in ["C", "zh_CN.UTF-8", "en_US.UTF-8", "ar_EG.UTF-8"] {
                let output = desk
                    .command(words)
                    .env("TZ", zone)
                    .env("LANG", locale)
                    .env("LC_ALL", locale)
                    .output()
                    .expect("started");
                assert_eq!(Ran::from(output).out, plain, "{zone} {locale} {words:?}");
            }
        }
    }
}

/// The ticket's fields in the order of the contract, the department's name beside its code.
const FIELDS: [&str; 36] = [
    "no",
    "version",
    "state",
    "light",
    "nature",
    "limit_class",
    "urgency",
    "source",
    "channel",
    "external_no",
    "category",
    "street",
    "community",
    "address",
    "title",
    "content",
    "lead_department",
    "lead_department_name",
    "assisting_departments",
    "holder",
    "created_at",
    "filed_at",
    "dispatched_at",
    "signed_at",
    "replied_at",
    "closed_at",
    "warn_at",
    "due_at",
    "returns",
    "redispatches",
    "reworks",
    "urges",
    "merged_into",
    "supervision_level",
    "exempt",
    "claimed_by",
];

#[test]
fn list_and_show_have_the_fields_of_the_contract() {
    let desk = Desk::with_requests();
    let list = desk.list(&[]);
    assert_eq!(list["total"], 3);
    let ticket = &list["tickets"][0];
    let fields: Vec<&String> = ticket.as_object().expect("a ticket").keys().collect();
    assert_eq!(fields, FIELDS);
    assert_eq!(ticket["light"], "green");
    assert_eq!(ticket["state"], "filed");
    assert_eq!(ticket["limit_class"], "enquiry");
    assert_eq!(ticket["created_at"], "2017-09-29T08:00:00+08:00");
    assert_eq!(ticket["due_at"], "2017-10-13T00:00:00+08:00");
    assert_eq!(ticket["lead_department"], Value::Null);
    let no = ticket["no"].as_str().expect("a number");
    let shown = desk.at(&["show", no, "--format", "json"]).ended(0).json();
    let fields: Vec<&String> = shown.as_object().expect("a ticket").keys().collect();
    let more = [
        "clocks",
        "ledger",
        "holders",
        "requester",
        "attachments",
        "supplements",
        "applications",
        "callees",
        "why_red",
        "false_closure_of",
        "media",
        "lat",
        "long",
        "answers",
    ];
    assert_eq!(fields, [&FIELDS[..], &more].concat());
    assert_eq!(shown["clocks"][0]["last_day"], "2017-10-12");
    assert_eq!(shown["ledger"][0]["event"], "registered");
    assert_eq!(shown["holders"][0]["holder"], "desk");
}

#[test]
fn list_is_the_same_as_lines_and_as_csv() {
    let desk = Desk::with_requests();
    let whole = desk.list(&[]);
    let lines = desk.at(&["list", "--format", "jsonl"]).ended(0).out;
    let lines: Vec<Value> = lines
        .lines()
        .map(|l| serde_json::from_str(l).expect("JSON"))
        .collect();
    assert_eq!(whole["tickets"], Value::from(lines));
    let csv = desk.at(&["list", "--format", "csv"]).ended(0).out;
    let mut csv = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(csv.headers().expect("a header"), &FIELDS[..]);
    let titles: Vec<String> = csv
        .records()
        .map(|r| r.expect("a row")[14].to_owned())
        .collect();
    assert!(
        titles.contains(&"'=1+1 夜里还在施工".to_owned()),
        "{titles:?}"
    );
}

#[test]
fn list_is_narrowed_by_its_options() {
    let desk = Desk::with_requests();
    let count = |words: &[&str]| desk.numbers(words).len();
    assert_eq!(count(&["--view", "desk"]), 3);
    assert_eq!(count(&["--view", "1"]), 3);
    assert_eq!(count(&["--view", "red-yellow"]), 0);
    assert_eq!(count(&["--state", "filed,dispatched"]), 3);
    assert_eq!(count(&["--state", "处置中"]), 0);
    assert_eq!(count(&["--light", "绿"]), 3);
    assert_eq!(count(&["--query", "施工"]), 2);
    assert_eq!(count(&["--query", "类别:咨询"]), 1);
    assert_eq!(count(&["--query", "-施工"]), 1);
    // As the console shows the number of a ticket of another year.
    let no = desk.numbers(&[]).remove(0);
    assert_eq!(count(&["--query", &no[2..]]), 1);
    assert_eq!(count(&["--limit", "2"]), 2);
    assert_eq!(count(&["--limit", "0"]), 3);
    assert_eq!(desk.list(&["--limit", "1"])["total"], 3);
    for words in [
        ["--view", "nine"],
        ["--light", "blue"],
        ["--sort", "size"],
        ["--query", "灯:蓝"],
    ] {
        desk.at(&[&["list"], &words[..]].concat()).ended(2);
    }
}

#[test]
fn acts_go_through_the_rules_one_ticket_at_a_time() {
    let desk = Desk::with_requests();
    let all = desk.numbers(&[]);
    let (first, second) = (all[0].as_str(), all[1].as_str());
    // A dry run says what would be, and does nothing.
    let ran = desk
        .at(&[
            "act",
            "dispatch",
            first,
            "--to",
            "龙田街道综合执法队",
            "--dry-run",
        ])
        .ended(0);
    assert!(ran.out.contains(first), "{}", ran.out);
    assert_eq!(desk.numbers(&["--state", "filed"]).len(), 3);
    // One is refused, and the other done all the same.
    desk.at(&["act", "dispatch", second, "--to", "城管局"])
        .ended(0);
    let ran = desk.at(&[
        "act",
        "dispatch",
        first,
        second,
        "--to",
        "城管局",
        "--format",
        "json",
    ]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let results = ran.json()["results"].clone();
    assert_eq!(results[0]["ok"], true, "{results}");
    assert_eq!(results[0]["state"], "dispatched");
    assert_eq!(results[1]["ok"], false);
    assert_eq!(results[1]["rule"], "transition");
    assert!(
        results[1]["message"]["next"]
            .as_str()
            .is_some_and(|next| !next.is_empty())
    );
    // Recall is the undo; an ending of the number is enough.
    let ending = &first[first.len() - 4..];
    desk.at(&["act", "撤回", ending]).ended(0);
    assert_eq!(
        desk.numbers(&["--state", "filed"]),
        [first.to_owned(), all[2].clone()]
    );
    let sent = desk.list(&["--state", "dispatched"]);
    assert_eq!(
        sent["tickets"][0]["holder"],
        sent["tickets"][0]["lead_department"]
    );
    desk.at(&["verify"]).ended(0);
}

#[test]
fn what_is_not_found_or_not_whole_is_told() {
    let desk = Desk::with_requests();
    desk.at(&["show", "99999999"]).ended(1);
    desk.at(&["act", "sign", "99999999"]).ended(1);
    desk.at(&["act", "dispatch", &desk.numbers(&[])[0]])
        .ended(2);
    // Numbers of two days end alike.
    let again = REQUESTS.replace("2017-09-", "2017-08-");
    let file = desk.file("more.csv", again.replace("\nA", "\nB"));
    desk.at(&["import", &file]);
    let no = desk.numbers(&["--view", "all"])[0].clone();
    let (_, ending) = no.split_once('-').expect("a day and an ordinal");
    let told = desk.at(&["show", ending]).ended(1);
    assert!(told.err.contains(&no), "{}", told.err);
    desk.at(&["act", "fly", "1"]).ended(2);
    desk.at(&[
        "act",
        "dispatch",
        &desk.numbers(&[])[0],
        "--to",
        "没有这个局",
    ])
    .ended(1);
    desk.at(&["act", "merge", &desk.numbers(&[])[0]]).ended(2);
}

#[test]
fn a_stale_version_is_refused() {
    let desk = Desk::with_requests();
    let no = desk.numbers(&[])[0].clone();
    desk.at(&["act", "claim", &no]).ended(0);
    desk.at(&["act", "dispatch", &no, "--to", "城管局", "--version", "1"])
        .ended(1);
}

#[test]
fn many_are_merged_into_the_first_and_come_back() {
    let desk = Desk::with_requests();
    let all = desk.numbers(&["--query", "施工"]);
    desk.at(&["act", "merge", &all[0], &all[1]]).ended(0);
    let shown = desk
        .at(&["show", &all[1], "--format", "json"])
        .ended(0)
        .json();
    assert_eq!(shown["merged_into"], all[0].as_str());
    desk.at(&["act", "unmerge", &all[1]]).ended(0);
    // All of them into one of them.
    let into = ["act", "merge", &all[0], &all[1], "--into", &all[0]];
    let told = desk
        .at(&[&into[..], &["--format", "json"]].concat())
        .ended(0)
        .json();
    assert_eq!(told["results"].as_array().map(Vec::len), Some(1));
    desk.at(&["act", "merge", &all[0], "--into", &all[0]])
        .ended(1);
    desk.at(&["act", "unmerge", &all[1]]).ended(0);
    assert_eq!(desk.numbers(&["--state", "filed"]).len(), 3);
}

#[test]
fn import_counts_and_twice_is_once() {
    let desk = Desk::with_requests();
    let file = desk.path("requests.csv").display().to_string();
    let again = desk.at(&["import", &file, "--format", "json"]).ended(0);
    let lines: Vec<&str> = again.out.lines().collect();
    assert_eq!(lines, [r#"{"read":3,"added":0,"already":3,"rejected":0}"#]);
}

#[test]
fn a_dry_run_of_an_import_makes_no_store() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let file = desk.file("requests.csv", REQUESTS);
    let ran = desk
        .at(&["import", &file, "--dry-run", "--format", "json"])
        .ended(0);
    assert_eq!(ran.json()["added"], 3);
    assert!(!desk.path("fenbo.db").exists());
}

#[test]
fn rejected_rows_stand_in_a_receipt_that_can_be_corrected_and_imported() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let broken = REQUESTS.replace("2017-09-29 09:00", "改天");
    let file = desk.file("requests.csv", broken);
    let receipt = desk.path("rest.csv").display().to_string();
    let ran = desk
        .at(&["import", &file, "--receipt", &receipt, "--format", "json"])
        .ended(4);
    assert_eq!(ran.json()["rejected"], 1);
    assert_eq!(ran.json()["added"], 2);
    assert!(ran.err.contains("第 3 行"), "{}", ran.err);
    // The receipt is never written over.
    desk.at(&["import", &file, "--receipt", &receipt]).ended(3);
    let rest = std::fs::read_to_string(&receipt).expect("a receipt");
    let corrected = desk.file("corrected.csv", rest.replace("改天", "2017-09-29 09:00"));
    let ran = desk
        .at(&["import", &corrected, "--format", "json"])
        .ended(0);
    assert_eq!(ran.json()["added"], 1);
    assert_eq!(desk.list(&[])["total"], 3);
}

#[test]
fn a_file_that_nothing_is_known_of_is_told_and_a_first_mapping_offered() {
    let desk = Desk::new();
    let file = desk.file("strange.csv", "甲,乙\n1,2\n");
    let ran = desk.at(&["import", &file]).ended(3);
    assert!(ran.err.contains("--mapping-help"), "{}", ran.err);
    let ran = desk.run(&["import", "--mapping-help", &file]).ended(0);
    assert!(ran.out.contains("[fields]"), "{}", ran.out);
    desk.at(&["import", &desk.path("absent.csv").display().to_string()])
        .ended(3);
    desk.at(&["import", &file, "--mapping", "none"]).ended(3);
    desk.at(&["import", &file, "--encoding", "klingon"])
        .ended(2);
}

#[test]
fn requesters_are_masked_in_text_and_in_json() {
    let desk = Desk::with_requests();
    desk.run(&[
        "operator",
        "add",
        "wang",
        "--name",
        "王",
        "--role",
        "dispatcher",
    ])
    .ended(0);
    let no = desk.numbers(&[])[0].clone();
    let words = ["--as", "wang", "show", &no];
    let text = desk.at(&words).ended(0).out;
    let json = desk
        .at(&[&words[..], &["--format", "json"]].concat())
        .ended(0);
    assert_eq!(json.json()["requester"]["name"], "李**");
    for told in [&text, &json.out] {
        assert!(
            !told.contains("李小明") && !told.contains("13800138000"),
            "{told}"
        );
    }
}

#[test]
fn operators_are_kept_by_administrators() {
    let desk = Desk::new();
    desk.run(&["init"]).ended(0);
    desk.run(&["operator", "add", "li", "--role", "dispatcher,shift-lead"])
        .ended(0);
    desk.run(&["operator", "add", "li", "--role", "dispatcher"])
        .ended(1);
    desk.run(&["operator", "add", "mo", "--role", "king"])
        .ended(2);
    desk.run(&["operator", "add", "mo"]).ended(2);
    desk.run(&["operator", "change", "li", "--name", "李四"])
        .ended(0);
    desk.run(&["--as", "li", "operator", "add", "mo", "--role", "auditor"])
        .ended(1);
    desk.run(&["--as", "nobody", "list"]).ended(1);
    let all = desk
        .run(&["operator", "list", "--format", "json"])
        .ended(0)
        .json();
    let li = all
        .as_array()
        .expect("a list")
        .iter()
        .find(|o| o["code"] == "li")
        .expect("li");
    assert_eq!(li["name"], "李四");
    assert_eq!(li["roles"], serde_json::json!(["dispatcher", "shift_lead"]));
    desk.run(&["operator", "off", "li"]).ended(0);
    desk.run(&["operator", "off", "mo"]).ended(1);
}

#[test]
fn departments_are_listed_as_the_contract_says() {
    let desk = Desk::new();
    let all = desk
        .run(&["department", "list", "--format", "json"])
        .ended(0)
        .json();
    let all = all.as_array().expect("an array");
    assert!(all.len() > 40, "{}", all.len());
    for department in all {
        let fields: Vec<&String> = department.as_object().expect("an object").keys().collect();
        assert_eq!(fields, ["code", "name", "aliases", "parent", "active"]);
    }
    desk.run(&["department", "check"]).ended(0);
    desk.run(&["department", "show", "城管局"]).ended(0);
    desk.run(&["department", "show", "没有这个局"]).ended(1);
}

#[test]
fn calendars_and_editions_are_shown_and_a_broken_one_is_named_with_its_line() {
    let desk = Desk::new();
    let ran = desk.run(&["calendar", "show", "2017"]).ended(0);
    assert!(ran.out.contains("2017-09-30"), "{}", ran.out);
    desk.run(&["calendar", "show", "2199"]).ended(1);
    desk.run(&["calendar", "list"]).ended(0);
    desk.run(&["policy", "list"]).ended(0);
    let policy = desk
        .run(&["policy", "show", "--format", "json"])
        .ended(0)
        .json();
    assert_eq!(policy["limits"]["enquiry"]["amount"], 5);
    desk.run(&["policy", "show", "nine"]).ended(1);
    // An edition as shown is a file that can be edited and taken.
    let shown = desk.run(&["policy", "show"]).ended(0).out;
    desk.file(".config/fenbo/policies/pingshan-2017.toml", shown);
    desk.run(&["policy", "check"]).ended(0);
    desk.file(
        ".config/fenbo/calendars/2017.toml",
        "year = 2017\nnotice_year = \n",
    );
    let ran = desk.run(&["calendar", "check"]).ended(3);
    assert!(ran.err.contains("2017.toml 第 2 行"), "{}", ran.err);
}

#[test]
fn files_that_are_no_store_are_told_apart_and_left_as_they_are() {
    let desk = Desk::new();
    let text = desk.file(
        "notes.txt",
        "this is no store, but long enough to be looked at\n".repeat(99),
    );
    let folder = desk.folder.path().display().to_string();
    let absent = desk.path("absent.db").display().to_string();
    let before = std::fs::read(&text).expect("read");
    for db in [&text, &folder, &absent] {
        let ran = desk.run(&["--db", db, "list"]).ended(3);
        assert_eq!(ran.out, "");
        assert!(ran.err.contains(db.as_str()), "{}", ran.err);
    }
    assert_eq!(std::fs::read(&text).expect("read"), before);
    desk.run(&["--db", &text, "init"]).ended(3);
    assert!(!desk.path("absent.db").exists());
}

#[test]
fn a_read_only_run_writes_nothing() {
    let desk = Desk::with_requests();
    let no = desk.numbers(&[])[0].clone();
    let before = std::fs::read(desk.path("fenbo.db")).expect("read");
    desk.at(&["--read-only", "act", "dispatch", &no, "--to", "城管局"])
        .ended(3);
    for look in [
        &["list"][..],
        &["show", &no],
        &["suggest", &no],
        &["similar", &no],
        &["report", "day"],
        &["handover"],
        &["verify"],
    ] {
        desk.at(&[&["--read-only"], look].concat()).ended(0);
    }
    let after = std::fs::read(desk.path("fenbo.db")).expect("read");
    assert!(before == after, "the file is another");
    let wal = std::fs::metadata(desk.path("fenbo.db-wal"));
    assert!(wal.is_err() || wal.is_ok_and(|wal| wal.len() == 0));
    assert_eq!(desk.numbers(&["--state", "filed"]).len(), 3);
}

#[test]
fn output_has_colour_only_where_it_is_asked_for() {
    let desk = Desk::with_requests();
    assert!(!desk.at(&["list"]).ended(0).out.contains('\u{1b}'));
    assert!(
        desk.at(&["list", "--color", "always"])
            .ended(0)
            .out
            .contains('\u{1b}')
    );
    assert!(
        !desk
            .at(&["list", "--format", "json", "--color", "always"])
            .ended(0)
            .out
            .contains('\u{1b}')
    );
}

#[test]
fn a_reader_that_goes_away_is_a_quiet_end() {
    let desk = Desk::with_requests();
    let mut child = desk
        .command(&["manual"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    drop(child.stdout.take());
    let mut err = String::new();
    child
        .stderr
        .take()
        .expect("piped")
        .read_to_string(&mut err)
        .expect("read");
    let status = child.wait().expect("ended");
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
}

#[test]
fn text_from_outside_drives_no_terminal() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let evil = REQUESTS.replace("夜里施工太吵", "\u{1b}]0;x\u{7}\u{9b}2J\u{202e}吵");
    let file = desk.file("requests.csv", evil);
    desk.at(&["import", &file]).ended(0);
    let bad = |c: char| c != '\n' && c.is_control() || c == '\u{202e}';
    for words in [
        &["list"][..],
        &["show", &desk.numbers(&["--query", "吵"])[0]],
    ] {
        let out = desk.at(words).ended(0).out;
        assert!(out.contains('吵') && !out.contains(bad), "{out:?}");
    }
    let ran = desk.at(&["show", "\u{1b}[2J"]).ended(1);
    assert!(!ran.err.contains(bad), "{:?}", ran.err);
    let ran = desk.at(&["list", "--\u{1b}[2J"]).ended(2);
    assert!(!ran.err.contains(bad), "{:?}", ran.err);
}

#[test]
fn doctor_works_without_a_store_and_names_the_years() {
    let desk = Desk::new();
    let ran = desk.run(&["--at", "2026-11-26", "doctor"]).ended(0);
    assert!(ran.out.contains("2027 年的放假通知未知"), "{}", ran.out);
    assert!(!desk.path("fenbo.db").exists());
    desk.spoiled();
    desk.file("fenbo.db", "no store");
    assert_eq!(desk.run(&["doctor"]).code, 3);
}

#[test]
fn a_doctor_that_may_only_read_writes_nothing() {
    let desk = Desk::new();
    desk.run(&["init"]).ended(0);
    let before = std::fs::read(desk.path("fenbo.db")).expect("a store");
    let ran = desk
        .run(&["--read-only", "--at", "2026-11-26", "doctor"])
        .ended(0);
    assert!(ran.out.contains("只能读"), "{}", ran.out);
    let after = std::fs::read(desk.path("fenbo.db")).expect("a store");
    assert_eq!(before, after);
}

#[test]
fn usage_mistakes_end_with_two_and_help_with_nought() {
    let desk = Desk::new();
    for words in [
        &["bogus"][..],
        &["list", "--format", "xml"],
        &["deadline", "--class", "enquiry"],
        &["deadline", "--class", "enquiry", "--created", "yesterday"],
        &["--at", "soon", "calendar", "check"],
        &["act"],
        &["operator"],
    ] {
        desk.run(words).ended(2);
    }
    let zh = desk.run(&["--help"]).ended(0).out;
    let en = desk.run(&["--help", "--lang", "en"]).ended(0).out;
    assert!(
        zh.contains("列出工单") && !zh.contains("lists tickets"),
        "{zh}"
    );
    assert!(
        en.contains("lists tickets") && !en.contains("列出工单"),
        "{en}"
    );
    for (asked, means) in [
        (&["help"][..], &["--help"][..]),
        (&["help", "operator", "add"], &["operator", "add", "--help"]),
        (&["help", "--lang", "en"], &["--lang", "en", "--help"]),
        (
            &["--lang", "en", "help", "act"],
            &["act", "--lang", "en", "--help"],
        ),
    ] {
        let (asked, means) = (desk.run(asked).ended(0), desk.run(means).ended(0));
        assert_eq!(asked.out, means.out);
    }
    assert!(desk.run(&["--version"]).ended(0).out.starts_with("fenbo "));
}

#[test]
fn completions_and_man_pages_are_made_for_every_command() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = desk.run(&["completions", shell]).ended(0).out;
        assert!(script.contains("deadline"), "{shell}");
        assert!(!script.contains(" | "), "{shell}: both languages");
    }
    let folder = desk.path("man");
    std::fs::create_dir(&folder).expect("made");
    let folder = folder.display().to_string();
    desk.run(&["manual", "--dir", &folder]).ended(0);
    assert!(desk.path("man/fenbo-act.1").exists());
    desk.run(&["manual", "--dir", &folder]).ended(3);
}

#[test]
fn the_operator_is_the_login_and_not_a_variable() {
    let desk = Desk::new();
    let init = |name: &str, value: &OsStr| -> Ran {
        desk.command(&["init"])
            .env(name, value)
            .output()
            .expect("started")
            .into()
    };
    let ran = init("USER", OsStr::new("somebody")).ended(0);
    assert!(!ran.out.contains("somebody"), "{}", ran.out);
}

#[test]
fn a_request_handed_over_is_numbered_and_the_same_one_keeps_its_number() {
    use std::io::Write;
    let desk = Desk::new();
    desk.run(&["init"]).ended(0);
    let intake = |format: &str, text: &str| -> Ran {
        let mut child = desk
            .command(&[
                "--at",
                NOW,
                "intake",
                "--channel",
                "wechat",
                "--format",
                format,
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let mut stdin = child.stdin.take().expect("piped");
        stdin.write_all(text.as_bytes()).expect("taken");
        drop(stdin);
        child.wait_with_output().expect("ended").into()
    };
    let form = r#"{"title":"路灯不亮","category":["市政设施"],"nature":"投诉","requester":{"phone":"13800138000"}}"#;
    let first = intake("json", form).ended(0).out;
    assert_eq!(first, "20170929-0001\n");
    assert_eq!(intake("json", form).ended(0).out, first);
    let mail = "From: li@example.org\r\nSubject: lamp\r\nMessage-ID: <1@example.org>\r\n\r\nThe lamp is out.\r\n";
    let second = intake("eml", mail).ended(0).out;
    assert_eq!(second, "20170929-0002\n");
    for (form, said) in [
        ("{}", "title 和 content 都是空的"),
        ("not JSON", "JSON 对象"),
        (r#"{"title":"路灯","created_at":"昨天"}"#, "“昨天”不是时间"),
        (
            r#"{"title":"路灯","created_at":"2017-09-30 08:00"}"#,
            "将来",
        ),
        (r#"{"title":"路灯","created_at":"1970-01-01"}"#, "1990"),
        (r#"{"title":"路灯","limit_class":"urgent"}"#, "limit_class"),
    ] {
        let ran = intake("json", form).ended(1);
        assert!(ran.err.contains(said), "{}", ran.err);
    }
    let ran = intake("json", r#"{"title":"井盖","phone":"13800138000"}"#).ended(0);
    assert!(ran.err.contains("phone"), "{}", ran.err);
    assert_eq!(ran.out, "20170929-0003\n");
    let ran = intake("eml", "").ended(1);
    assert!(!ran.err.contains("系统提示"), "{}", ran.err);
    let answer = "From: li@example.org\r\nSubject: Automatic reply: lamp\r\nMessage-ID: <2@example.org>\r\n\r\nI am away.\r\n";
    let ran = intake("eml", answer).ended(1);
    assert!(ran.err.contains("自动"), "{}", ran.err);
    assert_eq!(desk.list(&[])["total"], 3);
}

#[test]
fn a_requester_is_revealed_for_a_reason_that_stands_in_the_ledger() {
    let desk = Desk::with_requests();
    let no = desk.numbers(&[])[0].clone();
    desk.run(&["operator", "add", "wang", "--role", "dispatcher"])
        .ended(0);
    desk.at(&["--as", "wang", "act", "reveal", &no]).ended(1);
    let ran = desk
        .at(&["--as", "wang", "act", "reveal", &no, "--text", "核对地址"])
        .ended(0);
    assert!(ran.out.contains("13800138000"), "{}", ran.out);
    let ledger = desk.at(&["show", &no, "--format", "json"]).ended(0).json()["ledger"].clone();
    let last = ledger.as_array().and_then(|l| l.last()).expect("an entry");
    assert_eq!(
        (&last["event"], &last["by"]),
        (&"revealed".into(), &"wang".into())
    );
}

#[test]
fn the_sample_store_is_made_once_and_verifies() {
    let desk = Desk::new();
    desk.run(&["--at", "2026-11-26 14:00", "demo", "--no-console"])
        .ended(0);
    let head = desk.run(&["verify", "--format", "json"]).ended(0).json()["head"].clone();
    let twice = desk.run(&["--at", "2026-11-26 14:00", "demo", "--no-console"]);
    assert_eq!(twice.ended(0).err, "");
    let other = [
        "--at",
        "2026-11-26 14:00",
        "demo",
        "--no-console",
        "--tickets",
        "50",
    ];
    let told = desk.run(&other).ended(0).err;
    assert!(told.contains("--tickets 没有用上"), "{told}");
    let again = desk.run(&["verify", "--format", "json"]).ended(0).json();
    assert_eq!(again["head"], head);
    assert!(again["tickets"].as_u64() > Some(100), "{again}");
    let asked = [
        "--at",
        "2026-11-26 14:00",
        "suggest",
        "--text",
        "夜间施工噪音",
        "--format",
        "json",
    ];
    let told = desk.run(&asked).ended(0).json();
    let list = told["suggestions"].as_array().expect("suggestions");
    assert!((1..=5).contains(&list.len()));
    let fields: Vec<&String> = list[0].as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["department", "name", "probability", "evidence"]);
    let batch = desk.file(
        "batch.jsonl",
        "{\"id\":7,\"content\":\"路灯不亮\"}\n{\"id\":\"b\",\"category\":[\"市政设施\"]}\n",
    );
    let ran = desk
        .run(&["suggest", "--batch", &batch, "--format", "jsonl"])
        .ended(0);
    let ids: Vec<Value> = ran
        .out
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).expect("JSON")["id"].clone())
        .collect();
    assert_eq!(ids, [Value::from(7), Value::from("b")]);
    let found = desk.run(&["evaluate", "--format", "json"]).ended(0).json();
    let fields: Vec<&String> = found.as_object().expect("an object").keys().collect();
    assert_eq!(
        fields,
        [
            "tickets",
            "top1",
            "top3",
            "top5",
            "coverage_at_95",
            "coverage_at_99"
        ]
    );
    desk.run(&["evaluate", "--last", "2"]).ended(2);
}

#[test]
fn a_gateway_acts_for_others_until_it_is_taken_back_and_every_change_stands_in_the_ledger() {
    let desk = Desk::new();
    desk.run(&["init"]).ended(0);
    desk.run(&["operator", "add", "wang", "--role", "dispatcher"])
        .ended(0);
    let listed = || desk.run(&["operator", "gateway"]).ended(0).out;
    assert_eq!(listed(), "");
    desk.run(&["operator", "gateway", "jump"]).ended(0);
    assert_eq!(listed(), "jump\n");
    desk.run(&["operator", "gateway", "jump"]).ended(1);
    desk.run(&["--as", "wang", "operator", "gateway", "wang"])
        .ended(1);
    desk.run(&["operator", "gateway", "two words"]).ended(2);
    assert_eq!(
        desk.run(&["verify", "--format", "json"]).ended(0).json()["ok"],
        true
    );
    // A login slipped in behind the ledger's back is found.
    let store = rusqlite::Connection::open(desk.path("fenbo.db")).unwrap();
    store
        .execute(
            "UPDATE setting SET value = 'jump mallory' WHERE name = 'gateways'",
            [],
        )
        .unwrap();
    let found = desk.run(&["verify", "--format", "json"]);
    assert_eq!(
        found.json()["problems"][0]["kind"],
        "gateways",
        "{}",
        found.out
    );
    desk.run(&["operator", "gateway", "jump", "--off"]).ended(0);
    assert_eq!(listed(), "mallory\n");
}

#[test]
fn show_tells_what_waits_and_why_it_is_red() {
    let desk = Desk::with_requests();
    let no = desk.numbers(&["--query", "打桩"])[0].clone();
    desk.at(&["act", "dispatch", &no, "--to", "cgj"]).ended(0);
    let text = "经现场核实，该处道路由另一家单位管养，附养护合同编号备查。";
    desk.at(&[
        "act",
        "request-return",
        &no,
        "--ground",
        "competence",
        "--text",
        text,
        "--to",
        "jyj",
    ])
    .ended(0);
    let shown = desk.at(&["show", &no, "--format", "json"]).json();
    let asked = &shown["applications"][0];
    assert_eq!(asked["kind"], "return");
    assert_eq!(asked["evidence"]["in_time"], true, "{asked}");
    assert_eq!(asked["evidence"]["window_end"], "2017-10-11T00:00:00+08:00");
    assert_eq!(shown["why_red"], Value::Null);
    assert_eq!(shown["callees"][0]["settled"], false);
    let late = desk
        .run(&["--at", "2017-12-01 09:00", "show", &no, "--format", "json"])
        .json();
    assert_eq!(late["why_red"]["held_at_deadline"], "cgj", "{late}");
    assert!(desk.at(&["show", &no]).out.contains("待批：退件"));
}

#[test]
fn a_look_at_a_store_of_an_earlier_version_brings_it_up_and_read_only_says_how() {
    let desk = Desk::with_requests();
    let raw = rusqlite::Connection::open(desk.path("fenbo.db")).unwrap();
    crate::sweep::step_back(&raw, 5);
    drop(raw);
    let refused = desk.at(&["--read-only", "list"]).ended(3);
    assert!(refused.err.contains("旧版本"), "{}", refused.err);
    let listed = desk.at(&["list", "--format", "json"]).ended(0).json();
    assert_eq!(listed["total"], 3);
    desk.run(&["verify"]).ended(0);
}

#[test]
fn a_complaint_is_worked_from_desk_to_closing_by_acts_alone() {
    let desk = Desk::with_requests();
    for (code, role, more) in [
        ("chen", "dispatcher", None),
        ("lead", "shift-lead", None),
        ("zhou", "department", Some("城管局")),
        ("hui", "callback", None),
    ] {
        let mut words = vec!["operator", "add", code, "--role", role];
        words.extend(more.iter().flat_map(|name| ["--department", name]));
        desk.run(&words).ended(0);
    }
    let no = desk.numbers(&["--query", "打桩"])[0].clone();
    let act = |at: &str, who: &str, words: &[&str]| {
        desk.run(
            &[
                &["--at", at, "--as", who, "act", words[0], &no],
                &words[1..],
            ]
            .concat(),
        )
    };
    act(
        "2017-09-29 09:20",
        "chen",
        &["dispatch", "--to", "城管局", "--assist", "龙田社区"],
    )
    .ended(0);
    act("2017-09-29 10:00", "zhou", &["sign"]).ended(0);
    // A department may not send its own work on.
    act(
        "2017-09-29 10:10",
        "zhou",
        &["dispatch", "--to", "龙田社区"],
    )
    .ended(1);
    act(
        "2017-10-10 10:00",
        "zhou",
        &["extend", "--days", "3", "--text", "取证需要时间,请延长三天"],
    )
    .ended(0);
    let ran = act("2017-10-10 11:00", "lead", &["grant", "--text", "同意"]).ended(0);
    assert!(ran.out.contains("2017-10-26 → 2017-10-31"), "{}", ran.out);
    let reply = [
        "reply",
        "--contacted",
        "--solved",
        "--note",
        "已罚",
        "--answer",
        "工地夜间已停工,感谢来电反映",
    ];
    act("2017-10-11 10:00", "zhou", &reply).ended(0);
    act("2017-10-11 11:00", "lead", &["pass"]).ended(0);
    act("2017-10-11 12:00", "hui", &["callback", "--rating", "满意"]).ended(0);
    let shown = desk.at(&["show", &no, "--format", "json"]).ended(0).json();
    assert_eq!(
        (&shown["state"], &shown["light"]),
        (&"closed".into(), &"done".into())
    );
    assert_eq!(shown["replied_at"], "2017-10-11T10:00:00+08:00");
    desk.run(&["verify"]).ended(0);
}

#[test]
fn an_answer_told_to_settle_a_nature_says_that_it_does_not() {
    let desk = Desk::with_requests();
    let no = desk.numbers(&["--query", "创业补贴"]).remove(0);
    let words = ["act", "answer", &no, "--text", "x", "--nature", "enquiry"];
    let ran = desk.at(&words).ended(2);
    assert!(ran.err.contains("--nature"), "{}", ran.err);
}
