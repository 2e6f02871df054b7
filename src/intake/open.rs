//! Opening foreign bytes: format, encoding and mapping are found out, then drafts stream.
//!
//! Start at [`open`].

use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::bound::Bound;
use super::csv;
use super::draft::{Draft, RowError};
use super::encoding::{self, Decoded, Undecodable};
use super::mapping::{Mapping, MappingError};
use super::mappings::Mappings;
use super::record::Record;

/// Drafts and row errors in the file's order.
pub type Drafts = Box<dyn Iterator<Item = Result<Draft, RowError>> + Send>;

/// Where the foreign bytes are.
#[derive(Debug, Clone)]
pub enum Input {
    /// A file, or a folder of mails.
    Path(PathBuf),
    /// Bytes at hand, with the name to use in messages.
    Bytes {
        /// The name.
        name: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

impl Input {
    /// The name used in messages: the file's, without its folders.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
            Self::Bytes { name, .. } => name.clone(),
        }
    }

    fn reader(&self) -> io::Result<Box<dyn Source>> {
        Ok(match self {
            Self::Path(path) => Box::new(File::open(path)?),
            Self::Bytes { bytes, .. } => Box::new(Cursor::new(bytes.clone())),
        })
    }
}

impl std::convert::From<&Path> for Input {
    fn from(path: &Path) -> Self {
        Self::Path(path.to_owned())
    }
}

/// Bytes that can be looked at and then read from the start.
trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// What a person may lay down instead of letting it be found out.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The encoding of text.
    pub encoding: Option<&'static Encoding>,
    /// The mapping's name.
    pub mapping: Option<String>,
    /// The mappings to choose from.
    pub mappings: Mappings,
}

/// What was found out about the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The encoding's name, for text.
    pub encoding: Option<&'static str>,
    /// The mapping chosen.
    pub mapping: Option<String>,
    /// The file's columns.
    pub columns: Vec<String>,
    /// Columns the mapping names and the file does not have.
    pub missing: Vec<String>,
}

/// An opened file.
pub struct Opened {
    /// What was found out.
    pub preview: Preview,
    /// Its records.
    pub drafts: Drafts,
    /// What could not be decoded; complete once `drafts` has ended.
    pub undecodable: Undecodable,
}

/// Why a file cannot be opened at all.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The system refuses to read it.
    #[error("{file}: {error}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// There is nothing in it.
    #[error("{file}: there is nothing in it")]
    Empty {
        /// The file.
        file: String,
    },
    /// No mapping knows its columns.
    #[error("{file}: no mapping fits its columns ({})", .columns.join(", "))]
    NoMapping {
        /// The file.
        file: String,
        /// Its columns.
        columns: Vec<String>,
    },
    /// There is no mapping of the name asked for.
    #[error("there is no mapping {name:?}; there are {}", .known.join(", "))]
    UnknownMapping {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The header itself cannot be read.
    #[error("{file}: its header cannot be read: {detail}")]
    BadHeader {
        /// The file.
        file: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A mapping file is broken.
    #[error(transparent)]
    Mapping(#[from] MappingError),
}

/// Finds out what the input is and streams its drafts.
pub fn open(input: &Input, options: &Options) -> Result<Opened, IntakeError> {
    open_text_table(input, options)
}

fn unreadable(input: &Input) -> impl Fn(io::Error) -> IntakeError {
    let file = input.name();
    move |error| IntakeError::Unreadable {
        file: file.clone(),
        error,
    }
}

fn open_text_table(input: &Input, options: &Options) -> Result<Opened, IntakeError> {
    let failed = unreadable(input);
    let mut source = input.reader().map_err(&failed)?;
    let encoding = match options.encoding {
        Some(encoding) => encoding,
        None => encoding::detect(&mut source).map_err(&failed)?,
    };
    source.rewind().map_err(&failed)?;
    let undecodable = Undecodable::default();
    let text = Decoded::new(source, encoding, undecodable.clone());
    let mut splitter = csv::Splitter::new(text, None).map_err(&failed)?;
    let mut header = Record::default();
    let file = input.name();
    match splitter.read(&mut header).map_err(&failed)? {
        csv::Split::Record(_) => {}
        csv::Split::Broken(_, reason) => {
            let detail = reason.to_string();
            return Err(IntakeError::BadHeader { file, detail });
        }
        csv::Split::End => return Err(IntakeError::Empty { file }),
    }
    let columns: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    let mapping = choose(options, &columns, &file)?;
    let bound = Bound::new(mapping, &columns);
    let preview = Preview {
        encoding: Some(encoding.name()),
        mapping: Some(mapping.name.clone()),
        missing: bound.missing().to_vec(),
        columns,
    };
    Ok(Opened {
        preview,
        drafts: Box::new(csv::Drafts::new(splitter, bound, &file)),
        undecodable,
    })
}

fn choose<'a>(
    options: &'a Options,
    columns: &[String],
    file: &str,
) -> Result<&'a Mapping, IntakeError> {
    match &options.mapping {
        Some(name) => options
            .mappings
            .named(name)
            .ok_or_else(|| IntakeError::UnknownMapping {
                name: name.clone(),
                known: options.mappings.names().map(str::to_owned).collect(),
            }),
        None => options
            .mappings
            .choose(columns)
            .ok_or_else(|| IntakeError::NoMapping {
                file: file.to_owned(),
                columns: columns.to_vec(),
            }),
    }
}
