//! `fenbo viewed`: who had which ticket before them in the console, newest first.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::{Out, Table};
use super::session::Session;
use crate::domain::instant::Zone;
use crate::domain::viewed::{Asked, Viewed};
use crate::i18n::failures::Told;
use crate::i18n::{Lang, cli, viewed};
use crate::service::{Access, Centre};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Options of `fenbo viewed`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 工单编号，或编号中唯一的结尾；不写则为全部工单 | the ticket's number, or an ending of it that is unique; else every ticket
    #[arg(value_name = "NO")]
    no: Option<String>,
    /// 只看这位操作员查看过的 | only what this operator viewed
    #[arg(long, value_name = "OPERATOR")]
    by: Option<String>,
    /// 从何时起，如 "2017-09-29 17:10" | from when, such as "2017-09-29 17:10"
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// 最多列出多少条，从最近的起；0 为全部 | lists at most so many, the newest; 0: all
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let (centre, now) = session.open(Access::ReadOnly)?;
    let names = names(&centre, session)?;
    if let Some(by) = args.by.as_ref().filter(|by| !names.contains_key(*by)) {
        return Err(session.usage(
            (cli::BAD_OPTION, &[("option", "--by"), ("value", by)]),
            (cli::OPERATOR_UNKNOWN, &[]),
            (cli::SEE_OPERATORS, &[]),
        ));
    }
    let asked = asked(args, &centre, session)?;
    let found = centre
        .viewed(&asked)
        .map_err(|why| failing::not_done(&why, session))?;
    let zone = centre.zone(now);
    let mut out = session.out();
    match args.format {
        Format::Json => out.json(
            &found
                .viewed
                .iter()
                .map(|v| in_json(v, zone))
                .collect::<Vec<_>>(),
        )?,
        Format::Text => print(
            &found.viewed,
            args.limit,
            (&names, zone, session.lang),
            &mut out,
        )?,
    }
    out.finish()?;
    match found.unread.first() {
        None => Ok(Exit::Done),
        Some(seq) => Err(unread(*seq, session)),
    }
}

fn names(centre: &Centre, session: &Session) -> Result<HashMap<String, String>, Stop> {
    let operators = centre
        .operators()
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    Ok(operators.into_iter().map(|o| (o.code, o.name)).collect())
}

/// Which views the options mean.
fn asked(args: &Args, centre: &Centre, session: &Session) -> Result<Asked, Stop> {
    let find = |no: &String| {
        centre
            .find(no)
            .map_err(|why| failing::not_done(&why, session))
    };
    let time = |text: &String| session.time(text, &centre.shared_rules(), "--since");
    Ok(Asked {
        no: args.no.as_ref().map(find).transpose()?,
        by: args.by.clone(),
        since: args.since.as_ref().map(time).transpose()?,
        limit: (args.limit > 0).then_some(args.limit),
    })
}

fn in_json(viewed: &Viewed, zone: Zone) -> Value {
    json!({
        "at": zone.rfc3339(viewed.at),
        "operator": viewed.by,
        "no": viewed.viewing.no,
        "way": viewed.viewing.way.code(),
    })
}

/// An entry that cannot be read hides none of the others, but is told.
fn unread(seq: i64, session: &Session) -> Stop {
    Stop::failed(Told::new(
        session.lang,
        (viewed::NOT_ALL, &[]),
        (viewed::UNREAD, &[("seq", &seq.to_string())]),
        (viewed::VERIFY, &[]),
    ))
}

/// The viewings as a table.
fn print(
    found: &[Viewed],
    limit: usize,
    (names, zone, lang): (&HashMap<String, String>, Zone, Lang),
    out: &mut Out,
) -> Result<(), Stop> {
    if found.is_empty() {
        return out.line(viewed::NONE.of(lang));
    }
    let heads = [
        viewed::COLUMN_AT,
        viewed::COLUMN_BY,
        viewed::COLUMN_NO,
        viewed::COLUMN_WAY,
    ]
    .map(|head| head.of(lang));
    let mut table = Table::new(&heads);
    for viewed in found {
        let code = &viewed.by;
        let by = match names.get(code).filter(|name| *name != code) {
            Some(name) => format!("{name}({code})"),
            None => code.clone(),
        };
        table.row([
            zone.minute(viewed.at),
            by,
            viewed.viewing.no.clone(),
            viewed::way(viewed.viewing.way).of(lang).to_owned(),
        ]);
    }
    out.table(&table)?;
    if found.len() == limit {
        out.line(&viewed::ONLY.with(lang, &[("n", &limit.to_string())]))?;
    }
    Ok(())
}
