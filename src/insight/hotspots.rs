//! What is boiling up, and where: tickets of a period clustered by place and matter, against the same number of days before.
//!
//! Start at [`find`]. The order is always the same for the same tickets.

use std::collections::{BTreeMap, HashMap};

use super::case::{Case, stated};
use super::text::{self, Gram};

/// Uncategorised tickets of one place belong together from this likeness of their texts.
const ALIKE: f64 = 0.22;
/// Tickets named as examples of one hot spot.
const EXAMPLES: usize = 5;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Fewer tickets than this are no hot spot.
    pub at_least: usize,
    /// At most this many hot spots.
    pub most: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            at_least: 5,
            most: 20,
        }
    }
}

/// What binds the tickets of a hot spot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// A category, from coarse to fine.
    Category(Vec<String>),
    /// Alike texts, named by the title most like the others.
    Text(String),
}

/// Many tickets about one matter in one place.
#[derive(Debug, Clone, PartialEq)]
pub struct HotSpot {
    /// The street, when known.
    pub street: Option<String>,
    /// The community, when known.
    pub community: Option<String>,
    /// The matter.
    pub matter: Matter,
    /// Tickets within the period.
    pub count: usize,
    /// Tickets within the same number of days before it.
    pub before: usize,
    /// The newest tickets' numbers, newest first.
    pub examples: Vec<String>,
    /// The title most like the others', when there is one.
    pub title: Option<String>,
}

impl HotSpot {
    /// Growth against the days before: 0.5 is half as many again; `None` when there were none before.
    pub fn growth(&self) -> Option<f64> {
        (self.before > 0).then(|| self.count as f64 / self.before as f64 - 1.0)
    }

    /// How far the count stands above what the days before let expect, in standard deviations.
    pub fn heat(&self) -> f64 {
        (self.count as f64 - self.before as f64) / (self.before as f64 + 1.0).sqrt()
    }
}

type Place<'a> = (Option<&'a str>, Option<&'a str>);

/// The hot spots among `tickets` registered in `[from, to)` (Unix seconds), hottest first. `tickets` must reach back as many
/// days before `from` as the period has, for the comparison.
pub fn find<'a>(
    tickets: impl IntoIterator<Item = &'a Case>,
    from: i64,
    to: i64,
    settings: Settings,
) -> Vec<HotSpot> {
    let start = from.saturating_sub(to.saturating_sub(from));
    let mut places: BTreeMap<Place<'_>, Vec<&Case>> = BTreeMap::new();
    for ticket in tickets {
        let place = (
            stated(ticket.street.as_deref()),
            stated(ticket.community.as_deref()),
        );
        let timely = ticket
            .created_at
            .is_some_and(|at| (start..to).contains(&at));
        if timely && place != (None, None) {
            places.entry(place).or_default().push(ticket);
        }
    }
    let mut spots = Vec::new();
    for (place, tickets) in places {
        let (by_category, uncategorised) = by_category(tickets, from, settings.at_least);
        let clusters = by_category.into_iter().chain(by_text(&uncategorised));
        spots.extend(clusters.filter_map(|(matter, tickets)| {
            spot(place, matter, &tickets, from, settings.at_least)
        }));
    }
    spots.sort_by(|a, b| {
        b.heat()
            .total_cmp(&a.heat())
            .then_with(|| b.count.cmp(&a.count))
            .then_with(|| {
                (&a.street, &a.community, &a.matter).cmp(&(&b.street, &b.community, &b.matter))
            })
    });
    spots.truncate(settings.most);
    spots
}

type Cluster<'a> = (Matter, Vec<&'a Case>);

