//! Files of requests as people hand them in: broken, mixed, several at once; what is not taken comes back to be corrected.

use super::{Desk, MAPPING, REQUESTS, Ran};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// A message without a header is none; its mailbox and its folder are otherwise sound.
const SOUND: &str =
    "From: li@example.org\nMessage-ID: <one@x>\nSubject: lamp\n\nThe lamp is out.\n";
const BROKEN: &str = "no header here, and not one colon\n\nonly words\n";

/// The command that stands behind the last message's third part.
fn advised(said: &str) -> Vec<String> {
    let command = said
        .rsplit_once("fenbo import ")
        .unwrap_or_else(|| panic!("{said}"))
        .1;
    let words = command.lines().next().expect("a line").split(' ');
    std::iter::once("import".to_owned())
        .chain(words.map(|word| word.trim_matches('\'').to_owned()))
        .collect()
}

fn run_advised(desk: &Desk, said: &str) -> Ran {
    let words = advised(said);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    desk.at(&[&words[..], &["--format", "json"]].concat())
}

#[test]
fn letters_that_were_not_taken_come_back_as_letters_and_the_advice_works() {
    let desk = Desk::new();
    desk.file("mails/a.eml", SOUND);
    desk.file("mails/deep/b.eml", BROKEN);
    let folder = desk.path("mails").display().to_string();
    let back = desk.path("back").display().to_string();
    let ran = desk.at(&["import", &folder, "--receipt", &back]).ended(4);
    assert!(ran.err.contains("deep/b.eml：没有邮件头"), "{}", ran.err);
    assert!(!ran.err.contains("第 0 行"), "{}", ran.err);
    let kept = desk.path("back/deep/b.eml");
    assert_eq!(std::fs::read_to_string(&kept).expect("kept"), BROKEN);
    let list = std::fs::read_to_string(desk.path("back/fenbo-receipt.csv")).expect("a list");
    assert!(
        list.contains("deep/b.eml") && list.contains("no-header: 没有邮件头"),
        "{list}"
    );

    let untouched = run_advised(&desk, &ran.err).ended(4).json();
    assert_eq!(
        (&untouched["read"], &untouched["rejected"]),
        (&1.into(), &1.into())
    );
    std::fs::write(&kept, format!("Subject: noise\n\n{BROKEN}")).expect("corrected");
    let corrected = run_advised(&desk, &ran.err).ended(0).json();
    assert_eq!(
        (&corrected["read"], &corrected["added"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn a_message_of_a_mailbox_is_named_by_its_number_and_comes_back() {
    let desk = Desk::new();
    let mailbox = format!(
        "From a Mon\n{SOUND}\nFrom b@x Tue Nov  3 10:00:00 2026\n{BROKEN}\nFrom c@x Wed Nov  4 10:00:00 2026\nFrom: MAILER-DAEMON@x.org\nSubject: failed\n\nno such user\n"
    );
    let file = desk.file("in.mbox", mailbox);
    let back = desk.path("back").display().to_string();
    let ran = desk.at(&["import", &file, "--receipt", &back]).ended(4);
    assert!(
        ran.err.contains("in.mbox 第 2 封（自第 8 行起）"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("in.mbox 第 3 封"), "{}", ran.err);
    let kept = std::fs::read_to_string(desk.path("back/in-00003.eml")).expect("kept");
    assert!(kept.contains("no such user"), "{kept}");
    let list = std::fs::read_to_string(desk.path("back/fenbo-receipt.csv")).expect("a list");
    assert!(
        list.contains("in.mbox,2,8,in-00002.eml,no-header"),
        "{list}"
    );
    assert!(
        list.contains("in.mbox,3,") && list.contains(",automatic: "),
        "{list}"
    );
    assert_eq!(run_advised(&desk, &ran.err).ended(4).json()["read"], 2);
}

#[test]
fn a_link_among_mails_is_told_and_not_followed() {
    let desk = Desk::new();
    desk.file("mails/a.eml", SOUND);
    let other = desk.file("other.eml", SOUND.replace("one@x", "two@x"));
    std::os::unix::fs::symlink(other, desk.path("mails/b.eml")).expect("linked");
    let folder = desk.path("mails").display().to_string();
    let ran = desk.at(&["import", &folder, "--format", "json"]).ended(4);
    assert_eq!(
        (&ran.json()["added"], &ran.json()["rejected"]),
        (&1.into(), &1.into())
    );
    assert!(ran.err.contains("b.eml：这是符号链接"), "{}", ran.err);
}

#[test]
fn a_message_of_forty_megabytes_is_refused_with_its_size() {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let mut letter = SOUND.as_bytes().to_vec();
    letter.resize(40 * 1024 * 1024, b'x');
    let file = desk.file("large.eml", letter);
    let back = desk.path("back").display().to_string();
    let ran = desk.at(&["import", &file, "--receipt", &back]).ended(4);
    assert!(
        ran.err.contains("large.eml：有 40.0 MB，最多接收 35.0 MB"),
        "{}",
        ran.err
    );
}

#[test]
fn a_file_that_is_missing_costs_itself_only() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let good = desk.file("requests.csv", REQUESTS);
    let absent = desk.path("absent.csv").display().to_string();
    let ran = desk
        .at(&["import", &absent, &good, "--format", "json"])
        .ended(3);
    assert_eq!(ran.json()["added"], 3);
    assert!(ran.err.contains("2 个文件中有 1 个没有导入"), "{}", ran.err);
    assert!(ran.err.contains("absent.csv"), "{}", ran.err);
}

#[test]
fn a_store_that_cannot_be_written_is_told_once_for_all_files() {
    let desk = Desk::with_requests();
    let file = desk.file("more.csv", REQUESTS.replace("A1", "C1"));
    let ran = desk.at(&["--read-only", "import", &file, &file]).ended(3);
    assert_eq!(ran.err.matches("fenbo: ").count(), 1, "{}", ran.err);
}

#[test]
fn a_pipe_is_refused_at_once_and_standard_input_is_taken() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let pipe = desk.path("pipe.csv");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let begun = Instant::now();
    let ran = desk.at(&["import", &pipe.display().to_string()]).ended(3);
    assert!(ran.err.contains("管道"), "{}", ran.err);
    assert!(begun.elapsed() < Duration::from_secs(20));

    let file = std::fs::File::open(desk.file("requests.csv", REQUESTS)).expect("opened");
    let ran: Ran = desk
        .command(&["--at", super::NOW, "import", "-", "--format", "json"])
        .stdin(Stdio::from(file))
        .output()
        .expect("run")
        .into();
    assert_eq!(ran.ended(0).json()["added"], 3);
}

/// A table nobody has mapped: no column of states, and the header in traditional characters.
const OTHERS: &str = "\
工單編號,登記時間,訴求內容,承辦單位,辦結時間
B1,2017-09-01 9:03,路灯不亮,城管局,2017-09-04 10:00
B2,2017-09-02 9:03,夜间噪音,城管局,
B3,2017-09-03 9:03,积水,,
";

#[test]
fn what_the_first_mapping_takes_in_keeps_department_and_closing() {
    let desk = Desk::new();
    let file = desk.file("others.csv", OTHERS);
    let starter = desk.run(&["import", "--mapping-help", &file]).ended(0).out;
    desk.file(".config/fenbo/mappings/mine.toml", &starter);
    let ran = desk.at(&["import", &file, "--format", "json"]).ended(0);
    assert_eq!(ran.json()["added"], 3, "{starter}");
    assert!(ran.err.contains("按“其他”立案分拨"), "{}", ran.err);
    let tickets = desk.list(&["--limit", "0"]);
    let mut told: Vec<_> = tickets["tickets"]
        .as_array()
        .expect("tickets")
        .iter()
        .map(|t| {
            let word = |name: &str| t[name].as_str().unwrap_or("-").to_owned();
            (word("external_no"), word("state"), word("lead_department"))
        })
        .collect();
    told.sort();
    let of = |no: &str, state: &str, lead: &str| (no.to_owned(), state.to_owned(), lead.to_owned());
    let lead = told[0].2.clone();
    assert_ne!(lead, "-");
    assert_eq!(
        told,
        [
            of("B1", "closed", &lead),
            of("B2", "dispatched", &lead),
            of("B3", "registered", "-")
        ]
    );
    desk.at(&["verify"]).ended(0);
}

#[test]
fn mails_are_told_that_they_need_no_mapping() {
    let desk = Desk::new();
    desk.file("mails/a.eml", SOUND);
    let folder = desk.path("mails").display().to_string();
    let ran = desk.run(&["import", "--mapping-help", &folder]).ended(1);
    assert!(ran.err.contains("邮件不用映射"), "{}", ran.err);
}

#[test]
fn the_same_words_about_another_street_are_another_request() {
    let desk = Desk::new();
    desk.file(
        ".config/fenbo/mappings/places.toml",
        "name = \"places\"\n[match]\nheader = [\"时间\", \"街道\", \"主题\"]\n[fields]\n\
         created_at = \"时间\"\nstreet = \"街道\"\ntitle = \"主题\"\nnature = \"性质\"\n",
    );
    let rows = "时间,街道,主题,性质\n2017-09-01,坪山街道,路灯不亮,投诉\n2017-09-01,坑梓街道,路灯不亮,投诉\n2017-09-01,坑梓街道,路灯不亮,咨询\n2017-09-01,坑梓街道,路灯不亮,咨询\n";
    let file = desk.file("places.csv", rows);
    let counts = |ran: &Ran| (ran.json()["added"].clone(), ran.json()["already"].clone());
    let ran = desk.at(&["import", &file, "--format", "json"]).ended(0);
    assert_eq!(counts(&ran), (3.into(), 1.into()));
    let again = desk.at(&["import", &file, "--format", "json"]).ended(0);
    assert_eq!(counts(&again), (0.into(), 4.into()));
}

#[test]
fn rows_that_are_damaged_or_say_nothing_cost_themselves_only() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let mut bytes = REQUESTS.as_bytes().to_vec();
    bytes.extend("A4,2017-09-29 10:00,投诉,环境保护,噪音,,零\0字节,,,\n".as_bytes());
    bytes.extend("A5,2017-09-29 10:00,,,,,,,张三,\n,,,,,,,,,\n".as_bytes());
    // "路灯不亮" in GB18030.
    bytes.extend(b"A6,2017-09-29 10:00,,,,,\xC2\xB7\xB5\xC6\xB2\xBB\xC1\xC1,,,\n");
    let file = desk.file("mixed.csv", bytes);
    let ran = desk.at(&["import", &file, "--format", "json"]).ended(4);
    let counts = ran.json();
    assert_eq!(
        (&counts["added"], &counts["rejected"]),
        (&4.into(), &2.into())
    );
    for said in [
        "第 5 行（记录 4），列 主题：文字里有零字节",
        "第 6 行",
        "里面没有可以当作诉求的内容",
        "有 1 行不是 UTF-8",
    ] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    assert_eq!(desk.list(&["--query", "路灯不亮"])["total"], 1);
}

#[test]
fn a_broken_first_line_of_many_is_told_and_the_rest_goes_in() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let lines =
        "{\"编号\":\"B1\n{\"编号\":\"B2\",\"时间\":\"2017-09-29 10:00\",\"主题\":\"路灯\"}\n";
    let file = desk.file("lines.jsonl", lines);
    let ran = desk.at(&["import", &file, "--format", "json"]).ended(4);
    assert_eq!(
        (&ran.json()["added"], &ran.json()["rejected"]),
        (&1.into(), &1.into())
    );
    assert!(ran.err.contains("lines.jsonl 第 1 行"), "{}", ran.err);
}

#[test]
fn the_receipt_of_lines_is_lines_that_can_be_corrected() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let lines = "{\"编号\":\"B1\",\"时间\":\"改天\",\"主题\":\"噪音\",\"更多\":1.50}\nno object\n\
                 {\"编号\":\"B2\",\"时间\":\"2017-09-29 10:00\",\"主题\":\"路灯\"}\n";
    let file = desk.file("lines.jsonl", lines);
    let back = desk.path("back.jsonl").display().to_string();
    let ran = desk.at(&["import", &file, "--receipt", &back]).ended(4);
    let text = std::fs::read_to_string(&back).expect("a receipt");
    assert!(
        text.contains("\"更多\":1.50") && text.contains("\"fenbo_line\":\"no object\""),
        "{text}"
    );
    let corrected: Vec<String> = text
        .lines()
        .filter(|line| !line.contains("fenbo_line"))
        .map(|line| line.replace("\"时间\":\"改天\"", "\"时间\":\"2017-09-29 10:00\""))
        .collect();
    std::fs::write(&back, corrected.join("\n")).expect("corrected");
    let again = run_advised(&desk, &ran.err).ended(0).json();
    assert_eq!((&again["read"], &again["added"]), (&1.into(), &1.into()));
}

