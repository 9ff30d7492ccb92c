//! The rule for one energy counter: which of its readings are true, and how much energy they stand for.
//!
//! A counter is believed slowly. One reading is never enough: a rise is booked when the next reading agrees
//! with it, and a fall is never booked at all. What a counter shows is sorted like this:
//!
//! - **the same**: time goes on, and nothing flowed;
//! - **a rise that the nameplate allows** since the last reading: waits until the next reading agrees. After an
//!   outage, or where a counter moves in rare jumps, the counter must move on from it or stand on it for
//!   24 readings, because there a wrong value would have room to hide;
//! - **a rise that the nameplate does not allow**: not booked. If it goes on growing as a counter does (see
//!   below), it is another meter, and counting starts anew from where it was first seen. A counter that was read all
//!   the while and stood for more than an hour catches up instead, as far as the nameplate allows for all that time;
//! - **a fall**: held. If it grows as a counter does, it began again; if the last value was near the counter's
//!   roll-over, it rolled over; otherwise it is forgotten as soon as the counter is back;
//! - **a zero** where there was more is never believed and never counted against anything: many devices send
//!   zero for "I do not know". The first reading after it tells what happened.
//!
//! "Growing as a counter does" is four rises or more within 24 readings or more and five minutes or more, each
//! within the nameplate. No known glitch lasts that long, and waiting costs nothing: what grew is booked then.
//!
//! Deliberately left out: where energy goes by quarters (the ledger does that) and what a page says.

mod frontier;
mod identity;
mod memory;
mod partial;
mod rule;
#[cfg(test)]
mod tests;
mod trial;
mod words;

use units::{Instant, Number, Span, WattHours, Watts};

pub use identity::Identity;
pub use memory::Memory;
pub use rule::CLOSE;

use crate::Quality;

/// What is known about a counter before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The nameplate: the highest power that can flow through this meter in ordinary service.
    pub rated: Watts,
    /// Where the counter begins again at zero, in watt-hours, if its profile tells. Without it, powers of ten
    /// and the ends of 16 and 32 bits of the counter's own step are considered where they are near.
    pub modulus: Option<i64>,
}

/// Energy that flowed between two moments, as the counter's readings prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// When it began to flow.
    pub from: Instant,
    /// When all of it had flowed.
    pub to: Instant,
    /// How much; may be nothing, never less.
    pub energy: WattHours,
    /// Measured when readings were close together, recovered when they were not. Estimated, and of no energy, is the
    /// part of a quarter in which nobody counted, because counting began or a meter was exchanged within it.
    pub quality: Quality,
}

/// What one reading of a counter meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// What happened, to be told in words.
    pub what: What,
    /// The energy that is accepted now, in the order of time; each watt-hour is handed out once.
    pub steps: Vec<Step>,
}

/// What happened with one reading. `Display` gives a plain sentence for the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The first reading: counting starts from here.
    Started,
    /// The counter stands still.
    Unchanged,
    /// A rise that waits for the next reading to agree.
    Waiting {
        /// How much it is.
        rise: WattHours,
    },
    /// A rise was confirmed and is booked.
    Accepted {
        /// How much it is.
        rise: WattHours,
    },
    /// The counter shows less than before; the last good value is held.
    Held {
        /// What it shows.
        shown: i64,
        /// The value that is held.
        held: i64,
    },
    /// A value was not used.
    Dropped(Why),
    /// The counter began again.
    Reset {
        /// The last good value before.
        held: i64,
        /// The first value of the new count.
        first: i64,
    },
    /// The counter went on from a higher value than can be true: another meter, whose start value is not energy.
    Exchanged {
        /// The last good value before.
        held: i64,
        /// The first value of the new meter.
        first: i64,
    },
    /// The counter came to its end and went on from zero.
    RolledOver {
        /// Where its end is.
        modulus: i64,
    },
    /// The clock went back; what is known moves back with it, and nothing is booked by this reading.
    ClockWentBack {
        /// How far.
        by: Span,
    },
    /// A clock that had never been set was set; what is known moves with it, and nothing is booked by this reading.
    ClockWasSet {
        /// How far.
        by: Span,
    },
}

