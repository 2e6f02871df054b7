//! A folder with a store, and the console on it in a pseudo-terminal, seen from the side of the screen.
//!
//! Start at [`Desk::demo`] and [`Desk::open`].

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Termios, tcgetattr};
use std::cell::Cell;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The moment the sample store is made at, and most consoles are pinned to.
pub const NOW: &str = "2026-11-23 09:00";
/// How long anything may take on a busy machine before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How soon the program must be gone once it is told to. `[QUALITY: gone within 2 s]`
pub const GONE_WITHIN: Duration = Duration::from_secs(2);
/// Columns and rows of the screen.
const SIZE: (u16, u16) = (120, 40);

/// A folder that serves as home, with a store in it.
pub struct Desk {
    folder: tempfile::TempDir,
    spoiled: Cell<bool>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        if !self.spoiled.get() {
            crate::verified(&self.store());
        }
    }
}

impl Desk {
    /// With no store yet.
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            spoiled: Cell::new(false),
        }
    }

    /// The store is not to be whole in the end.
    pub fn spoiled(&self) {
        self.spoiled.set(true);
    }

    /// With the sample store, which is made once and copied.
    pub fn demo() -> Self {
        static STORE: OnceLock<Vec<u8>> = OnceLock::new();
        let store = STORE.get_or_init(|| {
            let maker = Self::new();
            let made = maker.run(&["--at", NOW, "demo", "--no-console"]);
            assert!(made.status.success(), "{made:?}");
            std::fs::read(maker.store()).unwrap()
        });
        let desk = Self::new();
        desk.put_store(store);
        desk
    }

    /// Where the store is.
    pub fn store(&self) -> PathBuf {
        self.path("fenbo.db")
    }

    /// A file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the bytes of a store, whatever was there.
    pub fn put_store(&self, bytes: &[u8]) {
        std::fs::write(self.store(), bytes).unwrap();
        std::fs::set_permissions(self.store(), PermissionsExt::from_mode(0o600)).unwrap();
    }

    /// The program as a command line tool, with nothing of the login that runs the tests.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fenbo"));
        command
            .args(words)
            .env_clear()
            .env("HOME", self.folder.path())
            .env("FENBO_DB", self.store())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs the program, which must succeed; its standard output as JSON.
    pub fn json(&self, words: &[&str]) -> serde_json::Value {
        let ran = self.run(words);
        assert!(ran.status.success(), "{words:?}: {ran:?}");
        serde_json::from_slice(&ran.stdout).unwrap()
    }

    /// The console in a terminal of its own, at the moment [`NOW`], with the queue on the screen.
    pub fn open(&self, words: &[&str]) -> Console {
        self.open_with(words, &[])
    }

    /// The same with further variables.
    pub fn open_with(&self, words: &[&str], variables: &[(&str, &str)]) -> Console {
        let words = [&["--at", NOW], words].concat();
        let mut console = self.start(&words, variables);
        console.wait_for_queue();
        console
    }

    /// The program in a terminal of its own.
    pub fn start(&self, words: &[&str], variables: &[(&str, &str)]) -> Console {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_fenbo"));
        command.args(words);
        self.start_command(command, variables)
    }

    /// A shell in a terminal of its own; `$FENBO` is the program.
    pub fn start_shell(&self, script: &str) -> Console {
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", script]);
        let program = env!("CARGO_BIN_EXE_fenbo");
        self.start_command(command, &[("FENBO", program), ("PATH", "/usr/bin:/bin")])
    }

    fn start_command(&self, mut command: CommandBuilder, variables: &[(&str, &str)]) -> Console {
        command.env_clear();
        command.cwd(self.folder.path());
        command.env("HOME", self.folder.path());
        command.env("FENBO_DB", self.store());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "zh_CN.UTF-8");
        for (name, value) in variables {
            command.env(name, value);
        }
        Console::start(command)
    }
}

/// A running program in a pseudo-terminal.
pub struct Console {
    child: Box<dyn Child + Send + Sync>,
    /// The side of the screen; nothing once it has hung up.
    line: Option<(Box<dyn MasterPty + Send>, Box<dyn Write + Send>)>,
    /// The side of the program, kept open so that the mode can be looked at when the program is gone.
    tty: OwnedFd,
    before: Termios,
    bytes: Receiver<Vec<u8>>,
    reading: Option<JoinHandle<()>>,
    /// The screen takes no bytes while this is set.
    stalled: Arc<AtomicBool>,
    closing: Arc<AtomicBool>,
    parser: vt100::Parser,
    seen: Vec<u8>,
}

