//! What the citizen's door says: the page's own words, Open311's errors and questions.

crate::i18n::texts! {
    /// Too many requests.
    TOO_MANY_REQUESTS = "请求过于频繁，请稍后再试", "too many requests; please try again later";
    /// Too many connections.
    TOO_MANY_CONNECTIONS = "连接过多，请稍后再试", "too many connections; please try again later";
    /// No such page.
    NO_SUCH_PAGE = "没有这个页面", "there is no such page";
    /// An error.
    BUSY = "服务繁忙，请稍后再试", "the service is busy; please try again later";
    /// An error.
    REFUSED = "现在不能这样办理", "this is not possible now";
    /// An error.
    NO_REQUEST = "没有这个 service_request_id", "service_request_id was not found";
    /// An error.
    NO_TOKEN = "没有这个 token", "the token was not found";
    /// An error.
    NO_SERVICE = "没有这个 service_code", "service_code was not found";
    /// An error.
    NO_JURISDICTION = "没有这个 jurisdiction_id", "jurisdiction_id was not found";
    /// An error.
    NO_SUCH_METHOD = "这个地址不支持这种方法", "this method is not allowed here";
    /// An error.
    NO_KEY = "缺少 api_key", "api_key was not provided";
    /// An error.
    BAD_KEY = "api_key 无效", "api_key is not valid";
    /// An error.
    MISSING = "缺少 {detail}", "{detail} was not provided";
    /// An error.
    NO_PLACE = "缺少地点：请给出 lat 与 long，或 address_string，或 address_id", "no place was provided: lat and long, or address_string, or address_id";
    /// An error.
    BAD_VALUE = "{detail} 的值无法识别", "the value of {detail} is not understood";
    /// An error.
    TOO_LONG = "{detail} 过长", "{detail} is too long";
    /// An error.
    NO_ATTRIBUTE = "这项服务没有 {detail} 这个属性", "the service has no attribute {detail}";
    /// An error.
    SPAN_TOO_LONG = "start_date 与 end_date 之间不能超过 90 天", "start_date and end_date may be at most 90 days apart";
    /// An error.
    KEY_REUSED = "这个 Idempotency-Key（client_key）已用于另一内容", "this Idempotency-Key (client_key) was used for other content";
    /// An error.
    TOO_LARGE = "内容过大", "the body is too large";
    /// An error.
    TOO_SLOW = "接收内容超时", "the body took too long";
    /// An error.
    NOT_A_FORM = "请用 application/x-www-form-urlencoded 提交", "please send application/x-www-form-urlencoded";
    /// An error.
    NOT_TEXT = "内容不是所标编码（charset，默认 UTF-8）的文字", "the body is no text in the encoding it names (charset; UTF-8 when it names none)";
    /// The service for what fits no category.
    SERVICE_OTHER = "其他诉求", "other request";
    /// A question of a service.
    ASK_NATURE = "诉求性质", "nature of the request";
    /// A question of a service.
    ASK_STREET = "所在街道", "street";
    /// A question of a service.
    ASK_COMMUNITY = "所在社区", "community";
    /// A question of a service.
    ASK_CONFIDENTIAL = "是否对承办单位隐去您的身份", "whether departments are not to know who you are";
    /// An answer.
    YES = "是", "yes";
    /// An answer.
    NO = "否", "no";
    /// To whoever handed a request in.
    SERVICE_NOTICE = "已登记，编号 {no}，查询码 {code}，进度见 {url}", "registered as {no}, code {code}; see the progress at {url}";
    /// The promised day.
    PROMISE = "承诺 {day} 前答复", "an answer is promised by {day}";

    /// The page's title.
    TITLE = "诉求办理进度", "Progress of your request";
    /// Whose page it is.
    CENTRE = "民生诉求服务", "Citizen requests";
    /// Above the form.
    ENTRANCE = "输入工单编号和查询码，查看办理进度。编号和查询码在受理通知上。", "Enter the number and the code to see the progress. Both are on the notice you were sent.";
    /// The button.
    SHOW = "查看进度", "Show progress";
    /// The other language's name, in both.
    OTHER_LANGUAGE = "英文 English", "中文 Chinese";
    /// Nothing is shown.
    NO_PAIR = "编号与查询码不符。请核对受理通知上的编号和查询码。", "The number and the code do not belong together. Please compare both with the notice you were sent.";
    /// Nothing is shown; what to do next follows.
    TOO_MANY_TRIES = "试的次数太多。{next}。", "There were too many tries: {next}.";
    /// Nothing is shown.
    BUSY_PAGE = "服务繁忙，请稍后再试。", "The service is busy. Please try again later.";
    /// The rating was refused.
    NOT_RATED = "现在不能评价这件诉求。", "This request cannot be rated now.";
    /// The rating was taken before.
    ALREADY_RATED = "您已评价过，感谢您的评价。", "You have rated already. Thank you.";
    /// The rating was taken.
    RATED = "感谢您的评价。", "Thank you for your rating.";
    /// The rating is missing.
    CHOOSE = "请先选择一项评价。", "Please choose a rating first.";
    /// Above the rating.
    ASK_RATING = "请您评价", "Please rate";
    /// What a bad rating means.
    RATING_MEANS = "选“不满意”，我们会要求承办单位重新办理。", "If you are dissatisfied, the department will be told to work on it again.";
    /// Beside the words.
    ASK_WORDS = "还想说些什么（可不填）", "Anything you would like to say (may be left empty)";
    /// The button.
    SEND_RATING = "提交评价", "Send rating";
    /// To another request.
    ANOTHER = "查询另一件", "Another request";
}
