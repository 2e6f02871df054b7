//! A report as Markdown: headings, lists and tables that every reader of the common dialect takes.
//!
//! Every text is cleaned and what would be markup in it is escaped.

use super::document::{Document, Section, Table};
use crate::domain::shown::clean_line;

/// The report as Markdown.
pub(super) fn write(document: &Document) -> String {
    let mut out = format!("# {}\n\n", escaped(&document.title));
    for head in &document.head {
        out.push_str("- ");
        out.push_str(&escaped(head));
        out.push('\n');
    }
    for section in &document.sections {
        write_section(&mut out, section);
    }
    out
}

fn write_section(out: &mut String, section: &Section) {
    out.push_str("\n## ");
    out.push_str(&escaped(&section.title));
    out.push('\n');
    if !section.lines.is_empty() {
        out.push('\n');
    }
    for line in &section.lines {
        out.push_str("- ");
        out.push_str(&escaped(line));
        out.push('\n');
    }
    for table in &section.tables {
        if table.name != section.title {
            out.push_str("\n### ");
            out.push_str(&escaped(&table.name));
            out.push('\n');
        }
        out.push('\n');
        write_table(out, table);
    }
}

fn write_table(out: &mut String, table: &Table) {
    for column in &table.columns {
        out.push_str("| ");
        out.push_str(&escaped(&column.title));
        out.push(' ');
    }
    out.push_str("|\n");
    for column in &table.columns {
        out.push_str(if column.is_numeric() {
            "| ---: "
        } else {
            "| --- "
        });
    }
    out.push_str("|\n");
    for row in &table.rows {
        for cell in row {
            out.push_str("| ");
            out.push_str(&escaped(&cell.words()));
            out.push(' ');
        }
        out.push_str("|\n");
    }
}

/// Text on one line, with a backslash before what would be markup.
fn escaped(text: &str) -> String {
    let clean = clean_line(text);
    let mut out = String::with_capacity(clean.len());
    for (at, c) in clean.char_indices() {
        let markup = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' => true,
            '#' | '+' | '-' => at == 0 && !clean[1..].starts_with(|c: char| c.is_ascii_digit()),
            _ => false,
        };
        if markup {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_foreign_text_is_not_markup() {
        assert_eq!(escaped("<b>|x| [a](b)"), "\\<b\\>\\|x\\| \\[a\\](b)");
        assert_eq!(escaped("# 标题"), "\\# 标题");
        assert_eq!(escaped("12-3 a_b"), "12-3 a\\_b");
    }
}
