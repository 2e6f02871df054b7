//! Journeys at the console: keys in, model and screen out, over a store in memory that asks the real rules.

pub mod boards;
pub mod desk;
mod figures;
mod haste;
mod lives;
mod showing;

use desk::{Desk, at, departments, operator};
use fenbo::console::app::finder::Kind;
use fenbo::console::app::form::Purpose;
use fenbo::console::app::msg::Effect;
use fenbo::console::app::{Action, Chord, Dialog, Language, Msg, Notice, Scope};
use fenbo::console::command::{KeymapFault, TABLE, commands};
use fenbo::console::view;
use fenbo::domain::act::{Act, ActKind};
use fenbo::domain::event::Event;
use fenbo::domain::operator::Role;
use fenbo::domain::queue::View;
use fenbo::domain::ticket::State;
use fenbo::i18n::Text;
use proptest::prelude::*;
use std::collections::BTreeSet;

const SIZE: (u16, u16) = (120, 40);

fn zh() -> Desk {
    Desk::new(Language::Zh, SIZE)
}

#[test]
fn one_ticket_goes_to_its_first_suggestion_in_two_keys() {
    let mut desk = zh();
    let first = desk.selected();
    desk.keys("a 1");
    assert_eq!(desk.ticket(&first).state, State::Dispatched);
    assert_eq!(
        desk.ticket(&first).lead.as_deref(),
        Some(departments()[0].as_str())
    );
    assert!(
        desk.status().contains(&format!("已分拨 {first}")),
        "{}",
        desk.status()
    );
    let Effect::Perform { errands, .. } = desk
        .effects
        .iter()
        .find(|e| matches!(e, Effect::Perform { .. }))
        .unwrap()
    else {
        unreachable!()
    };
    assert!(
        matches!(&errands[0].act, Act::Dispatch { suggestion: Some(s), .. } if s.offered.len() == 3 && s.first_permille == 930)
    );
}

#[test]
fn dispatching_one_after_another_loses_no_key_while_the_store_is_slow() {
    let mut desk = zh();
    let nos: Vec<String> = desk
        .model
        .queue
        .rows
        .iter()
        .take(3)
        .map(|(_, r)| r.no.clone())
        .collect();
    desk.slow = true;
    desk.keys("a 1 a 1 a 1");
    desk.slow = false;
    desk.answer();
    for no in &nos {
        assert_eq!(desk.ticket(no).state, State::Dispatched, "{no}");
    }
    assert_eq!(desk.performed().len(), 3);
}

#[test]
fn an_answer_that_comes_late_does_not_take_the_place_of_the_selected_ticket() {
    let mut desk = zh();
    let first = desk.selected();
    desk.slow = true;
    desk.keys("j k");
    desk.slow = false;
    desk.answer();
    assert_eq!(desk.selected(), first);
    let shown = desk.model.detail.as_ref().map(|d| d.ticket.no.clone());
    assert_eq!(shown, Some(first));
}

#[test]
fn undo_recalls_the_last_dispatch_and_selects_it_again() {
    let mut desk = zh();
    let first = desk.selected();
    desk.keys("a 1 u");
    assert_eq!(desk.ticket(&first).state, State::Filed);
    assert_eq!(desk.selected(), first);
    assert!(desk.status().contains("已撤回"), "{}", desk.status());
    desk.keys("u");
    assert!(desk.status().contains("没有撤回"), "{}", desk.status());
}

#[test]
fn what_cannot_be_taken_back_is_said_before_an_older_act_is_taken_back_in_its_place() {
    let mut desk = zh();
    let first = desk.selected();
    desk.keys("a 1 j");
    let urged = desk.selected();
    assert_ne!(urged, first);
    desk.keys("!");
    desk.typed("来电催办").keys("Ctrl-s");
    assert!(desk.status().contains("已催办"), "{}", desk.status());
    desk.keys("u");
    assert_eq!(desk.ticket(&first).state, State::Dispatched);
    let said = desk.status();
    assert!(
        said.contains("“催办”不能撤回") && said.contains(&first),
        "{said}"
    );
    desk.keys("u");
    assert_eq!(desk.ticket(&first).state, State::Filed);
    // Nothing older, and the ticket under the selection was dispatched by others.
    desk.keys("!");
    desk.typed("又来电").keys("Ctrl-s u");
    let said = desk.status();
    assert!(
        said.contains("不能撤回") && !said.contains("更早"),
        "{said}"
    );
}

#[test]
fn a_batch_goes_by_its_own_suggestions_after_an_explicit_yes() {
    let mut desk = zh();
    desk.keys("* a 1");
    assert!(matches!(desk.model.dialogs.last(), Some(Dialog::Summary(s)) if s.allowed() == 8));
    desk.keys("Enter");
    assert!(
        desk.performed().is_empty(),
        "the default answer changes nothing"
    );
    desk.keys("a 1 y");
    assert_eq!(desk.performed().len(), 8);
    assert!(desk.model.queue.marks.is_empty());
    desk.keys("u");
    assert!(
        desk.store.iter().all(|s| s.ticket.state == State::Filed),
        "one key takes the batch back"
    );
}

#[test]
fn the_sweep_between_a_batch_and_its_undo_keeps_nothing_from_being_taken_back() {
    let mut desk = zh();
    desk.keys("* a 1 y");
    let now = desk.model.now;
    let first = desk.performed()[0].0.clone();
    let ground = "hot_spot".to_owned();
    desk.swept(&first, Event::SupervisionProposed { ground, due: now });
    desk.keys("u");
    assert!(desk.store.iter().all(|s| s.ticket.state == State::Filed));
}

