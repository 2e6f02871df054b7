//! The command line as clap reads it: the options that go with every command, and the commands.
//!
//! A help text holds both languages, `中文 | English`; [`super::help`] picks one. Reads nothing, does nothing.
//! A command's own options stand in the file of the command.

use super::{
    act, backup, calendar, case, code, completions, console, deadline, demo, department, evaluate,
    handover, hotspots, import, intake, key, list, manual, notices, operator, outbox, paper,
    policy, report, restore, serve, show, similar, suggest, sweep, track, verify, viewed,
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// 分拨：终端里的民生诉求分拨台，数据都在一个 SQLite 文件里 | the dispatcher's console for citizen requests, over one SQLite file
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
    /// 数据库文件（不写则为 FENBO_DB，再不然为 XDG 数据目录下的 fenbo/fenbo.db） | the store's file (else FENBO_DB, else fenbo/fenbo.db in the XDG data folder)
    #[arg(long, global = true, value_name = "PATH")]
    pub db: Option<PathBuf>,
    /// 以哪位操作员的身份办理（不写则为 FENBO_OPERATOR，再不然为登录名） | the operator to act as (else FENBO_OPERATOR, else the login name)
    #[arg(long = "as", global = true, value_name = "OPERATOR")]
    pub operator: Option<String>,
    /// 把“现在”定在这一时刻，如 "2017-09-29 17:10"；数据库会留下记录 | takes this moment for now, such as "2017-09-29 17:10"; the store remembers that it was done
    #[arg(long, global = true, value_name = "TIME")]
    pub at: Option<String>,
    /// 语言；不写则按 config.toml，再不然按终端的区域设置 | the language; else that of config.toml, else of the terminal's locale
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<Language>,
    /// 颜色；auto 只在输出到终端且未设 NO_COLOR 时用 | colours; auto: on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// 只读打开，绝不写入 | opens the store for reading only, and writes nothing
    #[arg(long, global = true)]
    pub read_only: bool,
}

/// What adds its options to a command.
type Options = fn(clap::Command) -> clap::Command;

/// The commands that programs run again and again.
const OFTEN: [(&str, Options); 6] = [
    ("act", act::Args::augment_args),
    ("intake", intake::Args::augment_args),
    ("list", list::Args::augment_args),
    ("show", show::Args::augment_args),
    ("sweep", sweep::Args::augment_args),
    ("track", track::Args::augment_args),
];

