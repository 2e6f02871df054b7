//! Pages folded to the terminal's width, also where Chinese gives no blank to break at.
//!
//! A line goes on below the place where its last column began. Knows nothing of what the page says. Start at [`folded`].

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What no line begins with.
const CLOSING: &str = "，。；：、！？）》”…）";
/// What no line ends with.
const OPENING: &str = "（《“";

/// The page with every line that is wider than `columns` broken.
pub fn folded(page: &str, columns: usize) -> String {
    let mut out = String::with_capacity(page.len());
    for line in page.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        fold(line, columns, &mut out);
        out.push_str(end);
    }
    out
}

/// Writes a line in as many as it needs.
fn fold(line: &str, columns: usize, out: &mut String) {
    let mut indent = hanging(line);
    if indent * 2 > columns {
        // So narrow a column is no help: go on near the edge.
        indent = columns / 4;
    }
    let mut rest = line;
    let mut lead = String::new();
    while let Some(at) = break_in(rest, columns.saturating_sub(lead.len())) {
        let (this, next) = rest.split_at(at);
        out.push_str(&lead);
        out.push_str(this.trim_end());
        out.push('\n');
        rest = next.trim_start();
        lead = " ".repeat(indent);
    }
    out.push_str(&lead);
    out.push_str(rest);
}

/// The column in which a line's last column begins: behind two blanks or more.
fn hanging(line: &str) -> usize {
    let text = line.trim_start();
    let begins = line.len() - text.len();
    let gap = text.rfind("  ").map_or(0, |at| at + 2);
    begins + text.get(..gap).unwrap_or_default().width()
}

/// Where text that is wider than `columns` is broken; `None` when it fits, or has no place to break.
fn break_in(text: &str, columns: usize) -> Option<usize> {
    if text.width() <= columns {
        return None;
    }
    // The blanks before the first word, and those between columns, are no places.
    let begins = hanging(text).min(text.len());
    let mut used = 0;
    let mut found = None;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let breaks = before.is_some_and(|before| may_break(before, c));
        if at > begins && breaks {
            found = Some(at);
        }
        used += c.width().unwrap_or(0);
        if used > columns && found.is_some() {
            break;
        }
        before = Some(c);
    }
    found
}

/// Whether a line may end between these two: at a blank, unless Chinese explains the code before it; and within Chinese, or
/// where it meets a word or number.
fn may_break(before: char, after: char) -> bool {
    if before == ' ' {
        return !is_wide(after) && after != ' ';
    }
    let is_part = |c: char| is_wide(c) || c.is_ascii_alphanumeric();
    let is_tied = CLOSING.contains(after) || OPENING.contains(before);
    !is_tied && is_part(before) && is_part(after) && (is_wide(before) || is_wide(after))
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2) || "“”".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_goes_on_below_its_column_and_no_line_begins_with_a_comma() {
        let page = "选项：\n  --sort <SORT>  次序：due 期限、newest 最新\n";
        assert_eq!(
            folded(page, 34),
            "选项：\n  --sort <SORT>  次序：due 期限、\n                 newest 最新\n"
        );
        // Less than half of the page is left for the last column: it goes on near the edge.
        assert_eq!(
            folded(page, 33),
            "选项：\n  --sort <SORT>  次序：due 期限、\n        newest 最新\n"
        );
    }

    #[test]
    fn what_belongs_together_is_not_torn() {
        assert_eq!(folded("筛选 \"来源:1 路灯\"", 12), "筛选 \"来\n源:1 路灯\"");
        assert_eq!(folded("编号，或 1…7", 11), "编号，或\n1…7");
    }

    #[test]
    fn english_breaks_at_blanks_and_a_word_without_one_stays_whole() {
        assert_eq!(
            folded("  --to <D>  lead department; the master", 30),
            "  --to <D>  lead department;\n            the master"
        );
        assert_eq!(
            folded("Usage: fenbo [OPTIONS]", 10),
            "Usage:\nfenbo\n[OPTIONS]"
        );
        let path = "/var/lib/fenbo/fenbo.db";
        assert_eq!(folded(path, 8), path);
    }
}
