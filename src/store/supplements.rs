//! Letters that joined a ticket: their words beside the ledger, which holds only a commitment to them.

use super::Store;
use super::failure::Failure;
use super::ledger::{Digest, digest, hex};
use super::search::fresh_salt;
use super::write::Tx;
use crate::domain::supplement::LetterText;
use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, params};

/// What the ledger holds of a letter's words.
pub(super) fn commitment(salt: &[u8], text: &LetterText) -> Digest {
    let own = [&text.sender, &text.title, &text.content];
    digest(
        b"fenbo-letter-v1\0",
        salt,
        own.into_iter()
            .chain(&text.names)
            .map(|text| ValueRef::Text(text.as_bytes())),
    )
}

impl Store {
    /// A ticket's letters by their numbers; the words of an erased one are empty.
    pub fn letters(&self, id: i64) -> Result<Vec<(u32, LetterText)>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT number, words FROM supplement WHERE ticket_id = ? ORDER BY number",
        )?;
        let mut rows = statement.query([id])?;
        let mut letters = Vec::new();
        while let Some(row) = rows.next()? {
            let words = row
                .get_ref(1)?
                .as_str_or_null()
                .map_err(rusqlite::Error::from)?;
            let text = words.map(serde_json::from_str).transpose()?;
            letters.push((row.get(0)?, text.unwrap_or_default()));
        }
        Ok(letters)
    }

    /// The ticket that a mail with one of these Message-IDs made or joined, the first that is known; and which of the
    /// ticket's letters it is where it joined.
    pub fn by_message<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a String>,
    ) -> Result<Option<(String, Option<u32>)>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT no, NULL FROM ticket WHERE external_no = ?1 UNION ALL \
             SELECT t.no, s.number FROM supplement s JOIN ticket t ON t.id = s.ticket_id WHERE s.message_id = ?1 LIMIT 1",
        )?;
        for id in ids {
            let found = statement
                .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

impl Tx<'_> {
    /// Stores the words of a letter, by which its ticket is found from now on; what the ledger is to hold of them, in
    /// hexadecimal.
    pub fn keep_letter(
        &self,
        id: i64,
        number: u32,
        message_id: &str,
        text: &LetterText,
    ) -> Result<String, Failure> {
        let salt = fresh_salt()?;
        let words = serde_json::to_string(text)?;
        self.reindexed(id, || {
            self.conn
                .prepare_cached(
                    "INSERT INTO supplement (ticket_id, number, message_id, salt, words) VALUES (?, ?, ?, ?, ?)",
                )?
                .execute(params![id, number, message_id, salt, words])?;
            Ok(())
        })?;
        Ok(hex(&commitment(&salt, text)))
    }
}
