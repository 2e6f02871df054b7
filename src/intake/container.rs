//! Files that must be read whole (workbooks, JSON and XML documents, mails): one `Frame` of bytes to a row of `Message`s.
//!
//! The same code runs in a limited child process (`worker`) or, where no child is wanted, in a thread. Start at [`read`].

use std::io::Read;

use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

use super::draft::{Draft, Reason, RowError};
use super::encoding::{self, Decoded, Place, Undecodable};
use super::format::Format;
use super::header;
use super::mapping::Mapping;
use super::mappings::Mappings;
use super::objects::{Objects, Values};
use super::open::{IntakeError, Preview, choose};
use super::record::MOST_COLUMNS;
use super::{json, mail, xlsx, xml};

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
    fn of(result: Result<Draft, RowError>) -> Self {
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
        Format::Xlsx => workbook(job, frame, sink),
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

/// In how many first rows of a sheet its header is looked for: a title or notes may stand above it.
const ABOVE_HEADER: usize = 20;

/// A sheet that is read.
struct Sheet {
    name: String,
    /// The row its header stands on.
    header: u64,
    /// The columns of the table, and which of the sheet's cells stands under each.
    places: Vec<Option<usize>>,
}

/// What of a workbook is read.
struct Plan<'a> {
    mapping: &'a Mapping,
    /// The columns of all sheets that are read, those of the first first.
    columns: Vec<String>,
    sheets: Vec<Sheet>,
    /// Sheets that hold something else.
    unread: Vec<String>,
}

/// A workbook: the first sheet with a usable header decides the mapping, and every sheet whose header it knows is read.
fn workbook(job: &Job, frame: &Frame, sink: Sink<'_>) -> Result<(), IntakeError> {
    let refused = |reason| IntakeError::refused(&frame.name, reason);
    let mut book = xlsx::Book::open(&frame.bytes).map_err(refused)?;
    let plan = plan(job, frame, &mut book)?;
    let mut objects = Objects::new(&frame.name, plan.mapping, plan.columns.clone());
    sink(Message::Preview(Box::new(Preview {
        format: Format::Xlsx,
        encoding: None,
        mapping: Some(plan.mapping.name.clone()),
        missing: objects.bound().missing().to_vec(),
        unread: plan.unread,
        columns: plan.columns,
    })));
    book.begin_again();
    let several = book.sheets().len() > 1;
    let mut number = 0;
    for sheet in &plan.sheets {
        // As a spreadsheet names the cells of another sheet.
        let place = several.then(|| format!("{}!{}", frame.name, sheet.name));
        let named = |error: RowError| RowError {
            file: place.clone().unwrap_or(error.file),
            ..error
        };
        let mut wanted = true;
        let read = book.rows(&sheet.name, &mut |row| {
            if row.number <= sheet.header {
                return true;
            }
            number += 1;
            let result = sheet_row(&mut objects, &under(sheet, row), number).map(|draft| Draft {
                sheet: place.clone(),
                raw: kept(&objects, job),
                ..draft
            });
            wanted = sink(Message::of(result.map_err(named)));
            wanted
        });
        if let Err(reason) = read {
            sink(Message::Error(Box::new(named(frame.error(reason)))));
            return Ok(());
        }
        if !wanted {
            return Ok(());
        }
    }
    Ok(())
}

