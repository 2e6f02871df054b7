//! The WeChat official account's callback: messages become requests of "@坪山"; progress and ratings are answered.
//!
//! Every message is signed with the account's token and may be sealed with its key; what is not is refused. An answer goes out
//! within the five seconds WeChat waits; what takes longer is carried out all the same: WeChat hears nothing, and its next
//! try gets the answer. After the last one the sender is told to wait; then, and when WeChat does not try again, number and
//! code are told with the sender's next message, and by a letter of the outbox. Start at [`receive`].

mod message;
mod once;
mod seal;
mod wish;

use super::Door;
use super::answer;
use super::codes::{self, Rated, Tried};
use super::form::{self, Values};
use crate::config::settings;
use crate::domain::act::{Rating, Registration};
use crate::domain::instant::Instant;
use crate::domain::letter::{Posting, Recipient};
use crate::domain::privacy::Texts;
use crate::domain::progress::Progress;
use crate::domain::rules::Rules;
use crate::domain::ticket::Urgency;
use crate::domain::title;
use crate::i18n::{Lang, progress, wechat};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use message::{Message, What};
use once::{Answer, Messages, Signatures, Telling};
use seal::Seal;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use wish::Wish;

/// Who a message of the account is from, and its mark at every try; nothing when the XML is no message, sealed or open.
/// Answers nobody: it is what the fuzzer and the tests of foreign bytes feed.
pub fn understood(xml: &str) -> Option<(String, String)> {
    let open = message::sealed(xml);
    Message::read(open.as_deref().unwrap_or(xml)).map(|message| (message.from, message.id))
}

/// Where such requests come from.
const SOURCE: &str = "@坪山";
/// Through what.
const CHANNEL: &str = "微信公众号";
/// How far a message's moment may be from ours, in seconds; an older one may be somebody else's copy.
const WINDOW: i64 = 300;
/// How long an answer may take: WeChat waits for five seconds.
const PATIENCE: Duration = Duration::from_millis(4_500);
/// How long a try without an answer is kept waiting further, so that WeChat hangs up and tries again.
const SILENCE: Duration = Duration::from_secs(1);
/// How long WeChat may take to try again; when it has not, the answer goes out as a letter.
const ANOTHER_TRY: Duration = Duration::from_secs(6);
/// How often WeChat tries.
const TIMES: u32 = 3;
/// Pauses between attempts to register a request while the store is locked, and how many there are: ten minutes.
const AGAIN: (Duration, u32) = (Duration::from_secs(3), 200);
/// What letters with a late answer are called.
const LATE: &str = "wechat";
/// Between what is told in one message.
const BETWEEN: &str = "\n\n";
/// The steps told in a message, the newest ones.
const STEPS: usize = 5;
/// The most bytes of a message's words.
const BYTES: usize = 2_048;
/// What WeChat takes for "nothing to say".
const NOTHING: &str = "success";

/// The account.
pub(super) struct Account {
    seal: Seal,
    messages: Messages,
    signatures: Signatures,
}

impl Account {
    /// The account of the settings; nothing when its key is none.
    pub(super) fn of(settings: &settings::Wechat) -> Option<Self> {
        Seal::new(
            &settings.token,
            &settings.app_id,
            settings.aes_key.as_deref(),
        )
        .map(|seal| Self {
            seal,
            messages: Messages::default(),
            signatures: Signatures::default(),
        })
    }
}

/// Shows WeChat that the callback is the account's own.
pub(super) async fn verify(State(door): State<Arc<Door>>, request: Request) -> Response {
    let values = Values::of_query(request.uri().query());
    match (&door.wechat, values.get("echostr")) {
        (Some(account), Some(echo)) if is_signed(&account.seal, &values, door.now()) => {
            answer::plain_exactly(StatusCode::OK, echo)
        }
        _ => refused(),
    }
}