#[test]
fn what_could_not_be_taken_back_stays_to_be_taken_back_and_says_why() {
    let mut desk = zh();
    desk.keys("* a 1 y");
    let first = desk.performed()[0].0.clone();
    let li = fenbo::domain::operator::Operator {
        code: "li".to_owned(),
        ..operator(Role::Dispatcher)
    };
    let text = "电话已核".to_owned();
    desk.elsewhere(&first, &Act::Note { text }, &li).unwrap();
    for _ in 0..2 {
        desk.keys("u");
        assert!(desk.status().contains("备注"), "{}", desk.status());
        assert!(!desk.status().contains("签收后"), "{}", desk.status());
        assert_eq!(desk.ticket(&first).state, State::Dispatched);
    }
    // Tried in vain, it lets what was done since and before come first.
    let other = desk.selected();
    desk.keys("a 1 u");
    assert_eq!(desk.ticket(&other).state, State::Filed);
}

#[test]
fn the_picker_foresees_its_first_line_for_one_ticket() {
    let mut desk = zh();
    let foreseen = |desk: &Desk| -> Vec<fenbo::console::app::msg::Errand> {
        let of = |e: &Effect| match e {
            Effect::Foresee(errand) => Some(errand.clone()),
            _ => None,
        };
        desk.effects.iter().filter_map(of).collect()
    };
    let no = desk.selected();
    desk.keys("a");
    let [errand] = &foreseen(&desk)[..] else {
        panic!("{:?}", foreseen(&desk));
    };
    let first = desk.model.suggestions[&no].list[0].code.clone();
    assert_eq!(errand.no, no);
    assert!(matches!(&errand.act, Act::Dispatch { lead, .. } if *lead == first));
    assert!(desk.performed().is_empty(), "nothing is done");
    // A batch shows its summary before anything is done.
    desk.keys("esc * a");
    assert_eq!(foreseen(&desk).len(), 1);
}

#[test]
fn suggestions_of_the_rows_seen_are_asked_again_after_others_were_dispatched() {
    let mut desk = zh();
    let asked = |desk: &Desk, no: &String| {
        let of = |e: &&Effect| matches!(e, Effect::Suggest(nos) if nos.contains(no));
        desk.effects.iter().filter(of).count()
    };
    let second = desk.model.queue.rows[1].1.no.clone();
    assert_eq!(asked(&desk, &second), 1);
    desk.keys("j j k k");
    assert_eq!(asked(&desk, &second), 1, "moving about asks nothing twice");
    desk.keys("a 1");
    assert_eq!(asked(&desk, &second), 2);
    desk.tell(Msg::StoreChanged);
    assert_eq!(asked(&desk, &second), 3);
    let percent = |desk: &Desk| desk.model.suggestions[&second].list[0].permille;
    let mut other = desk.model.suggestions[&second].clone();
    other.list[0].permille = 410;
    desk.tell(Msg::Suggested(other.clone()));
    assert_eq!(percent(&desk), 410);
    // Under an open picker what was read stands still.
    assert_eq!(desk.selected(), second);
    desk.keys("a");
    other.list.reverse();
    desk.tell(Msg::Suggested(other));
    assert_eq!(percent(&desk), 410);
    desk.keys("1");
    assert_eq!(
        desk.ticket(&second).lead.as_deref(),
        Some(departments()[0].as_str())
    );
}

#[test]
fn a_batch_shows_one_verdict_a_row_and_does_what_is_allowed() {
    let mut desk = zh();
    let taken = desk.model.queue.rows[1].1.no.clone();
    let li = fenbo::domain::operator::Operator {
        code: "li".to_owned(),
        ..operator(Role::Dispatcher)
    };
    desk.elsewhere(&taken, &Act::Claim, &li).unwrap();
    desk.tell(Msg::StoreChanged);
    desk.keys("Space Space a")
        .typed(&departments()[1])
        .keys("Enter");
    let Some(Dialog::Summary(summary)) = desk.model.dialogs.last() else {
        panic!("no summary")
    };
    assert_eq!((summary.items.len(), summary.allowed()), (2, 1));
    assert!(desk.screen().contains("认领"), "{}", desk.screen());
    desk.keys("y");
    assert_eq!(desk.performed().len(), 1);
}

#[test]
fn an_act_goes_to_every_row_of_a_range_under_way() {
    let mut desk = zh();
    desk.keys("v j j a").typed(&departments()[1]).keys("Enter");
    let Some(Dialog::Summary(summary)) = desk.model.dialogs.last() else {
        panic!("no summary: {}", desk.screen())
    };
    assert_eq!(summary.items.len(), 3);
    assert!(desk.performed().is_empty());
    desk.keys("Esc Esc");
    assert!(desk.model.queue.range.is_none(), "the range grows no more");
}

#[test]
fn in_a_window_too_small_to_see_no_key_acts() {
    let mut desk = zh();
    let no = desk.selected();
    desk.tell(Msg::Resize(20, 5));
    desk.keys("a 1");
    assert!(desk.performed().is_empty());
    assert_eq!(desk.ticket(&no).state, State::Filed);
    desk.tell(Msg::Resize(120, 40));
    desk.keys("a 1");
    assert_eq!(desk.performed().len(), 1);
}

#[test]
fn only_sure_suggestions_are_taken_in_a_batch() {
    let mut desk = zh();
    for (no, suggested) in &mut desk.model.suggestions {
        suggested.sure = no.ends_with("0031") || no.ends_with("0032");
    }
    desk.keys("* a 1");
    assert!(matches!(desk.model.dialogs.last(), Some(Dialog::Summary(s)) if s.items.len() == 2));
    assert_eq!(
        desk.model.notice,
        Some(Notice::OnlySure { sure: 2, left: 6 })
    );
}

