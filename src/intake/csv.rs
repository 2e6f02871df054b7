//! Comma-, tab-, semicolon- and bar-separated text, read as a stream with bounded memory.
//!
//! A bad record never stops the rest, and a quotation mark that is never closed costs its own line, not the file:
//! reading starts again on the next line. Start at [`Splitter`] (records) and [`Drafts`] (drafts).

use std::io::{self, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::bound::Bound;
use super::draft::{Draft, Reason, RowError};
use super::record::{LONGEST_FIELD, MOST_COLUMNS, Record};

const CHUNK: usize = 64 * 1024;
/// Bytes of one record, as written, after which it is looked at whether it can be one.
const LONGEST_RECORD: usize = 1024 * 1024;
/// Bytes of one record, as written, after which it cannot be one, however much it looks like one long text in quotes.
const LONGEST_QUOTED: usize = 16 * 1024 * 1024;
/// Columns of a row that is given back field by field. One of still more, which no table has, is given back as one field, as it
/// was written: a million empty fields would take many times the memory of the line.
const WIDEST: usize = 65_536;
/// How often reading may start again behind a stray quotation mark before the file is given up.
const MOST_RESTARTS: usize = 1_000;

/// Cuts decoded text into records.
pub struct Splitter<R> {
    source: R,
    reader: Reader,
    delimiter: u8,
    input: Vec<u8>,
    at: usize,
    ended: bool,
    /// The current record as written, so that reading can start again inside it.
    raw: Vec<u8>,
    fields: Vec<u8>,
    ends: Vec<usize>,
    /// Fields of the first record, the header.
    width: usize,
    restarts: usize,
}

/// What came of reading one record.
#[derive(Debug, PartialEq, Eq)]
pub enum Split {
    /// A record, beginning on this line.
    Record(u64),
    /// Something that is no record, beginning on this line; reading can go on.
    Broken(u64, Reason),
    /// The end.
    End,
}

impl<R: Read> Splitter<R> {
    /// Reads UTF-8 text; the delimiter is found out from its first lines unless given.
    pub fn new(mut source: R, delimiter: Option<u8>) -> io::Result<Self> {
        let mut input = vec![0; CHUNK];
        let mut length = 0;
        while length < CHUNK {
            match source.read(&mut input[length..])? {
                0 => break,
                more => length += more,
            }
        }
        input.truncate(length);
        let delimiter = delimiter.unwrap_or_else(|| sniff(&input));
        Ok(Self {
            source,
            reader: reader(delimiter, 1),
            delimiter,
            input,
            at: 0,
            ended: false,
            raw: Vec::new(),
            fields: vec![0; 4096],
            ends: vec![0; MOST_COLUMNS + 1],
            width: 0,
            restarts: 0,
        })
    }

    /// Reads the next record into `record`.
    pub fn read(&mut self, record: &mut Record) -> io::Result<Split> {
        self.raw.clear();
        let line_before = self.reader.line();
        let (mut filled, mut counted) = (0, 0);
        let mut most = LONGEST_RECORD;
        loop {
            if self.at == self.input.len() && !self.ended {
                self.refill()?;
            }
            let (result, read, written, ended) = self.reader.read_record(
                &self.input[self.at..],
                &mut self.fields[filled..],
                &mut self.ends[counted..],
            );
            self.raw
                .extend_from_slice(&self.input[self.at..self.at + read]);
            self.at += read;
            filled += written;
            counted += ended;
            if self.raw.len() > most {
                if most == LONGEST_QUOTED || !self.is_long_text() {
                    return self.give_up(line_before);
                }
                most = LONGEST_QUOTED;
            }
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    let room = self.fields.len() * 2;
                    self.fields.resize(room, 0);
                }
                // The columns beyond the limit are kept: the record is given back whole.
                ReadRecordResult::OutputEndsFull => {
                    let room = self.ends.len() * 2;
                    self.ends.resize(room, 0);
                }
                ReadRecordResult::End => return Ok(Split::End),
                ReadRecordResult::Record => break,
            }
        }
        let line = line_before + blank_lines(&self.raw);
        let limit = MOST_COLUMNS;
        if counted > WIDEST {
            self.ends = vec![0; limit + 1];
            record.clear();
            record.push(String::from_utf8_lossy(&self.raw).trim_matches(['\r', '\n']));
            return Ok(Split::Broken(line, Reason::TooManyColumns { limit }));
        }
        record.copy_from(&self.fields[..filled], &self.ends[..counted]);
        if counted > limit {
            return Ok(Split::Broken(line, Reason::TooManyColumns { limit }));
        }
        if self.width == 0 {
            self.width = counted;
        }
        if self.ended
            && self.at == self.input.len()
            && quoting(&self.raw, self.delimiter) == Quoting::Open
        {
            return self.restart(line, record);
        }
        Ok(Split::Record(line))
    }

    /// Starts again behind the current record's first line, if its quotation marks are torn and it has swallowed
    /// another record: its second line has fields enough for one.
    pub fn restart_if_torn(
        &mut self,
        line: u64,
        columns: usize,
        record: &mut Record,
    ) -> io::Result<Option<Split>> {
        // Only what holds a quotation mark can have swallowed a line.
        if !self.raw.contains(&b'"') {
            return Ok(None);
        }
        let mut lines = self.raw.trim_ascii().split(|byte| *byte == b'\n').skip(1);
        let Some(second) = lines.next() else {
            return Ok(None);
        };
        let fields = second.split(|byte| *byte == self.delimiter).count();
        if fields < columns || quoting(&self.raw, self.delimiter) != Quoting::Torn {
            return Ok(None);
        }
        self.restart(line, record).map(Some)
    }

    fn refill(&mut self) -> io::Result<()> {
        self.input.resize(CHUNK, 0);
        let length = self.source.read(&mut self.input)?;
        self.input.truncate(length);
        self.at = 0;
        self.ended = length == 0;
        Ok(())
    }

    /// Whether the record being read is one long text in quotation marks, and not lines swallowed by a stray one: most of
    /// its further lines have not as many fields as the header.
    fn is_long_text(&self) -> bool {
        if quoting(&self.raw, self.delimiter) != Quoting::Open {
            return false;
        }
        let further = self.raw.split(|byte| *byte == b'\n').skip(1).take(20);
        let (mut lines, mut records) = (0, 0);
        for line in further {
            lines += 1;
            let fields = line.split(|byte| *byte == self.delimiter).count();
            records += usize::from(fields == self.width);
        }
        records * 2 <= lines
    }

    /// A record grew beyond all measure: a stray quotation mark has swallowed lines, or it is one endless line.
    fn give_up(&mut self, line_before: u64) -> io::Result<Split> {
        let line = line_before + blank_lines(&self.raw);
        let mut record = Record::default();
        if quoting(&self.raw, self.delimiter) != Quoting::Sound {
            return self.restart(line, &mut record);
        }
        self.skip_line()?;
        Ok(Split::Broken(
            line,
            Reason::FieldTooLong {
                limit: LONGEST_FIELD,
            },
        ))
    }

    /// Throws away the rest of the current line.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(end) = self.input[self.at..].iter().position(|byte| *byte == b'\n') {
                self.at += end + 1;
                self.reader = reader(self.delimiter, self.reader.line() + 1);
                return Ok(());
            }
            self.at = self.input.len();
            if self.ended {
                self.reader = reader(self.delimiter, self.reader.line());
                return Ok(());
            }
            self.refill()?;
        }
    }

    fn restart(&mut self, line: u64, record: &mut Record) -> io::Result<Split> {
        let start = self
            .raw
            .iter()
            .take_while(|b| matches!(b, b'\r' | b'\n'))
            .count();
        let first_line = self.raw[start..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(self.raw.len(), |end| start + end + 1);
        let mut kept = String::from_utf8_lossy(&self.raw[start..first_line]).into_owned();
        kept.truncate(kept.trim_end_matches(['\r', '\n']).len());
        record.clear();
        for field in kept.split(char::from(self.delimiter)) {
            record.push(field);
        }
        self.restarts += 1;
        if self.restarts > MOST_RESTARTS {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("more than {MOST_RESTARTS} quotation marks are never closed"),
            ));
        }
        let mut again = self.raw.split_off(first_line);
        again.extend_from_slice(&self.input[self.at..]);
        self.input = again;
        self.at = 0;
        self.reader = reader(self.delimiter, line + 1);
        Ok(Split::Broken(line, Reason::OpenQuote))
    }
}

