//! What is said when something is not done: what was not done, why, and what to do next.
//!
//! Knows the codes of failures, not their types: this room imports only the rules. Start at [`Told`].

use super::{Lang, Text};
use crate::domain::filter::{FilterError, FilterProblem};
use crate::domain::shown;

/// A sentence with what fills it in.
pub type Filled<'a> = (Text, &'a [(&'a str, &'a str)]);

/// A message in its three parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What was not done.
    pub what: String,
    /// Why.
    pub why: String,
    /// What to do next.
    pub next: String,
}

impl Told {
    /// A message of these sentences.
    pub fn new(lang: Lang, what: Filled<'_>, why: Filled<'_>, next: Filled<'_>) -> Self {
        Self {
            what: what.0.with(lang, what.1),
            why: why.0.with(lang, why.1),
            next: next.0.with(lang, next.1),
        }
    }

    /// The same with another first part: the caller knows best what was not done.
    #[must_use]
    pub fn about(self, what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            ..self
        }
    }

    /// The message in one line, where work goes on all the same.
    pub fn as_warning(&self, lang: Lang) -> String {
        let values = [
            ("what", self.what.as_str()),
            ("why", &self.why),
            ("next", &self.next),
        ];
        super::cli::WARNING.with(lang, &values)
    }

    /// The message as a terminal may show it, in three lines.
    pub fn text(&self, lang: Lang) -> String {
        let line = shown::clean_line;
        LINES.with(
            lang,
            &[
                ("what", &line(&self.what)),
                ("why", &line(&self.why)),
                ("next", &line(&self.next)),
            ],
        )
    }
}

/// Why a store could not do something, and the way out, by the code of its failure.
pub fn store(code: &str) -> Option<(Text, Text)> {
    STORE
        .iter()
        .find(|(known, ..)| *known == code)
        .map(|(_, why, next)| (*why, *next))
}

/// What a failure is said to be about, where it is not the whole that was not done.
pub fn partly(code: &str) -> Option<Text> {
    match code {
        "left" => Some(NOT_ALL_ERASED),
        "unpublished" => Some(NOT_PUBLISHED),
        _ => None,
    }
}

/// Why a configuration file is not taken, by the code of the problem.
pub fn config(code: &str) -> Option<Text> {
    CONFIG
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, why)| *why)
}

/// Why a record of a file is not taken, by the code of the reason.
pub fn record(code: &str) -> Option<Text> {
    RECORD
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, why)| *why)
}

/// The word for what a message has too much of.
pub fn too_many(code: &str) -> Option<Text> {
    TOO_MANY
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, word)| *word)
}

/// Why a filter is not understood.
pub fn filter(error: &FilterError, lang: Lang) -> Told {
    let term = &[("term", error.term.as_str())];
    let (why, next) = match error.problem {
        FilterProblem::UnknownField => (FILTER_FIELD, FILTER_FIELDS),
        FilterProblem::UnknownValue => (FILTER_VALUE, FILTER_VALUES),
        FilterProblem::NoValue => (FILTER_NO_VALUE, FILTER_VALUES),
    };
    Told::new(lang, (FILTER, term), (why, term), (next, term))
}

const fn text(zh: &'static str, en: &'static str) -> Text {
    Text { zh, en }
}

