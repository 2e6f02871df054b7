//! Erasing personal data through the binary: who may, when, what is gone afterwards and what stands.

use super::Desk;
use super::letters::{LETTER, hand_over, shown};
use fenbo::store::{Access, Store};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A letter of the same person about another lamp, with the same picture.
fn second_letter() -> String {
    let other = LETTER.replace("one@example.org", "two@example.org");
    other.replace("东门路路灯不亮", "西门路也有一盏")
}

/// Does not accept it, so that it has ended.
fn end(desk: &Desk, no: &str) {
    desk.at(&["act", "refuse", no, "--ground", "litigation"])
        .ended(0);
}

fn erase(desk: &Desk, no: &str) {
    let said = desk.at(&["act", "erase", no, "--text", "来电要求删除"]);
    said.ended(0);
}

/// The pictures kept beside the store.
fn pictures(desk: &Desk) -> Vec<PathBuf> {
    let Ok(folders) = std::fs::read_dir(desk.path("fenbo.attachments")) else {
        return Vec::new();
    };
    folders
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect()
}

/// Whether a file, or what stands beside it, holds these bytes.
fn holds(store: &Path, words: &str) -> bool {
    ["db", "db-wal"].iter().any(|ending| {
        let bytes = std::fs::read(store.with_extension(ending)).unwrap_or_default();
        let mut windows = bytes.windows(words.len());
        windows.any(|window| window == words.as_bytes())
    })
}

/// Two tickets that have ended, both with the same picture.
fn two_with_one_picture() -> (Desk, [String; 2]) {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let numbers = [LETTER, &second_letter()].map(|letter| {
        let no = hand_over(&desk, letter).ended(0).out.trim().to_owned();
        end(&desk, &no);
        no
    });
    (desk, numbers)
}

#[test]
fn what_a_person_wrote_is_gone_and_the_ledger_is_whole() {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let no = hand_over(&desk, LETTER).ended(0).out.trim().to_owned();
    let reply = format!(
        "From: li@example.org\r\nMessage-ID: <three@example.org>\r\nSubject: Re: [{no}] lamp\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n又坏了一盏，在龘靐路\r\n"
    );
    hand_over(&desk, &reply).ended(0);
    let code = desk.at(&["code", &no, "--text", "本人来问"]).ended(0);
    let code = code.out.trim().to_owned();
    let open = desk.at(&["act", "erase", &no, "--text", "来电要求删除"]);
    let open = open.ended(1);
    assert!(open.err.contains("删除个人信息"), "{}", open.err);
    end(&desk, &no);
    desk.at(&["act", "erase", &no]).ended(1);
    assert!(holds(&desk.path("fenbo.db"), "东门路路灯不亮"));
    assert!(holds(&desk.path("fenbo.db"), "靐"));
    assert_eq!(desk.list(&["--query", "路灯"])["total"], 1);

    // A console that stands open beside it keeps the WAL.
    let beside = rusqlite::Connection::open(desk.path("fenbo.db")).unwrap();
    let count = || -> i64 {
        let counted = beside.query_row("SELECT count(*) FROM event", [], |row| row.get(0));
        counted.unwrap()
    };
    let before = count();
    erase(&desk, &no);
    assert_eq!(count(), before + 1);
    for words in [
        "东门路路灯不亮",
        "又坏了一盏",
        "靐",
        "li@example.org",
        "现场.png",
        &code,
    ] {
        assert!(!holds(&desk.path("fenbo.db"), words), "{words}");
    }
    assert_eq!(pictures(&desk), [] as [PathBuf; 0]);
    let ticket = shown(&desk, &no);
    for field in ["title", "content"] {
        assert_eq!(ticket[field], Value::Null, "{ticket}");
    }
    assert_eq!(ticket["attachments"][0]["path"], Value::Null);
    let last = ticket["ledger"].as_array().unwrap().last().unwrap();
    assert_eq!(last["event"], "erased", "{last}");
    assert_eq!(desk.list(&["--query", "路灯"])["total"], 0);
    assert_eq!(desk.list(&["--view", "all"])["total"], 1);
    desk.at(&["track", &no, "--code", &code]).ended(1);
    assert_eq!(
        desk.at(&["verify", "--format", "json"]).ended(0).json()["ok"],
        true
    );
    // The same letters once more are the same letters.
    for letter in [LETTER, &reply] {
        assert_eq!(hand_over(&desk, letter).ended(0).out.trim(), no);
        assert_eq!(pictures(&desk), [] as [PathBuf; 0]);
    }
    let said = desk.at(&["show", &no]).ended(0).out;
    assert!(
        said.contains("删除个人信息") && said.contains("来电要求删除"),
        "{said}"
    );
    erase(&desk, &no);
}

