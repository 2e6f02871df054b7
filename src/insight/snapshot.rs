//! Numbers to bytes and back, little-endian. Reading never panics and never believes a length it cannot see.

/// Collects bytes.
#[derive(Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }
    pub(crate) fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }
    pub(crate) fn u16(&mut self, value: u16) {
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
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }
    pub(crate) fn raw(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(head)
    }
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.raw(N)?.try_into().ok()
    }
    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_le_bytes)
    }
    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
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
        (count.checked_mul(each)? <= self.bytes.len()).then_some(count)
    }
    pub(crate) fn text(&mut self) -> Option<String> {
        let count = self.len(1)?;
        String::from_utf8(self.raw(count)?.to_vec()).ok()
    }
    pub(crate) fn floats(&mut self) -> Option<Vec<f32>> {
        let count = self.len(4)?;
        (0..count).map(|_| self.f32()).collect()
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_that_cannot_be_is_refused() {
        let mut out = Writer::default();
        out.len(usize::MAX);
        let bytes = out.into_bytes();
        assert!(Reader::new(&bytes).floats().is_none());
        assert!(Reader::new(&bytes).text().is_none());
    }

    #[test]
    fn values_come_back() {
        let mut out = Writer::default();
        out.text("分拨");
        out.floats(&[1.5, -2.0]);
        out.i64(-7);
        let bytes = out.into_bytes();
        let mut back = Reader::new(&bytes);
        assert_eq!(back.text().as_deref(), Some("分拨"));
        assert_eq!(back.floats(), Some(vec![1.5, -2.0]));
        assert_eq!(back.i64(), Some(-7));
        assert!(back.is_empty() && back.u8().is_none());
    }
}
