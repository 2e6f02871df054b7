//! What `fenbo handover` says.

use super::texts;

texts! {
    /// The sheet's first line.
    SHEET = "交接班单　{since} 至 {until}", "Shift sheet, {since} to {until}";
    /// The handover before.
    LAST = "上次交接：{at} {from} → {to}", "last handover: {at} {from} → {to}";
    /// Its word for this shift.
    LEFT = "上一班留言：{note}", "left by the last shift: {note}";
    /// Heading.
    RECEIVED = "新进", "came in";
    /// Heading.
    RED = "转红", "turned red";
    /// Heading.
    YELLOW = "转黄", "turned yellow";
    /// Heading.
    UNSIGNED = "未签收的紧急件", "urgent and not signed for";
    /// Heading.
    CALL_BACKS = "待回访", "call-backs waiting";
    /// Heading.
    NOTES = "备注", "notes";
    /// A heading with its count.
    HEADING = "{what} {n}", "{what}: {n}";
    /// More than are listed.
    MORE = "  …另有 {n} 件，用 fenbo list 查看", "  … and {n} more; see fenbo list";
    /// A note.
    NOTE = "  {at}  {no}  {by}：{text}", "  {at}  {no}  {by}: {text}";
    /// Signed.
    SIGNED = "已交接：{from} → {to}，{at}", "handed over: {from} → {to}, {at}";
    /// What: not signed.
    NOT_SIGNED = "没有交接", "the shift was not handed over";
    /// Why.
    NO_TAKER = "{asked} 不是本库另一位在用的操作员", "{asked} is not another active operator of this store";
    /// Next.
    NAME_TAKER = "用 --to 写接班人的编号；fenbo operator list 可查", "name who takes over with --to; see fenbo operator list";
}
