//! Pages, totals, positions, counts and search against naive computations over everything, on random histories.

use super::{NOW, fresh};
use fenbo::domain::act::{Rating, RulingOrder};
use fenbo::domain::application::{Application, ApplicationKind};
use fenbo::domain::clock::{DayUnit, Limit};
use fenbo::domain::event::{Event, FiledFacts, Registered, Reply};
use fenbo::domain::filter::{Clause, Filter, Term};
use fenbo::domain::instant::Instant;
use fenbo::domain::light::Light;
use fenbo::domain::privacy::{Requester, Texts};
use fenbo::domain::queue::{From, Query, Sort, View};
use fenbo::domain::ticket::{LimitClass, Marks, Nature, State, Ticket, Urgency};
use fenbo::store::{Failure, Fresh, Store};
use proptest::prelude::*;

/// A ticket as the test remembers it.
struct Known {
    id: i64,
    ticket: Ticket,
    marks: Marks,
    texts: Texts,
}

type Step = (u8, u8, u16, u16);

const LEADS: [&str; 3] = ["cgj", "jtj", "hbj"];

fn marks(a: u16, b: u16) -> Marks {
    let instant =
        |x: u16| (!x.is_multiple_of(7)).then(|| NOW.plus(i64::from(x % 400) * 700 - 140_000));
    Marks {
        warn_at: instant(a),
        due_at: instant(b),
        stage_due_at: instant(a ^ b),
    }
}

fn words(mut a: u32) -> String {
    const PARTS: [&str; 8] = ["路", "灯", "不", "亮", "LED", "a", " ", "9"];
    let mut text = String::new();
    while a > 0 {
        text.push_str(PARTS[(a % 8) as usize]);
        a /= 8;
    }
    text
}

fn event(ticket: &Ticket, kind: u8, a: u16, b: u16) -> Event {
    let lead = LEADS[usize::from(a) % 3].to_owned();
    let assisting = if b.is_multiple_of(2) {
        vec![LEADS[usize::from(b / 2) % 3].to_owned()]
    } else {
        vec![]
    };
    let limit = Limit {
        amount: 5,
        unit: DayUnit::WorkingDay,
    };
    let number = ticket.applications.len() as u32;
    match kind % 20 {
        0 => Event::Filed(FiledFacts {
            nature: Nature::ALL[usize::from(a) % 7],
            limit_class: LimitClass::ALL[usize::from(b) % 3],
            limit,
            category: vec!["城管".into(), format!("类{}", a % 3)],
            street: Some("坑梓".into()),
            community: (b.is_multiple_of(2)).then(|| "金沙".into()),
        }),
        1 | 2 => Event::Dispatched {
            lead,
            assisting,
            suggestion: None,
        },
        3 => Event::Signed {
            automatic: false,
            due: None,
            since: None,
        },
        4 => Event::Replied(Reply {
            contacted: true,
            solved: true,
            note: String::new(),
            answer: String::new(),
            on_time: Some(a.is_multiple_of(2)),
        }),
        5 => Event::Passed { callback: true },
        6 => Event::Closed {
            rating: Rating::Unrated,
        },
        7 => Event::Applied(Application {
            number: number + 1,
            kind: ApplicationKind::ALL[usize::from(a) % 6],
            ground: None,
            text: "x".into(),
            suggested: None,
            units: Some(2),
            until: Some(NOW),
            asked_at: NOW,
            asked_by: "li".into(),
            department: None,
            seconded_by: None,
            decision: None,
        }),
        8 => Event::Granted {
            number,
            reason: "ok".into(),
        },
        9 => Event::Declined {
            number,
            reason: "no".into(),
        },
        10 => Event::Coordinated { text: "?".into() },
        11 => Event::Ruled(RulingOrder {
            lead,
            assisting,
            fallback: None,
            text: "x".into(),
            measures: String::new(),
            held_on: None,
        }),
        12 => Event::UrgencySet {
            urgency: Urgency::ALL[usize::from(a) % 3],
        },
        13 => Event::Escalated {
            level: 1,
            paper: "1".into(),
            text: String::new(),
            due: None,
        },
        14 => Event::SupervisionProposed {
            ground: "overdue".into(),
            due: NOW,
        },
        15 => Event::Claimed,
        16 => Event::Recalled,
        17 => Event::Absorbed { no: "x".into() },
        18 => Event::Archived,
        _ => Event::Reopened {
            text: String::new(),
            limit,
        },
    }
}

