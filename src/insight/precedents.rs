//! Which precedents a ticket is like: typical cases and rulings ranked by their words, their category and their place. Pure.
//!
//! Other than a duplicate, a precedent is about a matter of the same sort, wherever and whenever it was.

use super::case::{Case, stated};
use super::text::{self, Gram};

/// Below this a precedent has nothing to say.
const FLOOR: f64 = 0.15;
/// Of a long text only the beginning is compared.
const LONGEST: usize = 2_000;
/// What the same finest category is worth, and what a shared coarser one.
const SAME_CATEGORY: f64 = 0.35;
const SHARED_LEVEL: f64 = 0.12;
/// What the same community is worth beside something else.
const SAME_COMMUNITY: f64 = 0.05;
/// What a tag that stands in the words asked with is worth.
const TAG_NAMED: f64 = 0.2;

/// What is compared of a ticket, prepared once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sketch {
    grams: Vec<Gram>,
    words: String,
    category: Vec<String>,
    community: Option<String>,
}

impl Sketch {
    /// Prepares a ticket; `more` is what else is said of it, such as a case's gist.
    pub fn of(case: &Case, more: &str) -> Self {
        let part = |field: &Option<String>| stated(field.as_deref()).unwrap_or_default().to_owned();
        let words = [part(&case.title), part(&case.content), more.to_owned()].join("\n");
        let short: String = words.chars().take(LONGEST).collect();
        let category = case
            .category
            .iter()
            .filter(|level| stated(Some(level)).is_some());
        Self {
            grams: text::gram_set(&short, 2, 2),
            words: text::canonical(&short),
            category: category.cloned().collect(),
            community: stated(case.community.as_deref()).map(str::to_owned),
        }
    }
}

/// How much a precedent with these tags has to do with what is asked, 0 to 1; `None`: nothing.
pub fn likeness(asked: &Sketch, precedent: &Sketch, tags: &[String]) -> Option<f64> {
    let shared = text::shared_count(&asked.grams, &precedent.grams) as f64;
    let sizes = (asked.grams.len() * precedent.grams.len()) as f64;
    let words = if sizes > 0.0 {
        shared / sizes.sqrt()
    } else {
        0.0
    };
    let levels = asked
        .category
        .iter()
        .zip(&precedent.category)
        .take_while(|(a, b)| a == b)
        .count();
    let matter = match levels {
        0 => 0.0,
        n if n == asked.category.len() && n == precedent.category.len() => SAME_CATEGORY,
        _ => SHARED_LEVEL,
    };
    let named = tags.iter().any(|tag| {
        let tag = text::canonical(tag);
        !tag.is_empty() && asked.words.contains(&tag)
    });
    let told = words + matter + if named { TAG_NAMED } else { 0.0 };
    let near = asked.community.is_some() && asked.community == precedent.community;
    (told >= FLOOR).then(|| (told + if near { SAME_COMMUNITY } else { 0.0 }).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(title: &str, category: &[&str]) -> Sketch {
        let case = Case {
            title: Some(title.to_owned()),
            category: category.iter().map(ToString::to_string).collect(),
            ..Case::default()
        };
        Sketch::of(&case, "")
    }

    #[test]
    fn words_or_category_or_tag_make_a_precedent_and_none_of_them_does_not() {
        let asked = sketch("小区门口夜间烧烤油烟扰民", &["环境保护", "油烟"]);
        let like = |title: &str, category: &[&str], tags: &[&str]| {
            let tags: Vec<String> = tags.iter().map(ToString::to_string).collect();
            likeness(&asked, &sketch(title, category), &tags)
        };
        let words = like("夜间烧烤油烟扰民的处置", &[], &[]).unwrap();
        let matter = like("餐馆排烟管的归属", &["环境保护", "油烟"], &[]).unwrap();
        let both = like("夜间烧烤油烟扰民的处置", &["环境保护", "油烟"], &[]).unwrap();
        assert!(both > words && both > matter);
        assert!(like("餐馆的归属", &[], &["烧烤"]).is_some());
        assert_eq!(
            like("创业补贴怎么申请", &["社会保障", "补贴"], &["补贴"]),
            None
        );
        assert_eq!(like("餐馆的归属", &["环境保护", "噪音"], &[]), None);
        assert_eq!(likeness(&Sketch::default(), &Sketch::default(), &[]), None);
    }
}
