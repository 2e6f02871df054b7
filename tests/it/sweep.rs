//! The sweep: what becomes due is written once, at its moment, however late or often somebody looks; the ladder is
//! walked from green to referral across a holiday; nothing is lost or doubled when the sweep is cut short.
//!
//! Start at [`Desk`].

use fenbo::config;
use fenbo::domain::act::{Act, Filing, Registration};
use fenbo::domain::event::Event;
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::ladder::ground;
use fenbo::domain::light::Light;
use fenbo::domain::privacy::Texts;
use fenbo::domain::ticket::{LimitClass, Nature, Urgency};
use fenbo::service::performing::Order;
use fenbo::service::sweeping::Swept;
use fenbo::service::{Access, Centre, Letter};
use std::collections::BTreeSet;
use std::path::Path;
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
        let centre = Centre::create(&path, rules, "root", at(now), true).unwrap();
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

    fn letters(&mut self, now: &str) -> Vec<Letter> {
        let mut got = Vec::new();
        self.centre
            .deliver(at(now), &mut |letter| {
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
        assert_eq!(desk.sweep("2017-10-26 12:00").done, []);
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
    let to: Vec<&str> = letters.iter().map(|l| l.department.as_str()).collect();
    assert_eq!(to, ["desk", "hbsw"]);
    let lines: serde_json::Value = serde_json::from_str(&letters[1].payload).unwrap();
    let told: Vec<&str> = lines
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["no"].as_str().unwrap())
        .collect();
    assert_eq!(told, nos);
    // However many reminders were due, a ticket stands there once, with its last light.
    assert_eq!(lines[0]["light"], "red");
    assert!(!letters[1].payload.contains("噪音"));
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
            .deliver(now, &mut |letter| {
                tried.push(minute);
                keys.insert(letter.key.clone());
                if tried.len() < 6 {
                    Err(text("no room"))
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
    rules.calendar = fenbo::domain::calendar::Calendar::default();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fenbo.db");
    let mut desk = Desk {
        centre: Centre::create(&path, Arc::new(rules), "root", at("2017-12-29 08:00"), true)
            .unwrap(),
        folder,
    };
    let no = desk.register("2017-12-29 09:00", LimitClass::Enquiry, "12345");
    assert_eq!(desk.centre.ticket(&no).unwrap().1.due_at, None);
    desk.sweep("2018-01-02 09:00");
    assert_eq!(desk.centre.ticket(&no).unwrap().1.due_at, None);
    desk.centre = Centre::open(&path, Access::ReadWrite, Arc::new(known), "root", None).unwrap();
    let swept = desk.sweep("2018-01-03 09:00");
    assert_eq!(swept.done[0].event, Event::Recalculated);
    let due = desk.centre.ticket(&no).unwrap().1.due_at.unwrap();
    assert_eq!(minute(due), "2018-01-09 00:00");
    desk.verified();
}

/// A store with so many tickets of which everything is due at once.
fn crowd(folder: &Path, n: usize) -> Desk {
    let mut desk = Desk::new("2017-09-25 08:00");
    for _ in 0..n {
        desk.dispatched("2017-09-25 09:00", LimitClass::Urban, "12345");
    }
    std::fs::copy(desk.centre.path(), folder.join("before.db")).ok();
    desk
}

#[test]
fn a_sweep_that_fails_half_way_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = crowd(folder.path(), 120);
    let path = desk.centre.path().to_owned();
    // The outbox refuses: the reminders of that transaction must go with it.
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(
        "CREATE TRIGGER no_room BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'no room'); END",
    )
    .unwrap();
    assert!(desk.centre.sweep(at("2017-10-09 10:00")).is_err());
    let nos: Vec<String> = (1..=120).map(|n| format!("20170925-{n:04}")).collect();
    assert!(nos.iter().all(|no| desk.moments(no).is_empty()));
    raw.execute_batch("DROP TRIGGER no_room").unwrap();
    // The ledger fails from a certain entry on: what was committed before stays.
    raw.execute_batch(
        "CREATE TRIGGER stop BEFORE INSERT ON event WHEN (SELECT count(*) FROM event) > 900 \
         BEGIN SELECT RAISE(ABORT, 'stop'); END",
    )
    .unwrap();
    assert!(desk.centre.sweep(at("2017-10-09 10:00")).is_err());
    let done = nos.iter().filter(|no| !desk.moments(no).is_empty()).count();
    assert!(0 < done && done < 120, "{done}");
    raw.execute_batch("DROP TRIGGER stop").unwrap();
    desk.sweep("2017-10-09 10:01");
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
        let said = desk.said(no);
        let said: Vec<String> = said.into_iter().filter(|s| !s.contains("yellow")).collect();
        let wanted: Vec<String> = wanted
            .iter()
            .filter(|s| !s.contains("yellow"))
            .cloned()
            .collect();
        assert_eq!(said, wanted, "{no}");
    }
    let letters = desk.letters("2017-10-09 12:00");
    let mut told = BTreeSet::new();
    for letter in &letters {
        let lines: serde_json::Value = serde_json::from_str(&letter.payload).unwrap();
        for line in lines.as_array().unwrap() {
            let no = line["no"].as_str().unwrap().to_owned();
            assert!(told.insert(no.clone()), "{no} was told twice");
        }
    }
    assert_eq!(told.len(), nos.len());
    desk.verified();
}

#[test]
fn killing_the_sweep_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = crowd(folder.path(), 200);
    let nos: Vec<String> = (1..=200).map(|n| format!("20170925-{n:04}")).collect();
    let path = desk.centre.path().to_owned();
    let mut cut = 0;
    for pause in [5, 20, 40, 60, 80, 100, 120, 150, 200, 300] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fenbo"))
            .args(["--at", "2017-10-09 10:00", "--as", "root", "sweep"])
            .env_clear()
            .env("HOME", desk.folder.path())
            .env("FENBO_DB", &path)
            .env("LOGNAME", "root")
            .env("USER", "root")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(pause));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        cut += usize::from(!status.success());
    }
    assert!(cut > 0, "no sweep was cut short");
    desk.sweep("2017-10-09 10:00");
    everything_once(&mut desk, &nos);
}

#[test]
fn the_light_of_a_reminder_is_that_of_its_moment() {
    let mut desk = Desk::new("2017-09-25 08:00");
    let no = desk.dispatched("2017-09-25 09:00", LimitClass::Enquiry, "12345");
    let swept = desk.sweep("2017-10-10 00:00");
    let lights: Vec<(String, Light)> = swept
        .done
        .iter()
        .filter_map(|did| match did.event {
            Event::Reminded { light, due } => Some((minute(due), light)),
            _ => None,
        })
        .collect();
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
