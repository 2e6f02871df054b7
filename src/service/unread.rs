//! What cannot be read of the tickets that a question is about: it costs itself, and is told once the rest was answered.
//!
//! Start at [`Centre::take_unread`].

use super::Centre;
use crate::store::{Failure, FailureKind};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// In place of a number that is not to be told.
const NAMELESS: &str = "?";

/// Tickets of which something could not be read, each with why.
pub type Unread = BTreeMap<String, String>;

/// Those that answers left out since they were last asked for.
#[derive(Debug, Default)]
pub(super) struct Omitted(RefCell<Unread>);

impl Omitted {
    /// Leaves tickets out.
    pub(super) fn extend(&self, unread: Unread) {
        self.0.borrow_mut().extend(unread);
    }

    /// What was read, or nothing where it is damaged: then the ticket is left out.
    ///
    /// # Errors
    /// Every other failure.
    pub(super) fn or_omitted<T>(
        &self,
        no: &str,
        read: Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(failure) if failure.kind == FailureKind::Damaged => {
                self.0.borrow_mut().insert(no.to_owned(), failure.cause);
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }
}

impl Centre {
    /// The tickets that answers left out since this was last asked, because something of them cannot be read.
    ///
    /// Whose they are cannot be read either: an operator who does not see all is told that there are some, not which.
    pub fn take_unread(&self) -> Unread {
        let unread = self.omitted.0.take();
        if self.operator.roles.sees_all() {
            return unread;
        }
        let nameless = unread
            .into_values()
            .map(|cause| (NAMELESS.to_owned(), cause));
        nameless.collect()
    }
}
