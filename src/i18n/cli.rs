//! What the subcommands say: results, parts of messages, headings. Help texts stand beside their options in `cli`.

crate::i18n::texts! {
    /// A stretch of days that ends before it begins.
    ENDS_BEFORE_IT_BEGINS = "最后一天早于第一天", "the last day is before the first";
    /// What to do about it.
    SWAP_THE_DAYS = "把 --from 与 --to 对调", "swap --from and --to";
    /// What: the server.
    NOT_SERVED = "没有在 {address} 提供服务", "nothing is served on {address}";
    /// Next.
    OTHER_ADDRESS = "换一个 --listen 地址，或停掉占用它的程序", "name another address with --listen, or end the program that holds it";
    /// What: the account's messages are refused.
    WECHAT_NOT_TAKEN = "微信公众号的消息一律不收", "no message of the WeChat account is taken";
    /// Why.
    AES_KEY_IS_NONE = "config.toml 的 [wechat] aes_key 不是 43 个字符的 EncodingAESKey", "[wechat] aes_key in config.toml is no EncodingAESKey of 43 characters";
    /// Next.
    COPY_AES_KEY = "从公众平台“基本配置”原样复制；明文模式则删去 aes_key，再重启 fenbo serve", "copy it from the account's basic configuration, or leave aes_key out for messages in the clear; then start fenbo serve again";
    /// What: a file of secrets can be read.
    SECRETS_OPEN = "{path} 里的口令没有保密", "the secrets in {path} are not kept";
    /// Why.
    READ_BY_OTHERS = "本机其他用户可以读取这个文件", "every login of this machine may read the file";
    /// Next.
    CLOSE_SECRETS = "运行 chmod 600 {path}", "run chmod 600 {path}";
    /// Why.
    KEY_NAME_BROKEN = "名称里有换行或其他控制字符", "there is a line break or another control character in the name";
    /// Next.
    KEY_NAME_ONE_LINE = "换一个单行的名称", "choose a name of one line";
    /// It serves.
    SERVING = "正在 http://{address} 提供服务：进度查询与 Open311；按 Ctrl-c 结束", "serving on http://{address}: the progress page and Open311; Ctrl-c ends it";
    /// Head of a column.
    COLUMN_MADE = "发放时间", "made";
    /// Head of a column.
    COLUMN_REVOKED = "废止时间", "ended";
    /// What: the key.
    KEY_NOT_WRITTEN = "密钥“{name}”没有改动", "the key \"{name}\" was not changed";
    /// Why.
    KEY_NAME_TAKEN = "这个名称已有密钥用过，或是一个受理渠道的名称", "a key has had this name, or it is the name of a channel";
    /// Why.
    NO_SUCH_KEY = "没有这个名称的有效密钥", "no key in force has this name";
    /// Next.
    SEE_KEYS = "用 fenbo key list 查看", "see them with fenbo key list";
    /// It ended.
    KEY_REVOKED = "已废止密钥“{name}”", "the key \"{name}\" has ended";
    /// No hot spot.
    NO_HOT_SPOT = "这段时间没有热点", "no hot spot in these days";
    /// Head of the place.
    HOT_PLACE = "地点", "place";
    /// Head of the matter.
    HOT_MATTER = "事项", "matter";
    /// Head of the count.
    HOT_COUNT = "本期", "now";
    /// Head of the count before.
    HOT_BEFORE = "前期", "before";
    /// Head of the examples.
    HOT_EXAMPLES = "最近工单", "newest tickets";
    /// A key of `keymap.toml` is left at its default.
    KEY_NOT_TAKEN = "keymap.toml 有一处未采用：{fault}；该键保持默认，请改正后重开", "keymap.toml: not taken: {fault}; the default stays; mend it and start again";
    /// Help's shape.
    HELP_TEMPLATE = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}", "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}";
    /// An option with the values it takes.
    HELP_VALUES = "{text}（{values}）", "{text} ({values})";
    /// Help: what an option is when it is not given.
    HELP_DEFAULT = "{text} [默认：{default}]", "{text} [default: {default}]";
    /// Usage: any options.
    HELP_ANY_OPTIONS = "[选项]", "[OPTIONS]";
    /// Usage: perhaps a command.
    HELP_ANY_COMMAND = "[命令]", "[COMMAND]";
    /// Usage: a command.
    HELP_A_COMMAND = "<命令>", "<COMMAND>";
    /// A heading of a help page.
    HELP_HEADING = "{heading}：", "{heading}:";
    /// Heading of commands.
    HELP_COMMANDS = "命令", "Commands";
    /// Heading of options.
    HELP_OPTIONS = "选项", "Options";
    /// Heading of the options that go with every command.
    HELP_COMMON = "各命令通用的选项", "Options of every command";
    /// Heading of positional arguments.
    HELP_ARGUMENTS = "参数", "Arguments";
    /// Heading of a man page.
    MANUAL_NAME = "名称", "NAME";
    /// Heading of a man page.
    MANUAL_SYNOPSIS = "用法", "SYNOPSIS";
    /// Heading of a man page.
    MANUAL_DESCRIPTION = "说明", "DESCRIPTION";
    /// Heading of a man page.
    MANUAL_VERSION = "版本", "VERSION";
    /// The help option.
    HELP_HELP = "显示帮助", "shows help";
    /// The version option.
    HELP_VERSION = "显示版本", "shows the version";

    /// What: the command line.
    NOT_UNDERSTOOD = "什么都没有做：命令行看不懂", "nothing was done: the command line is not understood";
    /// Why.
    UNKNOWN_ARGUMENT = "没有 {arg} 这个选项", "there is no option {arg}";
    /// Why.
    UNKNOWN_COMMAND = "没有 {word} 这个命令", "there is no command {word}";
    /// Why.
    ARGUMENT_MISSING = "还缺 {arg}", "{arg} is missing";
    /// Why.
    VALUE_MISSING = "{arg} 后面缺少值", "{arg} has no value";
    /// Why.
    VALUE_NOT_TAKEN = "{arg} 不能是“{value}”", "{arg} cannot be \"{value}\"";
    /// Why.
    ARGUMENTS_CLASH = "{arg} 与别的选项不能同时用", "{arg} does not go with another option given";
    /// Why.
    COMMAND_MISSING = "还缺下一级命令", "a command below this one is missing";
    /// Next.
    PERHAPS = "是不是要写 {near}？", "perhaps {near} is meant";
    /// Next.
    SEE_HELP_OF = "加 --help 看用法{near}", "see the usage with --help{near}";
    /// Next.
    VALUES_CAN_BE = "可用的值：{near}", "it can be: {near}";

    /// A warning in one line.
    WARNING = "提醒：{what}；{why}；{next}", "note: {what}; {why}; {next}";
    /// What: an option's value.
    BAD_OPTION = "什么都没有做：{option} 不能是“{value}”", "nothing was done: {option} cannot be \"{value}\"";
    /// Why.
    NOT_A_TIME = "这不是时间", "it is not a time";
    /// Next.
    TIMES_LOOK_LIKE = "写成 \"2017-09-29 17:10\" 或 2017-09-29T17:10:00+08:00", "write \"2017-09-29 17:10\" or 2017-09-29T17:10:00+08:00";
    /// Why.
    NOT_A_DATE = "这不是日期", "it is not a date";
    /// Next.
    DATES_LOOK_LIKE = "写成 2017-09-29", "write 2017-09-29";
    /// Why.
    NO_SUCH_CLASS = "没有这个时限类别", "there is no such limit class";
    /// Next.
    CLASSES = "可用：enquiry 咨询建议、complaint 非数字城管投诉、urban 数字城管投诉", "there are: enquiry, complaint, urban";
    /// Why.
    OPTION_OF_FILING = "{option} 是立案或改类时定的，“{act}”不改它", "{option} is settled by filing or reclassifying; \"{act}\" does not change it";
    /// Next.
    FILE_OR_LEAVE_OUT = "先用 fenbo act file 立案再办；或去掉 {option}", "file it first, with fenbo act file; or leave {option} out";
    /// Why.
    NO_SUCH_VALUE = "没有这个值", "there is no such value";
    /// Next.
    VALUES_ARE = "可用的值：{values}", "there are: {values}";
    /// Next.
    SEE_HELP = "用 fenbo {command} --help 查看", "see fenbo {command} --help";
    /// Why.
    NOT_A_SHARE = "应在 0 到 1 之间", "it must lie between 0 and 1";
    /// Next.
    SHARES_LOOK_LIKE = "例如 --last 0.3 表示后三成", "such as --last 0.3 for the last three tenths";
    /// Why.
    SYSTEM_SAYS = "系统提示：{detail}", "the system says: {detail}";
    /// Next.
    SEE_LOG = "查看日志", "see the log";

    /// What: the store was not opened.
    NOT_OPENED = "没有打开数据库 {path}", "the store {path} was not opened";
    /// Why.
    NO_SUCH_OPERATOR = "这个库里没有操作员 {asked}", "the store has no operator {asked}";
    /// Next.
    ADD_OPERATOR = "请管理员用 fenbo operator add {asked} --role … 添加，或用 --as 换一位", "have an administrator run fenbo operator add {asked} --role …, or name another with --as";
    /// What: on the store.
    STORE_FAILED = "没有办成，数据库 {path}", "not done, store {path}";
    /// What: the store was not made.
    STORE_NOT_MADE = "没有建立 {path}", "{path} was not made";
    /// Done.
    STORE_MADE = "已建立 {path}；{login} 为管理员，在添加其他操作员之前兼所有角色。下一步：fenbo import 文件，或直接 fenbo", "made {path}; {login} is its administrator and holds every role until others are added. Next: fenbo import FILE, or just fenbo";
    /// What: no ticket.
    NOT_FOUND = "没有办：找不到工单 {asked}", "not done: no ticket {asked}";
    /// Why.
    NO_SUCH_TICKET = "没有编号以此结尾的工单，或您的角色看不到它", "no ticket ends like this, or your role does not see it";
    /// Next.
    LOOK_IN_LIST = "用 fenbo list --query 查编号", "look for its number with fenbo list --query";
    /// Why.
    SEVERAL_TICKETS = "有好几件以此结尾：{numbers}", "several end like this: {numbers}";
    /// Next.
    MORE_DIGITS = "多写几位编号", "write more of the number";
    /// What: the program itself.
    BROKEN = "没有办完：程序自身出错，已停止", "not finished: the program has a fault of its own and has stopped";
    /// Next.
    REPORT_IT = "已提交的办理都在；请把这句话连同日志交给维护者", "all that was acknowledged is kept; give this message and the log to whoever keeps the program";
    /// What: a ticket within many.
    ABOUT_TICKET = "{no}：{what}", "{no}: {what}";

    /// What: a configuration file.
    CONFIG_FILE = "没有采用 {file}", "{file} was not taken";
    /// What: a configuration file's line.
    CONFIG_LINE = "没有采用 {file} 第 {line} 行", "{file}, line {line}, was not taken";
    /// Next.
    MAKE_READABLE = "让这个登录可以读它", "make it readable for this login";
    /// Next.
    SAVE_AS_UTF8 = "另存为 UTF-8", "save it as UTF-8";
    /// Next.
    CORRECT_LINE = "改正这一处", "correct it there";
    /// Next.
    WRITE_INSTEAD = "改写成 {text}", "write {text}";
    /// Next.
    REMOVE_LINE = "删去这一行", "take the line out";
    /// Next.
    KEEP_ONE = "两处只留一处", "keep one of the two";
    /// Next.
    ADD_IT = "补上 {what}，或改写为已有的", "add {what}, or name another";
    /// Next.
    NAME_PATH = "用 --db 或 FENBO_DB 指明数据库", "name the store with --db or FENBO_DB";

    /// What: standard output.
    NOT_WRITTEN = "输出没有写完", "the output was not written to its end";
    /// Next.
    MAKE_ROOM = "检查磁盘空间后再试", "see that there is room on the disk, then try again";
    /// What: a file.
    NOT_WRITTEN_TO = "没有写入 {path}", "{path} was not written";
    /// What: a file.
    NOT_READ = "没有读取 {path}", "{path} was not read";
    /// Why.
    NEVER_OVER = "已经有这个文件，绝不覆盖", "it is there already, and nothing is ever written over";
    /// Why.
    NO_SUCH_FILE = "没有这个文件或目录", "there is no such file or folder";
    /// Why.
    NOT_ALLOWED = "操作系统不允许", "the operating system does not allow it";
    /// Next.
    NAME_ANOTHER = "换一个文件名", "name another file";
    /// Next.
    CHECK_PATH = "检查路径和权限", "check the path and its permissions";

    /// The heading of a deadline.
    DEADLINE = "{class} · {limit} · 建单 {created} → {last} 24:00 止（{edition}）", "{class} · {limit} · created {created} → ends {last} 24:00 ({edition})";
    /// When the light turns.
    LIGHT_TURNS = "  {warn} 起黄灯，{due} 起红灯", "  yellow from {warn}, red from {due}";
    /// The next year's notice may change it.
    PROVISIONAL = "  下一年的放假通知尚未发布，年末几天可能变动", "  the next year's notice is not known yet and may change the last days of December";
    /// A limit.
    WORKING_DAYS = "{n} 个工作日", "{n} working days";
    /// A limit.
    CALENDAR_DAYS = "{n} 个自然日", "{n} calendar days";
    /// A day.
    DAY_START = "建单当日，不计", "day of creation, not counted";
    /// A day.
    DAY_WORKING = "工作日，第 {n}/{of} 天", "working day {n} of {of}";
    /// A day.
    DAY_MAKE_UP = "{name}调休上班，第 {n}/{of} 天", "make-up day for {name}, {n} of {of}";
    /// A day.
    DAY_CALENDAR = "第 {n}/{of} 天", "day {n} of {of}";
    /// A day.
    DAY_WEEKEND = "周末，不计", "weekend, not counted";
    /// A day.
    DAY_HOLIDAY = "{name}放假，不计", "holiday {name}, not counted";
    /// A day.
    DAY_SUSPENDED = "挂起，不计", "suspended, not counted";
    /// A day.
    DAY_ROLLED = "期满遇休息日，顺延", "the limit is spent on a day off: moved on";
    /// A weekday.
    MONDAY = "周一", "Mon";
    /// A weekday.
    TUESDAY = "周二", "Tue";
    /// A weekday.
    WEDNESDAY = "周三", "Wed";
    /// A weekday.
    THURSDAY = "周四", "Thu";
    /// A weekday.
    FRIDAY = "周五", "Fri";
    /// A weekday.
    SATURDAY = "周六", "Sat";
    /// A weekday.
    SUNDAY = "周日", "Sun";
    /// A length of time.
    DAYS_HOURS = "{d} 天 {h} 小时", "{d} d {h} h";
    /// A length of time.
    HOURS_MINUTES = "{h} 小时 {m} 分", "{h} h {m} min";
    /// A length of time.
    MINUTES = "{m} 分", "{m} min";

    /// Heading.
    COLUMN_LIGHT = "灯", "light";
    /// Heading.
    COLUMN_DUE = "最后一日", "last day";
    /// Heading.
    COLUMN_NO = "编号", "number";
    /// Heading.
    COLUMN_STATE = "状态", "state";
    /// Heading.
    COLUMN_CLASS = "类别", "class";
    /// Heading.
    COLUMN_SOURCE = "来源", "source";
    /// Heading.
    COLUMN_STREET = "街道", "street";
    /// Heading.
    COLUMN_LEAD = "主办", "lead";
    /// Heading.
    COLUMN_TITLE = "标题", "title";
    /// Heading.
    COLUMN_CODE = "代码", "code";
    /// Heading.
    COLUMN_NAME = "名称", "name";
    /// Heading.
    COLUMN_ALIASES = "别名", "aliases";
    /// Heading.
    COLUMN_ACTIVE = "启用", "active";
    /// Heading.
    COLUMN_IDS = "外部编号", "external ids";
    /// Heading.
    COLUMN_PARENT = "上级", "parent";
    /// Heading.
    COLUMN_ROLES = "角色", "roles";
    /// Heading.
    COLUMN_DEPARTMENT = "单位", "department";
    /// Yes.
    YES = "是", "yes";
    /// No.
    NO = "否", "no";
    /// An empty list.
    EMPTY_LIST = "没有符合的工单", "no ticket matches";
    /// Below a list.
    SHOWN_OF = "列出 {shown} 件，共 {total} 件", "{shown} shown of {total}";

    /// A fact.
    FACT_TITLE = "标题", "title";
    /// A fact.
    FACT_CONTENT = "内容", "content";
    /// A fact.
    FACT_CLASS = "性质与类别", "nature and class";
    /// A fact.
    FACT_CATEGORY = "分类", "category";
    /// A fact.
    FACT_PLACE = "地点", "place";
    /// A fact: where a picture lies.
    FACT_MEDIA = "图片", "picture";
    /// A fact: degrees north and east.
    FACT_POINT = "坐标", "coordinates";
    /// A fact.
    FACT_SOURCE = "来源", "source";
    /// A fact.
    FACT_REQUESTER = "诉求人", "requester";
    /// A fact.
    FACT_LEAD = "主办", "lead";
    /// A fact.
    FACT_ASSISTING = "协办", "assisting";
    /// A fact.
    FACT_CREATED = "建单", "created";
    /// A fact.
    FACT_DISPATCHED = "分拨", "dispatched";
    /// A fact.
    FACT_REPLIED = "反馈", "replied";
    /// A fact.
    FACT_CLOSED = "办结", "closed";
    /// A fact.
    FACT_MERGED = "并案", "merged";
    /// A fact.
    FACT_FALSE_CLOSURE = "假闭环警示", "false closure of";
    /// A fact.
    FACT_ANSWERS = "来信所指工单", "the letter names";
    /// A fact.
    FACT_TAGS = "标签", "tags";
    /// A fact.
    FACT_GIST = "要旨", "gist";
    /// Nothing in the case library.
    NO_PRECEDENT = "案例库中没有相符的案例或裁决", "no case or ruling in the library fits";
    /// A fact.
    FACT_ATTACHMENT = "附件", "attached";
    /// An attached file that is kept.
    ATTACHMENT = "{name}（{type}，{size}）{path}", "{name} ({type}, {size}) {path}";
    /// An attached file that is not kept.
    ATTACHMENT_NOT_KEPT = "{name}（{type}，{size}）超过限额，未保存；散列 {sha256}", "{name} ({type}, {size}) beyond the limits, not kept; hash {sha256}";
    /// A file whose name is not known any more.
    NAMELESS = "（无名）", "(no name)";
    /// Heading of the letters.
    LETTERS = "来信补充：", "letters:";
    /// The number a letter joined.
    JOINED = "并入工单 {no}", "joined ticket {no}";
    /// How many letters joined.
    LETTERS_JOINED = "其中 {n} 封来信并入了已有工单", "{n} of them are letters that joined their tickets";
    /// An application that waits.
    ASKED = "  待批：{what} {at} {by} {text}", "  waits: {what} {at} {by} {text}";
    /// A requester who has been heard.
    CALLED = "  回访：{no} 已完成（{n} 次）", "  call back: {no} done ({n} attempts)";
    /// A requester to be called.
    TO_CALL = "  回访：{no} 待回访（已打 {n} 次）", "  call back: {no} to be called ({n} attempts so far)";
    /// Why it is red.
    HELD_AT_DEADLINE = "到期时在 {holder}", "with {holder} when it fell due";
    /// Why it is red.
    WHY_RED = "  为何超期：{why}", "  why red: {why}";
    /// A public answer names a phone number.
    PHONE_IN_ANSWER = "注意：公开答复里有电话号码 {phone}，诉求人和公众都会看到", "note: the public answer holds the phone number {phone}; whoever reads it will see it";
    /// Heading of a clock.
    CITIZEN_CLOCK = "办理时限：{limit}，自 {started} 起", "limit: {limit}, from {started}";
    /// Heading of a clock.
    REDO_CLOCK = "重办时限：{limit}，自 {started} 起", "limit of the redo: {limit}, from {started}";
    /// A deadline that is not known.
    UNKNOWN_YEAR = "  {year} 年的放假通知未知，期限算不出来", "  the notice for {year} is not known, so the deadline is not known";
    /// Heading.
    LEDGER = "流转记录", "ledger";
    /// Heading.
    HOLDERS = "各环节停留", "held by";
    /// A stay.
    STAY = "  {holder}  自 {from}  {for}", "  {holder}  from {from}  {for}";
    /// A holder.
    HOLDER_DESK = "分拨台", "dispatch desk";
    /// A holder.
    HOLDER_REVIEW = "审核", "review";
    /// A holder.
    HOLDER_CALLBACK = "回访", "call-back desk";

    /// An act's verdict.
    WOULD_DO = "{no}  可以{act}", "{no}  {act}: possible";
    /// An act done.
    DID = "{no}  已{act} → {state}", "{no}  {act} → {state}";
    /// The first of two agreed to an appeal.
    NEEDS_A_SECOND = "    申诉须由两人同意：还要另一人再批准一次", "    an appeal takes two: another person is to grant it as well";
    /// A moved deadline.
    DUE_MOVED = "    最后一日 {before} → {after}", "    last day {before} → {after}";
    /// What: an act.
    ACT_NOT_DONE = "没有办理“{act}”", "not done: {act}";
    /// Why.
    OPTION_MISSING = "还缺 {option}", "{option} is missing";
    /// Next.
    ADD_OPTION = "加上 {option}", "add {option}";
    /// What: a merge.
    NOT_MERGED = "没有并案", "nothing was merged";
    /// Why.
    MASTER_NOT_NAMED = "只有一件，没有指明并入哪一件", "there is one ticket only, and no master";
    /// Next.
    NAME_MASTER = "用 --into 指明主单", "name the master with --into";

    /// A file as found out.
    FOUND_OUT = "{file}：格式 {format}，编码 {encoding}，映射 {mapping}", "{file}: format {format}, encoding {encoding}, mapping {mapping}";
    /// Columns the file lacks.
    COLUMNS_MISSING = "  映射里有而文件里没有的列：{columns}", "  columns the mapping names and the file lacks: {columns}";
    /// Sheets of a workbook that are not read.
    SHEETS_UNREAD = "  没有读的工作表（表头不是这份映射的）：{sheets}", "  sheets not read (their header is not the mapping's): {sheets}";
    /// Progress bar.
    IMPORT_BAR = "{spinner} 已读 {pos} 行 · {per_sec} · {msg}", "{spinner} {pos} rows read · {per_sec} · {msg}";
    /// In the progress bar.
    ADDED_SO_FAR = "已导入 {n}", "{n} added";
    /// A rejected record.
    ROW_REJECTED = "{place}：{why}", "{place}: {why}";
    /// A rejected record, with the column at fault.
    ROW_REJECTED_COLUMN = "{place}，列 {column}：{why}", "{place}, column {column}: {why}";
    /// Where: a file as a whole.
    PLACE_FILE = "{file}", "{file}";
    /// Where: a message of a mailbox.
    PLACE_LETTER = "{file} 第 {row} 封（自第 {line} 行起）", "{file}, message {row} (from line {line} on)";
    /// Where: a record of a document.
    PLACE_RECORD = "{file} 第 {row} 条", "{file}, record {row}";
    /// Where: a line of a table.
    PLACE_LINE = "{file} 第 {line} 行（记录 {row}）", "{file}, line {line} (record {row})";
    /// More of them.
    MORE_REJECTED = "  另有 {n} 件未导入", "  and {n} more";
    /// Lines in another encoding than their file.
    MENDED = "有 {n} 行不是 UTF-8，其中的文字按 GB18030 读出", "{n} lines are not UTF-8 as the file is; their words were read as GB18030";
    /// Bytes not decoded.
    UNDECODABLE = "有 {n} 处文字无法解码（第一处在第 {line} 行第 {character} 个字符，字节 {offset}），已用 � 代替；可用 --encoding 指明编码", "{n} places could not be decoded (the first in line {line}, character {character}, byte {offset}) and became �; name the encoding with --encoding";
    /// An unknown department.
    UNKNOWN_DEPARTMENT = "名录里没有单位“{name}”（{n} 件），名称原样保留", "the directory has no department \"{name}\" ({n} tickets); its name is kept as it stands";
    /// Undated records.
    UNDATED = "{n} 件没有建单时间，从现在起算", "{n} had no time of creation and count from now";
    /// What: rows whose time is doubtful.
    ROWS_AHEAD = "{n} 件导入了，但建单时间没有核实", "{n} were taken in, but their time of creation is doubtful";
    /// Why.
    AHEAD_OF_NOW = "建单时间晚于现在", "they say they were created after now";
    /// What: rows whose time is doubtful.
    ROWS_LONG_AGO = "{n} 件导入了，但建单时间没有核实", "{n} were taken in, but their time of creation is doubtful";
    /// Why.
    BEFORE_1990 = "建单时间早于 1990 年", "they say they were created before 1990";
    /// Next.
    CHECK_TIMES = "核对文件的时间列、时区和映射里的格式；不可信的时间改为空，就从导入时起算", "check the file's times, their zone and the mapping's formats; an empty time counts from the import";
    /// Natures that are none of ours.
    UNKNOWN_NATURES = "{n} 件的诉求性质不是本系统的任何一种；原样保留在工单的原始栏里，立案时再定", "{n} name a nature that is none of ours; it is kept as it stands, beside the ticket, and is settled at filing";
    /// Records that have ended there only.
    ENDED_THERE = "{n} 件在文件里已办结而这里还未办结；工单没有改动", "{n} are ended there and still open here; their tickets are as they were";
    /// What: tickets whose closing time counts for nothing.
    ROWS_CLOSED_UNKNOWN = "{n} 件按已办结导入了，但办结时间不可能成立：不算按时也不算超期，不计入办理时长", "{n} were taken in as closed, but their closing time cannot be: neither on time nor late by it, and in no mean";
    /// Why.
    CLOSED_BEFORE_CREATED = "办结时间早于建单时间（没有建单时间的从导入时起算）", "they say they were closed before they were created (one without a time of creation counts from the import)";
    /// Why.
    CLOSED_AHEAD = "办结时间晚于现在", "they say they were closed after now";
    /// Next.
    CHECK_CLOSING = "核对文件的办结时间列、时区和映射里的格式；文件里的值保留在工单的原始栏 closed_at 里", "check the file's closing times, their zone and the mapping's formats; what the file says is kept beside the ticket, as closed_at";
    /// What: names of an object.
    NAMES_NOT_KNOWN = "没有认出这些名称：{names}；原样保留在工单的原始栏里", "these names are not known: {names}; they are kept as they stand, beside the ticket";
    /// Why.
    NAMES_ARE = "接收的是 external_no source nature limit_class category street community address title content created_at，以及 requester 里的 name phone email address",
        "what is taken: external_no source nature limit_class category street community address title content created_at, and in requester name phone email address";
    /// Next.
    NAME_THEM_SO = "若它们是其中之一，请改名；电话、姓名写在 requester 里，才会按个人信息保护", "rename those that are one of them; a phone or a name belongs in requester, where it is kept as personal data";
    /// What: rows.
    ROWS_REJECTED = "{n} 件没有导入", "{n} were not taken in";
    /// Why.
    ROWS_SAY_WHY = "原因见上；回执里每一件都写着原因", "the reasons stand above, and every one of them in the receipt";
    /// Next.
    CORRECT_RECEIPT = "改好回执里的内容，再运行：{commands}", "correct what stands in the receipt, then run: {commands}";
    /// Next.
    ASK_FOR_RECEIPT = "加 --receipt 新文件（邮件则为新目录）再导入一次（已导入的不会重复），改好其中的内容", "import once more with --receipt and a new file, a new folder for mails (nothing comes in twice), and correct what stands in it";
    /// The last line.
    IMPORTED = "读取 {read} 行，新增 {added}，已有 {already}，未导入 {rejected}；每秒 {rate} 行", "read {read}, added {added}, already there {already}, rejected {rejected}; {rate} rows a second";
    /// The last line of a dry run.
    WOULD_IMPORT = "试读 {read} 行：将新增 {added}，已有 {already}，不能导入 {rejected}；每秒 {rate} 行；什么都没有写入", "would read {read}, add {added}, already there {already}, reject {rejected}; {rate} rows a second; nothing was written";
    /// The name of standard input.
    STANDARD_INPUT = "标准输入", "standard input";
    /// Why.
    PIPE_TOO_LARGE = "标准输入超过 {limit}", "standard input gives more than {limit}";
    /// Next.
    SAVE_AS_FILE = "存成文件再导入：文件没有这个限制", "save it as a file and import that: a file has no such limit";
    /// What: some of several files.
    FILES_LEFT_OUT = "{of} 个文件中有 {n} 个没有导入：{files}", "{n} of {of} files were not imported: {files}";
    /// Why.
    FILES_SAY_WHY = "每个文件的原因见上；其余文件已导入", "each file's reason stands above; the others were imported";
    /// Next.
    IMPORT_THOSE = "改正后只导入这些文件；重复导入不会重复立件", "correct them and import those alone; nothing comes in twice";
    /// What: a receipt.
    RECEIPT_NOT_WRITTEN = "没有写成回执 {path}", "the receipt {path} was not written";
    /// What: one request.
    NOT_TAKEN = "没有接收这件诉求", "the request was not taken";
    /// Next.
    SEND_LESS = "请发送人减少附件，或分几封寄来", "have the sender attach less, or send it in several";
    /// Next.
    USE_ANOTHER_NUMBER = "另用一个 external_no 再送；补充原来那件，写到那张工单上", "hand it over under another external_no; what adds to the known one belongs into its ticket";
    /// Next.
    HAND_OVER_AGAIN = "改正后再送一次；重复送不会重复立件", "correct it and hand it over again; nothing comes in twice";
    /// Why a form is none.
    FORM_NOT_DECODED = "这不是 {encoding} 的文字", "it is not text in {encoding}";
    /// Why.
    FORM_IS_NONE = "这不是字段名同工单的 JSON 对象：{detail}", "it is no JSON object with a ticket's field names: {detail}";
    /// Why.
    FORM_SAYS_NOTHING = "title 和 content 都是空的，没有诉求内容", "title and content are both empty: it says nothing";
    /// Next.
    WRITE_WORDS = "在 title 或 content 里写明诉求", "write the request into title or content";
    /// Why.
    FORM_NOT_A_TIME = "created_at 的“{value}”不是时间", "created_at: \"{value}\" is not a time";
    /// Why.
    FORM_NO_SUCH_CLASS = "limit_class 没有“{value}”", "limit_class: there is no \"{value}\"";
    /// What: a file.
    NOT_IMPORTED = "没有导入 {file}", "{file} was not imported";
    /// What: a path.
    NOT_IMPORTED_PATH = "没有导入 {path}", "{path} was not imported";
    /// What: anything.
    NOTHING_IMPORTED = "什么都没有导入", "nothing was imported";
    /// Why.
    FILE_SPECIAL = "这是管道、套接字或设备，读它可能永远等下去", "it is a pipe, a socket or a device, and reading it may wait for ever";
    /// Next.
    USE_STANDARD_INPUT = "存成普通文件再导入，或从标准输入送入：fenbo import -", "save it as an ordinary file, or hand it over on standard input: fenbo import -";
    /// What: a first mapping.
    NO_MAPPING_MADE = "没有为 {file} 输出映射", "no mapping was printed for {file}";
    /// Why.
    MAIL_NEEDS_NONE = "邮件不用映射：发件人、主题、正文、时间和附件各有定位", "mails need none: sender, subject, words, time and attachments have their places";
    /// Next.
    IMPORT_AS_IT_STANDS = "去掉 --mapping-help，直接导入", "leave --mapping-help out and import it as it stands";
    /// Some were filed without nature or category.
    FILED_AS_OTHER = "{n} 件有承办单位而没有性质，按“其他”立案分拨；请核对性质和期限", "{n} name a department and no nature: filed as other and dispatched; check nature and deadline";
    /// Why.
    FILE_EMPTY = "文件是空的", "there is nothing in it";
    /// Why.
    NO_MAPPING = "没有映射认得这些列：{columns}", "no mapping knows these columns: {columns}";
    /// Next.
    NAME_MAPPING = "用 fenbo import --mapping-help 文件 得到一份映射初稿，改好放进配置目录的 mappings", "get a first mapping with fenbo import --mapping-help FILE, complete it, and put it into the configuration folder's mappings";
    /// Why.
    UNKNOWN_MAPPING = "没有叫 {name} 的映射", "there is no mapping {name}";
    /// Next.
    KNOWN_MAPPINGS = "已有：{names}", "there are: {names}";
    /// Why.
    FOREIGN_FILE = "不接收这种文件（{kind}）", "a file of this kind ({kind}) is not taken";
    /// Next.
    SAVE_AS_XLSX = "在原程序里另存为 .xlsx 或 .csv", "save it as .xlsx or .csv in its own program";
    /// Next.
    SAVE_AS_EML = "在 Outlook 里另存为 .eml", "save it as .eml in Outlook";
    /// Next.
    UNPACK = "先解压，再导入里面的文件", "unpack it first, and import what is in it";
    /// Next.
    CHECK_FILE = "检查文件", "check the file";

    /// What: something named.
    NOT_SHOWN = "没有显示 {asked}", "{asked} was not shown";
    /// Why.
    NO_SUCH_DEPARTMENT = "没有这个代码、名称或别名的单位", "no department has this code, name or alias";
    /// Next.
    SEE_DEPARTMENTS = "用 fenbo department list 查看", "see fenbo department list";
    /// The directory is fine.
    DIRECTORY_GOOD = "名录无误：单位 {departments}，街道 {streets}，社区 {communities}，分类 {categories}", "the directory is good: {departments} departments, {streets} streets, {communities} communities, {categories} categories";
    /// A day.
    DAY_OFF = "放假", "off";
    /// A day.
    MAKE_UP_DAY = "调休上班", "make-up day";
    /// A year.
    YEAR_KNOWN = "{year} 年的放假通知已知", "the notice for {year} is known";
    /// A year.
    YEAR_NOT_KNOWN = "{year} 年的放假通知未知：落在那一年的期限算不出来，也不会猜", "the notice for {year} is not known: deadlines in it are not known, and never guessed";
    /// Next.
    ADD_YEAR = "国务院发布后，把 {year}.toml 放进配置目录的 calendars", "when it is published, put {year}.toml into the configuration folder's calendars";
    /// Why.
    NO_SUCH_EDITION = "没有这个版本", "there is no such edition";
    /// Next.
    SEE_EDITIONS = "用 fenbo policy list 查看", "see fenbo policy list";
    /// The editions are fine.
    EDITIONS_GOOD = "规则文件无误：共 {n} 个版本，现行 {id}", "the rules are good: {n} editions, {id} in force";
    /// What: an operator.
    OPERATOR_NOT_WRITTEN = "没有更改操作员 {code}", "the operator {code} was not changed";
    /// Why.
    OPERATOR_KNOWN = "已经有这位操作员", "there is such an operator already";
    /// Next.
    CHANGE_OPERATOR = "用 fenbo operator change 更改", "change it with fenbo operator change";
    /// Why.
    OPERATOR_UNKNOWN = "没有这位操作员", "there is no such operator";
    /// Next.
    SEE_OPERATORS = "用 fenbo operator list 查看", "see fenbo operator list";
    /// What was not done.
    GATEWAY_NOT_WRITTEN = "没有更改网关登录 {login}", "the gateway {login} was not changed";
    /// Why.
    NO_LOGIN = "登录名不能为空，也不能有空格", "a login is not empty and has no blanks";
    /// Done.
    GATEWAY_ON = "登录 {login} 可代其他操作员办理", "the login {login} may act for other operators";
    /// Done.
    GATEWAY_OFF = "登录 {login} 不再代他人办理", "the login {login} acts for others no longer";
    /// Done.
    OPERATOR_WRITTEN = "操作员 {code}（{name}）已保存", "operator {code} ({name}) saved";

    /// Done.
    VERIFIED = "无误：流转记录 {events} 条，工单 {tickets} 件，末条 {head}", "good: {events} ledger entries, {tickets} tickets, head {head}";
    /// Not good.
    VERIFIED_BAD = "有误：流转记录 {events} 条，工单 {tickets} 件，末条 {head}", "not good: {events} ledger entries, {tickets} tickets, head {head}";
    /// What: the store.
    NOT_VERIFIED = "数据库 {path} 没有通过核对", "the store {path} does not verify";
    /// Why.
    PROBLEMS_FOUND = "有 {n} 处对不上，见上", "{n} things do not agree, as listed";
    /// Next.
    KEEP_AND_RESTORE = "停止使用，复制留底，从备份恢复并查明原因", "stop using it, keep a copy, bring back a backup, and find out why";
    /// A problem.
    PROBLEM_FILE = "  文件损坏：{what}", "  the file is damaged: {what}";
    /// A problem.
    PROBLEM_GAP = "  第 {seq} 条之前缺记录", "  an entry is missing before {seq}";
    /// A problem.
    PROBLEM_CHAIN = "  第 {seq} 条接不上前一条", "  entry {seq} does not follow the one before";
    /// A problem.
    PROBLEM_CONTENT = "  第 {seq} 条内容被改过", "  entry {seq} is not what was hashed";
    /// A problem.
    PROBLEM_EVENT = "  第 {seq} 条读不懂", "  entry {seq} cannot be read";
    /// A problem.
    PROBLEM_STATE = "  第 {seq} 条之后的工单对不上", "  the ticket after entry {seq} is not the one recorded";
    /// A problem.
    PROBLEM_ROW = "  工单 {no} 的 {column} 与流转记录不符", "  ticket {no}: {column} is not what the ledger makes";
    /// A problem.
    PROBLEM_TEXTS = "  工单 {no} 的文字被改过", "  ticket {no}: its texts were changed";
    /// A problem.
    PROBLEM_ATTACHMENT = "  工单 {no} 的附件不见了或被改过：{sha256}", "  ticket {no}: an attachment is gone or was changed: {sha256}";
    /// A problem.
    PROBLEM_UNKNOWN = "  工单 {no} 没有流转记录", "  ticket {no} has no ledger";
    /// A problem.
    PROBLEM_OPERATOR = "  操作员 {no} 与记录不符", "  operator {no} is not as recorded";
    /// Problem.
    PROBLEM_GATEWAYS = "  可代他人办理的登录与流转记录不符", "  the logins that may act for others are not those of the ledger";
    /// A problem.
    PROBLEM_COUNT = "  计数 {what} 不对", "  the count {what} is wrong";
    /// A problem.
    PROBLEM_DEPARTMENTS = "  工单 {no} 的可见单位不对", "  ticket {no}: the departments that see it are wrong";
    /// A problem.
    PROBLEM_SEARCH = "  工单 {no} 检索不到", "  ticket {no} is not found by the search";
    /// Done.
    BACKED_UP = "已备份到 {path} 并核对：流转记录 {events} 条，工单 {tickets} 件", "copied to {path} and verified: {events} ledger entries, {tickets} tickets";
    /// What: a backup.
    NOT_BACKED_UP = "没有备份到 {path}", "no backup was made at {path}";
    /// Done.
    RESTORED = "已恢复为 {path}：流转记录 {events} 条，工单 {tickets} 件", "restored as {path}: {events} ledger entries, {tickets} tickets";
    /// What: a restore.
    NOT_RESTORED = "没有恢复为 {path}", "{path} was not restored";
    /// The sample.
    DEMO_READY = "演示库在 {path}", "the sample store is {path}";
    /// Progress bar.
    DEMO_BAR = "正在生成演示库 {bar:40} {pos}/{len}", "making the sample {bar:40} {pos}/{len}";

    /// What a suggestion rests on.
    BASIS_NONE = "还没有历史可学，没有建议", "there is no history to learn from yet, so there is no suggestion";
    /// What a suggestion rests on.
    BASIS_BLANK = "这件诉求什么都没说，只能列出办得最多的单位", "nothing is known of this request; these are the departments that get most";
    /// What a suggestion rests on.
    BASIS_LITTLE = "只有 {n} 件历史，仅供参考", "only {n} past tickets were learned; take it with care";
    /// What a suggestion rests on.
    BASIS_HISTORY = "依据 {n} 件历史工单", "from {n} past tickets";
    /// What a suggestion rests on.
    BASIS_ITSELF = "这件工单已经分拨过，所学的历史含它自己", "this ticket has been dispatched: the history learned includes its own";
    /// Nothing was known of a category asked with.
    CATEGORY_NOT_MET = "注意：没有办过类别“{category}”，建议未用到它", "note: no past ticket has the category \"{category}\"; it was not used";
    /// A nature that is none.
    NATURE_NOT_KNOWN = "注意：没有“{nature}”这种诉求性质，建议未用到它", "note: \"{nature}\" is no nature; it was not used";
    /// Lines answered without some of their fields.
    FIELDS_IGNORED = "{n} 行有看不懂的栏目，未用到；见各行的 ignored", "{n} lines have fields that were not understood and not used; see ignored in each";
    /// What was known of the request.
    KNOWN = "；所知：{parts}", "; known: {parts}";
    /// Between the parts.
    KNOWN_AND = "、", ", ";
    /// A part that was known.
    KNOWN_CATEGORY = "类别", "category";
    /// A part that was known.
    KNOWN_CLASS = "大类", "class of matter";
    /// A part that was known.
    KNOWN_PLACE = "街道和社区", "street and community";
    /// A part that was known.
    KNOWN_PART_OF_PLACE = "街道或社区", "street or community";
    /// A part that was known.
    KNOWN_ORIGIN = "来源或性质", "source or nature";
    /// A part that was known.
    KNOWN_TEXT = "文字", "words";
    /// The first suggestion may be pre-filled.
    FIRST_IS_SURE = "首选有把握，可预填", "the first is sure enough to be pre-filled";
    /// Why.
    WHY_RULING = "有裁决", "a ruling";
    /// Why.
    WHY_ALIKE = "文字相似 {percent}%", "text alike {percent}%";
    /// Why.
    WHY_REQUESTER = "同一诉求人", "same requester";
    /// Why.
    WHY_COMMUNITY = "同小类同社区", "same category and community";
    /// Why.
    WHY_STREET = "同小类同街道", "same category and street";
    /// Why.
    WHY_CATEGORY = "同小类", "same category";
    /// What became of it there.
    WHY_RETURNED = "已退件", "returned";
    /// Why.
    ALIKE_TITLE = "标题相同", "same title";
    /// Why.
    ALIKE_ADDRESS = "同一地址", "same address";
    /// Why.
    ALIKE_COMMUNITY = "同社区", "same community";
    /// Why.
    ALIKE_TIME = "相隔 {hours} 小时", "{hours} h apart";
    /// None.
    NOTHING_ALIKE = "没有疑似重复的工单", "nothing alike was found";
    /// What: lines.
    LINES_NOT_ANSWERED = "{n} 行没有得到建议", "{n} lines were not answered";
    /// Why.
    LINES_NOT_JSON = "这些行不是工单字段的 JSON", "they are no JSON of a ticket's fields";
    /// Next.
    CORRECT_LINES = "按输出里的 error 改正这些行", "correct them by the error in the answer";
    /// What was not done with a line.
    LINE_NOT_ANSWERED = "第 {n} 行没有得到建议", "line {n} was not answered";
    /// Why.
    LINE_NOT_JSON = "从第 {at} 个字符起不是完整的 JSON", "from character {at} on it is no whole JSON";
    /// Next.
    ONE_OBJECT_A_LINE = "每行写一个 JSON 对象，如 {example}", "write one JSON object a line, such as {example}";
    /// Why.
    LINE_NOT_UTF8 = "不是 UTF-8", "it is not UTF-8";
    /// Why.
    LINE_NOT_AN_OBJECT = "这是 JSON，但不是对象", "it is JSON, but no object";
    /// Why.
    FIELD_NOT_TEXT = "字段 {field} 不是文字", "the field {field} is not text";
    /// Why.
    FIELD_NOT_LEVELS = "字段 {field} 既不是文字，也不是文字的数组", "the field {field} is neither text nor an array of texts";
    /// Next.
    WRITE_FIELD_AS_TEXT = "把它写成带引号的文字，或删去", "write it as text in quotes, or leave it out";
    /// A note.
    BLANK_LINES_SKIPPED = "跳过 {n} 个空行", "{n} blank lines were skipped";
    /// The evaluation.
    EVALUATION = "对 {n} 件回放：首位命中 {top1}，前三 {top3}，前五 {top5}；95% 准确率下可预填 {at95}，99% 下 {at99}", "replayed {n}: first {top1}, among three {top3}, among five {top5}; could be pre-filled {at95} at 95 %, {at99} at 99 % precision";

    /// A finding.
    DOCTOR_GOOD = "好  ", "good";
    /// A finding.
    DOCTOR_ATTEND = "留意", "note";
    /// A finding.
    DOCTOR_BAD = "有误", "bad ";
    /// What to do.
    DOCTOR_NEXT = "      → {next}", "      → {next}";
    /// Encoding.
    DOCTOR_UTF8 = "编码是 UTF-8（{locale}）", "the encoding is UTF-8 ({locale})";
    /// Encoding.
    DOCTOR_NOT_UTF8 = "区域设置“{locale}”不是 UTF-8，中文可能显示不出来", "the locale \"{locale}\" is not UTF-8; Chinese may not show";
    /// Next.
    DOCTOR_SET_LOCALE = "登录后执行 export LANG=zh_CN.UTF-8（没有就用 C.UTF-8）", "run export LANG=zh_CN.UTF-8 after login (or C.UTF-8)";
    /// Terminal.
    DOCTOR_TERM = "终端 {term}，{colour}", "terminal {term}, {colour}";
    /// Terminal.
    DOCTOR_NO_TERM = "TERM 是“{term}”，分拨台画不出来", "TERM is \"{term}\"; the console cannot draw";
    /// Next.
    DOCTOR_SET_TERM = "用 xterm-256color 一类的终端登录", "log in with a terminal such as xterm-256color";
    /// Colours.
    DOCTOR_TRUE_COLOUR = "真彩色", "true colour";
    /// Colours.
    DOCTOR_256_COLOURS = "256 色", "256 colours";
    /// Colours.
    DOCTOR_16_COLOURS = "16 色", "16 colours";
    /// Colours.
    DOCTOR_NO_COLOUR = "NO_COLOR 已设，不用颜色", "NO_COLOR is set: no colours";
    /// Next.
    DOCTOR_NO_HAN_FONT = "这是 Linux 文本控制台，没有中文字形；请在图形终端或经 SSH 登录，或者用 --lang en", "this is the text console of Linux, which has no Chinese glyphs; log in by a graphical terminal or SSH, or use --lang en";
    /// Width.
    DOCTOR_NARROW = "终端按 UTF-8 显示，中文占两列，线条占一列", "the terminal takes UTF-8, and draws Chinese in two columns and lines in one";
    /// Width.
    DOCTOR_WIDE = "终端把线条和部分符号画成两列，边框会错位", "the terminal draws lines and some signs in two columns: frames will not meet";
    /// Next.
    DOCTOR_SET_NARROW = "把终端的“模糊宽度字符”设为窄；不能设时，在 config.toml 写 ambiguous_width = \"wide\"", "set the terminal's ambiguous-width characters to narrow; or else write ambiguous_width = \"wide\" in config.toml";
    /// Width.
    DOCTOR_TERMINAL_NOT_UTF8 = "终端没有按 UTF-8 显示，中文会成乱码", "the terminal does not take UTF-8: Chinese will be garbled";
    /// Next.
    DOCTOR_SET_UTF8 = "在终端程序的设置里把字符编码改为 UTF-8，重新登录", "set the character encoding of the terminal program to UTF-8, and log in again";
    /// Width.
    DOCTOR_NO_ANSWER = "终端 {ms} 毫秒内没有回答字符宽度", "the terminal did not say within {ms} ms how wide it draws";
    /// Next.
    DOCTOR_IF_BROKEN = "照常可用；边框若错位，在 config.toml 写 glyphs = \"ascii\"", "it can be used all the same; if frames look broken, write glyphs = \"ascii\" in config.toml";
    /// Latency.
    DOCTOR_ANSWERED = "终端 {ms} 毫秒作答", "the terminal answers in {ms} ms";
    /// Next.
    DOCTOR_SLOW_LINE = "线路慢，按键稍后才见效，但不会丢失；可换有线网络，或从离主机近的地方登录", "the line is slow: keys show late, and none is lost; use a wired network, or log in from nearer to the host";
    /// Size.
    DOCTOR_SIZE = "窗口 {columns} 列 {rows} 行", "window of {columns} columns and {rows} rows";
    /// Next.
    DOCTOR_LARGER = "放大到至少 80 列 24 行", "make it at least 80 columns and 24 rows";
    /// Size.
    DOCTOR_NO_TERMINAL = "标准输出不是终端，看不到窗口大小", "standard output is no terminal, so its size is not known";
    /// Next.
    DOCTOR_RUN_IN_TERMINAL = "要检查终端，直接运行 fenbo doctor，不要接管道", "run fenbo doctor without a pipe to have the terminal looked at";
    /// The rules.
    DOCTOR_POLICY = "现行规则 {id}，{since} 起施行", "the rules in force are {id}, since {since}";
    /// The store.
    DOCTOR_STORE = "数据库 {path} 可以读写，操作员 {operator}", "the store {path} can be read and written; operator {operator}";
    /// The store.
    DOCTOR_STORE_READ_ONLY = "数据库 {path} 只能读", "the store {path} can only be read";
    /// The store.
    DOCTOR_NO_STORE = "还没有数据库 {path}", "there is no store {path} yet";
    /// Next.
    DOCTOR_MAKE_STORE = "运行 fenbo 或 fenbo init 建立，fenbo demo 看演示", "make it with fenbo or fenbo init; see a sample with fenbo demo";
    /// The log.
    DOCTOR_LOG = "日志在 {path}", "the log is in {path}";
    /// The log.
    DOCTOR_NO_LOG = "日志目录 {path} 建不起来", "the log's folder {path} cannot be made";
}
