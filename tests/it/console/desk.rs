//! A console with a store in memory behind it: keys in, screen out. The rules are the real ones.

use super::boards::holds;
use fenbo::console::app::haste::Held;
use fenbo::console::app::msg::{
    self, Errand, Evidence, EvidenceWhy, Known, Moved, Similar, SimilarWhy, Suggested, Suggestion,
};
use fenbo::console::app::{
    Chord, Effect, Language, Model, Msg, Outcome, Problem, Rules, Start, ThemeId, update,
};
use fenbo::console::command::commands;
use fenbo::console::view::{self, Glyphs, Theme};
use fenbo::domain::act::{Act, ActKind, Registration};
use fenbo::domain::board::{Board, BoardRow};
use fenbo::domain::clock::Limit;
use fenbo::domain::department::DepartmentKind;
use fenbo::domain::effects;
use fenbo::domain::event::{Entry, Event, FiledFacts, Registered};
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::meanwhile;
use fenbo::domain::operator::{Operator, Role, Roles};
use fenbo::domain::precedent::{Precedent, PrecedentKind};
use fenbo::domain::privacy::{Requester, Sight, Texts, sight};
use fenbo::domain::queue::{
    Anchor, Counts, Detail, From, MergedRequest, Page, Place, Query, Row, Sort, View,
};
use fenbo::domain::refusal::Refusal;
use fenbo::domain::rules::Rules as Book;
use fenbo::domain::shift::Signed;
use fenbo::domain::ticket::{LimitClass, Nature, State, Ticket, Urgency};
use fenbo::domain::workflow::{Context, History, decide, marks};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, OnceLock};

pub fn zone() -> Zone {
    Zone::shanghai()
}

pub fn at(text: &str) -> Instant {
    zone().parse(text).expect("a time")
}

/// The built-in rule book, read once.
pub fn book() -> Arc<Book> {
    static BOOK: OnceLock<Arc<Book>> = OnceLock::new();
    BOOK.get_or_init(|| {
        Arc::new(Book {
            calendar: fenbo::config::calendars::load(None).expect("calendars"),
            editions: fenbo::config::policies::load(None).expect("editions"),
            directory: fenbo::config::directory::load(None).expect("directory"),
        })
    })
    .clone()
}

/// Three department codes of the built-in directory, always the same.
pub fn departments() -> [String; 3] {
    let book = book();
    let mut codes = book
        .directory
        .departments()
        .iter()
        .filter(|d| d.active && d.leads_only.is_empty() && d.kind == DepartmentKind::District)
        .map(|d| d.code.clone());
    std::array::from_fn(|_| codes.next().expect("a department"))
}

pub fn operator(role: Role) -> Operator {
    Operator {
        code: "zhang".to_owned(),
        name: "张三".to_owned(),
        roles: Roles::default().with(role),
        department: (role == Role::Department).then(|| departments()[0].clone()),
        active: true,
    }
}

/// A stored ticket.
#[derive(Clone)]
pub struct Stored {
    pub ticket: Ticket,
    pub texts: Texts,
    pub ledger: Vec<Entry>,
}

impl Stored {
    fn append(&mut self, event: Event, at: Instant, by: &Operator) {
        self.ticket.apply(&event, at, &by.code);
        self.ledger.push(Entry {
            seq: self.ledger.len() as i64 + 1,
            no: self.ticket.no.clone(),
            at,
            by: by.code.clone(),
            event,
        });
    }
}

/// The console and its store.
pub struct Desk {
    pub model: Model,
    pub store: Vec<Stored>,
    /// Every effect the console gave.
    pub effects: Vec<Effect>,
    /// Suggestions are sure.
    pub sure: bool,
    /// Answers wait until [`Desk::answer`] is called.
    pub slow: bool,
    /// How long a list is waits until this is off again.
    pub counts_late: bool,
    /// The last handover.
    pub signed: Option<Signed>,
    waiting: Vec<Effect>,
    /// The last frame, as the runtime keeps it.
    frame: RefCell<Buffer>,
}

const NOW: &str = "2017-11-27 14:32";

