//! What is remembered per context: how often, and how lately, each class ended there, and its learned weight.
//!
//! A class is a department or a role, by its small number. Bounded: the rarest and oldest contexts are forgotten first.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use hashbrown::HashTable;

use super::cells::{Cell, Cells, Stretch};
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

/// What is known of one context.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Entry<'a> {
    pub(crate) seen: u32,
    pub(crate) slow: f32,
    last: u16,
    pub(crate) cells: &'a [Cell],
}

impl Entry<'_> {
    /// Adds the learned weights to `scores` (one per class).
    pub(crate) fn add_weights(self, scores: &mut [f32]) {
        for cell in self.cells {
            if let Some(score) = scores.get_mut(usize::from(cell.class)) {
                *score += cell.weight;
            }
        }
    }

    /// How many of the context's tickets went to a class, older ones counting less.
    pub(crate) fn count_of(self, class: u16) -> f32 {
        let cell = self.cells.iter().find(|cell| cell.class == class);
        cell.map_or(0.0, |cell| cell.slow)
    }

    /// The class of the ticket before.
    pub(crate) fn last(self) -> Option<u16> {
        (self.last != NONE).then_some(self.last)
    }
}

/// One context.
#[derive(Debug, Clone, PartialEq)]
struct Context {
    key: u64,
    seen: u32,
    touched: u32,
    slow: f32,
    last: u16,
    cells: Stretch,
}

impl Context {
    fn new(key: u64) -> Self {
        Self {
            key,
            seen: 0,
            touched: 0,
            slow: 0.0,
            last: NONE,
            cells: Stretch::default(),
        }
    }
}

/// All contexts of one kind of class.
#[derive(Debug, Clone, Default)]
pub(crate) struct ContextTable {
    /// Where each context stands, found by its key, which is a mixed hash already.
    places: HashTable<u32>,
    contexts: Vec<Context>,
    cells: Cells,
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

