//! Boards over a real store: every figure of the statistics, the board and the shift sheet lists exactly its tickets; a
//! shift is signed off by both.

use fenbo::config;
use fenbo::console::app::board::Cell;
use fenbo::console::app::statistics::{Panel, lines};
use fenbo::domain::act::Act;
use fenbo::domain::filter::{Clause, Filter};
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::operator::{Operator, Role, Roles};
use fenbo::domain::period::PeriodKind;
use fenbo::domain::queue::{Query, Sort, View};
use fenbo::domain::shift::{Part, ShiftRefusal};
use fenbo::service::handover::NotHandedOver;
use fenbo::service::performing::Order;
use fenbo::service::{Access, Centre, demo};
use std::path::Path;
use std::sync::Arc;

fn at(text: &str) -> Instant {
    Zone::shanghai().parse(text).unwrap()
}

fn now() -> Instant {
    at("2026-11-23 08:40")
}

/// A sample store; some of its tickets are claimed and passed on.
fn centre(folder: &Path) -> Centre {
    let rules = Arc::new(config::rules(None).unwrap());
    let path = folder.join("fenbo.db");
    let mut centre = Centre::create(&path, rules, "root", now(), true).unwrap();
    demo::fill(&mut centre, None, 5, now(), &mut |_, _| {}).unwrap();
    centre
}

fn query(view: View, filter: Filter) -> Query {
    Query {
        view,
        filter,
        sort: Sort::Newest,
        department: None,
        now: now(),
    }
}

#[test]
fn every_figure_of_the_statistics_lists_exactly_its_tickets() {
    let folder = tempfile::tempdir().unwrap();
    let centre = centre(folder.path());
    let mut looked = 0;
    for (kind, day) in [
        (PeriodKind::Day, "2026-11-22"),
        (PeriodKind::Day, "2026-11-23"),
        (PeriodKind::Week, "2026-11-18"),
        (PeriodKind::Month, "2026-11-23"),
        (PeriodKind::Month, "2026-10-01"),
        (PeriodKind::Quarter, "2026-11-23"),
        (PeriodKind::Year, "2026-01-01"),
    ] {
        let figures = centre.figures(kind, day.parse().unwrap(), now()).unwrap();
        for panel in Panel::ALL {
            for line in lines(&figures, panel) {
                for count in &line.counts {
                    let listed = centre
                        .total(&query(View::All, count.filter.clone()))
                        .unwrap();
                    assert_eq!(listed, count.n, "{kind:?} {panel:?} {:?}", line.name);
                    looked += usize::from(count.n > 0);
                }
            }
        }
        let trend = lines(&figures, Panel::Trend);
        let received: u64 = trend.iter().map(|line| line.counts[0].n).sum();
        let closed: u64 = trend.iter().map(|line| line.counts[1].n).sum();
        assert_eq!((received, closed), (figures.received, figures.closed));
    }
    assert!(looked > 300, "{looked}");
}

#[test]
fn every_cell_of_the_board_lists_exactly_its_tickets() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let open = query(View::Open, Filter::default().and(Clause::Hopped));
    let first = fenbo::domain::queue::From::Start;
    let hopped = centre.page(&open, first, 1).unwrap().rows[0].1.no.clone();
    let order = Order {
        no: hopped,
        version: None,
        act: Act::Supervise {
            text: "一再转手，请督查室督办".to_owned(),
        },
    };
    centre.perform(&order, now()).unwrap();
    let board = centre.board(now()).unwrap();
    let mut rows: Vec<_> = board.rows.iter().map(|row| (row.clone(), true)).collect();
    rows.push((board.total(), false));
    for (row, narrowed) in rows {
        for cell in Cell::ALL.into_iter().filter(|cell| *cell != Cell::Whole) {
            let (view, mut filter) = cell.list();
            if narrowed {
                filter = filter.and(match &row.department {
                    Some(code) => Clause::Lead(vec![code.clone()]),
                    None => Clause::NoLead,
                });
            }
            let listed = centre.total(&query(view, filter)).unwrap();
            assert_eq!(listed, cell.of(&row), "{cell:?} {row:?}");
        }
    }
    let sum = board.total();
    for cell in [
        Cell::Unsigned,
        Cell::Hopped,
        Cell::Disputed,
        Cell::Supervised,
    ] {
        assert!(cell.of(&sum) > 0, "the sample has some: {cell:?}");
    }
    assert!(sum.oldest_unsigned.is_some() && sum.most_dispatches > 1);
}

