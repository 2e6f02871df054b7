//! The options of `fenbo act`, and the act they mean. What an act needs beyond its options is for the rules to say.
//!
//! Start at [`Form::act`].

use super::exit::Stop;
use super::session::Session;
use crate::domain::act::{
    Act, ActKind, CallForm, CallOutcome, Filing, Rating, ReplyForm, RulingOrder, SuggestionShown,
};
use crate::domain::application::ApplicationKind;
use crate::domain::ticket::{Nature, Urgency};
use crate::i18n::{Text, cli, words};
use crate::service::Centre;
use chrono::NaiveDate;
use clap::builder::{PossibleValue, PossibleValuesParser};

/// What an act may need.
#[derive(Debug, Default, clap::Args)]
pub struct Form {
    /// 主办单位（代码、名称或别名）；退件时为建议单位；并案时为主单编号 | lead department; for a return the one that should have it; for a merge the master
    #[arg(long, value_name = "DEPARTMENT")]
    to: Option<String>,
    /// 并案的主单编号 | the master of a merge
    #[arg(long, value_name = "NO")]
    into: Option<String>,
    /// 协办单位，可重复 | assisting department, may be repeated
    #[arg(long, value_name = "DEPARTMENT")]
    assist: Vec<String>,
    /// 裁决的兜底单位 | fallback department of a ruling
    #[arg(long, value_name = "DEPARTMENT")]
    fallback: Option<String>,
    /// 理由代码 | coded ground
    #[arg(long, value_name = "CODE")]
    ground: Option<String>,
    /// 说明文字 | the text
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// 给诉求人的公开答复 | the public answer to the requester
    #[arg(long, value_name = "TEXT")]
    answer: Option<String>,
    /// 内部备注 | the internal note
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// 已联系诉求人 | the requester was spoken with
    #[arg(long)]
    contacted: bool,
    /// 已解决；督办结果中表示有效 | solved; of a supervision: it led to a result
    #[arg(long)]
    solved: bool,
    /// 挂起到哪一天 | the last day of a suspension
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// 延期几天（按时限的单位） | extension in days, of the limit's kind
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    /// 时限类别 | limit class
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// 诉求性质：complaint 投诉、enquiry 咨询、suggestion 建议、help 求决、report 举报、thanks 感谢、other 其他 | nature: complaint, enquiry, suggestion, help, report, thanks, other
    #[arg(long, value_name = "NATURE")]
    nature: Option<String>,
    /// 大类/中类/小类 | category, levels apart by /
    #[arg(long, value_name = "A/B/C")]
    category: Option<String>,
    /// 街道 | street
    #[arg(long, value_name = "STREET")]
    street: Option<String>,
    /// 社区 | community
    #[arg(long, value_name = "COMMUNITY")]
    community: Option<String>,
    /// 地址确实不详 | the place is not known, on purpose
    #[arg(long)]
    address_unknown: bool,
    /// 满意度：very-satisfied 非常满意、satisfied 满意、fairly-satisfied 基本满意、dissatisfied 不满意、unrated 未评价 | rating: very-satisfied, satisfied, fairly-satisfied, dissatisfied, unrated
    #[arg(long, value_name = "RATING")]
    rating: Option<String>,
    /// 回访结果：reached 已接通、no-answer 无人接听、wrong-number 号码有误、declined 不愿回访、self-rated 自助评价 | outcome of a call: reached, no-answer, wrong-number, declined, self-rated
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<String>,
    /// 回访的是哪一件（被并入的工单） | whose request a call is about (a merged ticket)
    #[arg(long, value_name = "NO")]
    about: Option<String>,
    /// 哪一种申请：return 退件、extension 延期、suspension 挂起、void 作废、no-callback 免回访、appeal 申诉 | which application: return, extension, suspension, void, no-callback, appeal
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// 裁决的措施：做什么、谁做、到何时 | the measures of a ruling: what, who, until when
    #[arg(long, value_name = "TEXT")]
    measures: Option<String>,
    /// 协调会日期 | the day of the coordination meeting
    #[arg(long, value_name = "DATE")]
    held_on: Option<String>,
    /// 紧急程度：normal 一般、urgent 紧急、critical 特急 | urgency: normal, urgent, critical
    #[arg(long, value_name = "LEVEL")]
    level: Option<String>,
    /// 案例标签，可重复 | a tag of a case, may be repeated
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// 解除（保密、紧急） | takes it back (confidential, urgent)
    #[arg(long)]
    off: bool,
}

