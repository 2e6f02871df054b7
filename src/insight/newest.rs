//! The newest few of many tickets, kept while all of them pass by.

/// The greatest so many of what was shown, least first: what begins with a moment is kept when it is newer.
#[derive(Debug)]
pub(super) struct Newest<T, const MOST: usize>(Vec<T>);

impl<T, const MOST: usize> Default for Newest<T, MOST> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Ord, const MOST: usize> Newest<T, MOST> {
    /// Shows one.
    pub(super) fn keep(&mut self, new: T) {
        let place = self.0.partition_point(|kept| *kept <= new);
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

    /// Takes over what another kept.
    pub(super) fn join(&mut self, other: Self) {
        other.0.into_iter().for_each(|kept| self.keep(kept));
    }

    /// Those kept, newest first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &T> {
        self.0.iter().rev()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stay_however_they_came() {
        let orders = [[1, 2, 3, 4], [4, 3, 2, 1], [3, 1, 4, 2]];
        for order in orders {
            let mut newest: Newest<(i64, String), 3> = Newest::default();
            for no in order {
                newest.keep((no / 2, no.to_string()));
            }
            let kept: Vec<&str> = newest.newest_first().map(|(_, no)| no.as_str()).collect();
            assert_eq!(kept, ["4", "3", "2"]);
        }
    }

    #[test]
    fn two_that_join_keep_what_one_would_have() {
        let mut both: Newest<i64, 2> = Newest::default();
        let mut other: Newest<i64, 2> = Newest::default();
        both.keep(1);
        both.keep(4);
        other.keep(2);
        other.keep(3);
        both.join(other);
        assert!(both.newest_first().eq(&[4, 3]));
    }
}