/// Requests with closing times, two of which cannot be; the clock of the tests stands in the afternoon of 2017-09-29.
const CLOSED: &str = "\
编号,时间,主题,办结
C1,2017-09-01 09:00,路灯,2017-09-01 11:00
C2,2017-09-02 09:00,噪音,2017-09-01 09:00
C3,2017-09-03 09:00,积水,2019-01-01 09:00
";

#[test]
fn a_closing_time_that_cannot_be_is_told_and_enters_no_figure() {
    let desk = Desk::new();
    let mapping = "name = \"closed\"\n[match]\nheader = [\"编号\", \"时间\", \"主题\", \"办结\"]\n[fields]\n\
                   external_no = \"编号\"\ncreated_at = \"时间\"\ntitle = \"主题\"\nclosed_at = \"办结\"\nnature = { default = \"投诉\" }\ndepartment = { default = \"城管局\" }\n";
    desk.file(".config/fenbo/mappings/closed.toml", mapping);
    let file = desk.file("closed.csv", CLOSED);
    let ran = desk.at(&["import", &file, "--format", "json"]).ended(0);
    assert_eq!(ran.json()["added"], 3);
    for said in [
        "1 件按已办结导入了，但办结时间不可能成立",
        "办结时间早于建单时间",
        "办结时间晚于现在",
    ] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    let listed = desk.list(&["--limit", "0", "--view", "all"]);
    let mut told: Vec<_> = listed["tickets"]
        .as_array()
        .expect("tickets")
        .iter()
        .map(|t| {
            let no = t["no"].as_str().expect("a number");
            let shown = desk.at(&["show", no, "--format", "json"]).ended(0).json();
            let word = |name: &str| shown[name].as_str().unwrap_or("-").to_owned();
            (word("external_no"), word("state"), word("closed_at"))
        })
        .collect();
    told.sort();
    let of = |no: &str, at: &str| (no.to_owned(), "closed".to_owned(), at.to_owned());
    assert_eq!(
        told,
        [
            of("C1", "2017-09-01T11:00:00+08:00"),
            of("C2", "-"),
            of("C3", "-")
        ]
    );
    // The code is that of what ended; the word claims nothing.
    let table = desk.at(&["list", "--view", "all"]).ended(0).out;
    for ticket in listed["tickets"].as_array().expect("tickets") {
        assert_eq!(ticket["light"], "done");
        let no = ticket["no"].as_str().expect("a number");
        let shown = desk.at(&["show", no]).ended(0).out;
        let heading = shown.lines().next().expect("a heading");
        let word = if ticket["title"] == "路灯" {
            "按时"
        } else {
            "已结"
        };
        assert!(heading.ends_with(word), "{heading}");
        let row = table.lines().find(|line| line.contains(no)).expect("a row");
        assert!(row.trim_start().starts_with(word), "{row}");
    }
    let month = ["report", "month", "--of", "2017-09-01", "--format", "json"];
    let report = desk.at(&month).ended(0).json().to_string();
    let times: Vec<&str> = report
        .split("\"mean_handling_seconds\":")
        .skip(1)
        .filter_map(|rest| rest.split(',').next())
        .collect();
    assert_eq!(times, ["7200"]);
    desk.at(&["verify"]).ended(0);
}

