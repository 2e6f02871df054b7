//! The one boundary that makes foreign text safe to show: on a terminal, in a report, on the command line.
//!
//! Must not know where it is shown. Start at [`clean`]. What it lets through is characters that print, and line feeds;
//! nothing in it can move a cursor, turn the reading direction round, hide, or pile up on its neighbours.

use std::borrow::Cow;
use std::fmt::Write;
use unicode_width::UnicodeWidthChar;

/// Columns a tab becomes.
const TAB: &str = "    ";
/// Most marks one character may carry.
const MARKS: usize = 3;

/// Text as it may be shown, over several lines.
///
/// Control characters become their pictures, so that tampering is seen; line ends of any kind become line feeds.
///
/// ```
/// use fenbo::domain::shown::clean;
/// assert_eq!(clean("路灯\t不亮\r\n第二行"), "路灯    不亮\n第二行");
/// assert_eq!(clean("\u{1b}[31m红\u{7f}\u{9b}"), "␛[31m红␡\u{fffd}");
/// assert_eq!(clean("看\u{202e}反\u{200b}面\u{fe0f}"), "看\u{fffd}反面");
/// assert!(matches!(clean("坪山区"), std::borrow::Cow::Borrowed(_)));
/// ```
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c == '\n' || is_plain(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    // A mark at the start has nothing to stand on but what was shown before.
    let mut room = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match verdict(c) {
            Verdict::Dropped => continue,
            Verdict::Mark if room == 0 => continue,
            Verdict::Mark => {
                room -= 1;
                out.push(c);
                continue;
            }
            Verdict::Kept => out.push(c),
            Verdict::Becomes(other) => out.push(other),
            Verdict::Tab => out.push_str(TAB),
            Verdict::LineEnd => {
                if c == '\r' {
                    chars.next_if_eq(&'\n');
                }
                out.push('\n');
                room = 0;
                continue;
            }
        }
        room = MARKS;
    }
    Cow::Owned(out)
}

/// Text as it may be shown on one line: as [`clean`], with a space for each line end.
///
/// ```
/// use fenbo::domain::shown::clean_line;
/// assert_eq!(clean_line("路灯\r\n不亮"), "路灯 不亮");
/// ```
pub fn clean_line(text: &str) -> Cow<'_, str> {
    let clean = clean(text);
    if clean.contains('\n') {
        Cow::Owned(clean.replace('\n', " "))
    } else {
        clean
    }
}

/// JSON with every character that does more than print written as its number: the same value, which drives nothing when a
/// terminal shows it. In JSON such a character can only stand in a string.
///
/// ```
/// use fenbo::domain::shown::in_json;
/// assert_eq!(in_json("{\"a\":\"\u{9b}路\u{e0041}\"}"), "{\"a\":\"\\u009b路\\udb40\\udc41\"}");
/// ```
pub fn in_json(text: &str) -> Cow<'_, str> {
    let prints = |c: char| c == '\n' || is_plain(c) || matches!(verdict(c), Verdict::Mark);
    if text.chars().all(prints) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 32);
    for c in text.chars() {
        if prints(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing into a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    Cow::Owned(out)
}

/// Text that is only text between the tags and in the quoted attributes of HTML and XML. It is not cleaned here.
///
/// ```
/// use fenbo::domain::shown::in_markup;
/// assert_eq!(in_markup("<b>\"路\" & '灯'"), "&lt;b&gt;&quot;路&quot; &amp; &#39;灯&#39;");
/// ```
pub fn in_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// What becomes of a character.
enum Verdict {
    Kept,
    Dropped,
    Mark,
    Tab,
    LineEnd,
    Becomes(char),
}

/// Whether a character stays whatever stands beside it.
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~') || matches!(verdict(c), Verdict::Kept)
}

