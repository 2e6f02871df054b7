//! The filter language: `单位:城管 灯:红 剩:<2h -来源:12345 路灯`.
//!
//! Terms are joined by "and"; a `-` in front negates; anything that is not `field:value` is searched in
//! the text. Fields have names in Chinese and in English, some of them short ones. A filter is a value: `store` turns
//! it into SQL, so nothing a person types ever reaches SQL as text. Start at [`Filter::parse`].

use super::department::{Directory, Place};
use super::instant::{Instant, Zone};
use super::light::Light;
use super::ticket::{LimitClass, Nature, State, Urgency};
use chrono::Days;

/// What one term asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Clause {
    /// Words in title, content, address, or a number's or phone's tail.
    Text(String),
    /// In one of these states.
    States(Vec<State>),
    /// With this light.
    Light(Light),
    /// Lead department is one of these codes.
    Lead(Vec<String>),
    /// Limit class.
    Class(LimitClass),
    /// Nature.
    Nature(Nature),
    /// Urgency.
    Urgency(Urgency),
    /// Source is.
    Source(String),
    /// Street is.
    Street(String),
    /// Community is.
    Community(String),
    /// A category of any level contains.
    Category(String),
    /// Number ends with.
    Number(String),
    /// Created at or after the first, before the second moment.
    Created(Option<Instant>, Option<Instant>),
    /// Running, with fewer than so many seconds left until the deadline; overdue ones too.
    LeftBelow(i64),
    /// Claimed by this operator.
    Claimed(String),
    /// Claimed by anybody.
    IsClaimed,
    /// Returned at least once.
    Returned,
    /// Others are merged into it.
    HasMerged,
    /// No department leads it.
    NoLead,
    /// It has no category.
    NoCategory,
    /// Channel is.
    Channel(String),
    /// The category is this path from the top; with `below`, or anything under it.
    Path {
        /// Names from the top.
        path: Vec<String>,
        /// What is under it too.
        below: bool,
    },
    /// Open, or else ended.
    Open(bool),
    /// A reply is due: judged on time, judged late or overdue, or either. Exempted tickets are left out.
    DueReply(Option<bool>),
    /// The clock runs and the light turns yellow after the first moment and not after the second.
    Yellows(Instant, Instant),
    /// The same for red.
    Reddens(Instant, Instant),
    /// A return waits for its decision, or the matter is being coordinated.
    Disputed,
    /// Dispatched more than once.
    Hopped,
    /// On the escalation ladder, or else only proposed for it.
    Supervised(bool),
    /// Not urgent, and its deadline is known and not before this moment.
    CanWait(Instant),
    /// Its matter came back soon after it was closed.
    FalseClosure,
}

/// A clause that may be negated.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Leave out what matches.
    pub not: bool,
    /// What is asked.
    pub clause: Clause,
}

/// All terms; an empty filter lets everything through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Joined by "and".
    pub terms: Vec<Term>,
}

/// A term that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{term}: {problem:?}")]
pub struct FilterError {
    /// The term as typed.
    pub term: String,
    /// What is wrong with it.
    pub problem: FilterProblem,
}

/// What is wrong with a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterProblem {
    /// No field has this name.
    UnknownField,
    /// The field does not take this value.
    UnknownValue,
    /// The value is missing.
    NoValue,
}

/// What parsing needs besides the text.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// For department names.
    pub directory: &'a Directory,
    /// For dates.
    pub zone: Zone,
    /// For words such as 今天.
    pub now: Instant,
}

impl Filter {
    /// Whether nothing is filtered.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Adds a clause.
    #[must_use]
    pub fn and(mut self, clause: Clause) -> Self {
        self.terms.push(Term { not: false, clause });
        self
    }

    /// Adds what a clause leaves out.
    #[must_use]
    pub fn and_not(mut self, clause: Clause) -> Self {
        self.terms.push(Term { not: true, clause });
        self
    }

