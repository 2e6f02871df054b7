//! What a shift leaves to the next one 交接班: the sheet, its signing off by both, and when the offices open.
//!
//! Values only: `service` fills them, the console and the command line show them. Start at [`Sheet`].

use super::calendar::{Calendar, UnknownYear};
use super::event::Entry;
use super::filter::{Clause, Filter};
use super::instant::{Instant, Zone, next_day};
use super::operator::{Operator, Role};
use super::policy::OfficeHours;
use super::queue::{Row, View};
use super::ticket::{State, Urgency};
use serde::{Deserialize, Serialize};

/// A handover: signed by the one who gives, then confirmed by the one who takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// When it was signed.
    pub at: Instant,
    /// The operator who gave.
    pub from: String,
    /// The operator who takes.
    pub to: String,
    /// The sheet's beginning.
    pub since: Instant,
    /// A word for the next shift.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The operator in whose place a shift lead signed, when another had the shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// When the one who takes confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Instant>,
}

/// The handovers that say who has the shift now, and from when the next sheet runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The last signature, confirmed or not.
    pub last: Option<Signed>,
    /// The last handover that was confirmed: the shift is with the one who took it.
    pub held: Option<Signed>,
}

impl Watch {
    /// Who has the shift, if anybody does.
    pub fn holder(&self) -> Option<&str> {
        self.held.as_ref().map(|held| held.to.as_str())
    }

    /// From when to when the sheet runs for this operator: from the last confirmed handover until now, and for the one
    /// who is to confirm a signature until that signature; nothing where the store has seen no handover.
    ///
    /// ```
    /// use fenbo::domain::{instant::Instant, shift::{Signed, Watch}};
    /// let signed = Signed {
    ///     at: Instant(80), from: "zhang".into(), to: "li".into(), since: Instant(20), note: String::new(),
    ///     instead_of: None, confirmed_at: None,
    /// };
    /// let watch = Watch { last: Some(signed), held: None };
    /// assert_eq!(watch.span("li", Instant(90)), (Some(Instant(20)), Instant(80)));
    /// assert_eq!(watch.span("wang", Instant(90)), (Some(Instant(20)), Instant(90)));
    /// ```
    pub fn span(&self, operator: &str, now: Instant) -> (Option<Instant>, Instant) {
        let waits = self
            .last
            .as_ref()
            .filter(|last| last.confirmed_at.is_none());
        let since = match &self.held {
            Some(held) => Some(held.at),
            None => waits.map(|waits| waits.since),
        };
        let until = waits
            .filter(|waits| waits.to == operator)
            .map_or(now, |waits| waits.at);
        (since, until)
    }

    /// Whether this operator may sign the shift over: the one who has it, anybody of the desk while nobody has, and a
    /// shift lead always. Gives the one in whose place a shift lead signs.
    ///
    /// # Errors
    /// [`ShiftRefusal`] when the shift is another's, or another's signature waits.
    pub fn may_sign(&self, operator: &Operator) -> Result<Option<String>, ShiftRefusal> {
        let another = self.holder().filter(|holder| *holder != operator.code);
        if operator.roles.has(Role::ShiftLead) {
            return Ok(another.map(str::to_owned));
        }
        if let Some(holder) = another {
            let holder = holder.to_owned();
            return Err(ShiftRefusal::NotTheHolder { holder });
        }
        match &self.last {
            Some(waits) if waits.confirmed_at.is_none() && waits.from != operator.code => {
                let to = waits.to.clone();
                Err(ShiftRefusal::Waits { to })
            }
            _ => Ok(None),
        }
    }
}

impl Signed {
    /// Whether this operator may confirm it now.
    ///
    /// # Errors
    /// [`ShiftRefusal`] when it is confirmed already, or for somebody else.
    pub fn may_confirm(&self, operator: &str) -> Result<(), ShiftRefusal> {
        if self.confirmed_at.is_some() {
            return Err(ShiftRefusal::NothingWaits);
        }
        if self.to != operator {
            return Err(ShiftRefusal::ForAnother {
                to: self.to.clone(),
            });
        }
        Ok(())
    }
}

/// Why a shift is not handed over, or not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShiftRefusal {
    /// Who shall take it is no other active operator.
    NoTaker {
        /// Who was named.
        asked: String,
    },
    /// No handover waits to be confirmed.
    NothingWaits,
    /// The handover that waits is for somebody else.
    ForAnother {
        /// For whom.
        to: String,
    },
    /// Another handover was signed since this one was read.
    Superseded,
    /// Only the desk hands over and takes over.
    NotTheDesk,
    /// Another has the shift.
    NotTheHolder {
        /// Who.
        holder: String,
    },
    /// Another's handover still waits to be confirmed.
    Waits {
        /// By whom.
        to: String,
    },
}