/// Plays the steps into the store, some in each transaction.
fn play(store: &Store, steps: &[Step]) -> Vec<Known> {
    let mut known: Vec<Known> = Vec::new();
    for chunk in steps.chunks(9) {
        let next = store.write(|tx| -> Result<(), Failure> {
            for (which, kind, a, b) in chunk.iter().copied() {
                let marks = marks(a, b);
                if known.is_empty() || kind >= 170 {
                    let no = tx.next_number("2017-11-26".parse().unwrap())?;
                    let created_at = NOW.plus(-i64::from(a % 50) * 3_000);
                    let event = Event::Registered(Registered {
                        created_at,
                        edition: "e".into(),
                        source: ["12345", "@坪山"][usize::from(a % 2)].into(),
                        channel: "电话".into(),
                        external_no: (b.is_multiple_of(3)).then(|| format!("W{a}")),
                        nature: None,
                        limit_class: None,
                        limit: None,
                        urgency: Urgency::Normal,
                        confidential: false,
                        category: vec![],
                        street: None,
                        community: None,
                    });
                    let texts = Texts {
                        title: words(u32::from(a)),
                        content: words(u32::from(a) << 16 | u32::from(b)),
                        address: words(u32::from(b)),
                        requester: Requester {
                            phone: if b.is_multiple_of(2) {
                                format!("1380000{a:04}")
                            } else {
                                String::new()
                            },
                            ..Requester::default()
                        },
                        raw: vec![],
                    };
                    let ticket = Ticket::begin(&no, &event, NOW).unwrap();
                    let (made, said) = (ticket.clone(), texts.clone());
                    let id = tx.put(Fresh::of(&[event], &made, &said, marks, NOW, "zhang")?)?;
                    known.push(Known {
                        id,
                        ticket,
                        marks,
                        texts,
                    });
                } else {
                    let at = usize::from(which) % known.len();
                    let one = &mut known[at];
                    let event = event(&one.ticket, kind, a, b);
                    one.ticket.apply(&event, NOW, "zhang");
                    one.marks = marks;
                    tx.append(&one.ticket, marks, &event, NOW, "zhang")?;
                }
            }
            Ok(())
        });
        next.unwrap();
    }
    known
}

fn in_view(one: &Known, view: View, now: Instant) -> bool {
    let ticket = &one.ticket;
    match view {
        View::Desk => matches!(ticket.state, State::Registered | State::Filed),
        View::Open => ticket.state.is_open(),
        View::RedYellow => {
            matches!(ticket.light(one.marks, now), Light::Red | Light::Yellow)
        }
        View::Decisions => ticket.pending().count() > 0 || ticket.state == State::Coordinating,
        View::Review => matches!(ticket.state, State::Replied | State::Callback),
        View::Supervision => {
            ticket.state.is_open() && (ticket.supervision_level > 0 || ticket.supervision_proposed)
        }
        View::All => true,
        View::Statistics | View::Shift => false,
    }
}

/// Substring search, without the index: Han anywhere, a word from its beginning, endings of numbers.
fn naive_text(one: &Known, typed: &str) -> bool {
    let needle: Vec<char> = typed.trim().to_lowercase().chars().collect();
    let contains = |hay: &str| {
        let hay: Vec<char> = hay.to_lowercase().chars().collect();
        needle.is_empty()
            || hay.windows(needle.len()).enumerate().any(|(at, part)| {
                part == needle
                    && (!needle[0].is_ascii_alphanumeric()
                        || at == 0
                        || !hay[at - 1].is_ascii_alphanumeric())
            })
    };
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let ending = digits.len() >= 3 && typed.trim().chars().all(|c| c.is_ascii_digit() || c == '-');
    contains(&one.texts.title)
        || contains(&one.texts.content)
        || contains(&one.texts.address)
        || contains(&one.ticket.no)
        || one.ticket.external_no.as_deref().is_some_and(contains)
        || ending && one.ticket.no.replace('-', "").ends_with(&digits)
        || ending && digits.len() >= 4 && one.texts.requester.phone.ends_with(&digits)
}

