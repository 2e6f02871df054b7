//! What a filled-in form says: an act, a decision, a request, a handover; or the first field that is missing or not understood.
//!
//! Must not ask the rules: an act is judged when it is sent. Start at [`read`].

use super::Model;
use super::form::{FieldFault, FieldId, Form, Purpose};
use crate::domain::act::{
    Act, ActKind, CallForm, CallOutcome, Filing, Rating, Registration, ReplyForm, RulingOrder,
};
use crate::domain::application::ApplicationKind;
use crate::domain::privacy::{Requester, Texts};
use crate::domain::ticket::{LimitClass, Nature, Urgency};
use FieldId as F;
use chrono::{Days, NaiveDate};

/// The channel of requests typed in at the desk.
pub const DESK_CHANNEL: &str = "desk";

/// What a form says.
#[derive(Clone, Debug, PartialEq)]
pub enum Filled {
    /// An act.
    Act(Act),
    /// A request, and its words.
    Request(Box<Registration>, Box<Texts>),
    /// Who takes the shift over, and the word for the next one.
    Handover {
        /// The operator.
        to: String,
        /// The word.
        note: String,
    },
}

/// Reads a form.
///
/// # Errors
/// The first field that is missing or not understood.
pub fn read(model: &Model, form: &Form) -> Result<Filled, FieldFault> {
    match form.purpose {
        Purpose::Act(kind) => act(model, kind, form).map(Filled::Act),
        Purpose::Decide => decision(model, form).map(Filled::Act),
        Purpose::Intake => intake(model, form),
        Purpose::HandOver => handover(form),
    }
}

/// The act that a form says.
fn act(model: &Model, kind: ActKind, form: &Form) -> Result<Act, FieldFault> {
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
        ActKind::Erase => Act::Erase { text: text() },
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
fn decision(model: &Model, form: &Form) -> Result<Act, FieldFault> {
    match form.one(F::Decision).as_deref() {
        Some("grant") => act(model, ActKind::Grant, form),
        Some(_) if form.text(F::Text).is_empty() => Err(FieldFault::missing(F::Text)),
        Some(_) => act(model, ActKind::Decline, form),
        None => Err(FieldFault::missing(F::Decision)),
    }
}

/// Who takes the shift over, and the word for the next one.
fn handover(form: &Form) -> Result<Filled, FieldFault> {
    match (form.first_missing(), form.one(F::Taker)) {
        (None, Some(to)) => Ok(Filled::Handover {
            to,
            note: form.text(F::Leaving),
        }),
        (missing, _) => Err(FieldFault::missing(missing.unwrap_or(F::Taker))),
    }
}

/// The request that an intake form says.
fn intake(model: &Model, form: &Form) -> Result<Filled, FieldFault> {
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
    Ok(Filled::Request(Box::new(registration), Box::new(texts)))
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
