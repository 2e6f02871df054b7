//! What each act asks for, as data: the fields of its form, and what is known of them already.
//!
//! Must not read a form: what a filled-in one says is read in `filled`. Focus, typing and drafts are in `form`. Start at
//! [`form`].

use super::Model;
use super::form::{Choice, Field, FieldId, Form, Purpose, Search};
use super::picker::Target;
use super::text::Text;
use crate::domain::act::{ActKind, CallOutcome, Rating};
use crate::domain::application::ApplicationKind;
use crate::domain::callback;
use crate::domain::policy::{Ground, Policy};
use crate::domain::ticket::{LimitClass, Nature, Ticket, Urgency};
use FieldId as F;

/// An act and its fields; `true` when one must be filled in.
type Row = (ActKind, &'static [(FieldId, bool)]);

const FILING: &[(FieldId, bool)] = &[
    (F::Nature, true),
    (F::Class, false),
    (F::Category, true),
    (F::Street, false),
    (F::Community, false),
    (F::AddressUnknown, false),
];
const WHY: &[(FieldId, bool)] = &[(F::Text, true)];
const DECIDE: &[(FieldId, bool)] = &[(F::Decision, true), (F::Kind, false), (F::Text, false)];
const INTAKE: &[(FieldId, bool)] = &[
    (F::Phone, false),
    (F::Name, false),
    (F::Title, true),
    (F::Content, true),
    (F::Address, false),
    (F::Street, false),
    (F::Community, false),
    (F::Category, false),
    (F::Nature, false),
    (F::Urgency, false),
    (F::Source, true),
    (F::Confidential, false),
    (F::Next, true),
];
const HANDOVER: &[(FieldId, bool)] = &[(F::Taker, true), (F::Leaving, false)];

/// Acts that ask for something. An act that does not stand here needs no words, or has the dispatch picker.
const TABLE: &[Row] = &[
    (ActKind::File, FILING),
    (ActKind::Reclassify, FILING),
    (ActKind::Answer, &[(F::Answer, true)]),
    (ActKind::Refuse, &[(F::Ground, true), (F::Text, false)]),
    (
        ActKind::RequestReturn,
        &[(F::Ground, true), (F::Text, true), (F::Suggested, false)],
    ),
    (ActKind::LateReturn, WHY),
    (ActKind::Extend, &[(F::Units, true), (F::Text, true)]),
    (ActKind::Suspend, &[(F::Until, true), (F::Text, true)]),
    (ActKind::Void, WHY),
    (ActKind::WaiveCallback, WHY),
    (ActKind::Appeal, WHY),
    (ActKind::Grant, &[(F::Kind, false), (F::Text, false)]),
    (ActKind::Decline, &[(F::Kind, false), (F::Text, true)]),
    (ActKind::Coordinate, WHY),
    (
        ActKind::Rule,
        &[
            (F::Lead, true),
            (F::Assisting, false),
            (F::Fallback, false),
            (F::HeldOn, false),
            (F::Text, true),
            (F::Measures, false),
        ],
    ),
    (
        ActKind::Reply,
        &[
            (F::Contacted, false),
            (F::Solved, false),
            (F::Answer, true),
            (F::Note, false),
        ],
    ),
    (ActKind::Rework, WHY),
    (
        ActKind::CallBack,
        &[
            (F::About, false),
            (F::Outcome, true),
            (F::Rating, false),
            (F::Text, false),
        ],
    ),
    (ActKind::Redo, WHY),
    (ActKind::Merge, &[(F::Master, true)]),
    (ActKind::Urge, &[(F::Text, false)]),
    (ActKind::Reopen, WHY),
    (ActKind::Note, WHY),
    (ActKind::SetConfidential, &[(F::Confidential, false)]),
    (ActKind::SetUrgency, &[(F::Urgency, true)]),
    (ActKind::Reveal, WHY),
    (ActKind::Erase, WHY),
    (ActKind::Supervise, WHY),
    (
        ActKind::ResolveSupervision,
        &[(F::Effective, false), (F::Text, true)],
    ),
    (ActKind::DismissSupervision, WHY),
    (ActKind::Circulate, WHY),
    (ActKind::Refer, WHY),
    (ActKind::Serve, WHY),
    (ActKind::KeepCase, &[(F::Text, true), (F::Tags, false)]),
];

/// Whether an act has a form.
pub fn has_form(kind: ActKind) -> bool {
    TABLE.iter().any(|(k, _)| *k == kind)
}

/// The form of a purpose, filled in with what is known.
pub fn form(model: &Model, purpose: Purpose, targets: Vec<Target>) -> Form {
    let specs = match purpose {
        Purpose::Decide => DECIDE,
        Purpose::Intake => INTAKE,
        Purpose::HandOver => HANDOVER,
        Purpose::Act(kind) => TABLE
            .iter()
            .find(|(k, _)| *k == kind)
            .map_or(&[][..], |(_, specs)| specs),
    };
    let ticket = match targets.as_slice() {
        [one] => model.ticket(&one.no),
        _ => None,
    };
    let fields = specs
        .iter()
        .filter(|(id, _)| *id != F::Kind || ticket.is_none_or(|t| t.pending().count() > 1))
        .map(|(id, required)| (*id, *required, field(model, purpose, *id, ticket)))
        .collect();
    Form {
        purpose,
        targets,
        fields,
        aside: Vec::new(),
        focus: 0,
        dirty: false,
        fault: None,
    }
}

/// Fits the last fields of an intake form to what shall follow the registration; what was typed is kept aside.
pub(super) fn fit(model: &Model, form: &mut Form) {
    let wanted: &[(FieldId, bool)] = match form.one(F::Next).as_deref() {
        Some("answer") => &[(F::Answer, true)],
        Some("refuse") => &[(F::Ground, true), (F::Text, false)],
        _ => &[],
    };
    let Some(next) = form.fields.iter().position(|(id, _, _)| *id == F::Next) else {
        return;
    };
    let now = form.fields[next + 1..].iter().map(|(id, _, _)| *id);
    if now.eq(wanted.iter().map(|(id, _)| *id)) {
        return;
    }
    let left = form.fields.split_off(next + 1);
    form.aside.extend(left);
    for (id, required) in wanted {
        let kept = form.aside.iter().position(|(i, _, _)| i == id);
        form.fields.push(match kept {
            Some(at) => form.aside.remove(at),
            None => (*id, *required, field(model, form.purpose, *id, None)),
        });
    }
}

fn field(model: &Model, purpose: Purpose, id: FieldId, ticket: Option<&Ticket>) -> Field {
    let directory = &model.rules.book.directory;
    let departments = || {
        directory
            .departments()
            .iter()
            .filter(|d| d.active)
            .map(|d| named(&d.code, &d.name, &d.name_en))
            .collect::<Vec<_>>()
    };
    let policy = match ticket {
        Some(t) => model.rules.book.editions.of(&t.edition, t.created_at),
        None => model.rules.policy(model.now),
    };
    match id {
        F::Text | F::Content | F::Answer | F::Note | F::Measures | F::Leaving => {
            Field::Text(Text::area())
        }
        F::Title | F::Address | F::Name | F::Phone | F::Master | F::Tags => {
            Field::Text(Text::line())
        }
        F::Units => Field::Number(Text::line()),
        F::Until | F::HeldOn => Field::Date(Text::line()),
        F::Lead | F::Fallback | F::Suggested => Field::Search(Search::new(departments(), false)),
        F::Assisting => Field::Search(Search::new(departments(), true)),
        F::Contacted | F::Solved | F::AddressUnknown | F::Effective => Field::Toggle(false),
        F::Confidential => Field::Toggle(ticket.is_some_and(|t| {
            // Opening this form means to change it.
            purpose == Purpose::Act(ActKind::SetConfidential) && !t.confidential
        })),
        F::Ground => Field::Choice {
            choices: grounds(
                if matches!(purpose, Purpose::Act(ActKind::Refuse) | Purpose::Intake) {
                    &policy.refusals.grounds
                } else {
                    &policy.returns.grounds
                },
            ),
            at: None,
        },
        F::Next => codes(["register", "answer", "refuse"], Some("register")),
        F::Decision => codes(["grant", "decline"], None),
        F::Kind => codes(
            ApplicationKind::ALL
                .into_iter()
                .filter(|k| ticket.is_none_or(|t| t.pending_of(*k).is_some()))
                .map(ApplicationKind::code),
            None,
        ),
        F::Outcome => codes(CallOutcome::ALL.iter().map(|v| v.code()), None),
        F::Rating => codes(Rating::ALL.iter().map(|v| v.code()), None),
        F::Urgency => codes(
            Urgency::ALL.iter().map(|v| v.code()),
            Some(ticket.map_or(Urgency::Normal, |t| t.urgency).code()),
        ),
        F::Nature => codes(
            Nature::ALL.iter().map(|v| v.code()),
            ticket.and_then(|t| t.nature).map(Nature::code),
        ),
        F::Class => codes(
            LimitClass::ALL.iter().map(|v| v.code()),
            ticket.and_then(|t| t.limit_class).map(LimitClass::code),
        ),
        F::About => about(ticket, policy),
        F::Taker => {
            let own = &model.rules.operator.code;
            let others = model.rules.people.iter().filter(|(code, _)| *code != own);
            let others = others.map(|(code, name)| named(code, name, name)).collect();
            Field::Search(Search::new(others, false))
        }
        F::Source => search(
            directory
                .sources()
                .iter()
                .map(|s| named(&s.name, &s.name, &s.name_en)),
            ticket
                .map(|t| t.source.clone())
                .or_else(|| directory.sources().first().map(|s| s.name.clone())),
        ),
        F::Street => search(
            directory
                .streets()
                .iter()
                .map(|s| named(&s.name, &s.name, &s.name_en)),
            ticket.and_then(|t| t.street.clone()),
        ),
        F::Community => search(
            directory
                .communities()
                .iter()
                .map(|s| named(&s.name, &s.name, &s.name_en)),
            ticket.and_then(|t| t.community.clone()),
        ),
        F::Category => search(
            directory.categories().iter().map(|c| {
                let path = c.path.join("/");
                named(&path, &path, &c.name_en)
            }),
            ticket
                .map(|t| t.category.join("/"))
                .filter(|c| !c.is_empty()),
        ),
    }
}

/// Whom a call is about: the first who has not been heard yet.
fn about(ticket: Option<&Ticket>, policy: &Policy) -> Field {
    let attempts = policy.callbacks.attempts.value as usize;
    let callees = ticket.map_or_else(Vec::new, |t| callback::callees(t, attempts));
    Field::Choice {
        at: Some(callees.iter().position(|c| !c.settled).unwrap_or(0)),
        choices: callees.iter().map(|c| named(c.no, c.no, c.no)).collect(),
    }
}

fn named(value: &str, zh: &str, en: &str) -> Choice {
    let en = if en.is_empty() { zh } else { en };
    Choice {
        value: value.to_owned(),
        name: Some([zh.to_owned(), en.to_owned()]),
    }
}

fn codes<'a>(values: impl IntoIterator<Item = &'a str>, now: Option<&str>) -> Field {
    let choices: Vec<Choice> = values
        .into_iter()
        .map(|value| Choice {
            value: value.to_owned(),
            name: None,
        })
        .collect();
    let at = now.and_then(|now| choices.iter().position(|c| c.value == now));
    Field::Choice { choices, at }
}

fn grounds(grounds: &[Ground]) -> Vec<Choice> {
    grounds
        .iter()
        .map(|g| named(&g.code, &g.zh, &g.en))
        .collect()
}

/// A search that keeps the ticket's own value even where the directory does not have it.
fn search(choices: impl Iterator<Item = Choice>, now: Option<String>) -> Field {
    let mut choices: Vec<Choice> = choices.collect();
    if let Some(now) = now.as_deref().filter(|n| !n.is_empty())
        && !choices.iter().any(|c| c.value == now)
    {
        choices.push(named(now, now, now));
    }
    let mut search = Search::new(choices, false);
    search.choose(&now.into_iter().collect::<Vec<_>>());
    Field::Search(search)
}
