//! The code 查询码 that a requester shows beside the ticket's number: who has both may see the progress.
//!
//! Makes no randomness: its bytes come from outside. Start at [`Code`].

/// What a code is written with: no letter that is taken for a digit or another letter.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters in a code, five bits each: 40 bits beside the number.
const LENGTH: usize = 8;

/// Bytes a code is made of.
pub const BYTES: usize = 5;

/// A requester's code.
#[derive(Clone, Debug)]
pub struct Code([u8; LENGTH]);

impl Code {
    /// The code of five random bytes.
    ///
    /// ```
    /// use fenbo::domain::code::Code;
    /// assert_eq!(Code::of([0; 5]).shown(), "0000-0000");
    /// assert_eq!(Code::of([0xff; 5]).shown(), "ZZZZ-ZZZZ");
    /// ```
    pub fn of(random: [u8; BYTES]) -> Self {
        let bits = random
            .iter()
            .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let mut code = [0; LENGTH];
        for (at, letter) in code.iter_mut().enumerate() {
            let place = 5 * (LENGTH - 1 - at);
            *letter = LETTERS[(bits >> place & 31) as usize];
        }
        Self(code)
    }

    /// The code a person typed: in any case, apart or together, `O` for `0`, `I` or `L` for `1`.
    ///
    /// ```
    /// use fenbo::domain::code::Code;
    /// let code = Code::typed(" o0il-zzzz ").unwrap();
    /// assert_eq!(code.shown(), "0011-ZZZZ");
    /// assert!(Code::typed("1234").is_none());
    /// ```
    pub fn typed(text: &str) -> Option<Self> {
        let mut code = [0; LENGTH];
        let mut length = 0;
        for c in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let letter = match c.to_ascii_uppercase() {
                'O' => b'0',
                'I' | 'L' => b'1',
                other => u8::try_from(other).ok().filter(|b| LETTERS.contains(b))?,
            };
            *code.get_mut(length)? = letter;
            length += 1;
        }
        (length == LENGTH).then_some(Self(code))
    }

    /// As it is shown and sent: `7KQM-3XPA`.
    pub fn shown(&self) -> String {
        let text: String = self.0.iter().map(|b| char::from(*b)).collect();
        format!("{}-{}", &text[..LENGTH / 2], &text[LENGTH / 2..])
    }

    /// Whether it is the same code; takes the same time wherever they differ.
    pub fn is(&self, other: &Self) -> bool {
        let differs = self
            .0
            .iter()
            .zip(other.0)
            .fold(0, |differs, (a, b)| differs | (a ^ b));
        std::hint::black_box(differs) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_back_as_it_was_shown() {
        let mut seed = 1_u64;
        for _ in 0..2_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mut bytes: [u8; BYTES] = [0; BYTES];
            bytes.copy_from_slice(&seed.to_be_bytes()[..BYTES]);
            let code = Code::of(bytes);
            let typed = Code::typed(&code.shown().to_lowercase()).unwrap();
            assert!(code.is(&typed), "{code:?}");
            bytes[BYTES - 1] ^= 1;
            let other = Code::of(bytes);
            assert!(!code.is(&other), "{code:?}");
        }
    }

    #[test]
    fn what_is_no_code_is_none() {
        for text in [
            "",
            "1234567",
            "123456789",
            "1234567U",
            "１２３４５６７８",
            "1234'--",
        ] {
            assert!(Code::typed(text).is_none(), "{text}");
        }
    }
}
