//! `fenbo show NO`: one ticket with its facts, its clocks and their arithmetic, its ledger, and who held it for how long.

use super::args::Format;
use super::deadline::{Day, arithmetic};
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::{Out, Table};
use super::session::Session;
use super::ticket_json::{TicketJson, present, with_times, zone};
use super::{waiting, wording};
use crate::domain::clock::{Clock, Counting, Deadline};
use crate::domain::dwell;
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use crate::domain::queue::Detail;
use crate::domain::shown;
use crate::domain::supplement::{Attachment, size};
use crate::domain::ticket::Ticket;
use crate::i18n::{Lang, Text, cli, ledger, words};
use crate::service::{Access, Centre};
use serde_json::{Value, json};

/// Options of `fenbo show`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 工单编号，或编号中唯一的结尾 | the ticket's number, or an ending of it that is unique
    #[arg(value_name = "NO")]
    no: String,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let (centre, now) = session.open(Access::ReadOnly)?;
    let detail = centre
        .find(&args.no)
        .and_then(|no| centre.detail(&no))
        .map_err(|why| failing::not_done(&why, session))?;
    let mut out = session.out();
    match args.format {
        Format::Json => out.json(&whole(&detail, &centre, now))?,
        Format::Text => text(&detail, &centre, now, session.lang, &mut out)?,
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// A clock of a ticket with what it comes to; the year when its notice is not known.
struct Ticking<'a> {
    kind: &'static str,
    name: Text,
    clock: &'a Clock,
    deadline: Result<Deadline, i32>,
}

fn clocks<'a>(ticket: &'a Ticket, centre: &Centre) -> Vec<Ticking<'a>> {
    let rules = centre.rules();
    let policy = rules.editions.of(&ticket.edition, ticket.created_at);
    let citizen = ticket
        .clock
        .as_ref()
        .map(|c| ("citizen", cli::CITIZEN_CLOCK, c));
    let redo = ticket
        .redo_clock
        .as_ref()
        .map(|c| ("redo", cli::REDO_CLOCK, c));
    citizen
        .into_iter()
        .chain(redo)
        .map(|(kind, name, clock)| Ticking {
            kind,
            name,
            clock,
            deadline: clock
                .deadline(&rules.calendar, Counting::of(policy))
                .map_err(|year| year.0),
        })
        .collect()
}

fn whole(detail: &Detail, centre: &Centre, now: Instant) -> Value {
    let rules = centre.rules();
    let zone = zone(&detail.ticket, rules);
    let ticket = &detail.ticket;
    let mut value = json!(TicketJson::of(
        ticket,
        detail.marks,
        &detail.texts,
        rules,
        now
    ));
    let clock = |ticking: &Ticking<'_>| {
        let deadline = ticking.deadline.as_ref().ok();
        json!({
            "kind": ticking.kind,
            "edition": ticket.edition,
            "started_at": zone.rfc3339(ticking.clock.started),
            "limit": ticking.clock.current_limit(),
            "changes": with_times(json!(ticking.clock.marks), zone),
            "last_day": deadline.map(|d| d.last_day),
            "warn_at": deadline.map(|d| zone.rfc3339(d.warn_at)),
            "due_at": deadline.map(|d| zone.rfc3339(d.due_at)),
            "provisional": deadline.map(|d| d.provisional),
            "unknown_year": ticking.deadline.as_ref().err(),
            "days": deadline.map(|d| d.days.iter().map(Day::of).collect::<Vec<_>>()),
        })
    };
    let mut all: Vec<Value> = clocks(ticket, centre).iter().map(clock).collect();
    if let Some(due) = detail.marks.stage_due_at {
        all.push(json!({
            "kind": "stage",
            "state": ticket.state.code(),
            "started_at": zone.rfc3339(ticket.state_since),
            "due_at": zone.rfc3339(due),
        }));
    }
    let ledger: Vec<Value> = detail
        .ledger
        .iter()
        .map(|entry| {
            let event = json!(entry.event);
            let data = event.get("data").cloned().unwrap_or(Value::Null);
            json!({
                "seq": entry.seq,
                "at": zone.rfc3339(entry.at),
                "by": entry.by,
                "event": entry.event.code(),
                "data": with_times(data, zone),
            })
        })
        .collect();
    let holders: Vec<Value> = dwell::stays(&detail.ledger)
        .iter()
        .map(|stay| {
            json!({
                "holder": stay.holder,
                "name": wording::holder(&stay.holder, &rules.directory, Lang::Zh),
                "from": zone.rfc3339(stay.from),
                "to": stay.to.map(|to| zone.rfc3339(to)),
                "seconds": stay.seconds(now),
            })
        })
        .collect();
    let letters: Vec<Value> = detail
        .supplements
        .iter()
        .map(|letter| {
            json!({
                "at": zone.rfc3339(letter.at),
                "kind": letter.facts.sort.code(),
                "from": present(&letter.text.sender),
                "known_sender": letter.facts.known_sender,
                "title": present(&letter.text.title),
                "content": present(&letter.text.content),
                "attachments": attached(letter.attachments(), centre),
            })
        })
        .collect();
    let requester = &detail.texts.requester;
    let point = detail.texts.point();
    if let Value::Object(fields) = &mut value {
        fields.insert("clocks".into(), json!(all));
        fields.insert("ledger".into(), json!(ledger));
        fields.insert("holders".into(), json!(holders));
        fields.insert(
            "requester".into(),
            json!({
                "name": present(&requester.name),
                "phone": present(&requester.phone),
                "email": present(&requester.email),
                "address": present(&requester.address),
                "masked": detail.masked,
            }),
        );
        fields.insert(
            "attachments".into(),
            json!(attached(detail.attachments.iter().cloned(), centre)),
        );
        fields.insert("supplements".into(), json!(letters));
        // Beyond the contract's fields, behind them.
        let asked = waiting::applications(detail, centre, now);
        fields.insert("applications".into(), asked);
        fields.insert("callees".into(), waiting::callees(detail, centre));
        fields.insert("why_red".into(), waiting::why_red(detail, centre, now));
        fields.insert("false_closure_of".into(), json!(ticket.false_closure_of));
        fields.insert(
            "media".into(),
            json!(detail.texts.media().collect::<Vec<_>>()),
        );
        fields.insert("lat".into(), json!(point.map(|(lat, _)| lat)));
        fields.insert("long".into(), json!(point.map(|(_, long)| long)));
        fields.insert("answers".into(), json!(detail.texts.answers()));
    }
    value
}

