//! The boards by keys: a period is picked, a figure opened and left; a shift is signed over and confirmed; the bell at night.

use super::desk::{Desk, at, operator, zone};
use fenbo::console::app::msg::Effect;
use fenbo::console::app::statistics::Panel;
use fenbo::console::app::{Language, Msg, Notice};
use fenbo::domain::act::Act;
use fenbo::domain::board::{Board, BoardRow};
use fenbo::domain::filter::Clause;
use fenbo::domain::operator::{Operator, Role};
use fenbo::domain::period::PeriodKind;
use fenbo::domain::queue::View;
use fenbo::domain::ticket::Urgency;
use ratatui::style::Modifier;
use std::sync::Arc;

fn zh(size: (u16, u16)) -> Desk {
    Desk::new(Language::Zh, size)
}

fn days(desk: &Desk) -> (String, String) {
    let period = desk.model.statistics.period.unwrap();
    (period.from.to_string(), period.to.to_string())
}

#[test]
fn a_period_is_picked_a_figure_opened_and_left_again() {
    let mut desk = zh((80, 24));
    desk.keys("8");
    assert_eq!(days(&desk), ("2017-11-01".into(), "2017-11-30".into()));
    desk.keys("-");
    assert_eq!(days(&desk), ("2017-11-27".into(), "2017-12-03".into()));
    desk.keys("[");
    assert_eq!(days(&desk), ("2017-11-20".into(), "2017-11-26".into()));
    // Down to the sources, and from the most frequent one to its tickets.
    desk.keys("Tab Tab");
    assert_eq!(desk.model.statistics.panel, Panel::Sources);
    let screen = desk.screen();
    assert!(
        screen.contains("[来源]") && screen.contains("占比"),
        "{screen}"
    );
    let (line, n) = {
        let line = &desk.model.statistics.lines()[0];
        (line.clone(), line.counts[0].n)
    };
    assert_eq!(n, 3, "{line:?}");
    desk.keys("Enter");
    assert!(desk.model.is_list());
    assert_eq!(desk.model.queue.rows.len() as u64, n);
    let week = |no: &str| zone().date(desk.ticket(no).created_at).to_string();
    for (_, row) in &desk.model.queue.rows {
        assert!(("2017-11-20".to_owned()..="2017-11-26".to_owned()).contains(&week(&row.no)));
    }
    let status = desk.status();
    assert!(
        status.contains("统计 > 建单 11-20 至 11-26，来源"),
        "{status}"
    );
    // A ticket of it in full, back to the list, back to the figure.
    desk.keys("Enter");
    assert!(desk.model.full);
    desk.keys("Esc Esc");
    assert_eq!(desk.model.queue.view, View::Statistics);
    assert_eq!(desk.model.statistics.panel, Panel::Sources);
    assert_eq!(days(&desk).0, "2017-11-20");
    // Later than the running week there is none; longer goes up to the year.
    desk.keys("] ]");
    assert_eq!(desk.model.notice, Some(Notice::NoLaterPeriod));
    desk.keys("+ + + +");
    assert_eq!(desk.model.statistics.period.unwrap().kind, PeriodKind::Year);
    desk.keys("BackTab");
    assert_eq!(desk.model.statistics.panel, Panel::Trend);
    assert!(desk.screen().contains("2017-11"), "{}", desk.screen());
}

#[test]
fn what_is_typed_narrows_a_figure_s_list_and_is_cleared_before_it_is_left() {
    let mut desk = zh((120, 40));
    desk.keys("8 Enter");
    assert_eq!(desk.model.queue.rows.len(), 8);
    desk.keys("/").typed("路灯").keys("Enter");
    assert_eq!(desk.model.queue.rows.len(), 1);
    desk.keys("Esc");
    assert_eq!(desk.model.queue.rows.len(), 8);
    desk.keys("Esc");
    assert!(desk.model.is_statistics());
    // The view of all tickets is as it was left, without the figure's condition.
    desk.keys("7");
    assert!(desk.model.queue.is_whole());
}

