//! The form engine: fields, focus, typing, drafts. What an act asks for stands in `fields`.
//!
//! Must not know acts. Enter goes from field to field; only the button at the end, or Ctrl-s, hands the form in.

use super::action::Motion;
use super::picker::Target;
use super::search::{self, Needle};
use super::text::Text;
use crate::console::key::{Chord, Code};
use crate::domain::act::ActKind;
use std::collections::BTreeMap;

/// What a field is about; also its name in drafts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it; the words are in i18n")]
pub enum FieldId {
    Decision,
    Kind,
    Lead,
    Assisting,
    Fallback,
    Ground,
    Suggested,
    Units,
    Until,
    HeldOn,
    Measures,
    Text,
    Contacted,
    Solved,
    Note,
    Answer,
    About,
    Outcome,
    Rating,
    Master,
    Confidential,
    Urgency,
    Nature,
    Class,
    Category,
    Street,
    Community,
    AddressUnknown,
    Effective,
    Source,
    Title,
    Content,
    Address,
    Name,
    Phone,
    Next,
    Taker,
    Leaving,
    Tags,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// Which.
    pub field: FieldId,
    /// It is missing; else it is not understood.
    pub missing: bool,
}

impl FieldFault {
    /// It must be filled in.
    pub(super) fn missing(field: FieldId) -> Self {
        Self {
            field,
            missing: true,
        }
    }

    /// It is not understood.
    pub(super) fn unclear(field: FieldId) -> Self {
        Self {
            field,
            missing: false,
        }
    }
}

/// One of the values to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value.
    pub value: String,
    /// Its name in Chinese and English; nothing when the view has a word for the code.
    pub name: Option<[String; 2]>,
}

/// The state of a field.
#[derive(Clone, Debug)]
pub enum Field {
    /// A text.
    Text(Text),
    /// A day, typed as `2026-11-30` or `+10`.
    Date(Text),
    /// A whole number.
    Number(Text),
    /// One of a few.
    Choice {
        /// The values.
        choices: Vec<Choice>,
        /// Which; none at first where it must be chosen.
        at: Option<usize>,
    },
    /// One or several of many, found by typing.
    Search(Search),
    /// Yes or no.
    Toggle(bool),
}

/// A field that finds its value by a few letters.
#[derive(Clone, Debug)]
pub struct Search {
    /// What was typed.
    pub query: Text,
    /// The values.
    pub choices: Vec<Choice>,
    /// The chosen ones.
    pub chosen: Vec<usize>,
    /// Several may be chosen.
    pub many: bool,
    /// The values found for what was typed.
    pub found: Vec<usize>,
    /// Which of them is under the cursor.
    pub cursor: usize,
    needles: Vec<Needle>,
}

impl Search {
    /// A search among these values.
    pub fn new(choices: Vec<Choice>, many: bool) -> Self {
        let needles = choices
            .iter()
            .map(|c| {
                let names = c.name.iter().flatten().map(String::as_str);
                Needle::of(std::iter::once(c.value.as_str()).chain(names))
            })
            .collect();
        Self {
            query: Text::line(),
            choices,
            chosen: Vec::new(),
            many,
            found: Vec::new(),
            cursor: 0,
            needles,
        }
    }

    fn typed(&mut self) {
        self.cursor = 0;
        self.found = if self.query.is_empty() {
            Vec::new()
        } else {
            search::rank(self.query.as_str(), &self.needles)
        };
    }

    /// Chooses the value under the cursor, and begins anew.
    fn take(&mut self) {
        let Some(found) = self.found.get(self.cursor).copied() else {
            return;
        };
        if !self.many {
            self.chosen.clear();
        }
        if !self.chosen.contains(&found) {
            self.chosen.push(found);
        }
        self.query.set("");
        self.typed();
    }

    /// Chooses these values.
    pub fn choose(&mut self, values: &[String]) {
        self.chosen = values
            .iter()
            .filter_map(|v| self.choices.iter().position(|c| c.value == *v))
            .collect();
    }
}

/// What a form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An act.
    Act(ActKind),
    /// Granting or declining.
    Decide,
    /// A new request.
    Intake,
    /// Signing the shift over.
    HandOver,
}

/// A form.
#[derive(Clone, Debug)]
pub struct Form {
    /// What it is for.
    pub purpose: Purpose,
    /// For which tickets; none for a new request.
    pub targets: Vec<Target>,
    /// Its fields, in order; `true` when it must be filled in.
    pub fields: Vec<(FieldId, bool, Field)>,
    /// Fields that do not stand in the form just now, with what was typed into them.
    pub aside: Vec<(FieldId, bool, Field)>,
    /// Which has the focus: a field, then "hand in", then "leave".
    pub focus: usize,
    /// Something was typed since the draft was kept.
    pub dirty: bool,
    /// What is wrong.
    pub fault: Option<FieldFault>,
}

impl PartialEq for Form {
    fn eq(&self, other: &Self) -> bool {
        self.purpose == other.purpose
            && self.targets == other.targets
            && self.values() == other.values()
    }
}

