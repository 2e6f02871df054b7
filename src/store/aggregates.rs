//! What reports count: tickets by the day they were created, dispatches by the moment they were made.
//!
//! Must not know what a figure means (see `domain::counting`). What is counted stands in indices, so that no row is read,
//! except of the few that were returned, that have no category, or that have changed since the moment asked about: those
//! are folded from the ledger. Start at [`Store::each_created`]; read everything of one report inside [`Store::at_rest`].

use super::failure::Failure;
use super::{Store, instant, marks, natural, text};
use crate::domain::act::Rating;
use crate::domain::counting::Counted;
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::spans::Span;
use crate::domain::ticket::{LimitClass, Marks, Nature, State, Ticket};
use rusqlite::{OptionalExtension, Row, Rows, params};
use std::collections::{BTreeSet, HashMap};

/// Tickets that have changed since a moment that a report speaks of.
///
/// A ticket that was entered later than that moment, as an import does, counts from its `created_at` all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Later {
    /// The moment.
    now: Instant,
    /// The tickets' keys.
    ids: BTreeSet<i64>,
}

/// A dispatch that was not recalled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch<'a> {
    /// Who dispatched.
    pub by: &'a str,
    /// Whether it was within the stage's limit; nothing when there was none.
    pub in_time: Option<bool>,
    /// Whether the ticket was dispatched once only.
    pub once: bool,
}

const COUNTED: &str = "id, no, created_at, state, confidential, nature, limit_class, source, channel, \
     category1, category2, category3, street, community, lead, due_at, on_time, exempt, dispatched_at, replied_at, \
     closed_at, reworks + redos, urges, rating, contacted, solved, returns > 0, redos";

