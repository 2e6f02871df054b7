//! The values of rows that are still to be written, in one piece of memory: made on one thread and bound on another, they cost
//! two allocations however many there are. Must not know what they mean. Start at [`Values::push`].

use super::failure::Failure;
use rusqlite::types::ValueRef;
use serde::Serialize;
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Bytes of the texts of a usual ticket and its first events.
const BYTES: usize = 3_072;

/// Values of a usual ticket and its first events.
const PLACES: usize = 96;

/// Values in their order.
#[derive(Debug)]
pub(super) struct Values {
    bytes: Vec<u8>,
    places: Vec<Place>,
    /// Where their memory goes when they are done with.
    home: Option<Sender<Values>>,
}

/// A value, or where its bytes are.
#[derive(Debug)]
enum Place {
    Null,
    Integer(i64),
    Real(f64),
    Text(Range<usize>),
    Blob(Range<usize>),
}

impl Values {
    /// None yet.
    pub(super) fn new() -> Self {
        Self {
            bytes: Vec::with_capacity(BYTES),
            places: Vec::with_capacity(PLACES),
            home: None,
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Adds a value.
    pub(super) fn push(&mut self, value: ValueRef<'_>) {
        let place = match value {
            ValueRef::Null => Place::Null,
            ValueRef::Integer(value) => Place::Integer(value),
            ValueRef::Real(value) => Place::Real(value),
            ValueRef::Text(text) => Place::Text(self.keep(text)),
            ValueRef::Blob(blob) => Place::Blob(self.keep(blob)),
        };
        self.places.push(place);
    }

    /// Adds a text.
    pub(super) fn push_text(&mut self, text: &str) {
        self.push(ValueRef::Text(text.as_bytes()));
    }

    /// Adds the JSON of something as a text.
    pub(super) fn push_json(&mut self, of: &impl Serialize) -> Result<(), Failure> {
        let from = self.bytes.len();
        serde_json::to_writer(&mut self.bytes, of)?;
        self.places.push(Place::Text(from..self.bytes.len()));
        Ok(())
    }

    /// Shows the JSON of something to `look` and forgets it again.
    pub(super) fn passing<T>(
        &mut self,
        of: &impl Serialize,
        look: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, Failure> {
        let from = self.bytes.len();
        serde_json::to_writer(&mut self.bytes, of)?;
        let seen = look(self.bytes.get(from..).unwrap_or_default());
        self.bytes.truncate(from);
        Ok(seen)
    }

    fn keep(&mut self, more: &[u8]) -> Range<usize> {
        let from = self.bytes.len();
        self.bytes.extend_from_slice(more);
        from..self.bytes.len()
    }

    /// One value; nothing beyond the last.
    pub(super) fn get(&self, at: usize) -> ValueRef<'_> {
        self.places
            .get(at)
            .map_or(ValueRef::Null, |place| self.value(place))
    }

    /// Some of them.
    pub(super) fn some(&self, range: Range<usize>) -> impl Iterator<Item = ValueRef<'_>> {
        let places = self.places.get(range).unwrap_or_default();
        places.iter().map(|place| self.value(place))
    }

    fn value(&self, place: &Place) -> ValueRef<'_> {
        let bytes = |range: &Range<usize>| self.bytes.get(range.clone()).unwrap_or_default();
        match place {
            Place::Null => ValueRef::Null,
            Place::Integer(value) => ValueRef::Integer(*value),
            Place::Real(value) => ValueRef::Real(*value),
            Place::Text(range) => ValueRef::Text(bytes(range)),
            Place::Blob(range) => ValueRef::Blob(bytes(range)),
        }
    }
}

impl Drop for Values {
    fn drop(&mut self) {
        let Some(home) = self.home.take() else { return };
        let mut blank = Values {
            bytes: std::mem::take(&mut self.bytes),
            places: std::mem::take(&mut self.places),
            home: None,
        };
        blank.bytes.clear();
        blank.places.clear();
        // Where nobody makes any more, it is given back to the system.
        drop(home.send(blank));
    }
}

/// Memory for the values of new tickets, used again when they are stored: a thread that freed what another took would hold
/// that one up.
#[derive(Debug)]
pub struct Blanks {
    home: Sender<Values>,
    back: Receiver<Values>,
}

impl Default for Blanks {
    fn default() -> Self {
        let (home, back) = channel();
        Self { home, back }
    }
}

impl Blanks {
    /// Room for values.
    pub(super) fn take(&self) -> Values {
        let mut blank = self.back.try_recv().unwrap_or_else(|_| Values::new());
        blank.home = Some(self.home.clone());
        blank
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were_and_what_was_only_shown_is_gone() {
        let mut values = Values::new();
        let all = [
            ValueRef::Null,
            ValueRef::Integer(-7),
            ValueRef::Real(0.5),
            ValueRef::Text("路灯".as_bytes()),
            ValueRef::Blob(&[0, 255]),
        ];
        for value in all {
            values.push(value);
        }
        let length = values.passing(&["不亮"], <[u8]>::len).unwrap();
        assert_eq!(length, r#"["不亮"]"#.len());
        values.push_json(&["不亮"]).unwrap();
        values.push_text("");
        assert_eq!(values.some(0..5).collect::<Vec<_>>(), all);
        assert_eq!(values.get(5), ValueRef::Text(r#"["不亮"]"#.as_bytes()));
        assert_eq!(values.get(6), ValueRef::Text(b""));
        assert_eq!((values.get(7), values.len()), (ValueRef::Null, 7));
    }

    #[test]
    fn memory_comes_back_empty() {
        let blanks = Blanks::default();
        let mut values = blanks.take();
        values.push_text("路灯不亮");
        let at = values.bytes.as_ptr();
        std::thread::spawn(move || drop(values)).join().unwrap();
        let again = blanks.take();
        assert_eq!((again.bytes.as_ptr(), again.len()), (at, 0));
        // The next has its own, and outlives them all.
        let other = blanks.take();
        assert_ne!(other.bytes.as_ptr(), at);
        drop(blanks);
        drop(other);
    }
}
