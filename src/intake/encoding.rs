//! Which encoding bytes are in, and decoding them as a stream. Bytes that cannot be decoded are counted, never lost in silence.
//!
//! Start at [`detect`] and [`Decoded`].

use std::io::{self, BufRead, BufReader, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use serde::{Deserialize, Serialize};

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

/// A stream that is UTF-8 for the most part, with its other pieces brought into it.
///
/// A piece is what stands between commas, quotation marks, tabs and semicolons, which are no part of a character in either
/// encoding. One that is GB18030 and nothing like UTF-8 is read as that; what is neither stays as it is.
pub struct Mended<R> {
    source: BufReader<R>,
    undecodable: Undecodable,
    line: Vec<u8>,
    at: usize,
}

impl<R: Read> Mended<R> {
    /// Mends `source`; the lines mended are counted in `undecodable`.
    pub fn new(source: R, undecodable: Undecodable) -> Self {
        Self {
            source: BufReader::with_capacity(CHUNK, source),
            undecodable,
            line: Vec::new(),
            at: 0,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.at = 0;
        self.line.clear();
        // A line without end is read in pieces, so that memory stays bounded.
        let most = 16 * CHUNK as u64;
        (&mut self.source)
            .take(most)
            .read_until(b'\n', &mut self.line)?;
        if std::str::from_utf8(&self.line).is_ok() {
            return Ok(());
        }
        let mut mended = Vec::with_capacity(self.line.len() * 2);
        let mut changed = false;
        let is_border = |byte: &u8| matches!(byte, b',' | b'"' | b'\t' | b';' | b'\n');
        for piece in self.line.split_inclusive(is_border) {
            match as_gb18030(piece) {
                Some(text) => {
                    changed = true;
                    mended.extend_from_slice(text.as_bytes());
                }
                None => mended.extend_from_slice(piece),
            }
        }
        if changed {
            self.undecodable.mend();
        }
        self.line = mended;
        Ok(())
    }
}

impl<R: Read> Read for Mended<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.line.len() {
            self.refill()?;
        }
        let length = out.len().min(self.line.len() - self.at);
        out[..length].copy_from_slice(&self.line[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// A piece that is no UTF-8 and no damaged UTF-8, but clean GB18030.
fn as_gb18030(piece: &[u8]) -> Option<String> {
    let (mut wide, mut broken) = (0_usize, 0_usize);
    for chunk in piece.utf8_chunks() {
        wide += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if broken == 0 || wide >= broken {
        return None;
    }
    let text = GB18030.decode_without_bom_handling_and_without_replacement(piece)?;
    Some(text.into_owned())
}

/// What could not be decoded, readable while and after the stream is read.
#[derive(Debug, Clone, Default)]
pub struct Undecodable(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    count: AtomicU64,
    first: OnceLock<Place>,
    mended: AtomicU64,
}

/// Where in a text something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Bytes of the file before it.
    pub offset: u64,
    /// Its line, counted from 1.
    pub line: u64,
    /// Which character of its line it is, counted from 1.
    pub character: u64,
}

impl Undecodable {
    /// How many sequences became `�`.
    pub fn count(&self) -> u64 {
        self.0.count.load(Ordering::Acquire)
    }

    /// Where in the file the first of them stands.
    pub fn first(&self) -> Option<Place> {
        self.0.first.get().copied()
    }

    /// How many lines had pieces in another encoding than the file, and were read all the same.
    pub fn mended(&self) -> u64 {
        self.0.mended.load(Ordering::Acquire)
    }

    fn mend(&self) {
        self.0.mended.fetch_add(1, Ordering::AcqRel);
    }

    /// Takes over what another stream, in another process, has counted.
    pub(super) fn take_over(&self, count: u64, first: Place) {
        self.0.first.get_or_init(|| first);
        self.0.count.store(count, Ordering::Release);
    }

    fn add(&self, place: Place) {
        self.0.first.get_or_init(|| place);
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
    /// Lines ended so far, and characters of the line begun; counted until the first that cannot be decoded.
    lines: u64,
    characters: u64,
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
            lines: 0,
            characters: 0,
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

    /// Counts the lines and characters of what was just decoded.
    fn count(&mut self, written: usize) {
        let text = &self.output[..written];
        let line = match text.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => {
                self.lines += text.split(|byte| *byte == b'\n').skip(1).count() as u64;
                self.characters = 0;
                &text[end + 1..]
            }
            None => text,
        };
        // A byte that continues a character is none.
        self.characters += line.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64;
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
        if self.undecodable.first().is_none() {
            self.count(written);
        }
        match result {
            DecoderResult::InputEmpty => self.ended = self.source_ended,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(bad, after) => {
                let back = u64::from(bad) + u64::from(after);
                self.undecodable.add(Place {
                    offset: self.consumed.saturating_sub(back),
                    line: self.lines + 1,
                    character: self.characters + 1,
                });
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
        let place = found.first().expect("a place");
        assert!((38..=40).contains(&place.offset));
        let (before, _) = text.split_once('\u{FFFD}').expect("told");
        let line = before.lines().last().unwrap_or_default();
        assert_eq!(place.line, before.lines().count() as u64);
        assert_eq!(place.character, line.chars().count() as u64 + 1);
    }

    #[test]
    fn one_row_in_another_encoding_costs_no_other_row_anything() {
        let mut bytes = SAMPLE_TEXT.as_bytes().to_vec();
        bytes.extend_from_slice("3,河道边".as_bytes());
        bytes.extend_from_slice(&GB18030.encode(",垃圾无人清运，气味很大\r\n").0);
        bytes.extend_from_slice("4,路面坑洼\r\n".as_bytes());
        assert_eq!(
            detect_mixed(bytes.as_slice()).expect("memory"),
            (UTF_8, true)
        );
        let found = Undecodable::default();
        let mut text = String::new();
        Mended::new(Dribble(&bytes, 0), found.clone())
            .read_to_string(&mut text)
            .expect("all of it is UTF-8 now");
        let wanted = format!("{SAMPLE_TEXT}3,河道边,垃圾无人清运，气味很大\r\n4,路面坑洼\r\n");
        assert_eq!(text, wanted);
        assert_eq!(found.mended(), 1);
        // A character cut in two is damage, not another encoding.
        assert_eq!(as_gb18030(&"路灯不亮".as_bytes()[..11]), None);
    }

    #[test]
    fn a_zero_byte_makes_no_wide_text() {
        assert_eq!(detect_bytes(b"no,title\n1,a\0b\n"), UTF_8);
        assert_eq!(detect_bytes("编号,标题\n1,路\0灯\n".as_bytes()), UTF_8);
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
