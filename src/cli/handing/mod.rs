//! Hands letters of the outbox to whoever the settings name: the mail relay takes what has a mail address to go to, the command the rest.
//!
//! Retries nothing and remembers nothing: that is `service::delivering`. Start at [`deliver`].

mod program;
mod relay;

use super::exit::{Exit, Stop};
use super::output::{Out, tell};
use super::session::Session;
use super::{failing, wording};
use crate::config::settings::{Outbox, Relay};
use crate::domain::instant::Instant;
use crate::domain::letter::Recipient;
use crate::domain::light::Light;
use crate::domain::rules::Rules;
use crate::i18n::failures::Told;
use crate::i18n::{Lang, letters as words, words as codes};
use crate::service::delivering::{Delivered, NotTaken, Way};
use crate::service::{Centre, Letter, Mailbox};
use serde_json::{Map, Value, json};

/// Answers a relay gives to one letter, at most: each has the time limit of the settings.
const ANSWERS: i64 = 16;

/// Hands over every letter whose time has come; nothing when the settings name nobody who takes them.
///
/// # Errors
/// When the store cannot be written.
pub fn deliver(centre: &mut Centre, session: &Session, now: Instant) -> Result<Delivered, Stop> {
    let outbox = &session.settings.outbox;
    if !outbox.is_set() {
        return Ok(Delivered::default());
    }
    let rules = centre.shared_rules();
    let lease = 60 + ANSWERS * i64::from(outbox.timeout);
    let pinned = session.is_pinned();
    let clock = || if pinned { now } else { super::session::clock() };
    centre
        .deliver_by(
            lease,
            &clock,
            &|letter| way(letter, outbox, &rules),
            &mut |letter| hand(letter, outbox, &rules, session.lang),
        )
        .map_err(|why| failing::not_done(&why, session))
}

/// Says what came of it in a line; nothing when there was nothing to hand over and nobody to take it.
///
/// # Errors
/// As standard output has them.
pub fn summary(
    delivered: &Delivered,
    mailbox: Mailbox,
    session: &Session,
    out: &mut Out,
) -> Result<(), Stop> {
    let lang = session.lang;
    let waiting = mailbox.waiting.to_string();
    if !session.settings.outbox.is_set() {
        if mailbox.waiting > 0 {
            out.line(&words::NO_RECEIVER.with(lang, &[("waiting", &waiting)]))?;
        }
        return Ok(());
    }
    let (sent, failed) = (
        delivered.sent.to_string(),
        delivered.failed.len().to_string(),
    );
    let values = [
        ("sent", sent.as_str()),
        ("failed", &failed),
        ("waiting", &waiting),
    ];
    out.line(&words::DELIVERED.with(lang, &values))
}

/// Tells what was not taken, in three parts, and the exit it means.
pub fn told(delivered: &Delivered, lang: Lang) -> Exit {
    let Some((key, why)) = delivered.failed.first() else {
        return Exit::Done;
    };
    let failed = delivered.failed.len().to_string();
    let told = Told::new(
        lang,
        (words::NOT_HANDED, &[("n", &failed)]),
        (words::RECEIVER_SAYS, &[("key", key), ("why", why)]),
        (words::TRIED_AGAIN, &[]),
    );
    tell(&told, lang);
    Exit::Failed
}

/// Which of the two a letter goes to: the relay takes what has a mail address.
fn way(letter: &Letter, outbox: &Outbox, rules: &Rules) -> Way {
    let Some(relay) = &outbox.relay else {
        return Way::Command;
    };
    let is_mailed = match &letter.recipient {
        Recipient::Desk => !relay.desk.is_empty(),
        Recipient::Department(code) => rules.directory.mail_of(code).is_some(),
        Recipient::Mail(_) => true,
        Recipient::Phone(_) | Recipient::Wechat(_) | Recipient::Foreign(_) => false,
    };
    if is_mailed { Way::Relay } else { Way::Command }
}

fn hand(letter: &Letter, outbox: &Outbox, rules: &Rules, lang: Lang) -> Result<(), NotTaken> {
    let worded = Worded::of(letter, rules, outbox.relay.as_ref(), lang);
    match (&outbox.relay, &worded.mail) {
        (Some(relay), Some(to)) => {
            let mail = relay::Mail {
                key: &letter.key,
                to,
                subject: &worded.subject,
                text: worded.text.clone(),
                made_at: letter.made_at,
            };
            relay::hand(&mail, relay, outbox.timeout, lang)
        }
        (Some(_), None) if outbox.command.is_empty() => Err(NotTaken::Later(
            words::NO_MAIL_ADDRESS.with(lang, &[("name", &worded.name)]),
        )),
        (Some(_) | None, Some(_) | None) => {
            let text = payload(letter, &worded, rules).to_string();
            program::hand(&text, &outbox.command, outbox.timeout, lang)
        }
    }
}

