//! The shift sheet 交接班: what came in, what turned, what is promised; and its signing off by both.

use super::Centre;
use crate::domain::instant::{DAY, Instant};
use crate::domain::operator::{Operator, Role};
use crate::domain::shift::{Part, Sheet, ShiftRefusal, Signed, next_opening};
use crate::store::Failure;

/// Where the last handover is remembered.
const LAST: &str = "shift/last";

/// How far back the first sheet of a store looks, in seconds.
const FIRST: i64 = DAY;

/// At most so many rows of each part; the count beside them is exact.
const MOST: usize = 500;

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
    /// The sheet from `since`, or else from the last handover, or else of the last day.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn shift_sheet(&self, since: Option<Instant>, now: Instant) -> Result<Sheet, Failure> {
        let last = self.last_handover()?;
        let since = since
            .or(last.as_ref().map(|last| last.at))
            .unwrap_or_else(|| now.plus(-FIRST));
        let scope = self.scope();
        let scope = scope.as_deref();
        let rules = self.rules();
        let hours = &rules.editions.at(now).office_hours;
        let opens = next_opening(now, self.zone(now), &rules.calendar, hours).ok();
        // Nothing can be said to wait for a moment that is not known.
        let moment = opens.unwrap_or(Instant(i64::MAX));
        let parts = Part::ALL
            .into_iter()
            .map(|part| self.store.shift_rows(part, since, now, scope, moment, MOST))
            .collect::<Result<_, Failure>>()?;
        Ok(Sheet {
            since,
            until: now,
            opens,
            parts,
            notes: self.store.notes(since, now, scope, MOST)?,
            last,
        })
    }

    /// The last signed handover.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn last_handover(&self) -> Result<Option<Signed>, Failure> {
        match self.store.setting(LAST)? {
            Some(text) => Ok(Some(serde_json::from_str(&text)?)),
            None => Ok(None),
        }
    }

    /// Signs the shift over to another operator, who then confirms it; both stand in the ledger.
    ///
    /// # Errors
    /// [`NotHandedOver::Refused`] when there is no such operator, or it is the one who gives;
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
        if let Some(waits) = self.last_handover()?
            && waits.confirmed_at.is_none()
            && waits.from != self.operator.code
        {
            return Err(ShiftRefusal::Waits { to: waits.to }.into());
        }
        let taker = self.store.operator(to)?.filter(|taker| {
            taker.active && taker.code != self.operator.code && works_at_the_desk(taker)
        });
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
            confirmed_at: None,
        };
        self.sign(&signed, now)?;
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
        let mut signed = self.last_handover()?.ok_or(ShiftRefusal::NothingWaits)?;
        if signed_at.is_some_and(|read| read != signed.at) {
            return Err(ShiftRefusal::Superseded.into());
        }
        signed.may_confirm(&self.operator.code)?;
        signed.confirmed_at = Some(now);
        self.sign(&signed, now)?;
        Ok(signed)
    }

    /// Writes a handover, or its confirmation if it still is the last one.
    fn sign(&self, signed: &Signed, now: Instant) -> Result<(), NotHandedOver> {
        let text = serde_json::to_string(signed).map_err(Failure::from)?;
        let confirmed = signed.confirmed_at.is_some();
        self.store.write(|tx| -> Result<(), NotHandedOver> {
            let before = tx.setting(LAST)?;
            let before: Option<Signed> = match before {
                Some(before) => Some(serde_json::from_str(&before).map_err(Failure::from)?),
                None => None,
            };
            if confirmed && before.is_none_or(|b| b.at != signed.at || b.confirmed_at.is_some()) {
                return Err(ShiftRefusal::Superseded.into());
            }
            tx.hand_over(&text, confirmed, now, &self.operator.code)?;
            tx.set_setting(LAST, &text)?;
            Ok(())
        })
    }
}

/// Who has a shift: the desk and whoever calls back for it; an auditor only reads, a department has its own hours.
fn works_at_the_desk(operator: &Operator) -> bool {
    let roles = [
        Role::Dispatcher,
        Role::ShiftLead,
        Role::Callback,
        Role::Administrator,
    ];
    operator.roles.has_any(&roles)
}
