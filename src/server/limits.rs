//! How often one address may ask, how much of it at once, and how often it may be wrong.
//!
//! Counted in memory by a stopwatch, so that a pinned moment changes nothing; wrong codes for one number are counted by
//! `service::tracking`, in the store. Whatever is counted is counted before it is done and given back afterwards, so that
//! a burst gets no further than the same requests in a row; and nobody's counts touch anybody else.

use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Wrong codes from one address, and the time they are counted over.
const MISSES: (u32, Duration) = (10, Duration::from_secs(600));
/// Requests are counted over this time.
const MINUTE: Duration = Duration::from_secs(60);
/// Requests of one address that are worked on at once; the next one is to come again.
const AT_ONCE: u32 = 16;
/// Lists of one address that are worked on at once.
const LISTS: u32 = 2;
/// When what is refused because of others under way may come again.
const SOON: Duration = Duration::from_secs(1);
/// Addresses remembered at most. When there would be more, those whose time is over are forgotten; where all of them count
/// still, the quarter that has asked least: a flood from many networks costs them little, and frees none that has asked much.
const REMEMBERED: usize = 20_000;

/// Counts of one address.
#[derive(Clone, Copy)]
struct Count {
    since: Instant,
    n: u32,
}

type Counts = Mutex<HashMap<Who, Count>>;
type Flights = Arc<Mutex<HashMap<Who, u32>>>;

/// The counts.
pub(super) struct Limits {
    per_minute: u32,
    asked: Counts,
    missed: Counts,
    flying: Flights,
    listing: Flights,
}

/// Refused: how long until it may come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait(Duration);

impl Wait {
    /// Whole seconds, never none.
    pub(super) fn seconds(self) -> u64 {
        self.0.as_secs().saturating_add(1)
    }
}

impl Limits {
    pub(super) fn new(per_minute: u32) -> Self {
        Self {
            per_minute,
            asked: Mutex::default(),
            missed: Mutex::default(),
            flying: Flights::default(),
            listing: Flights::default(),
        }
    }

    /// Counts a request that weighs as much as so many small ones, at most half of what a minute holds; how
    /// much was counted.
    pub(super) fn ask(&self, from: impl Into<Who>, weight: u32) -> Result<u32, Wait> {
        let weight = weight.min((self.per_minute / 2).max(1));
        take(&self.asked, from.into(), weight, (self.per_minute, MINUTE))?;
        Ok(weight)
    }

    /// A request that was counted as so much has weighed so much in the end.
    pub(super) fn weighed(&self, from: impl Into<Who>, counted: u32, weight: u32) {
        let from = from.into();
        give_back(&self.asked, from, counted.saturating_sub(weight));
        let more = weight.saturating_sub(counted);
        let mut all = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&from) {
            count.n = count.n.saturating_add(more).min(self.per_minute);
        }
    }

    /// A place among the requests of an address that are worked on at once, as long as it is held.
    pub(super) fn enter(&self, from: impl Into<Who>) -> Result<Flight, Wait> {
        Flight::of(&self.flying, from.into(), AT_ONCE)
    }

    /// A place among the lists of an address.
    pub(super) fn list(&self, from: impl Into<Who>) -> Result<Flight, Wait> {
        Flight::of(&self.listing, from.into(), LISTS)
    }

    /// Counts a try with a code as wrong, before it is looked at: [`Limits::was_right`] takes that back.
    pub(super) fn try_code(&self, from: impl Into<Who>) -> Result<(), Wait> {
        take(&self.missed, from.into(), 1, MISSES)
    }

    /// The code was right, or was not looked at.
    pub(super) fn was_right(&self, from: impl Into<Who>) {
        give_back(&self.missed, from.into(), 1);
    }
}

/// One of the requests under way; its place is free again when it goes.
pub(super) struct Flight {
    all: Flights,
    who: Who,
}

impl Flight {
    fn of(all: &Flights, who: Who, most: u32) -> Result<Self, Wait> {
        let mut flying = all.lock().unwrap_or_else(PoisonError::into_inner);
        let n = flying.entry(who).or_insert(0);
        if *n >= most {
            return Err(Wait(SOON));
        }
        *n += 1;
        Ok(Self {
            all: Arc::clone(all),
            who,
        })
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut flying = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = flying.get_mut(&self.who) {
            *n = n.saturating_sub(1);
            if *n == 0 {
                flying.remove(&self.who);
            }
        }
    }
}

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

/// Takes so much of what a window holds; what is refused does not count.
fn take(
    counts: &Counts,
    who: Who,
    weight: u32,
    (most, window): (u32, Duration),
) -> Result<(), Wait> {
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    if counts.len() >= REMEMBERED && !counts.contains_key(&who) {
        make_room(&mut counts, window);
    }
    let fresh = Count {
        since: Instant::now(),
        n: 0,
    };
    let count = counts.entry(who).or_insert(fresh);
    if count.since.elapsed() >= window {
        *count = fresh;
    }
    let wanted = count.n.saturating_add(weight);
    if wanted > most {
        return Err(Wait(window.saturating_sub(count.since.elapsed())));
    }
    count.n = wanted;
    Ok(())
}

