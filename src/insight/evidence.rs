//! The past tickets a suggestion can point to: which ones are like this, why, and where they ended.

use compact_str::CompactString;
use std::collections::VecDeque;

use super::case::{Case, Ending, stated};
use super::snapshot::{Reader, Writer};
use super::suggest::{Evidence, Support, Why};
use super::text;

/// How many past tickets are kept to point to.
const KEPT: usize = 20_000;
/// Numbers in the sketch of a text: how many agree estimates how alike two texts are.
const SKETCH: usize = 16;
/// A class no bigram fell into.
const EMPTY: u8 = u8::MAX;
/// From this likeness on a text is worth pointing to, in percent.
const ALIKE: u8 = 35;
/// Reasons below this rank stand only where there is no better one, and one ticket is enough of them.
const WEAK: u8 = 10;
const DAY: i64 = 86_400;
/// Support is counted over this many days.
const SUPPORT_DAYS: i64 = 30;

#[derive(Debug, Clone, PartialEq)]
struct Past {
    /// In place, without memory of its own.
    no: CompactString,
    department: u16,
    ending: Ending,
    at: i64,
    traits: Traits,
}

/// What two tickets may share.
#[derive(Debug, Clone, PartialEq)]
struct Traits {
    category: FieldHash,
    /// The category's coarsest level.
    class: FieldHash,
    street: FieldHash,
    community: FieldHash,
    requester: FieldHash,
    /// All [`EMPTY`] where there is no text.
    sketch: [u8; SKETCH],
}

/// The hash of a field, only ever compared with another; zero where nothing is stated.
type FieldHash = u32;

impl Traits {
    fn of(case: &Case) -> Self {
        let cut = |hash: u64| (hash >> 32) as FieldHash | 1;
        let hash = |field: Option<&String>| {
            stated(field.map(String::as_str)).map_or(0, |value| cut(text::hash_str(value)))
        };
        Self {
            category: case.category_key().map_or(0, cut),
            class: hash(case.category.first()),
            street: hash(case.street.as_ref()),
            community: hash(case.community.as_ref()),
            requester: hash(case.requester.as_ref()),
            sketch: sketch(case),
        }
    }

    fn likeness(&self, other: &Self) -> u8 {
        // Added up without a branch: a processor takes all at once.
        let (mut same, mut empty) = (0_u8, 0_u8);
        for (mine, theirs) in self.sketch.iter().zip(&other.sketch) {
            let is_empty = mine & theirs == EMPTY;
            same += u8::from(mine == theirs && !is_empty);
            empty += u8::from(is_empty);
        }
        (usize::from(same) * 100 / (SKETCH - usize::from(empty)).max(1)) as u8
    }

    /// Why `past` is worth pointing to, the strongest reason first, with its rank.
    fn reason(&self, past: &Past) -> (u8, Why) {
        let same = |a: FieldHash, b: FieldHash| a != 0 && a == b;
        let other = &past.traits;
        let category = same(self.category, other.category);
        let community = same(self.community, other.community);
        let alike = self.likeness(other);
        if past.ending == Ending::Ruled && category {
            (100, Why::Ruling)
        } else if alike >= ALIKE {
            (40 + alike / 2, Why::AlikeText { percent: alike })
        } else if same(self.requester, other.requester) && (category || community) {
            (60, Why::SameRequester)
        } else if category && community {
            (55, Why::SameCategorySameCommunity)
        } else if category && same(self.street, other.street) {
            (30, Why::SameCategorySameStreet)
        } else if category {
            (20, Why::SameCategory)
        } else if same(self.class, other.class) {
            (WEAK - 1, Why::SameClass)
        } else if community {
            (WEAK - 2, Why::SameCommunity)
        } else if same(self.street, other.street) {
            (WEAK - 3, Why::SameStreet)
        } else {
            (0, Why::Latest)
        }
    }
}

/// The smallest hash in each of several classes of the text's bigrams: equal texts have equal sketches, alike texts share many.
fn sketch(case: &Case) -> [u8; SKETCH] {
    let mut least = [u64::MAX; SKETCH];
    let title = stated(case.title.as_deref()).unwrap_or_default();
    let content = stated(case.content.as_deref()).unwrap_or_default();
    for gram in text::grams(title, 2, 2).chain(text::grams(content, 2, 2).take(400)) {
        let place = &mut least[(gram >> 60) as usize % SKETCH];
        *place = (*place).min(gram << 4);
    }
    least.map(|value| {
        if value == u64::MAX {
            EMPTY
        } else {
            ((value >> 24) as u8).min(EMPTY - 1)
        }
    })
}

/// The newest past tickets.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Archive {
    past: VecDeque<Past>,
}

/// What the archive says about the departments asked for.
pub(crate) struct Findings {
    pub(crate) evidence: Vec<Vec<Evidence>>,
    pub(crate) support: Vec<Option<Support>>,
}