fn reader(delimiter: u8, line: u64) -> Reader {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    reader.set_line(line);
    reader
}

/// Empty lines in front of a record, which the reader passes over.
fn blank_lines(raw: &[u8]) -> u64 {
    raw.iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| **byte == b'\n')
        .count() as u64
}

#[derive(Debug, PartialEq, Eq)]
enum Quoting {
    Sound,
    /// A closing mark is followed by more text: it was meant to open another field.
    Torn,
    /// The last mark is never closed.
    Open,
}

/// How the quotation marks of a record as written stand.
fn quoting(raw: &[u8], delimiter: u8) -> Quoting {
    let mut at = 0;
    let mut field_start = true;
    while let Some(byte) = raw.get(at) {
        if *byte != b'"' || !field_start {
            field_start = *byte == delimiter || matches!(byte, b'\r' | b'\n');
            at += 1;
            continue;
        }
        at += 1;
        loop {
            match (raw.get(at), raw.get(at + 1)) {
                (None, _) => return Quoting::Open,
                (Some(b'"'), Some(b'"')) => at += 2,
                (Some(b'"'), None) => return Quoting::Sound,
                (Some(b'"'), Some(next)) => {
                    if *next != delimiter && !matches!(next, b'\r' | b'\n') {
                        return Quoting::Torn;
                    }
                    at += 1;
                    break;
                }
                (Some(_), _) => at += 1,
            }
        }
        field_start = false;
    }
    Quoting::Sound
}

