//! Judges the suggestions on a centre's own history: each ticket is predicted, then learned, in time order.

use super::case::{Case, Ending};
use super::suggest::Model;

/// What the replay found; shares are of 1, of the scored tickets.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evaluation {
    /// How many tickets were scored.
    pub tickets: usize,
    /// The first suggestion was right.
    pub top1: f64,
    /// One of the first three was.
    pub top3: f64,
    /// One of the first five was.
    pub top5: f64,
    /// The largest share, surest first, of which at least 95 % were right.
    pub coverage_at_95: f64,
    /// The same for 99 %.
    pub coverage_at_99: f64,
    /// What pre-filling at 95 % would have done with only what was known at the time.
    pub prefilled_at_95: Prefilled,
    /// The same for 99 %.
    pub prefilled_at_99: Prefilled,
}

/// Tickets that would have been pre-filled.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Prefilled {
    /// How many.
    pub of: usize,
    /// How many of them rightly.
    pub right: usize,
}

impl Prefilled {
    fn note(&mut self, sure: bool, right: bool) {
        if sure {
            self.of += 1;
            self.right += usize::from(right);
        }
    }
}

/// Replays `history` (oldest first) through `model`; the last `share` of it is scored. Ends early when `go_on` says so.
pub fn replay<'a>(
    model: &mut Model,
    history: &[(&'a Case, &'a str, Ending)],
    share: f64,
    mut go_on: impl FnMut(usize) -> bool,
) -> Evaluation {
    let scored = ((history.len() as f64) * share.clamp(0.0, 1.0)).round() as usize;
    let from = history.len() - scored.min(history.len());
    let mut outcomes: Vec<(f64, bool)> = Vec::with_capacity(scored);
    let (mut top1, mut top3, mut top5) = (0, 0, 0);
    let mut found = Evaluation::default();
    for (at, &(case, department, ending)) in history.iter().enumerate() {
        if !go_on(at) {
            break;
        }
        if at >= from && ending != Ending::Returned {
            let ranked = model.rank(case, 5);
            let place = ranked
                .departments
                .iter()
                .position(|&code| code == department);
            let confidence = ranked.confidence;
            top1 += usize::from(place == Some(0));
            top3 += usize::from(place.is_some_and(|place| place < 3));
            top5 += usize::from(place.is_some());
            let sure = |precision| model.is_sure(&ranked, precision);
            found.prefilled_at_95.note(sure(0.95), place == Some(0));
            found.prefilled_at_99.note(sure(0.99), place == Some(0));
            outcomes.push((confidence, place == Some(0)));
        }
        model.learn(case, department, ending);
    }
    let tickets = outcomes.len();
    let of = |n: usize| {
        if tickets == 0 {
            0.0
        } else {
            n as f64 / tickets as f64
        }
    };
    outcomes.sort_by(|a, b| b.0.total_cmp(&a.0));
    Evaluation {
        tickets,
        top1: of(top1),
        top3: of(top3),
        top5: of(top5),
        coverage_at_95: of(covered(&outcomes, 0.95)),
        coverage_at_99: of(covered(&outcomes, 0.99)),
        ..found
    }
}

/// The longest start of the list, surest first, that was right at least this often.
fn covered(surest_first: &[(f64, bool)], precision: f64) -> usize {
    let mut right = 0_usize;
    let mut longest = 0;
    for (at, &(_, was_right)) in surest_first.iter().enumerate() {
        right += usize::from(was_right);
        if right as f64 >= precision * (at + 1) as f64 {
            longest = at + 1;
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::super::Params;
    use super::*;

    #[test]
    fn coverage_is_the_longest_start_that_holds() {
        let list = |marks: &str| {
            marks
                .chars()
                .map(|mark| (0.0, mark == '+'))
                .collect::<Vec<_>>()
        };
        assert_eq!(covered(&list("++-+++"), 0.8), 6);
        assert_eq!(covered(&list("++-+--"), 0.75), 4);
        assert_eq!(covered(&list("-+++"), 0.99), 0);
        assert_eq!(covered(&[], 0.99), 0);
    }

    #[test]
    fn a_plain_habit_is_found_out() {
        let cases: Vec<(Case, String)> = (0..600)
            .map(|at| {
                let matter = at % 3;
                let case = Case {
                    no: at.to_string(),
                    category: vec![format!("事项{matter}")],
                    created_at: Some(i64::from(at) * 600),
                    ..Case::default()
                };
                (case, format!("D{matter}"))
            })
            .collect();
        let history: Vec<_> = cases
            .iter()
            .map(|(case, department)| (case, department.as_str(), Ending::Kept))
            .collect();
        let found = replay(&mut Model::new(Params::default()), &history, 0.3, |_| true);
        assert_eq!(found.tickets, 180);
        assert!(
            found.top1 > 0.99 && found.coverage_at_99 > 0.99,
            "{found:?}"
        );
        assert!(
            found.prefilled_at_99.of > 100
                && found.prefilled_at_99.right == found.prefilled_at_99.of,
            "{found:?}"
        );
        let none = replay(&mut Model::new(Params::default()), &[], 0.3, |_| true);
        assert_eq!(none.tickets, 0);
    }
}
