//! The texts of the sample store: lifelike requests, the words that vary them, and who would handle them.
//!
//! Gives the file as values and checks it against the directory; which ticket gets which text is the sample maker's.
//!
//! ```
//! let texts = fenbo::config::demo::load().unwrap();
//! let request = &texts.requests[0];
//! let filled = texts.fill(&request.content, |word| match word {
//!     "community" => Some("六联社区".to_owned()),
//!     "time" => Some(texts.times(request.hours)[0].to_owned()),
//!     word => texts.words.get(word).map(|list| list[0].clone()),
//! });
//! assert!(!filled.contains('{'));
//! let lead = texts.department(&request.department, "坪山街道", "sq-liulian");
//! assert!(lead.is_some());
//! ```

use super::error::ConfigError;
use super::source::Source;
use crate::domain::ticket::Nature;
use serde::Deserialize;
use std::collections::BTreeMap;

const FILE: &str = include_str!("../../assets/demo/requests.toml");

/// Everything the sample store's texts are made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// The shape of an invented telephone number; each `x` is any digit.
    pub phone: String,
    /// Invented requesters' names.
    pub people: People,
    /// Words for the places held open in a text, by the place's name.
    pub words: BTreeMap<String, Vec<String>>,
    /// A role's department code by street.
    pub roles: BTreeMap<String, BTreeMap<String, String>>,
    /// The requests.
    #[serde(rename = "request")]
    pub requests: Vec<Request>,
}

/// Parts of invented names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// Surnames.
    pub surnames: Vec<String>,
    /// Given names.
    pub given: Vec<String>,
}

/// When a request like this comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    /// In office hours.
    Day,
    /// In the evening or at night.
    Night,
    /// At any time.
    Any,
}

/// One request with places held open in its texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Title.
    pub title: String,
    /// What the requester says.
    pub content: String,
    /// Category names from the top.
    pub category: Vec<String>,
    /// Nature.
    pub nature: Nature,
    /// The sources it usually comes from, most usual first.
    pub sources: Vec<String>,
    /// When it comes in.
    pub hours: Hours,
    /// Whether it cannot wait.
    #[serde(default)]
    pub urgent: bool,
    /// Who handles it: a department's code, or a role after `@`.
    pub department: String,
    /// Who it may be dispatched to by mistake, in the same way.
    pub wrong: Vec<String>,
    /// The public answer.
    pub answer: String,
    /// The internal note.
    pub note: String,
    /// The ground on which a department would ask to return it.
    #[serde(default)]
    pub ground: Option<String>,
    /// How it would put that.
    #[serde(default)]
    pub return_text: Option<String>,
}

/// Reads the built-in texts.
///
/// # Errors
/// Never for the file as built; its shape is checked by a test.
pub fn load() -> Result<Texts, ConfigError> {
    Source::built_in("demo/requests.toml", FILE).parse()
}

impl Texts {
    /// The words for `{time}` in a request of these hours; never empty in the built-in file.
    pub fn times(&self, hours: Hours) -> Vec<&str> {
        let list = |key: &str| {
            self.words
                .get(key)
                .into_iter()
                .flatten()
                .map(String::as_str)
        };
        match hours {
            Hours::Day => list("time_day").collect(),
            Hours::Night => list("time_night").collect(),
            Hours::Any => list("time_day").chain(list("time_night")).collect(),
        }
    }

