//! What is boiling up, and where: tickets of a period clustered by place and matter, against the same number of days before.
//!
//! Start at [`Search`]: it is shown every ticket once and keeps counts and the newest few of each cluster, never the tickets.
//! The order is always the same for the same tickets.

use std::collections::HashMap;

use compact_str::CompactString;

use super::alike::{self, Clusters};
use super::case::stated;
use super::names::{NONE, Names};
use super::newest::Newest;

/// Tickets named as examples of one hot spot.
const EXAMPLES: usize = 5;

/// Street and community, by [`Names`].
type Place = [u32; 2];
/// The levels of a category from coarse to fine, by [`Names`].
type Levels = [u32; 3];

/// What the search looks at of a ticket.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen<'a> {
    /// The ticket's number.
    pub no: &'a str,
    /// When it was registered, Unix seconds.
    pub created_at: i64,
    /// The street.
    pub street: Option<&'a str>,
    /// The community.
    pub community: Option<&'a str>,
    /// The category, from coarse to fine.
    pub category: [Option<&'a str>; 3],
    /// Its title, or its text; empty where that is not to be told.
    pub words: &'a str,
}

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

/// The search for hot spots among tickets shown to it in the order of their registration.
///
/// ```
/// use fenbo::insight::hotspots::{Search, Seen, Settings};
/// let settings = Settings { at_least: 2, most: 10 };
/// let mut search = Search::new(100, 200, settings);
/// for (no, created_at) in [("1", 50), ("2", 120), ("3", 130)] {
///     search.take(Seen { no, created_at, street: Some("龙田"), category: [Some("环保"), None, None], ..Seen::default() });
/// }
/// let spots = search.found();
/// assert_eq!((spots[0].count, spots[0].before), (2, 1));
/// assert_eq!(spots[0].examples, ["3", "2"]);
/// ```
///
/// A ticket without a place cannot be in a hot spot; it is only counted.
///
/// ```
/// use fenbo::insight::hotspots::{Search, Seen, Settings};
/// let mut search = Search::new(100, 200, Settings::default());
/// for created_at in [50, 120, 130] {
///     search.take(Seen { no: "1", created_at, category: [Some("环保"), None, None], ..Seen::default() });
/// }
/// assert_eq!(search.placeless(), 2);
/// ```
#[derive(Debug)]
pub struct Search {
    from: i64,
    to: i64,
    settings: Settings,
    names: Names,
    groups: HashMap<(Place, Levels), Group>,
    /// Tickets without a category.
    texts: HashMap<Place, Clusters<Group>>,
    /// Tickets of the period without a place.
    placeless: u64,
    /// Those of the latest second, which come in the order of their numbers.
    held: Vec<Held>,
}

/// A ticket without a category that waits for the others of its second.
#[derive(Debug)]
struct Held {
    at: i64,
    no: CompactString,
    place: Place,
    words: Box<str>,
}

impl Search {
    /// Looks for hot spots among tickets registered in `[from, to)` (Unix seconds). The tickets shown to it must reach back
    /// as many days before `from` as the period has, for the comparison; others are passed over.
    pub fn new(from: i64, to: i64, settings: Settings) -> Self {
        Self {
            from,
            to,
            settings,
            names: Names::default(),
            groups: HashMap::new(),
            texts: HashMap::new(),
            placeless: 0,
            held: Vec::new(),
        }
    }

    /// Looks at a ticket: none registered before the last one, except in the same second.
    pub fn take(&mut self, seen: Seen<'_>) {
        let start = self.from.saturating_sub(self.to.saturating_sub(self.from));
        let place = [stated(seen.street), stated(seen.community)];
        if !(start..self.to).contains(&seen.created_at) {
            return;
        }
        if place == [None, None] {
            self.placeless += u64::from(seen.created_at >= self.from);
            return;
        }
        let words = stated(Some(seen.words)).unwrap_or_default();
        let place = place.map(|name| self.names.number(name));
        let mut levels = [NONE; 3];
        let stated = seen.category.into_iter().filter_map(stated);
        for (level, name) in levels.iter_mut().zip(stated) {
            *level = self.names.number(Some(name));
        }
        if levels[0] != NONE {
            let group = self.groups.entry((place, levels)).or_default();
            group.count(
                seen.created_at >= self.from,
                seen.created_at,
                seen.no,
                words,
            );
        } else if !words.is_empty() {
            self.hold(place, seen.created_at, seen.no, words);
        }
    }

