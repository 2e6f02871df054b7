//! Hands a letter to the configured command: JSON on its standard input, 0 means taken.
//!
//! A command that hangs is ended with all it has started, so that a sweep always ends.

use crate::i18n::{Lang, letters as words};
use crate::service::delivering::NotTaken;
use rustix::process::{Pid, Signal, kill_process_group};
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
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
pub(super) fn hand(
    letter: &str,
    command: &[String],
    timeout: u16,
    lang: Lang,
) -> Result<(), NotTaken> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(NotTaken::Later(words::NOBODY_TAKES.of(lang).to_owned()));
    };
    let not_started = |error: std::io::Error| {
        let detail = error.to_string();
        let values = [("program", program.as_str()), ("detail", &detail)];
        NotTaken::Unreachable(words::NOT_STARTED.with(lang, &values))
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        // A group of its own, so that one that hangs is ended with all it has started.
        .process_group(0)
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
    let most = Duration::from_secs(u64::from(timeout));
    let ended = wait(&mut child, most).map_err(not_started)?;
    let Some(status) = ended else {
        // One that has left the group may hold the pipes open: the threads are left to it.
        let seconds = timeout.to_string();
        let values = [("program", program.as_str()), ("seconds", &seconds)];
        return Err(NotTaken::Unreachable(words::TOO_LONG.with(lang, &values)));
    };
    if status.success() {
        return Ok(());
    }
    let _ = writer.join();
    let detail = reader.join().unwrap_or_default();
    let status = status.to_string();
    Err(NotTaken::Later(words::ENDED_WITH.with(
        lang,
        &[
            ("program", program),
            ("status", &status),
            ("detail", &detail),
        ],
    )))
}

/// Waits for a child; ends it, and gives nothing, when it takes too long.
fn wait(child: &mut Child, most: Duration) -> std::io::Result<Option<ExitStatus>> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if begun.elapsed() >= most {
            let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
            match group.map(|group| kill_process_group(group, Signal::KILL)) {
                Some(Ok(())) => {}
                // It has left its group.
                Some(Err(_)) | None => child.kill()?,
            }
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(letter: &str, script: &str, timeout: u16) -> Result<(), NotTaken> {
        let command = ["sh", "-c", script].map(str::to_owned);
        hand(letter, &command, timeout, Lang::En)
    }

    #[test]
    fn the_exit_code_says_whether_it_was_taken() {
        let big = "x".repeat(300_000);
        assert_eq!(run(&big, "cat >/dev/null", 20), Ok(()));
        // One that has seen enough after a line has taken it all the same.
        assert_eq!(run(&big, "exit 0", 20), Ok(()));
        let not = run("{}", "echo no room >&2; exit 7", 20).unwrap_err();
        assert!(
            matches!(&not, NotTaken::Later(why) if why.contains('7') && why.contains("no room"))
        );
        let none = hand("{}", &["/nowhere/at-all".to_owned()], 1, Lang::En);
        assert!(matches!(none, Err(NotTaken::Unreachable(_))));
    }

    #[test]
    fn a_receiver_that_hangs_is_ended() {
        let begun = Instant::now();
        let not = run("{}", "exec sleep 60", 1).unwrap_err();
        assert!(matches!(&not, NotTaken::Unreachable(why) if why.contains("1 seconds")));
        assert!(begun.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_receiver_that_hangs_leaves_nothing_running() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("child");
        let script = format!("sleep 60 & echo $! > {}; wait", name.display());
        run("{}", &script, 1).unwrap_err();
        let child = std::fs::read_to_string(&name).unwrap();
        // Gone, or about to be buried by whoever inherited it.
        let is_gone = || {
            let status = std::fs::read_to_string(format!("/proc/{}/stat", child.trim()));
            status.map_or(true, |s| s.contains(") Z ") || s.contains(") X "))
        };
        let begun = Instant::now();
        while !is_gone() && begun.elapsed() < Duration::from_secs(20) {
            std::thread::yield_now();
        }
        assert!(is_gone());
    }
}
