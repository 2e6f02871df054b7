//! Damaged files: flipped bits, pages of nothing, torn ends, a torn log. Never a panic, never a wrong word in silence.

use super::ground::{CHIEF, Dice, Ground, TICKETS, now, open, rows, times, urge};
use fenbo::domain::queue::View;
use fenbo::service::{FailureKind, NotDone, custody};

/// Everything a desk does with a store, which may be damaged anywhere.
fn use_it(ground: &Ground) -> Result<bool, NotDone> {
    let mut centre = open(&ground.store(), "desk1")?;
    let all = rows(&centre, View::All)?;
    for row in all.iter().take(3) {
        centre.detail(&row.no)?;
        urge(&mut centre, &row.no, &row.no)?;
    }
    centre.counts(now())?;
    centre.sweep(now())?;
    Ok(centre.verify(|_, _| {})?.ok)
}

/// Damages a file somewhere: three of five kinds flip a bit, one empties a page, one cuts.
fn damage(file: &mut Vec<u8>, kind: usize, dice: &mut Dice) {
    let at = dice.below(file.len());
    match kind {
        0..=2 => file[at] ^= 1 << dice.below(8),
        3 => {
            let page = at / 4096 * 4096;
            file[page..page + 4096].fill(0);
        }
        _ => file.truncate(at.max(1)),
    }
}

/// `[QUALITY: salvage brings back what is readable]`
#[test]
fn whatever_is_damaged_what_can_be_read_is_saved_and_can_be_worked_with() {
    let ground = Ground::new();
    drop(open(&ground.store(), CHIEF).unwrap());
    let whole = std::fs::read(ground.store()).unwrap();
    let (broken, to) = (ground.path("broken.db"), ground.path("saved.db"));
    let (mut dice, mut saved) = (Dice(5), 0);
    let rounds = times(60, 20_000);
    for round in 0..rounds {
        let mut file = whole.clone();
        for _ in 0..=dice.below(3) {
            damage(&mut file, round % 5, &mut dice);
        }
        for name in ["saved.db", "broken.db-wal", "broken.db-shm"] {
            drop(std::fs::remove_file(ground.path(name)));
        }
        std::fs::write(&broken, &file).unwrap();
        match custody::salvage(&broken, &to, CHIEF, now(), true) {
            Ok(told) => {
                saved += usize::from(told.tickets as usize == TICKETS);
                let mut centre = open(&to, CHIEF).unwrap();
                for row in rows(&centre, View::All).unwrap() {
                    let done = urge(&mut centre, &row.no, &row.no);
                    if let Err(NotDone::Failed(failure)) = done {
                        assert_eq!(
                            failure.kind,
                            FailureKind::Damaged,
                            "round {round}: {failure:?}"
                        );
                    }
                }
                centre.sweep(now()).unwrap();
            }
            Err(failure) => {
                let first_page = file.len() < 4096 || file[..4096] != whole[..4096];
                let nothing = failure.cause.starts_with("no ticket");
                assert!(first_page || nothing, "round {round}: {failure:?}");
                let told = [FailureKind::NotAStore, FailureKind::Damaged];
                let newer = matches!(failure.kind, FailureKind::Newer { .. });
                assert!(
                    newer || told.contains(&failure.kind),
                    "round {round}: {failure:?}"
                );
                assert!(!to.exists(), "round {round}");
            }
        }
    }
    println!("all tickets came back in {saved} of {rounds} rounds");
    assert!(saved * 2 > rounds, "{saved} of {rounds}");
}

