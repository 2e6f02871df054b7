//! Text into cells: clipped by columns, never half a wide character, always clean.
//!
//! Must not know what is drawn. Start at [`put`].

use crate::domain::shown;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it says.
    pub text: String,
    /// How it looks.
    pub style: Style,
}

/// A line of pieces.
pub type Line = Vec<Piece>;

/// A piece.
pub fn piece(text: impl Into<String>, style: Style) -> Piece {
    Piece {
        text: text.into(),
        style,
    }
}

/// Columns of a character that stands for itself, clean and whole, whatever stands beside it; none for all others.
///
/// Nearly every text of a queue is made of these: it need not be cleaned, nor searched for clusters.
fn plain(c: char) -> Option<u16> {
    match c {
        ' '..='~' => Some(1),
        // Punctuation without the tone marks behind it, ideographs, full-width forms.
        '\u{3001}'..='\u{3029}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF60}' => Some(2),
        _ => None,
    }
}

/// Columns of a text of plain characters only.
fn plain_width(text: &str) -> Option<usize> {
    text.chars()
        .try_fold(0, |sum, c| Some(sum + usize::from(plain(c)?)))
}

/// Columns of a text.
pub fn width(text: &str) -> usize {
    plain_width(text).unwrap_or_else(|| text.width())
}

/// Writes a text from `x` on in at most `most` columns; gives the column after it.
pub fn put(buffer: &mut Buffer, x: u16, y: u16, most: usize, text: &str, style: Style) -> u16 {
    if plain_width(text).is_some() {
        let symbols = text.char_indices().filter_map(|(from, c)| {
            let symbol = text.get(from..from + c.len_utf8())?;
            Some((symbol, plain(c)?))
        });
        return put_symbols(buffer, x, y, most, symbols, style);
    }
    let clean = shown::clean_line(text);
    let symbols = clean.graphemes(true).map(|g| (g, g.width() as u16));
    put_symbols(buffer, x, y, most, symbols, style)
}

/// Writes symbols with their columns.
fn put_symbols<'a>(
    buffer: &mut Buffer,
    x: u16,
    y: u16,
    most: usize,
    symbols: impl Iterator<Item = (&'a str, u16)>,
    style: Style,
) -> u16 {
    let area = buffer.area;
    if y < area.top() || y >= area.bottom() {
        return x;
    }
    let end = area.right().min(x.saturating_add(most as u16));
    let mut at = x.max(area.left());
    let mut cells = cells(buffer, y, at, end).iter_mut();
    for (symbol, columns) in symbols {
        if columns == 0 {
            continue;
        }
        if at + columns > end {
            break;
        }
        if let Some(cell) = cells.next() {
            cell.set_symbol(symbol).set_style(style);
        }
        for half in cells.by_ref().take(usize::from(columns) - 1) {
            half.reset();
            half.set_style(style);
        }
        at += columns;
    }
    at
}

/// The cells of a row from one column up to another; none outside the buffer.
fn cells(buffer: &mut Buffer, y: u16, from: u16, to: u16) -> &mut [Cell] {
    let area = buffer.area;
    let row = usize::from(y.saturating_sub(area.top())) * usize::from(area.width);
    let column = |x: u16| row + usize::from(x.saturating_sub(area.left()));
    buffer
        .content
        .get_mut(column(from)..column(to))
        .unwrap_or_default()
}

/// Writes a text from `x` on in at most `most` columns, with two dots where something was cut.
pub fn put_cut(buffer: &mut Buffer, x: u16, y: u16, most: usize, text: &str, style: Style) -> u16 {
    put(buffer, x, y, most, &cut(text, most), style)
}

/// Writes a text so that one column is left between it and the right edge; gives the column where it begins.
pub fn put_right(buffer: &mut Buffer, area: Rect, y: u16, text: &str, style: Style) -> u16 {
    let x = area.right().saturating_sub(width(text) as u16 + 1);
    put(buffer, x, y, usize::from(area.width), text, style);
    x
}

/// Writes a line of pieces.
pub fn put_line(buffer: &mut Buffer, x: u16, y: u16, most: usize, line: &[Piece]) -> u16 {
    let end = x.saturating_add(most as u16);
    line.iter().fold(x, |at, piece| {
        put(
            buffer,
            at,
            y,
            usize::from(end.saturating_sub(at)),
            &piece.text,
            piece.style,
        )
    })
}

