//! What everyone passes: the address, the limits, the headers of every answer; and the language somebody asks for.
//!
//! What a request carries is read in [`super::form`]. Start at [`pass`].

use super::Door;
use super::answer;
use crate::i18n::{Lang, Text, server};
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// How long one request may take altogether.
const REQUEST: Duration = Duration::from_secs(60);
/// When to come again after that, in seconds.
const AGAIN: u64 = 10;

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
        .or_else(|| super::page::turned_away(path, status, text, lang))
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
        .and_then(|address| forwarded(address.trim()))
        .unwrap_or(peer)
}

/// An address as a proxy writes it: bare, in brackets, or with a port.
fn forwarded(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let with_port = || text.parse::<SocketAddr>().ok().map(|one| one.ip());
    bare.unwrap_or(text).parse().ok().or_else(with_port)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_may_write_a_port_behind_the_address() {
        for text in ["192.0.2.1", "192.0.2.1:4711"] {
            assert_eq!(
                forwarded(text),
                Some(IpAddr::from([192, 0, 2, 1])),
                "{text}"
            );
        }
        for text in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711"] {
            assert_eq!(forwarded(text), "2001:db8::1".parse().ok(), "{text}");
        }
        assert_eq!(forwarded("unknown"), None);
    }
}
