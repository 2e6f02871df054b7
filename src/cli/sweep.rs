//! `fenbo sweep`: one pass over what has become due, then the digests handed over; for cron or a timer.

use super::args::Format;
use super::exit::{Outcome, Stop};
use super::failing;
use super::handing;
use super::output::{Out, note};
use super::session::Session;
use crate::domain::event::Event;
use crate::domain::instant::{Instant, Zone};
use crate::domain::light::Light;
use crate::i18n::{Lang, ledger, sweep};
use crate::service::Mailbox;
use crate::service::delivering::Delivered;
use crate::service::sweeping::{Did, Swept};
use serde_json::{Value, json};

/// Options of `fenbo sweep`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let (mut centre, now) = session.open(session.access())?;
    let told = |why| failing::not_done(&why, session);
    let swept = centre.sweep(now).map_err(told)?;
    let delivered = handing::deliver(&mut centre, session, now)?;
    let mailbox = centre
        .mailbox()
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    let mut out = session.out();
    let zone = centre.zone(now);
    match args.format {
        Format::Json => out.json(&value(&swept, &delivered, mailbox, zone, now))?,
        Format::Text => text(&swept, &delivered, mailbox, session, zone, &mut out)?,
    }
    out.finish()?;
    if !swept.unread.is_empty() {
        note(&sweep::UNREAD.with(session.lang, &[("nos", &swept.unread.join(" "))]));
    }
    for untold in [&swept.left, &swept.unpublished].into_iter().flatten() {
        note(&failing::store(untold, session).as_warning(session.lang));
    }
    // The sweep itself is done: what was not taken is told, and is tried again by the next one.
    Ok(handing::told(&delivered, session.lang))
}

/// A sweep as JSON has it.
fn value(
    swept: &Swept,
    delivered: &Delivered,
    mailbox: Mailbox,
    zone: Zone,
    now: Instant,
) -> Value {
    let mut counts = serde_json::Map::new();
    for did in &swept.done {
        let entry = counts.entry(did.event.code()).or_insert(json!(0));
        *entry = json!(entry.as_u64().unwrap_or(0) + 1);
    }
    let reminders: serde_json::Map<String, Value> = [Light::Green, Light::Yellow, Light::Red]
        .into_iter()
        .map(|light| (light.code().to_owned(), json!(reminded(swept, light))))
        .collect();
    let all: u64 = swept.reminders.values().sum();
    if all > 0 {
        counts.insert("reminded".to_owned(), json!(all));
    }
    json!({
        "at": zone.rfc3339(now),
        "looked": swept.looked,
        "counts": counts,
        "reminders": reminders,
        "done": swept.done.iter().map(|did| done(did, zone)).collect::<Vec<_>>(),
        "digests": swept.digests,
        "outbox": {
            "sent": delivered.sent,
            "failed": delivered.failed.len(),
            "waiting": mailbox.waiting,
        },
        "unread": swept.unread,
        "left": swept.left.as_ref().map(|left| &left.cause),
        "unpublished": swept.unpublished.as_ref().map(|why| &why.cause),
    })
}

fn done(did: &Did, zone: Zone) -> Value {
    let ground = match &did.event {
        Event::SupervisionProposed { ground, .. } => Some(ground.as_str()),
        _ => None,
    };
    json!({
        "no": did.no,
        "event": did.event.code(),
        "ground": ground,
        "due": did.due.map(|at| zone.rfc3339(at)),
    })
}

fn reminded(swept: &Swept, light: Light) -> u64 {
    swept.reminders.get(&light).copied().unwrap_or(0)
}

fn text(
    swept: &Swept,
    delivered: &Delivered,
    mailbox: Mailbox,
    session: &Session,
    zone: Zone,
    out: &mut Out,
) -> Result<(), Stop> {
    let lang = session.lang;
    if swept.written() == 0 {
        out.line(sweep::NOTHING.of(lang))?;
    } else {
        let (looked, n) = (swept.looked.to_string(), swept.written().to_string());
        out.line(&sweep::SWEPT.with(lang, &[("looked", &looked), ("done", &n)]))?;
        let [red, yellow, green] = [Light::Red, Light::Yellow, Light::Green]
            .map(|light| reminded(swept, light).to_string());
        let lights = [
            ("red", red.as_str()),
            ("yellow", &yellow),
            ("green", &green),
        ];
        out.line(&sweep::REMINDERS.with(lang, &lights))?;
        // Reminders are counted; what changes a ticket, or waits for a person, is named.
        for did in &swept.done {
            out.line(&line(did, lang, zone))?;
        }
        let digests = swept.digests.to_string();
        out.line(&sweep::DIGESTS.with(lang, &[("n", &digests)]))?;
    }
    handing::summary(delivered, mailbox, session, out)
}

fn line(did: &Did, lang: Lang, zone: Zone) -> String {
    let due = did.due.map_or_else(
        || sweep::NO_MOMENT.of(lang).to_owned(),
        |at| zone.minute(at),
    );
    let what = ledger::event(&did.event, lang, zone, &str::to_owned);
    sweep::LINE.with(lang, &[("no", &did.no), ("due", &due), ("what", &what)])
}
