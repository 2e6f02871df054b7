//! Acts on tickets: decided by the workflow, written in one transaction, refused when the ticket has moved on.

use super::asking::{Asked, Past, ask};
use super::{Centre, NotDone, noticing, papers, repeating};
use crate::domain::act::{Act, ActKind};
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::meanwhile;
use crate::domain::operator::Operator;
use crate::domain::queue::View;
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::domain::ticket::{Marks, Ticket};
use crate::domain::workflow;
use crate::store::{Failure, Loaded, Store, Tx};

/// What an act did.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// The ticket's number.
    pub no: String,
    /// The ticket afterwards.
    pub ticket: Ticket,
    /// Its deadlines afterwards.
    pub marks: Marks,
    /// Its deadlines before; a class change shows both.
    pub before: Marks,
    /// What was written.
    pub events: Vec<Event>,
    /// Why not all that was erased is gone from the disk.
    pub left: Option<Failure>,
}

/// One act of a batch, with the version of the ticket that was on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The ticket's number.
    pub no: String,
    /// The version read; any when absent.
    pub version: Option<u32>,
    /// What to do.
    pub act: Act,
}

impl Centre {
    /// Does one act in one transaction.
    ///
    /// # Errors
    /// [`NotDone::Refused`] with the rule, or with who changed the ticket and when if it is not the version
    /// read; nothing has happened then.
    pub fn perform(&mut self, order: &Order, now: Instant) -> Result<Done, NotDone> {
        let (rules, operator) = (self.rules.clone(), self.operator.clone());
        let mut done = self
            .store
            .write(|tx| perform_in(tx, &rules, &operator, order, now))?;
        if order.act.kind() == ActKind::Erase {
            done.left = self.store.leave_nothing(&done.no).err();
        }
        Ok(done)
    }

    /// Brings to hand what an act that may be ordered next will read and write, before the key that orders it: nothing is done,
    /// and nobody is waited for.
    pub fn foresee(&mut self, order: &Order, now: Instant) {
        if self.is_read_only() {
            return;
        }
        let (rules, operator) = (self.rules.clone(), self.operator.clone());
        self.store
            .rehearse(|tx| perform_in(tx, &rules, &operator, order, now));
    }

    /// What would come of one act, without doing it.
    ///
    /// # Errors
    /// As [`Centre::perform`] would.
    pub fn verdict(&self, order: &Order, now: Instant) -> Result<(), NotDone> {
        let loaded = self.seen(&order.no)?;
        check_version(order, &loaded.ticket, &self.store)?;
        let master = match &order.act {
            Act::Merge { into } => self.store.load(into)?,
            _ => None,
        };
        let past = Past::for_act(&self.store, &order.no, &order.act, &self.rules, now)?;
        ask(&Asked {
            loaded: &loaded,
            past: &past,
            master: master.as_ref(),
            act: &order.act,
            rules: &self.rules,
            operator: &self.operator,
            now,
        })
        .map(|_| ())
        .map_err(NotDone::from)
    }

    /// What would come of an act when another has been done to the ticket just before.
    ///
    /// # Errors
    /// As the two acts in a row would.
    pub fn verdict_after(&self, first: &Order, act: &Act, now: Instant) -> Result<(), NotDone> {
        let mut loaded = self.seen(&first.no)?;
        check_version(first, &loaded.ticket, &self.store)?;
        for act in [&first.act, act] {
            let past = Past::for_act(&self.store, &first.no, act, &self.rules, now)?;
            let events = ask(&Asked {
                loaded: &loaded,
                past: &past,
                master: None,
                act,
                rules: &self.rules,
                operator: &self.operator,
                now,
            })?;
            for event in &events {
                loaded.ticket.apply(event, now, &self.operator.code);
            }
            let policy = self
                .rules
                .editions
                .of(&loaded.ticket.edition, loaded.ticket.created_at);
            loaded.marks = workflow::marks(&loaded.ticket, policy, &self.rules.calendar);
        }
        Ok(())
    }

    /// The views whose rows an operator's acts change; the console reloads those it shows.
    pub fn list_views() -> impl Iterator<Item = View> {
        View::ALL
            .iter()
            .copied()
            .filter(|v| !matches!(v, View::Statistics | View::Shift))
    }
}

/// Decides and writes one act inside a transaction.
pub(super) fn perform_in(
    tx: &Tx<'_>,
    rules: &Rules,
    operator: &Operator,
    order: &Order,
    now: Instant,
) -> Result<Done, NotDone> {
    let not_found = || NotDone::NotFound {
        asked: order.no.clone(),
    };
    let loaded = tx.load(&order.no)?.ok_or_else(not_found)?;
    if !operator.sees_ticket(&loaded.ticket) {
        return Err(not_found());
    }
    check_version(order, &loaded.ticket, tx)?;
    let master = match &order.act {
        Act::Merge { into } => tx.load(into)?,
        _ => None,
    };
    let past = Past::for_act(tx, &order.no, &order.act, rules, now)?;
    let events = ask(&Asked {
        loaded: &loaded,
        past: &past,
        master: master.as_ref(),
        act: &order.act,
        rules,
        operator,
        now,
    })?;
    let echo = crate::domain::effects::echo(&loaded.ticket, &order.act);
    let before = loaded.marks;
    let mut after = write_events(tx, rules, &operator.code, loaded, &events, now)?;
    if matches!(order.act, Act::File(_) | Act::Reclassify(_)) {
        let texts = tx.texts(&order.no)?.unwrap_or_default();
        if let Some(alarm) = repeating::alarm(tx, rules, &after.ticket, &texts)? {
            after = write_events(tx, rules, &operator.code, after, &[alarm], now)?;
        }
    }
    if let Some((no, event)) = echo
        && let Some(master) = tx.load(&no)?
    {
        write_events(tx, rules, &operator.code, master, &[event], now)?;
    }
    Ok(Done {
        no: order.no.clone(),
        ticket: after.ticket,
        marks: after.marks,
        before,
        events,
        left: None,
    })
}

/// Folds events into a ticket and appends each to the ledger.
pub(super) fn write_events(
    tx: &Tx<'_>,
    rules: &Rules,
    by: &str,
    mut loaded: Loaded,
    events: &[Event],
    now: Instant,
) -> Result<Loaded, Failure> {
    let policy = rules
        .editions
        .of(&loaded.ticket.edition, loaded.ticket.created_at);
    for event in events {
        loaded.ticket.apply(event, now, by);
        loaded.marks = workflow::marks(&loaded.ticket, policy, &rules.calendar);
        let seq = tx.append(&loaded.ticket, loaded.marks, event, now, by)?;
        noticing::note(tx, rules, &loaded, event, seq, now)?;
        papers::note(tx, rules, &loaded, event, (seq, by), now)?;
    }
    Ok(loaded)
}

/// Refuses a version that is not the one read, unless only the program wrote meanwhile, and nothing that the act rests on.
fn check_version(order: &Order, ticket: &Ticket, store: &Store) -> Result<(), NotDone> {
    let Some(read) = order.version.filter(|read| *read != ticket.version) else {
        return Ok(());
    };
    let ledger = store.ledger(&order.no)?;
    match meanwhile::stale(&ledger, ticket.version, read, order.act.kind()) {
        Some(entry) => Err(NotDone::Refused(Refusal::Stale {
            by: entry.by.clone(),
            at: entry.at,
            what: entry.event.code().to_owned(),
        })),
        None if read < ticket.version => Ok(()),
        None => Err(NotDone::Refused(Refusal::NoChange)),
    }
}
