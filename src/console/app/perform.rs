//! Doing: from a key to the tickets it is for, and by a form or the summary to the acts. They are sent in `sending`.
//!
//! Start at [`Model::start`].

use super::allowed::first_of;
use super::filled::{self, Filled};
use super::form::{Form, Purpose};
use super::intake::following;
use super::msg::{Blocked, Effect, Errand, Notice};
use super::picker::Target;
use super::sending::Sent;
use super::summary::{Item, Summary};
use super::{Dialog, Model, fields};
use crate::domain::act::{Act, ActKind, Filing, Registration};
use crate::domain::privacy::Texts;
use crate::domain::queue::{Row, View};
use crate::domain::ticket::State;

impl Model {
    /// The tickets an act is for: the marked ones, else the selected one.
    pub fn targets(&self) -> Vec<Target> {
        let of = |row: &Row| Target {
            no: row.no.clone(),
            version: self.version_of(row),
            title: row.title.clone(),
        };
        if self.full || self.queue.marks.is_empty() {
            self.queue.selected().map(of).into_iter().collect()
        } else {
            self.queue.marks.values().map(of).collect()
        }
    }

    /// The newer of the versions read, so that an act just done does not make the next one stale.
    fn version_of(&self, row: &Row) -> u32 {
        match &self.detail {
            Some(d) if d.ticket.no == row.no => d.ticket.version.max(row.version),
            _ => row.version,
        }
    }

    /// Starts an act: at once, by a form, by the picker, or by the summary.
    pub(super) fn start(&mut self, kind: ActKind) -> Vec<Effect> {
        let targets = self.targets();
        if kind == ActKind::Dispatch
            && targets.len() == 1
            && !self.read_only
            && self.is_unfiled().is_some_and(|r| r.no == targets[0].no)
        {
            return self.file_and_dispatch(targets);
        }
        // For one ticket the rules are asked before any dialog; for many the summary asks them.
        let refused = match targets.len() {
            0 => Some(Blocked::NoTicket),
            1 => self.may(kind).err(),
            _ => self.read_only.then_some(Blocked::ReadOnly),
        };
        if let Some(blocked) = refused {
            return self.say(blocked.into());
        }
        if kind == ActKind::Dispatch {
            return self.open_picker(targets);
        }
        if fields::has_form(kind) {
            return self.open_form(Purpose::Act(kind), targets);
        }
        let Some(act) = wordless(kind) else {
            return Vec::new();
        };
        if targets.len() == 1 && is_light(kind) {
            return self.perform(targets, &act, None);
        }
        self.summarise(items(targets, &act), None)
    }

    /// Claim, or release when the selected ticket is this operator's.
    pub(super) fn claim_act(&self) -> ActKind {
        let mine = self
            .queue
            .selected()
            .and_then(|r| r.claim.as_ref())
            .is_some_and(|c| c.by == self.rules.operator.code);
        if mine {
            ActKind::Release
        } else {
            ActKind::Claim
        }
    }

    /// Opens the form for what waits for a decision.
    pub(super) fn decide(&mut self) -> Vec<Effect> {
        let targets = self.targets();
        let nothing = if targets.is_empty() {
            Some(Blocked::NoTicket)
        } else {
            self.can_decide().err()
        };
        match nothing {
            Some(blocked) => self.say(blocked.into()),
            None => self.open_form(Purpose::Decide, targets),
        }
    }

    /// Merges the marked tickets into the selected one; without marks asks into which.
    pub(super) fn merge_marked(&mut self) -> Vec<Effect> {
        if self.queue.marks.is_empty() {
            return self.start(ActKind::Merge);
        }
        if self.read_only {
            return self.say(Notice::ReadOnly);
        }
        let Some(master) = self.queue.selected().map(|r| r.no.clone()) else {
            return self.say(Notice::NoTicket);
        };
        let items = self
            .targets()
            .into_iter()
            .filter(|t| t.no != master)
            .map(|t| {
                let into = master.clone();
                Item::new(t, Act::Merge { into })
            })
            .collect();
        self.summarise(items, None)
    }

    /// Opens a form, with the draft that was kept of it.
    pub(super) fn open_form(&mut self, purpose: Purpose, targets: Vec<Target>) -> Vec<Effect> {
        let mut form = fields::form(self, purpose, targets);
        let mut effects = Vec::new();
        if let Some(draft) = self.drafts.get(&form.draft_key())
            && form.fill_from_draft(draft)
        {
            effects = self.say(Notice::DraftRestored);
        }
        if purpose == Purpose::Intake {
            // What follows decides which fields there are; the draft then fills those too.
            fields::fit(self, &mut form);
            if let Some(draft) = self.drafts.get(&form.draft_key()) {
                form.fill_from_draft(draft);
            }
            self.forget_history();
        }
        self.dialogs.push(Dialog::Form(Box::new(form)));
        effects.extend(self.follow_intake());
        effects
    }

    /// The selected ticket, when it is registered and not yet filed.
    pub(super) fn is_unfiled(&self) -> Option<&Row> {
        self.queue
            .selected()
            .filter(|r| r.state == State::Registered)
    }

