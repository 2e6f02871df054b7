//! What comes back of a damaged file.

use super::hostile::some;
use super::{NOW, founder, fresh};
use fenbo::domain::letter::{Posting, Recipient};
use fenbo::store::{Access, Failure, FailureKind, Problem, Salvage, Store, salvage};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

#[test]
fn salvage_brings_back_what_can_be_read() {
    let (folder, path) = some(300);
    let sound = folder.path().join("sound.db");
    let all = salvage(&path, &sound, &founder(), NOW, false).unwrap();
    assert_eq!((all.tickets, all.events, all.lost), (300, 601, 0));
    let report = Store::open(&sound, Access::ReadOnly)
        .unwrap()
        .verify(|_, _| ())
        .unwrap();
    assert!(report.ok, "{:?}", report.problems);

    let mut bytes = std::fs::read(&path).unwrap();
    let pages = bytes.len() / 4096;
    for page in [pages / 3, pages / 2] {
        bytes[page * 4096..(page + 1) * 4096].fill(0);
    }
    let broken = folder.path().join("broken.db");
    std::fs::write(&broken, bytes).unwrap();
    let saved = salvage(
        &broken,
        &folder.path().join("saved.db"),
        &founder(),
        NOW,
        false,
    )
    .unwrap();
    println!("{saved:?}");
    assert!(saved.tickets > 200 && saved.events > 400, "{saved:?}");
}

/// The page of a file that holds both.
fn page_with(file: &[u8], both: [&str; 2]) -> usize {
    let has = |page: &[u8], what: &str| page.windows(what.len()).any(|w| w == what.as_bytes());
    file.chunks(4096)
        .position(|page| both.iter().all(|what| has(page, what)))
        .unwrap()
}

/// Salvages a file into a new store beside it, named after it.
fn saved(path: &Path) -> (Salvage, PathBuf) {
    let to = path.with_file_name(format!("saved-{}", path.file_name().unwrap().display()));
    (salvage(path, &to, &founder(), NOW, false).unwrap(), to)
}

