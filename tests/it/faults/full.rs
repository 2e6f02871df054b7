//! A full disk, a quota, a size limit: reads go on, it is said, and writes come back by themselves.

use super::ground::{Ground, lines_of, times};
use super::shim::{ENOSPC, Shim, WRITE};
use crate::pty::desk::Desk;

/// `[QUALITY: 150 seeds by the long command]`
#[test]
fn when_the_disk_fills_reads_go_on_and_writes_come_back_by_themselves() {
    for seed in 0..times(3, 150) as u64 {
        let ground = Ground::new();
        let shim = Shim::on(ground.folder());
        let mut child = ground.shimmed("full", &shim);
        child.env(super::ground::SEED, seed.to_string());
        let mut child = child.spawn().unwrap();
        let acks: Vec<String> = lines_of(&mut child, "ack ").collect();
        let ran = child.wait_with_output().unwrap();
        assert!(
            ran.status.success(),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
        assert!(acks.len() >= 6);
        ground.holds(&acks);
    }
}

#[test]
fn the_console_says_that_the_disk_is_full_and_goes_on_when_it_is_not() {
    let desk = Desk::demo();
    let folder = desk.path("");
    let shim = Shim::on(std::path::Path::new(
        folder.to_str().unwrap().trim_end_matches('/'),
    ));
    let variables = shim.variables();
    let variables = variables
        .each_ref()
        .map(|(name, path)| (*name, path.to_str().unwrap()));
    let mut console = desk.open_with(&[], &variables);
    let waiting = console.rows();
    shim.fail(WRITE, 1, true, ENOSPC);
    console.press("a");
    console.wait_for("输入名称、拼音首字母或代码");
    console.press("1");
    console.wait_for("未能完成这一步");
    console.wait_for("已满");
    console.press("7");
    console.wait_until("every ticket", |c| c.rows().len() > 16);
    shim.heal();
    console.press("1");
    console.wait_until("what waits", |c| c.rows() == waiting);
    console.wait_for_queue();
    console.dispatch();
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
    assert_eq!(desk.json(&["verify", "--format", "json"])["ok"], true);
}
