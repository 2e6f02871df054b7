//! Whether the file tells the truth: the ledger is replayed and compared with everything kept beside it.

use super::counts::Tally;
use super::failure::{Failure, FailureKind};
use super::heads::Head;
use super::ledger::{self, Digest, GENESIS, SHA_256, event_hash, hex, kind};
use super::row::{self, Made, NAMES, place};
use super::search::Index;
use super::{Store, marks, natural};
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use crate::domain::privacy::Texts;
use crate::domain::ticket::{Marks, Ticket};
use crate::domain::viewed::Viewing;
use rusqlite::OptionalExtension;
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// SQLite's own check found the file damaged.
    File {
        /// In SQLite's words.
        what: String,
    },
    /// An entry of the ledger is missing before this one.
    Gap {
        /// The entry found.
        seq: i64,
    },
    /// An entry does not follow the one before.
    Chain {
        /// The entry.
        seq: i64,
    },
    /// An entry's content is not what was hashed.
    Content {
        /// The entry.
        seq: i64,
    },
    /// An entry's event cannot be read, or does not begin or follow a ticket.
    Event {
        /// The entry.
        seq: i64,
    },
    /// The ticket after an entry is not the one whose hash the entry carries.
    State {
        /// The entry.
        seq: i64,
    },
    /// A column of a ticket's row is not what the ledger makes.
    Row {
        /// The ticket.
        no: String,
        /// The column.
        column: &'static str,
    },
    /// A ticket's texts are not those the ledger holds a commitment to.
    Texts {
        /// The ticket.
        no: String,
    },
    /// A file that a ticket's ledger says is kept beside the store is gone, or is another.
    Attachment {
        /// The ticket.
        no: String,
        /// The file's hash.
        sha256: String,
    },
    /// A ticket has no ledger.
    Unknown {
        /// The ticket.
        no: String,
    },
    /// An operator is not as the ledger says.
    Operator {
        /// The operator.
        code: String,
    },
    /// The logins that may act for others are not those of the ledger.
    Gateways,
    /// A kept count is not the recount.
    Count {
        /// The department, or nothing for everybody.
        scope: String,
        /// What is counted.
        what: String,
        /// Hours or days since 1970, or 0.
        bucket: i64,
    },
    /// Who sees a ticket is not what its lead and assisting departments say.
    Departments {
        /// The ticket.
        no: String,
    },
    /// A ticket's number is beyond the last one given on its day.
    Number {
        /// The ticket.
        no: String,
    },
    /// A ticket's words are not found by the search.
    Search {
        /// The ticket.
        no: String,
    },
    /// The ledger does not pass through a head that was published: it was cut, written anew, or put back from an older copy.
    Published(Head),
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whether everything agrees.
    pub ok: bool,
    /// Entries read.
    pub events: u64,
    /// Tickets compared.
    pub tickets: u64,
    /// The last entry's hash.
    pub head: String,
    /// What does not agree; at most [`MOST`].
    pub problems: Vec<Problem>,
}

/// More problems than this are not listed.
pub const MOST: usize = 1_000;

/// How many tickets the search is asked for: each question reads whole lists of hits.
const SEARCHED: usize = 40;

/// How many grams are asked for at once.
const TOGETHER: usize = 64;

/// A ticket as the ledger makes it.
struct Replayed {
    ticket: Ticket,
    marks: Marks,
    commitment: Option<Vec<u8>>,
    /// What the ledger holds of each letter's words, in order.
    letters: Vec<String>,
    /// The files it says are kept.
    files: Vec<String>,
}

struct Check<'a> {
    store: &'a Store,
    problems: Vec<Problem>,
    events: u64,
    head: Digest,
    tickets: BTreeMap<i64, Replayed>,
    operators: BTreeMap<String, Operator>,
    gateways: BTreeSet<String>,
}

impl Store {
    /// Replays the ledger and compares: chain, rows, texts, operators, counts, departments, search, and the file itself.
    ///
    /// `progress` is told entries done and entries in all.
    pub fn verify(&self, mut progress: impl FnMut(u64, u64)) -> Result<Report, Failure> {
        // One snapshot for all of it, whatever other desks write meanwhile.
        self.set_bulk(true)?;
        self.conn.execute_batch("BEGIN")?;
        let done = self.verify_now(&mut progress);
        self.conn.execute_batch("COMMIT")?;
        self.set_bulk(false)?;
        let mut report = done?;
        self.forgive_erased(&mut report);
        Ok(report)
    }

