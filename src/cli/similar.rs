//! `fenbo similar`: tickets like a ticket or like words, best first, with why. Nothing is merged.

use super::args::Format;
use super::exit::{Outcome, Stop};
use super::failing;
use super::output::Table;
use super::session::Session;
use super::suggest::Words;
use crate::i18n::{Lang, suggestions, words};
use crate::insight::duplicates::Reason;
use crate::service::Access;
use serde_json::{Value, json};

/// Options of `fenbo similar`.
#[derive(Debug, clap::Args)]
// Likeness does not ask for these: they are taken, and not offered.
#[command(mut_arg("source", |arg| arg.hide(true)), mut_arg("nature", |arg| arg.hide(true)))]
pub struct Args {
    /// 工单编号，或编号中唯一的结尾 | the ticket's number, or an ending of it that is unique
    #[arg(
        value_name = "NO",
        required_unless_present_any = ["text", "title", "category", "street", "community", "address"],
        conflicts_with_all = Words::ALL,
    )]
    no: Option<String>,
    #[command(flatten)]
    words: Words,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let (centre, now) = session.open(Access::ReadOnly)?;
    let alike = match &args.no {
        Some(asked) => centre
            .find(asked)
            .and_then(|no| centre.similar(&no))
            .map_err(|why| failing::not_done(&why, session))?,
        None => centre
            .similar_to(&args.words.case(now))
            .map_err(|failure| Stop::failed(failing::store(&failure, session)))?,
    };
    let (zone, lang) = (centre.zone(now), session.lang);
    let mut out = session.out();
    match args.format {
        Format::Json => {
            let list: Vec<Value> = alike
                .iter()
                .map(|one| {
                    let why: Vec<String> = one.likeness.why.iter().copied().map(code).collect();
                    json!({
                        "no": one.no, "title": one.title, "state": one.state.code(),
                        "created_at": zone.rfc3339(one.created_at),
                        "score": one.likeness.score, "why": why,
                    })
                })
                .collect();
            out.json(&json!({"similar": list}))?;
        }
        Format::Text if alike.is_empty() => out.line(suggestions::NOTHING_ALIKE.of(lang))?,
        Format::Text => {
            let mut table = Table::bare();
            for one in alike {
                let why: Vec<String> = one.likeness.why.iter().map(|r| word(*r, lang)).collect();
                table.row([
                    format!("{:.0}%", one.likeness.score * 100.0),
                    one.no,
                    words::state(&one.state, lang),
                    zone.minute(one.created_at),
                    why.join(", "),
                    one.title,
                ]);
            }
            out.table(&table)?;
        }
    }
    out.finish()?;
    failing::unread(&centre.take_unread(), session)
}

fn code(reason: Reason) -> String {
    match reason {
        Reason::SameTitle => "same_title".to_owned(),
        Reason::AlikeText { percent } => format!("alike_text {percent}%"),
        Reason::SameRequester => "same_requester".to_owned(),
        Reason::SameAddress => "same_address".to_owned(),
        Reason::SameCommunity => "same_community".to_owned(),
        Reason::SameStreet => "same_street".to_owned(),
        Reason::SameCategory => "same_category".to_owned(),
        Reason::SameClass => "same_class".to_owned(),
        Reason::CloseInTime { hours } => format!("close_in_time {hours}h"),
    }
}

fn word(reason: Reason, lang: Lang) -> String {
    let text = match reason {
        Reason::SameTitle => suggestions::ALIKE_TITLE,
        Reason::AlikeText { percent } => {
            return suggestions::WHY_ALIKE.with(lang, &[("percent", &percent.to_string())]);
        }
        Reason::SameRequester => suggestions::WHY_REQUESTER,
        Reason::SameAddress => suggestions::ALIKE_ADDRESS,
        Reason::SameCommunity => suggestions::WHY_COMMUNITY_ONLY,
        Reason::SameStreet => suggestions::WHY_STREET_ONLY,
        Reason::SameCategory => suggestions::WHY_CATEGORY,
        Reason::SameClass => suggestions::WHY_CLASS,
        Reason::CloseInTime { hours } => return suggestions::apart(hours, lang),
    };
    text.of(lang).to_owned()
}
