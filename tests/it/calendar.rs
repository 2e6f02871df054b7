//! Deadlines are right: the table of the rule book, and every day of every known year against a second
//! computation written differently (flags and sums over hand-read files, no domain code in it).
//! Start at [`every_day_agrees_with_a_second_computation`].
#![cfg(test)]

use chrono::{Datelike, Days, NaiveDate};
use fenbo::config::Rules;
use fenbo::domain::calendar::{Calendar, UnknownYear};
use fenbo::domain::clock::{
    Change, Clock, Counting, DayReason, DayUnit, Deadline, Limit, span_due,
};
use fenbo::domain::instant::{Instant, Zone};
use fenbo::domain::light::{Light, light};
use fenbo::domain::policy::Policy;
use fenbo::domain::ticket::{LimitClass, State};
use proptest::prelude::*;
use std::path::Path;
use std::sync::OnceLock;

const ENQUIRY: Limit = Limit {
    amount: 5,
    unit: DayUnit::WorkingDay,
};
const COMPLAINT: Limit = Limit {
    amount: 15,
    unit: DayUnit::WorkingDay,
};
const URBAN: Limit = Limit {
    amount: 3,
    unit: DayUnit::CalendarDay,
};

fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| fenbo::config::rules(None).expect("the built-in rules load"))
}

fn calendar() -> &'static Calendar {
    &rules().calendar
}

fn policy() -> &'static Policy {
    rules().editions.by_id("pingshan-2017").expect("built in")
}

fn how(roll: bool) -> Counting {
    Counting {
        roll,
        ..Counting::of(policy())
    }
}

fn zone() -> Zone {
    Zone::shanghai()
}

fn at(text: &str) -> Instant {
    zone().parse(text).expect("a time")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn deadline(created: Instant, limit: Limit, roll: bool) -> Result<Deadline, UnknownYear> {
    Clock::new(created, limit).deadline(calendar(), how(roll))
}

// ------------------------------------------------------------------ the second computation

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Days since 1970-01-01 by the civil calendar's own arithmetic (no library).
fn days_from_civil(y: i64, m: i64, d: i64) -> i64 {
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let year_of_era = y - era * 400;
    let day_of_year = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + d - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn ordinal(text: &str) -> i64 {
    let part = |from: usize, to: usize| text[from..to].parse::<i64>().expect("a number");
    days_from_civil(part(0, 4), part(5, 7), part(8, 10))
}

/// Which days count, from 2007-01-01 to 2026-12-31, with sums from the start: `sums[i]` days count before day `i`.
struct Counted {
    first: i64,
    flags: Vec<bool>,
    sums: Vec<i64>,
}

impl Counted {
    fn of(first: i64, flags: Vec<bool>) -> Self {
        let mut sums = vec![0];
        for flag in &flags {
            sums.push(sums[sums.len() - 1] + i64::from(*flag));
        }
        Self { first, flags, sums }
    }

    /// The working days as the calendar files have them, read line by line.
    fn working() -> Self {
        let (first, last) = (ordinal("2007-01-01"), ordinal("2026-12-31"));
        // 1970-01-01 was a Thursday: with 0 for Monday, that is 3.
        let mut flags: Vec<bool> = (first..=last).map(|d| (d + 3).rem_euclid(7) < 5).collect();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/calendars");
        for year in 2007..=2026 {
            let text = std::fs::read_to_string(folder.join(format!("{year}.toml"))).expect("file");
            let mut works = None;
            for line in text.lines() {
                match line.trim() {
                    "off = [" => works = Some(false),
                    "work = [" => works = Some(true),
                    "]" => works = None,
                    line => {
                        let (Some(works), Some(from)) = (works, line.find("date = \"")) else {
                            continue;
                        };
                        let date = ordinal(&line[from + 8..from + 18]);
                        if let Ok(index) = usize::try_from(date - first) {
                            flags[index] = works;
                        }
                    }
                }
            }
        }
        Self::of(first, flags)
    }

    fn every_day() -> Self {
        let (first, last) = (ordinal("2007-01-01"), ordinal("2026-12-31"));
        Self::of(first, vec![true; (last - first + 1) as usize])
    }

    /// The day on which `n` days have counted since the end of day `start`; absent when that is beyond the known years.
    fn last_day(&self, start: i64, n: i64) -> Option<i64> {
        let after = usize::try_from(start + 1 - self.first).ok()?;
        let wanted = self.sums.get(after)? + n;
        let index = self.sums.partition_point(|sum| *sum < wanted);
        (index < self.sums.len()).then(|| self.first + index as i64 - 1)
    }

    /// The first day from `from` on that counts.
    fn roll(&self, from: i64) -> Option<i64> {
        let at = usize::try_from(from - self.first).ok()?;
        let skipped = self.flags.get(at..)?.iter().position(|f| *f)?;
        Some(from + skipped as i64)
    }

    /// Counted seconds between the end of day `start` and the moment `t` (UTC+8).
    fn spent(&self, start: i64, t: i64) -> i64 {
        let local = t + 8 * HOUR;
        let today = local.div_euclid(DAY);
        if today <= start {
            return 0;
        }
        let index = |d: i64| ((d - self.first).max(0) as usize).min(self.flags.len());
        let whole = self.sums[index(today)] - self.sums[index(start + 1)];
        let part = if self.flags.get(index(today)) == Some(&true) {
            local.rem_euclid(DAY)
        } else {
            0
        };
        whole * DAY + part
    }
}

fn working() -> &'static Counted {
    static WORKING: OnceLock<Counted> = OnceLock::new();
    WORKING.get_or_init(Counted::working)
}

fn every_day() -> &'static Counted {
    static EVERY: OnceLock<Counted> = OnceLock::new();
    EVERY.get_or_init(Counted::every_day)
}

