//! Dates and times as exports write them, to Unix seconds.
//!
//! Never guesses between day and month; never asks the clock. Start at [`TimeFormat`].

use chrono::format::{Item, Parsed, StrftimeItems, parse};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};

const PLAIN: &str = "%Y-%m-%d %H:%M:%S";

/// Why a text is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeError {
    /// It has the shape of no known format.
    Unreadable,
    /// It could be day-month or month-day.
    Ambiguous,
}

/// One way to read a time; a column has a list of them, tried in order.
#[derive(Debug, Clone, PartialEq)]
pub enum TimeFormat {
    /// Year-first dates in any punctuation, Chinese dates, RFC 3339, months by their English names, month-first dates with AM/PM,
    /// Excel serials, Unix seconds.
    Auto,
    /// Days since 1899-12-30, as spreadsheets count.
    Excel,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMillis,
    /// The date of mails.
    Rfc2822,
    /// `%Y-%m-%d %H:%M:%S`, the commonest pattern, read without a pattern's cost where every number has its full width.
    Plain,
    /// A strftime pattern.
    Pattern(Vec<Item<'static>>),
}

impl TimeFormat {
    /// The format a mapping file names: `auto`, `excel`, `unix`, `unix-ms`, `rfc2822`, or a strftime pattern.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "auto" | "rfc3339" => Self::Auto,
            "excel" => Self::Excel,
            "unix" => Self::Unix,
            "unix-ms" => Self::UnixMillis,
            "rfc2822" => Self::Rfc2822,
            PLAIN => Self::Plain,
            pattern if pattern.contains('%') => {
                Self::Pattern(StrftimeItems::new(pattern).parse_to_owned().ok()?)
            }
            _ => return None,
        })
    }

    /// The instant `text` names, in Unix seconds; `zone` is used where the text has no offset of its own.
    pub fn read(&self, text: &str, zone: FixedOffset) -> Result<i64, TimeError> {
        match self {
            Self::Auto => auto(text, zone),
            Self::Excel => text
                .parse()
                .ok()
                .and_then(|serial| from_excel(serial, zone))
                .ok_or(TimeError::Unreadable),
            Self::Unix => unix(text, 1),
            Self::UnixMillis => unix(text, 1000),
            Self::Rfc2822 => DateTime::parse_from_rfc2822(text)
                .map(|instant| instant.timestamp())
                .map_err(|_| TimeError::Unreadable),
            Self::Plain => plain(text, zone)
                .or_else(|| pattern(text, StrftimeItems::new(PLAIN), zone))
                .ok_or(TimeError::Unreadable),
            Self::Pattern(items) => pattern(text, items.iter(), zone).ok_or(TimeError::Unreadable),
        }
    }
}

/// The instant named by the first format that reads `text`.
pub fn read(text: &str, formats: &[TimeFormat], zone: FixedOffset) -> Result<i64, TimeError> {
    let mut failure = TimeError::Unreadable;
    for format in formats {
        match format.read(text, zone) {
            Ok(instant) => return Ok(instant),
            Err(TimeError::Ambiguous) => failure = TimeError::Ambiguous,
            Err(TimeError::Unreadable) => {}
        }
    }
    Err(failure)
}

/// An offset such as `+08:00` or `-0800`.
pub fn zone(text: &str) -> Option<FixedOffset> {
    if matches!(text, "Z" | "UTC") {
        return FixedOffset::east_opt(0);
    }
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let mut numbers = Digits::of(digits);
    let (hours, minutes) = match (digits.len(), digits.contains(':')) {
        (5, true) => (numbers.take(2, 2)?, {
            numbers.eat(b':')?;
            numbers.take(2, 2)?
        }),
        (4, false) => (numbers.take(2, 2)?, numbers.take(2, 2)?),
        (1 | 2, false) => (numbers.take(1, 2)?, 0),
        _ => return None,
    };
    if !numbers.rest.is_empty() || hours > 15 || minutes > 59 {
        return None;
    }
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60) as i32)
}

