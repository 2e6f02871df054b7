//! The sweep: what becomes due is written once, at its moment, however late or often somebody looks; the ladder is
//! walked from green to referral across a holiday; nothing is lost or doubled when the sweep is cut short.
//!
//! Start at [`Desk`].

mod delivery;
mod ladder;
mod reported;
mod secured;

use crate::login;
use fenbo::config;
use fenbo::domain::act::{Act, Filing, Registration};
use fenbo::domain::event::{Event, Lapsed};
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::ladder::ground;
use fenbo::domain::letter::Recipient;
use fenbo::domain::light::Light;
use fenbo::domain::privacy::Texts;
use fenbo::domain::ticket::{LimitClass, Nature, Urgency};
use fenbo::service::delivering::NotTaken;
use fenbo::service::performing::Order;
use fenbo::service::sweeping::Swept;
use fenbo::service::{Access, Centre, Letter};
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::Arc;

fn at(text: &str) -> Instant {
    Zone::shanghai().parse(text).unwrap()
}

fn minute(at: Instant) -> String {
    Zone::shanghai().minute(at)
}

/// A centre whose founder does every act.
struct Desk {
    centre: Centre,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new(now: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rules = Arc::new(config::rules(None).unwrap());
        let path = folder.path().join("fenbo.db");
        let centre = Centre::create(&path, rules, &login(), at(now), true).unwrap();
        Self { centre, folder }
    }

    fn register(&mut self, now: &str, class: LimitClass, source: &str) -> String {
        let form = Registration {
            created_at: at(now),
            source: source.to_owned(),
            channel: "电话".to_owned(),
            external_no: None,
            nature: Some(Nature::Complaint),
            limit_class: Some(class),
            urgency: Urgency::Normal,
            confidential: false,
            category: vec!["环保水务".to_owned()],
            street: Some("龙田".to_owned()),
            community: None,
        };
        let texts = Texts {
            title: "夜间噪音".to_owned(),
            content: "夜间十一点后仍在响".to_owned(),
            ..Texts::default()
        };
        self.centre.register(&form, &texts, at(now)).unwrap()
    }

    fn act(&mut self, now: &str, no: &str, act: Act) {
        let order = Order {
            no: no.to_owned(),
            version: None,
            act,
        };
        self.centre
            .perform(&order, at(now))
            .unwrap_or_else(|why| panic!("{now} {:?}: {why:?}", order.act));
    }

    /// Filed and dispatched to a department within the hour.
    fn dispatched(&mut self, now: &str, class: LimitClass, source: &str) -> String {
        let no = self.register(now, class, source);
        let filing = Filing {
            limit_class: Some(class),
            ..Filing::default()
        };
        self.act(now, &no, Act::File(filing));
        let dispatch = Act::Dispatch {
            lead: "hbsw".to_owned(),
            assisting: Vec::new(),
            suggestion: None,
        };
        self.act(now, &no, dispatch);
        no
    }

    fn sweep(&mut self, now: &str) -> Swept {
        self.centre.sweep(at(now)).unwrap()
    }

    /// Sweeps at each of so many hours from a moment on.
    fn hourly(&mut self, from: &str, hours: i64) {
        for hour in 0..hours {
            self.centre.sweep(at(from).plus(hour * 3600)).unwrap();
        }
    }

    /// What the program wrote on a ticket: kind and due-moment, in order of the moment.
    fn moments(&self, no: &str) -> BTreeSet<(Instant, String)> {
        let ledger = self.centre.detail(no).unwrap().ledger;
        let said = ledger
            .into_iter()
            .filter(|entry| entry.by == "system")
            .map(|entry| match entry.event {
                Event::Reminded { light, due } => (due, format!("remind {}", light.code())),
                Event::SupervisionProposed { ground, due } => (due, format!("propose {ground}")),
                Event::Signed { due: Some(due), .. } => (due, "sign".to_owned()),
                Event::Resumed { due: Some(due), .. } => (due, "resume".to_owned()),
                Event::Released(Some(Lapsed { due })) => (due, "release".to_owned()),
                Event::SupervisionResulted { paper, .. } => (Instant(0), format!("failed {paper}")),
                other => (Instant(0), other.code().to_owned()),
            });
        let all: Vec<_> = said.collect();
        let set: BTreeSet<_> = all.iter().cloned().collect();
        assert_eq!(set.len(), all.len(), "doubled: {all:?}");
        set
    }

