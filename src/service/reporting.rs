//! The figures of a period, computed from the store for any moment, under the edition then in force.
//!
//! Must not word or draw anything: the documents are made in the report room. Start at [`Centre::figures`].
//! Everything is read from one unchanging view of the store, so that all figures of a report agree; they follow from
//! the ledger up to its head and from `now`. What each means is said in `domain::figures`.

use super::Centre;
use crate::domain::advice::advise;
use crate::domain::assessment::DispatcherFigures;
use crate::domain::counting::{Counted, Counting};
use crate::domain::figures::{AsOf, DispatcherStanding, Earlier, Figures, Hot, Listed, Named};
use crate::domain::instant::{Instant, Zone};
use crate::domain::period::{Period, PeriodKind};
use crate::domain::policy::Policy;
use crate::domain::privacy::{mask_phone, phone_in};
use crate::domain::spans::Span;
use crate::domain::ticket::{Marks, Nature, Ticket};
use crate::insight::hotspots::{self, Matter, Search, Seen};
use crate::store::{Failure, Later, Store};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Tickets named in a list, at most.
const NAMED: usize = 50;
/// Hot spots told, at most, and the tickets that make one.
const HOT: hotspots::Settings = hotspots::Settings {
    at_least: 5,
    most: 10,
};

impl Centre {
    /// The figures of the period that contains a day, as known at `now`.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn figures(
        &self,
        kind: PeriodKind,
        of: NaiveDate,
        now: Instant,
    ) -> Result<Figures, Failure> {
        let zone = self.rules.zone(now);
        // The week begins as the edition of the day has it; scores are those of the period's end.
        let week = self.rules.editions.at(zone.midnight(of)).week_start;
        let period = Period::of(kind, of, week);
        let last = now.min(zone.midnight(period.to));
        let policy = self.rules.editions.at(last.max(zone.midnight(period.from)));
        let report = Report {
            centre: self,
            period,
            zone,
            now,
            policy,
        };
        self.store.at_rest(|store| report.compute(store))
    }
}

/// A report while it is computed.
struct Report<'a> {
    centre: &'a Centre,
    period: Period,
    zone: Zone,
    now: Instant,
    policy: &'a Policy,
}

impl Report<'_> {
    fn compute(&self, store: &Store) -> Result<Figures, Failure> {
        let (seq, head) = store.head()?;
        let as_of = AsOf {
            at: self.now,
            zone: self.zone,
            seq,
            head,
        };
        let whole = Span::of(self.period, self.zone);
        let mut figures = Figures {
            is_over: self.now >= whole.to,
            edition: (self.policy.id.clone(), self.policy.name.clone()),
            ..Figures::empty(self.period, as_of)
        };
        let later = store.changed_after(self.now)?;
        let mut counting = Counting::new(self.period, self.zone, self.now);
        let spans = counting.spans();
        let before = Span {
            from: spans.period.from.plus(-spans.period.seconds()),
            to: spans.period.from,
        };
        let from = before.from.min(spans.previous.from);
        let mut search = Search::new(spans.period.from.0, spans.period.to.0, HOT);
        store.each_created(
            Span {
                from,
                to: spans.period.to.max(from),
            },
            &later,
            |ticket, title| {
                counting.count(ticket);
                // The report counts the district; a department's hot spots are among its own, see `hotspots`.
                if self.centre.operator.sees(ticket.lead, &[]) {
                    search.take(seen(ticket, &words(ticket, title)));
                }
            },
        )?;
        let told = counting.cases();
        counting.finish(&self.policy.scores, &mut figures, |span, show| {
            store.each_created(span, &later, |ticket, _| show(ticket))
        })?;
        figures.year_before = Earlier {
            period: spans
                .year_before
                .as_far(self.period.year_before(), self.zone),
            received: store.count_created(spans.year_before)?,
        };
        figures.false_closures = store.count_false_closures(spans.period)?;
        figures.hotspots = search.found().into_iter().map(hot_spot).collect();
        figures.dispatchers = self.dispatchers(store, spans.period, &later)?;
        for no in &told {
            figures.cases.extend(self.named(store, no, &later)?);
        }
        figures.overdue = self.listed(store, &later, |take| {
            store.each_overdue(whole.to, &later, take)
        })?;
        figures.supervised = self.listed(store, &later, |take| {
            store.each_supervised(whole.to, &later, take)
        })?;
        self.name(&mut figures);
        figures.advice = advise(&figures);
        Ok(figures)
    }

    /// Who dispatched, best first.
    fn dispatchers(
        &self,
        store: &Store,
        span: Span,
        later: &Later,
    ) -> Result<Vec<DispatcherStanding>, Failure> {
        let mut all: BTreeMap<String, DispatcherFigures> = BTreeMap::new();
        store.each_dispatch(span, later, |dispatch| {
            let figures = all.entry(dispatch.by.to_owned()).or_default();
            figures.dispatched += 1;
            figures.accurate.count(dispatch.once);
            if let Some(in_time) = dispatch.in_time {
                figures.in_time.count(in_time);
            }
        })?;
        let names: BTreeMap<String, String> = store
            .operators()?
            .into_iter()
            .map(|operator| (operator.code, operator.name))
            .collect();
        let busiest = all.values().map(|f| f.dispatched).max().unwrap_or(0);
        let mut standings: Vec<DispatcherStanding> = all
            .into_iter()
            .map(|(operator, figures)| DispatcherStanding {
                score: figures.score(&self.policy.scores, busiest),
                name: names.get(&operator).unwrap_or(&operator).clone(),
                figures: DispatcherFigures {
                    operator,
                    ..figures
                },
            })
            .collect();
        standings.sort_by(|a, b| {
            b.score
                .cmp(&a.score)
                .then_with(|| a.figures.operator.cmp(&b.figures.operator))
        });
        Ok(standings)
    }

    /// Of the tickets whose numbers `each` hands over, those that the operator may see: how many, and the first of them.
    fn listed(
        &self,
        store: &Store,
        later: &Later,
        each: impl FnOnce(&mut dyn FnMut(&str) -> Result<(), Failure>) -> Result<(), Failure>,
    ) -> Result<Listed, Failure> {
        let mut listed = Listed::default();
        let all = self.centre.operator.roles.sees_all();
        each(&mut |no| {
            if all && listed.rows.len() >= NAMED {
                listed.total += 1;
            } else if let Some(named) = self.named(store, no, later)? {
                listed.total += 1;
                if listed.rows.len() < NAMED {
                    listed.rows.push(named);
                }
            }
            Ok(())
        })?;
        Ok(listed)
    }

    /// A ticket as a report names it, if the operator may see it.
    fn named(&self, store: &Store, no: &str, later: &Later) -> Result<Option<Named>, Failure> {
        let Some((ticket, marks)) = store.ticket_then(no, later)? else {
            return Ok(None);
        };
        if !self.centre.operator.sees_ticket(&ticket) {
            return Ok(None);
        }
        // The requester of such a ticket is not to be guessed from its title.
        let title = if ticket.hides_requester() {
            String::new()
        } else {
            without_phones(&store.texts(no)?.unwrap_or_default().title)
        };
        Ok(Some(as_named(ticket, marks, title)))
    }

    /// Fills in the names of departments, and the English names of what occurs.
    fn name(&self, figures: &mut Figures) {
        let directory = &self.centre.rules.directory;
        for standing in &mut figures.departments {
            let code = &standing.figures.department;
            if let Some(department) = directory.department(code) {
                standing.name.clone_from(&department.name);
                standing.name_en.clone_from(&department.name_en);
            } else {
                standing.name.clone_from(code);
            }
        }
        // Whoever leads a ticket that is named need not have had any in the period.
        let listed = figures.overdue.rows.iter_mut();
        let listed = listed.chain(&mut figures.supervised.rows);
        for named in listed.chain(&mut figures.cases) {
            let code = named.department.as_deref().unwrap_or_default();
            if let Some(department) = directory.department(code) {
                named.department_name = (department.name.clone(), department.name_en.clone());
            }
        }
        figures.english = directory.english_names();
    }
}