/// Numbers, titles and leads of a store's tickets, in the order of their keys.
fn rows(path: &Path) -> Vec<(String, String, String)> {
    Connection::open(path)
        .unwrap()
        .prepare("SELECT no, title, lead FROM ticket ORDER BY id")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

#[test]
fn a_ticket_whose_row_is_gone_comes_back_from_the_ledger_under_its_number() {
    const N: usize = 200;
    let (folder, path) = some(N);
    drop(Store::open(&path, Access::ReadWrite).unwrap());
    let (whole, before) = (std::fs::read(&path).unwrap(), rows(&path));
    // A ticket's row holds its number and its title; its words are in another table, without the number.
    for at in [1, N / 2, N] {
        let page = page_with(
            &whole,
            [&format!("20171126-{at:04}"), &format!("路灯不亮{}", at - 1)],
        );
        let mut file = whole.clone();
        file[page * 4096..][..4096].fill(0);
        let broken = folder.path().join(format!("broken{at}.db"));
        std::fs::write(&broken, &file).unwrap();
        let (told, to) = saved(&broken);
        assert_eq!(told.tickets as usize, N, "{told:?}");
        assert!(told.rebuilt > 0 && told.lost > 0, "{told:?}");
        let after = rows(&to);
        assert!(
            after
                .iter()
                .map(|row| &row.0)
                .eq(before.iter().map(|row| &row.0))
        );
        assert!(
            after
                .iter()
                .map(|row| &row.2)
                .eq(before.iter().map(|row| &row.2))
        );
        let untitled = after.iter().filter(|row| row.1.is_empty()).count();
        assert_eq!(untitled as u64, told.rebuilt);
        // All that does not agree is the title, which stood nowhere else.
        let texts = |problem: &Problem| matches!(problem, Problem::Texts { .. });
        assert!(told.report.problems.iter().all(texts), "{:?}", told.report);
        assert_eq!(told.report.problems.len(), untitled);
    }
}

#[test]
fn a_row_that_the_ledger_proves_false_is_put_right_and_keeps_its_title() {
    let (_folder, path) = some(4);
    let before = rows(&path);
    let hand = Connection::open(&path).unwrap();
    // A state, a department, and a number that is another ticket's or nobody's.
    hand.execute_batch(
        "DROP TRIGGER ticket_keeps_its_number;
         UPDATE ticket SET state = 'closed', is_open = 0, lead = 'xyz' WHERE id = 1;
         UPDATE ticket SET facts = replace(facts, 'cgj', 'cgk'), version = 66 WHERE id = 2;
         UPDATE ticket SET no = '20171126-0009' WHERE id = 3;
         UPDATE ticket SET no = '20171126-0003' WHERE id = 4;",
    )
    .unwrap();
    drop(hand);
    let (told, to) = saved(&path);
    assert_eq!((told.tickets, told.rebuilt, told.lost), (4, 4, 0));
    assert!(told.report.ok, "{:?}", told.report);
    assert_eq!(rows(&to), before);
    let store = Store::open(&to, Access::ReadWrite).unwrap();
    let due: i64 = Connection::open(&to)
        .unwrap()
        .query_row("SELECT count(*) FROM sweep_due", [], |row| row.get(0))
        .unwrap();
    assert_eq!(due, 4);
    // The last number given is what it was.
    let next = store
        .write(|tx| tx.next_number("2017-11-26".parse().unwrap()))
        .unwrap();
    assert_eq!(next, "20171126-0005");
}

#[test]
fn a_row_that_is_further_than_what_is_left_of_its_ledger_stays_as_it_is() {
    let (_folder, path) = some(4);
    let before = rows(&path);
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch(
        "DROP TRIGGER event_never_goes; DELETE FROM event WHERE kind = 'dispatched' AND ticket_id > 2;",
    )
    .unwrap();
    drop(hand);
    let (told, to) = saved(&path);
    assert_eq!((told.tickets, told.rebuilt), (4, 0));
    assert_eq!(rows(&to), before);
    assert!(!told.report.ok);
}

/// The place of a cell's number in a leaf of a table with numbers, where the row holds these words.
fn number_of_cell(file: &[u8], number: u16, words: &str) -> usize {
    let of = |page: usize, at: usize| u16::from_be_bytes([file[page + at], file[page + at + 1]]);
    (0..file.len())
        .step_by(4096)
        .skip(1)
        .find_map(|page| {
            if file[page] != 0x0d {
                return None;
            }
            (0..of(page, 3) as usize).find_map(|cell| {
                let mut at = page + of(page, 8 + 2 * cell) as usize;
                let length = file[at..].iter().position(|byte| *byte < 0x80)? + 1;
                at += length;
                let is_it =
                    file[at] == 0x80 | (number >> 7) as u8 && file[at + 1] == (number & 127) as u8;
                let row = &file[at..(at + 400).min(page + 4096)];
                (is_it && row.windows(words.len()).any(|w| w == words.as_bytes())).then_some(at)
            })
        })
        .unwrap_or_else(|| panic!("no cell {number} {words}"))
}

#[test]
fn a_row_with_a_number_out_of_place_hides_none_behind_it() {
    const N: usize = 300;
    let (_folder, path) = some(N);
    drop(Store::open(&path, Access::ReadWrite).unwrap());
    let (whole, before) = (std::fs::read(&path).unwrap(), rows(&path));
    for (number, words) in [
        (301, "zhangdispatched"),
        (200, "金沙路口"),
        (250, "20171126-0250"),
    ] {
        for flipped in [0x10, 0x01] {
            let mut file = whole.clone();
            file[number_of_cell(&whole, number, words)] ^= flipped;
            let broken = path.with_file_name(format!("{number}-{flipped}.db"));
            std::fs::write(&broken, file).unwrap();
            let (told, to) = saved(&broken);
            let texts: i64 = Connection::open(&to)
                .unwrap()
                .query_row(
                    "SELECT count(*) FROM ticket_text WHERE content <> ''",
                    [],
                    |row| row.get(0),
                )
                .unwrap();
            println!(
                "{number} {flipped}: {} entries, {texts} texts, {} lost",
                told.events, told.lost
            );
            // Its place among the others tells each row's number.
            assert_eq!(rows(&to), before);
            assert_eq!((told.events as usize, texts as usize), (2 * N + 1, N));
            assert_eq!((told.rebuilt, told.lost), (0, 0));
            assert!(told.report.ok, "{:?}", told.report);
        }
    }
}

#[test]
fn rows_beside_the_tickets_come_back_past_a_page_that_is_gone() {
    let (_folder, path) = some(3);
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 400)
         INSERT INTO supplement SELECT 2, x, 'letter-' || x || '@example.org', NULL, NULL FROM n;
         WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 400)
         INSERT INTO notice SELECT 'key-' || printf('%04d', x), 2, 'accepted', 0, NULL FROM n;
         PRAGMA wal_checkpoint(TRUNCATE);",
    )
    .unwrap();
    drop(hand);
    let whole = std::fs::read(&path).unwrap();
    let mut file = whole.clone();
    let leaves = |marks: [&str; 2], kind: u8| -> Vec<usize> {
        let has = |page: &[u8], mark: &str| page.windows(mark.len()).any(|w| w == mark.as_bytes());
        (1..whole.len() / 4096)
            .filter(|page| {
                let page = &whole[page * 4096..][..4096];
                page[0] == kind && marks.iter().all(|mark| has(page, mark))
            })
            .collect()
    };
    let letters = leaves(["letter-", "@example.org"], 0x0d);
    let notices = leaves(["key-", "accepted"], 0x0a);
    assert!(letters.len() > 2 && notices.len() > 2);
    for page in [letters[1], notices[1]] {
        file[page * 4096..][..4096].fill(0);
    }
    std::fs::write(&path, file).unwrap();
    let (told, to) = saved(&path);
    let count = |table: &str| -> i64 {
        Connection::open(&to)
            .unwrap()
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get(0)
            })
            .unwrap()
    };
    let (found, noticed) = (count("supplement"), count("notice"));
    println!(
        "{found} of 400 letters, {noticed} of 400 notices, {} lost",
        told.lost
    );
    assert!(found > 250 && found < 400 && noticed > 250 && noticed < 400);
    assert!(told.lost as i64 > 400 - found);
}

