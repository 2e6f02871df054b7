//! Papers of the escalation ladder, made again from the ledger whenever somebody asks for one.

use super::{Centre, NotDone};
use crate::domain::paper::Paper;

impl Centre {
    /// A ticket's paper with this number, or its last one; nothing when none was issued.
    ///
    /// # Errors
    /// Not found (or not allowed: the same), or the store cannot be read.
    pub fn paper(&self, no: &str, number: Option<&str>) -> Result<Option<Paper>, NotDone> {
        let loaded = self.seen(no)?;
        Ok(Paper::of(&self.store.ledger(no)?, loaded.marks, number))
    }
}
