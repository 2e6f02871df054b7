//! `fenbo restore FILE`: the store made again from a backup, which is verified first, or of what can still be read of a
//! damaged file. Never over an existing store.

use super::exit::{Exit, Outcome, Stop};
use super::session::Session;
use super::{failing, init};
use crate::i18n::failures::Told;
use crate::i18n::safekeeping;
use crate::service::{Failure, FailureKind, Salvage, custody};
use std::path::PathBuf;

/// Options of `fenbo restore`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 备份文件；恢复为 --db 所指的数据库 | the backup's file; it becomes the store that --db names
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 文件已损坏：还能读的都抢救出来 | the file is damaged: bring back what can still be read
    #[arg(long)]
    salvage: bool,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    if session.globals.read_only {
        let failure = Failure::new(FailureKind::ReadOnly, "--read-only");
        return Err(Stop::failed(not_restored(&failure, session)));
    }
    init::folder_of(session)?;
    if args.salvage {
        return salvage(args, session);
    }
    let report = custody::restore(&args.file, &session.store)
        .map_err(|failure| Stop::failed(not_restored(&failure, session)))?;
    let path = session.store.display().to_string();
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

fn not_restored(failure: &Failure, session: &Session) -> Told {
    let path = session.store.display().to_string();
    failing::store(failure, session)
        .about(safekeeping::NOT_RESTORED.with(session.lang, &[("path", &path)]))
}

/// Saves what can be read of a damaged file.
fn salvage(args: &Args, session: &Session) -> Outcome {
    let rules = session.rules()?;
    let now = session.now(&rules)?;
    let (to, login) = (&session.store, &session.login);
    let saved = custody::salvage(&args.file, to, login, now, session.is_pinned());
    let saved = saved.map_err(|failure| {
        let mut told = not_restored(&failure, session);
        if failure.kind == FailureKind::Damaged {
            safekeeping::ONLY_A_BACKUP
                .of(session.lang)
                .clone_into(&mut told.next);
        }
        Stop::failed(told)
    })?;
    told_saved(&saved, &to.display().to_string(), session)
}

/// Says what was saved, and what was not.
fn told_saved(saved: &Salvage, path: &str, session: &Session) -> Outcome {
    let text = |n: u64| n.to_string();
    let values = [
        ("path", path.to_owned()),
        ("tickets", text(saved.tickets)),
        ("rebuilt", text(saved.rebuilt)),
        ("events", text(saved.events)),
        ("letters", text(saved.letters)),
        ("drafts", text(saved.drafts)),
        ("lost", text(saved.lost)),
        ("problems", saved.report.problems.len().to_string()),
    ];
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let mut out = session.out();
    out.line(&safekeeping::SALVAGED.with(session.lang, &values))?;
    if saved.rebuilt > 0 {
        out.line(&safekeeping::REBUILT.with(session.lang, &values))?;
    }
    out.finish()?;
    if saved.lost == 0 && saved.report.ok {
        return Ok(Exit::Done);
    }
    Err(Stop::Told(
        Exit::Rejected,
        Told::new(
            session.lang,
            (safekeeping::NOT_ALL_SAVED, &values),
            (safekeeping::NOT_READABLE, &values),
            (safekeeping::AFTER_SALVAGE, &values),
        ),
    ))
}
