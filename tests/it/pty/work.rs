//! Work at the console: dispatching, taking back, what is typed and not lost, and how little is sent.

use super::desk::{Console, Desk, PATIENCE, count};
use rustix::process::Signal;
use std::time::{Duration, Instant};

/// Typed text must be in the store this soon `[QUALITY: draft within 2 s]`, with a busy machine's leave.
const KEPT_WITHIN: Duration = Duration::from_secs(4);

#[test]
fn the_queue_comes_and_a_ticket_goes_in_two_keys_and_comes_back_in_one() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    let (no, lead) = console.dispatch();
    console.wait_until("the next ticket", |c| c.pane_no().is_some_and(|n| n != no));
    let ticket = desk.json(&["show", &no, "--format", "json"]);
    assert_eq!(ticket["state"], "dispatched");
    assert_eq!(ticket["lead_department_name"], lead.as_str());
    console.press("u");
    console.wait_for(&format!("已撤回 {no}"));
    console.wait_until("the same ticket selected", |c| {
        c.pane_no().as_ref() == Some(&no)
    });
    assert_eq!(
        desk.json(&["show", &no, "--format", "json"])["state"],
        "filed"
    );
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
    assert_eq!(desk.json(&["verify", "--format", "json"])["ok"], true);
}

#[test]
fn what_is_typed_survives_a_kill_and_a_hang_up_and_is_offered_again() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    console.press("n");
    console.wait_for("登记诉求");
    to_the_title(&mut console);
    console.press("路口红绿灯不亮");
    console.wait_for("路口红绿灯不亮");
    let typed = Instant::now();
    while !kept(&desk).contains("路口红绿灯不亮") {
        assert!(typed.elapsed() < KEPT_WITHIN, "not kept");
        console.take(Duration::from_millis(20));
    }
    console.signal(Signal::KILL);
    console.gone();

    let mut console = desk.open(&[]);
    console.wait_for("1 份上次没写完的草稿");
    console.press("n");
    console.wait_for("已放回上次的草稿");
    console.wait_for("路口红绿灯不亮");
    // The field that was in hand is not the one the form opens on.
    to_the_title(&mut console);
    console.press("，已三天");
    console.wait_for("路口红绿灯不亮，已三天");
    // A hang-up leaves no time for the second after which typed text is kept anyhow.
    console.hang_up();
    console.gone();
    assert!(
        kept(&desk).contains("路口红绿灯不亮，已三天"),
        "{}",
        kept(&desk)
    );

    let mut console = desk.open(&[]);
    console.press("n");
    console.wait_for("路口红绿灯不亮，已三天");
    to_the_title(&mut console);
    console.press("，又三天");
    console.wait_for("，又三天");
    console.signal(Signal::TERM);
    assert_eq!(console.gone_and_given_back().code, 143);
    assert!(kept(&desk).contains("，又三天"), "{}", kept(&desk));
}

/// From the first field of the form to the title; keys that come at once with text would be a paste.
fn to_the_title(console: &mut Console) {
    console.wait_for("▸ 电话");
    console.press("\t\t");
    console.wait_for("▸*标题");
}

/// The drafts in the store.
fn kept(desk: &Desk) -> String {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let store = rusqlite::Connection::open_with_flags(desk.store(), flags).unwrap();
    let all = store.query_row(
        "SELECT coalesce(group_concat(json), '') FROM draft",
        [],
        |row| row.get(0),
    );
    all.unwrap()
}

#[test]
fn an_idle_console_sends_nothing_and_hardly_wakes() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    console.settle(Duration::from_millis(1500));
    let (wakes, ticks, seconds) = (wake_ups(console.pid()), console.process().1, 3);
    assert!(
        !console.take(Duration::from_secs(seconds)),
        "bytes came: {:?}",
        String::from_utf8_lossy(&console.seen()[console.seen().len().saturating_sub(200)..])
    );
    let wakes = wake_ups(console.pid()) - wakes;
    assert!(wakes <= seconds + 2, "{wakes} wake-ups in {seconds} s");
    assert!(console.process().1 - ticks <= 5);
    console.press("q");
    assert_eq!(console.gone().code, 0);
}