    /// The words searched for.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter_map(|t| match &t.clause {
            Clause::Text(text) if !t.not => Some(text.as_str()),
            _ => None,
        })
    }

    /// Reads what a person typed.
    ///
    /// # Errors
    /// The first term that is not understood, with what is wrong with it.
    ///
    /// ```
    /// use fenbo::domain::{department::Directory, filter::*, instant::*, light::Light};
    /// let directory = Directory::default();
    /// let reading = Reading { directory: &directory, zone: Zone::shanghai(), now: Instant(0) };
    /// let filter = Filter::parse("灯:红 -来源:12345 路灯", reading).unwrap();
    /// assert_eq!(filter.terms.len(), 3);
    /// assert_eq!(filter.terms[0].clause, Clause::Light(Light::Red));
    /// assert!(filter.terms[1].not);
    /// assert!(Filter::parse("灯:蓝", reading).is_err());
    /// ```
    pub fn parse(text: &str, reading: Reading<'_>) -> Result<Self, FilterError> {
        let mut terms = Vec::new();
        for word in split(text) {
            let problem = |problem| FilterError {
                term: word.text.clone(),
                problem,
            };
            let clause = match word.text.split_once([':', '：']) {
                Some((field, value)) if !word.literal && is_field_like(field) => {
                    clause(field, value, reading).map_err(problem)?
                }
                _ => Clause::Text(word.text),
            };
            terms.push(Term {
                not: word.not,
                clause,
            });
        }
        Ok(Self { terms })
    }
}

/// A term as typed.
#[derive(Default)]
struct Word {
    text: String,
    not: bool,
    /// It begins with a quotation mark: no field, only text.
    literal: bool,
}

/// Words apart by spaces, ASCII or full-width; quotes keep spaces together and colons plain.
fn split(text: &str) -> Vec<Word> {
    let mut words = vec![Word::default()];
    let mut quoted = false;
    for c in text.chars() {
        let Some(word) = words.last_mut() else { break };
        match c {
            '"' | '“' | '”' => {
                quoted = !quoted;
                word.literal |= word.text.is_empty();
            }
            '-' | '－' if word.text.is_empty() && !word.not && !word.literal => word.not = true,
            c if c.is_whitespace() && !quoted => words.push(Word::default()),
            c => word.text.push(c),
        }
    }
    // A minus alone is a character to search for.
    for word in words.iter_mut().filter(|w| w.not && w.text.is_empty()) {
        *word = Word {
            text: "-".to_owned(),
            ..Word::default()
        };
    }
    words.retain(|w| !w.text.is_empty());
    words
}

/// A clock time such as `12:30` in a text is no field.
fn is_field_like(field: &str) -> bool {
    !field.is_empty() && !field.chars().all(|c| c.is_ascii_digit())
}

fn clause(field: &str, value: &str, reading: Reading<'_>) -> Result<Clause, FilterProblem> {
    if value.is_empty() {
        return Err(FilterProblem::NoValue);
    }
    let unknown = FilterProblem::UnknownValue;
    match field.to_lowercase().as_str() {
        "单位" | "部门" | "承办" | "dept" | "department" | "d" => {
            lead(value, reading).ok_or(unknown)
        }
        "状态" | "state" | "s" => state(value).ok_or(unknown),
        "灯" | "light" | "l" => lamp(value).map(Clause::Light).ok_or(unknown),
        "类别" | "class" => class(value).map(Clause::Class).ok_or(unknown),
        "性质" | "nature" => nature(value).map(Clause::Nature).ok_or(unknown),
        "紧急" | "urgency" => urgency(value).map(Clause::Urgency).ok_or(unknown),
        "来源" | "source" => {
            let known = reading.directory.find_source(None, value);
            let name = known.map_or(value, |source| &source.name);
            Ok(Clause::Source(name.to_owned()))
        }
        "街道" | "street" => {
            let known = reading.directory.find_street(None, value);
            Ok(Clause::Street(place(known, value)))
        }
        "社区" | "community" => {
            let known = reading.directory.find_community(None, value);
            Ok(Clause::Community(place(known, value)))
        }
        "渠道" | "channel" => Ok(Clause::Channel(value.to_owned())),
        "小类" | "大类" | "中类" | "分类" | "category" | "cat" => Ok(category(value)),
        "编号" | "no" | "number" => Ok(Clause::Number(value.to_owned())),
        "创建" | "created" => created(value, reading).ok_or(unknown),
        "剩" | "剩余" | "due" | "left" => left(value).ok_or(unknown),
        "认领" | "claimed" => Ok(Clause::Claimed(value.to_owned())),
        "有" | "is" | "has" => match value {
            "退件" | "returned" => Ok(Clause::Returned),
            "并案" | "merged" => Ok(Clause::HasMerged),
            "假闭环" | "false-closure" => Ok(Clause::FalseClosure),
            "紧急" | "urgent" => Ok(Clause::Urgency(Urgency::Urgent)),
            "争议" | "dispute" => Ok(Clause::Disputed),
            "转手" | "hops" => Ok(Clause::Hopped),
            "认领" | "claim" => Ok(Clause::IsClaimed),
            _ => Err(unknown),
        },
        "督办" | "supervised" => match value {
            "是" | "在督" | "yes" => Ok(Clause::Supervised(true)),
            "建议" | "proposed" => Ok(Clause::Supervised(false)),
            _ => Err(unknown),
        },
        _ => Err(FilterProblem::UnknownField),
    }
}

