//! A centre in memory: tickets, their ledgers and the people who act, over the built-in rules.
//! It does what the service does (decide, apply, echo to the master, compute the marks) and nothing else.
//! Start at [`World::act`].

use fenbo::config::Rules;
use fenbo::domain::act::{Act, Registration};
use fenbo::domain::department::{Department, DepartmentKind, Directory};
use fenbo::domain::effects;
use fenbo::domain::event::{Entry, Event};
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::operator::{Operator, Role, Roles};
use fenbo::domain::policy::Policy;
use fenbo::domain::refusal::Refusal;
use fenbo::domain::ticket::{Marks, Ticket};
use fenbo::domain::workflow::{self, Context, History};
use std::collections::BTreeMap;
use std::sync::OnceLock;

pub(super) fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| fenbo::config::rules(None).expect("the built-in rules load"))
}

pub(super) fn policy() -> &'static Policy {
    rules().editions.by_id("pingshan-2017").expect("built in")
}

/// The built-in directory, with one department that has been dissolved.
pub(super) fn directory() -> &'static Directory {
    static DIRECTORY: OnceLock<Directory> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let built_in = &rules().directory;
        let mut departments = built_in.departments().to_vec();
        departments.push(Department {
            code: "dissolved".into(),
            name: "已撤销的单位".into(),
            name_en: "a dissolved department".into(),
            aliases: Vec::new(),
            external_ids: Vec::new(),
            kind: DepartmentKind::Other,
            parent: None,
            active: false,
            leads_only: Vec::new(),
            mail: String::new(),
        });
        let places = [built_in.streets(), built_in.communities()].concat();
        Directory::new(
            departments,
            places,
            built_in.categories().to_vec(),
            built_in.sources().to_vec(),
        )
    })
}

pub(super) fn zone() -> Zone {
    policy().zone
}

/// The people of a scenario by the name a step gives them; a department's code stands for its clerk.
pub(super) fn operator(name: &str) -> Operator {
    let made = |roles: &[Role]| Operator {
        code: name.to_owned(),
        name: name.to_owned(),
        roles: roles.to_vec().into(),
        department: None,
        active: true,
    };
    match name {
        "desk" | "other-desk" => made(&[Role::Dispatcher]),
        "shift-lead" | "other-lead" => made(&[Role::ShiftLead]),
        "caller" => made(&[Role::Callback]),
        "supervisor" => made(&[Role::Supervisor]),
        "auditor" => made(&[Role::Auditor]),
        "administrator" => made(&[Role::Administrator]),
        "founder" => Operator {
            roles: Roles::all(),
            ..made(&[])
        },
        "left" => Operator {
            active: false,
            ..made(&[Role::Dispatcher])
        },
        "system" => Operator::system(),
        department => {
            assert!(
                directory().department(department).is_some(),
                "nobody is called {department}"
            );
            Operator {
                department: Some(department.to_owned()),
                ..made(&[Role::Department])
            }
        }
    }
}

/// A ticket with its ledger and its deadlines, as the store would keep them.
pub(super) struct Kept {
    pub ticket: Ticket,
    pub marks: Marks,
    pub ledger: Vec<Entry>,
}

impl Kept {
    /// The row as the ledger alone makes it.
    pub fn replayed(&self) -> Ticket {
        let first = &self.ledger[0];
        let mut ticket =
            Ticket::begin(&first.no, &first.event, first.at).expect("it begins with registration");
        for entry in &self.ledger[1..] {
            ticket.apply(&entry.event, entry.at, &entry.by);
        }
        ticket
    }

    fn dispatched_by(&self) -> Option<&str> {
        self.ledger
            .iter()
            .rev()
            .find(|e| matches!(e.event, Event::Dispatched { .. }))
            .map(|e| e.by.as_str())
    }

    fn supervision(&self) -> Option<&str> {
        self.ledger.iter().rev().find_map(|e| match &e.event {
            Event::Escalated {
                level: 1, paper, ..
            } => Some(Some(paper.as_str())),
            Event::SupervisionResulted { .. } => Some(None),
            _ => None,
        })?
    }

