//! The reports of the real file against counts made of its rows here, without the program; skipped without `FENBO_DATA`.
//!
//! Also what the command line promises of reports: new files only, for their owner; the same bytes for the same position.

use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

type Row = HashMap<String, String>;
type Counts = BTreeMap<String, u64>;

fn fenbo(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fenbo"))
        .args(words)
        .env_clear()
        .env("HOME", folder)
        .env("FENBO_DB", folder.join("fenbo.db"))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn printed(folder: &Path, words: &[&str]) -> Vec<u8> {
    let output = fenbo(folder, words);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {error}");
    output.stdout
}

fn report(folder: &Path, kind: &str, of: &str) -> Value {
    let words = [&NOW[..], &["report", kind, "--of", of, "--format", "json"]].concat();
    serde_json::from_slice(&printed(folder, &words)).unwrap()
}

/// When the real file is taken in and reported on.
const NOW: [&str; 2] = ["--at", "2019-01-02 12:00"];

/// The real file, and a store with it.
fn real() -> Option<(tempfile::TempDir, Vec<Row>)> {
    let Some(data) = std::env::var_os("FENBO_DATA") else {
        println!("skipped: FENBO_DATA does not name the folder of real data");
        return None;
    };
    let file = PathBuf::from(data).join("pingshan/events-2018.csv");
    let mut reader = csv::Reader::from_path(&file).unwrap();
    let rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    let folder = tempfile::tempdir().unwrap();
    let import = [&NOW[..], &["import", file.to_str().unwrap()]].concat();
    printed(folder.path(), &import);
    Some((folder, rows))
}

fn count<'a>(rows: impl IntoIterator<Item = &'a Row>, name: impl Fn(&Row) -> String) -> Counts {
    let mut counts = Counts::new();
    for row in rows {
        *counts.entry(name(row)).or_default() += 1;
    }
    counts
}

fn said(report: &Value, key: &str) -> Counts {
    let object = report[key].as_object().unwrap();
    object
        .iter()
        .map(|(name, n)| (name.clone(), n.as_u64().unwrap()))
        .collect()
}

/// The name that one id has most often in the whole file: names change, ids do not.
fn usual_names<'a>(rows: &'a [Row], id: &str, name: &str) -> HashMap<&'a str, Counts> {
    let mut names: HashMap<&str, Counts> = HashMap::new();
    for row in rows {
        *names
            .entry(row[id].as_str())
            .or_default()
            .entry(row[name].clone())
            .or_default() += 1;
    }
    names
}

fn nature(row: &Row) -> &'static str {
    match row["EVENT_PROPERTY_NAME"].as_str() {
        "投诉" => "complaint",
        "咨询" => "enquiry",
        "建议" => "suggestion",
        "求决" => "help",
        "感谢" => "thanks",
        "其他" => "other",
        _ => "-",
    }
}

fn limit_class(row: &Row) -> &'static str {
    match (nature(row), row["EVENT_TYPE_NAME"].as_str()) {
        ("enquiry" | "suggestion" | "thanks" | "other", _) => "enquiry",
        ("-", _) => "-", // nobody said what it is
        (_, "市容环卫" | "市政设施") => "urban",
        _ => "complaint",
    }
}

fn agree(report: &Value, all: &[Row], months: &[&str]) {
    let rows: Vec<&Row> = all
        .iter()
        .filter(|row| {
            months
                .iter()
                .any(|month| row["CREATE_TIME"].starts_with(month))
        })
        .collect();
    assert!(rows.len() > 40);
    let is = |row: &Row, column: &str| row[column] == "1";
    // What the file leaves unfinished is past every limit at the moment of the report: due, and not on time.
    let on_time = |rows: &[&Row]| {
        let n = rows
            .iter()
            .filter(|row| is(row, "INTIME_ARCHIVE_NUM"))
            .count();
        let late = rows
            .iter()
            .filter(|row| is(row, "OVERTIME_ARCHIVE_NUM"))
            .count();
        let unfinished = rows
            .iter()
            .filter(|row| row["INTIME_ARCHIVE_NUM"] == "-")
            .count();
        serde_json::json!({ "n": n, "of": n + late + unfinished })
    };
    assert_eq!(report["received"], rows.len());
    assert_eq!(report["on_time"], on_time(&rows));
    let rows_of = || rows.iter().copied();
    assert_eq!(
        said(report, "by_nature"),
        count(rows_of(), |row| nature(row).into())
    );
    assert_eq!(
        said(report, "by_limit_class"),
        count(rows_of(), |row| limit_class(row).into())
    );
    assert_eq!(
        said(report, "by_category"),
        count(rows_of(), |row| row["EVENT_TYPE_NAME"]
            .replace("&quot;", "\""))
    );
    // An id decides where the directory knows it, else the name stands; no other place is taken by guess.
    let directory = fenbo::config::rules(None).unwrap().directory;
    let source = |row: &Row| {
        let (id, name) = (&row["EVENT_SRC_ID"], &row["EVENT_SRC_NAME"]);
        directory
            .find_source(Some(id), name)
            .map_or_else(|| name.clone(), |s| s.name.clone())
    };
    assert_eq!(said(report, "by_source"), count(rows_of(), source));
    for (key, column) in [
        ("by_street", "STREET_NAME"),
        ("by_community", "COMMUNITY_NAME"),
    ] {
        assert_eq!(
            said(report, key),
            count(rows_of(), |row| row[column].clone()),
            "{key}"
        );
    }
    by_unit(report, all, &rows, &on_time);
}

