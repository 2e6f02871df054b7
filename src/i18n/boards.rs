//! What the console's boards say: the supervisors' board, the statistics, the shift.

use super::{Text, texts};
use crate::domain::period::PeriodKind;

texts! {
    /// Board, column: department.
    DEPARTMENT = "单位", "department";
    /// Board, column: not signed for.
    UNSIGNED = "待签收", "unsigned";
    /// Board, column: a return in dispute.
    DISPUTED = "争议", "dispute";
    /// Board, column: dispatched more than once.
    HOPPED = "转手", "hops";
    /// Board, column: a decision waits.
    RULING = "待裁定", "to rule";
    /// Board, column: on the ladder, or proposed for it.
    SUPERVISED = "督办", "ladder";
    /// Board, column: the earliest deadline among the red.
    OLDEST = "最久超期", "oldest red";
    /// Board: no department yet.
    NOBODY = "未分拨", "no department";
    /// Board: the sum.
    TOTAL = "合计 {n} 家", "total of {n}";
    /// Board: the order does not change.
    FROZEN = "[已冻结]", "[frozen]";
    /// Board: nothing is open.
    EMPTY = "没有在办工单。", "Nothing is open.";
    /// Board, of a row: the oldest red.
    TOLD_RED = "最久超期 {span}", "oldest red {span}";
    /// Board, of a row: the oldest unsigned.
    TOLD_UNSIGNED = "最久未签收 {span}", "oldest unsigned {span}";
    /// Board, of a row: the most dispatches of one ticket.
    TOLD_HOPS = "一件最多分拨 {n} 次", "one ticket dispatched {n} times";
    /// Board, of a row: the ladder.
    TOLD_LADDER = "督办 {on}，建议 {proposed}", "supervised {on}, proposed {proposed}";
    /// Board: where else the keys lead.
    BOARD_HINT = "{turn} 列出督办和建议  {pane} 热点", "{turn} supervised and proposed  {pane} hot spots";
    /// Board: where else the keys lead from the hot spots.
    HOT_HINT = "{pane} 各单位", "{pane} departments";
    /// Board: what Enter opens among the hot spots.
    HOT_TICKETS = "这一热点的工单", "the tickets of this hot spot";
    /// Board: everything a row has open.
    ALL_OPEN = "全部在办", "everything open";
    /// Hot spots: heading.
    HOT = "热点 {from} 至 {to}（与前 {n} 天比）", "hot spots {from} to {to} (against the {n} days before)";
    /// Hot spots: none.
    HOT_NONE = "没有热点", "no hot spots";
    /// Column: place.
    HOT_PLACE = "地点", "place";
    /// Column: matter.
    HOT_MATTER = "事由", "matter";
    /// Column: tickets.
    HOT_COUNT = "件数", "tickets";
    /// Column: in the days before.
    HOT_BEFORE = "此前", "before";
    /// Column: growth.
    GROWTH = "增减", "change";
    /// There was none before.
    NEW = "新增", "new";
    /// Being computed.
    COMPUTING = "正在计算 ...", "computing ...";
    /// Statistics: the moment of the figures.
    AS_OF = "截至 {at}", "as of {at}";
    /// Statistics: the period is not over.
    RUNNING = "未过完", "still running";
    /// Statistics: a day.
    DAY = "日", "day";
    /// Statistics: a week.
    WEEK = "周", "week";
    /// Statistics: a month.
    MONTH = "月", "month";
    /// Statistics: a quarter.
    QUARTER = "季", "quarter";
    /// Statistics: a year.
    YEAR = "年", "year";
    /// Panel.
    TOTALS = "总览", "totals";
    /// Panel.
    TREND = "趋势", "trend";
    /// Panel.
    SOURCES = "来源", "sources";
    /// Panel.
    CHANNELS = "渠道", "channels";
    /// Panel.
    CATEGORIES = "分类", "categories";
    /// Panel.
    STREETS = "街道", "streets";
    /// Panel.
    COMMUNITIES = "社区", "communities";
    /// Panel.
    DEPARTMENTS = "按时", "on time";
    /// Column: name.
    NAME = "名称", "name";
    /// Column: day.
    WHEN = "时间", "when";
    /// Column: tickets.
    TICKETS = "件数", "tickets";
    /// Column: received.
    RECEIVED = "收件", "received";
    /// Column: of those received, ended.
    CLOSED = "已办结", "closed";
    /// Column: of those received, not ended.
    OPEN = "在办", "open";
    /// Column: share.
    SHARE = "占比", "share";
    /// Column: the period before.
    BEFORE = "上期", "before";
    /// Column: due replies.
    DUE = "应反馈", "due";
    /// Column: on time.
    ON_TIME = "按时", "on time";
    /// Column: late.
    LATE = "超期", "late";
    /// Column: share on time.
    RATE = "按时率", "rate";
    /// Total.
    T_RECEIVED = "本期收件", "received";
    /// Total.
    T_PREVIOUS = "上期收件（环比）", "received, period before";
    /// Total.
    T_YEAR_BEFORE = "去年同期收件（同比）", "received, a year before";
    /// Total.
    T_CLOSED = "本期收件中已办结", "of these closed";
    /// Total.
    T_OPEN = "本期收件中在办", "of these open";
    /// Total.
    T_ANSWERED = "本期收件中直接答复", "of these answered at once";
    /// Total.
    T_DUE = "应反馈", "replies due";
    /// Total.
    T_ON_TIME = "其中按时", "of these on time";
    /// Total.
    T_LATE = "其中超期", "of these late";
    /// What is not known.
    UNKNOWN = "未知", "unknown";
    /// The bar's two parts.
    LEGEND_TREND = "# 已办结  . 在办", "# closed  . open";
    /// The bar's two parts.
    LEGEND_RATE = "# 按时  . 超期", "# on time  . late";
    /// What Enter opens.
    ENTER = "回车：{what}", "Enter: {what}";
    /// A figure.
    FIGURE = "{name} {column} {n}", "{name} {column} {n}";
    /// Statistics: the key of the next chart.
    STAT_PANE = "{pane} 换图", "{pane} next chart";
    /// Statistics: the line's place.
    STAT_PLACE = "第 {at} 行，共 {of}", "line {at} of {of}";
    /// Shift: a heading.
    HEADING = "{what} {n}", "{what}: {n}";
    /// Shift: more than are listed.
    MORE = "另有 {n} 件，回车看全部", "{n} more; Enter lists them all";
    /// Shift: it waits for this operator.
    TAKE = "{from} 已签字交班给您：{key} 确认接班", "{from} signed the shift over to you: {key} takes it";
    /// Shift: no handover yet.
    NO_HANDOVER = "还没有交接过；{key} 签字交班", "never handed over yet; {key} signs it over";
    /// Shift: what Enter does.
    SHIFT_HINT = "回车：打开这一件，或列出整段；{pane}：下一段", "Enter: open the ticket, or list the part; {pane}: next part";
    /// Shift: claimed by.
    CLAIMED_BY = "@{name}", "@{name}";
    /// A figure's list: created in these days.
    OF_CREATED = "建单 {from} 至 {to}", "created {from} to {to}";
    /// A figure's list: everything of the view.
    OF_ALL = "全部", "all";
    /// A figure's list: turned red in these days.
    OF_REDDENED = "转红 {from} 至 {to}", "turned red {from} to {to}";
    /// A figure's list: turned yellow in these days.
    OF_YELLOWED = "转黄 {from} 至 {to}", "turned yellow {from} to {to}";
    /// A figure's list: can wait.
    OF_WAIT = "可等到 {at}", "can wait until {at}";
    /// A figure's list: not.
    OF_NOT = "不是{what}", "not {what}";
    /// A figure's list: on the ladder.
    OF_SUPERVISED = "在督", "supervised";
    /// A figure's list: proposed for it.
    OF_PROPOSED = "建议督办", "proposed for supervision";
    /// A figure's list: dispatched more than once.
    OF_HOPPED = "分拨过多次", "dispatched more than once";
    /// A figure's list: in dispute.
    OF_DISPUTED = "退件有争议", "return in dispute";
    /// A figure's list: claimed.
    OF_CLAIMED = "认领中", "claimed";
    /// A figure's list: returned.
    OF_RETURNED = "退过件", "returned";
    /// What a list shows.
    OF_FALSE_CLOSURE = "假闭环警示", "false closures";
    /// A figure's list: merged.
    OF_MERGED = "有并案", "merged into";
    /// A figure's list: ended.
    OF_CLOSED = "已办结", "closed";
    /// A figure's list: due replies.
    OF_DUE = "应反馈", "reply due";
    /// A figure's list: due soon.
    OF_LEFT = "剩余不足 {span}", "less than {span} left";
    /// A figure's list leads back.
    OF = "{view} > {what}", "{view} > {what}";
}

/// A kind of period.
pub fn period(kind: PeriodKind) -> Text {
    match kind {
        PeriodKind::Day => DAY,
        PeriodKind::Week => WEEK,
        PeriodKind::Month => MONTH,
        PeriodKind::Quarter => QUARTER,
        PeriodKind::Year => YEAR,
    }
}
