//! A lifelike sample store: every state, light and channel, six streets, a night's backlog.
//!
//! Nothing is faked: the sample tickets live through the same acts, by operators with the same roles, as
//! real ones; only the moments are played forward. The same seed and moment give the same store.

mod bulk;
mod chance;
mod life;
mod template;

use super::performing::{Order, perform_in};
use super::registering::register_in;
use super::{Centre, NotDone};
use crate::domain::act::{Act, Registration};
use crate::domain::department::{Directory, Place};
use crate::domain::instant::{DAY, Instant};
use crate::domain::operator::{Operator, Role, Roles};
use crate::domain::rules::Rules;
use crate::domain::ticket::{Nature, State, Urgency};
use crate::store::{Failure, FailureKind, Tx};
use chance::Chance;
use life::{Fate, Scene, Step, Who};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use template::{Hours, Matter, Sample, Template};

/// How far back the sample reaches.
const DAYS: i64 = 45;
/// Tickets of the sample when no number is asked for.
const TICKETS: usize = 420;
/// Tickets of the last night, most of them still to dispatch.
const NIGHT: usize = 38;
/// From this size on a store is synthetic: most tickets arrive closed.
const BULK_FROM: usize = 3_000;

/// What was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// Tickets.
    pub tickets: u64,
    /// Acts done.
    pub acts: u64,
    /// Acts that a rule refused; their tickets stay where they were.
    pub refused: u64,
}