/// The delimiter of text that begins like this: the one that cuts the first lines most alike, then the most often.
fn sniff(head: &[u8]) -> u8 {
    let mut best = (0, 0, b',');
    for delimiter in [b',', b'\t', b';', b'|'] {
        let counts = delimiters_by_line(head, delimiter);
        let Some(&header) = counts.first() else {
            continue;
        };
        if header == 0 {
            continue;
        }
        let alike = counts.iter().filter(|count| **count == header).count();
        if (alike, header) > (best.0, best.1) {
            best = (alike, header, delimiter);
        }
    }
    best.2
}

/// How often the delimiter stands outside quotation marks on each of the first lines.
fn delimiters_by_line(head: &[u8], delimiter: u8) -> Vec<usize> {
    let mut counts = Vec::new();
    let mut count = 0;
    let mut quoted = false;
    let mut blank = true;
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                if !blank {
                    counts.push(count);
                }
                if counts.len() == 20 {
                    return counts;
                }
                (count, blank) = (0, true);
            }
            byte if *byte == delimiter && !quoted => count += 1,
            _ => blank &= byte.is_ascii_whitespace(),
        }
    }
    if counts.is_empty() {
        counts.push(count);
    }
    counts
}

/// Drafts of a separated file, in its order.
pub struct Drafts<R> {
    splitter: Splitter<R>,
    bound: Bound,
    file: String,
    record: Record,
    row: u64,
    ended: bool,
    keep_raw: bool,
}

impl<R: Read> Drafts<R> {
    /// Reads what follows the header; `bound` is the mapping for its columns.
    pub fn new(splitter: Splitter<R>, bound: Bound, file: &str) -> Self {
        Self {
            splitter,
            bound,
            file: file.to_owned(),
            record: Record::default(),
            row: 0,
            ended: false,
            keep_raw: false,
        }
    }

    /// Whether each draft keeps its record as read.
    pub fn keeping(self, keep_raw: bool) -> Self {
        Self { keep_raw, ..self }
    }

    fn error(&self, line: u64, column: Option<String>, reason: Reason) -> RowError {
        RowError {
            file: self.file.clone(),
            row: self.row,
            line,
            column,
            reason,
            raw: self.record.to_vec(),
        }
    }

