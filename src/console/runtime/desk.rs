//! The loop of one desk: what wakes it becomes messages, what the messages order is carried out, and then it is drawn.
//!
//! It takes everything that waits before it draws once, so keys are never queued behind frames; else it wakes for the next
//! minute, for a draft to be kept and for keys that come to rest. It waits at the terminal, where other threads wake it.
//! Start at [`Desk::attend`].

use super::adviser::Wanted;
use super::clock::Clock;
use super::computer::Question;
use super::pace::{Pace, Turn};
use super::viewings::{Told, Viewings};
use super::wakes::Wake;
use super::{Ended, GRACE, Options, faults};
use crate::console::app::haste::Held;
use crate::console::app::{Chord, Effect, Language, Model, Msg, Screen, ThemeId, update};
use crate::console::term::{GlyphSet, Input, Reader, Signal, TermError, Terminal};
use crate::console::view::{self, Glyphs, Theme};
use crate::domain::queue::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant as Stopwatch};

/// How long typed text may wait before it is kept as a draft. `[QUALITY: in the store within 2 s]`
const KEEP_AFTER: Duration = Duration::from_secs(1);
/// How long a ticket passed by in a hurry stays unread: a key that repeats leaves more, and the frame of the row comes first.
const GLANCE: Duration = Duration::from_millis(20);
/// Messages taken before a frame is drawn all the same.
const MOST_AT_ONCE: usize = 512;

/// Where orders go that are not the desk's own: to the worker, the computer, and the adviser.
pub(super) struct Channels {
    pub(super) orders: Sender<Effect>,
    pub(super) questions: Sender<Question>,
    pub(super) wanted: Sender<Wanted>,
}

impl Channels {
    /// Hands an order on; `false` when the thread that it is for has ended.
    fn send(&self, order: Effect) -> bool {
        if let Some(question) = Question::of(&order) {
            self.questions.send(question).is_ok()
        } else if let Some(wanted) = Wanted::of(&order) {
            self.wanted.send(wanted).is_ok()
        } else {
            self.orders.send(order).is_ok()
        }
    }
}

/// The loop's own state.
pub(super) struct Desk {
    terminal: Terminal,
    model: Model,
    channels: Channels,
    clock: Clock,
    dirty: bool,
    leave: Option<Result<u8, Ended>>,
    /// The terminal was given back by a panic or a signal; the message that tells which is on its way.
    given_back: bool,
    /// When what is being typed is to be kept as a draft.
    keep_at: Option<Stopwatch>,
    pace: Pace,
    /// The order to read the ticket under the selection, and since when it waits: the row is painted first.
    reading: Option<(Stopwatch, Effect)>,
    /// Orders are held back.
    holds: bool,
    /// Orders for when the frame stands: they wake a thread, which would take the processor from it.
    later: Vec<Effect>,
    /// The window's title has changed; it is written when the keys rest.
    retitled: bool,
    /// What is drawn on: it keeps the last frame.
    frame: Buffer,
    /// There may be more to take than was taken at once.
    more: bool,
    /// How the last frame was painted.
    painted: Option<Setting>,
    monochrome: bool,
    is_login_shell: bool,
    viewings: Viewings,
}

/// What a frame has in common with the one before when a part of it can be left as it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Setting {
    view: View,
    screen: Screen,
    size: (u16, u16),
    looks: (ThemeId, Language),
    /// Personal data masked; a ticket over the whole screen.
    open: (bool, bool),
    revealed: usize,
    /// Lines of the status line, which may rise over the pane.
    said: usize,
}

impl Desk {
    /// A desk at a terminal, with nothing drawn yet.
    pub(super) fn new(
        terminal: Terminal,
        model: Model,
        channels: Channels,
        clock: Clock,
        monochrome: bool,
        options: &Options,
    ) -> Self {
        Self {
            terminal,
            model,
            channels,
            clock,
            dirty: true,
            leave: None,
            given_back: false,
            keep_at: None,
            pace: Pace::default(),
            reading: None,
            holds: false,
            later: Vec::new(),
            retitled: false,
            frame: Buffer::default(),
            more: false,
            painted: None,
            monochrome,
            is_login_shell: options.is_login_shell,
            viewings: Viewings::default(),
        }
    }

