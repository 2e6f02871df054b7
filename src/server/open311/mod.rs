//! Open311 GeoReport v2: discovery, services, service definition, requests in and out, tokens; XML and JSON.
//!
//! Must not publish what a requester wrote or who it was: words and places go back only to the key that handed them in.
//! Start at [`answer`]; [`services`] are the categories, [`filing`] takes a request, [`reading`] gives requests.

mod filing;
mod reading;
mod services;

use super::Door;
use super::answer;
use super::desk::Busy;
use super::form::{self, Unread, Values};
use super::gate::{self, Peer};
use super::limits::Wait;
use crate::i18n::{Lang, Text, server};
use crate::service::{Failure, NotDone};
use axum::extract::{Extension, Request, State};
use axum::http::header::ALLOW;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// Where the standard says such an endpoint may lie; the door's root is one too.
const PREFIX: &str = "/open311/v2";

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Xml,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Call {
    Discovery,
    Services,
    Definition(String),
    Requests,
    Request(String),
    Token(String),
}

impl Call {
    /// What a path asks for, and in which form.
    fn of(path: &str) -> Option<(Self, Form)> {
        let path = path.strip_prefix(PREFIX).unwrap_or(path);
        let path = path.strip_prefix("/open311").unwrap_or(path);
        let (path, form) = if let Some(path) = path.strip_suffix(".json") {
            (path, Form::Json)
        } else {
            (path.strip_suffix(".xml")?, Form::Xml)
        };
        let call = match path.strip_prefix('/')?.split_once('/') {
            None => match path {
                "/discovery" => Self::Discovery,
                "/services" => Self::Services,
                "/requests" => Self::Requests,
                _ => return None,
            },
            Some((kind, name)) => {
                let name = decoded(name)?;
                match kind {
                    "services" => Self::Definition(name),
                    "requests" | "request" => Self::Request(name),
                    "tokens" => Self::Token(name),
                    _ => return None,
                }
            }
        };
        Some((call, form))
    }

    fn takes(&self, method: &Method) -> bool {
        let reads = method == Method::GET || method == Method::HEAD;
        reads || (*self == Self::Requests && method == Method::POST)
    }
}

/// A part of a path as it was meant.
fn decoded(part: &str) -> Option<String> {
    let bytes = part.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'%' {
            let is_hex = |hex: &&str| hex.bytes().all(|byte| byte.is_ascii_hexdigit());
            let hex = part.get(at + 1..at + 3).filter(is_hex)?;
            out.push(u8::from_str_radix(hex, 16).ok()?);
            at += 3;
        } else {
            out.push(*byte);
            at += 1;
        }
    }
    String::from_utf8(out).ok().filter(|name| !name.is_empty())
}

/// An error in the form of the standard.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    status: StatusCode,
    text: Text,
    detail: String,
    /// When to come again, in seconds.
    again: Option<u64>,
}

/// When to come again while the service is busy, in seconds.
const AGAIN: u64 = 2;

impl Fault {
    fn new(status: StatusCode, text: Text) -> Self {
        Self {
            status,
            text,
            detail: String::new(),
            again: None,
        }
    }

    fn busy() -> Self {
        Self {
            again: Some(AGAIN),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, server::BUSY)
        }
    }

    fn about(status: StatusCode, text: Text, detail: impl Into<String>) -> Self {
        Self {
            status,
            text,
            detail: detail.into(),
            again: None,
        }
    }

    fn bad(text: Text, detail: impl Into<String>) -> Self {
        Self::about(StatusCode::BAD_REQUEST, text, detail)
    }
}

impl From<Busy> for Fault {
    fn from(_: Busy) -> Self {
        Self::busy()
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        // What the store says is for the log, not for the world.
        tracing::error!(kind = ?failure.kind, cause = failure.cause, "the store failed");
        Self::busy()
    }
}

impl From<Wait> for Fault {
    fn from(wait: Wait) -> Self {
        Self {
            again: Some(wait.seconds()),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, server::TOO_MANY_REQUESTS)
        }
    }
}

impl From<NotDone> for Fault {
    fn from(why: NotDone) -> Self {
        match why {
            NotDone::Failed(failure) => failure.into(),
            NotDone::Refused(_) => Self::new(StatusCode::BAD_REQUEST, server::REFUSED),
            NotDone::NotFound { .. } | NotDone::Ambiguous { .. } => {
                Self::new(StatusCode::NOT_FOUND, server::NO_REQUEST)
            }
        }
    }
}

impl From<Unread> for Fault {
    fn from(unread: Unread) -> Self {
        Self::new(unread.status(), unread.words())
    }
}

/// A call with everything it is answered with.
struct Asked {
    values: Values,
    lang: Lang,
    from: Peer,
}

