//! Dispatch without a person: never unless the policy says so, and then only what is sure.

use crate::EveryRow;
use fenbo::config;
use fenbo::domain::act::Act;
use fenbo::domain::event::Event;
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::operator::Operator;
use fenbo::domain::policy::Editions;
use fenbo::domain::ticket::State;
use fenbo::insight::text::mix;
use fenbo::intake::{Draft, Named, Outcome};
use fenbo::service::Centre;
use fenbo::service::importing::{Plan, Taken};
use fenbo::service::performing::Order;
use std::sync::Arc;

fn at(text: &str) -> Instant {
    Zone::shanghai().parse(text).unwrap()
}

fn draft(n: i64, category: &str, department: &str) -> Draft {
    let name = |name: &str| Named {
        id: None,
        name: Some(name.to_owned()),
    };
    Draft {
        external_no: Some(format!("{category}{n}")),
        source: name("12345"),
        created_at: Some(at("2017-01-03 08:00").0 + n * 3600),
        nature: Some("投诉".to_owned()),
        category: vec!["环境保护".to_owned(), category.to_owned()],
        street: name("龙田街道"),
        community: name("南布社区"),
        department: name(department),
        outcome: Some(Outcome::ClosedOnTime),
        ..Draft::default()
    }
}

/// A centre that has seen one category go to one department always, and another to two without any rule.
fn centre(folder: &std::path::Path, by_rule: bool, past: i64) -> Centre {
    let mut rules = config::rules(None).unwrap();
    let editions = rules.editions.iter().cloned().map(|mut edition| {
        edition.dispatch_by_rule.value = by_rule;
        edition.prefill_precision.value = 0.99;
        edition
    });
    rules.editions = Editions::new(editions.collect()).unwrap();
    let now = at("2017-09-25 08:00");
    let path = folder.join("fenbo.db");
    let mut centre = Centre::create(&path, Arc::new(rules), "root", now, true).unwrap();
    let names: Vec<String> = ["hbsw", "cgj"]
        .iter()
        .map(|code| centre.rules().directory.department_name(code).to_owned())
        .collect();
    let drafts = (0..past).map(|n| {
        Ok(match n % 4 {
            3 => draft(n, "噪音", &names[(mix(7, n.unsigned_abs()) & 1) as usize]),
            _ => draft(n, "污水", &names[0]),
        })
    });
    let plan = Plan::default();
    centre.import(drafts, &plan, &mut EveryRow, now).unwrap();
    centre
}

fn comes(centre: &mut Centre, category: &str) -> String {
    let draft = Draft {
        external_no: Some(format!("live {category}")),
        created_at: Some(at("2017-09-25 09:00").0),
        outcome: None,
        department: Named::default(),
        ..draft(0, category, "")
    };
    match centre
        .take(draft, ("desk", ""), at("2017-09-25 09:00"))
        .unwrap()
    {
        Taken::Added(no) => no,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_sure_is_dispatched_by_the_sweep_only_where_the_policy_says_so() {
    for by_rule in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut centre = centre(folder.path(), by_rule, 900);
        let (sure, doubtful) = (comes(&mut centre, "污水"), comes(&mut centre, "噪音"));
        let now = at("2017-09-25 09:05");
        assert!(centre.suggest_for(&sure, now).unwrap().prefill);
        assert!(!centre.suggest_for(&doubtful, now).unwrap().prefill);
        centre.sweep(now).unwrap();
        let state = |no: &str| centre.ticket(no).unwrap().0.state;
        assert_eq!(state(&doubtful), State::Filed);
        let ledger = centre.detail(&sure).unwrap().ledger;
        let last = ledger.last().unwrap();
        if by_rule {
            assert_eq!(state(&sure), State::Dispatched);
            assert_eq!(last.by, Operator::SYSTEM);
            assert!(
                matches!(&last.event, Event::Dispatched { lead, suggestion: Some(s), .. } if lead == "hbsw" && s.offered[0] == "hbsw"),
                "{last:?}"
            );
        } else {
            assert_eq!(state(&sure), State::Filed);
            assert!(ledger.iter().all(|e| e.by != Operator::SYSTEM));
        }
        assert!(centre.verify(|_, _| {}).unwrap().ok);
    }
}

#[test]
fn with_little_history_nothing_is_sure_and_nothing_is_dispatched() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path(), true, 100);
    let no = comes(&mut centre, "污水");
    let now = at("2017-09-25 09:05");
    assert!(!centre.suggest_for(&no, now).unwrap().prefill);
    centre.sweep(now).unwrap();
    assert_eq!(centre.ticket(&no).unwrap().0.state, State::Filed);
}

#[test]
fn who_gave_a_ticket_back_is_not_suggested_for_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path(), false, 900);
    let no = comes(&mut centre, "污水");
    let now = at("2017-09-25 09:05");
    let acts = [
        Act::Dispatch {
            lead: "hbsw".to_owned(),
            assisting: Vec::new(),
            suggestion: None,
        },
        Act::RequestReturn {
            ground: "competence".to_owned(),
            text: "经现场核实，该处排水管由另一家单位管养，不属于本单位的职责范围。".to_owned(),
            suggested: Some("cgj".to_owned()),
        },
        Act::Grant {
            kind: None,
            text: "同意".to_owned(),
        },
    ];
    for (minute, act) in acts.into_iter().enumerate() {
        let order = Order {
            no: no.clone(),
            version: None,
            act,
        };
        centre
            .perform(&order, now.plus(60 * minute as i64))
            .unwrap();
    }
    let later = at("2017-09-25 10:00");
    let found = centre.suggest_for(&no, later).unwrap();
    assert!(!found.prefill);
    assert!(!found.list.is_empty());
    assert!(found.list.iter().all(|s| s.department != "hbsw"));
}
