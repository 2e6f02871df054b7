//! Holiday notices: the built-in years, and the centre's own `calendars/*.toml` over them.
//!
//! A centre adds the coming year's notice, or replaces a year that was changed after it was issued, without a new program:
//!
//! ```toml
//! year = 2027
//! notice_year = 2027
//! source = "国务院办公厅关于2027年部分节假日安排的通知"
//! off = [{ date = "2027-01-01", name = "元旦" }]
//! work = []
//! ```
//! A year of one's own replaces the built-in one whole. No year is ever guessed here.

use super::error::{ConfigError, Problem};
use super::source::{Source, prepared};
use crate::domain::calendar::{Calendar, NamedDay, YearNotice};
use crate::domain::later::Later;
use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;

/// The notices of `assets/calendars`, as `assets/prepare.rs` leaves them; this page's tests check them.
const BUILT_IN: &str = include_str!(concat!(env!("OUT_DIR"), "/calendars.json"));

/// A notice's file, with the place of each day so that a wrong one can be named by its line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticeFile {
    year: Spanned<i32>,
    notice_year: i32,
    source: String,
    #[serde(default)]
    off: Vec<Spanned<NamedDay>>,
    #[serde(default)]
    work: Vec<Spanned<NamedDay>>,
}

/// The calendar of every year known: the built-in ones, and those of the folder's `calendars/*.toml`.
///
/// # Errors
/// When a file cannot be read, is not a notice's shape, or speaks twice or nonsense of a day.
pub fn load(folder: Option<&Path>) -> Result<Later<Calendar>, ConfigError> {
    let own = match folder {
        Some(folder) => Source::read_folder(&folder.join("calendars"))?,
        None => Vec::new(),
    };
    if own.is_empty() {
        return Ok(Later::new(|| Calendar::new(prepared(BUILT_IN))));
    }
    let built_in: Vec<YearNotice> = prepared(BUILT_IN);
    let mut notices: BTreeMap<i32, YearNotice> =
        built_in.into_iter().map(|n| (n.year, n)).collect();
    let mut named: BTreeMap<i32, String> = BTreeMap::new();
    for source in own {
        let notice = read(&source)?;
        if let Some(first) = named.insert(notice.year, source.file.clone()) {
            let what = notice.year.to_string();
            return Err(source.at_key(&["year"], Problem::Duplicate { what, first }));
        }
        notices.insert(notice.year, notice);
    }
    Ok(Calendar::new(notices.into_values()).into())
}

