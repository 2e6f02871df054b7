//! Rows that have numbers, of which a damaged file may tell the wrong ones: what number a row has is told by its place.
//!
//! A table is walked twice. On the first walk only the numbers are taken, in the order in which the rows stand; those of
//! the longest rising run are believed. A row with another one gets the number that its place leaves it, or none. On the
//! second walk the rows are put into the new store. Start at [`copy`].

use super::super::failure::Failure;
use super::super::natural;
use super::copying::Copy;
use rusqlite::types::Value;
use rusqlite::{Connection, Statement};

/// Tables in which no number is ever left out.
const WITHOUT_GAPS: [&str; 3] = ["ticket", "event", "ticket_text"];

/// Where a number is left out rightly, so many are at the most.
const WIDEST_GAP: i64 = 10_000;

/// So many questions find nothing at the most: an inner page of the file leads to fewer rows.
const BLIND: u64 = 1_000_000;

/// The least that a row can be long, in bytes.
const SHORTEST_ROW: u64 = 16;

/// Copies the rows of a table that have numbers; `own` is the column that holds them, where there is one.
pub(super) fn copy(
    from: &Connection,
    table: &str,
    columns: &str,
    own: Option<usize>,
    copy: &mut Copy<'_>,
) -> Result<(), Failure> {
    let is_dense = WITHOUT_GAPS.contains(&table);
    let size: u64 = from.query_row(
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
        [],
        |row| natural(row, 0),
    )?;
    let most = BLIND.min(size / SHORTEST_ROW) as i64;
    let Ok(mut questions) = Questions::of(from, table, columns, copy.width) else {
        copy.lost += 1;
        return Ok(());
    };
    let walk = Walk::over(&mut questions, is_dense, most)?;
    let numbers = walk.settled(most);
    let mut copied = 0_u64;
    let mut at = 0;
    for stretch in &walk.stretches {
        let mut rows = questions.ask(stretch.question)?;
        for place in stretch.places(at) {
            let Ok(Some(row)) = rows.next() else { break };
            let Some(number) = numbers[place] else {
                continue;
            };
            if let Some(mut values) = copy.read(row) {
                if let Some(own) = own {
                    values[own] = Value::Integer(number);
                }
                copied += u64::from(copy.put(values)?);
            }
        }
        at += stretch.rows;
    }
    copy.lost += walk.lost(&numbers, copied, is_dense).max(
        // An index may know of more rows than the table shows.
        from.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
            natural(row, 0)
        })
        .map_or(0, |known| known.saturating_sub(copied)),
    );
    Ok(())
}

/// A question to the file.
#[derive(Clone, Copy)]
enum Question {
    /// All rows, from the first page on.
    All,
    /// The rows from a number on.
    From(i64),
    /// All rows, from the last page on.
    Back,
}

/// The questions, prepared.
struct Questions<'a> {
    all: Statement<'a>,
    from: Statement<'a>,
    back: Statement<'a>,
    /// The column of the number.
    number: usize,
}

impl<'a> Questions<'a> {
    fn of(
        conn: &'a Connection,
        table: &str,
        columns: &str,
        number: usize,
    ) -> Result<Self, rusqlite::Error> {
        let ask = |rest: &str| {
            conn.prepare(&format!(
                "SELECT {columns}, rowid FROM {table} NOT INDEXED {rest}"
            ))
        };
        Ok(Self {
            all: ask("ORDER BY rowid")?,
            from: ask("WHERE rowid >= ? ORDER BY rowid")?,
            back: ask("ORDER BY rowid DESC")?,
            number,
        })
    }

    fn ask(&mut self, question: Question) -> Result<rusqlite::Rows<'_>, rusqlite::Error> {
        match question {
            Question::All => self.all.query([]),
            Question::From(number) => self.from.query([number]),
            Question::Back => self.back.query([]),
        }
    }
}

/// The rows that one question found, up to the damage.
struct Stretch {
    question: Question,
    rows: usize,
}

