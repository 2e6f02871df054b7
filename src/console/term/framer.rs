//! Cuts the bytes of a terminal into whole inputs, however they were split on the way.
//!
//! Must not read nor wait: the reader does, and says when to give up on a half input. Start at [`Framer::push`].
//! Whole escape sequences are named by termina's parser; this file only decides where one ends, so that a
//! damaged or endless one can neither block nor grow without bound.

use super::input::{Input, Reply};
use crate::console::key::{Chord, Code, Mods};
use termina::event::{KeyCode as Sent, KeyEventKind, Modifiers};

/// Most bytes kept of a paste.
pub const PASTE_CAP: usize = 64 * 1024;
/// Longest control string (a reply we never asked for) that is waited for.
const STRING_CAP: usize = 4096;
/// Longest escape sequence.
const SEQUENCE_CAP: usize = 64;
/// Most undecodable bytes reported at once.
const GARBAGE_CAP: usize = 256;
const PASTE_END: &[u8] = b"\x1b[201~";

/// What is still incomplete, and so how long to wait for the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pending {
    /// Esc, or Esc and the opener of a control string: a key of its own unless more comes at once.
    Esc,
    /// Part of a sequence, of a character, or of a paste.
    Part,
}

/// Bytes so far, and whether a paste is open.
#[derive(Debug, Default)]
pub(super) struct Framer {
    buffer: Vec<u8>,
    paste: Option<Vec<u8>>,
    parser: termina::Parser,
}

/// Where the first input of a buffer ends.
#[derive(Debug, PartialEq, Eq)]
enum Cut {
    /// More bytes are needed.
    Need,
    /// So many bytes are one whole input.
    Whole(usize),
    /// So many bytes mean nothing and are dropped.
    Drop(usize),
    /// So many bytes are not UTF-8.
    Garbage(usize),
}

impl Framer {
    /// Takes bytes and appends the inputs they complete.
    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        self.buffer.extend_from_slice(bytes);
        loop {
            if self.paste.is_some() {
                if !self.fill_paste(out) {
                    return;
                }
                continue;
            }
            match cut(&self.buffer) {
                Cut::Need => return,
                Cut::Drop(n) => _ = self.buffer.drain(..n),
                Cut::Garbage(n) => {
                    let bytes: Vec<u8> = self.buffer.drain(..n).collect();
                    garbage(&bytes, out);
                }
                Cut::Whole(n) => {
                    let token: Vec<u8> = self.buffer.drain(..n).collect();
                    match token.as_slice() {
                        b"\x1b[200~" => self.paste = Some(Vec::new()),
                        token => out.extend(self.input(token)),
                    }
                }
            }
        }
    }

    /// What is being waited for.
    pub(super) fn pending(&self) -> Option<Pending> {
        match self.buffer.as_slice() {
            _ if self.paste.is_some() => Some(Pending::Part),
            [] => None,
            [0x1b] => Some(Pending::Esc),
            [0x1b, byte] if opens_string(*byte) => Some(Pending::Esc),
            _ => Some(Pending::Part),
        }
    }

    /// Gives up waiting: a lone Esc is the key, a paste ends, anything else half is dropped.
    pub(super) fn flush(&mut self, out: &mut Vec<Input>) {
        let rest = std::mem::take(&mut self.buffer);
        if let Some(mut text) = self.paste.take() {
            text.extend_from_slice(&rest);
            out.push(pasted(&text));
            return;
        }
        match rest.as_slice() {
            [0x1b] => out.push(Input::Key(Chord::plain(Code::Esc))),
            [0x1b, byte] if opens_string(*byte) => {
                out.extend(held_alt(control_or_ascii(*byte)).map(Input::Key));
            }
            [0x1b, ..] | [] => {}
            bytes => garbage(bytes, out),
        }
    }

    /// Moves bytes into the open paste; true when it was closed.
    fn fill_paste(&mut self, out: &mut Vec<Input>) -> bool {
        let Some(text) = self.paste.as_mut() else {
            return true;
        };
        let end = self
            .buffer
            .windows(PASTE_END.len())
            .position(|w| w == PASTE_END);
        // Without an end in sight the last bytes may be its beginning.
        let safe = end.unwrap_or_else(|| self.buffer.len().saturating_sub(PASTE_END.len() - 1));
        let room = PASTE_CAP.saturating_sub(text.len()).min(safe);
        text.extend_from_slice(&self.buffer[..room]);
        self.buffer.drain(..safe);
        if end.is_none() {
            return false;
        }
        self.buffer.drain(..PASTE_END.len());
        out.push(pasted(&self.paste.take().unwrap_or_default()));
        true
    }

    /// The meaning of one whole input; none for what the console has no use for.
    fn input(&mut self, token: &[u8]) -> Option<Input> {
        match token {
            [0x1b, b'[', b'I'] => Some(Input::FocusIn),
            [0x1b, b'[', b'O'] => Some(Input::FocusOut),
            [0x1b, byte, _, ..] if opens_string(*byte) => Some(Input::Reply(Reply::Other)),
            [0x1b, b'[', parameters @ .., b'R'] if !parameters.is_empty() => {
                cursor(parameters).map(Input::Reply)
            }
            [0x1b, b'[', b'?' | b'>', .., b'c'] => Some(Input::Reply(Reply::Attributes)),
            [0x1b, b'[', b'?' | b'>' | b'=', ..] | [0x1b, b'[', .., b'n' | b't' | b'y'] => {
                Some(Input::Reply(Reply::Other))
            }
            [0x1b, b'[' | b'O', _, ..] => self.named(token).map(Input::Key),
            [0x1b] => Some(Input::Key(Chord::plain(Code::Esc))),
            [0x1b, rest @ ..] => character(rest).and_then(held_alt).map(Input::Key),
            rest => character(rest).map(Input::Key),
        }
    }

    /// The key that an escape sequence stands for.
    fn named(&mut self, sequence: &[u8]) -> Option<Chord> {
        self.parser.parse(sequence, false);
        let mut key = None;
        while let Some(event) = self.parser.pop() {
            if let termina::Event::Key(event) = event
                && event.kind != KeyEventKind::Release
            {
                key = key.or_else(|| translate(event.code, event.modifiers));
            }
        }
        key
    }
}

