//! Reads the terminal: waits, never longer than told, and hands out whole inputs.
//!
//! Must not write to the terminal. Start at [`Reader::read`]; the loop of the console waits in it, and other threads wake it.

use super::TermError;
use super::framer::{Framer, Pending};
use super::input::Input;
use crate::console::key::{Chord, Code};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use signal_hook::consts::SIGWINCH;
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a lone Esc waits for the rest of a sequence, on this machine.
pub const ESC_LOCAL: Duration = Duration::from_millis(25);
/// The same over a network, where packets part a sequence.
pub const ESC_REMOTE: Duration = Duration::from_millis(100);
/// How long half a sequence, half a character or an open paste is waited for.
const PART: Duration = Duration::from_secs(2);
/// More characters than this at once were not typed on this machine.
pub const BURST_LOCAL: usize = 8;
/// The same over a network, where a stalled line delivers a second's typing at once.
pub const BURST_REMOTE: usize = 24;
/// Characters this soon after a burst belong to it.
const BURST_GAP: Duration = Duration::from_millis(10);

/// The reading side of a terminal.
#[derive(Debug)]
pub struct Reader {
    tty: OwnedFd,
    options: ReaderOptions,
    /// A terminal that marks one paste marks them all, so none need be guessed any more.
    marks_pastes: bool,
    framer: Framer,
    queue: VecDeque<Input>,
    last: Instant,
    burst: Option<Instant>,
    gone: bool,
    woken: UnixStream,
    waker: Waker,
    resized: Resized,
}

/// How patient and how suspicious a [`Reader`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReaderOptions {
    /// How long a lone Esc waits for the rest of a sequence.
    pub esc: Duration,
    /// More characters than this at once are a paste, while the terminal has marked none.
    pub burst: usize,
}

impl Default for ReaderOptions {
    fn default() -> ReaderOptions {
        ReaderOptions {
            esc: ESC_LOCAL,
            burst: BURST_LOCAL,
        }
    }
}

/// Ends a wait of the [`Reader`] from another thread.
#[derive(Debug, Clone)]
pub struct Waker(Arc<UnixStream>);

impl Waker {
    /// Makes the current or the next [`Reader::read`] return `None`.
    pub fn wake(&self) {
        // A full pipe wakes just as well.
        let _ = (&*self.0).write(&[1]);
    }
}

/// A pipe that SIGWINCH writes to, for as long as it lives.
#[derive(Debug)]
struct Resized {
    pipe: UnixStream,
    id: signal_hook::SigId,
}

impl Resized {
    fn listen() -> std::io::Result<Resized> {
        let (pipe, writer) = pair()?;
        let id = signal_hook::low_level::pipe::register(SIGWINCH, writer)?;
        Ok(Resized { pipe, id })
    }
}

impl Drop for Resized {
    fn drop(&mut self) {
        signal_hook::low_level::unregister(self.id);
    }
}

impl Reader {
    /// Reads from a terminal, or from anything that can be polled.
    pub fn new(tty: OwnedFd, options: ReaderOptions) -> Result<Reader, TermError> {
        let pipes = pair().and_then(|pair| Ok((pair, Resized::listen()?)));
        let ((woken, waker), resized) = pipes.map_err(TermError::io("open the wake-up pipes"))?;
        Ok(Reader {
            tty,
            options,
            marks_pastes: false,
            framer: Framer::default(),
            queue: VecDeque::new(),
            last: Instant::now(),
            burst: None,
            gone: false,
            woken,
            waker: Waker(Arc::new(waker)),
            resized,
        })
    }

    /// A handle that ends a wait.
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// The next input; `None` when the time is up or the waker was used. Without a timeout it waits for ever.
    ///
    /// After [`Input::Hangup`] there is nothing more to come, and each call waits out its time.
    pub fn read(&mut self, timeout: Option<Duration>) -> Option<Input> {
        let end = timeout.map(|t| Instant::now() + t);
        loop {
            if let Some(input) = self.queue.pop_front() {
                return Some(input);
            }
            let patience = self.patience().map(|p| self.last + p);
            let until = end.into_iter().chain(patience).min();
            let ready = self.wait(until);
            if ready.resized {
                drain(&self.resized.pipe);
                self.queue.extend(self.size());
            }
            if ready.tty {
                self.take();
            }
            if ready.woken {
                drain(&self.woken);
                return None;
            }
            let now = Instant::now();
            if self.patience().is_some_and(|p| now >= self.last + p) {
                let mut out = Vec::new();
                self.framer.flush(&mut out);
                self.queue.extend(out);
            }
            if self.queue.is_empty() && end.is_some_and(|end| now >= end) {
                return None;
            }
        }
    }