/// Clusters by the finest category that has enough tickets; what is too few joins its coarser category. The rest has no category.
fn by_category(tickets: Vec<&Case>, from: i64, at_least: usize) -> (Vec<Cluster<'_>>, Vec<&Case>) {
    let mut fine: BTreeMap<Vec<String>, Vec<&Case>> = BTreeMap::new();
    let mut coarse: BTreeMap<Vec<String>, Vec<&Case>> = BTreeMap::new();
    let mut uncategorised = Vec::new();
    for ticket in tickets {
        let levels = ticket.category.iter().take(3);
        let path: Vec<String> = levels
            .filter_map(|level| stated(Some(level)).map(str::to_owned))
            .collect();
        match path.len() {
            0 => uncategorised.push(ticket),
            3 => fine.entry(path).or_default().push(ticket),
            _ => coarse.entry(path).or_default().push(ticket),
        }
    }
    let mut clusters = Vec::new();
    for (mut path, tickets) in fine {
        let within = tickets
            .iter()
            .filter(|ticket| ticket.created_at >= Some(from))
            .count();
        if within >= at_least {
            clusters.push((Matter::Category(path), tickets));
        } else {
            path.truncate(2);
            coarse.entry(path).or_default().extend(tickets);
        }
    }
    clusters.extend(
        coarse
            .into_iter()
            .map(|(path, tickets)| (Matter::Category(path), tickets)),
    );
    (clusters, uncategorised)
}

/// Clusters by alike text: each ticket joins the first cluster whose first ticket is alike.
fn by_text<'a>(tickets: &[&'a Case]) -> Vec<Cluster<'a>> {
    let mut ordered: Vec<&Case> = tickets.to_vec();
    ordered.sort_by(|a, b| (a.created_at, &a.no).cmp(&(b.created_at, &b.no)));
    let mut clusters: Vec<(Vec<Gram>, Vec<&Case>)> = Vec::new();
    let mut holders: HashMap<Gram, Vec<usize>> = HashMap::new();
    for ticket in ordered {
        let grams = text::gram_set(words(ticket), 2, 2);
        if grams.is_empty() {
            continue;
        }
        let mut near: Vec<usize> = grams
            .iter()
            .filter_map(|gram| holders.get(gram))
            .flatten()
            .copied()
            .collect();
        near.sort_unstable();
        near.dedup();
        let home = near
            .into_iter()
            .find(|&at| text::overlap(&clusters[at].0, &grams) >= ALIKE);
        if let Some(at) = home {
            clusters[at].1.push(ticket);
        } else {
            for &gram in &grams {
                holders.entry(gram).or_default().push(clusters.len());
            }
            clusters.push((grams, vec![ticket]));
        }
    }
    clusters
        .into_iter()
        .filter_map(|(_, tickets)| Some((Matter::Text(typical_title(&tickets)?), tickets)))
        .collect()
}

fn words(ticket: &Case) -> &str {
    stated(ticket.title.as_deref())
        .or_else(|| stated(ticket.content.as_deref()))
        .unwrap_or_default()
}

fn spot(
    place: Place<'_>,
    matter: Matter,
    tickets: &[&Case],
    from: i64,
    at_least: usize,
) -> Option<HotSpot> {
    let mut within: Vec<&Case> = tickets
        .iter()
        .copied()
        .filter(|ticket| ticket.created_at >= Some(from))
        .collect();
    if within.len() < at_least.max(1) {
        return None;
    }
    within.sort_by(|a, b| (b.created_at, &b.no).cmp(&(a.created_at, &a.no)));
    Some(HotSpot {
        street: place.0.map(str::to_owned),
        community: place.1.map(str::to_owned),
        matter,
        count: within.len(),
        before: tickets.len() - within.len(),
        examples: within
            .iter()
            .take(EXAMPLES)
            .map(|ticket| ticket.no.clone())
            .collect(),
        title: typical_title(&within),
    })
}

