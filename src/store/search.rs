//! The search index: what of a ticket is findable, and keeping the index beside the tickets.
//!
//! There are two, `search_open` and `search_ended`, and a ticket's words stand in one of them: what is open is found without
//! passing over what has ended, however much that is.
//!
//! Words gathered by a transaction are indexed at its end, in one go: every other statement in between would
//! make SQLite write the index out.

use super::Store;
use super::failure::Failure;
use super::grams;
use super::write::{Pace, Tx};
use crate::domain::privacy::{Requester, Texts};
use crate::domain::supplement::LetterText;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;

/// Index changes to make at the end of a transaction.
#[derive(Debug, Default)]
pub(super) struct Pending {
    changes: Vec<Change>,
    bytes: usize,
    /// What is taken out leaves nothing in the pieces of an index that hold it; else it is only marked there, until they are
    /// merged.
    pub(super) without_trace: bool,
}

/// Bytes of new tickets' words kept until the end of a transaction.
const GATHERED: usize = 32 << 20;

#[derive(Debug)]
struct Change {
    id: i64,
    grams: String,
    index: Index,
    /// Put in, or taken out.
    is_new: bool,
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Index {
    Open,
    Ended,
}

impl Index {
    pub(super) const ALL: [Self; 2] = [Self::Open, Self::Ended];

    /// Where the words of an open ticket stand, or of one that has ended.
    pub(super) fn of(is_open: bool) -> Self {
        if is_open { Self::Open } else { Self::Ended }
    }

    fn other(self) -> Self {
        Self::of(self == Self::Ended)
    }

    pub(super) fn table(self) -> &'static str {
        match self {
            Self::Open => "search_open",
            Self::Ended => "search_ended",
        }
    }
}

