//! The times of a recording's rows, in the forms in which people's files have them.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// Which of the two numbers before the year is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

/// A time as it stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// With its offset from UTC: milliseconds since 1970.
    Fixed(i64),
    /// By the local clock.
    Local(DateTime),
}

/// Reads `2022-03-18 04:33:00-07:00`, the same without an offset or with `T` and `Z`, and `18/3/2022 4:33`,
/// whose day and month stand in `order`.
pub(super) fn read(text: &str, order: Order) -> Option<Written> {
    let (date, clock) = text.split_once([' ', 'T'])?;
    let date = read_date(date, order)?;
    let clock = clock.trim();
    let ends = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
    let (clock, offset) = clock.split_at_checked(ends)?;
    let (hour, minute, second, millis) = read_clock(clock.trim_end())?;
    let local = DateTime::new(
        date.year(),
        date.month(),
        date.day(),
        hour,
        minute,
        second,
        millis * 1_000_000,
    )
    .ok()?;
    if offset.is_empty() {
        return Some(Written::Local(local));
    }
    let zone = TimeZone::fixed(Offset::from_seconds(read_offset(offset)?).ok()?);
    let moment = zone.to_timestamp(local).ok()?;
    Some(Written::Fixed(moment.as_millisecond()))
}

/// The moment of a local time, in milliseconds since 1970. Of the two moments of an hour that the clock passes
/// twice it is the one that lies after `last`.
pub(super) fn moment(written: Written, zone: &TimeZone, last: Option<i64>) -> Option<i64> {
    let local = match written {
        Written::Fixed(millis) => return Some(millis),
        Written::Local(local) => local,
    };
    let first = zone
        .to_ambiguous_timestamp(local)
        .compatible()
        .ok()?
        .as_millisecond();
    if last.is_some_and(|last| first <= last) {
        let later = zone.to_ambiguous_timestamp(local).later().ok()?;
        return Some(later.as_millisecond());
    }
    Some(first)
}

fn read_date(text: &str, order: Order) -> Option<Date> {
    if let Some((year, rest)) = text.split_once('-') {
        let (month, day) = rest.split_once('-')?;
        return Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok();
    }
    let (first, rest) = text.split_once('/')?;
    let (second, year) = rest.split_once('/')?;
    let (day, month) = match order {
        Order::DayFirst => (first, second),
        Order::MonthFirst => (second, first),
    };
    let century = if year.len() == 2 { 2_000 } else { 0 };
    let year = year.parse::<i16>().ok()?.checked_add(century)?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Hours, minutes, seconds, milliseconds.
fn read_clock(text: &str) -> Option<(i8, i8, i8, i32)> {
    let mut parts = text.split(':');
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    let (second, fraction) = parts
        .next()
        .map_or(("0", ""), |part| part.split_once('.').unwrap_or((part, "")));
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    match parts.next() {
        Some(_) => None,
        None => Some((hour, minute, second.parse().ok()?, fraction.parse().ok()?)),
    }
}

/// An offset from UTC in seconds.
fn read_offset(text: &str) -> Option<i32> {
    let Some(digits) = text.strip_prefix(['+', '-']) else {
        return (text == "Z").then_some(0);
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None => digits.split_at_checked(2)?,
    };
    let minutes = if minutes.is_empty() {
        0
    } else {
        minutes.parse::<i32>().ok()?
    };
    let size = hours
        .parse::<i32>()
        .ok()?
        .checked_mul(60)?
        .checked_add(minutes)?
        .checked_mul(60)?;
    Some(if text.starts_with('-') { -size } else { size })
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::{Order, Written, moment, read};

    #[test]
    fn the_forms_that_files_have() {
        let utc = |text, order| moment(read(text, order)?, &TimeZone::UTC, None);
        let cases = [
            ("2022-03-18 04:33:00-07:00", Order::DayFirst, 1_647_603_180_000),
            ("2022-03-18T11:33:00Z", Order::DayFirst, 1_647_603_180_000),
            ("2022-03-18 13:33:00.5+0200", Order::DayFirst, 1_647_603_180_500),
            ("2022-01-02 00:16:00", Order::DayFirst, 1_641_082_560_000),
            ("2/1/2022 0:16", Order::DayFirst, 1_641_082_560_000),
            ("1/2/2022 0:16", Order::MonthFirst, 1_641_082_560_000),
            ("25/1/14 22:00", Order::DayFirst, 1_390_687_200_000),
        ];
        for (text, order, millis) in cases {
            assert_eq!(utc(text, order), Some(millis), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2022-03-18",
            "25/1/2014",
            "2022-02-30 00:00",
            "2022-03-18 25:00",
            "1:2 3:4",
        ] {
            assert_eq!(read(text, Order::DayFirst), None, "{text}");
        }
        assert_eq!(read("1/25/14 22:00", Order::DayFirst), None);
    }

    #[test]
    fn the_hour_that_comes_twice_goes_on() {
        let zone = TimeZone::get("Europe/Vienna").expect("a known zone");
        let written = read("2026-10-25 02:30:00", Order::DayFirst).expect("a time");
        let first = moment(written, &zone, None).expect("a moment");
        let again = moment(written, &zone, Some(first)).expect("a moment");
        assert_eq!(again - first, 3_600_000);
        assert!(matches!(written, Written::Local(_)));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9:/TZ+. -]{0,30}|.{0,20}") {
            let _ = read(&text, Order::DayFirst);
            let _ = read(&text, Order::MonthFirst);
        }
    }
}