/// Every unit's tickets and on-time replies; an id is one unit, whatever it was called at the time.
fn by_unit(report: &Value, all: &[Row], rows: &[&Row], on_time: &dyn Fn(&[&Row]) -> Value) {
    let names = usual_names(all, "DISPOSE_UNIT_ID", "DISPOSE_UNIT_NAME");
    let mut units: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows
        .iter()
        .copied()
        .filter(|row| row["DISPOSE_UNIT_NAME"] != "-")
    {
        units.entry(&row["DISPOSE_UNIT_ID"]).or_default().push(row);
    }
    let directory = fenbo::config::rules(None).unwrap().directory;
    let departments = report["departments"].as_array().unwrap();
    let mut merged: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for (id, rows) in units {
        let name = names[id].keys().next().unwrap();
        let code = directory
            .find_department(Some(id), name)
            .map_or_else(|| name.clone(), |d| d.code.clone());
        merged.entry(code).or_default().extend(rows);
    }
    assert_eq!(
        departments.len(),
        merged.len(),
        "as many units as in the file"
    );
    for department in departments {
        let rows = &merged[department["department"].as_str().unwrap()];
        assert_eq!(department["dispatched"], rows.len(), "{department}");
        assert_eq!(department["on_time"], on_time(rows), "{department}");
    }
}

#[test]
fn the_real_months_and_quarters_agree_with_counts_of_the_file() {
    let Some((folder, rows)) = real() else { return };
    for (of, month) in [
        ("2018-10-01", "2018-10"),
        ("2018-09-30", "2018-09"),
        ("2018-02-28", "2018-02"),
    ] {
        let said = report(folder.path(), "month", of);
        agree(&said, &rows, &[month]);
    }
    let third = report(folder.path(), "quarter", "2018-08-15");
    agree(&third, &rows, &["2018-07", "2018-08", "2018-09"]);
    let fourth = report(folder.path(), "quarter", "2018-10-01");
    agree(&fourth, &rows, &["2018-10", "2018-11", "2018-12"]);
    assert_eq!(fourth["previous"]["received"], third["received"]);
    let october = report(folder.path(), "month", "2018-10-01");
    assert_eq!(october["received"], 2971);
    let trend = october["trend"].as_array().unwrap();
    for point in trend {
        let day = point["day"].as_str().unwrap();
        let n = rows
            .iter()
            .filter(|row| row["CREATE_TIME"].starts_with(day))
            .count();
        assert_eq!(point["received"], n, "{day}");
    }
}

#[test]
fn two_reports_of_one_position_are_the_same_bytes_and_files_are_new_and_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let at = ["--at", "2018-11-02 09:00"];
    let made = [&at[..], &["demo", "--no-console"]].concat();
    printed(path, &made);
    for format in ["text", "md", "html", "csv", "json", "xlsx"] {
        let words = [
            &at[..],
            &["report", "month", "--of", "2018-10-09", "--format", format],
        ]
        .concat();
        let first = printed(path, &words);
        assert!(!first.is_empty());
        assert_eq!(first, printed(path, &words), "{format}");
        let file = path.join(format!("october.{format}"));
        let to = [&words[..], &["-o", file.to_str().unwrap()]].concat();
        assert!(printed(path, &to).is_empty());
        assert_eq!(std::fs::read(&file).unwrap(), first, "{format}");
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let again = fenbo(path, &to);
        assert_eq!(again.status.code(), Some(3), "never over an existing file");
        assert_eq!(std::fs::read(&file).unwrap(), first);
    }
    let left: Vec<_> = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".new-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_report_for_an_earlier_moment_does_not_see_what_was_done_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let then = ["--at", "2018-11-02 09:00"];
    let later = ["--at", "2018-11-05 10:00"];
    printed(path, &[&then[..], &["demo", "--no-console"]].concat());
    let month = |at: &[&str]| -> Value {
        let words = [
            at,
            &["report", "month", "--of", "2018-10-09", "--format", "json"],
        ]
        .concat();
        serde_json::from_slice(&printed(path, &words)).unwrap()
    };
    let before = month(&then);
    let numbers = |state: &str| -> Vec<String> {
        let words = [
            &then[..],
            &["list", "--state", state, "--limit", "0", "--format", "json"],
        ]
        .concat();
        let list: Value = serde_json::from_slice(&printed(path, &words)).unwrap();
        let tickets = list["tickets"].as_array().unwrap();
        tickets
            .iter()
            .map(|t| t["no"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut done = 0;
    for (state, act) in [
        ("dispatched", &["act", "sign"][..]),
        ("replied", &["act", "pass"]),
        (
            "closed",
            &[
                "act",
                "reopen",
                "--text",
                "诉求人补充了新的情况，需要再次办理",
            ],
        ),
        (
            "handling",
            &["act", "urge", "--text", "诉求人再次来电催问办理进展"],
        ),
    ] {
        for no in numbers(state) {
            let words = [&later[..], act, &[no.as_str()]].concat();
            done += usize::from(fenbo(path, &words).status.success());
        }
    }
    assert!(done > 50, "only {done} acts were done");
    let mut after = month(&then);
    let now = month(&later);
    assert_ne!(
        now["closed"], before["closed"],
        "later the reopened are open"
    );
    assert_ne!(after["as_of"]["seq"], before["as_of"]["seq"]);
    // The place in the ledger differs; nothing else does.
    after["as_of"] = before["as_of"].clone();
    assert_eq!(after, before);
}
