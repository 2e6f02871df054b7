//! Power cuts: the calls of a real life are written down, and every disk that a cut could have left is put together from
//! them: what was synced is there, of the rest any part in any order, torn at sectors. Each is opened and looked at.

use super::ground::{Dice, Ground, STORE, missing, played, times};
use super::shim::{SYNC, Shim, TRUNCATE, UNLINK, WRITE};
use fenbo::store::{Access, Store};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

const SECTOR: usize = 512;

/// A call that was written down.
enum Call {
    Write { at: usize, bytes: Vec<u8> },
    Truncate(usize),
    Unlink,
    Sync,
    Acknowledged(String),
}

/// Reads what `shim.c` wrote: kind, name, place, length, bytes.
fn trace(path: &Path) -> Vec<(String, Call)> {
    let bytes = std::fs::read(path).unwrap();
    let number = |at: usize| i64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
    let (mut calls, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let name = String::from_utf8_lossy(&bytes[at + 1..at + 65]);
        let name = name.trim_end_matches('\0').to_owned();
        let (place, length) = (number(at + 65), number(at + 73));
        let data = bytes[at + 81..at + 81 + length].to_vec();
        let call = match i64::from(bytes[at]) {
            WRITE if name == "acks" => Call::Acknowledged(String::from_utf8(data).unwrap()),
            WRITE => Call::Write {
                at: place,
                bytes: data,
            },
            TRUNCATE => Call::Truncate(place),
            UNLINK => Call::Unlink,
            SYNC => Call::Sync,
            other => panic!("a call of kind {other}"),
        };
        calls.push((name, call));
        at += 81 + length;
    }
    calls
}

/// A disk: files by name, and for each the calls since its last sync.
#[derive(Clone)]
struct Disk<'a> {
    files: BTreeMap<&'a str, Vec<u8>>,
    pending: BTreeMap<&'a str, Vec<&'a Call>>,
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

impl<'a> Disk<'a> {
    fn takes(&mut self, name: &'a str, call: &Call) {
        match call {
            Call::Write { at, bytes } => put(self.files.entry(name).or_default(), *at, bytes),
            Call::Truncate(length) => self.files.entry(name).or_default().resize(*length, 0),
            Call::Unlink => drop(self.files.remove(name)),
            Call::Sync | Call::Acknowledged(_) => {}
        }
    }

    /// A call is made; with a disk that lies nothing ever becomes durable.
    fn call(&mut self, name: &'a str, call: &'a Call, lies: bool) {
        match call {
            Call::Sync if lies => {}
            Call::Sync => {
                for call in self.pending.remove(name).unwrap_or_default() {
                    self.takes(name, call);
                }
            }
            Call::Acknowledged(_) => {}
            Call::Write { .. } | Call::Truncate(_) | Call::Unlink => {
                self.pending.entry(name).or_default().push(call);
            }
        }
    }

    /// What a cut may leave: nothing of what was not synced, some of it, or pieces of it in any order.
    fn cut(&self, variant: usize, dice: &mut Dice) -> Self {
        let mut left = self.clone();
        for (name, calls) in &self.pending {
            let mut calls: Vec<&Call> = match variant {
                0 => Vec::new(),
                _ => calls
                    .iter()
                    .copied()
                    .filter(|_| dice.below(2) == 0)
                    .collect(),
            };
            let shuffled = variant.is_multiple_of(2);
            if shuffled {
                for at in (1..calls.len()).rev() {
                    calls.swap(at, dice.below(at + 1));
                }
            }
            for call in calls {
                match call {
                    Call::Write { at, bytes } if shuffled => {
                        for (sector, bytes) in bytes.chunks(SECTOR).enumerate() {
                            if dice.below(6) > 0 {
                                put(
                                    left.files.entry(name).or_default(),
                                    at + sector * SECTOR,
                                    bytes,
                                );
                            }
                        }
                    }
                    other => left.takes(name, other),
                }
            }
        }
        left
    }
}

/// What was found on the disks of one trace.
#[derive(Debug, Default)]
struct Found {
    states: usize,
    corrupt: usize,
    lost: usize,
    first: Option<String>,
}

/// Looks at `wanted` disks, spread over all moments of a trace.
fn cuts(before: &[u8], calls: &[(String, Call)], wanted: usize, lies: bool) -> Found {
    let variants = wanted.div_ceil(calls.len()).max(3);
    let every = (calls.len() * variants / wanted).max(1);
    let found = Mutex::new(Found::default());
    let hands = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for hand in 0..hands {
            let found = &found;
            scope.spawn(move || {
                let ground = Ground::empty();
                let mut disk = Disk {
                    files: BTreeMap::from([(STORE, before.to_vec())]),
                    pending: BTreeMap::new(),
                };
                let (mut acks, mut dice) = (Vec::new(), Dice(hand as u64));
                for (n, (name, call)) in calls.iter().enumerate() {
                    disk.call(name, call, lies);
                    if let Call::Acknowledged(text) = call {
                        acks.push(text.clone());
                    }
                    if n % every > 0 || (n / every) % hands != hand {
                        continue;
                    }
                    for variant in 0..variants {
                        let cut = disk.cut(variant, &mut dice);
                        let looked = look(&ground, &cut, &acks, dice.below(10) == 0);
                        let mut found = found.lock().unwrap();
                        found.states += 1;
                        match looked {
                            Ok(0) => {}
                            Ok(_) => found.lost += 1,
                            Err(why) => {
                                found.corrupt += 1;
                                found
                                    .first
                                    .get_or_insert(format!("call {n}, variant {variant}: {why}"));
                            }
                        }
                    }
                }
            });
        }
    });
    found.into_inner().unwrap()
}

