//! `fenbo list`: the queue as a table, JSON, JSON Lines or CSV. Reads page by page, never all rows at once.

use super::exit::{Outcome, Stop};
use super::failing;
use super::output::{Out, Table, stop};
use super::session::Session;
use super::ticket_json::TicketJson;
use super::wording;
use crate::domain::filter::{Filter, Reading};
use crate::domain::instant::Instant;
use crate::domain::queue::{From, Query, Row, Sort, View};
use crate::domain::shown;
use crate::i18n::failures;
use crate::i18n::{Lang, cli, words};
use crate::report;
use crate::service::unread::Unread;
use crate::service::{Access, Centre, FailureKind, NotDone};
use clap::ValueEnum;
use serde_json::json;

/// Rows read at once.
const PAGE: usize = 500;

/// Options of `fenbo list`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 视图：desk 待分拨、open 在办、red-yellow 红黄灯、decisions 待裁定、review 审核回访、supervision 督办、all 全部，或 1…7 | view: desk, open, red-yellow, decisions, review, supervision, all, or 1…7
    #[arg(long, default_value = "all", value_name = "VIEW")]
    view: String,
    /// 状态，用逗号分开，如 filed,dispatched 或 待分拨,待签收 | states with commas between them, such as filed,dispatched
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// 灯：red 红、yellow 黄、green 绿、paused 停、done 按时、late 超期 | light: red, yellow, green, paused, done, late
    #[arg(long, value_name = "LIGHT")]
    light: Option<String>,
    /// 主办单位：代码、名称或别名 | lead department: code, name or alias
    #[arg(long, value_name = "DEPARTMENT")]
    department: Option<String>,
    /// 筛选，与分拨台的 / 相同，如 "灯:红 -来源:12345 路灯" | filter, as / in the console, such as "light:red -source:12345 lamp"
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    query: Option<String>,
    /// 次序：due 期限、newest 最新、oldest 最早、urgency 紧急程度、stage 环节时限 | order: due (deadline), newest, oldest, urgency, stage (the stage's limit)
    #[arg(long, value_name = "SORT", default_value = "due")]
    sort: String,
    /// 最多列出几件；0 为全部 | lists at most so many tickets; 0 is all
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u64,
    /// 输出格式 | output format
    #[arg(long, default_value = "table")]
    format: ListFormat,
}

/// How the list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// 表格 | a table
    Table,
    /// JSON | JSON
    Json,
    /// 每行一个 JSON | one JSON a line
    Jsonl,
    /// CSV | CSV
    Csv,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let (centre, now) = session.open(Access::ReadOnly)?;
    let query = query(args, &centre, now, session)?;
    let mut out = session.out();
    let mut unread = Unread::default();
    match args.format {
        ListFormat::Table => table(&centre, &query, args.limit, session, &mut out)?,
        ListFormat::Json => json(&centre, &query, args.limit, session, &mut unread, &mut out)?,
        ListFormat::Jsonl => {
            each(&centre, &query, args.limit, session, |row| {
                match ticket(&centre, row, now, &mut unread, session)? {
                    Some(ticket) => out.json(&ticket),
                    None => Ok(()),
                }
            })?;
        }
        ListFormat::Csv => csv(&centre, &query, args.limit, session, &mut unread, &mut out)?,
    }
    out.finish()?;
    failing::unread(&unread, session)
}

/// The facts of a row; nothing where they cannot be read, or not be found again by its number: then it is one more unread.
fn ticket(
    centre: &Centre,
    row: &Row,
    now: Instant,
    unread: &mut Unread,
    session: &Session,
) -> Result<Option<TicketJson>, Stop> {
    let cause = match centre.facts(&row.no) {
        Ok((ticket, marks, texts)) => {
            let rules = centre.rules();
            return Ok(Some(TicketJson::of(&ticket, marks, &texts, rules, now)));
        }
        Err(NotDone::Failed(failure)) if failure.kind == FailureKind::Damaged => failure.cause,
        Err(NotDone::NotFound { .. }) => format!("row {} is not found by its number", row.id),
        Err(why) => return Err(failing::not_done(&why, session)),
    };
    unread.insert(row.no.clone(), cause);
    Ok(None)
}