    /// Puts inputs back in front, as if they had not been read.
    pub(super) fn unread(&mut self, inputs: Vec<Input>) {
        for input in inputs.into_iter().rev() {
            self.queue.push_front(input);
        }
    }

    /// How long the half input at hand is waited for.
    fn patience(&self) -> Option<Duration> {
        self.framer.pending().map(|pending| match pending {
            Pending::Esc => self.options.esc,
            Pending::Part => PART,
        })
    }

    /// Waits until something is ready or the time has come.
    fn wait(&self, until: Option<Instant>) -> Ready {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let time = left.map(|left| Timespec {
            tv_sec: left.as_secs().min(86_400) as i64,
            tv_nsec: i64::from(left.subsec_nanos()),
        });
        let mut fds = vec![
            PollFd::new(&self.woken, PollFlags::IN),
            PollFd::new(&self.resized.pipe, PollFlags::IN),
        ];
        // A terminal that is gone is always ready: it must not be asked again.
        if !self.gone {
            fds.push(PollFd::new(&self.tty, PollFlags::IN));
        }
        if poll(&mut fds, time.as_ref()).is_err() {
            return Ready::default();
        }
        let ready = |n: usize| {
            fds.get(n)
                .is_some_and(|fd: &PollFd<'_>| !fd.revents().is_empty())
        };
        Ready {
            woken: ready(0),
            resized: ready(1),
            tty: ready(2),
        }
    }

    /// Reads what is there.
    fn take(&mut self) {
        let mut bytes = [0; 4096];
        match rustix::io::read(&self.tty, &mut bytes) {
            Err(Errno::INTR | Errno::AGAIN) => {}
            Ok(0) | Err(_) => {
                self.gone = true;
                self.queue.push_back(Input::Hangup);
            }
            Ok(n) => {
                let mut out = Vec::new();
                self.framer.push(&bytes[..n], &mut out);
                self.last = Instant::now();
                let out = self.gather(out);
                self.queue.extend(out);
            }
        }
    }

    /// Turns a burst of characters into a paste, for terminals that do not mark one.
    fn gather(&mut self, inputs: Vec<Input>) -> Vec<Input> {
        let follows = self
            .burst
            .is_some_and(|at| self.last.duration_since(at) < BURST_GAP);
        self.burst = None;
        self.marks_pastes |= inputs.iter().any(|i| matches!(i, Input::Paste(_)));
        if self.marks_pastes {
            return inputs;
        }
        let Some(text) = inputs.iter().map(typed).collect::<Option<String>>() else {
            return inputs;
        };
        let mut kinds: Vec<char> = text.chars().collect();
        let length = kinds.len();
        kinds.sort_unstable();
        kinds.dedup();
        // A key held down over a slow line also comes in bunches, but of one or two characters only.
        if length == 0 || !(follows || (length > self.options.burst && kinds.len() > 2)) {
            return inputs;
        }
        self.burst = Some(self.last);
        vec![Input::Paste(text)]
    }

    fn size(&self) -> Option<Input> {
        let size = rustix::termios::tcgetwinsize(&self.tty).ok()?;
        (size.ws_col > 0 && size.ws_row > 0).then_some(Input::Resize(size.ws_col, size.ws_row))
    }
}

/// What is ready.
#[derive(Debug, Default)]
struct Ready {
    woken: bool,
    resized: bool,
    tty: bool,
}

/// The character that an input writes into a text.
fn typed(input: &Input) -> Option<char> {
    match input {
        Input::Key(Chord {
            code: Code::Enter, ..
        }) => Some('\n'),
        Input::Key(Chord {
            code: Code::Tab, ..
        }) => Some('\t'),
        Input::Key(key) => key.text(),
        Input::Paste(_)
        | Input::Resize(..)
        | Input::FocusIn
        | Input::FocusOut
        | Input::Garbage(_)
        | Input::Reply(_)
        | Input::Hangup => None,
    }
}

/// Two ends of a pipe that never block.
fn pair() -> std::io::Result<(UnixStream, UnixStream)> {
    let (a, b) = UnixStream::pair()?;
    a.set_nonblocking(true)?;
    b.set_nonblocking(true)?;
    Ok((a, b))
}

fn drain(mut pipe: &UnixStream) {
    let mut bytes = [0; 64];
    while matches!(pipe.read(&mut bytes), Ok(n) if n > 0) {}
}