/// How many acknowledged acts a disk has lost, or what is wrong with it. The ledger is replayed for one disk in ten; for
/// every one SQLite's own check must be content, and each ticket have as many entries as its row says.
fn look(ground: &Ground, disk: &Disk<'_>, acks: &[String], replay: bool) -> Result<usize, String> {
    for name in [STORE, "fenbo.db-wal", "fenbo.db-shm"] {
        drop(std::fs::remove_file(ground.path(name)));
    }
    for (name, bytes) in &disk.files {
        std::fs::write(ground.path(name), bytes).unwrap();
    }
    if replay {
        let store = Store::open(&ground.store(), Access::ReadWrite).map_err(|f| f.to_string())?;
        let report = store.verify(|_, _| ()).map_err(|f| f.to_string())?;
        if let Some(problem) = report.problems.first() {
            return Err(format!("{problem:?}"));
        }
        return missing(&store, acks).map_err(|f| f.to_string());
    }
    looked(&ground.store(), acks).map_err(|error| error.to_string())?
}

fn looked(store: &Path, acks: &[String]) -> rusqlite::Result<Result<usize, String>> {
    let raw = rusqlite::Connection::open(store)?;
    let said: String = raw.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if said != "ok" {
        return Ok(Err(said));
    }
    let halves: i64 = raw.query_row(
        "SELECT count(*) FROM ticket t WHERE version <> (SELECT count(*) FROM event e WHERE e.ticket_id = t.id)",
        [],
        |row| row.get(0),
    )?;
    if halves > 0 {
        return Ok(Err(format!("{halves} acts are there by halves")));
    }
    let mut there = raw.prepare(
        "SELECT (SELECT count(*) FROM event WHERE kind = 'urged' AND json_extract(data, '$.data.text') = ?1) \
         + (SELECT count(*) FROM setting WHERE name = ?1)",
    )?;
    let mut lost = 0;
    for ack in acks {
        let n: i64 = there.query_row([ack], |row| row.get(0))?;
        lost += usize::from(n != 1);
    }
    Ok(Ok(lost))
}

/// A life of the program under the shim: the store before it, and its calls.
fn lived(part: &str) -> (Vec<u8>, Vec<(String, Call)>) {
    let ground = Ground::new();
    let before = std::fs::read(ground.store()).unwrap();
    let shim = Shim::on(ground.folder());
    played(ground.shimmed(part, &shim));
    let calls = trace(&ground.path("trace"));
    let acks = calls
        .iter()
        .filter(|(_, c)| matches!(c, Call::Acknowledged(_)));
    assert_eq!(acks.count(), 60);
    (before, calls)
}

/// `[QUALITY: 5,000 states at every commit, 2,000,000 by the long command; 0 corrupt, 0 lost]`
#[test]
fn after_any_power_cut_the_store_opens_with_every_acknowledged_act() {
    let (before, calls) = lived("life");
    let found = cuts(&before, &calls, times(5_000, 2_000_000), false);
    println!("{} calls, {found:?}", calls.len());
    assert!(found.states >= times(4_500, 1_900_000), "{found:?}");
    assert_eq!((found.corrupt, found.lost), (0, 0), "{found:?}");
}

/// What an import writes is acknowledged at its end, when the disk has been waited for: until then whole transactions may be
/// missing, and nothing by halves.
#[test]
fn after_a_power_cut_what_was_written_in_bulk_is_there_from_its_end_on() {
    let (before, calls) = lived("life in bulk");
    let found = cuts(&before, &calls, times(1_500, 200_000), false);
    println!("{} calls, {found:?}", calls.len());
    assert_eq!((found.corrupt, found.lost), (0, 0), "{found:?}");
    let (before, calls) = lived("life in bulk without an end");
    let careless = cuts(&before, &calls, 900, false);
    println!("without an end: {careless:?}");
    assert_eq!(careless.corrupt, 0, "{careless:?}");
    assert!(careless.lost > 0, "{careless:?}");
}

/// A test of the test: a disk that lies about its syncs, and a hand that does not sync, must be found out.
#[test]
fn a_disk_that_lies_and_a_hand_that_does_not_sync_are_found_out() {
    let (before, calls) = lived("life");
    let lying = cuts(&before, &calls, 300, true);
    let (before, calls) = lived("life without syncing");
    let careless = cuts(&before, &calls, 300, false);
    println!("a lying disk: {lying:?}\nno syncs: {careless:?}");
    for found in [lying, careless] {
        assert!(
            found.lost > 50 && found.corrupt + found.lost > 100,
            "{found:?}"
        );
    }
}