/// Why a value was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It would need more power than the nameplate allows.
    BeyondNameplate {
        /// The rise it would be.
        rise: WattHours,
        /// What the nameplate allows since the last good reading.
        limit: WattHours,
    },
    /// The reading after it shows that it was wrong.
    Contradicted {
        /// The value that was wrong.
        value: i64,
    },
    /// An energy counter is never below zero.
    BelowZero,
    /// There is another reading of this very moment already.
    SameMoment,
}

/// Whether the box's clock can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// It was set by a time server, or by somebody who knows.
    Sure,
    /// It may stand hours or days behind, as after a start without a network.
    Unsure,
}

/// One energy counter, read again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    limits: Limits,
    clock: Clock,
    identity: Option<Identity>,
    memory: Memory,
}

impl Counter {
    /// A counter that was never read.
    pub fn new(limits: Limits) -> Self {
        Self::resume(Memory::default(), limits)
    }

    /// A counter that goes on from what was kept.
    pub fn resume(memory: Memory, limits: Limits) -> Self {
        Self {
            limits,
            clock: Clock::Sure,
            identity: None,
            memory,
        }
    }

    /// Another nameplate or end of the counter. What was believed stays.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Tells whether the times of the next readings can be relied on; at first they are.
    ///
    /// With an unsure clock a count that is too high waits longer before it is taken for another meter's: after an
    /// outage it may well be the same meter, and the clock has not yet noticed how long the outage was.
    pub fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    /// Tells which meter the next readings are from. If what was kept belongs to another one, the next reading is a
    /// new beginning and is told as [`What::Exchanged`].
    pub fn identify(&mut self, identity: Identity) {
        self.identity = Some(identity);
    }

    /// What must be kept so that [`Counter::resume`] goes on without losing a watt-hour.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Takes one reading and says what it means.
    pub fn observe(&mut self, at: Instant, number: Number) -> Observed {
        let seen = rule::Seen::new(&self.limits, self.clock, at, number);
        rule::observe(&mut self.memory, self.identity, seen)
    }

    /// The value that is believed and when it was last seen, if there is one.
    pub fn held(&self) -> Option<(i64, Instant)> {
        self.memory.base.as_ref().map(|base| (base.value, base.at))
    }

    /// No later step begins before this moment, unless the clock goes back.
    pub(crate) fn earliest(&self) -> Option<Instant> {
        let base = self.memory.base.as_ref()?;
        Some(base.at.min(base.since.max(base.at - rule::SAVED_UP)))
    }
}

impl Limits {
    /// The most energy that can flow in `span`: the nameplate, a fifth more for meters that are read a little
    /// early or late, and three of the counter's own steps.
    pub fn allowed(&self, span: Span, step: i64) -> WattHours {
        let most = Watts(self.rated.0.clamp(0, i64::MAX / 6).saturating_mul(6) / 5);
        let span = span.max(Span::ZERO);
        (most * span).ceil() + WattHours(step.max(1).saturating_mul(3))
    }

    /// The roll-over that turns `before` into `after`, if one is near enough. A known one is believed where its rise
    /// fits what can have flowed since; after an outage too. Unknown ones are tried only between close readings, where
    /// the rise is small: after an outage a count that began again would often pass for one of them.
    fn roll_over(&self, before: i64, after: i64, since: &Elapsed, step: i64) -> Option<i64> {
        let rise = |end: i64| WattHours(end.saturating_sub(before).saturating_add(after));
        if let Some(end) = self.modulus {
            let fits = before < end && after < end && rise(end) <= self.allowed(since.with_saved_up, step);
            return Some(end).filter(|_| fits);
        }
        if since.reading > rule::CLOSE {
            return None;
        }
        let allowed = self.allowed(since.reading, step);
        let tens = (5..=18).map(|zeros| 10_i64.saturating_pow(zeros));
        [1_i64 << 16, 1_i64 << 32]
            .into_iter()
            .chain(tens)
            .map(|end| end.saturating_mul(step.max(1)))
            .find(|end| before < *end && rise(*end) <= allowed && rise(*end).0 <= end / 100)
    }
}

/// How much time there was for energy to flow.
struct Elapsed {
    /// Since the last believed reading.
    reading: Span,
    /// The same, or since the last tick where readings are close and the counter may have saved up.
    with_saved_up: Span,
}
