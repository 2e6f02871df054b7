//! The requester's side: number and code open the progress and nothing else; rating is a call-back.

use fenbo::config;
use fenbo::domain::act::{Act, CallForm, CallOutcome, Filing, Rating, Registration, ReplyForm};
use fenbo::domain::event::Event;
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::privacy::{Requester, Texts};
use fenbo::domain::progress::{Progress, Standing};
use fenbo::domain::ticket::{Nature, State, Urgency};
use fenbo::service::Centre;
use fenbo::service::performing::Order;
use fenbo::service::tracking::Tracked;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

pub fn at(text: &str) -> Instant {
    Zone::shanghai().parse(text).unwrap()
}

pub fn centre(folder: &Path) -> Centre {
    let rules = Arc::new(config::rules(None).unwrap());
    let now = at("2017-09-29 08:00");
    Centre::create(&folder.join("fenbo.db"), rules, "root", now, true).unwrap()
}

pub fn register(centre: &mut Centre, title: &str, now: Instant) -> String {
    let form = Registration {
        created_at: now,
        source: "12345".into(),
        channel: "12345".into(),
        external_no: None,
        nature: Some(Nature::Complaint),
        limit_class: None,
        urgency: Urgency::Normal,
        confidential: false,
        category: vec!["市容环卫".into()],
        street: Some("龙田街道".into()),
        community: None,
    };
    let texts = Texts {
        title: title.into(),
        content: "住在金沙路 12 号的李某说".into(),
        address: "金沙路 12 号".into(),
        requester: Requester {
            name: "王小明".into(),
            phone: "13800138000".into(),
            ..Requester::default()
        },
        raw: Vec::new(),
    };
    centre.register(&form, &texts, now).unwrap()
}

pub fn act(centre: &mut Centre, no: &str, act: Act, now: Instant) {
    let order = Order {
        no: no.to_owned(),
        version: None,
        act,
    };
    centre.perform(&order, now).unwrap();
}

/// Brings a ticket to its call-back; the answer is public, the note is not.
pub fn to_callback(centre: &mut Centre, no: &str, now: Instant) {
    to_reply(centre, no, now);
    act(centre, no, Act::Pass, now);
}

/// Brings a ticket to its reply, which is not reviewed yet.
fn to_reply(centre: &mut Centre, no: &str, now: Instant) {
    to_signed(centre, no, now);
    let reply = ReplyForm {
        contacted: true,
        solved: true,
        note: "内部经过".into(),
        answer: "路灯已修好".into(),
    };
    act(centre, no, Act::Reply(reply), now);
}

/// Brings a ticket to the department that has signed for it.
pub fn to_signed(centre: &mut Centre, no: &str, now: Instant) {
    act(
        centre,
        no,
        Act::File(Filing {
            nature: Some(Nature::Complaint),
            category: vec!["市容环卫".into()],
            address_unknown: true,
            ..Filing::default()
        }),
        now,
    );
    let lead = "hbsw".to_owned();
    act(
        centre,
        no,
        Act::Dispatch {
            lead,
            assisting: Vec::new(),
            suggestion: None,
        },
        now,
    );
    act(
        centre,
        no,
        Act::Note {
            text: "内部备注".into(),
        },
        now,
    );
    act(centre, no, Act::Sign, now);
}

fn open(tracked: Tracked<Progress>) -> Progress {
    match tracked {
        Tracked::Open(progress) => progress,
        other => panic!("{other:?}"),
    }
}

fn steps(progress: &Progress) -> Vec<&'static str> {
    progress.steps.iter().map(|(_, step)| step.code()).collect()
}

#[test]
fn the_progress_tells_the_steps_and_nothing_personal_or_internal() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let no = register(&mut centre, "路灯不亮", now);
    to_callback(&mut centre, &no, now);
    let code = centre.code_of(&no, "来电询问", false, now).unwrap().shown();
    let progress = open(centre.track(&no, &code, now).unwrap());
    assert_eq!(
        steps(&progress),
        ["received", "accepted", "assigned", "taken_on", "replied"]
    );
    assert_eq!(progress.standing, Standing::Replied);
    assert_eq!(progress.promised.unwrap().to_string(), "2017-10-02");
    assert_eq!(progress.answer.as_deref(), Some("路灯已修好"));
    let all = format!("{progress:?}");
    for secret in [
        "内部",
        "王小明",
        "13800138000",
        "金沙路",
        "root",
        "来电询问",
    ] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    // The look at the code stands in the ledger.
    let ledger = centre.detail(&no).unwrap().ledger;
    assert!(
        matches!(&ledger.last().unwrap().event, Event::Revealed { text } if text == "来电询问")
    );
    let report = centre.verify(|_, _| {}).unwrap();
    assert!(report.ok, "{:?}", report.problems);
}