#[test]
fn the_sure_are_marked_by_one_key_and_each_goes_to_its_own_first_by_one_confirmation() {
    let mut desk = zh();
    for (no, suggested) in &mut desk.model.suggestions {
        suggested.sure = no.ends_with("0031") || no.ends_with("0032");
    }
    desk.keys("%");
    assert_eq!(desk.model.queue.marks.len(), 2);
    assert!(
        desk.status()
            .contains("看了 8 件，有把握的 2 件，共标记 2 件"),
        "{}",
        desk.status()
    );
    desk.keys("a 1 y");
    assert_eq!(desk.performed().len(), 2);
    for suggested in desk.model.suggestions.values_mut() {
        suggested.sure = false;
    }
    desk.sure = false;
    desk.keys("%");
    assert!(desk.model.queue.marks.is_empty());
    let none = "没有建议达到有把握的标准";
    assert!(desk.status().contains(none), "{}", desk.status());
    assert!(!desk.status().contains("旧工单"), "{}", desk.status());
    let no = desk.selected();
    let selected = desk.model.suggestions.get_mut(&no).unwrap();
    selected.little = Some(38);
    assert!(
        desk.status().contains("只学过 38 件旧工单，尚不预填"),
        "{}",
        desk.status()
    );
}

/// A desk with this many filed requests, the first suggestion of every one of them sure.
fn crowded(requests: usize) -> Desk {
    let mut desk = Desk::empty(Language::Zh, SIZE, Role::Dispatcher);
    (0..requests).for_each(|n| _ = desk.request(n));
    desk.sure = true;
    desk.start();
    desk
}

#[test]
fn rows_that_are_not_loaded_are_marked_too_and_what_was_marked_stays() {
    let mut desk = crowded(400);
    assert!(desk.model.queue.rows.len() < 400, "not all are loaded");
    desk.sure = false;
    desk.model.suggestions.clear();
    desk.keys("Space %");
    assert_eq!(desk.model.queue.marks.len(), 1, "one by hand, none sure");
    desk.sure = true;
    desk.keys("% %");
    assert_eq!(desk.model.queue.marks.len(), 400);
    assert!(
        desk.status()
            .contains("看了 400 件，有把握的 400 件，共标记 400 件"),
        "{}",
        desk.status()
    );
    desk.keys("a 1");
    assert!(
        matches!(desk.model.dialogs.last(), Some(Dialog::Summary(s)) if s.allowed() == 400),
        "{}",
        desk.screen()
    );
    desk.keys("y");
    assert_eq!(desk.performed().len(), 400);
    assert!(
        desk.store
            .iter()
            .all(|s| s.ticket.state == State::Dispatched)
    );
    desk.keys("u");
    assert!(desk.store.iter().all(|s| s.ticket.state == State::Filed));
}

/// The part of an answer that tells of the next so many rows.
fn part(desk: &Desk, token: u64, looked: (u64, u64), done: bool) -> Msg {
    let rows = desk.rows(View::Desk);
    let found = rows.into_iter().skip(looked.0 as usize - 10).take(10);
    let suggested = |no: &str| {
        let mut suggested = desk.model.suggestions.values().next().unwrap().clone();
        no.clone_into(&mut suggested.no);
        suggested
    };
    Msg::SureFound {
        token,
        found: found.map(|row| (row.clone(), suggested(&row.no))).collect(),
        looked,
        done,
    }
}

/// The number of the search that was ordered last.
fn searched(desk: &Desk) -> u64 {
    let orders = desk.orders();
    let token = orders.iter().rev().find_map(|effect| match effect {
        Effect::FindSure { token, .. } => Some(*token),
        _ => None,
    });
    token.expect("a search")
}

#[test]
fn a_search_for_the_sure_tells_how_far_it_is_and_ends_with_esc_an_act_or_the_view() {
    for (leave, marks) in [("Esc", 10), ("2", 10), ("t", 10), ("a", 10)] {
        let mut desk = crowded(100);
        desk.slow = true;
        desk.keys("%");
        assert!(desk.status().contains("已看 0 / 100"), "{}", desk.status());
        let token = searched(&desk);
        let first = part(&desk, token, (10, 100), false);
        desk.tell(first);
        let status = desk.status();
        assert!(status.contains("已看 10 / 100"), "{status}");
        // Keys are answered all the while.
        desk.keys("j j");
        assert_eq!(desk.model.queue.at, 2);
        desk.keys(leave);
        let orders = desk.orders();
        assert!(orders.contains(&Effect::LeaveSure(token)), "{leave}");
        if leave == "Esc" {
            assert!(
                desk.status().contains("已停：看了 10 / 100"),
                "{}",
                desk.status()
            );
        }
        // What comes late is not wanted any more.
        let late = part(&desk, token, (20, 100), true);
        desk.tell(late);
        if leave == "2" {
            desk.keys("1");
        }
        assert_eq!(desk.model.queue.marks.len(), marks, "{leave}");
        assert!(desk.model.hunt.is_none());
    }
}

#[test]
fn a_search_that_fails_says_why_and_keeps_what_it_found() {
    let mut desk = crowded(100);
    desk.slow = true;
    desk.keys("%");
    let token = searched(&desk);
    let first = part(&desk, token, (10, 100), false);
    desk.tell(first);
    let words = || ["没读到".to_owned(), "not read".to_owned()];
    desk.tell(Msg::SureFailed {
        token,
        failure: fenbo::console::app::Failure {
            what: words(),
            why: words(),
            next: words(),
        },
    });
    assert!(desk.status().contains("没读到"), "{}", desk.status());
    assert!(desk.model.hunt.is_none());
    assert_eq!(desk.model.queue.marks.len(), 10);
}

#[test]
fn more_marks_than_one_person_confirms_are_not_taken_and_that_is_said() {
    let most = fenbo::console::app::marking::MOST_MARKS;
    let mut desk = crowded(most + 60);
    desk.keys("%");
    assert_eq!(desk.model.queue.marks.len(), most);
    let status = desk.status();
    assert!(
        status.contains(&format!("一次最多标记 {most} 件")),
        "{status}"
    );
    assert!(status.contains(&format!("共 {} 件", most + 60)), "{status}");
    assert!(
        desk.effects
            .iter()
            .any(|e| matches!(e, Effect::LeaveSure(_)))
    );
    assert!(
        desk.model
            .queue
            .marks
            .keys()
            .all(|no| desk.model.is_sure(no)),
        "a marked ticket's suggestion is never forgotten"
    );
}

