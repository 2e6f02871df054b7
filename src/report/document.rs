//! A report laid out but not yet written: sections of sentences, charts and tables whose cells keep their numbers.
//!
//! Knows no format. Texts in it are not yet cleaned or escaped: each writer does that for its own readers.

use crate::domain::assessment::Rate;
use crate::i18n::Lang;

/// A report.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The language it is worded in.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// What stands under the title: period, place in the ledger, rules.
    pub head: Vec<String>,
    /// The sections.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Sentences.
    pub lines: Vec<String>,
    /// A chart of what the tables say.
    pub chart: Option<Chart>,
    /// Tables.
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Its name; also that of its sheet in a workbook.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; each has a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its head.
    pub title: String,
    /// What its cells hold.
    pub kind: ColumnKind,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words.
    Text,
    /// Whole numbers.
    Number,
    /// Numerator, denominator and share: three columns where numbers stay numbers.
    Rate,
    /// A share alone.
    Share,
    /// A change against before.
    Change,
    /// Points of a score.
    Points,
    /// Hours.
    Hours,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A whole number.
    Number(u64),
    /// A number that may be absent.
    Maybe(Option<u64>),
    /// A rate with its numerator and denominator.
    Rate(Rate),
    /// A rate of which only the share is told.
    Share(Rate),
    /// Growth in hundredths of a percent.
    Change(Option<i64>),
    /// Hundredths of a point.
    Points(Option<u64>),
    /// Seconds, told as hours.
    Hours(Option<i64>),
}

/// What stands for nothing to tell or nothing to divide by.
pub const NOTHING: &str = "—";

impl Cell {
    /// The cell as a person reads it.
    pub fn words(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(n) | Self::Maybe(Some(n)) => n.to_string(),
            Self::Rate(rate) if rate.of > 0 => {
                format!("{} ({}/{})", rate.percent(), rate.n, rate.of)
            }
            Self::Rate(rate) | Self::Share(rate) => rate.percent(),
            Self::Change(Some(change)) => change_words(*change),
            Self::Points(Some(points)) => format!("{}.{:02}", points / 100, points % 100),
            Self::Hours(Some(seconds)) => {
                let tenths = tenths_of_hours(*seconds);
                format!("{}.{}", tenths / 10, tenths % 10)
            }
            Self::Maybe(None) | Self::Change(None) | Self::Points(None) | Self::Hours(None) => {
                NOTHING.to_owned()
            }
        }
    }
}

/// Seconds as tenths of hours, rounded half up; never less than nought.
pub fn tenths_of_hours(seconds: i64) -> u64 {
    (seconds.max(0).unsigned_abs() + 180) / 360
}

fn change_words(change: i64) -> String {
    let sign = match change.signum() {
        1 => "+",
        -1 => "-",
        _ => "",
    };
    let size = change.unsigned_abs();
    format!("{sign}{}.{:02}%", size / 100, size % 100)
}

impl Column {
    /// A column of words.
    pub fn text(title: &str) -> Self {
        Self::new(title, ColumnKind::Text)
    }

    /// A column of whole numbers.
    pub fn number(title: &str) -> Self {
        Self::new(title, ColumnKind::Number)
    }

    /// A column of rates.
    pub fn rate(title: &str) -> Self {
        Self::new(title, ColumnKind::Rate)
    }

    /// A column.
    pub fn new(title: &str, kind: ColumnKind) -> Self {
        Self {
            title: title.to_owned(),
            kind,
        }
    }

    /// Whether its cells are aligned as numbers are.
    pub fn is_numeric(&self) -> bool {
        self.kind != ColumnKind::Text
    }
}

/// A chart: drawn in HTML, left out where only words are written (the tables say the same).
#[derive(Clone, Debug, PartialEq)]
pub enum Chart {
    /// A bar for each name.
    Bars(Vec<(String, u64)>),
    /// A column for each moment.
    Trend(Vec<(String, u64)>),
    /// A bar from 0 to 100 % for each name.
    Rates(Vec<(String, Rate)>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_worded_and_nothing_is_a_dash() {
        let words = |cell: Cell| cell.words();
        assert_eq!(
            words(Cell::Rate(Rate { n: 6279, of: 6998 })),
            "89.73% (6279/6998)"
        );
        assert_eq!(words(Cell::Rate(Rate::default())), "—");
        assert_eq!(words(Cell::Change(Some(2505))), "+25.05%");
        assert_eq!(words(Cell::Change(Some(-3333))), "-33.33%");
        assert_eq!(words(Cell::Change(Some(0))), "0.00%");
        assert_eq!(words(Cell::Change(None)), "—");
        assert_eq!(words(Cell::Points(Some(9305))), "93.05");
        assert_eq!(words(Cell::Hours(Some(5400))), "1.5");
        assert_eq!(words(Cell::Hours(None)), "—");
    }
}
