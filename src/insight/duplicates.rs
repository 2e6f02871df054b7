//! Are two tickets the same matter, and why: a pure scorer. Nothing is merged here; a person decides.
//!
//! Start at [`rank`]: candidates come from the store's search index or from [`super::duplicate_index`]; the scorer puts
//! them in order. A ticket is prepared once as a [`Print`].

use super::case::{Case, stated};
use super::text::{self, Gram};

const DAY: f64 = 86_400.0;
/// Below this score a ticket is no candidate.
const FLOOR: f64 = 0.18;
/// Of a long text only the beginning is compared.
const LONGEST: usize = 1_500;
/// From this likeness on the text is a reason to show.
const ALIKE: f64 = 0.2;
/// Addresses whose letters overlap less than this are different places.
const SAME_ADDRESS: f64 = 0.3;
/// The share of the shorter words that recurs in a matter told again.
const TOLD_AGAIN: f64 = 0.5;

/// From so many pairs of characters on, what was asked says what it is about.
const ENOUGH: usize = 4;

/// One reason why a ticket is a candidate, with its figures; worded elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The titles are the same but for widths, case and punctuation.
    SameTitle,
    /// The texts are alike.
    AlikeText {
        /// How alike, in percent.
        percent: u8,
    },
    /// The same requester.
    SameRequester,
    /// The same address.
    SameAddress,
    /// The same community.
    SameCommunity,
    /// The same street; told only where nothing was asked in words.
    SameStreet,
    /// The same category.
    SameCategory,
    /// The same coarser level of the category; told only where nothing was asked in words.
    SameClass,
    /// Registered close together.
    CloseInTime {
        /// Hours between them.
        hours: u32,
    },
}

/// How alike two tickets are.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// 0 to 1; orders candidates.
    pub score: f64,
    /// The strongest first.
    pub why: Vec<Reason>,
}

impl Likeness {
    /// Of two tickets of which nothing is compared in words: they have `why` in common and are so many seconds apart.
    pub fn of_circumstances(why: &[Reason], apart: Option<u64>) -> Self {
        let has = |reason| why.contains(&reason);
        let apart = apart.map(|seconds| seconds as f64);
        let place = nearness_in_place(has(Reason::SameAddress), has(Reason::SameCommunity));
        let category = match (has(Reason::SameCategory), has(Reason::SameClass)) {
            (true, _) => 1.0,
            (false, true) => 0.5,
            (false, false) => 0.0,
        };
        let mut why = why.to_vec();
        why.extend(close_in_time(apart));
        Self {
            score: 0.1 * place + 0.06 * category + 0.1 * nearness_in_time(apart),
            why,
        }
    }
}

/// 1 at the same address, half at the same community only.
fn nearness_in_place(address: bool, community: bool) -> f64 {
    match (address, community) {
        (true, _) => 1.0,
        (false, true) => 0.5,
        (false, false) => 0.0,
    }
}

/// 1 at the same moment, a third after a week; 0 where a moment is not known.
fn nearness_in_time(apart: Option<f64>) -> f64 {
    apart.map_or(0.0, |seconds| (-seconds / (7.0 * DAY)).exp())
}

/// Named up to three days.
fn close_in_time(apart: Option<f64>) -> Option<Reason> {
    apart
        .filter(|&seconds| seconds <= 3.0 * DAY)
        .map(|seconds| Reason::CloseInTime {
            hours: (seconds / 3600.0) as u32,
        })
}

/// A ranked candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its number.
    pub no: String,
    /// How alike it is.
    pub likeness: Likeness,
}

/// What the scorer compares of a ticket, prepared once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Print {
    no: String,
    requester: u64,
    address: u64,
    community: u64,
    category: u64,
    at: Option<i64>,
    title: String,
    title_grams: Vec<Gram>,
    text_grams: Vec<Gram>,
    address_grams: Vec<Gram>,
}

impl Print {
    /// Prepares a ticket.
    pub fn of(case: &Case) -> Self {
        let hash = |field: &Option<String>| {
            stated(field.as_deref()).map_or(0, |value| text::hash_str(&text::canonical(value)) | 1)
        };
        let title = stated(case.title.as_deref()).unwrap_or_default();
        let content: String = stated(case.content.as_deref())
            .unwrap_or_default()
            .chars()
            .take(LONGEST)
            .collect();
        Self {
            no: case.no.clone(),
            requester: hash(&case.requester),
            address: hash(&case.address),
            community: hash(&case.community),
            category: case.category_key().unwrap_or(0),
            at: case.created_at,
            title: text::canonical(title),
            title_grams: text::gram_set(title, 2, 2),
            text_grams: text::gram_set(&content, 2, 2),
            address_grams: text::gram_set(
                stated(case.address.as_deref()).unwrap_or_default(),
                1,
                2,
            ),
        }
    }

