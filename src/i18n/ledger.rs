//! What an event of the ledger says to a person. Start at [`event`].

use super::{Lang, Text, words};
use crate::domain::act::RulingOrder;
use crate::domain::event::Event;
use crate::domain::instant::Zone;
use crate::domain::ladder::PASSED_UNANSWERED;

/// An event in one line; `department` gives a department's name for its code.
///
/// ```
/// use fenbo::domain::{event::Event, instant::Zone};
/// use fenbo::i18n::{Lang, ledger::event};
/// let said = event(&Event::Signed { automatic: true, due: None, since: None }, Lang::Zh, Zone::shanghai(), &|c| c.to_owned());
/// assert_eq!(said, "签收（到时自动）");
/// ```
pub fn event(event: &Event, lang: Lang, zone: Zone, department: &dyn Fn(&str) -> String) -> String {
    let zh = lang == Lang::Zh;
    let pick = |z: String, e: String| if zh { z } else { e };
    let word = |z: &str, e: &str| if zh { z.to_owned() } else { e.to_owned() };
    let told = |z: &str, e: &str, text: &str| {
        let head = word(z, e);
        match (text.is_empty(), zh) {
            (true, _) => head,
            (false, true) => format!("{head}：{text}"),
            (false, false) => format!("{head}: {text}"),
        }
    };
    let names = |codes: &[String]| {
        codes
            .iter()
            .map(|c| department(c))
            .collect::<Vec<_>>()
            .join(if zh { "、" } else { ", " })
    };
    match event {
        Event::Registered(facts) => told("登记", "registered", &facts.source),
        Event::Imported(_) => word("导入，已在原系统办结", "imported, ended elsewhere"),
        Event::Filed(facts) => told(
            "立案",
            "filed",
            &format!(
                "{} {} {}",
                words::nature(facts.nature).of(lang),
                words::limit_class(facts.limit_class).of(lang),
                facts.category.join("/")
            ),
        ),
        Event::Answered { text, .. } => told("直接答复", "answered", text),
        Event::Refused { ground, text } => {
            told("不予受理", "refused", format!("{ground} {text}").trim())
        }
        Event::Dispatched {
            lead, assisting, ..
        } => {
            let lead = department(lead);
            let with = names(assisting);
            if with.is_empty() {
                pick(format!("分拨给 {lead}"), format!("dispatched to {lead}"))
            } else {
                pick(
                    format!("分拨给 {lead}，协办 {with}"),
                    format!("dispatched to {lead}, assisted by {with}"),
                )
            }
        }
        Event::Recalled => word("撤回分拨", "recalled"),
        Event::Signed {
            automatic: true, ..
        } => word("签收（到时自动）", "signed for (by rule)"),
        Event::Signed {
            automatic: false, ..
        } => word("签收", "signed for"),
        Event::Applied(application) => {
            let kind = words::application(application.kind).of(lang);
            told(
                &format!("申请{kind}"),
                &format!("asks for {kind}"),
                &application.text,
            )
        }
        Event::Seconded { .. } => word("同意申诉（第一人）", "agreed to the appeal (first of two)"),
        Event::Granted { reason, .. } => told("同意申请", "granted", reason),
        Event::Declined { reason, .. } => told("不同意申请", "declined", reason),
        Event::Coordinated { text } => told("提请协调", "coordination", text),
        Event::Ruled(order) => ruling(order, lang, department),
        Event::Resumed {
            automatic: true, ..
        } => word("恢复（到期自动）", "resumed (by its date)"),
        Event::Resumed {
            automatic: false, ..
        } => word("恢复", "resumed"),
        Event::Replied(reply) => told(
            match reply.on_time {
                Some(true) => "按时反馈",
                Some(false) => "超期反馈",
                None => "反馈",
            },
            match reply.on_time {
                Some(true) => "replied on time",
                Some(false) => "replied late",
                None => "replied",
            },
            &reply.answer,
        ),
        Event::Passed { callback: true } => word("审核通过，待回访", "passed; call-back follows"),
        Event::Passed { callback: false } => word("审核通过，免回访", "passed without call-back"),
        Event::Reworked { text } => told("退回重办", "sent back", text),
        Event::Called(call) => {
            let mut said = words::outcome(call.outcome).of(lang).to_owned();
            if let Some(rating) = call.rating {
                said = format!("{said} {}", words::rating(rating).of(lang));
            }
            told(
                "回访",
                "called back",
                format!("{said} {}", call.text).trim(),
            )
        }
        Event::Redone { text, .. } => told("不满意重办", "redo", text),
        Event::Closed { rating } => told("办结", "closed", words::rating(*rating).of(lang)),
        Event::Archived => word("归档", "archived"),
        Event::Reopened { text, .. } => told("复开", "reopened", text),
        Event::Merged { into } => pick(format!("并入 {into}"), format!("merged into {into}")),
        Event::Unmerged => word("解除并案", "unmerged"),
        Event::Absorbed { no } => pick(format!("并入了 {no}"), format!("took in {no}")),
        Event::Detached { no } => pick(format!("{no} 解除并案"), format!("{no} was unmerged")),
        Event::Voided { text } => told("作废", "voided", text),
        Event::Urged { text } => told("催办", "urged", text),
        Event::Noted { text } => told("备注", "note", text),
        Event::Claimed => word("认领", "claimed"),
        Event::Released(_) => word("放开", "released"),
        Event::ConfidentialitySet { confidential: true } => word("设为保密", "made confidential"),
        Event::ConfidentialitySet {
            confidential: false,
        } => word("解除保密", "no longer confidential"),
        Event::UrgencySet { urgency } => {
            told("紧急程度", "urgency", words::urgency(*urgency).of(lang))
        }
        Event::Reclassified(facts) => told(
            "改类别",
            "reclassified",
            &format!(
                "{} {}",
                words::limit_class(facts.limit_class).of(lang),
                facts.category.join("/")
            ),
        ),
        Event::Revealed { text } => told("查看诉求人", "requester revealed", text),
        Event::Erased { text } => told("删除个人信息", "personal data erased", text),
        Event::Reminded { light, .. } => told("提醒", "reminded", words::light(*light).of(lang)),
        Event::SupervisionProposed { ground, .. } => told(
            "建议督办",
            "supervision proposed",
            words::proposal(ground, lang),
        ),
        Event::SupervisionDismissed { text } => told("不采纳督办建议", "proposal dismissed", text),
        Event::Escalated {
            level,
            paper,
            text,
            due,
        } => {
            let Text { zh: z, en: e } = words::rung(*level);
            let until = due.map_or_else(String::new, |d| {
                pick(
                    format!("，{} 前报结果", zone.minute(d)),
                    format!(", result by {}", zone.minute(d)),
                )
            });
            told(
                &format!("{z} {paper}{until}"),
                &format!("{e} {paper}{until}"),
                text,
            )
        }
        Event::PaperServed { paper, text } => {
            told(&format!("{paper} 已送达"), &format!("{paper} served"), text)
        }
        Event::SupervisionResulted {
            effective, text, ..
        } => {
            let text = if text == PASSED_UNANSWERED {
                word("期满未报", "nothing reported by its due date")
            } else {
                text.clone()
            };
            told(
                if *effective {
                    "督办有成效"
                } else {
                    "督办无果"
                },
                if *effective {
                    "supervision led to a result"
                } else {
                    "supervision without result"
                },
                &text,
            )
        }
        Event::Attached { files } => pick(
            format!("附件 {} 个", files.len()),
            format!("{} attached", files.len()),
        ),
        Event::Supplemented(letter) => {
            let mut said = words::letter(letter.sort).of(lang).to_owned();
            if !letter.known_sender {
                said.push_str(&word("（非诉求人邮箱）", " (not the requester's address)"));
            }
            if !letter.files.is_empty() {
                let n = letter.files.len();
                said.push_str(&pick(format!("，附件 {n} 个"), format!(", {n} attached")));
            }
            said
        }
        Event::FalseClosureAlarmed { of } => pick(
            format!("假闭环警示：同一地点同一事项的 {of} 刚办结不久"),
            format!("false closure: {of}, the same matter at the same place, had just been closed"),
        ),
        Event::CaseKept { text, tags } => told(
            "收入案例库",
            "kept as a case",
            format!("{text} {}", tags.join(" ")).trim(),
        ),
        Event::CaseDropped => word("移出案例库", "dropped from the cases"),
        Event::Recalculated => word(
            "日历更新，时限重算",
            "computed again: the calendar is known now",
        ),
    }
}

