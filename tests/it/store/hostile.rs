//! Files that are not what they should be, and hands that change what they should not.

use super::{NOW, founder, fresh, register};
use crate::faults::ground::{Dice, times};
use fenbo::domain::event::Event;
use fenbo::domain::privacy::Texts;
use fenbo::domain::ticket::Marks;
use fenbo::store::{Access, Failure, FailureKind, Found, Problem, Store};
use rusqlite::Connection;
use std::path::Path;

/// A store with a few tickets, closed.
pub(super) fn some(n: usize) -> (tempfile::TempDir, std::path::PathBuf) {
    let (folder, path, store) = fresh();
    store
        .write(|tx| -> Result<(), Failure> {
            for at in 0..n {
                let mut ticket = register(tx, &format!("路灯不亮{at}"), Marks::default())?;
                let event = Event::Dispatched {
                    lead: "cgj".into(),
                    assisting: vec![],
                    suggestion: None,
                };
                ticket.apply(&event, NOW, "zhang");
                tx.append(&ticket, Marks::default(), &event, NOW, "zhang")?;
            }
            Ok(())
        })
        .unwrap();
    (folder, path)
}

fn kind_of_opening(path: &Path) -> FailureKind {
    Store::open(path, Access::ReadWrite).unwrap_err().kind
}

#[test]
fn what_is_not_a_store_is_refused_by_its_kind() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert_eq!(kind_of_opening(&at("absent")), FailureKind::Missing);
    assert_eq!(kind_of_opening(&at("no/folder")), FailureKind::Missing);
    assert_eq!(kind_of_opening(folder.path()), FailureKind::Directory);
    std::fs::write(at("empty"), "").unwrap();
    assert_eq!(kind_of_opening(&at("empty")), FailureKind::NotAStore);
    std::fs::write(at("text"), "工单编号,标题\n".repeat(500)).unwrap();
    assert_eq!(kind_of_opening(&at("text")), FailureKind::NotAStore);
    let (_kept, real) = some(1);
    std::os::unix::fs::symlink(&real, at("link")).unwrap();
    assert_eq!(kind_of_opening(&at("link")), FailureKind::Link);
    std::process::Command::new("mkfifo")
        .arg(at("fifo"))
        .status()
        .unwrap();
    assert_eq!(kind_of_opening(&at("fifo")), FailureKind::Special);
    let other = Connection::open(at("other")).unwrap();
    other
        .execute_batch("CREATE TABLE a (b); PRAGMA user_version = 1;")
        .unwrap();
    drop(other);
    assert_eq!(kind_of_opening(&at("other")), FailureKind::NotAStore);
    std::fs::write(at("there"), "x").unwrap();
    let again = Store::create(&at("there"), &founder(), NOW, false).unwrap_err();
    assert_eq!(again.kind, FailureKind::AlreadyThere);
    assert_eq!(std::fs::read(at("there")).unwrap(), b"x");
}

#[test]
fn a_newer_file_is_refused_even_while_open() {
    let (_folder, path) = some(1);
    let open = Store::open(&path, Access::ReadWrite).unwrap();
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch("PRAGMA user_version = 99").unwrap();
    let is_newer = |kind: &FailureKind| matches!(kind, FailureKind::Newer { found: 99, .. });
    assert!(is_newer(&kind_of_opening(&path)));
    let refused = open.write(|tx| tx.set_setting("a", "b")).unwrap_err();
    assert!(is_newer(&refused.kind));
    assert_eq!(open.setting("a").unwrap(), None);
}

#[test]
fn only_the_owner_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, _path, store) = fresh();
    store.write(|tx| tx.set_setting("a", "b")).unwrap();
    let mut seen = 0;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(
            file.metadata().unwrap().permissions().mode() & 0o777,
            0o600,
            "{:?}",
            file.path()
        );
        seen += 1;
    }
    assert_eq!(
        seen, 3,
        "the file, its WAL and its shared memory, and nothing left of the making"
    );
}

