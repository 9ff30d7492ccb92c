//! What twenty devices would show in a day or in a year, drawn from a seed: the data that storage is measured with.
//!
//! Inverters under a clear sky at 51° north with clouds that pass, and meters before loads that are switched. Every
//! value is rounded to the step of its unit, the noise is that of an instrument of class 0.5, and some channels hardly
//! ever change. This is data, not a site: nothing here answers Modbus,
//! and the sums of production and load mean nothing. [`crate::Building`] is the model that balances.
//!
//! All rows are at whole steps of time. The order-0 entropy of the differences, reckoned for each channel and hour by
//! itself, is 0.225 bytes a sample for [`TraceOptions::june_day`] and 0.250 for [`TraceOptions::year`], both with [`SEED`]; the tests
//! in `trace/tests.rs` compute it.

mod device;
#[cfg(test)]
mod tests;

use units::{Channel, Instant, Span, Unit};

use device::{Inverter, Meter, Noise};

/// The seed of the data sets that figures are published for.
pub const SEED: u64 = 20_260_615;

/// Midnight (UTC) before the 15th of June 2026.
const JUNE_DAY: i64 = 1_781_481_600_000;
/// Midnight (UTC) before the 1st of January 2016.
const JANUARY_2016: i64 = 1_451_606_400_000;
/// Midnight (UTC) before the 1st of January 2025.
const JANUARY_2025: i64 = 1_735_689_600_000;
/// The place: the middle of England.
const LATITUDE: f64 = 51.0;
const LONGITUDE: f64 = 0.0;
/// How long the grid takes to forget its frequency and its voltage, in seconds.
const GRID_FORGETS: f64 = 240.0;

/// Which data are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceOptions {
    /// The time of the first row.
    pub from: Instant,
    /// The time between two rows.
    pub step: Span,
    /// How many rows there are.
    pub rows: u64,
    /// How many inverters, with twelve channels each.
    pub inverters: usize,
    /// How many meters, with twelve channels each.
    pub meters: usize,
    /// How many channels a row has at most; those of the last devices are left out.
    pub channels: usize,
    /// What all chance is drawn from.
    pub seed: u64,
}

impl TraceOptions {
    /// A day in June, 240 channels each second: 20,736,000 samples.
    pub fn june_day() -> Self {
        Self {
            from: Instant::from_millis(JUNE_DAY),
            step: Span::SECOND,
            rows: 86_400,
            inverters: 8,
            meters: 12,
            channels: 240,
            seed: SEED,
        }
    }

    /// The year 2025, 24 channels each minute: 12,614,400 samples.
    pub fn year() -> Self {
        Self {
            from: Instant::from_millis(JANUARY_2025),
            step: Span::MINUTE,
            rows: 365 * 1_440,
            inverters: 1,
            meters: 1,
            channels: 24,
            seed: SEED,
        }
    }

    /// The ten years from 2016 to 2025, 50 channels each 15 seconds: 1,052,256,000 samples.
    pub fn ten_years() -> Self {
        Self {
            from: Instant::from_millis(JANUARY_2016),
            step: Span::SECOND.times(15),
            rows: 3_653 * 5_760,
            inverters: 2,
            meters: 3,
            channels: 50,
            seed: SEED,
        }
    }
}

/// The rows of a data set, one after another. The same options give the same rows.
#[derive(Debug)]
pub struct Trace {
    options: TraceOptions,
    channels: Vec<(Channel, Unit)>,
    noise: Noise,
    inverters: Vec<Inverter>,
    meters: Vec<Meter>,
    /// How far frequency and voltage are from 50 Hz and 230 V, in parts of what they wander.
    grid: (f64, f64),
    drawn: u64,
    row: Vec<i64>,
}

/// What all devices see of a moment.
struct Moment {
    /// Seconds since 1970.
    second: i64,
    /// Seconds since the row before.
    step: f64,
    /// What a clear sky gives, as a part of 1,000 W on a square metre.
    clear: f64,
    /// The grid's frequency in hertz.
    hertz: f64,
    /// The grid's voltage in volts.
    volts: f64,
    /// Warmth of the air, in degrees.
    air: f64,
}

impl Trace {
    /// Begins the data set.
    pub fn new(options: TraceOptions) -> Self {
        let mut noise = Noise::new(options.seed);
        let inverters = (0..options.inverters)
            .map(|number| Inverter::new(number, &mut noise))
            .collect();
        let meters = (0..options.meters)
            .map(|number| Meter::new(number, &mut noise))
            .collect();
        let names = |device: &'static str, count: usize, points: [(&'static str, Unit); 12]| {
            (1..=count).flat_map(move |number| {
                points.into_iter().filter_map(move |(point, unit)| {
                    let channel = Channel::parse(&format!("{device}-{number}/{point}"));
                    channel.ok().map(|channel| (channel, unit))
                })
            })
        };
        let channels = names("inverter", options.inverters, device::OF_INVERTER)
            .chain(names("meter", options.meters, device::OF_METER))
            .take(options.channels)
            .collect();
        Self {
            options,
            channels,
            noise,
            inverters,
            meters,
            grid: (0.0, 0.0),
            drawn: 0,
            row: Vec::new(),
        }
    }

    /// The channels, in the order of a row's values, and what one step of each means.
    pub fn channels(&self) -> &[(Channel, Unit)] {
        &self.channels
    }

    /// How many samples all rows have together.
    pub fn samples(&self) -> u64 {
        let channels = u64::try_from(self.channels.len()).unwrap_or(u64::MAX);
        self.options.rows.saturating_mul(channels)
    }

    /// The next row: its time, and a value of each channel. `None` after the last.
    pub fn next_row(&mut self) -> Option<(Instant, &[i64])> {
        if self.drawn == self.options.rows {
            return None;
        }
        let steps = i64::try_from(self.drawn).unwrap_or(i64::MAX);
        let at = self.options.from + self.options.step.times(steps);
        self.drawn += 1;
        let moment = self.moment(at);
        self.row.clear();
        for inverter in &mut self.inverters {
            self.row.extend(inverter.next(&moment, &mut self.noise));
        }
        for meter in &mut self.meters {
            self.row.extend(meter.next(&moment, &mut self.noise));
        }
        self.row.truncate(self.options.channels);
        Some((at, &self.row))
    }

    fn moment(&mut self, at: Instant) -> Moment {
        let second = at.as_millis().div_euclid(1_000);
        let step = crate::number::float(self.options.step.as_millis()) / 1_000.0;
        let keeps = (-step / GRID_FORGETS).exp();
        let fresh = (1.0 - keeps * keeps).sqrt();
        self.grid.0 = self.grid.0 * keeps + fresh * self.noise.bell();
        self.grid.1 = self.grid.1 * keeps + fresh * self.noise.bell();
        let sun = crate::sun::position(second, LATITUDE, LONGITUDE);
        let clear = crate::sun::clear_sky(sun.elevation) / 1_000.0;
        let season = crate::sun::position(second.div_euclid(86_400) * 86_400 + 43_200, LATITUDE, LONGITUDE);
        Moment {
            second,
            step,
            clear,
            hertz: 50.0 + 0.02 * self.grid.0,
            volts: 232.0 + 2.0 * self.grid.1,
            air: season.elevation * 0.3 + 6.0 * clear,
        }
    }
}
