//! What came of acts and registrations: what is said of it, what can be taken back, what follows.
//!
//! Starts no act of its own; the acts are sent in `sending`.

use super::form::Form;
use super::msg::{Both, Done, Effect, Notice, Outcome, Problem};
use super::sending::{Lasting, Sent, Undo, Undoable};
use super::{Dialog, Model, form};
use crate::domain::act::ActKind;
use crate::domain::instant::Instant;
use crate::domain::privacy::Requester;

/// Seconds after which a revealed requester is hidden again. `[QUALITY: reading what one may]`
pub const REVEALED_FOR: i64 = 30;

/// A requester shown for a reason that stands in the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Revealed {
    /// The ticket.
    pub no: String,
    /// Who asked, unmasked.
    pub requester: Requester,
    /// From when on it is hidden again.
    pub until: Instant,
}

impl Model {
    /// Takes what came of acts.
    pub(super) fn performed(&mut self, token: u64, outcomes: &[Outcome]) -> Vec<Effect> {
        let Some(at) = self.sent.iter().position(|s| s.token == token) else {
            return Vec::new();
        };
        let sent = self.sent.remove(at);
        self.statistics.stale = true;
        let done: Vec<&Outcome> = outcomes.iter().filter(|o| o.result.is_ok()).collect();
        let not: Vec<(&str, &Problem)> = outcomes
            .iter()
            .filter_map(|o| o.result.as_ref().err().map(|p| (o.no.as_str(), p)))
            .collect();
        let undo: Vec<Undoable> = outcomes
            .iter()
            .zip(&sent.inverses)
            .filter_map(|(o, (no, inverse))| {
                Some(Undoable {
                    no: no.clone(),
                    version: *o.result.as_ref().ok()?,
                    inverse: inverse.clone()?,
                    filed: o.first == Some(ActKind::File),
                })
            })
            .collect();
        if let Some(first) = outcomes.first() {
            *self.session.entry(first.act).or_default() += done.len();
        }
        for outcome in &done {
            // What was suggested may not hold for what the ticket is now.
            self.suggestions.remove(&outcome.no);
            self.asked.remove(&outcome.no);
            if changes_matter(outcome.act) {
                self.similar.take_if(|(no, _)| *no == outcome.no);
                self.precedents.take_if(|(no, _)| *no == outcome.no);
            }
        }
        let left = sent.undoing.clone().map(|undo| undo.without(&done));
        if done.iter().any(|outcome| teaches(outcome.act)) {
            self.ask_anew();
        }
        let mut effects = Vec::new();
        if let Some(form) = &sent.form {
            if done.is_empty() {
                // Nothing was done: what was typed comes back to be mended.
                self.dialogs.push(Dialog::Form(form.clone()));
            } else {
                effects.extend(self.drop_draft(form));
            }
        }
        let notice = if let [outcome] = outcomes
            && (sent.registered || outcome.first.is_some())
        {
            if sent.registered && outcome.act == ActKind::Answer {
                effects.extend(self.settle_answer(outcome));
            }
            Notice::Both(Both {
                no: outcome.no.clone(),
                first: outcome.first,
                act: outcome.act,
                department: sent.department,
                not: outcome.result.clone().err(),
                undo: !undo.is_empty(),
            })
        } else {
            let to_undo = left.as_ref().map_or(&undo, |left| &left.acts);
            told(&sent, outcomes, &done, &not, !to_undo.is_empty())
        };
        self.lasting = match (done.first(), undo.is_empty()) {
            (Some(first), true) if left.is_none() => Some(Lasting::Act(first.act)),
            (Some(_), _) => None,
            (None, _) => self.lasting,
        };
        self.remember_undo(left, undo);
        let notice = self.reveal(&done).unwrap_or(notice);
        effects.extend(self.say(notice));
        effects.extend(self.refresh());
        effects
    }

    /// Of an answer given at the desk: refused, it stays as a draft of its own form; given, the draft is gone.
    fn settle_answer(&mut self, outcome: &Outcome) -> Option<Effect> {
        let key = form::answer_draft_key(&outcome.no);
        if outcome.result.is_ok() {
            self.drafts.remove(&key);
            return None;
        }
        let text = self.drafts.get(&key).cloned()?;
        Some(Effect::SaveDraft { key, text })
    }

