//! Finds candidates among many tickets in memory, without reading their texts again: a sketch of each ticket is kept.
//!
//! The console asks the store's own index instead (it must not hold a million texts); this one serves imports, evaluation and tests.

use super::case::Case;
use super::duplicates::{Candidate, Print, rank};
use super::memory::HashedMap;
use super::text::{self, Gram};

/// Grams kept of a title and of a text: those with the smallest hashes, so that alike texts keep the same ones.
const TITLE_GRAMS: usize = 10;
const TEXT_GRAMS: usize = 22;
/// A gram found in more tickets than this tells nothing apart.
const TOO_COMMON: usize = 4_000;
/// At most so many places are looked up for one ticket.
const LOOKED_AT: usize = 24_000;
/// So many best candidates are scored.
const SCORED: usize = 200;
/// Of a list of the same requester or place only the newest matter.
const NEWEST: usize = 60;

/// Tickets by what they have in common.
#[derive(Debug, Default)]
pub struct DuplicateIndex {
    prints: Vec<Print>,
    by_title: HashedMap<Vec<u32>>,
    by_requester: HashedMap<Vec<u32>>,
    by_place: HashedMap<Vec<u32>>,
    by_gram: HashedMap<Vec<u32>>,
}

impl DuplicateIndex {
    /// How many tickets are held.
    pub fn len(&self) -> usize {
        self.prints.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.prints.is_empty()
    }

    /// Adds a ticket.
    pub fn add(&mut self, case: &Case) {
        let print = Print::of(case).sketched(TITLE_GRAMS, TEXT_GRAMS);
        let at = self.prints.len() as u32;
        if print.canonical_title().chars().nth(1).is_some() {
            self.by_title
                .entry(text::hash_str(print.canonical_title()))
                .or_default()
                .push(at);
        }
        for (map, key) in [
            (&mut self.by_requester, print.requester()),
            (&mut self.by_place, print.place()),
        ] {
            if key != 0 {
                map.entry(key).or_default().push(at);
            }
        }
        for gram in keys(&print) {
            let list = self.by_gram.entry(gram).or_default();
            // One more than the limit is enough to know that it is too common.
            if list.len() <= TOO_COMMON && list.last() != Some(&at) {
                list.push(at);
            }
        }
        self.prints.push(print);
    }

    /// The candidates for a ticket, best first.
    pub fn similar(&self, case: &Case, most: usize) -> Vec<Candidate> {
        let ask = Print::of(case).sketched(TITLE_GRAMS, TEXT_GRAMS);
        let mut found: Vec<u32> = Vec::new();
        let title = self.by_title.get(&text::hash_str(ask.canonical_title()));
        for list in [
            title,
            self.by_requester.get(&ask.requester()),
            self.by_place.get(&ask.place()),
        ]
        .into_iter()
        .flatten()
        {
            found.extend(list.iter().rev().take(NEWEST));
        }
        found.extend(self.by_grams(&ask));
        found.sort_unstable();
        found.dedup();
        let candidates = found.iter().filter_map(|&at| self.prints.get(at as usize));
        rank(&ask, candidates, |gram| self.rarity(gram), most)
    }

    /// The tickets that share the most rare grams, the rarest counting most.
    fn by_grams(&self, ask: &Print) -> Vec<u32> {
        let mut lists: Vec<&Vec<u32>> = keys(ask)
            .filter_map(|key| self.by_gram.get(&key))
            .filter(|list| list.len() <= TOO_COMMON)
            .collect();
        lists.sort_by_key(|list| list.len());
        let mut hits: HashedMap<f32> = HashedMap::default();
        let mut looked_at = 0;
        for list in lists {
            looked_at += list.len();
            if looked_at > LOOKED_AT {
                break;
            }
            let weight = 1.0 / (2.0 + list.len() as f32).ln();
            for &at in list {
                *hits.entry(u64::from(at)).or_default() += weight;
            }
        }
        let mut ranked: Vec<(f32, u32)> = hits
            .into_iter()
            .map(|(at, weight)| (weight, at as u32))
            .collect();
        if ranked.len() > SCORED {
            ranked.select_nth_unstable_by(SCORED, |a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
            ranked.truncate(SCORED);
        }
        ranked.into_iter().map(|(_, at)| at).collect()
    }

    fn rarity(&self, gram: Gram) -> f64 {
        let found_in = self.by_gram.get(&gram).map_or(0, Vec::len) as f64;
        ((1.0 + self.prints.len() as f64) / (1.0 + found_in))
            .ln()
            .max(0.1)
    }
}

/// What a ticket is filed under: its kept grams, and pairs of neighbours among them, which stay rare among a million tickets.
fn keys(print: &Print) -> impl Iterator<Item = u64> + '_ {
    [print.title_grams(), print.text_grams()]
        .into_iter()
        .flat_map(|grams| {
            let pairs = grams.windows(2).map(|pair| text::mix(pair[0], pair[1]));
            grams.iter().copied().chain(pairs)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(no: usize, title: &str, content: &str) -> Case {
        Case {
            no: no.to_string(),
            title: Some(title.into()),
            content: Some(content.into()),
            ..Case::default()
        }
    }

    #[test]
    fn a_near_copy_is_found_among_many() {
        let mut index = DuplicateIndex::default();
        let things = [
            "路灯",
            "井盖",
            "垃圾",
            "噪音",
            "围墙",
            "公交站",
            "树木",
            "下水道",
            "广告牌",
            "停车场",
        ];
        let states = [
            "坏了没人修",
            "影响居民休息",
            "存在安全隐患",
            "需要尽快处理",
            "投诉多次没有结果",
        ];
        for no in 0..2_000 {
            let (thing, state, road) = (things[no % 10], states[no / 10 % 5], no / 50);
            index.add(&case(
                no,
                &format!("第{road}大道{thing}{state}"),
                &format!("编号{no}的{thing}在第{road}大道{state}请派人查看"),
            ));
        }
        index.add(&case(
            9_999,
            "梧桐苑二期半夜打桩",
            "梧桐苑二期工地每天半夜打桩到两点，孩子睡不着，希望管一管",
        ));
        let found = index.similar(
            &case(
                10_000,
                "梧桐苑二期工地半夜打桩",
                "梧桐苑二期工地半夜打桩到凌晨，孩子睡不着，请管一管",
            ),
            5,
        );
        assert_eq!(found[0].no, "9999");
        assert_eq!(index.len(), 2_001);
        assert!(index.similar(&case(1, "", ""), 5).is_empty());
    }
}