/// What was left when the program had gone.
pub struct Gone {
    /// The exit code.
    pub code: u32,
    /// From the call that waited to the end.
    pub took: Duration,
    /// Processor time the program used, in hundredths of a second.
    pub ticks: u64,
    /// The screen a person has before them.
    pub screen: String,
}

impl Console {
    fn start(command: CommandBuilder) -> Self {
        let size = PtySize {
            rows: SIZE.1,
            cols: SIZE.0,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK;
        let tty = rustix::fs::open(pair.master.tty_name().unwrap(), flags, Mode::empty()).unwrap();
        let before = tcgetattr(&tty).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (sender, bytes) = channel();
        let (stalled, closing) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
        let (stall, close) = (Arc::clone(&stalled), Arc::clone(&closing));
        let reading = std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut chunk) {
                if sender.send(chunk[..n].to_vec()).is_err() || close.load(Ordering::Acquire) {
                    break;
                }
                while stall.load(Ordering::Acquire) {
                    std::thread::park_timeout(Duration::from_millis(5));
                }
            }
        });
        Self {
            child: pair.slave.spawn_command(command).unwrap(),
            line: Some((pair.master, writer)),
            tty,
            before,
            bytes,
            reading: Some(reading),
            stalled,
            closing,
            parser: vt100::Parser::new(lines(SIZE.1), lines(SIZE.0), 0),
            seen: Vec::new(),
        }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// All bytes so far.
    pub fn seen(&self) -> &[u8] {
        &self.seen
    }

    /// What the terminal emulator knows.
    pub fn emulator(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// Types.
    pub fn press(&mut self, keys: &str) {
        let (_, writer) = self.line.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Another program writes to the same terminal.
    pub fn scribble(&self, text: &str) {
        rustix::io::write(&self.tty, text.as_bytes()).unwrap();
    }

    /// Takes what has come within a time; whether anything has.
    pub fn take(&mut self, within: Duration) -> bool {
        match self.bytes.recv_timeout(within) {
            Ok(more) => {
                self.parser.process(&more);
                self.seen.extend(more);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }

    /// Waits until the screen is as wished; how long that took.
    pub fn wait_until(&mut self, wish: &str, is_so: impl Fn(&Self) -> bool) -> Duration {
        let start = Instant::now();
        while !is_so(self) {
            assert!(
                self.take(PATIENCE.saturating_sub(start.elapsed())),
                "not seen: {wish}\n{}",
                self.screen()
            );
        }
        start.elapsed()
    }

    /// Waits for a text on the screen.
    pub fn wait_for(&mut self, text: &str) -> Duration {
        self.wait_until(text, |c| c.screen().contains(text))
    }

    /// Presses a key that opens a line to type into, and types as a person does: many keys at once are a paste.
    pub fn type_into(&mut self, key: &str, text: &str) {
        self.press(key);
        self.wait_until("a line to type into", |c| !c.emulator().hide_cursor());
        let letters: Vec<char> = text.chars().collect();
        for (at, few) in letters.chunks(4).enumerate() {
            self.press(&few.iter().collect::<String>());
            self.wait_for(&letters[..at * 4 + few.len()].iter().collect::<String>());
        }
    }

    /// Waits for the queue with its suggestions and the pane of the selected ticket.
    pub fn wait_for_queue(&mut self) {
        self.wait_until("the queue", |c| c.selected().is_some());
        self.wait_until("a suggestion", |c| c.suggestion().is_some());
    }

    /// Waits until nothing has come for so long.
    pub fn settle(&mut self, quiet: Duration) {
        let start = Instant::now();
        while self.take(quiet) {
            assert!(start.elapsed() < PATIENCE, "never quiet");
        }
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// The screen takes no more bytes, as a line that is stalled.
    pub fn stall(&self) {
        self.stalled.store(true, Ordering::Release);
    }

    /// The screen takes bytes again.
    pub fn unstall(&self) {
        self.stalled.store(false, Ordering::Release);
    }

    /// Gives the screen another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let (master, _) = self.line.as_ref().unwrap();
        master.resize(size).unwrap();
        self.parser
            .screen_mut()
            .set_size(lines(rows), lines(columns));
    }

    /// Closes the side of the screen, as a broken connection does.
    pub fn hang_up(&mut self) {
        self.closing.store(true, Ordering::Release);
        // The thread that reads holds the side open; a byte brings it back to see that it is over.
        self.scribble("x");
        self.reading.take().unwrap().join().unwrap();
        self.line = None;
    }

    /// The state letter of the process and the processor time it has used, in hundredths of a second.
    pub fn process(&self) -> (char, u64) {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
        let ticks = |at: usize| fields[at].parse::<u64>().unwrap();
        (fields[0].chars().next().unwrap(), ticks(11) + ticks(12))
    }

    /// Waits until the process is in a state; how long that took.
    pub fn wait_state(&mut self, state: char) -> Duration {
        let start = Instant::now();
        while self.process().0 != state {
            assert!(
                start.elapsed() < PATIENCE,
                "state {:?}\n{}",
                self.process(),
                self.screen()
            );
            // What comes meanwhile is taken, so that nobody waits for the screen.
            if self.line.is_some() && !self.stalled.load(Ordering::Acquire) {
                self.take(Duration::from_millis(5));
            } else {
                std::thread::park_timeout(Duration::from_millis(5));
            }
        }
        start.elapsed()
    }

    /// Whether the terminal's mode is what it was before the program came.
    pub fn mode_is_as_before(&self) -> bool {
        let now = tcgetattr(&self.tty).unwrap();
        let modes = |t: &Termios| {
            (
                t.input_modes,
                t.output_modes,
                t.control_modes,
                t.local_modes,
            )
        };
        modes(&now) == modes(&self.before)
    }

    /// Waits for the end of the program.
    pub fn gone(mut self) -> Gone {
        let (took, ticks, code) = self.end();
        let screen = self.screen();
        Gone {
            code,
            took,
            ticks,
            screen,
        }
    }

    /// Waits for the end of the program, which must leave the terminal as it found it.
    pub fn gone_and_given_back(mut self) -> Gone {
        let (took, ticks, code) = self.end();
        self.unstall();
        let mark = "=== the shell again ===";
        self.scribble(mark);
        self.wait_for(mark);
        let mut why = String::new();
        let screen = self.parser.screen();
        if !self.mode_is_as_before() {
            why.push_str("mode; ");
        }
        for (what, is_on) in [
            ("alternate screen", screen.alternate_screen()),
            ("cursor hidden", screen.hide_cursor()),
            ("bracketed paste", screen.bracketed_paste()),
            (
                "mouse",
                screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None,
            ),
            (
                "attributes",
                screen.bgcolor() != vt100::Color::Default || screen.inverse(),
            ),
        ] {
            if is_on {
                write!(why, "{what}; ").unwrap();
            }
        }
        let taken = position(&self.seen, b"\x1b[?1049h").expect("the terminal was taken");
        for back in [
            "\x1b[?1049l",
            "\x1b[?25h",
            "\x1b[?2004l",
            "\x1b[?1000l",
            "\x1b[?2026l",
        ] {
            if position(&self.seen[taken..], back.as_bytes()).is_none() {
                write!(why, "no {back:?}; ").unwrap();
            }
        }
        assert_eq!(why, "", "left behind, exit {code}\n{}", self.screen());
        Gone {
            code,
            took,
            ticks,
            screen: self.screen(),
        }
    }

    /// Waits for the end and reaps the process.
    fn end(&mut self) -> (Duration, u64, u32) {
        let took = self.wait_state('Z');
        let ticks = self.process().1;
        let code = self.child.wait().unwrap().exit_code();
        (took, ticks, code)
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.unstall();
        // A test that failed half-way leaves no process behind.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A size of the emulator, which has none of nothing.
pub fn lines(n: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(n).unwrap()
}

/// Where the last of such bytes begin.
pub fn position(bytes: &[u8], part: &[u8]) -> Option<usize> {
    (0..bytes.len().saturating_sub(part.len() - 1))
        .rev()
        .find(|at| bytes[*at..].starts_with(part))
}

/// How often such bytes come.
pub fn count(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).filter(|w| *w == part).count()
}