impl Stretch {
    /// The places of its rows on the walk, in the order in which the question finds them.
    fn places(&self, first: usize) -> Box<dyn Iterator<Item = usize>> {
        let all = first..first + self.rows;
        match self.question {
            Question::Back => Box::new(all.rev()),
            Question::All | Question::From(_) => Box::new(all),
        }
    }
}

/// The numbers of a table's rows, in the order in which the rows stand.
struct Walk {
    numbers: Vec<i64>,
    stretches: Vec<Stretch>,
    /// The last number that follows the one before as it should.
    steady: i64,
    /// Whether there was damage on the way.
    was_cut: bool,
}

impl Walk {
    fn over(questions: &mut Questions<'_>, is_dense: bool, most: i64) -> Result<Self, Failure> {
        let mut walk = Self {
            numbers: Vec::new(),
            stretches: Vec::new(),
            steady: 0,
            was_cut: false,
        };
        let widest = if is_dense { 1 } else { WIDEST_GAP };
        if walk.take(questions, Question::All, widest)? {
            return Ok(walk);
        }
        walk.was_cut = true;
        let mut at = 0_i64;
        for _ in 0..most {
            let Some(next) = at.max(walk.steady).checked_add(1) else {
                break;
            };
            at = next;
            if walk.take(questions, Question::From(at), widest)? {
                break;
            }
        }
        // What a damaged inner page leads nobody to from the front is met from behind; what is met twice counts once.
        walk.take(questions, Question::Back, widest)?;
        Ok(walk)
    }

    /// Takes the numbers that a question finds; whether it came to its end.
    fn take(
        &mut self,
        questions: &mut Questions<'_>,
        question: Question,
        widest: i64,
    ) -> Result<bool, Failure> {
        let first = self.numbers.len();
        let column = questions.number;
        let mut rows = questions.ask(question)?;
        let mut before = match question {
            Question::From(number) => number - 1,
            Question::All | Question::Back => 0,
        };
        let is_back = matches!(question, Question::Back);
        let is_whole = loop {
            match rows.next() {
                Ok(Some(row)) => {
                    let number: i64 = row.get(column)?;
                    let gap = number.saturating_sub(before);
                    if !is_back && gap > 0 && gap <= widest {
                        self.steady = self.steady.max(number);
                    }
                    before = number;
                    self.numbers.push(number);
                }
                Ok(None) => break true,
                Err(_) => break false,
            }
        };
        if is_back {
            self.numbers[first..].reverse();
        }
        let rows = self.numbers.len() - first;
        if rows > 0 {
            self.stretches.push(Stretch { question, rows });
        }
        Ok(is_whole)
    }

    /// The number under which each row is put; none where it is not known, or the row was met before.
    fn settled(&self, most: i64) -> Vec<Option<i64>> {
        let mut believed = rising(&self.numbers);
        let breaks = self.breaks();
        // What comes last has nothing behind it that would contradict it.
        while let Some((&last, rest)) = believed.split_last() {
            let before = rest.last().map_or(0, |at| self.numbers[*at]);
            if self.numbers[last].saturating_sub(before) <= most {
                break;
            }
            believed.pop();
        }
        let mut numbers = vec![None; self.numbers.len()];
        let (mut place, mut number) = (None::<usize>, 0_i64);
        for next in believed {
            let first = place.map_or(0, |place| place + 1);
            let fits = self.numbers[next] - number - 1 == (next - first) as i64;
            if fits && !breaks.lie_between(place.unwrap_or(0), next) {
                for (offset, at) in (first..next).enumerate() {
                    numbers[at] = Some(number + 1 + offset as i64);
                }
            }
            number = self.numbers[next];
            numbers[next] = Some(number);
            place = Some(next);
        }
        numbers
    }

    /// Where the walk was broken off and taken up again.
    fn breaks(&self) -> Breaks {
        let mut at = 0;
        let ends = self.stretches.iter().map(|stretch| {
            at += stretch.rows;
            at
        });
        Breaks(ends.collect())
    }