/// The verbs: each act's code, with its Chinese word as another name.
pub fn verbs() -> PossibleValuesParser {
    PossibleValuesParser::new(ActKind::ALL.iter().map(|kind| {
        let word = words::act(*kind);
        PossibleValue::new(kind.code().replace('_', "-"))
            .alias(kind.code())
            .alias(word.zh)
            .help(format!("{} | {}", word.zh, word.en))
    }))
}

/// The act a verb names.
pub fn kind(verb: &str) -> Option<ActKind> {
    ActKind::from_code(verb).or_else(|| {
        ActKind::ALL
            .iter()
            .copied()
            .find(|kind| words::act(*kind).zh == verb)
    })
}

impl Form {
    /// The master of a merge, when it is named.
    pub fn master(&self) -> Option<String> {
        self.into.clone().or_else(|| self.to.clone())
    }

    /// The act these options mean; `into` is the master of a merge, found already.
    ///
    /// # Errors
    /// A usage message when a value is not understood, or an option is missing without which there is no act.
    pub fn act(
        &self,
        kind: ActKind,
        into: Option<&str>,
        centre: &Centre,
        session: &Session,
    ) -> Result<Act, Stop> {
        let asked = Asked {
            form: self,
            kind,
            centre,
            session,
        };
        let text = self.text.clone().unwrap_or_default();
        Ok(match kind {
            ActKind::File => Act::File(asked.filing()?),
            ActKind::Reclassify => Act::Reclassify(asked.filing()?),
            ActKind::Answer => {
                asked.files_nothing()?;
                Act::Answer {
                    text: self.answer.clone().unwrap_or(text),
                }
            }
            ActKind::Refuse => Act::Refuse {
                ground: asked.needed("--ground", self.ground.as_ref())?,
                text,
            },
            ActKind::Dispatch => Act::Dispatch {
                lead: asked.department(&asked.needed("--to", self.to.as_ref())?),
                assisting: asked.assisting(),
                suggestion: None::<SuggestionShown>,
            },
            ActKind::Recall => Act::Recall,
            ActKind::Sign => Act::Sign,
            ActKind::RequestReturn => Act::RequestReturn {
                ground: asked.needed("--ground", self.ground.as_ref())?,
                text,
                suggested: self.to.as_ref().map(|name| asked.department(name)),
            },
            ActKind::LateReturn => Act::LateReturn { text },
            ActKind::Extend => Act::Extend {
                units: asked.needed("--days", self.days.as_ref())?,
                text,
            },
            ActKind::Suspend => Act::Suspend {
                until: asked.date("--until", &asked.needed("--until", self.until.as_ref())?)?,
                text,
            },
            ActKind::Resume => Act::Resume,
            ActKind::Void => Act::Void { text },
            ActKind::WaiveCallback => Act::WaiveCallback { text },
            ActKind::Appeal => Act::Appeal { text },
            ActKind::Grant => Act::Grant {
                kind: asked.application()?,
                text,
            },
            ActKind::Decline => Act::Decline {
                kind: asked.application()?,
                text,
            },
            ActKind::Coordinate => Act::Coordinate { text },
            ActKind::Rule => Act::Rule(RulingOrder {
                lead: asked.department(&asked.needed("--to", self.to.as_ref())?),
                assisting: asked.assisting(),
                fallback: self.fallback.as_ref().map(|name| asked.department(name)),
                text,
                measures: self.measures.clone().unwrap_or_default(),
                held_on: self
                    .held_on
                    .as_ref()
                    .map(|day| asked.date("--held-on", day))
                    .transpose()?,
            }),
            ActKind::Reply => Act::Reply(ReplyForm {
                contacted: self.contacted,
                solved: self.solved,
                note: self.note.clone().unwrap_or_default(),
                answer: self.answer.clone().unwrap_or(text),
            }),
            ActKind::Pass => Act::Pass,
            ActKind::Rework => Act::Rework { text },
            ActKind::CallBack => Act::CallBack(asked.call(text)?),
            ActKind::Redo => Act::Redo { text },
            ActKind::Merge => Act::Merge {
                into: into.unwrap_or_default().to_owned(),
            },
            ActKind::Unmerge => Act::Unmerge,
            ActKind::Urge => Act::Urge { text },
            ActKind::Archive => Act::Archive,
            ActKind::Reopen => Act::Reopen { text },
            ActKind::Note => Act::Note {
                text: self.note.clone().unwrap_or(text),
            },
            ActKind::Claim => Act::Claim,
            ActKind::Release => Act::Release,
            ActKind::SetConfidential => Act::SetConfidential {
                confidential: !self.off,
            },
            ActKind::SetUrgency => Act::SetUrgency {
                urgency: asked.urgency()?,
            },
            ActKind::Reveal => Act::Reveal { text },
            ActKind::Supervise => Act::Supervise { text },
            ActKind::ResolveSupervision => Act::ResolveSupervision {
                effective: self.solved,
                text,
            },
            ActKind::DismissSupervision => Act::DismissSupervision { text },
            ActKind::Circulate => Act::Circulate { text },
            ActKind::Refer => Act::Refer { text },
            ActKind::Serve => Act::Serve { text },
            ActKind::KeepCase => Act::KeepCase {
                text,
                tags: self.tag.clone(),
            },
            ActKind::DropCase => Act::DropCase,
        })
    }
}

