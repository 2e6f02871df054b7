//! One record of any tabular format: its fields as text in one buffer, reused from record to record.
//!
//! Also the limits every such format keeps.

/// Columns taken at most.
pub const MOST_COLUMNS: usize = 256;
/// Bytes of one field taken at most.
pub const LONGEST_FIELD: usize = 64 * 1024;

/// Fields of one record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    text: String,
    ends: Vec<usize>,
}

impl Record {
    /// A record of these fields.
    #[cfg(test)]
    pub fn of(fields: &[&str]) -> Self {
        let mut record = Self::default();
        for field in fields {
            record.push(field);
        }
        record
    }

    /// Forgets the fields, keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Adds a field.
    pub fn push(&mut self, field: &str) {
        self.text.push_str(field);
        self.ends.push(self.text.len());
    }

    /// Takes over fields that stand in `bytes` one behind another, ending at `ends`; bytes that are no UTF-8 become `�`.
    pub fn copy_from(&mut self, bytes: &[u8], ends: &[usize]) {
        self.clear();
        if let Ok(text) = std::str::from_utf8(bytes)
            && ends.iter().all(|end| text.is_char_boundary(*end))
        {
            self.text.push_str(text);
            self.ends.extend_from_slice(ends);
            return;
        }
        let mut start = 0;
        for end in ends {
            self.push(&String::from_utf8_lossy(&bytes[start..*end]));
            start = *end;
        }
    }

    /// The field at `place`, from 0.
    pub fn get(&self, place: usize) -> Option<&str> {
        let end = *self.ends.get(place)?;
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        Some(&self.text[start..end])
    }

    /// How many fields there are.
    pub fn width(&self) -> usize {
        self.ends.len()
    }

    /// True when every field is empty or white space.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The first field with a zero byte, which no text has.
    pub fn zero_byte(&self) -> Option<usize> {
        if !self.text.contains('\0') {
            return None;
        }
        self.iter().position(|field| field.contains('\0'))
    }

    /// The fields.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.width()).filter_map(|place| self.get(place))
    }

    /// The fields, each on its own, zero bytes made visible.
    pub fn to_vec(&self) -> Vec<String> {
        self.iter().map(visible).collect()
    }

    /// The length of the longest field in bytes, or of the whole record where that is no more than a field may have.
    pub fn longest(&self) -> usize {
        // Most records are shorter as a whole than one field may be.
        if self.text.len() <= LONGEST_FIELD {
            return self.text.len();
        }
        self.iter().map(str::len).max().unwrap_or(0)
    }
}

/// A field as it is given back, its zero bytes made visible.
pub fn visible(field: &str) -> String {
    field.replace('\0', "␀")
}