#[test]
fn a_known_number_with_other_words_is_told_and_comes_back_and_the_same_words_are_known() {
    let desk = Desk::with_requests();
    let other = REQUESTS.replace("夜里施工太吵", "井盖不见了");
    let file = desk.file("other.csv", &other);
    let back = desk.path("back.csv").display().to_string();
    let ran = desk.at(&["import", &file, "--receipt", &back]).ended(4);
    assert!(
        ran.err.contains("other.csv 第 3 行（记录 2）") && ran.err.contains("标题或内容不同"),
        "{}",
        ran.err
    );
    assert!(ran.out.contains("已有 2"), "{}", ran.out);
    let rest = std::fs::read_to_string(&back).expect("a receipt");
    assert!(
        rest.contains("known-number-other-words") && rest.contains("A2,2017-09-29 09:00,投诉"),
        "{rest}"
    );
    std::fs::write(&back, rest.replace("A2", "A9")).expect("corrected");
    let again = run_advised(&desk, &ran.err).ended(0).json();
    assert_eq!((&again["read"], &again["added"]), (&1.into(), &1.into()));
}

/// A table whose rows may have ended, read under its own mapping.
fn with_ends(desk: &Desk, rows: &str) -> String {
    let mapping = "name = \"ends\"\n[match]\nheader = [\"编号\", \"时间\", \"主题\", \"状态\"]\n[fields]\n\
                   external_no = \"编号\"\ncreated_at = \"时间\"\ntitle = \"主题\"\nsource = { default = \"s\" }\n\
                   [fields.outcome]\ncolumn = \"状态\"\nvalues = { \"办结\" = \"on_time\", \"在办\" = \"running\" }\n";
    desk.file(".config/fenbo/mappings/ends.toml", mapping);
    desk.file("ends.csv", format!("编号,时间,主题,状态\n{rows}"))
}

