//! A question for rows becomes SQL: constants and bound values only, nothing a person typed is ever SQL.
//!
//! Pages go by key, never by offset: each order is an index, and a page begins at a row's place in it.

use super::failure::Failure;
use super::grams;
use super::hits::{Hits, Loan};
use super::row::{self, SHOWN, SHOWN_WIDTH};
use super::search::{self, Index};
use super::{Store, natural};
use crate::domain::figures::UNKNOWN;
use crate::domain::filter::{Clause, Term};
use crate::domain::instant::Instant;
use crate::domain::light::Light;
use crate::domain::queue::{Anchor, From, Page, Query, Row, Sort, View};
use rusqlite::params_from_iter;
use rusqlite::types::Value;

/// Fewer hits than this are looked up one by one and sorted; more are met while walking the list's index.
const FEW_TO_SORT: usize = 2_000;
/// Fewer hits than this are looked up one by one and counted.
const FEW_TO_COUNT: usize = 20_000;

/// The levels of a category.
const LEVELS: [&str; 3] = ["category1", "category2", "category3"];

/// A return waits for its decision, or the matter is being coordinated.
pub(super) const DISPUTED: &str = "t.is_decision = 1 AND (t.state = 'coordinating' OR EXISTS (\
     SELECT 1 FROM json_each(t.facts, '$.applications') a WHERE json_extract(a.value, '$.kind') = 'return' \
     AND json_extract(a.value, '$.decision') IS NULL))";

/// Not urgent, and due at a moment or later; the first two ranks of the urgency key are urgent.
pub(super) const CAN_WAIT: &str =
    "t.urgency_key >= (2 << 56) AND t.due_at IS NOT NULL AND t.due_key >= ?";

/// The condition that a department leads or assists ticket `t`; the department is bound at `place`.
pub(super) fn belongs(place: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM ticket_department own WHERE own.department = {place} \
         AND own.created_at = t.created_at AND own.ticket_id = t.id)"
    )
}

/// SQL under construction: text and the values bound in it.
#[derive(Debug, Default)]
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind(&mut self, text: &str, value: impl Into<Value>) {
        self.push(text);
        self.values.push(value.into());
    }
}

/// Which way a page is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Forward,
    Backward,
}

/// `FROM … WHERE …` of a question, and the columns its order goes by.
struct Base {
    sql: Sql,
    key: &'static str,
    id: &'static str,
    rises: bool,
    /// An index of tickets gives the order: nothing is sorted.
    is_walked: bool,
    /// The hits that the conditions look at.
    _hits: Vec<Loan>,
}

impl Base {
    /// `ASC` or `DESC`, as the order and the way ask.
    fn direction(&self, way: Way) -> &'static str {
        if self.rises == (way == Way::Forward) {
            "ASC"
        } else {
            "DESC"
        }
    }

    /// ` ORDER BY key, id`.
    fn order(&self, way: Way) -> String {
        let direction = self.direction(way);
        format!(
            " ORDER BY {} {direction}, {} {direction}",
            self.key, self.id
        )
    }

    /// `what FROM … WHERE …`.
    fn select(&self, what: &str) -> Sql {
        Sql {
            text: format!("SELECT {what} {}", self.sql.text),
            values: self.sql.values.clone(),
        }
    }

    /// The sign of what comes after a place, as the order and the way ask.
    fn sign(&self, way: Way, inclusive: bool) -> &'static str {
        match (self.rises == (way == Way::Forward), inclusive) {
            (true, false) => ">",
            (true, true) => ">=",
            (false, false) => "<",
            (false, true) => "<=",
        }
    }

    /// ` AND (key, id) > (?, ?)`, as the order and the way ask.
    fn bound(&self, sql: &mut Sql, way: Way, anchor: Anchor, inclusive: bool) {
        let sign = self.sign(way, inclusive);
        sql.push(&format!(" AND ({}, {}) {sign} ", self.key, self.id));
        sql.bind("(?, ", anchor.key);
        sql.bind("?)", anchor.id);
    }

    /// The rows from a place on: questions to ask one after the other, each without its `LIMIT`.
    ///
    /// An index is sought by key and id only where the key is given: in one question, all tickets with the key of the place
    /// (nearly all, where they have no deadline) would be passed over one by one.
    fn stretches(&self, what: &str, way: Way, anchor: Option<Anchor>, inclusive: bool) -> Vec<Sql> {
        let mut first = self.select(what);
        let mut all = match anchor {
            None => vec![first],
            Some(anchor) if self.is_walked => {
                let (own, others) = (self.sign(way, inclusive), self.sign(way, false));
                let mut beyond = self.select(what);
                first.bind(&format!(" AND {} = ?", self.key), anchor.key);
                first.bind(&format!(" AND {} {own} ?", self.id), anchor.id);
                beyond.bind(&format!(" AND {} {others} ?", self.key), anchor.key);
                vec![first, beyond]
            }
            Some(anchor) => {
                self.bound(&mut first, way, anchor, inclusive);
                vec![first]
            }
        };
        for sql in &mut all {
            sql.push(&self.order(way));
        }
        all
    }
}

