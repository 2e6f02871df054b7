//! Screens with their looks: each is drawn in both languages at two sizes and compared with the one kept.

use super::console::desk::{Desk, departments, dump, operator};
use fenbo::console::app::{Language, ThemeId};
use fenbo::console::term::{Colour, Presenter, PresenterOptions};
use fenbo::domain::act::Act;
use fenbo::domain::operator::Role;
use fenbo::domain::shift::Signed;

const SIZES: [(u16, u16); 2] = [(120, 40), (80, 24)];

fn check(name: &str, make: impl Fn(Language, (u16, u16)) -> Desk) {
    for (language, code) in [(Language::Zh, "zh"), (Language::En, "en")] {
        for size in SIZES {
            let desk = make(language, size);
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path("../snapshots");
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| {
                insta::assert_snapshot!(
                    format!("{name}-{code}-{}x{}", size.0, size.1),
                    dump(&desk)
                );
            });
        }
    }
}

fn after(keys: &'static str) -> impl Fn(Language, (u16, u16)) -> Desk {
    move |language, size| {
        let mut desk = Desk::new(language, size);
        desk.keys(keys);
        desk
    }
}

#[test]
fn queue() {
    check("queue", |language, size| {
        let mut desk = Desk::new(language, size);
        let nos: Vec<String> = desk.store.iter().map(|s| s.ticket.no.clone()).collect();
        let by = operator(Role::Dispatcher);
        desk.elsewhere(&nos[4], &Act::Claim, &by).unwrap();
        desk.elsewhere(
            &nos[5],
            &Act::Urge {
                text: String::new(),
            },
            &by,
        )
        .unwrap();
        desk.elsewhere(&nos[6], &Act::SetConfidential { confidential: true }, &by)
            .unwrap();
        desk.keys("F5 j Space");
        desk
    });
}

#[test]
fn detail() {
    check("detail", |language, size| {
        let mut desk = Desk::new(language, size);
        desk.keys("a 1 2 g Enter");
        desk
    });
}

#[test]
fn picker() {
    check("picker", after("a Down"));
}

#[test]
fn picker_typed() {
    check("picker-typed", |language, size| {
        let mut desk = Desk::new(language, size);
        desk.keys("a").typed(&departments()[1]);
        desk
    });
}

#[test]
fn batch_summary() {
    check("summary", |language, size| {
        let mut desk = Desk::new(language, size);
        let no = desk.model.queue.rows[1].1.no.clone();
        let li = fenbo::domain::operator::Operator {
            code: "li".to_owned(),
            ..operator(Role::Dispatcher)
        };
        desk.elsewhere(&no, &Act::Claim, &li).unwrap();
        desk.keys("F5 * a 1");
        desk
    });
}

#[test]
fn help() {
    check("help", after("?"));
}

#[test]
fn palette() {
    check("palette", after(": d u Down"));
}

#[test]
fn form() {
    check("form", |language, size| {
        let mut desk = Desk::new(language, size);
        desk.keys("F Tab Tab");
        desk
    });
}

#[test]
fn form_with_words() {
    check("form-words", |language, size| {
        let mut desk = Desk::new(language, size);
        desk.keys("i").typed("路灯ab");
        desk
    });
}

#[test]
fn filter() {
    check("filter", |language, size| {
        let mut desk = Desk::new(language, size);
        desk.keys("/").typed("路灯");
        desk
    });
}

#[test]
fn refused() {
    check("refused", after("s"));
}

#[test]
fn empty_store() {
    check("empty", |language, size| {
        let mut desk = Desk::empty(language, size, Role::Dispatcher);
        desk.start();
        desk
    });
}

#[test]
fn statistics_and_shift() {
    // Dispatched, and one of them closed again: the figures have something to say.
    check("statistics", after("a 1 8 Tab j Right"));
    check("statistics-on-time", after("a 1 a 1 8 BackTab"));
    check("shift", |language, size| {
        let mut desk = Desk::new(language, size);
        let since = desk.model.now.plus(-6 * 86_400);
        desk.signed = Some(Signed {
            at: since,
            from: "li".to_owned(),
            to: "zhang".to_owned(),
            since: since.plus(-86_400),
            note: "龙田打桩的工单明早再催".to_owned(),
            instead_of: None,
            confirmed_at: Some(since.plus(300)),
        });
        desk.keys("a 1 c i")
            .typed("已电话通知")
            .keys("Ctrl-s 9 Tab j");
        desk
    });
}

#[test]
fn too_small() {
    let mut desk = Desk::new(Language::Zh, (59, 16));
    assert!(desk.screen().contains("60x16") && desk.screen().contains("window too small"));
    desk.tell(fenbo::console::app::Msg::Resize(60, 16));
    assert!(desk.screen().contains("待分拨"));
}

