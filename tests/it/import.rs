//! The real files through the binary: every row, its end, its time, its department; twice is once, in either encoding.
//!
//! They are found through `FENBO_DATA`; without it these tests say that they are skipped.

use crate::journeys::real_file;
use crate::pty::desk::Desk;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A row of the file as far as these tests compare it.
struct Row {
    no: String,
    unit: String,
    unit_name: String,
    created: String,
    on_time: bool,
    late: bool,
}

fn rows(file: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let (no, unit, unit_name, created) = (
        at("REC_ID"),
        at("DISPOSE_UNIT_ID"),
        at("DISPOSE_UNIT_NAME"),
        at("CREATE_TIME"),
    );
    let (on_time, late) = (at("INTIME_ARCHIVE_NUM"), at("OVERTIME_ARCHIVE_NUM"));
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            Row {
                no: record[no].to_owned(),
                unit: record[unit].to_owned(),
                unit_name: record[unit_name].to_owned(),
                created: record[created].to_owned(),
                on_time: &record[on_time] == "1",
                late: &record[late] == "1",
            }
        })
        .collect()
}

fn import(desk: &Desk, words: &[&str]) -> [u64; 4] {
    let counts = desk.json(&[&["import"], words, &["--format", "json"]].concat());
    ["read", "added", "already", "rejected"].map(|name| counts[name].as_u64().unwrap())
}

/// Every ticket of the store by the number it had in the file.
fn tickets(desk: &Desk) -> BTreeMap<String, Value> {
    let ran = desk.run(&["list", "--limit", "0", "--format", "jsonl"]);
    assert!(ran.status.success(), "{ran:?}");
    String::from_utf8(ran.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            let ticket: Value = serde_json::from_str(line).unwrap();
            (ticket["external_no"].as_str().unwrap().to_owned(), ticket)
        })
        .collect()
}

#[test]
fn every_real_row_arrives_once_as_the_file_says() {
    let (Some(file), Some(gbk)) = (
        real_file("events-2018.csv"),
        real_file("events-2018-gbk.csv"),
    ) else {
        return;
    };
    let rows = rows(&file);
    let (file, gbk) = (file.display().to_string(), gbk.display().to_string());
    let desk = Desk::new();
    assert_eq!(import(&desk, &[&file, "--dry-run"]), [7000, 7000, 0, 0]);
    assert!(!desk.store().exists(), "a dry run makes no store");
    assert_eq!(import(&desk, &[&file]), [7000, 7000, 0, 0]);
    assert_eq!(import(&desk, &[&file]), [7000, 0, 7000, 0]);
    assert_eq!(import(&desk, &[&gbk]), [1000, 0, 1000, 0]);

    let tickets = tickets(&desk);
    assert_eq!((rows.len(), tickets.len()), (7000, 7000));
    let mut lights: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        let ticket = &tickets[&row.no];
        let light = ticket["light"].as_str().unwrap();
        let end = match (row.on_time, row.late) {
            (true, _) => "done",
            (_, true) => "late",
            _ => light,
        };
        assert_eq!(light, end, "{ticket}");
        assert_eq!(
            ticket["state"] == "closed",
            row.on_time || row.late,
            "{ticket}"
        );
        let created = format!("{}+08:00", row.created.replace(' ', "T"));
        assert_eq!(ticket["created_at"], created, "{ticket}");
        *lights.entry(light).or_default() += 1;
    }
    assert_eq!((lights["done"], lights["late"]), (6279, 719));
    a_unit_is_one_department_under_either_name(&rows, &tickets);
    assert_eq!(desk.json(&["verify", "--format", "json"])["ok"], true);
}

