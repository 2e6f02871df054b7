//! The loop: threads, clock, effects to service, answers to messages.
//!
//! Four threads feed one channel: the terminal's reader, the signals, the worker that holds the store, and one that computes
//! figures beside it.
//! The loop takes everything that waits before it draws once, so keys are never queued behind frames; it
//! wakes for nothing else than the next minute. Start at [`run`].

mod adviser;
mod answers;
mod clock;
mod computer;
mod faults;
mod look;
mod pace;
mod worker;

pub use crate::console::app::Commands;
pub use look::{Look, WidthAnswer, look};

use crate::console::app::haste::Held;
use crate::console::app::{Chord, Effect, Language, Model, Msg, Rules, Start, ThemeId, update};
use crate::console::term::{
    self, ColourChoice, GlyphSet, Input, Options as TermOptions, Reader, Signal, Surroundings,
    TermError, Terminal,
};
use crate::console::view::{self, Glyphs, Theme};
use crate::domain::instant::Instant;
use crate::i18n::{Lang, runtime as words};
use crate::service::Centre;
use adviser::Wanted;
use clock::Clock;
use computer::Question;
use pace::{Pace, Turn};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Stopwatch};

/// How long the loop may take to save drafts and leave after a signal. `[QUALITY: gone within 2 s]`
const GRACE: Duration = Duration::from_secs(1);
/// How long typed text may wait before it is kept as a draft. `[QUALITY: in the store within 2 s]`
const KEEP_AFTER: Duration = Duration::from_secs(1);
/// Messages taken before a frame is drawn all the same.
const MOST_AT_ONCE: usize = 512;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// As the terminal and `NO_COLOR` say.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How the console is to start.
#[derive(Clone, Debug)]
pub struct Options {
    /// `--at`: time stands still here.
    pub pinned: Option<Instant>,
    /// The language.
    pub lang: Lang,
    /// The theme's code; by what was kept and the terminal when absent.
    pub theme: Option<&'static str>,
    /// What was asked of colour.
    pub colours: Colours,
    /// ASCII only; else the terminal decides.
    pub ascii: bool,
    /// How long a lone Esc waits; else the line decides.
    pub esc_wait: Option<Duration>,
    /// Personal data starts masked.
    pub mask: bool,
    /// The bell may ring.
    pub bell: bool,
    /// The console is all that the login has: stopped, nobody could let it go on.
    pub is_login_shell: bool,
    /// The command table with the person's own keys.
    pub commands: Arc<Commands>,
}

/// Why the console ended otherwise than by the person's wish.
#[derive(Debug)]
pub enum Ended {
    /// The terminal could not be used.
    Terminal(TermError),
    /// A thread of the program broke down; its own words.
    Broke(String),
}

impl Ended {
    /// What is told on standard error: what was not done, why, what to do next.
    pub fn told(&self, lang: Lang) -> [String; 3] {
        let (what, why, next, cause) = match self {
            Self::Terminal(error) => (
                words::TERMINAL,
                words::TERMINAL_WHY,
                words::TERMINAL_NEXT,
                error.to_string(),
            ),
            Self::Broke(cause) => (
                words::BROKE,
                words::BROKE_WHY,
                words::BROKE_NEXT,
                cause.clone(),
            ),
        };
        [what, why, next].map(|text| text.with(lang, &[("cause", &cause)]))
    }
}

/// What wakes the loop.
enum Wake {
    Input(Input),
    Signal(Signal),
    Answer(Msg),
    Broke(String),
}

