//! The one clock of the console: the system's, or a moment it is pinned to.

use crate::domain::instant::Instant;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the console's `now` comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    /// `--at`: time stands still here.
    pub pinned: Option<Instant>,
}

impl Clock {
    /// The present moment.
    pub(crate) fn now(self) -> Instant {
        self.pinned.unwrap_or_else(|| {
            let since = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            Instant(since.as_secs() as i64)
        })
    }
}
