//! The clauses of a filter as conditions on ticket `t`, and what the indices name for them.

use super::orders::is_open_only;
use super::sql::Sql;
use crate::domain::figures::UNKNOWN;
use crate::domain::filter::Clause;
use crate::domain::instant::Instant;
use crate::domain::light::Light;
use crate::domain::queue::Query;
use crate::store::failure::Failure;
use crate::store::hits::Loan;
use crate::store::search::{self, Index};
use crate::store::{Store, grams};

/// The levels of a category.
const LEVELS: [&str; 3] = ["category1", "category2", "category3"];

/// A return waits for its decision, or the matter is being coordinated.
pub(in crate::store) const DISPUTED: &str = "t.is_decision = 1 AND (t.state = 'coordinating' OR EXISTS (\
     SELECT 1 FROM json_each(t.facts, '$.applications') a WHERE json_extract(a.value, '$.kind') = 'return' \
     AND json_extract(a.value, '$.decision') IS NULL))";

/// Not urgent, and due at a moment or later; the first two ranks of the urgency key are urgent.
pub(in crate::store) const CAN_WAIT: &str =
    "t.urgency_key >= (2 << 56) AND t.due_at IS NOT NULL AND t.due_key >= ?";

/// The condition that a department leads or assists ticket `t`; the department is bound at `place`.
pub(in crate::store) fn belongs(place: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM ticket_department own WHERE own.department = {place} \
         AND own.created_at = t.created_at AND own.ticket_id = t.id)"
    )
}

/// Whether a phone's ending finds its tickets: not for who sees only a department's, from whom a requester may be hidden.
fn finds_phones(query: &Query) -> bool {
    query.department.is_none()
}

/// `SELECT` of the ids that may hold a text; nothing when the index cannot tell.
pub(super) fn candidates(
    store: &Store,
    typed: &str,
    query: &Query,
) -> Result<Option<Sql>, Failure> {
    let typed = typed.trim();
    let Some(question) = grams::question(typed) else {
        return Ok(None);
    };
    let mut sql = Sql::default();
    let indices = if is_open_only(query.view) {
        &[Index::Open][..]
    } else {
        &Index::ALL
    };
    sql.push(&search::matching(indices));
    sql.values
        .extend(indices.iter().map(|_| question.clone().into()));
    if grams::is_ending(typed) {
        let ending = grams::reversed_digits(typed);
        let (from, value) = store.ending(typed)?;
        sql.bind(&format!(" UNION ALL SELECT t.id {from}"), value);
        if ending.len() >= 4 && finds_phones(query) {
            sql.bind(
                " UNION ALL SELECT ticket_id FROM ticket_text WHERE reversed_phone >= ?",
                ending.clone(),
            );
            sql.bind(" AND reversed_phone < ?", format!("{ending}:"));
        }
    }
    Ok(Some(sql))
}

/// `SELECT` of the ids whose number ends like this.
pub(super) fn numbered(store: &Store, ending: &str) -> Result<Sql, Failure> {
    let mut sql = Sql::default();
    let (from, value) = store.ending(ending)?;
    sql.bind(&format!("SELECT t.id {from}"), value);
    Ok(sql)
}

/// The condition that a text is in a ticket: the index's candidates, looked at where the index is not exact.
fn text(sql: &mut Sql, typed: &str, hits: Option<&Loan>, query: &Query) {
    let typed = typed.trim();
    let folded = grams::fold(typed);
    if folded.is_empty() {
        sql.push("1");
        return;
    }
    if let Some(hits) = hits {
        sql.bind("fenbo_hit(?", hits.number());
        sql.push(", t.id)");
        if grams::is_exact(typed) {
            return;
        }
        sql.push(" AND ");
    }
    sql.bind(
        "(EXISTS (SELECT 1 FROM ticket_text x WHERE x.ticket_id = t.id AND fenbo_has(?, t.title, x.content, x.address, t.no, coalesce(t.external_no, '')))",
        folded.clone(),
    );
    sql.bind(
        " OR (t.supplements > 0 AND EXISTS (SELECT 1 FROM supplement s WHERE s.ticket_id = t.id AND fenbo_has(?, fenbo_letter(s.words))))",
        folded,
    );
    if grams::is_ending(typed) {
        let ending = grams::reversed_digits(typed);
        sql.bind(" OR substr(t.reversed_no, 1, ?", ending.len() as i64);
        sql.bind(") = ?", ending.clone());
        if ending.len() >= 4 && finds_phones(query) {
            sql.bind(
                " OR EXISTS (SELECT 1 FROM ticket_text x WHERE x.ticket_id = t.id AND substr(x.reversed_phone, 1, ?) = ",
                ending.len() as i64,
            );
            sql.bind("?)", ending);
        }
    }
    sql.push(")");
}

fn one_of(sql: &mut Sql, column: &str, codes: impl Iterator<Item = String>) {
    sql.push(column);
    sql.push(" IN (");
    for (at, code) in codes.enumerate() {
        sql.bind(if at == 0 { "?" } else { ", ?" }, code);
    }
    sql.push(")");
}