#[test]
fn all_that_is_listed_is_marked_loaded_or_not_and_again_none() {
    let mut desk = crowded(300);
    let listed = desk.rows(View::Desk).len();
    assert!(desk.model.queue.rows.len() < listed);
    desk.keys("*");
    assert_eq!(desk.model.queue.marks.len(), listed);
    let status = desk.status();
    assert!(status.contains(&format!("已标记 {listed} 件")), "{status}");
    desk.keys("*");
    assert_eq!(desk.model.queue.marks.len(), 0);
    // From the far end as well.
    desk.keys("G *");
    assert_eq!(desk.model.queue.marks.len(), listed);
    desk.keys("Esc");
    assert_eq!(desk.model.queue.marks.len(), 0);
}

#[test]
fn what_is_marked_stands_still_under_a_dialog_that_opened_meanwhile() {
    let mut desk = crowded(300);
    let loaded = desk.model.queue.rows.len();
    desk.slow = true;
    desk.keys("* a");
    desk.slow = false;
    desk.answer();
    assert_eq!(desk.model.queue.marks.len(), loaded);
    desk.keys("Esc *");
    assert_eq!(desk.model.queue.marks.len(), 0);
}

#[test]
fn more_than_may_be_marked_is_said() {
    let most = fenbo::console::app::marking::MOST_MARKS;
    let mut desk = crowded(most + 60);
    desk.keys("G *");
    assert_eq!(desk.model.queue.marks.len(), most);
    let status = desk.status();
    assert!(status.contains("一次最多这么多"), "{status}");
}

#[test]
fn the_picker_finds_by_name_initials_and_code_and_takes_assisting_ones() {
    let mut desk = zh();
    let first = desk.selected();
    let [lead, assisting, _] = departments();
    let book = desk::book();
    let name = &book.directory.department(&assisting).unwrap().name;
    let initials = fenbo::console::app::search::initials(name);
    desk.keys("F2").typed(&initials);
    assert!(desk.screen().contains(name.as_str()), "{}", desk.screen());
    desk.keys("Ctrl-u")
        .typed(name)
        .keys("Tab")
        .typed(&lead)
        .keys("Enter");
    let ticket = desk.ticket(&first);
    assert_eq!(ticket.lead.as_deref(), Some(lead.as_str()));
    assert_eq!(ticket.assisting, [assisting]);
}

#[test]
fn enter_right_after_any_dialog_opens_changes_nothing() {
    let mut opened = 0;
    let forms = TABLE.iter().filter(|c| c.scope == Scope::Queue);
    for command in forms {
        for roles in [
            Role::Dispatcher,
            Role::ShiftLead,
            Role::Department,
            Role::Callback,
            Role::Supervisor,
        ] {
            let mut desk = Desk::empty(Language::Zh, SIZE, roles);
            (0..3).for_each(|n| _ = desk.request(n));
            desk.start();
            desk.keys("2 Space Space Ctrl-p").typed(command.id);
            desk.keys("Enter");
            if desk.model.dialogs.is_empty() {
                continue;
            }
            opened += 1;
            let before = desk
                .store
                .iter()
                .map(|s| s.ticket.clone())
                .collect::<Vec<_>>();
            desk.effects.clear();
            desk.keys("Enter");
            let wrote = desk
                .effects
                .iter()
                .any(|e| matches!(e, Effect::Perform { .. } | Effect::Register { .. }));
            assert!(!wrote, "{}", command.id);
            assert!(
                before.iter().eq(desk.store.iter().map(|s| &s.ticket)),
                "{}",
                command.id
            );
        }
    }
    assert!(opened > 30, "{opened}");
}

#[test]
fn a_key_that_does_nothing_says_why() {
    let mut desk = zh();
    desk.keys("s");
    assert!(
        desk.status().contains("须由承办单位办理"),
        "{}",
        desk.status()
    );
    desk.keys("Ctrl-x");
    assert!(
        desk.status().contains("这里不用 Ctrl-x"),
        "{}",
        desk.status()
    );
    desk.model.read_only = true;
    desk.keys("a");
    assert!(desk.status().contains("只读"), "{}", desk.status());
    let mut none = Desk::empty(Language::En, SIZE, Role::Dispatcher);
    none.start();
    none.keys("a");
    assert!(
        none.status().contains("no ticket is selected"),
        "{}",
        none.status()
    );
}

#[test]
fn full_width_keys_are_folded_and_han_ones_explained() {
    let mut desk = zh();
    desk.keys("？");
    assert!(matches!(desk.model.dialogs.last(), Some(Dialog::Finder(_))));
    desk.keys("Esc ：");
    assert!(matches!(desk.model.dialogs.last(), Some(Dialog::Finder(_))));
    desk.keys("Esc 、");
    assert!(desk.model.queue.editing);
    desk.typed("，路");
    assert_eq!(
        desk.model.queue.line.as_str(),
        "，路",
        "in a field they stay as typed"
    );
    desk.keys("Esc 路");
    assert!(desk.status().contains("输入法"), "{}", desk.status());
    assert!(desk.performed().is_empty());
    desk.keys("ａ １");
    assert_eq!(desk.performed().len(), 1);
}

#[test]
fn a_paste_does_nothing_but_in_a_field() {
    let mut desk = zh();
    desk.tell(Msg::Paste("a1ya1y".to_owned()));
    assert!(desk.performed().is_empty() && desk.model.dialogs.is_empty());
    assert_eq!(desk.model.notice, Some(Notice::PasteIgnored));
    desk.keys("i");
    let long = "路灯\n".repeat(900);
    desk.tell(Msg::Paste(long.clone()));
    let Some(Dialog::Form(form)) = desk.model.dialogs.last() else {
        panic!("no form")
    };
    assert_eq!(
        form.text(fenbo::console::app::form::FieldId::Text),
        long.trim()
    );
}

