//! Excel workbooks, cell by cell. Only for a process with limits: the reader underneath can be made to abort.
//!
//! Never asks for a sheet as one table, which allocates what the sheet claims to hold. Start at [`rows`].

use std::io::Cursor;

use calamine::{Cell, DataRef, Reader, Xlsx};

use super::draft::Reason;
use super::objects::Values;
use super::record::MOST_COLUMNS;
use super::zipdir::{self, ZipFault};

/// Rows taken at most.
const MOST_ROWS: u64 = 1_000_000;
/// Characters of one cell taken at most, which is Excel's own limit.
const LONGEST_CELL: usize = 32_767;

/// One row: its number in the sheet (from 1), and its cells as text, or what is wrong with it.
pub struct Row {
    /// The row's number in the sheet.
    pub number: u64,
    /// Its cells from the first column on.
    pub cells: Vec<String>,
    /// Columns whose numbers may have lost digits.
    pub inexact: Vec<usize>,
    /// Columns that hold an error such as `#REF!`.
    pub faulty: Vec<usize>,
    /// What makes it unfit, if anything does.
    pub fault: Option<Reason>,
}

impl Row {
    fn new(number: u64) -> Self {
        Self {
            number,
            cells: Vec::new(),
            inexact: Vec::new(),
            faulty: Vec::new(),
            fault: None,
        }
    }

    /// The cells under their columns' names.
    pub fn values(&self, columns: &[String]) -> Values {
        let named = columns
            .iter()
            .zip(&self.cells)
            .filter(|(_, text)| !text.is_empty());
        Values {
            named: named
                .map(|(name, text)| (name.clone(), text.clone()))
                .collect(),
            inexact: self
                .inexact
                .iter()
                .filter_map(|place| columns.get(*place).cloned())
                .collect(),
        }
    }
}

/// Gives every row of the first sheet that holds anything, blank ones left out, until `take` says stop.
pub fn rows(bytes: &[u8], take: &mut dyn FnMut(Row) -> bool) -> Result<(), Reason> {
    zipdir::check(bytes).map_err(|fault| match fault {
        ZipFault::Broken => malformed("the archive's directory is broken"),
        ZipFault::Bomb(what) => malformed(&format!("no honest workbook declares so much: {what}")),
    })?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| malformed(&error.to_string()))?;
    for sheet in book.sheet_names() {
        if sheet_rows(&mut book, &sheet, take)? {
            return Ok(());
        }
    }
    Err(Reason::Empty)
}

fn malformed(detail: &str) -> Reason {
    Reason::Malformed {
        detail: detail.to_owned(),
    }
}

/// Gives the rows of one sheet; false when it holds none.
fn sheet_rows(
    book: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    take: &mut dyn FnMut(Row) -> bool,
) -> Result<bool, Reason> {
    let Ok(mut cells) = book.worksheet_cells_reader(sheet) else {
        // Charts and macros are sheets too, without cells.
        return Ok(false);
    };
    let mut row = Row::new(0);
    let mut given = 0;
    while let Some(cell) = cells
        .next_cell()
        .map_err(|error| malformed(&error.to_string()))?
    {
        let number = u64::from(cell.get_position().0) + 1;
        if number != row.number {
            let full = std::mem::replace(&mut row, Row::new(number));
            if !give(full, &mut given, take)? {
                return Ok(true);
            }
        }
        put(&mut row, &cell);
    }
    give(row, &mut given, take)?;
    Ok(given > 0)
}

/// Hands a row on unless it is blank; false when no more are wanted.
fn give(row: Row, given: &mut u64, take: &mut dyn FnMut(Row) -> bool) -> Result<bool, Reason> {
    if row.fault.is_none() && row.cells.iter().all(|cell| cell.trim().is_empty()) {
        return Ok(true);
    }
    *given += 1;
    // The header is one row more.
    if *given > MOST_ROWS + 1 {
        return Err(Reason::TooManyRows { limit: MOST_ROWS });
    }
    Ok(take(row))
}

fn put(row: &mut Row, cell: &Cell<DataRef<'_>>) {
    let place = cell.get_position().1 as usize;
    let value = cell.get_value();
    if *value == DataRef::Empty {
        return;
    }
    if place >= MOST_COLUMNS {
        row.fault = Some(Reason::TooManyColumns {
            limit: MOST_COLUMNS,
        });
        return;
    }
    if row.cells.len() <= place {
        row.cells.resize(place + 1, String::new());
    }
    let text = text(value);
    // Excel counts UTF-16 units; no text has more of them than bytes.
    if text.len() > LONGEST_CELL && text.encode_utf16().count() > LONGEST_CELL {
        row.fault = Some(Reason::FieldTooLong {
            limit: LONGEST_CELL,
            found: text.encode_utf16().count(),
        });
        return;
    }
    match value {
        DataRef::Float(number) if number.abs() >= 1e15 => row.inexact.push(place),
        DataRef::Error(_) => row.faulty.push(place),
        _ => {}
    }
    row.cells[place] = text;
}

/// A cell as the text a person sees, without exponents and with dates year first.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        DataRef::DateTime(duration) => duration.as_f64().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    fn read(book: &mut Workbook) -> Vec<Row> {
        let bytes = book.save_to_buffer().expect("a workbook");
        let mut read = Vec::new();
        rows(&bytes, &mut |row| {
            read.push(row);
            true
        })
        .expect("rows");
        read
    }

    #[test]
    fn cells_read_as_a_person_sees_them() {
        let mut book = Workbook::new();
        book.add_worksheet();
        let sheet = book.add_worksheet();
        let date = ExcelDateTime::parse_from_str("2018-07-04T17:24:41").expect("a date");
        sheet.write(0, 0, "编号").expect("written");
        sheet.write(2, 0, 188_006).expect("written");
        sheet.write(2, 1, " 路灯\t不亮\n").expect("written");
        sheet.write(2, 2, 0.5).expect("written");
        sheet.write(2, 3, true).expect("written");
        sheet
            .write_with_format(
                2,
                5,
                date,
                &Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            )
            .expect("written");
        sheet
            .write(3, 0, 440_307_199_001_011_234_f64)
            .expect("written");
        let rows = read(&mut book);
        assert_eq!(
            rows.iter().map(|row| row.number).collect::<Vec<_>>(),
            [1, 3, 4]
        );
        assert_eq!(
            rows[1].cells,
            [
                "188006",
                " 路灯\t不亮\n",
                "0.5",
                "true",
                "",
                "2018-07-04 17:24:41"
            ]
        );
        assert!(rows[2].cells[0].bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(rows[2].inexact, [0]);
    }

    #[test]
    fn columns_beyond_the_limit_are_refused_with_their_row() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet
            .write(0, MOST_COLUMNS as u16 - 1, "last")
            .expect("written");
        sheet
            .write(1, MOST_COLUMNS as u16, "one more")
            .expect("written");
        let faults: Vec<_> = read(&mut book)
            .into_iter()
            .map(|row| row.fault.map(|f| f.code()))
            .collect();
        assert_eq!(faults, [None, Some("too-many-columns")]);
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        for bytes in [b"PK\x03\x04".as_slice(), b"", b"x,y\n1,2\n"] {
            assert_eq!(
                rows(bytes, &mut |_| true).map_err(|r| r.code()),
                Err("malformed")
            );
        }
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = rows(&bytes, &mut |_| true);
        }
    }
}