fn read(source: &Source) -> Result<YearNotice, ConfigError> {
    let file: NoticeFile = source.parse()?;
    let year = *file.year.get_ref();
    if !(1950..=2200).contains(&year) {
        return Err(source.at(
            &file.year.span(),
            Problem::bad_value("year", &year, "1950–2200"),
        ));
    }
    let mut seen = BTreeMap::new();
    for (list, days) in [("off", &file.off), ("work", &file.work)] {
        for day in days {
            let date = day.get_ref().date;
            // A notice can touch the December before, never another month of another year.
            let belongs = date.year() == year || (date.year() == year - 1 && date.month() == 12);
            if !belongs {
                let expected = format!("{}-12-01 … {year}-12-31", year - 1);
                return Err(source.at(&day.span(), Problem::bad_value("date", &date, &expected)));
            }
            if list == "work" && !is_weekend(date) {
                return Err(source.at(
                    &day.span(),
                    Problem::bad_value("work", &date, "周六 Sat | 周日 Sun"),
                ));
            }
            if let Some(first) = seen.insert(date, list) {
                let what = date.to_string();
                let first = first.to_owned();
                return Err(source.at(&day.span(), Problem::Duplicate { what, first }));
            }
        }
    }
    let days = |list: Vec<Spanned<NamedDay>>| list.into_iter().map(Spanned::into_inner).collect();
    Ok(YearNotice {
        year,
        notice_year: file.notice_year,
        source: file.source,
        off: days(file.off),
        work: days(file.work),
    })
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::DayKind;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn error(text: &str) -> ConfigError {
        read(&Source::built_in("2017.toml", text)).expect_err("broken")
    }

    const HEAD: &str = "year = 2017\nnotice_year = 2017\nsource = \"x\"\n";

    #[test]
    fn what_was_prepared_is_what_is_written_and_holds() {
        let prepared: Vec<YearNotice> = serde_json::from_str(BUILT_IN).expect("notices");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/calendars");
        let written: Vec<YearNotice> = Source::read_folder(&folder)
            .expect("read")
            .iter()
            .map(|source| read(source).expect("holds"))
            .collect();
        assert_eq!(prepared, written);
    }

    #[test]
    fn the_built_in_years_are_2007_to_2026() {
        let calendar = load(None).expect("built in");
        let years: Vec<i32> = calendar.years().map(|(year, _)| year).collect();
        assert_eq!(years, (2007..=2026).collect::<Vec<_>>());
        assert!(!calendar.knows(2027));
    }

    #[test]
    fn a_year_of_working_days_is_what_the_notices_make_it() {
        let calendar = load(None).expect("built in");
        let count = |year: i32| {
            day(&format!("{year}-01-01"))
                .iter_days()
                .take_while(|d| d.year() == year)
                .filter(|d| calendar.kind(*d).expect("known").is_working())
                .count()
        };
        // 2017: 260 − 16 + 5. 2018: 261 − 18 + 7, the 2019 notice included.
        assert_eq!((count(2017), count(2018)), (249, 250));
    }

    #[test]
    fn a_notice_reaches_into_the_december_before() {
        let calendar = load(None).expect("built in");
        assert_eq!(
            calendar.kind(day("2018-12-29")),
            Ok(DayKind::MakeUp("元旦"))
        );
        assert_eq!(
            calendar.kind(day("2018-12-31")),
            Ok(DayKind::Holiday("元旦"))
        );
        assert_eq!(
            calendar.kind(day("2022-12-31")),
            Ok(DayKind::Holiday("元旦"))
        );
    }

    #[test]
    fn every_day_of_the_published_list_agrees() {
        let Some(data) = std::env::var_os("FENBO_DATA") else {
            println!("skipped: FENBO_DATA is not set");
            return;
        };
        let path = Path::new(&data).join("holidays/china_special_days_2007_2026.csv");
        let text = std::fs::read_to_string(path).expect("the published list");
        let calendar = load(None).expect("built in");
        let mut listed = BTreeMap::new();
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let [date, _, works] = fields[..] else {
                panic!("{line}")
            };
            listed.insert(day(date), works == "1");
        }
        for date in day("2007-01-01")
            .iter_days()
            .take_while(|d| d.year() < 2027)
        {
            let wanted = listed.get(&date).copied().unwrap_or(!is_weekend(date));
            assert_eq!(
                calendar.kind(date).expect("known").is_working(),
                wanted,
                "{date}"
            );
        }
    }

    #[test]
    fn a_year_of_ones_own_is_added_or_replaces_the_built_in_one_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = folder.path().join("calendars");
        std::fs::create_dir(&own).expect("made");
        let write = |name: &str, text: &str| std::fs::write(own.join(name), text).expect("written");
        write(
            "2027.toml",
            "year = 2027\nnotice_year = 2027\nsource = \"x\"\n",
        );
        write(
            "2017.toml",
            &format!("{HEAD}off = [{{ date = \"2017-06-01\", name = \"校庆\" }}]\n"),
        );
        let calendar = load(Some(folder.path())).expect("both");
        assert!(calendar.knows(2027));
        assert_eq!(
            calendar.kind(day("2017-06-01")),
            Ok(DayKind::Holiday("校庆"))
        );
        assert_eq!(
            calendar.kind(day("2017-10-02")),
            Ok(DayKind::Working),
            "replaced whole"
        );
        write("again.toml", HEAD);
        let error = load(Some(folder.path())).expect_err("2017 twice");
        assert_eq!((error.line, error.problem.code()), (Some(1), "duplicate"));
        assert!(error.file.ends_with("again.toml"), "{error}");
    }

    #[test]
    fn a_broken_notice_is_named_with_its_line() {
        let far = error(&format!(
            "{HEAD}off = [\n  {{ date = \"2018-01-01\", name = \"元旦\" }},\n]\n"
        ));
        assert_eq!(
            (far.line, far.problem.code()),
            (Some(5), "bad-value"),
            "{far}"
        );
        let monday = error(&format!(
            "{HEAD}work = [{{ date = \"2017-10-09\", name = \"国庆节\" }}]\n"
        ));
        assert_eq!(monday.problem.code(), "bad-value", "{monday}");
        let both = error(&format!(
            "{HEAD}off = [{{ date = \"2017-09-30\", name = \"a\" }}]\nwork = [{{ date = \"2017-09-30\", name = \"b\" }}]\n"
        ));
        assert_eq!(
            (both.line, both.problem.code()),
            (Some(5), "duplicate"),
            "{both}"
        );
        let date = error(&format!(
            "{HEAD}off = [{{ date = \"2017-02-30\", name = \"a\" }}]\n"
        ));
        assert_eq!(
            (date.line, date.problem.code()),
            (Some(4), "shape"),
            "{date}"
        );
        let key = error("yaer = 2017\n");
        assert_eq!((key.line, key.problem.code()), (Some(1), "shape"), "{key}");
    }
}
