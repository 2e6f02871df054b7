//! Records that name their values (JSON, XML) to drafts: nested values get dotted names, new names become new columns.
//!
//! Start at [`Objects::draft`].

use super::bound::{Bound, Fault};
use super::draft::{Draft, Reason, RowError};
use super::mapping::Mapping;
use super::record::{LONGEST_FIELD, MOST_COLUMNS, Record, visible};

/// Levels of nesting taken at most.
pub const DEEPEST: usize = 64;

/// One record's values by name, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// Name and text.
    pub named: Vec<(String, String)>,
    /// Names whose numbers have lost digits.
    pub inexact: Vec<String>,
}

impl Values {
    /// The text under a name, empty where there is none.
    fn get(&self, name: &str) -> &str {
        let found = self.named.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, text)| text.as_str())
    }
}

/// Turns records of one file into drafts; a name not seen before becomes one more column.
pub struct Objects {
    file: String,
    mapping: Mapping,
    columns: Vec<String>,
    bound: Bound,
    record: Record,
}

impl Objects {
    /// For a file whose first record has these names.
    pub fn new(file: &str, mapping: &Mapping, columns: Vec<String>) -> Self {
        Self {
            file: file.to_owned(),
            bound: Bound::new(mapping, &columns),
            mapping: mapping.clone(),
            columns,
            record: Record::default(),
        }
    }

    /// The mapping as bound to the names seen so far.
    pub fn bound(&self) -> &Bound {
        &self.bound
    }

    /// The draft of one record.
    pub fn draft(&mut self, values: &Values, row: u64, line: u64) -> Result<Draft, RowError> {
        let checked = self.take(values);
        let result = checked.and_then(|()| self.bound.draft(&self.record, row, line));
        result.map_err(|(column, reason)| RowError {
            column,
            ..self.error(values, row, line, reason)
        })
    }

    /// The record as it was last read, in the order of the columns.
    pub fn last(&self) -> Vec<String> {
        self.record.to_vec()
    }

    /// An error about one record.
    pub fn error(&self, values: &Values, row: u64, line: u64, reason: Reason) -> RowError {
        RowError {
            file: self.file.clone(),
            row,
            line,
            column: None,
            reason,
            raw: self.laid_out(values),
        }
    }

    /// The values under their columns, an empty one where there is none, whatever made the record unfit; what stands under no
    /// column comes behind them.
    fn laid_out(&self, values: &Values) -> Vec<String> {
        let beyond = values.named.iter();
        let beyond = beyond.filter(|(name, _)| !self.columns.contains(name));
        self.columns
            .iter()
            .map(|column| values.get(column))
            .chain(beyond.map(|(_, text)| text.as_str()))
            .map(visible)
            .collect()
    }

    /// Puts the values under their columns.
    fn take(&mut self, values: &Values) -> Result<(), Fault> {
        self.record.clear();
        self.learn(values)?;
        let identifiers = self.bound.identifier_columns();
        for (place, column) in self.columns.iter().enumerate() {
            let text = values.get(column);
            if text.len() > LONGEST_FIELD {
                let reason = Reason::FieldTooLong {
                    limit: LONGEST_FIELD,
                };
                return Err((Some(column.clone()), reason));
            }
            if identifiers.contains(&place) && values.inexact.contains(column) {
                let value = text.to_owned();
                return Err((Some(column.clone()), Reason::NumericIdentifier { value }));
            }
            self.record.push(text);
        }
        Ok(())
    }

    fn learn(&mut self, values: &Values) -> Result<(), Fault> {
        let known = self.columns.len();
        for (name, _) in &values.named {
            if self.columns.contains(name) {
                continue;
            }
            if self.columns.len() == MOST_COLUMNS {
                self.columns.truncate(known);
                let limit = MOST_COLUMNS;
                return Err((None, Reason::TooManyColumns { limit }));
            }
            self.columns.push(name.clone());
        }
        if self.columns.len() > known {
            self.bound = Bound::new(&self.mapping, &self.columns);
        }
        Ok(())
    }
}
