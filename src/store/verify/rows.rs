//! Every ticket's row, words, letters and files against what the ledger made of it.

use super::{Check, Problem, Replayed};
use crate::domain::privacy::Texts;
use crate::store::counts::Tally;
use crate::store::failure::Failure;
use crate::store::ledger::{self, hex};
use crate::store::row::{self, Made, NAMES, place};
use crate::store::supplements;
use rusqlite::OptionalExtension;
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::collections::BTreeMap;

impl Check<'_> {
    /// Every row against the ledger, its texts against their commitment, and the counts against a recount.
    pub(super) fn rows(&mut self) -> Result<(), Failure> {
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
                .map(|words| hex(&supplements::commitment(&salt, &words)));
            let told = made.letters.get((number as usize).wrapping_sub(1));
            agree &= told.is_some() && told == held.ok().as_ref();
        }
        if !agree || found != made.letters.len() {
            self.found(Problem::Texts { no: no.to_owned() });
        }
        Ok(())
    }
}