/// A place by the directory's name for it, or as it was typed.
fn place(known: Option<&Place>, typed: &str) -> String {
    known.map_or(typed, |place| &place.name).to_owned()
}

/// `市容` is anywhere in a name; `/市容环卫/占道` is exactly that path, `/市容环卫/` it and all below.
fn category(value: &str) -> Clause {
    match value.strip_prefix('/') {
        Some(path) if !path.is_empty() => Clause::Path {
            path: path
                .trim_end_matches('/')
                .split('/')
                .map(str::to_owned)
                .collect(),
            below: path.ends_with('/'),
        },
        _ => Clause::Category(value.to_owned()),
    }
}

fn lead(value: &str, reading: Reading<'_>) -> Option<Clause> {
    if let Some(exact) = reading.directory.find_department(None, value) {
        return Some(Clause::Lead(vec![exact.code.clone()]));
    }
    let codes: Vec<String> = reading
        .directory
        .departments()
        .iter()
        .filter(|d| {
            d.name.contains(value)
                || d.code.starts_with(value)
                || d.aliases.iter().any(|a| a.contains(value))
        })
        .map(|d| d.code.clone())
        .collect();
    (!codes.is_empty()).then_some(Clause::Lead(codes))
}

fn state(value: &str) -> Option<Clause> {
    let named = |zh: &str| match zh {
        "待立案" => Some(State::Registered),
        "待分拨" => Some(State::Filed),
        "待签收" => Some(State::Dispatched),
        "处置中" => Some(State::Handling),
        "待审核" => Some(State::Replied),
        "待回访" => Some(State::Callback),
        "已办结" => Some(State::Closed),
        "已归档" => Some(State::Archived),
        "直接答复" => Some(State::Answered),
        "不予受理" => Some(State::Refused),
        "已并案" => Some(State::Merged),
        "协调中" => Some(State::Coordinating),
        "挂起" => Some(State::Suspended),
        "作废" => Some(State::Voided),
        _ => None,
    };
    value
        .split([',', '，', '、'])
        .map(|v| State::from_code(&v.to_lowercase()).or_else(|| named(v)))
        .collect::<Option<Vec<_>>>()
        .map(Clause::States)
}

fn lamp(value: &str) -> Option<Light> {
    match value {
        "红" | "红灯" => Some(Light::Red),
        "黄" | "黄灯" => Some(Light::Yellow),
        "绿" | "绿灯" => Some(Light::Green),
        "停" | "挂起" => Some(Light::Paused),
        "按时" => Some(Light::Done),
        "超期办结" | "逾期" => Some(Light::Late),
        other => Light::from_code(&other.to_lowercase()),
    }
}

fn class(value: &str) -> Option<LimitClass> {
    match value {
        "咨询建议" | "咨询" => Some(LimitClass::Enquiry),
        "非数字城管投诉" | "投诉" | "非数字城管" => Some(LimitClass::Complaint),
        "数字城管投诉" | "数字城管" | "城管" => Some(LimitClass::Urban),
        other => LimitClass::from_code(&other.to_lowercase()),
    }
}