fn verdict(c: char) -> Verdict {
    match u32::from(c) {
        0x09 => Verdict::Tab,
        0x0A | 0x0D | 0x2028 | 0x2029 => Verdict::LineEnd,
        // The pictures of control characters stand in the same order.
        code @ 0..=0x1F => Verdict::Becomes(char::from_u32(0x2400 + code).unwrap_or('\u{FFFD}')),
        0x7F => Verdict::Becomes('\u{2421}'),
        // C1 controls, marks that turn the reading direction round, and what is no character.
        0x80..=0x9F
        | 0x061C
        | 0x200E
        | 0x200F
        | 0x202A..=0x202E
        | 0x2066..=0x2069
        | 0xFDD0..=0xFDEF => Verdict::Becomes('\u{FFFD}'),
        code if code & 0xFFFE == 0xFFFE => Verdict::Becomes('\u{FFFD}'),
        // Joiners, fillers, selectors and tags: nothing is seen of them, and much can be hidden in them.
        0x00AD
        | 0x034F
        | 0x115F
        | 0x1160
        | 0x17B4
        | 0x17B5
        | 0x180B..=0x180F
        | 0x200B..=0x200D
        | 0x2060..=0x2065
        | 0x206A..=0x206F
        | 0x3164
        | 0xFE00..=0xFE0F
        | 0xFEFF
        | 0xFFA0
        | 0xFFF0..=0xFFFB
        | 0x1BCA0..=0x1BCA3
        | 0x1D173..=0x1D17A
        | 0xE0000..=0xE0FFF => Verdict::Dropped,
        _ if c.width() == Some(0) => Verdict::Mark,
        _ => Verdict::Kept,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::num::NonZeroU16;

    /// Counts everything a terminal does that is not printing or going to the next line.
    #[derive(Default)]
    struct Deeds(usize);

    impl vt100::Callbacks for Deeds {
        fn audible_bell(&mut self, _: &mut vt100::Screen) {
            self.0 += 1;
        }
        fn visual_bell(&mut self, _: &mut vt100::Screen) {
            self.0 += 1;
        }
        fn set_window_title(&mut self, _: &mut vt100::Screen, _: &[u8]) {
            self.0 += 1;
        }
        fn set_window_icon_name(&mut self, _: &mut vt100::Screen, _: &[u8]) {
            self.0 += 1;
        }
        fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], _: &[u8]) {
            self.0 += 1;
        }
        fn unhandled_char(&mut self, _: &mut vt100::Screen, _: char) {
            self.0 += 1;
        }
        fn unhandled_control(&mut self, _: &mut vt100::Screen, _: u8) {
            self.0 += 1;
        }
        fn unhandled_escape(&mut self, _: &mut vt100::Screen, _: Option<u8>, _: Option<u8>, _: u8) {
            self.0 += 1;
        }
        fn unhandled_csi(
            &mut self,
            _: &mut vt100::Screen,
            _: Option<u8>,
            _: Option<u8>,
            _: &[&[u16]],
            _: char,
        ) {
            self.0 += 1;
        }
        fn unhandled_osc(&mut self, _: &mut vt100::Screen, _: &[&[u8]]) {
            self.0 += 1;
        }
    }

    /// What a terminal shows after the text, and how often it did anything else than show it.
    fn on_a_terminal(text: &str) -> (String, bool, usize) {
        let (rows, columns) = (NonZeroU16::new(4).unwrap(), NonZeroU16::new(4000).unwrap());
        let mut terminal = vt100::Parser::new_with_callbacks(rows, columns, 0, Deeds::default());
        terminal.process(text.as_bytes());
        let screen = terminal.screen();
        let plain_look = screen.attributes_formatted()
            == vt100::Parser::default().screen().attributes_formatted();
        (
            screen.contents().replace('\n', ""),
            plain_look,
            terminal.callbacks().0,
        )
    }

    /// Pieces that terminals, and people, are attacked with.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            Just("\u{1b}[31m".to_owned()),
            Just("\u{1b}]0;title\u{7}".to_owned()),
            Just("\u{1b}]52;c;AAAA\u{1b}\\".to_owned()),
            Just("\u{9b}2J".to_owned()),
            Just("\u{1b}P".to_owned()),
            Just("\u{202e}".to_owned()),
            Just("e\u{301}\u{301}\u{301}\u{301}\u{301}".to_owned()),
            Just("\r\n\t\u{b}\u{c}\u{e}\u{8}".to_owned()),
            "[一-龥]{1,4}",
        ];
        proptest::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn a_terminal_only_prints_what_was_cleaned(text in hostile()) {
            // The oracle itself shows no replacement character.
            let line = clean_line(&text).replace('\u{FFFD}', "?");
            let (shown, plain_look, deeds) = on_a_terminal(&line);
            prop_assert_eq!(deeds, 0, "{:?}", line);
            prop_assert!(plain_look);
            prop_assert_eq!(shown.trim_end(), line.trim_end());
        }

        #[test]
        fn cleaning_twice_changes_nothing_more(text in hostile()) {
            let once = clean(&text).into_owned();
            prop_assert_eq!(clean(&once), once.as_str());
        }

        #[test]
        fn no_line_has_a_control_character(text in hostile()) {
            prop_assert!(clean(&text).chars().all(|c| c == '\n' || !c.is_control()));
            prop_assert!(!clean_line(&text).contains('\n'));
        }
    }

    #[test]
    fn marks_do_not_pile_up_and_do_not_stand_alone() {
        assert_eq!(
            clean("e\u{301}\u{301}\u{301}\u{301}\u{301}x"),
            "e\u{301}\u{301}\u{301}x"
        );
        assert_eq!(clean("\u{301}x\n\u{301}y"), "x\ny");
    }

    #[test]
    fn line_ends_of_every_kind_are_one_line_feed() {
        assert_eq!(
            clean("a\r\nb\rc\nd\u{2028}e\u{2029}f\n\rg"),
            "a\nb\nc\nd\ne\nf\n\ng"
        );
    }

    #[test]
    fn what_hides_is_dropped_and_what_is_private_stays() {
        assert_eq!(clean("a\u{ad}\u{feff}\u{3164}\u{e0041}\u{fe0f}b"), "ab");
        assert_eq!(
            clean("\u{e000}\u{ffff}\u{fdd0}"),
            "\u{e000}\u{fffd}\u{fffd}"
        );
    }
}
