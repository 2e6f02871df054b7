//! Citing: the precedents of a ticket put into a text of a form, one after another, each once.
//!
//! Into the text under the cursor, else into the internal note. What a requester will read never names another's ticket.

use super::form::{Field, FieldId, Form, Purpose};
use super::msg::{Effect, Notice};
use super::{Dialog, Model};
use crate::domain::act::ActKind;
use crate::domain::precedent::Precedent;

/// `[20170804-0003] what it teaches`; without the number where the ticket is not for these eyes, and without any in a text
/// that a requester reads.
fn cited(precedent: &Precedent, public: bool) -> String {
    match &precedent.no {
        _ if public => without_numbers(&precedent.gist),
        Some(no) => format!("[{no}] {}", precedent.gist),
        None => precedent.gist.clone(),
    }
}

/// A text without the ticket numbers in it, nor the brackets that are then empty.
fn without_numbers(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        left.push_str(before);
        let is_of_number = |c: char| c.is_ascii_digit() || c == '-';
        let (run, after) = from.split_at(from.find(|c| !is_of_number(c)).unwrap_or(from.len()));
        let is_number = run
            .split_once('-')
            .is_some_and(|(day, nth)| day.len() == 8 && nth.len() >= 4 && !nth.contains('-'));
        if !is_number {
            left.push_str(run);
        }
        rest = after;
    }
    left.push_str(rest);
    for empty in ["[]", "（）", "()", "【】"] {
        left = left.replace(empty, "");
    }
    left.trim().to_owned()
}

/// What the key would cite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// Into which field.
    pub field: FieldId,
    /// Which precedent of the list.
    pub at: usize,
    words: String,
}

impl Model {
    /// The precedents that a form may cite: those of its only ticket, where it answers or decides.
    pub fn citable(&self, form: &Form) -> &[Precedent] {
        let cites = matches!(
            form.purpose,
            Purpose::Act(ActKind::Reply | ActKind::Answer | ActKind::Rule | ActKind::Coordinate)
        );
        match (&self.precedents, form.targets.as_slice()) {
            (Some((of, list)), [one]) if cites && *of == one.no => list,
            _ => &[],
        }
    }

    /// The next precedent that the text does not cite yet.
    pub fn next_citation(&self, form: &Form) -> Option<Citation> {
        let field = cited_into(form)?;
        let public = is_public(form, field);
        let there = form.text(field);
        self.citable(form).iter().enumerate().find_map(|(at, one)| {
            let words = cited(one, public);
            (!words.is_empty() && !there.contains(&words)).then_some(Citation { field, at, words })
        })
    }

    /// Puts the next precedent into a text, and says into which.
    pub(super) fn cite(&mut self) -> Vec<Effect> {
        let Some(Dialog::Form(form)) = self.dialogs.last() else {
            return Vec::new();
        };
        if self.citable(form).is_empty() {
            return self.say(Notice::NoPrecedent);
        }
        let Some(Citation { field, words, .. }) = self.next_citation(form) else {
            return self.say(Notice::AllCited);
        };
        let public = is_public(form, field);
        if let Some(Dialog::Form(form)) = self.dialogs.last_mut() {
            form.insert(field, &words);
        }
        self.say(Notice::Cited { field, public })
    }
}

/// The text under the cursor, else the internal note, else the first text.
fn cited_into(form: &Form) -> Option<FieldId> {
    let texts: Vec<(usize, FieldId)> = form
        .fields
        .iter()
        .enumerate()
        .filter(|(_, (_, _, field))| matches!(field, Field::Text(text) if text.is_area()))
        .map(|(at, (id, _, _))| (at, *id))
        .collect();
    let under_cursor = texts.iter().find(|(at, _)| *at == form.focus);
    let note = || texts.iter().find(|(_, id)| *id == FieldId::Note);
    under_cursor
        .or_else(note)
        .or(texts.first())
        .map(|(_, id)| *id)
}

/// Whether a requester reads it.
fn is_public(form: &Form, field: FieldId) -> bool {
    field == FieldId::Answer
        || (field == FieldId::Text && form.purpose == Purpose::Act(ActKind::Answer))
}

#[cfg(test)]
mod tests {
    use super::without_numbers;

    #[test]
    fn numbers_of_tickets_are_left_out_and_other_figures_stay() {
        for (text, left) in [
            ("[20170804-0003] 先查许可", "先查许可"),
            (
                "同20170804-0003，15 天内；电话 0755-28339260",
                "同，15 天内；电话 0755-28339260",
            ),
            ("2017-08-04 已修", "2017-08-04 已修"),
            ("没有", "没有"),
        ] {
            assert_eq!(without_numbers(text), left);
        }
    }
}
