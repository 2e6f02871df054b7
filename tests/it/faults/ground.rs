//! A store with tickets and operators on it, in a folder of its own, and what the ledger of such a store says.

use super::shim::Shim;
use fenbo::config::{self, Rules};
use fenbo::domain::act::{Act, Filing, Registration};
use fenbo::domain::event::Event;
use fenbo::domain::filter::Filter;
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::operator::{Operator, Role, Roles};
use fenbo::domain::privacy::Texts;
use fenbo::domain::queue::{From, Query, Row, Sort, View};
use fenbo::domain::ticket::{LimitClass, Nature, Urgency};
use fenbo::service::performing::Order;
use fenbo::service::{Access, Centre, Failure, NotDone};
use fenbo::store::{Store, Trust};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, OnceLock};

/// The store of a ground.
pub const STORE: &str = "fenbo.db";
/// The login that made it.
pub const CHIEF: &str = "chief";
/// Tickets in it, all waiting to be dispatched.
pub const TICKETS: usize = 16;
/// Operators besides the chief, all dispatchers: `desk0`, `desk1` ….
pub const DESKS: usize = 10;
/// And when the long tests are asked for.
pub const MANY_DESKS: usize = 100;

/// Names the part a child plays; see [`super::player`].
pub const PLAY: &str = "FENBO_FAULT_PLAY";
/// The seed of a child's choices.
pub const SEED: &str = "FENBO_FAULT_SEED";

/// So many rounds at every commit, so many when the long tests are asked for.
pub fn times(short: usize, long: usize) -> usize {
    if std::env::var_os("FENBO_LONG").is_some() {
        long
    } else {
        short
    }
}

/// The moment everything happens at.
pub fn now() -> Instant {
    Zone::shanghai().parse("2026-11-23 09:00").unwrap()
}

fn rules() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    Arc::clone(RULES.get_or_init(|| Arc::new(config::rules(None).unwrap())))
}

/// Numbers that are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }

    /// One of several.
    pub fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// A folder with a store in it.
pub struct Ground {
    folder: tempfile::TempDir,
}

impl Ground {
    /// The store is made once and copied; in memory where the machine has a folder for that.
    pub fn new() -> Self {
        static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
        let ground = Self::empty();
        let bytes = BYTES.get_or_init(|| {
            let made = Self::empty();
            fill(&made.store());
            std::fs::read(made.store()).unwrap()
        });
        std::fs::write(ground.store(), bytes).unwrap();
        ground
    }

    /// A folder without a store.
    pub fn empty() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        Self {
            folder: folder.unwrap(),
        }
    }

    /// The store's file.
    pub fn store(&self) -> PathBuf {
        self.path(STORE)
    }

    /// A file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A child of this process that plays a part on the store.
    pub fn child(&self, part: &str, seed: u64) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([
                "--exact",
                "faults::player::played_by_a_child",
                "--nocapture",
            ])
            .env(PLAY, part)
            .env(SEED, seed.to_string())
            .env("FENBO_FAULT_STORE", self.store())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The same with the shim before its files.
    pub fn shimmed(&self, part: &str, shim: &Shim) -> Command {
        let mut command = self.child(part, 1);
        command.envs(shim.variables());
        command
    }

    /// Every act said to be done is in the ledger, once; the store agrees with itself.
    pub fn holds(&self, acks: &[String]) {
        let store = Store::open(&self.store(), Access::ReadWrite).unwrap();
        let report = store.verify(|_, _| ()).unwrap();
        assert!(report.ok, "{:?}", report.problems);
        assert_eq!(missing(&store, acks).unwrap(), 0, "acts were lost");
    }
}

/// Runs a child to its end, which must be a good one; what it said.
pub fn played(mut command: Command) -> String {
    let ran = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let erred = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{}\n{said}\n{erred}", ran.status);
    said
}

/// The lines of a running child that begin with a word, without it.
pub fn lines_of(child: &mut Child, word: &'static str) -> impl Iterator<Item = String> + use<> {
    let said: BufReader<ChildStdout> = BufReader::new(child.stdout.take().unwrap());
    said.lines()
        .map_while(Result::ok)
        .filter_map(move |line| line.strip_prefix(word).map(|l| l.trim().to_owned()))
}

/// How many of these acts the ledger does not have.
pub fn missing(store: &Store, acks: &[String]) -> Result<usize, Failure> {
    let mut told = BTreeSet::new();
    let mut last = 0;
    loop {
        let entries = store.entries_after(last, 1_000)?;
        let Some(end) = entries.last() else { break };
        last = end.seq;
        for entry in entries {
            if let Event::Urged { text } = entry.event {
                assert!(told.insert(text.clone()), "{text} was done twice");
            }
        }
    }
    let mut lost = 0;
    for ack in acks {
        lost += usize::from(!told.contains(ack) && store.setting(ack)?.is_none());
    }
    Ok(lost)
}

/// The store opened for one of its operators.
pub fn open(path: &Path, operator: &str) -> Result<Centre, NotDone> {
    Centre::open(path, Access::ReadWrite, rules(), CHIEF, Some(operator))
}

/// The same on a file system in user space, whose locks are vouched for.
pub fn open_vouched_for(path: &Path, operator: &str) -> Result<Centre, NotDone> {
    let store = Store::open_trusting(path, Access::ReadWrite, Trust::Any)?;
    Centre::over(store, rules(), CHIEF, Some(operator))
}

/// Every ticket, in the order of a view.
pub fn rows(centre: &Centre, view: View) -> Result<Vec<Row>, Failure> {
    let query = Query {
        view,
        filter: Filter::default(),
        sort: Sort::Oldest,
        department: None,
        now: now(),
    };
    let page = centre.page(&query, From::Start, 1_000)?;
    Ok(page.rows.into_iter().map(|(_, row)| row).collect())
}

/// Urges a ticket with a text that is found again.
pub fn urge(centre: &mut Centre, no: &str, text: &str) -> Result<(), NotDone> {
    let order = Order {
        no: no.to_owned(),
        version: None,
        act: Act::Urge {
            text: text.to_owned(),
        },
    };
    centre.perform(&order, now()).map(|_| ())
}

fn fill(path: &Path) {
    let mut centre = Centre::create(path, rules(), CHIEF, now(), true).unwrap();
    for desk in 0..times(DESKS, MANY_DESKS) {
        let operator = Operator {
            code: format!("desk{desk}"),
            name: format!("{desk}号台"),
            roles: Roles::from(vec![Role::Dispatcher]),
            department: None,
            active: true,
        };
        centre.put_operator(&operator, now()).unwrap();
    }
    for n in 0..TICKETS {
        let form = Registration {
            created_at: now().plus(-3_600),
            source: "12345".to_owned(),
            channel: "电话".to_owned(),
            external_no: None,
            nature: Some(Nature::Complaint),
            limit_class: Some(LimitClass::Complaint),
            urgency: Urgency::Normal,
            confidential: false,
            category: vec!["环保水务".to_owned()],
            street: Some("龙田".to_owned()),
            community: None,
        };
        let texts = Texts {
            title: format!("夜间噪音 {n}"),
            content: "夜间十一点后仍在响".to_owned(),
            ..Texts::default()
        };
        let no = centre.register(&form, &texts, now()).unwrap();
        let file = Order {
            no,
            version: None,
            act: Act::File(Filing {
                address_unknown: true,
                ..Filing::default()
            }),
        };
        centre.perform(&file, now()).unwrap();
    }
}