    /// Keeps only the grams with the smallest hashes: enough to estimate likeness, and small.
    pub(crate) fn sketched(mut self, title: usize, text: usize) -> Self {
        for (grams, most) in [(&mut self.title_grams, title), (&mut self.text_grams, text)] {
            grams.truncate(most);
            grams.shrink_to_fit();
        }
        self.address_grams = Vec::new();
        self
    }

    /// The ticket's number.
    pub fn no(&self) -> &str {
        &self.no
    }

    /// The title without widths, case, blanks and punctuation.
    pub fn canonical_title(&self) -> &str {
        &self.title
    }

    /// The requester's hash; 0 when not known.
    pub(crate) fn requester(&self) -> u64 {
        self.requester
    }

    /// The hash of the category at the address, or else at the community; 0 when either is not known.
    pub(crate) fn place(&self) -> u64 {
        let place = if self.address == 0 {
            self.community
        } else {
            self.address
        };
        if self.category == 0 || place == 0 {
            return 0;
        }
        text::mix(self.category, place)
    }

    pub(crate) fn title_grams(&self) -> &[Gram] {
        &self.title_grams
    }

    pub(crate) fn text_grams(&self) -> &[Gram] {
        &self.text_grams
    }
}

/// Scores two tickets; `rarity` says how much a shared bigram counts (1 for all is fine). `None`: no candidate.
pub fn score(a: &Print, b: &Print, rarity: impl Fn(Gram) -> f64) -> Option<Likeness> {
    let same = |x: u64, y: u64| x != 0 && x == y;
    let same_title = a.title.chars().nth(1).is_some() && a.title == b.title;
    let title = if same_title {
        1.0
    } else {
        alike(&a.title_grams, &b.title_grams, &rarity)
    };
    let text = alike(&a.text_grams, &b.text_grams, &rarity);
    // A title often repeats in the other's text; texts count more when both are long enough to be compared.
    let words = if a.text_grams.len().min(b.text_grams.len()) < 8 {
        title
    } else {
        title.max(text).mul_add(0.7, 0.3 * title.min(text))
    };
    let told = if a.no.is_empty() {
        recurring(a, b)
    } else {
        0.0
    };
    let words = words.max(told);
    let address = same(a.address, b.address);
    let community = same(a.community, b.community);
    let category = same(a.category, b.category);
    let requester = same(a.requester, b.requester);
    let apart = a.at.zip(b.at).map(|(x, y)| x.abs_diff(y) as f64);
    let lately = nearness_in_time(apart);
    let place = nearness_in_place(address, community);
    // Circumstances alone make a candidate only together: the same person, or the same matter at the same place, lately.
    let circumstance = if category || requester || address {
        lately
    } else {
        0.0
    };
    let score = 0.62 * words
        + 0.12 * f64::from(u8::from(requester))
        + 0.1 * place
        + 0.06 * f64::from(u8::from(category))
        + 0.1 * circumstance;
    let meaningful = words >= ALIKE
        || (requester && (category || community || address))
        || (category && (address || community) && lately > 0.4);
    if score < FLOOR || !meaningful {
        return None;
    }
    let mut why = Vec::new();
    if same_title {
        why.push(Reason::SameTitle);
    }
    let likest = text.max(title).max(told);
    if likest >= ALIKE && !(same_title && text < ALIKE) {
        let percent = (if same_title { text } else { likest } * 100.0).round() as u8;
        why.push(Reason::AlikeText { percent });
    }
    why.extend(
        [
            (requester, Reason::SameRequester),
            (address, Reason::SameAddress),
            (community && !address, Reason::SameCommunity),
            (category, Reason::SameCategory),
        ]
        .into_iter()
        .filter_map(|(holds, reason)| holds.then_some(reason)),
    );
    why.extend(close_in_time(apart));
    Some(Likeness {
        score: score.min(1.0),
        why,
    })
}

