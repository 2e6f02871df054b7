//! The progress page: plain HTML that needs no script, on a phone, on a desk, on paper; Chinese and English.
//!
//! Number and code travel in the body of a form, so that they stand in no log and no history; a link in a notice may carry
//! them in its query. Start at [`entrance`] and [`track`].

use super::Door;
use super::answer::{self, escaped};
use super::codes::{self, Rated, Tried};
use super::form::{Values, values};
use super::gate::{self, Peer};
use crate::domain::act::Rating;
use crate::domain::instant::Instant;
use crate::domain::progress::{Progress, Step};
use crate::domain::rules::Rules;
use crate::i18n::{Lang, Text, progress, server, words};
use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

const STYLE: &str = include_str!("../../assets/page/progress.css");
/// The most characters a requester may say beside a rating.
const WORDS: usize = 500;
/// When to come again while the service is busy, in seconds.
const AGAIN: u64 = 2;
/// The ratings offered, best first.
const RATINGS: [Rating; 4] = [
    Rating::VerySatisfied,
    Rating::Satisfied,
    Rating::FairlySatisfied,
    Rating::Dissatisfied,
];

/// The style sheet.
pub(super) async fn style() -> Response {
    answer::css(STYLE)
}

/// The form for number and code.
pub(super) async fn entrance(State(door): State<Arc<Door>>, request: Request) -> Response {
    let values = Values::of_query(request.uri().query());
    let lang = chosen(&values, gate::language(request.headers(), door.lang));
    let body = form(None, values.get("no").unwrap_or_default(), lang);
    let switch = switch(lang, "/", "get", &[]);
    answer::html(StatusCode::OK, page(lang, &switch, &body))
}

/// What a form of the page hands in.
struct Handed {
    values: Values,
    lang: Lang,
    no: String,
    code: String,
}

/// Reads a form; what cannot be read is told on a page.
async fn handed(door: &Door, request: Request) -> Result<Handed, Box<Response>> {
    let own = gate::language(request.headers(), door.lang);
    let values = values(request)
        .await
        .map_err(|unread| Box::new(notice(unread.status(), unread.words().of(own), "", own)))?;
    let named = |name: &str| values.get(name).unwrap_or_default().to_owned();
    Ok(Handed {
        lang: chosen(&values, own),
        no: named("no"),
        code: named("code"),
        values,
    })
}