/// `[QUALITY: 200,000 flips by the long command]`
#[test]
fn whatever_is_damaged_it_is_told_and_never_a_panic() {
    let ground = Ground::new();
    let whole = std::fs::read(ground.store()).unwrap();
    // What a writer leaves that was killed: its log holds acts that are not in the file yet.
    let log = {
        let mut centre = open(&ground.store(), "desk1").unwrap();
        let no = rows(&centre, View::All).unwrap()[0].no.clone();
        urge(&mut centre, &no, "in the log").unwrap();
        std::fs::read(ground.path("fenbo.db-wal")).unwrap()
    };
    let (mut dice, mut noticed) = (Dice(3), 0);
    let rounds = times(300, 200_000);
    for round in 0..rounds {
        let (mut file, mut wal) = (whole.clone(), Vec::new());
        let kind = round % 6;
        if kind < 5 {
            damage(&mut file, kind, &mut dice);
        } else {
            wal.clone_from(&log);
            let at = dice.below(wal.len());
            if round % 2 == 0 {
                wal.truncate(at);
            } else {
                wal[at] ^= 1 << dice.below(8);
            }
        }
        for name in ["fenbo.db", "fenbo.db-wal", "fenbo.db-shm"] {
            drop(std::fs::remove_file(ground.path(name)));
        }
        std::fs::write(ground.store(), &file).unwrap();
        if !wal.is_empty() {
            std::fs::write(ground.path("fenbo.db-wal"), &wal).unwrap();
        }
        match use_it(&ground) {
            Ok(true) => {}
            Ok(false) => noticed += 1,
            Err(NotDone::Failed(failure)) => {
                assert_ne!(failure.kind, FailureKind::Bug, "round {round}: {failure:?}");
                noticed += 1;
            }
            Err(NotDone::Refused(_) | NotDone::NotFound { .. } | NotDone::Ambiguous { .. }) => {
                noticed += 1;
            }
        }
    }
    println!(
        "{noticed} of {rounds} noticed; the others hit unused bytes or a log that is rightly left out"
    );
    assert!(noticed * 3 > rounds, "{noticed} of {rounds}");
}

/// A flipped bit may leave a schema that still reads as one: this one made of `is_open IN (` a function nobody has.
#[test]
fn a_schema_that_names_what_there_is_not_is_damage() {
    let ground = Ground::new();
    let mut file = std::fs::read(ground.store()).unwrap();
    let name = b"is_open IN (";
    let places: Vec<usize> = file
        .windows(name.len())
        .enumerate()
        .filter_map(|(at, bytes)| (bytes == name).then_some(at + "is_open".len()))
        .collect();
    assert!(
        !places.is_empty(),
        "the schema has no such condition any more"
    );
    for at in places {
        file[at] = b'0';
    }
    std::fs::write(ground.store(), &file).unwrap();
    match use_it(&ground) {
        Err(NotDone::Failed(failure)) => {
            assert_eq!(failure.kind, FailureKind::Damaged, "{failure:?}");
        }
        other => panic!("{other:?}"),
    }
}

/// A flipped bit may turn a ticket's number into that of another, in its row or in an index.
#[test]
fn a_number_that_turned_into_another_s_holds_up_no_sweep() {
    let ground = Ground::new();
    let whole = std::fs::read(ground.store()).unwrap();
    let numbers: Vec<String> = {
        let centre = open(&ground.store(), "desk1").unwrap();
        let all = rows(&centre, View::All).unwrap();
        all.into_iter().map(|row| row.no).collect()
    };
    let (mine, other) = (numbers[0].as_bytes(), numbers[1].as_bytes());
    let places: Vec<usize> = whole
        .windows(mine.len())
        .enumerate()
        .filter_map(|(at, bytes)| (bytes == mine).then_some(at))
        .collect();
    let mut unread = 0;
    let nobodys = [&mine[..mine.len() - 1], b"Z"].concat();
    for (&at, number) in places
        .iter()
        .flat_map(|at| [(at, other), (at, &nobodys[..])])
    {
        let mut file = whole.clone();
        file[at..at + number.len()].copy_from_slice(number);
        for name in ["fenbo.db-wal", "fenbo.db-shm"] {
            drop(std::fs::remove_file(ground.path(name)));
        }
        std::fs::write(ground.store(), &file).unwrap();
        if let Ok(left) = unread_by_a_sweep(&ground) {
            unread += left.len();
        }
        if let Err(NotDone::Failed(failure)) = use_it(&ground) {
            assert_ne!(failure.kind, FailureKind::Bug, "at {at}: {failure:?}");
        }
    }
    assert!(
        unread > 0,
        "of {} places none is a ticket's row",
        places.len()
    );
}

