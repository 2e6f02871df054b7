//! Operators as the ledger last says of each, where their rows are gone or cannot be read.

use super::super::failure::Failure;
use super::super::ledger::kind;
use super::super::write::Tx;
use crate::domain::operator::{Operator, Roles};
use std::collections::BTreeMap;

impl Tx<'_> {
    /// Brings back the operators whose rows are gone or cannot be read, as the ledger last says of each.
    pub(super) fn restore_operators(&self) -> Result<(), Failure> {
        let roles = self
            .conn
            .prepare("SELECT code, roles FROM operator")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<Vec<(String, String)>, _>>()?;
        for (code, roles) in roles {
            if serde_json::from_str::<Roles>(&roles).is_err() {
                self.conn
                    .execute("DELETE FROM operator WHERE code = ?", [code])?;
            }
        }
        let mut said = BTreeMap::new();
        let mut statement = self.conn.prepare(
            "SELECT data FROM event WHERE ticket_id IS NULL AND kind IN (?, ?) ORDER BY seq",
        )?;
        let mut rows = statement.query([kind::STORE_CREATED, kind::OPERATOR_CHANGED])?;
        while let Some(row) = rows.next()? {
            if let Ok(operator) = serde_json::from_str::<Operator>(&row.get::<_, String>(0)?) {
                said.insert(operator.code.clone(), operator);
            }
        }
        for operator in said.into_values() {
            if self.operator(&operator.code)?.is_none() {
                self.operator_row(&operator)?;
            }
        }
        Ok(())
    }
}
