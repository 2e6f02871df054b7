//! Keys in quick succession: the row follows each of them, and the pane waits until they rest.

use super::desk::Desk;
use fenbo::console::app::msg::{Effect, Failure};
use fenbo::console::app::outcomes::Revealed;
use fenbo::console::app::{Chord, Language, Msg};
use fenbo::domain::act::ActKind;
use fenbo::domain::operator::Role;
use fenbo::domain::privacy::Requester;

fn zh() -> Desk {
    Desk::new(Language::Zh, (120, 40))
}

/// The lines below the rule between the queue and the pane.
fn pane(desk: &Desk) -> Vec<String> {
    let screen = desk.screen();
    let below = screen.lines().skip_while(|l| !l.contains("----"));
    let lines = below.skip(1).map(str::to_owned);
    lines.take(desk.model.detail_height()).collect()
}

/// The line of keys.
fn last(desk: &Desk) -> String {
    desk.screen().lines().last().unwrap_or_default().to_owned()
}

#[test]
fn rows_do_not_wait_until_they_are_counted_and_scrolling_on_changes_nothing_about_that() {
    let mut desk = Desk::empty(Language::Zh, (120, 24), Role::Dispatcher);
    for n in 0..1200 {
        desk.request(n);
    }
    desk.start();
    desk.counts_late = true;
    // One in eight holds it.
    desk.keys("2 /").typed("工地").keys("Enter");
    let (shown, status) = (desk.model.queue.rows.len(), desk.status());
    assert!(shown > 20 && !status.contains("共"), "{shown} {status}");
    desk.keys("PageDown PageDown PageDown PageDown");
    assert!(desk.model.queue.rows.len() > shown, "more rows came below");
    desk.counts_late = false;
    desk.answer();
    let status = desk.status();
    let total = desk.model.queue.total.expect("counted");
    let row = desk.model.queue.first.expect("placed") + desk.model.queue.at as u64 + 1;
    assert!(total > 100 && row > 40, "{total} {row}");
    assert!(
        status.contains(&format!("第 {row} 行，共 {total}")),
        "{status}"
    );
}

#[test]
fn the_pane_stays_and_says_so_while_the_keys_do_not_rest() {
    let mut desk = zh();
    let (first, before) = (desk.selected(), pane(&desk));
    assert!(before[0].contains(&first), "{before:?}");
    desk.tell(Msg::Hurried);
    desk.keys("j j");
    assert_ne!(desk.selected(), first);
    assert_eq!(pane(&desk), before);
    assert!(desk.screen().contains("停键后显示"), "{}", desk.screen());
    desk.tell(Msg::Rested);
    assert!(
        pane(&desk)[0].contains(&desk.selected()),
        "{}",
        desk.screen()
    );
    assert!(!desk.screen().contains("停键后显示"), "{}", desk.screen());
}

#[test]
fn a_ticket_that_is_passed_by_is_read_and_nothing_else_is_asked_of_it() {
    let mut desk = zh();
    desk.tell(Msg::Hurried);
    desk.effects.clear();
    desk.keys("j j j");
    let only_read = |e: &Effect| matches!(e, Effect::LoadDetail(_));
    assert_eq!(desk.effects.len(), 3, "{:?}", desk.effects);
    assert!(desk.effects.iter().all(only_read), "{:?}", desk.effects);
    // What acts is judged by the ticket under the selection.
    let selected = desk.selected();
    assert!(desk.model.detail_of(&selected).is_some());
    desk.effects.clear();
    desk.tell(Msg::Rested);
    assert!(
        desk.effects.contains(&Effect::LoadSimilar(selected)),
        "{:?}",
        desk.effects
    );
}

#[test]
fn a_ticket_opened_in_full_is_shown_whatever_the_keys_do() {
    let mut desk = zh();
    desk.tell(Msg::Hurried);
    desk.keys("j Enter");
    let no = desk.selected();
    assert!(desk.screen().contains(&no), "{}", desk.screen());
}

#[test]
fn the_picker_stands_beside_the_request_and_hides_no_row_of_the_queue() {
    let mut desk = zh();
    let queue = |desk: &Desk| -> Vec<String> {
        let screen = desk.screen();
        screen.lines().take(24).map(str::to_owned).collect()
    };
    let before = queue(&desk);
    desk.keys("a");
    assert_eq!(queue(&desk), before);
    let pane = pane(&desk).join("\n");
    for shown in ["从东门到公交站", "金沙路 12 号", "1 环境保护和水务局"] {
        assert!(pane.contains(shown), "{shown}: {pane}");
    }
}

#[test]
fn after_a_dispatch_the_next_ticket_is_shown_when_it_has_been_told() {
    let mut desk = zh();
    let first = desk.selected();
    desk.keys("a");
    let (picking, keys) = (pane(&desk), last(&desk));
    desk.tell(Msg::Key(Chord::char('1')));
    // Told with the rows and figures that follow from it; pane and keys wait.
    assert!(!desk.model.awaits_answer() && !desk.model.awaits_rows());
    assert!(desk.screen().contains("已分拨"), "{}", desk.screen());
    assert_ne!(desk.selected(), first);
    assert_eq!((pane(&desk), last(&desk)), (picking, keys.clone()));
    desk.tell(Msg::Rested);
    assert_ne!(last(&desk), keys, "{}", desk.screen());
    let next = desk.selected();
    assert!(pane(&desk)[0].contains(&next), "{}", desk.screen());
}

