//! The log: a file under the XDG state folder, never standard output. One file a day, a week of them.
//!
//! What stands in it: commands, exits, failures. Never a requester, never the text of a request.

use crate::config::paths::Paths;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use tracing::subscriber::DefaultGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};

/// Days kept.
const KEPT: usize = 7;

/// Begins the log; without a place to write, the program runs on and says nothing.
pub fn begin(paths: &Paths) -> Option<DefaultGuard> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&paths.state)
        .ok()?;
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("fenbo")
        .filename_suffix("log")
        .max_log_files(KEPT)
        .build(&paths.state)
        .ok()?;
    let subscriber = tracing_subscriber::fmt()
        .with_writer(std::sync::Mutex::new(file))
        .with_ansi(false)
        .with_target(false)
        .finish();
    Some(tracing::subscriber::set_default(subscriber))
}
