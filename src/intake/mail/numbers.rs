//! Ticket numbers that a letter names: whole ones, and endings beside a word that says so. Full-width digits are digits.
//!
//! Decides nothing: whether there is such a ticket, and whether the sender may write to it, the service knows.
//! Start at [`whole`], [`ending`] and [`own_words`].

use crate::domain::privacy::narrow;

/// Words in front of an ending that say what it is an ending of; the last of them may stand before any hyphened number.
const SURE: &[&str] = &[
    "工单编号",
    "工单号",
    "工单",
    "工單編號",
    "工單號",
    "工單",
    "ticket number",
    "ticket no.",
    "ticket no",
    "ticket",
];
/// Words that stand before other numbers too: only a hyphened one is taken.
const LIKELY: &[&str] = &["编号", "單號", "单号", "編號", "no.", "no", "number", "№"];
/// What may stand between word and number.
const BETWEEN: &[char] = &[
    ' ', ':', '#', '[', '(', '<', '【', '「', '『', '《', '“', '”', '"', '‘', '\'', '号', '號',
    '是', '为', '為',
];
/// Digits of an ending at least.
const FEWEST: usize = 4;
/// Whole numbers looked for in one text at most.
const MOST: usize = 5;

/// Every whole ticket number of a text, such as `20261101-0031`, whatever stands around it.
pub(super) fn whole(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let text = joined(&narrow(text));
    for (_, run) in runs(&text) {
        if is_whole(run) && !found.iter().any(|known| known == run) && found.len() < MOST {
            found.push(run.to_owned());
        }
    }
    found
}

/// The ending of a ticket number that a subject names by a word: `工单 1101-0031`, `Ticket #0031`, `1101-0031号工单`.
pub(super) fn ending(subject: &str) -> Option<String> {
    let text = joined(&narrow(subject)).to_lowercase();
    runs(&text).find_map(|(start, run)| {
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        if is_whole(run) || digits < FEWEST {
            return None;
        }
        let after = text[start + run.len()..].trim_start_matches(BETWEEN);
        let says = |words| says(&text[..start], words);
        let sure = says(SURE) || SURE.iter().any(|word| after.starts_with(word));
        (sure || run.contains('-') && says(LIKELY)).then(|| run.to_owned())
    })
}

/// A text in which day and count of a number stand together: `20261123 - 0001` and `20261123_0001` are `20261123-0001`.
fn joined(text: &str) -> String {
    const DIGITS: std::ops::RangeInclusive<usize> = FEWEST..=8;
    let is_digit = |c: &char| c.is_ascii_digit();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find([' ', '-', '_']) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c| !matches!(c, ' ' | '-' | '_'));
        let (between, after) = rest.split_at(end.unwrap_or(rest.len()));
        let before = out.chars().rev().take_while(is_digit).count();
        let is_number = DIGITS.contains(&before)
            && DIGITS.contains(&after.chars().take_while(is_digit).count());
        if is_number && between.trim_matches(' ').len() == 1 {
            out.push('-');
        } else {
            out.push_str(between);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What the writer of a letter wrote, without the letters quoted in it.
pub(super) fn own_words(text: &str) -> String {
    let mut own = String::new();
    for line in text.lines() {
        let line = line.trim();
        if begins_quotation(line) {
            break;
        }
        if !line.starts_with(['>', '|']) {
            own.push_str(line);
            own.push('\n');
        }
    }
    own
}

/// Whether what follows a line is somebody else's letter, as mail programs begin it.
fn begins_quotation(line: &str) -> bool {
    let lower = line.to_lowercase();
    let bare = lower.trim_matches(['-', '_', '=', '*', ' ', '—']);
    let ruled = bare.len() < lower.len();
    let headed = [
        "发件人:",
        "发件人：",
        "寄件者:",
        "寄件者：",
        "寄件人:",
        "寄件人：",
        "from:",
    ];
    ruled
        && matches!(
            bare,
            "原始邮件"
                | "原邮件"
                | "原始郵件"
                | "转发邮件信息"
                | "original message"
                | "forwarded message"
                | "回复的原邮件"
        )
        || headed.iter().any(|word| lower.starts_with(word))
        || lower.ends_with("写道：")
        || lower.ends_with("写道:")
        || lower.ends_with("寫道：")
        || lower.ends_with("寫道:")
        || lower.ends_with("wrote:")
        || (lower.len() >= 20 && lower.chars().all(|c| c == '_'))
}

/// Whether a text ends with one of the words, and nothing behind it but what may stand between word and number.
fn says(before: &str, words: &[&str]) -> bool {
    let mut before = before;
    loop {
        if words.iter().any(|word| stands_at_end(before, word)) {
            return true;
        }
        match before.strip_suffix(BETWEEN) {
            Some(shorter) => before = shorter,
            None => return false,
        }
    }
}

/// Whether a text ends with a word, not with the end of another.
fn stands_at_end(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| {
        !word.starts_with(|c: char| c.is_ascii_alphabetic())
            || !rest.ends_with(|c: char| c.is_ascii_alphanumeric())
    })
}