/// The key column of an order, and whether it rises.
fn key(sort: Sort) -> (&'static str, bool) {
    match sort {
        Sort::Due => ("t.due_key", true),
        Sort::Newest => ("t.created_at", false),
        Sort::Oldest => ("t.created_at", true),
        Sort::Urgency => ("t.urgency_key", true),
        Sort::Stage => ("t.stage_key", true),
    }
}

/// Where a department's own table serves an order, the key there.
fn department_key(view: View, sort: Sort) -> Option<&'static str> {
    match (is_open_only(view), sort) {
        (true, Sort::Due) => Some("d.due_key"),
        (false, Sort::Newest | Sort::Oldest) => Some("d.created_at"),
        (true, _) | (false, Sort::Due | Sort::Urgency | Sort::Stage) => None,
    }
}

/// The condition of a view and the index that serves it in an order; nothing where the view is not a list.
fn view(view: View, sort: Sort) -> Option<(&'static str, &'static str)> {
    let open = match sort {
        Sort::Due => "open_by_due",
        Sort::Newest | Sort::Oldest => "open_by_created",
        Sort::Urgency => "open_by_urgency",
        Sort::Stage => "open_by_stage",
    };
    Some(match view {
        View::Desk => (
            "t.is_desk = 1",
            match sort {
                Sort::Urgency => "desk_by_urgency",
                Sort::Due | Sort::Newest | Sort::Oldest | Sort::Stage => "desk_by_due",
            },
        ),
        View::Open => ("t.is_open = 1", open),
        View::RedYellow => ("t.is_open = 1 AND t.is_running = 1", open),
        View::Decisions => (
            "t.is_decision = 1",
            match sort {
                Sort::Stage => "decision_by_stage",
                Sort::Due | Sort::Newest | Sort::Oldest | Sort::Urgency => "decision_by_due",
            },
        ),
        View::Review => (
            "t.is_review = 1",
            match sort {
                Sort::Stage => "review_by_stage",
                Sort::Due | Sort::Newest | Sort::Oldest | Sort::Urgency => "review_by_due",
            },
        ),
        View::Supervision => ("t.is_supervised = 1", "supervised_by_due"),
        View::All => (
            "1",
            match sort {
                Sort::Due => "ticket_by_due",
                Sort::Newest | Sort::Oldest => "ticket_by_created",
                Sort::Urgency => "ticket_by_urgency",
                Sort::Stage => "ticket_by_stage",
            },
        ),
        View::Statistics | View::Shift => return None,
    })
}

/// Whether the index that serves a view gives an order too.
fn is_walked(view: View, sort: Sort) -> bool {
    match view {
        View::Open | View::RedYellow | View::All => true,
        View::Desk => matches!(sort, Sort::Due | Sort::Urgency),
        View::Decisions | View::Review => matches!(sort, Sort::Due | Sort::Stage),
        View::Supervision => sort == Sort::Due,
        View::Statistics | View::Shift => false,
    }
}

/// Whether a view shows open tickets only.
fn is_open_only(view: View) -> bool {
    match view {
        View::Desk | View::Open | View::RedYellow | View::Review | View::Supervision => true,
        View::Decisions | View::All | View::Statistics | View::Shift => false,
    }
}

