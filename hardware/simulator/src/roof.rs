//! The roof: two strings of panels and the inverter beneath them, from sunlight to watts.

use crate::number::{float, noise, whole};
use crate::sun::{self, Clear};
use crate::weather::Weather;

/// Peak power of the two strings, in watts: 12 kWp together.
const STRINGS: [f64; 2] = [6_480.0, 5_520.0];

/// The most the inverter gives, in milliwatts.
pub(crate) const NAMEPLATE_MILLIWATTS: i64 = 12_000_000;

/// Below this the inverter sleeps, in watts of direct current.
const WAKES_AT: f64 = 40.0;

/// How steep the roof is, in degrees.
const TILT: f64 = 30.0;

/// What the roof does in one second.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Roof {
    /// Power to the house, in milliwatts; never negative.
    pub(crate) milliwatts: i64,
    /// Direct current power of each string, in milliwatts.
    pub(crate) strings: [i64; 2],
    /// Temperature of the panels, in degrees Celsius.
    pub(crate) panels: f64,
    /// Temperature inside the inverter's case, in degrees Celsius.
    pub(crate) case: f64,
    /// Temperature outside, in degrees Celsius.
    pub(crate) outside: f64,
    /// Whether the sun is so low that people switch lights on.
    pub(crate) dark: bool,
}

/// The roof over time. The sun is computed once a minute; in between its light changes in a straight line.
#[derive(Debug, Clone)]
pub(crate) struct Panels {
    latitude: f64,
    longitude: f64,
    seed: u64,
    weather: Weather,
    clear: Clear,
    change: Clear,
    now: Roof,
}

impl Panels {
    /// The panels at a place, under the weather of `seed`.
    pub(crate) fn new(latitude: f64, longitude: f64, seed: u64) -> Self {
        let now = Roof {
            case: 20.0,
            ..Roof::default()
        };
        Self {
            latitude,
            longitude,
            seed,
            weather: Weather::new(seed),
            clear: Clear::default(),
            change: Clear::default(),
            now,
        }
    }

    /// A new minute begins at `second`.
    pub(crate) fn minute(&mut self, second: i64) {
        let here = sun::position(second, self.latitude, self.longitude);
        let then = sun::position(second + 60, self.latitude, self.longitude);
        // Panels look towards the equator.
        let facing = if self.latitude < 0.0 { 0.0 } else { 180.0 };
        self.clear = sun::onto_roof(here, TILT, facing);
        let next = sun::onto_roof(then, TILT, facing);
        self.change = Clear {
            beam: (next.beam - self.clear.beam) / 60.0,
            diffuse: (next.diffuse - self.clear.diffuse) / 60.0,
        };
        self.now.dark = here.elevation < 2.0;
        let gloom = whole(90.0 - 90.0 * self.season(second)).clamp(0, 300);
        self.weather.set_gloom(u32::try_from(gloom).unwrap_or(0));
        self.now.outside = self.outside(second);
        let warmth = self.now.outside + 8.0 + float(self.now.milliwatts / 1_000) * 0.002;
        self.now.case += (warmth - self.now.case) * 0.05;
    }

    /// How much of a summer it is: 1 on the warmest day, -1 half a year later, less towards the equator.
    fn season(&self, second: i64) -> f64 {
        let days = float(second) / 86_400.0;
        let warmest = if self.latitude < 0.0 { 17.0 } else { 200.0 };
        ((days - warmest) / 365.2425 * std::f64::consts::TAU).cos() * (self.latitude.abs() / 50.0)
    }

    /// Air temperature: a year, a day and a slow drift.
    fn outside(&self, second: i64) -> f64 {
        let turn = std::f64::consts::TAU;
        let days = float(second) / 86_400.0;
        let day = ((days + self.longitude / 360.0 - 15.0 / 24.0) * turn).cos();
        let drift = noise(&[self.seed, 11, second.div_euclid(86_400).unsigned_abs()]);
        let mean = 24.0 - self.latitude.abs() * 0.27;
        mean + 9.0 * self.season(second) + 4.0 * day + 2.0 * drift
    }

    /// One second on.
    pub(crate) fn step(&mut self) -> &Roof {
        let light = self.weather.step();
        let shine = self.clear.beam * light.beam + self.clear.diffuse * light.diffuse;
        self.clear.beam += self.change.beam;
        self.clear.diffuse += self.change.diffuse;
        self.now.panels = self.now.outside + 0.028 * shine;
        let yield_factor = shine / 1_000.0 * 0.96 * (1.0 - 0.004 * (self.now.panels - 25.0));
        let direct = [STRINGS[0] * yield_factor, STRINGS[1] * yield_factor];
        if direct[0] + direct[1] < WAKES_AT {
            self.now.milliwatts = 0;
            self.now.strings = [0, 0];
            return &self.now;
        }
        // Switching costs 2.2 %, being awake 25 W.
        let wanted = (direct[0] + direct[1]) * 0.978 - 25.0;
        let limit = float(NAMEPLATE_MILLIWATTS) / 1_000.0;
        let throttle = (limit / wanted).min(1.0);
        self.now.milliwatts = whole(wanted * throttle * 1_000.0).clamp(0, NAMEPLATE_MILLIWATTS);
        self.now.strings = direct.map(|watts| whole(watts * throttle * 1_000.0));
        &self.now
    }

    /// What the roof did in the last second.
    pub(crate) fn now(&self) -> &Roof {
        &self.now
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMEPLATE_MILLIWATTS, Panels};

    /// Energy of each day from midnight UTC of `first` on, in watt-hours.
    fn days(first: i64, seed: u64, count: i64) -> Vec<i64> {
        let mut panels = Panels::new(48.2, 16.37, seed);
        (0..count)
            .map(|day| {
                let begins = first + day * 86_400;
                let mut sum = 0;
                for second in begins..begins + 86_400 {
                    if second % 60 == 0 {
                        panels.minute(second);
                    }
                    let roof = panels.step();
                    assert!((0..=NAMEPLATE_MILLIWATTS).contains(&roof.milliwatts));
                    assert!(roof.milliwatts <= roof.strings[0] + roof.strings[1]);
                    sum += roof.milliwatts;
                }
                sum / 3_600_000
            })
            .collect()
    }

    #[test]
    fn june_gives_more_than_december_and_no_day_gives_the_impossible() {
        // 2026-06-10 and 2026-12-10.
        let (june, december) = (days(1_781_049_600, 5, 14), days(1_796_860_800, 5, 14));
        let (most, sum) = (june.iter().max(), june.iter().sum::<i64>());
        assert!(
            most.is_some_and(|most| (50_000..100_000).contains(most)),
            "{june:?}"
        );
        assert!(sum > 3 * december.iter().sum::<i64>(), "{june:?} {december:?}");
        assert!(
            december.iter().all(|day| (200..45_000).contains(day)),
            "{december:?}"
        );
        assert!(
            june.iter().min() < most.map(|most| most / 2).as_ref(),
            "clouds make days differ: {june:?}"
        );
    }
}
