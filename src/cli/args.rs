//! The command line as clap reads it: the options that go with every command, and the commands.
//!
//! A help text holds both languages, `中文 | English`; [`super::help`] picks one. Reads nothing, does nothing.
//! A command's own options stand in the file of the command.

use super::{
    act, backup, calendar, case, code, completions, console, deadline, demo, department, evaluate,
    handover, hotspots, import, intake, key, list, manual, notices, operator, outbox, paper,
    policy, report, restore, serve, show, similar, suggest, sweep, track, verify,
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// 分拨：民生诉求分拨台，在终端里对一个 SQLite 文件工作 | the dispatcher's console for citizen requests, over one SQLite file
#[derive(Debug, Parser)]
#[command(name = "fenbo", version, disable_help_subcommand = true)]
pub struct Cli {
    /// The options of every command.
    #[command(flatten)]
    pub globals: Globals,
    /// The command; the console when there is none.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The options of every command.
#[derive(Clone, Debug, Default, Args)]
#[expect(
    clippy::doc_markdown,
    reason = "these lines are the help a person reads"
)]
pub struct Globals {
    /// 数据库文件（否则 FENBO_DB，否则 XDG 数据目录下的 fenbo/fenbo.db） | the store's file (else FENBO_DB, else fenbo/fenbo.db in the XDG data folder)
    #[arg(long, global = true, value_name = "PATH")]
    pub db: Option<PathBuf>,
    /// 以哪位操作员的身份（否则 FENBO_OPERATOR，否则登录名） | the operator to act as (else FENBO_OPERATOR, else the login name)
    #[arg(long = "as", global = true, value_name = "OPERATOR")]
    pub operator: Option<String>,
    /// 把“现在”定在这一时刻，如 "2017-09-29 17:10"；会留下记录 | takes this moment for now, such as "2017-09-29 17:10"; it is remembered
    #[arg(long, global = true, value_name = "TIME")]
    pub at: Option<String>,
    /// 语言 | the language
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<Language>,
    /// 颜色：自动、总是、从不 | colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// 只读打开，绝不写入 | opens the store for reading only
    #[arg(long, global = true)]
    pub read_only: bool,
}

/// A language by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// 中文 | Chinese
    Zh,
    /// 英文 | English
    En,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// 输出到终端且未设 NO_COLOR 时 | on a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// 总是 | always
    Always,
    /// 从不 | never
    Never,
}

/// Text for people or JSON for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// 文字 | text
    #[default]
    Text,
    /// JSON | JSON
    Json,
}

/// The commands, one file each.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 打开分拨台（不带命令时就是它）；第一次会建立数据库 | opens the console (so does no command at all); makes the store on the first run
    Console(console::Args),
    /// 建立并打开一个逼真的演示库 | makes, once, a lifelike sample store and opens it
    Demo(demo::Args),
    /// 建立一个空的数据库 | makes an empty store
    Init,
    /// 成批导入文件；编码与列的对应关系自动识别 | takes files in; encoding and mapping are found out
    Import(import::Args),
    /// 从标准输入接收一件诉求，输出工单编号 | takes one request from standard input and prints its number
    Intake(intake::Args),
    /// 列出工单 | lists tickets
    List(list::Args),
    /// 查看一件工单：要素、期限算法、流转记录、各环节停留 | shows one ticket: facts, clocks with their arithmetic, ledger, dwell
    Show(show::Args),
    /// 对工单办理一个动作，如 dispatch、sign、reply | does an act to tickets, such as dispatch, sign, reply
    Act(Box<act::Args>),
    /// 对外服务：进度查询页面与 Open311 GeoReport v2 接口 | the citizen's door: the progress page and Open311 GeoReport v2
    Serve(serve::Args),
    /// 给诉求人的告知：受理、交办、延期、答复、回访未通；告知率 | notices to requesters: accepted, dispatched, extended, answered, call missed; their rates
    Notices(notices::Args),
    /// 其他系统接入 Open311 的密钥 | the keys with which other systems hand requests in
    Key(key::Args),
    /// 凭工单编号和查询码查看办理进度（诉求人可见的内容） | shows the progress for number and code, as the requester may see it
    Track(track::Args),
    /// 给诉求人查询码（查看个人信息，须写明理由并留记录） | gives a ticket's code for its requester (a look at personal data: with a reason, and recorded)
    Code(code::Args),
    /// 建议承办单位，附概率与依据 | suggests departments, with probability and evidence
    Suggest(suggest::Args),
    /// 用本库历史按时间回放，检验建议的准确率 | replays the store's own history to judge the suggestions
    Evaluate(evaluate::Args),
    /// 查找疑似重复的工单，附理由 | finds likely duplicates, with why
    Similar(similar::Args),
    /// 巡检一遍：提醒、自动签收、恢复、归档、督办建议，并投递摘要；可反复运行 | one pass: reminders, automatic signing, resumptions, ladder proposals, digests; run it as often as you like
    Sweep(sweep::Args),
    /// 交接班单：进了什么、转黄转红、待签收急件、待回访、备注 | the shift sheet: what came in, what turned yellow or red, unsigned urgent tickets, call-backs, notes
    Handover(handover::Args),
    /// 待送的信件：列出、投递、重新投递 | the letters that wait to go out: lists, hands over, tries again
    Outbox(outbox::Args),
    /// 督办、通报、移送文书，供打印 | the paper of a supervision, circular or referral, ready to print
    Paper(paper::Args),
    /// 案例库：收入、列出、按相似查找、查看、移出 | the case library: add, list, search by likeness, show, remove
    Case(case::Args),
    /// 热点：同一地点、同一事项的聚集及增长 | hot spots: clusters by place and matter, with growth
    Hotspots(hotspots::Args),
    /// 计算办理期限，逐日说明 | computes a deadline, day by day
    Deadline(deadline::Args),
    /// 承办单位名录 | the departments
    Department(department::Args),
    /// 操作员 | the operators
    Operator(operator::Args),
    /// 工作日历 | the calendars
    Calendar(calendar::Args),
    /// 办法（规则）的各版本 | the editions of the rules
    Policy(policy::Args),
    /// 日报、周报、月报、季报、年报 | the report of a day, week, month, quarter or year
    Report(report::Args),
    /// 核对流转记录与数据库完整性 | checks the ledger and the store
    Verify(verify::Args),
    /// 在线备份到一个新文件 | copies the store to a new file while it is in use
    Backup(backup::Args),
    /// 从备份恢复成一个新的数据库 | makes the store from a backup
    Restore(restore::Args),
    /// 检查终端、编码、数据库、规则、日历 | checks terminal, encoding, store, rules, calendars
    Doctor,
    /// 输出命令行补全脚本 | prints shell completions
    Completions(completions::Args),
    /// 输出手册页 | prints the man pages
    Manual(manual::Args),
}
