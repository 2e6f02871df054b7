//! A request handed in: read, checked, registered in one transaction; handed in twice under one client key it is once.

use super::{Asked, Fault, Found, services};
use crate::domain::act::Registration;
use crate::domain::instant::Instant;
use crate::domain::privacy::{Requester, Texts, is_mail_address, is_phone};
use crate::domain::rules::Rules;
use crate::domain::ticket::{Nature, Urgency};
use crate::domain::title;
use crate::i18n::{Lang, server};
use crate::server::Door;
use crate::server::form::Values;
use crate::service::Centre;
use crate::service::keys::ApiKey;
use crate::service::publishing::OPEN311;
use axum::http::StatusCode;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::Arc;

/// The most characters of a description, as the standard has it.
const DESCRIPTION: usize = 4_000;
/// The most characters of anything else.
const SHORT: usize = 400;

/// Registers a request.
pub(super) async fn file(
    door: &Arc<Door>,
    asked: Asked,
    client_key: Option<String>,
) -> Result<Found, Fault> {
    let Asked { values, lang, .. } = asked;
    let key = values
        .get("api_key")
        .ok_or_else(|| Fault::new(StatusCode::FORBIDDEN, server::NO_KEY))?
        .to_owned();
    let client_key = client_key.or_else(|| values.get("client_key").map(str::to_owned));
    let now = door.now();
    let known = move |centre: &Centre| {
        centre
            .api_key(&key)?
            .ok_or_else(|| Fault::new(StatusCode::FORBIDDEN, server::BAD_KEY))
    };
    // Nobody without a key has the writer work.
    let is_known = known.clone();
    door.desk
        .read(move |centre| is_known(centre).map(drop))
        .await??;
    let handed = door
        .desk
        .write(move |centre| {
            let key = known(centre)?;
            let (form, texts) = read(
                &values,
                &key,
                client_key.as_deref(),
                centre.rules(),
                now,
                lang,
            )?;
            centre.hand_in(&form, &texts, now).map_err(Fault::from)
        })
        .await??;
    if handed.differs {
        return Err(Fault::new(StatusCode::CONFLICT, server::KEY_REUSED));
    }
    let code = handed.code.as_ref().map(crate::domain::code::Code::shown);
    let track = format!("{}/track", door.url);
    let notice = server::SERVICE_NOTICE.with(
        lang,
        &[
            ("no", &handed.no),
            ("code", code.as_deref().unwrap_or("-")),
            ("url", &track),
        ],
    );
    Ok((
        "service_requests",
        json!([{
            "service_request_id": handed.no,
            "service_notice": notice,
            "account_id": null,
            "tracking_code": code,
            "tracking_url": track,
        }]),
    ))
}

/// The number of a request by the client key it was handed in under.
pub(super) async fn token(door: &Arc<Door>, asked: Asked, token: String) -> Result<Found, Fault> {
    let key = asked.values.get("api_key").unwrap_or_default().to_owned();
    let wanted = token.clone();
    let no = door
        .desk
        .read(move |centre| -> Result<Option<String>, Fault> {
            let Some(key) = centre.api_key(&key)? else {
                return Ok(None);
            };
            Ok(centre.handed_in(OPEN311, &external_no(&key, &wanted))?)
        })
        .await??
        .ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, server::NO_TOKEN))?;
    Ok((
        "service_requests",
        json!([{ "service_request_id": no, "token": token }]),
    ))
}

/// The name under which a client's own key is kept: no two clients share one, and it tells nothing of it.
fn external_no(key: &ApiKey, client_key: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(key.id.to_be_bytes());
    hash.update(client_key.as_bytes());
    hash.finalize()
        .iter()
        .take(16)
        .fold(String::from("key:"), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A value that is not too long.
fn short<'a>(values: &'a Values, name: &str) -> Result<&'a str, Fault> {
    let value = values.get(name).unwrap_or_default();
    if value.chars().count() > SHORT {
        return Err(Fault::bad(server::TOO_LONG, name));
    }
    Ok(value)
}

fn degrees(values: &Values, name: &str, most: f64) -> Result<Option<f64>, Fault> {
    values
        .get(name)
        .map(|text| {
            text.parse::<f64>()
                .ok()
                .filter(|value| value.abs() <= most)
                .ok_or_else(|| Fault::bad(server::BAD_VALUE, name))
        })
        .transpose()
}

/// The answers to a service's questions.
#[derive(Default)]
struct Answers<'a> {
    nature: Option<Nature>,
    street: Option<&'a str>,
    community: Option<&'a str>,
    confidential: bool,
}

