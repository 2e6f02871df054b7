//! The terminal is given back on every way out: a real pseudo-terminal, and this very test program as the child in it.

use fenbo::console::term::{
    Guard, Input, Options, Reader, Signal, Surroundings, TermError, Terminal, WidthAnswer, open,
    open_on, watch,
};
use portable_pty::{
    Child, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system,
};
use ratatui::buffer::Buffer;
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal as Number, kill_process};
use rustix::termios::{LocalModes, tcgetattr};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The variable that tells the child what to play.
const PLAY: &str = "FENBO_TERM_PLAY";
const PATIENCE: Duration = Duration::from_secs(10);
const GRACE: Duration = Duration::from_millis(400);

/// A pseudo-terminal, seen from the side of the screen.
struct Screen {
    master: Option<(Box<dyn MasterPty + Send>, Box<dyn Write + Send>)>,
    slave: Box<dyn SlavePty + Send>,
    /// Kept open, so that the mode can be looked at when the child is gone.
    tty: OwnedFd,
    bytes: Receiver<Vec<u8>>,
    seen: Vec<u8>,
    reading: Option<JoinHandle<()>>,
    closing: Arc<AtomicBool>,
}

impl Screen {
    fn new() -> Screen {
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let name = pair.master.tty_name().unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK;
        let tty = rustix::fs::open(name, flags, Mode::empty()).unwrap();
        let (mut reader, writer) = (
            pair.master.try_clone_reader().unwrap(),
            pair.master.take_writer().unwrap(),
        );
        let (sender, bytes) = channel();
        let closing = Arc::new(AtomicBool::new(false));
        let closed = Arc::clone(&closing);
        let reading = std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut chunk) {
                if sender.send(chunk[..n].to_vec()).is_err() || closed.load(Ordering::Acquire) {
                    break;
                }
            }
        });
        let master = Some((pair.master, writer));
        Screen {
            master,
            slave: pair.slave,
            tty,
            bytes,
            seen: Vec::new(),
            reading: Some(reading),
            closing,
        }
    }

    /// Starts this test program again inside the terminal, to play one of the parts of [`played_in_a_terminal`].
    fn start(&self, part: &str) -> Box<dyn Child + Send + Sync> {
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args([
            "terminal::life::played_in_a_terminal",
            "--exact",
            "--nocapture",
            "--test-threads=1",
        ]);
        command.env(PLAY, part);
        self.slave.spawn_command(command).unwrap()
    }

    /// Waits for a text, and forgets what came up to it.
    fn wait_for(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self
                .seen
                .windows(text.len())
                .position(|w| w == text.as_bytes())
            {
                self.seen.drain(..at + text.len());
                return;
            }
            match self
                .bytes
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(more) => self.seen.extend(more),
                Err(e) => panic!(
                    "{text:?} did not come ({e}); instead {:?}",
                    String::from_utf8_lossy(&self.seen)
                ),
            }
        }
    }

    /// Waits for all that gives a terminal back.
    fn wait_for_leave(&mut self) {
        for part in [
            "\x1b[?2026l\x1b[m",
            "\x1b[?1000l",
            "\x1b[?2004l",
            "\x1b[?25h",
            "\x1b[?1049l",
            "\x1b[23;0t",
        ] {
            self.wait_for(part);
        }
    }

    fn press(&mut self, bytes: &[u8]) {
        let (_, writer) = self.master.as_mut().unwrap();
        writer.write_all(bytes).unwrap();
        writer.flush().unwrap();
    }

    /// Closes the screen's side, as a broken connection does.
    fn hang_up(&mut self) {
        self.closing.store(true, Ordering::Release);
        // The thread that reads holds the screen's side open; a byte brings it back to see that it is over.
        rustix::io::write(&self.tty, b"x").unwrap();
        self.reading.take().unwrap().join().unwrap();
        self.master = None;
    }

    fn is_cooked(&self) -> bool {
        let modes = tcgetattr(&self.tty).unwrap().local_modes;
        modes.contains(LocalModes::ECHO) && modes.contains(LocalModes::ICANON)
    }
}

fn kill(child: &dyn Child, number: Number) {
    let id = i32::try_from(child.process_id().unwrap()).unwrap();
    kill_process(Pid::from_raw(id).unwrap(), number).unwrap();
}

/// Waits for the end of the child, which must come soon.
fn end_of(mut child: Box<dyn Child + Send + Sync>) -> ExitStatus {
    let mut killer = child.clone_killer();
    let (sender, ended) = channel();
    std::thread::spawn(move || sender.send(child.wait()));
    let Ok(status) = ended.recv_timeout(PATIENCE) else {
        killer.kill().unwrap();
        panic!("the child did not end");
    };
    status.unwrap()
}

fn xterm() -> Options {
    let surroundings = Surroundings::from(|name| (name == "TERM").then(|| "xterm".to_owned()));
    Options {
        surroundings,
        ..Options::default()
    }
}

