//! Whether a silent inverter sleeps or is broken. An inverter without sun goes silent or sends "not a number";
//! that is no fault, and its power is zero then. One that fell silent at full power is broken.

use units::{Instant, Span, Watts};

/// How light it is outside, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    /// The sun is down.
    Dark,
    /// The sun is up.
    Day,
    /// The site's place is not set, or this device does not live by the sun.
    Unknown,
}

/// What an inverter is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It answers.
    Awake,
    /// It has no sun; its power is zero and its total is held. No fault.
    Asleep {
        /// Since when.
        since: Instant,
    },
    /// It should answer and does not: a fault.
    Silent {
        /// Since when.
        since: Instant,
    },
}

/// In daylight for this long, whoever still sleeps is broken.
const LATE: Span = Span::from_secs(3 * 3_600);

/// The longest sleep where nobody knows how light it is.
const LONGEST: Span = Span::from_secs(20 * 3_600);

/// Watches one inverter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    faded_below: Watts,
    last_power: Option<Watts>,
    state: State,
    /// Since when it has been light without a break while the inverter slept.
    light_since: Option<Instant>,
}

impl Watch {
    /// A watch over an inverter with this nameplate: below 2 % of it, or 50 W if that is more, its power
    /// counts as faded. `now` is when watching begins.
    pub fn new(rated: Watts, now: Instant) -> Self {
        Self {
            faded_below: faded_below(rated),
            last_power: None,
            state: State::Silent { since: now },
            light_since: None,
        }
    }

    /// Another nameplate. What is known of its sleep stays.
    pub fn set_rated(&mut self, rated: Watts) {
        self.faded_below = faded_below(rated);
    }

    /// A good reading of its power came.
    pub fn heard(&mut self, power: Watts) -> State {
        self.last_power = Some(power);
        self.light_since = None;
        self.state = State::Awake;
        self.state
    }

    /// It was asked and said nothing that can be used.
    pub fn silent(&mut self, at: Instant, light: Light) -> State {
        self.light_since = match light {
            Light::Day => self.light_since.or(Some(at)),
            _ => None,
        };
        self.state = match self.state {
            State::Awake if self.faded() => State::Asleep { since: at },
            State::Awake => State::Silent { since: at },
            State::Asleep { since } if self.overslept(since, at, light) => State::Silent { since },
            State::Silent { since } if self.last_power.is_none() && light == Light::Dark => {
                State::Asleep { since }
            }
            other => other,
        };
        self.state
    }

    /// What it was doing when it was last asked.
    pub fn state(&self) -> State {
        self.state
    }

    fn faded(&self) -> bool {
        self.last_power.is_some_and(|power| power < self.faded_below)
    }

    fn overslept(&self, since: Instant, at: Instant, light: Light) -> bool {
        let in_light = self.light_since.is_some_and(|light| at.since(light) > LATE);
        in_light || (light == Light::Unknown && at.since(since) > LONGEST)
    }
}

fn faded_below(rated: Watts) -> Watts {
    Watts((rated.0 / 50).max(50))
}

#[cfg(test)]
mod tests {
    use units::{Instant, Span, Watts};

    use super::{Light, State, Watch};

    fn hour(hour: i64) -> Instant {
        Instant::default() + Span::HOUR.times(hour)
    }

    #[test]
    fn one_that_faded_and_fell_silent_sleeps() {
        let mut watch = Watch::new(Watts(12_000), hour(0));
        assert_eq!(watch.heard(Watts(239)), State::Awake);
        for later in 20..30 {
            assert_eq!(
                watch.silent(hour(later), Light::Dark),
                State::Asleep { since: hour(20) }
            );
        }
        assert_eq!(
            watch.heard(Watts(0)),
            State::Awake,
            "the first good reading wakes it"
        );
    }

    #[test]
    fn one_that_falls_silent_at_power_is_broken_even_at_night() {
        let mut watch = Watch::new(Watts(12_000), hour(0));
        watch.heard(Watts(240));
        assert_eq!(
            watch.silent(hour(12), Light::Day),
            State::Silent { since: hour(12) }
        );
        assert_eq!(
            watch.silent(hour(23), Light::Dark),
            State::Silent { since: hour(12) }
        );
    }

    #[test]
    fn a_small_one_has_faded_below_fifty_watts() {
        let mut watch = Watch::new(Watts(800), hour(0));
        watch.heard(Watts(49));
        assert_eq!(
            watch.silent(hour(1), Light::Unknown),
            State::Asleep { since: hour(1) }
        );
        watch.heard(Watts(-3));
        assert_eq!(
            watch.silent(hour(2), Light::Unknown),
            State::Asleep { since: hour(2) }
        );
    }

    #[test]
    fn one_that_was_never_heard_sleeps_only_in_the_dark() {
        let mut watch = Watch::new(Watts(5_000), hour(0));
        assert_eq!(
            watch.silent(hour(0), Light::Unknown),
            State::Silent { since: hour(0) }
        );
        assert_eq!(
            watch.silent(hour(1), Light::Dark),
            State::Asleep { since: hour(0) }
        );
    }

    #[test]
    fn who_sleeps_far_into_the_day_is_broken() {
        let mut watch = Watch::new(Watts(5_000), hour(0));
        watch.heard(Watts(10));
        assert_eq!(
            watch.silent(hour(20), Light::Dark),
            State::Asleep { since: hour(20) }
        );
        assert_eq!(
            watch.silent(hour(30), Light::Day),
            State::Asleep { since: hour(20) }
        );
        assert_eq!(
            watch.silent(hour(33), Light::Day),
            State::Asleep { since: hour(20) }
        );
        assert_eq!(
            watch.silent(hour(34), Light::Day),
            State::Silent { since: hour(20) }
        );
        watch.heard(Watts(10));
        watch.silent(hour(40), Light::Unknown);
        assert_eq!(
            watch.silent(hour(61), Light::Unknown),
            State::Silent { since: hour(40) }
        );
        assert_eq!(watch.state(), State::Silent { since: hour(40) });
    }
}
