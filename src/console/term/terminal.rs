//! The terminal as the runtime holds it: one side to draw on, one side to read from.
//!
//! Must not know what is drawn. Start at [`open`].

use super::capability::{ColourChoice, GlyphSet, Surroundings, WidthAnswer};
use super::guard::Guard;
use super::input::{Input, Reply};
use super::presenter::{Presenter, PresenterOptions, Written};
use super::reader::Reader;
use super::{TermError, outside};
use ratatui::buffer::Buffer;
use rustix::fs::{Mode, OFlags};
use rustix::termios::{isatty, tcgetwinsize, ttyname};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// How to take the terminal.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What the environment tells.
    pub surroundings: Surroundings,
    /// What was asked of colour.
    pub colour: ColourChoice,
    /// What was asked of glyphs; else the surroundings decide.
    pub glyphs: Option<GlyphSet>,
    /// How long a lone Esc waits; else the surroundings decide.
    pub esc_wait: Option<Duration>,
}

/// The drawing side of a terminal that is taken.
#[derive(Debug)]
pub struct Terminal {
    guard: Guard,
    presenter: Presenter,
    tty: OwnedFd,
    glyphs: GlyphSet,
    tmux: bool,
}

/// Takes the terminal of this process.
pub fn open(options: &Options) -> Result<(Terminal, Reader), TermError> {
    if !isatty(rustix::stdio::stdin()) || !isatty(rustix::stdio::stdout()) {
        return Err(TermError::NotATerminal);
    }
    if options.surroundings.is_dumb() {
        return Err(TermError::Dumb {
            term: options.surroundings.term.clone(),
        });
    }
    open_on(own_tty()?, options)
}

/// Takes the terminal behind a descriptor.
pub fn open_on(tty: OwnedFd, options: &Options) -> Result<(Terminal, Reader), TermError> {
    let again = || {
        tty.try_clone()
            .map_err(TermError::io("open the terminal again"))
    };
    let mut reading = options.surroundings.reading();
    reading.esc = options.esc_wait.unwrap_or(reading.esc);
    let reader = Reader::new(again()?, reading)?;
    let glyphs = options.glyphs.unwrap_or(options.surroundings.glyphs());
    let presenter = PresenterOptions {
        colour: options.surroundings.colour(options.colour),
        ambiguous_is_narrow: glyphs == GlyphSet::Unicode,
        ..PresenterOptions::default()
    };
    let (width, height) = size_of(&tty);
    let terminal = Terminal {
        guard: Guard::enter(again()?)?,
        presenter: Presenter::new(width, height, presenter),
        tty,
        glyphs,
        tmux: options.surroundings.tmux,
    };
    Ok((terminal, reader))
}

impl Terminal {
    /// Shows a frame; the cursor is shown only where one is given.
    pub fn present(
        &mut self,
        next: &Buffer,
        cursor: Option<(u16, u16)>,
    ) -> Result<Written, TermError> {
        let bytes = self.presenter.present(next, cursor);
        if !bytes.is_empty() {
            let sent = self.guard.write(bytes);
            if sent.is_err() {
                // Part of the frame may have gone out.
                self.presenter.invalidate();
            }
            sent?;
        }
        Ok(self.presenter.written())
    }

    /// Columns and rows; 80 by 24 where the terminal does not say.
    pub fn size(&self) -> (u16, u16) {
        size_of(&self.tty)
    }

    /// The next frame is painted whole.
    pub fn invalidate(&mut self) {
        self.presenter.invalidate();
    }

    /// The screen has another size; the next frame is painted whole.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.presenter.resize(width, height);
    }

    /// Which characters frames and marks are to be drawn with.
    pub fn glyphs(&self) -> GlyphSet {
        self.glyphs
    }

    /// Sets the window's title; the old one comes back when the terminal is given back.
    pub fn title(&self, text: &str) -> Result<(), TermError> {
        self.guard.write(&outside::title(text))
    }

    /// Rings.
    pub fn bell(&self) -> Result<(), TermError> {
        self.guard.write(outside::BELL)
    }

    /// Sends text to the terminal's clipboard, if it has one: whether it arrives cannot be known.
    pub fn copy(&self, text: &str) -> Result<(), TermError> {
        self.guard.write(&outside::copy(text, self.tmux)?)
    }

    /// Gives the terminal back; a second time does nothing.
    pub fn restore(&self) {
        self.guard.restore();
    }

    /// Gives the terminal back, stops as Ctrl-Z would, and takes it again when the process goes on.
    pub fn suspend(&mut self) -> Result<(), TermError> {
        self.presenter.invalidate();
        self.guard.suspend()
    }

    /// Takes the terminal again after a stop from outside.
    pub fn resume_screen(&mut self) -> Result<(), TermError> {
        self.presenter.invalidate();
        self.guard.resume_screen()
    }

    /// Asks the terminal how wide it draws `中` and `─`, and draws accordingly from then on.
    ///
    /// Other inputs that come meanwhile are kept for the reader. A late answer comes as [`Input::Reply`].
    pub fn probe_width(
        &mut self,
        reader: &mut Reader,
        within: Duration,
    ) -> Result<WidthAnswer, TermError> {
        let answer = self.ask_width(reader, within)?;
        let mut options = self.presenter.options();
        match answer {
            WidthAnswer::Narrow => options.ambiguous_is_narrow = true,
            WidthAnswer::Wide | WidthAnswer::NotUtf8 => {
                options.ambiguous_is_narrow = false;
                self.glyphs = GlyphSet::Ascii;
            }
            WidthAnswer::NoAnswer => {}
        }
        self.presenter.set_options(options);
        Ok(answer)
    }

    fn ask_width(&self, reader: &mut Reader, within: Duration) -> Result<WidthAnswer, TermError> {
        self.guard
            .write("\x1b[H中\x1b[6n\r─\x1b[6n\r\x1b[K".as_bytes())?;
        let end = Instant::now() + within;
        let (mut columns, mut kept) = (Vec::new(), Vec::new());
        while columns.len() < 2 {
            let left = end.saturating_duration_since(Instant::now());
            match reader.read(Some(left)) {
                Some(Input::Reply(Reply::Cursor { column, .. })) => columns.push(column),
                Some(Input::Hangup) => {
                    kept.push(Input::Hangup);
                    break;
                }
                Some(other) => kept.push(other),
                None if Instant::now() >= end => break,
                None => {}
            }
        }
        reader.unread(kept);
        Ok(match columns.as_slice() {
            [3, 2] => WidthAnswer::Narrow,
            [3, 3] => WidthAnswer::Wide,
            [_, _] => WidthAnswer::NotUtf8,
            _ => WidthAnswer::NoAnswer,
        })
    }
}

/// The terminal of this process, opened anew: then not blocking it does not change the shell's descriptors.
fn own_tty() -> Result<OwnedFd, TermError> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let named = ttyname(rustix::stdio::stdin(), Vec::new())
        .and_then(|name| rustix::fs::open(name, flags, Mode::empty()));
    // After `su` the device belongs to someone else, but the controlling terminal may always be opened.
    named
        .or_else(|_| rustix::fs::open("/dev/tty", flags, Mode::empty()))
        .map_err(|e| TermError::io("open the terminal")(e.into()))
}

fn size_of(tty: &OwnedFd) -> (u16, u16) {
    match tcgetwinsize(tty) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
        _ => (80, 24),
    }
}
