//! Hears signals in a thread of its own, and ends the process when the main loop does not.
//!
//! Must not touch the store. Start at [`watch`].

use super::{TermError, guard};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::{Handle, Signals as Hook};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// SIGXFSZ, which signal-hook does not name: a file grew beyond its limit.
const SIGXFSZ: i32 = rustix::process::Signal::XFSZ.as_raw();

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Save what is unsaved and end, with [`Signal::exit_code`].
    End(i32),
    /// Give the terminal back and stop: call `Terminal::suspend`.
    Suspend,
    /// The process goes on after a stop: call `Terminal::resume_screen`.
    Continue,
}

impl Signal {
    /// The exit code that tells the signal, as a shell would.
    pub fn exit_code(self) -> Option<i32> {
        match self {
            Signal::End(number) => Some(128 + number),
            Signal::Suspend | Signal::Continue => None,
        }
    }
}

/// Hears signals for as long as it lives.
#[derive(Debug)]
pub struct Signals {
    handle: Handle,
    heard_no_more: Arc<AtomicBool>,
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.heard_no_more.store(true, Ordering::Release);
        self.handle.close();
    }
}

/// Hands signals to `deliver`, in a thread of its own.
///
/// After SIGHUP, SIGTERM, SIGINT or SIGQUIT the process has `grace` to end by itself, unless [`Signals`] is dropped
/// first; then, or at the second such signal, the terminal is given back and the process ends with 128 + number.
/// A `deliver` that panics loses that signal only. A file that grows too large becomes an error of the write instead of the end of the process.
pub fn watch(
    grace: Duration,
    deliver: impl Fn(Signal) + Send + 'static,
) -> Result<Signals, TermError> {
    let hear = || {
        signal_hook::flag::register(SIGXFSZ, Arc::default())?;
        Hook::new([SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGTSTP, SIGCONT])
    };
    let mut hook = hear().map_err(TermError::io("hear signals"))?;
    let handle = hook.handle();
    let heard_no_more = Arc::new(AtomicBool::new(false));
    let signals = Signals {
        handle,
        heard_no_more: Arc::clone(&heard_no_more),
    };
    // A hang-up comes with SIGCONT: whoever stumbles over one signal must still hear the next.
    let deliver = move |signal| _ = catch_unwind(AssertUnwindSafe(|| deliver(signal)));
    let body = move || {
        let mut ending = false;
        for number in hook.forever() {
            match number {
                SIGTSTP => deliver(Signal::Suspend),
                SIGCONT => deliver(Signal::Continue),
                _ if ending => end(number),
                _ => {
                    ending = true;
                    // The watch comes first: delivering may block.
                    end_after(grace, number, Arc::clone(&heard_no_more));
                    deliver(Signal::End(number));
                }
            }
        }
    };
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(body)
        .map_err(TermError::io("start the signal thread"))?;
    Ok(signals)
}

fn end_after(grace: Duration, number: i32, heard_no_more: Arc<AtomicBool>) {
    let body = move || {
        std::thread::sleep(grace);
        if !heard_no_more.load(Ordering::Acquire) {
            end(number);
        }
    };
    if std::thread::Builder::new()
        .name("grace".into())
        .spawn(body)
        .is_err()
    {
        // Without a thread to wait in there is no grace to give.
        end(number);
    }
}

/// Gives the terminal back and ends without running anything more, for anything more may hang.
fn end(number: i32) {
    guard::restore_all();
    signal_hook::low_level::exit(128 + number);
}
