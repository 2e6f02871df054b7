//! Integration tests: store.

mod hostile;
mod pages;
mod salvage;

use crate::faults::ground::Dice;
use fenbo::domain::event::{Event, Registered};
use fenbo::domain::filter::{Clause, Filter};
use fenbo::domain::instant::Instant;
use fenbo::domain::operator::{Operator, Roles};
use fenbo::domain::privacy::{Requester, Texts};
use fenbo::domain::queue::{From, Query, Sort, View};
use fenbo::domain::ticket::{Marks, Ticket, Urgency};
use fenbo::store::{Access, Failure, FailureKind, Found, Fresh, Newest, Store, Tx};
use std::path::PathBuf;

const NOW: Instant = Instant(1_511_700_000);

fn founder() -> Operator {
    Operator {
        code: "zhang".into(),
        name: "张三".into(),
        roles: Roles::all(),
        department: None,
        active: true,
    }
}

/// A store in a folder that lives as long as the test.
fn fresh() -> (tempfile::TempDir, PathBuf, Store) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fenbo.db");
    let store = Store::create(&path, &founder(), NOW, false).unwrap();
    (folder, path, store)
}

fn registration(created_at: Instant) -> Event {
    Event::Registered(Registered {
        created_at,
        edition: "pingshan-2017".into(),
        source: "12345".into(),
        channel: "电话".into(),
        external_no: None,
        nature: None,
        limit_class: None,
        limit: None,
        urgency: Urgency::Normal,
        confidential: false,
        category: vec!["城市管理".into(), "路灯".into()],
        street: Some("坑梓".into()),
        community: Some("金沙社区".into()),
    })
}

fn texts(title: &str) -> Texts {
    Texts {
        title: title.into(),
        content: "市民来电反映路口的灯连续三晚没有亮".into(),
        address: "金沙路口".into(),
        requester: Requester {
            name: "李四".into(),
            phone: "13800138000".into(),
            ..Requester::default()
        },
        raw: vec![("原始栏".into(), "值".into())],
    }
}

fn register(tx: &Tx<'_>, title: &str, marks: Marks) -> Result<Ticket, Failure> {
    let no = tx.next_number("2017-11-26".parse().unwrap())?;
    let event = registration(NOW);
    let ticket = Ticket::begin(&no, &event, NOW).unwrap();
    let fresh = Fresh::of(&[event], &ticket, &texts(title), marks, NOW, "zhang")?;
    tx.put(fresh)?;
    Ok(ticket)
}

#[test]
fn what_teaches_nothing_is_read_once_and_never_ends_the_reading() {
    use fenbo::domain::event::ImportedEnd;
    let (_folder, _path, store) = fresh();
    let ended = |tx: &Tx<'_>, lead: Option<&str>| -> Result<(), Failure> {
        let no = tx.next_number("2017-11-26".parse().unwrap())?;
        let events = [
            registration(NOW),
            Event::Imported(ImportedEnd {
                lead: lead.map(str::to_owned),
                on_time: None,
                closed_at: None,
            }),
        ];
        let mut ticket = Ticket::begin(&no, &events[0], NOW).unwrap();
        ticket.apply(&events[1], NOW, "zhang");
        let marks = Marks::default();
        tx.put(Fresh::of(
            &events,
            &ticket,
            &texts("x"),
            marks,
            NOW,
            "zhang",
        )?)?;
        Ok(())
    };
    store
        .write(|tx| {
            for lead in [None, None, None, Some("zhzx")] {
                ended(tx, lead)?;
            }
            register(tx, "nobody's yet", Marks::default()).map(drop)
        })
        .unwrap();
    let first = store.lessons(0, i64::MAX, 2).unwrap();
    assert!(first.list.is_empty() && !first.all && first.read_to > 0);
    let second = store.lessons(first.read_to, i64::MAX, 10).unwrap();
    assert_eq!(second.list.len(), 1);
    assert_eq!(second.list[0].past.lead, "zhzx");
    assert!(second.all);
    let (head, _) = store.head().unwrap();
    assert_eq!(second.read_to, head, "the rest teaches nothing");
    let third = store.lessons(head, i64::MAX, 10).unwrap();
    assert!(third.all && third.list.is_empty() && third.read_to == head);

    // In two stretches: the older ones, and the newest so many.
    let border = store.before_newest_lessons(1).unwrap();
    let older = store.lessons(0, border, 10).unwrap();
    assert!(older.list.is_empty() && !older.all && older.read_to == border);
    let newest = store.lessons(border, i64::MAX, 10).unwrap();
    assert!(newest.all && newest.list == second.list);
    assert_eq!(store.before_newest_lessons(4).unwrap(), 0, "there are four");
}