#[test]
fn what_has_ended_there_and_is_open_here_is_told_and_rows_that_contradict_each_other_are_rejected()
{
    let desk = Desk::new();
    let file = with_ends(
        &desk,
        "U1,2017-09-01,路灯,在办\nU2,2017-09-01,噪音,办结\nU2,2017-09-01,噪音,办结\nU2,2017-09-01,积水,办结\n",
    );
    let ran = desk.at(&["import", &file, "--format", "json"]).ended(4);
    let wanted = serde_json::json!({"read": 4, "added": 2, "already": 1, "rejected": 1});
    assert_eq!(ran.json(), wanted);
    assert!(ran.err.contains("ends.csv 第 5 行"), "{}", ran.err);
    let newer = with_ends(&desk, "U1,2017-09-01,路灯,办结\nU2,2017-09-01,噪音,办结\n");
    let ran = desk.at(&["import", &newer, "--format", "json"]).ended(0);
    assert_eq!(ran.json()["already"], 2);
    assert!(
        ran.err.contains("1 件在文件里已办结而这里还未办结"),
        "{}",
        ran.err
    );
}

#[test]
fn a_number_is_taken_once_however_its_rows_are_taken() {
    let desk = Desk::new();
    let mapping = "name = \"ends\"\n[match]\nheader = [\"编号\", \"时间\", \"主题\", \"社区\", \"办结\"]\n[fields]\n\
                   external_no = \"编号\"\ncreated_at = \"时间\"\ntitle = \"主题\"\ncommunity = \"社区\"\nclosed_at = \"办结\"\n\
                   source = { default = \"s\" }\n";
    desk.file(".config/fenbo/mappings/ends.toml", mapping);
    // Where something was closed shortly before, an open request may be an alarm and is looked at alone; what has ended goes ahead.
    let mut rows =
        "编号,时间,主题,社区,办结\nV0,2017-09-01 09:00,路灯,秀新社区,2017-09-03 10:00\n".to_owned();
    for n in 1..=20 {
        let other = if n % 2 == 0 { "积水" } else { "噪音" };
        let open = format!("V{n},2017-09-04 09:00,噪音,秀新社区,\n");
        let ended = format!("V{n},2017-09-04 09:00,{other},秀新社区,2017-09-05 10:00\n");
        rows += &(open + &ended);
    }
    let file = desk.file("ends.csv", rows);
    let ran = desk.at(&["import", &file, "--format", "json"]).ended(4);
    let wanted = serde_json::json!({"read": 41, "added": 21, "already": 10, "rejected": 10});
    assert_eq!(ran.json(), wanted);
}

