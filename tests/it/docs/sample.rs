//! A console on the sample store at a pinned moment, answered by the real queries; keys in, screen out.
//!
//! Only looks: nothing it shows is invented here, and no act is carried out.

use crate::console::desk::book;
use fenbo::console::app::msg::{Evidence, EvidenceWhy, Similar, Suggested, Suggestion};
use fenbo::console::app::{Chord, Effect, Language, Model, Msg, Rules, Start, ThemeId, update};
use fenbo::console::command::commands;
use fenbo::console::view::{self, Glyphs, Theme};
use fenbo::domain::instant::{Instant, Zone};
use fenbo::insight::{Suggestions, Why};
use fenbo::service::{Centre, demo};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::path::Path;
use std::sync::Arc;

/// The size of every picture.
const SIZE: (u16, u16) = (120, 40);

fn now() -> Instant {
    Zone::shanghai().parse("2026-11-23 08:40").expect("a time")
}

/// The sample store in this folder, worked on by its dispatcher.
pub fn store(folder: &Path) -> Centre {
    let path = folder.join("fenbo.db");
    let mut centre = Centre::create(&path, book(), "root", now(), true).expect("a store");
    demo::fill(&mut centre, None, 1, now(), &mut |_, _| {}).expect("the sample");
    drop(centre);
    let access = fenbo::service::Access::ReadOnly;
    Centre::open(&path, access, book(), "root", Some("zhangsan")).expect("opened")
}

/// The screen after these keys.
pub fn screen(centre: &mut Centre, language: Language, keys: &str) -> (Buffer, view::Cursor) {
    let rules = Rules {
        operator: centre.operator().clone(),
        book: centre.shared_rules(),
        people: centre
            .operators()
            .expect("operators")
            .into_iter()
            .map(|o| (o.code, o.name))
            .collect(),
    };
    let start = Start {
        now: now(),
        pinned: false,
        language,
        theme: ThemeId::Dark,
        size: SIZE,
        read_only: false,
        mask: false,
        bell: false,
    };
    let (table, _) = commands(std::iter::empty());
    let (mut model, first) = Model::new(&start, Arc::new(rules), Arc::new(table));
    answer(centre, &mut model, first);
    for key in keys.split(' ').filter(|k| !k.is_empty()) {
        let chord: Chord = key.parse().unwrap_or_else(|_| panic!("{key} is no key"));
        let effects = update(&mut model, Msg::Key(chord));
        answer(centre, &mut model, effects);
    }
    let lines = view::detail_lines(&model);
    update(&mut model, Msg::Measured(lines));
    let area = Rect::new(0, 0, SIZE.0, SIZE.1);
    let mut buffer = Buffer::empty(area);
    let theme = Theme::of(model.theme);
    let cursor = view::draw(&model, theme, Glyphs::UNICODE, &mut buffer, area).cursor;
    (buffer, cursor)
}

fn answer(centre: &mut Centre, model: &mut Model, mut effects: Vec<Effect>) {
    while !effects.is_empty() {
        effects = effects
            .into_iter()
            .flat_map(|effect| reply(centre, effect))
            .collect::<Vec<Msg>>()
            .into_iter()
            .flat_map(|msg| update(model, msg))
            .collect();
    }
}

fn reply(centre: &mut Centre, effect: Effect) -> Vec<Msg> {
    match effect {
        Effect::LoadPage {
            token,
            query,
            from,
            n,
        } => {
            let page = centre.page(&query, from, n).expect("a page");
            let place = centre.place(&query, &page).expect("a place");
            vec![Msg::PageLoaded { token, page, place }]
        }
        Effect::CountRows {
            token,
            query,
            anchor,
        } => {
            let place = centre.counted(&query, anchor).expect("a place");
            vec![Msg::RowsCounted {
                token,
                anchor,
                place,
            }]
        }
        Effect::LoadDetail(no) => {
            let detail = centre.detail(&no).expect("a ticket");
            vec![Msg::DetailLoaded(Box::new(detail))]
        }
        Effect::LoadBoard => vec![Msg::BoardLoaded(centre.board(now()).expect("a board"))],
        Effect::LoadHotSpots(from, to) => {
            let spots = centre.hotspots(from, to, now()).expect("hot spots").spots;
            vec![Msg::HotSpotsLoaded { from, to, spots }]
        }
        Effect::LoadFigures(asked) => {
            let figures = centre.figures(asked.kind, asked.from, now());
            let figures = Box::new(figures.expect("figures"));
            vec![Msg::FiguresLoaded { asked, figures }]
        }
        Effect::LoadShift => {
            let sheet = centre.shift_sheet(None, 500, now()).expect("a sheet");
            vec![Msg::ShiftLoaded(Box::new(sheet))]
        }
        Effect::LoadCounts => vec![Msg::CountsLoaded(centre.counts(now()).expect("counts"))],
        Effect::Suggest(numbers) => numbers
            .into_iter()
            .map(|no| {
                let found = centre.suggest_for(&no, now()).expect("suggestions");
                Msg::Suggested(suggested(no, found))
            })
            .collect(),
        Effect::LoadSimilar(no) => {
            let list = centre
                .similar(&no)
                .expect("likenesses")
                .into_iter()
                .map(|alike| Similar {
                    no: alike.no,
                    title: alike.title,
                    state: alike.state,
                    created_at: alike.created_at,
                    percent: (alike.likeness.score * 100.0).round() as u8,
                    why: Vec::new(),
                })
                .collect();
            vec![Msg::SimilarLoaded { no, list }]
        }
        Effect::LoadPrecedents(no) => {
            let list = centre.precedents_for(&no).expect("precedents");
            vec![Msg::PrecedentsLoaded { no, list }]
        }
        Effect::Perform { .. } | Effect::Register { .. } => panic!("a picture does nothing"),
        _ => Vec::new(),
    }
}

fn suggested(no: String, found: Suggestions) -> Suggested {
    let list = found.list.into_iter().map(|s| Suggestion {
        code: s.department,
        permille: (s.probability * 1000.0).round() as u16,
        support: s.support.map(|s| (s.n, s.of, s.days)),
        unseen: s.unseen > 0,
        evidence: s
            .evidence
            .into_iter()
            .map(|e| Evidence {
                no: e.no,
                why: why(e.why),
                returned: e.ending == fenbo::insight::Ending::Returned,
            })
            .collect(),
    });
    Suggested {
        no,
        list: list.collect(),
        sure: found.prefill,
        little: None,
        doubt: None,
    }
}

fn why(why: Why) -> EvidenceWhy {
    match why {
        Why::Ruling => EvidenceWhy::Ruling,
        Why::AlikeText { percent } => EvidenceWhy::Alike(percent),
        Why::SameRequester => EvidenceWhy::Requester,
        Why::SameCategorySameCommunity => EvidenceWhy::Community,
        Why::SameCategorySameStreet => EvidenceWhy::Street,
        Why::SameCategory => EvidenceWhy::Category,
        Why::SameClass => EvidenceWhy::Class,
        Why::SameCommunity => EvidenceWhy::CommunityOnly,
        Why::SameStreet => EvidenceWhy::StreetOnly,
        Why::Latest => EvidenceWhy::Latest,
    }
}
