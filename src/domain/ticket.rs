//! The ticket 工单: its facts and its state.
//!
//! [`Ticket::apply`] is the only way a ticket changes (see `fold`); a row of the store is the fold of its ledger.
//! Personal data (name, phone, title, content, address) is not here: see `privacy` and the store's
//! text table, so that it can be erased without breaking the ledger.

use super::act::{CallOutcome, Rating};
use super::application::{Application, ApplicationKind};
use super::clock::Clock;
use super::codes::codes;
use super::instant::Instant;
use super::light::{Light, light};
use serde::{Deserialize, Serialize};

codes! {
    /// 诉求性质.
    Nature {
        /// 投诉.
        Complaint = "complaint",
        /// 咨询.
        Enquiry = "enquiry",
        /// 建议.
        Suggestion = "suggestion",
        /// 求决(求助).
        Help = "help",
        /// 举报: the requester is hidden from every department.
        Report = "report",
        /// 感谢.
        Thanks = "thanks",
        /// 其他.
        Other = "other",
    }
}

codes! {
    /// 时限类别. `[seed]`
    LimitClass {
        /// 咨询建议.
        Enquiry = "enquiry",
        /// 非数字城管投诉.
        Complaint = "complaint",
        /// 数字城管投诉.
        Urban = "urban",
    }
}

codes! {
    /// 紧急程度: 一般 / 紧急 / 特急.
    Urgency {
        /// 一般.
        Normal = "normal",
        /// 紧急.
        Urgent = "urgent",
        /// 特急.
        Critical = "critical",
    }
}

impl Default for Urgency {
    /// What nobody has called urgent.
    fn default() -> Self {
        Self::Normal
    }
}

/// Where a ticket stands. Codes are stable; a state written by a newer program is kept and shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum State {
    /// 待立案.
    Registered,
    /// 待分拨.
    Filed,
    /// 待签收.
    Dispatched,
    /// 处置中.
    Handling,
    /// 待审核.
    Replied,
    /// 待回访.
    Callback,
    /// 已办结.
    Closed,
    /// 已归档.
    Archived,
    /// 直接答复.
    Answered,
    /// 不予受理.
    Refused,
    /// 已并案.
    Merged,
    /// 协调中.
    Coordinating,
    /// 挂起.
    Suspended,
    /// 作废.
    Voided,
    /// A state this program does not know.
    Foreign(String),
}

impl From<String> for State {
    fn from(code: String) -> Self {
        Self::from_code(&code).unwrap_or(Self::Foreign(code))
    }
}

impl From<State> for String {
    fn from(state: State) -> Self {
        state.code().to_owned()
    }
}

impl State {
    /// Every state this program knows, in the order of a ticket's life.
    pub const ALL: &'static [Self] = &[
        Self::Registered,
        Self::Filed,
        Self::Dispatched,
        Self::Handling,
        Self::Replied,
        Self::Callback,
        Self::Closed,
        Self::Archived,
        Self::Answered,
        Self::Refused,
        Self::Merged,
        Self::Coordinating,
        Self::Suspended,
        Self::Voided,
    ];

    /// The stable code used in JSON and in the store.
    pub fn code(&self) -> &str {
        match self {
            Self::Registered => "registered",
            Self::Filed => "filed",
            Self::Dispatched => "dispatched",
            Self::Handling => "handling",
            Self::Replied => "replied",
            Self::Callback => "callback",
            Self::Closed => "closed",
            Self::Archived => "archived",
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Merged => "merged",
            Self::Coordinating => "coordinating",
            Self::Suspended => "suspended",
            Self::Voided => "voided",
            Self::Foreign(code) => code,
        }
    }

    /// The state of a code this program knows.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|s| s.code() == code).cloned()
    }

    /// Whether work is still to be done on the ticket itself.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Registered
            | Self::Filed
            | Self::Dispatched
            | Self::Handling
            | Self::Replied
            | Self::Callback
            | Self::Coordinating
            | Self::Suspended
            | Self::Foreign(_) => true,
            Self::Closed
            | Self::Archived
            | Self::Answered
            | Self::Refused
            | Self::Merged
            | Self::Voided => false,
        }
    }

    /// Whether the citizen's clock runs: open and not yet answered by the department.
    pub fn clock_runs(&self) -> bool {
        match self {
            Self::Registered
            | Self::Filed
            | Self::Dispatched
            | Self::Handling
            | Self::Coordinating
            | Self::Suspended => true,
            Self::Replied
            | Self::Callback
            | Self::Closed
            | Self::Archived
            | Self::Answered
            | Self::Refused
            | Self::Merged
            | Self::Voided
            | Self::Foreign(_) => false,
        }
    }
}

