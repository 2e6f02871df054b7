//! What a command can do: the vocabulary between the command table and the update.

use crate::domain::act::ActKind;
use crate::domain::queue::View;

/// Where a command is live. The innermost place with the key wins; [`Scope::Everywhere`] is asked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// In every place, except that a text field takes the characters.
    Everywhere,
    /// The queue, and the detail beside it: whatever is done to a ticket.
    Queue,
    /// The line that narrows the queue.
    Filter,
    /// The dispatch picker.
    Picker,
    /// A form.
    Form,
    /// The summary before acts.
    Summary,
    /// The palette and the help, which search as one types.
    Finder,
}

impl Scope {
    /// Every place.
    pub const ALL: [Self; 7] = [
        Self::Everywhere,
        Self::Queue,
        Self::Filter,
        Self::Picker,
        Self::Form,
        Self::Summary,
        Self::Finder,
    ];

    /// Whether characters are text there, and no commands.
    pub fn takes_text(self) -> bool {
        match self {
            Self::Filter | Self::Picker | Self::Form | Self::Finder => true,
            Self::Everywhere | Self::Queue | Self::Summary => false,
        }
    }

    /// Its name in `keymap.toml`'s checks; empty is everywhere.
    pub fn code(self) -> &'static str {
        match self {
            Self::Everywhere => "",
            Self::Queue => "queue",
            Self::Filter => "filter",
            Self::Picker => "picker",
            Self::Form => "form",
            Self::Summary => "summary",
            Self::Finder => "finder",
        }
    }
}

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Move the cursor, the selection or the scrolled text.
    Move(Motion),
    /// Enter: open, take, confirm what is marked.
    Open,
    /// Esc: one step back; typed text is kept.
    Back,
    /// Close the place; in the queue: leave the program.
    Quit,
    /// Go to the next pane or field.
    NextPane,
    /// Go to the pane or field before.
    PreviousPane,
    /// Show a saved view.
    View(View),
    /// Mark or unmark the row and go on.
    Mark,
    /// Begin or end a range of marks.
    Range,
    /// Mark all loaded rows of the view, or none.
    MarkAll,
    /// Take the last act back.
    Undo,
    /// Narrow the queue.
    Filter,
    /// The next order.
    Sort,
    /// Keep the board's order, or let it follow the figures again.
    Freeze,
    /// Another period of the statistics.
    Period(Step),
    /// Sign the shift over.
    HandOver,
    /// Confirm that the shift was taken over.
    TakeOver,
    /// Ask the store again.
    Refresh,
    /// Copy the number.
    CopyNo,
    /// Copy the whole ticket as text.
    CopyAll,
    /// Register a request.
    NewTicket,
    /// Do an act to the ticket or to the marked ones.
    Act(ActKind),
    /// Claim the ticket, or let it go.
    Claim,
    /// Grant or decline what is asked for.
    Decide,
    /// Merge the marked tickets into the selected one.
    MergeMarked,
    /// Choose among all acts.
    Acts,
    /// All commands by name.
    Palette,
    /// The keys of this place.
    Help,
    /// The other language.
    Language,
    /// The next theme.
    Theme,
    /// Mask all personal data on this screen.
    Privacy,
    /// Paint the screen again.
    Repaint,
    /// Stop the program, to be taken up again.
    Suspend,
    /// In the picker: take the suggestion with this number, at once.
    Take(u8),
    /// In the picker: the department assists.
    Assist,
    /// In the summary: do it.
    Confirm,
    /// In a form: hand it in.
    Submit,
    /// In a form: put the next precedent into the text.
    Cite,
    /// Mark every row whose first suggestion is sure.
    MarkSure,
}

/// Which other period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The one before.
    Earlier,
    /// The one after.
    Later,
    /// A shorter one.
    Shorter,
    /// A longer one.
    Longer,
}

/// Where to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One up.
    Up,
    /// One down.
    Down,
    /// One to the left.
    Left,
    /// One to the right.
    Right,
    /// The first.
    First,
    /// The last.
    Last,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// Half a page up.
    HalfUp,
    /// Half a page down.
    HalfDown,
}