impl Store {
    /// A page of at most `n` rows; empty for a view that is not a list.
    pub fn page(&self, query: &Query, from: From, n: usize) -> Result<Page, Failure> {
        let (way, anchor, inclusive) = match from {
            From::Start => (Way::Forward, None, false),
            From::End => (Way::Backward, None, false),
            From::After(anchor) => (Way::Forward, Some(anchor), false),
            From::Before(anchor) => (Way::Backward, Some(anchor), false),
            From::At(anchor) => (Way::Forward, Some(anchor), true),
        };
        let Some(base) = self.base(query, FEW_TO_SORT)? else {
            return Ok(Page::default());
        };
        let mut rows = self.rows(&base, way, anchor, inclusive, n + 1)?;
        let more = rows.len() > n;
        rows.truncate(n);
        let back = match way {
            Way::Forward => Way::Backward,
            Way::Backward => Way::Forward,
        };
        let behind = match (rows.first(), anchor) {
            (Some((first, _)), Some(_)) => self.any(&base, back, *first, false)?,
            (None, Some(anchor)) => self.any(&base, back, anchor, !inclusive)?,
            (_, None) => false,
        };
        if way == Way::Backward {
            rows.reverse();
        }
        let (before, after) = match way {
            Way::Forward => (behind, more),
            Way::Backward => (more, behind),
        };
        Ok(Page {
            rows,
            before,
            after,
        })
    }

    /// How many rows a question has. Views without a filter come from the kept counts.
    pub fn total(&self, query: &Query) -> Result<u64, Failure> {
        if query.filter.is_empty() {
            let counts = self.counts(query.now, query.department.as_deref())?;
            let at = View::ALL.iter().position(|view| *view == query.view);
            return Ok(at
                .and_then(|at| counts.views.get(at).copied().flatten())
                .unwrap_or(0));
        }
        if let Some(hits) = self.every_hit(query)? {
            return Ok(hits.len() as u64);
        }
        let Some(base) = self.base(query, FEW_TO_COUNT)? else {
            return Ok(0);
        };
        self.count(base.select("count(*)"))
    }

    /// How many rows come before a place: `row 37,120 of 50,341` is this and one.
    pub fn position(&self, query: &Query, anchor: Anchor) -> Result<u64, Failure> {
        let Some(base) = self.base(query, FEW_TO_COUNT)? else {
            return Ok(0);
        };
        let mut sql = base.select("count(*)");
        base.bound(&mut sql, Way::Backward, anchor, false);
        self.count(sql)
    }

    fn count(&self, sql: Sql) -> Result<u64, Failure> {
        Ok(self
            .conn
            .prepare_cached(&sql.text)?
            .query_row(params_from_iter(sql.values), |row| natural(row, 0))?)
    }

    /// What a question reads, one by one where there are few hits; nothing for a view that is not a list.
    fn base(&self, query: &Query, few: usize) -> Result<Option<Base>, Failure> {
        let Some((condition, index)) = view(query.view, query.sort) else {
            return Ok(None);
        };
        let mut sql = Sql::default();
        let (mut key, rises) = key(query.sort);
        let mut id = "t.id";
        let hits = self.hits(query)?;
        let wanted = query.filter.terms.iter().zip(&hits);
        let rarest = wanted
            .filter_map(|(term, hits)| hits.as_ref().filter(|_| !term.not))
            .min_by_key(|hits| hits.len())
            .filter(|hits| hits.len() < few);
        let by_hits = rarest.is_some();
        let is_walked = !by_hits && query.department.is_none() && is_walked(query.view, query.sort);
        if let Some(rarest) = rarest {
            let ids: Vec<i64> = rarest.ids().collect();
            sql.push("FROM ticket t NOT INDEXED WHERE t.id IN (SELECT value FROM json_each(");
            sql.bind("?)) AND ", serde_json::to_string(&ids)?);
            sql.push(condition);
        } else if let Some(department) = &query.department {
            if let Some(own) = department_key(query.view, query.sort) {
                key = own;
                id = "d.ticket_id";
            }
            sql.push("FROM ticket_department d");
            if is_open_only(query.view) {
                sql.push(" INDEXED BY department_open_by_due");
            }
            sql.bind(
                " CROSS JOIN ticket t ON t.id = d.ticket_id WHERE d.department = ? AND ",
                department.clone(),
            );
            if is_open_only(query.view) {
                sql.push("d.is_open = 1 AND ");
            }
            sql.push(condition);
        } else {
            sql.push("FROM ticket t INDEXED BY ");
            sql.push(index);
            sql.push(" WHERE ");
            sql.push(condition);
        }
        if query.view == View::RedYellow {
            sql.bind(" AND t.warn_key <= ?", query.now.0);
        }
        // A department's few hits are still its own only.
        if let (Some(department), true) = (&query.department, by_hits) {
            sql.push(" AND ");
            sql.bind(&belongs("?"), department.clone());
        }
        let mut loans = Vec::new();
        for (term, hits) in query.filter.terms.iter().zip(hits) {
            let mut one = Sql::default();
            let hits = hits.map(|hits| self.lent.lend(hits));
            clause(&mut one, &term.clause, hits.as_ref(), query);
            loans.extend(hits);
            sql.push(if term.not {
                // What is unknown does not match; its negation does.
                " AND NOT coalesce("
            } else {
                " AND ("
            });
            sql.push(&one.text);
            sql.push(if term.not { ", 0)" } else { ")" });
            sql.values.extend(one.values);
        }
        Ok(Some(Base {
            sql,
            key,
            id,
            rises,
            is_walked,
            _hits: loans,
        }))
    }

