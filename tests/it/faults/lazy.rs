//! Power cuts on LazyFS, a file system that keeps to itself what was written until it is synced: at a cut whatever the
//! program has not synced is gone, with no shim between.
//!
//! `FENBO_LAZYFS` names the program lazyfs; without it these tests say that they skip. It is mounted in a namespace of its
//! own, which ends with the test, whatever ends that. Start at [`cuts`].

use super::ground::{Dice, Ground, STORE, lines_of, missing, times};
use super::kill::{any_seed, killed_after};
use fenbo::store::{Access, Store, Trust};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Names the program lazyfs.
const LAZYFS: &str = "FENBO_LAZYFS";
/// Cuts on one store; a longer ledger only takes longer to look through.
const ROUND: usize = 50;
/// One cut in so many is not at a moment but at a call: the disk itself dies there.
const DEATHS: usize = 4;
/// Acts of a writer by which every disk has died that was told to: its store has been brought home several times.
const ENOUGH: usize = 5_000;
/// How long a disk may take to be there.
const PATIENCE: Duration = Duration::from_secs(20);

/// A disk with a store on it; whoever mounts it is alone with it in a namespace.
struct Disk {
    ground: Ground,
    lazyfs: Child,
    orders: std::fs::File,
    answers: BufReader<std::fs::File>,
}

impl Disk {
    fn new() -> Self {
        let (ground, made) = (Ground::empty(), Ground::new());
        for folder in ["under", "disk"] {
            std::fs::create_dir(ground.path(folder)).unwrap();
        }
        std::fs::copy(made.store(), ground.path("under").join(STORE)).unwrap();
        let config = format!(
            "[faults]\nfifo_path=\"{}\"\nfifo_path_completed=\"{}\"\n[cache]\napply_eviction=false\n\
             [cache.simple]\ncustom_size=\"32mb\"\nblocks_per_page=1\n[filesystem]\nlog_all_operations=false\nlogfile=\"\"\n",
            ground.path("orders").display(),
            ground.path("answers").display(),
        );
        std::fs::write(ground.path("lazyfs.toml"), config).unwrap();
        let (lazyfs, orders, answers) = mount(&ground);
        Self {
            ground,
            lazyfs,
            orders,
            answers,
        }
    }

    fn store(&self) -> PathBuf {
        self.ground.path("disk").join(STORE)
    }

    fn child(&self, part: &str, seed: u64) -> Child {
        let mut command = self.ground.child(part, seed);
        command.env("FENBO_FAULT_STORE", self.store());
        command.spawn().unwrap()
    }

    fn order(&mut self, order: &str) {
        assert!(order.len() < 100, "lazyfs reads no longer order: {order}");
        self.orders
            .write_all(format!("{order}\n").as_bytes())
            .unwrap();
    }

    /// What was not synced is gone.
    fn cut(&mut self) {
        self.order("lazyfs::clear-cache");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, "finished::clear-cache\n");
    }

    /// The disk dies at the next call of some kind, under a writer that goes on until it cannot; then it is mounted anew.
    fn dies_under(&mut self, part: &str, dice: &mut Dice) -> Vec<String> {
        let mut child = self.child(part, any_seed(dice));
        let mut lines = lines_of(&mut child, "ack ");
        let mut acks: Vec<String> = lines.by_ref().take(1 + dice.below(6)).collect();
        let order = match dice.below(8) {
            // Some sectors of a page arrive, others do not.
            0 | 1 => {
                let wal = self.ground.path("under").join(format!("{STORE}-wal"));
                let arrived = ["1", "2,3", "1,3,8", "5,6,7"][dice.below(4)];
                format!(
                    "lazyfs::torn-op::file={}::parts=8::persist={arrived}",
                    wal.display()
                )
            }
            n => {
                let timing = ["before", "after"][dice.below(2)];
                let call = ["write", "fsync"][dice.below(2)];
                // The file itself is written when the acts are brought home from the log, after some hundred of them.
                let file = if n == 2 { "fenbo.db$" } else { "fenbo.db-wal" };
                format!("lazyfs::crash::timing={timing}::op={call}::from_rgx={file}")
            }
        };
        self.order(&order);
        acks.extend(lines.take(ENOUGH));
        assert!(acks.len() < ENOUGH, "the disk does not die: {order}");
        child.wait().unwrap();
        let died = self.lazyfs.wait().unwrap();
        assert!(!died.success(), "the disk did not die, it ended: {order}");
        assert!(unmount(&self.ground), "a dead disk is taken down");
        (self.lazyfs, self.orders, self.answers) = mount(&self.ground);
        acks
    }

    /// How many acts are lost, or what is wrong with the store.
    fn look(&self, acks: &[String]) -> Result<usize, String> {
        let store = Store::open_trusting(&self.store(), Access::ReadWrite, Trust::Any)
            .map_err(|f| f.to_string())?;
        let report = store.verify(|_, _| ()).map_err(|f| f.to_string())?;
        if let Some(problem) = report.problems.first() {
            return Err(format!("{problem:?}"));
        }
        missing(&store, acks).map_err(|f| f.to_string())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(self.lazyfs.kill());
        drop(self.lazyfs.wait());
        unmount(&self.ground);
    }
}