    /// Draws, and takes what comes, until it is left; the exit code.
    pub(super) fn attend(
        &mut self,
        mut reader: Reader,
        woken: &Receiver<Wake>,
    ) -> Result<u8, Ended> {
        loop {
            self.keep_typed();
            let turn = self.pace.rested(Stopwatch::now());
            self.turn(turn);
            // Whoever leaves draws no more: a line that takes no bytes would hold the way out.
            let may_draw = self.leave.is_none() && !self.given_back;
            if self.dirty && may_draw && !self.model.awaits_answer() {
                self.draw();
            }
            self.note_viewings();
            self.hand_on_later();
            self.read_ticket();
            if may_draw {
                self.write_title();
            }
            if let Some(code) = self.leave.take() {
                self.tell_left();
                return code;
            }
            self.wait(&mut reader, woken);
        }
    }

    /// Waits for what comes next, and takes all that is there.
    fn wait(&mut self, reader: &mut Reader, woken: &Receiver<Wake>) {
        let until = Stopwatch::now() + self.patience();
        let mut input = reader.read(Some(self.patience()));
        let mut idle = input.is_none();
        self.more = true;
        for taken in 1..=MOST_AT_ONCE {
            if let Some(input) = input.take() {
                self.input(input);
            } else if let Ok(wake) = woken.try_recv() {
                self.wake(wake);
            } else {
                self.more = false;
                break;
            }
            idle = false;
            // What is read here is taken in the next round: none is read that has no round.
            if taken < MOST_AT_ONCE {
                input = reader.read(Some(Duration::ZERO));
            }
        }
        if idle && Stopwatch::now() >= until {
            self.time_passed();
        }
    }

    /// Nothing came for as long as was waited.
    fn time_passed(&mut self) {
        if self.given_back {
            let ended = Ended::Broke("the terminal was given back".to_owned());
            self.leave.get_or_insert(Err(ended));
            return;
        }
        let now = self.clock.now();
        self.tell(Msg::Tick(now));
        self.tell(Msg::Checked(now));
    }

    /// How long the loop may sleep: until the next minute, until typed text is to be kept, or until the keys rest.
    fn patience(&self) -> Duration {
        if self.given_back {
            return GRACE;
        }
        if self.more {
            return Duration::ZERO;
        }
        let now = Stopwatch::now();
        let read_at = self.reading.as_ref().map(|(since, _)| *since + GLANCE);
        let awaited = self.keep_at.into_iter().chain(self.pace.rests_at());
        awaited
            .chain(read_at)
            .map(|at| at.saturating_duration_since(now))
            .fold(self.until_next_minute(), Duration::min)
    }

    /// Has the ledger keep which ticket is before the operator.
    fn note_viewings(&mut self) {
        let times = (Stopwatch::now(), self.clock.now());
        let told = self.viewings.shown(self.model.in_sight(), times);
        self.later.extend(told.into_iter().map(viewed));
    }

    /// Nothing is before the operator any more.
    fn tell_left(&mut self) {
        if let Some(told) = self.viewings.left(Stopwatch::now()) {
            self.hand_on(viewed(told));
        }
    }

    /// Hands on what was held back.
    fn hand_on_later(&mut self) {
        for order in std::mem::take(&mut self.later) {
            self.hand_on(order);
        }
    }

    /// Has the ticket under the selection read: at once, and in a hurry when the eye could follow.
    fn read_ticket(&mut self) {
        let is_time = |since: Stopwatch| since.elapsed() >= GLANCE;
        let hurried = self.pace.rests_at().is_some();
        if let Some((_, order)) = self
            .reading
            .take_if(|(since, _)| !hurried || is_time(*since))
        {
            self.hand_on(order);
        }
    }

