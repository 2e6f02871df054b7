//! What speaks for a suggested department, and why the first is not sure: the same on the screen and on the command line.

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
}
