//! Mails through the gateway's pipe and in bulk: attachments kept, replies joining their ticket, programs' mail kept out.

use super::{Desk, Ran};
use serde_json::Value;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

/// A letter with a picture whose name tries to leave its folder, and the same picture once more under another name.
pub(super) const LETTER: &str = "From: Li <li@example.org>\r\nTo: desk@example.org\r\nMessage-ID: <one@example.org>\r\n\
Date: Fri, 29 Sep 2017 09:00:00 +0800\r\nSubject: =?utf-8?B?6Lev54Gv5LiN5Lqu?=\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n东门路路灯不亮\r\n\
--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"../../../.ssh/现场.png\"\r\n\
Content-Transfer-Encoding: base64\r\n\r\naGVsbG8gcGljdHVyZQ==\r\n\
--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"again.png\"\r\n\
Content-Transfer-Encoding: base64\r\n\r\naGVsbG8gcGljdHVyZQ==\r\n--b--\r\n";

pub(super) fn hand_over(desk: &Desk, mail: &str) -> Ran {
    let words = ["--at", super::NOW, "intake", "--channel", "邮箱"];
    let mut child = desk
        .command(&words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(mail.as_bytes()).expect("taken");
    drop(input);
    child.wait_with_output().expect("ended").into()
}

pub(super) fn shown(desk: &Desk, no: &str) -> Value {
    desk.at(&["show", no, "--format", "json"]).ended(0).json()
}

fn with_letter() -> (Desk, String) {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let no = hand_over(&desk, LETTER).ended(0).out.trim().to_owned();
    (desk, no)
}

#[test]
fn what_is_attached_is_kept_once_under_its_hash_for_the_owner_only() {
    let (desk, no) = with_letter();
    desk.spoiled();
    let ticket = shown(&desk, &no);
    assert_eq!(ticket["channel"], "邮箱");
    let files = ticket["attachments"].as_array().expect("files");
    let names: Vec<_> = files.iter().map(|f| f["name"].as_str()).collect();
    assert_eq!(names, [Some("现场.png"), Some("again.png")]);
    assert_eq!(files[0]["path"], files[1]["path"]);
    let path = std::path::PathBuf::from(files[0]["path"].as_str().expect("a path"));
    assert!(path.starts_with(desk.path("fenbo.attachments")));
    assert_eq!(std::fs::read(&path).expect("kept"), b"hello picture");
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).expect("there").permissions().mode();
    assert_eq!(mode(&path) & 0o777, 0o600);
    assert_eq!(mode(&desk.path("fenbo.attachments")) & 0o777, 0o700);
    let said = desk.at(&["show", &no]).ended(0).out;
    assert!(said.contains("附件: 现场.png（image/png，13 B）"), "{said}");
    assert_eq!(
        desk.at(&["verify", "--format", "json"]).ended(0).json()["ok"],
        true
    );
    std::fs::write(&path, b"hello  forger").expect("written");
    let found = desk.at(&["verify", "--format", "json"]).json();
    assert_eq!(found["problems"][0]["kind"], "attachment", "{found}");
}

#[test]
fn what_is_beyond_the_limits_is_named_and_not_kept() {
    let desk = Desk::new();
    desk.file(".config/fenbo/config.toml", "[attachments]\nfile_mb = 0\n");
    desk.at(&["init"]).ended(0);
    let no = hand_over(&desk, LETTER).ended(0).out;
    let file = &shown(&desk, no.trim())["attachments"][0];
    assert_eq!((&file["size"], &file["path"]), (&13.into(), &Value::Null));
    assert!(!desk.path("fenbo.attachments").exists());
    desk.at(&["verify"]).ended(0);
}

