//! What each act asks for, as data, and how a filled-in form becomes the act. Focus, typing and drafts are in `form`.
//!
//! Must not ask the rules: the act is judged when it is sent. Start at [`form`] and [`act`].

use super::Model;
use super::form::{Choice, Field, FieldFault, FieldId, Form, Purpose, Search};
use super::picker::Target;
use super::text::Text;
use crate::domain::act::{
    Act, ActKind, CallForm, CallOutcome, Filing, Rating, Registration, ReplyForm, RulingOrder,
};
use crate::domain::application::ApplicationKind;
use crate::domain::callback;
use crate::domain::policy::{Ground, Policy};
use crate::domain::privacy::{Requester, Texts};
use crate::domain::ticket::{LimitClass, Nature, Ticket, Urgency};
use FieldId as F;
use chrono::{Days, NaiveDate};

/// The channel of requests typed in at the desk.
pub const DESK_CHANNEL: &str = "desk";

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

/// Under which name the draft of an answer is kept; see [`Form::draft_key`].
pub(super) fn answer_draft_key(no: &str) -> String {
    format!("{}:{no}", ActKind::Answer.code())
}

/// The draft of a form that answers.
pub(super) fn answer_draft(text: &str) -> String {
    let values = std::collections::BTreeMap::from([(format!("{:?}", F::Answer), vec![text])]);
    serde_json::to_string(&values).unwrap_or_default()
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

/// The act that a form says.
///
/// # Errors
/// The first field that is missing or not understood.
pub fn act(model: &Model, kind: ActKind, form: &Form) -> Result<Act, FieldFault> {
    if let Some(field) = form.first_missing() {
        return Err(FieldFault::missing(field));
    }
    let text = || form.text(F::Text);
    Ok(match kind {
        ActKind::File => Act::File(filing(form)),
        ActKind::Reclassify => Act::Reclassify(filing(form)),
        ActKind::Answer => Act::Answer {
            text: form.text(F::Answer),
        },
        ActKind::Refuse => Act::Refuse {
            ground: form.one(F::Ground).unwrap_or_default(),
            text: text(),
        },
        ActKind::Dispatch => Act::Dispatch {
            lead: form.one(F::Lead).unwrap_or_default(),
            assisting: form.chosen(F::Assisting),
            suggestion: None,
        },
        ActKind::RequestReturn => Act::RequestReturn {
            ground: form.one(F::Ground).unwrap_or_default(),
            text: text(),
            suggested: form.one(F::Suggested),
        },
        ActKind::LateReturn => Act::LateReturn { text: text() },
        ActKind::Extend => Act::Extend {
            units: number(form, F::Units)?,
            text: text(),
        },
        ActKind::Suspend => Act::Suspend {
            until: day(model, form, F::Until)?.ok_or(FieldFault::missing(F::Until))?,
            text: text(),
        },
        ActKind::Void => Act::Void { text: text() },
        ActKind::WaiveCallback => Act::WaiveCallback { text: text() },
        ActKind::Appeal => Act::Appeal { text: text() },
        ActKind::Grant => Act::Grant {
            kind: application(form),
            text: text(),
        },
        ActKind::Decline => Act::Decline {
            kind: application(form),
            text: text(),
        },
        ActKind::Coordinate => Act::Coordinate { text: text() },
        ActKind::Rule => Act::Rule(RulingOrder {
            lead: form.one(F::Lead).unwrap_or_default(),
            assisting: form.chosen(F::Assisting),
            fallback: form.one(F::Fallback),
            text: text(),
            measures: form.text(F::Measures),
            held_on: day(model, form, F::HeldOn)?,
        }),
        ActKind::Reply => Act::Reply(ReplyForm {
            contacted: form.is_on(F::Contacted),
            solved: form.is_on(F::Solved),
            note: form.text(F::Note),
            answer: form.text(F::Answer),
        }),
        ActKind::Rework => Act::Rework { text: text() },
        ActKind::CallBack => Act::CallBack(CallForm {
            about: form.one(F::About),
            outcome: form
                .one(F::Outcome)
                .and_then(|c| CallOutcome::from_code(&c))
                .ok_or(FieldFault::missing(F::Outcome))?,
            rating: form.one(F::Rating).and_then(|c| Rating::from_code(&c)),
            text: text(),
        }),
        ActKind::Redo => Act::Redo { text: text() },
        ActKind::Merge => Act::Merge {
            into: form.text(F::Master),
        },
        ActKind::Urge => Act::Urge { text: text() },
        ActKind::Reopen => Act::Reopen { text: text() },
        ActKind::Note => Act::Note { text: text() },
        ActKind::SetConfidential => Act::SetConfidential {
            confidential: form.is_on(F::Confidential),
        },
        ActKind::SetUrgency => Act::SetUrgency {
            urgency: form
                .one(F::Urgency)
                .and_then(|c| Urgency::from_code(&c))
                .unwrap_or(Urgency::Normal),
        },
        ActKind::Reveal => Act::Reveal { text: text() },
        ActKind::Supervise => Act::Supervise { text: text() },
        ActKind::ResolveSupervision => Act::ResolveSupervision {
            effective: form.is_on(F::Effective),
            text: text(),
        },
        ActKind::DismissSupervision => Act::DismissSupervision { text: text() },
        ActKind::Circulate => Act::Circulate { text: text() },
        ActKind::Refer => Act::Refer { text: text() },
        ActKind::Serve => Act::Serve { text: text() },
        ActKind::KeepCase => Act::KeepCase {
            text: text(),
            tags: form
                .text(F::Tags)
                .split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、'))
                .filter(|tag| !tag.is_empty())
                .map(str::to_owned)
                .collect(),
        },
        ActKind::DropCase => Act::DropCase,
        ActKind::Recall => Act::Recall,
        ActKind::Sign => Act::Sign,
        ActKind::Resume => Act::Resume,
        ActKind::Pass => Act::Pass,
        ActKind::Unmerge => Act::Unmerge,
        ActKind::Archive => Act::Archive,
        ActKind::Claim => Act::Claim,
        ActKind::Release => Act::Release,
    })
}

/// The act that a decision says.
///
/// # Errors
/// The first field that is missing.
pub fn decision(model: &Model, form: &Form) -> Result<Act, FieldFault> {
    match form.one(F::Decision).as_deref() {
        Some("grant") => act(model, ActKind::Grant, form),
        Some(_) if form.text(F::Text).is_empty() => Err(FieldFault::missing(F::Text)),
        Some(_) => act(model, ActKind::Decline, form),
        None => Err(FieldFault::missing(F::Decision)),
    }
}

/// Who takes the shift over, and the word for the next one.
///
/// # Errors
/// The first field that is missing.
pub fn handover(form: &Form) -> Result<(String, String), FieldFault> {
    match (form.first_missing(), form.one(F::Taker)) {
        (None, Some(to)) => Ok((to, form.text(F::Leaving))),
        (missing, _) => Err(FieldFault::missing(missing.unwrap_or(F::Taker))),
    }
}

/// The request that an intake form says.
///
/// # Errors
/// The first field that is missing.
pub fn intake(model: &Model, form: &Form) -> Result<(Registration, Texts), FieldFault> {
    if let Some(field) = form.first_missing() {
        return Err(FieldFault::missing(field));
    }
    let registration = Registration {
        created_at: model.now,
        source: form.one(F::Source).unwrap_or_default(),
        channel: DESK_CHANNEL.to_owned(),
        external_no: None,
        nature: nature(form),
        limit_class: None,
        urgency: form
            .one(F::Urgency)
            .and_then(|c| Urgency::from_code(&c))
            .unwrap_or(Urgency::Normal),
        confidential: form.is_on(F::Confidential),
        category: category(form),
        street: form.one(F::Street),
        community: form.one(F::Community),
    };
    let texts = Texts {
        title: form.text(F::Title),
        content: form.text(F::Content),
        address: form.text(F::Address),
        requester: Requester {
            name: form.text(F::Name),
            phone: form.text(F::Phone),
            ..Requester::default()
        },
        ..Texts::default()
    };
    Ok((registration, texts))
}

/// The nature that a form says: only an enquiry is answered on the spot, so who answers has said what it is.
pub fn nature(form: &Form) -> Option<Nature> {
    let chosen = form.one(F::Nature).and_then(|c| Nature::from_code(&c));
    let answers = || form.one(F::Next).as_deref() == Some("answer");
    chosen.or_else(|| answers().then_some(Nature::Enquiry))
}

/// The category that a form says, coarsest first.
pub fn category(form: &Form) -> Vec<String> {
    form.one(F::Category)
        .map(|path| path.split('/').map(str::to_owned).collect())
        .unwrap_or_default()
}

fn filing(form: &Form) -> Filing {
    Filing {
        nature: nature(form),
        limit_class: form.one(F::Class).and_then(|c| LimitClass::from_code(&c)),
        category: category(form),
        street: form.one(F::Street),
        community: form.one(F::Community),
        address_unknown: form.is_on(F::AddressUnknown),
    }
}

fn application(form: &Form) -> Option<ApplicationKind> {
    let code = form.one(F::Kind)?;
    ApplicationKind::ALL.into_iter().find(|k| k.code() == code)
}

fn number(form: &Form, field: FieldId) -> Result<u32, FieldFault> {
    form.text(field)
        .parse()
        .map_err(|_| FieldFault::unclear(field))
}

/// `2026-11-30`, `11-30` of this year, or `+10` days from today.
fn day(model: &Model, form: &Form, field: FieldId) -> Result<Option<NaiveDate>, FieldFault> {
    let text = form.text(field).replace(['/', '.'], "-");
    if text.is_empty() {
        return Ok(None);
    }
    let today = model.today();
    let day = match text.strip_prefix('+') {
        Some(days) => days
            .parse()
            .ok()
            .and_then(|n| today.checked_add_days(Days::new(n))),
        None => text
            .parse()
            .ok()
            .or_else(|| format!("{}-{text}", today.format("%Y")).parse().ok()),
    };
    day.map(Some).ok_or(FieldFault::unclear(field))
}
