//! While the selection moves with keys in quick succession the rows follow each key, and the pane waits.
//!
//! The pane costs ten times the bytes of a row, and what is like a ticket a hundred times its reading: neither is worth it for
//! a ticket that is passed by. The ticket itself is loaded all the same, so that a key that acts is judged by the right one.
//! What is quick is for the runtime to say, which has the clock. Start at [`Model::hurried`].

use super::Model;
use super::msg::Effect;
use crate::domain::queue::{Detail, Row};

/// What the pane shows while the keys do not rest.
#[derive(Clone, Debug)]
pub enum Held {
    /// The ticket that it showed before, under its own number.
    Ticket(Box<(Row, Detail)>),
    /// Nothing.
    Blank,
}

impl Model {
    /// From now on the pane stays as it is.
    pub(super) fn hurried(&mut self) -> Vec<Effect> {
        let held = self.detail.as_deref().and_then(|detail| {
            let mut rows = self.queue.rows.iter().map(|(_, row)| row);
            let row = rows.find(|row| row.no == detail.ticket.no)?;
            Some(Held::Ticket(Box::new((row.clone(), detail.clone()))))
        });
        self.held.get_or_insert(held.unwrap_or(Held::Blank));
        Vec::new()
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
