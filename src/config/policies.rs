//! Editions of the rule book: the built-in ones, and the centre's own `policies/<id>.toml` beside or over them.
//!
//! A file of one's own with the id of a built-in edition replaces it, which touches open tickets of that edition too; a changed
//! rule belongs in a new edition with a new id and day. What a number may be is checked here, what it means is the domain's.

use super::error::{ConfigError, Problem};
use super::source::{Source, prepared};
use crate::domain::policy::{Editions, Ground, Policy};
use std::collections::BTreeSet;
use std::path::Path;

/// `assets/policies/*.toml`, prepared; a test reads them as a centre's own are read.
const BUILT_IN: &str = include_str!(concat!(env!("OUT_DIR"), "/policies.json"));

/// Units of a span at most.
const LARGEST_SPAN: u32 = 3660;

/// Every edition known: the built-in ones, and those of the folder's `policies/*.toml`.
///
/// # Errors
/// When a file cannot be read, is not an edition's shape, has a number that cannot be, or takes effect on another edition's day.
pub fn load(folder: Option<&Path>) -> Result<Editions, ConfigError> {
    let built_in = prepared::<Policy>(BUILT_IN).into_iter();
    let mut editions: Vec<(String, Policy)> = built_in
        .map(|policy| (format!("policies/{}.toml", policy.id), policy))
        .collect();
    if let Some(folder) = folder {
        for source in Source::read_folder(&folder.join("policies"))? {
            let policy = read(&source)?;
            let stem = Path::new(&source.file).file_stem().unwrap_or_default();
            if stem != policy.id.as_str() {
                let expected = format!("\"{}\"", stem.display());
                return Err(source.at_key(&["id"], Problem::bad_value("id", &policy.id, &expected)));
            }
            editions.retain(|(_, other)| other.id != policy.id);
            if let Some((first, _)) = editions
                .iter()
                .find(|(_, other)| other.effective_from == policy.effective_from)
            {
                let what = policy.effective_from.to_string();
                let first = first.clone();
                return Err(source.at_key(&["effective_from"], Problem::Duplicate { what, first }));
            }
            editions.push((source.file, policy));
        }
    }
    Editions::new(editions.into_iter().map(|(_, policy)| policy).collect()).ok_or_else(|| {
        ConfigError::of_file(
            "policies",
            Problem::Missing {
                entry: "policies".to_owned(),
                wants: "*.toml".to_owned(),
            },
        )
    })
}

fn read(source: &Source) -> Result<Policy, ConfigError> {
    let policy: Policy = source.parse()?;
    amounts(source, &policy)?;
    shares(source, &policy)?;
    points(source, &policy)?;
    grounds(source, "returns", &policy.returns.grounds)?;
    grounds(source, "refusals", &policy.refusals.grounds)?;
    for ground in &policy.refusals.grounds {
        if ground.door_zh.is_none() || ground.door_en.is_none() {
            return Err(source.at_key(
                &["refusals", "grounds"],
                Problem::Missing {
                    entry: ground.code.clone(),
                    wants: "door_zh, door_en".to_owned(),
                },
            ));
        }
    }
    Ok(policy)
}

