//! Requests given back: one, several by number, or a page of those of at most ninety days.

use super::{Asked, Fault, Found, services};
use crate::domain::instant::{DAY, Instant as Moment, Zone};
use crate::domain::progress::Progress;
use crate::domain::rules::Rules;
use crate::i18n::{Lang, progress, server, words};
use crate::server::Door;
use crate::server::form::Values;
use crate::service::Centre;
use crate::service::publishing::{OPEN311, Published, Wanted};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The longest span, as the standard has it.
const SPAN: i64 = 90 * DAY;
/// The most requests of one answer, as the standard has it.
const MOST: usize = 1_000;
/// The last page.
const PAGES: usize = 1_000;

/// How long the store may be searched for one list.
const PATIENCE: Duration = Duration::from_secs(3);
/// What takes so long weighs as much as one request by itself, however few it finds.
const SLOW: Duration = Duration::from_millis(20);
/// So many requests of a list weigh as much as one request by itself.
const ROWS: usize = 20;
/// So many requests that are left out first weigh as much as one that is given.
const SKIPPED: usize = 10;

/// The requests that are asked for.
pub(super) async fn list(door: &Arc<Door>, asked: Asked) -> Result<Found, Fault> {
    let now = door.now();
    let from = asked.from.0;
    let (given, left_out) = weight(&asked.values)?;
    let _held = door.limits.list(from)?;
    let counted = door.limits.ask(from, given + left_out)?;
    let (found, took) = door
        .desk
        .list(move |centre| {
            let since = Instant::now();
            (listed_requests(centre, &asked, now), since.elapsed())
        })
        .await?;
    let rows = found.as_ref().map_or(0, Vec::len) / ROWS;
    let slow = took.as_millis() / SLOW.as_millis();
    let weighed = (rows as u32 + left_out.min(counted)).max(slow as u32);
    door.limits.weighed(from, counted, weighed);
    Ok(("service_requests", Value::Array(found?)))
}

/// The requests of a list, as the standard has them.
fn listed_requests(centre: &mut Centre, asked: &Asked, now: Moment) -> Result<Vec<Value>, Fault> {
    let values = &asked.values;
    let all = centre.within(PATIENCE, |centre| -> Result<_, Fault> {
        let mine = mine(centre, values)?;
        if let Some(numbers) = values.get("service_request_id") {
            let numbers: Vec<&str> = listed(numbers).take(MOST).collect();
            return Ok(centre.published(&numbers, mine.as_deref())?);
        }
        let wanted = wanted(values, centre.rules(), now)?;
        Ok(centre.publish(&wanted, mine.as_deref())?)
    })?;
    let form = (asked.lang, extended(values));
    let rules = centre.rules();
    Ok(all.iter().map(|one| value(one, rules, now, form)).collect())
}

/// What a list weighs beside a single request: by what it may give, and by what it leaves out first.
fn weight(values: &Values) -> Result<(u32, u32), Fault> {
    let (given, left_out) = if let Some(numbers) = values.get("service_request_id") {
        (listed(numbers).take(MOST).count(), 0)
    } else {
        let (most, page) = paging(values)?;
        (most, (page - 1) * most / SKIPPED)
    };
    Ok(((given / ROWS) as u32, (left_out / ROWS) as u32))
}

/// The most requests of a page, and which page.
fn paging(values: &Values) -> Result<(usize, usize), Fault> {
    Ok((
        counted(values, "page_size", MOST, MOST)?,
        counted(values, "page", 1, PAGES)?,
    ))
}

/// One request.
pub(super) async fn one(door: &Arc<Door>, asked: Asked, no: String) -> Result<Found, Fault> {
    let now = door.now();
    let found = door
        .desk
        .read(move |centre| -> Result<Option<Value>, Fault> {
            let mine = mine(centre, &asked.values)?;
            let all = centre.published(&[no.as_str()], mine.as_deref())?;
            let rules = centre.rules();
            Ok(all.first().map(|one| {
                json!([value(
                    one,
                    rules,
                    now,
                    (asked.lang, extended(&asked.values))
                )])
            }))
        })
        .await??;
    found
        .map(|value| ("service_requests", value))
        .ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, server::NO_REQUEST))
}

/// The name of the key shown: what it has handed in, it sees whole.
fn mine(centre: &Centre, values: &Values) -> Result<Option<String>, Fault> {
    let Some(key) = values.get("api_key") else {
        return Ok(None);
    };
    let key = centre
        .api_key(key)?
        .ok_or_else(|| Fault::new(StatusCode::FORBIDDEN, server::BAD_KEY))?;
    Ok(Some(key.name))
}

fn extended(values: &Values) -> bool {
    matches!(values.get("extensions"), Some("true" | "1" | "v1"))
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|one| !one.is_empty())
}

/// A moment of a query, in which `+` has become a blank.
fn moment(values: &Values, name: &str, zone: Zone) -> Result<Option<Moment>, Fault> {
    let Some(text) = values.get(name) else {
        return Ok(None);
    };
    let meant = if text.contains('T') {
        text.replace(' ', "+")
    } else {
        text.to_owned()
    };
    zone.parse(&meant)
        .map(Some)
        .map_err(|_| Fault::bad(server::BAD_VALUE, name))
}

