//! The ledger: how an entry is hashed, chained, written and read. Append-only.

use super::failure::{Failure, FailureKind};
use super::write::Tx;
use super::{Store, natural, text};
use crate::domain::event::{Entry, Event};
use crate::domain::instant::Instant;
use crate::domain::privacy::Texts;
use crate::domain::ticket::Marks;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, params};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, HashMap};

/// A SHA-256.
pub(super) type Digest = [u8; 32];

/// The algorithm written today.
pub(super) const SHA_256: i64 = 1;

/// The `prev` of the first entry.
pub(super) const GENESIS: Digest = [0; 32];

/// Entries about the store, not about a ticket.
pub(super) mod kind {
    pub(in crate::store) const STORE_CREATED: &str = "store_created";
    pub(in crate::store) const OPERATOR_CHANGED: &str = "operator_changed";
    pub(in crate::store) const GATEWAYS_CHANGED: &str = "gateways_changed";
    pub(in crate::store) const HANDED_OVER: &str = "handed_over";
    pub(in crate::store) const TAKEN_OVER: &str = "taken_over";
    pub(in crate::store) const API_KEY_MADE: &str = "api_key_made";
    pub(in crate::store) const API_KEY_REVOKED: &str = "api_key_revoked";
    pub(in crate::store) const VIEWED: &str = "viewed";
}

/// `SHA-256(domain ‖ prefix ‖ each field as type byte, length, bytes)`: no two lists of fields look the same.
pub(super) fn digest<'a>(
    domain: &[u8],
    prefix: &[u8],
    fields: impl IntoIterator<Item = ValueRef<'a>>,
) -> Digest {
    // One piece: hashing many small ones costs more than copying them together.
    let mut bytes = Vec::with_capacity(1024);
    bytes.extend_from_slice(domain);
    bytes.extend_from_slice(prefix);
    for field in fields {
        let integer;
        let (kind, value): (u8, &[u8]) = match field {
            ValueRef::Null => (0, &[]),
            ValueRef::Integer(value) => {
                integer = value.to_be_bytes();
                (1, &integer)
            }
            ValueRef::Text(text) => (2, text),
            ValueRef::Blob(blob) => (3, blob),
            ValueRef::Real(value) => {
                integer = value.to_bits().cast_signed().to_be_bytes();
                (4, &integer)
            }
        };
        bytes.push(kind);
        bytes.extend_from_slice(&(value.len() as u64).to_be_bytes());
        bytes.extend_from_slice(value);
    }
    Sha256::digest(&bytes).into()
}

/// The hash of an entry; `fields` are its columns from `seq` to `alg`.
pub(super) fn event_hash<'a>(
    prev: &[u8],
    fields: impl IntoIterator<Item = ValueRef<'a>>,
) -> Digest {
    digest(b"fenbo-event-v1\0", prev, fields)
}

/// What the ledger holds of the personal texts.
pub(super) fn commitment(salt: &[u8], texts: &Texts) -> Digest {
    let own = [
        &texts.title,
        &texts.content,
        &texts.address,
        &texts.requester.name,
        &texts.requester.phone,
        &texts.requester.email,
        &texts.requester.address,
    ];
    let raw = texts.raw.iter().flat_map(|(column, value)| [column, value]);
    digest(
        b"fenbo-text-v1\0",
        salt,
        own.into_iter()
            .chain(raw)
            .map(|text| ValueRef::Text(text.as_bytes())),
    )
}

/// An entry before it is chained.
pub(super) struct Draft<'a> {
    pub(super) ticket_id: Option<i64>,
    pub(super) at: Instant,
    pub(super) by: &'a str,
    pub(super) kind: &'a str,
    pub(super) data: &'a str,
    pub(super) marks: Marks,
    pub(super) commitment: Option<&'a Digest>,
    pub(super) state_hash: Option<&'a Digest>,
}

impl<'a> Draft<'a> {
    /// An entry about the store, not about a ticket.
    pub(super) fn about_store(kind: &'a str, data: &'a str, by: &'a str, at: Instant) -> Self {
        Self {
            ticket_id: None,
            at,
            by,
            kind,
            data,
            marks: Marks::default(),
            commitment: None,
            state_hash: None,
        }
    }
}

/// Where an entry goes, and how many columns it has.
pub(super) const COLUMNS: &str = "event (seq, ticket_id, at, by, kind, data, warn_at, due_at, stage_due_at, \
     commitment, state_hash, alg, prev, hash)";
pub(super) const WIDTH: usize = 14;

/// The columns of an entry from `seq` to `alg`, as they are hashed and written.
pub(super) fn fields<'a>(seq: i64, draft: &'a Draft<'a>) -> [ValueRef<'a>; 12] {
    let integer = |value: Option<i64>| value.map_or(ValueRef::Null, ValueRef::Integer);
    let instant = |at: Option<Instant>| integer(at.map(|at| at.0));
    let blob = |value: Option<&'a Digest>| {
        value.map_or(ValueRef::Null, |digest| ValueRef::Blob(digest.as_slice()))
    };
    [
        ValueRef::Integer(seq),
        integer(draft.ticket_id),
        ValueRef::Integer(draft.at.0),
        ValueRef::Text(draft.by.as_bytes()),
        ValueRef::Text(draft.kind.as_bytes()),
        ValueRef::Text(draft.data.as_bytes()),
        instant(draft.marks.warn_at),
        instant(draft.marks.due_at),
        instant(draft.marks.stage_due_at),
        blob(draft.commitment),
        blob(draft.state_hash),
        ValueRef::Integer(SHA_256),
    ]
}

