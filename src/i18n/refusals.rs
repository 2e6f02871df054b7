//! What is said when a rule says no: what was not done, why, what to do next.
//!
//! Start at [`refusal`]. Departments are worded by the caller, who has the directory.

use super::ledger::kind;
use super::{Lang, words};
use crate::domain::act::ActKind;
use crate::domain::instant::Zone;
use crate::domain::operator::Role;
use crate::domain::refusal::{LadderNeeds, Refusal};

/// The three parts of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// What was not done.
    pub what: String,
    /// Why.
    pub why: String,
    /// What to do next.
    pub next: String,
}

impl Sentence {
    /// All three in one line.
    pub fn line(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("{}：{}；{}", self.what, self.why, self.next),
            Lang::En => format!("{}: {}; {}", self.what, self.why, self.next),
        }
    }
}

/// Words a refusal in a language; `department` gives a department's name for its code.
///
/// ```
/// use fenbo::domain::{instant::Zone, refusal::Refusal};
/// use fenbo::i18n::{Lang, refusals::refusal};
/// let said = refusal(&Refusal::NoReturnAfterRuling, Lang::Zh, Zone::shanghai(), &|code| code.to_owned());
/// assert_eq!(said.why, "裁决之后不得退件");
/// ```
pub fn refusal(
    refusal: &Refusal,
    lang: Lang,
    zone: Zone,
    department: &dyn Fn(&str) -> String,
) -> Sentence {
    let (why, next) = match lang {
        Lang::Zh => zh(refusal, zone, department),
        Lang::En => en(refusal, zone, department),
    };
    Sentence {
        what: what(refusal, lang),
        why,
        next,
    }
}

/// The act is named where the refusal knows it; else the caller has named it already.
fn what(refusal: &Refusal, lang: Lang) -> String {
    let act = match refusal {
        Refusal::WrongState { act, .. } | Refusal::WrongRole { act, .. } => Some(*act),
        Refusal::NotYourDispatch { .. } => Some(ActKind::Recall),
        Refusal::NotAnEnquiry => Some(ActKind::Answer),
        Refusal::ReturnWindowClosed { .. }
        | Refusal::NoReturnAfterRuling
        | Refusal::SuggestionMissing => Some(ActKind::RequestReturn),
        Refusal::CoordinationForced { .. } => Some(ActKind::Dispatch),
        Refusal::DeadlinePassed { .. }
        | Refusal::ExtensionsUsedUp { .. }
        | Refusal::ExtensionTooLong { .. } => Some(ActKind::Extend),
        Refusal::SuspensionsUsedUp { .. } | Refusal::SuspensionEnd { .. } => Some(ActKind::Suspend),
        Refusal::NotOverdue | Refusal::AppealWindowClosed { .. } | Refusal::AppealedBefore => {
            Some(ActKind::Appeal)
        }
        Refusal::MergeIntoItself
        | Refusal::MasterMissing { .. }
        | Refusal::MasterNotOpen { .. }
        | Refusal::MergeAcrossConfidential => Some(ActKind::Merge),
        _ => None,
    };
    match (act, lang) {
        // Some acts are named by what is not done: the name stands in quotes, as a name.
        (Some(act), Lang::Zh) => format!("“{}”没有执行", words::act(act).of(lang)),
        (Some(act), Lang::En) => format!("{}: not done", words::act(act).of(lang)),
        (None, Lang::Zh) => "没有执行".to_owned(),
        (None, Lang::En) => "not done".to_owned(),
    }
}

fn roles(needs: &[Role], lang: Lang) -> String {
    let words: Vec<&str> = needs.iter().map(|r| words::role(*r).of(lang)).collect();
    match lang {
        Lang::Zh => words.join("、"),
        Lang::En => words.join(" or "),
    }
}