    pub(crate) fn get(&self, context: u64) -> Option<Entry<'_>> {
        if context == 0 {
            return None;
        }
        let one = &self.contexts[self.find(context)?];
        Some(Entry {
            seen: one.seen,
            slow: one.slow,
            last: one.last,
            cells: self.cells.of(one.cells),
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.contexts.len()
    }

    pub(crate) fn cells(&self) -> usize {
        self.cells.len()
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
        for &context in contexts.iter().filter(|context| **context != 0) {
            let at = self.find(context).unwrap_or_else(|| self.meet(context));
            let one = &mut self.contexts[at];
            for cell in self.cells.of_mut(one.cells) {
                let right = cell.class == truth;
                let p = believed
                    .get(usize::from(cell.class))
                    .copied()
                    .unwrap_or(0.0);
                step(cell, f32::from(u8::from(right)) - p);
                cell.slow = faded(cell.slow * SLOW);
                cell.fast = faded(cell.fast * FAST);
            }
            for &(class, p) in &likely {
                let count = f32::from(u8::from(class == truth));
                let mut cells = self.cells.of_mut(one.cells).iter_mut();
                if let Some(cell) = cells.find(|cell| cell.class == class) {
                    cell.slow += count;
                    cell.fast += count;
                } else {
                    let mut cell = Cell {
                        class,
                        weight: 0.0,
                        energy: 0.0,
                        slow: count,
                        fast: count,
                    };
                    step(&mut cell, count - p);
                    self.cells.push(&mut one.cells, cell);
                }
            }
            one.slow = one.slow * SLOW + 1.0;
            one.seen = one.seen.saturating_add(1);
            one.last = truth;
            one.touched = self.tick;
        }
        if self.contexts.len() > self.limit {
            self.forget_the_rare();
        }
        self.close_up_when_sparse();
    }

    /// Takes one ticket of `class` out of the counts of these contexts.
    ///
    /// Exactly, where it was the context's newest; where others came after it, by what it still weighed if one did, so
    /// that never more is taken than it gave but for that one step's fading. The weights stay: a long average that one
    /// ticket hardly moves.
    pub(crate) fn unlearn(&mut self, contexts: &[u64], class: u16) {
        for &context in contexts {
            let Some(at) = self.find(context) else {
                continue;
            };
            let one = &mut self.contexts[at];
            if one.seen <= 1 {
                self.forget(at);
                continue;
            }
            one.seen -= 1;
            let newest = one.last == class;
            if newest {
                one.last = NONE;
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
            for cell in self.cells.of_mut(one.cells) {
                let held = cell.class == class;
                cell.slow = without(cell.slow, held, SLOW);
                cell.fast = without(cell.fast, held, FAST);
            }
            one.slow = without(one.slow, true, SLOW);
        }
        self.close_up_when_sparse();
    }

    fn find(&self, context: u64) -> Option<usize> {
        let is_it = |&at: &u32| self.contexts[at as usize].key == context;
        self.places.find(context, is_it).map(|&at| at as usize)
    }

    /// Keeps a context that was not met before; where it stands.
    fn meet(&mut self, context: u64) -> usize {
        let at = self.contexts.len();
        self.contexts.push(Context::new(context));
        let contexts = &self.contexts;
        self.places
            .insert_unique(context, at as u32, |&at| contexts[at as usize].key);
        at
    }

    /// Forgets one context; the last takes its place.
    fn forget(&mut self, at: usize) {
        let last = self.contexts.len() - 1;
        let gone = self.contexts.swap_remove(at);
        self.cells.let_go(gone.cells);
        let stood = |at: usize| move |&place: &u32| place as usize == at;
        if let Ok(place) = self.places.find_entry(gone.key, stood(at)) {
            place.remove();
        }
        if let Some(moved) = self.contexts.get(at)
            && let Some(place) = self.places.find_mut(moved.key, stood(last))
        {
            *place = at as u32;
        }
    }

    /// Halves the table: contexts seen least, and among them longest ago, go first.
    fn forget_the_rare(&mut self) {
        let rank = |one: &Context| (one.seen.min(8), one.touched);
        let mut ranks: Vec<(u32, u32)> = self.contexts.iter().map(rank).collect();
        let middle = ranks.len() / 2;
        let (_, &mut bar, _) = ranks.select_nth_unstable(middle);
        let cells = &mut self.cells;
        self.contexts.retain(|one| {
            let stays = rank(one) > bar;
            if !stays {
                cells.let_go(one.cells);
            }
            stays
        });
        self.places.clear();
        for (at, one) in self.contexts.iter().enumerate() {
            self.places
                .insert_unique(one.key, at as u32, |&at| self.contexts[at as usize].key);
        }
    }

    fn close_up_when_sparse(&mut self) {
        if self.cells.is_sparse() {
            self.cells
                .close_up(self.contexts.iter_mut().map(|one| &mut one.cells));
        }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.u32(self.tick);
        out.len(self.limit);
        out.len(self.contexts.len());
        let mut in_order: Vec<&Context> = self.contexts.iter().collect();
        in_order.sort_unstable_by_key(|one| one.key);
        for one in &in_order {
            out.u64(one.key);
            out.u32(one.seen);
            out.u16(one.last);
            out.u32(one.touched);
            out.f32(one.slow);
            out.u16(one.cells.len());
        }
        for one in in_order {
            for cell in self.cells.of(one.cells) {
                out.u16(cell.class);
                for value in [cell.weight, cell.energy, cell.slow, cell.fast] {
                    out.f32(value);
                }
            }
        }
    }

    /// Reads what [`ContextTable::write`] wrote, into the memory of `room`.
    pub(crate) fn read(from: &mut Reader<'_>, room: Self) -> Option<Self> {
        let mut table = room;
        table.tick = from.u32()?;
        table.limit = from.number()?;
        let count = from.len(24)?;
        table.places.clear();
        table.places.reserve(count, |_| 0);
        table.contexts.clear();
        table.contexts.reserve_exact(with_room(count));
        let mut lengths = Vec::with_capacity(count);
        for _ in 0..count {
            let context = from.u64()?;
            if table.find(context).is_some() {
                return None;
            }
            let at = table.meet(context);
            let one = &mut table.contexts[at];
            (one.seen, one.last) = (from.u32()?, from.u16()?);
            (one.touched, one.slow) = (from.u32()?, from.f32()?);
            lengths.push(from.u16()?);
        }
        let cells = lengths.iter().map(|&length| usize::from(length)).sum();
        table.cells.clear_for(with_room(from.room_for(cells, 18)?));
        for (one, length) in table.contexts.iter_mut().zip(lengths) {
            for _ in 0..length {
                let cell = Cell {
                    class: from.u16()?,
                    weight: from.f32()?,
                    energy: from.f32()?,
                    slow: from.f32()?,
                    fast: from.f32()?,
                };
                table.cells.push(&mut one.cells, cell);
            }
        }
        Some(table)
    }
}

/// A count that has faded to nothing is none: numbers far smaller yet cost a processor a hundred times the time.
fn faded(count: f32) -> f32 {
    if count < 1e-20 { 0.0 } else { count }
}

/// So many and an eighth: what is learned in a day fits in, and nothing need move.
fn with_room(count: usize) -> usize {
    count + count / 8
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
    fn each_context_is_found_whatever_came_and_went() {
        let mut table = ContextTable::with_limit(1000);
        let mut seen: HashMap<u64, u32> = HashMap::new();
        let mut random = 1_u64;
        for _ in 0..20_000 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let (context, class) = (1 + (random >> 33) % 200, (random >> 50) as u16 % 5);
            if random >> 63 == 0 {
                table.learn(&[context], class, &[0.2; 5]);
                *seen.entry(context).or_default() += 1;
            } else {
                table.unlearn(&[context], class);
                let left = seen.remove(&context).unwrap_or(0).saturating_sub(1);
                if left > 0 {
                    seen.insert(context, left);
                }
            }
        }
        assert_eq!(table.len(), seen.len());
        for (context, seen) in seen {
            let entry = table.get(context).unwrap();
            assert_eq!(entry.seen, seen);
            let mut classes: Vec<u16> = entry.cells.iter().map(|cell| cell.class).collect();
            classes.sort_unstable();
            classes.dedup();
            assert_eq!(classes.len(), entry.cells.len());
        }
        let held: usize = table
            .contexts
            .iter()
            .map(|one| table.cells.of(one.cells).len())
            .sum();
        assert_eq!(table.cells(), held);
    }

    #[test]
    fn written_and_read_back_it_is_the_same() {
        let mut table = ContextTable::with_limit(100);
        table.learn(&[9, 11], 1, &[0.5, 0.5]);
        let mut bytes = Vec::new();
        let mut out = Writer::new(&mut bytes);
        table.write(&mut out);
        out.finish().unwrap();
        let read = |length: usize| {
            let mut source = &bytes[..];
            let mut from = Reader::new(&mut source, length);
            ContextTable::read(&mut from, ContextTable::default())
        };
        let again = read(bytes.len()).unwrap();
        assert_eq!(again.contexts, table.contexts);
        assert_eq!(again.get(9), table.get(9));
        assert!(read(bytes.len() - 1).is_none());
    }
}
