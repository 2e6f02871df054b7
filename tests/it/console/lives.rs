//! Whole lives by keys alone: the intake form with what follows it, returns, rulings, redo, merges, batches.

use super::desk::{Desk, at, departments, operator};
use fenbo::console::app::form::FieldId;
use fenbo::console::app::msg::Effect;
use fenbo::console::app::{Chord, Dialog, Language, Msg, Notice, Scope, update};
use fenbo::domain::act::{Act, ActKind, Registration};
use fenbo::domain::operator::Role;
use fenbo::domain::privacy::Texts;
use fenbo::domain::ticket::{Nature, State, Urgency};
use std::sync::Arc;

const SIZE: (u16, u16) = (120, 40);
/// From the content to the field that says what follows.
const TO_NEXT: &str = "Tab Tab Tab Tab Tab Tab Tab Tab Tab";

fn zh() -> Desk {
    Desk::new(Language::Zh, SIZE)
}

fn as_role(desk: &mut Desk, role: Role) {
    let mut rules = (*desk.model.rules).clone();
    rules.operator = operator(role);
    desk.model.rules = Arc::new(rules);
}

/// Another role sits down and goes to the ticket.
fn go(desk: &mut Desk, role: Role, no: &str) {
    as_role(desk, role);
    desk.keys("7 g");
    for _ in 0..desk.store.len() {
        if desk.selected() == no {
            return;
        }
        desk.keys("j");
    }
    panic!("{no} is not in the list");
}

fn unfiled(desk: &mut Desk, complete: bool) -> String {
    let registration = Registration {
        created_at: at("2017-11-27 14:00"),
        source: "12345".to_owned(),
        channel: "desk".to_owned(),
        external_no: None,
        nature: complete.then_some(Nature::Complaint),
        limit_class: None,
        urgency: Urgency::Normal,
        confidential: false,
        category: vec!["市容环卫".to_owned(), "城市照明".to_owned()],
        street: Some("龙田街道".to_owned()),
        community: Some("南布社区".to_owned()),
    };
    let no = desk.register(&registration, Texts::default());
    desk.keys("F5 g");
    for _ in 0..desk.store.len() {
        if desk.selected() == no {
            break;
        }
        desk.keys("j");
    }
    assert_eq!(desk.selected(), no);
    no
}

#[test]
fn what_is_known_of_the_caller_and_the_place_stands_beside_the_form_while_one_types() {
    for size in [SIZE, (80, 24)] {
        let mut desk = Desk::new(Language::Zh, size);
        desk.keys("n").typed("138");
        assert!(
            !desk
                .effects
                .iter()
                .any(|e| matches!(e, Effect::LoadHistory(_))),
            "three digits are too few"
        );
        assert!(
            desk.screen().contains("同一电话的诉求"),
            "{}",
            desk.screen()
        );
        desk.typed("00138000");
        let first = desk.store[0].ticket.no.clone();
        assert!(desk.screen().contains(&first), "{}", desk.screen());
        desk.keys("Tab Tab Tab Tab Tab Tab")
            .typed("金沙")
            .keys("Enter");
        assert!(
            desk.model.history.as_ref().is_some_and(|h| h
                .place
                .iter()
                .all(|k| k.title.contains("路灯"))
                && h.place.len() == 1),
            "{:?}",
            desk.model.history
        );
        assert!(desk.screen().contains("路灯坏了一"), "{}", desk.screen());
    }
}

#[test]
fn class_and_last_day_stand_in_the_intake_form_from_the_first_moment() {
    let mut desk = zh();
    desk.keys("n");
    let screen = desk.screen();
    assert!(screen.contains("性质未选"), "{screen}");
    // 15 working days from Monday 2017-11-27.
    assert!(screen.contains("2017-12-18 24:00"), "{screen}");
    desk.keys("Tab Tab Tab Tab Tab Tab Tab Tab 2");
    let screen = desk.screen();
    assert!(!screen.contains("性质未选"), "{screen}");
    assert!(screen.contains("2017-12-04 24:00"), "{screen}");
}

#[test]
fn an_enquiry_is_answered_on_the_spot_from_the_form() {
    let mut desk = zh();
    let before = desk.store.len();
    desk.keys("n Tab Tab")
        .typed("想问居住证怎么办")
        .keys("Tab")
        .typed("来电询问材料")
        .keys(TO_NEXT)
        .keys("2 Tab")
        .typed("带身份证到街道服务大厅办理。")
        .keys("Ctrl-s");
    assert_eq!(desk.store.len(), before + 1, "{}", desk.screen());
    let stored = desk.store.last().unwrap();
    assert_eq!(stored.ticket.state, State::Answered, "{}", desk.status());
    assert_eq!(stored.ticket.nature, Some(Nature::Enquiry));
    assert!(
        desk.status().contains("已登记") && desk.status().contains("并已直接答复"),
        "{}",
        desk.status()
    );
    assert!(desk.model.drafts.is_empty(), "{:?}", desk.model.drafts);
}