/// Every failure of the store: why, and what to do next.
pub const STORE: &[(&str, Text, Text)] = &[
    (
        "missing",
        text("没有这个文件", "there is no such file"),
        text(
            "用 fenbo init 建立，或用 --db 指明已有的数据库",
            "make one with fenbo init, or name an existing store with --db",
        ),
    ),
    (
        "already-there",
        text(
            "那里已经有一个文件，绝不覆盖",
            "there is a file already, and nothing is ever written over",
        ),
        text("换一个文件名", "name another file"),
    ),
    (
        "not-a-store",
        text(
            "这个文件不是本程序的数据库（{cause}）",
            "the file is not a store of this program ({cause})",
        ),
        text(
            "核对路径；文件原样未动",
            "check the path; the file was left as it is",
        ),
    ),
    (
        "newer",
        text(
            "这个数据库由更新版本的程序写成（{cause}）",
            "a newer program wrote this store ({cause})",
        ),
        text(
            "升级本程序后再打开；文件原样未动",
            "upgrade this program; the file was left as it is",
        ),
    ),
    (
        "older",
        text(
            "这个数据库是旧版本的（{cause}），只读打开时不能升级",
            "the store is of an earlier version ({cause}), and cannot be brought up while it is opened read-only",
        ),
        text(
            "先备份，再不带 --read-only 运行一次，它会自动升级",
            "make a backup, then run once without --read-only: it is brought up by itself",
        ),
    ),
    (
        "directory",
        text("这是一个目录", "it is a folder"),
        text(
            "用 --db 指明目录里的数据库文件",
            "name the store's file in it with --db",
        ),
    ),
    (
        "link",
        text(
            "这是一个符号链接，不跟随",
            "it is a symbolic link, which is not followed",
        ),
        text(
            "直接写出链接所指的文件",
            "name the file that the link points to",
        ),
    ),
    (
        "special",
        text(
            "这是管道、套接字或设备",
            "it is a pipe, a socket or a device",
        ),
        text("指明一个普通文件", "name an ordinary file"),
    ),
    (
        "network-file-system",
        text(
            "文件在网络文件系统上，那里的锁靠不住",
            "the file lies on a network file system, whose locks are not to be trusted",
        ),
        text(
            "把数据库放到本机磁盘，各席位通过 SSH 登录使用",
            "keep the store on a local disk, and let the desks log in by SSH",
        ),
    ),
    (
        "permission",
        text(
            "操作系统不允许（{cause}）",
            "the operating system does not allow it ({cause})",
        ),
        text(
            "请管理员给这个登录读写该文件及其目录的权限",
            "have this login given the right to the file and its folder",
        ),
    ),
    (
        "read-only",
        text(
            "数据库只能读（{cause}）",
            "the store can only be read ({cause})",
        ),
        text(
            "去掉 --read-only，或检查文件与磁盘是否可写",
            "leave --read-only out, or see whether file and disk can be written",
        ),
    ),
    (
        "busy",
        text(
            "另一个进程占用写锁超过十秒（{cause}）",
            "another process has held the write lock for ten seconds ({cause})",
        ),
        text(
            "稍后再试；若一直如此，看哪个 fenbo 进程停住了",
            "try again; if it stays so, see which fenbo process has stopped",
        ),
    ),
    (
        "full",
        text(
            "磁盘、配额或文件大小已满（{cause}）",
            "the disk, the quota or the file's limit is full ({cause})",
        ),
        text(
            "腾出空间后再试；已办的都在",
            "make room and try again; all that was done is kept",
        ),
    ),
    (
        "damaged",
        text(
            "数据库文件已损坏（{cause}）",
            "the file is damaged ({cause})",
        ),
        text(
            "先复制该文件留底，再用 fenbo restore 从备份恢复；没有备份时加 --salvage 抢救还能读的",
            "keep a copy of the file, then bring back a backup with fenbo restore; without one, what can be read with --salvage",
        ),
    ),
    (
        "io",
        text("读写出错（{cause}）", "reading or writing failed ({cause})"),
        text(
            "检查磁盘与文件系统后再试",
            "check the disk and its file system, then try again",
        ),
    ),
    (
        "left",
        text(
            "磁盘上还有残留（{cause}）",
            "something of it is still on the disk ({cause})",
        ),
        text(
            "删除已写入流转记录，下次巡检会接着清除；若一直如此，按括号里的原因处理",
            "that it was erased stands in the ledger, and the next sweep goes on; if it stays so, see to the cause in brackets",
        ),
    ),
    (
        "file-gone",
        text(
            "有人同时在删除个人信息，附件被清走了（{cause}）",
            "personal data was erased meanwhile, and the attached file went with it ({cause})",
        ),
        text("再做一次即可", "do it once more"),
    ),
    (
        "unpublished",
        text(
            "写不到约定的地方（{cause}）",
            "it cannot be written where it should be ({cause})",
        ),
        text(
            "让这个登录能写那里，或在 config.toml 的 [heads] 换一处；流转记录不受影响，下次公布时再试",
            "let this login write there, or name another place under [heads] in config.toml; the ledger is as it was, and the next head is tried again",
        ),
    ),
    (
        "stale",
        text(
            "这件工单刚被别人改过（{cause}）",
            "the ticket was changed by somebody else meanwhile ({cause})",
        ),
        text(
            "看过它现在的样子再办",
            "look at it as it is now, then act again",
        ),
    ),
    (
        "bug",
        text(
            "程序自身有错（{cause}）",
            "the program has a fault of its own ({cause})",
        ),
        text(
            "什么都没有写入；请把这句话连同日志交给维护者",
            "nothing was written; give this message and the log to whoever keeps the program",
        ),
    ),
];

