//! API keys: a table for asking, and an entry of the ledger for every change.

use super::failure::Failure;
use super::ledger::{Draft, hex, kind};
use super::write::Tx;
use super::{Store, instant};
use crate::domain::instant::Instant;
use rusqlite::{OptionalExtension, Row, params};

/// Bytes of a key.
const SECRET: usize = 20;

/// A key of another system, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The store's own number of it.
    pub id: i64,
    /// Whose it is; the channel of the requests it hands in.
    pub name: String,
    /// When it was made.
    pub made_at: Instant,
    /// When it ended.
    pub revoked_at: Option<Instant>,
}

const KEY: &str = "id, name, made_at, revoked_at";

fn api_key(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    Ok(ApiKey {
        id: row.get(0)?,
        name: row.get(1)?,
        made_at: Instant(row.get(2)?),
        revoked_at: instant(row, 3)?,
    })
}

impl Store {
    /// Every key, by name.
    pub fn api_keys(&self) -> Result<Vec<ApiKey>, Failure> {
        Ok(self
            .conn
            .prepare_cached(&format!("SELECT {KEY} FROM api_key ORDER BY name"))?
            .query_map([], api_key)?
            .collect::<Result<_, _>>()?)
    }

    /// The key in force that has this hash.
    pub fn api_key(&self, hash: &[u8; 32]) -> Result<Option<ApiKey>, Failure> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT {KEY} FROM api_key WHERE hash = ? AND revoked_at IS NULL"
            ))?
            .query_row([hash.as_slice()], api_key)
            .optional()?)
    }
}

impl Tx<'_> {
    /// Whether any request bears this channel.
    pub fn has_channel(&self, channel: &str) -> Result<bool, Failure> {
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM ticket WHERE channel = ?)")?
            .query_row([channel], |row| row.get(0))?)
    }

    /// A secret for a key, in hexadecimal: 160 random bits.
    pub fn random_secret(&self) -> Result<String, Failure> {
        let random: [u8; SECRET] = self
            .conn
            .prepare_cached("SELECT randomblob(?)")?
            .query_row([SECRET as i64], |row| row.get(0))?;
        Ok(hex(&random))
    }

    /// Keeps a new key's hash.
    pub fn put_api_key(
        &self,
        name: &str,
        hash: &[u8; 32],
        by: &str,
        at: Instant,
    ) -> Result<(), Failure> {
        self.conn
            .prepare_cached("INSERT INTO api_key (name, hash, made_at) VALUES (?, ?, ?)")?
            .execute(params![name, hash.as_slice(), at.0])?;
        self.key_entry(kind::API_KEY_MADE, name, by, at)
    }

    /// Ends a key; whether there was one in force.
    pub fn revoke_api_key(&self, name: &str, by: &str, at: Instant) -> Result<bool, Failure> {
        let ended = self
            .conn
            .prepare_cached(
                "UPDATE api_key SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL",
            )?
            .execute(params![at.0, name])?;
        if ended > 0 {
            self.key_entry(kind::API_KEY_REVOKED, name, by, at)?;
        }
        Ok(ended > 0)
    }

    fn key_entry(&self, kind: &str, name: &str, by: &str, at: Instant) -> Result<(), Failure> {
        let data = serde_json::json!({ "name": name }).to_string();
        self.chain(&Draft::about_store(kind, &data, by, at))?;
        Ok(())
    }
}