/// What number and code lead to.
pub(super) async fn track(
    State(door): State<Arc<Door>>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Response {
    let Handed { lang, no, code, .. } = match handed(&door, request).await {
        Ok(handed) => handed,
        Err(told) => return *told,
    };
    if no.is_empty() || code.is_empty() {
        let switch = switch(lang, "/", "get", &[]);
        return answer::html(StatusCode::OK, page(lang, &switch, &form(None, &no, lang)));
    }
    let (with, now) = (code.clone(), door.now());
    let tried = codes::look(&door, peer.0, &no, &code, move |found, rules| {
        shown(found, rules, &with, None, (now, lang))
    })
    .await;
    answered(&door, tried, &no, lang)
}

/// Takes a rating.
pub(super) async fn rate(
    State(door): State<Arc<Door>>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Response {
    let Handed {
        values,
        lang,
        no,
        code,
    } = match handed(&door, request).await {
        Ok(handed) => handed,
        Err(told) => return *told,
    };
    let rating = values
        .get("rating")
        .and_then(Rating::from_code)
        .filter(|rating| RATINGS.contains(rating));
    let said: String = values
        .get("words")
        .unwrap_or_default()
        .chars()
        .take(WORDS)
        .collect();
    let told = match rating {
        None => server::CHOOSE,
        Some(rating) => {
            let pair = (no.as_str(), code.as_str());
            match codes::rate(&door, peer.0, pair, (rating, said), |_, _| ()).await {
                Tried::Open(Rated::Taken(())) => server::RATED,
                Tried::Open(Rated::Not(why)) => why,
                Tried::Unknown => return answered(&door, Tried::Unknown, &no, lang),
                Tried::TooMany(wait) => return answered(&door, Tried::TooMany(wait), &no, lang),
                Tried::Busy => return answered(&door, Tried::Busy, &no, lang),
            }
        }
    };
    let (with, now) = (code.clone(), door.now());
    let tried = codes::look(&door, peer.0, &no, &code, move |found, rules| {
        shown(found, rules, &with, Some(told), (now, lang))
    })
    .await;
    answered(&door, tried, &no, lang)
}

/// The answer to number and code: the page, or the same words for everything that is not shown.
fn answered(door: &Door, tried: Tried<String>, no: &str, lang: Lang) -> Response {
    match tried {
        Tried::Open(page) => answer::html(StatusCode::OK, page),
        Tried::Unknown => notice(StatusCode::NOT_FOUND, server::NO_PAIR.of(lang), no, lang),
        Tried::TooMany(seconds) => {
            let next = progress::try_later(seconds, door.settings.hotline.as_deref(), lang);
            let said = server::TOO_MANY_TRIES.with(lang, &[("next", &next)]);
            let response = notice(StatusCode::TOO_MANY_REQUESTS, &said, no, lang);
            answer::later(response, seconds)
        }
        Tried::Busy => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            answer::later(notice(status, server::BUSY_PAGE.of(lang), no, lang), AGAIN)
        }
    }
}

/// The language chosen on the page.
fn chosen(values: &Values, own: Lang) -> Lang {
    values.get("lang").and_then(Lang::from_code).unwrap_or(own)
}

/// The form again, with why nothing is shown.
fn notice(status: StatusCode, text: &str, no: &str, lang: Lang) -> Response {
    let body = form(Some(text), no, lang);
    answer::html(status, page(lang, &switch(lang, "/", "get", &[]), &body))
}

/// Why a page is not shown now, on the page with the form; nothing when the path is none of the page's.
pub(super) fn turned_away(
    path: &str,
    status: StatusCode,
    text: Text,
    lang: Lang,
) -> Option<Response> {
    matches!(path, "/" | "/track" | "/rate").then(|| notice(status, text.of(lang), "", lang))
}

/// The page of a request.
fn shown(
    found: &Progress,
    rules: &Rules,
    code: &str,
    told: Option<Text>,
    (now, lang): (Instant, Lang),
) -> String {
    let hidden = [("no", found.no.as_str()), ("code", code)];
    let body = body(found, rules, code, told, (now, lang));
    page(lang, &switch(lang, "/track", "post", &hidden), &body)
}

/// A document around a body.
fn page(lang: Lang, switch: &str, body: &str) -> String {
    let code = match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    let (title, centre) = (server::TITLE.of(lang), server::CENTRE.of(lang));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/progress.css\">\n</head>\n<body>\n\
         <header><p>{centre}</p>{switch}</header>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
}

fn hidden(name: &str, value: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
        escaped(value)
    )
}

/// The button to the other language: a form, so that number and code stay out of the address.
fn switch(lang: Lang, to: &str, method: &str, values: &[(&str, &str)]) -> String {
    let kept: String = values.iter().map(|(n, v)| hidden(n, v)).collect();
    let other = lang.other();
    format!(
        "<form class=\"language\" action=\"{to}\" method=\"{method}\">{kept}{}<button lang=\"{}\">{}</button></form>",
        hidden("lang", other.code()),
        other.code(),
        server::OTHER_LANGUAGE.of(lang)
    )
}

/// The form for number and code.
fn form(why: Option<&str>, no: &str, lang: Lang) -> String {
    let why = why.map_or_else(String::new, |text| {
        format!("<p class=\"notice\" role=\"alert\">{}</p>\n", escaped(text))
    });
    let no: String = no.chars().take(24).collect();
    format!(
        "{why}<p>{}</p>\n<form class=\"entrance\" action=\"/track\" method=\"post\">{}\
         <label for=\"no\">{}</label><input id=\"no\" name=\"no\" value=\"{}\" required maxlength=\"24\" autocomplete=\"off\" placeholder=\"20261101-0031\">\
         <label for=\"code\">{}</label><input id=\"code\" name=\"code\" required maxlength=\"12\" autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\" placeholder=\"XXXX-XXXX\">\
         <button>{}</button></form>\n",
        server::ENTRANCE.of(lang),
        hidden("lang", lang.code()),
        progress::NUMBER.of(lang),
        escaped(&no),
        progress::CODE.of(lang),
        server::SHOW.of(lang)
    )
}

