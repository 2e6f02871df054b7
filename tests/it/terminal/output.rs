//! What the presenter writes, judged by a terminal emulator: the right picture, and few bytes.

use fenbo::console::term::{Colour, Presenter, PresenterOptions, overlay};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::widgets::{Block, Widget};
use std::num::NonZeroU16;
use unicode_width::UnicodeWidthStr;

fn emulator(width: u16, height: u16) -> vt100::Parser {
    vt100::Parser::new(
        NonZeroU16::new(height).unwrap(),
        NonZeroU16::new(width).unwrap(),
        0,
    )
}

/// What can be seen of one column.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    text: String,
    fg: vt100::Color,
    bg: vt100::Color,
    marks: [bool; 5],
}

/// Ink and weight cannot be seen of a blank, unless it is reversed or underlined.
fn seen(text: &str, fg: vt100::Color, bg: vt100::Color, marks: [bool; 5]) -> Seen {
    let [bold, dim, italic, underlined, reversed] = marks;
    let text = if text.is_empty() { " " } else { text };
    if text != " " {
        return Seen {
            text: text.to_owned(),
            fg,
            bg,
            marks,
        };
    }
    let fg = if underlined || reversed {
        fg
    } else {
        vt100::Color::Default
    };
    let _ = (bold, dim, italic);
    Seen {
        text: text.to_owned(),
        fg,
        bg,
        marks: [false, false, false, underlined, reversed],
    }
}

/// What the emulator shows; the right half of a wide character is left out.
fn shown(screen: &vt100::Screen) -> Vec<Vec<Option<Seen>>> {
    let (rows, columns) = screen.size();
    let cell = |y, x| {
        let cell = screen.cell(y, x).unwrap();
        let marks = [
            cell.bold(),
            cell.dim(),
            cell.italic(),
            cell.underline(),
            cell.inverse(),
        ];
        (!cell.is_wide_continuation())
            .then(|| seen(cell.contents(), cell.fgcolor(), cell.bgcolor(), marks))
    };
    (0..rows.get())
        .map(|y| (0..columns.get()).map(|x| cell(y, x)).collect())
        .collect()
}

/// What the frame asks for, worked out without the presenter.
fn wanted(frame: &Buffer) -> Vec<Vec<Option<Seen>>> {
    let colour = |c: Color| match c {
        Color::Reset => vt100::Color::Default,
        Color::Red => vt100::Color::Idx(1),
        Color::Yellow => vt100::Color::Idx(3),
        Color::LightGreen => vt100::Color::Idx(10),
        Color::White => vt100::Color::Idx(15),
        Color::Indexed(n) => vt100::Color::Idx(n),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        other => panic!("{other} is not among the colours of this test"),
    };
    let all = [
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::ITALIC,
        Modifier::UNDERLINED,
        Modifier::REVERSED,
    ];
    let width = usize::from(frame.area.width);
    let row = |cells: &[ratatui::buffer::Cell]| {
        let mut row = Vec::new();
        while row.len() < width {
            let cell = &cells[row.len()];
            let columns = cell.symbol().width();
            let text = if row.len() + columns > width {
                " "
            } else {
                cell.symbol()
            };
            row.push(Some(seen(
                text,
                colour(cell.fg),
                colour(cell.bg),
                all.map(|m| cell.modifier.contains(m)),
            )));
            if columns == 2 && row.len() < width {
                row.push(None);
            }
        }
        row
    };
    frame.content.chunks(width).map(row).collect()
}

fn styles() -> impl Strategy<Value = Style> {
    let colour = || {
        prop_oneof![
            3 => Just(Color::Reset),
            1 => Just(Color::Red),
            1 => Just(Color::Yellow),
            1 => Just(Color::LightGreen),
            1 => Just(Color::White),
            1 => Just(Color::Indexed(200)),
            1 => Just(Color::Rgb(1, 2, 3)),
        ]
    };
    let modifier = prop_oneof![
        4 => Just(Modifier::empty()),
        1 => Just(Modifier::BOLD),
        1 => Just(Modifier::DIM | Modifier::ITALIC),
        1 => Just(Modifier::UNDERLINED),
        1 => Just(Modifier::REVERSED | Modifier::BOLD),
    ];
    // What is not asked for is taken away: drawing over must not mix bold with dim, of which the emulator keeps one.
    (colour(), colour(), modifier).prop_map(|(fg, bg, m)| {
        Style::new()
            .fg(fg)
            .bg(bg)
            .add_modifier(m)
            .remove_modifier(!m)
    })
}

/// A text, where it is put, and its style.
type Stroke = (u16, u16, String, Style);

fn strokes() -> impl Strategy<Value = Vec<Stroke>> {
    let text = prop_oneof![
        "[一-龥]{1,8}",
        "[ -~]{1,12}",
        "[一-龥a-z ，。─●e\u{301}]{1,10}",
        " {1,30}"
    ];
    proptest::collection::vec((0u16..40, 0u16..12, text, styles()), 0..24)
}

