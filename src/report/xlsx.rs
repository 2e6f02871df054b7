//! A report as an Excel workbook: a sheet for each table, numbers as numbers, the head row frozen.
//!
//! Texts are only ever written as strings, so none becomes a formula or a link. `[reliability F2]`
//! The workbook bears the report's moment, not the clock's: the same report is the same file.

use super::Unmade;
use super::document::{Document, Table};
use super::sheet::{self, Value};
use crate::domain::shown::clean_line;
use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::collections::BTreeSet;

/// A cell holds no more characters.
const LONGEST: usize = 32_000;
/// A sheet's name holds no more characters.
const NAME: usize = 31;

impl From<XlsxError> for Unmade {
    fn from(error: XlsxError) -> Self {
        Self(error.to_string())
    }
}

/// How cells look.
struct Formats {
    head: Format,
    whole: Format,
    share: Format,
    hundredths: Format,
    tenths: Format,
}

/// The report as a workbook.
pub(super) fn write(document: &Document, at: DateTime<FixedOffset>) -> Result<Vec<u8>, Unmade> {
    let formats = Formats {
        head: Format::new().set_bold(),
        whole: Format::new().set_num_format("0"),
        share: Format::new().set_num_format("0.00%"),
        hundredths: Format::new().set_num_format("0.00"),
        tenths: Format::new().set_num_format("0.0"),
    };
    let mut workbook = Workbook::new();
    workbook.set_properties(
        &DocProperties::new()
            .set_title(clean_line(&document.title))
            .set_creation_datetime(&moment(at)?),
    );
    let mut taken = BTreeSet::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name(&document.title, &mut taken))?;
    write_words(sheet, document, &formats)?;
    for table in document.sections.iter().flat_map(|s| &s.tables) {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name(&table.name, &mut taken))?;
        write_table(sheet, table, document, &formats)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn moment(at: DateTime<FixedOffset>) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(at.year()).unwrap_or(1900);
    ExcelDateTime::from_ymd(year, at.month() as u8, at.day() as u8)?.and_hms(
        at.hour() as u16,
        at.minute() as u8,
        at.second(),
    )
}

/// A name that a sheet may have and no other sheet has.
fn name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let allowed: String = clean_line(wanted)
        .chars()
        .map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c })
        .collect();
    for n in 1_u32.. {
        let tail = if n == 1 {
            String::new()
        } else {
            format!(" {n}")
        };
        let mut name: String = allowed.chars().take(NAME - tail.chars().count()).collect();
        name = name.trim().to_owned() + &tail;
        if taken.insert(name.to_lowercase()) {
            return name;
        }
    }
    allowed
}

/// The first sheet: title, head and every section's sentences.
fn write_words(
    sheet: &mut Worksheet,
    document: &Document,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 100)?;
    sheet.write_string_with_format(0, 0, words(&document.title), &formats.head)?;
    let mut at = 1;
    for head in &document.head {
        sheet.write_string(at, 0, words(head))?;
        at += 1;
    }
    for section in document.sections.iter().filter(|s| !s.lines.is_empty()) {
        at += 1;
        sheet.write_string_with_format(at, 0, words(&section.title), &formats.head)?;
        for line in &section.lines {
            at += 1;
            sheet.write_string(at, 0, words(line))?;
        }
        at += 1;
    }
    Ok(())
}

fn write_table(
    sheet: &mut Worksheet,
    table: &Table,
    document: &Document,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    let mut widths = Vec::new();
    for (at, head) in (0..).zip(sheet::heads(table, document.lang)) {
        sheet.write_string_with_format(0, at, words(&head), &formats.head)?;
        widths.push(columns(&head));
    }
    for (row, cells) in (1..).zip(&table.rows) {
        for (at, value) in (0_u16..).zip(sheet::values(table, cells)) {
            match value {
                Value::Text(text) => {
                    if let Some(width) = widths.get_mut(usize::from(at)) {
                        *width = (*width).max(columns(&text));
                    }
                    sheet.write_string(row, at, words(&text))?;
                }
                Value::Whole(n) => {
                    sheet.write_number_with_format(row, at, n as f64, &formats.whole)?;
                }
                Value::Share(n) => {
                    sheet.write_number_with_format(row, at, n as f64 / 10_000.0, &formats.share)?;
                }
                Value::Hundredths(n) => {
                    sheet.write_number_with_format(
                        row,
                        at,
                        n as f64 / 100.0,
                        &formats.hundredths,
                    )?;
                }
                Value::Tenths(n) => {
                    sheet.write_number_with_format(row, at, n as f64 / 10.0, &formats.tenths)?;
                }
                Value::Nothing => {}
            }
        }
    }
    for (at, width) in (0..).zip(widths) {
        sheet.set_column_width(at, width.clamp(8, 60) as f64 + 2.0)?;
    }
    Ok(())
}

/// A text as a cell may hold it, its end cut off with a mark where it is too long.
fn words(text: &str) -> String {
    let clean = clean_line(text);
    if clean.chars().count() <= LONGEST {
        return clean.into_owned();
    }
    clean.chars().take(LONGEST).chain(['…']).collect()
}

fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_that_excel_takes_and_no_two_the_same() {
        let mut taken = BTreeSet::new();
        assert_eq!(name("小类/前十", &mut taken), "小类 前十");
        assert_eq!(name("小类:前十", &mut taken), "小类 前十 2");
        assert_eq!(name(&"长".repeat(40), &mut taken).chars().count(), 31);
        assert_eq!(name(&"长".repeat(40), &mut taken).chars().count(), 31);
    }
}