fn zh(refusal: &Refusal, zone: Zone, department: &dyn Fn(&str) -> String) -> (String, String) {
    let lang = Lang::Zh;
    let say = |why: String, next: &str| (why, next.to_owned());
    match refusal {
        Refusal::WrongState { state, .. } => say(
            format!("工单现为{}，此时不能执行", words::state(state, lang)),
            "看现在能做什么：分拨台里按 . 键，命令行用 fenbo show",
        ),
        Refusal::WrongRole { needs, .. } => say(
            format!("须由{}办理", roles(needs, lang)),
            "请有此角色的人办理",
        ),
        Refusal::NotYourDepartment { lead } => say(
            match lead {
                Some(code) => format!("主办单位是{}", department(code)),
                None => "工单不在贵单位".to_owned(),
            },
            "请主办单位办理",
        ),
        Refusal::OperatorInactive => say("该账号已停用".to_owned(), "请管理员启用"),
        Refusal::NeedsAdministrator => say("须由管理员办理".to_owned(), "请管理员办理"),
        Refusal::MayNotRegister { needs } => say(
            format!("登记诉求须由{}办理", roles(needs, lang)),
            "请有此角色的人登记",
        ),
        Refusal::MayNotAskForViews { needs } => say(
            format!("查看记录只有{}可以查阅", roles(needs, lang)),
            "请有此角色的人查阅",
        ),
        Refusal::OnlyYourself { login } => say(
            format!("登录名 {login} 只能以本人身份办理"),
            "请去掉 --as 再试",
        ),
        Refusal::Stale { by, at, what } => say(
            format!(
                "{by} 已于 {} 改动（{}）",
                zone.minute(*at),
                kind(what, lang)
            ),
            "看过最新情况再办理",
        ),
        Refusal::UnknownDepartment { given } => say(
            format!("没有名为“{given}”的单位"),
            "输入名称、拼音首字母或代码再选",
        ),
        Refusal::DepartmentInactive { code } => {
            say(format!("{}已停用", department(code)), "选接替它的单位")
        }
        Refusal::DepartmentTwice { code } => say(
            format!("{}出现了两次", department(code)),
            "主办、协办各列一次",
        ),
        Refusal::NatureMissing => say("没有诉求性质".to_owned(), "选投诉、咨询等性质"),
        Refusal::CategoryMissing => say("没有分类".to_owned(), "至少选到大类"),
        Refusal::PlaceMissing => say("没有地点".to_owned(), "填街道、社区，或标明地址不详"),
        Refusal::NotAnEnquiry => say("只有咨询类可以当场答复".to_owned(), "立案后分拨"),
        Refusal::TextMissing => say("没有填写内容".to_owned(), "写明内容再提交"),
        Refusal::TextTooShort { has, needs } => say(
            format!("只写了 {has} 字，至少 {needs} 字"),
            "写详细些再提交",
        ),
        Refusal::UnknownGround { given, known } => say(
            if given.is_empty() {
                "没有选理由".to_owned()
            } else {
                format!("没有理由“{given}”")
            },
            &format!("可选：{}", known.join("、")),
        ),
        Refusal::SuggestionMissing => say("没有建议承办单位".to_owned(), "选应当承办的单位"),
        Refusal::NotYourDispatch { by } => {
            say(format!("这次分拨是 {by} 做的"), "请本人或值班长撤回")
        }
        Refusal::ReturnWindowClosed { closed_on } => say(
            format!("退件期限已于 {closed_on} 届满"),
            "请值班长书面逾期退件",
        ),
        Refusal::NoReturnAfterRuling => {
            say("裁决之后不得退件".to_owned(), "先行办理，有异议另行申诉")
        }
        Refusal::AlreadyAsked { kind } => say(
            format!("{}已经申请过，尚未批", words::application(*kind).of(lang)),
            "等批复，或请值班长先批",
        ),
        Refusal::NotExemplary => say(
            "还没有办结，也没有裁决".to_owned(),
            "办结或裁决后再收入案例库",
        ),
        Refusal::NothingPending => say("没有待批的申请".to_owned(), "按 4 看待裁定"),
        Refusal::WhichApplication { pending } => say(
            format!(
                "有几项待批：{}",
                pending
                    .iter()
                    .map(|k| words::application(*k).of(lang))
                    .collect::<Vec<_>>()
                    .join("、")
            ),
            "选明是哪一项",
        ),
        Refusal::NeedsShiftLead { kind } => say(
            format!("{}由值班长批", words::application(*kind).of(lang)),
            "请值班长办理",
        ),
        Refusal::CoordinationForced { returns } => {
            say(format!("已退件 {returns} 次，须先协调"), "按 O 提请协调")
        }
        Refusal::SecondPersonNeeded => say("申诉须两人决定".to_owned(), "请另一位决定"),
        Refusal::DeadlinePassed { due_at } => say(
            format!("期限已于 {} 届满", zone.minute(*due_at)),
            "尽快反馈",
        ),
        Refusal::ExtensionsUsedUp { max } => say(format!("最多延期 {max} 次"), "在期限内反馈"),
        Refusal::ExtensionTooLong { asked, max } => say(
            format!("申请 {asked} 天，可延 1 至 {max} 天"),
            "改天数再提交",
        ),
        Refusal::SuspensionsUsedUp { max } => {
            say(format!("最多挂起 {max} 次"), "按期办理，或申请延期")
        }
        Refusal::SuspensionEnd { latest } => {
            say(format!("挂起须到今天以后、最迟 {latest}"), "改日期再提交")
        }
        Refusal::DecideFirst { kind } => say(
            format!("{}申请尚未批", words::application(*kind).of(lang)),
            "按 d 先批",
        ),
        Refusal::NotOverdue => say("工单没有超期".to_owned(), "无须申诉"),
        Refusal::AppealWindowClosed { closed_on } => {
            say(format!("申诉期限已于 {closed_on} 届满"), "写备注说明情况")
        }
        Refusal::AppealedBefore => say("只能申诉一次".to_owned(), "写备注说明情况"),
        Refusal::RatingMissing => say("接通的回访没有满意度".to_owned(), "选满意度，可选未评价"),
        Refusal::RatingWithoutVoice => say(
            "没有接通就没有满意度".to_owned(),
            "去掉满意度，或改回访结果",
        ),
        Refusal::AlreadyHeard { no } => say(
            format!("{no} 的诉求人这次回访已评价过"),
            "不必再评价；要改由回访员再次回访",
        ),
        Refusal::NotARequester { no } => {
            say(format!("{no} 不在本工单的回访之列"), "选本工单或并入的工单")
        }
        Refusal::MergeIntoItself => say("不能并入自己".to_owned(), "选另一张为主单"),
        Refusal::MasterMissing { no } => say(format!("没有主单 {no}"), "核对编号"),
        Refusal::MasterNotOpen { no, state } => say(
            format!("主单 {no} 现为{}", words::state(state, lang)),
            "选在办的工单为主单",
        ),
        Refusal::MergeAcrossConfidential => say("保密与不保密的不能并案".to_owned(), "分别办理"),
        Refusal::HasMerged { count } => say(format!("有 {count} 件并入本工单"), "先解除并案"),
        Refusal::ClaimedBy { by, at } => say(
            format!("{by} 于 {} 认领", zone.minute(*at)),
            "请其放开，或换一张",
        ),
        Refusal::NotYourClaim => say("不是您认领的".to_owned(), "请认领人或值班长放开"),
        Refusal::NoChange => say("已经是这样".to_owned(), "不必再做"),
        Refusal::TooEarly { until } => {
            say(format!("{} 之后才可以", zone.minute(*until)), "到时再做")
        }
        Refusal::LadderStep { needs } => match needs {
            LadderNeeds::Supervision => say("尚未督办".to_owned(), "先督办"),
            LadderNeeds::ConsecutiveFailures(n) => {
                say(format!("须连续 {n} 次督办无果"), "先督办；到期无果即计一次")
            }
            LadderNeeds::AnotherFailure => say(
                "这几次督办无果已经移送过".to_owned(),
                "再督办，又无果才再移送",
            ),
            LadderNeeds::Proposal => say("没有待处理的督办建议".to_owned(), "不必驳回；看流转记录"),
            LadderNeeds::Department => say("工单在分拨台，没有承办单位可督办".to_owned(), "先分拨"),
        },
        Refusal::SupervisionUnderWay => say("正在督办".to_owned(), "先记督办结果"),
        Refusal::NoSupervision => say("没有进行中的督办".to_owned(), "先督办"),
        Refusal::CalendarUnknown { year } => say(
            format!("{year} 年的放假通知未知"),
            &format!("请管理员把 {year}.toml 放进配置目录的 calendars，见 fenbo doctor"),
        ),
    }
}