#[test]
fn figures_that_take_long_hold_up_no_key() {
    let mut desk = zh((80, 24));
    desk.slow = true;
    desk.keys("8");
    assert!(desk.screen().contains("正在计算"), "{}", desk.screen());
    desk.keys("Enter");
    assert_eq!(desk.model.notice, Some(Notice::StillComputing));
    // Turning on asks for each period once, and a dispatch meanwhile is sent at once.
    desk.keys("[ [ ] 1");
    assert!(desk.model.is_list());
    desk.slow = false;
    desk.answer();
    let asked = |e: &&Effect| matches!(e, Effect::LoadFigures(_));
    assert_eq!(desk.effects.iter().filter(asked).count(), 4);
    desk.keys("8");
    assert!(
        desk.screen().contains("截至 11-27 14:32"),
        "{}",
        desk.screen()
    );
    // What is fresh is not computed again; after an act it is.
    assert_eq!(desk.effects.iter().filter(asked).count(), 4);
    desk.keys("1 a 1 8");
    assert_eq!(desk.effects.iter().filter(asked).count(), 5);
}

#[test]
fn every_panel_is_drawn_whole_in_both_languages_and_every_line_opens() {
    for language in [Language::Zh, Language::En] {
        for size in [(160, 48), (120, 40), (80, 24), (60, 16)] {
            let mut desk = Desk::new(language, size);
            let mut opened = 0;
            desk.keys("a 1 8");
            for panel in Panel::ALL {
                assert_eq!(desk.model.statistics.panel, panel);
                let lines = desk.model.statistics.lines();
                for (at, line) in lines.iter().enumerate() {
                    assert_eq!(desk.model.statistics.at, at);
                    let (buffer, _) = desk.draw();
                    let drawn = (0..buffer.area.height).any(|y| {
                        (0..buffer.area.width)
                            .any(|x| buffer[(x, y)].modifier.contains(Modifier::REVERSED))
                    });
                    assert!(drawn, "{panel:?} {at}: the line is not seen");
                    for (column, count) in line.counts.iter().enumerate() {
                        if count.n == 0 {
                            continue;
                        }
                        let right = "Right ".repeat(column);
                        desk.keys(&right).keys("Enter");
                        let rows = desk.model.queue.rows.len() as u64;
                        assert_eq!(rows, count.n, "{panel:?} {line:?}");
                        opened += 1;
                        desk.keys("Esc").keys(&"Left ".repeat(column));
                    }
                    desk.keys("j");
                }
                desk.keys("Tab");
            }
            assert!(opened > 10, "{opened}");
        }
    }
}

/// The same store at another operator's desk.
fn sit_down(desk: &mut Desk, code: &str) {
    let mut rules = (*desk.model.rules).clone();
    rules.operator = Operator {
        code: code.to_owned(),
        ..operator(Role::Dispatcher)
    };
    desk.model.rules = Arc::new(rules);
}

#[test]
fn a_note_is_written_the_shift_signed_off_and_the_other_desk_confirms() {
    let mut desk = zh((120, 40));
    desk.keys("9");
    let screen = desk.screen();
    assert!(screen.contains("还没有交接过；J 签字交班"), "{screen}");
    desk.keys("K");
    assert!(
        desk.status().contains("没有待确认的交接"),
        "{}",
        desk.status()
    );
    // A word is typed and left; it is there again.
    desk.keys("J Tab").typed("龙田打桩的明早再催").keys("Esc");
    assert_eq!(desk.model.notice, Some(Notice::DraftKept));
    desk.keys("J");
    assert_eq!(desk.model.notice, Some(Notice::DraftRestored));
    // Without a taker it is not signed.
    desk.keys("Ctrl-s");
    assert!(desk.status().contains("接班人未填"), "{}", desk.status());
    desk.typed("ls").keys("Enter Ctrl-s");
    assert!(desk.model.dialogs.is_empty(), "{}", desk.screen());
    assert!(
        desk.status().contains("已签字交班给 李四"),
        "{}",
        desk.status()
    );
    let dropped = |e: &Effect| matches!(e, Effect::DropDraft(key) if key == "handover:");
    assert!(desk.effects.iter().any(dropped));
    let screen = desk.screen();
    assert!(screen.contains("待 李四 确认接班"), "{screen}");
    // Who gave cannot confirm for the one who takes.
    desk.keys("K");
    assert!(desk.status().contains("交给 李四 的"), "{}", desk.status());
    assert!(desk.signed.as_ref().unwrap().confirmed_at.is_none());

    sit_down(&mut desk, "li");
    desk.keys("F5");
    let screen = desk.screen();
    assert!(
        screen.contains("张三 已签字交班给您：K 确认接班"),
        "{screen}"
    );
    assert!(
        screen.contains("上一班留言：龙田打桩的明早再催"),
        "{screen}"
    );
    desk.keys("K");
    assert!(desk.status().contains("已确认接班"), "{}", desk.status());
    assert!(desk.signed.as_ref().unwrap().confirmed_at.is_some());
    assert!(desk.screen().contains("确认接班）"), "{}", desk.screen());
}

