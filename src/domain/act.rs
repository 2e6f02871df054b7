//! What people ask the program to do to a ticket. Imperative; what came of it is an `event`.

use super::application::ApplicationKind;
use super::codes::codes;
use super::instant::Instant;
use super::ticket::{LimitClass, Nature, Urgency};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

codes! {
    /// What came of a call.
    CallOutcome {
        /// Spoke with the requester.
        Reached = "reached",
        /// Nobody answered.
        NoAnswer = "no_answer",
        /// The number does not exist or is another person's.
        WrongNumber = "wrong_number",
        /// The requester did not want to be asked.
        Declined = "declined",
        /// The requester rated by the page or a message.
        SelfRated = "self_rated",
    }
}

impl CallOutcome {
    /// Whether the requester was heard, or does not want to be.
    pub fn is_heard(self) -> bool {
        match self {
            Self::Reached | Self::SelfRated | Self::Declined => true,
            Self::NoAnswer | Self::WrongNumber => false,
        }
    }
}

codes! {
    /// 满意度; a missing rating is 未评价, never satisfied.
    Rating {
        /// 非常满意.
        VerySatisfied = "very_satisfied",
        /// 满意.
        Satisfied = "satisfied",
        /// 基本满意.
        FairlySatisfied = "fairly_satisfied",
        /// 不满意.
        Dissatisfied = "dissatisfied",
        /// 未评价.
        Unrated = "unrated",
    }
}

/// What filing settles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// 诉求性质; the ticket's own when absent.
    pub nature: Option<Nature>,
    /// 时限类别; by nature and category when absent.
    pub limit_class: Option<LimitClass>,
    /// 大类/中类/小类; the ticket's own when empty.
    pub category: Vec<String>,
    /// 街道; the ticket's own when absent.
    pub street: Option<String>,
    /// 社区; the ticket's own when absent.
    pub community: Option<String>,
    /// The place is not known, and that is on purpose.
    pub address_unknown: bool,
}

/// The suggestion that stood on the screen when the choice was made. `[DOMAIN §3: recorded beside the choice]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuggestionShown {
    /// Codes offered, best first.
    pub offered: Vec<String>,
    /// The first one's probability in thousandths.
    pub first_permille: u16,
}

impl Eq for SuggestionShown {}

/// An act on one ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// 立案.
    File(Filing),
    /// 直接答复.
    Answer {
        /// The answer given.
        text: String,
    },
    /// 不予受理.
    Refuse {
        /// Coded ground; its door is told.
        ground: String,
        /// More words.
        text: String,
    },
    /// 分拨.
    Dispatch {
        /// 主办.
        lead: String,
        /// 协办.
        assisting: Vec<String>,
        /// What was suggested.
        suggestion: Option<SuggestionShown>,
    },
    /// 撤回.
    Recall,
    /// 签收.
    Sign,
    /// 申请退件.
    RequestReturn {
        /// Coded ground.
        ground: String,
        /// Detailed reasons.
        text: String,
        /// Who should have it.
        suggested: Option<String>,
    },
    /// 逾期退件: the shift lead returns it after the window, in writing.
    LateReturn {
        /// Why.
        text: String,
    },
    /// 申请延期.
    Extend {
        /// Units more, in the limit's unit.
        units: u32,
        /// Why.
        text: String,
    },
    /// 申请挂起.
    Suspend {
        /// Its last day.
        until: NaiveDate,
        /// Why.
        text: String,
    },
    /// 恢复.
    Resume,
    /// 申请作废.
    Void {
        /// Why.
        text: String,
    },
    /// 申请免回访.
    WaiveCallback {
        /// Why.
        text: String,
    },
    /// 申诉.
    Appeal {
        /// Why.
        text: String,
    },
    /// 同意 an application: the named kind, or the only one pending.
    Grant {
        /// Which.
        kind: Option<ApplicationKind>,
        /// Why; required for a late return.
        text: String,
    },
    /// 不同意 an application.
    Decline {
        /// Which.
        kind: Option<ApplicationKind>,
        /// Why.
        text: String,
    },
    /// 提请协调.
    Coordinate {
        /// What is disputed.
        text: String,
    },
    /// 裁决.
    Rule(RulingOrder),
    /// 办理反馈.
    Reply(ReplyForm),
    /// 审核通过.
    Pass,
    /// 退回重办.
    Rework {
        /// What is missing.
        text: String,
    },
    /// 回访; a dissatisfied requester means a redo.
    CallBack(CallForm),
    /// 不满意重办.
    Redo {
        /// What the requester said.
        text: String,
    },
    /// 并案.
    Merge {
        /// The master's number.
        into: String,
    },
    /// 解除并案.
    Unmerge,
    /// 催办.
    Urge {
        /// What was said.
        text: String,
    },
    /// 归档.
    Archive,
    /// 复开.
    Reopen {
        /// The new fact.
        text: String,
    },
    /// 备注.
    Note {
        /// The note.
        text: String,
    },
    /// 认领.
    Claim,
    /// 放开.
    Release,
    /// 设为或解除保密.
    SetConfidential {
        /// On or off.
        confidential: bool,
    },
    /// 改紧急程度.
    SetUrgency {
        /// The new urgency.
        urgency: Urgency,
    },
    /// 改类别: nature, class, category, place; the deadline is computed again.
    Reclassify(Filing),
    /// 查看诉求人: personal data is shown for a reason.
    Reveal {
        /// Why.
        text: String,
    },
    /// 删除个人信息: words, place and requester of a ticket that has ended go for good.
    Erase {
        /// Who asked for it, and why.
        text: String,
    },
    /// 督办.
    Supervise {
        /// Why.
        text: String,
    },
    /// 督办结果.
    ResolveSupervision {
        /// Whether it led to a result.
        effective: bool,
        /// What came of it.
        text: String,
    },
    /// 不采纳督办建议.
    DismissSupervision {
        /// Why.
        text: String,
    },
    /// 通报.
    Circulate {
        /// Why.
        text: String,
    },
    /// 移送.
    Refer {
        /// Why.
        text: String,
    },
    /// 送达: the last paper has reached its receiver.
    Serve {
        /// Who took it, and by which way.
        text: String,
    },
    /// 收入案例库: a typical ticket or ruling, to be cited; again: its gist and tags are replaced.
    KeepCase {
        /// What it teaches, without personal data.
        text: String,
        /// By which it is found.
        tags: Vec<String>,
    },
    /// 移出案例库.
    DropCase,
}