/// The instant of a spreadsheet's serial day number (1900 system).
pub fn from_excel(serial: f64, zone: FixedOffset) -> Option<i64> {
    // Day 61 is the first after the 29 February 1900 that spreadsheets count and the calendar does not have.
    if !(61.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let seconds = (serial * 86_400.0).round() as i64;
    Some(seconds - 25_569 * 86_400 - i64::from(zone.local_minus_utc()))
}

fn unix(text: &str, per_second: i64) -> Result<i64, TimeError> {
    text.parse::<i64>()
        .map(|count| count.div_euclid(per_second))
        .map_err(|_| TimeError::Unreadable)
}

/// `2018-07-04 17:24:41`, every number with its full width.
fn plain(text: &str, zone: FixedOffset) -> Option<i64> {
    let bytes: &[u8; 19] = text.as_bytes().try_into().ok()?;
    let marks = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if marks.iter().any(|(place, mark)| bytes[*place] != *mark) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0_u32, |sum, byte| {
            byte.is_ascii_digit()
                .then(|| sum * 10 + u32::from(byte - b'0'))
        })
    };
    let date = NaiveDate::from_ymd_opt(number(0..4)? as i32, number(5..7)?, number(8..10)?)?;
    local(
        date.and_hms_opt(number(11..13)?, number(14..16)?, number(17..19)?)?,
        zone,
    )
}

fn pattern<'a, I>(text: &str, items: I, zone: FixedOffset) -> Option<i64>
where
    I: Iterator,
    I::Item: std::borrow::Borrow<Item<'a>>,
{
    let mut parsed = Parsed::new();
    parse(&mut parsed, text, items).ok()?;
    if let Ok(instant) = parsed.to_datetime() {
        return Some(instant.timestamp());
    }
    let date = parsed.to_naive_date().ok()?;
    let time = parsed.to_naive_time().unwrap_or(NaiveTime::MIN);
    local(date.and_time(time), zone)
}

fn local(naive: NaiveDateTime, zone: FixedOffset) -> Option<i64> {
    zone.from_local_datetime(&naive)
        .single()
        .map(|instant| instant.timestamp())
}

fn auto(text: &str, default_zone: FixedOffset) -> Result<i64, TimeError> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == text.len() || text.as_bytes().get(digits) == Some(&b'.') && digits == 5 {
        return bare_number(text, digits, default_zone).ok_or(TimeError::Unreadable);
    }
    if digits == 4 {
        return year_first(text, default_zone).ok_or(TimeError::Unreadable);
    }
    if let Some(instant) = month_by_name(text, default_zone) {
        return Ok(instant);
    }
    year_last(text, default_zone)
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// `05-Jan-2018 9:03`, `5 January 2018`, `Jan 5, 2018 3:05 PM`, `Fri, 5 Jan 2018 09:03:00 +0800`.
fn month_by_name(text: &str, default_zone: FixedOffset) -> Option<i64> {
    let mut rest = text;
    if let Some((day, behind)) = text.split_once(',')
        && day.len() <= 9
        && day.bytes().all(|byte| byte.is_ascii_alphabetic())
    {
        rest = behind.trim_start();
    }
    let mut numbers = Digits::of(rest);
    let (month, day) = if numbers.starts_with_digit() {
        let day = numbers.take(1, 2)?;
        numbers.between();
        (numbers.month()?, day)
    } else {
        let month = numbers.month()?;
        numbers.between();
        (month, numbers.take(1, 2)?)
    };
    numbers.between();
    let year = numbers.take(4, 4)?;
    let date = NaiveDate::from_ymd_opt(year as i32, month, day)?;
    numbers.between();
    if numbers.rest.is_empty() {
        return local(date.and_time(NaiveTime::MIN), default_zone);
    }
    clock(&mut numbers, date, default_zone)
}

/// `20180704`, `20180704172441`, an Excel serial, Unix seconds or milliseconds, told apart by their length.
fn bare_number(text: &str, digits: usize, zone: FixedOffset) -> Option<i64> {
    match digits {
        5 => from_excel(text.parse().ok()?, zone),
        8 | 12 | 14 => {
            let mut numbers = Digits::of(text);
            let date = NaiveDate::from_ymd_opt(
                numbers.take(4, 4)? as i32,
                numbers.take(2, 2)?,
                numbers.take(2, 2)?,
            )?;
            let hour = if digits > 8 { numbers.take(2, 2)? } else { 0 };
            let minute = if digits > 8 { numbers.take(2, 2)? } else { 0 };
            let second = if digits > 12 { numbers.take(2, 2)? } else { 0 };
            local(date.and_hms_opt(hour, minute, second)?, zone)
        }
        10 => text.parse().ok(),
        13 => text.parse::<i64>().ok().map(|millis| millis / 1000),
        _ => None,
    }
}

