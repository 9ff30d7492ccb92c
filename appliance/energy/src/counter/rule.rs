//! The decisions: one reading against what is believed, what waits, and what is on trial.

use units::{Instant, Number, Span, WattHours};

use super::memory::{Base, Kind, Memory, Pending, Proof, Trial};
use super::trial::try_out;
use super::{Clock, Elapsed, Identity, Limits, Observed, Step, What, Why, frontier, identity, partial};
use crate::Quality;

/// Readings at most this far apart are close: what flows between them is measured. Counters are read once a minute
/// unless somebody wants otherwise; one reading may be lost, and the next one late.
pub const CLOSE: Span = Span::from_secs(180);

/// How long a counter may save up before it moves: a coarse one between its ticks, a lazy one between its updates,
/// or one behind a gateway that repeats old answers. What it then shows is spread over this time at most.
pub(crate) const SAVED_UP: Span = Span::HOUR;

/// A longer outage than this is spread over its end only; it bounds the work that a wrong clock can cause.
pub(super) const LONGEST: Span = Span::from_secs(400 * 24 * 3_600);

/// The time that is granted for what flowed while the clock was set.
const CLOCK_SET: Span = Span::from_secs(300);

/// More readings than any glitch lasts.
pub(super) const MANY: u32 = 24;

/// Where a value stands to the believed one.
enum Place {
    Same,
    Rise(Proof),
    TooHigh {
        rise: WattHours,
        limit: WattHours,
    },
    Zero,
    /// Lower than now but not than a while ago, and too much for a count that began again at zero: a wrong value
    /// got in, and ends. The counter will pass it.
    FellBack,
    Lower,
}

/// Before 2020 there was no Hearth: a clock that shows such a time was never set.
const NEVER_SET: Instant = Instant::from_millis(1_577_836_800_000);

/// One reading, with all that it is judged by.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) limits: &'a Limits,
    pub(super) clock: Clock,
    pub(super) at: Instant,
    pub(super) value: i64,
    pub(super) step: i64,
}

pub(super) fn observe(memory: &mut Memory, meter: Option<Identity>, seen: Seen<'_>) -> Observed {
    if seen.value < 0 {
        return bare(What::Dropped(Why::BelowZero));
    }
    let exchanged = meter.and_then(|meter| identity::begin(memory, meter, &seen));
    let first = memory.base.filter(|base| base.readings == 1);
    let mut observed = exchanged.unwrap_or_else(|| judge(memory, seen));
    if let Some(first) = first.filter(|_| !observed.steps.is_empty()) {
        observed.steps.splice(..0, partial::begun(first.at));
    }
    for step in &mut observed.steps {
        frontier::pass(memory, seen.limits, step);
    }
    observed
}

fn judge(memory: &mut Memory, seen: Seen<'_>) -> Observed {
    let at = seen.at;
    let Some(base) = memory.base else {
        memory.latest = at;
        memory.base = Some(new_base(seen.value, at));
        return bare(What::Started);
    };
    if at == memory.latest {
        return bare(What::Dropped(Why::SameMoment));
    }
    if at < memory.latest {
        let by = memory.latest.since(at);
        move_by(memory, Span::ZERO - by);
        frontier::clock_went_back(memory, at, by);
        return bare(What::ClockWentBack { by });
    }
    if memory.latest < NEVER_SET && at >= NEVER_SET {
        let by = at.since(memory.latest);
        move_by(memory, by);
        return bare(What::ClockWasSet { by });
    }
    memory.latest = at;
    match memory.pending {
        Some(pending) if seen.agrees(pending.value, pending.last, pending.first) => {
            confirm(memory, base, pending, seen)
        }
        _ => relate(memory, base, seen),
    }
}

pub(super) fn bare(what: What) -> Observed {
    Observed {
        what,
        steps: Vec::new(),
    }
}

pub(super) fn new_base(value: i64, at: Instant) -> Base {
    Base {
        value,
        at,
        since: at,
        ticked: at,
        calm: MANY,
        readings: 1,
        older: value,
        newer: value,
    }
}

/// Moves everything that is known by the same span: between the last reading and this one the clock was set,
/// and how long that took is unknown. A little time is granted, so that what flowed meanwhile fits.
fn move_by(memory: &mut Memory, by: Span) {
    memory.latest = memory.latest + by;
    let saved_up_since = memory.latest - CLOCK_SET;
    if let Some(base) = &mut memory.base {
        base.at = base.at + by;
        base.since = base.since + by;
        base.ticked = (base.ticked + by).min(saved_up_since);
    }
    memory.pending = None;
    if let Some(trial) = &mut memory.trial {
        trial.at = trial.at + by;
        trial.first_at = trial.first_at + by;
        trial.ticked = (trial.ticked + by).min(saved_up_since);
    }
}