/// Runs the console on a store until the person leaves; the process's exit code.
///
/// # Errors
/// [`Ended`] when the terminal cannot be used or a thread broke down; the terminal is given back before.
pub fn run(centre: Centre, options: &Options) -> Result<u8, Ended> {
    let clock = Clock {
        pinned: options.pinned,
    };
    let surroundings = Surroundings::of_process();
    let choice = match options.colours {
        Colours::Auto => ColourChoice::Auto,
        Colours::Always => ColourChoice::Always,
        Colours::Never => ColourChoice::Never,
    };
    let colour = surroundings.colour(choice);
    let term_options = TermOptions {
        surroundings,
        colour: choice,
        glyphs: options.ascii.then_some(GlyphSet::Ascii),
        esc_wait: options.esc_wait,
    };
    let (terminal, reader) = term::open(&term_options).map_err(Ended::Terminal)?;
    let (wakes, woken) = channel();
    let signals = {
        let wakes = wakes.clone();
        term::watch(GRACE, move |signal| {
            if matches!(signal, Signal::End(_)) {
                // A frame that is stuck in a stalled line is given up, so that the loop is free to save.
                term::restore_all();
            }
            // Nobody listens any more only when the loop has left already.
            drop(wakes.send(Wake::Signal(signal)));
        })
        .map_err(Ended::Terminal)?
    };
    let start = Start {
        now: clock.now(),
        pinned: options.pinned.is_some(),
        language: Language::from(preferred_lang(&centre, options.lang)),
        theme: preferred_theme(&centre, options.theme, colour),
        size: terminal.size(),
        read_only: centre.is_read_only(),
        mask: options.mask,
        bell: options.bell,
    };
    let rules = Arc::new(Rules {
        operator: centre.operator().clone(),
        book: centre.shared_rules(),
        people: centre
            .operators()
            .unwrap_or_default()
            .into_iter()
            .map(|o| (o.code, o.name))
            .collect(),
    });
    let (model, first) = Model::new(&start, rules, options.commands.clone());
    let questions = spawn_computer(&centre, clock, wakes.clone()).map_err(Ended::Terminal)?;
    let wanted = spawn_adviser(&centre, clock, wakes.clone()).map_err(Ended::Terminal)?;
    let (orders, worker) = spawn_worker(centre, clock, wakes.clone()).map_err(Ended::Terminal)?;
    spawn_reader(reader, wakes).map_err(Ended::Terminal)?;
    let mut desk = Desk {
        terminal,
        model,
        orders,
        questions,
        wanted,
        clock,
        dirty: true,
        leave: None,
        given_back: false,
        keep_at: None,
        pace: Pace::default(),
        frame: Buffer::default(),
        monochrome: colour == term::Colour::None,
        is_login_shell: options.is_login_shell,
    };
    desk.carry_out(first);
    let code = desk.attend(&woken);
    // The screen is given back before anything is said; orders under way, such as a draft, are still
    // carried out. After a signal the watch ends the process if that takes longer than its grace.
    drop(desk);
    drop(worker.join());
    drop(signals);
    code
}

fn preferred_lang(centre: &Centre, asked: Lang) -> Lang {
    centre
        .preference("lang")
        .ok()
        .flatten()
        .and_then(|code| Lang::from_code(&code))
        .unwrap_or(asked)
}

fn preferred_theme(centre: &Centre, asked: Option<&str>, colour: term::Colour) -> ThemeId {
    let of_code = |code: &str| ThemeId::ALL.into_iter().find(|t| theme_code(*t) == code);
    let kept = || of_code(&centre.preference("theme").ok().flatten()?);
    let asked = asked.and_then(of_code);
    match colour {
        term::Colour::None => ThemeId::Mono,
        term::Colour::Ansi16 => asked.or_else(kept).unwrap_or(ThemeId::Sixteen),
        term::Colour::Ansi256 | term::Colour::Rgb => asked.or_else(kept).unwrap_or_default(),
    }
}

/// The name a theme is remembered by.
fn theme_code(theme: ThemeId) -> &'static str {
    match theme {
        ThemeId::Dark => "dark",
        ThemeId::Light => "light",
        ThemeId::Sixteen => "sixteen",
        ThemeId::Mono => "mono",
        ThemeId::ColourBlind => "colour_blind",
    }
}

/// Tells the loop when a thread ends by a panic.
struct Alarm(Sender<Wake>, &'static str);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            drop(
                self.0
                    .send(Wake::Broke(format!("the {} thread panicked", self.1))),
            );
        }
    }
}

fn spawn(
    name: &'static str,
    wakes: &Sender<Wake>,
    body: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, TermError> {
    let alarm = Alarm(wakes.clone(), name);
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            let _alarm = alarm;
            body();
        })
        .map_err(|source| TermError::Io {
            doing: "start a thread",
            source,
        })
}

fn spawn_worker(
    centre: Centre,
    clock: Clock,
    wakes: Sender<Wake>,
) -> Result<(Sender<Effect>, JoinHandle<()>), TermError> {
    let (orders, taken) = channel();
    let alarmed = wakes.clone();
    let worker = spawn("worker", &alarmed, move || {
        worker::work(centre, clock, &taken, &|msg| {
            drop(wakes.send(Wake::Answer(msg)));
        });
    })?;
    Ok((orders, worker))
}

/// Nobody waits for it to end: what it computes is for a screen that is gone then.
fn spawn_computer(
    centre: &Centre,
    clock: Clock,
    wakes: Sender<Wake>,
) -> Result<Sender<Question>, TermError> {
    let (questions, taken) = channel();
    let open = centre.reader();
    let alarmed = wakes.clone();
    spawn("computer", &alarmed, move || {
        computer::compute(open, clock, &taken, &|msg| {
            drop(wakes.send(Wake::Answer(msg)));
        });
    })?;
    Ok(questions)
}

