//! A report as comma-separated values for spreadsheets: a byte order mark, CRLF, numbers bare, every text quoted.
//!
//! A text that a spreadsheet would take for a formula gets an apostrophe in front. `[reliability F1]`
//! Tables follow each other, each under a row with its name and apart by an empty row.

use super::document::{Document, Table};
use super::put;
use super::sheet::{self, Value};
use crate::domain::shown::clean_line;

/// The report as CSV.
pub(super) fn write(document: &Document) -> String {
    let mut out = String::from("\u{feff}");
    text(&mut out, &document.title);
    end(&mut out);
    for head in &document.head {
        text(&mut out, head);
        end(&mut out);
    }
    for section in &document.sections {
        if !section.lines.is_empty() {
            end(&mut out);
            text(&mut out, &section.title);
            end(&mut out);
        }
        for line in &section.lines {
            text(&mut out, line);
            end(&mut out);
        }
        for table in &section.tables {
            end(&mut out);
            text(&mut out, &table.name);
            end(&mut out);
            write_table(&mut out, table, document);
        }
    }
    out
}

fn write_table(out: &mut String, table: &Table, document: &Document) {
    let heads = sheet::heads(table, document.lang);
    row(out, heads.into_iter().map(Value::Text));
    for cells in &table.rows {
        row(out, sheet::values(table, cells).into_iter());
    }
}

fn row(out: &mut String, values: impl Iterator<Item = Value>) {
    for (at, value) in values.enumerate() {
        if at > 0 {
            out.push(',');
        }
        match value {
            Value::Text(words) => text(out, &words),
            Value::Whole(n) => out.push_str(&n.to_string()),
            Value::Share(basis_points) => decimal(out, basis_points, 10_000),
            Value::Hundredths(n) => decimal(out, i64::try_from(n).unwrap_or(i64::MAX), 100),
            Value::Tenths(n) => decimal(out, i64::try_from(n).unwrap_or(i64::MAX), 10),
            Value::Nothing => {}
        }
    }
    end(out);
}

/// A fraction with as many digits as its unit has noughts.
fn decimal(out: &mut String, n: i64, unit: u64) {
    let digits = unit.ilog10() as usize;
    let size = n.unsigned_abs();
    if n < 0 {
        out.push('-');
    }
    put(
        out,
        format_args!("{}.{:0digits$}", size / unit, size % unit),
    );
}

fn end(out: &mut String) {
    out.push_str("\r\n");
}

/// A quoted text that no spreadsheet takes for a formula.
fn text(out: &mut String, words: &str) {
    let clean = clean_line(words);
    out.push('"');
    if is_formula(&clean) {
        out.push('\'');
    }
    out.push_str(&clean.replace('"', "\"\""));
    out.push('"');
}

/// Whether a spreadsheet may take a text for a formula: its first character that it does not skip begins one.
pub fn is_formula(text: &str) -> bool {
    let first = text.chars().find(|c| {
        !(c.is_whitespace()
            || matches!(
                c,
                '"' | '\'' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fffd}'
            ))
    });
    matches!(
        first,
        Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠')
    ) || text.starts_with(['\t', '\r', '\n', '␉', '␍', '␊'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(words: &str) -> String {
        let mut out = String::new();
        text(&mut out, words);
        out
    }

    #[test]
    fn no_text_is_a_formula() {
        for words in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "|cmd",
            "%0A",
            "＝1+1",
            "＋1",
            "－1",
            "＠x",
            " =1+1",
            "\u{feff}=1",
            "\u{200b}=1",
            "\"=1",
            "'=1",
            "\t=1",
            "\r=1",
            "\n=1",
            "\u{3000}=1",
            "=HYPERLINK(\"http://x\",\"y\")",
            "+8613800138000",
            "@坪山",
        ] {
            let csv = written(words);
            assert!(csv.starts_with("\"'"), "{words:?} became {csv}");
            assert!(csv.ends_with('"') && csv.len() > 3);
        }
        assert_eq!(written("路灯 3 号=坏"), "\"路灯 3 号=坏\"");
        assert_eq!(written("他说\"好\""), "\"他说\"\"好\"\"\"");
    }

    #[test]
    fn numbers_keep_their_sign_and_digits() {
        let mut out = String::new();
        let values = [
            Value::Whole(7),
            Value::Share(-3333),
            Value::Hundredths(9305),
            Value::Tenths(15),
            Value::Nothing,
        ];
        row(&mut out, values.into_iter());
        assert_eq!(out, "7,-0.3333,93.05,1.5,\r\n");
    }
}