/// Whether Esc and this byte begin a control string: OSC, DCS, APC, PM or SOS.
fn opens_string(byte: u8) -> bool {
    matches!(byte, b']' | b'P' | b'_' | b'^' | b'X')
}

/// Finds the end of the first input.
fn cut(buffer: &[u8]) -> Cut {
    match buffer {
        [] | [0x1b] => Cut::Need,
        // Two Escs: the first is the key, the second may begin a sequence.
        [0x1b, 0x1b, ..] => Cut::Whole(1),
        [0x1b, b'[', b'[', rest @ ..] => {
            if rest.is_empty() {
                Cut::Need
            } else {
                Cut::Whole(4)
            }
        }
        [0x1b, b'[' | b'O', rest @ ..] => sequence(rest),
        [0x1b, byte, rest @ ..] if opens_string(*byte) => string(rest),
        [0x1b, rest @ ..] => match utf8(rest) {
            Cut::Whole(n) => Cut::Whole(n + 1),
            Cut::Garbage(_) => Cut::Whole(1),
            other => other,
        },
        rest => utf8(rest),
    }
}

/// The end of a control sequence whose first two bytes are gone.
fn sequence(rest: &[u8]) -> Cut {
    match rest.iter().position(|b| !(0x20..=0x3F).contains(b)) {
        Some(end) if (0x40..=0x7E).contains(&rest[end]) => Cut::Whole(end + 3),
        // Another sequence or a character began inside: this one is lost, that one is not.
        Some(end) => Cut::Drop(end + 2),
        None if rest.len() > SEQUENCE_CAP => Cut::Drop(rest.len() + 2),
        None => Cut::Need,
    }
}

/// The end of a control string (OSC, DCS and such) whose first two bytes are gone.
fn string(rest: &[u8]) -> Cut {
    for (i, byte) in rest.iter().enumerate() {
        match (byte, rest.get(i + 1)) {
            (0x07, _) => return Cut::Whole(i + 3),
            (0x1b, Some(b'\\')) => return Cut::Whole(i + 4),
            (0x1b, Some(_)) => return Cut::Drop(i + 2),
            _ => {}
        }
    }
    if rest.len() > STRING_CAP {
        Cut::Drop(rest.len() + 2)
    } else {
        Cut::Need
    }
}