/// The day number of a moment in UTC+8.
fn day_number(t: i64) -> i64 {
    (t + 8 * HOUR).div_euclid(DAY)
}

/// 24:00 (UTC+8) of a day.
fn end_of(day: i64) -> i64 {
    (day + 1) * DAY - 8 * HOUR
}

fn second_opinion(created: i64, limit: Limit, roll: bool) -> Option<i64> {
    let start = day_number(created);
    match limit.unit {
        DayUnit::WorkingDay => working().last_day(start, i64::from(limit.amount)),
        DayUnit::CalendarDay if !roll => Some(start + i64::from(limit.amount)),
        DayUnit::CalendarDay => working().roll(start + i64::from(limit.amount)),
    }
    .map(end_of)
}

// ------------------------------------------------------------------------------- the table

/// Created; last day of 5 working days, 15 working days, 3 calendar days, the same rolled, the return window.
const TABLE: [(&str, [&str; 5]); 8] = [
    (
        "2017-06-01",
        [
            "2017-06-08",
            "2017-06-22",
            "2017-06-04",
            "2017-06-05",
            "2017-06-06",
        ],
    ),
    (
        "2017-06-03",
        [
            "2017-06-09",
            "2017-06-23",
            "2017-06-06",
            "2017-06-06",
            "2017-06-07",
        ],
    ),
    (
        "2017-09-29",
        [
            "2017-10-12",
            "2017-10-26",
            "2017-10-02",
            "2017-10-09",
            "2017-10-10",
        ],
    ),
    (
        "2017-09-30",
        [
            "2017-10-13",
            "2017-10-27",
            "2017-10-03",
            "2017-10-09",
            "2017-10-11",
        ],
    ),
    (
        "2017-10-04",
        [
            "2017-10-13",
            "2017-10-27",
            "2017-10-07",
            "2017-10-09",
            "2017-10-11",
        ],
    ),
    (
        "2017-12-29",
        [
            "2018-01-08",
            "2018-01-22",
            "2018-01-01",
            "2018-01-02",
            "2018-01-04",
        ],
    ),
    (
        "2018-02-13",
        [
            "2018-02-26",
            "2018-03-12",
            "2018-02-16",
            "2018-02-22",
            "2018-02-23",
        ],
    ),
    (
        "2018-04-04",
        [
            "2018-04-12",
            "2018-04-26",
            "2018-04-07",
            "2018-04-08",
            "2018-04-10",
        ],
    ),
];