/// Every problem of a configuration file.
pub const CONFIG: &[(&str, Text)] = &[
    (
        "unreadable",
        text("文件读不了：{detail}", "the file cannot be read: {detail}"),
    ),
    (
        "not-utf8",
        text("文件不是 UTF-8 编码", "the file is not UTF-8"),
    ),
    (
        "shape",
        text(
            "写法不对：{detail}",
            "it is not written as it must be: {detail}",
        ),
    ),
    (
        "unknown-key",
        text("没有 {key} 这一项", "{key} means nothing here"),
    ),
    (
        "bad-value",
        text("{key} 不能是 {value}", "{key} cannot be {value}"),
    ),
    (
        "duplicate",
        text(
            "{what} 已经属于 {first}",
            "{what} belongs to {first} already",
        ),
    ),
    (
        "missing",
        text(
            "{entry} 提到的 {wants} 不存在",
            "{entry} names {wants}, which is not there",
        ),
    ),
    (
        "no-home",
        text(
            "这个登录没有主目录",
            "no home folder is known for this login",
        ),
    ),
];

/// Every reason why a record of a file is not taken; filled in by the reason's own values.
pub const RECORD: &[(&str, Text)] = &[
    (
        "field-count",
        text(
            "表头有 {expected} 列，这里有 {found} 列",
            "{found} fields where the header has {expected}",
        ),
    ),
    (
        "open-quote",
        text("引号没有收尾", "a quotation mark is never closed"),
    ),
    (
        "field-too-long",
        text(
            "字段太长，超过 {limit}",
            "a field is too long: more than {limit}",
        ),
    ),
    (
        "zero-byte",
        text(
            "文字里有零字节（NUL）；回执里写作 ␀，删去即可",
            "a zero byte (NUL) in the text; the receipt writes it ␀, to be taken out",
        ),
    ),
    (
        "too-many-columns",
        text("超过 {limit} 列", "more than {limit} columns"),
    ),
    (
        "too-many-rows",
        text("超过 {limit} 行", "more than {limit} records"),
    ),
    (
        "bad-time",
        text(
            "认不出的时间“{value}”；可在映射里写明格式",
            "\"{value}\" is no time in any format of the mapping; name its format there",
        ),
    ),
    (
        "time-ahead",
        text(
            "建单时间 {value} 在将来，请核对时间和时区",
            "created in the future, {value}; check the time and its zone",
        ),
    ),
    (
        "time-long-ago",
        text(
            "建单时间 {value} 早于 1990 年，请核对；不知道就不写",
            "created before 1990, {value}; check it, and leave out what is not known",
        ),
    ),
    (
        "ambiguous-time",
        text(
            "“{value}”分不清日和月，请在映射里写明格式",
            "day and month of \"{value}\" cannot be told apart; name the format in the mapping",
        ),
    ),
    (
        "bad-degrees",
        text(
            "“{value}”不是经纬度",
            "\"{value}\" is not a number of degrees",
        ),
    ),
    ("missing", text("必填项是空的", "a required field is empty")),
    (
        "unknown-value",
        text(
            "映射表里没有“{value}”这个值",
            "the mapping's table has no value \"{value}\"",
        ),
    ),
    (
        "contradictory-flags",
        text(
            "办结标志互相矛盾：{value}",
            "the outcome's flags contradict each other: {value}",
        ),
    ),
    (
        "numeric-identifier",
        text(
            "编号列存成了数字 {value}，位数可能已丢失",
            "{value} is a number cell in a column of identifiers; its digits may be lost",
        ),
    ),
    (
        "cell-error",
        text("单元格是错误值 {value}", "the cell holds the error {value}"),
    ),
    (
        "malformed",
        text("格式不合法：{detail}", "not well formed: {detail}"),
    ),
    (
        "not-an-object",
        text(
            "这条记录不是“名称：值”的对象",
            "the record is not an object of named values",
        ),
    ),
    (
        "too-deep",
        text("嵌套超过 {limit} 层", "nested deeper than {limit}"),
    ),
    (
        "document-type",
        text(
            "文档带有 DOCTYPE，不接收",
            "the document declares a document type, which is refused",
        ),
    ),
    (
        "service-list",
        text(
            "这是服务目录，里面没有诉求",
            "a list of services holds no requests",
        ),
    ),
    (
        "known-number-other-words",
        text(
            "编号已是工单 {no} 的，而标题或内容不同",
            "its number belongs to ticket {no}, whose title or words are others",
        ),
    ),
    (
        "automatic",
        text(
            "程序自动发出的邮件（自动回复、群发或退信），不属于任何工单；未登记，以免循环往来",
            "sent by a program (an automatic reply, bulk mail or a delivery report) and about no ticket; not registered, so that no loop begins",
        ),
    ),
    (
        "too-large",
        text(
            "有 {found}，最多接收 {limit}",
            "{found}; at most {limit} is taken",
        ),
    ),
    (
        "too-many",
        text("{what}超过 {limit}", "more than {limit} {what}"),
    ),
    (
        "not-a-mail",
        text("这是二进制文件，不是邮件", "a binary file, not a mail"),
    ),
    (
        "outlook-file",
        text(
            "这是 Outlook 自己的格式；请另存为 .eml",
            "Outlook's own format; save the message as .eml",
        ),
    ),
    (
        "no-header",
        text(
            "没有邮件头，只有正文",
            "there is no mail header in front of the text",
        ),
    ),
    (
        "link",
        text(
            "这是符号链接，不跟随；请放入它所指的文件",
            "a symbolic link, which is not followed; put the file it points to in its place",
        ),
    ),
    (
        "special",
        text("这是管道、套接字或设备", "a pipe, a socket or a device"),
    ),
    (
        "empty",
        text(
            "里面没有可以当作诉求的内容",
            "nothing in it that could be a request",
        ),
    ),
    (
        "reader-stopped",
        text(
            "读取这个文件的进程被中止：{detail}",
            "the reader of this file was stopped: {detail}",
        ),
    ),
    (
        "unreadable",
        text(
            "文件读不下去：{detail}",
            "the file could not be read: {detail}",
        ),
    ),
];

