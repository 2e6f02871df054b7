//! The console's own sentences. The command table words its commands itself: one row, one command.

use super::texts;

texts! {
    /// Header: the moment is pinned.
    PINNED = "定时", "pinned";
    /// Header: nothing may be written.
    READ_ONLY_MARK = "只读", "read only";
    /// Header: data is of now.
    LIVE = "实时", "live";
    /// Header: data is some seconds old.
    AGE_SECONDS = "{n} 秒前", "{n} s ago";
    /// Header: data is some minutes old.
    AGE_MINUTES = "{n} 分钟前", "{n} min ago";
    /// Header: masked.
    MASK_MARK = "遮挡", "masked";
    /// Column: light.
    COL_LIGHT = "灯", "light";
    /// Column: time left.
    COL_LEFT = "剩余", "left";
    /// Column: number.
    COL_NO = "编号", "number";
    /// Column: class.
    COL_CLASS = "类别", "class";
    /// Column: source.
    COL_SOURCE = "来源", "source";
    /// Column: street.
    COL_STREET = "街道", "street";
    /// Column: state.
    COL_STATE = "状态", "state";
    /// Column: title.
    COL_TITLE = "标题", "title";
    /// Column: flags.
    COL_FLAGS = "标志", "flags";
    /// Column: suggestion or lead.
    COL_LEAD = "建议 / 承办", "suggested / lead";
    /// Critical tickets above the first row shown.
    ABOVE_CRITICAL = "{n} 件特急", "{n} critical";
    /// Urgent tickets above the first row shown.
    ABOVE_URGENT = "{n} 件紧急", "{n} urgent";
    /// Flag: urgent.
    FLAG_URGENT = "急", "U";
    /// Flag: critical.
    FLAG_CRITICAL = "特", "C";
    /// Flag: confidential.
    FLAG_SECRET = "密", "S";
    /// Flag: applications wait.
    FLAG_PENDING = "批", "ask";
    /// Flag: returned.
    FLAG_RETURNS = "退", "ret";
    /// Flag: merged.
    FLAG_MERGED = "并", "mrg";
    /// Flag: urged.
    FLAG_URGES = "催", "urg";
    /// Flag: its matter came back soon after it was closed.
    FLAG_FALSE_CLOSURE = "假", "fcl";
    /// Detail: the alarm of a false closure.
    FALSE_CLOSURE_OF = "! 假闭环警示：同一地点同一事项的 {no} 刚办结不久", "! False closure: {no}, the same matter at the same place, had just been closed";
    /// Flag: letters joined it.
    FLAG_LETTERS = "信", "ltr";
    /// Flag: supervised.
    FLAG_SUPERVISED = "督", "sup";
    /// Time left in working days.
    LEFT_WORKING = "余 {n} 工作日", "{n} wd left";
    /// Time left in days.
    LEFT_DAYS = "余 {n} 天", "{n} d left";
    /// Time left in hours.
    LEFT_HOURS = "余 {n} 小时", "{n} h left";
    /// Time left in minutes.
    LEFT_MINUTES = "余 {n} 分钟", "{n} min left";
    /// Overdue in working days.
    OVER_WORKING = "超 {n} 工作日", "{n} wd over";
    /// Overdue in days.
    OVER_DAYS = "超 {n} 天", "{n} d over";
    /// Overdue in hours.
    OVER_HOURS = "超 {n} 小时", "{n} h over";
    /// Overdue in minutes.
    OVER_MINUTES = "超 {n} 分钟", "{n} min over";
    /// The clock stands still.
    LEFT_PAUSED = "挂起", "suspended";
    /// The class is not known yet.
    LEFT_UNSET = "时限未定", "no limit yet";
    /// The calendar year is unknown.
    LEFT_UNKNOWN = "日历未知", "no calendar";
    /// A length in days.
    SPAN_DAYS = "{n} 天", "{n} d";
    /// A length in hours.
    SPAN_HOURS = "{n} 小时", "{n} h";
    /// A length in minutes.
    SPAN_MINUTES = "{n} 分钟", "{n} min";
    /// Status: rows shown of all.
    PLACE = "第 {at} 行，共 {of}", "row {at} of {of}";
    /// Status: how many.
    MATCHES = "{n} 件", "{n}";
    /// Status: marked.
    MARKED = "已标记 {n} 件", "{n} marked";
    /// Status: range begun.
    RANGE_ON = "连续标记中", "marking a range";
    /// The filter's prompt.
    FILTER = "筛选", "filter";
    /// An empty list.
    NOTHING = "没有符合的工单", "no ticket matches";
    /// An empty list without a filter.
    ALL_DONE = "这里没有待办的工单", "nothing waits here";
    /// Before the first rows.
    LOADING = "正在读取 ...", "reading ...";
    /// Greeting of an empty store.
    GREETING_1 = "这里还没有工单。", "There are no tickets yet.";
    /// Greeting.
    GREETING_2 = "按 n 登记第一件诉求；或者退出后：", "Press n to register the first request; or leave and run:";
    /// Greeting.
    GREETING_3 = "fenbo import 文件.csv   导入一批工单", "fenbo import FILE.csv   to bring in a file of tickets";
    /// Greeting.
    GREETING_4 = "fenbo demo              看一看有样例的分拨台", "fenbo demo              to look at a desk with sample tickets";
    /// Greeting.
    GREETING_5 = "按 ? 看全部按键，按 L 换成英文。", "Press ? for all keys, L for Chinese.";
    /// The screen is too small, both languages at once.
    TOO_SMALL = "窗口太小，请放大到 60x16 以上", "window too small: 60x16 at least";
    /// Detail heading: request.
    SEC_REQUEST = "诉求", "request";
    /// Detail: requester.
    REQUESTER = "诉求人", "requester";
    /// Detail: a picture's address.
    MEDIA = "图片", "picture";
    /// Detail: degrees north and east.
    POINT = "坐标", "coordinates";
    /// Detail: the requester is hidden.
    HIDDEN = "已隐去", "hidden";
    /// Detail: a revealed requester.
    HIDES_AGAIN = "{at} 重新隐去", "hidden again at {at}";
    /// Detail: nature.
    NATURE = "性质", "nature";
    /// Detail: limit class.
    CLASS = "时限类别", "limit class";
    /// Detail: category.
    CATEGORY = "分类", "category";
    /// Detail: source.
    SOURCE = "来源", "source";
    /// Detail: channel.
    CHANNEL = "渠道", "channel";
    /// Detail: place.
    PLACE_OF = "地点", "place";
    /// Detail: created.
    CREATED = "建单", "created";
    /// Detail: lead.
    LEAD = "主办", "lead";
    /// Detail: assisting.
    ASSISTING = "协办", "assisting";
    /// Detail: fallback.
    FALLBACK = "兜底", "fallback";
    /// Detail: deadline.
    DEADLINE = "时限", "deadline";
    /// Detail: the sum of a deadline.
    DEADLINE_SUM = "{limit}：{from} 建单，首日不计 -> {to} 24:00", "{limit}: created {from}, not counted -> {to} 24:00";
    /// Detail: days left out.
    SKIPPED = "跳过 {n} 个休息日", "{n} days off skipped";
    /// Detail: make-up days.
    MADE_UP = "含 {n} 个调休上班日", "{n} make-up days counted";
    /// Detail: suspended days.
    STOOD = "停走 {n} 天", "{n} days suspended";
    /// Detail: December may change.
    PROVISIONAL = "次年放假通知未出，或有变动", "may change with next year's notice";
    /// Detail: the year is unknown.
    YEAR_UNKNOWN = "{year} 年放假通知未知，时限无法计算；请管理员录入", "the holidays of {year} are not known, so there is no deadline; ask the administrator";
    /// Detail: stage.
    STAGE = "环节时限", "stage due";
    /// Detail: days.
    DAYS = "逐日", "days";
    /// Day: counted.
    DAY_WORKING = "工作日", "working days";
    /// Day: counted every day.
    DAY_CALENDAR = "自然日", "calendar days";
    /// Day: start.
    DAY_START = "建单日，不计", "first day, not counted";
    /// Day: weekend.
    DAY_WEEKEND = "周末", "weekend";
    /// Day: make-up.
    DAY_MAKEUP = "调休上班（{name}）", "make-up day ({name})";
    /// Day: suspended.
    DAY_SUSPENDED = "挂起", "suspended";
    /// Day: rolled.
    DAY_ROLLED = "顺延", "rolled";
    /// Unit.
    UNIT_WORKING = "{n} 工作日", "{n} working days";
    /// Unit.
    UNIT_CALENDAR = "{n} 自然日", "{n} calendar days";
    /// Detail: suggestions.
    SUGGESTIONS = "建议", "suggested";
    /// Detail: support.
    SUPPORT = "近 {days} 日同小类同社区 {n}/{of} 件", "{n} of {of} alike here in {days} days";
    /// Evidence.
    WHY_RULING = "曾裁决", "ruled";
    /// Evidence.
    WHY_ALIKE = "内容相似 {n}%", "text alike {n}%";
    /// Evidence.
    WHY_REQUESTER = "同一诉求人", "same requester";
    /// Evidence.
    WHY_COMMUNITY = "同类同社区", "same category and community";
    /// Evidence.
    WHY_STREET = "同类同街道", "same category and street";
    /// Evidence.
    WHY_CATEGORY = "同类", "same category";
    /// Evidence.
    WHY_RETURNED = "{why}，退件", "{why}, returned";
    /// Detail: the ticket a letter names and has not joined.
    ANSWERS = "来信所指", "refers to";
    /// Detail: attached files.
    ATTACHED = "附件", "attached";
    /// Detail: an attached file beyond the limits, or erased.
    NOT_KEPT = "超限或已删除", "not kept";
    /// The form of erasing: what follows.
    NO_WAY_BACK = "文字、地点、诉求人、来信和附件将永久删除，不能恢复；备份里的不受影响", "words, place, person, letters, files go for good; backups keep theirs";
    /// Detail: a letter that joined it.
    LETTER = "来信", "letter";
    /// Detail: suggestions rest on little.
    LITTLE_HISTORY = "只学过 {n} 件旧工单，建议仅供参考，不预填", "only {n} past tickets learned: a hint at best, nothing is pre-filled";
    /// Why a ticket may be the same: its title.
    ALIKE_TITLE = "同题", "same title";
    /// Why: its text.
    ALIKE_TEXT = "文字 {percent}%", "text {percent}%";
    /// Why: the requester.
    ALIKE_REQUESTER = "同诉求人", "same requester";
    /// Why: the address.
    ALIKE_ADDRESS = "同地址", "same address";
    /// Why: the community.
    ALIKE_COMMUNITY = "同社区", "same community";
    /// Why: the category.
    ALIKE_CATEGORY = "同类", "same category";
    /// Intake: tickets that may be this very matter.
    SAME_MATTER = "疑似同一件", "may be the same";
    /// Intake: nothing typed yet.
    TYPE_WORDS = "输入标题或内容", "type title or words";
    /// Detail: precedents.
    PRECEDENTS = "案例", "precedents";
    /// Form: precedents that a key cites.
    CITE = "F5 引用", "F5 cites";
    /// Notice: nothing to cite.
    N_ALL_CITED = "该栏已引用全部案例与裁决", "that field cites every case and ruling already";
    /// Notice: a precedent was cited.
    N_CITED = "已引用到“{field}”", "cited into \"{field}\"";
    /// Notice: a precedent was cited where a requester reads it.
    N_CITED_PUBLIC = "已引用到“{field}”：诉求人会看到，不带他人工单编号", "cited into \"{field}\", which the requester reads: without the other ticket's number";
    /// Notice: nothing to cite.
    NO_PRECEDENT = "没有相似的案例或裁决可引用", "no case or ruling like this to cite";
    /// Detail: similar.
    SIMILAR = "疑似重复", "alike";
    /// Detail: so many more that are alike stand at the end.
    SIMILAR_BELOW = "另有 {n} 件，见末尾", "{n} more at the end";
    /// Detail: a reminder that went out again and again.
    REMINDED_AGAIN = "，共 {n} 次，末次 {at}", ", {n} times, last {at}";
    /// Detail: applications.
    APPLICATIONS = "申请", "asked for";
    /// Detail: the ruling that binds it.
    RULING = "裁决", "ruling";
    /// Detail: what a decision turns on.
    EVIDENCE = "依据", "evidence";
    /// Evidence: a year whose notice is not known.
    UNKNOWN_DAY = "未知", "unknown";
    /// Evidence of a return.
    EVIDENCE_RETURN = "{received} 分拨到该单位，退件期至 {end} 24:00；此前已退 {n} 次", "dispatched {received}, return window to {end} 24:00; returned {n} times before";
    /// Evidence of a return.
    EVIDENCE_IN_TIME = "；期内申请", "; asked in time";
    /// Evidence of a return.
    EVIDENCE_TOO_LATE = "；逾期申请，须值班长书面退件", "; asked too late: the shift lead alone may return it, in writing";
    /// Evidence of a return.
    EVIDENCE_FORCES = "；同意后须提请协调", "; once granted, coordination is forced";
    /// Evidence of an extension.
    EVIDENCE_EXTENSION = "请延 {units} 个单位：{now} -> {then}；已准 {n} 次，至多 {most} 次", "asks for {units} more: {now} -> {then}; granted {n} of at most {most}";
    /// Evidence of a suspension.
    EVIDENCE_SUSPENSION = "挂起至 {until}，恢复后时限 {now} -> {then}；已准 {n} 次，至多 {most} 次", "until {until}, the deadline then {now} -> {then}; granted {n} of at most {most}";
    /// Evidence of an appeal.
    EVIDENCE_APPEAL = "反馈 {replied}，时限 {due} 24:00；同意后超期事实不改，考核剔除", "replied {replied}, due {due} 24:00; the overdue fact stays, assessment leaves it out";
    /// Evidence of an appeal.
    EVIDENCE_SECONDED = "；{who} 已同意，还须另一人", "; {who} has agreed, a second person must";
    /// Evidence of an appeal.
    EVIDENCE_TWO = "；须两人同意", "; two people must agree";
    /// Detail: who is to be called back.
    CALLEES = "回访对象", "call back";
    /// Call-back: not called yet.
    CALL_NOT_YET = "[未回访]", "[not called yet]";
    /// Call-back: done.
    CALL_SETTLED = "[已完成] {said}", "[done] {said}";
    /// Call-back: to be called again.
    CALL_AGAIN = "[再打] 第 {n}/{of} 次 {said}", "[call again] {n} of {of}: {said}";
    /// Detail: until when it may be returned.
    RETURN_WINDOW = "退件期", "return by";
    /// Return window.
    RETURN_UNTIL = "至 {end} 24:00 ({left})", "to {end} 24:00 ({left})";
    /// Return window.
    NO_RETURN = "已裁决，不得退件", "ruled: no return";
    /// Detail: why it is red.
    WHY_RED = "为何超期", "why red";
    /// Detail: why it is yellow.
    WHY_YELLOW = "时间去向", "time spent";
    /// Why it is red: who had it.
    HELD_AT_DEADLINE = "到期时在{holder}；", "with {holder} when it fell due; ";
    /// Why it is red.
    WHY_RETURNS = "退件 {n} 次", "{n} returns";
    /// Why it is red.
    WHY_REWORKS = "返工 {n} 次", "{n} reworks";
    /// Why it is red.
    WHY_EXTENSIONS = "延期 {n} 次", "{n} extensions";
    /// Why it is red.
    WHY_SUSPENSIONS = "挂起 {n} 次", "{n} suspensions";
    /// Detail: what moved the clock.
    CLOCK = "时钟", "clock";
    /// Clock.
    CLOCK_STARTED = "{at} 起算 {limit}", "{at} started, {limit}";
    /// Clock.
    CLOCK_EXTENDED = "延期 {n}", "extended by {n}";
    /// Clock.
    CLOCK_SUSPENDED = "挂起至 {until}", "suspended until {until}";
    /// Clock.
    CLOCK_RESUMED = "恢复", "resumed";
    /// Clock.
    CLOCK_CHANGED = "改为 {limit}", "changed to {limit}";
    /// A decision nobody took: the ticket went on without it.
    LAPSED_CLOSED = "随办结失效", "lapsed: closed";
    /// A decision nobody took.
    LAPSED_COORDINATION = "随提请协调失效", "lapsed: coordination";
    /// A decision nobody took.
    LAPSED_REPLIED = "随反馈失效", "lapsed: replied";
    /// A decision nobody took.
    LAPSED_RETURNED = "随退件失效", "lapsed: returned";
    /// A decision nobody took.
    LAPSED_REDO = "随重办失效", "lapsed: redo";
    /// Application waits.
    WAITS = "待批", "waits";
    /// Application granted.
    GRANTED = "同意", "granted";
    /// Application declined.
    DECLINED = "不同意", "declined";
    /// Detail: dwell.
    DWELL = "停留", "dwell";
    /// Detail: hops.
    HOPS = "转手 {n} 次", "{n} hops";
    /// Holder: the desk.
    HOLDER_DESK = "分拨台", "desk";
    /// Holder: review.
    HOLDER_REVIEW = "审核", "review";
    /// Holder: call-back.
    HOLDER_CALLBACK = "回访", "call-back";
    /// Detail: ledger.
    LEDGER = "流转记录", "ledger";
    /// Detail: not here yet.
    DETAIL_LOADING = "正在读取工单 ...", "reading the ticket ...";
    /// Detail: who has it on the screen, and since when.
    DETAIL_VIEWER = " {name} {at} 起查看 ", " {name}, viewing since {at} ";
    /// Detail: the keys do not rest yet.
    DETAIL_WAITS = " 停键后显示 ", " shown when the keys rest ";
    /// Picker title.
    PICKER_ONE = "分拨 {no}", "dispatch {no}";
    /// Picker title.
    PICKER_MANY = "分拨标记的 {n} 件", "dispatch the {n} marked";
    /// Picker hint.
    PICKER_HINT = "输入名称、拼音首字母或代码", "type a name, pinyin initials or a code";
    /// Picker line.
    OWN_FIRST = "各按自己的第一建议（{sure}/{of} 件有把握）", "each to its own first suggestion ({sure} of {of} are sure)";
    /// Picker: nothing found.
    NO_DEPARTMENT = "没有符合的单位", "no department matches";
    /// Picker: reading.
    SUGGESTING = "正在找建议 ...", "looking for suggestions ...";
    /// Picker: warning.
    NOT_ON_LIST = "此类不在其职责清单", "this class is not on its list";
    /// Form buttons.
    SUBMIT = "提交", "hand in";
    /// Form buttons.
    LEAVE = "离开", "leave";
    /// Form title for a new request.
    INTAKE = "登记诉求", "register a request";
    /// Form title for signing the shift over.
    HAND_OVER = "交班签字", "sign the shift over";
    /// Form title for a decision.
    DECIDE = "审批申请", "decide";
    /// Form title.
    FORM_ONE = "{act} {no}", "{act} {no}";
    /// Form title.
    FORM_MANY = "{act}，标记的 {n} 件", "{act}, the {n} marked";
    /// Toggle.
    YES = "是", "yes";
    /// Toggle.
    NO = "否", "no";
    /// A field that is empty.
    UNSET = "未选", "not chosen";
    /// Live class and deadline in the filing form.
    WILL_BE_DUE = "{class}，{date} 24:00 到期", "{class}, due {date} 24:00";
    /// Live class and deadline while the nature is not chosen.
    IF_COMPLAINT = "性质未选，按投诉算：", "no nature yet, as a complaint: ";
    /// When the light turns yellow.
    YELLOW_FROM = "{date} 转黄灯", "yellow from {date}";
    /// The right door of a refusal.
    DOOR = "正确渠道：{door}", "the right door: {door}";
    /// History beside the intake form.
    SAME_REQUESTER = "同一电话的诉求", "same phone";
    /// History beside the intake form.
    SAME_PLACE = "同一社区的诉求", "same community";
    /// History: nothing to ask with.
    TYPE_PHONE = "输入电话（4 位以上）即查", "type 4 digits of the phone";
    /// History: nothing to ask with.
    CHOOSE_PLACE = "选定社区即查", "choose a community";
    /// History: nothing found.
    NONE_BEFORE = "没有", "none";
    /// A telephone number in a public answer.
    PHONE_IN_ANSWER = "公开答复里有电话号码 {phone}", "the public answer has a telephone number: {phone}";
    /// Summary title.
    SUMMARY = "即将{act} {n} 件", "about to {act} {n}";
    /// Summary: verdict.
    ALLOWED = "可以", "allowed";
    /// Summary: verdict.
    CHECKING = "核对中", "checking";
    /// Summary: counts.
    SUMMARY_COUNTS = "可以 {yes} 件，不可以 {no} 件", "{yes} allowed, {no} refused";
    /// Summary button.
    CONFIRM = "确认 {n} 件", "do {n}";
    /// Summary button.
    CANCEL = "取消", "leave";
    /// Finder title.
    PALETTE = "命令", "commands";
    /// Finder title.
    ACTS = "能对这张工单做什么", "what can be done to this ticket";
    /// Finder title.
    HELP = "这里的按键", "the keys of this place";
    /// Finder: nothing.
    NO_COMMAND = "没有符合的命令", "no command matches";
    /// Notice.
    N_DONE_ONE = "已{act} {no}", "{no}: {act} done";
    /// Notice.
    N_DONE_MANY = "已{act} {n} 件", "{act}: {n} done";
    /// Notice.
    N_UNDONE_ONE = "已撤回 {no}", "{no}: taken back";
    /// Notice.
    N_UNDONE_MANY = "已撤回 {n} 件", "{n} taken back";
    /// Notice: what is not taken back.
    N_STAYS_FILED = "；其中 {n} 件已立案，立案保留", "; {n} of them were filed first and stay filed";
    /// Notice: where to.
    N_TO = " -> {department}", " -> {department}";
    /// Notice: undo.
    N_UNDO = "（u 撤回）", " (u takes it back)";
    /// Notice: how what was not taken back is tried again.
    N_UNDO_REST = "（u 再撤余下的）", " (u tries the rest again)";
    /// Notice: some not.
    N_NOT = "；{n} 件没有，{no} {why}", "; {n} not, {no}: {why}";
    /// Notice: two acts in a row.
    N_AND = "，并已{act}", " and {act} done";
    /// Notice: the second of two acts was not done.
    N_BUT_NOT = "；“{act}”没有执行：{why}", "; no {act}: {why}";
    /// Notice.
    N_FILE_FIRST = "还没立案：补上性质、分类和地点，提交后再按 a", "not filed yet: fill in nature, category and place, hand in, then press a";
    /// Notice.
    N_REGISTERED = "已登记 {no}", "registered as {no}";
    /// Notice.
    N_NOT_FOUND = "没有执行：找不到 {no}，或您无权查看；请核对编号", "not done: there is no {no} that you may see; check the number";
    /// Notice.
    N_READ_ONLY = "没有执行：以只读方式打开；不带 --read-only 再开", "not done: opened read only; open without --read-only";
    /// Notice.
    N_NO_TICKET = "没有执行：没有选中工单；先选一行", "not done: no ticket is selected; select a row first";
    /// Notice.
    N_NOTHING_TO_UNDO = "没有撤回：没有可以撤回的操作；签收后须走退件", "not undone: nothing to take back; after signing, a return is asked for";
    /// A key's label: the digits of the picker.
    TAKE_SUGGESTED = "取建议", "take one";
    /// What registering a ticket is called.
    REGISTRATION = "登记", "register";
    /// Notice: what was done last stays.
    N_LASTING = "没有撤回：刚才的“{act}”不能撤回", "not undone: the last act, {act}, cannot be taken back";
    /// Notice: what was done last stays, and what the key would take back next.
    N_LASTING_BUT = "没有撤回：刚才的“{act}”不能撤回；再按 u 撤回更早的 {no}", "not undone: the last act, {act}, cannot be taken back; u again takes back the one before, on {no}";
    /// The same, of several tickets.
    N_LASTING_BUT_MORE = "没有撤回：刚才的“{act}”不能撤回；再按 u 撤回更早的 {no} 等 {n} 件", "not undone: the last act, {act}, cannot be taken back; u again takes back those before, {no} and others, {n} in all";
    /// The last act is under way.
    N_NOT_YET_UNDONE = "没有撤回：上一个操作还在写入；写完再撤回", "not undone: the last act is still being written; take it back when it is told";
    /// Notice.
    N_IME = "输入法开着，按键收不到；请切到英文，或用方向键、F 键、Ctrl", "the input method is on; switch it off, or use arrows, F-keys, Ctrl";
    /// Notice.
    N_PASTE = "没有粘贴：这里不收文字；按 / 筛选或打开表单再粘贴", "not pasted: no text field here; open one with / or a form first";
    /// Notice.
    N_NOT_UTF8 = "收到的不是 UTF-8：请把终端编码设为 UTF-8", "what arrives is not UTF-8: set the terminal to UTF-8";
    /// Notice.
    N_SORTED = "排序：{sort}", "sorted {sort}";
    /// Notice.
    N_MASKED = "个人信息已全部遮住；再按 p 恢复", "all personal data is masked; p again shows it";
    /// Notice.
    N_UNMASKED = "个人信息按角色显示", "personal data as your role may see it";
    /// Notice.
    N_FILTER_FIELD = "看不懂“{term}”：没有这个字段；可用 灯 单位 街道 来源 状态 剩 等", "\"{term}\" is not understood: no such field; try light, dept, state, due";
    /// Notice.
    N_FILTER_VALUE = "看不懂“{term}”：没有这个值；请改写", "\"{term}\" is not understood: no such value; change it";
    /// Notice.
    N_FILTER_EMPTY = "“{term}”没有写完；冒号后写上值", "\"{term}\" is not complete; write a value after the colon";
    /// Notice.
    N_COPIED = "已送往终端剪贴板（终端若支持）", "sent to the terminal's clipboard, if it takes it";
    /// Notice.
    N_NO_SHELL = "没有挂起：这里没有可以回到的命令行；离开用 q", "not suspended: there is no shell here to go back to; q leaves";
    /// Notice.
    N_TOO_LONG = "没有复制：太长，终端不收；只复制编号用 y", "not copied: too long for terminals; y copies the number";
    /// Notice.
    N_CHOOSE = "没有执行：还没选；用方向键选一行，或输入几个字", "not done: nothing is chosen; use the arrows, or type a few letters";
    /// Notice.
    N_CHECKING = "还在核对，请再按一次 y", "still checking; press y again";
    /// Notice.
    N_NONE_ALLOWED = "没有执行：没有一件可以；看每行原因，按 Esc 离开", "not done: none is allowed; see why on each line, Esc leaves";
    /// Notice.
    N_DRAFT_KEPT = "已留作草稿，再次打开时还在", "kept as a draft; it is there when you open this again";
    /// Notice.
    N_DRAFT_RESTORED = "已放回上次的草稿", "your draft is back in the form";
    /// Notice.
    N_DRAFTS_FOUND = "有 {n} 份上次没写完的草稿，打开同一表单即可继续", "{n} unfinished drafts; open the same form to go on";
    /// Notice.
    N_FIELD_MISSING = "没有提交：{field}未填；填好再提交", "not handed in: {field} is missing; fill it in";
    /// Notice.
    N_FIELD_WRONG = "没有提交：{field}看不懂；请改写", "not handed in: {field} is not understood; change it";
    /// Notice.
    N_NO_KEY = "这里不用 {key}；按 ? 看可用的键", "{key} means nothing here; ? shows the keys";
    /// Notice.
    N_NO_SUGGESTION = "没有这一条建议；输入几个字找单位", "no such suggestion; type a few letters of a department";
    /// Notice.
    N_NONE_SURE = "看了 {looked} 件，没有建议达到有把握的标准", "{looked} looked at, no suggestion is sure enough";
    /// Notice: none is sure because little was learned.
    N_NONE_SURE_YET = "看了 {looked} 件，没有有把握的建议；只学过 {n} 件旧工单，尚不预填", "{looked} looked at, none sure; only {n} past tickets learned, nothing is pre-filled yet";
    /// Notice.
    N_MARKED_SURE = "看了 {looked} 件，有把握的 {sure} 件，共标记 {marks} 件；按 a 再按 1，各归各的首选，确认一次", "{looked} looked at, {sure} sure, {marks} marked in all; a, then 1 sends each to its own first, confirmed once";
    /// Notice.
    N_LOOKING_FOR_SURE = "正在找有把握的：已看 {looked} / {of} 件，有把握 {sure} 件；Esc 停止", "looking for the sure: {looked} of {of} looked at, {sure} sure; Esc stops";
    /// Notice.
    N_SURE_LEFT = "已停：看了 {looked} / {of} 件，有把握 {sure} 件，共标记 {marks} 件", "stopped: {looked} of {of} looked at, {sure} sure, {marks} marked in all";
    /// Notice.
    N_SURE_FULL = "一次最多标记 {most} 件：只看到第 {looked} 件（共 {of} 件），有把握 {sure} 件；分拨后再按一次", "{most} marks at most: stopped at {looked} of {of}, {sure} sure; dispatch these, then press again";
    /// Notice: more is listed than may be marked.
    N_MARKED_MOST = "已标记 {n} 件，一次最多这么多，列表里还有；办完这些再按一次", "{n} marked, which is the most, and more is listed; deal with these, then press again";
    /// Notice.
    N_UNDER_WAY = "正在办理：{of} 件中已办 {done} 件", "under way: {done} of {of} done";
    /// Notice.
    N_ONLY_SURE = "{sure} 件有把握，{left} 件没有，留待人工", "{sure} are sure; {left} are left for you";
    /// Notice: a deadline was moved.
    N_MOVED = "；时限 {from} -> {to}", "; deadline {from} -> {to}";
    /// Notice: a requester is shown.
    N_REVEALED = "{no} 的诉求人显示 {n} 秒，已记入流转记录", "the requester of {no} is shown for {n} seconds; it stands in the ledger";
    /// Notice.
    N_CHANGED = "别的席位刚改过这张工单", "another desk has just changed this ticket";
    /// Notice.
    N_NOT_HERE = "没有执行：这个键只在 {key} {view} 里用；先按 {key}", "not done: this key belongs to view {key}, {view}; press {key} first";
    /// Notice.
    N_NO_LATER = "没有更晚的：这一期还没过完", "there is none later: this one is still running";
    /// Notice.
    N_COMPUTING = "还在计算，稍等再按", "still computing; press again in a moment";
    /// Notice.
    N_NOTHING_BEHIND = "这一格是 0，没有工单可看", "this figure is 0: there are no tickets behind it";
    /// Notice.
    N_YOURS_ONLY = "统计的是全区 {n} 件，这里只列出本单位经办的", "{n} in the whole district; only your department's are listed";
    /// Notice.
    N_HANDED_OVER = "已签字交班给 {to}，等对方确认", "signed over to {to}, who has yet to confirm";
    /// Notice.
    N_TAKEN_OVER = "已确认接班，上一班是 {from}", "taken over from {from}";
    /// Title of the window.
    WINDOW = "[红{red} 黄{yellow}] 分拨", "[red {red} yellow {yellow}] fenbo";
    /// Weekdays, Monday first.
    WEEKDAYS = "一二三四五六日", "MonTueWedThuFriSatSun";
    /// Before a Chinese weekday.
    WEEK = "周", "";
}

