//! A program in a pseudo-terminal, measured from the outside: when what came, and how many bytes.
//!
//! Time stamps are taken right after each read, by a thread that does nothing else; the emulator runs between reads.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Columns and rows. `[QUALITY: console at 160×48]`
pub const SIZE: (u16, u16) = (160, 48);
/// Silence after which a key press is over, unless more is needed.
pub const QUIET: Duration = Duration::from_millis(40);
/// The longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(120);

/// What one key press led to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer {
    /// From the key to the last byte of the first frame.
    pub first: Duration,
    /// From the key to the last byte before silence.
    pub last: Duration,
    /// From the key to the last byte that changed a row of the list; to the first frame where none changed.
    pub rows: Duration,
    /// Bytes of the first frame.
    pub first_bytes: usize,
    /// Bytes in all.
    pub bytes: usize,
}

/// What keys at a steady rate led to.
#[derive(Clone, Copy, Debug)]
pub struct Burst {
    /// From the last key until the mark of the selection stood where it stays.
    pub row: Duration,
    /// From the last key to the last byte.
    pub last: Duration,
    /// Bytes for each key.
    pub bytes: usize,
}

/// A running program.
pub struct Screen {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    chunks: Receiver<(Instant, Vec<u8>)>,
    parser: vt100::Parser,
    /// Bytes a second the line takes; 0: as many as come.
    line: Arc<AtomicU64>,
    started: Instant,
    /// Silence after which a key press is over.
    pub quiet: Duration,
    /// Bytes so far.
    pub total: usize,
}

