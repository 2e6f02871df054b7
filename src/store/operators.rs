//! Operators: a table for asking, and an entry of the ledger for every change.

use super::Store;
use super::failure::Failure;
use super::ledger::{Draft, kind};
use super::write::Tx;
use crate::domain::instant::Instant;
use crate::domain::operator::{Operator, Roles};
use rusqlite::{OptionalExtension, params};

fn operator(row: &rusqlite::Row<'_>) -> Result<Operator, Failure> {
    let roles: String = row.get(2)?;
    Ok(Operator {
        code: row.get(0)?,
        name: row.get(1)?,
        roles: serde_json::from_str::<Roles>(&roles)?,
        department: row.get(3)?,
        active: row.get(4)?,
    })
}

impl Store {
    /// Every operator, by code.
    pub fn operators(&self) -> Result<Vec<Operator>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT code, name, roles, department, active FROM operator ORDER BY code",
        )?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(operator(row)?);
        }
        Ok(all)
    }

    /// The operator of a code.
    pub fn operator(&self, code: &str) -> Result<Option<Operator>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT code, name, roles, department, active FROM operator WHERE code = ?",
        )?;
        let mut rows = statement.query([code])?;
        rows.next()?.map(operator).transpose()
    }

    /// The code of the operator who created the store, by the ledger's first entry.
    pub fn owner(&self) -> Result<Option<String>, Failure> {
        Ok(self
            .conn
            .prepare_cached("SELECT by FROM event WHERE seq = 1")?
            .query_row([], |row| row.get(0))
            .optional()?)
    }
}

impl Tx<'_> {
    /// Adds or changes an operator; `by` did it at `at`.
    pub fn put_operator(&self, operator: &Operator, by: &str, at: Instant) -> Result<(), Failure> {
        self.operator_entry(kind::OPERATOR_CHANGED, operator, by, at)
    }

    /// The ledger's first entry: who created the store.
    pub(super) fn found(&self, founder: &Operator, at: Instant) -> Result<(), Failure> {
        self.operator_entry(kind::STORE_CREATED, founder, &founder.code, at)
    }

    fn operator_entry(
        &self,
        kind: &str,
        operator: &Operator,
        by: &str,
        at: Instant,
    ) -> Result<(), Failure> {
        self.operator_row(operator)?;
        let data = serde_json::to_string(operator)?;
        self.chain(&Draft::about_store(kind, &data, by, at))?;
        Ok(())
    }

    /// Writes an operator's row, without an entry of the ledger.
    pub(super) fn operator_row(&self, operator: &Operator) -> Result<(), Failure> {
        self.conn
            .prepare_cached(
                "INSERT INTO operator (code, name, roles, department, active) VALUES (?, ?, ?, ?, ?) \
                 ON CONFLICT DO UPDATE SET name = excluded.name, roles = excluded.roles, \
                 department = excluded.department, active = excluded.active",
            )?
            .execute(params![
                operator.code,
                operator.name,
                serde_json::to_string(&operator.roles)?,
                operator.department,
                operator.active
            ])?;
        Ok(())
    }
}
