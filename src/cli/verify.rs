//! `fenbo verify`: the ledger is replayed and compared with everything kept beside it.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::Out;
use super::session::Session;
use crate::i18n::failures::Told;
use crate::i18n::{Lang, safekeeping};
use crate::service::{Access, Problem, Report};
use serde_json::{Value, json};

/// Options of `fenbo verify`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let (centre, _) = session.open(Access::ReadOnly)?;
    let report = centre
        .verify(|_, _| ())
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    let mut out = session.out();
    match args.format {
        Format::Json => out.json(&value(&report))?,
        Format::Text => text(&report, session.lang, &mut out)?,
    }
    out.finish()?;
    if report.ok {
        return Ok(Exit::Done);
    }
    Err(Stop::failed(Told::new(
        session.lang,
        (
            safekeeping::NOT_VERIFIED,
            &[("path", &centre.path().display().to_string())],
        ),
        (
            safekeeping::PROBLEMS_FOUND,
            &[("n", &report.problems.len().to_string())],
        ),
        (safekeeping::KEEP_AND_RESTORE, &[]),
    )))
}

/// A report as JSON has it.
pub fn value(report: &Report) -> Value {
    let problems: Vec<Value> = report.problems.iter().map(problem).collect();
    json!({
        "ok": report.ok,
        "events": report.events,
        "tickets": report.tickets,
        "head": report.head,
        "problems": problems,
    })
}

fn problem(problem: &Problem) -> Value {
    match problem {
        Problem::File { what } => json!({"kind": "file", "what": what}),
        Problem::Gap { seq } => json!({"kind": "gap", "seq": seq}),
        Problem::Chain { seq } => json!({"kind": "chain", "seq": seq}),
        Problem::Content { seq } => json!({"kind": "content", "seq": seq}),
        Problem::Event { seq } => json!({"kind": "event", "seq": seq}),
        Problem::State { seq } => json!({"kind": "state", "seq": seq}),
        Problem::Row { no, column } => json!({"kind": "row", "no": no, "column": column}),
        Problem::Texts { no } => json!({"kind": "texts", "no": no}),
        Problem::Attachment { no, sha256 } => {
            json!({"kind": "attachment", "no": no, "sha256": sha256})
        }
        Problem::Unknown { no } => json!({"kind": "unknown", "no": no}),
        Problem::Operator { code } => json!({"kind": "operator", "code": code}),
        Problem::Gateways => json!({"kind": "gateways"}),
        Problem::Count {
            scope,
            what,
            bucket,
        } => {
            json!({"kind": "count", "scope": scope, "what": what, "bucket": bucket})
        }
        Problem::Departments { no } => json!({"kind": "departments", "no": no}),
        Problem::Number { no } => json!({"kind": "number", "no": no}),
        Problem::Search { no } => json!({"kind": "search", "no": no}),
    }
}

fn words(problem: &Problem, lang: Lang) -> String {
    let seq = |text: crate::i18n::Text, seq: &i64| text.with(lang, &[("seq", &seq.to_string())]);
    let no = |text: crate::i18n::Text, no: &str| text.with(lang, &[("no", no)]);
    match problem {
        Problem::File { what } => safekeeping::PROBLEM_FILE.with(lang, &[("what", what)]),
        Problem::Gap { seq: at } => seq(safekeeping::PROBLEM_GAP, at),
        Problem::Chain { seq: at } => seq(safekeeping::PROBLEM_CHAIN, at),
        Problem::Content { seq: at } => seq(safekeeping::PROBLEM_CONTENT, at),
        Problem::Event { seq: at } => seq(safekeeping::PROBLEM_EVENT, at),
        Problem::State { seq: at } => seq(safekeeping::PROBLEM_STATE, at),
        Problem::Row { no, column } => {
            safekeeping::PROBLEM_ROW.with(lang, &[("no", no), ("column", column)])
        }
        Problem::Texts { no: at } => no(safekeeping::PROBLEM_TEXTS, at),
        Problem::Attachment { no, sha256 } => {
            safekeeping::PROBLEM_ATTACHMENT.with(lang, &[("no", no), ("sha256", sha256)])
        }
        Problem::Unknown { no: at } => no(safekeeping::PROBLEM_UNKNOWN, at),
        Problem::Operator { code } => no(safekeeping::PROBLEM_OPERATOR, code),
        Problem::Gateways => safekeeping::PROBLEM_GATEWAYS.of(lang).to_owned(),
        Problem::Count { what, .. } => safekeeping::PROBLEM_COUNT.with(lang, &[("what", what)]),
        Problem::Departments { no: at } => no(safekeeping::PROBLEM_DEPARTMENTS, at),
        Problem::Number { no: at } => no(safekeeping::PROBLEM_NUMBER, at),
        Problem::Search { no: at } => no(safekeeping::PROBLEM_SEARCH, at),
    }
}

fn text(report: &Report, lang: Lang, out: &mut Out) -> Result<(), Stop> {
    let values = [
        ("events", report.events.to_string()),
        ("tickets", report.tickets.to_string()),
        ("head", report.head.clone()),
    ];
    let values = values.each_ref().map(|(name, n)| (*name, n.as_str()));
    let verdict = if report.ok {
        safekeeping::VERIFIED
    } else {
        safekeeping::VERIFIED_BAD
    };
    out.line(&verdict.with(lang, &values))?;
    for problem in &report.problems {
        let line = words(problem, lang);
        out.line(&crate::domain::shown::clean_line(&line))?;
    }
    Ok(())
}
