//! A mapping bound to one file's columns: record in, draft out. Column names are looked up once, never per row.
//!
//! Which columns a field is read from is found out in [`fields`]. Start at [`Bound::new`] and [`Bound::draft`].

mod fields;

use std::borrow::Cow;

use chrono::Offset;

use super::draft::{Draft, Named, Outcome, Reason, Requester};
use super::entity;
use super::mapping::{Mapping, Rule};
use super::record::Record;
use super::time::{self, TimeError};
use fields::{Columns, Ending, Places, Text, When};

/// What is wrong with a record: the column, if one is at fault, and the reason.
pub type Fault = (Option<String>, Reason);

/// A mapping bound to a header.
#[derive(Debug)]
pub struct Bound {
    columns: Vec<String>,
    unknown: Vec<String>,
    external_no: Option<Text>,
    source_id: Option<Text>,
    source: Option<Text>,
    channel: Option<Text>,
    created_at: Option<When>,
    nature: Option<Text>,
    category: Vec<Text>,
    street_id: Option<Text>,
    street: Option<Text>,
    community_id: Option<Text>,
    community: Option<Text>,
    address: Option<Text>,
    title: Option<Text>,
    content: Option<Text>,
    requester_name: Option<Text>,
    requester_phone: Option<Text>,
    requester_email: Option<Text>,
    requester_address: Option<Text>,
    department_id: Option<Text>,
    department: Option<Text>,
    closed_at: Option<When>,
    latitude: Option<Text>,
    longitude: Option<Text>,
    outcome: Option<Ending>,
    extra: Vec<usize>,
    mapped: Vec<bool>,
    missing: Vec<String>,
}

impl Bound {
    /// Resolves `mapping` against a file's columns.
    pub fn new(mapping: &Mapping, columns: &[String]) -> Self {
        let fields = &mapping.fields;
        // A mapping's offset was checked when it was read; UTC could only stand in for a mapping built by hand.
        let zone = time::zone(&mapping.zone).unwrap_or_else(|| chrono::Utc.fix());
        let mut look = Columns {
            header: columns,
            missing: Vec::new(),
            taken: vec![false; columns.len()],
            mapped: vec![false; columns.len()],
        };
        let mut text = |rule: &Option<Rule>| look.text(rule.as_ref(), false);
        let mut bound = Self {
            columns: columns.to_vec(),
            unknown: mapping.unknown.clone(),
            external_no: text(&fields.external_no),
            source_id: text(&fields.source_id),
            source: text(&fields.source),
            channel: text(&fields.channel),
            created_at: None,
            nature: text(&fields.nature),
            category: Vec::new(),
            street_id: text(&fields.street_id),
            street: text(&fields.street),
            community_id: text(&fields.community_id),
            community: text(&fields.community),
            address: text(&fields.address),
            title: text(&fields.title),
            content: text(&fields.content),
            requester_name: text(&fields.requester_name),
            requester_phone: text(&fields.requester_phone),
            requester_email: text(&fields.requester_email),
            requester_address: text(&fields.requester_address),
            department_id: text(&fields.department_id),
            department: text(&fields.department),
            closed_at: None,
            latitude: text(&fields.latitude),
            longitude: text(&fields.longitude),
            outcome: None,
            extra: Vec::new(),
            mapped: Vec::new(),
            missing: Vec::new(),
        };
        bound.category = fields
            .category
            .0
            .iter()
            .filter_map(|rule| look.text(Some(rule), false))
            .collect();
        bound.created_at = look.when(fields.created_at.as_ref(), zone, true);
        bound.closed_at = look.when(fields.closed_at.as_ref(), zone, false);
        bound.outcome = fields.outcome.as_ref().and_then(|rule| look.ending(rule));
        bound.extra = (0..columns.len())
            .filter(|place| !look.taken[*place])
            .filter(|place| !mapping.ignore.contains(&columns[*place]))
            .filter(|place| columns[*place] != super::receipt::ERROR_COLUMN)
            .collect();
        bound.mapped = look.mapped;
        bound.missing = look.missing;
        bound
    }

