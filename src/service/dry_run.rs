//! What a dry run has taken so far. Each of its transactions is taken back, so that the store does not know the numbers of the
//! earlier ones; they are known here. Must not decide what becomes of a record: see `taking`. Start at [`DryRun`].

use super::ahead::{Said, Underway};
use super::matching::Matched;
use crate::domain::act::Registration;
use std::collections::{HashMap, HashSet};

/// The records that would have been taken.
#[derive(Debug, Default)]
pub(super) struct DryRun {
    /// By source and number.
    tickets: HashMap<(String, String), Underway>,
    letters: HashSet<Letter>,
}

/// Number, sender and words of a letter: some senders give all of theirs one number.
type Letter = (String, String, Said);

/// A record as the next one with its number sees it.
pub(super) enum Entry {
    Ticket((String, String), Underway),
    Letter(Letter),
}

impl Entry {
    /// Of a record; `ends` where it becomes a ticket that has ended.
    pub(super) fn of(record: &Matched, ends: bool) -> Self {
        let ticket = || {
            let said = record.said;
            Self::Ticket(key(&record.form), Underway { said, ends })
        };
        letter(record).map_or_else(ticket, Self::Letter)
    }
}

impl DryRun {
    /// Keeps what would have been taken.
    pub(super) fn keep(&mut self, entry: Entry) {
        match entry {
            Entry::Ticket(key, under_way) => {
                self.tickets.insert(key, under_way);
            }
            Entry::Letter(letter) => {
                self.letters.insert(letter);
            }
        }
    }

    /// The ticket of this number, if one would have been made.
    pub(super) fn ticket(&self, form: &Registration) -> Option<Underway> {
        self.tickets.get(&key(form)).copied()
    }

    /// Whether this very letter would have been taken.
    pub(super) fn has_letter(&self, record: &Matched) -> bool {
        letter(record).is_some_and(|letter| self.letters.contains(&letter))
    }
}

fn key(form: &Registration) -> (String, String) {
    let number = form.external_no.clone().unwrap_or_default();
    (form.source.clone(), number)
}

fn letter(record: &Matched) -> Option<Letter> {
    let letter = record.letter.as_ref()?;
    let id = letter.external_no.clone().unwrap_or_default();
    let sender = record.words.requester.email.clone();
    Some((id, sender, record.said))
}
