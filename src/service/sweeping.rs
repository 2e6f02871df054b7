//! The sweep 巡检: one pass over what has become due, however late or often it is run. `[DOMAIN §5]`
//!
//! Costs by what is due: each ticket has the moment at which it is to be looked at again, and every act resets it.
//! A look finds what is due from the ledger (see `domain::ladder`), so nothing is written twice; reminders and the
//! digest that tells of them are one transaction, so nothing is lost. The digests are handed over by `delivering`.
//! Start at [`Centre::sweep`].

use super::asking::{Asked, Past, ask};
use super::digest;
use super::performing::write_events;
use super::{Centre, NotDone};
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::ladder::{self, Book};
use crate::domain::light::Light;
use crate::domain::operator::Operator;
use crate::domain::policy::Policy;
use crate::domain::rules::Rules;
use crate::domain::ticket::{Nature, State, Ticket};
use crate::domain::workflow;
use crate::store::{Failure, FailureKind, Loaded, Tx};
use chrono::Datelike;
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Tickets to a transaction…
const TICKETS: usize = 250;
/// …or entries, whichever comes first: other desks wait for no longer than that.
const ENTRIES: u64 = 500;
/// A ticket on which a rule refuses what the clock calls for, or that cannot be read, is looked at again after this.
const LATER: i64 = 3600;
/// With more tickets that cannot be read the sweep gives up: it is not single tickets that are damaged.
const UNREAD: usize = 20;
/// The setting by which the sweep notices that the rules have changed.
const RULES_SEEN: &str = "sweep/rules";

/// Something the sweep wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Did {
    /// The ticket.
    pub no: String,
    /// What.
    pub event: Event,
    /// The moment it became due; nothing where it follows from other rules being known.
    pub due: Option<Instant>,
}

/// What a sweep came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Tickets looked at.
    pub looked: u64,
    /// Reminders written, by light: counted only, as a sweep that comes very late writes millions.
    pub reminders: BTreeMap<Light, u64>,
    /// What was written besides, in the order of the ledger.
    pub done: Vec<Did>,
    /// Digests made ready to go out.
    pub digests: u64,
    /// Tickets that could not be read, or not be put off, and are left for later: the file is damaged.
    pub unread: Vec<String>,
    /// Why not all that was erased is gone from the disk.
    pub left: Option<Failure>,
    /// Why the ledger's head was not published.
    pub unpublished: Option<Failure>,
}

impl Swept {
    /// Entries written.
    pub fn written(&self) -> u64 {
        self.done.len() as u64 + self.reminders.values().sum::<u64>()
    }

    fn note(&mut self, no: &str, event: &Event, due: Option<Instant>) {
        match event {
            Event::Reminded { light, .. } => *self.reminders.entry(*light).or_default() += 1,
            event => self.done.push(Did {
                no: no.to_owned(),
                event: event.clone(),
                due,
            }),
        }
    }

    fn add(&mut self, part: Self) {
        self.looked += part.looked;
        self.done.extend(part.done);
        self.unread.extend(part.unread);
        for (light, n) in part.reminders {
            *self.reminders.entry(light).or_default() += n;
        }
    }
}

impl Centre {
    /// Writes what has become due by `now`, and makes the digests ready; finishes what was erased, and publishes the head.
    ///
    /// # Errors
    /// [`NotDone::Failed`] when the store cannot be written. What was committed before stands, and the next sweep
    /// goes on from there.
    pub fn sweep(&mut self, now: Instant) -> Result<Swept, NotDone> {
        let mut swept = self.write_due(now)?;
        swept.left = self.store.finish_erasing().err();
        let published = self.publish_in_time(now);
        swept.unpublished = published
            .map_err(|why| Failure::new(FailureKind::Unpublished, why.cause))
            .err();
        Ok(swept)
    }

    /// Writes what has become due by `now`, and makes the digests ready: what of a sweep concerns the tickets.
    pub(super) fn write_due(&mut self, now: Instant) -> Result<Swept, NotDone> {
        let mut swept = self.dispatch_by_rule(now)?;
        self.notice_rules()?;
        if !self.store.has_sweep(now)? {
            return Ok(swept);
        }
        let rules = self.rules.clone();
        let (mut looked, mut stuck) = (HashSet::new(), BTreeMap::new());
        let mut together = TICKETS;
        loop {
            let (met, batch): (Vec<_>, Vec<_>) = self
                .store
                .sweep_batch(now, together + stuck.len())?
                .into_iter()
                .partition(|(id, _)| looked.contains(id));
            // Each was put off when it was looked at: in a sound file none comes twice.
            stuck.extend(met);
            if batch.is_empty() {
                break;
            }
            let mut at = 0;
            let part = self
                .store
                .write(|tx| sweep_some(tx, &rules, &batch, now, &mut at));
            if let Err(NotDone::Failed(failure)) = &part
                && failure.kind == FailureKind::Damaged
                && swept.unread.len() < UNREAD
            {
                // None of the batch is written: the others come again, without the one that cannot be read.
                let only = if let [only] = &batch[..] {
                    Some(only)
                } else {
                    None
                };
                let Some((id, no)) = batch.get(at).or(only) else {
                    // That was seen at the commit, which is of all of them.
                    together = 1;
                    continue;
                };
                self.store.write(|tx| put_off(tx, *id, now))?;
                looked.insert(*id);
                swept.unread.push(no.clone());
                together = TICKETS;
                continue;
            }
            let part = part?;
            looked.extend(batch.iter().take(part.looked as usize).map(|(id, _)| *id));
            swept.add(part);
        }
        swept.unread.extend(stuck.into_values());
        swept.digests = self.store.write(|tx| digest::write(tx, now))?;
        Ok(swept)
    }

