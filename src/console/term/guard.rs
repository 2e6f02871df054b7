//! Takes the terminal and gives it back, on every way out.
//!
//! Must not draw. Start at [`Guard::enter`]. What gives it back: dropping the guard, [`Guard::restore`], a panic in any
//! thread, and [`restore_all`] for whoever ends the process.

use super::TermError;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError, TryLockError, Weak};
use std::time::{Duration, Instant};

/// Save the title; alternate screen, no mouse, bracketed paste, no cursor, empty.
const ENTER: &[u8] =
    b"\x1b[22;0t\x1b[?1049h\x1b[?1000l\x1b[?2004h\x1b[?25l\x1b[r\x1b[m\x1b[H\x1b[2J";
/// End a frame cut short; everything back; the title last, when the main screen is there again.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[m\x1b[r\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[?25h\x1b[?1049l\x1b[23;0t";
/// How long giving back waits for a terminal that takes no bytes.
const LEAVE_WITHIN: Duration = Duration::from_millis(200);
/// How often a blocked write looks whether the terminal was given back meanwhile.
const LOOK: Duration = Duration::from_millis(100);

/// Every terminal taken and not dropped, for the panic hook and the signals.
static TAKEN: Mutex<Vec<Weak<Taken>>> = Mutex::new(Vec::new());

/// Holds the terminal in raw mode on the alternate screen.
#[derive(Debug)]
pub struct Guard {
    taken: Arc<Taken>,
}

#[derive(Debug)]
struct Taken {
    tty: OwnedFd,
    before: Termios,
    active: AtomicBool,
    /// Held while bytes go out, so that a frame and the way back do not mix.
    writing: Mutex<()>,
}

impl Guard {
    /// Takes the terminal behind `tty`, which must be open for reading and writing and should not block.
    pub fn enter(tty: OwnedFd) -> Result<Guard, TermError> {
        let before =
            tcgetattr(&tty).map_err(|e| TermError::io("read the terminal's mode")(e.into()))?;
        let taken = Arc::new(Taken {
            tty,
            before,
            active: AtomicBool::new(false),
            writing: Mutex::new(()),
        });
        let mut all = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|t| t.strong_count() > 0);
        all.push(Arc::downgrade(&taken));
        drop(all);
        hook_panics();
        // From here on the guard's drop gives back whatever was taken, also when only half of it was.
        let guard = Guard { taken };
        guard.taken.enter()?;
        Ok(guard)
    }

    /// Writes bytes to the terminal, whole; refuses once it was given back.
    pub fn write(&self, bytes: &[u8]) -> Result<(), TermError> {
        self.taken.write(bytes)
    }

    /// Gives the terminal back; a second time does nothing.
    pub fn restore(&self) {
        self.taken.leave();
    }

    /// Takes the terminal again after it was given back, or after the process was stopped from outside.
    ///
    /// What is on the screen is unknown then: the presenter must be invalidated.
    pub fn resume_screen(&self) -> Result<(), TermError> {
        self.taken.enter()
    }

    /// Gives the terminal back, stops the process as Ctrl-Z would, and takes the terminal again when it goes on.
    pub fn suspend(&self) -> Result<(), TermError> {
        self.taken.leave();
        let stopped = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
        self.taken.enter()?;
        stopped.map_err(TermError::io("stop the process"))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.taken.leave();
    }
}

/// Gives back every terminal that is taken; from any thread, as often as one likes.
pub fn restore_all() {
    // Whoever holds the list holds it for an instant, unless it is this very thread that panicked: then it is left alone.
    let all: Vec<Arc<Taken>> = match TAKEN.try_lock() {
        Ok(all) => all.iter().filter_map(Weak::upgrade).collect(),
        Err(TryLockError::Poisoned(all)) => {
            all.get_ref().iter().filter_map(Weak::upgrade).collect()
        }
        Err(TryLockError::WouldBlock) => return,
    };
    for taken in all {
        taken.leave();
    }
}

/// From now on a panic gives the terminal back before it is told.
fn hook_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let tell = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore_all();
            tell(panic);
        }));
    });
}

impl Taken {
    fn enter(&self) -> Result<(), TermError> {
        // Going on after a stop from outside must not save the title twice.
        let first = !self.active.swap(true, Ordering::AcqRel);
        let mut raw = self.before.clone();
        raw.make_raw();
        tcsetattr(&self.tty, OptionalActions::Now, &raw)
            .map_err(|e| TermError::io("set the terminal's mode")(e.into()))?;
        self.write(if first {
            ENTER
        } else {
            &ENTER[b"\x1b[22;0t".len()..]
        })
    }

    fn leave(&self) {
        let end = Instant::now() + LEAVE_WITHIN;
        if !self.active.swap(false, Ordering::AcqRel) {
            return;
        }
        // A frame that is just going out may end; one that is stuck is not waited for.
        let _writing = loop {
            match self.writing.try_lock() {
                Ok(writing) => break Some(writing),
                Err(TryLockError::Poisoned(writing)) => break Some(writing.into_inner()),
                Err(TryLockError::WouldBlock) if Instant::now() < end => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(TryLockError::WouldBlock) => break None,
            }
        };
        let mut rest = LEAVE;
        while !rest.is_empty()
            && Instant::now() < end
            && self.writable(end.saturating_duration_since(Instant::now()))
        {
            match rustix::io::write(&self.tty, rest) {
                Ok(n) => rest = &rest[n.min(rest.len())..],
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => break,
            }
        }
        // Now, not after the output has drained: a stalled line would hold the process for ever.
        let _ = tcsetattr(&self.tty, OptionalActions::Now, &self.before);
        // Keys and late answers meant for us must not reach the shell.
        let _ = tcflush(&self.tty, QueueSelector::IFlush);
    }

    fn write(&self, mut bytes: &[u8]) -> Result<(), TermError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        while !bytes.is_empty() {
            if !self.active.load(Ordering::Acquire) {
                return Err(TermError::Left);
            }
            match rustix::io::write(&self.tty, bytes) {
                Ok(n) => bytes = &bytes[n.min(bytes.len())..],
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => _ = self.writable(LOOK),
                Err(e) => return Err(TermError::io("write to the terminal")(e.into())),
            }
        }
        Ok(())
    }

    /// Waits until the terminal takes bytes.
    fn writable(&self, within: Duration) -> bool {
        let time = Timespec {
            tv_sec: within.as_secs().min(60) as i64,
            tv_nsec: i64::from(within.subsec_nanos()),
        };
        let mut fds = [PollFd::new(&self.tty, PollFlags::OUT)];
        matches!(poll(&mut fds, Some(&time)), Ok(n) if n > 0)
            && fds[0].revents().contains(PollFlags::OUT)
    }
}
