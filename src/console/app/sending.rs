//! Acts on their way to the store: what is remembered until they are answered, and how they are taken back.
//!
//! What came of them is in `outcomes`. Start at [`Model::send`].

use super::form::Form;
use super::msg::{Effect, Errand, Notice, Outcome};
use super::perform::wordless;
use super::{Model, form};
use crate::domain::act::{Act, ActKind};
use crate::domain::ticket::State;
use std::collections::HashSet;

/// Acts that were sent and not yet answered.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Of the question.
    pub token: u64,
    /// What takes each act back, beside its ticket.
    pub inverses: Vec<(String, Option<Act>)>,
    /// The form, to be shown again when nothing was done.
    pub form: Option<Box<Form>>,
    /// The department it goes to.
    pub department: Option<String>,
    /// What it takes back; what comes of it stays to be taken back where it was not done.
    pub undoing: Option<Undo>,
    /// What shall be done to the ticket when it has been registered.
    pub then: Option<Act>,
    /// The ticket was registered just before.
    pub registered: bool,
}

impl Sent {
    /// What was sent alone, with the form it came from.
    pub(super) fn alone(token: u64, form: Option<Box<Form>>) -> Self {
        Self {
            token,
            inverses: Vec::new(),
            form,
            department: None,
            undoing: None,
            then: None,
            registered: false,
        }
    }
}

/// An act that can be taken back.
#[derive(Clone, Debug)]
pub struct Undoable {
    pub(super) no: String,
    pub(super) version: u32,
    pub(super) inverse: Act,
    /// The ticket was filed just before, which stays.
    pub(super) filed: bool,
}

/// Acts that can be taken back together.
#[derive(Clone, Debug)]
pub struct Undo {
    pub(super) acts: Vec<Undoable>,
    /// How often running none of it could be taken back.
    pub(super) tried: u8,
}

impl Undo {
    /// Acts just done.
    pub(super) fn of(acts: Vec<Undoable>) -> Self {
        Self { acts, tried: 0 }
    }

    /// The first of the tickets, and how many there are.
    fn first(&self) -> (String, usize) {
        let first = self.acts.first().map(|act| act.no.clone());
        (first.unwrap_or_default(), self.acts.len())
    }

    /// What is left when some has been taken back.
    pub(super) fn without(mut self, done: &[&Outcome]) -> Self {
        let done_to: HashSet<&str> = done.iter().map(|o| o.no.as_str()).collect();
        self.acts.retain(|act| !done_to.contains(act.no.as_str()));
        self.tried = if done.is_empty() { self.tried + 1 } else { 0 };
        self
    }
}

/// The last thing done, where it cannot be taken back: what was done before is not taken back in its place unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// A ticket was registered.
    Registered,
    /// An act was done.
    Act(ActKind),
}

/// The version of a ticket that has just been registered.
const FIRST_VERSION: u32 = 1;

impl Model {
    /// Sends acts, and remembers how each is taken back.
    pub(super) fn send(&mut self, errands: Vec<Errand>, form: Option<Box<Form>>) -> Vec<Effect> {
        let token = self.token();
        let department = errands.first().and_then(|e| match &e.act {
            Act::Dispatch { lead, .. } => errands
                .iter()
                .all(|e| matches!(&e.act, Act::Dispatch { lead: l, .. } if l == lead))
                .then(|| lead.clone()),
            Act::Rule(order) => Some(order.lead.clone()),
            _ => None,
        });
        self.sent.push(Sent {
            inverses: errands
                .iter()
                .map(|e| (e.no.clone(), self.inverse(&e.no, &e.act)))
                .collect(),
            department,
            ..Sent::alone(token, form)
        });
        vec![Effect::Perform { token, errands }]
    }

    /// Does what shall follow on the registration.
    pub(super) fn follow(&mut self, no: &str, act: Act) -> Vec<Effect> {
        if let Act::Answer { text } = &act {
            // Should the rules refuse it, the answer waits in its own form.
            let draft = form::answer_draft(text);
            self.drafts.insert(form::answer_draft_key(no), draft);
        }
        let errand = Errand {
            no: no.to_owned(),
            version: FIRST_VERSION,
            first: None,
            act,
        };
        let effects = self.send(vec![errand], None);
        if let Some(sent) = self.sent.last_mut() {
            sent.registered = true;
        }
        effects
    }

    /// Takes the last act back; with nothing done here, recalls the selected dispatch.
    pub(super) fn undo(&mut self) -> Vec<Effect> {
        if self.read_only {
            return self.say(Notice::ReadOnly);
        }
        if !self.sent.is_empty() {
            // Else the act before it would be taken back in its place.
            return self.say(Notice::NotYetUndone);
        }
        if let Some(last) = self.lasting.take() {
            let older = self.undo.last().map(Undo::first);
            return self.say(Notice::Lasting { last, older });
        }
        if let Some(undo) = self.undo.pop() {
            if let [one] = undo.acts.as_slice() {
                self.select_next = Some(one.no.clone());
            }
            let errands = undo
                .acts
                .iter()
                .map(|act| Errand {
                    no: act.no.clone(),
                    version: act.version,
                    first: None,
                    act: act.inverse.clone(),
                })
                .collect();
            let effects = self.send(errands, None);
            if let Some(sent) = self.sent.last_mut() {
                sent.undoing = Some(undo);
            }
            return effects;
        }
        match self.queue.selected() {
            Some(row) if row.state == State::Dispatched => self.start(ActKind::Recall),
            _ => self.say(Notice::NothingToUndo),
        }
    }

    fn inverse(&self, no: &str, act: &Act) -> Option<Act> {
        let row = || self.queue.row(no);
        match act.kind().inverse()? {
            ActKind::SetConfidential => Some(Act::SetConfidential {
                confidential: row()?.confidential,
            }),
            ActKind::SetUrgency => Some(Act::SetUrgency {
                urgency: row()?.urgency,
            }),
            kind => wordless(kind),
        }
    }
}