#[test]
fn an_operator_whose_roles_cannot_be_read_comes_from_the_ledger_and_what_is_no_table_is_not_read() {
    let (_folder, path) = some(1);
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch(
        "UPDATE operator SET roles = '[\"ddministrator\"]'; DROP TABLE draft;
         CREATE VIEW draft AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
           SELECT 'zhang' AS operator, x AS kind, '' AS json, 0 AS at FROM n;",
    )
    .unwrap();
    drop(hand);
    let (told, to) = saved(&path);
    assert!(told.report.ok, "{:?}", told.report);
    assert_eq!((told.drafts, told.lost), (0, 1));
    let store = Store::open(&to, Access::ReadOnly).unwrap();
    assert_eq!(store.operators().unwrap(), [founder()]);
}

#[test]
fn numbers_beyond_all_tickets_are_none() {
    let (_folder, path) = some(2);
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch("UPDATE number_sequence SET last = 9223372036854775807;")
        .unwrap();
    drop(hand);
    let refused = Store::open(&path, Access::ReadWrite)
        .unwrap()
        .write(|tx| tx.next_number("2017-11-26".parse().unwrap()))
        .unwrap_err();
    assert_eq!(refused.kind, FailureKind::Damaged);
    let store = Store::open(&saved(&path).1, Access::ReadWrite).unwrap();
    let next = store
        .write(|tx| tx.next_number("2017-11-26".parse().unwrap()))
        .unwrap();
    assert_eq!(next, "20171126-0003");
}

#[test]
fn only_files_lie_in_the_folder_of_attached_files() {
    let (folder, path) = some(1);
    let inside = path.with_extension("attachments").join("ab");
    std::fs::create_dir_all(&inside).unwrap();
    let name = |last: u8| inside.join(format!("ab{}{last}", "0".repeat(61)));
    std::fs::write(folder.path().join("secret"), "another's").unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret"), name(1)).unwrap();
    std::fs::create_dir(name(2)).unwrap();
    let made = std::process::Command::new("mkfifo").arg(name(3)).status();
    assert!(made.unwrap().success());
    std::fs::write(name(4), "ours").unwrap();
    let (told, to) = saved(&path);
    assert_eq!(told.lost, 0);
    let kept = std::fs::read_dir(to.with_extension("attachments").join("ab")).unwrap();
    assert_eq!(kept.count(), 1);
}

#[test]
fn what_the_ledger_does_not_prove_stays_as_it_is() {
    let (_folder, path) = some(2);
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch(
        "DROP TRIGGER event_never_changes;
         UPDATE event SET data = replace(data, 'cgj', 'cgk') WHERE ticket_id = 1 AND kind = 'dispatched';",
    )
    .unwrap();
    drop(hand);
    let (told, to) = saved(&path);
    assert_eq!((told.tickets, told.rebuilt, told.lost), (2, 0, 0));
    assert_eq!(rows(&to)[0].2, "cgj");
    let content = Problem::Content { seq: 3 };
    assert!(told.report.problems.contains(&content), "{:?}", told.report);
}