#[test]
fn the_table_of_the_rule_book_holds_at_every_hour() {
    for (created, last_days) in TABLE {
        for hour in ["00:00", "08:30", "17:10", "23:59"] {
            let moment = at(&format!("{created} {hour}"));
            let columns = [
                (ENQUIRY, false),
                (COMPLAINT, false),
                (URBAN, false),
                (URBAN, true),
            ];
            for ((limit, roll), last) in columns.into_iter().zip(last_days) {
                let found = deadline(moment, limit, roll).expect("known years");
                assert_eq!(
                    found.last_day,
                    day(last),
                    "{created} {hour} {limit:?} rolled {roll}"
                );
                assert_eq!(
                    zone().rfc3339(found.due_at),
                    format!("{}T00:00:00+08:00", day(last) + Days::new(1))
                );
                assert_eq!(found.days.last().map(|d| d.date), Some(day(last)));
            }
            let window = &policy().stages.return_window;
            let end = span_due(moment, window, calendar(), zone()).expect("known years");
            assert_eq!(
                zone().date(end.plus(-1)),
                day(last_days[4]),
                "{created} window"
            );
        }
    }
}

#[test]
fn the_classes_have_the_limits_of_the_table() {
    let limit = |class| Limit::of(policy().limit(class, &[]));
    assert_eq!(limit(LimitClass::Enquiry), ENQUIRY);
    assert_eq!(limit(LimitClass::Complaint), COMPLAINT);
    assert_eq!(limit(LimitClass::Urban), URBAN);
    assert!(
        !how(policy().roll_calendar_deadline.value).roll,
        "off by default"
    );
}

#[test]
fn every_day_agrees_with_a_second_computation() {
    let (first, last) = (ordinal("2007-01-01"), ordinal("2026-12-31"));
    let mut compared = 0;
    for number in first..=last {
        // The first and the last second of every hour.
        for second in (0..24).flat_map(|hour| [hour * HOUR, hour * HOUR + HOUR - 1]) {
            let created = number * DAY - 8 * HOUR + second;
            for (limit, roll) in [
                (ENQUIRY, false),
                (COMPLAINT, false),
                (URBAN, false),
                (URBAN, true),
            ] {
                let ours = deadline(Instant(created), limit, roll);
                let theirs = second_opinion(created, limit, roll);
                assert_eq!(
                    ours.as_ref().ok().map(|d| d.due_at.0),
                    theirs,
                    "created {} {limit:?} rolled {roll}",
                    zone().minute(Instant(created))
                );
                if let Err(UnknownYear(year)) = ours {
                    assert_eq!(year, 2027);
                }
                compared += 1;
            }
        }
    }
    assert_eq!(compared, (last - first + 1) * 48 * 4);
}

#[test]
fn a_deadline_explains_itself_day_by_day_without_gaps() {
    let found = deadline(at("2017-09-29 17:10"), ENQUIRY, false).expect("known");
    let days: Vec<NaiveDate> = found.days.iter().map(|d| d.date).collect();
    assert_eq!(days.first(), Some(&day("2017-09-29")));
    assert!(days.windows(2).all(|w| w[1] == w[0] + Days::new(1)));
    assert_eq!(found.days[0].why, DayReason::StartDay);
    assert!(matches!(&found.days[1].why, DayReason::MakeUp(name) if name.contains("国庆")));
    assert!(matches!(&found.days[2].why, DayReason::Holiday(name) if name.contains("国庆")));
    let spent: Vec<u32> = found.days.iter().filter_map(|d| d.spent).collect();
    assert_eq!(spent, [1, 2, 3, 4, 5]);

    let rolled = deadline(at("2017-09-29 17:10"), URBAN, true).expect("known");
    let tail: Vec<_> = rolled
        .days
        .iter()
        .filter(|d| d.why == DayReason::Rolled)
        .collect();
    assert_eq!(tail.len(), 7, "3 to 9 October");
}

#[test]
fn a_year_without_its_notice_is_never_guessed() {
    assert_eq!(
        calendar().years().map(|(y, _)| y).collect::<Vec<_>>(),
        (2007..=2026).collect::<Vec<_>>()
    );
    for text in ["2006-12-30", "2006-06-01", "2027-01-04"] {
        assert_eq!(
            calendar().kind(day(text)),
            Err(UnknownYear(day(text).year()))
        );
    }
    // The day before the known years counts nothing of 2006, so nothing is guessed; two days before does.
    assert!(deadline(at("2006-12-31 12:00"), ENQUIRY, false).is_ok());
    assert_eq!(
        deadline(at("2006-12-30 12:00"), ENQUIRY, false),
        Err(UnknownYear(2006))
    );
    assert!(deadline(at("2026-12-24 12:00"), ENQUIRY, false).is_ok());
    assert_eq!(
        deadline(at("2026-12-25 12:00"), ENQUIRY, false),
        Err(UnknownYear(2027))
    );
    assert_eq!(
        deadline(at("2027-03-01 12:00"), COMPLAINT, false),
        Err(UnknownYear(2027))
    );
    // Calendar days need no notice, unless they are to roll.
    assert!(deadline(at("2027-03-01 12:00"), URBAN, false).is_ok());
    assert_eq!(
        deadline(at("2027-03-01 12:00"), URBAN, true),
        Err(UnknownYear(2027))
    );
}