/// Nor for this one: what it has learned is learned again.
fn spawn_adviser(
    centre: &Centre,
    clock: Clock,
    wakes: Sender<Wake>,
) -> Result<Sender<Wanted>, TermError> {
    let (wanted, taken) = channel();
    let open = centre.twin();
    let alarmed = wakes.clone();
    spawn("adviser", &alarmed, move || {
        adviser::advise(open, clock, &taken, &|msg| {
            drop(wakes.send(Wake::Answer(msg)));
        });
    })?;
    Ok(wanted)
}

fn spawn_reader(mut reader: Reader, wakes: Sender<Wake>) -> Result<(), TermError> {
    let alarmed = wakes.clone();
    spawn("reader", &alarmed, move || {
        loop {
            let Some(input) = reader.read(None) else {
                continue;
            };
            let last = input == Input::Hangup;
            if matches!(input, Input::Key(_)) {
                faults::strike("reader");
            }
            if wakes.send(Wake::Input(input)).is_err() || last {
                return;
            }
        }
    })
    .map(drop)
}

/// The loop's own state.
struct Desk {
    terminal: Terminal,
    model: Model,
    orders: Sender<Effect>,
    questions: Sender<Question>,
    wanted: Sender<Wanted>,
    clock: Clock,
    dirty: bool,
    leave: Option<Result<u8, Ended>>,
    /// The terminal was given back by a panic or a signal; the message that tells which is on its way.
    given_back: bool,
    /// When what is being typed is to be kept as a draft.
    keep_at: Option<Stopwatch>,
    pace: Pace,
    /// What is drawn on, each time anew.
    frame: Buffer,
    monochrome: bool,
    is_login_shell: bool,
}

