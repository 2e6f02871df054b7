//! Signature and seal of the account, as WeChat publishes them: SHA-1 over the sorted parts, AES-256-CBC over
//! `16 random bytes · length · message · account`.
//!
//! Knows nothing of what the messages say.

use crate::domain::instant::Instant;
use aes::Aes256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockDecryptMut, BlockEncryptMut, KeyIvInit};
use sha1::{Digest, Sha1};

/// Messages are padded to this.
const BLOCK: usize = 32;
/// Random bytes in front, then the length.
const FRONT: usize = 16;
const LENGTH: usize = 4;

/// What an account signs and seals with.
pub(super) struct Seal {
    token: String,
    account: String,
    key: Option<[u8; 32]>,
}

/// Whether two signatures are the same; takes the same time wherever they differ.
pub(super) fn same(own: &str, given: &str) -> bool {
    let differs = own
        .bytes()
        .zip(given.bytes())
        .fold(0, |differs, (a, b)| differs | (a ^ b));
    own.len() == given.len() && std::hint::black_box(differs) == 0
}

impl Seal {
    /// The seal of a token, an account and its 43-character key; nothing when the key is none.
    pub(super) fn new(token: &str, account: &str, key: Option<&str>) -> Option<Self> {
        let key = match key {
            Some(text) => {
                // The last of the 43 characters has bits that mean nothing.
                let lenient = GeneralPurposeConfig::new()
                    .with_decode_allow_trailing_bits(true)
                    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
                let reader = GeneralPurpose::new(&base64::alphabet::STANDARD, lenient);
                let bytes = reader.decode(text.trim()).ok()?;
                Some(<[u8; 32]>::try_from(bytes).ok()?)
            }
            None => None,
        };
        Some(Self {
            token: token.to_owned(),
            account: account.to_owned(),
            key,
        })
    }

    /// Whether messages are sealed.
    pub(super) fn is_sealing(&self) -> bool {
        self.key.is_some()
    }

    /// The signature over these parts and the token.
    pub(super) fn signature(&self, parts: &[&str]) -> String {
        let mut all: Vec<&str> = parts.iter().copied().chain([self.token.as_str()]).collect();
        all.sort_unstable();
        let digest = Sha1::digest(all.concat().as_bytes());
        digest.iter().fold(String::new(), |mut text, byte| {
            use std::fmt::Write;
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// The message in a seal; nothing when it is not this account's, or was touched.
    pub(super) fn open(&self, sealed: &str) -> Option<String> {
        let key = self.key?;
        let mut bytes = STANDARD.decode(sealed.trim()).ok()?;
        if bytes.is_empty() || bytes.len() % FRONT != 0 {
            return None;
        }
        let cipher = cbc::Decryptor::<Aes256>::new(&key.into(), key[..FRONT].into());
        let plain = cipher.decrypt_padded_mut::<NoPadding>(&mut bytes).ok()?;
        let padding = usize::from(*plain.last()?);
        if !(1..=BLOCK).contains(&padding) {
            return None;
        }
        let plain = plain.get(..plain.len().checked_sub(padding)?)?;
        let length = plain.get(FRONT..FRONT + LENGTH)?;
        let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
        let rest = plain.get(FRONT + LENGTH..)?;
        let (message, account) = (rest.get(..length)?, rest.get(length..)?);
        if account != self.account.as_bytes() {
            return None;
        }
        String::from_utf8(message.to_vec()).ok()
    }

    /// A message sealed and signed, as an answer is sent.
    pub(super) fn close(&self, message: &str, now: Instant, nonce: &str) -> Option<String> {
        let mut random = [0; FRONT];
        rustix::rand::getrandom(&mut random, rustix::rand::GetRandomFlags::empty()).ok()?;
        let sealed = self.sealed(message, random)?;
        let moment = now.0.to_string();
        let signature = self.signature(&[&moment, nonce, &sealed]);
        let nonce = super::message::cdata(nonce);
        Some(format!(
            "<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>\
             <TimeStamp>{moment}</TimeStamp><Nonce>{nonce}</Nonce></xml>"
        ))
    }

    fn sealed(&self, message: &str, random: [u8; FRONT]) -> Option<String> {
        let key = self.key?;
        let mut plain = random.to_vec();
        plain.extend((message.len() as u32).to_be_bytes());
        plain.extend(message.as_bytes());
        plain.extend(self.account.as_bytes());
        let padding = BLOCK - plain.len() % BLOCK;
        plain.extend(std::iter::repeat_n(padding as u8, padding));
        let length = plain.len();
        let cipher = cbc::Encryptor::<Aes256>::new(&key.into(), key[..FRONT].into());
        let sealed = cipher
            .encrypt_padded_mut::<NoPadding>(&mut plain, length)
            .ok()?;
        Some(STANDARD.encode(sealed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    #[test]
    fn what_is_sealed_is_opened_by_this_account_alone() {
        let seal = Seal::new("token", "wx1", Some(KEY)).unwrap();
        for message in ["", "<xml>路灯不亮</xml>", &"x".repeat(5_000)] {
            let sealed = seal.sealed(message, [7; 16]).unwrap();
            assert_eq!(seal.open(&sealed).as_deref(), Some(message));
            let other = Seal::new("token", "wx2", Some(KEY)).unwrap();
            assert_eq!(other.open(&sealed), None);
            let mut touched = sealed.clone().into_bytes();
            touched[30] ^= 1;
            let touched = String::from_utf8_lossy(&touched).into_owned();
            assert_ne!(seal.open(&touched).as_deref(), Some(message));
        }
        for nonsense in ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA==", "!"] {
            assert_eq!(seal.open(nonsense), None);
        }
        assert!(Seal::new("token", "wx1", Some("short")).is_none());
    }

    #[test]
    fn the_signature_is_the_sha_1_of_the_sorted_parts() {
        let seal = Seal::new("b", "wx1", None).unwrap();
        // SHA-1 of "abc".
        assert_eq!(
            seal.signature(&["c", "a"]),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("abc", "abcd"));
    }
}