/// What a sweep, which must end, could not read.
fn unread_by_a_sweep(ground: &Ground) -> Result<Vec<String>, NotDone> {
    let store = ground.store();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let swept = open(&store, "desk1").and_then(|mut centre| centre.sweep(now()));
        tell.send(swept.map(|swept| swept.unread))
    });
    let swept = told.recv_timeout(std::time::Duration::from_secs(60));
    swept.expect("the sweep does not end")
}

/// A flipped bit may leave a ticket in the index of what is due that is not in the table itself.
#[test]
fn what_stays_due_whatever_is_done_holds_up_no_sweep() {
    let ground = Ground::new();
    let raw = || rusqlite::Connection::open(ground.store()).unwrap();
    let name = "sweep_due_by_time";
    let (root, sql): (i64, String) = raw()
        .query_row(
            "SELECT rootpage, sql FROM sqlite_schema WHERE name = ?",
            [name],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let no: String = raw()
        .query_row("SELECT no FROM ticket WHERE id = 3", [], |row| row.get(0))
        .unwrap();
    raw()
        .execute_batch(&format!(
            "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = '{name}';"
        ))
        .unwrap();
    raw()
        .execute("DELETE FROM sweep_due WHERE ticket_id = 3", [])
        .unwrap();
    let hand = raw();
    hand.execute_batch("PRAGMA writable_schema = ON").unwrap();
    hand.execute(
        "INSERT INTO sqlite_schema VALUES ('index', ?, 'sweep_due', ?, ?)",
        rusqlite::params![name, root, sql],
    )
    .unwrap();
    drop(hand);
    for _ in 0..2 {
        assert_eq!(unread_by_a_sweep(&ground).unwrap(), [no.as_str()]);
    }
    let left: i64 = raw()
        .query_row(
            "SELECT count(*) FROM sweep_due NOT INDEXED WHERE at = 0",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(left, 0, "the others are put off");
}

/// What is due on every other ticket is written though the ledger of one cannot be read.
#[test]
fn an_entry_that_cannot_be_read_holds_up_no_sweep_of_the_others() {
    let ground = Ground::new();
    let raw = rusqlite::Connection::open(ground.store()).unwrap();
    let no: String = raw
        .query_row("SELECT no FROM ticket WHERE id = 3", [], |row| row.get(0))
        .unwrap();
    raw.execute_batch(
        "DROP TRIGGER event_never_changes;
         UPDATE event SET data = replace(data, 'complaint', 'c/mplaint') WHERE ticket_id = 3;",
    )
    .unwrap();
    let waiting = || -> Vec<i64> {
        raw.prepare("SELECT ticket_id FROM sweep_due WHERE at = 0 ORDER BY 1")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    };
    assert_eq!(waiting().len(), TICKETS);
    assert_eq!(unread_by_a_sweep(&ground).unwrap(), [no.as_str()]);
    assert_eq!(waiting(), [0; 0]);
    // It is not told again before it is looked at again.
    assert_eq!(unread_by_a_sweep(&ground).unwrap(), [""; 0]);
}

/// What is due is written on every ticket whose row can be read.
#[test]
fn rows_that_cannot_be_read_hold_up_no_sweep_of_the_others() {
    let ground = Ground::new();
    let mut file = std::fs::read(ground.store()).unwrap();
    let has = |page: &[u8], mark: &str| page.windows(mark.len()).any(|w| w == mark.as_bytes());
    let no = {
        let centre = open(&ground.store(), "desk1").unwrap();
        rows(&centre, View::All).unwrap()[0].no.clone()
    };
    let page = file
        .chunks(4096)
        .position(|page| page[0] == 0x0d && has(page, &no) && has(page, "\"version\""))
        .unwrap();
    file[page * 4096..][..4096].fill(0);
    for name in ["fenbo.db-wal", "fenbo.db-shm"] {
        drop(std::fs::remove_file(ground.path(name)));
    }
    std::fs::write(ground.store(), file).unwrap();
    let unread = unread_by_a_sweep(&ground).unwrap();
    assert!(!unread.is_empty() && unread.len() < TICKETS, "{unread:?}");
    assert!(unread.iter().all(|no| no.starts_with('#')), "{unread:?}");
    let due: i64 = rusqlite::Connection::open(ground.store())
        .unwrap()
        .query_row(
            "SELECT count(*) FROM sweep_due NOT INDEXED WHERE at = 0",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(due, 0);
}
