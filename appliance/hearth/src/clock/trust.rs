//! Whether the clock can be believed. One that jumps far ahead may be wrong, and what is written down under such a
//! time, or given up because of it, cannot be put right afterwards. Waiting costs nothing: the meters count on. Pure.

use units::{Instant, Span};

use crate::desk::CLOCK_FLOOR;

/// Further than this a clock does not go wrong by itself, and few boxes are switched off for longer.
const FAR: Span = Span::from_secs(31 * 24 * 3_600);
/// A clock that has stood by its jump for so long is believed although no time server says so: the box may have been
/// switched off for long where there is no network.
const STEADY: Span = Span::HOUR;

/// Whether the clock is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trust {
    /// Nothing speaks against it.
    #[default]
    Believed,
    /// It jumped ahead, and nothing has confirmed it yet.
    Doubted {
        /// How far.
        ahead: Span,
    },
}

/// Watches the clock against what goes on by itself: the count of time since the program began.
#[derive(Debug, Clone)]
pub struct ClockWatch {
    /// A time that was believed, and the count of time then.
    believed: Option<(Instant, Span)>,
    /// The count of time when doubt began.
    doubted_since: Option<Span>,
}

impl ClockWatch {
    /// A watch that begins with the newest time that was ever written down.
    pub fn new(newest: Option<Instant>) -> Self {
        Self {
            believed: newest.map(|newest| (newest, Span::ZERO)),
            doubted_since: None,
        }
    }

    /// Looks at the clock, which shows `now` at the count of time `tick`. Whether a time server has set it is only
    /// asked in doubt.
    pub fn look(&mut self, now: Instant, tick: Span, set_by_network: impl FnOnce() -> bool) -> Trust {
        if now < CLOCK_FLOOR {
            // A clock that was never set writes nothing down in any case, and is nothing to compare with.
            return Trust::Believed;
        }
        let ahead = self
            .believed
            .map_or(Span::ZERO, |(then, since)| now.since(then) - (tick - since));
        if ahead > FAR {
            let since = *self.doubted_since.get_or_insert(tick);
            if tick - since < STEADY && !set_by_network() {
                return Trust::Doubted { ahead };
            }
        }
        self.believed = Some((now, tick));
        self.doubted_since = None;
        Trust::Believed
    }
}

#[cfg(test)]
mod tests {
    use units::{Instant, Span};

    use super::{ClockWatch, Trust};
    use crate::desk::CLOCK_FLOOR;

    const YEAR: Span = Span::from_secs(365 * 24 * 3_600);
    const MONTH: Span = Span::from_secs(30 * 24 * 3_600);

    fn secs(secs: i64) -> Span {
        Span::from_secs(secs)
    }

    #[test]
    fn a_year_ahead_for_a_minute_is_never_believed() {
        let begun = CLOCK_FLOOR + YEAR;
        let mut watch = ClockWatch::new(Some(begun));
        for tick in 0..600 {
            let wrong = (100..160).contains(&tick);
            let jump = if wrong { YEAR } else { Span::ZERO };
            let trust = watch.look(begun + secs(tick) + jump, secs(tick), || false);
            let expected = if wrong {
                Trust::Doubted { ahead: YEAR }
            } else {
                Trust::Believed
            };
            assert_eq!(trust, expected, "at {tick} s");
        }
    }

    #[test]
    fn a_time_server_or_an_hour_ends_the_doubt() {
        let newest = CLOCK_FLOOR + YEAR;
        let now = newest + YEAR;
        let doubted = Trust::Doubted { ahead: YEAR };
        let mut asked = ClockWatch::new(Some(newest));
        assert_eq!(asked.look(now, Span::ZERO, || false), doubted);
        assert_eq!(asked.look(now + secs(9), secs(9), || true), Trust::Believed);
        assert_eq!(asked.look(now + secs(10), secs(10), || false), Trust::Believed);
        let mut alone = ClockWatch::new(Some(newest));
        assert_eq!(alone.look(now, Span::ZERO, || false), doubted);
        assert_eq!(alone.look(now + secs(3_599), secs(3_599), || false), doubted);
        assert_eq!(
            alone.look(now + secs(3_600), secs(3_600), || false),
            Trust::Believed
        );
    }

    #[test]
    fn a_month_without_power_a_new_box_and_a_clock_of_1970_are_no_reason_to_doubt() {
        let newest = CLOCK_FLOOR + YEAR;
        let believed =
            |newest, now| ClockWatch::new(newest).look(now, Span::ZERO, || false) == Trust::Believed;
        assert!(believed(Some(newest), newest + MONTH));
        assert!(believed(None, newest + YEAR.times(10)));
        let mut unset = ClockWatch::new(Some(newest));
        assert_eq!(
            unset.look(Instant::from_millis(0), Span::ZERO, || false),
            Trust::Believed
        );
        assert_eq!(unset.look(newest + secs(60), secs(9), || false), Trust::Believed);
        assert_eq!(
            unset.look(newest - YEAR.times(3), secs(10), || false),
            Trust::Believed,
            "back below the floor"
        );
    }
}