    /// A text with its places filled; one that `word` has nothing for stays as it is.
    pub fn fill(&self, text: &str, word: impl Fn(&str) -> Option<String>) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                filled.push('{');
                rest = after;
                continue;
            };
            match word(name) {
                Some(word) => filled.push_str(&word),
                None => filled.extend(["{", name, "}"]),
            }
            rest = tail;
        }
        filled.push_str(rest);
        filled
    }

    /// The department code that a request's department stands for, in a street and with the community's own department.
    pub fn department<'a>(
        &'a self,
        named: &'a str,
        street: &str,
        community: &'a str,
    ) -> Option<&'a str> {
        match named.strip_prefix('@') {
            None => Some(named),
            Some("community") => Some(community),
            Some(role) => Some(self.roles.get(role)?.get(street)?.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{directory, policies};
    use std::collections::BTreeSet;

    #[test]
    fn every_request_names_what_the_directory_and_the_rule_book_know() {
        let texts = load().expect("built in");
        let directory = directory::load(None).expect("built in");
        let editions = policies::load(None).expect("built in");
        let policy = editions.iter().next().expect("one");
        for request in &texts.requests {
            let title = &request.title;
            assert!(
                directory
                    .categories()
                    .iter()
                    .any(|c| c.path == request.category),
                "{title}"
            );
            assert!(!request.sources.is_empty(), "{title}");
            for source in &request.sources {
                assert!(
                    directory.find_source(None, source).is_some(),
                    "{title}: {source}"
                );
            }
            for named in std::iter::once(&request.department).chain(&request.wrong) {
                assert!(!named.is_empty());
                for community in directory.communities() {
                    let street = community
                        .street
                        .as_deref()
                        .expect("a community has a street");
                    let own = directory
                        .find_department(None, &community.name)
                        .expect("its department");
                    let code = texts.department(named, street, &own.code);
                    let known = code.and_then(|code| directory.department(code));
                    assert!(
                        known.is_some_and(|d| d.active),
                        "{title}: {named} in {street}"
                    );
                }
            }
            assert_eq!(
                request.ground.is_some(),
                request.return_text.is_some(),
                "{title}"
            );
            if let (Some(ground), Some(text)) = (&request.ground, &request.return_text) {
                assert!(
                    policy.returns.grounds.iter().any(|g| g.code == *ground),
                    "{title}"
                );
                assert!(
                    text.chars().count() >= policy.returns.min_text.value as usize,
                    "{title}"
                );
            }
        }
    }

    #[test]
    fn the_requests_are_many_varied_and_over_every_top_category() {
        let texts = load().expect("built in");
        let distinct = |of: fn(&Request) -> String| {
            texts.requests.iter().map(of).collect::<BTreeSet<_>>().len()
        };
        assert!(texts.requests.len() >= 160, "{}", texts.requests.len());
        assert_eq!(distinct(|r| r.title.clone()), texts.requests.len());
        assert_eq!(distinct(|r| r.content.clone()), texts.requests.len());
        assert_eq!(distinct(|r| r.category[0].clone()), 18);
        assert_eq!(distinct(|r| r.nature.code().to_owned()), 6, "all but 其他");
        assert!(
            texts
                .requests
                .iter()
                .filter(|r| r.return_text.is_some())
                .count()
                >= 10
        );
        assert!(texts.requests.iter().filter(|r| r.urgent).count() >= 5);
    }

    #[test]
    fn every_place_held_open_has_words() {
        let texts = load().expect("built in");
        for request in &texts.requests {
            let all = [
                &request.title,
                &request.content,
                &request.answer,
                &request.note,
            ];
            for text in all.into_iter().chain(&request.return_text) {
                let filled = texts.fill(text, |word| match word {
                    "community" => Some("六联社区".to_owned()),
                    "time" => texts.times(request.hours).first().map(|t| (*t).to_owned()),
                    word => texts.words.get(word).and_then(|list| list.first()).cloned(),
                });
                assert!(!filled.contains(['{', '}']), "{filled}");
            }
        }
    }

    /// A number that could ring at somebody's home must not stand in a sample.
    #[test]
    fn no_text_carries_a_telephone_number() {
        let texts = load().expect("built in");
        for request in &texts.requests {
            for text in [
                &request.title,
                &request.content,
                &request.answer,
                &request.note,
            ] {
                let longest = text
                    .split(|c: char| !c.is_ascii_digit())
                    .map(str::len)
                    .max();
                assert!(longest.unwrap_or(0) < 5, "{text}");
            }
        }
        assert_eq!(texts.phone, "1xx0000xxxx");
    }

    #[test]
    fn an_unknown_place_or_an_open_brace_stays() {
        let texts = load().expect("built in");
        assert_eq!(texts.fill("甲{x}乙{", |_| None), "甲{x}乙{");
    }
}