    /// Hands in the form on top.
    pub(super) fn submit(&mut self) -> Vec<Effect> {
        let Some(Dialog::Form(form)) = self.dialogs.last() else {
            return Vec::new();
        };
        match filled::read(self, form) {
            Ok(Filled::Request(registration, texts)) => self.register(registration, texts),
            Ok(Filled::Handover { to, note }) => self.sign_off(to, note),
            Ok(Filled::Act(act)) => {
                let form = self.pop_form();
                let targets = form.as_ref().map_or_else(Vec::new, |f| f.targets.clone());
                if targets.len() == 1 {
                    self.perform(targets, &act, form)
                } else {
                    self.summarise(items(targets, &act), form)
                }
            }
            Err(fault) => {
                if let Some(Dialog::Form(form)) = self.dialogs.last_mut() {
                    form.blame(fault);
                }
                self.say(Notice::Field(fault))
            }
        }
    }

    /// Sends the request of the form on top, and remembers what shall follow it.
    fn register(&mut self, registration: Box<Registration>, texts: Box<Texts>) -> Vec<Effect> {
        let form = self.pop_form();
        let then = form.as_deref().and_then(following);
        let token = self.token();
        self.sent.push(Sent {
            then,
            ..Sent::alone(token, form)
        });
        vec![Effect::Register {
            token,
            registration,
            texts,
        }]
    }

    /// Takes the form on top away.
    pub(super) fn pop_form(&mut self) -> Option<Box<Form>> {
        match self.dialogs.pop() {
            Some(Dialog::Form(form)) => Some(form),
            other => {
                self.dialogs.extend(other);
                None
            }
        }
    }

    /// Shows the summary and asks for the verdicts.
    pub(super) fn summarise(
        &mut self,
        mut items: Vec<Item>,
        form: Option<Box<Form>>,
    ) -> Vec<Effect> {
        if items.is_empty() {
            return self.say(Notice::NoTicket);
        }
        for item in &mut items {
            item.first = self.first_act(&item.target.no, &item.act);
        }
        let token = self.token();
        let errands = items.iter().map(Item::errand).collect();
        let mut summary = Summary::new(items, token);
        summary.form = form;
        self.dialogs.push(Dialog::Summary(Box::new(summary)));
        vec![Effect::AskVerdicts { token, errands }]
    }

    /// What must be done to a ticket before an act: a registered one is filed, with the facts it has, before it is dispatched.
    pub(super) fn first_act(&self, no: &str, act: &Act) -> Option<Act> {
        let marked = self.queue.marks.get(no);
        let row = marked.or_else(|| self.queue.row(no))?;
        (first_of(row, act.kind()) == ActKind::File && act.kind() != ActKind::File)
            .then(|| Act::File(Filing::default()))
    }

    /// Does what the summary allows.
    pub(super) fn confirm(&mut self) -> Vec<Effect> {
        let Some(Dialog::Summary(summary)) = self.dialogs.last() else {
            return Vec::new();
        };
        if !summary.is_ready() {
            return self.say(Notice::StillChecking);
        }
        let errands = summary.errands();
        if errands.is_empty() {
            return self.say(Notice::NoneAllowed);
        }
        let form = summary.form.clone();
        self.dialogs.pop();
        self.queue.unmark();
        self.queue.range = None;
        self.send(errands, form)
    }

    /// Does one act to tickets at once.
    pub(super) fn perform(
        &mut self,
        targets: Vec<Target>,
        act: &Act,
        form: Option<Box<Form>>,
    ) -> Vec<Effect> {
        let kind = act.kind();
        let errands = targets
            .into_iter()
            .map(|t| Errand {
                first: self.first_act(&t.no, act),
                no: t.no,
                version: t.version,
                act: act.clone(),
            })
            .collect();
        let mut effects = self.send(errands, form);
        // The ticket is about to leave this view: the next one can be dealt with while the store writes.
        if self.queue.view == View::Desk && kind == ActKind::Dispatch && !self.full {
            self.hold_dispatched();
            effects.extend(self.move_on());
        }
        effects
    }
}

/// One act to many tickets.
fn items(targets: Vec<Target>, act: &Act) -> Vec<Item> {
    targets
        .into_iter()
        .map(|t| Item::new(t, act.clone()))
        .collect()
}

/// An act that carries nothing.
pub(super) fn wordless(kind: ActKind) -> Option<Act> {
    match kind {
        ActKind::Recall => Some(Act::Recall),
        ActKind::Sign => Some(Act::Sign),
        ActKind::Resume => Some(Act::Resume),
        ActKind::Pass => Some(Act::Pass),
        ActKind::Unmerge => Some(Act::Unmerge),
        ActKind::Archive => Some(Act::Archive),
        ActKind::Claim => Some(Act::Claim),
        ActKind::Release => Some(Act::Release),
        ActKind::DropCase => Some(Act::DropCase),
        ActKind::Urge => Some(Act::Urge {
            text: String::new(),
        }),
        _ => None,
    }
}

/// Acts that one key does to one ticket: they can be taken back, or take nothing away.
fn is_light(kind: ActKind) -> bool {
    matches!(
        kind,
        ActKind::Recall | ActKind::Sign | ActKind::Claim | ActKind::Release | ActKind::Unmerge
    )
}
