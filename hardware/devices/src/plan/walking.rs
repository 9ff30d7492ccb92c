//! The plan's side of walking a SunSpec device: when, what comes of it, and whether it is still the same device.

use units::{NoValue, Reading, Span};

use super::pack::fits;
use super::schedule::Schedule;
use super::{Answer, Now, Plan, reason, resolve};
use crate::profile::Family;
use crate::sunspec::walk::{Chain, Step, Walk, WalkFault};

/// Failures in a row after which a SunSpec device's chain is walked again.
const FAILURES_BEFORE_WALK: u32 = 3;

/// A walk that is under way, and when its next question is due.
#[derive(Debug)]
pub(super) struct Walking {
    pub(super) walk: Walk,
    pub(super) due: Span,
}

/// Why a walk along a SunSpec device's chain led to no values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WalkTrouble {
    /// The chain itself cannot be used.
    #[error("{0}")]
    Chain(WalkFault),
    /// The chain is sound, but has none of the values that the profile wants.
    #[error("the device speaks SunSpec, but has none of the models of this profile; choose another profile")]
    NothingWanted,
}

impl Walking {
    /// A walk that begins where the chain was last found.
    pub(super) fn new(base: u16, largest_block: u16, due: Span) -> Self {
        Self {
            walk: Walk::from(base, largest_block),
            due,
        }
    }
}

impl Plan {
    pub(super) fn handle_walk(&mut self, answer: Answer<'_>, now: Now) -> Vec<Reading> {
        let Some(walking) = &mut self.walking else {
            return Vec::new();
        };
        match walking.walk.handle(answer) {
            Step::Onward => {
                walking.due = now.tick;
                Vec::new()
            }
            Step::Again => {
                walking.due = now.tick + self.options.fast;
                self.without_value(reason(answer), now)
            }
            Step::Finished(chain) => self.finish_walk(chain, now),
            Step::Failed(fault) => {
                let reason = match answer {
                    Answer::Words(_) | Answer::Exception(_) => NoValue::WrongDevice,
                    other => reason(other),
                };
                self.walk_later(WalkTrouble::Chain(fault), reason, now)
            }
        }
    }

    /// Begins the walk anew after a while.
    fn walk_later(&mut self, trouble: WalkTrouble, reason: NoValue, now: Now) -> Vec<Reading> {
        let due = now.tick + self.options.slow;
        self.walking = Some(Walking::new(self.base, self.profile.largest_block, due));
        self.trouble = Some(trouble);
        self.without_value(reason, now)
    }

    fn finish_walk(&mut self, chain: Chain, now: Now) -> Vec<Reading> {
        let (points, stretches) = resolve::resolve(&self.profile.wanted, &chain);
        if !points.iter().any(|point| fits(point, self.profile.largest_block)) {
            return self.walk_later(WalkTrouble::NothingWanted, NoValue::WrongDevice, now);
        }
        self.set_points(points, stretches);
        self.schedule = Schedule::new(self.options.fast, self.options.slow);
        self.walking = None;
        self.base = chain.base;
        self.trouble = None;
        self.failures = 0;
        match (&self.identity, chain.identity) {
            (Some(known), Some(found)) if known.serial != found.serial => self.stranger = Some(found),
            (_, Some(found)) => self.remember_identity(found),
            (_, None) => {}
        }
        self.out_of_reach(now)
    }

    /// Points that no read can bring: each stands further from its scale factor than one answer is long.
    fn out_of_reach(&self, now: Now) -> Vec<Reading> {
        let most = self.profile.largest_block;
        let beyond = self
            .points
            .iter()
            .zip(&self.seen)
            .filter(|(point, _)| !fits(point, most));
        beyond
            .map(|(_, seen)| Reading {
                channel: seen.channel.clone(),
                at: now.utc,
                outcome: Err(NoValue::Incomplete),
            })
            .collect()
    }

    /// Counts failures in a row; a SunSpec device that failed too often is walked again.
    pub(super) fn note_health(&mut self, healthy: bool, now: Now) {
        self.failures = if healthy {
            0
        } else {
            self.failures.saturating_add(1)
        };
        if self.failures >= FAILURES_BEFORE_WALK && self.profile.family == Family::SunSpec {
            let due = now.tick + self.options.fast;
            self.walking = Some(Walking::new(self.base, self.profile.largest_block, due));
        }
    }
}
