//! What happened to a ticket: past tense, append-only, hash-chained by the store.
//!
//! Events carry everything the fold needs, so a ledger replays without calendars or policies.

use super::act::{CallOutcome, Rating, RulingOrder, SuggestionShown};
use super::application::Application;
use super::clock::Limit;
use super::instant::Instant;
use super::light::Light;
use super::supplement::{AttachedFile, Supplemented};
use super::ticket::{LimitClass, Nature, Urgency};
use serde::{Deserialize, Serialize};

/// The facts a ticket begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The origin of the citizen's clock.
    pub created_at: Instant,
    /// The policy edition in force then.
    pub edition: String,
    /// 诉求来源.
    pub source: String,
    /// 受理渠道.
    pub channel: String,
    /// The number in the system it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_no: Option<String>,
    /// 诉求性质.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nature: Option<Nature>,
    /// 时限类别.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_class: Option<LimitClass>,
    /// The limit, when the class is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// 紧急程度.
    pub urgency: Urgency,
    /// Hide the requester from departments.
    pub confidential: bool,
    /// 大类/中类/小类.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<String>,
    /// 街道.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// 社区.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub community: Option<String>,
}

/// How a ticket ended in the system it was imported from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedEnd {
    /// The department that had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// As the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_time: Option<bool>,
    /// As the file says; many files do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Instant>,
}

/// What filing or reclassifying settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledFacts {
    /// 诉求性质.
    pub nature: Nature,
    /// 时限类别.
    pub limit_class: LimitClass,
    /// The limit it means under the ticket's edition.
    pub limit: Limit,
    /// 大类/中类/小类.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<String>,
    /// 街道.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// 社区.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub community: Option<String>,
}

/// A reply as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The requester was spoken with.
    pub contacted: bool,
    /// The matter is solved.
    pub solved: bool,
    /// For the centre only.
    pub note: String,
    /// What the requester reads.
    pub answer: String,
    /// Judged here and nowhere else `[DOMAIN §3]`; absent when the deadline is not known.
    pub on_time: Option<bool>,
}

/// A call-back attempt as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Whose request it was about.
    pub about: String,
    /// What came of it.
    pub outcome: CallOutcome,
    /// The rating given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// What the requester said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Done by the rule, not by a person, at a moment of its own, whenever the sweep ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lapsed {
    /// When it became due.
    pub due: Instant,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// 登记; always the first.
    Registered(Registered),
    /// It had already ended in the system it came from.
    Imported(ImportedEnd),
    /// 立案.
    Filed(FiledFacts),
    /// 直接答复.
    Answered {
        /// The answer.
        text: String,
        /// Whether the limit was kept; absent when the deadline is not known.
        on_time: Option<bool>,
    },
    /// 不予受理.
    Refused {
        /// Coded ground.
        ground: String,
        /// More words.
        text: String,
    },
    /// 分拨 or 改派.
    Dispatched {
        /// 主办.
        lead: String,
        /// 协办.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        assisting: Vec<String>,
        /// What was suggested.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        suggestion: Option<SuggestionShown>,
    },
    /// 撤回.
    Recalled,
    /// 签收.
    Signed {
        /// By the rule, not by a person.
        automatic: bool,
        /// By the rule: the moment it became due, whenever the sweep ran.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Instant>,
        /// By the rule: since when it counts as signed for, which is the moment it became due. Entries of older programs
        /// have none and count from their own time, so that their rows replay as they were written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Instant>,
    },
    /// Something was asked for.
    Applied(Application),
    /// The first of two people agreed to an appeal.
    Seconded {
        /// The application.
        number: u32,
    },
    /// An application was granted; its effect is part of this.
    Granted {
        /// The application.
        number: u32,
        /// Why.
        reason: String,
    },
    /// An application was declined.
    Declined {
        /// The application.
        number: u32,
        /// Why.
        reason: String,
    },
    /// 提请协调.
    Coordinated {
        /// What is disputed.
        text: String,
    },
    /// 裁决.
    Ruled(RulingOrder),
    /// 恢复.
    Resumed {
        /// By its end date, not by a person.
        automatic: bool,
        /// By its end date: the moment it became due, whenever the sweep ran.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Instant>,
    },
    /// 办理反馈.
    Replied(Reply),
    /// 审核通过.
    Passed {
        /// Whether a call-back follows.
        callback: bool,
    },
    /// 退回重办.
    Reworked {
        /// What is missing.
        text: String,
    },
    /// 回访.
    Called(Called),
    /// 不满意重办.
    Redone {
        /// What the requester said.
        text: String,
        /// The limit of the redo.
        limit: Limit,
    },
    /// 办结.
    Closed {
        /// The final rating.
        rating: Rating,
    },
    /// 归档.
    Archived,
    /// 复开.
    Reopened {
        /// The new fact.
        text: String,
        /// The limit of the second handling.
        limit: Limit,
    },
    /// 并案 into a master.
    Merged {
        /// The master.
        into: String,
    },
    /// 解除并案: everything is as it was.
    Unmerged,
    /// On the master: a ticket was merged into it.
    Absorbed {
        /// The merged ticket.
        no: String,
    },
    /// On the master: it was unmerged.
    Detached {
        /// The unmerged ticket.
        no: String,
    },
    /// 作废 without an application (by the shift lead).
    Voided {
        /// Why.
        text: String,
    },
    /// 催办.
    Urged {
        /// What was said.
        text: String,
    },
    /// 备注.
    Noted {
        /// The note.
        text: String,
    },
    /// 认领.
    Claimed,
    /// 放开; with the moment when the rule did it.
    Released(Option<Lapsed>),
    /// 保密.
    ConfidentialitySet {
        /// On or off.
        confidential: bool,
    },
    /// 紧急程度.
    UrgencySet {
        /// The new one.
        urgency: Urgency,
    },
    /// 改类别.
    Reclassified(FiledFacts),
    /// Personal data was shown.
    Revealed {
        /// Why.
        text: String,
    },
    /// The ticket's words, place and requester were erased, and its letters with them.
    Erased {
        /// Who asked for it, and why.
        text: String,
    },
    /// A reminder went out.
    Reminded {
        /// The light it is about.
        light: Light,
        /// The moment it became due, whenever the sweep ran.
        due: Instant,
    },
    /// The program proposes a supervision; a person issues it.
    SupervisionProposed {
        /// Coded ground.
        ground: String,
        /// The moment it became due, whenever the sweep ran.
        due: Instant,
    },
    /// The proposal was not taken.
    SupervisionDismissed {
        /// Why.
        text: String,
    },
    /// 督办 (1), 通报 (2) or 移送 (3) was issued.
    Escalated {
        /// The rung.
        level: u8,
        /// The paper's number.
        paper: String,
        /// Why.
        text: String,
        /// Its own due date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Instant>,
    },
    /// A paper has reached its receiver.
    PaperServed {
        /// Its number.
        paper: String,
        /// Who took it, and by which way.
        text: String,
    },
    /// A supervision ended.
    SupervisionResulted {
        /// The paper's number.
        paper: String,
        /// Whether it led to a result.
        effective: bool,
        /// What came of it.
        text: String,
    },
    /// Files came with the request.
    Attached {
        /// In the mail's order.
        files: Vec<AttachedFile>,
    },
    /// A letter joined it.
    Supplemented(Supplemented),
    /// The same matter at the same place had been closed shortly before 假闭环.
    FalseClosureAlarmed {
        /// The closed ticket.
        of: String,
    },
    /// It was taken into the case library, or its gist and tags were replaced there.
    CaseKept {
        /// What it teaches.
        text: String,
        /// By which it is found.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
    },
    /// It was taken out of the case library.
    CaseDropped,
    /// Deadlines were computed again because a calendar year has become known.
    Recalculated,
}

