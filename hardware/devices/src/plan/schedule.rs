//! When which request is due: two cycles, fast and slow, on grids that do not drift.
//!
//! A cycle that is overdue is not made up for: what was missed is missed. The fast cycle goes first, and after
//! each of its rounds one slow request is let in, so that a line that is too slow for the fast cycle does not
//! starve the other.

use std::collections::VecDeque;

use units::Span;

use crate::profile::Class;

#[derive(Debug, Clone)]
struct Cycle {
    period: Span,
    /// The next point of the grid; `None` before the first.
    due: Option<Span>,
    waiting: VecDeque<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Schedule {
    fast: Cycle,
    slow: Cycle,
    /// Whether a fast round ended since a slow request was last let in.
    slow_has_turn: bool,
}

impl Cycle {
    fn new(period: Span) -> Self {
        Self {
            period: period.max(Span::from_millis(1)),
            due: None,
            waiting: VecDeque::new(),
        }
    }

    /// Starts a round if one is due and the last has ended.
    fn begin(&mut self, now: Span, blocks: impl Iterator<Item = usize>) {
        let due = self.due.unwrap_or(now);
        if now < due {
            return;
        }
        if self.waiting.is_empty() {
            self.waiting.extend(blocks);
        }
        let missed = (now - due).as_millis() / self.period.as_millis();
        self.due = Some(due + self.period.times(missed.saturating_add(1)));
    }

    fn next_due(&self) -> Option<Span> {
        if self.waiting.is_empty() {
            Some(self.due.unwrap_or(Span::ZERO))
        } else {
            None
        }
    }
}

impl Schedule {
    pub(super) fn new(fast: Span, slow: Span) -> Self {
        Self {
            fast: Cycle::new(fast),
            slow: Cycle::new(slow),
            slow_has_turn: false,
        }
    }

    /// Whether no round is under way, so that the requests may be packed anew.
    pub(super) fn is_between_rounds(&self) -> bool {
        self.fast.waiting.is_empty() && self.slow.waiting.is_empty()
    }

    /// The next request, if one is due; `classes` are those of all requests in their order.
    pub(super) fn next(&mut self, now: Span, classes: &[Class]) -> Option<usize> {
        let of = |class: Class| (0..classes.len()).filter(move |index| classes.get(*index) == Some(&class));
        self.fast.begin(now, of(Class::Fast));
        self.slow.begin(now, of(Class::Slow));
        let slow_may_go = self.slow_has_turn || self.fast.waiting.is_empty();
        if slow_may_go && let Some(block) = self.slow.waiting.pop_front() {
            self.slow_has_turn = false;
            return Some(block);
        }
        let block = self.fast.waiting.pop_front();
        if block.is_some() && self.fast.waiting.is_empty() {
            self.slow_has_turn = true;
        }
        block
    }

    /// When the next request is due; no time at all if one is waiting.
    pub(super) fn next_due(&self) -> Span {
        match (self.fast.next_due(), self.slow.next_due()) {
            (Some(fast), Some(slow)) => fast.min(slow),
            _ => Span::ZERO,
        }
    }
}
