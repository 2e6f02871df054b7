//! The shift sheet in view 9: its lines, what each opens, and the signing off by both.
//!
//! The same sheet as `fenbo handover`. Start at [`ShiftState`] and [`lines`].

use super::action::Motion;
use super::cursor::follow;
use super::form::Purpose;
use super::msg::{Blocked, Effect, NotHandedOver, Notice};
use super::sending::Sent;
use super::{Dialog, Model, Screen};
use crate::domain::queue::View;
use crate::domain::shift::{Part, Sheet, ShiftRefusal, Signed};

/// What the shift screen remembers.
#[derive(Clone, Debug, Default)]
pub struct ShiftState {
    /// The sheet, once it has come.
    pub sheet: Option<Sheet>,
    /// The line under the cursor.
    pub at: usize,
    /// The first line shown.
    pub top: usize,
}

/// A line of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A part's heading.
    Heading(Part),
    /// A part's ticket, by its place.
    Ticket(Part, usize),
    /// How many more tickets the part has than are listed.
    More(Part, u64),
    /// The heading of the notes.
    Notes,
    /// A note, by its place.
    Note(usize),
}

/// The lines of a sheet, from the top.
pub fn lines(sheet: &Sheet) -> Vec<Line> {
    let mut lines = Vec::new();
    for part in Part::ALL {
        let rows = sheet.part(part);
        lines.push(Line::Heading(part));
        lines.extend((0..rows.rows.len()).map(|at| Line::Ticket(part, at)));
        let more = rows.total.saturating_sub(rows.rows.len() as u64);
        if more > 0 {
            lines.push(Line::More(part, more));
        }
    }
    lines.push(Line::Notes);
    lines.extend((0..sheet.notes.len()).map(Line::Note));
    lines
}

impl Model {
    /// Whether the shift sheet is on the screen.
    pub fn is_shift(&self) -> bool {
        self.screen() == Screen::Shift
    }

    /// Lines that fit: header, views and what was signed stand above; status and keys below.
    pub fn shift_height(&self) -> usize {
        usize::from(self.size.1.saturating_sub(8)).max(1)
    }

    pub(super) fn shift_loaded(&mut self, sheet: Sheet) {
        let state = &self.shift;
        // The cursor stays on its ticket, or its heading.
        let under = state.sheet.as_ref().and_then(|old| {
            let line = lines(old).get(state.at).copied()?;
            Some((line, number(old, line).map(str::to_owned)))
        });
        let new = lines(&sheet);
        let kept = under.and_then(|(line, no)| {
            new.iter().position(|l| match (l, line) {
                (Line::Ticket(part, _), Line::Ticket(old, _)) if *part == old => {
                    number(&sheet, *l) == no.as_deref()
                }
                _ => *l == line && no.is_none(),
            })
        });
        self.shift.at = kept.unwrap_or(state.at.min(new.len().saturating_sub(1)));
        self.shift.sheet = Some(sheet);
        self.shift.top = follow(self.shift.top, self.shift.at, self.shift_height());
    }

    fn shift_lines(&self) -> Vec<Line> {
        self.shift.sheet.as_ref().map(lines).unwrap_or_default()
    }

    pub(super) fn motion_on_shift(&mut self, motion: Motion) {
        let (height, len) = (self.shift_height(), self.shift_lines().len());
        self.shift.at = motion.apply(self.shift.at, len, height);
        self.shift.top = follow(self.shift.top, self.shift.at, height);
    }

    /// To the next heading, or the one before; round.
    pub(super) fn next_section(&mut self, back: bool) {
        let lines = self.shift_lines();
        let heads: Vec<usize> = (0..lines.len())
            .filter(|at| matches!(lines[*at], Line::Heading(_) | Line::Notes))
            .collect();
        let at = self.shift.at;
        let next = if back {
            heads.iter().rev().find(|h| **h < at).or(heads.last())
        } else {
            heads.iter().find(|h| **h > at).or(heads.first())
        };
        if let Some(next) = next {
            self.shift.at = *next;
            // As much of the part as fits is seen below its heading.
            let last = lines.len().saturating_sub(self.shift_height());
            self.shift.top = self.shift.at.min(last);
        }
    }