/// `2018-07-04 17:24:41`, `2018/7/4 17:24`, `2018.7.4`, `2018年7月4日 17时24分`, `2018-07-04T17:24:41.5Z`.
fn year_first(text: &str, default_zone: FixedOffset) -> Option<i64> {
    let mut numbers = Digits::of(text);
    let year = numbers.take(4, 4)? as i32;
    let between = numbers.one_of(&["-", "/", ".", "年"])?;
    let month = numbers.take(1, 2)?;
    let day = if between == "年" {
        numbers.one_of(&["月"])?;
        let day = numbers.take(1, 2)?;
        numbers.one_of(&["日", "号"]);
        day
    } else {
        numbers.one_of(&[between])?;
        numbers.take(1, 2)?
    };
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    if numbers.one_of(&["T", "t"]).is_none() {
        numbers.spaces();
        numbers.weekday();
    }
    if numbers.rest.is_empty() {
        return local(date.and_time(NaiveTime::MIN), default_zone);
    }
    clock(&mut numbers, date, default_zone)
}

/// `12/31/2018 11:55:30 PM`: month first, but only when AM or PM says that the writer is American.
fn year_last(text: &str, default_zone: FixedOffset) -> Result<i64, TimeError> {
    let mut numbers = Digits::of(text);
    let mut read = || {
        let month = numbers.take(1, 2)?;
        let between = numbers.one_of(&["/", "-", "."])?;
        let day = numbers.take(1, 2)?;
        numbers.one_of(&[between])?;
        let year = numbers.take(4, 4)?;
        numbers.spaces();
        Some((year, month, day))
    };
    let (year, month, day) = read().ok_or(TimeError::Unreadable)?;
    if !text.ends_with(['M', 'm']) {
        return Err(TimeError::Ambiguous);
    }
    let date = NaiveDate::from_ymd_opt(year as i32, month, day).ok_or(TimeError::Unreadable)?;
    clock(&mut numbers, date, default_zone).ok_or(TimeError::Unreadable)
}

/// Which half of the day an hour of twelve is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    /// Midnight to noon.
    Morning,
    /// Noon to midnight.
    Afternoon,
    /// After dark: twelve is no hour of this day.
    Night,
}

impl Half {
    /// The half a time says in front of its hour, in either language, or behind it.
    fn of(numbers: &mut Digits<'_>) -> Option<Self> {
        const WORDS: [(Half, &[&str]); 3] = [
            (
                Half::Morning,
                &[
                    "上午", "凌晨", "早上", "清晨", "AM", "am", "Am", "A.M.", "a.m.",
                ],
            ),
            (
                Half::Afternoon,
                &["下午", "中午", "傍晚", "PM", "pm", "Pm", "P.M.", "p.m."],
            ),
            (Half::Night, &["晚上", "夜间", "夜里", "晚间"]),
        ];
        let half = WORDS
            .into_iter()
            .find_map(|(half, words)| numbers.one_of(words).map(|_| half));
        numbers.spaces();
        half
    }

    /// The hour of the day; `None` where the two contradict each other.
    fn hour(self, hour: u32) -> Option<u32> {
        match (self, hour) {
            (Self::Morning, 12) => Some(0),
            (Self::Morning, 0..=11) | (Self::Afternoon | Self::Night, 13..=23) => Some(hour),
            (Self::Afternoon, 12) => Some(12),
            (Self::Afternoon, 1..=11) | (Self::Night, 5..=11) => Some(hour + 12),
            _ => None,
        }
    }
}

