//! The parts a child process plays on the store of a [`super::ground::Ground`]. An act is acknowledged by a line once it is done.

use super::ground::{
    Dice, PLAY, SEED, STORE, missing, now, open, open_vouched_for, rows, times, urge,
};
use super::lazy;
use super::shim::{ALL, EDQUOT, EFBIG, EIO, ENOSPC, MAP, OPEN, READ, SYNC, Shim, TRUNCATE, WRITE};
use fenbo::domain::act::Act;
use fenbo::domain::queue::View;
use fenbo::domain::refusal::Refusal;
use fenbo::domain::ticket::State;
use fenbo::service::performing::Order;
use fenbo::service::{Centre, FailureKind, NotDone};
use fenbo::store::{Access, Failure, Store};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The child's side: does nothing unless it was started by [`super::ground::Ground::child`].
#[test]
fn played_by_a_child() {
    let Ok(part) = std::env::var(PLAY) else {
        return;
    };
    let store = PathBuf::from(std::env::var_os("FENBO_FAULT_STORE").unwrap());
    let seed = std::env::var(SEED).unwrap().parse().unwrap();
    match part.as_str() {
        "urge" => urging(open(&store, &desk_of(seed)), seed),
        "urge on a lazy disk" => urging(open_vouched_for(&store, &desk_of(seed)), seed),
        "write without syncing" => writing_without_syncing(&store, seed),
        "cuts" => say(&lazy::the_program_loses_nothing()),
        "cuts without syncing" => say(&lazy::a_hand_that_does_not_sync_loses()),
        "desk" => at_a_desk(&store, seed),
        "hold" => holding(&store),
        "life" => a_traced_life(&store, seed),
        "life in bulk" => a_traced_life_in_bulk(&store, true),
        "life in bulk without an end" => a_traced_life_in_bulk(&store, false),
        "life without syncing" => a_traced_life_without_syncing(&store),
        "every call" => every_call_fails_once(&store),
        "little memory" => with_ever_less_memory(&store),
        "full" => the_disk_fills_and_empties(&store, seed),
        other => panic!("no part {other}"),
    }
}