/// A nature by its code or its Chinese word.
pub fn nature(value: &str) -> Option<Nature> {
    match value {
        "投诉" => Some(Nature::Complaint),
        "咨询" => Some(Nature::Enquiry),
        "建议" => Some(Nature::Suggestion),
        "求决" | "求助" => Some(Nature::Help),
        "举报" => Some(Nature::Report),
        "感谢" => Some(Nature::Thanks),
        "其他" => Some(Nature::Other),
        other => Nature::from_code(&other.to_lowercase()),
    }
}

fn urgency(value: &str) -> Option<Urgency> {
    match value {
        "一般" => Some(Urgency::Normal),
        "紧急" => Some(Urgency::Urgent),
        "特急" => Some(Urgency::Critical),
        other => Urgency::from_code(&other.to_lowercase()),
    }
}

/// `今天`, `昨天`, `2026-11-01`, `>=2026-11-01`, `<2026-11-01`, `2026-11-01..2026-11-07` (both days included).
fn created(value: &str, reading: Reading<'_>) -> Option<Clause> {
    let zone = reading.zone;
    let today = zone.date(reading.now);
    let day = |text: &str| match text {
        "今天" | "today" => Some(today),
        "昨天" | "yesterday" => today.checked_sub_days(Days::new(1)),
        text => text.parse().ok(),
    };
    let start = |day| Some(zone.midnight(day));
    let end = |day| Some(zone.end_of(day));
    if let Some((from, to)) = value.split_once("..") {
        return Some(Clause::Created(start(day(from)?), end(day(to)?)));
    }
    if let Some(from) = value.strip_prefix(">=") {
        return Some(Clause::Created(start(day(from)?), None));
    }
    if let Some(from) = value.strip_prefix('>') {
        return Some(Clause::Created(end(day(from)?), None));
    }
    if let Some(to) = value.strip_prefix("<=") {
        return Some(Clause::Created(None, end(day(to)?)));
    }
    if let Some(to) = value.strip_prefix('<') {
        return Some(Clause::Created(None, start(day(to)?)));
    }
    let only = day(value)?;
    Some(Clause::Created(start(only), end(only)))
}