#[test]
fn a_truncated_file_is_damaged() {
    let (_folder, path) = some(50);
    let length = std::fs::metadata(&path).unwrap().len();
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(length / 2).unwrap();
    assert_eq!(kind_of_opening(&path), FailureKind::Damaged);
}

#[test]
fn flipped_bits_never_panic_and_are_mostly_noticed() {
    let (folder, path) = some(80);
    let whole = std::fs::read(&path).unwrap();
    let flipped = folder.path().join("flipped.db");
    let (mut noticed, mut tried) = (0, 0);
    for at in (0..whole.len()).step_by(whole.len() / 60) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        std::fs::write(&flipped, &bytes).unwrap();
        tried += 1;
        noticed += u32::from(
            !Store::open(&flipped, Access::ReadOnly)
                .and_then(|store| store.verify(|_, _| ()))
                .is_ok_and(|report| report.ok),
        );
        std::fs::remove_file(&flipped).unwrap();
    }
    println!("{noticed} of {tried} flips noticed (the others hit unused bytes)");
    assert!(noticed * 3 > tried, "{noticed} of {tried}");
}

/// A raw connection that has the guards dropped, as an attacker would.
fn unguarded(path: &Path) -> Connection {
    let raw = Connection::open(path).unwrap();
    for trigger in [
        "event_never_changes",
        "event_never_goes",
        "event_follows",
        "ticket_never_goes",
        "ticket_keeps_its_number",
    ] {
        raw.execute_batch(&format!(
            "DROP TRIGGER {trigger}; PRAGMA foreign_keys = OFF;"
        ))
        .unwrap();
    }
    raw
}

/// A place in a store of `some` tickets, each with its registration and its dispatch: a ticket, and the entry of its dispatch.
#[derive(Clone, Copy)]
struct Place {
    id: i64,
    seq: i64,
}

