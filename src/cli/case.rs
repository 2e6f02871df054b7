//! `fenbo case`: the case library: keep a typical ticket with its gist and tags, list, search by likeness, show, drop.
//!
//! Keeping and dropping are acts like any other; rulings stand in the library by themselves.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::{Out, Table};
use super::session::Session;
use super::suggest::Words;
use super::wording;
use crate::domain::act::Act;
use crate::domain::instant::Zone;
use crate::domain::precedent::Precedent;
use crate::domain::shown;
use crate::i18n::{Lang, cli, words};
use crate::service::performing::Order;
use crate::service::{Access, Centre};
use clap::Subcommand;
use serde_json::{Value, json};

/// Options of `fenbo case`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is done.
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 把办结或已裁决的工单收入案例库；已在库中则更新要旨与标签 | adds a ticket that has ended or been ruled on; done again, replaces its gist and tags
    Add {
        /// 工单编号，或编号中唯一的结尾 | the ticket's number, or an ending of it that is unique
        #[arg(value_name = "NO")]
        no: String,
        /// 案例要旨，不含个人信息 | the gist: what the case teaches, without personal data
        #[arg(long, value_name = "TEXT")]
        text: String,
        /// 标签，可重复 | a tag, may be repeated
        #[arg(long, value_name = "TAG")]
        tag: Vec<String>,
    },
    /// 列出案例与裁决，新的在前 | lists cases and rulings, the newest first
    List {
        /// 只列出带此标签的 | lists only those with this tag
        #[arg(long, value_name = "TAG")]
        tag: Option<String>,
        /// 输出格式 | output format
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 查找与工单或文字相似的案例与裁决 | finds cases and rulings like a ticket or words
    // Likeness does not ask for these: they are taken, and not offered.
    #[command(
        mut_arg("street", |arg| arg.hide(true)),
        mut_arg("address", |arg| arg.hide(true)),
        mut_arg("source", |arg| arg.hide(true)),
        mut_arg("nature", |arg| arg.hide(true)),
    )]
    Search {
        /// 工单编号，或编号中唯一的结尾 | the ticket's number, or an ending of it that is unique
        #[arg(
            value_name = "NO",
            required_unless_present_any = ["text", "title", "category", "community"],
            conflicts_with_all = Words::ALL,
        )]
        no: Option<String>,
        #[command(flatten)]
        words: Words,
        /// 输出格式 | output format
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 查看一个案例的全文 | shows a case in full
    Show {
        /// 工单编号，或编号中唯一的结尾 | the ticket's number, or an ending of it that is unique
        #[arg(value_name = "NO")]
        no: String,
        /// 输出格式 | output format
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 把案例移出案例库；工单与流转记录不变 | removes a case; the ticket and its ledger stay
    Remove {
        /// 工单编号，或编号中唯一的结尾 | the ticket's number, or an ending of it that is unique
        #[arg(value_name = "NO")]
        no: String,
    },
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    match &args.what {
        What::Add { no, text, tag } => {
            let act = Act::KeepCase {
                text: text.clone(),
                tags: tag.clone(),
            };
            perform(no, act, session)
        }
        What::Remove { no } => perform(no, Act::DropCase, session),
        What::List { tag, format } => {
            let (mut centre, now) = session.open(Access::ReadOnly)?;
            let list = centre
                .precedents(tag.as_deref())
                .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
            tell(&list, centre.zone(now), *format, session)?;
            failing::unread(&centre.take_unread(), session)
        }
        What::Search { no, words, format } => {
            let (mut centre, now) = session.open(Access::ReadOnly)?;
            let list = match no {
                Some(asked) => centre
                    .find(asked)
                    .and_then(|no| centre.precedents_for(&no))
                    .map_err(|why| failing::not_done(&why, session))?,
                None => centre
                    .precedents_like(&words.case(now))
                    .map_err(|failure| Stop::failed(failing::store(&failure, session)))?,
            };
            tell(&list, centre.zone(now), *format, session)?;
            failing::unread(&centre.take_unread(), session)
        }
        What::Show { no, format } => show(no, *format, session),
    }
}

