//! What can be saved of a damaged file: every row that can still be read, copied into a new store, and every ticket whose
//! row is gone or false made again from its ledger. Nothing is invented.
//!
//! Start at [`salvage`].

mod copying;
mod numbered;
mod numbers;
mod operators;
mod rebuilding;

use super::attachments::{folder_beside, kept_in};
use super::backup::{Beside, under_its_name};
use super::failure::{Failure, FailureKind};
use super::open::reach_damaged;
use super::row::{self, place};
use super::verify::Report;
use super::write::{Tx, lift, put_back};
use super::{Store, natural};
use crate::domain::instant::Instant;
use crate::domain::operator::{Operator, Role};
use copying::copy_table;
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};
use std::fs;
use std::path::Path;

/// What could be saved of a damaged file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salvage {
    /// Tickets in the new store.
    pub tickets: u64,
    /// Tickets among them whose row was gone or false, and was made again from the ledger.
    pub rebuilt: u64,
    /// Ledger entries in the new store.
    pub events: u64,
    /// Letters of the outbox, sent ones among them.
    pub letters: u64,
    /// Forms not yet sent.
    pub drafts: u64,
    /// Rows and attached files that could not be read or belong to nothing any more, and tables broken off.
    pub lost: u64,
    /// What a verification of the new store found.
    pub report: Report,
}

/// What is copied, in this order; counts, search and the rest of the tables follow from it.
const COPIED: [&str; 13] = [
    "setting",
    "number_sequence",
    "operator",
    "ticket",
    "ticket_text",
    "supplement",
    "ticket_code",
    "api_key",
    "notice",
    "outbox",
    "digest_line",
    "draft",
    "event",
];

/// More tickets than these have no day's numbers.
const MOST_NUMBERS: i64 = 100_000_000;

/// Copies every row that can still be read from a damaged file into a new store at `to`, which must not exist; and the
/// attached files with them.
///
/// The new store has the readable tickets with their texts, ledgers as they stand (gaps included, which `verify` names),
/// letters that wait, forms not yet sent, and freshly made counts and search. A row that the ledger proves wrong, or that
/// is gone, is made from the ledger; its title, which stands nowhere else, stays empty. Where nobody is left who
/// administers the store, `founder` does from `now` on; the store remembers a `pinned` now.
///
/// # Errors
/// [`Failure`] when the file is no store or its first page cannot be read, or the new one cannot be written.
pub fn salvage(
    from: &Path,
    to: &Path,
    founder: &Operator,
    now: Instant,
    pinned: bool,
) -> Result<Salvage, Failure> {
    let damaged = reach_damaged(from)?;
    // All tables as they were at one moment, whoever works with the file.
    damaged.execute_batch("BEGIN")?;
    under_its_name(to, Beside::Nothing, |making| {
        let store = Store::create(making, founder, now, pinned)?;
        store.set_bulk(true)?;
        let (rebuilt, mut lost) = store.write(|tx| salvaging(tx, &damaged, (founder, now)))?;
        store.set_bulk(false)?;
        lost += save_attachments(from, &store);
        bring_home(&store)?;
        let report = store.verify(|_, _| ())?;
        let count = |table: &str| {
            let sql = format!("SELECT count(*) FROM {table}");
            store.conn.query_row(&sql, [], |row| natural(row, 0))
        };
        let saved = Salvage {
            tickets: count("ticket")?,
            rebuilt,
            events: count("event")?,
            letters: count("outbox")?,
            drafts: count("draft")?,
            lost,
            report,
        };
        store
            .conn
            .close()
            .map_err(|(_, error)| Failure::from(error))?;
        fs::File::open(making)?.sync_all()?;
        Ok(saved)
    })
}

/// Brings all that was written into the one file that is to bear the name: closing would not tell that it had no room.
fn bring_home(store: &Store) -> Result<(), Failure> {
    let (busy, written, home): (i64, i64, i64) =
        store
            .conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
    if busy != 0 || written != home {
        let cause = format!("{home} of {written} pages came home");
        return Err(Failure::new(FailureKind::Io, cause));
    }
    Ok(())
}