/// What is done to the place, and whether a problem names just that.
type Tampering = (&'static str, fn(&Problem, Place) -> bool);

/// `ID` stands for the ticket, `SEQ` for its entry.
const TAMPERINGS: [Tampering; 15] = [
    ("UPDATE ticket SET lead = 'jtj' WHERE id = ID", |p, _| {
        matches!(p, Problem::Row { column: "lead", .. })
    }),
    (
        "UPDATE ticket SET facts = replace(facts, 'cgj', 'jtj') WHERE id = ID",
        |p, _| {
            matches!(
                p,
                Problem::Row {
                    column: "facts",
                    ..
                }
            )
        },
    ),
    ("UPDATE ticket SET due_at = 5 WHERE id = ID", |p, _| {
        matches!(
            p,
            Problem::Row {
                column: "due_at",
                ..
            }
        )
    }),
    ("UPDATE ticket SET title = 'x' WHERE id = ID", |p, _| {
        matches!(p, Problem::Texts { .. })
    }),
    (
        "UPDATE ticket_text SET phone = '1' WHERE ticket_id = ID",
        |p, _| matches!(p, Problem::Texts { .. }),
    ),
    ("DELETE FROM ticket_text WHERE ticket_id = ID", |p, _| {
        matches!(p, Problem::Texts { .. })
    }),
    (
        "UPDATE event SET at = at + 1 WHERE seq = SEQ",
        |p, place| matches!(p, Problem::Content { seq } if *seq == place.seq),
    ),
    (
        "UPDATE event SET data = replace(data, 'cgj', 'jtj') WHERE seq = SEQ",
        |p, place| matches!(p, Problem::State { seq } | Problem::Content { seq } if *seq == place.seq),
    ),
    (
        "DELETE FROM event WHERE seq = SEQ",
        |p, place| matches!(p, Problem::Gap { seq } if *seq == place.seq + 1),
    ),
    (
        "UPDATE event SET hash = zeroblob(32) WHERE seq = SEQ",
        |p, place| matches!(p, Problem::Chain { seq } if *seq == place.seq + 1),
    ),
    (
        "UPDATE tally SET n = n + 1 WHERE what = 'open' AND scope = ''",
        |p, _| matches!(p, Problem::Count { .. }),
    ),
    (
        "DELETE FROM ticket_department WHERE ticket_id = ID",
        |p, _| matches!(p, Problem::Departments { .. }),
    ),
    ("UPDATE number_sequence SET last = last - 1", |p, _| {
        matches!(p, Problem::Number { .. })
    }),
    ("UPDATE operator SET roles = '[]'", |p, _| {
        matches!(p, Problem::Operator { .. })
    }),
    (
        "INSERT INTO search_open(search_open) VALUES ('delete-all')",
        |p, _| matches!(p, Problem::Search { .. }),
    ),
];

/// `[QUALITY: kinds of tampering × random places]`
#[test]
fn verify_names_every_kind_of_tampering() {
    let mut dice = Dice(23);
    let (_folder, path) = some(40);
    let verified = |path: &Path| {
        let store = Store::open(path, Access::ReadOnly).unwrap();
        store.verify(|_, _| ()).unwrap()
    };
    assert!(verified(&path).ok);
    let sound = std::fs::read(&path).unwrap();
    let entries = Connection::open(&path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (sql, expect) in TAMPERINGS {
        for _ in 0..times(3, 200) {
            let id = 1 + dice.below(39) as i64;
            let last = "SELECT max(seq) FROM event WHERE ticket_id = ?";
            let seq = entries.query_row(last, [id], |row| row.get(0)).unwrap();
            let place = Place { id, seq };
            let copy = folder.path().join("copy.db");
            std::fs::write(&copy, &sound).unwrap();
            let sql = sql
                .replace("SEQ", &seq.to_string())
                .replace("ID", &place.id.to_string());
            unguarded(&copy).execute_batch(&sql).unwrap();
            let report = verified(&copy);
            assert!(!report.ok, "{sql}");
            assert!(
                report.problems.iter().any(|p| expect(p, place)),
                "{sql}: {:?}",
                report.problems
            );
        }
    }
}

#[test]
fn the_triggers_refuse_every_change_of_the_past() {
    let (_folder, path) = some(2);
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch("PRAGMA recursive_triggers = ON").unwrap();
    for sql in [
        "UPDATE event SET by = 'x'",
        "DELETE FROM event WHERE seq = 2",
        "REPLACE INTO event SELECT * FROM event WHERE seq = 2",
        "INSERT INTO event SELECT seq + 100, ticket_id, at, by, kind, data, warn_at, due_at, stage_due_at, commitment, state_hash, alg, prev, hash FROM event WHERE seq = 2",
        "DELETE FROM ticket",
        "UPDATE ticket SET no = 'x' WHERE id = 1",
    ] {
        assert!(raw.execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn two_desks_one_ticket_one_winner_the_other_told() {
    let (_folder, path) = some(1);
    let (a, b) = (
        Store::open(&path, Access::ReadWrite).unwrap(),
        Store::open(&path, Access::ReadWrite).unwrap(),
    );
    let seen = b.data_version().unwrap();
    let no = "20171126-0001";
    let (mut by_a, mut by_b) = (a.load(no).unwrap().unwrap(), b.load(no).unwrap().unwrap());
    let event = Event::Signed {
        automatic: false,
        due: None,
        since: None,
    };
    by_a.ticket.apply(&event, NOW, "li");
    by_b.ticket.apply(&event, NOW, "wang");
    a.write(|tx| tx.append(&by_a.ticket, by_a.marks, &event, NOW, "li"))
        .unwrap();
    let refused = b
        .write(|tx| tx.append(&by_b.ticket, by_b.marks, &event, NOW, "wang"))
        .unwrap_err();
    let conflict = refused.conflict().unwrap();
    assert_eq!(
        (conflict.by.as_str(), conflict.what.as_str(), conflict.at),
        ("li", "signed", NOW)
    );
    assert_ne!(b.data_version().unwrap(), seen);
    assert_eq!(b.load(no).unwrap().unwrap().ticket, by_a.ticket);
}

#[test]
fn writers_in_many_threads_wait_for_one_another_and_lose_nothing() {
    let (_folder, path) = some(1);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let store = Store::open(&path, Access::ReadWrite).unwrap();
                for _ in 0..15 {
                    store
                        .write(|tx| register(tx, "噪音", Marks::default()))
                        .unwrap();
                }
            });
        }
    });
    let report = Store::open(&path, Access::ReadOnly)
        .unwrap()
        .verify(|_, _| ())
        .unwrap();
    assert!(report.ok, "{:?}", report.problems);
    assert_eq!(report.tickets, 61);
}

