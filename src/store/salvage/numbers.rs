//! Numbers that no ticket bears: among them is that of a ticket whose row is gone.
//!
//! Start at [`Unborne::find`].

use super::super::failure::Failure;
use super::super::natural;
use super::super::write::Tx;
use chrono::NaiveDate;
use rusqlite::OptionalExtension;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

/// So many numbers of a day are tried for one ticket: numbers rise with the keys, and the first is nearly always right.
const TRIED: usize = 20_000;

/// So many are tried in all; after them each ticket has only a few.
const ALL_TRIED: usize = 10_000_000;
const FEW: usize = 100;

/// Numbers that no ticket bears.
pub(super) struct Unborne {
    /// How many tickets have lost theirs.
    missing: u64,
    /// How many tries are left.
    left: usize,
    /// The days that were asked for.
    days: HashMap<NaiveDate, Day>,
}

/// The ordinals of a day that no ticket bears.
struct Day {
    /// Those up to the last one that is known to be given.
    gaps: BTreeSet<u64>,
    /// Those that may have been given after it.
    beyond: std::ops::Range<u64>,
}

impl Unborne {
    pub(super) fn new(missing: u64) -> Self {
        Self {
            missing,
            left: ALL_TRIED,
            days: HashMap::new(),
        }
    }

    /// The first number of a day by which something is found; it is borne from now on.
    pub(super) fn find<T>(
        &mut self,
        tx: &Tx<'_>,
        day: NaiveDate,
        mut by: impl FnMut(&str) -> Result<Option<T>, Failure>,
    ) -> Result<Option<T>, Failure> {
        let tries = if self.left > 0 { TRIED } else { FEW };
        let known = match self.days.entry(day) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(Day::of(tx, day, self.missing)?),
        };
        let begins = day.format("%Y%m%d");
        let ordinals = known.gaps.iter().copied().chain(known.beyond.clone());
        let mut found = None;
        for ordinal in ordinals.take(tries) {
            self.left = self.left.saturating_sub(1);
            if let Some(it) = by(&format!("{begins}-{ordinal:04}"))? {
                found = Some((ordinal, it));
                break;
            }
        }
        Ok(found.map(|(ordinal, it)| {
            known.take(ordinal);
            it
        }))
    }

    /// A number that its ticket turned out not to bear.
    pub(super) fn release(&mut self, no: &str) {
        let parsed = no.split_once('-').and_then(|(day, ordinal)| {
            let day = NaiveDate::parse_from_str(day, "%Y%m%d").ok()?;
            Some((day, ordinal.parse().ok()?))
        });
        if let Some((day, ordinal)) = parsed
            && let Some(known) = self.days.get_mut(&day)
            && ordinal < known.beyond.start
        {
            known.gaps.insert(ordinal);
        }
    }
}

impl Day {
    fn of(tx: &Tx<'_>, day: NaiveDate, missing: u64) -> Result<Self, Failure> {
        let begins = day.format("%Y%m%d").to_string();
        let borne: BTreeSet<u64> = tx
            .conn
            .prepare_cached("SELECT no FROM ticket WHERE no > ?1 || '-' AND no < ?1 || '.'")?
            .query_map([&begins], |row| row.get::<_, String>(0))?
            .filter_map(|no| no.ok()?.rsplit('-').next()?.parse().ok())
            .collect();
        // A day has no more numbers than tickets, but for those of acts that were rolled back.
        let most = borne.len() as u64 + missing + TRIED as u64;
        let given: Option<u64> = tx
            .conn
            .prepare_cached("SELECT last FROM number_sequence WHERE day = ?")?
            .query_row([&begins], |row| natural(row, 0))
            .optional()?
            .filter(|given| *given <= most);
        let last = borne.range(..=most).next_back().copied().unwrap_or(0);
        let last = last.max(given.unwrap_or(0));
        let more = if given.is_some() {
            0
        } else {
            missing.min(TRIED as u64)
        };
        Ok(Self {
            gaps: (1..=last).filter(|n| !borne.contains(n)).collect(),
            beyond: last + 1..last + 1 + more,
        })
    }

    /// Takes an ordinal out: those before it were given too.
    fn take(&mut self, ordinal: u64) {
        if self.beyond.contains(&ordinal) {
            self.gaps.extend(self.beyond.start..ordinal);
            self.beyond = ordinal + 1..self.beyond.end + 1;
        } else {
            self.gaps.remove(&ordinal);
        }
    }
}