/// A form with what its values are read by.
struct Asked<'a> {
    form: &'a Form,
    kind: ActKind,
    centre: &'a Centre,
    session: &'a Session,
}

impl Asked<'_> {
    fn needed<T: Clone>(&self, option: &str, value: Option<&T>) -> Result<T, Stop> {
        value.cloned().ok_or_else(|| {
            let act = words::act(self.kind).of(self.session.lang);
            self.session.usage(
                (cli::ACT_NOT_DONE, &[("act", act)]),
                (cli::OPTION_MISSING, &[("option", option)]),
                (cli::ADD_OPTION, &[("option", option)]),
            )
        })
    }

    /// Refuses what only filing settles, so that it is not passed over in silence.
    fn files_nothing(&self) -> Result<(), Stop> {
        let form = self.form;
        let given = [
            ("--nature", form.nature.as_ref()),
            ("--class", form.class.as_ref()),
            ("--category", form.category.as_ref()),
            ("--street", form.street.as_ref()),
            ("--community", form.community.as_ref()),
        ];
        let Some((option, _)) = given.into_iter().find(|(_, value)| value.is_some()) else {
            return Ok(());
        };
        let act = words::act(self.kind).of(self.session.lang);
        Err(self.session.usage(
            (cli::ACT_NOT_DONE, &[("act", act)]),
            (cli::OPTION_OF_FILING, &[("option", option), ("act", act)]),
            (cli::FILE_OR_LEAVE_OUT, &[("option", option)]),
        ))
    }

    /// The code of a department named by code, name or alias; what is not known is left for the rules to refuse.
    fn department(&self, name: &str) -> String {
        self.centre
            .rules()
            .directory
            .find_department(None, name)
            .map_or_else(|| name.to_owned(), |found| found.code.clone())
    }

    fn assisting(&self) -> Vec<String> {
        self.form
            .assist
            .iter()
            .map(|name| self.department(name))
            .collect()
    }

    fn date(&self, option: &str, text: &str) -> Result<NaiveDate, Stop> {
        text.trim().parse().map_err(|_| {
            self.session.usage(
                (cli::BAD_OPTION, &[("option", option), ("value", text)]),
                (cli::NOT_A_DATE, &[]),
                (cli::DATES_LOOK_LIKE, &[]),
            )
        })
    }

    /// The value of a code or of a word for it.
    fn value<T: Copy>(
        &self,
        option: &str,
        text: Option<&String>,
        known: &[T],
        code: impl Fn(T) -> &'static str,
        word: impl Fn(T) -> Text,
    ) -> Result<Option<T>, Stop> {
        let Some(text) = text else { return Ok(None) };
        let wanted = text.trim().replace('-', "_");
        let found = known
            .iter()
            .copied()
            .find(|v| code(*v) == wanted || word(*v).zh == text.trim());
        found.map(Some).ok_or_else(|| {
            let values: Vec<String> = known.iter().map(|v| code(*v).replace('_', "-")).collect();
            self.session.usage(
                (cli::BAD_OPTION, &[("option", option), ("value", text)]),
                (cli::NO_SUCH_VALUE, &[]),
                (cli::VALUES_ARE, &[("values", &values.join(" "))]),
            )
        })
    }

    fn filing(&self) -> Result<Filing, Stop> {
        let form = self.form;
        let rules = self.centre.rules();
        let nature = form.nature.as_ref();
        let limit_class = form
            .class
            .as_ref()
            .map(|class| super::deadline::class(class, rules, self.session))
            .transpose()?;
        let street = |name: &String| {
            let found = rules.directory.find_street(None, name);
            found.map_or_else(|| name.clone(), |place| place.name.clone())
        };
        let community = |name: &String| {
            let found = rules.directory.find_community(None, name);
            found.map_or_else(|| name.clone(), |place| place.name.clone())
        };
        Ok(Filing {
            nature: self.value("--nature", nature, Nature::ALL, Nature::code, words::nature)?,
            limit_class,
            category: super::levels(form.category.as_deref()),
            street: form.street.as_ref().map(street),
            community: form.community.as_ref().map(community),
            address_unknown: form.address_unknown,
        })
    }

    fn application(&self) -> Result<Option<ApplicationKind>, Stop> {
        let kind = self.form.kind.as_ref();
        let all = &ApplicationKind::ALL;
        self.value(
            "--kind",
            kind,
            all,
            ApplicationKind::code,
            words::application,
        )
    }

    fn urgency(&self) -> Result<Urgency, Stop> {
        let level = self.form.level.as_ref();
        let level = self.value(
            "--level",
            level,
            Urgency::ALL,
            Urgency::code,
            words::urgency,
        )?;
        Ok(match (self.form.off, level) {
            (true, _) => Urgency::Normal,
            (false, level) => level.unwrap_or(Urgency::Urgent),
        })
    }

    fn call(&self, text: String) -> Result<CallForm, Stop> {
        let form = self.form;
        let outcome = form.outcome.as_ref();
        let rating = form.rating.as_ref();
        let rating = self.value("--rating", rating, Rating::ALL, Rating::code, words::rating)?;
        let outcome = self.value(
            "--outcome",
            outcome,
            CallOutcome::ALL,
            CallOutcome::code,
            words::outcome,
        )?;
        let outcome = match (outcome, rating) {
            (Some(outcome), _) => outcome,
            // A rating was given, so somebody was spoken with.
            (None, Some(_)) => CallOutcome::Reached,
            (None, None) => self.needed("--outcome", None)?,
        };
        let about = form
            .about
            .as_ref()
            .map(|asked| self.centre.find(asked))
            .transpose()
            .map_err(|why| super::failing::not_done(&why, self.session))?;
        Ok(CallForm {
            about,
            outcome,
            rating,
            text,
        })
    }
}
