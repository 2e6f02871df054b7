//! What the screen tells around an act: whom a reveal was about, which deadline moved, which rows of a batch are filed first.

use super::desk::{Desk, at, operator};
use fenbo::console::app::{Language, Msg, update};
use fenbo::domain::act::Registration;
use fenbo::domain::operator::Role;
use fenbo::domain::privacy::Texts;
use fenbo::domain::ticket::{LimitClass, Nature, State, Urgency};
use std::sync::Arc;

fn zh() -> Desk {
    Desk::new(Language::Zh, (120, 40))
}

fn registered(desk: &mut Desk, nature: Option<Nature>) -> String {
    let registration = Registration {
        created_at: at("2017-11-27 14:00"),
        source: "12345".to_owned(),
        channel: "desk".to_owned(),
        external_no: None,
        nature,
        limit_class: None,
        urgency: Urgency::Normal,
        confidential: false,
        category: vec!["市容环卫".to_owned(), "城市照明".to_owned()],
        street: Some("龙田街道".to_owned()),
        community: Some("南布社区".to_owned()),
    };
    desk.register(&registration, Texts::default())
}

#[test]
fn a_batch_files_what_is_registered_before_it_dispatches_and_tells_what_is_missing() {
    let mut desk = zh();
    let complete = registered(&mut desk, Some(Nature::Complaint));
    let unknown = registered(&mut desk, None);
    desk.keys("F5 g * a 1");
    let screen = desk.screen();
    assert!(screen.contains("可以 9 件"), "{screen}");
    assert!(
        screen.contains("性质"),
        "the row says which fact is missing: {screen}"
    );
    desk.keys("y");
    assert_eq!(desk.ticket(&complete).state, State::Dispatched);
    assert!(desk.ticket(&complete).filed_at.is_some());
    assert_eq!(desk.ticket(&unknown).state, State::Registered);
    // One key takes the dispatches back; what was filed stays filed.
    desk.keys("u");
    assert_eq!(
        desk.ticket(&complete).state,
        State::Filed,
        "{}",
        desk.status()
    );
}

#[test]
fn a_batch_of_registered_rows_alone_is_no_dead_key() {
    let mut desk = Desk::empty(Language::Zh, (120, 40), Role::Dispatcher);
    let nos = [0, 1].map(|_| registered(&mut desk, Some(Nature::Complaint)));
    desk.start();
    desk.keys("* a").typed("csgl").keys("Enter y");
    for no in &nos {
        assert_eq!(
            desk.ticket(no).state,
            State::Dispatched,
            "{}",
            desk.screen()
        );
    }
}

#[test]
fn a_revealed_requester_is_hidden_again_after_thirty_seconds() {
    let mut desk = zh();
    let no = desk.selected();
    assert!(!desk.screen().contains("13800138000"));
    desk.keys("E").typed("核对地址").keys("Ctrl-s");
    let screen = desk.screen();
    assert!(screen.contains("13800138000"), "{screen}");
    assert!(screen.contains("14:32:30 重新隐去"), "{screen}");
    assert!(
        desk.status().contains("已记入流转记录"),
        "{}",
        desk.status()
    );
    // Another ticket shows nothing of it; the way back still does.
    desk.keys("j");
    assert_ne!(desk.selected(), no);
    assert!(!desk.screen().contains("13800138000"), "{}", desk.screen());
    desk.keys("k");
    update(&mut desk.model, Msg::Tick(at("2017-11-27 14:32").plus(29)));
    assert!(desk.screen().contains("13800138000"));
    update(&mut desk.model, Msg::Tick(at("2017-11-27 14:32").plus(30)));
    assert!(!desk.screen().contains("13800138000"), "{}", desk.screen());
}

#[test]
fn the_privacy_key_hides_what_was_revealed_at_once() {
    let mut desk = zh();
    desk.keys("E").typed("核对地址").keys("Ctrl-s p");
    assert!(!desk.screen().contains("13800138000"), "{}", desk.screen());
    desk.keys("p");
    assert!(!desk.screen().contains("13800138000"), "{}", desk.screen());
}

#[test]
fn a_change_of_class_shows_the_deadline_before_and_after() {
    let mut desk = zh();
    let mut rules = (*desk.model.rules).clone();
    rules.operator = operator(Role::ShiftLead);
    desk.model.rules = Arc::new(rules);
    desk.keys("7 g");
    while desk.ticket(&desk.selected()).limit_class != Some(LimitClass::Complaint) {
        desk.keys("j");
    }
    let no = desk.selected();
    let before = desk.ticket(&no).clock.clone();
    // The third class is digital urban management: three calendar days.
    desk.keys("F Tab 3 Ctrl-s");
    assert_ne!(desk.ticket(&no).clock, before, "{}", desk.screen());
    let status = desk.status();
    assert!(
        status.contains("时限 2017-12-") && status.contains("-> 2017-11-"),
        "{status}"
    );
}