#[test]
fn a_dispatch_is_told_before_its_rows_come_and_nothing_is_painted_before_its_answer() {
    let mut desk = zh();
    desk.keys("a").slow = true;
    let shown = desk.screen();
    desk.tell(Msg::Key(Chord::char('1')));
    assert!(desk.model.awaits_answer() && !desk.model.awaits_rows());
    desk.answer_once();
    assert!(desk.model.awaits_rows() && !desk.model.awaits_answer());
    let told = desk.screen();
    assert!(told.contains("已分拨"), "{told}");
    let differing = shown.lines().zip(told.lines()).filter(|(a, b)| a != b);
    assert_eq!(differing.count(), 1, "{shown}\n{told}");
    desk.slow = false;
    desk.answer();
    assert!(!desk.model.awaits_rows());
    assert_ne!(desk.screen().lines().nth(3), told.lines().nth(3));
}

#[test]
fn an_answer_that_takes_long_leaves_no_picker_on_the_screen() {
    let mut desk = zh();
    desk.keys("a").slow = true;
    desk.tell(Msg::Key(Chord::char('1')));
    desk.tell(Msg::Rested);
    assert!(!desk.model.awaits_answer());
    let screen = desk.screen();
    assert!(
        !screen.contains("已分拨") && !screen.contains("拼音首字母"),
        "{screen}"
    );
    assert!(desk.status().contains("正在办理"), "{screen}");
    desk.slow = false;
    desk.answer();
    assert!(desk.screen().contains("已分拨"), "{}", desk.screen());
}

#[test]
fn where_the_picker_hides_rows_a_late_answer_is_told_too() {
    let mut desk = Desk::new(Language::Zh, (80, 24));
    desk.keys("a").slow = true;
    desk.tell(Msg::Key(Chord::char('1')));
    assert_eq!(desk.model.standing(), None, "{}", desk.screen());
    desk.tell(Msg::Rested);
    assert!(desk.status().contains("正在办理"), "{}", desk.screen());
    desk.slow = false;
    desk.answer();
    assert!(desk.status().contains("已分拨"), "{}", desk.screen());
}

#[test]
fn what_was_not_done_is_told_whole_on_a_narrow_screen() {
    for (language, width) in [(Language::Zh, 80), (Language::En, 80), (Language::Zh, 60)] {
        let mut desk = Desk::new(language, (width, 24));
        let before = desk.screen();
        let said = |n: usize| {
            let part = "一二三四五 six seven ".repeat(n);
            let text = || [part.clone(), part.clone()];
            Failure {
                what: text(),
                why: text(),
                next: ["末了甲乙".to_owned(), "at last".to_owned()],
            }
        };
        desk.tell(Msg::Failed(said(2)));
        let end = ["末了甲乙", "at last"][language as usize];
        assert!(desk.screen().contains(end), "{}", desk.screen());
        // The keys below stay, and nothing of it stays after the next key.
        assert_eq!(last(&desk), before.lines().last().unwrap_or_default());
        desk.keys("j").keys("k");
        desk.tell(Msg::Rested);
        assert_eq!(desk.screen(), before);
        // What is longer than a few lines is cut: the queue is not covered.
        desk.tell(Msg::Failed(said(20)));
        assert_eq!(
            desk.screen().lines().take(20).collect::<Vec<_>>(),
            before.lines().take(20).collect::<Vec<_>>()
        );
    }
}

#[test]
fn what_was_not_done_covers_every_row_but_the_one_it_is_about() {
    let mut desk = Desk::empty(Language::Zh, (60, 16), Role::Dispatcher);
    for n in 0..12 {
        desk.request(n);
    }
    desk.start();
    let selected = |desk: &Desk| desk.screen().lines().any(|line| line.starts_with(" > "));
    desk.keys("G");
    let before = desk.screen();
    assert!(selected(&desk), "{before}");
    let long = || ["为什么".repeat(10), "why ".repeat(20)];
    desk.tell(Msg::Failed(Failure {
        what: long(),
        why: long(),
        next: long(),
    }));
    assert!(desk.screen().matches("为什么").count() > 20);
    assert!(selected(&desk), "{}", desk.screen());
    desk.keys("k").keys("j");
    desk.tell(Msg::Rested);
    assert_eq!(desk.screen(), before);
}

#[test]
fn what_was_revealed_is_hidden_in_time_although_keys_are_held() {
    let mut desk = zh();
    desk.tell(Msg::Hurried);
    desk.keys("j");
    assert!(desk.model.standing().is_some());
    let until = desk.model.now.plus(1);
    desk.model.revealed.push(Revealed {
        no: desk.selected(),
        requester: Requester::default(),
        until,
    });
    desk.tell(Msg::Tick(until));
    assert!(desk.model.revealed.is_empty());
    assert_eq!(desk.model.standing(), None);
}

#[test]
fn what_is_still_being_written_is_not_taken_back_and_neither_is_what_was_before_it() {
    let mut desk = zh();
    let first = desk.selected();
    desk.keys("a 1 a").slow = true;
    desk.keys("1 u");
    assert!(desk.status().contains("没有撤回"), "{}", desk.screen());
    desk.slow = false;
    desk.answer();
    let recalled = |desk: &Desk| {
        let mut acts = desk.performed().into_iter();
        acts.find(|(_, act)| *act == ActKind::Recall)
    };
    assert_eq!(recalled(&desk), None);
    desk.keys("u");
    assert!(recalled(&desk).is_some_and(|(no, _)| no != first));
}