impl<'a> Seen<'a> {
    pub(super) fn new(limits: &'a Limits, clock: Clock, at: Instant, number: Number) -> Self {
        Self {
            limits,
            clock,
            at,
            value: number.value,
            step: number.step.max(1),
        }
    }

    /// Whether this reading can follow `value`, which was last seen at `last` and appeared at `ticked`.
    pub(super) fn agrees(&self, value: i64, last: Instant, ticked: Instant) -> bool {
        let rise = self.value.saturating_sub(value);
        rise >= -self.step && rise <= self.allowed(last, ticked).0
    }

    /// What the nameplate allows since `last`; a counter that moves in jumps may have saved up since `ticked`.
    fn allowed(&self, last: Instant, ticked: Instant) -> WattHours {
        self.limits
            .allowed(self.elapsed(last, ticked).with_saved_up, self.step)
    }

    fn elapsed(&self, last: Instant, ticked: Instant) -> Elapsed {
        let reading = self.at.since(last);
        let saved = self.at.since(ticked).min(SAVED_UP);
        Elapsed {
            reading,
            with_saved_up: reading.max(saved),
        }
    }

    fn place(&self, base: &Base, trial: Option<&Trial>) -> Place {
        let rise = self.value.saturating_sub(base.value);
        if (-self.step..=0).contains(&rise) {
            return Place::Same;
        }
        if rise < 0 {
            let since_zero = self.limits.allowed(self.at.since(base.at), self.step);
            return match self.value {
                0 => Place::Zero,
                value if value >= base.older && value > since_zero.0 => Place::FellBack,
                _ => Place::Lower,
            };
        }
        self.place_rise(WattHours(rise), base, trial)
    }

    fn place_rise(&self, rise: WattHours, base: &Base, trial: Option<&Trial>) -> Place {
        let gap = self.at.since(base.at);
        let along = trial.filter(|trial| trial.kind == Kind::Higher && trial.followed_by(self));
        if let Some(trial) = along {
            let limit = self.limits.allowed(trial.credit(base, self.at), self.step);
            let moved = self.value > trial.value || trial.interrupted(self.at);
            return if moved && rise <= limit {
                Place::Rise(Proof::Progress)
            } else {
                Place::TooHigh { rise, limit }
            };
        }
        let close = gap <= CLOSE;
        if close && rise <= self.limits.allowed(gap, self.step) {
            return Place::Rise(Proof::Agreement);
        }
        let limit = self.allowed(base.at, base.ticked);
        // A value that was seen once only, and then an outage: it proves nothing.
        if rise <= limit && base.readings > 1 {
            Place::Rise(Proof::Progress)
        } else {
            Place::TooHigh { rise, limit }
        }
    }
}

/// A reading that agrees with a rise that waits.
fn confirm(memory: &mut Memory, base: Base, mut pending: Pending, seen: Seen<'_>) -> Observed {
    // After an outage even the same value is news: it confirms this rise, and is looked at again by itself.
    let late = pending.proof == Proof::Agreement && seen.at.since(pending.last) > CLOSE;
    let moves_on = late || seen.value > pending.value;
    let rise = WattHours(pending.value.saturating_sub(base.value));
    if !moves_on {
        pending.stand(seen.at);
    }
    if pending.proof == Proof::Progress && !moves_on && pending.readings < MANY {
        memory.pending = Some(pending);
        return bare(waiting(rise));
    }
    let mut steps = split(&base, &pending, &seen, step(&base, pending.first, rise));
    if pending.last > pending.first {
        steps.push(pending.standstill());
    }
    let mut next = Base {
        value: pending.value,
        at: pending.last,
        since: pending.since,
        ticked: if base.calm < MANY {
            base.ticked
        } else {
            pending.first
        },
        ..base
    };
    believe(&mut next);
    memory.base = Some(next);
    memory.pending = None;
    memory.trial = None;
    if moves_on {
        steps.append(&mut relate(memory, next, seen).steps);
    }
    let still = rise == WattHours(0);
    let what = if still {
        What::Unchanged
    } else {
        What::Accepted { rise }
    };
    Observed { what, steps }
}

fn waiting(rise: WattHours) -> What {
    if rise == WattHours(0) {
        What::Unchanged
    } else {
        What::Waiting { rise }
    }
}

impl Pending {
    fn stand(&mut self, at: Instant) {
        if at.since(self.last) > CLOSE {
            self.since = at;
        }
        self.last = at;
        self.readings = self.readings.saturating_add(1);
    }

