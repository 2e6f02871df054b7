//! Schema versions: a list of migrations, each in one transaction; a newer file is refused.

use super::failure::{Failure, FailureKind};
use rusqlite::Connection;

/// "FNBO" at the head of every store.
pub(super) const APPLICATION_ID: i64 = 0x464e_424f;

/// Migration n takes schema n-1 to n.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_sweep.sql"),
    include_str!("migrations/0003_supplements.sql"),
    include_str!("migrations/0004_letters.sql"),
    include_str!("migrations/0005_requesters.sql"),
    include_str!("migrations/0006_reports.sql"),
    include_str!("migrations/0007_boards.sql"),
    include_str!("migrations/0008_false_closures.sql"),
    include_str!("migrations/0009_casebook.sql"),
    include_str!("migrations/0010_notices.sql"),
    include_str!("migrations/0011_merged.sql"),
    include_str!("migrations/0012_digest.sql"),
    include_str!("migrations/0013_fewer_indices.sql"),
    include_str!("migrations/0014_ended_words.sql"),
    include_str!("migrations/0015_letters_words.sql"),
    include_str!("migrations/0016_fewer_indices.sql"),
    include_str!("migrations/0017_lists_by_stage.sql"),
    include_str!("migrations/0018_views.sql"),
];

/// The newest schema this program knows.
pub(super) const KNOWN: i64 = MIGRATIONS.len() as i64;

/// The file's schema.
pub(super) fn version(conn: &Connection) -> Result<i64, Failure> {
    Ok(conn
        .prepare_cached("PRAGMA user_version")?
        .query_row([], |row| row.get(0))?)
}

/// Refuses what is not ours or newer than we know.
pub(super) fn check(conn: &Connection) -> Result<i64, Failure> {
    let application: i64 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(Failure::new(
            FailureKind::NotAStore,
            format!("the file's application id is {application:#x}"),
        ));
    }
    let found = version(conn)?;
    if found > KNOWN {
        return Err(Failure::new(
            FailureKind::Newer {
                found,
                known: KNOWN,
            },
            format!("the file has schema {found}, this program knows {KNOWN}"),
        ));
    }
    Ok(found)
}

/// Brings the file to the newest schema; each step is one transaction. Whether there was anything to do.
pub(super) fn migrate(conn: &Connection) -> Result<bool, Failure> {
    let mut has_changed = false;
    loop {
        let found = version(conn)?;
        let Some(step) = MIGRATIONS.get(found as usize) else {
            return Ok(has_changed);
        };
        has_changed = true;
        conn.execute_batch("BEGIN IMMEDIATE")?;
        // Another process may have migrated between the look and the lock.
        let done = version(conn).and_then(|now| {
            if now == found {
                conn.execute_batch(step)?;
                conn.execute_batch(&format!(
                    "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {};",
                    found + 1
                ))?;
            }
            conn.execute_batch("COMMIT")?;
            Ok(())
        });
        if let Err(failure) = done {
            // The first failure is the one to tell; a failed rollback leaves nothing committed either.
            drop(conn.execute_batch("ROLLBACK"));
            return Err(failure);
        }
    }
}