fn mount(ground: &Ground) -> (Child, std::fs::File, BufReader<std::fs::File>) {
    let mut lazyfs = Command::new(std::env::var_os(LAZYFS).unwrap())
        .arg(ground.path("disk"))
        .arg("--config-path")
        .arg(ground.path("lazyfs.toml"))
        .args(["-o", "modules=subdir", "-o"])
        .arg(format!("subdir={}", ground.path("under").display()))
        .arg("-f")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (since, outside) = (Instant::now(), ground.folder().metadata().unwrap().dev());
    while ground.path("disk").metadata().unwrap().dev() == outside {
        let ended = lazyfs.try_wait().unwrap();
        assert!(ended.is_none(), "lazyfs does not mount here: {ended:?}");
        assert!(since.elapsed() < PATIENCE, "lazyfs does not mount here");
        std::thread::yield_now();
    }
    let orders = std::fs::File::options()
        .write(true)
        .open(ground.path("orders"));
    let answers = std::fs::File::open(ground.path("answers"));
    (lazyfs, orders.unwrap(), BufReader::new(answers.unwrap()))
}

fn unmount(ground: &Ground) -> bool {
    let ran = Command::new("umount")
        .arg("--lazy")
        .arg(ground.path("disk"))
        .status();
    ran.is_ok_and(|status| status.success())
}

/// What was found after the cuts.
#[derive(Debug, Default)]
struct Found {
    cuts: usize,
    deaths: usize,
    acknowledged: usize,
    lost: usize,
    corrupt: usize,
    first: Option<String>,
}

/// The power is cut so many times under one or two children that play a part; after each the store is opened and looked at.
fn cuts(part: &str, wanted: usize) -> Found {
    ends_with_its_parent();
    let (mut found, mut dice) = (Found::default(), Dice(wanted as u64));
    let (mut disk, mut acks) = (Disk::new(), Vec::new());
    for n in 0..wanted {
        if n % ROUND == 0 && n > 0 {
            (disk, acks) = (Disk::new(), Vec::new());
        }
        let dies = n % DEATHS == DEATHS - 1;
        let new = if dies {
            disk.dies_under(part, &mut dice)
        } else {
            let others: Vec<Child> = (0..dice.below(2))
                .map(|_| disk.child(part, any_seed(&mut dice)))
                .collect();
            let acts = [1 + dice.below(6), 150][usize::from(dice.below(40) == 0)];
            let child = disk.child(part, any_seed(&mut dice));
            let mut acks = killed_after(acts, child, &mut dice);
            for other in others {
                acks.extend(killed_after(0, other, &mut dice));
            }
            disk.cut();
            acks
        };
        assert!(!new.is_empty(), "cut {n} came before the first act");
        found.cuts += 1;
        found.deaths += usize::from(dies);
        found.acknowledged += new.len();
        acks.extend(new);
        let looked = disk.look(&acks);
        if let Err(why) = &looked {
            found.corrupt += 1;
            found.first.get_or_insert(format!("cut {n}: {why}"));
        }
        found.lost += looked.as_ref().copied().unwrap_or_default();
        if !matches!(looked, Ok(0)) {
            (disk, acks) = (Disk::new(), Vec::new());
        }
    }
    found
}

/// The program under cuts, in a child that may mount; what was found. `[QUALITY: 10,000 cuts by the long command, 0 lost]`
pub fn the_program_loses_nothing() -> String {
    let found = cuts("urge on a lazy disk", times(5, 10_000));
    assert_eq!((found.lost, found.corrupt), (0, 0), "{found:?}");
    format!("{found:?}")
}

/// The control, in a child that may mount. No disk dies at a sync that never comes.
pub fn a_hand_that_does_not_sync_loses() -> String {
    let found = cuts("write without syncing", DEATHS - 1);
    assert!(found.lost + found.corrupt >= found.cuts, "{found:?}");
    format!("{found:?}")
}

/// Nothing but a kill from outside ends the first process of a namespace, so it looks itself whether its parent is there.
fn ends_with_its_parent() {
    std::thread::spawn(|| {
        drop(std::io::stdin().read_to_end(&mut Vec::new()));
        std::process::exit(1);
    });
}

/// A child plays a part where it may mount; what it said, or nothing where there is no lazyfs.
fn in_a_room_of_its_own(part: &str) -> Option<String> {
    if std::env::var_os(LAZYFS).is_none() {
        eprintln!("skipped: FENBO_LAZYFS does not name the program lazyfs");
        return None;
    }
    let ground = Ground::empty();
    let inner = ground.child(part, 1);
    let mut child = Command::new("unshare")
        .args(["-rm", "--pid", "--fork", "--kill-child", "--mount-proc"])
        .arg(inner.get_program())
        .args(inner.get_args())
        .envs(
            inner
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let held = child.stdin.take();
    let ran = child.wait_with_output().unwrap();
    drop(held);
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let erred = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{}\n{said}\n{erred}", ran.status);
    Some(said)
}

#[test]
fn after_cuts_on_lazyfs_every_acknowledged_act_is_there() {
    if let Some(said) = in_a_room_of_its_own("cuts") {
        println!("{said}");
    }
}

/// A test of the test: what is not synced must be lost.
#[test]
fn on_lazyfs_a_hand_that_does_not_sync_is_found_out() {
    if let Some(said) = in_a_room_of_its_own("cuts without syncing") {
        println!("{said}");
    }
}