fn show(terminal: &mut Terminal, text: &str) -> Result<(), TermError> {
    let (width, height) = terminal.size();
    let mut frame = Buffer::empty(ratatui::layout::Rect::new(0, 0, width, height));
    frame.set_string(0, 0, text, ratatui::style::Style::new());
    terminal.present(&frame, None).map(|_| ())
}

enum Heard {
    Said(Input),
    Told(Signal),
}

/// The child's side: does nothing unless it was started by [`Screen::start`].
#[test]
fn played_in_a_terminal() {
    let Ok(part) = std::env::var(PLAY) else {
        return;
    };
    let (mut terminal, mut reader) = open(&xterm()).unwrap();
    let (sender, heard) = channel();
    let told = sender.clone();
    let stumbles = part == "stumbling";
    let say = move |signal| {
        assert!(!stumbles, "on purpose");
        let _ = std::io::stderr().write_all(b"TOLD");
        let _ = told.send(Heard::Told(signal));
    };
    let _signals = watch(GRACE, say).unwrap();
    std::thread::spawn(move || {
        while let Some(input) = reader.read(None) {
            let over = input == Input::Hangup;
            if sender.send(Heard::Said(input)).is_err() || over {
                break;
            }
        }
    });
    show(&mut terminal, "READY").unwrap();
    if part == "deaf" || part == "stumbling" {
        loop {
            std::thread::park();
        }
    }
    let mut drawn = 0;
    for heard in heard {
        match heard {
            Heard::Said(Input::Key(_)) if part == "return" => return,
            Heard::Said(Input::Key(_)) if part == "panic" => panic!("on purpose"),
            Heard::Said(Input::Key(_)) if part == "panic elsewhere" => {
                std::thread::spawn(|| panic!("on purpose"))
                    .join()
                    .unwrap_err();
                let refused = matches!(show(&mut terminal, "OVER THE SHELL"), Err(TermError::Left));
                std::process::exit(if refused { 7 } else { 1 });
            }
            // A hang-up comes both ways, and either may be first.
            Heard::Said(Input::Hangup) | Heard::Told(Signal::End(1)) => std::process::exit(5),
            Heard::Said(_) => {
                drawn += 1;
                let _ = show(&mut terminal, &format!("DRAWN {drawn}"));
            }
            Heard::Told(Signal::Suspend) => {
                terminal.suspend().unwrap();
                show(&mut terminal, "BACK").unwrap();
            }
            Heard::Told(Signal::Continue) => {
                // A hang-up also sends SIGCONT, and then there is nothing left to take.
                if terminal
                    .resume_screen()
                    .and_then(|()| show(&mut terminal, "RESUMED"))
                    .is_err()
                {
                    std::process::exit(5);
                }
            }
            Heard::Told(signal @ Signal::End(_)) => {
                drop(terminal);
                std::process::exit(signal.exit_code().unwrap());
            }
        }
    }
}

#[test]
fn returning_or_panicking_gives_the_terminal_back() {
    for (part, code) in [("return", 0), ("panic", 101), ("panic elsewhere", 7)] {
        let mut screen = Screen::new();
        let child = screen.start(part);
        screen.wait_for("\x1b[?1049h");
        screen.wait_for("READY");
        assert!(!screen.is_cooked());
        screen.press(b"q");
        screen.wait_for_leave();
        assert_eq!(end_of(child).exit_code(), code, "{part}");
        assert!(screen.is_cooked(), "{part}");
        assert!(!String::from_utf8_lossy(&screen.seen).contains("OVER THE SHELL"));
    }
}

#[test]
fn signals_end_the_process_whether_it_listens_or_not() {
    for (part, number, code) in [
        ("listen", Number::TERM, 143),
        ("listen", Number::INT, 130),
        ("deaf", Number::TERM, 143),
        ("deaf", Number::HUP, 129),
        ("deaf", Number::QUIT, 131),
        ("stumbling", Number::TERM, 143),
    ] {
        let mut screen = Screen::new();
        let child = screen.start(part);
        screen.wait_for("READY");
        let start = Instant::now();
        kill(&*child, number);
        screen.wait_for_leave();
        assert_eq!(end_of(child).exit_code(), code, "{part} {number:?}");
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{part} {number:?}"
        );
        assert!(screen.is_cooked(), "{part} {number:?}");
    }
}

#[test]
fn a_second_signal_is_not_kept_waiting() {
    let mut screen = Screen::new();
    let child = screen.start("deaf");
    screen.wait_for("READY");
    let start = Instant::now();
    kill(&*child, Number::TERM);
    screen.wait_for("TOLD");
    kill(&*child, Number::INT);
    let code = end_of(child).exit_code();
    assert_eq!(
        (code, start.elapsed() < GRACE),
        (130, true),
        "after {:?}",
        start.elapsed()
    );
}

#[test]
fn a_hang_up_ends_the_process_whether_it_listens_or_not() {
    for (part, code) in [("listen", 5), ("deaf", 129)] {
        let mut screen = Screen::new();
        let child = screen.start(part);
        screen.wait_for("READY");
        let start = Instant::now();
        screen.hang_up();
        assert_eq!(end_of(child).exit_code(), code, "{part}");
        assert!(start.elapsed() < Duration::from_secs(2), "{part}");
    }
}

