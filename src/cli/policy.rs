//! `fenbo policy`: the editions of the rule book, each number with its source.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::session::Session;
use crate::domain::policy::Policy;
use crate::i18n::cli;
use crate::i18n::failures::Told;
use serde_json::{Value, json};

/// Options of `fenbo policy`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 列出各版本与施行日期；* 为现行版本 | lists the editions with the day each takes effect; * is the one in force
    List {
        /// 输出格式 | output format
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 查看一个版本的全部规定与出处 | shows an edition with the source of every rule
    Show {
        /// 版本代码，见 fenbo policy list（不写则为现行版本） | the edition's id, as fenbo policy list has it (else the one in force)
        #[arg(value_name = "ID")]
        id: Option<String>,
        /// 输出格式 | output format
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 检查规则文件 | checks the rules' files
    Check,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let rules = session.rules()?;
    let lang = session.lang;
    let now = session.now(&rules)?;
    let current = rules.editions.at(now);
    let mut out = session.out();
    match &args.what {
        What::List {
            format: Format::Json,
        } => {
            let all: Vec<Value> = rules
                .editions
                .iter()
                .map(|p| {
                    json!({
                        "id": p.id, "name": p.name, "effective_from": p.effective_from,
                        "in_force": p.id == current.id,
                    })
                })
                .collect();
            out.json(&all)?;
        }
        What::List {
            format: Format::Text,
        } => {
            for policy in rules.editions.iter() {
                let mark = if policy.id == current.id { "*" } else { " " };
                out.line(&format!(
                    "{mark} {}  {}  {}",
                    policy.effective_from, policy.id, policy.name
                ))?;
            }
        }
        What::Show { id, format } => {
            let policy = match id {
                None => current,
                Some(id) => rules.editions.by_id(id).ok_or_else(|| {
                    Stop::refused(Told::new(
                        lang,
                        (cli::NOT_SHOWN, &[("asked", id)]),
                        (cli::NO_SUCH_EDITION, &[]),
                        (cli::SEE_EDITIONS, &[]),
                    ))
                })?,
            };
            match format {
                Format::Json => out.json(policy)?,
                Format::Text => out.write(&as_file(policy))?,
            }
        }
        What::Check => {
            let count = rules.editions.iter().count().to_string();
            let values = [("n", count.as_str()), ("id", &current.id)];
            out.line(&cli::EDITIONS_GOOD.with(lang, &values))?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// An edition as it would stand in its file: what a centre copies to write its next one.
fn as_file(policy: &Policy) -> String {
    // Every field of an edition has its place in TOML.
    toml::to_string(policy).unwrap_or_default()
}
