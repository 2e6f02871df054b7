//! Finds rows that merely moved up or down since the last frame, so that the terminal can move them itself.
//!
//! Must not write bytes. Start at [`find`]. Only whole rows are looked at: a terminal cannot scroll part of a row.

use ratatui::buffer::Cell;
use std::collections::HashMap;

/// A band of rows to be scrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    /// First row of the band.
    pub(super) top: usize,
    /// Last row of the band.
    pub(super) bottom: usize,
    /// Rows the content goes up; down when negative.
    pub(super) up: isize,
}

/// Fewer changed cells than this saved are not worth the escapes.
const WORTH: isize = 24;

/// The band whose scrolling saves the most redrawn cells, if it saves enough; `changed` are the rows that differ.
pub(super) fn find(old: &[Cell], new: &[Cell], width: usize, changed: &[usize]) -> Option<Shift> {
    if changed.len() < 3 {
        return None;
    }
    let rows = |cells: &[Cell]| cells.chunks(width).map(fingerprint).collect::<Vec<u64>>();
    let (before, after) = (rows(old), rows(new));
    let blank = fingerprint(&vec![Cell::EMPTY; width]);
    let places: HashMap<u64, usize> = before.iter().enumerate().map(|(y, h)| (*h, y)).collect();
    let mut votes: HashMap<isize, usize> = HashMap::new();
    for &y in changed.iter().filter(|y| after[**y] != blank) {
        if let Some(&from) = places.get(&after[y]).filter(|from| **from != y) {
            *votes.entry(from as isize - y as isize).or_default() += 1;
        }
    }
    let (&up, _) = votes
        .iter()
        .filter(|(_, n)| **n > 1)
        .max_by_key(|(by, n)| (**n, -by.abs()))?;
    band(old, new, width, up)
}

/// The run of rows that gains most from moving by `up`, with the rows that come in empty counted against it.
fn band(old: &[Cell], new: &[Cell], width: usize, up: isize) -> Option<Shift> {
    let height = (old.len() / width) as isize;
    let empty = vec![Cell::EMPTY; width];
    let row = |y: isize| y as usize * width..(y as usize + 1) * width;
    let drawn = |y: isize| differing(&old[row(y)], &new[row(y)]);
    let gain = |y: isize| drawn(y) - differing(&old[row(y + up)], &new[row(y)]);
    let lost: Vec<isize> = (0..height)
        .map(|y| differing(&empty, &new[row(y)]) - drawn(y))
        .collect();
    let runs = (-up).max(0)..(height - up).min(height);
    let gains: Vec<(isize, isize)> = runs.map(|y| (y, gain(y))).collect();
    let mut best = (WORTH, None);
    for (n, &(first, _)) in gains.iter().enumerate() {
        let mut sum = 0;
        for &(last, gain) in &gains[n..] {
            sum += gain;
            let (top, bottom) = (first.min(first + up), last.max(last + up));
            let incoming = if up > 0 {
                last + 1..bottom + 1
            } else {
                top..first
            };
            let saved = sum - incoming.map(|y| lost[y as usize]).sum::<isize>();
            if saved > best.0 {
                best = (saved, Some((top as usize, bottom as usize)));
            }
        }
    }
    best.1.map(|(top, bottom)| Shift { top, bottom, up })
}

/// Moves the rows of a screen as the terminal will, leaving the incoming ones blank.
pub(super) fn apply(cells: &mut [Cell], width: usize, shift: Shift) {
    let band = &mut cells[shift.top * width..(shift.bottom + 1) * width];
    let by = shift.up.unsigned_abs() * width;
    let incoming = if shift.up > 0 {
        band.rotate_left(by);
        band.len() - by..band.len()
    } else {
        band.rotate_right(by);
        0..by
    };
    band[incoming].iter_mut().for_each(Cell::reset);
}

fn differing(a: &[Cell], b: &[Cell]) -> isize {
    a.iter().zip(b).filter(|(a, b)| a != b).count() as isize
}

/// A hash of the characters of a row (FNV-1a); colours are left out, for a moved row is often also un-marked.
fn fingerprint(row: &[Cell]) -> u64 {
    row.iter()
        .flat_map(|cell| cell.symbol().bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    fn found(old: &[Cell], new: &[Cell], width: usize) -> Option<Shift> {
        let rows = old.chunks(width).zip(new.chunks(width)).enumerate();
        let changed: Vec<usize> = rows.filter(|(_, (a, b))| a != b).map(|(y, _)| y).collect();
        find(old, new, width, &changed)
    }

    fn list(from: usize) -> Buffer {
        let mut lines = vec!["a header that stays where it is".to_owned()];
        let matters = [
            "路灯不亮",
            "夜间施工噪音扰民",
            "积水",
            "占道经营, 已多次来电",
            "欠薪",
        ];
        lines.extend(
            (from..from + 8).map(|n| format!("{} {}", matters[n % 5].repeat(1 + n % 3), n * 7919)),
        );
        lines.push("a footer that stays where it is too".to_owned());
        let mut buffer = Buffer::empty(Rect::new(0, 0, 80, lines.len() as u16));
        for (y, line) in lines.iter().enumerate() {
            buffer.set_string(0, y as u16, line, Style::new());
        }
        buffer
    }

    #[test]
    fn a_list_that_scrolled_is_found_between_header_and_footer() {
        let (old, new) = (list(10), list(11));
        let width = old.area.width as usize;
        assert_eq!(
            found(&old.content, &new.content, width),
            Some(Shift {
                top: 1,
                bottom: 8,
                up: 1
            })
        );
        assert_eq!(
            found(&new.content, &old.content, width),
            Some(Shift {
                top: 1,
                bottom: 8,
                up: -1
            })
        );
        assert_eq!(found(&old.content, &old.content, width), None);
        assert_eq!(found(&old.content, &list(90).content, width), None);
    }

    #[test]
    fn applying_a_shift_leaves_only_the_incoming_rows_to_draw() {
        let (mut old, new) = (list(10), list(13));
        let width = old.area.width as usize;
        let shift = found(&old.content, &new.content, width).unwrap();
        apply(&mut old.content, width, shift);
        let wrong = old
            .content
            .chunks(width)
            .zip(new.content.chunks(width))
            .filter(|(a, b)| a != b)
            .count();
        assert_eq!(wrong, 3);
    }
}