    fn said(&self, no: &str) -> Vec<String> {
        self.moments(no)
            .into_iter()
            .map(|(at, what)| format!("{} {what}", minute(at)))
            .collect()
    }

    fn verified(&self) {
        let report = self.centre.verify(|_, _| {}).unwrap();
        assert!(report.ok, "{:?}", report.problems);
    }

    /// The program on this store, with a home of its own.
    fn program(&self, now: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fenbo"));
        command
            .args(["--at", now])
            .args(words)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.folder.path())
            .env("FENBO_DB", self.centre.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program, which ends with this code: standard output and standard error.
    fn run(&self, now: &str, words: &[&str], code: i32) -> (String, String) {
        let ended = self.program(now, words).output().unwrap();
        let out = String::from_utf8(ended.stdout).unwrap();
        let err = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(code), "{out}\n{err}");
        (out, err)
    }

    fn json(&self, now: &str, words: &[&str]) -> Value {
        let (out, _) = self.run(now, &[words, &["--format", "json"]].concat(), 0);
        serde_json::from_str(&out).unwrap()
    }

    /// The receiver of letters from now on: a shell script.
    fn receiver(&self, script: &str) {
        let folder = self.folder.path().join(".config/fenbo");
        std::fs::create_dir_all(&folder).unwrap();
        let words = serde_json::json!(["sh", "-c", script]);
        std::fs::write(
            folder.join("config.toml"),
            format!("[outbox]\ncommand = {words}\n"),
        )
        .unwrap();
    }

