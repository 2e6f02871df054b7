//! The newest few of many tickets, kept while all of them pass by.

/// The newest so many of the tickets shown, oldest first; of one second the greater number is the newer.
#[derive(Debug, Default)]
pub(super) struct Newest<const MOST: usize>(Vec<Kept>);

/// A ticket that was kept.
#[derive(Debug)]
pub(super) struct Kept {
    at: i64,
    /// Its number.
    pub(super) no: Box<str>,
    /// Its words.
    pub(super) words: Box<str>,
}

impl<const MOST: usize> Newest<MOST> {
    /// Shows a ticket.
    pub(super) fn keep(&mut self, at: i64, no: &str, words: &str) {
        self.put(Kept {
            at,
            no: no.into(),
            words: words.into(),
        });
    }

    /// Takes over what another kept.
    pub(super) fn join(&mut self, other: Self) {
        other.0.into_iter().for_each(|kept| self.put(kept));
    }

    /// Those kept, newest first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Kept> {
        self.0.iter().rev()
    }

    fn put(&mut self, new: Kept) {
        let place = self
            .0
            .partition_point(|kept| (kept.at, &kept.no) <= (new.at, &new.no));
        if self.0.len() < MOST {
            // Most never fill: room is made for a few at a time.
            if self.0.len() == self.0.capacity() {
                self.0.reserve_exact(5);
            }
            self.0.insert(place, new);
        } else if place > 0 {
            // The oldest goes.
            self.0[..place].rotate_left(1);
            self.0[place - 1] = new;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stay_however_they_came() {
        let orders = [[1, 2, 3, 4], [4, 3, 2, 1], [3, 1, 4, 2]];
        for order in orders {
            let mut newest: Newest<3> = Newest::default();
            for no in order {
                newest.keep(no / 2, &no.to_string(), "");
            }
            let kept: Vec<&str> = newest.newest_first().map(|kept| &*kept.no).collect();
            assert_eq!(kept, ["4", "3", "2"]);
        }
    }

    #[test]
    fn two_that_join_keep_what_one_would_have() {
        let mut both: Newest<2> = Newest::default();
        let mut other: Newest<2> = Newest::default();
        both.keep(1, "1", "");
        both.keep(4, "4", "");
        other.keep(2, "2", "");
        other.keep(3, "3", "");
        both.join(other);
        let kept: Vec<&str> = both.newest_first().map(|kept| &*kept.no).collect();
        assert_eq!(kept, ["4", "3"]);
    }
}