#[test]
fn a_sheet_s_lines_open_their_tickets_and_its_headings_their_lists() {
    let mut desk = zh((120, 40));
    desk.keys("a 1 9 j");
    let no = desk.model.shift.sheet.as_ref().unwrap().parts[0].rows[0]
        .no
        .clone();
    desk.keys("Enter");
    assert!(
        desk.model.full && desk.selected() == no,
        "{}",
        desk.screen()
    );
    assert!(desk.screen().contains(&no), "{}", desk.screen());
    desk.keys("Esc");
    assert!(desk.model.is_shift());
    assert_eq!(desk.model.shift.at, 1, "the cursor is where it was");
    // The last part: what can wait until the offices open.
    desk.keys("G");
    while !matches!(
        desk.model.notice,
        Some(Notice::NothingBehind) // the notes' heading has no list
    ) {
        desk.keys("Enter");
    }
    desk.keys("BackTab Enter");
    let origin = desk.model.queue.origin.clone().unwrap();
    let opens = at("2017-11-28 09:00");
    assert_eq!(origin.filter.terms[0].clause, Clause::CanWait(opens));
    assert_eq!(desk.model.queue.rows.len(), 5);
    assert!(
        desk.status().contains("可等到 11-28 09:00"),
        "{}",
        desk.status()
    );
    desk.keys("Esc");
    assert!(desk.model.is_shift());
}

#[test]
fn urgent_tickets_stand_first_at_the_desk() {
    let desk = zh((120, 40));
    let rows: Vec<Urgency> = desk
        .model
        .queue
        .rows
        .iter()
        .map(|(_, r)| r.urgency)
        .collect();
    assert_eq!(rows[0], Urgency::Urgent);
    assert!(rows[1..].iter().all(|u| *u == Urgency::Normal));
}

fn bells(desk: &Desk) -> usize {
    desk.effects.iter().filter(|e| **e == Effect::Bell).count()
}

#[test]
fn the_bell_rings_for_a_newly_urgent_ticket_and_once_a_minute_at_most() {
    let mut desk = zh((120, 40));
    let by = operator(Role::ShiftLead);
    let nos: Vec<String> = desk.store.iter().map(|s| s.ticket.no.clone()).collect();
    let urgent = |desk: &mut Desk, at: usize| {
        let act = Act::SetUrgency {
            urgency: Urgency::Critical,
        };
        desk.elsewhere(&nos[at], &act, &by).unwrap();
        desk.tell(Msg::StoreChanged);
    };
    urgent(&mut desk, 3);
    assert_eq!(bells(&desk), 1);
    // A second one within the minute waits; it is not forgotten.
    urgent(&mut desk, 4);
    assert_eq!(bells(&desk), 1);
    desk.tell(Msg::Tick(at("2017-11-27 14:33")));
    assert_eq!(bells(&desk), 2);
    desk.tell(Msg::Tick(at("2017-11-27 14:35")));
    assert_eq!(bells(&desk), 2, "nothing is new");
}

