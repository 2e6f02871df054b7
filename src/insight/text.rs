//! Text made comparable: folded letters, and features made of 1 to 3 neighbouring characters. Nothing is allocated per feature.
//!
//! Start at [`fold`] and [`grams`]. This is likeness for machines; it must not be shown to people.

/// One feature: the hash of 1 to 3 neighbouring characters.
pub type Gram = u64;

/// Mixes `more` into a running hash. Stable across runs and machines: it is stored.
pub fn mix(seed: u64, more: u64) -> u64 {
    let mut x = seed ^ more.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x ^= x >> 29;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^ (x >> 32)
}

/// A stable hash of a whole string.
pub fn hash_str(text: &str) -> u64 {
    text.chars()
        .fold(0x5EED, |seed, c| mix(seed, u64::from(u32::from(c))))
}

/// Folds one character for likeness: full-width forms to ASCII, upper to lower case, circled digits to digits;
/// `None` for what carries no matter (punctuation, symbols, blanks, invisible marks).
pub fn fold_char(c: char) -> Option<char> {
    // Most characters are plain Chinese ones: nothing to look up.
    if ('\u{4E00}'..='\u{9FFF}').contains(&c) {
        return Some(c);
    }
    let c = match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        code @ 0x2460..=0x2468 => char::from_u32(code - 0x2460 + 0x31).unwrap_or(c),
        code @ 0x2160..=0x2168 => char::from_u32(code - 0x2160 + 0x31).unwrap_or(c),
        _ => c,
    };
    if !c.is_alphanumeric() {
        return None;
    }
    if c.is_ascii() {
        return Some(c.to_ascii_lowercase());
    }
    // A letter whose lower case is several letters keeps its first: enough for likeness.
    Some(c.to_lowercase().next().unwrap_or(c))
}

/// The folded text in runs: `None` stands between two runs, so that no feature spans punctuation.
pub fn fold(text: &str) -> impl Iterator<Item = Option<char>> + '_ {
    let mut gap = true;
    text.chars().filter_map(move |c| match fold_char(c) {
        Some(folded) => {
            gap = false;
            Some(Some(folded))
        }
        None if gap => None,
        None => {
            gap = true;
            Some(None)
        }
    })
}

/// The folded text without gaps: equal for texts that differ only in widths, case, blanks and punctuation.
pub fn canonical(text: &str) -> String {
    text.chars().filter_map(fold_char).collect()
}

/// Hashes of every run of `from..=to` neighbouring folded characters (at most 3), in order of appearance, with repeats.
pub fn grams(text: &str, from: usize, to: usize) -> impl Iterator<Item = Gram> + '_ {
    let to = to.clamp(1, 3);
    let from = from.clamp(1, to);
    let mut last = [0_u64; 2];
    let mut run = 0_usize;
    let mut ready = [0_u64; 3];
    let mut characters = fold(text);
    let mut next = 0;
    let mut count = 0;
    std::iter::from_fn(move || {
        while next >= count {
            let Some(c) = characters.next()? else {
                run = 0;
                continue;
            };
            run += 1;
            let code = u64::from(u32::from(c));
            count = 0;
            next = 0;
            for length in from..=to.min(run) {
                ready[count] = match length {
                    1 => mix(1, code),
                    2 => mix(mix(2, last[0]), code),
                    _ => mix(mix(mix(3, last[1]), last[0]), code),
                };
                count += 1;
            }
            last = [code, last[0]];
        }
        next += 1;
        Some(ready[next - 1])
    })
}

/// The distinct grams of a text, sorted.
pub fn gram_set(text: &str, from: usize, to: usize) -> Vec<Gram> {
    let mut set: Vec<Gram> = grams(text, from, to).collect();
    set.sort_unstable();
    set.dedup();
    set
}

/// The share of grams two sorted sets have in common (Jaccard), 0 to 1.
pub fn overlap(a: &[Gram], b: &[Gram]) -> f64 {
    let shared = shared_count(a, b);
    let all = a.len() + b.len() - shared;
    if all == 0 {
        0.0
    } else {
        shared as f64 / all as f64
    }
}

/// How many members two sorted sets share.
pub fn shared_count(a: &[Gram], b: &[Gram]) -> usize {
    shared(a, b).count()
}

/// The members two sorted sets share, in order.
pub fn shared<'a>(a: &'a [Gram], b: &'a [Gram]) -> impl Iterator<Item = Gram> + 'a {
    let mut others = b.iter().copied().peekable();
    a.iter().copied().filter(move |&gram| {
        while others.next_if(|&other| other < gram).is_some() {}
        others.peek() == Some(&gram)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_case_and_punctuation_do_not_matter() {
        assert_eq!(canonical("ＡＢＣ小区　１２号！"), canonical("abc小区12号"));
        assert_eq!(gram_set("ＡＢ路，坏了", 2, 2), gram_set("ab路。坏了", 2, 2));
    }

    #[test]
    fn no_gram_spans_punctuation() {
        let split: Vec<_> = grams("路灯，坏了", 2, 2).collect();
        assert_eq!(
            split,
            [
                grams("路灯", 2, 2).next().unwrap(),
                grams("坏了", 2, 2).next().unwrap()
            ]
        );
        assert_eq!(grams("路灯坏了", 2, 2).count(), 3);
    }

    #[test]
    fn lengths_are_counted_as_asked() {
        assert_eq!(grams("下水道堵塞", 1, 1).count(), 5);
        assert_eq!(grams("下水道堵塞", 1, 3).count(), 5 + 4 + 3);
        assert_eq!(grams("", 1, 3).count(), 0);
        assert_eq!(grams("，。！", 1, 3).count(), 0);
    }

    #[test]
    fn overlap_is_one_for_the_same_and_zero_for_strangers() {
        let a = gram_set("夜里施工噪音很大", 2, 3);
        assert!((overlap(&a, &a) - 1.0).abs() < 1e-12);
        assert!(overlap(&a, &gram_set("学校食堂收费", 2, 3)).abs() < 1e-12);
        assert!(overlap(&[], &[]).abs() < 1e-12);
    }

    #[test]
    fn shared_members_are_found_wherever_they_stand() {
        assert_eq!(
            shared(&[1, 3, 5, 9], &[0, 3, 4, 5, 10]).collect::<Vec<_>>(),
            [3, 5]
        );
        assert_eq!(shared_count(&[], &[1]), 0);
        assert_eq!(shared_count(&[7], &[7]), 1);
    }

    #[test]
    fn the_hash_is_stable_because_it_is_stored() {
        assert_ne!(hash_str("路灯"), hash_str("灯路"));
        assert_eq!(hash_str("路灯"), 4_287_378_619_589_503_213);
        assert_eq!(mix(1, 2), 12_455_268_160_890_748_602);
    }
}
