//! One inverter and one meter of a trace: what they remember from row to row, and the twelve values that they show.

use units::Unit;

use super::Moment;
use crate::number::{float, whole};

/// How long light takes to follow a cloud, in seconds.
const CLOUD_PASSES: f64 = 15.0;

/// The points of an inverter, in the order of its values.
pub(super) const OF_INVERTER: [(&str, Unit); 12] = [
    ("ac_power", Unit::Watts),
    ("dc_power", Unit::Watts),
    ("ac_voltage", Unit::Decivolts),
    ("dc_voltage", Unit::Decivolts),
    ("ac_current", Unit::Centiamperes),
    ("dc_current", Unit::Centiamperes),
    ("frequency", Unit::Centihertz),
    ("temperature", Unit::Decicelsius),
    ("energy_total", Unit::WattHours),
    ("energy_today", Unit::WattHours),
    ("power_factor", Unit::Millifactor),
    ("status", Unit::Code),
];

/// The points of a meter, in the order of its values.
pub(super) const OF_METER: [(&str, Unit); 12] = [
    ("power", Unit::Watts),
    ("apparent_power", Unit::VoltAmperes),
    ("reactive_power", Unit::Vars),
    ("voltage", Unit::Decivolts),
    ("current", Unit::Centiamperes),
    ("frequency", Unit::Centihertz),
    ("temperature", Unit::Decicelsius),
    ("energy_total", Unit::WattHours),
    ("energy_today", Unit::WattHours),
    ("power_factor", Unit::Millifactor),
    ("demand", Unit::Watts),
    ("status", Unit::Code),
];

/// Chance, from the seed.
#[derive(Debug)]
pub(super) struct Noise(fastrand::Rng);

impl Noise {
    pub(super) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A number of about the normal distribution with deviation 1: the sum of four even ones.
    pub(super) fn bell(&mut self) -> f64 {
        let [a, b, c, d, e, f, g, h] = self.0.u64(..).to_be_bytes();
        let sum: u32 = [[a, b], [c, d], [e, f], [g, h]]
            .into_iter()
            .map(|two| u32::from(u16::from_be_bytes(two)))
            .sum();
        (f64::from(sum) / 65_536.0 - 2.0) * 1.732
    }

    /// An even number between the two.
    fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.0.f64()
    }

    /// Whether something comes about in `step` seconds that takes `mean` seconds to come on average.
    fn comes(&mut self, step: f64, mean: f64) -> bool {
        self.0.f64() < 1.0 - (-step / mean).exp()
    }
}

/// A counter of energy and the same since midnight, in steps of 10 Wh.
#[derive(Debug)]
struct Counter {
    /// In watt-seconds.
    total: f64,
    at_midnight: f64,
    day: i64,
}

impl Counter {
    fn new(watt_hours: f64) -> Self {
        Self {
            total: watt_hours * 3_600.0,
            at_midnight: watt_hours * 3_600.0,
            day: i64::MIN,
        }
    }

    fn add(&mut self, moment: &Moment, watts: f64) -> (i64, i64) {
        let day = moment.second.div_euclid(86_400);
        if day != self.day {
            self.day = day;
            self.at_midnight = self.total;
        }
        self.total += watts * moment.step;
        let tens = |watt_seconds: f64| whole((watt_seconds / 36_000.0).floor()) * 10;
        (tens(self.total), tens(self.total - self.at_midnight))
    }
}

/// An inverter under its clouds.
#[derive(Debug)]
pub(super) struct Inverter {
    peak: f64,
    sigma: f64,
    strings: f64,
    /// What the clouds let through, and where the light is on its way to.
    light: f64,
    towards: f64,
    warmth: f64,
    counter: Counter,
}

impl Inverter {
    pub(super) fn new(number: usize, noise: &mut Noise) -> Self {
        let size = float(i64::try_from(number).unwrap_or(0));
        Self {
            peak: 4_000.0 + 1_000.0 * size,
            sigma: noise.between(0.002, 0.004),
            strings: noise.between(520.0, 640.0),
            light: 1.0,
            towards: 1.0,
            warmth: 20.0,
            counter: Counter::new(noise.between(1e6, 9e7)),
        }
    }

