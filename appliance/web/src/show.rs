//! Numbers, times and names as people write them. The words around them come from `words`.
//!
//! Between a number and its unit stands a space that does not break.

use energy::calendar::{Date, Kind, Period, Weekday, Zone};
use units::{Instant, Span};

use crate::words::{say, say_with};

/// Below this, kilowatts with one place would say too little.
const SMALL_WATTS: u64 = 95;

/// Watts as `6.2 kW`, or `60 W` where that says more.
pub(crate) fn power(watts: i64) -> String {
    if watts.unsigned_abs() < SMALL_WATTS {
        return format!("{watts}\u{a0}W");
    }
    format!("{}\u{a0}kW", decimal(watts, 1_000, 1))
}

/// Watt-hours as `3.6 kWh`; from 100 kWh on without a place.
pub(crate) fn energy(watt_hours: i64) -> String {
    format!("{}\u{a0}kWh", energy_number(watt_hours))
}

/// The number of [`energy`] without its unit.
pub(crate) fn energy_number(watt_hours: i64) -> String {
    match watt_hours.unsigned_abs() {
        0 => "0".to_owned(),
        1..95 => decimal(watt_hours, 1_000, 2),
        95..99_950 => decimal(watt_hours, 1_000, 1),
        _ => decimal(watt_hours, 1_000, 0),
    }
}

/// Watt-hours of a quarter of an hour as kilowatt-hours with two places, for tables.
pub(crate) fn energy_fine(watt_hours: i64) -> String {
    decimal(watt_hours, 1_000, 2)
}

/// Thousandths as a share: `71 %`.
pub(crate) fn percent(permille: i64) -> String {
    format!("{}\u{a0}%", decimal(permille, 10, 0))
}

/// Bytes as `12 kB`, `3.4 MB`, `1.2 GB`.
pub(crate) fn bytes(count: u64) -> String {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    match count {
        0..1_000 => format!("{count}\u{a0}B"),
        1_000..1_000_000 => format!("{}\u{a0}kB", decimal(count, 1_000, 0)),
        1_000_000..1_000_000_000 => format!("{}\u{a0}MB", decimal(count, 1_000_000, 1)),
        _ => format!("{}\u{a0}GB", decimal(count, 1_000_000_000, 1)),
    }
}

/// A count with its thousands set apart: `12,430`.
pub(crate) fn count(number: u64) -> String {
    grouped(u128::from(number))
}

/// `number / per` with `places` decimal places, rounded half away from zero, thousands set apart.
fn decimal(number: i64, per: i64, places: u32) -> String {
    let scale = 10_i128.pow(places);
    let size = i128::from(number.unsigned_abs()) * scale;
    let rounded = (size + i128::from(per) / 2) / i128::from(per);
    let whole = u128::try_from(rounded / scale).unwrap_or(0);
    let sign = if number < 0 && rounded > 0 { "\u{2212}" } else { "" };
    let whole = grouped(whole);
    match places {
        0 => format!("{sign}{whole}"),
        _ => {
            let width = usize::try_from(places).unwrap_or(0);
            format!("{sign}{whole}.{:0width$}", rounded % scale)
        }
    }
}

fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// From so many watt-hours on they are told as kilowatt-hours.
const MANY_WATT_HOURS: u128 = 10_000;

/// An exact value with its unit (`-1330 W`, `230.1 V`), its thousands set apart; many watt-hours as kilowatt-hours with
/// as many places as they have.
pub(crate) fn exact(shown: &str) -> String {
    let (number, unit) = shown.split_once(' ').unwrap_or((shown, ""));
    let (whole, rest) = number
        .find('.')
        .map_or((number, ""), |point| number.split_at(point));
    let digits = whole.trim_start_matches('-');
    let Ok(size) = digits.parse::<u128>() else {
        return shown.to_owned();
    };
    let sign = if whole.starts_with('-') { "\u{2212}" } else { "" };
    if unit == "Wh" && rest.is_empty() && size >= MANY_WATT_HOURS {
        let places = format!(".{:03}", size % 1_000);
        let places = places.trim_end_matches('0').trim_end_matches('.');
        return format!("{sign}{}{places}\u{a0}kWh", grouped(size / 1_000));
    }
    let gap = if unit.is_empty() { "" } else { "\u{a0}" };
    format!("{sign}{}{rest}{gap}{unit}", grouped(size))
}

/// How long ago: "2 seconds ago", "just now".
pub(crate) fn ago(span: Span) -> String {
    let seconds = span.as_secs();
    match seconds {
        ..1 => say("ago-now"),
        1..60 => say_with("ago-seconds", [("count", seconds.into())]),
        60..3_600 => say_with("ago-minutes", [("count", (seconds / 60).into())]),
        3_600..172_800 => say_with("ago-hours", [("count", (seconds / 3_600).into())]),
        _ => say_with("ago-days", [("count", (seconds / 86_400).into())]),
    }
}