/// A ruling of the command centre.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulingOrder {
    /// 主办.
    pub lead: String,
    /// 协办.
    pub assisting: Vec<String>,
    /// 兜底.
    pub fallback: Option<String>,
    /// The decision of the meeting, or of the centre.
    pub text: String,
    /// What is to be done, by whom and until when. `[CO-03]`
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub measures: String,
    /// When the meeting was held.
    pub held_on: Option<NaiveDate>,
}

/// A department's reply.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyForm {
    /// The requester was spoken with.
    pub contacted: bool,
    /// The matter is solved.
    pub solved: bool,
    /// For the centre only.
    pub note: String,
    /// What the requester reads.
    pub answer: String,
}

/// A call-back attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallForm {
    /// About whose request: the ticket itself when absent, else one merged into it.
    pub about: Option<String>,
    /// What came of it.
    pub outcome: CallOutcome,
    /// The rating given.
    pub rating: Option<Rating>,
    /// What the requester said.
    pub text: String,
}

codes! {
    /// The kind of an act: the key of the transition table, and the verb on the command line (`-` for `_`).
    ActKind {
        /// 立案.
        File = "file",
        /// 直接答复.
        Answer = "answer",
        /// 不予受理.
        Refuse = "refuse",
        /// 分拨.
        Dispatch = "dispatch",
        /// 撤回.
        Recall = "recall",
        /// 签收.
        Sign = "sign",
        /// 申请退件.
        RequestReturn = "request_return",
        /// 逾期退件.
        LateReturn = "late_return",
        /// 申请延期.
        Extend = "extend",
        /// 申请挂起.
        Suspend = "suspend",
        /// 恢复.
        Resume = "resume",
        /// 申请作废.
        Void = "void",
        /// 申请免回访.
        WaiveCallback = "waive_callback",
        /// 申诉.
        Appeal = "appeal",
        /// 同意.
        Grant = "grant",
        /// 不同意.
        Decline = "decline",
        /// 提请协调.
        Coordinate = "coordinate",
        /// 裁决.
        Rule = "rule",
        /// 办理反馈.
        Reply = "reply",
        /// 审核通过.
        Pass = "pass",
        /// 退回重办.
        Rework = "rework",
        /// 回访.
        CallBack = "callback",
        /// 不满意重办.
        Redo = "redo",
        /// 并案.
        Merge = "merge",
        /// 解除并案.
        Unmerge = "unmerge",
        /// 催办.
        Urge = "urge",
        /// 归档.
        Archive = "archive",
        /// 复开.
        Reopen = "reopen",
        /// 备注.
        Note = "note",
        /// 认领.
        Claim = "claim",
        /// 放开.
        Release = "release",
        /// 保密.
        SetConfidential = "confidential",
        /// 紧急程度.
        SetUrgency = "urgent",
        /// 改类别.
        Reclassify = "reclassify",
        /// 查看诉求人.
        Reveal = "reveal",
        /// 删除个人信息.
        Erase = "erase",
        /// 督办.
        Supervise = "supervise",
        /// 督办结果.
        ResolveSupervision = "resolve_supervision",
        /// 不采纳督办建议.
        DismissSupervision = "dismiss_supervision",
        /// 通报.
        Circulate = "circulate",
        /// 移送.
        Refer = "refer",
        /// 送达.
        Serve = "serve",
        /// 收入案例库.
        KeepCase = "keep_case",
        /// 移出案例库.
        DropCase = "drop_case",
    }
}

