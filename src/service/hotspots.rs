//! Hot spots of any stretch of days: many tickets about one matter in one place, against as many days before.

use super::Centre;
use super::reporting::{case, hot_spot};
use crate::domain::counting::Span;
use crate::domain::figures::Hot;
use crate::domain::instant::Instant;
use crate::insight::hotspots::{Settings, find};
use crate::store::Failure;
use chrono::{Days, NaiveDate};

impl Centre {
    /// The hot spots of the days from `from` to `to`, both included, hottest first.
    ///
    /// An operator who sees only a department's tickets gets the counts, not which tickets they are.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn hotspots(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        now: Instant,
    ) -> Result<Vec<Hot>, Failure> {
        let zone = self.zone(now);
        let next = to.checked_add_days(Days::new(1)).unwrap_or(to);
        let (start, end) = (zone.midnight(from), zone.midnight(next));
        let before = start.plus(-end.since(start).max(0));
        let mut cases = Vec::new();
        self.store.at_rest(|store| {
            let later = store.changed_after(now)?;
            let span = Span {
                from: before,
                to: end,
            };
            store.each_created(span, &later, |ticket, title| {
                cases.push(case(ticket, title));
            })
        })?;
        let found = find(&cases, start.0, end.0, Settings::default());
        let mut spots: Vec<Hot> = found.into_iter().map(hot_spot).collect();
        if !self.operator.roles.sees_all() {
            for spot in &mut spots {
                spot.examples.clear();
                spot.title = None;
            }
        }
        Ok(spots)
    }
}
