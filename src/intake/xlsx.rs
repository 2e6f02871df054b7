//! Excel workbooks, cell by cell. Only for a process with limits: the reader underneath can be made to abort.
//!
//! Never asks for a sheet as one table, which allocates what the sheet claims to hold. Start at [`Book::open`].

use std::io::Cursor;

use calamine::{Cell, DataRef, Dimensions, Reader, SheetType, Xlsx, XlsxError};

use super::draft::Reason;
use super::objects::Values;
use super::record::{LONGEST_FIELD, MOST_COLUMNS};
use super::zipdir::{self, ZipFault};

/// Rows taken at most.
const MOST_ROWS: u64 = 1_000_000;
/// Rows of a workbook that are no records, at most.
const ABOVE_RECORDS: u64 = 1_000;
/// Columns a sheet can have, which is Excel's own limit; a row of more than are taken is given back whole.
const WIDEST: usize = 16_384;
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

/// A workbook whose sheets can be read one by one, and again.
pub struct Book<'a> {
    book: Xlsx<Cursor<&'a [u8]>>,
    given: u64,
}

impl<'a> Book<'a> {
    /// Opens a workbook that claims no more than is taken.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Reason> {
        zipdir::check(bytes).map_err(|fault| match fault {
            ZipFault::Broken => malformed("the archive's directory is broken"),
            ZipFault::Bomb(what) => {
                malformed(&format!("no honest workbook declares so much: {what}"))
            }
        })?;
        let book = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
        Ok(Self { book, given: 0 })
    }

    /// The sheets' names in their order, hidden ones among them.
    pub fn sheets(&self) -> Vec<String> {
        self.book.sheet_names()
    }

    /// Gives every row of a sheet, blank ones left out, until `take` says stop. One that is no table, such as a chart, has none.
    ///
    /// # Errors
    /// When the sheet cannot be read, or the workbook has more rows than are taken, those given before among them.
    pub fn rows(&mut self, sheet: &str, take: &mut dyn FnMut(Row) -> bool) -> Result<(), Reason> {
        if !self.is_table(sheet) {
            return Ok(());
        }
        let mut merged = Merged::of(&mut self.book, sheet)?;
        let mut cells = self
            .book
            .worksheet_cells_reader(sheet)
            .map_err(|error| broken(&error))?;
        let mut row = Row::new(0);
        while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
            let number = u64::from(cell.get_position().0) + 1;
            if number != row.number {
                let full = std::mem::replace(&mut row, Row::new(number));
                if !give(full, &mut merged, &mut self.given, take)? {
                    return Ok(());
                }
            }
            if cell.get_position().1 as usize >= WIDEST {
                return Err(Reason::TooManyColumns {
                    limit: MOST_COLUMNS,
                });
            }
            put(&mut row, &cell);
        }
        give(row, &mut merged, &mut self.given, take)?;
        Ok(())
    }

    /// Whether the workbook says that the sheet has cells.
    fn is_table(&self, sheet: &str) -> bool {
        let mut known = self.book.sheets_metadata().iter();
        known.any(|known| known.name == sheet && known.typ == SheetType::WorkSheet)
    }

    /// Forgets how many rows were given: what was looked at is now read.
    pub fn begin_again(&mut self) {
        self.given = 0;
    }
}

fn broken(error: &XlsxError) -> Reason {
    malformed(&error.to_string())
}

fn malformed(detail: &str) -> Reason {
    Reason::Malformed {
        detail: detail.to_owned(),
    }
}

/// Cells merged downwards: each of their rows has the value that stands in the first.
#[derive(Default)]
struct Merged {
    /// First row, last row and column, as numbered in the sheet; and the value once its row has come.
    cells: Vec<(u64, u64, usize, String)>,
}

