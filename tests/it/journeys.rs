//! A dispatcher's day on the real file, keys in and screen out: taken in, opened, dispatched, taken back, verified.
//!
//! The file is found through `FENBO_DATA`; without it the journey says that it is skipped.

use crate::pty::desk::{Console, Desk};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The evening of the last day in the file.
const EVENING: &str = "2018-11-01 18:00";

/// The real file, where the tests are told of it.
pub fn real_file(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("FENBO_DATA") else {
        println!("skipped: FENBO_DATA is not set, so the real files are not there");
        return None;
    };
    Some(PathBuf::from(folder).join("pingshan").join(name))
}

#[test]
fn the_desk_works_on_the_real_requests_of_an_evening() {
    let Some(file) = real_file("events-2018.csv") else {
        return;
    };
    let desk = Desk::new();
    let file = file.display().to_string();
    let words = [
        "--at",
        EVENING,
        "import",
        &file,
        "--open-last",
        "60",
        "--format",
        "json",
    ];
    let counts = desk.json(&words);
    assert_eq!(
        (&counts["added"], &counts["rejected"]),
        (&7000.into(), &0.into())
    );

    let mut console = desk.start(&["--at", EVENING], &[]);
    console.wait_for_queue();
    console.wait_for("待分拨 60");
    let (first, lead) = console.dispatch();
    console.wait_for("待分拨 59");
    let batch = twenty_at_once(&mut console);
    let back = &batch[3];
    take_back(&mut console, back);
    assert!(!batch.iter().any(|no| first.ends_with(no)));
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);

    let list = list(&desk);
    let of = |no: &str| {
        list.iter()
            .find(|t| t["no"].as_str().unwrap().ends_with(no))
            .unwrap()
    };
    for no in batch.iter().filter(|no| *no != back) {
        assert_eq!(
            (of(no)["state"].as_str(), of(no)["lead_department"].as_str()),
            (Some("dispatched"), Some("cgj")),
            "{no}"
        );
    }
    assert_eq!(of(back)["state"], "filed");
    assert_eq!(of(&first)["lead_department_name"], lead.as_str());
    agrees_with_its_ledger(&desk, &list);
}

/// Marks twenty from the top, sends them to one department, and says yes to the summary; their numbers.
fn twenty_at_once(console: &mut Console) -> Vec<String> {
    console.press("g");
    let rows: Vec<String> = console.rows().into_iter().take(20).collect();
    assert_eq!(rows.len(), 20, "{}", console.screen());
    console.press(&" ".repeat(20));
    console.wait_until("twenty marks", |c| c.screen().matches('✓').count() >= 20);
    console.press("a");
    console.wait_for("分拨标记的 20 件");
    console.press("cgj");
    console.wait_for("> cgj");
    console.press("\r");
    console.wait_for("即将分拨 20 件");
    console.wait_for("可以 20 件，不可以 0 件");
    console.press("y");
    console.wait_for("已分拨 20 件");
    console.wait_for("待分拨 39");
    rows
}

/// Finds one of the batch among all tickets and takes it back by the palette; the other nineteen stay.
fn take_back(console: &mut Console, no: &str) {
    console.press("7");
    console.wait_until("all tickets", |c| c.rows().len() > 20);
    console.type_into("/", no);
    console.press("\r");
    console.wait_until("that ticket alone", |c| {
        c.rows() == [no] && c.pane_no().is_some_and(|p| p.ends_with(no))
    });
    console.wait_until("the filter closed", |c| c.emulator().hide_cursor());
    console.type_into(":", "撤回分拨");
    console.press("\r");
    console.wait_for("已撤回");
}

fn list(desk: &Desk) -> Vec<Value> {
    let words = ["--at", EVENING, "list", "--limit", "0", "--format", "json"];
    let all = desk.json(&words);
    let tickets = all["tickets"].as_array().unwrap().clone();
    assert_eq!((all["total"].as_u64(), tickets.len()), (Some(7000), 7000));
    tickets
}

/// What `verify` counted from the ledger is what `list` shows.
fn agrees_with_its_ledger(desk: &Desk, list: &[Value]) {
    let verified = desk.json(&["verify", "--format", "json"]);
    assert_eq!(verified["ok"], true, "{verified}");
    assert_eq!(verified["tickets"], list.len());
    let mut states: BTreeMap<&str, u64> = BTreeMap::new();
    for ticket in list {
        *states.entry(ticket["state"].as_str().unwrap()).or_default() += 1;
    }
    for (state, n) in states {
        let words = [
            "--at", EVENING, "list", "--state", state, "--limit", "1", "--format", "json",
        ];
        assert_eq!(desk.json(&words)["total"], n, "{state}");
    }
}
