//! Viewings of tickets: written by the console beside the work, asked for by those who answer for it.

use super::{Centre, NotDone};
use crate::domain::instant::Instant;
use crate::domain::refusal::Refusal;
use crate::domain::viewed::{Asked, Found, MAY_ASK, Viewing};
use crate::store::Failure;

impl Centre {
    /// Writes what was viewed and when, in one transaction; `false` when another process holds the store just now: nobody is
    /// waited for, since nobody waits for this.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub fn record_viewings(&mut self, viewings: &[(Viewing, Instant)]) -> Result<bool, Failure> {
        let by = self.operator.code.clone();
        let written = self.store.write_if_free(|tx| {
            viewings
                .iter()
                .try_for_each(|(viewing, at)| tx.put_viewing(viewing, *at, &by))
        })?;
        Ok(written.is_some())
    }

    /// The viewings asked for, newest first.
    ///
    /// # Errors
    /// [`NotDone::Refused`] for who may not ask; [`NotDone::Failed`] when the store cannot be read.
    pub fn viewed(&self, asked: &Asked) -> Result<Found, NotDone> {
        if !self.operator.roles.has_any(MAY_ASK) {
            return Err(Refusal::MayNotAskForViews { needs: MAY_ASK }.into());
        }
        if !self.operator.active {
            return Err(Refusal::OperatorInactive.into());
        }
        Ok(self.store.viewed(asked)?)
    }
}