    fn letters(&mut self, now: &str) -> Vec<Letter> {
        let mut got = Vec::new();
        self.centre
            .deliver(60, &|| at(now), &mut |letter| {
                got.push(letter.clone());
                Ok(())
            })
            .unwrap();
        got
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

#[test]
fn one_ticket_from_green_to_referral_with_every_date_across_golden_week() {
    // Complaint of Monday 2017-09-11, 15 working days with 09-30 made up and 10-01…10-08 off: the last day is 09-30,
    // a make-up Saturday.
    let mut desk = Desk::new("2017-09-11 09:00");
    let no = desk.dispatched("2017-09-11 09:00", LimitClass::Complaint, "12345");
    let detail = desk.centre.detail(&no).unwrap();
    assert_eq!(minute(detail.marks.due_at.unwrap()), "2017-10-01 00:00");
    assert_eq!(minute(detail.marks.warn_at.unwrap()), "2017-09-28 00:00");
    desk.hourly("2017-09-11 10:00", 24 * 24);
    desk.sweep("2017-10-09 00:00");
    let before_supervision = [
        // Signed by rule at 24:00 of the next working day, and unsigned for as long again.
        "2017-09-13 00:00 sign",
        "2017-09-14 00:00 propose unsigned",
        // Routine after 5 and 10 working days.
        "2017-09-19 00:00 remind green",
        "2017-09-26 00:00 remind green",
        // Yellow with three working days left, and after each of them.
        "2017-09-28 00:00 remind yellow",
        "2017-09-29 00:00 remind yellow",
        "2017-09-30 00:00 remind yellow",
        // Red at the deadline; the holiday brings no second one.
        "2017-10-01 00:00 remind red",
    ];
    assert_eq!(desk.said(&no), before_supervision);

    // The supervisor takes the proposal: three working days from 10-09.
    desk.act(
        "2017-10-09 09:00",
        &no,
        Act::Supervise {
            text: text("久拖不决"),
        },
    );
    desk.hourly("2017-10-09 10:00", 24 * 3);
    let all = desk.said(&no);
    assert_eq!(
        all[all.len() - 4..],
        [
            "2017-10-01 00:00 remind red",
            "2017-10-10 00:00 remind red",
            "2017-10-11 00:00 remind red",
            "2017-10-12 00:00 remind red",
        ]
        .map(text),
        "a running supervision is not proposed again"
    );
    desk.sweep("2017-10-13 00:00");
    let paper_1 = desk.centre.paper(&no, None).unwrap().unwrap();
    assert_eq!(minute(paper_1.due.unwrap()), "2017-10-13 00:00");
    assert!(
        desk.said(&no)
            .contains(&text("2017-10-13 00:00 propose supervision-failed")),
        "{:?}",
        desk.said(&no)
    );
    assert!(
        desk.said(&no)
            .iter()
            .any(|s| s.ends_with("failed 督〔2017〕1号"))
    );

    // 通报, then the second supervision; without result by its date, the referral is proposed.
    desk.act(
        "2017-10-13 09:00",
        &no,
        Act::Circulate {
            text: text("通报")
        },
    );
    desk.act(
        "2017-10-13 10:00",
        &no,
        Act::Supervise {
            text: text("再督办"),
        },
    );
    let second = desk.centre.paper(&no, None).unwrap().unwrap();
    assert_eq!(minute(second.due.unwrap()), "2017-10-19 00:00");
    desk.hourly("2017-10-13 11:00", 24 * 6);
    assert!(
        desk.said(&no)
            .contains(&text("2017-10-19 00:00 propose refer"))
    );
    desk.act(
        "2017-10-19 14:00",
        &no,
        Act::Refer {
            text: text("连续两次督办无结果"),
        },
    );
    let ticket = desk.centre.ticket(&no).unwrap().0;
    assert_eq!(
        (ticket.supervision_level, ticket.supervision_proposed),
        (3, false)
    );
    let referral = desk.centre.paper(&no, None).unwrap().unwrap();
    assert_eq!((referral.level, referral.failed), (3, 2));
    assert_eq!(referral.earlier.len(), 3);
    // After the referral there are reminders, and nothing more is proposed.
    desk.hourly("2017-10-19 15:00", 24 * 4);
    let late: Vec<String> = desk
        .said(&no)
        .into_iter()
        .filter(|s| s.contains("propose"))
        .collect();
    assert_eq!(late.last().unwrap(), "2017-10-19 00:00 propose refer");
    desk.verified();
}

#[test]
fn sweeping_each_hour_or_once_a_week_late_leaves_the_same_moments() {
    let mut seen = Vec::new();
    for hourly in [true, false] {
        let mut desk = Desk::new("2017-09-25 08:00");
        let nos = [
            desk.dispatched("2017-09-25 09:00", LimitClass::Enquiry, "12345"),
            desk.dispatched("2017-09-25 09:10", LimitClass::Complaint, "领导交办"),
            desk.dispatched("2017-09-25 09:20", LimitClass::Urban, "12319"),
            desk.register("2017-09-26 09:00", LimitClass::Enquiry, "来访"),
        ];
        // One is suspended over the holiday and comes back by itself.
        desk.act("2017-09-25 10:00", &nos[1], Act::Sign);
        let suspend = Act::Suspend {
            until: "2017-10-10".parse().unwrap(),
            text: text("等待配件"),
        };
        desk.act("2017-09-25 10:01", &nos[1], suspend);
        let grant = Act::Grant {
            kind: None,
            text: text("同意"),
        };
        desk.act("2017-09-25 10:02", &nos[1], grant);
        if hourly {
            desk.hourly("2017-09-25 11:00", 24 * 17 + 1);
        }
        // One is supervised by a person, in time for nothing.
        desk.act(
            "2017-10-12 11:30",
            &nos[2],
            Act::Supervise {
                text: text("超期")
            },
        );
        if hourly {
            desk.hourly("2017-10-12 12:00", 24 * 14 + 1);
        } else {
            desk.sweep("2017-10-26 12:00");
        }
        // Looking once more finds nothing.
        assert_eq!(desk.sweep("2017-10-26 12:00").written(), 0);
        desk.verified();
        let all: Vec<_> = nos.iter().map(|no| desk.moments(no)).collect();
        seen.push(all);
    }
    assert_eq!(seen[0], seen[1]);
    let of_urban = &seen[0][2];
    assert!(of_urban.iter().any(|(_, what)| what.starts_with("failed")));
    assert!(
        seen[0][1]
            .iter()
            .any(|(_, what)| *what == format!("propose {}", ground::LEADER))
    );
    assert!(seen[0][1].contains(&(at("2017-10-11"), text("resume"))));
}

#[test]
fn claims_go_stale_and_what_is_closed_is_archived_in_its_time() {
    let mut desk = Desk::new("2017-09-25 08:00");
    let claimed = desk.register("2017-09-25 09:00", LimitClass::Enquiry, "来访");
    desk.act("2017-09-25 09:01", &claimed, Act::Claim);
    let refused = desk.register("2017-09-25 09:00", LimitClass::Enquiry, "来访");
    let refuse = Act::Refuse {
        ground: text("elsewhere"),
        text: text("不在本区"),
    };
    desk.act("2017-09-25 09:05", &refused, refuse);
    desk.sweep("2017-09-25 09:30");
    assert!(desk.centre.ticket(&claimed).unwrap().0.claim.is_some());
    desk.sweep("2017-09-25 09:31");
    assert!(desk.centre.ticket(&claimed).unwrap().0.claim.is_none());
    // Five working days, with 09-30 made up: the last is 09-30.
    desk.sweep("2017-09-30 23:59");
    assert_eq!(
        desk.centre.ticket(&refused).unwrap().0.state.code(),
        "refused"
    );
    desk.sweep("2017-10-01 00:00");
    assert_eq!(
        desk.centre.ticket(&refused).unwrap().0.state.code(),
        "archived"
    );
    desk.verified();
}

#[test]
fn a_department_gets_one_digest_a_sweep_and_it_names_nobody() {
    let mut desk = Desk::new("2017-09-25 08:00");
    let nos: Vec<String> = (0..3)
        .map(|_| desk.dispatched("2017-09-25 09:00", LimitClass::Urban, "12345"))
        .collect();
    desk.register("2017-09-25 09:00", LimitClass::Urban, "12345");
    assert_eq!(desk.letters("2017-09-25 09:00"), []);
    desk.sweep("2017-10-09 10:00");
    let letters = desk.letters("2017-10-09 10:00");
    let to: Vec<Recipient> = letters.iter().map(|l| l.recipient.clone()).collect();
    assert_eq!(
        to,
        [Recipient::Desk, Recipient::Department("hbsw".to_owned())]
    );
    let lines = &serde_json::from_str::<Value>(&letters[1].body).unwrap()["tickets"];
    let told: Vec<&str> = lines
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["no"].as_str().unwrap())
        .collect();
    assert_eq!(told, nos);
    // However many reminders were due, a ticket stands there once, with its last light.
    assert_eq!(lines[0]["light"], "red");
    assert!(!letters[1].body.contains("噪音"));
    // Handed over once.
    assert_eq!(desk.letters("2017-10-09 10:01"), []);
    assert_eq!(desk.centre.mailbox().unwrap().waiting, 0);
}

#[test]
fn what_is_not_taken_is_tried_again_with_growing_pauses_and_arrives_once() {
    let mut desk = Desk::new("2017-09-25 08:00");
    desk.dispatched("2017-09-25 09:00", LimitClass::Urban, "12345");
    desk.sweep("2017-09-29 00:00");
    let begin = at("2017-09-29 00:00");
    let mut tried = Vec::new();
    let mut keys = BTreeSet::new();
    for minute in 0..600 {
        let now = begin.plus(minute * 60);
        desk.centre
            .deliver(60, &|| now, &mut |letter| {
                tried.push(minute);
                keys.insert(letter.key.clone());
                if tried.len() < 6 {
                    Err(NotTaken::Later(text("no room")))
                } else {
                    Ok(())
                }
            })
            .unwrap();
        let mailbox = desk.centre.mailbox().unwrap();
        let arrived = tried.len() == 6;
        assert_eq!(
            (mailbox.waiting, mailbox.failing),
            if arrived { (0, 0) } else { (1, 1) }
        );
    }
    assert_eq!(tried, [0, 1, 3, 7, 15, 31]);
    assert_eq!(keys.len(), 1);
}

#[test]
fn a_year_that_becomes_known_moves_the_deadline_and_says_so() {
    let mut rules = config::rules(None).unwrap();
    let known = rules.clone();
    // The notices of 2017 and before only.
    rules.calendar = fenbo::domain::later::Later::default();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fenbo.db");
    let mut desk = Desk {
        centre: Centre::create(
            &path,
            Arc::new(rules),
            &login(),
            at("2017-12-29 08:00"),
            true,
        )
        .unwrap(),
        folder,
    };
    let no = desk.register("2017-12-29 09:00", LimitClass::Enquiry, "12345");
    assert_eq!(desk.centre.ticket(&no).unwrap().1.due_at, None);
    desk.sweep("2018-01-02 09:00");
    assert_eq!(desk.centre.ticket(&no).unwrap().1.due_at, None);
    desk.centre = Centre::open(&path, Access::ReadWrite, Arc::new(known), &login(), None).unwrap();
    let swept = desk.sweep("2018-01-03 09:00");
    assert_eq!(swept.done[0].event, Event::Recalculated);
    let due = desk.centre.ticket(&no).unwrap().1.due_at.unwrap();
    assert_eq!(minute(due), "2018-01-09 00:00");
    desk.verified();
}

/// A store with so many tickets of which everything is due at once.
fn crowd(n: usize) -> Desk {
    let mut desk = Desk::new("2017-09-25 08:00");
    for _ in 0..n {
        desk.dispatched("2017-09-25 09:00", LimitClass::Urban, "12345");
    }
    desk
}

#[test]
fn a_sweep_that_fails_half_way_loses_and_doubles_nothing() {
    let mut desk = crowd(120);
    let path = desk.centre.path().to_owned();
    // The digest refuses: the reminders of that transaction must go with it.
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(
        "CREATE TRIGGER no_room BEFORE INSERT ON digest_line BEGIN SELECT RAISE(ABORT, 'no room'); END",
    )
    .unwrap();
    assert!(desk.centre.sweep(at("2017-10-09 10:00")).is_err());
    let nos: Vec<String> = (1..=120).map(|n| format!("20170925-{n:04}")).collect();
    assert!(nos.iter().all(|no| desk.moments(no).is_empty()));
    raw.execute_batch("DROP TRIGGER no_room").unwrap();
    // The ledger fails from a certain entry on: what was committed before stays, and the rest is told and put off.
    raw.execute_batch(
        "CREATE TRIGGER stop BEFORE INSERT ON event WHEN (SELECT count(*) FROM event) > 900 \
         BEGIN SELECT RAISE(ABORT, 'stop'); END",
    )
    .unwrap();
    let swept = desk.centre.sweep(at("2017-10-09 10:00")).unwrap();
    let done = nos.iter().filter(|no| !desk.moments(no).is_empty()).count();
    assert!(0 < done && done < 120, "{done}");
    assert!(!swept.unread.is_empty() && swept.unread.len() <= 120 - done);
    raw.execute_batch("DROP TRIGGER stop").unwrap();
    desk.sweep("2017-10-09 11:01");
    everything_once(&mut desk, &nos);
}

/// Every ticket has every moment once, and stands in one digest once.
fn everything_once(desk: &mut Desk, nos: &[String]) {
    let wanted = [
        "2017-09-27 00:00 sign",
        "2017-09-28 00:00 propose unsigned",
        "2017-09-28 00:00 remind yellow",
        "2017-09-29 00:00 remind red",
        "2017-09-30 00:00 remind red",
        "2017-10-01 00:00 remind red",
    ]
    .map(text);
    for no in nos {
        assert_eq!(desk.said(no), wanted, "{no}");
    }
    let letters = desk.letters("2017-10-09 12:00");
    let mut told = BTreeSet::new();
    for letter in &letters {
        let body: Value = serde_json::from_str(&letter.body).unwrap();
        for line in body["tickets"].as_array().unwrap() {
            let no = line["no"].as_str().unwrap().to_owned();
            assert!(told.insert(no.clone()), "{no} was told twice");
        }
    }
    assert_eq!(told.len(), nos.len());
    desk.verified();
}

#[test]
fn killing_the_sweep_loses_and_doubles_nothing() {
    let mut desk = crowd(400);
    let nos: Vec<String> = (1..=400).map(|n| format!("20170925-{n:04}")).collect();
    let raw = rusqlite::Connection::open(desk.centre.path()).unwrap();
    let entries = || -> i64 {
        raw.query_row("SELECT count(*) FROM event", [], |row| row.get(0))
            .unwrap()
    };
    let (begin, mut cut) = (entries(), 0);
    // Killed at once when its first transaction shows, and then somewhere in the next ones.
    for pause in [0, 3, 10, 30] {
        let before = entries();
        let mut child = desk
            .program("2017-10-09 10:00", &["sweep"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while entries() == before && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        std::thread::sleep(std::time::Duration::from_millis(pause));
        child.kill().unwrap();
        cut += usize::from(!child.wait().unwrap().success());
    }
    println!(
        "{cut} sweeps cut short, {} entries by then",
        entries() - begin
    );
    assert!(cut > 0, "no sweep was cut short");
    desk.run("2017-10-09 10:00", &["sweep"], 0);
    everything_once(&mut desk, &nos);
}

#[test]
fn the_light_of_a_reminder_is_that_of_its_moment() {
    let mut desk = Desk::new("2017-09-25 08:00");
    let no = desk.dispatched("2017-09-25 09:00", LimitClass::Enquiry, "12345");
    let swept = desk.sweep("2017-10-10 00:00");
    let ledger = desk.centre.detail(&no).unwrap().ledger;
    let lights: Vec<(String, Light)> = ledger
        .iter()
        .filter_map(|entry| match entry.event {
            Event::Reminded { light, due } => Some((minute(due), light)),
            _ => None,
        })
        .collect();
    assert_eq!(
        swept.reminders,
        [(Light::Red, 2), (Light::Yellow, 1)].into()
    );
    // Five working days from 09-25 end on 09-30, the make-up Saturday; yellow on its last one.
    assert_eq!(
        lights,
        [
            (text("2017-09-30 00:00"), Light::Yellow),
            (text("2017-10-01 00:00"), Light::Red),
            (text("2017-10-10 00:00"), Light::Red),
        ]
    );
    assert_eq!(desk.centre.ticket(&no).unwrap().0.state.code(), "handling");
}

#[test]
fn sweep_says_what_it_did_and_hands_over_what_is_taken_later() {
    let mut desk = Desk::new("2017-09-25 08:00");
    let no = desk.dispatched("2017-09-25 09:00", LimitClass::Urban, "12345");
    let told = desk.json("2017-09-28 00:00", &["sweep"]);
    let fields: Vec<&String> = told.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "at",
            "looked",
            "counts",
            "reminders",
            "done",
            "digests",
            "outbox",
            "unread",
            "left",
            "unpublished"
        ]
    );
    assert_eq!(
        told["reminders"],
        serde_json::json!({"green": 0, "yellow": 1, "red": 0})
    );
    assert_eq!(
        told["outbox"],
        serde_json::json!({"sent": 0, "failed": 0, "waiting": 1})
    );
    let signed = &told["done"][0];
    assert_eq!(signed["no"], no.as_str());
    assert_eq!(signed["event"], "signed");
    assert_eq!(signed["due"], "2017-09-27T00:00:00+08:00");
    // Nobody takes it: told in three parts, and tried again when its pause is over.
    desk.receiver("cat >/dev/null; echo full >&2; exit 9");
    let (_, err) = desk.run("2017-09-28 00:01", &["sweep"], 3);
    assert!(err.contains("full") && err.contains("下一步："), "{err}");
    let taken = desk.folder.path().join("taken");
    desk.receiver(&format!("cat >> '{0}'; echo >> '{0}'", taken.display()));
    desk.run("2017-09-28 00:01", &["sweep"], 0);
    assert!(!taken.exists());
    desk.run("2017-09-28 00:02", &["sweep"], 0);
    desk.run("2017-09-28 09:00", &["sweep"], 0);
    let letters = std::fs::read_to_string(&taken).unwrap();
    assert_eq!(letters.lines().count(), 1);
    let letter: Value = serde_json::from_str(letters.trim()).unwrap();
    let fields: Vec<&String> = letter.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "kind",
            "key",
            "attempt",
            "department",
            "name",
            "mail",
            "phone",
            "at",
            "subject",
            "text",
            "tickets"
        ]
    );
    assert_eq!(letter["department"], "hbsw");
    assert_eq!(letter["attempt"], 2);
    assert_eq!(letter["tickets"][0]["no"], no.as_str());
    assert_eq!(letter["tickets"][0]["light"], "yellow");
    let (text, _) = desk.run("2017-09-28 09:01", &["--lang", "en", "sweep"], 0);
    assert!(text.starts_with("swept: nothing has become due"), "{text}");
    // Read only, nothing is swept.
    desk.run("2017-09-29 09:00", &["--read-only", "sweep"], 3);
}

