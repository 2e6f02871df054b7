//! The centre at work: a sample store lives through real acts, real files come in, one ticket has one winner.

use crate::EveryRow;
use fenbo::config;
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::operator::Operator;
use fenbo::domain::queue::{From, Query, Sort, View};
use fenbo::domain::ticket::State;
use fenbo::service::{Access, Centre, NotDone, demo};
use fenbo::store::Store;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

fn now() -> Instant {
    Zone::shanghai().parse("2026-11-23 08:40").unwrap()
}

fn centre(folder: &Path) -> Centre {
    let rules = Arc::new(config::rules(None).unwrap());
    Centre::create(&folder.join("fenbo.db"), rules, "root", now(), true).unwrap()
}

fn all(centre: &Centre) -> Vec<fenbo::domain::queue::Row> {
    let query = Query {
        view: View::All,
        filter: fenbo::domain::filter::Filter::default(),
        sort: Sort::Oldest,
        department: None,
        now: now(),
    };
    let page = centre.page(&query, From::Start, 10_000).unwrap();
    page.rows.into_iter().map(|(_, row)| row).collect()
}

#[test]
fn the_sample_store_has_every_state_light_street_and_source() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let made = demo::fill(&mut centre, None, 1, now(), &mut |_, _| {}).unwrap();
    assert_eq!(made.tickets, 420);
    // A master may close between the thought and the act; hardly anything else is refused.
    assert!(made.refused * 200 < made.acts, "{made:?}");
    let rows = all(&centre);
    let mut states: BTreeMap<&State, usize> = BTreeMap::new();
    let mut lights = BTreeMap::new();
    let mut streets = BTreeMap::new();
    let mut sources = BTreeMap::new();
    for row in &rows {
        *states.entry(&row.state).or_default() += 1;
        *lights.entry(row.light(now())).or_insert(0) += 1;
        *streets.entry(row.street.clone()).or_insert(0) += 1;
        *sources.entry(row.source.clone()).or_insert(0) += 1;
    }
    println!("{states:?}\n{lights:?}\n{streets:?}\n{sources:?}");
    for state in State::ALL {
        assert!(states.contains_key(state), "no ticket is {}", state.code());
    }
    assert_eq!(lights.len(), 6, "{lights:?}");
    assert_eq!(streets.len(), 6, "{streets:?}");
    assert!(sources.len() >= 6, "{sources:?}");
    let waiting = states[&State::Registered] + states[&State::Filed];
    assert!(waiting >= 25, "a night's backlog waits: {waiting}");
    let report = centre.verify(|_, _| {}).unwrap();
    assert!(report.ok, "{:?}", report.problems);
}

#[test]
fn a_synthetic_store_is_swept_and_one_in_twenty_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let made = demo::fill(&mut centre, Some(3_000), 1, now(), &mut |_, _| {}).unwrap();
    assert_eq!(made.tickets, 3_000);
    let rows = all(&centre);
    assert_eq!(rows.iter().filter(|row| row.state.is_open()).count(), 150);
    let swept = centre.sweep(now()).unwrap();
    assert_eq!((swept.looked, swept.written()), (0, 0));
    // The next midnight finds what has become due since, and it is written then.
    let midnight = Zone::shanghai().parse("2026-11-24 00:00").unwrap();
    assert!(centre.sweep(midnight).unwrap().written() > 50);
    let report = centre.verify(|_, _| {}).unwrap();
    assert!(report.ok, "{:?}", report.problems);
}

