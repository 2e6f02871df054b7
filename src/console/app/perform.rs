//! Doing: from a key to the targets, from the targets to acts, and how they are taken back. What came of them is in `outcomes`.

use super::form::{Form, Purpose};
use super::intake::following;
use super::msg::{Blocked, Effect, Errand, Notice, Outcome, Suggested, Suggestion};
use super::picker::{Line, Picker, Target};
use super::summary::{Item, Summary};
use super::{Dialog, Model, fields};
use crate::domain::act::{Act, ActKind, Filing, SuggestionShown};
use crate::domain::queue::{Row, View};
use crate::domain::refusal::Refusal;
use crate::domain::ticket::State;
use std::collections::BTreeMap;

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
pub struct TakenBack {
    pub(super) no: String,
    pub(super) version: u32,
    pub(super) inverse: Act,
    /// The ticket was filed just before, which stays.
    pub(super) filed: bool,
}

/// Acts that can be taken back together.
#[derive(Clone, Debug)]
pub struct Undo {
    pub(super) acts: Vec<TakenBack>,
    /// How often running none of it could be taken back.
    pub(super) tried: u8,
}

impl Undo {
    /// Acts just done.
    pub(super) fn of(acts: Vec<TakenBack>) -> Self {
        Self { acts, tried: 0 }
    }

    /// What is left when some has been taken back.
    pub(super) fn without(mut self, done: &[&Outcome]) -> Self {
        self.acts.retain(|act| done.iter().all(|o| o.no != act.no));
        self.tried = if done.is_empty() { self.tried + 1 } else { 0 };
        self
    }
}

