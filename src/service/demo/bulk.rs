//! A synthetic store of any size, in the order of time: first what has ended, then what is open, one ticket in twenty and at
//! most as many as a district has.

use super::chance::Chance;
use super::template::Sample;
use super::{Made, registration};
use crate::domain::act::{Filing, Registration};
use crate::domain::department::Place;
use crate::domain::effects::filed_facts;
use crate::domain::event::{Event, ImportedEnd};
use crate::domain::instant::{DAY, Instant};
use crate::domain::rules::Rules;
use crate::domain::ticket::Ticket;
use crate::service::registering::{marks, register_with};
use crate::service::{Centre, NotDone};
use crate::store::Tx;

/// Rows to a transaction: nobody waits for a store that is being made.
const ROWS_PER_WRITE: usize = 16_000;
/// One in so many is open.
const OPEN_ONE_IN: usize = 20;
/// However many have ended, no more are open. `[QUALITY: 50 k open]`
const MOST_OPEN: usize = 50_000;
/// The open ones came in the last days, the others in about two years before.
const OPEN_DAYS: i64 = 25;
const DAYS: i64 = 700;
/// An ended one took at most so long.
const LONGEST: i64 = 12;

pub(super) fn fill(
    centre: &mut Centre,
    sample: &Sample,
    many: usize,
    chance: &mut Chance,
    now: Instant,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Made, NotDone> {
    let open = (many / OPEN_ONE_IN).min(MOST_OPEN);
    let ended = many - open;
    let rules = centre.shared_rules();
    let by = centre.operator.code.clone();
    let mut maker = Maker {
        rules: &rules,
        by: &by,
        sample,
        chance,
    };
    let mut made = Made::default();
    centre.store.set_bulk(true)?;
    centre.store.bring_home_beside(true)?;
    let ended_by = now.plus(-LONGEST * DAY);
    for (is_open, count, from, to) in [
        (false, ended, now.plus(-DAYS * DAY), ended_by),
        (true, open, now.plus(-OPEN_DAYS * DAY), now.plus(-60)),
    ] {
        let step = |at: usize| from.plus((to.0 - from.0) * at as i64 / count.max(1) as i64);
        for first in (0..count).step_by(ROWS_PER_WRITE) {
            let rows = first..count.min(first + ROWS_PER_WRITE);
            made.tickets += rows.len() as u64;
            centre.store.write_many(|tx| {
                rows.into_iter()
                    .try_for_each(|at| maker.put(tx, step(at), is_open))
            })?;
            progress(made.tickets, many as u64);
        }
    }
    centre.store.make_durable()?;
    centre.store.bring_home_beside(false)?;
    // A desk that has worked for two years has been swept every minute: the first to open it has nothing to catch up on.
    centre.write_due(now)?;
    centre.store.set_bulk(false)?;
    centre.store.tidy_search()?;
    Ok(made)
}

/// Makes one ticket after another.
struct Maker<'a> {
    rules: &'a Rules,
    by: &'a str,
    sample: &'a Sample,
    chance: &'a mut Chance,
}

impl Maker<'_> {
    fn put(&mut self, tx: &Tx<'_>, created_at: Instant, is_open: bool) -> Result<(), NotDone> {
        let Self { rules, by, .. } = *self;
        let Some(template) = self.chance.one(&self.sample.templates) else {
            return Ok(());
        };
        let places = rules.directory.communities();
        let Some(place): Option<&Place> = places.get(self.chance.early(places.len())) else {
            return Ok(());
        };
        let source = self
            .chance
            .one(&template.sources)
            .cloned()
            .unwrap_or_default();
        let form = registration(template, place, source, created_at);
        let matter = self
            .sample
            .matter(template, place, &rules.directory, self.chance);
        register_with(tx, rules, by, &form, &matter.texts, created_at, |ticket| {
            further(ticket, &form, matter.lead, is_open, rules, self.chance)
        })?;
        Ok(())
    }
}

fn further(
    ticket: &Ticket,
    form: &Registration,
    lead: String,
    open: bool,
    rules: &Rules,
    chance: &mut Chance,
) -> Vec<Event> {
    if !open {
        let days = chance.between(1, LONGEST);
        let closed_at = ticket.created_at.plus(days * DAY);
        return vec![Event::Imported(ImportedEnd {
            lead: Some(lead),
            on_time: marks(rules, form, ticket).due_at.map(|due| closed_at < due),
            closed_at: Some(closed_at),
        })];
    }
    let policy = rules.editions.of(&ticket.edition, ticket.created_at);
    let mut events: Vec<Event> = filed_facts(ticket, &Filing::default(), policy)
        .map(Event::Filed)
        .into_iter()
        .collect();
    // Four in five of the open ones are on their way.
    if chance.percent(80) {
        events.push(Event::Dispatched {
            lead,
            assisting: Vec::new(),
            suggestion: None,
        });
        if chance.percent(85) {
            events.push(Event::Signed {
                automatic: false,
                due: None,
                since: None,
            });
        }
    }
    events
}