/// How long: "15 minutes", "3 hours", "4 days".
pub(crate) fn length(span: Span) -> String {
    let minutes = span.as_secs() / 60;
    match minutes {
        ..1 => say("length-moment"),
        1..120 => say_with("length-minutes", [("count", minutes.into())]),
        120..2_880 => say_with("length-hours", [("count", (minutes / 60).into())]),
        _ => say_with("length-days", [("count", (minutes / 1_440).into())]),
    }
}

/// The time on the wall: `14:05`.
pub(crate) fn clock(zone: &Zone, at: Instant) -> String {
    let wall = zone.wall_clock(at);
    format!("{:02}:{:02}", wall.hour, wall.minute)
}

/// A moment as told today: `14:05`, or with its day where that is another.
pub(crate) fn moment(zone: &Zone, now: Instant, at: Instant) -> String {
    let (day, time) = (zone.date_of(at), clock(zone, at));
    if day == zone.date_of(now) {
        return time;
    }
    let day = if day.year() == zone.date_of(now).year() {
        short_day(day)
    } else {
        long_day(day)
    };
    say_with(
        "moment-of-another-day",
        [("day", day.into()), ("time", time.into())],
    )
}

/// A moment within a sentence: "today at 14:05", or with its day where that is another.
pub(crate) fn dated(zone: &Zone, now: Instant, at: Instant) -> String {
    let told = moment(zone, now, at);
    match zone.date_of(at) == zone.date_of(now) {
        true => say_with("moment-today", [("time", told.into())]),
        false => told,
    }
}

/// `Tuesday`.
pub(crate) fn weekday(date: Date) -> String {
    say(match date.weekday() {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    })
}

/// `June`, for 6.
pub(crate) fn month(number: u8) -> String {
    const KEYS: [&str; 12] = [
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
    let index = usize::from(number.clamp(1, 12) - 1);
    say(KEYS[index])
}

/// `Tuesday 16 June`.
pub(crate) fn short_day(date: Date) -> String {
    say_with(
        "day-short",
        [
            ("weekday", weekday(date).into()),
            ("day", date.day().to_string().into()),
            ("month", month(date.month()).into()),
        ],
    )
}

/// `Tuesday 16 June 2026`.
pub(crate) fn long_day(date: Date) -> String {
    let year = date.year().to_string();
    say_with(
        "day-long",
        [("day", short_day(date).into()), ("year", year.into())],
    )
}

/// A day of the members' book: `16 June 2026`.
pub(crate) fn day(date: jiff::civil::Date) -> String {
    let month = month(u8::try_from(date.month()).unwrap_or(1));
    format!("{} {month} {}", date.day(), date.year())
}

/// A period in words: "Tuesday 16 June 2026", "15 to 21 June 2026", "June 2026", "2026".
pub(crate) fn period(period: Period) -> String {
    let first = period.first();
    let year = first.year().to_string();
    match period.kind() {
        Kind::Day => long_day(first),
        Kind::Week => week(first),
        Kind::Month => say_with(
            "period-month",
            [("month", month(first.month()).into()), ("year", year.into())],
        ),
        Kind::Year => year,
    }
}

fn week(first: Date) -> String {
    let last = (0..6).fold(first, |date, _| date.next());
    let start = say_with(
        "day-of-month",
        [
            ("day", first.day().to_string().into()),
            ("month", month(first.month()).into()),
        ],
    );
    let end = say_with(
        "day-of-month",
        [
            ("day", last.day().to_string().into()),
            ("month", month(last.month()).into()),
        ],
    );
    let start = if first.month() == last.month() {
        first.day().to_string()
    } else {
        start
    };
    say_with(
        "period-week",
        [
            ("first", start.into()),
            ("last", end.into()),
            ("year", last.year().to_string().into()),
        ],
    )
}

/// A number beside an axis: watts as kilowatts, as short as it may be (`2`, `0.5`).
pub(crate) fn axis(watts: i64) -> String {
    let text = decimal(watts, 1_000, 1);
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// The first letters of a word, where there is little room.
pub(crate) fn first_letters(word: &str, count: usize) -> String {
    word.chars().take(count).collect()
}

/// `text` as a sentence of its own: a capital letter, a full stop. A path or a command keeps its letters.
pub(crate) fn sentence(text: &str) -> String {
    let text = without_code(text);
    let text = text.trim();
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    let written = text
        .split_whitespace()
        .next()
        .is_some_and(|word| word.contains(['/', '_', '`']));
    if written {
        return format!("{text}{stop}");
    }
    format!("{}{}{stop}", first.to_uppercase(), letters.as_str())
}

/// `text` as the end of a sentence: without a full stop of its own.
pub(crate) fn within_sentence(text: &str) -> String {
    without_code(text).trim().trim_end_matches('.').to_owned()
}

/// `text` without the system's number of an error, `(os error 111)`, which says nothing to people.
fn without_code(text: &str) -> String {
    let mut plain = text.to_owned();
    while let Some(begin) = plain.find(" (os error ") {
        let Some(length) = plain[begin..].find(')') else {
            break;
        };
        plain.replace_range(begin..=begin + length, "");
    }
    plain
}

#[cfg(test)]
mod tests;
