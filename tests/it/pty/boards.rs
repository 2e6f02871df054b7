//! Statistics and shift in the real program: a figure is opened and left; one desk signs the shift over, the other confirms.

use super::desk::{Console, Desk, NOW};

fn leave(mut console: Console) {
    console.press("q");
    assert_eq!(console.gone_and_given_back().code, 0);
}

#[test]
fn a_figure_is_opened_and_left_and_a_shift_is_signed_off_by_both() {
    let desk = Desk::demo();
    let words = [
        "--at",
        NOW,
        "operator",
        "add",
        "li",
        "--name",
        "李二",
        "--role",
        "dispatcher",
    ];
    assert!(desk.run(&words).status.success());
    let mut first = desk.open(&[]);
    first.press("8");
    first.wait_for("截至 11-23 09:00");
    first.wait_for("本期收件");
    first.press("\r");
    first.wait_for("统计 > 建单 11-01 至");
    first.wait_until("the tickets", |c| c.rows().len() > 5);
    first.press("\x1b");
    first.wait_for("[总览]");
    first.press("[");
    first.wait_for("2026-10-01 至 2026-10-31");
    first.wait_for("截至");

    first.press("9");
    first.wait_for("还没有交接过；J 签字交班");
    first.press("J");
    first.wait_for("接班人");
    first.press("l");
    first.press("i");
    first.wait_for("李二");
    first.press("\r");
    first.press("\t");
    first.press("早");
    first.wait_for("早");
    first.press("\x13");
    first.wait_for("已签字交班给 李二");

    let mut second = desk.open(&["--as", "li"]);
    second.press("9");
    second.wait_for("K 确认接班");
    second.wait_for("上一班留言：早");
    second.press("K");
    second.wait_for("已确认接班");
    // The desk that signed sees it, as it sees every change.
    first.wait_for("确认接班）");
    leave(first);
    leave(second);
    let sheet = desk.json(&["--at", NOW, "handover", "--format", "json"]);
    assert_eq!(sheet["last"]["to"], "li", "{sheet}");
    assert_eq!(sheet["last"]["confirmed_at"], "2026-11-23T09:00:00+08:00");
    assert_eq!(desk.json(&["verify", "--format", "json"])["ok"], true);
}
