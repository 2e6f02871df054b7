//! The rule book as stories: each file of `tests/scenarios` is a sentence, steps, and what must be true after each.
//! The steps run over `domain` alone. Start at [`every_scenario_holds`]; [`world`] is the centre they happen in,
//! [`random`] lets random people do random things there.
#![cfg(test)]

mod random;
mod world;

use fenbo::domain::act::{
    Act, ActKind, CallForm, CallOutcome, Filing, Rating, Registration, ReplyForm, RulingOrder,
};
use fenbo::domain::application::ApplicationKind;
use fenbo::domain::clock::Counting;
use fenbo::domain::event::Event;
use fenbo::domain::guards;
use fenbo::domain::instant::Instant;
use fenbo::domain::ticket::{LimitClass, Nature, Urgency};
use fenbo::domain::workflow::TABLE;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use world::{World, directory, operator, policy, rules, zone};

/// One file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    /// What it shows, in a sentence.
    title: String,
    /// The tickets, registered at their creation.
    ticket: BTreeMap<String, NewTicket>,
    /// What happens, in order of time.
    step: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTicket {
    created: String,
    nature: Option<String>,
    class: Option<String>,
    #[serde(default)]
    category: Vec<String>,
    street: Option<String>,
    #[serde(default)]
    confidential: bool,
    urgency: Option<String>,
    /// How far it has come when the scenario begins: an act every ten minutes from its creation.
    state: Option<String>,
    /// Who is lead then.
    lead: Option<String>,
}

/// One step: an act, what is expected of it, and what is true afterwards. Without an act it only looks.
#[derive(Deserialize)]
struct Step {
    at: String,
    #[serde(default)]
    by: String,
    /// Which ticket; the first when absent.
    on: Option<String>,
    act: Option<String>,
    /// The state afterwards.
    expect: Option<String>,
    /// The rule that refuses.
    refused: Option<String>,
    /// A piece of the refusal, such as the date it names.
    says: Option<String>,
    /// The codes of the events written.
    events: Option<Vec<String>>,
    /// What is true of the ticket afterwards.
    #[serde(default)]
    check: BTreeMap<String, Value>,
    /// Keeps the ticket under a name …
    remember: Option<String>,
    /// … to be compared with what was kept, the version apart.
    same_as: Option<String>,
    /// The words of the act, see [`Words`].
    #[serde(flatten)]
    words: toml::Table,
}

/// The words of an act.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(default)]
    text: String,
    to: Option<String>,
    #[serde(default)]
    assist: Vec<String>,
    fallback: Option<String>,
    ground: Option<String>,
    until: Option<String>,
    units: Option<u32>,
    kind: Option<String>,
    into: Option<String>,
    about: Option<String>,
    outcome: Option<String>,
    rating: Option<String>,
    nature: Option<String>,
    class: Option<String>,
    #[serde(default)]
    category: Vec<String>,
    street: Option<String>,
    #[serde(default)]
    address_unknown: bool,
    #[serde(default)]
    confidential: bool,
    urgency: Option<String>,
    #[serde(default)]
    effective: bool,
}

fn code<T>(given: Option<&String>, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    given.map(|c| read(c).unwrap_or_else(|| panic!("unknown code {c}")))
}

impl Words {
    fn filing(&self) -> Filing {
        Filing {
            nature: code(self.nature.as_ref(), Nature::from_code),
            limit_class: code(self.class.as_ref(), LimitClass::from_code),
            category: self.category.clone(),
            street: self.street.clone(),
            community: None,
            address_unknown: self.address_unknown,
        }
    }

    fn application(&self) -> Option<ApplicationKind> {
        code(self.kind.as_ref(), |c| {
            ApplicationKind::ALL.into_iter().find(|k| k.code() == c)
        })
    }