#[test]
fn the_paper_is_made_from_the_ledger_in_both_formats() {
    let mut desk = Desk::new("2017-09-25 08:00");
    let no = desk.dispatched("2017-09-25 09:00", LimitClass::Urban, "12345");
    let (_, err) = desk.run("2017-09-26 09:00", &["paper", &no], 1);
    assert!(err.contains("原因：") && err.contains("下一步："), "{err}");
    desk.sweep("2017-10-09 09:00");
    desk.act(
        "2017-10-09 09:30",
        &no,
        Act::Supervise {
            text: text("<b>久拖</b>"),
        },
    );
    let (paper, _) = desk.run("2017-10-09 10:00", &["paper", &no], 0);
    for part in [
        "# 督办通知书",
        "督〔2017〕1号",
        "**2017-10-12 24:00**",
        &no,
        "3 次（2017-09-29 00:00 至 2017-10-01 00:00）",
        "\\<b\\>久拖\\</b\\>",
        "- 无",
    ] {
        assert!(paper.contains(part), "{part}\n{paper}");
    }
    assert!(!paper.contains("噪音") && !paper.contains('{'), "{paper}");
    desk.sweep("2017-10-13 00:00");
    desk.act(
        "2017-10-13 09:30",
        &no,
        Act::Circulate {
            text: text("通报")
        },
    );
    let file = desk.folder.path().join("circular.html");
    let name = file.display().to_string();
    let words = [
        "--lang", "en", "paper", &no, "--format", "html", "-o", &name,
    ];
    desk.run("2017-10-13 10:00", &words, 0);
    let page = std::fs::read_to_string(&file).unwrap();
    assert!(
        page.contains("<h1>Circular</h1>") && page.contains("without result, nothing reported"),
        "{page}"
    );
    // Names are English where the directory has them.
    assert!(
        page.contains("Longtian") && page.contains("Environment and water"),
        "{page}"
    );
    assert!(
        page.contains("督〔2017〕2号"),
        "numbered through the year, whatever the rung"
    );
    // Never over a file that is there; an older paper by its number.
    desk.run("2017-10-13 10:00", &words, 3);
    let (first, _) = desk.run(
        "2017-10-13 10:00",
        &["paper", &no, "--number", "督〔2017〕1号"],
        0,
    );
    assert_eq!(first, paper);
}