#[test]
fn a_wrong_code_and_an_unknown_number_look_the_same_and_both_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let no = register(&mut centre, "路灯不亮", now);
    let other = register(&mut centre, "井盖松动", now);
    let code = centre.code_of(&no, "来电询问", false, now).unwrap().shown();
    for number in [no.as_str(), "20170929-9999", "nonsense"] {
        for _ in 0..20 {
            let tracked = centre.track(number, "0000-0000", now).unwrap();
            assert_eq!(tracked, Tracked::Unknown, "{number}");
        }
        let tracked = centre.track(number, "0000-0000", now).unwrap();
        assert_eq!(tracked, Tracked::TooMany(now.plus(3600)), "{number}");
    }
    // The right code is not looked at either, until the hour is over; another ticket is not touched.
    assert_eq!(
        centre.track(&no, &code, now).unwrap(),
        Tracked::TooMany(now.plus(3600))
    );
    let own = centre
        .code_of(&other, "来电询问", false, now)
        .unwrap()
        .shown();
    assert_ne!(own, code);
    open(centre.track(&other, &own, now).unwrap());
    open(centre.track(&no, &code, now.plus(3601)).unwrap());
    // A fresh code ends the old one.
    let fresh = centre.code_of(&no, "来电询问", true, now).unwrap().shown();
    let later = now.plus(3601);
    assert_eq!(centre.track(&no, &code, later).unwrap(), Tracked::Unknown);
    open(centre.track(&no, &fresh, later).unwrap());
}

#[test]
fn a_rating_by_the_requester_is_the_call_back_and_ends_the_ticket() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let no = register(&mut centre, "路灯不亮", now);
    let code = centre.code_of(&no, "来电询问", false, now).unwrap().shown();
    let mut door = centre.for_requesters().unwrap();
    let early = door
        .rate(&no, &code, Rating::Satisfied, "", now)
        .unwrap_err();
    assert!(format!("{early:?}").contains("WrongState"), "{early:?}");
    to_callback(&mut centre, &no, now);
    assert_eq!(
        door.rate(&no, "0000-0000", Rating::Satisfied, "", now)
            .unwrap(),
        Tracked::Unknown
    );
    let after = open(
        door.rate(&no, &code, Rating::VerySatisfied, "谢谢", now)
            .unwrap(),
    );
    assert_eq!(
        (after.standing, after.rating),
        (Standing::Closed, Some(Rating::VerySatisfied))
    );
    assert!(!after.may_rate);
    let ticket = centre.ticket(&no).unwrap().0;
    assert_eq!(ticket.state, State::Closed);
    assert_eq!(ticket.calls[0].outcome, CallOutcome::SelfRated);
    assert!(
        door.rate(&no, &code, Rating::Dissatisfied, "", now)
            .is_err()
    );
    // The door opens nothing else.
    assert!(door.detail(&no).is_err());
    let order = Order {
        no: no.clone(),
        version: None,
        act: Act::Note { text: "x".into() },
    };
    assert!(door.perform(&order, now).is_err());
}

