//! The same hot spots found plainly, with every ticket in memory: what the search is compared with.

use std::collections::{BTreeMap, HashMap};

use super::super::case::{Case, stated};
use super::super::text::{self, Gram};
use super::{HotSpot, Matter, Settings};

const ALIKE: f64 = 0.22;
const EXAMPLES: usize = 5;

type Place<'a> = (Option<&'a str>, Option<&'a str>);

/// The hot spots among `tickets` registered in `[from, to)` (Unix seconds), hottest first. `tickets` must reach back as many
/// days before `from` as the period has, for the comparison.
pub(super) fn find<'a>(
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