/// The rest of a time after its date: `17:24[:41[.5]]`, `5:24 PM`, `下午5时24分41秒`, then an offset if any.
fn clock(numbers: &mut Digits<'_>, date: NaiveDate, default_zone: FixedOffset) -> Option<i64> {
    let before = Half::of(numbers);
    let mut hour = numbers.take(1, 2)?;
    let between = numbers.one_of(&[":", "时", "点", "："]);
    let mut minute = 0;
    let mut second = 0;
    match between {
        Some(":" | "：") => minute = numbers.take(1, 2)?,
        Some(_) if numbers.one_of(&["半"]).is_some() => minute = 30,
        Some(_) if numbers.starts_with_digit() => minute = numbers.take(1, 2)?,
        Some(_) => {
            numbers.one_of(&["整"]);
        }
        // An hour alone is one where a word says so: `9 PM`.
        None => {}
    }
    if numbers.one_of(&[":", "分", "："]).is_some() && numbers.starts_with_digit() {
        second = numbers.take(1, 2)?;
        if numbers.one_of(&[".", ","]).is_some() {
            numbers.take(1, 9)?;
        }
        numbers.one_of(&["秒"]);
    }
    numbers.spaces();
    let behind = Half::of(numbers);
    match (before, behind) {
        (None, Some(half)) if (1..=12).contains(&hour) => hour = half.hour(hour)?,
        (_, Some(_)) => return None,
        (Some(half), None) => hour = half.hour(hour)?,
        (None, None) if between.is_none() => return None,
        (None, None) => {}
    }
    let zone = if numbers.rest.is_empty() {
        default_zone
    } else {
        zone(
            numbers
                .rest
                .trim_start_matches("GMT")
                .trim_start_matches("UTC"),
        )
        .or_else(|| zone(numbers.rest))?
    };
    // A leap second is told as the last one before it.
    let second = if second == 60 { 59 } else { second };
    local(date.and_hms_opt(hour, minute, second)?, zone)
}

/// A cursor that takes numbers and punctuation off the front of a text.
struct Digits<'a> {
    rest: &'a str,
}

impl<'a> Digits<'a> {
    fn of(rest: &'a str) -> Self {
        Self { rest }
    }

