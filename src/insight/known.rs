//! How much a ticket says that the model can use. A street alone is no less a ticket, but what is said of it is trusted by
//! how predictions from a street alone have fared, not by how those from a whole ticket have.

use super::text;

/// How much of the category or the place is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Part {
    /// Nothing, or nothing that was met before.
    #[default]
    Nothing,
    /// A coarse level of the category only; street or community.
    Half,
    /// The finest level; both.
    Whole,
}

/// What is known of a ticket. What the model has never met is not known to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// The category.
    pub matter: Part,
    /// Street and community.
    pub place: Part,
    /// Source or nature.
    pub origin: bool,
    /// Words that were met before.
    pub text: bool,
}

impl Known {
    /// How many kinds of knowledge there are.
    pub(crate) const KINDS: usize = 36;

    /// The number of this kind, below [`Known::KINDS`].
    pub(crate) fn kind(self) -> usize {
        let part = |known: bool| usize::from(known);
        ((self.matter as usize * 3 + self.place as usize) * 2 + part(self.origin)) * 2
            + part(self.text)
    }

    /// True when the model can use nothing of it.
    pub fn is_nothing(self) -> bool {
        self.kind() == 0
    }

    /// What is left of this when a part is taken away, another part for each `turn`; `None` where that takes away nothing.
    pub(crate) fn less(self, turn: u64) -> Option<Self> {
        let dice = text::mix(0x1E55, turn);
        let matter = match dice % 3 {
            0 => Part::Nothing,
            1 if self.matter == Part::Whole => Part::Half,
            _ => self.matter,
        };
        let place = match (dice >> 8) % 3 {
            0 => Part::Nothing,
            1 if self.place == Part::Whole => Part::Half,
            _ => self.place,
        };
        let left = Self {
            matter,
            place,
            origin: self.origin && (dice >> 16).is_multiple_of(2),
            text: self.text && (dice >> 24).is_multiple_of(2),
        };
        (left != self).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Known> {
        let mut all = Vec::new();
        for matter in [Part::Nothing, Part::Half, Part::Whole] {
            for place in [Part::Nothing, Part::Half, Part::Whole] {
                for (origin, text) in [(false, false), (false, true), (true, false), (true, true)] {
                    all.push(Known {
                        matter,
                        place,
                        origin,
                        text,
                    });
                }
            }
        }
        all
    }

    #[test]
    fn every_kind_has_a_number_of_its_own() {
        let kinds: Vec<usize> = all().into_iter().map(Known::kind).collect();
        assert_eq!(kinds, (0..Known::KINDS).collect::<Vec<_>>());
    }

    #[test]
    fn a_whole_ticket_is_asked_about_with_every_part_of_it_in_turn() {
        let whole = all()[Known::KINDS - 1];
        let mut met = [false; Known::KINDS];
        for turn in 0..2_000 {
            if let Some(left) = whole.less(turn) {
                assert_ne!(left, whole);
                met[left.kind()] = true;
            }
        }
        assert_eq!(met.iter().filter(|met| **met).count(), Known::KINDS - 1);
        assert!(
            (0..100).all(|turn| all()[0].less(turn).is_none()),
            "of nothing nothing can be taken"
        );
    }
}