#[test]
fn a_failed_write_leaves_nothing() {
    let (_folder, path) = some(1);
    let store = Store::open(&path, Access::ReadWrite).unwrap();
    let head = store.head().unwrap();
    let failed = store.write(|tx| -> Result<(), Failure> {
        register(tx, "半截", Marks::default())?;
        Err(Failure::new(FailureKind::Bug, "on purpose"))
    });
    assert!(failed.is_err());
    assert_eq!(store.head().unwrap(), head);
    assert!(store.load("20171126-0002").unwrap().is_none());
    assert!(store.verify(|_, _| ()).unwrap().ok);
}

#[test]
fn erased_texts_are_gone_and_the_ledger_stays_whole() {
    let (_folder, path) = some(2);
    let mut store = Store::open(&path, Access::ReadWrite).unwrap();
    let no = "20171126-0001";
    assert_ne!(store.texts(no).unwrap().unwrap(), Texts::default());
    let loaded = store.load(no).unwrap().unwrap();
    let (mut ticket, marks) = (loaded.ticket, loaded.marks);
    let event = Event::Erased {
        text: "来电要求".into(),
    };
    ticket.apply(&event, NOW, "zhang");
    store
        .write(|tx| tx.append(&ticket, marks, &event, NOW, "zhang").map(drop))
        .unwrap();
    store.leave_nothing(no).unwrap();
    assert_eq!(store.texts(no).unwrap().unwrap(), Texts::default());
    let report = store.verify(|_, _| ()).unwrap();
    assert!(report.ok, "{:?}", report.problems);
    drop(store);
    let bytes = std::fs::read(&path).unwrap();
    let needle = "路灯不亮0".as_bytes();
    assert!(
        !bytes.windows(needle.len()).any(|part| part == needle),
        "the words are still in the file"
    );
    // Words put back by another hand are found.
    let hand = Connection::open(&path).unwrap();
    hand.execute("UPDATE ticket SET title = 'x' WHERE no = ?", [no])
        .unwrap();
    let store = Store::open(&path, Access::ReadWrite).unwrap();
    assert!(!store.verify(|_, _| ()).unwrap().ok);
}

#[test]
fn a_backup_is_whole_private_and_never_written_over_a_file() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = some(5);
    let store = Store::open(&path, Access::ReadWrite).unwrap();
    let copy = folder.path().join("copy.db");
    let report = store.backup(&copy).unwrap();
    assert_eq!(report.head, store.head().unwrap().1);
    assert_eq!(
        std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        store.backup(&copy).unwrap_err().kind,
        FailureKind::AlreadyThere
    );
    let back = folder.path().join("back.db");
    Store::restore(&copy, &back).unwrap();
    let back = Store::open(&back, Access::ReadWrite).unwrap();
    assert_eq!(back.head().unwrap(), store.head().unwrap());
    back.write(|tx| register(tx, "接着用", Marks::default()))
        .unwrap();
    assert!(back.verify(|_, _| ()).unwrap().ok);
}

