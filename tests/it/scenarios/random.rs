//! Random people do random things, thousands of times: what must never break, does not.
//! Half of the acts are likely ones (so that tickets travel), half are anything by anybody at any time.
//! Start at [`Story::step`].

use super::world::{Kept, World, operator, policy, rules, zone};
use fenbo::domain::act::{
    Act, ActKind, CallForm, CallOutcome, Filing, Rating, Registration, ReplyForm, RulingOrder,
};
use fenbo::domain::application::ApplicationKind;
use fenbo::domain::instant::Instant;
use fenbo::domain::operator::{Operator, Role};
use fenbo::domain::ticket::{LimitClass, Nature, State, Ticket, Urgency};
use fenbo::domain::workflow::{self, TABLE};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::{BTreeMap, BTreeSet};

const DEPARTMENTS: [&str; 4] = ["hbsw", "cgj", "zjj", "sq-liulian"];
const PEOPLE: [&str; 14] = [
    "desk",
    "other-desk",
    "shift-lead",
    "other-lead",
    "caller",
    "supervisor",
    "auditor",
    "administrator",
    "founder",
    "left",
    "system",
    "hbsw",
    "cgj",
    "zjj",
];
const NUMBERS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

/// Small random numbers from a seed (SplitMix64), so that a failing seed tells the whole story again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())].clone()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }

    fn maybe<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        self.chance(60).then(|| self.one(of))
    }

    fn text(&mut self) -> String {
        let texts = [
            "",
            "已处理。",
            "此事属于城市管理局职责，与本局无关，请改派。",
        ];
        texts[[0, 1, 2, 2, 2, 2][self.roll(6)]].to_owned()
    }

    fn filing(&mut self) -> Filing {
        let category = self.one(&["环保水务", "市容环卫", "教育卫生"]);
        Filing {
            nature: self.maybe(Nature::ALL),
            limit_class: self.chance(20).then(|| self.one(LimitClass::ALL)),
            category: if self.chance(80) {
                vec![category.into()]
            } else {
                Vec::new()
            },
            street: self.maybe(&["坪山街道".to_owned()]),
            community: None,
            address_unknown: self.chance(50),
        }
    }

    fn department(&mut self) -> String {
        if self.chance(5) {
            self.one(&["nowhere", "dissolved"]).into()
        } else {
            self.one(&DEPARTMENTS).into()
        }
    }

    fn assisting(&mut self) -> Vec<String> {
        (0..self.roll(3)).map(|_| self.department()).collect()
    }

    fn act(&mut self, kind: ActKind, now: Instant) -> Act {
        let text = self.text();
        match kind {
            ActKind::File => Act::File(self.filing()),
            ActKind::Answer => Act::Answer { text },
            ActKind::Refuse => Act::Refuse {
                ground: self.one(&["litigation", "petition", "no-such"]).into(),
                text,
            },
            ActKind::Dispatch => Act::Dispatch {
                lead: self.department(),
                assisting: self.assisting(),
                suggestion: None,
            },
            ActKind::Recall => Act::Recall,
            ActKind::Sign => Act::Sign,
            ActKind::RequestReturn => Act::RequestReturn {
                ground: self.one(&["jurisdiction", "other", "no-such"]).into(),
                text,
                suggested: self.chance(70).then(|| self.department()),
            },
            ActKind::LateReturn => Act::LateReturn { text },
            ActKind::Extend => Act::Extend {
                units: self.roll(12) as u32,
                text,
            },
            ActKind::Suspend => Act::Suspend {
                until: zone().date(now.plus(86_400 * self.roll(40) as i64)),
                text,
            },
            ActKind::Resume => Act::Resume,
            ActKind::Void => Act::Void { text },
            ActKind::WaiveCallback => Act::WaiveCallback { text },
            ActKind::Appeal => Act::Appeal { text },
            ActKind::Grant => Act::Grant {
                kind: self.maybe(&ApplicationKind::ALL),
                text,
            },
            ActKind::Decline => Act::Decline {
                kind: self.maybe(&ApplicationKind::ALL),
                text,
            },
            ActKind::Coordinate => Act::Coordinate { text },
            ActKind::Rule => Act::Rule(RulingOrder {
                lead: self.department(),
                assisting: self.assisting(),
                fallback: self.maybe(&["ps".to_owned()]),
                text,
                measures: String::new(),
                held_on: None,
            }),
            ActKind::Reply => Act::Reply(ReplyForm {
                contacted: self.chance(50),
                solved: self.chance(50),
                note: String::new(),
                answer: text,
            }),
            ActKind::Pass => Act::Pass,
            ActKind::Rework => Act::Rework { text },
            ActKind::CallBack => Act::CallBack(CallForm {
                about: self.maybe(&NUMBERS.map(String::from)),
                outcome: self.one(CallOutcome::ALL),
                rating: self.maybe(Rating::ALL),
                text,
            }),
            ActKind::Redo => Act::Redo { text },
            ActKind::Merge => Act::Merge {
                into: self.one(&NUMBERS).into(),
            },
            ActKind::Unmerge => Act::Unmerge,
            ActKind::Urge => Act::Urge { text },
            ActKind::Archive => Act::Archive,
            ActKind::Reopen => Act::Reopen { text },
            ActKind::Note => Act::Note { text },
            ActKind::Claim => Act::Claim,
            ActKind::Release => Act::Release,
            ActKind::SetConfidential => Act::SetConfidential {
                confidential: self.chance(30),
            },
            ActKind::SetUrgency => Act::SetUrgency {
                urgency: self.one(Urgency::ALL),
            },
            ActKind::Reclassify => Act::Reclassify(self.filing()),
            ActKind::Reveal => Act::Reveal { text },
            ActKind::Erase => Act::Erase { text },
            ActKind::Supervise => Act::Supervise { text },
            ActKind::ResolveSupervision => Act::ResolveSupervision {
                effective: self.chance(30),
                text,
            },
            ActKind::DismissSupervision => Act::DismissSupervision { text },
            ActKind::Circulate => Act::Circulate { text },
            ActKind::Refer => Act::Refer { text },
            ActKind::Serve => Act::Serve { text },
            ActKind::KeepCase => Act::KeepCase {
                text,
                tags: vec!["噪音".to_owned()],
            },
            ActKind::DropCase => Act::DropCase,
        }
    }

    /// Somebody who may do it: of the lead department where the row asks for a department.
    fn likely(&mut self, who: &[Role], ticket: &Ticket) -> Operator {
        let name = match self.one(who) {
            Role::Dispatcher => "desk",
            Role::ShiftLead => self.one(&["shift-lead", "other-lead"]),
            Role::Supervisor => "supervisor",
            Role::Department => ticket.lead.as_deref().unwrap_or("cgj"),
            Role::Callback => "caller",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
        };
        operator(name)
    }
}

