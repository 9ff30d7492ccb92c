//! Local time: which day a moment belongs to, and where days, weeks, months and years begin and end. The only
//! room that knows the library with the world's time zones.
//!
//! A day begins at its first moment that exists (where clocks jump over midnight that is 01:00) and ends where the next
//! begins, so days never overlap and never leave a hole.

mod period;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::civil;
use jiff::tz::TimeZone;
use units::Instant;

pub use period::{Kind, Period, hours, quarters};

/// Why a text was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// No such time zone.
    #[error("there is no time zone {0:?}; write it as in Europe/London or Europe/Vienna")]
    Zone(String),
    /// No such date.
    #[error("{0:?} is not a date; write it as in 2026-06-16 (years 1970 to 2199)")]
    Date(String),
    /// No such day, week, month or year.
    #[error(
        "{0:?} is not a day, week, month or year from 1970 to 2199; write it as in 2026-06-16, 2026-W25, 2026-06 or 2026"
    )]
    Period(String),
}

/// A time zone of the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// A day of the calendar, from 1970-01-01 to 2199-12-31.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names of the days explain themselves")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// What the clock on the wall shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WallClock {
    /// The day.
    pub date: Date,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// How far local time is ahead of UTC, in minutes.
    pub offset_minutes: i32,
}

/// The years that are shown.
const FIRST_YEAR: i16 = 1970;
const LAST_YEAR: i16 = 2199;

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

impl Zone {
    /// Universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone with this name in the world's list, such as `Europe/London`. The list is within the program.
    pub fn parse(name: &str) -> Result<Self, CalendarError> {
        TimeZone::get(name)
            .map(Self)
            .map_err(|_| CalendarError::Zone(name.to_owned()))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day that a moment belongs to.
    pub fn date_of(&self, at: Instant) -> Date {
        let date = self.wall_clock(at).date;
        // Where clocks go back over midnight, the hour before midnight comes after it again: it stays with
        // the day that has begun.
        let next = date.next();
        if next > date && self.start_of(next) <= at {
            next
        } else {
            date
        }
    }

    /// What the clock on the wall shows at a moment.
    pub fn wall_clock(&self, at: Instant) -> WallClock {
        let offset = self.0.to_offset(timestamp(at));
        let local = offset.to_datetime(timestamp(at));
        WallClock {
            date: Date::clamped(local.date()),
            hour: u8::try_from(local.hour()).unwrap_or(0),
            minute: u8::try_from(local.minute()).unwrap_or(0),
            second: u8::try_from(local.second()).unwrap_or(0),
            offset_minutes: offset.seconds() / 60,
        }
    }

    /// The moment of a time of a day. A time that the clocks jump over is moved on by the jump; of one that comes
    /// twice, it is the first.
    pub fn moment(&self, date: Date, hour: u8, minute: u8) -> Instant {
        let hour = i8::try_from(hour.min(23)).unwrap_or(0);
        let minute = i8::try_from(minute.min(59)).unwrap_or(0);
        let local = date.0.at(hour, minute, 0, 0);
        match self.0.to_ambiguous_timestamp(local).compatible() {
            Ok(moment) => Instant::from_millis(moment.as_millisecond()),
            Err(_) => Instant::default(),
        }
    }

    /// The first moment of a day.
    pub fn start_of(&self, date: Date) -> Instant {
        self.moment(date, 0, 0)
    }
}

impl Date {
    /// The day with these numbers, if there is one.
    pub fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        let month = i8::try_from(month).ok()?;
        let day = i8::try_from(day).ok()?;
        civil::Date::new(year, month, day).ok().and_then(Self::within)
    }

    /// Reads `2026-06-16`.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let wrong = || CalendarError::Date(text.to_owned());
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next(), parts.next(), parts.next());
        let (Some(year), Some(month), Some(day), None) = (year, month, day, parts.next()) else {
            return Err(wrong());
        };
        let number = |part: &str, digits: usize| digits_of(part, digits).ok_or_else(wrong);
        let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
        let month = u8::try_from(month).map_err(|_| wrong())?;
        let day = u8::try_from(day).map_err(|_| wrong())?;
        Self::new(year, month, day).ok_or_else(wrong)
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        u8::try_from(self.0.month()).unwrap_or(1)
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        u8::try_from(self.0.day()).unwrap_or(1)
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        let index = usize::try_from(self.0.weekday().to_monday_zero_offset()).unwrap_or(0);
        WEEK.get(index).copied().unwrap_or(Weekday::Monday)
    }

    /// The day after; the last day there is stays itself.
    #[must_use]
    pub fn next(self) -> Self {
        self.0.tomorrow().ok().and_then(Self::within).unwrap_or(self)
    }

    /// The day before; the first day there is stays itself.
    #[must_use]
    pub fn previous(self) -> Self {
        self.0.yesterday().ok().and_then(Self::within).unwrap_or(self)
    }

    fn within(date: civil::Date) -> Option<Self> {
        (FIRST_YEAR..=LAST_YEAR)
            .contains(&date.year())
            .then_some(Self(date))
    }

    fn clamped(date: civil::Date) -> Self {
        Self(date.clamp(civil::date(FIRST_YEAR, 1, 1), civil::date(LAST_YEAR, 12, 31)))
    }
}

impl fmt::Display for Date {
    /// `2026-06-16`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

/// Exactly so many digits as a number; nothing else, so that every period has one address.
fn digits_of(text: &str, digits: usize) -> Option<i16> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// The same moment for the library; one beyond its range becomes the nearest it has.
fn timestamp(at: Instant) -> jiff::Timestamp {
    let end = if at < Instant::default() {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    };
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(end)
}
