//! What the console's runtime says by itself: when the store or the terminal fails under it.

use super::texts;

texts! {
    /// Any order to the store.
    NOT_DONE = "未能完成这一步", "this was not done";
    /// The store said something that has no wording of its own.
    BY_SYSTEM = "系统报告：{cause}", "the system says: {cause}";
    /// What to do about it.
    SEE_LOG = "稍后重试；若仍失败，请查看日志并运行 fenbo doctor", "try again; if it fails again, look into the log and run fenbo doctor";
    /// A thread of the program broke down.
    BROKE = "分拨台意外中止", "the console broke down";
    /// Why: its own words follow.
    BROKE_WHY = "程序内部错误：{cause}", "a fault of the program: {cause}";
    /// What to do about it.
    BROKE_NEXT = "已录入的内容都在数据库里；请重新打开分拨台", "all that was confirmed is in the store; open the console again";
    /// The terminal failed.
    TERMINAL = "未能打开分拨台", "the console was not opened";
    /// Why: the terminal's own words follow.
    TERMINAL_WHY = "终端：{cause}", "the terminal: {cause}";
    /// What to do about it.
    TERMINAL_NEXT = "请在真正的终端里运行（设好 TERM），或改用 fenbo list 等命令", "run it in a real terminal (with TERM set), or use commands such as fenbo list";
}