fn paint(frame: &mut Buffer, strokes: &[Stroke]) {
    for (x, y, text, style) in strokes {
        if *x < frame.area.width && *y < frame.area.height {
            frame.set_string(*x, *y, text, *style);
        }
    }
}

/// What happens between two frames of a story.
#[derive(Debug, Clone)]
enum Step {
    /// Something is drawn over the last frame.
    Over(Vec<Stroke>),
    /// All is drawn anew.
    Anew(Vec<Stroke>),
    /// Rows from the first to the last given move up, or down, by so many.
    Move(u16, u16, i16),
    /// A popup is cleared and framed.
    Popup(u16, u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        strokes().prop_map(Step::Over),
        strokes().prop_map(Step::Anew),
        (0u16..12, 0u16..12, -4i16..5).prop_map(|(a, b, by)| Step::Move(a, b, by)),
        (0u16..40, 0u16..12).prop_map(|(x, y)| Step::Popup(x, y)),
    ];
    proptest::collection::vec(step, 1..6)
}

fn take(frame: &mut Buffer, step: &Step) {
    match step {
        Step::Over(strokes) => paint(frame, strokes),
        Step::Anew(strokes) => {
            frame.reset();
            paint(frame, strokes);
        }
        Step::Move(a, b, by) => {
            let (top, bottom) = (
                (*a).min(*b).min(frame.area.height),
                (*a).max(*b).min(frame.area.height),
            );
            let width = usize::from(frame.area.width);
            let band = &mut frame.content[usize::from(top) * width..usize::from(bottom) * width];
            let cells = usize::from(by.unsigned_abs()) * width;
            if cells <= band.len() {
                if *by > 0 {
                    band.rotate_left(cells);
                } else {
                    band.rotate_right(cells);
                }
            }
        }
        Step::Popup(x, y) => {
            let area = Rect::new(*x, *y, 9, 4).intersection(frame.area);
            overlay::clear(frame, area);
            Block::bordered().render(area, frame);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn after_every_frame_the_screen_is_the_frame(
        width in 1u16..44, height in 1u16..13, first in strokes(), steps in steps(),
        ambiguous_is_narrow: bool, cursor in proptest::option::of((0u16..44, 0u16..13)),
    ) {
        let mut screen = emulator(width, height);
        let options = PresenterOptions { colour: Colour::Rgb, ambiguous_is_narrow, ..PresenterOptions::default() };
        let mut presenter = Presenter::new(width, height, options);
        let cursor = cursor.filter(|(x, y)| *x < width && *y < height);
        let mut frame = Buffer::empty(Rect::new(0, 0, width, height));
        paint(&mut frame, &first);
        screen.process(presenter.present(&frame, cursor));
        prop_assert_eq!(shown(screen.screen()), wanted(&frame), "the first frame");
        for step in &steps {
            take(&mut frame, step);
            screen.process(presenter.present(&frame, cursor));
            prop_assert_eq!(shown(screen.screen()), wanted(&frame), "after {:?}", step);
            prop_assert_eq!(screen.screen().hide_cursor(), cursor.is_none());
            if let Some((x, y)) = cursor {
                prop_assert_eq!(screen.screen().cursor_position(), (y, x));
            }
            prop_assert!(presenter.present(&frame, cursor).is_empty());
        }
    }

    #[test]
    fn a_terminal_that_draws_ambiguous_characters_wide_is_never_trusted_with_the_place(first in strokes(), second in strokes()) {
        let mut presenter = Presenter::new(40, 12, PresenterOptions { ambiguous_is_narrow: false, ..PresenterOptions::default() });
        for strokes in [first, second] {
            let mut frame = Buffer::empty(Rect::new(0, 0, 40, 12));
            paint(&mut frame, &strokes);
            let bytes = String::from_utf8(presenter.present(&frame, None).to_vec()).unwrap();
            for after in bytes.split(['─', '●']).skip(1) {
                let after = after.trim_start_matches('\u{301}');
                // What follows is an address, the end of the row or of the frame, or a change of look before one of them.
                let next = after.trim_start_matches(|c: char| c != '\u{1b}' && c != '\r');
                prop_assert!(next.len() == after.len() || after.is_empty(), "{:?} follows", after);
            }
        }
    }
}

const MATTERS: [&str; 7] = [
    "南布社区夜间十一点后仍在施工, 噪音扰民, 请处理",
    "创业补贴申请需要哪些材料, 在哪里办理",
    "金沙社区路灯不亮已经三天, 夜间出行不安全",
    "小区门口占道经营, 人行道无法通行",
    "工厂拖欠两个月工资, 多次沟通无果",
    "河道漂浮垃圾较多, 有明显异味",
    "建议增加公交线路的早高峰班次",
];
const PLACES: [&str; 4] = ["坑梓", "龙田", "坪山", "碧岭"];

/// A queue as the console draws it: header, rows with a light, details, footer.
fn queue(width: u16, height: u16, top: usize, selected: usize) -> Buffer {
    let mut frame = Buffer::empty(Rect::new(0, 0, width, height));
    let bar = Style::new().reversed();
    frame.set_string(0, 0, " ".repeat(usize::from(width)), bar);
    frame.set_string(
        1,
        0,
        "fenbo 分拨 · 坪山区指挥中心      红 12   黄 31   绿 204      张三 分拨员",
        bar,
    );
    frame.set_string(
        1,
        1,
        "1 待分拨 38  2 在办 247  3 红黄灯 43  4 待裁定 5  5 审核回访 19  6 督办  7 检索",
        Style::new(),
    );
    frame.set_string(
        3,
        2,
        "灯      剩余           编号        类别  来源      街道    标题",
        Style::new().bold(),
    );
    let lights = [
        ("红!!", "超 1 工作日", Color::Red),
        ("黄! ", "余 9 小时", Color::Yellow),
        ("绿. ", "余 14 工作日", Color::Green),
    ];
    for y in 3..height - 2 {
        let n = top + usize::from(y) - 3;
        let (light, left, colour) = lights[n * 7 % 3];
        frame.set_string(3, y, light, Style::new().fg(Color::Black).bg(colour));
        frame.set_string(9, y, left, Style::new());
        let chosen = if n == selected {
            Style::new().reversed()
        } else {
            Style::new()
        };
        frame.set_string(
            24,
            y,
            format!("{:04}-{:04}", 1101 + n / 50, n * 37 % 10_000),
            chosen,
        );
        frame.set_string(
            1,
            y,
            if n == selected { ">" } else { " " },
            Style::new().bold(),
        );
        frame.set_string(36, y, ["投诉", "咨询", "建议"][n % 3], Style::new());
        frame.set_string(
            42,
            y,
            ["12345", "政府信箱", "@坪山"][n * 5 % 3],
            Style::new(),
        );
        frame.set_string(52, y, PLACES[n * 3 % 4], Style::new());
        let matter = format!(
            "{}{}号{}",
            PLACES[n * 5 % 4],
            n * 7919 % 1000,
            MATTERS[n * 4 % 7]
        );
        frame.set_string(60, y, matter, Style::new());
        if width > 130 {
            frame.set_string(
                118,
                y,
                format!("1 {}执法队 {}%", PLACES[n % 4], 60 + n * 11 % 40),
                Style::new(),
            );
        }
    }
    frame.set_string(0, height - 2, "─".repeat(usize::from(width)), Style::new());
    frame.set_string(
        1,
        height - 1,
        format!(
            "a 分拨  空格 标记  / 筛选  Enter 详情  u 撤回  : 命令  ? 帮助   {}/812",
            selected + 1
        ),
        Style::new(),
    );
    frame
}

/// Bytes of each frame after the first, and of the first.
fn bytes(width: u16, height: u16, frames: &[Buffer]) -> Vec<usize> {
    let mut presenter = Presenter::new(width, height, PresenterOptions::default());
    frames
        .iter()
        .map(|frame| presenter.present(frame, None).len())
        .collect()
}

#[test]
fn frames_keep_within_their_bytes() {
    for (width, height, whole) in [(120, 40, 9_000), (160, 48, 9_000)] {
        let rows = usize::from(height) - 5;
        let frames = [
            queue(width, height, 0, 3),
            queue(width, height, 0, 3),
            queue(width, height, 0, 4),
            queue(width, height, 0, rows - 1),
            queue(width, height, 1, rows),
            queue(width, height, 2, rows + 1),
            queue(width, height, 1, 1),
            queue(width, height, rows, rows),
        ];
        let cost = bytes(width, height, &frames);
        println!(
            "{width}x{height}: full {}, same {}, selection {}, jump {}, down {} and {}, up {}, page {}",
            cost[0], cost[1], cost[2], cost[3], cost[4], cost[5], cost[6], cost[7]
        );
        assert!(cost[0] <= whole, "full {}", cost[0]);
        assert_eq!(cost[1], 0, "identical");
        assert!(cost[2] <= 320, "selection {}", cost[2]);
        assert!(
            cost[4] <= 400 && cost[5] <= 400,
            "scroll {} {}",
            cost[4],
            cost[5]
        );
        assert!(cost[7] <= 5_500, "page {}", cost[7]);
    }
}

#[test]
fn a_popup_keeps_its_border_at_every_column_over_chinese_rows() {
    let ground = || {
        let mut frame = Buffer::empty(Rect::new(0, 0, 40, 5));
        for y in 0..5 {
            let text = "路灯不亮请尽快派单处理了谢谢你们的工作";
            frame.set_string(y % 2, y, text, Style::new());
        }
        frame
    };
    for x in 0..=28 {
        let mut screen = emulator(40, 5);
        let mut presenter = Presenter::new(40, 5, PresenterOptions::default());
        screen.process(presenter.present(&ground(), None));
        let mut frame = ground();
        let area = Rect::new(x, 1, 12, 3);
        overlay::clear(&mut frame, area);
        Block::bordered().render(area, &mut frame);
        screen.process(presenter.present(&frame, None));
        let at = |x, y| screen.screen().cell(y, x).unwrap().contents().to_owned();
        for (column, row, border) in [
            (x, 1, "┌"),
            (x + 11, 1, "┐"),
            (x, 2, "│"),
            (x + 11, 2, "│"),
            (x, 3, "└"),
            (x + 11, 3, "┘"),
        ] {
            assert_eq!(at(column, row), border, "popup at {x}");
        }
        assert_eq!(shown(screen.screen()), wanted(&frame), "popup at {x}");
        screen.process(presenter.present(&ground(), None));
        assert_eq!(
            shown(screen.screen()),
            wanted(&ground()),
            "after the popup at {x}"
        );
    }
}

#[test]
fn without_colour_the_selection_stays_reversed() {
    let mut screen = emulator(120, 40);
    let mut presenter = Presenter::new(
        120,
        40,
        PresenterOptions {
            colour: Colour::None,
            ..PresenterOptions::default()
        },
    );
    screen.process(presenter.present(&queue(120, 40, 0, 2), None));
    let cell = |x, y| screen.screen().cell(y, x).unwrap().clone();
    assert!(cell(24, 5).inverse() && !cell(24, 6).inverse() && cell(1, 5).bold());
    let coloured = shown(screen.screen()).into_iter().flatten().flatten();
    assert!(
        coloured
            .into_iter()
            .all(|s| s.fg == vt100::Color::Default && s.bg == vt100::Color::Default)
    );
}

#[test]
fn sixteen_colours_are_written_as_such_and_no_control_string_is() {
    let mut presenter = Presenter::new(120, 40, PresenterOptions::default());
    let mut frame = queue(120, 40, 0, 2);
    frame.set_string(
        0,
        20,
        "多彩",
        Style::new()
            .fg(Color::Rgb(200, 30, 30))
            .bg(Color::Indexed(120)),
    );
    let bytes = String::from_utf8(presenter.present(&frame, None).to_vec()).unwrap();
    assert!(bytes.contains("\u{1b}[30;41m") && bytes.contains("43m"));
    for never in ["38;5", "38;2", "48;5", "48;2", "\u{1b}P", "\u{1b}]"] {
        assert!(!bytes.contains(never), "{never:?}");
    }
    assert!(bytes.starts_with("\u{1b}[?2026h") && bytes.ends_with("\u{1b}[?2026l"));
}

#[test]
fn a_frame_after_a_resize_or_a_disturbance_is_painted_whole() {
    let mut presenter = Presenter::new(120, 40, PresenterOptions::default());
    presenter.present(&queue(120, 40, 0, 2), None);
    let mut screen = emulator(120, 40);
    screen.process("另一个程序写的字\r\n\u{1b}[5;9r\u{1b}[31m".as_bytes());
    presenter.invalidate();
    screen.process(presenter.present(&queue(120, 40, 0, 2), None));
    assert!(shown(screen.screen())[0][0].is_some());
    let mut fresh = emulator(120, 40);
    fresh.process(
        Presenter::new(120, 40, PresenterOptions::default()).present(&queue(120, 40, 0, 2), None),
    );
    assert_eq!(shown(screen.screen()), shown(fresh.screen()));
    let mut smaller = emulator(80, 24);
    smaller.process(presenter.present(&queue(80, 24, 0, 2), None));
    let mut fresh = emulator(80, 24);
    fresh.process(
        Presenter::new(80, 24, PresenterOptions::default()).present(&queue(80, 24, 0, 2), None),
    );
    assert_eq!(shown(smaller.screen()), shown(fresh.screen()));
}

#[test]
fn moving_the_cursor_alone_costs_a_few_bytes() {
    let mut presenter = Presenter::new(120, 40, PresenterOptions::default());
    let frame = queue(120, 40, 0, 2);
    presenter.present(&frame, None);
    assert_eq!(
        presenter.present(&frame, Some((6, 3))),
        b"\x1b[4;7H\x1b[?25h"
    );
    assert_eq!(presenter.present(&frame, Some((8, 3))), b"\x1b[4;9H");
    assert_eq!(presenter.present(&frame, Some((8, 3))), b"");
    assert_eq!(presenter.present(&frame, None), b"\x1b[?25l");
    assert_eq!(presenter.written().last, 6);
}