/// What the options ask for; each is a term of the filter language.
fn query(args: &Args, centre: &Centre, now: Instant, session: &Session) -> Result<Query, Stop> {
    let terms = [
        ("state", &args.state),
        ("light", &args.light),
        ("department", &args.department),
    ];
    let mut text = args.query.clone().unwrap_or_default();
    for (field, value) in terms {
        if let Some(value) = value {
            let value = value.replace('"', "");
            text = format!("{text} {field}:\"{value}\"");
        }
    }
    let reading = Reading {
        directory: &centre.rules().directory,
        zone: centre.zone(now),
        now,
    };
    let filter = Filter::parse(&text, reading)
        .map_err(|error| Stop::usage(failures::filter(&error, session.lang)))?;
    Ok(Query {
        view: view(&args.view, session)?,
        filter,
        sort: sort(&args.sort, session)?,
        department: None,
        now,
    })
}

fn view(text: &str, session: &Session) -> Result<View, Stop> {
    let lists = Centre::list_views().collect::<Vec<_>>();
    let digit = text.chars().next().filter(|_| text.len() == 1);
    View::from_code(text)
        .or_else(|| digit.and_then(View::from_digit))
        .or_else(|| {
            lists.iter().copied().find(|v| {
                let name = words::view(*v);
                [name.zh, name.en].contains(&text)
            })
        })
        .filter(|view| lists.contains(view))
        .ok_or_else(|| bad("--view", text, lists.iter().map(|v| v.code()), session))
}

fn sort(text: &str, session: &Session) -> Result<Sort, Stop> {
    Sort::from_code(text)
        .ok_or_else(|| bad("--sort", text, Sort::ALL.iter().map(|s| s.code()), session))
}

fn bad<'a>(
    option: &str,
    value: &str,
    known: impl Iterator<Item = &'a str>,
    session: &Session,
) -> Stop {
    let known: Vec<String> = known.map(|code| code.replace('_', "-")).collect();
    session.usage(
        (cli::BAD_OPTION, &[("option", option), ("value", value)]),
        (cli::NO_SUCH_VALUE, &[]),
        (cli::VALUES_ARE, &[("values", &known.join(" "))]),
    )
}

/// Calls `take` for each row, page by page, up to `limit` (0: all).
fn each(
    centre: &Centre,
    query: &Query,
    limit: u64,
    session: &Session,
    mut take: impl FnMut(&Row) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut left = if limit == 0 { u64::MAX } else { limit };
    let mut from = From::Start;
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(PAGE).min(PAGE);
        let page = centre
            .page(query, from, most)
            .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
        for (anchor, row) in &page.rows {
            take(row)?;
            from = From::After(*anchor);
        }
        left = left.saturating_sub(page.rows.len() as u64);
        if !page.after || page.rows.is_empty() {
            break;
        }
    }
    Ok(())
}

fn total(centre: &Centre, query: &Query, session: &Session) -> Result<u64, Stop> {
    centre
        .total(query)
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))
}

fn json(
    centre: &Centre,
    query: &Query,
    limit: u64,
    session: &Session,
    unread: &mut Unread,
    out: &mut Out,
) -> Result<(), Stop> {
    // Written piece by piece, so that a list of all tickets is never held at once.
    out.write(&format!(
        "{{\"total\":{},\"tickets\":[",
        total(centre, query, session)?
    ))?;
    let mut first = true;
    each(centre, query, limit, session, |row| {
        let Some(ticket) = ticket(centre, row, query.now, unread, session)? else {
            return Ok(());
        };
        out.write(if std::mem::take(&mut first) {
            "\n"
        } else {
            ",\n"
        })?;
        out.write(&shown::in_json(&json!(ticket).to_string()))
    })?;
    out.write("\n]}\n")
}