impl Store {
    /// How many alarms of false closures were raised within a span.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn count_false_closures(&self, span: Span) -> Result<u64, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM event WHERE kind = 'false_closure_alarmed' AND at >= ? AND at < ?",
            )?
            .query_row([span.from.0, span.to.0], |row| natural(row, 0))?)
    }

    /// Runs `work` on the store as it is now: what others write meanwhile is not seen.
    ///
    /// # Errors
    /// What `work` fails with, or [`Failure`] when the store cannot be read.
    pub fn at_rest<T>(&self, work: impl FnOnce(&Self) -> Result<T, Failure>) -> Result<T, Failure> {
        let transaction = self.conn.unchecked_transaction()?;
        let done = work(self)?;
        transaction.finish()?;
        Ok(done)
    }

    /// Which tickets have changed after a moment. The ledger is in the order of time, so this looks at its end only.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn changed_after(&self, now: Instant) -> Result<Later, Failure> {
        let mut later = Later {
            now,
            ids: BTreeSet::new(),
        };
        let mut statement = self
            .conn
            .prepare_cached("SELECT at, ticket_id, kind FROM event ORDER BY seq DESC")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if row.get::<_, i64>(0)? <= now.0 {
                break;
            }
            let Some(id) = row.get::<_, Option<i64>>(1)? else {
                continue;
            };
            let kind = text(row, 2)?;
            if !is_entry(kind) {
                later.ids.insert(id);
            }
        }
        Ok(later)
    }

    /// Hands over every ticket created in a span, as it stood at the moment `later` was asked for; one without a category
    /// with its title.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn each_created(
        &self,
        span: Span,
        later: &Later,
        mut take: impl FnMut(&Counted<'_>, &str),
    ) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COUNTED} FROM ticket INDEXED BY counted_by_created \
             WHERE created_at >= ? AND created_at < ? ORDER BY created_at, id"
        ))?;
        let mut rows = statement.query(params![span.from.0, span.to.0])?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            if later.ids.contains(&id) {
                if let Some((ticket, marks)) = self.folded(id, later.now)? {
                    take(&counted(&ticket, marks), &self.title(id)?);
                }
                continue;
            }
            let mut ticket = from_row(row)?;
            if row.get(26)? {
                ticket.returned_by = self.returned_by(id)?;
            }
            let title = match ticket.category[0] {
                Some(_) => String::new(),
                None => self.title(id)?,
            };
            take(&ticket, &title);
        }
        Ok(())
    }

    fn title(&self, id: i64) -> Result<String, Failure> {
        Ok(self
            .conn
            .prepare_cached("SELECT title FROM ticket WHERE id = ?")?
            .query_row([id], |row| row.get(0))?)
    }

    fn returned_by(&self, id: i64) -> Result<Vec<String>, Failure> {
        let facts: String = self
            .conn
            .prepare_cached("SELECT facts FROM ticket WHERE id = ?")?
            .query_row([id], |row| row.get(0))?;
        Ok(serde_json::from_str::<Ticket>(&facts)?.returned_by())
    }

    /// How many tickets were created in a span.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn count_created(&self, span: Span) -> Result<u64, Failure> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM ticket WHERE created_at >= ? AND created_at < ?")?
            .query_row([span.from.0, span.to.0], |row| natural(row, 0))?)
    }

    /// Hands over the dispatches made in a span by persons, recalled ones left out, newest first.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn each_dispatch(
        &self,
        span: Span,
        later: &Later,
        mut take: impl FnMut(&Dispatch<'_>),
    ) -> Result<(), Failure> {
        // The entry before says when the dispatch was due. The index holds the few tickets that went out again.
        let mut statement = self.conn.prepare_cached(
            "SELECT e.ticket_id, e.kind, e.by, e.at, \
             (SELECT p.stage_due_at FROM event p WHERE p.ticket_id = e.ticket_id AND p.seq < e.seq ORDER BY p.seq DESC LIMIT 1), \
             EXISTS (SELECT 1 FROM ticket t INDEXED BY dispatched_again \
                     WHERE t.id = e.ticket_id AND (t.dispatches > 1 OR t.returns > 0)) \
             FROM event e INDEXED BY event_of_dispatch WHERE e.kind IN ('dispatched', 'recalled') AND e.at >= ? AND e.at < ? \
             ORDER BY e.at DESC, e.seq DESC",
        )?;
        let mut rows = statement.query(params![span.from.0, span.to.0])?;
        // A recall takes back the last dispatch before it: backwards in time, the next one of its ticket.
        let mut recalled: HashMap<i64, u32> = HashMap::new();
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            if text(row, 1)? == "recalled" {
                *recalled.entry(id).or_default() += 1;
                continue;
            }
            if let Some(left) = recalled.get_mut(&id).filter(|left| **left > 0) {
                *left -= 1;
                continue;
            }
            let at: i64 = row.get(3)?;
            let due: Option<i64> = row.get(4)?;
            let once = if later.ids.contains(&id) {
                let then = self.folded(id, later.now)?;
                then.is_some_and(|(ticket, _)| ticket.dispatches <= 1 && ticket.returns == 0)
            } else {
                !row.get::<_, bool>(5)?
            };
            take(&Dispatch {
                by: text(row, 2)?,
                in_time: due.map(|due| at <= due),
                once,
            });
        }
        Ok(())
    }

    /// Hands over the numbers of the tickets created before a moment that are open past their deadline at the moment of
    /// `later`: the longest overdue first.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read, or what `take` fails with.
    pub fn each_overdue(
        &self,
        before: Instant,
        later: &Later,
        take: impl FnMut(&str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let changed = self.folded_before(before, later, |ticket, marks| {
            let running = ticket.state.clock_runs() && ticket.state != State::Suspended;
            let due = marks.due_at.filter(|due| running && *due <= later.now);
            due.map(|due| due.0)
        })?;
        let mut statement = self.conn.prepare_cached(
            "SELECT id, due_key, no FROM ticket INDEXED BY running_by_due \
             WHERE is_running = 1 AND due_key <= ?1 AND created_at < ?2 ORDER BY due_key, no",
        )?;
        each_of_both(
            statement.query([later.now.0, before.0])?,
            changed,
            later,
            take,
        )
    }

    /// Hands over the numbers of the tickets created before a moment that are open and on the ladder at the moment of
    /// `later`, in their order.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read, or what `take` fails with.
    pub fn each_supervised(
        &self,
        before: Instant,
        later: &Later,
        take: impl FnMut(&str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let changed = self.folded_before(before, later, |ticket, _| {
            (ticket.state.is_open() && ticket.supervision_level > 0).then_some(0)
        })?;
        let mut statement = self.conn.prepare_cached(
            "SELECT id, 0, no FROM ticket INDEXED BY on_ladder \
             WHERE is_supervised = 1 AND supervision_level > 0 AND created_at < ? ORDER BY no",
        )?;
        each_of_both(statement.query([before.0])?, changed, later, take)
    }

    /// A ticket by its number, as it stood at the moment of `later`.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn ticket_then(&self, no: &str, later: &Later) -> Result<Option<(Ticket, Marks)>, Failure> {
        let Some(loaded) = self.load(no)? else {
            return Ok(None);
        };
        if later.ids.contains(&loaded.id) {
            return self.folded(loaded.id, later.now);
        }
        Ok(Some((loaded.ticket, loaded.marks)))
    }

    /// The tickets of `later` that were created before a moment and have a place in a list as they stood then, in its order.
    fn folded_before(
        &self,
        before: Instant,
        later: &Later,
        place: impl Fn(&Ticket, Marks) -> Option<i64>,
    ) -> Result<Vec<(i64, String)>, Failure> {
        let mut all = Vec::new();
        for id in &later.ids {
            if let Some((ticket, marks)) = self.folded(*id, later.now)?
                && ticket.created_at < before
                && let Some(place) = place(&ticket, marks)
            {
                all.push((place, ticket.no));
            }
        }
        all.sort();
        Ok(all)
    }

    /// A ticket as its entries up to a moment make it, with its marks then; nothing when it was created later.
    fn folded(&self, id: i64, now: Instant) -> Result<Option<(Ticket, Marks)>, Failure> {
        let no: Option<String> = self
            .conn
            .prepare_cached("SELECT no FROM ticket WHERE id = ?")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let Some(no) = no else { return Ok(None) };
        let mut statement = self.conn.prepare_cached(
            "SELECT at, by, kind, data, warn_at, due_at, stage_due_at FROM event WHERE ticket_id = ? ORDER BY seq",
        )?;
        let mut rows = statement.query([id])?;
        let mut folded: Option<(Ticket, Marks)> = None;
        while let Some(row) = rows.next()? {
            let at = Instant(row.get(0)?);
            let kind = text(row, 2)?;
            if at > now && !is_entry(kind) {
                continue;
            }
            let event: Event = serde_json::from_str(text(row, 3)?)?;
            let marks = marks(row, 4)?;
            match &mut folded {
                None => folded = Ticket::begin(&no, &event, at).map(|ticket| (ticket, marks)),
                Some((ticket, then)) => {
                    ticket.apply(&event, at, text(row, 1)?);
                    *then = marks;
                }
            }
        }
        Ok(folded.filter(|(ticket, _)| ticket.created_at <= now))
    }
}

