//! A text being typed: one line or several, with a caret between grapheme clusters. No drawing.

use crate::console::key::{Chord, Code};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The most bytes a field takes; a paste is cut there.
pub const MOST: usize = 16 * 1024;

/// A text with a caret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    typed: String,
    caret: usize,
    multi: bool,
}

impl Text {
    /// An empty line.
    pub fn line() -> Self {
        Self::default()
    }

    /// An empty text of several lines.
    pub fn area() -> Self {
        Self {
            multi: true,
            ..Self::default()
        }
    }

    /// The same kind of text with this content, the caret at its end.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.set(text);
        self
    }

    /// Replaces everything.
    pub fn set(&mut self, text: &str) {
        text.clone_into(&mut self.typed);
        self.caret = self.typed.len();
    }

    /// What was typed.
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }

    /// Whether it has several lines.
    pub fn is_area(&self) -> bool {
        self.multi
    }

    /// The text before the caret.
    pub fn before_caret(&self) -> &str {
        &self.typed[..self.caret]
    }

    /// The text after the caret.
    pub fn after_caret(&self) -> &str {
        &self.typed[self.caret..]
    }

    /// Columns before the caret on its line.
    pub fn caret_column(&self) -> usize {
        let line = self.before_caret().rsplit('\n').next().unwrap_or_default();
        line.width()
    }

    /// Puts text at the caret; line ends become spaces where there is one line only.
    pub fn insert(&mut self, text: &str) {
        let room = MOST.saturating_sub(self.typed.len());
        let mut taken = String::new();
        for c in text
            .chars()
            .filter(|c| !c.is_control() || *c == '\n' || *c == '\t')
        {
            let c = match c {
                '\t' => ' ',
                '\n' if !self.multi => ' ',
                c => c,
            };
            if taken.len() + c.len_utf8() > room {
                break;
            }
            taken.push(c);
        }
        self.typed.insert_str(self.caret, &taken);
        self.caret += taken.len();
    }

    /// Takes a key; `false` when the key is none of a text's own.
    pub fn key(&mut self, chord: Chord) -> bool {
        if let Some(c) = chord.text() {
            let mut buffer = [0; 4];
            self.insert(c.encode_utf8(&mut buffer));
            return true;
        }
        match (chord.code, chord.mods.ctrl) {
            (Code::Backspace, false) => self.delete_before(),
            (Code::Delete, false) => {
                let end = self.next();
                self.typed.replace_range(self.caret..end, "");
            }
            (Code::Left, false) => self.caret = self.previous(),
            (Code::Right, false) => self.caret = self.next(),
            (Code::Home, false) | (Code::Char('a'), true) => self.caret = self.line_start(),
            (Code::End, false) | (Code::Char('e'), true) => self.caret = self.line_end(),
            (Code::Char('w'), true) => self.delete_word(),
            (Code::Char('u'), true) => {
                let start = self.line_start();
                self.typed.replace_range(start..self.caret, "");
                self.caret = start;
            }
            (Code::Enter, false) if self.multi => self.insert("\n"),
            (Code::Up, false) if self.multi && self.before_caret().contains('\n') => {
                self.vertical(true);
            }
            (Code::Down, false) if self.multi && self.after_caret().contains('\n') => {
                self.vertical(false);
            }
            _ => return false,
        }
        true
    }

    fn previous(&self) -> usize {
        self.before_caret()
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(at, _)| at)
    }

    fn next(&self) -> usize {
        self.after_caret()
            .graphemes(true)
            .next()
            .map_or(self.caret, |g| self.caret + g.len())
    }

    fn line_start(&self) -> usize {
        self.before_caret().rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self) -> usize {
        self.after_caret()
            .find('\n')
            .map_or(self.typed.len(), |at| self.caret + at)
    }

    fn delete_before(&mut self) {
        let start = self.previous();
        self.typed.replace_range(start..self.caret, "");
        self.caret = start;
    }

    fn delete_word(&mut self) {
        let kept = self.before_caret().trim_end();
        let start = kept
            .split_word_bound_indices()
            .next_back()
            .map_or(0, |(at, _)| at);
        self.typed.replace_range(start..self.caret, "");
        self.caret = start;
    }

    /// To the column nearest to the caret's on the line above or below.
    fn vertical(&mut self, up: bool) {
        let column = self.caret_column();
        let start = if up {
            let above = self.line_start().saturating_sub(1);
            self.typed[..above].rfind('\n').map_or(0, |at| at + 1)
        } else {
            self.line_end() + 1
        };
        let line = self.typed[start..].split('\n').next().unwrap_or_default();
        let mut width = 0;
        let mut at = start;
        for grapheme in line.graphemes(true) {
            width += grapheme.width();
            if width > column {
                break;
            }
            at += grapheme.len();
        }
        self.caret = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(text: &mut Text, keys: &str) {
        for key in keys.split(' ') {
            assert!(text.key(key.parse().expect("a key")), "{key}");
        }
    }

    #[test]
    fn the_caret_counts_columns_not_characters() {
        let mut text = Text::line().with("路灯ab");
        assert_eq!(text.caret_column(), 6);
        typed(&mut text, "Left Left Left");
        assert_eq!(text.caret_column(), 2);
        typed(&mut text, "Backspace x");
        assert_eq!(text.as_str(), "x灯ab");
    }

    #[test]
    fn a_cluster_is_one_step() {
        let mut text = Text::line().with("e\u{301}x");
        typed(&mut text, "Left Backspace");
        assert_eq!(text.as_str(), "x");
    }

    #[test]
    fn lines_go_up_and_down_by_columns_and_enter_splits_only_an_area() {
        let mut area = Text::area().with("路灯不亮\nab");
        typed(&mut area, "Up X Down Enter");
        assert_eq!(area.as_str(), "路X灯不亮\nab\n");
        assert!(!Text::line().key(Chord::plain(Code::Enter)));
    }

    #[test]
    fn a_paste_becomes_one_line_where_there_is_one() {
        let mut line = Text::line();
        line.insert("甲\n乙\u{1b}[31m");
        assert_eq!(line.as_str(), "甲 乙[31m");
    }

    proptest! {
        #[test]
        fn any_keys_leave_the_caret_between_characters(start in ".{0,20}", keys in proptest::collection::vec(0usize..14, 0..60)) {
            const KEYS: [&str; 14] = ["Left", "Right", "Up", "Down", "Home", "End", "Backspace", "Delete", "Enter", "Ctrl-w", "Ctrl-u", "路", "a", "Space"];
            let mut text = Text::area().with(&start);
            for key in keys {
                text.key(KEYS[key].parse().unwrap());
                prop_assert!(text.typed.is_char_boundary(text.caret));
            }
        }
    }
}
