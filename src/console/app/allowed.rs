//! Whether a command would do something now, and what is said where it would not. The rules are asked, once, by `rules`.
//!
//! Changes nothing. Start at [`Model::available`].

use super::Model;
use super::action::{Action, Scope};
use super::commands::Entry;
use super::msg::Blocked;
use crate::domain::act::ActKind;
use crate::domain::queue::{Row, View};
use crate::domain::refusal::Refusal;
use crate::domain::ticket::State;
use crate::domain::workflow::transition;

impl Model {
    /// Whether a command would do something now.
    ///
    /// # Errors
    /// What is said instead.
    pub fn available(&self, entry: &Entry) -> Result<(), Blocked> {
        match (entry.act, entry.action) {
            (_, Action::NewTicket | Action::Undo) if self.read_only => Err(Blocked::ReadOnly),
            (Some(ActKind::Dispatch), _)
                if self.queue.marks.is_empty() && self.is_unfiled().is_some() =>
            {
                self.may(ActKind::File)
            }
            (_, Action::Claim) if self.queue.marks.is_empty() => self.may(self.claim_act()),
            (_, Action::Decide) => self.can_decide(),
            (_, Action::Undo) => self.can_undo(),
            (
                _,
                Action::Mark
                | Action::Range
                | Action::MarkAll
                | Action::CopyNo
                | Action::CopyAll
                | Action::Acts,
            ) => self.has_ticket(),
            (_, Action::Open) if entry.scope == Scope::Queue && !self.is_list() => Ok(()),
            (_, Action::Freeze) if !self.is_board() => Err(Blocked::NotHere(View::Supervision)),
            (_, Action::Period(_)) if !self.is_statistics() => {
                Err(Blocked::NotHere(View::Statistics))
            }
            (_, Action::HandOver | Action::TakeOver) if !self.is_shift() => {
                Err(Blocked::NotHere(View::Shift))
            }
            (_, Action::HandOver) if self.read_only => Err(Blocked::ReadOnly),
            (_, Action::TakeOver) => self.to_take_over().map(|_| ()),
            (_, Action::MarkSure) if self.is_list() => self.can_mark_sure(),
            (_, Action::Open) if entry.scope == Scope::Queue => self.has_ticket(),
            (_, Action::Filter | Action::Sort | Action::MarkSure) if !self.is_list() => {
                Err(Blocked::NoTicket)
            }
            (Some(act), _) if self.queue.marks.is_empty() => self.may(act),
            (Some(act), _) => self.may_any(act),
            _ => Ok(()),
        }
    }

    fn has_ticket(&self) -> Result<(), Blocked> {
        match self.queue.selected() {
            Some(_) if self.is_list() => Ok(()),
            _ => Err(Blocked::NoTicket),
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
        let may = |row: &Row| self.rules.may_row(row, first_of(row, act), self.now);
        // What is said is of the last one. Of thousands of others the state mostly says no: only the rest are asked about.
        let mut rows = self.queue.marks.values().rev();
        let Some(Err(refusal)) = rows.next().map(may) else {
            return Ok(());
        };
        let from = transition(act).map(|row| row.from);
        let starts = |row: &&Row| {
            first_of(row, act) != act || from.is_none_or(|from| from.includes(&row.state))
        };
        if rows.filter(starts).any(|row| may(row).is_ok()) {
            Ok(())
        } else {
            Err(Blocked::Refused(refusal))
        }
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
}

/// The act that the rules are asked about first: a ticket that is not filed is filed before it is dispatched.
pub(super) fn first_of(row: &Row, act: ActKind) -> ActKind {
    if act == ActKind::Dispatch && row.state == State::Registered {
        ActKind::File
    } else {
        act
    }
}
