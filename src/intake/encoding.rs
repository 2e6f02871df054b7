//! Which encoding bytes are in, and decoding them as a stream. Bytes that cannot be decoded are counted, never lost in silence.
//!
//! Start at [`detect`] and [`Decoded`].

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, Decoder, DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE,
};

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
pub fn detect(mut source: impl Read) -> io::Result<&'static Encoding> {
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
            if let Some(encoding) = by_mark_or_zeros(&head) {
                return Ok(encoding);
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
        return Ok(UTF_8);
    }
    Ok(guess(&evidence))
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
    if is_damaged_utf8(evidence) {
        return UTF_8;
    }
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

/// What could not be decoded, readable while and after the stream is read.
#[derive(Debug, Clone, Default)]
pub struct Undecodable(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    count: AtomicU64,
    first_offset: AtomicU64,
}

impl Undecodable {
    /// How many sequences became `�`.
    pub fn count(&self) -> u64 {
        self.0.count.load(Ordering::Acquire)
    }

    /// Where in the file the first of them stands, in bytes from 0.
    pub fn first_offset(&self) -> Option<u64> {
        (self.count() > 0).then(|| self.0.first_offset.load(Ordering::Acquire))
    }

    /// Takes over what another stream, in another process, has counted.
    pub(super) fn take_over(&self, count: u64, first_offset: u64) {
        self.0.first_offset.store(first_offset, Ordering::Release);
        self.0.count.store(count, Ordering::Release);
    }

    fn add(&self, offset: u64) {
        if self.0.count.load(Ordering::Acquire) == 0 {
            self.0.first_offset.store(offset, Ordering::Release);
        }
        self.0.count.fetch_add(1, Ordering::AcqRel);
    }
}

