//! `fenbo suggest`: departments for a ticket, for words, or for a file of cases, each with its probability and its evidence.

mod batch;

use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::{self, Out, Table};
use super::session::Session;
use super::wording;
use crate::domain::filter;
use crate::domain::instant::Instant;
use crate::domain::rules::Rules;
use crate::domain::shown;
use crate::i18n::{Lang, Text, suggestions};
use crate::insight::{Basis, Case, Doubt, Ending, Known, Part, Suggestions, Why};
use crate::service::Centre;
use clap::ValueEnum;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Options of `fenbo suggest`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 工单编号，或编号中唯一的结尾 | the ticket's number, or an ending of it that is unique
    #[arg(value_name = "NO", conflicts_with_all = Words::ALL)]
    no: Option<String>,
    #[command(flatten)]
    words: Words,
    /// 成批：每行一个 JSON 对象的文件，- 为标准输入；一行答一行 JSON | many: a file with one JSON object a line, - is standard input; one JSON line answers each
    #[arg(long, value_name = "FILE", conflicts_with_all = Words::ALL.into_iter().chain(["no"]))]
    batch: Option<PathBuf>,
    /// 不给建议，只把流转记录学完并存下：成批导入之后用，打开分拨台即有建议 | suggests nothing: learns what the store teaches and keeps it, so that after an import the console has suggestions at once
    #[arg(long, conflicts_with_all = Words::ALL.into_iter().chain(["no", "batch"]))]
    learn: bool,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: SuggestFormat,
}

/// A request that need not be a ticket, in words.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Words {
    /// 诉求内容 | what the request says
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// 诉求标题 | the title of the request
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// 类别：大类/中类/小类，如 市政设施/公用部件/路灯 | category: its levels with / between them
    #[arg(long, value_name = "A/B/C")]
    pub category: Option<String>,
    /// 街道 | street
    #[arg(long, value_name = "STREET")]
    pub street: Option<String>,
    /// 社区 | community
    #[arg(long, value_name = "COMMUNITY")]
    pub community: Option<String>,
    /// 地址 | address
    #[arg(long, value_name = "ADDRESS")]
    pub address: Option<String>,
    /// 诉求来源 | source
    #[arg(long, value_name = "SOURCE")]
    pub source: Option<String>,
    /// 诉求性质：complaint 投诉、enquiry 咨询、suggestion 建议、help 求决、report 举报、thanks 感谢、other 其他 | nature: complaint, enquiry, suggestion, help, report, thanks, other
    #[arg(long, value_name = "NATURE")]
    pub nature: Option<String>,
}

/// How suggestions are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SuggestFormat {
    /// 文字 | text
    Text,
    /// JSON | JSON
    Json,
    /// 每行一个 JSON | one JSON a line
    Jsonl,
}

impl Words {
    /// The names of the options.
    pub(super) const ALL: [&'static str; 8] = [
        "text",
        "title",
        "category",
        "street",
        "community",
        "address",
        "source",
        "nature",
    ];

    /// These words as the model sees a case.
    pub fn case(&self, now: Instant) -> Case {
        Case {
            category: super::levels(self.category.as_deref()),
            street: self.street.clone(),
            community: self.community.clone(),
            address: self.address.clone(),
            source: self.source.clone(),
            nature: self.nature.as_deref().map(|word| nature(word).0),
            created_at: Some(now.0),
            title: self.title.clone(),
            content: self.text.clone(),
            ..Case::default()
        }
    }
}

/// A nature by the code it was learned under, and whether it is one at all.
fn nature(word: &str) -> (String, bool) {
    match filter::nature(word.trim()) {
        Some(nature) => (nature.code().to_owned(), true),
        None => (word.to_owned(), false),
    }
}

