//! What the shift sheet says, on the command line and on the console's screen.

use super::{Text, texts};
use crate::domain::shift::{Part, ShiftRefusal};

texts! {
    /// The sheet's first line.
    SHEET = "交接班单　{since} 至 {until}", "Shift sheet, {since} to {until}";
    /// The handover before.
    LAST = "上次交接：{at} {from} → {to}", "last handover: {at} {from} → {to}";
    /// The one who takes has confirmed it.
    CONFIRMED = "（{at} 确认接班）", " (confirmed {at})";
    /// The one who takes has not confirmed it.
    UNCONFIRMED = "（待 {to} 确认接班）", " ({to} has yet to confirm)";
    /// A shift lead signed in another's place.
    INSTEAD = "（值班长代 {holder} 签）", " (signed by the shift lead in place of {holder})";
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
    CLAIMS = "认领中", "claimed";
    /// Heading.
    PRESSING = "分拨台不能等", "at the desk, not to be left";
    /// Heading.
    CAN_WAIT = "分拨台可等到上班", "at the desk, can wait for office hours";
    /// Heading.
    NOTES = "备注", "notes";
    /// When the offices open.
    OPENS = "下次上班：{at}", "offices open {at}";
    /// They open in a year that is not known.
    OPENS_UNKNOWN = "下次上班未知：放假通知未录入", "the next office hours are not known: no notice for that year";
    /// A heading with its count.
    HEADING = "{what} {n}", "{what}: {n}";
    /// More than are listed.
    MORE = "  …另有 {n} 件，用 fenbo list 查看", "  … and {n} more; see fenbo list";
    /// A note.
    NOTE = "  {at}  {no}  {by}：{text}", "  {at}  {no}  {by}: {text}";
    /// Signed.
    SIGNED = "已交接：{from} → {to}，{at}", "handed over: {from} → {to}, {at}";
    /// What: no sheet.
    NO_SHEET = "没有生成交接班单", "no shift sheet was made";
    /// Why.
    SINCE_LATER = "--since {at} 还没有到", "--since {at} lies ahead";
    /// Next.
    SINCE_BEFORE = "写已经过去的时间，或不写 --since", "give a time that has passed, or leave --since out";
    /// What: not signed.
    NOT_SIGNED = "没有交接", "the shift was not handed over";
    /// What: not confirmed.
    NOT_TAKEN = "没有接班", "the shift was not taken over";
    /// Why.
    NOT_THE_DESK = "交接班由分拨员、值班长、回访员办理", "dispatchers, shift leads and call-back staff hand over";
    /// Next.
    ASK_THE_DESK = "请值班的人签字", "let who is on shift sign";
    /// Why.
    WAITS = "上一次交接还在等 {operator} 确认", "the last handover still waits for {operator} to confirm it";
    /// Next.
    ASK_TO_CONFIRM = "请先确认接班，或请上次签字的人、值班长重签", "let it be confirmed first, or let who signed it or a shift lead sign again";
    /// Why.
    NOT_THE_HOLDER = "现在值班的是 {operator}", "{operator} has the shift now";
    /// Next.
    ASK_THE_HOLDER = "请 {operator} 签字，或请值班长代签", "let {operator} sign, or a shift lead in their place";
    /// Why.
    NO_TAKER = "{operator} 不是本库另一位在用的操作员", "{operator} is not another active operator of this store";
    /// Why.
    NOTHING_WAITS = "没有待确认的交接", "no handover waits to be confirmed";
    /// Why.
    FOR_ANOTHER = "这次交接是交给 {operator} 的", "this handover is for {operator}";
    /// Why.
    SUPERSEDED = "其间又签了一次交接，或已经确认", "another handover was signed meanwhile, or it was confirmed";
    /// Next.
    NAME_TAKER = "写接班人的编号；fenbo operator list 可查", "name who takes over; see fenbo operator list";
    /// Next.
    ASK_TO_SIGN = "请上一班先签字交班", "ask the last shift to sign it over";
    /// Next.
    ASK_THEM = "请 {operator} 确认，或重新交班", "ask {operator} to confirm, or have it signed again";
    /// Next.
    LOOK_AGAIN = "重新打开交接班单再看", "open the shift sheet again and look";
}

/// A part's heading.
pub fn part(part: Part) -> Text {
    match part {
        Part::Pressing => PRESSING,
        Part::Red => RED,
        Part::Yellow => YELLOW,
        Part::Unsigned => UNSIGNED,
        Part::CallBacks => CALL_BACKS,
        Part::Claims => CLAIMS,
        Part::Received => RECEIVED,
        Part::CanWait => CAN_WAIT,
    }
}

/// What was not done, why, and what to do next; `{operator}` is the one it names.
pub fn refused(refusal: &ShiftRefusal) -> (Text, Text, Text) {
    match refusal {
        ShiftRefusal::NoTaker { .. } => (NOT_SIGNED, NO_TAKER, NAME_TAKER),
        ShiftRefusal::NothingWaits => (NOT_TAKEN, NOTHING_WAITS, ASK_TO_SIGN),
        ShiftRefusal::ForAnother { .. } => (NOT_TAKEN, FOR_ANOTHER, ASK_THEM),
        ShiftRefusal::Superseded => (NOT_TAKEN, SUPERSEDED, LOOK_AGAIN),
        ShiftRefusal::NotTheDesk => (NOT_SIGNED, NOT_THE_DESK, ASK_THE_DESK),
        ShiftRefusal::NotTheHolder { .. } => (NOT_SIGNED, NOT_THE_HOLDER, ASK_THE_HOLDER),
        ShiftRefusal::Waits { .. } => (NOT_SIGNED, WAITS, ASK_TO_CONFIRM),
    }
}