impl Event {
    /// The stable code of the kind.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Registered(_) => "registered",
            Self::Imported(_) => "imported",
            Self::Filed(_) => "filed",
            Self::Answered { .. } => "answered",
            Self::Refused { .. } => "refused",
            Self::Dispatched { .. } => "dispatched",
            Self::Recalled => "recalled",
            Self::Signed { .. } => "signed",
            Self::Applied(_) => "applied",
            Self::Seconded { .. } => "seconded",
            Self::Granted { .. } => "granted",
            Self::Declined { .. } => "declined",
            Self::Coordinated { .. } => "coordinated",
            Self::Ruled(_) => "ruled",
            Self::Resumed { .. } => "resumed",
            Self::Replied(_) => "replied",
            Self::Passed { .. } => "passed",
            Self::Reworked { .. } => "reworked",
            Self::Called(_) => "called",
            Self::Redone { .. } => "redone",
            Self::Closed { .. } => "closed",
            Self::Archived => "archived",
            Self::Reopened { .. } => "reopened",
            Self::Merged { .. } => "merged",
            Self::Unmerged => "unmerged",
            Self::Absorbed { .. } => "absorbed",
            Self::Detached { .. } => "detached",
            Self::Voided { .. } => "voided",
            Self::Urged { .. } => "urged",
            Self::Noted { .. } => "noted",
            Self::Claimed => "claimed",
            Self::Released(_) => "released",
            Self::ConfidentialitySet { .. } => "confidentiality_set",
            Self::UrgencySet { .. } => "urgency_set",
            Self::Reclassified(_) => "reclassified",
            Self::Revealed { .. } => "revealed",
            Self::Erased { .. } => "erased",
            Self::Reminded { .. } => "reminded",
            Self::SupervisionProposed { .. } => "supervision_proposed",
            Self::SupervisionDismissed { .. } => "supervision_dismissed",
            Self::Escalated { .. } => "escalated",
            Self::PaperServed { .. } => "paper_served",
            Self::SupervisionResulted { .. } => "supervision_resulted",
            Self::Attached { .. } => "attached",
            Self::Supplemented(_) => "supplemented",
            Self::FalseClosureAlarmed { .. } => "false_closure_alarmed",
            Self::CaseKept { .. } => "case_kept",
            Self::CaseDropped => "case_dropped",
            Self::Recalculated => "recalculated",
        }
    }

    /// The files an event brought.
    pub fn files(&self) -> &[AttachedFile] {
        match self {
            Self::Attached { files } | Self::Supplemented(Supplemented { files, .. }) => files,
            _ => &[],
        }
    }
}

/// An event as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the ledger, from 1 without gaps.
    pub seq: i64,
    /// The ticket.
    pub no: String,
    /// When.
    pub at: Instant,
    /// By whom (operator code).
    pub by: String,
    /// What.
    pub event: Event,
}