#[test]
fn one_ticket_has_one_winner_and_the_other_is_told_who() {
    use fenbo::domain::refusal::Refusal;
    let folder = tempfile::tempdir().unwrap();
    let mut first = centre(folder.path());
    demo::fill(&mut first, Some(60), 3, now(), &mut |_, _| {}).unwrap();
    let order = dispatch(&first);
    let rules = first.shared_rules();
    let path = first.path().to_owned();
    let mut second =
        Centre::open(&path, Access::ReadWrite, rules, "root", Some("zhangsan")).unwrap();
    first.perform(&order, now()).unwrap();
    match second.perform(&order, now()) {
        Err(NotDone::Refused(Refusal::Stale { by, what, .. })) => {
            assert_eq!((by.as_str(), what.as_str()), ("root", "dispatched"));
        }
        other => panic!("{other:?}"),
    }
    assert!(!Operator::system().roles.sees_all());
}

/// An order to dispatch the first ticket that is filed.
fn dispatch(centre: &Centre) -> fenbo::service::performing::Order {
    let row = all(centre)
        .into_iter()
        .find(|r| r.state == State::Filed)
        .unwrap();
    fenbo::service::performing::Order {
        no: row.no,
        version: Some(row.version),
        act: fenbo::domain::act::Act::Dispatch {
            lead: "hbsw".to_owned(),
            assisting: Vec::new(),
            suggestion: None,
        },
    }
}

#[test]
fn what_is_foreseen_is_not_done() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    demo::fill(&mut centre, Some(60), 3, now(), &mut |_, _| {}).unwrap();
    let other = rusqlite::Connection::open(centre.path()).unwrap();
    let version = || -> i64 {
        other
            .query_row("PRAGMA data_version", [], |row| row.get(0))
            .unwrap()
    };
    let order = dispatch(&centre);
    let (before, seen) = (all(&centre), version());
    centre.foresee(&order, now());
    assert_eq!((all(&centre), version()), (before, seen));
    assert!(centre.verify(|_, _| {}).unwrap().ok);
    // Neither is one that would be refused, and nothing stays open behind it.
    let stale = fenbo::service::performing::Order {
        version: Some(99),
        ..order.clone()
    };
    centre.foresee(&stale, now());
    centre.perform(&order, now()).unwrap();
    assert_ne!(version(), seen);
    assert!(centre.verify(|_, _| {}).unwrap().ok);
}

#[test]
fn foreseeing_waits_for_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    demo::fill(&mut centre, Some(60), 3, now(), &mut |_, _| {}).unwrap();
    let order = dispatch(&centre);
    let other = rusqlite::Connection::open(centre.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let since = std::time::Instant::now();
    centre.foresee(&order, now());
    // A writer waits for ten seconds.
    assert!(
        since.elapsed().as_secs() < 3,
        "it waited for a desk that writes: {:?}",
        since.elapsed()
    );
    // The act itself does wait.
    std::thread::scope(|scope| {
        scope.spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(300));
            other.execute_batch("ROLLBACK").unwrap();
        });
        centre.perform(&order, now()).unwrap();
    });
}