/// Columns of a line of pieces.
pub fn line_width(line: &[Piece]) -> usize {
    line.iter().map(|piece| width(&piece.text)).sum()
}

/// A text cut to so many columns, with two dots where something was cut.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if plain_width(text).is_some_and(|columns| columns <= most) {
        return Cow::Borrowed(text);
    }
    let clean = shown::clean_line(text);
    if clean.width() <= most {
        return clean;
    }
    let room = most.saturating_sub(2);
    let mut out = String::new();
    let mut used = 0;
    for grapheme in clean.graphemes(true) {
        let columns = grapheme.width();
        if used + columns > room {
            break;
        }
        out.push_str(grapheme);
        used += columns;
    }
    out.push_str(if most >= 2 { ".." } else { "" });
    Cow::Owned(out)
}

/// A text in exactly so many columns.
pub fn fit(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns).into_owned();
    out.push_str(&" ".repeat(columns.saturating_sub(width(&out))));
    out
}

/// A text at the right of so many columns.
pub fn right(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    let blank = columns.saturating_sub(width(&text));
    format!("{}{text}", " ".repeat(blank))
}

/// The last columns of a text: what a number is told by, and of a long line the part about its caret.
pub fn tail(text: &str, most: usize) -> &str {
    let mut room = most;
    let mut from = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        let Some(left) = room.checked_sub(width(grapheme)) else {
            break;
        };
        (room, from) = (left, at);
    }
    &text[from..]
}

/// A text over several lines of at most `most` columns.
pub fn wrap(text: &str, most: usize) -> Vec<String> {
    let most = most.max(2);
    let mut lines = Vec::new();
    for paragraph in shown::clean(text).split('\n') {
        if plain_width(paragraph).is_some_and(|columns| columns <= most) {
            lines.push(paragraph.to_owned());
            continue;
        }
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split_word_bounds() {
            let columns = width(word);
            if used + columns > most && columns <= most && !line.is_empty() {
                let next = take_along(&mut line, word);
                // The blank at which a line is broken belongs to neither.
                lines.push(std::mem::replace(&mut line, next).trim_end().to_owned());
                used = width(&line);
                if word.trim().is_empty() {
                    continue;
                }
            }
            for grapheme in word.graphemes(true) {
                let columns = width(grapheme);
                if used + columns > most {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(grapheme);
                used += columns;
            }
        }
        lines.push(line);
    }
    lines
}

/// Takes away from the end of a line what belongs to the word after it: an opening bracket and, before a mark that may not
/// begin a line, the word that the mark stands behind.
fn take_along(line: &mut String, word: &str) -> String {
    let mut end = line.len();
    let mut next = word;
    while next.starts_with(ENDS)
        && let Some((at, last)) = line[..end].split_word_bound_indices().next_back()
    {
        (end, next) = (at, last);
    }
    match line[..end].trim_end_matches(OPENS).len() {
        0 => String::new(),
        end => line.split_off(end),
    }
}

/// Brackets that may not end a line.
const OPENS: [char; 6] = ['(', '[', '（', '【', '“', '《'];
/// Marks that may not begin one.
const ENDS: [char; 19] = [
    '，', '。', '、', '；', '：', '！', '？', '）', '】', '”', '》', ',', '.', ';', ':', '!', ')',
    '?', ']',
];

/// Gives an area one look, and nothing in it.
pub fn fill(buffer: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buffer.area);
    let mut blank = Cell::EMPTY;
    blank.set_style(style);
    for y in area.top()..area.bottom() {
        cells(buffer, y, area.left(), area.right()).fill(blank.clone());
    }
}

/// Adds a look to cells as they are.
pub fn restyle(buffer: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buffer.area);
    for y in area.top()..area.bottom() {
        for cell in cells(buffer, y, area.left(), area.right()) {
            let whole = cell.style().patch(style);
            cell.set_style(whole);
        }
    }
}

/// Clears the ground for a dialog; a wide character its edge would cut in two becomes blank outside too.
pub fn clear(buffer: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    for y in area.top()..area.bottom() {
        for edge in [area.left(), area.right()] {
            let Some(before) = edge.checked_sub(1).filter(|x| *x >= buffer.area.left()) else {
                continue;
            };
            if edge < buffer.area.right() && buffer[(before, y)].symbol().width() > 1 {
                let ground = buffer[(before, y)].style();
                buffer[(before, y)].set_symbol(" ");
                buffer[(edge, y)].set_symbol(" ").set_style(ground);
            }
        }
    }
    fill(buffer, area, style);
}