#[test]
fn natures_that_are_none_of_ours_are_counted() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let file = desk.file("odd.csv", REQUESTS.replace(",咨询,", ",闲聊,"));
    let ran = desk.at(&["import", &file]).ended(0);
    assert!(
        ran.err.contains("1 件的诉求性质不是本系统的任何一种"),
        "{}",
        ran.err
    );
    desk.at(&["import", &file]).ended(0);
}

#[test]
fn what_cannot_be_decoded_is_told_with_its_line() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let mut bytes = REQUESTS.as_bytes().to_vec();
    let at = REQUESTS.find("太吵").expect("there");
    bytes[at] = 0xFF;
    let file = desk.file("damaged.csv", bytes);
    let ran = desk.at(&["import", &file]).ended(0);
    assert!(
        ran.err.contains("第一处在第 3 行第 41 个字符"),
        "{}",
        ran.err
    );
}

#[test]
fn receipts_of_several_files_are_imported_by_commands_that_do_not_stop_one_another() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let broken = REQUESTS.replace("2017-09-29 08:00", "改天");
    let files = ["a.csv", "b.csv"].map(|name| desk.file(name, &broken));
    let back = desk.path("back.csv").display().to_string();
    let words = ["import", &files[0], &files[1], "--receipt", &back];
    let ran = desk.at(&words).ended(4);
    assert!(
        ran.err.contains("; fenbo ") && !ran.err.contains("&&"),
        "{}",
        ran.err
    );
}