/// Invented requests: title, content, street, community, class, created.
const REQUESTS: [(&str, &str, &str, &str, LimitClass, &str); 8] = [
    (
        "工地夜里打桩吵得孩子睡不着",
        "晚上十一点以后还在打桩，已连续三晚，请管一管。",
        "龙田街道",
        "南布社区",
        LimitClass::Complaint,
        "2017-11-01 09:10",
    ),
    (
        "想问创业补贴怎么申请",
        "刚注册了公司，想知道要带哪些材料，去哪个窗口。",
        "坪山街道",
        "坪山社区",
        LimitClass::Enquiry,
        "2017-11-20 10:05",
    ),
    (
        "小区门口路灯坏了一排",
        "从东门到公交站六盏灯都不亮，老人晚上看不清路。",
        "坑梓街道",
        "金沙社区",
        LimitClass::Urban,
        "2017-11-27 08:40",
    ),
    (
        "河边有人倒泥头",
        "“泥头车”半夜往河里倒土…车牌没有看清。",
        "碧岭街道",
        "汤坑社区",
        LimitClass::Complaint,
        "2017-11-22 23:50",
    ),
    (
        "公交站牌被撞歪",
        "站牌倒向路面，骑车的人要绕行。",
        "马峦街道",
        "江岭社区",
        LimitClass::Complaint,
        "2017-11-23 07:30",
    ),
    (
        "A very long title in Latin letters that does not fit",
        "No street lamp has been lit on our lane since Monday.",
        "石井街道",
        "石井社区",
        LimitClass::Urban,
        "2017-11-26 18:00",
    ),
    (
        "幼儿园门口乱停车",
        "早上送孩子时两边都停满了车。",
        "坪山街道",
        "六联社区",
        LimitClass::Complaint,
        "2017-11-24 16:20",
    ),
    (
        "楼上装修漏水到我家",
        "卫生间天花板一直滴水，物业说管不了。",
        "龙田街道",
        "老坑社区",
        LimitClass::Complaint,
        "2017-11-25 12:00",
    ),
];

fn similar() -> Similar {
    Similar {
        no: "20171109-0007".to_owned(),
        title: "打桩声太大".to_owned(),
        state: State::Closed,
        created_at: at("2017-11-09 20:00"),
        percent: 71,
        why: vec![SimilarWhy::Alike(64), SimilarWhy::Community],
    }
}

fn precedent(kind: PrecedentKind, no: &str, gist: &str) -> Precedent {
    Precedent {
        no: Some(no.to_owned()),
        kind,
        at: at("2017-08-04 20:00"),
        gist: gist.to_owned(),
        tags: Vec::new(),
        category: Vec::new(),
        lead: None,
        title: None,
        percent: Some(64),
    }
}

impl Desk {
    /// A desk for a dispatcher with eight filed requests.
    pub fn new(language: Language, size: (u16, u16)) -> Self {
        let mut desk = Self::empty(language, size, Role::Dispatcher);
        for (n, _) in REQUESTS.iter().enumerate() {
            desk.request(n);
        }
        desk.start();
        desk
    }

    /// A desk with nothing in its store.
    pub fn empty(language: Language, size: (u16, u16), role: Role) -> Self {
        let operator = operator(role);
        let rules = Rules {
            people: BTreeMap::from([
                ("zhang".to_owned(), "张三".to_owned()),
                ("li".to_owned(), "李四".to_owned()),
            ]),
            operator,
            book: book(),
        };
        let (table, faults) = commands(std::iter::empty());
        assert!(faults.is_empty());
        let start = Start {
            now: at(NOW),
            pinned: true,
            language,
            theme: ThemeId::Dark,
            size,
            read_only: false,
            mask: false,
            bell: true,
        };
        let (model, effects) = Model::new(&start, Arc::new(rules), Arc::new(table));
        Self {
            model,
            store: Vec::new(),
            effects: Vec::new(),
            sure: true,
            slow: false,
            counts_late: false,
            signed: None,
            waiting: effects,
            frame: RefCell::default(),
        }
    }

    /// Answers the console's first orders.
    pub fn start(&mut self) {
        self.answer();
    }

