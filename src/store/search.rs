//! The search index: what of a ticket is findable, and keeping the index beside the tickets.
//!
//! Words gathered by a transaction are indexed at its end, in one go: every other statement in between would
//! make SQLite write the index out.

use super::Store;
use super::failure::Failure;
use super::grams;
use super::write::{Pace, Tx};
use crate::domain::privacy::{Requester, Texts};
use rusqlite::{Connection, OptionalExtension, params};

/// Index changes to make at the end of a transaction.
#[derive(Debug, Default)]
pub(super) struct Pending {
    changes: Vec<Change>,
    bytes: usize,
}

/// Bytes of new tickets' words kept until the end of a transaction.
const GATHERED: usize = 32 << 20;

#[derive(Debug)]
struct Change {
    id: i64,
    grams: String,
    /// In the index of all tickets: add, take out, or leave.
    all: Option<bool>,
    /// In the index of open tickets.
    open: Option<bool>,
}

impl Pending {
    /// Writes the changes, in their order, one index after the other.
    ///
    /// Of many at once each index gets one piece, which is not merged with others at once: see [`Store::tidy_search`].
    pub(super) fn flush(&mut self, conn: &Connection, pace: Pace) -> Result<(), Failure> {
        for table in ["search_all", "search_open"] {
            if pace == Pace::Many {
                for (option, value) in GATHERING {
                    command(conn, table, option, value)?;
                }
            }
            let mut put =
                conn.prepare_cached(&format!("INSERT INTO {table} (rowid, grams) VALUES (?, ?)"))?;
            let mut take = conn.prepare_cached(&format!(
                "INSERT INTO {table} ({table}, rowid, grams) VALUES ('delete', ?, ?)"
            ))?;
            for change in &self.changes {
                let which = if table == "search_all" {
                    change.all
                } else {
                    change.open
                };
                if let Some(add) = which {
                    let statement = if add { &mut put } else { &mut take };
                    statement.execute(params![change.id, change.grams])?;
                }
            }
            if pace == Pace::Many {
                command(conn, table, "flush", 0)?;
                for (option, value) in USUAL {
                    command(conn, table, option, value)?;
                }
            }
        }
        self.changes.clear();
        self.bytes = 0;
        Ok(())
    }
}

/// How an index takes the words of many: all of them in memory, however many pieces there are already.
const GATHERING: [(&str, i64); 3] = [
    ("hashsize", GATHERED as i64),
    ("automerge", 0),
    ("crisismerge", 1_000),
];

/// How it takes those of an act: from four pieces of a size on it merges them, a little with each change.
const USUAL: [(&str, i64); 2] = [("automerge", 4), ("crisismerge", 16)];

/// Pages of an index that are merged in one transaction.
const MERGED_AT_ONCE: i64 = 4_000;

fn command(conn: &Connection, table: &str, command: &str, value: i64) -> Result<(), Failure> {
    conn.prepare_cached(&format!(
        "INSERT INTO {table} ({table}, rank) VALUES (?, ?)"
    ))?
    .execute(params![command, value])?;
    Ok(())
}

/// What the file a ticket came from said beside, as it is stored; nothing where there is none.
pub(super) fn raw_json(texts: &Texts) -> Result<Option<String>, Failure> {
    let some = (!texts.raw.is_empty()).then_some(&texts.raw);
    Ok(some.map(serde_json::to_string).transpose()?)
}

/// What is indexed of a ticket.
pub(super) fn words(no: &str, external_no: Option<&str>, texts: &Texts) -> String {
    let mut grams = String::with_capacity(texts.content.len() * 3 + 128);
    for text in [
        texts.title.as_str(),
        &texts.content,
        &texts.address,
        no,
        external_no.unwrap_or_default(),
    ] {
        grams::cut(text, &mut grams);
    }
    grams
}

impl Store {
    /// Merges what [`Store::write_many`] left in pieces, so that a search looks in few and no desk's act has to.
    pub fn tidy_search(&self) -> Result<(), Failure> {
        for table in ["search_all", "search_open"] {
            loop {
                let before = self.conn.total_changes();
                self.write(|tx| command(&tx.conn, table, "merge", MERGED_AT_ONCE))?;
                // One change is the question itself.
                if self.conn.total_changes() - before < 2 {
                    break;
                }
                self.give_way();
            }
        }
        Ok(())
    }