    /// Keeps a ticket that has no category until its second is over.
    fn hold(&mut self, place: Place, at: i64, no: &str, words: &str) {
        if self.held.last().is_some_and(|held| held.at != at) {
            self.release();
        }
        self.held.push(Held {
            at,
            no: no.into(),
            place,
            words: words.into(),
        });
    }

    /// Counts the tickets that waited, in the order of their numbers.
    fn release(&mut self) {
        self.held.sort_by(|a, b| a.no.cmp(&b.no));
        for held in self.held.drain(..) {
            let place = self.texts.entry(held.place).or_default();
            if let Some(group) = place.put(&held.words) {
                group.count(held.at >= self.from, held.at, &held.no, &held.words);
            }
        }
    }

    /// How many tickets of the period have neither street nor community, and so are in no hot spot.
    pub fn placeless(&self) -> u64 {
        self.placeless
    }

    /// The hot spots among the tickets shown, hottest first.
    pub fn found(mut self) -> Vec<HotSpot> {
        self.release();
        self.join_few();
        let at_least = self.settings.at_least.max(1);
        let is_enough = |group: &Group| group.within as usize >= at_least;
        let named = |numbers: &[u32]| -> Vec<String> {
            let names = numbers.iter().filter_map(|&number| self.names.name(number));
            names.map(str::to_owned).collect()
        };
        let place = |place: Place| place.map(|number| self.names.name(number).map(str::to_owned));
        let mut spots = Vec::new();
        for (&(at, levels), group) in &self.groups {
            if is_enough(group) {
                spots.push(group.spot(place(at), Matter::Category(named(&levels))));
            }
            // Most are not told: few are held at a time.
            if spots.len() > self.settings.most.saturating_add(100) {
                hottest(&mut spots, self.settings.most);
            }
        }
        for (at, clusters) in self.texts {
            for cluster in clusters {
                if is_enough(&cluster.known)
                    && let Some(name) = cluster.name()
                {
                    spots.push(cluster.known.spot(place(at), Matter::Text(name)));
                }
            }
        }
        hottest(&mut spots, self.settings.most);
        spots
    }

    /// The finest categories with too few tickets join the coarser one.
    fn join_few(&mut self) {
        let at_least = self.settings.at_least;
        let few: Vec<_> = self
            .groups
            .extract_if(|(_, levels), group| {
                levels[2] != NONE && (group.within as usize) < at_least
            })
            .collect();
        for ((place, [coarse, middle, _]), group) in few {
            let coarser = (place, [coarse, middle, NONE]);
            self.groups.entry(coarser).or_default().join(group);
        }
    }
}

/// Leaves the hottest, so many at most, in their order.
fn hottest(spots: &mut Vec<HotSpot>, most: usize) {
    spots.sort_by(|a, b| {
        b.heat()
            .total_cmp(&a.heat())
            .then_with(|| b.count.cmp(&a.count))
            .then_with(|| {
                (&a.street, &a.community, &a.matter).cmp(&(&b.street, &b.community, &b.matter))
            })
    });
    spots.truncate(most);
}

/// What is kept of the tickets about one matter in one place.
#[derive(Debug, Default)]
struct Group {
    within: u32,
    before: u32,
    /// The newest within the period.
    examples: Newest<Example, EXAMPLES>,
    /// The newest of them that have words.
    worded: Newest<(Example, Box<str>), { alike::ENOUGH }>,
}

/// When a ticket was registered, and its number: of one second the greater number is the newer.
type Example = (i64, CompactString);

impl Group {
    fn count(&mut self, is_within: bool, at: i64, no: &str, words: &str) {
        if !is_within {
            self.before += 1;
            return;
        }
        self.within += 1;
        let example = (at, CompactString::from(no));
        if !words.is_empty() {
            self.worded.keep((example.clone(), words.into()));
        }
        self.examples.keep(example);
    }

    fn join(&mut self, other: Self) {
        self.within += other.within;
        self.before += other.before;
        self.examples.join(other.examples);
        self.worded.join(other.worded);
    }