/// Fills an empty store with sample tickets up to `now`.
///
/// # Errors
/// [`NotDone::Failed`] when the store cannot be written or the built-in sample is broken.
pub fn fill(
    centre: &mut Centre,
    tickets: Option<usize>,
    seed: u64,
    now: Instant,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Made, NotDone> {
    let sample = Sample::builtin()
        .map_err(|e| Failure::new(FailureKind::Bug, format!("assets/demo/requests.toml: {e}")))?;
    let mut chance = Chance::new(seed);
    match tickets {
        Some(many) if many >= BULK_FROM => {
            bulk::fill(centre, &sample, many, &mut chance, now, progress)
        }
        few => live(
            centre,
            &sample,
            few.unwrap_or(TICKETS),
            &mut chance,
            now,
            progress,
        ),
    }
}

/// One sample ticket and what is decided about it.
struct Life {
    matter: Matter,
    fate: Fate,
    /// Nothing more happens to it: it waits for the person who opens the sample.
    waits: bool,
    /// The earlier ticket it repeats.
    repeats: Option<usize>,
    no: Option<String>,
    form: Registration,
    steps: u32,
}

/// What comes next in the sample, in order of time.
type Agenda = BinaryHeap<Reverse<(Instant, usize)>>;

fn live(
    centre: &mut Centre,
    sample: &Sample,
    tickets: usize,
    chance: &mut Chance,
    now: Instant,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Made, NotDone> {
    let lives = births(centre.rules(), sample, tickets, chance, now);
    let rules = centre.shared_rules();
    let by = centre.operator.code.clone();
    // One transaction: a sample that is half made is not there at all.
    centre.store.write(|tx| {
        add_operators(tx, &rules, &by, now)?;
        let mut play = Play {
            tx,
            rules: &rules,
            chance,
            lives,
            made: Made::default(),
        };
        play.run(now, tickets as u64, progress)?;
        Ok(play.made)
    })
}

/// The sample while it is played.
struct Play<'a, 'store> {
    tx: &'a Tx<'store>,
    rules: &'a Rules,
    chance: &'a mut Chance,
    lives: Vec<Life>,
    made: Made,
}

impl Play<'_, '_> {
    /// Takes the steps of all tickets in the order of time, so that the ledger reads like a real one.
    fn run(
        &mut self,
        now: Instant,
        tickets: u64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), NotDone> {
        let begins = |(i, life): (usize, &Life)| Reverse((life.form.created_at, i));
        let mut agenda: Agenda = self.lives.iter().enumerate().map(begins).collect();
        let mut waiting: Vec<Option<Step>> = self.lives.iter().map(|_| None).collect();
        while let Some(Reverse((at, i))) = agenda.pop() {
            if at > now {
                continue;
            }
            match waiting[i].take() {
                None => {
                    self.begin(i, at)?;
                    self.made.tickets += 1;
                    progress(self.made.tickets, tickets);
                }
                Some(step) => {
                    self.made.acts += 1;
                    self.lives[i].steps += 1;
                    if !self.take(i, &step, at)? {
                        self.made.refused += 1;
                        continue;
                    }
                }
            }
            if let Some(step) = self.next_step(i, at)? {
                agenda.push(Reverse((at.plus(step.after.max(1)), i)));
                waiting[i] = Some(step);
            }
        }
        Ok(())
    }

    fn begin(&mut self, i: usize, at: Instant) -> Result<(), NotDone> {
        let life = &self.lives[i];
        let by = operator(Who::Dispatcher, None, &self.rules.directory).code;
        let words = &life.matter.texts;
        let loaded = register_in(self.tx, self.rules, &by, &life.form, words, at)?;
        self.lives[i].no = Some(loaded.ticket.no);
        Ok(())
    }

    /// Does a step; false when a rule refused it.
    fn take(&mut self, i: usize, step: &Step, at: Instant) -> Result<bool, NotDone> {
        let Some(no) = self.lives[i].no.clone() else {
            return Ok(false);
        };
        let lead = self.tx.load(&no)?.and_then(|l| l.ticket.lead);
        let who = operator(step.who, lead, &self.rules.directory);
        let order = Order {
            no,
            version: None,
            act: step.act.clone(),
        };
        match perform_in(self.tx, self.rules, &who, &order, at) {
            Ok(_) => Ok(true),
            Err(NotDone::Refused(_)) => Ok(false),
            Err(other) => Err(other),
        }
    }

    fn next_step(&mut self, i: usize, at: Instant) -> Result<Option<Step>, NotDone> {
        let life = &self.lives[i];
        let Some(no) = life.no.as_deref() else {
            return Ok(None);
        };
        let Some(loaded) = self.tx.load(no)? else {
            return Ok(None);
        };
        let ticket = &loaded.ticket;
        let repeats = life
            .repeats
            .and_then(|of| self.lives.get(of)?.no.as_deref());
        let repeats = match repeats {
            Some(master)
                if self
                    .tx
                    .load(master)?
                    .is_some_and(|m| m.ticket.state.is_open()) =>
            {
                Some(master)
            }
            _ => None,
        };
        let scene = Scene {
            ticket,
            marks: loaded.marks,
            matter: &life.matter,
            fate: &life.fate,
            policy: self.rules.editions.of(&ticket.edition, ticket.created_at),
            now: at,
            steps: life.steps,
            repeats,
        };
        let next = scene.next(self.chance);
        // Of the night's backlog most are filed and wait; some are not even that.
        let filing = matches!(next.as_ref().map(|s| &s.act), Some(Act::File(_)));
        let files = ticket.state == State::Registered && filing && self.chance.percent(80);
        Ok(next.filter(|_| !life.waits || files))
    }
}

fn births(
    rules: &Rules,
    sample: &Sample,
    tickets: usize,
    chance: &mut Chance,
    now: Instant,
) -> Vec<Life> {
    let night = NIGHT.min(tickets / 3);
    let directory = &rules.directory;
    let mut lives: Vec<Life> = (0..tickets)
        .filter_map(|n| {
            let tonight = n < night;
            let template = chance.one(&sample.templates)?;
            let created_at = if tonight {
                now.plus(-chance.between(2 * 60, 13 * 3600))
            } else {
                let at = now.plus(-chance.between(13 * 3600, DAYS * DAY));
                at_its_hour(at, template.hours, chance)
            };
            let places = directory.communities();
            let place = places.get(chance.early(places.len()))?;
            let source = chance.one(&template.sources)?.clone();
            Some(Life {
                matter: sample.matter(template, place, directory, chance),
                fate: Fate::draw(created_at > now.plus(-3 * DAY), chance),
                waits: tonight && chance.percent(82),
                repeats: None,
                no: None,
                form: Registration {
                    urgency: match chance.between(1, 100) {
                        1 => Urgency::Critical,
                        2..=4 => Urgency::Urgent,
                        _ if template.urgent => Urgency::Urgent,
                        _ => Urgency::Normal,
                    },
                    confidential: template.nature == Nature::Report || chance.percent(2),
                    ..registration(template, place, source, created_at)
                },
                steps: 0,
            })
        })
        .collect();
    lives.sort_by_key(|life| life.form.created_at);
    repeat_some(&mut lives, chance);
    lives
}

/// A request of this kind from this place, neither urgent nor confidential.
fn registration(
    template: &Template,
    place: &Place,
    source: String,
    created_at: Instant,
) -> Registration {
    Registration {
        created_at,
        channel: channel_of(&source).to_owned(),
        source,
        external_no: None,
        nature: Some(template.nature),
        limit_class: None,
        urgency: Urgency::Normal,
        confidential: false,
        category: template.category.clone(),
        street: place.street.clone(),
        community: Some(place.name.clone()),
    }
}

/// Some citizens call about what others have called about: the same matter, place and words, hours later.
fn repeat_some(lives: &mut [Life], chance: &mut Chance) {
    for later in 1..lives.len() {
        if !chance.percent(5) {
            continue;
        }
        let earlier = later - 1;
        let (before, after) = lives.split_at_mut(later);
        let (first, second) = (&before[earlier], &mut after[0]);
        if second.form.created_at.since(first.form.created_at) > DAY || second.waits {
            continue;
        }
        let requester = second.matter.texts.requester.clone();
        second.matter = first.matter.clone();
        second.matter.texts.requester = requester;
        second.form = Registration {
            created_at: second.form.created_at,
            source: second.form.source.clone(),
            channel: second.form.channel.clone(),
            ..first.form.clone()
        };
        second.repeats = Some(earlier);
    }
}

/// The same day at an hour that suits the request. `[practice: 30 % arrive 18:00–08:00]`
fn at_its_hour(at: Instant, hours: Hours, chance: &mut Chance) -> Instant {
    let hour = (at.0 + 8 * 3600).rem_euclid(DAY) / 3600;
    let by_day = match hours {
        Hours::Day => true,
        Hours::Night => chance.percent(25),
        Hours::Any => chance.percent(70),
    };
    match ((8..18).contains(&hour), by_day) {
        (true, true) | (false, false) => at,
        (false, true) => at.plus((9 + chance.between(0, 8) - hour) * 3600),
        (true, false) => at.plus((19 + chance.between(0, 4) - hour) * 3600),
    }
}

fn channel_of(source: &str) -> &'static str {
    match source {
        "@坪山" => "wechat",
        "政府信箱" => "mail",
        "美丽深圳" => "app",
        "来访" | "现场来访" => "counter",
        "领导交办" => "leader",
        _ => "phone",
    }
}

/// The sample's people: they stand in the operators' list, so that their acts can be looked up.
fn add_operators(tx: &Tx<'_>, rules: &Rules, by: &str, now: Instant) -> Result<(), NotDone> {
    let directory = &rules.directory;
    let centre = [
        Who::Dispatcher,
        Who::ShiftLead,
        Who::SecondLead,
        Who::Callback,
        Who::Supervisor,
    ];
    let departments = directory.departments().iter().filter(|d| d.active);
    let people = centre
        .map(|who| operator(who, None, directory))
        .into_iter()
        .chain(departments.map(|d| operator(Who::Department, Some(d.code.clone()), directory)));
    for person in people {
        tx.put_operator(&person, by, now)?;
    }
    Ok(())
}

fn operator(who: Who, department: Option<String>, directory: &Directory) -> Operator {
    let (code, name, role) = match who {
        Who::Dispatcher => ("zhangsan", "张三", Role::Dispatcher),
        Who::ShiftLead => ("lisi", "李四", Role::ShiftLead),
        Who::SecondLead => ("zhaoliu", "赵六", Role::ShiftLead),
        Who::Callback => ("wangwu", "王五", Role::Callback),
        Who::Supervisor => ("sunqi", "孙七", Role::Supervisor),
        Who::Department => {
            let code = department.unwrap_or_default();
            return Operator {
                name: format!("{}经办", directory.department_name(&code)),
                roles: Roles::default().with(Role::Department),
                active: true,
                department: Some(code.clone()),
                code: format!("{code}-01"),
            };
        }
    };
    Operator {
        code: code.to_owned(),
        name: name.to_owned(),
        roles: Roles::default().with(role),
        department: None,
        active: true,
    }
}
