//! `fenbo hotspots`: many tickets about one matter in one place, with their growth, hottest first.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::{Out, Table};
use super::session::Session;
use crate::domain::figures::Hot;
use crate::i18n::{Lang, cli};
use crate::service::Access;
use crate::service::hotspots::HotSpots;
use chrono::NaiveDate;
use serde_json::{Value, json};

/// Options of `fenbo hotspots`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 第一天，如 2018-10-01 | the first day, such as 2018-10-01
    #[arg(long, value_name = "D")]
    from: NaiveDate,
    /// 最后一天，含当天，如 2018-10-07 | the last day, included, such as 2018-10-07
    #[arg(long, value_name = "D")]
    to: NaiveDate,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let lang = session.lang;
    if args.to < args.from {
        return Err(session.usage(
            (
                cli::BAD_OPTION,
                &[("option", "--to"), ("value", &args.to.to_string())],
            ),
            (cli::ENDS_BEFORE_IT_BEGINS, &[]),
            (cli::SWAP_THE_DAYS, &[]),
        ));
    }
    let (centre, now) = session.open(Access::ReadOnly)?;
    let found = centre
        .hotspots(args.from, args.to, now)
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    let mut out = session.out();
    match args.format {
        Format::Json => {
            let list: Vec<Value> = found.spots.iter().map(in_json).collect();
            out.json(&json!({
                "from": args.from, "to": args.to, "hotspots": list, "placeless": found.placeless,
            }))?;
        }
        Format::Text => {
            print(&found, lang, &mut out)?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// The hot spots as a table, and how many tickets cannot be in one.
fn print(found: &HotSpots, lang: Lang, out: &mut Out) -> Result<(), Stop> {
    if found.spots.is_empty() {
        out.line(cli::NO_HOT_SPOT.of(lang))?;
    } else {
        let heads = [
            cli::HOT_PLACE,
            cli::HOT_MATTER,
            cli::HOT_COUNT,
            cli::HOT_BEFORE,
            cli::HOT_EXAMPLES,
        ]
        .map(|head| head.of(lang));
        let mut table = Table::new(&heads);
        for spot in &found.spots {
            table.row(in_cells(spot));
        }
        out.table(&table)?;
    }
    if found.placeless > 0 {
        out.line(&cli::HOT_PLACELESS.with(lang, &[("n", &found.placeless.to_string())]))?;
    }
    Ok(())
}

fn in_json(spot: &Hot) -> Value {
    json!({
        "street": spot.street, "community": spot.community, "category": spot.category,
        "title": spot.title, "count": spot.count, "before": spot.before,
        "growth": (spot.before > 0).then(|| spot.count as f64 / spot.before as f64 - 1.0),
        "examples": spot.examples,
    })
}

fn in_cells(spot: &Hot) -> Vec<String> {
    let place = [spot.street.as_deref(), spot.community.as_deref()];
    let place: Vec<&str> = place.into_iter().flatten().collect();
    let matter = if spot.category.is_empty() {
        spot.title.clone().unwrap_or_default()
    } else {
        spot.category.join("/")
    };
    vec![
        place.join(" "),
        matter,
        spot.count.to_string(),
        spot.before.to_string(),
        spot.examples.join(" "),
    ]
}