fn naive_clause(one: &Known, clause: &Clause, now: Instant) -> bool {
    let ticket = &one.ticket;
    match clause {
        Clause::Text(typed) => naive_text(one, typed),
        Clause::States(states) => states.contains(&ticket.state),
        Clause::Light(light) => ticket.light(one.marks, now) == *light,
        Clause::Lead(codes) => ticket
            .lead
            .as_ref()
            .is_some_and(|lead| codes.contains(lead)),
        Clause::Class(class) => ticket.limit_class == Some(*class),
        Clause::Nature(nature) => ticket.nature == Some(*nature),
        Clause::Urgency(urgency) => ticket.urgency == *urgency,
        Clause::Source(source) => ticket.source == *source,
        Clause::Street(street) => ticket.street.as_ref() == Some(street),
        Clause::Community(community) => ticket.community.as_ref() == Some(community),
        Clause::Category(part) => ticket.category.iter().any(|c| c.contains(part.as_str())),
        Clause::Number(ending) => ticket
            .no
            .replace('-', "")
            .ends_with(&ending.replace('-', "")),
        Clause::Created(from, to) => {
            from.is_none_or(|from| ticket.created_at >= from)
                && to.is_none_or(|to| ticket.created_at < to)
        }
        Clause::LeftBelow(seconds) => {
            let running = ticket.state.clock_runs() && ticket.state != State::Suspended;
            running
                && one
                    .marks
                    .due_at
                    .is_some_and(|due| due.since(now) < *seconds)
        }
        Clause::Claimed(by) => ticket.claim.as_ref().is_some_and(|claim| claim.by == *by),
        Clause::Returned => ticket.returns > 0,
        Clause::HasMerged => !ticket.merged.is_empty(),
        Clause::IsClaimed => ticket.claim.is_some(),
        Clause::NoLead => ticket.lead.is_none(),
        Clause::NoCategory => ticket.category.is_empty(),
        Clause::Channel(channel) => ticket.channel == *channel,
        Clause::Path { path, below } => {
            ticket.category == *path || *below && ticket.category.starts_with(path)
        }
        Clause::Open(open) => ticket.state.is_open() == *open,
        Clause::DueReply(judged) => {
            let light = ticket.light(one.marks, now);
            let told = if light == Light::Red {
                Some(false)
            } else {
                ticket.on_time
            };
            !ticket.exempt && told.is_some() && judged.is_none_or(|judged| told == Some(judged))
        }
        Clause::Yellows(after, until) => {
            let turns = one.marks.warn_at.into_iter().chain(one.marks.due_at).min();
            is_running(one) && turns.is_some_and(|at| at > *after && at <= *until)
        }
        Clause::Reddens(after, until) => {
            is_running(one)
                && one
                    .marks
                    .due_at
                    .is_some_and(|at| at > *after && at <= *until)
        }
        Clause::Disputed => {
            ticket.state == State::Coordinating
                || ticket.pending_of(ApplicationKind::Return).is_some()
        }
        Clause::Hopped => ticket.dispatches > 1,
        Clause::Supervised(true) => ticket.state.is_open() && ticket.supervision_level > 0,
        Clause::Supervised(false) => {
            ticket.state.is_open() && ticket.supervision_level == 0 && ticket.supervision_proposed
        }
        Clause::CanWait(until) => {
            ticket.urgency == Urgency::Normal && one.marks.due_at.is_some_and(|due| due >= *until)
        }
        Clause::FalseClosure => ticket.false_closure_of.is_some(),
    }
}

fn is_running(one: &Known) -> bool {
    one.ticket.state.clock_runs() && one.ticket.state != State::Suspended
}

/// The ids of a question's rows in order.
fn naive(known: &[Known], query: &Query) -> Vec<i64> {
    let mut rows: Vec<&Known> = known
        .iter()
        .filter(|one| in_view(one, query.view, query.now))
        .filter(|one| {
            query.department.as_ref().is_none_or(|own| {
                one.ticket.lead.as_ref() == Some(own) || one.ticket.assisting.contains(own)
            })
        })
        .filter(|one| {
            query
                .filter
                .terms
                .iter()
                .all(|term| naive_clause(one, &term.clause, query.now) != term.not)
        })
        .collect();
    let last = Instant(i64::MAX);
    rows.sort_by_key(|one| {
        let due = one.marks.due_at.unwrap_or(last);
        let id = one.id;
        match query.sort {
            Sort::Due => (0, due.0, id),
            Sort::Newest => (0, -one.ticket.created_at.0, -id),
            Sort::Oldest => (0, one.ticket.created_at.0, id),
            Sort::Urgency => (-(one.ticket.urgency as i64), due.0, id),
            Sort::Stage => (0, one.marks.stage_due_at.unwrap_or(last).0, id),
        }
    });
    rows.iter().map(|one| one.id).collect()
}