/// The end of the first character.
fn utf8(bytes: &[u8]) -> Cut {
    let length = match bytes.first() {
        None => return Cut::Need,
        Some(0..=0x7F) => return Cut::Whole(1),
        Some(0xC2..=0xDF) => 2,
        Some(0xE0..=0xEF) => 3,
        Some(0xF0..=0xF4) => 4,
        Some(_) => 1,
    };
    match std::str::from_utf8(&bytes[..length.min(bytes.len())]) {
        Ok(_) => Cut::Whole(length),
        Err(e) if e.error_len().is_none() => Cut::Need,
        // In GBK a second byte may look like ASCII: it is taken along, so that half a character presses no key.
        Err(_) => Cut::Garbage(
            if bytes
                .get(1)
                .is_some_and(|b| (0x40..=0xFE).contains(b) && *b != 0x7F)
            {
                2
            } else {
                1
            },
        ),
    }
}

fn garbage(bytes: &[u8], out: &mut Vec<Input>) {
    match out.last_mut() {
        Some(Input::Garbage(before)) => {
            let room = GARBAGE_CAP.saturating_sub(before.len()).min(bytes.len());
            before.extend_from_slice(&bytes[..room]);
        }
        _ => out.push(Input::Garbage(bytes.to_vec())),
    }
}

fn pasted(bytes: &[u8]) -> Input {
    let mut text = String::from_utf8_lossy(bytes)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    // The cap may have cut a character in two.
    if bytes.len() >= PASTE_CAP && text.ends_with('\u{FFFD}') {
        text.pop();
    }
    Input::Paste(text)
}

/// `row ; column` of a cursor report. Shift-F3 looks the same on some terminals and is given up for it.
fn cursor(parameters: &[u8]) -> Option<Reply> {
    let text = std::str::from_utf8(parameters).ok()?;
    let (row, column) = text.trim_start_matches('?').split_once(';')?;
    Some(Reply::Cursor {
        row: row.parse().ok()?,
        column: column.parse().ok()?,
    })
}

/// The key of one character or control byte.
fn character(bytes: &[u8]) -> Option<Chord> {
    let c = std::str::from_utf8(bytes).ok()?.chars().next()?;
    match u8::try_from(c) {
        Ok(byte) if c.is_ascii() => control_or_ascii(byte),
        _ if c.is_control() => None,
        _ => Some(Chord::char(c)),
    }
}

fn control_or_ascii(byte: u8) -> Option<Chord> {
    Some(match byte {
        b'\r' | b'\n' => Chord::plain(Code::Enter),
        b'\t' => Chord::plain(Code::Tab),
        0x7F | 0x08 => Chord::plain(Code::Backspace),
        0x1B => Chord::plain(Code::Esc),
        0 => Chord::ctrl(' '),
        0x01..=0x1A => Chord::ctrl(char::from(byte - 1 + b'a')),
        0x1C..=0x1F => Chord::ctrl(char::from(byte - 0x1C + b'\\')),
        0x20..=0x7E => Chord::char(char::from(byte)),
        0x80.. => return None,
    })
}

fn held_alt(key: impl Into<Option<Chord>>) -> Option<Chord> {
    key.into().map(|key| Chord {
        mods: Mods {
            alt: true,
            ..key.mods
        },
        ..key
    })
}

