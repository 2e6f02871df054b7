//! Slow lines, half sequences, storms of sizes: keys are heard, frames are dropped and not queued, news come through.

use super::desk::{Console, Desk, NOW, count};
use std::time::Duration;

#[test]
fn a_slow_screen_gets_few_frames_and_every_key_is_heard() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    console.settle(Duration::from_millis(500));
    let rows = console.rows();
    console.stall();
    // Whole frames fill the line; then come the keys of somebody who goes on all the same.
    console.press(&"\x0c".repeat(60));
    for _ in 0..100 {
        console.press("jk");
    }
    console.press("jjj");
    let before = console.seen().len();
    console.unstall();
    console.wait_until("the fourth row", |c| {
        c.selected().as_ref() == Some(&rows[3])
    });
    console.settle(Duration::from_millis(500));
    let frames = count(&console.seen()[before..], b"\x1b[?2026h");
    assert!(frames < 40, "{frames} frames for 263 keys");
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
}

#[test]
fn the_pane_waits_until_the_keys_rest_and_then_shows_the_selected_ticket() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    console.settle(Duration::from_millis(500));
    let rows = console.rows();
    let before = console.seen().len();
    console.press("jjjjj");
    console.wait_until("the sixth ticket in the pane", |c| {
        c.pane_no().is_some_and(|no| no.ends_with(&rows[5]))
    });
    assert_eq!(console.selected().as_ref(), Some(&rows[5]));
    let waits = "停键后显示".as_bytes();
    assert_eq!(count(&console.seen()[before..], waits), 1);
    assert!(!console.screen().contains("停键后显示"));
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
}

#[test]
fn half_a_sequence_holds_up_no_news_of_another_desk() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    let no = console.pane_no().unwrap();
    console.settle(Duration::from_millis(500));
    console.press("\x1b[");
    let urged = |c: &Console| c.screen().contains("催1");
    assert!(!urged(&console));
    let ran = desk.run(&["--at", NOW, "act", "urge", &no, "--text", "又来电"]);
    assert!(ran.status.success(), "{ran:?}");
    console.wait_until("the mark of an urged ticket", urged);
    console.press("B");
    console.wait_until("the next row", |c| c.pane_no().is_some_and(|n| n != no));
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
}

#[test]
fn two_hundred_sizes_while_a_dialog_is_open_change_nothing_in_it() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    console.press("a");
    console.wait_for("输入名称、拼音首字母或代码");
    let mut dice = crate::faults::ground::Dice(16);
    for _ in 0..200 {
        console.resize(1 + dice.below(300) as u16, 1 + dice.below(100) as u16);
        console.take(Duration::from_millis(2));
    }
    console.resize(120, 40);
    // What stands there may be of the size before, in which no key acts.
    console.settle(Duration::from_millis(500));
    console.wait_for("输入名称、拼音首字母或代码");
    console.press("\x1b");
    // A q right behind it would be read as Alt-q.
    console.wait_until("the dialog gone", |c| {
        !c.screen().contains("输入名称、拼音首字母或代码")
    });
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
}

#[test]
fn the_terminal_is_asked_nothing_so_a_far_line_costs_a_round_trip_a_key() {
    let desk = Desk::demo();
    let mut console = desk.open(&[]);
    for (keys, text) in [
        ("\r", "流转记录"),
        ("\x1b", "建议 / 承办"),
        ("a", "输入名称、拼音首字母或代码"),
        ("\x1b", "建议 / 承办"),
        ("?", "F1"),
        ("\x1b", "建议 / 承办"),
        ("y", "已送往"),
    ] {
        console.press(keys);
        console.wait_for(text);
        console.settle(Duration::from_millis(100));
    }
    console.press("q");
    let seen = console.seen().to_vec();
    assert_eq!(console.gone_and_given_back().code, 0);
    let asked = questions(&seen);
    assert!(asked.is_empty(), "{asked:?}");
    assert_eq!(
        questions(b"\x1b[6n\x1b]11;?\x07\x1b[31m\x1b[?25l\x1b[14t").len(),
        3
    );
}

/// The sequences that a terminal answers: attributes, status, modes, keys, sizes, colours, capabilities.
fn questions(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let sequences = text.split('\x1b').skip(1);
    let asks = |sequence: &&str| match sequence.chars().next() {
        Some('[') => {
            let is_final = |c: char| ('@'..='~').contains(&c);
            let end = sequence[1..].find(is_final).map_or(0, |at| at + 1);
            let (given, last) = (&sequence[1..end.max(1)], sequence[end..].chars().next());
            match last {
                Some('c' | 'n') => true,
                Some('p') => given.ends_with('$'),
                Some('u') => given.starts_with('?'),
                Some('t') => given.parse().is_ok_and(|n: u8| (11..=21).contains(&n)),
                _ => false,
            }
        }
        Some(']') => {
            let end = sequence.find(['\x07', '\x1b']).unwrap_or(sequence.len());
            sequence[..end].ends_with(";?")
        }
        Some('P') => true,
        _ => false,
    };
    sequences.filter(asks).map(str::to_owned).collect()
}