/// The word for an event's code; a code of a newer program stands as it is.
pub fn kind(code: &str, lang: Lang) -> &str {
    KINDS
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(code, |(_, text)| text.of(lang))
}

/// The minutes of a ruling: who leads, assists and falls back, the meeting's day, decision and measures.
pub fn ruling(order: &RulingOrder, lang: Lang, department: &dyn Fn(&str) -> String) -> String {
    let zh = lang == Lang::Zh;
    let lead = department(&order.lead);
    let mut said = if zh {
        format!("裁决由 {lead} 主办")
    } else {
        format!("ruled: {lead} leads")
    };
    let assisting: Vec<String> = order
        .assisting
        .iter()
        .map(|code| department(code))
        .collect();
    let fallback = order.fallback.as_deref().map(department);
    let day = order.held_on.map(|day| day.to_string());
    let parts = [
        (
            "协办 ",
            "assisting ",
            Some(assisting.join(if zh { "、" } else { ", " })),
        ),
        ("兜底 ", "fallback ", fallback),
        ("协调会 ", "meeting of ", day),
        ("决定：", "decision: ", Some(order.text.clone())),
        ("措施：", "measures: ", Some(order.measures.clone())),
    ];
    for (word_zh, word_en, value) in parts {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            said.push_str(if zh { "；" } else { "; " });
            said.push_str(if zh { word_zh } else { word_en });
            said.push_str(&value);
        }
    }
    said
}

