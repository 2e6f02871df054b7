//! The supervisors' board; an operator of a department sees its own row only.

use super::Centre;
use crate::domain::board::Board;
use crate::domain::instant::Instant;
use crate::store::Failure;

impl Centre {
    /// What every department has open by light.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn board(&self, now: Instant) -> Result<Board, Failure> {
        self.store.board(now, self.scope().as_deref())
    }
}
