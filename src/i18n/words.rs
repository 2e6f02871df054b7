//! Words for the domain's codes: one term each, as DOMAIN §2 has them.

use super::{Lang, Text};
use crate::domain::act::{ActKind, CallOutcome, Rating};
use crate::domain::application::ApplicationKind;
use crate::domain::department::Directory;
use crate::domain::ladder;
use crate::domain::light::Light;
use crate::domain::operator::Role;
use crate::domain::precedent::PrecedentKind;
use crate::domain::queue::{Sort, View};
use crate::domain::supplement::LetterKind;
use crate::domain::ticket::{LimitClass, Nature, State, Urgency};

const fn text(zh: &'static str, en: &'static str) -> Text {
    Text { zh, en }
}

/// Who did something, where nobody did: the program itself, by a rule.
pub const SYSTEM: Text = text("系统", "system");

/// The word for a state; a state this program does not know is shown by its code.
pub fn state(state: &State, lang: Lang) -> String {
    let word = match state {
        State::Registered => text("待立案", "registered"),
        State::Filed => text("待分拨", "filed"),
        State::Dispatched => text("待签收", "dispatched"),
        State::Handling => text("处置中", "handling"),
        State::Replied => text("待审核", "replied"),
        State::Callback => text("待回访", "call-back"),
        State::Closed => text("已办结", "closed"),
        State::Archived => text("已归档", "archived"),
        State::Answered => text("直接答复", "answered"),
        State::Refused => text("不予受理", "refused"),
        State::Merged => text("已并案", "merged"),
        State::Coordinating => text("协调中", "coordinating"),
        State::Suspended => text("挂起", "suspended"),
        State::Voided => text("作废", "voided"),
        State::Foreign(code) => return code.clone(),
    };
    word.of(lang).to_owned()
}

/// The word for a light: never told by colour alone.
pub fn light(light: Light) -> Text {
    match light {
        Light::Red => text("红", "red"),
        Light::Yellow => text("黄", "yellow"),
        Light::Green => text("绿", "green"),
        Light::Paused => text("停", "paused"),
        Light::Done => text("按时", "on time"),
        Light::Late => text("超期", "late"),
    }
}

/// The word for a ticket's light: one that ended is on time only where that is known, since it may have had no reply due, or
/// no closing time that can be.
pub fn light_of(light: Light, on_time: Option<bool>) -> Text {
    match (light, on_time) {
        (Light::Done, None) => text("已结", "ended"),
        (light, _) => self::light(light),
    }
}

/// The word for a nature.
pub fn nature(nature: Nature) -> Text {
    match nature {
        Nature::Complaint => text("投诉", "complaint"),
        Nature::Enquiry => text("咨询", "enquiry"),
        Nature::Suggestion => text("建议", "suggestion"),
        Nature::Help => text("求决", "help"),
        Nature::Report => text("举报", "report"),
        Nature::Thanks => text("感谢", "thanks"),
        Nature::Other => text("其他", "other"),
    }
}

/// The word for a limit class.
pub fn limit_class(class: LimitClass) -> Text {
    match class {
        LimitClass::Enquiry => text("咨询建议", "enquiry"),
        LimitClass::Complaint => text("非数字城管投诉", "complaint"),
        LimitClass::Urban => text("数字城管投诉", "urban"),
    }
}

/// The word for a limit class where there is little room.
pub fn limit_class_short(class: LimitClass) -> Text {
    match class {
        LimitClass::Enquiry => text("咨询", "enqu."),
        LimitClass::Complaint => text("投诉", "compl."),
        LimitClass::Urban => text("城管", "urban"),
    }
}

/// The word for a channel that the program or its documents name by a code; any other is free text and stands as it is.
///
/// ```
/// use fenbo::i18n::{Lang, words::channel};
/// assert_eq!(channel("phone", Lang::Zh), "电话");
/// assert_eq!(channel("区长信箱", Lang::En), "区长信箱");
/// ```
pub fn channel(code: &str, lang: Lang) -> &str {
    let word = match code {
        "app" => text("手机应用", "app"),
        "counter" => text("窗口", "counter"),
        "desk" => text("本台录入", "desk"),
        "email" | "mail" => text("邮件", "mail"),
        "fax" => text("传真", "fax"),
        "hotline" | "phone" => text("电话", "phone"),
        "import" => text("批量导入", "import"),
        "leader" => text("领导交办", "leader"),
        "open-data" => text("开放数据", "open data"),
        "sms" => text("短信", "text message"),
        "visit" => text("来访", "visit"),
        "web" => text("网页", "web"),
        "wechat" | "微信公众号" => text("微信公众号", "WeChat"),
        "weibo" => text("微博", "Weibo"),
        "网络留言" => text("网络留言", "web message"),
        other => return other,
    };
    word.of(lang)
}