#[test]
fn the_selection_follows_its_ticket_when_rows_come_and_go_above() {
    let mut desk = Desk::empty(Language::Zh, SIZE, Role::Dispatcher);
    (0..60).for_each(|n| _ = desk.request(n));
    desk.start();
    desk.keys("PgDn PgDn j");
    let no = desk.selected();
    let line = desk.model.queue.at - desk.model.queue.top;
    for _ in 0..3 {
        desk.request(0);
    }
    desk.tell(Msg::StoreChanged);
    assert_eq!(desk.selected(), no);
    assert_eq!(
        desk.model.queue.at - desk.model.queue.top,
        line,
        "it stays on its line"
    );
    let above = desk.model.queue.rows[0].1.no.clone();
    let [lead, ..] = departments();
    let act = Act::Dispatch {
        lead,
        assisting: vec![],
        suggestion: None,
    };
    let by = operator(Role::Dispatcher);
    desk.elsewhere(&above, &act, &by).unwrap();
    desk.tell(Msg::StoreChanged);
    assert_eq!(desk.selected(), no);
}

#[test]
fn the_selection_stays_on_its_ticket_however_many_come_above_it() {
    let mut desk = Desk::empty(Language::Zh, SIZE, Role::Dispatcher);
    (0..400).for_each(|n| _ = desk.request(n));
    desk.start();
    // The newest first.
    desk.keys("7");
    desk.keys(&"j ".repeat(10));
    let no = desk.selected();
    (400..1_400).for_each(|n| _ = desk.request(n));
    desk.tell(Msg::StoreChanged);
    assert_eq!(desk.selected(), no);
    // The rows above it are the list's, without a gap.
    desk.keys("k");
    let above = desk.selected();
    desk.keys("g");
    let mut walked = vec![desk.selected()];
    while walked.last() != Some(&no) && walked.len() < 1_000 {
        desk.keys("j");
        walked.push(desk.selected());
    }
    assert!(walked.len() > 100, "{}", walked.len());
    assert_eq!(walked.iter().rev().nth(1), Some(&above));
}

#[test]
fn while_a_dialog_is_open_rows_stand_still() {
    let mut desk = zh();
    desk.keys("a");
    let before = desk.model.queue.rows.len();
    desk.request(0);
    desk.tell(Msg::StoreChanged);
    assert_eq!(desk.model.queue.rows.len(), before);
    desk.keys("Esc");
    assert_eq!(desk.model.queue.rows.len(), before + 1);
}

#[test]
fn a_stale_write_is_refused_with_who_and_when() {
    let mut desk = zh();
    let no = desk.selected();
    let li = fenbo::domain::operator::Operator {
        code: "li".to_owned(),
        ..operator(Role::Dispatcher)
    };
    desk.elsewhere(
        &no,
        &Act::Note {
            text: "刚看过".to_owned(),
        },
        &li,
    )
    .unwrap();
    desk.keys("a 1");
    assert_eq!(desk.ticket(&no).state, State::Filed);
    let status = desk.status();
    assert!(
        status.contains("李四") && status.contains("14:32") && status.contains("备注"),
        "{status}"
    );
}

#[test]
fn the_filter_is_live_counts_and_gives_back_what_was_cleared() {
    let mut desk = zh();
    desk.keys("/").typed("路灯");
    assert_eq!(desk.model.queue.rows.len(), 1);
    assert!(desk.status().contains("1 件"), "{}", desk.status());
    desk.keys("Enter");
    assert!(!desk.model.queue.editing);
    desk.keys("Esc");
    assert_eq!(desk.model.queue.rows.len(), 8);
    desk.keys("/ Up");
    assert_eq!(desk.model.queue.line.as_str(), "路灯");
    desk.typed(" 灯:紫");
    assert!(desk.status().contains("没有这个值"), "{}", desk.status());
}

#[test]
fn only_a_window_of_a_long_queue_is_held_and_the_ends_are_one_key_away() {
    let mut desk = Desk::empty(Language::Zh, SIZE, Role::Dispatcher);
    (0..900).for_each(|n| _ = desk.request(n));
    desk.start();
    assert!(desk.model.queue.rows.len() < 100);
    let mut seen = vec![desk.selected()];
    for _ in 0..899 {
        desk.keys("j");
        seen.push(desk.selected());
        assert!(
            desk.model.queue.rows.len() <= 400,
            "{}",
            desk.model.queue.rows.len()
        );
    }
    assert_eq!(
        seen.iter().collect::<BTreeSet<_>>().len(),
        900,
        "every ticket was on the way"
    );
    let last = desk.selected();
    desk.keys("g");
    assert_eq!(desk.selected(), seen[0]);
    desk.keys("G");
    assert_eq!(desk.selected(), last);
    for n in (0..899).rev() {
        desk.keys("k");
        assert_eq!(desk.selected(), seen[n], "{n}");
    }
}

#[test]
fn rows_asked_for_again_and_again_grow_no_more() {
    let mut desk = Desk::empty(Language::Zh, SIZE, Role::Dispatcher);
    (0..900).for_each(|n| _ = desk.request(n));
    desk.start();
    desk.keys(&"j ".repeat(300));
    let (ticket, held) = (desk.selected(), desk.model.queue.rows.len());
    for _ in 0..100 {
        desk.keys("Ctrl-r");
        assert!(desk.model.queue.rows.len() <= held);
    }
    assert_eq!(desk.selected(), ticket);
    desk.keys(&"j ".repeat(300));
    assert!(desk.model.queue.rows.len() <= held.max(400));
}