/// Takes a message.
pub(super) async fn receive(State(door): State<Arc<Door>>, request: Request) -> Response {
    let Some(account) = &door.wechat else {
        return refused();
    };
    let values = Values::of_query(request.uri().query());
    let now = door.now();
    let Ok(bytes) = form::body(request).await else {
        return refused();
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return refused();
    };
    let is_sealed = values.get("encrypt_type") == Some("aes");
    if !is_signed(&account.seal, &values, now) {
        return refused();
    }
    let opened = if is_sealed {
        let signature = values.get("msg_signature").unwrap_or_default();
        message::sealed(&text).and_then(|sealed| {
            let moment = values.get("timestamp").unwrap_or_default();
            let nonce = values.get("nonce").unwrap_or_default();
            let own = account.seal.signature(&[moment, nonce, &sealed]);
            if seal::same(&own, signature) {
                account.seal.open(&sealed)
            } else {
                None
            }
        })
    } else if account.seal.is_sealing() {
        // An account with a key takes nothing in the clear.
        None
    } else {
        Some(text.clone())
    };
    let Some(message) = opened.as_deref().and_then(Message::read) else {
        return refused();
    };
    let named = |name: &str| values.get(name).unwrap_or_default();
    // What is sealed differs at every try; in the clear anybody could put other words under the same signature.
    let content = if is_sealed { &message.id } else { &text };
    let signatures = &account.signatures;
    if !signatures.admit(named("timestamp"), named("nonce"), content, now) {
        return refused();
    }
    let (from, to) = (message.from.clone(), message.to.clone());
    let words = match said(&door, account, message, now).await {
        Said::Words(words) => words,
        Said::Nothing => return answer::plain_exactly(StatusCode::OK, NOTHING),
        Said::NotYet => return answer::plain_exactly(StatusCode::SERVICE_UNAVAILABLE, ""),
    };
    let reply = message::reply(&from, &to, &words, now);
    let reply = if is_sealed {
        match account.seal.close(&reply, now, named("nonce")) {
            Some(sealed) => sealed,
            None => return answer::plain_exactly(StatusCode::OK, NOTHING),
        }
    } else {
        reply
    };
    answer::xml_exactly(reply)
}

/// What WeChat hears.
enum Said {
    Words(String),
    /// There is nothing to say.
    Nothing,
    /// It is to try again.
    NotYet,
}

/// The answer to a message within WeChat's time; who brings it again waits for the same answer.
async fn said(door: &Arc<Door>, account: &Account, message: Message, now: Instant) -> Said {
    let lang = door.lang;
    let (id, from) = (message.id.clone(), message.from.clone());
    let Some(mut joined) = account.messages.join(&id) else {
        return Said::Words(wechat::BUSY.of(lang).to_owned());
    };
    if let Some(first) = joined.first.take() {
        let door = Arc::clone(door);
        // Carried on when WeChat hangs up.
        tokio::spawn(async move { find_out(&door, message, now, &first).await });
    }
    let known = |answer: &Answer| *answer != Answer::Open;
    let answer = tokio::time::timeout(PATIENCE, joined.answer.wait_for(known))
        .await
        .map(|found| found.map(|found| found.words().cloned()));
    let found = match answer {
        Ok(Ok(found)) => found,
        // Whoever was to find it out broke.
        Ok(Err(_)) => Some(wechat::BUSY.of(lang).to_owned()),
        Err(_) if joined.times < TIMES => {
            let Some(answer) = account.messages.give_up(joined) else {
                tokio::time::sleep(SILENCE).await;
                return Said::NotYet;
            };
            answer.words().cloned()
        }
        Err(_) => {
            let late = account.messages.owe(&id);
            Some(late.unwrap_or_else(|| wechat::LATER.of(lang).to_owned()))
        }
    };
    let mut words = account.messages.owed(&from);
    words.retain(|owed| Some(owed) != found.as_ref());
    words.extend(found);
    // What a message has no room for is told with the next one.
    let mut told = words.len();
    while told > 1 && words[words.len() - told..].join(BETWEEN).len() > BYTES {
        told -= 1;
    }
    let later: Vec<String> = words.drain(..words.len() - told).collect();
    account.messages.owe_more(&from, later);
    if words.is_empty() {
        Said::Nothing
    } else {
        Said::Words(words.join(BETWEEN))
    }
}

/// Finds out what a message is answered with; what comes too late goes into the outbox, too.
async fn find_out(door: &Arc<Door>, message: Message, now: Instant, first: &watch::Sender<Answer>) {
    let Some(account) = &door.wechat else { return };
    let (id, from) = (message.id.clone(), message.from.clone());
    let words = reply(door, message, now).await;
    let answer = words.clone().map_or(Answer::Nothing, Answer::Words);
    let telling = account.messages.settle(&id, &from, first, answer);
    let Some(text) = words else { return };
    if telling == Telling::Unheard {
        tokio::time::sleep(ANOTHER_TRY).await;
    }
    let is_unheard = match telling {
        Telling::Waiting => false,
        Telling::Unheard => account.messages.still_owes(&from, &text),
        Telling::Owed => true,
    };
    if is_unheard {
        let posting = Posting {
            kind: LATE,
            key: format!("{LATE}-{id}"),
            recipient: Recipient::Wechat(from),
            subject: wechat::REGISTERED_LATE.of(door.lang).to_owned(),
            text,
        };
        let posted = door
            .desk
            .write(move |centre| centre.post(&posting, now))
            .await;
        if !matches!(posted, Ok(Ok(_))) {
            tracing::error!("a late answer was not put into the outbox");
        }
    }
}

