//! The receipt: rejected records with a reason each, to be corrected and imported again.
//!
//! Of a table it is CSV with the file's own columns and the reason in front of them; of JSON Lines each line with the reason
//! put in. Start at [`Receipt::new`].

use std::io::{self, Write};

use super::draft::{Reason, RowError};
use super::json;

/// The column a receipt adds; import passes over it.
pub const ERROR_COLUMN: &str = "fenbo_error";

/// Writes rejected records.
pub struct Receipt<W: Write>(Kind<W>);

enum Kind<W: Write> {
    Table {
        out: Box<csv::Writer<W>>,
        width: usize,
        /// Where a receipt that is itself imported already has the error column.
        error_at: Option<usize>,
    },
    Lines(W),
}

impl<W: Write> Receipt<W> {
    /// A receipt for a table with these columns; writes the header.
    pub fn new(mut out: W, columns: &[String]) -> io::Result<Self> {
        // Spreadsheets take UTF-8 for what it is only behind its mark.
        out.write_all("\u{FEFF}".as_bytes())?;
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(out);
        let error_at = columns.iter().position(|column| column == ERROR_COLUMN);
        let header = columns.iter().map(String::as_str);
        if error_at.is_some() {
            out.write_record(header)?;
        } else {
            out.write_record([ERROR_COLUMN].into_iter().chain(header))?;
        }
        Ok(Self(Kind::Table {
            out: Box::new(out),
            width: columns.len(),
            error_at,
        }))
    }

    /// A receipt for JSON Lines.
    pub fn of_lines(out: W) -> Self {
        Self(Kind::Lines(out))
    }

    /// Adds a rejected record; `words` is the reason as the operator reads it, put behind its code.
    ///
    /// One whose fields could not be counted keeps as many as it had, so that it stays rejected until they are corrected; another
    /// is filled up, since a spreadsheet leaves out its last empty cells.
    pub fn reject(&mut self, error: &RowError, words: &str) -> io::Result<()> {
        let code = error.reason.code();
        let why = match &error.column {
            Some(column) => format!("{code}: {column}: {words}"),
            None => format!("{code}: {words}"),
        };
        match &mut self.0 {
            Kind::Table {
                out,
                width,
                error_at,
            } => {
                let mut fields = error.raw.clone();
                let is_torn = matches!(error.reason, Reason::FieldCount { .. } | Reason::OpenQuote);
                let least = match error_at {
                    _ if !is_torn => *width,
                    Some(place) => *place + 1,
                    None => 0,
                };
                fields.resize(fields.len().max(least), String::new());
                match error_at {
                    Some(place) => fields[*place] = why,
                    None => fields.insert(0, why),
                }
                out.write_record(&fields)?;
            }
            Kind::Lines(out) => {
                let text = error.raw.first().map_or("", String::as_str);
                writeln!(out, "{}", json::returned(text, &why))?;
            }
        }
        Ok(())
    }

    /// Writes what is still held and gives the writer back.
    pub fn finish(self) -> io::Result<W> {
        match self.0 {
            Kind::Table { mut out, .. } => {
                out.flush()?;
                out.into_inner()
                    .map_err(|error| io::Error::other(error.to_string()))
            }
            Kind::Lines(mut out) => {
                out.flush()?;
                Ok(out)
            }
        }
    }
}
