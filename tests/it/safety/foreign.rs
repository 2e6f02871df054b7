//! A department reads and touches only what is its own: what is another's and what is not there look the same.
//!
//! Every act of the table of acts and every command that takes a number is tried on both.

use crate::login;
use crate::pty::desk::{Desk, NOW};
use fenbo::config;
use fenbo::domain::act::{Act, ActKind, CallForm, CallOutcome, Filing, ReplyForm, RulingOrder};
use fenbo::domain::filter::Filter;
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::operator::{Operator, Role, Roles};
use fenbo::domain::queue::{From, Query, Sort, View};
use fenbo::domain::ticket::Urgency;
use fenbo::service::performing::Order;
use fenbo::service::{Access, Centre, NotDone};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A number that no ticket has.
const NOWHERE: &str = "20990101-0001";

pub fn now() -> Instant {
    Zone::shanghai().parse(NOW).unwrap()
}

/// A centre as one department sees it, every number that is its own, and every one that is not.
fn centre(desk: &Desk) -> (Centre, BTreeSet<String>, Vec<String>) {
    let rules = Arc::new(config::rules(None).unwrap());
    let open = |operator: &str| {
        let login = login();
        Centre::open(
            &desk.store(),
            Access::ReadWrite,
            Arc::clone(&rules),
            &login,
            Some(operator),
        )
        .unwrap()
    };
    let mut chief = open(&login());
    let query = |department: Option<String>| Query {
        view: View::All,
        filter: Filter::default(),
        sort: Sort::Oldest,
        department,
        now: now(),
    };
    let numbers = |centre: &Centre| -> Vec<String> {
        let page = centre.page(&query(None), From::Start, 10_000).unwrap();
        page.rows.into_iter().map(|(_, row)| row.no).collect()
    };
    let department = chief
        .page(&query(None), From::Start, 10_000)
        .unwrap()
        .rows
        .into_iter()
        .find_map(|(_, row)| row.lead)
        .unwrap();
    let eve = Operator {
        code: "eve".to_owned(),
        name: "某单位".to_owned(),
        roles: Roles::from(vec![Role::Department]),
        department: Some(department),
        active: true,
    };
    chief.put_operator(&eve, now()).unwrap();
    let eve = open("eve");
    let own: BTreeSet<String> = numbers(&eve).into_iter().collect();
    let foreign: Vec<String> = numbers(&chief)
        .into_iter()
        .filter(|no| !own.contains(no))
        .collect();
    assert!(
        own.len() > 2 && foreign.len() > 100,
        "{} {}",
        own.len(),
        foreign.len()
    );
    (eve, own, foreign)
}

