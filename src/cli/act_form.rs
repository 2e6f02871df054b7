//! The options of `fenbo act`, and the act they mean. What an act needs beyond its options is for the rules to say.
//!
//! Start at [`Form::act`].

use super::exit::Stop;
use super::help::APART;
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
    /// 主办单位：代码、名称或别名；申请退件时为建议改派的单位；并案时同 --into | lead department: code, name or alias; for a return the one that should have it; for a merge as --into
    #[arg(long, value_name = "DEPARTMENT")]
    to: Option<String>,
    /// 并入哪一件：主单编号；不写则为所列的第一件 | the number of the master of a merge; else the first ticket named
    #[arg(long, value_name = "NO")]
    into: Option<String>,
    /// 协办单位：代码、名称或别名，可重复 | assisting department: code, name or alias; may be repeated
    #[arg(long, value_name = "DEPARTMENT")]
    assist: Vec<String>,
    /// 裁决的兜底单位：代码、名称或别名 | the fallback department of a ruling: code, name or alias
    #[arg(long, value_name = "DEPARTMENT")]
    fallback: Option<String>,
    /// 退件或不予受理的理由代码，见 fenbo policy show | the coded ground of a return or refusal, as fenbo policy show lists them
    #[arg(long, value_name = "CODE")]
    ground: Option<String>,
    /// 说明：理由、意见、内容 | the words of the act: why, or what
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// 给诉求人的公开答复（不写则用 --text） | the public answer to the requester (else that of --text)
    #[arg(long, value_name = "TEXT")]
    answer: Option<String>,
    /// 内部备注，诉求人看不到 | the internal note, which no requester sees
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// 已联系诉求人（不写则为未联系） | the requester was spoken with (else not)
    #[arg(long)]
    contacted: bool,
    /// 已解决；督办结果则为有效（不写则为未解决、无效） | it is solved; of a supervision: it led to a result (else not)
    #[arg(long)]
    solved: bool,
    /// 挂起到哪一天（含），如 2017-10-20 | the last day of a suspension, such as 2017-10-20
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// 延期几天；时限按工作日计的为工作日，按自然日计的为自然日 | the extension in days: working days or calendar days, as the limit counts
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    /// 时限类别：enquiry 咨询建议、complaint 非数字城管投诉、urban 数字城管投诉 | limit class: enquiry, complaint, urban
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// 诉求性质：complaint 投诉、enquiry 咨询、suggestion 建议、help 求决、report 举报、thanks 感谢、other 其他 | nature: complaint, enquiry, suggestion, help, report, thanks, other
    #[arg(long, value_name = "NATURE")]
    nature: Option<String>,
    /// 类别：大类/中类/小类，如 市政设施/公用部件/路灯 | category: its levels with / between them
    #[arg(long, value_name = "A/B/C")]
    category: Option<String>,
    /// 街道 | street
    #[arg(long, value_name = "STREET")]
    street: Option<String>,
    /// 社区 | community
    #[arg(long, value_name = "COMMUNITY")]
    community: Option<String>,
    /// 问过了，地点确实不详：没有街道、社区也可立案 | the place was asked for and is not known: files without street and community
    #[arg(long)]
    address_unknown: bool,
    /// 满意度：very-satisfied 非常满意、satisfied 满意、fairly-satisfied 基本满意、dissatisfied 不满意、unrated 未评价 | rating: very-satisfied, satisfied, fairly-satisfied, dissatisfied, unrated
    #[arg(long, value_name = "RATING")]
    rating: Option<String>,
    /// 回访结果（只写 --rating 则为 reached）：reached 已接通、no-answer 无人接听、wrong-number 号码有误、declined 不愿接受回访、self-rated 自助评价 | outcome of a call (reached if only --rating is given): reached, no-answer, wrong-number, declined, self-rated
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<String>,
    /// 回访的是哪一件诉求：本单或并入它的工单的编号（不写则为本单） | the ticket whose requester was called: this one or one merged into it (else this one)
    #[arg(long, value_name = "NO")]
    about: Option<String>,
    /// 哪一种申请：return 退件、extension 延期、suspension 挂起、void 作废、no-callback 免回访、appeal 申诉 | which application: return, extension, suspension, void, no-callback, appeal
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// 裁决的措施：做什么、谁做、到何时 | the measures of a ruling: what, who, until when
    #[arg(long, value_name = "TEXT")]
    measures: Option<String>,
    /// 协调会日期，如 2017-10-20 | the day of the coordination meeting, such as 2017-10-20
    #[arg(long, value_name = "DATE")]
    held_on: Option<String>,
    /// 紧急程度：normal 一般、urgent 紧急、critical 特急（不写则为 urgent） | urgency: normal, urgent, critical (else urgent)
    #[arg(long, value_name = "LEVEL")]
    level: Option<String>,
    /// 案例标签，可重复 | a tag of a case, may be repeated
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// 解除保密或紧急 | takes confidential or urgent back
    #[arg(long)]
    off: bool,
}