#[test]
fn every_part_of_the_shift_sheet_lists_exactly_its_tickets() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let desk = centre
        .page(
            &query(View::Desk, Filter::default()),
            fenbo::domain::queue::From::Start,
            1,
        )
        .unwrap();
    let order = Order {
        no: desk.rows[0].1.no.clone(),
        version: None,
        act: Act::Claim,
    };
    centre.perform(&order, now()).unwrap();
    let since = Some(at("2026-11-20 18:00"));
    let sheet = centre.shift_sheet(since, 500, now()).unwrap();
    assert_eq!(sheet.opens, Some(at("2026-11-23 09:00")), "a Monday");
    for part in Part::ALL {
        let (view, filter) = sheet.list(part);
        let listed = centre.total(&query(view, filter)).unwrap();
        assert_eq!(listed, sheet.part(part).total, "{part:?}");
    }
    let counts = centre.counts(now()).unwrap();
    let waiting = sheet.part(Part::Pressing).total + sheet.part(Part::CanWait).total;
    assert_eq!(
        Some(waiting),
        counts.views[0],
        "nothing at the desk is left out"
    );
    assert_eq!(sheet.part(Part::Claims).rows[0].no, order.no);
    assert!(sheet.part(Part::Received).total > 0);
    let opens = sheet.opens.unwrap();
    for row in &sheet.part(Part::CanWait).rows {
        assert!(row.marks.due_at.is_some_and(|due| due >= opens), "{row:?}");
    }
}

#[test]
fn a_shift_is_signed_by_the_one_who_leaves_and_confirmed_by_the_one_who_comes() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = centre(folder.path());
    for (code, name) in [("li", "李四"), ("wang", "王五")] {
        let operator = Operator {
            code: code.to_owned(),
            name: name.to_owned(),
            roles: Roles::default().with(Role::Dispatcher),
            department: None,
            active: true,
        };
        first.put_operator(&operator, now()).unwrap();
    }
    let other = |code| {
        let (path, rules) = (first.path().to_owned(), first.shared_rules());
        Centre::open(&path, Access::ReadWrite, rules, "root", Some(code)).unwrap()
    };
    let (mut li, mut wang) = (other("li"), other("wang"));
    let refused = |why: NotHandedOver| match why {
        NotHandedOver::Refused(refusal) => refusal,
        NotHandedOver::Failed(failure) => panic!("{failure}"),
    };
    let nothing = li.take_over(None, now()).map_err(refused);
    assert_eq!(nothing, Err(ShiftRefusal::NothingWaits));
    let since = now().plus(-43_200);
    let nobody = first.hand_over("zhao", "", since, now()).map_err(refused);
    let asked = "zhao".to_owned();
    assert_eq!(nobody, Err(ShiftRefusal::NoTaker { asked }));
    let signed = first.hand_over("li", "多看红灯", since, now()).unwrap();
    assert!(signed.confirmed_at.is_none());

    let theirs = wang.take_over(Some(signed.at), now()).map_err(refused);
    let to = "li".to_owned();
    assert_eq!(theirs, Err(ShiftRefusal::ForAnother { to }));
    let later = now().plus(300);
    let stale = li
        .take_over(Some(signed.at.plus(-1)), later)
        .map_err(refused);
    assert_eq!(stale, Err(ShiftRefusal::Superseded));
    let confirmed = li.take_over(Some(signed.at), later).unwrap();
    assert_eq!(confirmed.confirmed_at, Some(later));
    let again = li.take_over(None, later).map_err(refused);
    assert_eq!(again, Err(ShiftRefusal::NothingWaits));
    // The other desk's sheet begins at the signature and names both.
    let sheet = wang.shift_sheet(None, 500, later).unwrap();
    assert_eq!((sheet.since, sheet.last), (signed.at, Some(confirmed)));
    let report = first.verify(|_, _| {}).unwrap();
    assert!(report.ok, "{:?}", report.problems);
}