    /// Nothing flowed while the counter stood on this value.
    pub(super) fn standstill(&self) -> Step {
        let close = self.since == self.first;
        Step {
            quality: if close {
                Quality::Measured
            } else {
                Quality::Recovered
            },
            ..span_step(self.first, self.last, WattHours(0))
        }
    }
}

/// Counts a believed reading, and every so often remembers the value.
fn believe(base: &mut Base) {
    base.readings = base.readings.saturating_add(1);
    base.calm = base.calm.saturating_add(1);
    if base.readings.is_multiple_of(MANY) {
        base.older = base.newer;
        base.newer = base.value;
    }
}

/// The step from what is believed to a rise that was first seen at `to`. Close readings: spread since the
/// last tick, because a counter that moves in coarse ticks was filling up all the while.
pub(super) fn step(base: &Base, to: Instant, energy: WattHours) -> Step {
    if to.since(base.at) <= CLOSE {
        Step {
            from: base.since.max(to - SAVED_UP).min(base.at),
            to,
            energy,
            quality: Quality::Measured,
        }
    } else {
        span_step(base.at, to, energy)
    }
}

/// A fine counter that stood and now runs: all but its last tick flowed since the reading before, as far as the
/// nameplate allows. One that rises and stands again is lazy, and had saved up all the while.
fn split(base: &Base, pending: &Pending, seen: &Seen<'_>, whole: Step) -> Vec<Step> {
    let runs = seen.value > pending.value && whole.quality == Quality::Measured;
    let fresh = (seen.limits.rated * pending.first.since(base.at)).split().0;
    let late = fresh.min(whole.energy - WattHours(seen.step));
    if !runs || whole.from == base.at || late <= WattHours(0) {
        return vec![whole];
    }
    let saved_up = Step {
        to: base.at,
        energy: whole.energy - late,
        ..whole
    };
    vec![saved_up, span_step(base.at, pending.first, late)]
}

/// A step that is spread over all of the time between two moments.
pub(super) fn span_step(from: Instant, to: Instant, energy: WattHours) -> Step {
    let close = to.since(from) <= CLOSE;
    Step {
        from: from.max(to - LONGEST),
        to,
        energy,
        quality: if close {
            Quality::Measured
        } else {
            Quality::Recovered
        },
    }
}

/// A reading against the believed value.
fn relate(memory: &mut Memory, base: Base, seen: Seen<'_>) -> Observed {
    let place = seen.place(&base, memory.trial.as_ref());
    if !matches!(place, Place::Same | Place::Rise(_))
        && let Some(base) = &mut memory.base
    {
        base.calm = 0;
    }
    match place {
        // The old value after an outage may be an old answer that a gateway kept: it needs proof like any other.
        Place::Same if seen.at.since(base.at) > CLOSE => {
            wait(memory, base, base.value, Proof::Progress, seen)
        }
        Place::Same => same(memory, base, seen),
        Place::Rise(proof) => wait(memory, base, seen.value, proof, seen),
        Place::TooHigh { rise, limit } => {
            let what = What::Dropped(Why::BeyondNameplate { rise, limit });
            try_out(memory, base, seen, Kind::Higher, what)
        }
        Place::Zero | Place::FellBack => bare(held(&base, &seen)),
        Place::Lower => {
            let since = seen.elapsed(base.at, base.ticked);
            let turn = seen.limits.roll_over(base.value, seen.value, &since, seen.step);
            let kind = turn.map_or(Kind::Lower, Kind::Turn);
            try_out(memory, base, seen, kind, held(&base, &seen))
        }
    }
}

/// A value that can be true waits for its proof.
fn wait(memory: &mut Memory, base: Base, value: i64, proof: Proof, seen: Seen<'_>) -> Observed {
    let before = memory.pending.replace(Pending {
        value,
        first: seen.at,
        last: seen.at,
        since: seen.at,
        readings: 1,
        proof,
    });
    memory.trial = None;
    let rise = WattHours(value.saturating_sub(base.value));
    bare(contradicted(before, &seen).unwrap_or(waiting(rise)))
}

fn held(base: &Base, seen: &Seen<'_>) -> What {
    What::Held {
        shown: seen.value,
        held: base.value,
    }
}

fn contradicted(before: Option<Pending>, seen: &Seen<'_>) -> Option<What> {
    let wrong = before.filter(|pending| pending.value > seen.value)?;
    Some(What::Dropped(Why::Contradicted { value: wrong.value }))
}

fn same(memory: &mut Memory, mut base: Base, seen: Seen<'_>) -> Observed {
    let quiet = span_step(base.at, seen.at, WattHours(0));
    base.at = seen.at;
    believe(&mut base);
    memory.base = Some(base);
    memory.trial = None;
    Observed {
        what: contradicted(memory.pending.take(), &seen).unwrap_or(What::Unchanged),
        steps: vec![quiet],
    }
}