impl Act {
    /// The kind of this act.
    pub fn kind(&self) -> ActKind {
        match self {
            Self::File(_) => ActKind::File,
            Self::Answer { .. } => ActKind::Answer,
            Self::Refuse { .. } => ActKind::Refuse,
            Self::Dispatch { .. } => ActKind::Dispatch,
            Self::Recall => ActKind::Recall,
            Self::Sign => ActKind::Sign,
            Self::RequestReturn { .. } => ActKind::RequestReturn,
            Self::LateReturn { .. } => ActKind::LateReturn,
            Self::Extend { .. } => ActKind::Extend,
            Self::Suspend { .. } => ActKind::Suspend,
            Self::Resume => ActKind::Resume,
            Self::Void { .. } => ActKind::Void,
            Self::WaiveCallback { .. } => ActKind::WaiveCallback,
            Self::Appeal { .. } => ActKind::Appeal,
            Self::Grant { .. } => ActKind::Grant,
            Self::Decline { .. } => ActKind::Decline,
            Self::Coordinate { .. } => ActKind::Coordinate,
            Self::Rule(_) => ActKind::Rule,
            Self::Reply(_) => ActKind::Reply,
            Self::Pass => ActKind::Pass,
            Self::Rework { .. } => ActKind::Rework,
            Self::CallBack(_) => ActKind::CallBack,
            Self::Redo { .. } => ActKind::Redo,
            Self::Merge { .. } => ActKind::Merge,
            Self::Unmerge => ActKind::Unmerge,
            Self::Urge { .. } => ActKind::Urge,
            Self::Archive => ActKind::Archive,
            Self::Reopen { .. } => ActKind::Reopen,
            Self::Note { .. } => ActKind::Note,
            Self::Claim => ActKind::Claim,
            Self::Release => ActKind::Release,
            Self::SetConfidential { .. } => ActKind::SetConfidential,
            Self::SetUrgency { .. } => ActKind::SetUrgency,
            Self::Reclassify(_) => ActKind::Reclassify,
            Self::Reveal { .. } => ActKind::Reveal,
            Self::Erase { .. } => ActKind::Erase,
            Self::Supervise { .. } => ActKind::Supervise,
            Self::ResolveSupervision { .. } => ActKind::ResolveSupervision,
            Self::DismissSupervision { .. } => ActKind::DismissSupervision,
            Self::Circulate { .. } => ActKind::Circulate,
            Self::Refer { .. } => ActKind::Refer,
            Self::Serve { .. } => ActKind::Serve,
            Self::KeepCase { .. } => ActKind::KeepCase,
            Self::DropCase => ActKind::DropCase,
        }
    }
}

impl ActKind {
    /// The act that takes this one back, where there is one: the console's undo.
    pub fn inverse(self) -> Option<Self> {
        match self {
            Self::Dispatch => Some(Self::Recall),
            Self::Merge => Some(Self::Unmerge),
            Self::Claim => Some(Self::Release),
            Self::Release => Some(Self::Claim),
            Self::SetConfidential => Some(Self::SetConfidential),
            Self::SetUrgency => Some(Self::SetUrgency),
            _ => None,
        }
    }
}

/// What a new ticket is made of; its texts and its requester are personal data and travel beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The origin of the citizen's clock.
    pub created_at: Instant,
    /// 诉求来源.
    pub source: String,
    /// 受理渠道.
    pub channel: String,
    /// The number in the system it came from.
    pub external_no: Option<String>,
    /// 诉求性质.
    pub nature: Option<Nature>,
    /// 时限类别.
    pub limit_class: Option<LimitClass>,
    /// 紧急程度.
    pub urgency: Urgency,
    /// Hide the requester from departments.
    pub confidential: bool,
    /// 大类/中类/小类.
    pub category: Vec<String>,
    /// 街道.
    pub street: Option<String>,
    /// 社区.
    pub community: Option<String>,
}
