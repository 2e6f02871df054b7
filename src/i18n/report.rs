//! The words of reports: titles, column heads, definitions, advice.

use super::{Text, texts, words};
use crate::domain::figures::AdviceKind;
use crate::domain::period::PeriodKind;

texts! {
    /// The title of every report.
    TITLE = "民生诉求{kind}", "Citizen requests: {kind} report";
    /// Its period.
    PERIOD = "{from} 至 {to}（{days} 天）", "{from} to {to} ({days} days)";
    /// The period has not begun.
    AHEAD = "本期尚未开始。", "The period has not begun.";
    /// The period is still running.
    RUNNING = "本期尚未结束，以下为截至 {at} 的数字；环比、同比取上期、去年同期的同样长度。", "The period is not over: figures up to {at}; the earlier periods are taken to the same length.";
    /// Where in the ledger the report stands.
    AS_OF = "数据截至 {at} · 流转记录第 {seq} 条 · 校验 {head}", "As of {at} · ledger entry {seq} · head {head}";
    /// The edition in force.
    EDITION = "依据：{name}（{id}）", "Rules: {name} ({id})";

    /// What: a report.
    NOT_SHOWN = "没有输出报告", "no report was written";
    /// Why.
    NO_TEXT = "工作簿不是文字，终端显示不了", "a workbook is no text, a terminal cannot show it";
    /// Next.
    NAME_A_FILE = "用 -o 文件 指明写到哪里，或换一种 --format", "name a file with -o FILE, or another --format";
    /// Next.
    OTHER_FORMAT = "换一种 --format 再试", "try another --format";
    /// Done.
    WRITTEN = "已写入 {path}", "{path} was written";

    /// Section.
    TOTALS = "总体情况", "Totals";
    /// Section.
    TREND = "受理趋势", "Trend";
    /// Section.
    SOURCES = "来源与渠道", "Sources and channels";
    /// Section.
    NATURES = "诉求性质与时限类别", "Natures and limit classes";
    /// Section.
    CATEGORIES = "诉求分类", "Categories";
    /// Section.
    PLACES = "街道与社区", "Streets and communities";
    /// Section.
    DEPARTMENTS = "承办单位", "Departments";
    /// Section.
    DISPATCHERS = "分拨员", "Dispatchers";
    /// Section.
    SATISFACTION = "满意度", "Satisfaction";
    /// Section.
    HOTSPOTS = "热点难点", "Hot and hard issues";
    /// Section.
    CASES = "典型案例", "Typical cases";
    /// Section.
    OVERDUE = "超期与督办", "Overdue and supervision";
    /// Section.
    ADVICE = "研判建议", "Advice";
    /// Section.
    DEFINITIONS = "口径", "Definitions";

    /// A section without anything.
    NOTHING = "本期无。", "None in this period.";
    /// There is more than is listed.
    MORE = "共 {total} 件，以下列出前 {shown} 件。", "{total} in all, the first {shown} are listed.";

    /// Column.
    ITEM = "指标", "Measure";
    /// Column.
    VALUE = "数值", "Value";
    /// Column.
    NAME = "名称", "Name";
    /// Column.
    COUNT = "件数", "Tickets";
    /// Column.
    SHARE = "占比", "Share";
    /// Column.
    COMPARED = "对比", "Against";
    /// Column.
    SPAN = "期间", "Period";
    /// Column.
    BEFORE = "上期", "Before";
    /// Column.
    CHANGE = "变化", "Change";
    /// Column.
    DAY = "日期", "Date";
    /// Column.
    HOUR = "时段", "Hour";
    /// Column.
    MONTH = "月份", "Month";
    /// Column.
    SOURCE = "诉求来源", "Source";
    /// Column.
    CHANNEL = "受理渠道", "Channel";
    /// Column.
    NATURE = "诉求性质", "Nature";
    /// Column.
    LIMIT_CLASS = "时限类别", "Limit class";
    /// Column.
    TOP_CATEGORY = "大类", "Category";
    /// Column.
    FINEST = "小类（前十）", "Finest category (ten most)";
    /// Column.
    STREET = "街道", "Street";
    /// Column.
    COMMUNITY = "社区", "Community";
    /// Column.
    RANK = "名次", "Rank";
    /// Column.
    DEPARTMENT = "承办单位", "Department";
    /// Column.
    DISPATCHED = "分拨", "Dispatched";
    /// Column.
    ON_TIME = "按时办结", "On time";
    /// Column.
    LATE = "超期", "Overdue";
    /// Column.
    CLOSING = "结案", "Closing";
    /// Column.
    REWORKED = "返工", "Rework";
    /// Column.
    RETURNED = "退件", "Return";
    /// Column.
    SATISFIED = "满意", "Satisfied";
    /// Column.
    CONTACTED = "响应", "Contacted";
    /// Column.
    SOLVED = "解决", "Solved";
    /// Column.
    UNSIGNED = "未签收", "Unsigned";
    /// Column.
    EXEMPT = "剔除", "Exempt";
    /// Column.
    MEAN = "平均小时", "Mean hours";
    /// Column.
    MEDIAN = "中位小时", "Median hours";
    /// Column.
    SCORE = "得分", "Score";
    /// Column.
    DISPATCHER = "分拨员", "Dispatcher";
    /// Column.
    IN_TIME = "及时分拨", "In time";
    /// Column.
    ACCURATE = "准确分拨", "Accurate";
    /// Column.
    RATING = "评价", "Rating";
    /// Column.
    PLACE = "地点", "Place";
    /// Column.
    MATTER = "事项", "Matter";
    /// Column.
    EXAMPLES = "工单", "Tickets";
    /// Column.
    NO = "工单编号", "Ticket";
    /// Column.
    SUBJECT = "标题", "Title";
    /// Column.
    CREATED = "建单", "Created";
    /// Column.
    CLOSED_ON = "办结", "Closed";
    /// Column.
    DUE = "截止", "Due";
    /// Column.
    URGES = "催办", "Urged";
    /// Column.
    RUNG = "督办层级", "Rung";
    /// A rate's numerator.
    RATE_N = "{rate}数", "{rate}: n";
    /// A rate's denominator.
    RATE_OF = "{rate}分母", "{rate}: of";
    /// A rate itself.
    RATE_SHARE = "{rate}率", "{rate}: rate";

    /// Total.
    RECEIVED = "受理", "Received";
    /// Total.
    PER_DAY = "日均", "Per day";
    /// Total.
    CLOSED = "已办结", "Closed";
    /// Total.
    OPEN = "在办", "Open";
    /// Total.
    ANSWERED = "直接答复", "Answered on the spot";
    /// Total.
    EXEMPTED = "申诉剔除", "Exempted by appeal";
    /// Total.
    FALSE_CLOSURES = "假闭环警示", "False closure alarms";
    /// Comparison.
    PREVIOUS = "环比", "Period before";
    /// Comparison.
    YEAR_BEFORE = "同比", "Year before";
    /// Table.
    COMPARISON = "同比与环比", "Comparison";
    /// Table.
    HANDLING = "承办过程", "Handling";
    /// Table.
    ASSESSMENT = "承办单位考核", "Assessment";
    /// Table.
    OVERDUE_LIST = "超期未办结", "Overdue and open";
    /// Table.
    SUPERVISED_LIST = "督办中", "Under supervision";
    /// Red list.
    RED_LIST = "红榜：{names}", "Red list (best): {names}";
    /// Black list.
    BLACK_LIST = "黑榜：{names}", "Black list (worst): {names}";
    /// Between names.
    AND = "、", ", ";
    /// Not known.
    UNKNOWN = "未知", "unknown";

    /// Advice.
    RISING = "“{about}”由 {of} 件升至 {n} 件，建议查明原因，提前部署。", "\"{about}\" rose from {of} to {n}: find the cause and prepare.";
    /// Advice.
    HOT_SPOT = "{about}：本期 {n} 件，此前同样天数 {of} 件，建议作为热点专项处置。", "{about}: {n} in the period, {of} in as many days before: treat as one hot spot.";
    /// Advice.
    LOW_ON_TIME = "{about}按时办结 {n}/{of}，明显低于全区，建议约请说明。", "{about} answered {n} of {of} on time, far below the others: ask for an explanation.";
    /// Advice.
    LOW_SATISFACTION = "满意 {n}/{of}，低于 85%，建议抽查不满意件的答复。", "{n} of {of} are satisfied, below 85 %: look into the replies that did not satisfy.";
    /// Advice.
    MANY_RETURNED = "退件 {n}/{of}，建议修订职责清单，减少错派。", "{n} of {of} dispatches were returned: mend the duty list.";
    /// Advice.
    MANY_OVERDUE = "截至报告时仍有 {n} 件超期未办结，建议逐件督办。", "{n} tickets are overdue and open at the report's moment: supervise each.";
    /// Advice.
    MANY_UNSIGNED = "{n} 件尚未签收，建议提醒承办单位。", "{n} tickets are not signed for: remind the departments.";
    /// Advice.
    STEADY = "各项数字平稳，无突出异常。", "Nothing stands out.";

    /// Definition.
    DEFINES_RECEIVED = "受理：本期建单的工单，不论后来如何；以下各项都在其中统计。已办结与在办以报告时刻为准，相加等于受理。", "Received: tickets created in the period, whatever became of them; all else is counted over them. Closed and open are as of the report, and add up to received.";
    /// Definition.
    DEFINES_ON_TIME = "按时办结率 = 按时反馈 / 应反馈。应反馈：已反馈的，以及截止时间已过仍未反馈的；申诉剔除的两边都不计，另列。分母为 0 记“—”。", "On-time rate = replies on time / due replies. Due: answered, or not answered past the deadline; exempted tickets are in neither and shown apart. A denominator of 0 is “—”.";
    /// Definition.
    DEFINES_RATES = "结案率 = 已办结 / 应反馈；返工率 = 返工 / 已反馈；退件率 = 准予退件 / 分拨；满意率 =（非常满意、满意、基本满意）/ 已评价；响应率、解决率 / 已反馈。", "Closing = closed / due; rework = reworked / replied; return = granted returns / dispatched; satisfied = (very, satisfied, fairly) / rated; contacted and solved / replied.";
    /// Definition.
    DEFINES_SCORE = "单位得分 = {on_time}×按时办结率 + {closing}×结案率 + {no_rework}×（1−返工率）；应反馈不足 {least} 件的不上榜，得分相同的同上或同不上。", "Score of a department = {on_time} × on time + {closing} × closing + {no_rework} × (1 − rework); fewer than {least} due replies put a department on no list; the same score is treated alike.";
    /// Definition.
    DEFINES_DISPATCHER = "分拨员得分 = {in_time}×及时分拨率 + {accurate}×准确分拨率（只分拨一次、未被退件）+ {volume}×分拨量 / 分拨最多者的分拨量；撤回的不计。", "Score of a dispatcher = {in_time} × in time + {accurate} × accurate (dispatched once, not returned) + {volume} × dispatched / the busiest one's; recalled ones do not count.";
    /// Definition.
    DEFINES_MOMENT = "过去时期的报告后来再出，会计入后来的反馈；同一流转记录位置的报告完全相同。", "A report of a past period made later counts later replies; reports at the same ledger entry are identical.";
}

/// The name of a kind's report.
pub fn kind(kind: PeriodKind) -> Text {
    let text = |zh, en| Text { zh, en };
    match kind {
        PeriodKind::Day => text("日报", "daily"),
        PeriodKind::Week => text("周报", "weekly"),
        PeriodKind::Month => text("月报", "monthly"),
        PeriodKind::Quarter => text("季报", "quarterly"),
        PeriodKind::Year => text("年报", "annual"),
    }
}

/// The sentence of an advice.
pub fn advice(kind: AdviceKind) -> Text {
    match kind {
        AdviceKind::Rising => RISING,
        AdviceKind::HotSpot => HOT_SPOT,
        AdviceKind::LowOnTime => LOW_ON_TIME,
        AdviceKind::LowSatisfaction => LOW_SATISFACTION,
        AdviceKind::Returned => MANY_RETURNED,
        AdviceKind::Overdue => MANY_OVERDUE,
        AdviceKind::Unsigned => MANY_UNSIGNED,
        AdviceKind::Steady => STEADY,
    }
}

/// The word for the rung of the ladder a ticket stands on; none before the first.
pub fn rung(level: u8) -> Option<Text> {
    (level > 0).then(|| words::rung(level))
}
