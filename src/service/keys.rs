//! API keys of other systems: made and shown once, kept as a hash, revoked for ever; each change stands in the ledger.

use super::{Centre, NotDone};
use crate::domain::instant::Instant;
use crate::domain::refusal::Refusal;
use crate::store::Failure;
use sha2::{Digest, Sha256};

pub use crate::store::ApiKey;

/// Channels that the program and its documents name themselves.
const CHANNELS: [&str; 17] = [
    "12345",
    "app",
    "counter",
    "desk",
    "email",
    "fax",
    "hotline",
    "leader",
    "mail",
    "open311",
    "phone",
    "sms",
    "visit",
    "web",
    "wechat",
    "weibo",
    "微信公众号",
];

/// Whether a name is one that requests bear who came in by another way.
fn is_channel(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    name.is_empty() || CHANNELS.contains(&name.as_str())
}

impl Centre {
    /// Makes a key for another system, whose requests bear its name as their channel. The key itself: it is not kept.
    ///
    /// # Errors
    /// [`NotDone::Refused`] for all but administrators, or when the name is taken by a key or a channel or is more than a line;
    /// [`NotDone::Failed`] when it cannot be written.
    pub fn make_api_key(&mut self, name: &str, now: Instant) -> Result<String, NotDone> {
        self.administrator()?;
        let by = self.operator.code.clone();
        self.store.write(|tx| {
            let taken = tx.api_keys()?.iter().any(|key| key.name == name);
            if taken
                || name.contains(char::is_control)
                || is_channel(name)
                || tx.has_channel(name)?
            {
                return Err(NotDone::Refused(Refusal::NoChange));
            }
            let key = format!("fk_{}", tx.random_secret()?);
            tx.put_api_key(name, &hash(&key), &by, now)?;
            Ok(key)
        })
    }

    /// Ends a key by its name.
    ///
    /// # Errors
    /// [`NotDone::Refused`] for all but administrators; [`NotDone::NotFound`] when there is none in force of this name.
    pub fn revoke_api_key(&mut self, name: &str, now: Instant) -> Result<(), NotDone> {
        self.administrator()?;
        let by = self.operator.code.clone();
        self.store.write(|tx| {
            if tx.revoke_api_key(name, &by, now)? {
                Ok(())
            } else {
                Err(NotDone::NotFound {
                    asked: name.to_owned(),
                })
            }
        })
    }

    /// Every key there is or was, by name.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn api_keys(&self) -> Result<Vec<ApiKey>, Failure> {
        self.store.api_keys()
    }

    /// Whose key this is; nobody's when it was revoked.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn api_key(&self, key: &str) -> Result<Option<ApiKey>, Failure> {
        self.store.api_key(&hash(key))
    }
}

/// 160 random bits need no salt and no slow hash.
fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}