/// What a message may have too much of, by its code.
pub const TOO_MANY: &[(&str, Text)] = &[
    ("parts", text("部分", "parts")),
    ("header lines", text("邮件头行数", "header lines")),
    ("stations", text("转发站数", "stations")),
];

crate::i18n::texts! {
    /// A message's three lines.
    LINES = "fenbo: {what}\n  原因：{why}\n  下一步：{next}\n",
        "fenbo: {what}\n  why: {why}\n  next: {next}\n";
    /// What was not done: the rest of an erasing.
    NOT_ALL_ERASED = "个人信息已删除，但没有全部清除", "the personal data was erased, but not all of it is gone";
    /// What was not done: the ledger's head published.
    NOT_PUBLISHED = "没有把流转记录的校验值公布到库外", "the ledger's head was not published outside the file";
    /// What was not done: a filter.
    FILTER = "没有筛选：看不懂“{term}”", "not filtered: \"{term}\" is not understood";
    /// No such field.
    FILTER_FIELD = "没有这个字段", "there is no such field";
    /// The fields there are.
    FILTER_FIELDS = "可用字段：单位 状态 灯 类别 性质 紧急 来源 渠道 街道 社区 分类 编号 创建 剩 认领 督办 有；要搜原文请加引号",
        "fields: department state light class nature urgency source channel street community category no created due claimed supervised is; put words to search for in quotes";
    /// No such value.
    FILTER_VALUE = "这个字段没有这样的值", "the field does not take this value";
    /// No value.
    FILTER_NO_VALUE = "冒号后面没有值", "there is no value behind the colon";
    /// How values look.
    FILTER_VALUES = "例如 灯:红  单位:城管  状态:待分拨，待签收  创建:2017-09-01..2017-09-30  剩:<2h",
        "such as light:red  department:chengguan  state:filed,dispatched  created:2017-09-01..2017-09-30  due:<2h";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_three_lines_and_drives_no_terminal() {
        let told = Told {
            what: "没有导入 \u{1b}[2Ja.csv".into(),
            why: "x\ny".into(),
            next: "z".into(),
        };
        assert_eq!(
            told.text(Lang::Zh),
            "fenbo: 没有导入 ␛[2Ja.csv\n  原因：x y\n  下一步：z\n"
        );
    }

    #[test]
    fn both_languages_fill_in_the_same() {
        let tables = CONFIG
            .iter()
            .chain(RECORD)
            .chain(TOO_MANY)
            .map(|(_, text)| *text);
        let store = STORE.iter().flat_map(|(_, why, next)| [*why, *next]);
        for text in tables.chain(store).chain(ALL.iter().map(|(_, t)| *t)) {
            assert_eq!(
                Text::placeholders(text.zh),
                Text::placeholders(text.en),
                "{}",
                text.en
            );
        }
    }
}