    fn act(&self, verb: &str) -> Act {
        let kind = ActKind::from_code(verb).unwrap_or_else(|| panic!("unknown act {verb}"));
        let text = self.text.clone();
        match kind {
            ActKind::File => Act::File(self.filing()),
            ActKind::Answer => Act::Answer { text },
            ActKind::Refuse => Act::Refuse {
                ground: self.ground.clone().unwrap_or_default(),
                text,
            },
            ActKind::Dispatch => Act::Dispatch {
                lead: self.to.clone().unwrap_or_default(),
                assisting: self.assist.clone(),
                suggestion: None,
            },
            ActKind::Recall => Act::Recall,
            ActKind::Sign => Act::Sign,
            ActKind::RequestReturn => Act::RequestReturn {
                ground: self.ground.clone().unwrap_or_default(),
                text,
                suggested: self.to.clone(),
            },
            ActKind::LateReturn => Act::LateReturn { text },
            ActKind::Extend => Act::Extend {
                units: self.units.unwrap_or(0),
                text,
            },
            ActKind::Suspend => Act::Suspend {
                until: self
                    .until
                    .as_deref()
                    .unwrap_or("2017-01-01")
                    .parse()
                    .expect("a day"),
                text,
            },
            ActKind::Resume => Act::Resume,
            ActKind::Void => Act::Void { text },
            ActKind::WaiveCallback => Act::WaiveCallback { text },
            ActKind::Appeal => Act::Appeal { text },
            ActKind::Grant => Act::Grant {
                kind: self.application(),
                text,
            },
            ActKind::Decline => Act::Decline {
                kind: self.application(),
                text,
            },
            ActKind::Coordinate => Act::Coordinate { text },
            ActKind::Rule => Act::Rule(RulingOrder {
                lead: self.to.clone().unwrap_or_default(),
                assisting: self.assist.clone(),
                fallback: self.fallback.clone(),
                text,
                measures: String::new(),
                held_on: None,
            }),
            ActKind::Reply => Act::Reply(ReplyForm {
                contacted: true,
                solved: true,
                note: String::new(),
                answer: text,
            }),
            ActKind::Pass => Act::Pass,
            ActKind::Rework => Act::Rework { text },
            ActKind::CallBack => Act::CallBack(CallForm {
                about: self.about.clone(),
                outcome: code(self.outcome.as_ref(), CallOutcome::from_code)
                    .unwrap_or(CallOutcome::Reached),
                rating: code(self.rating.as_ref(), Rating::from_code),
                text,
            }),
            ActKind::Redo => Act::Redo { text },
            ActKind::Merge => Act::Merge {
                into: self.into.clone().unwrap_or_default(),
            },
            ActKind::Unmerge => Act::Unmerge,
            ActKind::Urge => Act::Urge { text },
            ActKind::Archive => Act::Archive,
            ActKind::Reopen => Act::Reopen { text },
            ActKind::Note => Act::Note { text },
            ActKind::Claim => Act::Claim,
            ActKind::Release => Act::Release,
            ActKind::SetConfidential => Act::SetConfidential {
                confidential: self.confidential,
            },
            ActKind::SetUrgency => Act::SetUrgency {
                urgency: code(self.urgency.as_ref(), Urgency::from_code).expect("an urgency"),
            },
            ActKind::Reclassify => Act::Reclassify(self.filing()),
            ActKind::Reveal => Act::Reveal { text },
            ActKind::Erase => Act::Erase { text },
            ActKind::Supervise => Act::Supervise { text },
            ActKind::ResolveSupervision => Act::ResolveSupervision {
                effective: self.effective,
                text,
            },
            ActKind::DismissSupervision => Act::DismissSupervision { text },
            ActKind::Circulate => Act::Circulate { text },
            ActKind::Refer => Act::Refer { text },
            ActKind::Serve => Act::Serve { text },
            ActKind::KeepCase => Act::KeepCase {
                text,
                tags: Vec::new(),
            },
            ActKind::DropCase => Act::DropCase,
        }
    }
}

/// What the scenarios have shown, over all files.
#[derive(Default)]
struct Shown {
    allowed: BTreeSet<&'static str>,
    refused: BTreeSet<&'static str>,
    /// Names of the refusals met.
    refusals: BTreeSet<String>,
    problems: Vec<String>,
}

fn at(text: &str) -> Instant {
    zone().parse(text).unwrap_or_else(|e| panic!("{e}"))
}