/// The word for an urgency.
pub fn urgency(urgency: Urgency) -> Text {
    match urgency {
        Urgency::Normal => text("一般", "normal"),
        Urgency::Urgent => text("紧急", "urgent"),
        Urgency::Critical => text("特急", "critical"),
    }
}

/// The word for a role.
pub fn role(role: Role) -> Text {
    match role {
        Role::Dispatcher => text("分拨员", "dispatcher"),
        Role::ShiftLead => text("值班长", "shift lead"),
        Role::Supervisor => text("督查室", "supervisor"),
        Role::Department => text("承办单位", "department"),
        Role::Callback => text("回访员", "call-back"),
        Role::Auditor => text("审计", "auditor"),
        Role::Administrator => text("管理员", "administrator"),
    }
}

/// The word for a rating.
pub fn rating(rating: Rating) -> Text {
    match rating {
        Rating::VerySatisfied => text("非常满意", "very satisfied"),
        Rating::Satisfied => text("满意", "satisfied"),
        Rating::FairlySatisfied => text("基本满意", "fairly satisfied"),
        Rating::Dissatisfied => text("不满意", "dissatisfied"),
        Rating::Unrated => text("未评价", "unrated"),
    }
}

/// The word for what came of a call.
pub fn outcome(outcome: CallOutcome) -> Text {
    match outcome {
        CallOutcome::Reached => text("已接通", "reached"),
        CallOutcome::NoAnswer => text("无人接听", "no answer"),
        CallOutcome::WrongNumber => text("号码有误", "wrong number"),
        CallOutcome::Declined => text("不愿接受回访", "declined"),
        CallOutcome::SelfRated => text("自助评价", "self-rated"),
    }
}

/// The word for an application.
pub fn application(kind: ApplicationKind) -> Text {
    match kind {
        ApplicationKind::Return => text("退件", "return"),
        ApplicationKind::Extension => text("延期", "extension"),
        ApplicationKind::Suspension => text("挂起", "suspension"),
        ApplicationKind::Void => text("作废", "void"),
        ApplicationKind::NoCallback => text("免回访", "no call-back"),
        ApplicationKind::Appeal => text("申诉", "appeal"),
    }
}

/// The name of a view.
pub fn view(view: View) -> Text {
    match view {
        View::Desk => text("待分拨", "desk"),
        View::Open => text("在办", "open"),
        View::RedYellow => text("红黄灯", "red+yellow"),
        View::Decisions => text("待裁定", "decisions"),
        View::Review => text("审核回访", "review"),
        View::Supervision => text("督办", "board"),
        View::All => text("检索", "all"),
        View::Statistics => text("统计", "statistics"),
        View::Shift => text("交接班", "shift"),
    }
}

/// The name of a sort order.
pub fn sort(sort: Sort) -> Text {
    match sort {
        Sort::Due => text("按期限", "by deadline"),
        Sort::Newest => text("最新在前", "newest first"),
        Sort::Oldest => text("最早在前", "oldest first"),
        Sort::Urgency => text("紧急在前", "urgent first"),
        Sort::Stage => text("按环节时限", "by stage limit"),
    }
}