    fn check(&mut self, line: u64) -> io::Result<Option<(u64, Reason)>> {
        let expected = self.bound.columns().len();
        let (found, longest) = (self.record.width(), self.record.longest());
        if let Some(Split::Broken(line, reason)) =
            self.splitter
                .restart_if_torn(line, expected, &mut self.record)?
        {
            return Ok(Some((line, reason)));
        }
        if found == expected && longest <= LONGEST_FIELD {
            return Ok(None);
        }
        let reason = if found == expected {
            Reason::FieldTooLong {
                limit: LONGEST_FIELD,
            }
        } else {
            Reason::FieldCount { expected, found }
        };
        Ok(Some((line, reason)))
    }

    fn next_or_failure(&mut self) -> io::Result<Option<Result<Draft, RowError>>> {
        loop {
            let line = match self.splitter.read(&mut self.record)? {
                Split::End => return Ok(None),
                Split::Broken(line, reason) => {
                    self.row += 1;
                    return Ok(Some(Err(self.error(line, None, reason))));
                }
                Split::Record(line) => line,
            };
            self.row += 1;
            if self.record.is_blank() {
                continue;
            }
            if let Some((line, reason)) = self.check(line)? {
                return Ok(Some(Err(self.error(line, None, reason))));
            }
            return Ok(Some(
                self.bound
                    .draft(&self.record, self.row, line)
                    .map(|mut draft| {
                        if self.keep_raw {
                            draft.raw = self.record.to_vec();
                        }
                        draft
                    })
                    .map_err(|(column, reason)| self.error(line, column, reason)),
            ));
        }
    }
}

