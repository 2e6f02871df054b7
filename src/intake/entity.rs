//! HTML character references in exported text, decoded once.
//!
//! Knows the names that turn up in exports; leaves every other `&` as it is. Decodes one layer: `&amp;lt;` is `&lt;`.

use std::borrow::Cow;

/// The longest reference looked for, `&` and `;` included.
const LONGEST: usize = 12;

const NAMES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{3000}'),
    ("middot", '·'),
    ("bull", '•'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("deg", '°'),
    ("times", '×'),
    ("divide", '÷'),
    ("plusmn", '±'),
    ("yen", '¥'),
    ("sect", '§'),
    ("euro", '€'),
];

/// The text with its character references replaced; borrowed when there are none.
///
/// ```
/// assert_eq!(fenbo::intake::entity::decode("A&amp;B &#65288;坪山&#xFF09;"), "A&B （坪山）");
/// assert_eq!(fenbo::intake::entity::decode("R&D &amp;lt;"), "R&D &lt;");
/// ```
pub fn decode(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((decoded, length)) = reference(rest) {
            out.push(decoded);
            rest = &rest[length..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character a reference at the start of `text` stands for, and the reference's length in bytes.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let decoded = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code).filter(|c| !c.is_control() || matches!(c, '\t' | '\n'))?
    } else {
        NAMES.iter().find(|(known, _)| *known == name)?.1
    };
    Some((decoded, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_without_references_is_borrowed() {
        assert!(matches!(decode("市容环卫"), Cow::Borrowed("市容环卫")));
    }

    #[test]
    fn unknown_and_broken_references_stay() {
        for text in [
            "&",
            "a&b",
            "&;",
            "&nosuch;",
            "&#xZZ;",
            "&#99999999;",
            "&#0;",
            "&amp",
        ] {
            assert_eq!(decode(text), text);
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,40}", tail in "[&#x0-9a-z;]{0,20}") {
            let _ = decode(&format!("{text}{tail}"));
        }
    }
}
