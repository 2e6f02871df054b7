//! The shift sheet 交接班: what came in, what turned, what is promised; and its signing off by both.

use super::Centre;
use crate::domain::instant::{DAY, Instant};
use crate::domain::operator::{Operator, Role};
use crate::domain::shift::{Part, Sheet, ShiftRefusal, Signed, Watch, next_opening};
use crate::store::Failure;

/// Where the last signature is remembered.
const LAST: &str = "shift/last";

/// Where the last confirmed handover is remembered while a later signature waits.
const HELD: &str = "shift/held";

/// How far back the first sheet of a store looks, in seconds.
const FIRST: i64 = DAY;

/// Rows of each part that a printed sheet has at most, and notes of every sheet.
pub const MOST: usize = 500;

/// Why a shift was not handed over or taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotHandedOver {
    /// A rule says no.
    Refused(ShiftRefusal),
    /// The store could not do it.
    Failed(Failure),
}

impl From<Failure> for NotHandedOver {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<ShiftRefusal> for NotHandedOver {
    fn from(refusal: ShiftRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Centre {
    /// The sheet from `since` until now; or else from the last confirmed handover, for the one who is to confirm a
    /// signature until that; or else of the last day. At most `most` rows of each part; the count beside them is exact.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn shift_sheet(
        &self,
        since: Option<Instant>,
        most: usize,
        now: Instant,
    ) -> Result<Sheet, Failure> {
        let watch = self.watch()?;
        let (since, until) = if let Some(since) = since {
            (since, now)
        } else {
            let (since, until) = watch.span(&self.operator.code, now);
            (since.unwrap_or_else(|| now.plus(-FIRST)), until)
        };
        let scope = self.scope();
        let scope = scope.as_deref();
        let rules = self.rules();
        let hours = &rules.editions.at(now).office_hours;
        let opens = next_opening(now, self.zone(now), &rules.calendar, hours).ok();
        // Nothing can be said to wait for a moment that is not known.
        let moment = opens.unwrap_or(Instant(i64::MAX));
        let parts = Part::ALL
            .into_iter()
            .map(|part| {
                self.store
                    .shift_rows(part, since, until, scope, moment, most)
            })
            .collect::<Result<_, Failure>>()?;
        let notes = self.store.notes(since, until, scope, MOST)?;
        self.omitted.extend(notes.unread);
        Ok(Sheet {
            since,
            until,
            opens,
            parts,
            notes: notes.readable,
            last: watch.last,
        })
    }

    /// Who has the shift, and whose signature waits.
    fn watch(&self) -> Result<Watch, Failure> {
        read(|name| self.store.setting(name))
    }

    /// Signs the shift over to another operator, who then confirms it; both stand in the ledger. Signs who has the shift,
    /// anybody of the desk while nobody has it, and a shift lead in anybody's place.
    ///
    /// # Errors
    /// [`NotHandedOver::Refused`] when there is no such operator, or it is the one who gives, or the shift is another's;
    /// [`NotHandedOver::Failed`] when it cannot be written.
    pub fn hand_over(
        &mut self,
        to: &str,
        note: &str,
        since: Instant,
        now: Instant,
    ) -> Result<Signed, NotHandedOver> {
        if !works_at_the_desk(&self.operator) {
            return Err(ShiftRefusal::NotTheDesk.into());
        }
        let instead_of = self.watch()?.may_sign(&self.operator)?;
        let taker = self.store.operator(to)?;
        let taker =
            taker.filter(|taker| taker.code != self.operator.code && works_at_the_desk(taker));
        let Some(taker) = taker else {
            return Err(ShiftRefusal::NoTaker {
                asked: to.to_owned(),
            }
            .into());
        };
        let signed = Signed {
            at: now,
            from: self.operator.code.clone(),
            to: taker.code,
            since,
            note: note.to_owned(),
            instead_of,
            confirmed_at: None,
        };
        self.sign(&signed, now)?;
        // What cannot be published now is told by the sweep that publishes next.
        drop(self.publish_head(now, false));
        Ok(signed)
    }

    /// Confirms the handover that was signed to this operator; `signed_at` is that of the one that was read.
    ///
    /// # Errors
    /// [`NotHandedOver::Refused`] when none waits, it is for somebody else, or another was signed meanwhile;
    /// [`NotHandedOver::Failed`] when it cannot be written.
    pub fn take_over(
        &mut self,
        signed_at: Option<Instant>,
        now: Instant,
    ) -> Result<Signed, NotHandedOver> {
        if !works_at_the_desk(&self.operator) {
            return Err(ShiftRefusal::NotTheDesk.into());
        }
        let mut signed = self.watch()?.last.ok_or(ShiftRefusal::NothingWaits)?;
        if signed_at.is_some_and(|read| read != signed.at) {
            return Err(ShiftRefusal::Superseded.into());
        }
        signed.may_confirm(&self.operator.code)?;
        signed.confirmed_at = Some(now);
        self.sign(&signed, now)?;
        Ok(signed)
    }

    /// Writes a handover if this operator still may sign it, or its confirmation if it still is the last one.
    fn sign(&self, signed: &Signed, now: Instant) -> Result<(), NotHandedOver> {
        let text = serde_json::to_string(signed).map_err(Failure::from)?;
        let confirmed = signed.confirmed_at.is_some();
        self.store.write(|tx| -> Result<(), NotHandedOver> {
            let before = read(|name| tx.setting(name))?;
            if confirmed {
                let is_read = |last: &Signed| last.at == signed.at && last.confirmed_at.is_none();
                if !before.last.as_ref().is_some_and(is_read) {
                    return Err(ShiftRefusal::Superseded.into());
                }
            } else {
                before.may_sign(&self.operator)?;
                if let Some(held) = &before.held {
                    let held = serde_json::to_string(held).map_err(Failure::from)?;
                    tx.set_setting(HELD, &held)?;
                }
            }
            tx.hand_over(&text, confirmed, now, &self.operator.code)?;
            tx.set_setting(LAST, &text)?;
            Ok(())
        })
    }
}

/// The handovers as they are remembered.
fn read(setting: impl Fn(&str) -> Result<Option<String>, Failure>) -> Result<Watch, Failure> {
    let signed = |name| -> Result<Option<Signed>, Failure> {
        match setting(name)? {
            Some(text) => Ok(Some(serde_json::from_str(&text)?)),
            None => Ok(None),
        }
    };
    let last = signed(LAST)?;
    let held = match &last {
        Some(last) if last.confirmed_at.is_some() => Some(last.clone()),
        Some(_) => signed(HELD)?,
        None => None,
    };
    Ok(Watch { last, held })
}

/// Who has a shift: the desk and whoever calls back for it, while they may act; an auditor only reads, a department has its
/// own hours.
fn works_at_the_desk(operator: &Operator) -> bool {
    let roles = [
        Role::Dispatcher,
        Role::ShiftLead,
        Role::Callback,
        Role::Administrator,
    ];
    operator.active && operator.roles.has_any(&roles)
}
