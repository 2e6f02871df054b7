//! The console, the command line and the service accept and refuse the same acts: every role, every act, every state a ticket can
//! be in. The door takes no such act: what it takes, `requesters` and `serve` try.

use crate::login;
use crate::pty::desk::{Desk, NOW};
use crate::safety::foreign::{act, now};
use fenbo::config;
use fenbo::console::app;
use fenbo::domain::act::ActKind;
use fenbo::domain::filter::Filter;
use fenbo::domain::operator::{Operator, Role, Roles};
use fenbo::domain::queue::{From, Query, Sort, View};
use fenbo::domain::ticket::State;
use fenbo::service::performing::Order;
use fenbo::service::{Access, Centre, NotDone};
use std::collections::BTreeMap;
use std::sync::Arc;

const WHY: &str = "事由写在这里，足够详细";

/// The act of `foreign::act`, as it is typed.
fn words(kind: ActKind, into: &str) -> Vec<&str> {
    let text = ["--text", WHY];
    match kind {
        ActKind::File
        | ActKind::Reclassify
        | ActKind::Recall
        | ActKind::Sign
        | ActKind::Resume
        | ActKind::Pass
        | ActKind::Unmerge
        | ActKind::Archive
        | ActKind::Claim
        | ActKind::Release
        | ActKind::SetConfidential
        | ActKind::DropCase => vec![],
        ActKind::Answer => vec!["--answer", WHY],
        ActKind::Note => vec!["--note", WHY],
        ActKind::Refuse => [&text[..], &["--ground", "litigation"]].concat(),
        ActKind::RequestReturn => [&text[..], &["--ground", "not_ours"]].concat(),
        ActKind::Dispatch => vec!["--to", "hbsw"],
        ActKind::Rule => [&text[..], &["--to", "hbsw"]].concat(),
        ActKind::Extend => [&text[..], &["--days", "5"]].concat(),
        ActKind::Suspend => [&text[..], &["--until", "2026-12-20"]].concat(),
        ActKind::Reply => vec!["--answer", WHY, "--note", WHY, "--contacted", "--solved"],
        ActKind::CallBack => [&text[..], &["--outcome", "no-answer"]].concat(),
        ActKind::Merge => vec!["--into", into],
        ActKind::SetUrgency => vec!["--level", "urgent"],
        ActKind::ResolveSupervision => [&text[..], &["--solved"]].concat(),
        ActKind::LateReturn
        | ActKind::Void
        | ActKind::WaiveCallback
        | ActKind::Appeal
        | ActKind::Grant
        | ActKind::Decline
        | ActKind::Coordinate
        | ActKind::Rework
        | ActKind::Redo
        | ActKind::Urge
        | ActKind::Reopen
        | ActKind::Reveal
        | ActKind::Erase
        | ActKind::Supervise
        | ActKind::DismissSupervision
        | ActKind::Circulate
        | ActKind::Refer
        | ActKind::Serve
        | ActKind::KeepCase => text.to_vec(),
    }
}

/// The rule that says no; nothing where the act is done.
fn rule(verdict: Result<(), NotDone>) -> Option<String> {
    match verdict {
        Ok(()) => None,
        Err(NotDone::Refused(refusal)) => Some(refusal.rule().to_owned()),
        Err(NotDone::NotFound { .. }) => Some("not-found".to_owned()),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn console_command_line_and_service_say_the_same_of_every_act() {
    let desk = Desk::demo();
    let book = Arc::new(config::rules(None).unwrap());
    let open = |code: &str| {
        let (store, login) = (desk.store(), login());
        let rules = Arc::clone(&book);
        Centre::open(&store, Access::ReadWrite, rules, &login, Some(code)).unwrap()
    };
    let mut chief = open(&login());
    let query = Query {
        view: View::All,
        filter: Filter::default(),
        sort: Sort::Newest,
        department: None,
        now: now(),
    };
    let all = chief.page(&query, From::Start, 10_000).unwrap();
    let mut of_state: BTreeMap<String, (String, Option<String>)> = BTreeMap::new();
    for (_, row) in all.rows {
        let own = (row.no.clone(), row.lead.clone());
        of_state.entry(row.state.code().to_owned()).or_insert(own);
    }
    let states: Vec<&str> = of_state.keys().map(String::as_str).collect();
    assert!(
        states.len() >= 10,
        "of {} states: {states:?}",
        State::ALL.len()
    );
    let numbers: Vec<&str> = of_state.values().map(|(no, _)| no.as_str()).collect();
    let lead = of_state["handling"].1.clone();
    let (mut compared, mut allowed) = (0, 0);
    for role in Role::ALL {
        let operator = Operator {
            code: format!("as_{}", role.code()),
            name: "某人".to_owned(),
            roles: Roles::from(vec![role]),
            department: lead.clone().filter(|_| role == Role::Department),
            active: true,
        };
        chief.put_operator(&operator, now()).unwrap();
        let centre = open(&operator.code);
        let at_the_desk = app::Rules {
            operator: operator.clone(),
            book: Arc::clone(&book),
            people: BTreeMap::new(),
        };
        for kind in ActKind::ALL.iter().copied() {
            let into = numbers[0];
            let sees_all = operator.roles.sees_all();
            if kind == ActKind::Merge && !sees_all {
                // The command looks for the main ticket before it asks the rules.
                continue;
            }
            let aims: Vec<&str> = numbers
                .iter()
                .copied()
                .filter(|no| kind != ActKind::Merge || *no != into)
                .collect();
            let verb = kind.code().replace('_', "-");
            let typed = [
                &["--at", NOW, "--as", &operator.code, "act"][..],
                &[verb.as_str()],
                &aims,
                &words(kind, into),
                &["--dry-run", "--format", "json"],
            ]
            .concat();
            let ran = desk.run(&typed);
            let said: serde_json::Value = serde_json::from_slice(&ran.stdout)
                .unwrap_or_else(|_| panic!("{typed:?}: {ran:?}"));
            for (no, told) in aims.iter().zip(said["results"].as_array().unwrap()) {
                let what = format!("{role:?} {kind:?} {no}");
                assert_eq!(told["no"], **no, "{what}");
                let order = Order {
                    no: (*no).to_owned(),
                    version: None,
                    act: act(kind, into),
                };
                let decided = rule(centre.verdict(&order, now()));
                assert_eq!(told["rule"].as_str(), decided.as_deref(), "{what}");
                let Ok(detail) = centre.detail(no) else {
                    assert_eq!(decided.as_deref(), Some("not-found"), "{what}");
                    continue;
                };
                let seen = at_the_desk.may(&detail, kind, now());
                // What the form says may be refused besides; what the desk may not do at all is refused by the same rule.
                match seen {
                    Ok(()) => {}
                    Err(refusal) => assert_eq!(decided.as_deref(), Some(refusal.rule()), "{what}"),
                }
                compared += 1;
                allowed += usize::from(decided.is_none());
            }
        }
    }
    assert!(compared > 2_000 && allowed > 200, "{compared} {allowed}");
}