    fn last_paper(&self) -> Option<&str> {
        self.ledger.iter().rev().find_map(|e| match &e.event {
            Event::Escalated { paper, .. } => Some(paper.as_str()),
            _ => None,
        })
    }

    /// Whether the last referral is younger than the last supervision without result.
    fn is_referred(&self) -> bool {
        let last = self.ledger.iter().rev().find(|e| {
            matches!(
                e.event,
                Event::Escalated { level: 3, .. }
                    | Event::SupervisionResulted {
                        effective: false,
                        ..
                    }
            )
        });
        last.is_some_and(|e| matches!(e.event, Event::Escalated { .. }))
    }

    fn failed_supervisions(&self) -> u32 {
        self.ledger.iter().fold(0, |failed, e| match e.event {
            Event::SupervisionResulted { effective, .. } if effective => 0,
            Event::SupervisionResulted { .. } => failed + 1,
            _ => failed,
        })
    }
}

/// All tickets of a scenario.
#[derive(Default)]
pub(super) struct World {
    pub tickets: BTreeMap<String, Kept>,
    seq: i64,
}

impl World {
    pub fn register(&mut self, no: &str, form: &Registration, now: Instant, by: &str) {
        let event = effects::register(form, policy());
        let ticket = Ticket::begin(no, &event, now).expect("a registration begins a ticket");
        let marks = workflow::marks(&ticket, policy(), &rules().calendar);
        self.seq += 1;
        let first = Entry {
            seq: self.seq,
            no: no.to_owned(),
            at: now,
            by: by.to_owned(),
            event,
        };
        let kept = Kept {
            ticket,
            marks,
            ledger: vec![first],
        };
        assert!(self.tickets.insert(no.to_owned(), kept).is_none());
    }

    pub fn kept(&self, no: &str) -> &Kept {
        self.tickets
            .get(no)
            .unwrap_or_else(|| panic!("no ticket {no}"))
    }

    /// What the rules say to an act, without doing it.
    pub fn decide(
        &self,
        no: &str,
        operator: &Operator,
        act: &Act,
        now: Instant,
    ) -> Result<Vec<Event>, Refusal> {
        let kept = self.kept(no);
        let paper = format!("督办〔2017〕{}号", self.seq);
        let context = Context {
            now,
            operator,
            policy: policy(),
            calendar: &rules().calendar,
            directory: directory(),
            marks: kept.marks,
            master: match act {
                Act::Merge { into } => self.tickets.get(into).map(|k| &k.ticket),
                _ => None,
            },
            history: History {
                dispatched_by: kept.dispatched_by(),
                supervision: kept.supervision(),
                failed_supervisions: kept.failed_supervisions(),
                referred: kept.is_referred(),
                last_paper: kept.last_paper(),
                next_paper: &paper,
            },
        };
        workflow::decide(&kept.ticket, act, &context)
    }

    /// Decides an act and, when it is allowed, writes its events.
    pub fn act(
        &mut self,
        no: &str,
        operator: &Operator,
        act: &Act,
        now: Instant,
    ) -> Result<Vec<Event>, Refusal> {
        let events = self.decide(no, operator, act, now)?;
        let echo = effects::echo(&self.kept(no).ticket, act);
        for event in &events {
            self.write(no, event, now, &operator.code);
        }
        if let Some((master, event)) = echo {
            self.write(&master, &event, now, &operator.code);
        }
        Ok(events)
    }

    pub fn write(&mut self, no: &str, event: &Event, now: Instant, by: &str) {
        self.seq += 1;
        let kept = self.tickets.get_mut(no).expect("known");
        kept.ticket.apply(event, now, by);
        kept.marks = workflow::marks(&kept.ticket, policy(), &rules().calendar);
        kept.ledger.push(Entry {
            seq: self.seq,
            no: no.to_owned(),
            at: now,
            by: by.to_owned(),
            event: event.clone(),
        });
    }
}