/// Eight digits of a day, a hyphen, and a count.
fn is_whole(run: &str) -> bool {
    run.split_once('-').is_some_and(|(day, count)| {
        day.len() == 8 && (4..=8).contains(&count.len()) && !count.contains('-')
    })
}

/// The stretches of digits and single hyphens in a text, hyphens at their ends left out, with where each begins.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_ascii_digit() || c == '-';
    text.split(move |c: char| !is_part(c))
        .filter_map(move |piece| {
            let run = piece.trim_matches('-');
            let start = run.as_ptr() as usize - text.as_ptr() as usize;
            let beside = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
            let (before, after) = (&text[..start], &text[start + run.len()..]);
            let torn = beside(before.chars().next_back()) || beside(after.chars().next());
            (!run.is_empty() && !torn && run.matches('-').count() <= 1).then_some((start, run))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whole_numbers_are_found_whatever_their_width() {
        for text in [
            "Re: 路灯 [20261101-0031]",
            "回复：２０２６１１０１－００３１",
            "工单20261101-0031还没修",
            "20261101–0031",
            "工单 20261101 - 0031",
            "20261101_0031",
            "工单“20261101-0031”",
            "２０２６１１０１ ＿ ００３１",
            "20261101-0031, 20261101-0031",
        ] {
            assert_eq!(whole(text), ["20261101-0031"], "{text}");
        }
        for text in [
            "2026-11-01",
            "20261101",
            "20261101-0031-5",
            "a20261101-0031",
            "20261101-003",
            "20261101 0031",
            "20261101 -- 0031",
        ] {
            assert_eq!(whole(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn an_ending_needs_its_word() {
        for (subject, wanted) in [
            ("工单 1125-0001 还没修好", "1125-0001"),
            ("Re: 工单编号：１１２５－０００１", "1125-0001"),
            ("补充：1125-0001号工单", "1125-0001"),
            ("编号[1125-0001] 补充材料", "1125-0001"),
            ("Ticket #0031", "0031"),
            ("about ticket no. 1125-0001", "1125-0001"),
            ("No. 1125-0001", "1125-0001"),
            ("工单0031", "0031"),
            ("工单“1125-0001”还没修", "1125-0001"),
            ("工单 1125 - 0001", "1125-0001"),
            ("ticket 1125_0001", "1125-0001"),
        ] {
            assert_eq!(ending(subject).as_deref(), Some(wanted), "{subject}");
        }
        for subject in [
            "1125-0001",
            "路灯编号 1234 不亮",
            "Bus No. 1234",
            "电话 0755-28339260",
            "工单 31",
            "piano 1125-0001",
            "工单 20261101-0031",
        ] {
            assert_eq!(ending(subject), None, "{subject}");
        }
    }

    #[test]
    fn what_is_quoted_is_not_the_writer_s() {
        for rest in [
            "> 20261101-0031",
            "-----原始邮件-----\n20261101-0031",
            "------------------ 原始邮件 ------------------\n20261101-0031",
            "-----Original Message-----\n20261101-0031",
            "发件人: 指挥中心\n20261101-0031",
            "On Mon, Desk wrote:\n20261101-0031",
            "在 2026-11-01，指挥中心写道：\n20261101-0031",
        ] {
            let text = format!("又坏了\n{rest}\n");
            assert_eq!(own_words(&text), "又坏了\n", "{rest}");
        }
        assert_eq!(own_words("工单 1\n> q\n再说一句"), "工单 1\n再说一句\n");
    }

    proptest! {
        #[test]
        fn never_panics(text in "([0-9-]{1,9}|工单|ticket|no\\.|[:# ＃０-９－号a]){0,20}") {
            let _ = (whole(&text), ending(&text), own_words(&text));
        }
    }
}