    fn spot(&self, [street, community]: [Option<String>; 2], matter: Matter) -> HotSpot {
        let examples = self.examples.newest_first();
        let words = self.worded.newest_first();
        HotSpot {
            street,
            community,
            matter,
            count: self.within as usize,
            before: self.before as usize,
            examples: examples.map(|(_, no)| no.to_string()).collect(),
            title: alike::typical(words.map(|(_, words)| &**words)),
        }
    }
}

#[cfg(test)]
mod reference;

#[cfg(test)]
mod tests {
    use super::super::case::Case;
    use super::*;
    use proptest::prelude::*;

    const DAY: i64 = 86_400;

    /// What is found among tickets shown in the order of their seconds.
    fn find<'a>(
        tickets: impl IntoIterator<Item = &'a Case>,
        from: i64,
        to: i64,
        settings: Settings,
    ) -> Vec<HotSpot> {
        let mut tickets: Vec<&Case> = tickets.into_iter().collect();
        tickets.sort_by_key(|ticket| ticket.created_at);
        let mut search = Search::new(from, to, settings);
        for ticket in tickets {
            let level = |at: usize| ticket.category.get(at).map(String::as_str);
            search.take(Seen {
                no: &ticket.no,
                created_at: ticket.created_at.unwrap(),
                street: ticket.street.as_deref(),
                community: ticket.community.as_deref(),
                category: [level(0), level(1), level(2)],
                words: ticket.title.as_deref().unwrap_or_default(),
            });
        }
        search.found()
    }

    fn one_of(names: &'static [&'static str]) -> impl Strategy<Value = String> {
        prop::sample::select(names).prop_map(str::to_owned)
    }

    /// A few places, matters and words, so that they meet; many tickets share a second.
    fn any_ticket() -> impl Strategy<Value = Case> {
        let place = || prop::option::weighted(0.8, one_of(&["龙田", " 坑梓", "-", "", "碧岭 "]));
        let level = || one_of(&["环保", "市容", "-", " ", "噪声"]);
        let words = prop::collection::vec(
            one_of(&[
                "梧桐苑",
                "停水",
                "又停电",
                "噪声扰民",
                "，",
                "食堂",
                "涨价了",
                "a",
                "路灯",
            ]),
            0..5,
        );
        (
            place(),
            place(),
            prop::collection::vec(level(), 0..4),
            0_i64..24,
            prop::option::of(words.prop_map(|words| words.concat())),
        )
            .prop_map(|(street, community, category, created_at, title)| Case {
                street,
                community,
                category,
                created_at: Some(created_at),
                title,
                ..Case::default()
            })
    }

    proptest! {
        #[test]
        fn what_passes_by_is_found_as_if_all_of_it_was_kept(
            mut tickets in prop::collection::vec(any_ticket(), 0..400),
            numbers in Just((1000..1400).collect::<Vec<usize>>()).prop_shuffle(),
            at_least in 0_usize..8,
            most in 0_usize..30,
        ) {
            for (ticket, no) in tickets.iter_mut().zip(numbers) {
                ticket.no = no.to_string();
            }
            let settings = Settings { at_least, most };
            prop_assert_eq!(
                find(&tickets, 12, 22, settings),
                reference::find(&tickets, 12, 22, settings)
            );
        }
    }

    #[test]
    fn of_many_tickets_few_are_kept() {
        let settings = Settings::default();
        let mut search = Search::new(0, i64::MAX, settings);
        let long = "梧桐苑停水没人管".repeat(100);
        for at in 0..5_000 {
            let category = [Some("环保"), Some("噪声"), Some("夜间施工")];
            let category = if at % 2 == 0 { category } else { [None; 3] };
            search.take(Seen {
                no: &at.to_string(),
                created_at: at,
                community: Some("柳林"),
                category,
                words: &long,
                ..Seen::default()
            });
        }
        // The first and the newest of the alike, the newest of the category, and the one that waits.
        let kept = format!("{search:?}").matches(&long).count();
        assert_eq!(kept, 3 * alike::ENOUGH + 1);
        assert!(search.found().iter().all(|spot| spot.count == 2_500));
    }

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
