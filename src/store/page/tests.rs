//! What a page costs, in SQLite's steps.

use super::*;
use crate::domain::filter::Filter;
use crate::domain::instant::Instant;
use crate::domain::operator::{Operator, Roles};
use crate::domain::queue::Sort;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A store of so many tickets that stand in every list at the same place.
fn of_one_kind(path: &std::path::Path, many: i64) -> Store {
    let founder = Operator {
        code: "zhang".into(),
        name: "张".into(),
        roles: Roles::all(),
        department: None,
        active: true,
    };
    let store = Store::create(path, &founder, Instant(0), false).unwrap();
    let (names, values): (Vec<String>, Vec<String>) = store
        .conn
        .prepare("SELECT name, type FROM pragma_table_info('ticket') WHERE \"notnull\" OR pk")
        .unwrap()
        .query_map([], |row| {
            let (name, kind): (String, String) = (row.get(0)?, row.get(1)?);
            let value = match (name.as_str(), kind.as_str()) {
                ("id" | "no", _) => "n".to_owned(),
                ("version", _) => "1".to_owned(),
                (flag, _) if flag.starts_with("is_") => "1".to_owned(),
                ("stage_key", _) => row::NEVER.to_string(),
                (_, "INTEGER") => "0".to_owned(),
                _ => "''".to_owned(),
            };
            Ok((name, value))
        })
        .unwrap()
        .map(Result::unwrap)
        .unzip();
    let (names, values) = (names.join(", "), values.join(", "));
    let sql = format!(
        "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < {many}) \
         INSERT INTO ticket ({names}) SELECT {values} FROM many"
    );
    store.conn.execute_batch(&sql).unwrap();
    store
}

/// SQLite's steps to read a page, in hundreds.
fn steps(store: &mut Store, query: &Query, from: From) -> u32 {
    let steps = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&steps);
    let count = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        false
    };
    store.conn.progress_handler(100, Some(count)).unwrap();
    assert_eq!(store.page(query, from, 20).unwrap().rows.len(), 20);
    store
        .conn
        .progress_handler(0, None::<fn() -> bool>)
        .unwrap();
    steps.load(Ordering::Relaxed)
}

#[test]
fn a_place_among_many_alike_is_sought_and_not_walked_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = of_one_kind(&folder.path().join("fenbo.db"), 20_000);
    let every = View::ALL
        .iter()
        .flat_map(|view| Sort::ALL.iter().map(move |sort| (*view, *sort)));
    for (view, sort) in every.filter(|(view, sort)| is_walked(*view, *sort)) {
        let query = Query {
            view,
            sort,
            filter: Filter::default(),
            now: Instant(0),
            department: None,
        };
        let key = if sort == Sort::Stage { row::NEVER } else { 0 };
        for from in [
            From::Start,
            From::After(Anchor { key, id: 10_000 }),
            From::At(Anchor { key, id: 10_000 }),
            From::Before(Anchor { key, id: 10_000 }),
            From::End,
        ] {
            let steps = steps(&mut store, &query, from);
            assert!(
                steps < 60,
                "{view:?} {sort:?} {from:?}: {steps} hundred steps"
            );
        }
    }
}

#[test]
fn the_order_a_list_opens_in_is_walked() {
    for (view, sort) in [
        (View::Desk, Sort::Urgency),
        (View::Open, Sort::Due),
        (View::RedYellow, Sort::Due),
        (View::Decisions, Sort::Stage),
        (View::Review, Sort::Stage),
        (View::Supervision, Sort::Due),
        (View::All, Sort::Newest),
    ] {
        assert!(is_walked(view, sort), "{view:?}");
    }
}