    /// The file's columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Columns the mapping names and the file does not have.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// The columns whose digits must not pass through a floating-point number.
    pub fn identifier_columns(&self) -> Vec<usize> {
        [
            &self.external_no,
            &self.source_id,
            &self.requester_phone,
            &self.department_id,
        ]
        .into_iter()
        .flatten()
        .flat_map(|text| text.from.columns().to_vec())
        .collect()
    }

    /// Whether a field of ours is read from the column at `place`.
    pub fn is_mapped(&self, place: usize) -> bool {
        self.mapped.get(place).copied().unwrap_or(false)
    }

    /// The draft a record stands for.
    pub fn draft(&self, record: &Record, row: u64, line: u64) -> Result<Draft, Fault> {
        if let Some(place) = record.zero_byte() {
            return Err((self.columns.get(place).cloned(), Reason::ZeroByte));
        }
        let text = |field: &Option<Text>| -> Result<Option<String>, Fault> {
            field
                .as_ref()
                .map_or(Ok(None), |field| self.text(field, record))
        };
        let mut category = Vec::with_capacity(self.category.len());
        for level in &self.category {
            category.push(self.text(level, record)?.unwrap_or_default());
        }
        while category.last().is_some_and(String::is_empty) {
            category.pop();
        }
        let closed_at = self.time(self.closed_at.as_ref(), record)?;
        let draft = Draft {
            external_no: text(&self.external_no)?,
            source: named(text(&self.source_id)?, text(&self.source)?),
            channel: text(&self.channel)?,
            created_at: self.time(self.created_at.as_ref(), record)?,
            nature: text(&self.nature)?,
            limit_class: None,
            category,
            street: named(text(&self.street_id)?, text(&self.street)?),
            community: named(text(&self.community_id)?, text(&self.community)?),
            address: text(&self.address)?,
            title: text(&self.title)?,
            content: text(&self.content)?,
            requester: Requester {
                name: text(&self.requester_name)?,
                phone: text(&self.requester_phone)?,
                email: text(&self.requester_email)?,
                address: text(&self.requester_address)?,
            },
            department: named(text(&self.department_id)?, text(&self.department)?),
            // A file that says when it was finished, and nothing else of its end, says that it was.
            outcome: self
                .outcome(record)?
                .or_else(|| closed_at.map(|_| Outcome::Closed)),
            closed_at,
            latitude: self.degrees(self.latitude.as_ref(), record, 90.0)?,
            longitude: self.degrees(self.longitude.as_ref(), record, 180.0)?,
            extra: self.extra(record),
            mail: None,
            row,
            line,
            sheet: None,
            raw: Vec::new(),
        };
        // A category alone still says what it is about.
        let says = draft.title.is_some() || draft.content.is_some() || !draft.category.is_empty();
        if says {
            Ok(draft)
        } else {
            Err((None, Reason::Empty))
        }
    }

    fn is_unknown(&self, text: &str) -> bool {
        text.is_empty() || self.unknown.iter().any(|unknown| unknown == text)
    }