    /// Stores the invented request `n`, filed; numbers rise with each.
    pub fn request(&mut self, n: usize) -> String {
        let (title, content, street, community, class, created) = REQUESTS[n % REQUESTS.len()];
        let created = at(created).plus((n / REQUESTS.len()) as i64 * 60);
        let no = format!(
            "{}-{:04}",
            zone().civil(created).format("%Y%m%d"),
            self.store.len() + 31
        );
        let nature = if class == LimitClass::Enquiry {
            Nature::Enquiry
        } else {
            Nature::Complaint
        };
        let book = book();
        let policy = book.editions.at(created);
        let category = vec!["市容环卫".to_owned(), "城市照明".to_owned()];
        let limit = Limit::of(policy.limit(class, &category));
        let events = [
            (
                created,
                Event::Registered(Registered {
                    created_at: created,
                    edition: policy.id.clone(),
                    source: ["12345", "@坪山", "政府信箱"][n % 3].to_owned(),
                    channel: "phone".to_owned(),
                    external_no: None,
                    nature: Some(nature),
                    limit_class: Some(class),
                    limit: Some(limit),
                    urgency: if n == 2 {
                        Urgency::Urgent
                    } else {
                        Urgency::Normal
                    },
                    confidential: false,
                    category: category.clone(),
                    street: Some(street.to_owned()),
                    community: Some(community.to_owned()),
                }),
            ),
            (
                created.plus(300),
                Event::Filed(FiledFacts {
                    nature,
                    limit_class: class,
                    limit,
                    category,
                    street: Some(street.to_owned()),
                    community: Some(community.to_owned()),
                }),
            ),
        ];
        let mut ticket = Ticket::begin(&no, &events[0].1, created).expect("registered");
        ticket.apply(&events[1].1, events[1].0, "li");
        let ledger = events
            .into_iter()
            .zip(1..)
            .map(|((at, event), seq)| Entry {
                seq,
                no: no.clone(),
                at,
                by: "li".to_owned(),
                event,
            })
            .collect();
        self.store.push(Stored {
            ticket,
            texts: Texts {
                title: title.to_owned(),
                content: content.to_owned(),
                address: "金沙路 12 号".to_owned(),
                requester: Requester {
                    name: "王小明".to_owned(),
                    phone: "13800138000".to_owned(),
                    ..Requester::default()
                },
                ..Texts::default()
            },
            ledger,
        });
        no
    }

    /// Stores a request that is registered and no more.
    pub fn register(&mut self, registration: &Registration, texts: Texts) -> String {
        let created = registration.created_at;
        let no = format!(
            "{}-{:04}",
            zone().civil(created).format("%Y%m%d"),
            self.store.len() + 31
        );
        let book = book();
        let first = effects::register(registration, book.editions.at(created));
        let ticket = Ticket::begin(&no, &first, created).expect("registered");
        let by = self.model.rules.operator.code.clone();
        self.store.push(Stored {
            ticket,
            texts,
            ledger: vec![Entry {
                seq: 1,
                no: no.clone(),
                at: created,
                by,
                event: first,
            }],
        });
        no
    }

    pub fn ticket(&self, no: &str) -> &Ticket {
        &self
            .store
            .iter()
            .find(|s| s.ticket.no == no)
            .expect("a ticket")
            .ticket
    }

    /// Does an act as another operator, past the console.
    pub fn elsewhere(&mut self, no: &str, act: &Act, by: &Operator) -> Result<u32, Refusal> {
        let now = self.model.now;
        let book = book();
        let master = match act {
            Act::Merge { into } => self
                .store
                .iter()
                .map(|s| &s.ticket)
                .find(|t| t.no == *into)
                .cloned(),
            _ => None,
        };
        let stored = self
            .store
            .iter_mut()
            .find(|s| s.ticket.no == no)
            .expect("a ticket");
        let policy = book
            .editions
            .of(&stored.ticket.edition, stored.ticket.created_at);
        let sent = stored
            .ledger
            .iter()
            .rev()
            .find(|e| matches!(e.event, Event::Dispatched { .. }));
        let context = Context {
            now,
            operator: by,
            policy,
            calendar: &book.calendar,
            directory: &book.directory,
            marks: marks(&stored.ticket, policy, &book.calendar),
            master: master.as_ref(),
            history: History {
                dispatched_by: sent.map(|e| e.by.as_str()),
                ..History::default()
            },
        };
        let events = decide(&stored.ticket, act, &context)?;
        let echo = effects::echo(&stored.ticket, act);
        for event in events {
            stored.append(event, now, by);
        }
        let version = stored.ticket.version;
        if let Some((master, event)) = echo
            && let Some(stored) = self.store.iter_mut().find(|s| s.ticket.no == master)
        {
            stored.append(event, now, by);
        }
        Ok(version)
    }

