//! Whether a probability is one: what is said to come true so often comes true so often, also where little is known or
//! little was learned. `-- --nocapture` prints the reliability: what was said, and what was, in five steps.

use super::{Events, events, invented, model};
use fenbo::insight::suggest::SURE_FROM;
use fenbo::insight::{Basis, Case, Ending, Known, Model, Params, Part, Suggestions, text};
use std::collections::BTreeSet;

/// What was said of first suggestions, and whether they were right.
#[derive(Default)]
struct Reliability {
    said: Vec<(f64, bool)>,
    sure: Vec<bool>,
}

impl Reliability {
    fn note(&mut self, found: &Suggestions, truth: &str) {
        let sum: f64 = found.list.iter().map(|s| s.probability).sum();
        assert!(sum <= 1.0 + 1e-3, "{sum}");
        let Some(first) = found.list.first() else {
            return;
        };
        let right = first.department == truth;
        self.said.push((first.probability, right));
        // What is called sure is so by the figure beside it, and what is not although the figure says so tells why.
        let (is_likely, is_shown) = (first.probability >= 0.99, first.percent());
        assert!(!found.prefill || is_shown >= 95, "{found:?}");
        assert!(
            !is_likely || found.prefill || found.doubt.is_some(),
            "{found:?}"
        );
        assert!(!found.prefill || found.doubt.is_none(), "{found:?}");
        assert!(is_shown <= 99, "nothing is certain: {found:?}");
        if found.prefill {
            self.sure.push(right);
        }
    }

    fn means(of: &[(f64, bool)]) -> (f64, f64) {
        let n = of.len().max(1) as f64;
        let said: f64 = of.iter().map(|(said, _)| said).sum();
        (
            said / n,
            of.iter().filter(|(_, right)| *right).count() as f64 / n,
        )
    }

    /// The expected calibration error over ten steps, after a line that shows it over five.
    fn error(&self, name: &str) -> f64 {
        let steps = |count: usize| -> Vec<Vec<(f64, bool)>> {
            let step = |said: f64| ((said * count as f64) as usize).min(count - 1);
            let of = |at| {
                let in_it = self.said.iter().filter(move |(said, _)| step(*said) == at);
                in_it.copied().collect()
            };
            (0..count).map(of).collect()
        };
        let error = steps(10).into_iter().map(|of| {
            let (said, was) = Self::means(&of);
            (said - was).abs() * of.len() as f64 / self.said.len() as f64
        });
        let error: f64 = error.sum();
        let (said, was) = Self::means(&self.said);
        let line: Vec<String> = steps(5)
            .iter()
            .filter(|of| !of.is_empty())
            .map(|of| {
                let (said, was) = Self::means(of);
                format!("{said:.2}->{was:.2} ({})", of.len())
            })
            .collect();
        println!(
            "{name:24} {:5} said {said:.3} was {was:.3} error {error:.3}  sure {}/{}  {}",
            self.said.len(),
            self.sure.iter().filter(|right| **right).count(),
            self.sure.len(),
            line.join("  "),
        );
        error
    }
}

/// What is left of a ticket of which only this is known.
type Less = fn(&Case) -> Case;

fn nothing(of: &Case) -> Case {
    Case {
        no: of.no.clone(),
        created_at: of.created_at,
        ..Case::default()
    }
}

const LESS: [(&str, Less); 9] = [
    ("everything", Clone::clone),
    ("nothing", nothing),
    ("category", |c| Case {
        category: c.category.clone(),
        ..nothing(c)
    }),
    ("class", |c| Case {
        category: c.category[..1].to_vec(),
        ..nothing(c)
    }),
    ("street", |c| Case {
        street: c.street.clone(),
        ..nothing(c)
    }),
    ("street and community", |c| Case {
        street: c.street.clone(),
        community: c.community.clone(),
        ..nothing(c)
    }),
    ("source", |c| Case {
        source: c.source.clone(),
        ..nothing(c)
    }),
    ("category and street", |c| Case {
        category: c.category.clone(),
        street: c.street.clone(),
        ..nothing(c)
    }),
    ("words never met", |c| Case {
        content: Some("窨井盖丢了".into()),
        ..nothing(c)
    }),
];

/// Asks about the last part of a history with parts of it unknown, before each ticket is learned.
fn replayed<'a>(
    mut model: Model,
    history: &[(Case, String)],
    from: usize,
    less: &'a [(&'static str, Less)],
) -> Vec<(&'a str, Reliability)> {
    let mut all: Vec<(&str, Reliability)> = less
        .iter()
        .map(|(name, _)| (*name, Reliability::default()))
        .collect();
    for (at, (case, department)) in history.iter().enumerate() {
        if at >= from {
            for ((_, noted), (_, less)) in all.iter_mut().zip(less) {
                let now = case.created_at.unwrap();
                noted.note(&model.suggest(&less(case), now, 5), department);
            }
        }
        model.learn(case, department, Ending::Kept);
    }
    all
}

#[test]
fn from_a_part_of_a_real_ticket_as_much_is_said_as_came_true() {
    let Some(Events { history, names }) = events() else {
        return;
    };
    let events = Events { history, names };
    let from = events.history.len() - events.history.len() * 3 / 10;
    for (name, noted) in replayed(model(&events, true), &events.history, from, &LESS) {
        let error = noted.error(name);
        let (said, was) = Reliability::means(&noted.said);
        // Half a year of habits is drawn on, and habits change: a tenth is what that costs at most.
        assert!(error < 0.10, "{name}: {error}");
        assert!(said - was < 0.10, "{name}: {said} {was}");
        let right = noted.sure.iter().filter(|right| **right).count();
        assert!(
            right as f64 >= 0.98 * noted.sure.len() as f64,
            "{name}: {right} of {}",
            noted.sure.len()
        );
    }
}

