//! What `fenbo import` and `fenbo intake` say: what a file is, what was not taken and why, how it comes in after all.

crate::i18n::texts! {
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
    /// The title of a mail that has neither subject nor words.
    UNTITLED_MAIL = "无主题邮件", "mail without a subject";
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
}