/// A stream of bytes in any encoding, read as UTF-8; a character cut by a chunk's border comes out whole.
pub struct Decoded<R> {
    source: R,
    decoder: Decoder,
    undecodable: Undecodable,
    input: Vec<u8>,
    /// The part of `input` not yet decoded.
    waiting: std::ops::Range<usize>,
    output: Vec<u8>,
    /// The part of `output` not yet handed on.
    ready: std::ops::Range<usize>,
    consumed: u64,
    source_ended: bool,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    /// Decodes `source`; what cannot be decoded is counted in `undecodable`.
    pub fn new(source: R, encoding: &'static Encoding, undecodable: Undecodable) -> Self {
        Self {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            undecodable,
            input: vec![0; CHUNK],
            waiting: 0..0,
            output: vec![0; CHUNK * 2],
            ready: 0..0,
            consumed: 0,
            source_ended: false,
            ended: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        while self.ready.is_empty() && !self.ended {
            if self.waiting.is_empty() && !self.source_ended {
                let length = self.source.read(&mut self.input)?;
                self.waiting = 0..length;
                self.source_ended = length == 0;
            }
            self.decode();
        }
        Ok(())
    }

    fn decode(&mut self) {
        const REPLACEMENT: &[u8] = "\u{FFFD}".as_bytes();
        // Room for one replacement is kept behind whatever the decoder writes.
        let room = self.output.len() - REPLACEMENT.len();
        let (result, read, mut written) = self.decoder.decode_to_utf8_without_replacement(
            &self.input[self.waiting.clone()],
            &mut self.output[..room],
            self.source_ended,
        );
        self.waiting.start += read;
        self.consumed += read as u64;
        match result {
            DecoderResult::InputEmpty => self.ended = self.source_ended,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(bad, after) => {
                let back = u64::from(bad) + u64::from(after);
                self.undecodable.add(self.consumed.saturating_sub(back));
                self.output[written..written + REPLACEMENT.len()].copy_from_slice(REPLACEMENT);
                written += REPLACEMENT.len();
            }
        }
        self.ready = 0..written;
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.refill()?;
        let length = self.ready.len().min(out.len());
        let from = self.ready.start;
        out[..length].copy_from_slice(&self.output[from..from + length]);
        self.ready.start += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SAMPLE_TEXT: &str =
        "编号,标题\r\n1,南布社区夜间施工噪音扰民\r\n2,金沙社区路灯不亮,请尽快处理\r\n";
    const TRADITIONAL: &str =
        "編號,標題\r\n1,社區夜間施工噪音擾民,請盡快處理\r\n2,路燈不亮,道路積水嚴重\r\n";

    /// Gives one, two or three bytes at a time, so that every character is cut somewhere.
    struct Dribble<'a>(&'a [u8], usize);

    impl Read for Dribble<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            self.1 = self.1 % 3 + 1;
            let length = self.1.min(self.0.len()).min(out.len());
            out[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    fn decode(bytes: &[u8], encoding: &'static Encoding) -> (String, Undecodable) {
        let found = Undecodable::default();
        let mut text = String::new();
        Decoded::new(Dribble(bytes, 0), encoding, found.clone())
            .read_to_string(&mut text)
            .expect("utf-8");
        (text, found)
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn each_encoding_is_found_and_read_back() {
        let cases: [(&str, Vec<u8>, &Encoding); 7] = [
            (SAMPLE_TEXT, SAMPLE_TEXT.as_bytes().to_vec(), UTF_8),
            (
                SAMPLE_TEXT,
                [b"\xEF\xBB\xBF", SAMPLE_TEXT.as_bytes()].concat(),
                UTF_8,
            ),
            (
                SAMPLE_TEXT,
                GB18030.encode(SAMPLE_TEXT).0.into_owned(),
                GB18030,
            ),
            (TRADITIONAL, BIG5.encode(TRADITIONAL).0.into_owned(), BIG5),
            (SAMPLE_TEXT, utf16(SAMPLE_TEXT, false), UTF_16LE),
            (SAMPLE_TEXT, utf16(SAMPLE_TEXT, true), UTF_16BE),
            (
                SAMPLE_TEXT,
                utf16(&format!("\u{FEFF}{SAMPLE_TEXT}"), true),
                UTF_16BE,
            ),
        ];
        for (text, bytes, expected) in cases {
            let encoding = detect_bytes(&bytes);
            assert_eq!(encoding, expected);
            let (read, found) = decode(&bytes, encoding);
            assert_eq!(read, text);
            assert_eq!(found.count(), 0);
        }
    }

    #[test]
    fn a_single_chinese_name_behind_a_megabyte_of_ascii_decides() {
        let mut bytes = "id,name\n1,x\n".repeat(120_000).into_bytes();
        bytes.extend_from_slice(&GB18030.encode("2,坪山街道综合执法队\n").0);
        assert_eq!(detect_bytes(&bytes), GB18030);
    }

    #[test]
    fn a_damaged_byte_does_not_turn_utf8_into_something_else() {
        let mut bytes = SAMPLE_TEXT.repeat(10).into_bytes();
        bytes[40] = 0xFF;
        assert_eq!(detect_bytes(&bytes), UTF_8);
        let (text, found) = decode(&bytes, UTF_8);
        assert!(found.count() >= 1 && text.contains('\u{FFFD}'));
        assert!(
            found
                .first_offset()
                .is_some_and(|offset| (38..=40).contains(&offset))
        );
    }

    #[test]
    fn labels() {
        assert_eq!(named("GB2312"), Some(GB18030));
        assert_eq!(named(" utf-8 "), Some(UTF_8));
        assert_eq!(named("klingon"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_decode_to_utf8(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let encoding = detect_bytes(&bytes);
            let _ = decode(&bytes, encoding);
            let _ = decode(&bytes, GB18030);
        }

        #[test]
        fn chunks_change_nothing(text in "[坪山龙田a-z,\r\n\u{20000}-\u{20010}]{0,60}") {
            let (read, found) = decode(&GB18030.encode(&text).0, GB18030);
            prop_assert_eq!(read, text);
            prop_assert_eq!(found.count(), 0);
        }
    }
}