/// What came of a story.
#[derive(Default)]
struct Outcome {
    states: BTreeSet<String>,
    allowed: BTreeSet<&'static str>,
    steps: usize,
    acts: usize,
}

/// Six tickets, and what has happened to them so far.
struct Story {
    dice: Dice,
    world: World,
    now: Instant,
    /// Tickets as they were before they were merged.
    before_merge: BTreeMap<String, Ticket>,
    outcome: Outcome,
}

impl Story {
    fn begin(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let mut world = World::default();
        // Every fifth story runs into the first year whose notice is not known.
        let start = if dice.chance(20) {
            "2026-11-20 09:00"
        } else {
            "2017-09-01 09:00"
        };
        let now = zone().parse(start).expect("a time");
        for no in NUMBERS {
            let form = Registration {
                created_at: now,
                source: "12345".into(),
                channel: "12345热线".into(),
                external_no: None,
                nature: dice.maybe(Nature::ALL),
                limit_class: None,
                urgency: dice.one(Urgency::ALL),
                confidential: dice.chance(10),
                category: Vec::new(),
                street: None,
                community: None,
            };
            world.register(no, &form, now, "desk");
        }
        Self {
            dice,
            world,
            now,
            before_merge: BTreeMap::new(),
            outcome: Outcome::default(),
        }
    }

