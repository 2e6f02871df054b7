//! Every way out leaves the terminal as it was found, in time, with the exit code that tells how it ended.

use super::desk::{Console, Desk, GONE_WITHIN, Gone, NOW, PATIENCE};
use rustix::process::Signal;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

/// What every message on the way out is made of.
fn told_in_three_parts(text: &str) {
    for part in ["原因", "下一步"] {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
}

fn in_time(gone: &Gone) {
    assert!(gone.took < GONE_WITHIN, "took {:?}", gone.took);
}

#[test]
fn the_keys_that_quit_give_the_terminal_back() {
    let desk = Desk::demo();
    for key in ["q", "\x03"] {
        let mut console = desk.open(&[]);
        assert!(!console.mode_is_as_before() && console.emulator().alternate_screen());
        console.press(key);
        let gone = console.gone_and_given_back();
        assert_eq!(gone.code, 0, "{key:?}");
        in_time(&gone);
    }
}

#[test]
fn signals_end_it_with_their_own_exit_code() {
    let desk = Desk::demo();
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
    ] {
        let console = desk.open(&[]);
        console.signal(signal);
        let gone = console.gone_and_given_back();
        assert_eq!(gone.code, code);
        in_time(&gone);
    }
}

#[test]
fn a_hang_up_ends_it_soon_and_without_a_spin_whether_or_not_the_shell_heeds_it() {
    let desk = Desk::demo();
    // `nohup` and some daemons leave SIGHUP ignored: then only the line itself tells.
    for script in [
        "exec \"$FENBO\" --at \"$AT\"",
        "trap '' HUP; exec \"$FENBO\" --at \"$AT\"",
    ] {
        let mut console = desk.start_shell(&script.replace("$AT", NOW));
        console.wait_for_queue();
        let before = console.process().1;
        console.hang_up();
        let gone = console.gone();
        assert_eq!(gone.code, 129, "{script}");
        in_time(&gone);
        assert!(
            gone.ticks - before < 50,
            "{} ticks of processor time",
            gone.ticks - before
        );
    }
}

#[test]
fn a_stalled_line_does_not_hold_it_back() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    console.stall();
    // Each whole frame is some kilobytes, which soon fill the line: then the loop stands still in its writing.
    console.press(&"\x0c\x0c\x0c\x0cj".repeat(40));
    wait_until_still(&mut console);
    console.signal(Signal::TERM);
    let took = console.wait_state('Z');
    assert!(took < GONE_WITHIN, "took {took:?}");
    assert_eq!(console.gone_and_given_back().code, 143);
}