/// Whether two tickets are about the same matter at the same place, as far as both say: what false closures are judged by.
///
/// The place is the community, unless both name addresses that are not alike; where neither knows its community, the same
/// address or requester stands for it. The matter is the category; words told again stand for it where a category is
/// missing, or where the same requester or address says that they are no chance.
pub fn is_same_matter(a: &Print, b: &Print) -> bool {
    let same = |x: u64, y: u64| x != 0 && x == y;
    let requester = same(a.requester, b.requester);
    let address = same(a.address, b.address);
    let apart = !a.address_grams.is_empty()
        && !b.address_grams.is_empty()
        && text::overlap(&a.address_grams, &b.address_grams) < SAME_ADDRESS;
    let near = match (a.community, b.community) {
        (0, 0) => address || requester,
        (x, y) => x == y || address,
    };
    if !near || (apart && !requester) {
        return false;
    }
    let bound = requester || address;
    match (a.category, b.category) {
        (0, _) | (_, 0) => told_again(a, b),
        (x, y) => x == y || (bound && told_again(a, b)),
    }
}

/// The pairs of characters of title and text together.
fn all_grams(print: &Print) -> Vec<Gram> {
    let mut grams = [print.title_grams.as_slice(), &print.text_grams].concat();
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// How much of what was asked in a few words recurs in a ticket, 0 to 1; one or two pairs of characters say little.
fn recurring(asked: &Print, ticket: &Print) -> f64 {
    let (asked, ticket) = (all_grams(asked), all_grams(ticket));
    let n = asked.len();
    let shared = text::shared_count(&asked, &ticket) as f64;
    shared / n.max(1) as f64 * (n.min(ENOUGH) as f64 / ENOUGH as f64)
}

/// Whether most of the shorter words recur in the others.
fn told_again(a: &Print, b: &Print) -> bool {
    let (a, b) = (all_grams(a), all_grams(b));
    let shorter = a.len().min(b.len());
    shorter >= 4 && text::shared_count(&a, &b) as f64 >= TOLD_AGAIN * shorter as f64
}

/// Ranks candidates for a ticket, best first; the ticket itself is left out. Equal scores: the latest number first.
pub fn rank<'a>(
    ticket: &Print,
    candidates: impl IntoIterator<Item = &'a Print>,
    rarity: impl Fn(Gram) -> f64,
    most: usize,
) -> Vec<Candidate> {
    let mut ranked: Vec<Candidate> = candidates
        .into_iter()
        .filter(|candidate| ticket.no.is_empty() || candidate.no != ticket.no)
        .filter_map(|candidate| {
            score(ticket, candidate, &rarity).map(|likeness| Candidate {
                no: candidate.no.clone(),
                likeness,
            })
        })
        .collect();
    ranked.sort_by(|a, b| {
        b.likeness
            .score
            .total_cmp(&a.likeness.score)
            .then_with(|| b.no.cmp(&a.no))
    });
    ranked.truncate(most);
    ranked
}