#[test]
fn an_answer_is_public_and_sent_when_its_review_has_passed_and_not_before() {
    use fenbo::service::noticing::{Noticing, Tongue};
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let how = Noticing {
        lang: Tongue::Zh,
        url: "https://pingshan.example/".into(),
    };
    centre.set_noticing(Some(&how)).unwrap();
    let no = register(&mut centre, "路灯不亮", now);
    let code = centre.code_of(&no, "来电询问", false, now).unwrap().shown();
    let told = |centre: &Centre| letters(centre).iter().filter(|l| l.0 == "replied").count();
    to_reply(&mut centre, &no, now);
    let before = open(centre.track(&no, &code, now).unwrap());
    assert_eq!(
        (before.standing, before.answer.as_deref(), told(&centre)),
        (Standing::InProgress, None, 0)
    );
    assert_eq!(steps(&before).last(), Some(&"taken_on"));
    let text = "没有说明修复时间".to_owned();
    act(&mut centre, &no, Act::Rework { text }, now);
    let sent_back = open(centre.track(&no, &code, now).unwrap());
    assert_eq!((sent_back.steps, sent_back.answer), (before.steps, None));
    let reply = ReplyForm {
        contacted: true,
        solved: true,
        note: String::new(),
        answer: "路灯今晚修好".into(),
    };
    act(&mut centre, &no, Act::Reply(reply), now);
    assert_eq!(open(centre.track(&no, &code, now).unwrap()).answer, None);
    assert!(!format!("{:?}", letters(&centre)).contains("路灯"));
    act(&mut centre, &no, Act::Pass, now);
    let after = open(centre.track(&no, &code, now).unwrap());
    assert_eq!(
        (after.standing, after.answer.as_deref(), told(&centre)),
        (Standing::Replied, Some("路灯今晚修好"), 1)
    );
    assert_eq!(steps(&after).last(), Some(&"replied"));
    let sent = format!("{:?}", letters(&centre));
    assert!(
        sent.contains("路灯今晚修好") && !sent.contains("路灯已修好"),
        "{sent}"
    );
}

/// A request of somebody with this telephone and this mail address.
fn ask_by(centre: &mut Centre, phone: &str, email: &str, now: Instant) -> String {
    let form = Registration {
        created_at: now,
        source: "政府信箱".into(),
        channel: "mail".into(),
        external_no: None,
        nature: Some(Nature::Complaint),
        limit_class: None,
        urgency: Urgency::Normal,
        confidential: false,
        category: vec!["市容环卫".into()],
        street: None,
        community: None,
    };
    let texts = Texts {
        title: "灯坏了".into(),
        requester: Requester {
            email: email.into(),
            phone: phone.into(),
            ..Requester::default()
        },
        ..Texts::default()
    };
    centre.register(&form, &texts, now).unwrap()
}

#[test]
fn who_joins_an_accepted_request_gets_number_and_code_and_one_citizen_in_many_spellings_is_one() {
    use fenbo::domain::instant::DAY;
    use fenbo::service::noticing::{Noticing, Tongue};
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let how = Noticing {
        lang: Tongue::En,
        url: "https://pingshan.example/".into(),
    };
    centre.set_noticing(Some(&how)).unwrap();
    let master = ask_by(&mut centre, "13800138000", "", now);
    let spellings = [
        "+86 138 0013 8000",
        "0086-138-0013-8000",
        "８６１３８００１３８０００",
        "138-0013-8000",
    ];
    for phone in spellings {
        let same = ask_by(&mut centre, phone, "", now);
        let into = master.clone();
        act(&mut centre, &same, Act::Merge { into }, now);
    }
    to_reply(&mut centre, &master, now);
    let kinds = |centre: &Centre| -> Vec<(String, String)> {
        let all = letters(centre).into_iter();
        all.map(|letter| (letter.0, letter.1)).collect()
    };
    let to = |kind: &str, whom: &str| (kind.to_owned(), whom.to_owned());
    let phone = "phone:13800138000";
    assert_eq!(
        kinds(&centre),
        [to("accepted", phone), to("dispatched", phone)]
    );
    // Not reviewed yet: there is no answer to tell of.
    let rates = |centre: &Centre| centre.notice_rates(now.plus(-DAY), now.plus(DAY)).unwrap();
    assert_eq!(rates(&centre).replied, (0, 0));
    // Merged before it was filed itself, into one that is.
    let late = ask_by(&mut centre, "", "Li@a.example", now);
    let into = master.clone();
    act(&mut centre, &late, Act::Merge { into }, now);
    let letter = letters(&centre).pop().unwrap();
    assert_eq!(
        (letter.0.as_str(), letter.1.as_str()),
        ("accepted", "mail:Li@a.example")
    );
    let code = centre.code_of(&late, "核对", false, now).unwrap().shown();
    assert!(
        letter.2.contains(&late) && letter.3.contains(&code),
        "{letter:?}"
    );
    // Taken apart and filed by itself, it is not accepted a second time.
    act(&mut centre, &late, Act::Unmerge, now);
    let filing = Filing {
        nature: Some(Nature::Complaint),
        category: vec!["市容环卫".into()],
        address_unknown: true,
        ..Filing::default()
    };
    act(&mut centre, &late, Act::File(filing), now);
    assert_eq!(kinds(&centre).len(), 3);
    let into = master.clone();
    act(&mut centre, &late, Act::Merge { into }, now);
    act(&mut centre, &master, Act::Pass, now);
    // Joined to one that is answered: both are told at once.
    let last = ask_by(&mut centre, "13900139000", "li@a.example", now);
    let into = master.clone();
    act(&mut centre, &last, Act::Merge { into }, now);
    let mail = "mail:li@a.example";
    assert_eq!(
        kinds(&centre)[3..],
        [
            to("replied", phone),
            to("replied", "mail:Li@a.example"),
            to("accepted", mail),
            to("replied", mail)
        ]
    );
    assert!(letters(&centre)[6].3.contains("路灯已修好"));
    let report = centre.verify(|_, _| {}).unwrap();
    assert!(report.ok, "{:?}", report.problems);
}