#[test]
fn a_remembered_value_is_as_it_was_written_or_none() {
    let (_folder, path) = some(1);
    let store = Store::open(&path, Access::ReadWrite).unwrap();
    let value: Vec<u8> = (0..200_000_u32).map(|n| (n / 7) as u8).collect();
    store
        .write(|tx| -> Result<(), Failure> {
            tx.put_blob("one", value.len(), |sink| sink.write_all(&value))?;
            tx.copy_blob("one", "two")
        })
        .unwrap();
    let read = |name: &str| {
        store.read_blob(name, |source, length| {
            let mut all = Vec::new();
            source.read_to_end(&mut all).unwrap();
            assert_eq!(all.len(), length);
            all
        })
    };
    assert_eq!(read("one").unwrap().unwrap(), value);
    assert_eq!(read("two").unwrap().unwrap(), value);
    let whole: Vec<u8> = Connection::open(&path)
        .unwrap()
        .query_row("SELECT value FROM blob WHERE name = 'one'", [], |row| {
            row.get(0)
        })
        .unwrap();
    for at in [0, 8, 65_536, value.len() - 1, value.len(), whole.len() - 1] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        Connection::open(&path)
            .unwrap()
            .execute("UPDATE blob SET value = ? WHERE name = 'one'", [changed])
            .unwrap();
        assert_eq!(read("one").unwrap(), None, "{at}");
    }
}

#[test]
fn drafts_wait_for_their_operator() {
    let (_folder, path, store) = fresh();
    store
        .put_draft("zhang", "intake", "{\"title\":\"半", NOW)
        .unwrap();
    store
        .put_draft("zhang", "intake", "{\"title\":\"半张表\"}", NOW.plus(2))
        .unwrap();
    drop(store);
    let store = Store::open(&path, Access::ReadWrite).unwrap();
    let kept = store.draft("zhang", "intake").unwrap();
    assert_eq!(kept, Some(("{\"title\":\"半张表\"}".into(), NOW.plus(2))));
    assert_eq!(store.draft("li", "intake").unwrap(), None);
    store.drop_draft("zhang", "intake").unwrap();
    assert_eq!(store.draft("zhang", "intake").unwrap(), None);
}

#[test]
fn operators_change_in_the_ledger_only() {
    let (_folder, _path, store) = fresh();
    assert_eq!(store.owner().unwrap().as_deref(), Some("zhang"));
    let mut li = founder();
    li.code = "li".into();
    li.active = false;
    store
        .write(|tx| tx.put_operator(&li, "zhang", NOW))
        .unwrap();
    assert_eq!(store.operator("li").unwrap(), Some(li.clone()));
    assert_eq!(store.operators().unwrap(), [li, founder()]);
    assert_eq!(store.head().unwrap().0, 2);
    assert!(store.verify(|_, _| ()).unwrap().ok);
}

#[test]
fn an_ending_is_found_and_soon_whatever_the_last_numbers_say() {
    for spoilt in [
        "UPDATE number_sequence SET last = 9223372036854775807",
        "UPDATE number_sequence SET last = 1",
        "DELETE FROM number_sequence",
        "PRAGMA ignore_check_constraints = ON; UPDATE number_sequence SET last = -5",
        "UPDATE number_sequence SET day = 'x'",
        "UPDATE number_sequence SET day = '20991231'",
        "INSERT INTO number_sequence VALUES ('20991231', 5000); UPDATE number_sequence SET last = 1 WHERE last = 4",
        "DELETE FROM tally; UPDATE number_sequence SET last = 1",
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 50)
         INSERT INTO number_sequence SELECT 'g' || n, 10000000 FROM c",
    ] {
        let (_folder, path) = some(4);
        unguarded(&path).execute_batch(spoilt).unwrap();
        let store = Store::open(&path, Access::ReadOnly).unwrap();
        let begun = std::time::Instant::now();
        let found = store.find("0004").unwrap();
        assert!(
            matches!(&found, Found::One(no) if no.ends_with("-0004")),
            "{spoilt}: {found:?}"
        );
        assert!(matches!(store.find("0").unwrap(), Found::None), "{spoilt}");
        assert!(begun.elapsed().as_secs() < 5, "{spoilt}");
    }
}