impl Pending {
    /// Writes the changes, in their order, one index after the other.
    ///
    /// Of many at once each index gets one piece, which is not merged with others at once: see [`Store::tidy_search`].
    pub(super) fn flush(&mut self, conn: &Connection, pace: Pace) -> Result<(), Failure> {
        for index in Index::ALL {
            let table = index.table();
            if pace == Pace::Many {
                for (option, value) in GATHERING {
                    command(conn, table, option, value)?;
                }
            }
            if self.without_trace {
                command(conn, table, "flush", 0)?;
                command(conn, table, "secure-delete", 1)?;
            }
            let mut put =
                conn.prepare_cached(&format!("INSERT INTO {table} (rowid, grams) VALUES (?, ?)"))?;
            let mut take = conn.prepare_cached(&format!(
                "INSERT INTO {table} ({table}, rowid, grams) VALUES ('delete', ?, ?)"
            ))?;
            for change in self.changes.iter().filter(|one| one.index == index) {
                let statement = if change.is_new { &mut put } else { &mut take };
                statement.execute(params![change.id, change.grams])?;
            }
            if pace == Pace::Many {
                command(conn, table, "flush", 0)?;
                for (option, value) in USUAL {
                    command(conn, table, option, value)?;
                }
            }
            if self.without_trace {
                command(conn, table, "flush", 0)?;
                command(conn, table, "secure-delete", 0)?;
            }
        }
        self.without_trace = false;
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

/// What is indexed of a ticket, with the words of the letters that joined it.
pub(super) fn words(
    no: &str,
    external_no: Option<&str>,
    texts: &Texts,
    letters: &[LetterText],
) -> String {
    let own = [
        texts.title.as_str(),
        &texts.content,
        &texts.address,
        no,
        external_no.unwrap_or_default(),
    ];
    let joined = letters
        .iter()
        .flat_map(|letter| [letter.title.as_str(), &letter.content]);
    cut(own.into_iter().chain(joined))
}

/// A stored letter, unless it cannot be read: a search and what is indexed go on without it, and `verify` names it.
fn letter(stored: &str) -> Option<LetterText> {
    serde_json::from_str(stored).ok()
}

fn cut<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> String {
    let length: usize = texts.clone().map(str::len).sum();
    let mut grams = String::with_capacity(length * 3 + 128);
    for text in texts {
        grams::cut(text, &mut grams);
    }
    distinct(&grams)
}

/// Each gram once, in the order they come: the index keeps no places, and takes a second time only time.
fn distinct(grams: &str) -> String {
    let mut met = HashSet::with_capacity(grams.len() / 6);
    let mut once = String::with_capacity(grams.len());
    for gram in grams.split_terminator(' ').filter(|gram| met.insert(*gram)) {
        once.push_str(gram);
        once.push(' ');
    }
    once
}

/// Teaches a connection `fenbo_words(text, …)`: what [`words`] makes of the texts of a ticket and of its letters; and
/// `fenbo_letter(words)`: title and words of a letter, nothing where they were erased or cannot be read.
pub(super) fn teach(conn: &Connection, flags: FunctionFlags) -> Result<(), Failure> {
    conn.create_scalar_function("fenbo_letter", 1, flags, |context| {
        let stored = context.get_raw(0).as_str_or_null()?;
        Ok(stored
            .and_then(letter)
            .map(|one| one.title + "\n" + &one.content))
    })?;
    Ok(
        conn.create_scalar_function("fenbo_words", -1, flags, |context| {
            let mut texts = Vec::with_capacity(context.len());
            for at in 0..context.len() {
                if let found @ ValueRef::Text(_) = context.get_raw(at) {
                    texts.push(found.as_str()?);
                }
            }
            Ok(cut(texts.into_iter()))
        })?,
    )
}

/// `SELECT` of the tickets whose words match, each once; the question is to be bound once for every index.
pub(super) fn matching(indices: &[Index]) -> String {
    let each = indices.iter().map(|index| {
        let table = index.table();
        format!("SELECT rowid FROM {table} WHERE {table} MATCH ?")
    });
    each.collect::<Vec<_>>().join(" UNION ALL ")
}

impl Store {
    /// Merges what [`Store::write_many`] left in pieces, so that a search looks in few and no desk's act has to.
    pub fn tidy_search(&self) -> Result<(), Failure> {
        for index in Index::ALL {
            let table = index.table();
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

    /// Brings the index of the open tickets into one piece: in pieces, words of those that have ended are only marked as gone.
    pub(super) fn forget_ended(&self) -> Result<(), Failure> {
        let table = Index::Open.table();
        self.write(|tx| {
            let sql = format!("INSERT INTO {table} ({table}) VALUES ('optimize')");
            tx.conn.prepare_cached(&sql)?.execute([])?;
            Ok(())
        })
    }

    /// The keys of tickets with a gram, from `first` to `last`, the greatest first and at most `n`.
    pub(super) fn keys_with(
        &self,
        gram: &str,
        (first, last): (i64, i64),
        n: usize,
    ) -> Result<Vec<i64>, Failure> {
        let mut keys = Vec::new();
        for index in Index::ALL {
            let table = index.table();
            let mut statement = self.conn.prepare_cached(&format!(
                "SELECT rowid FROM {table} WHERE {table} MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?"
            ))?;
            let asked = params![format!("\"{gram}\""), first, last, n as i64];
            for key in statement.query_map(asked, |row| row.get(0))? {
                keys.push(key?);
            }
        }
        keys.sort_unstable_by_key(|key| std::cmp::Reverse(*key));
        keys.truncate(n);
        Ok(keys)
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
        let letters = self
            .conn
            .prepare_cached(
                "SELECT words FROM supplement WHERE ticket_id = ? AND words IS NOT NULL ORDER BY number",
            )?
            .query_map([id], |row| row.get::<_, String>(0))?
            .filter_map(|stored| stored.map(|stored| letter(&stored)).transpose())
            .collect::<Result<Vec<_>, _>>()?;
        Ok(self
            .conn
            .prepare_cached(
                "SELECT t.no, t.external_no, t.title, x.content, x.address \
                 FROM ticket t LEFT JOIN ticket_text x ON x.ticket_id = t.id WHERE t.id = ?",
            )?
            .query_row([id], |row| {
                let text = |at: usize| {
                    row.get::<_, Option<String>>(at)
                        .map(Option::unwrap_or_default)
                };
                let texts = Texts {
                    title: text(2)?,
                    content: text(3)?,
                    address: text(4)?,
                    ..Texts::default()
                };
                Ok(words(&text(0)?, Some(&text(1)?), &texts, &letters))
            })?)
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
            index: Index::of(open),
            is_new: true,
        });
        if words.bytes > GATHERED {
            words.flush(&self.conn, self.pace)?;
        }
        Ok(())
    }

    /// A ticket has opened or ended.
    pub(super) fn reindex_open(&self, id: i64, open: bool) -> Result<(), Failure> {
        let grams = self.stored_words(id)?;
        let index = Index::of(open);
        for (index, is_new) in [(index.other(), false), (index, true)] {
            self.words.borrow_mut().changes.push(Change {
                id,
                grams: grams.clone(),
                index,
                is_new,
            });
        }
        Ok(())
    }

    /// Indexes a stored ticket that is in no index yet.
    pub(super) fn index_new(&self, id: i64, open: bool) -> Result<(), Failure> {
        let grams = self.stored_words(id)?;
        self.index_words(id, grams, open)
    }

    /// Does what changes a stored ticket's words, or those of its letters, and has them indexed as they are then.
    pub(super) fn reindexed<T>(
        &self,
        id: i64,
        change: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let open: bool = self
            .conn
            .prepare_cached("SELECT is_open FROM ticket WHERE id = ?")?
            .query_row([id], |row| row.get(0))?;
        let old = self.stored_words(id)?;
        let done = change()?;
        for (grams, is_new) in [(old, false), (self.stored_words(id)?, true)] {
            self.words.borrow_mut().changes.push(Change {
                id,
                grams,
                index: Index::of(open),
                is_new,
            });
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_gram_is_indexed_once_whichever_text_it_is_in() {
        let grams = cut(["路灯", "路灯不亮", "", "P-1", ""].into_iter());
        assert_eq!(grams, "路 路灯 灯 灯不 不 不亮 亮 p 1 ");
    }
}