#[test]
fn a_late_ticket_that_ended_elsewhere_shows_no_empty_reason_for_its_red() {
    let desk = Desk::new();
    let mapping = format!(
        "{MAPPING}department = \"单位\"\n[fields.outcome]\ncolumn = \"结果\"\nvalues = {{ \"超期\" = \"late\" }}\n"
    );
    desk.file(".config/fenbo/mappings/ours.toml", &mapping);
    let mut lines = REQUESTS.lines();
    let header = lines.next().expect("a header");
    let line = lines.next().expect("a line");
    let rows = format!("{header},单位,结果\n{line},城市管理局,超期\n");
    let file = desk.file("requests.csv", &rows);
    desk.at(&["import", &file]).ended(0);
    let no = desk.numbers(&["--view", "all"])[0].clone();
    let told = desk.at(&["show", &no]).ended(0).out;
    assert!(!told.contains("为何超期"), "{told}");
}

#[test]
fn a_row_whose_number_lost_digits_comes_back_with_every_cell_in_its_column() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let rows = REQUESTS
        .replace("社会保障,补贴,", ",,")
        .replace("13800138000", "");
    for (row, line) in (0..).zip(rows.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write(row, column, cell).expect("written");
        }
    }
    // Neither class nor telephone, and a cell of digits that is a number.
    sheet
        .write(1, 0, 12_345_678_901_234_567_f64)
        .expect("written");
    let file = desk.file("a.xlsx", book.save_to_buffer().expect("a workbook"));
    let back = desk.path("back.csv").display().to_string();
    let ran = desk.at(&["import", &file, "--receipt", &back]).ended(4);
    let text = std::fs::read_to_string(&back).expect("a receipt");
    let row = ",12345678901234568,2017-09-29 08:00,咨询,,,坪山街道,创业补贴怎么申请,想问创业补贴要哪些材料,李小明,";
    assert!(
        text.contains("numeric-identifier") && text.trim_end().ends_with(row),
        "{text}"
    );
    std::fs::write(&back, text.replace("12345678901234568", "A1")).expect("corrected");
    run_advised(&desk, &ran.err).ended(0);
    let told = desk.list(&["--query", "创业补贴"]);
    assert_eq!(told["tickets"][0]["street"], "坪山街道");
    assert_eq!(told["tickets"][0]["title"], "创业补贴怎么申请");
}

