//! Answers: JSON and XML of one value, HTML, plain words.

use crate::domain::shown::in_markup;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::Value;

fn response(status: StatusCode, kind: &'static str, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// An answer that says when to come again.
pub(super) fn later(mut response: Response, seconds: u64) -> Response {
    if let Ok(value) = HeaderValue::try_from(seconds.to_string()) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

/// Words.
pub(super) fn plain(status: StatusCode, text: &str) -> Response {
    response(status, "text/plain; charset=utf-8", format!("{text}\n"))
}

/// These bytes and no more.
pub(super) fn plain_exactly(status: StatusCode, text: &str) -> Response {
    response(status, "text/plain; charset=utf-8", text.to_owned())
}

/// An XML text that is whole already.
pub(super) fn xml_exactly(text: String) -> Response {
    response(StatusCode::OK, "text/xml; charset=utf-8", text)
}

/// A page.
pub(super) fn html(status: StatusCode, text: String) -> Response {
    response(status, "text/html; charset=utf-8", text)
}

/// A style sheet.
pub(super) fn css(text: &str) -> Response {
    response(StatusCode::OK, "text/css; charset=utf-8", text.to_owned())
}

/// JSON.
pub(super) fn json(status: StatusCode, value: &Value) -> Response {
    response(status, "application/json; charset=utf-8", value.to_string())
}

/// XML under a root; the members of a list are named by [`member`].
pub(super) fn xml(status: StatusCode, root: &str, value: &Value) -> Response {
    response(status, "text/xml; charset=utf-8", document(root, value))
}

/// The XML document of a value.
pub(super) fn document(root: &str, value: &Value) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    element(&mut out, root, value);
    out
}

fn element(out: &mut String, name: &str, value: &Value) {
    let inner = |out: &mut String, write: &dyn Fn(&mut String)| {
        out.extend(["<", name, ">"]);
        write(out);
        out.extend(["</", name, ">"]);
    };
    match value {
        Value::Null => out.extend(["<", name, "/>"]),
        Value::Bool(_) | Value::Number(_) => inner(out, &|out| out.push_str(&value.to_string())),
        Value::String(text) => inner(out, &|out| out.push_str(&escaped(text))),
        Value::Array(all) => inner(out, &|out| {
            for one in all {
                element(out, member(name), one);
            }
        }),
        Value::Object(fields) => inner(out, &|out| {
            for (name, value) in fields {
                element(out, name, value);
            }
        }),
    }
}

/// What one of a list is called.
fn member(list: &str) -> &str {
    match list {
        "service_requests" => "request",
        "formats" => "format",
        other => other.strip_suffix('s').unwrap_or(other),
    }
}

/// Text without what XML cannot hold.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|c| is_printable(*c)).collect()
}

fn is_printable(c: char) -> bool {
    matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// Text that is safe between tags and in quoted attributes of XML and HTML; what XML cannot hold is left out.
pub(super) fn escaped(text: &str) -> String {
    in_markup(&printable(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_value_is_the_same_in_xml() {
        let value = json!([{ "service_request_id": "1", "note": null, "lat": 1.5, "attributes": [{ "code": "<a>" }] }]);
        assert_eq!(
            document("service_requests", &value),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<service_requests><request><service_request_id>1</service_request_id>\
             <note/><lat>1.5</lat><attributes><attribute><code>&lt;a&gt;</code></attribute></attributes></request></service_requests>"
        );
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(escaped("a\u{0}\u{1b}\u{ffff}b\r\n'&"), "ab\n&#39;&amp;");
    }
}
