//! One file of an import: its progress bar, what is said of its rejected records, and the receipt they come back in.
//!
//! Decides nothing. Start at [`Desk::new`].

use super::super::exit::Stop;
use super::super::failing;
use super::super::output::note;
use super::super::session::Session;
use crate::i18n::{Lang, imports};
use crate::intake::{Format, Input, Preview, Receipt, Returned, RowError};
use crate::service::Begun;
use crate::service::importing::{Outturn, Watch};
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Rejected records named on standard error; the rest are counted, and all stand in the receipt.
const NAMED: u64 = 10;

/// Watches one file being taken in.
pub(super) struct Desk {
    bar: ProgressBar,
    /// The file's name.
    name: String,
    format: Format,
    receipt: Back,
    receipt_path: PathBuf,
    /// A receipt of what was not taken in to its end would only be in the way of the next one.
    begun: Option<Begun>,
    /// What the receipt could not take; told at the end, so that the import itself goes on.
    broken: Option<std::io::Error>,
    rejected: u64,
    before: Outturn,
    lang: Lang,
}

/// What a rejected record comes back as.
enum Back {
    /// Nobody asked for it.
    Not,
    /// A row of a table.
    Row(Receipt<BufWriter<File>>),
    /// A message of its own.
    Letter(Box<Returned>),
}

impl Back {
    fn new(path: &Path, preview: &Preview) -> io::Result<Self> {
        if matches!(preview.format, Format::Mbox | Format::Eml | Format::Folder) {
            return Returned::new(path, preview.format).map(|back| Self::Letter(Box::new(back)));
        }
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        let out = BufWriter::new(file);
        match preview.format {
            Format::Jsonl => Ok(Self::Row(Receipt::of_lines(out))),
            _ => Receipt::new(out, &preview.columns).map(Self::Row),
        }
    }

    fn reject(&mut self, error: &RowError, words: &str) -> io::Result<()> {
        match self {
            Self::Not => Ok(()),
            Self::Row(receipt) => receipt.reject(error, words),
            Self::Letter(returned) => returned.reject(error, words),
        }
    }

    fn finish(self, input: &Input) -> io::Result<()> {
        match self {
            Self::Not => Ok(()),
            Self::Row(receipt) => receipt
                .finish()?
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?
                .sync_all(),
            Self::Letter(returned) => returned.finish(input),
        }
    }
}

impl Desk {
    /// For the file at this place among those named; makes its receipt where one is asked for.
    pub(super) fn new(
        (receipt, at): (Option<&Path>, usize),
        input: &Input,
        preview: &Preview,
        before: &Outturn,
        session: &Session,
    ) -> Result<Self, Stop> {
        let path = receipt.map(|path| numbered(path, at));
        let made = path
            .as_deref()
            .map(|path| Begun::made(path, || Back::new(path, preview)))
            .transpose();
        let made = made.map_err(|error| {
            let path = path.as_deref().unwrap_or(Path::new(""));
            failing::file(imports::RECEIPT_NOT_WRITTEN, path, &error, session.lang)
        })?;
        let (receipt, begun) =
            made.map_or((Back::Not, None), |(receipt, begun)| (receipt, Some(begun)));
        Ok(Self {
            begun,
            bar: bar(session.lang),
            name: input.name(),
            format: preview.format,
            receipt,
            receipt_path: path.unwrap_or_default(),
            broken: None,
            rejected: 0,
            before: before.clone(),
            lang: session.lang,
        })
    }

    /// The progress bar.
    pub(super) fn bar(&self) -> ProgressBar {
        self.bar.clone()
    }

    /// Completes the receipt; where it is, if there is anything in it to correct.
    pub(super) fn finish(self, input: &Input, session: &Session) -> Result<Option<PathBuf>, Stop> {
        self.bar.finish_and_clear();
        let more = self.rejected.saturating_sub(NAMED);
        if more > 0 {
            note(&imports::MORE_REJECTED.with(self.lang, &[("n", &more.to_string())]));
        }
        let is_kept = !matches!(self.receipt, Back::Not);
        let written = match self.broken {
            Some(error) => Err(error),
            None => self.receipt.finish(input),
        };
        written.map_err(|error| {
            failing::file(
                imports::RECEIPT_NOT_WRITTEN,
                &self.receipt_path,
                &error,
                session.lang,
            )
        })?;
        if let Some(begun) = self.begun {
            begun.done();
        }
        Ok((is_kept && self.rejected > 0).then_some(self.receipt_path))
    }
}

impl Watch for Desk {
    fn progress(&mut self, so_far: &Outturn) {
        let added = self.before.added + so_far.added;
        self.bar
            .set_message(imports::ADDED_SO_FAR.with(self.lang, &[("n", &added.to_string())]));
    }

    fn rejected(&mut self, error: &RowError) {
        self.rejected += 1;
        let named;
        let error = if error.file.is_empty() {
            let file = self.name.clone();
            named = RowError {
                file,
                ..error.clone()
            };
            &named
        } else {
            error
        };
        let words = failing::record(error, self.lang);
        if self.rejected <= NAMED {
            let place = failing::place(error, self.format, self.lang);
            let line = match &error.column {
                Some(column) => imports::ROW_REJECTED_COLUMN.with(
                    self.lang,
                    &[("place", &place), ("column", column), ("why", &words)],
                ),
                None => {
                    imports::ROW_REJECTED.with(self.lang, &[("place", &place), ("why", &words)])
                }
            };
            self.bar.suspend(|| note(&line));
        }
        if self.broken.is_none() {
            self.broken = self.receipt.reject(error, &words).err();
        }
    }
}

/// The receipt of the first file bears the name given, that of the n-th file `-n` in it.
fn numbered(path: &Path, at: usize) -> PathBuf {
    if at == 0 {
        return path.to_owned();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path
        .extension()
        .map(|ending| format!(".{}", ending.to_string_lossy()))
        .unwrap_or_default();
    path.with_file_name(format!("{stem}-{}{ending}", at + 1))
}

/// A progress bar on standard error, where that is a terminal.
fn bar(lang: Lang) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template(imports::IMPORT_BAR.of(lang)) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_its_own_receipt() {
        let path = Path::new("/tmp/rest.csv");
        assert_eq!(numbered(path, 0), path);
        assert_eq!(numbered(path, 1), Path::new("/tmp/rest-2.csv"));
        assert_eq!(numbered(Path::new("rest"), 2), Path::new("rest-3"));
    }
}
