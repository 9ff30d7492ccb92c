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
            faded_below: Watts((rated.0 / 50).max(50)),
            last_power: None,
            state: State::Silent { since: now },
            light_since: None,
        }
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