/// Waits until the program uses no processor time any more, and so stands still.
fn wait_until_still(console: &mut Console) {
    let start = Instant::now();
    let mut last = (console.process().1, Instant::now());
    while last.1.elapsed() < Duration::from_millis(300) {
        assert!(start.elapsed() < PATIENCE, "it never stood still");
        let ticks = console.process().1;
        if ticks != last.0 {
            last = (ticks, Instant::now());
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

#[test]
fn ctrl_z_lends_the_terminal_to_the_shell_and_takes_it_again() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    console.settle(Duration::from_millis(500));
    let shown = console.screen();
    console.press("\x1a");
    console.wait_state('T');
    console.wait_until("the shell's screen", |c| !c.emulator().alternate_screen());
    assert!(console.mode_is_as_before());
    assert!(!console.emulator().hide_cursor());
    console.scribble("\r\nwhat the shell says meanwhile\r\n");
    console.signal(Signal::CONT);
    console.wait_until("the queue again, whole", |c| {
        c.emulator().alternate_screen() && c.screen() == shown
    });
    assert!(!console.mode_is_as_before());
    console.press("j");
    console.wait_until("another row", |c| c.screen() != shown);
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
}

#[test]
fn a_stop_from_outside_is_painted_over_when_it_goes_on() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    console.settle(Duration::from_millis(500));
    let shown = console.screen();
    console.signal(Signal::STOP);
    console.wait_state('T');
    console.scribble("\x1b[H\x1b[2Jsomething else on the screen");
    console.wait_until("the scribble", |c| c.screen().starts_with("something else"));
    console.signal(Signal::CONT);
    console.wait_until("the queue again, whole", |c| c.screen() == shown);
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
}

#[test]
fn a_panic_in_any_thread_gives_the_terminal_back_and_is_told() {
    if !cfg!(debug_assertions) {
        eprintln!("skipped: a release has nothing that makes it panic");
        return;
    }
    let desk = Desk::demo();
    for (place, keys) in [("worker", "a1"), ("computer", "8"), ("loop", "j")] {
        let mut console = desk.open_with(&[], &[("FENBO_TEST_PANIC", place)]);
        for key in keys.split_inclusive('a') {
            console.press(key);
            if key == "a" {
                console.wait_for("输入名称、拼音首字母或代码");
            }
        }
        let gone = console.gone_and_given_back();
        assert_eq!(gone.code, 3, "{place}: {}", gone.screen);
        told_in_three_parts(&gone.screen);
        assert!(gone.screen.contains(place), "{}", gone.screen);
        in_time(&gone);
    }
}

#[test]
fn a_store_that_cannot_be_read_is_told_before_the_terminal_is_taken() {
    let desk = Desk::new();
    desk.spoiled();
    desk.put_store(&b"no store at all ".repeat(1000));
    let gone = desk.start(&[], &[]);
    let gone = no_escapes(gone);
    assert_eq!(gone.code, 3, "{}", gone.screen);
    told_in_three_parts(&gone.screen);
}

/// Waits for the end of a run that must not have sent any escape.
fn no_escapes(mut console: Console) -> Gone {
    console.wait_state('Z');
    while console.take(Duration::from_millis(200)) {}
    assert!(
        !console.seen().contains(&0x1b),
        "{:?}",
        String::from_utf8_lossy(console.seen())
    );
    console.gone()
}

#[test]
fn a_store_that_fails_under_it_is_told_and_the_console_can_be_left() {
    for damage in [damage_truncated, damage_overwritten] {
        let desk = Desk::demo();
        desk.spoiled();
        let mut console = desk.open(&[]);
        damage(&desk);
        console.press("7");
        console.wait_for("未能完成这一步");
        console.press("q");
        assert_eq!(console.gone_and_given_back().code, 0);
    }
}

#[test]
fn nothing_is_said_to_be_done_in_a_store_that_was_removed() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    let no = console.pane_no().unwrap();
    std::fs::remove_file(desk.store()).unwrap();
    console.press("a");
    console.wait_for("输入名称、拼音首字母或代码");
    console.press("1");
    console.wait_for("未能完成这一步：没有这个文件");
    assert!(!console.screen().contains(&format!("已分拨 {no}")));
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
}

fn damage_truncated(desk: &Desk) {
    std::fs::write(desk.store(), b"").unwrap();
}

fn damage_overwritten(desk: &Desk) {
    let length = std::fs::metadata(desk.store()).unwrap().len() as usize;
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(desk.store())
        .unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, &vec![0xa5; length], 0).unwrap();
}

#[test]
fn a_terminal_that_cannot_place_a_cursor_gets_no_escapes() {
    let desk = Desk::demo();
    for term in ["dumb", ""] {
        let gone = no_escapes(desk.start(&["--at", NOW], &[("TERM", term)]));
        assert_eq!(gone.code, 3, "{}", gone.screen);
        told_in_three_parts(&gone.screen);
    }
}

#[test]
fn without_a_terminal_it_says_so_and_sends_no_escapes() {
    let desk = Desk::demo();
    let run = |stdin: Stdio| -> Output {
        let mut command = desk.command(&["--at", NOW, "console"]);
        command.env("TERM", "xterm-256color").stdin(stdin);
        command.output().unwrap()
    };
    for ran in [run(Stdio::null()), run(Stdio::piped())] {
        assert_eq!(ran.status.code(), Some(3), "{ran:?}");
        assert_eq!(ran.stdout, b"");
        assert!(!ran.stderr.contains(&0x1b));
        told_in_three_parts(&String::from_utf8(ran.stderr).unwrap());
    }
}

#[test]
fn a_pipe_behind_it_is_no_terminal() {
    let desk = Desk::demo();
    let script = format!("\"$FENBO\" --at '{NOW}' > piped; echo \"ended with $?\"");
    let gone = no_escapes(desk.start_shell(&script));
    assert!(gone.screen.contains("ended with 3"), "{}", gone.screen);
    assert_eq!(std::fs::read(desk.path("piped")).unwrap(), b"");
}
