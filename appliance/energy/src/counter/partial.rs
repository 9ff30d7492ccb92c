//! Quarters of which a part was not counted, because counting began or ended within them. They get a step of no energy
//! that is not called measured; whole quarters in which nobody counted get none, and stay missing.

use units::{Instant, Span, WattHours};

use super::Step;
use crate::Quality;

/// Counting began at `at`.
pub(super) fn begun(at: Instant) -> Option<Step> {
    uncounted(at.floor(Span::QUARTER), at)
}

/// Counting ended at `from`, and what is known next is of `to`.
pub(super) fn ended(from: Instant, to: Instant) -> Option<Step> {
    uncounted(from, to.min(from.floor(Span::QUARTER) + Span::QUARTER))
}

/// Nobody counted between these moments.
pub(super) fn between(from: Instant, to: Instant) -> impl Iterator<Item = Step> {
    let rest = uncounted(from.max(to.floor(Span::QUARTER)), to);
    ended(from, to).into_iter().chain(rest)
}

fn uncounted(from: Instant, to: Instant) -> Option<Step> {
    (from < to).then_some(Step {
        from,
        to,
        energy: WattHours(0),
        quality: Quality::Estimated,
    })
}