#[test]
fn the_last_days_of_december_are_provisional_until_the_next_notice() {
    let provisional = |created: &str, limit| {
        deadline(at(created), limit, false)
            .expect("known")
            .provisional
    };
    assert!(provisional("2026-12-21 10:00", ENQUIRY), "last day 12-28");
    assert!(!provisional("2026-12-01 10:00", ENQUIRY));
    assert!(
        !provisional("2025-12-22 10:00", ENQUIRY),
        "the notice of 2026 is known"
    );
    assert!(
        !provisional("2026-12-28 10:00", URBAN),
        "calendar days do not change"
    );
}

#[test]
fn working_days_between_any_two_days_are_those_counted_one_by_one() {
    let (first, last) = (day("2016-12-20"), day("2019-01-15"));
    for from in first.iter_days().take_while(|d| *d <= last).step_by(5) {
        let mut counted = 0;
        for to in from.iter_days().take_while(|d| *d <= last) {
            counted += i64::from(calendar().kind(to).unwrap().is_working());
            assert_eq!(
                calendar().working_days(from, to),
                Ok(counted),
                "{from} {to}"
            );
        }
    }
    assert_eq!(calendar().working_days(last, first), Ok(0));
    assert!(
        calendar()
            .working_days(day("2026-12-01"), day("2027-01-05"))
            .is_err()
    );
}

#[test]
fn the_calendars_are_the_published_ones() {
    let Some(folder) = std::env::var_os("FENBO_DATA") else {
        eprintln!("skipped: FENBO_DATA does not name the folder of real data");
        return;
    };
    let file = Path::new(&folder).join("holidays/china_special_days_2007_2026.csv");
    let text = std::fs::read_to_string(&file).expect("the published days");
    let special: std::collections::BTreeMap<NaiveDate, bool> = text
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            (day(fields[0]), fields[fields.len() - 1] == "1")
        })
        .collect();
    assert!(special.len() > 500);
    let mut date = day("2007-01-01");
    while date <= day("2026-12-31") {
        let weekday = date.weekday().number_from_monday() <= 5;
        let published = special.get(&date).copied().unwrap_or(weekday);
        assert_eq!(
            calendar().kind(date).map(|k| k.is_working()),
            Ok(published),
            "{date}"
        );
        date = date + Days::new(1);
    }
}

// ------------------------------------------------------------------------- when it turns yellow

/// The first second at which the time left is at most the larger of one unit and a fifth of the limit.
fn yellow_by_definition(created: i64, limit: Limit) -> i64 {
    let counted = match limit.unit {
        DayUnit::WorkingDay => working(),
        DayUnit::CalendarDay => every_day(),
    };
    let start = day_number(created);
    let total = i64::from(limit.amount) * DAY;
    let left = DAY.max(total / 5);
    let is_yellow = |t: i64| total - counted.spent(start, t) <= left;
    let (mut early, mut late) = (created - 1, created + 400 * DAY);
    while late - early > 1 {
        let middle = i64::midpoint(early, late);
        if is_yellow(middle) {
            late = middle;
        } else {
            early = middle;
        }
    }
    late
}

#[test]
fn the_light_turns_yellow_when_a_unit_or_a_fifth_is_left() {
    let units = [DayUnit::WorkingDay, DayUnit::CalendarDay];
    for number in (ordinal("2016-12-20")..ordinal("2018-03-01")).step_by(3) {
        for (amount, unit) in (1..=20).flat_map(|n| units.map(|u| (n, u))) {
            let limit = Limit { amount, unit };
            let created = number * DAY + 3 * HOUR + 1234;
            let found = deadline(Instant(created), limit, false).expect("known");
            assert_eq!(
                found.warn_at.0,
                yellow_by_definition(created, limit),
                "created {} {limit:?}",
                zone().minute(Instant(created))
            );
        }
    }
}