    /// A ticket's words and requester; nothing when there is no such ticket.
    pub fn texts(&self, no: &str) -> Result<Option<Texts>, Failure> {
        let found = self
            .conn
            .prepare_cached(
                "SELECT t.title, x.content, x.address, x.name, x.phone, x.email, x.home_address, x.raw \
                 FROM ticket t JOIN ticket_text x ON x.ticket_id = t.id WHERE t.no = ?",
            )?
            .query_row([no], |row| {
                let raw: Option<String> = row.get(7)?;
                let texts = Texts {
                    title: row.get(0)?,
                    content: row.get(1)?,
                    address: row.get(2)?,
                    requester: Requester {
                        name: row.get(3)?,
                        phone: row.get(4)?,
                        email: row.get(5)?,
                        address: row.get(6)?,
                    },
                    raw: Vec::new(),
                };
                Ok((texts, raw))
            })
            .optional()?;
        Ok(match found {
            Some((texts, Some(raw))) => Some(Texts {
                raw: serde_json::from_str(&raw)?,
                ..texts
            }),
            Some((texts, None)) => Some(texts),
            None => None,
        })
    }

    /// What is indexed of a stored ticket.
    pub(super) fn stored_words(&self, id: i64) -> Result<String, Failure> {
        let (no, external_no): (String, Option<String>) = self
            .conn
            .prepare_cached("SELECT no, external_no FROM ticket WHERE id = ?")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let texts = self.texts(&no)?.unwrap_or_default();
        Ok(words(&no, external_no.as_deref(), &texts))
    }
}

/// Bytes nobody can guess, for a commitment to texts.
pub(super) fn fresh_salt() -> Result<[u8; 16], Failure> {
    let mut salt = [0; 16];
    rustix::rand::getrandom(&mut salt, rustix::rand::GetRandomFlags::empty())
        .map_err(std::io::Error::from)?;
    Ok(salt)
}

impl Tx<'_> {
    /// Has the words of a new ticket indexed. Very many of them are not all kept in memory until the end.
    pub(super) fn index_words(&self, id: i64, grams: String, open: bool) -> Result<(), Failure> {
        let mut words = self.words.borrow_mut();
        words.bytes += grams.len();
        words.changes.push(Change {
            id,
            grams,
            all: Some(true),
            open: open.then_some(true),
        });
        if words.bytes > GATHERED {
            words.flush(&self.conn, self.pace)?;
        }
        Ok(())
    }

    /// Writes the row of texts with a fresh salt.
    pub(super) fn put_text_row(&self, id: i64, texts: &Texts) -> Result<[u8; 16], Failure> {
        let salt = fresh_salt()?;
        let raw = raw_json(texts)?;
        let phone = grams::reversed_digits(&texts.requester.phone);
        self.conn
            .prepare_cached(
                "INSERT INTO ticket_text (ticket_id, salt, content, address, name, phone, reversed_phone, email, home_address, raw) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET salt = excluded.salt, \
                 content = excluded.content, address = excluded.address, name = excluded.name, phone = excluded.phone, \
                 reversed_phone = excluded.reversed_phone, email = excluded.email, home_address = excluded.home_address, raw = excluded.raw",
            )?
            .execute(params![
                id,
                salt,
                texts.content,
                texts.address,
                texts.requester.name,
                texts.requester.phone,
                (!phone.is_empty()).then_some(phone),
                texts.requester.email,
                texts.requester.address,
                raw,
            ])?;
        Ok(salt)
    }

    /// A ticket has opened or ended.
    pub(super) fn reindex_open(&self, id: i64, open: bool) -> Result<(), Failure> {
        let grams = self.stored_words(id)?;
        self.words.borrow_mut().changes.push(Change {
            id,
            grams,
            all: None,
            open: Some(open),
        });
        Ok(())
    }

    /// Indexes a stored ticket that is in no index yet.
    pub(super) fn index_new(&self, id: i64, open: bool) -> Result<(), Failure> {
        let grams = self.stored_words(id)?;
        self.index_words(id, grams, open)
    }

    /// Replaces what is indexed of a ticket whose texts have changed.
    pub(super) fn reindex(&self, id: i64, old: String, new: String, open: bool) {
        for (grams, add) in [(old, false), (new, true)] {
            self.words.borrow_mut().changes.push(Change {
                id,
                grams,
                all: Some(add),
                open: open.then_some(add),
            });
        }
    }
}