/// The word for an act.
pub fn act(kind: ActKind) -> Text {
    match kind {
        ActKind::File => text("立案", "file"),
        ActKind::Answer => text("直接答复", "answer"),
        ActKind::Refuse => text("不予受理", "refuse"),
        ActKind::Dispatch => text("分拨", "dispatch"),
        ActKind::Recall => text("撤回", "recall"),
        ActKind::Sign => text("签收", "sign for"),
        ActKind::RequestReturn => text("申请退件", "request return"),
        ActKind::LateReturn => text("逾期退件", "late return"),
        ActKind::Extend => text("申请延期", "ask for extension"),
        ActKind::Suspend => text("申请挂起", "ask for suspension"),
        ActKind::Resume => text("恢复", "resume"),
        ActKind::Void => text("申请作废", "ask to void"),
        ActKind::WaiveCallback => text("申请免回访", "ask for no call-back"),
        ActKind::Appeal => text("申诉", "appeal"),
        ActKind::Grant => text("同意", "grant"),
        ActKind::Decline => text("不同意", "decline"),
        ActKind::Coordinate => text("提请协调", "coordinate"),
        ActKind::Rule => text("裁决", "rule"),
        ActKind::Reply => text("办理反馈", "reply"),
        ActKind::Pass => text("审核通过", "pass"),
        ActKind::Rework => text("退回重办", "rework"),
        ActKind::CallBack => text("回访", "call back"),
        ActKind::Redo => text("不满意重办", "redo"),
        ActKind::Merge => text("并案", "merge"),
        ActKind::Unmerge => text("解除并案", "unmerge"),
        ActKind::Urge => text("催办", "urge"),
        ActKind::Archive => text("归档", "archive"),
        ActKind::Reopen => text("复开", "reopen"),
        ActKind::Note => text("备注", "note"),
        ActKind::Claim => text("认领", "claim"),
        ActKind::Release => text("放开", "release"),
        ActKind::SetConfidential => text("保密", "confidential"),
        ActKind::SetUrgency => text("紧急程度", "urgency"),
        ActKind::Reclassify => text("改类别", "reclassify"),
        ActKind::Reveal => text("查看诉求人", "reveal requester"),
        ActKind::Erase => text("删除个人信息", "erase personal data"),
        ActKind::Supervise => text("督办", "supervise"),
        ActKind::ResolveSupervision => text("督办结果", "supervision result"),
        ActKind::DismissSupervision => text("不采纳督办建议", "dismiss proposal"),
        ActKind::Circulate => text("通报", "circular"),
        ActKind::Refer => text("移送", "referral"),
        ActKind::Serve => text("送达", "paper served"),
        ActKind::KeepCase => text("收入案例库", "keep as a case"),
        ActKind::DropCase => text("移出案例库", "drop from the cases"),
    }
}

/// The word for a rung of the ladder: 1 supervision, 2 circular, 3 referral.
pub fn rung(level: u8) -> Text {
    match level {
        1 => text("督办", "supervision"),
        2 => text("通报", "circular"),
        _ => text("移送", "referral"),
    }
}

/// A department's name; its code where the directory does not know it.
pub fn department<'a>(code: &'a str, directory: &'a Directory, lang: Lang) -> &'a str {
    match (directory.department(code), lang) {
        (Some(found), Lang::En) if !found.name_en.is_empty() => &found.name_en,
        (Some(found), Lang::Zh | Lang::En) => &found.name,
        (None, _) => code,
    }
}

/// The word for what makes a ticket a precedent.
pub fn precedent(kind: PrecedentKind) -> Text {
    match kind {
        PrecedentKind::Case => text("案例", "case"),
        PrecedentKind::Ruling => text("裁决", "ruling"),
    }
}

/// The word for a letter that joined a ticket.
pub fn letter(sort: LetterKind) -> Text {
    match sort {
        LetterKind::Letter => text("来信补充", "letter"),
        LetterKind::AutoReply => text("自动回复邮件", "automatic reply"),
        LetterKind::Bounce => text("退信", "delivery report"),
    }
}

/// Why a supervision is proposed; a ground this program does not know is shown by its code.
pub fn proposal(ground: &str, lang: Lang) -> &str {
    let word = match ground {
        ladder::ground::UNSIGNED => text(
            "逾期未签收且无进展",
            "not signed for in time, and no progress",
        ),
        ladder::ground::LEADER => text(
            "领导交办件无进展",
            "assigned by a leader, and it does not move",
        ),
        ladder::ground::HOT_SPOT => text(
            "一处一月多次投诉，成为热点",
            "complained of again and again in one place: a hot spot",
        ),
        ladder::ground::OVERDUE => text(
            "多次超期提醒仍未办结",
            "still open after repeated overdue reminders",
        ),
        ladder::ground::REDO => text("重办后仍不满意", "dissatisfied again after the redo"),
        ladder::ground::FAILED => text("督办期满无结果", "the supervision ended without result"),
        ladder::ground::REFER => text(
            "连续督办无结果，应予移送",
            "supervisions in a row without result: refer it",
        ),
        other => return other,
    };
    word.of(lang)
}