    /// The program writes something on a ticket, as its sweep does.
    pub fn swept(&mut self, no: &str, event: Event) {
        let now = self.model.now;
        let mut stored = self.store.iter_mut();
        let stored = stored.find(|s| s.ticket.no == no).expect("a ticket");
        stored.append(event, now, &Operator::system());
    }

    /// What would come of an errand, on a copy of the store.
    fn verdict(&self, errand: &Errand) -> Result<(), Refusal> {
        let mut copy = Desk {
            model: self.model.clone(),
            store: self.store.clone(),
            effects: vec![],
            sure: true,
            slow: false,
            counts_late: false,
            frame: RefCell::default(),
            signed: None,
            waiting: vec![],
        };
        match copy.run(errand).result {
            Err(Problem::Refused(refusal)) => Err(refusal),
            Ok(_) | Err(Problem::NotFound | Problem::Failed(_)) => Ok(()),
        }
    }

    fn perform(&mut self, no: &str, version: u32, act: &Act) -> Result<u32, Refusal> {
        let stored = self
            .store
            .iter()
            .find(|s| s.ticket.no == no)
            .expect("a ticket");
        let now = stored.ticket.version;
        if let Some(entry) = meanwhile::stale(&stored.ledger, now, version, act.kind()) {
            return Err(Refusal::Stale {
                by: entry.by.clone(),
                at: entry.at,
                what: entry.event.code().to_owned(),
            });
        }
        let by = self.model.rules.operator.clone();
        self.elsewhere(no, act, &by)
    }

    fn row(id: i64, stored: &Stored) -> Row {
        let t = &stored.ticket;
        let book = book();
        Row {
            id,
            no: t.no.clone(),
            version: t.version,
            state: t.state.clone(),
            nature: t.nature,
            limit_class: t.limit_class,
            urgency: t.urgency,
            confidential: t.confidential,
            source: t.source.clone(),
            category: t.category.clone(),
            street: t.street.clone(),
            community: t.community.clone(),
            title: stored.texts.title.clone(),
            lead: t.lead.clone(),
            created_at: t.created_at,
            marks: marks(
                t,
                book.editions.of(&t.edition, t.created_at),
                &book.calendar,
            ),
            on_time: t.on_time,
            claim: t.claim.clone(),
            returns: t.returns,
            urges: t.urges,
            merged: t.merged.len() as u32,
            pending: t.pending().count() as u32,
            supervision_level: t.supervision_level,
            redos: t.redos,
            supplements: t.supplements,
            false_closure: t.false_closure_of.is_some(),
        }
    }

    pub fn rows(&self, view: View) -> Vec<Row> {
        self.store
            .iter()
            .zip(1..)
            .map(|(s, id)| Self::row(id, s))
            .filter(|r| match view {
                View::Desk => matches!(r.state, State::Registered | State::Filed),
                View::Open | View::RedYellow => r.state.is_open(),
                View::Decisions => r.pending > 0 || r.state == State::Coordinating,
                View::Review => matches!(r.state, State::Replied | State::Callback),
                View::Supervision => r.supervision_level > 0,
                View::All => true,
                View::Statistics | View::Shift => false,
            })
            .collect()
    }