/// How often the threads of a process went to sleep so far.
fn wake_ups(pid: u32) -> u64 {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    threads
        .map(|thread| {
            let status = std::fs::read_to_string(thread.unwrap().path().join("status")).unwrap();
            let line = status
                .lines()
                .find(|l| l.starts_with("voluntary_ctxt_switches"))
                .unwrap();
            line.split_whitespace()
                .nth(1)
                .unwrap()
                .parse::<u64>()
                .unwrap()
        })
        .sum()
}

#[test]
fn thirty_keys_that_wait_are_few_frames() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    console.settle(Duration::from_millis(500));
    let rows = console.rows();
    assert!(rows.len() > 16);
    console.signal(Signal::STOP);
    console.wait_state('T');
    console.press(&"j".repeat(15));
    console.press(&"k".repeat(15));
    console.press("j");
    let before = console.seen().len();
    console.signal(Signal::CONT);
    console.wait_until("the second row", |c| {
        c.selected().as_ref() == Some(&rows[1])
    });
    console.settle(Duration::from_millis(500));
    let frames = count(&console.seen()[before..], b"\x1b[?2026h");
    // Two are the repaint after the stop and the pane of the ticket that is reached.
    assert!(frames <= 8, "{frames} frames");
    console.press("q");
    assert_eq!(console.gone().code, 0);
}

#[test]
fn a_new_size_is_drawn_at_once_and_a_small_one_says_so() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    console.resize(59, 16);
    console.wait_for("60x16");
    console.resize(60, 16);
    console.wait_until("the queue again", |c| {
        !c.screen().contains("60x16") && c.selected().is_some()
    });
    for (columns, rows) in [(1, 1), (300, 100), (2, 50), (80, 24), (79, 3), (120, 40)] {
        console.resize(columns, rows);
    }
    console.wait_for_queue();
    console.press("q");
    assert!(console.gone_and_given_back().took < PATIENCE);
}

#[test]
fn the_sure_are_looked_for_in_the_whole_view_while_keys_are_answered() {
    let desk = Desk::demo();
    let counts = desk.json(&["list", "--view", "desk", "--limit", "1", "--format", "json"]);
    let all = counts["total"].as_u64().expect("a count");
    let mut console = desk.open(&[]);
    console.wait_until("the queue", |c| c.pane_no().is_some());
    console.press("%");
    console.press("j");
    console.wait_for(&format!("看了 {all} 件"));
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
}

#[test]
fn what_is_masked_stands_in_no_pane_although_keys_follow_at_once() {
    let desk = Desk::demo();
    let mut console = desk.open(&["--lang", "zh"]);
    let person = |c: &Console| {
        let screen = c.screen();
        let line = screen.lines().find(|l| l.starts_with(" 诉求人"));
        line.map(str::trim_end).map(str::to_owned)
    };
    console.wait_until("who asked", |c| person(c).is_some());
    let told = person(&console);
    console.press("p");
    console.wait_until("the mask turned", |c| person(c) != told);
    let bare = person(&console);
    console.settle(Duration::from_millis(300));
    // All of them are handled before a frame is drawn.
    console.press("pjjj");
    while !console.screen().contains("停键后显示") {
        console.take(Duration::from_millis(20));
        console.press("j");
    }
    assert_ne!(person(&console), bare, "{}", console.screen());
}

#[test]
fn of_a_flood_of_keys_none_is_lost() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    let longest = |c: &Console| c.screen().split(|c| c != 'a').map(str::len).max();
    console.press("/");
    console.settle(Duration::from_millis(200));
    console.press(&"a".repeat(1_500));
    console.press(&"\x7f".repeat(1_490));
    // A busy machine takes its time.
    console.wait_until("what is left of them", |c| longest(c) == Some(10));
    console.settle(Duration::from_millis(800));
    assert_eq!(longest(&console), Some(10), "{}", console.screen());
}
