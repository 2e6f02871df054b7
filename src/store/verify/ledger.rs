//! The ledger replayed, entry by entry: its chain, its content, and what it makes of tickets, operators and gateways.

use super::{Check, Problem, Replayed};
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use crate::domain::ticket::{Marks, Ticket};
use crate::domain::viewed::Viewing;
use crate::store::failure::Failure;
use crate::store::ledger::{Digest, SHA_256, event_hash, kind};
use crate::store::{marks, natural, row};
use rusqlite::types::ValueRef;
use std::collections::BTreeMap;

impl Check<'_> {
    pub(super) fn ledger(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Failure> {
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

    pub(super) fn operators(&mut self) -> Result<(), Failure> {
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
}