fn attached(files: impl Iterator<Item = Attachment>, centre: &Centre) -> Vec<Value> {
    files
        .map(|attachment| {
            let file = &attachment.file;
            json!({
                "name": present(&attachment.name),
                "media_type": file.media_type,
                "size": file.size,
                "sha256": file.sha256,
                "path": centre.attachment(&file.sha256).filter(|_| file.kept),
            })
        })
        .collect()
}

/// One attached file in a line: its name, sort and size, and where it is kept.
fn attachment(attachment: &Attachment, centre: &Centre, lang: Lang) -> String {
    let file = &attachment.file;
    let name = present(&attachment.name).unwrap_or_else(|| cli::NAMELESS.of(lang).to_owned());
    let path = centre
        .attachment(&file.sha256)
        .map(|path| path.display().to_string())
        .unwrap_or_default();
    let values = [
        ("name", name),
        ("type", file.media_type.clone()),
        ("size", size(file.size)),
        ("path", path),
        ("sha256", file.sha256.clone()),
    ];
    let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
    let said = if file.kept {
        cli::ATTACHMENT
    } else {
        cli::ATTACHMENT_NOT_KEPT
    };
    said.with(lang, &values)
}

/// The letters that joined a ticket, with their words and files.
fn letters(detail: &Detail, centre: &Centre, lang: Lang, out: &mut Out) -> Result<(), Stop> {
    if detail.supplements.is_empty() {
        return Ok(());
    }
    let zone = zone(&detail.ticket, centre.rules());
    out.line("")?;
    out.line(cli::LETTERS.of(lang))?;
    for letter in &detail.supplements {
        let head = format!(
            "  {}  {}  {}  {}",
            zone.minute(letter.at),
            words::letter(letter.facts.sort).of(lang),
            letter.text.sender,
            letter.text.title
        );
        out.line(&shown::clean_line(&head))?;
        let content = shown::clean(&letter.text.content).replace('\n', "\n    ");
        if !content.is_empty() {
            out.line(&format!("    {content}"))?;
        }
        for file in letter.attachments() {
            let line = attachment(&file, centre, lang);
            let label = cli::FACT_ATTACHMENT.of(lang);
            out.line(&format!("    {label}: {}", shown::clean_line(&line)))?;
        }
    }
    Ok(())
}

fn text(
    detail: &Detail,
    centre: &Centre,
    now: Instant,
    lang: Lang,
    out: &mut Out,
) -> Result<(), Stop> {
    facts(detail, centre, now, lang, out)?;
    for file in &detail.attachments {
        let line = attachment(file, centre, lang);
        let label = cli::FACT_ATTACHMENT.of(lang);
        out.line(&format!("  {label}: {}", shown::clean_line(&line)))?;
    }
    letters(detail, centre, lang, out)?;
    waiting::tell(detail, centre, now, lang, out)?;
    let zone = zone(&detail.ticket, centre.rules());
    for ticking in clocks(&detail.ticket, centre) {
        out.line("")?;
        let limit = wording::limit(ticking.clock.current_limit(), lang);
        let started = zone.minute(ticking.clock.started);
        let values = [("limit", limit.as_str()), ("started", &started)];
        out.line(&ticking.name.with(lang, &values))?;
        match &ticking.deadline {
            Ok(deadline) => arithmetic(deadline, zone, lang, out)?,
            Err(year) => {
                out.line(&cli::UNKNOWN_YEAR.with(lang, &[("year", &year.to_string())]))?;
            }
        }
    }
    out.line("")?;
    out.line(cli::LEDGER.of(lang))?;
    let name = |code: &str| wording::department(code, &centre.rules().directory, lang);
    let mut table = Table::bare();
    for entry in &detail.ledger {
        table.row([
            zone.minute(entry.at),
            by(&entry.by, lang).to_owned(),
            ledger::event(&entry.event, lang, zone, &name),
        ]);
    }
    let within = out.columns.map(|columns| columns.saturating_sub(2));
    for line in table.lines(within) {
        out.line(&format!("  {line}"))?;
    }
    out.line("")?;
    out.line(cli::HOLDERS.of(lang))?;
    for stay in dwell::stays(&detail.ledger) {
        let line = cli::STAY.with(
            lang,
            &[
                (
                    "holder",
                    &wording::holder(&stay.holder, &centre.rules().directory, lang),
                ),
                ("from", &zone.minute(stay.from)),
                ("for", &wording::duration(stay.seconds(now), lang)),
            ],
        );
        out.line(&shown::clean_line(&line))?;
    }
    Ok(())
}

