//! Which encoding bytes are in. Reading them in it is [`decoding`]'s matter.
//!
//! Start at [`detect`].

mod decoding;

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

pub use decoding::{Decoded, Mended, Place, Undecodable};

/// How much is read at once.
const CHUNK: usize = 64 * 1024;
/// How much non-ASCII text the guess is made from.
const SAMPLE: usize = 1024 * 1024;

/// The encoding a person names: `utf-8`, `gbk`, `gb18030`, `big5`, `utf-16le` and the other labels of the web.
pub fn named(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label_no_replacement(label.trim().as_bytes()).map(widest)
}

/// GB18030 stands in for GBK and GB2312, which it contains.
fn widest(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// The encoding of everything `source` gives.
///
/// A file that is UTF-8 throughout is UTF-8; the whole of it is looked at, since one Chinese name may stand at the end.
pub fn detect(source: impl Read) -> io::Result<&'static Encoding> {
    Ok(detect_mixed(source)?.0)
}

/// The encoding of most of what `source` gives, and whether it is UTF-8 with pieces in another between.
pub fn detect_mixed(mut source: impl Read) -> io::Result<(&'static Encoding, bool)> {
    let mut head = Vec::new();
    let mut chunk = vec![0; CHUNK];
    let mut evidence = Vec::new();
    let mut pending = Vec::new();
    let mut valid = true;
    loop {
        let length = source.read(&mut chunk)?;
        if length == 0 {
            break;
        }
        let bytes = &chunk[..length];
        if head.is_empty() {
            head.extend_from_slice(&bytes[..length.min(4096)]);
            if let Some(encoding) = by_mark_or_zeros(&head)
                && encoding != UTF_8
            {
                return Ok((encoding, false));
            }
        }
        if !bytes.is_ascii() && evidence.len() < SAMPLE {
            evidence.extend_from_slice(bytes);
        }
        if valid {
            pending.extend_from_slice(bytes);
            valid = drop_valid_utf8(&mut pending);
        } else if evidence.len() >= SAMPLE {
            break;
        }
    }
    if valid && pending.is_empty() {
        return Ok((UTF_8, false));
    }
    if is_damaged_utf8(&evidence) || is_mostly_utf8(&evidence) {
        return Ok((UTF_8, true));
    }
    Ok((guess(&evidence), false))
}

/// The encoding of bytes at hand.
pub fn detect_bytes(bytes: &[u8]) -> &'static Encoding {
    detect(bytes).unwrap_or(UTF_8)
}

/// Drops what is whole and valid from the front; false when what is left can never become valid.
fn drop_valid_utf8(pending: &mut Vec<u8>) -> bool {
    let good = match std::str::from_utf8(pending) {
        Ok(_) => pending.len(),
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Err(_) => return false,
    };
    pending.drain(..good);
    true
}

/// UTF-8 and UTF-16 by their mark, UTF-16 without a mark by where its zero bytes stand.
fn by_mark_or_zeros(head: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Some(encoding);
    }
    let pairs = head.len() / 2;
    if pairs < 2 {
        return None;
    }
    let zeros = |offset: usize| {
        head.iter()
            .skip(offset)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    // A few zeros in good UTF-8 are damage.
    if (even + odd) * 4 < head.len() && is_utf8_so_far(head) {
        return None;
    }
    // Text of any tongue has commas, digits and line ends, whose upper byte is zero; no eight-bit text has zeros.
    if odd * 20 >= pairs && odd > even * 4 {
        return Some(UTF_16LE);
    }
    if even * 20 >= pairs && even > odd * 4 {
        return Some(UTF_16BE);
    }
    None
}

/// The likeliest encoding of text that is not valid UTF-8 throughout.
fn guess(evidence: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(evidence, true);
    let guessed = widest(detector.guess(Some(b"cn"), Utf8Detection::Deny));
    if guessed == GB18030 || guessed == BIG5 {
        return chinese(evidence);
    }
    guessed
}

/// Simplified or traditional: the wrong one leaves bytes undecodable, or spells text without the commonest characters.
fn chinese(evidence: &[u8]) -> &'static Encoding {
    let score = |encoding: &'static Encoding| {
        let found = Undecodable::default();
        let mut text = String::new();
        // Decoded gives UTF-8 only, so reading it into a text cannot fail.
        let _ = Decoded::new(evidence, encoding, found.clone()).read_to_string(&mut text);
        let common = text.chars().filter(|c| COMMON.contains(*c)).count() as i64;
        common - 8 * found.count() as i64
    };
    if score(BIG5) > score(GB18030) {
        BIG5
    } else {
        GB18030
    }
}

/// Bytes beyond ASCII as GB18030, where they look like nothing else: they stand in pairs of GB2312's range, which single
/// accented letters do not, and a short text has a common character among them.
pub fn as_chinese(bytes: &[u8]) -> Option<String> {
    let (mut paired, mut all, mut run) = (0_usize, 0_usize, 0_usize);
    for byte in bytes.iter().chain(b" ") {
        if *byte >= 0xA1 {
            run += 1;
            continue;
        }
        paired += run / 2 * 2;
        all += run + usize::from(*byte >= 0x80);
        run = 0;
    }
    if paired < 4 || paired * 10 < all * 9 {
        return None;
    }
    let text = GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)?
        .into_owned();
    (paired >= 16 || text.chars().any(|c| COMMON.contains(c))).then_some(text)
}

/// Characters that make up a good part of any Chinese text, and of what citizens write about.
const COMMON: &str = "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年动動\
    同工也能下过過民前面所小区區社市路街道村号號楼樓请請您好问問题題处處理部门門没沒年月日编編标標投诉訴咨询諮詢建议議\
    车車水电電房学學校业業施噪音扰擾，。、";

/// True when far more of the text is good UTF-8 than is not: such a file is damaged, not in another encoding.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let mut wide = 0_usize;
    let mut broken = 0_usize;
    for chunk in bytes.utf8_chunks() {
        wide += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    wide > broken * 20
}

/// Whether bytes that may end within a character are UTF-8.
fn is_utf8_so_far(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// True when more lines beyond ASCII are UTF-8 than are not: text of another encoding hardly ever is.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let mut balance = 0_i64;
    for line in bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_ascii())
    {
        balance += if std::str::from_utf8(line).is_ok() {
            1
        } else {
            -1
        };
    }
    balance > 0
}

#[cfg(test)]
mod tests;