    /// What the indices name for each term of a filter, where they can.
    fn hits(&self, query: &Query) -> Result<Vec<Option<Hits>>, Failure> {
        let terms = query.filter.terms.iter();
        let sql = terms.map(|term| match &term.clause {
            Clause::Text(typed) => candidates(self, typed, query),
            Clause::Number(ending) => numbered(self, ending).map(Some),
            Clause::FalseClosure => Ok(Some(Sql {
                text: "SELECT id FROM ticket WHERE false_closure = 1".to_owned(),
                values: Vec::new(),
            })),
            _ => Ok(None),
        });
        sql.map(|sql| sql?.map(|sql| self.named(sql)).transpose())
            .collect()
    }

    /// What is listed, where that is just what the index names: one text that it knows exactly, among all tickets or all open
    /// ones.
    fn every_hit(&self, query: &Query) -> Result<Option<Hits>, Failure> {
        let [
            Term {
                not: false,
                clause: Clause::Text(typed),
            },
        ] = query.filter.terms.as_slice()
        else {
            return Ok(None);
        };
        // The ending of a number is looked for among all tickets.
        let is_whole = match query.view {
            View::All => true,
            View::Open => !grams::is_ending(typed.trim()),
            _ => false,
        };
        if !is_whole || query.department.is_some() || !grams::is_exact(typed.trim()) {
            return Ok(None);
        }
        candidates(self, typed, query)?
            .map(|sql| self.named(sql))
            .transpose()
    }

    fn named(&self, sql: Sql) -> Result<Hits, Failure> {
        let mut statement = self.conn.prepare_cached(&sql.text)?;
        let ids = statement.query_map(params_from_iter(sql.values), |row| row.get(0))?;
        Ok(ids.collect::<Result<Hits, _>>()?)
    }

    fn rows(
        &self,
        base: &Base,
        way: Way,
        anchor: Option<Anchor>,
        inclusive: bool,
        n: usize,
    ) -> Result<Vec<(Anchor, Row)>, Failure> {
        let shown = format!("{SHOWN}, {}", base.key);
        let mut rows = Vec::with_capacity(n.min(256));
        for mut sql in base.stretches(&shown, way, anchor, inclusive) {
            sql.bind(" LIMIT ?", (n - rows.len()) as i64);
            let mut statement = self.conn.prepare_cached(&sql.text)?;
            let mut found = statement.query(params_from_iter(sql.values))?;
            while let Some(one) = found.next()? {
                let shown = row::shown(one);
                let anchor = Anchor {
                    key: one.get(SHOWN_WIDTH)?,
                    id: shown.id,
                };
                rows.push((anchor, shown));
            }
            if rows.len() >= n {
                break;
            }
        }
        Ok(rows)
    }

    fn any(&self, base: &Base, way: Way, anchor: Anchor, inclusive: bool) -> Result<bool, Failure> {
        for mut sql in base.stretches("1", way, Some(anchor), inclusive) {
            sql.push(" LIMIT 1");
            let mut statement = self.conn.prepare_cached(&sql.text)?;
            if statement.exists(params_from_iter(sql.values))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether a phone's ending finds its tickets: not for who sees only a department's, from whom a requester may be hidden.
fn finds_phones(query: &Query) -> bool {
    query.department.is_none()
}

/// `SELECT` of the ids that may hold a text; nothing when the index cannot tell.
fn candidates(store: &Store, typed: &str, query: &Query) -> Result<Option<Sql>, Failure> {
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
fn numbered(store: &Store, ending: &str) -> Result<Sql, Failure> {
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
fn clause(sql: &mut Sql, clause: &Clause, hits: Option<&Loan>, query: &Query) {
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

#[cfg(test)]
mod tests;
