//! Opening foreign bytes: format, encoding and mapping are found out, then drafts stream.
//!
//! Tables of text stream in this process; containers are read by `worker` where one is named. Start at [`open`].

use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

use super::bound::Bound;
use super::container::Job;
use super::draft::{Draft, Reason, RowError};
use super::encoding::{self, Decoded, Mended, Undecodable};
use super::format::{self, Foreign, Format};
use super::mapping::{Mapping, MappingError};
use super::mappings::Mappings;
use super::objects::{Objects, Values};
use super::record::Record;
use super::{csv, frames, json};

/// Lines that are no records before a file of lines is given up.
const MOST_BAD_LINES: usize = 1_000;

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

    pub(super) fn reader(&self) -> io::Result<Box<dyn Source>> {
        Ok(match self {
            Self::Path(path) => Box::new(File::open(path)?),
            Self::Bytes { bytes, .. } => Box::new(Cursor::new(bytes.clone())),
        })
    }

    fn is_folder(&self) -> bool {
        matches!(self, Self::Path(path) if path.is_dir())
    }

    /// Whether it is something that opening or reading may wait on for ever.
    fn is_special(&self) -> io::Result<bool> {
        match self {
            Self::Path(path) => {
                let kind = path.metadata()?.file_type();
                Ok(!kind.is_file() && !kind.is_dir())
            }
            Self::Bytes { .. } => Ok(false),
        }
    }

    /// How many bytes there are.
    pub(super) fn size(&self) -> io::Result<u64> {
        match self {
            Self::Path(path) => Ok(path.metadata()?.len()),
            Self::Bytes { bytes, .. } => Ok(bytes.len() as u64),
        }
    }
}

impl std::convert::From<&Path> for Input {
    fn from(path: &Path) -> Self {
        Self::Path(path.to_owned())
    }
}

/// Bytes that can be looked at and then read from the start.
pub(super) trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// What a person may lay down instead of letting it be found out, and how to read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The format.
    pub format: Option<Format>,
    /// The encoding of text.
    pub encoding: Option<&'static Encoding>,
    /// The mapping's name.
    pub mapping: Option<String>,
    /// The mappings to choose from.
    pub mappings: Mappings,
    /// Whether each draft is to keep its record as read.
    pub keep_raw: bool,
    /// This program's executable, to read containers in a limited child process; without it they are read in a thread.
    pub worker: Option<PathBuf>,
}