    /// Keeps what can be taken back: what is left of an undo, or else the acts just done.
    fn remember_undo(&mut self, left: Option<Undo>, done: Vec<Undoable>) {
        match left {
            // What cannot be taken back twice running lets what was done before come first.
            Some(left) if left.tried == 2 => self.undo.insert(0, left),
            Some(left) => self
                .undo
                .extend(Some(left).filter(|left| !left.acts.is_empty())),
            None if done.is_empty() => {}
            None => self.undo.push(Undo::of(done)),
        }
    }

    /// Shows for a while whom a reveal was about.
    fn reveal(&mut self, done: &[&Outcome]) -> Option<Notice> {
        let until = self.now.plus(REVEALED_FOR);
        let shown: Vec<Revealed> = done
            .iter()
            .filter_map(|o| {
                Some(Revealed {
                    no: o.no.clone(),
                    requester: o.revealed.clone()?,
                    until,
                })
            })
            .collect();
        let no = shown.first()?.no.clone();
        self.revealed = shown;
        Some(Notice::Revealed {
            no,
            seconds: REVEALED_FOR,
        })
    }

    /// Takes what came of a registration.
    pub(super) fn registered(
        &mut self,
        token: u64,
        result: Result<String, Problem>,
    ) -> Vec<Effect> {
        let Some(at) = self.sent.iter().position(|s| s.token == token) else {
            return Vec::new();
        };
        let sent = self.sent.remove(at);
        self.statistics.stale = true;
        let mut effects = Vec::new();
        let notice = match result {
            Ok(no) => {
                if let Some(form) = &sent.form {
                    effects.extend(self.drop_draft(form));
                }
                self.select_next = Some(no.clone());
                self.lasting = Some(Lasting::Registered);
                if let Some(then) = sent.then {
                    effects.extend(self.follow(&no, then));
                    return effects;
                }
                Notice::Registered(no)
            }
            Err(problem) => {
                self.dialogs.extend(sent.form.map(Dialog::Form));
                match problem {
                    Problem::Refused(refusal) => Notice::Refused { no: None, refusal },
                    Problem::NotFound => Notice::NoTicket,
                    Problem::Failed(failure) => Notice::Failed(failure),
                }
            }
        };
        effects.extend(self.say(notice));
        effects.extend(self.refresh());
        effects
    }

    pub(super) fn drop_draft(&mut self, form: &Form) -> Option<Effect> {
        let key = form.draft_key();
        self.drafts.remove(&key).map(|_| Effect::DropDraft(key))
    }
}

/// Whether what is like the ticket may be others after such an act: its words or what it is about have changed.
fn changes_matter(act: ActKind) -> bool {
    matches!(act, ActKind::File | ActKind::Reclassify | ActKind::Erase)
}

/// Whether the suggestions for other tickets may be others after such an act.
fn teaches(act: ActKind) -> bool {
    matches!(
        act,
        ActKind::Dispatch | ActKind::Recall | ActKind::Rule | ActKind::Grant | ActKind::LateReturn
    )
}

/// What is said of acts that were done or not.
fn told(
    sent: &Sent,
    outcomes: &[Outcome],
    done: &[&Outcome],
    not: &[(&str, &Problem)],
    undo: bool,
) -> Notice {
    match (done, not) {
        ([], [(no, Problem::Refused(refusal))]) => Notice::Refused {
            no: Some((*no).to_owned()),
            refusal: refusal.clone(),
        },
        ([], [(no, Problem::NotFound)]) => Notice::NotFound((*no).to_owned()),
        ([], [(_, Problem::Failed(failure))]) => Notice::Failed(failure.clone()),
        _ => Notice::Done(Done {
            act: outcomes.first().map_or(ActKind::Note, |o| o.act),
            only: match done {
                [one] if not.is_empty() => Some(one.no.clone()),
                _ => None,
            },
            done: done.len(),
            not: not
                .first()
                .map(|(no, p)| (not.len(), (*no).to_owned(), (*p).clone())),
            department: sent.department.clone(),
            moved: match outcomes {
                [one] => one.moved,
                _ => None,
            },
            undo,
            undone: sent.undoing.is_some(),
            filed: sent
                .undoing
                .iter()
                .flat_map(|undo| &undo.acts)
                .filter(|act| act.filed && done.iter().any(|o| o.no == act.no))
                .count(),
        }),
    }
}