/// The facts a `check` may name: the ticket's own fields, and what follows from them at `now`.
fn facts(world: &World, no: &str, now: Instant) -> serde_json::Map<String, Value> {
    let kept = world.kept(no);
    let ticket = &kept.ticket;
    let Ok(Value::Object(mut facts)) = serde_json::to_value(ticket) else {
        panic!("a ticket is an object");
    };
    let minute = |at: Option<Instant>| at.map(|a| zone().minute(a));
    let last_day = |due: Option<Instant>| due.map(|d| zone().date(d.plus(-1)).to_string());
    // The citizen's own deadline, whatever clock rules the light.
    let how = Counting::of(policy());
    let own = ticket
        .clock
        .as_ref()
        .and_then(|c| c.deadline(&rules().calendar, how).ok());
    let off_list = ticket
        .lead
        .as_deref()
        .is_some_and(|lead| guards::leads_off_list(lead, ticket.limit_class, directory()));
    let pending: Vec<&str> = ticket.pending().map(|a| a.kind.code()).collect();
    let declined: Vec<&str> = ticket
        .applications
        .iter()
        .filter_map(|a| a.decision.as_ref())
        .filter(|d| !d.granted)
        .map(|d| d.reason.as_str())
        .collect();
    let derived = json!({
        "due": last_day(kept.marks.due_at),
        "yellow_from": minute(kept.marks.warn_at),
        "stage_due": minute(kept.marks.stage_due_at),
        "light": ticket.light(kept.marks, now).code(),
        "holder": ticket.holder().code(),
        "pending": pending,
        "declined": declined,
        "claimed_by": ticket.claim.as_ref().map(|c| &c.by),
        "calls_kept": ticket.calls.len(),
        "leads_off_list": off_list,
        "own_due": own.map(|d| d.last_day.to_string()),
        "clock_started": ticket.clock.as_ref().map(|c| zone().minute(c.started)),
    });
    if let Value::Object(derived) = derived {
        facts.extend(derived);
    }
    facts
}

/// Absent, and the value a field has when it is left out of the JSON, are one.
fn equal(found: Option<&Value>, wanted: &Value) -> bool {
    match found {
        Some(found) if !found.is_null() => found == wanted,
        _ => *wanted == json!("none") || [json!(0), json!(false), json!([])].contains(wanted),
    }
}

/// Brings a new ticket to the state in which its scenario begins.
fn bring(world: &mut World, no: &str, new: &NewTicket) {
    let Some(wanted) = &new.state else { return };
    let lead = new.lead.clone().unwrap_or_else(|| "cgj".into());
    let file = Act::File(Filing {
        nature: new.nature.is_none().then_some(Nature::Complaint),
        category: if new.category.is_empty() {
            vec!["环保水务".into()]
        } else {
            Vec::new()
        },
        street: Some("坪山街道".into()),
        ..Filing::default()
    });
    let dispatch = Act::Dispatch {
        lead: lead.clone(),
        assisting: Vec::new(),
        suggestion: None,
    };
    let reply = Act::Reply(ReplyForm {
        answer: "已处理。".into(),
        ..ReplyForm::default()
    });
    let call = Act::CallBack(CallForm {
        about: None,
        outcome: CallOutcome::Reached,
        rating: Some(Rating::Satisfied),
        text: String::new(),
    });
    let way = [
        ("desk", file),
        ("desk", dispatch),
        (lead.as_str(), Act::Sign),
        (lead.as_str(), reply),
        ("desk", Act::Pass),
        ("caller", call),
    ];
    let mut now = at(&new.created);
    for (by, act) in way {
        if world.kept(no).ticket.state.code() == wanted {
            break;
        }
        now = now.plus(600);
        world
            .act(no, &operator(by), &act, now)
            .expect("the way there is open");
    }
    assert_eq!(world.kept(no).ticket.state.code(), wanted);
}

fn begin(scenario: &Scenario) -> World {
    let mut world = World::default();
    for (no, new) in &scenario.ticket {
        let created_at = at(&new.created);
        let form = Registration {
            created_at,
            source: "12345".into(),
            channel: "12345热线".into(),
            external_no: None,
            nature: code(new.nature.as_ref(), Nature::from_code),
            limit_class: code(new.class.as_ref(), LimitClass::from_code),
            urgency: code(new.urgency.as_ref(), Urgency::from_code).unwrap_or(Urgency::Normal),
            confidential: new.confidential,
            category: new.category.clone(),
            street: new.street.clone(),
            community: None,
        };
        world.register(no, &form, created_at, "desk");
        bring(&mut world, no, new);
    }
    world
}