    fn page(&self, query: &Query, from: From, n: usize) -> (Page, Place) {
        let mut rows: Vec<(Anchor, Row)> = self
            .rows(query.view)
            .into_iter()
            .filter(|r| {
                query
                    .filter
                    .terms
                    .iter()
                    .all(|t| t.not != holds(&t.clause, r, self.ticket(&r.no), query.now))
            })
            .map(|r| {
                let key = match query.sort {
                    Sort::Newest => -r.created_at.0,
                    Sort::Oldest => r.created_at.0,
                    Sort::Urgency => {
                        let rank = match r.urgency {
                            Urgency::Critical => 0,
                            Urgency::Urgent => 1,
                            Urgency::Normal => 2,
                        };
                        (rank << 56) + r.marks.due_at.map_or(0, |d| d.0)
                    }
                    Sort::Due | Sort::Stage => r.marks.due_at.map_or(i64::MAX, |d| d.0),
                };
                (Anchor { key, id: r.id }, r)
            })
            .collect();
        rows.sort_by_key(|(a, _)| (a.key, a.id));
        let place = |a: &Anchor| {
            rows.iter()
                .position(|(b, _)| (b.key, b.id) >= (a.key, a.id))
                .unwrap_or(rows.len())
        };
        let (start, end) = match from {
            From::Start => (0, n),
            From::End => (rows.len().saturating_sub(n), rows.len()),
            From::After(a) => {
                let p = place(&a) + 1;
                (p, p + n)
            }
            From::At(a) => {
                let p = place(&a);
                (p, p + n)
            }
            From::Before(a) => {
                let p = place(&a);
                (p.saturating_sub(n), p)
            }
        };
        let (start, end) = (start.min(rows.len()), end.min(rows.len()));
        let page = Page {
            rows: rows[start..end].to_vec(),
            before: start > 0,
            after: end < rows.len(),
        };
        let place = Place {
            matched: Some(rows.len() as u64),
            first: Some(start as u64),
        };
        (page, place)
    }

    fn board(&self) -> Board {
        use fenbo::domain::light::Light;
        let mut rows: Vec<BoardRow> = Vec::new();
        for row in self.rows(View::Open) {
            let at = rows.iter().position(|b| b.department == row.lead);
            let at = at.unwrap_or_else(|| {
                rows.push(BoardRow {
                    department: row.lead.clone(),
                    ..BoardRow::default()
                });
                rows.len() - 1
            });
            let board = &mut rows[at];
            match row.light(self.model.now) {
                Light::Red => {
                    board.red += 1;
                    board.oldest_red = board.oldest_red.into_iter().chain(row.marks.due_at).min();
                }
                Light::Yellow => board.yellow += 1,
                Light::Green => board.green += 1,
                Light::Paused => board.paused += 1,
                Light::Done | Light::Late => {}
            }
            let ticket = self.ticket(&row.no);
            if row.state == State::Dispatched {
                board.unsigned += 1;
                let since = ticket.dispatched_at;
                board.oldest_unsigned = board.oldest_unsigned.into_iter().chain(since).min();
            }
            if ticket.dispatches > 1 {
                board.hopped += 1;
                board.most_dispatches = board.most_dispatches.max(ticket.dispatches.into());
            }
            board.disputed += u64::from(row.state == State::Coordinating);
            board.supervised += u64::from(row.supervision_level > 0);
            board.ruling += u64::from(row.pending > 0 || row.state == State::Coordinating);
        }
        Board::new(rows)
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for row in self.rows(View::Open) {
            use fenbo::domain::light::Light;
            match row.light(self.model.now) {
                Light::Red => counts.red += 1,
                Light::Yellow => counts.yellow += 1,
                Light::Green => counts.green += 1,
                Light::Paused => counts.paused += 1,
                Light::Done | Light::Late => {}
            }
            counts.urgent += u64::from(row.urgency != Urgency::Normal);
            let red = row.marks.due_at.filter(|due| *due <= self.model.now);
            counts.reddened_at = counts.reddened_at.max(red);
        }
        counts.views = View::ALL
            .iter()
            .map(|v| {
                (!matches!(v, View::Statistics | View::Shift)).then(|| self.rows(*v).len() as u64)
            })
            .collect();
        counts
    }

    /// The orders that wait to be answered.
    pub fn orders(&self) -> &[Effect] {
        &self.waiting
    }

    /// Answers the orders that wait, and none that follow from the answers.
    pub fn answer_once(&mut self) {
        for effect in std::mem::take(&mut self.waiting) {
            self.effects.push(effect.clone());
            for msg in self.reply(effect).into_iter().flatten() {
                let more = update(&mut self.model, msg);
                self.waiting.extend(more);
            }
        }
    }