#[test]
fn whoever_takes_the_shift_over_reads_the_whole_shift_and_only_its_holder_signs_it_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut lead = centre(folder.path());
    for code in ["li", "wang"] {
        let operator = Operator {
            code: code.to_owned(),
            name: code.to_owned(),
            roles: Roles::default().with(Role::Dispatcher),
            department: None,
            active: true,
        };
        lead.put_operator(&operator, now()).unwrap();
    }
    let other = |code| {
        let (path, rules) = (lead.path().to_owned(), lead.shared_rules());
        Centre::open(&path, Access::ReadWrite, rules, "root", Some(code)).unwrap()
    };
    let (mut li, mut wang) = (other("li"), other("wang"));
    let refused = |why: NotHandedOver| match why {
        NotHandedOver::Refused(refusal) => refusal,
        NotHandedOver::Failed(failure) => panic!("{failure}"),
    };
    let hour = |n: i64| now().plus(n * 3600);
    let span = |centre: &Centre, at| {
        let sheet = centre.shift_sheet(None, 500, at).unwrap();
        (sheet.since, sheet.until)
    };

    // Nobody has the shift: anybody signs. Until it is confirmed the sheet is that of the whole shift.
    let since = span(&wang, hour(0)).0;
    wang.hand_over("li", "", since, hour(0)).unwrap();
    assert_eq!(span(&li, hour(1)), (since, hour(0)), "up to the signature");
    assert_eq!(span(&wang, hour(1)), (since, hour(1)));
    li.take_over(Some(hour(0)), hour(1)).unwrap();
    assert_eq!(span(&li, hour(9)), (hour(0), hour(9)));

    // Li has it now: another cannot sign it away, nor move the beginning of anybody's sheet.
    let not = wang.hand_over("li", "", hour(0), hour(2)).map_err(refused);
    let holder = "li".to_owned();
    assert_eq!(not, Err(ShiftRefusal::NotTheHolder { holder }));
    li.hand_over("wang", "", hour(0), hour(8)).unwrap();
    li.hand_over("wang", "again", hour(0), hour(9)).unwrap();
    assert_eq!(span(&wang, hour(10)), (hour(0), hour(9)));
    assert_eq!(span(&lead, hour(10)), (hour(0), hour(10)));
    wang.take_over(None, hour(10)).unwrap();
    assert_eq!(span(&wang, hour(11)), (hour(9), hour(11)));

    // A shift lead signs in the holder's place, and it says so.
    let signed = lead.hand_over("li", "", hour(9), hour(12)).unwrap();
    assert_eq!(signed.instead_of.as_deref(), Some("wang"));
    assert_eq!(span(&li, hour(13)), (hour(9), hour(12)));
    assert!(lead.verify(|_, _| {}).unwrap().ok);
}

#[test]
fn the_offices_open_on_the_next_working_day() {
    use fenbo::domain::shift::next_opening;
    let rules = config::rules(None).unwrap();
    let hours = rules.editions.at(now()).office_hours.clone();
    let zone = Zone::shanghai();
    let opens = |text: &str| {
        next_opening(at(text), zone, &rules.calendar, &hours).map(|opens| zone.minute(opens))
    };
    for (moment, expected) in [
        ("2017-09-29 22:00", "2017-09-30 09:00"), // a make-up Saturday
        ("2017-09-30 22:00", "2017-10-09 09:00"), // past Golden Week
        ("2017-11-27 03:00", "2017-11-27 09:00"),
        ("2017-11-27 09:00", "2017-11-28 09:00"),
    ] {
        assert_eq!(opens(moment).unwrap(), expected, "{moment}");
    }
    // A year whose notice is not known is never guessed.
    assert!(opens("2037-06-01 22:00").is_err());
}
