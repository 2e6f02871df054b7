//! Each message is answered once, however often it is sent: WeChat sends it up to three times, and somebody who has
//! listened may send what was signed again.
//!
//! In memory only: after a restart a request is still registered once, by its number in the store. Start at
//! [`Messages::join`] and [`Signatures::admit`].

use super::WINDOW;
use crate::domain::instant::Instant;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Stopwatch};
use tokio::sync::watch;

/// How long a message is remembered: longer than WeChat goes on trying, and than a request is tried to be registered.
const REMEMBERED: Duration = Duration::from_secs(900);
/// Messages remembered; when there are more, and none is old, the next one is not taken.
const MESSAGES: usize = 20_000;
/// Signatures remembered; they are worth nothing after the window.
const SIGNATURES: usize = 100_000;
/// Answers kept for a person who has not heard them.
const OWED: usize = 5;

/// What a message is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Not known yet.
    Open,
    /// There is nothing to say.
    Nothing,
    /// These words.
    Words(String),
}

impl Answer {
    /// The words, where there are any.
    pub(super) fn words(&self) -> Option<&String> {
        match self {
            Self::Words(words) => Some(words),
            Self::Open | Self::Nothing => None,
        }
    }
}

/// How the sender of a message gets to hear its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// Somebody waits for it.
    Waiting,
    /// Nobody waits just now: WeChat may try again, or may not.
    Unheard,
    /// WeChat tries no more: the sender was told to wait.
    Owed,
}

/// A message under way or answered.
struct Known {
    since: Stopwatch,
    answer: watch::Receiver<Answer>,
    /// How often it came.
    times: u32,
    /// Its sender was told to wait.
    is_owed: bool,
}

#[derive(Default)]
struct All {
    messages: HashMap<String, Known>,
    /// Answers that their senders have not heard, by sender.
    owed: HashMap<String, Vec<String>>,
}

/// The messages of the last while.
#[derive(Default)]
pub(super) struct Messages(Mutex<All>);

/// A message that came.
pub(super) struct Joined {
    /// Where its answer will stand.
    pub(super) answer: watch::Receiver<Answer>,
    /// Where to put it, for the first who brings it.
    pub(super) first: Option<watch::Sender<Answer>>,
    /// How often it came.
    pub(super) times: u32,
}