    /// Answers every order that waits.
    pub fn answer(&mut self) {
        let mut todo = std::mem::take(&mut self.waiting);
        while !todo.is_empty() {
            for effect in std::mem::take(&mut todo) {
                if self.counts_late && matches!(effect, Effect::CountRows { .. }) {
                    self.waiting.push(effect);
                    continue;
                }
                self.effects.push(effect.clone());
                if let Some(msg) = self.reply(effect) {
                    todo.extend(msg.into_iter().flat_map(|m| update(&mut self.model, m)));
                }
            }
        }
        let lines = view::detail_lines(&self.model);
        update(&mut self.model, Msg::Measured(lines));
    }

    fn reply(&mut self, effect: Effect) -> Option<Vec<Msg>> {
        Some(match effect {
            Effect::LoadPage {
                token,
                query,
                from,
                n,
            } => {
                let (page, place) = self.page(&query, from, n);
                let counted = query.filter.is_empty() || !(page.before || page.after);
                let place = if counted { place } else { Place::default() };
                vec![Msg::PageLoaded { token, page, place }]
            }
            Effect::CountRows {
                token,
                query,
                anchor,
            } => vec![Msg::RowsCounted {
                token,
                anchor,
                place: self.page(&query, From::At(anchor), 0).1,
            }],
            Effect::LoadDetail(no) => {
                let at = self.store.iter().position(|s| s.ticket.no == no)?;
                let s = &self.store[at];
                let seen = sight(&self.model.rules.operator, &s.ticket);
                let book = book();
                let policy = book.editions.of(&s.ticket.edition, s.ticket.created_at);
                vec![Msg::DetailLoaded(Box::new(Detail {
                    id: at as i64 + 1,
                    marks: marks(&s.ticket, policy, &book.calendar),
                    ticket: s.ticket.clone(),
                    texts: Texts {
                        requester: s.texts.requester.seen(seen),
                        ..s.texts.clone()
                    },
                    masked: seen != Sight::Full,
                    merged: s
                        .ticket
                        .merged
                        .iter()
                        .filter_map(|no| self.store.iter().find(|s| s.ticket.no == *no))
                        .map(|m| MergedRequest {
                            no: m.ticket.no.clone(),
                            title: m.texts.title.clone(),
                            requester: m.texts.requester.seen(seen),
                        })
                        .collect(),
                    ledger: s.ledger.clone(),
                    attachments: Vec::new(),
                    supplements: Vec::new(),
                }))]
            }
            Effect::LoadCounts => vec![Msg::CountsLoaded(self.counts())],
            Effect::LoadBoard => vec![Msg::BoardLoaded(self.board())],
            Effect::LoadHotSpots(from, to) => vec![Msg::HotSpotsLoaded {
                from,
                to,
                spots: self.hot_spots(from, to),
            }],
            Effect::LoadFigures(asked) => vec![Msg::FiguresLoaded {
                asked,
                figures: Box::new(self.figures(asked)),
            }],
            Effect::LoadShift => vec![Msg::ShiftLoaded(Box::new(self.sheet()))],
            Effect::HandOver {
                token,
                to,
                note,
                since,
            } => {
                let result = self.hand_over(&to, &note, since);
                let result = result.map_err(msg::NotHandedOver::Refused);
                vec![Msg::HandedOver { token, result }]
            }
            Effect::TakeOver { token, .. } => {
                let result = self.take_over().map_err(msg::NotHandedOver::Refused);
                vec![Msg::HandedOver { token, result }]
            }
            Effect::Suggest(nos) => nos
                .into_iter()
                .map(|no| Msg::Suggested(self.suggest(no)))
                .collect(),
            Effect::FindSure { token, query } => self.sure_ones(token, &query),
            Effect::LoadSimilar(no) => vec![Msg::SimilarLoaded {
                no,
                list: vec![similar()],
            }],
            Effect::LoadPrecedents(no) => vec![Msg::PrecedentsLoaded {
                no,
                list: vec![
                    precedent(PrecedentKind::Case, "20170804-0003", "夜间施工先查许可"),
                    precedent(PrecedentKind::Ruling, "20170711-0012", "环水牵头，城管配合"),
                ],
            }],
            Effect::AskVerdicts { token, errands } => vec![Msg::Verdicts {
                token,
                verdicts: errands.iter().map(|e| self.verdict(e)).collect(),
            }],
            Effect::Perform { token, errands } => {
                let outcomes = errands.iter().map(|e| self.run(e)).collect();
                vec![Msg::Performed { token, outcomes }]
            }
            Effect::LoadHistory(asked) => {
                let known = |s: &Stored| Known {
                    no: s.ticket.no.clone(),
                    created_at: s.ticket.created_at,
                    state: s.ticket.state.clone(),
                    title: s.texts.title.clone(),
                };
                let of = |wanted: &dyn Fn(&Stored) -> bool| {
                    self.store
                        .iter()
                        .filter(|s| wanted(s))
                        .take(5)
                        .map(known)
                        .collect()
                };
                let history = msg::History {
                    requester: of(&|s| {
                        !asked.phone.is_empty() && s.texts.requester.phone.ends_with(&asked.phone)
                    }),
                    place: of(&|s| s.ticket.community.as_ref() == Some(&asked.community)),
                    alike: asked.words.iter().map(|_| similar()).collect(),
                };
                vec![Msg::HistoryLoaded { asked, history }]
            }
            Effect::Register {
                token,
                registration,
                texts,
            } => {
                let no = self.register(&registration, *texts);
                vec![Msg::Registered {
                    token,
                    result: Ok(no),
                }]
            }
            _ => return None,
        })
    }

