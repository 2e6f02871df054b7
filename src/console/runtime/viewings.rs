//! Which tickets were before the operator, each told once in an hour, and how the ledger comes to keep it.
//!
//! Time is an argument, and nothing wakes for it: how long a ticket stood in the pane is known when it leaves. Start at
//! [`Viewings::shown`] for the desk, at [`Recorder`] for the worker.

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

/// A viewing, and the moment it began.
pub(super) type Told = (Viewing, Moment);

/// What stands on the screen beyond its row.
struct Standing {
    no: String,
    is_whole: bool,
    since: Instant,
    from: Moment,
}

/// The tickets viewed at this desk.
#[derive(Default)]
pub(super) struct Viewings {
    standing: Option<Standing>,
    /// When each was told.
    told: HashMap<(String, Kind), Instant>,
}

impl Viewings {
    /// What a frame shows beyond its row, and whether over the whole screen. The viewings to tell: of what stood there before,
    /// if that was long enough, and of what is opened.
    pub(super) fn shown(
        &mut self,
        shown: Option<(&str, bool)>,
        (now, moment): (Instant, Moment),
    ) -> Vec<Told> {
        let is = |standing: &Standing| shown == Some((standing.no.as_str(), standing.is_whole));
        if self.standing.as_ref().map_or(shown.is_none(), is) {
            return Vec::new();
        }
        let rested = self.left(now);
        let opened = shown.filter(|(_, is_whole)| *is_whole);
        let opened = opened.and_then(|(no, _)| self.tell(no, Way::Opened, (now, moment)));
        self.standing = shown.map(|(no, is_whole)| Standing {
            no: no.to_owned(),
            is_whole,
            since: now,
            from: moment,
        });
        rested.into_iter().chain(opened).collect()
    }

    /// Nothing is shown any more; the viewing of what stood in the pane for long enough.
    pub(super) fn left(&mut self, now: Instant) -> Option<Told> {
        let stood = self.standing.take().filter(|stood| !stood.is_whole)?;
        let is_long = now.saturating_duration_since(stood.since) >= GLANCE;
        is_long
            .then(|| self.tell(&stood.no, Way::Rested, (now, stood.from)))
            .flatten()
    }

    /// A ticket was copied out of the console.
    pub(super) fn copied(&mut self, no: &str, at: (Instant, Moment)) -> Option<Told> {
        self.tell(no, Way::Copied, at)
    }

    fn tell(&mut self, no: &str, way: Way, (now, from): (Instant, Moment)) -> Option<Told> {
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
        let no = no.to_owned();
        Some((Viewing { no, way }, from))
    }
}

/// How long viewings wait while the keys ask for something: writing them would take the worker from that.
const MAY_WAIT: Duration = Duration::from_secs(10);

/// How long they are tried when the console is left while somebody else writes: as long as any other writing waits.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

/// After so many tries the log says what waits: a signal leaves only a second.
const TOLD_AFTER: u32 = 5;

/// Viewings that are still to be written.
#[derive(Default)]
pub(super) struct Recorder {
    waiting: Vec<(Viewing, Moment)>,
    since: Option<Instant>,
    failing: bool,
}

impl Recorder {
    /// Takes what was viewed, and from when.
    pub(super) fn take(&mut self, viewing: Viewing, from: Moment) {
        self.since.get_or_insert_with(Instant::now);
        self.waiting.push((viewing, from));
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

    /// Writes what still waits when the console is left; what another writer holds up stands in the log.
    pub(super) fn finish(&mut self, centre: &mut Centre, answer: &dyn Fn(Msg)) {
        let begun = Instant::now();
        let mut tries = 0;
        self.write(centre, answer);
        while !self.waiting.is_empty() && !self.failing && begun.elapsed() < PATIENCE {
            tries += 1;
            if tries == TOLD_AFTER {
                self.log("a viewing waits for another writer");
            }
            std::thread::sleep(PAUSE);
            self.write(centre, answer);
        }
        self.log("a viewing was not written");
    }

    /// What waits, into the log.
    fn log(&self, what: &str) {
        for (viewing, from) in &self.waiting {
            let (no, way) = (&viewing.no, viewing.way.code());
            tracing::warn!(no, way, at = from.0, "{what}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A desk whose clocks both began at nought.
    struct Clocks(Instant);

    impl Clocks {
        fn at(&self, s: u64) -> (Instant, Moment) {
            (self.0 + Duration::from_secs(s), Moment(s.cast_signed()))
        }
    }

    fn told(no: &str, way: Way, from: i64) -> Told {
        let no = no.to_owned();
        (Viewing { no, way }, Moment(from))
    }

    #[test]
    fn a_ticket_is_viewed_when_it_is_opened_copied_or_rested_on_and_told_once_an_hour() {
        let clocks = Clocks(Instant::now());
        let at = |s| clocks.at(s);
        let mut desk = Viewings::default();
        // Passed by.
        assert_eq!(desk.shown(Some(("1", false)), at(0)), []);
        assert_eq!(desk.shown(Some(("2", false)), at(4)), []);
        // Frames of the same ticket change nothing; when it goes it has stood for five seconds.
        assert_eq!(desk.shown(Some(("2", false)), at(8)), []);
        let rested = [told("2", Way::Rested, 4)];
        assert_eq!(desk.shown(Some(("4", false)), at(9)), rested);
        // Opened is told at once, but not what was told already.
        assert_eq!(desk.shown(Some(("2", true)), at(10)), []);
        assert_eq!(desk.shown(None, at(11)), []);
        let opened = [told("3", Way::Opened, 12)];
        assert_eq!(desk.shown(Some(("3", true)), at(12)), opened);
        // Copied is another thing than seen, each once.
        assert_eq!(desk.copied("3", at(13)), Some(told("3", Way::Copied, 13)));
        assert_eq!(desk.copied("3", at(14)), None);
        // Told again after an hour.
        assert_eq!(desk.shown(Some(("2", true)), at(9 + 3599)), []);
        assert_eq!(desk.shown(None, at(9 + 3599)), []);
        let again = [told("2", Way::Opened, 9 + 3600)];
        assert_eq!(desk.shown(Some(("2", true)), at(9 + 3600)), again);
    }

    #[test]
    fn what_rests_and_is_then_opened_is_told_once_and_what_rests_to_the_end_too() {
        let clocks = Clocks(Instant::now());
        let mut desk = Viewings::default();
        assert_eq!(desk.shown(Some(("1", false)), clocks.at(0)), []);
        let rested = [told("1", Way::Rested, 0)];
        assert_eq!(desk.shown(Some(("1", true)), clocks.at(60)), rested);
        assert_eq!(desk.shown(Some(("2", false)), clocks.at(61)), []);
        assert_eq!(desk.left(clocks.at(66).0), Some(told("2", Way::Rested, 61)));
        assert_eq!(desk.left(clocks.at(99).0), None);
    }
}
