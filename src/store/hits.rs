//! The tickets that the search index named for a text, as a set of bits: walking a long list, one look tells whether a row is
//! among them.
//!
//! The set goes into a statement as a blob and is asked by the function `fenbo_hit`, so the statement stays one of constants
//! and bound values.

use super::failure::Failure;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

/// Ids of tickets, one bit each: eight ids a byte, the lowest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hits {
    bits: Vec<u8>,
    n: usize,
}

impl Hits {
    /// Puts an id in, once. The store gives no negative ones.
    fn add(&mut self, id: i64) {
        let Ok(id) = usize::try_from(id) else { return };
        let (byte, bit) = (id / 8, 1 << (id % 8));
        if byte >= self.bits.len() {
            self.bits.resize(byte + 1, 0);
        }
        let old = self.bits[byte];
        self.bits[byte] = old | bit;
        self.n += usize::from(old & bit == 0);
    }

    /// How many ids there are.
    pub(super) fn len(&self) -> usize {
        self.n
    }

    /// The ids, rising.
    pub(super) fn ids(&self) -> impl Iterator<Item = i64> {
        let bytes = self.bits.iter().enumerate().filter(|(_, bits)| **bits != 0);
        bytes.flat_map(|(byte, bits)| {
            (0..8)
                .filter(move |bit| bits >> bit & 1 == 1)
                .map(move |bit| (byte * 8 + bit) as i64)
        })
    }

    /// What [`Self::holds`] reads.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bits
    }

    /// Whether an id is in a set.
    fn holds(bits: &[u8], id: i64) -> bool {
        usize::try_from(id)
            .ok()
            .and_then(|id| Some(bits.get(id / 8)? >> (id % 8) & 1 == 1))
            .unwrap_or(false)
    }
}

impl FromIterator<i64> for Hits {
    fn from_iter<I: IntoIterator<Item = i64>>(ids: I) -> Self {
        let mut hits = Self::default();
        ids.into_iter().for_each(|id| hits.add(id));
        hits
    }
}

/// Teaches a connection `fenbo_hit(set, id)`.
pub(super) fn teach(conn: &Connection, flags: FunctionFlags) -> Result<(), Failure> {
    Ok(
        conn.create_scalar_function("fenbo_hit", 2, flags, |context| {
            let id = context.get_raw(1).as_i64()?;
            Ok(Hits::holds(context.get_raw(0).as_blob()?, id))
        })?,
    )
}

#[cfg(test)]
mod tests {
    use super::Hits;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_set_of_bits_is_a_set(ids in prop::collection::vec(0_i64..500, 0..80), asked in -3_i64..600) {
            let naive: BTreeSet<i64> = ids.iter().copied().collect();
            let hits: Hits = ids.into_iter().collect();
            prop_assert_eq!(hits.len(), naive.len());
            prop_assert!(hits.ids().eq(naive.iter().copied()));
            prop_assert_eq!(Hits::holds(&hits.into_bytes(), asked), naive.contains(&asked));
        }
    }
}
