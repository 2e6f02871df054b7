//! What a text message asks the account itself for: progress, a rating, help. Everything else is a request.
//!
//! Whatever looks like a command never becomes a request: a code must not stand in a ticket's words. Start at [`Wish::of`].

use crate::domain::act::Rating;
use crate::domain::code::Code;
use crate::i18n::words;

/// The words for progress.
const PROGRESS: [&str; 3] = ["进度", "查询", "progress"];
/// The words for a rating.
const RATE: [&str; 2] = ["评价", "rate"];
/// The words for help, alone or first.
const HELP: [&str; 3] = ["帮助", "help", "?"];
/// The fewest digits of a whole number: a day and four more.
const DIGITS: usize = 12;

/// The most characters behind a command's word that are no sentence.
const SHORT: usize = 4;

/// A command of a text message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Number and code.
    Progress(String, String),
    /// Number, code and rating.
    Rate(String, String, Rating),
    /// What the account takes.
    Help,
}

impl Wish {
    /// The command that a text is, or was to be; nothing when it is a request.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text: String = text.chars().map(narrow).collect();
        let text = text.trim();
        if text
            .split_whitespace()
            .next()
            .is_some_and(|first| HELP.iter().any(|word| first.eq_ignore_ascii_case(word)))
        {
            return Some(Self::Help);
        }
        let words = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        if let Some(rest) = after(words, &PROGRESS).filter(|rest| is_of_a_command(rest)) {
            return Some(progress(&parts(rest)).unwrap_or(Self::Help));
        }
        if let Some(rest) = after(words, &RATE).filter(|rest| is_of_a_command(rest)) {
            return Some(rate(&parts(rest)).unwrap_or(Self::Help));
        }
        has_number_and_code(text).then_some(Self::Help)
    }
}

/// Whether what follows the word may be a command's: it names something, or there is next to nothing. A sentence that
/// only begins with the word, such as "查询不到公交信息，请改进", is a request.
fn is_of_a_command(rest: &str) -> bool {
    rest.chars().any(|c| c.is_ascii_alphanumeric()) || rest.chars().count() <= SHORT
}

/// A letter as it is written in the narrow alphabet.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

/// What follows one of these words at the beginning; a longer word of letters is another word.
fn after<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    words.iter().find_map(|word| {
        let (head, rest) = text.split_at_checked(word.len())?;
        let longer = word.is_ascii() && rest.starts_with(|c: char| c.is_ascii_alphabetic());
        (head.eq_ignore_ascii_case(word) && !longer).then_some(rest)
    })
}

/// The words between blanks and punctuation.
fn parts(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
        .filter(|part| part.chars().any(char::is_alphanumeric))
        .collect()
}

/// A code, in one part or in two.
fn code(parts: &[&str]) -> Option<String> {
    let text = parts.concat();
    Code::typed(&text).map(|code| code.shown())
}

/// A number as it was typed, and what stands behind it.
fn number<'a, 'b>(parts: &'a [&'b str]) -> Option<(&'b str, &'a [&'b str])> {
    let (no, rest) = parts.split_first()?;
    let is_number = no.chars().all(|c| c.is_ascii_digit() || c == '-');
    is_number.then_some((*no, rest))
}

fn progress(parts: &[&str]) -> Option<Wish> {
    let (no, rest) = number(parts)?;
    Some(Wish::Progress(no.to_owned(), code(rest)?))
}

fn rate(parts: &[&str]) -> Option<Wish> {
    let (no, rest) = number(parts)?;
    (1..rest.len()).find_map(|at| {
        let (own, said) = rest.split_at_checked(at)?;
        let (own, said) = (code(own)?, said.join("_"));
        Rating::ALL
            .iter()
            .copied()
            .filter(|rating| *rating != Rating::Unrated)
            .find(|rating| {
                words::rating(*rating).zh == said || rating.code().eq_ignore_ascii_case(&said)
            })
            .map(|rating| Wish::Rate(no.to_owned(), own, rating))
    })
}

/// Whether a text holds what looks like a ticket's number and a code, wherever they stand.
fn has_number_and_code(text: &str) -> bool {
    let parts: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|part| !part.is_empty())
        .collect();
    let is_number = |part: &&str| {
        part.chars().all(|c| c.is_ascii_digit() || c == '-')
            && part.chars().filter(char::is_ascii_digit).count() >= DIGITS
    };
    let has_letter = |text: &str| text.chars().any(|c| c.is_ascii_alphabetic());
    let is_code = |text: &str| has_letter(text) && Code::typed(text).is_some();
    // Two short words of a sentence are no code; two that are no words may be.
    let is_pair = |pair: &[&str]| {
        let text = pair.concat();
        let is_word = text.chars().all(|c| c.is_ascii_lowercase());
        pair.iter().all(|half| half.len() == 4) && !is_word && is_code(&text)
    };
    parts.iter().any(is_number)
        && (parts.iter().any(|part| is_code(part)) || parts.windows(2).any(is_pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_understood_however_they_are_written() {
        let progress = Wish::Progress("20170929-0001".into(), "7KQM-3XPA".into());
        for text in [
            "进度 20170929-0001 7KQM-3XPA",
            "进度20170929-0001 7kqm 3xpa",
            "“进度 20170929-0001 7KQM-3XPA”",
            "查询：20170929-0001，7KQM3XPA",
            "PROGRESS 20170929-0001 7kqm-3xpa",
            "progress20170929-0001,7KQM－3XPA",
            "进度　２０１７０９２９－０００１　７ＫＱＭ　３ＸＰＡ",
        ] {
            assert_eq!(Wish::of(text), Some(progress.clone()), "{text}");
        }
        for (text, rating) in [
            ("评价 20170929-0001 7KQM-3XPA 满意", Rating::Satisfied),
            ("评价20170929-0001 7KQM 3XPA 不满意", Rating::Dissatisfied),
            (
                "Rate: 20170929-0001 7kqm 3xpa Very satisfied",
                Rating::VerySatisfied,
            ),
            (
                "rate 20170929-0001 7KQM-3XPA very_satisfied.",
                Rating::VerySatisfied,
            ),
        ] {
            let wanted = Wish::Rate("20170929-0001".into(), "7KQM-3XPA".into(), rating);
            assert_eq!(Wish::of(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_looks_like_a_command_is_help_and_never_a_request() {
        for text in [
            "进度",
            "进度7KQM-3XPA",
            "查询码 7KQM-3XPA",
            "评价：满意",
            "RATE 20170929-0001 7KQM-3XPA",
            "Progress?",
            "评价 20170929-0001 7KQM-3XPA 未评价",
            "我的工单20170929-0001，码7KQM-3XPA，怎么样了",
            "20170929-0001 7kqm3xpa",
            "201709290001 7KQM 3XPA",
            "工单编号：20170929-0001\n查询码：7KQM-3XPA",
            "帮助",
            "？",
            "Help me",
        ] {
            assert_eq!(Wish::of(text), Some(Wish::Help), "{text}");
        }
        for text in [
            "路灯不亮",
            "查询不到公交信息，请改进",
            "进度太慢了，三个月还没修好",
            "rates are too high",
            "20170929-0001 路灯还是不亮",
            "20170929-0001 the road lamp is dark since 2017-09-30",
            "粤B-12345 停在人行道上，电话 13800138000",
        ] {
            assert_eq!(Wish::of(text), None, "{text}");
        }
    }
}
