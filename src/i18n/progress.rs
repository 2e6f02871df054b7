//! What the requester reads: on the progress page, on the command line, in messages. Start at [`standing`] and [`step`].

use super::{Lang, Text, words};
use crate::domain::instant::{Instant, Zone};
use crate::domain::policy::Ground;
use crate::domain::progress::{Progress, Standing, Step};
use crate::domain::rules::Rules;
use chrono::NaiveDate;

const fn text(zh: &'static str, en: &'static str) -> Text {
    Text { zh, en }
}

/// Where a request stands.
pub fn standing(standing: Standing) -> Text {
    match standing {
        Standing::Received => text("已登记，等待受理", "received, waiting to be accepted"),
        Standing::Accepted => text(
            "已受理，正在确定承办单位",
            "accepted, a department is being found",
        ),
        Standing::Assigned => text("已交承办单位", "given to a department"),
        Standing::InProgress => text("正在办理", "being worked on"),
        Standing::OnHold => text("暂缓办理", "on hold"),
        Standing::Replied => text("已答复", "answered"),
        Standing::Closed => text("已办结", "closed"),
        Standing::Answered => text("已直接答复", "answered at once"),
        Standing::NotAccepted => text("不予受理", "not accepted"),
        Standing::Voided => text("已作废", "void"),
    }
}

/// A step of a request that came in at `created_at`, under the rules then in force.
pub fn step(step: &Step, created_at: Instant, rules: &Rules, lang: Lang) -> String {
    match step {
        Step::Received => STEP_RECEIVED.of(lang).to_owned(),
        Step::Accepted => STEP_ACCEPTED.of(lang).to_owned(),
        Step::Answered => STEP_ANSWERED.of(lang).to_owned(),
        Step::NotAccepted(code) => {
            let grounds = &rules.editions.at(created_at).refusals.grounds;
            let known = grounds.iter().find(|g| g.code == *code);
            let said = known.map_or_else(|| code.clone(), |g| with_door(g, lang));
            STEP_NOT_ACCEPTED.with(lang, &[("ground", &said)])
        }
        Step::Assigned(code) => {
            let name = words::department(code, &rules.directory, lang);
            STEP_ASSIGNED.with(lang, &[("department", name)])
        }
        Step::TakenOn => STEP_TAKEN_ON.of(lang).to_owned(),
        Step::Extended => STEP_EXTENDED.of(lang).to_owned(),
        Step::OnHold(Some(until)) => STEP_ON_HOLD.with(lang, &[("day", &until.to_string())]),
        Step::OnHold(None) => standing(Standing::OnHold).of(lang).to_owned(),
        Step::Resumed => STEP_RESUMED.of(lang).to_owned(),
        Step::Replied => STEP_REPLIED.of(lang).to_owned(),
        Step::WorkedOn => STEP_WORKED_ON.of(lang).to_owned(),
        Step::CallMissed => STEP_CALL_MISSED.of(lang).to_owned(),
        Step::Heard(Some(rating)) => {
            STEP_RATED.with(lang, &[("rating", words::rating(*rating).of(lang))])
        }
        Step::Heard(None) => STEP_HEARD.of(lang).to_owned(),
        Step::Closed => STEP_CLOSED.of(lang).to_owned(),
        Step::Reopened => STEP_REOPENED.of(lang).to_owned(),
        Step::Joined => STEP_JOINED.of(lang).to_owned(),
        Step::Voided => STEP_VOIDED.of(lang).to_owned(),
    }
}

/// When an answer is promised: the day in words, that it has passed, or why there is none. Of what has ended, the day that
/// was promised and the day of the answer; nothing when none is owed.
pub fn promised(
    found: &Progress,
    now: Instant,
    zone: Zone,
    day: impl Fn(NaiveDate) -> String,
    lang: Lang,
) -> Option<String> {
    if !found.standing.is_open() {
        let promised = day(found.promised?);
        let answered = found.answered_at().map(|at| day(zone.date(at)));
        return Some(match answered {
            Some(answered) => {
                PROMISED_AND_ANSWERED.with(lang, &[("day", &promised), ("answered", &answered)])
            }
            None => promised,
        });
    }
    if let Some(hold) = found.hold {
        let since = day(zone.date(hold.since));
        return Some(match hold.until {
            Some(until) => {
                PROMISED_ON_HOLD_UNTIL.with(lang, &[("since", &since), ("until", &day(until))])
            }
            None => PROMISED_ON_HOLD.with(lang, &[("since", &since)]),
        });
    }
    Some(match found.promised.map(day) {
        None => PROMISED_LATER.of(lang).to_owned(),
        Some(day) if found.is_late(now) => PROMISED_AND_LATE.with(lang, &[("day", &day)]),
        Some(day) => day,
    })
}

/// What to do when there were too many tries: how long to wait, and whom to call where the centre says so.
pub fn try_later(seconds: u64, hotline: Option<&str>, lang: Lang) -> String {
    let minutes = seconds.div_ceil(60).max(1).to_string();
    let values = [
        ("minutes", minutes.as_str()),
        ("hotline", hotline.unwrap_or_default()),
    ];
    let text = if hotline.is_some() {
        TRY_LATER_OR_CALL
    } else {
        TRY_LATER
    };
    text.with(lang, &values)
}

