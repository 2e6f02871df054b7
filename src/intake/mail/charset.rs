//! Text of mails that their own charset label does not read well: unlabelled GBK, unknown labels, characters cut between two encoded words.
//!
//! The parser's reading is kept unless it lost something (it holds `�`) or the label is unknown. Start at [`part`] and [`header`].

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding as Transfer, Header, HeaderName, Message, MessagePart, MimeHeaders};

use crate::intake::encoding;

const LOST: char = '\u{FFFD}';

/// A part's text, as well as it can be read.
pub(super) fn part<'a>(
    message: &Message<'_>,
    part: &MessagePart<'_>,
    read: &'a str,
) -> Cow<'a, str> {
    let label = part
        .content_type()
        .and_then(|kind| kind.attribute("charset"))
        .map(|label| label.trim_matches(['"', '\'', '\\', ' ']));
    let known = label.and_then(encoding::named);
    // The parser reads a label it does not know as UTF-8, and none as ASCII, which loses whatever is neither.
    if !read.contains(LOST) {
        return Cow::Borrowed(read);
    }
    let Some(body) = message
        .raw_message
        .get(part.offset_body as usize..part.offset_end as usize)
    else {
        return Cow::Borrowed(read);
    };
    let bytes = match part.encoding {
        Transfer::None => Some(body.to_vec()),
        Transfer::Base64 => base64_decode(body),
        Transfer::QuotedPrintable => quoted_printable_decode(body),
    };
    match bytes.filter(|bytes| !bytes.is_empty()) {
        Some(bytes) => Cow::Owned(better(read, &bytes, known)),
        None => Cow::Borrowed(read),
    }
}

/// The reading with the fewest losses: the parser's, the label's, or the guessed encoding's.
fn better(read: &str, bytes: &[u8], label: Option<&'static Encoding>) -> String {
    let lost = |text: &str| text.chars().filter(|c| *c == LOST).count();
    let mut best = read.to_owned();
    for encoding in label.into_iter().chain([encoding::detect_bytes(bytes)]) {
        let text = encoding.decode_with_bom_removal(bytes).0;
        if lost(&text) < lost(&best) {
            best = text.into_owned();
        }
    }
    // Single accented letters in text without a label: most bytes beyond ASCII fit no wider encoding.
    let beyond = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if lost(&best) * 2 >= beyond.max(1) {
        best = WINDOWS_1252
            .decode_without_bom_handling(bytes)
            .0
            .into_owned();
    }
    best
}

/// The raw value of a header, its lines joined; bytes that are no ASCII are read in whatever encoding they are in.
pub(super) fn raw(message: &Message<'_>, header: &Header<'_>) -> Option<String> {
    let bytes = message
        .raw_message
        .get(header.offset_start as usize..header.offset_end as usize)?;
    let text = encoding::detect_bytes(bytes)
        .decode_with_bom_removal(bytes)
        .0;
    Some(text.replace(['\r', '\n'], ""))
}