/// An act of a kind, well formed.
pub fn act(kind: ActKind, into: &str) -> Act {
    let text = "事由写在这里，足够详细".to_owned();
    let until = "2026-12-20".parse().unwrap();
    match kind {
        ActKind::File => Act::File(Filing::default()),
        ActKind::Reclassify => Act::Reclassify(Filing::default()),
        ActKind::Answer => Act::Answer { text },
        ActKind::Refuse => Act::Refuse {
            ground: "litigation".to_owned(),
            text,
        },
        ActKind::Dispatch => Act::Dispatch {
            lead: "hbsw".to_owned(),
            assisting: Vec::new(),
            suggestion: None,
        },
        ActKind::Recall => Act::Recall,
        ActKind::Sign => Act::Sign,
        ActKind::RequestReturn => Act::RequestReturn {
            ground: "not_ours".to_owned(),
            text,
            suggested: None,
        },
        ActKind::LateReturn => Act::LateReturn { text },
        ActKind::Extend => Act::Extend { units: 5, text },
        ActKind::Suspend => Act::Suspend { until, text },
        ActKind::Resume => Act::Resume,
        ActKind::Void => Act::Void { text },
        ActKind::WaiveCallback => Act::WaiveCallback { text },
        ActKind::Appeal => Act::Appeal { text },
        ActKind::Grant => Act::Grant { kind: None, text },
        ActKind::Decline => Act::Decline { kind: None, text },
        ActKind::Coordinate => Act::Coordinate { text },
        ActKind::Rule => Act::Rule(RulingOrder {
            lead: "hbsw".to_owned(),
            text,
            ..RulingOrder::default()
        }),
        ActKind::Reply => Act::Reply(ReplyForm {
            contacted: true,
            solved: true,
            note: text.clone(),
            answer: text,
        }),
        ActKind::Pass => Act::Pass,
        ActKind::Rework => Act::Rework { text },
        ActKind::CallBack => Act::CallBack(CallForm {
            about: None,
            outcome: CallOutcome::NoAnswer,
            rating: None,
            text,
        }),
        ActKind::Redo => Act::Redo { text },
        ActKind::Merge => Act::Merge {
            into: into.to_owned(),
        },
        ActKind::Unmerge => Act::Unmerge,
        ActKind::Urge => Act::Urge { text },
        ActKind::Archive => Act::Archive,
        ActKind::Reopen => Act::Reopen { text },
        ActKind::Note => Act::Note { text },
        ActKind::Claim => Act::Claim,
        ActKind::Release => Act::Release,
        ActKind::SetConfidential => Act::SetConfidential { confidential: true },
        ActKind::SetUrgency => Act::SetUrgency {
            urgency: Urgency::Urgent,
        },
        ActKind::Reveal => Act::Reveal { text },
        ActKind::Erase => Act::Erase { text },
        ActKind::Supervise => Act::Supervise { text },
        ActKind::ResolveSupervision => Act::ResolveSupervision {
            effective: true,
            text,
        },
        ActKind::DismissSupervision => Act::DismissSupervision { text },
        ActKind::Circulate => Act::Circulate { text },
        ActKind::Refer => Act::Refer { text },
        ActKind::Serve => Act::Serve { text },
        ActKind::KeepCase => Act::KeepCase {
            text,
            tags: Vec::new(),
        },
        ActKind::DropCase => Act::DropCase,
    }
}

#[test]
fn no_act_and_no_look_tells_a_foreign_ticket_from_none() {
    let desk = Desk::demo();
    let (mut eve, _, foreign) = centre(&desk);
    let absent = |no: &str| NotDone::NotFound {
        asked: no.to_owned(),
    };
    for no in foreign
        .iter()
        .step_by(40)
        .map(String::as_str)
        .chain([NOWHERE])
    {
        for kind in ActKind::ALL.iter().copied() {
            let order = Order {
                no: no.to_owned(),
                version: None,
                act: act(kind, &foreign[0]),
            };
            assert_eq!(
                eve.verdict(&order, now()).unwrap_err(),
                absent(no),
                "{kind:?}"
            );
            assert_eq!(
                eve.perform(&order, now()).unwrap_err(),
                absent(no),
                "{kind:?}"
            );
        }
        assert_eq!(eve.find(no).unwrap_err(), absent(no));
        assert_eq!(eve.detail(no).unwrap_err(), absent(no));
        assert_eq!(eve.facts(no).unwrap_err(), absent(no));
        assert_eq!(eve.ticket(no).unwrap_err(), absent(no));
        assert_eq!(eve.case_of(no).unwrap_err(), absent(no));
        assert_eq!(eve.similar(no).unwrap_err(), absent(no));
        assert_eq!(eve.paper(no, None).unwrap_err(), absent(no));
        assert_eq!(eve.suggest_for(no, now()).unwrap_err(), absent(no));
    }
    // An ending names only what is one's own, however many tickets end so.
    for ending in ["1", "01", "0001", "1123-0004"] {
        match eve.find(ending) {
            Ok(no) => assert!(!foreign.contains(&no), "{ending} named {no}"),
            Err(NotDone::Ambiguous { numbers, .. }) => {
                assert!(
                    numbers.iter().all(|no| !foreign.contains(no)),
                    "{ending} named {numbers:?}"
                );
            }
            Err(other) => assert_eq!(other, absent(ending)),
        }
    }
}

