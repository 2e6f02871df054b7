//! Whether another desk has written.
//!
//! Asking SQLite costs two locks and a statement; a look at when the WAL was last written a tenth of that. Start at
//! [`Watch::look`].

use super::answers;
use crate::console::app::Msg;
use crate::service::{Centre, Written};

/// Looks that ask SQLite after the WAL was seen to be written: a second writing within one tick of the file system's clock
/// leaves the same time. The looks are a second apart, and no file system counts in more than two.
const SURE_AFTER: u8 = 3;

/// What was seen at the last look.
pub(super) struct Watch {
    version: Option<i64>,
    written: Option<Written>,
    /// Looks that are still to ask SQLite.
    unsure: u8,
    failing: bool,
}

impl Watch {
    pub(super) fn begin(centre: &Centre) -> Self {
        Self {
            written: centre.last_written(),
            version: centre.data_version().ok(),
            unsure: SURE_AFTER,
            failing: false,
        }
    }

    /// Tells when the store is another one than before; a failure is told once, until one look has succeeded.
    pub(super) fn look(&mut self, centre: &Centre, answer: &dyn Fn(Msg)) {
        if self.is_untouched(centre.last_written()) && !self.failing {
            return;
        }
        match centre.data_version() {
            Ok(version) => {
                if self.failing || Some(version) != self.version {
                    answer(Msg::StoreChanged);
                }
                self.version = Some(version);
                self.failing = false;
            }
            Err(failure) => {
                if !std::mem::replace(&mut self.failing, true) {
                    answer(answers::failed(&failure));
                }
            }
        }
    }

    /// Whether nobody has written since the last look, for sure.
    fn is_untouched(&mut self, written: Option<Written>) -> bool {
        if written.is_none() || written != self.written {
            self.written = written;
            self.unsure = SURE_AFTER;
            return false;
        }
        let is_sure = self.unsure == 0;
        self.unsure = self.unsure.saturating_sub(1);
        is_sure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    #[test]
    fn sqlite_is_asked_until_no_second_writing_can_hide_behind_the_first() {
        let at = |s| Written {
            at: SystemTime::UNIX_EPOCH + Duration::from_secs(s),
            length: 4096,
        };
        let mut watch = Watch {
            version: Some(1),
            written: Some(at(1)),
            unsure: 0,
            failing: false,
        };
        assert!(watch.is_untouched(Some(at(1))));
        let seen: Vec<bool> = (0..5).map(|_| watch.is_untouched(Some(at(2)))).collect();
        assert_eq!(seen, [false, false, false, false, true]);
        // Where the file cannot be looked at, SQLite is asked each time.
        assert!(!watch.is_untouched(None) && !watch.is_untouched(None));
        assert!(!watch.is_untouched(Some(at(2))));
    }
}