    fn step(&mut self) -> Result<(), TestCaseError> {
        let Self { dice, world, .. } = self;
        self.now = self.now.plus(dice.roll(3 * 3600) as i64);
        if dice.chance(8) {
            self.now = self.now.plus(86_400 * dice.roll(5) as i64);
        }
        let no = dice.one(&NUMBERS);
        let before = world.kept(no).ticket.clone();
        let (kind, by) = if dice.chance(70) {
            let possible: Vec<_> = TABLE
                .iter()
                .filter(|row| row.from.includes(&before.state))
                .collect();
            let onward = if before.pending().next().is_some() && dice.chance(40) {
                Some(ActKind::Grant)
            } else if dice.chance(15) {
                let ladder = [
                    ActKind::Supervise,
                    ActKind::ResolveSupervision,
                    ActKind::Refer,
                ];
                Some(dice.one(&ladder))
            } else {
                forward(&before.state).filter(|_| dice.chance(40))
            };
            let row = match onward.and_then(workflow::transition) {
                Some(row) => row,
                None if possible.is_empty() => &TABLE[0],
                None => dice.one(&possible),
            };
            (row.act, dice.likely(row.who, &before))
        } else {
            (dice.one(ActKind::ALL), operator(dice.one(&PEOPLE)))
        };
        let act = dice.act(kind, self.now);
        let result = world.act(no, &by, &act, self.now);
        self.outcome.steps += 1;
        let kept = world.kept(no);
        self.outcome.states.insert(kept.ticket.state.code().into());
        match result {
            Err(refusal) => {
                prop_assert!(!refusal.rule().is_empty());
                prop_assert_eq!(&kept.ticket, &before, "a refusal changes nothing");
            }
            Ok(events) => {
                self.outcome.acts += 1;
                self.outcome.allowed.insert(kind.code());
                prop_assert!(!events.is_empty(), "an allowed act leaves a trace");
                prop_assert!(by.active && by.code != "auditor", "{:?}", act);
                prop_assert_eq!(kept.ticket.version, before.version + events.len() as u32);
                nothing_disappears(&before, &kept.ticket)?;
                match act {
                    Act::Merge { .. } => {
                        self.before_merge.insert(no.to_owned(), before);
                    }
                    Act::Unmerge => {
                        let was = self.before_merge.remove(no).expect("it was merged");
                        is_as_before(&was, &kept.ticket)?;
                    }
                    _ => {}
                }
            }
        }
        for kept in self.world.tickets.values() {
            stands(kept, self.now)?;
        }
        merges_agree(&self.world)
    }
}

/// The act that takes a ticket on its usual way.
fn forward(state: &State) -> Option<ActKind> {
    match state {
        State::Registered => Some(ActKind::File),
        State::Filed => Some(ActKind::Dispatch),
        State::Dispatched => Some(ActKind::Sign),
        State::Handling => Some(ActKind::Reply),
        State::Replied => Some(ActKind::Pass),
        State::Callback => Some(ActKind::CallBack),
        State::Coordinating => Some(ActKind::Rule),
        State::Suspended => Some(ActKind::Resume),
        State::Closed => Some(ActKind::Appeal),
        State::Archived => Some(ActKind::Reopen),
        State::Merged => Some(ActKind::Unmerge),
        State::Answered | State::Refused | State::Voided | State::Foreign(_) => None,
    }
}

/// The row is its ledger's, its clock is the citizen's, its deadlines are in order.
fn stands(kept: &Kept, now: Instant) -> Result<(), TestCaseError> {
    let ticket = &kept.ticket;
    prop_assert_eq!(&kept.replayed(), ticket);
    if let Some(clock) = &ticket.clock {
        prop_assert_eq!(clock.started, ticket.created_at, "the citizen's clock");
    }
    let marks = workflow::marks(ticket, policy(), &rules().calendar);
    prop_assert_eq!(marks, kept.marks);
    if let (Some(warn), Some(due)) = (marks.warn_at, marks.due_at) {
        prop_assert!(warn <= due && ticket.created_at < due);
    }
    let _ = ticket.light(marks, now);
    if ticket.state == State::Closed {
        prop_assert!(ticket.rating.is_some() && ticket.closed_at.is_some());
    }
    if !ticket.state.is_open() && ticket.state != State::Merged {
        let waiting: Vec<_> = ticket
            .pending()
            .filter(|a| a.kind != ApplicationKind::Appeal)
            .collect();
        prop_assert!(
            waiting.is_empty(),
            "{:?} waits for nothing: {waiting:?}",
            ticket.state
        );
    }
    Ok(())
}