#[test]
fn operators_come_back_from_the_ledger_and_somebody_always_administers() {
    let (_folder, path) = some(1);
    let mut li = founder();
    li.code = "li".into();
    let store = Store::open(&path, Access::ReadWrite).unwrap();
    store
        .write(|tx| tx.put_operator(&li, "zhang", NOW))
        .unwrap();
    drop(store);
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch("DELETE FROM operator;").unwrap();
    let (told, to) = saved(&path);
    let store = Store::open(&to, Access::ReadOnly).unwrap();
    assert_eq!(store.operators().unwrap(), [li, founder()]);
    assert!(told.report.ok, "{:?}", told.report);
    // With the entries gone too, it is whoever salvages, and the ledger says so.
    hand.execute_batch("DROP TRIGGER event_never_goes; DELETE FROM event WHERE ticket_id IS NULL;")
        .unwrap();
    drop(hand);
    let to = path.with_extension("again.db");
    let mut wang = founder();
    wang.code = "wang".into();
    let told = salvage(&path, &to, &wang, NOW, false).unwrap();
    let store = Store::open(&to, Access::ReadOnly).unwrap();
    assert_eq!(store.operators().unwrap(), [wang]);
    let named = |problem: &Problem| matches!(problem, Problem::Operator { .. });
    assert!(!told.report.problems.iter().any(named), "{:?}", told.report);
}

#[test]
fn numbers_are_never_given_twice_though_the_last_one_is_lost() {
    let (_folder, path) = some(3);
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch("DELETE FROM number_sequence;").unwrap();
    drop(hand);
    let store = Store::open(&saved(&path).1, Access::ReadWrite).unwrap();
    let next = store
        .write(|tx| tx.next_number("2017-11-26".parse().unwrap()))
        .unwrap();
    assert_eq!(next, "20171126-0004");
}

#[test]
fn of_a_file_that_was_cut_comes_back_what_stands_before_the_cut() {
    const N: usize = 300;
    let (_folder, path) = some(N);
    drop(Store::open(&path, Access::ReadWrite).unwrap());
    let whole = std::fs::read(&path).unwrap();
    for tenths in [9, 7, 5] {
        let cut = path.with_extension(format!("cut{tenths}"));
        std::fs::write(&cut, &whole[..whole.len() * tenths / 10]).unwrap();
        let refused = Store::open(&cut, Access::ReadOnly).unwrap_err();
        assert_eq!(refused.kind, FailureKind::Damaged);
        let (told, _) = saved(&cut);
        println!(
            "{tenths} tenths: {} tickets, {} entries",
            told.tickets, told.events
        );
        assert!(
            told.tickets > 0 && told.events > 0 && told.lost > 0,
            "{told:?}"
        );
    }
}

/// Numbers that look random and are the same in every run.
fn scattered(seed: &mut u64) -> usize {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize
}

#[test]
fn of_a_file_with_pages_gone_here_and_there_nearly_all_comes_back() {
    const N: usize = 1_500;
    const ROUNDS: usize = 4;
    let (_folder, path) = some(N);
    drop(Store::open(&path, Access::ReadWrite).unwrap());
    let whole = std::fs::read(&path).unwrap();
    let pages = whole.len() / 4096;
    let (mut seed, mut tickets, mut events) = (7, 0, 0);
    for round in 0..ROUNDS {
        let mut file = whole.clone();
        // As many as 20 of 1,182, none of them the first.
        for _ in 0..(pages * 20).div_ceil(1_182) {
            let page = 1 + scattered(&mut seed) % (pages - 1);
            file[page * 4096..][..4096].fill(0);
        }
        let broken = path.with_extension(format!("broken{round}"));
        std::fs::write(&broken, file).unwrap();
        let (told, to) = saved(&broken);
        println!(
            "{pages} pages: {} tickets ({} made again), {} entries",
            told.tickets, told.rebuilt, told.events
        );
        tickets += told.tickets as usize;
        events += told.events as usize;
        // What comes back can be worked with.
        drop(Store::open(&to, Access::ReadWrite).unwrap());
    }
    assert!(tickets >= ROUNDS * N * 97 / 100, "{tickets}");
    assert!(events >= ROUNDS * (1 + 2 * N) * 97 / 100, "{events}");
}

