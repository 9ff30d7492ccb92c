//! Intervals of several devices, put together quarter by quarter.

use std::collections::BTreeMap;

use units::{Flow, Instant, Span, WattHours};

use crate::{Causes, Interval, Quality, TimeSource};

/// One flow of one device over some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceFlow {
    /// Which flow of the house it belongs to.
    pub flow: Flow,
    /// When the device began to count this flow: its first stored interval of all time. What the house did before is
    /// not unknown for want of it. `None` if it never had any.
    pub since: Option<Instant>,
    /// The device's intervals in that time, in any order.
    pub intervals: Vec<Interval>,
}

/// What is known of one flow of the house in one quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Known {
    /// No device of the house had such a flow then; it counts as nothing.
    #[default]
    Absent,
    /// A device should have it, and its interval is missing.
    Missing,
    /// The sum of all devices, as good as the worst of them.
    Energy(WattHours, Quality),
}

/// All flows of the house in one quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarter {
    /// When it begins.
    pub start: Instant,
    /// What the sun made.
    pub production: Known,
    /// Bought from the street.
    pub import: Known,
    /// Sent to the street.
    pub export: Known,
    /// Into the battery.
    pub charge: Known,
    /// Out of the battery.
    pub discharge: Known,
    /// Why not all of it is simply measured.
    pub causes: Causes,
    /// How well the time was known, of the worst part; `None` where nothing is known.
    pub time: Option<TimeSource>,
}

impl Quarter {
    fn slot(&mut self, flow: Flow) -> Option<&mut Known> {
        match flow {
            Flow::Production => Some(&mut self.production),
            Flow::Import => Some(&mut self.import),
            Flow::Export => Some(&mut self.export),
            Flow::Charge => Some(&mut self.charge),
            Flow::Discharge => Some(&mut self.discharge),
            Flow::Consumption => None,
        }
    }

    pub(super) fn flows(&self) -> [Known; 5] {
        [
            self.production,
            self.import,
            self.export,
            self.charge,
            self.discharge,
        ]
    }
}

impl Known {
    fn plus(self, interval: Option<&Interval>) -> Self {
        let Some(interval) = interval.filter(|interval| interval.quality != Quality::Missing) else {
            return Self::Missing;
        };
        match self {
            Self::Missing => Self::Missing,
            Self::Absent => Self::Energy(interval.energy, interval.quality),
            Self::Energy(energy, quality) => {
                Self::Energy(energy + interval.energy, quality.max(interval.quality))
            }
        }
    }
}

/// One flow of one device, by quarter.
struct Row<'a> {
    flow: Flow,
    since: Option<Instant>,
    intervals: BTreeMap<Instant, &'a Interval>,
}

impl<'a> Row<'a> {
    fn of(device: &'a DeviceFlow) -> Self {
        Self {
            flow: device.flow,
            since: device.since.map(|since| since.floor(Span::QUARTER)),
            intervals: device.intervals.iter().map(|row| (row.start, row)).collect(),
        }
    }

    fn add_to(&self, sum: Known, start: Instant) -> Known {
        let interval = self.intervals.get(&start).copied();
        if interval.is_none() && self.since.is_some_and(|since| start < since) {
            return sum;
        }
        sum.plus(interval)
    }

    fn is_of_the_street(&self) -> bool {
        matches!(self.flow, Flow::Import | Flow::Export)
    }
}

/// Every quarter from `from` (rounded down to a quarter) to `to`, with what `devices` know of it. Meters of
/// single uses (`Flow::Consumption`) do not take part: the house's use is derived. End at the present: a quarter
/// that has not begun is not missing, and one that still runs is left out until something is known of all its flows.
///
/// A device takes part from the quarter in which it began to count; but a house has a street even before its first
/// meter there, so that import and export are missing until then.
pub fn gather(from: Instant, to: Instant, devices: &[DeviceFlow]) -> Vec<Quarter> {
    let rows: Vec<Row<'_>> = devices.iter().map(Row::of).collect();
    let mut quarters = Vec::new();
    let mut start = from.floor(Span::QUARTER);
    while start < to {
        let mut quarter = Quarter {
            start,
            production: Known::Absent,
            import: Known::Absent,
            export: Known::Absent,
            charge: Known::Absent,
            discharge: Known::Absent,
            causes: Causes::NONE,
            time: None,
        };
        for row in &rows {
            if let Some(slot) = quarter.slot(row.flow) {
                *slot = row.add_to(*slot, start);
                if let Some(interval) = row.intervals.get(&start) {
                    quarter.causes = quarter.causes | interval.causes;
                    quarter.time = quarter.time.max(Some(interval.time));
                }
            }
        }
        for row in rows.iter().filter(|row| row.is_of_the_street()) {
            if let Some(slot @ Known::Absent) = quarter.slot(row.flow) {
                *slot = Known::Missing;
            }
        }
        let running = start + Span::QUARTER > to;
        if running && quarter.flows().contains(&Known::Missing) {
            break;
        }
        quarters.push(quarter);
        start = start + Span::QUARTER;
    }
    quarters
}