#[test]
fn a_link_in_place_of_the_folder_is_not_followed() {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let elsewhere = desk.path("elsewhere");
    std::fs::create_dir(&elsewhere).expect("made");
    std::os::unix::fs::symlink(&elsewhere, desk.path("fenbo.attachments")).expect("linked");
    hand_over(&desk, LETTER).ended(3);
    assert_eq!(std::fs::read_dir(elsewhere).expect("there").count(), 0);
}

#[test]
fn a_reply_joins_its_ticket_by_number_or_by_what_it_answers_once() {
    let (desk, no) = with_letter();
    let reply = |id: &str, subject: &str, from: &str, more: &str| {
        format!(
            "From: {from}\r\nMessage-ID: <{id}@example.org>\r\nSubject: {subject}\r\n{more}\
             Content-Type: text/plain; charset=utf-8\r\n\r\n又坏了一盏\r\n"
        )
    };
    let by_number = reply("two", &format!("Re: [{no}] lamp"), "li@example.org", "");
    let by_thread = reply(
        "three",
        "Re: lamp",
        "friend@example.org",
        "In-Reply-To: <one@example.org>\r\n",
    );
    for mail in [&by_number, &by_thread, &by_number] {
        assert_eq!(hand_over(&desk, mail).ended(0).out.trim(), no);
    }
    // Answers the letter that joined.
    let further = reply(
        "four",
        "Re: lamp",
        "li@example.org",
        "References: <x@y> <three@example.org>\r\n",
    );
    assert_eq!(hand_over(&desk, &further).ended(0).out.trim(), no);
    let ticket = shown(&desk, &no);
    let letters = ticket["supplements"].as_array().expect("letters");
    let known: Vec<_> = letters
        .iter()
        .map(|l| l["known_sender"].as_bool())
        .collect();
    assert_eq!(known, [Some(true), Some(false), Some(true)]);
    assert_eq!(letters[0]["content"], "又坏了一盏");
    assert_eq!(desk.list(&[])["total"], 1);
    assert!(desk.at(&["show", &no]).ended(0).out.contains("来信补充"));
    desk.at(&["verify"]).ended(0);
}

/// Of one, of two and of more characters, words of letters, and what only two texts together say.
const ASKED: [(&str, bool); 8] = [
    ("瓢", true),
    ("瓢泼", true),
    ("瓢泼大雨", true),
    ("second pole", true),
    ("pol", true),
    ("路灯不亮", true),
    ("亮瓢泼", false),
    ("雨停了", false),
];

#[test]
fn a_ticket_is_found_by_the_words_of_its_letters_open_and_ended() {
    let (desk, no) = with_letter();
    let reply = letter(
        "two",
        "li@example.org",
        &format!("Re: [{no}]"),
        "瓢泼大雨之后 second pole",
    );
    hand_over(&desk, &reply).ended(0);
    let check = |view: &str| {
        for (asked, found) in ASKED {
            let list = desk.list(&["--view", view, "--query", asked]);
            assert_eq!(list["total"], u8::from(found), "{asked}");
            let others = desk.list(&["--view", view, "--query", &format!("-{asked}")]);
            assert_eq!(others["total"], u8::from(!found), "-{asked}");
        }
        desk.at(&["verify"]).ended(0);
    };
    check("desk");
    desk.at(&["act", "refuse", &no, "--ground", "emergency", "--text", "-"])
        .ended(0);
    check("all");
}