impl Screen {
    /// Starts a program; the stopwatch runs from here.
    pub fn start(command: CommandBuilder) -> Self {
        let size = PtySize {
            rows: SIZE.1,
            cols: SIZE.0,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (sender, chunks) = channel();
        let line = Arc::<AtomicU64>::default();
        let rate = Arc::clone(&line);
        std::thread::spawn(move || {
            let mut chunk = vec![0; 65_536];
            loop {
                let slow = rate.load(Ordering::Relaxed);
                let most = if slow > 0 { 64 } else { chunk.len() };
                let Ok(n @ 1..) = reader.read(&mut chunk[..most]) else {
                    break;
                };
                let at = Instant::now();
                if sender.send((at, chunk[..n].to_vec())).is_err() {
                    break;
                }
                if let Some(micros) = (n as u64 * 1_000_000).checked_div(slow) {
                    std::thread::sleep(Duration::from_micros(micros));
                }
            }
        });
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        let lines = |n| NonZeroU16::new(n).unwrap();
        Self {
            child,
            _master: pair.master,
            writer,
            chunks,
            parser: vt100::Parser::new(lines(SIZE.1), lines(SIZE.0), 0),
            line,
            started,
            quiet: QUIET,
            total: 0,
        }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// The line takes so many bytes a second from now on; 0: as many as come.
    pub fn set_line(&self, bytes_a_second: u64) {
        self.line.store(bytes_a_second, Ordering::Relaxed);
    }

    /// Writes keys; the moment they were written.
    pub fn send(&mut self, keys: &str) -> Instant {
        let at = Instant::now();
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        at
    }

    /// Takes what comes within a time, and answers what a terminal is asked.
    fn take(&mut self, within: Duration) -> Option<(Instant, Vec<u8>)> {
        let (at, bytes) = self.chunks.recv_timeout(within).ok()?;
        self.total += bytes.len();
        self.parser.process(&bytes);
        if ends(&bytes, b"\x1b[6n").is_some() {
            let (row, column) = self.parser.screen().cursor_position();
            let answer = format!("\x1b[{};{}R", row + 1, column + 1);
            self.send(&answer);
        }
        if ends(&bytes, b"\x1b[c").is_some() {
            self.send("\x1b[?62c");
        }
        Some((at, bytes))
    }

    /// Waits for a screen; when the chunk came that completed it, since the start.
    pub fn wait(&mut self, is_so: impl Fn(&str) -> bool) -> Option<Duration> {
        self.wait_for(PATIENCE, is_so)
    }

    /// The same, no longer than this.
    pub fn wait_for(&mut self, most: Duration, is_so: impl Fn(&str) -> bool) -> Option<Duration> {
        let since = Instant::now();
        let mut at = self.started;
        while !is_so(&self.text()) {
            at = self.take(most.checked_sub(since.elapsed())?)?.0;
        }
        Some(at - self.started)
    }

    /// Waits until nothing comes for a time; when the last byte came.
    pub fn settle(&mut self, quiet: Duration) -> Instant {
        let since = Instant::now();
        let mut last = since;
        while let Some((at, _)) = self.take(quiet) {
            last = at;
            // A program that is never quiet is not waited for.
            if since.elapsed() > Duration::from_secs(3) {
                break;
            }
        }
        last
    }

    /// One press: what it led to until silence. The first frame is the first of all.
    pub fn press(&mut self, keys: &str) -> Answer {
        self.press_until(keys, |_| true)
    }

    /// One press: what it led to until silence. The first frame is the one with which the screen is so.
    pub fn press_until(&mut self, keys: &str, is_so: impl Fn(&str) -> bool) -> Answer {
        let mut shown = list(&self.text());
        let sent = self.send(keys);
        let mut answer = Answer::default();
        let since = Instant::now();
        while let Some((at, bytes)) = self.take(if answer.bytes == 0 {
            PATIENCE.min(Duration::from_secs(2))
        } else {
            self.quiet
        }) {
            answer.last = at - sent;
            let now = list(&self.text());
            if now != shown || answer.rows.is_zero() {
                (shown, answer.rows) = (now, at - sent);
            }
            // A frame of ours ends with the end of a synchronized update; another program's with its first chunk.
            if answer.first_bytes == 0 && is_so(&self.text()) {
                answer.first = at - sent;
                answer.first_bytes =
                    answer.bytes + ends(&bytes, b"\x1b[?2026l").unwrap_or(bytes.len());
            }
            answer.bytes += bytes.len();
            if since.elapsed() > Duration::from_secs(3) {
                break;
            }
        }
        answer
    }

    /// Presses each key in turn, so many times in all.
    pub fn presses(&mut self, keys: &[&str], times: usize) -> Vec<Answer> {
        (0..times)
            .map(|n| self.press(keys[n % keys.len()]))
            .collect()
    }

    /// Keys at a steady rate; `place` finds the selected row on the screen.
    pub fn burst(
        &mut self,
        keys: &[&str],
        times: usize,
        every: Duration,
        place: impl Fn(&str) -> Option<usize>,
    ) -> Burst {
        let before = self.total;
        let begun = Instant::now();
        let mut sent = begun;
        for n in 0..times {
            let due = begun + every * n as u32;
            while let Some(left) = due.checked_duration_since(Instant::now()) {
                self.take(left);
            }
            sent = self.send(keys[n % keys.len()]);
        }
        let mut stands = place(&self.text());
        let (mut row, mut last) = (sent, sent);
        while let Some((at, _)) = self.take(Duration::from_millis(600)) {
            last = at;
            let now = place(&self.text());
            if now.is_some() && now != stands {
                (stands, row) = (now, at);
            }
        }
        Burst {
            row: row.saturating_duration_since(sent),
            last: last.saturating_duration_since(sent),
            bytes: (self.total - before) / times,
        }
    }

    /// Processor time in nanoseconds, and how often a thread went to sleep, so far.
    pub fn used(&self) -> (u64, u64) {
        let (mut time, mut sleeps) = (0, 0);
        for task in std::fs::read_dir(format!("/proc/{}/task", self.pid())).unwrap() {
            let task = task.unwrap().path();
            let stat = std::fs::read_to_string(task.join("schedstat")).unwrap_or_default();
            time += stat
                .split(' ')
                .next()
                .and_then(|n| n.parse().ok())
                .unwrap_or(0);
            let status = std::fs::read_to_string(task.join("status")).unwrap_or_default();
            sleeps += field(&status, "voluntary_ctxt_switches");
        }
        (time, sleeps)
    }

    /// Memory in KiB: what is private to the process, and the most it ever had with the files it maps.
    pub fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        (field(&status, "RssAnon"), field(&status, "VmHWM"))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The lines of a screen's list: below the heads, above the pane.
fn list(text: &str) -> Vec<String> {
    let lines = text.lines().skip(3);
    let list = lines.take_while(|line| !line.contains("----------------"));
    list.map(str::to_owned).collect()
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find(|l| l.starts_with(name));
    line.and_then(|l| l.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}

/// Where the first of such bytes end.
fn ends(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes
        .windows(part.len())
        .position(|w| w == part)
        .map(|at| at + part.len())
}
