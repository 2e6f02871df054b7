//! What the WeChat account answers.

crate::i18n::texts! {
    /// A request came in.
    REGISTERED = "已登记您的诉求。\n工单编号：{no}\n查询码：{code}\n发送“进度 {no} {code}”查看进度，或打开 {url}", "Your request was registered.\nNumber: {no}\nCode: {code}\nSend \"progress {no} {code}\" to see the progress, or open {url}";
    /// What the account takes.
    HELP = "直接发送文字、图片或位置即可提交诉求。\n查看进度：进度 工单编号 查询码\n评价：评价 工单编号 查询码 满意", "Send words, a picture or a place to hand a request in.\nProgress: progress NUMBER CODE\nRating: rate NUMBER CODE satisfied";
    /// A kind of message that is not taken.
    NOT_TAKEN = "暂不支持这种消息，请发送文字、图片或位置。", "This kind of message is not taken; please send words, a picture or a place.";
    /// Nothing was done.
    BUSY = "服务繁忙，请稍后再发一次。", "The service is busy; please send it again later.";
    /// It takes longer than WeChat waits.
    LATER = "系统繁忙，正在登记您的诉求。编号和查询码随后告知；您也可以稍后发送“帮助”领取。十分钟后仍未收到的，请再发一次。", "The system is busy; your request is being registered. Number and code follow; you can also send \"help\" a little later to get them. If you have heard nothing in ten minutes, please send it again.";
    /// The first line of a letter with number and code that came too late for an answer.
    REGISTERED_LATE = "您的诉求已登记", "Your request was registered";
    /// The title of a picture.
    IMAGE = "图片诉求", "a picture";
    /// The title of a place.
    LOCATION = "位置：{label}", "a place: {label}";
    /// Behind an answer that was cut; the page's address.
    REST_AT = "（答复较长，全文见进度页 {url}）", "(the whole answer stands on the progress page {url})";
    /// Behind an answer that was cut.
    REST = "（答复较长，全文见进度页）", "(the whole answer stands on the progress page)";
    /// Behind an answer that was cut; whom to call.
    REST_OR_CALL = "（答复较长，全文见进度页，或致电 {hotline}）", "(the whole answer stands on the progress page; or call {hotline})";
    /// The request waits for a rating.
    MAY_RATE = "请评价：发送“评价 工单编号 查询码 满意”（非常满意、满意、基本满意、不满意）", "Please rate: send \"rate NUMBER CODE satisfied\" (very_satisfied, satisfied, fairly_satisfied, dissatisfied)";
}
