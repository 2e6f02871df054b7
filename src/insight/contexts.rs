//! Which circumstances of a ticket are remembered together: each template of fields becomes one hash, a *context*.
//! The order of the templates is stored with the model; change it only together with the snapshot's version.

use super::case::{Case, stated};
use super::known::{Known, Part};
use super::text::{self, hash_str, mix};

/// The fields a template may name.
#[derive(Clone, Copy)]
enum Field {
    Class,
    Matter,
    Detail,
    Street,
    Community,
    Source,
    Nature,
    Hours,
}

use Field::{Class, Community, Detail, Hours, Matter, Nature, Source, Street};

/// Contexts in which departments are counted and weighed. The first is "everything".
const TEMPLATES: &[&[Field]] = &[
    &[],
    &[Detail],
    &[Matter],
    &[Class],
    &[Community],
    &[Street],
    &[Source],
    &[Nature],
    &[Detail, Community],
    &[Detail, Street],
    &[Detail, Source],
    &[Matter, Community],
    &[Matter, Street],
    &[Matter, Source],
    &[Class, Community],
    &[Class, Street],
    &[Class, Source],
    &[Community, Source],
    &[Street, Source],
    &[Detail, Nature],
    &[Detail, Community, Source],
    &[Detail, Street, Source],
    &[Matter, Community, Source],
    &[Class, Community, Source],
    &[Detail, Source, Nature],
    &[Detail, Street, Community, Source, Nature],
    &[Detail, Hours],
];

/// Contexts in which roles of departments are weighed.
const ROLE_TEMPLATES: &[&[Field]] = &[
    &[],
    &[Class],
    &[Matter],
    &[Detail],
    &[Detail, Source],
    &[Matter, Source],
    &[Class, Source],
    &[Source],
    &[Detail, Nature],
    &[Detail, Street],
    &[Matter, Street],
    &[Detail, Community],
];

/// Where `Detail × Community` and `Detail × Street` stand: the last department there makes two more contexts.
pub(crate) const FOLLOWED: [usize; 2] = [8, 9];

/// How many contexts a ticket has, those that follow the last department included.
pub(crate) const COUNT: usize = TEMPLATES.len() + FOLLOWED.len();

/// Where the contexts of one field stand: of the category from fine to coarse, of the place, of the origin.
pub(crate) const OF_MATTER: [usize; 3] = [1, 2, 3];
/// Street and community.
pub(crate) const OF_PLACE: [usize; 2] = [5, 4];
/// Source and nature.
pub(crate) const OF_ORIGIN: [usize; 2] = [6, 7];
/// Contexts from the broadest to the narrowest, each with how many tickets in it outweigh what the broader ones say: where no
/// category is stated, and where one is, so that a place or a source alone says less. `[ours: measured on real cold starts]`
pub(crate) const NARROWING: [(usize, [f32; 2]); 9] = [
    (7, [10.0, 60.0]),
    (6, [10.0, 60.0]),
    (5, [2.5, 20.0]),
    (3, [8.0, 8.0]),
    (4, [2.0, 12.0]),
    (2, [3.0, 3.0]),
    (1, [1.5, 1.5]),
    (9, [1.0, 1.0]),
    (8, [1.0, 1.0]),
];

/// Features of a category's name, at most.
const MOST_OF_NAME: usize = 16;

/// A ticket's fields as hashes; 0 is "not stated".
#[derive(Clone)]
pub(crate) struct Circumstances {
    fields: [u64; 8],
    /// Characters and pairs of the finest category's name: kinds that were never met resemble known ones.
    name: Vec<u64>,
}

impl Circumstances {
    /// Reads the fields. A category with one level has its finest level there, so coarse data still meets fine contexts.
    pub(crate) fn of(case: &Case, utc_offset: i64) -> Self {
        let mut path = [0_u64; 3];
        let mut above = 17;
        for (slot, level) in path.iter_mut().zip(&case.category) {
            if let Some(level) = stated(Some(level)) {
                above = mix(above, hash_str(level));
            }
            *slot = if above == 17 { 0 } else { above };
        }
        let depth = case.category.len().clamp(1, 3);
        let finest = path[depth - 1];
        let hash = |field: &Option<String>| {
            stated(field.as_deref()).map_or(0, |value| hash_str(value) | 1)
        };
        let hours = case.created_at.map_or(0, |at| {
            ((at + utc_offset).rem_euclid(86_400) / 21_600 + 1).unsigned_abs()
        });
        let name = case.category.last().map(String::as_str).unwrap_or_default();
        let name = text::gram_set(name, 1, 2)
            .into_iter()
            .take(MOST_OF_NAME)
            .map(|gram| mix(700, gram).max(1))
            .collect();
        Self {
            name,
            fields: [
                path[0],
                if depth > 1 { path[1] } else { 0 },
                finest,
                hash(&case.street),
                hash(&case.community),
                hash(&case.source),
                hash(&case.nature),
                hours,
            ],
        }
    }

    /// The same ticket with no more known of its fields than this.
    pub(crate) fn with_only(&self, known: Known) -> Self {
        let mut less = self.clone();
        let mut drop = |fields: &[Field]| {
            for &field in fields {
                less.fields[field as usize] = 0;
            }
        };
        match known.matter {
            Part::Nothing => drop(&[Class, Matter, Detail]),
            Part::Half => drop(&[Matter, Detail]),
            Part::Whole => {}
        }
        match known.place {
            Part::Nothing => drop(&[Street, Community]),
            Part::Half => drop(&[Community]),
            Part::Whole => {}
        }
        if !known.origin {
            drop(&[Source, Nature]);
        }
        if known.matter != Part::Whole {
            less.name.clear();
        }
        less
    }