    /// A file that a ticket had when the verification began, and that went with an erasing since, is not missing.
    fn forgive_erased(&self, report: &mut Report) {
        let is_file = |problem: &Problem| matches!(problem, Problem::Attachment { .. });
        if !report.problems.iter().any(is_file) {
            return;
        }
        // Where the ledger cannot be read, that is among the problems already.
        if let Ok(stand) = self.files_that_stand() {
            report.problems.retain(|problem| match problem {
                Problem::Attachment { sha256, .. } => stand.contains(sha256),
                _ => true,
            });
        }
        report.ok = report.problems.is_empty();
    }

    fn verify_now(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Report, Failure> {
        let mut check = Check {
            store: self,
            problems: Vec::new(),
            events: 0,
            head: GENESIS,
            tickets: BTreeMap::new(),
            operators: BTreeMap::new(),
            gateways: BTreeSet::new(),
        };
        check.file()?;
        for done in [
            check.ledger(progress),
            check.rows(),
            check.numbers(),
            check.operators(),
            check.search(),
        ] {
            match done {
                Err(Failure {
                    kind: FailureKind::Damaged,
                    cause,
                }) => check.found(Problem::File { what: cause }),
                other => other?,
            }
        }
        Ok(Report {
            ok: check.problems.is_empty(),
            events: check.events,
            tickets: check.tickets.len() as u64,
            head: hex(&check.head),
            problems: check.problems,
        })
    }
}

impl Check<'_> {
    fn found(&mut self, problem: Problem) {
        if self.problems.len() < MOST {
            self.problems.push(problem);
        }
    }

