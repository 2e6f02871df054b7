//! What `fenbo sweep` says.

use super::texts;

texts! {
    /// Nothing has become due since the last sweep.
    NOTHING = "巡检完毕：没有新到期的事项", "swept: nothing has become due";
    /// The first line of what was done.
    SWEPT = "巡检完毕：查看 {looked} 件，记入 {done} 项", "swept: {looked} tickets looked at, {done} entries written";
    /// A reminder, counted by its light.
    REMINDERS = "提醒：红 {red}，黄 {yellow}，绿 {green}", "reminders: {red} red, {yellow} yellow, {green} green";
    /// How many of a kind were written.
    COUNTED = "{what}：{n}", "{what}: {n}";
    /// A ticket that was acted on, with the moment it became due.
    LINE = "  {no}  {due}  {what}", "  {no}  {due}  {what}";
    /// What has no moment of its own.
    NO_MOMENT = "—", "—";
    /// The digests made.
    DIGESTS = "生成摘要 {n} 份", "{n} digests made";
    /// What came of handing them over.
    DELIVERED = "投递：送达 {sent}，未送达 {failed}，待送 {waiting}", "outbox: {sent} handed over, {failed} failed, {waiting} waiting";
    /// Nobody takes letters.
    NO_COMMAND = "待送 {waiting} 份；还没有配置投递命令：在 config.toml 写 [outbox] command = [\"程序\"]", "{waiting} waiting; nobody takes them yet: write [outbox] command = [\"program\"] into config.toml";
    /// What: a letter was not handed over.
    NOT_HANDED = "有 {n} 份摘要没有送出", "{n} digests were not handed over";
    /// Why.
    RECEIVER_SAYS = "{key}：{why}", "{key}: {why}";
    /// Next.
    TRIED_AGAIN = "不会丢失，稍后自动重试；请检查 config.toml 的 [outbox] command", "nothing is lost, they are tried again later; check [outbox] command in config.toml";
    /// A ticket could not be read.
    UNREAD = "提醒：{nos} 读不出来，这次没有巡检；请运行 fenbo verify", "note: {nos} cannot be read and was left out; run fenbo verify";
    /// Why the receiver did not take it.
    NOT_STARTED = "无法启动 {program}：{detail}", "{program} cannot be started: {detail}";
    /// Why the receiver did not take it.
    ENDED_WITH = "{program} 以 {status} 结束 {detail}", "{program} ended with {status} {detail}";
    /// Why the receiver did not take it.
    TOO_LONG = "{program} 超过 {seconds} 秒没有结束", "{program} did not end within {seconds} seconds";
}
