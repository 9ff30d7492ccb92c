//! The account of one flow of one device: its counter's steps as energy in quarters of an hour.
//!
//! Everything that one account must remember is one value of bytes: the counter's memory and the quarters
//! that may still change. Whoever keeps it stores the bytes **in the same transaction** as the intervals that
//! were handed out; after a power cut the account goes on from both, and the sum of all intervals is the sum
//! of all accepted steps, exactly. Intervals are whole values: storing one twice changes nothing.

mod quarters;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use units::{Instant, Number};

pub(crate) use quarters::{Mark, Quarters};

use crate::bytes::{Integers, Writer, fields};
use crate::{
    Causes, Clock, Counter, Identity, Interval, Limits, Memory, MemoryError, Observed, Quality, Step,
    TimeSource, What,
};

/// What befell the clock and belongs to the next step, as field 10 of an account's bytes.
const CARRIED: u8 = 10;

/// The account of one flow of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    counter: Counter,
    quarters: Quarters,
    time: TimeSource,
    /// Causes that no step has shown yet.
    carried: Causes,
}

/// What one reading did to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// What the counter made of the reading.
    pub observed: Observed,
    /// The intervals that changed, with their new whole values, in the order of time.
    pub changed: Vec<Interval>,
}

impl Account {
    /// An account of a counter that was never read.
    pub fn new(limits: Limits) -> Self {
        Self {
            counter: Counter::new(limits),
            quarters: Quarters::default(),
            time: TimeSource::default(),
            carried: Causes::NONE,
        }
    }

    /// An account that goes on from the bytes of [`Account::memory`].
    pub fn resume(bytes: &[u8], limits: Limits) -> Result<Self, MemoryError> {
        let fields = fields(bytes)?;
        let carried = fields.iter().find(|field| field.0 == CARRIED);
        let carried = carried
            .map(|(_, integers)| Integers(integers).count())
            .transpose()?;
        Ok(Self {
            counter: Counter::resume(Memory::read(&fields)?, limits),
            quarters: Quarters::read(&fields)?,
            time: TimeSource::default(),
            carried: Causes::from_code(carried.unwrap_or_default()),
        })
    }

    /// What must be kept, in one transaction with the intervals that were handed out before.
    pub fn memory(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.counter.memory().write(&mut writer);
        self.quarters.write(&mut writer);
        if !self.carried.is_empty() {
            writer.field(CARRIED, &[i64::from(self.carried.code())]);
        }
        writer.finish()
    }

    /// Takes one reading of the counter. `stored` looks up what the store holds of a quarter, with what was handed
    /// out and is still on its way to it. It is asked only for quarters that the account does not remember: when
    /// one opens, over an outage, and after the clock went back.
    pub fn observe(
        &mut self,
        at: Instant,
        number: Number,
        stored: impl Fn(Instant) -> Option<Interval>,
    ) -> Booked {
        let observed = self.counter.observe(at, number);
        let mut changed = BTreeMap::new();
        if let What::ClockWentBack { .. } | What::ClockWasSet { .. } = observed.what {
            self.carried = self.carried | Causes::CLOCK_STEPPED;
        }
        for step in &observed.steps {
            let mark = Mark {
                causes: causes(observed.what, step) | self.carried,
                time: self.time,
            };
            self.quarters.add((*step, mark), &stored, &mut changed);
        }
        if !observed.steps.is_empty() {
            self.carried = Causes::NONE;
        }
        self.quarters.forget_before(self.counter.earliest().unwrap_or(at));
        let changed = changed.into_values().collect();
        Booked { observed, changed }
    }

    /// Books a step that did not come from this account's counter (a correction, an import).
    pub fn take(&mut self, step: Step, stored: impl Fn(Instant) -> Option<Interval>) -> Vec<Interval> {
        let mut changed = BTreeMap::new();
        let mark = Mark {
            causes: of_quality(step.quality),
            time: self.time,
        };
        self.quarters.add((step, mark), &stored, &mut changed);
        changed.into_values().collect()
    }

    /// Tells how well the time of the next readings is known; their energy is marked so.
    pub fn set_time(&mut self, time: TimeSource) {
        self.time = time;
    }

    /// Another nameplate or end of the counter. What was believed and counted stays.
    pub fn set_limits(&mut self, limits: Limits) {
        self.counter.set_limits(limits);
    }

    /// Tells whether the times of the next readings can be relied on; see [`Counter::set_clock`].
    pub fn set_clock(&mut self, clock: Clock) {
        self.counter.set_clock(clock);
    }

    /// Tells which meter the next readings are from; best before the first of them, and again when its serial number
    /// becomes known. If what was kept belongs to another meter, counting begins anew with the next reading, which
    /// is told as exchanged; the quarters stay.
    pub fn identify(&mut self, identity: Identity) {
        self.counter.identify(identity);
    }

    /// The counter beneath, for pages that explain it.
    pub fn counter(&self) -> &Counter {
        &self.counter
    }
}

/// Why the energy of a step is not simply measured.
fn causes(what: What, step: &Step) -> Causes {
    let befell = match what {
        What::Exchanged { .. } => Causes::EXCHANGED,
        What::Reset { .. } => Causes::RESET,
        What::RolledOver { .. } => Causes::ROLLED_OVER,
        _ => return of_quality(step.quality),
    };
    match step.quality {
        Quality::Recovered => befell | Causes::OUTAGE,
        _ => befell,
    }
}

fn of_quality(quality: Quality) -> Causes {
    match quality {
        Quality::Recovered => Causes::OUTAGE,
        // What no counter counted within a quarter, because counting began there.
        Quality::Estimated => Causes::BEGAN,
        Quality::Measured | Quality::Missing => Causes::NONE,
    }
}