fn perform(asked: &str, act: Act, session: &Session) -> Outcome {
    let (mut centre, now) = session.open(session.access())?;
    let no = centre
        .find(asked)
        .and_then(|no| {
            let order = Order {
                no: no.clone(),
                version: None,
                act,
            };
            centre.perform(&order, now).map(|_| no)
        })
        .map_err(|why| failing::not_done(&why, session))?;
    let mut out = session.out();
    out.line(&no)?;
    out.finish()?;
    Ok(Exit::Done)
}

fn value(one: &Precedent, zone: Zone) -> Value {
    json!({
        "no": one.no, "kind": one.kind.code(), "at": zone.rfc3339(one.at), "gist": one.gist,
        "tags": one.tags, "category": one.category, "department": one.lead, "title": one.title,
        "percent": one.percent,
    })
}

fn tell(list: &[Precedent], zone: Zone, format: Format, session: &Session) -> Result<(), Stop> {
    let lang = session.lang;
    let mut out = session.out();
    match format {
        Format::Json => {
            let list: Vec<Value> = list.iter().map(|one| value(one, zone)).collect();
            out.json(&json!({"cases": list}))?;
        }
        Format::Text if list.is_empty() => out.line(cli::NO_PRECEDENT.of(lang))?,
        Format::Text => {
            let mut table = Table::bare();
            for one in list {
                table.row([
                    one.percent.map(|p| format!("{p}%")).unwrap_or_default(),
                    one.no.clone().unwrap_or_else(|| "-".to_owned()),
                    words::precedent(one.kind).of(lang).to_owned(),
                    zone.minute(one.at),
                    one.tags.join(" "),
                    one.gist.clone(),
                ]);
            }
            out.table(&table)?;
        }
    }
    out.finish()
}

fn show(asked: &str, format: Format, session: &Session) -> Outcome {
    let (mut centre, now) = session.open(Access::ReadOnly)?;
    let no = centre
        .find(asked)
        .map_err(|why| failing::not_done(&why, session))?;
    let list = centre
        .precedents_of(&no)
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    let zone = centre.zone(now);
    let unread = centre.take_unread();
    let mut out = session.out();
    match format {
        Format::Json => {
            let list: Vec<Value> = list.iter().map(|one| value(one, zone)).collect();
            out.json(&json!({"cases": list}))?;
        }
        // That there is none cannot be said of one that cannot be read.
        Format::Text if list.is_empty() && unread.contains_key(&no) => {}
        Format::Text if list.is_empty() => out.line(cli::NO_PRECEDENT.of(session.lang))?,
        Format::Text => {
            for one in &list {
                whole(one, &centre, zone, session.lang, &mut out)?;
            }
        }
    }
    out.finish()?;
    failing::unread(&unread, session)
}

fn whole(
    one: &Precedent,
    centre: &Centre,
    zone: Zone,
    lang: Lang,
    out: &mut Out,
) -> Result<(), Stop> {
    let lead = one
        .lead
        .as_ref()
        .map(|code| wording::department(code, &centre.rules().directory, lang))
        .unwrap_or_default();
    let head = format!(
        "{}  {}  {}",
        one.no.as_deref().unwrap_or("-"),
        words::precedent(one.kind).of(lang),
        zone.minute(one.at)
    );
    out.line(&shown::clean_line(&head))?;
    let facts = [
        (cli::FACT_TITLE, one.title.clone().unwrap_or_default()),
        (cli::FACT_CATEGORY, one.category.join(" / ")),
        (cli::FACT_LEAD, lead),
        (cli::FACT_TAGS, one.tags.join(" ")),
        (cli::FACT_GIST, one.gist.clone()),
    ];
    for (label, value) in facts {
        if !value.is_empty() {
            let value = shown::clean(&value).replace('\n', "\n    ");
            out.line(&format!("  {}: {value}", label.of(lang)))?;
        }
    }
    Ok(())
}
