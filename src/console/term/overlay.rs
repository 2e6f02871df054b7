//! Clears the ground for a popup.
//!
//! Must not draw the popup. Start at [`clear`].

use super::glyph;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Empties an area; a wide character that its edge cuts in two becomes blank also outside, so that no half of it
/// hides the popup's border.
///
/// ```
/// use fenbo::console::term::overlay;
/// use ratatui::{buffer::Buffer, layout::Rect};
/// let mut buffer = Buffer::with_lines(["路灯不亮"]);
/// overlay::clear(&mut buffer, Rect::new(3, 0, 2, 1));
/// assert_eq!(buffer, Buffer::with_lines(["路    亮"]));
/// ```
pub fn clear(buffer: &mut Buffer, area: Rect) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    for y in area.top()..area.bottom() {
        let mut x = buffer.area.left();
        while x < area.right() {
            let width = u16::from(glyph::width(buffer[(x, y)].symbol()).max(1));
            let after = (x + width).min(buffer.area.right());
            let cut_left = x < area.left() && after > area.left();
            let cut_right = x < area.right() && after > area.right();
            if cut_left || cut_right {
                (x..after).for_each(|column| _ = buffer[(column, y)].set_symbol(" "));
            }
            x = after;
        }
        (area.left()..area.right()).for_each(|column| buffer[(column, y)].reset());
    }
}
