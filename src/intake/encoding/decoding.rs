//! Text of any encoding read as UTF-8, as a stream. Bytes that cannot be decoded are counted, never lost in silence.
//!
//! Start at [`Decoded`]; what is UTF-8 for the most part goes through [`Mended`] first.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030};
use serde::{Deserialize, Serialize};

use super::CHUNK;

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
pub(super) fn as_gb18030(piece: &[u8]) -> Option<String> {
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
    pub(in crate::intake) fn take_over(&self, count: u64, first: Place) {
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