#[test]
fn without_colour_the_lights_and_the_selection_still_differ() {
    let mut desk = Desk::new(Language::Zh, (120, 40));
    desk.model.theme = ThemeId::Mono;
    let dump = dump(&desk);
    for word in ["红!!", "黄!", "绿."] {
        assert!(dump.contains(word), "{word}");
    }
    assert!(dump.contains("reversed"), "the selected row is reversed");
    assert!(!dump.contains("on "), "no ground is coloured");
}

#[test]
fn a_title_with_doubtful_characters_keeps_the_columns_behind_it() {
    let mut desk = Desk::empty(Language::Zh, (120, 40), Role::Dispatcher);
    desk.request(0);
    desk.request(0);
    desk.store[0].texts.title = "\u{1b}[31m“河”—…\u{202e}\t①泥头e\u{301}\u{200b}".to_owned();
    desk.start();
    let screen = desk.screen();
    assert!(!screen.contains('\u{1b}') && !screen.contains('\u{202e}'));
    let (buffer, _) = desk.draw();
    let lead = |y: u16| (0..120).rev().find(|x| buffer[(*x, y)].symbol() == "%");
    assert_eq!(lead(3), lead(4), "the last column stands where it stood");
}

/// Bytes of the whole screen, of a step at once, and of what follows when the store has answered.
fn bytes(size: (u16, u16), before: &str, step: &str) -> (usize, usize, usize) {
    let mut desk = Desk::new(Language::Zh, size);
    desk.keys(before);
    let options = PresenterOptions {
        colour: Colour::Rgb,
        ..PresenterOptions::default()
    };
    let mut presenter = Presenter::new(size.0, size.1, options);
    let mut sent = |desk: &Desk| {
        let (buffer, cursor) = desk.draw();
        presenter.present(&buffer, cursor).len()
    };
    let whole = sent(&desk);
    desk.slow = true;
    desk.keys(step);
    let at_once = sent(&desk);
    desk.answer();
    (whole, at_once, sent(&desk))
}

#[test]
fn a_step_of_the_selection_sends_few_bytes() {
    // All tickets differ, so the pane below changes with every step; it follows when the ticket has come.
    for before in ["", "j", "j j j"] {
        for size in [(120, 30), (160, 48)] {
            let (whole, at_once, later) = bytes(size, before, "j");
            assert!(whole <= 5_500, "{size:?}: {whole}");
            assert!(at_once <= 320, "{size:?}: {at_once}");
            assert!(later <= 700, "{size:?}: {later}");
        }
    }
}

#[test]
fn board() {
    check("board", after("a 1 j a 2 j a 1 6 j Right"));
}

#[test]
fn the_board_freezes_opens_its_cells_and_leads_to_the_supervised_tickets() {
    use fenbo::console::app::{Effect, Notice};
    use fenbo::domain::filter::{Clause, Filter};
    use fenbo::domain::queue::View;
    use fenbo::domain::ticket::State;
    let mut desk = Desk::new(Language::En, (80, 24));
    desk.keys("a 1 6");
    assert!(desk.model.is_board() && desk.effects.contains(&Effect::LoadBoard));
    let rows = desk.model.board.board.clone().unwrap().rows;
    let led = rows.iter().position(|r| r.department.is_some()).unwrap();
    let code = rows[led].department.clone().unwrap();
    desk.keys("g");
    for _ in 0..led {
        desk.keys("j");
    }
    // A ticket's key does nothing here: none is on the screen.
    let before = desk.performed().len();
    desk.keys("s");
    assert_eq!(desk.performed().len(), before);
    desk.keys("z");
    assert!(desk.screen().contains("[frozen]"));
    // A figure of 0 says so and stays.
    desk.keys("z Right Enter");
    assert!(desk.model.is_board() && desk.model.notice == Some(Notice::NothingBehind));
    desk.keys("Right Right Right Right Enter");
    assert_eq!(desk.model.queue.view, View::Open);
    let origin = desk.model.queue.origin.clone().unwrap();
    assert_eq!(
        origin.filter,
        Filter::default()
            .and(Clause::States(vec![State::Dispatched]))
            .and(Clause::Lead(vec![code]))
    );
    assert_eq!(desk.model.queue.rows.len() as u64, rows[led].unsigned);
    desk.keys("Esc");
    assert!(desk.model.is_board());
    assert_eq!(desk.model.board.at, led);
    // The same key again lists the supervised tickets and the proposals.
    desk.keys("6");
    assert!(desk.model.is_list() && desk.model.queue.view == View::Supervision);
    desk.keys("6");
    assert!(desk.model.is_board());
    // The sum stands after the last row; its cells are everybody's.
    desk.keys("G Enter");
    let origin = desk.model.queue.origin.clone().unwrap();
    assert_eq!(origin.filter.terms.len(), 1);
    // A list of one's own is left as it was; the figure's is not kept.
    desk.keys("2");
    assert!(desk.model.queue.origin.is_none() && desk.model.queue.view == View::Open);
}
