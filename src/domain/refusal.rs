//! A rule says no. Not an error: typed, so that every caller can act on it and every language word it.

use super::act::ActKind;
use super::application::ApplicationKind;
use super::instant::Instant;
use super::operator::Role;
use super::ticket::State;
use chrono::NaiveDate;

/// Why an act is not possible. [`Refusal::rule`] names the rule behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The table has no row for this act from this state.
    WrongState {
        /// The act.
        act: ActKind,
        /// The state the ticket is in.
        state: State,
    },
    /// The operator holds none of the roles that may do it.
    WrongRole {
        /// The act.
        act: ActKind,
        /// Who may.
        needs: &'static [Role],
    },
    /// The operator's department is not the one the rule means (lead department).
    NotYourDepartment {
        /// The lead department.
        lead: Option<String>,
    },
    /// The operator may not act any more.
    OperatorInactive,
    /// This is for administrators.
    NeedsAdministrator,
    /// The operator's roles take no requests in.
    MayNotRegister {
        /// Who may.
        needs: &'static [Role],
    },
    /// Who viewed what is not for the operator's roles to ask.
    MayNotAskForViews {
        /// Who may.
        needs: &'static [Role],
    },
    /// Acting as another is for the store's owner and for logins listed as gateways.
    OnlyYourself {
        /// The login.
        login: String,
    },
    /// The ticket was changed since it was read.
    Stale {
        /// Who changed it (operator code).
        by: String,
        /// When.
        at: Instant,
        /// Event code of the change.
        what: String,
    },
    /// No department has this code, name or alias.
    UnknownDepartment {
        /// What was given.
        given: String,
    },
    /// The department may not be made lead any more.
    DepartmentInactive {
        /// Its code.
        code: String,
    },
    /// The lead is among the assisting departments, or one is named twice.
    DepartmentTwice {
        /// Its code.
        code: String,
    },
    /// Filing needs a nature.
    NatureMissing,
    /// Filing needs at least a top category.
    CategoryMissing,
    /// Filing needs a place or an explicit "address unknown".
    PlaceMissing,
    /// Only enquiries are answered on the spot.
    NotAnEnquiry,
    /// The act needs a text.
    TextMissing,
    /// The text is shorter than the policy asks.
    TextTooShort {
        /// Characters it has.
        has: usize,
        /// Characters it needs.
        needs: u32,
    },
    /// No ground has this code.
    UnknownGround {
        /// What was given.
        given: String,
        /// The codes there are.
        known: Vec<String>,
    },
    /// A return names the department that should have it instead.
    SuggestionMissing,
    /// Only the dispatcher who sent it, or the shift lead, recalls it.
    NotYourDispatch {
        /// Who sent it.
        by: String,
    },
    /// The return window has closed.
    ReturnWindowClosed {
        /// Its last day.
        closed_on: NaiveDate,
    },
    /// No return after a ruling.
    NoReturnAfterRuling,
    /// The same thing is already asked for and not yet decided.
    AlreadyAsked {
        /// What.
        kind: ApplicationKind,
    },
    /// Nothing is waiting for a decision.
    NothingPending,
    /// Several things wait: say which.
    WhichApplication {
        /// What waits.
        pending: Vec<ApplicationKind>,
    },
    /// This decision is the shift lead's.
    NeedsShiftLead {
        /// On what.
        kind: ApplicationKind,
    },
    /// After this many returns the ticket goes to coordination.
    CoordinationForced {
        /// Granted returns.
        returns: u32,
    },
    /// An appeal is decided by two people.
    SecondPersonNeeded,
    /// The deadline has passed: no extension any more.
    DeadlinePassed {
        /// When.
        due_at: Instant,
    },
    /// No more extensions of this ticket.
    ExtensionsUsedUp {
        /// The most there are.
        max: u32,
    },
    /// The extension is too long, or nothing.
    ExtensionTooLong {
        /// Units asked.
        asked: u32,
        /// The most there are.
        max: u32,
    },
    /// No more suspensions of this ticket.
    SuspensionsUsedUp {
        /// The most there are.
        max: u32,
    },
    /// The end date of a suspension is not after today, or too far away.
    SuspensionEnd {
        /// The latest it may be.
        latest: NaiveDate,
    },
    /// An application waits: decide it first.
    DecideFirst {
        /// Which.
        kind: ApplicationKind,
    },
    /// Only an overdue ticket is appealed.
    NotOverdue,
    /// The appeal window has closed.
    AppealWindowClosed {
        /// Its last day.
        closed_on: NaiveDate,
    },
    /// An appeal is made once.
    AppealedBefore,
    /// A call that reached the requester has a rating.
    RatingMissing,
    /// A call that did not reach the requester has no rating.
    RatingWithoutVoice,
    /// This requester has rated in the call-back under way, or was heard by the desk.
    AlreadyHeard {
        /// Whose request.
        no: String,
    },
    /// The ticket named is not one of those to be called back.
    NotARequester {
        /// What was given.
        no: String,
    },
    /// A ticket is not merged into itself.
    MergeIntoItself,
    /// The master named was not found.
    MasterMissing {
        /// What was given.
        no: String,
    },
    /// The master is not open, or is itself merged.
    MasterNotOpen {
        /// The master.
        no: String,
        /// Its state.
        state: State,
    },
    /// Confidential and open tickets are not merged.
    MergeAcrossConfidential,
    /// The ticket has tickets merged into it: unmerge them first.
    HasMerged {
        /// How many.
        count: usize,
    },
    /// Somebody else has this row.
    ClaimedBy {
        /// Who.
        by: String,
        /// Since when.
        at: Instant,
    },
    /// Nobody has claimed it, or somebody else did.
    NotYourClaim,
    /// It is already so.
    NoChange,
    /// The waiting time before the archive is not over.
    TooEarly {
        /// Not before.
        until: Instant,
    },
    /// A rung of the ladder is skipped.
    LadderStep {
        /// What must have happened first.
        needs: LadderNeeds,
    },
    /// A supervision is under way: record its result first.
    SupervisionUnderWay,
    /// No supervision is under way.
    NoSupervision,
    /// A case for the library has ended or been ruled on.
    NotExemplary,
    /// The calendar does not know a year this needs.
    CalendarUnknown {
        /// The year.
        year: i32,
    },
}

