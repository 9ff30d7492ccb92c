//! Times as people type them and as people read them. Local time is that of the place the box stands in.

use energy::calendar::{Date, Zone};
use jiff::Timestamp;
use units::{Instant, Span};

/// The clock on the wall of the place, and what it shows now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wall {
    /// The local clock.
    pub zone: Zone,
    /// The time now.
    pub now: Instant,
}

/// How times can be typed.
const FORMS: &str = "write it as \"2026-06-16 14:00\", 14:00, -2h or 2026-06-16T14:00:00Z";

/// A moment with its offset: `2026-06-16T14:00:00Z`.
pub fn rfc3339(text: &str) -> Result<Instant, String> {
    let stamp: Result<Timestamp, _> = text.parse();
    let stamp =
        stamp.map_err(|_| format!("{text:?} is no time with an offset; write it as 2026-06-16T14:00:00Z"))?;
    Ok(Instant::from_millis(stamp.as_millisecond()))
}

impl Wall {
    /// A moment as a person types it: with an offset, by the local clock, or relative to now.
    pub fn read(&self, text: &str) -> Result<Instant, String> {
        let text = text.trim();
        let found = match text {
            "now" => Some(self.now),
            _ if text.starts_with('-') => before(text).map(|span| self.now - span),
            _ => rfc3339(text).ok().or_else(|| self.local(text)),
        };
        found.ok_or_else(|| format!("{text:?} is no time; {FORMS}"))
    }

    /// `2026-06-16 14:00`, `2026-06-16T14:00:30`, `2026-06-16` (its beginning), `14:00` (today).
    fn local(&self, text: &str) -> Option<Instant> {
        let (date, time) = match text.split_once([' ', 'T']) {
            Some((date, time)) => (Some(date), Some(time)),
            None if text.contains(':') => (None, Some(text)),
            None => (Some(text), None),
        };
        let date = match date {
            Some(date) => Date::parse(date).ok()?,
            None => self.zone.date_of(self.now),
        };
        let Some(time) = time else {
            return Some(self.zone.start_of(date));
        };
        let mut parts = time.trim().split(':');
        let (hour, minute) = (parts.next()?, parts.next()?);
        let second = parts.next().unwrap_or("00");
        let in_range = |text: &str, most: u8| {
            let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|number| plain && *number <= most)
        };
        let (hour, minute) = (in_range(hour, 23)?, in_range(minute, 59)?);
        let second = in_range(second, 59).filter(|_| parts.next().is_none())?;
        Some(self.zone.moment(date, hour, minute) + Span::from_secs(i64::from(second)))
    }

    /// The time of day: `14:03:22`.
    pub(super) fn time(&self, at_ms: i64) -> String {
        let clock = self.zone.wall_clock(Instant::from_millis(at_ms));
        format!("{:02}:{:02}:{:02}", clock.hour, clock.minute, clock.second)
    }

    /// The time of day to the millisecond: `14:03:22.507`.
    pub(super) fn exact_time(&self, at_ms: i64) -> String {
        format!("{}.{:03}", self.time(at_ms), at_ms.rem_euclid(1_000))
    }

    /// Date and time to the minute: `2026-06-16 14:03`.
    pub(super) fn minute(&self, at_ms: i64) -> String {
        let clock = self.zone.wall_clock(Instant::from_millis(at_ms));
        format!("{} {:02}:{:02}", clock.date, clock.hour, clock.minute)
    }

    /// Date and time: `2026-06-16 14:03:22`.
    pub(super) fn date_time(&self, at_ms: i64) -> String {
        let clock = self.zone.wall_clock(Instant::from_millis(at_ms));
        format!("{} {}", clock.date, self.time(at_ms))
    }

    /// The same; with its offset where the clock shows this time twice, on the day it goes back.
    pub(super) fn told_apart(&self, at_ms: i64) -> String {
        let at = Instant::from_millis(at_ms);
        let here = self.zone.wall_clock(at);
        let twice = [at - Span::HOUR, at + Span::HOUR].into_iter().any(|other| {
            let other = self.zone.wall_clock(other);
            (other.date, other.hour) == (here.date, here.hour)
        });
        let text = self.date_time(at_ms);
        if !twice {
            return text;
        }
        let away = here.offset_minutes.unsigned_abs();
        let sign = if here.offset_minutes < 0 { '-' } else { '+' };
        format!("{text} {sign}{:02}:{:02}", away / 60, away % 60)
    }
}

/// `-90s`, `-30m`, `-2h`, `-3d`, `-2w`.
fn before(text: &str) -> Option<Span> {
    let text = text.strip_prefix('-')?;
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let unit = match &text[at..] {
        "s" => Span::SECOND,
        "m" | "min" => Span::MINUTE,
        "h" => Span::HOUR,
        "d" => Span::DAY,
        "w" => Span::DAY.times(7),
        _ => return None,
    };
    text[..at].parse().ok().map(|times| unit.times(times))
}