#[test]
fn who_was_turned_off_administers_and_registers_nothing_but_the_owner_can_come_back() {
    use fenbo::domain::act::Registration;
    use fenbo::domain::operator::{Role, Roles};
    use fenbo::domain::privacy::Texts;
    use fenbo::domain::refusal::Refusal;
    use fenbo::domain::ticket::Urgency;
    let folder = tempfile::tempdir().unwrap();
    let mut owner = centre(folder.path());
    let chief = Operator {
        code: "chief".to_owned(),
        name: "主任".to_owned(),
        roles: Roles::default()
            .with(Role::Administrator)
            .with(Role::ShiftLead),
        department: None,
        active: true,
    };
    let (path, rules) = (owner.path().to_owned(), owner.shared_rules());
    let open =
        |login: &str| Centre::open(&path, Access::ReadWrite, rules.clone(), login, None).unwrap();
    owner.put_operator(&chief, now()).unwrap();
    let off = Operator {
        active: false,
        ..chief.clone()
    };
    owner.put_operator(&off, now()).unwrap();
    let mut left = open("chief");
    let inactive = || NotDone::Refused(Refusal::OperatorInactive);
    assert_eq!(left.put_operator(&chief, now()).unwrap_err(), inactive());
    assert_eq!(left.set_gateway("x", true, now()).unwrap_err(), inactive());
    assert_eq!(left.set_noticing(None).unwrap_err(), inactive());
    assert_eq!(left.make_api_key("x", now()).unwrap_err(), inactive());
    let copy = folder.path().join("copy.db");
    assert_eq!(left.backup(&copy).unwrap_err(), inactive());
    let form = Registration {
        created_at: now(),
        source: "12345".to_owned(),
        channel: "phone".to_owned(),
        external_no: None,
        nature: None,
        limit_class: None,
        urgency: Urgency::Normal,
        confidential: false,
        category: Vec::new(),
        street: None,
        community: None,
    };
    let registered = left.register(&form, &Texts::default(), now());
    assert_eq!(registered.unwrap_err(), inactive());
    assert!(left.hand_over("root", "", now(), now()).is_err());
    // The file is its owner's, who could not be let in again by anybody else.
    let root = owner.operator().clone();
    let off = Operator {
        active: false,
        ..root.clone()
    };
    owner.put_operator(&off, now()).unwrap();
    open("root").put_operator(&root, now()).unwrap();
}

#[test]
fn a_recalled_dispatch_is_in_nobodys_figures() {
    use fenbo::domain::act::Act;
    use fenbo::domain::period::PeriodKind;
    use fenbo::service::performing::Order;
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    demo::fill(&mut centre, Some(120), 7, now(), &mut |_, _| {}).unwrap();
    let no = all(&centre)
        .into_iter()
        .find(|row| row.state == State::Filed)
        .unwrap()
        .no;
    let today = Zone::shanghai().date(now());
    let dispatched = |centre: &Centre| {
        let figures = centre.figures(PeriodKind::Day, today, now()).unwrap();
        let all = figures.dispatchers.iter();
        all.map(|by| by.figures.dispatched).sum::<u64>()
    };
    let mut counts = vec![dispatched(&centre)];
    let send = || Act::Dispatch {
        lead: "zhzx".to_owned(),
        assisting: Vec::new(),
        suggestion: None,
    };
    for act in [send(), Act::Recall, send(), Act::Recall, send()] {
        let order = Order {
            no: no.clone(),
            version: None,
            act,
        };
        centre.perform(&order, now()).unwrap();
        counts.push(dispatched(&centre));
    }
    let before = counts[0];
    let grown: Vec<u64> = counts.into_iter().map(|count| count - before).collect();
    assert_eq!(grown, [0, 1, 0, 1, 0, 1]);
}

#[test]
fn a_report_lists_the_longest_overdue_first_and_counts_them_all() {
    use fenbo::domain::light::Light;
    use fenbo::domain::period::PeriodKind;
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    demo::fill(&mut centre, None, 1, now(), &mut |_, _| {}).unwrap();
    let mut red: Vec<_> = all(&centre)
        .into_iter()
        .filter(|row| row.light(now()) == Light::Red)
        .map(|row| (row.marks.due_at, row.no))
        .collect();
    red.sort();
    let today = Zone::shanghai().date(now());
    let figures = centre.figures(PeriodKind::Day, today, now()).unwrap();
    assert_eq!(figures.overdue.total, red.len() as u64);
    let listed = figures.overdue.rows.into_iter();
    let listed: Vec<_> = listed.map(|named| (named.due_at, named.no)).collect();
    assert!(listed.len() > 1 && red.starts_with(&listed));
}