#[test]
fn what_is_brought_home_beside_the_writing_is_whole_while_another_writes_and_afterwards() {
    let (_folder, path, store) = fresh();
    let other = Store::open(&path, Access::ReadWrite).unwrap();
    let many = |store: &Store| {
        store.write_many(|tx| -> Result<(), Failure> {
            (0..100).try_for_each(|_| register(tx, "路灯不亮", Marks::default()).map(drop))
        })
    };
    store.bring_home_beside(true).unwrap();
    for _ in 0..5 {
        many(&store).unwrap();
        other
            .write(|tx| register(tx, "井盖破损", Marks::default()))
            .unwrap();
    }
    store.bring_home_beside(false).unwrap();
    many(&store).unwrap();
    drop(store);
    assert_eq!(other.counts(NOW, None).unwrap().views[6], Some(605));
    let report = other.verify(|_, _| {}).unwrap();
    assert_eq!(report.problems, []);
    assert_eq!(report.tickets, 605);
}

#[test]
fn many_at_once_wait_for_nothing_they_need_and_a_failure_in_between_leaves_nothing() {
    let (_folder, path, store) = fresh();
    let before = store.head().unwrap();
    let failed: Result<(), Failure> = store.write_many(|tx| {
        for _ in 0..20 {
            register(tx, "路灯不亮", Marks::default())?;
        }
        Err(Failure::new(FailureKind::Full, "enough"))
    });
    assert_eq!(failed.unwrap_err().kind, FailureKind::Full);
    assert_eq!(store.head().unwrap(), before);
    assert_eq!(
        store.counts(NOW, None).unwrap().views[6],
        Some(0),
        "nothing of it is stored"
    );

    // An act on a ticket that still waits to be written finds it.
    store
        .write_many(|tx| -> Result<(), Failure> {
            for n in 0..20 {
                let mut ticket = register(tx, "路灯不亮", Marks::default())?;
                if n == 10 {
                    let event = Event::Noted {
                        text: "记下".into(),
                    };
                    ticket.apply(&event, NOW, "zhang");
                    tx.append(&ticket, Marks::default(), &event, NOW, "zhang")?;
                }
            }
            Ok(())
        })
        .unwrap();
    store.tidy_search().unwrap();
    let report = store.verify(|_, _| {}).unwrap();
    assert_eq!(report.problems, []);
    assert_eq!((report.tickets, report.events), (20, 22));

    // Afterwards the guards stand as before: nobody appends what does not follow, nor refers to what is not there.
    let raw = rusqlite::Connection::open(&path).unwrap();
    let guards: i64 = raw
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE name IN ('event_follows', 'sweep_looks_at_new')",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(guards, 2);
}

fn query(view: View) -> Query {
    Query {
        view,
        filter: Filter::default(),
        sort: Sort::Due,
        department: None,
        now: NOW,
    }
}

