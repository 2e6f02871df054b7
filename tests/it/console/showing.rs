//! What the screen tells around an act: whom a reveal was about, which deadline moved, which rows of a batch are filed first.

use super::desk::{Desk, Stored, at, departments, operator};
use fenbo::console::app::msg::{Effect, Similar};
use fenbo::console::app::{Language, Msg, update};
use fenbo::domain::act::{Act, Registration, ReplyForm};
use fenbo::domain::event::{Entry, Event};
use fenbo::domain::light::Light;
use fenbo::domain::operator::{Operator, Role};
use fenbo::domain::privacy::{Requester, Texts};
use fenbo::domain::queue::MergedRequest;
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
    // One key takes the dispatches back; what was filed stays filed, and the line says so.
    desk.keys("u");
    assert!(
        desk.status().contains("1 件已立案，立案保留"),
        "{}",
        desk.status()
    );
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
fn pictures_coordinates_and_the_ticket_a_letter_names_stand_in_the_detail_and_coordinates_are_masked()
 {
    let mut desk = zh();
    let registration = Registration {
        created_at: at("2017-11-27 14:00"),
        source: "open311".to_owned(),
        channel: "随手拍".to_owned(),
        external_no: None,
        nature: None,
        limit_class: None,
        urgency: Urgency::Normal,
        confidential: false,
        category: Vec::new(),
        street: None,
        community: None,
    };
    let raw = [
        ("media_url", "https://example.org/lid.jpg"),
        ("lat", "22.690001"),
        ("long", "114.340002"),
        ("answers_ticket", "20171101-0009"),
    ];
    let texts = Texts {
        raw: raw
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        ..Texts::default()
    };
    let no = desk.register(&registration, texts);
    desk.keys("F5 7 g");
    while desk.selected() != no {
        desk.keys("j");
    }
    desk.keys("Enter");
    let screen = desk.screen();
    for wanted in [
        "https://example.org/lid.jpg",
        "22.690001, 114.340002",
        "来信所指    20171101-0009",
    ] {
        assert!(screen.contains(wanted), "{wanted}: {screen}");
    }
    desk.keys("p");
    assert!(!desk.screen().contains("22.690001"), "{}", desk.screen());
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
fn what_is_revealed_of_one_requester_unmasks_nobody_merged_into_the_ticket() {
    let mut desk = zh();
    let no = desk.selected();
    let mut others = desk.store.iter().map(|s| s.ticket.no.clone());
    let other = others.find(|other| *other != no).unwrap();
    desk.keys("p E").typed("核对地址").keys("Ctrl-s Enter");
    let mut detail = desk.model.detail.clone().unwrap();
    assert_eq!(detail.ticket.no, no);
    detail.ticket.state = State::Callback;
    detail.ticket.merged = vec![other.clone()];
    detail.merged = vec![MergedRequest {
        no: other.clone(),
        title: String::new(),
        requester: Requester {
            phone: "13900139000".to_owned(),
            ..Requester::default()
        },
    }];
    desk.tell(Msg::DetailLoaded(detail));
    let screen = desk.screen();
    assert!(screen.contains(&other), "{screen}");
    assert!(!screen.contains("13900139000"), "{screen}");
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

/// An operator with this role sits down and goes to the ticket in view 7.
fn go(desk: &mut Desk, role: Role, no: &str) {
    let mut rules = (*desk.model.rules).clone();
    rules.operator = operator(role);
    desk.model.rules = Arc::new(rules);
    desk.keys("7 g");
    for _ in 0..desk.store.len() {
        if desk.selected() == no {
            return;
        }
        desk.keys("j");
    }
    panic!("{no} is not in the list");
}

#[test]
fn who_decides_sees_what_the_decision_turns_on() {
    for (language, said) in [
        (
            Language::Zh,
            [
                "退件期至 2017-11-30 24:00",
                "期内申请",
                "此前已退 0 次",
                "职能不符",
                "教育局",
            ],
        ),
        (
            Language::En,
            [
                "return window to 2017-11-30 24:00",
                "asked in time",
                "returned 0 times",
                "outside the department",
                "Education",
            ],
        ),
    ] {
        let mut desk = Desk::new(language, (120, 40));
        let no = desk.selected();
        desk.keys("a 1");
        let ask = Act::RequestReturn {
            ground: "competence".to_owned(),
            text: "经现场核实，该处道路由另一家单位管养。".to_owned(),
            suggested: Some("jyj".to_owned()),
        };
        desk.elsewhere(&no, &ask, &operator(Role::Department))
            .unwrap();
        desk.keys("4");
        let screen = desk.screen();
        for said in said {
            assert!(screen.contains(said), "{said}: {screen}");
        }
    }
}

#[test]
fn the_evidence_stands_in_the_decision_s_own_form_on_the_smallest_screen() {
    let mut desk = Desk::new(Language::Zh, (80, 24));
    let no = desk.selected();
    desk.keys("a 1");
    let ask = Act::RequestReturn {
        ground: "competence".to_owned(),
        text: "经现场核实，该处道路由另一家单位管养。".to_owned(),
        suggested: Some("jyj".to_owned()),
    };
    desk.elsewhere(&no, &ask, &operator(Role::Department))
        .unwrap();
    desk.keys("4 d");
    let screen = desk.screen();
    for said in ["职能不符", "退件期至 2017-11-30", "1 同意", "[ 提交 ]"] {
        assert!(screen.contains(said), "{said}: {screen}");
    }
}

#[test]
fn an_extension_shows_the_deadline_it_would_bring() {
    let mut desk = zh();
    let no = desk.store[3].ticket.no.clone();
    let own = operator(Role::Department);
    let dispatch = Act::Dispatch {
        lead: departments()[0].clone(),
        assisting: vec![],
        suggestion: None,
    };
    desk.elsewhere(&no, &dispatch, &operator(Role::Dispatcher))
        .unwrap();
    desk.elsewhere(&no, &Act::Sign, &own).unwrap();
    let extend = Act::Extend {
        units: 5,
        text: "须等专业检测报告，约需一周。".to_owned(),
    };
    desk.elsewhere(&no, &extend, &own).unwrap();
    desk.keys("4");
    // Due 2017-12-13; five working days more.
    let screen = desk.screen();
    assert!(screen.contains("2017-12-13 -> 2017-12-20"), "{screen}");
    assert!(screen.contains("已准 0 次，至多 2 次"), "{screen}");
}

#[test]
fn every_requester_of_a_merged_ticket_stands_in_the_call_back_and_the_next_one_is_called() {
    let mut desk = zh();
    desk.keys("Space m y");
    let master = desk.selected();
    let other = desk
        .ticket(&master)
        .merged
        .first()
        .cloned()
        .expect("merged");
    let own = operator(Role::Department);
    let reply = Act::Reply(ReplyForm {
        contacted: true,
        solved: true,
        note: String::new(),
        answer: "已修复。".to_owned(),
    });
    let dispatch = Act::Dispatch {
        lead: departments()[0].clone(),
        assisting: vec![],
        suggestion: None,
    };
    for (act, by) in [
        (dispatch, operator(Role::Dispatcher)),
        (Act::Sign, own.clone()),
        (reply, own),
        (Act::Pass, operator(Role::Dispatcher)),
    ] {
        desk.elsewhere(&master, &act, &by).unwrap();
    }
    go(&mut desk, Role::Callback, &master);
    desk.keys("F5");
    let screen = desk.screen();
    for no in [&master, &other] {
        let line = screen
            .lines()
            .find(|l| l.contains("回访对象") && l.contains(no.as_str()));
        let line = line.unwrap_or_else(|| panic!("{no}: {screen}"));
        assert!(
            line.contains("[未回访]") && line.contains("13800138000"),
            "{line}"
        );
    }
    // The form offers who has not been heard yet: first the ticket's own requester, then the other.
    desk.keys("C Tab 1 Tab 2 Ctrl-s");
    assert_eq!(desk.ticket(&master).calls.len(), 1, "{}", desk.screen());
    assert_eq!(desk.ticket(&master).calls[0].about, master);
    assert_eq!(desk.ticket(&master).state, State::Callback);
    assert!(desk.screen().contains("[已完成]"), "{}", desk.screen());
    desk.keys("C Tab 1 Tab 3 Ctrl-s");
    assert_eq!(desk.ticket(&master).calls[1].about, other);
    assert_eq!(
        desk.ticket(&master).state,
        State::Closed,
        "{}",
        desk.status()
    );
}

#[test]
fn a_red_ticket_says_who_had_it_when_it_fell_due() {
    let mut desk = zh();
    let no = desk.store[0].ticket.no.clone();
    let dispatch = Act::Dispatch {
        lead: departments()[0].clone(),
        assisting: vec![],
        suggestion: None,
    };
    desk.elsewhere(&no, &dispatch, &operator(Role::Dispatcher))
        .unwrap();
    go(&mut desk, Role::ShiftLead, &no);
    desk.model.now = at("2017-11-28 14:32");
    desk.keys("F5 Enter");
    let screen = desk.screen();
    let line = screen
        .lines()
        .find(|l| l.contains("为何超期"))
        .expect("a line");
    assert!(
        line.contains("到期时在分拨台") && line.contains("分拨台 26 天 96%"),
        "{line}"
    );
}

#[test]
fn what_stands_behind_the_caret_of_a_search_is_seen() {
    let mut desk = zh();
    desk.keys("n Tab Tab Tab Tab Tab").typed("zzqx");
    desk.keys("Left Left");
    let screen = desk.screen();
    assert!(screen.contains("/ zzqx"), "{screen}");
}

#[test]
fn a_paste_into_a_window_too_small_to_show_it_does_nothing() {
    let mut desk = zh();
    desk.keys("n");
    desk.tell(Msg::Resize(40, 10));
    desk.tell(Msg::Paste("0755-28339260".to_owned()));
    desk.tell(Msg::Resize(120, 40));
    assert!(!desk.screen().contains("28339260"), "{}", desk.screen());
    desk.tell(Msg::Paste("0755-28339260".to_owned()));
    assert!(desk.screen().contains("28339260"), "{}", desk.screen());
}

#[test]
fn in_the_whole_ticket_three_likenesses_leave_the_request_on_the_first_page() {
    let mut desk = Desk::new(Language::Zh, (80, 24));
    desk.keys("Enter");
    let (_, list) = desk.model.similar.as_mut().expect("something like it");
    *list = (1..=10)
        .map(|n| Similar {
            no: format!("20171109-{n:04}"),
            ..list[0].clone()
        })
        .collect();
    let screen = desk.screen();
    assert!(screen.contains("20171109-0003"), "{screen}");
    assert!(!screen.contains("20171109-0004"), "{screen}");
    assert!(screen.contains("另有 7 件，见末尾"), "{screen}");
    assert!(screen.contains("\n 诉求  "), "{screen}");
    desk.answer();
    desk.keys("End");
    let screen = desk.screen();
    assert!(screen.contains("20171109-0010"), "{screen}");
}

#[test]
fn a_reminder_that_goes_out_day_after_day_is_one_line_of_the_ledger() {
    let mut desk = Desk::empty(Language::Zh, (80, 40), Role::Dispatcher);
    desk.request(0);
    let Stored { ticket, ledger, .. } = &mut desk.store[0];
    let lights = [Light::Yellow, Light::Red, Light::Red, Light::Red];
    for (day, light) in lights.into_iter().enumerate() {
        let due = at(&format!("2017-11-2{day} 09:00"));
        ledger.push(Entry {
            seq: ledger.len() as i64 + 1,
            no: ticket.no.clone(),
            at: due,
            by: Operator::SYSTEM.to_owned(),
            event: Event::Reminded { light, due },
        });
    }
    desk.start();
    desk.keys("Enter End");
    let screen = desk.screen();
    let told: Vec<&str> = screen.lines().filter(|l| l.contains("提醒")).collect();
    let [red, yellow] = told[..] else {
        panic!("{screen}");
    };
    assert!(
        red.contains("11-21 09:00") && red.contains("红，共 3 次，末次 11-23 09:00"),
        "{red}"
    );
    assert!(
        yellow.contains("11-20 09:00") && !yellow.contains("次"),
        "{yellow}"
    );
}

#[test]
fn the_year_of_a_number_is_told_where_a_row_seen_is_of_another_year() {
    for size in [(80, 24), (120, 40)] {
        let mut desk = Desk::new(Language::Zh, size);
        let screen = desk.screen();
        assert!(screen.contains(" 1127-0033 "), "{screen}");
        let (_, row) = desk
            .model
            .queue
            .rows
            .iter_mut()
            .find(|(_, row)| row.no.ends_with("1127-0033"))
            .expect("a row");
        row.no.replace_range(..4, "2016");
        let screen = desk.screen();
        assert!(screen.contains(" 161127-0033 "), "{screen}");
        assert!(screen.contains(" 171101-0031 "), "{screen}");
        assert!(screen.contains(" 93%"), "{screen}");
    }
}

#[test]
fn what_is_like_a_ticket_is_looked_for_again_when_its_matter_has_changed() {
    let mut desk = zh();
    let no = desk.selected();
    let asks = |desk: &Desk| desk.effects.contains(&Effect::LoadSimilar(no.clone()));
    desk.effects.clear();
    desk.keys("i").typed("核对地址").keys("Ctrl-s");
    assert!(!asks(&desk), "a note changes nothing: {}", desk.status());
    desk.effects.clear();
    desk.keys("F 7 Ctrl-s");
    assert!(asks(&desk), "{}", desk.screen());
}
