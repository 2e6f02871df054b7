//! `fenbo handover`: the shift sheet, and its signing off by both operators.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::{Out, Table, tell};
use super::session::Session;
use super::wording;
use crate::domain::event::Event;
use crate::domain::instant::{Instant, Zone};
use crate::domain::queue::Row;
use crate::domain::shift::{Part, Rows, Sheet, Signed};
use crate::i18n::failures::Told;
use crate::i18n::{Text, handover, words};
use crate::service::handover::{MOST, NotHandedOver};
use crate::service::{Access, Centre};
use serde_json::{Value, json};

/// The rows a text sheet lists of each part.
const LISTED: usize = 20;

/// Options of `fenbo handover`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 从何时起，如 "2017-09-29 17:10"（不写则为上次已确认的交接，没有则为一天前） | from when, such as "2017-09-29 17:10" (else the last confirmed handover, else a day ago)
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// 签字交接，记入流转记录；须同时写 --to；由当前值班的人签，值班长可代签 | signs the shift over to --to; done by who has the shift, or a shift lead; it stands in the ledger
    #[arg(long, requires = "to")]
    sign: bool,
    /// 接班人：操作员的登录名或工号 | the code of the operator who takes over
    #[arg(long, value_name = "OPERATOR", requires = "sign")]
    to: Option<String>,
    /// 给下一班的留言，随 --sign | a word for the next shift, beside --sign
    #[arg(long, value_name = "TEXT", requires = "sign")]
    note: Option<String>,
    /// 由接班人确认接班，记入流转记录 | confirms the handover, by the one who takes over; it stands in the ledger
    #[arg(long, conflicts_with = "sign")]
    confirm: bool,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let access = if args.sign || args.confirm {
        session.access()
    } else {
        Access::ReadOnly
    };
    let (mut centre, now) = session.open(access)?;
    let rules = centre.shared_rules();
    let since = args
        .since
        .as_deref()
        .map(|text| session.time(text, &rules, "--since"))
        .transpose()?;
    if let Some(since) = since.filter(|since| *since > now) {
        let at = centre.zone(now).minute(since);
        return Err(session.usage(
            (handover::NO_SHEET, &[]),
            (handover::SINCE_LATER, &[("at", &at)]),
            (handover::SINCE_BEFORE, &[]),
        ));
    }
    let sheet = centre
        .shift_sheet(since, MOST, now)
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    let signed = match &args.to {
        Some(to) if args.sign => Some(sign(&mut centre, to, args, (&sheet, now), session)?),
        None if args.confirm => Some(
            centre
                .take_over(None, now)
                .map_err(|why| not_signed(why, session))?,
        ),
        _ => None,
    };
    let mut out = session.out();
    let zone = centre.zone(now);
    match args.format {
        Format::Json => out.json(&value(&sheet, signed.as_ref(), zone, now))?,
        Format::Text => text(&sheet, signed.as_ref(), &centre, session, now, &mut out)?,
    }
    out.finish()?;
    match failing::unread(&centre.take_unread(), session) {
        // What was to be signed is signed.
        Err(Stop::Told(_, told)) if signed.is_some() => {
            tell(&told, session.lang);
            Ok(Exit::Done)
        }
        told => told,
    }
}

fn sign(
    centre: &mut Centre,
    to: &str,
    args: &Args,
    (sheet, now): (&Sheet, Instant),
    session: &Session,
) -> Result<Signed, Stop> {
    let note = args.note.as_deref().unwrap_or_default().trim();
    centre
        .hand_over(to, note, sheet.since, now)
        .map_err(|why| not_signed(why, session))
}

fn not_signed(why: NotHandedOver, session: &Session) -> Stop {
    let refused = match why {
        NotHandedOver::Refused(refused) => refused,
        NotHandedOver::Failed(failure) => return Stop::failed(failing::store(&failure, session)),
    };
    let (what, why, next) = handover::refused(&refused);
    let operator = [("operator", refused.operator().unwrap_or_default())];
    Stop::refused(Told::new(
        session.lang,
        (what, &[]),
        (why, &operator),
        (next, &operator),
    ))
}

fn value(sheet: &Sheet, signed: Option<&Signed>, zone: Zone, now: Instant) -> Value {
    let part = |part: Part| {
        let rows = sheet.part(part);
        let tickets: Vec<Value> = rows.rows.iter().map(|row| ticket(row, zone, now)).collect();
        json!({"total": rows.total, "tickets": tickets})
    };
    let notes: Vec<Value> = sheet
        .notes
        .iter()
        .map(|note| {
            json!({
                "no": note.no,
                "at": zone.rfc3339(note.at),
                "by": note.by,
                "text": words_of(&note.event),
            })
        })
        .collect();
    json!({
        "since": zone.rfc3339(sheet.since),
        "until": zone.rfc3339(sheet.until),
        "last": sheet.last.as_ref().map(|last| handed(last, zone)),
        "received": part(Part::Received),
        "yellow": part(Part::Yellow),
        "red": part(Part::Red),
        "unsigned_urgent": part(Part::Unsigned),
        "callbacks": part(Part::CallBacks),
        "claims": part(Part::Claims),
        "opens": sheet.opens.map(|at| zone.rfc3339(at)),
        "pressing": part(Part::Pressing),
        "can_wait": part(Part::CanWait),
        "notes": notes,
        "signed": signed.map(|signed| handed(signed, zone)),
    })
}