#[test]
fn the_shift_sheet_has_what_came_and_what_turned_and_is_signed_by_both() {
    let mut desk = Desk::new("2017-09-25 08:00");
    let no = desk.dispatched("2017-09-25 09:00", LimitClass::Urban, "12345");
    let urgent = desk.dispatched("2017-09-28 07:30", LimitClass::Complaint, "12345");
    desk.act(
        "2017-09-28 07:31",
        &urgent,
        Act::SetUrgency {
            urgency: Urgency::Urgent,
        },
    );
    desk.act(
        "2017-09-28 07:32",
        &urgent,
        Act::Note {
            text: text("已电话通知"),
        },
    );
    let sheet = desk.json(
        "2017-09-28 08:00",
        &["handover", "--since", "2017-09-27 18:00"],
    );
    let fields: Vec<&String> = sheet.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "since",
            "until",
            "last",
            "received",
            "yellow",
            "red",
            "unsigned_urgent",
            "callbacks",
            "claims",
            "opens",
            "pressing",
            "can_wait",
            "notes",
            "signed"
        ]
    );
    assert_eq!(sheet["received"]["total"], 1);
    assert_eq!(sheet["yellow"]["tickets"][0]["no"], no.as_str());
    assert_eq!(sheet["red"]["total"], 0);
    assert_eq!(
        sheet["unsigned_urgent"]["tickets"][0]["no"],
        urgent.as_str()
    );
    assert_eq!(sheet["notes"][0]["text"], "已电话通知");
    let ahead = ["handover", "--since", "2017-09-28 08:01"];
    let (_, err) = desk.run("2017-09-28 08:00", &ahead, 2);
    assert!(
        err.contains("还没有到") && err.contains("下一步："),
        "{err}"
    );
    let sign = ["handover", "--sign", "--to", "lisi", "--note", "多看红灯"];
    let (_, err) = desk.run("2017-09-28 08:00", &sign, 1);
    assert!(err.contains("lisi") && err.contains("下一步："), "{err}");
    desk.run(
        "2017-09-28 08:00",
        &[
            "operator",
            "add",
            "lisi",
            "--name",
            "李四",
            "--role",
            "dispatcher",
        ],
        0,
    );
    let (signed, _) = desk.run("2017-09-28 08:00", &sign, 0);
    assert!(signed.contains("lisi"), "{signed}");
    desk.run(
        "2017-09-28 08:05",
        &["--as", "lisi", "handover", "--confirm"],
        0,
    );
    // The next sheet begins where that one was signed.
    let next = desk.json("2017-09-29 08:00", &["handover"]);
    assert_eq!(next["since"], "2017-09-28T08:00:00+08:00");
    assert_eq!(next["last"]["to"], "lisi");
    assert_eq!(next["last"]["note"], "多看红灯");
    assert_eq!(next["red"]["tickets"][0]["no"], no.as_str());
    assert_eq!(next["received"]["total"], 0);
    desk.verified();
}