#[test]
fn letters_of_a_store_of_schema_14_are_found_once_it_is_opened() {
    let (desk, no) = with_letter();
    let reply = letter("two", "li@example.org", &format!("Re: [{no}]"), "瓢泼");
    hand_over(&desk, &reply).ended(0);
    let raw = rusqlite::Connection::open(desk.path("fenbo.db")).expect("opened");
    let gather = |without: &str| -> String {
        let all = "SELECT group_concat(term, ' ') FROM words WHERE instr(?, term) = 0";
        raw.query_row(all, [without], |row| row.get(0))
            .expect("words")
    };
    raw.execute_batch(
        "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search_open, instance)",
    )
    .expect("made");
    let (whole, own) = (gather(""), gather("瓢泼"));
    let id: i64 = raw
        .query_row("SELECT id FROM ticket", [], |row| row.get(0))
        .expect("a ticket");
    raw.execute(
        "INSERT INTO search_open (search_open, rowid, grams) VALUES ('delete', ?, ?)",
        rusqlite::params![id, whole],
    )
    .expect("taken out");
    raw.execute(
        "INSERT INTO search_open (rowid, grams) VALUES (?, ?)",
        rusqlite::params![id, own],
    )
    .expect("put in");
    crate::sweep::step_back(&raw, 14);
    drop(raw);
    assert_eq!(desk.list(&["--query", "瓢泼"])["total"], 1);
    assert_eq!(desk.list(&["--query", "瓢"])["total"], 1);
    desk.at(&["verify"]).ended(0);
}

#[test]
fn in_bulk_letters_join_what_came_before_them() {
    let desk = Desk::new();
    desk.file("mails/a.eml", LETTER);
    desk.file(
        "mails/b.eml",
        "From: li@example.org\r\nMessage-ID: <b@example.org>\r\nIn-Reply-To: <one@example.org>\r\n\
         Date: Fri, 29 Sep 2017 10:00:00 +0800\r\nSubject: Re\r\n\r\nmore\r\n",
    );
    desk.file(
        "mails/c.eml",
        "From: MAILER-DAEMON@example.org\r\nMessage-ID: <c@example.org>\r\nSubject: failure\r\n\r\nno such user\r\n",
    );
    let folder = desk.path("mails").display().to_string();
    let ran = desk.at(&["import", &folder, "--format", "json"]).ended(4);
    let wanted = serde_json::json!({"read": 3, "added": 1, "already": 1, "rejected": 1});
    assert_eq!(ran.json(), wanted);
    assert!(
        ran.err.contains("c.eml") && ran.err.contains("循环"),
        "{}",
        ran.err
    );
    let again = desk.at(&["import", &folder, "--format", "json"]).ended(4);
    assert_eq!(
        (&again.json()["added"], &again.json()["already"]),
        (&0.into(), &2.into())
    );
    desk.at(&["verify"]).ended(0);
}

#[test]
fn a_program_s_mail_about_no_ticket_is_not_registered_and_one_about_a_ticket_is_told() {
    let (desk, no) = with_letter();
    let vacation = |subject: &str, id: &str| {
        format!(
            "From: li@example.org\r\nMessage-ID: <{id}@example.org>\r\nAuto-Submitted: auto-replied\r\n\
             Subject: {subject}\r\n\r\nI am away\r\n"
        )
    };
    let refused = hand_over(&desk, &vacation("away", "v1")).ended(1);
    assert!(refused.err.contains("自动回复"), "{}", refused.err);
    assert_eq!(
        hand_over(&desk, &vacation(&no, "v2")).ended(0).out.trim(),
        no
    );
    assert_eq!(shown(&desk, &no)["supplements"][0]["kind"], "auto_reply");
    assert_eq!(desk.list(&[])["total"], 1);
}

#[test]
fn a_letter_to_a_ticket_that_has_ended_is_a_new_request_with_its_number() {
    let (desk, no) = with_letter();
    desk.at(&["act", "refuse", &no, "--ground", "emergency", "--text", "-"])
        .ended(0);
    let reply = format!(
        "From: li@example.org\r\nMessage-ID: <two@example.org>\r\nSubject: {no}\r\n\r\nstill dark\r\n"
    );
    let second = hand_over(&desk, &reply).ended(0).out.trim().to_owned();
    assert_ne!(second, no);
    assert_eq!(shown(&desk, &no)["supplements"], serde_json::json!([]));
    assert_eq!(shown(&desk, &second)["answers"], no.as_str());
    assert_eq!(shown(&desk, &no)["answers"], Value::Null);
    let said = desk.at(&["show", &second]).ended(0).out;
    assert!(said.contains(&format!("来信所指工单: {no}")), "{said}");
}

