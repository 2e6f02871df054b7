//! The log: a file under the XDG state folder, never standard output. One file a day, a week of them.
//!
//! What stands in it: commands, exits, failures. Never a requester, never the text of a request.

use crate::config::paths::Paths;
use crate::domain::shown;
use std::fs::DirBuilder;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use tracing_appender::rolling::{RollingFileAppender, Rotation};

/// Whoever shows the log on a terminal is driven by nothing that stands in it. Each entry comes whole.
struct Cleaned<W>(W);

impl<W: Write> Write for Cleaned<W> {
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(entry);
        self.0.write_all(shown::clean(&text).as_bytes())?;
        Ok(entry.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Days kept.
const KEPT: usize = 7;

/// Begins the log of every thread; without a place to write, the program runs on and says nothing.
pub fn begin(paths: &Paths) {
    if let Some(subscriber) = subscriber(paths) {
        // Only a second log of this process would be refused.
        drop(tracing::subscriber::set_global_default(subscriber));
    }
}

fn subscriber(paths: &Paths) -> Option<impl tracing::Subscriber + use<>> {
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
    let log = tracing_subscriber::fmt()
        .with_writer(std::sync::Mutex::new(Cleaned(file)))
        .with_ansi(false)
        .with_target(false);
    Some(log.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_logged_only_prints() {
        let mut log = Cleaned(Vec::new());
        log.write_all("stopped what=\"看\u{1b}[2J\u{3164}\u{202e}了\"\n".as_bytes())
            .unwrap();
        log.write_all(b"\xff\n").unwrap();
        let text = String::from_utf8(log.0).unwrap();
        assert_eq!(text, "stopped what=\"看␛[2J\u{fffd}了\"\n\u{fffd}\n");
    }
}