/// The same words for everything that is not taken.
fn refused() -> Response {
    answer::plain_exactly(StatusCode::FORBIDDEN, "forbidden")
}

/// Whether the query is signed with the account's token, and just now.
fn is_signed(seal: &Seal, values: &Values, now: Instant) -> bool {
    let (Some(signature), Some(moment), Some(nonce)) = (
        values.get("signature"),
        values.get("timestamp"),
        values.get("nonce"),
    ) else {
        return false;
    };
    let fresh = moment
        .parse::<i64>()
        .is_ok_and(|at| now.since(Instant(at)).abs() <= WINDOW);
    fresh && seal::same(&seal.signature(&[moment, nonce]), signature)
}

/// What a message is answered with; nothing when there is nothing to say.
async fn reply(door: &Arc<Door>, message: Message, now: Instant) -> Option<String> {
    let lang = door.lang;
    let track = format!("{}/track", door.url);
    if let What::Text(text) = &message.what
        && let Some(wish) = Wish::of(text)
    {
        return Some(match wish {
            Wish::Progress(no, code) => asked(door, &message.from, &no, &code).await,
            Wish::Rate(no, code, rating) => rated(door, &message.from, &no, code, rating).await,
            Wish::Help => wechat::HELP.of(lang).to_owned(),
        });
    }
    let Some((form, texts)) = request(&message, now, lang) else {
        return match message.what {
            What::Subscribed => Some(wechat::HELP.of(lang).to_owned()),
            What::Other => Some(wechat::NOT_TAKEN.of(lang).to_owned()),
            What::Text(_) | What::Image { .. } | What::Location { .. } | What::Silent => None,
        };
    };
    let (pause, times) = AGAIN;
    for _ in 0..times {
        let (form, texts) = (form.clone(), texts.clone());
        let handed = door
            .desk
            .write(move |centre| centre.hand_in(&form, &texts, now))
            .await;
        match handed {
            Ok(Ok(handed)) => {
                let code = handed.code.map_or_else(|| "-".to_owned(), |c| c.shown());
                let values = [("no", handed.no.as_str()), ("code", &code), ("url", &track)];
                return Some(wechat::REGISTERED.with(lang, &values));
            }
            // Under the number that WeChat gave it, it is registered once.
            Ok(Err(why)) => tracing::warn!(?why, "a message was not taken yet"),
            Err(_) => {}
        }
        tokio::time::sleep(pause).await;
    }
    tracing::error!("a message was not taken");
    Some(wechat::BUSY.of(lang).to_owned())
}

/// The progress of a request in a message's words.
async fn asked(door: &Door, from: &str, no: &str, code: &str) -> String {
    let lang = door.lang;
    let now = door.now();
    let rest = rest(door);
    let tried = codes::look(door, from, no, code, move |found, rules| {
        summary(found, rules, &rest, now, lang)
    })
    .await;
    match tried {
        Tried::Open(words) => words,
        shut => not_shown(door, &shut),
    }
}

/// Takes a rating; what came of it in a message's words.
async fn rated(door: &Door, from: &str, no: &str, code: String, rating: Rating) -> String {
    let (lang, now) = (door.lang, door.now());
    let rest = rest(door);
    let rating = (rating, String::new());
    let tried = codes::rate(door, from, (no, &code), rating, move |found, rules| {
        summary(found, rules, &rest, now, lang)
    })
    .await;
    match tried {
        Tried::Open(Rated::Taken(words)) => words,
        Tried::Open(Rated::Not(why)) => why.of(lang).to_owned(),
        shut @ (Tried::Unknown | Tried::TooMany(_) | Tried::Busy) => not_shown(door, &shut),
    }
}

