//! Which tickets were before the operator, each told once in an hour, and how the ledger comes to keep it.
//!
//! Time is an argument. Start at [`Viewings::shown`] for the desk, at [`Recorder`] for the worker.

use super::answers;
use crate::console::app::Msg;
use crate::domain::instant::Instant as Moment;
use crate::domain::viewed::{Viewing, Way};
use crate::service::Centre;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How long a ticket stands in the pane before it counts as viewed: a glance at a row on the way to another does not.
const GLANCE: Duration = Duration::from_secs(5);

/// How long the same ticket is not told again.
const HOUR: Duration = Duration::from_secs(3600);

/// What is told of a ticket once.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Seen,
    Copied,
}

/// The tickets viewed at this desk.
#[derive(Default)]
pub(super) struct Viewings {
    /// The ticket in the pane, and since when, until it is told.
    resting: Option<(String, Instant)>,
    /// What stood on the screen when it was last looked at.
    before: Option<(String, bool)>,
    /// When each was told.
    told: HashMap<(String, Kind), Instant>,
}

impl Viewings {
    /// What a frame shows beyond its row, and whether over the whole screen; the viewing that it is, if it is one at once.
    pub(super) fn shown(&mut self, shown: Option<(&str, bool)>, now: Instant) -> Option<Viewing> {
        let same = |before: &(String, bool)| shown == Some((before.0.as_str(), before.1));
        if self.before.as_ref().map_or(shown.is_none(), same) {
            return None;
        }
        self.before = shown.map(|(no, whole)| (no.to_owned(), whole));
        self.resting = None;
        let (no, whole) = shown?;
        if whole {
            return self.tell(no, Way::Opened, now);
        }
        self.resting = Some((no.to_owned(), now));
        None
    }

    /// When the ticket in the pane will have been viewed.
    pub(super) fn due_at(&self) -> Option<Instant> {
        self.resting.as_ref().map(|(_, since)| *since + GLANCE)
    }

    /// The ticket in the pane, once it has stood there for long enough.
    pub(super) fn rested(&mut self, now: Instant) -> Option<Viewing> {
        self.due_at().filter(|at| *at <= now)?;
        let (no, _) = self.resting.take()?;
        self.tell(&no, Way::Rested, now)
    }

    /// A ticket was copied out of the console.
    pub(super) fn copied(&mut self, no: &str, now: Instant) -> Option<Viewing> {
        self.tell(no, Way::Copied, now)
    }

    fn tell(&mut self, no: &str, way: Way, now: Instant) -> Option<Viewing> {
        let kind = match way {
            Way::Opened | Way::Rested => Kind::Seen,
            Way::Copied => Kind::Copied,
        };
        self.told
            .retain(|_, at| now.saturating_duration_since(*at) < HOUR);
        let key = (no.to_owned(), kind);
        if self.told.contains_key(&key) {
            return None;
        }
        self.told.insert(key, now);
        Some(Viewing {
            no: no.to_owned(),
            way,
        })
    }
}

/// How long viewings wait while the keys ask for something: writing them would take the worker from that.
const MAY_WAIT: Duration = Duration::from_secs(10);

/// How long they are tried when the console is left while somebody else writes: as long as any other writing waits.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

/// Viewings that are still to be written.
#[derive(Default)]
pub(super) struct Recorder {
    waiting: Vec<(Viewing, Moment)>,
    since: Option<Instant>,
    failing: bool,
}

impl Recorder {
    /// Takes what was viewed at a moment.
    pub(super) fn take(&mut self, viewing: Viewing, at: Moment) {
        self.since.get_or_insert_with(Instant::now);
        self.waiting.push((viewing, at));
    }

    /// Whether something has waited for long enough.
    pub(super) fn is_late(&self) -> bool {
        self.since.is_some_and(|since| since.elapsed() >= MAY_WAIT)
    }

    /// Writes what waits, unless somebody else writes just now; a failure is told once, until one writing has succeeded.
    pub(super) fn write(&mut self, centre: &mut Centre, answer: &dyn Fn(Msg)) {
        if self.waiting.is_empty() {
            return;
        }
        match centre.record_viewings(&self.waiting) {
            Ok(false) => {}
            Ok(true) => *self = Self::default(),
            Err(failure) => {
                if !std::mem::replace(&mut self.failing, true) {
                    answer(answers::failed(&failure));
                }
            }
        }
    }

    /// Writes what still waits when the console is left; what cannot be written stands in the log.
    pub(super) fn finish(&mut self, centre: &mut Centre, answer: &dyn Fn(Msg)) {
        let begun = Instant::now();
        self.write(centre, answer);
        while !self.waiting.is_empty() && !self.failing && begun.elapsed() < PATIENCE {
            std::thread::sleep(PAUSE);
            self.write(centre, answer);
        }
        for (viewing, at) in &self.waiting {
            let (no, way) = (&viewing.no, viewing.way.code());
            tracing::warn!(no, way, at = at.0, "a viewing was not written");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewing(no: &str, way: Way) -> Viewing {
        let no = no.to_owned();
        Viewing { no, way }
    }

    #[test]
    fn a_ticket_is_viewed_when_it_is_opened_copied_or_rested_on_and_told_once_an_hour() {
        let begun = Instant::now();
        let at = |s| begun + Duration::from_secs(s);
        let mut desk = Viewings::default();
        // Passed by.
        assert_eq!(desk.shown(Some(("1", false)), at(0)), None);
        assert_eq!(desk.shown(Some(("2", false)), at(4)), None);
        assert_eq!((desk.rested(at(5)), desk.due_at()), (None, Some(at(9))));
        // Frames of the same ticket change nothing; then it has stood for five seconds.
        assert_eq!(desk.shown(Some(("2", false)), at(8)), None);
        assert_eq!(desk.rested(at(9)), Some(viewing("2", Way::Rested)));
        assert_eq!((desk.rested(at(99)), desk.due_at()), (None, None));
        // Opened is at once, but it was told already; another was not.
        assert_eq!(desk.shown(Some(("2", true)), at(10)), None);
        assert_eq!(desk.shown(None, at(11)), None);
        assert_eq!(
            desk.shown(Some(("3", true)), at(12)),
            Some(viewing("3", Way::Opened))
        );
        // Copied is another thing than seen, each once.
        assert_eq!(desk.copied("3", at(13)), Some(viewing("3", Way::Copied)));
        assert_eq!(desk.copied("3", at(14)), None);
        // Told again after an hour.
        assert_eq!(desk.shown(Some(("2", true)), at(9 + 3599)), None);
        assert_eq!(desk.shown(None, at(9 + 3599)), None);
        assert_eq!(
            desk.shown(Some(("2", true)), at(9 + 3600)),
            Some(viewing("2", Way::Opened))
        );
    }

    #[test]
    fn what_stands_nowhere_is_not_viewed() {
        let begun = Instant::now();
        let mut desk = Viewings::default();
        assert_eq!(desk.shown(Some(("1", false)), begun), None);
        assert_eq!(desk.shown(None, begun), None);
        assert_eq!(desk.due_at(), None);
        assert_eq!(desk.rested(begun + HOUR), None);
    }
}
