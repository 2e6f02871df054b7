//! `fenbo manual`: the man pages, one for the program and one for each command.

use super::exit::{Exit, Outcome};
use super::session::Session;
use super::{failing, help};
use crate::i18n::{Lang, cli, usage};
use clap::Command;
use clap_mangen::Man;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

/// Options of `fenbo manual`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 每页一个文件，写进这个已有的目录；不覆盖已有文件（不写则全部输出到标准输出） | writes one file a page into this folder, which must exist, never over existing ones (else all to standard output)
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let mut pages = Vec::new();
    let mut command = help::command(session.lang);
    command.build();
    collect(&command, "fenbo", session.lang, &mut pages);
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

/// The pages of a command and of those below it, each with its name.
fn collect(command: &Command, name: &str, lang: Lang, pages: &mut Vec<(String, String)>) {
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = Man::new(command.clone()).title(name).render(&mut page);
    let page = headed(&String::from_utf8_lossy(&page), lang);
    pages.push((name.to_owned(), page));
    for below in command.get_subcommands() {
        let name = format!("{name}-{}", below.get_name());
        collect(below, &name, lang, pages);
    }
}

/// The page with the headings that are the same on every page in the reader's language.
fn headed(page: &str, lang: Lang) -> String {
    let headings = [
        usage::MANUAL_NAME,
        usage::MANUAL_SYNOPSIS,
        usage::MANUAL_DESCRIPTION,
        usage::MANUAL_VERSION,
    ];
    headings.iter().fold(page.to_owned(), |page, heading| {
        let at_start = |word: &str| format!("\n.SH {word}\n");
        page.replace(&at_start(heading.en), &at_start(heading.of(lang)))
    })
}