/// `<2h`, `2h`, `<30m`, `<3d`, `<2小时`: less than so much left until the deadline.
fn left(value: &str) -> Option<Clause> {
    let value = value.trim_start_matches(['<', '≤', '=']);
    let digits = value.chars().take_while(char::is_ascii_digit).count();
    let amount: i64 = value.get(..digits)?.parse().ok()?;
    let unit = match value.get(digits..)? {
        "m" | "分" | "分钟" => 60,
        "h" | "时" | "小时" => 3600,
        "d" | "天" | "日" => 86_400,
        _ => return None,
    };
    amount.checked_mul(unit).map(Clause::LeftBelow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::department::{Department, DepartmentKind, Source};

    fn directory() -> Directory {
        let department = |code: &str, name: &str, aliases: &[&str]| Department {
            code: code.into(),
            name: name.into(),
            name_en: String::new(),
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
            external_ids: Vec::new(),
            kind: DepartmentKind::District,
            parent: None,
            active: true,
            leads_only: Vec::new(),
            mail: String::new(),
        };
        let place = |name: &str, street: Option<&str>| Place {
            name: name.into(),
            name_en: String::new(),
            street: street.map(str::to_owned),
            aliases: vec![
                name.trim_end_matches("街道")
                    .trim_end_matches("社区")
                    .into(),
            ],
            external_ids: Vec::new(),
        };
        Directory::new(
            vec![
                department("cgj", "城市管理局", &["城管局"]),
                department("cg-kz", "城管坑梓中队", &[]),
                department("hbsw", "环境保护和水务局", &["环水局"]),
            ],
            vec![place("坪山街道", None), place("金沙社区", Some("坑梓街道"))],
            Vec::new(),
            vec![Source {
                name: "12345热线".into(),
                name_en: String::new(),
                aliases: vec!["12345".into()],
                external_ids: Vec::new(),
            }],
        )
    }

    /// Noon of 2026-11-23 in Shenzhen.
    const NOW: Instant = Instant(1_795_406_400);

    fn parse(text: &str) -> Result<Filter, FilterError> {
        let directory = directory();
        Filter::parse(
            text,
            Reading {
                directory: &directory,
                zone: Zone::shanghai(),
                now: NOW,
            },
        )
    }

    fn only(text: &str) -> Clause {
        let mut terms = parse(text).unwrap().terms;
        assert_eq!(terms.len(), 1, "{text}");
        let term = terms.remove(0);
        assert!(!term.not, "{text}");
        term.clause
    }

    fn moment(text: &str) -> Instant {
        Zone::shanghai().parse(text).unwrap()
    }

    #[test]
    fn every_field_has_its_names_in_both_languages() {
        let cgj = Clause::Lead(vec!["cgj".into()]);
        let cases: Vec<(&[&str], &str, Clause)> = vec![
            (
                &["单位", "部门", "承办", "dept", "department", "d", "DEPT"],
                "城管局",
                cgj,
            ),
            (
                &["状态", "state", "s"],
                "处置中,suspended",
                Clause::States(vec![State::Handling, State::Suspended]),
            ),
            (&["灯", "light", "l"], "红", Clause::Light(Light::Red)),
            (&["类别", "class"], "城管", Clause::Class(LimitClass::Urban)),
            (&["性质", "nature"], "求助", Clause::Nature(Nature::Help)),
            (
                &["紧急", "urgency"],
                "特急",
                Clause::Urgency(Urgency::Critical),
            ),
            (
                &["来源", "source"],
                "12345",
                Clause::Source("12345热线".into()),
            ),
            (
                &["街道", "street"],
                "坪山",
                Clause::Street("坪山街道".into()),
            ),
            (
                &["社区", "community"],
                "金沙",
                Clause::Community("金沙社区".into()),
            ),
            (
                &["小类", "大类", "中类", "分类", "category", "cat"],
                "噪音",
                Clause::Category("噪音".into()),
            ),
            (
                &["编号", "no", "number"],
                "0031",
                Clause::Number("0031".into()),
            ),
            (
                &["剩", "剩余", "due", "left"],
                "<2h",
                Clause::LeftBelow(7200),
            ),
            (&["认领", "claimed"], "wang", Clause::Claimed("wang".into())),
            (&["有", "is", "has"], "退件", Clause::Returned),
        ];
        for (names, value, wanted) in cases {
            for name in names {
                for colon in [':', '：'] {
                    assert_eq!(only(&format!("{name}{colon}{value}")), wanted, "{name}");
                }
            }
        }
    }

    #[test]
    fn a_piece_of_a_name_means_every_department_that_has_it() {
        assert_eq!(
            only("单位:城管"),
            Clause::Lead(vec!["cgj".into(), "cg-kz".into()])
        );
        assert_eq!(
            only("d:cg"),
            Clause::Lead(vec!["cgj".into(), "cg-kz".into()])
        );
        assert_eq!(
            parse("单位:消防").unwrap_err().problem,
            FilterProblem::UnknownValue
        );
    }

    #[test]
    fn every_state_light_class_and_nature_is_understood_by_its_code() {
        for state in State::ALL {
            let clause = only(&format!("state:{}", state.code()));
            assert_eq!(clause, Clause::States(vec![state.clone()]));
        }
        for light in Light::ALL {
            assert_eq!(
                only(&format!("light:{}", light.code())),
                Clause::Light(light)
            );
        }
        for class in LimitClass::ALL {
            assert_eq!(
                only(&format!("class:{}", class.code())),
                Clause::Class(*class)
            );
        }
        for nature in Nature::ALL {
            assert_eq!(
                only(&format!("nature:{}", nature.code())),
                Clause::Nature(*nature)
            );
        }
        for urgency in Urgency::ALL {
            let clause = only(&format!("urgency:{}", urgency.code()));
            assert_eq!(clause, Clause::Urgency(*urgency));
        }
    }

    #[test]
    fn a_minus_leaves_out_and_terms_are_joined() {
        let filter = parse("灯:红　-来源:12345 －路灯 夜间").unwrap();
        let not: Vec<bool> = filter.terms.iter().map(|t| t.not).collect();
        assert_eq!(not, [false, true, true, false]);
        assert_eq!(filter.words().collect::<Vec<_>>(), ["夜间"]);
        assert_eq!(only("-"), Clause::Text("-".into()));
        assert!(parse("  　 ").unwrap().is_empty());
    }

    #[test]
    fn quotes_keep_spaces_together_and_make_colons_and_minuses_plain() {
        assert_eq!(only("\"路灯 不亮\""), Clause::Text("路灯 不亮".into()));
        assert_eq!(only("“路灯 不亮”"), Clause::Text("路灯 不亮".into()));
        assert_eq!(only("\"灯:红\""), Clause::Text("灯:红".into()));
        assert_eq!(only("\"-5\""), Clause::Text("-5".into()));
        assert_eq!(
            only("来源:\"12345 热线\""),
            Clause::Source("12345 热线".into())
        );
        assert_eq!(
            only("\"没有结束 的引号"),
            Clause::Text("没有结束 的引号".into())
        );
        let out = parse("-\"路灯 不亮\"").unwrap();
        assert!(out.terms[0].not);
        assert_eq!(out.terms[0].clause, Clause::Text("路灯 不亮".into()));
    }

    #[test]
    fn a_clock_time_is_no_field() {
        assert_eq!(only("12:30"), Clause::Text("12:30".into()));
        assert_eq!(only(":30"), Clause::Text(":30".into()));
    }

    #[test]
    fn dates_are_days_of_the_centre_with_both_ends_included() {
        let between = |from: &str, to: &str| Clause::Created(Some(moment(from)), Some(moment(to)));
        for (value, wanted) in [
            ("今天", between("2026-11-23", "2026-11-24")),
            ("yesterday", between("2026-11-22", "2026-11-23")),
            ("2026-11-01", between("2026-11-01", "2026-11-02")),
            (
                "2026-11-01..2026-11-07",
                between("2026-11-01", "2026-11-08"),
            ),
            ("昨天..今天", between("2026-11-22", "2026-11-24")),
            (
                ">=2026-11-01",
                Clause::Created(Some(moment("2026-11-01")), None),
            ),
            (
                ">2026-11-01",
                Clause::Created(Some(moment("2026-11-02")), None),
            ),
            (
                "<=2026-11-01",
                Clause::Created(None, Some(moment("2026-11-02"))),
            ),
            (
                "<2026-11-01",
                Clause::Created(None, Some(moment("2026-11-01"))),
            ),
        ] {
            assert_eq!(only(&format!("创建:{value}")), wanted, "{value}");
        }
        for value in ["明天的明天", "2026-13-01", "..", ">="] {
            let error = parse(&format!("created:{value}")).unwrap_err();
            assert_eq!(error.problem, FilterProblem::UnknownValue, "{value}");
        }
    }

    #[test]
    fn time_left_has_units_in_both_languages() {
        for (value, seconds) in [
            ("30m", 1800),
            ("<30分钟", 1800),
            ("≤2小时", 7200),
            ("<=3d", 259_200),
            ("1天", 86_400),
        ] {
            assert_eq!(
                only(&format!("剩:{value}")),
                Clause::LeftBelow(seconds),
                "{value}"
            );
        }
        for value in [
            "h",
            "2",
            "2w",
            "99999999999999999999h",
            "9223372036854775807d",
        ] {
            let error = parse(&format!("剩:{value}")).unwrap_err();
            assert_eq!(error.problem, FilterProblem::UnknownValue, "{value}");
        }
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (text, term, problem) in [
            ("路灯 颜色:红", "颜色:红", FilterProblem::UnknownField),
            ("灯:蓝", "灯:蓝", FilterProblem::UnknownValue),
            ("灯:", "灯:", FilterProblem::NoValue),
            (
                "状态:处置中,飞行中",
                "状态:处置中,飞行中",
                FilterProblem::UnknownValue,
            ),
            ("有:时间", "有:时间", FilterProblem::UnknownValue),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!((error.term.as_str(), error.problem), (term, problem));
        }
    }
}
