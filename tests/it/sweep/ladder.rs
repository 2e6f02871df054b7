//! The ladder's grounds that one ticket alone does not tell, and the paper's way to its receiver.

use super::{Desk, Order, at, text};
use fenbo::domain::act::{Act, Filing, Registration};
use fenbo::domain::event::Event;
use fenbo::domain::letter::Recipient;
use fenbo::domain::privacy::Texts;
use fenbo::domain::ticket::{LimitClass, Nature, Urgency};

/// A complaint about one matter in one place.
fn complaint(desk: &mut Desk, now: &str, nature: Nature, community: &str) -> String {
    let form = Registration {
        created_at: at(now),
        source: text("12345"),
        channel: text("电话"),
        external_no: None,
        nature: Some(nature),
        limit_class: Some(LimitClass::Complaint),
        urgency: Urgency::Normal,
        confidential: false,
        category: ["环保水务", "噪音", "施工噪音"].map(text).to_vec(),
        street: Some(text("龙田")),
        community: Some(text(community)),
    };
    let texts = Texts {
        title: text("夜间施工"),
        content: text("夜间十一点后仍在施工"),
        ..Texts::default()
    };
    let no = desk.centre.register(&form, &texts, at(now)).unwrap();
    let filing = Filing {
        nature: Some(nature),
        limit_class: Some(LimitClass::Complaint),
        ..Filing::default()
    };
    desk.act(now, &no, Act::File(filing));
    let dispatch = Act::Dispatch {
        lead: text("hbsw"),
        assisting: Vec::new(),
        suggestion: None,
    };
    desk.act(now, &no, dispatch);
    no
}

fn hot(desk: &Desk, no: &str) -> Vec<String> {
    let mut said = desk.said(no);
    said.retain(|what| what.ends_with("propose hot-spot"));
    said
}

