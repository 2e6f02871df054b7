//! The WeChat official account's callback: messages become requests of "@坪山"; progress and ratings are answered.
//!
//! Every message is signed with the account's token and may be sealed with its key; what is not is refused. An answer goes out
//! within the five seconds WeChat waits; what takes longer is carried out all the same, and WeChat's next try gets the
//! answer. Start at [`receive`].

mod message;
mod seal;
mod wish;

use super::Door;
use super::answer;
use super::desk::Busy;
use super::gate::{self, Values};
use crate::config::settings;
use crate::domain::act::Registration;
use crate::domain::instant::Instant;
use crate::domain::privacy::Texts;
use crate::domain::progress::Progress;
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::domain::ticket::Urgency;
use crate::i18n::{Lang, progress, wechat};
use crate::service::tracking::Tracked;
use crate::service::{Centre, NotDone};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use message::{Message, What};
use seal::Seal;
use std::sync::Arc;
use std::time::Duration;
use wish::Wish;

/// Where such requests come from.
const SOURCE: &str = "@坪山";
/// Through what.
const CHANNEL: &str = "微信公众号";
/// How far a message's moment may be from ours, in seconds; an older one may be somebody else's copy.
const WINDOW: i64 = 300;
/// How long an answer may take: WeChat waits for five seconds.
const PATIENCE: Duration = Duration::from_millis(4_500);
/// The most characters of a title made of a message.
const TITLE: usize = 40;
/// The steps told in a message, the newest ones.
const STEPS: usize = 5;
/// What WeChat takes for "nothing to say".
const NOTHING: &str = "success";

/// The account.
pub(super) struct Account(Seal);

impl Account {
    /// The account of the settings; nothing when its key is none.
    pub(super) fn of(settings: &settings::Wechat) -> Option<Self> {
        Seal::new(
            &settings.token,
            &settings.app_id,
            settings.aes_key.as_deref(),
        )
        .map(Self)
    }
}

