//! What everyone passes: the address, the limit, the bounds of a body, the headers of every answer.

use super::Door;
use super::answer;
use crate::i18n::{Lang, Text, server};
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// The largest body taken: a request has at most 4,000 characters of words.
const BODY: usize = 64 * 1024;
/// How long one request may take altogether.
const REQUEST: Duration = Duration::from_secs(60);
/// When to come again after that, in seconds.
const AGAIN: u64 = 10;
/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Who is at the other end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// Nothing is loaded from anywhere else, nothing runs, nobody frames it.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Lets a request in, or says that there were too many, and marks every answer.
pub(super) async fn pass(
    State(door): State<Arc<Door>>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = address(&request, door.settings.behind_proxy);
    request.extensions_mut().insert(Peer(peer));
    let lang = language(request.headers(), door.lang);
    // WeChat's few servers speak for everybody, and sign.
    let is_limited = request.uri().path() != "/wechat";
    let admitted = if is_limited {
        let counted = door.limits.ask(peer, 1);
        counted.and_then(|_| door.limits.enter(peer).map(Some))
    } else {
        Ok(None)
    };
    let mut response = match admitted {
        Ok(_held) => {
            let path = request.uri().path().to_owned();
            let answer = tokio::time::timeout(REQUEST, next.run(request)).await;
            answer.unwrap_or_else(|_| {
                turned_away(
                    &path,
                    StatusCode::SERVICE_UNAVAILABLE,
                    server::BUSY,
                    AGAIN,
                    lang,
                )
            })
        }
        Err(wait) => turned_away(
            request.uri().path(),
            StatusCode::TOO_MANY_REQUESTS,
            server::TOO_MANY_REQUESTS,
            wait.seconds(),
            lang,
        ),
    };
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 5] = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Not now, in the form of what was asked for.
fn turned_away(path: &str, status: StatusCode, text: Text, again: u64, lang: Lang) -> Response {
    let response = super::open311::turned_away(path, status, text, lang)
        .unwrap_or_else(|| answer::plain(status, text.of(lang)));
    answer::later(response, again)
}

/// The client's address: the connection's, or the one that the proxy in front has written last.
fn address(request: &Request, behind_proxy: bool) -> IpAddr {
    let peer = request
        .extensions()
        .get::<Peer>()
        .map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0);
    if !behind_proxy {
        return peer;
    }
    let told = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .next_back();
    told.and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|address| address.trim().parse().ok())
        .unwrap_or(peer)
}

/// The language a client asks for; the door's own when it names neither of ours.
pub(super) fn language(headers: &HeaderMap, own: Lang) -> Lang {
    let asked = headers
        .get("accept-language")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    asked
        .split(',')
        .find_map(|one| Lang::from_code(one.split(';').next().unwrap_or_default().trim()))
        .unwrap_or(own)
}

/// Named values of a query or a form, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Values(Vec<(String, String)>);

impl Values {
    /// The first value of a name, without blanks around it; nothing when it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value of a name that is not empty.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// Every name with its value.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }

    fn read(&mut self, text: &[u8]) {
        let pairs = form_urlencoded::parse(text);
        self.0
            .extend(pairs.map(|(n, v)| (n.into_owned(), v.into_owned())));
    }

    /// The values of a query alone.
    pub(super) fn of_query(query: Option<&str>) -> Self {
        let mut values = Self::default();
        values.read(query.unwrap_or_default().as_bytes());
        values
    }
}

/// Why a body was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is too large.
    TooLarge,
    /// It took too long, or broke off.
    TooSlow,
    /// It is no form.
    NotAForm,
}

impl Unread {
    /// The status that says so.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        }
    }
}

/// The bytes of a body.
pub(super) async fn body(request: Request) -> Result<Vec<u8>, Unread> {
    let declared = request
        .headers()
        .get("content-length")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<usize>().ok());
    if declared.is_some_and(|length| length > BODY) {
        return Err(Unread::TooLarge);
    }
    let read = to_bytes(request.into_body(), BODY);
    match tokio::time::timeout(PATIENCE, read).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(error)) => {
            let cause = std::error::Error::source(&error);
            if cause.is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>) {
                Err(Unread::TooLarge)
            } else {
                Err(Unread::TooSlow)
            }
        }
        Err(_) => Err(Unread::TooSlow),
    }
}

/// The values of a request's query and, when it has one, of its form.
pub(super) async fn values(request: Request) -> Result<Values, Unread> {
    let mut values = Values::of_query(request.uri().query());
    let is_form = request.headers().get(CONTENT_TYPE).is_none_or(|kind| {
        kind.as_bytes()
            .to_ascii_lowercase()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    if request.method() == axum::http::Method::POST {
        let bytes = body(request).await?;
        if !is_form && !bytes.is_empty() {
            return Err(Unread::NotAForm);
        }
        values.read(&bytes);
    }
    Ok(values)
}