/// A title with its telephone numbers masked.
fn without_phones(title: &str) -> String {
    let mut title = title.to_owned();
    while let Some(phone) = phone_in(&title).map(str::to_owned) {
        let masked = mask_phone(&phone);
        if masked == phone {
            break;
        }
        title = title.replace(&phone, &masked);
    }
    title
}

fn as_named(ticket: Ticket, marks: Marks, title: String) -> Named {
    Named {
        title,
        due_at: marks.due_at,
        no: ticket.no,
        category: ticket.category,
        street: ticket.street,
        community: ticket.community,
        department: ticket.lead,
        department_name: Default::default(),
        created_at: ticket.created_at,
        closed_at: ticket.closed_at,
        rating: ticket.rating.map(|rating| rating.code().to_owned()),
        urges: ticket.urges,
        supervision_level: ticket.supervision_level,
    }
}

/// A ticket as the search for hot spots sees it.
pub(super) fn seen<'a>(ticket: &Counted<'a>, words: &'a str) -> Seen<'a> {
    Seen {
        no: ticket.no,
        created_at: ticket.created_at.0,
        street: ticket.street,
        community: ticket.community,
        category: ticket.category,
        words,
    }
}

/// The words by which the search may know a ticket: its title, where it has no category.
pub(super) fn words(ticket: &Counted<'_>, title: &str) -> String {
    let is_known = ticket.category.iter().any(Option::is_some);
    let is_hidden = ticket.confidential || ticket.nature == Some(Nature::Report.code());
    if is_known || is_hidden {
        String::new()
    } else {
        without_phones(title)
    }
}

pub(super) fn hot_spot(spot: hotspots::HotSpot) -> Hot {
    let category = match spot.matter {
        Matter::Category(path) => path,
        Matter::Text(_) => Vec::new(),
    };
    Hot {
        street: spot.street,
        community: spot.community,
        category,
        title: spot.title,
        count: spot.count as u64,
        before: spot.before as u64,
        examples: spot.examples,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_do_not_stand_in_titles() {
        assert_eq!(
            without_phones("请回电 13800138000 或 28339260"),
            "请回电 138****8000 或 ****9260"
        );
        assert_eq!(without_phones("路灯不亮"), "路灯不亮");
    }
}
