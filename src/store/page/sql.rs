//! SQL under construction: constants and bound values only, nothing a person typed is ever SQL.

use rusqlite::types::Value;

/// A text and the values bound in it.
#[derive(Debug, Default)]
pub(super) struct Sql {
    /// The text so far.
    pub(super) text: String,
    /// What its question marks stand for.
    pub(super) values: Vec<Value>,
}

impl Sql {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn bind(&mut self, text: &str, value: impl Into<Value>) {
        self.push(text);
        self.values.push(value.into());
    }
}
