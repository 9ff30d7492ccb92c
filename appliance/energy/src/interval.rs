//! The 15-minute interval: the unit in which everything that touches money or sharing is counted.

use units::{Instant, WattHours};

/// How well the energy of an interval is known. Ordered from best to worst; a sum is as good as its worst part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quality {
    /// From a meter's own counter, read often enough within the interval.
    Measured,
    /// The meter counted on while nobody read it: the sum over the outage is right, its shape is not known.
    Recovered,
    /// Computed from power, because there is no counter.
    Estimated,
    /// Nothing is known.
    Missing,
}

impl Quality {
    /// The number that stands for this quality in files.
    pub fn code(self) -> u8 {
        match self {
            Self::Measured => 1,
            Self::Recovered => 2,
            Self::Estimated => 3,
            Self::Missing => 4,
        }
    }

    /// The quality with this number; a number of a newer Hearth counts as estimated.
    pub fn from_code(code: u8) -> Self {
        match code {
            1 => Self::Measured,
            2 => Self::Recovered,
            4 => Self::Missing,
            _ => Self::Estimated,
        }
    }

    /// The word used in the API and in CSV files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Recovered => "recovered",
            Self::Estimated => "estimated",
            Self::Missing => "missing",
        }
    }
}

/// The energy of one flow of one device in one quarter of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// When the quarter begins (UTC, a whole multiple of 15 minutes).
    pub start: Instant,
    /// The energy that is known of it so far.
    pub energy: WattHours,
    /// How well it is known.
    pub quality: Quality,
}
