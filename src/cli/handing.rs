//! Hands a letter of the outbox to the configured command: JSON on its standard input, 0 means taken.
//!
//! A command that hangs is ended, so that a sweep always ends.

use crate::config::settings::Outbox;
use crate::i18n::{Lang, sweep};
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How often the command is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// How much of what the command complains is kept.
const COMPLAINT: u64 = 400;

/// Runs the command for one letter.
///
/// # Errors
/// Why the letter was not taken, in the language.
pub fn hand(letter: &str, to: &Outbox, lang: Lang) -> Result<(), String> {
    let Some((program, arguments)) = to.command.split_first() else {
        return Err(String::new());
    };
    let not_started = |error: std::io::Error| {
        let detail = error.to_string();
        sweep::NOT_STARTED.with(lang, &[("program", program), ("detail", &detail)])
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(not_started)?;
    // A receiver that reads nothing must not hold the sweep: the pipe is filled and read beside the watch.
    let input = child.stdin.take();
    let text = letter.to_owned();
    let writer = std::thread::spawn(move || {
        if let Some(mut input) = input {
            // One that has read enough closes its end; its exit code says whether it has taken the letter.
            let _ = input.write_all(text.as_bytes());
        }
    });
    let complaints = child.stderr.take();
    let reader = std::thread::spawn(move || {
        let mut said = Vec::new();
        if let Some(mut complaints) = complaints {
            let _ = (&mut complaints).take(COMPLAINT).read_to_end(&mut said);
            let _ = std::io::copy(&mut complaints, &mut std::io::sink());
        }
        String::from_utf8_lossy(&said).trim().to_owned()
    });
    let ended =
        wait(&mut child, Duration::from_secs(u64::from(to.timeout))).map_err(not_started)?;
    let Some(status) = ended else {
        // Its children may hold the pipes open: the threads are left to them.
        let seconds = to.timeout.to_string();
        return Err(sweep::TOO_LONG.with(lang, &[("program", program), ("seconds", &seconds)]));
    };
    if status.success() {
        return Ok(());
    }
    let _ = writer.join();
    let detail = reader.join().unwrap_or_default();
    let status = status.to_string();
    Err(sweep::ENDED_WITH.with(
        lang,
        &[
            ("program", program),
            ("status", &status),
            ("detail", &detail),
        ],
    ))
}

/// Waits for a child; ends it, and gives nothing, when it takes too long.
fn wait(child: &mut Child, most: Duration) -> std::io::Result<Option<ExitStatus>> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if begun.elapsed() >= most {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(script: &str, timeout: u16) -> Outbox {
        Outbox {
            command: ["sh", "-c", script].map(str::to_owned).to_vec(),
            timeout,
        }
    }

    #[test]
    fn the_exit_code_says_whether_it_was_taken() {
        let big = "x".repeat(300_000);
        assert_eq!(hand(&big, &to("cat >/dev/null", 20), Lang::En), Ok(()));
        // One that has seen enough after a line has taken it all the same.
        assert_eq!(hand(&big, &to("exit 0", 20), Lang::En), Ok(()));
        let why = hand("{}", &to("echo no room >&2; exit 7", 20), Lang::En).unwrap_err();
        assert!(why.contains('7') && why.contains("no room"), "{why}");
        let none = Outbox {
            command: vec!["/nowhere/at-all".to_owned()],
            timeout: 1,
        };
        assert!(hand("{}", &none, Lang::En).is_err());
    }

    #[test]
    fn a_receiver_that_hangs_is_ended() {
        let begun = Instant::now();
        let why = hand("{}", &to("exec sleep 60", 1), Lang::En).unwrap_err();
        assert!(why.contains("1 seconds"), "{why}");
        assert!(begun.elapsed() < Duration::from_secs(30));
    }
}