#[test]
fn when_the_answer_is_refused_the_ticket_stays_registered_and_the_answer_is_kept() {
    let mut desk = zh();
    desk.keys("n Tab Tab")
        .typed("路面塌陷")
        .keys("Tab")
        .typed("有个坑")
        .keys("Tab Tab Tab Tab Tab 1 Tab Tab Tab Tab 2 Tab")
        .typed("已经转告。")
        .keys("Ctrl-s");
    let stored = desk.store.last().unwrap();
    assert_eq!(stored.ticket.state, State::Registered, "{}", desk.status());
    let not = "“直接答复”没有执行";
    assert!(desk.status().contains(not), "{}", desk.status());
    assert!(
        desk.model.drafts.values().any(|d| d.contains("已经转告")),
        "{:?}",
        desk.model.drafts
    );
}

#[test]
fn a_request_is_refused_from_the_form_with_its_ground_and_the_right_door() {
    let mut desk = Desk::empty(Language::Zh, SIZE, Role::ShiftLead);
    desk.start();
    desk.keys("n Tab Tab")
        .typed("对判决不服")
        .keys("Tab")
        .typed("法院已经判了")
        .keys(TO_NEXT)
        .keys("3 Tab 1");
    assert!(desk.screen().contains("正确渠道"), "{}", desk.screen());
    desk.keys("Ctrl-s");
    let stored = desk.store.last().unwrap();
    assert_eq!(stored.ticket.state, State::Refused, "{}", desk.status());
}

#[test]
fn what_follows_can_be_changed_and_its_words_are_not_lost() {
    let mut desk = zh();
    desk.keys("n Tab Tab Tab").keys(TO_NEXT).keys("2 Tab");
    desk.typed("带身份证来").keys("BackTab 1");
    let shown = desk.screen().contains("带身份证来");
    assert!(!shown, "nothing follows, so nothing is asked for");
    desk.keys("2");
    assert!(desk.screen().contains("带身份证来"), "{}", desk.screen());
}

#[test]
fn a_registered_ticket_whose_facts_are_known_is_filed_and_dispatched_by_two_keys() {
    let mut desk = zh();
    let no = unfiled(&mut desk, true);
    desk.keys("a 1");
    assert_eq!(
        desk.performed(),
        [(no.clone(), ActKind::File), (no.clone(), ActKind::Dispatch)]
    );
    assert_eq!(
        desk.ticket(&no).state,
        State::Dispatched,
        "{}",
        desk.status()
    );
    assert!(
        desk.status().contains("已立案") && desk.status().contains("并已分拨"),
        "{}",
        desk.status()
    );
    desk.keys("u");
    assert_eq!(desk.ticket(&no).state, State::Filed, "{}", desk.status());
}

#[test]
fn a_registered_ticket_without_its_facts_opens_the_filing_form() {
    let mut desk = zh();
    let no = unfiled(&mut desk, false);
    desk.keys("a");
    assert!(matches!(desk.model.dialogs.last(), Some(Dialog::Form(_))));
    assert!(desk.status().contains("还没立案"), "{}", desk.status());
    desk.keys("1 Ctrl-s a 1");
    assert_eq!(
        desk.ticket(&no).state,
        State::Dispatched,
        "{}",
        desk.status()
    );
}

#[test]
fn digits_in_a_batch_take_what_is_suggested_for_most_of_the_marked() {
    let mut desk = zh();
    desk.sure = false;
    desk.model.suggestions.clear();
    desk.keys("* a 2 y");
    let second = departments()[1].clone();
    assert_eq!(desk.performed().len(), 8, "{}", desk.status());
    for stored in &desk.store {
        assert_eq!(stored.ticket.lead.as_deref(), Some(second.as_str()));
    }
}

