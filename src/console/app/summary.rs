//! The summary before acts: one line and one verdict for each ticket. Its default answer changes nothing.

use super::action::Motion;
use super::form::Form;
use super::msg::Errand;
use super::picker::Target;
use crate::domain::act::Act;
use crate::domain::refusal::Refusal;

/// One act to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// To which ticket.
    pub target: Target,
    /// What must be done before.
    pub first: Option<Act>,
    /// What.
    pub act: Act,
    /// What the rules say, once they have been asked.
    pub verdict: Option<Result<(), Refusal>>,
}

impl Item {
    /// An act that the rules have not been asked about yet.
    pub fn new(target: Target, act: Act) -> Self {
        Self {
            target,
            first: None,
            act,
            verdict: None,
        }
    }

    /// The item as an order.
    pub fn errand(&self) -> Errand {
        Errand {
            no: self.target.no.clone(),
            version: self.target.version,
            first: self.first.clone(),
            act: self.act.clone(),
        }
    }
}

/// The summary.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Every act.
    pub items: Vec<Item>,
    /// The question to the rules.
    pub token: u64,
    /// "Do it" is marked; at first it is not.
    pub confirm: bool,
    /// The line at the top of the list.
    pub top: usize,
    /// The form it came from, to be shown again when nothing was done.
    pub form: Option<Box<Form>>,
}

impl Summary {
    /// A summary whose verdicts are being asked for.
    pub fn new(items: Vec<Item>, token: u64) -> Self {
        Self {
            items,
            token,
            confirm: false,
            top: 0,
            form: None,
        }
    }

    /// Takes the verdicts; of another question they change nothing.
    pub fn verdicts(&mut self, token: u64, verdicts: Vec<Result<(), Refusal>>) {
        if token == self.token {
            for (item, verdict) in self.items.iter_mut().zip(verdicts) {
                item.verdict = Some(verdict);
            }
        }
    }

    /// Whether every verdict has come.
    pub fn is_ready(&self) -> bool {
        self.items.iter().all(|i| i.verdict.is_some())
    }

    /// How many acts are allowed.
    pub fn allowed(&self) -> usize {
        self.items
            .iter()
            .filter(|i| matches!(i.verdict, Some(Ok(()))))
            .count()
    }

    /// Scrolls the list.
    pub fn moved(&mut self, motion: Motion, page: usize) {
        match motion {
            Motion::Left | Motion::Right => self.confirm = !self.confirm,
            motion => {
                let last = self.items.len().saturating_sub(page);
                self.top = motion.apply(self.top, last + 1, page);
            }
        }
    }

    /// What the rules allow.
    pub fn errands(&self) -> Vec<Errand> {
        self.items
            .iter()
            .filter(|i| matches!(i.verdict, Some(Ok(()))))
            .map(Item::errand)
            .collect()
    }
}