/// Forgets whose time is over, and where that leaves no room, those that have asked least, the longest ago.
fn make_room(counts: &mut HashMap<Who, Count>, window: Duration) {
    let now = Instant::now();
    counts.retain(|_, count| now.saturating_duration_since(count.since) < window);
    if counts.len() < REMEMBERED {
        return;
    }
    let mut all: Vec<(u32, Instant, Who)> = counts
        .iter()
        .map(|(who, count)| (count.n, count.since, *who))
        .collect();
    let going = all.len() / 4;
    all.select_nth_unstable_by_key(going, |(n, since, _)| (*n, *since));
    for (_, _, who) in all.iter().take(going) {
        counts.remove(who);
    }
}

fn give_back(counts: &Counts, who: Who, n: u32) {
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(count) = counts.get_mut(&who) {
        count.n = count.n.saturating_sub(n);
    }
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
        let answers: Vec<bool> = (0..5).map(|_| limits.ask(one, 1).is_ok()).collect();
        assert_eq!(answers, [true, true, true, false, false]);
        assert!(limits.ask(address("192.0.2.2"), 1).is_ok());
        assert!((1..=60).contains(&limits.ask(one, 1).unwrap_err().seconds()));
    }

    #[test]
    fn a_request_weighs_what_it_costs_and_what_it_did_not_cost_is_given_back() {
        let limits = Limits::new(40);
        let one = address("192.0.2.1");
        assert!(limits.ask(one, 20).is_ok());
        limits.weighed(one, 20, 2);
        assert!(limits.ask(one, 20).is_ok());
        assert!(limits.ask(one, 20).is_err());
        // What took longer than was thought counts, too.
        limits.weighed(one, 20, 900);
        assert!(limits.ask(one, 1).is_err());
        // What weighs more than a minute holds is not out of reach: twice a minute.
        let other = address("192.0.2.2");
        let heavy = (0..5).filter(|_| limits.ask(other, 500).is_ok()).count();
        assert_eq!(heavy, 2);
    }

    #[test]
    fn a_flood_from_many_networks_is_not_remembered_without_end_and_frees_nobody() {
        let limits = Limits::new(5);
        let one = address("192.0.2.1");
        while limits.ask(one, 1).is_ok() {}
        for network in 0..3 * REMEMBERED as u128 {
            let from = IpAddr::from((0x2001_0db8_u128 << 96 | network << 64).to_be_bytes());
            assert!(limits.ask(from, 1).is_ok());
            assert!(limits.asked.lock().unwrap().len() <= REMEMBERED);
        }
        assert!(limits.ask(one, 1).is_err());
    }

    #[test]
    fn a_household_counts_as_one() {
        let limits = Limits::new(1);
        assert!(limits.ask(address("2001:db8:1:2::1"), 1).is_ok());
        assert!(limits.ask(address("2001:db8:1:2:ffff::9"), 1).is_err());
        assert!(limits.ask(address("2001:db8:1:3::1"), 1).is_ok());
        assert!(limits.ask(address("::ffff:192.0.2.1"), 1).is_ok());
        assert!(limits.ask(address("192.0.2.1"), 1).is_err());
    }

    #[test]
    fn a_burst_of_wrong_codes_gets_no_further_than_ten_and_locks_out_nobody_else() {
        let limits = Limits::new(1);
        let one = address("192.0.2.1");
        // All of them are under way before the first is found wrong.
        let burst = (0..500).filter(|_| limits.try_code(one).is_ok()).count();
        assert_eq!(burst, 10);
        assert!(limits.try_code(one).unwrap_err().seconds() > 500);
        for n in 0..250_u8 {
            for _ in 0..20 {
                let _ = limits.try_code(IpAddr::from([198, 51, 100, n]));
            }
        }
        // However many are right, they cost nothing.
        let other = address("192.0.2.2");
        for _ in 0..50 {
            assert!(limits.try_code(other).is_ok());
            limits.was_right(other);
        }
    }

    #[test]
    fn what_is_under_way_is_bounded_for_each_and_free_again_when_it_ends() {
        let limits = Limits::new(1);
        let one = address("192.0.2.1");
        let mut held: Vec<Flight> = (0..AT_ONCE).map(|_| limits.enter(one).unwrap()).collect();
        assert_eq!(limits.enter(one).err().map(Wait::seconds), Some(2));
        assert!(limits.enter(address("192.0.2.2")).is_ok());
        held.pop();
        assert!(limits.enter(one).is_ok());
        drop(held);
        assert!(limits.flying.lock().unwrap().is_empty());
    }
}