fn nothing_disappears(before: &Ticket, after: &Ticket) -> Result<(), TestCaseError> {
    prop_assert_eq!(&before.no, &after.no);
    prop_assert_eq!(before.created_at, after.created_at);
    prop_assert_eq!(&before.edition, &after.edition);
    prop_assert!(before.clock.is_none() || after.clock.is_some());
    prop_assert!(
        before.on_time != Some(false) || after.on_time == Some(false),
        "late stays late"
    );
    prop_assert!(!before.exempt || after.exempt);
    prop_assert!(!before.no_return || after.no_return);
    prop_assert!(after.applications.len() >= before.applications.len());
    for (old, new) in before.applications.iter().zip(&after.applications) {
        prop_assert_eq!((old.number, old.kind), (new.number, new.kind));
        prop_assert_eq!(&old.text, &new.text);
        prop_assert!(old.decision.is_none() || old.decision == new.decision);
    }
    let counters = |t: &Ticket| {
        [
            t.returns,
            t.reworks,
            t.redos,
            t.urges,
            t.extensions,
            t.suspensions,
            u32::from(t.supervision_level),
        ]
    };
    let grown = counters(before)
        .iter()
        .zip(counters(after))
        .all(|(old, new)| *old <= new);
    prop_assert!(grown, "a count went back");
    Ok(())
}

/// Unmerging is the complete inverse: state, clocks and department.
fn is_as_before(was: &Ticket, is: &Ticket) -> Result<(), TestCaseError> {
    prop_assert_eq!((&was.state, was.state_since), (&is.state, is.state_since));
    prop_assert_eq!((&was.clock, &was.redo_clock), (&is.clock, &is.redo_clock));
    prop_assert_eq!(
        (&was.lead, &was.assisting, was.dispatched_at),
        (&is.lead, &is.assisting, is.dispatched_at)
    );
    prop_assert!(is.merged_into.is_none() && is.before_merge.is_none());
    Ok(())
}

/// Who is merged into whom is told alike on both sides, so that nobody's call-back is lost.
fn merges_agree(world: &World) -> Result<(), TestCaseError> {
    for (no, kept) in &world.tickets {
        for merged in &kept.ticket.merged {
            prop_assert_eq!(world.kept(merged).ticket.merged_into.as_ref(), Some(no));
        }
        if let Some(master) = &kept.ticket.merged_into {
            prop_assert!(world.kept(master).ticket.merged.contains(no));
            prop_assert_eq!(&kept.ticket.state, &State::Merged);
        }
    }
    Ok(())
}

fn tell(seed: u64, steps: usize) -> Result<Outcome, TestCaseError> {
    let mut story = Story::begin(seed);
    for _ in 0..steps {
        story.step()?;
    }
    prop_assert_eq!(story.world.tickets.len(), NUMBERS.len());
    for kept in story.world.tickets.values() {
        let json = serde_json::to_string(&kept.ticket).expect("written");
        let read: Ticket = serde_json::from_str(&json).expect("read");
        prop_assert_eq!(&read, &kept.ticket, "JSON keeps a ticket whole");
    }
    Ok(story.outcome)
}

#[test]
fn random_acts_break_nothing() {
    let mut runner = TestRunner::new(Config::with_cases(48));
    runner
        .run(&any::<u64>(), |seed| tell(seed, 200).map(|_| ()))
        .unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn random_acts_reach_every_state_and_nearly_every_act() {
    let mut states = BTreeSet::new();
    let mut allowed = BTreeSet::new();
    let (mut steps, mut acts) = (0, 0);
    for seed in 0..80 {
        let outcome = tell(seed, 200).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        states.extend(outcome.states);
        allowed.extend(outcome.allowed);
        steps += outcome.steps;
        acts += outcome.acts;
    }
    assert!(
        steps == 16_000 && acts > 3_000,
        "{acts} of {steps} were allowed"
    );
    let unreached: Vec<&str> = State::ALL
        .iter()
        .map(State::code)
        .filter(|code| !states.contains(*code))
        .collect();
    assert_eq!(unreached, Vec::<&str>::new());
    // Which acts need the most luck changes with the rules; nearly all must happen.
    let never: Vec<&str> = ActKind::ALL
        .iter()
        .map(|kind| kind.code())
        .filter(|code| !allowed.contains(code))
        .collect();
    assert!(never.len() <= 2, "never allowed: {never:?}");
}