    fn take(&mut self, least: usize, most: usize) -> Option<u32> {
        let length = self
            .rest
            .bytes()
            .take(most)
            .take_while(u8::is_ascii_digit)
            .count();
        if length < least {
            return None;
        }
        let number = self.rest[..length].parse().ok()?;
        self.rest = &self.rest[length..];
        Some(number)
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.rest.as_bytes().first() == Some(&byte)).then(|| self.rest = &self.rest[1..])
    }

    fn one_of<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        let word = words.iter().find(|word| self.rest.starts_with(**word))?;
        self.rest = &self.rest[word.len()..];
        Some(word)
    }

    /// A month's English name, whole or its first three letters.
    fn month(&mut self) -> Option<u32> {
        let length = self
            .rest
            .bytes()
            .take_while(u8::is_ascii_alphabetic)
            .count();
        let name = self.rest[..length].to_ascii_lowercase();
        let place = MONTHS
            .iter()
            .position(|month| name.len() >= 3 && month.starts_with(&name))?;
        self.rest = &self.rest[length..];
        Some(place as u32 + 1)
    }

    /// What stands between the parts of a date whose month is a word.
    fn between(&mut self) {
        self.rest = self
            .rest
            .trim_start_matches([' ', '-', '/', '.', ',', '\u{3000}']);
    }

    /// A day of the week, with or without brackets: `星期五`, `(周五)`.
    fn weekday(&mut self) {
        let bare = self.rest.trim_start_matches(['(', '（']);
        for word in ["星期", "周", "週", "礼拜"] {
            let Some(behind) = bare.strip_prefix(word) else {
                continue;
            };
            let mut chars = behind.chars();
            if chars.next().is_some_and(|c| "一二三四五六日天".contains(c)) {
                self.rest = chars
                    .as_str()
                    .trim_start_matches([')', '）', ' ', ',', '，']);
                self.spaces();
            }
            return;
        }
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn starts_with_digit(&self) -> bool {
        self.rest.as_bytes().first().is_some_and(u8::is_ascii_digit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn beijing() -> FixedOffset {
        zone("+08:00").expect("offset")
    }

    /// 2018-07-04 17:24:41 in Beijing.
    const JULY: i64 = 1_530_696_281;

    #[test]
    fn one_instant_in_every_writing() {
        for text in [
            "2018-07-04 17:24:41",
            "2018/7/4 17:24:41",
            "2018.07.04 17:24:41",
            "2018-07-04T17:24:41",
            "2018-07-04T17:24:41.250",
            "2018-07-04T09:24:41Z",
            "2018-07-04T05:24:41-04:00",
            "2018-07-04 17:24:41 +0800",
            "2018年7月4日17时24分41秒",
            "2018年07月04日 17:24:41",
            "2018年7月4日 下午5时24分41秒",
            "2018年7月4日 星期三 17:24:41",
            "2018-07-04（周三）17:24:41",
            "2018/7/4 下午 5:24:41",
            "2018/7/4 PM 5:24:41",
            "2018-07-04T17:24:41.250+08:00",
            "2018-07-04T09:24:41,5Z",
            "2018-07-04t17:24:41+08",
            "04-Jul-2018 17:24:41",
            "4 July 2018 5:24:41 PM",
            "Jul 4, 2018 5:24:41 PM",
            "Wed, 4 Jul 2018 17:24:41 +0800",
            "7/4/2018 05:24:41 PM",
            "07/04/2018 5:24:41 pm",
            "20180704172441",
            "1530696281",
            "1530696281000",
            " 2018-7-4 17:24:41 ",
        ] {
            assert_eq!(auto(text, beijing()), Ok(JULY), "{text}");
        }
    }

    #[test]
    fn minutes_days_and_serials() {
        let day = JULY - 17 * 3600 - 24 * 60 - 41;
        assert_eq!(auto("2018/7/4 17:24", beijing()), Ok(JULY - 41));
        for text in [
            "2018-07-04",
            "2018年7月4日",
            "20180704",
            "43285",
            "2018/7/4",
            "04-Jul-2018",
            "July 4, 2018",
            "2018年7月4日 周三",
            "2018-07-04 上午12:00",
        ] {
            assert_eq!(auto(text, beijing()), Ok(day), "{text}");
        }
        for (text, hour, minute) in [
            ("2018年7月4日 下午3:05", 15, 5),
            ("2018年7月4日上午9时", 9, 0),
            ("2018年7月4日 晚上8点半", 20, 30),
            ("2018年7月4日中午12点整", 12, 0),
            ("2018/7/4 9:03", 9, 3),
            ("2018-07-04 下午 15:05", 15, 5),
        ] {
            let wanted = day + i64::from(hour) * 3600 + i64::from(minute) * 60;
            assert_eq!(auto(text, beijing()), Ok(wanted), "{text}");
        }
        assert_eq!(auto("43285.725474537", beijing()), Ok(JULY));
        assert_eq!(
            auto("12/31/2018 12:00:00 AM", beijing()),
            auto("2018-12-31", beijing())
        );
    }

    #[test]
    fn day_and_month_are_not_guessed() {
        assert_eq!(auto("7/4/2018 17:24", beijing()), Err(TimeError::Ambiguous));
        let american = TimeFormat::named("%m/%d/%Y %H:%M").expect("pattern");
        assert_eq!(
            read("7/4/2018 17:24", &[TimeFormat::Auto, american], beijing()),
            Ok(JULY - 41)
        );
    }

    #[test]
    fn the_commonest_pattern_is_read_as_any_other() {
        let items = StrftimeItems::new(PLAIN)
            .parse_to_owned()
            .expect("a pattern");
        for text in [
            "2018-07-04 17:24:41",
            "2018-7-4 17:24:41",
            "2018-13-04 17:24:41",
            "2018-07-04T17:24:41",
            "2018-07-04 17:24",
            "２018-07-04 17:24",
        ] {
            let plain = TimeFormat::Plain.read(text, beijing());
            assert_eq!(
                plain,
                TimeFormat::Pattern(items.clone()).read(text, beijing()),
                "{text}"
            );
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "-",
            "今天",
            "2018-13-01",
            "2018-02-30",
            "2018-07-04 25:00",
            "2018-03-01 09:05:61",
            "2018-07-04 17:24:41 Mars",
            "13/13/2018 1:00 PM",
            "7/4/2018 13:00 PM",
            "123",
            "2018-07",
            "20181301",
            "2018-07-04x",
            "2018-07-04 17",
            "2018-07-04 晚上12:00",
            "2018-07-04 上午9:00 PM",
            "04-Jly-2018",
            "32-Jul-2018",
            "Jul 2018",
        ] {
            assert_eq!(
                auto(text, beijing()),
                Err(TimeError::Unreadable),
                "{text:?}"
            );
        }
    }

    #[test]
    fn offsets() {
        assert_eq!(zone("-0800").map(|z| z.local_minus_utc()), Some(-28_800));
        assert_eq!(zone("+8").map(|z| z.local_minus_utc()), Some(28_800));
        for text in ["", "8", "+", "+99:00", "+08:61", "+08:0", "Asia/Shanghai"] {
            assert_eq!(zone(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,30}") {
            let _ = auto(&text, beijing());
        }

        #[test]
        fn never_panics_on_what_looks_like_a_time(text in "[0-9]{0,14}[-/.:年月日时T ]?[0-9/: APM.+-]{0,24}") {
            let _ = auto(&text, beijing());
        }
    }
}