/// A limit of nothing would make every ticket overdue at once.
fn amounts(source: &Source, policy: &Policy) -> Result<(), ConfigError> {
    let (limits, stages) = (&policy.limits, &policy.stages);
    let spans = [
        (["limits", "enquiry"], limits.enquiry.amount),
        (["limits", "complaint"], limits.complaint.amount),
        (["limits", "urban"], limits.urban.amount),
        (["stages", "filing"], stages.filing.amount),
        (["stages", "dispatch"], stages.dispatch.amount),
        (["stages", "dispatch_urgent"], stages.dispatch_urgent.amount),
        (["stages", "sign"], stages.sign.amount),
        (["stages", "return_window"], stages.return_window.amount),
        (["stages", "ruling"], stages.ruling.amount),
        (["stages", "review"], stages.review.amount),
        (["stages", "callback"], stages.callback.amount),
        (["stages", "redo"], stages.redo.amount),
        (["reminders", "routine"], policy.reminders.routine.amount),
        (["reminders", "yellow"], policy.reminders.yellow.amount),
        (["reminders", "red"], policy.reminders.red.amount),
        (["supervisions", "due"], policy.supervisions.due.amount),
    ];
    for (path, amount) in spans {
        if amount == 0 || amount > LARGEST_SPAN {
            let [table, key] = path;
            return Err(source.at_key(
                &[table, key, "amount"],
                Problem::bad_value(key, &amount, &format!("1–{LARGEST_SPAN}")),
            ));
        }
    }
    for (at, limit) in policy.category_limits.iter().enumerate() {
        let amount = limit.limit.amount;
        if amount == 0 || amount > LARGEST_SPAN || limit.category.is_empty() {
            let expected = format!("category = [\"…\"], amount = 1–{LARGEST_SPAN}");
            return Err(source.at_key(
                &["category_limits"],
                Problem::bad_value("category_limits", &(at + 1), &expected),
            ));
        }
    }
    Ok(())
}

fn shares(source: &Source, policy: &Policy) -> Result<(), ConfigError> {
    let shares: [(&[&str], f64); 2] = [
        (&["light", "share", "value"], policy.light.share.value),
        (
            &["prefill_precision", "value"],
            policy.prefill_precision.value,
        ),
    ];
    for (path, value) in shares {
        if !(0.0..=1.0).contains(&value) {
            return Err(source.at_key(path, Problem::bad_value("value", &value, "0.0–1.0")));
        }
    }
    Ok(())
}

/// Scores are points of a hundred.
fn points(source: &Source, policy: &Policy) -> Result<(), ConfigError> {
    let s = &policy.scores;
    let sums = [
        ("on_time", [&s.on_time, &s.closing, &s.no_rework]),
        (
            "dispatch_in_time",
            [
                &s.dispatch_in_time,
                &s.dispatch_accuracy,
                &s.dispatch_volume,
            ],
        ),
    ];
    for (first, parts) in sums {
        let sum = parts
            .iter()
            .fold(0u32, |sum, part| sum.saturating_add(part.value));
        if sum != 100 {
            let expected = "a + b + c = 100";
            return Err(source.at_key(
                &["scores", first],
                Problem::bad_value("scores", &sum, expected),
            ));
        }
    }
    Ok(())
}