fn desk_of(seed: u64) -> String {
    format!("desk{}", seed % 10)
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn numbers(centre: &Centre) -> Vec<String> {
    let rows = rows(centre, View::All).unwrap();
    rows.into_iter().map(|row| row.no).collect()
}

/// Urges tickets, each act acknowledged, until it is killed.
fn urging(opened: Result<Centre, NotDone>, seed: u64) {
    let mut centre = opened.unwrap();
    let numbers = numbers(&centre);
    let mut dice = Dice(seed);
    for n in 0.. {
        let text = format!("{seed}-{n}");
        urge(&mut centre, &numbers[dice.below(numbers.len())], &text).unwrap();
        say(&format!("ack {text}"));
    }
}

/// The control: writes, each acknowledged, by a hand that does not sync, until it is killed.
fn writing_without_syncing(store: &Path, seed: u64) {
    let raw = rusqlite::Connection::open(store).unwrap();
    raw.busy_timeout(Duration::from_secs(10)).unwrap();
    raw.execute_batch("PRAGMA synchronous = OFF").unwrap();
    for n in 0.. {
        let text = format!("{seed}-{n}");
        raw.execute("INSERT INTO setting (name, value) VALUES (?, '1')", [&text])
            .unwrap();
        say(&format!("ack {text}"));
    }
}

/// Sends what waits and takes back what it sent, as fast as it can, until its time is over.
fn at_a_desk(store: &Path, seed: u64) {
    let mut centre = open(store, &format!("desk{seed}")).unwrap();
    let mut dice = Dice(seed);
    let (start, mut stale) = (Instant::now(), 0);
    let span = Duration::from_secs(
        std::env::var("FENBO_FAULT_SECONDS")
            .unwrap()
            .parse()
            .unwrap(),
    );
    let pause: usize = std::env::var("FENBO_FAULT_PAUSE").map_or(0, |ms| ms.parse().unwrap());
    say("ready");
    let mut mine: Vec<String> = Vec::new();
    while start.elapsed() < span {
        if pause > 0 {
            std::thread::sleep(Duration::from_millis(
                (pause / 2 + dice.below(pause)) as u64,
            ));
        }
        let waiting = rows(&centre, View::Desk).unwrap();
        let order = if waiting.is_empty() || !mine.is_empty() {
            let Some(no) = mine.pop() else { continue };
            Order {
                version: Some(centre.ticket(&no).unwrap().0.version),
                act: Act::Recall,
                no,
            }
        } else {
            let row = &waiting[dice.below(waiting.len())];
            Order {
                no: row.no.clone(),
                version: Some(row.version),
                act: Act::Dispatch {
                    lead: "hbsw".to_owned(),
                    assisting: Vec::new(),
                    suggestion: None,
                },
            }
        };
        let asked = Instant::now();
        match centre.perform(&order, now()) {
            Ok(done) => {
                say(&format!("took {}", asked.elapsed().as_micros()));
                say(&format!("ack {} {}", done.no, done.ticket.version));
                if done.ticket.state == State::Dispatched {
                    mine.push(done.no);
                }
            }
            Err(NotDone::Refused(Refusal::Stale { .. })) => stale += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    say(&format!("stale {stale}"));
}

/// Holds the write lock until a byte comes; then writes.
fn holding(store: &Path) {
    let store = Store::open(store, Access::ReadWrite).unwrap();
    let done = store.write(|tx| -> Result<(), Failure> {
        tx.set_setting("held", "1")?;
        say("holding");
        std::io::stdin().read_exact(&mut [0]).unwrap();
        Ok(())
    });
    done.unwrap();
    say("done");
}

/// Acts in several lives of the program, each acknowledged in a file, while every call is written down.
fn a_traced_life(store: &Path, seed: u64) {
    let folder = store.parent().unwrap();
    let mut acks = std::fs::File::create(folder.join("acks")).unwrap();
    let mut dice = Dice(seed);
    Shim::on(folder).record();
    for life in 0..5 {
        let mut centre = open(store, "desk1").unwrap();
        let numbers = numbers(&centre);
        for n in 0..12 {
            let text = format!("{life}-{n}");
            urge(&mut centre, &numbers[dice.below(numbers.len())], &text).unwrap();
            acks.write_all(text.as_bytes()).unwrap();
        }
    }
}

/// Writes many at once as an import does, and acknowledges when all is durable; the control does not see to that.
fn a_traced_life_in_bulk(store: &Path, ends: bool) {
    let folder = store.parent().unwrap();
    let mut acks = std::fs::File::create(folder.join("acks")).unwrap();
    Shim::on(folder).record();
    for life in 0..5 {
        let store = Store::open(store, Access::ReadWrite).unwrap();
        store.set_bulk(true).unwrap();
        // Bringing the WAL home waits for the disk too.
        store.bring_home_beside(ends && life % 2 == 0).unwrap();
        let texts: Vec<String> = (0..12).map(|n| format!("{life}-{n}")).collect();
        for text in &texts {
            store
                .write_many(|tx| -> Result<(), Failure> {
                    tx.set_setting(text, "1")?;
                    // Some pages of what nobody asks for.
                    tx.set_setting(&format!("{text} more"), &"路".repeat(4_000))
                })
                .unwrap();
        }
        if ends {
            store.make_durable().unwrap();
        }
        for text in &texts {
            acks.write_all(text.as_bytes()).unwrap();
        }
        store.bring_home_beside(false).unwrap();
        store.set_bulk(false).unwrap();
    }
}

/// The control: the same by a hand that does not sync.
fn a_traced_life_without_syncing(store: &Path) {
    let folder = store.parent().unwrap();
    let mut acks = std::fs::File::create(folder.join("acks")).unwrap();
    Shim::on(folder).record();
    for life in 0..5 {
        let raw = rusqlite::Connection::open(store).unwrap();
        raw.execute_batch("PRAGMA synchronous = OFF").unwrap();
        for n in 0..12 {
            let text = format!("{life}-{n}");
            raw.execute("INSERT INTO setting (name, value) VALUES (?, '1')", [&text])
                .unwrap();
            acks.write_all(text.as_bytes()).unwrap();
        }
    }
}

/// A short life: one to three openings, each with some looks and some acts as the seed has it. What was done is in `acks`,
/// whatever came later.
fn short_life(store: &Path, seed: u64, acks: &mut Vec<String>) -> Result<(), NotDone> {
    let mut dice = Dice(seed);
    for life in 0..=1 + dice.below(2) {
        let mut centre = open(store, "desk1")?;
        let numbers: Vec<String> = rows(&centre, View::All)?
            .into_iter()
            .map(|row| row.no)
            .collect();
        for n in 0..2 + dice.below(3) {
            let no = &numbers[dice.below(numbers.len())];
            match dice.below(4) {
                0 => _ = centre.detail(no)?,
                1 => _ = rows(&centre, View::Desk)?,
                2 => _ = centre.counts(now())?,
                _ => centre.put_draft("new", &n.to_string(), now())?,
            }
            let text = format!("{life}-{n}");
            urge(&mut centre, no, &text)?;
            acks.push(text);
        }
    }
    Ok(())
}

/// A failure is one that a person can be told: never a fault of the program, never a wrong word.
fn told(why: &NotDone) {
    match why {
        NotDone::Failed(failure) => assert!(
            !matches!(failure.kind, FailureKind::Bug | FailureKind::Missing),
            "{failure:?}"
        ),
        other => panic!("{other:?}"),
    }
}

/// The n-th call of a kind fails, for every n until none fails; in several lives.
/// `[QUALITY: I/O error at the n-th call: all points, by the long command of 20 workloads]`
fn every_call_fails_once(path: &Path) {
    for seed in 1..=times(1, 20) as u64 {
        every_call_of_a_life_fails_once(path, seed);
    }
}

fn every_call_of_a_life_fails_once(path: &Path, seed: u64) {
    let folder = path.parent().unwrap();
    let (shim, whole) = (Shim::on(folder), std::fs::read(path).unwrap());
    let (mut points, mut surfaced) = (0, 0);
    let all = [
        (ALL, EIO),
        (WRITE, ENOSPC),
        (READ, EIO),
        (SYNC, EIO),
        (TRUNCATE, EIO),
        (OPEN | MAP, EIO),
    ];
    for (kinds, error) in all.into_iter().take(times(2, all.len())) {
        for persists in [false, true] {
            for n in 1.. {
                for name in [STORE, "fenbo.db-wal", "fenbo.db-shm"] {
                    drop(std::fs::remove_file(folder.join(name)));
                }
                std::fs::write(path, &whole).unwrap();
                let mut acks = Vec::new();
                shim.fail(kinds, n, persists, error);
                let done = short_life(path, seed, &mut acks);
                let fired = shim.fired();
                shim.heal();
                if fired == 0 {
                    break;
                }
                points += 1;
                if let Err(why) = &done {
                    surfaced += 1;
                    told(why);
                }
                let store = Store::open(path, Access::ReadWrite).unwrap();
                let report = store.verify(|_, _| ()).unwrap();
                let at =
                    format!("life {seed}, kinds {kinds}, call {n}, persists {persists}: {done:?}");
                assert!(report.ok, "{at}: {:?}", report.problems);
                assert_eq!(missing(&store, &acks).unwrap(), 0, "{at}");
            }
        }
    }
    // The store is as it was before any of it, for the next life.
    std::fs::write(path, &whole).unwrap();
    say(&format!(
        "life {seed}: points {points}, {surfaced} of them told"
    ));
}

/// SQLite may have ever less memory, until it can do nothing.
fn with_ever_less_memory(path: &Path) {
    let raw = rusqlite::Connection::open_in_memory().unwrap();
    let (mut failed, mut rounds) = (0, 0);
    let mut limit = 8_000_000_i64;
    while failed < 40 {
        raw.query_row(&format!("PRAGMA hard_heap_limit = {limit}"), [], |_| Ok(()))
            .unwrap();
        rounds += 1;
        let done = open(path, "desk1").and_then(|mut centre| {
            let no = rows(&centre, View::All)?[0].no.clone();
            let text = format!("{limit}");
            urge(&mut centre, &no, &text)?;
            say(&format!("ack {text}"));
            Ok(())
        });
        if let Err(why) = done {
            failed += 1;
            told(&why);
        }
        limit = limit * 97 / 100;
    }
    say(&format!(
        "rounds {rounds}, {failed} of them short of memory"
    ));
}

/// The disk fills at some write and has room again later: reads go on, writes come back by themselves.
fn the_disk_fills_and_empties(path: &Path, seed: u64) {
    let shim = Shim::on(path.parent().unwrap());
    let mut dice = Dice(seed);
    let mut centre = open(path, "desk1").unwrap();
    let numbers = numbers(&centre);
    for round in 0..6 {
        let error = [ENOSPC, EDQUOT, EFBIG][dice.below(3)];
        shim.fail(WRITE, 1 + dice.below(60) as i64, true, error);
        let mut refused = 0;
        for n in 0.. {
            let text = format!("{seed}-{round}-{n}");
            match urge(&mut centre, &numbers[dice.below(numbers.len())], &text) {
                Ok(()) => say(&format!("ack {text}")),
                Err(NotDone::Failed(Failure {
                    kind: FailureKind::Full,
                    ..
                })) => refused += 1,
                Err(other) => panic!("{other:?}"),
            }
            assert_eq!(rows(&centre, View::All).unwrap().len(), numbers.len());
            if refused == 3 {
                break;
            }
        }
        shim.heal();
        let text = format!("{seed}-{round}-again");
        urge(&mut centre, &numbers[0], &text).unwrap();
        say(&format!("ack {text}"));
    }
}
