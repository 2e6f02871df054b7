//! Hot spots of any stretch of days: many tickets about one matter in one place, against as many days before.

use super::Centre;
use super::reporting::{hot_spot, seen, words};
use crate::domain::figures::Hot;
use crate::domain::instant::Instant;
use crate::domain::spans::Span;
use crate::insight::hotspots::{Search, Settings};
use crate::store::Failure;
use chrono::NaiveDate;

/// What boiled up in a stretch of days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HotSpots {
    /// The hot spots, hottest first.
    pub spots: Vec<Hot>,
    /// Tickets of these days that have neither street nor community, and so are in none of them.
    pub placeless: u64,
}

impl Centre {
    /// The hot spots of the days from `from` to `to`, both included, hottest first.
    ///
    /// An operator who sees only a department's tickets gets what boiled up among those it leads: a count of another
    /// department's would tell of them.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn hotspots(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        now: Instant,
    ) -> Result<HotSpots, Failure> {
        let zone = self.zone(now);
        let (start, end) = (zone.midnight(from), zone.end_of(to));
        let before = start.plus(-end.since(start).max(0));
        let mut search = Search::new(start.0, end.0, Settings::default());
        self.store.at_rest(|store| {
            let later = store.changed_after(now)?;
            let span = Span {
                from: before,
                to: end,
            };
            store.each_created(span, &later, |ticket, title| {
                if self.operator.sees(ticket.lead, &[]) {
                    search.take(seen(ticket, &words(ticket, title)));
                }
            })
        })?;
        Ok(HotSpots {
            placeless: search.placeless(),
            spots: search.found().into_iter().map(hot_spot).collect(),
        })
    }
}
