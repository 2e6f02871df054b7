//! `fenbo demo`: a lifelike sample store, made once and opened; with `--tickets`, a synthetic one of that size.

use super::exit::{Exit, Outcome, Stop};
use super::session::Session;
use super::{console, failing, output};
use crate::i18n::cli;
use crate::service::demo;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;

/// Options of `fenbo demo`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 生成一个有这么多工单的库（不写则为约四百件的样本） | makes a store of so many tickets (else the sample of about four hundred)
    #[arg(long, value_name = "N")]
    tickets: Option<usize>,
    /// 随机种子，整数：同样的种子得到同样的库 | the seed, a whole number: the same one makes the same store
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// 只建立，不打开分拨台 | makes it, and does not open the console
    #[arg(long)]
    no_console: bool,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let demo = session.for_demo();
    if !demo.store.exists() {
        fill(args, &demo)?;
    } else if args.tickets.is_some() {
        let path = demo.store.display().to_string();
        output::note(&cli::DEMO_KEPT.with(session.lang, &[("path", &path)]));
    }
    if args.no_console {
        let mut out = session.out();
        let path = demo.store.display().to_string();
        out.line(&cli::DEMO_READY.with(session.lang, &[("path", &path)]))?;
        out.finish()?;
        return Ok(Exit::Done);
    }
    console::run(&console::Args::default(), &demo)
}

/// Makes the store beside its place, so that a half-made one is never taken for the sample.
fn fill(args: &Args, session: &Session) -> Result<(), Stop> {
    let mut making = session.store.clone().into_os_string();
    making.push(format!(".making-{}", std::process::id()));
    let making = std::path::PathBuf::from(making);
    super::init::folder_of(session)?;
    let mut centre = session.create_at(&making)?;
    let now = session.now(centre.rules())?;
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::new(0)
    } else {
        ProgressBar::hidden()
    };
    if let Ok(style) = ProgressStyle::with_template(cli::DEMO_BAR.of(session.lang)) {
        bar.set_style(style);
    }
    let made = demo::fill(
        &mut centre,
        args.tickets,
        args.seed,
        now,
        &mut |done, all| {
            bar.set_length(all);
            bar.set_position(done);
        },
    );
    bar.finish_and_clear();
    drop(centre);
    let moved = made
        .map_err(|why| failing::not_done(&why, session))
        .and_then(|_| {
            std::fs::hard_link(&making, &session.store).map_err(|error| {
                failing::file(cli::STORE_NOT_MADE, &session.store, &error, session.lang)
            })
        });
    for suffix in ["", "-wal", "-shm"] {
        let mut leftover = making.clone().into_os_string();
        leftover.push(suffix);
        drop(std::fs::remove_file(leftover));
    }
    moved
}