#[test]
fn a_reminder_between_the_screen_and_the_key_refuses_nothing() {
    let mut desk = Desk::new("2017-09-25 08:00");
    let no = desk.dispatched("2017-09-25 09:00", LimitClass::Urban, "12345");
    desk.act("2017-09-25 10:00", &no, Act::Sign);
    let read = desk.centre.ticket(&no).unwrap().0.version;
    desk.sweep("2017-09-29 00:00");
    assert!(desk.centre.ticket(&no).unwrap().0.version > read);
    let urge = |version| Order {
        no: no.clone(),
        version: Some(version),
        act: Act::Urge {
            text: text("请尽快"),
        },
    };
    desk.centre
        .perform(&urge(read), at("2017-09-29 00:00"))
        .unwrap();
    // Another person's act in between is still told.
    let why = desk
        .centre
        .perform(&urge(read), at("2017-09-29 00:01"))
        .unwrap_err();
    assert!(format!("{why:?}").contains("Stale"), "{why:?}");
    let ahead = desk.centre.ticket(&no).unwrap().0.version + 1;
    desk.centre
        .perform(&urge(ahead), at("2017-09-29 00:02"))
        .unwrap_err();
}

/// The names that a migration makes: tables, indices, triggers, and columns as `table.column`.
fn made_by(sql: &str) -> Vec<(&'static str, String)> {
    let mut made = Vec::new();
    for line in sql.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["CREATE", "TABLE", name, ..] => made.push(("TABLE", (*name).to_owned())),
            ["CREATE", "INDEX", name, ..] | ["CREATE", "UNIQUE", "INDEX", name, ..] => {
                made.push(("INDEX", (*name).to_owned()));
            }
            ["CREATE", "TRIGGER", name, ..] => made.push(("TRIGGER", (*name).to_owned())),
            ["ALTER", "TABLE", table, "ADD", "COLUMN", column, ..] => {
                made.push(("COLUMN", format!("{table}.{column}")));
            }
            ["ALTER", "TABLE", _, "RENAME", "TO", name] => {
                made.push(("TABLE", name.trim_end_matches(';').to_owned()));
            }
            _ => {}
        }
    }
    made
}

