//! From when to when certificates hold, so that a box with a wrong clock is still believed.
//!
//! A box without a battery wakes in 1970 and learns the time later, or never. So nothing is dated before this version of
//! the program was made, and what is dated later reaches far back: a phone whose clock is right sees it as good.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use units::{Instant, Span};

/// The day from which on certificates hold at the earliest: the month in which this version was made, 2026-06-01 UTC.
/// It is moved on with each release.
const FLOOR: Instant = Instant::from_millis(1_780_272_000_000);
/// How long a certificate of the box holds: browsers take no longer ones.
const LASTS: Span = Span::DAY.times(397);
/// How far it reaches back from the day on which it is made.
const BACK: Span = Span::DAY.times(300);
/// So long before its end it is made anew.
const RENEWED: Span = Span::DAY.times(30);
/// How long the authority holds: longer than any box, since its end would have everybody trust another one.
const AUTHORITY_LASTS: Span = Span::DAY.times(25 * 365);

/// From one day to another, both at midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    from: Instant,
    until: Instant,
}

impl Validity {
    /// Of the authority itself.
    pub(super) fn of_an_authority() -> Self {
        Self {
            from: FLOOR,
            until: FLOOR + AUTHORITY_LASTS,
        }
    }

    /// Of a certificate that is made now, by a clock that may be wrong.
    pub(super) fn at(now: Instant) -> Self {
        let from = if now.since(FLOOR) > BACK {
            now + BACK.times(-1)
        } else {
            FLOOR
        };
        Self {
            from,
            until: from + LASTS,
        }
    }

    /// Whether it is time for another certificate: this one ends soon, or the clock was put right.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        let now = now.max(FLOOR);
        now < self.from || now + RENEWED > self.until
    }

    /// The first day.
    pub(super) fn first(&self) -> Date {
        day(self.from)
    }

    /// The last day.
    pub(super) fn last(&self) -> Date {
        day(self.until)
    }
}

fn day(at: Instant) -> Date {
    let at = Timestamp::from_millisecond(at.as_millis()).unwrap_or(Timestamp::UNIX_EPOCH);
    TimeZone::UTC.to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use units::{Instant, Span};

    use super::{FLOOR, LASTS, Validity};

    #[test]
    fn a_box_that_wakes_in_1970_is_believed() {
        let held = Validity::at(Instant::from_millis(0));
        assert_eq!(
            (held.first().to_string(), held.last().to_string()),
            ("2026-06-01".to_owned(), "2027-07-03".to_owned())
        );
        assert!(
            !held.is_over(Instant::from_millis(0)),
            "and does not make another one at every call"
        );
    }

    #[test]
    fn once_the_clock_is_right_there_is_a_certificate_for_the_right_time() {
        let held = Validity::at(Instant::from_millis(0));
        let later = FLOOR + Span::DAY.times(800);
        assert!(held.is_over(later));
        let too_late = Validity::at(later);
        assert!(
            too_late.is_over(FLOOR + Span::DAY.times(10)),
            "a clock that was put back"
        );
    }

    proptest! {
        #[test]
        fn it_holds_now_and_a_month_more_and_no_longer_than_browsers_take(days in 0_i64..20_000) {
            let now = FLOOR + Span::DAY.times(days);
            let held = Validity::at(now);
            prop_assert!(held.from <= now && now + Span::DAY.times(30) < held.until);
            prop_assert!(held.until.since(held.from) == LASTS);
            prop_assert!(held.from >= FLOOR && !held.is_over(now));
        }
    }
}
