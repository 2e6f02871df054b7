//! Text cut into what the search index holds: single Han characters, pairs of them, and words of letters and digits.
//!
//! The same cutting serves storing and asking. What the index answers is a superset; [`has`] decides.

/// Longest word kept whole; longer ones are cut, and [`has`] decides about the rest.
const LONGEST: usize = 48;

/// Lower case, and full-width letters and digits as their usual forms; what is not text stays as it is.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    match c {
        // Most characters are plain Chinese ones: nothing to look up.
        '\u{4e00}'..='\u{9fff}' => c,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0)
            .unwrap_or(c)
            .to_ascii_lowercase(),
        c if c.is_ascii() => c.to_ascii_lowercase(),
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

/// What a character is to the index.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Han, kana, hangul: no spaces between words.
    Wide,
    /// Letters and digits of words.
    Word,
    /// Everything else.
    Other,
}

fn kind(c: char) -> Kind {
    if ('\u{4e00}'..='\u{9fff}').contains(&c) {
        Kind::Wide
    } else if c.is_ascii_alphanumeric() {
        Kind::Word
    } else if c.is_ascii() || !c.is_alphanumeric() {
        Kind::Other
    } else if c >= '\u{2e80}' {
        Kind::Wide
    } else {
        Kind::Word
    }
}

/// Runs of one kind, without those of [`Kind::Other`]; the flag says whether the run ends the text.
fn runs(folded: &str) -> impl Iterator<Item = (Kind, &str, bool)> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        loop {
            let first = kind(rest.chars().next()?);
            let end = rest
                .char_indices()
                .find(|(_, c)| kind(*c) != first)
                .map_or(rest.len(), |(at, _)| at);
            let (run, after) = rest.split_at(end);
            rest = after;
            if first != Kind::Other {
                return Some((first, run, after.is_empty()));
            }
        }
    })
}

fn clipped(word: &str) -> (&str, bool) {
    match word.char_indices().nth(LONGEST) {
        Some((at, _)) => (&word[..at], true),
        None => (word, false),
    }
}

/// Appends the grams of a text to `out`, each followed by a space.
pub fn cut(text: &str, out: &mut String) {
    let folded = fold(text);
    for (kind, run, _) in runs(&folded) {
        if kind == Kind::Word {
            out.push_str(clipped(run).0);
            out.push(' ');
            continue;
        }
        let mut chars = run.chars().peekable();
        while let Some(c) = chars.next() {
            out.push(c);
            out.push(' ');
            if let Some(next) = chars.peek() {
                out.push(c);
                out.push(*next);
                out.push(' ');
            }
        }
    }
}

/// The index's question for what a person typed; nothing when it holds no letter.
///
/// Only grams made here reach the index, each in quotation marks.
pub fn question(typed: &str) -> Option<String> {
    let folded = fold(typed);
    let mut terms: Vec<String> = Vec::new();
    for (kind, run, last) in runs(&folded) {
        if kind == Kind::Word {
            let (word, cut_off) = clipped(run);
            let prefix = if last && !cut_off { "*" } else { "" };
            terms.push(format!("\"{word}\"{prefix}"));
            continue;
        }
        let chars: Vec<char> = run.chars().collect();
        if let [only] = chars[..] {
            terms.push(format!("\"{only}\""));
        }
        for pair in chars.windows(2) {
            terms.push(format!("\"{}{}\"", pair[0], pair[1]));
        }
    }
    terms.sort_unstable();
    terms.dedup();
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

/// Whether the index's answer needs no second look: one word, or one or two Han characters.
pub fn is_exact(typed: &str) -> bool {
    let folded = fold(typed);
    let mut all = runs(&folded);
    let Some((kind, run, true)) = all.next() else {
        return false;
    };
    run.len() == folded.len()
        && match kind {
            Kind::Word => run.chars().count() < LONGEST,
            Kind::Wide => run.chars().count() <= 2,
            Kind::Other => false,
        }
}

/// Whether a text contains what was typed, after folding. Han matches anywhere, a word from its beginning.
pub fn has(text: &str, folded_needle: &str) -> bool {
    let Some(first) = folded_needle.chars().next() else {
        return true;
    };
    let folded = fold(text);
    let at_word = kind(first) == Kind::Word;
    folded.match_indices(folded_needle).any(|(at, _)| {
        !at_word
            || folded[..at]
                .chars()
                .next_back()
                .is_none_or(|before| kind(before) != Kind::Word)
    })
}

/// The digits of a text backwards, so that an ending is a prefix.
pub fn reversed_digits(text: &str) -> String {
    text.chars()
        .rev()
        .map(fold_char)
        .filter(char::is_ascii_digit)
        .collect()
}

/// Letters and digits of a number backwards, in lower case, so that an ending is a prefix.
pub fn reversed_no(no: &str) -> String {
    no.chars()
        .rev()
        .map(fold_char)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Whether what was typed can be the ending of a number or phone: digits and hyphens, three digits and more.
pub fn is_ending(typed: &str) -> bool {
    let folded = fold(typed.trim());
    folded.chars().all(|c| c.is_ascii_digit() || c == '-')
        && folded.chars().filter(char::is_ascii_digit).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grams(text: &str) -> Vec<String> {
        let mut out = String::new();
        cut(text, &mut out);
        out.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn han_is_cut_into_characters_and_pairs_and_words_stay_whole() {
        assert_eq!(
            grams("路灯不亮, LED 12栋"),
            [
                "路", "路灯", "灯", "灯不", "不", "不亮", "亮", "led", "12", "栋"
            ]
        );
        assert_eq!(grams("ＬＥＤ"), ["led"]);
        assert!(grams("!?—，。").is_empty());
    }

    #[test]
    fn questions_hold_only_grams_whatever_is_typed() {
        assert_eq!(question("路灯").as_deref(), Some("\"路灯\""));
        assert_eq!(question("灯").as_deref(), Some("\"灯\""));
        assert_eq!(question("路灯亮").as_deref(), Some("\"灯亮\" AND \"路灯\""));
        assert_eq!(question("Ligh").as_deref(), Some("\"ligh\"*"));
        assert_eq!(
            question("a\" OR b*").as_deref(),
            Some("\"a\" AND \"b\" AND \"or\"")
        );
        assert_eq!(question("\"*()^:"), None);
    }

    #[test]
    fn a_text_has_han_anywhere_and_words_from_their_beginning() {
        assert!(has("坪山大道路灯不亮", "灯不"));
        assert!(has("Street Light", "ligh"));
        assert!(!has("Street Light", "ight"));
        assert!(has("a栋", "a栋"));
        assert!(!has("路灯亮不", "路灯不"));
    }

    #[test]
    fn endings() {
        assert!(is_ending("0031") && is_ending("1101-0031") && !is_ending("31"));
        assert!(!is_ending("路031"));
        assert_eq!(reversed_no("20261101-0031"), "130010116202");
        assert_eq!(reversed_digits("138-0013 8000"), "00083100831");
    }
}