#[test]
fn a_complaint_is_returned_ruled_handled_redone_and_closed_by_keys() {
    let mut desk = zh();
    let no = desk.store[4].ticket.no.clone();
    let [lead, other, _] = departments();
    go(&mut desk, Role::Dispatcher, &no);
    desk.keys("a 1");
    go(&mut desk, Role::Department, &no);
    desk.keys("b 1 Tab")
        .typed("站牌属公交公司产权，不在我单位职责范围内，已现场核实并拍照留存");
    desk.keys("Tab").typed(&other).keys("Enter Ctrl-s");
    go(&mut desk, Role::ShiftLead, &no);
    desk.keys("d 1 Ctrl-s");
    assert_eq!(desk.ticket(&no).state, State::Filed, "{}", desk.status());
    go(&mut desk, Role::ShiftLead, &no);
    desk.keys("O").typed("两家都说不归自己管").keys("Ctrl-s");
    assert_eq!(
        desk.ticket(&no).state,
        State::Coordinating,
        "{}",
        desk.status()
    );
    go(&mut desk, Role::ShiftLead, &no);
    desk.keys("o").typed(&lead).keys("Enter Tab Tab Tab Tab");
    desk.typed("由其先行办理，一周内扶正").keys("Ctrl-s");
    assert_eq!(
        desk.ticket(&no).state,
        State::Dispatched,
        "{}",
        desk.status()
    );
    go(&mut desk, Role::Department, &no);
    desk.keys("b");
    assert!(desk.model.dialogs.is_empty(), "no return after a ruling");
    desk.keys("s");
    for (rating, ends) in [("4", State::Handling), ("2", State::Closed)] {
        go(&mut desk, Role::Department, &no);
        desk.keys("r Space Tab Space Tab")
            .typed("站牌已扶正加固。")
            .keys("Ctrl-s");
        assert_eq!(desk.ticket(&no).state, State::Replied, "{}", desk.status());
        go(&mut desk, Role::ShiftLead, &no);
        desk.keys("P y");
        go(&mut desk, Role::Callback, &no);
        desk.keys("C Tab 1 Tab").keys(rating).keys("Tab");
        desk.typed("说是修了又歪").keys("Ctrl-s");
        assert_eq!(desk.ticket(&no).state, ends, "{}", desk.status());
    }
    assert_eq!(desk.ticket(&no).redos, 1);
    assert_eq!(desk.ticket(&no).returns, 1);
}

#[test]
fn of_five_merged_the_wrong_one_comes_back_and_the_others_stay() {
    let mut desk = zh();
    desk.keys("Space Space Space Space Space");
    let marked: Vec<String> = desk.model.queue.marks.keys().cloned().collect();
    assert_eq!(marked.len(), 5);
    let before = desk.ticket(&marked[2]).clone();
    desk.keys("m y");
    go(&mut desk, Role::Dispatcher, &marked[2]);
    desk.keys("M");
    for no in &marked {
        let state = &desk.ticket(no).state;
        if *no == marked[2] {
            assert_eq!(*state, before.state, "{}", desk.status());
            assert_eq!(desk.ticket(no).lead, before.lead);
        } else {
            assert_eq!(*state, State::Merged);
        }
    }
}

#[test]
fn a_batch_over_fifty_tickets_takes_four_keys_and_one_takes_it_back() {
    let mut desk = Desk::empty(Language::Zh, SIZE, Role::Dispatcher);
    for n in 0..50 {
        desk.request(n);
    }
    desk.start();
    desk.keys("* a 1 y");
    let dispatched = |desk: &Desk| {
        desk.store
            .iter()
            .filter(|s| s.ticket.state == State::Dispatched)
            .count()
    };
    assert_eq!(dispatched(&desk), 50, "{}", desk.status());
    desk.keys("u");
    assert_eq!(dispatched(&desk), 0, "{}", desk.status());
}