#[test]
fn ctrl_z_gives_the_terminal_back_until_the_process_goes_on() {
    let mut screen = Screen::new();
    let child = screen.start("listen");
    screen.wait_for("READY");
    kill(&*child, Number::TSTP);
    screen.wait_for_leave();
    let state = || std::fs::read_to_string(format!("/proc/{}/stat", child.process_id().unwrap()));
    let end = Instant::now() + PATIENCE;
    while state().is_ok_and(|s| !s.contains(") T ")) {
        assert!(Instant::now() < end, "not stopped");
    }
    assert!(screen.is_cooked());
    kill(&*child, Number::CONT);
    screen.wait_for("\x1b[?1049h");
    screen.wait_for("BACK");
    assert!(!screen.is_cooked());
    screen.wait_for("RESUMED");
    kill(&*child, Number::TERM);
    screen.wait_for_leave();
    assert_eq!(end_of(child).exit_code(), 143);
}

/// A terminal of this very process, whose keys and answers the test writes.
fn own() -> (Screen, Terminal, Reader) {
    let screen = Screen::new();
    let (terminal, reader) = open_on(screen.tty.try_clone().unwrap(), &xterm()).unwrap();
    (screen, terminal, reader)
}

#[test]
fn the_terminal_is_asked_how_wide_it_draws() {
    for (answer, expected) in [
        ("\x1b[1;3R\x1b[1;2R", WidthAnswer::Narrow),
        ("\x1b[1;3R\x1b[1;3R", WidthAnswer::Wide),
        ("\x1b[1;4R\x1b[1;4R", WidthAnswer::NotUtf8),
        ("", WidthAnswer::NoAnswer),
    ] {
        let (mut screen, mut terminal, mut reader) = own();
        screen.press(format!("j{answer}k").as_bytes());
        let within = if answer.is_empty() {
            Duration::from_millis(50)
        } else {
            PATIENCE
        };
        assert_eq!(terminal.probe_width(&mut reader, within).unwrap(), expected);
        let key = |name: &str| Some(Input::Key(name.parse().unwrap()));
        // Another test of this process tells all of it that a terminal has another size.
        let mut typed = || loop {
            match reader.read(Some(PATIENCE)) {
                Some(Input::Resize(..)) => {}
                other => return other,
            }
        };
        let typed = [typed(), typed()];
        assert_eq!(typed, [key("j"), key("k")], "keys typed meanwhile are kept");
    }
}

#[test]
fn what_is_outside_the_frame_goes_out_until_the_terminal_is_given_back() {
    let (mut screen, terminal, _reader) = own();
    terminal.title("红 3\x07黄").unwrap();
    terminal.bell().unwrap();
    terminal.copy("坪山").unwrap();
    screen.wait_for("\x1b]2;红 3 黄\x1b\\\x07\x1b]52;c;5Z2q5bGx\x1b\\");
    assert!(matches!(
        terminal.copy(&"路".repeat(20_000)),
        Err(TermError::TooLongToCopy { .. })
    ));
    terminal.restore();
    terminal.restore();
    screen.wait_for_leave();
    assert!(matches!(terminal.bell(), Err(TermError::Left)));
    drop(terminal);
    assert!(screen.is_cooked());
    assert!(
        !String::from_utf8_lossy(&screen.seen).contains("1049l"),
        "given back once only"
    );
}

#[test]
fn a_terminal_that_takes_no_bytes_does_not_hold_up_the_way_back() {
    let screen = Screen::new();
    let guard = Arc::new(Guard::enter(screen.tty.try_clone().unwrap()).unwrap());
    // Nobody reads any more after the next bytes; the line fills up.
    screen.closing.store(true, Ordering::Release);
    let writing = Arc::clone(&guard);
    let (sender, refused) = channel();
    std::thread::spawn(move || {
        while writing.write(&[b'.'; 1000]).is_ok() {}
        sender.send(())
    });
    assert!(
        refused.recv_timeout(Duration::from_millis(300)).is_err(),
        "it should be stuck"
    );
    guard.restore();
    assert!(
        refused.recv_timeout(Duration::from_secs(2)).is_ok(),
        "it should be free"
    );
    assert!(screen.is_cooked());
}

#[test]
fn a_new_size_is_told() {
    let (screen, terminal, mut reader) = own();
    let (master, _) = screen.master.as_ref().unwrap();
    master
        .resize(PtySize {
            rows: 40,
            cols: 120,
            pixel_width: 0,
            pixel_height: 0,
        })
        .unwrap();
    signal_hook::low_level::raise(signal_hook::consts::SIGWINCH).unwrap();
    assert_eq!(reader.read(Some(PATIENCE)), Some(Input::Resize(120, 40)));
    assert_eq!(terminal.size(), (120, 40));
}