    fn run(&mut self, errand: &Errand) -> Outcome {
        let mut outcome = Outcome {
            no: errand.no.clone(),
            first: None,
            act: errand.act.kind(),
            result: Ok(errand.version),
            moved: None,
            revealed: None,
        };
        let due = |desk: &Self| {
            let stored = desk.store.iter().find(|s| s.ticket.no == errand.no)?;
            Self::row(0, stored).marks.due_at
        };
        let from = due(self);
        for act in errand.first.iter().chain([&errand.act]) {
            let Ok(version) = outcome.result else { break };
            match self.perform(&errand.no, version, act) {
                Ok(version) if Some(act) == errand.first.as_ref() => {
                    outcome.first = Some(act.kind());
                    outcome.result = Ok(version);
                }
                done => outcome.result = done.map_err(Problem::Refused),
            }
        }
        let to = due(self);
        outcome.moved = (from.is_some() && from != to).then_some(Moved { from, to });
        if outcome.result.is_ok() && errand.act.kind() == ActKind::Reveal {
            let stored = self.store.iter().find(|s| s.ticket.no == errand.no);
            outcome.revealed = stored.map(|s| s.texts.requester.clone());
        }
        outcome
    }

    /// The sure ones of a question, in parts of fifty rows.
    fn sure_ones(&self, token: u64, query: &Query) -> Vec<Msg> {
        let (page, place) = self.page(query, From::Start, 100_000);
        let parts: Vec<&[(Anchor, Row)]> = page.rows.chunks(50).collect();
        let mut looked = 0;
        let mut told = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            looked += part.len() as u64;
            let suggested = |no: &String| {
                let known = self.model.suggestions.get(no).cloned();
                known.unwrap_or_else(|| self.suggest(no.clone()))
            };
            let found = part
                .iter()
                .filter(|(_, row)| row.state == State::Filed)
                .map(|(_, row)| (row.clone(), suggested(&row.no)))
                .filter(|(_, suggested)| suggested.sure);
            told.push(Msg::SureFound {
                token,
                found: found.collect(),
                looked: (looked, place.matched.unwrap_or(looked)),
                done: at + 1 == parts.len(),
            });
        }
        told
    }

    fn suggest(&self, no: String) -> Suggested {
        let one = |code: &String, permille| Suggestion {
            code: code.clone(),
            permille,
            support: Some((14, 15, 30)),
            unseen: false,
            evidence: vec![
                Evidence {
                    no: "20170912-0044".to_owned(),
                    why: EvidenceWhy::Community,
                    returned: false,
                },
                Evidence {
                    no: "20170930-0107".to_owned(),
                    why: EvidenceWhy::Alike(64),
                    returned: false,
                },
            ],
        };
        let [a, b, c] = departments();
        Suggested {
            no,
            list: vec![one(&a, 930), one(&b, 50), one(&c, 12)],
            sure: self.sure,
            little: None,
            doubt: None,
        }
    }

    /// Tells the console something.
    pub fn tell(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.waiting.extend(effects);
        if !self.slow {
            self.answer();
        }
    }

    /// Presses keys, apart by spaces.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ').filter(|k| !k.is_empty()) {
            let chord: Chord = key.parse().unwrap_or_else(|_| panic!("{key} is no key"));
            self.tell(Msg::Key(chord));
            // These keys are pressed at leisure.
            if self.model.held == Some(Held::Dispatched) {
                self.tell(Msg::Rested);
            }
        }
        self
    }

    /// Types a text, character by character.
    pub fn typed(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.tell(Msg::Key(Chord::char(c)));
        }
        self
    }

    pub fn selected(&self) -> String {
        self.model
            .queue
            .selected()
            .map(|r| r.no.clone())
            .unwrap_or_default()
    }

    /// What was performed, in order.
    pub fn performed(&self) -> Vec<(String, ActKind)> {
        self.effects
            .iter()
            .filter_map(|e| match e {
                Effect::Perform { errands, .. } => Some(errands),
                _ => None,
            })
            .flatten()
            .flat_map(|e| {
                e.first
                    .iter()
                    .chain([&e.act])
                    .map(|a| (e.no.clone(), a.kind()))
            })
            .collect()
    }

    pub fn draw(&self) -> (Buffer, view::Cursor) {
        let (width, height) = self.model.size;
        let area = Rect::new(0, 0, width, height);
        let mut frame = self.frame.borrow_mut();
        frame.resize(area);
        let theme = Theme::of(self.model.theme);
        let drawn = view::draw(&self.model, theme, Glyphs::ASCII, &mut frame, area);
        (frame.clone(), drawn.cursor)
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        text(&self.draw().0)
    }

    /// The last line but one: what was done, or why not.
    pub fn status(&self) -> String {
        let screen = self.screen();
        let lines: Vec<&str> = screen.lines().collect();
        lines[lines.len() - 2].trim().to_owned()
    }
}