#[test]
fn a_ticket_goes_in_is_listed_found_counted_and_verified() {
    let (folder, _, store) = fresh();
    let marks = Marks {
        warn_at: Some(NOW.plus(-10)),
        due_at: Some(NOW.plus(10)),
        stage_due_at: None,
    };
    let ticket = store.write(|tx| register(tx, "路灯不亮", marks)).unwrap();
    assert_eq!(ticket.no, "20171126-0001");
    let mut after = ticket.clone();
    let event = Event::Dispatched {
        lead: "cgj".into(),
        assisting: vec!["jtj".into()],
        suggestion: None,
    };
    after.apply(&event, NOW, "zhang");
    store
        .write(|tx| tx.append(&after, marks, &event, NOW, "zhang"))
        .unwrap();
    assert_eq!(store.load(&ticket.no).unwrap().unwrap().ticket, after);

    let stale = store
        .write(|tx| tx.append(&after, marks, &event, NOW, "wang"))
        .unwrap_err();
    assert_eq!(stale.conflict().unwrap().by, "zhang");

    let page = store.page(&query(View::Open), From::Start, 50).unwrap();
    assert_eq!(page.rows[0].1.title, "路灯不亮");
    let counts = store.counts(NOW, None).unwrap();
    assert_eq!((counts.red, counts.yellow, counts.green), (0, 1, 0));
    assert_eq!(store.counts(NOW.plus(10), Some("jtj")).unwrap().red, 1);
    for typed in [
        "灯",
        "路灯",
        "灯不亮",
        "0001",
        "8000",
        "13800138000",
        "连续三晚",
    ] {
        let mut query = query(View::Open);
        query.filter = Filter::default().and(Clause::Text(typed.into()));
        assert_eq!(store.total(&query).unwrap(), 1, "{typed}");
    }
    assert_eq!(store.find("0001").unwrap(), Found::One(ticket.no.clone()));
    assert_eq!(store.ledger(&ticket.no).unwrap().len(), 2);
    let report = store.verify(|_, _| ()).unwrap();
    assert!(report.ok, "{:?}", report.problems);
    assert_eq!((report.events, report.tickets), (3, 1));
    let copy = folder.path().join("copy.db");
    assert!(store.backup(&copy).unwrap().ok);
    let copy = Store::open(&copy, Access::ReadOnly).unwrap();
    assert_eq!(copy.head().unwrap(), store.head().unwrap());
    assert_eq!(
        copy.put_draft("zhang", "intake", "{}", NOW)
            .unwrap_err()
            .kind,
        FailureKind::ReadOnly
    );
}

const PHRASES: [&str; 24] = [
    "南布社区",
    "夜间施工",
    "噪音扰民",
    "路灯不亮",
    "井盖破损",
    "垃圾堆放",
    "占道经营",
    "公交站台",
    "咨询社保",
    "创业补贴",
    "物业收费",
    "电梯故障",
    "违章停车",
    "污水外溢",
    "树木倒伏",
    "学位申请",
    "拖欠工资",
    "油烟异味",
    "消防通道",
    "道路坑洼",
    "宠物扰民",
    "自来水浑浊",
    "燃气报修",
    "居住证办理",
];

const LEADS: [&str; 6] = ["cgj", "jtj", "hbj", "ltjd", "rsj", "zjj"];

fn made_up(dice: &mut Dice, phrases: usize) -> Texts {
    let mut content = String::from("市民来电");
    for _ in 0..phrases {
        content.push_str(dice.pick(&PHRASES));
        content.push(char::from_u32(0x4e00 + dice.below(3000) as u32).unwrap());
        content.push_str(", ");
    }
    Texts {
        title: format!("{}{}", dice.pick(&PHRASES), dice.pick(&PHRASES)),
        content,
        address: format!("金沙路{}号", dice.below(300)),
        requester: Requester {
            phone: format!("138{:08}", dice.below(100_000_000)),
            ..Requester::default()
        },
        raw: Vec::new(),
    }
}

/// Runs once to warm up, then some times, and prints the mean.
fn time<T>(what: &str, times: u32, run: &mut dyn FnMut() -> T) {
    run();
    let clock = std::time::Instant::now();
    for _ in 0..times {
        run();
    }
    println!("{what}: {:?}", clock.elapsed() / times);
}

