//! The readable rows of a damaged file's tables, taken one by one past whatever cannot be read.
//!
//! Start at [`copy_table`].

use super::super::failure::Failure;
use super::super::natural;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, Statement, params_from_iter};
use std::collections::BTreeMap;

/// Copies a table's readable rows; how many could not be read or were refused, and 1 for each stretch of damage in a table
/// whose rows have no numbers.
pub(super) fn copy_table(from: &Connection, to: &Connection, table: &str) -> Result<u64, Failure> {
    // A schema that cannot be read any more has lost the table; a view of its name is none.
    let columns = match is_table(from, table) {
        Ok(true) => columns_of_both(from, to, table)?,
        _ => Vec::new(),
    };
    if columns.is_empty() {
        return Ok(1);
    }
    let list = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let mut copy = Copy {
        put: to.prepare(&format!(
            "INSERT OR IGNORE INTO {table} ({list}) VALUES ({marks})"
        ))?,
        width: columns.len(),
        lost: 0,
    };
    let key = keys(to, table)?;
    if from
        .prepare(&format!("SELECT rowid FROM {table} LIMIT 0"))
        .is_ok()
    {
        by_number(from, table, &list, &mut copy)?;
    } else {
        from_both_ends(from, table, &list, &key, &mut copy)?;
    }
    Ok(copy.lost)
}

/// Puts rows into the new store.
struct Copy<'a> {
    put: Statement<'a>,
    width: usize,
    lost: u64,
}

impl Copy<'_> {
    /// The values of a row; nothing where one of them cannot be read.
    fn read(&self, row: &Row<'_>) -> Option<Vec<Value>> {
        (0..self.width)
            .map(|at| row.get::<_, Value>(at).ok())
            .collect()
    }

    /// Stores a row; whether it was taken. What the new store takes for no such row, or has already, is not.
    fn put(&mut self, values: Vec<Value>) -> Result<bool, Failure> {
        match self.put.execute(params_from_iter(values)) {
            Err(error)
                if matches!(
                    error.sqlite_error_code(),
                    Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch)
                ) =>
            {
                Ok(false)
            }
            done => Ok(done? == 1),
        }
    }
}

/// Whether the file has a table of this name, and not something else that looks like one.
fn is_table(conn: &Connection, table: &str) -> Result<bool, rusqlite::Error> {
    conn.query_row(
        "SELECT count(*) = 1 AND min(type) = 'table' AND min(rootpage) > 0 FROM sqlite_schema WHERE name = ?",
        [table],
        |row| row.get(0),
    )
}

/// The columns that the table has in both files.
fn columns_of_both(
    from: &Connection,
    to: &Connection,
    table: &str,
) -> Result<Vec<String>, rusqlite::Error> {
    let there = columns(from, table).unwrap_or_default();
    let mut columns = columns(to, table)?;
    columns.retain(|column| there.contains(column));
    Ok(columns)
}

/// The names of a table's columns, as far as they are text.
fn columns(conn: &Connection, table: &str) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement = conn.prepare("SELECT name FROM pragma_table_info(?)")?;
    let mut rows = statement.query([table])?;
    let mut names = Vec::new();
    while let Some(row) = rows.next()? {
        if let Ok(name) = row.get_ref(0)?.as_str() {
            names.push(format!("\"{}\"", name.replace('"', "\"\"")));
        }
    }
    Ok(names)
}

/// The columns of a table's key, greatest first.
fn keys(conn: &Connection, table: &str) -> Result<String, rusqlite::Error> {
    let keys: Option<String> = conn
        .query_row(
            "SELECT group_concat(name || ' DESC', ', ') FROM (SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk)",
            [table],
            |row| row.get(0),
        )
        .optional()?
        .flatten();
    Ok(keys.unwrap_or_default())
}