#[test]
fn at_every_width_a_form_s_border_is_whole() {
    let mut forms = 0;
    for width in 60..=120 {
        for keys in ["n", "b", "!", "F"] {
            let mut desk = Desk::new(Language::Zh, (width, 24));
            desk.keys(keys);
            let (buffer, _) = desk.draw();
            let symbol = |x: u16, y: u16| buffer[(x, y)].symbol();
            let area = buffer.area;
            let is_corner = |x: u16, y: u16| symbol(x, y) == "+" && symbol(x - 1, y) == "-";
            let top = area
                .positions()
                .find(|at| at.x > 0 && is_corner(at.x, at.y));
            let Some(top) = top else { continue };
            let below = (top.y + 1..area.bottom()).map(|y| symbol(top.x, y));
            let side: Vec<&str> = below.take_while(|symbol| *symbol != "+").collect();
            assert!(side.iter().all(|s| *s == "|"), "{keys} {width}: {side:?}");
            forms += 1;
        }
    }
    assert!(forms > 100, "{forms}");
}

#[test]
fn the_caret_stands_behind_what_was_typed() {
    let mut places = 0;
    let fields = (0..16).map(|n| ("n", n));
    for (key, tabs) in [("/", 0), (":", 0), ("a", 0), ("!", 0), ("m", 0)]
        .into_iter()
        .chain(fields)
    {
        let mut desk = Desk::new(Language::Zh, (120, 40));
        desk.keys(key);
        for _ in 0..tabs {
            desk.keys("Tab");
        }
        desk.keys("路 灯 a b");
        let (buffer, cursor) = desk.draw();
        let Some((x, y)) = cursor else { continue };
        let before: String = (0..x).map(|at| buffer[(at, y)].symbol()).collect();
        let before: String = before.split_whitespace().collect();
        // A field of choices or digits takes no such text.
        if !(0..buffer.area.height).any(|row| {
            let line: String = (0..buffer.area.width)
                .map(|at| buffer[(at, row)].symbol())
                .collect();
            line.split_whitespace()
                .collect::<String>()
                .contains("路灯ab")
        }) {
            continue;
        }
        assert!(before.ends_with("路灯ab"), "{key} {tabs}: {before:?}");
        places += 1;
    }
    assert!(places >= 6, "{places}");
}

#[test]
fn typed_words_are_never_lost() {
    let mut desk = zh();
    desk.keys("i").typed("已电话联系物业").keys("Esc");
    assert!(
        desk.effects
            .iter()
            .any(|e| matches!(e, Effect::SaveDraft { text, .. } if text.contains("物业")))
    );
    desk.keys("i");
    assert!(desk.screen().contains("已电话联系物业"));
    desk.typed("，").tell(Msg::Tick(at("2017-11-27 14:33")));
    let saved = desk
        .effects
        .iter()
        .filter(|e| matches!(e, Effect::SaveDraft { .. }))
        .count();
    assert_eq!(saved, 2, "a tick keeps what is being typed");
    desk.keys("Ctrl-s");
    assert_eq!(
        desk.performed().last().map(|(_, k)| *k),
        Some(ActKind::Note)
    );
    assert!(
        desk.effects
            .iter()
            .any(|e| matches!(e, Effect::DropDraft(_)))
    );
}

#[test]
fn words_that_were_taken_out_again_are_not_offered_again() {
    let forgotten = |desk: &Desk| {
        let dropped = |e: &Effect| matches!(e, Effect::DropDraft(_));
        desk.model.drafts.is_empty() && desk.effects.iter().any(dropped)
    };
    let mut desk = zh();
    desk.keys("i").typed("已电话联系物业").keys("Esc");
    assert!(!forgotten(&desk));
    // Opened and left as it was, the draft stays.
    desk.keys("i Esc");
    assert!(!forgotten(&desk));
    desk.keys("i Ctrl-u Esc");
    assert!(forgotten(&desk), "{:?}", desk.model.drafts);
    desk.keys("i");
    assert!(!desk.screen().contains("已电话联系物业"));
    // As soon as a tick finds them gone, too.
    let mut desk = zh();
    desk.keys("i").typed("物业").keys("Esc i Ctrl-u");
    desk.tell(Msg::Tick(at("2017-11-27 14:33")));
    assert!(forgotten(&desk), "{:?}", desk.model.drafts);
}

#[test]
fn a_refused_form_comes_back_with_its_words() {
    let mut desk = zh();
    let no = desk.selected();
    desk.keys("i").typed("写了一半");
    let li = fenbo::domain::operator::Operator {
        code: "li".to_owned(),
        ..operator(Role::Dispatcher)
    };
    desk.elsewhere(
        &no,
        &Act::Urge {
            text: String::new(),
        },
        &li,
    )
    .unwrap();
    desk.keys("Ctrl-s");
    assert!(
        matches!(desk.model.dialogs.last(), Some(Dialog::Form(f)) if f.purpose == Purpose::Act(ActKind::Note))
    );
    assert!(desk.screen().contains("写了一半"));
}

#[test]
fn the_life_of_a_ticket_is_worked_from_the_keyboard() {
    let mut desk = zh();
    let no = desk.selected();
    desk.keys("a 1");
    let as_ = |desk: &mut Desk, role: Role| {
        let mut rules = (*desk.model.rules).clone();
        rules.operator = operator(role);
        desk.model.rules = std::sync::Arc::new(rules);
        desk.keys("2 g");
        while desk.selected() != no {
            desk.keys("j");
        }
    };
    as_(&mut desk, Role::Department);
    desk.keys("s");
    assert_eq!(desk.ticket(&no).state, State::Handling, "{}", desk.status());
    desk.keys("r Space Tab Space Tab")
        .typed("夜间已停工，向您致歉。")
        .keys("Ctrl-s");
    assert_eq!(desk.ticket(&no).state, State::Replied, "{}", desk.status());
    as_(&mut desk, Role::ShiftLead);
    desk.keys("P");
    assert_eq!(desk.ticket(&no).state, State::Replied, "it asks first");
    desk.keys("y");
    assert_eq!(desk.ticket(&no).state, State::Callback, "{}", desk.status());
    as_(&mut desk, Role::Callback);
    desk.keys("C Tab 1 Tab 2 Ctrl-s");
    assert_eq!(desk.ticket(&no).state, State::Closed, "{}", desk.status());
}