#[test]
fn a_requester_rates_once_in_a_call_back_however_often_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let master = register(&mut centre, "路灯不亮", now);
    let merged = register(&mut centre, "路灯还是不亮", now);
    let into = master.clone();
    act(&mut centre, &merged, Act::Merge { into }, now);
    to_callback(&mut centre, &master, now);
    let code = centre
        .code_of(&master, "来电询问", false, now)
        .unwrap()
        .shown();
    let mut door = centre.for_requesters().unwrap();
    for time in 0..300 {
        let rated = door.rate(&master, &code, Rating::Satisfied, "谢谢", now);
        assert_eq!(rated.is_ok(), time == 0, "{time}: {rated:?}");
        if let Err(why) = rated {
            assert!(format!("{why:?}").contains("AlreadyHeard"), "{why:?}");
        }
    }
    let called = |centre: &Centre| {
        let ledger = centre.detail(&master).unwrap().ledger;
        let is_call = |event: &Event| matches!(event, Event::Called(_));
        ledger.iter().filter(|e| is_call(&e.event)).count()
    };
    assert_eq!(called(&centre), 1);
    // The desk may ask again.
    let form = CallForm {
        about: None,
        outcome: CallOutcome::Reached,
        rating: Some(Rating::VerySatisfied),
        text: String::new(),
    };
    act(&mut centre, &master, Act::CallBack(form), now);
    assert_eq!(called(&centre), 2);
    assert_eq!(centre.ticket(&master).unwrap().0.state, State::Callback);
}

#[test]
fn a_dissatisfied_requester_means_a_redo_and_a_merged_one_rates_for_himself() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let master = register(&mut centre, "路灯不亮", now);
    let merged = register(&mut centre, "路灯还是不亮", now);
    act(
        &mut centre,
        &merged,
        Act::Merge {
            into: master.clone(),
        },
        now,
    );
    to_callback(&mut centre, &master, now.plus(60));
    let own = centre
        .code_of(&merged, "来电询问", false, now)
        .unwrap()
        .shown();
    let mut door = centre.for_requesters().unwrap();
    let seen = open(door.track(&merged, &own, now).unwrap());
    assert_eq!(
        steps(&seen),
        [
            "received", "joined", "accepted", "assigned", "taken_on", "replied"
        ]
    );
    assert!(seen.may_rate && seen.answer.is_some());
    assert!(!format!("{seen:?}").contains(&master));
    let after = open(
        door.rate(&merged, &own, Rating::Satisfied, "", now)
            .unwrap(),
    );
    assert_eq!(
        (after.rating, after.may_rate),
        (Some(Rating::Satisfied), false)
    );
    // The master's own requester is still to be heard, and is dissatisfied.
    assert_eq!(centre.ticket(&master).unwrap().0.state, State::Callback);
    let code = centre
        .code_of(&master, "来电询问", false, now)
        .unwrap()
        .shown();
    let redone = open(
        door.rate(&master, &code, Rating::Dissatisfied, "还是不亮", now)
            .unwrap(),
    );
    assert_eq!(
        (redone.standing, redone.answer),
        (Standing::InProgress, None)
    );
    assert_eq!(centre.ticket(&master).unwrap().0.redos, 1);
    let called = CallForm {
        about: None,
        outcome: CallOutcome::NoAnswer,
        rating: None,
        text: String::new(),
    };
    let order = Order {
        no: master,
        version: None,
        act: Act::CallBack(called),
    };
    assert!(centre.perform(&order, now).is_err());
}

