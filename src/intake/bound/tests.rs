//! Records under small mappings: what each field is read from, and which records are refused.

use super::*;

fn bound(fields: &str, columns: &[&str]) -> Bound {
    // Where a test maps no words, each record has some all the same.
    let title = if fields.contains("title") {
        ""
    } else {
        "title = { default = \"x\" }\n"
    };
    let text =
        format!("name = \"x\"\nunknown = [\"-\"]\nignore = [\"N\"]\n[fields]\n{title}{fields}");
    let mapping = Mapping::parse(&text, "x").expect("a mapping");
    let columns: Vec<String> = columns.iter().map(|c| (*c).to_owned()).collect();
    Bound::new(&mapping, &columns)
}

fn draft(bound: &Bound, fields: &[&str]) -> Result<Draft, Fault> {
    bound.draft(&Record::of(fields), 1, 2)
}

#[test]
fn unmapped_columns_are_kept_and_ignored_ones_are_not() {
    let bound = bound("title = \"T\"", &["N", "T", "A", "B"]);
    let draft = draft(&bound, &["1", "\u{3000}路灯 \t", "x&amp;y", "-"]).expect("a draft");
    assert_eq!(draft.title.as_deref(), Some("路灯"));
    assert_eq!(draft.extra, [("A".to_owned(), "x&y".to_owned())]);
}

#[test]
fn translated_values_are_kept_raw_too() {
    let bound = bound(
        "channel = { column = \"C\", values = { Call = \"热线\" } }",
        &["C"],
    );
    let known = draft(&bound, &["Call"]).expect("a draft");
    assert_eq!(known.channel.as_deref(), Some("热线"));
    assert_eq!(known.extra, [("C".to_owned(), "Call".to_owned())]);
    let other = draft(&bound, &["Fax"]).expect("a draft");
    assert_eq!(other.channel.as_deref(), Some("Fax"));
}

#[test]
fn flags_tell_the_outcome() {
    let bound = bound(
        "outcome = { on_time = \"I\", late = \"O\", running = \"R\" }",
        &["I", "O", "R"],
    );
    let outcome = |fields: [&str; 3]| draft(&bound, &fields).map(|draft| draft.outcome);
    assert_eq!(outcome(["1", "0", "0"]), Ok(Some(Outcome::ClosedOnTime)));
    assert_eq!(outcome(["0", "1", "0"]), Ok(Some(Outcome::ClosedLate)));
    assert_eq!(outcome(["0", "0", "1"]), Ok(Some(Outcome::Running)));
    assert_eq!(outcome(["0", "0", "0"]), Ok(Some(Outcome::Running)));
    assert_eq!(outcome(["-", "-", "0"]), Ok(None));
    assert_eq!(
        outcome(["Yes", "否", "FALSE"]),
        Ok(Some(Outcome::ClosedOnTime))
    );
    let (column, reason) = outcome(["1", "1", "0"]).expect_err("contradiction");
    assert_eq!(
        (column.as_deref(), reason.code()),
        (Some("O"), "contradictory-flags")
    );
}

#[test]
fn a_flag_that_is_neither_yes_nor_no_refuses_the_row() {
    let bound = bound("outcome = { on_time = \"I\", late = \"O\" }", &["I", "O"]);
    for (fields, at) in [(["x", "0"], "I"), (["1", "2"], "O")] {
        let (column, reason) = draft(&bound, &fields).expect_err("unknown");
        assert_eq!(
            (column.as_deref(), reason.code()),
            (Some(at), "unknown-value")
        );
    }
}