#[test]
fn a_field_cut_off_for_its_length_is_told_by_the_limit_and_by_no_length_of_its_own() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let long = REQUESTS.replace("工地夜里", &"x".repeat(3_000_000));
    let file = desk.file("long.csv", long);
    let ran = desk.at(&["import", &file]).ended(4);
    assert!(ran.err.contains("字段太长，超过 65536"), "{}", ran.err);
    assert!(!ran.err.contains("字段长"), "{}", ran.err);
}

#[test]
fn a_sheet_that_cannot_be_read_refuses_its_workbook_by_name() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let mut book = rust_xlsxwriter::Workbook::new();
    for name in ["一月", "二月"] {
        let sheet = book.add_worksheet().set_name(name).expect("named");
        for (row, line) in (0..).zip(REQUESTS.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write(row, column, cell).expect("written");
            }
        }
    }
    let mut bytes = book.save_to_buffer().expect("a workbook");
    // The second sheet's part is called otherwise than the workbook says.
    let name = b"xl/worksheets/sheet2.xml";
    while let Some(at) = bytes.windows(name.len()).position(|part| part == name) {
        bytes[at + name.len() - 5] = b'7';
    }
    let file = desk.file("a.xlsx", bytes);
    let ran = desk.at(&["import", &file]).ended(3);
    assert!(ran.err.contains("没有导入 a.xlsx!二月"), "{}", ran.err);
}

#[test]
fn a_row_of_three_hundred_columns_comes_back_with_every_one_of_them() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let mut lines = REQUESTS.lines();
    let header = lines.next().expect("a header");
    let cells: Vec<String> = (1..=300).map(|n| format!("c{n}")).collect();
    let table = format!("{header}\n{}\n", cells.join(","));
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(table.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write(row, column, cell).expect("written");
        }
    }
    let book = book.save_to_buffer().expect("a workbook");
    for (name, bytes) in [("a.csv", table.as_bytes()), ("a.xlsx", &book)] {
        let file = desk.file(name, bytes);
        let back = desk.path(&format!("{name}.back")).display().to_string();
        let ran = desk.at(&["import", &file, "--receipt", &back]).ended(4);
        assert!(ran.err.contains("256"), "{}", ran.err);
        let text = std::fs::read_to_string(&back).expect("a receipt");
        let last = text.lines().last().expect("a row");
        assert!(last.starts_with("too-many-columns: "), "{last}");
        assert!(last.ends_with(&cells.join(",")), "{name}: {last}");
    }
}

