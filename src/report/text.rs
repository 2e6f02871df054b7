//! A report for a terminal: plain lines, columns aligned by the width a terminal gives the characters.
//!
//! Every text passes the boundary that makes it safe to show. No colour and no escape, so that it reads the same in a file.

use super::document::{Cell, Chart, Document, Section, Table};
use crate::domain::shown::clean_line;
use std::borrow::Cow;
use unicode_width::UnicodeWidthStr;

/// Cells of a bar that stands for the greatest.
const BAR: u64 = 40;

/// The report as text.
pub(super) fn write(document: &Document) -> String {
    let mut out = String::new();
    line(&mut out, &document.title);
    rule(&mut out, '=', document.title.width());
    for head in &document.head {
        line(&mut out, head);
    }
    for section in &document.sections {
        out.push('\n');
        write_section(&mut out, section);
    }
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(clean_line(text).trim_end());
    out.push('\n');
}

fn rule(out: &mut String, with: char, width: usize) {
    out.extend(std::iter::repeat_n(with, width));
    out.push('\n');
}

fn write_section(out: &mut String, section: &Section) {
    line(out, &section.title);
    rule(out, '-', section.title.width());
    for text in &section.lines {
        line(out, &format!("  {text}"));
    }
    let trend = match &section.chart {
        Some(Chart::Trend(points)) => {
            write_trend(out, points);
            true
        }
        Some(Chart::Bars(_) | Chart::Rates(_)) | None => false,
    };
    // The trend's bars already say each number.
    if !trend {
        for (at, table) in section.tables.iter().enumerate() {
            if at > 0 {
                out.push('\n');
            }
            write_table(out, table);
        }
    }
}

fn write_trend(out: &mut String, points: &[(String, u64)]) {
    let most = points.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let digits = most.to_string().len();
    for (name, n) in points {
        let bar = "#".repeat(usize::try_from((n * BAR).div_ceil(most)).unwrap_or(0));
        line(out, &format!("  {name}  {n:>digits$}  {bar}"));
    }
}

fn write_table(out: &mut String, table: &Table) {
    let head: Vec<Cow<'_, str>> = table.columns.iter().map(|c| clean_line(&c.title)).collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| row.iter().map(words).collect())
        .collect();
    let mut widths: Vec<usize> = head.iter().map(|h| h.width()).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut print = |cells: &mut dyn Iterator<Item = &str>| {
        let mut text = String::from("  ");
        for ((cell, width), column) in cells.zip(&widths).zip(&table.columns) {
            let gap = std::iter::repeat_n(' ', width.saturating_sub(cell.width()));
            if column.is_numeric() {
                text.extend(gap);
                text.push_str(cell);
            } else {
                text.push_str(cell);
                text.extend(gap);
            }
            text.push_str("  ");
        }
        out.push_str(text.trim_end());
        out.push('\n');
    };
    print(&mut head.iter().map(AsRef::as_ref));
    for row in &rows {
        print(&mut row.iter().map(String::as_str));
    }
}

fn words(cell: &Cell) -> String {
    clean_line(&cell.words()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::document::Column;
    use super::*;

    #[test]
    fn columns_are_aligned_by_width_and_foreign_text_is_cleaned() {
        let table = Table {
            name: "t".into(),
            columns: vec![Column::text("街道"), Column::number("件数")],
            rows: vec![
                vec![Cell::Text("坪山\u{1b}[31m".into()), Cell::Number(9)],
                vec![Cell::Text("a".into()), Cell::Number(1234)],
            ],
        };
        let mut out = String::new();
        write_table(&mut out, &table);
        assert_eq!(
            out,
            "  街道       件数\n  坪山␛[31m     9\n  a          1234\n"
        );
    }
}
