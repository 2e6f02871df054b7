//! Advice drawn from figures: each line is a figure that stands out, with the number it stands out against.
//!
//! Must not word anything. Start at [`advise`]. The thresholds say what is worth a line in a report, not what is a rule.

use super::figures::{Advice, AdviceKind, Figures};

/// A category has risen when it has this many tickets more than before… `[ours]`
const RISEN_BY: u64 = 10;
/// …and this many hundredths of a percent. `[ours: half as many again]`
const RISEN: i64 = 5_000;
/// A department is slow when this many hundredths of a percent below all. `[ours]`
const BELOW: u64 = 1_000;
/// Shares of fewer than this say nothing. `[ours]`
const ENOUGH: u64 = 10;
/// Satisfaction below this is told. `[practice: R5, R6, floor of 85 %]`
const SATISFIED: u64 = 8_500;
/// Returns above this share of the dispatches are told. `[ours]`
const RETURNED: u64 = 500;
/// At most this many lines of one kind.
const MOST: usize = 3;

/// The lines of advice for a period's figures, the ones about the city first, then the ones about departments.
pub fn advise(figures: &Figures) -> Vec<Advice> {
    let mut lines = Vec::new();
    lines.extend(rising(figures));
    lines.extend(hot(figures));
    lines.extend(slow(figures));
    let line = |kind, n, of| Advice {
        kind,
        about: Vec::new(),
        n,
        of,
    };
    let satisfied = figures.satisfaction.satisfied;
    if satisfied.of >= ENOUGH && satisfied.basis_points().is_some_and(|bp| bp < SATISFIED) {
        lines.push(line(AdviceKind::LowSatisfaction, satisfied.n, satisfied.of));
    }
    lines.extend(returned(figures));
    if figures.overdue.total > 0 {
        lines.push(line(
            AdviceKind::Overdue,
            figures.overdue.total,
            figures.open,
        ));
    }
    let unsigned: u64 = figures.departments.iter().map(|s| s.figures.unsigned).sum();
    if unsigned > 0 {
        lines.push(line(AdviceKind::Unsigned, unsigned, figures.open));
    }
    if lines.is_empty() {
        lines.push(line(AdviceKind::Steady, figures.received, figures.received));
    }
    lines
}

fn rising(figures: &Figures) -> impl Iterator<Item = Advice> {
    figures
        .top_categories
        .iter()
        .filter(|c| {
            c.count >= c.before + RISEN_BY
                && super::figures::growth(c.count, c.before).is_some_and(|g| g >= RISEN)
        })
        .take(MOST)
        .map(|c| Advice {
            kind: AdviceKind::Rising,
            about: c.path.clone(),
            n: c.count,
            of: c.before,
        })
}

fn hot(figures: &Figures) -> impl Iterator<Item = Advice> {
    figures
        .hotspots
        .iter()
        .filter(|h| h.count > h.before)
        .take(MOST)
        .map(|h| Advice {
            kind: AdviceKind::HotSpot,
            about: h
                .street
                .iter()
                .chain(&h.community)
                .chain(h.category.last().or(h.title.as_ref()))
                .cloned()
                .collect(),
            n: h.count,
            of: h.before,
        })
}

fn slow(figures: &Figures) -> impl Iterator<Item = Advice> {
    let all = figures.on_time.basis_points().unwrap_or(0);
    let mut slow: Vec<_> = figures
        .departments
        .iter()
        .map(|s| &s.figures)
        .filter(|f| f.on_time.of >= ENOUGH)
        .filter_map(|f| Some((f.on_time.basis_points()?, f)))
        .filter(|(bp, _)| bp + BELOW <= all)
        .collect();
    slow.sort_by(|a, b| (a.0, &a.1.department).cmp(&(b.0, &b.1.department)));
    slow.into_iter().take(MOST).map(|(_, f)| Advice {
        kind: AdviceKind::LowOnTime,
        about: vec![f.department.clone()],
        n: f.on_time.n,
        of: f.on_time.of,
    })
}

fn returned(figures: &Figures) -> Option<Advice> {
    let mut all = super::assessment::Rate::default();
    for standing in &figures.departments {
        all.n += standing.figures.returned.n;
        all.of += standing.figures.returned.of;
    }
    (all.of >= ENOUGH && all.basis_points()? > RETURNED).then(|| Advice {
        kind: AdviceKind::Returned,
        about: Vec::new(),
        n: all.n,
        of: all.of,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::assessment::{DepartmentFigures, Rate};
    use crate::domain::figures::{AsOf, CategoryCount, Standing};
    use crate::domain::period::{Period, PeriodKind};
    use crate::domain::policy::WeekStart;

    fn quiet() -> Figures {
        let day = "2018-10-01".parse().unwrap();
        Figures::empty(
            Period::of(PeriodKind::Month, day, WeekStart::Monday),
            AsOf::default(),
        )
    }

    #[test]
    fn nothing_conspicuous_is_said_to_be_so() {
        let kinds: Vec<_> = advise(&quiet()).into_iter().map(|a| a.kind).collect();
        assert_eq!(kinds, [AdviceKind::Steady]);
    }

    #[test]
    fn a_category_must_rise_in_number_and_in_share() {
        let mut figures = quiet();
        let category = |count, before| CategoryCount {
            path: vec![format!("{count}/{before}")],
            count,
            before,
        };
        figures.top_categories = vec![
            category(130, 100),
            category(30, 20),
            category(12, 3),
            category(40, 0),
        ];
        let about: Vec<_> = advise(&figures).into_iter().flat_map(|a| a.about).collect();
        assert_eq!(
            about,
            ["30/20"],
            "3 and 0 before are too few more, or nothing to compare with"
        );
        figures.top_categories = vec![category(13, 3)];
        assert_eq!(advise(&figures)[0].kind, AdviceKind::Rising);
    }

    #[test]
    fn a_department_far_below_all_is_named_with_its_figures() {
        let mut figures = quiet();
        figures.on_time = Rate { n: 90, of: 100 };
        let department = |code: &str, n, of| Standing {
            figures: DepartmentFigures {
                department: code.into(),
                on_time: Rate { n, of },
                ..DepartmentFigures::default()
            },
            ..Standing::default()
        };
        figures.departments = vec![
            department("a", 8, 10),
            department("b", 81, 100),
            department("c", 0, 9),
        ];
        let lines = advise(&figures);
        assert_eq!(lines.len(), 1);
        assert_eq!(
            (lines[0].about[0].as_str(), lines[0].n, lines[0].of),
            ("a", 8, 10)
        );
    }
}
