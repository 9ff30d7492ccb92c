//! A house whose true energy is known to the watt-millisecond, and a meter that shows it through every fault we
//! know of. It shares no rule with the ledger: it only adds up what flowed.

use energy::Limits;
use units::{Instant, Number, Span, Watts};

/// Watt-milliseconds in a watt-hour.
pub(crate) const FINE: i128 = 3_600_000;

/// The house, its one meter, and the box's clock.
pub(crate) struct World {
    pub(crate) limits: Limits,
    pub(crate) every: Span,
    pub(crate) resolution: i64,
    pub(crate) power: i64,
    /// All that ever flowed.
    pub(crate) flowed: i128,
    /// What the meter's own count began with, and what flowed since.
    pub(crate) start: i64,
    pub(crate) counted: i128,
    now: i64,
    /// How far the box's clock is off.
    pub(crate) clock_off: i64,
}

impl World {
    pub(crate) fn new(limits: Limits, every: Span, resolution: i64, start: i64) -> Self {
        Self {
            limits,
            every,
            resolution,
            power: 0,
            flowed: 0,
            start,
            counted: 0,
            now: 1_781_000_000_000,
            clock_off: 0,
        }
    }

    pub(crate) fn pass(&mut self, span: Span) {
        let work = i128::from(self.power) * i128::from(span.as_millis());
        self.flowed += work;
        self.counted += work;
        self.now += span.as_millis();
    }

    /// What the meter shows.
    pub(crate) fn shown(&self) -> i64 {
        let fine = i128::from(self.start) * FINE + self.counted;
        let steps = fine / (FINE * i128::from(self.resolution));
        let value = i64::try_from(steps).expect("fits") * self.resolution;
        self.limits.modulus.map_or(value, |modulus| value % modulus)
    }

    pub(crate) fn number(&self, value: i64) -> Number {
        Number {
            value,
            step: self.resolution,
        }
    }

    /// What the box believes the time to be.
    pub(crate) fn clock(&self) -> Instant {
        Instant::from_millis(self.now + self.clock_off)
    }

    /// The meter's count begins again at `start`.
    pub(crate) fn begin_again(&mut self, start: i64) {
        self.start = start;
        self.counted = 0;
    }

    /// The most that the nameplate lets flow in a span, with a wide margin.
    pub(crate) fn could_flow(&self, span: Span) -> i64 {
        let most = i128::from(self.limits.rated.0) * i128::from(span.as_millis()) * 6 / 5 / FINE;
        i64::try_from(most).expect("fits") + 4 * self.resolution
    }
}

/// A house of so many watts.
pub(crate) fn limits(rated: i64, modulus: Option<i64>) -> Limits {
    Limits {
        rated: Watts(rated),
        modulus,
    }
}