fn grounds(source: &Source, table: &str, grounds: &[Ground]) -> Result<(), ConfigError> {
    if grounds.is_empty() {
        return Err(source.at_key(
            &[table],
            Problem::Missing {
                entry: table.to_owned(),
                wants: "grounds".to_owned(),
            },
        ));
    }
    let mut codes = BTreeSet::new();
    for ground in grounds {
        if !codes.insert(&ground.code) {
            let what = ground.code.clone();
            let first = ground.zh.clone();
            return Err(source.at_key(&[table, "grounds"], Problem::Duplicate { what, first }));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT_IN_TEXT: &str = include_str!("../../assets/policies/pingshan-2017.toml");

    #[test]
    fn what_was_prepared_is_what_is_written_and_holds() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/policies");
        let written: Vec<Policy> = Source::read_folder(&folder)
            .expect("texts")
            .iter()
            .map(|source| read(source).expect("an edition"))
            .collect();
        assert_eq!(prepared::<Policy>(BUILT_IN), written);
        assert!(!written.is_empty());
    }

    fn error(from: &str, to: &str) -> ConfigError {
        let text = BUILT_IN_TEXT.replacen(from, to, 1);
        assert_ne!(text, BUILT_IN_TEXT, "{from} stands in the file");
        read(&Source::built_in("x.toml", &text)).expect_err("broken")
    }

    fn line_of(text: &str) -> Option<usize> {
        BUILT_IN_TEXT
            .lines()
            .position(|line| line.contains(text))
            .map(|at| at + 1)
    }

    #[test]
    fn the_limits_are_those_of_the_seed() {
        let editions = load(None).expect("built in");
        let policy = editions.by_id("pingshan-2017").expect("there");
        let amounts = [
            &policy.limits.enquiry,
            &policy.limits.complaint,
            &policy.limits.urban,
        ]
        .map(|span| span.amount);
        assert_eq!(amounts, [5, 15, 3]);
        assert!(!policy.roll_calendar_deadline.value);
        assert_eq!(policy.stages.return_window.amount, 3);
    }

    /// A number without its source is a rule that nobody can check.
    #[test]
    fn every_number_names_its_source() {
        fn walk(path: &str, value: &toml::Value, found: &mut usize) {
            match value {
                toml::Value::Table(table) => {
                    if table.contains_key("amount") || table.contains_key("value") {
                        *found += 1;
                        let source = table
                            .get("source")
                            .and_then(toml::Value::as_str)
                            .unwrap_or_default();
                        let tagged = ["[seed]", "[law]", "[practice]", "[ours]"]
                            .iter()
                            .any(|tag| source.starts_with(tag));
                        assert!(tagged, "{path}: {source:?}");
                    }
                    for (key, value) in table {
                        walk(&format!("{path}.{key}"), value, found);
                    }
                }
                toml::Value::Array(list) => list.iter().for_each(|value| walk(path, value, found)),
                _ => {}
            }
        }
        let mut found = 0;
        walk(
            "",
            &toml::Value::Table(BUILT_IN_TEXT.parse().expect("TOML")),
            &mut found,
        );
        assert!(found > 30, "{found}");
    }

    #[test]
    fn a_number_that_cannot_be_is_named_with_its_line() {
        let zero = error("enquiry = { amount = 5", "enquiry = { amount = 0");
        assert_eq!(zero.line, line_of("enquiry = { amount = 5"), "{zero}");
        let share = error("share = { value = 0.2", "share = { value = 20.0");
        assert_eq!(share.line, line_of("share = { value = 0.2"), "{share}");
        let points = error("closing = { value = 30", "closing = { value = 31");
        assert_eq!(points.problem.code(), "bad-value", "{points}");
        let unit = error("unit = \"working_day\"", "unit = \"weekday\"");
        assert_eq!(
            (unit.problem.code(), unit.line.is_some()),
            ("shape", true),
            "{unit}"
        );
    }

    #[test]
    fn a_ground_of_refusal_needs_its_right_door() {
        let error = error("door_en = \"ask the petition", "en = \"ask the petition");
        assert!(
            matches!(error.problem.code(), "shape" | "missing"),
            "{error}"
        );
    }

    #[test]
    fn an_edition_of_ones_own_stands_beside_or_over_the_built_in_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = folder.path().join("policies");
        std::fs::create_dir(&own).expect("made");
        let next = BUILT_IN_TEXT
            .replace("\"pingshan-2017\"", "\"pingshan-2018\"")
            .replace("2017-06-01\"", "2018-08-01\"");
        std::fs::write(own.join("pingshan-2018.toml"), &next).expect("written");
        let editions = load(Some(folder.path())).expect("both");
        assert_eq!(
            editions.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(),
            ["pingshan-2017", "pingshan-2018"]
        );
        std::fs::write(own.join("other.toml"), &next).expect("written");
        let error = load(Some(folder.path())).expect_err("the id is not the file's name");
        assert!(
            error.file.ends_with("other.toml") && error.line.is_some(),
            "{error}"
        );
        let same_day = next.replace("\"pingshan-2018\"", "\"other\"");
        std::fs::write(own.join("other.toml"), same_day).expect("written");
        let error = load(Some(folder.path())).expect_err("two on one day");
        assert_eq!(error.problem.code(), "duplicate", "{error}");
    }
}