impl<R: Read> Iterator for Drafts<R> {
    type Item = Result<Draft, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.next_or_failure() {
            Ok(next) => {
                self.ended = next.is_none();
                next
            }
            Err(error) => {
                self.ended = true;
                self.record.clear();
                let detail = error.to_string();
                Some(Err(self.error(0, None, Reason::Unreadable { detail })))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::mapping::Mapping;
    use proptest::prelude::*;

    fn drafts(text: &str) -> Vec<Result<Draft, RowError>> {
        let mut splitter = Splitter::new(text.as_bytes(), None).expect("readable");
        let mut header = Record::default();
        assert!(matches!(splitter.read(&mut header), Ok(Split::Record(_))));
        let mapping = Mapping::parse(
            "name = \"x\"\n[fields]\nexternal_no = \"no\"\ntitle = \"title\"",
            "x",
        )
        .expect("a mapping");
        let bound = Bound::new(&mapping, &header.to_vec());
        Drafts::new(splitter, bound, "x.csv").collect()
    }

    fn told(text: &str) -> Vec<String> {
        drafts(text)
            .into_iter()
            .map(|row| match row {
                Ok(draft) => format!(
                    "{} {}={}",
                    draft.line,
                    draft.external_no.unwrap_or_default(),
                    draft.title.unwrap_or_default()
                ),
                Err(error) => format!("{} {} {}", error.line, error.reason.code(), error.raw.len()),
            })
            .collect()
    }

    #[test]
    fn line_breaks_tabs_and_quotes_inside_a_field() {
        assert_eq!(
            told("no,title\r\n1,\"a\r\nb\tc \"\"d\"\"\"\r\n\r\n2,e"),
            ["2 1=a\r\nb\tc \"d\"", "5 2=e"]
        );
    }

    #[test]
    fn a_wrong_number_of_fields_names_its_line_and_the_rest_goes_on() {
        assert_eq!(
            told("no,title\n1,a\n2\n3,b,c\n4,d\n,\n"),
            ["2 1=a", "3 field-count 1", "4 field-count 3", "5 4=d"]
        );
    }

    #[test]
    fn an_unclosed_quote_costs_its_line_only() {
        assert_eq!(
            told("no,title\n1,a\n2,\"b\n3,c\n4,\"d\"\n5,e\n"),
            ["2 1=a", "3 open-quote 2", "4 3=c", "5 4=d", "6 5=e"]
        );
        assert_eq!(
            told("no,title\n1,\"a\n2,b\n3,c"),
            ["2 open-quote 2", "3 2=b", "4 3=c"]
        );
    }

    #[test]
    fn every_delimiter_is_found() {
        for delimiter in [",", "\t", ";", "|"] {
            let text = "no~title\n1~\"a,b;c\"\n2~d e\n".replace('~', delimiter);
            assert_eq!(told(&text), ["2 1=a,b;c", "3 2=d e"], "{delimiter:?}");
        }
    }

    #[test]
    fn a_field_may_have_64_kilobytes_and_not_one_more() {
        let long = "x".repeat(LONGEST_FIELD);
        assert!(drafts(&format!("no,title\n1,{long}\n"))[0].is_ok());
        let rows = told(&format!("no,title\n1,{long}y\n2,b\n"));
        assert_eq!(rows, ["2 field-too-long 2", "3 2=b"]);
    }

    #[test]
    fn endless_lines_are_passed_over() {
        let endless = "x".repeat(LONGEST_RECORD * 2);
        assert_eq!(
            told(&format!("no,title\n1,{endless}\n2,b\n")),
            ["2 field-too-long 0", "3 2=b"]
        );
    }

    #[test]
    fn a_row_of_too_many_columns_is_given_back_with_all_of_them() {
        for more in [1, MOST_COLUMNS * 3] {
            let cells: Vec<String> = (0..MOST_COLUMNS + more).map(|n| format!("c{n}")).collect();
            let wide = cells.join(",");
            let text = format!("no,title\n{wide}\n2,b\n");
            let error = drafts(&text).remove(0).expect_err("too wide");
            assert_eq!((error.line, error.reason.code()), (2, "too-many-columns"));
            assert_eq!(error.raw, cells);
            assert_eq!(told(&text)[1], "3 2=b");
        }
        let wide = format!("1,{}x", ",".repeat(WIDEST));
        let error = drafts(&format!("no,title\n\n{wide}\r\n")).remove(0);
        assert_eq!(error.expect_err("too wide").raw, [wide]);
    }

    #[test]
    fn a_quoted_text_of_megabytes_is_one_record() {
        for line in ["x".repeat(100), format!("{}\n", "x".repeat(100))] {
            let long = line.repeat(2 * LONGEST_RECORD / 100);
            let rows = told(&format!("no,title\n1,\"{long}\"\n2,b\n"));
            assert_eq!(rows.len(), 2);
            assert_eq!(rows[0], "2 field-too-long 2");
            assert!(rows[1].ends_with(" 2=b"), "{}", rows[1]);
        }
    }

    #[test]
    fn a_zero_byte_costs_its_row_only() {
        assert_eq!(told("no,title\n1,a\0b\n2,c\n"), ["2 zero-byte 2", "3 2=c"]);
        let error = drafts("no,title\n1,a\0b\n").remove(0).expect_err("a zero");
        assert_eq!(
            (error.column.as_deref(), error.raw[1].as_str()),
            (Some("title"), "a␀b")
        );
    }

    #[test]
    fn a_quote_before_megabytes_is_found_out() {
        let good = "7,good row\n".repeat(200_000);
        let rows = drafts(&format!("no,title\n1,\"a\n{good}"));
        assert_eq!(rows.len(), 200_001);
        assert_eq!(rows.iter().filter(|row| row.is_err()).count(), 1);
    }

    proptest! {
        #[test]
        fn never_panics_and_ends(text in "[a\",;\t\n\r|]{0,200}") {
            let _ = drafts(&format!("no,title\n{text}"));
        }

        #[test]
        fn what_is_written_is_read(rows in proptest::collection::vec(("[a-z坪山 \",\n\r\t;]{0,12}", "[a-z\",\n]{1,9}x"), 1..20)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["no", "title"]).expect("memory");
            for (no, title) in &rows {
                writer.write_record([no, title]).expect("memory");
            }
            let text = String::from_utf8(writer.into_inner().expect("memory")).expect("utf-8");
            let read: Vec<_> = drafts(&text)
                .into_iter()
                .map(|row| row.map(|d| (d.external_no.unwrap_or_default(), d.title.unwrap_or_default())))
                .collect();
            let written: Vec<_> = rows
                .iter()
                .map(|(no, title)| Ok((no.trim().to_owned(), title.trim().to_owned())))
                .collect();
            prop_assert_eq!(read, written);
        }
    }
}
