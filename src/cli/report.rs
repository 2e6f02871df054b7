//! `fenbo report KIND`: the figures of a period as text, Markdown, HTML, CSV, XLSX or JSON, printed or in a new file.
//!
//! Counts and words nothing: `service` computes, `report` writes.

use super::exit::{Exit, Outcome, Stop};
use super::output::{note, stop};
use super::session::Session;
use super::{failing, newfile};
use crate::domain::period::PeriodKind;
use crate::i18n::failures::Told;
use crate::i18n::{cli, report as words};
use crate::report::{self, Format};
use crate::service::Access;
use chrono::NaiveDate;
use clap::ValueEnum;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

/// Options of `fenbo report`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 哪种报告 | which report
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// 期间内的任一天，如 2018-10-01（不写则为今天） | any day of the period, such as 2018-10-01 (else today)
    #[arg(long, value_name = "DATE")]
    of: Option<NaiveDate>,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: ReportFormat,
    /// 写进这个新文件；不覆盖已有文件（不写则输出到标准输出） | writes to this new file, never over an existing one (else to standard output)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The period a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// 日报 | a day
    Day,
    /// 周报 | a week
    Week,
    /// 月报 | a month
    Month,
    /// 季报 | a quarter
    Quarter,
    /// 年报 | a year
    Year,
}

impl From<Kind> for PeriodKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Day => Self::Day,
            Kind::Week => Self::Week,
            Kind::Month => Self::Month,
            Kind::Quarter => Self::Quarter,
            Kind::Year => Self::Year,
        }
    }
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// 文字 | text
    Text,
    /// Markdown | Markdown
    Md,
    /// 一个网页文件，图在其中，可打印 | one HTML file with its charts, ready to print
    Html,
    /// CSV，可用 Excel 打开 | CSV, for Excel too
    Csv,
    /// Excel 工作簿 | an Excel workbook
    Xlsx,
    /// JSON | JSON
    Json,
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Text => Self::Text,
            ReportFormat::Md => Self::Markdown,
            ReportFormat::Html => Self::Html,
            ReportFormat::Csv => Self::Csv,
            ReportFormat::Xlsx => Self::Xlsx,
            ReportFormat::Json => Self::Json,
        }
    }
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let format = Format::from(args.format);
    if args.output.is_none() && format.is_binary() && io::stdout().is_terminal() {
        return Err(session.usage(
            (words::NOT_SHOWN, &[]),
            (words::NO_TEXT, &[]),
            (words::NAME_A_FILE, &[]),
        ));
    }
    let (centre, now) = session.open(Access::ReadOnly)?;
    let of = args.of.unwrap_or_else(|| centre.zone(now).date(now));
    let figures = centre
        .figures(args.kind.into(), of, now)
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    let bytes = report::render(&figures, format, session.lang).map_err(|error| {
        Stop::failed(Told::new(
            session.lang,
            (cli::NOT_WRITTEN, &[]),
            (cli::SYSTEM_SAYS, &[("detail", &error.to_string())]),
            (words::OTHER_FORMAT, &[]),
        ))
    })?;
    match &args.output {
        Some(path) => {
            newfile::write(path, &bytes)
                .map_err(|error| failing::file(cli::NOT_WRITTEN_TO, path, &error, session.lang))?;
            let path = path.display().to_string();
            note(&words::WRITTEN.with(session.lang, &[("path", &path)]));
        }
        None => io::stdout()
            .lock()
            .write_all(&bytes)
            .and_then(|()| io::stdout().flush())
            .map_err(|error| stop(&error, session.lang))?,
    }
    Ok(Exit::Done)
}
