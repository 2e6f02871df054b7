//! Finding by a few typed letters: Chinese, pinyin initials, whole pinyin, codes, English.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32String};
use pinyin::ToPinyin;

/// A thing's texts made ready to be searched.
#[derive(Clone, Debug)]
pub struct Needle {
    ways: Vec<Utf32String>,
}

impl Needle {
    /// Of these texts; Chinese ones are found by their pinyin too.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut ways = Vec::new();
        for text in texts.into_iter().filter(|t| !t.is_empty()) {
            ways.push(Utf32String::from(text));
            if !text.is_ascii() {
                ways.push(Utf32String::from(initials(text)));
                ways.push(Utf32String::from(syllables(text)));
            }
        }
        Self { ways }
    }
}

/// First letters of the pinyin, other characters as they are.
///
/// ```
/// use fenbo::console::app::search::initials;
/// assert_eq!(initials("坪山街道 3"), "psjd 3");
/// ```
pub fn initials(text: &str) -> String {
    text.chars()
        .map(|c| {
            c.to_pinyin()
                .and_then(|p| p.plain().chars().next())
                .unwrap_or(c)
        })
        .collect()
}

fn syllables(text: &str) -> String {
    text.chars()
        .map(|c| {
            c.to_pinyin()
                .map_or_else(|| c.to_string(), |p| p.plain().to_owned())
        })
        .collect()
}

/// The places of those that match, best first; everything in its order when nothing was typed.
pub fn rank(query: &str, things: &[Needle]) -> Vec<usize> {
    let query = query.trim();
    if query.is_empty() {
        return (0..things.len()).collect();
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(query, CaseMatching::Ignore, Normalization::Smart);
    let mut found: Vec<(u32, usize)> = things
        .iter()
        .enumerate()
        .filter_map(|(at, thing)| {
            let best = thing
                .ways
                .iter()
                .filter_map(|way| {
                    let score = pattern.score(way.slice(..), &mut matcher)?;
                    // Among equals the one that says the least besides what was typed.
                    Some((score * 64).saturating_sub(way.len() as u32))
                })
                .max()?;
            Some((best, at))
        })
        .collect();
    found.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    found.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_initials_pinyin_and_codes_find_a_department() {
        let things: Vec<Needle> = [
            ["城管和综合执法局", "cgj"],
            ["人力资源局", "rlj"],
            ["龙田街道办", "ltjd"],
        ]
        .map(Needle::of)
        .into_iter()
        .collect();
        for (query, first) in [
            ("执法", 0),
            ("cghzhzfj", 0),
            ("rlzy", 1),
            ("longtian", 2),
            ("ltjd", 2),
        ] {
            assert_eq!(rank(query, &things).first(), Some(&first), "{query}");
        }
        assert_eq!(rank("", &things), [0, 1, 2]);
        assert!(rank("完全没有", &things).is_empty());
    }
}