#[test]
fn a_light_that_turns_red_by_time_alone_rings_even_while_another_is_settled() {
    let mut desk = zh((120, 40));
    // The one that is red is voided in the same minute in which another turns red: the count stays.
    let red = desk.store[0].ticket.no.clone();
    desk.slow = true;
    desk.tell(Msg::Tick(at("2017-11-28 00:00")));
    desk.store.retain(|s| s.ticket.no != red);
    desk.slow = false;
    desk.answer();
    assert_eq!(desk.model.counts.as_ref().unwrap().red, 1);
    assert_eq!(bells(&desk), 1);
    let title = fenbo::console::view::title(&desk.model);
    assert!(title.contains("红1"), "{title}");
}

#[test]
fn a_critical_ticket_that_comes_above_the_rows_shown_is_told_while_the_selection_stays() {
    for (language, told) in [(Language::Zh, " 1 件特急"), (Language::En, " 1 critical")] {
        let mut desk = Desk::new(language, (80, 24));
        for n in 20..50 {
            desk.request(n);
        }
        desk.tell(Msg::StoreChanged);
        desk.keys("End");
        assert!(desk.model.queue.top > 0);
        let (selected, last) = (desk.selected(), desk.selected());
        assert!(!desk.screen().contains(told));
        let other = desk
            .model
            .queue
            .rows
            .iter()
            .rev()
            .map(|(_, r)| r.no.clone());
        let other: Vec<String> = other.filter(|no| *no != last).take(1).collect();
        let act = Act::SetUrgency {
            urgency: Urgency::Critical,
        };
        desk.elsewhere(&other[0], &act, &operator(Role::ShiftLead))
            .unwrap();
        desk.tell(Msg::StoreChanged);
        assert_eq!(desk.selected(), selected);
        assert!(desk.screen().contains(told), "{}", desk.screen());
        desk.keys("Home");
        assert!(!desk.screen().contains(told), "{}", desk.screen());
    }
}

#[test]
fn the_key_that_closes_leads_back_from_a_list_that_was_entered() {
    for language in [Language::Zh, Language::En] {
        let mut desk = Desk::new(language, (80, 24));
        for (view, enter) in [("6", "Enter"), ("8", "Enter"), ("9", "Enter")] {
            desk.keys(view).keys(enter);
            assert!(desk.model.is_list(), "{view}");
            let footer = desk.screen().lines().last().unwrap().to_owned();
            let back = ["Esc 返回", "Esc back"][language as usize];
            assert!(footer.trim_start().starts_with(back), "{footer}");
            desk.keys("q");
            assert!(!desk.model.is_list() && !desk.effects.contains(&Effect::Quit));
        }
        desk.keys("1 q");
        assert!(desk.effects.contains(&Effect::Quit));
    }
}

#[test]
fn no_board_cuts_a_name_nor_leaves_out_the_bar_and_the_oldest_red() {
    for size in [(80, 24), (120, 40), (160, 48)] {
        let mut desk = Desk::new(Language::En, size);
        desk.keys("a 1 6");
        let screen = desk.screen();
        for said in [
            "Environmental Protection and Water Bureau",
            "4 d",
            "oldest red",
            "..",
        ] {
            assert!(screen.contains(said), "{size:?} {said}\n{screen}");
        }
    }
}

#[test]
fn the_board_shows_every_digit_of_its_figures() {
    let row = |n: u64| BoardRow {
        department: Some("cgj".to_owned()),
        red: 12_341 * n,
        yellow: 12_342 * n,
        green: 12_343 * n,
        paused: 12_344 * n,
        unsigned: 12_345 * n,
        ruling: 12_346 * n,
        disputed: 12_347 * n,
        hopped: 12_348 * n,
        supervised: 12_349 * n,
        ..BoardRow::default()
    };
    for language in [Language::Zh, Language::En] {
        for size in [(60, 16), (80, 24), (120, 40), (160, 48)] {
            let mut desk = Desk::new(language, size);
            desk.keys("6");
            let rows = vec![row(1), row(3)];
            desk.tell(Msg::BoardLoaded(Board { rows }));
            let screen = desk.screen();
            for figure in 12_341..=12_349 {
                for figure in [figure, figure * 3, figure * 4] {
                    let shown = screen
                        .split_whitespace()
                        .any(|word| word == figure.to_string());
                    assert!(shown, "{size:?} {figure}\n{screen}");
                }
            }
        }
    }
}
