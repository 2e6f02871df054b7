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
    /// 办理告知: told of the answer, of those answered.
    pub replied: (u64, u64),
}

impl Store {
    /// The rates of the requests created at or after the first and before the second moment.
    pub fn notice_rates(&self, from: Instant, to: Instant) -> Result<NoticeRates, Failure> {
        let rate = |kind: &str, fact: &str| -> Result<(u64, u64), Failure> {
            Ok(self
                .conn
                .prepare_cached(
                    "SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM notice n \
                     WHERE n.ticket_id = t.id AND n.kind = ?3 AND n.sent_at IS NOT NULL)), count(*) \
                     FROM ticket t INDEXED BY ticket_by_created WHERE t.created_at >= ?1 AND t.created_at < ?2 \
                     AND t.facts ->> ?4 IS NOT NULL",
                )?
                .query_row(params![from.0, to.0, kind, fact], |row| {
                    Ok((natural(row, 0)?, natural(row, 1)?))
                })?)
        };
        Ok(NoticeRates {
            accepted: rate("accepted", "$.filed_at")?,
            replied: rate("replied", "$.replied_at")?,
        })
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
