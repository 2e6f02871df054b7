//! Numbers to bytes and back, little-endian. Reading never panics and never believes a length it cannot see.

use std::io::{self, Read, Write};

/// Bytes handed on, or fetched, at a time: a model is some megabytes, and need not stand in memory twice.
const PIECE: usize = 64 * 1024;

/// Turns values into bytes and hands them on piece by piece.
pub(crate) struct Writer<'a> {
    bytes: Vec<u8>,
    sink: &'a mut dyn Write,
    failed: Option<io::Error>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(sink: &'a mut dyn Write) -> Self {
        Self {
            bytes: Vec::with_capacity(PIECE),
            sink,
            failed: None,
        }
    }

    /// Hands on the rest; the first failure, if there was one.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.hand_on();
        self.failed.map_or(Ok(()), Err)
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= PIECE {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        if self.failed.is_none() {
            self.failed = self.sink.write_all(&self.bytes).err();
        }
        self.bytes.clear();
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.raw(&[value]);
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.raw(&value.to_le_bytes());
    }

    pub(crate) fn i16(&mut self, value: i16) {
        self.raw(&value.to_le_bytes());
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.raw(&value.to_le_bytes());
    }

    pub(crate) fn u64(&mut self, value: u64) {
        self.raw(&value.to_le_bytes());
    }

    pub(crate) fn i64(&mut self, value: i64) {
        self.raw(&value.to_le_bytes());
    }

    pub(crate) fn f32(&mut self, value: f32) {
        self.raw(&value.to_le_bytes());
    }

    pub(crate) fn len(&mut self, value: usize) {
        self.u64(value as u64);
    }

    pub(crate) fn text(&mut self, value: &str) {
        self.len(value.len());
        self.raw(value.as_bytes());
    }

    pub(crate) fn floats(&mut self, values: &[f32]) {
        self.len(values.len());
        for &value in values {
            self.f32(value);
        }
    }
}

/// Takes values from bytes; `None` as soon as something is missing or makes no sense.
pub(crate) struct Reader<'a> {
    source: &'a mut dyn Read,
    /// What was fetched, and how much of it was taken.
    piece: Vec<u8>,
    taken: usize,
    /// Bytes not yet fetched.
    left: usize,
}

impl<'a> Reader<'a> {
    /// Takes at most `length` bytes.
    pub(crate) fn new(source: &'a mut dyn Read, length: usize) -> Self {
        Self {
            source,
            piece: Vec::new(),
            taken: 0,
            left: length,
        }
    }

    /// Fills `to`.
    fn fill(&mut self, mut to: &mut [u8]) -> Option<()> {
        while !to.is_empty() {
            if self.taken == self.piece.len() {
                let length = self.left.min(PIECE);
                if length == 0 {
                    return None;
                }
                self.piece.resize(length, 0);
                self.taken = 0;
                self.left -= length;
                self.source.read_exact(&mut self.piece).ok()?;
            }
            let fetched = self.piece.get(self.taken..)?;
            let count = fetched.len().min(to.len());
            let (now, later) = to.split_at_mut_checked(count)?;
            now.copy_from_slice(fetched.get(..count)?);
            to = later;
            self.taken += count;
        }
        Some(())
    }

    /// The next `N` bytes: nearly always they stand in the piece at hand, and a start reads millions of them.
    #[inline]
    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        if let Some(at_hand) = self.piece.get(self.taken..).and_then(<[u8]>::first_chunk) {
            self.taken += N;
            return Some(*at_hand);
        }
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Some(bytes)
    }

    /// Bytes not yet taken.
    fn rest(&self) -> usize {
        self.left + self.piece.len() - self.taken
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_le_bytes)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn i16(&mut self) -> Option<i16> {
        self.array().map(i16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    pub(crate) fn f32(&mut self) -> Option<f32> {
        self.array()
            .map(f32::from_le_bytes)
            .filter(|value| value.is_finite())
    }

    /// A plain number.
    pub(crate) fn number(&mut self) -> Option<usize> {
        usize::try_from(self.u64()?).ok()
    }

    /// A count of things that take at least `each` bytes: never more than the bytes left can hold.
    pub(crate) fn len(&mut self, each: usize) -> Option<usize> {
        let count = self.number()?;
        self.room_for(count, each)
    }

    /// A count of things that take at least `each` bytes, when the bytes left can hold so many.
    pub(crate) fn room_for(&self, count: usize, each: usize) -> Option<usize> {
        (count.checked_mul(each)? <= self.rest()).then_some(count)
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        let count = self.len(1)?;
        let mut bytes = vec![0; count];
        self.fill(&mut bytes)?;
        String::from_utf8(bytes).ok()
    }

    pub(crate) fn floats(&mut self) -> Option<Vec<f32>> {
        let count = self.len(4)?;
        (0..count).map(|_| self.f32()).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_that_cannot_be_is_refused() {
        let mut bytes = Vec::new();
        let mut out = Writer::new(&mut bytes);
        out.len(usize::MAX);
        out.finish().unwrap();
        assert!(Reader::new(&mut &bytes[..], bytes.len()).floats().is_none());
        assert!(Reader::new(&mut &bytes[..], bytes.len()).text().is_none());
    }

    #[test]
    fn values_come_back() {
        let mut bytes = Vec::new();
        let mut out = Writer::new(&mut bytes);
        out.text("分拨");
        out.floats(&[1.5, -2.0]);
        out.i64(-7);
        out.finish().unwrap();
        let mut source = &bytes[..];
        let mut back = Reader::new(&mut source, bytes.len());
        assert_eq!(back.text().as_deref(), Some("分拨"));
        assert_eq!(back.floats(), Some(vec![1.5, -2.0]));
        assert_eq!(back.i64(), Some(-7));
        assert!(back.is_empty() && back.u8().is_none());
    }

    #[test]
    fn pieces_make_no_difference() {
        let values: Vec<f32> = (0..50_000_u16).map(f32::from).collect();
        let mut handed = Vec::new();
        let mut out = Writer::new(&mut handed);
        out.u8(1);
        out.floats(&values);
        out.finish().unwrap();
        let mut source = &handed[..];
        let mut back = Reader::new(&mut source, handed.len());
        assert_eq!(back.u8(), Some(1));
        assert_eq!(back.floats(), Some(values));
        assert!(back.is_empty());
    }
}