/// The program on the store of a folder.
pub fn fenbo(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fenbo"))
        .args(words)
        .env_clear()
        .env("HOME", folder)
        .env("FENBO_DB", folder.join("fenbo.db"))
        .env("FENBO_OPERATOR", "root")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn the_command_line_shows_the_progress_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let no = register(&mut centre, "路灯不亮", now);
    to_callback(&mut centre, &no, now);
    drop(centre);
    let text = |output: &Output| String::from_utf8(output.stdout.clone()).unwrap();
    let asked = fenbo(
        folder.path(),
        &[
            "code",
            &no,
            "--text",
            "来电询问",
            "--at",
            "2017-09-29 18:00",
        ],
    );
    let code = text(&asked).trim().to_owned();
    assert_eq!(code.len(), 9, "{asked:?}");
    let track = |more: &[&str]| {
        let words = ["track", &no, "--code", &code, "--at", "2017-09-30 09:00"];
        fenbo(folder.path(), &[&words, more].concat())
    };
    let zh = text(&track(&[]));
    for wanted in [
        "已答复",
        "2017-10-02",
        "环境保护和水务局",
        "路灯已修好",
        "2017-09-29 17:10",
    ] {
        assert!(zh.contains(wanted), "{wanted}: {zh}");
    }
    let en = text(&track(&["--lang", "en"]));
    assert!(
        en.contains("given to Environmental Protection and Water Bureau"),
        "{en}"
    );
    let json: Value = serde_json::from_str(&text(&track(&["--format", "json"]))).unwrap();
    assert_eq!(json["promised"], "2017-10-02");
    assert_eq!(json["may_rate"], true);
    for (number, code) in [(no.as_str(), "ABCD-EFGH"), ("20170929-0099", code.as_str())] {
        let wrong = fenbo(
            folder.path(),
            &["track", number, "--code", code, "--at", "2017-09-30 09:00"],
        );
        assert_eq!(wrong.status.code(), Some(1));
        let said = String::from_utf8(wrong.stderr).unwrap();
        assert!(said.contains("编号与查询码不符"), "{said}");
    }
}

/// The letters that wait, as kind of notice, recipient, subject and text.
fn letters(centre: &Centre) -> Vec<(String, String, String, String)> {
    let letters = centre.waiting_letters().unwrap();
    letters
        .into_iter()
        .map(|letter| {
            let kind = letter.key.split('-').nth(1).unwrap().to_owned();
            (kind, letter.recipient.code(), letter.subject, letter.body)
        })
        .collect()
}

