//! The words of letters, of handing them over, and of `fenbo outbox`.

use super::texts;

texts! {
    /// The centre's own desk.
    DESK = "分拨台", "the desk";
    /// A digest's subject.
    DIGEST_SUBJECT = "民生诉求提醒（{name}）：红 {red}，黄 {yellow}，绿 {green}", "Citizen requests, {name}: {red} red, {yellow} yellow, {green} green";
    /// A digest's first line.
    DIGEST_BEGINS = "{name}：下列工单请及时办理。", "{name}: please see to these tickets in time.";
    /// A digest's line.
    DIGEST_LINE = "{light}  {no}  截止 {due}  {category}", "{light}  {no}  due {due}  {category}";
    /// A digest's last line.
    DIGEST_ENDS = "本邮件由民生诉求分拨系统自动发出，不含个人信息，请勿回复。", "Sent by the dispatch desk's program; no personal data stands in it. Please do not reply.";

    /// Why not: nobody takes it.
    NOBODY_TAKES = "没有配置投递方式", "nobody is named who takes it";
    /// Why not: there is no address.
    NO_MAIL_ADDRESS = "{name} 没有邮件地址", "{name} has no mail address";
    /// Why not: no address at all.
    NO_ADDRESS = "{address} 不是邮件地址", "{address} is no mail address";
    /// Why not: the relay has no SMTPUTF8.
    ADDRESS_NOT_TAKEN = "邮件服务器不支持 {address} 这样的国际化地址", "the relay takes no internationalized address such as {address}";
    /// Why not: the password cannot be read.
    NO_PASSWORD = "读不出口令文件 {path}：{detail}", "the password's file {path} cannot be read: {detail}";
    /// Why not: the relay is not there.
    RELAY_AWAY = "邮件服务器 {host}:{port} 无法投递：{detail}", "the relay {host}:{port} takes nothing: {detail}";
    /// Why not: the relay does not want it.
    RELAY_REFUSES = "邮件服务器 {host}:{port} 拒收：{detail}", "the relay {host}:{port} refuses it: {detail}";
    /// Why not: the program did not begin.
    NOT_STARTED = "无法启动 {program}：{detail}", "{program} cannot be started: {detail}";
    /// Why not: the program says so.
    ENDED_WITH = "{program} 以 {status} 结束 {detail}", "{program} ended with {status} {detail}";
    /// Why not: the program hung.
    TOO_LONG = "{program} 超过 {seconds} 秒没有结束", "{program} did not end within {seconds} seconds";

    /// What: a letter was not handed over.
    NOT_HANDED = "有 {n} 份信件没有送出", "{n} letters were not handed over";
    /// Why.
    RECEIVER_SAYS = "{key}：{why}", "{key}: {why}";
    /// Next.
    TRIED_AGAIN = "不会丢失，稍后自动重试；请检查 config.toml 的 [outbox]，改好后运行 fenbo outbox retry", "nothing is lost, they are tried again later; check [outbox] in config.toml, then run fenbo outbox retry";
    /// What came of handing them over.
    DELIVERED = "投递：送达 {sent}，未送达 {failed}，待送 {waiting}", "outbox: {sent} handed over, {failed} failed, {waiting} waiting";
    /// Nobody takes letters.
    NO_RECEIVER = "待送 {waiting} 份；还没有配置投递方式：在 config.toml 写 [outbox] command = [\"程序\"] 或 smtp = \"主机:端口\"", "{waiting} waiting; nobody takes them yet: write [outbox] command = [\"program\"] or smtp = \"host:port\" into config.toml";
    /// Nothing waits.
    NONE_WAITING = "没有待送的信件", "no letter waits";
    /// How many are tried again.
    RETRIED = "重新投递 {n} 份", "{n} letters are tried again";
    /// A person whose address is not shown.
    PERSON = "诉求人", "a requester";
    /// Column.
    COLUMN_KEY = "信件", "letter";
    /// Column.
    COLUMN_TO = "收件", "to";
    /// Column.
    COLUMN_MADE = "生成", "made";
    /// Column.
    COLUMN_ATTEMPTS = "次数", "attempts";
    /// Column.
    COLUMN_NEXT = "下次", "next";
    /// Column.
    COLUMN_FAILURE = "原因", "failure";
}