#[test]
fn days_that_do_not_count_leave_the_time_left_as_it_is() {
    // The fourth of five working days is Saturday 30 September, worked; the fifth is 9 October.
    let found = deadline(at("2017-09-26 09:00"), ENQUIRY, false).expect("known");
    assert_eq!(found.last_day, day("2017-10-09"));
    assert_eq!(zone().minute(found.warn_at), "2017-10-01 00:00");
}

#[test]
fn the_light_turns_at_its_instants_and_not_a_second_before() {
    let found = deadline(at("2017-06-01 10:00"), ENQUIRY, false).expect("known");
    let lamp = |now: Instant| {
        light(
            &State::Handling,
            Some(found.warn_at),
            Some(found.due_at),
            None,
            now,
        )
    };
    assert_eq!(zone().minute(found.warn_at), "2017-06-08 00:00");
    assert_eq!(lamp(found.warn_at.plus(-1)), Light::Green);
    assert_eq!(lamp(found.warn_at), Light::Yellow);
    assert_eq!(lamp(found.due_at.plus(-1)), Light::Yellow);
    assert_eq!(lamp(found.due_at), Light::Red);
}

// --------------------------------------------------------------- suspension, extension, class

#[test]
fn a_suspension_across_a_make_up_weekend_costs_the_days_that_would_have_counted() {
    // Created Thursday 28 September; suspended from Friday to the end of Saturday, a make-up day.
    let mut clock = Clock::new(at("2017-09-28 10:00"), ENQUIRY);
    let due = |clock: &Clock| {
        clock
            .deadline(calendar(), how(false))
            .expect("known")
            .last_day
    };
    assert_eq!(due(&clock), day("2017-10-11"));
    clock.mark(
        at("2017-09-29 09:00"),
        Change::Suspended {
            until: at("2017-10-01 00:00"),
        },
    );
    assert_eq!(due(&clock), day("2017-10-13"), "Friday and Saturday");
    // Resumed on Saturday: Saturday counts again.
    clock.mark(at("2017-09-30 18:00"), Change::Resumed);
    assert_eq!(due(&clock), day("2017-10-12"));
    assert!(clock.is_suspended_at(at("2017-09-29 09:00")));
    assert!(!clock.is_suspended_at(at("2017-09-30 18:00")));
}

#[test]
fn an_extension_adds_units_and_a_new_class_counts_from_the_same_start() {
    let mut clock = Clock::new(at("2017-09-29 17:10"), ENQUIRY);
    let last = |clock: &Clock| {
        clock
            .deadline(calendar(), how(false))
            .expect("known")
            .last_day
    };
    clock.mark(at("2017-10-10 10:00"), Change::Extended { units: 5 });
    assert_eq!(last(&clock), day("2017-10-19"));
    clock.mark(
        at("2017-10-11 10:00"),
        Change::LimitChanged { limit: COMPLAINT },
    );
    assert_eq!(
        last(&clock),
        day("2017-11-02"),
        "15 and 5, from 29 September"
    );
    clock.mark(
        at("2017-10-12 10:00"),
        Change::LimitChanged { limit: URBAN },
    );
    assert_eq!(
        clock.current_limit(),
        Limit {
            amount: 8,
            unit: DayUnit::CalendarDay
        }
    );
    assert_eq!(last(&clock), day("2017-10-07"));
    assert_eq!(clock.started, at("2017-09-29 17:10"));
}

fn limits() -> impl Strategy<Value = Limit> {
    (1..40_u32, any::<bool>()).prop_map(|(amount, wd)| Limit {
        amount,
        unit: if wd {
            DayUnit::WorkingDay
        } else {
            DayUnit::CalendarDay
        },
    })
}