/// Why number and code open nothing.
fn not_shown<T>(door: &Door, tried: &Tried<T>) -> String {
    let lang = door.lang;
    match tried {
        Tried::TooMany(seconds) => {
            let next = progress::try_later(*seconds, door.settings.hotline.as_deref(), lang);
            crate::i18n::server::TOO_MANY_TRIES.with(lang, &[("next", &next)])
        }
        Tried::Open(_) | Tried::Unknown => progress::NO_PAIR.of(lang).to_owned(),
        Tried::Busy => wechat::BUSY.of(lang).to_owned(),
    }
}

/// Where the rest of an answer is read that a message has no room for.
fn rest(door: &Door) -> String {
    let lang = door.lang;
    match (&door.settings.public_url, &door.settings.hotline) {
        (Some(_), _) => wechat::REST_AT.with(lang, &[("url", &format!("{}/track", door.url))]),
        (None, Some(hotline)) => wechat::REST_OR_CALL.with(lang, &[("hotline", hotline)]),
        (None, None) => wechat::REST.of(lang).to_owned(),
    }
}

/// The progress in the words of one message: the answer whole, or cut visibly where there is no room for all of it.
fn summary(found: &Progress, rules: &Rules, rest: &str, now: Instant, lang: Lang) -> String {
    let zone = rules.zone(found.created_at);
    let mut lines = vec![format!(
        "{} {}",
        found.no,
        progress::standing(found.standing).of(lang)
    )];
    if let Some(promised) = progress::promised(found, now, zone, |day| day.to_string(), lang) {
        lines.push(format!("{}：{promised}", progress::PROMISED.of(lang)));
    }
    let skipped = found.steps.len().saturating_sub(STEPS);
    for (at, step) in found.steps.iter().skip(skipped) {
        let said = progress::step(step, found.created_at, rules, lang);
        lines.push(format!("{} {said}", zone.minute(*at)));
    }
    let may_rate = found.may_rate.then(|| wechat::MAY_RATE.of(lang));
    if let Some(answer) = &found.answer {
        let label = format!("{}：", progress::ANSWER.of(lang));
        let taken: usize = lines.iter().map(|line| line.len() + 1).sum();
        let room = BYTES.saturating_sub(taken + label.len() + may_rate.map_or(0, |m| m.len() + 1));
        lines.push(format!("{label}{}", fitted(answer, room, rest)));
    }
    lines.extend(may_rate.map(str::to_owned));
    lines.join("\n")
}

/// A text in so many bytes: whole, or as much of it as there is room for, a mark that it was cut, and where the rest is.
fn fitted(text: &str, room: usize, rest: &str) -> String {
    if text.len() <= room {
        return text.to_owned();
    }
    let tail = format!("…{rest}");
    let room = room.saturating_sub(tail.len());
    let fits = |at: &usize| *at <= room;
    let ends = text.char_indices().map(|(at, _)| at).take_while(fits);
    let head = &text[..ends.last().unwrap_or_default()];
    format!("{head}{tail}")
}

/// The request that a message is; nothing when it is none.
fn request(message: &Message, now: Instant, lang: Lang) -> Option<(Registration, Texts)> {
    let (title, content, address, mut raw) = match &message.what {
        What::Text(text) if !text.trim().is_empty() => {
            let title = title::of_words(text).unwrap_or_default();
            (title, text.trim().to_owned(), String::new(), Vec::new())
        }
        What::Image { url, media } => (
            wechat::IMAGE.of(lang).to_owned(),
            url.clone(),
            String::new(),
            vec![
                ("media_url".to_owned(), url.clone()),
                ("wechat_media".to_owned(), media.clone()),
            ],
        ),
        What::Location { lat, long, label } => (
            wechat::LOCATION.with(lang, &[("label", label)]),
            format!("{label} ({lat}, {long})"),
            label.clone(),
            vec![
                ("lat".to_owned(), lat.clone()),
                ("long".to_owned(), long.clone()),
            ],
        ),
        What::Text(_) | What::Subscribed | What::Silent | What::Other => return None,
    };
    raw.push(("wechat_openid".to_owned(), message.from.clone()));
    let form = Registration {
        created_at: now,
        source: SOURCE.to_owned(),
        channel: CHANNEL.to_owned(),
        external_no: Some(format!("wechat:{}", message.id)),
        nature: None,
        limit_class: None,
        urgency: Urgency::Normal,
        confidential: false,
        category: Vec::new(),
        street: None,
        community: None,
    };
    let texts = Texts {
        title,
        content,
        address,
        raw,
        ..Texts::default()
    };
    Some((form, texts))
}
