//! A synthetic store of any size: one ticket in twenty is open, the others arrive closed.

use super::chance::Chance;
use super::template::Sample;
use super::{Made, channel_of};
use crate::domain::act::{Filing, Registration};
use crate::domain::department::Place;
use crate::domain::effects::filed_facts;
use crate::domain::event::{Event, ImportedEnd};
use crate::domain::instant::{DAY, Instant};
use crate::domain::ticket::{Ticket, Urgency};
use crate::service::registering::{marks, register_with};
use crate::service::{Centre, NotDone};

/// Rows to a transaction.
const ROWS_PER_WRITE: usize = 5_000;
/// One in so many is open.
const OPEN_ONE_IN: i64 = 20;

pub(super) fn fill(
    centre: &mut Centre,
    sample: &Sample,
    many: usize,
    chance: &mut Chance,
    now: Instant,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Made, NotDone> {
    let rules = centre.shared_rules();
    let by = centre.operator.code.clone();
    // The open ones are of the last thirty days, the closed ones of the last two years.
    let spread = 700 * DAY;
    let mut made = Made::default();
    while (made.tickets as usize) < many {
        let rows = ROWS_PER_WRITE.min(many - made.tickets as usize);
        centre.store.write(|tx| {
            for _ in 0..rows {
                let open = chance.between(1, OPEN_ONE_IN) == 1;
                let age = chance.between(60, if open { 25 * DAY } else { spread });
                let created_at = now.plus(-age);
                let Some(template) = chance.one(&sample.templates) else {
                    continue;
                };
                let places = rules.directory.communities();
                let Some(place): Option<&Place> = places.get(chance.early(places.len())) else {
                    continue;
                };
                let source = chance.one(&template.sources).cloned().unwrap_or_default();
                let form = Registration {
                    created_at,
                    channel: channel_of(&source).to_owned(),
                    source,
                    external_no: None,
                    nature: Some(template.nature),
                    limit_class: None,
                    urgency: Urgency::Normal,
                    confidential: false,
                    category: template.category.clone(),
                    street: place.street.clone(),
                    community: Some(place.name.clone()),
                };
                let matter = sample.matter(template, place, &rules.directory, chance);
                register_with(
                    tx,
                    &rules,
                    &by,
                    &form,
                    &matter.texts,
                    created_at,
                    |ticket| further(ticket, &form, matter.lead.clone(), open, &rules, chance),
                )?;
            }
            Ok::<_, NotDone>(())
        })?;
        made.tickets += rows as u64;
        progress(made.tickets, many as u64);
    }
    Ok(made)
}

fn further(
    ticket: &Ticket,
    form: &Registration,
    lead: String,
    open: bool,
    rules: &crate::domain::rules::Rules,
    chance: &mut Chance,
) -> Vec<Event> {
    if !open {
        let days = chance.between(1, 12);
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
