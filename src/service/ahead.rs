//! What of an import needs no store, done on other threads while tickets are written: reading and matching, and making the
//! rows. Must not decide anything: see `taking`. Start at [`read`] and [`Line`].

use super::NotDone;
use super::importing::{Outturn, ROWS_PER_WRITE_ALONE};
use super::matching::{Matched, Matcher};
use super::registering::begin;
use super::repeating::{is_possible, place};
use super::taking::further;
use crate::domain::act::Registration;
use crate::domain::instant::Instant;
use crate::domain::rules::Rules;
use crate::domain::ticket::State;
use crate::intake::{Draft, RowError};
use crate::store::{Blanks, Failure, FailureKind, Fresh, Store, Tx};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::iter::Flatten;
use std::sync::mpsc::{IntoIter, Receiver, SyncSender, sync_channel};
use std::thread::Scope;

/// Records handed over at once.
const TOGETHER: usize = 256;

/// Packets of records that are read before anybody takes them: while one transaction is written, those of the next.
const READ_AHEAD: usize = ROWS_PER_WRITE_ALONE / TOGETHER;

/// Packets of tickets under way between this thread and the maker.
const UNDER_WAY: usize = 3;

/// Matched records, as the reading thread hands them over; boxed, since each goes through many hands.
type Matches = Flatten<IntoIter<Vec<Result<Box<Matched>, RowError>>>>;

/// Reads and matches drafts on a thread of its own, which waits when nobody takes them.
pub(super) fn read<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    mut drafts: impl Iterator<Item = Result<Draft, RowError>> + Send + 'scope,
    matcher: Matcher<'scope>,
) -> Matches {
    let (send, packets) = sync_channel::<Vec<_>>(READ_AHEAD);
    scope.spawn(move || {
        loop {
            let packet: Vec<_> = drafts
                .by_ref()
                .take(TOGETHER)
                .map(|row| row.map(|draft| Box::new(matcher.of(draft))))
                .collect();
            // Nobody listening any more is no failure.
            if packet.is_empty() || send.send(packet).is_err() {
                return;
            }
        }
    });
    packets.into_iter().flatten()
}

/// A record whose number is given.
struct Order {
    no: String,
    record: Box<Matched>,
    /// Whether it arrives as an open ticket, whatever it says of its end.
    open: bool,
}

/// A ticket that was ordered.
struct Made {
    fresh: Fresh,
    /// Whether it was dispatched without a nature.
    is_natureless: bool,
}

/// A thread that makes tickets of records.
pub(super) struct Maker {
    orders: SyncSender<Vec<Order>>,
    made: Receiver<Result<Vec<Made>, Failure>>,
}

impl Maker {
    /// Starts the thread; it ends when the maker is dropped.
    pub(super) fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        rules: &'scope Rules,
        by: &'scope str,
        now: Instant,
    ) -> Self {
        let (orders, ordered) = sync_channel::<Vec<Order>>(UNDER_WAY);
        let (send, made) = sync_channel(UNDER_WAY);
        scope.spawn(move || {
            let blanks = Blanks::default();
            for packet in ordered {
                let made = packet
                    .into_iter()
                    .map(|order| make(&order, rules, by, now, &blanks))
                    .collect();
                if send.send(made).is_err() {
                    return;
                }
            }
        });
        Self { orders, made }
    }
}

fn make(
    order: &Order,
    rules: &Rules,
    by: &str,
    now: Instant,
    blanks: &Blanks,
) -> Result<Made, Failure> {
    let record = &order.record;
    let form = &record.form;
    let (loaded, events) = begin(&order.no, rules, by, form, now, |ticket| {
        further(record, ticket, order.open, rules)
    })?;
    let ticket = &loaded.ticket;
    Ok(Made {
        fresh: Fresh::on(
            blanks,
            &events,
            ticket,
            &record.words,
            loaded.marks,
            (now, by),
        )?,
        is_natureless: form.nature.is_none() && ticket.state == State::Dispatched,
    })
}

/// Title and words of a record, as far as they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Said {
    title: Option<u64>,
    content: Option<u64>,
}

impl Said {
    /// Of a title and words; what is empty says nothing.
    pub(super) fn of(title: &str, content: &str) -> Self {
        let mark = |text: &str| {
            let text = text.trim();
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            (!text.is_empty()).then(|| hasher.finish())
        };
        Self {
            title: mark(title),
            content: mark(content),
        }
    }

    /// Whether the two do not contradict each other.
    pub(super) fn is_like(self, other: Self) -> bool {
        let is_like =
            |one: Option<u64>, two: Option<u64>| one.is_none() || two.is_none() || one == two;
        is_like(self.title, other.title) && is_like(self.content, other.content)
    }
}

