//! Gateways: logins that may act for other operators, such as the account a jump host works under.
//!
//! Kept as a setting for asking; every change is an entry of the ledger, and `verify` compares the two.

use super::Store;
use super::failure::Failure;
use super::ledger::{Draft, kind};
use super::write::Tx;
use crate::domain::instant::Instant;
use std::collections::BTreeSet;

/// The setting's name: logins apart by spaces.
const GATEWAYS: &str = "gateways";

impl Store {
    /// The logins that may act for others.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn gateways(&self) -> Result<BTreeSet<String>, Failure> {
        let all = self.setting(GATEWAYS)?.unwrap_or_default();
        Ok(all.split_whitespace().map(str::to_owned).collect())
    }
}

impl Tx<'_> {
    /// Settles which logins may act for others; `by` did it at `at`.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub fn put_gateways(
        &self,
        logins: &BTreeSet<String>,
        by: &str,
        at: Instant,
    ) -> Result<(), Failure> {
        let joined: Vec<&str> = logins.iter().map(String::as_str).collect();
        self.set_setting(GATEWAYS, &joined.join(" "))?;
        let data = serde_json::to_string(logins)?;
        self.chain(&Draft::about_store(kind::GATEWAYS_CHANGED, &data, by, at))?;
        Ok(())
    }
}