#[test]
fn a_return_is_asked_for_and_decided() {
    let mut desk = Desk::empty(Language::Zh, SIZE, Role::Department);
    let no = desk.request(4);
    let [lead, other, _] = departments();
    let act = Act::Dispatch {
        lead,
        assisting: vec![],
        suggestion: None,
    };
    desk.elsewhere(&no, &act, &operator(Role::Dispatcher))
        .unwrap();
    desk.start();
    assert_eq!(
        desk.model.queue.view,
        View::Open,
        "a department begins with its own"
    );
    desk.keys("b 1 Tab")
        .typed("站牌属公交公司产权，不在我单位职责范围内，已现场核实并拍照留存");
    desk.keys("Tab").typed(&other).keys("Enter Ctrl-s");
    assert_eq!(desk.ticket(&no).pending().count(), 1, "{}", desk.status());
    let mut rules = (*desk.model.rules).clone();
    rules.operator = operator(Role::ShiftLead);
    desk.model.rules = std::sync::Arc::new(rules);
    desk.keys("4 d 1 Ctrl-s");
    assert_eq!(desk.ticket(&no).state, State::Filed, "{}", desk.status());
    assert_eq!(desk.ticket(&no).returns, 1);
}

#[test]
fn marked_tickets_merge_into_the_selected_one_and_come_back() {
    let mut desk = zh();
    desk.keys("Space Space");
    let master = desk.selected();
    let marked: Vec<String> = desk.model.queue.marks.keys().cloned().collect();
    desk.keys("m y");
    for no in &marked {
        assert_eq!(desk.ticket(no).state, State::Merged, "{}", desk.status());
        assert_eq!(
            desk.ticket(no).merged_into.as_deref(),
            Some(master.as_str())
        );
    }
    desk.keys("u");
    for no in &marked {
        assert_eq!(desk.ticket(no).state, State::Filed);
    }
}

#[test]
fn a_request_is_registered_by_form() {
    let mut desk = zh();
    let before = desk.store.len();
    desk.keys("n Tab Tab")
        .typed("井盖松动")
        .keys("Tab")
        .typed("车一过就响")
        .keys("Ctrl-s");
    assert_eq!(desk.store.len(), before + 1, "{}", desk.screen());
    assert!(desk.status().contains("已登记"), "{}", desk.status());
}

#[test]
fn claim_is_let_go_by_the_same_key() {
    let mut desk = zh();
    let no = desk.selected();
    desk.keys("c");
    assert!(desk.ticket(&no).claim.is_some());
    assert!(desk.screen().contains("@张三"));
    desk.keys("c");
    assert!(desk.ticket(&no).claim.is_none(), "{}", desk.status());
}

#[test]
fn the_bell_rings_once_for_newly_red_tickets() {
    let mut desk = zh();
    desk.effects.clear();
    desk.tell(Msg::Tick(at("2017-11-28 00:00")));
    desk.tell(Msg::StoreChanged);
    desk.tell(Msg::Tick(at("2017-11-28 00:00")));
    desk.tell(Msg::StoreChanged);
    let bells = desk.effects.iter().filter(|e| **e == Effect::Bell).count();
    assert_eq!(bells, 1);
}

#[test]
fn language_and_view_switch_without_losing_the_place() {
    let mut desk = zh();
    desk.keys("j j Space");
    let no = desk.selected();
    desk.keys("L");
    assert_eq!(desk.selected(), no);
    assert!(desk.screen().contains("suggested / lead"));
    desk.keys("2 1");
    assert_eq!(desk.selected(), no);
    assert_eq!(desk.model.queue.marks.len(), 1);
}

#[test]
fn closing_goes_one_step_back_and_only_then_leaves() {
    let mut desk = zh();
    desk.keys("Enter q");
    assert!(!desk.model.full && !desk.effects.contains(&Effect::Quit));
    desk.keys("q");
    assert!(desk.effects.contains(&Effect::Quit));
}

#[test]
fn personal_data_is_masked_by_one_key() {
    let mut desk = Desk::empty(Language::Zh, SIZE, Role::Callback);
    desk.request(1);
    desk.start();
    assert!(desk.screen().contains("13800138000"));
    desk.keys("p");
    assert!(!desk.screen().contains("13800138000") && !desk.screen().contains("王小明"));
    assert!(desk.screen().contains("138****8000"));
}

// The command table.

#[test]
fn every_default_key_is_a_key_and_no_place_has_one_twice() {
    let mut seen = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for command in TABLE {
        assert!(ids.insert(command.id), "{} twice", command.id);
        for key in command.keys {
            let chord: Chord = key
                .parse()
                .unwrap_or_else(|e| panic!("{}: {e}", command.id));
            assert_eq!(
                chord.to_string(),
                *key,
                "{} is not written in its one spelling",
                command.id
            );
            assert!(
                seen.insert((command.scope, chord)),
                "{key} twice in {:?}",
                command.scope
            );
        }
    }
    for (scope, chord) in &seen {
        let everywhere = seen.contains(&(Scope::Everywhere, *chord));
        assert!(
            *scope == Scope::Everywhere || !everywhere || scope.takes_text(),
            "{chord} hides a key of everywhere"
        );
    }
}

#[test]
fn every_act_can_be_done_by_a_command_and_without_letters() {
    for kind in ActKind::ALL {
        let reached = TABLE.iter().any(|c| match c.action {
            Action::Act(k) => k == *kind,
            Action::Claim => matches!(kind, ActKind::Claim | ActKind::Release),
            Action::MergeMarked => *kind == ActKind::Merge,
            _ => false,
        });
        assert!(reached, "{kind:?}");
    }
    let has_other_way = |action: Action| {
        TABLE.iter().any(|c| {
            c.action == action
                && c.keys
                    .iter()
                    .any(|k| k.parse::<Chord>().unwrap().text().is_none())
        })
    };
    for action in [
        Action::Acts,
        Action::Palette,
        Action::Help,
        Action::Mark,
        Action::Filter,
        Action::Undo,
        Action::NewTicket,
        Action::Quit,
    ] {
        assert!(has_other_way(action), "{action:?}");
    }
}

