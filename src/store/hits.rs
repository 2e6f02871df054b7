//! The tickets that the search index named for a text, as a set of bits: walking a long list, one look tells whether a row is
//! among them.
//!
//! A statement is given the number under which the set is lent to its connection, and asks by the function `fenbo_hit`: so
//! it stays one of constants and bound values, and a set of millions is held once. Start at [`Lent::lend`].

use super::failure::Failure;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes of one piece of a set: 32,768 ids.
const PIECE: usize = 4096;

/// Ids of tickets, one bit each: eight ids a byte, the lowest first; pieces without an id take no room.
#[derive(Debug, Default)]
pub(super) struct Hits {
    pieces: Vec<Option<Box<[u8; PIECE]>>>,
    n: usize,
}

impl Hits {
    /// Puts an id in, once. The store gives no negative ones.
    fn add(&mut self, id: i64) {
        let Some((piece, byte, bit)) = place(id) else {
            return;
        };
        if piece >= self.pieces.len() {
            self.pieces.resize(piece + 1, None);
        }
        let byte = &mut self.pieces[piece].get_or_insert_with(|| Box::new([0; PIECE]))[byte];
        self.n += usize::from(*byte & bit == 0);
        *byte |= bit;
    }

    /// How many ids there are.
    pub(super) fn len(&self) -> usize {
        self.n
    }

    /// The ids, rising.
    pub(super) fn ids(&self) -> impl Iterator<Item = i64> {
        let pieces = self.pieces.iter().enumerate();
        let bytes = pieces.flat_map(|(at, piece)| {
            let bytes = piece.iter().flat_map(|piece| piece.iter());
            bytes
                .enumerate()
                .map(move |(byte, bits)| (at * PIECE + byte, *bits))
        });
        bytes.filter(|(_, bits)| *bits != 0).flat_map(|(at, bits)| {
            (0..8)
                .filter(move |bit| bits >> bit & 1 == 1)
                .map(move |bit| (at * 8 + bit) as i64)
        })
    }

    /// Whether an id is in the set.
    fn has(&self, id: i64) -> bool {
        place(id)
            .and_then(|(piece, byte, bit)| Some(self.pieces.get(piece)?.as_ref()?[byte] & bit != 0))
            .unwrap_or(false)
    }
}

/// An id's piece, the byte in it and the bit in that; nothing for a negative one.
fn place(id: i64) -> Option<(usize, usize, u8)> {
    let id = usize::try_from(id).ok()?;
    Some((id / 8 / PIECE, id / 8 % PIECE, 1 << (id % 8)))
}

impl FromIterator<i64> for Hits {
    fn from_iter<I: IntoIterator<Item = i64>>(ids: I) -> Self {
        let mut hits = Self::default();
        ids.into_iter().for_each(|id| hits.add(id));
        hits
    }
}

/// The sets that the statements of a connection can ask.
#[derive(Clone, Debug, Default)]
pub(super) struct Lent(Arc<Mutex<Vec<Option<Hits>>>>);

/// A set that can be asked as long as this is held.
#[derive(Debug)]
pub(super) struct Loan {
    number: usize,
    lent: Lent,
}

impl Lent {
    /// None yet, and the connection is taught `fenbo_hit(number, id)`; an unknown number is an error.
    pub(super) fn taught_to(conn: &Connection) -> Result<Self, Failure> {
        let lent = Self::default();
        let asked = lent.clone();
        // What a number stands for changes from one statement to the next: not deterministic.
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS;
        conn.create_scalar_function("fenbo_hit", 2, flags, move |context| {
            let number = context.get_raw(0).as_i64()?;
            let id = context.get_raw(1).as_i64()?;
            let sets = asked.sets();
            usize::try_from(number)
                .ok()
                .and_then(|number| Some(sets.get(number)?.as_ref()?.has(id)))
                .ok_or(rusqlite::Error::InvalidFunctionParameterType(
                    0,
                    rusqlite::types::Type::Integer,
                ))
        })?;
        Ok(lent)
    }

    /// Lets the statements of the connection ask a set.
    pub(super) fn lend(&self, hits: Hits) -> Loan {
        let mut sets = self.sets();
        let free = sets.iter().position(Option::is_none);
        let number = free.unwrap_or(sets.len());
        if number == sets.len() {
            sets.push(None);
        }
        sets[number] = Some(hits);
        Loan {
            number,
            lent: self.clone(),
        }
    }

    fn sets(&self) -> MutexGuard<'_, Vec<Option<Hits>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Loan {
    /// What a statement asks by.
    pub(super) fn number(&self) -> i64 {
        self.number as i64
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        self.lent.sets()[self.number] = None;
    }
}

#[cfg(test)]
mod tests {
    use super::{Hits, Lent};
    use proptest::prelude::*;
    use rusqlite::Connection;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_set_of_bits_is_a_set(
            ids in prop::collection::vec(prop_oneof![0_i64..500, 32_700_i64..32_900, 90_000_i64..200_000], 0..80),
            asked in prop_oneof![-3_i64..600, 32_700_i64..32_900, 0..i64::MAX],
        ) {
            let naive: BTreeSet<i64> = ids.iter().copied().collect();
            let hits: Hits = ids.into_iter().collect();
            prop_assert_eq!(hits.len(), naive.len());
            prop_assert!(hits.ids().eq(naive.iter().copied()));
            prop_assert!(naive.iter().all(|&id| hits.has(id)));
            prop_assert_eq!(hits.has(asked), naive.contains(&asked));
        }
    }

    #[test]
    fn a_set_is_asked_as_long_as_it_is_lent() {
        let conn = Connection::open_in_memory().unwrap();
        let lent = Lent::taught_to(&conn).unwrap();
        let asked = |number: i64, id: i64| {
            conn.query_row("SELECT fenbo_hit(?, ?)", [number, id], |row| {
                row.get::<_, bool>(0)
            })
        };
        let odd = lent.lend([1, 3].into_iter().collect());
        let even = lent.lend([2].into_iter().collect());
        assert_eq!(asked(odd.number(), 3), Ok(true));
        assert_eq!(asked(even.number(), 3), Ok(false));
        let number = odd.number();
        drop(odd);
        assert!(asked(number, 3).is_err());
        assert_eq!(lent.lend(Hits::default()).number(), number);
        assert_eq!(asked(even.number(), 2), Ok(true));
    }
}