/// The title that shares most with all the others; the earliest in order when several do.
fn typical_title(tickets: &[&Case]) -> Option<String> {
    let sets: Vec<(&str, Vec<Gram>)> = tickets
        .iter()
        .map(|ticket| words(ticket))
        .filter(|words| !words.is_empty())
        .take(200)
        .map(|words| (words, text::gram_set(words, 2, 2)))
        .collect();
    let mut spread: HashMap<Gram, usize> = HashMap::new();
    for gram in sets.iter().flat_map(|(_, grams)| grams) {
        *spread.entry(*gram).or_default() += 1;
    }
    let worth = |grams: &[Gram]| {
        grams
            .iter()
            .map(|gram| spread.get(gram).map_or(0, |count| count - 1))
            .sum::<usize>() as f64
            / (grams.len() as f64 + 4.0)
    };
    let mut best: Option<(f64, &str)> = None;
    for (words, grams) in &sets {
        let worth = worth(grams);
        if best.is_none_or(|(most, _)| worth > most) {
            best = Some((worth, words));
        }
    }
    best.map(|(_, words)| words.chars().take(40).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn case(no: usize, day: i64, community: &str, category: &[&str], title: &str) -> Case {
        Case {
            no: no.to_string(),
            community: Some(community.into()),
            category: category.iter().map(ToString::to_string).collect(),
            created_at: Some(day * DAY),
            title: Some(title.into()),
            ..Case::default()
        }
    }

    fn sample() -> Vec<Case> {
        let mut tickets = Vec::new();
        for no in 0..6 {
            tickets.push(case(
                no,
                10 + no as i64 % 3,
                "柳林",
                &["环保", "噪声", "夜间施工"],
                "工地夜间打桩",
            ));
        }
        tickets.push(case(
            6,
            5,
            "柳林",
            &["环保", "噪声", "夜间施工"],
            "半夜施工",
        ));
        for no in 7..13 {
            tickets.push(case(
                no,
                8,
                "白桦",
                &["市容", "占道", "流动摊贩"],
                "摊贩占道",
            ));
            tickets.push(case(
                no + 100,
                11,
                "白桦",
                &["市容", "占道", "流动摊贩"],
                "摊贩占道",
            ));
        }
        tickets
    }

    #[test]
    fn what_grew_comes_before_what_is_always_much() {
        let tickets = sample();
        let spots = find(
            &tickets,
            10 * DAY,
            17 * DAY,
            Settings {
                at_least: 3,
                most: 10,
            },
        );
        assert_eq!(spots.len(), 2);
        assert_eq!(spots[0].community.as_deref(), Some("柳林"));
        assert_eq!(
            (spots[0].count, spots[0].before, spots[0].growth()),
            (6, 1, Some(5.0))
        );
        assert_eq!(
            (spots[1].count, spots[1].before, spots[1].growth()),
            (6, 6, Some(0.0))
        );
        assert_eq!(spots[0].title.as_deref(), Some("工地夜间打桩"));
    }

    #[test]
    fn the_order_of_the_tickets_does_not_matter() {
        let tickets = sample();
        let settings = Settings {
            at_least: 1,
            most: 10,
        };
        let forward = find(&tickets, 10 * DAY, 17 * DAY, settings);
        assert_eq!(
            forward,
            find(tickets.iter().rev(), 10 * DAY, 17 * DAY, settings)
        );
    }

    #[test]
    fn the_period_is_half_open() {
        let tickets = [
            case(1, 10, "柳林", &["a"], ""),
            case(2, 17, "柳林", &["a"], ""),
            case(3, 2, "柳林", &["a"], ""),
        ];
        let spots = find(
            &tickets,
            10 * DAY,
            17 * DAY,
            Settings {
                at_least: 1,
                most: 10,
            },
        );
        assert_eq!((spots[0].count, spots[0].before), (1, 0));
        assert_eq!(spots[0].growth(), None);
    }

    #[test]
    fn few_of_each_kind_join_their_coarser_category() {
        let tickets: Vec<Case> = ["井盖", "护栏", "路牌", "路灯"]
            .iter()
            .enumerate()
            .map(|(no, kind)| case(no, 11, "柳林", &["市政", "部件", kind], "坏了"))
            .collect();
        let spots = find(
            &tickets,
            10 * DAY,
            17 * DAY,
            Settings {
                at_least: 4,
                most: 10,
            },
        );
        assert_eq!(
            spots[0].matter,
            Matter::Category(vec!["市政".into(), "部件".into()])
        );
        assert_eq!(spots[0].count, 4);
    }

    #[test]
    fn without_a_category_alike_texts_bind() {
        let titles = [
            "梧桐苑停水两天",
            "梧桐苑又停水了",
            "梧桐苑停水没人管",
            "食堂涨价",
        ];
        let tickets: Vec<Case> = titles
            .iter()
            .enumerate()
            .map(|(no, title)| case(no, 11, "柳林", &[], title))
            .collect();
        let spots = find(
            &tickets,
            10 * DAY,
            17 * DAY,
            Settings {
                at_least: 3,
                most: 10,
            },
        );
        assert_eq!(spots.len(), 1);
        assert!(matches!(&spots[0].matter, Matter::Text(title) if title.contains("停水")));
        assert_eq!(spots[0].count, 3);
    }
}