impl Messages {
    fn all(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A message that came: for the first time, or again. Nothing when too many are remembered.
    pub(super) fn join(&self, id: &str) -> Option<Joined> {
        let mut all = self.all();
        if all.messages.len() >= MESSAGES && !all.messages.contains_key(id) {
            all.messages
                .retain(|_, known| known.since.elapsed() < REMEMBERED);
            if all.messages.len() >= MESSAGES {
                return None;
            }
        }
        if let Some(known) = all.messages.get_mut(id)
            && known.since.elapsed() < REMEMBERED
        {
            known.times += 1;
            return Some(Joined {
                answer: known.answer.clone(),
                first: None,
                times: known.times,
            });
        }
        let (first, answer) = watch::channel(Answer::Open);
        let known = Known {
            since: Stopwatch::now(),
            answer: answer.clone(),
            times: 1,
            is_owed: false,
        };
        all.messages.insert(id.to_owned(), known);
        Some(Joined {
            answer,
            first: Some(first),
            times: 1,
        })
    }

    /// The sender was told to wait for the answer; nothing when it is there already: then it is told now.
    pub(super) fn owe(&self, id: &str) -> Option<String> {
        let mut all = self.all();
        let known = all.messages.get_mut(id)?;
        let words = known.answer.borrow().words().cloned();
        known.is_owed = words.is_none();
        words
    }

    /// Somebody stops waiting for an answer; the answer, when it has come just now.
    pub(super) fn give_up(&self, joined: Joined) -> Option<Answer> {
        // Under the lock, so that who settles knows whether anybody still waits.
        let _all = self.all();
        let answer = joined.answer.borrow().clone();
        drop(joined);
        (answer != Answer::Open).then_some(answer)
    }

    /// Whether a person has not heard these words yet.
    pub(super) fn still_owes(&self, from: &str, words: &str) -> bool {
        let all = self.all();
        let owed = all.owed.get(from);
        owed.is_some_and(|owed| owed.iter().any(|one| one == words))
    }

    /// The answer to a message is known; how its sender has to be told of it.
    pub(super) fn settle(
        &self,
        id: &str,
        from: &str,
        first: &watch::Sender<Answer>,
        answer: Answer,
    ) -> Telling {
        let mut all = self.all();
        let is_owed = all.messages.get(id).is_some_and(|known| known.is_owed);
        // One stands in the list of messages; every other waits.
        let nobody_waits = first.receiver_count() <= 1;
        if (is_owed || nobody_waits)
            && let Some(words) = answer.words()
        {
            let owed = all.owed.entry(from.to_owned()).or_default();
            owed.push(words.clone());
            let many = owed.len().saturating_sub(OWED);
            owed.drain(..many);
        }
        first.send_replace(answer);
        match (is_owed, nobody_waits) {
            (true, _) => Telling::Owed,
            (false, true) => Telling::Unheard,
            (false, false) => Telling::Waiting,
        }
    }

    /// What a person is still to be told.
    pub(super) fn owe_more(&self, from: &str, words: Vec<String>) {
        if !words.is_empty() {
            let mut all = self.all();
            all.owed.entry(from.to_owned()).or_default().extend(words);
        }
    }

    /// What a person was to be told and has not heard.
    pub(super) fn owed(&self, from: &str) -> Vec<String> {
        self.all().owed.remove(from).unwrap_or_default()
    }
}

/// A SHA-256.
type Hash = [u8; 32];

/// Signatures of the window, each with its moment and what it came with first.
#[derive(Default)]
pub(super) struct Signatures(Mutex<HashMap<Hash, (Instant, Hash)>>);

fn digest(parts: &[&str]) -> Hash {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

impl Signatures {
    /// Whether a signature over a moment and a nonce comes for the first time, or with the same content again: a
    /// message that WeChat sends once more is the same, one that somebody else signs with it is not.
    pub(super) fn admit(&self, moment: &str, nonce: &str, content: &str, now: Instant) -> bool {
        let (name, content) = (digest(&[moment, nonce]), digest(&[content]));
        let Ok(at) = moment.parse().map(Instant) else {
            return false;
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= SIGNATURES {
            all.retain(|_, (at, _)| now.since(*at).abs() <= WINDOW);
            if all.len() >= SIGNATURES {
                return false;
            }
        }
        all.entry(name).or_insert((at, content)).1 == content
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_belongs_to_what_it_came_with_first() {
        let seen = Signatures::default();
        let now = Instant(1_000);
        assert!(seen.admit("1000", "n", "a", now));
        assert!(seen.admit("1000", "n", "a", now));
        assert!(!seen.admit("1000", "n", "b", now));
        assert!(seen.admit("1000", "m", "b", now));
        assert!(!seen.admit("x", "n", "a", now));
    }

    #[test]
    fn an_answer_that_came_too_late_is_kept_for_its_sender() {
        let messages = Messages::default();
        let first = messages.join("1").unwrap();
        let again = messages.join("1").unwrap();
        assert_eq!((again.times, again.first.is_none()), (2, true));
        assert_eq!(messages.owe("1"), None);
        let told = messages.settle("1", "o", &first.first.unwrap(), Answer::Words("no".into()));
        assert_eq!(told, Telling::Owed);
        assert_eq!(*again.answer.borrow(), Answer::Words("no".into()));
        assert_eq!(messages.owe("1"), Some("no".into()));
        assert_eq!(messages.owed("o"), ["no"]);
        assert!(messages.owed("o").is_empty());
    }

    #[test]
    fn an_answer_that_nobody_waits_for_any_more_is_kept_though_no_other_try_came() {
        let messages = Messages::default();
        let mut joined = messages.join("1").unwrap();
        let first = joined.first.take().unwrap();
        assert_eq!(messages.give_up(joined), None);
        let told = messages.settle("1", "o", &first, Answer::Words("no".into()));
        assert_eq!(told, Telling::Unheard);
        assert!(messages.still_owes("o", "no"));
        assert_eq!(messages.owed("o"), ["no"]);
        assert!(!messages.still_owes("o", "no"));
        // One who still waits hears it, even when it comes as he gives up.
        let mut joined = messages.join("2").unwrap();
        let first = joined.first.take().unwrap();
        let told = messages.settle("2", "o", &first, Answer::Words("yes".into()));
        assert_eq!(told, Telling::Waiting);
        assert_eq!(messages.give_up(joined), Some(Answer::Words("yes".into())));
        assert!(messages.owed("o").is_empty());
    }
}
