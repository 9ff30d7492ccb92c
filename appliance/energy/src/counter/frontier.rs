//! Time that was lived twice, because the clock went back: energy is not put where it was already counted, and
//! where that cannot be helped it is not called measured.

use units::{Instant, Span};

use super::memory::Memory;
use super::rule::{CLOSE, LONGEST};
use super::{Limits, Step};
use crate::Quality;

/// Puts the next step beside what was booked up to the frontier, and moves the frontier on.
///
/// What a counter shows after a gap flowed after the last moment that was booked, whatever the clock showed in
/// between. It is left alone where the nameplate does not allow that much since then: then the frontier is from a
/// clock that was ahead.
pub(super) fn pass(memory: &mut Memory, limits: &Limits, step: &mut Step) {
    let frontier = memory.frontier;
    if step.to > frontier {
        let fits = || step.energy <= limits.allowed(step.to.since(frontier), 1);
        if step.quality == Quality::Recovered && step.from < frontier && fits() {
            step.from = frontier;
        }
        memory.frontier = step.to;
    } else if frontier.since(step.to) > CLOSE {
        step.quality = step.quality.max(Quality::Recovered);
    }
}

/// The clock went back to `at`. A frontier that lies very far ahead is from a clock that was wrong then: nothing
/// was lived twice.
pub(super) fn clock_went_back(memory: &mut Memory, at: Instant, by: Span) {
    if by > LONGEST || memory.frontier.since(at) > LONGEST {
        memory.frontier = at;
    }
}