/// A record on its way, as another with its number sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Underway {
    /// What it says.
    pub(super) said: Said,
    /// Whether it becomes a ticket that has ended.
    pub(super) ends: bool,
}

/// The tickets of one transaction on their way through the maker, in their order.
pub(super) struct Line<'a> {
    maker: &'a Maker,
    orders: Vec<Order>,
    under_way: usize,
    /// By source and number.
    known: HashMap<String, HashMap<Option<String>, Underway>>,
    /// The places where something on its way was closed.
    closings: HashSet<String>,
    /// Between which moments stored tickets were closed at a place.
    closed: HashMap<String, Option<(Instant, Instant)>>,
    /// Those that came out as dispatched without a nature.
    natureless: u64,
}

impl<'a> Line<'a> {
    /// Nothing on its way yet.
    pub(super) fn of(maker: &'a Maker) -> Self {
        Self {
            maker,
            orders: Vec::with_capacity(TOGETHER),
            under_way: 0,
            known: HashMap::new(),
            closings: HashSet::new(),
            closed: HashMap::new(),
            natureless: 0,
        }
    }

    /// The record on its way with this one's number, if there is one.
    pub(super) fn known(&self, form: &Registration) -> Option<Underway> {
        let numbers = self.known.get(&form.source)?;
        numbers.get(&form.external_no).copied()
    }

    /// Whether something on its way was closed where this request is about.
    pub(super) fn closes_at(&self, form: &Registration) -> bool {
        let place = place(form.community.as_deref(), form.street.as_deref());
        self.closings.contains(place)
    }

    /// Whether a stored ticket was closed where this request is about, at a time that could make it an alarm.
    pub(super) fn has_closed(
        &mut self,
        store: &Store,
        form: &Registration,
    ) -> Result<bool, Failure> {
        let place = place(form.community.as_deref(), form.street.as_deref());
        let closed = if let Some(known) = self.closed.get(place) {
            *known
        } else {
            let closed = store.closings_at(place)?;
            self.closed.insert(place.to_owned(), closed);
            closed
        };
        Ok(closed.is_some_and(|span| is_possible(span, form)))
    }

    /// Sends a record on its way, and stores tickets that come back.
    pub(super) fn push(
        &mut self,
        tx: &Tx<'_>,
        no: String,
        record: Box<Matched>,
        open: bool,
    ) -> Result<(), NotDone> {
        let form = &record.form;
        let under_way = Underway {
            said: record.said,
            ends: !open && record.has_ended(),
        };
        if under_way.ends && record.closed_at.is_some() {
            let place = place(form.community.as_deref(), form.street.as_deref());
            if !self.closings.contains(place) {
                self.closings.insert(place.to_owned());
            }
        }
        let number = form.external_no.clone();
        if let Some(numbers) = self.known.get_mut(&form.source) {
            numbers.insert(number, under_way);
        } else {
            let numbers = HashMap::from([(number, under_way)]);
            self.known.insert(form.source.clone(), numbers);
        }
        self.orders.push(Order { no, record, open });
        if self.orders.len() == TOGETHER {
            self.send()?;
            if self.under_way == UNDER_WAY {
                self.store(tx)?;
            }
        }
        Ok(())
    }

    /// Stores all that is on its way.
    pub(super) fn finish(&mut self, tx: &Tx<'_>) -> Result<(), NotDone> {
        if !self.orders.is_empty() {
            self.send()?;
        }
        while self.under_way > 0 {
            self.store(tx)?;
        }
        self.known.clear();
        self.closings.clear();
        self.closed.clear();
        Ok(tx.settle()?)
    }

    /// Counts what could only be seen once the tickets were made.
    pub(super) fn count(&self, outturn: &mut Outturn) {
        outturn.natureless += self.natureless;
    }

    fn send(&mut self) -> Result<(), NotDone> {
        let packet = std::mem::replace(&mut self.orders, Vec::with_capacity(TOGETHER));
        self.maker.orders.send(packet).map_err(|_| gone())?;
        self.under_way += 1;
        Ok(())
    }

    fn store(&mut self, tx: &Tx<'_>) -> Result<(), NotDone> {
        let made = self.maker.made.recv().map_err(|_| gone())?;
        self.under_way -= 1;
        for made in made? {
            self.natureless += u64::from(made.is_natureless);
            tx.put(made.fresh)?;
        }
        Ok(())
    }
}

fn gone() -> Failure {
    Failure::new(FailureKind::Bug, "the thread that makes tickets has ended")
}
