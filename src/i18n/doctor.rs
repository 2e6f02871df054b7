//! What `fenbo doctor` finds, and what to do about it.

crate::i18n::texts! {
    /// A finding.
    GOOD = "好  ", "good";
    /// A finding.
    ATTEND = "留意", "note";
    /// A finding.
    BAD = "有误", "bad ";
    /// What to do.
    NEXT = "      → {next}", "      → {next}";
    /// Encoding.
    UTF8 = "编码是 UTF-8（{locale}）", "the encoding is UTF-8 ({locale})";
    /// Encoding.
    NOT_UTF8 = "区域设置“{locale}”不是 UTF-8，中文可能显示不出来", "the locale \"{locale}\" is not UTF-8; Chinese may not show";
    /// Next.
    SET_LOCALE = "登录后执行 export LANG=zh_CN.UTF-8（没有就用 C.UTF-8）", "run export LANG=zh_CN.UTF-8 after login (or C.UTF-8)";
    /// Terminal.
    TERM = "终端 {term}，{colour}", "terminal {term}, {colour}";
    /// Terminal.
    NO_TERM = "TERM 是“{term}”，分拨台画不出来", "TERM is \"{term}\"; the console cannot draw";
    /// Next.
    SET_TERM = "用 xterm-256color 一类的终端登录", "log in with a terminal such as xterm-256color";
    /// Colours.
    TRUE_COLOUR = "真彩色", "true colour";
    /// Colours.
    COLOURS_256 = "256 色", "256 colours";
    /// Colours.
    COLOURS_16 = "16 色", "16 colours";
    /// Colours.
    NO_COLOUR = "NO_COLOR 已设，不用颜色", "NO_COLOR is set: no colours";
    /// Next.
    NO_HAN_FONT = "这是 Linux 文本控制台，没有中文字形；请在图形终端或经 SSH 登录，或者用 --lang en", "this is the text console of Linux, which has no Chinese glyphs; log in by a graphical terminal or SSH, or use --lang en";
    /// Width.
    NARROW = "终端按 UTF-8 显示，中文占两列，线条占一列", "the terminal takes UTF-8, and draws Chinese in two columns and lines in one";
    /// Width.
    WIDE = "终端把线条和部分符号画成两列，边框会错位", "the terminal draws lines and some signs in two columns: frames will not meet";
    /// Next.
    SET_NARROW = "把终端的“模糊宽度字符”设为窄；不能设时，在 config.toml 写 ambiguous_width = \"wide\"", "set the terminal's ambiguous-width characters to narrow; or else write ambiguous_width = \"wide\" in config.toml";
    /// Width.
    TERMINAL_NOT_UTF8 = "终端没有按 UTF-8 显示，中文会成乱码", "the terminal does not take UTF-8: Chinese will be garbled";
    /// Next.
    SET_UTF8 = "在终端程序的设置里把字符编码改为 UTF-8，重新登录", "set the character encoding of the terminal program to UTF-8, and log in again";
    /// Width.
    NO_ANSWER = "终端 {ms} 毫秒内没有回答字符宽度", "the terminal did not say within {ms} ms how wide it draws";
    /// Next.
    IF_BROKEN = "照常可用；边框若错位，在 config.toml 写 glyphs = \"ascii\"", "it can be used all the same; if frames look broken, write glyphs = \"ascii\" in config.toml";
    /// Latency.
    ANSWERED = "终端 {ms} 毫秒作答", "the terminal answers in {ms} ms";
    /// Next.
    SLOW_LINE = "线路慢，按键稍后才见效，但不会丢失；可换有线网络，或从离主机近的地方登录", "the line is slow: keys show late, and none is lost; use a wired network, or log in from nearer to the host";
    /// Size.
    SIZE = "窗口 {columns} 列 {rows} 行", "window of {columns} columns and {rows} rows";
    /// Next.
    LARGER = "放大到至少 80 列 24 行", "make it at least 80 columns and 24 rows";
    /// Size.
    NO_TERMINAL = "标准输出不是终端，看不到窗口大小", "standard output is no terminal, so its size is not known";
    /// Next.
    RUN_IN_TERMINAL = "要检查终端，直接运行 fenbo doctor，不要接管道", "run fenbo doctor without a pipe to have the terminal looked at";
    /// The rules.
    POLICY = "现行规则 {id}，{since} 起施行", "the rules in force are {id}, since {since}";
    /// The store.
    STORE = "数据库 {path} 可以读写，操作员 {operator}", "the store {path} can be read and written; operator {operator}";
    /// The store.
    STORE_READ_ONLY = "数据库 {path} 只能读", "the store {path} can only be read";
    /// The store.
    NO_STORE = "还没有数据库 {path}", "there is no store {path} yet";
    /// Next.
    MAKE_STORE = "运行 fenbo 或 fenbo init 建立，fenbo demo 看演示", "make it with fenbo or fenbo init; see a sample with fenbo demo";
    /// The log.
    LOG = "日志在 {path}", "the log is in {path}";
    /// The log.
    NO_LOG = "日志目录 {path} 建不起来", "the log's folder {path} cannot be made";
}