#[test]
fn what_is_finished_by_its_time_alone_is_finished() {
    let alone = bound("title = \"T\"\nclosed_at = \"E\"", &["T", "E"]);
    let outcome = |bound: &Bound, fields: &[&str]| draft(bound, fields).map(|d| d.outcome);
    assert_eq!(
        outcome(&alone, &["x", "2018-07-04"]),
        Ok(Some(Outcome::Closed))
    );
    assert_eq!(outcome(&alone, &["x", "-"]), Ok(None));
    let both = bound(
        "title = \"T\"\nclosed_at = \"E\"\noutcome = { column = \"S\", values = { open = \"running\" }, unknown = [\"odd\"] }",
        &["T", "E", "S"],
    );
    assert_eq!(
        outcome(&both, &["x", "2018-07-04", "open"]),
        Ok(Some(Outcome::Running))
    );
    assert_eq!(
        outcome(&both, &["x", "2018-07-04", "odd"]),
        Ok(Some(Outcome::Closed))
    );
}

#[test]
fn a_record_that_says_nothing_is_no_request() {
    let bound = bound(
        "external_no = \"N\"\ntitle = \"T\"\ncategory = \"C\"",
        &["N", "T", "C"],
    );
    let (column, reason) = draft(&bound, &["7", "-", ""]).expect_err("nothing in it");
    assert_eq!((column, reason.code()), (None, "empty"));
    assert!(draft(&bound, &["7", "", "噪音"]).is_ok());
}

#[test]
fn a_column_in_traditional_characters_is_found() {
    let bound = bound("title = \"标题\"", &["標題"]);
    let draft = draft(&bound, &["路燈不亮"]).expect("a draft");
    assert_eq!(draft.title.as_deref(), Some("路燈不亮"));
    assert!(draft.extra.is_empty() && bound.missing().is_empty());
}

#[test]
fn an_unknown_status_refuses_the_row() {
    let bound = bound(
        "outcome = { column = \"S\", values = { Closed = \"closed\" } }",
        &["S"],
    );
    assert_eq!(
        draft(&bound, &["Closed"]).map(|d| d.outcome),
        Ok(Some(Outcome::Closed))
    );
    assert_eq!(draft(&bound, &["-"]).map(|d| d.outcome), Ok(None));
    let (_, reason) = draft(&bound, &["Lost"]).expect_err("unknown");
    assert_eq!(
        reason,
        Reason::UnknownValue {
            value: "Lost".to_owned()
        }
    );
}

#[test]
fn faults_name_the_column() {
    let bound = bound("created_at = \"T\"\nlatitude = \"L\"", &["T", "L"]);
    for (fields, column, code) in [
        (["", "1"], "T", "missing"),
        (["soon", "1"], "T", "bad-time"),
        (["3/4/2018", "1"], "T", "ambiguous-time"),
        (["2018-07-04", "91"], "L", "bad-degrees"),
        (["2018-07-04", "NaN"], "L", "bad-degrees"),
    ] {
        let (at, reason) = draft(&bound, &fields).expect_err("a fault");
        assert_eq!(
            (at.as_deref(), reason.code()),
            (Some(column), code),
            "{fields:?}"
        );
    }
}

#[test]
fn several_columns_join_or_take_turns() {
    let joined = bound(
        "address = { columns = [\"A\", \"B\"], join = \" · \" }",
        &["A", "B"],
    );
    assert_eq!(
        draft(&joined, &["x", "-"]).map(|d| d.address),
        Ok(Some("x".to_owned()))
    );
    assert_eq!(
        draft(&joined, &["x", "y"]).map(|d| d.address),
        Ok(Some("x · y".to_owned()))
    );
    let first = bound("address = { first = [\"A\", \"B\"] }", &["A", "B"]);
    assert_eq!(
        draft(&first, &["", "y"]).map(|d| d.address),
        Ok(Some("y".to_owned()))
    );
}

#[test]
fn a_gap_between_category_levels_stays_a_gap() {
    let bound = bound("category = [\"A\", \"B\", \"C\"]", &["A", "B", "C"]);
    let category = |fields: [&str; 3]| draft(&bound, &fields).map(|d| d.category);
    assert_eq!(
        category(["a", "-", "c"]),
        Ok(vec!["a".into(), String::new(), "c".into()])
    );
    assert_eq!(category(["a", "-", "-"]), Ok(vec!["a".into()]));
}
