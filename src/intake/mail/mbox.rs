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

/// Cuts a mailbox at its `From_` lines (mboxrd: `>From ` inside a letter loses one mark). A line of a letter that begins with the
/// word is none: a `From_` line has a sender and the day and time of its arrival.
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
            if blank_before && line.starts_with(b"From ") && (!self.begun || is_separator(&line)) {
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

/// Whether a line is `From`, a sender, and a time such as `Thu Nov 26 10:00:00 2026`, with an offset in it or not.
fn is_separator(line: &[u8]) -> bool {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let line = String::from_utf8_lossy(line);
    let words: Vec<&str> = line.split_whitespace().skip(1).collect();
    let is_among = |known: &[&str], word: &str| known.iter().any(|k| k.eq_ignore_ascii_case(word));
    // The first word is the sender's.
    (1..words.len()).any(|at| {
        let [day, month, date, clock, rest @ ..] = &words[at..] else {
            return false;
        };
        is_among(&DAYS, day.trim_end_matches(','))
            && is_among(&MONTHS, month)
            && date
                .parse::<u8>()
                .is_ok_and(|date| (1..=31).contains(&date))
            && is_clock(clock)
            && rest.iter().take(3).any(|word| is_year(word))
    })
}

/// `10:00` or `10:00:00`.
fn is_clock(word: &str) -> bool {
    let parts: Vec<&str> = word.split(':').collect();
    let is_number = |part: &&str| part.len() <= 2 && part.parse::<u8>().is_ok_and(|n| n < 61);
    (2..=3).contains(&parts.len()) && parts.iter().all(is_number)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())
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
        let time = "Mon Nov  2 10:00:00 2026";
        let text = format!(
            "From a@b {time}\nSubject: 1\n\nx\nFrom here\n>From there\n\nFrom b@c {time}\nSubject: 2\n\ny\n"
        );
        assert_eq!(
            letters(&text),
            [
                (1, "Subject: 1\n\nx\nFrom here\nFrom there\n\n".to_owned()),
                (8, "Subject: 2\n\ny\n".to_owned()),
            ]
        );
        assert_eq!(letters(""), []);
        assert_eq!(letters("From a Mon\n"), []);
    }

    #[test]
    fn a_line_of_a_letter_that_begins_with_the_word_cuts_nothing() {
        for line in [
            "From the window I see no light.",
            "From Monday to Friday the lamp is out",
            "From a@b: the lamp is out, Mon Nov 2",
            "From li@example.org on Mon Nov  2 2026",
        ] {
            let text = format!("From a@b Mon Nov  2 10:00:00 2026\nSubject: 1\n\nx\n\n{line}\ny\n");
            assert_eq!(letters(&text).len(), 1, "{line}");
        }
        for sender in ["MAILER-DAEMON", "-", "a@b", "???@???", "root"] {
            for time in [
                "Thu Nov 26 10:00:00 2026",
                "Thu Nov 26 10:00:00 +0000 2026",
                "Thu Nov 26 10:00 CST 2026",
                "Thu Nov  6 10:00:00 2026 +0800",
            ] {
                let text =
                    format!("From x\nSubject: 1\n\nx\n\nFrom {sender} {time}\nSubject: 2\n\ny\n");
                assert_eq!(letters(&text).len(), 2, "{sender} {time}");
            }
        }
    }
}
