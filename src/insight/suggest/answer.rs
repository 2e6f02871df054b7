//! What is suggested for a ticket, how likely it is, and what speaks for it.

use super::trust::Trusted;
use crate::insight::case::Ending;
use crate::insight::known::Known;

/// Below this many learned tickets the basis is called little.
pub(super) const LITTLE: u64 = 200;

/// What the suggestions rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Nothing was learned yet: there is nothing to suggest.
    NoHistory,
    /// The ticket says nothing the model could use; what is suggested are the departments that get most.
    NothingKnown,
    /// Few tickets were learned; take it with care.
    Little {
        /// How many.
        learned: u64,
    },
    /// A history was learned.
    History {
        /// How many tickets.
        learned: u64,
    },
}

/// Why a past ticket is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The centre ruled on this category.
    Ruling,
    /// Its text is alike.
    AlikeText {
        /// How alike, in percent.
        percent: u8,
    },
    /// The same requester, about the same category or community.
    SameRequester,
    /// The same category in the same community.
    SameCategorySameCommunity,
    /// The same category in the same street.
    SameCategorySameStreet,
    /// The same category.
    SameCategory,
    /// The same coarsest level of the category.
    SameClass,
    /// The same community.
    SameCommunity,
    /// The same street.
    SameStreet,
    /// Nothing in common: the last ticket that ended there.
    Latest,
}

/// A past ticket that speaks for a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its number.
    pub no: String,
    /// Why it is shown.
    pub why: Why,
    /// How it ended at that department.
    pub ending: Ending,
    /// When it was registered, Unix seconds; 0 when unknown.
    pub created_at: i64,
}

/// How many of the latest tickets of this category in this community went to the department.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Support {
    /// Those that went there.
    pub n: u32,
    /// All.
    pub of: u32,
    /// Over how many days.
    pub days: u32,
}

/// One department suggested.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The department's code.
    pub department: String,
    /// How often such a suggestion came true on past tickets, 0 to 1.
    pub probability: f64,
    /// Past tickets that ended there.
    pub evidence: Vec<Evidence>,
    /// The count behind it, when category and community are known.
    pub support: Option<Support>,
    /// Past tickets left out of the evidence because whoever asks may not see them; the model itself leaves out none.
    pub unseen: usize,
}

impl Suggestion {
    /// The probability as it is shown, in percent: never 100, as nothing that has not happened is certain.
    pub fn percent(&self) -> u8 {
        ((self.probability * 100.0).round() as u8).min(99)
    }

    /// Whether it is shown as more than nothing.
    pub fn is_worth_showing(&self) -> bool {
        self.percent() > 0
    }
}

/// Why a first suggestion that is likely enough is yet not sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Little was learned in all.
    LittleLearned,
    /// Nothing is known of the ticket.
    NothingKnown,
    /// The department has had too few tickets of this kind.
    FewOfItsKind,
    /// Predictions of this kind and confidence were too few, or failed too often, for one to be trusted unseen.
    Unproven,
    /// A department that would be suggested gave this very ticket back.
    GivenBack,
}

/// The answer for one ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestions {
    /// What it rests on.
    pub basis: Basis,
    /// How many past tickets were learned.
    pub learned: u64,
    /// How much the ticket says that the model can use.
    pub known: Known,
    /// Best first.
    pub list: Vec<Suggestion>,
    /// True when the first one is sure enough to be filled in for confirmation.
    pub prefill: bool,
    /// Why it is not, where it is as likely as the policy asks.
    pub doubt: Option<Doubt>,
    /// The model's own confidence in the first, before calibration; orders tickets by sureness.
    pub confidence: f64,
    /// What was learned holds this very ticket; the model itself is not told.
    pub learned_itself: bool,
}

impl Suggestions {
    /// Whether so little was learned that nothing is trusted yet.
    pub fn is_cold(&self) -> bool {
        self.learned < LITTLE
    }
}

/// A ranking without evidence.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ranking<'a> {
    /// Department codes, best first.
    pub departments: Vec<&'a str>,
    /// The model's own confidence in the first; orders tickets by sureness.
    pub confidence: f64,
    pub(super) trusted: Option<Trusted>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_never_100_and_what_rounds_to_nothing_is_not_worth_showing() {
        let of = |probability| Suggestion {
            department: "cgj".to_owned(),
            probability,
            evidence: Vec::new(),
            support: None,
            unseen: 0,
        };
        for (probability, percent) in [(1.0, 99), (0.9999, 99), (0.985, 99), (0.5, 50), (0.006, 1)]
        {
            assert_eq!(of(probability).percent(), percent, "{probability}");
            assert!(of(probability).is_worth_showing());
        }
        assert!(!of(0.004).is_worth_showing());
    }
}