/// Takes the rows of a table that has no numbers until the damage, and from its other end until the damage.
fn from_both_ends(
    from: &Connection,
    table: &str,
    columns: &str,
    key: &str,
    copy: &mut Copy<'_>,
) -> Result<(), Failure> {
    for (order, forward) in [(String::new(), true), (format!("ORDER BY {key}"), false)] {
        let Ok(mut all) = from.prepare(&format!("SELECT {columns} FROM {table} {order}")) else {
            copy.lost += 1;
            return Ok(());
        };
        let mut rows = all.query([])?;
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    let taken = match copy.read(row) {
                        // What the new store has settled for itself already stays.
                        Some(values) => copy.put(values)? || table == "setting",
                        None => false,
                    };
                    // On the way back those of the way there are met again.
                    copy.lost += u64::from(forward && !taken);
                }
                Ok(None) => return Ok(()),
                Err(_) => break,
            }
        }
        copy.lost += u64::from(forward);
    }
    Ok(())
}

/// So many numbers in a row that cannot be read are the end: an inner page of the file leads to fewer rows.
const BLIND: u64 = 1_000_000;

/// The least that a row of a table with numbers can be long, in bytes.
const SHORTEST_ROW: u64 = 16;

/// Takes the rows of a table by their numbers, past whatever is damaged. A row whose number does not fit between those of
/// its neighbours waits until the others have theirs.
fn by_number(
    from: &Connection,
    table: &str,
    columns: &str,
    copy: &mut Copy<'_>,
) -> Result<(), Failure> {
    let size: u64 = from.query_row(
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
        [],
        |row| natural(row, 0),
    )?;
    let most_blind = BLIND.min(size / SHORTEST_ROW);
    let Ok(mut scan) = from.prepare(&format!(
        "SELECT {columns}, rowid FROM {table} WHERE rowid >= ? ORDER BY rowid"
    )) else {
        copy.lost += 1;
        return Ok(());
    };
    let mut walk = Walk {
        trusted: 0,
        most_blind,
        held: None,
        doubtful: BTreeMap::new(),
    };
    let (mut at, mut blind) = (1_i64, 0);
    'seek: loop {
        let mut rows = scan.query([at])?;
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    copy.lost += std::mem::take(&mut blind);
                    match (row.get(copy.width), copy.read(row)) {
                        (Ok(number), Some(values)) => walk.next(number, values, copy)?,
                        _ => copy.lost += 1,
                    }
                }
                Ok(None) => break 'seek,
                Err(_) => {
                    walk.rest(copy)?;
                    blind += 1;
                    let Some(following) = at.max(walk.trusted).checked_add(1) else {
                        break 'seek;
                    };
                    if blind > most_blind {
                        break 'seek;
                    }
                    at = following;
                    break;
                }
            }
        }
    }
    copy.lost += u64::from(blind > 0);
    walk.rest(copy)?;
    for (number, values) in walk.doubtful {
        let plausible = walk.trusted.saturating_add(most_blind as i64);
        let taken = number > 0 && number <= plausible && copy.put(values)?;
        copy.lost += u64::from(!taken);
    }
    Ok(())
}

/// A walk over rows in the order in which they stand.
struct Walk {
    /// The last number that fitted.
    trusted: i64,
    most_blind: u64,
    /// The row that waits for the next one's number.
    held: Option<(i64, Vec<Value>)>,
    /// Rows whose numbers do not fit where they stand.
    doubtful: BTreeMap<i64, Vec<Value>>,
}

impl Walk {
    fn next(
        &mut self,
        number: i64,
        values: Vec<Value>,
        copy: &mut Copy<'_>,
    ) -> Result<(), Failure> {
        if let Some((before, row)) = self.held.replace((number, values)) {
            self.settle(before, row, before < number, copy)?;
        }
        Ok(())
    }

    /// Settles the row that waits where no other follows: what is too far from the one before is in doubt.
    fn rest(&mut self, copy: &mut Copy<'_>) -> Result<(), Failure> {
        if let Some((number, row)) = self.held.take() {
            let near = self.trusted.saturating_add(self.most_blind as i64) >= number;
            self.settle(number, row, near, copy)?;
        }
        Ok(())
    }

    fn settle(
        &mut self,
        number: i64,
        row: Vec<Value>,
        fits: bool,
        copy: &mut Copy<'_>,
    ) -> Result<(), Failure> {
        if fits && self.trusted < number {
            self.trusted = number;
            copy.lost += u64::from(!copy.put(row)?);
        } else {
            self.doubtful.insert(number, row);
        }
        Ok(())
    }
}
