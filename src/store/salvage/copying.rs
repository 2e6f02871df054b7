//! The readable rows of a damaged file's tables, taken one by one past whatever cannot be read.
//!
//! Start at [`copy_table`].

use super::super::failure::Failure;
use super::super::natural;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, Row, params_from_iter};

/// Takes a row; `false` where what stands in it cannot be read.
type Take<'a> = &'a mut dyn FnMut(&Row<'_>) -> Result<bool, rusqlite::Error>;

/// Copies a table's readable rows; how many could not be read, and 1 for the damage where a small table breaks off.
pub(super) fn copy_table(from: &Connection, to: &Connection, table: &str) -> Result<u64, Failure> {
    // A schema that cannot be read any more has lost the table.
    let Ok(there) = columns(from, table) else {
        return Ok(1);
    };
    let mut columns = columns(to, table)?;
    columns.retain(|column| there.contains(column));
    if columns.is_empty() {
        return Ok(1);
    }
    let list = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let mut put = to.prepare(&format!(
        "INSERT OR IGNORE INTO {table} ({list}) VALUES ({marks})"
    ))?;
    let mut copy = |row: &Row<'_>| {
        let values = (0..columns.len()).map(|at| row.get::<_, Value>(at));
        let Ok(values) = values.collect::<Result<Vec<_>, _>>() else {
            return Ok(false);
        };
        // What the new file has already, it keeps; what it takes for no such row is lost.
        let done = match put.execute(params_from_iter(values)) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => 0,
            done => done?,
        };
        Ok(done == 1 || table == "setting")
    };
    match table {
        "ticket" | "outbox" => by_key(from, table, &list, "id", &mut copy),
        "event" => by_key(from, table, &list, "seq", &mut copy),
        "ticket_text" | "ticket_code" => by_key(from, table, &list, "ticket_id", &mut copy),
        _ => until_damage(from, table, &list, &mut copy),
    }
}

/// The names of a table's columns, as far as they are text; none where there is no such table.
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

/// Takes a small table's rows until the damage; how many could not be read, and 1 for the damage when there was some.
fn until_damage(
    from: &Connection,
    table: &str,
    columns: &str,
    take: Take<'_>,
) -> Result<u64, Failure> {
    let Ok(mut all) = from.prepare(&format!("SELECT {columns} FROM {table}")) else {
        return Ok(1);
    };
    let mut rows = all.query([])?;
    let mut lost = 0;
    loop {
        match rows.next() {
            Ok(Some(row)) => lost += u64::from(!take(row)?),
            Ok(None) => return Ok(lost),
            Err(_) => return Ok(lost + 1),
        }
    }
}

/// So many keys in a row that cannot be read are the end: an inner page of the file leads to fewer rows.
const BLIND: u64 = 1_000_000;

/// The least that a row of a table taken by its key can be long, in bytes.
const SHORTEST_ROW: u64 = 16;

/// Takes a table's rows in the order of their keys, past whatever is damaged; how many could not be read, and 1 where
/// nothing can be read any more to the end.
fn by_key(
    from: &Connection,
    table: &str,
    columns: &str,
    key: &str,
    take: Take<'_>,
) -> Result<u64, Failure> {
    let Ok(mut next) = from.prepare(&format!(
        "SELECT {columns}, {key} FROM {table} WHERE {key} >= ? ORDER BY {key} LIMIT 1"
    )) else {
        return Ok(1);
    };
    let key_at = next.column_count() - 1;
    let size: u64 = from.query_row(
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
        [],
        |row| natural(row, 0),
    )?;
    let most_blind = BLIND.min(size / SHORTEST_ROW);
    let (mut at, mut lost, mut blind) = (1_i64, 0, 0);
    loop {
        let mut rows = next.query([at])?;
        let read = match rows.next() {
            Ok(None) => break,
            Ok(Some(row)) => Some(row),
            Err(_) => None,
        };
        if let Some(row) = read {
            lost += blind + u64::from(!take(row)?);
            blind = 0;
            // A damaged key must not lead back.
            at = at.max(row.get(key_at).unwrap_or(at));
        } else {
            blind += 1;
            if blind > most_blind {
                break;
            }
        }
        let Some(following) = at.checked_add(1) else {
            break;
        };
        at = following;
    }
    Ok(lost + u64::from(blind > 0))
}
