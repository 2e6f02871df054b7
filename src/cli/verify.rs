//! `fenbo verify`: the ledger is replayed and compared with everything kept beside it.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::{Out, note};
use super::session::Session;
use crate::domain::instant::Zone;
use crate::i18n::failures::Told;
use crate::i18n::{Lang, safekeeping};
use crate::service::heads::Known;
use crate::service::{Access, Centre, Head, Problem, Report};
use serde_json::{Value, json};

/// Options of `fenbo verify`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 再与这个校验值核对：报表、督办文书上印的“条数:校验值”，可写多次 | also hold it against this head: ENTRY:HEAD as a report or a paper has it; may be given again
    #[arg(long, value_name = "ENTRY:HEAD")]
    head: Vec<String>,
    /// 从备份恢复以后：认可现在的流转记录，不再与此前公布的校验值核对 | after a restore: accept the ledger as it is, and hold it no more against the heads published before
    #[arg(long)]
    accept: bool,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let given = heads(&args.head, session.lang)?;
    let access = if args.accept {
        session.access()
    } else {
        Access::ReadOnly
    };
    let (mut centre, now) = session.open(access)?;
    let failed = |failure| Stop::failed(failing::store(&failure, session));
    let mut report = centre.verify(|_, _| ()).map_err(failed)?;
    centre.hold_against(&given, &mut report).map_err(failed)?;
    let agrees = !given.is_empty() && !report.problems.iter().any(is_published);
    // A ledger that contradicts itself, or what is on paper, is not to be accepted.
    let accepted = args.accept && report.ok;
    if accepted {
        centre
            .accept_head(now)
            .map_err(|why| failing::not_done(&why, session))?;
    }
    let (known, unreadable) = match centre.published_heads() {
        Ok(known) => (known, None),
        Err(why) => (Known::default(), Some(why)),
    };
    centre
        .hold_against(&known.heads, &mut report)
        .map_err(failed)?;
    let (zone, lang) = (centre.zone(now), session.lang);
    let mut out = session.out();
    match args.format {
        Format::Json => out.json(&value(&report, zone))?,
        Format::Text => {
            text(&report, zone, lang, &mut out)?;
            if agrees {
                let n = given.len().to_string();
                out.line(&safekeeping::GIVEN_AGREE.with(lang, &[("n", &n)]))?;
            }
            out.line(&compared(&known, &report, accepted, &centre, lang))?;
        }
    }
    out.finish()?;
    if known.unread > 0 {
        let (n, path) = (known.unread.to_string(), file_of(&centre));
        note(&safekeeping::HEADS_UNREAD.with(lang, &[("n", &n), ("path", &path)]));
    }
    match (report.ok, unreadable) {
        (true, None) => Ok(Exit::Done),
        (true, Some(why)) => {
            let told = failing::store(&why, session);
            Err(Stop::failed(
                told.about(safekeeping::HEADS_NOT_READ.of(lang)),
            ))
        }
        (false, _) => Err(Stop::failed(not_verified(&report, &centre, lang))),
    }
}

fn not_verified(report: &Report, centre: &Centre, lang: Lang) -> Told {
    let next = if report.problems.iter().all(is_published) {
        safekeeping::RESTORED_OR_CHANGED
    } else {
        safekeeping::KEEP_AND_RESTORE
    };
    let path = centre.path().display().to_string();
    let n = report.problems.len().to_string();
    Told::new(
        lang,
        (safekeeping::NOT_VERIFIED, &[("path", &path)]),
        (safekeeping::PROBLEMS_FOUND, &[("n", &n)]),
        (next, &[]),
    )
}

fn is_published(problem: &Problem) -> bool {
    matches!(problem, Problem::Published(_))
}

/// The file the heads were read from.
fn file_of(centre: &Centre) -> String {
    let file = centre.head_places().file.as_ref();
    file.map_or_else(String::new, |file| file.display().to_string())
}

/// What the ledger was held against.
fn compared(known: &Known, report: &Report, accepted: bool, centre: &Centre, lang: Lang) -> String {
    let path = file_of(centre);
    let Some(last) = known.heads.last() else {
        return safekeeping::NO_HEADS.with(lang, &[("path", &path)]);
    };
    let (n, seq) = (known.heads.len().to_string(), last.seq.to_string());
    let values = [("n", n.as_str()), ("seq", &seq), ("path", &path)];
    if accepted {
        return safekeeping::HEAD_ACCEPTED.with(lang, &values);
    }
    if report.problems.iter().any(is_published) {
        return safekeeping::HEADS_COMPARED.with(lang, &values);
    }
    safekeeping::HEADS_AGREE.with(lang, &values)
}

/// Least digits of a head that is given: no two entries have the same ones.
const DIGITS: usize = 16;

/// The heads given on the command line.
fn heads(given: &[String], lang: Lang) -> Result<Vec<Head>, Stop> {
    let read = |text: &String| {
        let (seq, hash) = text.split_once([':', '：'])?;
        let hash = hash.trim().to_ascii_lowercase();
        let is_hash = (DIGITS..=64).contains(&hash.len())
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let seq = seq.trim().parse().ok()?;
        is_hash.then_some(Head {
            at: None,
            seq,
            hash,
        })
    };
    let told = |text: &String| {
        let told = Told::new(
            lang,
            (safekeeping::NO_HEAD, &[("text", text)]),
            (safekeeping::HEAD_FORM, &[]),
            (safekeeping::HEAD_PLACES, &[]),
        );
        Stop::Told(Exit::Usage, told)
    };
    given
        .iter()
        .map(|text| read(text).ok_or_else(|| told(text)))
        .collect()
}

/// A report as JSON has it.
pub fn value(report: &Report, zone: Zone) -> Value {
    let problems: Vec<Value> = report
        .problems
        .iter()
        .map(|one| problem(one, zone))
        .collect();
    json!({
        "ok": report.ok,
        "events": report.events,
        "tickets": report.tickets,
        "head": report.head,
        "problems": problems,
    })
}

fn problem(problem: &Problem, zone: Zone) -> Value {
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
        Problem::Published(head) => json!({
            "kind": "published",
            "seq": head.seq,
            "head": head.hash,
            "at": head.at.map(|at| zone.rfc3339(at)),
        }),
    }
}

fn words(problem: &Problem, zone: Zone, lang: Lang) -> String {
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
        Problem::Published(head) => {
            let at = head.at.map(|at| zone.minute(at));
            let at = at.unwrap_or_else(|| safekeeping::ON_PAPER.of(lang).to_owned());
            let seq = head.seq.to_string();
            let values = [("seq", seq.as_str()), ("head", &head.hash), ("at", &at)];
            safekeeping::PROBLEM_PUBLISHED.with(lang, &values)
        }
    }
}

fn text(report: &Report, zone: Zone, lang: Lang, out: &mut Out) -> Result<(), Stop> {
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
        let line = words(problem, zone, lang);
        out.line(&crate::domain::shown::clean_line(&line))?;
    }
    Ok(())
}
