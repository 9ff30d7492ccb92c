//! A new count on trial: values that cannot follow the believed one, watched until they either vanish or have
//! grown as only a counter grows.

use units::{Instant, Span, WattHours};

use super::memory::{Base, Kind, Memory, Pending, Proof, Trial};
use super::rule::{CLOSE, LONGEST, MANY, SAVED_UP, Seen, bare, span_step, step};
use super::{Clock, Observed, Step, What, partial};
use crate::Quality;

/// Rises of a new count before it is believed.
const RISES: u32 = 4;

/// How long a new count must grow before it is believed. A device that starts shows its kept total again
/// within this.
const GROWTH: Span = Span::from_secs(300);

/// The same for a count that is too high while nobody is sure of the time: the same meter after an outage looks like
/// that, until the clock is set. A box that never learns the time must come to a decision too.
const GROWTH_UNSURE: Span = Span::DAY;

/// How much of the time that a too-high value lasted may count in its favour later on.
const CREDIT: Span = Span::from_secs(30 * 60);

/// A silence in the middle of a trial that says: the clock was wrong, or there was an outage; look again.
const SILENCE: Span = Span::from_secs(10 * 60);

impl Trial {
    pub(super) fn followed_by(&self, seen: &Seen<'_>) -> bool {
        seen.agrees(self.value, self.at, self.ticked)
    }

    pub(super) fn interrupted(&self, at: Instant) -> bool {
        at.since(self.at) > SILENCE
    }

    /// The time that may count in favour of a value that was too high when it was first seen.
    pub(super) fn credit(&self, base: &Base, at: Instant) -> Span {
        if self.interrupted(at) {
            at.since(base.at)
        } else {
            self.first_at.since(base.at) + at.since(self.first_at).min(CREDIT)
        }
    }

    /// Whether a count that is too high is the same meter's, which stood for more than an hour and now shows at once
    /// what flowed meanwhile: a gateway had repeated its last answer, or the meter shows its count rarely. It never
    /// fell silent, as it does where another one is wired in, and the nameplate allows as much for all of that time.
    fn catches_up(&self, base: &Base, seen: &Seen<'_>) -> bool {
        let stood = self.first_at.since(stood_since(base));
        let rise = WattHours(self.first.saturating_sub(base.value));
        self.first_at.since(base.at) <= CLOSE
            && stood > SAVED_UP
            && rise <= seen.limits.allowed(stood.min(LONGEST), seen.step)
    }

    fn note(&mut self, seen: &Seen<'_>) {
        if seen.value > self.value {
            self.value = seen.value;
            self.ticked = seen.at;
            self.rises = self.rises.saturating_add(1);
        }
        self.at = seen.at;
        self.readings = self.readings.saturating_add(1);
        self.strays = 0;
    }

    fn settled(&self, clock: Clock) -> bool {
        let growth = match (self.kind, clock) {
            (Kind::Turn(_), _) => return self.rises >= 2 || self.readings >= MANY,
            (Kind::Higher, Clock::Unsure) => GROWTH_UNSURE,
            _ => GROWTH,
        };
        self.rises >= RISES && self.readings >= MANY && self.at.since(self.first_at) >= growth
    }
}

/// Since when the believed value was shown again and again.
fn stood_since(base: &Base) -> Instant {
    base.ticked.max(base.since)
}

/// A value that fits nowhere: it joins the trial that it continues, or opens a new one.
pub(super) fn try_out(memory: &mut Memory, base: Base, seen: Seen<'_>, kind: Kind, what: What) -> Observed {
    let mut trial = match memory.trial {
        Some(mut trial) if same_side(trial.kind, kind) && trial.followed_by(&seen) => {
            trial.note(&seen);
            trial
        }
        Some(mut trial) if trial.rises > 0 && trial.strays < MANY => {
            trial.strays += 1;
            memory.trial = Some(trial);
            return bare(what);
        }
        _ => Trial {
            kind,
            first: seen.value,
            first_at: seen.at,
            value: seen.value,
            at: seen.at,
            ticked: seen.at,
            rises: 0,
            readings: 1,
            strays: 0,
        },
    };
    if trial.settled(seen.clock) {
        return settle(memory, base, trial, seen);
    }
    trial.strays = 0;
    memory.trial = Some(trial);
    bare(what)
}

/// A trial is higher or lower than what is believed; a roll-over is one of the lower ones.
fn same_side(one: Kind, other: Kind) -> bool {
    (one == Kind::Higher) == (other == Kind::Higher)
}

/// A trial has grown as a counter does: it is the counter now. What it grew by is booked; of the way from the
/// old value to its first one, only what surely flowed. Where the same meter caught up, its old value stays known: if
/// that was wrong after all, the true count is held until it has passed.
fn settle(memory: &mut Memory, base: Base, trial: Trial, seen: Seen<'_>) -> Observed {
    let first = trial.first;
    let mut older = first;
    let mut steps = Vec::new();
    let what = match trial.kind {
        Kind::Higher if trial.catches_up(&base, &seen) => {
            let rise = WattHours(first.saturating_sub(base.value));
            steps.push(span_step(stood_since(&base), trial.first_at, rise));
            older = base.value;
            What::Accepted { rise }
        }
        Kind::Higher => {
            let last = last_of_the_old(memory, base, &trial, &mut steps);
            steps.extend(partial::between(last.at, trial.first_at));
            What::Exchanged {
                held: last.value,
                first,
            }
        }
        Kind::Turn(modulus) => {
            let rise = modulus.saturating_sub(base.value).saturating_add(first);
            steps.push(step(&base, trial.first_at, WattHours(rise)));
            What::RolledOver { modulus }
        }
        Kind::Lower => {
            let last = last_of_the_old(memory, base, &trial, &mut steps);
            let since_zero = WattHours(first);
            if since_zero <= seen.limits.allowed(trial.first_at.since(last.at), seen.step) {
                steps.push(step(&last, trial.first_at, since_zero));
            } else {
                steps.extend(partial::between(last.at, trial.first_at));
            }
            What::Reset {
                held: last.value,
                first,
            }
        }
    };
    let grown = WattHours(trial.value.saturating_sub(first));
    steps.push(span_step(trial.first_at, trial.at, grown));
    memory.base = Some(Base {
        value: trial.value,
        at: trial.at,
        since: trial.at,
        ticked: trial.ticked,
        calm: MANY,
        readings: MANY,
        older,
        newer: trial.value,
    });
    memory.pending = None;
    memory.trial = None;
    Observed { what, steps }
}

/// The last value of the old count. A rise that still waited for the reading after it will never be confirmed; it is
/// booked if it fits the nameplate between close readings or was seen more than once, because it is much more likely
/// true than wrong. With one witness it counts as recovered.
fn last_of_the_old(memory: &Memory, base: Base, trial: &Trial, steps: &mut Vec<Step>) -> Base {
    let supported = |pending: &Pending| pending.proof == Proof::Agreement || pending.readings > 1;
    let waited = memory
        .pending
        .filter(|pending| pending.value > base.value && pending.last < trial.first_at && supported(pending));
    let Some(pending) = waited else {
        return base;
    };
    let rise = WattHours(pending.value.saturating_sub(base.value));
    steps.push(Step {
        quality: Quality::Recovered,
        ..step(&base, pending.first, rise)
    });
    if pending.last > pending.first {
        steps.push(pending.standstill());
    }
    Base {
        value: pending.value,
        at: pending.last,
        since: pending.since,
        ..base
    }
}