/// The condition of one clause; what the indices name for it, where they can.
pub(super) fn clause(sql: &mut Sql, clause: &Clause, hits: Option<&Loan>, query: &Query) {
    match clause {
        Clause::Text(typed) => text(sql, typed, hits, query),
        Clause::States(states) => {
            one_of(sql, "t.state", states.iter().map(|s| s.code().to_owned()));
        }
        Clause::Light(light) => lit(sql, *light, query.now.0),
        Clause::Lead(codes) => one_of(sql, "t.lead", codes.iter().cloned()),
        Clause::Class(class) => sql.bind("t.limit_class = ?", class.code().to_owned()),
        Clause::Nature(nature) => sql.bind("t.nature = ?", nature.code().to_owned()),
        Clause::Urgency(urgency) => sql.bind("t.urgency = ?", urgency.code().to_owned()),
        Clause::Source(source) => named(sql, "t.source", source),
        Clause::Channel(channel) => named(sql, "t.channel", channel),
        Clause::Street(street) => named(sql, "t.street", street),
        Clause::Community(community) => named(sql, "t.community", community),
        Clause::Category(part) => {
            for (at, column) in LEVELS.iter().enumerate() {
                let or = if at == 0 { "" } else { " OR " };
                sql.bind(
                    &format!("{or}instr(coalesce(t.{column}, ''), ?) > 0"),
                    part.clone(),
                );
            }
        }
        Clause::Number(ending) => {
            let ending = grams::reversed_no(ending);
            sql.bind("substr(t.reversed_no, 1, ?", ending.chars().count() as i64);
            sql.bind(") = ?", ending);
        }
        Clause::Created(from, to) => {
            sql.push("1");
            if let Some(from) = from {
                sql.bind(" AND t.created_at >= ?", from.0);
            }
            if let Some(to) = to {
                sql.bind(" AND t.created_at < ?", to.0);
            }
        }
        Clause::LeftBelow(seconds) => sql.bind(
            "t.is_running = 1 AND t.due_key < ?",
            query.now.plus(*seconds).0,
        ),
        Clause::Claimed(by) => sql.bind("t.claimed_by = ?", by.clone()),
        Clause::NoLead => sql.push("t.lead IS NULL"),
        Clause::NoCategory => sql.push("t.category1 IS NULL"),
        Clause::IsClaimed => sql.push("t.claimed_by IS NOT NULL"),
        Clause::Returned => sql.push("t.returns > 0"),
        Clause::HasMerged => sql.push("t.merged > 0"),
        Clause::Path { path, below } => {
            sql.push("1");
            let levels = path.iter().map(Some).chain(std::iter::repeat(None));
            for (column, level) in LEVELS.iter().zip(levels) {
                match level {
                    Some(level) => sql.bind(&format!(" AND t.{column} = ?"), level.clone()),
                    None if !below => sql.push(&format!(" AND t.{column} IS NULL")),
                    None => {}
                }
            }
        }
        Clause::Open(open) => sql.bind("t.is_open = ?", i64::from(*open)),
        Clause::DueReply(judged) => due_reply(sql, *judged, query.now.0),
        Clause::Yellows(after, until) => turns(sql, "warn_key", *after, *until),
        Clause::Reddens(after, until) => turns(sql, "due_key", *after, *until),
        Clause::Disputed => sql.push(DISPUTED),
        Clause::Hopped => sql.push("t.dispatches > 1"),
        Clause::Supervised(on) => sql.push(if *on {
            "t.is_supervised = 1 AND t.supervision_level > 0"
        } else {
            "t.is_supervised = 1 AND t.supervision_level = 0"
        }),
        Clause::CanWait(moment) => sql.bind(CAN_WAIT, moment.0),
        Clause::FalseClosure => sql.push("t.false_closure = 1"),
    }
}

/// A name, or where it is not known.
fn named(sql: &mut Sql, column: &str, name: &str) {
    if name == UNKNOWN {
        sql.push(&format!("coalesce({column}, '') IN ('', '{UNKNOWN}')"));
    } else {
        sql.bind(&format!("{column} = ?"), name.to_owned());
    }
}

/// What `domain::counting` counts as a due reply, on time or not.
fn due_reply(sql: &mut Sql, judged: Option<bool>, now: i64) {
    sql.bind(
        "t.exempt = 0 AND CASE WHEN t.is_running = 1 AND t.due_key <= ? THEN 0 ELSE t.on_time END ",
        now,
    );
    sql.push(match judged {
        None => "IS NOT NULL",
        Some(true) => "IS 1",
        Some(false) => "IS 0",
    });
}

fn turns(sql: &mut Sql, key: &str, after: Instant, until: Instant) {
    sql.bind(&format!("t.is_running = 1 AND t.{key} > ?"), after.0);
    sql.bind(&format!(" AND t.{key} <= ?"), until.0);
}

/// A light as ranges of the instants it turns at.
fn lit(sql: &mut Sql, light: Light, now: i64) {
    match light {
        Light::Red => sql.bind("t.is_running = 1 AND t.due_key <= ?", now),
        Light::Yellow => {
            sql.bind("t.is_running = 1 AND t.due_key > ?", now);
            sql.bind(" AND t.warn_key <= ?", now);
        }
        Light::Green => sql.bind("t.is_running = 1 AND t.warn_key > ?", now),
        Light::Paused => sql.push("t.state = 'suspended'"),
        Light::Done => {
            sql.push("t.is_running = 0 AND t.state <> 'suspended' AND t.on_time IS NOT 0");
        }
        Light::Late => sql.push("t.is_running = 0 AND t.state <> 'suspended' AND t.on_time IS 0"),
    }
}
