//! Handing over the letters of the outbox: each taken by one program at a time, tried until it has arrived.
//!
//! Must not know how a letter travels: the caller hands it to a program or a relay and says what came of it. A letter is
//! taken for an attempt, and stored so, before it is handed over; only a program that dies between the receiver's word and
//! its note of it hands it over again, under the same key, by which the receiver knows it. Start at [`Centre::deliver`].

use super::{Centre, NotDone};
use crate::domain::instant::Instant;
use crate::domain::letter::Posting;
use crate::store::{Failure, Letter, Mailbox};
use sha2::{Digest, Sha256};

/// How long sent letters are remembered, in seconds: thirty days. Until then a posting of the same name is known.
const REMEMBERED: i64 = 30 * 86_400;
/// The first pause after a failed attempt, and the longest, in seconds.
const PAUSE: (i64, i64) = (60, 6 * 3600);

/// Why a letter was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// Nobody answers, or nothing would be taken: the others that go the same way are not tried now.
    Unreachable(String),
    /// Not this one, not now.
    Later(String),
    /// Not this one, and asking again soon would change nothing.
    Never(String),
}

/// The ways that letters go: one that is shut holds back nothing that goes the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The mail relay.
    Relay,
    /// The configured command.
    Command,
}

/// What stands before the `@` of a letter's Message-ID: the same at every attempt, and no other letter's.
pub fn mail_id(made_at: Instant, key: &str, to: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(made_at.0.to_be_bytes());
    hash.update(key);
    hash.update([0]);
    hash.update(to);
    let hash = format!("{:x}", hash.finalize());
    hash.get(..32).unwrap_or(&hash).to_owned()
}

impl NotTaken {
    /// Why, in words.
    pub fn why(&self) -> &str {
        match self {
            Self::Unreachable(why) | Self::Later(why) | Self::Never(why) => why,
        }
    }

    /// The pause before the next attempt, in seconds: doubled each time, at once the longest when haste is useless.
    fn pause(&self, attempts: u32) -> i64 {
        let (first, longest) = PAUSE;
        match self {
            Self::Unreachable(_) | Self::Later(_) => {
                (first << attempts.saturating_sub(1).min(16)).min(longest)
            }
            Self::Never(_) => longest,
        }
    }
}

/// What came of handing letters over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Taken by the receiver.
    pub sent: u64,
    /// Not taken: key and why. They are tried again.
    pub failed: Vec<(String, String)>,
}

impl Centre {
    /// Hands over every letter whose time has come, all of them one way: see [`Centre::deliver_by`].
    ///
    /// # Errors
    /// As [`Centre::deliver_by`].
    pub fn deliver(
        &mut self,
        lease: i64,
        clock: &dyn Fn() -> Instant,
        hand: &mut dyn FnMut(&Letter) -> Result<(), NotTaken>,
    ) -> Result<Delivered, NotDone> {
        self.deliver_by(lease, clock, &|_| Way::Command, hand)
    }

    /// Hands over every letter whose time has come. While one is handed over it is nobody else's for `lease` seconds, which
    /// must be longer than `hand` may take. When a `way` is shut, the letters that go the other are handed over all the same.
    ///
    /// # Errors
    /// [`NotDone::Failed`] when the store cannot be written; what was noted before stands.
    pub fn deliver_by(
        &mut self,
        lease: i64,
        clock: &dyn Fn() -> Instant,
        way: &dyn Fn(&Letter) -> Way,
        hand: &mut dyn FnMut(&Letter) -> Result<(), NotTaken>,
    ) -> Result<Delivered, NotDone> {
        let mut delivered = Delivered::default();
        if self.store.mailbox()? == Mailbox::default() {
            return Ok(delivered);
        }
        self.store
            .write(|tx| tx.forget_letters(clock().plus(-REMEMBERED)))?;
        let mut shut: Vec<Way> = Vec::new();
        // Those left to try once a way is shut; until then whatever has waited longest.
        let mut left: Vec<i64> = Vec::new();
        loop {
            let now = clock();
            let picked = if shut.is_empty() {
                None
            } else {
                match left.pop() {
                    Some(one) => Some(one),
                    None => return Ok(delivered),
                }
            };
            let taken = self
                .store
                .write(|tx| tx.take_letter(picked, now, now.plus(lease)))?;
            let Some(letter) = taken else {
                // One that was picked may have been taken by another program meanwhile.
                if picked.is_some() {
                    continue;
                }
                return Ok(delivered);
            };
            let done = hand(&letter);
            let now = clock();
            self.store.write(|tx| match &done {
                Ok(()) => tx.letter_sent(&letter, now),
                Err(not) => {
                    tx.letter_failed(&letter, not.why(), now.plus(not.pause(letter.attempts)))
                }
            })?;
            match done {
                Ok(()) => delivered.sent += 1,
                Err(not) => {
                    if matches!(not, NotTaken::Unreachable(_)) {
                        shut.push(way(&letter));
                        let waiting = self.store.waiting_letters()?;
                        let open = |one: &&Letter| one.next_try <= now && !shut.contains(&way(one));
                        left = waiting
                            .iter()
                            .rev()
                            .filter(open)
                            .map(|one| one.id)
                            .collect();
                    }
                    delivered.failed.push((letter.key, not.why().to_owned()));
                }
            }
        }
    }

    /// Writes a letter into the outbox; nothing when one of its name is there already. Whether it was written.
    ///
    /// What is told because of an act belongs into the act's own transaction: see `Tx::post`.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be written.
    pub fn post(&mut self, posting: &Posting, now: Instant) -> Result<bool, Failure> {
        self.store.write(|tx| tx.post(posting, now))
    }

    /// How many letters wait, and how many of them have failed.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn mailbox(&self) -> Result<Mailbox, Failure> {
        self.store.mailbox()
    }

    /// The letters not yet sent, the next one to be tried first.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn waiting_letters(&self) -> Result<Vec<Letter>, Failure> {
        self.store.waiting_letters()
    }

    /// Has every letter that failed tried again at the next occasion. How many.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be written.
    pub fn retry_letters(&mut self, now: Instant) -> Result<u64, Failure> {
        self.store.write(|tx| tx.retry_letters(now))
    }
}