/// Hands over numbers from two lists as one: of rows of id, place and number those that have not changed since, and those
/// that have. Both are in the order of place and number.
fn each_of_both(
    mut rows: Rows<'_>,
    changed: Vec<(i64, String)>,
    later: &Later,
    mut take: impl FnMut(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut changed = changed.into_iter().peekable();
    while let Some(row) = rows.next()? {
        if later.ids.contains(&row.get(0)?) {
            continue;
        }
        let next = (row.get(1)?, text(row, 2)?);
        while let Some((_, no)) = changed.next_if(|(place, no)| (*place, no.as_str()) < next) {
            take(&no)?;
        }
        take(next.1)?;
    }
    changed.try_for_each(|(_, no)| take(&no))
}

/// Entries by which a ticket comes into the store; they count from its `created_at`, whenever they were written.
fn is_entry(kind: &str) -> bool {
    matches!(kind, "registered" | "imported")
}

/// What is counted of a ticket as it was folded.
fn counted(ticket: &Ticket, marks: Marks) -> Counted<'_> {
    let level = |at: usize| ticket.category.get(at).map(String::as_str);
    Counted {
        no: &ticket.no,
        created_at: ticket.created_at,
        state: ticket.state.clone(),
        confidential: ticket.confidential,
        nature: ticket.nature.map(Nature::code),
        limit_class: ticket.limit_class.map(LimitClass::code),
        source: &ticket.source,
        channel: &ticket.channel,
        category: [level(0), level(1), level(2)],
        street: ticket.street.as_deref(),
        community: ticket.community.as_deref(),
        lead: ticket.lead.as_deref(),
        due_at: marks.due_at,
        on_time: ticket.on_time,
        exempt: ticket.exempt,
        dispatched_at: ticket.dispatched_at,
        replied_at: ticket.replied_at,
        closed_at: ticket.closed_at,
        reworks: ticket.reworks + ticket.redos,
        redos: ticket.redos,
        urges: ticket.urges,
        rating: ticket.rating,
        contacted: ticket.contacted,
        solved: ticket.solved,
        returned_by: ticket.returned_by(),
    }
}

/// A row of the columns of [`COUNTED`]; who returned it is to be asked for.
fn from_row<'a>(row: &'a Row<'_>) -> rusqlite::Result<Counted<'a>> {
    let maybe =
        |at: usize| -> rusqlite::Result<Option<&'a str>> { Ok(row.get_ref(at)?.as_str_or_null()?) };
    let state = text(row, 3)?;
    Ok(Counted {
        no: text(row, 1)?,
        created_at: Instant(row.get(2)?),
        state: State::from_code(state).unwrap_or_else(|| State::Foreign(state.to_owned())),
        confidential: row.get(4)?,
        nature: maybe(5)?,
        limit_class: maybe(6)?,
        source: text(row, 7)?,
        channel: text(row, 8)?,
        category: [maybe(9)?, maybe(10)?, maybe(11)?],
        street: maybe(12)?,
        community: maybe(13)?,
        lead: maybe(14)?,
        due_at: instant(row, 15)?,
        on_time: row.get(16)?,
        exempt: row.get(17)?,
        dispatched_at: instant(row, 18)?,
        replied_at: instant(row, 19)?,
        closed_at: instant(row, 20)?,
        reworks: row.get(21)?,
        redos: row.get(27)?,
        urges: row.get(22)?,
        rating: maybe(23)?.and_then(Rating::from_code),
        contacted: row.get(24)?,
        solved: row.get(25)?,
        returned_by: Vec::new(),
    })
}
