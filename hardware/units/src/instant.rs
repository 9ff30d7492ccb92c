//! Moments (UTC milliseconds) and spans of time. Deliberately without a way to ask what time it is now.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

/// A moment: milliseconds since 1970-01-01 00:00 UTC, leap seconds not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(i64);

/// A length of time in milliseconds; may be negative where two moments are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(i64);

impl Instant {
    /// The moment `millis` milliseconds after 1970-01-01 00:00 UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01 00:00 UTC.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// How long ago `earlier` was; negative if it lies ahead.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// The last whole multiple of `step` (counted from 1970) that is not after this moment. A step of
    /// nothing, or a negative one, gives the moment itself.
    pub const fn floor(self, step: Span) -> Self {
        if step.0 <= 0 {
            self
        } else {
            Self(self.0.saturating_sub(self.0.rem_euclid(step.0)))
        }
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// One second.
    pub const SECOND: Self = Self(1_000);
    /// One minute.
    pub const MINUTE: Self = Self(60_000);
    /// The length of an interval of the ledger.
    pub const QUARTER: Self = Self(15 * 60_000);
    /// One hour.
    pub const HOUR: Self = Self(3_600_000);
    /// Twenty-four hours, which is not always a local day.
    pub const DAY: Self = Self(24 * 3_600_000);

    /// So many milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// So many seconds.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000))
    }

    /// The length in milliseconds.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The length in whole seconds, towards zero.
    pub const fn as_secs(self) -> i64 {
        self.0 / 1_000
    }

    /// This span `times` over, stopping at the largest span there is.
    #[must_use]
    pub const fn times(self, times: i64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

impl From<Duration> for Span {
    fn from(duration: Duration) -> Self {
        Self(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
    }
}

impl From<Span> for Duration {
    /// A negative span becomes no time at all.
    fn from(span: Span) -> Self {
        Duration::from_millis(u64::try_from(span.0).unwrap_or(0))
    }
}

impl Add<Span> for Instant {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Instant {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Span {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Instant {
    /// Milliseconds since 1970, for logs; people see local time made by `energy`'s calendar.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Instant, Span};

    #[test]
    fn floor_goes_down_before_1970_too() {
        assert_eq!(
            Instant::from_millis(1_799_999).floor(Span::QUARTER),
            Instant::from_millis(900_000)
        );
        assert_eq!(
            Instant::from_millis(-1).floor(Span::QUARTER),
            Instant::from_millis(-900_000)
        );
        assert_eq!(Instant::from_millis(7).floor(Span::ZERO), Instant::from_millis(7));
    }
}