/// What came of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// The form took it.
    Taken,
    /// Hand it in.
    Submit,
    /// Leave it.
    Leave,
    /// It means nothing to the form.
    Unknown,
}

impl Form {
    /// The place of the button that hands it in.
    pub fn submit_place(&self) -> usize {
        self.fields.len()
    }

    /// The place of the button that leaves it.
    pub fn leave_place(&self) -> usize {
        self.fields.len() + 1
    }

    /// A field.
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields
            .iter()
            .find(|(i, _, _)| *i == id)
            .map(|(_, _, f)| f)
    }

    /// A text, trimmed; empty when there is none.
    pub fn text(&self, id: FieldId) -> String {
        match self.field(id) {
            Some(Field::Text(t) | Field::Date(t) | Field::Number(t)) => {
                t.as_str().trim().to_owned()
            }
            _ => String::new(),
        }
    }

    /// The chosen values.
    pub fn chosen(&self, id: FieldId) -> Vec<String> {
        match self.field(id) {
            Some(Field::Choice { choices, at }) => at
                .and_then(|at| choices.get(at))
                .map(|c| c.value.clone())
                .into_iter()
                .collect(),
            Some(Field::Search(search)) => search
                .chosen
                .iter()
                .filter_map(|at| search.choices.get(*at))
                .map(|c| c.value.clone())
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The first chosen value.
    pub fn one(&self, id: FieldId) -> Option<String> {
        self.chosen(id).into_iter().next()
    }

    /// Whether a toggle is on.
    pub fn is_on(&self, id: FieldId) -> bool {
        matches!(self.field(id), Some(Field::Toggle(true)))
    }

    /// The first required field that is empty.
    pub fn first_missing(&self) -> Option<FieldId> {
        self.fields
            .iter()
            .find(|(id, required, _)| {
                *required && self.text(*id).is_empty() && self.chosen(*id).is_empty()
            })
            .map(|(id, _, _)| *id)
    }

    /// Puts words into a text, where its caret stands.
    pub fn insert(&mut self, id: FieldId, words: &str) {
        let mut fields = self.fields.iter_mut();
        if let Some((_, _, Field::Text(text))) = fields.find(|(of, _, _)| *of == id) {
            text.insert(words);
            self.dirty = true;
        }
    }

    /// Shows what is wrong and goes there.
    pub fn blame(&mut self, fault: FieldFault) {
        if let Some(at) = self.fields.iter().position(|(id, _, _)| *id == fault.field) {
            self.focus = at;
        }
        self.fault = Some(fault);
    }

    /// Moves the focus.
    pub fn moved(&mut self, motion: Motion) {
        let len = self.fields.len() + 2;
        self.focus = motion.apply(self.focus, len, 4);
    }

    /// Goes round: after the last comes the first.
    pub fn next(&mut self, back: bool) {
        let len = self.fields.len() + 2;
        self.focus = (self.focus + if back { len - 1 } else { 1 }) % len;
    }

    /// Takes a key that is no command.
    pub fn key(&mut self, chord: Chord) -> Pressed {
        let last = self.fields.len();
        if self.focus >= last {
            return match (chord.code, self.focus == last) {
                (Code::Enter, true) => Pressed::Submit,
                (Code::Enter, false) => Pressed::Leave,
                (Code::Left | Code::Right, _) => {
                    self.focus = if self.focus == last { last + 1 } else { last };
                    Pressed::Taken
                }
                (Code::Up, _) => {
                    self.focus = last.saturating_sub(1);
                    Pressed::Taken
                }
                (Code::Down, true) => {
                    self.focus = last + 1;
                    Pressed::Taken
                }
                _ => Pressed::Unknown,
            };
        }
        let Some((_, _, field)) = self.fields.get_mut(self.focus) else {
            return Pressed::Unknown;
        };
        if field_key(field, chord) {
            self.dirty = true;
            self.fault = None;
            return Pressed::Taken;
        }
        match chord.code {
            Code::Up => self.focus = self.focus.saturating_sub(1),
            Code::Down | Code::Enter => self.focus += 1,
            _ => return Pressed::Unknown,
        }
        Pressed::Taken
    }

    /// Takes a paste; `false` when the field with the focus holds no text.
    pub fn paste(&mut self, text: &str) -> bool {
        let Some((_, _, field)) = self.fields.get_mut(self.focus) else {
            return false;
        };
        match field {
            Field::Text(t) | Field::Date(t) | Field::Number(t) => t.insert(text),
            Field::Search(search) => {
                search.query.insert(text);
                search.typed();
            }
            Field::Choice { .. } | Field::Toggle(_) => return false,
        }
        self.dirty = true;
        self.fault = None;
        true
    }

    /// Under which name its draft is kept.
    pub fn draft_key(&self) -> String {
        let purpose = match self.purpose {
            Purpose::Act(kind) => kind.code(),
            Purpose::Decide => "decide",
            Purpose::Intake => "intake",
            Purpose::HandOver => "handover",
        };
        let nos: Vec<&str> = self.targets.iter().map(|t| t.no.as_str()).collect();
        format!("{purpose}:{}", nos.join(","))
    }

    /// Whether anything was typed that would be missed.
    pub fn has_words(&self) -> bool {
        self.fields.iter().any(|(_, _, field)| has_words(field))
    }

    /// Whether no field holds words, not even one that does not stand in the form just now.
    pub fn is_bare(&self) -> bool {
        !self.has_words() && !self.aside.iter().any(|(_, _, field)| has_words(field))
    }

    fn values(&self) -> BTreeMap<String, Vec<String>> {
        self.fields
            .iter()
            .map(|(id, _, field)| {
                let values = match field {
                    Field::Text(t) | Field::Date(t) | Field::Number(t) => {
                        vec![t.as_str().to_owned()]
                    }
                    Field::Toggle(on) => vec![on.to_string()],
                    Field::Choice { .. } | Field::Search(_) => self.chosen(*id),
                };
                (format!("{id:?}"), values)
            })
            .collect()
    }

    /// The draft as text.
    pub fn to_draft(&self) -> String {
        serde_json::to_string(&self.values()).unwrap_or_default()
    }

    /// Fills in what a draft says; `false` when it is none.
    pub fn fill_from_draft(&mut self, draft: &str) -> bool {
        let Ok(values) = serde_json::from_str::<BTreeMap<String, Vec<String>>>(draft) else {
            return false;
        };
        for (id, _, field) in &mut self.fields {
            let Some(values) = values.get(&format!("{id:?}")) else {
                continue;
            };
            let first = values.first().map(String::as_str).unwrap_or_default();
            match field {
                Field::Text(t) | Field::Date(t) | Field::Number(t) => t.set(first),
                Field::Toggle(on) => *on = first == "true",
                Field::Choice { choices, at } => {
                    *at = choices.iter().position(|c| c.value == first);
                }
                Field::Search(search) => search.choose(values),
            }
        }
        true
    }
}

/// Under which name the draft of an answer is kept; see [`Form::draft_key`].
pub(super) fn answer_draft_key(no: &str) -> String {
    format!("{}:{no}", ActKind::Answer.code())
}

/// The draft of a form that answers with this text.
pub(super) fn answer_draft(text: &str) -> String {
    let values = BTreeMap::from([(format!("{:?}", FieldId::Answer), vec![text])]);
    serde_json::to_string(&values).unwrap_or_default()
}

fn has_words(field: &Field) -> bool {
    match field {
        Field::Text(t) => !t.as_str().trim().is_empty(),
        Field::Date(_)
        | Field::Number(_)
        | Field::Choice { .. }
        | Field::Search(_)
        | Field::Toggle(_) => false,
    }
}

fn field_key(field: &mut Field, chord: Chord) -> bool {
    match field {
        Field::Text(text) => text.key(chord),
        Field::Date(text) | Field::Number(text) => {
            let folded = chord.folded();
            match folded.text() {
                Some(c) if c.is_ascii_digit() || matches!(c, '-' | '+' | '/' | '.') => {
                    text.key(folded)
                }
                Some(_) => false,
                None => text.key(chord),
            }
        }
        Field::Toggle(on) => match chord.code {
            Code::Char(' ' | '\u{3000}') | Code::Left | Code::Right => {
                *on = !*on;
                true
            }
            _ => false,
        },
        Field::Choice { choices, at } => choice_key(choices, at, chord),
        Field::Search(search) => search_key(search, chord),
    }
}

fn choice_key(choices: &[Choice], at: &mut Option<usize>, chord: Chord) -> bool {
    let len = choices.len();
    if len == 0 {
        return false;
    }
    match chord.folded().code {
        Code::Right | Code::Char(' ') => *at = Some(at.map_or(0, |a| (a + 1) % len)),
        Code::Left => *at = Some(at.map_or(len - 1, |a| (a + len - 1) % len)),
        Code::Char(c) => match c.to_digit(10) {
            Some(n @ 1..) if n as usize <= len => *at = Some(n as usize - 1),
            _ => return false,
        },
        _ => return false,
    }
    true
}

fn search_key(search: &mut Search, chord: Chord) -> bool {
    let listing = !search.found.is_empty();
    match chord.code {
        Code::Up if listing => search.cursor = search.cursor.saturating_sub(1),
        Code::Down if listing => search.cursor = (search.cursor + 1).min(search.found.len() - 1),
        Code::Enter if listing => search.take(),
        Code::Backspace if search.query.is_empty() => {
            search.chosen.pop();
        }
        _ => {
            if !search.query.key(chord) {
                return false;
            }
            search.typed();
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paste_into_the_field_that_was_found_missing_takes_the_blame_away() {
        let mut form = Form {
            purpose: Purpose::Act(ActKind::Note),
            targets: Vec::new(),
            fields: vec![(FieldId::Text, true, Field::Text(Text::area()))],
            aside: Vec::new(),
            focus: 0,
            dirty: false,
            fault: None,
        };
        form.blame(FieldFault::missing(FieldId::Text));
        assert!(form.paste("路灯"));
        assert_eq!(form.fault, None);
    }
}
