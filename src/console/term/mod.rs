//! Bytes in, bytes out: tty reader, escape parser, backend, guard, capabilities. Imports nothing of ours.
//!
//! Start at [`open`]: it gives a [`Terminal`] to draw on and a [`Reader`] to move into a thread; [`watch`] hears signals.
//! The terminal is given back when the `Terminal` is dropped, at a panic in any thread, and before a forced end.

mod capability;
mod colour;
mod framer;
mod glyph;
mod guard;
mod input;
mod motion;
pub mod outside;
pub mod overlay;
mod presenter;
mod reader;
mod scroll;
mod sgr;
mod signals;
mod terminal;

pub use capability::{ColourChoice, GlyphSet, Surroundings, WidthAnswer};
pub use colour::Colour;
pub use framer::PASTE_CAP;
pub use guard::{Guard, restore_all};
pub use input::{Input, Reply};
pub use presenter::{Presenter, PresenterOptions, Written};
pub use reader::{Reader, ReaderOptions, Waker};
pub use signals::{Signal, Signals, watch};
pub use terminal::{Options, Terminal, open, open_on};

/// Why the terminal could not be used.
#[derive(Debug, thiserror::Error)]
pub enum TermError {
    /// Standard input or output is no terminal.
    #[error("standard input or output is not a terminal")]
    NotATerminal,
    /// The terminal cannot place a cursor.
    #[error("the terminal (TERM={term:?}) cannot place a cursor")]
    Dumb {
        /// What `TERM` says.
        term: String,
    },
    /// The terminal was given back, by a panic or a signal, and must not be drawn on.
    #[error("the terminal was given back")]
    Left,
    /// More than terminals take into their clipboard.
    #[error("{bytes} bytes are more than the {most} that terminals copy")]
    TooLongToCopy {
        /// Bytes of the text.
        bytes: usize,
        /// Most bytes.
        most: usize,
    },
    /// The system refused.
    #[error("could not {doing}: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
}

impl TermError {
    fn io(doing: &'static str) -> impl FnOnce(std::io::Error) -> TermError {
        move |source| TermError::Io { doing, source }
    }
}
