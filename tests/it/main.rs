//! One binary for every integration test; a file has one subject.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "all of this binary is tests, also what is no test function"
)]

mod architecture;
mod boards;
mod borders;
mod by_rule;
mod calendar;
mod cli;
mod console;
mod crowd;
mod docs;
mod entries;
mod false_closures;
mod faults;
mod import;
mod insight;
mod intake;
mod journeys;
mod mail;
mod one_truth;
mod pty;
mod report;
mod requesters;
mod safety;
mod scenarios;
mod screens;
mod serve;
mod service;
mod store;
mod sweep;
mod terminal;
mod wechat;

/// The ledger of a store gives its rows: asked when a test that may have written is over, whatever it was about.
pub fn verified(path: &std::path::Path) {
    if std::thread::panicking() || !path.exists() {
        return;
    }
    let store = fenbo::store::Store::open(path, fenbo::store::Access::ReadOnly);
    let report = store.and_then(|store| store.verify(|_, _| ()));
    let report = report.unwrap_or_else(|failure| panic!("{}: {failure}", path.display()));
    assert!(report.ok, "{:?}", report.problems);
}

/// Waits until something is so; what does not come within a minute does not come.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = std::time::Instant::now();
    while !is_so() {
        assert!(since.elapsed().as_secs() < 60, "not so: {what}");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// Whoever imports here hears of no progress, and every record is taken.
pub struct EveryRow;

impl fenbo::service::importing::Watch for EveryRow {
    fn progress(&mut self, _: &fenbo::service::importing::Outturn) {}
    fn rejected(&mut self, error: &fenbo::intake::RowError) {
        panic!("{error}");
    }
}

/// The login that runs the tests: the program works for it.
pub fn login() -> String {
    let said = std::process::Command::new("id")
        .arg("-un")
        .output()
        .unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}
