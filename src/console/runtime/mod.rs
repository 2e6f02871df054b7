//! The console as a process: the terminal taken, the threads started, the loop attended until the person leaves.
//!
//! The loop in `desk` reads the terminal itself, for a key must not wait for two threads to wake. Four threads feed it by one
//! channel: the signals, the worker that holds the store, and beside it the computer of figures and the adviser. Start at
//! [`run`].

mod adviser;
mod answers;
mod clock;
mod computer;
mod desk;
mod faults;
mod look;
mod pace;
mod viewings;
mod wakes;
mod watch;
mod worker;

pub use crate::console::app::Commands;
pub use look::{Look, WidthAnswer, look};

use crate::console::app::{Language, Model, Msg, Rules, Start, ThemeId};
use crate::console::term::{
    self, ColourChoice, GlyphSet, Options as TermOptions, Signal, Signals, Surroundings, TermError,
};
use crate::domain::instant::Instant;
use crate::i18n::{Lang, runtime as words};
use crate::service::Centre;
use clock::Clock;
use desk::{Channels, Desk};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use wakes::{Wake, Wakes};

/// How long the loop may take to save drafts and leave after a signal. `[QUALITY: gone within 2 s]`
const GRACE: Duration = Duration::from_secs(1);

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

impl From<TermError> for Ended {
    fn from(error: TermError) -> Self {
        Self::Terminal(error)
    }
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
    let (terminal, reader) = term::open(&TermOptions {
        surroundings,
        colour: choice,
        glyphs: options.ascii.then_some(GlyphSet::Ascii),
        esc_wait: options.esc_wait,
    })?;
    let (wakes, woken) = wakes::channel(reader.waker());
    let signals = hear_signals(wakes.clone())?;
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
    let rules = Arc::new(rules_of(&centre));
    let (model, first) = Model::new(&start, rules, options.commands.clone());
    let (channels, worker) = spawn_answering(centre, clock, &wakes)?;
    let monochrome = colour == term::Colour::None;
    let mut desk = Desk::new(terminal, model, channels, clock, monochrome, options);
    desk.carry_out(first);
    let code = desk.attend(reader, &woken);
    // The screen is given back before anything is said; orders under way, such as a draft, are still
    // carried out. After a signal the watch ends the process if that takes longer than its grace.
    drop(desk);
    drop(worker.join());
    drop(signals);
    code
}

fn hear_signals(wakes: Wakes) -> Result<Signals, TermError> {
    term::watch(GRACE, move |signal| {
        if matches!(signal, Signal::End(_)) {
            // A frame that is stuck in a stalled line is given up, so that the loop is free to save.
            term::restore_all();
        }
        wakes.send(Wake::Signal(signal));
    })
}

fn rules_of(centre: &Centre) -> Rules {
    let operators = centre.operators().unwrap_or_default();
    Rules {
        operator: centre.operator().clone(),
        book: centre.shared_rules(),
        people: operators.into_iter().map(|o| (o.code, o.name)).collect(),
    }
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
struct Alarm(Wakes, &'static str);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0
                .send(Wake::Broke(format!("the {} thread panicked", self.1)));
        }
    }
}

fn spawn(
    name: &'static str,
    wakes: &Wakes,
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

/// Starts a thread that answers what is asked of it, until nobody can ask any more.
fn answering<Q: Send + 'static>(
    name: &'static str,
    wakes: &Wakes,
    answer: impl FnOnce(&Receiver<Q>, &dyn Fn(Msg)) + Send + 'static,
) -> Result<(Sender<Q>, JoinHandle<()>), TermError> {
    let (questions, taken) = channel();
    let answers = wakes.clone();
    let thread = spawn(name, wakes, move || {
        answer(&taken, &|msg| answers.send(Wake::Answer(msg)));
    })?;
    Ok((questions, thread))
}

/// Starts the threads that answer orders. Only the worker is waited for in the end: what the computer and the adviser find
/// is for a screen that is gone then.
fn spawn_answering(
    centre: Centre,
    clock: Clock,
    wakes: &Wakes,
) -> Result<(Channels, JoinHandle<()>), TermError> {
    let open = centre.reader();
    let (questions, _) = answering("computer", wakes, move |questions, answer| {
        computer::compute(open, clock, questions, answer);
    })?;
    let open = centre.twin();
    let (wanted, _) = answering("adviser", wakes, move |wanted, answer| {
        adviser::advise(open, clock, wanted, answer);
    })?;
    let (orders, worker) = answering("worker", wakes, move |orders, answer| {
        worker::work(centre, clock, orders, answer);
    })?;
    let channels = Channels {
        orders,
        questions,
        wanted,
    };
    Ok((channels, worker))
}
