//! `fenbo restore FILE`: the store made again from a backup, which is verified first. Never over an existing store.

use super::exit::{Exit, Outcome, Stop};
use super::session::Session;
use super::{failing, init};
use crate::i18n::safekeeping;
use crate::service::custody;
use std::path::PathBuf;

/// Options of `fenbo restore`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 备份文件；恢复为 --db 所指的数据库 | the backup's file; it becomes the store that --db names
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    init::folder_of(session)?;
    let path = session.store.display().to_string();
    let report = custody::restore(&args.file, &session.store).map_err(|failure| {
        let told = failing::store(&failure, session);
        Stop::failed(told.about(safekeeping::NOT_RESTORED.with(session.lang, &[("path", &path)])))
    })?;
    let (events, tickets) = (report.events.to_string(), report.tickets.to_string());
    let values = [
        ("path", path.as_str()),
        ("events", &events),
        ("tickets", &tickets),
    ];
    let mut out = session.out();
    out.line(&safekeeping::RESTORED.with(session.lang, &values))?;
    out.finish()?;
    Ok(Exit::Done)
}
