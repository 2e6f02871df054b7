//! The sample requests: written by us in `assets/demo/requests.toml`, filled in with places and people.

use super::chance::Chance;
use crate::domain::department::{Directory, Place};
use crate::domain::privacy::{Requester, Texts};
use crate::domain::ticket::Nature;
use serde::Deserialize;
use std::collections::BTreeMap;

const REQUESTS: &str = include_str!("../../../assets/demo/requests.toml");

/// The hours at which people make a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Hours {
    Day,
    Night,
    Any,
}

/// One kind of request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Template {
    title: String,
    content: String,
    pub category: Vec<String>,
    pub nature: Nature,
    pub sources: Vec<String>,
    pub hours: Hours,
    #[serde(default)]
    pub urgent: bool,
    department: String,
    #[serde(default)]
    wrong: Vec<String>,
    answer: String,
    note: String,
    #[serde(default)]
    ground: Option<String>,
    #[serde(default)]
    return_text: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    surnames: Vec<String>,
    given: Vec<String>,
}

/// All that a sample store is made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sample {
    phone: String,
    people: People,
    words: BTreeMap<String, Vec<String>>,
    roles: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(rename = "request")]
    pub templates: Vec<Template>,
}

/// One request at one place: words filled in, departments found.
#[derive(Clone, Debug)]
pub(super) struct Matter {
    pub texts: Texts,
    /// The department that is responsible.
    pub lead: String,
    /// The department it may be sent to by mistake.
    pub wrong: Option<String>,
    pub answer: String,
    pub note: String,
    pub ground: String,
    pub return_text: String,
}

impl Sample {
    /// The built-in sample.
    pub(super) fn builtin() -> Result<Self, toml::de::Error> {
        toml::from_str(REQUESTS)
    }

    /// A template made out for a community.
    pub(super) fn matter(
        &self,
        template: &Template,
        place: &Place,
        directory: &Directory,
        chance: &mut Chance,
    ) -> Matter {
        let words = self.words_of(template, place, chance);
        let fill = |text: &str| {
            words.iter().fold(text.to_owned(), |text, (mark, value)| {
                text.replace(mark.as_str(), value)
            })
        };
        let department = |name: &str| self.department(name, place, directory);
        let lead = department(&template.department).unwrap_or_else(|| "zhzx".to_owned());
        let wrong = chance
            .one(&template.wrong)
            .and_then(|name| department(name))
            .filter(|code| *code != lead);
        let return_text = template.return_text.as_deref().map_or_else(
            || {
                let right = directory.department_name(&lead);
                format!("经现场核实，该事项不属本单位职责范围，建议改派{right}办理。")
            },
            fill,
        );
        Matter {
            texts: Texts {
                title: fill(&template.title),
                content: fill(&template.content),
                address: fill(&format!(
                    "{}{{road}}{}号",
                    place.name,
                    chance.between(1, 188)
                )),
                requester: self.requester(chance),
                raw: Vec::new(),
            },
            answer: fill(&template.answer),
            note: fill(&template.note),
            ground: template
                .ground
                .clone()
                .unwrap_or_else(|| "competence".to_owned()),
            return_text,
            lead,
            wrong,
        }
    }

    /// The words that stand for the `{marks}`; one word stays the same within one ticket.
    fn words_of(
        &self,
        template: &Template,
        place: &Place,
        chance: &mut Chance,
    ) -> Vec<(String, String)> {
        let by_day = match template.hours {
            Hours::Day => true,
            Hours::Night => false,
            Hours::Any => chance.percent(50),
        };
        let times = if by_day { "time_day" } else { "time_night" };
        let mut words: Vec<(String, String)> = self
            .words
            .iter()
            .map(|(mark, list)| {
                let mark = if mark == times { "time" } else { mark };
                let word = chance.one(list).cloned().unwrap_or_default();
                (format!("{{{mark}}}"), word)
            })
            .collect();
        words.push(("{community}".to_owned(), place.name.clone()));
        let street = place.street.clone().unwrap_or_default();
        words.push(("{street}".to_owned(), street));
        words
    }

    /// A department's code; `@community` and the other roles depend on the place.
    fn department(&self, name: &str, place: &Place, directory: &Directory) -> Option<String> {
        let Some(role) = name.strip_prefix('@') else {
            return directory.department(name).map(|d| d.code.clone());
        };
        if role == "community" {
            return directory
                .find_department(None, &place.name)
                .map(|d| d.code.clone());
        }
        self.roles.get(role)?.get(place.street.as_deref()?).cloned()
    }

    fn requester(&self, chance: &mut Chance) -> Requester {
        let surname = chance.one(&self.people.surnames).cloned();
        let given = chance.one(&self.people.given).cloned();
        let phone = self
            .phone
            .chars()
            .map(|c| match c {
                'x' => char::from(b'0' + chance.between(0, 9) as u8),
                other => other,
            })
            .collect();
        Requester {
            name: surname.unwrap_or_default() + &given.unwrap_or_default(),
            phone,
            ..Requester::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_can_be_made_out_for_every_community() {
        let rules = crate::config::rules(None).unwrap();
        let sample = Sample::builtin().unwrap();
        let policy = rules.editions.iter().next().unwrap();
        let mut chance = Chance::new(1);
        for template in &sample.templates {
            for source in &template.sources {
                assert!(
                    rules.directory.find_source(None, source).is_some(),
                    "{source}"
                );
            }
            for place in rules.directory.communities() {
                let matter = sample.matter(template, place, &rules.directory, &mut chance);
                let all = [
                    &matter.texts.title,
                    &matter.texts.content,
                    &matter.answer,
                    &matter.note,
                    &matter.return_text,
                ];
                for text in all {
                    assert!(!text.contains(['{', '}']), "{text}");
                }
                assert!(
                    rules.directory.department(&matter.lead).is_some(),
                    "{}",
                    matter.lead
                );
                assert!(
                    policy
                        .returns
                        .grounds
                        .iter()
                        .any(|g| g.code == matter.ground)
                );
                let needs = policy.returns.min_text.value as usize;
                assert!(
                    matter.return_text.chars().count() >= needs,
                    "{}",
                    matter.return_text
                );
            }
        }
    }
}
