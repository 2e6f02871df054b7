//! Dispatching by the picker: opened for tickets, told what is suggested, taken at its word. Its own keys are in `picker`.
//!
//! Start at [`Model::open_picker`] and [`Model::take`].

use super::form::Purpose;
use super::msg::{Effect, Errand, Notice, Suggested, Suggestion};
use super::picker::{Line, Picker, Target};
use super::summary::Item;
use super::{Dialog, Model};
use crate::domain::act::{Act, ActKind, SuggestionShown};
use std::collections::BTreeMap;

/// The most departments that a union offers: as many as there are digits for them.
const OFFERED: usize = 5;

impl Model {
    /// Dispatching a ticket that is not filed: files it first when all facts are there, else asks for them.
    pub(super) fn file_and_dispatch(&mut self, targets: Vec<Target>) -> Vec<Effect> {
        if let Err(blocked) = self.may(ActKind::File) {
            return self.say(blocked.into());
        }
        let known = self.is_unfiled().is_some_and(|row| {
            row.nature.is_some()
                && !row.category.is_empty()
                && (row.street.is_some() || row.community.is_some())
        });
        if known {
            return self.open_picker(targets);
        }
        let mut effects = self.open_form(Purpose::Act(ActKind::File), targets);
        effects.extend(self.say(Notice::FileFirst));
        effects
    }

    pub(super) fn open_picker(&mut self, targets: Vec<Target>) -> Vec<Effect> {
        let missing: Vec<String> = targets
            .iter()
            .filter(|t| !self.suggestions.contains_key(&t.no))
            .map(|t| t.no.clone())
            .collect();
        let (suggested, sure) = self.offered(&targets);
        let picker = Picker::new(targets, &self.rules.book.directory, suggested, sure);
        self.dialogs.push(Dialog::Picker(Box::new(picker)));
        let mut effects = Vec::from_iter(self.foreseen());
        if !missing.is_empty() {
            effects.push(Effect::Suggest(missing));
        }
        effects
    }

    /// What the picker's next key will most likely order: the first department for the only ticket.
    fn foreseen(&self) -> Option<Effect> {
        let Some(Dialog::Picker(picker)) = self.dialogs.last() else {
            return None;
        };
        let [only] = picker.targets.as_slice() else {
            return None;
        };
        let lead = picker.lines.iter().find_map(|line| match line {
            Line::Department { code, .. } => Some(code.clone()),
            Line::OwnFirst { .. } => None,
        })?;
        let act = Act::Dispatch {
            lead,
            assisting: Vec::new(),
            suggestion: self.shown(&only.no),
        };
        Some(Effect::Foresee(Errand {
            first: self.first_act(&only.no, &act),
            no: only.no.clone(),
            version: only.version,
            act,
        }))
    }

    /// What the picker offers for these tickets, and for how many the first suggestion is sure.
    fn offered(&self, targets: &[Target]) -> (Option<Suggested>, usize) {
        let suggested = match targets {
            [one] => self.suggestions.get(&one.no).cloned(),
            many => union(many.iter().filter_map(|t| self.suggestions.get(&t.no))),
        };
        let sure = targets.iter().filter(|t| self.is_sure(&t.no)).count();
        (suggested, sure)
    }

    /// Suggestions have come: the picker that is open offers them.
    pub(super) fn tell_picker(&mut self) {
        let Some(Dialog::Picker(picker)) = self.dialogs.last() else {
            return;
        };
        let (suggested, sure) = self.offered(&picker.targets);
        if let Some(Dialog::Picker(picker)) = self.dialogs.last_mut() {
            picker.suggested(suggested, sure);
        }
    }

    /// Takes what the picker offers in a line.
    pub(super) fn take(&mut self, line: &Line) -> Vec<Effect> {
        let Some(Dialog::Picker(picker)) = self.dialogs.pop() else {
            return Vec::new();
        };
        let Picker {
            targets, assisting, ..
        } = *picker;
        match line {
            Line::Department { code, .. } => {
                let assisting: Vec<String> = assisting.into_iter().filter(|a| a != code).collect();
                let act = |model: &Self, no: &str| Act::Dispatch {
                    lead: code.clone(),
                    assisting: assisting.clone(),
                    suggestion: model.shown(no),
                };
                if let [one] = targets.as_slice() {
                    let act = act(self, &one.no);
                    return self.perform(targets, &act, None);
                }
                let items = targets
                    .into_iter()
                    .map(|t| {
                        let act = act(self, &t.no);
                        Item::new(t, act)
                    })
                    .collect();
                self.summarise(items, None)
            }
            Line::OwnFirst { .. } => {
                let of = targets.len();
                let items: Vec<Item> = targets
                    .into_iter()
                    .filter(|t| self.is_sure(&t.no))
                    .filter_map(|t| {
                        let first = self.suggestions.get(&t.no)?.list.first()?;
                        let act = Act::Dispatch {
                            lead: first.code.clone(),
                            assisting: assisting.clone(),
                            suggestion: self.shown(&t.no),
                        };
                        Some(Item::new(t, act))
                    })
                    .collect();
                let (sure, left) = (items.len(), of - items.len());
                let mut effects = self.summarise(items, None);
                if left > 0 {
                    effects.extend(self.say(Notice::OnlySure { sure, left }));
                }
                effects
            }
        }
    }

    pub(super) fn take_digit(&mut self, digit: u8) -> Vec<Effect> {
        let Some(Dialog::Picker(picker)) = self.dialogs.last() else {
            return Vec::new();
        };
        let line = picker
            .lines
            .get(usize::from(digit).saturating_sub(1))
            .filter(|l| match l {
                Line::OwnFirst { .. } => true,
                Line::Department { suggestion, .. } => suggestion.is_some(),
            })
            .cloned();
        match line {
            Some(line) => self.take(&line),
            None => self.say(Notice::NoSuggestion),
        }
    }

    /// The suggestion that stands on the screen, to be recorded beside the choice.
    fn shown(&self, no: &str) -> Option<SuggestionShown> {
        let suggested = self.suggestions.get(no)?;
        let first = suggested.list.first()?;
        Some(SuggestionShown {
            offered: suggested.list.iter().map(|s| s.code.clone()).collect(),
            first_permille: first.permille,
        })
    }

    /// Whether the first suggestion for a ticket is sure enough for a batch.
    pub fn is_sure(&self, no: &str) -> bool {
        self.suggestions
            .get(no)
            .is_some_and(|s| s.sure && !s.list.is_empty())
    }
}

/// What is suggested for many tickets together, most supported first; each share is of all the tickets asked.
fn union<'a>(all: impl Iterator<Item = &'a Suggested>) -> Option<Suggested> {
    let mut shares: BTreeMap<&str, u32> = BTreeMap::new();
    let mut asked = 0;
    for suggested in all {
        asked += 1;
        for suggestion in &suggested.list {
            *shares.entry(&suggestion.code).or_default() += u32::from(suggestion.permille);
        }
    }
    let mut shares: Vec<(&str, u32)> = shares.into_iter().collect();
    shares.sort_by_key(|(code, share)| (std::cmp::Reverse(*share), *code));
    shares.truncate(OFFERED);
    (asked > 0).then(|| Suggested {
        no: String::new(),
        list: shares
            .into_iter()
            .map(|(code, share)| Suggestion {
                code: code.to_owned(),
                permille: u16::try_from(share / asked).unwrap_or(u16::MAX),
                support: None,
                evidence: Vec::new(),
                unseen: false,
            })
            .collect(),
        sure: false,
        little: None,
        doubt: None,
    })
}
