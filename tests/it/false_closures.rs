//! The alarm that a matter came back to its place soon after it was closed: raised for the same matter, silent for another.

use crate::EveryRow;
use chrono::Days;
use fenbo::config;
use fenbo::domain::act::{Act, CallForm, CallOutcome, Filing, Rating, Registration, ReplyForm};
use fenbo::domain::event::Event;
use fenbo::domain::filter::{Clause, Filter};
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::period::PeriodKind;
use fenbo::domain::privacy::Texts;
use fenbo::domain::queue::{From, Query, Sort, View};
use fenbo::domain::ticket::{Nature, Urgency};
use fenbo::intake::{Draft, Named, Outcome};
use fenbo::service::Centre;
use fenbo::service::importing::Plan;
use fenbo::service::performing::Order;
use std::path::Path;
use std::sync::Arc;

fn at(text: &str) -> Instant {
    Zone::shanghai().parse(text).unwrap()
}

fn centre(folder: &Path) -> Centre {
    let rules = Arc::new(config::rules(None).unwrap());
    let begun = at("2017-09-01 08:00");
    Centre::create(&folder.join("fenbo.db"), rules, "root", begun, true).unwrap()
}

fn form(created: Instant, community: &str, category: &[&str]) -> Registration {
    Registration {
        created_at: created,
        source: "12345".to_owned(),
        channel: "desk".to_owned(),
        external_no: None,
        nature: Some(Nature::Complaint),
        limit_class: None,
        urgency: Urgency::Normal,
        confidential: false,
        category: category.iter().map(ToString::to_string).collect(),
        street: Some("龙田街道".to_owned()),
        community: Some(community.to_owned()),
    }
}

fn said(title: &str) -> Texts {
    Texts {
        title: title.to_owned(),
        content: title.to_owned(),
        ..Texts::default()
    }
}

/// Everything from filing to closing, at one moment.
fn close(centre: &mut Centre, no: &str, now: Instant) {
    let reply = Act::Reply(ReplyForm {
        contacted: true,
        solved: true,
        note: String::new(),
        answer: "已处理".to_owned(),
    });
    let called = Act::CallBack(CallForm {
        about: None,
        outcome: CallOutcome::Reached,
        rating: Some(Rating::Satisfied),
        text: String::new(),
    });
    let sent = Act::Dispatch {
        lead: "hbsw".to_owned(),
        assisting: Vec::new(),
        suggestion: None,
    };
    let file = Act::File(Filing::default());
    for act in [file, sent, Act::Sign, reply, Act::Pass, called] {
        let order = Order {
            no: no.to_owned(),
            version: None,
            act,
        };
        centre.perform(&order, now).unwrap();
    }
}

fn alarm_of(centre: &Centre, no: &str) -> Option<String> {
    centre.ticket(no).unwrap().0.false_closure_of
}

#[test]
fn the_same_matter_within_72_hours_of_closing_is_alarmed_and_another_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let noise = ["环境保护", "噪音"];
    let created = at("2017-09-25 09:00");
    let first = centre
        .register(
            &form(created, "南布社区", &noise),
            &said("夜里施工太吵"),
            created,
        )
        .unwrap();
    let closed = at("2017-09-26 10:00");
    close(&mut centre, &first, closed);
    let mut come = |when: &str, community: &str, category: &[&str], title: &str| {
        let now = at(when);
        let no = centre
            .register(&form(now, community, category), &said(title), now)
            .unwrap();
        alarm_of(&centre, &no)
    };
    let same = Some(first.clone());
    assert_eq!(
        come("2017-09-26 10:00", "南布社区", &noise, "又在施工"),
        same
    );
    assert_eq!(
        come("2017-09-29 09:59", "南布社区", &noise, "还在打桩"),
        same
    );
    assert_eq!(
        come("2017-09-29 10:00", "南布社区", &noise, "72 小时已过"),
        None
    );
    assert_eq!(
        come("2017-09-27 08:00", "金沙社区", &noise, "夜里施工太吵"),
        None
    );
    let rubbish = ["市容环境", "垃圾"];
    assert_eq!(
        come("2017-09-27 08:00", "南布社区", &rubbish, "垃圾没人收"),
        None
    );
    // Before its facts are filed the words tell; told again, they are enough.
    assert_eq!(come("2017-09-27 08:00", "南布社区", &[], "路灯不亮"), None);
    assert_eq!(
        come("2017-09-27 08:00", "南布社区", &[], "夜里施工太吵了"),
        same
    );
    let report = centre.verify(|_, _| {}).unwrap();
    assert!(report.ok, "{:?}", report.problems);
    let query = Query {
        view: View::All,
        filter: Filter::default().and(Clause::FalseClosure),
        sort: Sort::Newest,
        department: None,
        now: at("2017-09-30 08:00"),
    };
    let page = centre.page(&query, From::Start, 10).unwrap();
    assert_eq!(page.rows.len(), 3);
    assert!(page.rows.iter().all(|(_, row)| row.false_closure));
    let day = Zone::shanghai().date(at("2017-09-27 08:00"));
    let figures = |day| {
        let week = centre.figures(PeriodKind::Week, day, at("2017-10-03 08:00"));
        week.unwrap().false_closures
    };
    assert_eq!(figures(day), 3);
    assert_eq!(figures(day.checked_sub_days(Days::new(7)).unwrap()), 0);
}