#[test]
fn every_act_is_reachable_in_every_state_or_says_why_not() {
    let mut desk = zh();
    let nos: Vec<String> = desk.store.iter().map(|s| s.ticket.no.clone()).collect();
    let dispatch = Act::Dispatch {
        lead: departments()[0].clone(),
        assisting: vec![],
        suggestion: None,
    };
    let desk_operator = operator(Role::Dispatcher);
    let own = operator(Role::Department);
    for no in &nos[1..3] {
        desk.elsewhere(no, &dispatch, &desk_operator).unwrap();
    }
    desk.elsewhere(&nos[2], &Act::Sign, &own).unwrap();
    let unfiled = unfiled(&mut desk, true);
    let states = [&nos[0], &nos[1], &nos[2], &unfiled];
    for role in [
        Role::Dispatcher,
        Role::ShiftLead,
        Role::Department,
        Role::Callback,
        Role::Auditor,
    ] {
        for no in states {
            go(&mut desk, role, no);
            let commands = desk.model.commands.clone();
            for entry in commands.entries() {
                if entry.act.is_none() || entry.scope != Scope::Queue {
                    continue;
                }
                let may = desk.model.available(entry);
                let mut model = desk.model.clone();
                let mut effects = Vec::new();
                let keys: Vec<Chord> = match entry.chords.first() {
                    Some(chord) => vec![*chord],
                    None => std::iter::once(Chord::char(':'))
                        .chain(entry.label(Language::Zh).chars().map(Chord::char))
                        .chain(["Enter".parse().unwrap()])
                        .collect(),
                };
                for chord in keys {
                    effects = update(&mut model, Msg::Key(chord));
                }
                let what = format!("{role:?} {no} {}: {may:?}", entry.id);
                let acts = effects
                    .iter()
                    .any(|e| matches!(e, Effect::Perform { .. } | Effect::AskVerdicts { .. }));
                let asks = matches!(
                    model.dialogs.last(),
                    Some(Dialog::Form(_) | Dialog::Picker(_) | Dialog::Summary(_))
                );
                if may.is_ok() {
                    assert!(acts || asks, "{what}");
                } else {
                    assert!(!acts && !asks, "{what}");
                    assert!(
                        matches!(model.notice, Some(Notice::Refused { .. })),
                        "{what}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_may_be_the_same_matter_stands_beside_the_form_while_one_types() {
    for size in [SIZE, (80, 24)] {
        let mut desk = Desk::new(Language::Zh, size);
        desk.keys("n Tab Tab").typed("工地夜");
        let screen = desk.screen();
        assert!(screen.contains("疑似同一件"), "{screen}");
        // Three characters are too few to be compared.
        let line = "20171109-0007 2017-11-09 已办结";
        assert!(!screen.contains(line), "{screen}");
        desk.typed("里打桩");
        let screen = desk.screen();
        assert!(screen.contains(line), "{screen}");
        assert!(screen.contains("文字 64%、同社区"), "{screen}");
    }
}

#[test]
fn rows_that_the_other_parts_leave_free_are_used_for_what_may_be_the_same_matter() {
    let mut desk = Desk::new(Language::Zh, (80, 24));
    desk.keys("n Tab Tab").typed("工地夜里打桩");
    let alike = &mut desk.model.history.as_mut().expect("a history").alike;
    for n in 8..14 {
        let mut one = alike[0].clone();
        one.no = format!("20171109-{n:04}");
        alike.push(one);
    }
    let screen = desk.screen();
    assert_eq!(screen.matches("20171109-00").count(), 3, "{screen}");
    for part in ["同一电话的诉求", "同一社区的诉求"] {
        assert!(screen.contains(part), "{screen}");
    }
}

#[test]
fn who_may_not_dispatch_is_not_offered_to_mark_the_sure() {
    let mut desk = zh();
    assert!(desk.screen().contains("标记有把握的"), "{}", desk.screen());
    as_role(&mut desk, Role::Department);
    assert!(!desk.screen().contains("标记有把握的"), "{}", desk.screen());
    desk.keys("%");
    assert!(desk.model.hunt.is_none() && desk.model.queue.marks.is_empty());
}

#[test]
fn precedents_are_cited_by_one_key_one_after_another() {
    let mut desk = zh();
    let no = unfiled(&mut desk, true);
    desk.keys("a 1");
    let [lead, ..] = departments();
    as_role(&mut desk, Role::Department);
    assert_eq!(desk.ticket(&no).lead.as_deref(), Some(lead.as_str()));
    go(&mut desk, Role::Department, &no);
    desk.keys("s r");
    assert!(
        desk.screen().contains("F5 引用 案例 64% 20170804-0003"),
        "{}",
        desk.screen()
    );
    // The cursor stands on no text at first: the internal note is what is cited into, each precedent once.
    desk.keys("F5 F5 F5");
    assert!(matches!(desk.model.notice, Some(Notice::AllCited)));
    let text = |desk: &Desk, field| match desk.model.dialogs.last() {
        Some(Dialog::Form(form)) => form.text(field),
        _ => panic!("no form: {}", desk.screen()),
    };
    assert_eq!(
        text(&desk, FieldId::Note),
        "[20170804-0003] 夜间施工先查许可[20170711-0012] 环水牵头，城管配合"
    );
    assert_eq!(text(&desk, FieldId::Answer), "");
    // What the requester reads has the gist alone, and the line says where it went.
    desk.keys("Tab Tab F5");
    assert_eq!(text(&desk, FieldId::Answer), "夜间施工先查许可");
    assert!(
        desk.status().contains("不带他人工单编号"),
        "{}",
        desk.status()
    );
    // A form that answers nothing cites nothing.
    desk.keys("Esc i F5");
    assert!(matches!(desk.model.notice, Some(Notice::NoPrecedent)));
}
