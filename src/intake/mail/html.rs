//! HTML to the text a person would read. Nothing is fetched, nothing is run; links keep only their words.

use crate::intake::entity;

/// The text of an HTML body: blocks on lines of their own, references decoded, scripts and styles gone.
pub(super) fn to_text(html: &str) -> String {
    let mut out = Text::default();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        out.words(&rest[..start]);
        rest = &rest[start..];
        rest = tag(rest, &mut out);
    }
    out.words(rest);
    out.finish()
}

/// Passes over one tag or comment, telling `out` what it means; returns what follows.
fn tag<'a>(text: &'a str, out: &mut Text) -> &'a str {
    if let Some(comment) = text.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, after)| after);
    }
    let inner = &text[1..];
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
        out.words("<");
        return inner;
    }
    let Some(end) = inner.find('>') else {
        return "";
    };
    let (head, after) = (&inner[..end], &inner[end + 1..]);
    let closing = head.starts_with('/');
    let name: String = head
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .take(12)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    match name.as_str() {
        "script" | "style" | "head" | "title" | "template" if !closing => {
            return behind(after, &name);
        }
        "br" => out.line(),
        "li" if !closing => {
            out.line();
            out.words("- ");
        }
        "td" | "th" => out.space(),
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" | "blockquote"
        | "pre" | "hr" => {
            out.paragraph();
        }
        "div" | "li" | "tr" | "section" | "article" | "header" | "footer" | "dl" | "dt" | "dd"
        | "form" | "body" => {
            out.line();
        }
        _ => {}
    }
    after
}

/// What follows the closing tag of `name`; where it is missing, what follows the opening one.
fn behind<'a>(text: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let start = from + at + 2;
        let found = text.get(start..start + name.len());
        if found.is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return text[start..].split_once('>').map_or("", |(_, after)| after);
        }
        from = start;
    }
    if name == "head" { text } else { "" }
}

/// Text being written, with white space collapsed as a browser would.
#[derive(Default)]
struct Text {
    out: String,
    breaks: usize,
    space: bool,
}

impl Text {
    fn words(&mut self, text: &str) {
        let decoded = entity::decode(text);
        for c in decoded.chars() {
            if matches!(c, ' ' | '\t' | '\r' | '\n') {
                self.space = true;
                continue;
            }
            if self.breaks > 0 && !self.out.is_empty() {
                let lines = self.breaks.min(2);
                self.out.extend(std::iter::repeat_n('\n', lines));
            } else if self.space && !self.out.is_empty() && !self.out.ends_with('\n') {
                self.out.push(' ');
            }
            (self.breaks, self.space) = (0, false);
            self.out.push(c);
        }
    }

    fn space(&mut self) {
        self.space = true;
    }

    fn line(&mut self) {
        self.breaks = self.breaks.max(1);
    }

    fn paragraph(&mut self) {
        self.breaks = 2;
    }

    fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blocks_become_lines_and_scripts_go() {
        let html = "<html><HEAD><title>x</title><style>p{}</style></HEAD><body><p>您好，&nbsp;领导：</p>\
            <div>路灯  不亮<br/>三天了 &lt;急&gt;</div><script>alert(1)</script><ul><li>一</li><li>二</li></ul>\
            <table><tr><td>甲</td><td>乙</td></tr></table><!-- c -->1 < 2</body></html>";
        assert_eq!(
            to_text(html),
            "您好， 领导：\n\n路灯 不亮\n三天了 <急>\n\n- 一\n- 二\n\n甲 乙\n\n1 < 2"
        );
    }

    #[test]
    fn unclosed_tags_end() {
        assert_eq!(to_text("a<b"), "a");
        assert_eq!(to_text("a<script>b"), "a");
        assert_eq!(to_text("<head>b"), "b");
        assert_eq!(to_text("a<!-- b"), "a");
    }

    proptest! {
        #[test]
        fn never_panics(html in "(<|>|/|!--|-->|script|p|&|#|;|[a-z ]|路){0,60}") {
            let _ = to_text(&html);
        }
    }
}
