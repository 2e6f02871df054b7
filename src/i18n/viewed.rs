//! What `fenbo viewed` says.

use super::{Text, texts};
use crate::domain::viewed::Way;

texts! {
    /// Head of the time.
    COLUMN_AT = "时间", "when";
    /// Head of the operator.
    COLUMN_BY = "操作员", "operator";
    /// Head of the ticket.
    COLUMN_NO = "工单", "ticket";
    /// Head of the way.
    COLUMN_WAY = "方式", "how";
    /// Opened over the whole screen.
    OPENED = "打开", "opened";
    /// In the pane for a while.
    RESTED = "停留", "rested on";
    /// Copied.
    COPIED = "复制", "copied";
    /// There is none.
    NONE = "没有查看记录", "nobody viewed it in the console";
    /// What.
    NOT_ALL = "查看记录没有全部列出", "not every viewing was listed";
    /// Why.
    UNREAD = "流转记录第 {seq} 条读不出来", "entry {seq} of the ledger cannot be read";
    /// Next.
    VERIFY = "用 fenbo verify 核对数据库", "check the store with fenbo verify";
    /// There may be more.
    ONLY = "只列出最近 {n} 条；用 --limit 0 列出全部", "only the newest {n}; --limit 0 lists all";
}

/// The word for a way.
pub fn way(way: Way) -> Text {
    match way {
        Way::Opened => OPENED,
        Way::Rested => RESTED,
        Way::Copied => COPIED,
    }
}
