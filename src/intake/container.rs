//! Files that must be read whole (workbooks, JSON and XML documents, mails): one `Frame` of bytes to a row of `Message`s.
//!
//! The same code runs in a limited child process (`worker`) or, where no child is wanted, in a thread. Start at [`read`].

use std::io::Read;

use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

use super::draft::{Draft, Reason, RowError};
use super::encoding::{self, Decoded, Place, Undecodable};
use super::format::Format;
use super::mappings::Mappings;
use super::objects::{Objects, Values};
use super::open::{IntakeError, Preview, choose};
use super::record::MOST_COLUMNS;
use super::{json, mail, workbook, xml};

/// How to read.
#[derive(Debug, Clone)]
pub struct Job {
    /// What the frames are.
    pub format: Format,
    /// The encoding of text, if laid down.
    pub encoding: Option<&'static Encoding>,
    /// The mapping's name, if laid down.
    pub mapping: Option<String>,
    /// The mappings to choose from.
    pub mappings: Mappings,
    /// Whether each draft is to keep its record as read.
    pub keep_raw: bool,
}

/// One file, or one mail of many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The file's name.
    pub name: String,
    /// Its place among many, counted from 1.
    pub row: u64,
    /// The line it begins on, for one mail of a mailbox.
    pub line: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Frame {
    /// An error about the whole frame.
    pub fn error(&self, reason: Reason) -> RowError {
        RowError {
            file: self.name.clone(),
            row: self.row,
            line: self.line,
            column: None,
            reason,
            raw: Vec::new(),
        }
    }
}

/// What comes of a frame, in this order: a preview (tables only), drafts and errors.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// What was found out.
    Preview(Box<Preview>),
    /// Bytes that could not be decoded: how many sequences, and where the first.
    Undecodable(u64, Place),
    /// A record.
    Draft(Box<Draft>),
    /// A record that could not be taken.
    Error(Box<RowError>),
    /// The file cannot be opened at all.
    Refused(Box<IntakeError>),
    /// The frame is finished.
    End,
}

impl Message {
    /// What came of a record.
    pub(super) fn of(result: Result<Draft, RowError>) -> Self {
        match result {
            Ok(draft) => Self::Draft(Box::new(draft)),
            Err(error) => Self::Error(Box::new(error)),
        }
    }
}

/// Where messages go; false when no more are wanted.
pub type Sink<'a> = &'a mut dyn FnMut(Message) -> bool;

/// Reads one frame.
pub fn read(job: &Job, frame: &Frame, sink: Sink<'_>) {
    let refused = match job.format {
        Format::Eml | Format::Mbox | Format::Folder => {
            sink(Message::of(letter(frame)));
            return;
        }
        Format::Xlsx => workbook::read(job, frame, sink),
        Format::Json | Format::Jsonl => document(job, frame, sink, json::records),
        Format::Xml | Format::Csv => document(job, frame, sink, |text| {
            xml::records(text).map(|records| records.into_iter().map(Some).collect())
        }),
    };
    if let Err(error) = refused {
        sink(Message::Refused(Box::new(error)));
    }
}

fn letter(frame: &Frame) -> Result<Draft, RowError> {
    match mail::read(&frame.bytes) {
        Ok(mut draft) => {
            if let Some(facts) = &mut draft.mail {
                facts.file.clone_from(&frame.name);
            }
            Ok(Draft {
                row: frame.row,
                line: frame.line,
                ..draft
            })
        }
        Err(reason) => Err(frame.error(reason)),
    }
}

/// A document of records that name their values.
fn document(
    job: &Job,
    frame: &Frame,
    sink: Sink<'_>,
    records: impl Fn(&str) -> Result<Vec<Option<Values>>, Reason>,
) -> Result<(), IntakeError> {
    let file = &frame.name;
    let encoding = job
        .encoding
        .unwrap_or_else(|| encoding::detect_bytes(&frame.bytes));
    let undecodable = Undecodable::default();
    let mut text = String::new();
    // Decoded gives UTF-8 only, and memory does not fail to read.
    let _ = Decoded::new(frame.bytes.as_slice(), encoding, undecodable.clone())
        .read_to_string(&mut text);
    let records = records(&text).map_err(|reason| IntakeError::refused(file, reason))?;
    drop(text);
    let columns = columns(&records);
    if records.is_empty() {
        return Err(IntakeError::Empty { file: file.clone() });
    }
    let mapping = choose(job.mapping.as_deref(), &job.mappings, &columns, file)?;
    let mut objects = Objects::new(file, mapping, columns.clone());
    sink(Message::Preview(Box::new(Preview {
        format: job.format,
        encoding: Some(encoding.name().to_owned()),
        mapping: Some(mapping.name.clone()),
        missing: objects.bound().missing().to_vec(),
        unread: Vec::new(),
        columns,
    })));
    if let Some(first) = undecodable.first() {
        sink(Message::Undecodable(undecodable.count(), first));
    }
    for (row, record) in (1..).zip(&records) {
        let result = match record {
            Some(values) => objects.draft(values, row, 0).map(|draft| Draft {
                raw: kept(&objects, job),
                ..draft
            }),
            None => Err(objects.error(&Values::default(), row, 0, Reason::NotAnObject)),
        };
        if !sink(Message::of(result)) {
            break;
        }
    }
    Ok(())
}

/// The record as read, where it is to be kept.
fn kept(objects: &Objects, job: &Job) -> Vec<String> {
    if job.keep_raw {
        objects.last()
    } else {
        Vec::new()
    }
}

/// Every name of the records, as far as columns go, in order of appearance.
fn columns(records: &[Option<Values>]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for (name, _) in records.iter().flatten().flat_map(|values| &values.named) {
        if columns.len() < MOST_COLUMNS && !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    columns
}