/// The three instants that lights and stage clocks turn at; computed by `workflow::marks`, stored beside the row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// When the light turns yellow.
    pub warn_at: Option<Instant>,
    /// When it turns red: the deadline. Absent with `warn_at` present: the calendar year is unknown.
    pub due_at: Option<Instant>,
    /// When the present stage is due.
    pub stage_due_at: Option<Instant>,
}

/// A call-back attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Whose request it was about: the ticket itself or one merged into it.
    pub about: String,
    /// What came of it.
    pub outcome: CallOutcome,
    /// The rating given.
    pub rating: Option<Rating>,
    /// When.
    pub at: Instant,
}

/// "I have this row."
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Operator code.
    pub by: String,
    /// Since when; goes stale by the policy's `claim_stale`.
    pub at: Instant,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A citizen request on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// 工单编号, such as `20261101-0031`.
    pub no: String,
    /// Counts the events; every write names the version it read.
    pub version: u32,
    /// Where it stands.
    pub state: State,
    /// 诉求性质.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nature: Option<Nature>,
    /// 时限类别.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_class: Option<LimitClass>,
    /// 紧急程度.
    pub urgency: Urgency,
    /// Departments never see the requester.
    #[serde(default, skip_serializing_if = "is_default")]
    pub confidential: bool,
    /// 诉求来源.
    pub source: String,
    /// 受理渠道.
    pub channel: String,
    /// The number it has in the system it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_no: Option<String>,
    /// 大类/中类/小类, as far as known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<String>,
    /// 街道.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// 社区.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub community: Option<String>,
    /// 主办 department's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// 协办 departments' codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assisting: Vec<String>,
    /// 兜底 department named by a ruling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// The policy edition it lives under.
    pub edition: String,
    /// The origin of the citizen's clock.
    pub created_at: Instant,
    /// 立案.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed_at: Option<Instant>,
    /// The last dispatch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatched_at: Option<Instant>,
    /// The last signing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Instant>,
    /// Whether the last signing was automatic.
    #[serde(default, skip_serializing_if = "is_default")]
    pub auto_signed: bool,
    /// The last reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replied_at: Option<Instant>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Instant>,
    /// When it came into its present state.
    pub state_since: Instant,
    /// The citizen's clock; absent until the limit class is known. Never reset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    /// The clock of the redo under way; it rules the light until the reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redo_clock: Option<Clock>,
    /// Whether every reply so far was on time; absent before the first. The fact stays, whatever is exempted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_time: Option<bool>,
    /// Granted by appeal: statistics leave it out, screens show both.
    #[serde(default, skip_serializing_if = "is_default")]
    pub exempt: bool,
    /// No return after a ruling.
    #[serde(default, skip_serializing_if = "is_default")]
    pub no_return: bool,
    /// Granted returns.
    #[serde(default, skip_serializing_if = "is_default")]
    pub returns: u32,
    /// Dispatches after the first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub redispatches: u32,
    /// Dispatches in all; recalled ones are taken back.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dispatches: u32,
    /// Reworks by review.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reworks: u32,
    /// Redos by dissatisfied call-backs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub redos: u32,
    /// Times urged.
    #[serde(default, skip_serializing_if = "is_default")]
    pub urges: u32,
    /// Granted extensions.
    #[serde(default, skip_serializing_if = "is_default")]
    pub extensions: u32,
    /// Granted suspensions.
    #[serde(default, skip_serializing_if = "is_default")]
    pub suspensions: u32,
    /// Call-back attempts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
    /// The final rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// Whether the department says it is solved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved: Option<bool>,
    /// Whether the department spoke with the requester.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacted: Option<bool>,
    /// The master it was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    /// Tickets merged into this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<String>,
    /// The state to come back to when unmerged, and since when it had held.
    pub before_merge: Option<(State, Instant)>,
    /// 0 none, 1 supervision, 2 circular, 3 referral.
    #[serde(default, skip_serializing_if = "is_default")]
    pub supervision_level: u8,
    /// Whether a supervision is proposed and not yet decided on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub supervision_proposed: bool,
    /// Who has this row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// All applications, decided or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<Application>,
    /// Letters that joined it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub supplements: u32,
    /// The ticket about the same matter that had been closed shortly before this one came 假闭环.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub false_closure_of: Option<String>,
    /// Whether it stands in the case library.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_case: bool,
}

