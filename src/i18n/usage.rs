//! What the command line says of itself: help pages, man pages, mistakes in what was typed.

crate::i18n::texts! {
    /// Help's shape.
    TEMPLATE = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}", "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}";
    /// An option with the values it takes.
    VALUES = "{text}（{values}）", "{text} ({values})";
    /// Help: what an option is when it is not given.
    DEFAULT = "{text} [默认：{default}]", "{text} [default: {default}]";
    /// Usage: any options.
    ANY_OPTIONS = "[选项]", "[OPTIONS]";
    /// Usage: perhaps a command.
    ANY_COMMAND = "[命令]", "[COMMAND]";
    /// Usage: a command.
    A_COMMAND = "<命令>", "<COMMAND>";
    /// A heading of a help page.
    HEADING = "{heading}：", "{heading}:";
    /// Heading of commands.
    COMMANDS = "命令", "Commands";
    /// Heading of options.
    OPTIONS = "选项", "Options";
    /// Heading of the options that go with every command.
    COMMON = "各命令通用的选项", "Options of every command";
    /// Heading of positional arguments.
    ARGUMENTS = "参数", "Arguments";
    /// Heading of a man page.
    MANUAL_NAME = "名称", "NAME";
    /// Heading of a man page.
    MANUAL_SYNOPSIS = "用法", "SYNOPSIS";
    /// Heading of a man page.
    MANUAL_DESCRIPTION = "说明", "DESCRIPTION";
    /// Heading of a man page.
    MANUAL_VERSION = "版本", "VERSION";
    /// The help option.
    HELP = "显示帮助", "shows help";
    /// The version option.
    VERSION = "显示版本", "shows the version";
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
}
