//! Integration tests: store.

use fenbo::domain::event::{Event, Registered};
use fenbo::domain::filter::{Clause, Filter};
use fenbo::domain::instant::Instant;
use fenbo::domain::operator::{Operator, Roles};
use fenbo::domain::privacy::{Requester, Texts};
use fenbo::domain::queue::{From, Query, Sort, View};
use fenbo::domain::ticket::{Marks, Ticket, Urgency};
use fenbo::store::{Access, Failure, FailureKind, Found, Store, Tx};
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
    tx.register(&no, &event, &texts(title), &ticket, marks, NOW, "zhang")?;
    Ok(ticket)
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
