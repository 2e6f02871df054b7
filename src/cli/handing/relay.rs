//! Hands a letter to the mail relay of the settings, over SMTP with time limits.
//!
//! A letter has the same message id and date at every attempt: a relay or mailbox that has it already can tell.
//! The relay's answers decide what happens next: see [`not_taken`].

use crate::config::settings::{Relay, RelayTls};
use crate::domain::instant::Instant;
use crate::i18n::{Lang, letters as words};
use crate::service::delivering::{NotTaken, mail_id};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{Error, SmtpTransport};
use lettre::{Address, Transport};
use std::error::Error as _;
use std::time::{Duration, UNIX_EPOCH};

/// A letter as the relay gets it.
#[derive(Debug)]
pub(super) struct Mail<'a> {
    /// Its name in the outbox.
    pub key: &'a str,
    /// Where it goes.
    pub to: &'a str,
    /// One line.
    pub subject: &'a str,
    /// What it says.
    pub text: String,
    /// When it was begun.
    pub made_at: Instant,
}

/// Hands one mail over.
///
/// # Errors
/// Why it was not taken, in the language.
pub(super) fn hand(
    mail: &Mail<'_>,
    relay: &Relay,
    timeout: u16,
    lang: Lang,
) -> Result<(), NotTaken> {
    let message = message(mail, relay, lang)?;
    transport(relay, timeout, lang)?
        .send(&message)
        .map(|_| ())
        .map_err(|error| {
            // An address in letters that this relay does not take is this letter's own affair.
            if error.is_client() && !mail.to.is_ascii() {
                let detail = [("address", mail.to)];
                return NotTaken::Never(words::ADDRESS_NOT_TAKEN.with(lang, &detail));
            }
            not_taken(&error, relay, lang)
        })
}

fn message(mail: &Mail<'_>, relay: &Relay, lang: Lang) -> Result<Message, NotTaken> {
    let address = |text: &str| {
        text.parse::<Mailbox>()
            .map_err(|_| words::NO_ADDRESS.with(lang, &[("address", text)]))
    };
    let from = address(&relay.from).map_err(NotTaken::Unreachable)?;
    let to = address(mail.to).map_err(NotTaken::Never)?;
    let date = UNIX_EPOCH + Duration::from_secs(mail.made_at.0.max(0).unsigned_abs());
    let id = message_id(mail, &from.email);
    Message::builder()
        .from(from)
        .to(to)
        .subject(crate::domain::shown::clean_line(mail.subject))
        .date(date)
        .message_id(Some(id))
        // An answering machine must not answer. `[law: RFC 3834]`
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text.clone())
        .map_err(|error| NotTaken::Never(error.to_string()))
}

/// The same for one letter at every attempt, and no other's.
fn message_id(mail: &Mail<'_>, from: &Address) -> String {
    let own = mail_id(mail.made_at, mail.key, mail.to);
    format!("<{own}@{}>", from.domain())
}

fn transport(relay: &Relay, timeout: u16, lang: Lang) -> Result<SmtpTransport, NotTaken> {
    let parameters =
        || TlsParameters::new(relay.host.clone()).map_err(|error| not_taken(&error, relay, lang));
    let tls = match relay.tls {
        RelayTls::StartTls => Tls::Required(parameters()?),
        RelayTls::Tls => Tls::Wrapper(parameters()?),
        RelayTls::None => Tls::None,
    };
    let mut builder = SmtpTransport::builder_dangerous(&relay.host)
        .port(relay.port)
        .tls(tls)
        .timeout(Some(Duration::from_secs(timeout.into())));
    if !relay.user.is_empty() {
        builder = builder.credentials(Credentials::new(relay.user.clone(), password(relay, lang)?));
    }
    Ok(builder.build())
}

fn password(relay: &Relay, lang: Lang) -> Result<String, NotTaken> {
    let Some(path) = &relay.password_file else {
        return Ok(String::new());
    };
    let told = |error: std::io::Error| {
        let (path, detail) = (path.display().to_string(), error.to_string());
        let values = [("path", path.as_str()), ("detail", &detail)];
        NotTaken::Unreachable(words::NO_PASSWORD.with(lang, &values))
    };
    let text = std::fs::read_to_string(path).map_err(told)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// What an answer means for this letter and the others.
///
/// 5xx: this letter will not be taken, except where the relay refuses the account, which concerns them all. 4xx: not now;
/// 421 says the relay is closing. No answer, or none that can be understood: nobody is there.
fn not_taken(error: &Error, relay: &Relay, lang: Lang) -> NotTaken {
    let mut detail = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !detail.contains(&said) {
            detail = format!("{detail}: {said}");
        }
        cause = inner.source();
    }
    let port = relay.port.to_string();
    let values = [
        ("host", relay.host.as_str()),
        ("port", &port),
        ("detail", &detail),
    ];
    let status = error.status().map_or(0, u16::from);
    if matches!(status, 421 | 530 | 534 | 535 | 538) || status == 0 {
        return NotTaken::Unreachable(words::RELAY_AWAY.with(lang, &values));
    }
    let why = words::RELAY_REFUSES.with(lang, &values);
    if error.is_permanent() {
        NotTaken::Never(why)
    } else {
        NotTaken::Later(why)
    }
}