/// A letter of this sender, subject and words.
fn letter(id: &str, from: &str, subject: &str, words: &str) -> String {
    format!(
        "From: {from}\r\nMessage-ID: <{id}@example.org>\r\nSubject: {subject}\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
    )
}

fn wide(no: &str) -> String {
    no.chars()
        .map(|c| char::from_u32(u32::from(c) + 0xfee0).expect("a character"))
        .collect()
}

#[test]
fn a_number_joins_however_it_is_written_and_wherever_it_stands() {
    let (desk, no) = with_letter();
    let short = no.strip_prefix("2017").expect("a year");
    let ways = [
        (wide(&no), "再催一次".to_owned()),
        (format!("工单 {short} 还没修"), "再催一次".to_owned()),
        (format!("Ticket #{short}"), "still dark".to_owned()),
        (format!("补充：{short}号工单"), "照片另附".to_owned()),
        (
            "还是不亮".to_owned(),
            format!("我的工单是 {}，请看。", wide(&no)),
        ),
    ];
    for (n, (subject, words)) in ways.iter().enumerate() {
        let mail = letter(&format!("w{n}"), "Li@Example.org", subject, words);
        assert_eq!(hand_over(&desk, &mail).ended(0).out.trim(), no, "{subject}");
    }
    let letters = shown(&desk, &no)["supplements"].clone();
    assert_eq!(letters.as_array().expect("letters").len(), ways.len());
    desk.at(&["verify"]).ended(0);
}

#[test]
fn an_answer_joins_what_it_answers_though_its_words_mention_another_ticket() {
    let (desk, no) = with_letter();
    let other = hand_over(&desk, &letter("o1", "li@example.org", "井盖", "x"));
    let other = other.ended(0).out.trim().to_owned();
    let answer = format!(
        "From: li@example.org\r\nMessage-ID: <a1@example.org>\r\nIn-Reply-To: <one@example.org>\r\n\
         Subject: Re\r\n\r\nas I wrote about {other}\r\n"
    );
    assert_eq!(hand_over(&desk, &answer).ended(0).out.trim(), no);
}

#[test]
fn a_letter_of_a_merged_requester_is_no_stranger_s_in_the_master() {
    let (desk, no) = with_letter();
    let merged = hand_over(&desk, &letter("m1", "wang@example.org", "路灯不亮", "x"));
    let merged = merged.ended(0).out.trim().to_owned();
    desk.at(&["act", "merge", &merged, "--into", &no]).ended(0);
    let further = letter("m2", "wang@example.org", &format!("Re: {merged}"), "又坏了");
    assert_eq!(hand_over(&desk, &further).ended(0).out.trim(), no);
    assert_eq!(shown(&desk, &no)["supplements"][0]["known_sender"], true);
}

#[test]
fn a_stranger_who_guesses_a_number_writes_into_nobody_s_ticket() {
    let (desk, no) = with_letter();
    let short = no.strip_prefix("2017").expect("a year");
    let ways = [
        (no.clone(), "x".to_owned()),
        (format!("工单 {short}"), "x".to_owned()),
        ("路灯".to_owned(), format!("see {no}")),
        ("路灯".to_owned(), format!("x\r\n> see {no}")),
    ];
    let mut names = Vec::new();
    for (n, (subject, words)) in ways.iter().enumerate() {
        let mail = letter(&format!("s{n}"), "stranger@example.org", subject, words);
        let second = hand_over(&desk, &mail).ended(0).out.trim().to_owned();
        assert_ne!(second, no, "{subject}");
        names.push(shown(&desk, &second)["answers"].clone());
    }
    // The desk is told which ticket was named; what is only quoted is not the writer's word.
    let told = Value::from(no.as_str());
    assert_eq!(names, [told.clone(), told.clone(), told, Value::Null]);
    assert_eq!(shown(&desk, &no)["supplements"], serde_json::json!([]));
}

