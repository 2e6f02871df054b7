//! `fenbo department`: who there is to dispatch to. The directory is files, which a person edits; this reads and checks them.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::output::Table;
use super::session::Session;
use super::wording;
use crate::domain::department::Department;
use crate::i18n::cli;
use crate::i18n::failures::Told;
use serde_json::{Value, json};

/// Options of `fenbo department`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 列出全部承办单位 | lists all departments
    List {
        /// 输出格式 | output format
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 查看一个承办单位 | shows one department
    Show {
        /// 代码、名称或别名 | code, name or alias
        #[arg(value_name = "DEPARTMENT")]
        name: String,
        /// 输出格式 | output format
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 检查名录文件：单位、街道、社区、类别 | checks the directory's files: departments, streets, communities, categories
    Check,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let rules = session.rules()?;
    let directory = &rules.directory;
    let lang = session.lang;
    let mut out = session.out();
    match &args.what {
        What::List {
            format: Format::Json,
        } => {
            let all: Vec<Value> = directory.departments().iter().map(value).collect();
            out.json(&all)?;
        }
        What::List {
            format: Format::Text,
        } => {
            let header = [
                cli::COLUMN_CODE,
                cli::COLUMN_NAME,
                cli::COLUMN_ALIASES,
                cli::COLUMN_ACTIVE,
            ];
            let mut table = Table::new(&header.map(|text| text.of(lang)));
            for department in directory.departments() {
                table.row([
                    department.code.clone(),
                    wording::department(&department.code, directory, lang),
                    department.aliases.join(" "),
                    yes(department.active).of(lang).to_owned(),
                ]);
            }
            out.table(&table)?;
        }
        What::Show { name, format } => {
            let found = directory.find_department(None, name).ok_or_else(|| {
                Stop::refused(Told::new(
                    lang,
                    (cli::NOT_SHOWN, &[("asked", name)]),
                    (cli::NO_SUCH_DEPARTMENT, &[]),
                    (cli::SEE_DEPARTMENTS, &[]),
                ))
            })?;
            match format {
                Format::Json => out.json(&value(found))?,
                Format::Text => {
                    let fields = [
                        (cli::COLUMN_CODE, found.code.clone()),
                        (
                            cli::COLUMN_NAME,
                            format!("{} {}", found.name, found.name_en),
                        ),
                        (cli::COLUMN_ALIASES, found.aliases.join(" ")),
                        (cli::COLUMN_IDS, found.external_ids.join(" ")),
                        (cli::COLUMN_PARENT, found.parent.clone().unwrap_or_default()),
                        (cli::COLUMN_ACTIVE, yes(found.active).of(lang).to_owned()),
                    ];
                    for (label, text) in fields {
                        out.line(&format!("{}: {}", label.of(lang), text.trim()))?;
                    }
                }
            }
        }
        What::Check => {
            let counts = [
                ("departments", directory.departments().len().to_string()),
                ("streets", directory.streets().len().to_string()),
                ("communities", directory.communities().len().to_string()),
                ("categories", directory.categories().len().to_string()),
            ];
            let counts = counts.each_ref().map(|(name, n)| (*name, n.as_str()));
            out.line(&cli::DIRECTORY_GOOD.with(lang, &counts))?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// Yes or no.
pub fn yes(is: bool) -> crate::i18n::Text {
    if is { cli::YES } else { cli::NO }
}

fn value(department: &Department) -> Value {
    json!({
        "code": department.code,
        "name": department.name,
        "aliases": department.aliases,
        "parent": department.parent,
        "active": department.active,
    })
}
