//! What is said of a store that is verified, backed up, restored.

crate::i18n::texts! {
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
    PROBLEM_NUMBER = "  工单 {no} 的编号超出当日已发的最后一号", "  ticket {no}: its number is beyond the last one given on its day";
    /// A problem.
    PROBLEM_SEARCH = "  工单 {no} 检索不到", "  ticket {no} is not found by the search";
    /// A problem.
    PROBLEM_PUBLISHED = "  流转记录第 {seq} 条的校验值不是公布过的 {head}（{at}）：记录被截短、改写，或换回了旧的副本", "  entry {seq} has not the head {head} that was published ({at}): the ledger was cut, written anew, or put back from an older copy";
    /// When a head was published that was read on paper.
    ON_PAPER = "见所给", "as given";
    /// Heads that agree.
    HEADS_AGREE = "与公布过的 {n} 个校验值一致，最近一个是第 {seq} 条：{path}", "agrees with {n} published heads, the last of them of entry {seq}: {path}";
    /// Heads that do not all agree.
    HEADS_COMPARED = "与公布过的 {n} 个校验值比过，最近一个是第 {seq} 条：{path}", "held against {n} published heads, the last of them of entry {seq}: {path}";
    /// No head to compare with.
    NO_HEADS = "没有公布过的校验值可比：{path}", "no published head to compare with: {path}";
    /// Lines of the file of heads that are not understood.
    HEADS_UNREAD = "{path} 有 {n} 行读不懂，没有参与核对", "{n} lines of {path} are not understood and were left out";
    /// What: the heads.
    HEADS_NOT_READ = "数据库本身无误，但没有与公布过的校验值核对", "the store itself is good, but was not held against the heads published";
    /// Next, where a published head does not agree.
    RESTORED_OR_CHANGED = "若是从备份恢复的，查清恢复后缺了什么，再用 fenbo verify --accept 认可现在的记录；否则停止使用，复制留底，查明原因", "if it was brought back from a backup, find out what is missing since, then accept the ledger as it is with fenbo verify --accept; else stop using it, keep a copy, and find out why";
    /// Done.
    HEAD_ACCEPTED = "已认可现在的流转记录：第 {seq} 条起重新公布。这只对本登录的 {path}；其他登录若有自己的文件，也要各认可一次", "the ledger is accepted as it is: heads are published anew from entry {seq}. That is for this login's {path}; another login with a file of its own has to accept once too";
    /// Heads given on the command line.
    GIVEN_AGREE = "与给出的 {n} 个校验值一致", "agrees with the {n} heads given";
    /// What: a head on the command line.
    NO_HEAD = "没有核对：“{text}”不是“条数:校验值”", "not verified: \"{text}\" is not ENTRY:HEAD";
    /// Why.
    HEAD_FORM = "冒号前是条数，冒号后是至少 16 位十六进制数字", "an entry's number, a colon, and at least 16 hexadecimal digits are wanted";
    /// Next.
    HEAD_PLACES = "照报表、督办文书或交接记录上印的抄写，例如 4711:0123456789abcdef", "copy it as a report or a paper has it, such as 4711:0123456789abcdef";
    /// Done.
    BACKED_UP = "已备份到 {path} 并核对：流转记录 {events} 条，工单 {tickets} 件", "copied to {path} and verified: {events} ledger entries, {tickets} tickets";
    /// What: a backup.
    NOT_BACKED_UP = "没有备份到 {path}", "no backup was made at {path}";
    /// Done.
    RESTORED = "已恢复为 {path}：流转记录 {events} 条，工单 {tickets} 件", "restored as {path}: {events} ledger entries, {tickets} tickets";
    /// Done.
    SALVAGED = "已抢救为 {path}：工单 {tickets} 件，流转记录 {events} 条，信件 {letters} 封，未提交的表单 {drafts} 份", "saved as {path}: {tickets} tickets, {events} ledger entries, {letters} letters, {drafts} forms not sent";
    /// Beside.
    REBUILT = "其中 {rebuilt} 件的状态按流转记录重建", "{rebuilt} of the tickets were made again from the ledger";
    /// What: a salvage.
    NOT_ALL_SAVED = "没有全部抢救出来", "not everything was saved";
    /// Why.
    NOT_READABLE = "损坏的文件里有 {lost} 处读不出，或不再属于任何工单；新数据库核对出 {problems} 处对不上（最多数到 1000）", "{lost} things in the damaged file cannot be read or belong to no ticket any more; {problems} things in the new store do not agree (counted up to 1000)";
    /// Next.
    ONLY_A_BACKUP = "留着该文件；这样损坏的只能从备份恢复", "keep the file; damaged like this, only a backup brings it back";
    /// Next.
    AFTER_SALVAGE = "留着损坏的文件；用 fenbo --db {path} verify 看是哪些，再从备份或原始来件补", "keep the damaged file; see which with fenbo --db {path} verify, then add them from a backup or from where they came";
    /// What: a restore.
    NOT_RESTORED = "没有恢复为 {path}", "{path} was not restored";
}
