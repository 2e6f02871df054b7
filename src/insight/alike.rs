//! Texts that say the same: clustered one by one as they come, and the one that speaks for the others.
//!
//! Start at [`Clusters`]. Which cluster a text joins follows from the texts before it alone.

use std::collections::HashMap;

use super::text::{self, Gram};

/// Texts belong together from this likeness.
const ALIKE: f64 = 0.22;
/// So many texts of a cluster are enough to find the one that speaks for it.
pub(super) const ENOUGH: usize = 200;

/// Clusters of alike texts, in the order of their first text, each with what is known of it.
#[derive(Debug, Default)]
pub(super) struct Clusters<T> {
    clusters: Vec<Cluster<T>>,
    /// The clusters whose first text has a gram.
    holders: HashMap<Gram, Vec<u32>>,
}

/// Texts like the first of them.
#[derive(Debug)]
pub(super) struct Cluster<T> {
    /// The grams of the first text.
    grams: Box<[Gram]>,
    /// The first texts.
    texts: Vec<Box<str>>,
    /// What is known of the cluster.
    pub(super) known: T,
}

impl<T: Default> Clusters<T> {
    /// Puts a text into the first cluster whose first text is alike, or else into a new one, and hands out what is known of
    /// that; nothing for a text too short to be like any other.
    pub(super) fn put(&mut self, text: &str) -> Option<&mut T> {
        let grams = text::gram_set(text, 2, 2);
        if grams.is_empty() {
            return None;
        }
        let at = self.home(&grams).unwrap_or_else(|| self.begin(grams));
        let cluster = &mut self.clusters[at];
        if cluster.texts.len() < ENOUGH {
            cluster.texts.push(text.into());
        }
        Some(&mut cluster.known)
    }

    fn home(&self, grams: &[Gram]) -> Option<usize> {
        let holders = grams.iter().filter_map(|gram| self.holders.get(gram));
        let mut near: Vec<u32> = holders.flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        near.into_iter()
            .map(|at| at as usize)
            .find(|&at| text::overlap(&self.clusters[at].grams, grams) >= ALIKE)
    }

    fn begin(&mut self, grams: Vec<Gram>) -> usize {
        let at = self.clusters.len();
        for &gram in &grams {
            self.holders.entry(gram).or_default().push(at as u32);
        }
        self.clusters.push(Cluster {
            grams: grams.into(),
            texts: Vec::new(),
            known: T::default(),
        });
        at
    }
}

impl<T> IntoIterator for Clusters<T> {
    type Item = Cluster<T>;
    type IntoIter = std::vec::IntoIter<Cluster<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.clusters.into_iter()
    }
}

impl<T> Cluster<T> {
    /// The text that speaks for the first ones.
    pub(super) fn name(&self) -> Option<String> {
        typical(self.texts.iter().map(|text| &**text))
    }
}

/// The beginning of the text that shares most with all the others; of the earliest in order when several do.
pub(super) fn typical<'a>(texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let sets: Vec<(&str, Vec<Gram>)> = texts
        .map(|text| (text, text::gram_set(text, 2, 2)))
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
    for (text, grams) in &sets {
        let worth = worth(grams);
        if best.is_none_or(|(most, _)| worth > most) {
            best = Some((worth, text));
        }
    }
    best.map(|(_, text)| text.chars().take(40).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_joins_the_first_cluster_whose_first_text_is_alike() {
        let mut clusters: Clusters<usize> = Clusters::default();
        for text in ["梧桐苑停水两天", "食堂涨价", "梧桐苑又停水了", "！"] {
            if let Some(count) = clusters.put(text) {
                *count += 1;
            }
        }
        let counts: Vec<usize> = clusters.into_iter().map(|cluster| cluster.known).collect();
        assert_eq!(counts, [2, 1]);
    }

    #[test]
    fn the_text_that_shares_most_speaks_for_the_others() {
        let texts = ["停水", "梧桐苑停水", "梧桐苑停水没人管"];
        assert_eq!(typical(texts.into_iter()).as_deref(), Some("梧桐苑停水"));
        assert_eq!(typical(std::iter::empty()), None);
    }
}
