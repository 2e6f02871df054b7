//! What a figure's list shows, in words: the screen it came from and every condition.

use super::words;
use crate::console::app::Model;
use crate::console::app::queue::Origin;
use crate::domain::figures::UNKNOWN;
use crate::domain::filter::{Clause, Term};
use crate::domain::instant::{DAY, Instant};
use crate::i18n::boards as say;
use crate::i18n::console::{CATEGORY, CHANNEL, SOURCE};
use crate::i18n::{Text, words as terms};

/// `统计 > 建单 10-01 至 10-31，街道 坪山街道`.
pub(super) fn origin(model: &Model, origin: &Origin) -> String {
    let lang = words::lang(model);
    let what: Vec<String> = origin.filter.terms.iter().map(|t| term(model, t)).collect();
    let what = if what.is_empty() {
        say::OF_ALL.of(lang).to_owned()
    } else {
        what.join(words::comma(lang))
    };
    let view = terms::view(origin.view).of(lang);
    say::OF.with(lang, &[("view", view), ("what", &what)])
}

fn term(model: &Model, term: &Term) -> String {
    let what = clause(model, &term.clause);
    if term.not {
        say::OF_NOT.with(words::lang(model), &[("what", &what)])
    } else {
        what
    }
}

fn clause(model: &Model, clause: &Clause) -> String {
    let lang = words::lang(model);
    let word = |text: Text| text.of(lang).to_owned();
    let named = |field: Text, name: &str| {
        let name = if name == UNKNOWN {
            say::UNKNOWN.of(lang)
        } else {
            name
        };
        format!("{} {name}", field.of(lang))
    };
    match clause {
        Clause::Text(text) => text.clone(),
        Clause::States(states) => {
            let states: Vec<String> = states.iter().map(|s| terms::state(s, lang)).collect();
            states.join("/")
        }
        Clause::Light(light) => word(terms::light(*light)),
        Clause::Lead(codes) => {
            let names = codes.iter().map(|code| words::department(model, code));
            names.collect::<Vec<_>>().join("/")
        }
        Clause::NoLead => word(say::NOBODY),
        Clause::Class(class) => word(terms::limit_class(*class)),
        Clause::Nature(nature) => word(terms::nature(*nature)),
        Clause::Urgency(urgency) => word(terms::urgency(*urgency)),
        Clause::Source(name) => named(SOURCE, name),
        Clause::Channel(name) => named(CHANNEL, terms::channel(name, lang)),
        Clause::Street(name) => named(say::STREETS, name),
        Clause::Community(name) => named(say::COMMUNITIES, name),
        Clause::Category(part) => named(CATEGORY, part),
        Clause::NoCategory => named(CATEGORY, UNKNOWN),
        Clause::Path { path, .. } => named(CATEGORY, &path.join("/")),
        Clause::Number(no) => no.clone(),
        Clause::Created(from, to) => span(model, say::OF_CREATED, *from, *to),
        Clause::Reddens(after, until) => span(model, say::OF_REDDENED, Some(*after), Some(*until)),
        Clause::Yellows(after, until) => span(model, say::OF_YELLOWED, Some(*after), Some(*until)),
        Clause::LeftBelow(seconds) => {
            let span = words::span(*seconds, lang);
            say::OF_LEFT.with(lang, &[("span", &span)])
        }
        Clause::Claimed(by) => {
            let name = words::person(model, by);
            say::CLAIMED_BY.with(lang, &[("name", name)])
        }
        Clause::IsClaimed => word(say::OF_CLAIMED),
        Clause::Returned => word(say::OF_RETURNED),
        Clause::HasMerged => word(say::OF_MERGED),
        Clause::FalseClosure => word(say::OF_FALSE_CLOSURE),
        Clause::Open(true) => word(say::OPEN),
        Clause::Open(false) => word(say::OF_CLOSED),
        Clause::DueReply(None) => word(say::OF_DUE),
        Clause::DueReply(Some(true)) => word(say::ON_TIME),
        Clause::DueReply(Some(false)) => word(say::LATE),
        Clause::Disputed => word(say::OF_DISPUTED),
        Clause::Hopped => word(say::OF_HOPPED),
        Clause::Supervised(true) => word(say::OF_SUPERVISED),
        Clause::Supervised(false) => word(say::OF_PROPOSED),
        Clause::CanWait(until) => {
            let at = words::moment(model, *until);
            say::OF_WAIT.with(lang, &[("at", &at)])
        }
    }
}

/// From one moment to another; a midnight is told as a day, the last one included.
fn span(model: &Model, text: Text, from: Option<Instant>, to: Option<Instant>) -> String {
    let zone = words::zone(model);
    let told = |at: Option<Instant>, back: i64| {
        let Some(at) = at else {
            return String::new();
        };
        if zone.midnight(zone.date(at)) == at {
            words::day(model, at.plus(-back))
        } else {
            words::moment(model, at)
        }
    };
    let (from, to) = (told(from, 0), told(to, DAY));
    text.with(words::lang(model), &[("from", &from), ("to", &to)])
}
