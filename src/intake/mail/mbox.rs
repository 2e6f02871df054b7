//! Letters out of a mailbox file, one at a time, whatever the mailbox's size.

use std::io::{self, BufRead, BufReader, Read};

use super::LARGEST;

/// One letter of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The line its separator stands on, counted from 1.
    pub line: u64,
    /// Its bytes; of one that is too large only the beginning.
    pub bytes: Vec<u8>,
    /// Its full size.
    pub size: u64,
}

/// Cuts a mailbox at its `From ` lines (mboxrd: `>From ` inside a letter loses one mark).
pub struct Letters<R> {
    source: BufReader<R>,
    line: u64,
    /// The separator of the next letter has been read already.
    begun: bool,
    ended: bool,
}

impl<R: Read> Letters<R> {
    /// Reads a mailbox.
    pub fn new(source: R) -> Self {
        Self {
            source: BufReader::with_capacity(64 * 1024, source),
            line: 0,
            begun: false,
            ended: false,
        }
    }

    fn read(&mut self) -> io::Result<Option<Letter>> {
        let mut letter = Letter {
            line: self.line.max(1),
            bytes: Vec::new(),
            size: 0,
        };
        let mut blank_before = true;
        let mut line = Vec::new();
        loop {
            line.clear();
            // A line without end is read in pieces, so that memory stays bounded.
            let length = (&mut self.source)
                .take(64 * 1024)
                .read_until(b'\n', &mut line)?;
            if length == 0 {
                self.ended = true;
                return Ok((self.begun && letter.size > 0).then_some(letter));
            }
            self.line += u64::from(line.ends_with(b"\n"));
            if blank_before && line.starts_with(b"From ") {
                let whole = self.begun && letter.size > 0;
                self.begun = true;
                if whole {
                    return Ok(Some(letter));
                }
                letter.line = self.line.max(1);
                continue;
            }
            self.begun |= !line.trim_ascii().is_empty();
            blank_before = line.trim_ascii().is_empty();
            let kept = line
                .strip_prefix(b">")
                .filter(|rest| is_quoted_from(rest))
                .unwrap_or(&line);
            letter.size += kept.len() as u64;
            if letter.bytes.len() <= LARGEST {
                letter.bytes.extend_from_slice(kept);
            }
        }
    }
}

fn is_quoted_from(rest: &[u8]) -> bool {
    let marks = rest.iter().take_while(|byte| **byte == b'>').count();
    rest[marks..].starts_with(b"From ")
}

impl<R: Read> Iterator for Letters<R> {
    type Item = io::Result<Letter>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.read().transpose();
        self.ended |= matches!(next, None | Some(Err(_)));
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<(u64, String)> {
        Letters::new(text.as_bytes())
            .map(|letter| letter.expect("memory"))
            .map(|letter| {
                (
                    letter.line,
                    String::from_utf8_lossy(&letter.bytes).into_owned(),
                )
            })
            .collect()
    }

    #[test]
    fn letters_are_cut_at_their_separators() {
        let text =
            "From a Mon\nSubject: 1\n\nx\nFrom here\n>From there\n\nFrom b Tue\nSubject: 2\n\ny\n";
        assert_eq!(
            letters(text),
            [
                (1, "Subject: 1\n\nx\nFrom here\nFrom there\n\n".to_owned()),
                (8, "Subject: 2\n\ny\n".to_owned()),
            ]
        );
        assert_eq!(letters(""), []);
        assert_eq!(letters("From a Mon\n"), []);
    }
}