#[test]
fn what_a_department_is_shown_names_no_foreign_ticket() {
    let desk = Desk::demo();
    let (mut eve, own, foreign) = centre(&desk);
    let mut said = vec![
        ("board", format!("{:?}", eve.board(now()).unwrap())),
        (
            "shift",
            format!("{:?}", eve.shift_sheet(None, 500, now()).unwrap()),
        ),
    ];
    let (from, to) = ("2026-10-01".parse().unwrap(), "2026-11-23".parse().unwrap());
    said.push((
        "hot spots",
        format!("{:?}", eve.hotspots(from, to, now()).unwrap()),
    ));
    let lists = View::ALL.iter().copied();
    for view in lists.filter(|v| !matches!(v, View::Statistics | View::Shift)) {
        let query = Query {
            view,
            filter: Filter::default(),
            sort: Sort::Due,
            department: None,
            now: now(),
        };
        let page = eve.page(&query, From::Start, 10_000).unwrap();
        said.push((view.code(), format!("{page:?}")));
    }
    for no in own.iter().take(8) {
        said.push(("similar", format!("{:?}", eve.similar(no).unwrap())));
        said.push((
            "suggestions",
            format!("{:?}", eve.suggest_for(no, now()).unwrap()),
        ));
    }
    // A number may stand in a ticket of one's own that was merged with it.
    let merged: Vec<_> = own
        .iter()
        .map(|no| eve.detail(no).unwrap().ticket)
        .collect();
    let merged = format!("{merged:?}");
    for (place, text) in said {
        let named: Vec<&String> = foreign
            .iter()
            .filter(|no| text.contains(*no) && !merged.contains(*no))
            .collect();
        assert!(named.is_empty(), "{place}: {named:?}");
    }
}

/// What each command does with a number; a new command needs its line.
#[test]
fn every_command_answers_for_a_foreign_ticket_as_for_none() {
    let desk = Desk::demo();
    let (_, _, foreign) = centre(&desk);
    let mut tried = 0;
    for command in crate::docs::below(&desk.path(""), &[]) {
        let words: &[&[&str]] = match command.as_str() {
            "show" => &[&["show"], &["show", "--format", "json"]],
            "act" => &[
                &["act", "urge", "--text", "催"],
                &["act", "note", "--text", "看", "--dry-run"],
            ],
            "suggest" => &[&["suggest"]],
            "similar" => &[&["similar"]],
            "paper" => &[&["paper"]],
            "track" => &[&["track", "--code", "23456789"]],
            "code" => &[&["code", "--text", "本人来窗口"]],
            "viewed" => &[&["viewed"], &["viewed", "--format", "json"]],
            "case" => &[
                &["case", "show"],
                &["case", "search"],
                &["case", "add", "--text", "要旨"],
            ],
            // These take no number of a ticket.
            "console" | "key" | "notices" | "outbox" | "serve" | "demo" | "init" | "import"
            | "intake" | "list" | "evaluate" | "sweep" | "handover" | "hotspots" | "deadline"
            | "department" | "operator" | "calendar" | "policy" | "report" | "verify"
            | "backup" | "restore" | "doctor" | "completions" | "manual" => &[],
            other => {
                panic!("{other}: does it take a ticket's number? then it belongs into this test")
            }
        };
        for words in words {
            let told = |no: &str| {
                let ran = desk.run(&[&["--at", NOW, "--as", "eve"], *words, &[no]].concat());
                let text = format!(
                    "{:?}\n{}\n{}",
                    ran.status.code(),
                    String::from_utf8_lossy(&ran.stdout),
                    String::from_utf8_lossy(&ran.stderr)
                );
                text.replace(no, "N")
            };
            for no in [&foreign[0], &foreign[foreign.len() / 2]] {
                assert_eq!(told(no), told(NOWHERE), "{words:?}");
                assert_eq!(
                    told(&no[4..]),
                    told(&NOWHERE[4..]),
                    "{words:?} by an ending"
                );
            }
            tried += 1;
        }
    }
    assert!(tried >= 7);
}