fn en(refusal: &Refusal, zone: Zone, department: &dyn Fn(&str) -> String) -> (String, String) {
    let lang = Lang::En;
    let say = |why: String, next: &str| (why, next.to_owned());
    let asked = |kind| words::application(kind).of(lang);
    match refusal {
        Refusal::WrongState { state, .. } => say(
            format!("the ticket is {}", words::state(state, lang)),
            "see what is possible now: press . at the desk, or run fenbo show",
        ),
        Refusal::WrongRole { needs, .. } => say(
            format!("it needs the role {}", roles(needs, lang)),
            "ask someone who has it",
        ),
        Refusal::NotYourDepartment { lead } => say(
            match lead {
                Some(code) => format!("the lead department is {}", department(code)),
                None => "the ticket is not with your department".to_owned(),
            },
            "ask the lead department",
        ),
        Refusal::OperatorInactive => say(
            "this operator is switched off".to_owned(),
            "ask the administrator",
        ),
        Refusal::MayNotAskForViews { needs } => say(
            format!(
                "who viewed what is for the role {} to ask",
                roles(needs, lang)
            ),
            "have somebody with that role ask",
        ),
        Refusal::MayNotRegister { needs } => say(
            format!(
                "registering a request needs the role {}",
                roles(needs, lang)
            ),
            "ask someone who has it",
        ),
        Refusal::NeedsAdministrator => say(
            "only the administrator may".to_owned(),
            "ask the administrator",
        ),
        Refusal::OnlyYourself { login } => say(
            format!("the login {login} may act only as itself"),
            "try again without --as",
        ),
        Refusal::Stale { by, at, what } => say(
            format!(
                "{by} changed it at {} ({})",
                zone.minute(*at),
                kind(what, lang)
            ),
            "look at it again first",
        ),
        Refusal::UnknownDepartment { given } => say(
            format!("no department is called \"{given}\""),
            "choose one by name, pinyin or code",
        ),
        Refusal::DepartmentInactive { code } => say(
            format!("{} is no longer active", department(code)),
            "choose its successor",
        ),
        Refusal::DepartmentTwice { code } => say(
            format!("{} is named twice", department(code)),
            "name each department once",
        ),
        Refusal::NatureMissing => say("the nature is missing".to_owned(), "choose one"),
        Refusal::CategoryMissing => say(
            "the category is missing".to_owned(),
            "choose at least the top level",
        ),
        Refusal::PlaceMissing => say(
            "the place is missing".to_owned(),
            "give it, or say that it is unknown",
        ),
        Refusal::NotAnEnquiry => say(
            "only enquiries are answered on the spot".to_owned(),
            "file and dispatch it",
        ),
        Refusal::TextMissing => say("the text is missing".to_owned(), "write it"),
        Refusal::TextTooShort { has, needs } => say(
            format!("{has} characters of at least {needs}"),
            "write more",
        ),
        Refusal::UnknownGround { given, known } => say(
            if given.is_empty() {
                "the ground is missing".to_owned()
            } else {
                format!("there is no ground \"{given}\"")
            },
            &format!("choose one of {}", known.join(", ")),
        ),
        Refusal::SuggestionMissing => say(
            "no other department is named".to_owned(),
            "name who should have it",
        ),
        Refusal::NotYourDispatch { by } => {
            say(format!("{by} dispatched it"), "ask them, or the shift lead")
        }
        Refusal::ReturnWindowClosed { closed_on } => say(
            format!("the window closed on {closed_on}"),
            "the shift lead can return it late, in writing",
        ),
        Refusal::NoReturnAfterRuling => say(
            "nothing is returned after a ruling".to_owned(),
            "handle it first; appeal later",
        ),
        Refusal::AlreadyAsked { kind } => say(
            format!("{} is asked for already", asked(*kind)),
            "wait for the decision",
        ),
        Refusal::NotExemplary => say(
            "it has neither ended nor been ruled on".to_owned(),
            "keep it as a case when it has",
        ),
        Refusal::NothingPending => say(
            "nothing waits for a decision".to_owned(),
            "press 4 for the decisions",
        ),
        Refusal::WhichApplication { pending } => say(
            format!(
                "several things wait: {}",
                pending
                    .iter()
                    .map(|k| asked(*k))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            "say which",
        ),
        Refusal::NeedsShiftLead { kind } => say(
            format!("the shift lead decides on {}", asked(*kind)),
            "ask the shift lead",
        ),
        Refusal::CoordinationForced { returns } => say(
            format!("returned {returns} times already"),
            "press O for coordination",
        ),
        Refusal::SecondPersonNeeded => say(
            "an appeal is decided by two people".to_owned(),
            "ask another",
        ),
        Refusal::DeadlinePassed { due_at } => say(
            format!("the deadline passed at {}", zone.minute(*due_at)),
            "reply soon",
        ),
        Refusal::ExtensionsUsedUp { max } => {
            say(format!("at most {max} extensions"), "reply in time")
        }
        Refusal::ExtensionTooLong { asked, max } => say(
            format!("{asked} asked, 1 to {max} possible"),
            "change the number",
        ),
        Refusal::SuspensionsUsedUp { max } => {
            say(format!("at most {max} suspensions"), "ask for an extension")
        }
        Refusal::SuspensionEnd { latest } => say(
            format!("the end must be after today, by {latest}"),
            "change the day",
        ),
        Refusal::DecideFirst { kind } => say(
            format!("{} waits for a decision", asked(*kind)),
            "press d to decide it first",
        ),
        Refusal::NotOverdue => say("it is not overdue".to_owned(), "nothing to appeal"),
        Refusal::AppealWindowClosed { closed_on } => say(
            format!("the window closed on {closed_on}"),
            "write a note instead",
        ),
        Refusal::AppealedBefore => say("it was appealed before".to_owned(), "write a note instead"),
        Refusal::RatingMissing => say(
            "a call that was answered has a rating".to_owned(),
            "choose one; \"unrated\" is one",
        ),
        Refusal::RatingWithoutVoice => say(
            "nobody was reached, so nobody rated".to_owned(),
            "take the rating away, or change the outcome",
        ),
        Refusal::AlreadyHeard { no } => say(
            format!("the requester of {no} was heard in this call-back already"),
            "nothing to do; the desk may call again to change it",
        ),
        Refusal::NotARequester { no } => say(
            format!("{no} is not called back with this ticket"),
            "choose this one or a merged one",
        ),
        Refusal::MergeIntoItself => say(
            "a ticket is not merged into itself".to_owned(),
            "choose another master",
        ),
        Refusal::MasterMissing { no } => say(format!("there is no {no}"), "check the number"),
        Refusal::MasterNotOpen { no, state } => say(
            format!("{no} is {}", words::state(state, lang)),
            "choose an open master",
        ),
        Refusal::MergeAcrossConfidential => say(
            "confidential and open ones are kept apart".to_owned(),
            "handle them apart",
        ),
        Refusal::HasMerged { count } => say(
            format!("{count} tickets are merged into it"),
            "unmerge them first",
        ),
        Refusal::ClaimedBy { by, at } => say(
            format!("{by} has claimed it since {}", zone.minute(*at)),
            "ask them, or take another",
        ),
        Refusal::NotYourClaim => say(
            "it is not your claim".to_owned(),
            "ask who has it, or the shift lead",
        ),
        Refusal::NoChange => say("it is so already".to_owned(), "nothing to do"),
        Refusal::TooEarly { until } => say(
            format!("not before {}", zone.minute(*until)),
            "come back then",
        ),
        Refusal::LadderStep { needs } => match needs {
            LadderNeeds::Supervision => say(
                "it was not supervised yet".to_owned(),
                "issue a supervision first",
            ),
            LadderNeeds::ConsecutiveFailures(n) => say(
                format!("it needs {n} supervisions in a row without result"),
                "supervise it first; a due date passed without result counts",
            ),
            LadderNeeds::AnotherFailure => say(
                "these supervisions without result were referred already".to_owned(),
                "supervise it again; another one without result may be referred",
            ),
            LadderNeeds::Proposal => say(
                "no proposed supervision waits".to_owned(),
                "nothing is to be dismissed; see its ledger",
            ),
            LadderNeeds::Department => say(
                "it is at the desk: no department is to be supervised".to_owned(),
                "dispatch it first",
            ),
        },
        Refusal::SupervisionUnderWay => say(
            "a supervision is under way".to_owned(),
            "record its result first",
        ),
        Refusal::NoSupervision => say("no supervision is under way".to_owned(), "issue one first"),
        Refusal::CalendarUnknown { year } => say(
            format!("the holidays of {year} are not known"),
            &format!(
                "ask the administrator to put {year}.toml into the configuration folder's calendars, see fenbo doctor"
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ticket::State;

    #[test]
    fn an_act_named_by_a_negation_is_refused_without_a_double_one() {
        let wrong = Refusal::WrongState {
            act: ActKind::Refuse,
            state: State::Filed,
        };
        let said = refusal(&wrong, Lang::Zh, Zone::shanghai(), &|code| code.to_owned());
        assert_eq!(said.what, "“不予受理”没有执行");
        assert_eq!(said.why, "工单现为待分拨，此时不能执行");
    }
}
