//! Turns a finished frame into the fewest bytes that make the terminal show it.
//!
//! Must not read the terminal nor decide what is shown; it only knows what the terminal shows already.
//! Start at [`Presenter::present`]: scroll what moved, draw the rows that differ, place the cursor.

use super::colour::Colour;
use super::glyph::{self, Glyph};
use super::motion::{self, Place};
use super::scroll;
use super::sgr::{self, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What a terminal can do, as far as drawing needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PresenterOptions {
    /// How many colours may be written.
    pub colour: Colour,
    /// The terminal draws characters of ambiguous width (`─`, `●`, `“`) in one column; else each is followed by an address.
    pub ambiguous_is_narrow: bool,
    /// A frame is wrapped in `CSI ? 2026 h` and `l`; terminals that do not know it ignore it.
    pub synchronized: bool,
    /// Rows that moved are moved by the terminal.
    pub scroll: bool,
}

impl Default for PresenterOptions {
    fn default() -> PresenterOptions {
        PresenterOptions {
            colour: Colour::Ansi16,
            ambiguous_is_narrow: true,
            synchronized: true,
            scroll: true,
        }
    }
}

/// What presenting cost so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Frames that wrote anything.
    pub frames: u64,
    /// Bytes of all frames.
    pub bytes: u64,
    /// Bytes of the last frame, 0 when nothing had changed.
    pub last: usize,
}

/// Knows what the terminal shows, and writes the difference to the next frame.
#[derive(Debug)]
pub struct Presenter {
    options: PresenterOptions,
    shown: Buffer,
    pen: Look,
    place: Place,
    cursor: Option<(u16, u16)>,
    stale: bool,
    out: Vec<u8>,
    written: Written,
}

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
/// Columns of a blank row end from which erasing beats spaces.
const ERASE_FROM: usize = 4;

impl Presenter {
    /// A presenter for a screen of which nothing is known yet.
    pub fn new(width: u16, height: u16, options: PresenterOptions) -> Presenter {
        Presenter {
            options,
            shown: Buffer::empty(Rect::new(0, 0, width, height)),
            pen: Look::default(),
            place: Place::default(),
            cursor: None,
            stale: true,
            out: Vec::with_capacity(16 * 1024),
            written: Written::default(),
        }
    }

    /// The bytes that bring the terminal from the last frame to this one; empty when it shows it already.
    ///
    /// The cursor, when given, is shown at that column and row, which are counted in columns of the screen; else it is hidden.
    pub fn present(&mut self, next: &Buffer, cursor: Option<(u16, u16)>) -> &[u8] {
        let (width, height) = (next.area.width, next.area.height);
        if (width, height) != (self.shown.area.width, self.shown.area.height) {
            self.resize(width, height);
        }
        self.out.clear();
        // Something else may have written since, so the place of the cursor is not taken on trust.
        self.place = Place::default();
        let fresh = std::mem::take(&mut self.stale);
        if self.options.synchronized {
            self.out.extend_from_slice(BEGIN);
        }
        let opened = self.out.len();
        if fresh {
            self.start_over();
        }
        let mut changed = self.changed(next);
        if !fresh && self.options.scroll && self.scroll(next, &changed) {
            changed = self.changed(next);
        }
        for y in changed {
            self.row(next, y);
        }
        let drawn = self.out.len() > opened;
        if !drawn {
            self.out.clear();
        }
        self.put_cursor(cursor, drawn, fresh);
        if drawn && self.options.synchronized {
            self.out.extend_from_slice(END);
        }
        self.written.last = self.out.len();
        self.written.bytes += self.out.len() as u64;
        self.written.frames += u64::from(!self.out.is_empty());
        &self.out
    }

    /// Forgets what the terminal shows: the next frame is painted whole.
    pub fn invalidate(&mut self) {
        self.stale = true;
    }

