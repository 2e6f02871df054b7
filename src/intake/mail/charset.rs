//! Text of mails that their own charset label does not read well: unlabelled GBK, unknown labels, labels that are not true, characters cut
//! between two encoded words.
//!
//! The parser's reading is kept unless it lost something (it holds `�`), or the bytes are plainly in another encoding than their label says.
//! Start at [`part`], [`header`] and [`despite_label`].

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, ISO_2022_JP, ISO_8859_15, UTF_8, WINDOWS_1252};
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
    if read.is_ascii() && !label.is_some_and(is_hz) {
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
    let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else {
        return Cow::Borrowed(read);
    };
    if let Some(text) = despite_label(label, &bytes) {
        return Cow::Owned(text);
    }
    // The parser reads a label it does not know as UTF-8, and none as ASCII, which loses whatever is neither.
    if !read.contains(LOST) {
        return Cow::Borrowed(read);
    }
    Cow::Owned(better(read, &bytes, known))
}

/// The text of bytes whose label is not true, or names an encoding that nothing else here reads; `None` where it may be true.
///
/// Chinese text that is UTF-8 throughout is UTF-8, whatever its label. What is called ASCII or Latin is GB18030 where its bytes
/// look like nothing else.
fn despite_label(label: Option<&str>, bytes: &[u8]) -> Option<String> {
    if label.is_some_and(is_hz) {
        return Some(hz(bytes));
    }
    let known = label.and_then(encoding::named);
    if bytes.is_ascii() || known == Some(UTF_8) {
        return None;
    }
    let is_western = known.is_none_or(|known| known == WINDOWS_1252 || known == ISO_8859_15);
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Two bytes of one encoding are at times a character of another; nine in a row are not.
        let wide = text.chars().filter(|c| c.len_utf8() > 2).count();
        let is_stateful = known == Some(ISO_2022_JP);
        return ((is_western || wide > 2) && !is_stateful).then(|| text.to_owned());
    }
    if is_western && label.is_some() {
        return encoding::as_chinese(bytes);
    }
    None
}

/// Whether a label names the seven-bit Chinese of old news. [rfc 1843]
fn is_hz(label: &str) -> bool {
    label.eq_ignore_ascii_case("hz-gb-2312") || label.eq_ignore_ascii_case("hz")
}

/// Seven-bit Chinese: between `~{` and `~}` two letters are one character. [rfc 1843]
fn hz(bytes: &[u8]) -> String {
    let mut wide = Vec::with_capacity(bytes.len());
    let mut is_chinese = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let next = bytes.get(at + 1);
        at += 1;
        match (byte, next) {
            (b'~', Some(b'{')) => (is_chinese, at) = (true, at + 1),
            (b'~', Some(b'}')) => (is_chinese, at) = (false, at + 1),
            (b'~', Some(b'~')) if !is_chinese => {
                wide.push(b'~');
                at += 1;
            }
            (b'~', Some(b'\n')) if !is_chinese => at += 1,
            (b'\n', _) => {
                is_chinese = false;
                wide.push(b'\n');
            }
            (high, Some(low)) if is_chinese => {
                wide.extend([high | 0x80, low | 0x80]);
                at += 1;
            }
            (other, _) => wide.push(*other),
        }
    }
    GB18030.decode_without_bom_handling(&wide).0.into_owned()
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
    let text = again(message, header, read).unwrap_or_else(|| read.to_owned());
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The text of a header where the parser lost characters, or a label in it is not true.
fn again(message: &Message<'_>, header: &Header<'_>, read: &str) -> Option<String> {
    let raw = raw(message, header)?;
    let (text, is_despite) = decoded(&raw);
    (is_despite || read.contains(LOST)).then_some(text)
}

/// A name out of a structured header; where the parser lost characters, the header that holds it is read again.
pub(super) fn name(message: &Message<'_>, read: &str) -> String {
    let Some(from) = message
        .headers()
        .iter()
        .rev()
        .find(|header| header.name == HeaderName::From)
    else {
        return read.to_owned();
    };
    let Some(whole) = again(message, from, read) else {
        return read.to_owned();
    };
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
    decoded(text).0
}

/// The same, and whether one of the words was read despite its label.
fn decoded(text: &str) -> (String, bool) {
    let mut is_despite = false;
    let mut out = String::new();
    let mut pending: Option<(String, Vec<u8>)> = None;
    let mut rest = text;
    while let Some(start) = rest.find("=?") {
        let (before, from) = rest.split_at(start);
        let Some((label, bytes, length)) = word(from) else {
            is_despite |= flush(&mut out, &mut pending);
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
                is_despite |= flush(&mut out, &mut pending);
                if !joined {
                    out.push_str(before);
                }
                pending = Some((label, bytes));
            }
        }
        rest = &from[length..];
    }
    is_despite |= flush(&mut out, &mut pending);
    out.push_str(rest);
    (out, is_despite)
}

/// Writes out what has been joined; whether it was read despite its label.
fn flush(out: &mut String, pending: &mut Option<(String, Vec<u8>)>) -> bool {
    let Some((label, bytes)) = pending.take() else {
        return false;
    };
    let despite = despite_label(Some(&label), &bytes);
    if let Some(text) = &despite {
        out.push_str(text);
    } else {
        let encoding = encoding::named(&label).unwrap_or_else(|| encoding::detect_bytes(&bytes));
        out.push_str(&encoding.decode_with_bom_removal(&bytes).0);
    }
    despite.is_some()
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

    #[test]
    fn seven_bit_chinese_is_read() {
        assert_eq!(hz(b"a ~{B75F2;AA~} ~~ b~\nc"), "a 路灯不亮 ~ bc");
        assert_eq!(words("=?HZ-GB-2312?Q?~{B75F2;AA~}?="), "路灯不亮");
    }

    #[test]
    fn a_label_is_believed_unless_the_bytes_are_plainly_something_else() {
        let text = "夜间施工噪音扰民，请处理";
        let gbk = GB18030.encode(text).0;
        for label in ["us-ascii", "iso-8859-1", "gb2312", "big5", "windows-1252"] {
            let read = despite_label(Some(label), text.as_bytes());
            assert_eq!(read.as_deref(), Some(text), "{label}");
        }
        for label in ["us-ascii", "iso-8859-1", "iso-8859-15"] {
            assert_eq!(
                despite_label(Some(label), &gbk).as_deref(),
                Some(text),
                "{label}"
            );
        }
        for (label, bytes) in [
            ("iso-8859-1", b"D\xE9j\xE0 vu, c'est \xE9trange".as_slice()),
            ("iso-8859-1", b"na\xEFve"),
            ("koi8-r", b"\xF0\xD2\xC9\xD7\xC5\xD4"),
            ("gb2312", &gbk),
            ("utf-8", text.as_bytes()),
        ] {
            assert_eq!(despite_label(Some(label), bytes), None, "{label}");
        }
    }

    proptest! {
        #[test]
        fn seven_bit_chinese_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = hz(&bytes);
            let _ = despite_label(Some("us-ascii"), &bytes);
        }

        #[test]
        fn never_panics(text in "(=\\?|\\?=|\\?|[a-zA-Z0-9=_ 路]){0,30}") {
            let _ = words(&text);
        }
    }
}
