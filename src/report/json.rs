//! A report for programs: the names of the contract, and all else that the figures say.
//!
//! A rate is `{"n","of"}`; a score is points; what is not known is `null`; names are the stored ones in every language.

use crate::domain::assessment::Rate;
use crate::domain::figures::{
    Advice, CategoryCount, DispatcherStanding, Earlier, Figures, Hot, Listed, Named, Point, Shares,
    Standing,
};
use crate::domain::instant::{Instant, Zone};
use crate::domain::period::Period;
use crate::domain::shown;
use serde_json::{Map, Value, json};

/// The report as one line of JSON.
pub(super) fn write(figures: &Figures) -> String {
    let mut out = shown::in_json(&report(figures).to_string()).into_owned();
    out.push('\n');
    out
}

fn report(f: &Figures) -> Value {
    let zone = f.as_of.zone;
    json!({
        "period": period(f.period),
        "received": f.received,
        "closed": f.closed,
        "open": f.open,
        "on_time": rate(f.on_time),
        "by_source": shares(&f.by_source),
        "by_nature": shares(&f.by_nature),
        "by_limit_class": shares(&f.by_limit_class),
        "by_category": shares(&f.by_category),
        "by_street": shares(&f.by_street),
        "by_community": shares(&f.by_community),
        "departments": list(&f.departments, department),
        "hotspots": list(&f.hotspots, hot),
        "by_channel": shares(&f.by_channel),
        "answered": f.answered,
        "exempt": f.exempt,
        "false_closures": f.false_closures,
        "satisfied": rate(f.satisfaction.satisfied),
        "by_rating": shares(&f.satisfaction.by_rating),
        "top_categories": list(&f.top_categories, category),
        "previous": earlier(&f.previous),
        "year_before": earlier(&f.year_before),
        "trend": list(&f.trend, point),
        "red_list": f.red_list,
        "black_list": f.black_list,
        "dispatchers": list(&f.dispatchers, dispatcher),
        "cases": list(&f.cases, |named| ticket(named, zone)),
        "overdue": listed(&f.overdue, zone),
        "supervised": listed(&f.supervised, zone),
        "advice": list(&f.advice, advice),
        "is_over": f.is_over,
        "edition": { "id": f.edition.0, "name": f.edition.1 },
        "as_of": { "at": zone.rfc3339(f.as_of.at), "seq": f.as_of.seq, "head": f.as_of.head },
    })
}

fn list<T>(all: &[T], one: impl Fn(&T) -> Value) -> Value {
    Value::Array(all.iter().map(one).collect())
}

fn shares(shares: &Shares) -> Value {
    let pairs = shares.iter().map(|(name, n)| (name.to_owned(), n.into()));
    Value::Object(pairs.collect::<Map<_, _>>())
}

fn rate(rate: Rate) -> Value {
    json!({ "n": rate.n, "of": rate.of })
}

fn points(hundredths: Option<u64>) -> Value {
    hundredths.map_or(Value::Null, |n| json!(n as f64 / 100.0))
}

fn period(period: Period) -> Value {
    json!({ "kind": period.kind.code(), "from": period.from, "to": period.to })
}

fn earlier(earlier: &Earlier) -> Value {
    json!({
        "from": earlier.period.from,
        "to": earlier.period.to,
        "received": (earlier.received > 0).then_some(earlier.received),
    })
}

fn point(point: &Point) -> Value {
    json!({ "day": point.day, "hour": point.hour, "received": point.received })
}

fn category(category: &CategoryCount) -> Value {
    json!({ "category": category.path, "received": category.count, "before": category.before })
}

fn department(standing: &Standing) -> Value {
    let f = &standing.figures;
    json!({
        "department": f.department,
        "name": standing.name,
        "dispatched": f.dispatched,
        "on_time": rate(f.on_time),
        "overdue": f.overdue,
        "returned": f.returned.n,
        "reworked": f.reworked.n,
        "satisfied": rate(f.satisfied),
        "score": points(standing.score),
        "rank": standing.rank,
        "name_en": standing.name_en,
        "closing_rate": rate(f.closing),
        "return_rate": rate(f.returned),
        "rework_rate": rate(f.reworked),
        "contacted": rate(f.contacted),
        "solved": rate(f.solved),
        "unsigned": f.unsigned,
        "exempt": f.exempt,
        "mean_handling_seconds": f.mean_handling,
        "median_handling_seconds": f.median_handling,
    })
}

fn dispatcher(standing: &DispatcherStanding) -> Value {
    let f = &standing.figures;
    json!({
        "operator": f.operator,
        "name": standing.name,
        "dispatched": f.dispatched,
        "in_time": rate(f.in_time),
        "accurate": rate(f.accurate),
        "score": points(standing.score),
    })
}

fn hot(hot: &Hot) -> Value {
    json!({
        "street": hot.street,
        "community": hot.community,
        "category": hot.category,
        "title": hot.title,
        "count": hot.count,
        "before": hot.before,
        "examples": hot.examples,
    })
}

fn listed(listed: &Listed, zone: Zone) -> Value {
    json!({
        "total": listed.total,
        "tickets": list(&listed.rows, |named| ticket(named, zone)),
    })
}

fn ticket(named: &Named, zone: Zone) -> Value {
    let time = |at: Option<Instant>| at.map(|at| zone.rfc3339(at));
    json!({
        "no": named.no,
        "title": named.title,
        "category": named.category,
        "street": named.street,
        "community": named.community,
        "lead_department": named.department,
        "lead_department_name": named.department.as_ref().map(|_| &named.department_name.0),
        "created_at": time(Some(named.created_at)),
        "due_at": time(named.due_at),
        "closed_at": time(named.closed_at),
        "rating": named.rating,
        "urges": named.urges,
        "supervision_level": named.supervision_level,
    })
}

fn advice(advice: &Advice) -> Value {
    json!({ "kind": advice.kind.code(), "about": advice.about, "n": advice.n, "of": advice.of })
}
