//! The papers of the escalation ladder: templates of `assets/papers` and the words that fill them.

use super::{Text, texts};

/// 督办通知书.
const SUPERVISION: Text = Text {
    zh: include_str!("../../assets/papers/supervision.zh.md"),
    en: include_str!("../../assets/papers/supervision.en.md"),
};

/// 通报.
const CIRCULAR: Text = Text {
    zh: include_str!("../../assets/papers/circular.zh.md"),
    en: include_str!("../../assets/papers/circular.en.md"),
};

/// 移送函.
const REFERRAL: Text = Text {
    zh: include_str!("../../assets/papers/referral.zh.md"),
    en: include_str!("../../assets/papers/referral.en.md"),
};

/// The template of a rung: 1 supervision, 2 circular, 3 referral.
pub fn template(level: u8) -> Text {
    match level {
        1 => SUPERVISION,
        2 => CIRCULAR,
        _ => REFERRAL,
    }
}

texts! {
    /// An earlier paper.
    EARLIER = "{issued} {rung} {number}：{result}", "{issued} {rung} {number}: {result}";
    /// How it ended.
    WITH_RESULT = "{at} 有成效，{text}", "{at} with a result, {text}";
    /// How it ended.
    WITHOUT_RESULT = "{at} 无结果，{text}", "{at} without result, {text}";
    /// It has no end of its own, or not yet.
    NO_END = "未记结果", "no result recorded";
    /// Nobody wrote how it ended: its due date passed.
    UNANSWERED = "期满未报", "nothing reported by its due date";
    /// No paper before this one.
    NONE_EARLIER = "无", "none";
    /// Overdue reminders.
    REMINDED = "{n} 次（{first} 至 {last}）", "{n} ({first} to {last})";
    /// None.
    NOT_REMINDED = "无", "none";
    /// A fact that is not known.
    UNKNOWN = "—", "—";
    /// What: there is no paper.
    NOT_MADE = "没有生成 {no} 的文书", "no paper was made for {no}";
    /// Why.
    NONE_ISSUED = "这件工单没有签发过督办、通报或移送", "no supervision, circular or referral was issued for this ticket";
    /// Why.
    NO_SUCH_PAPER = "这件工单没有编号为 {number} 的文书", "this ticket has no paper {number}";
    /// Next.
    ISSUE_FIRST = "由督查人员先签发：fenbo act supervise {no} --text 事由", "have a supervisor issue one: fenbo act supervise {no} --text REASON";
    /// Next.
    SEE_LEDGER = "用 fenbo show {no} 查看流转记录中的文书编号", "see the papers' numbers in the ledger: fenbo show {no}";
    /// What: the file.
    FILE_NOT_MADE = "没有写出 {path}", "{path} was not written";
    /// Next: already there.
    CHOOSE_ANOTHER = "换一个文件名；已有的文件不会被覆盖", "choose another name; a file that is there is never overwritten";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_papers_have_the_same_places_in_both_languages() {
        for level in 1..=3 {
            let text = template(level);
            let (zh, en) = (Text::placeholders(text.zh), Text::placeholders(text.en));
            assert_eq!(zh, en, "{level}");
            assert!(zh.contains(&"no") && zh.contains(&"number") && zh.contains(&"history"));
            assert_eq!(text.zh.lines().count(), text.en.lines().count());
        }
    }
}