/// A dialog's frame on cleared ground; gives the area inside.
pub fn frame(
    buffer: &mut Buffer,
    area: Rect,
    title: &str,
    look: (Style, Style, Style),
    glyphs: super::Glyphs,
) -> Rect {
    let (ground, border, heading) = look;
    let area = area.intersection(buffer.area);
    clear(buffer, area, ground);
    if area.width < 4 || area.height < 3 {
        return Rect::new(area.x, area.y, 0, 0);
    }
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    for x in area.left()..area.right() {
        for y in [area.top(), bottom] {
            buffer[(x, y)].set_symbol(glyphs.level).set_style(border);
        }
    }
    for y in area.top()..area.bottom() {
        for x in [area.left(), right] {
            buffer[(x, y)].set_symbol(glyphs.upright).set_style(border);
        }
    }
    for (x, y) in [
        (area.left(), area.top()),
        (right, area.top()),
        (area.left(), bottom),
        (right, bottom),
    ] {
        buffer[(x, y)].set_symbol(glyphs.corner).set_style(border);
    }
    let title = cut(title, usize::from(area.width).saturating_sub(6));
    put(
        buffer,
        area.x + 2,
        area.y,
        usize::from(area.width) - 4,
        &format!(" {title} "),
        heading,
    );
    Rect::new(area.x + 2, area.y + 1, area.width - 4, area.height - 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_character_is_clean_and_a_cluster_of_its_own() {
        for c in (0..=0x3_FFFF).filter_map(char::from_u32) {
            let Some(columns) = plain(c) else { continue };
            let pair = format!("a{c}中{c}");
            assert_eq!(shown::clean_line(&pair), pair, "{c}");
            assert_eq!(c.to_string().width(), usize::from(columns), "{c}");
            assert_eq!(pair.graphemes(true).count(), 4, "{c}");
        }
    }

    #[test]
    fn no_half_of_a_wide_character_is_written() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 5, 1));
        assert_eq!(put(&mut buffer, 0, 0, 5, "路灯不亮", Style::new()), 4);
        assert_eq!(buffer, Buffer::with_lines(["路灯 "]));
    }

    #[test]
    fn a_dialog_over_wide_characters_keeps_its_edges() {
        for x in 0..8 {
            let mut buffer =
                Buffer::with_lines(["路灯不亮请处理", "路灯不亮请处理", "路灯不亮请处理"]);
            let area = Rect::new(x, 0, 6, 3);
            let styles = (Style::new(), Style::new(), Style::new());
            frame(&mut buffer, area, "", styles, super::super::Glyphs::ASCII);
            for y in 0..3 {
                if x > 0 {
                    assert!(buffer[(x - 1, y)].symbol().width() < 2, "{x}");
                }
                assert!("+|".contains(buffer[(x, y)].symbol()));
                assert!("+|".contains(buffer[(x + 5, y)].symbol()));
            }
        }
    }

    #[test]
    fn texts_are_cut_by_columns_and_wrapped_whole() {
        assert_eq!(cut("金沙社区路灯不亮", 9), "金沙社..");
        assert_eq!(cut("短", 9), "短");
        assert_eq!(
            (fit("城管", 6), right("12", 4)),
            ("城管  ".to_owned(), "  12".to_owned())
        );
        assert_eq!(tail("20261101-0031", 9), "1101-0031");
        assert_eq!((tail("路灯不亮", 5), tail("短", 9)), ("不亮", "短"));
        assert_eq!(tail("ae\u{301}b", 2), "e\u{301}b");
        assert_eq!(wrap("路灯不亮\nab cd", 4), ["路灯", "不亮", "ab", "cd"]);
        assert_eq!(
            wrap("ten seconds (locked)", 14),
            ["ten seconds", "(locked)"]
        );
    }

    #[test]
    fn no_line_begins_with_a_mark_that_ends_something() {
        assert_eq!(wrap("路灯不亮，报修", 8), ["路灯不", "亮，报修"]);
        assert_eq!(wrap("坏了（两盏）。请修", 12), ["坏了（两", "盏）。请修"]);
        assert_eq!(
            wrap("not stored: wait.", 16),
            ["not stored: ", "wait."].map(str::trim_end)
        );
        assert_eq!(wrap("，，，，", 2), ["，", "，", "，", "，"]);
    }
}
