//! The tickets whose number ends in certain digits: no index names them, the last ordinal given on each day does.
//!
//! A number is a day and an ordinal of at least four digits, so an ending tells the ordinals to look up. That costs a look-up for
//! each ticket found and nothing for a new one. Where the last ordinals cannot be those of what is stored, every number is
//! looked at. Start at [`Store::ending`].

use super::failure::Failure;
use super::{Store, grams};
use rusqlite::types::Value;
use serde::Serialize;

/// Digits of a day: `20261101`.
const DAY_DIGITS: usize = 8;
/// Least digits of an ordinal.
const ORDINAL_DIGITS: usize = 4;
/// No day has a greater ordinal: a damaged count must not be gone through for ever.
const MOST: i64 = 10_000_000;
/// Most digits of an ordinal.
const MOST_DIGITS: usize = 8;

/// `FROM` of the tickets `t` with the numbers of [`ordinals`], the latest first and as many as are read.
const NUMBERED: &str = "FROM (WITH RECURSIVE numbered (day, ordinal, first, step) AS (\
     SELECT day, last - (last - first) % step, first, step FROM (\
     SELECT s.day, min(s.last, 10000000) AS last, a.value ->> 'first' AS first, a.value ->> 'step' AS step \
     FROM json_each(?) a CROSS JOIN number_sequence s \
     WHERE length(s.day) = 8 AND s.day NOT GLOB '*[^0-9]*' AND s.last > 0 \
     AND substr(s.day, 9 - length(a.value ->> 'day')) = a.value ->> 'day') WHERE first <= last \
     UNION ALL SELECT day, ordinal - step, first, step FROM numbered WHERE ordinal - step >= first \
     ORDER BY 1 DESC, 2 DESC) SELECT day || '-' || format('%04d', ordinal) AS no FROM numbered) n \
     CROSS JOIN ticket t ON t.no = n.no";

/// Ordinals on the days that end so: the first one and every `step` after it.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Ordinals<'a> {
    day: &'a str,
    first: i64,
    step: i64,
}

/// The ordinals of all numbers that end in these digits.
fn ordinals(ending: &str) -> Vec<Ordinals<'_>> {
    if !ending.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let digits = ending.len();
    let within = (digits <= MOST_DIGITS).then(|| {
        let step = 10_i64.pow(digits as u32);
        // An ordinal of more than four digits begins with none that is 0.
        let least = if digits > ORDINAL_DIGITS {
            step / 10
        } else {
            1
        };
        let value = ending.parse().unwrap_or(0);
        let first = if value < least { value + step } else { value };
        Ordinals {
            day: "",
            first,
            step,
        }
    });
    let beyond = (ORDINAL_DIGITS..digits)
        .filter(|own| *own <= MOST_DIGITS && digits - own <= DAY_DIGITS)
        .filter_map(|own| {
            let (day, ordinal) = ending.split_at(digits - own);
            let first = ordinal.parse().ok()?;
            let is_one = first > 0 && (own == ORDINAL_DIGITS || !ordinal.starts_with('0'));
            is_one.then_some(Ordinals {
                day,
                first,
                step: MOST,
            })
        });
    within.into_iter().chain(beyond).collect()
}

/// The same of the tickets whose number begins so, read backwards: all are gone through.
const LOOKED_AT: &str = "FROM (SELECT s.id, s.no FROM (SELECT ? AS ending) CROSS JOIN ticket s NOT INDEXED \
     WHERE substr(s.reversed_no, 1, length(ending)) = ending ORDER BY s.id DESC) t";

impl Store {
    /// `FROM` of the tickets `t` whose number ends so, hyphens or not, the latest first; and the one value to bind in it.
    pub(super) fn ending(&self, ending: &str) -> Result<(&'static str, Value), Failure> {
        from(ending, self.has_every_ordinal()?)
    }

    /// The same for who acts on what is found: that it is the only one must be so even where a day's count is damaged.
    pub(super) fn sure_ending(&self, ending: &str) -> Result<(&'static str, Value), Failure> {
        from(ending, self.has_every_ordinal()? && self.has_every_last()?)
    }

    /// Whether the last number of each day is a ticket's: a count that stands at another day is found so.
    fn has_every_last(&self) -> Result<bool, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT NOT EXISTS (SELECT 1 FROM number_sequence s WHERE NOT EXISTS \
                 (SELECT 1 FROM ticket t WHERE t.no = s.day || '-' || format('%04d', s.last)))",
            )?
            .query_row([], |row| row.get(0))?)
    }

    /// Whether the last ordinals can be those of what is stored: as many as there are tickets, and hardly more.
    fn has_every_ordinal(&self) -> Result<bool, Failure> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT total(last) >= coalesce((SELECT n FROM tally WHERE scope = '' AND what = 'all'), 1 << 62) \
                 AND total(last) <= (SELECT 2 * coalesce(max(id), 0) + 10000 FROM ticket) FROM number_sequence \
                 WHERE length(day) = 8 AND day NOT GLOB '*[^0-9]*' AND last > 0",
            )?
            .query_row([], |row| row.get(0))?)
    }

    /// The numbers that no ending finds: beyond the last one given on their day.
    pub(super) fn beyond_given(&self, most: usize) -> Result<Vec<String>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT t.no FROM ticket t LEFT JOIN number_sequence s ON s.day = substr(t.no, 1, 8) \
             WHERE s.last IS NULL OR CAST(substr(t.no, 10) AS INTEGER) > s.last ORDER BY t.id LIMIT ?",
        )?;
        let numbers = statement.query_map([most as i64], |row| row.get(0))?;
        Ok(numbers.collect::<Result<_, _>>()?)
    }
}

fn from(ending: &str, is_counted: bool) -> Result<(&'static str, Value), Failure> {
    let backwards = grams::reversed_no(ending);
    if !is_counted {
        return Ok((LOOKED_AT, backwards.into()));
    }
    let ending: String = backwards.chars().rev().collect();
    let asked = serde_json::to_string(&ordinals(&ending))?;
    Ok((NUMBERED, asked.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whether a number is among those of an ending.
    fn names(ending: &str, day: &str, ordinal: i64) -> usize {
        let all = ordinals(ending);
        let holds = |one: &&Ordinals<'_>| {
            day.ends_with(one.day) && ordinal >= one.first && (ordinal - one.first) % one.step == 0
        };
        all.iter().filter(holds).count()
    }

    proptest! {
        #[test]
        fn an_ending_names_just_the_numbers_that_end_so(
            day in "20[0-2][0-9][01][0-9][0-3][0-9]",
            ordinal in prop_oneof![1_i64..40, 990_i64..1_010, 1_i64..9_999, 9_990_i64..100_100, 100_000_i64..MOST],
            cut in 0_usize..17,
            other in "[0-9]{0,14}",
        ) {
            let number = format!("{day}{ordinal:04}");
            let own = &number[cut.min(number.len())..];
            prop_assert_eq!(names(own, &day, ordinal), 1, "{} of {}", own, number);
            prop_assert_eq!(names(&other, &day, ordinal), usize::from(number.ends_with(&other)), "{} of {}", other, number);
        }
    }

    #[test]
    fn no_day_is_gone_through_beyond_the_most() {
        assert!(NUMBERED.contains(&format!("min(s.last, {MOST})")));
    }

    #[test]
    fn what_is_no_ending_of_a_number_names_none() {
        assert_eq!(ordinals("fb12"), []);
        assert_eq!(ordinals("99999999999999999999999999"), []);
    }
}