    /// Writes the window's title anew, after the frame and not in a hurry.
    fn write_title(&mut self) {
        if self.pace.rests_at().is_none() && std::mem::take(&mut self.retitled) {
            // A title that does not arrive is no reason to stop.
            drop(self.terminal.title(&view::title(&self.model)));
        }
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

    fn wake(&mut self, wake: Wake) {
        match wake {
            Wake::Signal(signal) => self.signal(signal),
            Wake::Answer(msg @ Msg::Performed { .. }) => {
                self.holds = true;
                self.tell(msg);
                self.holds = false;
            }
            Wake::Answer(msg) => self.tell(msg),
            Wake::Broke(cause) => self.leave = Some(Err(Ended::Broke(cause))),
        }
    }

    fn input(&mut self, input: Input) {
        self.hand_on_later();
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
        let place = |model: &Model| (model.queue.view, model.screen(), model.full);
        let dispatched = |model: &Model| model.held.is_some_and(Held::is_dispatch);
        let (before, stood) = (selected(&self.model), place(&self.model));
        let jump = self.model.queue.jump();
        let waited = dispatched(&self.model);
        self.tell(Msg::Key(chord));
        if !waited && dispatched(&self.model) {
            return self.pace.acted(Stopwatch::now());
        }
        // Each character of a filter may bring another row under the selection, and so does a jump whose rows are on their
        // way. Past the ticket just dispatched nobody hurries.
        let moves = !waited
            && self.model.dialogs.is_empty()
            && stood == place(&self.model)
            && (self.model.queue.editing
                || before != selected(&self.model)
                || jump != self.model.queue.jump());
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

    /// Carries orders out, or hands them on.
    pub(super) fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Quit => self.leave = Some(Ok(0)),
                Effect::Suspend => self.suspend(),
                Effect::Repaint => self.terminal.invalidate(),
                // A bell that does not arrive is no reason to stop.
                Effect::Bell => drop(self.terminal.bell()),
                Effect::Title => self.retitled = true,
                Effect::CopyNo(no) => self.copy(&no),
                Effect::CopyCard => self.copy_card(),
                order @ Effect::LoadDetail(_) => self.reading = Some((Stopwatch::now(), order)),
                order @ Effect::Foresee(_) => self.later.push(order),
                order => self.hand_on(order),
            }
        }
    }

    fn hand_on(&mut self, order: Effect) {
        if self.holds {
            self.later.push(order);
        } else if !self.channels.send(order) {
            self.leave = Some(Err(Ended::Broke("a thread has ended".to_owned())));
        }
    }

    fn copy_card(&mut self) {
        let no = self.model.selected_detail().map(|d| d.ticket.no.clone());
        let times = (Stopwatch::now(), self.clock.now());
        let told = no.and_then(|no| self.viewings.copied(&no, times));
        self.later.extend(told.map(viewed));
        self.copy(&view::card(&self.model));
    }

    fn copy(&mut self, text: &str) {
        let copied = self.terminal.copy(text).is_ok();
        self.tell(Msg::Copied(copied));
    }

    fn suspend(&mut self) {
        if self.is_login_shell {
            self.tell(Msg::NotSuspended);
            return;
        }
        // What stands here is not before anybody while the program is stopped, and may never be again.
        self.tell_left();
        if self.terminal.suspend().is_ok() {
            self.dirty = true;
        }
    }

    /// What stands on the screen may stand only in a frame like the one it was painted in.
    fn look_again(&mut self) {
        let model = &self.model;
        let setting = Setting {
            view: model.queue.view,
            screen: model.screen(),
            size: model.size,
            looks: (model.theme, model.language),
            open: (model.mask, model.full),
            revealed: model.revealed.len(),
            said: view::status_lines(model),
        };
        let is_new = self.painted.replace(setting) != Some(setting);
        if is_new && self.model.held.is_some() {
            let turn = self.pace.pressed(false, Stopwatch::now());
            self.turn(turn.or(Some(Turn::Rested)));
        }
    }

    fn draw(&mut self) {
        self.look_again();
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

fn viewed((viewing, from): Told) -> Effect {
    Effect::Viewed { viewing, from }
}