/// A moment from 2008 to 2025, so that every deadline stays within known years.
fn moments() -> impl Strategy<Value = i64> {
    ordinal("2008-01-01") * DAY..ordinal("2025-06-01") * DAY
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_suspension_moves_the_deadline_by_the_counted_days_it_covers(
        created in moments(),
        limit in limits(),
        begins in 0..30 * DAY,
        lasts in 1..60 * DAY,
        resumed_after in proptest::option::of(1..60 * DAY),
    ) {
        let from = created + begins;
        let until = from + lasts;
        let end = resumed_after.map_or(until, |r| until.min(from + r));
        let mut clock = Clock::new(Instant(created), limit);
        clock.mark(Instant(from), Change::Suspended { until: Instant(until) });
        if let Some(after) = resumed_after {
            clock.mark(Instant(from + after), Change::Resumed);
        }
        let found = clock.deadline(calendar(), how(false)).expect("known");

        let base = match limit.unit {
            DayUnit::WorkingDay => working(),
            DayUnit::CalendarDay => every_day(),
        };
        // A day is spent when the clock runs at its last second.
        let flags = base.flags.iter().enumerate().map(|(i, flag)| {
            let last_second = end_of(base.first + i as i64) - 1;
            *flag && !(from <= last_second && last_second < end)
        });
        let without = Counted::of(base.first, flags.collect());
        let start = day_number(created);
        let last = without.last_day(start, i64::from(limit.amount)).expect("known");
        prop_assert_eq!(found.due_at.0, end_of(last));

        // Said in the other way: moved by exactly the counted days covered before the new deadline.
        let covered = (start + 1..=last)
            .filter(|d| {
                let index = (d - base.first) as usize;
                base.flags[index] && !without.flags[index]
            })
            .count() as i64;
        prop_assert_eq!(base.last_day(start, i64::from(limit.amount) + covered), Some(last));
    }

    #[test]
    fn a_later_creation_never_has_an_earlier_deadline(
        created in moments(), later in 0..30 * DAY, limit in limits(), roll in any::<bool>(),
    ) {
        let first = deadline(Instant(created), limit, roll).expect("known");
        let second = deadline(Instant(created + later), limit, roll).expect("known");
        prop_assert!(first.due_at <= second.due_at);
        prop_assert!(first.warn_at <= first.due_at && Instant(created) <= first.warn_at);
    }

    #[test]
    fn more_units_never_mean_an_earlier_deadline_and_an_extension_is_only_that(
        created in moments(), limit in limits(), units in 1..20_u32, after in 0..30 * DAY,
    ) {
        let plain = deadline(Instant(created), limit, false).expect("known");
        let longer = Limit { amount: limit.amount + units, unit: limit.unit };
        let wanted = deadline(Instant(created), longer, false).expect("known");
        let mut clock = Clock::new(Instant(created), limit);
        clock.mark(Instant(created + after), Change::Extended { units });
        let extended = clock.deadline(calendar(), how(false)).expect("known");
        prop_assert!(extended.due_at > plain.due_at);
        prop_assert_eq!(extended, wanted);
    }

    #[test]
    fn a_class_change_is_the_deadline_the_new_class_had_from_the_start(
        created in moments(), old in limits(), new in limits(), after in 0..30 * DAY,
    ) {
        let mut clock = Clock::new(Instant(created), old);
        clock.mark(Instant(created + after), Change::LimitChanged { limit: new });
        prop_assert_eq!(
            clock.deadline(calendar(), how(false)),
            deadline(Instant(created), new, false)
        );
    }
}

// ------------------------------------------------------------------------- where the login lives

fn digest() -> String {
    TABLE
        .iter()
        .flat_map(|(created, _)| {
            [ENQUIRY, COMPLAINT, URBAN].map(|limit| {
                let found = deadline(at(&format!("{created} 00:30")), limit, true).expect("known");
                format!(
                    "digest {} {}",
                    zone().rfc3339(found.due_at),
                    zone().minute(found.warn_at)
                )
            })
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_zone_and_language_of_the_login_change_nothing() {
    const CHILD: &str = "FENBO_TEST_PRINTS_DIGEST";
    if std::env::var_os(CHILD).is_some() {
        println!("{}", digest());
        return;
    }
    let this = "calendar::the_zone_and_language_of_the_login_change_nothing";
    for zone in [
        "UTC",
        "Asia/Shanghai",
        "America/Los_Angeles",
        "Pacific/Kiritimati",
        "Asia/Kolkata",
        "XYZ12",
        "XYZ-14",
        "",
    ] {
        for lang in ["C", "zh_CN.UTF-8", "en_US.UTF-8", "tr_TR.UTF-8"] {
            let program = std::env::current_exe().expect("this test");
            let output = std::process::Command::new(program)
                .args(["--exact", this, "--nocapture"])
                .env(CHILD, "1")
                .env("TZ", zone)
                .env("LANG", lang)
                .env("LC_ALL", lang)
                .output()
                .expect("runs");
            let said = String::from_utf8(output.stdout).expect("text");
            let lines: Vec<&str> = said
                .lines()
                .filter_map(|l| l.find("digest").map(|i| &l[i..]))
                .collect();
            assert_eq!(lines.join("\n"), digest(), "TZ={zone} LANG={lang}");
        }
    }
}
