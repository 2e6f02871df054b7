//! The shift sheet 交接班: what came in, what turned, what is promised; and its signing off by both.

use super::{Centre, NotDone};
use crate::domain::event::Entry;
use crate::domain::instant::{DAY, Instant};
use crate::domain::queue::Row;
use crate::store::{Failure, Part};
use serde::{Deserialize, Serialize};

/// Where the last handover is remembered.
const LAST: &str = "shift/last";

/// How far back the first sheet of a store looks, in seconds.
const FIRST: i64 = DAY;

/// At most so many rows of each part; the count beside them is exact.
const MOST: usize = 500;

/// A signed handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// When.
    pub at: Instant,
    /// The operator who gave.
    pub from: String,
    /// The operator who took.
    pub to: String,
    /// The sheet's beginning.
    pub since: Instant,
    /// A word for the next shift.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Rows of one part of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// How many there are.
    pub total: u64,
    /// The first of them.
    pub rows: Vec<Row>,
}

/// The sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// From when, exclusive.
    pub since: Instant,
    /// Until when, inclusive.
    pub until: Instant,
    /// The handover before this one.
    pub last: Option<Signed>,
    /// What came in.
    pub received: Rows,
    /// What turned yellow and runs still.
    pub yellow: Rows,
    /// What turned red and runs still.
    pub red: Rows,
    /// Urgent and not signed for, whenever dispatched.
    pub unsigned: Rows,
    /// Waiting for a call-back.
    pub call_backs: Rows,
    /// Notes.
    pub notes: Vec<Entry>,
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
        let rows = |part| -> Result<Rows, Failure> {
            let (total, rows) = self.store.shift_rows(part, since, now, scope, MOST)?;
            Ok(Rows { total, rows })
        };
        Ok(Sheet {
            since,
            until: now,
            received: rows(Part::Received)?,
            yellow: rows(Part::Yellow)?,
            red: rows(Part::Red)?,
            unsigned: rows(Part::Unsigned)?,
            call_backs: rows(Part::CallBacks)?,
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

    /// Signs the shift over to another operator; both stand in the ledger.
    ///
    /// # Errors
    /// [`NotDone::NotFound`] when there is no such operator, or it is the one who gives; [`NotDone::Failed`] when it
    /// cannot be written.
    pub fn hand_over(
        &mut self,
        to: &str,
        note: &str,
        since: Instant,
        now: Instant,
    ) -> Result<Signed, NotDone> {
        let taker = self
            .store
            .operator(to)?
            .filter(|taker| taker.active && taker.code != self.operator.code);
        let Some(taker) = taker else {
            return Err(NotDone::NotFound {
                asked: to.to_owned(),
            });
        };
        let signed = Signed {
            at: now,
            from: self.operator.code.clone(),
            to: taker.code,
            since,
            note: note.to_owned(),
        };
        let text = serde_json::to_string(&signed).map_err(Failure::from)?;
        self.store.write(|tx| -> Result<(), Failure> {
            tx.hand_over(&text, now, &signed.from)?;
            tx.set_setting(LAST, &text)
        })?;
        Ok(signed)
    }
}
