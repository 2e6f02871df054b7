//! What several subcommands say, and those that say little: parts of messages, headings, results. Help texts stand beside their options in `cli`.

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
    /// Options that were given to an act which does not read them.
    OPTIONS_NOT_READ = "“{act}”不读这些选项，它们没有作用：{options}", "\"{act}\" does not read these options, and they have no effect: {options}";
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
    /// Under the table of hot spots.
    HOT_PLACELESS = "另有 {n} 件没有街道和社区，不在任何热点里", "tickets without street and community, and so in no hot spot: {n}";
    /// A key of `keymap.toml` is left at its default.
    KEY_NOT_TAKEN = "keymap.toml 有一处未采用：{fault}；该键保持默认，请改正后重开", "keymap.toml: not taken: {fault}; the default stays; mend it and start again";

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
    /// Tickets that are missing in what was shown.
    LEFT_OUT = "有 {n} 件读不出来，未列出：{nos}", "unreadable and left out: {nos} ({n})";
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
    ATTACHMENT_NOT_KEPT = "{name}（{type}，{size}）超过限额或已删除，没有留存；散列 {sha256}", "{name} ({type}, {size}) beyond the limits or erased, not kept; hash {sha256}";
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
    /// The sample.
    DEMO_READY = "演示库在 {path}", "the sample store is {path}";
    /// A size was asked for, and there is a store already.
    DEMO_KEPT = "没有另建：{path} 已经有库，--tickets 没有用上；要另一个大小的，请用 --db 指到新处，或先移走它",
        "nothing was made: {path} is there already and --tickets was not used; for another size name a new place with --db, or move it away first";
    /// Progress bar.
    DEMO_BAR = "正在生成演示库 {bar:40} {pos}/{len}", "making the sample {bar:40} {pos}/{len}";
}
