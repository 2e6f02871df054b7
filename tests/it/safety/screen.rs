//! Whatever stands in a ticket: the cells of every screen only print, and so does the title.

use super::text::{Driven, driving, hostile};
use crate::console::desk::Desk;
use crate::faults::ground::{Dice, times};
use fenbo::console::app::Language;
use fenbo::console::term::outside;
use fenbo::console::view;
use fenbo::domain::operator::Role;
use fenbo::domain::shown::{clean, clean_line};

/// `[QUALITY: 100,000 random inputs a run]`
#[test]
fn whatever_is_cleaned_only_prints() {
    let mut dice = Dice(11);
    let (inputs, mut harmful) = (times(100_000, 1_000_000), 0);
    for _ in 0..inputs {
        let text = hostile(&mut dice);
        harmful += usize::from(Driven::by(text.as_bytes()).first.is_some());
        let (lines, line) = (clean(&text), clean_line(&text));
        for shown in [&lines, &line] {
            let driven = Driven::by(shown.as_bytes());
            assert_eq!(driven.first, None, "{text:?} became {shown:?}");
            assert_eq!(
                driving(&shown.replace('\n', "")),
                None,
                "{text:?} became {shown:?}"
            );
        }
        assert!(!line.contains('\n'));
    }
    println!("{inputs} inputs, {harmful} of them drive a terminal as they are, none when cleaned");
    assert!(harmful * 4 > inputs);
}

/// Screens that show a ticket's words, by the keys that lead there.
const SCREENS: [&[&str]; 16] = [
    &[],
    &["Enter"],
    &["a"],
    &["a", "1"],
    &["!"],
    &["/", "路"],
    &["?"],
    &["6"],
    &["7"],
    &["8"],
    &["8", "Tab"],
    &["8", "Tab", "Tab"],
    &["9"],
    &["Enter", "End"],
    &["i"],
    &["n"],
];

#[test]
fn whatever_stands_in_a_ticket_every_screen_only_prints() {
    let mut dice = Dice(12);
    for round in 0..times(12, 400) {
        let language = if round % 2 == 0 {
            Language::Zh
        } else {
            Language::En
        };
        let mut desk = Desk::empty(language, (120, 40), Role::Dispatcher);
        for n in 0..8 {
            desk.request(n);
        }
        for stored in &mut desk.store {
            for text in [
                &mut stored.texts.title,
                &mut stored.texts.content,
                &mut stored.texts.address,
                &mut stored.texts.requester.name,
                &mut stored.texts.requester.phone,
            ] {
                *text = hostile(&mut dice);
            }
            stored.texts.raw = vec![(hostile(&mut dice), hostile(&mut dice))];
            stored.ticket.source = hostile(&mut dice);
            stored.ticket.street = Some(hostile(&mut dice));
            stored.ticket.community = Some(hostile(&mut dice));
            stored.ticket.category = vec![hostile(&mut dice), hostile(&mut dice)];
        }
        desk.start();
        for keys in SCREENS {
            for key in keys {
                desk.keys(key);
            }
            let (buffer, _) = desk.draw();
            for cell in &buffer.content {
                assert_eq!(
                    driving(cell.symbol()),
                    None,
                    "{keys:?}: {:?}",
                    cell.symbol()
                );
            }
            let (title, card) = (view::title(&desk.model), view::card(&desk.model));
            assert_eq!(driving(&title), None, "{title:?}");
            assert_eq!(driving(&card.replace('\n', "")), None, "{card:?}");
            desk.keys("Esc");
            desk.keys("Esc");
        }
    }
}

#[test]
fn a_title_ends_where_it_should_whatever_is_in_it() {
    let mut dice = Dice(13);
    for _ in 0..times(2_000, 100_000) {
        let bytes = outside::title(&hostile(&mut dice));
        let text = String::from_utf8(bytes).unwrap();
        let payload = text
            .strip_prefix("\u{1b}]0;")
            .or_else(|| text.strip_prefix("\u{1b}]2;"))
            .unwrap();
        let payload = payload
            .strip_suffix("\u{1b}\\")
            .or_else(|| payload.strip_suffix('\u{7}'))
            .unwrap();
        assert!(!payload.contains(char::is_control), "{text:?}");
    }
}
