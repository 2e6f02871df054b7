//! `fenbo evaluate`: what the suggestions would have been worth on the store's own history: predict, then learn, in time order.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::session::Session;
use crate::i18n::{cli, suggestions};
use crate::service::Access;
use serde_json::json;

/// Options of `fenbo evaluate`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 历史中最后多大一份计分，大于 0、至多为 1：0.3 即后三成 | the last share of the history that is scored, above 0 up to 1: 0.3 is the last three tenths
    #[arg(long, value_name = "SHARE", default_value_t = 0.3)]
    last: f64,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    if !(args.last > 0.0 && args.last <= 1.0) {
        return Err(session.usage(
            (
                cli::BAD_OPTION,
                &[("option", "--last"), ("value", &args.last.to_string())],
            ),
            (cli::NOT_A_SHARE, &[]),
            (cli::SHARES_LOOK_LIKE, &[]),
        ));
    }
    let (centre, now) = session.open(Access::ReadOnly)?;
    let found = centre
        .evaluate(args.last, now, |_| true)
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    let mut out = session.out();
    // A share of nothing is no share.
    let of_some = |share: f64| (found.tickets > 0).then_some(share);
    match args.format {
        Format::Json => out.json(&json!({
            "tickets": found.tickets,
            "top1": of_some(found.top1), "top3": of_some(found.top3), "top5": of_some(found.top5),
            "coverage_at_95": of_some(found.coverage_at_95), "coverage_at_99": of_some(found.coverage_at_99),
        }))?,
        Format::Text => {
            let percent = |share: f64| {
                of_some(share).map_or_else(|| "—".to_owned(), |share| format!("{:.1}%", share * 100.0))
            };
            let values = [
                ("n", found.tickets.to_string()),
                ("top1", percent(found.top1)),
                ("top3", percent(found.top3)),
                ("top5", percent(found.top5)),
                ("at95", percent(found.coverage_at_95)),
                ("at99", percent(found.coverage_at_99)),
            ];
            let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
            out.line(&suggestions::EVALUATION.with(session.lang, &values))?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}
