//! What an entry of the ledger says: as bytes, and as the text of which the hash of its day is made. Numbers and not
//! words, so that a Hearth that does not know one of them yet makes the same text.

use std::fmt;

use energy::{Causes, Interval, Quality, TimeSource};
use units::{Instant, WattHours};

use crate::numbers::{Bytes, put_signed, put_varint};

/// The energy of a quarter and what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// The energy.
    pub energy: WattHours,
    /// The number of its quality: 1 measured, 2 recovered, 3 estimated, 4 missing.
    pub quality: u8,
    /// The sum of the numbers of its causes; see [`Causes`].
    pub causes: u32,
    /// The number of how well the time was known; see [`TimeSource`].
    pub time: u8,
}

impl Figure {
    /// What an interval says.
    pub fn of(interval: &Interval) -> Self {
        Self {
            energy: interval.energy,
            quality: interval.quality.code(),
            causes: interval.causes.code(),
            time: interval.time.code(),
        }
    }

    /// The interval that says so.
    pub fn interval(&self, start: Instant) -> Interval {
        Interval {
            start,
            energy: self.energy,
            quality: Quality::from_code(self.quality),
            causes: Causes::from_code(self.causes),
            time: TimeSource::from_code(self.time),
        }
    }

    pub(super) fn put(&self, out: &mut Vec<u8>) {
        put_signed(out, self.energy.0);
        out.push(self.quality);
        put_varint(out, u64::from(self.causes));
        out.push(self.time);
    }

    /// Causes and time are not there in what a Hearth of format 2 wrote.
    pub(super) fn take(bytes: &mut Bytes<'_>) -> Option<Self> {
        let (energy, quality) = (WattHours(bytes.signed()?), bytes.byte()?);
        let (causes, time) = if bytes.is_empty() {
            (0, 0)
        } else {
            (bytes.number()?, bytes.byte()?)
        };
        Some(Self {
            energy,
            quality,
            causes,
            time,
        })
    }
}

impl fmt::Display for Figure {
    /// `1234 1 0 1`: energy, quality, causes, time.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} {}",
            self.energy.0, self.quality, self.causes, self.time
        )
    }
}