/// The verbs: each act's code, with its Chinese word as another name; the help names the act and the options it reads.
pub fn verbs() -> PossibleValuesParser {
    PossibleValuesParser::new(ActKind::ALL.iter().map(|kind| {
        let word = words::act(*kind);
        let said = |word: &str| {
            format!("{word}{APART}{}", options(*kind))
                .trim_end()
                .to_owned()
        };
        PossibleValue::new(kind.code().replace('_', "-"))
            .alias(kind.code())
            .alias(word.zh)
            .help(format!("{} | {}", said(word.zh), said(word.en)))
    }))
}

/// The options an act reads; in brackets those it can do without.
fn options(kind: ActKind) -> &'static str {
    match kind {
        ActKind::File | ActKind::Reclassify => {
            "[--nature --class --category --street --community --address-unknown]"
        }
        ActKind::Answer => "--answer",
        ActKind::Refuse => "--ground [--text]",
        ActKind::Dispatch => "--to [--assist]",
        ActKind::RequestReturn => "--ground [--text --to]",
        ActKind::Extend => "--days --text",
        ActKind::Suspend => "--until --text",
        ActKind::Grant => "[--kind --text]",
        ActKind::Decline => "--text [--kind]",
        ActKind::Rule => "--to --text [--assist --fallback --measures --held-on]",
        ActKind::Reply => "--answer [--contacted --solved --note]",
        ActKind::CallBack => "--outcome [--rating --about --text]",
        ActKind::Merge => "[--into]",
        ActKind::Note => "--note",
        ActKind::Urge => "[--text]",
        ActKind::SetConfidential => "[--off]",
        ActKind::SetUrgency => "[--level --off]",
        ActKind::ResolveSupervision => "--text [--solved]",
        ActKind::KeepCase => "--text [--tag]",
        ActKind::LateReturn
        | ActKind::Void
        | ActKind::WaiveCallback
        | ActKind::Appeal
        | ActKind::Coordinate
        | ActKind::Rework
        | ActKind::Redo
        | ActKind::Reopen
        | ActKind::Reveal
        | ActKind::Erase
        | ActKind::Supervise
        | ActKind::DismissSupervision
        | ActKind::Circulate
        | ActKind::Refer
        | ActKind::Serve => "--text",
        ActKind::Recall
        | ActKind::Sign
        | ActKind::Resume
        | ActKind::Pass
        | ActKind::Unmerge
        | ActKind::Archive
        | ActKind::Claim
        | ActKind::Release
        | ActKind::DropCase => "",
    }
}

