//! The shortest way for the cursor from where it is to where it must be.
//!
//! Must not draw. Start at [`go`].

/// Where the cursor is known to be, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    /// Its row, unless unknown.
    pub(super) y: Option<u16>,
    /// Its column, unless unknown, or past the last column with a wrap pending.
    pub(super) x: Option<u16>,
}

impl Place {
    pub(super) fn at(x: u16, y: u16) -> Place {
        Place {
            y: Some(y),
            x: Some(x),
        }
    }
}

/// Line feeds further than this are never shorter than an address.
const FEEDS: u16 = 4;

/// The shortest bytes that bring the cursor to a column and row.
pub(super) fn go(from: Place, x: u16, y: u16) -> Vec<u8> {
    if from == Place::at(x, y) {
        return Vec::new();
    }
    let mut best = address(x, y);
    let mut offer = |way: Vec<u8>| {
        if way.len() < best.len() {
            best = way;
        }
    };
    if let Some(down) = from
        .y
        .and_then(|row| y.checked_sub(row))
        .filter(|down| *down <= FEEDS)
    {
        let feeds = || std::iter::repeat_n(b'\n', usize::from(down));
        let mut from_edge = vec![b'\r'];
        from_edge.extend(feeds());
        from_edge.extend(sideways(0, x));
        offer(from_edge);
        if let Some(column) = from.x {
            let mut from_here: Vec<u8> = feeds().collect();
            from_here.extend(sideways(column, x));
            offer(from_here);
        }
    }
    best
}

/// `CSI row ; column H`, with what is 1 left out.
fn address(x: u16, y: u16) -> Vec<u8> {
    match (x, y) {
        (0, 0) => b"\x1b[H".to_vec(),
        (0, _) => format!("\x1b[{}H", y + 1).into_bytes(),
        (_, 0) => format!("\x1b[;{}H", x + 1).into_bytes(),
        _ => format!("\x1b[{};{}H", y + 1, x + 1).into_bytes(),
    }
}

/// Within the row.
fn sideways(from: u16, to: u16) -> Vec<u8> {
    let by = from.abs_diff(to);
    match (from < to, by) {
        (_, 0) => Vec::new(),
        (true, 1) => b"\x1b[C".to_vec(),
        (true, _) => format!("\x1b[{by}C").into_bytes(),
        (false, 1..=3) => vec![8; usize::from(by)],
        (false, _) => format!("\x1b[{by}D").into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::num::NonZeroU16;

    #[test]
    fn the_shortest_way_is_taken() {
        let way = |from: Place, x, y| String::from_utf8(go(from, x, y)).unwrap();
        assert_eq!(way(Place::at(3, 3), 3, 3), "");
        assert_eq!(
            way(
                Place {
                    y: Some(3),
                    x: None
                },
                0,
                4
            ),
            "\r\n"
        );
        assert_eq!(way(Place::at(9, 3), 9, 4), "\n");
        assert_eq!(way(Place::at(9, 3), 19, 3), "\x1b[10C");
        assert_eq!(way(Place::at(9, 3), 8, 3), "\x08");
        assert_eq!(way(Place::default(), 0, 0), "\x1b[H");
        assert_eq!(way(Place::default(), 7, 30), "\x1b[31;8H");
    }

    proptest! {
        #[test]
        fn the_cursor_arrives(x0 in 0u16..80, y0 in 0u16..24, x in 0u16..80, y in 0u16..24, known: bool) {
            let mut screen = vt100::Parser::new(NonZeroU16::new(24).unwrap(), NonZeroU16::new(80).unwrap(), 0);
            screen.process(&go(Place::default(), x0, y0));
            let from = Place { y: Some(y0), x: known.then_some(x0) };
            screen.process(&go(from, x, y));
            prop_assert_eq!(screen.screen().cursor_position(), (y, x));
        }
    }
}