/// Looks at the sheets' first rows: which have a header that a mapping knows, or else which row of several cells comes first.
fn plan<'a>(
    job: &'a Job,
    frame: &Frame,
    book: &mut xlsx::Book<'_>,
) -> Result<Plan<'a>, IntakeError> {
    let refused = |reason| IntakeError::refused(&frame.name, reason);
    let choice =
        |names: &[String]| choose(job.mapping.as_deref(), &job.mappings, names, &frame.name);
    let laid_down = job.mapping.as_ref().map(|_| choice(&[])).transpose()?;
    let mut tops = Vec::new();
    for sheet in book.sheets() {
        let mut rows = Vec::new();
        book.rows(&sheet, &mut |row| {
            rows.push((row.number, trimmed(&row.cells)));
            rows.len() < ABOVE_HEADER
        })
        .map_err(refused)?;
        if !rows.is_empty() {
            tops.push((sheet, rows));
        }
    }
    if tops.is_empty() {
        return Err(refused(Reason::Empty));
    }
    let all = || tops.iter().flat_map(|(_, rows)| rows);
    let several = |names: &&Vec<String>| names.iter().filter(|name| !name.is_empty()).count() > 1;
    let first = match laid_down {
        None => all().find_map(|(_, names)| Some((choice(names).ok()?, names))),
        Some(mapping) => {
            let rows = || all().map(|(_, names)| names).filter(several);
            let known = |names: &&Vec<String>| mapping.knows_any(names);
            let names = rows().find(known).or_else(|| rows().next());
            names.map(|names| (mapping, names))
        }
    };
    let Some((mapping, first)) = first else {
        let first = all().map(|(_, names)| names).find(several);
        return Err(match first.map(|names| choice(names)) {
            Some(Err(error)) => error,
            Some(Ok(_)) | None => IntakeError::Empty {
                file: frame.name.clone(),
            },
        });
    };
    // A mapping that was laid down may know no header of its own: then the sheets must be alike.
    let is_header = |names: &Vec<String>| match laid_down {
        None => choice(names).is_ok_and(|chosen| chosen.name == mapping.name),
        Some(_) => {
            first.iter().all(|name| names.contains(name))
                || (!mapping.matching.header.is_empty() && mapping.is_for(names))
        }
    };
    let mut plan = Plan {
        mapping,
        columns: first.clone(),
        sheets: Vec::new(),
        unread: Vec::new(),
    };
    for (name, rows) in &tops {
        let header = rows.iter().find(|(_, names)| is_header(names));
        let Some((header, places)) = header.and_then(|(row, names)| {
            let places = places(&mut plan.columns, names)?;
            Some((*row, places))
        }) else {
            plan.unread.push(name.clone());
            continue;
        };
        plan.sheets.push(Sheet {
            name: name.clone(),
            header,
            places,
        });
    }
    Ok(plan)
}

/// Which of a sheet's cells stands under each column; names not known yet become further columns. Nothing where they would be
/// more than are taken.
fn places(columns: &mut Vec<String>, names: &[String]) -> Option<Vec<Option<usize>>> {
    let mut all = columns.clone();
    let mut places = vec![None; all.len()];
    for (at, name) in names.iter().enumerate() {
        // A name that stands twice is two columns.
        let free = |(place, column): &(usize, &String)| {
            places.get(*place) == Some(&None) && header::is_same(column, name)
        };
        if let Some((place, _)) = all.iter().enumerate().find(free) {
            places[place] = Some(at);
        } else {
            all.push(name.clone());
            places.push(Some(at));
        }
    }
    if all.len() > MOST_COLUMNS {
        return None;
    }
    *columns = all;
    Some(places)
}

/// A row with its cells in the order of the table's columns; what stands under no header comes behind them.
fn under(sheet: &Sheet, row: xlsx::Row) -> xlsx::Row {
    let order: Vec<usize> = sheet.places.iter().flatten().copied().collect();
    if order.len() == sheet.places.len() && order.iter().enumerate().all(|(at, place)| at == *place)
    {
        return row;
    }
    let beyond =
        (0..row.cells.len()).filter(|at| !order.contains(at) && !row.cells[*at].is_empty());
    let places = || {
        let further = beyond.clone().map(Some);
        sheet.places.iter().copied().chain(further)
    };
    let moved = |old: &[usize]| {
        let here = places().enumerate();
        here.filter(|(_, place)| place.is_some_and(|place| old.contains(&place)))
            .map(|(at, _)| at)
            .collect()
    };
    let cell = |place: Option<usize>| place.and_then(|place| row.cells.get(place).cloned());
    xlsx::Row {
        number: row.number,
        cells: places()
            .map(|place| cell(place).unwrap_or_default())
            .collect(),
        inexact: moved(&row.inexact),
        faulty: moved(&row.faulty),
        fault: row.fault.clone(),
    }
}

fn trimmed(cells: &[String]) -> Vec<String> {
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn sheet_row(objects: &mut Objects, row: &xlsx::Row, number: u64) -> Result<Draft, RowError> {
    let columns = objects.bound().columns().to_vec();
    let error = |objects: &Objects, column: Option<usize>, reason| RowError {
        column: column.and_then(|place| columns.get(place).cloned()),
        raw: row.cells.clone(),
        ..objects.error(&Values::default(), number, row.number, reason)
    };
    if let Some(reason) = &row.fault {
        return Err(error(objects, None, reason.clone()));
    }
    let beyond = row
        .cells
        .iter()
        .skip(columns.len())
        .any(|cell| !cell.trim().is_empty());
    if beyond {
        let reason = Reason::FieldCount {
            expected: columns.len(),
            found: row.cells.len(),
        };
        return Err(error(objects, None, reason));
    }
    if let Some(place) = row
        .faulty
        .iter()
        .find(|place| objects.bound().is_mapped(**place))
    {
        let value = row.cells[*place].clone();
        return Err(error(objects, Some(*place), Reason::CellError { value }));
    }
    objects.draft(&row.values(&columns), number, row.number)
}
