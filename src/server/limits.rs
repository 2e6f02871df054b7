//! How often one address may ask, and how often it may be wrong.
//!
//! Counted in memory by a stopwatch, so that a pinned moment changes nothing; wrong codes for one number are counted by
//! `service::tracking`, in the store.

use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Wrong codes from one address, and the time they are counted over.
const MISSES: (u32, Duration) = (10, Duration::from_secs(600));
/// Wrong codes from everywhere together, and the time they are counted over: each costs a write.
const ALL_MISSES: (u32, Duration) = (60, Duration::from_secs(10));
/// Requests are counted over this time.
const MINUTE: Duration = Duration::from_secs(60);
/// Addresses remembered; when there are more, those whose time is over are forgotten.
const REMEMBERED: usize = 20_000;

/// Counts of one address.
#[derive(Clone, Copy)]
struct Count {
    since: Instant,
    n: u32,
}

/// The counts.
pub(super) struct Limits {
    per_minute: u32,
    asked: Mutex<HashMap<Who, Count>>,
    missed: Mutex<HashMap<Who, Count>>,
}

impl Limits {
    pub(super) fn new(per_minute: u32) -> Self {
        Self {
            per_minute,
            asked: Mutex::default(),
            missed: Mutex::default(),
        }
    }

    /// Counts a request; whether it may be answered.
    pub(super) fn may_ask(&self, from: IpAddr) -> bool {
        count(&self.asked, from.into(), MINUTE) <= self.per_minute
    }

    /// Whether somebody may still try a code.
    pub(super) fn may_try(&self, from: impl Into<Who>) -> bool {
        let missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        let within = |who: Who, (most, window): (u32, Duration)| {
            missed
                .get(&who)
                .is_none_or(|count| count.n < most || count.since.elapsed() >= window)
        };
        within(from.into(), MISSES) && within(EVERYBODY, ALL_MISSES)
    }

    /// Counts a wrong code.
    pub(super) fn missed(&self, from: impl Into<Who>) {
        count(&self.missed, from.into(), MISSES.1);
        count(&self.missed, EVERYBODY, ALL_MISSES.1);
    }
}

/// Everybody together.
const EVERYBODY: Who = Who(0);

/// Who asks: an address, or a person behind an address that many share.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Who(u128);

impl From<IpAddr> for Who {
    /// An IPv6 household has a network of addresses: it counts as one.
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(v6) => Self(u128::from(v6) & u128::MAX << 64 | 1),
            IpAddr::V4(v4) => Self(u128::from(v4.to_ipv6_mapped())),
        }
    }
}

impl From<&str> for Who {
    /// A person, among the addresses that are no client's.
    fn from(person: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(person.as_bytes()).into();
        let bits = digest
            .iter()
            .take(15)
            .fold(0xff, |bits: u128, byte| bits << 8 | u128::from(*byte));
        Self(bits)
    }
}

/// Counts one more; how many in the time under way.
fn count(counts: &Mutex<HashMap<Who, Count>>, who: Who, window: Duration) -> u32 {
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    if counts.len() >= REMEMBERED && !counts.contains_key(&who) {
        counts.retain(|_, count| count.since.elapsed() < window);
    }
    let fresh = Count {
        since: Instant::now(),
        n: 0,
    };
    let count = counts.entry(who).or_insert(fresh);
    if count.since.elapsed() >= window {
        *count = fresh;
    }
    count.n = count.n.saturating_add(1);
    count.n
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_may_ask_so_often_and_another_is_not_touched() {
        let limits = Limits::new(3);
        let one = address("192.0.2.1");
        let answers: Vec<bool> = (0..5).map(|_| limits.may_ask(one)).collect();
        assert_eq!(answers, [true, true, true, false, false]);
        assert!(limits.may_ask(address("192.0.2.2")));
    }

    #[test]
    fn a_household_counts_as_one() {
        let limits = Limits::new(1);
        assert!(limits.may_ask(address("2001:db8:1:2::1")));
        assert!(!limits.may_ask(address("2001:db8:1:2:ffff::9")));
        assert!(limits.may_ask(address("2001:db8:1:3::1")));
        assert!(limits.may_ask(address("::ffff:192.0.2.1")));
        assert!(!limits.may_ask(address("192.0.2.1")));
    }

    #[test]
    fn wrong_codes_end_the_tries_of_their_address_and_many_those_of_all() {
        let limits = Limits::new(1);
        let one = address("192.0.2.1");
        for _ in 0..10 {
            assert!(limits.may_try(one));
            limits.missed(one);
        }
        assert!(!limits.may_try(one));
        assert!(limits.may_try(address("192.0.2.2")));
        for n in 0..50_u8 {
            limits.missed(IpAddr::from([198, 51, 100, n]));
        }
        assert!(!limits.may_try(address("192.0.2.2")));
    }
}
