//! The minutes of one day of one channel, from its raw readings. Pure: readings come in, in the order of time, minutes come out.
//!
//! Energy is counted from the beginning of the day, and a minute has what is whole of it at its end and was not at its
//! beginning: so no part of a watt-hour is lost, and minutes added up say what the day says.

use energy::CLOSE;
use units::NoValue;

use super::sums::Sums;
use super::{DAY, Energy, MINUTE};

/// So long a power is held to go on after it was read, in milliseconds. What flowed in a longer gap is not guessed, by the
/// ledger's own rule.
pub(crate) const HELD: i64 = CLOSE.as_millis();
/// How many minutes a day has.
pub(crate) const IN_A_DAY: usize = 1_440;
/// Watts for so many milliseconds are a thousandth of a watt-hour.
const WORK: i128 = 3_600;

/// A day whose readings come in.
#[derive(Debug)]
pub(crate) struct Minutes {
    energy: Energy,
    start: i64,
    minutes: Vec<Sums>,
    /// Watts times milliseconds of each minute; empty where power is not what is measured.
    work: Vec<i128>,
    /// The last reading with a value.
    held: Option<(i64, i64)>,
}

impl Minutes {
    /// The day that begins at `start`. What was read before it counts for energy alone: power is held and counters rise from there.
    pub(crate) fn new(start: i64, energy: Energy) -> Self {
        let work = if energy == Energy::Power { IN_A_DAY } else { 0 };
        Self {
            energy,
            start,
            minutes: vec![Sums::default(); IN_A_DAY],
            work: vec![0; work],
            held: None,
        }
    }

    /// Takes a reading; they come in the order of time, and none after the day.
    #[inline]
    pub(crate) fn take(&mut self, at: i64, outcome: Result<i64, NoValue>) {
        let minute = self.minute_of(at);
        if let Some(minute) = minute.and_then(|minute| self.minutes.get_mut(minute)) {
            minute.add(outcome);
        }
        match self.energy {
            Energy::Not => {}
            Energy::Power => {
                self.hold_until(at);
                self.held = outcome.ok().map(|value| (at, value));
            }
            Energy::Counter => {
                let Ok(value) = outcome else { return };
                if let Some((_, before)) = self.held
                    && let Some(minute) = minute.and_then(|minute| self.minutes.get_mut(minute))
                {
                    let rise = i128::from(value) - i128::from(before);
                    let rise = i64::try_from(rise.max(0) * 1_000).unwrap_or(i64::MAX);
                    minute.energy = minute.energy.saturating_add(rise);
                }
                self.held = Some((at, value));
            }
        }
    }

    fn minute_of(&self, at: i64) -> Option<usize> {
        let since = at.checked_sub(self.start)?;
        usize::try_from(since.div_euclid(MINUTE)).ok()
    }

    /// The power that is held goes on until `at`.
    fn hold_until(&mut self, at: i64) {
        let Some((since, power)) = self.held else { return };
        let mut from = since.max(self.start);
        let to = at
            .min(since.saturating_add(HELD))
            .min(self.start.saturating_add(DAY));
        while from < to {
            let Some(index) = self.minute_of(from) else { return };
            let end = to.min(from.saturating_add(MINUTE - (from - self.start).rem_euclid(MINUTE)));
            if let Some(work) = self.work.get_mut(index) {
                *work += i128::from(power) * i128::from(end - from);
            }
            from = end;
        }
    }

    /// The minutes, all of the day; those of which nothing is known are nothing.
    pub(crate) fn finish(mut self) -> Vec<Sums> {
        self.hold_until(i64::MAX);
        let mut whole = 0_i128;
        for (minute, work) in self.minutes.iter_mut().zip(&self.work) {
            let before = whole.div_euclid(WORK);
            whole += work;
            minute.energy = i64::try_from(whole.div_euclid(WORK) - before).unwrap_or(if *work < 0 {
                i64::MIN
            } else {
                i64::MAX
            });
        }
        self.minutes
    }
}

/// Minutes as quarters of an hour, or any parts as larger ones.
pub(crate) fn joined(parts: &[Sums], each: usize) -> Vec<Sums> {
    parts.chunks(each).map(Sums::of).collect()
}

#[cfg(test)]
mod tests;