/// The version of a ticket that has just been registered.
const FIRST: u32 = 1;

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

    /// Whether the rules let this operator do an act to the selected ticket.
    ///
    /// # Errors
    /// What is said instead.
    pub fn may(&self, act: ActKind) -> Result<(), Blocked> {
        if self.read_only {
            return Err(Blocked::ReadOnly);
        }
        let Some(row) = self.queue.selected() else {
            return Err(Blocked::NoTicket);
        };
        let answer = match self
            .detail_of(&row.no)
            .filter(|d| d.ticket.version >= row.version)
        {
            Some(detail) => self.rules.may(detail, act, self.now),
            None => self.rules.may_row(row, act, self.now),
        };
        answer.map_err(Blocked::Refused)
    }

    /// Whether at least one of the marked tickets may have it; the summary tells of each.
    pub(super) fn may_any(&self, act: ActKind) -> Result<(), Blocked> {
        if self.read_only {
            return Err(Blocked::ReadOnly);
        }
        let mut answer = Ok(());
        for row in self.queue.marks.values() {
            match self.rules.may_row(row, first_of(row, act), self.now) {
                Ok(()) => return Ok(()),
                Err(refusal) => answer = Err(Blocked::Refused(refusal)),
            }
        }
        answer
    }

    /// Whether something waits for a decision that this operator may take.
    pub(super) fn can_decide(&self) -> Result<(), Blocked> {
        if self.read_only {
            return Err(Blocked::ReadOnly);
        }
        let waits = |row: &Row| row.pending > 0;
        let marked = !self.queue.marks.is_empty();
        let any = if marked {
            self.queue.marks.values().any(waits)
        } else {
            self.queue.selected().is_some_and(waits)
        };
        match (any, marked) {
            (false, _) => Err(Blocked::Refused(Refusal::NothingPending)),
            (true, true) => self.may_any(ActKind::Decline),
            (true, false) => self.may(ActKind::Decline),
        }
    }

    /// Whether there is something to take back.
    pub(super) fn can_undo(&self) -> Result<(), Blocked> {
        if self.undo.is_empty() {
            self.may(ActKind::Recall)
        } else {
            Ok(())
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

    fn open_picker(&mut self, targets: Vec<Target>) -> Vec<Effect> {
        let missing: Vec<String> = targets
            .iter()
            .filter(|t| !self.suggestions.contains_key(&t.no))
            .map(|t| t.no.clone())
            .collect();
        let (suggested, sure) = self.offered(&targets);
        let picker = Picker::new(targets, &self.rules.book.directory, suggested, sure);
        self.dialogs.push(Dialog::Picker(Box::new(picker)));
        if missing.is_empty() {
            Vec::new()
        } else {
            vec![Effect::Suggest(missing)]
        }
    }

    /// What the picker offers for these tickets, and for how many the first suggestion is sure.
    fn offered(&self, targets: &[Target]) -> (Option<Suggested>, usize) {
        let suggested = match targets {
            [one] => self.suggestions.get(&one.no).cloned(),
            many => union(many.iter().filter_map(|t| self.suggestions.get(&t.no))),
        };
        let sure = targets.iter().filter(|t| self.is_sure(&t.no)).count();
        (suggested, sure)
    }

    /// Suggestions have come: the picker that is open offers them.
    pub(super) fn tell_picker(&mut self) {
        let Some(Dialog::Picker(picker)) = self.dialogs.last() else {
            return;
        };
        let (suggested, sure) = self.offered(&picker.targets);
        if let Some(Dialog::Picker(picker)) = self.dialogs.last_mut() {
            picker.suggested(suggested, sure);
        }
    }

    /// The selected ticket, when it is registered and not yet filed.
    pub(super) fn is_unfiled(&self) -> Option<&Row> {
        self.queue
            .selected()
            .filter(|r| r.state == State::Registered)
    }

    /// Dispatching a ticket that is not filed: files it first when all facts are there, else asks for them.
    fn file_and_dispatch(&mut self, targets: Vec<Target>) -> Vec<Effect> {
        if let Err(blocked) = self.may(ActKind::File) {
            return self.say(blocked.into());
        }
        let known = self.is_unfiled().is_some_and(|row| {
            row.nature.is_some()
                && !row.category.is_empty()
                && (row.street.is_some() || row.community.is_some())
        });
        if known {
            return self.open_picker(targets);
        }
        let mut effects = self.open_form(Purpose::Act(ActKind::File), targets);
        effects.extend(self.say(Notice::FileFirst));
        effects
    }

    /// Whether the first suggestion for a ticket is sure enough for a batch.
    pub fn is_sure(&self, no: &str) -> bool {
        self.suggestions
            .get(no)
            .is_some_and(|s| s.sure && !s.list.is_empty())
    }

    /// Takes what the picker offers in a line.
    pub(super) fn take(&mut self, line: &Line) -> Vec<Effect> {
        let Some(Dialog::Picker(picker)) = self.dialogs.pop() else {
            return Vec::new();
        };
        let Picker {
            targets, assisting, ..
        } = *picker;
        match line {
            Line::Department { code, .. } => {
                let assisting: Vec<String> = assisting.into_iter().filter(|a| a != code).collect();
                let act = |model: &Self, no: &str| Act::Dispatch {
                    lead: code.clone(),
                    assisting: assisting.clone(),
                    suggestion: model.shown(no),
                };
                if let [one] = targets.as_slice() {
                    let act = act(self, &one.no);
                    return self.perform(targets, &act, None);
                }
                let items = targets
                    .into_iter()
                    .map(|t| {
                        let act = act(self, &t.no);
                        Item::new(t, act)
                    })
                    .collect();
                self.summarise(items, None)
            }
            Line::OwnFirst { .. } => {
                let of = targets.len();
                let items: Vec<Item> = targets
                    .into_iter()
                    .filter(|t| self.is_sure(&t.no))
                    .filter_map(|t| {
                        let first = self.suggestions.get(&t.no)?.list.first()?;
                        let act = Act::Dispatch {
                            lead: first.code.clone(),
                            assisting: assisting.clone(),
                            suggestion: self.shown(&t.no),
                        };
                        Some(Item::new(t, act))
                    })
                    .collect();
                let (sure, left) = (items.len(), of - items.len());
                let mut effects = self.summarise(items, None);
                if left > 0 {
                    effects.extend(self.say(Notice::OnlySure { sure, left }));
                }
                effects
            }
        }
    }

    /// The suggestion that stands on the screen, to be recorded beside the choice.
    fn shown(&self, no: &str) -> Option<SuggestionShown> {
        let suggested = self.suggestions.get(no)?;
        let first = suggested.list.first()?;
        Some(SuggestionShown {
            offered: suggested.list.iter().map(|s| s.code.clone()).collect(),
            first_permille: first.permille,
        })
    }

    /// Hands in the form on top.
    pub(super) fn submit(&mut self) -> Vec<Effect> {
        let Some(Dialog::Form(form)) = self.dialogs.last() else {
            return Vec::new();
        };
        let act = match form.purpose {
            Purpose::Intake => match fields::intake(self, form) {
                Ok((registration, texts)) => {
                    let then = following(form);
                    let form = self.pop_form();
                    let token = self.token();
                    self.sent.push(Sent {
                        then,
                        ..Sent::alone(token, form)
                    });
                    return vec![Effect::Register {
                        token,
                        registration: Box::new(registration),
                        texts: Box::new(texts),
                    }];
                }
                Err(fault) => Err(fault),
            },
            Purpose::HandOver => match fields::handover(form) {
                Ok((to, note)) => return self.sign_off(to, note),
                Err(fault) => Err(fault),
            },
            Purpose::Decide => fields::decision(self, form),
            Purpose::Act(kind) => fields::act(self, kind, form),
        };
        match act {
            Ok(act) => {
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
    fn summarise(&mut self, mut items: Vec<Item>, form: Option<Box<Form>>) -> Vec<Effect> {
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
    fn first_act(&self, no: &str, act: &Act) -> Option<Act> {
        let marked = self.queue.marks.get(no);
        let row = marked.or_else(|| self.row(no))?;
        (first_of(row, act.kind()) == ActKind::File && act.kind() != ActKind::File)
            .then(|| Act::File(Filing::default()))
    }

    /// A row that is loaded.
    fn row(&self, no: &str) -> Option<&Row> {
        let mut rows = self.queue.rows.iter().map(|(_, row)| row);
        rows.find(|row| row.no == no)
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
        self.queue.marks.clear();
        self.queue.range = None;
        self.send(errands, form)
    }

    /// Does one act to tickets at once.
    fn perform(&mut self, targets: Vec<Target>, act: &Act, form: Option<Box<Form>>) -> Vec<Effect> {
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

    /// Does what shall follow on the registration.
    pub(super) fn follow(&mut self, no: &str, act: Act) -> Vec<Effect> {
        if let Act::Answer { text } = &act {
            // Should the rules refuse it, the answer waits in its own form.
            self.drafts
                .insert(answer_draft(no), fields::answer_draft(text));
        }
        let errand = Errand {
            no: no.to_owned(),
            version: FIRST,
            first: None,
            act,
        };
        let effects = self.send(vec![errand], None);
        if let Some(sent) = self.sent.last_mut() {
            sent.registered = true;
        }
        effects
    }

    fn send(&mut self, errands: Vec<Errand>, form: Option<Box<Form>>) -> Vec<Effect> {
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
            token,
            inverses: errands
                .iter()
                .map(|e| (e.no.clone(), self.inverse(&e.no, &e.act)))
                .collect(),
            form,
            department,
            undoing: None,
            then: None,
            registered: false,
        });
        vec![Effect::Perform { token, errands }]
    }

    fn inverse(&self, no: &str, act: &Act) -> Option<Act> {
        let row = || self.row(no);
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

    /// Takes the last act back; with nothing done here, recalls the selected dispatch.
    pub(super) fn undo(&mut self) -> Vec<Effect> {
        if self.read_only {
            return self.say(Notice::ReadOnly);
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
}

/// The act that the rules are asked about first: a ticket that is not filed is filed before it is dispatched.
fn first_of(row: &Row, act: ActKind) -> ActKind {
    if act == ActKind::Dispatch && row.state == State::Registered {
        ActKind::File
    } else {
        act
    }
}

/// One act to many tickets.
fn items(targets: Vec<Target>, act: &Act) -> Vec<Item> {
    targets
        .into_iter()
        .map(|t| Item::new(t, act.clone()))
        .collect()
}

/// Under which name the draft of an answer is kept.
pub(super) fn answer_draft(no: &str) -> String {
    format!("{}:{no}", ActKind::Answer.code())
}

/// The most departments that a union offers: as many as there are digits for them.
const OFFERED: usize = 5;

/// What is suggested for many tickets together, most supported first; each share is of all the tickets asked.
fn union<'a>(all: impl Iterator<Item = &'a Suggested>) -> Option<Suggested> {
    let mut shares: BTreeMap<&str, u32> = BTreeMap::new();
    let mut asked = 0;
    for suggested in all {
        asked += 1;
        for suggestion in &suggested.list {
            *shares.entry(&suggestion.code).or_default() += u32::from(suggestion.permille);
        }
    }
    let mut shares: Vec<(&str, u32)> = shares.into_iter().collect();
    shares.sort_by_key(|(code, share)| (std::cmp::Reverse(*share), *code));
    shares.truncate(OFFERED);
    (asked > 0).then(|| Suggested {
        no: String::new(),
        list: shares
            .into_iter()
            .map(|(code, share)| Suggestion {
                code: code.to_owned(),
                permille: u16::try_from(share / asked).unwrap_or(u16::MAX),
                support: None,
                evidence: Vec::new(),
                unseen: false,
            })
            .collect(),
        sure: false,
        little: None,
        doubt: None,
    })
}

/// An act that carries nothing.
fn wordless(kind: ActKind) -> Option<Act> {
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