/// Every row of a question, read page by page from one end to the other.
fn paged(store: &Store, query: &Query, n: usize, backward: bool) -> Vec<i64> {
    let mut all = Vec::new();
    let mut from = if backward { From::End } else { From::Start };
    loop {
        let page = store.page(query, from, n).unwrap();
        let ids: Vec<i64> = page.rows.iter().map(|(_, row)| row.id).collect();
        let (more, behind, edge) = if backward {
            (page.before, page.after, page.rows.first())
        } else {
            (page.after, page.before, page.rows.last())
        };
        assert_eq!(behind, !all.is_empty(), "the flag of the side read already");
        if backward {
            all.splice(0..0, ids);
        } else {
            all.extend(ids);
        }
        match edge {
            Some((anchor, _)) if more => {
                from = if backward {
                    From::Before(*anchor)
                } else {
                    From::After(*anchor)
                };
            }
            _ => return all,
        }
    }
}

fn filters() -> Vec<Filter> {
    let mut clauses = vec![
        Clause::States(vec![State::Filed, State::Handling]),
        Clause::Path {
            path: vec!["城管".into(), "类1".into()],
            below: false,
        },
        Clause::Path {
            path: vec!["城管".into()],
            below: true,
        },
        Clause::Path {
            path: vec!["城管".into()],
            below: false,
        },
        Clause::IsClaimed,
        Clause::NoLead,
        Clause::NoCategory,
        Clause::Channel("电话".into()),
        Clause::Open(false),
        Clause::DueReply(None),
        Clause::DueReply(Some(true)),
        Clause::DueReply(Some(false)),
        Clause::Yellows(NOW.plus(-90_000), NOW),
        Clause::Reddens(NOW.plus(-90_000), NOW),
        Clause::Disputed,
        Clause::Hopped,
        Clause::Supervised(true),
        Clause::Supervised(false),
        Clause::CanWait(NOW.plus(40_000)),
        Clause::Lead(vec!["cgj".into(), "jtj".into()]),
        Clause::Class(LimitClass::Urban),
        Clause::Nature(Nature::Report),
        Clause::Urgency(Urgency::Urgent),
        Clause::Source("12345".into()),
        Clause::Street("坑梓".into()),
        Clause::Community("金沙".into()),
        Clause::Category("类1".into()),
        Clause::Number("0003".into()),
        Clause::Number("6-0003".into()),
        Clause::Created(Some(NOW.plus(-60_000)), Some(NOW.plus(-9_000))),
        Clause::LeftBelow(3_600),
        Clause::Claimed("zhang".into()),
        Clause::Returned,
        Clause::HasMerged,
        Clause::FalseClosure,
    ];
    clauses.extend(Light::ALL.map(Clause::Light));
    clauses.extend(
        [
            "路",
            "路灯",
            "灯不",
            "路灯不",
            "灯亮不亮",
            "led",
            "LE",
            "ED",
            "a 9",
            "9",
            "灯a",
            "-",
            "20171126-0002",
            "0002",
            "W",
            "000",
            "0000",
            "\"",
            "路*",
            "NOT 灯",
            "zz",
        ]
        .map(|typed| Clause::Text(typed.into())),
    );
    let mut filters = vec![Filter::default()];
    for clause in clauses {
        filters.push(Filter::default().and(clause.clone()));
        filters.push(Filter {
            terms: vec![Term { not: true, clause }],
        });
    }
    filters.push(
        Filter::default()
            .and(Clause::Text("路".into()))
            .and(Clause::Text("灯".into()))
            .and(Clause::Light(Light::Green)),
    );
    filters
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_list_equals_a_naive_one(
        steps in prop::collection::vec(any::<Step>(), 1..90),
        n in 1_usize..7,
    ) {
        let (_folder, _, store) = fresh();
        let known = play(&store, &steps);
        for (turn, view) in View::ALL.iter().copied().enumerate() {
            for (at, filter) in filters().into_iter().enumerate() {
                // Every filter on the two great views, and on the others in turn.
                let great = matches!(view, View::Open | View::All) || filter.is_empty();
                if !great && at % View::ALL.len() != turn {
                    continue;
                }
                let sort = Sort::ALL[at % Sort::ALL.len()];
                for department in [None, Some("jtj".to_owned())] {
                    // Without a filter every order is tried; with one, the orders take turns.
                    let sorts = if filter.is_empty() { Sort::ALL } else { std::slice::from_ref(&sort) };
                    for sort in sorts.iter().copied() {
                        let query = Query { view, filter: filter.clone(), sort, department: department.clone(), now: NOW };
                        let expected = naive(&known, &query);
                        let whole = store.page(&query, From::Start, 1000).unwrap();
                        let ids: Vec<i64> = whole.rows.iter().map(|(_, row)| row.id).collect();
                        prop_assert_eq!(&ids, &expected, "{:?}", query);
                        prop_assert_eq!(store.total(&query).unwrap(), expected.len() as u64, "{:?}", query);
                        if filter.is_empty() {
                            prop_assert_eq!(&paged(&store, &query, n, false), &expected);
                            prop_assert_eq!(&paged(&store, &query, n, true), &expected);
                            for (at, (anchor, row)) in whole.rows.iter().enumerate() {
                                prop_assert_eq!(store.position(&query, *anchor).unwrap(), at as u64);
                                let here = store.page(&query, From::At(*anchor), 1).unwrap();
                                prop_assert_eq!(here.rows[0].1.id, row.id);
                                prop_assert_eq!((here.before, here.after), (at > 0, at + 1 < expected.len()));
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn counts_equal_a_recount_at_any_moment(
        steps in prop::collection::vec(any::<Step>(), 1..120),
        moments in prop::collection::vec(-200_000_i64..200_000, 6),
    ) {
        let (_folder, _, store) = fresh();
        let known = play(&store, &steps);
        for department in [None, Some("hbj")] {
            for now in moments.iter().map(|m| NOW.plus(*m)) {
                let counts = store.counts(now, department).unwrap();
                let own: Vec<&Known> = known.iter().filter(|one| department.is_none_or(|d| {
                    one.ticket.lead.as_deref() == Some(d) || one.ticket.assisting.iter().any(|a| a == d)
                })).collect();
                let lit = |light| own.iter().filter(|one| one.ticket.light(one.marks, now) == light).count() as u64;
                prop_assert_eq!(counts.red, lit(Light::Red));
                prop_assert_eq!(counts.yellow, lit(Light::Yellow));
                prop_assert_eq!(counts.green, lit(Light::Green));
                prop_assert_eq!(counts.paused, lit(Light::Paused));
                for (view, counted) in View::ALL.iter().zip(&counts.views) {
                    let expected = own.iter().filter(|one| in_view(one, *view, now)).count() as u64;
                    let is_list = !matches!(view, View::Statistics | View::Shift);
                    prop_assert_eq!(*counted, is_list.then_some(expected), "{:?}", view);
                }
            }
        }
        let report = store.verify(|_, _| ()).unwrap();
        prop_assert!(report.ok, "{:?}", report.problems);
        for one in &known {
            let loaded = store.load(&one.ticket.no).unwrap().unwrap();
            prop_assert_eq!(&loaded.ticket, &one.ticket);
            prop_assert_eq!(loaded.marks, one.marks);
        }
    }
}

/// Past so many hits the list's index is walked and each row looked for among them.
const MANY: u32 = 3_600;

#[test]
fn a_common_word_is_found_as_a_rare_one_is() {
    let (_folder, _, store) = fresh();
    let steps: Vec<Step> = (0..MANY)
        .map(|at| {
            let kind = if at % 4 == 0 { 90 } else { 200 };
            (
                at as u8,
                kind,
                (at * 7_919 % 10_000) as u16,
                (at * 104_729 % 65_536) as u16,
            )
        })
        .collect();
    let known = play(&store, &steps);
    let word = |typed: &str| Term {
        not: false,
        clause: Clause::Text(typed.into()),
    };
    let other = |typed: &str| Term {
        not: true,
        ..word(typed)
    };
    let mut many = 0;
    for terms in [
        vec![word("路")],
        vec![word("路"), word("灯")],
        vec![other("路")],
        vec![word("灯"), other("路灯")],
        vec![word("路灯不")],
        vec![word("13")],
    ] {
        for view in [View::Open, View::All] {
            for department in [None, Some("jtj".to_owned())] {
                let query = Query {
                    view,
                    filter: Filter {
                        terms: terms.clone(),
                    },
                    sort: Sort::Newest,
                    department,
                    now: NOW,
                };
                let expected = naive(&known, &query);
                many += usize::from(expected.len() > 2_000);
                let whole = store.page(&query, From::Start, 4_000).unwrap();
                let ids: Vec<i64> = whole.rows.iter().map(|(_, row)| row.id).collect();
                assert_eq!(ids, expected, "{query:?}");
                assert_eq!(store.total(&query).unwrap(), expected.len() as u64);
                if let Some((anchor, row)) = whole.rows.last() {
                    let before = expected.len() as u64 - 1;
                    assert_eq!(store.position(&query, *anchor).unwrap(), before);
                    let last = store.page(&query, From::End, 1).unwrap();
                    assert_eq!(last.rows[0].1.id, row.id);
                }
            }
        }
    }
    assert!(many > 0, "no word is common enough to try");
}