/// Takes a store back to an earlier schema: what later migrations made is dropped, triggers first, columns last.
pub fn step_back(raw: &rusqlite::Connection, to: usize) {
    if to < 14 {
        put_open_words_back(raw);
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let made: Vec<_> = files
        .iter()
        .map(|file| made_by(&std::fs::read_to_string(file).unwrap()))
        .collect();
    let before: Vec<_> = made[..to].concat();
    let later: Vec<_> = made[to..]
        .concat()
        .into_iter()
        .filter(|name| !before.contains(name))
        .collect();
    for kind in ["TRIGGER", "INDEX", "TABLE", "COLUMN"] {
        for (_, name) in later.iter().filter(|(k, _)| *k == kind) {
            let sql = match name.split_once('.') {
                Some((table, column)) => format!("ALTER TABLE {table} DROP COLUMN {column}"),
                None => format!("DROP {kind} IF EXISTS {name}"),
            };
            raw.execute_batch(&sql).unwrap();
        }
    }
    raw.pragma_update(None, "user_version", i64::try_from(to).unwrap())
        .unwrap();
}

/// Before schema 14 the words of open tickets stood in the index of all tickets too.
fn put_open_words_back(raw: &rusqlite::Connection) {
    // How often a word stands in a text is not told, and matters only in that not too few are counted.
    raw.execute_batch(
        "ALTER TABLE search_ended RENAME TO search_all;
         CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search_open, instance);
         INSERT INTO search_all (rowid, grams)
           SELECT doc, group_concat(term || ' ' || term || ' ' || term || ' ' || term, ' ')
           FROM temp.words GROUP BY doc;
         DROP TABLE temp.words;",
    )
    .unwrap();
}

#[test]
fn a_store_of_the_first_schema_is_brought_up_and_swept() {
    let mut desk = Desk::new("2017-09-25 08:00");
    let no = desk.dispatched("2017-09-25 09:00", LimitClass::Urban, "12345");
    let path = desk.centre.path().to_owned();
    let raw = rusqlite::Connection::open(&path).unwrap();
    step_back(&raw, 1);
    let rules = desk.centre.shared_rules();
    desk.centre = Centre::open(&path, Access::ReadWrite, rules, &login(), None).unwrap();
    // What the migrations wrote has gone home.
    let mut beside = path.into_os_string();
    beside.push("-wal");
    assert_eq!(std::fs::metadata(beside).unwrap().len(), 0);
    desk.sweep("2017-09-29 00:00");
    assert_eq!(desk.said(&no).len(), 4);
    desk.verified();
    // Its words have moved into the index of what is open, and move on when it ends.
    let standing = |table: &str| -> i64 {
        raw.query_row(
            &format!("SELECT count(*) FROM {table} ('{}')", &no[..8]),
            [],
            |row| row.get(0),
        )
        .unwrap()
    };
    assert_eq!((standing("search_open"), standing("search_ended")), (1, 0));
}