/// Words of the form's fields, by their name.
pub mod field {
    use crate::i18n::texts;

    texts! {
        /// Grant or decline.
        DECISION = "决定", "decision";
        /// Which application.
        KIND = "哪项申请", "application";
        /// Lead.
        LEAD = "主办单位", "lead";
        /// Assisting.
        ASSISTING = "协办单位", "assisting";
        /// Fallback.
        FALLBACK = "兜底单位", "fallback";
        /// Ground.
        GROUND = "理由", "ground";
        /// Suggested department.
        SUGGESTED = "建议单位", "suggested";
        /// Units.
        UNITS = "天数", "days";
        /// Until.
        UNTIL = "到哪天", "until";
        /// Meeting.
        HELD_ON = "会议日期", "held on";
        /// Measures.
        MEASURES = "措施", "measures";
        /// Text.
        TEXT = "说明", "text";
        /// Contacted.
        CONTACTED = "已联系", "contacted";
        /// Solved.
        SOLVED = "已解决", "solved";
        /// Note.
        NOTE = "内部说明", "internal note";
        /// Answer.
        ANSWER = "公开答复", "public answer";
        /// About.
        ABOUT = "回访哪件", "about";
        /// Outcome.
        OUTCOME = "回访结果", "outcome";
        /// Rating.
        RATING = "满意度", "rating";
        /// Master.
        MASTER = "主单编号", "master";
        /// Confidential.
        CONFIDENTIAL = "保密", "confidential";
        /// Urgency.
        URGENCY = "紧急程度", "urgency";
        /// Nature.
        NATURE = "诉求性质", "nature";
        /// Class.
        CLASS = "时限类别", "limit class";
        /// Category.
        CATEGORY = "分类", "category";
        /// Street.
        STREET = "街道", "street";
        /// Community.
        COMMUNITY = "社区", "community";
        /// Address unknown.
        ADDRESS_UNKNOWN = "地址不详", "place unknown";
        /// Effective.
        EFFECTIVE = "有成效", "effective";
        /// Source.
        SOURCE = "来源", "source";
        /// Title.
        TITLE = "标题", "title";
        /// Content.
        CONTENT = "内容", "content";
        /// Address.
        ADDRESS = "地址", "address";
        /// Name.
        NAME = "姓名", "name";
        /// Phone.
        PHONE = "电话", "phone";
        /// Who takes the shift over.
        TAKER = "接班人", "taken over by";
        /// A word for the next shift.
        LEAVING = "给下一班的话", "for them";
        /// Tags of a case.
        TAGS = "标签", "tags";
        /// What follows the registration.
        NEXT = "登记之后", "then";
        /// Nothing follows.
        NEXT_REGISTER = "只登记", "register only";
        /// An answer on the spot.
        NEXT_ANSWER = "当场答复", "answer now";
        /// A refusal.
        NEXT_REFUSE = "不予受理", "refuse";
        /// Grant.
        GRANT = "同意", "grant";
        /// Decline.
        DECLINE = "不同意", "decline";
    }
}