/// termina's name of a key as ours.
fn translate(code: Sent, modifiers: Modifiers) -> Option<Chord> {
    let mut mods = Mods {
        ctrl: modifiers.contains(Modifiers::CONTROL),
        alt: modifiers.contains(Modifiers::ALT),
        shift: modifiers.contains(Modifiers::SHIFT),
    };
    let code = match code {
        Sent::Char(c) => {
            mods.shift = false;
            Code::Char(c)
        }
        Sent::Enter => Code::Enter,
        Sent::Backspace => Code::Backspace,
        Sent::Tab => Code::Tab,
        Sent::BackTab => {
            mods.shift = false;
            Code::BackTab
        }
        Sent::Escape => Code::Esc,
        Sent::Left => Code::Left,
        Sent::Right => Code::Right,
        Sent::Up => Code::Up,
        Sent::Down => Code::Down,
        Sent::Home => Code::Home,
        Sent::End => Code::End,
        Sent::PageUp => Code::PageUp,
        Sent::PageDown => Code::PageDown,
        Sent::Insert => Code::Insert,
        Sent::Delete => Code::Delete,
        Sent::Function(n) => Code::F(n),
        _ => return None,
    };
    Some(Chord { code, mods })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What terminals send, and what it means.
    const SENT: &[(&[u8], &str)] = &[
        (b"a", "a"),
        (b" ", "Space"),
        ("路".as_bytes(), "路"),
        ("？".as_bytes(), "？"),
        ("😀".as_bytes(), "😀"),
        (b"\r", "Enter"),
        (b"\t", "Tab"),
        (b"\x7f", "Backspace"),
        (b"\x08", "Backspace"),
        (b"\x04", "Ctrl-d"),
        (b"\x00", "Ctrl-Space"),
        (b"\x1bx", "Alt-x"),
        ("\x1b中".as_bytes(), "Alt-中"),
        (b"\x1b\r", "Alt-Enter"),
        (b"\x1b[A", "Up"),
        (b"\x1bOA", "Up"),
        (b"\x1b[1;5B", "Ctrl-Down"),
        (b"\x1b[1;2C", "Shift-Right"),
        (b"\x1b[1;3D", "Alt-Left"),
        (b"\x1b[H", "Home"),
        (b"\x1bOF", "End"),
        (b"\x1b[1~", "Home"),
        (b"\x1b[4~", "End"),
        (b"\x1b[5~", "PgUp"),
        (b"\x1b[6;5~", "Ctrl-PgDn"),
        (b"\x1b[2~", "Insert"),
        (b"\x1b[3~", "Delete"),
        (b"\x1b[Z", "BackTab"),
        (b"\x1bOP", "F1"),
        (b"\x1b[[B", "F2"),
        (b"\x1b[15~", "F5"),
        (b"\x1b[24~", "F12"),
        (b"\x1b[I", "focus in"),
        (b"\x1b[O", "focus out"),
        (b"\x1b[12;3R", "cursor 12 3"),
        (b"\x1b[?62;4c", "attributes"),
        (b"\x1b]11;rgb:0000/0000/0000\x1b\\", "other"),
        (b"\x1bP1$r0m\x1b\\", "other"),
        (
            "\x1b[200~路灯\r\n坏\x1b[A了\x1b[201~".as_bytes(),
            "paste 路灯|坏\u{1b}[A了",
        ),
    ];

    fn told(inputs: &[Input]) -> Vec<String> {
        inputs
            .iter()
            .map(|input| match input {
                Input::Key(key) => key.to_string(),
                Input::Paste(text) => format!("paste {}", text.replace('\n', "|")),
                Input::Resize(..) | Input::Hangup => "never".to_owned(),
                Input::FocusIn => "focus in".to_owned(),
                Input::FocusOut => "focus out".to_owned(),
                Input::Garbage(bytes) => format!("garbage {bytes:?}"),
                Input::Reply(Reply::Cursor { row, column }) => format!("cursor {row} {column}"),
                Input::Reply(Reply::Attributes) => "attributes".to_owned(),
                Input::Reply(Reply::Other) => "other".to_owned(),
            })
            .collect()
    }

    fn parsed(pieces: &[&[u8]]) -> Vec<String> {
        let (mut framer, mut out) = (Framer::default(), Vec::new());
        for piece in pieces {
            framer.push(piece, &mut out);
        }
        assert_eq!(framer.pending(), None, "{pieces:?}");
        told(&out)
    }

    #[test]
    fn whatever_a_terminal_sends_is_named() {
        for (bytes, name) in SENT {
            assert_eq!(parsed(&[bytes]), [*name], "{bytes:?}");
        }
    }

    #[test]
    fn a_sequence_split_anywhere_is_still_one_input() {
        for (bytes, name) in SENT {
            for at in 1..bytes.len() {
                assert_eq!(
                    parsed(&[&bytes[..at], &bytes[at..]]),
                    [*name],
                    "{bytes:?} at {at}"
                );
            }
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            assert_eq!(parsed(&single), [*name], "{bytes:?} byte by byte");
        }
    }

    #[test]
    fn a_lone_esc_is_a_key_only_when_nothing_follows() {
        let (mut framer, mut out) = (Framer::default(), Vec::new());
        framer.push(b"\x1b", &mut out);
        assert_eq!((framer.pending(), out.len()), (Some(Pending::Esc), 0));
        framer.flush(&mut out);
        assert_eq!(told(&out), ["Esc"]);
        assert_eq!(framer.pending(), None);
        framer.push(b"\x1b\x1b[A", &mut out);
        assert_eq!(told(&out), ["Esc", "Esc", "Up"]);
    }

    #[test]
    fn half_a_sequence_given_up_presses_no_key() {
        for half in [
            &b"\x1b["[..],
            b"\x1bO",
            b"\x1b[1;5",
            b"\x1b]52;c",
            b"\x1b[[",
        ] {
            let (mut framer, mut out) = (Framer::default(), Vec::new());
            framer.push(half, &mut out);
            assert_eq!(framer.pending(), Some(Pending::Part), "{half:?}");
            framer.flush(&mut out);
            assert_eq!(told(&out), Vec::<String>::new(), "{half:?}");
        }
        let (mut framer, mut out) = (Framer::default(), Vec::new());
        framer.push(b"\x1bP", &mut out);
        framer.flush(&mut out);
        assert_eq!(told(&out), ["Alt-P"]);
    }

    #[test]
    fn gbk_is_told_as_garbage_and_presses_no_key() {
        let (mut framer, mut out) = (Framer::default(), Vec::new());
        framer.push(b"\xd6\xd0\xce\xc4\x81\x40j", &mut out);
        assert_eq!(told(&out), ["garbage [214, 208, 206, 196, 129, 64]", "j"]);
        let mut out = Vec::new();
        framer.push(b"\xd6", &mut out);
        framer.flush(&mut out);
        assert_eq!(told(&out), ["garbage [214]"]);
    }

    #[test]
    fn an_endless_paste_is_cut_and_ended() {
        let (mut framer, mut out) = (Framer::default(), Vec::new());
        framer.push(b"\x1b[200~", &mut out);
        for _ in 0..100 {
            framer.push("路".repeat(1000).as_bytes(), &mut out);
        }
        framer.push(b"\x1b[201", &mut out);
        assert_eq!(out.len(), 0);
        framer.push(b"~j", &mut out);
        let [Input::Paste(text), Input::Key(_)] = out.as_slice() else {
            panic!("{}", out.len())
        };
        assert!(text.len() <= PASTE_CAP && text.chars().all(|c| c == '路'));
        let mut out = Vec::new();
        framer.push(b"\x1b[200~abc", &mut out);
        framer.flush(&mut out);
        assert_eq!(told(&out), ["paste abc"]);
    }

    proptest! {
        #[test]
        fn inputs_do_not_depend_on_how_they_were_split(
            which in proptest::collection::vec(0..SENT.len(), 1..12),
            cuts in proptest::collection::vec(1usize..7, 1..40),
        ) {
            let bytes: Vec<u8> = which.iter().flat_map(|n| SENT[*n].0.iter().copied()).collect();
            let (mut rest, mut pieces, mut sizes) = (bytes.as_slice(), Vec::new(), cuts.iter().cycle());
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
                pieces.push(piece);
                rest = after;
            }
            let names: Vec<&str> = which.iter().map(|n| SENT[*n].1).collect();
            prop_assert_eq!(parsed(&pieces), names);
        }

        #[test]
        fn any_bytes_are_taken_within_bounds(
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(0x1b), Just(b'['), Just(b'M'), Just(b';'), Just(b'<'), 0x30u8..0x3a], 0..400),
        ) {
            let (mut framer, mut out) = (Framer::default(), Vec::new());
            for piece in bytes.chunks(7) {
                framer.push(piece, &mut out);
                prop_assert!(framer.buffer.len() <= STRING_CAP + SEQUENCE_CAP);
            }
            framer.flush(&mut out);
            prop_assert_eq!(framer.pending(), None);
            prop_assert!(out.len() <= bytes.len());
        }
    }
}