/// The weighted share two sorted gram sets have in common, 0 to 1.
fn alike(one: &[Gram], other: &[Gram], rarity: &impl Fn(Gram) -> f64) -> f64 {
    let weight = |grams: &[Gram]| grams.iter().map(|&gram| rarity(gram)).sum::<f64>();
    let shared: f64 = text::shared(one, other).map(rarity).sum();
    let all = weight(one) + weight(other) - shared;
    if all > 0.0 { shared / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(no: &str, title: &str, content: &str) -> Case {
        Case {
            no: no.into(),
            title: Some(title.into()),
            content: Some(content.into()),
            ..Case::default()
        }
    }

    fn like(a: &Case, b: &Case) -> Option<Likeness> {
        score(&Print::of(a), &Print::of(b), |_| 1.0)
    }

    #[test]
    fn the_same_title_in_other_widths_is_the_first_reason() {
        let found = like(
            &case("1", "３号楼电梯坏了！", "修了三天没修好"),
            &case("2", "3号楼电梯坏了", "请尽快派人来看"),
        )
        .unwrap();
        assert_eq!(found.why[0], Reason::SameTitle);
    }

    #[test]
    fn strangers_are_no_candidates() {
        assert_eq!(
            like(
                &case("1", "电梯坏了", "三号楼的电梯停了三天"),
                &case("2", "食堂涨价", "学校食堂的饭菜贵了一倍")
            ),
            None
        );
        assert_eq!(
            like(&case("1", "", ""), &case("2", "", "")),
            None,
            "two empty tickets have nothing in common"
        );
    }

    #[test]
    fn circumstances_need_company() {
        let at = |no: &str, seconds: i64| Case {
            no: no.into(),
            requester: Some("甲".into()),
            community: Some("柳林社区".into()),
            category: vec!["噪声".into()],
            created_at: Some(seconds),
            ..Case::default()
        };
        let near = like(&at("1", 0), &at("2", 7200)).unwrap();
        assert_eq!(
            near.why,
            [
                Reason::SameRequester,
                Reason::SameCommunity,
                Reason::SameCategory,
                Reason::CloseInTime { hours: 2 }
            ]
        );
        let only_requester = Case {
            community: None,
            category: vec![],
            ..at("3", 0)
        };
        assert_eq!(like(&only_requester, &at("1", 0)), None);
        let far = Case {
            requester: None,
            ..at("4", 90 * 86_400)
        };
        assert_eq!(
            like(&far, &at("1", 0)),
            None,
            "the same matter at the same place a season ago is not a duplicate"
        );
    }

    #[test]
    fn a_matter_that_came_back_is_told_from_another_at_the_same_place() {
        let at = |title: &str, category: &str, address: &str, who: &str| {
            let stated = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
            Print::of(&Case {
                community: stated("柳林社区"),
                category: stated(category).into_iter().collect(),
                address: stated(address),
                requester: stated(who),
                ..case("", title, "")
            })
        };
        let closed = at("工地夜里打桩太吵", "噪音", "东门路12号", "甲");
        for again in [
            at("夜间施工扰民", "噪音", "", "乙"),
            at("还在打桩", "噪音", "东门路12号旁边工地", "乙"),
            at("工地夜里打桩太吵了", "", "东门路12号", ""),
            at("工地又是夜里打桩太吵", "施工管理", "", "甲"),
        ] {
            assert!(is_same_matter(&again, &closed), "{again:?}");
        }
        for other in [
            at("楼下垃圾没人收", "垃圾", "东门路12号", "甲"),
            at("卡拉OK太吵", "噪音", "西湖苑小区3栋", "乙"),
            at("路灯不亮", "", "", "乙"),
            at("工地夜里打桩太吵", "施工管理", "", "乙"),
        ] {
            assert!(!is_same_matter(&other, &closed), "{other:?}");
        }
        let elsewhere = Print::of(&Case {
            community: Some("山下社区".to_owned()),
            category: vec!["噪音".to_owned()],
            ..case("", "工地夜里打桩太吵", "")
        });
        assert!(!is_same_matter(&elsewhere, &closed));
        let nowhere = |who: Option<&str>| {
            Print::of(&Case {
                category: vec!["噪音".to_owned()],
                requester: who.map(str::to_owned),
                ..Case::default()
            })
        };
        assert!(!is_same_matter(&nowhere(None), &nowhere(None)));
        assert!(is_same_matter(&nowhere(Some("甲")), &nowhere(Some("甲"))));
    }

    #[test]
    fn the_more_alike_comes_first_and_the_ticket_itself_never() {
        let ask = Print::of(&case("0", "幸福路路灯不亮", "晚上路灯全部不亮，走路看不清"));
        let near = Print::of(&case("1", "幸福路的路灯不亮了", "晚上路灯不亮，看不清路"));
        let far = Print::of(&case("2", "幸福路积水", "下雨以后路灯不亮而且积水"));
        let ranked = rank(&ask, [&far, &near, &ask], |_| 1.0, 5);
        assert_eq!(
            ranked.first().map(|candidate| candidate.no.as_str()),
            Some("1")
        );
        assert!(ranked.iter().all(|candidate| candidate.no != "0"));
    }

    #[test]
    fn what_is_rare_counts_more() {
        let a = Print::of(&case("1", "", "梧桐苑小区一直没有热水请求解决"));
        let b = Print::of(&case("2", "", "梧桐苑门口停车收费太贵请求解决"));
        let c = Print::of(&case("3", "", "桂花里小区一直有人养鸡请求解决"));
        let name = text::gram_set("梧桐苑", 2, 2);
        let rarity = |gram: Gram| if name.contains(&gram) { 8.0 } else { 1.0 };
        let text = |x: &Print, y: &Print| alike(&x.text_grams, &y.text_grams, &rarity);
        assert!(text(&a, &b) > text(&a, &c));
    }
}