#[test]
fn the_fifth_complaint_of_a_month_in_one_place_is_proposed_and_no_other() {
    let mut seen = Vec::new();
    for daily in [true, false] {
        let mut desk = Desk::new("2017-08-30 08:00");
        // Two of the month before, enquiries, and another place do not count.
        for day in ["2017-08-30 09:00", "2017-08-31 09:00"] {
            complaint(&mut desk, day, Nature::Complaint, "南布");
        }
        let mut nos = Vec::new();
        for day in 1..=7 {
            let now = format!("2017-09-{day:02} 10:00");
            complaint(&mut desk, &now, Nature::Enquiry, "南布");
            complaint(&mut desk, &now, Nature::Complaint, "竹坑");
            let nature = if day == 2 {
                Nature::Help
            } else {
                Nature::Complaint
            };
            nos.push(complaint(&mut desk, &now, nature, "南布"));
            if daily {
                desk.sweep(&format!("2017-09-{day:02} 23:00"));
            }
        }
        desk.sweep("2017-09-12 09:00");
        assert!(desk.sweep("2017-09-12 09:00").written() == 0);
        let all: Vec<Vec<String>> = nos.iter().map(|no| hot(&desk, no)).collect();
        assert_eq!(all[4], ["2017-09-05 10:00 propose hot-spot"]);
        assert_eq!(all.iter().flatten().count(), 1, "{all:?}");
        seen.push(all);
        desk.verified();
    }
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn a_dispatch_is_taken_back_although_the_sweep_has_proposed_a_supervision_meanwhile() {
    let mut desk = Desk::new("2017-09-01 08:00");
    let mut last = String::new();
    for day in 1..=5 {
        let now = format!("2017-09-{day:02} 10:00");
        last = complaint(&mut desk, &now, Nature::Complaint, "南布");
    }
    let read = desk.centre.ticket(&last).unwrap().0.version;
    desk.sweep("2017-09-05 10:01");
    assert_eq!(hot(&desk, &last).len(), 1);
    let order = |act| Order {
        no: last.clone(),
        version: Some(read),
        act,
    };
    // A decision about proposals rests on it.
    let supervise = order(Act::DismissSupervision {
        text: text("已在办"),
    });
    let why = desk.centre.verdict(&supervise, at("2017-09-05 10:02"));
    assert!(format!("{why:?}").contains("Stale"), "{why:?}");
    desk.centre
        .perform(&order(Act::Recall), at("2017-09-05 10:02"))
        .unwrap();
}

#[test]
fn a_paper_s_delivery_stands_in_the_ledger() {
    let mut desk = Desk::new("2017-09-25 08:00");
    let no = desk.dispatched("2017-09-25 09:00", LimitClass::Urban, "12345");
    let (_, err) = desk.run(
        "2017-09-26 09:00",
        &["act", "serve", &no, "--text", "已取"],
        1,
    );
    assert!(err.contains("下一步："), "{err}");
    desk.act(
        "2017-09-29 09:00",
        &no,
        Act::Supervise {
            text: text("久拖")
        },
    );
    let words = ["act", "serve", &no, "--text", "办公室王某签收"];
    desk.run("2017-09-29 15:00", &words, 0);
    let ledger = desk.centre.detail(&no).unwrap().ledger;
    let served = ledger.last().unwrap();
    assert_eq!(
        served.event,
        Event::PaperServed {
            paper: text("督〔2017〕1号"),
            text: text("办公室王某签收"),
        }
    );
    // To be told of a supervision is no progress: its due date stays, and it fails on it.
    desk.sweep("2017-10-13 00:00");
    let said = desk.said(&no);
    assert!(
        said.iter()
            .any(|s| s.contains("propose supervision-failed")),
        "{said:?}"
    );
    desk.verified();
}

/// What is late for months is reminded of as often as a routine matter: however late the sweep, it writes the same.
#[test]
fn after_a_month_of_overdue_reminders_the_routine_interval_is_enough() {
    let moments = |late: bool| {
        let mut desk = Desk::new("2017-09-25 08:00");
        let no = desk.dispatched("2017-09-25 09:00", LimitClass::Urban, "12345");
        if !late {
            desk.hourly("2017-09-25 10:00", 24 * 120);
        }
        desk.sweep("2018-01-23 10:00");
        let said = desk.said(&no);
        said.into_iter()
            .filter(|s| s.ends_with("remind red"))
            .collect::<Vec<_>>()
    };
    let at_once = moments(true);
    assert_eq!(at_once, moments(false));
    // Twenty each working day from 09-29 on, October's holiday and make-up Saturday counted out, then each fifth.
    assert_eq!(at_once[0], "2017-09-29 00:00 remind red");
    assert_eq!(at_once[19], "2017-11-01 00:00 remind red");
    assert_eq!(at_once[20], "2017-11-08 00:00 remind red");
    assert_eq!(at_once[21], "2017-11-15 00:00 remind red");
    assert_eq!(at_once.len(), 20 + 11);
}

fn dismiss(desk: &mut Desk, now: &str, no: &str) {
    let why = text("已电话督促");
    desk.act(now, no, Act::DismissSupervision { text: why });
}

fn proposals(desk: &Desk, no: &str) -> Vec<String> {
    let mut said = desk.said(no);
    said.retain(|what| what.contains("propose"));
    said
}

#[test]
fn a_dismissed_proposal_does_not_silence_the_ladder_hourly_or_late() {
    let mut seen = Vec::new();
    for hourly in [true, false] {
        let mut desk = Desk::new("2017-09-04 08:00");
        let no = desk.dispatched("2017-09-04 09:00", LimitClass::Urban, "12345");
        let between = |desk: &mut Desk, from: &str, hours: i64, to: &str| {
            if hourly {
                desk.hourly(from, hours);
            }
            desk.sweep(to);
        };
        // Never moved: proposed as unsigned. It waits while the third overdue reminder comes, then is dismissed.
        between(&mut desk, "2017-09-04 10:00", 24 * 8, "2017-09-12 10:00");
        dismiss(&mut desk, "2017-09-12 11:00", &no);
        // Two further overdue reminders have changed nothing: it goes on, and is dismissed again.
        between(&mut desk, "2017-09-12 12:00", 50, "2017-09-15 09:00");
        dismiss(&mut desk, "2017-09-15 10:00", &no);
        between(&mut desk, "2017-09-15 11:00", 24 * 12, "2017-09-27 11:00");
        assert_eq!(desk.sweep("2017-09-27 11:00").written(), 0);
        desk.verified();
        seen.push(proposals(&desk, &no));
    }
    assert_eq!(seen[0], seen[1]);
    let expected = [
        "2017-09-07 00:00 propose unsigned",
        "2017-09-15 00:00 propose overdue-repeatedly",
        // Counted from the second answer: reminders on the 16th and the 19th.
        "2017-09-20 00:00 propose overdue-repeatedly",
    ];
    assert_eq!(seen[0], expected);
}

#[test]
fn the_same_failed_supervisions_are_referred_once() {
    let mut desk = Desk::new("2017-09-04 08:00");
    let no = desk.dispatched("2017-09-04 09:00", LimitClass::Urban, "12345");
    let supervise = |desk: &mut Desk, now: &str| {
        let why = text("超期");
        desk.act(now, &no, Act::Supervise { text: why });
    };
    supervise(&mut desk, "2017-09-08 09:00");
    desk.sweep("2017-09-14 09:00");
    supervise(&mut desk, "2017-09-14 10:00");
    desk.sweep("2017-09-20 09:00");
    let refer = ["act", "refer", &no, "--text", "两次督办无果"];
    desk.run("2017-09-20 10:00", &refer, 0);
    let (_, err) = desk.run("2017-09-20 11:00", &refer, 1);
    assert!(err.contains("已经移送过"), "{err}");
    supervise(&mut desk, "2017-09-20 12:00");
    desk.sweep("2017-09-26 09:00");
    desk.run("2017-09-26 10:00", &refer, 0);
    desk.verified();
}

#[test]
fn a_ticket_at_the_desk_is_not_supervised_as_no_department_has_it() {
    let mut desk = Desk::new("2017-09-04 08:00");
    let no = desk.register("2017-09-04 09:00", LimitClass::Urban, "领导交办");
    desk.sweep("2017-09-20 09:00");
    assert_eq!(proposals(&desk, &no), [""; 0]);
    let words = ["act", "supervise", &no, "--text", "超期"];
    let (_, err) = desk.run("2017-09-20 10:00", &words, 1);
    assert!(
        err.contains("没有承办单位") && err.contains("先分拨"),
        "{err}"
    );
    let (_, err) = desk.run(
        "2017-09-20 10:00",
        &[&["--lang", "en"], &words[..]].concat(),
        1,
    );
    assert!(err.contains("at the desk"), "{err}");
}

#[test]
fn what_is_done_by_rule_stands_at_its_moment_however_late_the_sweep() {
    let mut seen = Vec::new();
    for hourly in [true, false] {
        let mut desk = Desk::new("2017-09-04 08:00");
        let no = desk.dispatched("2017-09-04 09:00", LimitClass::Urban, "12345");
        desk.act("2017-09-04 09:30", &no, Act::Claim);
        if hourly {
            desk.hourly("2017-09-04 10:00", 24 * 3);
        }
        desk.sweep("2017-09-07 10:00");
        let why = text("超期");
        desk.act("2017-09-08 09:00", &no, Act::Supervise { text: why });
        if hourly {
            desk.hourly("2017-09-08 10:00", 24 * 6);
        }
        desk.sweep("2017-09-14 10:00");
        let why = text("再督办");
        desk.act("2017-09-14 11:00", &no, Act::Supervise { text: why });
        let (paper, _) = desk.run("2017-09-14 12:00", &["paper", &no], 0);
        // The ledger's head follows from the order of its entries, which a late sweep writes together.
        let (paper, head) = paper.split_once("流转记录第").unwrap();
        assert!(head.contains("校验"), "{head}");
        let paper = paper.to_owned();
        let shown = desk.json("2017-09-14 12:00", &["show", &no]);
        desk.verified();
        seen.push((desk.moments(&no), paper, shown["signed_at"].clone()));
    }
    assert_eq!(seen[0], seen[1]);
    assert!(
        seen[1]
            .0
            .contains(&(at("2017-09-04 10:00"), text("release")))
    );
    assert_eq!(seen[1].2, "2017-09-06T00:00:00+08:00");
    assert!(seen[1].1.contains("2017-09-14 00:00"), "{}", seen[1].1);
}

/// The ledger of an older program has no moment with what the rule released and signed: it reads, and replays as it was.
#[test]
fn entries_of_an_older_program_still_read() {
    let read = |json: &str| serde_json::from_str::<Event>(json).unwrap();
    assert_eq!(read(r#"{"kind":"released"}"#), Event::Released(None));
    let old = read(r#"{"kind":"signed","data":{"automatic":true,"due":100}}"#);
    let due = Some(fenbo::domain::instant::Instant(100));
    let (automatic, since) = (true, None);
    let signed = Event::Signed {
        automatic,
        due,
        since,
    };
    assert_eq!(old, signed);
}

#[test]
fn an_issued_paper_is_announced_by_one_letter_written_with_the_act() {
    let mut desk = Desk::new("2017-09-04 08:00");
    let no = desk.dispatched("2017-09-04 09:00", LimitClass::Urban, "12345");
    let of_papers = |desk: &mut Desk, now: &str| {
        let mut letters = desk.letters(now);
        letters.retain(|letter| letter.kind == "paper");
        letters
    };
    let supervise = |desk: &mut Desk, now: &str| {
        let why = text("超期未办");
        desk.act(now, &no, Act::Supervise { text: why });
    };
    supervise(&mut desk, "2017-09-08 09:00");
    let first = of_papers(&mut desk, "2017-09-08 09:01");
    let [letter] = &first[..] else {
        panic!("{first:?}")
    };
    assert_eq!(letter.recipient, Recipient::Department(text("hbsw")));
    assert_eq!(
        letter.subject,
        format!("督办通知书 督〔2017〕1号：工单 {no}")
    );
    assert!(letter.key.starts_with(&format!("paper-{no}-")));
    for said in [
        "督〔2017〕1号",
        "环境保护和水务局",
        "超期未办",
        "2017-09-13 24:00",
    ] {
        assert!(letter.body.contains(said), "{said}: {}", letter.body);
    }
    // Taken once; that the paper was served is a person's word, and no letter.
    let words = ["act", "serve", &no, "--text", "办公室签收"];
    desk.run("2017-09-08 15:00", &words, 0);
    assert_eq!(of_papers(&mut desk, "2017-09-08 16:00"), []);
    // A circular goes to the department, the referral to the commission.
    let why = text("督办无果");
    desk.act("2017-09-14 08:00", &no, Act::Circulate { text: why });
    desk.sweep("2017-09-14 09:00");
    supervise(&mut desk, "2017-09-14 10:00");
    desk.sweep("2017-09-20 09:00");
    let why = text("两次督办无果");
    desk.act("2017-09-20 10:00", &no, Act::Refer { text: why });
    let later = of_papers(&mut desk, "2017-09-20 11:00");
    let whom: Vec<_> = later.iter().map(|l| l.recipient.code()).collect();
    assert_eq!(
        whom,
        ["department:hbsw", "department:hbsw", "department:jwjcj"]
    );
    desk.verified();
}