/// The id decides: one id, one department, whatever spelling; two ids are never one department.
fn a_unit_is_one_department_under_either_name(rows: &[Row], tickets: &BTreeMap<String, Value>) {
    let mut units: BTreeMap<&str, (Vec<&str>, Vec<&Value>)> = BTreeMap::new();
    for row in rows {
        let (names, departments) = units.entry(&row.unit).or_default();
        let department = &tickets[&row.no]["lead_department"];
        if !names.contains(&row.unit_name.as_str()) {
            names.push(&row.unit_name);
        }
        if !departments.contains(&department) {
            departments.push(department);
        }
    }
    let renamed = units.values().filter(|(names, _)| names.len() > 1).count();
    assert_eq!(renamed, 30, "units under several names");
    let mut seen = Vec::new();
    for (unit, (names, departments)) in units {
        assert_eq!(departments.len(), 1, "{unit} {names:?} {departments:?}");
        // A dash is no department.
        assert_eq!(departments[0].is_null(), unit == "-", "{unit}");
        assert!(!seen.contains(&departments[0]), "{unit} {names:?}");
        seen.push(departments[0]);
    }
}

#[test]
fn the_other_encoding_alone_says_the_same() {
    let (Some(file), Some(gbk)) = (
        real_file("events-2018.csv"),
        real_file("events-2018-gbk.csv"),
    ) else {
        return;
    };
    let thousand = Desk::new();
    let whole = std::fs::read_to_string(file).unwrap();
    let first: Vec<&str> = whole.lines().take(1001).collect();
    let utf8 = thousand.path("first.csv");
    std::fs::write(&utf8, first.join("\n")).unwrap();
    let utf8 = utf8.display().to_string();
    assert_eq!(import(&thousand, &[&utf8]), [1000, 1000, 0, 0]);
    let other = Desk::new();
    assert_eq!(
        import(&other, &[&gbk.display().to_string()]),
        [1000, 1000, 0, 0]
    );
    assert!(
        tickets(&thousand) == tickets(&other),
        "the same rows, whatever their encoding"
    );
}

/// Three requests of our own in the published columns: one well known, one of a unit nobody knows, one with a broken time.
const OURS: &str = "\
REC_ID,CREATE_TIME,EVENT_SRC_ID,EVENT_SRC_NAME,EVENT_PROPERTY_NAME,EVENT_TYPE_NAME,MAIN_TYPE_NAME,SUB_TYPE_NAME,SUB_TYPE_ID,STREET_ID,STREET_NAME,COMMUNITY_ID,COMMUNITY_NAME,DISPOSE_UNIT_ID,DISPOSE_UNIT_NAME,INTIME_ARCHIVE_NUM,OVERTIME_ARCHIVE_NUM,INTIME_TO_ARCHIVE_NUM
900001,2018-07-04 17:24:41,13,12345,投诉,市容环卫,市容城管,市容环卫,1160,-,-,-,-,-,-,1,0,0
900002,2018-07-04 17:25:00,13,12345,投诉,市容环卫,市容城管,市容环卫,1160,-,-,-,-,99999,名录里没有的单位,0,1,0
900003,改天,13,12345,咨询,市容环卫,市容城管,市容环卫,1160,-,-,-,-,-,-,1,0,0
";

