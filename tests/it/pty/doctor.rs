//! `fenbo doctor` asks the terminal it runs in, says what the answer means, and gives the terminal back.

use super::desk::{Desk, NOW, count};

#[test]
fn the_terminal_is_asked_how_wide_it_draws_and_the_answer_is_explained() {
    for (answer, found, next) in [
        ("\x1b[1;3R\x1b[1;2R", "中文占两列，线条占一列", None),
        ("\x1b[1;3R\x1b[1;3R", "边框会错位", Some("ambiguous_width")),
        (
            "\x1b[1;4R\x1b[1;4R",
            "没有按 UTF-8 显示",
            Some("字符编码改为 UTF-8"),
        ),
    ] {
        let desk = Desk::new();
        let mut terminal = desk.start(&["doctor"], &[]);
        terminal.wait_until("two questions", |t| count(t.seen(), b"\x1b[6n") == 2);
        terminal.press(answer);
        terminal.wait_for(found);
        terminal.wait_for("毫秒作答");
        if let Some(next) = next {
            terminal.wait_for(next);
        }
        assert_eq!(terminal.gone_and_given_back().code, 0);
    }
}

#[test]
fn a_terminal_that_does_not_answer_is_no_hindrance() {
    let desk = Desk::new();
    let mut terminal = desk.start(&["doctor"], &[]);
    terminal.wait_for("没有回答字符宽度");
    assert!(!terminal.screen().contains("毫秒作答"));
    assert_eq!(terminal.gone_and_given_back().code, 0);
}

#[test]
fn where_lines_are_two_columns_wide_frames_are_drawn_with_ascii() {
    let desk = Desk::demo();
    let config = desk.path(".config/fenbo");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.toml"), "ambiguous_width = \"wide\"\n").unwrap();
    let mut console = desk.start(&["--at", NOW], &[]);
    console.wait_for("20261121-0004");
    assert!(!console.screen().contains('─'), "{}", console.screen());
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
}
