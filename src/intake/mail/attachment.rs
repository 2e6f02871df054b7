//! Attachments: bytes, their hash, and a name that is only ever data.

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};
use serde::{Deserialize, Serialize};

use super::charset;

const LONGEST_NAME: usize = 120;

/// One attached file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name, cleaned: no folder, no control or direction characters, never empty. Not to be used as a path.
    pub name: String,
    /// Its media type as the mail says, such as `image/png`.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes, in hexadecimal: the name it is kept under.
    pub sha256: String,
    /// The bytes themselves; empty once they are kept elsewhere.
    #[serde(with = "hexadecimal")]
    pub bytes: Vec<u8>,
    /// Whether the bytes are kept beside the store.
    #[serde(default)]
    pub kept: bool,
}

/// Every attachment, in order.
pub(super) fn all(message: &Message<'_>) -> Vec<Attachment> {
    message
        .attachments()
        .enumerate()
        .filter(|(_, part)| !part.contents().is_empty())
        .map(|(place, part)| one(message, part, place + 1))
        .collect()
}

fn one(message: &Message<'_>, part: &MessagePart<'_>, number: usize) -> Attachment {
    let media_type = media_type(part);
    let named = part.attachment_name().map(str::to_owned).or_else(|| {
        part.message()
            .and_then(Message::subject)
            .map(|s| format!("{s}.eml"))
    });
    let name = named
        .map(|name| cleaned(&charset::file_name(message, part, &name)))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| format!("attachment-{number}.{}", extension(&media_type)));
    let bytes = part.contents().to_vec();
    Attachment {
        name,
        media_type,
        size: bytes.len() as u64,
        sha256: super::sha256(&bytes),
        bytes,
        kept: false,
    }
}

fn media_type(part: &MessagePart<'_>) -> String {
    match part.content_type() {
        Some(kind) => format!(
            "{}/{}",
            kind.ctype(),
            kind.subtype().unwrap_or("octet-stream")
        ),
        None if matches!(part.body, PartType::Message(_)) => "message/rfc822".to_owned(),
        None => "application/octet-stream".to_owned(),
    }
}

fn extension(media_type: &str) -> &'static str {
    match media_type {
        "message/rfc822" => "eml",
        "text/plain" => "txt",
        "text/html" => "html",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "application/pdf" => "pdf",
        _ => "bin",
    }
}

/// The last component of a name, without what a terminal or a file system would act on.
fn cleaned(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let kept: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_unseen(*c))
        .map(|c| {
            if matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let kept = kept
        .trim()
        .trim_start_matches('.')
        .trim_end_matches(['.', ' ']);
    let stem = kept.split('.').next().unwrap_or("").to_ascii_uppercase();
    let device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")));
    let kept = if device {
        format!("_{kept}")
    } else {
        kept.to_owned()
    };
    shortened(&kept)
}

/// Direction marks and characters of no width, which can make a name read as another.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// A long name loses its middle, not its ending.
fn shortened(name: &str) -> String {
    let count = name.chars().count();
    if count <= LONGEST_NAME {
        return name.to_owned();
    }
    let head: String = name.chars().take(LONGEST_NAME - 21).collect();
    let tail: String = name.chars().skip(count - 20).collect();
    format!("{head}…{tail}")
}

/// Bytes in JSON.
mod hexadecimal {
    use std::fmt::Write as _;

    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], out: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        out.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if !rest.is_empty() {
            return Err(D::Error::custom("half a byte"));
        }
        pairs
            .iter()
            .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
            .collect::<Option<_>>()
            .ok_or_else(|| D::Error::custom("not hexadecimal"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_lose_what_a_file_system_or_terminal_would_act_on() {
        for (raw, clean) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\现场.jpg", "现场.jpg"),
            ("photo\u{202E}gpj.exe", "photogpj.exe"),
            ("\u{1b}]0;x\u{7}a.txt", "]0;xa.txt"),
            (".bashrc", "bashrc"),
            ("CON", "_CON"),
            ("com1.txt", "_com1.txt"),
            ("a:b.txt. ", "a_b.txt"),
            ("..", ""),
            ("\0", ""),
        ] {
            assert_eq!(cleaned(raw), clean, "{raw:?}");
        }
        let long = cleaned(&format!("{}.pdf", "长".repeat(4096)));
        assert_eq!(long.chars().count(), LONGEST_NAME);
        assert_eq!(long.rsplit('.').next(), Some("pdf"));
    }

    proptest! {
        #[test]
        fn no_name_is_a_path(name in any::<String>()) {
            let clean = cleaned(&name);
            prop_assert!(!clean.contains(['/', '\\', '\0']) && !clean.starts_with('.'));
        }

        #[test]
        fn bytes_survive_json(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let attachment = Attachment { bytes, ..Attachment::default() };
            let json = serde_json::to_string(&attachment).expect("json");
            prop_assert_eq!(serde_json::from_str::<Attachment>(&json).expect("json"), attachment);
        }
    }
}