/// A letter with its names, address and words.
struct Worded {
    /// The recipient's name; a person has none.
    name: String,
    mail: Option<String>,
    phone: Option<String>,
    subject: String,
    text: String,
    body: Map<String, Value>,
}

impl Worded {
    fn of(letter: &Letter, rules: &Rules, relay: Option<&Relay>, lang: Lang) -> Self {
        let directory = &rules.directory;
        let body = match serde_json::from_str(&letter.body) {
            Ok(Value::Object(body)) => body,
            // No letter is written like that; one that is goes out with what can be said.
            Ok(_) | Err(_) => Map::new(),
        };
        let desk = || words::DESK.of(lang).to_owned();
        let (name, mail, phone) = match &letter.recipient {
            Recipient::Desk => {
                let to = relay.map(|relay| relay.desk.clone());
                (desk(), to.filter(|to| !to.is_empty()), None)
            }
            Recipient::Department(code) => (
                wording::department(code, directory, lang),
                directory.mail_of(code).map(str::to_owned),
                None,
            ),
            Recipient::Mail(address) => (String::new(), Some(address.clone()), None),
            Recipient::Phone(number) => (String::new(), None, Some(number.clone())),
            Recipient::Wechat(_) => (String::new(), None, None),
            Recipient::Foreign(code) => (code.clone(), None, None),
        };
        let said = body.get("text").and_then(Value::as_str);
        let text = said.map_or_else(|| digest(&name, &body, rules, lang), str::to_owned);
        let subject = if letter.subject.is_empty() {
            subject(&name, &body, lang)
        } else {
            letter.subject.clone()
        };
        Self {
            name,
            mail,
            phone,
            subject,
            text,
            body,
        }
    }
}

/// The lines of a digest.
fn lines(body: &Map<String, Value>) -> &[Value] {
    body.get("tickets")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn light_of(line: &Value) -> Option<Light> {
    line["light"].as_str().and_then(Light::from_code)
}

fn subject(name: &str, body: &Map<String, Value>, lang: Lang) -> String {
    let count = |wanted| {
        let those = lines(body).iter().filter(|l| light_of(l) == Some(wanted));
        those.count().to_string()
    };
    words::DIGEST_SUBJECT.with(
        lang,
        &[
            ("name", name),
            ("red", &count(Light::Red)),
            ("yellow", &count(Light::Yellow)),
            ("green", &count(Light::Green)),
        ],
    )
}

/// A digest as a mail says it: the worst first.
fn digest(name: &str, body: &Map<String, Value>, rules: &Rules, lang: Lang) -> String {
    let mut lines: Vec<&Value> = lines(body).iter().collect();
    let rank = |line: &Value| match light_of(line) {
        Some(Light::Red) => 0,
        Some(Light::Yellow) => 1,
        Some(Light::Green | Light::Paused | Light::Done | Light::Late) | None => 2,
    };
    lines.sort_by_key(|line| {
        (
            rank(line),
            line["due_at"].as_str().unwrap_or("~").to_owned(),
        )
    });
    let mut text = words::DIGEST_BEGINS.with(lang, &[("name", name)]);
    text.push_str("\n\n");
    for line in lines {
        let category: Vec<&str> = line["category"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let due = line["due_at"].as_str().and_then(|at| {
            let zone = rules.zone(Instant(0));
            zone.parse(at).ok().map(|at| zone.minute(at))
        });
        let light = light_of(line).map_or("", |light| codes::light(light).of(lang));
        text.push_str(&words::DIGEST_LINE.with(
            lang,
            &[
                ("light", light),
                ("no", line["no"].as_str().unwrap_or_default()),
                ("due", due.as_deref().unwrap_or("—")),
                ("category", &category.join("/")),
            ],
        ));
        text.push('\n');
    }
    text.push('\n');
    text.push_str(words::DIGEST_ENDS.of(lang));
    text.push('\n');
    text
}

/// A letter as the command gets it: what it is and whom it is for, then what it says.
fn payload(letter: &Letter, worded: &Worded, rules: &Rules) -> Value {
    let department = match &letter.recipient {
        Recipient::Department(code) => Some(code.as_str()),
        Recipient::Desk => Some("desk"),
        Recipient::Mail(_) | Recipient::Phone(_) | Recipient::Wechat(_) | Recipient::Foreign(_) => {
            None
        }
    };
    let zone = rules.zone(letter.made_at);
    let mut payload = json!({
        "kind": letter.kind,
        "key": letter.key,
        "attempt": letter.attempts,
        "department": department,
        "name": worded.name,
        "mail": worded.mail,
        "phone": worded.phone,
        "at": zone.rfc3339(letter.made_at),
        "subject": worded.subject,
        "text": worded.text,
    });
    if let Value::Object(fields) = &mut payload {
        if let Recipient::Wechat(person) = &letter.recipient {
            fields.insert("wechat".to_owned(), json!(person));
        }
        for (name, value) in &worded.body {
            fields.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    payload
}