impl Ticket {
    /// The light at a moment.
    pub fn light(&self, marks: Marks, now: Instant) -> Light {
        light(&self.state, marks.warn_at, marks.due_at, self.on_time, now)
    }

    /// Applications not yet decided.
    pub fn pending(&self) -> impl Iterator<Item = &Application> {
        self.applications.iter().filter(|a| a.decision.is_none())
    }

    /// The departments that gave it back, as was granted; one that did so twice stands twice.
    pub fn returned_by(&self) -> Vec<String> {
        self.applications
            .iter()
            .filter(|a| a.kind == ApplicationKind::Return)
            .filter(|a| a.decision.as_ref().is_some_and(|d| d.granted))
            .filter_map(|a| a.department.clone())
            .collect()
    }

    /// The undecided application of a kind.
    pub fn pending_of(&self, kind: ApplicationKind) -> Option<&Application> {
        self.pending().find(|a| a.kind == kind)
    }

    /// Who holds the ticket: a department's code, or the part of the desk it waits at.
    pub fn holder(&self) -> Holder<'_> {
        match &self.state {
            State::Registered | State::Filed | State::Coordinating => Holder::Desk,
            State::Dispatched | State::Handling | State::Suspended => self
                .lead
                .as_deref()
                .map_or(Holder::Desk, Holder::Department),
            State::Replied => Holder::Review,
            State::Callback => Holder::CallBack,
            State::Closed
            | State::Archived
            | State::Answered
            | State::Refused
            | State::Merged
            | State::Voided
            | State::Foreign(_) => Holder::Nobody,
        }
    }

    /// The clock that rules the light: the redo's while one is under way, else the citizen's.
    pub fn running_clock(&self) -> Option<&Clock> {
        self.redo_clock.as_ref().or(self.clock.as_ref())
    }

    /// Whether the call-back was waived for the handling under way.
    pub fn callback_waived(&self) -> bool {
        let since = self
            .redo_clock
            .as_ref()
            .map_or(self.created_at, |c| c.started);
        self.applications.iter().any(|a| {
            a.kind == ApplicationKind::NoCallback
                && a.decision
                    .as_ref()
                    .is_some_and(|d| d.granted && d.at >= since)
        })
    }

    /// Whether its requester is hidden from departments, and the ticket from the world. `[DOMAIN §3 confidential, §9]`
    pub fn hides_requester(&self) -> bool {
        self.confidential || self.nature == Some(Nature::Report)
    }

    /// Everyone to be called back: the ticket itself and those merged into it.
    pub fn requesters(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.no.as_str()).chain(self.merged.iter().map(String::as_str))
    }
}

/// Who holds a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder<'a> {
    /// The dispatch desk.
    Desk,
    /// The department with this code.
    Department(&'a str),
    /// Closing review.
    Review,
    /// The call-back desk.
    CallBack,
    /// It has ended.
    Nobody,
}

impl<'a> Holder<'a> {
    /// The code used in JSON.
    pub fn code(self) -> Option<&'a str> {
        match self {
            Self::Desk => Some("desk"),
            Self::Department(code) => Some(code),
            Self::Review => Some("review"),
            Self::CallBack => Some("callback"),
            Self::Nobody => None,
        }
    }
}