/// Everything the requester sees of a ticket.
fn body(
    found: &Progress,
    rules: &Rules,
    code: &str,
    told: Option<Text>,
    (now, lang): (Instant, Lang),
) -> String {
    let zone = rules.zone(found.created_at);
    let mut out = told.map_or_else(String::new, |text| {
        format!(
            "<p class=\"notice\" role=\"status\">{}</p>\n",
            text.of(lang)
        )
    });
    let facts = [
        (progress::NUMBER, Some(found.no.clone())),
        (
            progress::STATE,
            Some(progress::standing(found.standing).of(lang).to_owned()),
        ),
        (progress::CREATED, Some(zone.minute(found.created_at))),
        (
            progress::PROMISED,
            progress::promised(found, now, zone, |day| day.to_string(), lang),
        ),
        (
            progress::DEPARTMENT,
            found
                .department
                .as_ref()
                .map(|code| words::department(code, &rules.directory, lang).to_owned()),
        ),
        (
            progress::RATING,
            found.rating.map(|r| words::rating(r).of(lang).to_owned()),
        ),
    ];
    out.push_str("<dl>\n");
    for (label, value) in facts {
        if let Some(value) = value {
            out.extend([format!(
                "<div><dt>{}</dt><dd>{}</dd></div>\n",
                label.of(lang),
                escaped(&value)
            )]);
        }
    }
    out.push_str("</dl>\n");
    if let Some(answer) = &found.answer {
        let as_written = match lang {
            Lang::Zh => String::new(),
            Lang::En => format!(
                "<p class=\"written\">{}</p>\n",
                progress::ANSWER_AS_WRITTEN.of(lang)
            ),
        };
        out.extend([format!(
            "<section class=\"answer\"><h2>{}</h2>\n{as_written}<p lang=\"zh-CN\">{}</p></section>\n",
            progress::ANSWER.of(lang),
            escaped(answer).replace('\n', "<br>\n")
        )]);
    }
    if found.may_rate {
        out.push_str(&rating_form(found, code, lang));
    }
    out.extend([format!(
        "<section class=\"steps\"><h2>{}</h2>\n<ol>\n",
        progress::STEPS.of(lang)
    )]);
    for (at, step) in &found.steps {
        let missed = matches!(step, Step::CallMissed);
        out.extend([format!(
            "<li{}><time datetime=\"{}\">{}</time> <span>{}</span></li>\n",
            if missed { " class=\"missed\"" } else { "" },
            zone.rfc3339(*at),
            zone.minute(*at),
            escaped(&progress::step(step, found.created_at, rules, lang))
        )]);
    }
    out.push_str("</ol></section>\n");
    out.extend([format!(
        "<p class=\"another\"><a href=\"/?lang={}\">{}</a></p>\n",
        lang.code(),
        server::ANOTHER.of(lang)
    )]);
    out
}

fn rating_form(found: &Progress, code: &str, lang: Lang) -> String {
    let choices: Vec<String> = RATINGS
        .iter()
        .map(|rating| {
            format!(
                "<label><input type=\"radio\" name=\"rating\" value=\"{}\" required> {}</label>\n",
                rating.code(),
                words::rating(*rating).of(lang)
            )
        })
        .collect();
    let choices = choices.concat();
    format!(
        "<section class=\"rating\"><h2>{}</h2>\n<form action=\"/rate\" method=\"post\">{}{}{}\n\
         <fieldset><legend>{}</legend>\n{choices}</fieldset>\n\
         <label for=\"words\">{}</label><textarea id=\"words\" name=\"words\" rows=\"3\" maxlength=\"{WORDS}\"></textarea>\n\
         <button>{}</button></form></section>\n",
        server::ASK_RATING.of(lang),
        hidden("no", &found.no),
        hidden("code", code),
        hidden("lang", lang.code()),
        server::RATING_MEANS.of(lang),
        server::ASK_WORDS.of(lang),
        server::SEND_RATING.of(lang)
    )
}