#[test]
fn a_picture_that_another_ticket_has_too_stays_until_that_is_erased() {
    let (desk, numbers) = two_with_one_picture();
    erase(&desk, &numbers[0]);
    assert_eq!(pictures(&desk).len(), 1);
    desk.at(&["verify"]).ended(0);
    erase(&desk, &numbers[1]);
    assert_eq!(pictures(&desk).len(), 0);
    desk.at(&["verify"]).ended(0);
    // Its bytes are not counted any more: the same picture is kept again.
    let third = LETTER.replace("one@example.org", "five@example.org");
    hand_over(&desk, &third).ended(0);
    assert_eq!(pictures(&desk).len(), 1);
    desk.at(&["verify"]).ended(0);
}

#[test]
fn a_picture_that_came_after_the_erasing_stays() {
    let (desk, [again, other]) = two_with_one_picture();
    erase(&desk, &again);
    erase(&desk, &other);
    let later = |words: &[&str]| desk.run(&[&["--at", "2018-06-01 09:00"], words].concat());
    later(&["act", "archive", &again]).ended(0);
    later(&["act", "reopen", &again, "--text", "又来电"]).ended(0);
    let more = LETTER.replace("one@example.org", "six@example.org");
    let subject = format!("Subject: Re: [{again}] ");
    let more = more.replacen("Subject: ", &subject, 1);
    assert_eq!(hand_over(&desk, &more).ended(0).out.trim(), again);
    assert_eq!(pictures(&desk).len(), 1);
    desk.at(&["verify"]).ended(0);
    let third = hand_over(
        &desk,
        &LETTER.replace("one@example.org", "seven@example.org"),
    );
    let third = third.ended(0).out.trim().to_owned();
    end(&desk, &third);
    erase(&desk, &third);
    erase(&desk, &other);
    assert_eq!(pictures(&desk).len(), 1);
    desk.at(&["verify"]).ended(0);
}

#[test]
fn a_reader_keeps_nobody_from_writing_while_it_is_waited_for() {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let no = hand_over(&desk, LETTER).ended(0).out.trim().to_owned();
    end(&desk, &no);
    let reader = rusqlite::Connection::open(desk.path("fenbo.db")).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM ticket;")
        .unwrap();
    let begun = std::time::Instant::now();
    let said = desk.at(&["act", "erase", &no, "--text", "来电要求删除"]);
    assert!(said.ended(0).err.contains("没有全部清除"));
    assert!(begun.elapsed() < std::time::Duration::from_secs(6));
    assert!(holds(&desk.path("fenbo.db"), "东门路路灯不亮"));
    desk.at(&["sweep"]).ended(0);
    assert!(holds(&desk.path("fenbo.db"), "东门路路灯不亮"));
    // The reader stays beside the store: what is cut is not cut by the last one that closes it.
    reader.execute_batch("ROLLBACK").unwrap();
    desk.at(&["sweep"]).ended(0);
    assert!(!holds(&desk.path("fenbo.db"), "东门路路灯不亮"));
}

/// A ticket that has ended, with one picture.
fn one_with_a_picture() -> (Desk, String, PathBuf) {
    let desk = Desk::new();
    desk.at(&["init"]).ended(0);
    let no = hand_over(&desk, LETTER).ended(0).out.trim().to_owned();
    end(&desk, &no);
    let picture = pictures(&desk).remove(0);
    (desk, no, picture)
}

#[test]
fn a_file_that_cannot_be_removed_is_told_and_goes_with_a_later_sweep() {
    let (desk, no, picture) = one_with_a_picture();
    // What cannot be removed as a file stands in its place.
    let aside = desk.path("aside");
    std::fs::rename(&picture, &aside).unwrap();
    std::fs::create_dir(&picture).unwrap();
    let said = desk.at(&["act", "erase", &no, "--text", "来电要求删除"]);
    let said = said.ended(0);
    assert!(
        said.err.contains("个人信息已删除，但没有全部清除"),
        "{}",
        said.err
    );
    assert_eq!(shown(&desk, &no)["title"], Value::Null);
    let swept = desk.at(&["sweep"]).ended(0);
    assert!(swept.err.contains("没有全部清除"), "{}", swept.err);
    std::fs::remove_dir(&picture).unwrap();
    std::fs::rename(&aside, &picture).unwrap();
    // What a killed process began to write of it goes with it.
    let name = picture.file_name().unwrap().to_str().unwrap();
    std::fs::write(picture.with_file_name(format!(".{name}.4711")), "x").unwrap();
    let swept = desk.at(&["sweep", "--format", "json"]).ended(0);
    assert_eq!(swept.err, "");
    assert_eq!(swept.json()["left"], Value::Null);
    assert_eq!(pictures(&desk), [] as [PathBuf; 0]);
    desk.at(&["verify"]).ended(0);
}

