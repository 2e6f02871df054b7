//! Marking the sure: every ticket of the view whose first suggestion is sure, however many there are.
//!
//! The adviser's thread looks through the view, beside the keys, and tells what it finds in parts; marks are only added. It
//! ends by itself, with the back key, with an act, and when the view is left. Start at [`Model::mark_sure`].

use super::marking::MOST_MARKS;
use super::msg::{Blocked, Effect, Notice, Suggested};
use super::{Dialog, Model};
use crate::domain::act::ActKind;
use crate::domain::queue::Row;
use crate::domain::refusal::Refusal;
use crate::domain::workflow::transition;

/// Suggestions kept beside those of marked tickets; far more than one screen shows.
const SUGGESTIONS_KEPT: usize = 2_000;

/// A search for the sure that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hunt {
    /// Of the question.
    pub token: u64,
    /// Found so far.
    pub sure: usize,
    /// Tickets looked at so far.
    pub looked: u64,
    /// Tickets of the view, where that is known.
    pub of: Option<u64>,
}

/// How a search for the sure ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HuntEnd {
    /// It has not yet.
    UnderWay,
    /// Every ticket was looked at.
    Whole,
    /// It was left.
    Left,
    /// There are as many marks as there may be.
    Full,
}

impl Model {
    /// Whether this operator could dispatch what is found.
    pub(super) fn can_mark_sure(&self) -> Result<(), Blocked> {
        let act = ActKind::Dispatch;
        let who = transition(act).map_or(&[][..], |row| row.who);
        if self.rules.operator.roles.has_any(who) {
            Ok(())
        } else {
            Err(Blocked::Refused(Refusal::WrongRole { act, needs: who }))
        }
    }

    /// Looks for every ticket of the view whose first suggestion is sure; what is marked already stays marked.
    pub(super) fn mark_sure(&mut self) -> Vec<Effect> {
        if let Err(blocked) = self.can_mark_sure() {
            return self.say(blocked.into());
        }
        self.queue.range = None;
        let hunt = Hunt {
            token: self.token(),
            sure: 0,
            looked: 0,
            of: self.queue.total,
        };
        self.hunt = Some(hunt);
        self.tell_hunt(hunt, HuntEnd::UnderWay);
        vec![Effect::FindSure {
            token: hunt.token,
            query: self.queue.query(self.now),
        }]
    }

    /// Takes a part of what was found.
    pub(super) fn sure_found(
        &mut self,
        token: u64,
        found: Vec<(Row, Suggested)>,
        (looked, of): (u64, u64),
        done: bool,
    ) {
        let Some(mut hunt) = self.hunt.filter(|hunt| hunt.token == token) else {
            return;
        };
        (hunt.looked, hunt.of) = (looked, Some(of));
        let mut end = if done {
            HuntEnd::Whole
        } else {
            HuntEnd::UnderWay
        };
        for (row, suggested) in found {
            let is_marked = self.queue.marks.contains_key(&row.no);
            if !is_marked && self.queue.marks.len() >= MOST_MARKS {
                end = HuntEnd::Full;
                break;
            }
            hunt.sure += 1;
            self.asked.insert(row.no.clone());
            self.queue.marks.insert(row.no.clone(), row);
            self.keep_suggestion(suggested);
        }
        self.hunt = (end == HuntEnd::UnderWay).then_some(hunt);
        // What else is said stays readable until there is an end to tell.
        let is_free = matches!(self.notice, None | Some(Notice::MarkedSure { .. }));
        if is_free || end != HuntEnd::UnderWay {
            self.tell_hunt(hunt, end);
        }
    }

    /// Ends a search that is under way; what was marked stays marked. `false` when there was none.
    pub(super) fn leave_hunt(&mut self) -> bool {
        let left = self.hunt.take();
        if let Some(hunt) = left {
            self.tell_hunt(hunt, HuntEnd::Left);
        }
        left.is_some()
    }

    fn tell_hunt(&mut self, hunt: Hunt, end: HuntEnd) {
        self.notice = Some(Notice::MarkedSure {
            hunt,
            end,
            marks: self.queue.marks.len(),
        });
    }

    /// Takes a suggestion. Under an open picker what it offers stands still: a digit goes to the department that was read.
    pub(super) fn suggested(&mut self, suggested: Suggested) {
        let known = self.suggestions.contains_key(&suggested.no);
        let is_offered = self.dialogs.iter().any(|dialog| match dialog {
            Dialog::Picker(picker) => picker.targets.iter().any(|t| t.no == suggested.no),
            Dialog::Form(_) | Dialog::Summary(_) | Dialog::Finder(_) => false,
        });
        if known && is_offered {
            // It is asked for again once the picker is gone.
            self.asked.remove(&suggested.no);
            return;
        }
        self.keep_suggestion(suggested);
        self.tell_picker();
    }

    /// Others were dispatched or taken back: what is suggested is asked again for the rows that are seen. The old stands until
    /// the new is there.
    pub(super) fn ask_anew(&mut self) {
        self.asked.clear();
    }

    /// Keeps a suggestion; when there are too many, only those of marked tickets stay.
    pub(super) fn keep_suggestion(&mut self, suggested: Suggested) {
        let marks = &self.queue.marks;
        if self.suggestions.len() >= SUGGESTIONS_KEPT + marks.len() {
            self.suggestions.retain(|no, _| marks.contains_key(no));
            self.asked.retain(|no| marks.contains_key(no));
        }
        self.suggestions.insert(suggested.no.clone(), suggested);
    }
}