impl Merged {
    fn of(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<Self, Reason> {
        let regions: Vec<Dimensions> = book
            .merge_cells_by_sheet_name(sheet)
            .map_err(|error| broken(&error))?;
        let downwards = regions.iter().filter(|r| r.end.0 > r.start.0).map(|r| {
            let (first, last) = (u64::from(r.start.0) + 1, u64::from(r.end.0) + 1);
            (first, last, r.start.1 as usize, String::new())
        });
        Ok(Self {
            cells: downwards.collect(),
        })
    }

    fn fill(&mut self, row: &mut Row) {
        self.cells.retain(|(_, last, ..)| *last >= row.number);
        for (first, _, column, value) in &mut self.cells {
            if *first == row.number {
                *value = row.cells.get(*column).cloned().unwrap_or_default();
            } else if *first < row.number && !value.is_empty() && *column < MOST_COLUMNS {
                if row.cells.len() <= *column {
                    row.cells.resize(*column + 1, String::new());
                }
                if row.cells[*column].is_empty() {
                    row.cells[*column].clone_from(value);
                }
            }
        }
    }
}

/// Hands a row on unless it is blank; false when no more are wanted.
fn give(
    mut row: Row,
    merged: &mut Merged,
    given: &mut u64,
    take: &mut dyn FnMut(Row) -> bool,
) -> Result<bool, Reason> {
    if row.fault.is_none() && row.cells.iter().all(|cell| cell.trim().is_empty()) {
        return Ok(true);
    }
    merged.fill(&mut row);
    *given += 1;
    // The headers and what stands above them are further rows.
    if *given > MOST_ROWS + ABOVE_RECORDS {
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
    }
    if row.cells.len() <= place {
        row.cells.resize(place + 1, String::new());
    }
    let text = text(value);
    // Excel counts UTF-16 units; no text has more of them than bytes.
    if text.len() > LONGEST_CELL && text.encode_utf16().count() > LONGEST_CELL {
        row.fault = Some(Reason::FieldTooLong {
            limit: LONGEST_CELL,
        });
        // Given back as long as no table takes it, so that the row stays rejected until it is corrected.
        row.cells[place] = text.chars().take(LONGEST_FIELD + 1).collect();
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
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    use std::fmt::Write as _;

    fn rows(bytes: &[u8], take: &mut dyn FnMut(Row) -> bool) -> Result<(), Reason> {
        let mut book = Book::open(bytes)?;
        for sheet in book.sheets() {
            book.rows(&sheet, take)?;
        }
        Ok(())
    }

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
    fn a_cell_merged_downwards_stands_in_each_of_its_rows() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let format = Format::new();
        sheet.write(0, 0, "街道").expect("written");
        sheet.write(0, 1, "主题").expect("written");
        sheet
            .merge_range(1, 0, 3, 0, "坑梓街道", &format)
            .expect("merged");
        for (row, title) in [(1, "路灯"), (2, "噪音"), (3, "积水"), (4, "井盖")] {
            sheet.write(row, 1, title).expect("written");
        }
        let rows = read(&mut book);
        let places: Vec<&str> = rows.iter().map(|row| row.cells[0].as_str()).collect();
        assert_eq!(places, ["街道", "坑梓街道", "坑梓街道", "坑梓街道", ""]);
    }

    /// An archive of uncompressed files, as a workbook written elsewhere.
    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let crc = |bytes: &[u8]| {
            !bytes.iter().fold(!0_u32, |crc, byte| {
                (0..8).fold(crc ^ u32::from(*byte), |c, _| {
                    (c >> 1) ^ (0xEDB8_8320 & (!(c & 1)).wrapping_add(1))
                })
            })
        };
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for (name, text) in files {
            let at = out.len() as u32;
            let size = text.len() as u32;
            let mut facts = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            facts.extend(crc(text.as_bytes()).to_le_bytes());
            facts.extend([size.to_le_bytes(), size.to_le_bytes()].concat());
            facts.extend((name.len() as u16).to_le_bytes());
            facts.extend([0, 0]);
            out.extend(b"PK\x03\x04");
            out.extend(&facts);
            out.extend(name.as_bytes());
            out.extend(text.as_bytes());
            directory.extend(b"PK\x01\x02\x14\0");
            directory.extend(&facts);
            directory.extend([0; 10]);
            directory.extend(at.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let (at, count) = (out.len() as u32, files.len() as u16);
        out.extend(&directory);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
        out.extend((directory.len() as u32).to_le_bytes());
        out.extend(at.to_le_bytes());
        out.extend([0, 0]);
        out
    }

    const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// A workbook with these properties, of sheets of these kinds (`xl/worksheets/sheet1.xml` on); and its further parts.
    pub(in super::super) fn workbook(
        properties: &str,
        kinds: &[&str],
        parts: &[(&str, &str)],
    ) -> Vec<u8> {
        let package = "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"";
        let (mut sheets, mut links) = (String::new(), String::new());
        for (kind, n) in kinds.iter().zip(1..) {
            write!(
                sheets,
                "<sheet name=\"s{n}\" sheetId=\"{n}\" r:id=\"r{n}\"/>"
            )
            .expect("memory");
            write!(
                links,
                "<Relationship Id=\"r{n}\" Type=\"{REL}/{kind}\" Target=\"worksheets/sheet{n}.xml\"/>"
            )
            .expect("memory");
        }
        let book = format!(
            "<workbook {MAIN} xmlns:r=\"{REL}\">{properties}<sheets>{sheets}</sheets></workbook>"
        );
        let links = format!(
            "<Relationships {package}>{links}<Relationship Id=\"r0\" Type=\"{REL}/styles\" Target=\"styles.xml\"/></Relationships>"
        );
        let root = format!(
            "<Relationships {package}><Relationship Id=\"r1\" Type=\"{REL}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        );
        let own = [
            ("_rels/.rels", root.as_str()),
            ("xl/workbook.xml", &book),
            ("xl/_rels/workbook.xml.rels", &links),
        ];
        archive(&[&own, parts].concat())
    }

    #[test]
    fn days_are_counted_from_1904_where_the_workbook_says_so() {
        // 2018-07-04 is day 43285 of the common system, and 1462 less here.
        let sheet = format!(
            "<worksheet {MAIN}><sheetData><row r=\"1\"><c r=\"A1\" s=\"1\"><v>41823.5</v></c></row></sheetData></worksheet>"
        );
        let styles = format!(
            "<styleSheet {MAIN}><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"
        );
        let bytes = workbook(
            "<workbookPr date1904=\"1\"/>",
            &["worksheet"],
            &[
                ("xl/styles.xml", &styles),
                ("xl/worksheets/sheet1.xml", &sheet),
            ],
        );
        let mut told = Vec::new();
        rows(&bytes, &mut |row| {
            told.extend(row.cells);
            true
        })
        .expect("rows");
        assert_eq!(told, ["2018-07-04 12:00:00"]);
    }

    #[test]
    fn a_sheet_that_cannot_be_read_is_not_taken_for_an_empty_one() {
        let part = "xl/worksheets/sheet1.xml";
        let table = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>";
        let read = |kind: &str, sheet: Option<&str>| {
            let sheet = sheet.map(|inner| format!("<worksheet {MAIN}>{inner}</worksheet>"));
            let parts: Vec<(&str, &str)> =
                sheet.iter().map(|sheet| (part, sheet.as_str())).collect();
            let mut given = 0;
            rows(&workbook("", &[kind], &parts), &mut |_| {
                given += 1;
                true
            })
            .map(|()| given)
            .map_err(|reason| reason.code())
        };
        assert_eq!(read("worksheet", Some(table)), Ok(1));
        assert_eq!(read("worksheet", Some("<sheetData/>")), Ok(0));
        assert_eq!(read("chartsheet", Some("<drawing/>")), Ok(0));
        let torn = format!("{table}<mergeCells><mergeCell ref=\"A1:?\"/></mergeCells>");
        for broken in [None, Some("<sheetPr/>"), Some("<dimension/>"), Some(&torn)] {
            assert_eq!(read("worksheet", broken), Err("malformed"), "{broken:?}");
        }
    }

    #[test]
    fn columns_beyond_the_limit_are_refused_with_their_row_and_kept_in_it() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet
            .write(0, MOST_COLUMNS as u16 - 1, "last")
            .expect("written");
        sheet
            .write(1, MOST_COLUMNS as u16, "one more")
            .expect("written");
        let told: Vec<_> = read(&mut book)
            .into_iter()
            .map(|row| (row.fault.map(|f| f.code()), row.cells.last().cloned()))
            .collect();
        let of = |fault, cell: &str| (fault, Some(cell.to_owned()));
        assert_eq!(
            told,
            [of(None, "last"), of(Some("too-many-columns"), "one more")]
        );
    }

    #[test]
    fn a_sheet_wider_than_any_is_refused() {
        let sheet = |place: &str| {
            let sheet = format!(
                "<worksheet {MAIN}><sheetData><row r=\"1\"><c r=\"{place}\"><v>1</v></c></row></sheetData></worksheet>"
            );
            let bytes = workbook("", &["worksheet"], &[("xl/worksheets/sheet1.xml", &sheet)]);
            rows(&bytes, &mut |_| true).map_err(|reason| reason.code())
        };
        assert_eq!(sheet("XFD1"), Ok(()));
        assert_eq!(sheet("XFE1"), Err("too-many-columns"));
        assert_eq!(sheet("ZZZZZZ1"), Err("too-many-columns"));
    }

    #[test]
    fn a_text_too_long_for_a_cell_is_given_back_too_long_for_a_table() {
        let sheet = |text: &str| {
            let mut row = Row::new(1);
            put(
                &mut row,
                &Cell::new((0, 1), DataRef::String(text.to_owned())),
            );
            row
        };
        let fits = sheet(&"路".repeat(LONGEST_CELL));
        assert!(fits.fault.is_none());
        for longer in [LONGEST_CELL + 1, 1_000_000] {
            let row = sheet(&"路".repeat(longer));
            assert_eq!(row.fault.map(|f| f.code()), Some("field-too-long"));
            assert!(
                row.cells[1].len() > LONGEST_FIELD && row.cells[1].len() < 4 * (LONGEST_FIELD + 1)
            );
        }
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