fn handed(signed: &Signed, zone: Zone) -> Value {
    json!({
        "at": zone.rfc3339(signed.at),
        "from": signed.from,
        "to": signed.to,
        "note": signed.note,
        "instead_of": signed.instead_of,
        "confirmed_at": signed.confirmed_at.map(|at| zone.rfc3339(at)),
    })
}

fn ticket(row: &Row, zone: Zone, now: Instant) -> Value {
    json!({
        "no": row.no,
        "state": row.state.code(),
        "light": row.light(now).code(),
        "urgency": row.urgency.code(),
        "title": row.title,
        "lead_department": row.lead,
        "created_at": zone.rfc3339(row.created_at),
        "warn_at": row.marks.warn_at.map(|at| zone.rfc3339(at)),
        "due_at": row.marks.due_at.map(|at| zone.rfc3339(at)),
        "stage_due_at": row.marks.stage_due_at.map(|at| zone.rfc3339(at)),
    })
}

fn words_of(event: &Event) -> &str {
    match event {
        Event::Noted { text } => text,
        _ => "",
    }
}

fn text(
    sheet: &Sheet,
    signed: Option<&Signed>,
    centre: &Centre,
    session: &Session,
    now: Instant,
    out: &mut Out,
) -> Result<(), Stop> {
    let lang = session.lang;
    let zone = centre.zone(now);
    let (since, until) = (zone.minute(sheet.since), zone.minute(sheet.until));
    out.line(&handover::SHEET.with(lang, &[("since", &since), ("until", &until)]))?;
    if let Some(last) = &sheet.last {
        out.line(&handed_line(handover::LAST, last, session, zone))?;
        if !last.note.is_empty() {
            let note = crate::domain::shown::clean_line(&last.note);
            out.line(&handover::LEFT.with(lang, &[("note", &note)]))?;
        }
    }
    let opens = match sheet.opens {
        Some(at) => handover::OPENS.with(lang, &[("at", &zone.minute(at))]),
        None => handover::OPENS_UNKNOWN.of(lang).to_owned(),
    };
    out.line(&opens)?;
    for part in Part::ALL {
        let rows = sheet.part(part);
        heading(handover::part(part), rows.total, session, out)?;
        listed(rows, centre, session, now, out)?;
    }
    heading(handover::NOTES, sheet.notes.len() as u64, session, out)?;
    for note in &sheet.notes {
        let at = zone.minute(note.at);
        let line = handover::NOTE.with(
            lang,
            &[
                ("at", &at),
                ("no", &note.no),
                ("by", &note.by),
                ("text", words_of(&note.event)),
            ],
        );
        out.line(&crate::domain::shown::clean_line(&line))?;
    }
    match signed {
        Some(signed) => out.line(&handed_line(handover::SIGNED, signed, session, zone)),
        None => Ok(()),
    }
}

fn handed_line(text: Text, signed: &Signed, session: &Session, zone: Zone) -> String {
    let at = zone.minute(signed.at);
    let values = [
        ("at", at.as_str()),
        ("from", &signed.from),
        ("to", &signed.to),
    ];
    let mut line = text.with(session.lang, &values);
    if let Some(holder) = &signed.instead_of {
        line.push_str(&handover::INSTEAD.with(session.lang, &[("holder", holder)]));
    }
    let state = match signed.confirmed_at {
        Some(at) => handover::CONFIRMED.with(session.lang, &[("at", &zone.minute(at))]),
        None => handover::UNCONFIRMED.with(session.lang, &values),
    };
    line.push_str(&state);
    line
}

fn heading(what: Text, n: u64, session: &Session, out: &mut Out) -> Result<(), Stop> {
    let (what, n) = (what.of(session.lang), n.to_string());
    out.line(&handover::HEADING.with(session.lang, &[("what", what), ("n", &n)]))
}

fn listed(
    rows: &Rows,
    centre: &Centre,
    session: &Session,
    now: Instant,
    out: &mut Out,
) -> Result<(), Stop> {
    if rows.rows.is_empty() {
        return Ok(());
    }
    let lang = session.lang;
    let rules = centre.rules();
    let zone = centre.zone(now);
    let mut table = Table::bare();
    for row in rows.rows.iter().take(LISTED) {
        let lead = row.lead.as_deref().unwrap_or_default();
        table.row([
            String::new(),
            words::light_of(row.light(now), row.on_time)
                .of(lang)
                .to_owned(),
            row.no.clone(),
            words::state(&row.state, lang),
            row.marks
                .due_at
                .map_or_else(String::new, |at| zone.minute(at)),
            wording::department(lead, &rules.directory, lang),
            row.title.clone(),
        ]);
    }
    out.table(&table)?;
    let more = rows
        .total
        .saturating_sub(rows.rows.len().min(LISTED) as u64);
    if more > 0 {
        out.line(&handover::MORE.with(lang, &[("n", &more.to_string())]))?;
    }
    Ok(())
}
