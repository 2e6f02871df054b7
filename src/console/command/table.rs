//! The table itself: one flat list, read top down as the help shows it.

use crate::console::app::action::{Action as A, Motion as M, Scope, Step};
use crate::domain::act::ActKind as K;
use crate::domain::queue::View as V;
use crate::i18n::Text;

/// A command and everything there is to know of it.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// Its stable name, also in `keymap.toml`.
    pub id: &'static str,
    /// Where it is live.
    pub scope: Scope,
    /// Its default keys; the first is shown.
    pub keys: &'static [&'static str],
    /// What it does.
    pub action: A,
    /// The act behind it, whose rules say whether it is live.
    pub act: Option<K>,
    /// Its place in the footer; 0 is none.
    pub footer: u8,
    /// Its name.
    pub label: Text,
    /// What it does, in a sentence.
    pub help: Text,
}

const fn row(
    id: &'static str,
    scope: Scope,
    keys: &'static [&'static str],
    action: A,
    label: (&'static str, &'static str),
    help: (&'static str, &'static str),
) -> Command {
    Command {
        id,
        scope,
        keys,
        action,
        act: match action {
            A::Act(kind) => Some(kind),
            A::MergeMarked => Some(K::Merge),
            _ => None,
        },
        footer: 0,
        label: Text {
            zh: label.0,
            en: label.1,
        },
        help: Text {
            zh: help.0,
            en: help.1,
        },
    }
}

impl Command {
    const fn footer(mut self, place: u8) -> Self {
        self.footer = place;
        self
    }
}

use Scope::{
    Everywhere as E, Filter as F, Finder as D, Form as O, Picker as P, Queue as Q, Summary as S,
};

