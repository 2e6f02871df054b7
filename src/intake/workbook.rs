//! A workbook to drafts: which of its sheets are read, where their headers stand, and which cell belongs under which column.
//!
//! The first sheet with a header that a mapping knows decides the mapping; sheets with another header are named and left. Cells
//! are read in [`super::xlsx`]. Start at [`read`].

use super::container::{Frame, Job, Message, Sink};
use super::draft::{Draft, Reason, RowError};
use super::format::Format;
use super::header;
use super::mapping::Mapping;
use super::objects::{Objects, Values};
use super::open::{IntakeError, Preview, choose};
use super::record::{MOST_COLUMNS, visible};
use super::xlsx;

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
pub(super) fn read(job: &Job, frame: &Frame, sink: Sink<'_>) -> Result<(), IntakeError> {
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
        let place = several.then(|| place(frame, &sheet.name));
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
            let row = under(sheet, row);
            let result = sheet_row(&mut objects, &row, number).map(|draft| Draft {
                sheet: place.clone(),
                raw: if job.keep_raw { raw(&row) } else { Vec::new() },
                ..draft
            });
            wanted = sink(Message::of(result.map_err(named)));
            wanted
        });
        if let Err(reason) = read {
            // The limit of rows is the workbook's; another fault is the sheet's own, and the next ones are read.
            let is_last = matches!(reason, Reason::TooManyRows { .. });
            let error = RowError {
                row: 0,
                ..named(frame.error(reason))
            };
            wanted = sink(Message::Error(Box::new(error))) && !is_last;
        }
        if !wanted {
            return Ok(());
        }
    }
    Ok(())
}

/// Where a sheet's rows are said to stand, as a spreadsheet names the cells of another sheet.
fn place(frame: &Frame, sheet: &str) -> String {
    format!("{}!{sheet}", frame.name)
}

/// The first rows of a sheet, each with its number.
type Top = (String, Vec<(u64, Vec<String>)>);

/// Looks at the sheets' first rows: which have a header that a mapping knows, or else which row of several cells comes first.
fn plan<'a>(
    job: &'a Job,
    frame: &Frame,
    book: &mut xlsx::Book<'_>,
) -> Result<Plan<'a>, IntakeError> {
    let tops = tops(frame, book)?;
    let choice =
        |names: &[String]| choose(job.mapping.as_deref(), &job.mappings, names, &frame.name);
    let laid_down = job.mapping.as_ref().map(|_| choice(&[])).transpose()?;
    let (mapping, first) = first_header(&tops, laid_down, &choice, frame)?;
    if first.len() > MOST_COLUMNS {
        let limit = MOST_COLUMNS;
        return Err(IntakeError::refused(
            &frame.name,
            Reason::TooManyColumns { limit },
        ));
    }
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

/// The first rows of every sheet that holds something. One that cannot be read refuses the workbook: what it holds is not known.
fn tops(frame: &Frame, book: &mut xlsx::Book<'_>) -> Result<Vec<Top>, IntakeError> {
    let mut tops = Vec::new();
    for sheet in book.sheets() {
        let mut rows = Vec::new();
        book.rows(&sheet, &mut |row| {
            rows.push((row.number, trimmed(&row.cells)));
            rows.len() < ABOVE_HEADER
        })
        .map_err(|reason| IntakeError::refused(&place(frame, &sheet), reason))?;
        if !rows.is_empty() {
            tops.push((sheet, rows));
        }
    }
    if tops.is_empty() {
        return Err(IntakeError::refused(&frame.name, Reason::Empty));
    }
    Ok(tops)
}

/// The header that decides, and its mapping: the one laid down, else the first that fits a row.
fn first_header<'a, 'b>(
    tops: &'b [Top],
    laid_down: Option<&'a Mapping>,
    choice: &dyn Fn(&[String]) -> Result<&'a Mapping, IntakeError>,
    frame: &Frame,
) -> Result<(&'a Mapping, &'b Vec<String>), IntakeError> {
    let all = || {
        tops.iter()
            .flat_map(|(_, rows)| rows)
            .map(|(_, names)| names)
    };
    // A row of one cell is a title.
    let several = || all().filter(|names| names.iter().filter(|name| !name.is_empty()).count() > 1);
    let found = match laid_down {
        None => all().find_map(|names| Some((choice(names).ok()?, names))),
        Some(mapping) => {
            let known = several().find(|names| mapping.knows_any(names));
            let names = known.or_else(|| several().next());
            names.map(|names| (mapping, names))
        }
    };
    found.ok_or_else(|| match several().next().map(|names| choice(names)) {
        Some(Err(error)) => error,
        Some(Ok(_)) | None => IntakeError::Empty {
            file: frame.name.clone(),
        },
    })
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

/// The names of a header; blank cells far to its right are none.
fn trimmed(cells: &[String]) -> Vec<String> {
    let mut names: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
    while names.len() > MOST_COLUMNS && names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}

/// The cells as a receipt gives them back, each in its column, whatever made the row unfit.
fn raw(row: &xlsx::Row) -> Vec<String> {
    row.cells.iter().map(|cell| visible(cell)).collect()
}

fn sheet_row(objects: &mut Objects, row: &xlsx::Row, number: u64) -> Result<Draft, RowError> {
    let columns = objects.bound().columns().to_vec();
    let error = |objects: &Objects, column: Option<usize>, reason| RowError {
        column: column.and_then(|place| columns.get(place).cloned()),
        raw: raw(row),
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
    objects
        .draft(&row.values(&columns), number, row.number)
        .map_err(|error| RowError {
            raw: raw(row),
            ..error
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::mappings::Mappings;

    /// A sheet of a header and these cells in the first column, the last of them at this place.
    fn sheet(last: &str) -> String {
        let row = |row: usize, place: &str, text: &str| {
            format!("<row r=\"{row}\"><c r=\"{place}\" t=\"str\"><v>{text}</v></c></row>")
        };
        let header = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>title</v></c><c r=\"B1\" t=\"str\"><v>words</v></c></row>";
        let rows: String = (2..30).map(|n| row(n, &format!("A{n}"), "lamp")).collect();
        format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{header}{rows}{}</sheetData></worksheet>",
            row(30, last, "last")
        )
    }

    #[test]
    fn a_sheet_that_breaks_off_is_told_and_the_next_one_is_read() {
        let (torn, sound) = (sheet("?"), sheet("A30"));
        let bytes = xlsx::tests::workbook(
            "",
            &["worksheet"; 2],
            &[
                ("xl/worksheets/sheet1.xml", &torn),
                ("xl/worksheets/sheet2.xml", &sound),
            ],
        );
        let mut mappings = Mappings::default();
        let text = "name = \"x\"\n[match]\nheader = [\"title\"]\n[fields]\ntitle = \"title\"\ncontent = \"words\"";
        mappings.add(text, "x").expect("a mapping");
        let job = Job {
            format: Format::Xlsx,
            encoding: None,
            mapping: None,
            mappings,
            keep_raw: false,
        };
        let frame = Frame {
            name: "a.xlsx".to_owned(),
            row: 1,
            line: 0,
            bytes,
        };
        let (mut drafts, mut faults) = (0, Vec::new());
        read(&job, &frame, &mut |message| {
            match message {
                Message::Draft(_) => drafts += 1,
                Message::Error(error) => faults.push((error.file, error.row, error.reason.code())),
                _ => {}
            }
            true
        })
        .expect("read");
        assert_eq!(faults, [("a.xlsx!s1".to_owned(), 0, "malformed")]);
        // The row before the break may itself be torn.
        assert_eq!(drafts, 27 + 29);
    }
}