#[test]
fn every_command_stands_in_the_help_and_every_one_of_the_queue_in_the_palette() {
    let desk = zh();
    let commands = &desk.model.commands;
    let listed = |kind| {
        let finder = fenbo::console::app::finder::Finder::new(kind, commands);
        finder
            .found
            .iter()
            .map(|at| commands.entries()[*at].id)
            .collect::<BTreeSet<_>>()
    };
    let palette = listed(Kind::Palette);
    for command in TABLE {
        assert!(
            listed(Kind::Help(command.scope)).contains(command.id),
            "{}",
            command.id
        );
        if matches!(command.scope, Scope::Queue | Scope::Everywhere) {
            assert!(palette.contains(command.id), "{}", command.id);
        }
    }
}

#[test]
fn the_palette_runs_a_command_by_initials_and_tells_why_one_cannot() {
    let mut desk = zh();
    desk.keys("Ctrl-p").typed("jjz");
    desk.keys("Esc : ").typed("jjb").keys("Enter");
    assert_eq!(desk.model.queue.view, View::Shift, "交接班 by its initials");
    desk.keys("1 F4").typed("qs").keys("Enter");
    assert!(
        desk.status().contains("须由承办单位办理"),
        "{}",
        desk.status()
    );
    assert_eq!(desk.model.dialogs.len(), 1, "the list stays");
}

#[test]
fn chosen_keys_replace_the_defaults_and_collisions_are_refused() {
    let (table, faults) = commands([
        ("dispatch", vec!["s".to_owned()]),
        ("sign", vec!["s".to_owned()]),
        ("reply", vec!["Ctrl-m".to_owned()]),
        ("nothing", vec!["x".to_owned()]),
    ]);
    let key = |c: char| table.find(Scope::Queue, Chord::char(c)).map(|e| e.id);
    assert_eq!(
        (key('s'), key('a'), key('r')),
        (Some("dispatch"), None, Some("reply"))
    );
    assert!(matches!(&faults[0], KeymapFault::Taken { id, by: "dispatch", .. } if id == "sign"));
    assert!(matches!(&faults[1], KeymapFault::NotAKey { id, .. } if id == "reply"));
    assert!(matches!(&faults[2], KeymapFault::UnknownCommand { .. }));
    let all = TABLE
        .iter()
        .map(|c| (c.id, c.keys.iter().map(|k| (*k).to_owned()).collect()));
    let (same, faults) = commands(all);
    assert_eq!(faults, []);
    assert_eq!(
        same,
        commands(std::iter::empty()).0,
        "the defaults written out are the defaults"
    );
}

#[test]
fn both_languages_have_the_same_blanks_and_no_sentence_is_empty() {
    let lists = [fenbo::i18n::console::ALL, fenbo::i18n::console::field::ALL];
    for (name, text) in lists.into_iter().flatten() {
        assert_eq!(
            Text::placeholders(text.zh),
            Text::placeholders(text.en),
            "{name}"
        );
    }
    for command in TABLE {
        for text in [command.label, command.help] {
            assert!(!text.zh.is_empty() && !text.en.is_empty(), "{}", command.id);
        }
    }
}

#[test]
fn every_sentence_of_the_status_line_fits_eighty_columns() {
    use unicode_width::UnicodeWidthStr;
    for (name, text) in fenbo::i18n::console::ALL
        .iter()
        .filter(|(n, _)| n.starts_with("N_"))
    {
        for said in [text.zh, text.en] {
            let filled = Text::placeholders(said).is_empty();
            assert!(
                !filled || said.width() <= 78,
                "{name}: {} columns",
                said.width()
            );
        }
    }
}

#[test]
fn no_word_of_the_frame_is_of_ambiguous_width() {
    use unicode_width::UnicodeWidthStr;
    let chrome = fenbo::i18n::console::ALL
        .iter()
        .chain(fenbo::i18n::console::field::ALL);
    for (name, text) in chrome.filter(|(n, _)| !n.starts_with("N_")) {
        for said in [text.zh, text.en] {
            assert_eq!(said.width(), said.width_cjk(), "{name}: {said}");
        }
    }
    for command in TABLE {
        for said in [
            command.label.zh,
            command.label.en,
            command.help.zh,
            command.help.en,
        ] {
            assert_eq!(said.width(), said.width_cjk(), "{}: {said}", command.id);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn no_size_and_no_keys_bring_it_down(
        steps in proptest::collection::vec((0usize..40, 1u16..300, 1u16..100), 1..30),
    ) {
        const KEYS: [&str; 40] = [
            "j", "k", "G", "g", "PgDn", "PgUp", "Enter", "Esc", "Tab", "a", "1", "2", "Space", "v", "*", "u", "n", "m",
            "s", "r", "b", "d", "c", "!", "/", ":", "?", "t", "y", "p", "L", "T", "路", "Down", "Up", "F4", "8", "9", "Ctrl-s", "Right",
        ];
        let mut desk = Desk::new(Language::Zh, (80, 24));
        for (key, width, height) in steps {
            desk.keys(KEYS[key]);
            let depth = desk.model.dialogs.len();
            desk.tell(Msg::Resize(width, height));
            prop_assert_eq!(desk.model.dialogs.len(), depth, "the focus is kept");
            let (buffer, cursor) = desk.draw();
            if let Some((x, y)) = cursor {
                prop_assert!(x < buffer.area.width && y < buffer.area.height);
            }
            if width < 60 || height < 16 {
                prop_assert!(cursor.is_none());
            }
        }
        let _ = view::title(&desk.model);
        let _ = view::card(&desk.model);
    }
}
