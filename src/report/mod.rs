//! Measures to documents: one set of figures as terminal text, Markdown, HTML, CSV, XLSX or JSON.
//!
//! Counts nothing: every number comes from [`Figures`]. [`document`] lays them out once, as sections with
//! typed cells, and each writer prints that, so that all formats say the same; [`json`] is for programs and
//! keeps the names of the contract. Start at [`render`].

mod chart;
mod content;
mod csv;
mod document;
mod html;
mod json;
mod markdown;
mod sheet;
mod tables;
mod text;
mod xlsx;

use crate::domain::figures::Figures;
use crate::i18n::Lang;

pub use csv::is_formula;
pub use document::{Cell, Chart, Column, ColumnKind, Document, Section, Table};

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// Markdown.
    Markdown,
    /// One HTML file, charts in it.
    Html,
    /// Comma-separated values.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// For programs.
    Json,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [
        Self::Text,
        Self::Markdown,
        Self::Html,
        Self::Csv,
        Self::Xlsx,
        Self::Json,
    ];

    /// The name on the command line, which is also the ending of a file.
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    /// The format of a name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.code() == code)
    }

    /// Whether a terminal cannot show it.
    pub fn is_binary(self) -> bool {
        self == Self::Xlsx
    }
}

/// A workbook that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the workbook could not be made: {0}")]
pub struct Unmade(String);

/// The report of these figures as a file's bytes. The same figures, format and language give the same bytes.
///
/// # Errors
/// [`Unmade`] when a workbook cannot hold what it should.
pub fn render(figures: &Figures, format: Format, lang: Lang) -> Result<Vec<u8>, Unmade> {
    let document = || content::document(figures, lang);
    Ok(match format {
        Format::Text => text::write(&document()).into_bytes(),
        Format::Markdown => markdown::write(&document()).into_bytes(),
        Format::Html => html::write(&document()).into_bytes(),
        Format::Csv => csv::write(&document()).into_bytes(),
        Format::Xlsx => xlsx::write(&document(), figures.as_of.zone.civil(figures.as_of.at))?,
        Format::Json => json::write(figures).into_bytes(),
    })
}

/// Adds words to a text that is being written.
fn put(out: &mut String, words: std::fmt::Arguments<'_>) {
    // Nothing fails when a text grows in memory.
    let _ = std::fmt::Write::write_fmt(out, words);
}
