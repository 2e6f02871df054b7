//! Everything the rules are decided with, read from files once and handed about as a value.

use super::calendar::Calendar;
use super::clock::{Clock, Counting, Deadline, Limit};
use super::department::Directory;
use super::instant::{Instant, Zone};
use super::later::Later;
use super::policy::{Editions, Policy};
use super::refusal::Refusal;
use super::ticket::LimitClass;

/// Which days are worked, the editions of the rule book, and who is who.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The holiday notices known.
    pub calendar: Later<Calendar>,
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
    ///
    /// An enquiry of the Friday before Golden Week, five working days: `[law: 民法典 201, 203]`
    /// ```
    /// use fenbo::domain::ticket::LimitClass;
    /// let rules = fenbo::config::rules(None).unwrap();
    /// let zone = rules.zone(Default::default());
    /// let created = zone.parse("2017-09-29 17:10").unwrap();
    /// let (deadline, policy) = rules.deadline(LimitClass::Enquiry, &[], created).unwrap();
    /// assert_eq!(deadline.last_day.to_string(), "2017-10-12");
    /// assert_eq!(policy.id, "pingshan-2017");
    /// assert!(rules.deadline(LimitClass::Enquiry, &[], zone.parse("2099-01-01").unwrap()).is_err());
    /// ```
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
