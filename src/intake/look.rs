//! What a table holds, column by column, for the first mapping of it: values, times, how much text.
//!
//! Takes nothing in; every record is read once and only its traces are kept. Start at [`look`].

use std::collections::BTreeMap;

use chrono::{FixedOffset, Offset, Utc};

use super::format::Format;
use super::mappings::Mappings;
use super::open::{Input, IntakeError, Options, open};
use super::time::{self, TimeError, TimeFormat};

/// Different values of a column that are remembered; a column with more is no list of words.
const MOST_VALUES: usize = 40;

/// A mapping that maps nothing, so that every column comes through as it stands.
const NOTHING: &str = "name = \"fenbo-look\"\n[fields]\ntitle = { default = \"-\" }\n";

/// A table as seen.
#[derive(Debug, Clone, Default)]
pub struct Looked {
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its records.
    pub rows: u64,
}

/// One column as seen.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Records in which it is not empty.
    pub filled: u64,
    /// Characters in all of them.
    pub characters: u64,
    /// Its values with how often each came; none once there are too many.
    pub values: BTreeMap<String, u64>,
    /// Whether there were too many values to remember.
    pub is_open: bool,
    /// Its values as times.
    pub times: Times,
}

/// How a column's values read as times.
#[derive(Debug, Clone)]
pub struct Times {
    /// Values that every mapping reads.
    pub plain: u64,
    /// Values in which day and month could be either.
    pub ambiguous: u64,
    /// Values that are no times.
    pub unreadable: u64,
    /// Formats with the day first that have read a value, while all ambiguous values were read by one.
    pub day_first: Option<Vec<&'static str>>,
    /// The same with the month first.
    pub month_first: Option<Vec<&'static str>>,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            plain: 0,
            ambiguous: 0,
            unreadable: 0,
            day_first: Some(Vec::new()),
            month_first: Some(Vec::new()),
        }
    }
}

const DAY_FIRST: &[&str] = &[
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
];
const MONTH_FIRST: &[&str] = &[
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%m-%d-%Y %H:%M:%S",
    "%m-%d-%Y %H:%M",
    "%m-%d-%Y",
    "%m.%d.%Y %H:%M:%S",
    "%m.%d.%Y %H:%M",
    "%m.%d.%Y",
];

impl Times {
    fn see(&mut self, text: &str, zone: FixedOffset) {
        match TimeFormat::Auto.read(text, zone) {
            Ok(_) => self.plain += 1,
            Err(TimeError::Unreadable) => self.unreadable += 1,
            Err(TimeError::Ambiguous) => {
                self.ambiguous += 1;
                narrow(&mut self.day_first, DAY_FIRST, text, zone);
                narrow(&mut self.month_first, MONTH_FIRST, text, zone);
            }
        }
    }
}

/// Keeps the formats that are needed, or gives the order up when none reads the text.
fn narrow(
    known: &mut Option<Vec<&'static str>>,
    formats: &[&'static str],
    text: &str,
    zone: FixedOffset,
) {
    let Some(needed) = known else { return };
    let reads = |format: &&&'static str| {
        TimeFormat::named(format).is_some_and(|f| time::read(text, &[f], zone).is_ok())
    };
    match formats.iter().find(reads) {
        Some(format) if !needed.contains(format) => needed.push(format),
        Some(_) => {}
        None => *known = None,
    }
}

/// Looks at a table; needs no mapping.
///
/// # Errors
/// When it cannot be opened, or is no table.
pub fn look(input: &Input, options: &Options) -> Result<Looked, IntakeError> {
    let mut mappings = Mappings::default();
    mappings.add(NOTHING, "look")?;
    let looking = Options {
        mapping: Some("fenbo-look".to_owned()),
        mappings,
        ..options.clone()
    };
    let opened = open(input, &looking)?;
    if matches!(
        opened.preview.format,
        Format::Mbox | Format::Eml | Format::Folder
    ) {
        return Err(IntakeError::NeedsNoMapping { file: input.name() });
    }
    let mut looked = Looked::default();
    for name in opened.preview.columns {
        looked.column(&name);
    }
    let zone = FixedOffset::east_opt(8 * 3600).unwrap_or_else(|| Utc.fix());
    for row in opened.drafts {
        looked.rows += 1;
        // What cannot be read is told when it is imported.
        let Ok(draft) = row else { continue };
        for (name, value) in &draft.extra {
            looked.column(name).see(value, zone);
        }
    }
    Ok(looked)
}

impl Looked {
    fn column(&mut self, name: &str) -> &mut Column {
        let place = self.columns.iter().position(|column| column.name == name);
        let place = place.unwrap_or_else(|| {
            self.columns.push(Column {
                name: name.to_owned(),
                ..Column::default()
            });
            self.columns.len() - 1
        });
        &mut self.columns[place]
    }
}

impl Column {
    fn see(&mut self, value: &str, zone: FixedOffset) {
        self.filled += 1;
        self.characters += value.chars().count() as u64;
        self.times.see(value, zone);
        if self.is_open {
            return;
        }
        *self.values.entry(value.to_owned()).or_default() += 1;
        if self.values.len() > MOST_VALUES {
            self.is_open = true;
            self.values = BTreeMap::new();
        }
    }
}