/// A record of a file, closed an hour after its creation or still under way.
fn record(row: u64, created: Instant, community: &str, is_closed: bool) -> Draft {
    Draft {
        external_no: Some(format!("F{row}")),
        created_at: Some(created.0),
        community: Named {
            name: Some(community.to_owned()),
            ..Named::default()
        },
        category: vec!["环境保护".to_owned(), "噪音".to_owned()],
        content: Some("夜里施工太吵".to_owned()),
        outcome: is_closed.then_some(Outcome::Closed),
        closed_at: is_closed.then_some(created.0 + 3600),
        row,
        ..Draft::default()
    }
}

#[test]
fn a_record_that_comes_with_its_file_finds_what_was_closed_a_line_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let created = at("2017-09-25 09:00");
    let records = [
        record(1, created, "南布社区", true),
        record(2, created.plus(60), "沙湖社区", false),
        record(3, created.plus(86_400), "南布社区", false),
        record(4, created.plus(86_460), "南布社区", true),
        record(5, created.plus(86_520), "沙湖社区", false),
    ];
    let plan = Plan {
        channel: "import".to_owned(),
        ..Plan::default()
    };
    let now = at("2017-09-27 09:00");
    let outturn = centre
        .import(records.into_iter().map(Ok), &plan, &mut EveryRow, now)
        .unwrap();
    assert_eq!(outturn.added, 5);
    let alarms: Vec<Option<String>> = [
        "20170925-0001",
        "20170925-0002",
        "20170926-0001",
        "20170926-0002",
        "20170926-0003",
    ]
    .iter()
    .map(|no| alarm_of(&centre, no))
    .collect();
    let first = Some("20170925-0001".to_owned());
    assert_eq!(alarms, [None, None, first, None, None]);
}

#[test]
fn an_alarm_is_raised_once_when_the_facts_are_filed() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let noise = ["环境保护", "噪音"];
    let created = at("2017-09-25 09:00");
    let first = centre
        .register(
            &form(created, "南布社区", &noise),
            &said("夜里施工太吵"),
            created,
        )
        .unwrap();
    close(&mut centre, &first, at("2017-09-26 10:00"));
    let now = at("2017-09-27 09:00");
    let no = centre
        .register(&form(now, "南布社区", &[]), &said("请管一管"), now)
        .unwrap();
    assert_eq!(alarm_of(&centre, &no), None);
    let file = |category: &[&str]| Order {
        no: no.clone(),
        version: None,
        act: Act::File(Filing {
            category: category.iter().map(ToString::to_string).collect(),
            ..Filing::default()
        }),
    };
    let done = centre.perform(&file(&noise), now).unwrap();
    assert_eq!(alarm_of(&centre, &no), Some(first));
    assert_eq!(centre.ticket(&no).unwrap().0.version, done.ticket.version);
    let detail = centre.detail(&no).unwrap();
    let is_alarm = |event: &Event| matches!(event, Event::FalseClosureAlarmed { .. });
    let alarms = detail.ledger.iter().filter(|e| is_alarm(&e.event)).count();
    assert_eq!(alarms, 1);
    let again = Order {
        act: Act::Reclassify(Filing {
            nature: Some(Nature::Help),
            ..Filing::default()
        }),
        ..file(&noise)
    };
    centre.perform(&again, now).unwrap();
    let detail = centre.detail(&no).unwrap();
    assert_eq!(
        detail.ledger.iter().filter(|e| is_alarm(&e.event)).count(),
        1
    );
}

#[test]
fn real_places_and_categories_alarm_only_for_their_own() {
    let Some(data) = std::env::var_os("FENBO_DATA") else {
        eprintln!("skipped: FENBO_DATA does not name the folder of real data");
        return;
    };
    let path = Path::new(&data).join("pingshan/events-2018.csv");
    let options = fenbo::intake::Options {
        mappings: fenbo::intake::Mappings::builtin().unwrap(),
        ..fenbo::intake::Options::default()
    };
    let input = fenbo::intake::Input::from(path.as_path());
    let drafts = fenbo::intake::open(&input, &options).unwrap().drafts;
    let mut seen: Vec<(String, Vec<String>)> = Vec::new();
    for draft in drafts.take(400).flatten() {
        if let Some(community) = draft.community.name {
            seen.push((community, draft.category));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let words = |category: &[String]| said(category.last().map_or("", String::as_str));
    let (mut raised, mut silent) = (0, 0);
    for (n, pair) in seen.chunks_exact(2).take(60).enumerate() {
        // A week between two pairs, so that each stands alone.
        let created = at("2017-06-05 09:00").plus(n as i64 * 7 * 86_400);
        let category: Vec<&str> = pair[0].1.iter().map(String::as_str).collect();
        let first = centre
            .register(
                &form(created, &pair[0].0, &category),
                &words(&pair[0].1),
                created,
            )
            .unwrap();
        close(&mut centre, &first, created.plus(3600));
        let other: Vec<&str> = pair[1].1.iter().map(String::as_str).collect();
        let later = created.plus(7200);
        for (community, category, texts) in [
            (&pair[0].0, &category, words(&pair[0].1)),
            (&pair[0].0, &other, words(&pair[1].1)),
            (&pair[1].0, &category, words(&pair[0].1)),
        ] {
            let no = centre
                .register(&form(later, community, category), &texts, later)
                .unwrap();
            let same = *community == pair[0].0 && *category == pair[0].1;
            assert_eq!(alarm_of(&centre, &no), same.then(|| first.clone()));
            raised += usize::from(same);
            silent += usize::from(!same);
        }
    }
    println!("{raised} alarms, {silent} silent");
    assert!(raised >= 50 && silent >= 50);
}