impl Desk {
    fn attend(&mut self, woken: &Receiver<Wake>) -> Result<u8, Ended> {
        loop {
            self.keep_typed();
            let turn = self.pace.rested(Stopwatch::now());
            self.turn(turn);
            // Whoever leaves draws no more: a line that takes no bytes would hold the way out.
            if self.dirty && self.leave.is_none() && !self.given_back {
                self.draw();
            }
            if let Some(code) = self.leave.take() {
                return code;
            }
            match woken.recv_timeout(self.patience()) {
                Ok(wake) => self.take(wake),
                Err(RecvTimeoutError::Timeout) if self.given_back => {
                    return Err(Ended::Broke("the terminal was given back".to_owned()));
                }
                Err(RecvTimeoutError::Timeout) => {
                    let now = self.clock.now();
                    self.tell(Msg::Tick(now));
                    self.tell(Msg::Checked(now));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Ended::Broke("every thread has ended".to_owned()));
                }
            }
            for _ in 0..MOST_AT_ONCE {
                match woken.try_recv() {
                    Ok(wake) => self.take(wake),
                    Err(_) => break,
                }
            }
        }
    }

    /// How long the loop may sleep: until the next minute, until typed text is to be kept, or until the keys rest.
    fn patience(&self) -> Duration {
        if self.given_back {
            return GRACE;
        }
        let now = Stopwatch::now();
        let awaited = self.keep_at.into_iter().chain(self.pace.rests_at());
        awaited
            .map(|at| at.saturating_duration_since(now))
            .fold(self.until_next_minute(), Duration::min)
    }

    /// Keeps what is being typed when its time has come.
    fn keep_typed(&mut self) {
        if self.keep_at.is_some_and(|at| at <= Stopwatch::now()) {
            self.keep_at = None;
            self.tell(Msg::Tick(self.clock.now()));
        }
    }

    /// Leaves without having been asked by a key: what is being typed is kept first.
    fn leave_with(&mut self, code: u8) {
        self.tell(Msg::Tick(self.clock.now()));
        self.leave = Some(Ok(code));
    }

    /// Time stands still when it is pinned; else the clock and the lights turn with the minute.
    fn until_next_minute(&self) -> Duration {
        match self.clock.pinned {
            Some(_) => Duration::from_secs(3600),
            None => Duration::from_secs((60 - self.clock.now().0.rem_euclid(60)) as u64),
        }
    }

    fn take(&mut self, wake: Wake) {
        match wake {
            Wake::Input(input) => self.input(input),
            Wake::Signal(signal) => self.signal(signal),
            Wake::Answer(msg) => self.tell(msg),
            Wake::Broke(cause) => self.leave = Some(Err(Ended::Broke(cause))),
        }
    }

    fn input(&mut self, input: Input) {
        if matches!(input, Input::Key(_) | Input::Paste(_)) {
            self.keep_at
                .get_or_insert_with(|| Stopwatch::now() + KEEP_AFTER);
        }
        match input {
            Input::Key(key) => {
                faults::strike("loop");
                let now = self.clock.now();
                if now != self.model.now {
                    self.tell(Msg::Tick(now));
                }
                self.press(key);
            }
            Input::Paste(text) => self.tell(Msg::Paste(text)),
            Input::Resize(width, height) => {
                self.terminal.resize(width, height);
                self.tell(Msg::Resize(width, height));
            }
            Input::Garbage(_) => self.tell(Msg::Garbage),
            // 128 + SIGHUP: the line is gone, as a shell would tell it.
            Input::Hangup => self.leave_with(129),
            Input::FocusIn | Input::FocusOut | Input::Reply(_) => {}
        }
    }

    fn press(&mut self, chord: Chord) {
        let selected = |model: &Model| model.queue.selected().map(|row| row.no.clone());
        let dispatched = |model: &Model| matches!(model.held, Some(Held::Dispatched(_)));
        let before = selected(&self.model);
        let waited = dispatched(&self.model);
        self.tell(Msg::Key(chord));
        if !waited && dispatched(&self.model) {
            return self.pace.acted(Stopwatch::now());
        }
        // Each character of a filter may bring another row under the selection.
        let moves = self.model.dialogs.is_empty()
            && (self.model.queue.editing || before != selected(&self.model));
        let turn = self.pace.pressed(moves, Stopwatch::now());
        self.turn(turn);
    }

    fn turn(&mut self, turn: Option<Turn>) {
        match turn {
            Some(Turn::Hurried) => self.tell(Msg::Hurried),
            Some(Turn::Rested) => self.tell(Msg::Rested),
            None => {}
        }
    }

    fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::End(_) => {
                let code = signal.exit_code().unwrap_or_default();
                self.leave_with(u8::try_from(code).unwrap_or(1));
            }
            // Whoever leaves does not take the terminal again.
            Signal::Suspend | Signal::Continue if self.leave.is_some() || self.given_back => {}
            Signal::Suspend => self.suspend(),
            Signal::Continue => {
                // A line that is gone also continues: the hang-up follows.
                if self.terminal.resume_screen().is_ok() {
                    self.dirty = true;
                }
            }
        }
    }

    fn tell(&mut self, msg: Msg) {
        self.dirty = true;
        let effects = update(&mut self.model, msg);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Quit => self.leave = Some(Ok(0)),
                Effect::Suspend => self.suspend(),
                Effect::Repaint => self.terminal.invalidate(),
                // A bell or a title that does not arrive is no reason to stop.
                Effect::Bell => drop(self.terminal.bell()),
                Effect::Title => drop(self.terminal.title(&view::title(&self.model))),
                Effect::CopyNo(no) => self.copy(&no),
                Effect::CopyCard => self.copy(&view::card(&self.model)),
                order => {
                    let taken = if let Some(question) = Question::of(&order) {
                        self.questions.send(question).is_ok()
                    } else if let Some(wanted) = Wanted::of(&order) {
                        self.wanted.send(wanted).is_ok()
                    } else {
                        self.orders.send(order).is_ok()
                    };
                    if !taken {
                        self.leave = Some(Err(Ended::Broke("the worker has ended".to_owned())));
                    }
                }
            }
        }
    }

    fn copy(&mut self, text: &str) {
        let copied = self.terminal.copy(text).is_ok();
        self.tell(Msg::Copied(copied));
    }

    fn suspend(&mut self) {
        if self.is_login_shell {
            self.tell(Msg::NotSuspended);
        } else if self.terminal.suspend().is_ok() {
            self.dirty = true;
        }
    }

    fn draw(&mut self) {
        self.dirty = false;
        let (width, height) = self.model.size;
        let area = Rect::new(0, 0, width, height);
        self.frame.resize(area);
        let glyphs = match self.terminal.glyphs() {
            GlyphSet::Ascii => Glyphs::ASCII,
            GlyphSet::Unicode => Glyphs::UNICODE,
        };
        let theme = if self.monochrome {
            ThemeId::Mono
        } else {
            self.model.theme
        };
        let drawn = view::draw(&self.model, Theme::of(theme), glyphs, &mut self.frame, area);
        match self.terminal.present(&self.frame, drawn.cursor) {
            Ok(_) => {}
            Err(TermError::Left) => self.given_back = true,
            Err(_) => self.leave_with(129),
        }
        if let Some(lines) = drawn.detail_lines
            && lines != self.model.detail_lines
        {
            let effects = update(&mut self.model, Msg::Measured(lines));
            self.carry_out(effects);
        }
    }
}
