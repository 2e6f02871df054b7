//! Everything the rules are decided with, read from files once and handed about as a value.

use super::calendar::Calendar;
use super::clock::{Clock, Counting, Deadline, Limit};
use super::department::Directory;
use super::instant::{Instant, Zone};
use super::policy::{Editions, Policy};
use super::refusal::Refusal;
use super::ticket::LimitClass;

/// Which days are worked, the editions of the rule book, and who is who.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The holiday notices known.
    pub calendar: Calendar,
    /// The editions of the rule book.
    pub editions: Editions,
    /// Departments, places, categories, sources.
    pub directory: Directory,
}

impl Rules {
    /// The zone of the edition in force at a moment.
    pub fn zone(&self, at: Instant) -> Zone {
        self.editions.at(at).zone
    }

    /// The deadline of a class for a request created at a moment, explained, with the edition it comes from.
    ///
    /// # Errors
    /// [`Refusal::CalendarUnknown`] when a year's notice is not known; it is never guessed.
    pub fn deadline(
        &self,
        class: LimitClass,
        category: &[String],
        created_at: Instant,
    ) -> Result<(Deadline, &Policy), Refusal> {
        let policy = self.editions.at(created_at);
        let limit = Limit::of(policy.limit(class, category));
        Clock::new(created_at, limit)
            .deadline(&self.calendar, Counting::of(policy))
            .map(|deadline| (deadline, policy))
            .map_err(|year| Refusal::CalendarUnknown { year: year.0 })
    }
}