/// A length of time in at most two words: `3 s`, `12 min`, `4 h 5 min`, `3 days 4 h`.
pub(super) fn length(millis: i64) -> String {
    let seconds = millis.max(0) / 1_000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let two = |first: String, rest: i64, word: &str| match rest {
        0 => first,
        rest => format!("{first} {rest} {word}"),
    };
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => two(
            format!("{minutes} min"),
            if minutes < 10 { seconds % 60 } else { 0 },
            "s",
        ),
        (0, hours, minutes) => two(format!("{hours} h"), minutes % 60, "min"),
        (1, hours, _) => two("1 day".to_owned(), hours % 24, "h"),
        (days, hours, _) => two(format!("{days} days"), hours % 24, "h"),
    }
}

/// How long ago something was: `3 s ago`, or `just now`.
pub(super) fn ago(now: Instant, at_ms: i64) -> String {
    match now.as_millis().saturating_sub(at_ms) {
        gone if gone < 1_000 => "just now".to_owned(),
        gone => format!("{} ago", length(gone)),
    }
}

#[cfg(test)]
mod tests {
    use energy::calendar::Zone;
    use units::{Instant, Span};

    use super::{Wall, ago, length, rfc3339};

    fn wall() -> Wall {
        let now = rfc3339("2026-06-16T13:03:22.507Z").expect("a time");
        Wall {
            zone: Zone::parse("Europe/London").expect("a zone"),
            now,
        }
    }

    #[test]
    fn people_type_times_in_many_ways() {
        let read = |text: &str| wall().read(text).map(|at| wall().date_time(at.as_millis()));
        let is = |text: &str, shown: &str| assert_eq!(read(text).as_deref(), Ok(shown), "{text}");
        is("2026-06-16T13:00:00Z", "2026-06-16 14:00:00");
        is("2026-06-16T14:00:00+01:00", "2026-06-16 14:00:00");
        is("2026-06-16 14:00", "2026-06-16 14:00:00");
        is("2026-06-16T14:00:30", "2026-06-16 14:00:30");
        is("2026-06-16", "2026-06-16 00:00:00");
        is("09:15", "2026-06-16 09:15:00");
        is("-2h", "2026-06-16 12:03:22");
        is("-90s", "2026-06-16 14:01:52");
        is("-30min", "2026-06-16 13:33:22");
        is("-1d", "2026-06-15 14:03:22");
        is("-2w", "2026-06-02 14:03:22");
        is("now", "2026-06-16 14:03:22");
    }

    #[test]
    fn an_hour_that_comes_twice_is_told_apart() {
        let shown = [
            "2026-10-24T23:59:59Z",
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T02:00:00Z",
        ]
        .map(|text| wall().told_apart(rfc3339(text).expect("a time").as_millis()));
        assert_eq!(
            shown,
            [
                "2026-10-25 00:59:59",
                "2026-10-25 01:30:00 +01:00",
                "2026-10-25 01:30:00 +00:00",
                "2026-10-25 02:00:00"
            ]
        );
    }

    #[test]
    fn what_is_no_time_is_told_how_to_write_one() {
        for wrong in [
            "",
            "soon",
            "-",
            "-2",
            "-2x",
            "25:00",
            "2026-13-01",
            "2026-06-16 1:00",
            "14:00:00:00",
            "--2h",
        ] {
            let said = wall().read(wrong).expect_err(wrong);
            assert!(said.contains("-2h or 2026-06-16T14:00:00Z"), "{said}");
        }
        assert!(rfc3339("2026-06-16 14:00").is_err(), "an offset is needed");
        assert!(
            wall().read("-9223372036854775807w").is_ok(),
            "far away is far away, and no accident"
        );
    }

    #[test]
    fn people_read_times() {
        let shown = [
            0,
            59_999,
            61_000,
            600_000,
            3_600_000,
            3_900_000,
            86_400_000,
            273_600_000,
        ]
        .map(length);
        assert_eq!(
            shown,
            [
                "0 s",
                "59 s",
                "1 min 1 s",
                "10 min",
                "1 h",
                "1 h 5 min",
                "1 day",
                "3 days 4 h"
            ]
        );
        let now = Instant::default() + Span::MINUTE;
        assert_eq!(
            [ago(now, 0), ago(now, 59_500), ago(now, 70_000)],
            ["1 min ago", "just now", "just now"]
        );
        assert_eq!(wall().exact_time(wall().now.as_millis()), "14:03:22.507");
    }
}
