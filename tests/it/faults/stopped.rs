//! A writer that is stopped in its transaction, and a terminal that takes no bytes: the other desks go on.

use super::ground::{Ground, lines_of, now, open, rows, urge};
use crate::pty::desk::Desk;
use fenbo::domain::queue::View;
use fenbo::service::FailureKind;
use rustix::process::{Pid, Signal, kill_process};
use std::io::Write;
use std::time::{Duration, Instant};

fn signal(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), signal).unwrap();
}

#[test]
fn a_stopped_writer_holds_up_no_reader_is_named_and_gives_way_when_it_goes() {
    let ground = Ground::new();
    let mut holder = ground.child("hold", 1).spawn().unwrap();
    assert!(lines_of(&mut holder, "holding").next().is_some());
    signal(holder.id(), Signal::STOP);

    let mut centre = open(&ground.store(), "desk1").unwrap();
    let since = Instant::now();
    let all = rows(&centre, View::All).unwrap();
    centre.counts(now()).unwrap();
    assert!(since.elapsed() < Duration::from_secs(2), "reads waited");
    let no = all[0].no.clone();
    // The wait for the lock is ten seconds; then whoever holds it is named.
    let refused = urge(&mut centre, &no, "while it is held").unwrap_err();
    let fenbo::service::NotDone::Failed(failure) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(
        failure.kind,
        FailureKind::Busy {
            holder: Some(holder.id())
        }
    );
    let waiting = std::thread::spawn(move || {
        let done = urge(&mut centre, &no, "after it");
        (done, centre)
    });
    holder.kill().unwrap();
    holder.wait().unwrap();
    let (done, centre) = waiting.join().unwrap();
    done.unwrap();
    drop(centre);
    ground.holds(&["after it".to_owned()]);
}

#[test]
fn a_stopped_writer_that_goes_on_finishes_its_write() {
    let ground = Ground::new();
    let mut holder = ground.child("hold", 1).spawn().unwrap();
    let mut input = holder.stdin.take().unwrap();
    let mut lines = lines_of(&mut holder, "");
    assert!(lines.by_ref().any(|line| line == "holding"));
    signal(holder.id(), Signal::STOP);
    let state = || std::fs::read_to_string(format!("/proc/{}/stat", holder.id())).unwrap();
    while !state().contains(") T ") {
        std::thread::sleep(Duration::from_millis(1));
    }
    input.write_all(b"x").unwrap();
    // Others read meanwhile.
    let reader = fenbo::store::Store::open(&ground.store(), fenbo::store::Access::ReadOnly);
    assert_eq!(reader.unwrap().setting("held").unwrap(), None);
    signal(holder.id(), Signal::CONT);
    assert!(lines.any(|line| line == "done"));
    assert!(holder.wait().unwrap().success());
    let store = fenbo::store::Store::open(&ground.store(), fenbo::store::Access::ReadOnly).unwrap();
    assert_eq!(store.setting("held").unwrap().as_deref(), Some("1"));
}

/// No transaction is open while the console draws or waits for a key. `[QUALITY: a stalled SSH client]`
#[test]
fn a_terminal_that_takes_no_bytes_keeps_nobody_from_writing() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    let no = console.pane_no().unwrap();
    console.stall();
    console.press(&"\x0c\x0c\x0c\x0cj".repeat(40));
    for n in 0..5 {
        let since = Instant::now();
        let text = format!("第{n}次");
        let ran = desk.run(&[
            "--at",
            crate::pty::desk::NOW,
            "act",
            "urge",
            &no,
            "--text",
            &text,
        ]);
        assert!(ran.status.success(), "{ran:?}");
        assert!(
            since.elapsed() < Duration::from_secs(5),
            "{:?}",
            since.elapsed()
        );
    }
    console.unstall();
    console.settle(Duration::from_millis(300));
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
}
