//! Where things stand: a pure function of the size. The update scrolls by it, the view draws by it.

/// Below this the screen only says so.
pub const LEAST: (u16, u16) = (60, 16);
/// From this height on the selected ticket is shown below the queue.
pub const PANE_FROM: u16 = 36;
/// From this width on the picker stands in the pane, beside the request, and the queue stays in sight.
pub const BESIDE_FROM: u16 = 110;

/// A part of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its first column.
    pub x: u16,
    /// Its first row.
    pub y: u16,
    /// How many columns it has.
    pub width: u16,
    /// How many rows.
    pub height: u16,
}

/// Rows of the screen, from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regions {
    /// First row of the list, and how many rows it has.
    pub list: (u16, u16),
    /// The same for the detail; no rows when it is not shown.
    pub detail: (u16, u16),
    /// The status line.
    pub status: u16,
    /// The keys.
    pub footer: u16,
}

impl Regions {
    /// Of a screen of this height, with the detail over all of it or not.
    pub fn of(height: u16, full: bool) -> Self {
        let status = height.saturating_sub(2);
        let footer = height.saturating_sub(1);
        // Header, views and column heads stand above.
        let body = status.saturating_sub(3);
        if full {
            return Self {
                list: (3, 0),
                detail: (3, status.saturating_sub(3)),
                status,
                footer,
            };
        }
        let pane = if height >= PANE_FROM { body * 2 / 5 } else { 0 };
        let list = body - pane;
        Self {
            list: (3, list),
            // One row is the rule between the two.
            detail: (3 + list + 1, pane.saturating_sub(1)),
            status,
            footer,
        }
    }

    /// The picker's place in the pane of a screen of this width, the rule above it included; none where it would leave no room.
    pub fn beside(&self, width: u16) -> Option<Place> {
        let (top, height) = self.detail;
        let is_pane = height > 0 && self.list.1 > 0;
        (is_pane && width >= BESIDE_FROM).then(|| {
            let own = (width * 11 / 20).min(90);
            Place {
                x: width - own,
                y: top - 1,
                width: own,
                height: height + 1,
            }
        })
    }

    /// Whether the screen is too small for anything.
    pub fn is_too_small(width: u16, height: u16) -> bool {
        width < LEAST.0 || height < LEAST.1
    }
}
