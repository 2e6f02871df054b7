//! Citing: the precedents of a ticket put into the text of a form, one after another.

use super::form::{Form, Purpose};
use super::msg::{Effect, Notice};
use super::{Dialog, Model};
use crate::domain::act::ActKind;
use crate::domain::precedent::Precedent;

/// `[20170804-0003] what it teaches`; without the number where the ticket is not for these eyes.
fn cited(precedent: &Precedent) -> String {
    match &precedent.no {
        Some(no) => format!("[{no}] {}", precedent.gist),
        None => precedent.gist.clone(),
    }
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

    /// Puts the next precedent into the text: its number and what it teaches.
    pub(super) fn cite(&mut self) -> Vec<Effect> {
        let Some(Dialog::Form(form)) = self.dialogs.last() else {
            return Vec::new();
        };
        let list = self.citable(form);
        let next = form
            .cited
            .checked_rem(list.len())
            .and_then(|at| list.get(at));
        let Some(words) = next.map(cited) else {
            return self.say(Notice::NoPrecedent);
        };
        if let Some(Dialog::Form(form)) = self.dialogs.last_mut()
            && form.insert(&words)
        {
            form.cited += 1;
        }
        Vec::new()
    }
}