/// Rows copied as they are: the guards of ledger and numbers are lifted for this one transaction. How many tickets were
/// made again, and how much is lost.
fn salvaging(
    tx: &Tx<'_>,
    damaged: &Connection,
    (founder, now): (&Operator, Instant),
) -> Result<(u64, u64), Failure> {
    let conn = &tx.conn;
    let guards = lift(
        conn,
        &[
            "event_follows",
            "event_never_goes",
            "ticket_keeps_its_number",
        ],
    )?;
    conn.execute_batch("PRAGMA defer_foreign_keys = ON; DELETE FROM event; DELETE FROM operator;")?;
    let mut lost = 0;
    for table in COPIED {
        lost += copy_table(damaged, conn, table)?;
    }
    let is_empty: bool = conn.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM event) AND NOT EXISTS (SELECT 1 FROM ticket)",
        [],
        |row| row.get(0),
    )?;
    if is_empty {
        return Err(Failure::damaged("no ticket and no entry can be read"));
    }
    let rebuilt = tx.rebuild_tickets()?;
    lost += drop_orphans(conn)?;
    tx.restore_operators()?;
    derive(tx)?;
    put_back(conn, &guards)?;
    let administers =
        |operator: &Operator| operator.active && operator.roles.has(Role::Administrator);
    if !tx.operators()?.iter().any(administers) {
        tx.put_operator(founder, &founder.code, now)?;
    }
    Ok((rebuilt, lost))
}

/// Drops what belongs to tickets that are lost; how many rows.
fn drop_orphans(conn: &Connection) -> Result<u64, Failure> {
    let mut lost = 0;
    for table in [
        "ticket_text",
        "ticket_code",
        "notice",
        "supplement",
        "event",
    ] {
        lost += conn.execute(
            &format!(
                "DELETE FROM {table} WHERE ticket_id IS NOT NULL AND ticket_id NOT IN (SELECT id FROM ticket)"
            ),
            [],
        )? as u64;
    }
    Ok(lost)
}

/// Makes anew what follows from the tickets' rows: counts, departments, search, and when the sweep looks again.
fn derive(tx: &Tx<'_>) -> Result<(), Failure> {
    let conn = &tx.conn;
    conn.execute_batch(
        "INSERT OR IGNORE INTO ticket_text (ticket_id, content, address, name, phone, email, home_address)
           SELECT id, '', '', '', '', '', '' FROM ticket;
         DELETE FROM sweep_due;
         INSERT INTO sweep_due (ticket_id, at) SELECT id, 0 FROM ticket WHERE is_open = 1;
         DELETE FROM tally;",
    )?;
    // A number beyond these is none that was given: none after it could be.
    conn.execute("DELETE FROM number_sequence WHERE last > ?", [MOST_NUMBERS])?;
    conn.execute(
        "INSERT INTO number_sequence (day, last)
           SELECT substr(no, 1, 8), max(CAST(substr(no, 10) AS INTEGER)) AS most FROM ticket
           WHERE no GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-[0-9]*'
             AND CAST(substr(no, 10) AS INTEGER) BETWEEN 1 AND ? GROUP BY 1
           ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
        [MOST_NUMBERS],
    )?;
    let numbers = conn
        .prepare("SELECT no FROM ticket ORDER BY id")?
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    for no in numbers {
        let Some((id, columns)) = tx.before(&no)? else {
            continue;
        };
        let values: Vec<ValueRef<'_>> = columns.iter().map(ValueRef::from).collect();
        // What names no departments is in nobody's list, and `verify` names it.
        let departments =
            row::departments(values[place::LEAD], values[place::ASSISTING]).unwrap_or_default();
        let codes: Vec<&str> = departments.iter().map(String::as_str).collect();
        tx.tally.borrow_mut().count(&values, &codes, 1);
        tx.put_departments(id, &values, &codes)?;
        tx.index_new(id, columns[place::IS_OPEN] == Value::Integer(1))?;
    }
    Ok(())
}

/// Keeps the attached files beside the new store as well; how many could not be read or kept.
fn save_attachments(from: &Path, store: &Store) -> u64 {
    let Ok(files) = kept_in(&folder_beside(from)) else {
        return 1;
    };
    let mut lost = 0;
    for (sha256, file) in files {
        let saved = fs::read(&file)
            .map_err(Failure::from)
            .and_then(|bytes| store.keep_attachment(&sha256, &bytes));
        lost += u64::from(saved.is_err());
    }
    lost
}