fn counted(values: &Values, name: &str, usual: usize, most: usize) -> Result<usize, Fault> {
    match values.get(name) {
        None => Ok(usual),
        Some(text) => text
            .parse()
            .ok()
            .filter(|n| (1..=most).contains(n))
            .ok_or_else(|| Fault::bad(server::BAD_VALUE, name)),
    }
}

/// What a query asks for.
fn wanted(values: &Values, rules: &Rules, now: Moment) -> Result<Wanted, Fault> {
    let zone = rules.zone(now);
    let start = moment(values, "start_date", zone)?;
    let end = moment(values, "end_date", zone)?;
    let (from, to) = match (start, end) {
        (Some(start), Some(end)) => (start, end),
        (Some(start), None) => (start, start.plus(SPAN)),
        (None, Some(end)) => (end.plus(-SPAN), end),
        (None, None) => (now.plus(-SPAN), now),
    };
    if to < from {
        return Err(Fault::bad(server::BAD_VALUE, "end_date"));
    }
    if to.since(from) > SPAN {
        return Err(Fault::bad(server::SPAN_TOO_LONG, ""));
    }
    let mut states = Vec::new();
    for status in values.all("status").flat_map(listed) {
        states.push(match status {
            "open" => true,
            "closed" => false,
            _ => return Err(Fault::bad(server::BAD_VALUE, "status")),
        });
    }
    let is_open = match (states.contains(&true), states.contains(&false)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        (true, true) | (false, false) => None,
    };
    let mut categories = Vec::new();
    for code in values.all("service_code").flat_map(listed) {
        let category = services::category(rules, code)
            .ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, server::NO_SERVICE))?;
        categories.push(category.to_vec());
    }
    let (most, page) = paging(values)?;
    Ok(Wanted {
        from,
        to,
        is_open,
        categories,
        skip: (page - 1) * most,
        most,
    })
}

/// A request as the standard has it.
fn value(one: &Published, rules: &Rules, now: Moment, (lang, extended): (Lang, bool)) -> Value {
    let (ticket, found) = (&one.ticket, &one.progress);
    let zone = rules.editions.of(&ticket.edition, ticket.created_at).zone;
    let (code, name) = services::of(rules, &ticket.category, lang);
    let raw = |name: &str| {
        one.texts
            .as_ref()
            .and_then(|texts| texts.raw.iter().find(|(known, _)| known == name))
            .map(|(_, value)| value.clone())
    };
    let degrees = |name: &str| raw(name).and_then(|text| text.parse::<f64>().ok());
    let place = [ticket.community.as_deref(), ticket.street.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let address = one
        .texts
        .as_ref()
        .map(|texts| texts.address.clone())
        .filter(|address| !address.is_empty())
        .or(Some(place).filter(|place| !place.is_empty()));
    let description: Option<String> = one
        .texts
        .as_ref()
        .map(|texts| texts.content.chars().take(4_000).collect());
    let standing = progress::standing(found.standing).of(lang);
    let mut value = json!({
        "service_request_id": ticket.no,
        "status": if found.standing.is_open() { "open" } else { "closed" },
        "status_notes": standing,
        "service_name": name,
        "service_code": code,
        "description": description,
        "agency_responsible": found.department.as_ref().map(|code| words::department(code, &rules.directory, lang)),
        "service_notice": service_notice(found, now, zone, lang),
        "requested_datetime": zone.rfc3339(found.created_at),
        "updated_datetime": zone.rfc3339(found.updated_at),
        "expected_datetime": found.due_at.map(|due| zone.rfc3339(due)),
        "address": address,
        "address_id": raw("address_id"),
        "zipcode": null,
        "lat": degrees("lat"),
        "long": degrees("long"),
        "media_url": raw("media_url"),
    });
    if extended && let Value::Object(fields) = &mut value {
        fields.insert("extended_attributes".to_owned(), attributes(one, found));
        fields.insert("notes".to_owned(), notes(found, rules, lang, zone));
    }
    value
}

/// What the promise is, or why there is none; nothing of what has ended.
fn service_notice(found: &Progress, now: Moment, zone: Zone, lang: Lang) -> Option<String> {
    if !found.standing.is_open() {
        return None;
    }
    if found.hold.is_some() || found.is_late(now) {
        return progress::promised(found, now, zone, |day| day.to_string(), lang);
    }
    let day = found.promised?.to_string();
    Some(server::PROMISE.with(lang, &[("day", &day)]))
}

fn attributes(one: &Published, found: &Progress) -> Value {
    let ticket = &one.ticket;
    json!({
        "state": found.standing.code(),
        "nature": ticket.nature.map(crate::domain::ticket::Nature::code),
        "limit_class": ticket.limit_class.map(crate::domain::ticket::LimitClass::code),
        "category": ticket.category.join("/"),
        "street": ticket.street,
        "community": ticket.community,
        "promised": found.promised,
        "department": found.department,
        "rating": found.rating.map(crate::domain::act::Rating::code),
        "source": (ticket.source == OPEN311).then_some(OPEN311),
    })
}

/// The steps that the requester sees.
fn notes(found: &Progress, rules: &Rules, lang: Lang, zone: Zone) -> Value {
    let notes = found
        .steps
        .iter()
        .map(|(at, step)| {
            json!({
                "datetime": zone.rfc3339(*at),
                "summary": step.code(),
                "description": progress::step(step, found.created_at, rules, lang),
            })
        })
        .collect();
    Value::Array(notes)
}