/// A buffer's text; the right half of a wide character is left out.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += unicode_width::UnicodeWidthStr::width(symbol).max(1) as u16;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Text, then every run of cells that looks like anything: place and look, and where the cursor is.
pub fn dump(desk: &Desk) -> String {
    let (buffer, cursor) = desk.draw();
    let mut out = text(&buffer);
    _ = writeln!(out, "cursor {cursor:?}");
    for y in 0..buffer.area.height {
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        for x in 0..buffer.area.width {
            let look = look(buffer[(x, y)].style());
            match runs.last_mut() {
                Some((_, end, same)) if *same == look => *end = x,
                _ => runs.push((x, x, look)),
            }
        }
        let told: Vec<String> = runs
            .into_iter()
            .filter(|(_, _, look)| !look.is_empty())
            .map(|(from, to, look)| format!("{from}-{to} {look}"))
            .collect();
        if !told.is_empty() {
            _ = writeln!(out, "{y}: {}", told.join(", "));
        }
    }
    out
}

fn look(style: Style) -> String {
    let colour = |c: Option<Color>| match c {
        None | Some(Color::Reset) => None,
        Some(Color::Rgb(r, g, b)) => Some(format!("{r:02x}{g:02x}{b:02x}")),
        Some(other) => Some(format!("{other}")),
    };
    let mut parts: Vec<String> = colour(style.fg).into_iter().collect();
    parts.extend(colour(style.bg).map(|c| format!("on {c}")));
    for (modifier, name) in [
        (Modifier::BOLD, "bold"),
        (Modifier::REVERSED, "reversed"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::DIM, "faint"),
    ] {
        if style.add_modifier.contains(modifier) {
            parts.push(name.to_owned());
        }
    }
    parts.join(" ")
}
