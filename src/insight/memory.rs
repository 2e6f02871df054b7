//! What is remembered per context: how often, and how lately, each class ended there, and its learned weight.
//!
//! A class is a department or a role, by its small number. Bounded: the rarest and oldest contexts are forgotten first.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::snapshot::{Reader, Writer};

/// Keys are mixed hashes already; hashing them again would only cost time.
#[derive(Default, Clone)]
pub(crate) struct AlreadyMixed(u64);

impl Hasher for AlreadyMixed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// A map keyed by mixed hashes.
pub(crate) type HashedMap<V> = HashMap<u64, V, BuildHasherDefault<AlreadyMixed>>;

const NONE: u16 = u16::MAX;
/// How much of a count is left after one more ticket in the same context: a long and a short memory.
const SLOW: f32 = 0.98;
const FAST: f32 = 0.8;
/// A class gets its own weight in a context only if it was believed at least this likely: keeps the table small.
const WORTH_A_CELL: f32 = 0.05;
const RATE: f32 = 0.15;

/// One class in one context.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell {
    pub(crate) class: u16,
    pub(crate) weight: f32,
    energy: f32,
    pub(crate) slow: f32,
    pub(crate) fast: f32,
}

/// One context.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) seen: u32,
    last: u16,
    touched: u32,
    pub(crate) slow: f32,
    /// Mostly one or two, and seldom another: no room beside them.
    pub(crate) cells: Box<[Cell]>,
}

impl Entry {
    /// Adds the learned weights to `scores` (one per class).
    pub(crate) fn add_weights(&self, scores: &mut [f32]) {
        for cell in &self.cells {
            if let Some(score) = scores.get_mut(usize::from(cell.class)) {
                *score += cell.weight;
            }
        }
    }

    /// How many of the context's tickets went to a class, older ones counting less.
    pub(crate) fn count_of(&self, class: u16) -> f32 {
        let cell = self.cells.iter().find(|cell| cell.class == class);
        cell.map_or(0.0, |cell| cell.slow)
    }

    /// The class of the ticket before.
    pub(crate) fn last(&self) -> Option<u16> {
        (self.last != NONE).then_some(self.last)
    }
}

/// All contexts of one kind of class.
#[derive(Debug, Clone, Default)]
pub(crate) struct ContextTable {
    entries: HashedMap<Entry>,
    tick: u32,
    limit: usize,
}

impl ContextTable {
    pub(crate) fn with_limit(limit: usize) -> Self {
        Self {
            limit: limit.max(64),
            ..Self::default()
        }
    }

