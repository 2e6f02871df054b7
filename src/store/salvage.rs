//! What can be saved of a damaged file: every row that can still be read, copied into a new store. Nothing is invented.
//!
//! Start at [`salvage`].

use super::failure::Failure;
use super::open::connect;
use super::row::{self, place};
use super::write::{lift, put_back};
use super::{Access, Store};
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, ErrorCode, Row, params_from_iter};
use std::path::Path;

/// What could be saved of a damaged file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Salvage {
    /// Tickets copied.
    pub tickets: u64,
    /// Ledger entries copied.
    pub events: u64,
    /// Letters of the outbox copied, sent ones among them.
    pub letters: u64,
    /// Forms not yet sent, copied.
    pub drafts: u64,
    /// Rows that could not be read, and tables broken off.
    pub lost: u64,
}

/// Copies every row that can still be read by its key from a damaged file into a new store at `to`.
///
/// The new store has the readable tickets with their texts, ledgers as they stand (gaps included, which `verify`
/// names), letters that wait, forms not yet sent, and freshly made counts and search; nothing is invented.
pub fn salvage(
    from: &Path,
    to: &Path,
    founder: &Operator,
    now: Instant,
) -> Result<Salvage, Failure> {
    let damaged = connect(from, Access::ReadOnly)?;
    let store = Store::create(to, founder, now, false)?;
    salvaging(&store, |conn| {
        let mut done = Salvage::default();
        for table in [
            "setting",
            "number_sequence",
            "operator",
            "ticket",
            "ticket_text",
            "ticket_department",
            "supplement",
            "ticket_code",
            "api_key",
            "notice",
            "outbox",
            "digest_line",
            "draft",
            "event",
        ] {
            let (copied, lost) = copy_table(&damaged, conn, table)?;
            match table {
                "ticket" => done.tickets = copied,
                "event" => done.events = copied,
                "outbox" => done.letters = copied,
                "draft" => done.drafts = copied,
                _ => {}
            }
            done.lost += lost;
        }
        Ok(done)
    })
}

/// Takes a row; `false` where what stands in it cannot be read.
type Take<'a> = &'a mut dyn FnMut(&Row<'_>) -> Result<bool, rusqlite::Error>;

/// Copies a table's readable rows; how many, and how many could not be read.
fn copy_table(from: &Connection, to: &Connection, table: &str) -> Result<(u64, u64), Failure> {
    let columns: Vec<String> = {
        let statement = to.prepare(&format!("SELECT * FROM {table} LIMIT 0"))?;
        let names = statement.column_names().map(|name| format!("\"{name}\""));
        names.collect()
    };
    let list = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let mut put = to.prepare(&format!(
        "INSERT OR IGNORE INTO {table} ({list}) VALUES ({marks})"
    ))?;
    let mut copied = 0;
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
        copied += done as u64;
        Ok(done == 1 || table == "setting")
    };
    let lost = match table {
        "ticket" | "outbox" => by_key(from, table, &list, "id", &mut copy)?,
        "event" => by_key(from, table, &list, "seq", &mut copy)?,
        "ticket_text" => by_key(from, table, &list, "ticket_id", &mut copy)?,
        _ => until_damage(from, table, &list, &mut copy)?,
    };
    Ok((copied, lost))
}

/// Takes a small table's rows until the damage; how many could not be read, and 1 for the damage when there was some.
fn until_damage(
    from: &Connection,
    table: &str,
    columns: &str,
    take: Take<'_>,
) -> Result<u64, Failure> {
    let mut lost = 0;
    if let Ok(mut all) = from.prepare(&format!("SELECT {columns} FROM {table}"))
        && let Ok(mut rows) = all.query([])
    {
        loop {
            match rows.next() {
                Ok(Some(row)) => lost += u64::from(!take(row)?),
                Ok(None) => break,
                Err(_) => return Ok(lost + 1),
            }
        }
    }
    Ok(lost)
}

/// So many keys in a row that cannot be read are the end: an inner page of the file leads to fewer rows.
const BLIND: u64 = 1_000_000;

/// Takes a table's rows in the order of their keys, past whatever is damaged; how many could not be read, and 1 where
/// nothing can be read any more to the end.
fn by_key(
    from: &Connection,
    table: &str,
    columns: &str,
    key: &str,
    take: Take<'_>,
) -> Result<u64, Failure> {
    let mut next = from.prepare(&format!(
        "SELECT {columns}, {key} FROM {table} WHERE {key} >= ? ORDER BY {key} LIMIT 1"
    ))?;
    let key_at = next.column_count() - 1;
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
            if blind > BLIND {
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

/// Rows copied from a damaged file, as they are: the ledger's guard is lifted for this one transaction, and counts
/// and search are made anew from the rows.
fn salvaging<T>(
    store: &Store,
    work: impl FnOnce(&Connection) -> Result<T, Failure>,
) -> Result<T, Failure> {
    store.write(|tx| {
        let conn = &tx.conn;
        let guards = lift(conn, &["event_follows", "event_never_goes"])?;
        conn.execute_batch("PRAGMA defer_foreign_keys = ON; DELETE FROM event; DELETE FROM operator;")?;
        let done = work(conn)?;
        conn.execute_batch(
            "DELETE FROM ticket_text WHERE ticket_id NOT IN (SELECT id FROM ticket);
             DELETE FROM ticket_department WHERE ticket_id NOT IN (SELECT id FROM ticket);
             DELETE FROM ticket_code WHERE ticket_id NOT IN (SELECT id FROM ticket);
             DELETE FROM notice WHERE ticket_id NOT IN (SELECT id FROM ticket);
             DELETE FROM supplement WHERE ticket_id NOT IN (SELECT id FROM ticket);
             INSERT OR IGNORE INTO ticket_text (ticket_id, content, address, name, phone, email, home_address)
               SELECT id, '', '', '', '', '', '' FROM ticket;
             DELETE FROM event WHERE ticket_id IS NOT NULL AND ticket_id NOT IN (SELECT id FROM ticket);
             DELETE FROM tally;",
        )?;
        let ids = conn
            .prepare("SELECT id FROM ticket ORDER BY id")?
            .query_map([], |row| row.get::<_, i64>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        for id in ids {
            let no: String = conn
                .prepare_cached("SELECT no FROM ticket WHERE id = ?")?
                .query_row([id], |row| row.get(0))?;
            let Some((_, columns)) = tx.before(&no)? else {
                continue;
            };
            let columns_ref: Vec<ValueRef<'_>> = columns.iter().map(ValueRef::from).collect();
            // What names no departments is in nobody's list, and `verify` names it.
            let departments =
                row::departments(columns_ref[place::LEAD], columns_ref[place::ASSISTING])
                    .unwrap_or_default();
            let codes: Vec<&str> = departments.iter().map(String::as_str).collect();
            tx.tally.borrow_mut().count(&columns_ref, &codes, 1);
            tx.put_departments(id, &columns_ref, &codes)?;
            tx.index_new(id, columns[place::IS_OPEN] == Value::Integer(1))?;
        }
        put_back(conn, &guards)?;
        Ok(done)
    })
}