/// What was asked with and is not known, in words for standard error.
fn note_unknown(words: &Words, suggestions: &Suggestions, lang: Lang) {
    if let Some(category) = &words.category
        && suggestions.learned > 0
        && suggestions.known.matter == Part::Nothing
    {
        let values = [("category", category.as_str())];
        output::note(&suggestions::CATEGORY_NOT_MET.with(lang, &values));
    }
    if let Some(word) = words.nature.as_deref().filter(|word| !nature(word).1) {
        output::note(&suggestions::NATURE_NOT_KNOWN.with(lang, &[("nature", word)]));
    }
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    // What is learned on the way is kept for the next time, where the store may be written.
    let (mut centre, now) = session.open(session.access())?;
    let mut out = session.out();
    if args.learn {
        // Whoever works goes first; it is no matter where the system does not want that.
        rustix::process::nice(10).ok();
        let learned = centre
            .learn(now)
            .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
        match args.format {
            SuggestFormat::Text => {
                let values = [("n", &*learned.to_string())];
                out.line(&suggestions::LEARNED_ALL.with(session.lang, &values))?;
            }
            SuggestFormat::Json | SuggestFormat::Jsonl => out.json(&json!({"learned": learned}))?,
        }
    } else if let Some(file) = &args.batch {
        batch::run(file, &mut centre, now, session, &mut out)?;
    } else {
        let suggestions = match &args.no {
            Some(asked) => centre
                .find(asked)
                .and_then(|no| centre.suggest_for(&no, now))
                .map_err(|why| failing::not_done(&why, session))?,
            None => ask(&mut centre, &args.words.case(now), now, session)?,
        };
        note_unknown(&args.words, &suggestions, session.lang);
        match args.format {
            SuggestFormat::Text => text(&suggestions, centre.rules(), session.lang, &mut out)?,
            SuggestFormat::Json | SuggestFormat::Jsonl => {
                out.json(&answer(&suggestions, centre.rules()))?;
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn ask(
    centre: &mut Centre,
    case: &Case,
    now: Instant,
    session: &Session,
) -> Result<Suggestions, Stop> {
    centre
        .suggest(case, now)
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))
}

/// An answer as JSON: the contract's list, and what it rests on.
fn answer(suggestions: &Suggestions, rules: &Rules) -> Map<String, Value> {
    let known = suggestions.known;
    let part = |part: Part| match part {
        Part::Nothing => "none",
        Part::Half => "part",
        Part::Whole => "whole",
    };
    let mut basis = json!({
        "learned": suggestions.learned,
        "cold_start": suggestions.is_cold(),
        "known": {
            "category": part(known.matter), "place": part(known.place),
            "origin": known.origin, "text": known.text,
        },
    });
    if suggestions.learned_itself {
        basis["learned_itself"] = true.into();
    }
    if let (Some(doubt), Some(basis)) = (suggestions.doubt, basis.as_object_mut()) {
        basis.insert("not_sure".to_owned(), doubted(doubt).0.into());
    }
    [
        ("suggestions", Value::from(list(suggestions, rules))),
        ("sure", suggestions.prefill.into()),
        ("basis", basis),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn list(suggestions: &Suggestions, rules: &Rules) -> Vec<Value> {
    suggestions
        .list
        .iter()
        .map(|suggestion| {
            let evidence: Vec<Value> = suggestion
                .evidence
                .iter()
                .map(|e| json!({"no": e.no, "why": code(e.why), "ended": ended(e.ending)}))
                .collect();
            let mut told = json!({
                "department": suggestion.department,
                "name": rules.directory.department_name(&suggestion.department),
                "probability": suggestion.probability,
                "evidence": evidence,
            });
            if suggestion.unseen > 0 {
                told["evidence_unseen"] = suggestion.unseen.into();
            }
            told
        })
        .collect()
}

/// Why a likely first suggestion is not sure: its code, and its words.
fn doubted(doubt: Doubt) -> (&'static str, Text) {
    match doubt {
        Doubt::LittleLearned => ("little_learned", suggestions::DOUBT_LITTLE),
        Doubt::NothingKnown => ("nothing_known", suggestions::DOUBT_NOTHING_KNOWN),
        Doubt::FewOfItsKind => ("few_of_its_kind", suggestions::DOUBT_FEW),
        Doubt::Unproven => ("unproven", suggestions::DOUBT_UNPROVEN),
        Doubt::GivenBack => ("given_back", suggestions::DOUBT_GIVEN_BACK),
    }
}

/// What became of a past ticket at the department.
fn ended(ending: Ending) -> &'static str {
    match ending {
        Ending::Kept => "kept",
        Ending::Returned => "returned",
        Ending::Ruled => "ruled",
    }
}

fn code(why: Why) -> String {
    match why {
        Why::Ruling => "ruling".to_owned(),
        Why::AlikeText { percent } => format!("alike_text {percent}%"),
        Why::SameRequester => "same_requester".to_owned(),
        Why::SameCategorySameCommunity => "same_category_same_community".to_owned(),
        Why::SameCategorySameStreet => "same_category_same_street".to_owned(),
        Why::SameCategory => "same_category".to_owned(),
        Why::SameClass => "same_class".to_owned(),
        Why::SameCommunity => "same_community".to_owned(),
        Why::SameStreet => "same_street".to_owned(),
        Why::Latest => "latest".to_owned(),
    }
}

fn word(why: Why, lang: Lang) -> String {
    let text = match why {
        Why::Ruling => suggestions::WHY_RULING,
        Why::AlikeText { percent } => {
            return suggestions::WHY_ALIKE.with(lang, &[("percent", &percent.to_string())]);
        }
        Why::SameRequester => suggestions::WHY_REQUESTER,
        Why::SameCategorySameCommunity => suggestions::WHY_COMMUNITY,
        Why::SameCategorySameStreet => suggestions::WHY_STREET,
        Why::SameCategory => suggestions::WHY_CATEGORY,
        Why::SameClass => suggestions::WHY_CLASS,
        Why::SameCommunity => suggestions::WHY_COMMUNITY_ONLY,
        Why::SameStreet => suggestions::WHY_STREET_ONLY,
        Why::Latest => suggestions::WHY_LATEST,
    };
    text.of(lang).to_owned()
}

fn text(suggestions: &Suggestions, rules: &Rules, lang: Lang, out: &mut Out) -> Result<(), Stop> {
    let basis = match suggestions.basis {
        Basis::NoHistory => suggestions::BASIS_NONE.of(lang).to_owned(),
        Basis::NothingKnown => suggestions::BASIS_BLANK.of(lang).to_owned(),
        Basis::Little { learned } => {
            suggestions::BASIS_LITTLE.with(lang, &[("n", &learned.to_string())])
        }
        Basis::History { learned } => {
            suggestions::BASIS_HISTORY.with(lang, &[("n", &learned.to_string())])
        }
    };
    let known = known(suggestions.known, lang);
    out.line(&format!("{basis}{known}"))?;
    if suggestions.learned_itself {
        out.line(suggestions::BASIS_ITSELF.of(lang))?;
    }
    let mut table = Table::bare();
    let shown = suggestions.list.iter().enumerate();
    for (at, suggestion) in shown.filter(|(at, s)| *at == 0 || s.is_worth_showing()) {
        let evidence: Vec<String> = suggestion
            .evidence
            .iter()
            .map(|e| {
                let (no, why) = (shown::clean_line(&e.no), word(e.why, lang));
                match e.ending {
                    Ending::Returned => {
                        format!("{no} ({why}; {})", suggestions::WHY_RETURNED.of(lang))
                    }
                    Ending::Kept | Ending::Ruled => format!("{no} ({why})"),
                }
            })
            .collect();
        table.row([
            (at + 1).to_string(),
            wording::department(&suggestion.department, &rules.directory, lang),
            format!("{}%", suggestion.percent()),
            match (evidence.is_empty(), suggestion.unseen) {
                (false, _) => evidence.join(" "),
                (true, 0) => suggestions::NO_EVIDENCE.of(lang).to_owned(),
                (true, _) => suggestions::EVIDENCE_UNSEEN.of(lang).to_owned(),
            },
        ]);
    }
    out.table(&table)?;
    if suggestions.prefill {
        out.line(suggestions::FIRST_IS_SURE.of(lang))?;
    } else if let Some(doubt) = suggestions.doubt {
        out.line(doubted(doubt).1.of(lang))?;
    }
    Ok(())
}

/// `; known: category, part of the place`, or nothing.
fn known(known: Known, lang: Lang) -> String {
    let part = |part: Part, some: Text, whole: Text| match part {
        Part::Nothing => None,
        Part::Half => Some(some),
        Part::Whole => Some(whole),
    };
    let parts = [
        part(
            known.matter,
            suggestions::KNOWN_CLASS,
            suggestions::KNOWN_CATEGORY,
        ),
        part(
            known.place,
            suggestions::KNOWN_PART_OF_PLACE,
            suggestions::KNOWN_PLACE,
        ),
        known.origin.then_some(suggestions::KNOWN_ORIGIN),
        known.text.then_some(suggestions::KNOWN_TEXT),
    ];
    let words: Vec<&str> = parts.into_iter().flatten().map(|w| w.of(lang)).collect();
    if words.is_empty() {
        return String::new();
    }
    suggestions::KNOWN.with(
        lang,
        &[("parts", &words.join(suggestions::KNOWN_AND.of(lang)))],
    )
}
