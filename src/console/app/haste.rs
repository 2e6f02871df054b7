//! While the selection moves with keys in quick succession the rows follow each key, and the pane waits.
//!
//! The pane costs ten times the bytes of a row, and what is like a ticket a hundred times its reading: neither is worth it for
//! a ticket that is passed by. The ticket itself is loaded all the same, so that a key that acts is judged by the right one.
//! What is quick is for the runtime to say, which has the clock. Start at [`Model::hurried`].

use super::msg::Effect;
use super::{Dialog, Model};
use crate::domain::queue::{Detail, Row};

/// What the pane shows while the keys do not rest.
#[derive(Clone, Debug)]
pub enum Held {
    /// The ticket that it showed before, under its own number.
    Ticket(Box<(Row, Detail)>),
    /// The ticket just dispatched, in the room that the picker left it: what was done is told before the next ticket is shown.
    Dispatched(Box<(Row, Detail)>),
    /// Nothing.
    Blank,
}

impl Model {
    /// From now on the pane stays as it is.
    pub(super) fn hurried(&mut self) -> Vec<Effect> {
        if self.held.is_none() {
            self.held = Some(self.in_pane().map_or(Held::Blank, Held::Ticket));
        }
        Vec::new()
    }

    /// The picker has closed over its answer: the pane stays as it is until that is told.
    pub(super) fn hold_dispatched(&mut self) {
        if self.regions().beside(self.size.0).is_some() {
            self.held = self.in_pane().map(Held::Dispatched);
        }
    }

    /// What the pane shows.
    fn in_pane(&self) -> Option<Box<(Row, Detail)>> {
        let detail = self.detail.as_deref()?;
        let row = self.queue.row(&detail.ticket.no)?;
        Some(Box::new((row.clone(), detail.clone())))
    }

    /// How many columns of the pane the picker leaves to the ticket; none where it stands elsewhere.
    pub fn beside_picker(&self) -> Option<u16> {
        let picking = matches!(self.dialogs.as_slice(), [Dialog::Picker(_)]);
        let dispatched = self.dialogs.is_empty() && matches!(self.held, Some(Held::Dispatched(_)));
        let beside = self.regions().beside(self.size.0)?;
        (picking || dispatched).then_some(beside.x)
    }

    /// The pane shows the selected ticket again, and everything about it is asked for.
    pub(super) fn rested(&mut self) -> Vec<Effect> {
        self.held = None;
        let mut effects = self.look();
        if let Some(detail) = self.selected_detail() {
            let no = detail.ticket.no.clone();
            effects.extend(self.ask_like(&no));
        }
        effects
    }
}
