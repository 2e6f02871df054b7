//! What `fenbo sweep` says.

use super::texts;

texts! {
    /// Nothing has become due since the last sweep.
    NOTHING = "巡检完毕：没有新到期的事项", "swept: nothing has become due";
    /// The first line of what was done.
    SWEPT = "巡检完毕：查看 {looked} 件，记入 {done} 项", "swept: {looked} tickets looked at, {done} entries written";
    /// A reminder, counted by its light.
    REMINDERS = "提醒：红 {red}，黄 {yellow}，绿 {green}", "reminders: {red} red, {yellow} yellow, {green} green";
    /// A ticket that was acted on, with the moment it became due.
    LINE = "  {no}  {due}  {what}", "  {no}  {due}  {what}";
    /// What has no moment of its own.
    NO_MOMENT = "—", "—";
    /// The digests made.
    DIGESTS = "生成摘要 {n} 份", "{n} digests made";
    /// A ticket could not be read.
    UNREAD = "提醒：{nos} 读不出来，这次没有巡检；请运行 fenbo verify", "note: {nos} cannot be read and was left out; run fenbo verify";
}