fn csv(
    centre: &Centre,
    query: &Query,
    limit: u64,
    session: &Session,
    unread: &mut Unread,
    out: &mut Out,
) -> Result<(), Stop> {
    let mut headed = false;
    each(centre, query, limit, session, |row| {
        let Some(ticket) = ticket(centre, row, query.now, unread, session)? else {
            return Ok(());
        };
        let cells = ticket.cells();
        if !headed {
            headed = true;
            let names: Vec<&str> = cells.iter().map(|(name, _)| name.as_str()).collect();
            out.write(&record(&names, session.lang)?)?;
        }
        let cells: Vec<String> = cells.iter().map(|(_, cell)| harmless(cell)).collect();
        out.write(&record(&cells, session.lang)?)
    })
}

/// One line of CSV.
fn record(cells: &[impl AsRef<[u8]>], lang: Lang) -> Result<String, Stop> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: std::io::Error| stop(&error, lang);
    writer
        .write_record(cells)
        .map_err(|error| failed(std::io::Error::other(error)))?;
    let bytes = writer
        .into_inner()
        .map_err(|error| failed(std::io::Error::other(error.to_string())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A cell that drives no terminal and that no spreadsheet takes for a formula: `'` in front of what would begin one.
pub fn harmless(cell: &str) -> String {
    let clean = shown::clean(cell);
    if report::is_formula(&clean) {
        format!("'{clean}")
    } else {
        clean.into_owned()
    }
}

fn table(
    centre: &Centre,
    query: &Query,
    limit: u64,
    session: &Session,
    out: &mut Out,
) -> Result<(), Stop> {
    let lang = session.lang;
    let header = [
        cli::COLUMN_LIGHT,
        cli::COLUMN_DUE,
        cli::COLUMN_NO,
        cli::COLUMN_STATE,
        cli::COLUMN_CLASS,
        cli::COLUMN_SOURCE,
        cli::COLUMN_STREET,
        cli::COLUMN_LEAD,
        cli::COLUMN_TITLE,
    ]
    .map(|text| text.of(lang));
    let mut table = Table::new(&header);
    let mut lights = vec![None];
    each(centre, query, limit, session, |row| {
        lights.push(Some(row.light(query.now)));
        table.row(cells(row, centre, query.now, lang));
        Ok(())
    })?;
    let total = total(centre, query, session)?;
    if lights.len() == 1 {
        return out.line(cli::EMPTY_LIST.of(lang));
    }
    for (line, light) in table.lines(out.columns).iter().zip(&lights) {
        let line = light.map_or_else(|| line.clone(), |light| out.tinted(line, light));
        out.line(&line)?;
    }
    let shown = (lights.len() - 1).to_string();
    let counts = [("shown", shown.as_str()), ("total", &total.to_string())];
    out.line(&cli::SHOWN_OF.with(lang, &counts))
}

fn cells(row: &Row, centre: &Centre, now: Instant, lang: Lang) -> Vec<String> {
    let rules = centre.rules();
    let due = row.marks.due_at.map_or_else(
        || match row.marks.warn_at {
            // Counted into a year whose notice is not known.
            Some(_) => "?".to_owned(),
            None => String::new(),
        },
        |due| centre.zone(now).date(due.plus(-1)).to_string(),
    );
    let lead = row.lead.as_deref().unwrap_or_default();
    vec![
        words::light_of(row.light(now), row.on_time)
            .of(lang)
            .to_owned(),
        due,
        row.no.clone(),
        words::state(&row.state, lang),
        row.limit_class
            .map(|class| words::limit_class_short(class).of(lang).to_owned())
            .unwrap_or_default(),
        row.source.clone(),
        row.street.clone().unwrap_or_default(),
        wording::department(lead, &rules.directory, lang),
        row.title.clone(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_a_formula() {
        for cell in ["=1+1", "+86 138", "-2", "@x", "\t=1", " =1", "＝1"] {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(harmless("路灯=坏"), "路灯=坏");
    }
}