    /// A calendar year that has become known, or an edition that was mended, may move any ticket's moments.
    fn notice_rules(&mut self) -> Result<(), Failure> {
        let sign = self.rules_sign.get_or_init(|| sign(&self.rules));
        if self.store.setting(RULES_SEEN)?.as_ref() == Some(sign) {
            return Ok(());
        }
        self.store.write(|tx| {
            tx.look_at_all()?;
            tx.set_setting(RULES_SEEN, sign)
        })
    }
}

/// What stands for the calendars and editions: another one for others.
fn sign(rules: &Rules) -> String {
    let mut hash = DefaultHasher::new();
    format!("{:?}{:?}", rules.calendar, rules.editions).hash(&mut hash);
    format!("{:016x}", hash.finish())
}

/// Looks at tickets until the transaction is full; the rest is left to the next one.
fn sweep_some(
    tx: &Tx<'_>,
    rules: &Rules,
    batch: &[(i64, String)],
    now: Instant,
    at: &mut usize,
) -> Result<Swept, NotDone> {
    let mut swept = Swept::default();
    for (place, (id, no)) in batch.iter().enumerate() {
        *at = place;
        if swept.written() >= ENTRIES {
            break;
        }
        swept.looked += 1;
        match tx.load(no) {
            Ok(Some(loaded)) if loaded.id == *id => look(tx, rules, loaded, now, &mut swept)?,
            Err(failure) if failure.kind != FailureKind::Damaged => return Err(failure.into()),
            // Not to be read, or another ticket's number stands in its row.
            _ => {
                swept.unread.push(no.clone());
                put_off(tx, *id, now)?;
            }
        }
    }
    *at = batch.len();
    Ok(swept)
}

/// Looks again later at what cannot be read now.
fn put_off(tx: &Tx<'_>, id: i64, now: Instant) -> Result<(), Failure> {
    tx.look_again(id, Some(now.plus(LATER)))
}

/// What has no moment ahead may get one when a calendar year becomes known; what has ended for good is forgotten.
fn waits(state: &State) -> Option<Instant> {
    let may_go_on =
        state.is_open() || matches!(state, State::Closed | State::Answered | State::Refused);
    may_go_on.then_some(Instant(i64::MAX))
}

/// Whether this is the complaint with which its place and matter became a hot spot of its month: exactly the n-th, so that
/// a spot is proposed once however many follow.
fn makes_hot_spot(tx: &Tx<'_>, ticket: &Ticket, policy: &Policy) -> Result<bool, Failure> {
    let complains = match ticket.nature {
        Some(Nature::Complaint | Nature::Help | Nature::Report) => true,
        Some(Nature::Enquiry | Nature::Suggestion | Nature::Thanks | Nature::Other) | None => false,
    };
    if !complains {
        return Ok(false);
    }
    let day = policy.zone.date(ticket.created_at);
    let month = policy.zone.midnight(day.with_day(1).unwrap_or(day));
    let wanted = policy.supervisions.hot_spot.value;
    Ok(tx.complaints_with(ticket, month, wanted + 1)? == wanted)
}

/// Writes what has become due on one ticket, and when to look again.
fn look(
    tx: &Tx<'_>,
    rules: &Rules,
    mut loaded: Loaded,
    now: Instant,
    swept: &mut Swept,
) -> Result<(), NotDone> {
    let policy = rules
        .editions
        .of(&loaded.ticket.edition, loaded.ticket.created_at);
    let book = Book {
        policy,
        calendar: &rules.calendar,
    };
    let system = Operator::system();
    let no = loaded.ticket.no.clone();
    let marks = workflow::marks(&loaded.ticket, policy, &rules.calendar);
    // A program that knows fewer years than the one before it takes no deadline away.
    let forgets = marks.due_at.is_none() && loaded.marks.due_at.is_some();
    if loaded.ticket.state.is_open() && marks != loaded.marks && !forgets {
        let event = Event::Recalculated;
        loaded = write_events(
            tx,
            rules,
            &system.code,
            loaded,
            std::slice::from_ref(&event),
            now,
        )?;
        swept.note(&no, &event, None);
    }
    let mut again = None;
    while let Some((due, act)) = ladder::by_rule(&loaded.ticket, loaded.marks, book) {
        if due > now {
            again = Some(due);
            break;
        }
        let asked = ask(&Asked {
            loaded: &loaded,
            past: &Past::default(),
            master: None,
            act: &act,
            rules,
            operator: &system,
            now,
        });
        let Ok(events) = asked else {
            again = Some(now.plus(LATER));
            break;
        };
        loaded = write_events(tx, rules, &system.code, loaded, &events, now)?;
        for event in &events {
            swept.note(&no, event, Some(due));
        }
    }
    let hot = makes_hot_spot(tx, &loaded.ticket, policy)?;
    let outlook = ladder::outlook(&tx.ledger(&no)?, book, hot, now);
    if !outlook.due.is_empty() {
        let events: Vec<Event> = outlook.due.iter().map(|(_, event)| event.clone()).collect();
        let zone = policy.zone;
        loaded = write_events(tx, rules, &system.code, loaded, &events, now)?;
        digest::note(tx, &loaded.ticket, loaded.marks, &outlook.due, zone)?;
        for (due, event) in &outlook.due {
            swept.note(&no, event, Some(*due));
        }
    }
    let next = [again, outlook.next].into_iter().flatten().min();
    tx.look_again(loaded.id, next.or_else(|| waits(&loaded.ticket.state)))?;
    Ok(())
}
