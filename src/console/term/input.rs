//! What a terminal can say. Start at [`Input`].

use crate::console::key::Chord;

/// One thing the terminal said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(Chord),
    /// Text was pasted, at most 64 KiB of it; line ends are `\n`. Outside a text field it must do nothing.
    Paste(String),
    /// The screen has so many columns and rows now.
    Resize(u16, u16),
    /// The window was entered.
    FocusIn,
    /// The window was left.
    FocusOut,
    /// Bytes that are not UTF-8: the terminal is probably set to GBK.
    Garbage(Vec<u8>),
    /// An answer to a question; late ones are to be ignored.
    Reply(Reply),
    /// The terminal is gone; nothing more will come.
    Hangup,
}

/// An answer of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Where the cursor is, counted from 1.
    Cursor {
        /// Its row.
        row: u16,
        /// Its column.
        column: u16,
    },
    /// What kind of terminal it says it is.
    Attributes,
    /// Anything else.
    Other,
}
