//! A report as one HTML file: nothing remote, no script, charts drawn in it, fit for A4.
//!
//! One function escapes every text, for elements and attributes alike. `[reliability F3]`

use super::chart;
use super::document::{Cell, Chart, Document, Section, Table};
use super::put;
use crate::domain::shown::{clean_line, in_markup};

const STYLE: &str = include_str!("report.css");

/// Parts of a folded table.
const FOLDS: usize = 4;

/// The report as HTML.
pub(super) fn write(document: &Document) -> String {
    let title = escaped(&document.title);
    let lang = match document.lang {
        crate::i18n::Lang::Zh => "zh-CN",
        crate::i18n::Lang::En => "en",
    };
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"
    );
    for head in &document.head {
        put(&mut out, format_args!("<p>{}</p>\n", escaped(head)));
    }
    out.push_str("</header>\n");
    for section in &document.sections {
        write_section(&mut out, section);
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn write_section(out: &mut String, section: &Section) {
    put(
        out,
        format_args!("<section>\n<h2>{}</h2>\n", escaped(&section.title)),
    );
    if let Some(drawn) = section.chart.as_ref().and_then(chart::draw) {
        out.push_str(&drawn);
    }
    if !section.lines.is_empty() {
        out.push_str("<ul>\n");
        for line in &section.lines {
            put(out, format_args!("<li>{}</li>\n", escaped(line)));
        }
        out.push_str("</ul>\n");
    }
    if let (Some(Chart::Trend(_)), [table]) = (&section.chart, section.tables.as_slice()) {
        // A long and narrow table, folded.
        out.push_str("<div class=\"folded\">\n");
        let rows = table.rows.len().div_ceil(FOLDS).max(1);
        for part in table.rows.chunks(rows) {
            write_table(out, table, None, part);
        }
        out.push_str("</div>\n");
    } else {
        write_tables(out, section);
    }
    out.push_str("</section>\n");
}

fn write_tables(out: &mut String, section: &Section) {
    let narrow = section.tables.len() > 1 && section.tables.iter().all(|t| t.columns.len() <= 5);
    if narrow {
        out.push_str("<div class=\"beside\">\n");
    }
    for table in &section.tables {
        // Side by side, a table keeps its name so that the heads stand in one line.
        let name = (narrow || table.name != section.title).then_some(table.name.as_str());
        write_table(out, table, name, &table.rows);
    }
    if narrow {
        out.push_str("</div>\n");
    }
}

fn write_table(out: &mut String, table: &Table, name: Option<&str>, rows: &[Vec<Cell>]) {
    out.push_str("<table>\n");
    if let Some(name) = name {
        put(out, format_args!("<caption>{}</caption>\n", escaped(name)));
    }
    out.push_str("<thead><tr>");
    for column in &table.columns {
        put(
            out,
            format_args!(
                "<th scope=\"col\"{}>{}</th>",
                class(column.is_numeric()),
                escaped(&column.title)
            ),
        );
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (cell, column) in row.iter().zip(&table.columns) {
            put(
                out,
                format_args!(
                    "<td{}>{}</td>",
                    class(column.is_numeric()),
                    escaped(&cell.words())
                ),
            );
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
}

fn class(numeric: bool) -> &'static str {
    if numeric { " class=\"n\"" } else { "" }
}

/// Text for an element or an attribute in quotes.
pub(super) fn escaped(text: &str) -> String {
    in_markup(&clean_line(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_element_or_attribute() {
        assert_eq!(
            escaped("</td><script>alert('1')</script>\" onload=x &amp;"),
            "&lt;/td&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot; onload=x &amp;amp;"
        );
    }
}
