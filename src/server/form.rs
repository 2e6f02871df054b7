//! What a request carries: the values of its query and its form, within bounds of size and time.
//!
//! A form is read strictly in the encoding it names. Start at [`values`].

use crate::i18n::{Text, server};
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use encoding_rs::{Encoding, UTF_8};
use std::time::Duration;

/// The largest body taken: a request has at most 4,000 characters of words.
const BODY: usize = 64 * 1024;
/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(15);

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

    /// Takes the values of a form written in an encoding; what is no text in it is not taken.
    fn read_strictly(&mut self, form: &[u8], encoding: &'static Encoding) -> Result<(), Unread> {
        let text = |part: &[u8]| {
            let bytes = meant(part);
            encoding
                .decode_without_bom_handling_and_without_replacement(&bytes)
                .map(std::borrow::Cow::into_owned)
                .ok_or(Unread::NotText)
        };
        for pair in form
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
        {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let (name, value) = (halves.next(), halves.next());
            self.0.push((
                text(name.unwrap_or_default())?,
                text(value.unwrap_or_default())?,
            ));
        }
        Ok(())
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

/// The bytes that a part of a form means: `+` is a blank, `%` stands before two hexadecimal digits.
fn meant(part: &[u8]) -> Vec<u8> {
    let digit = |at: usize| part.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(part.len());
    let mut at = 0;
    while let Some(byte) = part.get(at) {
        let escaped = digit(at + 1).zip(digit(at + 2));
        match (byte, escaped) {
            (b'%', Some((high, low))) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (other, _) => out.push(*other),
        }
        at += 1;
    }
    out
}

/// The encoding that a form's head names; UTF-8 when it names none, nothing when it is not known.
fn encoding(head: &HeaderMap) -> Option<&'static Encoding> {
    let kind = head
        .get(CONTENT_TYPE)
        .map(|kind| kind.as_bytes().to_ascii_lowercase());
    let kind = kind
        .as_deref()
        .and_then(|kind| std::str::from_utf8(kind).ok());
    let named = kind
        .unwrap_or_default()
        .split(';')
        .skip(1)
        .find_map(|part| {
            let (name, value) = part.split_once('=')?;
            (name.trim() == "charset").then(|| value.trim().trim_matches('"'))
        });
    match named {
        None | Some("") => Some(UTF_8),
        Some(label) => Encoding::for_label_no_replacement(label.as_bytes()),
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
    /// It is no text in the encoding it says it is in.
    NotText,
}

impl Unread {
    /// The status that says so.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotText => StatusCode::BAD_REQUEST,
        }
    }

    /// The words that say so.
    pub(super) fn words(self) -> Text {
        match self {
            Self::TooLarge => server::TOO_LARGE,
            Self::TooSlow => server::TOO_SLOW,
            Self::NotAForm => server::NOT_A_FORM,
            Self::NotText => server::NOT_TEXT,
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
        let encoding = encoding(request.headers());
        let bytes = body(request).await?;
        if !is_form && !bytes.is_empty() {
            return Err(Unread::NotAForm);
        }
        values.read_strictly(&bytes, encoding.ok_or(Unread::NotText)?)?;
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_form_is_read_in_the_encoding_it_names_or_not_at_all() {
        let read = |kind: &str, form: &[u8]| {
            let mut head = HeaderMap::new();
            head.insert(CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
            let mut values = Values::default();
            values.read_strictly(form, encoding(&head)?).ok()?;
            Some(values.0)
        };
        let plain = "application/x-www-form-urlencoded";
        let one = |value: &str| Some(vec![("a b".to_owned(), value.to_owned())]);
        assert_eq!(read(plain, "a+b=%E8%B7%AF灯&".as_bytes()), one("路灯"));
        let gbk = format!("{plain}; charset=\"GBK\"");
        assert_eq!(read(&gbk, b"a+b=%C2%B7\xb5\xc6"), one("路灯"));
        assert_eq!(read(plain, b"a+b=%C2%B7\xb5\xc6"), None);
        assert_eq!(read(plain, b"a+b=100%&"), one("100%"));
        assert_eq!(read(&format!("{plain};charset=klingon"), b"a+b=1"), None);
    }
}