    /// Takes a new size of the screen; the next frame is painted whole.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.shown.resize(Rect::new(0, 0, width, height));
        self.stale = true;
    }

    /// Takes other options; the next frame is painted whole.
    pub fn set_options(&mut self, options: PresenterOptions) {
        self.options = options;
        self.stale = true;
    }

    /// What the terminal can do.
    pub fn options(&self) -> PresenterOptions {
        self.options
    }

    /// What presenting cost so far.
    pub fn written(&self) -> Written {
        self.written
    }

    /// Brings the terminal to the one state that needs no knowledge: no margins, no attributes, empty, cursor at home.
    fn start_over(&mut self) {
        self.out.extend_from_slice(b"\x1b[r\x1b[m\x1b[H\x1b[2J");
        self.pen = Look::default();
        self.place = Place::at(0, 0);
        self.shown.reset();
    }

    /// Lets the terminal move the rows that merely moved, by deleting or inserting lines within margins:
    /// every terminal since the VT102 does that, where `CSI S` and `T` are unknown to some.
    fn scroll(&mut self, next: &Buffer, changed: &[usize]) -> bool {
        let width = usize::from(next.area.width);
        let Some(shift) = scroll::find(&self.shown.content, &next.content, width, changed) else {
            return false;
        };
        // New lines may take the pen's ground.
        self.look(Look::default());
        let by = shift.up.unsigned_abs();
        let margins = format!("\x1b[{};{}r", shift.top + 1, shift.bottom + 1);
        let home = if shift.top > 0 {
            format!("\x1b[{}H", shift.top + 1)
        } else {
            String::new()
        };
        let count = if by > 1 {
            by.to_string()
        } else {
            String::new()
        };
        let lines = if shift.up > 0 { 'M' } else { 'L' };
        self.out
            .extend_from_slice(format!("{margins}{home}\x1b[{count}{lines}\x1b[r").as_bytes());
        self.place = Place::at(0, 0);
        scroll::apply(&mut self.shown.content, width, shift);
        true
    }

    /// The rows that differ.
    fn changed(&self, next: &Buffer) -> Vec<usize> {
        let width = usize::from(next.area.width).max(1);
        let rows = self.shown.content.chunks(width);
        rows.zip(next.content.chunks(width))
            .enumerate()
            .filter(|(_, (shown, next))| !glyph::are_same(shown, next))
            .map(|(y, _)| y)
            .collect()
    }

    /// Draws what differs in one row.
    fn row(&mut self, next: &Buffer, y: usize) {
        let width = usize::from(next.area.width);
        let range = y * width..(y + 1) * width;
        // The shown buffer is lent out while the row is drawn: its glyphs borrow from it.
        let mut shown = std::mem::take(&mut self.shown.content);
        let (mut old, mut new) = (Vec::with_capacity(width), Vec::with_capacity(width));
        glyph::row(&shown[range.clone()], self.options.colour, &mut old);
        glyph::row(&next.content[range.clone()], self.options.colour, &mut new);
        self.glyphs(&old, &new, y as u16);
        shown[range.clone()].clone_from_slice(&next.content[range]);
        self.shown.content = shown;
    }

    fn glyphs(&mut self, old: &[Glyph<'_>], new: &[Glyph<'_>], y: u16) {
        let end = new
            .iter()
            .rposition(|g| !g.is_erased())
            .map_or(0, |last| last + 1);
        let tail = (end..new.len())
            .find(|&x| old[x] != new[x])
            .filter(|x| new.len() - x >= ERASE_FROM);
        let mut x = 0;
        // A terminal that drew a doubtful character wider than told has painted over the next one.
        let mut overdrawn = false;
        while x < tail.unwrap_or(new.len()) {
            let columns = usize::from(new[x].width).max(1);
            if overdrawn || old[x..x + columns] != new[x..x + columns] {
                self.glyph(new, x, y);
                overdrawn = !glyph::is_sure(new[x].symbol, self.options.ambiguous_is_narrow);
            }
            x += columns;
        }
        if let Some(x) = tail {
            self.go(x as u16, y, Some(new));
            if !self.pen.blank_shows_nothing() {
                self.look(Look::default());
            }
            self.out.extend_from_slice(b"\x1b[K");
        }
    }

    fn glyph(&mut self, row: &[Glyph<'_>], x: usize, y: u16) {
        let glyph = row[x];
        self.go(x as u16, y, Some(row));
        if !glyph.fits(self.pen) {
            self.look(glyph.look);
        }
        self.out.extend_from_slice(glyph.symbol.as_bytes());
        let after = x + usize::from(glyph.width);
        let known =
            after < row.len() && glyph::is_sure(glyph.symbol, self.options.ambiguous_is_narrow);
        self.place = Place {
            y: Some(y),
            x: known.then_some(after as u16),
        };
    }

    fn look(&mut self, look: Look) {
        sgr::change(&mut self.out, self.pen, look);
        self.pen = look;
    }

    /// Moves the cursor; a gap of unchanged characters in the pen's look is written over when that is shorter.
    fn go(&mut self, x: u16, y: u16, row: Option<&[Glyph<'_>]>) {
        let way = motion::go(self.place, x, y);
        let here = self
            .place
            .x
            .filter(|here| self.place.y == Some(y) && *here < x);
        let gap = here
            .zip(row)
            .map(|(here, row)| &row[usize::from(here)..usize::from(x)]);
        let writable = |gap: &&[Glyph<'_>]| {
            gap.iter().map(|g| g.symbol.len()).sum::<usize>() <= way.len()
                && gap.first().is_some_and(|g| g.width > 0)
                && gap.iter().all(|g| {
                    g.width == 0
                        || (g.fits(self.pen)
                            && glyph::is_sure(g.symbol, self.options.ambiguous_is_narrow))
                })
        };
        match gap.filter(writable) {
            Some(gap) => gap
                .iter()
                .for_each(|g| self.out.extend_from_slice(g.symbol.as_bytes())),
            None => self.out.extend_from_slice(&way),
        }
        self.place = Place::at(x, y);
    }

    fn put_cursor(&mut self, cursor: Option<(u16, u16)>, drawn: bool, fresh: bool) {
        if let Some((x, y)) = cursor
            && (drawn || cursor != self.cursor)
        {
            self.go(x, y, None);
        }
        if fresh || cursor.is_some() != self.cursor.is_some() {
            self.out.extend_from_slice(if cursor.is_some() {
                b"\x1b[?25h"
            } else {
                b"\x1b[?25l"
            });
        }
        self.cursor = cursor;
    }
}