    /// Opens what the line under the cursor names: a part as a list, or a ticket.
    pub(super) fn enter_shift(&mut self) -> Vec<Effect> {
        let Some(sheet) = &self.shift.sheet else {
            return self.say(Notice::StillComputing);
        };
        let Some(line) = lines(sheet).get(self.shift.at).copied() else {
            return self.say(Notice::NoTicket);
        };
        match line {
            Line::Heading(part) | Line::More(part, _) if sheet.part(part).total > 0 => {
                let (view, filter) = sheet.list(part);
                self.open_figure(view, filter)
            }
            Line::Ticket(..) | Line::Note(_) => match number(sheet, line).map(str::to_owned) {
                Some(no) => self.open_ticket(&no),
                None => self.say(Notice::NoTicket),
            },
            Line::Heading(_) | Line::More(..) | Line::Notes => self.say(Notice::NothingBehind),
        }
    }

    /// The handover that waits for this operator's confirmation.
    ///
    /// # Errors
    /// What is said instead.
    pub(super) fn to_take_over(&self) -> Result<&Signed, Blocked> {
        if self.read_only {
            return Err(Blocked::ReadOnly);
        }
        let last = self.shift.sheet.as_ref().and_then(|s| s.last.as_ref());
        let signed = last.ok_or(Blocked::Shift(ShiftRefusal::NothingWaits))?;
        match signed.may_confirm(&self.rules.operator.code) {
            Ok(()) => Ok(signed),
            Err(refusal) => Err(Blocked::Shift(refusal)),
        }
    }

    /// Asks who takes over, and for a word for the next shift.
    pub(super) fn begin_handover(&mut self) -> Vec<Effect> {
        match (self.is_shift(), self.read_only) {
            (false, _) => self.say(Notice::NotHere(View::Shift)),
            (true, true) => self.say(Notice::ReadOnly),
            (true, false) => self.open_form(Purpose::HandOver, Vec::new()),
        }
    }

    /// Signs the shift over, as the form on top says.
    pub(super) fn sign_off(&mut self, to: String, note: String) -> Vec<Effect> {
        let Some(sheet) = &self.shift.sheet else {
            return self.say(Notice::StillComputing);
        };
        let since = sheet.since;
        let (form, token) = (self.pop_form(), self.token());
        self.sent.push(Sent::alone(token, form));
        vec![Effect::HandOver {
            token,
            to,
            note,
            since,
        }]
    }

    /// Confirms the handover on the screen.
    pub(super) fn take_over(&mut self) -> Vec<Effect> {
        if !self.is_shift() {
            return self.say(Notice::NotHere(View::Shift));
        }
        let signed_at = match self.to_take_over() {
            Ok(signed) => signed.at,
            Err(blocked) => return self.say(blocked.into()),
        };
        let token = self.token();
        self.sent.push(Sent::alone(token, None));
        vec![Effect::TakeOver { token, signed_at }]
    }

    /// Takes what came of a signature.
    pub(super) fn handed_over(
        &mut self,
        token: u64,
        result: Result<Signed, NotHandedOver>,
    ) -> Vec<Effect> {
        let Some(at) = self.sent.iter().position(|s| s.token == token) else {
            return Vec::new();
        };
        let form = self.sent.remove(at).form;
        let mut effects = Vec::new();
        let notice = match result {
            Ok(signed) => {
                effects.extend(form.and_then(|form| self.drop_draft(&form)));
                Notice::HandedOver(signed)
            }
            Err(why) => {
                // What was typed comes back to be mended.
                self.dialogs.extend(form.map(Dialog::Form));
                match why {
                    NotHandedOver::Refused(refusal) => Notice::Shift(refusal),
                    NotHandedOver::Failed(failure) => Notice::Failed(failure),
                }
            }
        };
        effects.extend(self.say(notice));
        effects.extend(self.refresh());
        effects
    }
}

/// The ticket that a line names.
fn number(sheet: &Sheet, line: Line) -> Option<&str> {
    match line {
        Line::Ticket(part, at) => sheet.part(part).rows.get(at).map(|row| row.no.as_str()),
        Line::Note(at) => sheet.notes.get(at).map(|note| note.no.as_str()),
        Line::Heading(_) | Line::More(..) | Line::Notes => None,
    }
}
