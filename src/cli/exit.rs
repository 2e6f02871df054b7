//! How a command ends: the exit codes of the contract, and what is said on the way out.
//!
//! Must not print. Start at [`Stop`].

use crate::i18n::failures::Told;
use std::io;
use std::process::ExitCode;

/// The exit codes, which scripts rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// A rule said no, or it was not found.
    Refused,
    /// The command line was not understood.
    Usage,
    /// Store, file or terminal failed.
    Failed,
    /// An import finished with rejected rows, or a salvage without all rows.
    Rejected,
    /// A signal ended the console: 128 and its number, as a shell tells it.
    Signalled(u8),
}

impl Exit {
    /// The number the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Usage => 2,
            Self::Failed => 3,
            Self::Rejected => 4,
            Self::Signalled(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// A command that cannot go on.
#[derive(Debug)]
pub enum Stop {
    /// With a message and the exit it means.
    Told(Exit, Told),
    /// Whoever read standard output has had enough: a quiet end.
    Closed,
}

impl Stop {
    /// A rule says no, or it was not found.
    pub fn refused(told: Told) -> Self {
        Self::Told(Exit::Refused, told)
    }

    /// The command line is not understood.
    pub fn usage(told: Told) -> Self {
        Self::Told(Exit::Usage, told)
    }

    /// Store, file or terminal failed.
    pub fn failed(told: Told) -> Self {
        Self::Told(Exit::Failed, told)
    }
}

/// What a command comes to.
pub type Outcome = Result<Exit, Stop>;

/// Whether an error of standard output only means that the reader has gone.
pub fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}