/// Of an act that can do with another option in one's place: the one, and the other.
fn in_place(kind: ActKind) -> Option<(&'static str, &'static str)> {
    match kind {
        ActKind::Answer | ActKind::Reply => Some(("--answer", "--text")),
        ActKind::Note => Some(("--note", "--text")),
        ActKind::Merge => Some(("--into", "--to")),
        _ => None,
    }
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
    /// The options that were given and that the act does not read.
    pub fn unread(&self, kind: ActKind) -> Vec<&'static str> {
        let given = self.given();
        let is_read = |option: &&str| {
            let mut named = options(kind).split([' ', '[', ']']);
            named.any(|name| name == *option)
                || in_place(kind)
                    .is_some_and(|(one, other)| other == *option && !given.contains(&one))
        };
        let unread = given.iter().copied();
        unread.filter(|option| !is_read(option)).collect()
    }

    /// The options that were given.
    fn given(&self) -> Vec<&'static str> {
        let texts = [
            ("--to", &self.to),
            ("--into", &self.into),
            ("--fallback", &self.fallback),
            ("--ground", &self.ground),
            ("--text", &self.text),
            ("--answer", &self.answer),
            ("--note", &self.note),
            ("--until", &self.until),
            ("--class", &self.class),
            ("--nature", &self.nature),
            ("--category", &self.category),
            ("--street", &self.street),
            ("--community", &self.community),
            ("--rating", &self.rating),
            ("--outcome", &self.outcome),
            ("--about", &self.about),
            ("--kind", &self.kind),
            ("--measures", &self.measures),
            ("--held-on", &self.held_on),
            ("--level", &self.level),
        ];
        let others = [
            ("--assist", !self.assist.is_empty()),
            ("--contacted", self.contacted),
            ("--solved", self.solved),
            ("--days", self.days.is_some()),
            ("--address-unknown", self.address_unknown),
            ("--tag", !self.tag.is_empty()),
            ("--off", self.off),
        ];
        let texts = texts.map(|(option, text)| (option, text.is_some()));
        let all = texts.into_iter().chain(others);
        all.filter(|(_, is_given)| *is_given)
            .map(|(option, _)| option)
            .collect()
    }

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
            ActKind::Erase => Act::Erase { text },
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args, FromArgMatches};

    /// A form with these words given.
    fn form(words: &[&str]) -> Form {
        let command = Form::augment_args(clap::Command::new("act"));
        let words = [&["act"], words].concat();
        let matches = command.try_get_matches_from(words).expect("understood");
        Form::from_arg_matches(&matches).expect("a form")
    }

    #[test]
    fn every_option_that_is_given_is_told_unless_the_act_reads_it() {
        let command = Form::augment_args(clap::Command::new("act"));
        for arg in command.get_arguments() {
            let Some(name) = arg.get_long().map(|name| format!("--{name}")) else {
                continue;
            };
            let takes_value = arg.get_action().takes_values();
            let words = [name.as_str(), "1"];
            let form = form(&words[..=usize::from(takes_value)]);
            assert_eq!(form.unread(ActKind::Sign), [name]);
        }
        let both = form(&["--text", "a", "--answer", "b", "--note", "c"]);
        assert_eq!(both.unread(ActKind::Answer), ["--text", "--note"]);
        assert_eq!(both.unread(ActKind::Reply), ["--text"]);
        assert_eq!(both.unread(ActKind::Note), ["--text", "--answer"]);
        let alone = form(&["--text", "a"]);
        for kind in [ActKind::Answer, ActKind::Reply, ActKind::Note] {
            assert!(alone.unread(kind).is_empty(), "{kind:?}");
        }
        assert!(form(&["--to", "1"]).unread(ActKind::Merge).is_empty());
        let both = form(&["--to", "1", "--into", "2"]);
        assert_eq!(both.unread(ActKind::Merge), ["--to"]);
    }

    #[test]
    fn the_help_of_an_act_names_options_that_there_are_and_every_option_stands_with_some_act() {
        let form = Form::augment_args(clap::Command::new("act"));
        let known: Vec<String> = form
            .get_arguments()
            .filter_map(|arg| arg.get_long().map(|name| format!("--{name}")))
            .collect();
        let named: Vec<&str> = ActKind::ALL
            .iter()
            .flat_map(|kind| options(*kind).split([' ', '[', ']']))
            .filter(|word| !word.is_empty())
            .collect();
        for word in &named {
            assert!(known.iter().any(|name| name == word), "{word}");
        }
        for name in &known {
            assert!(named.contains(&name.as_str()), "{name}");
        }
    }
}