/// Speeds of a store with `FENBO_STORE_TICKETS` tickets (few unless said), printed; what must be exact is asserted.
#[test]
fn bulk_import_stays_exact_and_tells_its_speed() {
    let n: u64 = std::env::var("FENBO_STORE_TICKETS").map_or(1_500, |n| n.parse().unwrap());
    let open_every = (n / 50_000).max(2);
    let (_folder, _, store) = fresh();
    let mut dice = Dice(7);
    let clock = std::time::Instant::now();
    let mut made = 0;
    let mut opened = 0;
    store.set_bulk(true).unwrap();
    while made < n {
        store
            .write(|tx| -> Result<(), Failure> {
                for _ in 0..5_000.min(n - made) {
                    made += 1;
                    let at = NOW.plus((made as i64 - n as i64) * 60);
                    let no = tx.next_number(fenbo::domain::instant::Zone::shanghai().date(at))?;
                    let event = registration(at);
                    let mut ticket = Ticket::begin(&no, &event, at).unwrap();
                    let texts = made_up(&mut dice, 10);
                    if made % open_every == 0 {
                        opened += 1;
                        let due = NOW.plus(dice.below(20 * 86_400) as i64 - 86_400);
                        let marks = Marks {
                            warn_at: Some(due.plus(-86_400)),
                            due_at: Some(due),
                            stage_due_at: None,
                        };
                        tx.put(Fresh::of(&[event], &ticket, &texts, marks, at, "zhang")?)?;
                    } else {
                        let end = Event::Imported(fenbo::domain::event::ImportedEnd {
                            lead: Some(dice.pick(&LEADS).into()),
                            on_time: Some(dice.below(10) > 0),
                            closed_at: Some(at.plus(86_400)),
                        });
                        ticket.apply(&end, at, "zhang");
                        let (events, marks) = ([event, end], Marks::default());
                        tx.put(Fresh::of(&events, &ticket, &texts, marks, at, "zhang")?)?;
                    }
                }
                Ok(())
            })
            .unwrap();
    }
    let took = clock.elapsed();
    store.set_bulk(false).unwrap();
    println!(
        "{n} tickets in {took:?}: {:.0} rows/s",
        n as f64 / took.as_secs_f64()
    );
    println!(
        "file {} MB",
        std::fs::metadata(store.path()).unwrap().len() >> 20
    );

    let open = query(View::Open);
    let counts = store.counts(NOW, None).unwrap();
    assert_eq!(counts.views[6], Some(n));
    assert_eq!(counts.red + counts.yellow + counts.green, opened);
    time("counts", 100, &mut || store.counts(NOW, None).unwrap());
    time("data_version", 1000, &mut || store.data_version().unwrap());
    for view in [View::Desk, View::Open, View::RedYellow, View::All] {
        for sort in Sort::ALL {
            let query = Query {
                view,
                sort: *sort,
                ..open.clone()
            };
            time(&format!("first page {view:?} {sort:?}"), 50, &mut || {
                store.page(&query, From::Start, 50).unwrap()
            });
        }
    }
    let middle = store
        .page(&open, From::Start, 500)
        .unwrap()
        .rows
        .last()
        .unwrap()
        .0;
    time("later page", 50, &mut || {
        store.page(&open, From::After(middle), 50).unwrap()
    });
    time("position", 20, &mut || {
        store.position(&open, middle).unwrap()
    });
    for (view, typed) in [
        (View::Open, "灯"),
        (View::Open, "路灯"),
        (View::Open, "路灯不亮"),
        (View::Open, "创业补贴龥"),
        (View::Open, "8000"),
        (View::All, "灯"),
        (View::All, "路灯"),
        (View::All, "路灯不亮"),
        (View::All, "创业补贴龥"),
        (View::All, "8000"),
    ] {
        let mut query = query(view);
        query.filter = Filter::default().and(Clause::Text(typed.into()));
        time(&format!("search {view:?} {typed}, page"), 5, &mut || {
            store.page(&query, From::Start, 50).unwrap()
        });
        let total = store.total(&query).unwrap();
        time(
            &format!("search {view:?} {typed}, total {total}"),
            5,
            &mut || store.total(&query).unwrap(),
        );
    }
    let page = store.page(&open, From::Start, 50).unwrap();
    let mut rows = page.rows.iter();
    time("dispatch, durable", 40, &mut || {
        let no = &rows.next().unwrap().1.no;
        let mut loaded = store.load(no).unwrap().unwrap();
        let event = Event::Dispatched {
            lead: "cgj".into(),
            assisting: vec![],
            suggestion: None,
        };
        loaded.ticket.apply(&event, NOW, "zhang");
        store
            .write(|tx| tx.append(&loaded.ticket, loaded.marks, &event, NOW, "zhang"))
            .unwrap();
    });
    let mut wrote = 0;
    time("empty durable commit", 40, &mut || {
        wrote += 1;
        store.write(|tx| tx.set_setting("x", &wrote.to_string()))
    });
    time("newest of each", 5, &mut || {
        store.newest_of_each("路灯", "金沙社区").unwrap()
    });
    for newest in [Newest::ByEntry, Newest::ByTime] {
        time(&format!("candidates {newest:?}"), 5, &mut || {
            store.candidates("南布社区夜间施工噪音扰民, 居民无法休息", newest, 20)
        });
    }
    let clock = std::time::Instant::now();
    let report = store.verify(|_, _| ()).unwrap();
    println!("verify {:?}", clock.elapsed());
    assert!(report.ok, "{:?}", report.problems);
    assert_eq!(report.tickets, n);
}