#[test]
fn what_a_killed_eraser_left_goes_with_the_next_sweep() {
    let (desk, no, picture) = one_with_a_picture();
    let words = std::fs::read(&picture).unwrap();
    erase(&desk, &no);
    // As the entry's own transaction leaves it.
    std::fs::write(&picture, words).unwrap();
    let setting = "UPDATE setting SET value = ? WHERE name = ?";
    let by_hand = rusqlite::Connection::open(desk.path("fenbo.db")).unwrap();
    let to_go = format!("{{\"{no}\":3}}");
    for (name, value) in [("erasing/wal", "3"), ("erasing/files", &to_go)] {
        assert_eq!(by_hand.execute(setting, [value, name]).unwrap(), 1);
    }
    desk.at(&["sweep"]).ended(0);
    assert_eq!(pictures(&desk), [] as [PathBuf; 0]);
    let left = "SELECT group_concat(value, '') FROM setting WHERE name LIKE 'erasing/%'";
    let left: String = by_hand.query_row(left, [], |row| row.get(0)).unwrap();
    assert_eq!(left, "{}");
}

#[test]
fn a_verification_does_not_miss_what_is_erased_while_it_runs() {
    let (desk, no, _) = one_with_a_picture();
    let store = Store::open(&desk.path("fenbo.db"), Access::ReadOnly).unwrap();
    let mut erased = false;
    let report = store.verify(|_, _| {
        if !std::mem::replace(&mut erased, true) {
            let said = desk.at(&["act", "erase", &no, "--text", "来电要求删除"]);
            assert!(said.ended(0).err.contains("没有全部清除"));
        }
    });
    assert!(erased);
    let report = report.unwrap();
    assert!(report.ok, "{:?}", report.problems);
    desk.at(&["sweep"]).ended(0);
    assert!(!holds(&desk.path("fenbo.db"), "东门路路灯不亮"));
}

#[test]
fn a_backup_takes_nothing_along_that_was_erased_and_its_folder_can_be_cleared() {
    let (desk, no, picture) = one_with_a_picture();
    let folder = desk.path("backups");
    std::fs::create_dir(&folder).unwrap();
    let copy = |day: &str| folder.join(format!("fenbo.{day}")).display().to_string();
    let kept = folder.join("fenbo.attachments").join(
        picture
            .strip_prefix(desk.path("fenbo.attachments"))
            .unwrap(),
    );
    let age = || {
        let changed = std::fs::metadata(&kept).unwrap().modified().unwrap();
        changed.elapsed().unwrap_or_default().as_secs()
    };
    let long_ago = std::time::SystemTime::UNIX_EPOCH;
    desk.run(&["backup", &copy("1")]).ended(0);
    for day in ["2", "3"] {
        let file = std::fs::File::open(&kept).unwrap();
        file.set_modified(long_ago).unwrap();
        desk.run(&["backup", &copy(day)]).ended(0);
        assert!(age() < 3_600, "a backup that names it marks it as used");
        let file = std::fs::File::open(&kept).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    erase(&desk, &no);
    desk.run(&["backup", &copy("4")]).ended(0);
    assert!(age() > 3_600, "no backup of now names it");
    let other = desk.path("other/fenbo.db").display().to_string();
    let on_other = |words: &[&str]| desk.run(&[&["--db", &other], words].concat());
    on_other(&["restore", &copy("4")]).ended(0);
    on_other(&["verify"]).ended(0);
    assert!(!desk.path("other/fenbo.attachments").exists());
    let other = desk.path("before/fenbo.db").display().to_string();
    desk.run(&["--db", &other, "restore", &copy("3")]).ended(0);
    assert!(desk.path("before/fenbo.attachments").exists());
}

#[test]
fn a_list_that_cannot_be_read_of_what_is_to_go_keeps_nothing_from_going() {
    for garbage in ["garbage", "", "[]", "null", "{\"x\":1.5}"] {
        let (desk, no, picture) = one_with_a_picture();
        let other = second_letter();
        let other = hand_over(&desk, &other).ended(0).out.trim().to_owned();
        end(&desk, &other);
        let by_hand = rusqlite::Connection::open(desk.path("fenbo.db")).unwrap();
        let put = "INSERT OR REPLACE INTO setting (name, value) VALUES ('erasing/files', ?)";
        by_hand.execute(put, [garbage]).unwrap();
        erase(&desk, &no);
        assert!(picture.exists(), "the other ticket has it too");
        by_hand.execute(put, [garbage]).unwrap();
        erase(&desk, &other);
        assert!(!picture.exists());
        let left: String = by_hand
            .query_row(
                "SELECT value FROM setting WHERE name = 'erasing/files'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert!(left == "{}" || left.contains(&no), "{left}");
        let swept = desk.at(&["sweep", "--format", "json"]).ended(0);
        assert_eq!(swept.json()["left"], Value::Null);
        desk.at(&["verify"]).ended(0);
    }
}

#[test]
fn only_an_administrator_erases() {
    let desk = Desk::with_requests();
    let no = desk.numbers(&["--view", "all"])[0].clone();
    let roles = [
        "dispatcher",
        "shift_lead",
        "supervisor",
        "callback",
        "auditor",
    ];
    for role in roles {
        desk.at(&["operator", "add", role, "--name", "某某", "--role", role])
            .ended(0);
    }
    for role in roles {
        desk.at(&["--as", role, "act", "erase", &no, "--text", "x"])
            .ended(1);
    }
}