    pub(super) fn next(&mut self, moment: &Moment, noise: &mut Noise) -> [i64; 12] {
        // A cloud comes each few minutes and stays about one; each is of its own thickness.
        let cloudy = self.towards < 0.9;
        if noise.comes(moment.step, if cloudy { 90.0 } else { 240.0 }) {
            self.towards = if cloudy {
                noise.between(0.95, 1.0)
            } else {
                noise.between(0.25, 0.85)
            };
        }
        self.light += (self.towards - self.light) * (1.0 - (-moment.step / CLOUD_PASSES).exp());
        let expected = self.peak * moment.clear * self.light;
        let runs = expected > 25.0;
        let ac = if runs {
            whole(expected * (1.0 + self.sigma * noise.bell()))
        } else {
            0
        };
        let power = float(ac);
        let slow = 1.0 - (-moment.step / 900.0).exp();
        self.warmth += (moment.air + 8.0 + 28.0 * power / self.peak - self.warmth) * slow;
        let (total, today) = self.counter.add(moment, power);
        let warmth = whole((self.warmth + 0.05 * noise.bell()) * 10.0);
        let volts = moment.volts + 1.5 * power / self.peak + 0.22 * noise.bell();
        let grid = [
            whole(volts * 10.0),
            whole((moment.hertz + 0.005 * noise.bell()) * 100.0),
        ];
        if !runs {
            return [0, 0, grid[0], 0, 0, 0, grid[1], warmth, total, today, 0, 2];
        }
        // What goes in is what comes out and a loss that is known; strings sag when they are warm.
        let dc = power * 1.022 + 18.0;
        let strings = self.strings * (1.0 - 0.06 * moment.clear) + 0.5 * noise.bell();
        let factor = 1.0 - 0.02 / (1.0 + 12.0 * power / self.peak);
        [
            ac,
            whole(dc),
            grid[0],
            whole(strings * 10.0),
            whole(100.0 * power / (factor * volts)),
            whole(100.0 * dc / strings),
            grid[1],
            warmth,
            total,
            today,
            whole(factor * 1_000.0),
            4,
        ]
    }
}

/// What may be switched on: its power in watts, how long it runs and how long it does not, in seconds.
const APPLIANCES: [(f64, f64, f64); 6] = [
    (90.0, 900.0, 1_800.0),
    (2_000.0, 180.0, 9_000.0),
    (140.0, 5_400.0, 10_800.0),
    (1_100.0, 420.0, 14_400.0),
    (2_200.0, 1_500.0, 40_000.0),
    (60.0, 7_200.0, 14_400.0),
];

/// A meter before the loads of a home.
#[derive(Debug)]
pub(super) struct Meter {
    base: f64,
    sigma: f64,
    running: [bool; APPLIANCES.len()],
    warmth: f64,
    /// Watt-seconds and seconds of the quarter of an hour so far, and the mean of the one before.
    quarter: (f64, f64),
    demand: f64,
    counter: Counter,
}

impl Meter {
    pub(super) fn new(number: usize, noise: &mut Noise) -> Self {
        let homes = float(i64::try_from(number % 3 + 1).unwrap_or(1));
        Self {
            base: homes * noise.between(90.0, 160.0),
            sigma: noise.between(0.002, 0.004),
            running: [false; APPLIANCES.len()],
            warmth: 24.0,
            quarter: (0.0, 0.0),
            demand: 0.0,
            counter: Counter::new(noise.between(1e6, 9e7)),
        }
    }

    pub(super) fn next(&mut self, moment: &Moment, noise: &mut Noise) -> [i64; 12] {
        let (mut load, mut lagging) = (self.base, 0.3 * self.base);
        for ((watts, runs, rests), running) in APPLIANCES.into_iter().zip(&mut self.running) {
            if noise.comes(moment.step, if *running { runs } else { rests }) {
                *running = !*running;
            }
            if *running {
                load += watts;
                // Motors and supplies lag, what only heats does not.
                lagging += if watts < 200.0 { 0.5 * watts } else { 0.0 };
            }
        }
        let power = load * (1.0 + self.sigma * noise.bell()) + 0.4 * noise.bell();
        let reactive = lagging * (1.0 + self.sigma * noise.bell());
        let apparent = power.hypot(reactive);
        let volts = moment.volts - 0.3 * load / 1_000.0 + 0.22 * noise.bell();
        let (total, today) = self.counter.add(moment, power);
        if moment.second.rem_euclid(900) < whole(moment.step) && self.quarter.1 > 0.0 {
            self.demand = self.quarter.0 / self.quarter.1;
            self.quarter = (0.0, 0.0);
        }
        self.quarter = (self.quarter.0 + power * moment.step, self.quarter.1 + moment.step);
        let slow = 1.0 - (-moment.step / 1_800.0).exp();
        self.warmth += (21.0 + load / 800.0 - self.warmth) * slow;
        [
            whole(power),
            whole(apparent),
            whole(reactive),
            whole(volts * 10.0),
            whole(100.0 * apparent / volts),
            whole((moment.hertz + 0.005 * noise.bell()) * 100.0),
            whole((self.warmth + 0.05 * noise.bell()) * 10.0),
            total,
            today,
            whole(1_000.0 * power / apparent.max(1.0)),
            whole(self.demand),
            1,
        ]
    }
}
