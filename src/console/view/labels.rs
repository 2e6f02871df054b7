//! The words of a form's fields: their names, and the names of the values to choose from.

use crate::console::app::form::{Choice, FieldId};
use crate::domain::act::{CallOutcome, Rating};
use crate::domain::application::ApplicationKind;
use crate::domain::ticket::{LimitClass, Nature, Urgency};
use crate::i18n::console::field as say;
use crate::i18n::{Lang, Text, words as terms};

/// The name of a field.
pub fn field(id: FieldId) -> Text {
    match id {
        FieldId::Decision => say::DECISION,
        FieldId::Kind => say::KIND,
        FieldId::Lead => say::LEAD,
        FieldId::Assisting => say::ASSISTING,
        FieldId::Fallback => say::FALLBACK,
        FieldId::Ground => say::GROUND,
        FieldId::Suggested => say::SUGGESTED,
        FieldId::Units => say::UNITS,
        FieldId::Until => say::UNTIL,
        FieldId::HeldOn => say::HELD_ON,
        FieldId::Measures => say::MEASURES,
        FieldId::Text => say::TEXT,
        FieldId::Contacted => say::CONTACTED,
        FieldId::Solved => say::SOLVED,
        FieldId::Note => say::NOTE,
        FieldId::Answer => say::ANSWER,
        FieldId::About => say::ABOUT,
        FieldId::Outcome => say::OUTCOME,
        FieldId::Rating => say::RATING,
        FieldId::Master => say::MASTER,
        FieldId::Confidential => say::CONFIDENTIAL,
        FieldId::Urgency => say::URGENCY,
        FieldId::Nature => say::NATURE,
        FieldId::Class => say::CLASS,
        FieldId::Category => say::CATEGORY,
        FieldId::Street => say::STREET,
        FieldId::Community => say::COMMUNITY,
        FieldId::AddressUnknown => say::ADDRESS_UNKNOWN,
        FieldId::Effective => say::EFFECTIVE,
        FieldId::Source => say::SOURCE,
        FieldId::Title => say::TITLE,
        FieldId::Content => say::CONTENT,
        FieldId::Address => say::ADDRESS,
        FieldId::Name => say::NAME,
        FieldId::Phone => say::PHONE,
        FieldId::Next => say::NEXT,
        FieldId::Taker => say::TAKER,
        FieldId::Leaving => say::LEAVING,
        FieldId::Tags => say::TAGS,
    }
}

/// The name of a value to choose.
pub fn choice(id: FieldId, choice: &Choice, lang: Lang) -> String {
    if let Some(names) = &choice.name {
        return names[lang as usize].clone();
    }
    let code = choice.value.as_str();
    let word = match id {
        FieldId::Next => Some(match code {
            "answer" => say::NEXT_ANSWER,
            "refuse" => say::NEXT_REFUSE,
            _ => say::NEXT_REGISTER,
        }),
        FieldId::Decision if code == "grant" => Some(say::GRANT),
        FieldId::Decision => Some(say::DECLINE),
        FieldId::Kind => ApplicationKind::ALL
            .into_iter()
            .find(|k| k.code() == code)
            .map(terms::application),
        FieldId::Outcome => CallOutcome::from_code(code).map(terms::outcome),
        FieldId::Rating => Rating::from_code(code).map(terms::rating),
        FieldId::Urgency => Urgency::from_code(code).map(terms::urgency),
        FieldId::Nature => Nature::from_code(code).map(terms::nature),
        FieldId::Class => LimitClass::from_code(code).map(terms::limit_class),
        _ => None,
    };
    word.map_or_else(|| code.to_owned(), |w| w.of(lang).to_owned())
}
