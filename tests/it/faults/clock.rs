//! A clock that jumps back and forward: the order is the ledger's, nothing is refused, nothing is reordered.

use super::ground::{Ground, now, open, rows};
use super::shim::Shim;
use crate::pty::desk::Desk;
use fenbo::domain::act::Act;
use fenbo::domain::queue::View;
use fenbo::service::performing::Order;
use std::path::Path;
use std::time::Duration;

const DAY: i64 = 86_400;

#[test]
fn acts_by_a_clock_that_jumps_stay_in_their_order() {
    let ground = Ground::new();
    let mut centre = open(&ground.store(), "desk1").unwrap();
    let no = rows(&centre, View::All).unwrap()[0].no.clone();
    let jumps = [0, -DAY, 400 * DAY, -20_000 * DAY, 3_600, -2, 0];
    for (n, jump) in jumps.into_iter().enumerate() {
        let order = Order {
            no: no.clone(),
            version: None,
            act: Act::Urge {
                text: format!("{n}"),
            },
        };
        centre.perform(&order, now().plus(jump)).unwrap();
        centre.counts(now().plus(jump)).unwrap();
        centre.sweep(now().plus(jump)).unwrap();
    }
    let ledger = centre.detail(&no).unwrap().ledger;
    let texts: Vec<String> = ledger
        .iter()
        .filter_map(|entry| match &entry.event {
            fenbo::domain::event::Event::Urged { text } => Some(text.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(texts, ["0", "1", "2", "3", "4", "5", "6"]);
    drop(centre);
    ground.holds(&texts);
}

#[test]
fn the_console_lives_through_a_clock_that_jumps() {
    let desk = Desk::demo();
    let folder = desk.path("x");
    let shim = Shim::on(folder.parent().unwrap());
    let variables = shim.variables();
    let variables = variables
        .each_ref()
        .map(|(name, path): &(&str, std::path::PathBuf)| (*name, path.to_str().unwrap()));
    let mut console = desk.start(&[], &variables);
    console.wait_for_queue();
    for jump in [-DAY, 400 * DAY, -3 * 400 * DAY, 0] {
        shim.set_clock(jump);
        let before = console.selected();
        console.press("j");
        console.wait_until("another row", |c| c.selected() != before);
        console.press("k");
        console.wait_until("the row before", |c| c.selected() == before);
    }
    console.settle(Duration::from_millis(300));
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
    assert_eq!(desk.json(&["verify", "--format", "json"])["ok"], true);
    assert!(Path::new(&desk.store()).exists());
}