impl Archive {
    pub(crate) fn keep(&mut self, case: &Case, department: u16, ending: Ending) {
        if self.past.len() >= KEPT {
            self.past.pop_front();
        }
        self.past.push_back(Past {
            no: case.no.as_str().into(),
            department,
            ending,
            at: case.created_at.unwrap_or(0),
            traits: Traits::of(case),
        });
    }

    /// Forgets the newest entry of this ticket at this department.
    pub(crate) fn forget(&mut self, no: &str, department: u16) {
        if let Some(at) = self
            .past
            .iter()
            .rposition(|past| past.no == no && past.department == department)
        {
            self.past.remove(at);
        }
    }

    /// For each of `departments`: the best `each` tickets to point to, and the support among the last days before `now`.
    pub(crate) fn find(&self, case: &Case, now: i64, departments: &[u16], each: usize) -> Findings {
        let traits = Traits::of(case);
        let mut best: Vec<Vec<(u8, i64, usize, Why)>> = vec![Vec::new(); departments.len()];
        let mut right = vec![0_u32; departments.len()];
        let mut of = 0_u32;
        let counted = traits.category != 0 && traits.community != 0;
        let most = departments.iter().copied().max().map_or(0, usize::from);
        let mut places: Vec<Option<usize>> = vec![None; most + 1];
        for (place, department) in departments.iter().enumerate().rev() {
            places[usize::from(*department)] = Some(place);
        }
        for (age, past) in self.past.iter().rev().enumerate() {
            let is_itself =
                || !case.no.is_empty() && past.no == case.no && past.ending != Ending::Returned;
            let place = places.get(usize::from(past.department)).copied().flatten();
            let supports = counted
                && traits.category == past.traits.category
                && traits.community == past.traits.community
                && past.ending != Ending::Returned
                && (now - SUPPORT_DAYS * DAY..=now).contains(&past.at);
            if supports && !is_itself() {
                of += 1;
                if let Some(place) = place {
                    right[place] += 1;
                }
            }
            let Some(list) = place.and_then(|place| best.get_mut(place)) else {
                continue;
            };
            let (rank, why) = traits.reason(past);
            if rank < WEAK && past.ending == Ending::Returned {
                continue;
            }
            let is_before =
                |&(known, when, ..): &(u8, i64, usize, Why)| (known, when) >= (rank, past.at);
            if list.len() >= each && list.last().is_none_or(is_before) {
                continue;
            }
            // The strongest reason first, then the newest ticket; an older history may have been learned after a newer one.
            let at = list.partition_point(is_before);
            if !is_itself() {
                list.insert(at, (rank, past.at, age, why));
                list.truncate(each);
            }
        }
        for list in &mut best {
            let strong = list.iter().take_while(|&&(rank, ..)| rank >= WEAK).count();
            list.truncate(strong.max(1));
        }
        let evidence = best
            .into_iter()
            .map(|list| {
                list.into_iter()
                    .filter_map(|(_, _, age, why)| {
                        let past = self.past.get(self.past.len() - 1 - age)?;
                        Some(Evidence {
                            no: past.no.to_string(),
                            why,
                            ending: past.ending,
                            created_at: past.at,
                        })
                    })
                    .collect()
            })
            .collect();
        let support = right
            .into_iter()
            .map(|n| {
                (counted && of > 0).then_some(Support {
                    n,
                    of,
                    days: SUPPORT_DAYS as u32,
                })
            })
            .collect();
        Findings { evidence, support }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.len(self.past.len());
        for past in &self.past {
            out.text(&past.no);
            out.u16(past.department);
            out.u8(match past.ending {
                Ending::Kept => 0,
                Ending::Returned => 1,
                Ending::Ruled => 2,
            });
            out.i64(past.at);
            let traits = &past.traits;
            for value in [
                traits.category,
                traits.class,
                traits.street,
                traits.community,
                traits.requester,
            ] {
                out.u32(value);
            }
            for value in traits.sketch {
                out.u8(value);
            }
        }
    }