/// The last entry's place and hash; `(0, GENESIS)` when there is none.
pub(super) fn head(store: &Store) -> Result<(i64, Digest), Failure> {
    Ok(store
        .conn
        .prepare_cached("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .unwrap_or((0, GENESIS)))
}

impl Tx<'_> {
    /// The ledger's end as this transaction sees it.
    pub(super) fn head_in(&self) -> Result<(i64, Digest), Failure> {
        self.head.get().map_or_else(|| head(self), Ok)
    }

    /// Chains and writes an entry; its place.
    pub(super) fn chain(&self, draft: &Draft<'_>) -> Result<i64, Failure> {
        self.settle()?;
        let (last, prev) = self.head_in()?;
        let seq = last + 1;
        let fields = fields(seq, draft);
        let hash = event_hash(&prev, fields);
        let mut statement = self.conn.prepare_cached(&format!(
            "INSERT INTO {COLUMNS} VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
        ))?;
        statement.execute(rusqlite::params_from_iter(
            fields
                .into_iter()
                .chain([ValueRef::Blob(&prev), ValueRef::Blob(&hash)])
                .map(ToSqlOutput::Borrowed),
        ))?;
        self.head.set(Some((seq, hash)));
        Ok(seq)
    }
}

/// An entry of a row `seq, no, at, by, kind, data`.
fn entry(row: &rusqlite::Row<'_>) -> Result<Entry, Failure> {
    Ok(Entry {
        seq: row.get(0)?,
        no: row.get(1)?,
        at: Instant(row.get(2)?),
        by: row.get(3)?,
        event: serde_json::from_str(text(row, 5)?)?,
    })
}

/// Entries of many tickets: one that cannot be read costs itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entries {
    /// Those that can be read, in their order.
    pub readable: Vec<Entry>,
    /// The tickets of which one cannot, each with why.
    pub unread: BTreeMap<String, String>,
}

/// All that can be read of rows [`ENTRY`].
pub(super) fn readable(mut rows: rusqlite::Rows<'_>) -> Result<Entries, Failure> {
    let mut entries = Entries::default();
    while let Some(row) = rows.next()? {
        match entry(row) {
            Ok(entry) => entries.readable.push(entry),
            Err(failure) if failure.kind == FailureKind::Damaged => {
                let no = String::from_utf8_lossy(row.get_ref(1)?.as_bytes().unwrap_or_default());
                entries.unread.insert(no.into_owned(), failure.cause);
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(entries)
}

/// All that is left of them.
fn entries(mut rows: rusqlite::Rows<'_>) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(entry(row)?);
    }
    Ok(entries)
}

pub(super) const ENTRY: &str = "e.seq, t.no, e.at, e.by, e.kind, e.data";

impl Store {
    /// A ticket's entries, oldest first; empty when there is no such ticket.
    pub fn ledger(&self, no: &str) -> Result<Vec<Entry>, Failure> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {ENTRY} FROM ticket t JOIN event e ON e.ticket_id = t.id WHERE t.no = ? ORDER BY e.seq"
        ))?;
        entries(statement.query([no])?)
    }

    /// The entries of these tickets by their keys, each oldest first, by one question.
    pub fn ledgers(&self, ids: &[i64]) -> Result<HashMap<i64, Vec<Entry>>, Failure> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {ENTRY}, t.id FROM json_each(?) j CROSS JOIN ticket t ON t.id = j.value \
             CROSS JOIN event e ON e.ticket_id = t.id ORDER BY j.key, e.seq"
        ))?;
        let mut rows = statement.query([serde_json::to_string(ids)?])?;
        let mut ledgers: HashMap<i64, Vec<Entry>> = HashMap::with_capacity(ids.len());
        while let Some(row) = rows.next()? {
            ledgers.entry(row.get(6)?).or_default().push(entry(row)?);
        }
        Ok(ledgers)
    }

    /// A ticket's last entry.
    pub fn last_entry(&self, no: &str) -> Result<Option<Entry>, Failure> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {ENTRY} FROM ticket t JOIN event e ON e.ticket_id = t.id WHERE t.no = ? ORDER BY e.seq DESC LIMIT 1"
        ))?;
        let mut rows = statement.query([no])?;
        rows.next()?.map(entry).transpose()
    }

    /// Tickets' entries after a place in the ledger, oldest first, at most `n`.
    pub fn entries_after(&self, seq: i64, n: usize) -> Result<Vec<Entry>, Failure> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {ENTRY} FROM event e JOIN ticket t ON t.id = e.ticket_id WHERE e.seq > ? ORDER BY e.seq LIMIT ?"
        ))?;
        entries(statement.query(params![seq, n as i64])?)
    }

    /// What was taken into the case library, out of it, and ruled after a place in the ledger, oldest first.
    pub fn precedents_after(&self, seq: i64) -> Result<Entries, Failure> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {ENTRY} FROM event e INDEXED BY event_of_precedent JOIN ticket t ON t.id = e.ticket_id \
             WHERE e.kind IN ('case_kept', 'case_dropped', 'ruled') AND e.seq > ? ORDER BY e.seq"
        ))?;
        readable(statement.query([seq])?)
    }

    /// How many papers of the ladder were issued with numbers of a year.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn papers_issued(&self, year: &str) -> Result<u64, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM event WHERE kind = 'escalated' \
                 AND instr(json_extract(data, '$.data.paper'), ?) > 0",
            )?
            .query_row([format!("〔{year}〕")], |row| natural(row, 0))?)
    }

    /// The ledger's last place and hash: what is published outside the file.
    pub fn head(&self) -> Result<(i64, String), Failure> {
        let (seq, hash) = head(self)?;
        Ok((seq, hex(&hash)))
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

/// The JSON of an event.
pub(super) fn data(event: &Event) -> Result<String, Failure> {
    Ok(serde_json::to_string(event)?)
}
