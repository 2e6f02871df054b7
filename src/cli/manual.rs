//! `fenbo manual`: the man pages, one for the program and one for each command.

use super::exit::{Exit, Outcome};
use super::session::Session;
use super::{failing, help};
use crate::i18n::cli;
use clap::Command;
use clap_mangen::Man;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

/// Options of `fenbo manual`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 写成文件放进这个目录（不覆盖已有文件）；否则全部输出 | writes files into this folder, never over existing ones; else all goes to standard output
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let mut pages = Vec::new();
    let mut command = help::command(session.lang);
    command.build();
    collect(&command, "fenbo", &mut pages);
    let mut out = session.out();
    for (name, page) in pages {
        match &args.dir {
            None => out.write(&page)?,
            Some(folder) => {
                let path = folder.join(format!("{name}.1"));
                OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .open(&path)
                    .and_then(|mut file| file.write_all(page.as_bytes()))
                    .map_err(|error| {
                        failing::file(cli::NOT_WRITTEN_TO, &path, &error, session.lang)
                    })?;
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn collect(command: &Command, name: &str, pages: &mut Vec<(String, String)>) {
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = Man::new(command.clone()).title(name).render(&mut page);
    pages.push((name.to_owned(), String::from_utf8_lossy(&page).into_owned()));
    for below in command.get_subcommands() {
        collect(below, &format!("{name}-{}", below.get_name()), pages);
    }
}
