//! The receipt: rejected records as CSV with their own columns, and in front of them one that says why, to be corrected and imported again.
//!
//! Start at [`Receipt::new`].

use std::io::{self, Write};

use super::draft::RowError;

/// The column a receipt adds; import passes over it.
pub const ERROR_COLUMN: &str = "fenbo_error";

/// Writes rejected records.
pub struct Receipt<W: Write> {
    out: csv::Writer<W>,
    width: usize,
    /// Where a receipt that is itself imported already has the error column.
    error_at: Option<usize>,
}

impl<W: Write> Receipt<W> {
    /// A receipt for a file with these columns; writes the header.
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
        Ok(Self {
            out,
            width: columns.len(),
            error_at,
        })
    }

    /// Adds a rejected record; `words` is the reason as the operator reads it, put behind its code.
    ///
    /// A record with too few fields is filled up; one with too many keeps them all, at its end, where they were.
    pub fn reject(&mut self, error: &RowError, words: &str) -> io::Result<()> {
        let code = error.reason.code();
        let why = match &error.column {
            Some(column) => format!("{code}: {column}: {words}"),
            None => format!("{code}: {words}"),
        };
        let mut fields = error.raw.clone();
        fields.resize(fields.len().max(self.width), String::new());
        match self.error_at {
            Some(place) => fields[place] = why,
            None => fields.insert(0, why),
        }
        self.out.write_record(&fields)?;
        Ok(())
    }

    /// Writes what is still held and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        self.out
            .into_inner()
            .map_err(|error| io::Error::other(error.to_string()))
    }
}
