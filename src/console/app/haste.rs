//! While the selection moves with keys in quick succession the rows follow each key, and the pane waits.
//!
//! The pane costs ten times the bytes of a row, and what is like a ticket a hundred times its reading: neither is worth it for
//! a ticket that is passed by. The ticket itself is loaded all the same, so that a key that acts is judged by the right one.
//! What is quick is for the runtime to say, which has the clock. Start at [`Model::hurried`].

use super::msg::{Effect, Notice};
use super::{Dialog, Model, Screen};

/// What is left on the screen as it stands, while the keys do not rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The pane: the selection moves past other tickets.
    Moving,
    /// The pane with the picker in it, and the keys below: a ticket was just dispatched, and that is told first.
    Dispatched,
    /// Nothing, where the picker hid rows; but what was just dispatched is told when its answer takes long.
    Sent,
}

impl Held {
    /// Whether a ticket was just dispatched.
    pub fn is_dispatch(self) -> bool {
        match self {
            Self::Dispatched | Self::Sent => true,
            Self::Moving => false,
        }
    }
}

impl Model {
    /// From now on the pane stays as it is.
    pub(super) fn hurried(&mut self) -> Vec<Effect> {
        self.held.get_or_insert(Held::Moving);
        Vec::new()
    }

    /// The picker has closed over its answer: it stays in sight until the answer is told, where it hides no row.
    pub(super) fn hold_dispatched(&mut self) {
        let has_room = self.regions().beside(self.size.0).is_some();
        self.held = Some(if has_room {
            Held::Dispatched
        } else {
            Held::Sent
        });
    }

    /// What is left as it stands on the screen shown.
    pub fn standing(&self) -> Option<Held> {
        let has_pane = self.screen() == Screen::List && self.regions().detail.1 > 0;
        self.held
            .filter(|held| *held != Held::Sent && has_pane)
            .filter(|_| !self.full && self.dialogs.is_empty())
    }

    /// Whether a dispatch is on its way and nothing is painted until its answer comes.
    pub fn awaits_answer(&self) -> bool {
        self.standing() == Some(Held::Dispatched) && !self.sent.is_empty()
    }

    /// Whether a dispatch is told already while its rows and figures are on their way: only the answer is painted.
    pub fn awaits_rows(&self) -> bool {
        self.standing() == Some(Held::Dispatched) && self.sent.is_empty() && self.queue.is_waiting()
    }

    /// How many columns of the pane the picker leaves to the ticket; none where it stands elsewhere.
    pub fn beside_picker(&self) -> Option<u16> {
        let beside = self.regions().beside(self.size.0)?;
        matches!(self.dialogs.as_slice(), [Dialog::Picker(_)]).then_some(beside.x)
    }

    /// The pane shows the selected ticket again, and everything about it is asked for.
    pub(super) fn rested(&mut self) -> Vec<Effect> {
        let held = self.held.take();
        let mut effects = self.look();
        if held.is_some_and(Held::is_dispatch) && !self.sent.is_empty() {
            // Somebody else holds the store: what was confirmed is not lost from sight.
            let of = self.sent.len();
            effects.extend(self.say(Notice::UnderWay { done: 0, of }));
        }
        if let Some(detail) = self.selected_detail() {
            let no = detail.ticket.no.clone();
            effects.extend(self.ask_like(&no));
        }
        effects
    }
}
