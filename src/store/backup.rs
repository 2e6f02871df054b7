//! Copies of the store: an online backup, verified before it bears its name, and what can be saved of a damaged file.

use super::failure::{Failure, FailureKind};
use super::open::{connect, reach};
use super::verify::Report;
use super::{Access, Store};
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use rusqlite::limits::Limit;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::fs;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// What could be saved of a damaged file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Salvage {
    /// Tickets copied.
    pub tickets: u64,
    /// Ledger entries copied.
    pub events: u64,
    /// Keys of tickets and entries that could not be read.
    pub lost: u64,
}

impl Store {
    /// Writes a compact copy to `to`, which must not exist, and beside it the attached files that are not there yet; all of
    /// it is verified before it bears that name. Mode 0600.
    pub fn backup(&self, to: &Path) -> Result<Report, Failure> {
        if fs::symlink_metadata(to).is_ok() {
            return Err(Failure::new(
                FailureKind::AlreadyThere,
                format!("{} is already there", to.display()),
            ));
        }
        // Another ending of the same name: so its attached files are already those of the copy.
        let making = to.with_extension(format!("new-{}", std::process::id()));
        // VACUUM INTO writes into an empty file that is there: so it has the right mode from the start.
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&making)?;
        let done = self.copy_to(&making).and_then(|report| {
            fs::hard_link(&making, to)?;
            Ok(report)
        });
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let mut leftover = making.clone().into_os_string();
            leftover.push(suffix);
            drop(fs::remove_file(leftover));
        }
        let report = done?;
        if let Some(folder) = to.parent().filter(|f| !f.as_os_str().is_empty()) {
            fs::File::open(folder)?.sync_all()?;
        }
        Ok(report)
    }

    fn copy_to(&self, making: &Path) -> Result<Report, Failure> {
        let (conn, _) = reach(&self.path, Access::ReadOnly)?;
        conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
        let name = making.to_str().ok_or_else(|| {
            Failure::new(
                FailureKind::Io,
                format!("{} is not UTF-8", making.display()),
            )
        })?;
        conn.execute("VACUUM INTO ?", [name])?;
        drop(conn);
        fs::set_permissions(making, fs::Permissions::from_mode(0o600))?;
        fs::File::open(making)?.sync_all()?;
        let copy = Self::open(making, Access::ReadOnly)?;
        // After the rows: every file they name was there before them.
        self.copy_attachments_to(&copy)?;
        let report = copy.verify(|_, _| ())?;
        if !report.ok {
            return Err(Failure::damaged(format!(
                "the copy does not verify: {:?}",
                report.problems.first()
            )));
        }
        Ok(report)
    }

    /// Makes `to` from a backup, after verifying the backup; `to` must not exist.
    pub fn restore(backup: &Path, to: &Path) -> Result<Report, Failure> {
        Self::open(backup, Access::ReadOnly)?.backup(to)
    }
}

/// Copies every row that can still be read by its key from a damaged file into a new store at `to`.
///
/// The new store has the readable tickets with their texts, ledgers as they stand (gaps included, which `verify`
/// names), and freshly made counts and search; nothing is invented.
pub fn salvage(
    from: &Path,
    to: &Path,
    founder: &Operator,
    now: Instant,
) -> Result<Salvage, Failure> {
    let damaged = connect(from, Access::ReadOnly)?;
    let store = Store::create(to, founder, now, false)?;
    super::write::salvaging(&store, |conn| {
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
            "event",
        ] {
            let (copied, lost) = copy_table(&damaged, conn, table)?;
            match table {
                "ticket" => done.tickets = copied,
                "event" => done.events = copied,
                _ => {}
            }
            done.lost += lost;
        }
        Ok(done)
    })
}

/// Copies a table's readable rows; how many, and how many keys could not be read.
fn copy_table(from: &Connection, to: &Connection, table: &str) -> Result<(u64, u64), Failure> {
    let columns = {
        let statement = to.prepare(&format!("SELECT * FROM {table} LIMIT 0"))?;
        statement
            .column_names()
            .map(|name| format!("\"{name}\""))
            .collect::<Vec<_>>()
    };
    let list = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let put = format!("INSERT OR IGNORE INTO {table} ({list}) VALUES ({marks})");
    let mut put = to.prepare(&put)?;
    let mut copied = 0;
    let mut copy = |row: &rusqlite::Row<'_>| -> Result<(), rusqlite::Error> {
        let values = (0..columns.len())
            .map(|at| row.get::<_, Value>(at))
            .collect::<Result<Vec<_>, _>>()?;
        copied += put.execute(params_from_iter(values))? as u64;
        Ok(())
    };
    let by_key = matches!(table, "ticket" | "event" | "ticket_text");
    if !by_key {
        // Small tables without a rowid: read until the damage.
        let mut lost = 0;
        if let Ok(mut all) = from.prepare(&format!("SELECT {list} FROM {table}"))
            && let Ok(mut rows) = all.query([])
        {
            loop {
                match rows.next() {
                    Ok(Some(row)) => copy(row)?,
                    Ok(None) => break,
                    Err(_) => {
                        lost += 1;
                        break;
                    }
                }
            }
        }
        return Ok((copied, lost));
    }
    let key = match table {
        "ticket" => "id",
        "event" => "seq",
        _ => "ticket_id",
    };
    let last: i64 = from
        .query_row(&format!("SELECT max({key}) FROM {table}"), [], |row| {
            row.get::<_, Option<i64>>(0)
        })
        .unwrap_or_default()
        .unwrap_or_default();
    let mut one = from.prepare(&format!("SELECT {list} FROM {table} WHERE {key} = ?"))?;
    let mut lost = 0;
    for id in 1..=last {
        let mut rows = one.query([id])?;
        match rows.next() {
            Ok(Some(row)) => copy(row)?,
            Ok(None) => {}
            Err(_) => lost += 1,
        }
    }
    Ok((copied, lost))
}
