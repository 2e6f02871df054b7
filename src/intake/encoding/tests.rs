//! Encodings found and read back, however the bytes are cut.

use super::decoding::as_gb18030;
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