#[test]
fn requesters_are_told_once_each_merged_ones_too_and_it_is_counted() {
    use fenbo::domain::instant::DAY;
    use fenbo::service::noticing::{Noticing, Tongue};
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    // Until the centre wants it, nobody is told and no address leaves the ticket.
    let silent = register(&mut centre, "无人告知", now);
    to_callback(&mut centre, &silent, now);
    assert_eq!(letters(&centre), []);
    let how = Noticing {
        lang: Tongue::Zh,
        url: "https://pingshan.example/".into(),
    };
    centre.set_noticing(Some(&how)).unwrap();
    let master = register(&mut centre, "路灯不亮", now);
    let same_person = register(&mut centre, "路灯还是不亮", now);
    let other = ask_by(&mut centre, "13900139000", "li@a.example", now);
    for merged in [&same_person, &other] {
        act(
            &mut centre,
            merged,
            Act::Merge {
                into: master.clone(),
            },
            now,
        );
    }
    to_callback(&mut centre, &master, now);
    let missed = CallForm {
        about: Some(other.clone()),
        outcome: CallOutcome::NoAnswer,
        rating: None,
        text: "内部".into(),
    };
    act(&mut centre, &master, Act::CallBack(missed), now);
    let told = letters(&centre);
    let kinds: Vec<(&str, &str)> = told.iter().map(|l| (l.0.as_str(), l.1.as_str())).collect();
    let (phone, mail) = ("phone:13800138000", "mail:li@a.example");
    assert_eq!(
        kinds,
        [
            ("accepted", phone),
            ("accepted", mail),
            ("dispatched", phone),
            ("dispatched", mail),
            ("replied", phone),
            ("replied", mail),
            ("call_missed", mail),
        ]
    );
    let code = centre.code_of(&other, "核对", false, now).unwrap().shown();
    for at in [1, 3, 5, 6] {
        assert!(told[at].3.contains(&code), "{at}: {told:?}");
    }
    assert!(
        told[1].2.contains(&other) && told[1].3.contains(&code),
        "{told:?}"
    );
    assert!(
        told[2].3.contains("环境保护和水务局") && told[2].3.contains("2017-10-02"),
        "{told:?}"
    );
    assert!(told[4].3.contains("路灯已修好"), "{told:?}");
    let all = format!("{told:?}");
    assert!(!all.contains("内部") && !all.contains("王小明"), "{all}");
    // What has gone out is counted.
    let rates = |centre: &Centre| centre.notice_rates(now.plus(-DAY), now.plus(DAY)).unwrap();
    // The one who asked twice counts once, the one who was merged for himself, the one before notices as not told.
    assert_eq!(rates(&centre).accepted, (0, 3));
    let clock = || now;
    centre.deliver(60, &clock, &mut |_| Ok(())).unwrap();
    assert_eq!(
        (rates(&centre).accepted, rates(&centre).replied),
        ((2, 3), (2, 3))
    );
    assert_eq!(letters(&centre), []);
    let report = centre.verify(|_, _| {}).unwrap();
    assert!(report.ok, "{:?}", report.problems);
}

#[test]
fn who_was_called_in_vain_is_told_once_in_a_round_whichever_request_it_was_about() {
    use fenbo::service::noticing::{Noticing, Tongue};
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let master = register(&mut centre, "路灯不亮", now);
    let again = register(&mut centre, "路灯还是不亮", now);
    let into = master.clone();
    act(&mut centre, &again, Act::Merge { into }, now);
    to_callback(&mut centre, &master, now);
    let how = Noticing {
        lang: Tongue::Zh,
        url: "https://pingshan.example/".into(),
    };
    centre.set_noticing(Some(&how)).unwrap();
    let call = |about: &str, outcome, rating| {
        Act::CallBack(CallForm {
            about: Some(about.to_owned()),
            outcome,
            rating,
            text: "再打".into(),
        })
    };
    let missed = CallOutcome::NoAnswer;
    for about in [&master, &again, &master, &again] {
        act(&mut centre, &master, call(about, missed, None), now);
    }
    let count = |centre: &Centre| {
        let all = letters(centre);
        all.iter()
            .filter(|letter| letter.0 == "call_missed")
            .count()
    };
    assert_eq!(count(&centre), 1);
    // Another answer, another round.
    let no = call(&again, CallOutcome::Reached, Some(Rating::Dissatisfied));
    act(&mut centre, &master, no, now);
    let reply = ReplyForm {
        contacted: true,
        solved: true,
        note: String::new(),
        answer: "又修了一次".into(),
    };
    act(&mut centre, &master, Act::Reply(reply), now);
    act(&mut centre, &master, Act::Pass, now);
    for about in [&again, &again] {
        act(&mut centre, &master, call(about, missed, None), now);
    }
    assert_eq!(count(&centre), 2);
}

#[test]
fn one_that_was_accepted_and_then_merged_is_accepted_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let master = register(&mut centre, "路灯不亮", now);
    let own = register(&mut centre, "路灯还是不亮", now);
    let filing = Act::File(Filing {
        nature: Some(Nature::Complaint),
        category: vec!["市容环卫".into()],
        address_unknown: true,
        ..Filing::default()
    });
    act(&mut centre, &own, filing, now);
    let into = master.clone();
    act(&mut centre, &own, Act::Merge { into }, now.plus(60));
    to_callback(&mut centre, &master, now.plus(120));
    let code = centre.code_of(&own, "核对", false, now).unwrap().shown();
    let progress = open(centre.track(&own, &code, now.plus(180)).unwrap());
    let accepted = steps(&progress);
    let accepted = accepted.iter().filter(|step| **step == "accepted");
    assert_eq!(accepted.count(), 1, "{:?}", progress.steps);
}