/// Who did something, by the operator's code; or the program itself.
fn by(code: &str, lang: Lang) -> &str {
    if code == Operator::SYSTEM {
        words::SYSTEM.of(lang)
    } else {
        code
    }
}

fn facts(
    detail: &Detail,
    centre: &Centre,
    now: Instant,
    lang: Lang,
    out: &mut Out,
) -> Result<(), Stop> {
    let ticket = &detail.ticket;
    let rules = centre.rules();
    let zone = zone(ticket, rules);
    let light = ticket.light(detail.marks, now);
    let heading = format!(
        "{}  {}  {}",
        shown::clean_line(&ticket.no),
        words::state(&ticket.state, lang),
        words::light_of(light, ticket.on_time).of(lang)
    );
    let heading = out.tinted(&heading, light);
    out.line(&heading)?;
    let name = |code: &String| wording::department(code, &rules.directory, lang);
    let time = |at: Option<Instant>| at.map(|at| zone.minute(at)).unwrap_or_default();
    let requester = &detail.texts.requester;
    let who = [
        &requester.name,
        &requester.phone,
        &requester.email,
        &requester.address,
    ];
    let place = [
        ticket.street.as_ref(),
        ticket.community.as_ref(),
        Some(&detail.texts.address),
    ];
    let media: Vec<&str> = detail.texts.media().collect();
    let point = detail.texts.point();
    let facts: [(Text, String); 18] = [
        (cli::FACT_TITLE, detail.texts.title.clone()),
        (cli::FACT_CONTENT, detail.texts.content.clone()),
        (cli::FACT_MEDIA, media.join("\n")),
        (
            cli::FACT_CLASS,
            join([
                ticket.nature.map(|n| words::nature(n).of(lang).to_owned()),
                ticket
                    .limit_class
                    .map(|c| words::limit_class(c).of(lang).to_owned()),
                Some(words::urgency(ticket.urgency).of(lang).to_owned()),
            ]),
        ),
        (cli::FACT_CATEGORY, ticket.category.join(" / ")),
        (cli::FACT_PLACE, join(place.map(Option::<&String>::cloned))),
        (
            cli::FACT_POINT,
            point.map_or_else(String::new, |(lat, long)| format!("{lat}, {long}")),
        ),
        (
            cli::FACT_SOURCE,
            join([
                Some(ticket.source.clone()),
                Some(words::channel(&ticket.channel, lang).to_owned()),
                ticket.external_no.clone(),
            ]),
        ),
        (
            cli::FACT_REQUESTER,
            join(who.map(|part| Some(part.clone()))),
        ),
        (
            cli::FACT_LEAD,
            ticket.lead.as_ref().map(name).unwrap_or_default(),
        ),
        (
            cli::FACT_ASSISTING,
            ticket
                .assisting
                .iter()
                .map(name)
                .collect::<Vec<_>>()
                .join(" "),
        ),
        (cli::FACT_CREATED, zone.minute(ticket.created_at)),
        (cli::FACT_DISPATCHED, time(ticket.dispatched_at)),
        (cli::FACT_REPLIED, time(ticket.replied_at)),
        (cli::FACT_CLOSED, time(ticket.closed_at)),
        (
            cli::FACT_FALSE_CLOSURE,
            ticket.false_closure_of.clone().unwrap_or_default(),
        ),
        (
            cli::FACT_ANSWERS,
            detail.texts.answers().unwrap_or_default().to_owned(),
        ),
        (
            cli::FACT_MERGED,
            ticket
                .merged_into
                .clone()
                .unwrap_or_else(|| ticket.merged.join(" ")),
        ),
    ];
    for (label, value) in facts {
        if !value.is_empty() {
            // The lines of a long text stand under its first.
            let value = shown::clean(&value).replace('\n', "\n    ");
            out.line(&format!("  {}: {value}", label.of(lang)))?;
        }
    }
    Ok(())
}

fn join<const N: usize>(parts: [Option<String>; N]) -> String {
    parts
        .into_iter()
        .flatten()
        .filter(|part| !part.trim().is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}