const fn text(zh: &'static str, en: &'static str) -> Text {
    Text { zh, en }
}

/// By the codes of [`Event::code`].
const KINDS: &[(&str, Text)] = &[
    ("registered", text("登记", "registered")),
    ("imported", text("导入", "imported")),
    ("filed", text("立案", "filed")),
    ("answered", text("直接答复", "answered")),
    ("refused", text("不予受理", "refused")),
    ("dispatched", text("分拨", "dispatched")),
    ("recalled", text("撤回分拨", "recalled")),
    ("signed", text("签收", "signed for")),
    ("applied", text("提出申请", "applied")),
    ("seconded", text("同意申诉", "agreed to the appeal")),
    ("granted", text("同意申请", "granted")),
    ("declined", text("不同意申请", "declined")),
    ("coordinated", text("提请协调", "coordination")),
    ("ruled", text("裁决", "ruled")),
    ("resumed", text("恢复", "resumed")),
    ("replied", text("反馈", "replied")),
    ("passed", text("审核通过", "passed")),
    ("reworked", text("退回重办", "sent back")),
    ("called", text("回访", "called back")),
    ("redone", text("不满意重办", "redo")),
    ("closed", text("办结", "closed")),
    ("archived", text("归档", "archived")),
    ("reopened", text("复开", "reopened")),
    ("merged", text("并案", "merged")),
    ("unmerged", text("解除并案", "unmerged")),
    ("absorbed", text("并入工单", "took in a ticket")),
    ("detached", text("解除并入", "gave back a ticket")),
    ("voided", text("作废", "voided")),
    ("urged", text("催办", "urged")),
    ("noted", text("备注", "note")),
    ("claimed", text("认领", "claimed")),
    ("released", text("放开", "released")),
    ("confidentiality_set", text("改保密", "confidentiality")),
    ("urgency_set", text("改紧急程度", "urgency")),
    ("reclassified", text("改类别", "reclassified")),
    ("revealed", text("查看诉求人", "requester revealed")),
    ("reminded", text("提醒", "reminded")),
    (
        "supervision_proposed",
        text("建议督办", "supervision proposed"),
    ),
    (
        "supervision_dismissed",
        text("不采纳督办建议", "proposal dismissed"),
    ),
    ("escalated", text("督办", "supervision")),
    ("paper_served", text("文书送达", "paper served")),
    (
        "supervision_resulted",
        text("督办结果", "supervision result"),
    ),
    ("attached", text("附件", "attached")),
    ("supplemented", text("来信补充", "letter")),
    (
        "false_closure_alarmed",
        text("假闭环警示", "false closure alarm"),
    ),
    ("case_kept", text("收入案例库", "kept as a case")),
    ("case_dropped", text("移出案例库", "dropped from the cases")),
    ("recalculated", text("时限重算", "computed again")),
];