/// Learns `learned` tickets from each of several moments on, and asks about the next ten.
fn cold(
    fresh: &dyn Fn() -> Model,
    history: &[(Case, String)],
    learned: usize,
    less: Less,
) -> Reliability {
    let mut noted = Reliability::default();
    for start in 0..40 {
        let from = text::mix(77, start) as usize % (history.len() - learned - 10);
        let mut model = fresh();
        for (case, department) in &history[from..from + learned] {
            model.learn(case, department, Ending::Kept);
        }
        for (case, department) in &history[from + learned..from + learned + 10] {
            let found = model.suggest(&less(case), case.created_at.unwrap_or(0), 5);
            assert!(!found.prefill && found.is_cold());
            noted.note(&found, department);
        }
    }
    noted
}

#[test]
fn after_a_few_real_dispatches_little_is_claimed() {
    let Some(events) = events() else { return };
    let fresh = || model(&events, true);
    for learned in [1, 2, 3, 5, 10, 20] {
        for (name, less) in &LESS[..5] {
            let noted = cold(&fresh, &events.history, learned, *less);
            let error = noted.error(&format!("{name} after {learned}"));
            assert!(error < 0.15, "{name} after {learned}: {error}");
            let most = noted.said.iter().map(|(said, _)| *said).fold(0.0, f64::max);
            let agreed = (learned as f64 + 1.0) / (learned as f64 + 2.0);
            assert!(most <= agreed + 1e-6, "{name} after {learned}: {most}");
        }
    }
}

#[test]
fn after_a_few_real_messages_little_is_claimed_from_the_text_alone() {
    let Some(messages) = super::messages() else {
        return;
    };
    let labels: BTreeSet<&str> = messages.iter().map(|(_, label)| label.as_str()).collect();
    let fresh = || {
        let mut model = Model::new(Params::default());
        for label in &labels {
            model.name_department(label, label);
        }
        model
    };
    for learned in [1, 2, 3, 5, 10, 20] {
        let noted = cold(&fresh, &messages, learned, Clone::clone);
        let error = noted.error(&format!("text after {learned}"));
        assert!(error < 0.15, "after {learned}: {error}");
    }
}

#[test]
fn what_little_says_is_said_with_little_trust_on_invented_tickets_too() {
    let history: Vec<(Case, String)> = (0..1_500)
        .map(|at| {
            let (case, department) = invented(at);
            let fields = Case {
                title: None,
                content: None,
                ..case
            };
            (fields, department)
        })
        .collect();
    let model = Model::new(Params::default());
    for (name, noted) in replayed(model, &history, 1_000, &LESS) {
        let error = noted.error(name);
        assert!(error < 0.12, "{name}: {error}");
    }
}

#[test]
fn one_dispatch_proves_little_and_what_was_never_met_is_not_known() {
    let (mut model, (case, department)) = (Model::new(Params::default()), invented(1));
    for other in 0..20 {
        model.name_department(&format!("D{other}"), &format!("单位{other}"));
    }
    for times in 1..=3 {
        model.learn(&case, &department, Ending::Kept);
        let again = model.suggest(&case, 0, 5);
        assert_eq!(again.list[0].department, department);
        let agreed = f64::from(times + 1) / f64::from(times + 2);
        assert!(again.list[0].probability <= agreed + 1e-6);
        let stranger = Case {
            category: vec!["从未".into(), "见过".into()],
            street: Some("别处".into()),
            content: Some("完全两回事".into()),
            ..Case::default()
        };
        let found = model.suggest(&stranger, 0, 5);
        assert_eq!(found.basis, Basis::NothingKnown);
        assert_eq!(found.known, Known::default());
        assert!(found.list[0].probability < 0.35, "{:?}", found.list[0]);
    }
}

#[test]
fn nothing_is_sure_with_fewer_past_tickets_of_its_kind_than_the_floor() {
    let mut model = Model::new(Params {
        prefill_precision: 0.95,
        ..Params::default()
    });
    let habit = |at: u64, matter: u64| {
        let case = Case {
            no: at.to_string(),
            category: vec!["类".into(), format!("事项{matter}")],
            street: Some(format!("街道{}", matter % 3)),
            created_at: Some(at as i64 * 600),
            ..Case::default()
        };
        (case, format!("D{}", matter % 3))
    };
    for at in 0..600 {
        let (case, department) = habit(at, at % 12);
        model.learn(&case, &department, Ending::Kept);
    }
    let (often, _) = habit(600, 3);
    assert!(model.suggest(&often, 600 * 600, 5).prefill);
    // A matter of its own, but always the street's one department.
    for seen in 0..8 {
        let (rare, department) = habit(601 + seen, 99);
        let found = model.suggest(&rare, (601 + seen as i64) * 600, 5);
        if found.known.matter == Part::Whole && (seen as f32) < SURE_FROM {
            assert!(!found.prefill, "after {seen}");
        }
        model.learn(&rare, &department, Ending::Kept);
    }
}
