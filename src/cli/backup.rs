//! `fenbo backup FILE`: a verified copy of the store, made while it is in use, never over an existing file.

use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::session::Session;
use crate::i18n::safekeeping;
use crate::service::{Access, NotDone};
use std::path::PathBuf;

/// Options of `fenbo backup`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 备份写进的新文件；不覆盖已有文件 | the new file of the backup; never over an existing one
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let (centre, _) = session.open(Access::ReadOnly)?;
    let path = args.file.display().to_string();
    let report = centre.backup(&args.file).map_err(|why| match why {
        NotDone::Failed(failure) => {
            let told = failing::store(&failure, session);
            Stop::failed(
                told.about(safekeeping::NOT_BACKED_UP.with(session.lang, &[("path", &path)])),
            )
        }
        why => failing::not_done(&why, session),
    })?;
    let (events, tickets) = (report.events.to_string(), report.tickets.to_string());
    let values = [
        ("path", path.as_str()),
        ("events", &events),
        ("tickets", &tickets),
    ];
    let mut out = session.out();
    out.line(&safekeeping::BACKED_UP.with(session.lang, &values))?;
    out.finish()?;
    Ok(Exit::Done)
}