#[test]
fn a_mail_without_a_subject_is_titled_by_how_its_words_begin() {
    let desk = Desk::new();
    let letter = |id: &str, rest: &str| {
        format!("From: {id}@example.org\nMessage-ID: <{id}@x>\nMIME-Version: 1.0\n{rest}")
    };
    let said = letter(
        "a",
        "Content-Type: text/plain; charset=utf-8\n\n\n   \n 龙田路口的路灯  已经三天不亮\n请派人修\n",
    );
    let bare = letter(
        "b",
        "Content-Type: application/pdf; name=\"a.pdf\"\nContent-Disposition: attachment; filename=\"a.pdf\"\n\nx\n",
    );
    desk.file("mails/a.eml", said);
    desk.file("mails/b.eml", bare);
    let folder = desk.path("mails").display().to_string();
    let ran = desk.at(&["import", &folder, "--format", "json"]).ended(0);
    assert_eq!(ran.json()["added"], 2);
    let titles = || -> Vec<String> {
        let list = desk.list(&["--limit", "0"]);
        let mut titles: Vec<String> = list["tickets"]
            .as_array()
            .expect("tickets")
            .iter()
            .map(|ticket| ticket["title"].as_str().unwrap_or_default().to_owned())
            .collect();
        titles.sort();
        titles
    };
    let both = ["无主题邮件", "龙田路口的路灯 已经三天不亮"];
    assert_eq!(titles(), both);
    // One that was taken in before such titles were made is the same mail still.
    desk.spoiled();
    let store = rusqlite::Connection::open(desk.path("fenbo.db")).expect("opened");
    store
        .execute("UPDATE ticket SET title = ''", [])
        .expect("untitled");
    let ran = desk.at(&["import", &folder, "--format", "json"]).ended(0);
    assert_eq!(
        (&ran.json()["added"], &ran.json()["already"]),
        (&0.into(), &2.into())
    );
}

#[test]
fn a_subject_that_says_nothing_is_none() {
    for subject in [
        "=?utf-8?B?4oCL4oCL?=",
        "Re:",
        "=?utf-8?B?5Zue5aSN77yaIFJlOg==?=",
    ] {
        let desk = Desk::new();
        let letter = format!(
            "From: a@example.org\nMessage-ID: <a@x>\nMIME-Version: 1.0\nSubject: {subject}\n\
             Content-Type: text/plain; charset=utf-8\n\n桥头的井盖松了\n"
        );
        let mail = desk.file("a.eml", letter);
        desk.at(&["import", &mail]).ended(0);
        let list = desk.list(&["--limit", "0"]);
        assert_eq!(list["tickets"][0]["title"], "桥头的井盖松了", "{subject}");
    }
}

#[test]
fn a_dry_run_counts_as_the_import_does_however_far_apart_a_number_is_repeated() {
    let desk = Desk::with_requests();
    // While somebody else has the store open, five hundred rows go into a transaction.
    let other = rusqlite::Connection::open(desk.path("fenbo.db")).expect("opened");
    let tickets: i64 = other
        .query_row("SELECT count(*) FROM ticket", [], |row| row.get(0))
        .expect("counted");
    assert_eq!(tickets, 3);
    let mut table = format!("{}\n", REQUESTS.lines().next().expect("a header"));
    let (mut letters, sound) = (String::new(), SOUND.replace("one@x", "l{n}@x"));
    let mut put = |n: u32, minute: u32, words: &str| {
        let (hour, minute) = (minute / 60, minute % 60);
        let request =
            format!("B{n},2017-09-28 {hour:02}:{minute:02},投诉,,,龙田街道,路灯,{words},,");
        let letter = sound.replace("{n}", &n.to_string());
        table.extend([&request, "\n"]);
        letters.extend(["From a@x Tue Nov  3 10:00:00 2026\n", &letter, "\n"]);
    };
    for n in 0..600 {
        put(n, n, "不亮");
    }
    put(0, 610, "不亮");
    put(1, 611, "又亮了");
    let table = desk.file("requests.csv", table);
    let letters = desk.file("in.mbox", letters);
    for (file, code, already) in [(table, 4, 1), (letters, 0, 2)] {
        let import = ["import", &file, "--format", "json"];
        let rehearsed = desk.at(&[&import[..], &["--dry-run"]].concat()).ended(code);
        let done = desk.at(&import).ended(code);
        assert_eq!(rehearsed.json()["already"], already, "{}", rehearsed.err);
        assert_eq!(rehearsed.out, done.out);
    }
}