    /// The context every ticket has.
    pub(crate) fn everything() -> u64 {
        mix(1, 0xC0).max(1)
    }

    /// The hash of the finest category, 0 when not stated.
    pub(crate) fn detail(&self) -> u64 {
        self.fields[Detail as usize]
    }

    /// The hash of the street, 0 when not stated.
    pub(crate) fn street(&self) -> u64 {
        self.fields[Street as usize]
    }

    /// The hash of the community, 0 when not stated.
    pub(crate) fn community(&self) -> u64 {
        self.fields[Community as usize]
    }

    /// The contexts of departments, without those that follow the last department; 0 where a field is not stated.
    pub(crate) fn contexts(&self) -> [u64; TEMPLATES.len()] {
        std::array::from_fn(|at| self.hash(TEMPLATES[at], at as u64 + 1))
    }

    /// The context "this matter, and `last` was the department of the ticket before it at this place".
    pub(crate) fn following(&self, which: usize, last: Option<u16>) -> u64 {
        match (self.detail(), last) {
            (0, _) | (_, None) => 0,
            (detail, Some(last)) => mix(mix(900 + which as u64, detail), u64::from(last) + 1),
        }
    }

    /// The contexts of roles, those of the category's name last; 0 where a field is not stated.
    pub(crate) fn role_contexts(&self) -> Vec<u64> {
        let mut contexts: Vec<u64> = ROLE_TEMPLATES
            .iter()
            .enumerate()
            .map(|(at, template)| self.hash(template, at as u64 + 500))
            .collect();
        contexts.extend(&self.name);
        contexts
    }

    fn hash(&self, template: &[Field], seed: u64) -> u64 {
        let mut hash = mix(seed, 0xC0);
        for &field in template {
            match self.fields[field as usize] {
                0 => return 0,
                value => hash = mix(hash, value),
            }
        }
        hash.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case() -> Case {
        Case {
            category: vec!["环境".into(), "噪声".into(), "夜间施工".into()],
            street: Some("青石街道".into()),
            source: Some("电话".into()),
            ..Case::default()
        }
    }

    #[test]
    fn a_missing_field_leaves_out_its_contexts_only() {
        let contexts = Circumstances::of(&case(), 0).contexts();
        for (at, template) in TEMPLATES.iter().enumerate() {
            let missing = template
                .iter()
                .any(|field| matches!(field, Community | Nature | Hours));
            assert_eq!(contexts[at] == 0, missing, "template {at}");
        }
    }

    #[test]
    fn the_followed_templates_are_matter_by_place() {
        assert!(matches!(TEMPLATES[FOLLOWED[0]], [Detail, Community]));
        assert!(matches!(TEMPLATES[FOLLOWED[1]], [Detail, Street]));
    }

    #[test]
    fn the_contexts_named_by_their_place_are_those() {
        let of = |places: &[usize]| -> Vec<Vec<u8>> {
            let fields = |at: &usize| TEMPLATES[*at].iter().map(|f| *f as u8).collect();
            places.iter().map(fields).collect()
        };
        let alone = |fields: &[Field]| -> Vec<Vec<u8>> {
            fields.iter().map(|field| vec![*field as u8]).collect()
        };
        assert_eq!(of(&OF_MATTER), alone(&[Detail, Matter, Class]));
        assert_eq!(of(&OF_PLACE), alone(&[Street, Community]));
        assert_eq!(of(&OF_ORIGIN), alone(&[Source, Nature]));
        let narrowing = alone(&[Nature, Source, Street, Class, Community, Matter, Detail]);
        let places = NARROWING.map(|(at, _)| at);
        assert_eq!(of(&places[..7]), narrowing);
        assert_eq!(places[7..], [FOLLOWED[1], FOLLOWED[0]]);
    }

    #[test]
    fn what_is_taken_away_leaves_no_context() {
        let nothing = Known {
            matter: Part::Nothing,
            place: Part::Nothing,
            origin: false,
            text: false,
        };
        let whole = Circumstances::of(&case(), 0);
        let left = whole.with_only(nothing);
        assert!(left.contexts()[1..].iter().all(|&context| context == 0));
        let street = whole.with_only(Known {
            place: Part::Half,
            ..nothing
        });
        let known = street.contexts().iter().filter(|&&c| c != 0).count();
        assert_eq!(known, 2, "everything, and the street");
    }

    #[test]
    fn kinds_with_alike_names_share_contexts() {
        let contexts = |name: &str| {
            Circumstances::of(
                &Case {
                    category: vec![name.into()],
                    ..Case::default()
                },
                0,
            )
            .role_contexts()
        };
        let (known, new, other) = (contexts("道路井盖"), contexts("小区井盖"), contexts("欠薪"));
        let shared = |with: &[u64]| {
            with.iter()
                .filter(|&&context| context != 0 && known.contains(&context))
                .count()
        };
        assert_eq!(
            shared(&new),
            shared(&other) + 3,
            "two characters and their pair"
        );
    }

    #[test]
    fn a_single_level_is_both_class_and_detail() {
        let flat = Case {
            category: vec!["噪声".into()],
            ..Case::default()
        };
        let seen = Circumstances::of(&flat, 0);
        assert_ne!(seen.detail(), 0);
        assert_eq!(seen.fields[Class as usize], seen.detail());
        assert_eq!(seen.fields[Matter as usize], 0);
    }
}