impl ShiftRefusal {
    /// The operator it names.
    pub fn operator(&self) -> Option<&str> {
        match self {
            Self::NoTaker { asked } => Some(asked),
            Self::ForAnother { to } | Self::Waits { to } => Some(to),
            Self::NotTheHolder { holder } => Some(holder),
            Self::NothingWaits | Self::Superseded | Self::NotTheDesk => None,
        }
    }
}

/// Rows of one part of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// How many there are.
    pub total: u64,
    /// The first of them.
    pub rows: Vec<Row>,
}

/// The parts of a sheet, in the order in which they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// At the desk and not to be left until the offices open; urgent first.
    Pressing,
    /// Running, and turned red in the shift.
    Red,
    /// Running, and turned yellow in it (and are yellow still, or red by now).
    Yellow,
    /// Urgent and not signed for, whenever dispatched.
    Unsigned,
    /// Waiting for a call-back.
    CallBacks,
    /// Claimed by somebody and still open.
    Claims,
    /// Created in the shift.
    Received,
    /// At the desk, not urgent, and not due before the offices open.
    CanWait,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 8] = [
        Self::Pressing,
        Self::Red,
        Self::Yellow,
        Self::Unsigned,
        Self::CallBacks,
        Self::Claims,
        Self::Received,
        Self::CanWait,
    ];
}

/// The sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// From when, exclusive.
    pub since: Instant,
    /// Until when, inclusive.
    pub until: Instant,
    /// When the offices open next; nothing where the year's notice is not known.
    pub opens: Option<Instant>,
    /// The last signature; the sheet begins at the last one that was confirmed.
    pub last: Option<Signed>,
    /// Its parts, in the order of [`Part::ALL`].
    pub parts: Vec<Rows>,
    /// Notes.
    pub notes: Vec<Entry>,
}

impl Sheet {
    /// A part's rows.
    pub fn part(&self, part: Part) -> &Rows {
        const NONE: &Rows = &Rows {
            total: 0,
            rows: Vec::new(),
        };
        self.parts.get(part as usize).unwrap_or(NONE)
    }

    /// The list that shows exactly a part's tickets: its view and what narrows it.
    pub fn list(&self, part: Part) -> (View, Filter) {
        let all = Filter::default();
        // Nothing can be said to wait for a moment that is not known.
        let opens = self.opens.unwrap_or(Instant(i64::MAX));
        match part {
            Part::Pressing => (View::Desk, all.and_not(Clause::CanWait(opens))),
            Part::CanWait => (View::Desk, all.and(Clause::CanWait(opens))),
            Part::Red => (View::Open, all.and(Clause::Reddens(self.since, self.until))),
            Part::Yellow => (View::Open, all.and(Clause::Yellows(self.since, self.until))),
            Part::Unsigned => (
                View::Open,
                all.and(Clause::States(vec![State::Dispatched]))
                    .and_not(Clause::Urgency(Urgency::Normal)),
            ),
            Part::CallBacks => (View::Review, all.and(Clause::States(vec![State::Callback]))),
            Part::Claims => (View::Open, all.and(Clause::IsClaimed)),
            Part::Received => {
                let (from, to) = (self.since.plus(1), self.until.plus(1));
                (View::All, all.and(Clause::Created(Some(from), Some(to))))
            }
        }
    }
}

/// The next moment at which the offices open, after `now`: on the next working day by the calendar.
///
/// # Errors
/// [`UnknownYear`] when it lies in a year whose notice is not known.
///
/// ```
/// use fenbo::domain::{calendar::*, instant::Zone, policy::OfficeHours, shift::next_opening};
/// let calendar = Calendar::new([YearNotice { year: 2017, notice_year: 2017, source: String::new(), off: vec![], work: vec![] }]);
/// let (zone, hours) = (Zone::shanghai(), OfficeHours::default());
/// // Friday evening: Monday morning.
/// let opens = next_opening(zone.parse("2017-11-24 22:00").unwrap(), zone, &calendar, &hours).unwrap();
/// assert_eq!(zone.minute(opens), "2017-11-27 09:00");
/// ```
pub fn next_opening(
    now: Instant,
    zone: Zone,
    calendar: &Calendar,
    hours: &OfficeHours,
) -> Result<Instant, UnknownYear> {
    let mut day = zone.date(now);
    loop {
        let opens = zone.midnight(day).plus(i64::from(hours.opens.value) * 60);
        if opens > now && calendar.kind(day)?.is_working() {
            return Ok(opens);
        }
        day = next_day(day);
    }
}