/// Every command.
#[rustfmt::skip]
pub static TABLE: &[Command] = &[
    // To the ticket: what the desk does all day.
    row("dispatch", Q, &["a", "F2"], A::Act(K::Dispatch), ("分拨", "dispatch"), ("选承办单位；数字取建议，一键分拨", "choose a department; a digit takes a suggestion at once")).footer(1),
    row("file", Q, &["f"], A::Act(K::File), ("立案", "file"), ("定性质、时限类别、分类和地点，时限随之确定", "settle nature, class, category and place; the deadline follows")).footer(2),
    row("mark", Q, &["Space", "Insert"], A::Mark, ("标记", "mark"), ("标记这一行并下移；之后的操作作用于全部标记", "mark the row and go on; acts then go to all marked")).footer(3),
    row("filter", Q, &["/", "F3"], A::Filter, ("筛选", "filter"), ("边输入边筛选，如 灯:红 单位:城管 路灯", "narrow the queue as you type, such as light:red dept:urban")).footer(4),
    row("open", Q, &["Enter"], A::Open, ("详情", "open"), ("看工单全貌：时限、流转、诉求", "the whole ticket: deadline, ledger, request")).footer(5),
    row("undo", Q, &["u", "F12"], A::Undo, ("撤回", "undo"), ("撤回刚才的操作；签收前可撤回分拨", "take the last act back; a dispatch until it is signed for")).footer(7),
    row("acts", Q, &[".", "F4"], A::Acts, ("全部操作", "acts"), ("这张工单能做的一切，不能做的说明原因", "everything that can be done to this ticket, and why the rest cannot")).footer(9),
    row("sign", Q, &["s"], A::Act(K::Sign), ("签收", "sign"), ("承办单位签收", "the department signs for it")).footer(2),
    row("reply", Q, &["r"], A::Act(K::Reply), ("反馈", "reply"), ("填办理反馈：内部说明与公开答复分开", "reply: internal note and public answer apart")).footer(11),
    row("request-return", Q, &["b"], A::Act(K::RequestReturn), ("退件", "return"), ("申请退件：理由、说明、建议单位", "ask to return it: ground, reasons, suggested department")).footer(12),
    row("decide", Q, &["d"], A::Decide, ("审批", "decide"), ("同意或不同意待决的申请", "grant or decline what is asked for")).footer(10),
    row("claim", Q, &["c"], A::Claim, ("认领/放开", "claim/release"), ("告诉其他席位这张我来办；再按放开", "tell the other desks that this is yours; again lets it go")).footer(15),
    row("urge", Q, &["!"], A::Act(K::Urge), ("催办", "urge"), ("催办一次，计数留痕", "urge once; it is counted")),
    row("new", Q, &["n", "Ctrl-n"], A::NewTicket, ("登记", "new"), ("登记一件新诉求", "register a new request")).footer(13),
    row("merge", Q, &["m"], A::MergeMarked, ("并案", "merge"), ("把标记的工单并入选中的这张", "merge the marked tickets into the selected one")),
    // The rest of a ticket's life.
    row("answer", Q, &["A"], A::Act(K::Answer), ("直接答复", "answer"), ("咨询当场答复并了结", "answer an enquiry on the spot")),
    row("refuse", Q, &["x"], A::Act(K::Refuse), ("不予受理", "refuse"), ("不予受理，告知理由与正确渠道", "refuse it, with the ground and the right door")),
    row("recall", Q, &[], A::Act(K::Recall), ("撤回分拨", "recall"), ("签收前撤回分拨", "take the dispatch back until it is signed for")),
    row("late-return", Q, &[], A::Act(K::LateReturn), ("逾期退件", "late return"), ("值班长在期限后书面退件", "the shift lead returns it after the window, in writing")),
    row("extend", Q, &["e"], A::Act(K::Extend), ("申请延期", "extend"), ("在时限届满前申请延期", "ask for more time before the deadline")),
    row("hold", Q, &["h"], A::Act(K::Suspend), ("申请挂起", "suspend"), ("申请挂起到某日，时钟停走", "ask to suspend until a day; the clock stands still")),
    row("resume", Q, &["H"], A::Act(K::Resume), ("恢复", "resume"), ("提前恢复办理", "take a suspended ticket up again")).footer(3),
    row("void", Q, &[], A::Act(K::Void), ("申请作废", "void"), ("申请作废，须批准；不删除任何记录", "ask to void it; nothing is ever deleted")),
    row("waive-callback", Q, &[], A::Act(K::WaiveCallback), ("申请免回访", "no call-back"), ("申请免于回访", "ask to leave out the call-back")),
    row("appeal", Q, &[], A::Act(K::Appeal), ("申诉", "appeal"), ("对超期认定申诉，由两人决定", "appeal against the overdue fact; two people decide")),
    row("grant", Q, &[], A::Act(K::Grant), ("同意申请", "grant"), ("同意待决的申请", "grant what is asked for")),
    row("decline", Q, &[], A::Act(K::Decline), ("不同意申请", "decline"), ("不同意待决的申请，说明理由", "decline what is asked for, with the reason")),
    row("coordinate", Q, &["O"], A::Act(K::Coordinate), ("提请协调", "coordinate"), ("职责有争议或涉多家时提请协调", "disputed or joint matters go to coordination")),
    row("rule", Q, &["o"], A::Act(K::Rule), ("裁决", "rule"), ("指挥中心定主办、协办、兜底单位", "the centre names lead, assisting and fallback departments")).footer(2),
    row("pass", Q, &["P"], A::Act(K::Pass), ("审核通过", "pass"), ("结案审核通过，转回访", "pass the closing review; the call-back follows")).footer(2),
    row("rework", Q, &["w"], A::Act(K::Rework), ("退回重办", "rework"), ("审核不通过，退回原单位重办", "send it back to the same department")).footer(3),
    row("call-back", Q, &["C"], A::Act(K::CallBack), ("回访", "call back"), ("记一次回访：结果与满意度", "record a call: outcome and rating")).footer(2),
    row("redo", Q, &[], A::Act(K::Redo), ("不满意重办", "redo"), ("诉求人不满意，重新办理", "the requester is dissatisfied; it is done again")),
    row("unmerge", Q, &["M"], A::Act(K::Unmerge), ("解除并案", "unmerge"), ("解除并案，恢复原状", "undo a merge; everything is as it was")),
    row("archive", Q, &[], A::Act(K::Archive), ("归档", "archive"), ("办结期满后归档", "archive it when its time has come")),
    row("reopen", Q, &[], A::Act(K::Reopen), ("复开", "reopen"), ("有新情况，重新办理", "a new fact: it is handled again")),
    row("note", Q, &["i"], A::Act(K::Note), ("备注", "note"), ("写一条备注", "write a note")),
    row("confidential", Q, &[], A::Act(K::SetConfidential), ("保密", "confidential"), ("对承办单位隐去诉求人", "hide the requester from departments")),
    row("urgency", Q, &["U"], A::Act(K::SetUrgency), ("紧急程度", "urgency"), ("改紧急程度", "change the urgency")),
    row("reclassify", Q, &["F"], A::Act(K::Reclassify), ("改类别", "reclassify"), ("改性质、类别、地点；时限重算", "change nature, class, place; the deadline is computed again")),
    row("reveal", Q, &["E"], A::Act(K::Reveal), ("查看诉求人", "reveal"), ("写明理由后查看姓名电话，留痕", "see name and phone for a reason; it is recorded")),
    row("erase", Q, &[], A::Act(K::Erase), ("删除个人信息", "erase"), ("应诉求人要求，删除已结束工单的文字与诉求人；不能恢复", "at the requester's demand: words and requester of a ticket that has ended go for good")),
    row("supervise", Q, &["S"], A::Act(K::Supervise), ("督办", "supervise"), ("督查室督办", "issue a supervision")),
    row("supervision-result", Q, &[], A::Act(K::ResolveSupervision), ("督办结果", "supervision result"), ("记督办结果", "record what came of a supervision")),
    row("dismiss-proposal", Q, &[], A::Act(K::DismissSupervision), ("不采纳督办建议", "dismiss proposal"), ("不采纳系统的督办建议", "do not take the proposal to supervise")),
    row("circulate", Q, &[], A::Act(K::Circulate), ("通报", "circular"), ("督办无明显成效时通报", "issue a circular when supervision had no clear effect")),
    row("keep-case", Q, &["B"], A::Act(K::KeepCase), ("收入案例库", "keep as a case"), ("办结或已裁决的工单收入案例库，写要旨与标签", "keep a ticket that has ended or been ruled on, with gist and tags")),
    row("drop-case", Q, &[], A::Act(K::DropCase), ("移出案例库", "drop the case"), ("移出案例库；工单与记录不变", "take it out of the case library; ticket and ledger stay")),
    row("refer", Q, &[], A::Act(K::Refer), ("移送", "refer"), ("连续两次督办无果后移送", "refer it after two supervisions without result")),
    row("serve", Q, &[], A::Act(K::Serve), ("送达", "served"), ("登记最近一份文书已送达", "note that the last paper has reached its receiver")),
    // Where one is.
    row("down", Q, &["j", "Down"], A::Move(M::Down), ("下移", "down"), ("下一行", "one row down")),
    row("up", Q, &["k", "Up"], A::Move(M::Up), ("上移", "up"), ("上一行", "one row up")),
    row("first", Q, &["g", "Home"], A::Move(M::First), ("首行", "first"), ("到第一行", "to the first row")),
    row("last", Q, &["G", "End"], A::Move(M::Last), ("末行", "last"), ("到最后一行", "to the last row")),
    row("half-down", Q, &["Ctrl-d"], A::Move(M::HalfDown), ("下半页", "half down"), ("下移半页", "half a page down")),
    row("half-up", Q, &["Ctrl-u"], A::Move(M::HalfUp), ("上半页", "half up"), ("上移半页", "half a page up")),
    row("page-down", Q, &["PgDn", "Ctrl-f"], A::Move(M::PageDown), ("下一页", "page down"), ("下移一页", "a page down")),
    row("page-up", Q, &["PgUp", "Ctrl-b"], A::Move(M::PageUp), ("上一页", "page up"), ("上移一页", "a page up")),
    row("pane", Q, &["Tab"], A::NextPane, ("换窗格", "pane"), ("在列表与详情之间切换；看板、统计、交接班里到下一块", "between the list and the ticket below; the next part of the board, the statistics, the shift")),
    row("pane-before", Q, &["BackTab"], A::PreviousPane, ("上一窗格", "pane before"), ("回到上一块", "the part before")),
    row("back", Q, &["Esc"], A::Back, ("返回", "back"), ("退一步：详情、范围、标记、筛选", "one step back: ticket, range, marks, filter")),
    row("range", Q, &["v", "Ctrl-v"], A::Range, ("连续标记", "range"), ("开始连续标记；再按结束", "begin a range of marks; again ends it")),
    row("mark-sure", Q, &["%", "F11"], A::MarkSure, ("标记有把握的", "mark sure"), ("标记首选建议有把握的全部；再按 a 和 1 一次分拨，各归各的首选", "mark all whose first suggestion is sure; a and 1 then send each to its own")).footer(7),
    row("mark-all", Q, &["*", "Ctrl-a"], A::MarkAll, ("全部标记", "mark all"), ("标记列表里的全部，最多 2000 件；再按取消", "mark all listed, up to 2,000; again unmarks")),
    row("sort", Q, &["t", "F9"], A::Sort, ("排序", "sort"), ("换一种排序", "the next order")),
    row("left", Q, &["Left"], A::Move(M::Left), ("向左", "left"), ("看板与统计上的左一格", "one cell to the left on the board and in the statistics")),
    row("right", Q, &["Right"], A::Move(M::Right), ("向右", "right"), ("看板与统计上的右一格", "one cell to the right on the board and in the statistics")),
    row("freeze", Q, &["z"], A::Freeze, ("冻结", "freeze"), ("督办看板的排序不再变动；再按恢复", "keep the board's order; again lets it follow")).footer(5),
    row("period-earlier", Q, &["["], A::Period(Step::Earlier), ("上一期", "earlier"), ("统计：上一个日、周、月、季、年", "statistics: the day, week, month, quarter or year before")).footer(3),
    row("period-later", Q, &["]"], A::Period(Step::Later), ("下一期", "later"), ("统计：下一期", "statistics: the period after")).footer(4),
    row("period-shorter", Q, &["-"], A::Period(Step::Shorter), ("更短", "shorter"), ("统计：年、季、月、周、日，换更短的一种", "statistics: a shorter kind of period, down to a day")).footer(5),
    row("period-longer", Q, &["+", "="], A::Period(Step::Longer), ("更长", "longer"), ("统计：日、周、月、季、年，换更长的一种", "statistics: a longer kind of period, up to a year")).footer(6),
    row("hand-over", Q, &["J"], A::HandOver, ("交班签字", "hand over"), ("签字交班：选接班人，写给下一班的留言", "sign the shift over: who takes it, and a word for them")).footer(3),
    row("take-over", Q, &["K"], A::TakeOver, ("确认接班", "take over"), ("确认接下上一班交来的班", "confirm the shift that was signed over to you")).footer(2),
    row("refresh", Q, &["F5", "Ctrl-r"], A::Refresh, ("刷新", "refresh"), ("重新读取", "read everything again")),
    row("copy", Q, &["y"], A::CopyNo, ("复制编号", "copy number"), ("复制工单编号", "copy the ticket's number")),
    row("copy-ticket", Q, &["Y"], A::CopyAll, ("复制工单", "copy ticket"), ("复制工单全文", "copy the ticket as text")),
    row("view-desk", Q, &["1"], A::View(V::Desk), ("待分拨", "desk"), ("待立案、待分拨和退回的工单", "to file, to dispatch, returned")),
    row("view-open", Q, &["2"], A::View(V::Open), ("在办", "open"), ("全部在办，按期限", "everything open, by deadline")),
    row("view-red-yellow", Q, &["3"], A::View(V::RedYellow), ("红黄灯", "red and yellow"), ("超期和即将超期的工单", "overdue and nearly so")),
    row("view-decisions", Q, &["4"], A::View(V::Decisions), ("待裁定", "decisions"), ("待批的申请和待裁决的工单", "applications and rulings that wait")),
    row("view-review", Q, &["5"], A::View(V::Review), ("审核回访", "review"), ("待审核和待回访的工单", "closing review and call-back")),
    row("view-supervision", Q, &["6"], A::View(V::Supervision), ("督办", "supervision"), ("督办看板：各单位的灯、签收、争议、督办；再按列出督办和建议", "the supervisors' board: departments by lights and what waits; again lists supervised tickets and proposals")),
    row("view-all", Q, &["7"], A::View(V::All), ("检索", "all"), ("全部工单，最新在前", "every ticket, newest first")),
    row("view-statistics", Q, &["8"], A::View(V::Statistics), ("统计", "statistics"), ("日、周、月、季、年的数字，每个都能打开其工单", "the figures of a day, week, month, quarter or year; each opens its tickets")),
    row("view-shift", Q, &["9"], A::View(V::Shift), ("交接班", "shift"), ("交接班单：新进、转黄转红、待办、留言，双方签字", "the shift sheet: what came in, turned and waits, notes, signed off by both")),
    row("quit", Q, &["q", "Ctrl-c"], A::Quit, ("关闭/退出", "close/quit"), ("关闭当前画面；在九个视图中退出程序", "close this place; from one of the nine views leave the program")).footer(30),
    // Everywhere.
    row("palette", E, &[":", "Ctrl-p"], A::Palette, ("命令", "commands"), ("按名称、拼音首字母找命令", "find a command by name")).footer(8),
    row("help", E, &["?", "F1"], A::Help, ("帮助", "help"), ("这里能用的键；可搜索", "the keys of this place; type to search")).footer(6),
    row("privacy", E, &["p", "F8"], A::Privacy, ("隐私遮挡", "privacy mask"), ("遮住画面上的全部个人信息", "mask all personal data on this screen")),
    row("language", E, &["L", "F6"], A::Language, ("English", "中文"), ("中文与英文切换", "switch between Chinese and English")),
    row("theme", E, &["T", "F7"], A::Theme, ("配色", "theme"), ("换一种配色", "the next set of colours")),
    row("repaint", E, &["Ctrl-l"], A::Repaint, ("重画", "repaint"), ("重画整个屏幕", "paint the whole screen again")),
    row("suspend", E, &["Ctrl-z"], A::Suspend, ("挂到后台", "suspend"), ("回到命令行，fg 再来", "back to the shell; fg returns")),
    // The filter line.
    row("filter-keep", F, &["Enter"], A::Open, ("保留筛选", "keep"), ("保留筛选，回到列表", "keep the filter, back to the queue")).footer(1),
    row("filter-clear", F, &["Esc", "Ctrl-c"], A::Back, ("清除筛选", "clear"), ("清除筛选；按上键可取回", "clear the filter; the up key brings it back")).footer(2),
    row("filter-recall", F, &["Up"], A::Move(M::Up), ("取回上次", "last filter"), ("取回上次清除的筛选", "bring back the filter cleared last")).footer(3),
    // The picker.
    row("take-1", P, &["1"], A::Take(1), ("第一建议", "first"), ("取第一条建议，立即分拨", "take the first suggestion, at once")).footer(1),
    row("take-2", P, &["2"], A::Take(2), ("第二建议", "second"), ("取第二条建议", "take the second suggestion")),
    row("take-3", P, &["3"], A::Take(3), ("第三建议", "third"), ("取第三条建议", "take the third suggestion")),
    row("take-4", P, &["4"], A::Take(4), ("第四建议", "fourth"), ("取第四条建议", "take the fourth suggestion")),
    row("take-5", P, &["5"], A::Take(5), ("第五建议", "fifth"), ("取第五条建议", "take the fifth suggestion")),
    row("pick", P, &["Enter"], A::Open, ("分拨到此", "dispatch"), ("分拨给光标所在单位", "dispatch to the department under the cursor")).footer(2),
    row("pick-assisting", P, &["Tab"], A::Assist, ("协办", "assisting"), ("光标所在单位设为协办，或取消", "the department under the cursor assists, or no longer")).footer(3),
    row("pick-down", P, &["Down", "Ctrl-n"], A::Move(M::Down), ("下移", "down"), ("下一个单位", "the next department")).footer(5),
    row("pick-up", P, &["Up"], A::Move(M::Up), ("上移", "up"), ("上一个单位", "the department before")),
    row("pick-page-down", P, &["PgDn"], A::Move(M::PageDown), ("下一页", "page down"), ("下移一页", "a page down")),
    row("pick-page-up", P, &["PgUp"], A::Move(M::PageUp), ("上一页", "page up"), ("上移一页", "a page up")),
    row("pick-leave", P, &["Esc", "Ctrl-c"], A::Back, ("离开", "leave"), ("不分拨，离开", "leave without dispatching")).footer(4),
    // A form.
    row("form-next", O, &["Tab"], A::NextPane, ("下一项", "next field"), ("到下一项", "to the next field")).footer(1),
    row("form-before", O, &["BackTab"], A::PreviousPane, ("上一项", "field before"), ("到上一项", "to the field before")),
    row("form-submit", O, &["Ctrl-s", "F10"], A::Submit, ("提交", "hand in"), ("提交表单", "hand the form in")).footer(2),
    row("form-cite", O, &["F5", "Ctrl-o"], A::Cite, ("引用案例", "cite"), ("把相似的案例或裁决写进文字；再按引用下一个", "put the case or ruling like this into the text; again the next one")).footer(4),
    row("form-leave", O, &["Esc", "Ctrl-c"], A::Back, ("离开", "leave"), ("离开；已填文字留作草稿", "leave; what was typed is kept as a draft")).footer(3),
    // The summary.
    row("summary-confirm", S, &["y"], A::Confirm, ("确认执行", "do it"), ("执行允许的各项", "do what is allowed")).footer(1),
    row("summary-other", S, &["Tab", "BackTab"], A::NextPane, ("换按钮", "other button"), ("在取消与确认之间切换", "between leaving and doing it")),
    row("summary-left", S, &["Left", "h"], A::Move(M::Left), ("向左", "left"), ("左边的按钮", "the button to the left")),
    row("summary-right", S, &["Right", "l"], A::Move(M::Right), ("向右", "right"), ("右边的按钮", "the button to the right")).footer(3),
    row("summary-enter", S, &["Enter"], A::Open, ("按下按钮", "press"), ("按下选中的按钮；起初是取消", "press the marked button; at first it leaves")).footer(2),
    row("summary-down", S, &["Down", "j"], A::Move(M::Down), ("下移", "down"), ("往下看", "further down")),
    row("summary-up", S, &["Up", "k"], A::Move(M::Up), ("上移", "up"), ("往上看", "further up")),
    row("summary-page-down", S, &["PgDn", "Ctrl-d"], A::Move(M::PageDown), ("下一页", "page down"), ("下移一页", "a page down")),
    row("summary-page-up", S, &["PgUp", "Ctrl-u"], A::Move(M::PageUp), ("上一页", "page up"), ("上移一页", "a page up")),
    row("summary-leave", S, &["Esc", "q", "n", "Ctrl-c"], A::Back, ("取消", "leave"), ("什么也不做，离开", "leave; nothing is done")).footer(4),
    // Palette and help.
    row("find-run", D, &["Enter"], A::Open, ("执行", "run"), ("执行光标所在的命令", "run the command under the cursor")).footer(1),
    row("find-down", D, &["Down", "Ctrl-n"], A::Move(M::Down), ("下移", "down"), ("下一条", "the next one")).footer(3),
    row("find-up", D, &["Up"], A::Move(M::Up), ("上移", "up"), ("上一条", "the one before")),
    row("find-page-down", D, &["PgDn"], A::Move(M::PageDown), ("下一页", "page down"), ("下移一页", "a page down")),
    row("find-page-up", D, &["PgUp"], A::Move(M::PageUp), ("上一页", "page up"), ("上移一页", "a page up")),
    row("find-leave", D, &["Esc", "Ctrl-c"], A::Back, ("关闭", "close"), ("关闭", "close")).footer(2),
];
