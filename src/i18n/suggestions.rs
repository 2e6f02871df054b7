//! What is said of suggestions and of likeness: what speaks for a department, why one is not sure, which tickets are alike, how
//! many lines of a file were answered. The first part is the same on the screen and on the command line.

use super::Lang;

crate::i18n::texts! {
    /// Why a past ticket speaks for a department: its coarsest category.
    WHY_CLASS = "同大类", "same class of matter";
    /// Why: its community alone.
    WHY_COMMUNITY_ONLY = "同社区", "same community";
    /// Why: its street alone.
    WHY_STREET_ONLY = "同街道", "same street";
    /// Why: nothing in common, but it went there last.
    WHY_LATEST = "该单位最近一件", "its latest ticket";
    /// There is no past ticket.
    NO_EVIDENCE = "没有可举的旧工单", "no past ticket to point to";
    /// There are some, for other roles.
    EVIDENCE_UNSEEN = "依据的旧工单本岗位看不到", "past tickets that your role does not see";
    /// Why a first suggestion is not sure.
    DOUBT_LITTLE = "首选不预填：库中旧工单还太少", "the first is not pre-filled: too few past tickets in all";
    /// Why it is not.
    DOUBT_NOTHING_KNOWN = "首选不预填：这件诉求什么都没说", "the first is not pre-filled: nothing is known of this request";
    /// Why it is not.
    DOUBT_FEW = "首选不预填：该单位这一类旧工单还太少", "the first is not pre-filled: that department has had too few tickets of its kind";
    /// Why it is not.
    DOUBT_UNPROVEN = "首选不预填：这类预测还不够多或应验得不够，不足以采信", "the first is not pre-filled: too few such predictions have been made and come true to trust one";
    /// Why it is not.
    DOUBT_GIVEN_BACK = "首选不预填：这件工单曾被建议的单位退回", "the first is not pre-filled: a department that would be suggested gave this ticket back";

    /// All that the store teaches was learned.
    LEARNED_ALL = "已学完并存下：依据 {n} 件历史工单", "learned and kept: from {n} past tickets";
    /// What a suggestion rests on.
    BASIS_NONE = "还没有历史可学，没有建议", "there is no history to learn from yet, so there is no suggestion";
    /// What a suggestion rests on.
    BASIS_BLANK = "这件诉求什么都没说，只能列出办得最多的单位", "nothing is known of this request; these are the departments that get most";
    /// What a suggestion rests on.
    BASIS_LITTLE = "只有 {n} 件历史，仅供参考", "only {n} past tickets were learned; take it with care";
    /// What a suggestion rests on.
    BASIS_HISTORY = "依据 {n} 件历史工单", "from {n} past tickets";
    /// What a suggestion rests on.
    BASIS_ITSELF = "这件工单已经分拨过，所学的历史含它自己", "this ticket has been dispatched: the history learned includes its own";
    /// Nothing was known of a category asked with.
    CATEGORY_NOT_MET = "注意：没有办过类别“{category}”，建议未用到它", "note: no past ticket has the category \"{category}\"; it was not used";
    /// A nature that is none.
    NATURE_NOT_KNOWN = "注意：没有“{nature}”这种诉求性质，建议未用到它", "note: \"{nature}\" is no nature; it was not used";
    /// Lines answered without some of their fields.
    FIELDS_IGNORED = "{n} 行有看不懂的栏目，未用到；见各行的 ignored", "{n} lines have fields that were not understood and not used; see ignored in each";
    /// What was known of the request.
    KNOWN = "；所知：{parts}", "; known: {parts}";
    /// Between the parts.
    KNOWN_AND = "、", ", ";
    /// A part that was known.
    KNOWN_CATEGORY = "类别", "category";
    /// A part that was known.
    KNOWN_CLASS = "大类", "class of matter";
    /// A part that was known.
    KNOWN_PLACE = "街道和社区", "street and community";
    /// A part that was known.
    KNOWN_PART_OF_PLACE = "街道或社区", "street or community";
    /// A part that was known.
    KNOWN_ORIGIN = "来源或性质", "source or nature";
    /// A part that was known.
    KNOWN_TEXT = "文字", "words";
    /// The first suggestion may be pre-filled.
    FIRST_IS_SURE = "首选有把握，可预填", "the first is sure enough to be pre-filled";
    /// Why.
    WHY_RULING = "有裁决", "a ruling";
    /// Why.
    WHY_ALIKE = "文字相似 {percent}%", "text alike {percent}%";
    /// Why.
    WHY_REQUESTER = "同一诉求人", "same requester";
    /// Why.
    WHY_COMMUNITY = "同小类同社区", "same category and community";
    /// Why.
    WHY_STREET = "同小类同街道", "same category and street";
    /// Why.
    WHY_CATEGORY = "同小类", "same category";
    /// What became of it there.
    WHY_RETURNED = "已退件", "returned";
    /// Why.
    ALIKE_TITLE = "标题相同", "same title";
    /// Why.
    ALIKE_ADDRESS = "同一地址", "same address";
    /// Why.
    ALIKE_TIME = "相隔 {hours} 小时", "{hours} h apart";
    /// Why: close in time, and no whole hour between them.
    ALIKE_WITHIN_THE_HOUR = "相隔不到 1 小时", "less than an hour apart";
    /// None.
    NOTHING_ALIKE = "没有疑似重复的工单", "nothing alike was found";
    /// What: lines.
    LINES_NOT_ANSWERED = "{n} 行没有得到建议", "{n} lines were not answered";
    /// Why.
    LINES_NOT_JSON = "这些行不是工单字段的 JSON", "they are no JSON of a ticket's fields";
    /// Next.
    CORRECT_LINES = "按输出里的 error 改正这些行", "correct them by the error in the answer";
    /// What was not done with a line.
    LINE_NOT_ANSWERED = "第 {n} 行没有得到建议", "line {n} was not answered";
    /// Why.
    LINE_NOT_JSON = "从第 {at} 个字符起不是完整的 JSON", "from character {at} on it is no whole JSON";
    /// Next.
    ONE_OBJECT_A_LINE = "每行写一个 JSON 对象，如 {example}", "write one JSON object a line, such as {example}";
    /// Why.
    LINE_NOT_UTF8 = "不是 UTF-8", "it is not UTF-8";
    /// Why.
    LINE_NOT_AN_OBJECT = "这是 JSON，但不是对象", "it is JSON, but no object";
    /// Why.
    FIELD_NOT_TEXT = "字段 {field} 不是文字", "the field {field} is not text";
    /// Why.
    FIELD_NOT_LEVELS = "字段 {field} 既不是文字，也不是文字的数组", "the field {field} is neither text nor an array of texts";
    /// Next.
    WRITE_FIELD_AS_TEXT = "把它写成带引号的文字，或删去", "write it as text in quotes, or leave it out";
    /// A note.
    BLANK_LINES_SKIPPED = "跳过 {n} 个空行", "{n} blank lines were skipped";
    /// The evaluation.
    EVALUATION = "对 {n} 件回放：首位命中 {top1}，前三 {top3}，前五 {top5}；95% 准确率下可预填 {at95}，99% 下 {at99}", "replayed {n}: first {top1}, among three {top3}, among five {top5}; could be pre-filled {at95} at 95 %, {at99} at 99 % precision";
}

/// How far apart in time two tickets are, in whole hours.
pub fn apart(hours: u32, lang: Lang) -> String {
    match hours {
        0 => ALIKE_WITHIN_THE_HOUR.of(lang).to_owned(),
        hours => ALIKE_TIME.with(lang, &[("hours", &hours.to_string())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn under_an_hour_is_not_nought_hours() {
        assert_eq!(apart(0, Lang::Zh), "相隔不到 1 小时");
        assert_eq!(apart(0, Lang::En), "less than an hour apart");
        assert_eq!(apart(1, Lang::Zh), "相隔 1 小时");
    }
}
