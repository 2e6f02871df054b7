//! Which of a file's columns each field is read from: the rules of a mapping, resolved once.
//!
//! Reads no record. Start at [`Columns`].

use std::collections::BTreeMap;

use chrono::FixedOffset;

use crate::intake::draft::Outcome;
use crate::intake::header;
use crate::intake::mapping::{From, OutcomeRule, Rule};
use crate::intake::time::{self, TimeFormat};

/// A field of text.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) from: Places,
    pub(super) values: BTreeMap<String, String>,
    pub(super) unknown: Vec<String>,
    pub(super) default: Option<String>,
    pub(super) required: bool,
}

/// The columns a text comes from.
#[derive(Debug)]
pub(super) enum Places {
    Nowhere,
    Column(usize),
    Joined(Vec<usize>, String),
    First(Vec<usize>),
}

/// A field of time.
#[derive(Debug)]
pub(super) struct When {
    pub(super) text: Text,
    pub(super) formats: Vec<TimeFormat>,
    pub(super) zone: FixedOffset,
}

/// How the outcome is told.
#[derive(Debug)]
pub(super) enum Ending {
    Values {
        column: usize,
        values: BTreeMap<String, Outcome>,
        unknown: Vec<String>,
    },
    Flags(Vec<(usize, Outcome)>),
}

/// Looks columns up by name and remembers those that are not there.
pub(super) struct Columns<'a> {
    pub(super) header: &'a [String],
    pub(super) missing: Vec<String>,
    pub(super) taken: Vec<bool>,
    pub(super) mapped: Vec<bool>,
}

impl Columns<'_> {
    pub(super) fn find(&mut self, name: &str) -> Option<usize> {
        let exact = self.header.iter().position(|column| column == name);
        let same = |column: &String| header::is_same(column, name);
        let found = exact.or_else(|| self.header.iter().position(same));
        if let Some(place) = found {
            self.mapped[place] = true;
        }
        if found.is_none() && !self.missing.iter().any(|known| known == name) {
            self.missing.push(name.to_owned());
        }
        found
    }

    pub(super) fn all(&mut self, names: &[String]) -> Vec<usize> {
        names.iter().filter_map(|name| self.find(name)).collect()
    }

    pub(super) fn text(&mut self, rule: Option<&Rule>, required: bool) -> Option<Text> {
        let rule = rule?;
        let from = match &rule.from {
            From::Nowhere => Places::Nowhere,
            From::Column(name) => self.find(name).map_or(Places::Nowhere, Places::Column),
            From::Joined(names, join) => Places::Joined(self.all(names), join.clone()),
            From::First(names) => Places::First(self.all(names)),
        };
        // A column whose values are translated is also kept raw.
        if rule.values.is_empty() {
            for place in from.columns() {
                self.taken[*place] = true;
            }
        }
        Some(Text {
            from,
            values: rule.values.clone(),
            unknown: rule.unknown.clone(),
            default: rule.default.clone(),
            required: rule.required.unwrap_or(required),
        })
    }

    pub(super) fn when(
        &mut self,
        rule: Option<&Rule>,
        default_zone: FixedOffset,
        required: bool,
    ) -> Option<When> {
        let text = self.text(rule, required)?;
        let rule = rule?;
        let mut formats: Vec<TimeFormat> = rule
            .formats
            .iter()
            .filter_map(|name| TimeFormat::named(name))
            .collect();
        if formats.is_empty() {
            formats.push(TimeFormat::Auto);
        }
        let zone = rule
            .zone
            .as_deref()
            .and_then(time::zone)
            .unwrap_or(default_zone);
        Some(When {
            text,
            formats,
            zone,
        })
    }

    pub(super) fn ending(&mut self, rule: &OutcomeRule) -> Option<Ending> {
        match rule {
            OutcomeRule::Values {
                column,
                values,
                unknown,
            } => Some(Ending::Values {
                column: self.find(column)?,
                values: values.clone(),
                unknown: unknown.clone(),
            }),
            OutcomeRule::Flags {
                on_time,
                late,
                closed,
                running,
            } => {
                let named = [
                    (on_time, Outcome::ClosedOnTime),
                    (late, Outcome::ClosedLate),
                    (closed, Outcome::Closed),
                    (running, Outcome::Running),
                ];
                let flags: Vec<_> = named
                    .into_iter()
                    .filter_map(|(name, outcome)| Some((self.find(name.as_ref()?)?, outcome)))
                    .collect();
                for (place, _) in &flags {
                    self.taken[*place] = true;
                }
                (!flags.is_empty()).then_some(Ending::Flags(flags))
            }
        }
    }
}

impl Places {
    pub(super) fn columns(&self) -> &[usize] {
        match self {
            Self::Nowhere => &[],
            Self::Column(place) => std::slice::from_ref(place),
            Self::Joined(places, _) | Self::First(places) => places,
        }
    }
}
