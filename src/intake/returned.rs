//! The receipt of mails: a folder with the messages that were not taken, and a list that says which and why.
//!
//! The folder can be imported as it stands: its list is passed over. Start at [`Returned::new`].

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use super::draft::{Reason, RowError};
use super::format::Format;
use super::mail::Letters;
use super::open::Input;
use super::receipt::ERROR_COLUMN;

/// The list's name; a folder of mails is read without it.
pub const LIST: &str = "fenbo-receipt.csv";

/// Messages that were not taken, being gathered.
pub struct Returned {
    folder: PathBuf,
    format: Format,
    list: csv::Writer<BufWriter<File>>,
    /// What is to be copied: the message's place, and its name in the folder.
    wanted: BTreeMap<u64, PathBuf>,
}

impl Returned {
    /// Makes the folder, which must not exist yet, and begins the list.
    pub fn new(folder: &Path, format: Format) -> io::Result<Self> {
        DirBuilder::new().mode(0o700).create(folder)?;
        let mut file = BufWriter::new(made(&folder.join(LIST))?);
        file.write_all("\u{FEFF}".as_bytes())?;
        let mut list = csv::Writer::from_writer(file);
        list.write_record(["file", "message", "line", "kept_as", ERROR_COLUMN])?;
        Ok(Self {
            folder: folder.to_owned(),
            format,
            list,
            wanted: BTreeMap::new(),
        })
    }

    /// Adds a message; `words` is the reason as the operator reads it, put behind its code.
    pub fn reject(&mut self, error: &RowError, words: &str) -> io::Result<()> {
        let kept = self.name(error);
        let number = |n: u64| {
            if n == 0 || self.format != Format::Mbox {
                String::new()
            } else {
                n.to_string()
            }
        };
        self.list.write_record([
            error.file.as_str(),
            &number(error.row),
            &number(error.line),
            &kept
                .as_deref()
                .map_or_else(String::new, |name| name.display().to_string()),
            &format!("{}: {words}", error.reason.code()),
        ])?;
        if let Some(name) = kept {
            self.wanted.insert(error.row, name);
        }
        Ok(())
    }

    /// The name a message is kept under; none for what cannot be copied.
    fn name(&self, error: &RowError) -> Option<PathBuf> {
        match (&error.reason, self.format) {
            // Of one that is too large for a mailbox the beginning alone would be another message.
            (Reason::Link | Reason::Special | Reason::Unreadable { .. }, _)
            | (Reason::TooLarge { .. }, Format::Mbox) => None,
            (_, Format::Mbox) => {
                let stem = Path::new(&error.file).file_stem()?.to_string_lossy();
                Some(PathBuf::from(format!("{stem}-{:05}.eml", error.row)))
            }
            _ => {
                let name = PathBuf::from(&error.file);
                let is_plain = name
                    .components()
                    .all(|part| matches!(part, Component::Normal(_)));
                (is_plain && name.file_name().is_some() && name != Path::new(LIST)).then_some(name)
            }
        }
    }

    /// Copies the messages out of where they came from, and completes the list.
    pub fn finish(mut self, input: &Input) -> io::Result<()> {
        match (self.format, input) {
            (Format::Mbox, _) => {
                let letters = (1_u64..).zip(Letters::new(input.reader()?));
                for (row, letter) in letters {
                    let letter = letter?;
                    if let Some(name) = self.wanted.get(&row) {
                        made(&self.folder.join(name))?.write_all(&letter.bytes)?;
                    }
                }
            }
            (Format::Folder, Input::Path(from)) => {
                for name in self.wanted.values() {
                    self.copy(File::open(from.join(name))?, name)?;
                }
            }
            _ => {
                for name in self.wanted.values() {
                    self.copy(input.reader()?, name)?;
                }
            }
        }
        self.list.flush()?;
        let file = self
            .list
            .into_inner()
            .map_err(|error| io::Error::other(error.to_string()))?;
        file.into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .sync_all()
    }

    fn copy(&self, mut from: impl io::Read, name: &Path) -> io::Result<()> {
        // Only what lies below the folder: where that itself is gone, it went for a reason.
        let mut below = self.folder.clone();
        for part in name.parent().into_iter().flat_map(Path::components) {
            below.push(part);
            match DirBuilder::new().mode(0o700).create(&below) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        let to = self.folder.join(name);
        io::copy(&mut from, &mut made(&to)?).map(|_| ())
    }
}

/// A new file of the owner's alone.
fn made(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(file: &str, row: u64) -> RowError {
        RowError {
            file: file.to_owned(),
            row,
            line: 7,
            column: None,
            reason: Reason::Empty,
            raw: Vec::new(),
        }
    }

    #[test]
    fn a_message_of_a_mailbox_comes_back_as_a_file_and_the_list_says_why() {
        let outside = tempfile::tempdir().expect("a folder");
        let folder = outside.path().join("back");
        let mut returned = Returned::new(&folder, Format::Mbox).expect("made");
        returned
            .reject(&error("in.mbox", 2), "为什么")
            .expect("listed");
        let input = Input::Bytes {
            name: "in.mbox".to_owned(),
            bytes: b"From a Mon\nSubject: 1\n\nx\n\nFrom b Tue Nov  3 10:00:00 2026\nSubject: 2\n\n>From y\n".to_vec(),
        };
        returned.finish(&input).expect("written");
        let kept = std::fs::read_to_string(folder.join("in-00002.eml")).expect("kept");
        assert_eq!(kept, "Subject: 2\n\nFrom y\n");
        let list = std::fs::read_to_string(folder.join(LIST)).expect("a list");
        assert!(
            list.contains("in.mbox,2,7,in-00002.eml,empty: 为什么"),
            "{list}"
        );
        assert!(
            Returned::new(&folder, Format::Mbox).is_err(),
            "never written over"
        );
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let outside = tempfile::tempdir().expect("a folder");
        let returned = Returned::new(&outside.path().join("back"), Format::Folder).expect("made");
        for name in ["../a.eml", "/etc/passwd", "", LIST] {
            assert_eq!(returned.name(&error(name, 1)), None, "{name}");
        }
        assert_eq!(
            returned.name(&error("b/a.eml", 1)),
            Some(PathBuf::from("b/a.eml"))
        );
    }
}