/// The command line with one command alone, without its help, where one of these words names one of those that are run often:
/// the options of all the others take longer to make ready than a command to run.
///
/// What it understands the whole command line understands likewise; what it does not may still be understood by that.
pub fn alone<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<clap::Command> {
    let mut words = words.into_iter();
    let (name, options) = words.find_map(|word| OFTEN.iter().find(|(name, _)| *name == word))?;
    let command = options(clap::Command::new(*name));
    Some(Globals::augment_args(clap::Command::new("fenbo")).subcommand(command))
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
    /// 打开分拨台（不写命令也是打开它）；还没有数据库则先建立 | opens the console, as no command at all does; makes the store on the first run
    Console(console::Args),
    /// 打开一个逼真的演示库，没有则先建立 | opens a lifelike sample store, made on the first run
    Demo(demo::Args),
    /// 建立一个空的数据库 | makes an empty store
    Init,
    /// 成批导入文件；格式、编码和列的映射自动识别 | takes files in; format, encoding and mapping are found out
    Import(import::Args),
    /// 从标准输入接收一件诉求，输出工单编号 | takes one request from standard input and prints its number
    Intake(intake::Args),
    /// 列出工单 | lists tickets
    List(list::Args),
    /// 查看一件工单：要素、期限算法、流转记录、在各处停留多久 | shows one ticket: facts, clocks with their arithmetic, ledger, and how long each holder had it
    Show(show::Args),
    /// 对一件或多件工单办理一个动作，如 dispatch、sign、reply | carries out an act, such as dispatch, sign, reply, on one ticket or many
    Act(Box<act::Args>),
    /// 对外服务：进度查询页面与 Open311 GeoReport v2 接口 | serves the progress page and Open311 GeoReport v2 to the public
    Serve(serve::Args),
    /// 给诉求人的告知（受理、交办、延期、答复、回访未通）：启用、停用、告知率 | the notices to requesters (accepted, dispatched, extended, answered, call missed): on, off, rates
    Notices(notices::Args),
    /// 其他系统经 Open311 报送诉求的密钥：列出、发放、废止 | the keys with which other systems hand requests in over Open311: list, add, revoke
    Key(key::Args),
    /// 凭工单编号和查询码查看办理进度（只有诉求人可见的内容） | shows a ticket's progress for its number and code, as its requester may see it
    Track(track::Args),
    /// 取一件工单的查询码，交给诉求人（视同查看个人信息：须写明理由，并记入流转记录） | prints a ticket's code, to be given to its requester (counts as a look at personal data: the reason stands in the ledger)
    Code(code::Args),
    /// 为一件工单、一段文字或一批诉求建议承办单位，附概率与依据 | suggests departments for a ticket, for words or for many requests, with probability and evidence
    Suggest(suggest::Args),
    /// 按时间顺序回放本库的历史，检验建议有多准 | replays the store's own history in time order and measures how often the suggestions are right
    Evaluate(evaluate::Args),
    /// 查找疑似重复的工单，最像的在前，附理由 | finds likely duplicates, best first, with why
    Similar(similar::Args),
    /// 巡检一遍：提醒、自动签收、恢复、归档、督办建议，并投递信件；可反复运行 | one pass over the open deadlines: reminders, automatic signing, resumptions, archiving, proposals to supervise; then hands over letters; may run as often as you like
    Sweep(sweep::Args),
    /// 交接班单：新收、转黄转红、待签收急件、待回访、备注；签字交接与确认接班 | the shift sheet: what came in, what turned yellow or red, unsigned urgent tickets, call-backs, notes; signs and confirms the handover
    Handover(handover::Args),
    /// 待送的信件：列出、投递、重新投递 | the letters that wait to go out: list, send, retry
    Outbox(outbox::Args),
    /// 督办、通报、移送文书，供打印 | prints the paper of a supervision, circular or referral
    Paper(paper::Args),
    /// 案例库：收入、列出、按相似查找、查看、移出 | the case library: add, list, search by likeness, show, remove
    Case(case::Args),
    /// 热点：同一地点、同一事项聚集了多少件，比前期增减多少 | hot spots: tickets about one matter in one place, with their growth
    Hotspots(hotspots::Args),
    /// 计算办理期限，逐日说明；不需要数据库 | computes a deadline and explains it day by day; needs no store
    Deadline(deadline::Args),
    /// 承办单位名录：列出、查看、检查 | the departments: list, show, check
    Department(department::Args),
    /// 操作员：列出、添加、更改、停用、网关登录 | the operators: list, add, change, gateway logins, off
    Operator(operator::Args),
    /// 工作日历：列出、查看、检查 | the calendars: list, show, check
    Calendar(calendar::Args),
    /// 规则（管理办法）的各版本：列出、查看、检查 | the editions of the rules: list, show, check
    Policy(policy::Args),
    /// 输出日报、周报、月报、季报或年报 | prints the report of a day, week, month, quarter or year
    Report(report::Args),
    /// 核对流转记录与数据库完整性 | checks the ledger and that the store agrees with it
    Verify(verify::Args),
    /// 谁在分拨台查看过哪件工单：打开、停留、复制 | who had which ticket on the screen of a console: opened, rested on, copied
    Viewed(viewed::Args),
    /// 备份到一个新文件，不必停用 | copies the store to a new file while it is in use
    Backup(backup::Args),
    /// 用备份建立数据库；不覆盖已有的库 | makes the store from a backup; never over an existing store
    Restore(restore::Args),
    /// 检查终端、编码、数据库、规则和日历，并说明如何改正 | checks terminal, encoding, store, rules and calendars, and says what to do
    Doctor,
    /// 输出命令行补全脚本 | prints a shell's completion script
    Completions(completions::Args),
    /// 输出手册页（man） | prints the man pages
    Manual(manual::Args),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn a_command_alone_has_the_options_it_has_among_the_others() {
        let whole = Cli::command();
        for (name, _) in OFTEN {
            let alone = alone([name]).unwrap();
            let of = |command: &clap::Command| -> Vec<String> {
                let found = command.find_subcommand(name).unwrap();
                found
                    .get_arguments()
                    .map(|arg| format!("{arg:?}"))
                    .collect()
            };
            assert_eq!(of(&alone), of(&whole), "{name}");
            let common = |command: &clap::Command| -> Vec<String> {
                let args = command.get_arguments();
                args.map(|arg| format!("{arg:?}")).collect()
            };
            assert_eq!(common(&alone), common(&whole), "{name}");
        }
        assert!(alone(["--db", "x", "doctor"]).is_none());
    }
}