    /// How many rows are lost: those that got no number or were refused, one for damage, and in a table without gaps each
    /// number that is missing where there was damage.
    fn lost(&self, numbers: &[Option<i64>], copied: u64, is_dense: bool) -> u64 {
        let mut met = self.numbers.clone();
        met.sort_unstable();
        met.dedup();
        let mut lost = (met.len() as u64).saturating_sub(copied) + u64::from(self.was_cut);
        if !is_dense {
            return lost;
        }
        let breaks = self.breaks();
        let mut before = (0, 0);
        for (place, number) in numbers.iter().enumerate() {
            let Some(number) = *number else { continue };
            if breaks.lie_between(before.0, place) {
                lost += (number - before.1 - 1).max(0).cast_unsigned();
            }
            before = (place, number);
        }
        lost
    }
}

/// The places at which a walk was broken off, rising.
struct Breaks(Vec<usize>);

impl Breaks {
    fn lie_between(&self, from: usize, to: usize) -> bool {
        let next = self.0.partition_point(|place| *place <= from);
        self.0.get(next).is_some_and(|place| *place <= to)
    }
}

/// The places of the longest run of rising numbers above nought.
fn rising(numbers: &[i64]) -> Vec<usize> {
    let is_sound = numbers.windows(2).all(|two| two[0] < two[1]);
    if is_sound && numbers.first().is_none_or(|first| *first > 0) {
        return (0..numbers.len()).collect();
    }
    // The place at which the best run of each length ends, and the place before it in that run.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<usize> = vec![usize::MAX; numbers.len()];
    for (place, number) in numbers.iter().enumerate() {
        if *number <= 0 {
            continue;
        }
        let length = ends.partition_point(|end| numbers[*end] < *number);
        if length > 0 {
            before[place] = ends[length - 1];
        }
        if length == ends.len() {
            ends.push(place);
        } else {
            ends[length] = place;
        }
    }
    let mut run = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied().unwrap_or(usize::MAX);
    while at != usize::MAX {
        run.push(at);
        at = before[at];
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(stretches: &[&[i64]]) -> Walk {
        Walk {
            numbers: stretches.concat(),
            stretches: stretches
                .iter()
                .map(|rows| Stretch {
                    question: Question::All,
                    rows: rows.len(),
                })
                .collect(),
            steady: 0,
            was_cut: stretches.len() > 1,
        }
    }

    fn settled(stretches: &[&[i64]]) -> Vec<i64> {
        let numbers = walk(stretches).settled(1_000);
        numbers.into_iter().map(|n| n.unwrap_or(0)).collect()
    }

    #[test]
    fn a_row_gets_the_number_that_its_place_leaves_it() {
        assert_eq!(settled(&[&[1, 2, 3]]), [1, 2, 3]);
        assert_eq!(settled(&[&[1, 900, 3, 4]]), [1, 2, 3, 4]);
        assert_eq!(settled(&[&[1, 900, 901, 4, 5]]), [1, 2, 3, 4, 5]);
        assert_eq!(settled(&[&[0, 2, 3]]), [1, 2, 3]);
        assert_eq!(settled(&[&[1, 2, 1, 4]]), [1, 2, 3, 4]);
        // Two rows where three numbers are free: which they have is not known.
        assert_eq!(settled(&[&[1, 900, 901, 5, 6]]), [1, 0, 0, 5, 6]);
        // What comes last is believed, unless it is beyond all measure.
        assert_eq!(settled(&[&[1, 2, 30]]), [1, 2, 30]);
        assert_eq!(settled(&[&[1, 2, 3_000_000]]), [1, 2, 0]);
    }

    #[test]
    fn what_stands_beside_damage_gets_no_number_but_its_own() {
        assert_eq!(settled(&[&[1, 2, 9], &[6, 7, 8]]), [1, 2, 0, 6, 7, 8]);
        assert_eq!(settled(&[&[1, 2], &[6, 7]]), [1, 2, 6, 7]);
        assert_eq!(settled(&[&[5, 6], &[1, 2, 3]]), [0, 0, 1, 2, 3]);
        assert_eq!(settled(&[&[1, 2], &[2, 6], &[6, 7]]), [1, 0, 2, 0, 6, 7]);
    }
}