/// A result: the element around it in XML, and the value.
type Found = (&'static str, Value);

/// Answers what no page has taken.
pub(super) async fn answer(
    State(door): State<Arc<Door>>,
    Extension(from): Extension<Peer>,
    request: Request,
) -> Response {
    let lang = gate::language(request.headers(), door.lang);
    let Some((call, form)) = Call::of(request.uri().path()) else {
        let path = request.uri().path();
        if path.starts_with("/open311/") {
            // XML is the form that the standard asks of everybody.
            let form = match path.strip_suffix(".json") {
                Some(_) => Form::Json,
                None => Form::Xml,
            };
            let fault = Fault::new(StatusCode::NOT_FOUND, server::NO_SUCH_PAGE);
            return refused(form, &fault, lang);
        }
        return answer::plain(StatusCode::NOT_FOUND, server::NO_SUCH_PAGE.of(lang));
    };
    if !call.takes(request.method()) {
        let fault = Fault::new(StatusCode::METHOD_NOT_ALLOWED, server::NO_SUCH_METHOD);
        let mut response = refused(form, &fault, lang);
        let allowed = if call == Call::Requests {
            "GET, HEAD, POST"
        } else {
            "GET, HEAD"
        };
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static(allowed));
        return response;
    }
    let is_post = request.method() == Method::POST;
    let client_key = if is_post {
        client_key(request.headers())
    } else {
        Ok(None)
    };
    let found = match (client_key, form::values(request).await) {
        (Ok(client_key), Ok(values)) => {
            let asked = Asked { values, lang, from };
            found(&door, call, asked, is_post, client_key).await
        }
        (Err(fault), Ok(_)) => Err(fault),
        (Ok(_) | Err(_), Err(unread)) => Err(unread.into()),
    };
    match found {
        Ok((root, value)) => match form {
            Form::Json => answer::json(StatusCode::OK, &value),
            Form::Xml => answer::xml(StatusCode::OK, root, &value),
        },
        Err(fault) => refused(form, &fault, lang),
    }
}

/// The client's own key from the head; an empty one is none.
fn client_key(headers: &HeaderMap) -> Result<Option<String>, Fault> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let text = value
        .to_str()
        .map_err(|_| Fault::bad(server::BAD_VALUE, "Idempotency-Key"))?;
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

fn refused(form: Form, fault: &Fault, lang: Lang) -> Response {
    let detail = [("detail", fault.detail.as_str())];
    let value = json!([{
        "code": fault.status.as_u16(),
        "description": fault.text.with(lang, &detail),
    }]);
    let response = match form {
        Form::Json => answer::json(fault.status, &value),
        Form::Xml => answer::xml(fault.status, "errors", &value),
    };
    match fault.again {
        Some(seconds) => answer::later(response, seconds),
        None => response,
    }
}

/// An error before the request was looked at, in the standard's form; nothing when the path is none of the standard's.
pub(super) fn turned_away(
    path: &str,
    status: StatusCode,
    text: Text,
    lang: Lang,
) -> Option<Response> {
    let (_, form) = Call::of(path)?;
    Some(refused(form, &Fault::new(status, text), lang))
}

async fn found(
    door: &Arc<Door>,
    call: Call,
    asked: Asked,
    is_post: bool,
    client_key: Option<String>,
) -> Result<Found, Fault> {
    let (own, given) = (
        door.settings.jurisdiction.as_deref(),
        asked.values.get("jurisdiction_id"),
    );
    let is_elsewhere = own.is_some() && given.is_some() && own != given;
    match call {
        Call::Discovery => Ok(("discovery", discovery(door))),
        _ if is_elsewhere => Err(Fault::new(StatusCode::NOT_FOUND, server::NO_JURISDICTION)),
        Call::Services => {
            let lang = asked.lang;
            let list = door
                .desk
                .read(move |centre| services::list(centre.rules(), lang))
                .await?;
            Ok(("services", list))
        }
        Call::Definition(code) => {
            let lang = asked.lang;
            door.desk
                .read(move |centre| services::definition(centre.rules(), &code, lang))
                .await?
                .map(|definition| ("service_definition", definition))
                .ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, server::NO_SERVICE))
        }
        Call::Requests if is_post => filing::file(door, asked, client_key).await,
        Call::Requests => reading::list(door, asked).await,
        Call::Request(no) => reading::one(door, asked, no).await,
        Call::Token(token) => filing::token(door, asked, token).await,
    }
}

fn discovery(door: &Door) -> Value {
    let url = format!("{}{PREFIX}", door.url);
    json!({
        "changeset": "2026-11-26T00:00:00+08:00",
        "contact": door.settings.contact,
        "key_service": door.settings.contact,
        "endpoints": [{
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": url,
            "changeset": "2026-11-26T00:00:00+08:00",
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_standard_are_known_at_the_root_and_under_their_prefix() {
        let of = |path: &str| Call::of(path);
        assert_eq!(of("/services.json"), Some((Call::Services, Form::Json)));
        assert_eq!(
            of("/open311/v2/services/%E8%B7%AF.xml"),
            Some((Call::Definition("路".into()), Form::Xml))
        );
        assert_eq!(
            of("/requests/20261101-0031.json"),
            Some((Call::Request("20261101-0031".into()), Form::Json))
        );
        assert_eq!(
            of("/open311/discovery.xml"),
            Some((Call::Discovery, Form::Xml))
        );
        for path in [
            "/",
            "/services",
            "/services.html",
            "/nothing.json",
            "/services/%ff.json",
            "/services/.json",
            "/tokens/%2.xml",
            "/tokens/%+1.xml",
        ] {
            assert_eq!(of(path), None, "{path}");
        }
    }
}