    pub(crate) fn get(&self, context: u64) -> Option<&Entry> {
        if context == 0 {
            None
        } else {
            self.entries.get(&context)
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn cells(&self) -> usize {
        self.entries.values().map(|entry| entry.cells.len()).sum()
    }

    /// Adds the learned weights of these contexts to `scores` (one per class).
    pub(crate) fn add_weights(&self, contexts: &[u64], scores: &mut [f32]) {
        for entry in contexts.iter().filter_map(|&context| self.get(context)) {
            entry.add_weights(scores);
        }
    }

    /// Learns that `truth` was right where `believed` (a probability per class) had been believed from the weights alone.
    pub(crate) fn learn(&mut self, contexts: &[u64], truth: u16, believed: &[f32]) {
        self.tick = self.tick.wrapping_add(1);
        let likely: Vec<(u16, f32)> = believed
            .iter()
            .enumerate()
            .filter(|&(class, &p)| p > WORTH_A_CELL || class == usize::from(truth))
            .map(|(class, &p)| (class as u16, p))
            .collect();
        for &context in contexts {
            if context == 0 {
                continue;
            }
            let entry = self.entries.entry(context).or_insert_with(|| Entry {
                seen: 0,
                last: NONE,
                touched: 0,
                slow: 0.0,
                cells: Box::default(),
            });
            for cell in &mut entry.cells {
                let right = cell.class == truth;
                let p = believed
                    .get(usize::from(cell.class))
                    .copied()
                    .unwrap_or(0.0);
                step(cell, f32::from(u8::from(right)) - p);
                cell.slow *= SLOW;
                cell.fast *= FAST;
            }
            let mut met: Vec<Cell> = Vec::new();
            for &(class, p) in &likely {
                let right = class == truth;
                match entry.cells.iter_mut().find(|cell| cell.class == class) {
                    Some(cell) if right => {
                        cell.slow += 1.0;
                        cell.fast += 1.0;
                    }
                    Some(_) => {}
                    None => {
                        let count = f32::from(u8::from(right));
                        let mut cell = Cell {
                            class,
                            weight: 0.0,
                            energy: 0.0,
                            slow: count,
                            fast: count,
                        };
                        step(&mut cell, count - p);
                        met.push(cell);
                    }
                }
            }
            if !met.is_empty() {
                entry.cells = [&entry.cells, &met[..]].concat().into();
            }
            entry.slow = entry.slow * SLOW + 1.0;
            entry.seen = entry.seen.saturating_add(1);
            entry.last = truth;
            entry.touched = self.tick;
        }
        if self.entries.len() > self.limit {
            self.forget_the_rare();
        }
    }

    /// Takes one ticket of `class` out of the counts of these contexts.
    ///
    /// Exactly, where it was the context's newest; where others came after it, by what it still weighed if one did, so
    /// that never more is taken than it gave but for that one step's fading. The weights stay: a long average that one
    /// ticket hardly moves.
    pub(crate) fn unlearn(&mut self, contexts: &[u64], class: u16) {
        for context in contexts {
            let Some(entry) = self.entries.get_mut(context) else {
                continue;
            };
            if entry.seen <= 1 {
                self.entries.remove(context);
                continue;
            }
            entry.seen -= 1;
            let newest = entry.last == class;
            if newest {
                entry.last = NONE;
            }
            let without = |count: f32, held: bool, fade: f32| {
                let own = f32::from(u8::from(held));
                let left = if newest {
                    (count - own) / fade
                } else {
                    count - own * fade
                };
                left.max(0.0)
            };
            for cell in &mut entry.cells {
                let held = cell.class == class;
                cell.slow = without(cell.slow, held, SLOW);
                cell.fast = without(cell.fast, held, FAST);
            }
            entry.slow = without(entry.slow, true, SLOW);
        }
    }

    /// Halves the table: contexts seen least, and among them longest ago, go first.
    fn forget_the_rare(&mut self) {
        let mut ranks: Vec<(u32, u32)> = self
            .entries
            .values()
            .map(|entry| (entry.seen.min(8), entry.touched))
            .collect();
        let middle = ranks.len() / 2;
        let (_, &mut bar, _) = ranks.select_nth_unstable(middle);
        self.entries
            .retain(|_, entry| (entry.seen.min(8), entry.touched) > bar);
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.u32(self.tick);
        out.len(self.limit);
        out.len(self.entries.len());
        let mut keys: Vec<u64> = self.entries.keys().copied().collect();
        keys.sort_unstable();
        for key in keys {
            let Some(entry) = self.entries.get(&key) else {
                continue;
            };
            out.u64(key);
            out.u32(entry.seen);
            out.u16(entry.last);
            out.u32(entry.touched);
            out.f32(entry.slow);
            out.len(entry.cells.len());
            for cell in &entry.cells {
                out.u16(cell.class);
                for value in [cell.weight, cell.energy, cell.slow, cell.fast] {
                    out.f32(value);
                }
            }
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Option<Self> {
        let tick = from.u32()?;
        let limit = from.number()?;
        let count = from.len(26)?;
        let mut entries = HashedMap::with_capacity_and_hasher(count, BuildHasherDefault::default());
        for _ in 0..count {
            let key = from.u64()?;
            let (seen, last, touched, slow) = (from.u32()?, from.u16()?, from.u32()?, from.f32()?);
            let size = from.len(18)?;
            let mut cells = Vec::with_capacity(size);
            for _ in 0..size {
                cells.push(Cell {
                    class: from.u16()?,
                    weight: from.f32()?,
                    energy: from.f32()?,
                    slow: from.f32()?,
                    fast: from.f32()?,
                });
            }
            entries.insert(
                key,
                Entry {
                    seen,
                    last,
                    touched,
                    slow,
                    cells: cells.into(),
                },
            );
        }
        Some(Self {
            entries,
            tick,
            limit,
        })
    }
}

/// One AdaGrad step along `slope`.
fn step(cell: &mut Cell, slope: f32) {
    cell.energy += slope * slope;
    cell.weight += RATE * slope / (cell.energy + 0.01).sqrt();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_class_rises_and_the_wrong_one_falls() {
        let mut table = ContextTable::with_limit(1000);
        for _ in 0..5 {
            table.learn(&[7], 0, &[0.5, 0.5]);
        }
        let mut scores = [0.0; 2];
        table.add_weights(&[7], &mut scores);
        assert!(scores[0] > 0.3 && scores[1] < -0.3, "{scores:?}");
        assert_eq!(table.get(7).unwrap().last(), Some(0));
        assert!(table.get(0).is_none() && table.get(8).is_none());
    }

    #[test]
    fn the_table_never_passes_its_limit_and_keeps_the_frequent() {
        let mut table = ContextTable::with_limit(100);
        for other in 1..=5_000_u64 {
            table.learn(&[42, 1000 + other], 3, &[0.1; 5]);
            assert!(table.len() <= 100);
        }
        assert_eq!(table.get(42).unwrap().seen, 5000);
    }

    #[test]
    fn what_is_unlearned_leaves_the_counts() {
        let mut table = ContextTable::with_limit(100);
        let counts = |table: &ContextTable| -> Vec<(u16, f32, f32)> {
            let entry = table.get(9).unwrap();
            let cells = entry.cells.iter().filter(|cell| cell.slow > 1e-6);
            cells
                .map(|cell| (cell.class, cell.slow, cell.fast))
                .collect()
        };
        for class in [0, 1, 0, 0] {
            table.learn(&[9], class, &[0.5, 0.5]);
        }
        let before = counts(&table);
        table.learn(&[9], 1, &[0.5, 0.5]);
        table.unlearn(&[9], 1);
        for (now, then) in counts(&table).iter().zip(&before) {
            assert_eq!(now.0, then.0);
            assert!((now.1 - then.1).abs() < 1e-5 && (now.2 - then.2).abs() < 1e-5);
        }
        table.learn(&[8], 1, &[0.5, 0.5]);
        table.unlearn(&[8], 1);
        assert!(table.get(8).is_none(), "what was never there is not there");
    }

    #[test]
    fn written_and_read_back_it_is_the_same() {
        let mut table = ContextTable::with_limit(100);
        table.learn(&[9, 11], 1, &[0.5, 0.5]);
        let mut bytes = Vec::new();
        let mut out = Writer::new(&mut bytes);
        table.write(&mut out);
        out.finish().unwrap();
        let again = ContextTable::read(&mut Reader::new(&mut &bytes[..], bytes.len())).unwrap();
        assert_eq!(again.entries, table.entries);
        assert!(ContextTable::read(&mut Reader::new(&mut &bytes[..], bytes.len() - 1)).is_none());
    }
}