#[test]
fn a_broken_row_comes_back_in_a_receipt_and_unknown_names_stay_as_they_stand() {
    let desk = Desk::new();
    let (file, receipt) = (desk.path("ours.csv"), desk.path("receipt.csv"));
    std::fs::write(&file, OURS).unwrap();
    let words = [
        "import",
        file.to_str().unwrap(),
        "--receipt",
        receipt.to_str().unwrap(),
        "--format",
        "json",
    ];
    let ran = desk.run(&words);
    assert_eq!(ran.status.code(), Some(4), "{ran:?}");
    let counts: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(
        (&counts["added"], &counts["rejected"]),
        (&2.into(), &1.into())
    );
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("名录里没有的单位"), "{said}");

    let rest = std::fs::read_to_string(&receipt).unwrap();
    assert!(
        rest.contains("900003") && !rest.contains("900001"),
        "{rest}"
    );
    let corrected = desk.path("corrected.csv");
    std::fs::write(&corrected, rest.replace("改天", "2018-07-04 17:26:00")).unwrap();
    assert_eq!(import(&desk, &[corrected.to_str().unwrap()]), [1, 1, 0, 0]);

    let tickets = tickets(&desk);
    assert_eq!(tickets.len(), 3);
    assert_eq!(tickets["900002"]["lead_department"], "名录里没有的单位");
    assert_eq!(tickets["900002"]["light"], "late");
    assert_eq!(tickets["900003"]["created_at"], "2018-07-04T17:26:00+08:00");
    // What the columns said that no fact of a ticket holds is kept as it stood.
    let store = rusqlite::Connection::open(desk.store()).unwrap();
    let kept: Vec<String> = store
        .prepare("SELECT raw FROM ticket_text")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(
        kept.iter()
            .all(|raw| raw.contains(r#"["SUB_TYPE_ID","1160"]"#)),
        "{kept:?}"
    );
}

/// Rows that repeat close by and far off, with one in nine still under way: each number comes twice.
fn repeating(many: usize) -> String {
    let mut lines: Vec<String> = OURS.lines().take(1).map(str::to_owned).collect();
    let row = |n: usize| {
        let running = usize::from(n.is_multiple_of(9));
        let on_time = 1 - running;
        let (minute, second) = (n / 60 % 60, n % 60);
        format!(
            "{},2018-07-04 17:{minute:02}:{second:02},13,12345,投诉,市容环卫,市容城管,市容环卫,1160,-,-,-,-,-,-,{on_time},0,{running}",
            700_000 + n
        )
    };
    for n in 0..many {
        lines.push(row(n));
        if n.is_multiple_of(3) {
            lines.push(row(n));
        }
    }
    lines.extend((0..many).filter(|n| !n.is_multiple_of(3)).map(row));
    lines.join("\n")
}

#[test]
fn rows_that_repeat_arrive_once_in_the_order_of_their_creation_whoever_else_has_the_store_open() {
    let all = 400;
    for watched in [false, true] {
        let desk = Desk::new();
        let file = desk.path("repeating.csv");
        std::fs::write(&file, repeating(all)).unwrap();
        assert!(desk.run(&["init"]).status.success());
        // Another process holds the store open, or nobody does.
        let _other = watched.then(|| {
            let other = rusqlite::Connection::open(desk.store()).unwrap();
            let tickets = "SELECT count(*) FROM ticket";
            other.query_row(tickets, [], |_| Ok(())).unwrap();
            other
        });
        let (n, twice) = (all as u64, 2 * all as u64);
        assert_eq!(
            import(&desk, &[file.to_str().unwrap()]),
            [twice, n, n, 0],
            "watched: {watched}"
        );
        let tickets = tickets(&desk);
        let mut by_number: Vec<(&str, &str)> = tickets
            .values()
            .map(|ticket| {
                let (no, created) = (&ticket["no"], &ticket["created_at"]);
                (no.as_str().unwrap(), created.as_str().unwrap())
            })
            .collect();
        by_number.sort_unstable();
        assert!(by_number.is_sorted_by_key(|(_, created)| *created));
        assert_eq!(desk.json(&["verify", "--format", "json"])["ok"], true);
        for no in ["700000", "700001", "700399"] {
            let words = ["list", "--view", "all", "--query", no, "--format", "json"];
            assert_eq!(desk.json(&words)["total"], 1, "{no}");
        }
        let raw = rusqlite::Connection::open(desk.store()).unwrap();
        let ask = |sql: &str| raw.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        let open = ask("SELECT count(*) FROM ticket WHERE is_open = 1");
        assert_eq!(open, all.div_ceil(9) as i64);
        assert_eq!(ask("SELECT count(*) FROM sweep_due"), open);
        let guards = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' \
                      AND name IN ('event_follows', 'sweep_looks_at_new')";
        assert_eq!(ask(guards), 2, "what an import lifts is put back");
    }
}