#[test]
fn nothing_is_written_over_and_a_failed_salvage_leaves_nothing() {
    let (folder, path) = some(1);
    let there = folder.path().join("there.db");
    std::fs::write(&there, "mine").unwrap();
    let kind = |from: &Path, to: &Path| salvage(from, to, &founder(), NOW, false).unwrap_err().kind;
    assert_eq!(kind(&path, &there), FailureKind::AlreadyThere);
    assert_eq!(std::fs::read(&there).unwrap(), b"mine");
    let none = folder.path().join("none.db");
    assert_eq!(kind(&there, &none), FailureKind::NotAStore);
    assert_eq!(kind(folder.path(), &none), FailureKind::Directory);
    assert!(!none.exists());
    let mut left = std::fs::read_dir(folder.path()).unwrap();
    assert!(left.all(|entry| {
        !entry
            .unwrap()
            .file_name()
            .to_string_lossy()
            .contains("none")
    }));
}

#[test]
fn a_key_that_became_immense_holds_up_no_salvage() {
    let (folder, path) = some(3);
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch(
        "PRAGMA foreign_keys = OFF; DROP TRIGGER ticket_keeps_its_number;
         UPDATE ticket SET id = 1 << 60 WHERE id = 3;",
    )
    .unwrap();
    drop(hand);
    let since = std::time::Instant::now();
    let told = salvage(
        &path,
        &folder.path().join("saved.db"),
        &founder(),
        NOW,
        false,
    )
    .unwrap();
    assert_eq!(told.tickets, 3);
    assert!(since.elapsed() < std::time::Duration::from_secs(60));
}

#[test]
fn salvage_leaves_no_letter_of_a_ticket_that_is_lost() {
    let (folder, path) = some(3);
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch(
        "PRAGMA foreign_keys = OFF; DROP TRIGGER ticket_never_goes;
         INSERT INTO supplement VALUES (2, 1, 'b@example.org', NULL, NULL), (3, 1, 'c@example.org', NULL, NULL);
         DELETE FROM ticket WHERE id = 3; DROP TRIGGER event_never_goes; DELETE FROM event WHERE ticket_id = 3;",
    )
    .unwrap();
    drop(hand);
    let saved = folder.path().join("saved.db");
    assert_eq!(
        salvage(&path, &saved, &founder(), NOW, false)
            .unwrap()
            .tickets,
        2
    );
    let left: Vec<i64> = Connection::open(&saved)
        .unwrap()
        .prepare("SELECT ticket_id FROM supplement")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(left, [2]);
}

#[test]
fn salvage_brings_back_letters_that_wait_and_forms_not_yet_sent() {
    let (folder, path, store) = fresh();
    let letter = |n: u32| Posting {
        kind: "accepted",
        key: format!("accepted-{n}"),
        recipient: Recipient::Mail(format!("li{n}@example.org")),
        subject: "已受理".into(),
        text: format!("第{n}件已受理"),
    };
    store
        .write(|tx| -> Result<(), Failure> {
            for n in 0..3 {
                tx.post(&letter(n), NOW)?;
            }
            tx.put_line(&Recipient::Desk, "20171101-0001", "{}")
        })
        .unwrap();
    store
        .put_draft("zhang", "intake", "{\"title\":\"半张表\"}", NOW)
        .unwrap();
    let waiting = store.waiting_letters().unwrap();
    drop(store);
    // Of one letter the words are no text any more.
    let hand = Connection::open(&path).unwrap();
    hand.execute(
        "UPDATE outbox SET subject = CAST(x'ff' AS TEXT) WHERE id = 2",
        [],
    )
    .unwrap();
    drop(hand);
    let saved = folder.path().join("saved.db");
    let told = salvage(&path, &saved, &founder(), NOW, false).unwrap();
    assert_eq!((told.letters, told.drafts, told.lost), (2, 1, 1));
    let store = Store::open(&saved, Access::ReadWrite).unwrap();
    let back = store.waiting_letters().unwrap();
    assert_eq!(back, [waiting[0].clone(), waiting[2].clone()]);
    let draft = store.draft("zhang", "intake").unwrap();
    assert_eq!(draft, Some(("{\"title\":\"半张表\"}".into(), NOW)));
    let lines = store
        .write(|tx| -> Result<_, Failure> { Ok(tx.take_lines()?[&Recipient::Desk].clone()) })
        .unwrap();
    assert_eq!(lines, ["{}"]);
}