#[test]
fn a_caller_without_an_address_adds_a_letter_by_the_number_they_were_given() {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let mut child = desk
        .command(&[
            "--at",
            super::NOW,
            "intake",
            "--channel",
            "phone",
            "--format",
            "json",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut input = child.stdin.take().expect("a pipe");
    let call = r#"{"title":"路灯不亮","requester":{"phone":"13800138000"}}"#;
    input.write_all(call.as_bytes()).expect("taken");
    drop(input);
    let ran: Ran = child.wait_with_output().expect("ended").into();
    let no = ran.ended(0).out.trim().to_owned();
    let by_number = letter("c1", "w@example.org", &format!("Re: {no}"), "一张照片");
    assert_eq!(hand_over(&desk, &by_number).ended(0).out.trim(), no);
    assert_eq!(shown(&desk, &no)["supplements"][0]["known_sender"], false);
    // In the words alone, a number is no proof.
    let in_words = letter("c2", "v@example.org", "路灯", &format!("see {no}"));
    assert_ne!(hand_over(&desk, &in_words).ended(0).out.trim(), no);
}

#[test]
fn a_file_that_is_kept_already_takes_no_more_room() {
    let desk = Desk::new();
    desk.file(
        ".config/fenbo/config.toml",
        "[attachments]\nfolder_mb = 1\n",
    );
    desk.at(&["init"]).ended(0);
    let picture = "A".repeat(800_000);
    let with_picture = |id: &str| {
        format!(
            "From: li@example.org\r\nMessage-ID: <{id}@example.org>\r\nSubject: {id}\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\n\
             Content-Disposition: attachment; filename=a.png\r\n\r\n{picture}\r\n--b--\r\n"
        )
    };
    for id in ["p1", "p2"] {
        let no = hand_over(&desk, &with_picture(id)).ended(0).out;
        let file = &shown(&desk, no.trim())["attachments"][0];
        assert_ne!(file["path"], Value::Null, "{id}: {file}");
    }
    desk.at(&["verify"]).ended(0);
    // A count that strayed keeps no file out: the files are counted.
    let by_hand = rusqlite::Connection::open(desk.path("fenbo.db")).expect("opened");
    let stray = "UPDATE setting SET value = ? WHERE name = 'attachment_bytes'";
    assert_eq!(by_hand.execute(stray, ["9999999"]).expect("written"), 1);
    let small = with_picture("p3").replace(&picture, "small");
    let no = hand_over(&desk, &small).ended(0).out;
    let file = &shown(&desk, no.trim())["attachments"][0];
    assert_ne!(file["path"], Value::Null, "{file}");
    let counted = "SELECT value FROM setting WHERE name = 'attachment_bytes'";
    let counted: String = by_hand
        .query_row(counted, [], |row| row.get(0))
        .expect("read");
    assert_eq!(counted, "800005");
    // Nor does one that is no number let one in that has no room.
    by_hand.execute(stray, ["garbage"]).expect("written");
    let large = with_picture("p4").replace(&picture, &"B".repeat(400_000));
    let no = hand_over(&desk, &large).ended(0).out;
    assert_eq!(
        shown(&desk, no.trim())["attachments"][0]["path"],
        Value::Null
    );
}

#[test]
fn a_letter_too_large_for_the_pipe_is_refused_in_words() {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let large = format!("{LETTER}{}", "x".repeat(36 * 1024 * 1024));
    let file = std::fs::File::open(desk.file("large.eml", large)).expect("opened");
    let ran: Ran = desk
        .command(&["--at", super::NOW, "intake", "--channel", "邮箱"])
        .stdin(Stdio::from(file))
        .output()
        .expect("run")
        .into();
    let ran = ran.ended(1);
    assert!(ran.err.contains("标准输入超过 35.0 MB"), "{}", ran.err);
}

/// What a program sends, of this sender, subject and further header lines.
fn automatic(id: &str, from: &str, subject: &str, more: &str) -> String {
    format!(
        "From: {from}\r\nMessage-ID: <{id}@example.org>\r\nSubject: {subject}\r\n{more}\r\n\r\nI am away\r\n"
    )
}

#[test]
fn a_stranger_s_automatic_mail_with_a_number_joins_nothing_and_makes_nobody_known() {
    let (desk, no) = with_letter();
    let short = no.strip_prefix("2017").expect("a year");
    for (n, (subject, more)) in [
        (no.clone(), "Auto-Submitted: auto-replied"),
        (no.clone(), "Precedence: bulk"),
        (format!("Out of office: {no}"), "X-Mailer: x"),
        (format!("Out of office: 工单 {short}"), "X-Mailer: x"),
        (
            no.clone(),
            "Content-Type: multipart/report; report-type=delivery-status; boundary=q",
        ),
        // Answering the requester's own letter, which has gone elsewhere too, is not answering us.
        (
            "away".to_owned(),
            "Auto-Submitted: auto-replied\r\nIn-Reply-To: <one@example.org>",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let mail = automatic(&format!("x{n}"), "stranger@example.org", &subject, more);
        let ran = hand_over(&desk, &mail).ended(1);
        assert!(ran.err.contains("自动"), "{subject} {more}: {}", ran.err);
    }
    assert_eq!(shown(&desk, &no)["supplements"], serde_json::json!([]));
    // The requester's own joins, and does not let in who answers it.
    let own = automatic("own", "li@example.org", &no, "Auto-Submitted: auto-replied");
    assert_eq!(hand_over(&desk, &own).ended(0).out.trim(), no);
    let after = "From: stranger@example.org\r\nMessage-ID: <s9@example.org>\r\nIn-Reply-To: <own@example.org>\r\n\
                 Subject: hello\r\n\r\nx\r\n";
    assert_ne!(hand_over(&desk, after).ended(0).out.trim(), no);
    let letter = letter("s10", "stranger@example.org", &no, "x");
    assert_ne!(hand_over(&desk, &letter).ended(0).out.trim(), no);
    desk.at(&["verify"]).ended(0);
}

/// The Message-ID that the relay's letter about a ticket's filing bears.
fn our_id(desk: &Desk) -> String {
    let store = rusqlite::Connection::open(desk.path("fenbo.db")).expect("opened");
    let (key, at): (String, i64) = store
        .query_row("SELECT key, made_at FROM notice", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("a notice");
    let at = fenbo::domain::instant::Instant(at);
    fenbo::service::delivering::mail_id(at, &key, "li@example.org")
}

#[test]
fn what_answers_or_returns_a_letter_of_ours_joins_and_is_told_as_not_the_requester_s() {
    let (desk, no) = with_letter();
    desk.at(&["notices", "on", "--url", "https://desk.example/"])
        .ended(0);
    let filing = [
        "--nature",
        "help",
        "--class",
        "complaint",
        "--category",
        "环境保护",
    ];
    desk.at(&[&["act", "file", &no][..], &filing, &["--address-unknown"]].concat())
        .ended(0);
    let id = our_id(&desk);
    let answer = format!("Auto-Submitted: auto-replied\r\nIn-Reply-To: <{id}@desk.example>");
    let answer = automatic(
        "a1",
        "li@home.example",
        &format!("自动回复: [{no}]"),
        &answer,
    );
    assert_eq!(hand_over(&desk, &answer).ended(0).out.trim(), no);
    let bounce = |name: &str, returned: &str| {
        format!(
            "From: MAILER-DAEMON@relay.example\r\nMessage-ID: <{name}@relay.example>\r\nSubject: Undelivered\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nno such user\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
             Message-ID: <{returned}>\r\nSubject: about {no}\r\nTo: elsewhere@example.org\r\n\r\nx\r\n--b--\r\n"
        )
    };
    let ours = bounce("b1", &format!("{id}@desk.example"));
    assert_eq!(hand_over(&desk, &ours).ended(0).out.trim(), no);
    hand_over(&desk, &bounce("b2", "guessed@desk.example")).ended(1);
    let said = desk.at(&["show", &no]).ended(0).out;
    assert_eq!(said.matches("（非诉求人邮箱）").count(), 2, "{said}");
    let letter = letter("s1", "li@home.example", &no, "x");
    assert_ne!(hand_over(&desk, &letter).ended(0).out.trim(), no);
    desk.at(&["verify"]).ended(0);
}

/// A request as a form hands it over.
fn form(desk: &Desk, text: &str) -> Ran {
    let words = ["--at", super::NOW, "intake", "--channel", "web"];
    let file = std::fs::File::open(desk.file("form.json", text)).expect("opened");
    let ran = desk
        .command(&[&words[..], &["--format", "json"]].concat())
        .stdin(Stdio::from(file))
        .output();
    ran.expect("run").into()
}

#[test]
fn a_number_that_is_known_with_other_words_is_refused_and_with_the_same_is_the_same() {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let lamp = r#"{"external_no":"7","source":"web","title":"路灯不亮"}"#;
    let no = form(&desk, lamp).ended(0).out;
    assert_eq!(form(&desk, lamp).ended(0).out, no);
    let noise = lamp.replace("路灯不亮", "夜里施工");
    let ran = form(&desk, &noise).ended(1);
    assert!(
        ran.err.contains(no.trim()) && ran.err.contains("external_no"),
        "{}",
        ran.err
    );
    assert_eq!(desk.list(&[])["total"], 1);
}

/// Changes a store by hand, as a flipped bit would.
fn by_hand(desk: &Desk, sql: &str) {
    desk.spoiled();
    let raw = rusqlite::Connection::open(desk.path("fenbo.db")).expect("opened");
    raw.execute_batch(sql).expect("changed");
}

#[test]
fn a_letter_to_a_ticket_that_is_merged_into_itself_is_refused_as_damage() {
    let (desk, no) = with_letter();
    let second = LETTER.replace("one@example.org", "other@example.org");
    let master = hand_over(&desk, &second).ended(0).out.trim().to_owned();
    desk.at(&["act", "merge", &no, "--into", &master]).ended(0);
    by_hand(
        &desk,
        &format!(
            "UPDATE ticket SET facts = json_set(facts, '$.merged_into', no) WHERE no = '{no}'"
        ),
    );
    let reply = letter("two", "li@example.org", &format!("Re: [{no}]"), "还是不亮");
    let told = hand_over(&desk, &reply).ended(3).err;
    assert!(told.contains("已损坏") && told.contains(&no), "{told}");
}

#[test]
fn a_letter_that_cannot_be_read_hides_no_other_words_and_is_named() {
    let (desk, no) = with_letter();
    for (id, words) in [("two", "瓢泼大雨"), ("three", "还是不亮")] {
        let reply = letter(id, "li@example.org", &format!("Re: [{no}]"), words);
        hand_over(&desk, &reply).ended(0);
    }
    by_hand(
        &desk,
        "UPDATE supplement SET words = substr(words, 2) WHERE number = 2;",
    );
    let raw = rusqlite::Connection::open(desk.path("fenbo.db")).expect("opened");
    crate::sweep::step_back(&raw, 14);
    drop(raw);
    desk.at(&["list"]).ended(0);
    for (asked, found) in [("路灯不亮", 1), ("-路灯不亮", 0), ("-还是不亮", 1)] {
        assert_eq!(desk.list(&["--query", asked])["total"], found, "{asked}");
    }
    let told = desk.at(&["verify"]).out;
    assert!(told.contains(&no), "{told}");
}
