//! The requester in full, to an operator who has just asked for it with a reason that stands in the ledger.

use super::Centre;
use super::performing::Done;
use crate::domain::event::Event;
use crate::domain::privacy::Requester;
use crate::store::Failure;

impl Centre {
    /// Who asked, unmasked, when the act that was done was a reveal; nothing for any other act.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn revealed(&self, done: &Done) -> Result<Option<Requester>, Failure> {
        let is_reveal = |event: &Event| matches!(event, Event::Revealed { .. });
        if !done.events.iter().any(is_reveal) {
            return Ok(None);
        }
        Ok(self.store.texts(&done.no)?.map(|texts| texts.requester))
    }
}