/// Shows WeChat that the callback is the account's own.
pub(super) async fn verify(State(door): State<Arc<Door>>, request: Request) -> Response {
    let values = Values::of_query(request.uri().query());
    match (&door.wechat, values.get("echostr")) {
        (Some(account), Some(echo)) if is_signed(&account.0, &values, door.now()) => {
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
    let Ok(bytes) = gate::body(request).await else {
        return refused();
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return refused();
    };
    let is_sealed = values.get("encrypt_type") == Some("aes");
    if !is_signed(&account.0, &values, now) {
        return refused();
    }
    let opened = if is_sealed {
        let signature = values.get("msg_signature").unwrap_or_default();
        message::sealed(&text).and_then(|sealed| {
            let moment = values.get("timestamp").unwrap_or_default();
            let nonce = values.get("nonce").unwrap_or_default();
            let own = account.0.signature(&[moment, nonce, &sealed]);
            if seal::same(&own, signature) {
                account.0.open(&sealed)
            } else {
                None
            }
        })
    } else if account.0.is_sealing() {
        // An account with a key takes nothing in the clear.
        None
    } else {
        Some(text)
    };
    let Some(message) = opened.as_deref().and_then(Message::read) else {
        return refused();
    };
    let (from, to) = (message.from.clone(), message.to.clone());
    let said = tokio::time::timeout(PATIENCE, reply(&door, message, now)).await;
    let Ok(Some(words)) = said else {
        return answer::plain_exactly(StatusCode::OK, NOTHING);
    };
    let reply = message::reply(&from, &to, &words, now);
    let reply = if is_sealed {
        let nonce = values.get("nonce").unwrap_or_default();
        match account.0.close(&reply, now, nonce) {
            Some(sealed) => sealed,
            None => return answer::plain_exactly(StatusCode::OK, NOTHING),
        }
    } else {
        reply
    };
    answer::xml_exactly(reply)
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
    let busy = |_: Busy| wechat::BUSY.of(lang).to_owned();
    if let What::Text(text) = &message.what
        && let Some(wish) = Wish::of(text)
    {
        if !matches!(wish, Wish::Help) && !door.limits.may_try(message.from.as_str()) {
            return Some(progress::TOO_MANY.of(lang).to_owned());
        }
        let (no, code, rating) = match wish {
            Wish::Progress(no, code) => (no, code, None),
            Wish::Rate(no, code, rating) => (no, code, Some(rating)),
            Wish::Help => return Some(wechat::HELP.of(lang).to_owned()),
        };
        let asked = move |centre: &mut Centre| {
            let tracked = match rating {
                Some(rating) => centre.rate(&no, &code, rating, "", now),
                None => centre.track(&no, &code, now).map_err(NotDone::from),
            };
            told(tracked, centre.rules(), lang)
        };
        let said = match rating {
            Some(_) => door.desk.write(asked).await,
            None => door.desk.read(asked).await,
        };
        return Some(match said {
            Ok((words, missed)) => {
                if missed {
                    door.limits.missed(message.from.as_str());
                }
                words
            }
            Err(why) => busy(why),
        });
    }
    let Some((form, texts)) = request(&message, now, lang) else {
        return match message.what {
            What::Subscribed => Some(wechat::HELP.of(lang).to_owned()),
            What::Other => Some(wechat::NOT_TAKEN.of(lang).to_owned()),
            What::Text(_) | What::Image { .. } | What::Location { .. } | What::Silent => None,
        };
    };
    let handed = door
        .desk
        .write(move |centre| centre.hand_in(&form, &texts, now))
        .await;
    Some(match handed {
        Ok(Ok(handed)) => {
            let code = handed.code.map_or_else(|| "-".to_owned(), |c| c.shown());
            let values = [("no", handed.no.as_str()), ("code", &code), ("url", &track)];
            wechat::REGISTERED.with(lang, &values)
        }
        Ok(Err(why)) => {
            tracing::error!(?why, "a message was not taken");
            wechat::BUSY.of(lang).to_owned()
        }
        Err(why) => busy(why),
    })
}

/// Progress in a message's words, and whether the code was wrong.
fn told(tracked: Result<Tracked<Progress>, NotDone>, rules: &Rules, lang: Lang) -> (String, bool) {
    match tracked {
        Ok(Tracked::Open(found)) => (summary(&found, rules, lang), false),
        Ok(Tracked::Unknown) => (progress::NO_PAIR.of(lang).to_owned(), true),
        Ok(Tracked::TooMany) => (progress::TOO_MANY.of(lang).to_owned(), false),
        Err(NotDone::Refused(Refusal::AlreadyHeard { .. })) => (
            crate::i18n::server::ALREADY_RATED.of(lang).to_owned(),
            false,
        ),
        Err(NotDone::Refused(_) | NotDone::NotFound { .. } | NotDone::Ambiguous { .. }) => {
            (crate::i18n::server::NOT_RATED.of(lang).to_owned(), false)
        }
        Err(NotDone::Failed(failure)) => {
            tracing::error!(kind = ?failure.kind, cause = failure.cause, "the store failed");
            (wechat::BUSY.of(lang).to_owned(), false)
        }
    }
}

fn summary(found: &Progress, rules: &Rules, lang: Lang) -> String {
    let zone = rules.zone(found.created_at);
    let mut lines = vec![format!(
        "{} {}",
        found.no,
        progress::standing(found.standing).of(lang)
    )];
    if let Some(day) = found.promised.filter(|_| found.standing.is_open()) {
        lines.push(crate::i18n::server::PROMISE.with(lang, &[("day", &day.to_string())]));
    }
    let skipped = found.steps.len().saturating_sub(STEPS);
    for (at, step) in found.steps.iter().skip(skipped) {
        let said = progress::step(step, found.created_at, rules, lang);
        lines.push(format!("{} {said}", zone.minute(*at)));
    }
    if let Some(answer) = &found.answer {
        // A message has at most 2,048 bytes.
        let answer: String = answer.chars().take(300).collect();
        lines.push(format!("{}：{answer}", progress::ANSWER.of(lang)));
    }
    if found.may_rate {
        lines.push(wechat::MAY_RATE.of(lang).to_owned());
    }
    lines.join("\n")
}

/// The request that a message is; nothing when it is none.
fn request(message: &Message, now: Instant, lang: Lang) -> Option<(Registration, Texts)> {
    let (title, content, address, mut raw) = match &message.what {
        What::Text(text) if !text.trim().is_empty() => {
            let first = text.trim().lines().next().unwrap_or_default();
            let title = first.chars().take(TITLE).collect();
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
