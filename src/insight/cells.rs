//! What contexts know of their classes, all in one piece: tens of thousands of lists of one or two need no memory of their own.

/// One class in one context.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell {
    pub(crate) class: u16,
    pub(crate) weight: f32,
    pub(crate) energy: f32,
    pub(crate) slow: f32,
    pub(crate) fast: f32,
}

/// Where the cells of one context stand.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Stretch {
    at: u32,
    count: u16,
}

/// The cells of all contexts.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    cells: Vec<Cell>,
    /// How many of them belong to no context any more.
    lost: usize,
}

impl Cells {
    /// Lets all go and makes room for so many.
    pub(super) fn clear_for(&mut self, count: usize) {
        self.cells.clear();
        self.cells.reserve_exact(count);
        self.lost = 0;
    }

    pub(super) fn of(&self, stretch: Stretch) -> &[Cell] {
        self.cells.get(stretch.range()).unwrap_or_default()
    }

    pub(super) fn of_mut(&mut self, stretch: Stretch) -> &mut [Cell] {
        self.cells.get_mut(stretch.range()).unwrap_or_default()
    }

    /// How many cells contexts have.
    pub(super) fn len(&self) -> usize {
        self.cells.len() - self.lost
    }

    /// Puts one more cell behind those of a context, which move to the end unless they stand there.
    pub(super) fn push(&mut self, stretch: &mut Stretch, cell: Cell) {
        if stretch.range().end != self.cells.len() {
            let at = self.cells.len() as u32;
            self.cells.extend_from_within(stretch.range());
            self.lost += usize::from(stretch.count);
            stretch.at = at;
        }
        self.cells.push(cell);
        stretch.count += 1;
    }

    /// Lets the cells of a context go.
    pub(super) fn let_go(&mut self, stretch: Stretch) {
        self.lost += usize::from(stretch.count);
    }

    /// True when more than a fifth is of no use: time to [`Cells::close_up`].
    pub(super) fn is_sparse(&self) -> bool {
        self.lost > self.cells.len() / 5
    }

    /// Moves the cells of all contexts together. `stretches` are all there are.
    pub(super) fn close_up<'a>(&mut self, stretches: impl Iterator<Item = &'a mut Stretch>) {
        let mut stretches: Vec<&mut Stretch> = stretches.collect();
        stretches.sort_unstable_by_key(|stretch| stretch.at);
        let mut end = 0;
        for stretch in stretches {
            let from = stretch.range();
            stretch.at = end as u32;
            end += from.len();
            self.cells.copy_within(from, stretch.at as usize);
        }
        self.cells.truncate(end);
        self.lost = 0;
    }
}

impl Stretch {
    /// How many cells stand there.
    pub(super) fn len(self) -> u16 {
        self.count
    }

    fn range(self) -> std::ops::Range<usize> {
        let at = self.at as usize;
        at..at + usize::from(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(class: u16) -> Cell {
        Cell {
            class,
            weight: 0.0,
            energy: 0.0,
            slow: 1.0,
            fast: 1.0,
        }
    }

    /// Contexts that grow in turn, one of which goes, keep each its own cells in their order.
    #[test]
    fn each_context_keeps_its_own() {
        let mut cells = Cells::default();
        let mut stretches = [Stretch::default(); 5];
        for class in 0..7 {
            for (at, stretch) in stretches.iter_mut().enumerate() {
                cells.push(stretch, cell(class * 10 + at as u16));
            }
        }
        let gone = std::mem::take(&mut stretches[2]);
        cells.let_go(gone);
        assert!(cells.is_sparse());
        let check = |cells: &Cells, stretches: &[Stretch]| {
            for (at, &stretch) in stretches.iter().enumerate().filter(|(at, _)| *at != 2) {
                let classes: Vec<u16> = cells.of(stretch).iter().map(|cell| cell.class).collect();
                let own: Vec<u16> = (0..7).map(|class| class * 10 + at as u16).collect();
                assert_eq!(classes, own);
            }
            assert_eq!(cells.len(), 28);
        };
        check(&cells, &stretches);
        cells.close_up(stretches.iter_mut());
        check(&cells, &stretches);
        assert_eq!(cells.cells.len(), 28);
        cells.push(&mut stretches[0], cell(99));
        assert_eq!(
            cells.of(stretches[0]).last().map(|cell| cell.class),
            Some(99)
        );
    }
}