#[test]
fn a_recalled_dispatch_teaches_nothing() {
    use fenbo::domain::act::Act;
    use fenbo::service::performing::Order;
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    demo::fill(&mut centre, Some(120), 7, now(), &mut |_, _| {}).unwrap();
    let row = all(&centre)
        .into_iter()
        .find(|r| r.state == State::Filed)
        .unwrap();
    let first = |centre: &mut Centre| centre.suggest_for(&row.no, now()).unwrap().list;
    let before = first(&mut centre);
    let act = |act| Order {
        no: row.no.clone(),
        version: None,
        act,
    };
    let send = act(Act::Dispatch {
        lead: "zhzx".to_owned(),
        assisting: Vec::new(),
        suggestion: None,
    });
    centre.perform(&send, now()).unwrap();
    let store = Store::open(centre.path(), Access::ReadOnly).unwrap();
    let (head, _) = store.head().unwrap();
    let taught = first(&mut centre);
    assert_ne!(before, taught, "a dispatch teaches at once");
    centre.perform(&act(Act::Recall), now()).unwrap();
    assert_eq!(first(&mut centre), before);
    // Read from before both, they are counted and not held; from between them, the recall is.
    let both = store.lessons(head - 1, i64::MAX, 10).unwrap();
    assert_eq!((both.list.len(), both.read), (0, 2));
    let one = store.lessons(head, i64::MAX, 10).unwrap();
    assert_eq!((one.list.len(), one.read), (1, 1));
}

/// Takes closed requests in: each is a lesson.
fn past(centre: &mut Centre, from: usize, many: usize) {
    use fenbo::intake::{Draft, Named, Outcome};
    use fenbo::service::importing::Plan;
    let codes: Vec<String> = {
        let directory = &centre.rules().directory;
        directory
            .departments()
            .iter()
            .map(|d| d.code.clone())
            .collect()
    };
    let drafts = (from..from + many).map(|at| {
        let named = |name: String| Named {
            id: None,
            name: Some(name),
        };
        Ok(Draft {
            external_no: Some(format!("p{at}")),
            created_at: Some(now().0 - 90_000 + at as i64),
            category: vec!["环保".into(), format!("类{}", at % 7)],
            community: named(format!("社区{}", at % 5)),
            title: Some(format!("第{at}号井盖坏了")),
            content: Some(format!("{at}号院门口的井盖坏了{}天", at % 30)),
            department: named(codes[at % 3].clone()),
            outcome: Some(Outcome::ClosedOnTime),
            ..Draft::default()
        })
    });
    let plan = Plan {
        channel: "file".into(),
        ..Plan::default()
    };
    let taken = centre.import(drafts, &plan, &mut EveryRow, now()).unwrap();
    assert_eq!(taken.added, many as u64);
}

#[test]
fn a_dispatch_recalled_after_it_went_into_the_snapshot_teaches_nothing() {
    use fenbo::domain::act::Act;
    use fenbo::service::performing::Order;
    let told = [true, false].map(|slip| {
        let folder = tempfile::tempdir().unwrap();
        let mut centre = centre(folder.path());
        demo::fill(&mut centre, Some(120), 7, now(), &mut |_, _| {}).unwrap();
        past(&mut centre, 0, 600);
        let row = all(&centre)
            .into_iter()
            .find(|r| r.state == State::Filed)
            .unwrap();
        let act = |centre: &mut Centre, act| {
            if slip {
                let order = Order {
                    no: row.no.clone(),
                    version: None,
                    act,
                };
                centre.perform(&order, now()).unwrap();
            }
        };
        // The first snapshot.
        let first = centre.suggest_for(&row.no, now()).unwrap().list;
        let wrong = first[4].department.clone();
        act(
            &mut centre,
            Act::Dispatch {
                lead: wrong,
                assisting: Vec::new(),
                suggestion: None,
            },
        );
        past(&mut centre, 600, 600);
        // The second one, which holds the dispatch.
        let taught = centre.suggest_for(&row.no, now()).unwrap().list;
        act(&mut centre, Act::Recall);
        let mut lists = vec![centre.suggest_for(&row.no, now()).unwrap().list];
        let rules = centre.shared_rules();
        let path = centre.path().to_owned();
        drop(centre);
        // A process that starts comes to the same.
        let mut other = Centre::open(&path, Access::ReadWrite, rules, "root", None).unwrap();
        lists.push(other.suggest_for(&row.no, now()).unwrap().list);
        (taught, lists)
    });
    let [(taught, slipped), (_, never)] = told;
    assert_ne!(taught, never[0], "it had taught");
    assert_eq!(slipped, never);
}

