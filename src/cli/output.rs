//! Standard output and standard error: data, tables, messages, colours.
//!
//! Foreign text goes through [`shown`] before it stands in a table or message. A reader that has gone is a quiet end.
//! Start at [`Out`].

use super::args::When;
use super::exit::{Stop, is_closed};
use crate::domain::light::Light;
use crate::domain::shown;
use crate::i18n::Lang;
use crate::i18n::cli;
use crate::i18n::failures::Told;
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use unicode_width::UnicodeWidthStr;

/// Standard output of one command.
pub struct Out {
    to: BufWriter<Stdout>,
    lang: Lang,
    /// Whether colours are used.
    pub colour: bool,
    /// The terminal's columns; nothing when the output goes elsewhere and is not cut.
    pub columns: Option<usize>,
}

impl Out {
    /// Standard output as this process has it.
    pub fn new(when: When, lang: Lang) -> Self {
        let terminal = io::stdout().is_terminal();
        Self {
            to: BufWriter::new(io::stdout()),
            lang,
            colour: match when {
                When::Auto => terminal && !is_set("NO_COLOR"),
                When::Always => true,
                When::Never => false,
            },
            columns: if terminal { columns() } else { None },
        }
    }

    /// Writes text as it stands; the caller has cleaned what is foreign in it.
    ///
    /// # Errors
    /// [`Stop::Closed`] when the reader has gone; [`Stop::Told`] when it cannot be written.
    pub fn write(&mut self, text: &str) -> Result<(), Stop> {
        let lang = self.lang;
        self.to
            .write_all(text.as_bytes())
            .map_err(|error| stop(&error, lang))
    }

    /// Writes text and a line end.
    ///
    /// # Errors
    /// As [`Out::write`].
    pub fn line(&mut self, text: &str) -> Result<(), Stop> {
        self.write(text)?;
        self.write("\n")
    }

    /// Writes a value as one line of JSON.
    ///
    /// # Errors
    /// As [`Out::write`].
    pub fn json(&mut self, value: &impl Serialize) -> Result<(), Stop> {
        let lang = self.lang;
        let text = serde_json::to_string(value).map_err(|error| stop(&error.into(), lang))?;
        self.line(&shown::in_json(&text))
    }

    /// Writes a table, its lines cut to the terminal's width.
    ///
    /// # Errors
    /// As [`Out::write`].
    pub fn table(&mut self, table: &Table) -> Result<(), Stop> {
        for line in table.lines(self.columns) {
            self.line(&line)?;
        }
        Ok(())
    }

    /// Writes everything held back.
    ///
    /// # Errors
    /// As [`Out::write`].
    pub fn finish(&mut self) -> Result<(), Stop> {
        let lang = self.lang;
        self.to.flush().map_err(|error| stop(&error, lang))
    }

    /// The text in the colour of a light, where colours are used.
    pub fn tinted(&self, text: &str, light: Light) -> String {
        let colour = match light {
            Light::Red => AnsiColor::Red,
            Light::Yellow => AnsiColor::Yellow,
            Light::Green => AnsiColor::Green,
            Light::Late => AnsiColor::Magenta,
            Light::Paused | Light::Done => AnsiColor::BrightBlack,
        };
        if self.colour {
            let style = Style::new().fg_color(Some(colour.into()));
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

/// What an error of standard output means.
pub fn stop(error: &io::Error, lang: Lang) -> Stop {
    if is_closed(error) {
        return Stop::Closed;
    }
    Stop::failed(Told::new(
        lang,
        (cli::NOT_WRITTEN, &[]),
        (cli::SYSTEM_SAYS, &[("detail", &error.to_string())]),
        (cli::MAKE_ROOM, &[]),
    ))
}

/// Whether an environment variable is set and not empty.
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// The terminal's width, where standard output is one.
pub fn columns() -> Option<usize> {
    rustix::termios::tcgetwinsize(io::stdout())
        .ok()
        .map(|size| usize::from(size.ws_col))
        .filter(|columns| *columns > 0)
}

/// Writes a message in three parts to standard error; there is nowhere to say that this failed.
pub fn tell(told: &Told, lang: Lang) {
    let _ = io::stderr().write_all(told.text(lang).as_bytes());
}

/// Writes one line to standard error, such as a warning or a summary.
pub fn note(line: &str) {
    let line = format!("{}\n", shown::clean_line(line));
    let _ = io::stderr().write_all(line.as_bytes());
}

/// Rows in columns, aligned by the width a terminal gives the characters.
pub struct Table {
    widths: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without a header.
    pub fn bare() -> Self {
        Self {
            widths: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// A table with this first row.
    pub fn new(header: &[&str]) -> Self {
        let mut table = Self::bare();
        table.row(header.iter().map(|cell| (*cell).to_owned()));
        table
    }

    /// Adds a row; cells are cleaned and put on one line.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<String> = cells
            .into_iter()
            .map(|cell| shown::clean_line(&cell).into_owned())
            .collect();
        let columns = self.widths.len().max(cells.len());
        self.widths.resize(columns, 0);
        for (width, cell) in self.widths.iter_mut().zip(&cells) {
            *width = (*width).max(cell.width());
        }
        self.rows.push(cells);
    }

    /// The lines, each cut to `columns` where there is a limit.
    pub fn lines(&self, columns: Option<usize>) -> Vec<String> {
        self.rows
            .iter()
            .map(|row| {
                let mut line = String::new();
                for (cell, width) in row.iter().zip(&self.widths) {
                    line.push_str(cell);
                    let gap = width.saturating_sub(cell.width()) + 2;
                    line.extend(std::iter::repeat_n(' ', gap));
                }
                let line = line.trim_end();
                columns.map_or_else(|| line.to_owned(), |most| cut(line, most))
            })
            .collect()
    }
}

/// The text's beginning that fits into so many columns, with `…` where something is left out.
pub fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used > columns {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_also_in_chinese() {
        let mut table = Table::new(&["编号", "灯"]);
        table.row(["1".to_owned(), "红".to_owned()]);
        table.row(["20171012-0001".to_owned(), "绿\n灯".to_owned()]);
        assert_eq!(
            table.lines(None),
            [
                "编号           灯",
                "1              红",
                "20171012-0001  绿 灯"
            ]
        );
    }

    #[test]
    fn a_line_is_cut_between_characters() {
        assert_eq!(cut("路灯不亮", 8), "路灯不亮");
        assert_eq!(cut("路灯不亮", 7), "路灯不…");
        assert_eq!(cut("路灯不亮", 6), "路灯…");
    }
}