    fn file(&mut self) -> Result<(), Failure> {
        let conn = &self.store.conn;
        let mut said = Vec::new();
        {
            let mut statement = conn.prepare("PRAGMA integrity_check(20)")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                said.push(row.get::<_, String>(0)?);
            }
            let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let table: String = row.get(0)?;
                said.push(format!("a row of {table} refers to nothing"));
            }
        }
        for what in said.into_iter().filter(|what| what != "ok") {
            self.found(Problem::File { what });
        }
        Ok(())
    }

    fn ledger(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Failure> {
        let all: u64 = self
            .store
            .conn
            .query_row("SELECT count(*) FROM event", [], |row| natural(row, 0))?;
        let mut statement = self.store.conn.prepare(
            "SELECT e.seq, e.ticket_id, e.at, e.by, e.kind, e.data, e.warn_at, e.due_at, e.stage_due_at, \
             e.commitment, e.state_hash, e.alg, e.prev, e.hash, t.no \
             FROM event e LEFT JOIN ticket t ON t.id = e.ticket_id ORDER BY e.seq",
        )?;
        let mut rows = statement.query([])?;
        let mut last = 0;
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            if seq != last + 1 {
                self.found(Problem::Gap { seq });
            }
            last = seq;
            self.entry(seq, row)?;
            self.events += 1;
            if self.events.is_multiple_of(1024) || self.events == all {
                progress(self.events, all);
            }
        }
        Ok(())
    }

    fn entry(&mut self, seq: i64, row: &rusqlite::Row<'_>) -> Result<(), Failure> {
        let blob = |at: usize| -> Result<Option<Vec<u8>>, rusqlite::Error> { row.get(at) };
        let (prev, hash) = (blob(12)?.unwrap_or_default(), blob(13)?.unwrap_or_default());
        if prev != self.head {
            self.found(Problem::Chain { seq });
        }
        let mut fields = [ValueRef::Null; 12];
        for (at, field) in fields.iter_mut().enumerate() {
            *field = row.get_ref(at)?;
        }
        if event_hash(&prev, fields).as_slice() != hash || fields[11] != ValueRef::Integer(SHA_256)
        {
            self.found(Problem::Content { seq });
        }
        if let Ok(hash) = Digest::try_from(hash) {
            self.head = hash;
        }
        let (at, by, code): (i64, String, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
        let data: String = row.get(5)?;
        let Some(id) = row.get::<_, Option<i64>>(1)? else {
            self.about_store(seq, &code, &data);
            return Ok(());
        };
        let commitment = blob(9)?;
        let no = row.get::<_, Option<String>>(14)?.unwrap_or_default();
        let event = serde_json::from_str::<Event>(&data).ok();
        let follows = match event.filter(|event| event.code() == code) {
            Some(event) => self.replay(
                id,
                &no,
                &event,
                (Instant(at), &by),
                marks(row, 6)?,
                commitment,
            ),
            None => false,
        };
        if !follows {
            self.found(Problem::Event { seq });
        }
        let state_hash = blob(10)?;
        if let Some(replayed) = self.tickets.get(&id) {
            let facts = row::facts(&replayed.ticket)?;
            let made = row::state_hash(&replayed.ticket, facts.as_bytes(), replayed.marks);
            if state_hash.as_deref() != Some(made.as_slice()) {
                self.found(Problem::State { seq });
            }
        }
        Ok(())
    }

    /// Takes an event into the ticket it is about; false when it neither begins nor follows one.
    fn replay(
        &mut self,
        id: i64,
        no: &str,
        event: &Event,
        (at, by): (Instant, &str),
        marks: Marks,
        commitment: Option<Vec<u8>>,
    ) -> bool {
        if let Some(replayed) = self.tickets.get_mut(&id) {
            match event {
                Event::Supplemented(letter) => replayed.letters.push(letter.commitment.clone()),
                Event::Erased { .. } => {
                    replayed.commitment = None;
                    replayed.files.clear();
                }
                _ => {}
            }
            let kept = event.files().iter().filter(|file| file.kept);
            replayed.files.extend(kept.map(|file| file.sha256.clone()));
            replayed.ticket.apply(event, at, by);
            replayed.marks = marks;
            return true;
        }
        let Some(ticket) = Ticket::begin(no, event, at) else {
            return false;
        };
        let replayed = Replayed {
            ticket,
            marks,
            commitment,
            letters: Vec::new(),
            files: Vec::new(),
        };
        self.tickets.insert(id, replayed);
        true
    }

    /// The files a ticket's entries say are kept must be there, whole.
    fn files(&mut self, no: &str, made: &Replayed) -> Result<(), Failure> {
        for sha256 in &made.files {
            if !self.store.attachment_is_whole(sha256)? {
                self.found(Problem::Attachment {
                    no: no.to_owned(),
                    sha256: sha256.clone(),
                });
            }
        }
        Ok(())
    }

    /// A ticket's letters must be those the ledger holds commitments to; erased ones are left out.
    fn letters(&mut self, id: i64, no: &str, made: &Replayed) -> Result<(), Failure> {
        let mut statement = self.store.conn.prepare_cached(
            "SELECT number, salt, words FROM supplement WHERE ticket_id = ? ORDER BY number",
        )?;
        let mut rows = statement.query([id])?;
        let mut agree = true;
        let mut found = 0;
        while let Some(row) = rows.next()? {
            found += 1;
            let (number, salt, words): (u32, Option<Vec<u8>>, Option<String>) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let (Some(salt), Some(words)) = (salt, words) else {
                continue;
            };
            let held = serde_json::from_str(&words)
                .map(|words| hex(&super::supplements::commitment(&salt, &words)));
            let told = made.letters.get((number as usize).wrapping_sub(1));
            agree &= told.is_some() && told == held.ok().as_ref();
        }
        if !agree || found != made.letters.len() {
            self.found(Problem::Texts { no: no.to_owned() });
        }
        Ok(())
    }

    fn about_store(&mut self, seq: i64, code: &str, data: &str) {
        let beside = [
            kind::HANDED_OVER,
            kind::TAKEN_OVER,
            kind::API_KEY_MADE,
            kind::API_KEY_REVOKED,
        ];
        if beside.contains(&code) {
            return;
        }
        if code == kind::VIEWED {
            if serde_json::from_str::<Viewing>(data).is_err() {
                self.found(Problem::Event { seq });
            }
            return;
        }
        if code == kind::GATEWAYS_CHANGED {
            match serde_json::from_str(data) {
                Ok(logins) => self.gateways = logins,
                Err(_) => self.found(Problem::Event { seq }),
            }
            return;
        }
        match serde_json::from_str::<Operator>(data) {
            Ok(operator) if [kind::STORE_CREATED, kind::OPERATOR_CHANGED].contains(&code) => {
                self.operators.insert(operator.code.clone(), operator);
            }
            _ => self.found(Problem::Event { seq }),
        }
    }

    fn operators(&mut self) -> Result<(), Failure> {
        let mut stored: BTreeMap<String, Operator> = self
            .store
            .operators()?
            .into_iter()
            .map(|operator| (operator.code.clone(), operator))
            .collect();
        let mut wrong = Vec::new();
        for (code, operator) in std::mem::take(&mut self.operators) {
            if stored.remove(&code) != Some(operator) {
                wrong.push(code);
            }
        }
        wrong.extend(stored.into_keys());
        for code in wrong {
            self.found(Problem::Operator { code });
        }
        if self.store.gateways()? != self.gateways {
            self.found(Problem::Gateways);
        }
        Ok(())
    }

    /// Every row against the ledger, its texts against their commitment, and the counts against a recount.
    fn rows(&mut self) -> Result<(), Failure> {
        let mut statement = self.store.conn.prepare(&format!(
            "SELECT id, no, title, facts, {} FROM ticket ORDER BY id",
            NAMES.join(", ")
        ))?;
        let mut rows = statement.query([])?;
        let mut tally = Tally::default();
        let mut replayed = std::mem::take(&mut self.tickets).into_iter().peekable();
        let mut kept = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (id, no): (i64, String) = (row.get(0)?, row.get(1)?);
            let mut columns = [ValueRef::Null; NAMES.len()];
            for (at, column) in columns.iter_mut().enumerate() {
                *column = row.get_ref(at + 4)?;
            }
            let departments = row::departments(columns[place::LEAD], columns[place::ASSISTING])?;
            let codes: Vec<&str> = departments.iter().map(String::as_str).collect();
            tally.count(&columns, &codes, 1);
            self.departments(id, &no, &columns, &codes)?;
            while replayed.peek().is_some_and(|(before, _)| *before < id) {
                if let Some((_, gone)) = replayed.next() {
                    self.found(Problem::Unknown {
                        no: gone.ticket.no.clone(),
                    });
                }
            }
            let Some((_, made)) = replayed.next_if(|(made, _)| *made == id) else {
                self.found(Problem::Unknown { no });
                continue;
            };
            self.row(&no, row, &columns, &made)?;
            kept.insert(id, made);
        }
        for (_, gone) in replayed {
            self.found(Problem::Unknown {
                no: gone.ticket.no.clone(),
            });
        }
        self.tickets = kept;
        self.counts(&tally)
    }

    fn row(
        &mut self,
        no: &str,
        row: &rusqlite::Row<'_>,
        columns: &[ValueRef<'_>],
        made: &Replayed,
    ) -> Result<(), Failure> {
        if row.get_ref(3)?.as_str().ok() != Some(row::facts(&made.ticket)?.as_str()) {
            self.found(Problem::Row {
                no: no.to_owned(),
                column: "facts",
            });
        }
        let texts = Made::of(&made.ticket)?;
        let expected = row::columns(&made.ticket, made.marks, &texts);
        for (at, expected) in expected.iter().enumerate() {
            if row::as_ref(expected) != columns[at] {
                self.found(Problem::Row {
                    no: no.to_owned(),
                    column: NAMES[at],
                });
            }
        }
        let id: i64 = row.get(0)?;
        let salt: Option<Vec<u8>> = self
            .store
            .conn
            .prepare_cached("SELECT salt FROM ticket_text WHERE ticket_id = ?")?
            .query_row([id], |row| row.get(0))
            .optional()?
            .flatten();
        let stored = self.store.texts(no)?;
        let agrees = match (&made.commitment, salt, stored) {
            (Some(promised), Some(salt), Some(texts)) => {
                ledger::commitment(&salt, &texts).as_slice() == promised.as_slice()
            }
            (None, None, Some(texts)) => texts == Texts::default(),
            _ => false,
        };
        if !agrees {
            self.found(Problem::Texts { no: no.to_owned() });
        }
        self.letters(id, no, made)?;
        self.files(no, made)
    }

    /// An ending finds the numbers up to the last one given on their day, and the next number is beyond it.
    fn numbers(&mut self) -> Result<(), Failure> {
        for no in self.store.beyond_given(MOST)? {
            self.found(Problem::Number { no });
        }
        Ok(())
    }

    fn departments(
        &mut self,
        id: i64,
        no: &str,
        columns: &[ValueRef<'_>],
        codes: &[&str],
    ) -> Result<(), Failure> {
        let mut statement = self.store.conn.prepare_cached(
            "SELECT is_open, due_key FROM ticket_department \
             WHERE department = ? AND created_at = ? AND ticket_id = ?",
        )?;
        let created_at = ToSqlOutput::Borrowed(columns[place::CREATED_AT]);
        for code in codes {
            let agrees = statement
                .query_row(rusqlite::params![code, created_at, id], |row| {
                    Ok(row.get_ref(0)? == columns[place::IS_OPEN]
                        && row.get_ref(1)? == columns[place::DUE_KEY])
                })
                .optional()?;
            if agrees != Some(true) {
                self.found(Problem::Departments { no: no.to_owned() });
            }
        }
        Ok(())
    }

    fn counts(&mut self, tally: &Tally) -> Result<(), Failure> {
        let mut recounted = tally.rows();
        // Each department of a ticket has one row, so as many rows as the recount has in "all" leave none over.
        let rows: i64 =
            self.store
                .conn
                .query_row("SELECT count(*) FROM ticket_department", [], |row| {
                    row.get(0)
                })?;
        let expected: i64 = recounted
            .iter()
            .filter(|((scope, what, _), _)| !scope.is_empty() && what == "all")
            .map(|(_, n)| n)
            .sum();
        if rows != expected {
            self.found(Problem::Departments { no: String::new() });
        }
        let mut statement = self
            .store
            .conn
            .prepare("SELECT scope, what, bucket, n FROM tally")?;
        let kept: HashMap<(String, String, i64), i64> = statement
            .query_map([], |row| {
                Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?))
            })?
            .collect::<Result<_, _>>()?;
        let mut wrong = Vec::new();
        for (key, n) in kept {
            if recounted.remove(&key) != Some(n) {
                wrong.push(key);
            }
        }
        wrong.extend(recounted.into_keys());
        wrong.sort();
        for (scope, what, bucket) in wrong {
            self.found(Problem::Count {
                scope,
                what,
                bucket,
            });
        }
        Ok(())
    }

    /// Some tickets, spread over all, must be found by every one of their grams in their own index, and not in the other.
    fn search(&mut self) -> Result<(), Failure> {
        for index in Index::ALL {
            let table = index.table();
            // A damaged index fails here.
            self.store
                .conn
                .prepare_cached(&format!(
                    "SELECT count(*) FROM {table} WHERE {table} MATCH 'x'"
                ))?
                .query_row([], |_| Ok(()))?;
        }
        let step = (self.tickets.len() / SEARCHED).max(1);
        let sample: Vec<(i64, String, bool)> = self
            .tickets
            .iter()
            .step_by(step)
            .map(|(id, made)| (*id, made.ticket.no.clone(), made.ticket.state.is_open()))
            .collect();
        for (id, no, open) in sample {
            let words = self.store.stored_words(id)?;
            let grams: Vec<String> = words
                .split_ascii_whitespace()
                .map(|gram| format!("\"{gram}\""))
                .collect();
            let mut missing = false;
            for asked in grams.chunks(TOGETHER) {
                for index in Index::ALL {
                    let (table, expected) = (index.table(), index == Index::of(open));
                    let there = self
                        .store
                        .conn
                        .prepare_cached(&format!(
                            "SELECT 1 FROM {table} WHERE {table} MATCH ? AND rowid = ?"
                        ))?
                        .query_row(rusqlite::params![asked.join(" AND "), id], |_| Ok(()))
                        .optional()?
                        .is_some();
                    missing |= there != expected;
                }
            }
            if missing {
                self.found(Problem::Search { no });
            }
        }
        Ok(())
    }
}
