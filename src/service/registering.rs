//! New tickets: numbered, clocked from their creation, written with their words in one transaction.

use super::{Centre, NotDone, repeating};
use crate::domain::act::Registration;
use crate::domain::effects;
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::operator::Role;
use crate::domain::privacy::Texts;
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::domain::ticket::{Marks, Ticket};
use crate::domain::workflow;
use crate::store::{Failure, FailureKind, Fresh, Loaded, Tx};

/// Who takes requests in: the desk, and the channels that work as one of these. `[DOMAIN §3: desk, channel]`
const TAKES_IN: &[Role] = &[
    Role::Dispatcher,
    Role::ShiftLead,
    Role::Callback,
    Role::Administrator,
];

impl Centre {
    /// Whether the operator takes requests in.
    ///
    /// # Errors
    /// [`NotDone::Refused`] when none of the roles does, or the operator may not act any more.
    pub(super) fn may_register(&self) -> Result<(), NotDone> {
        if !self.operator.active {
            return Err(Refusal::OperatorInactive.into());
        }
        if self.operator.is_system() || self.operator.roles.has_any(TAKES_IN) {
            Ok(())
        } else {
            Err(NotDone::Refused(Refusal::MayNotRegister {
                needs: TAKES_IN,
            }))
        }
    }

    /// Registers a request and returns its number.
    ///
    /// # Errors
    /// [`NotDone::Failed`] when it cannot be written; nothing is half written.
    pub fn register(
        &mut self,
        form: &Registration,
        texts: &Texts,
        now: Instant,
    ) -> Result<String, NotDone> {
        self.may_register()?;
        let (rules, by) = (self.rules.clone(), self.operator.code.clone());
        self.store
            .write(|tx| register_in(tx, &rules, &by, form, texts, now))
            .map(|loaded| loaded.ticket.no)
    }
}

/// Registers a request inside a transaction.
pub(super) fn register_in(
    tx: &Tx<'_>,
    rules: &Rules,
    by: &str,
    form: &Registration,
    texts: &Texts,
    now: Instant,
) -> Result<Loaded, NotDone> {
    register_with(tx, rules, by, form, texts, now, |_| Vec::new())
}

/// Registers a request together with what has already happened to it: one row written, each event chained.
pub(super) fn register_with(
    tx: &Tx<'_>,
    rules: &Rules,
    by: &str,
    form: &Registration,
    texts: &Texts,
    now: Instant,
    further: impl FnOnce(&Ticket) -> Vec<Event>,
) -> Result<Loaded, NotDone> {
    let no = next_number(tx, rules, form)?;
    let (mut loaded, mut events) = begin(&no, rules, by, form, now, further)?;
    if loaded.ticket.state.is_open() {
        tx.settle_ended()?;
    }
    if let Some(event) = repeating::alarm(tx, rules, &loaded.ticket, texts)? {
        loaded.ticket.apply(&event, now, by);
        loaded.marks = marks(rules, form, &loaded.ticket);
        events.push(event);
    }
    let fresh = Fresh::of(&events, &loaded.ticket, texts, loaded.marks, now, by)?;
    loaded.id = tx.put(fresh)?;
    Ok(loaded)
}

/// The number of a new ticket.
pub(super) fn next_number(
    tx: &Tx<'_>,
    rules: &Rules,
    form: &Registration,
) -> Result<String, Failure> {
    let zone = rules.editions.at(form.created_at).zone;
    tx.next_number(zone.date(form.created_at))
}

/// A new ticket as its first events make it, and the events. Needs no store.
pub(super) fn begin(
    no: &str,
    rules: &Rules,
    by: &str,
    form: &Registration,
    now: Instant,
    further: impl FnOnce(&Ticket) -> Vec<Event>,
) -> Result<(Loaded, Vec<Event>), Failure> {
    let first = effects::register(form, rules.editions.at(form.created_at));
    let mut ticket = Ticket::begin(no, &first, now)
        .ok_or_else(|| Failure::new(FailureKind::Bug, "a ticket begins with its registration"))?;
    let mut events = vec![first];
    for event in further(&ticket) {
        ticket.apply(&event, now, by);
        events.push(event);
    }
    let loaded = Loaded {
        id: 0,
        marks: marks(rules, form, &ticket),
        ticket,
    };
    Ok((loaded, events))
}

/// When the light and the stage of a new ticket turn.
pub(super) fn marks(rules: &Rules, form: &Registration, ticket: &Ticket) -> Marks {
    let policy = rules.editions.at(form.created_at);
    workflow::marks(ticket, policy, &rules.calendar)
}