fn run(path: &Path, shown: &mut Shown) {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let text = std::fs::read_to_string(path).expect("readable");
    let scenario: Scenario = match toml::from_str(&text) {
        Ok(scenario) => scenario,
        Err(e) => return shown.problems.push(format!("{name}: {e}")),
    };
    assert!(scenario.title.len() > 20, "{name}: a sentence, please");
    let mut world = begin(&scenario);
    let first = scenario.ticket.keys().next().expect("a ticket").clone();
    let mut remembered: BTreeMap<&str, Value> = BTreeMap::new();
    let mut before = Instant(i64::MIN);
    for (index, step) in scenario.step.iter().enumerate() {
        let now = at(&step.at);
        let no = step.on.as_ref().unwrap_or(&first);
        let verb = step.act.as_deref().unwrap_or("look");
        let place = format!("{name}, step {} ({} {verb})", index + 1, step.at);
        assert!(now >= before, "{place}: time runs backwards");
        before = now;
        if step.act.is_some() {
            take(step, verb, no, now, &mut world, shown, &place);
        }
        let facts = facts(&world, no, now);
        let state = step.expect.iter().map(|s| ("state", json!(s)));
        let checks = step.check.iter().map(|(k, v)| (k.as_str(), v.clone()));
        for (field, wanted) in state.chain(checks) {
            if !equal(facts.get(field), &wanted) {
                let found = facts.get(field).unwrap_or(&Value::Null);
                let problem = format!("{place}: {field} is {found}, not {wanted}");
                shown.problems.push(problem);
            }
        }
        let mut whole = Value::Object(facts);
        whole["version"] = Value::Null;
        if let Some(wanted) = &step.same_as
            && remembered.get(wanted.as_str()) != Some(&whole)
        {
            let problem = format!("{place}: not as {wanted:?}:\n{whole:#}");
            shown.problems.push(problem);
        }
        if let Some(as_name) = &step.remember {
            remembered.insert(as_name, whole);
        }
        for (no, kept) in &world.tickets {
            if kept.replayed() != kept.ticket {
                let problem = format!("{place}: the ledger of {no} does not replay to its row");
                shown.problems.push(problem);
            }
        }
    }
}

/// Takes a step's act and holds what came of it against what the step expects.
fn take(
    step: &Step,
    verb: &str,
    no: &str,
    now: Instant,
    world: &mut World,
    shown: &mut Shown,
    place: &str,
) {
    let words: Words = match step.words.clone().try_into() {
        Ok(words) => words,
        Err(e) => return shown.problems.push(format!("{place}: {e}")),
    };
    let act = words.act(verb);
    let kind = act.kind().code();
    let problem = match (world.act(no, &operator(&step.by), &act, now), &step.refused) {
        (Ok(events), None) => {
            shown.allowed.insert(kind);
            let codes: Vec<&str> = events.iter().map(Event::code).collect();
            match &step.events {
                Some(wanted) if codes != *wanted => format!("events {codes:?}, not {wanted:?}"),
                _ => return,
            }
        }
        (Ok(_), Some(rule)) => format!("allowed, not refused by {rule}"),
        (Err(refusal), None) => format!("{refusal:?}"),
        (Err(refusal), Some(rule)) => {
            shown.refused.insert(kind);
            let said = format!("{refusal:?}");
            let name = said.chars().take_while(|c| c.is_alphanumeric()).collect();
            shown.refusals.insert(name);
            if refusal.rule() != rule {
                format!("{said} by {}, not by {rule}", refusal.rule())
            } else if step.says.as_ref().is_some_and(|s| !said.contains(s)) {
                format!("{said} says nothing of {:?}", step.says)
            } else {
                return;
            }
        }
    };
    shown.problems.push(format!("{place}: {problem}"));
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the scenarios")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    files
}

fn run_all() -> Shown {
    let mut shown = Shown::default();
    for path in files() {
        run(&path, &mut shown);
    }
    shown
}

#[test]
fn every_scenario_holds() {
    let problems = run_all().problems;
    let count = problems.len();
    assert!(
        problems.is_empty(),
        "{count} problems\n{}",
        problems.join("\n")
    );
}

#[test]
fn every_row_of_the_table_is_shown_allowed_and_refused() {
    let shown = run_all();
    let missing = |seen: &BTreeSet<&'static str>| -> Vec<&str> {
        let rows = TABLE.iter().map(|row| row.act.code());
        rows.filter(|code| !seen.contains(code)).collect()
    };
    assert_eq!(TABLE.len(), ActKind::ALL.len(), "one row an act");
    assert_eq!(missing(&shown.allowed), Vec::<&str>::new(), "never allowed");
    assert_eq!(missing(&shown.refused), Vec::<&str>::new(), "never refused");
}

#[test]
fn every_refusal_of_the_rules_is_shown() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain");
    let names: BTreeSet<String> = ["workflow.rs", "guards.rs", "checks.rs", "effects.rs"]
        .iter()
        .map(|file| std::fs::read_to_string(folder.join(file)).expect("the rules"))
        .flat_map(|source| {
            let after = source.split("Refusal::").skip(1);
            after
                .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric()).collect())
                .collect::<Vec<String>>()
        })
        .collect();
    assert!(names.len() > 40, "{names:?}");
    let shown = run_all().refusals;
    let missing: Vec<_> = names.difference(&shown).collect();
    assert_eq!(missing, Vec::<&String>::new());
}