fn answers<'a>(values: &'a Values, rules: &'a Rules) -> Result<Answers<'a>, Fault> {
    let mut answers = Answers::default();
    for (name, value) in values.iter() {
        let Some(code) = name
            .strip_prefix("attribute[")
            .and_then(|rest| rest.split_once(']').map(|(code, _)| code))
        else {
            continue;
        };
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        let bad = || Fault::bad(server::BAD_VALUE, name);
        match code {
            "nature" => answers.nature = Some(Nature::from_code(value).ok_or_else(bad)?),
            "street" => {
                let found = rules.directory.find_street(None, value).ok_or_else(bad)?;
                answers.street = Some(&found.name);
            }
            "community" => {
                let found = rules
                    .directory
                    .find_community(None, value)
                    .ok_or_else(bad)?;
                answers.community = Some(&found.name);
            }
            "confidential" => {
                answers.confidential = match value {
                    "yes" => true,
                    "no" => false,
                    _ => return Err(bad()),
                }
            }
            _ => return Err(Fault::bad(server::NO_ATTRIBUTE, code)),
        }
    }
    Ok(answers)
}

/// The registration that a form means.
fn read(
    values: &Values,
    key: &ApiKey,
    client_key: Option<&str>,
    rules: &Rules,
    now: Instant,
    lang: Lang,
) -> Result<(Registration, Texts), Fault> {
    let code = values
        .get("service_code")
        .ok_or_else(|| Fault::bad(server::MISSING, "service_code"))?;
    let category = services::category(rules, code)
        .ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, server::NO_SERVICE))?;
    let answers = answers(values, rules)?;
    let (lat, long) = (
        degrees(values, "lat", 90.0)?,
        degrees(values, "long", 180.0)?,
    );
    let address = short(values, "address_string")?;
    let address_id = short(values, "address_id")?;
    let has_point = lat.is_some() && long.is_some();
    if !has_point && address.is_empty() && address_id.is_empty() {
        return Err(Fault::bad(server::NO_PLACE, ""));
    }
    let description = values.get("description").unwrap_or_default();
    if description.chars().count() > DESCRIPTION {
        return Err(Fault::bad(server::TOO_LONG, "description"));
    }
    let media = short(values, "media_url")?;
    if !media.is_empty() && !media.starts_with("https://") && !media.starts_with("http://") {
        return Err(Fault::bad(server::BAD_VALUE, "media_url"));
    }
    let email = short(values, "email")?;
    if !email.is_empty() && !is_mail_address(email) {
        return Err(Fault::bad(server::BAD_VALUE, "email"));
    }
    let phone = short(values, "phone")?;
    if !phone.is_empty() && !is_phone(phone) {
        return Err(Fault::bad(server::BAD_VALUE, "phone"));
    }
    let raw: Vec<(String, String)> = [
        "lat",
        "long",
        "address_id",
        "media_url",
        "device_id",
        "account_id",
    ]
    .into_iter()
    .map(|name| short(values, name).map(|value| (name.to_owned(), value.to_owned())))
    .filter(|pair| pair.as_ref().map_or(true, |(_, value)| !value.is_empty()))
    .collect::<Result<_, _>>()?;
    let title =
        title::of_words(description).unwrap_or_else(|| services::of(rules, category, lang).1);
    let client_key = match client_key {
        Some(own) if own.chars().count() > SHORT => {
            return Err(Fault::bad(server::TOO_LONG, "client_key"));
        }
        Some(own) if !own.trim().is_empty() => Some(external_no(key, own.trim())),
        Some(_) | None => None,
    };
    let form = Registration {
        created_at: now,
        source: OPEN311.to_owned(),
        channel: key.name.clone(),
        external_no: client_key,
        nature: answers.nature,
        limit_class: None,
        urgency: Urgency::Normal,
        confidential: answers.confidential,
        category: category.to_vec(),
        street: answers.street.map(str::to_owned),
        community: answers.community.map(str::to_owned),
    };
    let texts = Texts {
        title,
        content: description.to_owned(),
        address: if address.is_empty() && has_point {
            let point = |value: Option<f64>| value.unwrap_or_default();
            format!("{:.6}, {:.6}", point(lat), point(long))
        } else {
            address.to_owned()
        },
        requester: Requester {
            name: name(short(values, "first_name")?, short(values, "last_name")?),
            phone: phone.to_owned(),
            email: email.to_owned(),
            address: String::new(),
        },
        raw,
    };
    Ok((form, texts))
}

/// A name of two parts: in Chinese the family name stands first and nothing between.
fn name(first: &str, last: &str) -> String {
    let chinese = |text: &str| text.chars().all(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
    if chinese(first) && chinese(last) {
        format!("{last}{first}")
    } else {
        format!("{first} {last}").trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_put_together_as_its_language_has_it() {
        assert_eq!(name("小明", "王"), "王小明");
        assert_eq!(name("Ada", "Lovelace"), "Ada Lovelace");
        assert_eq!(name("", "Wang"), "Wang");
        assert_eq!(name("", ""), "");
    }
}
