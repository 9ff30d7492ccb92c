//! Energy from power, where a device has no counter: each reading stands for half of the time to its
//! neighbours, which is the trapezoid rule in whole numbers. Only over gaps of at most three minutes; what
//! flowed in a longer gap is not guessed. A battery's charge and discharge are two estimates, one per side.

use std::collections::BTreeMap;

use units::{Instant, Span, Watts, Work};

use crate::bytes::{Integers, Writer, fields};
use crate::counter::CLOSE;
use crate::ledger::{Mark, Quarters};
use crate::{Causes, Interval, MemoryError, Quality, Step, TimeSource};

/// Which sign of a power is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Power above zero.
    Forward,
    /// Power below zero, as energy above zero.
    Reverse,
}

/// The estimated energy of one flow of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    side: Side,
    last: Option<(Instant, Watts)>,
    carried: Work,
    quarters: Quarters,
    time: TimeSource,
}

const LAST: u8 = 1;
/// A number that no field of an account has: a device whose counter shows up later takes this memory for its account's.
const CARRIED: u8 = 8;

impl Estimate {
    /// An estimate of one side of a power that was never read.
    pub fn new(side: Side) -> Self {
        Self {
            side,
            last: None,
            carried: Work::default(),
            quarters: Quarters::default(),
            time: TimeSource::default(),
        }
    }

    /// An estimate that goes on from the bytes of [`Estimate::memory`].
    pub fn resume(bytes: &[u8], side: Side) -> Result<Self, MemoryError> {
        let fields = fields(bytes)?;
        let mut estimate = Self::new(side);
        estimate.quarters = Quarters::read(&fields)?;
        for (number, integers) in &fields {
            let mut from = Integers(integers);
            match *number {
                LAST => estimate.last = Some((from.instant()?, Watts(from.next()?))),
                CARRIED => estimate.carried = Work::from_rest(from.next()?),
                _ => {}
            }
        }
        Ok(estimate)
    }

    /// What must be kept, in one transaction with the intervals that were handed out before.
    pub fn memory(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        if let Some((at, watts)) = self.last {
            writer.field(LAST, &[at.as_millis(), watts.0]);
        }
        writer.field(CARRIED, &[self.carried.rest()]);
        self.quarters.write(&mut writer);
        writer.finish()
    }

    /// Tells how well the time of the next readings is known; their energy is marked so.
    pub fn set_time(&mut self, time: TimeSource) {
        self.time = time;
    }

    /// Takes one reading of the power and gives the intervals that changed, with their new whole values.
    /// `stored` looks up what the store holds of a quarter. A reading that is not after the last one only
    /// marks the new time.
    pub fn observe(
        &mut self,
        at: Instant,
        power: Watts,
        stored: impl Fn(Instant) -> Option<Interval>,
    ) -> Vec<Interval> {
        let watts = Watts(match self.side {
            Side::Forward => power.0.max(0),
            Side::Reverse => power.0.min(0).saturating_neg(),
        });
        let Some((from, before)) = self.last.replace((at, watts)) else {
            return Vec::new();
        };
        let gap = at.since(from);
        if gap <= Span::ZERO || gap > CLOSE {
            return Vec::new();
        }
        let first_half = Span::from_millis(gap.as_millis() / 2);
        let work = self.carried + before * first_half + watts * (gap - first_half);
        let (energy, carried) = work.split();
        self.carried = carried;
        let mut changed = BTreeMap::new();
        let step = Step {
            from,
            to: at,
            energy,
            quality: Quality::Estimated,
        };
        let mark = Mark {
            causes: Causes::FROM_POWER,
            time: self.time,
        };
        self.quarters.add((step, mark), &stored, &mut changed);
        self.quarters.forget_before(from);
        changed.into_values().collect()
    }
}
