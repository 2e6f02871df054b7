//! Tables as spreadsheets hold them: a rate is three columns, and numbers stay numbers. For CSV and XLSX alike.

use super::document::{Cell, ColumnKind, Table, tenths_of_hours};
use crate::i18n::{Lang, report as words};

/// What a spreadsheet's cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Words.
    Text(String),
    /// A whole number.
    Whole(u64),
    /// A share or change in hundredths of a percent.
    Share(i64),
    /// Hundredths.
    Hundredths(u64),
    /// Tenths.
    Tenths(u64),
    /// An empty cell: nothing to tell, or nothing to divide by.
    Nothing,
}

/// The heads of a table's columns.
pub(super) fn heads(table: &Table, lang: Lang) -> Vec<String> {
    let mut heads = Vec::new();
    for column in &table.columns {
        if column.kind == ColumnKind::Rate {
            for text in [words::RATE_N, words::RATE_OF, words::RATE_SHARE] {
                heads.push(text.with(lang, &[("rate", &column.title)]));
            }
        } else {
            heads.push(column.title.clone());
        }
    }
    heads
}

/// The values of a row, as many as there are heads.
pub(super) fn values(table: &Table, cells: &[Cell]) -> Vec<Value> {
    let mut values = Vec::new();
    for (cell, column) in cells.iter().zip(&table.columns) {
        let whole = |n: Option<u64>| n.map_or(Value::Nothing, Value::Whole);
        let value = match cell {
            Cell::Text(text) => Value::Text(text.clone()),
            Cell::Number(n) => Value::Whole(*n),
            Cell::Maybe(n) => whole(*n),
            Cell::Rate(rate) => {
                values.push(Value::Whole(rate.n));
                values.push(Value::Whole(rate.of));
                share(*rate)
            }
            Cell::Share(rate) => share(*rate),
            Cell::Change(change) => change.map_or(Value::Nothing, Value::Share),
            Cell::Points(points) => points.map_or(Value::Nothing, Value::Hundredths),
            Cell::Hours(seconds) => {
                seconds.map_or(Value::Nothing, |s| Value::Tenths(tenths_of_hours(s)))
            }
        };
        values.push(value);
        // A plain number among rates has no denominator.
        if column.kind == ColumnKind::Rate && !matches!(cell, Cell::Rate(_)) {
            values.extend([Value::Nothing, Value::Nothing]);
        }
    }
    values
}

fn share(rate: crate::domain::assessment::Rate) -> Value {
    rate.basis_points()
        .and_then(|bp| i64::try_from(bp).ok())
        .map_or(Value::Nothing, Value::Share)
}
