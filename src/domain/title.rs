//! The title of a request that came without one: how its own words begin.

use super::shown::clean_line;

/// Characters of such a title at most.
const LONGEST: usize = 40;

/// What mail programs put before the subject of an answer or of a letter handed on, in lower case.
const MARKS: [&str; 8] = ["re", "fw", "fwd", "aw", "wg", "回复", "答复", "转发"];

/// Whether a subject is none: nobody sees a character of it, or it holds nothing but marks of answering and handing on.
///
/// ```
/// use fenbo::domain::title::says_nothing;
/// assert!(says_nothing("Re[2]: 回复： ") && says_nothing(" \u{200b}") && says_nothing(""));
/// assert!(!says_nothing("Re: 路灯") && !says_nothing("回复太慢"));
/// ```
pub fn says_nothing(subject: &str) -> bool {
    let seen = clean_line(subject).to_lowercase();
    let mut parts = seen.split([':', '：']).map(str::trim);
    parts.all(|part| {
        // `Re[2]` is the second answer.
        let counted = part.strip_suffix(']').and_then(|part| part.split_once('['));
        let mark = counted.map_or(part, |(mark, _)| mark);
        mark.is_empty() || MARKS.contains(&mark)
    })
}

/// The beginning of the first line that says something, of another's words quoted in it only where there are no own ones;
/// nothing where none does.
///
/// ```
/// use fenbo::domain::title::of_words;
/// assert_eq!(of_words("\n  \n 龙田路口  路灯不亮\r\n已经三天"), Some("龙田路口 路灯不亮".to_owned()));
/// assert_eq!(of_words(&"灯".repeat(60)).map(|title| title.chars().count()), Some(40));
/// assert_eq!(of_words("> 上次说的\n\n还是不亮"), Some("还是不亮".to_owned()));
/// assert_eq!(of_words(" \n\u{200b}\n"), None);
/// ```
pub fn of_words(words: &str) -> Option<String> {
    let lines = words.lines().map(|line| {
        let line = clean_line(line);
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    let mut lines = lines.filter(|line| !line.is_empty());
    let first = lines.next()?;
    let first = if first.starts_with('>') {
        lines.find(|line| !line.starts_with('>')).unwrap_or(first)
    } else {
        first
    };
    Some(first.chars().take(LONGEST).collect())
}
