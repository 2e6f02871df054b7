//! The phone intake while the caller talks: the history beside the form, and the act that follows the registration.
//!
//! Must not decide whether the act is allowed: it is sent when the number has come, and the rules answer.

use super::form::{FieldId as F, Form, Purpose};
use super::msg::{Effect, History, HistoryAsked};
use super::{Dialog, Model};
use super::{fields, filled};
use crate::domain::act::Act;

/// The fewest digits of a phone that are asked for.
const DIGITS: usize = 4;
/// The fewest characters that are compared with other tickets.
const CHARACTERS: usize = 4;

impl Model {
    /// After every key of the intake form: fits its last fields to what shall follow, and asks for what is known.
    pub(super) fn follow_intake(&mut self) -> Vec<Effect> {
        let mut form = match self.dialogs.pop() {
            Some(Dialog::Form(form)) if form.purpose == Purpose::Intake => form,
            other => {
                self.dialogs.extend(other);
                return Vec::new();
            }
        };
        fields::fit(self, &mut form);
        let asked = asked(&form);
        self.dialogs.push(Dialog::Form(form));
        if asked == self.history_asked {
            return Vec::new();
        }
        // While one types on, what was found for the words before stays; another caller or place begins anew.
        let before = &self.history_asked;
        if (&before.phone, &before.community) != (&asked.phone, &asked.community) {
            self.history = None;
        }
        self.history_asked = asked.clone();
        if asked == HistoryAsked::default() {
            Vec::new()
        } else {
            vec![Effect::LoadHistory(asked)]
        }
    }

    /// Takes the history, unless something else has been typed since.
    pub(super) fn took_history(&mut self, asked: &HistoryAsked, history: History) {
        if self.history_asked == *asked {
            self.history = Some(history);
        }
    }

    /// What the intake form has asked for.
    pub fn history_asked(&self) -> &HistoryAsked {
        &self.history_asked
    }

    /// A form that is opened begins without the history of the last caller.
    pub(super) fn forget_history(&mut self) {
        self.history = None;
        self.history_asked = HistoryAsked::default();
    }
}

/// What is worth asking for now.
fn asked(form: &Form) -> HistoryAsked {
    let phone: String = form
        .text(F::Phone)
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let community = form.one(F::Community).unwrap_or_default();
    HistoryAsked {
        phone: if phone.len() < DIGITS {
            String::new()
        } else {
            phone
        },
        // Without a place a category is no history.
        category: if community.is_empty() {
            Vec::new()
        } else {
            filled::category(form)
        },
        address: form.text(F::Address),
        words: words(form),
        community,
    }
}

/// The title and the content, once there are enough words to be compared.
fn words(form: &Form) -> Option<(String, String)> {
    let (title, content) = (form.text(F::Title), form.text(F::Content));
    let told = title.chars().count() + content.chars().count();
    (told >= CHARACTERS).then_some((title, content))
}

/// The act that shall follow the registration, if any.
pub(super) fn following(form: &Form) -> Option<Act> {
    match form.one(F::Next)?.as_str() {
        "answer" => Some(Act::Answer {
            text: form.text(F::Answer),
        }),
        "refuse" => Some(Act::Refuse {
            ground: form.one(F::Ground)?,
            text: form.text(F::Text),
        }),
        _ => None,
    }
}