/// What was found out about the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The format.
    pub format: Format,
    /// The encoding's name, for text.
    pub encoding: Option<String>,
    /// The mapping chosen; mails need none.
    pub mapping: Option<String>,
    /// The file's columns.
    pub columns: Vec<String>,
    /// Columns the mapping names and the file does not have.
    pub missing: Vec<String>,
    /// Sheets that hold something and are not read: their header is not the table's.
    #[serde(default)]
    pub unread: Vec<String>,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum IntakeError {
    /// The system refuses to read it.
    #[error("{file}: {detail}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        detail: String,
    },
    /// A pipe, a socket or a device, which may never end.
    #[error("{file}: a pipe, a socket or a device")]
    Special {
        /// The file.
        file: String,
    },
    /// Mails: their fields are laid down.
    #[error("{file}: mails need no mapping")]
    NeedsNoMapping {
        /// The file or folder.
        file: String,
    },
    /// There is nothing in it.
    #[error("{file}: there is nothing in it")]
    Empty {
        /// The file.
        file: String,
    },
    /// A kind of file that is not taken.
    #[error("{file}: a file of the kind {} is not taken", .kind.code())]
    Foreign {
        /// The file.
        file: String,
        /// What it is.
        kind: Foreign,
    },
    /// The file as a whole is unfit.
    #[error("{file}: {reason}")]
    Refused {
        /// The file.
        file: String,
        /// Why.
        reason: Reason,
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
    /// A mapping file is broken.
    #[error(transparent)]
    Mapping(#[from] MappingError),
}

impl IntakeError {
    pub(super) fn refused(file: &str, reason: Reason) -> Self {
        Self::Refused {
            file: file.to_owned(),
            reason,
        }
    }
}

/// Finds out what the input is and streams its drafts.
pub fn open(input: &Input, options: &Options) -> Result<Opened, IntakeError> {
    let format = format_of(input, options)?;
    match format {
        Format::Csv => open_csv(input, options),
        Format::Jsonl => open_lines(input, options),
        Format::Xlsx | Format::Json | Format::Xml | Format::Mbox | Format::Eml | Format::Folder => {
            let job = Job {
                format,
                encoding: options.encoding,
                mapping: options.mapping.clone(),
                mappings: options.mappings.clone(),
                keep_raw: options.keep_raw,
            };
            frames::open(input, job, options.worker.as_deref())
        }
    }
}

fn format_of(input: &Input, options: &Options) -> Result<Format, IntakeError> {
    let file = input.name();
    if input.is_special().map_err(unreadable(input))? {
        return Err(IntakeError::Special { file });
    }
    if let Some(format) = options.format {
        return Ok(format);
    }
    if input.is_folder() {
        return Ok(Format::Folder);
    }
    let mut head = Vec::new();
    let mut source = input.reader().map_err(unreadable(input))?;
    (&mut source)
        .take(format::HEAD as u64)
        .read_to_end(&mut head)
        .map_err(unreadable(input))?;
    if head.trim_ascii().is_empty() {
        return Err(IntakeError::Empty { file });
    }
    format::detect(&head, &file).map_err(|kind| IntakeError::Foreign { file, kind })
}

pub(super) fn unreadable(input: &Input) -> impl Fn(io::Error) -> IntakeError {
    let file = input.name();
    move |error| IntakeError::Unreadable {
        file: file.clone(),
        detail: error.to_string(),
    }
}

/// The input as decoded text, its encoding, and the count of what cannot be decoded.
type Text = (
    Decoded<Box<dyn Read + Send>>,
    &'static Encoding,
    Undecodable,
);

fn text(input: &Input, options: &Options) -> Result<Text, IntakeError> {
    let failed = unreadable(input);
    let mut source = input.reader().map_err(&failed)?;
    let (encoding, mixed) = match options.encoding {
        Some(encoding) => (encoding, false),
        None => encoding::detect_mixed(&mut source).map_err(&failed)?,
    };
    source.rewind().map_err(&failed)?;
    let undecodable = Undecodable::default();
    let source: Box<dyn Read + Send> = if mixed {
        Box::new(Mended::new(source, undecodable.clone()))
    } else {
        Box::new(source)
    };
    Ok((
        Decoded::new(source, encoding, undecodable.clone()),
        encoding,
        undecodable,
    ))
}

fn open_csv(input: &Input, options: &Options) -> Result<Opened, IntakeError> {
    let failed = unreadable(input);
    let file = input.name();
    let (text, encoding, undecodable) = text(input, options)?;
    let mut splitter = csv::Splitter::new(text, None).map_err(&failed)?;
    let mut header = Record::default();
    match splitter.read(&mut header).map_err(&failed)? {
        csv::Split::Record(_) => {}
        csv::Split::Broken(_, reason) => return Err(IntakeError::refused(&file, reason)),
        csv::Split::End => return Err(IntakeError::Empty { file }),
    }
    let columns: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    let mapping = choose(
        options.mapping.as_deref(),
        &options.mappings,
        &columns,
        &file,
    )?;
    let bound = Bound::new(mapping, &columns);
    let preview = Preview {
        format: Format::Csv,
        encoding: Some(encoding.name().to_owned()),
        mapping: Some(mapping.name.clone()),
        missing: bound.missing().to_vec(),
        unread: Vec::new(),
        columns,
    };
    Ok(Opened {
        preview,
        drafts: Box::new(csv::Drafts::new(splitter, bound, &file).keeping(options.keep_raw)),
        undecodable,
    })
}

fn open_lines(input: &Input, options: &Options) -> Result<Opened, IntakeError> {
    let file = input.name();
    let (text, encoding, undecodable) = text(input, options)?;
    let mut lines = json::Lines::new(text);
    let (first, columns) = first_lines(&mut lines, input)?;
    let mapping = choose(
        options.mapping.as_deref(),
        &options.mappings,
        &columns,
        &file,
    )?;
    let objects = Objects::new(&file, mapping, columns.clone());
    let preview = Preview {
        format: Format::Jsonl,
        encoding: Some(encoding.name().to_owned()),
        mapping: Some(mapping.name.clone()),
        missing: objects.bound().missing().to_vec(),
        unread: Vec::new(),
        columns,
    };
    Ok(Opened {
        preview,
        drafts: Box::new(json::Drafts::new(lines, objects, first).keeping(options.keep_raw)),
        undecodable,
    })
}

/// The lines up to the first that is a record, and its names; bad ones before it cost themselves only.
fn first_lines(
    lines: &mut json::Lines<impl Read>,
    input: &Input,
) -> Result<(Vec<json::Line>, Vec<String>), IntakeError> {
    let mut first = Vec::new();
    while first.len() < MOST_BAD_LINES {
        let Some(next) = lines.read().map_err(unreadable(input))? else {
            break;
        };
        let found = next.record.as_ref().ok().map(names);
        first.push(next);
        if let Some(columns) = found {
            return Ok((first, columns));
        }
    }
    let file = input.name();
    Err(match first.into_iter().find_map(|line| line.record.err()) {
        Some(reason) => IntakeError::refused(&file, reason),
        None => IntakeError::Empty { file },
    })
}

fn names(values: &Values) -> Vec<String> {
    values.named.iter().map(|(name, _)| name.clone()).collect()
}

/// The mapping asked for, or the one that fits the columns best.
pub(super) fn choose<'a>(
    name: Option<&str>,
    mappings: &'a Mappings,
    columns: &[String],
    file: &str,
) -> Result<&'a Mapping, IntakeError> {
    match name {
        Some(name) => mappings
            .named(name)
            .ok_or_else(|| IntakeError::UnknownMapping {
                name: name.to_owned(),
                known: mappings.names().map(str::to_owned).collect(),
            }),
        None => mappings
            .choose(columns)
            .ok_or_else(|| IntakeError::NoMapping {
                file: file.to_owned(),
                columns: columns.to_vec(),
            }),
    }
}
