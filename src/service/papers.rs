//! Papers of the escalation ladder: made again from the ledger whenever somebody asks for one, and announced by a letter.
//!
//! The letter is written in the transaction of the act that issues the paper, and travels as every letter does. That a
//! paper was served is another matter, and a person's to say (`Act::Serve`).

use super::noticing::{Tongue, department_name, tongue};
use super::{Centre, NotDone};
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::letter::{Posting, Recipient};
use crate::domain::paper::Paper;
use crate::domain::rules::Rules;
use crate::domain::template::filled;
use crate::store::{Failure, Loaded, Tx};

/// What such letters are called.
const KIND: &str = "paper";

/// Whom a referral goes to, by its name in the directory. `[seed]`
const COMMISSION: &str = "区纪委（监察局）";

fn template(level: u8, lang: Tongue) -> &'static str {
    match (level, lang) {
        (1, Tongue::Zh) => include_str!("../../assets/papers/letter-1.zh.txt"),
        (1, Tongue::En) => include_str!("../../assets/papers/letter-1.en.txt"),
        (2, Tongue::Zh) => include_str!("../../assets/papers/letter-2.zh.txt"),
        (2, Tongue::En) => include_str!("../../assets/papers/letter-2.en.txt"),
        (_, Tongue::Zh) => include_str!("../../assets/papers/letter-3.zh.txt"),
        (_, Tongue::En) => include_str!("../../assets/papers/letter-3.en.txt"),
    }
}

impl Centre {
    /// A ticket's paper with this number, or its last one; nothing when none was issued.
    ///
    /// # Errors
    /// Not found (or not allowed: the same), or the store cannot be read.
    pub fn paper(&self, no: &str, number: Option<&str>) -> Result<Option<Paper>, NotDone> {
        let loaded = self.seen(no)?;
        Ok(Paper::of(&self.store.ledger(no)?, loaded.marks, number))
    }

    /// The ledger's head when a paper was issued, in hexadecimal digits.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn head_of(&self, paper: &Paper) -> Result<String, Failure> {
        Ok(self.store.hash_of(paper.seq)?.unwrap_or_default())
    }
}

/// Writes the letter that a paper's issue means, under its place in the ledger: a supervision and a circular go to the
/// lead department, a referral to the commission, or to the desk where the directory does not have that.
pub(super) fn note(
    tx: &Tx<'_>,
    rules: &Rules,
    after: &Loaded,
    event: &Event,
    (seq, by): (i64, &str),
    now: Instant,
) -> Result<(), Failure> {
    let Event::Escalated {
        level,
        paper,
        text,
        due,
    } = event
    else {
        return Ok(());
    };
    let ticket = &after.ticket;
    let lead = ticket.lead.as_deref();
    let directory = &rules.directory;
    let to = match level {
        1 | 2 => lead,
        _ => directory
            .find_department(None, COMMISSION)
            .map(|found| found.code.as_str()),
    };
    let recipient = to.map_or(Recipient::Desk, |code| {
        Recipient::Department(code.to_owned())
    });
    let lang = tongue(tx)?;
    let zone = rules.editions.of(&ticket.edition, ticket.created_at).zone;
    let end = |at: Option<Instant>| at.map_or_else(|| "—".to_owned(), |at| zone.deadline(at));
    let issuer = tx.operator(by)?;
    let values = [
        ("number", paper.as_str()),
        ("no", &ticket.no),
        ("department", department_name(lead, rules, lang)),
        ("answer_by", &end(*due)),
        ("due", &end(after.marks.due_at)),
        ("text", text),
        ("issuer", issuer.as_ref().map_or(by, |found| &found.name)),
        ("issued", &zone.minute(now)),
    ];
    let letter = filled(template(*level, lang), &values);
    let key = format!("{KIND}-{}-{seq}", ticket.no);
    tx.post(&Posting::of(KIND, key, recipient, &letter), now)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_a_subject_with_its_number_and_knows_only_names_that_are_filled_in() {
        let names = "number no department answer_by due text issuer issued";
        let values: Vec<_> = names.split(' ').map(|name| (name, "x")).collect();
        for level in 1..=3 {
            for lang in [Tongue::Zh, Tongue::En] {
                let letter = template(level, lang);
                let (subject, text) = letter.split_once("\n\n").unwrap();
                assert!(subject.contains("{number}") && text.contains("{text}"));
                assert!(!filled(letter, &values).contains(['{', '}']), "{letter}");
            }
        }
    }
}