    fn text(&self, field: &Text, record: &Record) -> Result<Option<String>, Fault> {
        let known = |raw: &&str| !self.is_unknown(raw) && !field.unknown.iter().any(|u| u == raw);
        let at = |place: &usize| Some(record.get(*place).unwrap_or("").trim()).filter(known);
        let found: Option<Cow<'_, str>> = match &field.from {
            Places::Nowhere => None,
            Places::Column(place) => at(place).map(Cow::Borrowed),
            Places::First(places) => places.iter().find_map(at).map(Cow::Borrowed),
            Places::Joined(places, join) => {
                let parts: Vec<&str> = places.iter().filter_map(at).collect();
                (!parts.is_empty()).then(|| Cow::Owned(parts.join(join)))
            }
        };
        let Some(raw) = found else {
            return match &field.default {
                Some(default) => Ok(Some(default.clone())),
                None if field.required => Err((self.first_column(field), Reason::Missing)),
                None => Ok(None),
            };
        };
        if let Some(ours) = field.values.get(raw.as_ref()) {
            return Ok(Some(ours.clone()));
        }
        Ok(Some(match entity::decode(&raw) {
            Cow::Borrowed(_) => raw.into_owned(),
            Cow::Owned(decoded) => decoded.trim().to_owned(),
        }))
    }

    fn first_column(&self, field: &Text) -> Option<String> {
        field
            .from
            .columns()
            .first()
            .map(|place| self.columns[*place].clone())
    }

    fn time(&self, field: Option<&When>, record: &Record) -> Result<Option<i64>, Fault> {
        let Some(field) = field else { return Ok(None) };
        let Some(value) = self.text(&field.text, record)? else {
            return Ok(None);
        };
        match time::read(&value, &field.formats, field.zone) {
            Ok(instant) => Ok(Some(instant)),
            Err(error) => Err((
                self.first_column(&field.text),
                match error {
                    TimeError::Unreadable => Reason::BadTime { value },
                    TimeError::Ambiguous => Reason::AmbiguousTime { value },
                },
            )),
        }
    }

    fn degrees(
        &self,
        field: Option<&Text>,
        record: &Record,
        most: f64,
    ) -> Result<Option<f64>, Fault> {
        let Some(field) = field else { return Ok(None) };
        let Some(value) = self.text(field, record)? else {
            return Ok(None);
        };
        match value.parse::<f64>() {
            Ok(degrees) if degrees.abs() <= most => Ok(Some(degrees)),
            Ok(_) | Err(_) => Err((self.first_column(field), Reason::BadDegrees { value })),
        }
    }

    fn outcome(&self, record: &Record) -> Result<Option<Outcome>, Fault> {
        match &self.outcome {
            None => Ok(None),
            Some(Ending::Values {
                column,
                values,
                unknown,
            }) => {
                let raw = record.get(*column).unwrap_or("").trim();
                match values.get(raw) {
                    Some(outcome) => Ok(Some(*outcome)),
                    None if self.is_unknown(raw) || unknown.iter().any(|u| u == raw) => Ok(None),
                    None => Err((
                        Some(self.columns[*column].clone()),
                        Reason::UnknownValue {
                            value: raw.to_owned(),
                        },
                    )),
                }
            }
            Some(Ending::Flags(flags)) => self.flagged(flags, record),
        }
    }

    /// The outcome whose flag is set; two set flags contradict each other, and what is neither yes nor no says nothing.
    fn flagged(
        &self,
        flags: &[(usize, Outcome)],
        record: &Record,
    ) -> Result<Option<Outcome>, Fault> {
        let mut set = None;
        let mut all_known = true;
        for (place, outcome) in flags {
            let raw = record.get(*place).unwrap_or("").trim();
            all_known &= !self.is_unknown(raw);
            match is_set(raw) {
                Some(true) => {}
                Some(false) => continue,
                None if self.is_unknown(raw) => continue,
                None => {
                    let value = raw.to_owned();
                    let column = self.columns[*place].clone();
                    return Err((Some(column), Reason::UnknownValue { value }));
                }
            }
            if set.is_some() {
                let told: Vec<String> = flags
                    .iter()
                    .map(|(p, _)| format!("{}={}", self.columns[*p], record.get(*p).unwrap_or("")))
                    .collect();
                return Err((
                    Some(self.columns[*place].clone()),
                    Reason::ContradictoryFlags {
                        value: told.join(" "),
                    },
                ));
            }
            set = Some(*outcome);
        }
        Ok(set.or_else(|| all_known.then_some(Outcome::Running)))
    }

    fn extra(&self, record: &Record) -> Vec<(String, String)> {
        let mut extra = Vec::new();
        for place in &self.extra {
            let raw = record.get(*place).unwrap_or("").trim();
            if !self.is_unknown(raw) {
                extra.push((
                    self.columns[*place].clone(),
                    entity::decode(raw).into_owned(),
                ));
            }
        }
        extra
    }
}

/// Whether a flag is set, as files write yes and no.
fn is_set(raw: &str) -> Option<bool> {
    const YES: [&str; 5] = ["1", "true", "yes", "y", "是"];
    const NO: [&str; 5] = ["0", "false", "no", "n", "否"];
    let is = |words: [&str; 5]| words.iter().any(|word| word.eq_ignore_ascii_case(raw));
    if is(YES) {
        Some(true)
    } else {
        is(NO).then_some(false)
    }
}

fn named(id: Option<String>, name: Option<String>) -> Named {
    Named { id, name }
}

#[cfg(test)]
mod tests;
