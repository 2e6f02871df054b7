//! Which notices were written, and, by a trigger on the outbox, which of them went out.

use super::failure::Failure;
use super::write::Tx;
use super::{Store, natural};
use crate::domain::instant::Instant;
use rusqlite::params;

/// How many requests of a span were told, and of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoticeRates {
    /// 受理告知: told of the acceptance, of those accepted.
    pub accepted: (u64, u64),
    /// 办理告知: told of the answer, of those answered in public.
    pub replied: (u64, u64),
}

/// Accepted; or joined to one that is, where its requester is told apart from the others.
const ACCEPTED: &str = "t.facts ->> '$.filed_at' IS NOT NULL";
/// Answered in public: what a review may still send back is no answer yet.
const REPLIED: &str = "t.facts ->> '$.replied_at' IS NOT NULL \
     AND t.state IN ('callback', 'closed', 'archived', 'answered')";

impl Store {
    /// The rates of the requests created at or after the first and before the second moment. One that was merged counts
    /// where its requester is told apart: who asked twice is told once, and counts once.
    pub fn notice_rates(&self, from: Instant, to: Instant) -> Result<NoticeRates, Failure> {
        let rate = |kind: &str, is_due: &str| -> Result<(u64, u64), Failure> {
            let sql = format!(
                "SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM notice n \
                 WHERE n.ticket_id = t.id AND n.kind = ?3 AND n.sent_at IS NOT NULL)), count(*) \
                 FROM ticket t INDEXED BY ticket_by_created WHERE t.created_at >= ?1 AND t.created_at < ?2 \
                 AND ({is_due} OR EXISTS (SELECT 1 FROM notice n WHERE n.ticket_id = t.id AND n.kind = ?3))"
            );
            Ok(self
                .conn
                .prepare_cached(&sql)?
                .query_row(params![from.0, to.0, kind], |row| {
                    Ok((natural(row, 0)?, natural(row, 1)?))
                })?)
        };
        Ok(NoticeRates {
            accepted: rate("accepted", ACCEPTED)?,
            replied: rate("replied", REPLIED)?,
        })
    }

    /// Whether a notice of this kind was written for a ticket, sent or not.
    pub fn has_notice(&self, ticket_id: i64, kind: &str) -> Result<bool, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM notice WHERE ticket_id = ? AND kind = ?)",
            )?
            .query_row(params![ticket_id, kind], |row| row.get(0))?)
    }

    /// What was written for a ticket: key and when, sent or not.
    pub fn notices_of(&self, ticket_id: i64) -> Result<Vec<(String, Instant)>, Failure> {
        Ok(self
            .conn
            .prepare_cached("SELECT key, made_at FROM notice WHERE ticket_id = ?")?
            .query_map([ticket_id], |row| Ok((row.get(0)?, Instant(row.get(1)?))))?
            .collect::<Result<_, _>>()?)
    }

    /// The keys of the notices of this kind that were written for a ticket, sent or not.
    pub fn notice_keys(&self, ticket_id: i64, kind: &str) -> Result<Vec<String>, Failure> {
        Ok(self
            .conn
            .prepare_cached("SELECT key FROM notice WHERE ticket_id = ? AND kind = ?")?
            .query_map(params![ticket_id, kind], |row| row.get(0))?
            .collect::<Result<_, _>>()?)
    }
}

impl Tx<'_> {
    /// Notes that a notice was written under the key of its letter.
    pub fn put_notice(
        &self,
        key: &str,
        ticket_id: i64,
        kind: &str,
        now: Instant,
    ) -> Result<(), Failure> {
        self.conn
            .prepare_cached(
                "INSERT INTO notice (key, ticket_id, kind, made_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )?
            .execute(params![key, ticket_id, kind, now.0])?;
        Ok(())
    }
}
