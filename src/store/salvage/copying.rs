//! The readable rows of a damaged file's tables, taken one by one past whatever cannot be read.
//!
//! Start at [`copy_table`].

use super::super::failure::Failure;
use super::numbered;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, Statement, params_from_iter};

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
    let has_numbers = format!("SELECT rowid FROM {table} LIMIT 0");
    if from.prepare(&has_numbers).is_ok() {
        let own = columns.iter().position(|column| {
            NUMBER_COLUMNS
                .iter()
                .any(|(of, number)| *of == table && column.trim_matches('"') == *number)
        });
        numbered::copy(from, table, &list, own, &mut copy)?;
    } else {
        from_both_ends(from, table, &list, &key, &mut copy)?;
    }
    Ok(copy.lost)
}

/// The columns that are the numbers of their tables' rows.
const NUMBER_COLUMNS: [(&str, &str); 7] = [
    ("ticket", "id"),
    ("event", "seq"),
    ("ticket_text", "ticket_id"),
    ("ticket_code", "ticket_id"),
    ("api_key", "id"),
    ("outbox", "id"),
    ("digest_line", "id"),
];

/// Puts rows into the new store.
pub(super) struct Copy<'a> {
    put: Statement<'a>,
    /// How many columns a row has.
    pub(super) width: usize,
    /// What could not be read, or was refused.
    pub(super) lost: u64,
}

impl Copy<'_> {
    /// The values of a row; nothing where one of them cannot be read.
    pub(super) fn read(&self, row: &Row<'_>) -> Option<Vec<Value>> {
        (0..self.width)
            .map(|at| row.get::<_, Value>(at).ok())
            .collect()
    }

    /// Stores a row; whether it was taken. What the new store takes for no such row, or has already, is not.
    pub(super) fn put(&mut self, values: Vec<Value>) -> Result<bool, Failure> {
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