/// What a rung of the escalation ladder needs. `[seed]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LadderNeeds {
    /// A supervision before a circular.
    Supervision,
    /// Consecutive supervisions without result before a referral.
    ConsecutiveFailures(u32),
    /// One more of them after a referral: the same ones are not referred twice.
    AnotherFailure,
    /// A proposal of the program, to be dismissed.
    Proposal,
    /// A department to be supervised.
    Department,
}

impl Refusal {
    /// The rule that says no, as `DOMAIN §…` names it in the documents.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "transition",
            Self::WrongRole { .. }
            | Self::OperatorInactive
            | Self::NeedsAdministrator
            | Self::MayNotRegister { .. }
            | Self::MayNotAskForViews { .. }
            | Self::OnlyYourself { .. } => "role",
            Self::NotYourDepartment { .. } => "own-department",
            Self::Stale { .. } => "version",
            Self::UnknownDepartment { .. }
            | Self::DepartmentInactive { .. }
            | Self::DepartmentTwice { .. } => "department",
            Self::NatureMissing | Self::CategoryMissing | Self::PlaceMissing => "filing",
            Self::NotAnEnquiry => "answer-enquiries",
            Self::TextMissing | Self::TextTooShort { .. } => "text",
            Self::UnknownGround { .. } => "ground",
            Self::SuggestionMissing => "return-suggestion",
            Self::NotYourDispatch { .. } => "recall-own",
            Self::ReturnWindowClosed { .. } => "return-window",
            Self::NoReturnAfterRuling => "no-return-after-ruling",
            Self::AlreadyAsked { .. }
            | Self::NothingPending
            | Self::WhichApplication { .. }
            | Self::DecideFirst { .. } => "application",
            Self::NeedsShiftLead { .. } => "shift-lead",
            Self::CoordinationForced { .. } => "forced-coordination",
            Self::SecondPersonNeeded => "two-people",
            Self::DeadlinePassed { .. }
            | Self::ExtensionsUsedUp { .. }
            | Self::ExtensionTooLong { .. } => "extension",
            Self::SuspensionsUsedUp { .. } | Self::SuspensionEnd { .. } => "suspension",
            Self::NotOverdue | Self::AppealWindowClosed { .. } | Self::AppealedBefore => "appeal",
            Self::RatingMissing
            | Self::RatingWithoutVoice
            | Self::NotARequester { .. }
            | Self::AlreadyHeard { .. } => "callback",
            Self::MergeIntoItself
            | Self::MasterMissing { .. }
            | Self::MasterNotOpen { .. }
            | Self::MergeAcrossConfidential
            | Self::HasMerged { .. } => "merge",
            Self::ClaimedBy { .. } | Self::NotYourClaim => "claim",
            Self::NoChange => "no-change",
            Self::TooEarly { .. } => "archive",
            Self::LadderStep { .. } | Self::SupervisionUnderWay | Self::NoSupervision => "ladder",
            Self::NotExemplary => "case",
            Self::CalendarUnknown { .. } => "calendar",
        }
    }
}