#[test]
fn much_is_learned_by_another_process_where_one_is_at_hand_and_comes_to_the_same() {
    use fenbo::service::Learner;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let folder = tempfile::tempdir().unwrap();
    let mut alone = centre(folder.path());
    demo::fill(&mut alone, Some(120), 7, now(), &mut |_, _| {}).unwrap();
    past(&mut alone, 0, 1_100);
    let row = all(&alone)
        .into_iter()
        .find(|r| r.state == State::Filed)
        .unwrap();
    let rules = alone.shared_rules();
    let open =
        |path: &Path| Centre::open(path, Access::ReadWrite, rules.clone(), "root", None).unwrap();
    let first = |centre: &mut Centre| centre.suggest_for(&row.no, now()).unwrap().list;
    let other = |works: bool| {
        let copy = tempfile::tempdir().unwrap();
        let path = copy.path().join("fenbo.db");
        alone.backup(&path).unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let mut centre = open(&path);
        let (counted, rules) = (asked.clone(), rules.clone());
        let learner: Learner = Arc::new(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            let access = Access::ReadWrite;
            works
                && Centre::open(&path, access, rules.clone(), "root", None)
                    .unwrap()
                    .learn(now())
                    .is_ok_and(|learned| learned >= 1_100)
        });
        centre.learns_beside(learner);
        (copy, centre, asked)
    };
    let (_here, mut helped, asked) = other(true);
    let (_there, mut failed, in_vain) = other(false);
    let told = first(&mut alone);
    assert_eq!(first(&mut helped), told);
    assert_eq!(first(&mut failed), told, "it learns itself then");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert_eq!(in_vain.load(Ordering::SeqCst), 1);
    // A little more is learned here; much more, by the other again.
    past(&mut helped, 1_100, 50);
    first(&mut helped);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    past(&mut helped, 1_150, 1_100);
    first(&mut helped);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[test]
fn the_board_agrees_with_the_rows_of_every_department() {
    use fenbo::domain::light::Light;
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    demo::fill(&mut centre, None, 3, now(), &mut |_, _| {}).unwrap();
    let rows = all(&centre);
    let board = centre.board(now()).unwrap();
    let led = |code: &Option<String>| {
        let of: Vec<_> = rows.iter().filter(|r| r.lead == *code).cloned().collect();
        of
    };
    assert!(board.rows.len() > 3);
    for row in &board.rows {
        let of = led(&row.department);
        let lit = |light| of.iter().filter(|r| r.light(now()) == light).count() as u64;
        assert_eq!(
            (row.red, row.yellow, row.green, row.paused),
            (
                lit(Light::Red),
                lit(Light::Yellow),
                lit(Light::Green),
                lit(Light::Paused)
            ),
            "{row:?}"
        );
        let unsigned = of.iter().filter(|r| r.state == State::Dispatched).count();
        assert_eq!(row.unsigned, unsigned as u64, "{row:?}");
        let red = of.iter().filter(|r| r.light(now()) == Light::Red);
        assert_eq!(row.oldest_red, red.filter_map(|r| r.marks.due_at).min());
    }
    let counts = centre.counts(now()).unwrap();
    let sum = board.total();
    assert_eq!(
        (sum.red, sum.yellow, sum.green, sum.paused),
        (counts.red, counts.yellow, counts.green, counts.paused)
    );
    let decisions = View::ALL.iter().position(|v| *v == View::Decisions);
    assert_eq!(Some(sum.ruling), counts.views[decisions.unwrap()]);
}