/// The ground of a refusal and the door that is the right one.
fn with_door(ground: &Ground, lang: Lang) -> String {
    let (words, door, stop) = match lang {
        Lang::Zh => (&ground.zh, &ground.door_zh, "。"),
        Lang::En => (&ground.en, &ground.door_en, "; "),
    };
    match door {
        Some(door) => format!("{words}{stop}{door}"),
        None => words.clone(),
    }
}

crate::i18n::texts! {
    /// A step.
    STEP_RECEIVED = "收到您的诉求", "your request came in";
    /// A step.
    STEP_ACCEPTED = "已受理", "accepted";
    /// A step.
    STEP_ANSWERED = "已直接答复", "answered at once";
    /// A step.
    STEP_NOT_ACCEPTED = "不予受理：{ground}", "not accepted: {ground}";
    /// A step.
    STEP_ASSIGNED = "交由{department}办理", "given to {department}";
    /// A step.
    STEP_TAKEN_ON = "承办单位已接收，开始办理", "the department has taken it on";
    /// A step.
    STEP_EXTENDED = "经批准，办理期限延长", "the time for it was extended, with approval";
    /// A step.
    STEP_ON_HOLD = "经批准，暂缓办理至 {day}", "on hold until {day}, with approval";
    /// A step.
    STEP_RESUMED = "恢复办理", "work goes on";
    /// A step.
    STEP_REPLIED = "承办单位已答复", "the department has answered";
    /// A step.
    STEP_WORKED_ON = "继续办理", "it is worked on further";
    /// A step.
    STEP_CALL_MISSED = "回访未能联系到您", "we called and did not reach you";
    /// A step.
    STEP_RATED = "您的评价：{rating}", "you rated: {rating}";
    /// A step.
    STEP_HEARD = "已回访", "we spoke with you";
    /// A step.
    STEP_CLOSED = "办结", "closed";
    /// A step.
    STEP_REOPENED = "重新办理", "taken up again";
    /// A step.
    STEP_JOINED = "与同类诉求合并办理", "handled together with requests like it";
    /// A step.
    STEP_VOIDED = "作废", "void";
    /// Label.
    NUMBER = "工单编号", "Number";
    /// Label.
    CODE = "查询码", "Code";
    /// Label.
    STATE = "当前状态", "State";
    /// Label.
    CREATED = "提出时间", "Came in";
    /// Label.
    PROMISED = "承诺答复日期", "Promised by";
    /// In the place of the promised day.
    PROMISED_LATER = "受理后告知", "told when it is accepted";
    /// Behind the promised day.
    PROMISED_AND_LATE = "{day}，已超过承诺日期，尚未答复", "{day}: this day has passed, and there is no answer yet";
    /// Behind the promised day of what has ended.
    PROMISED_AND_ANSWERED = "{day}，已于 {answered} 答复", "{day}; answered on {answered}";
    /// In the place of the promised day.
    PROMISED_ON_HOLD = "{since} 起，承办单位申请暂缓办理并获批准，办理时限停止计算；恢复办理后，这里显示新的答复日期", "on hold since {since}: the department asked for it, and it was approved. The time for an answer stands still; the new day will stand here when work goes on";
    /// In the place of the promised day.
    PROMISED_ON_HOLD_UNTIL = "{since} 起，承办单位申请暂缓办理并获批准，办理时限停止计算；最迟到 {until} 恢复办理，届时这里显示新的答复日期", "on hold since {since}: the department asked for it, and it was approved. The time for an answer stands still, until {until} at the latest; the new day will stand here when work goes on";
    /// Label.
    DEPARTMENT = "承办单位", "Department";
    /// Heading.
    STEPS = "办理过程", "What happened";
    /// Heading.
    ANSWER = "答复", "The answer";
    /// Beside an answer for those who read English.
    ANSWER_AS_WRITTEN = "答复为承办单位的原文", "The answer is given in Chinese only, as the department wrote it.";
    /// Label.
    RATING = "您的评价", "Your rating";
    /// The number and the code are no pair: what.
    NOT_TRACKED = "没有显示进度", "no progress is shown";
    /// Why.
    NO_PAIR = "编号与查询码不符", "the number and the code do not belong together";
    /// Next.
    LOOK_AGAIN = "请核对受理通知上的编号和查询码", "compare both with the notice you were sent";
    /// Why.
    TOO_MANY = "试的次数太多", "there were too many tries";
    /// Next, worded already.
    NEXT = "{next}", "{next}";
    /// Next.
    TRY_LATER = "请 {minutes} 分钟后再试", "please try again in {minutes} min";
    /// Next, where the centre has named a number to call.
    TRY_LATER_OR_CALL = "请 {minutes} 分钟后再试，或拨打 {hotline}", "please try again in {minutes} min, or call {hotline}";
}
