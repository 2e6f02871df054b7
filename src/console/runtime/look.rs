//! A look at the terminal for `fenbo doctor`: how wide it draws, and how soon it answers. Nothing stays on the screen.

pub use crate::console::term::WidthAnswer;

use crate::console::term::{self, Options, Surroundings, TermError};
use std::time::{Duration, Instant};

/// What a terminal was found to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// How wide it draws.
    pub width: WidthAnswer,
    /// How long its answer took; how long it was waited for when none came.
    pub took: Duration,
}

/// Asks the terminal of this process, and gives it back.
///
/// # Errors
/// [`TermError`] when there is none, or it cannot place a cursor.
pub fn look() -> Result<Look, TermError> {
    let surroundings = Surroundings::of_process();
    let patience = surroundings.answer_wait();
    let options = Options {
        surroundings,
        ..Options::default()
    };
    let (mut terminal, mut reader) = term::open(&options)?;
    let asked = Instant::now();
    let width = terminal.probe_width(&mut reader, patience)?;
    Ok(Look {
        width,
        took: asked.elapsed(),
    })
}