/// A header of text, as well as it can be read; `None` when it is absent or empty.
pub(super) fn header(message: &Message<'_>, name: &HeaderName<'_>) -> Option<String> {
    let header = message
        .headers()
        .iter()
        .rev()
        .find(|header| header.name == *name)?;
    let read = header.value().as_text().unwrap_or("");
    let text = if read.contains(LOST) {
        raw(message, header).map_or_else(|| read.to_owned(), |raw| words(&raw))
    } else {
        read.to_owned()
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A name out of a structured header; where the parser lost characters, the header that holds it is read again.
pub(super) fn name(message: &Message<'_>, read: &str) -> String {
    if !read.contains(LOST) {
        return read.to_owned();
    }
    let Some(from) = message
        .headers()
        .iter()
        .rev()
        .find(|header| header.name == HeaderName::From)
    else {
        return read.to_owned();
    };
    let Some(raw) = raw(message, from) else {
        return read.to_owned();
    };
    let whole = words(&raw);
    let display = whole
        .split('<')
        .next()
        .unwrap_or("")
        .trim()
        .trim_matches('"')
        .trim();
    if display.is_empty() || display.contains(LOST) {
        read.to_owned()
    } else {
        display.to_owned()
    }
}

/// A file's name out of a part's headers; where the parser lost characters, they are read again.
pub(super) fn file_name(message: &Message<'_>, part: &MessagePart<'_>, read: &str) -> String {
    if !read.contains(LOST) {
        return words(read);
    }
    let holders = [HeaderName::ContentDisposition, HeaderName::ContentType];
    part.headers
        .iter()
        .filter(|header| holders.contains(&header.name))
        .filter_map(|header| raw(message, header))
        .filter_map(|raw| {
            let (_, after) = raw.split_once("name=")?;
            let value = match after.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next()?,
                None => after.split(';').next()?,
            };
            Some(words(value.trim()))
        })
        .find(|name| !name.contains(LOST))
        .unwrap_or_else(|| read.to_owned())
}

/// Decodes encoded words (rfc 2047); neighbours of one charset are joined as bytes first, since senders cut characters in two.
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut pending: Option<(String, Vec<u8>)> = None;
    let mut rest = text;
    while let Some(start) = rest.find("=?") {
        let (before, from) = rest.split_at(start);
        let Some((label, bytes, length)) = word(from) else {
            flush(&mut out, &mut pending);
            out.push_str(before);
            out.push_str("=?");
            rest = &from[2..];
            continue;
        };
        // White space between two encoded words is not text.
        let joined = pending.is_some() && before.trim().is_empty();
        match &mut pending {
            Some((known, kept)) if joined && known.eq_ignore_ascii_case(&label) => {
                kept.extend(bytes);
            }
            _ => {
                flush(&mut out, &mut pending);
                if !joined {
                    out.push_str(before);
                }
                pending = Some((label, bytes));
            }
        }
        rest = &from[length..];
    }
    flush(&mut out, &mut pending);
    out.push_str(rest);
    out
}

fn flush(out: &mut String, pending: &mut Option<(String, Vec<u8>)>) {
    if let Some((label, bytes)) = pending.take() {
        let encoding = encoding::named(&label).unwrap_or_else(|| encoding::detect_bytes(&bytes));
        out.push_str(&encoding.decode_with_bom_removal(&bytes).0);
    }
}

/// The encoded word at the start of `text`: charset, bytes, length.
fn word(text: &str) -> Option<(String, Vec<u8>, usize)> {
    let inner = text.strip_prefix("=?")?;
    let (label, after) = inner.split_once('?')?;
    let (way, after) = after.split_once('?')?;
    let (body, _) = after.split_once("?=")?;
    let bytes = match way {
        "B" | "b" => base64_decode(body.as_bytes())?,
        "Q" | "q" => quoted_printable_decode(body.replace('_', "=20").as_bytes())?,
        _ => return None,
    };
    let length = 2 + label.len() + 1 + way.len() + 1 + body.len() + 2;
    // A language may follow the charset behind a star (rfc 2231).
    let label = label.split('*').next().unwrap_or(label);
    Some((label.to_owned(), bytes, length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_character_cut_between_two_words_is_whole_again() {
        // "路灯不亮" in GBK is C2B7 B5C6 B2BB C1C1; the cut goes through 灯.
        assert_eq!(
            words("=?GBK?Q?=C2=B7=B5?= =?gbk?Q?=C6=B2=BB=C1=C1?="),
            "路灯不亮"
        );
        assert_eq!(
            words("Re: =?utf-8?B?6Lev?= =?utf-8?B?54Gv?= x"),
            "Re: 路灯 x"
        );
        assert_eq!(words("a =? b =?x?y?z?= c"), "a =? b =?x?y?z?= c");
    }

    proptest! {
        #[test]
        fn never_panics(text in "(=\\?|\\?=|\\?|[a-zA-Z0-9=_ 路]){0,30}") {
            let _ = words(&text);
        }
    }
}