    /// Reads what [`Archive::write`] wrote, into the memory of `room`.
    pub(crate) fn read(from: &mut Reader<'_>, room: Self) -> Option<Self> {
        let count = from.len(39 + SKETCH)?;
        let mut past = room.past;
        past.clear();
        past.reserve_exact(count);
        for _ in 0..count {
            let no = from.text()?.into();
            let department = from.u16()?;
            let ending = match from.u8()? {
                0 => Ending::Kept,
                1 => Ending::Returned,
                2 => Ending::Ruled,
                _ => return None,
            };
            let at = from.i64()?;
            let [category, class, street, community, requester] = [
                from.u32()?,
                from.u32()?,
                from.u32()?,
                from.u32()?,
                from.u32()?,
            ];
            let sketch = from.array()?;
            past.push_back(Past {
                no,
                department,
                ending,
                at,
                traits: Traits {
                    category,
                    class,
                    street,
                    community,
                    requester,
                    sketch,
                },
            });
        }
        Some(Self { past })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(no: &str, category: &str, community: &str, title: &str, at: i64) -> Case {
        Case {
            no: no.into(),
            category: vec![category.into()],
            community: Some(community.into()),
            title: Some(title.into()),
            created_at: Some(at),
            ..Case::default()
        }
    }

    #[test]
    fn the_strongest_reason_comes_first_and_support_counts_only_recent_days() {
        let mut archive = Archive::default();
        archive.keep(&case("old", "噪声", "柳林", "邻居装修", 0), 0, Ending::Kept);
        archive.keep(
            &case("a", "噪声", "柳林", "广场舞声音大", 50 * DAY),
            0,
            Ending::Kept,
        );
        archive.keep(
            &case("b", "噪声", "柳林", "工地夜间施工打桩吵得睡不着", 51 * DAY),
            0,
            Ending::Kept,
        );
        archive.keep(
            &case("c", "噪声", "柳林", "酒吧音响", 52 * DAY),
            1,
            Ending::Kept,
        );
        archive.keep(
            &case("d", "噪声", "白桦", "酒吧太吵", 52 * DAY),
            1,
            Ending::Ruled,
        );
        let asked = case(
            "new",
            "噪声",
            "柳林",
            "工地夜间施工打桩太吵睡不着",
            60 * DAY,
        );
        let found = archive.find(&asked, 60 * DAY, &[0, 1], 2);
        assert_eq!(found.evidence[0][0].no, "b");
        assert!(matches!(found.evidence[0][0].why, Why::AlikeText { percent } if percent >= ALIKE));
        assert_eq!(found.evidence[0][1].why, Why::SameCategorySameCommunity);
        assert_eq!(found.evidence[1][0].why, Why::Ruling);
        assert_eq!(
            found.support[0],
            Some(Support {
                n: 2,
                of: 3,
                days: 30
            })
        );
        assert_eq!(
            found.support[1],
            Some(Support {
                n: 1,
                of: 3,
                days: 30
            })
        );
    }

    #[test]
    fn whatever_is_asked_each_department_has_a_ticket_to_point_to_and_better_reasons_go_first() {
        let mut archive = Archive::default();
        archive.keep(&case("a", "噪声", "柳林", "", DAY), 0, Ending::Kept);
        archive.keep(&case("b", "噪声", "白桦", "", 2 * DAY), 0, Ending::Kept);
        archive.keep(&case("c", "路灯", "柳林", "", 3 * DAY), 1, Ending::Kept);
        let why = |asked: &Case| -> Vec<Vec<(String, Why)>> {
            let found = archive.find(asked, 9 * DAY, &[0, 1, 2], 3);
            let told = |list: Vec<Evidence>| list.into_iter().map(|e| (e.no, e.why)).collect();
            found.evidence.into_iter().map(told).collect()
        };
        let by_place = why(&case("n", "欠薪", "柳林", "", 9 * DAY));
        assert_eq!(by_place[0], [("a".to_owned(), Why::SameCommunity)]);
        assert_eq!(by_place[1], [("c".to_owned(), Why::SameCommunity)]);
        let by_nothing = why(&Case::default());
        assert_eq!(by_nothing[0], [("b".to_owned(), Why::Latest)]);
        assert_eq!(by_nothing[1], [("c".to_owned(), Why::Latest)]);
        assert!(by_nothing[2].is_empty(), "nothing ended there");
        let by_matter = why(&case("n", "噪声", "香樟", "", 9 * DAY));
        assert_eq!(by_matter[0].len(), 2, "no weak reason beside strong ones");
        let asked = Case {
            category: vec!["环境".into(), "油烟".into()],
            ..Case::default()
        };
        let kept = Case {
            no: "d".into(),
            category: vec!["环境".into(), "噪声".into()],
            ..Case::default()
        };
        archive.keep(&kept, 2, Ending::Kept);
        let found = archive.find(&asked, 9 * DAY, &[2], 3);
        assert_eq!(found.evidence[0][0].why, Why::SameClass);
    }

    #[test]
    fn a_return_is_shown_but_not_counted() {
        let mut archive = Archive::default();
        archive.keep(&case("a", "噪声", "柳林", "", DAY), 0, Ending::Returned);
        let found = archive.find(&case("n", "噪声", "柳林", "", DAY), DAY, &[0], 3);
        assert_eq!(found.evidence[0][0].ending, Ending::Returned);
        assert_eq!(found.support[0], None);
    }

    #[test]
    fn forgetting_takes_the_ticket_out() {
        let mut archive = Archive::default();
        archive.keep(&case("a", "噪声", "柳林", "", DAY), 0, Ending::Kept);
        archive.forget("a", 0);
        assert!(
            archive
                .find(&case("n", "噪声", "柳林", "", DAY), DAY, &[0], 3)
                .evidence[0]
                .is_empty()
        );
    }
}
